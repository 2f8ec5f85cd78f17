// The pins and groups on the map, in step both ways with the list.
import { DivIcon, LatLngBounds, Marker, type Handler, type Map as Carte } from 'leaflet'
import { composeEpingle, composeGroupe } from './epingles'
import { Groupes, ZOOM_SEPARE, type Repere } from './groupes'
import type { Lieu } from './lieux'
import type { Boite } from './noms-place'

const CIBLE = 44 // pixels, the least size of a target

interface Pose {
  marqueur: Marker
  element: HTMLElement
  rangs: number[]
}

const sansMouvement = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

export class Marqueurs {
  private readonly groupes: Groupes
  private readonly ecarts: [number, number][]
  private readonly poses = new Map<string, Pose>()
  private choisi = -1

  constructor(private readonly carte: Carte, private readonly lieux: readonly Lieu[]) {
    this.groupes = new Groupes(lieux)
    this.ecarts = this.groupes.ecarts()
    for (const lieu of lieux) this.follow(lieu)
    carte.on('zoomend', () => this.draw())
  }

  /** Puts the markers of this zoom; those that stay keep their element, and so the focus. */
  draw(): void {
    const zoom = this.carte.getZoom()
    const reperes = this.groupes.reperes(zoom)
    const voulus = new Set(reperes.map((r) => this.cle(r, zoom)))
    const perdu = Array.from(this.poses.values()).find((p) => p.element === document.activeElement)?.rangs[0]
    for (const [cle, pose] of this.poses) {
      if (voulus.has(cle)) continue
      pose.marqueur.remove()
      this.poses.delete(cle)
    }
    for (const repere of reperes) this.put(repere, this.cle(repere, zoom))
    if (perdu !== undefined && document.activeElement === document.body) this.pose(perdu)?.element.focus({ preventScroll: true })
  }

  /** Boxes of the markers in the map's layer pixels, for what must not cover them. */
  boites(): Boite[] {
    return Array.from(this.poses.values(), ({ marqueur, rangs }) => {
      const p = this.carte.latLngToLayerPoint(marqueur.getLatLng())
      return rangs.length > 1 ? { x: p.x - 23, y: p.y - 23, l: 46, h: 46 } : { x: p.x - 17, y: p.y - 40, l: 34, h: 42 }
    })
  }

  private cle(repere: Repere, zoom: number): string {
    return zoom > ZOOM_SEPARE && this.ecarts[repere.rangs[0]!]!.some((e) => e !== 0) ? `e${repere.cle}` : repere.cle
  }

  private put(repere: Repere, cle: string): void {
    if (this.poses.has(cle)) return
    const seul = repere.rangs.length === 1
    const element = seul ? this.epingle(this.lieux[repere.rangs[0]!]!) : this.groupe(repere)
    const [dx, dy] = seul && cle.startsWith('e') ? this.ecarts[repere.rangs[0]!]! : [0, 0]
    const icon = new DivIcon({
      html: element,
      className: 'repere',
      iconSize: [CIBLE, CIBLE],
      iconAnchor: [CIBLE / 2 - dx, (seul ? CIBLE - 2 : CIBLE / 2) - dy],
    })
    const marqueur = new Marker([repere.lat, repere.lon], { icon, keyboard: false, interactive: false, alt: '' })
    marqueur.addTo(this.carte)
    this.poses.set(cle, { marqueur, element, rangs: repere.rangs })
    this.mark()
  }

  private epingle(lieu: Lieu): HTMLElement {
    const element = composeEpingle(lieu, lieu.carte.querySelector('a[href]') !== null)
    const eclairer = (oui: boolean) => lieu.carte.classList.toggle('allume', oui)
    element.addEventListener('mouseenter', () => eclairer(true))
    element.addEventListener('mouseleave', () => eclairer(false))
    element.addEventListener('focus', () => {
      eclairer(true)
      this.bring(lieu)
    })
    element.addEventListener('blur', () => eclairer(false))
    element.addEventListener('click', (e) => this.isDrag(e) || this.choose(lieu))
    return element
  }

  private groupe(repere: Repere): HTMLElement {
    const element = composeGroupe(repere.rangs.length)
    element.addEventListener('click', (e) => this.isDrag(e) || this.enlarge(repere))
    return element
  }

  /** A click that ends a move of the map is no click; the keyboard's has no detail. */
  private isDrag(e: MouseEvent): boolean {
    return e.detail > 0 && (this.carte.dragging as Handler & { moved(): boolean }).moved()
  }

  private enlarge({ rangs }: Repere): void {
    const zoom = this.groupes.zoomQuiSepare(rangs, this.carte.getZoom())
    const boite = new LatLngBounds(rangs.map((r) => [this.lieux[r]!.lat, this.lieux[r]!.lon]))
    const cadre = this.carte.getBoundsZoom(boite, false)
    this.carte.setView(boite.getCenter(), Math.min(Math.max(zoom, Math.min(cadre, zoom + 2)), this.carte.getMaxZoom()), { animate: !sansMouvement() })
  }

  /** From a pin to its card: it is scrolled to, marked, and its link has the focus. */
  private choose(lieu: Lieu): void {
    const lien = lieu.carte.querySelector<HTMLElement>('a[href]')
    if (!lien) return
    this.choisi = lieu.rang
    for (const l of this.lieux) {
      if (l === lieu) l.carte.setAttribute('aria-current', 'true')
      else l.carte.removeAttribute('aria-current')
    }
    this.mark()
    lieu.carte.scrollIntoView({ block: 'center', behavior: sansMouvement() ? 'auto' : 'smooth' })
    lien.focus({ preventScroll: true })
  }

  /** From a card to its pin: hovering lights it, focusing brings it into view too. */
  private follow(lieu: Lieu): void {
    const { carte } = lieu
    const eclairer = (oui: boolean) => this.light(lieu.rang, oui)
    carte.addEventListener('mouseenter', () => eclairer(true))
    carte.addEventListener('mouseleave', () => eclairer(carte.contains(document.activeElement)))
    carte.addEventListener('focusin', () => {
      eclairer(true)
      this.bring(lieu)
    })
    carte.addEventListener('focusout', (e) => eclairer(carte.contains(e.relatedTarget as Node | null)))
  }

  private bring(lieu: Lieu): void {
    this.carte.panInside([lieu.lat, lieu.lon], { paddingTopLeft: [40, 60], paddingBottomRight: [40, 30], animate: !sansMouvement() })
  }

  private pose(rang: number): Pose | undefined {
    return Array.from(this.poses.values()).find((p) => p.rangs.includes(rang))
  }

  private light(rang: number, oui: boolean): void {
    const pose = this.pose(rang)
    pose?.element.classList.toggle('allumee', oui)
    pose?.marqueur.setZIndexOffset(oui ? 1000 : 0)
  }

  private mark(): void {
    for (const { element, rangs } of this.poses.values()) {
      if (rangs.includes(this.choisi)) element.setAttribute('aria-current', 'true')
      else element.removeAttribute('aria-current')
    }
  }
}
