// The source of a place changes a value that its people had written: they are
// asked on the place's page and on their list, answer with one button, and undo
// it with another; with a script and without one.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { nu, openEspace } from './espace.mjs'
import { executer } from './socle.mjs'

const nom = 'Espace numérique d’essai'
let e, dossier, id
before(async () => {
  dossier = await mkdtemp(join(tmpdir(), 'adeuxpas-source-'))
  e = await openEspace()
  await importer('2026-01-01', '+33563000001')
  id = (await attendre(async () => (await lieux()).find((l) => l.nom === nom))).id
})
after(async () => {
  await e?.close()
  await rm(dossier, { recursive: true, force: true })
})

const lieux = async () => (await (await fetch(`${e.service.adresse}/api/v1/lieux?limite=1000`)).json()).resultats

/** What a question answers, as soon as it does: the service follows its base within a second. */
async function attendre(quoi) {
  for (let essai = 0; essai < 100; essai++) {
    const reponse = await quoi()
    if (reponse) return reponse
    await new Promise((suite) => setTimeout(suite, 100))
  }
  return assert.fail('it never came')
}

/** An edition of the file of the place's source. */
async function importer(jour, telephone, adresse = '12 rue des Exemples') {
  const fichier = join(dossier, `${jour}-essai.csv`)
  await writeFile(fichier, `id,pivot,nom,commune,code_postal,code_insee,adresse,latitude,longitude,telephone,source,date_maj,services
essai-1,00000000000000,${nom},Moissac,82200,82112,${adresse},44.105,1.09,${telephone},Source d’essai,${jour},Aide aux démarches administratives
`)
  executer(e.service, 'importer', fichier)
}

let gens = 0
const mediateur = (options) => e.arriver(options, `jeanne.durand${++gens}@exemple.fr`, 'mediateur', '--lieu', id)

/** Writes a phone number as the person of the page, then the source says another one. */
async function contredire(o, saisi, jour, telephone) {
  await o.page.goto(`/espace/lieux/${id}/partie/contact`)
  await o.page.locator('#telephone').fill(saisi)
  await o.envoyer('Enregistrer')
  await importer(jour, telephone)
  await attendre(async () => {
    await o.page.goto('/espace')
    return (await o.dit()).includes('La source a changé')
  })
}

const telephone = async () => (await e.api(id)).telephone

for (const [quoi, options, jours, saisi] of [
  ['with a script', {}, ['2026-02-01', '2026-02-02'], '05 63 00 00 02'],
  ['without a script', nu, ['2026-03-01', '2026-03-02'], '05 63 00 00 12'],
]) {
  const ecrit = `+33${saisi.replaceAll(' ', '').slice(1)}`
  test(`what the source changed is decided on a phone, ${quoi}`, async () => {
    const o = await mediateur(options)
    await contredire(o, saisi, jours[0], '+33563000003')
    const question = await o.dit('.contestee')
    for (const mot of [/La source a changé : téléphone/, /Vous aviez écrit/, /La source dit maintenant \(.+, 1er (février|mars) 2026\)/, /05 63 00 00 03/]) assert.match(question, mot)
    assert.ok(question.includes(saisi), question)
    await o.juger()
    assert.equal(await telephone(), ecrit, 'what the person wrote stays meanwhile')

    await o.envoyer('Prendre celle de la source')
    assert.match(o.page.url(), /\/espace\?/)
    assert.match(await o.dit(), /La valeur de la source est reprise/)
    assert.equal(await telephone(), '+33563000003')
    await o.envoyer('Annuler')
    assert.equal(await telephone(), ecrit)
    await o.page.goto(`/espace/lieux/${id}`)
    await o.juger()
    await o.envoyer('Garder ma valeur')
    assert.match(await o.dit(), /Votre valeur est gardée/)
    assert.equal(await o.page.locator('.contestee').count(), 0)

    // The source repeats itself: nobody is asked again.
    await importer(jours[1], '+33563000003', '14 rue des Exemples')
    await attendre(async () => (await e.api(id)).adresse === '14 rue des Exemples')
    await o.page.goto('/espace')
    assert.equal(await o.page.locator('.contestee').count(), 0)
    assert.equal(await telephone(), ecrit)
    await o.finir()
    await importer(jours[1].replace(/02$/, '03'), '+33563000001')
  })
}

test('a coordinator sees what is contested among what waits', async () => {
  const o = await mediateur()
  await contredire(o, '05 63 00 00 04', '2026-04-01', '+33563000005')
  const chef = await e.arriver({}, 'paul.martin@exemple.fr', 'coordinateur', '--departement')
  await chef.page.goto('/espace/file')
  assert.match(await chef.dit('.contestee'), /Votre équipe avait écrit/)
  await chef.juger()
  if (process.env.CAPTURES) await chef.page.screenshot({ path: join(process.env.CAPTURES, 'source-file-360.png'), fullPage: true })
  for (const [nomTheme, colorScheme] of [['clair', 'light'], ['sombre', 'dark']]) {
    await o.page.emulateMedia({ colorScheme })
    await o.page.goto(`/espace/lieux/${id}`)
    if (process.env.CAPTURES) {
      await o.page.screenshot({ path: join(process.env.CAPTURES, `source-${nomTheme}-360.png`) })
      await o.page.setViewportSize({ width: 1280, height: 900 })
      await o.page.screenshot({ path: join(process.env.CAPTURES, `source-${nomTheme}-1280.png`) })
      await o.page.setViewportSize({ width: 360, height: 740 })
    }
    await o.juger()
  }
  await chef.envoyer('Prendre celle de la source')
  assert.match(chef.page.url(), /\/espace\/file/)
  assert.equal(await telephone(), '+33563000005')
  await chef.finir()
  await o.finir()
})
