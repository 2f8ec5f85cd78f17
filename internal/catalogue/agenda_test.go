package catalogue

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// parcours compares what Agenda says of the minutes from a day on with what the
// rule says of each of them, and with what the page would say: it looks at every
// minute when pas is one, otherwise at one in pas and around the edges.
func parcours(t *testing.T, c *Catalogue, v *Vue, p *mednum.Permanence, du time.Time, jours, pas int) (seances int) {
	t.Helper()
	regle, id := v.effectives, ""
	if p != nil {
		regle, id = v.Regle(p.ID), p.ID
	}
	fin := du.AddDate(0, 0, jours)
	var liste []Seance
	for _, s := range c.Agenda(v, id, mednum.DateOf(du), mednum.DateOf(fin.AddDate(0, 0, -1))) {
		if s.Permanence == p {
			liste = append(liste, s)
		}
	}
	cal := c.calendrier(v.communeDe(id))
	minutes := map[time.Time]bool{} // and whether the page is asked
	for m := du; m.Before(fin); m = m.Add(time.Duration(pas) * time.Minute) {
		minutes[m] = pas == 1
	}
	for i, s := range liste {
		if !s.Debut.Before(s.Fin) || s.Fin.Sub(s.Debut) > 25*time.Hour || i > 0 && s.Debut.Before(liste[i-1].Fin) {
			t.Errorf("%s: from %s to %s", v.ID, s.Debut, s.Fin)
		}
		for _, m := range []time.Time{s.Debut.Add(-time.Minute), s.Debut, s.Fin.Add(-time.Minute), s.Fin} {
			if !m.Before(du) && m.Before(fin) {
				minutes[m] = true
			}
		}
	}
	suite := liste
	for _, m := range slices.SortedFunc(maps.Keys(minutes), time.Time.Compare) {
		for len(suite) > 0 && !m.Before(suite[0].Fin) {
			suite = suite[1:]
		}
		dite := len(suite) > 0 && !m.Before(suite[0].Debut)
		etat := horaires.Ferme
		if regle != nil {
			etat, _ = regle.Etat(m, cal)
		}
		if dite != (etat != horaires.Ferme) {
			t.Fatalf("%s %q at %s: %v, told: %t", v.ID, id, m, etat, dite)
		}
		if !dite || !minutes[m] || p == nil && (len(v.aides) > 0 || v.SensHoraires == mednum.SensLieu) || p != nil && c.horairesPerimes(v, m) {
			continue // the page then speaks of the help, or of more than these hours
		}
		if page := c.etatA(v, p, m.In(c.territoire.Location())).Genre; page != suite[0].Genre {
			t.Fatalf("%s %q at %s: the page says %s, the calendar %s", v.ID, id, m, page, suite[0].Genre)
		}
	}
	return len(liste)
}

// Every place that ships, for 26 weeks that hold both changes of the clock.
func TestAgendaReel(t *testing.T) {
	for _, le := range []time.Time{
		time.Date(2026, 9, 14, 10, 0, 0, 0, time.UTC), time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC),
	} {
		c := openReel(t, le)
		du := mednum.DateOf(le).In(c.territoire.Location())
		seances := 0
		for _, v := range c.Lieux() {
			if !v.Itinerant() && !surPlaceJamais(&v.Lieu) && v.effectives != nil {
				seances += parcours(t, c, v, nil, du, 26*7, 30)
			}
			for i := range v.Permanences {
				seances += parcours(t, c, v, &v.Permanences[i], du, 26*7, 30)
			}
		}
		if seances < 5000 {
			t.Errorf("only %d times: this test proves little", seances)
		}
	}
}

