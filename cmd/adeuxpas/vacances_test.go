package main_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ministere is a local server that answers as the Ministry's data set does.
func ministere(t *testing.T, repond http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(repond)
	t.Cleanup(s.Close)
	return s.URL + "/api/explore/v2.1/catalog/datasets/fr-en-calendrier-scolaire/exports/json"
}

func echantillon(t *testing.T) string {
	t.Helper()
	octets, err := os.ReadFile("../../internal/territoire/testdata/education.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(octets)
}

func donne(texte string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, texte) }
}

func TestVacancesRenouveler(t *testing.T) {
	dossier := t.TempDir()
	url := ministere(t, donne(echantillon(t)))
	r := lancer(t, dossier, []string{"ADEUXPAS_VACANCES_URL=" + url}, "vacances", "renouveler")
	if r.code != 0 || r.stderr != "" {
		t.Fatalf("code %d, stderr %q", r.code, r.stderr)
	}
	comparer(t, "vacances-renouveler", r.stdout)

	t.Run("the file is used", func(t *testing.T) {
		args := []string{"horaires", "SH 10:00-12:00", "--departement", "2A", "--instant", "2026-10-20T11:00:00+02:00"}
		sans, avec := lancer(t, dossier, nil, args...), lancer(t, dossier, []string{"ADEUXPAS_VACANCES=vacances-scolaires.json"}, args...)
		if !strings.Contains(sans.stdout, "inconnu (selon les vacances scolaires)") || !strings.Contains(avec.stdout, "11\u00a0h\u00a0: ouvert.") {
			t.Errorf("without the file:\n%s\nwith it:\n%s%s", sans.stdout, avec.stdout, avec.stderr)
		}
	})
	t.Run("again", func(t *testing.T) {
		r := lancer(t, dossier, nil, "vacances", "renouveler", "--url", url)
		if r.code != 0 || !strings.HasPrefix(r.stdout, "Les vacances n’ont pas changé.\n") {
			t.Errorf("code %d\n%s%s", r.code, r.stdout, r.stderr)
		}
	})
	t.Run("a change is told", func(t *testing.T) {
		texte := strings.ReplaceAll(echantillon(t), "2027-02-21T23:00:00", "2027-02-22T23:00:00")
		r := lancer(t, dossier, nil, "vacances", "renouveler", "--url", ministere(t, donne(texte)))
		got := strings.ReplaceAll(r.stdout, "\u00a0", " ")
		for _, want := range []string{
			"Zone C, période ajoutée : Hiver, du 2027-02-06 au 2027-02-22.\n",
			"Zone C, période retirée : Hiver, du 2027-02-06 au 2027-02-21.\n",
		} {
			if r.code != 0 || strings.Count(got, "période") != 2 || !strings.Contains(got, want) {
				t.Errorf("code %d, %q is not in\n%s%s", r.code, want, got, r.stderr)
			}
		}
	})
}

