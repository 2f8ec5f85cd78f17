// Package norme reads and writes the formats in which places travel: the
// national standard v1.0.2 and its version 0 (CSV, JSON, GeoJSON), the France
// Services list, the Conseillers numériques, the Fabriques de territoire,
// data·inclusion, GoGoCarto, and tables of one's own (CSV, XLSX). Readers
// recognise a file by its content, repair what is plainly wrong and say so in
// remarks; what they do not understand they keep as text.
package norme

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// tailleMax is the greatest file that is read, in bytes.
const tailleMax = 256 << 20

// Lecture is what a reader made of a file: Fiches in the order of the file,
// each with its fingerprint, and the rows that hold no place. Every row that
// holds anything is counted once: Lus is len(Fiches) + len(Ecartes) + Joints,
// where Joints are the rows that became a part of another one's record (stops of
// our own exports, services of data·inclusion).
type Lecture struct {
	Fichier string      // its name
	Format  string      // in words: "France services (CSV)"
	Date    mednum.Date // of the edition: the option, else the name's, else the newest row's
	Flux    mednum.Flux
	Fiches  []mednum.Fiche
	Ecartes []Ecart

	Lus            int            `json:"-"`
	Joints         int            `json:"-"`
	Colonnes       []string       `json:"-"` // as the file names them
	Correspondance Correspondance `json:"-"` // used, nil when the format names its own columns
	Parties        []Partie       `json:"-"` // see Joindre
}

// Ecart is a row that was left out. Ligne is the line of the file for a CSV or
// a sheet (the first line is 1), the rank of the object from 1 for a JSON.
type Ecart struct {
	Ligne int
	Cle   string       // the source's own id, "" when the row has none
	Champ mednum.Champ // at fault, "" when it is the whole row
	Motif string
}

// Options are what a file may leave unsaid. Colonnes says what columns of one's
// own are, before what their names say; it also makes a table of one's own of a
// file that has such a column and would be of another format. Connues gives the
// correspondence that was kept for a set of columns (see CleColonnes), nil when
// none is kept anywhere.
type Options struct {
	Date     mednum.Date // of the data; without it, the one in the file's name
	Source   string      // who keeps the file, when it does not say
	Colonnes Correspondance
	Connues  func(cle string) (Correspondance, bool)
}

// Decode reads a file of any known format. nom is its name, from which a date
// is read when the rows have none ("liste-fs-20240801.csv"). It returns an
// *mednum.Error, wrapped, when the file is no table, has no column for a name
// or a commune, is cut or is greater than 256 MiB; a bad row is left out, not an
// error.
func Decode(nom string, r io.Reader) (Lecture, error) { return Options{}.Decode(nom, r) }

// Decode is the function Decode with options.
func (o Options) Decode(nom string, r io.Reader) (Lecture, error) {
	nom = sansCaches(nom)
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
	if doc.fermer != nil {
		defer doc.fermer() //nolint:errcheck // only read
	}
	f := reconnaitre(doc)
	if f.accorde || doc.aColonnes(slices.Sorted(maps.Keys(o.Colonnes))...) && len(o.Colonnes) > 0 {
		f = formatTableau
	}
	lecture := Lecture{Fichier: nom, Format: f.nom + " (" + doc.genre + ")", Colonnes: doc.colonnes}
	if f.accorde {
		if lecture.Correspondance, err = o.accorder(doc); err != nil {
			return Lecture{}, fmt.Errorf("lecture de %s: %w", nom, err)
		}
	}
	if o.Date.IsZero() {
		o.Date = dateDuNom(nom)
	}
	if err := o.lire(&lecture, f, doc); err != nil {
		return Lecture{}, fmt.Errorf("lecture de %s: %w", nom, err)
	}
	return lecture, nil
}

