// Whoever coordinates joins two places, brings a file, and has a source read:
// on a phone without a script, then on a desktop with one.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { nu, openEspace } from './espace.mjs'
import { binaire } from './socle.mjs'
import { existsSync } from 'node:fs'

const images = process.env.IMAGES
/** The page as it stands, phone and desktop, light and dark, when asked for. */
async function photographier(page, nom) {
  if (!images) return
  const avant = page.viewportSize()
  for (const [taille, width] of [['telephone', 360], ['bureau', 1280]]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${images}/${nom}-${taille}-${colorScheme}.png`, fullPage: true })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(avant)
}

/** A page that tells how far it is, until it says what is wanted. */
async function attendre(o, adresse, motif) {
  for (let n = 0; n < 100; n++) {
    await o.page.goto(adresse)
    if (motif.test(await o.dit())) return
    await new Promise((suite) => setTimeout(suite, 200))
  }
  assert.fail(`it does not come: ${motif}\n${await o.dit()}`)
}

const tableau = (rue) => `Nom du lieu;Ville;Code postal;Adresse;Date de mise à jour;Remarque interne
Espace numérique d’essai;Moissac;82200;${rue} rue des Exemples;2026-11-01;Voir Paul
;Moissac;82200;16 rue des Exemples;2026-11-01;
`

/** A file at an address of this machine. */
async function openFichier(texte) {
  const serveur = createServer((_, reponse) => reponse.setHeader('content-type', 'text/csv').end(texte))
  await new Promise((suite) => serveur.listen(0, '127.0.0.1', suite))
  return { url: `http://127.0.0.1:${serveur.address().port}/2026-11-02-lieux.csv`, close: () => new Promise((suite) => serveur.close(suite)) }
}

test('places are joined, files brought and sources read, on a phone without a script and on a desktop with one', async (t) => {
  assert.ok(existsSync(binaire))
  const fichier = await openFichier(tableau(40))
  t.after(() => fichier.close())
  const e = await openEspace('--reseaux-permis', '127.0.0.0/8')
  t.after(() => e.close())

  // Without a script, on a phone: a pair is told apart, and the answer taken back.
  const tel = await e.arriver(nu, 'chef.un@exemple.fr', 'coordinateur', '--departement')
  await tel.page.goto('/espace/reseau')
  await tel.envoyer(tel.page.getByRole('link', { name: 'Doublons', exact: true }))
  assert.match(await tel.dit(), /2 paires de lieux n’en font peut-être qu’un/)
  await tel.juger()
  await tel.envoyer(tel.page.locator('main tbody a').first())
  assert.match(await tel.dit('h1'), /Un lieu, ou deux/)
  assert.match(await tel.dit(), /Pour un seul lieu.*Contre.*différent/s)
  await tel.juger()
  await tel.envoyer('Ce n’est pas le même')
  assert.match(await tel.dit('.fait'), /ce sont deux lieux/)
  await tel.envoyer('Oublier cette réponse')
  assert.match(await tel.dit('.fait'), /C’est oublié/)

  // A file is brought without a script, and written.
  await tel.page.goto('/espace/imports')
  await tel.juger()
  await tel.page.getByLabel(/^Les fichiers/).setInputFiles({ name: 'essai.csv', mimeType: 'text/csv', buffer: Buffer.from(tableau(12)) })
  await tel.page.getByLabel(/^Qui tient/).fill('CCAS d’essai')
  await tel.envoyer('Voir ce qui changerait')
  await attendre(tel, '/espace/imports', /rien n’est encore écrit/)
  assert.match(await tel.dit('.depot'), /2 fiches lues.*1 fiche nouvelle.*1 fiche écartée.*Remarque interne/s)
  await tel.juger()
  await tel.envoyer(tel.page.getByRole('link', { name: /1 fiche écartée/ }))
  assert.match(await tel.dit(), /Écartée/)
  await tel.juger()
  await tel.page.goto('/espace/imports')
  await tel.envoyer(tel.page.getByRole('link', { name: 'Dire ce que sont les colonnes' }))
  await tel.juger()
  await tel.page.getByLabel(/^Remarque interne/).selectOption('ignorer')
  await tel.envoyer('Voir ce qui changerait')
  await attendre(tel, '/espace/imports', /rien n’est encore écrit/)
  assert.doesNotMatch(await tel.dit('.depot'), /Colonnes que rien ne désigne/)
  await tel.envoyer('Appliquer')
  await attendre(tel, '/espace/imports', /L’import est écrit/)
  assert.match(await tel.dit(), /Chef Un/)
  assert.deepEqual((await tel.close()).filter((f) => !f.startsWith('cookie: __Host-adeuxpas')), [])

  // With a script, on a desktop: side by side, one value chosen, joined, undone.
  const o = await e.arriver({ viewport: { width: 1280, height: 800 } }, 'chef.deux@exemple.fr', 'coordinateur', '--departement')
  const { page } = o
  await page.goto('/espace/doublons')
  await photographier(page, 'file')
  const [noms, ou] = await page.locator('main tbody th').first().evaluate((th) =>
    [...th.children].map((x) => {
      const texte = document.createRange()
      texte.selectNodeContents(x)
      return texte.getBoundingClientRect().toJSON()
    }),
  )
  assert.ok(noms.bottom <= ou.top + 1, 'the addresses are written over the names')
  await page.getByLabel('Commune').selectOption({ label: 'Labastide-Saint-Pierre' })
  await o.envoyer('Filtrer')
  assert.match(await o.dit(), /1 paire/)
  await o.envoyer(page.locator('main tbody a').first())
  const [gauche, droite] = await page.locator('.paire-lieu').evaluateAll((l) => l.map((x) => x.getBoundingClientRect()))
  assert.ok(gauche.right <= droite.left && gauche.top === droite.top, 'not side by side')
  await page.setViewportSize({ width: 360, height: 740 })
  const [dessus, dessous] = await page.locator('.paire-lieu').evaluateAll((l) => l.map((x) => x.getBoundingClientRect()))
  assert.ok(dessus.bottom <= dessous.top, 'not one under the other')
  await page.setViewportSize({ width: 1280, height: 800 })
  await photographier(page, 'paire')
  await o.juger()
  const nom = page.locator('#c_nom')
  const avant = await nom.locator('input:checked').getAttribute('value')
  await nom.locator('input:not(:checked)').check()
  await o.envoyer('C’est le même lieu')
  assert.match(await o.dit('.fait'), /n’en font plus qu’un/)
  await photographier(page, 'decide')
  await o.envoyer(page.getByRole('link', { name: 'Défaire' }))
  assert.match(await o.dit(), /redeviennent deux lieux/)
  await o.juger()
  await photographier(page, 'defaire')
  await o.envoyer('Défaire')
  assert.match(await o.dit(), /C’est défait.*Chef Deux.*défait depuis/s)
  await o.juger()
  await photographier(page, 'historique')
  await page.goto('/espace/doublons/distincts')
  assert.match(await o.dit(), /réunion défaite/)
  await o.juger()

  // From the page of a place.
  await page.goto(`/espace/lieux/${avant}`)
  await o.envoyer(page.getByRole('link', { name: 'fiches et doublons' }))
  await o.juger()
  await photographier(page, 'fiches')
  await o.envoyer(page.getByRole('link', { name: 'Ce lieu et un autre n’en font qu’un' }))
  await page.getByLabel(/^Son nom/).fill('moissac')
  await o.envoyer('Chercher')
  await o.juger()
  await photographier(page, 'autre')

  // A source: added, read; its settings.
  await page.goto('/espace/sources')
  await o.juger()
  await photographier(page, 'sources')
  await o.envoyer(page.getByRole('link', { name: 'Ajouter une autre source' }))
  await page.getByLabel(/^Son nom/).fill('Ville d’essai')
  await page.getByLabel(/^L’adresse/).fill('https://192.168.1.1/x.csv')
  await o.envoyer('Ajouter')
  assert.match(await o.dit('.fautes'), /privé/)
  await o.juger()
  await page.getByLabel(/^L’adresse/).fill(fichier.url)
  await page.getByLabel(/^Licence/).selectOption('Licence Ouverte 2.0')
  await o.envoyer('Ajouter')
  const adresse = new URL(page.url()).pathname
  await attendre(o, adresse, /Lue, et écrite/) // the clock stands still: the service looks once
  await o.envoyer(page.locator('main .tuiles h3 a').first())
  assert.match(await o.dit(), /La lecture du.*1 lieu créé/s)
  await o.juger()
  await photographier(page, 'source')
  await o.envoyer(page.getByRole('link', { name: 'Changer les réglages' }))
  await o.juger()
  await photographier(page, 'reglages')
  await page.getByLabel(/^Lue/).selectOption('mois')
  await o.envoyer('Enregistrer')
  assert.match(await o.dit(), /le 1er du mois/)

  await page.goto('/espace/imports')
  await page.getByLabel(/^Les fichiers/).setInputFiles({ name: 'essai.csv', mimeType: 'text/csv', buffer: Buffer.from(tableau(14)) })
  await o.envoyer('Voir ce qui changerait')
  await attendre(o, '/espace/imports', /rien n’est encore écrit/)
  await o.juger()
  await photographier(page, 'plan')
  await page.goto('/espace/imports/plan')
  await o.juger()
  await photographier(page, 'lignes')
  await page.goto('/espace/imports/colonnes')
  await photographier(page, 'colonnes')
  await page.goto('/espace/imports')
  await o.envoyer('Abandonner')
  assert.match(await o.dit(), /abandonné/)
  assert.deepEqual((await o.close()).filter((f) => !f.startsWith('cookie: __Host-adeuxpas') && !/400 \(Bad Request\)/.test(f)), [])
})
