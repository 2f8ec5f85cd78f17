package territoire

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

const scolaireLivre = "../../data/vacances-scolaires.json"

func scolaire(t *testing.T) *Scolaire {
	t.Helper()
	octets, err := os.ReadFile(scolaireLivre)
	if err != nil {
		t.Fatal(err)
	}
	s, err := LireScolaire(bytes.NewReader(octets))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestScolaireLivre(t *testing.T) {
	s := scolaire(t)
	var ecrit bytes.Buffer
	if err := s.Ecrire(&ecrit); err != nil {
		t.Fatal(err)
	}
	octets, err := os.ReadFile(scolaireLivre)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(octets), ecrit.String()); diff != "" {
		t.Errorf("the shipped file is not what Ecrire writes:\n%s", diff)
	}
	comptes := map[string]int{}
	for code, zone := range s.Departements {
		if len(code) == 2 {
			comptes[zone]++
		}
	}
	if diff := cmp.Diff(map[string]int{"A": 32, "B": 41, "C": 21, "Corse": 2}, comptes); diff != "" {
		t.Errorf("départements by zone (-want +got):\n%s", diff)
	}
	for zone := range s.Zones {
		for _, p := range s.Zones[zone].Periodes {
			if j := p.Du.In(time.UTC).Weekday(); !strings.HasPrefix(p.Nom, "Pont") && j != time.Saturday {
				t.Errorf("zone %s: %s starts on a %v", zone, p.Nom, j)
			}
		}
	}
}

// etats are those of an expression at eleven in the morning of some days.
func etats(t *testing.T, expression string, c horaires.Calendrier, jours ...string) string {
	t.Helper()
	e, err := horaires.Parse(expression)
	if err != nil {
		t.Fatal(err)
	}
	var dits []string
	for _, j := range jours {
		d, err := mednum.ParseDate(j)
		if err != nil {
			t.Fatal(err)
		}
		etat, _ := e.Etat(d.In(c.Lieu).Add(11*time.Hour), c)
		dits = append(dits, etat.String())
	}
	return strings.Join(dits, " ")
}

