package horaires

import (
	"testing"
	"time"
)

func TestDater(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	quinzaine := Cadence{instant(t, "2026-12-14 00:00"), 2}
	cases := []struct {
		name, expr string
		cadence    Cadence
		de, a      string
		want       string
	}{
		{"every other Monday, over a year of 53 weeks", "Mo 09:30-12:00", quinzaine, "2026-12-01", "2027-01-24", "2026 Dec 14,2026 Dec 28,2027 Jan 11 09:30-12:00"},
		{"a cancelled one", "Mo 09:30-12:00; 2026 Dec 28 off", quinzaine, "2026-12-01", "2027-01-24", "2026 Dec 14,2027 Jan 11 09:30-12:00"},
		{"public holidays", "Fr 14:00-16:00; PH off", Cadence{instant(t, "2026-12-11 00:00"), 2}, "2026-12-01", "2027-01-24", "2026 Dec 11,2027 Jan 08,2027 Jan 22 14:00-16:00"},
		{"equal hours together", "Mo 09:30-12:00; Tu 14:00-16:00", quinzaine, "2026-12-14", "2026-12-29", "2026 Dec 14,2026 Dec 28 09:30-12:00; 2026 Dec 15,2026 Dec 29 14:00-16:00"},
		{"days in a row", "Mo-We 09:30-12:00", quinzaine, "2026-12-14", "2026-12-31", "2026 Dec 14-16,2026 Dec 28-30 09:30-12:00"},
		{"days in a row over the new year", "Mo-Su 09:30-12:00", Cadence{}, "2026-12-30", "2027-01-02", "2026 Dec 30-2027 Jan 02 09:30-12:00"},
		{"nights", "Mo 22:00-02:00, Tu 10:00-12:00", quinzaine, "2026-12-14", "2026-12-28", "2026 Dec 14,2026 Dec 28 22:00-02:00 open, 2026 Dec 15 10:00-12:00"},
		{"nights cut", "Mo 22:00-02:00; Tu 10:00-12:00", quinzaine, "2026-12-14", "2026-12-28", "2026 Dec 14,2026 Dec 28 22:00-24:00; 2026 Dec 15 10:00-12:00"},
		{"nights that last", "Mo,Tu 22:00-02:00", quinzaine, "2026-12-14", "2026-12-28", "2026 Dec 14-15,2026 Dec 28 22:00-02:00"},
		{"states and comments", `Mo 09:00-12:00 open "accueil", Mo 14:00-16:00 "sur rendez-vous"`, quinzaine, "2026-12-14", "2026-12-14", `2026 Dec 14 09:00-12:00 open "accueil", 2026 Dec 14 14:00-16:00 unknown "sur rendez-vous"`},
		{"whole days", "Mo", quinzaine, "2026-12-14", "2026-12-14", "2026 Dec 14 00:00-24:00"},
		{"nothing", "Mo 09:30-12:00", quinzaine, "2026-12-15", "2026-12-27", ""},
		{"backwards", "Mo 09:30-12:00", quinzaine, "2026-12-27", "2026-12-15", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, err := Parse(tc.expr)
			if err != nil {
				t.Fatal(err)
			}
			e = e.Cadencer(tc.cadence)
			de, a := instant(t, tc.de+" 08:00"), instant(t, tc.a+" 20:00")
			got := e.Dater(de, a, c)
			if got != tc.want {
				t.Fatalf("got %q, want %q", got, tc.want)
			}
			if got != "" {
				memeEvaluation(t, e, got, de, a, 1, c)
			}
		})
	}
}

// memeEvaluation parses the text and checks, every pas minutes of the civil
// days from de to a, that it says what the expression says.
func memeEvaluation(t *testing.T, e *Expression, texte string, de, a time.Time, pas int, c Calendrier) {
	t.Helper()
	datee, err := Parse(texte)
	if err != nil || datee.String() != texte {
		t.Fatalf("%q reads as %v, %v", texte, datee, err)
	}
	fin := jourOf(a).plus(1).minuit(c.Lieu)
	for q := jourOf(de).minuit(c.Lieu); q.Before(fin); q = q.Add(time.Duration(pas) * time.Minute) {
		etat, mots := e.Etat(q, c)
		if autre, dits := datee.Etat(q, c); autre != etat || dits != mots && etat != Ferme {
			t.Fatalf("%v at %v: %v (%s), %q says %v (%s)", e, q, etat, mots, texte, autre, dits)
		}
	}
}

