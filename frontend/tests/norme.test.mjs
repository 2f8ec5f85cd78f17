// Our exports before two foreign judges: the official Table Schema of the
// standard v1.0.2 (tableschema), and the national library. Both are tools of this
// test, nothing of them is shipped. What a judge refuses, or reads otherwise than
// it is written, is in "connus" with its reason, or fails.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { executer, openService } from './browser/socle.mjs'

const require = createRequire(import.meta.url)
const { Table } = require('tableschema')
const nationale = require('@gouvfr-anct/lieux-de-mediation-numerique')

const schema = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'shared', 'standard', 'schema-v1.0.2.json')
const sansSchema = existsSync(schema) ? false : 'left out: ../shared/standard/schema-v1.0.2.json is absent'

/** Why the national library does not give back a row as it is; "" when nobody knows. */
const connus = [
  ['Étapes numériques(La Poste)', (l) => (l.formations_labels ?? '').includes('Étapes numériques(La Poste)'), 'the schema wants no space before the parenthesis, the library one'],
  ['no service', (l) => !l.services, 'without a service the library takes a place as closed to the public, and drops who it is for, its prices and ways'],
  ['no public, and services', (l) => (l.modalites_acces ?? '').includes("Ce lieu n'accueille pas de public"), 'the library drops this way of access from a place that has services'],
]
const raison = (ligne) => connus.find(([, vaut]) => vaut(ligne))?.[0] ?? ''

/** The columns of the standard that hold vocabularies, with the schema of our API that lists their values. */
const vocabulaires = {
  services: 'Service', publics_specifiquement_adresses: 'Public', prise_en_charge_specifique: 'PriseEnCharge', frais_a_charge: 'Frais',
  dispositif_programmes_nationaux: 'Dispositif', formations_labels: 'Label', modalites_acces: 'Acces', modalites_accompagnement: 'Accompagnement',
  itinerance: 'Itinerance', typologie: 'Typologie',
}

let service, dossier, synthese

before(async () => {
  service = await openService()
  dossier = await mkdtemp(join(tmpdir(), 'adeuxpas-norme-'))
  const { components } = await (await fetch(`${service.adresse}/api/openapi.json`)).json()
  synthese = lignesSynthese(components.schemas)
  const fichier = join(dossier, 'synthese.json')
  await writeFile(fichier, JSON.stringify(synthese))
  executer(service, 'importer', '--zone', 'tout', '--licence', 'Licence Ouverte 2.0', fichier)
  const dernier = synthese.at(-1).nom
  for (const fin = Date.now() + 20_000; !(await (await fetch(`${service.adresse}/donnees/lieux.csv`)).text()).includes(dernier); ) {
    assert.ok(Date.now() < fin, 'the service does not see the import')
    await new Promise((suite) => setTimeout(suite, 100))
  }
})
after(async () => {
  await service?.close()
  if (dossier) await rm(dossier, { recursive: true, force: true })
})

/** A row for each value of each vocabulary, one with all, and texts that spoil files. */
function lignesSynthese(schemas) {
  let n = 0
  const ligne = (champs) => ({
    id: `essai-${++n}`, pivot: '00000000000000', nom: `Lieu d’essai ${n}`, commune: 'Montauban', code_postal: '82000', code_insee: '82121',
    adresse: `${n} rue de l’Essai ${n}`, date_maj: '2026-11-01', services: 'Aide aux démarches administratives', ...champs,
  })
  const valeurs = (champ) => schemas[vocabulaires[champ]].enum
  const lignes = Object.keys(vocabulaires).flatMap((champ) => valeurs(champ).map((v) => ligne({ [champ]: v })))
  const toutes = Object.keys(vocabulaires).map((champ) => [champ, valeurs(champ).join('|')])
  lignes.push(ligne(Object.fromEntries(toutes)))
  lignes.push(ligne({ nom: '=1+1', presentation_detail: 'dit "A", B;\n- C', presentation_resume: 'é'.repeat(280), complement_adresse: '@SUM(A1)', autres_formations_labels: '-1|+1' }))
  lignes.push(ligne({ services: undefined, frais_a_charge: 'Gratuit' }))
  lignes.push(ligne({ telephone: '+596596000001', courriels: 'a@example.org|b@example.org', site_web: 'https://example.org|https://example.com', latitude: 44.0176, longitude: 1.355 }))
  lignes.push(ligne({ horaires: 'Mo-Fr 09:00-12:00; PH off', structure_parente: 'Essai', source: 'Essai', prise_rdv: 'https://example.org/rdv', fiche_acces_libre: 'https://example.org/acces' }))
  return lignes
}

