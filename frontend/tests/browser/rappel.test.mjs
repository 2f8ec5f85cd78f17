// The links of a reminder, on a phone: a real mail, read from a server of the
// test's own, then its pages with and without JavaScript, and by keyboard.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { binaire, horloge, openNavigateur, openPage, openService, violations } from './socle.mjs'

let service, navigateur, smtp, liens
before(async () => {
  smtp = await openSMTP()
  service = await openService('--tuiles', '')
  navigateur = await openNavigateur()
  await promisify(execFile)(binaire, [
    'rappels', '--base', service.base, ...horloge, '--smtp', `smtp://127.0.0.1:${smtp.port}`, '--expediteur', 'Essai <essai@exemple.fr>',
    '--url-publique', 'https://aide.exemple.fr', '--rappels-par-jour', '3',
  ])
  const recu = smtp.recu().replaceAll('=\n', '')
  liens = [...new Set([...recu.matchAll(/\/rappel\/[0-9A-Za-z]{43}/g)].map((m) => m[0]))]
  assert.equal(liens.length, 3, recu)
})
after(async () => {
  await navigateur?.close()
  await service?.close()
  smtp?.close()
})

/** An SMTP server that takes any mail and keeps its text. */
async function openSMTP() {
  let recu = ''
  const serveur = createServer((prise) => {
    let reste = ''
    let donnees = false
    const dire = (texte) => prise.write(`${texte}\r\n`)
    const lire = (ligne) => {
      if (donnees) {
        recu += `${ligne}\n`
        if (ligne === '.') {
          donnees = false
          dire('250 taken')
        }
      } else if (/^DATA/i.test(ligne)) {
        donnees = true
        dire('354 go on')
      } else if (/^QUIT/i.test(ligne)) {
        dire('221 bye')
        prise.end()
      } else dire('250 ok')
    }
    prise.on('error', () => {})
    prise.on('data', (morceau) => {
      const lignes = (reste + morceau).split('\r\n')
      reste = lignes.pop()
      lignes.forEach(lire)
    })
    dire('220 essai')
  })
  await new Promise((suite) => serveur.listen(0, '127.0.0.1', suite))
  return { port: serveur.address().port, recu: () => recu, close: () => serveur.close() }
}

for (const vue of [
  { nom: '360 px', viewport: { width: 360, height: 740 } },
  { nom: '320 px, dark', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
]) {
  test(`nothing for axe to say, no sideways scroll, no cookie: ${vue.nom}`, async () => {
    const { page, close } = await openPage(navigateur, service.adresse, vue)
    for (const suite of ['?choix=exact', '?choix=corriger', '?choix=ferme', '/arret']) {
      await page.goto(liens[0] + suite)
      assert.deepEqual(await violations(page), [], suite)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, suite)
    }
    assert.deepEqual(await close(), [])
  })
}

test('« C’est toujours exact » without JavaScript, once', async () => {
  const { page, close } = await openPage(navigateur, service.adresse, { javaScriptEnabled: false })
  await page.goto(`${liens[0]}?choix=exact`)
  await page.getByRole('button', { name: 'Oui, tout est exact' }).click()
  await page.getByText('ce lieu est vérifié aujourd’hui').waitFor()
  const encore = await page.goto(`${liens[0]}?choix=exact`)
  assert.equal(encore.status(), 410)
  await page.getByText('Vous avez déjà répondu').waitFor()
  assert.deepEqual((await close()).filter((f) => !f.includes('410')), [])
})

test('a correction by keyboard: what is wrong is said, nothing is lost', async () => {
  const { page, close } = await openPage(navigateur, service.adresse)
  await page.goto(`${liens[1]}?choix=corriger`)
  await page.getByLabel('Le téléphone').focus()
  await page.keyboard.type('12')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Nous déménageons.')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.classList.contains('fautes'))
  assert.equal(await page.getByLabel('Autre chose').inputValue(), 'Nous déménageons.')
  assert.deepEqual(await violations(page), [])
  await page.getByLabel('Le téléphone').fill('05 63 11 22 33')
  await page.keyboard.press('Enter')
  await page.getByText('Un coordinateur la relit').waitFor()
  assert.deepEqual((await close()).filter((f) => !f.includes('400')), [])
})

test('stopping, from the mail', async () => {
  const { page, close } = await openPage(navigateur, service.adresse, { javaScriptEnabled: false })
  await page.goto(`${liens[2]}/arret`)
  await page.getByRole('button', { name: 'Ne plus recevoir ces courriels' }).click()
  await page.getByText('cette adresse ne recevra plus de rappel').waitFor()
  assert.deepEqual(await close(), [])
})
