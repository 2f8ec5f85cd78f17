// Another program is told of changes: from the page of a coordinator to a
// receiver that verifies who writes, and back to the page.
import assert from 'node:assert/strict'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { clair, nu, openEspace } from './espace.mjs'
import { violations } from './socle.mjs'

/** A receiver on this machine. */
async function openRecepteur() {
  const r = { secret: '', code: 204, recus: [], faux: 0 }
  const serveur = createServer(async (demande, reponse) => {
    const morceaux = []
    for await (const m of demande) morceaux.push(m)
    const corps = Buffer.concat(morceaux)
    const h = demande.headers
    const cle = Buffer.from(r.secret.replace(/^whsec_/, ''), 'base64')
    const bonne = Buffer.from('v1,' + createHmac('sha256', cle).update(`${h['webhook-id']}.${h['webhook-timestamp']}.`).update(corps).digest('base64'))
    const vrai = h['webhook-signature'].split(' ').some((s) => s.length === bonne.length && timingSafeEqual(Buffer.from(s), bonne))
    if (vrai) r.recus.push({ id: h['webhook-id'], ...JSON.parse(corps) })
    else r.faux++
    reponse.writeHead(r.code).end()
  })
  await new Promise((suite) => serveur.listen(0, '127.0.0.1', suite))
  return { ...r, etat: r, url: `http://127.0.0.1:${serveur.address().port}/prevenir`, close: () => new Promise((suite) => serveur.close(suite)) }
}

/** Looks again and again, for ten seconds. */
async function attendre(quoi, venu) {
  for (let n = 0; n < 100; n++) {
    if (await venu()) return
    await new Promise((suite) => setTimeout(suite, 100))
  }
  assert.fail(`${quoi}: it did not come`)
}

