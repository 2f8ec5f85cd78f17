// The national list of names and codes, for dist/communes-france.tsv. Its
// format is that of territoire.OpenFrance: départements (code, name), then
// communes (code, name, département, postal codes, inhabitants) and, last
// column, the commune that holds a municipal arrondissement or a former commune.
// Codes of communes that are gone, whose names the package no longer has, bear
// the name of the commune that took them in.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const donnees = async (nom) => JSON.parse(await readFile(require.resolve(`@etalab/decoupage-administratif/data/${nom}.json`), 'utf8'))

export async function listCommunes() {
  const [departements, communes] = await Promise.all([donnees('departements'), donnees('communes')])
  const actuelles = new Map(communes.filter((c) => c.type === 'commune-actuelle').map((c) => [c.code, c]))
  const lignes = departements.map((d) => [d.code, d.nom])
  for (const c of communes) {
    const mere = c.type === 'commune-actuelle' ? undefined : actuelles.get(c.chefLieu ?? c.commune)
    if (c.type !== 'commune-actuelle' && !mere) continue
    if (mere && actuelles.has(c.code)) continue // a delegate seat shares its commune's code
    const tient = mere ?? c
    lignes.push([c.code, c.nom, tient.departement, (c.codesPostaux ?? tient.codesPostaux ?? []).join(' '), c.population ?? '', mere?.code ?? ''])
  }
  const nommes = new Set(lignes.map(([code]) => code))
  for (const c of actuelles.values()) {
    for (const code of c.anciensCodes ?? []) if (!nommes.has(code)) lignes.push([code, c.nom, c.departement, '', '', c.code])
  }
  return lignes.map((l) => l.join('\t').trimEnd()).join('\n') + '\n'
}
