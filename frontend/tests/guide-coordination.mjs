// The pictures of the guide of those who coordinate, on the shipped places: what
// people told five days ago, and the desk of somebody who exists nowhere.
import { expediteur } from './browser/espace.mjs'
import { openPlusTard, openService } from './browser/socle.mjs'
import { accepter, lireLieux, telephone } from './guide.mjs'

const bureau = { viewport: { width: 1280, height: 900 } }
const options = ['--tuiles', '', '--mandataires', '127.0.0.1', '--smtp', 'smtp://127.0.0.1:9', '--expediteur', expediteur]
const demarches = 'Aide aux démarches administratives'
const tableau = `Nom du lieu;Ville;Code postal;Adresse;Date de mise à jour
Espace numérique d’essai;Moissac;82200;12 rue des Exemples;2026-11-01
;Moissac;82200;16 rue des Exemples;2026-11-01
`
let visiteurs = 0

/** Sends a public form from an address of its own; the clock stands still: it is opened on one service, and sent to a later one. */
async function dire(avant, apres, chemin, champs) {
  const [, jeton] = /name="jeton" value="([^"]+)"/.exec(await (await fetch(avant.adresse + chemin)).text())
  const reponse = await fetch(apres.adresse + chemin, {
    method: 'POST', redirect: 'manual', headers: { 'x-forwarded-for': `192.0.2.${++visiteurs}` }, body: new URLSearchParams({ jeton, ...champs }),
  })
  if (reponse.status >= 400) throw new Error(`${chemin}: ${reponse.status} ${await reponse.text()}`)
}

/** Five days ago: the base is filled, and people search, report and say what they did not find. */
async function remplir() {
  const avant = await openService(...options, '--horloge', '2026-11-20T10:00:00+01:00')
  const apres = await openPlusTard(avant, '2026-11-20T10:05:00+01:00', ...options)
  const lieu = await lireLieux(avant)
  const signaler = (nom, champs) => dire(avant, apres, `/lieux/${lieu(nom)}/signaler`, champs)
  await signaler('France services de Moissac', { nature: 'ferme', texte: 'Volets clos mardi à 10 h.', courriel: 'visiteur@exemple.fr' })
  await signaler('France services de Moissac', { nature: 'ferme', texte: '' })
  await signaler('France services de Lafrançaise', { nature: 'numero', texte: '' })
  for (const n of [1, 2, 3, 4, 5, 6]) {
    await dire(avant, apres, '/besoin', { commune: 'Moissac', theme: demarches, moment: 'soir', texte: n > 1 ? '' : 'Je travaille jusqu’à 18 h. Mon numéro : 06 12 34 56 78' })
  }
  for (const _ of [1, 2]) await dire(avant, apres, '/besoin', { commune: 'Valence-d’Agen', theme: 'Insertion professionnelle via le numérique', moment: 'samedi', texte: '' })
  for (const [commune, fois] of [['Montauban', 7], ['Moissac', 5], ['Castelsarrasin', 4], ['Caussade', 3], ['Lauzerte', 2]]) {
    for (let n = 0; n < fois; n++) await fetch(`${apres.adresse}/?q=${commune}`)
  }
  await apres.close()
  return avant
}

