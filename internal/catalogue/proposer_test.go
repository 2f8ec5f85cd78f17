package catalogue

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
)

func exports(t *testing.T, lieux []mednum.Lieu) map[string][]byte {
	t.Helper()
	x := norme.Export{Jour: mednum.DateOf(depart2026)}
	sorties := map[string][]byte{}
	for nom, encode := range map[string]func(io.Writer, []mednum.Lieu) error{"CSV": x.EncodeCSV, "export JSON": x.EncodeJSON, "export GeoJSON": x.EncodeGeoJSON} {
		var b bytes.Buffer
		if err := encode(&b, lieux); err != nil {
			t.Fatal(err)
		}
		sorties[nom] = b.Bytes()
	}
	return sorties
}

func proposition() map[mednum.Champ]string {
	return map[mednum.Champ]string{
		"nom": "Épicerie solidaire", "adresse": "3 rue Haute", "commune": "moissac", "code_postal": "82200",
		"services": "Aide aux démarches administratives|Acquisition de matériel informatique à prix solidaire", "telephone": "05 63 00 00 09", "latitude": "44.105", "longitude": "1.086",
		"site_web": "", "courriels": "",
	}
}

// visiteur has no right.
func visiteur() Edition { return Edition{Auteur: "visiteur", Voie: "app"} }

