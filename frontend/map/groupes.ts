// Groups places that would cover each other at a zoom, and spreads those that
// share one address when no zoom can part them.
import Supercluster from 'supercluster'

export interface Point {
  lat: number
  lon: number
}

/** What stands at one spot of the map: one place or a group. Rangs are numbers in the list given, nearest first. */
export interface Repere {
  cle: string
  lat: number
  lon: number
  rangs: number[]
}

/** Deepest zoom at which places are still grouped; beyond, each has its own pin. */
export const ZOOM_SEPARE = 16

const RAYON = 52 // pixels: a pin's target and its breathing room

export class Groupes {
  private readonly index: Supercluster<{ rang: number }>

  constructor(private readonly points: readonly Point[]) {
    this.index = new Supercluster<{ rang: number }>({ radius: RAYON, extent: 256, maxZoom: ZOOM_SEPARE, minPoints: 2 })
    this.index.load(
      points.map(({ lat, lon }, rang) => ({
        type: 'Feature' as const,
        properties: { rang },
        geometry: { type: 'Point' as const, coordinates: [lon, lat] },
      })),
    )
  }

  /** Every marker at a whole zoom, those of the nearest places first. */
  reperes(zoom: number): Repere[] {
    const reperes = this.index.getClusters([-180, -85, 180, 85], Math.floor(zoom)).map((f): Repere => {
      const [lon, lat] = f.geometry.coordinates as [number, number]
      if (!('cluster' in f.properties)) return { cle: `l${f.properties.rang}`, lat, lon, rangs: [f.properties.rang] }
      const feuilles = this.index.getLeaves(f.properties.cluster_id, Infinity)
      const rangs = feuilles.map((l) => l.properties.rang).sort((a, b) => a - b)
      return { cle: `g${rangs.join('-')}`, lat, lon, rangs }
    })
    return reperes.sort((a, b) => a.rangs[0]! - b.rangs[0]!)
  }

  /** The first zoom at which the group parts; ZOOM_SEPARE + 1 at most. */
  zoomQuiSepare(rangs: readonly number[], depuis: number): number {
    for (let zoom = Math.floor(depuis) + 1; zoom <= ZOOM_SEPARE; zoom++) {
      if (!this.reperes(zoom).some((r) => rangs.every((x) => r.rangs.includes(x)))) return zoom
    }
    return ZOOM_SEPARE + 1
  }

  /** Steps in pixels that part the pins of one address: [0, 0] for a place alone there. */
  ecarts(): [number, number][] {
    const memes = new Map<string, number[]>()
    this.points.forEach(({ lat, lon }, i) => {
      const cle = `${lat.toFixed(4)},${lon.toFixed(4)}`
      memes.set(cle, [...(memes.get(cle) ?? []), i])
    })
    const ecarts: [number, number][] = this.points.map(() => [0, 0])
    for (const rangs of memes.values()) {
      if (rangs.length < 2) continue
      rangs.forEach((rang, i) => (ecarts[rang] = enCercle(i, rangs.length)))
    }
    return ecarts
  }
}

/** Position i of n on a circle wide enough for targets of 44 pixels, 8 apart. */
function enCercle(i: number, n: number): [number, number] {
  const rayon = RAYON / 2 / Math.sin(Math.PI / Math.max(n, 2))
  const angle = (2 * Math.PI * i) / n - Math.PI / 2 - Math.PI / n
  return [Math.round(rayon * Math.cos(angle)), Math.round(rayon * Math.sin(angle))]
}
