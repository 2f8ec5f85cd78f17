// Everything a place says, corrected by those who keep it: its parts, its point
// on the map, its end, and the way back from each.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { nu, openEspace } from './espace.mjs'

let e, bureau, geocodeur
before(async () => {
  geocodeur = createServer((demande, reponse) => {
    const q = new URL(demande.url, 'http://a').searchParams.get('q')
    const trouve = q.includes('Pigeonnier') ? [adresse('3 Chemin du Pigeonnier 82200 Moissac', [1.0951, 44.1078])] : []
    reponse.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ type: 'FeatureCollection', features: trouve }))
  }).listen(0, '127.0.0.1')
  await once(geocodeur, 'listening')
  e = await openEspace('--geocodage', `http://127.0.0.1:${geocodeur.address().port}/search`)
  bureau = e.lieu('France services de Moissac')
})
after(async () => {
  await e?.close()
  geocodeur?.closeAllConnections()
  geocodeur?.close()
})

/** An answer of the geocoder, as Géoplateforme writes it. */
const adresse = (label, coordinates) => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates },
  properties: { label, score: 0.93, citycode: '82112', type: 'housenumber' },
})

let gens = 0
const mediateur = (options) => e.arriver(options, `jeanne${++gens}@exemple.fr`, 'mediateur', '--lieu', bureau.id)
const coordinateur = (options) => e.arriver(options, `paul${++gens}@exemple.fr`, 'coordinateur', '--departement')

/** Opens the form of a part of the place. */
const ouvrir = (o, partie) => o.page.goto(`/espace/lieux/${bureau.id}/${partie}`)

/** What the public page says. */
async function public_(o) {
  await o.page.goto(`/lieux/${bureau.id}`)
  return o.dit()
}

for (const [mode, options] of [['with JavaScript', {}], ['without JavaScript', nu]]) {
  test(`nothing has changed, then undo, ${mode}`, async () => {
    const o = await mediateur(options)
    await o.envoyer('Rien n’a changé')
    assert.match(await o.dit('.fait'), /France services de Moissac.*rien n’a changé/s)
    assert.match(await o.dit('.tuile'), /Vérifié le 25 novembre 2026/)
    assert.equal((await e.api(bureau.id)).preuve.date, '2026-11-25')
    await o.envoyer('Annuler')
    assert.match(await o.dit('.fait'), /C’est annulé/)
    assert.equal((await e.api(bureau.id)).preuve.date, bureau.preuve.date)
    await o.finir()
  })

  test(`each part is corrected, and the public sees it at once, ${mode}`, async () => {
    const o = await mediateur(options)
    const { page } = o
    await page.goto(`/espace/lieux/${bureau.id}`)
    await o.envoyer(page.getByRole('link', { name: 'Modifier : Comment vous joindre' }))
    await page.getByLabel(/^Téléphone/).fill('05 63 04 00 0')
    await o.envoyer('Enregistrer')
    assert.match(await o.dit('.fautes'), /téléphone/i)
    await o.juger()
    assert.equal(await page.getByLabel(/^Téléphone/).inputValue(), '05 63 04 00 0', 'what was typed comes back')
    await page.getByLabel(/^Téléphone/).fill('05 63 04 00 01')
    await o.envoyer('Enregistrer')
    assert.match(await o.dit('.fait'), /C’est enregistré. Le public le voit déjà/)

    await ouvrir(o, 'partie/aide')
    await page.locator('#publics_specifiquement_adresses input').first().check()
    await o.envoyer('Enregistrer')
    await ouvrir(o, 'partie/venir')
    await page.getByLabel(/^Prise de rendez-vous/i).fill('https://rdv.exemple.fr/moissac')
    await o.envoyer('Enregistrer')
    const dit = await public_(o)
    assert.match(dit, /05 63 04 00 01/)
    assert.match(dit, /Prendre rendez-vous sur internet/)
    await page.goto(`/espace/lieux/${bureau.id}/histoire`)
    const etape = await page.locator('.etape').filter({ hasText: 'Publics accueillis' }).first().innerText()
    assert.doesNotMatch(etape, /Aide proposée/, 'what was not touched is not corrected')
    await o.envoyer(page.getByRole('button', { name: /^Revenir à cette version/ }).last())
    assert.match(await o.dit('.fait'), /revenu à cette version/)
    assert.doesNotMatch(await public_(o), /05 63 04 00 01|Prendre rendez-vous/)
    await o.finir(400)
  })
}

