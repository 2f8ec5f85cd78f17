// Times of help: one every other week, one's own week, one absence that covers
// several places while their doors stay open.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nu, openEspace } from './espace.mjs'

let e, bureau, mairie
before(async () => {
  e = await openEspace()
  bureau = e.lieu('France services de Moissac')
  mairie = e.lieu('Mairie de Boudou')
})
after(() => e?.close())

const bouton = (page, valeur) => page.locator(`main button[name="faire"][value="${valeur}"]:not(.invisible)`).first()

/** Adds a time of help, one hour a week or every other week. */
async function ajouter(o, lieu, { jour, debut, fin, tousLes = '1', depuis = '' }) {
  await o.page.goto(`/espace/lieux/${lieu.id}/permanences/nouvelle`)
  await o.page.getByLabel(/^Intitulé/).fill('Aide numérique')
  await o.page.getByLabel('Fréquence').selectOption(tousLes)
  await o.page.getByLabel(/^Première date/).fill(depuis)
  await o.page.fill(`#jour-${jour}-debut-0`, debut)
  await o.page.fill(`#jour-${jour}-fin-0`, fin)
}

for (const [mode, options] of [['with JavaScript', {}], ['without JavaScript', nu]]) {
  test(`hours: a second range, Monday on other days, read before they are saved, ${mode}`, async () => {
    const o = await e.arriver(options, `heures.${options === nu ? 'nu' : 'script'}@exemple.fr`, 'mediateur', '--lieu', mairie.id)
    const { page } = o
    await page.goto(`/espace/lieux/${mairie.id}`)
    await o.envoyer(page.getByRole('link', { name: 'Modifier les horaires' }))
    await page.fill('#jour-0-debut-0', '9')
    await page.fill('#jour-0-fin-0', '12h')
    await o.envoyer(bouton(page, 'ajouter jour-0'))
    await page.fill('#jour-0-debut-1', '1330')
    await page.fill('#jour-0-fin-1', '17:30')
    await page.locator('details.copie summary').click()
    for (const jour of [1, 3]) await page.check(`#copier-vers-${jour}`)
    await o.envoyer(bouton(page, 'copier'))
    if (options === nu) await o.envoyer(bouton(page, 'voir'))
    await page.locator('[data-apercu-ici]', { hasText: /Mardi\s*9.h à 12.h et 13.h.30 à 17.h.30/ }).waitFor()
    await o.envoyer('Enregistrer')
    assert.match(await o.dit('.fait'), /Les horaires sont enregistrés. Le public les voit déjà/)
    await page.goto(`/lieux/${mairie.id}`)
    assert.match(await o.dit('table.semaine'), /Lundi\s+9 h à 12 h et 13 h 30 à 17 h 30\s+Mardi\s+9 h à 12 h et 13 h 30 à 17 h 30/)
    await o.finir()
    await retablir()
  })

  test(`one's week: every other week, two places, one absence, ${mode}`, async () => {
    const qui = `semaine.${options === nu ? 'nu' : 'script'}@exemple.fr`
    const o = await e.arriver(options, qui, 'mediateur', '--lieu', `${bureau.id},${mairie.id}`)
    const { page } = o
    await page.goto('/espace/semaine')
    assert.match(await o.dit(), /Aucune permanence n’est à votre nom/)

    await ajouter(o, bureau, { jour: 3, debut: '9h', fin: '11h', tousLes: '2', depuis: '2026-12-03' })
    if (options === nu) await o.envoyer(bouton(page, 'voir'))
    const dates = page.locator('[data-apercu-ici] li')
    await page.locator('[data-apercu-ici] h3', { hasText: 'Les prochaines dates' }).waitFor()
    assert.deepEqual((await dates.allInnerTexts()).map((d) => /\d+\S* \S+/.exec(d.toLowerCase())[0]), ['3 décembre', '17 décembre', '31 décembre', '14 janvier'])
    await o.envoyer('Enregistrer')
    assert.match(await o.dit('.fait'), /La permanence est enregistrée/)
    await ajouter(o, mairie, { jour: 3, debut: '14h', fin: '16h' })
    await page.getByLabel('C’est moi qui la tiens').uncheck()
    await o.envoyer('Enregistrer')
    await o.envoyer('C’est moi qui la tiens')
    assert.match(await o.dit('.fait'), /vous tenez cette permanence/)
    await o.juger()

    await o.envoyer(page.getByRole('link', { name: 'Ma semaine' }))
    const jeudi = page.locator('.jours > li', { hasText: 'Jeudi 3 décembre' })
    assert.match(await jeudi.innerText(), /9.h – 11.h\s+France services de Moissac.*14.h – 16.h\s+Mairie de Boudou/s)
    await page.getByLabel('Premier jour').fill('2026-12-03')
    await page.getByLabel(/^Pourquoi/).fill('formation')
    await o.envoyer('Enregistrer mon absence')
    assert.match(await o.dit('.fait'), /Les lieux, eux, restent ouverts/)
    assert.equal(await jeudi.locator('.annule').count(), 2)
    await o.juger()
    if (options !== nu) {
      await page.reload()
      assert.equal(await page.locator('.brouillon').count(), 0, 'what was saved is no draft')
    }

    for (const [lieu, heures] of [[bureau, /Jeudi\s+8 h 30 à 16 h 30/], [mairie, /Jeudi\s+8 h 30 à 12 h et 13 h 30 à 18 h/]]) {
      await page.goto(`/lieux/${lieu.id}`)
      assert.match(await o.dit('table.semaine'), heures, 'the doors stay open')
      assert.match(await o.dit('ul.exceptions'), /3 décembre : pas de « Aide numérique ».*formation/)
      assert.doesNotMatch(await o.dit('ul.exceptions'), /3 décembre : fermé/)
    }
    await page.goto('/espace/semaine')
    await o.envoyer('Annuler cette absence')
    assert.match(await o.dit('.fait'), /Votre absence est annulée/)
    assert.equal(await page.locator('.annule').count(), 0)
    await page.goto(`/lieux/${bureau.id}`)
    assert.doesNotMatch(await o.dit(), /pas de « Aide/)
    for (const lieu of [bureau, mairie]) {
      await page.goto(`/espace/lieux/${lieu.id}`)
      await o.envoyer('Elle n’a plus lieu')
    }
    await o.finir()
  })
}

