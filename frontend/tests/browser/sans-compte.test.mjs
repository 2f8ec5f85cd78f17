// People who have no account, on a phone without JavaScript: they propose a
// place that is missing, and claim the one where they work.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openNavigateur, openPage, openService } from './socle.mjs'

let service, navigateur
before(async () => {
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

const telephone = { viewport: { width: 360, height: 740 }, javaScriptEnabled: false }

test('a missing place is proposed, after a mistake and a look at what resembles it', async () => {
  const { page, close } = await openPage(navigateur, service.adresse, telephone)
  await page.goto('/')
  await page.click('footer >> text=Proposer un lieu')
  await page.fill('#nom', 'Espace France services')
  await page.fill('#adresse', '3 chemin du Pigeonnier')
  await page.fill('#code_postal', '82200')
  await page.fill('#commune', 'Moisac')
  await page.getByLabel('Faire une démarche en ligne avec vous').check()
  await page.fill('#horaires', 'le mardi de 9h à 12h')
  await page.click('text=Proposer ce lieu')
  assert.match(await page.locator('.fautes').innerText(), /Moisac.*Boudou.*Moissac/s)
  assert.equal(await page.inputValue('#horaires'), 'le mardi de 9h à 12h')
  await page.fill('#commune', 'moissac')
  await page.click('text=Proposer ce lieu')
  assert.match(await page.locator('h1').innerText(), /^Est-ce l’un de ceux-ci/)
  assert.match(await page.locator('.choix').innerText(), /France services de Moissac/)
  await page.click('text=Aucun')
  assert.equal(await page.locator('h1').innerText(), 'Merci')
  assert.deepEqual((await close()).filter((f) => !f.includes('400')), [])
})

test('whoever reads the mail of a place corrects its page', async () => {
  const { page, close } = await openPage(navigateur, service.adresse, telephone)
  await page.goto('/?q=Moissac')
  await page.click('text=France services de Moissac')
  await page.click('text=Vous travaillez ici')
  assert.match(await page.locator('main').innerText(), /m•••@moissac\.fr/)
  await page.click('text=Envoyer le courriel')
  assert.match(await page.locator('[role=status]').first().innerText(), /m•••@moissac\.fr/)
  assert.deepEqual(await close(), []) // nothing is kept until the link is opened

  const lien = /lien="?http:\/\/localhost:\d+(\/connexion\/lien\/\w+)/.exec(service.journal())?.[1]
  assert.ok(lien, service.journal())
  const autre = await openPage(navigateur, service.adresse.replace('127.0.0.1', 'localhost'), telephone)
  await autre.page.goto(lien)
  await autre.page.fill('#nom', 'Jeanne Essai')
  await autre.page.click('text=Accepter et entrer')
  assert.match(await autre.page.locator('main').innerText(), /France services de Moissac/)
  assert.deepEqual((await autre.close()).map((f) => f.replace(/-.*/, '')), ['cookie: __Host'])
})