// Rules of the whole grammar, every minute of the days around each change of the
// clock, and of a public holiday.
func TestAgendaHasard(t *testing.T) {
	c := openNommes(t)
	h := newHasard(11)
	for i := range 28 {
		l := lieuEn(fmt.Sprintf("h%03d", i), "Lieu", 44, 1)
		l.Champs.CodeInsee, l.Champs.Horaires = "82112", grammaires[i%len(grammaires)]
		l.Preuve.Date = mednum.Date{Annee: 2026, Mois: 9, Jour: 1}
		if h.IntN(3) == 0 {
			l.Preuve.Date = mednum.Date{Annee: 2025, Mois: 4, Jour: 28} // too old from the end of October on
		}
		if h.IntN(2) == 0 {
			l.Exceptions = []mednum.Exception{
				{ID: "a", Du: mednum.Date{Annee: 2026, Mois: 10, Jour: 24}, Au: mednum.Date{Annee: 2026, Mois: 10, Jour: 24 + h.IntN(3)}},
				{ID: "b", Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 1}, Au: mednum.Date{Annee: 2026, Mois: 11, Jour: 1}, Ouvert: true, Plages: "08:10-09:05"},
			}
		}
		regle := grammaires[h.IntN(len(grammaires))]
		l.Permanences = []mednum.Permanence{{ID: "p", Regle: regle, RendezVous: h.IntN(3) == 0, Depuis: mednum.Date{Annee: 2026, Mois: 10, Jour: 5}, TousLes: h.IntN(3)}}
		if i%2 == 0 {
			l.Permanences = nil
		}
		if err := c.publier([]mednum.Lieu{l}, int64(10+i)); err != nil {
			t.Fatal(err)
		}
		v, err := c.Lieu(l.ID)
		if err != nil {
			t.Fatal(err)
		}
		loc := c.territoire.Location()
		for du, jours := range map[time.Time]int{time.Date(2026, 10, 24, 0, 0, 0, 0, loc): 10, time.Date(2027, 3, 27, 0, 0, 0, 0, loc): 3} {
			t.Run(l.Champs.Horaires, func(t *testing.T) { parcours(t, c, v, nil, du, jours, 1) })
			if len(v.Permanences) > 0 {
				t.Run(regle, func(t *testing.T) { parcours(t, c, v, &v.Permanences[0], du, jours, 1) })
			}
		}
	}
}

// grammaires are hours of all shapes: past midnight, on one week in two, the
// first of the month, with holidays, appointments, open ends, or around the clock.
var grammaires = []string{
	"Mo-Fr 09:00-12:00,13:30-17:15; PH off", "Mo-Su 22:00-03:30", "24/7", "Sa,Su 01:30-02:45; Su 02:10-04:00", "week 01-53/2 Tu 10:00-12:00",
	"Mo[1] 14:00-16:00; PH off", "We 09:00-12:00 \"sur rendez-vous\"", "Mo-Fr 08:30+", "Fr 18:00-24:00 || \"appeler\"", "Mo-Fr 09:00-17:00; SH off",
	"2026 Oct 25 00:00-24:00; Mo-Sa 09:05-11:55", "Mo-Sa 10:00-12:00 unknown \"à confirmer\"", "PH 10:00-11:00; Mo-Fr 09:00-18:00", "Su 23:00-26:00; Mo 02:00-05:00",
}

