// Renews the pictures of the README and of the guides: the real service on the
// shipped places, without tiles so that they are the same everywhere.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openNavigateur, openPage, openService } from './browser/socle.mjs'
import { coordonner } from './guide-coordination.mjs'
import { montrerLigne, raconter } from './guide.mjs'
import { reduire } from './palette.mjs'

const images = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images')
const POIDS = 200_000 // bytes, the most that a picture may weigh
const POIDS_GUIDE = 60_000 // one of a guide, read on a phone
const vues = [
  { nom: 'accueil', chemin: '/', viewport: { width: 1280, height: 860 } },
  { nom: 'resultats', chemin: '/?q=Moissac&pour=impots', viewport: { width: 1280, height: 840 }, carte: true },
  { nom: 'quand', chemin: '/?q=Montech&quand=vendredi&heure=apres-midi', viewport: { width: 360, height: 740 } },
  { nom: 'telephone', chemin: '/?q=Lafrançaise', viewport: { width: 360, height: 740 } },
]

/** Takes the picture of what a page shows. */
async function prendre(page, nom, poids, finir = (png) => png) {
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => document.fonts.ready)
  const png = finir(await page.screenshot({ animations: 'disabled' }))
  if (png.length > poids) throw new Error(`${nom}.png weighs ${png.length} bytes`)
  await writeFile(join(images, `${nom}.png`), png)
  console.log(`docs/images/${nom}.png`)
}

const refuser = (fautes) => {
  if (fautes.length) throw new Error(fautes.join('\n'))
}

/**
 * Takes the pictures of the guides; haut is what one begins with, couleurs how
 * many it keeps. A caret blinks, and a date shows the words of the browser's own
 * language, whatever the page's: not here.
 */
const prendreGuide = async (page, nom, haut, couleurs) => {
  await page.mouse.move(0, 0)
  await page.waitForLoadState('networkidle') // nothing moves any more what it begins with
  await page.evaluate((h) => {
    const muet = new CSSStyleSheet()
    muet.replaceSync('html { scroll-behavior: auto !important } * { caret-color: transparent !important } ::-webkit-datetime-edit { visibility: hidden }')
    document.adoptedStyleSheets.push(muet)
    if (h) document.querySelector(h).scrollIntoView({ behavior: 'instant' })
  }, haut)
  await prendre(page, `guide/${nom}`, POIDS_GUIDE, (png) => reduire(png, couleurs))
}

await mkdir(join(images, 'guide'), { recursive: true })
const navigateur = await openNavigateur()
const service = await openService('--tuiles', '')
const publie = await openService('--tuiles', '', '--url-publique', 'https://aide.exemple.fr')
try {
  for (const { nom, chemin, carte, ...vue } of vues) {
    const { page, close } = await openPage(navigateur, service.adresse, vue)
    await page.goto(chemin)
    if (carte) await page.locator('.carte-ouverte[data-fond-de-carte]').waitFor()
    await prendre(page, nom, POIDS)
    refuser(await close())
  }
  refuser(await raconter(service, navigateur, prendreGuide))
  refuser(await montrerLigne(publie, navigateur, prendreGuide))
  refuser(await coordonner(navigateur, prendreGuide))
} finally {
  await navigateur.close()
  await service.close()
  await publie.close()
}
