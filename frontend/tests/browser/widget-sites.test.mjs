// The widget in pages of the shape that town halls have: a block theme of
// WordPress, the CMS of a small commune, a page that changes without loading; and
// with what optimising plugins do to a script.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { alaHauteur, openChez, openHote, openNavigateurHotes, pageSimple } from './hotes.mjs'
import { openService, violations } from './socle.mjs'

let service, navigateur, hote, source
before(async () => {
  service = await openService('--tuiles', '')
  source = `${service.adresse}/widget.v1.js`
  navigateur = await openNavigateurHotes()
  hote = await openHote({})
})
after(async () => {
  await navigateur?.close()
  hote?.close()
  await service?.close()
})

const ouvre = (page, options) => {
  hote.pages['/page'] = page
  return openChez(navigateur, hote.origine, [service.adresse], '/page', options)
}

/** The frames of a page: what they show, and in what they stand. */
const lire = (page) => page.locator('iframe').evaluateAll((l) => l.map((e) => [new URL(e.src).search, e.parentElement.id || e.parentElement.className]))

/** A page of WordPress: a block theme, a "Custom HTML" block in the content, and what a plugin adds at the end. */
const blocs = (html, greffon = '', tete = '') => `<!DOCTYPE html><html lang="fr-FR"><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Démarches – Mairie</title>
<style>body{margin:0;font-family:serif}.is-layout-constrained>:where(:not(.alignfull)){max-width:645px;margin-left:auto!important;margin-right:auto!important}iframe,img{max-width:100%;height:auto}.has-global-padding{padding:0 30px}</style>${tete}</head>
<body class="wp-singular page-template-default page wp-embed-responsive wp-theme-blocs"><div class="wp-site-blocks"><header class="wp-block-template-part"><p class="wp-block-site-title"><a href="/">Ma commune</a></p></header>
<main class="wp-block-group is-layout-flow" id="wp--skip-link--target"><h1 class="wp-block-post-title">Aide numérique</h1><div class="entry-content wp-block-post-content has-global-padding is-layout-constrained" id="contenu-page">
<p>La mairie vous accueille.</p>
${html}
<p>Bonne visite.</p></div></main><footer class="wp-block-template-part"><p>Mairie</p></footer></div>${greffon}</body></html>`

const premierGeste = (corps) => `<script>addEventListener('keydown', () => { ${corps} }, { once: true })</script>`
const copier = (sauf, src) => `const n = document.createElement('script'); for (const a of v.attributes) if (!${JSON.stringify(sauf)}.includes(a.name)) n.setAttribute(a.name, a.value); n.src = v.getAttribute('${src}');`

test('in a block theme: as wide as the text, as high as its content', async () => {
  const p = await ouvre(blocs(`<script async src="${source}" data-commune="82112"></script>`), { viewport: { width: 1200, height: 800 } })
  await alaHauteur(p.page, await p.cadre())
  assert.deepEqual(await lire(p.page), [['?commune=82112', 'contenu-page']])
  const [cadre, texte] = await Promise.all([p.page.locator('iframe').boundingBox(), p.page.locator('#contenu-page p').first().boundingBox()])
  assert.deepEqual([Math.round(cadre.x), Math.round(cadre.width)], [Math.round(texte.x), Math.round(texte.width)])
  assert.deepEqual(await violations(p.page), [])
  assert.deepEqual(await p.close(), [])
})

