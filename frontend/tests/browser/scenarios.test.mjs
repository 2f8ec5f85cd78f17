// Where to help next: from the desk of a coordinator to a proved choice, a map
// with numbers, scenarios that are kept, compared, printed and taken away.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clair, nu, openEspace } from './espace.mjs'
import { feuilles } from './socle.mjs'

const images = process.env.IMAGES
/** The page as it stands, phone and desktop, light and dark, when asked for. */
async function photographier(page, nom) {
  if (!images) return
  const avant = page.viewportSize()
  for (const [taille, width] of [['telephone', 360], ['bureau', 1280]]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${images}/${nom}-${taille}-${colorScheme}.png`, fullPage: true })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(avant)
}

const nombre = (texte) => Number(texte.replaceAll(' ', ''))

test('a coordinator asks where to help next, keeps the answers and compares them, on a phone without JavaScript and on a desktop', async (t) => {
  const e = await openEspace()
  t.after(() => e.close())
  for (const [mode, options, courriel] of [['phone', nu, 'ines.essai@exemple.fr'], ['desktop', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }, 'paul.essai@exemple.fr']]) {
    const o = await e.arriver(options, courriel, 'coordinateur', '--departement')
    const { page } = o
    await page.goto('/espace/reseau')
    await o.envoyer(page.getByRole('link', { name: 'Où aider ensuite' }))
    await photographier(page, `scenarios-${mode}`)

    // What is wrong is said by its field, and is not lost.
    await page.getByLabel('Communes imposées').fill('Toulouse')
    await o.envoyer('Chercher')
    assert.match(await o.dit('.fautes'), /« Toulouse » n’est pas une commune du département/)
    assert.equal(await page.getByLabel('Communes imposées').inputValue(), 'Toulouse')

    // Five new places on Saturday.
    await page.getByLabel('Communes imposées').fill('Moissac')
    await page.getByLabel('Combien').fill('5')
    await page.getByLabel('À quel moment').selectOption('samedi')
    await o.envoyer('Chercher')
    const [, gain, communes] = /^([\d ]+) habitants de (\d+) communes passent de \d+ km à [\d,]+ km en moyenne/.exec(await o.dit('.faits .chapeau')) ?? assert.fail('no gain')
    const dit = await o.dit()
    assert.match(dit, /C’est le meilleur choix possible.*écart : 0 %.*Calculé en/s)
    const [, avant, apres] = /À 10 km ou moins : ([\d ]+) habitants aujourd’hui \(.*?\), ([\d ]+) ensuite/.exec(dit) ?? assert.fail('no figures')
    assert.equal(nombre(apres) - nombre(avant), nombre(gain))
    assert.match(dit, /\d+ sur \d+ ne sont pas vérifiés.*\d+ sur \d+ n’ont pas d’heures connues/s)

    // The list and the map have the same numbers; what is imposed says so.
    const rangs = await page.locator('.rang-site').allInnerTexts()
    assert.deepEqual(rangs, ['1', '2', '3', '4', '5'])
    assert.deepEqual(await page.locator('.propositions text').evaluateAll((tous) => tous.map((x) => x.textContent)), rangs)
    assert.match(await o.dit('.sites'), /Moissac.*Imposé par vous/s)
    assert.equal(await page.locator('.communes path').count(), 195)
    const peints = await page.locator('.legende li rect:not(.rapprochee)').evaluateAll((tous) => tous.map((x) => getComputedStyle(x).fill))
    assert.equal(new Set(peints).size, 5, `patterns: ${peints}`)
    assert.equal(await page.locator('[style]').count(), 0, 'no style in the page')
    await o.juger()
    if (mode === 'desktop') { // the others are judged in the dark
      await page.emulateMedia({ colorScheme: 'light' })
      await o.juger()
      await page.emulateMedia({ colorScheme: 'dark' })
    }
    await photographier(page, `scenarios-resultat-${mode}`)

    // The table: those who come within reach add up to the gain.
    await page.getByLabel('Ce qui change').selectOption('portee')
    await o.envoyer('Filtrer')
    assert.match(await o.dit('.liste-entete'), new RegExp(`^${communes} communes`))
    const csv = await (await page.request.get(await page.getByRole('link', { name: 'CSV' }).getAttribute('href'))).text()
    const somme = csv.trim().split('\n').slice(1).reduce((n, ligne) => n + Number(ligne.split(',')[2]), 0)
    assert.equal(somme, nombre(gain), 'the file says what the page says')

    // It is kept, then a bus and hours are.
    await page.getByLabel('Son nom').fill(`Cinq lieux ${mode}`)
    await o.envoyer('Garder')
    assert.match(await o.dit(), /Le scénario est gardé.*Données du 25 novembre 2026.*Imposé par vous/s)
    assert.match(await o.dit('.faits .chapeau'), new RegExp(`^${gain} habitants`), 'kept as it was')
    await o.juger()
    await photographier(page, `scenario-${mode}`)
    const garde = page.url().split('?')[0]
    await page.goto('/espace/scenarios?genre=bus&moment=matin&objectif=couvrir&rayon=10&nombre=5&facteur=1,3')
    assert.match(await o.dit(), /Dans quel ordre.*L’ordre de visite est indicatif\. La boucle fait environ \d+ km/s)
    assert.equal(await page.locator('.tour').count(), 1)
    await page.getByLabel('Son nom').fill(`Un bus ${mode}`)
    await o.envoyer('Garder')
    const gardes = ['Cinq lieux', 'Un bus']
    if (mode === 'desktop') {
      await page.goto('/espace/scenarios?genre=horaires&moment=samedi&objectif=approcher&rayon=10&nombre=4&facteur=1,3')
      assert.match(await o.dit(), /4 lieux qui ouvriraient le samedi/)
      assert.ok((await page.locator('.sites h3 a').count()) > 0, 'places that are there have their page')
      await page.getByLabel('Son nom').fill(`Des horaires ${mode}`)
      await o.envoyer('Garder')
      gardes.push('Des horaires')
    }

    // Side by side.
    await page.goto('/espace/scenarios')
    for (const nom of gardes) await page.getByLabel(`Comparer ${nom} ${mode}`).check()
    await o.juger()
    await o.envoyer('Comparer les scénarios cochés')
    assert.match(await o.dit('.avis'), /l’aide ou le moment change/)
    assert.match(await o.dit('.comparaison'), new RegExp(`Habitants qui arrivent à portée[^]*${gain}`))
    assert.equal(await page.locator('.cote-a-cote .carte-scenario').count(), gardes.length)
    await o.juger()
    await photographier(page, `scenarios-comparer-${mode}`)
    // On paper a map stands below what is said of its scenario, not over it.
    await page.emulateMedia({ media: 'print' })
    for (const carte of await page.locator('.cote-a-cote .carte-scenario').all()) assert.notEqual(await carte.evaluate((x) => getComputedStyle(x).position), 'absolute')
    assert.ok((await page.locator('.cote-a-cote .carte-scenario').count()) >= 2)
    await page.emulateMedia({ media: null })

    // On paper: no navigation, no form, a few sheets.
    await page.goto(garde)
    await o.envoyer(page.getByRole('link', { name: 'Page à imprimer' }))
    await o.juger()
    await photographier(page, `scenario-papier-${mode}`)
    await page.emulateMedia({ media: 'print', colorScheme: 'light' })
    for (const cache of ['.entete', '.pied', '.outils-papier']) assert.equal(await page.locator(cache).isVisible(), false, cache)
    assert.equal(await page.locator('.carte-scenario').isVisible(), true)
    assert.match(clair(await page.locator('.feuille').innerText()), new RegExp(`${gain} habitants.*Les communes dont l’aide se rapproche.*imprimé le 25 novembre 2026`, 's'))
    if (mode === 'desktop') {
      const n = await feuilles(page)
      assert.ok(n <= 4, `${n} sheets`)
    }
    await page.emulateMedia({ media: 'screen' })

    // Taken away, once it was asked twice.
    await page.goto(garde)
    await o.envoyer(page.getByRole('link', { name: 'Supprimer' }))
    assert.match(await o.dit(), /et son résultat s’effacent/)
    await o.envoyer('Supprimer ce scénario')
    assert.match(await o.dit(), /Le scénario est supprimé/)
    assert.equal(await page.getByLabel(`Comparer Cinq lieux ${mode}`).count(), 0)
    await o.finir('400')
  }
})
