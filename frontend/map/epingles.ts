// Draws pins: the state is told by the outline, the sign inside and the colour.
import { nomDuGroupe, nomParle, type Genre, type Lieu } from './lieux'

interface Dessin {
  corps: string // outline, its tip at 16,39 on a grid of 32 × 40
  signe: string // drawn in strokes on it
}

const goutte = 'M16 1.5C8 1.5 2 7.5 2 15.3 2 25 16 39 16 39s14-14 14-23.7C30 7.5 24 1.5 16 1.5z'
const carre = 'M6 2h20a4 4 0 0 1 4 4v18a4 4 0 0 1-4 4h-5.5L16 39l-4.5-11H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z'
const losange = 'M16 1 31 17 16 39 1 17z'
const rond = 'M16 2a13 13 0 0 1 4 25.4L16 39l-4-11.6A13 13 0 0 1 16 2z'
const hexagone = 'M9 2h14l8 13-7 12h-4l-4 12-4-12H8L1 15z'

const dessins: Record<Genre, Dessin> = {
  ouvert: { corps: goutte, signe: 'm9.5 15.5 4.5 4.5 8.5-9' },
  rdv: { corps: carre, signe: 'M9 10h14v12H9zM9 14h14M12.5 8v3M19.5 8v3' },
  itinerant: { corps: hexagone, signe: 'M9 19v-8h9v8M18 14h3.5l2 2.5V19H9M12.5 20h.01M20.5 20h.01' },
  plus_tard: { corps: carre, signe: 'M16 8a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 11.5V15l2.5 2' },
  ferme: { corps: carre, signe: 'M10 15h12' },
  confirmer: { corps: losange, signe: 'M12.8 13a3.3 3.3 0 1 1 5 2.8c-1.2.8-1.8 1.4-1.8 2.7M16 22.5h.01' },
  inconnu: { corps: rond, signe: 'M10.5 15h.01M16 15h.01M21.5 15h.01' },
}

const SVG = 'http://www.w3.org/2000/svg'

function svg(nom: string, attributs: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, nom)
  for (const [cle, valeur] of Object.entries(attributs)) element.setAttribute(cle, valeur)
  return element
}

/** The drawing of a state, for a pin or the legend. */
export function dessin(genre: Genre): SVGElement {
  const { corps, signe } = dessins[genre]
  const image = svg('svg', { viewBox: '0 0 32 40', 'aria-hidden': 'true', focusable: 'false', class: 'epingle-dessin' })
  image.append(svg('path', { class: 'epingle-corps', d: corps }), svg('path', { class: 'epingle-signe', d: signe }))
  return image
}

/** A pin: a button when it leads to a card of the list, an image otherwise. */
export function composeEpingle(lieu: Lieu, mene: boolean): HTMLElement {
  const pin = document.createElement(mene ? 'button' : 'span')
  if (mene) pin.setAttribute('type', 'button')
  else pin.setAttribute('role', 'img')
  pin.className = `epingle epingle-${lieu.genre}`
  pin.classList.toggle('epingle-muette', lieu.muet)
  pin.classList.toggle('epingle-approximative', lieu.approximatif)
  pin.setAttribute('aria-label', nomParle(lieu))
  pin.title = lieu.nom
  pin.append(dessin(lieu.genre))
  return pin
}

export function composeGroupe(nombre: number): HTMLElement {
  const bouton = document.createElement('button')
  bouton.type = 'button'
  bouton.className = 'groupe'
  bouton.setAttribute('aria-label', nomDuGroupe(nombre))
  bouton.textContent = String(nombre)
  return bouton
}

export function composeDepart(nom: string): HTMLElement {
  const depart = document.createElement('span')
  depart.className = 'depart'
  depart.setAttribute('role', 'img')
  depart.setAttribute('aria-label', nom)
  depart.title = nom
  return depart
}
