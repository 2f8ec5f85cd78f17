package sources_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/sources"
)

func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	check(t, err)
	return zone
}

func TestRythme(t *testing.T) {
	for _, tt := range []struct {
		chaque       sources.Periode
		heure        int
		apres, suite string // in Paris
	}{
		{"jour", 3, "2026-11-24 02:59", "2026-11-24 03:00"},
		{"jour", 3, "2026-11-24 03:00", "2026-11-25 03:00"},
		{"jour", 0, "2026-12-31 12:00", "2027-01-01 00:00"},
		{"jour", 23, "2028-02-28 23:30", "2028-02-29 23:00"},
		{"semaine", 3, "2026-11-24 09:00", "2026-11-30 03:00"},
		{"semaine", 3, "2026-11-30 02:00", "2026-11-30 03:00"},
		{"semaine", 3, "2026-11-30 04:00", "2026-12-07 03:00"},
		{"mois", 3, "2026-11-24 09:00", "2026-12-01 03:00"},
		{"mois", 3, "2027-01-31 09:00", "2027-02-01 03:00"},
		{"mois", 3, "2026-12-01 03:00", "2027-01-01 03:00"},
		{"jour", 3, "2027-03-28 01:00", "2027-03-28 03:00"}, // the night when 2:00 does not exist
		{"jour", 4, "2026-10-25 02:30", "2026-10-25 04:00"}, // and when it exists twice
	} {
		zone := paris(t)
		apres, err := time.ParseInLocation("2006-01-02 15:04", tt.apres, zone)
		check(t, err)
		r := sources.Rythme{Chaque: tt.chaque, Heure: tt.heure}
		want(t, r.String()+" after "+tt.apres, tt.suite, r.Suivant(apres, zone).In(zone).Format("2006-01-02 15:04"))
	}
}

// From any instant, the next time is after it, no farther than its period, at its
// hour but on the nights when clocks change, and the one after is another day:
// no day is left out, none is taken twice.
func TestRythmePropriete(t *testing.T) {
	zone := paris(t)
	tirage := rand.New(rand.NewPCG(82, 7))
	periodes := map[sources.Periode]time.Duration{sources.Jour: 25, sources.Semaine: 7*24 + 1, sources.Mois: 31*24 + 1}
	changements := 0
	for chaque, heures := range periodes {
		for range 5000 {
			r := sources.Rythme{Chaque: chaque, Heure: tirage.IntN(24)}
			apres := time.Unix(1767225600+tirage.Int64N(6*365*86400), tirage.Int64N(1e9)) // from 2026 on, six years
			if tirage.IntN(4) == 0 {
				// The nights when clocks change.
				apres = time.Date(2026+tirage.IntN(6), []time.Month{3, 10}[tirage.IntN(2)], 24+tirage.IntN(8), tirage.IntN(5), tirage.IntN(60), 0, 0, zone)
			}
			un := r.Suivant(apres, zone)
			deux := r.Suivant(un, zone)
			local := un.In(zone)
			if !un.After(apres) || un.Sub(apres) > (heures+1)*time.Hour || !deux.After(un) || deux.Sub(un) > (heures+1)*time.Hour {
				t.Fatalf("%s: %v, %v, %v", r, apres, un, deux)
			}
			if local.Hour() != r.Heure {
				changements++
				if local.Month() != time.March || local.Weekday() != time.Sunday || r.Heure != 2 || local.Day() < 25 {
					t.Fatalf("%s: %v", r, local)
				}
			}
			if local.Day() == deux.In(zone).Day() && chaque != sources.Mois {
				t.Fatalf("%s: twice on one day, %v and %v", r, local, deux.In(zone))
			}
			if chaque == sources.Semaine && local.Weekday() != time.Monday || chaque == sources.Mois && local.Day() != 1 {
				t.Fatalf("%s: %v", r, local)
			}
			// Nothing between: a moment before its time gives the same time.
			if r.Suivant(un.Add(-time.Nanosecond), zone) != un {
				t.Fatalf("%s: %v is not the next of the moment before", r, un)
			}
		}
	}
	if changements == 0 {
		t.Error("no night when clocks change was drawn")
	}
}
