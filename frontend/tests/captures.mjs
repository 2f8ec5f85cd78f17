// Renews the pictures of the README: the real service on the shipped places,
// without tiles so that they are the same everywhere.
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openNavigateur, openPage, openService } from './browser/socle.mjs'

const images = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images')
const POIDS = 200_000 // bytes, the most that a picture may weigh
const vues = [
  { nom: 'accueil', chemin: '/', viewport: { width: 1280, height: 860 } },
  { nom: 'resultats', chemin: '/?q=Moissac&pour=impots', viewport: { width: 1280, height: 840 }, carte: true },
  { nom: 'quand', chemin: '/?q=Montech&quand=vendredi&heure=apres-midi', viewport: { width: 360, height: 740 } },
  { nom: 'telephone', chemin: '/?q=Lafrançaise', viewport: { width: 360, height: 740 } },
]

await mkdir(images, { recursive: true })
const service = await openService('--tuiles', '')
const navigateur = await openNavigateur()
try {
  for (const { nom, chemin, carte, ...vue } of vues) {
    const { page, close } = await openPage(navigateur, service.adresse, vue)
    await page.goto(chemin)
    if (carte) await page.locator('.carte-ouverte[data-fond-de-carte]').waitFor()
    await page.evaluate(() => document.fonts.ready)
    const { length: octets } = await page.screenshot({ path: join(images, `${nom}.png`) })
    if (octets > POIDS) throw new Error(`${nom}.png weighs ${octets} bytes`)
    const fautes = await close()
    if (fautes.length) throw new Error(fautes.join('\n'))
    console.log(`docs/images/${nom}.png`)
  }
} finally {
  await navigateur.close()
  await service.close()
}
