// The page to try the API: the answer shows in place, and opens as it is
// without JavaScript.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openNavigateur, openPage, openService, petites, violations } from './socle.mjs'

let service, navigateur
before(async () => {
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

const ouvre = async (options) => {
  const p = await openPage(navigateur, service.adresse, options)
  await p.page.goto('/api')
  return p
}

for (const [nom, options] of [
  ['a phone', {}],
  ['a small phone, dark', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
  ['a desk', { viewport: { width: 1280, height: 900 } }],
]) {
  test(`${nom}: asks, reads the answer, copies the command`, async () => {
    const p = await ouvre({ ...options, permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = p
    const section = page.locator('#listCommunes')
    await section.locator('[name=q]').fill('moi')
    await section.getByRole('button', { name: 'Essayer' }).click()
    await section.getByText(/^200 Réussi, en \d+ ms, \d+ octets$/).waitFor()
    const corps = JSON.parse(await section.locator('[data-corps]').textContent())
    assert.equal(corps.resultats[0].nom, 'Moissac')
    assert.ok((await section.locator('[data-corps]').textContent()).includes('\n  "resultats"'), 'not indented')
    await section.getByText('En-têtes', { exact: true }).click()
    assert.match(await section.locator('[data-entetes]').innerText(), /ratelimit: "lectures";r=\d+;t=\d+/)
    await section.getByRole('button', { name: 'Copier la commande' }).click()
    await section.getByText('Copié', { exact: true }).waitFor()
    assert.equal(await section.locator('.curl code').textContent(), `curl -s '${service.adresse}/api/v1/communes?q=moi'`)

    // a refusal is shown too, with what to mend
    const proches = page.locator('#listLieuxProches')
    await proches.locator('[name=lat]').fill('95')
    assert.match(await proches.locator('.curl code').textContent(), /\/api\/v1\/lieux\/proches\?lat=95&lon=1\.0849'$/, 'the command follows the fields')
    await proches.getByRole('button', { name: 'Essayer' }).click()
    await proches.getByText(/^400 Refusé/).waitFor()
    assert.match(await proches.locator('[data-corps]').textContent(), /"parametre": "lat"/)

    // every fold open: nothing wider than the screen, nothing too small, nothing that axe finds
    await page.$$eval('details', (tous) => tous.forEach((d) => (d.open = true)))
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(await petites(page), [])
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'wider than the screen')
    if (process.env.CAPTURES) await page.screenshot({ path: `${process.env.CAPTURES}/api-${nom.replace(/\W+/g, '-')}.png`, fullPage: true })
    const fautes = (await p.close()).filter((f) => !/status of 400/.test(f)) // the refusal above
    assert.deepEqual(fautes, [])
  })
}

test('the keyboard alone: to an operation, a field, the answer', async () => {
  const p = await ouvre()
  const { page } = p
  await page.locator('.sommaire a[href="#getLieu"]').focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'getLieu-id')
  await page.keyboard.press('Enter')
  await page.locator('#getLieu').getByText(/^200 Réussi/).waitFor()
  assert.equal(await page.locator('#getLieu .curl code').textContent(), `curl -s '${service.adresse}/api/v1/lieux/tc662xwp'`)
  assert.deepEqual(await p.close(), [])
})

test('without JavaScript the form opens the answer, path filled in', async () => {
  const p = await ouvre({ javaScriptEnabled: false })
  const { page } = p
  await page.locator('#getLieu [name=f]').selectOption('json')
  await page.locator('#getLieu').getByRole('button', { name: 'Essayer' }).click()
  assert.equal(page.url(), `${service.adresse}/api/v1/lieux/tc662xwp?f=json`)
  assert.match(await page.textContent('body'), /France services de Moissac/)
  await page.goBack()
  await page.locator('#listLieux [name=commune]').fill('82112')
  await page.locator('#listLieux').getByRole('button', { name: 'Essayer' }).click()
  assert.match(page.url(), /\/api\/v1\/lieux\?.*commune=82112/)
  assert.match(await page.textContent('body'), /"total":4/)
  assert.deepEqual(await p.close(), [])
})

test('with no network it says so', async () => {
  const p = await ouvre()
  await p.page.route('**/api/v1/**', (r) => r.abort())
  await p.page.locator('#listCommunes').getByRole('button', { name: 'Essayer' }).click()
  await p.page.locator('#listCommunes').getByText('Pas de réponse').waitFor()
  await p.close()
})

test('under a path of its host', async () => {
  const autre = await openService('--tuiles', '', '--url-publique', 'http://exemple.fr/aide')
  try {
    const p = await openPage(navigateur, `${autre.adresse}/aide/`)
    await p.page.goto('api')
    await p.page.locator('#getLieu').getByRole('button', { name: 'Essayer' }).click()
    await p.page.locator('#getLieu').getByText(/^200 Réussi/).waitFor()
    assert.deepEqual(await p.close(), [])
    const sans = await openPage(navigateur, `${autre.adresse}/aide/`, { javaScriptEnabled: false })
    await sans.page.goto('api')
    await sans.page.locator('#getLieu').getByRole('button', { name: 'Essayer' }).click()
    assert.equal(sans.page.url(), `${autre.adresse}/aide/api/v1/lieux/tc662xwp`)
    const document = await (await sans.page.request.get(`${autre.adresse}/aide/api/openapi.json`)).json()
    assert.equal(document.servers[0].url, 'http://exemple.fr/aide')
    await sans.close()
  } finally {
    await autre.close()
  }
})
