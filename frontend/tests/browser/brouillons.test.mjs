// Nothing is lost: two people at once, a connection that goes, a session that
// is over. Drafts stay in the browser of whoever is signed in, and nowhere else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nu, openEspace } from './espace.mjs'

let e, bureau
before(async () => {
  e = await openEspace()
  bureau = e.lieu('France services de Moissac')
})
after(() => e?.close())

const mediateur = (courriel, options) => e.arriver(options, courriel, 'mediateur', '--lieu', bureau.id)
const partie = () => `/espace/lieux/${bureau.id}/partie/presentation`
const gardes = (page) => page.evaluate(() => Object.keys(localStorage).length)
const resume = (page) => page.locator('#presentation_resume')

for (const [mode, options] of [['with JavaScript', {}], ['without JavaScript', nu]]) {
  test(`two people at once: each sees what the other wrote, ${mode}`, async () => {
    const cle = options === nu ? 'nu' : 'script'
    const [premier, second] = [`Un texte de la première, ${cle}.`, `Un texte de la seconde, ${cle}.`]
    const [une, autre] = [await mediateur(`une.${cle}@exemple.fr`, options), await mediateur(`autre.${cle}@exemple.fr`, options)]
    for (const o of [une, autre]) await o.page.goto(partie())
    await resume(une.page).fill(premier)
    await une.envoyer('Enregistrer')
    await resume(autre.page).fill(second)
    await autre.envoyer('Enregistrer')
    assert.match(await autre.dit('.fautes'), /Ce lieu a changé pendant que vous écriviez.*Une \S+.*Un texte de la première/s)
    assert.equal(await resume(autre.page).inputValue(), second, 'what was typed stays')
    await autre.juger()
    assert.equal((await e.api(bureau.id)).presentation_resume, premier, 'nothing is overwritten')
    await autre.envoyer('Enregistrer')
    assert.match(await autre.dit('.fait'), /C’est enregistré/)
    assert.equal((await e.api(bureau.id)).presentation_resume, second)
    await autre.page.goto(`/espace/lieux/${bureau.id}/histoire`)
    assert.match(await autre.dit('.histoire'), /Autre .*Un texte de la première.*Un texte de la seconde.*Une .*Un texte de la première/s)

    await une.page.goto(`/espace/lieux/${bureau.id}`)
    await autre.page.goto(`/espace/lieux/${bureau.id}`)
    await autre.envoyer('Rien n’a changé')
    await une.envoyer('Rien n’a changé')
    assert.equal(await une.dit('h1'), 'Quelqu’un a modifié ce lieu avant vous')
    await une.juger()
    await une.finir(412)
    await autre.finir(412)
  })
}

test('a lost connection loses nothing', async () => {
  const o = await mediateur('coupe@exemple.fr')
  const { page } = o
  await page.goto(partie())
  const avant = await resume(page).inputValue()
  await resume(page).fill('Écrit dans le bus.')
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  assert.equal(await o.dit('.hors-reseau'), 'Pas de réseau : votre saisie est gardée dans cet appareil. Réessayez quand le réseau revient.')
  assert.equal(await resume(page).inputValue(), 'Écrit dans le bus.', 'the page stays')
  await page.context().setOffline(false)
  await page.goto(partie())
  assert.equal(await resume(page).inputValue(), avant, 'the page shows what is stored')
  assert.match(await o.dit('.brouillon'), /Vous aviez commencé une modification/)
  await o.juger()
  await page.getByRole('button', { name: 'La reprendre' }).click()
  assert.equal(await resume(page).inputValue(), 'Écrit dans le bus.')
  assert.match(await o.dit('#compte-presentation_resume'), /^18 caractères/)
  await o.envoyer('Enregistrer')
  assert.match(await o.dit('.fait'), /C’est enregistré/)
  assert.equal(await gardes(page), 0, 'what is saved is no draft')
  await o.finir()
})

test('a form that comes back offers no older draft', async () => {
  const o = await mediateur('renvoi@exemple.fr')
  const { page } = o
  await page.goto(partie())
  await resume(page).fill('é'.repeat(281))
  await o.envoyer('Enregistrer')
  assert.equal(await page.locator('.brouillon').count(), 0)
  await resume(page).fill('Plus court, et pas enregistré.')
  await page.goto(partie())
  await page.getByRole('button', { name: 'La reprendre' }).click()
  assert.equal(await resume(page).inputValue(), 'Plus court, et pas enregistré.', 'the newest is what comes back')
  await page.goto(`/espace/lieux/${bureau.id}/horaires`)
  await page.fill('#jour-5-debut-0', '9h')
  await page.fill('#jour-5-fin-0', '11h')
  await o.envoyer(page.locator('button[value="ajouter jour-5"]'))
  assert.equal(await page.locator('.brouillon').count(), 0)
  await o.finir(400)
})

