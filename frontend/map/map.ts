// The map beside a list of places. It holds nothing that the list does not:
// outlines of the territory always, the State's map over them when it can be
// reached, a pin for each place of the list.
import { Control, DivIcon, LatLngBounds, Map as Carte, Marker, type LatLngTuple } from 'leaflet'
import { lireFond } from '../api'
import { composeDepart, dessin } from './epingles'
import type { DocumentFond } from './contours'
import { installDeplacement } from './deplacer'
import { dessiner } from './fond'
import { lireLieux, motsDesGenres, type Genre, type Lieu } from './lieux'
import { Marqueurs } from './marqueurs'
import { Noms } from './noms'
import { poserTuiles } from './tuiles'

// For one place alone: its quarter on the State's map; on the outlines, which
// know no street, its commune among its neighbours.
const ZOOM_TUILES = 14
const ZOOM_CONTOURS = 12

/** Builds the map in the section; the styles of map.css must be there. Fails when it cannot be built. */
export async function openCarte(section: HTMLElement): Promise<void> {
  const lieux = lireLieux([
    { selecteur: '#resultats', muet: false },
    { selecteur: '#passages', muet: true },
    { selecteur: '#muets', muet: true },
  ])
  const depart = lireDepart(section)
  const vue = composeVue(section)
  const carte = newCarte(vue)
  section.classList.add('carte-ouverte')
  const { tuiles = '', attribution = '', fond = '' } = section.dataset
  cadrer(carte, lieux, depart, tuiles ? ZOOM_TUILES : ZOOM_CONTOURS)
  let touchee = false
  carte.once('zoomstart movestart', () => (touchee = true))
  const marqueurs = new Marqueurs(carte, lieux)
  if (depart) poserDepart(carte, depart)
  marqueurs.draw()
  const form = section.dataset.deplacer ? document.querySelector<HTMLFormElement>(section.dataset.deplacer) : null
  if (form) installDeplacement(carte, section, form)
  else section.append(legende(lieux), fin())
  await poserFond(carte, fond, marqueurs)
  section.dataset.fondDeCarte = tuiles ? 'attente' : 'contours'
  if (!tuiles) return
  poserTuiles(carte, tuiles, echapper(attribution), (verdict) => {
    section.dataset.fondDeCarte = verdict === 'garder' ? 'tuiles' : 'contours'
    if (verdict === 'retirer' && !touchee) cadrer(carte, lieux, depart, ZOOM_CONTOURS)
  })
}

function lireDepart({ dataset }: HTMLElement): LatLngTuple | null {
  const depart: LatLngTuple = [Number(dataset.lat), Number(dataset.lon)]
  return dataset.lat && dataset.lon && depart.every(Number.isFinite) ? depart : null
}

function composeVue(section: HTMLElement): HTMLElement {
  const passer = document.createElement('a')
  passer.className = 'carte-passer'
  passer.href = '#apres-carte'
  passer.textContent = 'Passer la carte'
  const vue = document.createElement('div')
  vue.className = 'carte-vue'
  vue.setAttribute('role', 'group')
  vue.setAttribute('aria-label', 'Carte : flèches pour la déplacer, plus et moins pour l’agrandir ou la réduire')
  section.prepend(passer, vue)
  return vue
}

function newCarte(vue: HTMLElement): Carte {
  const immobile = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  const carte = new Carte(vue, {
    zoomControl: false,
    attributionControl: false,
    minZoom: 6,
    maxZoom: 18,
    scrollWheelZoom: false, // the wheel scrolls the page until the map is clicked or has the focus
    zoomAnimation: !immobile,
    fadeAnimation: !immobile,
    markerZoomAnimation: !immobile,
    inertia: !immobile,
  })
  carte.on('focus click', () => carte.scrollWheelZoom.enable())
  carte.on('blur', () => carte.scrollWheelZoom.disable())
  new Control.Zoom({ zoomInTitle: 'Agrandir la carte', zoomOutTitle: 'Réduire la carte', zoomOutText: '<span aria-hidden="true">−</span>' }).addTo(carte)
  new Control.Attribution({ prefix: 'Leaflet' }).addTo(carte)
  new Control.Scale({ position: 'topright', imperial: false, maxWidth: 120 }).addTo(carte)
  return carte
}

/** Shows the start and the results; the silent places only when there is nothing else. */
function cadrer(carte: Carte, lieux: readonly Lieu[], depart: LatLngTuple | null, maxZoom: number): void {
  const surs = lieux.filter((l) => !l.muet)
  const points = (surs.length ? surs : lieux).map((l): LatLngTuple => [l.lat, l.lon])
  if (depart) points.push(depart)
  if (points.length === 0) points.push([46.6, 2.4])
  carte.fitBounds(new LatLngBounds(points), { paddingTopLeft: [36, 56], paddingBottomRight: [36, 36], maxZoom, animate: false })
}

function poserDepart(carte: Carte, depart: LatLngTuple): void {
  const ici = new URLSearchParams(location.search).has('lat')
  const icon = new DivIcon({ html: composeDepart(ici ? 'Vous êtes ici' : 'Départ de votre recherche'), className: 'repere repere-depart', iconSize: [28, 28] })
  new Marker(depart, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(carte)
}

/** The outlines are a ground, not a condition: pins stand without them. */
async function poserFond(carte: Carte, adresse: string, marqueurs: Marqueurs): Promise<void> {
  let fond: DocumentFond
  try {
    fond = (await lireFond(adresse)) as DocumentFond
  } catch {
    return
  }
  dessiner(carte, fond)
  if (fond.attribution) carte.attributionControl.addAttribution(echapper(fond.attribution))
  const noms = new Noms(carte, fond, () => marqueurs.boites())
  const pane = carte.getPane('noms')!
  carte.on('zoomstart', () => pane.classList.add('noms-en-zoom'))
  carte.on('zoomend moveend resize', () => {
    noms.write()
    pane.classList.remove('noms-en-zoom')
  })
  await document.fonts?.ready // widths of names are those of the page's own face
  noms.write()
}

/** Each sign of the map beside its word; no more than are on it. */
function legende(lieux: readonly Lieu[]): HTMLElement {
  const liste = document.createElement('ul')
  liste.className = 'legende'
  liste.setAttribute('aria-label', 'Signes de la carte')
  const presents = new Set(lieux.map((l) => l.genre))
  for (const genre of Object.keys(motsDesGenres) as Genre[]) {
    if (!presents.has(genre)) continue
    const li = document.createElement('li')
    li.className = `epingle-${genre}`
    li.append(dessin(genre), ` ${motsDesGenres[genre]}`)
    liste.append(li)
  }
  return liste
}

function fin(): HTMLElement {
  const apres = document.createElement('span')
  apres.id = 'apres-carte'
  apres.tabIndex = -1
  return apres
}

function echapper(texte: string): string {
  const noeud = document.createElement('span')
  noeud.textContent = texte
  return noeud.innerHTML
}
