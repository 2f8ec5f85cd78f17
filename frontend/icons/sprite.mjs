// Puts the drawings of a folder into one file of symbols, so that a page shows
// one with <use href="…/icones.svg#telephone">. Strokes take the text's colour.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const modele = /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" (viewBox="0 0 24 24" [^>]*)>(.+)<\/svg>\n?$/s

export async function composeSprite(dossier) {
  const symboles = []
  for (const fichier of (await readdir(dossier)).sort()) {
    if (!fichier.endsWith('.svg') || fichier === 'favicon.svg') continue
    const trouve = modele.exec(await readFile(join(dossier, fichier), 'utf8'))
    if (!trouve) throw new Error(`icons/${fichier}: not drawn on the 24 × 24 grid of the set`)
    symboles.push(`<symbol id="${fichier.slice(0, -4)}" ${trouve[1]}>${trouve[2]}</symbol>`)
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symboles.join('')}</svg>\n`
}
