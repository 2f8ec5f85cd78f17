// Somebody who did not find help says so; a commune writes what it tries; who
// coordinates reads, reviews and publishes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clair, nu, openEspace } from './espace.mjs'
import { openPage, openPlusTard, petites, violations } from './socle.mjs'

const images = process.env.IMAGES
/** The page as it stands, phone and desktop, light and dark, when asked for. */
async function photographier(page, nom) {
  if (!images) return
  for (const [taille, width] of [['telephone', 360], ['bureau', 1280]]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${images}/${nom}-${taille}-${colorScheme}.png`, fullPage: true })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 360, height: 740 })
}

/** Nothing to say of a public page on the narrowest screen, nor on a wide one. */
async function juger(page, scripts) {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 740 })
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, 'wider than the screen')
    assert.deepEqual(await petites(page), [], 'small targets')
    if (scripts && width === 320) assert.deepEqual(await violations(page), [])
  }
  await page.setViewportSize({ width: 360, height: 740 })
}

test('help that was not found is told, and the network keeps what it learns', async (t) => {
  const e = await openEspace()
  t.after(() => e.close())
  // The clock of a test stands still, and a form takes longer than a moment: it is
  // opened on one program, and sent to another on the same base, five minutes later.
  const apres = await openPlusTard(e.service, '2026-11-25T10:25:00+01:00', '--tuiles', '')
  t.after(() => apres.close())
  const clique = async (page, quoi) => Promise.all([page.waitForNavigation(), quoi.click()])

  for (const [options, commune, theme] of [[{}, 'Moissac', 'Faire une démarche en ligne avec vous'], [nu, 'Valence-d’Agen', 'Chercher un emploi, faire un CV']]) {
    const scripts = options.javaScriptEnabled !== false
    await t.test(`a need, ${scripts ? 'with' : 'without'} JavaScript`, async () => {
      const jeton = /name="jeton" value="([^"]+)"/.exec(await (await fetch(`${e.service.adresse}/besoin`)).text())[1]
      const p = await openPage(e.navigateur, apres.url, options)
      const { page } = p
      await page.goto(`/?q=${encodeURIComponent(scripts ? 'Moissac' : 'Valence d’Agen')}`)
      await clique(page, page.getByRole('link', { name: 'Dites l’aide qui vous manque' }))
      assert.match(await page.getByLabel('Dans quelle commune').inputValue(), scripts ? /^Moissac$/ : /^Valence/)
      await juger(page, scripts)
      await photographier(page, scripts ? 'besoin' : 'besoin-nu')
      await page.getByLabel(theme).check()
      if (scripts) {
        const champ = page.getByLabel('Dans quelle commune')
        await champ.fill('')
        await champ.pressSequentially('moissa')
        await page.getByRole('option', { name: /^Moissac 82200/ }).click()
      }
      await page.getByLabel('Le soir').check()
      await page.getByLabel('Un mot de plus').fill('Après le travail. Mon numéro : 06 12 34 56 78')
      await clique(page, page.getByRole('button', { name: 'Envoyer' }))
      assert.match(clair(await page.locator('main').innerText()), /C’est allé très vite/)
      assert.equal(await page.getByLabel(theme).isChecked(), true)
      await page.locator('[name=jeton]').evaluate((champ, valeur) => (champ.value = valeur), jeton)
      await clique(page, page.getByRole('button', { name: 'Envoyer' }))
      const merci = clair(await page.locator('main').innerText())
      assert.match(merci, /Merci, c’est noté/)
      assert.equal(await page.locator('li.lieu').count(), 3)
      await juger(page, scripts)
      await photographier(page, scripts ? 'besoin-merci' : 'besoin-merci-nu')
      const fautes = (await p.close()).filter((f) => !/status of 400/.test(f))
      assert.deepEqual(fautes, [])
    })

    await t.test(`a fiche, ${scripts ? 'with' : 'without'} JavaScript`, async () => {
      const code = scripts ? '82112' : '82186'
      const juge = (o) => (scripts ? o.juger() : undefined) // the same pages: once is enough
      const elu = await e.arriver(options, scripts ? 'elue.moissac@exemple.fr' : 'elue.valence@exemple.fr', 'contributeur', '--commune', code)
      await elu.envoyer(elu.page.getByRole('link', { name: 'Ma commune' }).last())
      await juge(elu)
      await photographier(elu.page, 'fiches-vide')
      await elu.envoyer(elu.page.getByRole('link', { name: 'Noter un besoin' }))
      await elu.page.getByLabel('Comme élu').check()
      await elu.page.getByLabel(theme).check()
      await juge(elu)
      await photographier(elu.page, 'noter')
      await elu.envoyer('Noter')
      assert.match(await elu.dit(), /Le besoin est noté/)
      await elu.envoyer(elu.page.getByRole('link', { name: 'Écrire une fiche' }))
      const titre = `Un atelier le samedi, ${commune}`
      await elu.page.getByLabel('Le titre').fill(titre)
      await elu.page.getByLabel('Le thème').selectOption({ label: theme })
      await elu.page.getByLabel('En cours').check()
      await elu.page.getByLabel('La réponse').fill('À la médiathèque, deux heures.\nSans rendez-vous.')
      await elu.page.getByLabel('Ce qu’on a appris').fill('Le matin convient mieux.')
      await juge(elu)
      await photographier(elu.page, 'fiche-ecrire')
      await elu.envoyer('Envoyer à relire')
      assert.match(await elu.dit(), /La fiche est envoyée/)

      const chef = await e.arriver(options, scripts ? 'chef.moissac@exemple.fr' : 'chef.valence@exemple.fr', 'coordinateur', '--departement')
      await chef.page.goto('/espace/besoins')
      assert.match(await chef.dit(), scripts ? /Moissac/ : /Valence/)
      await juge(chef)
      await photographier(chef.page, 'besoins')
      await chef.page.goto(`/espace/besoins/communes/${code}`)
      assert.match(await chef.dit(), /Mon numéro : \[numéro masqué\]/)
      await juge(chef)
      await photographier(chef.page, 'besoins-commune')
      await chef.envoyer(chef.page.getByRole('link', { name: 'En faire une fiche' }).first())
      assert.match(await chef.page.getByLabel('Le titre').inputValue(), /de l’aide manque à/)
      await chef.page.goto('/espace/fiches?etat=proposee')
      await photographier(chef.page, 'fiches-liste')
      await chef.envoyer(chef.page.getByRole('link', { name: titre }))
      await juge(chef)
      await photographier(chef.page, 'fiche-relire')
      if (scripts) {
        await chef.envoyer('Demander un changement')
        assert.match(await chef.dit(), /Écrivez pourquoi/)
      }
      await chef.envoyer('Publier la fiche')
      assert.match(await chef.dit(), /La fiche est publiée/)
      if (scripts) {
        await chef.envoyer('Retirer du site')
        await chef.envoyer('Remettre en ligne')
      }
      await photographier(chef.page, 'fiche-publiee')
      await chef.envoyer(chef.page.getByRole('link', { name: 'Voir la page publique' }))
      assert.match(await chef.dit(), /Le matin convient mieux/)
      assert.doesNotMatch(await chef.dit(), /Elue/)
      if (scripts) await juger(chef.page, scripts)
      await photographier(chef.page, 'fiche')
      await chef.envoyer(chef.page.getByRole('link', { name: 'Toutes les fiches' }))
      await chef.page.getByLabel('Thème').selectOption({ label: theme })
      await chef.envoyer('Filtrer')
      assert.equal(await chef.page.getByRole('link', { name: titre }).count(), 1)
      if (scripts) await juger(chef.page, scripts)
      await photographier(chef.page, 'fiches')
      await elu.finir()
      await chef.finir(400)
    })
  }
})
