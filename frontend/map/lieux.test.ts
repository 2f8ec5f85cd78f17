import assert from 'node:assert/strict'
import test from 'node:test'
import { genreDe, nomDuGroupe, nomParle } from './lieux'

test('a pin says name, state, distance, and how sure its position is', () => {
  const base = { nom: 'France services de Moissac', genre: 'ouvert' as const, distance: 'à 300 m', approximatif: false }
  assert.equal(nomParle(base), 'France services de Moissac, ouvert, à 300 m')
  assert.equal(nomParle({ ...base, distance: '', genre: 'confirmer' }), 'France services de Moissac, à confirmer')
  assert.equal(nomParle({ ...base, approximatif: true }), 'France services de Moissac, ouvert, à 300 m, position approximative')
})

test('a state that the map does not know is not shown as open', () => {
  for (const texte of [undefined, '', 'autre', 'toString']) assert.equal(genreDe(texte), 'inconnu')
  assert.equal(genreDe('rdv'), 'rdv')
})

test('a group says how many places and what it does', () => {
  assert.equal(nomDuGroupe(12), '12 lieux, agrandir')
})
