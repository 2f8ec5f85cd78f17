// What people will read of the hours, while they are typed. The form does all
// of it without a script; this only spares the "Voir" button.
import { demanderApercu } from '../../api'

const DELAI = 450 // milliseconds after the last change

/** Whether something is typed in the rows of a day. */
export const garni = (valeurs: readonly string[]): boolean => valeurs.some((v) => v.trim() !== '')

class Apercu {
  private minuteur = 0
  private demande: AbortController | undefined

  constructor(private readonly form: HTMLFormElement, private readonly ici: HTMLElement, private readonly adresse: string) {
    form.addEventListener('input', () => this.plan())
    form.addEventListener('change', () => this.plan())
    form.querySelectorAll<HTMLElement>('[data-sans-script]').forEach((e) => (e.hidden = true))
  }

  private plan(): void {
    clearTimeout(this.minuteur)
    this.minuteur = window.setTimeout(() => void this.ask(), DELAI)
  }

  private async ask(): Promise<void> {
    this.demande?.abort()
    const demande = new AbortController()
    this.demande = demande
    const champs = new URLSearchParams()
    new FormData(this.form).forEach((valeur, nom) => {
      if (typeof valeur === 'string') champs.append(nom, valeur)
    })
    try {
      const texte = await demanderApercu(this.adresse, champs, demande.signal)
      if (texte !== this.ici.innerHTML) this.ici.innerHTML = texte
    } catch {
      if (demande.signal.aborted) return
      this.ici.textContent = 'L’aperçu ne répond pas. Ce que vous écrivez n’est pas perdu.'
    }
  }
}

/** "Fermé" shows on a day only as long as nothing is typed in it. */
function suivreJours(form: HTMLFormElement): void {
  form.querySelectorAll<HTMLElement>('.jour').forEach((jour) => {
    const ferme = jour.querySelector('.jour-ferme')
    if (!ferme) return
    jour.addEventListener('input', () => {
      const champs = Array.from(jour.querySelectorAll<HTMLInputElement>('input.heure'))
      ferme.classList.toggle('cache', garni(champs.map((c) => c.value)))
    })
  })
}

export function installHoraires(racine: ParentNode): void {
  const form = racine.querySelector<HTMLFormElement>('form[data-apercu]')
  const ici = form?.querySelector<HTMLElement>('[data-apercu-ici]')
  if (!form || !ici || !form.dataset.apercu) return
  new Apercu(form, ici, form.dataset.apercu)
  suivreJours(form)
}
