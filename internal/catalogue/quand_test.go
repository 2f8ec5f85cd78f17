package catalogue

import (
	"errors"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// aHeure is a catalogue whose clock stands still, in Europe/Paris.
func aHeure(t *testing.T, le string) *Catalogue {
	t.Helper()
	c := openNommes(t)
	instant, err := time.ParseInLocation("2006-01-02 15:04", le, c.territoire.Location())
	if err != nil {
		t.Fatal(err)
	}
	c.now = instant.UTC
	return c
}

// 2026-11-24 is a Tuesday.
func TestParseQuand(t *testing.T) {
	const mardi = "2026-11-24 10:20"
	tests := []struct{ name, le, jour, heure, want string }{
		{"now", mardi, "maintenant", "", "maintenant | 11-24 10:20 → 11-24 10:21"},
		{"this afternoon", mardi, "apres-midi", "", "cet après-midi | 11-24 13:00 → 11-24 19:00"},
		{"in the afternoon", "2026-11-24 15:00", "apres-midi", "", "cet après-midi | 11-24 15:00 → 11-24 19:00"},
		{"the afternoon is over", "2026-11-24 19:00", "apres-midi", "", "demain après-midi | 11-25 13:00 → 11-25 19:00"},
		{"today, what is left of it", mardi, "aujourdhui", "", "aujourd’hui | 11-24 10:20 → 11-25 00:00"},
		{"tomorrow", mardi, "demain", "", "demain | 11-25 00:00 → 11-26 00:00"},
		{"Saturday", mardi, "samedi", "", "samedi 28 novembre | 11-28 00:00 → 11-29 00:00"},
		{"capitals and spaces", mardi, " Samedi ", "", "samedi 28 novembre | 11-28 00:00 → 11-29 00:00"},
		{"today's weekday", mardi, "mardi", "", "mardi 24 novembre | 11-24 10:20 → 11-25 00:00"},
		{"today's weekday, hour over", mardi, "mardi", "09:00", "mardi 1er décembre à 9 h | 12-01 09:00 → 12-01 09:01"},
		{"a day and an hour", mardi, "mardi", "17:00", "mardi 24 novembre à 17 h | 11-24 17:00 → 11-24 17:01"},
		{"a day and hours", mardi, "mardi", "17:00-19:00", "mardi 24 novembre de 17 h à 19 h | 11-24 17:00 → 11-24 19:00"},
		{"a day and a part", mardi, "samedi", "matin", "samedi 28 novembre, le matin | 11-28 00:00 → 11-28 12:00"},
		{"an hour alone", mardi, "", "17:00", "aujourd’hui à 17 h | 11-24 17:00 → 11-24 17:01"},
		{"now, at an hour", mardi, "maintenant", "17:30", "aujourd’hui à 17 h 30 | 11-24 17:30 → 11-24 17:31"},
		{"a date", mardi, "2026-12-05", "", "samedi 5 décembre | 12-05 00:00 → 12-06 00:00"},
		{"clocks go back", "2026-10-20 10:00", "dimanche", "", "dimanche 25 octobre | 10-25 00:00 → 10-26 00:00"},
		{"nothing", mardi, "", "", ""},
		{"no such day", mardi, "samdi", "", "quand : Écrivez un jour"},
		{"no such date", mardi, "2026-02-30", "", "quand : Écrivez un jour"},
		{"past date", mardi, "2026-11-23", "", "quand : Ce jour est passé"},
		{"far date", mardi, "2028-01-01", "", "quand : Ce jour est trop loin"},
		{"past hour", mardi, "aujourdhui", "09:00", "heure : Cette heure est passée"},
		{"past hour of the afternoon", "2026-11-24 15:00", "apres-midi", "14:00", "heure : Cette heure est passée"},
		{"no such hour", mardi, "samedi", "25:00", "heure : Écrivez une heure"},
		{"backwards", mardi, "samedi", "19:00-17:00", "heure : Écrivez une heure"},
		{"half an hour", mardi, "samedi", "17", "heure : Écrivez une heure"},
		{"midnight to midnight", mardi, "samedi", "24:00", "heure : Écrivez une heure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, err := aHeure(t, tt.le).ParseQuand(tt.jour, tt.heure)
			var refus *mednum.Error
			got := ""
			switch {
			case errors.As(err, &refus):
				got = refus.Champ + " : " + refus.Message
			case err != nil:
				t.Fatal(err)
			case q != nil:
				got = strings.ReplaceAll(q.Libelle(), "\u00a0", " ") + " | " + q.Du.Format("01-02 15:04") + " → " + q.Au.Format("01-02 15:04")
			}
			if err == nil && got != tt.want || err != nil && (tt.want == "" || !strings.HasPrefix(got, tt.want)) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestChercherQuand(t *testing.T) {
	change := func(id string, f func(*mednum.Lieu)) mednum.Lieu {
		l := lieuEn(id, "Lieu "+id, 44, 1)
		l.Champs.Horaires, l.Champs.ModalitesAcces = bureau, []string{"Se présenter"}
		f(&l)
		return l
	}
	arret := &mednum.Arret{Nom: "Mairie", Commune: "Moissac", CodeInsee: "99001", Latitude: new(float64), Longitude: new(float64)}
	*arret.Latitude, *arret.Longitude = 44.01, 1
	lieux := []mednum.Lieu{
		change("bureau", func(*mednum.Lieu) {}),
		change("samedi", func(l *mednum.Lieu) { l.Champs.Horaires = "Sa 09:00-12:00" }),
		change("rdv", func(l *mednum.Lieu) { l.Champs.Horaires = `Mo-Sa 09:00-17:00 "sur rendez-vous"` }),
		change("muet", func(l *mednum.Lieu) { l.Champs.Horaires = "" }),
		change("noel", func(l *mednum.Lieu) {
			l.Champs.Horaires = "Su 10:00-11:00"
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 25}, Au: mednum.Date{Annee: 2026, Mois: 12, Jour: 25}, Ouvert: true, Plages: "10:00-11:00"}}
		}),
		change("conges", func(l *mednum.Lieu) {
			l.Champs.Horaires = ""
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 20}, Au: mednum.Date{Annee: 2026, Mois: 12, Jour: 31}}}
		}),
		change("source", func(l *mednum.Lieu) {
			l.Provenance = map[mednum.Champ]mednum.Origine{mednum.ChampHoraires: {Fiche: "conseillers-numeriques/1", Date: mednum.Date{Annee: 2022, Mois: 5, Jour: 3}}}
			l.Permanences = []mednum.Permanence{{ID: "p1", Fiche: "conseillers-numeriques/1", Regle: "Tu 09:00-11:00"}}
		}),
		change("vieux", func(l *mednum.Lieu) { l.Preuve.Date = mednum.Date{Annee: 2022, Mois: 5, Jour: 3} }),
		change("aide", func(l *mednum.Lieu) { l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Th 10:00-12:00"}} }),
		change("portes", func(l *mednum.Lieu) { l.SensHoraires = mednum.SensLieu }),
		change("bus", func(l *mednum.Lieu) {
			l.Champs.Itinerance = []string{"Itinérant"}
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "We 14:00-16:00", Arret: arret}}
		}),
	}
	tests := []struct {
		name, jour, heure, trouves, muets string
		presences                         Presences
	}{
		{"now", "maintenant", "", "bureau", "muet portes rdv source vieux", Presences{1, 1, 2, 2, 0}},
		{"Wednesday afternoon", "mercredi", "apres-midi", "bureau bus", "muet portes rdv source vieux", Presences{2, 1, 2, 2, 0}},
		{"Thursday at 11", "jeudi", "11:00", "aide bureau", "muet portes rdv source vieux", Presences{2, 1, 2, 2, 0}},
		{"Saturday", "samedi", "", "samedi", "muet portes rdv source vieux", Presences{1, 1, 2, 2, 1}},
		{"Sunday", "dimanche", "", "noel", "muet portes source vieux", Presences{1, 0, 2, 2, 1}},
		{"Christmas, foreseen or not", "2026-12-25", "", "noel", "muet portes rdv source vieux", Presences{1, 0, 3, 2, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := aHeure(t, "2026-11-24 10:20")
			if err := c.publier(lieux, 2); err != nil {
				t.Fatal(err)
			}
			quand, err := c.ParseQuand(tt.jour, tt.heure)
			if err != nil {
				t.Fatal(err)
			}
			res, err := c.Chercher(t.Context(), Recherche{Depart: &geo.Point{Lat: 44, Lon: 1}, Quand: quand})
			if err != nil {
				t.Fatal(err)
			}
			if got := ids(res.Trouves); got != tt.trouves {
				t.Errorf("found %q, want %q", got, tt.trouves)
			}
			if got := ids(res.Muets); got != tt.muets {
				t.Errorf("not known %q, want %q", got, tt.muets)
			}
			if res.Presences != tt.presences {
				t.Errorf("got %+v, want %+v", res.Presences, tt.presences)
			}
		})
	}
}

