// Suggestions under the search field. The form works without them, and
// choosing one only fills the field.
import { completer, type Suggestion } from './api'
import { annonce, ferme, merite, precisionDe, presser, recevoir, valeurDe, type Etat } from './completion-etat'

const DELAI = 150 // milliseconds after the last key

class Completion {
  private etat: Etat = ferme
  private minuteur = 0
  private demande: AbortController | undefined
  private readonly liste = document.createElement('ul')
  private readonly statut = document.createElement('span')

  constructor(private readonly champ: HTMLInputElement, private readonly id: string) {
    this.compose()
    champ.addEventListener('input', () => this.plan())
    champ.addEventListener('keydown', (e) => this.press(e))
    champ.addEventListener('blur', () => this.close())
    this.liste.addEventListener('pointerdown', (e) => e.preventDefault()) // the field keeps the focus
    this.liste.addEventListener('mousedown', (e) => e.preventDefault())
    this.liste.addEventListener('click', (e) => {
      const option = (e.target as Element).closest('[role="option"]')
      const choisi = option && this.etat.options[Array.from(this.liste.children).indexOf(option)]
      if (choisi) this.choose(choisi)
    })
  }

  private compose(): void {
    const { champ, liste, statut } = this
    const cadre = document.createElement('div')
    const actif = document.activeElement === champ
    cadre.className = 'completion'
    champ.before(cadre)
    cadre.append(champ, liste, statut)
    if (actif) champ.focus()
    liste.id = `${this.id}-liste`
    liste.className = 'completion-liste'
    liste.hidden = true
    liste.setAttribute('role', 'listbox')
    liste.setAttribute('aria-label', 'Communes proposées')
    statut.className = 'invisible'
    statut.setAttribute('role', 'status')
    champ.setAttribute('role', 'combobox')
    champ.setAttribute('aria-autocomplete', 'list')
    champ.setAttribute('aria-expanded', 'false')
    champ.setAttribute('aria-controls', liste.id)
    champ.setAttribute('autocomplete', 'off')
  }

  private plan(): void {
    clearTimeout(this.minuteur)
    this.demande?.abort()
    if (!merite(this.champ.value)) return this.set(ferme)
    this.minuteur = window.setTimeout(() => void this.ask(), DELAI)
  }

  private async ask(): Promise<void> {
    const demande = new AbortController()
    this.demande = demande
    try {
      const options = await completer(this.champ.dataset.completion ?? '', this.champ.value.trim(), demande.signal)
      if (!demande.signal.aborted && document.activeElement === this.champ) this.set(recevoir(options))
    } catch {
      if (!demande.signal.aborted) this.set(ferme) // suggestions are a comfort: the form still answers
    }
  }

  private press(e: KeyboardEvent): void {
    if (e.isComposing || e.ctrlKey || e.metaKey) return
    const suite = presser(this.etat, e.key, e.altKey)
    if (!suite) return
    e.preventDefault()
    if (suite.choisi) this.choose(suite.choisi)
    else this.set(suite.etat)
  }

  private choose(choisi: Suggestion): void {
    this.champ.value = valeurDe(choisi, this.etat.options)
    this.close()
    this.champ.focus()
    this.champ.dispatchEvent(new Event('change', { bubbles: true })) // as if it had been typed
  }

  private close(): void {
    clearTimeout(this.minuteur)
    this.demande?.abort()
    this.set(ferme)
  }

  private set(etat: Etat): void {
    const nouvelles = etat.options !== this.etat.options
    this.etat = etat
    if (nouvelles) {
      this.liste.textContent = ''
      this.liste.append(...etat.options.map((o, i) => this.option(o, i)))
      this.statut.textContent = annonce(etat)
    }
    this.liste.hidden = !etat.ouvert
    this.champ.setAttribute('aria-expanded', String(etat.ouvert))
    Array.from(this.liste.children).forEach((li, i) => li.setAttribute('aria-selected', String(i === etat.actif)))
    const lit = this.liste.children[etat.actif]
    if (lit) {
      this.champ.setAttribute('aria-activedescendant', lit.id)
      lit.scrollIntoView({ block: 'nearest' })
    } else this.champ.removeAttribute('aria-activedescendant')
  }

  private option(o: Suggestion, i: number): HTMLLIElement {
    const li = document.createElement('li')
    li.id = `${this.id}-option-${i}`
    li.setAttribute('role', 'option')
    const precision = document.createElement('span')
    precision.className = 'completion-precision'
    precision.textContent = precisionDe(o)
    li.append(`${o.nom} `, precision)
    return li
  }
}

export function installCompletion(racine: ParentNode): void {
  racine.querySelectorAll<HTMLInputElement>('input[data-completion]').forEach((champ, i) => {
    new Completion(champ, champ.id || `completion-${i}`)
  })
}
