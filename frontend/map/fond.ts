// Draws the territory's own base map: sand and paper, borders, rivers. Colours
// come from the style sheet, so that dark mode and forced colours follow.
import { LayerGroup, Polygon, Polyline, type Map as Carte } from 'leaflet'
import { assembler, decoder, type DocumentFond, type Ligne, type Point } from './contours'

// The rivers' lines are a kilometre off in places: so near, they would put a
// place on the wrong bank.
const ZOOM_SANS_RIVIERE = 13

/** Adds the drawing under everything else, in a pane of its own. */
export function dessiner(carte: Carte, fond: DocumentFond): LayerGroup {
  const pane = 'fond'
  const cadre = carte.createPane(pane)
  cadre.style.zIndex = '150'
  const approcher = () => cadre.classList.toggle('fond-proche', carte.getZoom() >= ZOOM_SANS_RIVIERE)
  carte.on('zoomend', approcher)
  approcher()
  const arcs = fond.arcs.map((a) => decoder(a, fond.echelle))
  const trait = (lignes: Point[][], className: string) =>
    new Polyline(lignes, { pane, interactive: false, className, smoothFactor: 0.8 })
  const deRang = (rang: number) => arcs.filter((_, i) => fond.rangs[i] === rang)
  const lignes = (l: Ligne[] | null) => (l ?? []).map((ligne) => decoder(ligne, fond.echelle))
  return new LayerGroup([
    new Polygon(assembler(fond.departement, arcs), { pane, interactive: false, className: 'fond-terre', stroke: false }),
    trait(lignes(fond.limites), 'fond-limite-voisine'),
    trait(deRang(2), 'fond-limite-commune'),
    trait(deRang(1), 'fond-limite-epci'),
    trait((fond.rivieres ?? []).flatMap((r) => lignes(r.lignes)), 'fond-riviere'),
    trait(deRang(0), 'fond-limite-departement'),
  ]).addTo(carte)
}
