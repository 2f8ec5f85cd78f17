// The generator of the line that shows the map elsewhere: with and without
// JavaScript, on a phone and on a wide screen.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openChez, openHote, openNavigateurHotes, pageSimple } from './hotes.mjs'
import { openNavigateur, openPage, openService, petites, violations } from './socle.mjs'

let service, navigateur
before(async () => {
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

const telephone = { viewport: { width: 320, height: 700 } }
const large = { viewport: { width: 1280, height: 900 } }
const ligne = (page, nom) => page.locator(`#ligne-${nom}`).inputValue()
const debord = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
const hautCadre = async (page) => (await page.locator('.integrer-cadre iframe').boundingBox()).height
const cadre = (page) => page.frameLocator('.integrer-cadre iframe')

for (const [nom, vue] of [['phone', telephone], ['wide', large], ['wide and dark', { ...large, colorScheme: 'dark' }]]) {
  test(`${nom}: a commune is chosen, and all follows without a reload`, async () => {
    const p = await openPage(navigateur, service.adresse, { ...vue, permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = p
    await page.goto('/integrer')
    assert.match(await page.locator('.integrer-cadre').textContent(), /Choisissez une commune/)
    assert.equal(await page.locator('.integrer-cadre iframe').count(), 0)
    await page.evaluate(() => (globalThis.intacte = true))

    await page.locator('#commune').pressSequentially('moiss')
    await page.getByRole('option', { name: /^Moissac/ }).click()
    await cadre(page).getByRole('heading', { name: /Moissac/ }).first().waitFor()
    assert.match(await ligne(page, 'iframe'), /^<iframe src="http:\/\/localhost:\d+\/embarque\/\?commune=82112" /)
    assert.match(await ligne(page, 'lien'), /\/communes\/82112$/)
    assert.match(await ligne(page, 'script'), /data-commune="82112"><\/script>$/)
    await page.getByText('Aperçu : Moissac. Les lignes à copier sont prêtes.').waitFor({ state: 'attached' })

    await page.selectOption('#theme', 'sombre')
    await page.locator('.integrer-cadre iframe[src*="theme=sombre"]').waitFor()
    assert.match(await ligne(page, 'script'), /data-theme="sombre"/)
    assert.match(page.url(), /commune=Moissac&theme=sombre/, 'the address holds the choices')
    assert.ok(await page.evaluate(() => globalThis.intacte), 'the page was loaded again')

    const bouton = page.getByRole('button', { name: 'Copier le cadre' })
    await bouton.click()
    await page.locator('.copie [role="status"]', { hasText: 'Copié' }).first().waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await ligne(page, 'iframe'))
    await page.getByRole('button', { name: 'Copier le lien' }).click()
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).endsWith('/communes/82112'))

    await page.locator('label[for="largeur-telephone"]').click()
    assert.ok((await page.locator('.integrer-cadre').boundingBox()).width <= 362, 'the preview is as wide as a phone')
    await page.locator('#largeur-telephone').press('ArrowRight')
    assert.ok(await page.locator('#largeur-ordinateur').isChecked(), 'the keyboard changes the width')

    assert.ok((await debord(page)) <= 0, 'sideways scroll')
    assert.deepEqual(await petites(page), [], 'small targets')
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(await p.close(), [])
  })
}

test('a fault is said beside its field and aloud, and goes when it is mended', async () => {
  const p = await openPage(navigateur, service.adresse, large)
  const { page } = p
  await page.goto('/integrer?commune=Moissac')
  await page.locator('#accent').fill('#ffcc00')
  await page.locator('#accent').press('Tab')
  await page.locator('#faute-accent').waitFor()
  assert.match(await page.locator('#faute-accent').textContent(), /se lit bien est #[0-9a-f]{6}/)
  assert.equal(await page.locator('#accent').getAttribute('aria-describedby'), 'faute-accent')
  assert.match(await page.locator('[data-integrer-etat]').textContent(), /trop pâle/)
  assert.equal(await page.locator('#ligne-iframe').count(), 0, 'a form at fault gives no line')
  assert.deepEqual(await violations(page), [])
  await page.locator('#accent').fill(/#[0-9a-f]{6}/.exec(await page.locator('#faute-accent').textContent())[0])
  await page.locator('#accent').press('Enter')
  await page.locator('#ligne-iframe').waitFor()
  assert.equal(await page.locator('.faute').count(), 0)
  assert.equal(await page.locator('#accent').getAttribute('aria-invalid'), null)

  const nuancier = page.getByLabel('Choisir la couleur')
  assert.equal(await nuancier.inputValue(), await page.locator('#accent').inputValue(), 'the palette follows the code')
  await nuancier.fill('#03276b')
  await page.locator('.integrer-cadre iframe[src*="accent=03276b"]').waitFor()
  assert.equal(await page.locator('#accent').inputValue(), '#03276b')

  await page.locator('#hauteur').fill('700')
  await page.locator('.integrer-cadre iframe[height="700"]').waitFor()
  assert.equal(await hautCadre(page), 700, 'the preview has the height that was chosen')
  assert.equal(await page.locator('.integrer-lignes .avis').count(), 0)
  await page.locator('summary', { hasText: 'N’en garder que certains' }).click()
  await page.getByLabel('France Services').check()
  await page.locator('.integrer-cadre iframe[src*="famille=france_services"]').waitFor()
  assert.match(await page.locator('.integrer-lignes .avis').textContent(), /montre tous les lieux/, 'the link does not filter, and says so')

  await page.selectOption('#epci', { index: 1 })
  await page.locator('.integrer-cadre iframe[src*="epci="]').waitFor()
  assert.equal(await page.locator('#commune').inputValue(), '', 'an intercommunality takes the place of the commune')
  assert.deepEqual((await p.close()).filter((f) => !f.includes('status of 400')), [])
})

for (const [nom, vue] of [['phone', telephone], ['wide', large]]) {
  test(`${nom}, without JavaScript: the form, its faults, the lines`, async () => {
    const p = await openPage(navigateur, service.adresse, { ...vue, javaScriptEnabled: false })
    const { page } = p
    await page.goto('/integrer')
    await page.locator('#commune').fill('Montoban')
    await page.getByRole('button', { name: 'Montrer' }).click()
    assert.match(await page.locator('#faute-commune').textContent(), /Montoban/)
    await page.locator('[data-partie="choix"] a', { hasText: 'Montauban' }).click()
    assert.equal(await page.locator('#commune').inputValue(), 'Montauban')
    await page.locator('#hauteur').fill('500')
    await page.locator('#liste-seule').check()
    await page.getByRole('button', { name: 'Montrer' }).click()
    assert.match(await ligne(page, 'iframe'), /commune=82121&amp;liste-seule=oui" .* height="500"/)
    assert.match(await ligne(page, 'script'), /data-hauteur="500" data-liste-seule="oui"/)
    await cadre(page).getByRole('heading', { name: /Montauban/ }).first().waitFor()
    assert.equal(await hautCadre(page), 500, 'the preview has the height that was chosen')
    assert.equal(await page.getByRole('button', { name: /^Copier/ }).count(), 0, 'a button that cannot work')
    assert.ok(!(await page.locator('[data-nuancier]').isVisible()), 'a palette that cannot work')
    await page.locator('label[for="largeur-telephone"]').click()
    assert.ok((await page.locator('.integrer-cadre').boundingBox()).width <= 362)
    const [image] = await Promise.all([page.waitForEvent('download'), page.getByText('Télécharger l’image (PNG)').click()])
    assert.equal(image.suggestedFilename(), 'aide-numerique-82121.png')
    assert.ok((await debord(page)) <= 0, 'sideways scroll')
    assert.deepEqual(await petites(page), [], 'small targets')
    assert.deepEqual((await p.close()).filter((f) => !f.includes('status of 400')), [])
  })
}

test('pasted into the page of a commune, the frame and the script show the same', async () => {
  const choix = new URLSearchParams([
    ['commune', 'Moissac'], ['famille', 'france_services'], ['famille', 'mediation'], ['services', 'Aide aux démarches administratives'],
    ['services', 'Utilisation sécurisée du numérique'], ['accent', '#0b4f8a'], ['theme', 'clair'], ['hauteur', '640'], ['liste-seule', 'oui'],
  ])
  const generateur = await openPage(navigateur, service.adresse, large)
  await generateur.page.goto(`/integrer?${choix}`)
  const lignes = [await ligne(generateur.page, 'iframe'), await ligne(generateur.page, 'script')].map((l) => l.replaceAll(service.url, service.adresse))
  assert.deepEqual(await generateur.close(), [])

  const [chez, hote] = [await openNavigateurHotes(), await openHote({ '/': pageSimple(lignes.join('\n')) })]
  const p = await openChez(chez, hote.origine, [service.adresse], '/', large)
  await (await p.cadre(1)).getByRole('heading', { name: /Moissac/ }).first().waitFor()
  const cadres = await p.page.locator('iframe').evaluateAll((tous) => tous.map((f) => ({ src: f.src, hauteur: f.getBoundingClientRect().height })))
  const lus = cadres.map(({ src }) => [src.split('?')[0], ...[...new URL(src).searchParams].map(([nom, v]) => `${nom}=${v}`).sort()])
  assert.equal(cadres.length, 2)
  assert.deepEqual(lus[0], lus[1], 'two lines of the same choices')
  assert.equal(lus[0].length, 9, 'every choice is in the address')
  assert.deepEqual(cadres.map(({ hauteur }) => hauteur), [640, 640])
  const fautes = await p.close()
  hote.close()
  await chez.close()
  assert.deepEqual(fautes, [])
})

test('on paper: the lines and the code, without the form', async () => {
  const { page, close } = await openPage(navigateur, service.adresse, large)
  await page.goto('/integrer?commune=Moissac')
  await page.emulateMedia({ media: 'print' })
  assert.ok(!(await page.locator('.integrer-choix').isVisible()) && !(await page.locator('.integrer-apercu').isVisible()))
  assert.ok((await page.locator('.integrer-qr img').isVisible()) && (await page.locator('#ligne-iframe').isVisible()))
  await close()
})
