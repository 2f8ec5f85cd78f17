// Package norme reads and writes the formats in which places travel: the
// national standard v1.0.2 (CSV, JSON, GeoJSON), its version 0 as the
// Conseillers numériques publish it, the France Services list and the
// Fabriques de territoire. Readers recognise a file by its content, repair what
// is plainly wrong and say so in remarks; what they do not understand they keep
// as text.
package norme

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// tailleMax is the greatest file that is read, in bytes.
const tailleMax = 256 << 20

// Lecture is what a reader made of a file: Fiches in the order of the file,
// each with its fingerprint, and the rows that hold no place.
type Lecture struct {
	Fichier string      // its name
	Format  string      // in words: "France services (liste 2024, CSV)"
	Date    mednum.Date // of the edition, zero when nothing tells it
	Flux    mednum.Flux
	Fiches  []mednum.Fiche
	Ecartes []Ecart

	Colonnes       []string       `json:"-"` // as the file names them
	Correspondance Correspondance `json:"-"` // used, nil when the format names its own columns
}

// Ecart is a row that was left out. Ligne is the line of the file for a CSV
// (the header is line 1), the rank of the object from 1 for a JSON.
type Ecart struct {
	Ligne int
	Cle   string       // the source's own id, "" when the row has none
	Champ mednum.Champ // at fault, "" when it is the whole row
	Motif string
}

// Options are what a file may leave unsaid.
type Options struct {
	Date   mednum.Date // of the data; without it, the one in the file's name
	Source string      // who keeps the file, when it does not say

	Colonnes Correspondance                          // what columns of one's own are
	Connues  func(cle string) (Correspondance, bool) // what was kept for columns: see CleColonnes
}

// Decode reads a file of any known format. nom is its name, from which a date
// is read when the rows have none ("liste-fs-20240801.csv"). It returns an
// *mednum.Error, wrapped, when the file is of no known format, is cut or is
// greater than 256 MiB; a bad row is left out, not an error.
func Decode(nom string, r io.Reader) (Lecture, error) { return Options{}.Decode(nom, r) }

// Decode is the function Decode with options.
func (o Options) Decode(nom string, r io.Reader) (Lecture, error) {
	octets, err := io.ReadAll(io.LimitReader(r, tailleMax+1))
	if err != nil {
		return Lecture{}, fmt.Errorf("lecture de %s: %w", nom, err)
	}
	if len(octets) > tailleMax {
		return Lecture{}, fmt.Errorf("lecture de %s: %w", nom, &mednum.Error{Code: mednum.EnTrop, Message: "Ce fichier est trop gros : 256 Mo au plus."})
	}
	doc, err := ouvrir(octets)
	if err != nil {
		return Lecture{}, fmt.Errorf("lecture de %s: %w", nom, err)
	}
	f, ok := reconnaitre(doc)
	if !ok {
		return Lecture{}, fmt.Errorf("lecture de %s: %w", nom, &mednum.Error{
			Code:    mednum.Invalide,
			Message: "Ce fichier n’est d’aucun format connu : standard national (v1 ou v0), liste France services, fabriques de territoire.",
		})
	}
	if o.Date.IsZero() {
		o.Date = dateDuNom(nom)
	}
	return o.lire(nom, f, doc), nil
}

// lire makes a record of each row, then what only the whole file can tell.
func (o Options) lire(nom string, f format, doc document) Lecture {
	lecture := Lecture{Fichier: nom, Date: o.Date, Format: f.nom + " (" + doc.genre + ")", Flux: f.flux, Ecartes: doc.ecartes}
	vues := make(map[string]int)
	for _, l := range doc.lignes {
		b := newBrouillon(f.flux, o.Date)
		motif := f.lit(b, l)
		if motif == "" {
			motif = b.manque()
		}
		if premiere, ok := vues[b.fiche.Cle]; ok && motif == "" {
			motif = fmt.Sprintf("Identifiant « %s » déjà lu à la ligne %d.", b.fiche.Cle, premiere)
		}
		if motif != "" {
			lecture.Ecartes = append(lecture.Ecartes, Ecart{Ligne: l.num, Cle: b.fiche.Cle, Motif: motif})
			continue
		}
		vues[b.fiche.Cle] = l.num
		b.fiche.Ligne = l.num
		lecture.Fiches = append(lecture.Fiches, b.fiche)
	}
	if f.renomme {
		distinguer(lecture.Fiches)
	} else { // rows of the standard, which may be stops of our own exports
		lecture.Fiches = rassemblerArrets(lecture.Fiches)
	}
	for i := range lecture.Fiches {
		lecture.Fiches[i].Empreinte = empreinte(lecture.Fiches[i])
	}
	return lecture
}

