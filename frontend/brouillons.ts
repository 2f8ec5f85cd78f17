// Drafts: what is typed in a form marked data-brouillon stays in this browser,
// under the account that types it, until the form is sent and accepted. A lost
// connection or an expired session loses nothing.

const prefixe = 'adeuxpas-brouillon/'

interface Brouillon {
  le: number // milliseconds since 1970
  valeurs: [string, string][]
}

// What a form must never bring back: the seal, the version and the key are
// those of the page that is shown.
const exclus = new Set(['sceau', 'version', 'cle'])

function lireValeurs(form: HTMLFormElement): [string, string][] {
  const valeurs: [string, string][] = []
  new FormData(form).forEach((valeur, nom) => {
    if (typeof valeur === 'string' && !exclus.has(nom)) valeurs.push([nom, valeur])
  })
  return valeurs
}

function remettre(form: HTMLFormElement, valeurs: [string, string][]) {
  const parNom = new Map<string, string[]>()
  for (const [nom, valeur] of valeurs) parNom.set(nom, [...(parNom.get(nom) || []), valeur])
  for (const champ of Array.from(form.elements)) {
    if (champ instanceof HTMLInputElement && (champ.type === 'checkbox' || champ.type === 'radio')) {
      champ.checked = (parNom.get(champ.name) || []).includes(champ.value)
    } else if ((champ instanceof HTMLInputElement && champ.type !== 'hidden') || champ instanceof HTMLTextAreaElement || champ instanceof HTMLSelectElement) {
      const suite = parNom.get(champ.name)
      const valeur = suite && suite.shift()
      if (valeur === undefined || valeur === champ.value) continue
      champ.value = valeur
      champ.dispatchEvent(new Event('input', { bubbles: true })) // as if typed: counters follow
    }
  }
  form.dispatchEvent(new Event('input', { bubbles: true }))
  remettreLignes(form, parNom)
}

// Rows that were added and are not on the page any more: the form's button that
// only shows has the server draw them again.
function remettreLignes(form: HTMLFormElement, parNom: Map<string, string[]>) {
  const voir = form.querySelector<HTMLButtonElement>('button[name="faire"][value="voir"]')
  const absents = Array.from(parNom).filter(([nom, valeurs]) => !form.elements.namedItem(nom) && valeurs.some((v) => v !== ''))
  if (!voir || !absents.length) return
  for (const [nom, valeurs] of absents) {
    for (const valeur of valeurs) {
      const cache = document.createElement('input')
      cache.type = 'hidden'
      cache.name = nom
      cache.value = valeur
      form.append(cache)
    }
  }
  form.requestSubmit(voir)
}

function lire(cle: string): Brouillon | undefined {
  try {
    const texte = localStorage.getItem(cle)
    return texte ? (JSON.parse(texte) as Brouillon) : undefined
  } catch {
    return undefined // storage is refused, or holds something else
  }
}

function ecrire(cle: string, brouillon: Brouillon | undefined) {
  try {
    if (brouillon) localStorage.setItem(cle, JSON.stringify(brouillon))
    else localStorage.removeItem(cle)
  } catch {
    // No room, or storage is refused: the page works without drafts.
  }
}

function oublierTout() {
  try {
    for (const cle of Object.keys(localStorage)) if (cle.startsWith(prefixe)) localStorage.removeItem(cle)
  } catch {
    // Nothing was kept.
  }
}

function proposer(form: HTMLFormElement, cle: string, brouillon: Brouillon) {
  const bloc = document.createElement('div')
  bloc.className = 'avis brouillon'
  bloc.setAttribute('role', 'status')
  const quand = new Date(brouillon.le).toLocaleString('fr-FR', { day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' })
  const phrase = document.createElement('p')
  phrase.textContent = `Vous aviez commencé une modification le ${quand}, sans l’enregistrer.`
  const actions = document.createElement('div')
  actions.className = 'actions'
  const bouton = (texte: string, classe: string, faire: () => void) => {
    const b = document.createElement('button')
    b.type = 'button'
    b.className = classe
    b.textContent = texte
    b.addEventListener('click', () => {
      faire()
      bloc.remove()
    })
    actions.append(b)
  }
  bouton('La reprendre', 'bouton', () => remettre(form, brouillon.valeurs))
  bouton('L’effacer', 'bouton second', () => ecrire(cle, undefined))
  bloc.append(phrase, actions)
  form.before(bloc)
}

function suivre(form: HTMLFormElement, compte: string) {
  const cle = prefixe + compte + location.pathname + '#' + (form.dataset.brouillon || '')
  const depart = JSON.stringify(lireValeurs(form))
  const garde = lire(cle)
  if (garde && JSON.stringify(garde.valeurs) !== depart) proposer(form, cle, garde)
  form.addEventListener('input', () => {
    const valeurs = lireValeurs(form)
    ecrire(cle, JSON.stringify(valeurs) === depart ? undefined : { le: Date.now(), valeurs })
  })
}

/** Keeps the drafts of the page's forms, and forgets those that were saved. */
export function installBrouillons(racine: Document) {
  if (racine.querySelector('[data-oublier]')) oublierTout()
  const compte = racine.body.dataset.compte
  if (!compte) return
  // A page that says what was saved names the page whose draft is done with.
  const fait = racine.querySelector<HTMLElement>('[data-brouillon-fait]')
  if (fait && fait.dataset.brouillonFait) {
    const debut = prefixe + compte + fait.dataset.brouillonFait + '#'
    try {
      for (const cle of Object.keys(localStorage)) if (cle.startsWith(debut)) localStorage.removeItem(cle)
    } catch {
      // Nothing was kept.
    }
  }
  racine.querySelectorAll<HTMLFormElement>('form[data-brouillon]').forEach((form) => suivre(form, compte))
}
