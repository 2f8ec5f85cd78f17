// What the reference implementation (opening_hours.js) says, for the
// differential test of internal/horaires. Reads JSON lines
//   {"horaires":"…","instants":["RFC3339",…],"changements":2,"region":"Moselle"}
// and answers line for line with
//   {"etats":[["open|closed|unknown","comment"],…],"changements":["RFC3339"|"",…],"avis":["type",…]}
// or {"erreur":"…"}. An instant at which the reference breaks down has the
// state "erreur". "changements" is how many of the first instants get their
// next change, looked for during 369 days; "region" is Occitanie unless said.
import { createInterface } from 'node:readline'
import OpeningHours from 'opening_hours'

process.env.TZ = 'Europe/Paris'
console.error = console.warn = () => {} // the reference also reports there what it throws

const HORIZON = 369 * 24 * 3600 * 1000

function lire(horaires, region) {
  const adresse = { country_code: 'fr', state: region ?? 'Occitanie' }
  return new OpeningHours(horaires, { lat: '44.0176', lon: '1.3550', address: adresse }, { locale: 'fr' })
}

function etat(oh, instant) {
  try {
    const [ouvert, , inconnu, commentaire] = oh.getStatePair(new Date(instant))
    return [ouvert ? 'open' : inconnu ? 'unknown' : 'closed', commentaire ?? '']
  } catch (erreur) {
    return ['erreur', String(erreur?.message ?? erreur)]
  }
}

function changement(oh, instant) {
  try {
    const depart = new Date(instant)
    const limite = new Date(depart.getTime() + HORIZON)
    const prochain = oh.getNextChange(depart, limite)
    return prochain && prochain < limite ? prochain.toISOString() : ''
  } catch {
    return 'erreur'
  }
}

// The warnings are worked out for today, on which the reference may break down.
function avis(oh) {
  try {
    return oh.getStructuredWarnings().map((a) => a.type)
  } catch {
    return []
  }
}

function repondre({ horaires, instants = [], changements = 0, region }) {
  try {
    const oh = lire(horaires, region)
    return {
      etats: instants.map((i) => etat(oh, i)),
      changements: instants.slice(0, changements).map((i) => changement(oh, i)),
      avis: avis(oh),
    }
  } catch (erreur) {
    return { erreur: String(erreur?.message ?? erreur) }
  }
}

for await (const ligne of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(repondre(JSON.parse(ligne))) + '\n')
}