// What must not be there: a seat, a place without public, what is not published,
// what nobody noted; and what must: a noted opening.
func TestAgendaBords(t *testing.T) {
	c := openNommes(t)
	du, au := mednum.Date{Annee: 2026, Mois: 11, Jour: 24}, mednum.Date{Annee: 2026, Mois: 12, Jour: 31}
	fais := func(change func(*mednum.Lieu)) *Vue {
		l := lieuEn("x1", "Lieu", 44, 1)
		l.Champs.CodeInsee, l.Champs.Horaires = "82112", "Mo-Fr 09:00-12:00"
		l.Preuve.Date = mednum.Date{Annee: 2026, Mois: 11, Jour: 1}
		change(&l)
		v, err := newVue(l, c.territoire)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	arret := &mednum.Arret{Nom: "Place", CodeInsee: "82112", Commune: "Moissac"}
	for _, tt := range []struct {
		name       string
		change     func(*mednum.Lieu)
		permanence string
		want       int
		premiere   Genre
	}{
		{"the hours", func(*mednum.Lieu) {}, "", 28, EtatOuvert},
		{"a proposal", func(l *mednum.Lieu) { l.Statut = mednum.StatutPropose }, "", 0, ""},
		{"closed for good", func(l *mednum.Lieu) { l.Statut = mednum.StatutFerme }, "", 0, ""},
		{"no public", func(l *mednum.Lieu) { l.Champs.ModalitesAcces = []string{accesSansPublic} }, "", 0, ""},
		{"a seat", func(l *mednum.Lieu) { l.Champs.Itinerance = []string{"Itinérant"} }, "", 0, ""},
		{"stops", func(l *mednum.Lieu) {
			l.Champs.Itinerance = []string{"Itinérant"}
			l.Permanences = []mednum.Permanence{{ID: "p", Regle: "Tu 09:00-12:00", Arret: arret}, {ID: "q", Regle: "We 09:00-12:00", Arret: arret}, {ID: "r", Arret: arret}}
		}, "", 12, EtatOuvert},
		{"one stop", func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p", Regle: "Tu 09:00-12:00", Arret: arret}, {ID: "q", Regle: "We 09:00-12:00", Arret: arret}}
		}, "q", 6, EtatOuvert},
		{"by appointment", func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p", Regle: "Tu 09:00-12:00", RendezVous: true}}
		}, "p", 6, EtatRDV},
		{"a closing", func(l *mednum.Lieu) { l.Exceptions = []mednum.Exception{{ID: "e", Du: du, Au: au}} }, "", 0, ""},
		{"without hours, an opening that somebody noted", func(l *mednum.Lieu) {
			l.Champs.Horaires = ""
			l.Exceptions = []mednum.Exception{{ID: "e", Du: au, Au: au, Ouvert: true, Plages: "09:00-10:00"}}
		}, "", 1, EtatOuvert},
		{"hours that cannot be read", func(l *mednum.Lieu) { l.Champs.Horaires = "le matin" }, "", 0, ""},
		{"a proof too old", func(l *mednum.Lieu) { l.Preuve.Date.Annee = 2022 }, "", 28, EtatConfirmer},
		{"hours older than what proves the place", func(l *mednum.Lieu) {
			l.Provenance = map[mednum.Champ]mednum.Origine{mednum.ChampHoraires: {Fiche: "vieux/1", Date: mednum.Date{Annee: 2022, Mois: 1, Jour: 1}}}
		}, "", 28, EtatConfirmer},
		{"Christmas, on which the hours are silent", func(l *mednum.Lieu) { l.Champs.Horaires = "Dec 25 09:00-12:00" }, "", 1, EtatConfirmer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			liste := c.Agenda(fais(tt.change), tt.permanence, du, au)
			if len(liste) != tt.want || len(liste) > 0 && liste[0].Genre != tt.premiere {
				t.Errorf("%d times, want %d: %+v", len(liste), tt.want, liste)
			}
		})
	}
}

// An evening that runs past midnight is the same event the next day, while it
// lasts, and whole on the last day: it keeps its beginning, which names it.
func TestAgendaMinuit(t *testing.T) {
	c := openNommes(t)
	l := lieuEn("x1", "Lieu", 44, 1)
	l.Champs.CodeInsee, l.Champs.Horaires = "82112", "Tu 22:00-26:00"
	l.Preuve.Date = mednum.Date{Annee: 2026, Mois: 11, Jour: 1}
	v, err := newVue(l, c.territoire)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		du, au int
		want   []int // the days on which they begin
	}{{24, 24, []int{24}}, {25, 25, []int{24}}, {25, 30, []int{24}}, {26, 30, nil}, {17, 24, []int{17, 24}}, {16, 16, nil}} {
		var got []int
		for _, s := range c.Agenda(v, "", mednum.Date{Annee: 2026, Mois: 11, Jour: tt.du}, mednum.Date{Annee: 2026, Mois: 11, Jour: tt.au}) {
			if got = append(got, s.Debut.Day()); s.Debut.Hour() != 22 || s.Fin.Sub(s.Debut) != 4*time.Hour {
				t.Errorf("from %d to %d: %s to %s", tt.du, tt.au, s.Debut, s.Fin)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("from %d to %d: %v, want %v", tt.du, tt.au, got, tt.want)
		}
	}
}

// BenchmarkAgenda is the calendar of a place open five days a week, for 26 weeks.
func BenchmarkAgenda(b *testing.B) {
	c := openReel(b, depart2026)
	for _, v := range c.Lieux() {
		if v.Champs.Nom == "France services de Moissac" {
			for b.Loop() {
				c.Agenda(v, "", mednum.DateOf(depart2026), mednum.DateOf(depart2026.AddDate(0, 0, 181)))
			}
			return
		}
	}
	b.Fatal("no such place")
}
