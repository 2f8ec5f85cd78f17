// The State's map over the outlines, when it can be reached.
import { TileLayer, type Map as Carte } from 'leaflet'
import { DELAI_TUILES, Suivi, type Verdict } from './suivi'

/** Adds the tiles; takes them away for good when they do not come. Says when the choice is made or changes. */
export function poserTuiles(carte: Carte, modele: string, attribution: string, dire: (verdict: Verdict) => void): void {
  const suivi = new Suivi()
  let dernier: Verdict = 'attendre'
  const couche = new TileLayer(modele, { attribution, maxZoom: 18, maxNativeZoom: 18, keepBuffer: 1, updateWhenIdle: true, className: 'tuiles' })
  const suivre = (verdict: Verdict) => {
    if (verdict === dernier) return
    dernier = verdict
    if (verdict === 'retirer') {
      clearTimeout(minuteur)
      couche.remove()
      couche.off()
    }
    dire(verdict)
  }
  const minuteur = setTimeout(() => suivre(suivi.delaiPasse()), DELAI_TUILES)
  couche.on('tileload', () => suivre(suivi.chargee()))
  couche.on('tileerror', () => suivre(suivi.echouee()))
  couche.addTo(carte)
}
