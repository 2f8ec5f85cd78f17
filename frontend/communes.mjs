// The national list of names and codes, for dist/communes-france.tsv. Its
// format is that of territoire.OpenFrance: départements (code, name), then
// communes (code, name, département, postal codes, inhabitants) and, last
// column, the commune that holds a municipal arrondissement or a former commune.
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
    if (c.type !== 'commune-actuelle' && (!mere || mere.nom === c.nom)) continue
    if (mere && actuelles.has(c.code)) continue // a delegate seat shares its commune's code
    const tient = mere ?? c
    lignes.push([c.code, c.nom, tient.departement, (c.codesPostaux ?? tient.codesPostaux ?? []).join(' '), c.population ?? '', mere?.code ?? ''])
  }
  return lignes.map((l) => l.join('\t').trimEnd()).join('\n') + '\n'
}
