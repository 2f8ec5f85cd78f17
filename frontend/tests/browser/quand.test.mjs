// Searches that ask when, help before doors, and what is out of the ordinary.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { executer, feuilles, openNavigateur, openPage, openService, violations } from './socle.mjs'

let service, navigateur, mediatheque
before(async () => {
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
  const reponse = await fetch(`${service.adresse}/api/v1/lieux?commune=82031&limite=50`)
  mediatheque = (await reponse.json()).resultats.find((l) => l.nom.startsWith('Médiathèque'))
  const lieu = (verbe, ...args) => executer(service, 'lieu', verbe, mediatheque.id, ...args)
  lieu('verifier')
  lieu('permanence', '--intitule', 'Aide numérique', '--regle', 'Tu 10:00-12:00', '--depuis', '2026-12-01', '--tous-les', '2')
  lieu('fermer', '--du', '2026-12-24', '--au', '2027-01-02', '--motif', 'congés')
  await vu(`/lieux/${mediatheque.id}`, 'congés')
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

/** Waits until the service, which looks every second, shows what was written. */
async function vu(chemin, texte) {
  for (let essai = 0; essai < 100; essai++) {
    if ((await (await fetch(service.adresse + chemin)).text()).includes(texte)) return
    await new Promise((suite) => setTimeout(suite, 100))
  }
  throw new Error(`${chemin} does not show "${texte}"`)
}

const nue = async (essai, options) => {
  const p = await openPage(navigateur, service.adresse, options)
  await essai(p.page)
  assert.deepEqual(await p.close(), [])
}

for (const javaScriptEnabled of [true, false]) {
  describe(javaScriptEnabled ? 'when, with JavaScript' : 'when, without JavaScript', () => {
    test('asks for Saturday, sees who is open then, and changes their mind', () =>
      nue(async (page) => {
        await page.goto('/?q=Moissac')
        await page.locator('details.filtres > summary').click()
        await page.getByLabel('Quel jour ?').selectOption({ label: 'Samedi 28 novembre' })
        await page.getByLabel('À quelle heure ?').selectOption('matin')
        await page.getByRole('button', { name: 'Montrer les lieux' }).click()
        assert.match(page.url(), /quand=samedi/)
        assert.match(page.url(), /heure=matin/)
        assert.match(await page.locator('.resume').innerText(), /lieux ouverts samedi 28 novembre, le matin.*\d+\sfermés selon de vieux horaires/s)
        for (const etat of await page.locator('#resultats .etat').allInnerTexts()) assert.match(etat, /Samedi\s: .*\d\sh/)
        assert.ok((await page.locator('#muets > li').count()) > 0, 'places whose hours are not known are hidden')
        await page.locator('.vieux > summary').click()
        assert.ok(await page.locator('#vieux > li').first().isVisible(), 'places closed by old hours are out of reach')
        await page.getByRole('link', { name: 'Retirer Samedi, le matin' }).click()
        assert.doesNotMatch(page.url(), /quand|heure/)
        assert.ok((await page.locator('#resultats .etat').first().innerText()).length > 0)
      }, { javaScriptEnabled }))

    test('asks for Sunday: nothing is open, the nearest say when they are', () =>
      nue(async (page) => {
        await page.goto('/?q=Moissac&quand=dimanche')
        assert.match(await page.locator('.resume').innerText(), /Aucun lieu n’est ouvert à coup sûr dimanche 29 novembre/)
        assert.equal(await page.locator('h2', { hasText: 'Les plus proches, et quand ils ouvrent' }).count(), 1)
        assert.ok((await page.locator('#resultats > li').count()) >= 1)
      }, { javaScriptEnabled }))

    test('reads the place: doors, help one week in two by its dates, closing first', () =>
      nue(async (page) => {
        await page.goto(`/lieux/${mediatheque.id}`)
        assert.match(await page.locator('.lieu-etat.grand').innerText(), /ide numérique mardi à 10\sh/)
        const horaires = page.locator('section[aria-labelledby=t-horaires]')
        assert.match(await horaires.locator('li').first().innerText(), /^Du 24 décembre au 2 janvier 2027\s: fermé \(congés\)/)
        assert.match(await horaires.innerText(), /une semaine sur deux à partir du 1er décembre 2026, le mardi\s: 10\sh à 12\sh\n/)
        assert.match(await horaires.innerText(), /Prochaines dates\s: mardi 1er décembre, mardi 15 décembre, mardi 12 janvier et mardi 26 janvier/)
      }, { javaScriptEnabled }))
  })
}

test('one touch shows what is open now, on a wide screen', () =>
  nue(async (page) => {
    await page.goto('/?q=Moissac')
    await page.getByRole('link', { name: /^Ouvert maintenant \(\d+\)/ }).click()
    assert.match(await page.locator('.resume').innerText(), /ouverts? maintenant/)
    const genres = await page.locator('#resultats > li').evaluateAll((lis) => lis.map((li) => li.dataset.etat))
    assert.ok(genres.length > 0 && genres.every((g) => g === 'ouvert'), genres.join())
  }, { viewport: { width: 1280, height: 900 } }))

test('keyboard alone asks for tomorrow at 10', () =>
  nue(async (page) => {
    await page.goto('/?q=Moissac')
    await page.locator('details.filtres > summary').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'quand')
    await page.keyboard.type('Demain')
    await page.keyboard.press('Tab')
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowDown') // three parts of a day, then 8, 9 and 10
    assert.equal(await page.locator('select[name=heure]').inputValue(), '10:00')
    await page.locator('form button[type=submit]', { hasText: 'Montrer les lieux' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/quand=demain/)
    assert.match(await page.locator('.resume').innerText(), /demain à 10\sh/)
  }))

for (const [nom, chemin] of [
  ['results of a Saturday', () => '/?q=Moissac&quand=samedi'],
  ['nothing on a Sunday', () => '/?q=Moissac&quand=dimanche'],
  ['a place with help of its own', () => `/lieux/${mediatheque.id}`],
  ['the sheet of it', () => `/feuille?lieu=${mediatheque.id}`],
]) {
  test(`${nom}: axe finds nothing, and nothing scrolls sideways at 320 px`, () =>
    nue(async (page) => {
      await page.goto(chemin())
      assert.deepEqual(await violations(page), [])
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
    }, { viewport: { width: 320, height: 700 } }))
}

test('the sheet says when help is there, the closing too, on one page', () =>
  nue(async (page) => {
    await page.goto(`/feuille?lieu=${mediatheque.id}`)
    const texte = await page.locator('.feuille').innerText()
    assert.match(texte, /Aide numérique\s: une semaine sur deux/)
    assert.match(texte, /Du 24 décembre au 2 janvier 2027\s: fermé \(congés\)/)
    assert.equal(await feuilles(page), 1)
  }))
