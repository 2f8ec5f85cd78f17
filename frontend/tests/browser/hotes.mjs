// The sites that show the widget: pages of their own origin, by a name that is
// neither this machine's nor trusted, as those of a town hall without https.
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'
import { openPage } from './socle.mjs'

/** The name of the host in tests; the browser is told that it is this machine. */
export const NOM = 'mairie.exemple'

/** A browser for which the hosts of tests exist. */
export const openNavigateurHotes = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--host-resolver-rules=MAP *.exemple 127.0.0.1',
    ],
  })

/** Serves pages by their path: a body, or {corps, entetes}. */
export async function openHote(pages) {
  const serveur = createServer((demande, reponse) => {
    const page = pages[new URL(demande.url, 'http://x').pathname]
    if (page === undefined) return reponse.writeHead(demande.url === '/favicon.ico' ? 204 : 404).end()
    const { corps = page, entetes = {} } = page
    reponse.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...entetes }).end(corps)
  }).listen(0, '127.0.0.1')
  await new Promise((suite) => serveur.once('listening', suite))
  const { port } = serveur.address()
  return {
    origine: `http://${NOM}:${port}`,
    sur: `http://127.0.0.1:${port}`, // the same, by an address that browsers trust as they do https
    pages,
    close: () => {
      serveur.closeAllConnections()
      serveur.close()
    },
  }
}

/** Opens a page of a host, and notes what must not happen there (openPage). */
export async function openChez(navigateur, origine, tiers, chemin, options = {}) {
  const p = await openPage(navigateur, origine, { tiers, ...options })
  const demandes = []
  p.page.on('request', (r) => demandes.push(r))
  await p.page.goto(origine + chemin)
  /** The n-th frame, once its content is there and its height is that of the content. */
  const cadre = async (n = 0) => {
    const balise = p.page.locator('iframe').nth(n)
    await balise.scrollIntoViewIfNeeded()
    const f = await (await balise.elementHandle()).contentFrame()
    await f.locator('main').waitFor()
    return f
  }
  return { ...p, demandes, cadre }
}

/** Waits until a frame is as high as its content: no bar inside, nothing cut. */
export const alaHauteur = (page, f) =>
  f.waitForFunction(() => {
    const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement
    const corps = document.body.getBoundingClientRect()
    return document.readyState === 'complete' && scrollHeight <= clientHeight && clientHeight - corps.height < 1.5 && scrollWidth <= clientWidth
  }, null, { timeout: 8000 })

/** A plain page of a town hall around some HTML. */
export const pageSimple = (corps, tete = '') => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Mairie</title>${tete}</head>
<body><header><p>Ma commune</p></header><main><h1>Démarches en ligne</h1><p>Besoin d’aide ?</p>${corps}</main><footer><p>Mairie, place de la Halle</p></footer></body></html>`
