// The pages of people who are signed in, a mediator's and an administrator's:
// nothing for axe to say, no sideways scroll.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { executer, openNavigateur, openPage, openService, violations } from './socle.mjs'

let service, navigateur, lieux
before(async () => {
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
  const { resultats } = await (await fetch(`${service.adresse}/api/v1/lieux?limite=1000`)).json()
  const id = (nom) => resultats.find((l) => l.nom === nom)?.id ?? assert.fail(`no place named ${nom}`)
  lieux = { bureau: id('France services de Moissac'), bus: id('France services itinérante Moissac-Confluences') }
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

const pages = () => [
  '/espace', '/espace/semaine', '/espace/compte', '/espace/compte/effacer',
  ...['', '/horaires', '/permanences/nouvelle', '/fermeture', '/fin', '/position', '/histoire', '/equipe'].map((p) => `/espace/lieux/${lieux.bureau}${p}`),
  ...['contact', 'aide', 'venir', 'presentation', 'adresse', 'structure'].map((p) => `/espace/lieux/${lieux.bureau}/partie/${p}`),
  `/espace/lieux/${lieux.bus}`, `/espace/lieux/${lieux.bus}/permanences/nouvelle`,
]
const coordination = ['/espace/file', '/espace/comptes', '/espace/comptes/inviter']

/** Goes through pages as somebody who has just accepted an invitation. */
async function parcourir(chemins, role, droits, vue) {
  const lien = executer(service, 'compte', 'inviter', `${role}@exemple.fr`, '--role', role, '--nom', 'Jeanne Essai', '--url-publique', service.adresse, ...droits).trim()
  const { page, close } = await openPage(navigateur, service.adresse, vue)
  await page.goto(lien)
  await Promise.all([page.waitForURL('**/espace'), page.locator('main form button').first().click()])
  const fautes = []
  for (const chemin of chemins) {
    assert.equal((await page.goto(chemin)).status(), 200, chemin)
    for (const v of await violations(page)) fautes.push(`${chemin}: ${v}`)
    const large = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (large > 0) fautes.push(`${chemin}: ${large} px too wide`)
  }
  fautes.push(...(await close()).filter((f) => !f.startsWith('cookie: __Host-')))
  assert.deepEqual(fautes, [])
}

test('a mediator, 320 px', () =>
  parcourir(pages(), 'mediateur', ['--lieu', `${lieux.bureau},${lieux.bus}`], { viewport: { width: 320, height: 640 } }))

test('an administrator, 1280 px, dark', () =>
  parcourir([...pages(), ...coordination], 'administrateur', ['--departement'], { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }))
