// A mail server of the tests' own: it speaks enough SMTP (RFC 5321, 8BITMIME)
// for the service to hand over its mails, keeps them, and reads them as a
// person does: the subject, the words, the link, the six digits.
import { once } from 'node:events'
import { createServer } from 'node:net'

const DELAI = 10_000 // milliseconds that a mail may take

/** Starts the server; attendre(to, subject) gives the next mail that nobody has read yet. */
export async function openCourriels() {
  const recus = []
  const fils = new Set()
  let reveil = () => {}
  const serveur = createServer((fil) => {
    fils.add(fil)
    fil.on('close', () => fils.delete(fil)).on('error', () => fil.destroy())
    converser(fil, (message) => {
      recus.push(message)
      reveil()
    })
  }).listen(0, '127.0.0.1')
  await once(serveur, 'listening')
  const lu = (a, sujet) => {
    const i = recus.findIndex((m) => m.a.includes(a) && m.sujet.match(sujet))
    return i < 0 ? undefined : recus.splice(i, 1)[0]
  }
  return {
    url: `smtp://127.0.0.1:${serveur.address().port}`,
    restants: () => recus.map((m) => `${m.a}: ${m.sujet}`),
    async attendre(a, sujet = '') {
      for (const fin = Date.now() + DELAI; ; ) {
        const message = lu(a, sujet)
        if (message) return message
        const reste = fin - Date.now()
        if (reste <= 0) throw new Error(`no mail "${sujet}" to ${a}; here are ${JSON.stringify(this.restants())}`)
        await new Promise((suite) => {
          const minuteur = setTimeout(suite, reste)
          reveil = () => (clearTimeout(minuteur), suite())
        })
      }
    },
    close: () => {
      for (const fil of fils) fil.destroy()
      return new Promise((suite) => serveur.close(suite))
    },
  }
}

/** One conversation: a command a line, then the lines of the mail up to a dot. */
function converser(fil, recevoir) {
  let tampon = Buffer.alloc(0)
  let enveloppe = { de: '', a: [] }
  let corps // the lines of the mail that is being received
  const dire = (texte) => fil.write(`${texte}\r\n`)
  const commandes = {
    EHLO: () => dire('250-essai\r\n250 8BITMIME'),
    HELO: () => dire('250 essai'),
    MAIL: (reste) => ((enveloppe = { de: adresseDe(reste), a: [] }), dire('250 ok')),
    RCPT: (reste) => (enveloppe.a.push(adresseDe(reste)), dire('250 ok')),
    DATA: () => ((corps = []), dire('354 go on')),
    RSET: () => ((enveloppe = { de: '', a: [] }), dire('250 ok')),
    NOOP: () => dire('250 ok'),
    QUIT: () => fil.end('221 bye\r\n'),
  }
  const ligne = (octets) => {
    const texte = octets.toString('latin1')
    if (!corps) {
      const [, verbe, reste] = /^(\w+)\s*(.*)$/.exec(texte) ?? [texte, '', '']
      return (commandes[verbe.toUpperCase()] ?? (() => dire('502 not known')))(reste)
    }
    if (texte !== '.') return corps.push(texte.replace(/^\./, ''))
    recevoir({ ...enveloppe, ...lire(corps.join('\r\n')) })
    corps = undefined
    dire('250 kept')
  }
  fil.on('data', (octets) => {
    tampon = Buffer.concat([tampon, octets])
    for (let fin = tampon.indexOf('\r\n'); fin >= 0; fin = tampon.indexOf('\r\n')) {
      const lue = tampon.subarray(0, fin)
      tampon = tampon.subarray(fin + 2)
      ligne(lue)
    }
  })
  dire('220 essai')
}

const adresseDe = (reste) => /<([^>]*)>/.exec(reste)?.[1] ?? ''

/** A mail as a person sees it. Its source holds one character a byte. */
function lire(source) {
  const { tetes, parties } = partieDe(source)
  const sujet = decoderMots(tetes.subject ?? '')
  const texte = parties.find((p) => p.genre === 'text/plain')?.contenu ?? ''
  const html = parties.find((p) => p.genre === 'text/html')?.contenu ?? ''
  return {
    tetes, sujet, texte, html,
    /** The addresses that each form of the mail carries, in order. */
    liens: texte.match(/https?:\/\/\S+/g) ?? [],
    liensHTML: Array.from(html.matchAll(/href="([^"]+)"/g), ([, lien]) => lien.replaceAll('&amp;', '&')),
    /** The button of the mail, and the six digits, undefined when it has none. */
    lien: /https?:\/\/\S+/.exec(texte)?.[0],
    code: /^\d{6}$/m.exec(texte.replaceAll('\r', ''))?.[0],
  }
}

/** The headers of a part, and the parts that can be read in it. */
function partieDe(source) {
  const coupe = source.indexOf('\r\n\r\n')
  const tetes = {}
  for (const l of source.slice(0, coupe).replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const [, nom, valeur] = /^([\w-]+):\s*(.*)$/.exec(l) ?? []
    if (nom) tetes[nom.toLowerCase()] = valeur
  }
  const corps = source.slice(coupe + 4)
  const genre = (tetes['content-type'] ?? 'text/plain').split(';')[0].trim().toLowerCase()
  const bord = /boundary="?([^";]+)"?/.exec(tetes['content-type'] ?? '')?.[1]
  if (!bord) return { tetes, parties: [{ genre, contenu: decoder(corps, tetes['content-transfer-encoding'] ?? '') }] }
  const morceaux = `\r\n${corps}`.split(`\r\n--${bord}`).slice(1, -1)
  return { tetes, parties: morceaux.flatMap((m) => partieDe(m.replace(/^[ \t]*\r\n/, '')).parties) }
}

/** The text of a part, whatever it was written in for the way. */
function decoder(corps, codage) {
  switch (codage.toLowerCase()) {
    case 'base64':
      return Buffer.from(corps, 'base64').toString('utf8')
    case 'quoted-printable':
      return octetsDe(corps.replace(/[ \t]*=\r\n/g, ''))
    default:
      return Buffer.from(corps, 'latin1').toString('utf8')
  }
}

const octetsDe = (texte) =>
  Buffer.from(texte.replace(/=([0-9A-F]{2})/gi, (_, hexa) => String.fromCharCode(parseInt(hexa, 16))), 'latin1').toString('utf8')

/** A header with its encoded words in the clear (RFC 2047). */
const decoderMots = (valeur) =>
  valeur
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, forme, mots) =>
      forme.toUpperCase() === 'B' ? Buffer.from(mots, 'base64').toString('utf8') : octetsDe(mots.replaceAll('_', ' ')))
