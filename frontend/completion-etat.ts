// What a list of suggestions does at each key, apart from any page: the
// combobox pattern of ARIA 1.2 with a list and manual selection.
import type { Suggestion } from './api'

/** Actif is the index of the lit option, -1 when none is. */
export interface Etat {
  options: Suggestion[]
  ouvert: boolean
  actif: number
}

export const ferme: Etat = { options: [], ouvert: false, actif: -1 }

export const recevoir = (options: Suggestion[]): Etat => ({ options, ouvert: options.length > 0, actif: -1 })

/** The state after a key, and the option that it chose; null when the key is none of the list's. */
export function presser(etat: Etat, touche: string, alt = false): { etat: Etat; choisi?: Suggestion } | null {
  const n = etat.options.length
  if (n === 0) return null
  if (!etat.ouvert) {
    if (touche !== 'ArrowDown' && touche !== 'ArrowUp') return null
    return { etat: { ...etat, ouvert: true, actif: alt ? -1 : touche === 'ArrowDown' ? 0 : n - 1 } }
  }
  const choisi = etat.options[etat.actif]
  switch (touche) {
    case 'ArrowDown':
      return { etat: { ...etat, actif: etat.actif + 1 < n ? etat.actif + 1 : -1 } }
    case 'ArrowUp':
      return { etat: { ...etat, actif: etat.actif < 0 ? n - 1 : etat.actif - 1 } }
    case 'Escape':
      return { etat: { ...etat, ouvert: false, actif: -1 } }
    case 'Enter':
      return choisi ? { etat: ferme, choisi } : null
  }
  return null
}

const cle = (nom: string) => nom.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase()

/** What the field receives: the name, with its département when another suggestion has the same. */
export function valeurDe(choisi: Suggestion, options: readonly Suggestion[]): string {
  const homonyme = options.some((o) => o.code !== choisi.code && cle(o.nom) === cle(choisi.nom))
  return homonyme ? `${choisi.nom} (${choisi.departement})` : choisi.nom
}

/** The second line of an option: postal codes, and the département when it is another one. */
export function precisionDe({ codes_postaux, departement, dedans }: Suggestion): string {
  const codes = codes_postaux.length > 2 ? `${codes_postaux[0]}…` : codes_postaux.join(', ')
  if (dedans) return codes
  return codes ? `${codes}, département ${departement}` : `département ${departement}`
}

export function annonce({ options, ouvert }: Etat): string {
  if (!ouvert) return ''
  if (options.length === 1) return 'Une commune proposée. Flèche bas pour la choisir.'
  return `${options.length} communes proposées. Flèches pour choisir.`
}

/** Only texts that can begin a commune or a postal code are worth asking. */
export const merite = (texte: string): boolean => texte.trim().length >= 2 && texte.trim().length <= 60