// Whatever goes wrong, the file that was there stays.
func TestVacancesRenouvelerRefuses(t *testing.T) {
	bonne := echantillon(t)
	for _, tt := range []struct {
		name   string
		repond http.HandlerFunc
		args   []string
		code   int
		want   string
	}{
		{"404", http.NotFound, nil, 3, "Calendrier du ministère : le service répond « 404 » au lieu du calendrier. Vérifiez l’adresse, ou recommencez plus tard."},
		{"slow", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(20 * time.Second):
			}
		}, []string{"--delai", "200ms"}, 3, "Calendrier du ministère : le service n’a pas répondu à temps. Recommencez plus tard."},
		{"slow body", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, bonne[:100])
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(20 * time.Second):
			}
		}, []string{"--delai", "200ms"}, 3, "Calendrier du ministère : le service n’a pas répondu à temps. Recommencez plus tard."},
		{"truncated", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(bonne)))
			_, _ = io.WriteString(w, bonne[:len(bonne)/2])
		}, nil, 3, "Calendrier du ministère : la réponse s’arrête au milieu. Recommencez."},
		{"HTML", donne("<!doctype html><title>Maintenance</title>"), nil, 1, "Calendrier du ministère : la réponse n’est pas le calendrier attendu (une liste JSON de vacances). Vérifiez l’adresse."},
		{"oversized", func(w http.ResponseWriter, _ *http.Request) {
			for range 17 << 4 {
				if _, err := io.WriteString(w, strings.Repeat(" ", 1<<16)); err != nil {
					return
				}
			}
		}, nil, 1, "Calendrier du ministère : la réponse dépasse 16 Mo : ce n’est pas le calendrier."},
		{"a zone is gone", donne(strings.ReplaceAll(bonne, `"Zone C"`, `"Zone E"`)), nil, 1, "Calendrier du ministère : la zone C manque. Rien n’est remplacé."},
		{"not an address", donne(bonne), []string{"--url", "calendrier"}, 2, "--url : « calendrier » n’est pas une adresse, comme https://data.education.gouv.fr/…."},
		{"no time", donne(bonne), []string{"--delai", "0s"}, 2, "--delai : il faut une durée, comme 30s."},
		{"a duration in words", donne(bonne), []string{"--delai", "longtemps"}, 2, "--delai : « longtemps » n’est pas une durée, comme 30s."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dossier := t.TempDir()
			fichier := filepath.Join(dossier, "vacances-scolaires.json")
			copier(t, "../../data/vacances-scolaires.json", fichier)
			avant, err := os.ReadFile(fichier)
			if err != nil {
				t.Fatal(err)
			}
			args := append([]string{"vacances", "renouveler", "--url", ministere(t, tt.repond)}, tt.args...)
			exigerRefus(t, lancer(t, dossier, nil, args...), tt.code, tt.want)
			apres, err := os.ReadFile(fichier)
			if err != nil || string(apres) != string(avant) {
				t.Errorf("the file changed; error %v", err)
			}
			if restes, err := filepath.Glob(fichier + ".*"); err != nil || len(restes) > 0 {
				t.Errorf("left behind: %v, error %v", restes, err)
			}
		})
	}
	t.Run("a broken file to renew", func(t *testing.T) {
		dossier := t.TempDir()
		ecrire(t, filepath.Join(dossier, "v.json"), "{")
		r := lancer(t, dossier, nil, "vacances", "renouveler", "--sortie", "v.json", "--url", ministere(t, donne(bonne)))
		exigerRefus(t, r, 1, "v.json : Calendrier scolaire : ligne 1, ce n’est pas du JSON lisible.")
	})
}

func TestServirVacances(t *testing.T) {
	octets, err := os.ReadFile("../../data/vacances-scolaires.json")
	if err != nil {
		t.Fatal(err)
	}
	entier := string(octets)
	// courte is the shipped calendar, known for zone C until a day only.
	courte := func(jusqua string) string {
		debut, fin, ok := strings.Cut(entier, `"C": {`)
		periodes, apres, ok2 := strings.Cut(fin, `"periodes": [`)
		_, apres, ok3 := strings.Cut(apres, `]`)
		if !ok || !ok2 || !ok3 {
			t.Fatal("the shipped calendar has another shape")
		}
		return debut + `"C": {` + strings.Replace(periodes, "2027-09-01", jusqua, 1) + `"periodes": []` + apres
	}
	jour := func(n int) string { return time.Now().AddDate(0, 0, n).Format(time.DateOnly) }
	for _, tt := range []struct{ name, calendrier, want string }{
		{"long before its end", courte(jour(120)), ""},
		{"about to end", courte(jour(80)), "se termine bientôt"},
		{"over", courte(jour(-3)), "est terminé"},
		{"without the zone", strings.Replace(entier, `"C": {`, `"Z": {`, 1), "ne sont pas connues"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dossier := t.TempDir()
			ecrire(t, filepath.Join(dossier, "v.json"), tt.calendrier)
			s := demarrer(t, dossier, "--vacances", "v.json")
			s.stop()
			dit := s.stderr.String()
			if strings.Contains(dit, "vacances scolaires") != (tt.want != "") || !strings.Contains(dit, tt.want) {
				t.Errorf("the journal says %q, want %q", dit, tt.want)
			}
		})
	}
	t.Run("a broken file stops the start", func(t *testing.T) {
		dossier := t.TempDir()
		ecrire(t, filepath.Join(dossier, "v.json"), "[]")
		r := lancer(t, dossier, []string{"ADEUXPAS_VACANCES=v.json"}, "servir", "--adresse", "127.0.0.1:0")
		exigerRefus(t, r, 3, "v.json : Calendrier scolaire : ligne 1, ce n’est pas un objet JSON.")
		if _, err := os.Stat(filepath.Join(dossier, "var")); err == nil {
			t.Error("a refused start left a base behind")
		}
	})
}
