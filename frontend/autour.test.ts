import assert from 'node:assert/strict'
import test from 'node:test'
import { adresseAutour, arrondir, messagePosition } from './autour'

test('a position is rounded to 100 metres or so', () => {
  const cas: [string, number, string][] = [
    ['many decimals', 44.10432987, '44.104'],
    ['rounds up', 1.3598, '1.360'],
    ['west of Greenwich', -0.57918, '-0.579'],
    ['never minus zero', -0.0004, '0.000'],
    ['whole degrees', 44, '44.000'],
  ]
  for (const [name, degres, want] of cas) assert.equal(arrondir(degres), want, name)
})

test('the address holds the rounded position and the other fields, not the typed place', () => {
  const cas: { name: string; champs: [string, string][]; want: string }[] = [
    { name: 'errand kept', champs: [['pour', 'impots'], ['q', 'Moissac']], want: 'http://a.test/?pour=impots&lat=44.104&lon=1.085' },
    { name: 'old position replaced', champs: [['lat', '1'], ['lon', '2']], want: 'http://a.test/?lat=44.104&lon=1.085' },
    { name: 'repeated fields kept, empty ones dropped', champs: [['services', 'a b'], ['services', 'c'], ['pour', '']], want: 'http://a.test/?services=a+b&services=c&lat=44.104&lon=1.085' },
  ]
  for (const { name, champs, want } of cas) {
    const adresse = adresseAutour('http://a.test/?x=1#y', champs, 44.1043999, 1.0849999)
    assert.equal(adresse, want, name)
    assert.doesNotMatch(adresse, /\d\.\d{4}/, name)
  }
})

test('each failure has its own words and a way out', () => {
  const messages = [1, 2, 3].map(messagePosition)
  assert.equal(new Set(messages).size, 3)
  for (const m of messages) assert.match(m, /Écrivez plutôt votre commune\.$/)
})
