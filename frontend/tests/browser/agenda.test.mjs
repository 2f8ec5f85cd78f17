// Calendars and feeds: their links on a phone, and what another program than
// ours (ical.js) reads in the calendars, against what the pages say.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import ICAL from 'ical.js'
import { executer, openNavigateur, openPage, openService, petites, violations } from './socle.mjs'

let service, navigateur, lieux, bureau, bus
before(async () => {
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
  lieux = (await (await fetch(`${service.adresse}/api/v1/lieux?limite=1000`)).json()).resultats
  const lieu = (nom) => lieux.find((l) => l.nom === nom) ?? assert.fail(`no place named ${nom}`)
  bureau = lieu('France services de Moissac')
  bus = lieu('France services itinérante Moissac-Confluences')
  executer(service, 'lieu', 'fermer', bureau.id, '--du', '2026-12-24', '--au', '2027-01-02', '--motif', 'congés')
})
after(async () => {
  await navigateur?.close()
  await service?.close()
})

/** The events of a calendar, as ical.js reads them, once it is of the service's new snapshot. */
async function lire(chemin) {
  const reponse = await fetch(service.adresse + chemin)
  assert.equal(reponse.status, 200, chemin)
  assert.match(reponse.headers.get('content-type'), /^text\/calendar; charset=utf-8/)
  const calendrier = new ICAL.Component(ICAL.parse(await reponse.text()))
  const fuseaux = calendrier.getAllSubcomponents('vtimezone')
  assert.equal(fuseaux.length, 1)
  return calendrier.getAllSubcomponents('vevent').map((v) => {
    const e = new ICAL.Event(v)
    return { uid: e.uid, titre: e.summary, debut: e.startDate.toJSDate(), fin: e.endDate.toJSDate(), ou: e.location, description: e.description, repete: e.isRecurring() }
  })
}

/** An instant on the clock of the place. */
const mur = (instant, options) => new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', ...options }).format(instant).replace(/\s/g, ' ')
const jour = (instant) => mur(instant, { weekday: 'long', day: 'numeric', month: 'long' }).replace(' 1 ', ' 1er ')
const heure = (instant) => {
  const [h, m] = mur(instant, { hour: '2-digit', minute: '2-digit' }).split(':').map(Number)
  return m ? `${h} h ${String(m).padStart(2, '0')}` : `${h} h`
}

test('ical.js reads the calendar of every place', async () => {
  let evenements = 0
  const uids = new Set()
  for (const l of lieux) {
    for (const e of await lire(`/lieux/${l.id}/horaires.ics`)) {
      assert.ok(e.debut < e.fin && e.fin - e.debut <= 25 * 3600e3, `${e.uid}: ${e.debut} ${e.fin}`)
      assert.ok(!uids.has(e.uid), `${e.uid} twice`)
      assert.ok(e.titre.includes(l.nom) && e.description.includes(`/lieux/${l.id}`) && !e.repete, JSON.stringify(e))
      uids.add(e.uid)
      evenements++
    }
  }
  assert.ok(evenements > 3000, `${evenements} events in all`)
})

test('a fixed place: the week of its page, and the closing that was noted', async () => {
  const p = await openPage(navigateur, service.adresse)
  await p.page.goto(`/lieux/${bureau.id}`)
  const semaine = await p.page.$$eval('table.semaine tbody tr', (lignes) => lignes.map((l) => [l.cells[0].textContent, l.cells[1].textContent.replace(/\s/g, ' ')]))
  assert.deepEqual(await p.close(), [])
  assert.equal(semaine.length, 7)
  let evenements
  for (let essai = 0; essai < 30; essai++) { // the service sees the closing within a second or two
    evenements = await lire(`/lieux/${bureau.id}/horaires.ics`)
    if (!evenements.some((e) => jour(e.debut) === 'mardi 29 décembre')) break
    await new Promise((suite) => setTimeout(suite, 200))
  }
  for (let n = 0; n < 7; n++) {
    const date = new Date(Date.UTC(2026, 10, 30 + n, 12)) // an ordinary week, from Monday 30 November on
    const duJour = evenements.filter((e) => jour(e.debut) === jour(date))
    const page = [...semaine[n][1].matchAll(/(\d+ h(?: \d\d)?)/g)].map((m) => m[1])
    assert.equal(semaine[n][0].toLowerCase(), jour(date).split(' ')[0])
    assert.deepEqual(duJour.flatMap((e) => [heure(e.debut), heure(e.fin)]), page, jour(date))
  }
  const fermes = evenements.filter((e) => e.debut >= new Date('2026-12-24T00:00+01:00') && e.debut < new Date('2027-01-03T00:00+01:00'))
  assert.deepEqual(fermes, [], 'told on days that are closed')
  assert.ok(evenements.some((e) => e.debut > new Date('2027-03-29')), 'nothing after the change of the clock')
})

