// Putting a place on the map: the point follows a touch, a drag, or the middle
// of the map for those who move it with the keyboard; the two fields of the
// form hold it, and are what is sent.
import { DivIcon, Marker, type LatLng, type Map as Carte } from 'leaflet'

const chiffres = 6 // decimals of a degree: 11 cm

/** Lets the map of the section set the fields lat and lon of a form. */
export function installDeplacement(carte: Carte, section: HTMLElement, form: HTMLFormElement): void {
  const lat = form.elements.namedItem('lat')
  const lon = form.elements.namedItem('lon')
  if (!(lat instanceof HTMLInputElement) || !(lon instanceof HTMLInputElement)) return
  const icone = new DivIcon({ className: 'point-mobile', html: '<svg viewBox="0 0 32 40" width="40" height="50" aria-hidden="true"><path d="M16 1C8 1 2 7 2 15c0 10 14 24 14 24s14-14 14-24C30 7 24 1 16 1z"/></svg>', iconSize: [40, 50], iconAnchor: [20, 50] })
  let point: Marker | undefined
  const poser = (ou: LatLng) => {
    if (point) point.setLatLng(ou)
    else {
      point = new Marker(ou, { icon: icone, draggable: true, keyboard: false, title: 'Le lieu' }).addTo(carte)
      point.on('dragend', () => noter(point!.getLatLng()))
    }
  }
  const noter = (ou: LatLng) => {
    lat.value = ou.lat.toFixed(chiffres)
    lon.value = ou.lng.toFixed(chiffres)
    etat.textContent = `Point placé : ${lat.value.replace('.', ',')} ; ${lon.value.replace('.', ',')}. Pensez à enregistrer.`
    poser(ou)
  }
  const lire = () => {
    const ou: [number, number] = [Number(lat.value.replace(',', '.')), Number(lon.value.replace(',', '.'))]
    if (!lat.value || !lon.value || !ou.every(Number.isFinite)) return false
    carte.setView(ou, Math.max(carte.getZoom() || 0, 16), { animate: false })
    poser(carte.getCenter())
    return true
  }
  const etat = document.createElement('p')
  etat.setAttribute('role', 'status')
  const milieu = document.createElement('button')
  milieu.type = 'button'
  milieu.className = 'bouton second'
  milieu.textContent = 'Mettre le point au milieu de la carte'
  milieu.addEventListener('click', () => noter(carte.getCenter()))
  section.after(milieu, etat)
  if (!lire() && section.dataset.centreLat && section.dataset.centreLon) {
    carte.setView([Number(section.dataset.centreLat), Number(section.dataset.centreLon)], 13, { animate: false })
  }
  lat.addEventListener('change', lire)
  lon.addEventListener('change', lire)
  carte.on('click', (e) => noter((e as unknown as { latlng: LatLng }).latlng))
  for (const aide of Array.from(document.querySelectorAll<HTMLElement>('[data-avec-carte]'))) aide.hidden = false
}
