// Coming in: an invitation, a link, six digits, by the mails that leave for
// real. A link is looked at as often as one likes, and used once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { clair, nu, openEspace, tabuler } from './espace.mjs'
import { openPlusTard } from './socle.mjs'

let e, bureau
before(async () => {
  e = await openEspace()
  bureau = e.lieu('France services de Moissac')
})
after(() => e?.close())

/** Invites somebody from the page of accounts, and gives their mail. */
async function inviter({ page, envoyer, dit }, nom, courriel, role, portee, lieu) {
  await page.goto('/espace/comptes/inviter')
  await page.getByLabel('Son prénom et son nom').fill(nom)
  await page.getByLabel(/^Son adresse de courriel/).fill(courriel)
  await page.getByRole('radio', { name: role }).check()
  await page.getByLabel('Sur quels lieux').selectOption({ label: portee })
  if (lieu) await page.getByLabel(/^Le lieu ou la commune, s’il n’y en a qu’un/).fill(lieu)
  await envoyer('Envoyer l’invitation')
  assert.match(await dit('.fait'), /L’invitation part par courriel/)
  return e.courriels.attendre(courriel, /^Invitation/)
}

/** Asks for a mail to come in with. */
async function demander({ page, envoyer, dit }, courriel) {
  await page.goto('/connexion')
  await page.getByLabel('Votre adresse de courriel').fill(courriel)
  await envoyer('Recevoir le lien')
  assert.equal(await dit('h1'), 'Regardez vos courriels')
}

/** A browser that accepts an invitation. */
async function accepter(mail, options) {
  const o = await e.onglet(options)
  await o.page.goto(mail.lien)
  await o.envoyer('Accepter et entrer')
  return o
}

for (const [mode, options] of [['with JavaScript', {}], ['without JavaScript', nu]]) {
  const chez = mode === 'with JavaScript' ? 'exemple.fr' : 'sans-script.exemple.fr'

  test(`from the command line to a mediator, ${mode}`, async () => {
    const admin = await e.arriver(options, `alice.admin@${chez}`, 'administrateur')
    const mailPaul = await inviter(admin, 'Paul Coord', `paul@${chez}`, /^Coordonner/, 'Tous les lieux en Tarn-et-Garonne')
    assert.match(clair(mailPaul.texte), /Alice Admin vous invite sur À deux pas/)
    const paul = await accepter(mailPaul, options)
    assert.match(await paul.dit('.bandeau'), /À traiter.*Comptes.*Mon compte/s)

    const mailJeanne = await inviter(paul, 'Jeanne Durand', `jeanne@${chez}`, /^Corriger/, 'Un lieu, nommé ci-dessous', 'france services de moissac')
    const jeanne = await accepter(mailJeanne, options)
    assert.match(await jeanne.dit(), /Mes lieux.*France services de Moissac/s)
    assert.doesNotMatch(await jeanne.dit('.bandeau'), /Comptes/)
    await jeanne.envoyer('Me déconnecter')
    assert.match(await jeanne.dit(), /Vous êtes déconnecté/)
    assert.deepEqual(await jeanne.page.context().cookies(), [])
    await jeanne.page.goto('/espace')
    assert.match(jeanne.page.url(), /\/connexion\?suite=/)
    for (const o of [admin, paul, jeanne]) await o.finir()
  })

  test(`by the link, then by the six digits on another device, ${mode}`, async () => {
    const jeanne = await e.onglet(options)
    await jeanne.page.goto(`/espace/lieux/${bureau.id}/horaires`)
    await jeanne.page.getByLabel('Votre adresse de courriel').fill(`jeanne@${chez}`)
    await jeanne.envoyer('Recevoir le lien')
    const mail = await e.courriels.attendre(`jeanne@${chez}`, 'Votre lien pour entrer')
    await jeanne.page.goto(mail.lien)
    assert.match(await jeanne.dit(), /Ce lien connecte j•••@.*sur cet appareil/)
    await jeanne.juger()
    await jeanne.envoyer('Entrer')
    assert.match(jeanne.page.url(), /\/horaires$/, 'where they wanted to go')

    const ordinateur = await e.onglet({ ...options, viewport: { width: 1280, height: 900 } })
    await demander(ordinateur, `jeanne@${chez}`)
    const { code } = await e.courriels.attendre(`jeanne@${chez}`, 'Votre lien pour entrer')
    await ordinateur.page.getByLabel('Les six chiffres').fill(code === '000000' ? '000001' : '000000')
    await ordinateur.envoyer('Entrer')
    assert.match(await ordinateur.dit('.faute'), /code/)
    await ordinateur.juger()
    await ordinateur.page.getByLabel('Les six chiffres').fill(`${code.slice(0, 3)} ${code.slice(3)}`)
    await ordinateur.envoyer('Entrer')
    assert.match(await ordinateur.dit(), /Mes lieux/)
    await ordinateur.page.goto('/espace/compte')
    assert.equal(await ordinateur.page.locator('h2:text("Vos appareils connectés") + ul > li').count(), 2)
    await jeanne.finir()
    await ordinateur.finir(400)
  })
}