// Generated expressions, one week in two, spelt out over two months that hold
// a clock change or the new year.
func TestDaterParBalayage(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	dates := 0
	for g := newGenerateur(7); dates < 150; {
		e, err := Parse(g.expression())
		if err != nil {
			continue
		}
		de := choix(g, instant(t, "2026-02-20 12:00"), instant(t, "2026-09-27 12:00"), instant(t, "2026-12-05 12:00"))
		e = e.Cadencer(Cadence{de.AddDate(0, 0, g.IntN(9)-4), 1 + g.IntN(3)})
		a := de.AddDate(0, 0, 45)
		if texte := e.Dater(de, a, c); texte != "" {
			dates++
			memeEvaluation(t, e, texte, de, a, 5, c)
		}
	}
}

func TestMinutes(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	cases := []struct {
		name, expr, debut, fin string
		want                   int
	}{
		{"a day", "Mo-Fr 09:00-12:00,14:00-17:30", "2026-07-13 00:00", "2026-07-14 00:00", 390},
		{"cut at both ends", "Mo-Fr 09:00-12:00,14:00-17:30", "2026-07-13 11:00", "2026-07-13 15:00", 120},
		{"a public holiday", "Mo-Fr 09:00-12:00; PH off", "2026-07-13 00:00", "2026-07-18 00:00", 720},
		{"not what is unknown", `Mo 09:00-12:00 "rdv"`, "2026-07-13 00:00", "2026-07-14 00:00", 0},
		{"the clock goes forward", "24/7", "2026-03-29 00:00", "2026-03-30 00:00", 23 * 60},
		{"the clock goes back", "24/7", "2026-10-25 00:00", "2026-10-26 00:00", 25 * 60},
		{"the hour skipped", "Su 02:00-03:00", "2026-03-29 00:00", "2026-03-30 00:00", 0},
		{"the hour repeated", "Su 02:00-03:00", "2026-10-25 00:00", "2026-10-26 00:00", 120},
		{"a night forward", "Sa 22:00-04:00", "2026-03-28 00:00", "2026-03-30 00:00", 300},
		{"a night back", "Sa 22:00-04:00", "2026-10-24 00:00", "2026-10-26 00:00", 420},
		{"nothing", "24/7", "2026-10-24 00:00", "2026-10-24 00:00", 0},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, err := Parse(tc.expr)
			if err != nil {
				t.Fatal(err)
			}
			debut, fin := instant(t, tc.debut), instant(t, tc.fin)
			balayage := 0
			for q := debut; q.Before(fin); q = q.Add(time.Minute) {
				if etat, _ := e.Etat(q, c); etat == Ouvert {
					balayage++
				}
			}
			if got := e.Minutes(debut, fin, c); got != tc.want || balayage != tc.want {
				t.Errorf("got %d, minute by minute %d, want %d", got, balayage, tc.want)
			}
		})
	}
}

func TestMinutesSemaine(t *testing.T) {
	cases := []struct {
		name, expr string
		want       int
		ok         bool
	}{
		{"office", "Mo-Fr 09:00-12:00,14:00-17:30; We off; PH off", 4 * 390, true},
		{"nights", "Fr,Sa 22:00-02:00", 480, true},
		{"always", "24/7", 7 * 1440, true},
		{"not by appointment", `Mo 09:00-12:00 "rdv"`, 0, true},
		{"some by appointment", `Mo 09:00-12:00 open, Tu 09:00-12:00 "rdv"`, 180, true},
		{"weeks differ", "week 02-52/2 Mo 09:00-12:00", 0, false},
		{"nth weekday", "Mo[1] 09:00-12:00", 0, false},
		{"closed", "off", 0, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, err := Parse(tc.expr)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := e.MinutesSemaine(); got != tc.want || ok != tc.ok {
				t.Errorf("got %d, %v", got, ok)
			}
		})
	}
	e, err := Parse("Mo 09:00-12:00")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := e.Cadencer(Cadence{instant(t, "2026-12-14 00:00"), 2}).MinutesSemaine(); ok {
		t.Error("one week in two is no ordinary week")
	}
	if got, ok := e.Cadencer(Cadence{instant(t, "2026-12-14 00:00"), 1}).MinutesSemaine(); got != 180 || !ok {
		t.Errorf("every week from a day on: got %d, %v", got, ok)
	}
}
