// In a frame of another site's page: tells that page how high the content is, and
// the visitor why a position cannot be given there. What is sent is only a
// number, to whoever frames: there is nothing to hide in it.

/** Of the contract of v1 (docs/widget.md): never changed, only added to. */
export interface MessageHauteur {
  type: 'adeuxpas:hauteur'
  version: 1
  hauteur: number // CSS pixels, whole
}

const sansObservateur = 500 // milliseconds between two looks, where heights cannot be observed

/** The height of the content, whatever that of the window. */
const mesurer = (corps: HTMLElement): number => Math.max(corps.scrollHeight, Math.ceil(corps.getBoundingClientRect().height))

function annoncer(): void {
  let dite = 0
  const dire = (encore: boolean) => {
    const hauteur = mesurer(document.body)
    if (hauteur === dite && !encore) return
    dite = hauteur
    const message: MessageHauteur = { type: 'adeuxpas:hauteur', version: 1, hauteur }
    window.parent.postMessage(message, '*')
  }
  if ('ResizeObserver' in window) new ResizeObserver(() => dire(false)).observe(document.body)
  else setInterval(dire, sansObservateur, false)
  window.addEventListener('pageshow', () => dire(true)) // back from the browser's own memory too
  dire(true)
}

/** Without https all the way up, browsers give no position: the commune is asked instead. */
function direOu(racine: ParentNode): void {
  for (const etat of racine.querySelectorAll('[data-autour-etat]')) {
    etat.textContent = 'Écrivez où vous êtes : votre position ne peut pas servir ici, car ce site n’est pas en https.'
  }
}

export function installEncart(racine: Document): void {
  if (window.parent === window || racine.documentElement.dataset.encart === undefined) return
  annoncer()
  if (!window.isSecureContext) direOu(racine)
}
