// The widget in pages of other sites: another origin, by a name that browsers do
// not trust. openPage notes every request to a third party, every error of the
// console and every cookie.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { alaHauteur, openChez, openHote, openNavigateurHotes, pageSimple } from './hotes.mjs'
import { openService, petites, violations } from './socle.mjs'

const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
let service, navigateur, hote, tuiles
let demandees = 0
before(async () => {
  tuiles = createServer((_, reponse) => {
    demandees++
    reponse.writeHead(200, { 'content-type': 'image/png' }).end(pixel)
  }).listen(0, '127.0.0.1')
  await new Promise((suite) => tuiles.once('listening', suite))
  service = await openService('--tuiles', `http://127.0.0.1:${tuiles.address().port}/{z}/{x}/{y}.png`)
  navigateur = await openNavigateurHotes()
  hote = await openHote({})
})
after(async () => {
  await navigateur?.close()
  hote?.close()
  await service?.close()
  tuiles?.closeAllConnections()
  tuiles?.close()
})

const ligne = (attributs = '', adresse = service.adresse) => `<script async src="${adresse}/widget.v1.js" ${attributs}></script>`
const tiersDe = () => [service.adresse]
const ouvre = (page, options) => {
  hote.pages['/page'] = page
  return openChez(navigateur, options?.origine ?? hote.origine, options?.tiers ?? tiersDe(), '/page', options)
}

/** What a page has stored; browsers may refuse to store anything in a frame. */
const garde = () => {
  const noms = document.cookie ? [document.cookie] : []
  for (const ou of ['localStorage', 'sessionStorage']) {
    try {
      noms.push(...Object.keys(globalThis[ou]))
    } catch (refus) {
      if (refus.name !== 'SecurityError') throw refus
    }
  }
  return noms
}

for (const largeur of [320, 768, 1200]) {
  test(`the line makes a frame as high as its content, at ${largeur} px, and the page still reads well`, async () => {
    demandees = 0
    const p = await ouvre(pageSimple(ligne('data-commune="82112"')), { viewport: { width: largeur, height: 800 } })
    const f = await p.cadre()
    const premiere = p.demandes.find((r) => r.url().includes('/embarque/?'))
    assert.equal((await premiere.allHeaders()).referer, undefined, 'the service learns what page is read')
    await alaHauteur(p.page, f)
    assert.match(await f.locator('h1').innerText(), /près de Moissac/)
    assert.ok((await f.locator('.lieu').count()) >= 5)
    const balise = await p.page.locator('iframe').evaluate((e) => ({
      title: e.title, loading: e.loading, allow: e.allow, referrer: e.referrerPolicy, large: e.clientWidth, parent: e.parentElement.clientWidth, avant: e.previousElementSibling.tagName,
    }))
    assert.deepEqual(balise, { title: 'Aide numérique près de vous', loading: 'lazy', allow: 'geolocation', referrer: 'no-referrer', large: balise.parent, parent: balise.parent, avant: 'SCRIPT' })
    assert.equal(await p.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'the page scrolls sideways')
    assert.deepEqual(await violations(p.page), [])
    assert.deepEqual(await violations(f), [])
    assert.deepEqual(await petites(f), [])
    await p.page.waitForTimeout(2500) // what a wide page does by itself, the map on ours
    assert.equal(demandees, 0)
    assert.equal(await f.locator('.carte-ouverte').count(), 0)
    for (const ou of [p.page, f]) assert.deepEqual(await ou.evaluate(garde), [], 'something is stored')
    const avant = await p.page.evaluate(() => Object.keys(globalThis).filter((k) => /adeux|widget|chercher|cadre/i.test(k)))
    assert.deepEqual(avant, [], 'a global was left')
    assert.deepEqual(await p.close(), [])
  })
}

test('the height kept for it until it comes is near the one that it takes', async () => {
  for (const [attributs, largeurs] of [['data-commune="82112"', [320, 768, 1200]], ['', [320, 768, 1200]]]) {
    for (const width of largeurs) {
      const p = await ouvre('', { viewport: { width, height: 800 } })
      hote.pages['/page'] = pageSimple(ligne(attributs))
      let laisser
      const attente = new Promise((suite) => (laisser = suite))
      await p.page.route('**/embarque/*', async (route) => (await attente, route.continue()))
      await p.page.goto(`${hote.origine}/page`, { waitUntil: 'commit' })
      const haut = () => p.page.locator('iframe').evaluate((e) => e.offsetHeight)
      const avant = await haut()
      laisser()
      await alaHauteur(p.page, await p.cadre())
      const apres = await haut()
      assert.ok(Math.abs(avant - apres) < 0.3 * apres, `${attributs} at ${width} px: ${avant}, then ${apres}`)
      await p.close()
    }
  }
})