// lire makes a record of each row, then what only the whole file can tell.
func (o Options) lire(l *Lecture, f format, doc *document) error {
	vues := make(map[string]int)
	for rangee := range doc.lignes {
		if l.Lus++; l.Lus > rangeesMax {
			return errRangees
		}
		if rangee.motif != "" {
			l.Ecartes = append(l.Ecartes, Ecart{Ligne: rangee.num, Motif: rangee.motif})
			continue
		}
		b := newBrouillon(f.flux, o.Date)
		rangee, touchees := depolluerLigne(rangee)
		e := Ecart{Ligne: rangee.num, Motif: f.lit(b, rangee)}
		b.noterTransport(touchees)
		if e.Motif == "" {
			e.Champ, e.Motif = b.manque()
		}
		e.Cle, b.fiche.Ligne = b.fiche.Cle, rangee.num
		if premiere, ok := vues[e.Cle]; ok && e.Motif == "" {
			e.Champ, e.Motif = mednum.ChampID, motifDejaLu(e.Cle, premiere)
		}
		if e.Motif == "" {
			vues[e.Cle] = e.Ligne
		}
		if b.partie != nil && e.Motif == "" {
			b.partie.Fiche = copier(&b.fiche)
			l.Parties = append(l.Parties, *b.partie)
			e.Motif = b.partie.Motif
		}
		if e.Motif != "" {
			l.Ecartes = append(l.Ecartes, e)
			continue
		}
		l.Fiches = append(l.Fiches, b.fiche)
	}
	if doc.echec != nil {
		return doc.echec
	}
	l.Flux = o.fluxDe(f, l.Fichier, l.Fiches)
	if licence := licenceDe(doc.enveloppe["licence"] + " " + doc.enveloppe["license"]); licence != "" && (l.Flux.Licence == "" || l.Flux.Licence == mednum.LicenceInconnue) {
		l.Flux.Licence = licence
	}
	if f.renomme {
		distinguer(l.Fiches)
	} else { // rows of the standard, which may be stops of our own exports
		n := len(l.Fiches)
		l.Fiches = rassemblerArrets(l.Fiches)
		l.Joints = n - len(l.Fiches)
	}
	l.achever(o.Date)
	return nil
}

func motifDejaLu(cle string, num int) string {
	if strings.HasPrefix(cle, prefixeSansID) {
		return fmt.Sprintf("Même nom, même commune et même adresse qu’à la ligne %d.", num)
	}
	return fmt.Sprintf("Identifiant « %s » déjà lu à la ligne %d.", cle, num)
}

// achever sets what follows from all the records: their flow, the edition,
// their fingerprints.
func (l *Lecture) achever(date mednum.Date) {
	l.Date = date
	if date.IsZero() {
		for i := range l.Fiches {
			l.Date = plusRecente(l.Date, l.Fiches[i].DateMaj)
		}
		for i := range l.Parties {
			l.Date = plusRecente(l.Date, l.Parties[i].Fiche.DateMaj)
		}
	}
	for i := range l.Fiches {
		l.Fiches[i].Flux = l.Flux.ID
		l.Fiches[i].Empreinte = empreinte(l.Fiches[i])
	}
}

func plusRecente(a, b mednum.Date) mednum.Date {
	if b.Compare(a) > 0 {
		return b
	}
	return a
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
	partie  *Partie  // set when the row is only a part of a record: see Joindre
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
	if estHinaura(b.fiche.Producteur) {
		b.fiche.Licence = mednum.LicenceODbL
	}
	if b.fiche.Champs[mednum.ChampPivot] == "" {
		b.mettre(mednum.ChampPivot, mednum.PivotInconnu)
	}
	b.mettre(mednum.ChampID, b.fiche.Cle)
	if b.fiche.Champs[mednum.ChampLatitude] != "" && b.fiche.Precision == "" {
		b.fiche.Precision = mednum.PrecisionRue
	}
}

// manque says what a record cannot be without, "" when it has it.
func (b *brouillon) manque() (mednum.Champ, string) {
	switch {
	case b.fiche.Cle == "":
		return mednum.ChampID, "Pas d’identifiant."
	case b.partie != nil && b.partie.Service: // its structure has the rest
		return "", ""
	case b.fiche.Champs[mednum.ChampNom] == "":
		return mednum.ChampNom, "Pas de nom."
	case b.fiche.Champs[mednum.ChampCommune] == "" && b.fiche.Champs[mednum.ChampCodeInsee] == "":
		return mednum.ChampCommune, "Pas de commune."
	case b.fiche.DateMaj.IsZero():
		return mednum.ChampDateMaj, b.sansDate()
	}
	for _, champ := range mednum.ChampsNorme {
		if n := utf8.RuneCountInString(b.fiche.Champs[champ]); n > signesMax {
			return champ, fmt.Sprintf("%d signes dans une case : %d au plus, ce que tient une case de classeur.", n, signesMax)
		}
	}
	return "", ""
}

// signesMax is the most that a cell of a workbook holds (ECMA-376, as Excel
// applies it): what is longer could not be given back in every form.
const signesMax = 32_767

func (b *brouillon) sansDate() string {
	for _, r := range b.fiche.Remarques {
		if r.Champ == mednum.ChampDateMaj && r.ARevoir {
			return fmt.Sprintf("Date illisible : « %s ». Écrivez-la AAAA-MM-JJ, ou donnez celle du fichier avec --date AAAA-MM-JJ.", r.Avant)
		}
	}
	return "Pas de date de mise à jour : donnez celle du fichier avec --date AAAA-MM-JJ."
}
