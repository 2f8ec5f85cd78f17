// The sites that show the widget: pages of their own origin, by a name that is
// neither this machine's nor trusted, as those of a town hall without https.
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

/** The name of the host in tests; the browser is told that it is this machine. */
export const NOM = 'mairie.exemple'

/** A browser for which the hosts of tests exist; "sur" are origins that it takes for https. */
export const openNavigateurHotes = (sur = []) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      `--host-resolver-rules=MAP ${NOM} 127.0.0.1, MAP *.exemple 127.0.0.1`,
      ...(sur.length ? [`--unsafely-treat-insecure-origin-as-secure=${sur.join(',')}`] : []),
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
    port,
    pages,
    close: () => {
      serveur.closeAllConnections()
      serveur.close()
    },
  }
}

/** A plain page of a town hall around some HTML. */
export const pageSimple = (corps, tete = '') => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Mairie</title>${tete}</head>
<body><header><p>Ma commune</p></header><main><h1>Démarches en ligne</h1><p>Besoin d’aide ?</p>${corps}</main><footer><p>Mairie, place de la Halle</p></footer></body></html>`