/** What the Table Schema says of a table, a line each. */
async function fautesTable(texte) {
  const fichier = join(dossier, 'juge.csv')
  await writeFile(fichier, texte)
  const regle = JSON.parse(await readFile(schema, 'utf8'))
  const table = await Table.load(fichier, { schema: regle })
  try {
    const lignes = await table.read({ forceCast: true })
    const fautes = lignes.filter((l) => l instanceof Error).map((e) => `line ${e.rowNumber}: ${e.errors?.join(', ') || e.message}`)
    return { lignes: lignes.length, fautes }
  } catch (e) {
    return { lignes: 0, fautes: [e.message] }
  }
}

/** What the national library says of rows: those that it refuses, or gives back otherwise. */
function fautesNationales(lignes) {
  const fautes = []
  for (const ligne of lignes) {
    let dit
    try {
      const [rendue] = nationale.toSchemaLieuxDeMediationNumerique([nationale.fromSchemaLieuDeMediationNumerique(ligne)])
      const change = [...new Set([...Object.keys(ligne), ...Object.keys(rendue)])].filter((champ) => String(ligne[champ]) !== String(rendue[champ]))
      dit = change.map((champ) => `${champ}: ${ligne[champ]} becomes ${rendue[champ]}`).join('; ')
    } catch (e) {
      dit = `refused: ${e.message}`
    }
    if (dit) fautes.push({ id: ligne.id, raison: raison(ligne), dit })
  }
  return fautes
}

const exporter = (format, ...args) => executer(service, 'exporter', '--format', format, ...args)

test('every row of the CSV obeys the official Table Schema', { skip: sansSchema }, async () => {
  for (const texte of [exporter('csv'), await (await fetch(`${service.adresse}/donnees/lieux.csv`)).text()]) {
    const { lignes, fautes } = await fautesTable(texte)
    assert.ok(lignes > 88 + synthese.length - 1, `only ${lignes} rows`)
    assert.deepEqual(fautes, [])
  }
})

test('a spoilt table is refused', { skip: sansSchema }, async () => {
  const bon = exporter('csv', '--commune', '82112')
  const { lignes, fautes } = await fautesTable(bon)
  assert.ok(lignes > 2 && fautes.length === 0)
  for (const [nom, avant, apres] of [
    ['a postal code without its zero', ',82200,', ',8220,'],
    ['a price of no vocabulary', ',Gratuit,', ',Offert,'], // patterns of lists are not anchored at their start: only a whole list is refused
    ['a day that does not exist', /,20\d\d-\d\d-\d\d,/, ',2026-02-31,'],
    ['a phone as people write it', /,\+33\d+,/, ',05 63 04 00 00,'],
    ['a pivot that is none', ',00000000000000,', ',0,'],
    ['a column less', 'id,pivot,nom,', 'id,nom,'],
  ]) {
    const gate = bon.replace(avant, apres)
    assert.notEqual(gate, bon, nom)
    assert.notDeepEqual((await fautesTable(gate)).fautes, [], nom)
  }
})

test('the national library reads every row, and gives it back as it is', async () => {
  const json = JSON.parse(exporter('json'))
  assert.deepEqual(await (await fetch(`${service.adresse}/donnees/lieux.json`)).json(), json)
  const [entete, ...lignes] = lireCSV(exporter('csv'))
  const csv = lignes.map((l) => Object.fromEntries(l.map((v, i) => [entete[i], v]).filter(([, v]) => v !== '')))
  for (const l of csv) for (const champ of ['latitude', 'longitude']) if (l[champ]) l[champ] = Number(l[champ])
  assert.deepEqual(csv, json.map((l) => ({ ...l })))

  const fautes = fautesNationales(json)
  assert.deepEqual(fautes.filter((f) => !f.raison), [], 'without a known reason')
  // And each reason is one: it goes away with what it is about.
  assert.deepEqual([...new Set(fautes.map((f) => f.raison))].sort(), ['no public, and services', 'no service', 'Étapes numériques(La Poste)'])
  assert.ok(fautes.length < 10, `${fautes.length} rows: ${JSON.stringify(fautes)}`)
})

test('spoilt rows are refused by the national library', () => {
  const [bonne] = JSON.parse(exporter('json', '--commune', '82112'))
  assert.deepEqual(fautesNationales([bonne]), [])
  for (const champs of [
    { services: 'Aide aux devoirs' }, { services: '' }, { services: ['Aide aux démarches administratives'] }, { code_postal: '8220' }, { pivot: '12' }, { nom: '' },
    { telephone: '12' }, { latitude: 144 }, { modalites_acces: 'Sonner' }, { date_maj: 'hier' }, { prise_rdv: 'bientôt' },
  ]) {
    assert.equal(fautesNationales([{ ...bonne, ...champs }]).length, 1, JSON.stringify(champs))
  }
})

/** The cells of a CSV (RFC 4180). */
function lireCSV(texte) {
  const lignes = [[]]
  for (const [, valeur, cite, fin] of texte.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    lignes.at(-1).push(valeur === undefined ? cite : valeur.replaceAll('""', '"'))
    if (fin === '\n') lignes.push([])
    if (fin === '') break
  }
  return lignes.filter((l) => l.length > 1)
}
