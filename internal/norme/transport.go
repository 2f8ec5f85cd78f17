package norme

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var (
	motifEchappe   = regexp.MustCompile(`\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})`)
	motifEtCom     = regexp.MustCompile(`&(?:(?:amp|#0{0,4}38|#[xX]0{0,4}26);)+`)
	motifEntite    = regexp.MustCompile(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|&nbsp\b`)
	motifScript    = regexp.MustCompile(`(?is)<script\b[^>]*>.*?</script\s*>|<style\b[^>]*>.*?</style\s*>|<!--.*?-->`)
	motifLien      = regexp.MustCompile(`(?is)<a\b[^<>]*\bhref\s*=\s*["']?([^"'\s<>]+)["']?[^<>]*>([^<>]*)</a\s*>`)
	motifSaut      = regexp.MustCompile(`(?i)<br\b[^<>]*>|</(?:p|li|div|h[1-6]|tr|ul|ol)\s*>`)
	motifBalise    = regexp.MustCompile(`(?i)</?(?:a|abbr|article|b|big|blockquote|button|center|code|dd|div|dl|dt|em|font|form|h[1-6]|header|hr|i|iframe|img|input|label|li|main|nav|o:p|ol|p|pre|s|section|small|span|strike|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul)(?:\s[^<>]*|/)?>`)
	motifDansMot   = regexp.MustCompile(`(\pL)rendez-vous(\pL)`)
	motifErreur    = regexp.MustCompile(`^\s*#(?:DIV/0!|N/A|REF!|VALUE!|VALEUR!|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|NUL!)\s*$`)
	motifControle  = regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{61c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]`) // as cache
	motifTransport = regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{61c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\\&<\x{FFFD}ÂÃÅâ]|rendez-vous`)
)

// depolluer undoes what transport did to a text, and nothing else: HTML
// entities (twice encoded too) and tags, "\x20" escapes, UTF-8 read as
// Windows-1252, a replacement of "rv" that went through the middle of words.
// Only what cannot have been meant is touched: an entity ends with its
// semicolon, a tag has a name of HTML, the letters put back are those that
// French is written with. Spaces stay as they are. The address of a link is
// kept beside its words. depolluer(depolluer(s)) is depolluer(s): each step
// leaves fewer runes, until none applies.
func depolluer(s string) string {
	for motifTransport.MatchString(s) {
		avant := s
		s = sansCaches(s)
		s = motifEchappe.ReplaceAllStringFunc(s, desechapper)
		s = motifEtCom.ReplaceAllString(s, "&")
		s = motifEntite.ReplaceAllStringFunc(s, entite)
		if strings.Contains(s, "<") {
			s = motifScript.ReplaceAllString(s, " ")
			s = motifLien.ReplaceAllStringFunc(s, lien)
			s = motifSaut.ReplaceAllString(s, "\n")
			s = motifBalise.ReplaceAllString(s, " ")
		}
		s = motifDansMot.ReplaceAllString(recoder(s), "${1}rv${2}")
		if s == avant {
			break
		}
	}
	return s
}

// desechapper reads an escape; that of a backslash stays, or it would make
// another one.
func desechapper(s string) string {
	n, err := strconv.ParseUint(s[2:], 16, 32)
	if err != nil || n == '\\' || n >= 0xD800 && n < 0xE000 {
		return s
	}
	return string(rune(n))
}

// entite reads a character reference; one of no character, and a control
// character, leave nothing.
func entite(s string) string {
	lue := html.UnescapeString(strings.TrimSuffix(s, ";") + ";")
	r, n := utf8.DecodeRuneInString(lue)
	if n == len(lue) && (r == utf8.RuneError || r < ' ' && r != '\n' && r != '\t') {
		return ""
	}
	return lue
}

// lien keeps the words of a link, and its address unless the words say it.
func lien(s string) string {
	m := motifLien.FindStringSubmatch(s)
	adresse, mots := m[1], strings.TrimSpace(m[2])
	_, nue, ok := strings.Cut(strings.TrimSuffix(adresse, "/"), ":")
	nue = strings.TrimPrefix(nue, "//")
	switch {
	case !ok || nue == "" || strings.Contains(mots, nue):
		return mots
	case mots == "":
		return " " + strings.TrimPrefix(adresse, "mailto:") + " "
	}
	return mots + " (" + strings.TrimPrefix(strings.TrimPrefix(adresse, "mailto:"), "tel:") + ")"
}

// recoder undoes UTF-8 that was read as Windows-1252 ("MÃ©diathÃ¨que"), one
// letter at a time: the good accents of the same text stay.
func recoder(s string) string {
	if !strings.ContainsAny(s, "ÂÃÅâ") {
		return s
	}
	var b strings.Builder
	runes := []rune(s)
	for i := 0; i < len(runes); {
		if r, n := lettreMalLue(runes[i:]); n > 0 {
			b.WriteRune(r)
			i += n
			continue
		}
		b.WriteRune(runes[i])
		i++
	}
	return b.String()
}

