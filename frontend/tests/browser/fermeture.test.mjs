// An exceptional closing between two visitors: five actions at most on a phone,
// and everybody sees it until it is over.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { clair, nu, openEspace } from './espace.mjs'
import { openPlusTard } from './socle.mjs'

let e, bureau
before(async () => {
  e = await openEspace()
  bureau = e.lieu('France services de Moissac')
})
after(() => e?.close())

const lire = async (service, chemin) => clair((await (await fetch(service.adresse + chemin)).text()).replaceAll('&nbsp;', ' '))

/** The columns of the export, of one place. */
async function exporte(service) {
  const texte = await lire(service, '/donnees/lieux.csv')
  return texte.split(/\r?\n/).find((l) => l.startsWith(`${bureau.id},`) || l.includes(`,${bureau.id},`) || l.includes(bureau.nom)) ?? assert.fail('the place is not in the export')
}

/** A row without its date_maj. */
const sansDate = (ligne) => ligne.replace(/,\d{4}-\d{2}-\d{2},/, ',,')

/** Counts what a person does: each touch, each field that is filled in. */
function compter() {
  let n = 0
  return { fait: (quoi) => (n++, quoi), total: () => n }
}

for (const [mode, options] of [['with JavaScript', {}], ['without JavaScript', nu]]) {
  test(`some days, a reason: five actions after signing in, ${mode}`, async () => {
    const o = await e.arriver(options, `jeanne.${options === nu ? 'nu' : 'script'}@exemple.fr`, 'mediateur', '--lieu', bureau.id)
    const { page } = o
    const avant = await exporte(e.service)
    const actions = compter()
    await actions.fait(o.envoyer(page.getByRole('link', { name: 'Fermeture exceptionnelle' })))
    await actions.fait(page.getByLabel('Premier jour').fill('2026-11-25'))
    await actions.fait(page.getByLabel(/^Dernier jour/).fill('2026-11-27'))
    await actions.fait(page.getByLabel(/^Pourquoi/).selectOption('Formation'))
    await actions.fait(o.envoyer('Enregistrer'))
    assert.match(await o.dit('.fait'), /La fermeture est enregistrée. Le public la voit déjà/)
    assert.ok(actions.total() <= 5, `${actions.total()} actions`)

    await page.goto(`/lieux/${bureau.id}`)
    assert.match(await o.dit('.lieu-etat'), /Fermé.*formation/i)
    assert.match(await o.dit('#t-horaires ~ ul.exceptions'), /25 au .*27 novembre.*fermé.*formation/i)
    await page.goto('/?q=Moissac')
    const carte = page.locator('.lieu').filter({ has: page.getByRole('link', { name: bureau.nom, exact: true }) })
    assert.match(clair(await carte.locator('.lieu-etat').innerText()), /Fermé/)
    assert.match(await exporte(e.service), /2026 Nov 25-2026 Nov 27 off ""formation""/)

    await page.goto('/espace')
    assert.match(await o.dit('.tuile'), /25 au .*27 novembre/)
    await o.juger()
    await page.goto(`/espace/lieux/${bureau.id}`)
    await o.envoyer('Retirer')
    const apres = await exporte(e.service)
    assert.equal(sansDate(apres), sansDate(avant))
    assert.match(apres, /,2026-11-25,/) // date_maj: taking a closing away is a gesture too
    await o.finir()
  })
}

test('it goes by itself when its day is over', async () => {
  const o = await e.arriver({}, 'luc@exemple.fr', 'mediateur', '--lieu', bureau.id)
  await o.page.goto(`/espace/lieux/${bureau.id}/fermeture`)
  await o.page.getByRole('radio', { name: /^Aujourd’hui/ }).check()
  await o.envoyer('Enregistrer')
  await o.finir()
  assert.match(await exporte(e.service), /2026 Nov 25 off/)
  for (const [instant, ferme] of [['2026-11-25T15:00:00+01:00', true], ['2026-11-26T09:00:00+01:00', false]]) {
    const demain = await openPlusTard(e.service, instant, '--tuiles', '')
    try {
      const page = await lire(demain, `/lieux/${bureau.id}`)
      const etat = /<p class="lieu-etat grand">.*?<\/p>/s.exec(page)?.[0]
      assert.match(etat, ferme ? /Ouvre demain/ : /Ouvert/, instant)
      assert.equal(/mercredi 25 novembre.*fermé/i.test(page), ferme, `${instant}: the list of closings`)
      assert.equal((await exporte(demain)).includes('2026 Nov 25 off'), ferme, `${instant}: the export`)
    } finally {
      await demain.close()
    }
  }
})