test('the map and its tiles come when they are asked for, and only then', async () => {
  demandees = 0
  const tiers = [service.adresse, `http://127.0.0.1:${tuiles.address().port}`]
  const p = await ouvre(pageSimple(ligne('data-commune="82112"')), { viewport: { width: 1200, height: 800 }, tiers })
  const f = await p.cadre()
  await f.getByRole('button', { name: 'Voir la carte' }).click()
  await f.locator('.carte-ouverte[data-fond-de-carte="tuiles"]').waitFor()
  assert.ok(demandees > 0)
  assert.ok((await f.locator('.epingle').count()) > 0)
  await alaHauteur(p.page, f)
  assert.deepEqual(await f.locator('.leaflet-control-attribution a:not([target="_blank"])').count(), 0, 'a link of the map would open in the frame')
  assert.deepEqual(await violations(f), [])
  assert.deepEqual(await p.close(), [])
})

test('search a commune, open a place, come back: inside, by keyboard, the frame following', async () => {
  const p = await ouvre(pageSimple(`${'<p>Un paragraphe.</p>'.repeat(30)}${ligne('data-commune="82112" data-theme="clair"')}`), { viewport: { width: 768, height: 600 } })
  let f = await p.cadre()
  await alaHauteur(p.page, f)
  await f.locator('#q').focus()
  await p.page.keyboard.type('casteln')
  await f.locator('[role="option"]').first().waitFor()
  await alaHauteur(p.page, f) // suggestions are not cut
  await p.page.keyboard.press('Escape')
  await f.locator('#q').fill('Castelsarrasin')
  await p.page.keyboard.press('Enter')
  await f.getByRole('heading', { level: 1, name: /Castelsarrasin/ }).waitFor()
  assert.deepEqual(Object.fromEntries(new URL(f.url()).searchParams), { commune: '82112', theme: 'clair', q: 'Castelsarrasin' })
  await alaHauteur(p.page, f)
  await p.page.waitForFunction(() => Math.abs(document.querySelector('iframe').getBoundingClientRect().top) < 2)
  assert.equal(await p.page.evaluate(() => document.activeElement.tagName), 'IFRAME', 'the focus left the frame')
  await p.page.keyboard.press('Tab')
  assert.match(await f.evaluate(() => document.activeElement.textContent), /Les lieux près de Moissac/)
  await f.locator('.lieu h3 a').first().click()
  await f.locator('article.fiche').waitFor()
  assert.match(f.url(), /\/embarque\/lieux\/[^?]+\?commune=82112&q=Castelsarrasin&theme=clair/)
  await alaHauteur(p.page, f)
  assert.deepEqual(await violations(f), [])
  assert.deepEqual(await petites(f), [])
  const sorties = await f.$$eval('a[href]', (liens) => liens.filter((a) => !/^(tel|sms):/.test(a.href) && !a.pathname.startsWith('/embarque/') && !(a.target === '_blank' && a.relList.contains('noopener'))).map((a) => a.href))
  assert.deepEqual(sorties, [], 'would replace the frame')
  const [onglet] = await Promise.all([p.page.context().waitForEvent('page'), f.getByRole('link', { name: /voir toute la carte/ }).click()])
  await onglet.waitForLoadState()
  assert.equal(onglet.url(), `${service.adresse}/communes/82112`)
  assert.equal(await onglet.evaluate(() => globalThis.opener), null)
  await onglet.close()
  await f.getByRole('link', { name: 'Retour à la liste' }).click()
  await f.getByRole('heading', { level: 1, name: /Castelsarrasin/ }).waitFor()
  await p.page.evaluate(() => history.back()) // the browser’s own arrow
  await f.locator('article.fiche').waitFor()
  await alaHauteur(p.page, f)
  assert.deepEqual(await p.close(), [])
})

