// The only caller of fetch: what the pages ask the service beside themselves.

/** A commune as /api/v1/communes suggests it. */
export interface Suggestion {
  code: string
  nom: string
  codes_postaux: string[]
  departement: string
  dedans: boolean
}

async function lireJSON(adresse: string, signal?: AbortSignal): Promise<unknown> {
  const reponse = await fetch(adresse, {
    headers: { accept: 'application/json' },
    credentials: 'omit',
    ...(signal ? { signal } : {}),
  })
  if (!reponse.ok) throw new Error(`${adresse}: ${reponse.status}`)
  return reponse.json()
}

/** Communes whose name or postal code begins with the text, asked at the address. */
export async function completer(adresse: string, texte: string, signal: AbortSignal): Promise<Suggestion[]> {
  const enveloppe = (await lireJSON(`${adresse}?q=${encodeURIComponent(texte)}`, signal)) as { resultats: Suggestion[] }
  return enveloppe.resultats
}

/** The territory's own base map; its shape is map/fond.ts's DocumentFond. */
export const lireFond = (adresse: string): Promise<unknown> => lireJSON(adresse)

/** The fragment of page that says what people will read of a form of hours. */
export async function demanderApercu(adresse: string, champs: URLSearchParams, signal: AbortSignal): Promise<string> {
  const reponse = await fetch(adresse, { method: 'POST', body: champs, credentials: 'same-origin', signal })
  if (!reponse.ok) throw new Error(`${adresse}: ${reponse.status}`)
  return reponse.text()
}

/** A page of the service; one that says what to correct is an answer too. */
export async function lirePage(adresse: string, signal: AbortSignal): Promise<string> {
  const reponse = await fetch(adresse, { credentials: 'omit', signal })
  if (!reponse.ok && reponse.status !== 400) throw new Error(`${adresse}: ${reponse.status}`)
  return reponse.text()
}

/** What the service answered, as the page to try the API shows it. */
export interface Essai {
  statut: number
  genre: string
  entetes: [string, string][]
  texte: string
  octets: number
  duree: number // milliseconds
}

/** Asks an address of the API, whatever it answers. */
export async function essayer(adresse: string): Promise<Essai> {
  const debut = performance.now()
  const reponse = await fetch(adresse, { credentials: 'omit', cache: 'no-store', headers: { accept: 'application/json, */*;q=0.5' } })
  const octets = await reponse.arrayBuffer()
  const entetes: [string, string][] = []
  reponse.headers.forEach((valeur, nom) => entetes.push([nom, valeur]))
  return {
    statut: reponse.status,
    genre: reponse.headers.get('content-type') ?? '',
    entetes,
    texte: new TextDecoder().decode(octets),
    octets: octets.byteLength,
    duree: performance.now() - debut,
  }
}
