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