test('filters, without leaving the frame', async () => {
  const p = await ouvre(pageSimple(ligne('data-commune="82112"')), { viewport: { width: 768, height: 800 } })
  const f = await p.cadre()
  await f.locator('.filtres > summary').click()
  await alaHauteur(p.page, f)
  await f.locator('select[name="quand"]').selectOption('samedi')
  await f.getByRole('button', { name: 'Montrer les lieux' }).click()
  await f.waitForURL(/commune=82112.*quand=samedi/)
  await f.getByRole('link', { name: /Retirer Samedi/i }).click()
  await f.waitForURL((u) => !u.search.includes('quand'))
  assert.match(f.url(), /embarque\/\?commune=82112/)
  assert.deepEqual(await p.close(), [])
})

test('with a policy that allows nothing else', async () => {
  const politique = `default-src 'none'; script-src ${service.adresse}; frame-src ${service.adresse}; style-src 'self'`
  const p = await ouvre({ corps: pageSimple(ligne('data-commune="82112"')), entetes: { 'content-security-policy': politique } })
  await alaHauteur(p.page, await p.cadre())
  assert.equal(await p.page.locator('iframe').evaluate((e) => getComputedStyle(e).borderTopWidth), '0px')
  assert.deepEqual(await p.close(), [])
})

test('against the styles of a theme', async () => {
  const style = '<style>iframe { height: 150px !important; width: 50% !important; max-height: 300px; border: 9px solid red !important; aspect-ratio: 16 / 9; }</style>'
  const p = await ouvre(pageSimple(ligne('data-commune="82112"'), style))
  const f = await p.cadre()
  await alaHauteur(p.page, f)
  assert.ok((await p.page.locator('iframe').boundingBox()).width > 300)
  assert.deepEqual(await p.close(), [])
})

test('several on a page, each with its own line; the same script twice', async () => {
  const p = await ouvre(pageSimple(`${ligne('data-commune="82112"')}<hr>${ligne('data-commune="82121" data-titre="Aide à Montauban"')}<hr>${ligne('data-epci="200066322" data-famille="france_services, mediation" data-liste-seule')}`))
  for (const n of [0, 1, 2]) await alaHauteur(p.page, await p.cadre(n))
  const lues = () => p.page.locator('iframe').evaluateAll((l) => l.map((e) => [e.title, new URL(e.src).search]))
  const want = [
    ['Aide numérique près de vous', '?commune=82112'],
    ['Aide à Montauban', '?commune=82121'],
    ['Aide numérique près de vous (2)', '?epci=200066322&famille=france_services&famille=mediation&liste-seule=oui'],
  ]
  assert.deepEqual((await lues()).sort(), want.sort())
  assert.equal(await (await p.cadre(2)).getByText('Voir la carte').count(), 0)
  assert.deepEqual(await violations(p.page), [])
  // A plugin, or a page that changes without loading, runs it again.
  for (const ou of ['head', 'body', 'main'])
    await p.page.evaluate(
      ([src, ou]) => new Promise((suite) => document.querySelector(ou).append(Object.assign(document.createElement('script'), { src, onload: suite }))),
      [`${service.adresse}/widget.v1.js`, ou],
    )
  const apres = (await lues()).filter(([, recherche]) => recherche)
  assert.deepEqual(apres.sort(), want.sort())
  assert.deepEqual(await p.close(), [])
})

/** Scrolls in the frame as a hand does, to its end. */
async function roule(page, f) {
  const { x, y } = await page.locator('iframe').boundingBox()
  await page.mouse.move(x + 20, y + 100)
  for (let i = 0; i < 20; i++) await page.mouse.wheel(0, 2000)
  await f.waitForFunction(() => scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2)
}

