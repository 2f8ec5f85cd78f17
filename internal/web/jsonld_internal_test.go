package web

import (
	"fmt"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// OuvertSelon reads specifications as schema.org defines them: dates of
// speciales stand instead of the usual hours, "closes" not after "opens" is of
// the next day, both at 00:00 are closed all day.
func OuvertSelon(usuelles, speciales []specification, t time.Time) bool {
	for _, jour := range []time.Time{t, t.AddDate(0, 0, -1)} {
		date := jour.Format("2006-01-02")
		var du []specification
		for _, s := range speciales {
			if s.Depuis <= date && date <= s.Jusqua {
				du = append(du, s)
			}
		}
		if du == nil {
			for _, s := range usuelles {
				for _, j := range s.Jours {
					if s.Depuis <= date && date <= s.Jusqua && j == jour.Weekday().String() {
						du = append(du, s)
					}
				}
			}
		}
		for _, s := range du {
			if s.Ouvre == "00:00" && s.Ferme == "00:00" {
				continue
			}
			debut, _ := time.ParseInLocation("2006-01-02 15:04", date+" "+s.Ouvre, t.Location())
			lendemain := date
			if s.Ferme <= s.Ouvre {
				lendemain = jour.AddDate(0, 0, 1).Format("2006-01-02")
			}
			fin, _ := time.ParseInLocation("2006-01-02 15:04", lendemain+" "+s.Ferme, t.Location())
			if !t.Before(debut) && t.Before(fin) {
				return true
			}
		}
	}
	return false
}

// Whatever the rule, what is told to engines is what the rule says, at every
// minute of the four weeks, through changes of season and of the clock.
func TestSpecifier(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	cal := horaires.Calendrier{Lieu: loc, Departement: "82"}
	departs := []time.Time{
		time.Date(2026, 11, 25, 0, 0, 0, 0, loc), time.Date(2026, 10, 12, 0, 0, 0, 0, loc), // winter time on 25 October
		time.Date(2027, 3, 15, 0, 0, 0, 0, loc), time.Date(2027, 6, 18, 0, 0, 0, 0, loc),
	}
	for _, tt := range []struct {
		regle               string
		usuelles, speciales int // of the first departure
	}{
		{"Mo-Fr 09:00-12:00,14:00-17:00", 2, 0},
		{"Mo-Fr 09:00-12:00; Dec 07 off", 1, 1},
		{"Mo,Th 09:00-12:00; We 14:00-18:00; Sa 09:00-11:30", 3, 0},
		{"week 1-53/2 Tu 10:00-12:00", 1, 2},
		{"week 2-53/2 Mo 09:00-12:00; week 1-53/2 Mo 14:00-17:00", 1, 2},
		{"Tu[1] 10:00-12:00", 0, 1},
		{"We[-1] 14:00-17:00; Mo 08:00-09:00", 1, 1},
		{"Mo-Fr 09:00-12:00; Dec 07-Feb 28 Mo-Fr 08:00-11:00", 7, 2},
		{"Mo-Sa 09:00-12:00; Jun 15-Sep 15 Mo-Sa 08:00-13:00", 1, 0},
		{"Fr,Sa 20:00-01:30", 1, 0},
		{"Mo-Su 18:00-24:00", 1, 0},
		{"Mo-Fr 09:00-12:00; Dec 24-Jan 02 off; 2026 Dec 13 10:00-12:00", 1, 1},
		{"24/7", 0, 0},
		{"Mo 00:00-24:00", 0, 0},
	} {
		e, err := horaires.Parse(tt.regle)
		if err != nil {
			t.Fatal(err)
		}
		for i, depart := range departs {
			t.Run(fmt.Sprint(tt.regle, " from ", depart.Format("2 January")), func(t *testing.T) {
				fin := depart.AddDate(0, 0, joursPromis)
				o := catalogue.Ouvertures{Du: mednum.DateOf(depart), Au: mednum.DateOf(fin.AddDate(0, 0, -1)), Heures: e.Entre(depart, fin, cal)}
				usuelles, speciales := specifier(o, loc)
				if i == 0 && (len(usuelles) != tt.usuelles || len(speciales) != tt.speciales) {
					t.Errorf("%d usual and %d special, want %d and %d:\n%+v\n%+v", len(usuelles), len(speciales), tt.usuelles, tt.speciales, usuelles, speciales)
				}
				for _, s := range append(usuelles, speciales...) {
					if s.Depuis < o.Du.String() || s.Jusqua > o.Au.String() || s.Depuis > s.Jusqua {
						t.Errorf("from %s to %s leaves %s – %s", s.Depuis, s.Jusqua, o.Du, o.Au)
					}
				}
				if usuelles == nil && speciales == nil {
					return
				}
				for m := depart; m.Before(fin); m = m.Add(time.Minute) {
					etat, _ := e.Etat(m, cal)
					if dit := OuvertSelon(usuelles, speciales, m); dit != (etat == horaires.Ouvert) {
						t.Fatalf("at %s: told open %v, the rule says %s", m, dit, etat)
					}
				}
			})
		}
	}
}
