// The people of the network: campaigns by mail, who answers for which place, the
// directory of skills, the languages of a place; on a phone and on a desk, with
// and without JavaScript, the mails read as people read them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { expediteur, nu, openEspace } from './espace.mjs'
import { openPlusTard } from './socle.mjs'

const large = { viewport: { width: 1280, height: 800 } }
let e, bureau, chef
before(async () => {
  e = await openEspace()
  bureau = e.lieu('France services de Moissac')
  chef = await e.arriver(large, 'paul@exemple.fr', 'coordinateur', '--departement')
})
after(async () => {
  await chef?.finir()
  await e?.close()
})

for (const [mode, options, epci] of [['with JavaScript, on a desk', large, 'CA Grand Montauban'], ['without JavaScript, on a phone', nu, 'CC Terres des Confluences']]) {
  test(`a campaign is seen, sent, answered and followed, ${mode}`, async () => {
    const o = await e.arriver(options, `zoe.${options === nu ? 'nu' : 'script'}@exemple.fr`, 'coordinateur', '--departement')
    const { page } = o
    await page.goto('/espace/campagnes')
    await o.juger()
    await o.envoyer(page.getByRole('link', { name: 'Préparer une campagne' }))
    await page.selectOption('#epci', { label: epci })
    await o.envoyer('Choisir ces lieux')
    await o.juger()
    const cases = page.locator('#lieux input[type=checkbox]')
    assert.ok((await cases.count()) > 2)
    await cases.evaluateAll((toutes) => toutes.slice(2).forEach((c) => (c.checked = false))) // two are enough
    await page.fill('#titre', `Essai ${epci}`)
    await page.fill('#mot', 'Cliquez sur www.pirate.com')
    await o.envoyer('Voir le courriel avant d’envoyer')
    assert.match(await o.dit('.fautes'), /mène hors de ce site/)
    await o.juger()
    const choisis = await page.locator('#lieux input:checked').evaluateAll((cases) => cases.map((c) => c.value))
    assert.equal(choisis.length, 2, 'what was chosen stays')
    const adresses = choisis.map((id) => e.resultats.find((l) => l.id === id).courriels[0].toLowerCase())
    await page.fill('#mot', 'Les fêtes approchent.')
    await o.envoyer('Voir le courriel avant d’envoyer')
    assert.match(await o.dit('.courriel'), /Les fêtes approchent\..*C’est toujours exact/s)
    await o.juger()
    await o.envoyer('Envoyer 2 courriels')
    assert.match(await o.dit('.fait'), /C’est parti/)
    // The minute at which they leave: the clock of the first service stands still.
    const plusTard = await openPlusTard(e.service, `2026-11-25T1${options === nu ? 3 : 2}:20:00+01:00`, '--tuiles', '', '--smtp', e.courriels.url, '--expediteur', expediteur, '--url-publique', e.service.url)
    const mails = await Promise.all(adresses.map((a) => e.courriels.attendre(a, /^Est-ce toujours exact/))).finally(() => plusTard.close())
    const [mail] = mails
    assert.match(mail.texte, /Les fêtes approchent\./)
    const lieu = await e.onglet(nu)
    await lieu.page.goto(mail.lien)
    await lieu.envoyer('Oui, tout est exact')
    assert.equal(await lieu.dit('h1'), 'Merci')
    await lieu.finir()
    await page.reload()
    assert.match(await o.dit('.chiffres'), /1\s*lieu a répondu.*1\s*sans réponse/s)
    assert.match(await o.dit('.liste tbody'), /A confirmé/)
    await o.juger()
    await o.envoyer(page.getByRole('link', { name: 'Arrêter cette campagne' }))
    await o.juger()
    await o.envoyer('Arrêter la campagne')
    assert.match(await o.dit('.fait'), /La campagne est arrêtée/)
    assert.deepEqual(e.courriels.restants().filter((m) => /toujours exact/.test(m)), [])
    await o.finir(400)
  })
}

