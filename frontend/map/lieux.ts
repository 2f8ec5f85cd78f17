// The places of the map are those of the list beside it: this reads them from
// the page, and says them aloud.

export type Genre = 'ouvert' | 'plus_tard' | 'ferme' | 'confirmer' | 'inconnu' | 'rdv' | 'itinerant'

/** One place of the list. Carte is its element there, lat and lon are WGS 84 degrees. */
export interface Lieu {
  rang: number
  nom: string
  lat: number
  lon: number
  genre: Genre
  distance: string
  approximatif: boolean
  muet: boolean
  carte: HTMLElement
}

/** What the sign of each state means, in the order of the legend. */
export const motsDesGenres: Record<Genre, string> = {
  ouvert: 'ouvert',
  rdv: 'sur rendez-vous',
  itinerant: 'itinérant',
  plus_tard: 'plus tard',
  ferme: 'fermé',
  confirmer: 'à confirmer',
  inconnu: 'horaires non communiqués',
}

export const genreDe = (texte: string | undefined): Genre =>
  texte !== undefined && Object.prototype.hasOwnProperty.call(motsDesGenres, texte) ? (texte as Genre) : 'inconnu'

/** The accessible name of a pin: "France services de Moissac, ouvert, à 300 m". */
export function nomParle(lieu: Pick<Lieu, 'nom' | 'genre' | 'distance' | 'approximatif'>): string {
  const morceaux = [lieu.nom, motsDesGenres[lieu.genre]]
  if (lieu.distance) morceaux.push(lieu.distance)
  if (lieu.approximatif) morceaux.push('position approximative')
  return morceaux.join(', ')
}

/** The accessible name of a group: "12 lieux, agrandir". */
export const nomDuGroupe = (nombre: number): string => `${nombre} lieux, agrandir`

function lireLieu(li: HTMLElement, rang: number, muet: boolean): Lieu | null {
  const lat = Number(li.dataset.lat)
  const lon = Number(li.dataset.lon)
  if (!li.dataset.lat || !li.dataset.lon || !Number.isFinite(lat) || !Number.isFinite(lon)) return null
  return {
    rang,
    nom: li.dataset.nom ?? 'Lieu',
    lat,
    lon,
    genre: genreDe(li.dataset.etat),
    distance: li.querySelector('.distance strong')?.textContent?.trim() ?? '',
    approximatif: 'approximatif' in li.dataset,
    muet,
    carte: li,
  }
}

/** The places of the lists, nearest first; those without a position are left out. */
export function lireLieux(listes: readonly { selecteur: string; muet: boolean }[]): Lieu[] {
  const lieux: Lieu[] = []
  for (const { selecteur, muet } of listes) {
    for (const li of document.querySelectorAll<HTMLElement>(`${selecteur} li[data-lieu]`)) {
      const lieu = lireLieu(li, lieux.length, muet)
      if (lieu) lieux.push(lieu)
    }
  }
  return lieux
}
