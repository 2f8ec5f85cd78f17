// Who is far from help: from the desk of a coordinator to figures, a map, a
// table, a file, and two dates.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clair, nu, openEspace } from './espace.mjs'
import { feuilles, openService } from './socle.mjs'

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

/** An intercommunality of eleven communes. */
const lafrancaise = '200067122'

/** A service whose base was filled five days ago. */
async function openAvecPasse(t) {
  const avant = await openService('--tuiles', '', '--horloge', '2026-11-20T10:00:00+01:00')
  t.after(() => avant.close())
  const e = await openEspace('--base', avant.base)
  t.after(() => e.close())
  e.service.base = avant.base // that of the command line
  return e
}

test('the coordinator sees who is far from help, on a phone and without JavaScript on a desktop', async (t) => {
  const e = await openAvecPasse(t)
  for (const [mode, options, courriel] of [['phone', {}, 'ines.essai@exemple.fr'], ['desktop', { ...nu, viewport: { width: 1280, height: 800 } }, 'paul.essai@exemple.fr']]) {
    const o = await e.arriver(options, courriel, 'coordinateur', '--departement')
    const { page } = o
    await page.goto('/espace/reseau')
    await o.envoyer(page.getByRole('link', { name: 'Qui est loin de l’aide' }))
    assert.match(await o.dit(), /En bref.*Aucun des [\d ]+ habitants n’est à plus de 15 km.*n’ont pas été vérifiés.*au centre de cette commune/s, mode)
    await photographier(page, `couverture-${mode}`)
    await page.goto(`/espace/couverture?epci=${lafrancaise}`) // few rows: the judge reads each of them
    await o.juger()

    // Another question: the sentence, the map and the table follow it.
    await page.getByLabel('Quelle aide').selectOption('Aide aux démarches administratives')
    await page.getByLabel('À quel moment').selectOption('samedi')
    await page.getByLabel('C’est loin à plus de').selectOption('20')
    await page.getByLabel(/^Facteur de route/).fill('1.5')
    await o.envoyer('Mesurer')
    const [, loin] = /^([\d ]+) habitants sur/m.exec(await o.dit('.faits .chapeau')) ?? assert.fail('no figure')
    assert.match(await o.dit(), /multipliée par 1,5/)
    const classes = await page.locator('.communes path').evaluateAll((tous) => tous.map((x) => x.getAttribute('fill')))
    assert.equal(classes.length, 195)
    const lignes = await page.locator('.legende li').evaluateAll((tous) => tous.map((x) => x.innerText.replaceAll('\u00a0', ' ')))
    const dits = Object.fromEntries(lignes.map((x) => x.split('\n')).filter((x) => x.length > 1))
    const dernier = /(\d+) communes?, ([\d ]+) habitants/.exec(dits['plus de 20 km, ou aucun lieu'])
    assert.equal(Number(dernier[1]), classes.filter((x) => x === 'url(#motif-4)').length, 'the legend counts what is drawn')
    assert.equal(dernier[2].replaceAll(' ', ''), loin.replaceAll(' ', ''), 'the legend says what the sentence says')
    assert.equal(await page.locator('[style]').count(), 0, 'no style in the page')

    // The patterns paint: two neighbours of different classes do not look alike.
    const peints = await page.locator('.legende rect').evaluateAll((tous) => tous.map((x) => getComputedStyle(x).fill))
    assert.equal(new Set(peints).size, 5, `patterns: ${peints}`)

    // The other table, sorted and taken away.
    await o.envoyer(page.getByRole('link', { name: 'Par intercommunalité' }))
    assert.match(await o.dit('#tableau'), /10 intercommunalités/)
    await o.juger()
    const csv = await page.getByRole('link', { name: 'CSV' }).getAttribute('href')
    const fichier = await (await page.request.get(csv)).text()
    assert.equal(fichier.trim().split('\n').length, 11)
    assert.match(fichier, /,Aide aux démarches administratives,Le samedi,1\.5,\d+,\d+,\d+$/m)

    // What is wrong is said.
    const refus = await page.request.get('/espace/couverture?facteur=9')
    assert.equal(refus.status(), 400)
    assert.match(clair(await refus.text()), /Le facteur de route « 9 » ne convient pas/)

    // Two dates: a place closed in between.
    if (mode === 'phone') {
      await page.goto(`/espace/lieux/${e.lieu('France services de Lauzerte').id}/fin`)
      await o.envoyer('Oui, il n’existe plus')
    }
    await page.goto('/espace/couverture')
    await o.envoyer(page.getByRole('link', { name: 'Comparer deux dates' }))
    await page.getByLabel('Première date').fill('2026-11-10')
    await o.envoyer('Comparer')
    assert.match(await o.dit('.avis'), /aucun lieu le 10 novembre 2026.*commence le 20 novembre 2026/)
    await page.getByLabel('Première date').fill('2026-11-20')
    await page.getByLabel('C’est loin à plus de').selectOption('5')
    await o.envoyer('Comparer')
    assert.match(await o.dit(), /0 habitant est maintenant plus près d’un lieu d’aide, et 2 400 habitants sont plus loin.*0 habitant gagné, 1 443 habitants perdus.*Lieux en plus\s+Aucun\..*Lieux en moins\s+France services de Lauzerte, Lauzerte/s, mode)
    assert.match(await page.locator('#tableau tbody tr').first().innerText(), /Lauzerte|Cazes-Mondenard|Sainte-Juliette|Bouloc|Durfort|Tréjouls|Sauveterre|Montagudet|Saint-Amans/)
    await photographier(page, `comparer-${mode}`)
    await page.goto(`${page.url()}&epci=${lafrancaise}`)
    await o.juger()

    // On paper: the figures and the map, without the form.
    if (mode === 'desktop') {
      await page.goto('/espace/couverture?par=epci')
      await page.emulateMedia({ media: 'print' })
      assert.equal(await page.locator('.demande').isVisible(), false)
      assert.equal(await page.locator('.carte-couverture figure > svg').isVisible(), true)
      const n = await feuilles(page)
      assert.ok(n <= 4, `${n} sheets`)
      // The map is on the first sheet: A4 on its side, without its margins.
      const avant = page.viewportSize()
      await page.setViewportSize({ width: 1039, height: 733 })
      const bas = await page.locator('.carte-couverture').evaluate((x) => x.getBoundingClientRect().bottom + window.scrollY)
      assert.ok(bas <= 733, `the map ends at ${bas}`)
      await page.setViewportSize(avant)
    }
    await o.finir()
  }
})