test('a presentation of 281 characters is one too many, of 280 is right', async () => {
  const o = await mediateur()
  const { page } = o
  await ouvrir(o, 'partie/presentation')
  const champ = page.locator('#presentation_resume')
  await champ.fill('é'.repeat(281))
  assert.equal(await o.dit('#compte-presentation_resume'), '281 caractères : retirez-en 1, il en faut 280 au plus.')
  await o.envoyer('Enregistrer')
  assert.match(await o.dit('.fautes'), /280/)
  assert.equal((await champ.inputValue()).length, 281)
  await champ.fill('é'.repeat(280))
  assert.equal(await o.dit('#compte-presentation_resume'), '280 caractères sur 280 au plus.')
  await o.envoyer('Enregistrer')
  assert.equal((await e.api(bureau.id)).presentation_resume, 'é'.repeat(280))
  await o.envoyer('Annuler')
  await o.finir(400)
})

for (const [mode, options] of [['with JavaScript', {}], ['without JavaScript', nu]]) {
  test(`an address waits for a coordinator, who accepts it, ${mode}`, async () => {
    const [o, chef] = [await mediateur(options), await coordinateur(options)]
    const rue = options === nu ? '1 place des Récollets' : '2 place des Récollets'
    await ouvrir(o, 'partie/adresse')
    assert.match(await o.dit('.avis'), /attendra l’accord du coordinateur/)
    await o.page.getByLabel(/^Adresse/).fill(rue)
    await o.envoyer('Enregistrer')
    assert.match(await o.dit('.fait'), /attend l’accord du coordinateur/)
    assert.match(await o.dit('.attente'), /En attente/)
    await o.juger()
    assert.ok(!(await public_(o)).includes(rue), 'nobody sees it yet')

    await chef.page.goto('/espace')
    await chef.envoyer(chef.page.getByRole('link', { name: 'À traiter' }))
    assert.match(await chef.dit('.attente'), new RegExp(`Demandé par Jeanne.*${rue}`, 's'))
    await chef.juger()
    await chef.envoyer('Accepter')
    assert.match(await chef.dit('.fait'), /C’est accepté/)
    assert.ok((await public_(chef)).includes(rue))
    await o.finir()
    await chef.finir()
  })
}

test('a refusal says why, and nothing changes', async () => {
  const [o, chef] = [await mediateur(nu), await coordinateur(nu)]
  await ouvrir(o, 'partie/adresse')
  await o.page.getByLabel(/^Nom/).fill('Maison du numérique')
  await o.envoyer('Enregistrer')
  await chef.page.goto('/espace/file')
  await chef.page.locator('.attente summary').click()
  await chef.page.getByLabel(/^Pourquoi/).fill('Le panneau dit France services')
  await chef.envoyer(chef.page.locator('.attente details button'))
  await o.page.goto(`/espace/lieux/${bureau.id}`)
  assert.match(await o.dit('.attente'), /Refusé : « Le panneau dit France services »/)
  assert.equal((await e.api(bureau.id)).nom, bureau.nom)
  await o.finir()
  await chef.finir()
})

test('the point is found by an address, without a script', async () => {
  const chef = await coordinateur(nu)
  const { page } = chef
  await ouvrir(chef, 'position')
  await page.getByLabel('Par l’adresse').fill('nulle part du tout')
  await chef.envoyer('Chercher cette adresse')
  assert.match(await chef.dit('.fautes'), /n’est pas connue/)
  await page.getByLabel('Par l’adresse').fill('3 chemin du Pigeonnier, Moissac')
  await chef.envoyer('Chercher cette adresse')
  assert.match(await chef.dit('.fait'), /Nous avons trouvé : 3 Chemin du Pigeonnier/)
  await chef.envoyer('Enregistrer ce point')
  const { latitude, longitude } = await e.api(bureau.id)
  assert.deepEqual([latitude, longitude], [44.1078, 1.0951])
  await chef.envoyer('Annuler')
  assert.equal((await e.api(bureau.id)).latitude, bureau.latitude)
  await chef.finir(400)
})