const commune = 'data-commune="82112"'
for (const [nom, html, greffon, ou = 'contenu-page'] of [
  ['deferred, in a paragraph that the classic editor added', `<p id="para"><script defer src="${'%S'}" ${commune}></script></p>`, '', 'para'],
  ['delayed: another type and another attribute, replaced in place at the first gesture',
    `<script type="rocketlazyloadscript" async data-rocket-src="%S" ${commune}></script>`,
    premierGeste(`for (const v of document.querySelectorAll('[type=rocketlazyloadscript]')) { ${copier(['type', 'data-rocket-src'], 'data-rocket-src')} v.replaceWith(n) }`)],
  ['delayed: the address in another attribute, given back in place', `<script data-type="lazy" data-src="%S" ${commune}></script>`,
    premierGeste(`for (const v of document.querySelectorAll('[data-type=lazy]')) v.setAttribute('src', v.dataset.src)`)],
  ['delayed: the tag stays where it is, a copy without its attributes runs in the head', `<script type="delayed/javascript" data-src="%S" ${commune}></script>`,
    premierGeste(`const v = document.querySelector('[type="delayed/javascript"]'); const n = document.createElement('script'); n.src = v.dataset.src; document.head.append(n)`)],
  ['delayed: the tag stays where it is, a whole copy runs at the end', `<script type="text/plain" data-src="%S" ${commune}></script>`,
    premierGeste(`const v = document.querySelector('[type="text/plain"]'); ${copier(['type', 'data-src'], 'data-src')} document.body.append(n)`)],
  ['delayed: only its type is changed, a copy takes its place', `<script type="4f0c81-text/javascript" src="%S" ${commune}></script>`,
    premierGeste(`const v = document.querySelector('[type$="-text/javascript"]'); ${copier(['type'], 'src')} v.before(n); v.remove()`)],
  ['moved to the end of the page: a place keeps it', `<div id="ici" data-adeuxpas ${commune}></div>`, `<script defer src="%S"></script>`, 'ici'],
  ['copied to the server of the host: a place names the service', `<div id="ici" data-adeuxpas="%H" ${commune}></div>`, `<script src="/copie.js"></script>`, 'ici'],
]) {
  test(nom, async () => {
    const src = (texte) => texte.replaceAll('%S', source).replaceAll('%H', service.adresse)
    hote.pages['/copie.js'] = { corps: await (await fetch(source)).text(), entetes: { 'content-type': 'text/javascript' } }
    const p = await ouvre(blocs(src(html), src(greffon)))
    if (greffon.includes('keydown')) {
      assert.equal(await p.page.locator('iframe').count(), 0, 'not delayed: does the test still try it?')
      await p.page.keyboard.press('Tab')
    }
    await p.page.locator('iframe').waitFor({ state: 'attached' })
    await alaHauteur(p.page, await p.cadre())
    assert.deepEqual(await lire(p.page), [['?commune=82112', ou]])
    assert.deepEqual(await p.close(), [])
  })
}

test('a copy on the server of the host, and a place that does not name the service: no frame on the host itself', async () => {
  hote.pages['/copie.js'] = { corps: await (await fetch(source)).text(), entetes: { 'content-type': 'text/javascript' } }
  const p = await ouvre(blocs(`<div data-adeuxpas ${commune}></div>`, '<script src="/copie.js"></script>'))
  await p.page.waitForLoadState()
  assert.equal(await p.page.locator('iframe').count(), 0)
  assert.deepEqual(await p.close(), [])
})

test('two delayed tags, replaced one after the other, make two frames', async () => {
  const balise = (c) => `<script type="rocketlazyloadscript" data-rocket-src="${source}" data-commune="${c}"></script>`
  const greffon = premierGeste(`(async () => { for (const v of document.querySelectorAll('[type=rocketlazyloadscript]')) { ${copier(['type', 'data-rocket-src'], 'data-rocket-src')} await new Promise((s) => { n.onload = s; v.replaceWith(n) }) } document.body.dataset.fini = '' })()`)
  const p = await ouvre(blocs(`${balise('82112')}<p>et</p>${balise('82121')}`, greffon))
  await p.page.keyboard.press('Tab')
  await p.page.locator('[data-fini]').waitFor({ state: 'attached' })
  assert.deepEqual(await lire(p.page), [['?commune=82112', 'contenu-page'], ['?commune=82121', 'contenu-page']])
  assert.deepEqual(await p.close(), [])
})

test('in the head: at the end of what the page is about; a bare one there only serves the others', async () => {
  const p = await ouvre(blocs('', '', `<script async src="${source}" ${commune}></script>`))
  await alaHauteur(p.page, await p.cadre())
  assert.deepEqual(await lire(p.page), [['?commune=82112', 'wp--skip-link--target']])
  assert.deepEqual(await p.close(), [])
  const q = await ouvre(blocs(`<script async src="${source}" ${commune}></script>`, '', `<script async src="${source}"></script>`))
  await alaHauteur(q.page, await q.cadre())
  await q.page.waitForLoadState()
  assert.deepEqual(await lire(q.page), [['?commune=82112', 'contenu-page']])
  assert.deepEqual(await q.close(), [])
})