test('who answers for a place: from its page, by those who hold it, for their colleagues', async () => {
  const jeanne = await e.arriver(nu, 'jeanne.essai@exemple.fr', 'mediateur', '--lieu', bureau.id)
  await jeanne.page.goto(`/espace/lieux/${bureau.id}/equipe`)
  await jeanne.envoyer('Répond du lieu')
  assert.match(await jeanne.dit('.tuile .pastille'), /Répond du lieu/)
  await jeanne.juger()
  await jeanne.page.goto(`/espace/lieux/${bureau.id}`)
  assert.match(await jeanne.dit('main'), /Jeanne Essai répond de ce lieu/)
  await jeanne.finir()

  const { page } = chef
  await page.goto('/espace/comptes?connexion=mois')
  assert.match(await chef.dit('.liste tbody'), /Jeanne Essai.*25 novembre 2026/s)
  await chef.juger()
  await chef.envoyer(page.getByRole('link', { name: 'Qui répond de quel lieu' }))
  await page.selectOption('#filtre-qui', 'avec')
  await chef.envoyer('Filtrer')
  assert.match(await chef.dit('.liste tbody'), /France services de Moissac.*Jeanne Essai/s)
  await chef.juger()
  await page.goto('/espace/comptes?q=jeanne')
  await chef.envoyer(page.getByRole('link', { name: 'Jeanne Essai' }))
  assert.match(await chef.dit('main'), /Dernière connexion le 25 novembre 2026/)
  await chef.juger()
})

for (const [mode, options] of [['with JavaScript, on a desk', large], ['without JavaScript, on a phone', nu]]) {
  test(`somebody agrees to be found, is found, and takes it back, ${mode}`, async () => {
    const nom = options === nu ? 'lou.nu' : 'lou.script'
    const o = await e.arriver(options, `${nom}@exemple.fr`, 'mediateur', '--lieu', bureau.id)
    const { page } = o
    await page.goto('/espace/compte')
    await o.juger()
    await o.envoyer(page.getByRole('link', { name: 'Me montrer dans l’annuaire' }))
    await page.getByRole('checkbox', { name: 'Occitan' }).check()
    await page.fill('#mots', `imprimante ${nom}`)
    await page.fill('#telephone', '12')
    await o.envoyer('Me montrer à mes collègues')
    assert.ok(await page.locator('#faute-telephone').count())
    await o.juger()
    await page.fill('#telephone', '05 63 04 00 00')
    await o.envoyer('Me montrer à mes collègues')
    assert.match(await o.dit('.fait'), /vos collègues peuvent vous trouver/)
    await page.goto(`/espace/competences?q=${nom}&langue=oc&commune=Moissac&rayon=5`)
    assert.match(await o.dit('.tuiles'), /Lou.*imprimante.*occitan.*05.63.04.00.00/s)
    await o.juger()
    await page.goto('/espace/competences?commune=zzzz')
    await o.juger()
    await page.goto('/espace/compte')
    await o.envoyer('Ne plus m’y montrer')
    await chef.page.goto(`/espace/competences?q=${nom}`)
    assert.match(await chef.dit('main'), /Personne ne répond à cette recherche/)
    await o.finir(400)
  })
}

test('a place says its languages, and is found by them', async () => {
  const o = await e.arriver(nu, 'mia@exemple.fr', 'mediateur', '--lieu', bureau.id)
  const { page } = o
  await page.goto(`/espace/lieux/${bureau.id}/partie/aide`)
  await page.getByRole('checkbox', { name: 'Langue des signes française (LSF)' }).check()
  await page.getByRole('checkbox', { name: 'Arabe' }).check()
  await o.juger()
  await o.envoyer('Enregistrer')
  await page.goto(`/lieux/${bureau.id}`)
  assert.match(await o.dit('main'), /Langues parlées : français, arabe, langue des signes française \(LSF\)\./)
  await o.juger()
  await page.goto('/?q=Moissac&langues=fsl')
  assert.equal(await page.getByRole('link', { name: bureau.nom }).count() > 0, true)
  await o.juger()
  assert.deepEqual((await e.api(bureau.id)).langues, ['ar', 'fsl'])
  await o.finir()
})