// empreinte is the SHA-256 of the record as it was read, in hexadecimal: the
// same file read by the same reader gives the same fingerprints.
func empreinte(f mednum.Fiche) string {
	f.Lieu, f.Empreinte = "", ""
	octets, err := json.Marshal(f) // maps are written in the order of their keys
	if err != nil {
		return ""
	}
	somme := sha256.Sum256(octets)
	return hex.EncodeToString(somme[:])
}

var motifDateNom = regexp.MustCompile(`(20\d{2})[-_]?(\d{2})(?:[-_]?(\d{2}))?`)

// dateDuNom reads "20240801", "2024-08-01" or "2023-11" (its first day) in a
// file's name; zero when there is none.
func dateDuNom(nom string) mednum.Date {
	for _, m := range motifDateNom.FindAllStringSubmatch(nom, -1) {
		jour := m[3]
		if jour == "" {
			jour = "01"
		}
		if d, err := mednum.ParseDate(m[1] + "-" + m[2] + "-" + jour); err == nil {
			return d
		}
	}
	return mednum.Date{}
}

// brouillon is a record in the making.
type brouillon struct {
	fiche   mednum.Fiche
	details []string // sentences of presentation_detail
}

func newBrouillon(flux mednum.Flux, date mednum.Date) *brouillon {
	return &brouillon{fiche: mednum.Fiche{Flux: flux.ID, DateMaj: date, Champs: make(map[mednum.Champ]string)}}
}

// mettre sets a column; an empty text leaves it absent.
func (b *brouillon) mettre(champ mednum.Champ, texte string) {
	if texte == "" {
		delete(b.fiche.Champs, champ)
		return
	}
	b.fiche.Champs[champ] = texte
}

func (b *brouillon) mettreListe(champ mednum.Champ, valeurs []string) {
	b.mettre(champ, strings.Join(valeurs, "|"))
}

// ajouter adds values to a list column, each once.
func (b *brouillon) ajouter(champ mednum.Champ, valeurs ...string) {
	liste := mednum.SplitListe(b.fiche.Champs[champ])
	for _, v := range valeurs {
		v = strings.TrimSpace(strings.ReplaceAll(v, "|", "/"))
		if v != "" && !slices.Contains(liste, v) {
			liste = append(liste, v)
		}
	}
	b.mettreListe(champ, liste)
}

// remarquer notes a repair: nothing when nothing changed.
func (b *brouillon) remarquer(champ mednum.Champ, avant, apres, motif string) {
	if avant != apres {
		b.fiche.Remarques = append(b.fiche.Remarques, mednum.Remarque{Champ: champ, Avant: avant, Apres: apres, Motif: motif})
	}
}

// douter sends a value to a person.
func (b *brouillon) douter(champ mednum.Champ, avant, apres, motif string) {
	b.fiche.Remarques = append(b.fiche.Remarques, mednum.Remarque{Champ: champ, Avant: avant, Apres: apres, Motif: motif, ARevoir: true})
}

// detailler adds a sentence to presentation_detail, once.
func (b *brouillon) detailler(phrase string) {
	if phrase = strings.TrimSpace(phrase); phrase != "" && !slices.Contains(b.details, phrase) {
		b.details = append(b.details, phrase)
	}
}

// finir sets what every format ends with: details, date and source.
func (b *brouillon) finir() {
	if len(b.details) > 0 {
		b.mettre(mednum.ChampPresentationDetail, strings.Join(b.details, "\n"))
	}
	b.mettre(mednum.ChampDateMaj, b.fiche.DateMaj.String())
	b.mettre(mednum.ChampSource, b.fiche.Producteur)
	if b.fiche.Champs[mednum.ChampPivot] == "" {
		b.mettre(mednum.ChampPivot, mednum.PivotInconnu)
	}
	b.mettre(mednum.ChampID, b.fiche.Cle)
	if b.fiche.Champs[mednum.ChampLatitude] != "" && b.fiche.Precision == "" {
		b.fiche.Precision = mednum.PrecisionRue
	}
}

// manque says what a record cannot be without, "" when it has it.
func (b *brouillon) manque() string {
	switch {
	case b.fiche.Cle == "":
		return "Pas d’identifiant."
	case b.fiche.Champs[mednum.ChampNom] == "":
		return "Pas de nom."
	case b.fiche.Champs[mednum.ChampCommune] == "" && b.fiche.Champs[mednum.ChampCodeInsee] == "":
		return "Pas de commune."
	case b.fiche.DateMaj.IsZero():
		return "Pas de date de mise à jour."
	}
	return ""
}
