// Small gestures that need a script: print, copy, share. Their buttons are
// hidden in the page until the browser can do it.

const boutons = (racine: ParentNode, attribut: string) => racine.querySelectorAll<HTMLElement>(`[${attribut}]`)

/** Where a button says what it did: the status beside it, or one made for it. */
function statutDe(bouton: HTMLElement): Element {
  const voisin = bouton.parentElement?.querySelector('[data-copie-etat], [role="status"]')
  if (voisin) return voisin
  const statut = document.createElement('span')
  statut.setAttribute('role', 'status')
  bouton.after(statut)
  return statut
}

async function copier(texte: string, bouton: HTMLElement): Promise<void> {
  const statut = statutDe(bouton)
  statut.textContent = ''
  try {
    await navigator.clipboard.writeText(texte)
    statut.textContent = 'Copié'
  } catch {
    statut.textContent = 'Votre navigateur n’a pas voulu copier. Sélectionnez le texte à la main.'
  }
}

function installImprimer(racine: ParentNode): void {
  for (const bouton of boutons(racine, 'data-imprimer')) {
    bouton.hidden = false
    bouton.addEventListener('click', () => window.print())
  }
}

/** What a button copies: the text of a field, or that of a piece of the page. */
const texteDe = (source: HTMLElement): string =>
  (source instanceof HTMLTextAreaElement || source instanceof HTMLInputElement ? source.value : source.innerText).trim()

/** Gives their gesture to the buttons that copy; once to each. */
export function installCopier(racine: ParentNode): void {
  if (!navigator.clipboard) return
  for (const bouton of boutons(racine, 'data-copier')) {
    const source = document.querySelector<HTMLElement>(bouton.dataset.copier ?? '')
    if (!source || !bouton.hidden) continue
    bouton.hidden = false
    bouton.addEventListener('click', () => void copier(texteDe(source), bouton))
  }
}

function installPartager(racine: ParentNode): void {
  const partage = typeof navigator.share === 'function'
  if (!partage && !navigator.clipboard) return
  for (const bouton of boutons(racine, 'data-partager')) {
    bouton.hidden = false
    bouton.addEventListener('click', () => void partager(bouton, partage))
  }
}

async function partager(bouton: HTMLElement, partage: boolean): Promise<void> {
  const url = document.querySelector<HTMLLinkElement>('link[rel="canonical"]')?.href ?? location.href
  if (!partage) return copier(url, bouton)
  try {
    await navigator.share({ title: document.title, url })
  } catch (erreur) {
    if ((erreur as DOMException).name !== 'AbortError') await copier(url, bouton) // closed on purpose: nothing to say
  }
}

export function installGestes(racine: ParentNode): void {
  installImprimer(racine)
  installCopier(racine)
  installPartager(racine)
}
