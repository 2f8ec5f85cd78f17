// What other sites put in their pages: each of its tags becomes a frame on
// /embarque/ (docs/widget.md). "v1" never breaks: its attributes and parameters
// only grow. It leaves nothing but the frames: no global, no style sheet, nothing
// stored, and asks nothing of anybody but the site that it comes from.
//
// Optimising plugins delay scripts, move their address to another attribute,
// insert copies elsewhere, or run one twice. So tags are found by the address
// that any attribute holds, not by document.currentScript; one that waits keeps
// its place; and an address has as many frames as tags, however often this runs.

const CADRE = 'data-adeuxpas-cadre' // on a frame: the address that it was given
const fichier = /^(https?:\/\/[^?#]*\/)widget\.v1\.js([?#]|$)/
const courant = document.currentScript

/** An address written in full, by the only means that every browser has. */
function complete(adresse: string): string {
  const lien = document.createElement('a')
  lien.href = adresse
  return lien.href
}

/** The folder of the service, from whichever attribute of a script names it; "" for another script. */
function dossierDe(balise: Element | null): string {
  for (const { value } of Array.from(balise ? balise.attributes : [])) {
    const lu = value.indexOf('widget.v1.js') < 0 ? null : fichier.exec(complete(value))
    if (lu) return lu[1] as string
  }
  return ''
}

const lire = (balise: Element, nom: string) => (balise.getAttribute('data-' + nom) || '').trim()

/** The address that a tag asks for. */
function adresseDe(balise: Element, dossier: string): string {
  const champs: string[] = []
  const poser = (nom: string, valeurs: string[]) => {
    for (const v of valeurs) {
      try {
        if (v.trim()) champs.push(nom + '=' + encodeURIComponent(v.trim()))
      } catch {} // half of a character: as if it were not there
    }
  }
  for (const nom of ['commune', 'epci', 'theme']) poser(nom, [lire(balise, nom)])
  poser('accent', [lire(balise, 'accent').replace('#', '')])
  poser('famille', lire(balise, 'famille').split(/[\s,]+/))
  poser('services', lire(balise, 'services').split('|'))
  if (balise.hasAttribute('data-liste-seule') && !/^(non|false|0)$/.test(lire(balise, 'liste-seule'))) poser('liste-seule', ['oui'])
  return dossier + 'embarque/' + (champs.length ? '?' + champs.join('&') : '')
}

const tous = (selecteur: string) => Array.from(document.querySelectorAll(selecteur))
const cadres = () => tous(`[${CADRE}]`) as HTMLIFrameElement[]

/** The title of a frame, unlike those of the others. */
function titreDe(balise: Element): string {
  const titre = lire(balise, 'titre') || 'Aide num\u00e9rique pr\u00e8s de vous'
  const pris = cadres().filter((f) => f.title.indexOf(titre) === 0).length
  return pris ? `${titre} (${pris + 1})` : titre
}

function composer(balise: Element, adresse: string): HTMLIFrameElement {
  const cadre = document.createElement('iframe')
  const fixe = /^\d{3,4}$/.test(lire(balise, 'hauteur')) ? lire(balise, 'hauteur') : ''
  const regler = (nom: string, valeur: string) => cadre.style.setProperty(nom, valeur, 'important') // themes set frames at will
  cadre.title = titreDe(balise)
  cadre.setAttribute(CADRE, adresse)
  cadre.setAttribute('loading', 'lazy')
  cadre.setAttribute('allow', 'geolocation')
  cadre.setAttribute('referrerpolicy', 'no-referrer') // what page is read is no business of the service
  regler('display', 'block')
  regler('width', '100%')
  regler('max-height', 'none')
  regler('border', '0')
  // Near what the content will take, a list or a question, so that the page hardly moves.
  const large = (balise.parentElement || document.body).clientWidth
  const prevues = /commune|epci/.test(adresse) ? [3900, 2600, 1900] : [1500, 1000, 850]
  regler('height', (fixe || prevues[large < 500 ? 0 : large < 850 ? 1 : 2]) + 'px')
  let pages = 0
  cadre.addEventListener('load', () => {
    // Another page came in it: its beginning may be above the window.
    if (pages++ && cadre.getBoundingClientRect().top < 0) cadre.scrollIntoView()
  })
  if (!fixe) addEventListener('message', (e) => ajuster(cadre, e))
  cadre.src = adresse
  return cadre
}

/** Takes the height that a frame tells, from nobody else. */
function ajuster(cadre: HTMLIFrameElement, { data, origin, source }: MessageEvent): void {
  if (source !== cadre.contentWindow || !source || cadre.src.indexOf(origin + '/')) return
  if (!data || data.type !== 'adeuxpas:hauteur' || data.version !== 1 || !(data.hauteur > 0 && data.hauteur < 30000)) return
  cadre.style.setProperty('height', Math.ceil(data.hauteur) + 'px', 'important')
}

function chercher(): void {
  const scripts = tous('script').filter(dossierDe)
  const dossier = dossierDe(scripts[0] || courant)
  const places = tous('[data-adeuxpas]').map((balise) => {
    const dit = lire(balise, 'adeuxpas')
    return { balise, adresse: adresseDe(balise, dit ? complete(dit).replace(/\/?$/, '/') : dossier), rang: 0 }
  })
  const balises = scripts.map((balise) => {
    const { type, src } = balise as HTMLScriptElement
    const court = /^((text|application)\/javascript|module)?$/i.test(type) && src
    return { balise, adresse: adresseDe(balise, dossierDe(balise)), rang: !court ? 1 : document.body?.contains(balise) ? 2 : 3 }
  })
  const toutes = places.concat(balises)
  for (const { balise, adresse, rang } of toutes) {
    // Of tags for one address, those of the lowest rank count: a place, a tag
    // that waits where it was written, one that runs there, one in the head.
    const memes = toutes.filter((t) => t.adresse === adresse && t.rang <= rang)
    if (memes.some((t) => t.rang < rang) || adresse.indexOf('http')) continue // nor a place that no script gave its service
    // A tag that asks nothing only brings this script, where others ask.
    if (adresse.slice(-1) === '/' && toutes.some((t) => t.rang < Math.min(rang, 2) || (rang > 2 && t.rang < 3))) continue
    if (rang > 2 && document.readyState === 'loading') continue // what the page holds is not known yet
    const faits = cadres().filter((f) => f.getAttribute(CADRE) === adresse)
    if (faits.length >= memes.length || balise.querySelector('iframe') || faits.some((f) => f === balise.nextElementSibling)) continue
    const cadre = composer(balise, adresse)
    if (!rang) balise.appendChild(cadre)
    else if (rang < 3) balise.parentNode!.insertBefore(cadre, balise.nextSibling)
    else (document.querySelector('main') || document.body).appendChild(cadre)
  }
}

chercher()
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', chercher)
