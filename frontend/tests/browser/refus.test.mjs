// What must fail, from a browser too: another's place, a form that another site
// sends, a form without its seal, a hundred tries in a minute.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { nu, openEspace } from './espace.mjs'
import { openPage } from './socle.mjs'

let e, bureau, mairie, pirate
before(async () => {
  e = await openEspace()
  bureau = e.lieu('France services de Moissac')
  mairie = e.lieu('Mairie de Boudou')
  pirate = createServer((_, reponse) => reponse.writeHead(200, { 'content-type': 'text/html' }).end(piege())).listen(0)
  await once(pirate, 'listening')
})
after(async () => {
  pirate?.closeAllConnections()
  pirate?.close()
  await e?.close()
})

let sceauVole = ''

/** A page that sends a form to the service as soon as it opens. */
const piege = () => `<!doctype html><title>Piège</title><form method="post" action="${e.service.url}/espace/lieux/${bureau.id}/verifier">
<input name="version" value="1"><input name="cle" value="abcdefghijklmnopqrstuvwxyz"><input name="sceau" value="${sceauVole}"></form>
<script>document.forms[0].submit()</script>`

const mediateur = (courriel, options) => e.arriver(options, courriel, 'mediateur', '--lieu', bureau.id)
const verifie = async () => (await e.api(bureau.id)).preuve.date

test("another's place is refused by its address, to read and to write", async () => {
  const o = await mediateur('jeanne@exemple.fr')
  const { page } = o
  for (const suite of ['', '/horaires', '/partie/contact', '/fermeture', '/position', '/histoire', '/equipe', '/fin', '/permanences/nouvelle']) {
    const reponse = await page.goto(`/espace/lieux/${mairie.id}${suite}`)
    assert.equal(reponse.status(), 403, suite)
    assert.match(await o.dit(), /Ce lieu n’est pas dans votre liste/, suite)
  }
  for (const suite of ['/espace/file', '/espace/comptes', '/espace/comptes/inviter']) {
    assert.equal((await page.goto(suite)).status(), 403, suite)
  }
  await page.goto(`/espace/lieux/${bureau.id}`)
  await page.locator('form[action$="/verifier"]').evaluate((form, id) => (form.action = `/espace/lieux/${id}/verifier`), mairie.id)
  await o.envoyer('Rien n’a changé')
  assert.match(await o.dit(), /n’est pas dans votre liste/)
  assert.equal((await e.api(mairie.id)).preuve.date, mairie.preuve.date)
  await o.finir(403)
})

for (const hote of ['localhost', '127.0.0.1']) {
  test(`a form that a page of ${hote}, on another port, sends by itself changes nothing`, async () => {
    const o = await mediateur(`victime.${hote[0] === 'l' ? 'ici' : 'ailleurs'}@exemple.fr`)
    await o.page.goto(`/espace/lieux/${bureau.id}`)
    sceauVole = await o.page.locator('input[name="sceau"]').first().inputValue()
    const reponse = o.page.waitForResponse((r) => r.request().method() === 'POST')
    await o.page.goto(`http://${hote}:${pirate.address().port}/`)
    assert.equal((await reponse).status(), 403)
    await o.page.waitForLoadState()
    assert.match(await o.dit(), /Ce formulaire vient d’un autre site/)
    assert.equal(await verifie(), bureau.preuve.date)
    const fautes = (await o.close()).filter((f) => !/cookie: __Host-|status of 40|third party|favicon/.test(f))
    assert.deepEqual(fautes, [])
  })
}

test('a form whose seal is missing, or of another session, changes nothing', async () => {
  const [o, autre] = [await mediateur('sceau@exemple.fr'), await mediateur('autre@exemple.fr')]
  await autre.page.goto(`/espace/lieux/${bureau.id}`)
  const etranger = await autre.page.locator('input[name="sceau"]').first().inputValue()
  for (const sceau of ['', etranger]) {
    await o.page.goto(`/espace/lieux/${bureau.id}`)
    await o.page.locator('form[action$="/verifier"] input[name="sceau"]').evaluate((champ, valeur) => (champ.value = valeur), sceau)
    await o.envoyer('Rien n’a changé')
    assert.match(await o.dit(), /Rechargez la page, puis recommencez/)
    assert.equal(await verifie(), bureau.preuve.date)
  }
  await o.finir(403)
  await autre.finir()
})

test('a hundred sign-ins in a minute: the page says to wait, and mails stop', async () => {
  const o = await mediateur('presse@exemple.fr', nu)
  await o.envoyer('Me déconnecter')
  let partis = 0
  for (let n = 0; n < 100; n++) {
    const reponse = await fetch(`${e.service.adresse}/connexion`, {
      method: 'POST', body: new URLSearchParams({ courriel: 'presse@exemple.fr' }), headers: { 'x-forwarded-for': o.visiteur, 'sec-fetch-site': 'same-origin' },
    })
    await reponse.arrayBuffer()
    if (reponse.status === 200) partis++
    else assert.equal(reponse.status, 429)
  }
  assert.equal(partis, 20)
  await o.page.goto('/connexion')
  await o.page.getByLabel('Votre adresse de courriel').fill('presse@exemple.fr')
  await o.envoyer('Recevoir le lien')
  assert.equal(await o.dit('h1'), 'Trop de demandes : attendez un peu')
  assert.match(await o.dit(), /Attendez dix minutes, puis recommencez/)
  await o.juger()
  assert.ok(e.courriels.restants().filter((m) => m.startsWith('presse@')).length <= 5, 'one mailbox is not flooded')
  await o.finir(429)

  const calme = await e.onglet(nu)
  await calme.page.goto('/connexion')
  await calme.page.getByLabel('Votre adresse de courriel').fill('jeanne@exemple.fr')
  await calme.envoyer('Recevoir le lien')
  assert.equal(await calme.dit('h1'), 'Regardez vos courriels', 'others are not held back')
  await calme.finir()
})

test('six digits are not to be guessed', async () => {
  const o = await mediateur('devine@exemple.fr', nu)
  await o.envoyer('Me déconnecter')
  await o.page.goto('/connexion')
  await o.page.getByLabel('Votre adresse de courriel').fill('devine@exemple.fr')
  await o.envoyer('Recevoir le lien')
  const { code } = await e.courriels.attendre('devine@exemple.fr', 'Votre lien')
  for (let n = 0; n < 5; n++) {
    await o.page.getByLabel('Les six chiffres').fill(String((Number(code) + n + 1) % 1e6).padStart(6, '0'))
    await o.envoyer('Entrer')
  }
  await o.page.getByLabel('Les six chiffres').fill(code)
  await o.envoyer('Entrer')
  assert.match(await o.dit('.faute'), /./)
  await o.page.goto('/espace')
  assert.match(o.page.url(), /\/connexion/, 'the right code comes too late')
  await o.finir(400)
})

test('the cookie of a session is out of reach of scripts, and of other sites', async () => {
  const o = await openPage(e.navigateur, e.service.url)
  await o.page.goto(e.inviter('temoin@exemple.fr', 'mediateur', '--lieu', bureau.id))
  await o.page.getByRole('button', { name: 'Accepter et entrer' }).click()
  await o.page.waitForURL('**/espace')
  const temoins = await o.page.context().cookies()
  assert.deepEqual(temoins.map(({ name, path, httpOnly, secure, sameSite }) => ({ name, path, httpOnly, secure, sameSite })), [
    { name: '__Host-adeuxpas', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' },
  ])
  assert.equal(await o.page.evaluate(() => document.cookie), '')
  await o.close()
})