test('the point follows a touch and a drag, and says when it leaves the commune', async () => {
  const chef = await coordinateur()
  const { page } = chef
  await ouvrir(chef, 'position')
  await page.getByRole('button', { name: 'Placer le point sur la carte' }).click()
  const point = page.locator('.point-mobile')
  await point.waitFor()
  const carte = page.locator('#carte .leaflet-container, #carte.leaflet-container').first()
  await carte.scrollIntoViewIfNeeded()
  const lu = async () => [Number(await page.locator('#point [name=lat]').inputValue()), Number(await page.locator('#point [name=lon]').inputValue())]
  const depart = await lu()
  const { x, y, width, height } = await carte.boundingBox()
  await page.mouse.click(x + width / 2 + 60, y + height / 2 - 60)
  await page.waitForFunction((lat) => document.querySelector('#point [name=lat]').value !== lat, String(depart[0].toFixed(6)))
  const touche = await lu()
  assert.ok(touche[0] > depart[0] && touche[1] > depart[1], `${depart} ${touche}`)
  assert.match(await chef.dit('.carte ~ [role=status]'), /Point placé : 44,\d+ ; 1,\d+\. Pensez à enregistrer/)
  await chef.juger()

  const prise = await point.boundingBox()
  await page.mouse.move(prise.x + prise.width / 2, prise.y + prise.height / 2)
  await page.mouse.down()
  await page.mouse.move(prise.x + prise.width / 2 - 80, prise.y + prise.height / 2 + 40, { steps: 5 })
  await page.mouse.up()
  const glisse = await lu()
  assert.ok(glisse[0] < touche[0] && glisse[1] < touche[1], `${touche} ${glisse}`)

  await page.locator('#lat').fill('44.018')
  await page.locator('#lon').fill('1.355')
  await chef.envoyer('Enregistrer ce point')
  assert.match(await chef.dit('.fautes'), /Ce point est à .* km hors de Moissac/)
  await chef.juger()
  await page.getByRole('checkbox', { name: /bien hors de Moissac/ }).check()
  await chef.envoyer('Enregistrer ce point')
  assert.match(await chef.dit('.fait'), /Le point est déplacé/)
  await chef.envoyer('Annuler')
  await chef.finir(400)
})

test('a place that exists no more leads to the nearest, and comes back', async () => {
  const chef = await coordinateur(nu)
  const { page } = chef
  await page.goto(`/espace/lieux/${bureau.id}`)
  await chef.envoyer(page.getByRole('link', { name: 'Ce lieu n’existe plus' }))
  await page.getByLabel(/^Pourquoi/).fill('a déménagé à la mairie')
  await chef.envoyer('Oui, il n’existe plus')
  assert.match(await chef.dit('.fait'), /marqué comme fermé/)
  assert.match(await public_(chef), /n’existe plus depuis le 25 novembre 2026 \(a déménagé à la mairie\).*les plus proches/s)
  assert.equal(await page.locator('main a.bouton[href^="tel:"]').first().evaluate((a) => a.closest('.lieux') !== null), true, 'nobody is sent to call the closed place')
  await chef.juger()
  assert.ok((await page.locator('main .lieux h3 a').count()) > 2, 'no place near it is offered')
  await page.goto('/?q=Moissac')
  assert.equal(await page.getByRole('link', { name: bureau.nom, exact: true }).count(), 0)
  await page.goto('/espace?q=France+services+de+Moissac')
  await chef.envoyer('Il existe encore : le rouvrir')
  assert.match(await chef.dit('.fait'), /de nouveau dans la liste/)
  assert.match(await public_(chef), /Horaires/)
  await chef.finir(410)
})
