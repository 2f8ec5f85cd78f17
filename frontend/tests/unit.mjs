// Runs the unit tests that stand beside the code (*.test.ts): compiled into a
// temporary folder, then given to node --test.
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const racine = join(dirname(fileURLToPath(import.meta.url)), '..')

async function listTests() {
  const dossiers = ['.', 'map', 'pages/espace-horaires']
  const noms = await Promise.all(dossiers.map(async (d) => (await readdir(join(racine, d))).map((f) => join(d, f))))
  return noms.flat().filter((f) => f.endsWith('.test.ts'))
}

const sortie = await mkdtemp(join(tmpdir(), 'adeuxpas-front-'))
try {
  await esbuild.build({
    absWorkingDir: racine,
    entryPoints: await listTests(),
    outdir: sortie,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  const fichiers = (await readdir(sortie, { recursive: true })).filter((f) => f.endsWith('.mjs')).map((f) => join(sortie, f))
  if (fichiers.length === 0) throw new Error('no unit test was found')
  process.exitCode = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...fichiers], { stdio: 'inherit' }).status ?? 1
} finally {
  await rm(sortie, { recursive: true, force: true })
}
