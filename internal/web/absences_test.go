package web_test

import (
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// modifie writes a place as a command would.
func (b banc) modifie(t *testing.T, id string, change func(l *mednum.Lieu)) mednum.Lieu {
	t.Helper()
	l, err := b.base.Lieu(t.Context(), id)
	check(t, err)
	change(&l)
	l.Version++
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: id, Version: l.Version, Apres: l, Voie: "cli"}))
	check(t, b.lieux.Actualiser(t.Context()))
	return l
}

// absent notes that the help of a rule is away, from a day to another.
func absent(t *testing.T, l *mednum.Lieu, id, du, au string) {
	t.Helper()
	d, err := mednum.ParseDate(du)
	check(t, err)
	a, err := mednum.ParseDate(au)
	check(t, err)
	_, err = l.AjouterException(mednum.Exception{Du: d, Au: a, Motif: "congés", Permanence: id}, d)
	check(t, err)
}

func (b banc) lit(t *testing.T, id string) string {
	_, page := b.get(t, "/lieux/"+id)
	return strings.NewReplacer("\u00a0", " ", "&nbsp;", " ").Replace(page)
}

func TestAbsenceNommee(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    []mednum.Permanence
		want string
	}{
		{"by its title", []mednum.Permanence{{Regle: "Tu 10:00-12:00", Intitule: "Atelier tablette"}, {Regle: "We 10:00-12:00"}}, ": pas de « Atelier tablette » (congés)"},
		{"by its hours", []mednum.Permanence{{Regle: "Tu 10:00-12:00"}, {Regle: "We 10:00-12:00"}}, ": pas d’aide le mardi de 10 h à 12 h (congés)"},
		{"the only one", []mednum.Permanence{{Regle: "Tu 10:00-12:00"}}, ": pas d’aide (congés)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			l := b.modifie(t, b.lieuDe(t, moissac).ID, func(l *mednum.Lieu) {
				l.Permanences = nil
				for _, p := range tt.p {
					_, err := l.AjouterPermanence(p)
					check(t, err)
				}
				absent(t, l, l.Permanences[0].ID, "2026-12-01", "2026-12-01")
			})
			if page := b.lit(t, l.ID); !strings.Contains(page, tt.want) {
				t.Errorf("%q is not on the page", tt.want)
			}
		})
	}
}

// Of a service that goes round, only the stops of those days are told, on one
// line.
func TestAbsenceItinerante(t *testing.T) {
	b := newBanc(t)
	arret := func(nom, regle string) mednum.Permanence {
		return mednum.Permanence{Regle: regle, Arret: &mednum.Arret{Nom: nom, CodeInsee: moissac, Commune: "Moissac"}}
	}
	var id string
	for _, v := range b.lieux.Lieux() {
		if v.Itinerant() && len(v.Permanences) > 0 {
			id = v.ID
		}
	}
	l := b.modifie(t, id, func(l *mednum.Lieu) {
		for _, p := range []mednum.Permanence{arret("Halle", "Tu 10:00-12:00"), arret("École", "We 10:00-12:00"), arret("Gare", "Fr 10:00-12:00")} {
			id, err := l.AjouterPermanence(p)
			check(t, err)
			absent(t, l, id, "2026-12-01", "2026-12-02")
		}
	})
	page := b.lit(t, l.ID)
	if !strings.Contains(page, ": pas d’arrêt « Halle » et d’arrêt « École » (congés)") || strings.Contains(page, "pas d’arrêt « Gare »") {
		t.Error(page[strings.Index(page, "exceptions"):])
	}
}
