package territoire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func messageDe(err error) string {
	var e *mednum.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return strings.ReplaceAll(e.Message, "\u00a0", " ")
}

// education is a small sample in the shape of the Ministry's data set: two or
// three académies a zone, teachers apart, days of return, one académie of zone
// A that starts a summer a day late, Corsica without its spring, Mayotte with a
// holiday the wrong way round.
func education(t *testing.T) string {
	t.Helper()
	octets, err := os.ReadFile("testdata/education.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(octets)
}

func lignesDe(t *testing.T, texte string) []LigneEducation {
	t.Helper()
	lignes, err := lireEducation([]byte(texte))
	if err != nil {
		t.Fatal(err)
	}
	return lignes
}

var renouvelle = mednum.Date{Annee: 2026, Mois: 11, Jour: 26}

func TestRenouveler(t *testing.T) {
	avant := scolaire(t)
	nouveau, remarques, err := avant.Renouveler(lignesDe(t, education(t)), renouvelle)
	if err != nil {
		t.Fatal(err)
	}
	date := func(texte string) mednum.Date {
		d, err := mednum.ParseDate(texte)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	// What the sample does not reach is kept: its first day is 4 July 2026.
	want := ZoneScolaire{Depuis: date("2024-09-02"), Jusqua: date("2027-09-01"), Periodes: append(avant.Zones["A"].Periodes[:11:11], []PeriodeScolaire{
		{"Été", date("2026-07-04"), date("2026-08-31")},
		{"Toussaint", date("2026-10-17"), date("2026-11-01")},
		{"Noël", date("2026-12-19"), date("2027-01-03")},
		{"Hiver", date("2027-02-13"), date("2027-02-28")},
		{"Printemps", date("2027-04-10"), date("2027-04-25")},
		{"Pont de l’Ascension", date("2027-05-07"), date("2027-05-07")},
		{"Été", date("2027-07-03"), date("2027-09-01")},
	}...)}
	if diff := cmp.Diff(want, nouveau.Zones["A"]); diff != "" {
		t.Errorf("zone A (-want +got):\n%s", diff)
	}
	// Its spring is missing: nothing is known after its winter. Nothing is known
	// before its first holiday, too long after the first day kept.
	if got := nouveau.Zones["Corse"]; got.Depuis != date("2026-10-17") || got.Jusqua != date("2027-02-28") {
		t.Errorf("Corse is known from %s to %s", got.Depuis, got.Jusqua)
	}
	wantRemarques := []string{
		"Zone A : « Été » du 2027-07-04 au 2027-09-01 selon Poitiers seulement ; les autres académies sont suivies.",
		"Zone Mayotte, laissée de côté : « Carnaval » finit (2027-02-01) avant de commencer (2027-02-06).",
	}
	for i := range remarques {
		remarques[i] = strings.ReplaceAll(remarques[i], "\u00a0", " ")
	}
	if diff := cmp.Diff(wantRemarques, remarques); diff != "" {
		t.Errorf("remarks (-want +got):\n%s", diff)
	}
	if nouveau.Date != renouvelle || nouveau.Licence != avant.Licence || len(nouveau.Departements) != len(avant.Departements) {
		t.Errorf("date %s, licence %q, %d départements", nouveau.Date, nouveau.Licence, len(nouveau.Departements))
	}
	var ecrit strings.Builder
	if err := nouveau.Ecrire(&ecrit); err != nil {
		t.Fatal(err)
	}
	relu, err := LireScolaire(strings.NewReader(ecrit.String()))
	if err != nil {
		t.Fatal(err)
	}
	if dits := relu.Differences(nouveau); len(dits) > 0 {
		t.Errorf("read again, it differs: %v", dits)
	}
}

func TestRenouvelerTeachersDoNotCount(t *testing.T) {
	avant := scolaire(t)
	want, _, err := avant.Renouveler(lignesDe(t, education(t)), renouvelle)
	if err != nil {
		t.Fatal(err)
	}
	texte := strings.ReplaceAll(education(t), "2026-08-30T22:00:00", "2026-09-03T22:00:00")
	got, _, err := avant.Renouveler(lignesDe(t, texte), renouvelle)
	if err != nil {
		t.Fatal(err)
	}
	if dits := got.Differences(want); dits != nil {
		t.Errorf("longer holidays of teachers change those of pupils: %v", dits)
	}
}

// A holiday that is over on the first day to keep is left out, one under way
// begins on that day.
func TestRenouvelerFirstDay(t *testing.T) {
	avant := scolaire(t)
	premier := mednum.Date{Annee: 2026, Mois: 10, Jour: 25}
	avant.Zones["C"] = ZoneScolaire{Depuis: premier, Jusqua: premier}
	nouveau, _, err := avant.Renouveler(lignesDe(t, education(t)), renouvelle)
	if err != nil {
		t.Fatal(err)
	}
	z := nouveau.Zones["C"]
	want := PeriodeScolaire{"Toussaint", premier, mednum.Date{Annee: 2026, Mois: 11, Jour: 1}}
	if z.Depuis != premier || z.Periodes[0] != want {
		t.Errorf("known from %s, first holiday %+v", z.Depuis, z.Periodes[0])
	}
}

func TestRenouvelerRefuse(t *testing.T) {
	for _, tt := range []struct{ name, avant, apres, want string }{
		{"a zone is gone", `"Zone B"`, `"Zone D"`, "la zone B manque. Rien n’est remplacé."},
		{
			"académies that differ", `"2027-02-19T23:00:00+00:00", "end_date": "2027-03-07T23:00:00+00:00", "location": "Lille"`,
			`"2027-01-29T23:00:00+00:00", "end_date": "2027-02-07T23:00:00+00:00", "location": "Lille"`,
			"zone B, les académies ne s’accordent pas sur « Hiver » (2027-01-30 au 2027-02-07 : Lille). Rien n’est remplacé.",
		},
		{
			"no end", `"end_date": "2027-03-07T23:00:00+00:00"`, `"end_date": null`,
			"zone B, « Hiver » finit (0000-12-31) avant de commencer (2027-02-20). Rien n’est remplacé.",
		},
		{
			"too long", `"end_date": "2027-02-21T23:00:00+00:00"`, `"end_date": "2027-06-21T22:00:00+00:00"`,
			"zone C, « Hiver » dure 136 jours, du 2027-02-06 au 2027-06-21. Rien n’est remplacé.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			texte := strings.ReplaceAll(education(t), tt.avant, tt.apres)
			nouveau, _, err := scolaire(t).Renouveler(lignesDe(t, texte), renouvelle)
			if got := messageDe(err); got != "Calendrier du ministère : "+tt.want || nouveau != nil {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestDifferences(t *testing.T) {
	avant := scolaire(t)
	if dits := scolaire(t).Differences(avant); dits != nil {
		t.Errorf("the same calendar: %v", dits)
	}
	apres := scolaire(t)
	c := apres.Zones["C"]
	c.Periodes = append([]PeriodeScolaire{}, c.Periodes[1:]...)
	c.Periodes[0].Au.Jour++
	c.Jusqua.Jour++
	apres.Zones["C"] = c
	apres.Zones["Corse"] = apres.Zones["B"]
	delete(apres.Zones, "A")
	want := []string{
		"Zone A, retirée.",
		"Zone C : connue du 2024-09-02 au 2027-09-02 (avant : du 2024-09-02 au 2027-09-01).",
		"Zone C, période ajoutée : Noël, du 2024-12-21 au 2025-01-06.",
		"Zone C, période retirée : Toussaint, du 2024-10-19 au 2024-11-03.",
		"Zone C, période retirée : Noël, du 2024-12-21 au 2025-01-05.",
		"Zone Corse, nouvelle : connue du 2024-09-02 au 2027-09-01, 18 périodes.",
	}
	got := apres.Differences(avant)
	for i := range got {
		got[i] = strings.ReplaceAll(got[i], "\u00a0", " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTelechargerEducation(t *testing.T) {
	bonne := education(t)
	for _, tt := range []struct {
		name    string
		repond  http.HandlerFunc
		want    string
		code    mednum.Code
		attente time.Duration
	}{
		{"good", envoie(bonne), "<nil>", "", time.Minute},
		{"absent", http.NotFound, "le service répond « 404 » au lieu du calendrier. Vérifiez l’adresse, ou recommencez plus tard.", mednum.Indisponible, time.Minute},
		{
			"broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
			"le service répond « 500 » au lieu du calendrier. Vérifiez l’adresse, ou recommencez plus tard.", mednum.Indisponible, time.Minute,
		},
		{"slow", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Second):
			}
		}, "le service n’a pas répondu à temps. Recommencez plus tard.", mednum.Indisponible, 50 * time.Millisecond},
		{"stops in the middle", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(bonne)))
			_, _ = io.WriteString(w, bonne[:len(bonne)/2])
		}, "la réponse s’arrête au milieu. Recommencez.", mednum.Indisponible, time.Minute},
		{"cut JSON", envoie(bonne[:len(bonne)/2]), "la réponse n’est pas le calendrier attendu (une liste JSON de vacances). Vérifiez l’adresse.", mednum.Invalide, time.Minute},
		{"HTML", envoie("<!doctype html><title>Maintenance</title>"), "la réponse n’est pas le calendrier attendu (une liste JSON de vacances). Vérifiez l’adresse.", mednum.Invalide, time.Minute},
		{"another JSON", envoie(`{"total_count":0,"results":[]}`), "la réponse n’est pas le calendrier attendu (une liste JSON de vacances). Vérifiez l’adresse.", mednum.Invalide, time.Minute},
		{"a date without its offset", envoie(strings.Replace(bonne, "22:00:00+00:00", "22:00:00", 1)), "la réponse n’est pas le calendrier attendu (une liste JSON de vacances). Vérifiez l’adresse.", mednum.Invalide, time.Minute},
		{"empty list", envoie("[]"), "la liste est vide.", mednum.Invalide, time.Minute},
		{"too big", func(w http.ResponseWriter, _ *http.Request) {
			for range tailleEducation>>16 + 2 {
				_, _ = io.WriteString(w, strings.Repeat(" ", 1<<16))
			}
		}, "la réponse dépasse 16 Mo : ce n’est pas le calendrier.", mednum.Invalide, time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			serveur := httptest.NewServer(tt.repond)
			defer serveur.Close()
			ctx, cancel := context.WithTimeout(context.Background(), tt.attente)
			defer cancel()
			_, err := TelechargerEducation(ctx, serveur.Client(), serveur.URL)
			got := strings.TrimPrefix(messageDe(err), "Calendrier du ministère : ")
			if got != tt.want || codeDe(err) != tt.code {
				t.Errorf("got %s (%s)", got, codeDe(err))
			}
		})
	}
	t.Run("nobody answers", func(t *testing.T) {
		_, err := TelechargerEducation(context.Background(), nil, "http://127.0.0.1:1/")
		if got := messageDe(err); got != "Calendrier du ministère : le service ne répond pas. Vérifiez l’adresse et le réseau." {
			t.Errorf("got %s", got)
		}
	})
}
