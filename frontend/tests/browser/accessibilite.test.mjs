// Every kind of page, at three widths: nothing for axe to say, no sideways
// scroll, targets large enough, nobody else asked, nothing kept.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { executer, openNavigateur, openPage, openService, petites, violations } from './socle.mjs'

let service, navigateur, lieux, session, permanence
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
  executer(service, 'lieu', 'fermer', lieux.bureau, '--du', '2026-12-24', '--au', '2027-01-02', '--motif', 'congés')
  executer(service, 'lieu', 'permanence', lieux.bureau, '--intitule', 'Aide numérique', '--regle', 'Tu 10:00-12:00', '--depuis', '2026-12-01', '--tous-les', '2')
  session = await entrer()
})

/** What a browser keeps of somebody who may see every page; the permanence is theirs. */
async function entrer() {
  const inviter = (qui) => executer(service, 'compte', 'inviter', `${qui}@exemple.fr`, '--role', 'administrateur', '--nom', 'Alice Exemple', '--url-publique', service.url).trim()
  const { page } = await openPage(navigateur, service.url)
  await page.goto(inviter('alice'))
  await Promise.all([page.waitForURL('**/espace'), page.getByRole('button', { name: 'Accepter et entrer' }).click()])
  await page.goto(`/espace/lieux/${lieux.bureau}`)
  permanence = /permanences\/(\w+)$/.exec(await page.getByRole('link', { name: 'Modifier', exact: true }).first().getAttribute('href'))[1]
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'C’est moi qui la tiens' }).click()])
  await page.goto('/espace/comptes')
  const alice = /comptes\/(\w+)$/.exec(await page.getByRole('link', { name: 'Alice Exemple' }).first().getAttribute('href'))[1]
  const etat = await page.context().storageState()
  await page.context().close()
  return { storageState: etat, alice, invitation: new URL(inviter('bruno')).pathname }
}
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
  '/integrer', '/integrer?commune=Moissac&services=Loisirs%20et%20créations%20numériques', '/integrer?commune=Montoban&accent=ffcc00&hauteur=1&epci=1',
  '/a-propos', '/accessibilite', '/mentions-legales', '/donnees', '/nulle-part', '/?lat=95&lon=1',
]

/** The pages of those who keep places true, and those by which they come in. */
const privees = () => [
  '/espace', '/espace?q=Moissac', '/espace?q=xyzzyx', '/espace/semaine', '/espace/semaine?fait=absence', '/espace/file', '/espace/comptes', '/espace/comptes/inviter',
  `/espace/comptes/${session.alice}`, '/espace/compte', '/espace/compte/effacer', session.invitation, '/connexion/lien/fini',
  ...['', '/horaires', '/permanences/nouvelle', `/permanences/${permanence}`, '/fermeture', '/fin', '/position', '/histoire', '/equipe'].map((suite) => `/espace/lieux/${lieux.bureau}${suite}`),
  ...['contact', 'aide', 'venir', 'presentation', 'adresse', 'structure'].map((partie) => `/espace/lieux/${lieux.bureau}/partie/${partie}`),
  `/espace/lieux/${lieux.bus}`, `/espace/lieux/${lieux.bus}/permanences/nouvelle`, `/lieux/${lieux.ancien}/travaille-ici`, '/espace/lieux/inconnu',
]

const vues = [
  { nom: '320 px', viewport: { width: 320, height: 640 } },
  { nom: '768 px, dark', viewport: { width: 768, height: 1024 }, colorScheme: 'dark' },
  { nom: '1280 px', viewport: { width: 1280, height: 900 } },
  { nom: '320 px, without JavaScript', viewport: { width: 320, height: 640 }, javaScriptEnabled: false },
]

/** Finds nothing to say of the page of an address. */
async function juger(page, chemin, vue) {
  await page.goto(chemin, { waitUntil: 'load' })
  const large = vue.viewport.width >= 1000 && (await page.locator('#carte').count()) > 0
  if (large) await page.locator('.carte-ouverte[data-fond-de-carte]').waitFor()
  assert.equal(await page.locator('h1').count(), 1, 'one first heading')
  if (chemin.startsWith('/espace')) await page.evaluate(() => document.querySelectorAll('main details').forEach((d) => (d.open = true)))
  const debord = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(debord <= 0, `${debord} px wider than the screen`)
  assert.deepEqual(await petites(page), [], 'small targets')
  if (vue.javaScriptEnabled === false) return
  assert.deepEqual(await violations(page), [])
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0, 'something is kept')
}

const refusee = /nulle-part|lat=95|hauteur=1|\/fini$|inconnu/

for (const { nom, ...vue } of vues) {
  test(nom, async (t) => {
    const p = await openPage(navigateur, service.adresse, vue)
    for (const chemin of pages()) {
      await t.test(chemin, async () => {
        await juger(p.page, chemin, vue)
        assert.deepEqual(p.fautes.splice(0).filter((f) => !(refusee.test(chemin) && f.includes('status of 40'))), [])
        assert.deepEqual(await p.page.context().cookies(), [])
      })
    }
    assert.deepEqual(await p.close(), [])
  })
}

for (const { nom, ...vue } of vues.slice(0, 2)) {
  test(`${nom}, signed in`, async (t) => {
    const p = await openPage(navigateur, service.url, { ...vue, storageState: session.storageState })
    for (const chemin of privees()) {
      await t.test(chemin, async () => {
        await juger(p.page, chemin, vue)
        if (/^.espace/.test(chemin) && !refusee.test(chemin)) assert.ok(await p.page.locator('.bandeau').isVisible(), 'nobody is signed in')
        assert.deepEqual(p.fautes.splice(0).filter((f) => !(refusee.test(chemin) && /status of 4[01]/.test(f))), [])
      })
    }
    await p.close()
  })
}

test('axe sees what it must: a picture without a name is found', async () => {
  const p = await openPage(navigateur, service.adresse)
  await p.page.goto('/')
  await p.page.evaluate(() => document.querySelector('main').append(document.createElement('button')))
  assert.match((await violations(p.page)).join('\n'), /button-name/)
  await p.close()
})