/** Tells the story of the guide, and calls prendre(page, nom, haut, couleurs) where there is something to see. Returns what must not have happened. */
export async function coordonner(navigateur, prendre) {
  const passe = await remplir()
  const service = await openPlusTard(passe, '2026-11-25T10:20:00+01:00', ...options)
  const fautes = []
  try {
    const lieu = await lireLieux(service)
    const [moissac, lauzerte] = [lieu('France services de Moissac'), lieu('France services de Lauzerte')]
    const mediateur = await accepter(navigateur, service, 'jeanne.essai@exemple.fr', 'Jeanne Essai', telephone, '--role', 'mediateur', '--lieu', [moissac, lauzerte].join())
    const elu = await accepter(navigateur, service, 'dominique.essai@exemple.fr', 'Dominique Essai', telephone, '--role', 'contributeur', '--commune', '82112')
    const chef = await accepter(navigateur, service, 'camille.essai@exemple.fr', 'Camille Essai', bureau, '--role', 'coordinateur', '--departement')
    const o = { prendre, moissac, lauzerte }
    await tenir(mediateur.page, o)
    await ecrire(elu.page, o)
    await regarder(chef.page, o)
    await ecouter(chef.page, o)
    await chercher(chef.page, o)
    await reunir(chef.page, o)
    await animer(chef.page, o)
    await comparer(chef.page, o)
    for (const onglet of [mediateur, elu, chef]) fautes.push(...(await onglet.close()))
  } finally {
    await service.close()
    await passe.close()
  }
  return fautes.filter((f) => !f.startsWith('cookie: __Host-'))
}

/** Touches a button or a link of the page, and waits for the page that it leads to. */
const toucher = (page, name) => {
  const main = page.locator('main')
  return Promise.all([page.waitForNavigation(), main.getByRole('button', { name }).or(main.getByRole('link', { name })).first().click()])
}

/** Shows the address that a service has online, not that of this machine. */
const nommer = (page) =>
  page.evaluate((publique) => {
    const textes = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
    while (textes.nextNode()) textes.currentNode.data = textes.currentNode.data.replaceAll(location.origin.replace('127.0.0.1', 'localhost'), publique)
  }, 'https://aide.exemple.fr')

/** A mediator: what is reported of their place, its languages, being found. */
async function tenir(page, { prendre, moissac }) {
  await page.goto(`/espace/lieux/${moissac}`)
  await prendre(page, 'signalement-lieu')
  await page.goto(`/espace/lieux/${moissac}/partie/presentation`)
  await page.getByLabel('Présentation en bref').fill('On vous aide pas à pas.')
  await toucher(page, 'Enregistrer')
  await page.goto(`/espace/lieux/${moissac}/equipe`)
  await toucher(page, 'Répond du lieu')
  await page.goto('/espace/compte')
  await toucher(page, 'Me montrer dans l’annuaire')
  await page.getByRole('checkbox', { name: 'Occitan' }).check()
  await page.fill('#mots', 'Impression, tablettes, messagerie')
  await prendre(page, 'annuaire', '.champ:has(#mots)')
  await toucher(page, 'Me montrer à mes collègues')
}

/** An elected official writes what their commune tries. */
async function ecrire(page, { prendre }) {
  await page.goto('/espace/fiches')
  await prendre(page, 'ma-commune')
  await toucher(page, 'Écrire une fiche')
  await page.getByLabel('Le titre').fill('Un atelier le samedi à la médiathèque')
  await page.getByLabel('Le thème').selectOption(demarches)
  await page.getByLabel('En cours').check()
  await page.getByLabel('La réponse').fill('À la médiathèque, deux heures, sans rendez-vous.')
  await page.getByLabel('Ce qu’on a appris').fill('Le matin convient mieux que l’après-midi.')
  await toucher(page, 'Envoyer à relire')
}

/** The board, what comes first, the lists. */
async function regarder(page, { prendre }) {
  await page.setViewportSize({ width: 1280, height: 1240 })
  await page.goto('/espace/reseau')
  await prendre(page, 'reseau')
  await page.setViewportSize({ width: 1280, height: 1000 })
  await page.goto('/espace/reseau/lundi')
  await prendre(page, 'lundi')
  await page.setViewportSize(bureau.viewport)
  await page.goto('/espace/reseau/lieux?manque=telephone&etat=publies')
  await prendre(page, 'liste-lieux')
  await page.setViewportSize({ width: 360, height: 900 })
  await page.goto('/espace/reseau/appeler')
  await prendre(page, 'appeler', '.appel')
  await page.setViewportSize(bureau.viewport)
}

