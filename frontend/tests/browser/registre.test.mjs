// Who did what, for whoever coordinates; and the sheets made for paper, which
// hold on one page of A4.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nu, openEspace } from './espace.mjs'
import { feuilles, violations } from './socle.mjs'

let e
before(async () => (e = await openEspace()))
after(() => e.close())

const images = process.env.IMAGES
/** The page as it stands, phone and desktop, light and dark, and as paper, when asked for. */
async function photographier(page, nom) {
  if (!images) return
  for (const [taille, width] of [['telephone', 360], ['bureau', 1280]]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${images}/${nom}-${taille}-${colorScheme}.png`, fullPage: true })
    }
  }
  await page.setViewportSize({ width: 711, height: 1062 })
  await page.emulateMedia({ colorScheme: 'light', media: 'print' })
  await page.screenshot({ path: `${images}/${nom}-papier.png`, fullPage: true })
  await page.emulateMedia({ colorScheme: 'light', media: null })
  await page.setViewportSize({ width: 360, height: 740 })
}

test('the register, with a keyboard and a phone, with and without scripts', async () => {
  const lieu = e.lieu('France services de Moissac')
  const chef = await e.arriver({}, 'ana.chef@exemple.fr', 'administrateur')
  const { page } = chef
  await page.goto(`/espace/lieux/${lieu.id}/partie/presentation`)
  await page.getByLabel('Présentation en bref').fill('On vous aide pas à pas.')
  await chef.envoyer('Enregistrer')
  const paul = await e.arriver({}, 'paul.essai@exemple.fr', 'mediateur', '--lieu', lieu.id)
  await paul.page.goto('/espace/registre')
  assert.match(await paul.dit(), /celle des personnes qui coordonnent/)
  await paul.finir(403)

  await page.goto('/espace/reseau')
  await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: 'Registre', exact: true }).click()])
  let texte = await chef.dit()
  assert.match(texte, /Ana Chef \(dans l’application\)/)
  assert.match(texte, /On vous aide pas à pas/)
  assert.match(texte, /un import.* : \d+ changements/)
  await chef.juger()
  await photographier(page, 'registre')
  await page.locator('summary').first().click()
  assert.match(await chef.dit(), /Lieu ajouté/)
  await chef.juger()

  await page.getByLabel('D’où').selectOption('toutes sauf les imports')
  await chef.envoyer('Filtrer')
  texte = await chef.dit()
  assert.match(texte, /l’équipe technique \(en ligne de commande\)/)
  assert.match(texte, /Invitation acceptée : corriger France services de Moissac, à Moissac/)
  await page.getByLabel('Qui', { exact: true }).selectOption('Paul Essai')
  await chef.envoyer('Filtrer')
  texte = await chef.dit()
  assert.match(texte, /Paul Essai \(dans l’application\)/)
  assert.doesNotMatch(texte, /On vous aide pas à pas/)
  await page.getByRole('link', { name: 'Enlever les filtres' }).click()
  await page.getByLabel('Mots').fill('presentation')
  await page.getByLabel('Mots').press('Enter')
  await page.getByText('On vous aide pas à pas').waitFor()
  const [fichier] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()])
  assert.match(fichier.suggestedFilename(), /^registre-82-\d{4}-\d\d-\d\d\.csv$/)
  await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: /^Ce lieu seul/ }).first().click()])
  assert.match(await chef.dit(), /Un seul lieu : France services de Moissac/)
  await page.goto('/espace/registre?du=2026-12-25')
  assert.match(await chef.dit(), /Rien ne correspond à ces filtres/)
  await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: 'Ce qui est gardé, et pourquoi' }).click()])
  assert.match(await chef.dit(), /deux ans sans connexion/)
  await chef.juger()
  await photographier(page, 'conservation')
  await chef.finir()

  const sans = await e.arriver(nu, 'bea.nue@exemple.fr', 'coordinateur', '--departement')
  await sans.page.goto('/espace/registre?voie=sauf-import')
  await sans.page.getByLabel('Sur quoi').selectOption('droits et invitations')
  await sans.envoyer('Filtrer')
  assert.match(await sans.dit(), /Invitation acceptée/)
  await sans.juger()
  await sans.page.goto('/espace/registre?voie=import')
  await sans.envoyer(sans.page.getByRole('link', { name: 'Plus ancien' }))
  assert.match(await sans.dit(), /Lieu ajouté|un import/)
  await sans.finir()
})

test('sheets hold on one page of paper, and read on a screen', async () => {
  const chef = await e.arriver({}, 'zoe.chef@exemple.fr', 'administrateur')
  const { page } = chef
  await page.goto('/espace/bilan')
  await chef.juger()
  await photographier(page, 'bilans')
  const communes = await page.locator('#bilan-commune option').evaluateAll((l) => l.map((o) => ({ code: o.value, nom: o.textContent })))
  const epcis = await page.locator('#bilan-epci option').evaluateAll((l) => l.map((o) => o.value))
  assert.ok(communes.length > 100 && epcis.length > 5)
  await page.getByLabel('Une commune, en une page').selectOption('Moissac')
  await chef.envoyer('Voir la fiche de la commune')
  let texte = await chef.dit()
  assert.match(texte, /Aide numérique à Moissac/)
  assert.match(texte, /France services de Moissac/)
  assert.match(texte, /Le samedi/)
  await chef.juger()
  await photographier(page, 'bilan-commune')

  const plus = new Map()
  for (const l of e.resultats) plus.set(l.code_insee, (plus.get(l.code_insee) ?? 0) + 1)
  const parLieux = communes.map((c) => ({ ...c, n: plus.get(c.code) ?? 0 })).sort((a, b) => b.n - a.n)
  for (const { code, nom, n } of [...parLieux.slice(0, 4), parLieux.at(-1)]) {
    await page.goto(`/espace/bilan/communes/${code}`)
    if (code === parLieux[0].code) await photographier(page, 'bilan-plus-de-lieux')
    assert.equal(await feuilles(page), 1, `${nom}, ${n} places`)
  }
  const tailles = []
  for (const code of epcis) {
    await page.goto(`/espace/bilan/epci/${code}`)
    tailles.push({ code, n: await page.locator('.bilan-table').nth(1).locator('tbody tr').count() })
  }
  tailles.sort((a, b) => b.n - a.n)
  for (const { code, n } of [tailles[0], tailles.at(-1)]) {
    await page.goto(`/espace/bilan/epci/${code}`)
    assert.equal(await feuilles(page), 1, `EPCI ${code}, ${n} communes`)
    if (code === tailles[0].code) {
      await chef.juger()
      await photographier(page, 'bilan-epci')
    }
  }
  await page.goto('/espace/bilan')
  await chef.envoyer('Voir l’année')
  texte = await chef.dit()
  assert.match(texte, /en 2026/)
  assert.match(texte, /Lieux publiés/)
  assert.match(texte, /inconnu/)
  assert.ok((await feuilles(page)) <= 2, 'the year')
  await chef.juger()
  await photographier(page, 'bilan-annee')
  await page.emulateMedia({ media: 'print' })
  for (const quoi of ['.entete', '.bandeau', '.pied', '.outils-papier']) assert.equal(await page.locator(quoi).first().isVisible(), false, `${quoi} is on paper`)
  await page.emulateMedia({ media: null })
  await chef.finir()

  // Who keeps a place of a commune prints the sheet of that commune, without scripts too.
  const paul = await e.arriver(nu, 'paul.mairie@exemple.fr', 'mediateur', '--lieu', e.lieu('France services de Moissac').id)
  await paul.page.goto('/espace/bilan')
  assert.deepEqual(await paul.page.locator('#bilan-commune option').allTextContents(), ['Moissac'])
  await paul.envoyer('Voir la fiche de la commune')
  assert.match(await paul.dit(), /Aide numérique à Moissac/)
  assert.equal(await feuilles(paul.page), 1)
  await paul.juger()
  await paul.page.goto('/espace/bilan/communes/82121')
  assert.match(await paul.dit(), /dont vous ne tenez aucun lieu/)
  await paul.finir(403)
})