test('in the CMS of a small commune: tables in columns, a narrow one, attributes that its editor rewrote', async () => {
  const page = `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="fr"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>Mairie</title>
<style>* { box-sizing: content-box } body { font: 11px Verdana } table { border-collapse: collapse } td { vertical-align: top; padding: 4px } iframe { border: 2px inset }</style></head>
<body bgcolor="#eeeeee"><div id="global"><table width="960" align="center" role="presentation"><tr><td colspan="3"><h1>Commune</h1></td></tr><tr>
<td width="280" id="gauche"><div class="module"><h2>Aide numérique</h2><div class="texte" id="etroit"><p><script data-commune="82112" type="text/javascript" data-mce-src="${source}" async="async" data-liste-seule="data-liste-seule" src="${source}"></script></p></div></div></td>
<td><table role="presentation"><tr><td id="milieu"><p>Bienvenue.</p></td></tr></table></td></tr></table></div></body></html>`
  const p = await ouvre(page, { viewport: { width: 1024, height: 700 } })
  const f = await p.cadre()
  await alaHauteur(p.page, f)
  const large = (await p.page.locator('iframe').boundingBox()).width
  assert.ok(large >= 240 && large <= 281, `${large} px`)
  assert.deepEqual(await f.$$eval('.bouton, .puce, h1, h3, .etat', (l) => l.filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent.trim())), [])
  assert.equal(await f.locator('[data-carte]').count(), 0)
  assert.deepEqual(await violations(f), [])
  await f.locator('.lieu h3 a').first().click()
  await f.locator('article.fiche').waitFor()
  await alaHauteur(p.page, f)
  assert.deepEqual(await p.close(), [])
})

test('in a page that changes without loading', async () => {
  const p = await ouvre(pageSimple('<div id="app"></div>'))
  const montrer = (code) =>
    p.page.evaluate(
      ([src, code]) =>
        new Promise((suite) => {
          const script = Object.assign(document.createElement('script'), { src, async: true, onload: suite })
          script.dataset.commune = code
          document.querySelector('#app').replaceChildren(script)
        }),
      [source, code],
    )
  for (const code of ['82112', '82121', '82112']) {
    await montrer(code)
    assert.deepEqual(await lire(p.page), [[`?commune=${code}`, 'app']])
    await alaHauteur(p.page, await p.cadre())
  }
  assert.deepEqual(await p.close(), [])
})

// What v1 promises to the sites that hold its line (docs/widget.md, "Ce qui est
// promis"). Lines may be added here; none changes, none goes: what cannot keep
// them is /widget.v2.js, beside it.
test('the contract of v1: the address, the attributes, the message', async () => {
  const promesses = [
    ['', '/embarque/', {}],
    ['data-commune="82112"', '/embarque/?commune=82112', {}],
    ['data-epci="200066322"', '/embarque/?epci=200066322', {}],
    ['data-famille="france_services tiers_lieu"', '/embarque/?famille=france_services&famille=tiers_lieu', {}],
    ['data-famille="france_services,mediation"', '/embarque/?famille=france_services&famille=mediation', {}],
    ['data-services="Aide aux démarches administratives|Insertion professionnelle via le numérique"', '/embarque/?services=Aide%20aux%20d%C3%A9marches%20administratives&services=Insertion%20professionnelle%20via%20le%20num%C3%A9rique', {}],
    ['data-accent="0b5d43"', '/embarque/?accent=0b5d43', {}],
    ['data-accent="#0b5d43"', '/embarque/?accent=0b5d43', {}],
    ['data-theme="clair"', '/embarque/?theme=clair', {}],
    ['data-theme="sombre"', '/embarque/?theme=sombre', {}],
    ['data-liste-seule', '/embarque/?liste-seule=oui', {}],
    ['data-liste-seule="oui"', '/embarque/?liste-seule=oui', {}],
    ['data-liste-seule="non"', '/embarque/', {}],
    ['data-hauteur="600"', '/embarque/', { height: '600px' }],
    ['data-titre="Aide à Moissac"', '/embarque/', { title: 'Aide à Moissac' }],
  ]
  for (const [attributs, adresse, want] of promesses) {
    const p = await ouvre(pageSimple(`<script async src="${source}" ${attributs}></script>`))
    await p.page.locator('iframe').waitFor({ state: 'attached' })
    const { src, ...got } = await p.page.locator('iframe').evaluate((e) => ({ src: e.src, title: e.title, height: e.style.height }))
    assert.equal(src, service.adresse + adresse, attributs)
    for (const [cle, valeur] of Object.entries(want)) assert.equal(got[cle], valeur, attributs)
    assert.deepEqual(await p.close(), [], attributs)
  }
  const p = await ouvre(pageSimple(`<script>addEventListener('message', (e) => (window.recus = [...(window.recus || []), e.data]))</script><script async src="${source}" ${commune}></script>`))
  const f = await p.cadre()
  await alaHauteur(p.page, f)
  const recus = await p.page.evaluate(() => globalThis.recus)
  assert.deepEqual(recus.at(-1), { type: 'adeuxpas:hauteur', version: 1, hauteur: await p.page.locator('iframe').evaluate((e) => e.offsetHeight) })
  assert.ok((await (await fetch(source)).arrayBuffer()).byteLength < 3000, 'more than 3 kB')
  assert.deepEqual(await p.close(), [])
})
