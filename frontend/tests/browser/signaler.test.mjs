// Somebody reports what is wrong, on a phone without JavaScript; those who keep
// the places decide, and the answer leaves by mail. The figures of use follow
// nobody.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as attendre } from 'node:timers/promises'
import { clair, nu, openEspace } from './espace.mjs'

let e
before(async () => {
  e = await openEspace('--horloge-marche')
})
after(() => e?.close())

/** Opens the form from the page of a place, and fills it as somebody does. */
async function remplir(o, lieu, quoi, texte, courriel) {
  const { page } = o
  await page.goto(`/lieux/${lieu.id}`)
  await o.envoyer(page.getByRole('link', { name: 'Signaler une erreur' }))
  await page.getByRole('radio', { name: quoi }).check()
  if (texte) await page.fill('#texte', texte)
  if (courriel) {
    await page.click('text=Voulez-vous une réponse')
    await page.fill('#courriel', courriel)
  }
  await attendre(2100) // nobody fills a form faster
}

test('a report without JavaScript, its mistakes, its answer by mail', async () => {
  const lieu = e.lieu('France services de Moissac')
  const o = await e.onglet(nu)
  await remplir(o, lieu, 'Autre chose', '', 'lea@exemple')
  await o.envoyer('Envoyer')
  assert.match(await o.dit('.fautes'), /Écrivez en quelques mots.*Cette adresse ne se lit pas|Cette adresse ne se lit pas.*Écrivez en quelques mots/s)
  assert.equal(await o.page.inputValue('#courriel'), 'lea@exemple')
  await o.juger()
  await o.page.fill('#texte', 'Volets clos, appelez-moi au 06 12 34 56 78.')
  await o.page.fill('#courriel', 'lea@exemple.fr')
  await o.page.getByRole('radio', { name: 'C’est fermé' }).check()
  await o.envoyer('Envoyer')
  assert.match(await o.dit(), /Merci.*vérifie.*Nous vous écrirons/s)
  await o.juger()
  assert.deepEqual((await o.close()).filter((f) => !f.includes('400')), []) // no cookie, no third party

  const chef = await e.arriver(nu, 'paul.martin@exemple.fr', 'coordinateur', '--departement')
  await chef.page.goto('/espace/signalements')
  assert.match(await chef.dit(), /1 signalement attend.*France services de Moissac.*C’est fermé.*Volets clos, appelez-moi au \[numéro masqué\].*Appelez le lieu : 09/s)
  assert.match(await chef.dit(), /1 personne attend une réponse/)
  await chef.juger()
  await chef.envoyer(chef.page.getByRole('button', { name: 'C’est fermé pour toujours' }))
  assert.match(await chef.dit('.fait'), /Le signalement est clos.*Fermé pour toujours, décidé par Paul Martin.*1 réponse est partie/s)
  const lettre = await e.courriels.attendre('lea@exemple.fr', /Votre signalement/)
  assert.match(clair(lettre.texte), /Vous aviez raison : ce lieu est fermé/)
  assert.ok(lettre.lien.endsWith(`/lieux/${lieu.id}`), lettre.lien)
  await chef.juger()
  await chef.envoyer('Annuler cette décision')
  assert.match(await chef.dit(), /La décision est annulée/)
  await chef.page.goto(`/lieux/${lieu.id}`)
  assert.doesNotMatch(await chef.dit(), /n’existe plus/)
  await chef.finir()
})

test('a number that is wrong, seen and corrected by the mediator of the place', async () => {
  const lieu = e.lieu('France services de Lafrançaise')
  const o = await e.onglet()
  await remplir(o, lieu, 'Le numéro de téléphone est faux')
  await o.juger()
  await o.envoyer('Envoyer')
  assert.match(await o.dit(), /Merci/)
  assert.deepEqual(await o.close(), [])

  const mediateur = await e.arriver({}, 'jeanne.durand@exemple.fr', 'mediateur', '--lieu', lieu.id)
  assert.match(await mediateur.dit(), /1 signalement attend/)
  await mediateur.page.goto(`/espace/lieux/${lieu.id}`)
  await mediateur.envoyer(mediateur.page.getByRole('link', { name: 'Voir', exact: true }))
  await mediateur.page.click('summary:has-text("Autre décision")')
  await mediateur.juger()
  await mediateur.page.fill('[name=telephone]', '12')
  await mediateur.envoyer('Mettre ce numéro')
  assert.match(await mediateur.dit('.fautes'), /À corriger/)
  await mediateur.juger()
  await mediateur.page.fill('[name=telephone]', '05 63 00 00 42')
  await mediateur.envoyer('Mettre ce numéro')
  assert.match(await mediateur.dit('.fait'), /Numéro changé/)
  assert.equal((await e.api(lieu.id)).telephone, '+33563000042')
  await mediateur.finir(400)
})

test('uses are counted, taps where JavaScript runs, and nobody is followed', async () => {
  const lieu = e.lieu('Mairie de Moissac')
  const o = await e.onglet()
  await o.page.goto('/?q=Moissac')
  await o.page.goto(`/lieux/${lieu.id}`)
  await o.page.evaluate(() => document.addEventListener('click', (e) => e.preventDefault()))
  const [demande] = await Promise.all([
    o.page.waitForRequest((r) => r.url().endsWith('/appel')),
    o.page.locator('a[data-appel]').first().click(),
  ])
  assert.equal(demande.url(), `${e.service.url}/lieux/${lieu.id}/appel`)
  assert.equal(demande.method(), 'POST')
  assert.equal(demande.postData() ?? '', '')
  assert.deepEqual(await o.close(), [])

  const chef = await e.arriver({}, 'marie.petit@exemple.fr', 'coordinateur', '--departement')
  await chef.page.goto('/espace/frequentation?vue=communes')
  await chef.juger()
  await chef.page.goto('/espace/frequentation?par=jour')
  await chef.juger()
  // A bar is as high as its figure: no style of another page decides.
  const haute = await chef.page.evaluate(() => {
    document.querySelector('main').insertAdjacentHTML('beforeend', '<figure class="barres"><svg viewBox="0 0 20 100"><rect class="barre" width="14" height="50"/></svg></figure>')
    const { width, height } = document.querySelector('main > figure:last-child .barre').getBBox()
    return [width, height]
  })
  assert.deepEqual(haute, [14, 50])
  await chef.finir()
})
