// The map: after the list, in step with it, and never a grey box.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { openNavigateur, openPage, openService } from './socle.mjs'

const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
let service, navigateur, tuiles, demandes, sert
before(async () => {
  tuiles = createServer((demande, reponse) => {
    demandes++
    sert(reponse)
  }).listen(0, '127.0.0.1')
  await new Promise((suite) => tuiles.once('listening', suite))
  const origine = `http://127.0.0.1:${tuiles.address().port}`
  service = await openService('--tuiles', `${origine}/{z}/{x}/{y}.png`)
  service.tuiles = origine
  navigateur = await openNavigateur()
})
after(async () => {
  await navigateur?.close()
  await service?.close()
  tuiles?.closeAllConnections()
  tuiles?.close()
})

const large = { viewport: { width: 1280, height: 900 } }
const ouvre = async (chemin, options = large, reponse = (r) => r.writeHead(200, { 'content-type': 'image/png' }).end(pixel)) => {
  demandes = 0
  sert = reponse
  const p = await openPage(navigateur, service.adresse, { ...options, tiers: [service.tuiles] })
  await p.page.goto(chemin)
  return p
}

test('comes by itself on a wide screen, with the tiles over the outlines', async () => {
  const p = await ouvre('/?q=Moissac')
  await p.page.locator('.carte-ouverte[data-fond-de-carte="tuiles"]').waitFor()
  assert.ok(demandes > 0)
  assert.ok((await p.page.locator('.leaflet-tile').count()) > 0)
  const noms = await p.page.locator('.epingle').evaluateAll((l) => l.map((e) => e.getAttribute('aria-label')))
  assert.ok(noms.length > 2 && noms.every((n) => /,/.test(n)), noms.join(' | '))
  assert.match((await p.page.locator('.groupe').first().getAttribute('aria-label')) ?? '', /^\d+ lieux/)
  assert.deepEqual(await p.close(), [])
})

test('keeps the outlines and stops asking when tiles fail', async () => {
  const p = await ouvre('/?q=Moissac', large, (r) => r.writeHead(503).end())
  await p.page.locator('.carte-ouverte[data-fond-de-carte="contours"]').waitFor({ timeout: 15_000 })
  assert.equal(await p.page.locator('.leaflet-tile').count(), 0)
  assert.ok((await p.page.locator('#carte svg path, #carte canvas').count()) > 0, 'no outline is drawn')
  const avant = demandes
  await p.page.locator('.leaflet-control-zoom-in').click()
  await p.page.waitForTimeout(500)
  assert.equal(demandes, avant, 'asked again')
  await p.close()
})

test('keeps the outlines when the tile server never answers', async () => {
  const p = await ouvre('/?q=Moissac', large, () => {})
  await p.page.locator('.carte-ouverte[data-fond-de-carte="contours"]').waitFor({ timeout: 15_000 })
  await p.close()
})

test('waits to be asked on a phone, and nothing is asked of others before', async () => {
  const p = await ouvre('/?q=Moissac', {})
  await p.page.waitForTimeout(1500)
  assert.equal(await p.page.locator('.carte-ouverte').count(), 0)
  assert.equal(demandes, 0)
  await p.page.getByRole('button', { name: 'Voir la carte' }).click()
  await p.page.locator('.carte-ouverte[data-fond-de-carte="tuiles"]').waitFor()
  assert.deepEqual(await p.close(), [])
})

test('is in step with the list both ways, by mouse and by keyboard', async () => {
  const p = await ouvre('/?q=Montauban')
  await p.page.locator('.carte-ouverte[data-fond-de-carte="tuiles"]').waitFor()
  const epingle = p.page.locator('button.epingle').first()
  const nom = (await epingle.getAttribute('aria-label')).split(',')[0]
  const carte = p.page.locator('#resultats > li, #muets > li, #passages > li').filter({ has: p.page.getByRole('link', { name: nom, exact: true }) }).first()
  await carte.hover()
  await p.page.locator('.epingle-allumee, .epingle.allumee, .epingle.allume').first().waitFor()
  await epingle.focus()
  assert.ok(await carte.evaluate((e) => e.classList.contains('allume')), 'the card is not lit')
  await p.page.keyboard.press('Enter')
  assert.equal(await carte.getAttribute('aria-current'), 'true')
  assert.equal(await p.page.evaluate(() => document.activeElement.textContent), nom)
  assert.deepEqual(await p.close(), [])
})

test('opens a group by keyboard', async () => {
  const p = await ouvre('/?q=Montauban')
  await p.page.locator('.carte-ouverte[data-fond-de-carte="tuiles"]').waitFor()
  const avant = await p.page.locator('.epingle').count()
  await p.page.locator('.groupe').first().focus()
  await p.page.keyboard.press('Enter')
  await p.page.waitForFunction((n) => document.querySelectorAll('.epingle').length !== n, avant)
  await p.close()
})
