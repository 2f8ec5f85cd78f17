// "Autour de moi": searches from the browser's position, rounded here so that
// nobody else ever learns it more closely than 100 metres or so.

/** Degrees with three decimals: 111 metres of latitude, 80 of longitude in France. */
export const arrondir = (degres: number): string => {
  const texte = degres.toFixed(3)
  return texte === '-0.000' ? '0.000' : texte
}

/** The address of the search: the form's other fields, the position instead of the typed place. */
export function adresseAutour(action: string, champs: Iterable<[string, string]>, lat: number, lon: number): string {
  const adresse = new URL(action)
  adresse.search = ''
  adresse.hash = ''
  for (const [nom, valeur] of champs) {
    if (valeur !== '' && nom !== 'q' && nom !== 'lat' && nom !== 'lon') adresse.searchParams.append(nom, valeur)
  }
  adresse.searchParams.set('lat', arrondir(lat))
  adresse.searchParams.set('lon', arrondir(lon))
  return adresse.href
}

const REFUS = 1
const DELAI = 3

/** What to say for a GeolocationPositionError's code. */
export function messagePosition(code: number): string {
  if (code === REFUS) return 'Votre appareil n’a pas donné votre position. Écrivez plutôt votre commune.'
  if (code === DELAI) return 'Votre position met trop de temps à venir. Écrivez plutôt votre commune.'
  return 'Votre appareil ne trouve pas votre position. Écrivez plutôt votre commune.'
}

const champsDe = (formulaire: HTMLFormElement): [string, string][] =>
  Array.from(new FormData(formulaire).entries(), ([nom, valeur]): [string, string] => [nom, String(valeur)])

function chercher(bouton: HTMLButtonElement, formulaire: HTMLFormElement, etat: Element | null): void {
  if (bouton.getAttribute('aria-busy') === 'true') return
  const dire = (texte: string) => etat && (etat.textContent = texte)
  bouton.setAttribute('aria-busy', 'true')
  dire('Nous cherchons votre position…')
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      dire('Position trouvée. Voici les lieux…')
      const { latitude, longitude } = coords
      location.assign(adresseAutour(formulaire.action, champsDe(formulaire), latitude, longitude))
    },
    (erreur) => {
      bouton.removeAttribute('aria-busy')
      dire(messagePosition(erreur.code))
      if (document.activeElement === bouton) formulaire.querySelector<HTMLInputElement>('input[name="q"]')?.focus()
    },
    { enableHighAccuracy: false, timeout: 10_000, maximumAge: 60_000 },
  )
}

export function installAutour(racine: ParentNode): void {
  if (!window.isSecureContext || !('geolocation' in navigator)) return
  for (const bouton of racine.querySelectorAll<HTMLButtonElement>('button[data-autour]')) {
    const formulaire = bouton.form
    if (!formulaire) continue
    bouton.hidden = false
    bouton.addEventListener('click', () => chercher(bouton, formulaire, formulaire.querySelector('[data-autour-etat]')))
  }
  // Coming back with the browser's arrow may restore the page as it was left.
  window.addEventListener('pageshow', () => {
    for (const bouton of racine.querySelectorAll('[data-autour][aria-busy]')) bouton.removeAttribute('aria-busy')
    for (const etat of racine.querySelectorAll('[data-autour-etat]')) etat.textContent = ''
  })
}