/** What people say. */
async function ecouter(page, { prendre }) {
  await page.goto('/espace/signalements')
  await prendre(page, 'signalements')
  await page.goto('/espace/besoins')
  await prendre(page, 'besoins')
  await page.goto('/espace/fiches?etat=proposee')
  await toucher(page, 'Un atelier le samedi à la médiathèque')
  await prendre(page, 'fiche-relire')
  await page.goto('/espace/frequentation?par=jour')
  await prendre(page, 'frequentation')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto('/besoin?commune=Moissac')
  await prendre(page, 'pas-trouve')
  await page.setViewportSize(bureau.viewport)
}

/** Who is far, and where to help next. */
async function chercher(page, { prendre }) {
  await page.setViewportSize({ width: 900, height: 740 })
  await page.goto('/espace/couverture?moment=samedi')
  await prendre(page, 'couverture', '#faits', 24)
  await page.setViewportSize({ width: 900, height: 960 })
  await page.goto('/espace/scenarios?genre=lieu&moment=samedi&objectif=couvrir&rayon=10&nombre=5&facteur=1,3')
  await prendre(page, 'scenarios', '#sites', 24)
  await page.setViewportSize(bureau.viewport)
}

/** The same place twice, a file, the files that come back. */
async function reunir(page, { prendre }) {
  await page.goto('/espace/doublons')
  await page.getByLabel('Commune').selectOption({ label: 'Labastide-Saint-Pierre' })
  await toucher(page, 'Filtrer')
  await Promise.all([page.waitForNavigation(), page.locator('main tbody a').first().click()])
  await prendre(page, 'doublon', '.paire')
  await page.goto('/espace/imports')
  await page.getByLabel(/^Les fichiers/).setInputFiles({ name: 'essai.csv', mimeType: 'text/csv', buffer: Buffer.from(tableau) })
  await page.getByLabel(/^Qui tient/).fill('CCAS d’essai')
  await toucher(page, 'Voir ce qui changerait')
  await page.getByText('rien n’est encore écrit').first().waitFor()
  await prendre(page, 'import')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto('/espace/sources')
  await prendre(page, 'sources')
  await page.setViewportSize(bureau.viewport)
}

/** The people of the network, and what is printed. */
async function animer(page, { prendre }) {
  await page.goto('/espace/comptes/lieux?q=moissac')
  await prendre(page, 'equipes')
  await page.goto('/espace/competences?commune=Moissac&rayon=10')
  await prendre(page, 'competences')
  await page.goto('/espace/registre?voie=sauf-import')
  await prendre(page, 'registre')
  await page.setViewportSize({ width: 794, height: 640 })
  await page.emulateMedia({ media: 'print' })
  await page.goto('/espace/bilan/communes/82112')
  await nommer(page)
  await page.evaluate(() => { // the margins of the sheet
    const marges = new CSSStyleSheet()
    marges.replaceSync('main { padding: 2rem !important }')
    document.adoptedStyleSheets = [marges]
  })
  await prendre(page, 'bilan-commune')
  await page.emulateMedia({ media: 'screen' })
  await page.setViewportSize(bureau.viewport)
  await page.goto('/espace/campagnes/nouvelle?fraicheur=12')
  await page.locator('#lieux input[type=checkbox]').evaluateAll((toutes) => toutes.slice(5).forEach((c) => (c.checked = false)))
  await toucher(page, 'Voir le courriel avant d’envoyer')
  await nommer(page)
  await page.setViewportSize({ width: 900, height: 1060 })
  await prendre(page, 'campagne-courriel', 'main h2')
  await page.setViewportSize(bureau.viewport)
}

/** A place closes: who is further now. */
async function comparer(page, { prendre, lauzerte }) {
  await page.goto(`/espace/lieux/${lauzerte}/fin`)
  await toucher(page, 'Oui, il n’existe plus')
  await page.goto('/espace/couverture/comparer?du=2026-11-20&seuil=5')
  await prendre(page, 'couverture-comparer', 'main h2')
}
