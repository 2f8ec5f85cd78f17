// Whoever coordinates the network sees the whole, finds what to do first, calls a
// place, and takes a list away: on a phone, on a desk, on paper, with and without
// JavaScript.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { clair, nu, openEspace, tabuler } from './espace.mjs'
import { feuilles, violations } from './socle.mjs'

let e
before(async () => (e = await openEspace()))
after(() => e?.close())

const bureau = { viewport: { width: 1280, height: 900 } }

/** The page is sound on the narrowest screen and on a desk, light and dark. */
async function jugerPartout(o) {
  await o.juger()
  const avant = o.page.viewportSize()
  await o.page.setViewportSize(bureau.viewport)
  assert.equal(await o.page.evaluate(() => document.documentElement.scrollWidth), 1280, 'wider than the desk')
  for (const colorScheme of ['dark', 'light']) {
    await o.page.emulateMedia({ colorScheme })
    assert.deepEqual(await violations(o.page), [], colorScheme)
  }
  await o.page.setViewportSize(avant)
}

test('the board leads to its work, each figure to its places', async () => {
  const o = await e.arriver({}, 'chef.reseau@exemple.fr', 'coordinateur', '--departement')
  const { page } = o
  await page.goto('/espace/reseau')
  await jugerPartout(o)
  assert.match(await o.dit(), /55\s+lieux publiés.*Ce qui attend.*Lieux à appeler.*Ce qui a changé en sept jours.*Fraîcheur.*Complétude.*Familles.*Intercommunalités/s)
  await page.getByRole('link', { name: 'Tous les bureaux' }).click()
  assert.match(page.url(), /#bureaux$/)
  const bureaux = page.getByRole('region', { name: 'Tous les bureaux' })
  assert.equal(await bureaux.getByRole('heading', { level: 3 }).count(), 5)
  assert.equal(await bureaux.getByRole('link').count(), 19)
  const figure = page.getByRole('row', { name: /^Téléphone/ }).getByRole('link')
  const combien = Number((await figure.innerText()).match(/\d+/)[0])
  await o.envoyer(figure)
  assert.match(await o.dit('[role=status]'), new RegExp(`^${combien} lieux sur 55`))
  assert.equal(await page.getByLabel('Ce qui manque').inputValue(), 'telephone')
  await jugerPartout(o)

  // The Monday page: ten things, each with its page.
  await page.goto('/espace/reseau')
  await o.envoyer(page.getByRole('link', { name: 'Par quoi commencer' }))
  assert.equal(await page.locator('.lundi > li').count(), 10)
  assert.equal(await page.locator('.lundi > li .bouton').count(), 10)
  await jugerPartout(o)
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.locator('.lundi-geste').first().isVisible(), false, 'a button on paper')
  assert.equal(await page.locator('.lundi h2').last().isVisible(), true)
  assert.ok((await feuilles(page)) <= 2, 'the Monday page takes more than two sheets')
  await page.emulateMedia({ media: 'screen' })
  await o.finir()
})

test('a list is filtered, sorted, paged with the keyboard, printed whole and taken away', async () => {
  const o = await e.arriver(bureau, 'chef.liste@exemple.fr', 'coordinateur', '--departement')
  const { page } = o
  await page.goto('/espace/reseau/lieux')
  const visibles = () => page.locator('.liste tbody tr').evaluateAll((l) => l.filter((x) => x.checkVisibility()).length)
  assert.equal(await visibles(), 50)
  await page.emulateMedia({ media: 'print' })
  assert.equal(await visibles(), 55, 'rows on paper')
  assert.equal(await page.locator('.liste-filtres').isVisible(), false)
  await page.emulateMedia({ media: 'screen' })
  await o.envoyer(page.getByRole('link', { name: 'Page suivante' }))
  assert.equal(await visibles(), 5)

  // A link on several lines stays clear of what follows, and only a phone needs a button to sort.
  await page.goto('/espace/doublons')
  const rects = (quoi) => page.locator(quoi).first().evaluate((x) => {
    const texte = document.createRange()
    texte.selectNodeContents(x)
    return [...texte.getClientRects()].map((r) => ({ haut: r.top, bas: r.bottom }))
  })
  const [detail] = await rects('.liste tbody th .detail')
  assert.ok(Math.max(...(await rects('.liste tbody th a')).map((r) => r.bas)) <= detail.haut, 'a link runs over what follows')
  assert.ok((await page.locator('.liste tbody th a').first().boundingBox()).height >= 43.5, 'a small target')
  await page.goto('/espace/frequentation')
  assert.equal(await page.getByRole('button', { name: 'Trier' }).isVisible(), false)
  // The words of a sheet are whole on the screen, its numbers on one line.
  await page.goto('/espace/bilan/communes/82112')
  for (const quoi of ['.bilan-lieux td[data-titre="Téléphone"]', '.bilan-lieux thead th:nth-child(2)']) assert.equal((await rects(quoi)).length, 1, quoi)

  // By keyboard: the heading sorts, the region of the table is reached.
  await page.goto('/espace/reseau/lieux')
  await tabuler(page, page.getByRole('link', { name: 'Commune', exact: true }))
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'ascending')
  assert.match(await page.locator('th[aria-sort]').innerText(), /^Commune/)
  await tabuler(page, page.getByRole('region', { name: 'Lieux du réseau' }))

  await page.getByLabel('Famille').selectOption({ label: 'France Services' })
  await o.envoyer('Filtrer')
  assert.match(page.url(), /famille=france_services/)
  assert.match(page.url(), /tri=commune/, 'the order is lost by filtering')
  assert.match(await o.dit('[role=status]'), /^23 lieux sur 55/)
  const [fichier] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()])
  assert.match(fichier.suggestedFilename(), /^lieux-82-famille-france-services-\d{4}-\d\d-\d\d\.csv$/)
  const lignes = (await readFile(await fichier.path(), 'utf8')).trim().split('\n')
  assert.equal(lignes.length, 24)
  await o.finir()
})

