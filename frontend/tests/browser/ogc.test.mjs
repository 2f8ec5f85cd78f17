// The pages of OGC API - Features: browsed as a person would, at two widths,
// with nothing for axe to say; the address for QGIS is the one that answers.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openNavigateur, openPage, openService, petites, violations } from './socle.mjs'

let service, navigateur, bus
before(async () => {
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
  const { features } = await (await fetch(`${service.adresse}/ogc/collections/lieux/items?limit=1000`)).json()
  bus = features.find((o) => o.geometry?.coordinates.length > 3).id
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

const pages = () => [
  '/ogc', '/ogc/conformance', '/ogc/api.html', '/ogc/api', '/ogc/collections', '/ogc/collections/lieux', '/ogc/collections/communes',
  '/ogc/collections/lieux/items', '/ogc/collections/communes/items?limit=5', '/ogc/collections/lieux/items?commune=Moissac', '/ogc/collections/lieux/items?commune=Nulle',
  `/ogc/collections/lieux/items/${bus}`, '/ogc/collections/communes/items/82112', '/ogc/collections/nulle', '/ogc?toto=1',
]

const vues = [
  { nom: '320 px', viewport: { width: 320, height: 640 } },
  { nom: '1280 px, dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
]

for (const { nom, ...vue } of vues) {
  test(nom, async (t) => {
    for (const chemin of pages()) {
      await t.test(chemin, async () => {
        const p = await openPage(navigateur, service.adresse, vue)
        const rep = await p.page.goto(chemin)
        assert.match(rep.headers()['content-type'], /^text\/html/)
        assert.equal(await p.page.locator('h1').count(), 1, 'one first heading')
        await p.page.evaluate(() => document.querySelectorAll('main details').forEach((d, i) => i < 3 && (d.open = true)))
        const debord = await p.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        assert.ok(debord <= 0, `${debord} px wider than the screen`)
        assert.deepEqual(await petites(p.page), [], 'small targets')
        assert.deepEqual(await violations(p.page), [])
        const refusee = /nulle$|toto/.test(chemin)
        assert.equal(rep.status() >= 400, refusee, `${rep.status()}`)
        assert.deepEqual((await p.close()).filter((f) => !(refusee && f.includes('status of 40'))), [])
      })
    }
  })
}

test('without JavaScript: from the landing page to a place, page after page', async () => {
  const p = await openPage(navigateur, service.url, { javaScriptEnabled: false })
  const { page } = p
  await page.goto('/ogc')
  await page.locator('.choix a', { hasText: 'Lieux' }).first().click()
  await page.getByRole('link', { name: /^Voir la liste \(107\)$/ }).click()
  const noms = () => page.locator('.ogc-nom a').allTextContents()
  const premiere = await noms()
  assert.equal(premiere.length, 50)
  await page.getByRole('link', { name: 'Page suivante', exact: true }).first().click()
  await page.getByRole('link', { name: 'Page suivante', exact: true }).first().click()
  assert.equal((await noms()).length, 7)
  assert.equal(await page.locator('.ogc-pages').getByText('Page suivante').count(), 0)
  await page.locator('.ogc-pages').getByRole('link', { name: 'Page précédente' }).click()
  await page.locator('.ogc-pages').getByRole('link', { name: 'Page précédente' }).click()
  assert.deepEqual(await noms(), premiere)
  await page.locator('.ogc-nom a').nth(1).click()
  await page.getByRole('link', { name: 'Voir la page pour le public' }).click()
  assert.match(page.url(), /\/lieux\/\w+$/)
  assert.equal(await page.locator('h1').first().textContent(), premiere[1])
  assert.deepEqual(await p.close(), [])
})

test('the address to paste into QGIS answers', async () => {
  const p = await openPage(navigateur, service.url)
  await p.page.goto('/ogc')
  const adresse = (await p.page.locator('#qgis ~ ol code').textContent()).trim()
  const rep = await fetch(adresse.replace('localhost', '127.0.0.1'), { headers: { Accept: 'application/json' } })
  const { links } = await rep.json()
  assert.ok(links.some((l) => l.rel === 'data' && l.href.startsWith(adresse)), JSON.stringify(links))
  assert.deepEqual(await p.close(), [])
})
