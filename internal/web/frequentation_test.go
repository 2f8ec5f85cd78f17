package web_test

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/mesures"
)

// lignesCSV are the rows of a file, of those columns.
func (v *visiteur) lignesCSV(t *testing.T, chemin string) (lignes [][]string) {
	t.Helper()
	if rep := v.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != http.StatusOK || !strings.HasPrefix(rep.Header.Get("Content-Type"), "text/csv") {
		t.Fatalf("%s: %d %s", chemin, rep.StatusCode, rep.Header.Get("Content-Type"))
	}
	lignes, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(v.page, "\ufeff"))).ReadAll()
	check(t, err)
	return lignes
}

// The figures add up by period and by commune, within what one coordinates.
func TestFrequentation(t *testing.T) {
	b := newBanc(t)
	fois := func(n int, genre mesures.Genre, commune string) {
		for range n {
			if !b.mesures.Compter(genre, commune) {
				t.Fatalf("%s of %s is not counted", genre, commune)
			}
		}
	}
	fois(3, mesures.Recherche, moissac) // Tuesday 24 November
	fois(2, mesures.Lointaine, moissac)
	fois(5, mesures.Vue, "82121")
	b.attendre(6 * 24 * time.Hour) // Monday 30
	fois(4, mesures.Recherche, "82121")
	fois(1, mesures.Telephone, moissac)
	b.attendre(24 * time.Hour) // Tuesday 1 December
	fois(1, mesures.Recherche, moissac)
	check(t, b.mesures.Deposer(t.Context()))

	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
	page := "/espace/frequentation"
	chef.voir(t, page, "Par semaine", "recherches d’aide", "n’ont rien trouvé à moins de 15 km", "Semaine du 30 novembre 2026", "Ni cookie", `aria-label="Recherches par semaine, 5 au plus.`)
	if strings.Contains(chef.page, "style=") {
		t.Error("an inline style")
	}
	if got := regexp.MustCompile(`<rect class="barre(-loin)?" x="(\d+)" y="(\d+)" width="14" height="(\d+)"/>`).FindAllString(chef.page, -1); len(got) != 3 {
		t.Errorf("bars: %v", got)
	}
	for _, tt := range []struct {
		chemin string
		want   [][]string
	}{
		{page + "?par=semaine&format=csv", [][]string{{"2026-11-30", "5", "0", "0", "1"}, {"2026-11-23", "3", "2", "5", "0"}, {"2026-11-16", "0", "0", "0", "0"}}},
		{page + "?par=jour&format=csv", [][]string{{"2026-12-01", "1", "0", "0", "0"}, {"2026-11-30", "4", "0", "0", "1"}, {"2026-11-29", "0", "0", "0", "0"}}},
		{page + "?par=mois&format=csv", [][]string{{"2026-12-01", "1", "0", "0", "0"}, {"2026-11-01", "7", "2", "5", "1"}, {"2026-10-01", "0", "0", "0", "0"}}},
		{page + "?par=mois&commune=82121&format=csv", [][]string{{"2026-12-01", "0", "0", "0", "0"}, {"2026-11-01", "4", "0", "5", "0"}, {"2026-10-01", "0", "0", "0", "0"}}},
		{page + "?vue=communes&format=csv&tri=-vue", [][]string{{"Montauban", "82121", "CA Grand Montauban", "4", "0", "5", "0"}}},
	} {
		lignes := chef.lignesCSV(t, tt.chemin)[1:]
		for i, want := range tt.want {
			if got := lignes[i][len(lignes[i])-len(want):]; !cmp.Equal(got, want) {
				t.Errorf("%s, row %d: %v, want %v", tt.chemin, i, got, want)
			}
		}
	}
	// Of an intercommunality, its own communes and no other.
	epci := b.invite(t, "lea@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "200066322"))
	for _, l := range epci.lignesCSV(t, page+"?vue=communes&format=csv")[1:] {
		if l[1] == "82121" {
			t.Error("another's commune is shown")
		}
	}
	if got := epci.lignesCSV(t, page+"?par=mois&format=csv")[2]; !cmp.Equal(got[2:], []string{"3", "2", "0", "1"}) {
		t.Errorf("its months: %v", got)
	}
	for _, faux := range []string{"?par=an", "?vue=x", "?commune=99999", "?format=pdf"} {
		if rep := chef.demander(t, http.MethodGet, page+faux, nil); rep.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", faux, rep.StatusCode)
		}
	}
	if rep := b.invite(t, "max@exemple.fr", droit(mednum.PorteeDepartement, "82")).demander(t, http.MethodGet, page, nil); rep.StatusCode != http.StatusForbidden {
		t.Errorf("a mediator: %d", rep.StatusCode)
	}
}
