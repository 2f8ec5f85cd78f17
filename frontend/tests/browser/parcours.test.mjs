// The errands of visitors, in a real browser, with JavaScript and without.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { feuilles, openNavigateur, openPage, openService } from './socle.mjs'

let service, navigateur
before(async () => {
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

const nue = async (essai, options) => {
  const p = await openPage(navigateur, service.adresse, options)
  await essai(p.page)
  assert.deepEqual(await p.close(), [])
}

for (const javaScriptEnabled of [true, false]) {
  describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test('finds help for taxes near Moissac, and reads the place', () =>
      nue(async (page) => {
        await page.goto('/')
        await page.getByRole('link', { name: 'Déclarer mes impôts' }).click()
        assert.equal(await page.locator('h1').innerText(), 'Déclarer mes impôts')
        const champ = page.getByLabel('Votre commune, code postal ou adresse')
        await champ.fill('moissac')
        // Suggestions may lie over the button by then: Enter sends what was typed.
        if (javaScriptEnabled) await champ.press('Enter')
        else await page.getByRole('button', { name: 'Trouver' }).click()
        await page.waitForURL(/q=/)
        assert.equal(await page.locator('h1').innerText(), 'Aide numérique près de Moissac')
        assert.match(page.url(), /pour=impots/)
        const premiers = await page.locator('#resultats h3').allInnerTexts()
        assert.ok(premiers.includes('France services de Moissac'), premiers.join(', '))
        await page.getByRole('link', { name: 'France services de Moissac', exact: true }).click()
        assert.equal(await page.locator('h1').innerText(), 'France services de Moissac')
        assert.equal(await page.locator('.actions a[href^="tel:"]').first().getAttribute('href'), 'tel:+33970214482')
        assert.equal(await page.locator('table.semaine').first().locator('tbody tr').count(), 7)
        assert.match(await page.locator('main').innerText(), /Information du 1er août 2024/)
      }, { javaScriptEnabled }))

    test('filters, sees the choice, removes it', () =>
      nue(async (page) => {
        await page.goto('/?q=Moissac')
        const tous = await page.locator('#resultats > li').count()
        await page.locator('details.filtres > summary').click()
        await page.locator('details.facette > summary', { hasText: 'Genre de lieu' }).click()
        await page.getByRole('checkbox', { name: /^France Services/ }).check()
        await page.getByRole('button', { name: 'Montrer les lieux' }).click()
        assert.match(page.url(), /famille=france_services/)
        const filtres = await page.locator('#resultats > li').count()
        assert.ok(filtres > 0 && filtres < tous, `${filtres} of ${tous}`)
        await page.getByRole('link', { name: 'Retirer France Services' }).click()
        assert.equal(await page.locator('#resultats > li').count(), tous)
      }, { javaScriptEnabled }))

    test('prepares a sheet of three places that fits one page', () =>
      nue(async (page) => {
        await page.goto('/?q=Moissac&pour=impots')
        const ids = [...new Set(await page.locator('input[name=lieu]').evaluateAll((cases) => cases.map((c) => c.value)))]
        for (const id of ids.slice(0, 3)) await page.locator(`input[name=lieu][value="${id}"]`).first().check()
        await page.getByRole('button', { name: 'Préparer la feuille à remettre' }).click()
        assert.equal(await page.locator('.feuillet-qr').count(), 3)
        assert.match(await page.locator('.feuille').innerText(), /À apporter/)
        assert.match(await page.getByRole('link', { name: 'Envoyer par SMS' }).getAttribute('href'), /^sms:\?&body=France%20services/)
        assert.equal(await feuilles(page), 1)
      }, { javaScriptEnabled }))

    test('is offered the right spelling', () =>
      nue(async (page) => {
        await page.goto('/?q=Montoban&pour=caf')
        await page.getByRole('link', { name: /^Montauban/ }).click()
        assert.equal(await page.locator('h1').innerText(), 'Aide numérique près de Montauban')
        assert.match(page.url(), /pour=caf/)
      }, { javaScriptEnabled }))

    test('follows an itinerant service to its stops', () =>
      nue(async (page) => {
        await page.goto('/?q=Caumont')
        const arret = page.locator('li.lieu', { hasText: 'Arrêt : Caumont' })
        assert.match(await arret.innerText(), /Prochain passage|Sur place/)
        await arret.getByRole('link', { name: /^France services itinérante/ }).click()
        assert.match(await page.locator('#t-arrets + ul').innerText(), /Garganvillar\nUn jeudi sur deux \(semaines impaires\)/)
        assert.doesNotMatch(await page.locator('.fiche > .lieu-etat').innerText(), /Ouvert/)
      }, { javaScriptEnabled }))
  })
}

