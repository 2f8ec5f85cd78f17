// The map for who reads it without tiles, hears it, or has only a keyboard.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openNavigateur, openPage, openService, violations } from './socle.mjs'

let service, navigateur
before(async () => {
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

const large = { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' }
const carteOuverte = (page) => page.locator('.carte-ouverte[data-fond-de-carte="contours"]').waitFor()

const ouvre = async (chemin, essai) => {
  const p = await openPage(navigateur, service.adresse, large)
  await p.page.goto(chemin)
  await carteOuverte(p.page)
  await essai(p.page)
  assert.deepEqual(await p.close(), [])
}

test('draws the territory, and names that are never over each other', () =>
  ouvre('/?q=Moissac', async (page) => {
    for (const [trait, longueur] of [['fond-terre', 15], ['fond-limite-commune', 500], ['fond-riviere', 50]]) {
      const d = await page.locator(`path.${trait}`).getAttribute('d')
      assert.ok(d.length > longueur, `${trait}: ${d}`) // nothing drawn is M0 0
    }
    const noms = await page.locator('.fond-nom').evaluateAll((l) => l.map((n) => [n.textContent, n.getBoundingClientRect().toJSON()]))
    assert.ok(noms.length >= 3, `${noms.length} names`)
    for (const [i, [nom, a]] of noms.entries()) {
      for (const [autre, b] of noms.slice(0, i)) {
        const touchent = a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
        assert.equal(touchent, false, `${nom} is over ${autre}`)
      }
    }
    assert.match(await page.locator('.leaflet-control-attribution').innerText(), /IGN/)
    assert.match(await page.locator('.leaflet-control-scale').innerText(), /\d+\s?k?m/)
  }))

test('holds every place of the lists that has a position, once, as targets of 44 pixels', () =>
  ouvre('/?q=Moissac', async (page) => {
    const liste = await page.locator('li[data-lieu]').count()
    const seuls = await page.locator('.epingle').count()
    const groupes = await page.locator('.groupe').allInnerTexts()
    assert.ok(liste > 3)
    assert.equal(seuls + groupes.reduce((somme, n) => somme + Number(n), 0), liste)
    for (const cible of await page.locator('button.epingle, .groupe, .leaflet-bar a').all()) {
      const { width, height } = await cible.boundingBox()
      assert.ok(width >= 44 && height >= 44, `${await cible.getAttribute('aria-label')}: ${width} × ${height}`)
    }
  }))

test('says name, state and distance of each place', () =>
  ouvre('/?q=Montauban', async (page) => {
    const noms = await page.locator('.epingle').evaluateAll((l) => l.map((e) => e.getAttribute('aria-label')))
    assert.ok(noms.length > 0)
    for (const nom of noms) assert.match(nom, /.+, (ouvert|fermé|à confirmer|sur rendez-vous|itinérant|horaires non communiqués)(, à .+)?(, position approximative)?$/)
    const legende = await page.getByRole('list', { name: 'Signes de la carte' }).locator('li').allInnerTexts()
    for (const mot of legende) assert.match(mot.trim(), /^[a-zà-ÿ -]+$/)
  }))

test('keeps the keyboard where it was when a group opens', () =>
  ouvre('/?q=Montauban', async (page) => {
    const avant = await page.locator('.epingle, .groupe').count()
    await page.locator('.groupe').first().focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction((n) => document.querySelectorAll('.epingle, .groupe').length !== n, avant)
    assert.ok(await page.evaluate(() => document.activeElement.matches('.epingle, .groupe')), 'the focus fell off the map')
  }))

test('answers a mouse, and brings the card on the screen', () =>
  ouvre('/?q=Montauban', async (page) => {
    const vue = await page.locator('.carte-vue').boundingBox()
    const dedans = ({ x, y }) => x > vue.x + 70 && y > vue.y + 70 && x < vue.x + vue.width - 70 && y < vue.y + vue.height - 100
    let pin
    for (const p of await page.locator('button.epingle').all()) if (dedans(await p.boundingBox())) pin = p
    assert.ok(pin, 'no pin stands well inside the map')
    await pin.click()
    assert.equal(await page.locator('li[aria-current="true"]').count(), 1)
    assert.ok(await page.evaluate(() => document.activeElement.matches('li[aria-current] a')))
    assert.ok(await page.evaluate(() => {
      const { top, bottom } = document.activeElement.getBoundingClientRect()
      return top >= 0 && bottom <= innerHeight
    }), 'the card is not on the screen')
  }))

test('is passed in two keys', () =>
  ouvre('/?q=Moissac', async (page) => {
    await page.locator('.carte-passer').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.querySelector('#carte').contains(document.activeElement)), false)
  }))

test('on a phone comes with nothing wider than the screen, nothing for axe to say, and the focus', async () => {
  const p = await openPage(navigateur, service.adresse, { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true })
  await p.page.goto('/?q=Moissac')
  await p.page.getByRole('button', { name: 'Voir la carte' }).tap()
  await carteOuverte(p.page)
  assert.ok(await p.page.evaluate(() => document.documentElement.scrollWidth <= 320))
  await p.page.waitForFunction(() => document.activeElement.matches('.carte-vue'))
  assert.deepEqual(await violations(p.page), [])
  assert.deepEqual(await p.close(), [])
})

test('says the commune when no name is in view', () =>
  ouvre('/?q=Moissac', async (page) => {
    await page.locator('button.epingle[aria-label*="Boudou"]').first().focus()
    for (let i = 0; i < 6; i++) {
      await page.getByRole('button', { name: 'Agrandir la carte' }).click()
      await page.waitForTimeout(50)
    }
    const ecrit = await page.locator('.fond-nom, .fond-ici:not([hidden])').allInnerTexts()
    assert.ok(ecrit.some((nom) => nom !== ''), 'a map without a name')
  }))
