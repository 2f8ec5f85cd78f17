import assert from 'node:assert/strict'
import test from 'node:test'
import { assembler, communeAu, contient, decoder, type DocumentFond, type Point } from './contours'

test('a line is a first point, then steps, longitude first', () => {
  assert.deepEqual(decoder([10_000, 440_000, 5, -10, 0, 20], 10_000), [[44, 1], [43.999, 1.0005], [44.001, 1.0005]])
  assert.deepEqual(decoder([], 10_000), [])
})

test('a ring follows its arcs, forwards and backwards, without repeating their ends', () => {
  const arcs: [number, number][][] = [
    [[0, 0], [0, 1]],
    [[1, 1], [0, 1]],
    [[1, 1], [0, 0]],
  ]
  assert.deepEqual(assembler([[[0, ~1, 2]]], arcs), [[[[0, 0], [0, 1], [1, 1], [0, 0]]]])
})

test('the commune at a point', () => {
  const carre: Point[] = [[0, 0], [0, 10], [10, 10], [10, 0], [0, 0]]
  const trou: Point[] = [[4, 4], [4, 6], [6, 6], [6, 4], [4, 4]]
  const cas: [string, Point, boolean][] = [
    ['inside', [1, 1], true],
    ['in the hole', [5, 5], false],
    ['east of it', [5, 11], false],
    ['north of it', [11, 5], false],
  ]
  for (const [name, point, want] of cas) assert.equal(contient([[carre, trou]], point), want, name)

  const fond: DocumentFond = {
    boite: [0, 0, 2, 1], echelle: 1, arcs: [[0, 0, 1, 0, 0, 1, -1, 0, 0, -1], [1, 0, 1, 0, 0, 1, -1, 0, 0, -1]], rangs: [0, 0],
    departement: [], limites: null, voisins: null, rivieres: null, attribution: '',
    communes: [
      { code: 'a', nom: 'Ouest', lat: 0.5, lon: 0.5, population: 2, polygones: [[[0]]] },
      { code: 'b', nom: 'Est', lat: 0.5, lon: 1.5, population: 1, polygones: [[[1]]] },
      { code: 'c', nom: 'Loin', lat: 9, lon: 9, population: 1 },
    ],
  }
  assert.equal(communeAu(fond, [0.5, 0.2]), 'Ouest')
  assert.equal(communeAu(fond, [0.5, 1.7]), 'Est')
  assert.equal(communeAu(fond, [0.5, 2.7]), undefined)
})