// The edges of every holiday of zone C: the last day of school, the first and
// last days of the holiday, the day of return.
func TestZoneC(t *testing.T) {
	ter := livre(t)
	ter.Scolaire = scolaire(t)
	c := ter.Calendrier(ter.Code)
	tests := []struct {
		name   string
		bornes [4]string
	}{
		{"Toussaint 2024", [4]string{"2024-10-18", "2024-10-19", "2024-11-03", "2024-11-04"}},
		{"Noël 2024", [4]string{"2024-12-20", "2024-12-21", "2025-01-05", "2025-01-06"}},
		{"hiver 2025", [4]string{"2025-02-14", "2025-02-15", "2025-03-02", "2025-03-03"}},
		{"printemps 2025", [4]string{"2025-04-11", "2025-04-12", "2025-04-27", "2025-04-28"}},
		{"Ascension 2025", [4]string{"2025-05-28", "2025-05-29", "2025-06-01", "2025-06-02"}},
		{"été 2025", [4]string{"2025-07-04", "2025-07-05", "2025-08-31", "2025-09-01"}},
		{"Toussaint 2025", [4]string{"2025-10-17", "2025-10-18", "2025-11-02", "2025-11-03"}},
		{"Noël 2025", [4]string{"2025-12-19", "2025-12-20", "2026-01-04", "2026-01-05"}},
		{"hiver 2026", [4]string{"2026-02-20", "2026-02-21", "2026-03-08", "2026-03-09"}},
		{"printemps 2026", [4]string{"2026-04-17", "2026-04-18", "2026-05-03", "2026-05-04"}},
		{"Ascension 2026", [4]string{"2026-05-13", "2026-05-14", "2026-05-17", "2026-05-18"}},
		{"été 2026", [4]string{"2026-07-03", "2026-07-04", "2026-08-31", "2026-09-01"}},
		{"Toussaint 2026", [4]string{"2026-10-16", "2026-10-17", "2026-11-01", "2026-11-02"}},
		{"Noël 2026", [4]string{"2026-12-18", "2026-12-19", "2027-01-03", "2027-01-04"}},
		{"hiver 2027", [4]string{"2027-02-05", "2027-02-06", "2027-02-21", "2027-02-22"}},
		{"printemps 2027", [4]string{"2027-04-02", "2027-04-03", "2027-04-18", "2027-04-19"}},
		{"Ascension 2027", [4]string{"2027-05-06", "2027-05-07", "2027-05-07", "2027-05-08"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := etats(t, "10:00-12:00; SH off", c, tt.bornes[:]...); got != "ouvert ferme ferme ouvert" {
				t.Errorf("SH off: %s", got)
			}
			if got := etats(t, "SH Mo-Su 10:00-12:00", c, tt.bornes[:]...); got != "ferme ouvert ouvert ferme" {
				t.Errorf("SH: %s", got)
			}
		})
	}
	for _, tt := range []struct{ name, expression, jour, want string }{
		{"last known day", "SH 10:00-12:00", "2027-09-01", "ouvert"},
		{"past it, unknown", "SH 10:00-12:00", "2027-09-02", "inconnu"},
		{"past it, unknown what it closes", "10:00-12:00; SH off", "2027-10-25", "inconnu"},
		{"past it, known all the same", "Mo-Fr 10:00-12:00; SH Sa 14:00-16:00", "2027-10-25", "ouvert"},
		{"before the first known day", "SH 10:00-12:00", "2024-09-01", "inconnu"},
		{"first known day", "SH 10:00-12:00", "2024-09-02", "ferme"},
		{"weekday in the holidays", "SH Mo-Fr 10:00-12:00", "2026-10-19", "ouvert"},
		{"Saturday in the holidays", "SH Mo-Fr 10:00-12:00", "2026-10-17", "ferme"},
		{"weekday of return", "SH Mo-Fr 10:00-12:00", "2026-11-02", "ferme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := etats(t, tt.expression, c, tt.jour); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// Winter 2027 begins on 6 February in zone C, 13 in A, 20 in B.
func TestZoneDuDepartement(t *testing.T) {
	ter := livre(t)
	ter.Scolaire = scolaire(t)
	for _, tt := range []struct{ name, departement, want string }{
		{"the territory's own", "82", "ouvert ferme ferme"},
		{"Lot", "46", "ouvert ferme ferme"},
		{"Haute-Garonne", "31", "ouvert ferme ferme"},
		{"Gers", "32", "ouvert ferme ferme"},
		{"Tarn", "81", "ouvert ferme ferme"},
		{"Aveyron", "12", "ouvert ferme ferme"},
		{"Lot-et-Garonne, zone A", "47", "ferme ouvert ferme"},
		{"Dordogne, zone A", "24", "ferme ouvert ferme"},
		{"Moselle, zone B", "57", "ferme ouvert ouvert"},
		{"Corsica has its own, not known here", "2A", "inconnu inconnu inconnu"},
		{"Saint-Barthélemy", "977", "inconnu inconnu inconnu"},
		{"a code of nowhere follows the pack", "", "ouvert ferme ferme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := etats(t, "SH 10:00-12:00", ter.Calendrier(tt.departement), "2027-02-08", "2027-02-23", "2027-03-02")
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	ter.Scolaire = nil
	if got := etats(t, "SH 10:00-12:00", ter.Calendrier("82"), "2027-02-08"); got != "inconnu" {
		t.Errorf("without a calendar: %s", got)
	}
}

func TestLireScolaireRefuse(t *testing.T) {
	entier := `{"source":"s","licence":"l","date":"2026-11-25","zones":{"C":{"depuis":"2026-09-01","jusqua":"2027-01-31","periodes":[` +
		`{"nom":"Toussaint","du":"2026-10-17","au":"2026-11-01"},{"nom":"Noël","du":"2026-12-19","au":"2027-01-03"}]}},"departements":{"46":"C"}}`
	if _, err := LireScolaire(strings.NewReader(entier)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, avant, apres, want string }{
		{"not JSON", entier, "<html>", "ligne 1, ce n’est pas du JSON lisible."},
		{"nothing", entier, "", "ligne 1, ce n’est pas du JSON lisible."},
		{"cut", `{"46":"C"}}`, `{"46"`, "ligne 1, ce n’est pas du JSON lisible."},
		{"text after", `{"46":"C"}}`, `{"46":"C"}} fin`, "il y a du texte après la dernière accolade."},
		{"unknown field", `"source"`, `"sources"`, "ligne 1, le champ \"sources\" n’existe pas."},
		{"wrong kind", `"source":"s"`, `"source":4`, "ligne 1, le champ « source » n’a pas la forme attendue."},
		{"no such day", "2026-11-01", "2026-11-31", "ligne 1, une date n’est pas un jour du calendrier, écrit comme 2026-10-17."},
		{"no date", `"2026-11-25"`, `""`, "la date (« date ») manque."},
		{"no zone", `"zones":{"C":{"depuis":"2026-09-01","jusqua":"2027-01-31","periodes":[` +
			`{"nom":"Toussaint","du":"2026-10-17","au":"2026-11-01"},{"nom":"Noël","du":"2026-12-19","au":"2027-01-03"}]}}`, `"zones":{}`, "aucune zone."},
		{"name of a zone", `{"C":{`, `{"C<":{`, "« C< » n’est pas le nom d’une zone."},
		{"no known days", `"depuis":"2026-09-01",`, ``, "zone C, les jours connus (« depuis », « jusqua ») manquent ou sont à l’envers."},
		{"known days the wrong way", "2027-01-31", "2026-01-31", "zone C, les jours connus (« depuis », « jusqua ») manquent ou sont à l’envers."},
		{"no name", `"Noël"`, `" "`, "zone C, la période du 2026-12-19 n’a pas de nom."},
		{"ends before it starts", "2026-11-01", "2026-10-01", "zone C, « Toussaint » finit (2026-10-01) avant de commencer (2026-10-17)."},
		{"too long", `"au":"2026-11-01"`, `"au":"2027-01-30"`, "zone C, « Toussaint » dure 106 jours, du 2026-10-17 au 2027-01-30."},
		{"beyond what is known", "2027-01-31", "2027-01-02", "zone C, « Noël » (2026-12-19 au 2027-01-03) sort des jours connus (2026-09-01 au 2027-01-02)."},
		{"overlap", "2026-12-19", "2026-11-01", "zone C, « Noël » (2026-11-01) commence avant la fin de « Toussaint » (2026-11-01)."},
		{"out of order", "2026-12-19", "2026-10-12", "zone C, « Noël » (2026-10-12) n’est pas dans l’ordre des dates."},
		{"code of a département", `"46"`, `"460"`, "« 460 » n’est pas un code de département."},
		{"zone of a département", `"46":"C"`, `"46":"4"`, "département 46, « 4 » n’est pas le nom d’une zone."},
		{"too big", entier, strings.Repeat(" ", tailleScolaire+1), "plus de 1 Mo."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(entier, tt.avant) {
				t.Fatalf("%q is not there", tt.avant)
			}
			_, err := LireScolaire(strings.NewReader(strings.Replace(entier, tt.avant, tt.apres, 1)))
			if got, want := messageDe(err), "Calendrier scolaire : "+tt.want; got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			if codeDe(err) != mednum.Invalide {
				t.Errorf("code %q", codeDe(err))
			}
		})
	}
}
