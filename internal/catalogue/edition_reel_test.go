package catalogue

import (
	"fmt"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// BenchmarkModifier measures one accepted edit, from the reading of the place to
// its publication, among the France Services of the country, each made of one
// record. "sans relire" is the same without the publication.
func BenchmarkModifier(b *testing.B) {
	base := openBase(b)
	var fiches []mednum.Fiche
	var revisions []mednum.Revision
	for _, l := range franceServices(b) {
		f := ficheDe(&l)
		rev, _ := mednum.Reviser(mednum.Lieu{}, mednum.Consolider(l, []mednum.Fiche{f}, nil))
		fiches, revisions = append(fiches, f), append(revisions, rev)
	}
	if err := base.Apply(b.Context(), mednum.Operation{ID: "essai"}, fiches, revisions); err != nil {
		b.Fatal(err)
	}
	c, err := Open(b.Context(), base, &territoire.Territoire{}, nil, heure)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	edition := func() (Edition, func(*mednum.Lieu) error) {
		n++
		horaires := fmt.Sprintf("Mo-Fr 09:00-%d:%02d", 12+n/60%10, n%60)
		return Edition{Auteur: "Jeanne", Voie: "cli", Droits: tout}, func(l *mednum.Lieu) error {
			return l.CorrigerHoraires(horaires, "Jeanne", depart2026)
		}
	}
	b.Run("et publier", func(b *testing.B) {
		for b.Loop() {
			e, change := edition()
			if _, err := c.Modifier(b.Context(), revisions[n%len(revisions)].Lieu, e, change); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sans relire", func(b *testing.B) {
		for b.Loop() {
			e, change := edition()
			if _, err := c.modifier(b.Context(), revisions[n%len(revisions)].Lieu, e, change); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sans changement", func(b *testing.B) {
		for b.Loop() {
			if err := c.Actualiser(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Logf("%d places", len(c.Lieux()))
}

// ficheDe is a record that says what a place says.
func ficheDe(l *mednum.Lieu) mednum.Fiche {
	f := mednum.Fiche{Flux: "fs", Cle: l.ID, Lieu: l.ID, DateMaj: l.Champs.DateMaj, Champs: map[mednum.Champ]string{}, Permanences: l.Permanences}
	for _, champ := range mednum.ChampsNorme {
		if v := l.Champs.Valeur(champ); v != "" {
			f.Champs[champ] = v
		}
	}
	return f
}