test('an itinerant service: every date of its page, and no other, for four weeks; each stop alone', async () => {
  const p = await openPage(navigateur, service.adresse, { javaScriptEnabled: false })
  await p.page.goto(`/lieux/${bus.id}`)
  const page = await p.page.$$eval('table.tournee tbody tr:not(.annule)', (lignes) =>
    lignes.flatMap((l) => {
      const [date, lieu, heures] = [...l.cells].map((c) => c.innerHTML.replace(/&nbsp;/g, ' ').replace(/<span.*/s, ''))
      return heures.split('<br>').map((h) => `${date.toLowerCase()} | ${h.replace(/\s/g, ' ').trim()} | ${lieu}`)
    }),
  )
  const arrets = await p.page.$$eval('#t-arrets ~ ul a[href$=".ics"]', (liens) => liens.map((a) => a.getAttribute('href')))
  assert.deepEqual(await p.close(), [])
  const fin = new Date('2026-12-23T00:00+01:00')
  const tous = (await lire(`/lieux/${bus.id}/horaires.ics`)).filter((e) => e.debut < fin)
  const agenda = tous.map((e) => `${jour(e.debut)} | ${heure(e.debut)} – ${heure(e.fin)} | ${/: (.*) – France/.exec(e.titre)[1]}`)
  assert.ok(page.length > 20, `${page.length} dates`)
  assert.deepEqual(agenda.sort(), page.sort())
  const separes = (await Promise.all(arrets.map(lire))).flat().filter((e) => e.debut < fin)
  assert.deepEqual(separes.map((e) => e.uid).sort(), tous.map((e) => e.uid).sort())
})

for (const [nom, vue] of [['phone', {}], ['phone, dark', { colorScheme: 'dark' }], ['320 px without JavaScript', { viewport: { width: 320, height: 640 }, javaScriptEnabled: false }]]) {
  test(`the links, ${nom}`, async () => {
    for (const [chemin, attendu] of [
      [`/lieux/${bureau.id}`, /^text\/calendar/], [`/lieux/${bus.id}`, /^text\/calendar/],
      ['/donnees', /^application\/atom\+xml/], ['/communes/82112', /^application\/atom\+xml/], ['/epci/200066322', /^application\/atom\+xml/],
    ]) {
      const p = await openPage(navigateur, service.adresse, vue)
      await p.page.goto(chemin)
      const liens = p.page.locator('main a[href$=".ics"], main a[href$=".atom"]')
      assert.ok((await liens.count()) > 0, `${chemin}: no link`)
      for (const lien of await liens.all()) {
        const { width, height } = await lien.boundingBox()
        assert.ok(width >= 44 && height >= 43.5, `${chemin}: ${width} × ${height}`)
      }
      const suivi = await p.page.request.get(await liens.first().getAttribute('href'))
      assert.equal(suivi.status(), 200)
      assert.match(suivi.headers()['content-type'], attendu)
      const debord = await p.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(debord <= 0, `${chemin}: ${debord} px wider than the screen`)
      assert.deepEqual(await petites(p.page), [])
      if (vue.javaScriptEnabled !== false) assert.deepEqual(await violations(p.page), [])
      assert.deepEqual(await p.close(), [])
    }
  })
}

test('a feed, found by the page of its commune, read by a browser', async () => {
  const p = await openPage(navigateur, service.adresse)
  await p.page.goto('/communes/82112')
  const fil = await p.page.locator('link[type="application/atom+xml"]').getAttribute('href')
  const lu = await p.page.evaluate(async (adresse) => {
    const doc = new DOMParser().parseFromString(await (await fetch(adresse)).text(), 'application/xml')
    const texte = (noms) => [...doc.getElementsByTagNameNS('http://www.w3.org/2005/Atom', noms)].map((e) => e.textContent)
    return { faute: doc.querySelector('parsererror')?.textContent, titres: texte('title'), contenus: texte('content') }
  }, fil)
  assert.equal(lu.faute, undefined)
  assert.deepEqual(lu.titres, ['Changements des lieux d’aide numérique à Moissac', 'France services de Moissac (Moissac)\u00a0: fermeture exceptionnelle'])
  assert.deepEqual(lu.contenus, ['<p>Fermé du 24 décembre 2026 au 2 janvier 2027 (congés).</p>'])
  assert.deepEqual(await p.close(), [])
})
