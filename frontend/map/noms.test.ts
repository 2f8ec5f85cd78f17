import assert from 'node:assert/strict'
import test from 'node:test'
import { placer, populationPour, seTouchent, type Boite } from './noms-place'

test('boxes that share an edge do not touch', () => {
  const a = { x: 0, y: 0, l: 10, h: 10 }
  const cas: [Boite, boolean][] = [
    [{ x: 10, y: 0, l: 5, h: 5 }, false],
    [{ x: 9, y: 9, l: 5, h: 5 }, true],
    [{ x: 2, y: 2, l: 1, h: 1 }, true],
    [{ x: 0, y: -5, l: 10, h: 5 }, false],
  ]
  for (const [b, want] of cas) assert.equal(seTouchent(a, b), want)
})

test('a name goes on its point, under a pin, above two, farther, or nowhere', () => {
  const sur = { x: -5, y: -5, l: 10, h: 10 }
  const sous = { x: -5, y: 12, l: 10, h: 20 }
  const dessus = { x: -5, y: -30, l: 10, h: 20 }
  const loin = { x: -5, y: -60, l: 10, h: 120 }
  assert.equal(placer(0, 0, 40, 20, [])?.y, -10)
  assert.equal(placer(0, 0, 40, 20, [sur])?.y, 10)
  assert.equal(placer(0, 0, 40, 20, [sur, sous])?.y, -30)
  assert.equal(placer(0, 0, 40, 20, [sur, { ...sous, h: 8 }, dessus])?.y, 22)
  assert.equal(placer(0, 0, 40, 20, [loin]), null)
})

test('the nearer, the smaller the communes that are named', () => {
  const seuils = [7, 8, 9, 10, 11, 12, 15].map(populationPour)
  assert.deepEqual(seuils, [...seuils].sort((a, b) => b - a))
  assert.equal(seuils.at(-1), 0)
})
