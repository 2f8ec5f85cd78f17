// The editor of hours, as a mediator uses it on a phone: with a script and
// without, by keyboard alone, and when two people write at once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { executer, openNavigateur, openPage, openService, violations } from './socle.mjs'

let service, navigateur, lieu, chemin

before(async () => {
  service = await openService()
  navigateur = await openNavigateur()
  const reponse = await fetch(`${service.adresse}/api/v1/lieux?limite=1000`)
  const { resultats } = await reponse.json()
  lieu = resultats.find((l) => l.horaires && l.commune === 'Moissac')
  chemin = `/espace/lieux/${lieu.id}/horaires`
})

after(async () => {
  await navigateur?.close()
  await service?.close()
})

let personnes = 0

/** A page of somebody who may change the place. */
async function entrer(options) {
  const lien = executer(
    service, 'compte', 'inviter', `jeanne${++personnes}@exemple.fr`, '--role', 'mediateur', '--nom', 'Jeanne Exemple',
    '--lieu', lieu.id, '--url-publique', service.adresse,
  ).trim()
  const onglet = await openPage(navigateur, service.adresse, options)
  await onglet.page.goto(lien)
  await Promise.all([onglet.page.waitForURL('**/espace'), onglet.page.locator('main form button').first().click()])
  return onglet
}

/** What must not have happened, but for the session's own cookie and refusals that are shown. */
const fautes = async (onglet) =>
  (await onglet.close()).filter((f) => !f.startsWith('cookie: __Host-') && !/status of (412|422)/.test(f))

/** Sets the hours of the place by the text that experts type. */
async function poser(page, texte) {
  await page.goto(chemin)
  await page.locator('details.expert summary').click()
  await page.fill('#osm', texte)
  await envoyer(page, 'osm')
  await envoyer(page, 'enregistrer')
  assert.match(page.url(), /[?&]fait=horaires&/)
}

async function envoyer(page, faire) {
  const bouton = page.locator(`main button[name="faire"][value="${faire}"]:not(.invisible)`).first()
  await Promise.all([page.waitForNavigation(), bouton.click()])
}

const horaires = async () => (await (await fetch(`${service.adresse}/api/v1/lieux/${lieu.id}`)).json()).horaires
const mots = async (page, ou) => (await page.locator(ou).innerText()).replaceAll('\u00a0', ' ')
const lu = (page) => mots(page, '[data-apercu-ici]')
const foyer = (page) => page.evaluate(() => document.activeElement?.id)

test('what people will read follows what is typed', async () => {
  const onglet = await entrer()
  const { page } = onglet
  await poser(page, 'Mo-Fr 09:00-12:00; PH off')
  await page.goto(chemin)
  assert.match(await lu(page), /Lundi\s+9 h à 12 h/)
  await page.fill('#jour-2-debut-1', '14h')
  await page.fill('#jour-2-fin-1', '1730')
  await page.waitForFunction(() => /17.h.30/.test(document.querySelector('[data-apercu-ici]').textContent))
  assert.match(await lu(page), /Mercredi\s+9 h à 12 h et 14 h à 17 h 30/)
  await page.fill('#jour-2-fin-1', 'soir')
  await page.waitForFunction(() => document.querySelector('[data-apercu-ici]').textContent.includes('n’est pas une heure'))
  assert.equal(await foyer(page), 'jour-2-fin-1', 'the reading never takes the focus')
  await page.fill('#jour-2-fin-1', '17:30')
  await envoyer(page, 'enregistrer')
  assert.equal(await horaires(), 'Mo,Tu,Th,Fr 09:00-12:00; We 09:00-12:00,14:00-17:30; PH off')
  assert.deepEqual(await fautes(onglet), [])
})

test('without a script: add, copy, see, save', async () => {
  const onglet = await entrer({ javaScriptEnabled: false })
  const { page } = onglet
  await poser(page, 'Mo 09:00-12:00; Dec 24 off')
  await page.goto(chemin)
  await page.fill('#jour-0-debut-1', '14')
  await page.fill('#jour-0-fin-1', '16')
  await envoyer(page, 'ajouter jour-0')
  assert.equal(await page.locator('[autofocus]').getAttribute('id'), 'jour-0-debut-2')
  await page.fill('#jour-0-debut-2', '18')
  await page.fill('#jour-0-fin-2', '19')
  await page.locator('details.copie summary').click()
  await page.check('#copier-vers-3')
  await envoyer(page, 'copier')
  assert.equal(await page.inputValue('#jour-3-fin-2'), '19')
  await envoyer(page, 'voir')
  assert.match(await lu(page), /Le lundi et le jeudi : 9 h à 12 h, 14 h à 16 h et 18 h à 19 h/)
  assert.match(await mots(page, '.restes'), /Le 24 décembre : fermé/)
  await envoyer(page, 'enregistrer')
  assert.equal(await horaires(), 'Mo,Th 09:00-12:00,14:00-16:00,18:00-19:00; Dec 24 off')
  assert.deepEqual(await fautes(onglet), [])
})

