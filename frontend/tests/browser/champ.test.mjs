// The search field's suggestions (combobox of ARIA 1.2), and what a phone
// shows first.
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

const nue = async (essai, options) => {
  const p = await openPage(navigateur, service.adresse, options)
  await essai(p.page)
  assert.deepEqual(await p.close(), [])
}

test('opens, walks and closes as a combobox', () =>
  nue(async (page) => {
    await page.goto('/')
    const champ = page.getByRole('combobox')
    await champ.fill('mois')
    await page.getByRole('option', { name: /^Moissac/ }).waitFor()
    assert.equal(await champ.getAttribute('aria-expanded'), 'true')
    assert.deepEqual(await violations(page), [])
    for (const option of await page.getByRole('option').all()) assert.ok((await option.boundingBox()).height >= 44)
    await page.keyboard.press('ArrowUp')
    const lit = await champ.getAttribute('aria-activedescendant')
    assert.equal(await page.locator(`#${lit}`).getAttribute('aria-selected'), 'true')
    await page.keyboard.press('Escape')
    assert.equal(await champ.getAttribute('aria-expanded'), 'false')
    assert.equal(await champ.inputValue(), 'mois', 'Escape keeps what was typed')
  }, { viewport: { width: 320, height: 640 } }))

test('a choice fills the field, keeps the focus and sends nothing', () =>
  nue(async (page) => {
    await page.goto('/')
    const champ = page.getByRole('combobox')
    await champ.fill('mois')
    await page.getByRole('option', { name: /^Moissac/ }).click()
    assert.equal(await champ.inputValue(), 'Moissac')
    assert.ok(await champ.evaluate((c) => c === document.activeElement))
    assert.equal(new URL(page.url()).search, '')
  }))

test('a homonym is written with its département, and found', () =>
  nue(async (page) => {
    await page.goto('/')
    const champ = page.getByRole('combobox')
    await champ.fill('valence')
    await page.getByRole('option').first().waitFor()
    const noms = await page.getByRole('option').allInnerTexts()
    assert.ok(noms.length > 1, noms.join(' | '))
    await page.getByRole('option').first().click()
    const choisi = await champ.inputValue()
    await page.getByRole('button', { name: 'Trouver' }).click()
    await page.waitForURL(/q=/)
    assert.match(await page.locator('h1').innerText(), /^Aide numérique près d/, `"${choisi}" is not understood`)
  }))

test('the focus is seen on everything that the keyboard reaches', () =>
  nue(async (page) => {
    await page.goto('/?q=Moissac')
    for (let i = 0; i < 25; i++) {
      await page.keyboard.press('Tab')
      const { quoi, vu } = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
        return { quoi: document.activeElement.outerHTML.slice(0, 80), vu: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 }
      })
      assert.ok(vu, quoi)
    }
  }))

test('the first place stands whole on the first screen of a phone', () =>
  nue(async (page) => {
    await page.goto('/?q=Moissac')
    const { y, height } = await page.locator('#resultats > li').first().boundingBox()
    assert.ok(y + height <= 844, `it ends at ${Math.round(y + height)} px`)
  }, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }))

test('on a small phone too, with one shortcut beside the filter', () =>
  nue(async (page) => {
    await page.goto('/?q=Lafrançaise')
    const { y, height } = await page.locator('#resultats > li').first().boundingBox()
    assert.ok(y + height <= 740, `it ends at ${Math.round(y + height)} px`)
    const maintenant = page.getByRole('link', { name: /^Ouvert maintenant/ })
    const [puce, filtre] = [await maintenant.boundingBox(), await page.locator('.filtres > summary').boundingBox()]
    assert.ok(Math.abs(puce.y - filtre.y) < 8 && filtre.x + filtre.width <= 360, 'they do not stand on one line')
    assert.ok(await maintenant.evaluate((a) => a.scrollWidth <= a.clientWidth), 'its words are cut')
  }, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }))
