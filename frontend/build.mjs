// Builds dist/: the scripts, styles, icons and fonts under names hashed by
// their content, compressed copies beside each text, the manifest that gives
// the hashed names, and the national list of communes.
// Usage: node build.mjs (after npm ci). Same input, same output.
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import { composeSprite } from './icons/sprite.mjs'
import { listCommunes } from './communes.mjs'

const racine = dirname(fileURLToPath(import.meta.url))
const dist = join(racine, 'dist')

// Old phones: modules and dynamic import exist there, newer syntax does not.
const cibleScripts = 'es2018'
const cibleStyles = ['chrome63', 'firefox67', 'safari12']

/** @type {esbuild.BuildOptions} */
const commun = {
  absWorkingDir: racine,
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  outdir: join(racine, 'sortie'), // never written: names only
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  legalComments: 'none',
  logLevel: 'warning',
}

/** Bundles and gives [{nom: logical name, fichier: hashed name, octets}]. */
async function bundle(options) {
  const { outputFiles, metafile } = await esbuild.build({ ...commun, ...options })
  return outputFiles.map((sortie) => {
    const fichier = basename(sortie.path)
    const nom = fichier.replace(/-[A-Z0-9]{8}(\.[a-z0-9]+)$/, '$1')
    if (nom === fichier) throw new Error(`no hash in the name of ${fichier}`)
    return { nom, fichier, octets: Buffer.from(sortie.contents), metafile }
  })
}

const scripts = () =>
  bundle({
    entryPoints: { app: 'app.ts', espace: 'espace.ts', integrer: 'integrer.ts', map: 'map/map.ts', 'api-essai': 'api-essai.ts' },
    format: 'esm',
    target: cibleScripts,
    charset: 'utf8',
    alias: { leaflet: 'leaflet/dist/leaflet-src.esm.js' },
    supported: { 'dynamic-import': true },
  })

/** The script of other sites: one file that needs no other, for browsers as old as theirs. */
const widget = () =>
  bundle({
    entryPoints: { 'widget.v1': 'widget/widget.v1.ts' },
    format: 'iife',
    target: 'es2015',
    charset: 'ascii', // whatever the host says its pages are written in
  })

const styles = () =>
  bundle({
    entryPoints: { app: 'styles/app.css', embarque: 'styles/embarque.css', sombre: 'styles/sombre.css', espace: 'styles/espace.css', integrer: 'pages/integrer/integrer.css', map: 'map/map.css', api: 'pages/api/api.css', couverture: 'pages/couverture/couverture.css', scenarios: 'pages/scenarios/scenarios.css', frequentation: 'pages/frequentation/frequentation.css' },
    target: cibleStyles,
    loader: { '.woff2': 'file', '.png': 'dataurl' },
  })

function hash(nom, octets) {
  const somme = createHash('sha256').update(octets).digest('hex').slice(0, 8).toUpperCase()
  const suffixe = extname(nom)
  return { nom, fichier: `${basename(nom, suffixe)}-${somme}${suffixe}`, octets: Buffer.from(octets) }
}

async function images() {
  const favicon = hash('favicon.svg', await readFile(join(racine, 'icons/favicon.svg')))
  const manifeste = JSON.parse(await readFile(join(racine, 'icons/manifest.webmanifest'), 'utf8'))
  for (const icone of manifeste.icons) icone.src = favicon.fichier // relative to the manifest
  return [
    favicon,
    hash('manifest.webmanifest', JSON.stringify(manifeste)),
    hash('icones.svg', await composeSprite(join(racine, 'icons'))),
  ]
}

const textes = new Set(['.js', '.css', '.svg', '.webmanifest'])

async function write(dossier, { fichier, octets }) {
  const chemin = join(dossier, fichier)
  await writeFile(chemin, octets)
  if (!textes.has(extname(fichier))) return
  await writeFile(`${chemin}.gz`, gzipSync(octets, { level: 9 }))
  await writeFile(`${chemin}.br`, brotliCompressSync(octets, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: octets.length },
  }))
}

/** Puts a finished build in the place of the last one, keeping .gitkeep. */
async function replace(nouveau) {
  await mkdir(dist, { recursive: true })
  for (const nom of await readdir(dist)) {
    if (nom !== '.gitkeep') await rm(join(dist, nom), { recursive: true })
  }
  for (const nom of await readdir(nouveau)) await rename(join(nouveau, nom), join(dist, nom))
  await writeFile(join(dist, '.gitkeep'), '')
}

const limites = { 'app.js': 10_000, 'widget.v1.js': 2_999 } // bytes, before compression

async function build() {
  const fichiers = (await Promise.all([scripts(), widget(), styles(), images()])).flat()
  const nouveau = await mkdtemp(join(racine, '.dist-')) // same disk as dist: rename works
  try {
    await mkdir(join(nouveau, 'static'))
    for (const f of fichiers) {
      if (f.octets.length > (limites[f.nom] ?? Infinity)) {
        throw new Error(`${f.nom} weighs ${f.octets.length} bytes, more than ${limites[f.nom]}`)
      }
      await write(join(nouveau, 'static'), f)
    }
    const noms = fichiers.map(({ nom, fichier }) => [nom, `static/${fichier}`]).sort(([a], [b]) => (a < b ? -1 : 1))
    await writeFile(join(nouveau, 'manifest.json'), JSON.stringify(Object.fromEntries(noms), null, 2) + '\n')
    await writeFile(join(nouveau, 'communes-france.tsv'), await listCommunes())
    await replace(nouveau)
  } finally {
    await rm(nouveau, { recursive: true, force: true })
  }
  for (const f of fichiers) console.log(`${f.fichier.padEnd(48)} ${String(f.octets.length).padStart(8)} B`)
}

await build()
