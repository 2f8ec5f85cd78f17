// What the tests of the private pages stand on: a service whose mails a server
// of the test's own receives, and people who are signed in on their phones.
import assert from 'node:assert/strict'
import { openCourriels } from './courriels.mjs'
import { executer, openNavigateur, openPage, openService, petites, violations } from './socle.mjs'

/** Who the mails of the tests come from. */
export const expediteur = 'À deux pas <ne-pas-repondre@exemple.fr>'

/** A phone whose browser runs no script. */
export const nu = { javaScriptEnabled: false }

/**
 * Opens a service that sends its mails to the test. Every visitor has an
 * address of their own, as behind a proxy: what is counted by address is
 * counted for one.
 */
export async function openEspace(...options) {
  const courriels = await openCourriels()
  const service = await openService('--tuiles', '', '--smtp', courriels.url, '--expediteur', expediteur, '--mandataires', '127.0.0.1', ...options)
  const navigateur = await openNavigateur()
  const { resultats } = await (await fetch(`${service.adresse}/api/v1/lieux?limite=1000`)).json()
  const e = {
    courriels, service, navigateur, resultats,
    /** The place of a name. */
    lieu: (nom) => resultats.find((l) => l.nom === nom) ?? assert.fail(`no place named ${nom}`),
    /** The place as the public sees it now. */
    api: async (id) => (await fetch(`${service.adresse}/api/v1/lieux/${id}`)).json(),
    /** A browser that nobody is signed in with. */
    onglet: (options) => ongletDe(e, options),
    /** The link that invites somebody, made by the command line. */
    inviter: (courriel, role, ...portees) =>
      executer(service, 'compte', 'inviter', courriel, '--role', role, '--nom', nomDe(courriel), '--url-publique', service.url, ...portees).trim(),
    /** A browser where somebody has just accepted their invitation. */
    async arriver(options, courriel, role, ...portees) {
      const o = await e.onglet(options)
      await o.page.goto(e.inviter(courriel, role, ...portees))
      await o.envoyer(o.page.getByRole('button', { name: 'Accepter et entrer' }))
      assert.match(o.page.url(), /\/espace$/)
      return o
    },
    async close() {
      await navigateur.close()
      await service.close()
      await courriels.close()
    },
  }
  return e
}

/** "jeanne.durand@exemple.fr" is Jeanne Durand. */
const nomDe = (courriel) => courriel.split('@')[0].split('.').map((m) => m[0].toUpperCase() + m.slice(1)).join(' ')

let visiteurs = 0

/** A browser on a phone, and what people do with it. */
async function ongletDe(e, options = {}) {
  const adresse = `192.0.2.${++visiteurs % 250}`
  const p = await openPage(e.navigateur, e.service.url, { extraHTTPHeaders: { 'x-forwarded-for': adresse }, ...options })
  const { page } = p
  page.setDefaultTimeout(10_000)
  return {
    ...p, visiteur: adresse,
    /** Touches what leads to another page. */
    async envoyer(quoi) {
      const cible = typeof quoi === 'string' ? page.locator('main').getByRole('button', { name: quoi }).first() : quoi
      await Promise.all([page.waitForNavigation(), cible.click()])
    },
    /** What the page says, its no-break spaces as spaces. */
    dit: async (ou = 'main') => clair(await page.locator(ou).first().innerText()),
    /** Finds nothing to say of the page as it stands, on the narrowest screen. */
    async juger() {
      const avant = page.viewportSize()
      await page.setViewportSize({ width: 320, height: 640 })
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, 'wider than the screen')
      assert.deepEqual(await petites(page), [], 'small targets')
      if (options.javaScriptEnabled !== false) assert.deepEqual(await violations(page), [])
      await page.setViewportSize(avant)
    },
    /** Ends, with what must not have happened: all but the session's cookie, and the answers that the test expects. */
    async finir(...attendues) {
      const fautes = (await p.close()).filter((f) => !f.startsWith('cookie: __Host-') && !attendues.some((n) => f.includes(`status of ${n}`)))
      assert.deepEqual(fautes, [])
    },
  }
}

/** Without the no-break spaces of French. */
export const clair = (texte) => texte.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ')

/** Goes from field to field with the keyboard until the one that is sought. */
export async function tabuler(page, cible) {
  for (let pas = 0; pas < 120; pas++) {
    await page.keyboard.press('Tab')
    if (await cible.evaluate((e) => e === document.activeElement)) return
  }
  assert.fail(`the keyboard does not reach ${cible}`)
}
