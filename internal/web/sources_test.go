package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/sources"
)

// distant is a file at an address.
func distant(t *testing.T, contenu *atomic.Pointer[string]) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		_, _ = w.Write([]byte(*contenu.Load()))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/2026-11-01-lieux.csv"
}

// A source is added, tried, read, waits for a decision, is accepted, paused,
// changed and taken away.
func TestSourcesPages(t *testing.T) {
	b := newBanc(t)
	v := b.chef(t, "jeanne@exemple.fr")
	var contenu atomic.Pointer[string]
	texte := tableau
	contenu.Store(&texte)
	url := distant(t, &contenu)
	v.voir(t, "/espace/sources", "Aucune source", "France services", "Ajouter une autre source")
	v.voir(t, "/espace/sources/ajouter", "L’adresse du fichier")
	if rep := v.envoyer(t, "/espace/sources/ajouter", "nom", "Essai", "url", "https://192.168.1.1/x.csv", "chaque", "jour", "heure", "4", "zone", "tout", "date", "auto"); rep.StatusCode != http.StatusBadRequest {
		t.Errorf("a private address: %d", rep.StatusCode)
	}
	v.exiger(t, "privé", `value="https://192.168.1.1/x.csv"`)
	v.voir(t, "/espace/sources/ajouter")
	v.agir(t, "/espace/sources/ajouter", []string{"nom", "Essai de Moissac", "url", url, "chaque", "mois", "heure", "4", "zone", "tout", "date", "auto"}, "La source est ajoutée", "Jamais lue")
	page := "/espace/sources/essai-de-moissac"

	v.agir(t, page+"/simuler", nil, "L’essai est demandé", "va la lire dans un instant")
	check(t, b.venues.Suivre(t.Context()))
	v.voir(t, page, "Le dernier essai", "3 fiches lues", "Jeanne Essai")
	if src, err := b.venues.Source(t.Context(), "essai-de-moissac"); err != nil || src.Demande != nil || len(src.Passages) != 0 {
		t.Errorf("a simulation was noted as a run: %+v, %v", src.Passages, err)
	}
	check(t, b.venues.Suivre(t.Context())) // it is due
	v.voir(t, page, "Lue, et écrite", "Les dernières lectures")
	src, err := b.venues.Source(t.Context(), "essai-de-moissac")
	check(t, err)
	if len(src.Passages) != 1 {
		t.Fatalf("%d runs", len(src.Passages))
	}
	v.voir(t, page+"?lecture="+src.Passages[0].Cle(), "La lecture du", "2 lieux créés")

	// Most of its rows go: it waits, and says why.
	vide := strings.Join(strings.Split(tableau, "\n")[:2], "\n") + "\n"
	contenu.Store(&vide)
	v.agir(t, page+"/lire", nil, "La lecture est demandée")
	check(t, b.venues.Suivre(t.Context()))
	v.voir(t, page, "Attend une décision", "disparaîtraient", "Accepter et écrire", "/espace/doublons")
	attend := src.Passages[0].Cle()
	v.voir(t, "/espace/sources", "Attend une décision")
	autre := b.chef(t, "paul@exemple.fr")
	autre.voir(t, page)
	v.agir(t, page+"/appliquer", nil, "L’écriture est demandée")
	check(t, b.venues.Suivre(t.Context()))
	v.voir(t, page, "Lue, et écrite")
	if strings.Contains(v.page, "Accepter et écrire") || attend == "" {
		t.Error("it still waits")
	}
	autre.agir(t, page+"/appliquer", nil, "quelqu’un d’autre a déjà répondu")

	v.voir(t, page)
	v.agir(t, page+"/pause", nil, "en pause", "Reprendre")
	v.agir(t, page+"/reprendre", nil, "de nouveau lue", "Mettre en pause")
	v.voir(t, page+"/reglages", `value="4" selected`, url)
	if rep := v.envoyer(t, page+"/reglages", "url", "ftp://exemple.fr/x", "chaque", "jour", "heure", "5", "zone", "tout", "date", "auto"); rep.StatusCode != http.StatusBadRequest {
		t.Errorf("an address that is none: %d", rep.StatusCode)
	}
	v.voir(t, page+"/reglages")
	v.agir(t, page+"/reglages", []string{"url", url, "chaque", "jour", "heure", "5", "zone", "departement", "licence", "ODbL 1.0", "date", "lecture", "colonnes", "Remarque interne=ignorer"},
		"Les réglages sont enregistrés", "chaque jour à 5", "celles du département", "ODbL 1.0")
	v.voir(t, page+"/retirer", "Ses fiches et leurs lieux restent")
	v.agir(t, page+"/retirer", nil, "La source est retirée", "Aucune source")

	actes, err := registre.New(b.base, func() time.Time { return mardi }).Lire(t.Context(), registre.Choix{Genre: registre.GenreSource, N: 50})
	check(t, err)
	if n := len(actes.Lignes); n < 8 {
		t.Errorf("%d acts of the source in the register", n)
	}
}

// A known source is one touch; what waits or fails is on the board.
func TestSourcesConnues(t *testing.T) {
	b := newBanc(t)
	v := b.chef(t, "jeanne@exemple.fr")
	v.voir(t, "/espace/sources", `value="carte-nationale"`)
	v.agir(t, "/espace/sources/ajouter", []string{"connue", "carte-nationale"}, "La source est ajoutée", "Carte nationale")
	v.voir(t, "/espace/sources")
	if strings.Contains(v.page, `value="carte-nationale"`) {
		t.Error("it is offered twice")
	}
	if rep := v.envoyer(t, "/espace/sources/ajouter", "connue", "carte-nationale"); rep.StatusCode != http.StatusBadRequest {
		t.Errorf("added twice: %d", rep.StatusCode)
	}
	v.exiger(t, "s’appelle déjà")
	for chemin, code := range map[string]int{"/espace/sources/inconnue": 404, "/espace/sources/inconnue/reglages": 404, "/espace/sources/inconnue/retirer": 404} {
		if rep := v.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != code || strings.Contains(v.page, "adeuxpas source lister") {
			t.Errorf("%s: %d\n%s", chemin, rep.StatusCode, v.page)
		}
	}
	if err := b.venues.Demander(t.Context(), "carte-nationale", sources.Appliquer, "compte:x"); err == nil {
		t.Error("nothing waits, and it was accepted")
	}
}