// lettreMalLue is the letter whose bytes the runes begin with, and how many
// runes those are, 0 when they are themselves.
func lettreMalLue(runes []rune) (rune, int) {
	n := 0
	switch runes[0] {
	case 'Â', 'Ã', 'Å':
		n = 2
	case 'â':
		n = 3
	}
	if n == 0 || len(runes) < n {
		return 0, 0
	}
	octets := make([]byte, 0, 3)
	for _, r := range runes[:n] {
		o, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			return 0, 0
		}
		octets = append(octets, o)
	}
	r, lus := utf8.DecodeRune(octets)
	switch {
	case r == utf8.RuneError || lus != n:
	case r >= 0xA0 && r <= 0xFF, strings.ContainsRune("ŒœŸ€™\u202f", r), r >= 0x2010 && r <= 0x2026:
		return r, n
	}
	return 0, 0
}

// polluee is a column that transport had damaged, and what it says.
type polluee struct{ colonne, avant, apres string }

// depolluerLigne is the row with its columns repaired, and which ones were.
// What it is given stays as it is.
func depolluerLigne(l ligne) (ligne, []polluee) {
	var touchees []polluee
	for _, colonne := range slices.Sorted(maps.Keys(l.v)) {
		avant := l.v[colonne]
		if motifErreur.MatchString(avant) {
			touchees = append(touchees, polluee{colonne, avant, ""})
			continue
		}
		if !motifTransport.MatchString(avant) {
			continue
		}
		apres := strings.ReplaceAll(depolluer(avant), "\ufffd", "")
		if apres != avant {
			touchees = append(touchees, polluee{colonne, avant, apres})
		}
	}
	if len(touchees) > 0 {
		l.v = maps.Clone(l.v)
		for _, t := range touchees {
			l.v[t.colonne] = t.apres
		}
	}
	return l, touchees
}

// champsDesColonnes are the columns of other formats that one of the standard
// receives under another name.
var champsDesColonnes = map[string]mednum.Champ{
	"lib_fs": mednum.ChampNom, "lib_territoire": mednum.ChampNom, "lib_com": mednum.ChampCommune, "lib_geo": mednum.ChampCommune,
	"insee_com": mednum.ChampCodeInsee, "id_geo": mednum.ChampCodeInsee, "mail": mednum.ChampCourriels, "courriel": mednum.ChampCourriels,
	"commentaire": mednum.ChampPresentationDetail, "accessibilite": mednum.ChampFicheAccesLibre, "publics_accueillis": mednum.ChampPublics,
	"conditions_acces": mednum.ChampFraisACharge, "conditions_access": mednum.ChampFraisACharge, "labels_nationaux": mednum.ChampDispositifs,
	"labels_autres": mednum.ChampAutresFormationsLabels, "h_lundi": mednum.ChampHoraires, "h_mardi": mednum.ChampHoraires, "h_mercredi": mednum.ChampHoraires,
	"h_jeudi": mednum.ChampHoraires, "h_vendredi": mednum.ChampHoraires, "h_samedi": mednum.ChampHoraires, "h_dimanche": mednum.ChampHoraires,
}

// noterTransport tells the repairs of the columns that the record has used:
// by the column's name, else by where its text is found. A text that holds a
// person's address is told without what it was.
func (b *brouillon) noterTransport(touchees []polluee) {
	for _, t := range touchees {
		champ := b.champDe(t)
		if champ == "" {
			continue
		}
		avant, apres := montrerCaches(t.avant), sansCourriels(t.apres, b.fiche.Champs[mednum.ChampNom]+" "+b.fiche.Champs[mednum.ChampCommune])
		if apres != t.apres || champ == mednum.ChampCourriels {
			avant, apres = "…", "…"
		}
		if motifErreur.MatchString(t.avant) {
			b.douter(champ, avant, "", "erreur de calcul du tableur, prise pour une case vide")
			continue
		}
		if strings.Contains(t.avant, "\ufffd") {
			b.douter(champ, avant, apres, "des lettres sont perdues dans le fichier (signe « \ufffd »)")
			continue
		}
		b.fiche.Remarques = append(b.fiche.Remarques, mednum.Remarque{Champ: champ, Avant: avant, Apres: apres, Motif: raisonTransport(t.avant)})
	}
}

func (b *brouillon) champDe(t polluee) mednum.Champ {
	if champ := mednum.Champ(t.colonne); slices.Contains(mednum.ChampsNorme, champ) {
		return champ
	}
	if champ, ok := champsDesColonnes[t.colonne]; ok {
		return champ
	}
	texte := enLigne(nettoyer(t.apres))
	for _, champ := range mednum.ChampsNorme {
		if texte != "" && strings.Contains(enLigne(b.fiche.Champs[champ]), texte) {
			return champ
		}
	}
	return ""
}

func raisonTransport(avant string) string {
	switch {
	case motifEntite.MatchString(avant) || motifEtCom.MatchString(avant) || motifSaut.MatchString(avant) || motifBalise.MatchString(avant) || motifScript.MatchString(avant):
		return "code HTML remplacé par le texte qu’il écrit"
	case recoder(avant) != avant:
		return "lettres accentuées mal lues : UTF-8 pris pour du Windows-1252"
	case motifEchappe.MatchString(avant):
		return "signes échappés rétablis"
	case motifControle.MatchString(avant):
		return "signes de commande ôtés"
	}
	return "« rendez-vous » mis à la place de « rv » au milieu d’un mot"
}