const images = process.env.IMAGES
/** The page as it stands, phone and desktop, light and dark, when asked for. */
async function photographier(page, nom) {
  if (!images) return
  for (const [taille, width] of [['telephone', 360], ['bureau', 1280]]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${images}/${nom}-${taille}-${colorScheme}.png`, fullPage: true })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 360, height: 740 })
}

for (const [mode, options, commune, nomLieu] of [['with JavaScript', {}, 'Moissac', 'France services de Moissac'], ['without JavaScript', nu, 'Boudou', 'Mairie de Boudou']]) {
  test(`a webhook is added, tried, told of a change, fails, and is sent again, ${mode}`, async (t) => {
    const r = await openRecepteur()
    t.after(() => r.close())
    // A service of its own: its clock stands still, so that it looks once for what changed.
    const e = await openEspace('--reseaux-permis', '127.0.0.0/8')
    t.after(() => e.close())
    const o = await e.arriver(options, `chef.${commune.toLowerCase()}@exemple.fr`, 'coordinateur', '--departement')
    const { page } = o
    const voir = async (motif, ou = 'main') => {
      await page.getByRole('link', { name: 'Voir où ils en sont' }).click()
      return motif.test(await o.dit(ou))
    }

    // Added, once what is wrong is mended.
    await page.goto('/espace/comptes')
    await o.envoyer(page.getByRole('link', { name: 'Prévenir un autre logiciel (webhooks)' }))
    await o.juger()
    await o.envoyer(page.getByRole('link', { name: 'Ajouter un webhook' }))
    await o.juger()
    await page.getByLabel(/^Son adresse/).fill('https://192.168.1.1/prevenir')
    await page.getByLabel(/^Les lieux dont/).selectOption({ label: commune })
    await page.getByLabel(/^Un nom pour/).fill(`Site de ${commune}`)
    await o.envoyer('Ajouter')
    assert.match(await o.dit('.fautes'), /1 chose est à corriger.*réseau privé/s)
    await o.juger()
    await photographier(page, `ajouter-${commune}`)
    await page.getByLabel(/^Son adresse/).fill(r.url)
    await o.envoyer('Ajouter')
    const secret = (await o.dit('#secret')).trim()
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
    r.etat.secret = secret
    assert.equal(await page.getByRole('button', { name: 'Copier le secret' }).isVisible(), options !== nu)
    await o.juger()
    await photographier(page, `secret-${commune}`)
    await o.envoyer(page.getByRole('link', { name: 'C’est noté, continuer' }))
    assert.ok(!(await page.content()).includes('whsec_'), 'the secret is shown once')
    const ici = page.url()
    await photographier(page, `neuf-${commune}`)

    // Tried.
    await o.envoyer('Envoyer un essai')
    assert.match(await o.dit('.fait'), /L’essai part/)
    await attendre('the essay is taken', () => voir(/Dernier envoi reçu/))
    assert.deepEqual(r.etat.recus.map((m) => m.type), ['essai'])

    // Told of a change that the same person makes on the page of a place.
    const lieu = e.lieu(nomLieu)
    await page.goto(`/espace/lieux/${lieu.id}/partie/presentation`)
    await page.getByLabel(/résum|Présentation|quelques mots/i).first().fill(`Nouveau à ${commune}.`)
    await o.envoyer(page.locator('main').getByRole('button', { name: 'Enregistrer' }).first())
    await attendre('the change is told', async () => r.etat.recus.length > 1)
    const [fait] = r.etat.recus[1].evenements
    assert.equal(fait.type, 'lieu.modifie')
    assert.equal(fait.lieu_id, lieu.id)
    assert.equal(fait.lieu.presentation_resume, `Nouveau à ${commune}.`)
    assert.ok(fait.champs.includes('presentation_resume'), fait.champs.join())
    assert.equal(fait.url, `${e.service.url}/lieux/${lieu.id}`)
    assert.deepEqual(fait.lieu, await e.api(lieu.id), 'the object of the API')
    assert.equal(r.etat.faux, 0, 'every signature is good')

    // The receiver fails: it is listed, and sent again when it is mended.
    await page.goto(ici)
    await attendre('it is listed', () => voir(new RegExp(`1 lieu modifié : ${nomLieu}.*Reçu \\(204\\)`, 's')))
    r.etat.code = 500
    const tuile = page.locator('.tuile', { hasText: nomLieu })
    await o.envoyer(tuile.getByRole('button', { name: /^Renvoyer/ }))
    assert.match(await o.dit('.fait'), /L’envoi repart/)
    await attendre('the failure is listed', () => voir(/l’adresse a répondu 500/))
    await o.juger()
    await photographier(page, `echec-${commune}`)
    r.etat.code = 204
    await o.envoyer(tuile.getByRole('button', { name: /^Renvoyer/ }))
    await attendre('it is taken', async () => (await voir(/Reçu \(204\)/, `.tuile:has-text("${nomLieu}")`)))
    const ids = r.etat.recus.filter((m) => m.type === 'changements').map((m) => m.id)
    assert.equal(ids.length, 3)
    assert.equal(new Set(ids).size, 1, 'the same message each time')

    // The list, and the end.
    await page.goto('/espace/webhooks')
    assert.match(await o.dit('.tuile'), new RegExp(`Site de ${commune}.*Les lieux.*${commune}.*Dernier envoi reçu`, 's'))
    await o.juger()
    await photographier(page, `liste-${commune}`)
    await page.goto(`${ici}/secret`)
    await o.juger()
    await page.goto(`${ici}/supprimer`)
    await o.juger()
    await o.envoyer('Supprimer ce webhook')
    assert.match(await o.dit('.fait'), /est supprimé/)
    assert.ok(!clair(e.service.journal()).includes('whsec_') && !e.service.journal().includes('/prevenir'), 'the log keeps it to itself')
    if (options !== nu) {
      for (const colorScheme of ['dark', 'light']) {
        await page.emulateMedia({ colorScheme })
        assert.deepEqual(await violations(page), [])
      }
    }
    await o.finir(400)
  })
}
