package horaires

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPendant(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	cases := []struct{ name, expr, debut, fin, want string }{
		{"this afternoon", "Mo-Fr 09:00-12:00,14:00-17:00", "2026-07-13 13:00", "2026-07-13 19:00", "ouvert"},
		{"the end is not included", "Mo-Fr 09:00-12:00", "2026-07-13 12:00", "2026-07-13 19:00", "ferme"},
		{"nor what begins at it", "Mo-Fr 14:00-17:00", "2026-07-13 12:00", "2026-07-13 14:00", "ferme"},
		{"Saturday", "Mo-Fr 09:00-12:00", "2026-07-18 00:00", "2026-07-19 00:00", "ferme"},
		{"over midnight", "Fr 22:00-02:00", "2026-07-18 01:00", "2026-07-18 03:00", "ouvert"},
		{"by appointment", `Sa 09:00-12:00 "sur rendez-vous"`, "2026-07-18 00:00", "2026-07-19 00:00", "inconnu (sur rendez-vous)"},
		{"open beats unknown", `Sa 09:00-12:00 "sur rendez-vous", Sa 14:00-15:00 open`, "2026-07-18 00:00", "2026-07-19 00:00", "ouvert"},
		{"holiday", "Mo-Fr 09:00-17:00; PH off", "2026-07-14 00:00", "2026-07-15 00:00", "ferme"},
		{"empty", "24/7", "2026-07-14 10:00", "2026-07-14 10:00", "ferme"},
		{"the hour that does not exist", "Su 02:00-03:00", "2026-03-29 00:00", "2026-03-30 00:00", "ferme"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, err := Parse(tc.expr)
			if err != nil {
				t.Fatal(err)
			}
			etat, mots := e.Pendant(instant(t, tc.debut), instant(t, tc.fin), c)
			if got := etat.String() + entreParentheses(mots); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// The hour that the clock repeats is read twice, the one that it skips never.
func TestHeureRepetee(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	e, err := Parse("Su 02:15-02:45")
	if err != nil {
		t.Fatal(err)
	}
	minuit := instant(t, "2026-10-25 00:00")
	a := func(minutes int) time.Time { return minuit.Add(time.Duration(minutes) * time.Minute) }
	for minutes, want := range map[int]Etat{134: Ferme, 135: Ouvert, 164: Ouvert, 165: Ferme, 194: Ferme, 195: Ouvert, 224: Ouvert, 225: Ferme} {
		if got, _ := e.Etat(a(minutes), c); got != want {
			t.Errorf("%v: got %v, want %v", a(minutes), got, want)
		}
	}
	if r := e.A(a(140), c); !r.Change.Equal(a(165)) {
		t.Errorf("closes at %v", r.Change)
	}
	if r := e.A(a(165), c); !r.Change.Equal(a(195)) {
		t.Errorf("opens again at %v", r.Change)
	}
	if v := e.Entre(minuit, a(25*60), c); len(v) != 2 || !v[1].Debut.Equal(a(195)) || !v[1].Fin.Equal(a(225)) {
		t.Errorf("intervals %v", v)
	}
	printemps := instant(t, "2026-03-29 00:00")
	if v := e.Entre(printemps, printemps.Add(23*time.Hour), c); len(v) != 0 {
		t.Errorf("open in the hour skipped: %v", v)
	}
}

// One Monday in two from 14 December 2026: 28 December and 11 January follow,
// although weeks 53 and 1 are both odd.
func TestCadencer(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	e, err := Parse("Mo 09:30-12:00; 2026 Dec 28 off")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name     string
		cadence  Cadence
		depart   string
		suivants []string
	}{
		{"one week in two", Cadence{instant(t, "2026-12-14 00:00"), 2}, "2026-12-01 00:00", []string{"2026-12-14", "2027-01-11", "2027-01-25"}},
		{"counted from the week, not the day", Cadence{instant(t, "2026-12-16 00:00"), 2}, "2026-12-01 00:00", []string{"2027-01-11", "2027-01-25"}},
		{"from a day on", Cadence{instant(t, "2026-12-15 00:00"), 1}, "2026-12-01 00:00", []string{"2026-12-21", "2027-01-04"}},
		{"no beginning", Cadence{time.Time{}, 2}, "2026-12-01 00:00", []string{"2026-12-07", "2026-12-14"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			jours := e.Cadencer(tc.cadence).Jours(instant(t, tc.depart), len(tc.suivants), 366, c)
			for i, want := range tc.suivants {
				if i >= len(jours) || jours[i].Format(time.DateOnly) != want {
					t.Fatalf("got %v, want %v", jours, tc.suivants)
				}
			}
		})
	}
}

// TestSuivie: what comes after a cadence is not restricted by it.
func TestSuivie(t *testing.T) {
	parse := func(texte string) *Expression {
		e, err := Parse(texte)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	lundi := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	e := parse("Mo 09:00-12:00").Cadencer(Cadence{Depuis: lundi, Semaines: 2})
	e = e.Suivie(parse("2026 Dec 07 10:00-11:00 open; 2026 Dec 14 off"))
	for semaine, want := range []string{"09:00", "10:00", "", "", "09:00"} {
		got := ""
		jour := lundi.AddDate(0, 0, 7*semaine)
		for _, v := range e.Entre(jour, jour.AddDate(0, 0, 7), Calendrier{}) {
			got += v.Debut.Format("15:04")
		}
		if got != want {
			t.Errorf("week %d opens at %q, want %q", semaine, got, want)
		}
	}
}

// TestOrdinairementDepuis: an ordinary week is the same before its first day.
func TestOrdinairementDepuis(t *testing.T) {
	e, err := Parse("Mo 09:00-12:00")
	if err != nil {
		t.Fatal(err)
	}
	want, _ := e.Ordinairement()
	got, ok := e.Cadencer(Cadence{Depuis: time.Date(2030, 1, 7, 0, 0, 0, 0, time.UTC)}).Ordinairement()
	if diff := cmp.Diff(want, got); diff != "" || !ok || len(got[0]) != 1 {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