test('dates that are typed beside tomorrow are meant; beside today, which was chosen, they are asked about', async () => {
  const o = await e.arriver(nu, 'lea@exemple.fr', 'mediateur', '--lieu', bureau.id)
  await o.page.goto(`/espace/lieux/${bureau.id}/fermeture`)
  assert.ok(await o.page.getByRole('radio', { name: /^Demain/ }).isChecked())
  await o.page.getByLabel('Premier jour').fill('2026-12-24')
  await o.envoyer('Enregistrer')
  assert.match(await o.dit('.fait'), /La fermeture est enregistrée/)
  assert.match(await exporte(e.service), /2026 Dec 24 off/)
  assert.doesNotMatch(await exporte(e.service), /Nov 26 off/)

  await o.page.goto(`/espace/lieux/${bureau.id}/fermeture`)
  await o.page.getByRole('radio', { name: /^Aujourd’hui/ }).check()
  await o.page.getByLabel('Premier jour').fill('2026-12-29')
  await o.envoyer('Enregistrer')
  assert.match(await o.dit('.fautes'), /Vous avez choisi « Aujourd’hui », et écrit d’autres jours/)
  assert.ok(await o.page.getByRole('radio', { name: /^D’autres jours/ }).isChecked())
  await o.envoyer('Enregistrer')
  assert.match(await exporte(e.service), /2026 Dec 29 off/)
  await o.finir(400)
})

test('with a script, choosing tomorrow empties the dates', async () => {
  const o = await e.arriver({}, 'marc@exemple.fr', 'mediateur', '--lieu', bureau.id)
  await o.page.goto(`/espace/lieux/${bureau.id}/fermeture`)
  await o.page.getByLabel('Premier jour').fill('2026-12-28')
  assert.ok(await o.page.getByRole('radio', { name: /^D’autres jours/ }).isChecked())
  await o.page.getByRole('radio', { name: /^Demain/ }).check()
  assert.equal(await o.page.getByLabel('Premier jour').inputValue(), '')
  await o.envoyer('Enregistrer')
  assert.match(await exporte(e.service), /2026 Nov 26 off/)
  await o.finir()
})

test('an opening, by its hours; a date that cannot be is told on its field', async () => {
  const o = await e.arriver(nu, 'nina@exemple.fr', 'mediateur', '--lieu', bureau.id)
  const { page } = o
  await page.goto(`/espace/lieux/${bureau.id}/fermeture`)
  await page.getByRole('radio', { name: /^D’autres jours/ }).check()
  await page.getByLabel('Premier jour').fill('2026-12-05')
  await page.getByLabel(/^Dernier jour/).fill('2026-12-01')
  await page.locator('details > summary', { hasText: 'Une autre raison' }).click()
  await page.getByRole('radio', { name: /^ouvert, à ces heures/ }).check()
  await page.getByLabel('Heures d’ouverture').fill('9h-12h et 14h-17h')
  await o.envoyer('Enregistrer')
  assert.match(await page.title(), /^À corriger/)
  assert.match(await o.dit('.fautes'), /1 chose est à corriger/)
  await o.juger()
  assert.equal(await page.getByLabel('Heures d’ouverture').inputValue(), '9h-12h et 14h-17h')
  await page.getByLabel(/^Dernier jour/).fill('')
  await o.envoyer('Enregistrer')
  assert.match(await o.dit('.fait'), /L’ouverture est enregistrée/)
  assert.match(await exporte(e.service), /2026 Dec 05 09:00-12:00,14:00-17:00/)
  await o.finir(400)
})
