import assert from 'node:assert/strict'
import test from 'node:test'
import { assembler, decoder } from './contours'

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
