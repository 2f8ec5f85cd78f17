import assert from 'node:assert/strict'
import { test } from 'node:test'
import { garni } from './espace-horaires'

test('a day is closed until an hour is typed', () => {
  assert.equal(garni([]), false)
  assert.equal(garni(['', '  ']), false)
  assert.equal(garni(['', '9h']), true)
})
