// Drafts: what is typed in a form marked data-brouillon stays in this browser,
// under the account that types it, until the form is sent and accepted. A lost
// connection or an expired session loses nothing. A draft keeps what the page
// said when it was begun: only what its author changed comes back.

const prefixe = 'adeuxpas-brouillon/'

type Valeurs = [string, string][]

interface Brouillon {
  le: number // milliseconds since 1970
  version: string // of the place that the page showed, '' for none
  depart: Valeurs // what the page said when it was begun
  valeurs: Valeurs
}

// What a form must never bring back: the seal, the version and the key are
// those of the page that is shown.
const exclus = new Set(['sceau', 'version', 'cle'])

function lireValeurs(form: HTMLFormElement): Valeurs {
  const valeurs: Valeurs = []
  new FormData(form).forEach((valeur, nom) => {
    if (typeof valeur === 'string' && !exclus.has(nom)) valeurs.push([nom, valeur])
  })
  return valeurs
}

const lireVersion = (form: HTMLFormElement): string => String(new FormData(form).get('version') ?? '')

function parNom(valeurs: Valeurs): Map<string, string[]> {
  const noms = new Map<string, string[]>()
  for (const [nom, valeur] of valeurs) noms.set(nom, [...(noms.get(nom) || []), valeur])
  return noms
}

const memes = (a: string[] = [], b: string[] = []): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The fields whose values are not those of the start: an emptied one has none. */
export function changes(depart: Valeurs, valeurs: Valeurs): Map<string, string[]> {
  const [avant, apres] = [parNom(depart), parNom(valeurs)]
  const noms = new Set([...avant.keys(), ...apres.keys()])
  return new Map([...noms].filter((nom) => !memes(avant.get(nom), apres.get(nom))).map((nom) => [nom, apres.get(nom) || []]))
}

/**
 * The start of a draft once the server has drawn its form again over a newer
 * version: what it shows otherwise than it was sent is what others wrote.
 */
export function redepart(b: { depart: Valeurs; valeurs: Valeurs }, montre: Valeurs): Valeurs {
  const autres = new Set(changes(b.valeurs, montre).keys())
  return [...b.depart.filter(([nom]) => !autres.has(nom)), ...montre.filter(([nom]) => autres.has(nom))]
}

function remettre(form: HTMLFormElement, changes: Map<string, string[]>) {
  const suites = new Map(Array.from(changes, ([nom, valeurs]) => [nom, [...valeurs]]))
  for (const champ of Array.from(form.elements)) {
    if (!('name' in champ) || !suites.has(champ.name as string)) continue
    if (champ instanceof HTMLInputElement && (champ.type === 'checkbox' || champ.type === 'radio')) {
      champ.checked = (changes.get(champ.name) || []).includes(champ.value)
    } else if ((champ instanceof HTMLInputElement && champ.type !== 'hidden') || champ instanceof HTMLTextAreaElement || champ instanceof HTMLSelectElement) {
      const valeur = suites.get(champ.name)?.shift()
      if (valeur === undefined || valeur === champ.value) continue
      champ.value = valeur
      champ.dispatchEvent(new Event('input', { bubbles: true })) // as if typed: counters follow
    }
  }
  form.dispatchEvent(new Event('input', { bubbles: true }))
  remettreLignes(form, changes)
}

// Rows that were added and are not on the page any more: the form's button that
// only shows has the server draw them again.
function remettreLignes(form: HTMLFormElement, changes: Map<string, string[]>) {
  const voir = form.querySelector<HTMLButtonElement>('button[name="faire"][value="voir"]')
  const absents = Array.from(changes).filter(([nom, valeurs]) => !form.elements.namedItem(nom) && valeurs.some((v) => v !== ''))
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
    const lu = texte ? (JSON.parse(texte) as Brouillon) : undefined
    return lu && Array.isArray(lu.depart) && Array.isArray(lu.valeurs) ? lu : undefined
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
  bouton('La reprendre', 'bouton', () => remettre(form, changes(brouillon.depart, brouillon.valeurs)))
  bouton('L’effacer', 'bouton second', () => ecrire(cle, undefined))
  bloc.append(phrase, actions)
  form.before(bloc)
}

const horsReseau = 'Pas de réseau\u00a0: votre saisie est gardée dans cet appareil. Réessayez quand le réseau revient.'

/** Keeps people on the page while there is no network: what they typed is there. */
function retenir(form: HTMLFormElement) {
  form.addEventListener('submit', (e) => {
    form.querySelector('.hors-reseau')?.remove()
    if (navigator.onLine) return
    e.preventDefault()
    const avis = document.createElement('p')
    avis.className = 'avis hors-reseau'
    avis.setAttribute('role', 'alert')
    avis.textContent = horsReseau
    const bouton = e.submitter?.closest('p, .actions') ?? form.lastElementChild
    if (bouton && form.contains(bouton)) bouton.before(avis)
    else form.append(avis)
    avis.scrollIntoView({ block: 'nearest' })
  })
}

/** Where the draft of a form is: the same whether its page was opened or came back. */
const cleDe = (form: HTMLFormElement, compte: string): string => prefixe + compte + new URL(form.action).pathname + '#' + (form.dataset.brouillon || '')

/** Whether the draft says something that the page does not. */
function utile(garde: Brouillon, montre: Valeurs): boolean {
  const la = parNom(montre)
  return Array.from(changes(garde.depart, garde.valeurs)).some(([nom, valeurs]) => !memes(la.get(nom), valeurs))
}

function suivre(form: HTMLFormElement, compte: string, renvoi: boolean) {
  const cle = cleDe(form, compte)
  const version = lireVersion(form)
  const montre = lireValeurs(form)
  const garde = lire(cle)
  let depart = montre
  if (renvoi && garde) {
    // The page shows the newest text already: it is kept, nothing older is offered.
    depart = garde.version === version ? garde.depart : redepart(garde, montre)
    ecrire(cle, { le: Date.now(), version, depart, valeurs: montre })
  } else if (!renvoi && garde && utile(garde, montre)) {
    proposer(form, cle, garde)
  }
  const noter = () => {
    const valeurs = lireValeurs(form)
    ecrire(cle, changes(depart, valeurs).size ? { le: Date.now(), version, depart, valeurs } : undefined)
  }
  form.addEventListener('input', noter)
  retenir(form)
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
  const renvoi = racine.body.dataset.renvoi !== undefined
  racine.querySelectorAll<HTMLFormElement>('form[data-brouillon]').forEach((form) => suivre(form, compte, renvoi))
}
