// Reads the description of the API by two linters, Spectral and Redocly, and
// shows that they can say no: a spoilt copy is refused, rule by rule. Neither
// asks anything of the network.
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const racine = join(dirname(fileURLToPath(import.meta.url)), '..')
const document = join(racine, '..', 'internal', 'web', 'openapi.yaml')
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' }

function lancer(outil, args) {
  const { status, stdout, stderr } = spawnSync(join(racine, 'node_modules', '.bin', outil), args, { cwd: racine, env, encoding: 'utf8', timeout: 120_000 })
  return { bon: status === 0, dit: `${stdout}${stderr}` }
}

const spectral = (fichier) => lancer('spectral', ['lint', '--quiet', '--fail-severity', 'warn', '--ruleset', '.spectral.yaml', '--format', 'text', fichier])
const redocly = (fichier) => lancer('redocly', ['lint', '--config', 'redocly.yaml', '--format', 'stylish', fichier])

// What is spoilt, and the rules that must see it.
const fautes = [
  [/summary: Un lieu\n/, 'summary: Get the place.\n', ['spectral resume-en-francais']],
  [/ {6}operationId: getLieu\n/, '      operationId: lieu_par_id\n', ['spectral identifiant-d-operation']],
  [/ {6}description: Celles du territoire[^\n]*\n/, '', ['spectral operation-decrite', 'redocly operation-description']],
  [/(responses:\n {8}'200':\n {10}description: Les communes[\s\S]*?) {8}'400': [^\n]*\n {8}'429': [^\n]*\n/, '$1', ['spectral erreur-decrite']],
  [/ {6}description: Jusqu’où chercher[^\n]*\n/, '', ['spectral parametre-decrit', 'redocly parameter-description']],
  [/description: Le lieu est retiré|Ce lieu n’est plus dans la liste/, "Ce lieu n'est plus dans la liste", ['spectral apostrophe']],
  [/tags: \[Communes\]/, 'tags: [Villes]', ['spectral operation-tag-defined']],
  [/ {18}- \{ code: '82112'/, '                  - { code: 82112', ['spectral oas3-valid-media-example', 'redocly no-invalid-media-type-examples']],
  [/\nsecurity: \[\]/, '', ['redocly security-defined']],
  [/(Inconnu:\n[\s\S]*?content:\n {8})application\/problem\+json/, '$1application/json', ['spectral probleme-pour-erreur']],
  [/ {4}identifier: etalab-2.0\n/, '', ['redocly info-license-strict']],
]

const dossier = await mkdtemp(join(tmpdir(), 'adeuxpas-openapi-'))
try {
  for (const [nom, lire] of Object.entries({ spectral, redocly })) {
    const { bon, dit } = lire(document)
    if (!bon) throw new Error(`${nom} refuses internal/web/openapi.yaml:\n${dit}`)
  }
  let texte = await readFile(document, 'utf8')
  for (const [avant, apres] of fautes) {
    const gate = texte.replace(avant, apres)
    if (gate === texte) throw new Error(`nothing to spoil: ${avant}`)
    texte = gate
  }
  const gate = join(dossier, 'openapi.yaml')
  await writeFile(gate, texte)
  for (const [nom, lire] of Object.entries({ spectral, redocly })) {
    const { bon, dit } = lire(gate)
    const regles = fautes.flatMap(([, , attendues]) => attendues).filter((r) => r.startsWith(`${nom} `)).map((r) => r.slice(nom.length + 1))
    const muettes = regles.filter((r) => !dit.includes(r))
    if (bon || muettes.length > 0) throw new Error(`${nom} lets through a spoilt copy (${muettes.join(', ')}):\n${dit}`)
  }
  console.log(`openapi.yaml: Spectral and Redocly find nothing; of a copy spoilt in ${fautes.length} places, each says each`)
} finally {
  await rm(dossier, { recursive: true, force: true })
}
