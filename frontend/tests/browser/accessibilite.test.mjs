// Every kind of page, at three widths: nothing for axe to say, no sideways
// scroll, targets large enough, nobody else asked, nothing kept.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openNavigateur, openPage, openService, violations } from './socle.mjs'

let service, navigateur, lieux
before(async () => {
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
  const { resultats } = await (await fetch(`${service.adresse}/api/v1/lieux?limite=1000`)).json()
  const id = (nom) => resultats.find((l) => l.nom === nom)?.id ?? assert.fail(`no place named ${nom}`)
  lieux = {
    bureau: id('France services de Moissac'),
    bus: id('France services itinérante Moissac-Confluences'),
    ancien: id('Mairie de Boudou'),
    rdv: id('France services La Poste de La Ville-Dieu-du-Temple'),
  }
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

const pages = () => [
  '/', '/?pour=impots', '/?pour=tout', '/?q=Moissac', '/?q=Montauban&famille=france_services&prise_en_charge_specifique=Surdit%C3%A9',
  '/?lat=44.1&lon=1.08', '/?q=Valence+(26)', '/?q=Saint-Paul', '/?q=Montoban', '/?q=xyzzyx', '/?q=mission+locale', '/?q=82200',
  `/lieux/${lieux.bureau}`, `/lieux/${lieux.bus}`, `/lieux/${lieux.ancien}`, `/lieux/${lieux.rdv}`,
  `/feuille?lieu=${lieux.bureau}&lieu=${lieux.bus}&pour=impots`, '/lieux', '/communes', '/communes/82112', '/communes/82003',
  '/communes/82121/affiche', '/epci/200066322', '/epci/200066322/affiche',
  `/lieux/${lieux.bureau}/travaille-ici`, `/lieux/${lieux.bureau}/travaille-ici?envoye=0`, `/lieux/${lieux.ancien}/travaille-ici`,
  '/proposer', '/proposer?fait=suivi', '/connexion',
  '/a-propos', '/accessibilite', '/mentions-legales', '/donnees', '/nulle-part', '/?lat=95&lon=1',
]

const vues = [
  { nom: '320 px', viewport: { width: 320, height: 640 } },
  { nom: '768 px, dark', viewport: { width: 768, height: 1024 }, colorScheme: 'dark' },
  { nom: '1280 px', viewport: { width: 1280, height: 900 } },
  { nom: '320 px, without JavaScript', viewport: { width: 320, height: 640 }, javaScriptEnabled: false },
]

/** Targets under 44 pixels: all that looks like a button, and fields (links inside sentences are exempt). */
const petites = (page) =>
  page.$$eval('button, summary, input, select, .bouton, .puce, nav a, .retour a, .choix a, .demarches a, .lieu h3 a, .cocher, .case', (tous) =>
    tous
      .map((e) => ({ e: e.matches('input[type=checkbox]') ? e.closest('label') : e }))
      .filter(({ e }) => e.checkVisibility() && e.getBoundingClientRect().height > 0)
      .map(({ e }) => ({ nom: `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`, h: e.getBoundingClientRect().height, w: e.getBoundingClientRect().width }))
      .filter(({ h, w }) => h < 43.5 || w < 43.5)
      .map(({ nom, h, w }) => `${nom}: ${Math.round(w)} × ${Math.round(h)}`),
  )

for (const { nom, ...vue } of vues) {
  test(nom, async (t) => {
    for (const chemin of pages()) {
      await t.test(chemin, async () => {
        const p = await openPage(navigateur, service.adresse, vue)
        const attendu = /nulle-part|lat=95/.test(chemin)
        await p.page.goto(chemin, { waitUntil: 'load' })
        const large = vue.viewport.width >= 1000 && (await p.page.locator('#carte').count()) > 0
        if (large) await p.page.locator('.carte-ouverte[data-fond-de-carte]').waitFor()
        assert.equal(await p.page.locator('h1').count(), 1, 'one first heading')
        const debord = await p.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        assert.ok(debord <= 0, `${debord} px wider than the screen`)
        assert.deepEqual(await petites(p.page), [], 'small targets')
        if (vue.javaScriptEnabled !== false) assert.deepEqual(await violations(p.page), [])
        if (vue.javaScriptEnabled !== false) assert.equal(await p.page.evaluate(() => localStorage.length + sessionStorage.length), 0, 'something is kept')
        const fautes = (await p.close()).filter((f) => !(attendu && f.includes('status of 40')))
        assert.deepEqual(fautes, [])
      })
    }
  })
}

test('axe sees what it must: a picture without a name is found', async () => {
  const p = await openPage(navigateur, service.adresse)
  await p.page.goto('/')
  await p.page.evaluate(() => document.querySelector('main').append(document.createElement('button')))
  assert.match((await violations(p.page)).join('\n'), /button-name/)
  await p.close()
})