/** The hours of the town hall as the sources say them. */
async function retablir() {
  const o = await e.arriver(nu, `apres${Date.now()}@exemple.fr`, 'mediateur', '--lieu', mairie.id)
  await o.page.goto(`/espace/lieux/${mairie.id}/histoire`)
  await o.envoyer(o.page.getByRole('button', { name: /^Revenir à cette version/ }).last())
  await o.finir()
}

test('the first Tuesday of the month, and what people read of it', async () => {
  const o = await e.arriver(nu, 'premier@exemple.fr', 'mediateur', '--lieu', bureau.id)
  const { page } = o
  await ajouter(o, bureau, { jour: 1, debut: '14', fin: '16' })
  const mardi = page.locator('fieldset.jour').nth(1)
  await mardi.locator('details.rythme summary').click()
  await mardi.getByRole('checkbox', { name: '1er' }).check()
  await o.envoyer('Enregistrer')
  await page.goto(`/lieux/${bureau.id}`)
  assert.match(await o.dit('.permanences'), /Aide numérique : le 1er mardi du mois : 14 h à 16 h.*1er décembre.*5 janvier/s)
  await o.finir()
})

test('a stop of an itinerant service: where and when it comes', async () => {
  const bus = e.lieu('France services itinérante Moissac-Confluences')
  const o = await e.arriver(nu, 'bus@exemple.fr', 'mediateur', '--lieu', bus.id)
  const { page } = o
  await page.goto(`/espace/lieux/${bus.id}`)
  await o.envoyer(page.getByRole('link', { name: 'Ajouter un arrêt' }))
  await page.getByLabel(/^Nom de l’arrêt/).fill('Salle des fêtes')
  await page.getByLabel('Commune').fill('Xyzzy')
  await page.getByLabel('Fréquence').selectOption('2')
  await page.getByLabel(/^Première date/).fill('2026-12-01')
  await page.fill('#jour-1-debut-0', '9h30')
  await page.fill('#jour-1-fin-0', '12h')
  await o.envoyer('Enregistrer')
  assert.match(await o.dit('.fautes'), /Commune de l’arrêt/)
  await page.getByLabel('Commune').fill('boudou')
  await o.envoyer('Enregistrer')
  await page.goto(`/lieux/${bus.id}`)
  assert.match(await o.dit('#t-arrets ~ ul'), /Salle des fêtes \(Boudou\).*1er décembre/s)
  await o.finir(422)
})
