import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adresseDe, commande, presenter } from './api-essai'

test('the address holds what was filled in, in the path or after it', () => {
  assert.equal(adresseDe('/api/v1/lieux/{id}', [['operation', 'getLieu'], ['id', 'a/b é'], ['f', '']]), '/api/v1/lieux/a%2Fb%20%C3%A9')
  assert.equal(adresseDe('/api/v1/lieux', [['commune', ' 82112 '], ['limite', ''], ['services', 'a&b']]), '/api/v1/lieux?commune=82112&services=a%26b')
})

test('the command is safe in a shell', () => {
  assert.equal(commande("https://exemple.fr/api/v1/communes?q=l'h"), "curl -s 'https://exemple.fr/api/v1/communes?q=l'\\''h'")
})

test('JSON is indented, the rest shown as it came, a whole file cut', () => {
  assert.equal(presenter('application/problem+json', '{"a":1}'), '{\n  "a": 1\n}')
  assert.equal(presenter('application/json', '{'), '{')
  assert.equal(presenter('text/csv', '{"a":1}'), '{"a":1}')
  assert.match(presenter('text/csv', 'a'.repeat(200_007)), /… \(7 signes de plus\)$/)
})
