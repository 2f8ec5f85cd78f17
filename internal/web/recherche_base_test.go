package web_test

import (
	"context"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// indexEnPanne is a base that is asked for searches and does not answer.
type indexEnPanne struct{}

var errIndex = &mednum.Error{Code: mednum.Indisponible, Champ: "base", Message: "La base ne répond pas."}

func (indexEnPanne) Entrees(context.Context, store.Demande) ([]store.Entree, error) {
	return nil, errIndex
}

func (indexEnPanne) Compter(context.Context, store.Comptage) ([]map[string]int, error) {
	return nil, errIndex
}

// Where the base answers searches, its outage is 503 on them; the pages of
// places stay.
func TestRechercheBaseEnPanne(t *testing.T) {
	b := newBanc(t)
	lieu := b.lieuDe(t, moissac)
	b.lieux.RechercherEnBase(indexEnPanne{})
	for _, tt := range []struct {
		chemin string
		want   int
	}{
		{"/?q=Moissac", 503},
		{"/?lat=44.1&lon=1.08", 503},
		{"/?q=mediatheque", 503},
		{"/api/v1/lieux/proches?lat=44.1&lon=1.08", 503},
		{"/api/v1/lieux?commune=82112", 503},
		{"/communes/82112", 503},
		{"/", 200},
		{"/lieux", 200},
		{"/lieux/" + lieu.ID, 200},
		{"/api/v1/lieux/" + lieu.ID, 200},
		{"/donnees/lieux.csv", 200},
		{"/livez", 200},
	} {
		rep, _ := b.get(t, tt.chemin)
		if rep.StatusCode != tt.want || (rep.Header.Get("Retry-After") != "") != (tt.want == 503) {
			t.Errorf("%s: %d, Retry-After %q, want %d", tt.chemin, rep.StatusCode, rep.Header.Get("Retry-After"), tt.want)
		}
	}
}
