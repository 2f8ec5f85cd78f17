import assert from 'node:assert/strict'
import test from 'node:test'
import { Suivi, type Verdict } from './suivi'

type Pas = 'chargee' | 'echouee' | 'delaiPasse'

test('tiles are kept or taken away', () => {
  const cas: { name: string; pas: Pas[]; want: Verdict }[] = [
    { name: 'nothing yet', pas: [], want: 'attendre' },
    { name: 'one failure may be an accident', pas: ['echouee'], want: 'attendre' },
    { name: 'the first tiles fail', pas: ['echouee', 'echouee'], want: 'retirer' },
    { name: 'none in time', pas: ['delaiPasse'], want: 'retirer' },
    { name: 'one failed, then none in time', pas: ['echouee', 'delaiPasse'], want: 'retirer' },
    { name: 'one in time', pas: ['echouee', 'chargee', 'delaiPasse'], want: 'garder' },
    { name: 'holes after the first are borne', pas: ['chargee', 'echouee', 'echouee', 'echouee', 'chargee', 'echouee', 'echouee', 'echouee'], want: 'garder' },
    { name: 'the service falls while the map is moved', pas: ['chargee', ...Array<Pas>(6).fill('echouee')], want: 'retirer' },
    { name: 'a late tile does not bring them back', pas: ['delaiPasse', 'chargee'], want: 'retirer' },
  ]
  for (const { name, pas, want } of cas) {
    const suivi = new Suivi()
    for (const p of pas) suivi[p]()
    assert.equal(suivi.verdict(), want, name)
  }
})