test('three itinerant or busy places still fit one page', () =>
  nue(async (page) => {
    await page.goto('/?q=Moissac')
    const ids = [...new Set(await page.locator('input[name=lieu]').evaluateAll((cases) => cases.map((c) => c.value)))]
    for (const pour of ['', 'impots', 'titres', 'retraite']) {
      await page.goto(`/feuille?pour=${pour}&${ids.slice(0, 3).map((id) => `lieu=${id}`).join('&')}`)
      assert.equal(await page.locator('.feuillet-qr').count(), 3)
      assert.equal(await feuilles(page), 1, pour)
    }
    // The whole tour of the itinerant service, whose weeks alternate, beside two others.
    const services = [...new Set(ids.map((id) => id.split('~')[0]))]
    await page.goto(`/feuille?${services.slice(0, 3).map((id) => `lieu=${id}`).join('&')}`)
    assert.match(await page.locator('.feuille').innerText(), /un lundi sur deux \(prochain\s: \d/)
    assert.equal(await feuilles(page), 1, 'the whole tour')
  }))

test('a poster fits one page, in the largest commune too', () =>
  nue(async (page) => {
    for (const code of ['82112', '82121', '82003']) {
      await page.goto(`/communes/${code}/affiche`)
      assert.equal(await feuilles(page), 1, code)
    }
  }))

test('« Autour de moi » rounds the position before it leaves the browser', async () => {
  const p = await openPage(navigateur, service.adresse, { geolocation: { latitude: 44.1048765, longitude: 1.0848765 }, permissions: ['geolocation'] })
  const demandes = []
  p.page.on('request', (r) => demandes.push(r.url()))
  await p.page.goto('/?pour=sante')
  await p.page.getByRole('button', { name: 'Autour de moi' }).click()
  await p.page.waitForURL(/lat=44\.105&lon=1\.085/)
  assert.equal(await p.page.locator('h1').innerText(), 'Aide numérique près de vous')
  assert.match(p.page.url(), /pour=sante/)
  assert.ok(demandes.every((d) => !d.includes('44.1048')), demandes.join('\n'))
  assert.doesNotMatch(service.journal(), /44\.10/)
  assert.deepEqual(await p.close(), [])
})

test('« Autour de moi » says what to do when the position is refused, and is absent without JavaScript', async () => {
  await nue(async (page) => {
    await page.goto('/')
    await page.getByRole('button', { name: 'Autour de moi' }).click()
    await page.getByText('Écrivez plutôt votre commune').waitFor()
  })
  await nue(async (page) => {
    await page.goto('/')
    assert.equal(await page.getByRole('button', { name: 'Autour de moi' }).isVisible(), false)
  }, { javaScriptEnabled: false })
})

test('searches by keyboard alone, with the suggestions', () =>
  nue(async (page) => {
    await page.goto('/')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Aller au contenu')
    await page.locator('#q').focus()
    await page.keyboard.type('mois')
    await page.getByRole('option').first().waitFor()
    assert.equal(await page.locator('#q').getAttribute('aria-expanded'), 'true')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    assert.equal(await page.locator('#q').inputValue(), 'Moissac')
    await page.keyboard.press('Enter')
    await page.waitForURL(/q=Moissac/)
    assert.equal(await page.locator('h1').innerText(), 'Aide numérique près de Moissac')
  }))

test('copies the text of the message and says so', () =>
  nue(async (page) => {
    await page.goto('/?q=Moissac')
    await page.getByRole('link', { name: 'France services de Moissac', exact: true }).click()
    await page.getByRole('button', { name: 'Copier le texte' }).click()
    await page.getByRole('status').filter({ hasText: 'Copié' }).waitFor()
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /Tél\. 09\s70/)
  }, { permissions: ['clipboard-read', 'clipboard-write'] }))
