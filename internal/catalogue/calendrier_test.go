package catalogue

import (
	"os"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// etatEn is the state of a place of a commune, with the shipped calendar of
// school holidays.
func etatEn(t *testing.T, codeInsee, horaires, le string) string {
	t.Helper()
	f, err := os.Open("../../data/vacances-scolaires.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c := openNommes(t)
	if c.territoire.Scolaire, err = territoire.LireScolaire(f); err != nil {
		t.Fatal(err)
	}
	instant, err := time.ParseInLocation("2006-01-02 15:04", le, c.territoire.Location())
	if err != nil {
		t.Fatal(err)
	}
	c.now = instant.UTC
	l := lieuEn("x1", "Lieu", 44, 1)
	l.Champs.CodeInsee, l.Champs.Horaires = codeInsee, horaires
	if err := c.publier([]mednum.Lieu{l}, 2); err != nil {
		t.Fatal(err)
	}
	v, err := c.Lieu("x1")
	if err != nil {
		t.Fatal(err)
	}
	return string(c.Etat(v, nil).Genre)
}

// The holidays of a place are those of its own commune.
func TestCalendrierDeLaCommune(t *testing.T) {
	for _, tt := range []struct{ name, insee, horaires, le, want string }{
		{"Good Friday in Metz", "57463", "Mo-Fr 09:00-12:00; PH off", "2027-03-26 10:00", "ferme"},
		{"Good Friday in Moissac", "82112", "Mo-Fr 09:00-12:00; PH off", "2027-03-26 10:00", "ouvert"},
		{"end of slavery in Fort-de-France", "97209", "Mo-Su 09:00-12:00; PH off", "2027-05-22 10:00", "ferme"},
		{"winter holidays in Moissac, zone C", "82112", "Mo-Fr 09:00-12:00; SH off", "2027-02-08 10:00", "ferme"},
		{"not yet in Agen, zone A", "47001", "Mo-Fr 09:00-12:00; SH off", "2027-02-08 10:00", "ouvert"},
		{"winter holidays in Agen", "47001", "Mo-Fr 09:00-12:00; SH off", "2027-02-23 10:00", "ferme"},
		{"no longer in Moissac", "82112", "Mo-Fr 09:00-12:00; SH off", "2027-02-23 10:00", "ouvert"},
		{"not known in Ajaccio", "2A004", "Mo-Fr 09:00-12:00; SH off", "2027-02-23 10:00", "inconnu"},
		{"past the last known day", "82112", "Mo-Fr 09:00-12:00; SH off", "2027-09-02 10:00", "inconnu"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := etatEn(t, tt.insee, tt.horaires, tt.le); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
