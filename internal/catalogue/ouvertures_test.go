package catalogue

import (
	"os"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// What is not sure is not told, and what is told ends the day before it stops
// being sure.
func TestOuverturesSures(t *testing.T) {
	mardi := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, horaires string
		acces          []string
		le             time.Time
		jusqua         string // the last date told, "" when nothing is
	}{
		{"sure for four weeks", "Mo-Fr 09:00-12:00; PH off", nil, mardi, "2026-12-21"},
		{"silent on Christmas, a Friday", "Mo-Fr 09:00-12:00", nil, mardi.AddDate(0, 0, 10), "2026-12-24"},
		{"silent on Christmas, closed on Fridays", "Mo-Th 09:00-12:00", nil, mardi.AddDate(0, 0, 10), "2026-12-31"},
		{"on the very day", "Mo-Fr 09:00-12:00", nil, time.Date(2026, 12, 25, 9, 0, 0, 0, time.UTC), ""},
		{"by appointment on Thursdays", `Mo-We,Fr 09:00-12:00; Th 09:00-12:00 "sur rendez-vous"`, nil, mardi, "2026-11-25"},
		{"by appointment today", `Tu 09:00-12:00 "sur rendez-vous"`, nil, mardi, ""},
		{"all by appointment", "Mo-Fr 09:00-12:00; PH off", []string{"Prendre un RDV en ligne"}, mardi, ""},
		{"nobody is received", "Mo-Fr 09:00-12:00; PH off", []string{"Ce lieu n'accueille pas de public"}, mardi, ""},
		{"school holidays that the calendar does not reach", "Mo-Fr 09:00-12:00; PH off; SH Mo-Fr 10:00-12:00", nil, time.Date(2027, 8, 20, 9, 0, 0, 0, time.UTC), "2027-09-01"},
		{"the proof ends in ten days", "Mo-Fr 09:00-12:00; PH off", nil, mardi.AddDate(0, 18, -10), "2028-05-24"},
		{"the proof has ended", "Mo-Fr 09:00-12:00; PH off", nil, mardi.AddDate(0, 18, 1), ""},
		{"hours that cannot be read", "le matin", nil, mardi, ""},
		{"never open", "Mo-Su off", nil, mardi, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := openNommes(t)
			f, err := os.Open("../../data/vacances-scolaires.json")
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if c.territoire.Scolaire, err = territoire.LireScolaire(f); err != nil {
				t.Fatal(err)
			}
			c.now = func() time.Time { return tt.le }
			l := lieuEn("x1", "Lieu", 44, 1)
			l.Champs.CodeInsee, l.Champs.Horaires, l.Champs.ModalitesAcces = "82112", tt.horaires, tt.acces
			l.Preuve.Date = mednum.DateOf(mardi)
			if err := c.publier([]mednum.Lieu{l}, 2); err != nil {
				t.Fatal(err)
			}
			v, err := c.Lieu("x1")
			if err != nil {
				t.Fatal(err)
			}
			o, ok := c.OuverturesSures(v, 28)
			if got := o.Au.String(); ok != (tt.jusqua != "") || ok && got != tt.jusqua {
				t.Errorf("told %v until %q, want %q", ok, got, tt.jusqua)
			}
		})
	}
}

// Hours that come from an old record are not sure, whatever newer proves that
// the place is there.
func TestOuverturesAnciennes(t *testing.T) {
	c := openNommes(t)
	l := lieuEn("x1", "Lieu", 44, 1)
	l.Champs.CodeInsee, l.Champs.Horaires = "82112", "Mo-Fr 09:00-12:00; PH off"
	l.Preuve.Date = mednum.Date{Annee: 2026, Mois: 11, Jour: 1}
	for annee, want := range map[int]bool{2026: true, 2022: false} {
		l.Provenance = map[mednum.Champ]mednum.Origine{mednum.ChampHoraires: {Fiche: "autre/1", Date: mednum.Date{Annee: annee, Mois: 11, Jour: 1}}}
		v, err := newVue(l, c.territoire)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := c.OuverturesSures(v, 28); ok != want {
			t.Errorf("of %d: told %v", annee, ok)
		}
	}
}

// The stops that engines are told are those of which the page is sure, and those
// that are called off.
func TestPassagesSurs(t *testing.T) {
	c := openNommes(t)
	c.now = func() time.Time { return time.Date(2026, 12, 7, 9, 0, 0, 0, time.UTC) } // a Monday
	for _, tt := range []struct {
		name         string
		change       func(*mednum.Lieu)
		surs, annule int
	}{
		{"four Tuesdays", func(*mednum.Lieu) {}, 4, 0},
		{"one called off", func(l *mednum.Lieu) {
			l.Exceptions = []mednum.Exception{{ID: "e", Du: date(12, 8), Au: date(12, 8)}}
		}, 4, 1},
		{"silent on Christmas, a Friday", func(l *mednum.Lieu) { l.Permanences[0].Regle = "Fr 09:00-12:00" }, 2, 0}, // nor on 1 January
		{"closed on holidays", func(l *mednum.Lieu) { l.Permanences[0].Regle = "Fr 09:00-12:00; PH off" }, 2, 0},
		{"to be asked", func(l *mednum.Lieu) { l.Permanences[0].Regle = `Tu 09:00-12:00 unknown "selon la météo"` }, 0, 0},
		{"by appointment", func(l *mednum.Lieu) { l.Permanences[0].RendezVous = true }, 0, 0},
		{"by appointment, in words", func(l *mednum.Lieu) { l.Permanences[0].Regle = `Tu 09:00-12:00 open "sur rendez-vous"` }, 0, 0},
		{"a proof too old", func(l *mednum.Lieu) { l.Preuve.Date.Annee = 2022 }, 0, 0},
		{"nobody is received", func(l *mednum.Lieu) { l.Champs.ModalitesAcces = []string{accesSansPublic} }, 0, 0},
		{"not published", func(l *mednum.Lieu) { l.Statut = mednum.StatutPropose }, 0, 0},
		{"a fixed place", func(l *mednum.Lieu) { l.Champs.Itinerance = nil }, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := lieuEn("x1", "Bus", 44, 1)
			l.Champs.Itinerance, l.Preuve.Date = []string{"Itinérant"}, mednum.Date{Annee: 2026, Mois: 11, Jour: 1}
			l.Permanences = []mednum.Permanence{{ID: "p", Regle: "Tu 09:00-12:00", Arret: &mednum.Arret{Nom: "Place", CodeInsee: "82112", Commune: "Moissac"}}}
			tt.change(&l)
			v, err := newVue(l, c.territoire)
			if err != nil {
				t.Fatal(err)
			}
			annules, surs := 0, c.PassagesSurs(v, 28)
			for _, p := range surs {
				if p.Annule {
					annules++
				}
			}
			if len(surs) != tt.surs || annules != tt.annule {
				t.Errorf("%d told, %d called off, want %d and %d", len(surs), annules, tt.surs, tt.annule)
			}
		})
	}
}
