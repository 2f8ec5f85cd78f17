package norme

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"
)

// ouvrirCSV reads a table of text. Its separator is the one of comma,
// semicolon, tab and "|" under which the first rows name the most columns.
func ouvrirCSV(octets []byte) (*document, error) {
	if bytes.IndexByte(octets, '\n') < 0 {
		octets = bytes.ReplaceAll(octets, []byte("\r"), []byte("\n")) // as old Macs wrote
	}
	depart := lecteurCSV{texte: octets, num: 1}
	if m := motifSep.FindSubmatch(octets); m != nil {
		depart.sep = m[1][0]
		depart.pos, depart.num = len(m[0]), 2
	}
	lecteur, noms := depart.entete()
	if !slices.ContainsFunc(noms, func(nom string) bool { return nom != "" }) {
		return nil, refus("Ce fichier n’a pas de ligne qui nomme ses colonnes.")
	}
	doc := &document{genre: "CSV"}
	doc.nommer(slices.DeleteFunc(slices.Clone(noms), func(nom string) bool { return nom == "" }))
	doc.lignes = func(yield func(ligne) bool) {
		r := lecteur
		l := ligne{v: make(map[string]string, len(noms))}
		for e, ok := r.suivant(); ok; e, ok = r.suivant() {
			if !l.remplir(noms, e.champs) && e.motif == "" {
				continue
			}
			l.num = e.num
			if e.motif != "" {
				l.motif = e.motif
			}
			if !yield(l) {
				return
			}
		}
	}
	doc.apercevoir()
	return doc, nil
}

// motifSep is the first line by which a spreadsheet is told the separator.
var motifSep = regexp.MustCompile(`^"?sep=([,;|\t])"?\r?\n`)

// entete finds the separator and the names of the columns, and returns the
// reader of what follows them.
func (r lecteurCSV) entete() (lecteurCSV, []string) {
	candidats := []byte{',', ';', '\t', '|'}
	if r.sep != 0 {
		candidats = []byte{r.sep}
	}
	var apres lecteurCSV
	var noms []string
	connues := -1
	for _, sep := range candidats {
		essai := r
		essai.sep = sep
		var rangees [][]string
		var suites []lecteurCSV
		for len(rangees) < enteteMax {
			e, ok := essai.suivant()
			if !ok {
				break
			}
			rangees, suites = append(rangees, e.champs), append(suites, essai)
		}
		if len(rangees) == 0 {
			continue
		}
		i, n := trouverEntete(rangees)
		if n > connues || n == connues && len(rangees[i]) > len(noms) {
			connues, noms, apres = n, nomsDeColonnes(rangees[i]), suites[i]
		}
	}
	for len(noms) > 0 && noms[len(noms)-1] == "" {
		noms = noms[:len(noms)-1] // trailing separators
	}
	apres.attendues = len(noms)
	return apres, noms
}

// lecteurCSV cuts a text into records (RFC 4180). A quote within a cell that is
// not doubled is taken as it is. A cell that is opened and never closed would
// swallow the rows that follow: its line alone is given up, with its reason.
type lecteurCSV struct {
	texte     []byte
	sep       byte
	attendues int // columns of the header, 0 before it is read
	pos, num  int // of the next record: byte, line
	perdus    int // bytes read for cells that had no end: see portee
}

type enregistrement struct {
	champs []string
	num    int
	motif  string
}

// Bounds of one record.
const (
	octetsMax = 1 << 20
	lignesMax = 50 // of a record with stray quotes
	porteeMin = 1 << 10
	pertesMax = 4 << 20
)

// portee is how far the end of a record is looked for. It is halved each time
// that 4 MiB were read for nothing: a file that opens a cell on every line and
// closes none would be read whole once a line.
func (r *lecteurCSV) portee() int {
	return min(len(r.texte), r.pos+max(porteeMin, octetsMax>>(r.perdus/pertesMax)))
}

func (r *lecteurCSV) suivant() (enregistrement, bool) {
	for r.pos < len(r.texte) {
		fin := r.finDeLigne(r.pos)
		if len(bytes.Trim(r.texte[r.pos:fin], "\r\n")) > 0 {
			break
		}
		r.pos, r.num = fin, r.num+1
	}
	if r.pos >= len(r.texte) {
		return enregistrement{}, false
	}
	e := enregistrement{num: r.num}
	champs, fin, ok := r.couper(r.pos, r.portee(), true)
	if ok && fin < len(r.texte) && r.texte[fin-1] != '\n' { // cut by the limit
		fin, ok = r.finDeLigne(r.pos), false
		if fin-r.pos > octetsMax {
			r.num, r.pos = r.num+1, fin
			e.motif = "Cette ligne dépasse 1 Mio."
			return e, true
		}
	}
	if !ok {
		r.perdus += fin - r.pos
		limite := r.finDeLigne(r.pos)
		champs, fin, ok = r.couper(r.pos, limite, false)
		if !ok || r.attendues > 0 && len(champs) != r.attendues {
			if c, f, entier := r.reparer(); entier {
				champs, fin, ok = c, f, true
			}
		}
		if !ok {
			champs, fin = nil, limite
			e.motif = "Un guillemet s’ouvre et ne se ferme pas : cette ligne ne se lit pas, les suivantes sont lues."
		}
	}
	r.num += max(1, bytes.Count(r.texte[r.pos:fin], []byte("\n")))
	r.pos = fin
	e.champs = champs
	if r.sep == ';' && r.attendues > 0 && e.motif == "" {
		e.champs, e.motif = recoller(champs, r.attendues)
	}
	return e, true
}

