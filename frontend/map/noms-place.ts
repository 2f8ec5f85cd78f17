// Where a name can be written: boxes in pixels, apart from any map.

export interface Boite {
  x: number
  y: number
  l: number // width
  h: number
}

export const seTouchent = (a: Boite, b: Boite): boolean =>
  a.x < b.x + b.l && b.x < a.x + a.l && a.y < b.y + b.h && b.y < a.y + a.h

/** The first of the places where the name fits: on its point, under it, above it, then farther. */
export function placer(x: number, y: number, l: number, h: number, prises: readonly Boite[]): Boite | null {
  for (const dy of [0, h, -h, 1.6 * h, -1.6 * h]) {
    const boite = { x: x - l / 2, y: y - h / 2 + dy, l, h }
    if (!prises.some((p) => seTouchent(p, boite))) return boite
  }
  return null
}

/** Inhabitants that a commune needs to be written at a zoom: few names from afar, all from near. */
export function populationPour(zoom: number): number {
  if (zoom < 8) return 20_000
  if (zoom < 9) return 5000
  if (zoom < 10) return 2000
  if (zoom < 11) return 700
  return zoom < 12 ? 200 : 0
}
