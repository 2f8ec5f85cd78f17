package web_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/web"
)

// fil is a feed as a reader sees it.
type fil struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Titre   string   `xml:"title"`
	Maj     string   `xml:"updated"`
	Liens   []struct {
		Rel   string `xml:"rel,attr"`
		Cible string `xml:"href,attr"`
	} `xml:"link"`
	Entrees []struct {
		ID    string `xml:"id"`
		Titre string `xml:"title"`
		Lien  struct {
			Cible string `xml:"href,attr"`
		} `xml:"link"`
		Contenu    string `xml:"content"`
		Categories []struct {
			Terme string `xml:"term,attr"`
		} `xml:"category"`
	} `xml:"entry"`
}

func (b banc) fil(t *testing.T, chemin string) (f fil) {
	t.Helper()
	rep, corps := b.get(t, chemin)
	if rep.StatusCode != http.StatusOK || rep.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		t.Fatalf("%s: %d %s", chemin, rep.StatusCode, rep.Header.Get("Content-Type"))
	}
	check(t, xml.Unmarshal([]byte(corps), &f))
	return f
}

func tout() catalogue.Edition {
	return catalogue.Edition{Auteur: "compte:SECRETAUTEUR", Voie: "app", Droits: []mednum.Habilitation{droit(mednum.PorteeTout, "")}}
}

// The three feeds, from an empty one to a change that a commune, its EPCI and the
// territory hear of, and nobody else.
func TestChangements(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	commune, _ := b.ter.Commune(moissac)
	ici := []string{"/changements.atom", "/communes/" + moissac + "/changements.atom", "/epci/" + commune.EPCI + "/changements.atom"}
	for _, chemin := range ici {
		if f := b.fil(t, chemin); len(f.Entrees) > 0 || f.Maj != "2026-01-01T00:00:00Z" || f.ID != "tag:exemple.fr,2026:"+chemin {
			t.Errorf("%s before any change: %+v", chemin, f)
		}
	}
	_, _, err := b.lieux.Editer(t.Context(), l.ID, tout(), catalogue.Changement{Champs: map[mednum.Champ]string{"adresse": "7 place Neuve"}})
	check(t, err)
	for _, chemin := range ici {
		f := b.fil(t, chemin)
		if len(f.Entrees) != 1 {
			t.Fatalf("%s: %d entries", chemin, len(f.Entrees))
		}
		e := f.Entrees[0]
		if e.ID != "tag:exemple.fr,2026:/lieux/"+l.ID+"/versions/2" || e.Lien.Cible != "https://exemple.fr/lieux/"+l.ID || e.Titre != l.Champs.Nom+" (Moissac)\u00a0: adresse" {
			t.Errorf("%s: %+v", chemin, e)
		}
		if !strings.Contains(e.Contenu, "<p>Adresse\u00a0: avant ") || !strings.Contains(e.Contenu, " → maintenant 7 place Neuve.</p>") {
			t.Errorf("%s: %s", chemin, e.Contenu)
		}
		if f.Maj != "2026-11-24T09:30:00Z" || len(f.Liens) != 2 || f.Liens[0].Rel != "self" || f.Liens[0].Cible != "https://exemple.fr"+chemin || f.Liens[1].Rel != "alternate" {
			t.Errorf("%s: %+v", chemin, f)
		}
		termes := ""
		for _, c := range e.Categories {
			termes += c.Terme + " "
		}
		if !strings.HasSuffix(termes, moissac+" ") || !strings.Contains(termes, string(l.Familles[0])) {
			t.Errorf("%s: categories %s", chemin, termes)
		}
	}
	if f := b.fil(t, "/communes/82121/changements.atom"); len(f.Entrees) > 0 {
		t.Errorf("Montauban hears of it: %+v", f)
	}
	for _, chemin := range []string{"/communes/99999/changements.atom", "/epci/1/changements.atom"} {
		if rep, _ := b.get(t, chemin); rep.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", chemin, rep.StatusCode)
		}
	}
}

