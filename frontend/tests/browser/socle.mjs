// What every browser test stands on: the real binary on a port of its own with
// a base of its own, and Debian's Chromium with a fresh profile.
import { execFileSync, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const racine = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
/** The real program. */
export const binaire = join(racine, 'bin', 'adeuxpas')
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The clock of the tests stands at a Wednesday morning, when offices are open. */
export const horloge = ['--horloge', '2026-11-25T10:20:00+01:00']

/** Starts the service on a base of its own; options are those of "adeuxpas servir". */
export async function openService(...options) {
  const dossier = await mkdtemp(join(tmpdir(), 'adeuxpas-nav-'))
  const service = await lancer(join(dossier, 'a.db'), options)
  return {
    ...service,
    async close() {
      await service.close()
      await rm(dossier, { recursive: true, force: true })
    },
  }
}

/** Starts the service on a base that another one made, at another time. */
export const openPlusTard = (service, instant, ...options) => lancer(service.base, [...options, '--horloge', instant])

/** The service on a base: "adresse" by number, "url" by the name that browsers trust with a session. */
async function lancer(base, options) {
  const service = spawn(
    binaire,
    ['servir', '--adresse', '127.0.0.1:0', '--base', base, '--geocodage', '', '--rappel-mois', '0', ...horloge, ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const fini = new Promise((suite) => service.once('exit', suite))
  let journal = ''
  service.stderr.on('data', (texte) => (journal += texte))
  const url = await new Promise((suite, rate) => {
    let dit = ''
    const delai = setTimeout(() => rate(new Error(`not ready after 20 s: ${dit}${journal}`)), 20_000)
    service.stdout.on('data', (texte) => {
      dit += texte
      const lue = /http:\/\/\S+:\d+/.exec(dit)
      if (!lue) return
      clearTimeout(delai)
      suite(lue[0])
    })
    fini.then(() => rate(new Error(`stopped: ${journal}`)))
  })
  return {
    url,
    adresse: url.replace('localhost', '127.0.0.1'),
    base,
    journal: () => journal,
    async close() {
      service.kill('SIGTERM')
      await fini
    },
  }
}

/** Runs another command of the program on the base of a service; its output. */
export const executer = (service, ...args) =>
  execFileSync(binaire, [...args, '--base', service.base, ...horloge], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ADEUXPAS_GEOCODAGE: '' } })

export const openNavigateur = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  })

/** A page that notes what must not happen: errors, requests to others, cookies. */
export async function openPage(navigateur, adresse, options = {}) {
  const { tiers = [], ...contexte } = options
  const espace = await navigateur.newContext({ baseURL: adresse, viewport: { width: 360, height: 740 }, locale: 'fr-FR', ...contexte })
  const page = await espace.newPage()
  const fautes = []
  const permis = [adresse, ...tiers, 'data:']
  page.on('console', (m) => m.type() === 'error' && fautes.push(`console: ${m.text()}`))
  page.on('pageerror', (e) => fautes.push(`script: ${e.message}`))
  page.on('request', (r) => permis.some((p) => r.url().startsWith(p)) || fautes.push(`third party: ${r.url()}`))
  return {
    page,
    fautes,
    async close() {
      for (const c of await espace.cookies()) fautes.push(`cookie: ${c.name}`)
      await espace.close()
      return fautes
    },
  }
}

/** Violations that axe-core finds on the page as it stands, one line each. */
export async function violations(page) {
  await page.evaluate(axe)
  const { violations: liste } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  return liste.flatMap((v) => v.nodes.map((n) => `${v.id} (${v.impact}): ${n.target.join(' ')}: ${n.failureSummary?.split('\n')[1] ?? ''}`))
}

/** Targets under 44 pixels: all that looks like a button, and fields; a box counts with its label (links inside sentences are exempt). */
export const petites = (page) =>
  page.$$eval('button, summary, input, select, textarea, .bouton, .lien-bouton, .puce, nav a, .retour a, .choix a, .demarches a, .lieu h3 a, .cocher, .case', (tous) =>
    tous
      .map((e) => ({ e: e.matches('[type=checkbox], [type=radio]') ? (e.closest('label') ?? document.querySelector(`label[for="${e.id}"]`) ?? e) : e }))
      .filter(({ e }) => !e.classList.contains('invisible') && e.checkVisibility() && e.getBoundingClientRect().height > 0)
      .map(({ e }) => ({ nom: `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`, h: e.getBoundingClientRect().height, w: e.getBoundingClientRect().width }))
      .filter(({ h, w }) => h < 43.5 || w < 43.5)
      .map(({ nom, h, w }) => `${nom}: ${Math.round(w)} × ${Math.round(h)}`),
  )

/** How many sheets of paper the page prints on. */
export async function feuilles(page) {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  return Number(/\/Type\s*\/Pages[^>]*\/Count\s+(\d+)/s.exec(pdf)?.[1] ?? /\/Count\s+(\d+)/.exec(pdf)?.[1])
}