// reparer reads a record of several lines with stray quotes, when it has as
// many cells as there are columns and when no line that it takes is a whole row
// by itself.
func (r *lecteurCSV) reparer() ([]string, int, bool) {
	limite := r.pos
	for range lignesMax {
		limite = r.finDeLigne(limite)
	}
	champs, fin, ok := r.couper(r.pos, limite, false)
	if !ok || len(champs) != r.attendues {
		return nil, 0, false
	}
	for debut := r.finDeLigne(r.pos); debut < fin; debut = r.finDeLigne(debut) {
		if c, _, _ := r.couper(debut, r.finDeLigne(debut), false); len(c) >= r.attendues {
			return nil, 0, false
		}
	}
	return champs, fin, true
}

// recoller puts together the cells that the semicolon of an HTML entity cut, in
// a file whose separator it is ("CCAS &amp" and " PIJ"). It is certain when every
// such cut, undone, leaves as many cells as there are columns. A row that has as
// many already may have lost its last cells: it is given up, with its reason.
func recoller(champs []string, attendues int) (recolles []string, motif string) {
	coupes := 0
	for i, c := range champs {
		if i > 0 && entiteCoupee(recolles[len(recolles)-1]) {
			recolles[len(recolles)-1] += ";" + c
			coupes++
			continue
		}
		recolles = append(recolles, c)
	}
	switch {
	case coupes == 0 || len(champs) < attendues:
		return champs, ""
	case len(recolles) == attendues:
		return recolles, ""
	}
	return champs, "Le point-virgule d’un code HTML (comme « &amp; ») coupe une case : mettez cette case entre guillemets."
}

var motifEntiteCoupee = regexp.MustCompile(`&(?:amp;)*(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31})$`)

// entiteCoupee tells whether a cell ends with an entity, encoded once or more,
// that misses only its semicolon.
func entiteCoupee(c string) bool {
	m := motifEntiteCoupee.FindStringSubmatch(c)
	return m != nil && m[1] != "nbsp" && !strings.HasPrefix(html.UnescapeString("&"+m[1]+";"), "&"+m[1])
}

// finDeLigne is where the line that holds a position ends, its break included.
func (r *lecteurCSV) finDeLigne(pos int) int {
	if i := bytes.IndexByte(r.texte[pos:], '\n'); i >= 0 {
		return pos + i + 1
	}
	return len(r.texte)
}

// couper reads one record. ok is false when a quoted cell has no end before
// limite or, when strict, when a quote stands where the grammar has none.
func (r *lecteurCSV) couper(debut, limite int, strict bool) (champs []string, fin int, ok bool) {
	var tampon []byte
	var bornes []int
	cites := false
	pos := debut
	for {
		if pos < limite && r.texte[pos] == '"' {
			tampon, pos, ok = r.couperCite(tampon, pos+1, limite, strict)
			cites = cites || !ok
		} else {
			n := bytes.IndexAny(r.texte[pos:limite], string([]byte{r.sep, '\n'}))
			if n < 0 {
				n = limite - pos
			}
			c := r.texte[pos : pos+n]
			if pos += n; pos == limite || r.texte[pos] == '\n' {
				c = bytes.TrimSuffix(c, []byte("\r"))
			}
			tampon = append(tampon, c...)
		}
		if cites && strict {
			return nil, pos, false
		}
		bornes = append(bornes, len(tampon))
		if pos < limite && r.texte[pos] == r.sep {
			pos++
			continue
		}
		if pos < limite {
			pos++ // the line break
		}
		break
	}
	texte := string(tampon)
	champs = make([]string, len(bornes))
	avant := 0
	for i, b := range bornes {
		champs[i] = texte[avant:b]
		avant = b
	}
	return champs, pos, !cites
}

// couperCite reads a cell from after its opening quote.
func (r *lecteurCSV) couperCite(tampon []byte, pos, limite int, strict bool) ([]byte, int, bool) {
	for {
		n := bytes.IndexByte(r.texte[pos:limite], '"')
		if n < 0 {
			return append(tampon, r.texte[pos:limite]...), limite, false
		}
		tampon = append(tampon, r.texte[pos:pos+n]...)
		pos += n + 1
		suite := r.texte[pos:limite]
		switch {
		case len(suite) > 0 && suite[0] == '"':
			tampon = append(tampon, '"')
			pos++
		case len(suite) == 0 || suite[0] == r.sep || suite[0] == '\n':
			return tampon, pos, true
		case bytes.HasPrefix(suite, []byte("\r\n")) || string(suite) == "\r":
			return tampon, pos + 1, true
		case strict:
			return tampon, pos, false
		default:
			tampon = append(tampon, '"')
		}
	}
}