test('by keyboard alone, through a mistake', async () => {
  const onglet = await entrer()
  const { page } = onglet
  await poser(page, 'Mo 09:00-12:00')
  await page.goto(chemin)
  await page.focus('#jour-5-debut-0')
  await page.keyboard.type('10h')
  await page.keyboard.press('Tab')
  await page.keyboard.type('9h75')
  await page.locator('main button[value="enregistrer"]').focus()
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  assert.equal(await foyer(page), 'fautes')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await foyer(page), 'jour-5-fin-0')
  assert.equal(await page.inputValue('#jour-5-debut-0'), '10h', 'what was typed comes back')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('11h30')
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  assert.equal(await foyer(page), 'apercu-titre', 'Enter shows, and saves nothing')
  assert.equal(await horaires(), 'Mo 09:00-12:00')
  await page.locator('main button[value="enregistrer"]').focus()
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  assert.equal(await horaires(), 'Mo 09:00-12:00; Sa 10:00-11:30')
  assert.deepEqual(await fautes(onglet), [])
})

test('two people at once: both versions show, and one is kept', async () => {
  const [lune, lautre] = [await entrer(), await entrer({ javaScriptEnabled: false })]
  await poser(lune.page, 'Mo 09:00-12:00')
  for (const { page } of [lune, lautre]) await page.goto(chemin)
  await lune.page.fill('#jour-0-debut-0', '8h')
  await envoyer(lune.page, 'enregistrer')
  await lautre.page.fill('#jour-0-fin-0', '11h')
  await envoyer(lautre.page, 'enregistrer')
  const texte = await mots(lautre.page, '.versions')
  assert.match(texte, /9 h à 11 h/)
  assert.match(texte, /8 h à 12 h/)
  assert.equal(await horaires(), 'Mo 08:00-12:00', 'nothing is overwritten')
  await lune.page.goto(chemin)
  await envoyer(lautre.page, 'garder')
  assert.equal(await horaires(), 'Mo 09:00-11:00')
  assert.deepEqual([...(await fautes(lune)), ...(await fautes(lautre))], [])
})

test('a draft comes back, and ends with what is saved', async () => {
  const onglet = await entrer()
  const { page } = onglet
  await poser(page, 'Mo 09:00-12:00')
  await page.goto(chemin)
  await page.fill('#jour-0-fin-0', '11h')
  await page.goto(chemin)
  assert.equal(await page.inputValue('#jour-0-fin-0'), '12:00')
  await page.getByRole('button', { name: 'La reprendre' }).click()
  assert.equal(await page.inputValue('#jour-0-fin-0'), '11h')
  await page.waitForFunction(() => /11.h/.test(document.querySelector('[data-apercu-ici]').textContent))
  await envoyer(page, 'enregistrer')
  await page.goto(chemin)
  assert.equal(await page.getByRole('button', { name: 'La reprendre' }).count(), 0)
  assert.deepEqual(await fautes(onglet), [])
})

test('axe finds nothing, and nothing is too wide or too small', async () => {
  const onglet = await entrer({ viewport: { width: 320, height: 700 } })
  const { page } = onglet
  await poser(page, 'Mo-Fr 09:00-12:00; Tu[1] 14:00-16:00; Jul-Aug Mo 10:00-11:00; SH Mo 10:00-11:00; PH 10:00-11:00')
  for (const adresse of [chemin, `/espace/lieux/${lieu.id}/permanences/nouvelle`]) {
    await page.goto(adresse)
    await page.evaluate(() => document.querySelectorAll('main details').forEach((d) => (d.open = true)))
    assert.deepEqual(await violations(page), [])
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320)
    assert.deepEqual(await petits(page), [])
    await page.fill('#jour-0-debut-0', 'tôt')
    await envoyer(page, 'enregistrer')
    assert.deepEqual(await violations(page), [])
  }
  assert.deepEqual(await fautes(onglet), [])
})

/** What is less than 44 px high to touch: a box counts with its label. */
const petits = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('main a, main button, main input:not([type="hidden"]), main select, main summary')]
      .filter((e) => e.offsetParent && !e.classList.contains('invisible'))
      .map((e) => {
        const coche = e.type === 'checkbox' || e.type === 'radio'
        const cible = coche ? (e.closest('label') ?? document.querySelector(`label[for="${e.id}"]`) ?? e) : e
        return [e.id || e.name || e.textContent.trim(), Math.round(cible.getBoundingClientRect().height)]
      })
      .filter(([, hauteur]) => hauteur < 44))
