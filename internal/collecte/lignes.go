package collecte

import (
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Etat is what becomes of a row. Every row has one.
type Etat string

// The states of a row.
const (
	EtatNouveau   Etat = "nouveau"   // it makes a place of its own
	EtatIdentique Etat = "identique" // it says what the base has, or is older
	EtatModifie   Etat = "modifie"   // it says something else than before
	EtatFusionne  Etat = "fusionne"  // it joins a place that another row makes
	EtatADecider  Etat = "a_decider" // it raises a question; it is public meanwhile
	EtatEcarte    Etat = "ecarte"    // it is kept aside, with its reason
)

// Plan is what an import would do. Rows that are identical and needed no repair
// are counted, not told.
type Plan struct {
	Bilan         Bilan
	Fichiers      []BilanFichier // in the order given
	Lignes        []Ligne        // by file, then by line
	Absents       []Absent       // by source, then by key
	Lieux         []LieuModifie  // places that are there and change, by id
	LieuxNouveaux int
	HorsZone      int // of the rows kept aside, those outside the zone
	Geocodage     Geocodage
	ecrit         plan
}

// Operation is the id that the operation will have, "" when there is nothing to
// write.
func (p *Plan) Operation() string { return p.ecrit.operation.ID }

// Ecrit tells whether the plan writes something.
func (p *Plan) Ecrit() bool { return p.Operation() != "" || len(p.ecrit.flux) > 0 }

// signer says who writes the plan.
func (p *Plan) signer(genre string, o Options) { p.ecrit.signer(genre, o) }

// Ligne is a row of a file. Lieu is the place that it is attached to, "" for one
// kept aside; Raison says in French why it is kept aside, or changes nothing;
// Raisons why it is the place of another.
type Ligne struct {
	Fichier     string
	Ligne       int
	Flux        string
	ID          string // the source's own: Flux/ID is the reference of the record
	Nom         string
	Etat        Etat
	Lieu        string
	Ailleurs    bool         // its place is outside the territory
	Champ       mednum.Champ // at fault, of a row kept aside
	Raison      string
	Changements []Changement
	Reparations []mednum.Remarque
	Jointes     int // rows that are a part of it: stops, services
	Raisons     []string
	Questions   []QuestionLigne
}

// Changement is one field of a record or of a place. Champ is a column of the
// standard, or permanence, precision, familles, licence, absente.
type Changement struct {
	Champ string `json:"champ"`
	Avant string `json:"avant"`
	Apres string `json:"apres"`
}

// The kinds of questions.
const (
	GenreDoublon    = "doublon"    // are these two one place?
	GenreCorrection = "correction" // the source contradicts a hand edit
)

// QuestionLigne is what a row asks a person. A doublon has two Lieux, the row's
// own first, and, when a record raised it, that record (Fiche); a correction has its field, the value
// set by hand, and what the source said then and says now.
type QuestionLigne struct {
	Genre   string
	Lieux   []string
	Fiche   string
	Nom     string // of the other place of a doublon
	Commune string
	Score   float64
	Raisons []string
	Contre  []string
	Champ   mednum.Champ
	Valeur  string
	Avant   string
	Apres   string
}

// Absent is a record that the newest edition of its source no longer has.
type Absent struct {
	Source string `json:"source"` // the flow's id
	ID     string `json:"id"`
	Nom    string `json:"nom"`
	Lieu   string `json:"lieu"`
}

// LieuModifie is a place that the import changes, field by field.
type LieuModifie struct {
	Lieu        string       `json:"lieu"`
	Nom         string       `json:"nom"`
	Changements []Changement `json:"changements"`
}

func ligneDe(f *mednum.Fiche, etat Etat) Ligne {
	return Ligne{Ligne: f.Ligne, Flux: f.Flux, ID: f.Cle, Nom: f.Champs[mednum.ChampNom], Etat: etat, Lieu: f.Lieu, Reparations: f.Remarques, Jointes: f.Jointes}
}

// changementsFiche are the fields by which two states of a record differ, in the
// order of the standard.
func changementsFiche(avant, apres *mednum.Fiche) (liste []Changement) {
	noter := func(champ, a, b string) {
		if a != b {
			liste = append(liste, Changement{champ, a, b})
		}
	}
	for _, champ := range mednum.ChampsNorme {
		if champ != mednum.ChampID {
			noter(string(champ), avant.Champs[champ], apres.Champs[champ])
		}
	}
	noter("precision", string(avant.Precision), string(apres.Precision))
	noter("familles", joindre(avant.Familles), joindre(apres.Familles))
	noter("licence", avant.Licence, apres.Licence)
	noter("absente", avant.Absente.String(), apres.Absente.String())
	for _, d := range mednum.Differences(&mednum.Lieu{Permanences: avant.Permanences}, &mednum.Lieu{Permanences: apres.Permanences}) {
		noter(string(d.Champ), d.Avant, d.Apres)
	}
	return liste
}

func joindre(familles []mednum.Famille) string {
	noms := make([]string, len(familles))
	for i, f := range familles {
		noms[i] = string(f)
	}
	return strings.Join(noms, "|")
}

// changementsLieu are the fields by which two states of a place differ.
func changementsLieu(avant, apres *mednum.Lieu) (liste []Changement) {
	for _, d := range mednum.Differences(avant, apres) {
		liste = append(liste, Changement{string(d.Champ), d.Avant, d.Apres})
	}
	return liste
}