test('a fixed height scrolls inside; nothing changes it', async () => {
  const p = await ouvre(pageSimple(ligne('data-commune="82112" data-hauteur="500"')))
  const f = await p.cadre()
  await p.page.waitForTimeout(800)
  assert.equal((await p.page.locator('iframe').boundingBox()).height, 500)
  assert.ok(await f.evaluate(() => document.documentElement.scrollHeight > innerHeight))
  await roule(p.page, f)
  assert.ok(await f.getByRole('link', { name: /voir toute la carte/ }).isVisible())
  assert.ok(await f.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
  assert.deepEqual(await p.close(), [])
})

test('an iframe alone, on a site that takes no script', async () => {
  const cadre = `<iframe src="${service.adresse}/embarque/?commune=82112" title="Aide numérique" loading="lazy" allow="geolocation" width="100%" height="700"></iframe>`
  for (const javaScriptEnabled of [true, false]) {
    const p = await ouvre({ corps: pageSimple(cadre), entetes: { 'content-security-policy': `script-src 'none'; frame-src ${service.adresse}` } }, { javaScriptEnabled })
    const f = await p.cadre()
    await f.locator('.lieu h3 a').first().click()
    await f.locator('article.fiche').waitFor()
    await f.getByRole('link', { name: 'Retour à la liste' }).click()
    await f.locator('#q').fill('Montauban')
    // Suggestions may lie over the button by then: Enter sends what was typed.
    if (javaScriptEnabled) await f.locator('#q').press('Enter')
    else await f.getByRole('button', { name: 'Trouver' }).click()
    await f.getByRole('heading', { level: 1, name: /Montauban/ }).waitFor()
    await f.getByRole('link', { name: 'Lieux suivants' }).click()
    await f.getByRole('link', { name: 'Lieux précédents' }).waitFor()
    assert.match(f.url(), /commune=82112/)
    assert.ok(await f.evaluate(() => document.documentElement.scrollHeight > innerHeight && document.documentElement.scrollWidth <= innerWidth))
    await roule(p.page, f)
    assert.deepEqual(await p.close(), [])
  }
})

test('without https on the host’s page it asks where; with it, the position can be given', async () => {
  const page = pageSimple(ligne())
  const p = await ouvre(page)
  let f = await p.cadre()
  assert.equal(await f.evaluate(() => isSecureContext), false)
  assert.equal(await f.getByRole('button', { name: 'Autour de moi' }).count(), 0)
  await f.getByText('Écrivez où vous êtes').waitFor()
  await f.locator('#q').fill('Moissac')
  await f.locator('#q').press('Enter')
  await f.getByRole('heading', { level: 1, name: /Moissac/ }).waitFor()
  assert.deepEqual(await p.close(), [])
  const s = await ouvre(page, { origine: hote.sur, permissions: ['geolocation'], geolocation: { latitude: 44.10512, longitude: 1.08567 } })
  f = await s.cadre()
  assert.equal(await f.evaluate(() => isSecureContext), true)
  assert.equal(await f.getByText('Écrivez où vous êtes').count(), 0)
  await f.getByRole('button', { name: 'Autour de moi' }).click()
  await f.getByRole('heading', { level: 1, name: /près de vous/ }).waitFor()
  assert.match(f.url(), /embarque\/\?lat=44\.105&lon=1\.086$/)
  assert.deepEqual(await s.close(), [])
})

test('a height that somebody else tells changes nothing', async () => {
  const forge = `<script>for (const h of [7, '7', -1, NaN, 1e9]) parent.postMessage({ type: 'adeuxpas:hauteur', version: 1, hauteur: h }, '*')</script>`
  hote.pages['/faux'] = `<!doctype html><title>x</title>${forge}`
  const p = await ouvre(pageSimple(`${ligne('data-commune="82112"')}<iframe id="faux" title="autre" src="/faux"></iframe><iframe id="faux2" title="encore" srcdoc="${forge.replaceAll('"', '&quot;')}"></iframe>`))
  const f = await p.cadre()
  await alaHauteur(p.page, f)
  const haut = () => p.page.locator('iframe').first().evaluate((e) => e.offsetHeight)
  const avant = await haut()
  assert.ok(avant > 1000)
  const dire = (message) => p.page.evaluate((m) => postMessage(m, '*'), message)
  await dire({ type: 'adeuxpas:hauteur', version: 1, hauteur: 7 })
  for (const nom of ['#faux', '#faux2']) await p.page.locator(nom).evaluate((e) => new Promise((suite) => ((e.onload = suite), e.src ? (e.src += '?2') : (e.srcdoc += ' '))))
  // The right window, but no message of v1.
  for (const m of [null, 'x', 7, { type: 'autre', version: 1, hauteur: 7 }, { type: 'adeuxpas:hauteur', version: 2, hauteur: 7 }, { type: 'adeuxpas:hauteur', version: 1, hauteur: -7 }, { type: 'adeuxpas:hauteur', version: 1, hauteur: 'x' }, { type: 'adeuxpas:hauteur', version: 1, hauteur: 1e9 }])
    await f.evaluate((message) => parent.postMessage(message, '*'), m)
  await p.page.waitForTimeout(400)
  assert.equal(await haut(), avant)
  // The frame's window, once it is on another origin, is not believed either.
  await p.page.locator('iframe').first().evaluate((e) => (e.contentWindow.location = '/faux'))
  await p.page.waitForTimeout(800)
  assert.equal(await haut(), avant)
  await f.evaluate(() => 0)
  assert.deepEqual(await p.close(), [])
})

test('attributes that make no sense break nothing, and are said to the editor', async () => {
  const p = await ouvre(pageSimple(`${ligne(`data-commune="&lt;img src=x&gt;" data-hauteur="grand" data-services="%|" data-famille=" , " data-accent="#zz" data-theme="&quot;" data-titre="  "`)}<p id="fin">fin</p>`))
  const f = await p.cadre()
  await alaHauteur(p.page, f)
  assert.equal(await p.page.locator('iframe').getAttribute('title'), 'Aide numérique près de vous')
  assert.equal(await f.locator('.encart-fautes .avis').count(), 4)
  assert.ok(await f.locator('#q').isVisible())
  assert.ok(await p.page.locator('#fin').isVisible())
  assert.deepEqual(await violations(f), [])
  assert.deepEqual(await p.close(), [])
})

test('light, dark, and a colour that would be too pale', async () => {
  const fond = (f) => f.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  for (const [attributs, colorScheme, sombre] of [
    ['', 'light', false], ['', 'dark', true], ['data-theme="clair"', 'dark', false], ['data-theme="sombre"', 'light', true],
    ['data-accent="#ffee00"', 'light', false], ['data-accent="ffee00"', 'dark', true], ['data-accent="001a00" data-theme="sombre"', 'light', true], ['data-accent="001a00" data-theme="clair"', 'dark', false],
  ]) {
    const p = await ouvre(pageSimple(ligne(`data-commune="82112" ${attributs}`)), { colorScheme })
    const f = await p.cadre()
    await alaHauteur(p.page, f)
    assert.equal(await fond(f), sombre ? 'rgb(23, 28, 34)' : 'rgb(255, 253, 249)', `${attributs} ${colorScheme}`)
    assert.deepEqual(await violations(f), [], `${attributs} ${colorScheme}`)
    if (attributs.includes('accent')) {
      const couleur = await f.locator('.lieu .bouton').first().evaluate((e) => getComputedStyle(e).backgroundColor)
      const sans = sombre ? 'rgb(240, 163, 146)' : 'rgb(155, 53, 36)'
      assert.notEqual(couleur, sans, 'the host’s colour is not used')
    }
    await f.locator('.lieu h3 a').first().click()
    await f.locator('article.fiche').waitFor()
    assert.equal(await fond(f), sombre ? 'rgb(23, 28, 34)' : 'rgb(255, 253, 249)', 'lost on the way')
    assert.deepEqual(await p.close(), [])
  }
})

test('only the sites of the list, when there is one', async () => {
  const [a, b] = await Promise.all([
    openService('--tuiles', '', '--integration', 'https://autre.exemple'),
    openService('--tuiles', '', '--integration', `https://autre.exemple,${hote.origine}`),
  ])
  try {
    const refuse = await ouvre(pageSimple(ligne('data-commune="82112"', a.adresse)), { tiers: [a.adresse] })
    await refuse.page.locator('iframe').scrollIntoViewIfNeeded()
    await refuse.page.waitForTimeout(1500)
    assert.equal(await refuse.page.frames()[1].locator('main').count().catch(() => 0), 0, 'framed')
    assert.ok((await refuse.close()).some((x) => /frame-ancestors/.test(x)), 'not refused by the policy')
    const permise = await ouvre(pageSimple(ligne('data-commune="82112"', b.adresse)), { tiers: [b.adresse] })
    await alaHauteur(permise.page, await permise.cadre())
    assert.deepEqual(await permise.close(), [])
  } finally {
    await a.close()
    await b.close()
  }
})

test('a service that lives under a path', async () => {
  const s = await openService('--tuiles', '', '--url-publique', 'http://exemple.fr/aide')
  try {
    const p = await ouvre(pageSimple(ligne('data-commune="82112"', `${s.adresse}/aide`)), { tiers: [`${s.adresse}/aide/`] })
    const f = await p.cadre()
    await alaHauteur(p.page, f)
    await f.locator('.lieu h3 a').first().click()
    await f.locator('article.fiche').waitFor()
    assert.match(f.url(), /\/aide\/embarque\/lieux\//)
    await alaHauteur(p.page, f)
    assert.deepEqual(await p.close(), [])
  } finally {
    await s.close()
  }
})
