import assert from 'node:assert/strict'
import test from 'node:test'
import { Groupes, ZOOM_SEPARE, type Point } from './groupes'

const moissac = { lat: 44.1043, lon: 1.0857 }
const voisin = { lat: 44.1049, lon: 1.0866 }
const montauban = { lat: 44.0176, lon: 1.355 }

/** Pseudo-random points, the same at each run. */
function nuage(n: number): Point[] {
  let graine = 42
  const hasard = () => (graine = (graine * 1103515245 + 12345) % 2147483648) / 2147483648
  return Array.from({ length: n }, () => ({ lat: 43.8 + hasard() * 0.6, lon: 0.8 + hasard() }))
}

test('at every zoom each place is in one marker, and only one', () => {
  const points = [...nuage(300), moissac, moissac, moissac]
  const groupes = new Groupes(points)
  for (let zoom = 5; zoom <= 18; zoom++) {
    const rangs = groupes.reperes(zoom).flatMap((r) => r.rangs).sort((a, b) => a - b)
    assert.deepEqual(rangs, points.map((_, i) => i), `zoom ${zoom}`)
  }
})

test('near places are one group from afar and pins from near, nearest first', () => {
  const groupes = new Groupes([moissac, montauban, voisin])
  assert.deepEqual(groupes.reperes(5).map((r) => r.rangs), [[0, 1, 2]])
  assert.deepEqual(groupes.reperes(11).map((r) => r.rangs), [[0, 2], [1]])
  assert.deepEqual(groupes.reperes(ZOOM_SEPARE + 1).map((r) => r.rangs), [[0], [1], [2]])
})

test('a group is opened at the first zoom that parts it', () => {
  const groupes = new Groupes([moissac, montauban, voisin, moissac])
  const zoom = groupes.zoomQuiSepare([0, 2, 3], 11)
  assert.ok(groupes.reperes(zoom - 1).some((r) => r.rangs.length === 3))
  assert.ok(!groupes.reperes(zoom).some((r) => r.rangs.length === 3))
  assert.equal(groupes.zoomQuiSepare([0, 3], 11), ZOOM_SEPARE + 1, 'one address')
})

test('pins of one address are spread 44 pixels apart or more', () => {
  for (const n of [2, 3, 7]) {
    const ecarts = new Groupes([...Array.from({ length: n }, () => moissac), montauban]).ecarts()
    assert.deepEqual(ecarts[n], [0, 0])
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const d = Math.hypot(ecarts[i]![0] - ecarts[j]![0], ecarts[i]![1] - ecarts[j]![1])
        assert.ok(d >= 44, `${n} places: ${d}`)
      }
    }
  }
})
