package main_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The text, the CSV and the JSON of one question say the same.
func TestCouverture(t *testing.T) {
	dossier := remplie(t)
	commande := func(options ...string) string {
		t.Helper()
		r := lancer(t, dossier, nil, append([]string{"couverture", "--moment", "samedi", "--facteur", "1.5"}, options...)...)
		if r.code != 0 {
			t.Fatalf("%v: code %d, %s", options, r.code, r.stderr)
		}
		return r.stdout
	}
	lignes, err := csv.NewReader(strings.NewReader(commande("--csv"))).ReadAll()
	if err != nil || len(lignes) != 196 {
		t.Fatalf("%d rows, %v", len(lignes), err)
	}
	colonne := map[string]int{}
	for i, nom := range lignes[0] {
		colonne[nom] = i
	}
	gens := map[string]int{}
	for _, l := range lignes[1:] {
		if l[colonne["facteur_de_route"]] != "1.5" || l[colonne["moment"]] != "samedi" || l[colonne["non_verifies"]] == "0" {
			t.Fatalf("%v", l)
		}
		for _, nom := range []string{"habitants", "habitants_a_5_km", "habitants_a_20_km"} {
			n, err := strconv.Atoi(l[colonne[nom]])
			if err != nil {
				t.Fatal(err)
			}
			gens[nom] += n
		}
	}
	var dit struct {
		Facteur float64 `json:"facteur_de_route"`
		Lignes  []struct {
			Habitants int   `json:"habitants"`
			Dans      []int `json:"habitants_a_5_10_15_20_km"`
		} `json:"lignes"`
	}
	if err := json.Unmarshal([]byte(commande("--json", "--par", "epci")), &dit); err != nil {
		t.Fatal(err)
	}
	somme := map[string]int{}
	for _, l := range dit.Lignes {
		somme["habitants"] += l.Habitants
		somme["habitants_a_5_km"] += l.Dans[0]
		somme["habitants_a_20_km"] += l.Dans[3]
	}
	for nom, n := range gens {
		if somme[nom] != n || n == 0 {
			t.Errorf("%s: %d by commune, %d by EPCI", nom, n, somme[nom])
		}
	}
	texte := strings.ReplaceAll(commande(), "\u00a0", " ")
	if dit.Facteur != 1.5 || len(dit.Lignes) != 10 || !strings.Contains(texte, "Facteur de route : 1,5") || !strings.Contains(texte, "Vérification trop ancienne : ") || strings.Count(texte, " → ") != 195 {
		t.Errorf("%v\n%s", dit, texte[:min(len(texte), 800)])
	}
}

func TestCouvertureRefuse(t *testing.T) {
	for _, c := range []struct {
		options []string
		want    string
	}{
		{[]string{"couverture", "--service", "Coiffure"}, "--service : Le service « Coiffure » n’est pas dans la liste nationale"},
		{[]string{"couverture", "--moment", "nuit"}, "--moment : Le moment « nuit » n’existe pas"},
		{[]string{"couverture", "--facteur", "0,5"}, "--facteur : Le facteur de route « 0,5 » ne convient pas"},
		{[]string{"couverture", "--par", "canton"}, "--par : « canton » n’existe pas"},
		{[]string{"couverture", "--csv", "--json"}, "pas les deux"},
		{[]string{"servir", "--itineraires", "osrm.interne"}, "--itineraires : « osrm.interne » n’est pas l’adresse"},
		{[]string{"servir", "--itineraires", "http://osrm.interne", "--itineraires-genre", "valhalla"}, "--itineraires-genre : « valhalla » n’existe pas"},
	} {
		r := lancer(t, t.TempDir(), nil, append(c.options, "--base", filepath.Join(t.TempDir(), "a.db"))...)
		if r.code != 2 || !strings.Contains(strings.ReplaceAll(r.stderr, "\u00a0", " "), c.want) {
			t.Errorf("%v: code %d, %q", c.options, r.code, r.stderr)
		}
	}
}

// The service that is given a server of itineraries asks it by itself, once for
// each commune.
func TestServirItineraires(t *testing.T) {
	var demandes atomic.Int32
	serveur := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		demandes.Add(1)
		uns := strings.TrimSuffix(strings.Repeat("1,", strings.Count(r.URL.Path, ";")), ",")
		fmt.Fprintf(w, `{"code":"Ok","distances":[[%s]],"durations":[[%s]]}`, uns, uns)
	}))
	t.Cleanup(serveur.Close)
	s := demarrer(t, t.TempDir(), "--itineraires", serveur.URL)
	defer s.stop()
	for n := 0; demandes.Load() < 195 && n < 300; n++ {
		time.Sleep(100 * time.Millisecond)
	}
	if n := demandes.Load(); n != 195 {
		t.Errorf("%d requests", n)
	}
}