test('a draft undoes nothing that others saved since', async () => {
  const [une, autre] = [await mediateur('tot@exemple.fr'), await mediateur('tard@exemple.fr')]
  await une.page.goto(partie())
  const detail = (page) => page.locator('#presentation_detail')
  await resume(une.page).fill('Commencé tôt.')
  await autre.page.goto(partie())
  await detail(autre.page).fill('Écrit entre-temps.')
  await autre.envoyer('Enregistrer')
  await une.page.goto(partie())
  await une.page.getByRole('button', { name: 'La reprendre' }).click()
  assert.equal(await resume(une.page).inputValue(), 'Commencé tôt.')
  assert.equal(await detail(une.page).inputValue(), 'Écrit entre-temps.')
  await une.finir()
  await autre.finir()
})

test('a session that is over loses nothing, and signing out forgets', async () => {
  const courriel = 'finie@exemple.fr'
  const o = await mediateur(courriel)
  const { page } = o
  await page.goto(partie())
  await resume(page).fill('Commencé avant la fin.')

  const ailleurs = await e.onglet(nu)
  await entrer(ailleurs, courriel)
  await ailleurs.page.goto('/espace/compte')
  await ailleurs.envoyer('Déconnecter tous les autres appareils')

  await o.envoyer('Enregistrer')
  assert.equal(await o.dit('h1'), 'Votre session est finie')
  await o.juger()
  await o.envoyer(page.getByRole('link', { name: 'Me connecter de nouveau' }))
  await page.getByLabel('Votre adresse de courriel').fill(courriel)
  await o.envoyer('Recevoir le lien')
  await page.getByLabel('Les six chiffres').fill((await e.courriels.attendre(courriel, 'Votre lien')).code)
  await o.envoyer('Entrer')
  assert.equal(new URL(page.url()).pathname, partie(), 'back to the page')
  await page.getByRole('button', { name: 'La reprendre' }).click()
  assert.equal(await resume(page).inputValue(), 'Commencé avant la fin.')
  assert.equal(await gardes(page), 1)

  await page.goto('/espace')
  await o.envoyer('Me déconnecter')
  assert.equal(await gardes(page), 0, 'signing out forgets what was begun')
  await o.finir(401)
  await ailleurs.finir()
})

test('what one account began is not shown to another on the same browser', async () => {
  const o = await mediateur('partage@exemple.fr')
  const { page } = o
  await page.goto(partie())
  await resume(page).fill('À moi seule.')
  await page.goto(e.inviter('voisin@exemple.fr', 'mediateur', '--lieu', bureau.id))
  await o.envoyer('Accepter et entrer')
  await page.goto(partie())
  assert.equal(await page.locator('.brouillon').count(), 0)
  await o.finir()
})

test('rows that were added to a day come back with the rest', async () => {
  const o = await mediateur('lignes@exemple.fr')
  const { page } = o
  const horaires = `/espace/lieux/${bureau.id}/horaires`
  await page.goto(horaires)
  for (const n of [1, 2, 3]) {
    await o.envoyer(page.locator('button[value="ajouter jour-0"]'))
    await page.fill(`#jour-0-debut-${n}`, `${17 + n}h`)
    await page.fill(`#jour-0-fin-${n}`, `${17 + n}h30`)
  }
  await page.goto(horaires)
  assert.equal(await page.locator('#jour-0-debut-3').count(), 0)
  await o.envoyer(page.getByRole('button', { name: 'La reprendre' }))
  assert.equal(await page.inputValue('#jour-0-fin-3'), '20h30')
  assert.match(await o.dit('[data-apercu-ici]'), /Lundi.*20 h à 20 h 30/)
  await o.finir()
})

/** Signs in by the link of a mail. */
async function entrer(o, courriel) {
  await o.page.goto('/connexion')
  await o.page.getByLabel('Votre adresse de courriel').fill(courriel)
  await o.envoyer('Recevoir le lien')
  await o.page.goto((await e.courriels.attendre(courriel, 'Votre lien')).lien)
  await o.envoyer('Entrer')
}
