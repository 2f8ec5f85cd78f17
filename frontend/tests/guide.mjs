// The pictures of the guides, on a phone of 360 pixels: a mediator and a
// coordinator who exist nowhere, on the shipped places.
import { executer, openPage } from './browser/socle.mjs'

export const telephone = { viewport: { width: 360, height: 700 } }

/** The ids of shipped places, by name. */
export async function lireLieux(service) {
  const { resultats } = await (await fetch(`${service.adresse}/api/v1/lieux?limite=1000`)).json()
  return (nom) => resultats.find((l) => l.nom === nom).id
}

/** A page of somebody who was invited, and accepted. */
export async function accepter(navigateur, service, courriel, nom, ecran, ...droits) {
  const lien = executer(service, 'compte', 'inviter', courriel, '--nom', nom, '--url-publique', service.adresse, ...droits).trim()
  const onglet = await openPage(navigateur, service.adresse, ecran)
  await onglet.page.goto(lien)
  await toucher(onglet.page, 'Accepter et entrer')
  return onglet
}

/** Touches a button or a link, and waits for the page that it leads to. */
export const toucher = (page, nom) => Promise.all([page.waitForNavigation(), page.locator('main').getByText(nom, { exact: true }).first().click()])

/** The pictures of the guide of communes: what is chosen, what it gives. */
export async function montrerLigne(service, navigateur, prendre) {
  const { page, close } = await openPage(navigateur, service.adresse, telephone)
  await page.goto('/integrer')
  await page.fill('#commune', 'Moissac')
  await page.fill('#accent', '#0b4f8a')
  await page.locator('#accent').press('Enter')
  await page.frameLocator('.integrer-cadre iframe').locator('.lieu').first().waitFor()
  await prendre(page, 'commune-choix', '.integrer-choix')
  await prendre(page, 'commune-apercu', '.integrer-apercu')
  await prendre(page, 'commune-lignes', '.integrer-lignes')
  return close()
}

/**
 * Tells the story of the guides, and calls prendre(page, nom, haut) where there
 * is something to see: haut is what the picture begins with, the top of the page
 * when it is not said. Returns what must not have happened.
 */
export async function raconter(service, navigateur, prendre) {
  const lieu = await lireLieux(service)
  const [moissac, lauzerte] = [lieu('France services de Moissac'), lieu('France services de Lauzerte')]
  const tournee = lieu('France services itinérante Moissac-Confluences')
  const onglet = await accepter(navigateur, service, 'jeanne.essai@exemple.fr', 'Jeanne Essai', telephone, '--role', 'mediateur', '--lieu', [moissac, lauzerte, tournee].join())
  const { page } = onglet
  const espace = (suite) => page.goto(`/espace/lieux/${moissac}${suite}`)

  const dehors = await openPage(navigateur, service.adresse, telephone)
  await dehors.page.goto('/connexion')
  await dehors.page.fill('#courriel', 'jeanne.essai@exemple.fr')
  await toucher(dehors.page, 'Recevoir le lien')
  await prendre(dehors.page, 'code')

  await page.goto('/espace')
  await prendre(page, 'mes-lieux')

  await espace('/fermeture')
  await page.getByLabel('Aujourd’hui').check()
  await page.selectOption('#motif-usuel', { label: 'Formation' })
  await prendre(page, 'fermeture')
  await toucher(page, 'Enregistrer')
  await prendre(page, 'fermeture-faite')

  await espace('/horaires')
  await prendre(page, 'horaires')
  const autre = await openPage(navigateur, service.adresse, { ...telephone, storageState: await page.context().storageState() })
  await autre.page.goto(`/espace/lieux/${moissac}/horaires`)
  await page.fill('#jour-2-fin-0', '18h')
  await toucher(page, 'Enregistrer')
  await autre.page.fill('#jour-2-debut-0', '13h30')
  await toucher(autre.page, 'Enregistrer')
  await prendre(autre.page, 'deux-versions')

  await espace('/permanences/nouvelle')
  await page.fill('#intitule', 'Atelier tablette')
  await page.locator('summary', { hasText: 'Une semaine sur deux, 1er du mois… (mardi)' }).click()
  await page.fill('#jour-1-debut-0', '14h')
  await page.fill('#jour-1-fin-0', '16h30')
  await page.locator('input[name="jour-1-rang"]').first().check()
  await page.getByText('1er mardi du mois').first().waitFor()
  await prendre(page, 'premier-mardi', 'fieldset.jour:has(#jour-1-debut-0)')
  await toucher(page, 'Enregistrer')

  await page.goto(`/espace/lieux/${tournee}`)
  for (const _ of [1, 2, 3]) await toucher(page, 'C’est moi qui la tiens')
  await page.goto('/espace/semaine')
  await prendre(page, 'semaine')

  await espace('/partie/aide')
  await prendre(page, 'aide')
  await espace('/partie/adresse')
  await page.fill('#complement_adresse', 'Entrée par la cour')
  await toucher(page, 'Enregistrer')
  await prendre(page, 'attente')
  await espace('/histoire')
  await prendre(page, 'histoire')
  await espace('/equipe')
  await prendre(page, 'equipe')

  const coordinateur = await accepter(navigateur, service, 'camille.essai@exemple.fr', 'Camille Essai', telephone, '--role', 'coordinateur', '--departement')
  await coordinateur.page.goto('/espace/file')
  await prendre(coordinateur.page, 'a-traiter')
  await coordinateur.page.goto('/espace/comptes/inviter')
  await prendre(coordinateur.page, 'inviter')

  const fautes = []
  for (const o of [onglet, dehors, autre, coordinateur]) fautes.push(...(await o.close()))
  return fautes.filter((f) => !f.startsWith('cookie: __Host-') && !f.includes('status of 412'))
}
