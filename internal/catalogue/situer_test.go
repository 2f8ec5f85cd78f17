package catalogue

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// openTerritoire opens the pack that ships, whichever it is.
func openTerritoire(tb testing.TB) *territoire.Territoire {
	tb.Helper()
	paquets, err := filepath.Glob("../../data/*/territoire.json")
	if err != nil || len(paquets) == 0 {
		tb.Fatalf("no territory pack under data: %v", err)
	}
	t, err := territoire.Open(os.DirFS(filepath.Dir(paquets[0])))
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func communeDe(tb testing.TB, t *territoire.Territoire, nom string) *territoire.Commune {
	tb.Helper()
	for i := range t.Communes {
		if c := &t.Communes[i]; c.Nom == nom && c.Dedans {
			return c
		}
	}
	tb.Fatalf("no commune %s", nom)
	return nil
}

func openNommes(tb testing.TB) *Catalogue {
	tb.Helper()
	t := openTerritoire(tb)
	var lieux []mednum.Lieu
	for i, l := range [][2]string{
		{"CCAS de Castelsarrasin", "Castelsarrasin"},
		{"Médiathèque", "Castelmayran"},
		{"Médiathèque intercommunale", "Moissac"},
		{"France services de Moissac", "Moissac"},
		{"France services", "Lafrançaise"},
		{"Mairie de Caumont", "Caumont"},
	} {
		c := communeDe(tb, t, l[1])
		lieu := lieuEn(fmt.Sprintf("l%d", i), l[0], c.Centre.Lat, c.Centre.Lon)
		lieu.Champs.Commune, lieu.Champs.CodeInsee, lieu.Champs.CodePostal = c.Nom, c.Code, c.CodesPostaux[0]
		lieux = append(lieux, lieu)
	}
	c := &Catalogue{territoire: t, demarches: demarchesEssai, now: heure}
	if err := c.publier(lieux, 1); err != nil {
		tb.Fatal(err)
	}
	return c
}

// dit sums up a situation in one line.
func dit(s Situation) string {
	texte := string(s.Genre)
	if s.Commune != nil {
		texte += " " + s.Commune.Nom
	}
	if s.Point == nil {
		texte += " sans point"
	}
	if s.Approchee {
		texte += " approchée"
	}
	for _, v := range s.Vues {
		texte += " [" + v.Champs.Nom + ", " + v.Champs.Commune + "]"
	}
	return texte
}

func TestSituer(t *testing.T) {
	c := openNommes(t)
	tests := []struct{ name, want string }{
		{"Moissac", "commune Moissac"},
		{"la francaise", "commune Lafrançaise"},
		{"CCAS Castelsarrasin", "lieu sans point [CCAS de Castelsarrasin, Castelsarrasin]"},
		{"ccas castel", "lieu sans point [CCAS de Castelsarrasin, Castelsarrasin]"},
		{"mediatheque castelmayran", "lieu sans point [Médiathèque, Castelmayran]"},
		{"mediatheque", "lieu sans point [Médiathèque, Castelmayran] [Médiathèque intercommunale, Moissac]"},
		{"france services la francaise", "lieu sans point [France services, Lafrançaise]"},
		{"Mairie de Caumont", "lieu sans point [Mairie de Caumont, Caumont]"},
		{"12 rue de la République 82200 Moissac", "adresse Moissac approchée"},
		{"12 rue de la République Moissac", "adresse Moissac approchée"},
		{"gare Moissac", "commune Moissac approchée"},
		{"", "inconnu sans point"},
		{"xyzzyx", "inconnu sans point"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := gocmp.Diff(tt.want, dit(situer(t, c, tt.name, nil))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSituerCodePostal(t *testing.T) {
	c := openNommes(t)
	code := communeDe(t, c.territoire, "Moissac").CodesPostaux[0]
	s := situer(t, c, code, nil)
	if s.Genre != GenreCodePostal || s.Commune.Nom != "Moissac" || s.Point == nil || len(s.Choix) == 0 {
		t.Fatalf("%s, %d other communes", dit(s), len(s.Choix))
	}
	for _, autre := range s.Choix { // each choice leads to one commune
		if relu := situer(t, c, autre.Requete, nil); relu.Genre != GenreCommune || relu.Commune.Nom == "Moissac" {
			t.Errorf("%s: %s", autre.Requete, dit(relu))
		}
	}
}

func TestSituerHorsDuTerritoire(t *testing.T) {
	c := openNommes(t)
	for i := range c.territoire.Communes {
		commune := &c.territoire.Communes[i]
		if commune.Dedans || commune.Population < 20_000 {
			continue
		}
		s := situer(t, c, commune.Nom, nil)
		if s.Genre != GenreAilleurs || s.Point == nil {
			t.Errorf("%s: %s", commune.Nom, dit(s))
		}
	}
}

// geocodeurDe answers every question with one feature, or fails.
func geocodeurDe(t *testing.T, lat, lon float64, insee, genre string, score float64) *territoire.Geocodeur {
	t.Helper()
	serveur := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if genre == "" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintf(w, `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[%f,%f]},
			"properties":{"label":"12 Rue Basse","score":%f,"citycode":"%s","type":"%s"}}]}`, lon, lat, score, insee, genre)
	}))
	t.Cleanup(serveur.Close)
	return territoire.NewGeocodeur(serveur.URL, serveur.Client(), heure)
}

func TestSituerAdresse(t *testing.T) {
	c := openNommes(t)
	moissac, auvillar := communeDe(t, c.territoire, "Moissac"), communeDe(t, c.territoire, "Auvillar")
	const texte = "12 rue Basse Moissac"
	tests := []struct {
		name, genre string
		commune     *territoire.Commune
		score       float64
		want        string
	}{
		{"trouvée", "housenumber", moissac, 0.9, "adresse Moissac"},
		{"dans une autre commune", "housenumber", auvillar, 0.9, "adresse Moissac approchée"},
		{"commune seule", "municipality", moissac, 0.9, "adresse Moissac approchée"},
		{"en panne", "", moissac, 0, "adresse Moissac approchée"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := geocodeurDe(t, tt.commune.Centre.Lat, tt.commune.Centre.Lon, tt.commune.Code, tt.genre, tt.score)
			if d := gocmp.Diff(tt.want, dit(situer(t, c, texte, g))); d != "" {
				t.Error(d)
			}
		})
	}
	g := geocodeurDe(t, 48.85, 2.35, "75056", "housenumber", 0.9)
	if s := situer(t, c, "12 rue de la Paix Paris", g); s.Genre != GenreAilleurs || s.Point == nil {
		t.Errorf("far away: %s", dit(s))
	}
}

func TestParCommuneEtEPCI(t *testing.T) {
	c := openNommes(t)
	moissac := communeDe(t, c.territoire, "Moissac")
	if n := len(c.ParCommune(moissac.Code)); n != 2 {
		t.Errorf("%d places in the commune, want 2", n)
	}
	if n := len(c.ParEPCI(moissac.EPCI)); n < 3 {
		t.Errorf("%d places in the EPCI, want those of Castelsarrasin too", n)
	}
	res, err := c.Chercher(t.Context(), Recherche{EPCI: moissac.EPCI})
	if err != nil || res.Total != len(c.ParEPCI(moissac.EPCI)) {
		t.Errorf("Chercher finds %d in the EPCI: %v", res.Total, err)
	}
	v, err := c.Lieu("l2") // the médiathèque of Moissac
	if err != nil {
		t.Fatal(err)
	}
	proches := c.PlusProches(v, 2)
	if len(proches) != 2 || proches[0].Vue.ID != "l3" || proches[0].Distance != 0 || proches[1].Distance <= 0 {
		t.Errorf("nearest: %v", noms(proches))
	}
}

func situer(t *testing.T, c *Catalogue, texte string, g *territoire.Geocodeur) Situation {
	t.Helper()
	s, err := c.Situer(t.Context(), texte, g)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
