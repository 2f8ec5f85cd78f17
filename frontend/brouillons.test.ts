import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changes, redepart } from './brouillons'

type Valeurs = [string, string][]

test('only what differs from the start is a change', () => {
  const depart: Valeurs = [['nom', 'Mairie'], ['tel', '05'], ['public', 'a'], ['public', 'b']]
  for (const [name, valeurs, want] of [
    ['nothing', depart, []],
    ['a text', [['nom', 'Annexe'], ['tel', '05'], ['public', 'a'], ['public', 'b']], [['nom', ['Annexe']]]],
    ['the last box unticked', [['nom', 'Mairie'], ['tel', '05']], [['public', []]]],
    ['a row added', [...depart, ['ligne', 'x']], [['ligne', ['x']]]],
  ] as [string, Valeurs, [string, string[]][]][]) {
    assert.deepEqual([...changes(depart, valeurs)], want, name)
  }
})

test('what others wrote since is a new start', () => {
  const b = { depart: [['nom', 'Mairie'], ['tel', '05']] as Valeurs, valeurs: [['nom', 'Annexe'], ['tel', '05']] as Valeurs }
  const montre: Valeurs = [['nom', 'Annexe'], ['tel', '06']]
  const depart = redepart(b, montre)
  assert.deepEqual([...changes(depart, montre)], [['nom', ['Annexe']]])
})