test('on a phone a row is a card', async () => {
  const o = await e.arriver({}, 'chef.carte@exemple.fr', 'coordinateur', '--departement')
  await o.page.goto('/espace/reseau/lieux?famille=itinerant')
  const carte = o.page.locator('.liste tbody tr').first()
  assert.ok((await carte.boundingBox()).width <= 360)
  assert.equal(await o.page.locator('.liste thead').isVisible(), false)
  assert.equal(await carte.locator('td[data-titre="Commune"]').evaluate((x) => getComputedStyle(x, '::before').content), '"Commune"')
  await o.page.getByLabel('Trier par').selectOption({ label: 'Dernière vérification, à l’envers' })
  await o.envoyer('Filtrer')
  assert.match(o.page.url(), /tri=-verifie/)
  await o.finir()
})

for (const [mode, options] of [['with JavaScript', {}], ['without JavaScript', nu]]) {
  test(`places are called one after the other, ${mode}`, async () => {
    const o = await e.arriver(options, `appels.${options === nu ? 'sans' : 'avec'}@exemple.fr`, 'coordinateur', '--departement')
    const { page } = o
    await page.goto('/espace/reseau/appeler')
    const noms = (await page.locator('.appel h2').allInnerTexts()).map(clair)
    const combien = noms.length
    if (options !== nu) await jugerPartout(o)
    else await o.juger()
    const premier = page.locator('.appel').nth(0)
    assert.match(await premier.locator('.numero').getAttribute('href'), /^tel:\+?\d+$/)

    // In one click; the next place is where the eye is, and what was done stands above it.
    const second = page.locator('.appel').nth(1)
    await o.envoyer(second.getByRole('button', { name: 'Vérifié par téléphone' }))
    assert.match(await o.dit(), new RegExp(`${combien - 1} lieux? (est|sont) à appeler`))
    assert.match(await o.dit('#suite'), /vérifié par téléphone, aujourd’hui/)
    let haut
    for (let n = 0; n < 30 && !(haut >= 0 && haut < 100); n++) { // the page scrolls there
      haut = (await page.locator('#suite').boundingBox()).y
      await new Promise((suite) => setTimeout(suite, 100))
    }
    assert.ok(haut >= 0 && haut < 100, `what was done stands at ${haut}`)
    assert.equal(clair(await page.locator('.appel h2').nth(1).innerText()), noms[2])
    await o.juger()
    await o.envoyer(page.locator('#suite').getByRole('button', { name: 'Annuler' }))
    assert.match(await o.dit(), new RegExp(`${combien} lieux sont à appeler`))

    // Nobody answers: it comes back, and that is taken back too.
    await o.envoyer(page.locator('.appel').nth(0).getByRole('button', { name: 'Pas de réponse' }))
    assert.match(await o.dit(), /Remis à plus tard.*1 appel sans réponse, le dernier le/s)
    if (options === nu) await o.envoyer(page.locator('#suite').getByRole('button', { name: 'Annuler' }))
    else await o.envoyer(page.locator('.appel').nth(0).getByRole('button', { name: 'Vérifié par téléphone' }))

    await page.emulateMedia({ media: 'print' })
    assert.equal(await page.locator('.appel .actions').first().isVisible(), false, 'buttons on paper')
    assert.equal(await page.locator('.appel .papier-seul').first().isVisible(), true, 'boxes to tick on paper')
    assert.equal(await page.locator('.appel .numero').last().isVisible(), true)
    await page.emulateMedia({ media: 'screen' })
    await o.finir()
  })
}
