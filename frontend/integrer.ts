// The generator: the preview and the lines follow what is chosen. Without this
// script its form does the same, one page at a time.
import { lirePage } from './api'
import { installCopier } from './gestes'

const APRES_CHOIX = 150 // milliseconds after a choice
const APRES_TOUCHE = 800 // milliseconds after the last key of a number or a colour

/** What the page of the choices gives anew. */
const parties = ['fautes', 'choix', 'apercu', 'lignes'].map((nom) => `[data-partie="${nom}"]`)

class Generateur {
  private minuteur = 0
  private demande: AbortController | undefined
  /** What each part was last given. */
  private readonly recus = new Map<string, string>()

  constructor(private readonly racine: HTMLElement, private readonly formulaire: HTMLFormElement) {
    for (const partie of parties) this.recus.set(partie, racine.querySelector(partie)?.innerHTML ?? '')
    formulaire.addEventListener('change', (e) => {
      this.seul(e.target)
      this.plan(APRES_CHOIX)
    })
    formulaire.addEventListener('input', (e) => {
      if (e.target instanceof HTMLInputElement && e.target.type === 'text' && e.target.id !== 'commune') this.plan(APRES_TOUCHE)
    })
    formulaire.addEventListener('submit', (e) => {
      e.preventDefault()
      clearTimeout(this.minuteur)
      void this.montrer().then((juste) => (juste ? document.getElementById('suite') : formulaire)?.scrollIntoView({ block: 'start' }))
    })
  }

  /** A commune or an EPCI: to choose one empties the other. */
  private seul(cible: EventTarget | null): void {
    const commune = this.formulaire.querySelector<HTMLInputElement>('#commune')
    const epci = this.formulaire.querySelector<HTMLSelectElement>('#epci')
    if (!commune || !epci) return
    if (cible === commune && commune.value.trim()) epci.value = ''
    if (cible === epci && epci.value) commune.value = ''
  }

  private plan(delai: number): void {
    clearTimeout(this.minuteur)
    this.minuteur = window.setTimeout(() => void this.montrer(), delai)
  }

  private adresse(): string {
    const choix = new URLSearchParams()
    new FormData(this.formulaire).forEach((valeur, nom) => {
      if (typeof valeur === 'string' && valeur.trim()) choix.append(nom, valeur.trim())
    })
    const suite = choix.toString()
    return this.formulaire.action + (suite && `?${suite}`)
  }

  /** Asks the page of the choices, and takes what it says into this one; whether the choices are right. */
  private async montrer(): Promise<boolean> {
    this.demande?.abort()
    const demande = new AbortController()
    this.demande = demande
    const adresse = this.adresse()
    try {
      const texte = await lirePage(adresse, demande.signal)
      if (demande.signal.aborted) return false
      const nouvelle = new DOMParser().parseFromString(texte, 'text/html')
      history.replaceState(null, '', adresse)
      document.title = nouvelle.title
      return this.prendre(nouvelle)
    } catch {
      if (!demande.signal.aborted) this.dire('Le service ne répond pas. Touchez « Montrer » pour recommencer.')
      return false
    }
  }

  private prendre(nouvelle: Document): boolean {
    for (const partie of parties) this.remplacer(nouvelle, partie)
    const champs = nouvelle.querySelectorAll('[data-champ]')
    this.formulaire.querySelectorAll('[data-champ]').forEach((champ, i) => accorder(champ, champs[i]))
    installCopier(this.racine.querySelector('[data-partie="lignes"]') ?? this.racine)
    const cadre = this.racine.querySelector<HTMLIFrameElement>('[data-partie="apercu"] iframe')
    const faute = this.formulaire.querySelector('.fautes li')
    this.dire(cadre ? `${cadre.title}. Les lignes à copier sont prêtes.` : faute?.textContent ?? '')
    return cadre !== null
  }

  /** Takes a part of the new page, unless it is the same: a frame does not load twice. */
  private remplacer(nouvelle: Document, partie: string): void {
    const ici = this.racine.querySelector(partie)
    const la = nouvelle.querySelector(partie)
    if (!ici || !la || this.recus.get(partie) === la.innerHTML) return
    this.recus.set(partie, la.innerHTML)
    la.querySelectorAll('[role="alert"]').forEach((e) => e.removeAttribute('role')) // the live region speaks
    ici.replaceChildren(...Array.from(la.childNodes, (n) => document.importNode(n, true)))
  }

  private dire(texte: string): void {
    const etat = this.racine.querySelector('[data-integrer-etat]')
    if (etat && etat.textContent !== texte) etat.textContent = texte
  }
}

/** Gives a field the fault that the new page finds in it, or none. */
function accorder(champ: Element, nouveau: Element | undefined): void {
  champ.querySelector('.faute')?.remove()
  const faute = nouveau?.querySelector('.faute')
  const saisie = champ.matches('fieldset') ? champ : champ.querySelector('input, select')
  saisie?.removeAttribute('aria-invalid')
  saisie?.removeAttribute('aria-describedby')
  if (!faute || !saisie) return
  if (!champ.matches('fieldset')) saisie.setAttribute('aria-invalid', 'true')
  saisie.setAttribute('aria-describedby', faute.id)
  const etiquette = champ.querySelector('label:not(.case), legend')
  if (etiquette) etiquette.after(faute)
  else champ.prepend(faute)
}

/** The browser's palette beside the code of a colour, for who knows no code. */
function installNuancier(formulaire: HTMLFormElement): void {
  const code = formulaire.querySelector<HTMLInputElement>('#accent')
  const nuancier = formulaire.querySelector<HTMLInputElement>('[data-nuancier]')
  if (!code || !nuancier) return
  const suivre = () => {
    const lu = /^#?([0-9a-f]{6})$/i.exec(code.value.trim())
    if (lu) nuancier.value = `#${lu[1]}`
  }
  suivre()
  code.addEventListener('input', suivre)
  nuancier.addEventListener('change', () => (code.value = nuancier.value)) // then that of the form, which shows it
  nuancier.hidden = false
}

const racine = document.querySelector<HTMLElement>('[data-integrer]')
const formulaire = racine?.querySelector<HTMLFormElement>('[data-integrer-choix]')
if (racine && formulaire) {
  installNuancier(formulaire)
  new Generateur(racine, formulaire)
}
