import assert from 'node:assert/strict'
import test from 'node:test'
import type { Suggestion } from './api'
import { annonce, ferme, merite, precisionDe, presser, recevoir, valeurDe } from './completion-etat'

const commune = (code: string, nom: string, departement: string, codes = ['82000']): Suggestion => ({
  code, nom, departement, codes_postaux: codes, dedans: departement === '82',
})
const moissac = commune('82112', 'Moissac', '82', ['82200'])
const montech = commune('82125', 'Montech', '82', ['82700'])

test('keys', () => {
  const ouvert = recevoir([moissac, montech])
  const cas = [
    { name: 'down lights the first', etat: ouvert, touche: 'ArrowDown', actif: 0, ouvert: true },
    { name: 'down after the last goes back to the field', etat: { ...ouvert, actif: 1 }, touche: 'ArrowDown', actif: -1, ouvert: true },
    { name: 'up from the field lights the last', etat: ouvert, touche: 'ArrowUp', actif: 1, ouvert: true },
    { name: 'up from the first goes back to the field', etat: { ...ouvert, actif: 0 }, touche: 'ArrowUp', actif: -1, ouvert: true },
    { name: 'escape closes and keeps the options', etat: { ...ouvert, actif: 1 }, touche: 'Escape', actif: -1, ouvert: false },
    { name: 'down opens again', etat: { ...ouvert, ouvert: false }, touche: 'ArrowDown', actif: 0, ouvert: true },
    { name: 'alt down opens without lighting', etat: { ...ouvert, ouvert: false }, touche: 'ArrowDown', alt: true, actif: -1, ouvert: true },
  ]
  for (const c of cas) {
    const suite = presser(c.etat, c.touche, c.alt)
    assert.ok(suite, c.name)
    assert.deepEqual([suite.etat.actif, suite.etat.ouvert, suite.choisi], [c.actif, c.ouvert, undefined], c.name)
  }
})

test('enter chooses the lit option, and otherwise is the form’s', () => {
  assert.deepEqual(presser({ ...recevoir([moissac, montech]), actif: 1 }, 'Enter'), { etat: ferme, choisi: montech })
  assert.equal(presser(recevoir([moissac]), 'Enter'), null)
  assert.equal(presser(ferme, 'ArrowDown'), null)
  assert.equal(presser({ ...recevoir([moissac]), ouvert: false }, 'Escape'), null)
  assert.equal(presser(recevoir([moissac]), 'a'), null)
})

test('the field receives a name that means one commune only', () => {
  const ici = commune('82037', 'Castelmayran', '82')
  const homonymes = [commune('82106', 'Mas-Grenier', '82'), commune('31330', 'Mas-grenier', '31')]
  assert.equal(valeurDe(ici, [ici, moissac]), 'Castelmayran')
  assert.deepEqual(homonymes.map((h) => valeurDe(h, homonymes)), ['Mas-Grenier (82)', 'Mas-grenier (31)'])
})

test('options say their postal codes, and their département when it is another', () => {
  const cas: [Suggestion, string][] = [
    [moissac, '82200'],
    [commune('82121', 'Montauban', '82', ['82000', '82001']), '82000, 82001'],
    [commune('13055', 'Marseille', '13', ['13001', '13002', '13003']), '13001…, département 13'],
    [commune('98411', 'Îles', '984', []), 'département 984'],
  ]
  for (const [s, want] of cas) assert.equal(precisionDe(s), want, s.nom)
})

test('the number of suggestions is said aloud', () => {
  assert.equal(annonce(ferme), '')
  assert.match(annonce(recevoir([moissac])), /^Une commune/)
  assert.match(annonce(recevoir([moissac, montech])), /^2 communes/)
})

test('only what can begin a commune is asked', () => {
  const cas: [string, boolean][] = [['m', false], ['  m ', false], ['mo', true], ['82', true], ['x'.repeat(61), false]]
  for (const [texte, want] of cas) assert.equal(merite(texte), want, texte)
})