test('programs that open every link spend nothing, and a link serves once', async () => {
  const o = await e.onglet()
  await demander(o, 'paul@exemple.fr')
  const { lien } = await e.courriels.attendre('paul@exemple.fr', 'Votre lien pour entrer')
  for (let n = 0; n < 12; n++) {
    for (const method of ['HEAD', 'GET']) {
      const reponse = await fetch(lien, { method, headers: { 'x-forwarded-for': '198.51.100.1' } })
      assert.equal(reponse.status, 200)
      assert.equal(reponse.headers.get('set-cookie'), null)
    }
  }
  await o.page.goto(lien)
  await o.envoyer('Entrer')
  assert.match(o.page.url(), /\/espace$/)

  const second = await e.onglet(nu)
  await second.page.goto(lien)
  assert.equal(await second.dit('h1'), 'Ce lien ne sert plus')
  assert.match(await second.dit(), /déjà servi/)
  await second.page.getByRole('link', { name: 'Recevoir un nouveau lien' }).click()
  assert.match(second.page.url(), /\/connexion$/)
  await o.finir()
  await second.finir(410)
})

test('a link that is over, or was made up, says what to do', async () => {
  const o = await e.onglet()
  await demander(o, 'alice.admin@exemple.fr')
  const { lien } = await e.courriels.attendre('alice.admin@exemple.fr', 'Votre lien pour entrer')
  for (const [instant, statut] of [['2026-11-25T10:34:00+01:00', 200], ['2026-11-25T10:36:00+01:00', 410]]) {
    const apres = await openPlusTard(e.service, instant, '--tuiles', '')
    try {
      assert.equal((await fetch(apres.adresse + new URL(lien).pathname)).status, statut, instant)
    } finally {
      await apres.close()
    }
  }
  for (const secret of ['x', 'A'.repeat(43), '%3Cscript%3E']) {
    await o.page.goto(`/connexion/lien/${secret}`)
    assert.equal(await o.dit('h1'), 'Ce lien ne sert plus', secret)
  }
  await o.finir(410)
})

test('the answer is the same for somebody whom nobody knows, and no mail goes', async () => {
  const [connu, inconnu] = [await e.onglet(), await e.onglet()]
  await demander(connu, 'jeanne@exemple.fr')
  await demander(inconnu, 'qui@exemple.fr')
  await e.courriels.attendre('jeanne@exemple.fr', 'Votre lien pour entrer')
  const dits = await Promise.all([connu, inconnu].map((o) => o.dit()))
  assert.equal(dits[1].replace('qui@', 'jeanne@'), dits[0])
  assert.deepEqual(e.courriels.restants().filter((m) => m.startsWith('qui@')), [])
  for (const o of [connu, inconnu]) await o.finir()
})

test('a mail says the same in text and in HTML, and comes from whom it says', async () => {
  const o = await e.onglet()
  await demander(o, 'paul@exemple.fr')
  const mail = await e.courriels.attendre('paul@exemple.fr', 'Votre lien pour entrer')
  assert.equal(mail.de, 'ne-pas-repondre@exemple.fr')
  assert.match(mail.tetes.from, /<ne-pas-repondre@exemple\.fr>/)
  assert.deepEqual(mail.liensHTML, mail.liens)
  assert.match(mail.html, new RegExp(`>${mail.code}<`))
  assert.ok(mail.lien.startsWith(`${e.service.url}/connexion/lien/`), mail.lien)
  await o.finir()
})

test('a name that would add a header to a mail is refused, in words', async () => {
  const o = await e.onglet()
  await demander(o, 'paul@exemple.fr')
  await o.page.goto((await e.courriels.attendre('paul@exemple.fr', 'Votre lien pour entrer')).lien)
  await o.envoyer('Entrer')
  await o.page.goto('/espace/comptes/inviter')
  await o.page.getByLabel('Sur quels lieux').selectOption('departement')
  for (const nom of ['Eve <eve@exemple.fr>', 'Eve\u2028Bcc: tous@exemple.fr']) {
    await o.page.getByLabel('Son prénom et son nom').fill(nom)
    await o.page.getByLabel(/^Son adresse de courriel/).fill('eve@exemple.fr')
    await o.envoyer('Envoyer l’invitation')
    assert.match(await o.dit('.faute'), /prénom et le nom/)
  }
  assert.deepEqual(e.courriels.restants().filter((m) => m.includes('eve@')), [])
  await o.finir(400)
})

test('the whole way by keyboard alone', async () => {
  const o = await e.onglet()
  const { page } = o
  await page.goto('/')
  await tabuler(page, page.getByRole('link', { name: 'Corriger un lieu' }))
  await Promise.all([page.waitForURL(/\/connexion/), page.keyboard.press('Enter')])
  await tabuler(page, page.getByLabel('Votre adresse de courriel'))
  await page.keyboard.type('jeanne@exemple.fr')
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  const { code } = await e.courriels.attendre('jeanne@exemple.fr', 'Votre lien pour entrer')
  await tabuler(page, page.getByLabel('Les six chiffres'))
  await page.keyboard.type(code)
  await Promise.all([page.waitForURL(/\/espace$/), page.keyboard.press('Enter')])

  await tabuler(page, page.getByRole('link', { name: 'Fermeture exceptionnelle' }))
  await Promise.all([page.waitForURL(/fermeture$/), page.keyboard.press('Enter')])
  await tabuler(page, page.locator('input[name="quand"][value="demain"]'))
  await tabuler(page, page.getByLabel(/^Pourquoi/))
  await page.keyboard.type('Formation')
  await tabuler(page, page.getByRole('button', { name: 'Enregistrer' }))
  await Promise.all([page.waitForURL(/fait=fermeture/), page.keyboard.press('Enter')])
  assert.match(await o.dit('.fait'), /La fermeture est enregistrée/)
  assert.match(await o.dit('.tuile'), /26 novembre.*formation/)
  await tabuler(page, page.getByRole('button', { name: 'Annuler' }))
  await Promise.all([page.waitForURL(/fait=defait/), page.keyboard.press('Enter')])
  assert.deepEqual((await e.api(bureau.id)).exceptions ?? [], [])
  await o.finir()
})
