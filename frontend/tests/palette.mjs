// Rewrites a picture of a page with a palette: text on plain colours needs no
// more than 256 of them, and weighs a third.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
const MAX = 256 // colours of a palette

/** The chunks of a PNG file (W3C PNG, 5.3). */
function* morceaux(png) {
  for (let i = signature.length; i < png.length; ) {
    const longueur = png.readUInt32BE(i)
    yield { genre: png.toString('latin1', i + 4, i + 8), corps: png.subarray(i + 8, i + 8 + longueur) }
    i += longueur + 12
  }
}

function morceau(genre, corps) {
  const suite = Buffer.concat([Buffer.from(genre, 'latin1'), corps])
  const bout = Buffer.alloc(8)
  bout.writeUInt32BE(corps.length, 0)
  bout.writeUInt32BE(crc32(suite), 4)
  return Buffer.concat([bout.subarray(0, 4), suite, bout.subarray(4)])
}

/** The predictor of Paeth (W3C PNG, 9.4). */
function paeth(a, b, c) {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)]
  if (pa <= pb && pa <= pc) return a
  return pb <= pc ? b : c
}

/** What each filter of a line adds: left, above, above left. */
const filtres = [() => 0, (a) => a, (_, b) => b, (a, b) => (a + b) >> 1, paeth]

/** The width, the height and the colours (0xRRGGBB) of an opaque picture of 8 bits. */
function lire(png) {
  const tous = [...morceaux(png)]
  const entete = tous[0].corps
  const octets = { 2: 3, 6: 4 }[entete[9]] // RGB, RGBA
  if (entete[8] !== 8 || !octets || entete[12]) throw new Error('a PNG of another kind')
  const [large, haut] = [entete.readUInt32BE(0), entete.readUInt32BE(4)]
  const brut = inflateSync(Buffer.concat(tous.filter((m) => m.genre === 'IDAT').map((m) => m.corps)))
  const ligne = large * octets
  const image = Buffer.alloc(ligne * haut)
  for (let y = 0; y < haut; y++) {
    const filtre = filtres[brut[y * (ligne + 1)]]
    for (let x = 0; x < ligne; x++) {
      const i = y * ligne + x
      const [gauche, dessus] = [x >= octets ? image[i - octets] : 0, y ? image[i - ligne] : 0]
      image[i] = brut[y * (ligne + 1) + 1 + x] + filtre(gauche, dessus, y && x >= octets ? image[i - ligne - octets] : 0)
    }
  }
  const couleurs = new Uint32Array(large * haut)
  for (let i = 0; i < couleurs.length; i++) couleurs[i] = image.readUIntBE(i * octets, 3)
  return { large, haut, couleurs }
}

const ecart = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2

/** The colours, each with how often it is seen, the most seen first. */
function compter(couleurs) {
  const combien = new Map()
  for (const c of couleurs) combien.set(c, (combien.get(c) ?? 0) + 1)
  return [...combien].sort(([a, x], [b, y]) => y - x || a - b)
}

/** Paints with the n colours that are seen most; the others become the nearest of them. */
function peindre(couleurs, n) {
  const tous = compter(couleurs).map(([c]) => c)
  const restent = tous.slice(0, n)
  const proche = new Map(tous.map((c) => [c, restent.reduce((p, r) => (ecart(c, r) < ecart(c, p) ? r : p))]))
  return couleurs.map((c) => proche.get(c))
}

/**
 * The picture with a palette, its colours told apart as finely as 256 allow; a
 * drawing full of patterns weighs less with fewer: those that are seen most.
 */
export function reduire(png, nombre = MAX) {
  const { large, haut, couleurs: toutes } = lire(png)
  const couleurs = nombre < MAX ? peindre(toutes, nombre) : toutes
  let masque = 0xffffff
  const groupes = () => new Set(couleurs.map((c) => c & masque)).size
  for (let bits = 0xff; groupes() > MAX; ) {
    bits = (bits << 1) & 0xff
    masque = bits * 0x010101
  }
  const rangs = new Map() // the colour that is seen most stands for its group
  for (const [c] of compter(couleurs)) if (!rangs.has(c & masque)) rangs.set(c & masque, { rang: rangs.size, c })
  const table = Buffer.alloc(rangs.size * 3)
  for (const { rang, c } of rangs.values()) table.writeUIntBE(c, rang * 3, 3)
  const lignes = Buffer.alloc((large + 1) * haut)
  couleurs.forEach((c, i) => (lignes[Math.floor(i / large) * (large + 1) + 1 + (i % large)] = rangs.get(c & masque).rang))
  const entete = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0])
  entete.writeUInt32BE(large, 0)
  entete.writeUInt32BE(haut, 4)
  return Buffer.concat([
    signature, morceau('IHDR', entete), morceau('PLTE', table),
    morceau('IDAT', deflateSync(lignes, { level: 9 })), morceau('IEND', Buffer.alloc(0)),
  ])
}