func proposer(t *testing.T, c *Catalogue) string {
	t.Helper()
	id, err := c.Proposer(t.Context(), visiteur(), proposition(), mednum.Permanence{Regle: "Tu 14:00-16:00", Arret: &mednum.Arret{Nom: "École", CodeInsee: moissac}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// wantCache asserts that a visitor finds the place nowhere.
func wantCache(t *testing.T, c *Catalogue, id string) {
	t.Helper()
	_, err := c.Lieu(id)
	wantRefus(t, err, mednum.Introuvable)
	if got := vuDuPublic(t, c, id); len(got) > 0 {
		t.Errorf("%s is found: %v", id, got)
	}
}

// vuDuPublic tells by which ways a visitor finds the place.
func vuDuPublic(t *testing.T, c *Catalogue, id string) (voies []string) {
	t.Helper()
	noter := func(voie string, vues ...*Vue) {
		if slices.ContainsFunc(vues, func(v *Vue) bool { return v.ID == id }) {
			voies = append(voies, voie)
		}
	}
	noter("list", c.Lieux()...)
	cherche := func(voie string, r Recherche) {
		res, err := c.Chercher(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, trouve := range slices.Concat(res.Trouves, res.Muets, res.SansPosition) {
			noter(voie, trouve.Vue)
		}
		if res.Total+res.TotalMuets != len(res.Trouves)+len(res.Muets) {
			t.Errorf("%s: counts of %d and %d for %d", voie, res.Total, res.TotalMuets, len(res.Trouves)+len(res.Muets))
		}
		// Every place offers it, and only the proposed one gives equipment.
		offerts := map[string]int{"Aide aux démarches administratives": len(res.Trouves) + len(res.Muets)}
		for _, f := range res.Comptes {
			for _, v := range f.Valeurs {
				if n, ok := offerts[v.Valeur]; ok && v.N != n {
					t.Errorf("%s: %d places counted for %s, want %d", voie, v.N, v.Valeur, n)
				}
				if v.Valeur == "Acquisition de matériel informatique à prix solidaire" {
					noter(voie+" counts", &Vue{Lieu: mednum.Lieu{ID: id}})
				}
			}
		}
	}
	cherche("search", Recherche{})
	cherche("near", Recherche{Depart: &geo.Point{Lat: 44.105, Lon: 1.086}})
	cherche("commune", Recherche{Commune: moissac})
	cherche("box", Recherche{Boite: &geo.Boite{Sud: 44, Nord: 45, Ouest: 1, Est: 2}})
	for _, trouve := range c.ParCommune(moissac) {
		noter("commune's list", trouve.Vue)
	}
	if v, err := c.Lieu("l1"); err == nil {
		for _, trouve := range c.PlusProches(v, 10) {
			noter("neighbours", trouve.Vue)
		}
	}
	vues, err := c.publies(t.Context(), []string{"epicerie"})
	if err != nil {
		t.Fatal(err)
	}
	noter("name", slices.DeleteFunc(slices.Clone(vues), func(v *Vue) bool { return v.mots.accorde([]string{"epicerie"}, false) == 0 })...)
	var lieux []mednum.Lieu
	for _, v := range c.Lieux() {
		lieux = append(lieux, v.Lieu)
	}
	for nom, sortie := range exports(t, lieux) {
		if strings.Contains(string(sortie), id) {
			voies = append(voies, nom)
		}
	}
	return voies
}

func TestProposer(t *testing.T) {
	base := openBase(t)
	c := open82(t, base)
	id := proposer(t, c)
	if !mednum.EstID(id) {
		t.Errorf("id %q", id)
	}
	wantCache(t, c, id)
	l, err := base.Lieu(t.Context(), id)
	if err != nil || l.Statut != mednum.StatutPropose || l.HorsTerritoire {
		t.Fatalf("%v, %+v", err, l)
	}
	if fautes := l.Champs.Validate(); len(fautes) != 0 || l.Champs.DateMaj != mednum.DateOf(c.now()) {
		t.Errorf("the standard: %v, date_maj %v", fautes, l.Champs.DateMaj)
	}
	if c := l.Champs; c.Commune != "Moissac" || c.CodeInsee != moissac || c.Telephone != "+33563000009" || c.Valeur("latitude") != "44.105" || l.Precision != mednum.PrecisionMain {
		t.Errorf("%+v", c)
	}
	revs := wantRevisions(t, base, id, 1)
	if revs[0].Auteur != "visiteur" {
		t.Errorf("proposed by %q", revs[0].Auteur)
	}
	// Whoever covers the place sees it, and may not publish it without coordinating.
	if v, err := c.LieuPour(id, coordinatrice().Droits); err != nil || v.ID != id {
		t.Error(err)
	}
	_, err = c.LieuPour(id, mediation("l1"))
	wantRefus(t, err, mednum.Introuvable)
	for _, e := range []Edition{visiteur(), {Auteur: "compte:m", Droits: mediation(id)}} {
		_, err = c.Publier(t.Context(), id, e)
		wantRefus(t, err, mednum.Interdit)
		_, err = c.Refuser(t.Context(), id, e)
		wantRefus(t, err, mednum.Interdit)
	}
	wantCache(t, c, id)

	publie, err := c.Publier(t.Context(), id, coordinatrice())
	if err != nil || publie.Statut != mednum.StatutPublie || publie.VerifieLe != mednum.DateOf(depart2026) || len(publie.Champs.Validate()) > 0 {
		t.Fatalf("%v, %+v", err, publie)
	}
	want := []string{"list", "search", "near", "near", "commune", "commune", "box", "box", "search counts", "near counts", "commune counts", "box counts", "commune's list", "commune's list", "neighbours", "name", "CSV", "export GeoJSON", "export JSON"}
	got := vuDuPublic(t, c, id)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("published, found by %v, want %v", got, want)
	}
	if encore, err := c.Publier(t.Context(), id, coordinatrice()); err != nil || encore.Version != publie.Version {
		t.Errorf("published twice: %v, version %d", err, encore.Version)
	}
	_, err = c.Refuser(t.Context(), id, coordinatrice())
	wantRefus(t, err, mednum.Conflit)
}

func TestProposerMemeCle(t *testing.T) {
	base := openBase(t)
	c := open82(t, base)
	e := visiteur()
	e.Idempotence = "k"
	un, err := c.Proposer(t.Context(), e, proposition())
	if err != nil {
		t.Fatal(err)
	}
	if deux, err := c.Proposer(t.Context(), e, proposition()); err != nil || deux != un {
		t.Errorf("%q after %q, %v", deux, un, err)
	}
	m := mediatrice()
	m.Idempotence = "prise"
	if _, err := c.Modifier(t.Context(), "l1", m, direAide); err != nil {
		t.Fatal(err)
	}
	e.Idempotence = "prise"
	_, err = c.Proposer(t.Context(), e, proposition())
	wantRefus(t, err, mednum.Conflit)
	// An id that is taken is not given twice.
	pris := mednum.NouvelID("proposition/autre")
	save(t, base, mednum.Lieu{ID: pris, Version: 1, Statut: mednum.StatutPublie})
	e.Idempotence = "autre"
	if id, err := c.Proposer(t.Context(), e, proposition()); err != nil || id == pris {
		t.Errorf("%q, %v", id, err)
	}
}

func TestProposerRefuse(t *testing.T) {
	for _, tt := range []struct {
		name   string
		champs map[mednum.Champ]string
		want   string
	}{
		{"nothing", map[mednum.Champ]string{}, "!nom !adresse !commune !services"},
		{"a service of no standard", map[mednum.Champ]string{"services": "Couture"}, "!services"},
		{"a commune of nowhere", map[mednum.Champ]string{"commune": "Nulle-Part"}, "!commune"},
		{"another commune's postal code", map[mednum.Champ]string{"code_insee": montauban, "commune": ""}, "!code_postal"},
		{"half a position", map[mednum.Champ]string{"longitude": ""}, "!latitude"},
		{"the id of a place", map[mednum.Champ]string{"id": "l1"}, "!id"},
		{"a header", map[mednum.Champ]string{"courriels": "a@exemple.fr\r\nBcc: b@exemple.fr"}, "!courriels"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base := openBase(t)
			c := open82(t, base)
			champs := proposition()
			if len(tt.champs) == 0 {
				champs = nil
			}
			for champ, valeur := range tt.champs {
				champs[champ] = valeur
			}
			_, err := c.Proposer(t.Context(), visiteur(), champs)
			if got := changeOuRefus(nil, nil, err); err == nil || got != tt.want {
				t.Errorf("%q (%v), want %q", got, err, tt.want)
			}
			if lieux, err := base.Lieux(t.Context()); err != nil || len(lieux) != 2 {
				t.Errorf("%d places, %v", len(lieux), err)
			}
		})
	}
	c := open82(t, openBase(t))
	_, err := c.Proposer(t.Context(), Edition{}, proposition())
	wantRefus(t, err, mednum.Invalide)
	_, err = c.Proposer(t.Context(), visiteur(), proposition(), make([]mednum.Permanence, permanencesMax+1)...)
	wantRefus(t, err, mednum.Invalide)
}

func TestRefuser(t *testing.T) {
	c := open82(t, openBase(t))
	id := proposer(t, c)
	if l, err := c.Refuser(t.Context(), id, coordinatrice()); err != nil || l.Statut != mednum.StatutRetire {
		t.Errorf("%v, %s", err, l.Statut)
	}
	if got := vuDuPublic(t, c, id); len(got) > 0 {
		t.Errorf("found: %v", got)
	}
	_, err := c.Publier(t.Context(), id, coordinatrice())
	wantRefus(t, err, mednum.Disparu)
}

// A place closed for good keeps its page, which leads to its neighbours.
func TestFermetureDefinitive(t *testing.T) {
	c := open82(t, openBase(t))
	l, a, err := c.FermerDefinitivement(t.Context(), "l1", mediatrice(), mednum.Fermeture{Motif: "fin du bail"})
	if err != nil || a != nil || l.Statut != mednum.StatutFerme || l.Fermeture.Le != mednum.DateOf(depart2026) {
		t.Fatalf("%v, %+v", err, l)
	}
	v, err := c.Lieu("l1")
	if err != nil || c.Etat(v, nil).Phrase != "Fermé définitivement" || !strings.Contains(string(v.JSON), `"statut":"ferme","fermeture":{"le":"2026-11-24"}`) {
		t.Errorf("%v, %s", err, v.JSON)
	}
	if got := vuDuPublic(t, c, "l1"); len(got) > 0 {
		t.Errorf("found: %v", got)
	}
	if voisins := c.PlusProches(v, 3); len(voisins) != 1 || voisins[0].Vue.ID != "l2" {
		t.Errorf("neighbours: %v", voisins)
	}
	c.SetRelecture(true)
	_, err = c.Rouvrir(t.Context(), "l1", mediatrice())
	wantRefus(t, err, mednum.Interdit)
	if l, err := c.Rouvrir(t.Context(), "l1", coordinatrice()); err != nil || l.Statut != mednum.StatutPublie || l.Fermeture != nil {
		t.Errorf("%v, %+v", err, l)
	}
	if v, err = c.Lieu("l1"); err != nil || strings.Contains(string(v.JSON), "statut") {
		t.Errorf("%v, %s", err, v.JSON)
	}
}

// The base that searches by itself never hears of a proposal, and hears of what
// is published and closed; there too, one of twenty writers wins.
func TestProposerEnBase(t *testing.T) {
	base, err := mongo.Open(t.Context(), mongotest.Neuf(t, os.Getenv("MONGODB_URI")), heure)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = base.Close() })
	c := open82(t, base)
	c.RechercherEnBase(base)
	id := proposer(t, c)
	wantCache(t, c, id)
	if l, err := base.Lieu(t.Context(), id); err != nil || len(store.Entrees(&l)) > 0 {
		t.Errorf("%v: the base has entries of a proposal: %v", err, store.Entrees(&l))
	}
	if _, err := c.Publier(t.Context(), id, coordinatrice()); err != nil {
		t.Fatal(err)
	}
	if got := vuDuPublic(t, c, id); !slices.Contains(got, "near") || !slices.Contains(got, "name") {
		t.Errorf("published, found by %v", got)
	}
	if _, _, err := c.FermerDefinitivement(t.Context(), id, coordinatrice(), mednum.Fermeture{}); err != nil {
		t.Fatal(err)
	}
	if got := vuDuPublic(t, c, id); len(got) > 0 {
		t.Errorf("closed, found by %v", got)
	}
	vingtEnsemble(t, base, c)
}