// What a reader of feeds asks of the server; and the store may be gone.
func TestChangementsHTTP(t *testing.T) {
	b := newBanc(t)
	rep, corps := b.get(t, "/changements.atom")
	etag := rep.Header.Get("ETag")
	if etag == "" || rep.Header.Get("Cache-Control") != "public, max-age=60" || rep.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%v", rep.Header)
	}
	if rep, _ := b.get(t, "/changements.atom", "If-None-Match", etag); rep.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %d", rep.StatusCode)
	}
	tete, err := b.app.Test(httptest.NewRequest(http.MethodHead, "/changements.atom", nil), 5000)
	check(t, err)
	defer tete.Body.Close()
	if tete.StatusCode != http.StatusOK || tete.Header.Get("ETag") != etag {
		t.Errorf("HEAD: %d %v", tete.StatusCode, tete.Header)
	}
	_, _, err = b.lieux.Editer(t.Context(), b.lieuDe(t, moissac).ID, tout(), catalogue.Changement{Champs: map[mednum.Champ]string{"telephone": "05 63 00 00 42"}})
	check(t, err)
	check(t, b.base.Close())
	rep, apres := b.get(t, "/changements.atom", "If-None-Match", etag)
	if rep.StatusCode != http.StatusOK || apres == corps || !strings.Contains(apres, "Téléphone") {
		t.Errorf("after a change, without a store: %d\n%s", rep.StatusCode, apres)
	}
}

// Under a path of its host, and on the pages that lead to a feed: the first page
// of a person who looks for help only in its head.
func TestChangementsLiens(t *testing.T) {
	b := newBanc(t, func(c *web.Config) { c.URLPublique = "https://exemple.fr/aide" })
	f := b.fil(t, "/aide/communes/82112/changements.atom")
	if f.ID != "tag:exemple.fr,2026:/aide/communes/82112/changements.atom" || f.Liens[0].Cible != "https://exemple.fr/aide/communes/82112/changements.atom" || f.Liens[1].Cible != "https://exemple.fr/aide/communes/82112" {
		t.Errorf("%+v", f)
	}
	for page, fil := range map[string]string{
		"/aide/": "/aide/changements.atom", "/aide/communes/82112": "/aide/communes/82112/changements.atom", "/aide/epci/200066322": "/aide/epci/200066322/changements.atom",
	} {
		_, corps := b.get(t, page)
		if !strings.Contains(corps, `<link rel="alternate" type="application/atom+xml" title="Changements des lieux" href="`+fil+`">`) || page != "/aide/" && !strings.Contains(corps, `<a class="seul" href="`+fil+`"`) {
			t.Errorf("%s does not lead to %s", page, fil)
		}
	}
	if _, corps := b.get(t, "/aide/a-propos"); strings.Contains(corps, "atom+xml") {
		t.Error("a page without a feed names one")
	}
}

// Where an entry leads once its place is gone, and how it is named.
func TestChangementsFins(t *testing.T) {
	b := newBanc(t)
	liste := b.lieux.ParCommune(moissac)
	retire, reuni, ferme := liste[0].Vue, liste[1].Vue, liste[2].Vue
	if !reuni.Itinerant() || !ferme.Itinerant() || retire.Itinerant() {
		t.Fatal("one place and two services that move are needed")
	}
	for _, m := range []struct {
		id     string
		change func(*mednum.Lieu) error
	}{
		{retire.ID, func(l *mednum.Lieu) error { return l.Corriger("nom", "SECRETNOM", "compte:x", mardi) }},
		{retire.ID, func(l *mednum.Lieu) error { return l.Corriger("nom", "Ancien nom", "compte:x", mardi) }},
		{retire.ID, func(l *mednum.Lieu) error { l.Statut = mednum.StatutRetire; return nil }},
		{reuni.ID, func(l *mednum.Lieu) error { l.Statut, l.Vers = mednum.StatutFusionne, ferme.ID; return nil }},
	} {
		_, err := b.lieux.Modifier(t.Context(), m.id, tout(), m.change)
		check(t, err)
	}
	_, _, err := b.lieux.FermerDefinitivement(t.Context(), ferme.ID, tout(), mednum.Fermeture{})
	check(t, err)
	_, corps := b.get(t, "/communes/82112/changements.atom")
	for _, want := range []string{
		"<title>Retiré de la liste\u00a0: Ancien nom (Moissac)</title>", `href="https://exemple.fr/communes/82112"`,
		"<title>Réuni avec un autre lieu\u00a0: " + reuni.Champs.Nom + "</title>", "<title>Fermé définitivement\u00a0: " + ferme.Champs.Nom + "</title>",
		`<link rel="alternate" type="text/html" href="https://exemple.fr/lieux/` + ferme.ID + `">`,
	} {
		if !strings.Contains(corps, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(corps, "SECRETNOM") || strings.Contains(corps, "compte") || strings.Contains(corps, "/lieux/"+retire.ID+"\"") {
		t.Errorf("what is withdrawn stays: %s", corps)
	}
}
