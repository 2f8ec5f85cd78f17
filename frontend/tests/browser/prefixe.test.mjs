// The whole site under a path of its host: nothing is asked outside it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openNavigateur, openPage, openService, violations } from './socle.mjs'

let service, navigateur, site
before(async () => {
  service = await openService('--tuiles', '', '--url-publique', 'http://exemple.fr/aide')
  site = `${service.adresse}/aide/`
  navigateur = await openNavigateur()
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

// openPage counts as a fault every request that does not begin with the site.
const ouvre = async (options) => {
  const p = await openPage(navigateur, site, options)
  await p.page.goto('')
  return p
}

const dedans = (page) => assert.ok(page.url().startsWith(site), page.url())

test('with JavaScript: suggestions, results, the map, a place', async () => {
  const p = await ouvre({ viewport: { width: 1280, height: 900 } })
  const { page } = p
  await page.getByText('Je ne sais pas').click()
  dedans(page)
  await page.locator('#q').pressSequentially('mois')
  await page.getByRole('option', { name: /^Moissac/ }).click()
  if (!page.url().includes('q=')) await page.getByRole('button', { name: 'Trouver' }).click()
  await page.locator('.carte-ouverte[data-fond-de-carte="contours"]').waitFor()
  dedans(page)
  assert.ok((await page.locator('#carte svg path, #carte canvas').count()) > 0, 'no outline is drawn')
  assert.ok((await page.locator('.epingle').count()) > 2)
  assert.deepEqual(await violations(page), [])
  await page.locator('.lieu h3 a').first().click()
  await page.locator('article.fiche').waitFor()
  dedans(page)
  assert.deepEqual(await p.close(), [])
})

test('without JavaScript: an errand, a search, a filter, a place, the sheet', async () => {
  const p = await ouvre({ javaScriptEnabled: false })
  const { page } = p
  await page.locator('.demarches a').first().click()
  await page.locator('#q').fill('Moissac')
  await page.getByRole('button', { name: 'Trouver' }).click()
  dedans(page)
  await page.locator('.choisis a').first().click()
  dedans(page)
  await page.locator('.lieu h3 a').first().click()
  dedans(page)
  await page.getByRole('link', { name: 'Feuille à remettre' }).click()
  assert.ok(page.url().startsWith(`${site}feuille?lieu=`), page.url())
  await page.locator('a.marque').click()
  assert.equal(page.url(), site)
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('.evitement')).position), 'static', 'no style sheet')
  assert.deepEqual(await p.close(), [])
})
