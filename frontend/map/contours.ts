// The shape of the territory's own base map (/carte/fond.json, see
// documentFond in internal/territoire), and how its arcs become lines.

export type Point = [number, number] // latitude, longitude, WGS 84 degrees
export type Ligne = number[] // [x0, y0, dx1, dy1, …] in 1/echelle of a degree, longitude first
export type Polygones = number[][][] // polygons > rings > arc references; ~i is arc i backwards

export interface Nom {
  nom: string
  lat: number
  lon: number
}

export interface DocumentFond {
  boite: [number, number, number, number] // west, south, east, north
  echelle: number
  arcs: Ligne[]
  rangs: number[] // of each arc: 0 around the département, 1 between EPCI, 2 between communes
  departement: Polygones
  communes: (Nom & { code: string; population: number; polygones?: Polygones })[] // most people first
  limites: Ligne[] | null
  voisins: Nom[] | null
  rivieres: { nom: string; lignes: Ligne[] }[] | null
  attribution: string
}

/** The points of a line, in degrees. */
export function decoder(ligne: Ligne, echelle: number): Point[] {
  const points: Point[] = []
  let x = 0
  let y = 0
  for (let i = 0; i + 1 < ligne.length; i += 2) {
    x += ligne[i]!
    y += ligne[i + 1]!
    points.push([y / echelle, x / echelle])
  }
  return points
}

/** Rings put together from their arcs, first one outside, the others holes. */
export function assembler(polygones: Polygones, arcs: readonly Point[][]): Point[][][] {
  return polygones.map((anneaux) =>
    anneaux.map((refs) => {
      const anneau: Point[] = []
      for (const ref of refs) {
        const arc = arcs[ref < 0 ? ~ref : ref] ?? []
        const points = ref < 0 ? arc.slice().reverse() : arc
        anneau.push(...(anneau.length ? points.slice(1) : points))
      }
      return anneau
    }),
  )
}

/** Whether a point lies in polygons: an odd number of borders to cross towards the east (even-odd rule). */
export function contient(polygones: readonly Point[][][], [lat, lon]: Point): boolean {
  let dedans = false
  for (const anneau of polygones.flat()) {
    for (let i = 0, j = anneau.length - 1; i < anneau.length; j = i++) {
      const [y1, x1] = anneau[i]!
      const [y2, x2] = anneau[j]!
      if (y1 > lat !== y2 > lat && lon < x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1)) dedans = !dedans
    }
  }
  return dedans
}

/** The commune where a point lies; undefined outside the outlines. */
export function communeAu(fond: DocumentFond, point: Point): string | undefined {
  const arcs = fond.arcs.map((a) => decoder(a, fond.echelle))
  return fond.communes.find((c) => c.polygones && contient(assembler(c.polygones, arcs), point))?.nom
}
