// Brings the map after the list: by itself on a wide screen, when asked for on
// a phone and in the page of another site. Its code and styles are fetched only then.
import type * as Carte from './map/map'

const repos = (suite: () => void): void => {
  if ('requestIdleCallback' in window) window.requestIdleCallback(suite, { timeout: 2000 })
  else setTimeout(suite, 200)
}

const chargerStyles = (adresse: string): Promise<void> =>
  new Promise((fini, rate) => {
    const lien = document.createElement('link')
    lien.rel = 'stylesheet'
    lien.href = adresse
    lien.onload = () => fini()
    lien.onerror = () => rate(new Error(adresse))
    document.head.append(lien)
  })

async function charger(section: HTMLElement): Promise<void> {
  const { module = '', styles = '' } = section.dataset
  const [carte] = (await Promise.all([import(module), chargerStyles(styles)])) as [typeof Carte, void]
  await carte.openCarte(section)
}

async function montrer(section: HTMLElement, bouton: HTMLElement | null, demande: boolean): Promise<void> {
  bouton?.setAttribute('aria-busy', 'true')
  try {
    await charger(section)
    if (bouton) bouton.hidden = true
    if (demande) section.querySelector<HTMLElement>('.leaflet-container')?.focus({ preventScroll: false })
  } catch {
    if (!bouton) return
    bouton.hidden = false // asked again, it may come
    bouton.removeAttribute('aria-busy')
  }
}

export function installCarte(racine: ParentNode): void {
  const section = racine.querySelector<HTMLElement>('[data-carte]')
  if (!section?.dataset.module || !section.dataset.styles) return
  const bouton = section.querySelector<HTMLElement>('[data-voir-carte]')
  if (section.dataset.surDemande === undefined && window.matchMedia('(min-width: 1000px)').matches) {
    repos(() => void montrer(section, bouton, false))
  } else if (bouton) {
    bouton.hidden = false
  }
  bouton?.addEventListener('click', () => {
    if (bouton.getAttribute('aria-busy') !== 'true') void montrer(section, bouton, true)
  })
}
