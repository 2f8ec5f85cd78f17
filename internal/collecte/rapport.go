package collecte

import (
	"encoding/json"
	"io"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// rapport is the head of a report; its lists are written one thing a line.
type rapport struct {
	Bilan      Bilan          `json:"bilan"`
	Simulation bool           `json:"simulation"`
	Le         time.Time      `json:"le"`
	Operation  string         `json:"operation"`
	Fichiers   []BilanFichier `json:"fichiers"`
}

// ligneRapport is a row of the report: its keys, in their order.
type ligneRapport struct {
	Fichier     string              `json:"fichier"`
	Ligne       int                 `json:"ligne"`
	ID          string              `json:"id"`
	Nom         string              `json:"nom"`
	Etat        Etat                `json:"etat"`
	Lieu        string              `json:"lieu"`
	Raison      string              `json:"raison"`
	Changements []Changement        `json:"changements"`
	Reparations []reparationRapport `json:"reparations"`
	Raisons     []string            `json:"raisons"`
	Questions   []any               `json:"questions"`
}

type reparationRapport struct {
	Champ   mednum.Champ `json:"champ"`
	Avant   string       `json:"avant"`
	Apres   string       `json:"apres"`
	Motif   string       `json:"motif"`
	ARevoir bool         `json:"a_revoir"`
}

type doublonRapport struct {
	Genre   string   `json:"genre"`
	Lieux   []string `json:"lieux"`
	Fiche   string   `json:"fiche"`
	Score   float64  `json:"score"`
	Raisons []string `json:"raisons"`
	Contre  []string `json:"contre"`
	Nom     string   `json:"nom"` // of the other place
	Commune string   `json:"commune"`
}

type correctionRapport struct {
	Genre  string       `json:"genre"`
	Lieu   string       `json:"lieu"`
	Champ  mednum.Champ `json:"champ"`
	Valeur string       `json:"valeur"` // set by hand
	Avant  string       `json:"avant"`  // the source then
	Apres  string       `json:"apres"`  // the source now
}

// EcrireRapport writes the plan as JSON, beginning with its summary; le is when
// it was made. A simulation has no operation. Lists are never null. Rows that
// are identical and needed no repair are not in it.
func (p *Plan) EcrireRapport(w io.Writer, simulation bool, le time.Time) error {
	tete := rapport{Bilan: p.Bilan, Simulation: simulation, Le: le.UTC().Truncate(time.Second), Operation: p.Operation(), Fichiers: pleine(p.Fichiers)}
	if simulation {
		tete.Operation = ""
	}
	octets, err := json.Marshal(tete)
	if err != nil {
		return err
	}
	e := ecrivain{w: w}
	e.ecrire(octets[:len(octets)-1]) // what follows is within the same object
	lister(&e, "lignes", p.Lignes, func(l *Ligne) any { return l.rapport() })
	lister(&e, "absents", p.Absents, func(a *Absent) any { return a })
	lister(&e, "lieux", p.Lieux, func(l *LieuModifie) any { return l })
	e.ecrire([]byte("}\n"))
	return e.err
}

// ecrivain keeps its first error.
type ecrivain struct {
	w   io.Writer
	err error
}

func (e *ecrivain) ecrire(octets []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(octets)
	}
}

// lister writes a member of the object, one element a line.
func lister[T any](e *ecrivain, nom string, liste []T, forme func(*T) any) {
	e.ecrire([]byte(",\n\"" + nom + "\":["))
	for i := range liste {
		octets, err := json.Marshal(forme(&liste[i]))
		if err != nil && e.err == nil {
			e.err = err
		}
		if i > 0 {
			e.ecrire([]byte(","))
		}
		e.ecrire([]byte("\n"))
		e.ecrire(octets)
	}
	e.ecrire([]byte("]"))
}

// pleine is the list, never null in JSON.
func pleine[T any](liste []T) []T {
	if liste == nil {
		return []T{}
	}
	return liste
}

func (l *Ligne) rapport() ligneRapport {
	r := ligneRapport{
		Fichier: l.Fichier, Ligne: l.Ligne, ID: l.ID, Nom: l.Nom, Etat: l.Etat, Lieu: l.Lieu, Raison: l.Raison,
		Changements: pleine(l.Changements), Reparations: []reparationRapport{}, Raisons: pleine(l.Raisons), Questions: []any{},
	}
	if l.Champ != "" {
		r.Raison = string(l.Champ) + " : " + l.Raison
	}
	for _, m := range l.Reparations {
		r.Reparations = append(r.Reparations, reparationRapport(m))
	}
	for i := range l.Questions {
		r.Questions = append(r.Questions, l.Questions[i].rapport())
	}
	return r
}

func (q *QuestionLigne) rapport() any {
	if q.Genre == GenreCorrection {
		return correctionRapport{q.Genre, q.Lieux[0], q.Champ, q.Valeur, q.Avant, q.Apres}
	}
	return doublonRapport{q.Genre, pleine(q.Lieux), q.Fiche, q.Score, pleine(q.Raisons), pleine(q.Contre), q.Nom, q.Commune}
}