// The state shown beside a time asked is of that time, not of now (a Tuesday
// at 10:20).
func TestEtatPendant(t *testing.T) {
	tests := []struct {
		name, jour, heure string
		change            func(*mednum.Lieu)
		want              string
	}{
		{"open then", "mercredi", "", horairesDe(bureau), "ouvert | Ouvert · ferme à 12 h"},
		{"open in the course of the time asked", "mercredi", "apres-midi", horairesDe(bureau), "ouvert | Ouvert · ferme à 17 h"},
		{"by appointment then, open now", "samedi", "", horairesDe(`Mo-Fr 09:00-12:00; Sa 09:00-12:00 "sur rendez-vous"`), "rdv | Sur rendez-vous"},
		{"a public holiday", "2026-12-25", "", horairesDe("Mo-Fr 09:00-12:00"), "confirmer | Jour férié (Noël) : à vérifier"},
		{"too old by then", "2027-11-10", "", func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Preuve.Date = bureau, mednum.Date{Annee: 2026, Mois: 5, Jour: 3}
		}, "confirmer | À confirmer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := aHeure(t, "2026-11-24 10:20")
			l := lieuEn("x1", "Lieu", 44, 1)
			tt.change(&l)
			if err := c.publier([]mednum.Lieu{l}, 2); err != nil {
				t.Fatal(err)
			}
			v, err := c.Lieu("x1")
			if err != nil {
				t.Fatal(err)
			}
			quand, err := c.ParseQuand(tt.jour, tt.heure)
			if err != nil {
				t.Fatal(err)
			}
			e := c.EtatPendant(Trouve{Vue: v}, quand)
			if got := strings.ReplaceAll(string(e.Genre)+" | "+e.Phrase, "\u00a0", " "); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func ids(trouves []Trouve) string {
	var liste []string
	for _, t := range trouves {
		liste = append(liste, t.Vue.ID)
	}
	return strings.Join(liste, " ")
}

// A search that does not ask when is told how many it could go to at the usual
// times.
func TestMoments(t *testing.T) {
	c := aHeure(t, "2026-11-24 10:20")
	l := lieuEn("x1", "Lieu", 44, 1)
	l.Champs.Horaires = "Tu 09:00-12:00; Sa 10:00-11:00"
	if err := c.publier([]mednum.Lieu{l}, 2); err != nil {
		t.Fatal(err)
	}
	res, err := c.Chercher(t.Context(), Recherche{Depart: &geo.Point{Lat: 44, Lon: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range res.Moments {
		if want := map[string]int{"maintenant": 1, "apres-midi": 0, "demain": 0, "samedi": 1}[m.Mot]; m.N != want {
			t.Errorf("%s: %d, want %d", m.Mot, m.N, want)
		}
	}
	if len(res.Moments) != 4 {
		t.Errorf("%d times offered", len(res.Moments))
	}
}

// What was computed for one minute is not served for the next one, nor for
// another snapshot.
func TestPresencesSuiventHeure(t *testing.T) {
	c := aHeure(t, "2026-11-24 11:59")
	l := lieuEn("x1", "Lieu", 44, 1)
	l.Champs.Horaires = "Tu 09:00-12:00"
	cherche := func() string {
		t.Helper()
		quand, err := c.ParseQuand("maintenant", "")
		if err != nil {
			t.Fatal(err)
		}
		res, err := c.Chercher(t.Context(), Recherche{Depart: &geo.Point{Lat: 44, Lon: 1}, Quand: quand})
		if err != nil {
			t.Fatal(err)
		}
		return ids(res.Trouves)
	}
	if err := c.publier([]mednum.Lieu{l}, 2); err != nil {
		t.Fatal(err)
	}
	if got := cherche(); got != "x1" {
		t.Fatalf("before noon: %q", got)
	}
	l.Version, l.Champs.Horaires = 2, "Tu 14:00-16:00"
	if err := c.publier([]mednum.Lieu{l}, 3); err != nil {
		t.Fatal(err)
	}
	if got := cherche(); got != "" {
		t.Errorf("after the edit: %q", got)
	}
	avant := c.now
	c.now = func() time.Time { return avant().Add(2*time.Hour + time.Minute) }
	if got := cherche(); got != "x1" {
		t.Errorf("at 14:00: %q", got)
	}
}

// Of the stops of a service, the nearest is kept and the one where it comes
// first, today's or the next.
func TestArretsLePlusProcheEtLePremier(t *testing.T) {
	bus := lieuEn("bus", "Bus", 44, 1)
	bus.Champs.Itinerance = []string{"Itinérant"}
	for i, regle := range []string{"Mo 09:00-12:00", "Fr 09:00-12:00", "We 09:00-12:00", "Th 09:00-12:00"} {
		lat, lon := 44+float64(i+1)/100, 1.0
		bus.Permanences = append(bus.Permanences, mednum.Permanence{
			ID: "p" + regle[:2], Regle: regle,
			Arret: &mednum.Arret{Nom: "Arrêt " + regle[:2], Latitude: &lat, Longitude: &lon},
		})
	}
	for le, want := range map[string]string{
		"2026-11-24 10:00": "pMo pWe", // Tuesday: Wednesday's comes first
		"2026-11-26 10:00": "pMo pTh", // Thursday: it is there now
		"2026-11-27 13:00": "pMo pWe", // Friday afternoon: Monday's is the nearest anyway, then Wednesday's
	} {
		c := aHeure(t, le)
		if err := c.publier([]mednum.Lieu{bus}, 2); err != nil {
			t.Fatal(err)
		}
		res, err := c.Chercher(t.Context(), Recherche{Depart: &geo.Point{Lat: 44, Lon: 1}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, x := range res.Trouves {
			got = append(got, x.Arret.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", le, got, want)
		}
	}
}

func TestAmbigu(t *testing.T) {
	c := aHeure(t, "2026-11-24 10:20")
	c.flux.Store(&map[string]mednum.Flux{"x": {ID: "x", HorairesAmbigus: true}})
	l := lieuEn("x1", "Lieu", 44, 1)
	l.Champs.Horaires = bureau
	l.Provenance = map[mednum.Champ]mednum.Origine{mednum.ChampHoraires: {Fiche: "x/1", Date: mednum.Date{Annee: 2026, Mois: 10, Jour: 1}}}
	tests := []struct {
		name   string
		change func(*mednum.Lieu)
		want   string
	}{
		{"nobody said", func(*mednum.Lieu) {}, "Ouvert · ferme à 12 h | Demandez si l’aide est là à ces heures"},
		{"hours of the help", func(l *mednum.Lieu) { l.SensHoraires = mednum.SensAide }, "Aide sur place · jusqu’à 12 h | "},
		{"hours of the place", func(l *mednum.Lieu) { l.SensHoraires = mednum.SensLieu }, "Lieu ouvert · heures de l’aide non communiquées | Téléphonez avant de venir"},
		{"another source", func(l *mednum.Lieu) { l.Provenance = nil }, "Ouvert · ferme à 12 h | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := l
			tt.change(&x)
			v, err := newVue(x, c.territoire)
			if err != nil {
				t.Fatal(err)
			}
			e := c.Etat(v, nil)
			if got := strings.ReplaceAll(e.Phrase+" | "+e.Detail, "\u00a0", " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
