package rapproche

import "82numerique.fr/adeuxpas/internal/mednum"

// Verdict is what a comparison concludes.
type Verdict int

// The verdicts.
const (
	Distincts Verdict = iota // two places, as far as the records tell
	Doute                    // a person should decide
	Sur                      // one place
)

// Comparaison is what two records say of each other: Score from 0 to 1, and in
// French what speaks for one place and against it.
type Comparaison struct {
	Verdict         Verdict
	Score           float64
	Raisons, Contre []string
}

// Comparer compares two records. It is symmetric.
func Comparer(a, b *mednum.Fiche) Comparaison {
	sur, raisons := MemeLieu(a, b)
	if !sur {
		return Comparaison{Raisons: raisons}
	}
	return Comparaison{Verdict: Sur, Score: 1, Raisons: raisons}
}

// Groupe is a set of records (their numbers, ascending) of one place, or that a
// person should compare; Score is that of its weakest link.
type Groupe struct {
	Membres []int
	Score   float64
	Raisons []string
}

// Groupement parts records into places. Each number is in one of Groupes; a
// record alone makes a group of one. A doubt is about the two groups that hold
// its two members.
type Groupement struct {
	Groupes []Groupe
	Doutes  []Groupe
}

// Savoir is what is known of the records beside what they say.
type Savoir struct {
	// Lieu is the place that a record is attached to, "" for none: records of one
	// place stay together, and two places are never joined, only doubted.
	Lieu func(i int) string
	// Distincts tells whether a person said that two records are two places; nil
	// when nobody did.
	Distincts func(i, j int) bool
}

// Grouper parts records into places, and lists what a person should decide.
func Grouper(fiches []mednum.Fiche, _ Savoir) Groupement {
	var g Groupement
	for _, membres := range Groupes(fiches) {
		g.Groupes = append(g.Groupes, Groupe{Membres: membres, Score: 1})
	}
	return g
}
