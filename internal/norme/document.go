package norme

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// document is a file as rows of named texts, whatever it is written in: lists
// are joined by "|", what is nested is named with dots ("address.postalCode").
// Rows are read anew from the bytes each time that they are asked for, so that
// they are never all in memory.
type document struct {
	genre     string // CSV, XLSX, JSON, GeoJSON
	colonnes  []string
	a         map[string]bool   // the same, to ask
	enveloppe map[string]string // texts that stand around the list of a JSON
	premiere  ligne             // a copy of the first row
	lignes    iter.Seq[ligne]
	echec     error // why the rows ended before the file did
	fermer    func() error
}

// ligne is one row. num is its line in a file of lines (the first one is 1),
// its rank among the objects of a JSON. motif says why it cannot be read, ""
// when it can. v belongs to the document: it holds until the next row.
type ligne struct {
	num   int
	v     map[string]string
	motif string
}

// texte is the column on one line, cleaned of what transport left in it.
func (l ligne) texte(colonne string) string { return enLigne(nettoyer(l.v[colonne])) }

func refus(message string) error {
	return &mednum.Error{Code: mednum.Invalide, Message: message}
}

// Bounds of the columns of a file: how many, and the bytes of a name. No format
// comes near; a hostile file would fill the memory with them.
const (
	colonnesMax   = 10_000
	nomColonneMax = 500
	rangeesMax    = 1_000_000
)

var (
	errColonnes = refus("Ce fichier a plus de 10 000 colonnes.")
	errRangees  = refus("Ce fichier a plus d’un million de lignes : coupez-le en plusieurs.")
)

// ouvrir reads the columns of a file and its first row.
func ouvrir(octets []byte) (*document, error) {
	doc, err := ouvrirContenant(octets)
	if err == nil && len(doc.colonnes) > colonnesMax {
		err = errColonnes
		if doc.fermer != nil {
			_ = doc.fermer() // only read
		}
	}
	return doc, err
}

// ouvrirContenant tells what the bytes are from the bytes alone.
func ouvrirContenant(octets []byte) (*document, error) {
	switch {
	case bytes.HasPrefix(octets, []byte("PK\x03\x04")):
		return ouvrirXLSX(octets)
	case bytes.HasPrefix(octets, []byte("\xd0\xcf\x11\xe0")):
		return nil, refus("Ce classeur est d’un ancien format (.xls) ou protégé par un mot de passe : enregistrez-le sans mot de passe en .xlsx ou en .csv.")
	}
	octets, err := enUTF8(octets)
	if err != nil {
		return nil, err
	}
	debut := bytes.TrimLeft(octets, " \t\r\n")
	switch {
	case len(debut) == 0:
		return nil, refus("Ce fichier est vide.")
	case debut[0] == '[' || debut[0] == '{':
		return ouvrirJSON(debut)
	case motifPage.Match(debut[:min(len(debut), 200)]):
		return nil, refus("Ce fichier est une page web, pas un tableau : vérifiez l’adresse d’où il vient.")
	case bytes.IndexByte(octets, 0) >= 0:
		return nil, refus("Ce fichier n’est pas un texte lisible.")
	}
	return ouvrirCSV(octets)
}

// motifPage is how a page begins, which a site answers in the place of a file.
var motifPage = regexp.MustCompile(`(?i)^(?:<!doctype html|<html|<\?xml)`)

// enUTF8 reads UTF-8 with or without its mark, UTF-16 with its mark, otherwise
// Windows-1252, in which French spreadsheets still write. A file of several
// hands may hold lines of each: every line is read by itself.
func enUTF8(octets []byte) ([]byte, error) {
	if bytes.HasPrefix(octets, []byte("\xff\xfe")) || bytes.HasPrefix(octets, []byte("\xfe\xff")) {
		lus, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(octets)
		if err != nil {
			return nil, refus("Ce fichier n’est pas un texte lisible.")
		}
		octets = lus
	}
	octets = bytes.TrimPrefix(octets, []byte("\xef\xbb\xbf"))
	if utf8.Valid(octets) {
		return octets, nil
	}
	sortie := make([]byte, 0, len(octets)+len(octets)/16)
	latin := charmap.Windows1252.NewDecoder()
	for l := range bytes.Lines(octets) {
		if !utf8.Valid(l) {
			lus, err := latin.Bytes(l)
			if err != nil {
				return nil, refus("Ce fichier n’est pas un texte lisible.")
			}
			l = lus
		}
		sortie = append(sortie, l...)
	}
	return sortie, nil
}

// nommer sets the columns of the document.
func (doc *document) nommer(colonnes []string) {
	doc.colonnes = colonnes
	doc.a = make(map[string]bool, len(colonnes))
	for _, nom := range colonnes {
		doc.a[nom] = true
	}
}

// apercevoir keeps a copy of the first row that can be read.
func (doc *document) apercevoir() {
	for l := range doc.lignes {
		if l.motif == "" {
			doc.premiere = ligne{num: l.num, v: maps.Clone(l.v)}
			return
		}
	}
}

// cellule is the text of a cell of a table, without the apostrophe that keeps a
// spreadsheet from running "=…" or "+33…" as a formula.
func cellule(texte string) string {
	if len(texte) > 1 && texte[0] == '\'' && strings.ContainsRune("=+-@", rune(texte[1])) {
		return texte[1:]
	}
	return texte
}

// enteteMax is how many first rows of a table may stand before the names of
// its columns: titles, dates, empty rows.
const enteteMax = 20

// trouverEntete is the rank of the row that names the columns: the first with
// the most known names, when they are two at least; otherwise the first row of
// two cells or more.
func trouverEntete(rangees [][]string) (rang, connues int) {
	rang = -1
	for i, cellules := range rangees[:min(len(rangees), enteteMax)] {
		n, pleines := 0, 0
		for _, c := range cellules {
			if c = strings.TrimSpace(c); c == "" {
				continue
			}
			pleines++
			if estColonneConnue(c) {
				n++
			}
		}
		if rang < 0 && pleines > 1 || n > max(connues, 1) {
			rang = i
			connues = n
		}
	}
	return max(rang, 0), connues
}

// nomsDeColonnes gives a name to each cell of a header: "" for a column
// without one; a name that comes back gets its rank, so that the first column
// of that name keeps it.
func nomsDeColonnes(entete []string) []string {
	noms := make([]string, len(entete))
	vus := make(map[string]int)
	for i, c := range entete {
		nom := enLigne(sansCaches(cellule(c)))
		if nom == "" {
			continue
		}
		vus[nom]++
		for vus[nom] > 1 {
			precis := nom + " (" + strconv.Itoa(vus[nom]) + ")"
			if vus[precis] == 0 {
				nom = precis
				vus[nom]++
				break
			}
			vus[nom]++
		}
		noms[i] = nom
	}
	return noms
}

// remplir puts the cells of a table's row under the names of their columns,
// and says whether the row holds anything at all.
func (l *ligne) remplir(noms, cellules []string) bool {
	clear(l.v)
	l.motif = ""
	pleine := false
	for i, c := range cellules {
		if strings.TrimSpace(c) == "" {
			continue
		}
		pleine = true
		switch {
		case i >= len(noms):
			l.motif = fmt.Sprintf("%d colonnes au lieu de %d.", len(cellules), len(noms))
		case noms[i] != "":
			l.v[noms[i]] = cellule(c)
		}
	}
	return pleine
}
