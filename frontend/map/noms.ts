// Writes the names of communes on the outlines: the most peopled first, as
// many as there is room for, never over each other nor over a pin.
import { DomUtil, type Map as Carte } from 'leaflet'
import { communeAu, type DocumentFond, type Nom } from './contours'
import { placer, populationPour, type Boite } from './noms-place'

const HAUTEUR = 22
const MARGE = 6

interface Etiquette extends Nom {
  population: number
  classe: string
}

export class Noms {
  private readonly etiquettes: Etiquette[]
  private readonly ici = document.createElement('span')
  private readonly spans = new Map<Etiquette, { span: HTMLSpanElement; largeur: number }>()

  constructor(private readonly carte: Carte, private readonly fond: DocumentFond, private readonly obstacles: () => Boite[]) {
    const pane = carte.createPane('noms')
    pane.style.zIndex = '160'
    pane.setAttribute('aria-hidden', 'true') // the list says where each place is
    this.ici.className = 'fond-ici'
    this.ici.hidden = true
    carte.getContainer().append(this.ici)
    this.etiquettes = [
      ...(fond.voisins ?? []).map((v) => ({ ...v, population: 0, classe: 'fond-nom fond-nom-voisin' })),
      ...fond.communes.map((c) => ({ nom: c.nom, lat: c.lat, lon: c.lon, population: c.population, classe: classeDe(c.population) })),
    ]
  }

  /** Places the names anew, in the order of what matters: after each move and zoom. */
  write(): void {
    const { carte } = this
    const prises = this.obstacles()
    const vue = carte.getBounds()
    const zoom = carte.getZoom()
    const seuil = populationPour(zoom)
    let ecrits = 0
    for (const e of this.etiquettes) {
      const voisin = e.classe.endsWith('voisin')
      const boite = vue.contains([e.lat, e.lon]) && (voisin ? zoom < 11 : e.population >= seuil) ? this.place(e, prises) : null
      if (!boite) this.spans.get(e)?.span.remove()
      else ecrits = prises.push(boite)
    }
    this.tellWhere(ecrits > 0)
  }

  /** So near that no name is in view, the map says in its corner which commune it shows. */
  private tellWhere(inutile: boolean): void {
    const { lat, lng } = this.carte.getCenter()
    const nom = inutile ? undefined : communeAu(this.fond, [lat, lng])
    this.ici.hidden = nom === undefined
    this.ici.textContent = nom ?? ''
  }

  private place(e: Etiquette, prises: Boite[]): Boite | null {
    const p = this.carte.latLngToLayerPoint([e.lat, e.lon])
    const { span, largeur } = this.span(e)
    const boite = placer(p.x, p.y, largeur + 2 * MARGE, HAUTEUR, prises)
    if (!boite) return null
    if (!span.parentNode) this.carte.getPane('noms')!.append(span)
    DomUtil.setPosition(span, this.carte.latLngToLayerPoint([e.lat, e.lon]).subtract([largeur / 2, p.y - boite.y]).round())
    return boite
  }

  private span(e: Etiquette): { span: HTMLSpanElement; largeur: number } {
    const connu = this.spans.get(e)
    if (connu) return connu
    const span = document.createElement('span')
    span.className = e.classe
    span.textContent = e.nom
    this.carte.getPane('noms')!.append(span)
    const neuf = { span, largeur: span.offsetWidth }
    this.spans.set(e, neuf)
    return neuf
  }
}

function classeDe(population: number): string {
  if (population >= 10_000) return 'fond-nom fond-nom-ville'
  return population >= 2000 ? 'fond-nom fond-nom-bourg' : 'fond-nom'
}
