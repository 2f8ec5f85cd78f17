// The page to try the API: the answer shows where it was asked, with its
// headers and the command that asks the same. Without it each form opens the
// answer as it is.
import { type Essai, essayer } from './api'

const longueurMax = 200_000 // characters shown: a whole file would freeze a phone

/** The address that a form asks for; a value left empty is not sent. */
export function adresseDe(chemin: string, champs: Iterable<[string, string]>): string {
  const demande = new URLSearchParams()
  let adresse = chemin
  for (const [nom, valeur] of champs) {
    if (nom === 'operation' || valeur.trim() === '') continue
    if (adresse.includes(`{${nom}}`)) adresse = adresse.replace(`{${nom}}`, encodeURIComponent(valeur.trim()))
    else demande.append(nom, valeur.trim())
  }
  const suite = demande.toString()
  return suite ? `${adresse}?${suite}` : adresse
}

/** JSON indented; anything else as it is. */
export function presenter(genre: string, texte: string): string {
  let joli = texte
  if (/json/.test(genre)) {
    try {
      joli = JSON.stringify(JSON.parse(texte), null, 2)
    } catch {
      // shown as it came
    }
  }
  return joli.length > longueurMax ? `${joli.slice(0, longueurMax)}\n… (${joli.length - longueurMax} signes de plus)` : joli
}

/** A shell's single quotes hold anything but themselves. */
export const commande = (adresse: string): string => `curl -s '${adresse.replace(/'/g, "'\\''")}'`

function montrer(section: Element, essai: Essai): void {
  const dans = (attribut: string) => section.querySelector(`[${attribut}]`)
  const reponse = section.querySelector<HTMLElement>('[data-reponse]')
  if (reponse) reponse.hidden = false
  const dire = (attribut: string, texte: string) => {
    const element = dans(attribut)
    if (element) element.textContent = texte
  }
  dire('data-statut', `${essai.statut} ${essai.statut < 400 ? 'Réussi' : 'Refusé'}, en ${Math.round(essai.duree)} ms, ${essai.octets} octets`)
  dire('data-entetes', essai.entetes.map(([nom, valeur]) => `${nom}: ${valeur}`).join('\n'))
  dire('data-corps', presenter(essai.genre, essai.texte))
}

/** The address of what stands in a form; the command beside it asks the same. */
function composer(form: HTMLFormElement, section: Element): string {
  const racine = document.querySelector<HTMLAnchorElement>('a.marque')?.href.replace(/\/$/, '') ?? ''
  const champs = [...new FormData(form)].map(([nom, valeur]): [string, string] => [nom, String(valeur)])
  const adresse = racine + adresseDe(form.dataset.essai ?? '', champs)
  const curl = section.querySelector('.curl code')
  if (curl) curl.textContent = commande(adresse)
  return adresse
}

async function demander(form: HTMLFormElement, section: Element): Promise<void> {
  const adresse = composer(form, section)
  const bouton = form.querySelector('button')
  bouton?.setAttribute('aria-busy', 'true')
  try {
    montrer(section, await essayer(adresse))
  } catch {
    const statut = section.querySelector('[data-statut]')
    const reponse = section.querySelector<HTMLElement>('[data-reponse]')
    if (reponse) reponse.hidden = false
    if (statut) statut.textContent = 'Pas de réponse : vérifiez votre connexion, puis recommencez.'
  } finally {
    bouton?.removeAttribute('aria-busy')
  }
}

export function installEssai(racine: ParentNode): void {
  for (const form of racine.querySelectorAll<HTMLFormElement>('form[data-essai]')) {
    const section = form.closest('section')
    if (!section) continue
    form.addEventListener('input', () => composer(form, section))
    form.addEventListener('submit', (evenement) => {
      evenement.preventDefault()
      void demander(form, section)
    })
  }
}

if (typeof document !== 'undefined') installEssai(document)
