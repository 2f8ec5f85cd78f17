// Coming from the public's side: a place that is missing, one where somebody
// works, a colleague: each ends with a mail that leads somewhere.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { clair, expediteur, nu, openEspace } from './espace.mjs'
import { openPlusTard } from './socle.mjs'

let e, bureau, chef
const coord = 'paul@exemple.fr'
before(async () => {
  e = await openEspace()
  bureau = e.lieu('France services de Moissac')
  chef = await e.arriver(nu, coord, 'coordinateur', '--departement')
})
after(async () => {
  await chef?.finir()
  await e?.close()
})

for (const [mode, options, nom] of [['with JavaScript', {}, 'Café du pont'], ['without JavaScript', nu, 'Atelier des berges']]) {
  test(`a place is proposed, published, and its proposer told, ${mode}`, async () => {
    const citoyen = `citoyen.${options === nu ? 'nu' : 'script'}@exemple.fr`
    const o = await e.onglet(options)
    const { page } = o
    await page.goto('/?q=Boudou')
    await o.envoyer(page.getByRole('link', { name: 'Proposer un lieu' }))
    await page.fill('#nom', nom)
    await page.fill('#adresse', options === nu ? '8 chemin des Berges' : '1 rue du Pont')
    await page.fill('#code_postal', '82200')
    await page.fill('#commune', 'Boudou')
    await page.getByRole('checkbox', { name: 'Apprendre à se servir' }).check()
    await page.fill('#moi', citoyen)
    await o.envoyer('Proposer ce lieu')
    assert.equal(await o.dit('h1'), 'Merci')
    await o.juger()
    await page.goto('/?q=Boudou')
    assert.equal(await page.getByRole('link', { name: nom }).count(), 0, 'nobody sees it yet')

    await chef.page.goto('/espace/file')
    assert.match(await chef.dit('.tuile'), new RegExp(`${nom}.*Un lieu proposé`, 's'))
    await chef.juger()
    await chef.envoyer('Publier ce lieu')
    assert.match(await chef.dit('.fait'), /Le lieu est publié/)
    // Notices leave a few minutes later: the clock of the first service stands still.
    const plusTard = await openPlusTard(e.service, `2026-11-25T${options === nu ? 12 : 11}:20:00+01:00`, '--tuiles', '', '--smtp', e.courriels.url, '--expediteur', expediteur, '--url-publique', e.service.url)
    const reponse = await e.courriels.attendre(citoyen, /Le lieu que vous avez proposé/)
    await plusTard.close()
    await page.goto(reponse.lien)
    assert.equal(await o.dit('h1'), nom)
    await o.finir()
  })

  test(`"Vous travaillez ici ?": the place's own mailbox opens its page, ${mode}`, async () => {
    const lieu = e.lieu(options === nu ? 'Mairie de Boudou' : 'France services de Moissac')
    const boite = lieu.courriels[0]
    const o = await e.onglet(options)
    await o.page.goto(`/lieux/${lieu.id}`)
    await o.envoyer(o.page.getByRole('link', { name: /Vous travaillez ici/ }))
    await o.envoyer('Envoyer le courriel')
    assert.match(await o.dit('.fait'), /•••@/)
    const mail = await e.courriels.attendre(boite, /Corrigez la page de votre lieu/)
    assert.match((await e.courriels.attendre(coord, /Je travaille ici/)).texte, new RegExp(boite.replaceAll('.', '\\.')), 'the coordinator is told')
    await o.page.goto(mail.lien)
    await o.page.getByLabel(/^Votre prénom/).fill('Jeanne Essai')
    await o.envoyer('Accepter et entrer')
    assert.match(await o.dit('.tuile'), new RegExp(lieu.nom))
    await o.finir()
  })

  test(`a place is claimed with one's own address, and given, ${mode}`, async () => {
    const moi = `lea.${options === nu ? 'nu' : 'script'}@exemple.fr`
    const lieu = e.lieu('Mairie de Moissac')
    const o = await e.onglet(options)
    await o.page.goto(`/lieux/${lieu.id}/travaille-ici`)
    await o.page.getByLabel('Votre prénom et votre nom').fill('Léa Secrétaire')
    await o.page.getByLabel('Votre adresse de courriel').fill(moi)
    await o.page.getByLabel(/^Un mot à l’équipe/).fill('Je tiens l’accueil.')
    await o.envoyer('Envoyer ma demande')
    await o.page.goto((await e.courriels.attendre(moi, /Confirmez votre demande/)).lien)
    if (await o.page.getByLabel(/^Votre prénom/).count()) assert.equal(await o.page.getByLabel(/^Votre prénom/).inputValue(), 'Léa Secrétaire')
    await o.envoyer('Confirmer ma demande')
    assert.match(await o.dit(), /l’équipe qui coordonne la carte n’a pas encore répondu/)
    await o.page.goto(`/espace/lieux/${lieu.id}`)
    assert.match(await o.dit(), /n’est pas dans votre liste/)

    await chef.page.goto('/espace/comptes')
    assert.match(await chef.dit('.tuile'), /Léa Secrétaire.*Je tiens l’accueil/s)
    await chef.juger()
    await chef.envoyer(chef.page.getByRole('button', { name: /^Accepter/ }))
    assert.match(await chef.dit('.fait'), /La demande est acceptée/)
    await o.page.goto((await e.courriels.attendre(moi, /accès|demande/)).lien)
    assert.match(await o.dit(), /Mairie de Moissac/)
    await o.page.goto(`/espace/lieux/${lieu.id}`)
    assert.equal(await o.dit('h1'), lieu.nom)
    await o.finir(403)
  })
}

test('a colleague is invited from the team, comes in, and goes', async () => {
  const o = await e.arriver(nu, 'jeanne@exemple.fr', 'mediateur', '--lieu', bureau.id)
  await o.page.goto(`/espace/lieux/${bureau.id}`)
  await o.envoyer(o.page.getByRole('link', { name: 'équipe' }))
  await o.page.getByLabel('Son prénom et son nom').fill('Karim Collègue')
  await o.page.getByLabel(/^Son adresse de courriel/).fill('karim@exemple.fr')
  await o.envoyer('Envoyer l’invitation')
  const mail = await e.courriels.attendre('karim@exemple.fr', /^Invitation/)
  assert.match(clair(mail.texte), /Jeanne vous invite/)
  assert.match(clair(mail.texte), /corriger France services de Moissac/)
  const karim = await e.onglet(nu)
  await karim.page.goto(mail.lien)
  await karim.envoyer('Accepter et entrer')
  assert.match(await karim.dit('.tuile'), /France services de Moissac/)
  await karim.juger()

  await o.page.goto(`/espace/lieux/${bureau.id}/equipe`)
  await o.envoyer(o.page.getByRole('link', { name: 'Retirer Karim Collègue' }))
  await o.envoyer('Retirer de l’équipe')
  assert.doesNotMatch(await o.dit('.tuiles'), /Karim/)
  await e.courriels.attendre('karim@exemple.fr', 'Votre accès a changé')
  await karim.page.goto(`/espace/lieux/${bureau.id}`)
  assert.match(await karim.dit(), /n’est pas dans votre liste/)
  await o.finir()
  await karim.finir(403)
})
