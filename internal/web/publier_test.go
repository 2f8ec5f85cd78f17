package web_test

import (
	"encoding/json"
	"encoding/xml"
	"mime"
	"strconv"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/web"
)

type valeurLD struct {
	ID     string `json:"@id"`
	Valeur string `json:"@value"`
}

type catalogueLu struct {
	ID      string   `json:"@id"`
	Modifie valeurLD `json:"dct:modified"`
	Editeur struct {
		Nom  valeurLD  `json:"foaf:name"`
		Type *valeurLD `json:"dct:type"`
	} `json:"dct:publisher"`
	Jeux     []jeuLu `json:"dcat:dataset"`
	Jeu      jeuLu   `json:"-"` // the places: the first
	Services []struct {
		URL valeurLD `json:"dcat:endpointURL"`
	} `json:"dcat:service"`
}

type jeuLu struct {
	ID         string    `json:"@id"`
	Page       valeurLD  `json:"dcat:landingPage"`
	Contact    *valeurLD `json:"dcat:contactPoint"`
	Licence    valeurLD  `json:"dct:license"`
	Periodique valeurLD  `json:"dct:accrualPeriodicity"`
	Fichiers   []struct {
		ID       string   `json:"@id"`
		URL      valeurLD `json:"dcat:downloadURL"`
		Acces    valeurLD `json:"dcat:accessURL"`
		Type     valeurLD `json:"dcat:mediaType"`
		Octets   valeurLD `json:"dcat:byteSize"`
		Conforme valeurLD `json:"dct:conformsTo"`
	} `json:"dcat:distribution"`
}

func (b banc) catalogue(t *testing.T, chemin string) (c catalogueLu) {
	t.Helper()
	rep, corps := b.get(t, chemin)
	if rep.StatusCode != 200 || rep.Header.Get("Content-Type") != "application/ld+json" || rep.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Fatalf("%d %s", rep.StatusCode, rep.Header.Get("Content-Type"))
	}
	check(t, json.Unmarshal([]byte(corps), &c))
	if len(c.Jeux) != 3 {
		t.Fatalf("%d datasets", len(c.Jeux))
	}
	c.Jeu = c.Jeux[0]
	return c
}

// Each file that the catalogue names is at its address, of the type and of the
// size that it says.
func TestCatalogueDCAT(t *testing.T) {
	for _, tt := range []struct{ name, publique, prefixe string }{{"at the root", "https://exemple.fr", ""}, {"under a path", publique, "/aide"}} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t, func(c *web.Config) { c.URLPublique = tt.publique })
			c := b.catalogue(t, tt.prefixe+"/donnees/catalogue.jsonld")
			if c.ID != tt.publique+"/donnees/catalogue.jsonld" || c.Jeu.Page.ID != tt.publique+"/donnees" || !strings.Contains(c.Jeu.Licence.ID, "licence-ouverte") {
				t.Errorf("%+v", c)
			}
			types := map[string]string{}
			for _, f := range c.Jeu.Fichiers {
				if f.Acces != f.URL || f.Conforme.ID != "https://schema.data.gouv.fr/LaMednum/standard-mediation-num/" {
					t.Errorf("%+v", f)
				}
				chemin, dedans := strings.CutPrefix(f.URL.ID, "https://exemple.fr")
				if !dedans {
					t.Fatalf("%s is elsewhere", f.URL.ID)
				}
				rep, corps := b.get(t, chemin)
				typ, _, err := mime.ParseMediaType(rep.Header.Get("Content-Type"))
				if err != nil || rep.StatusCode != 200 || f.Type.ID != "https://www.iana.org/assignments/media-types/"+typ {
					t.Errorf("%s: %d, %s, announced as %s", chemin, rep.StatusCode, typ, f.Type.ID)
				}
				if f.Octets.Valeur != strconv.Itoa(len(corps)) {
					t.Errorf("%s: %d octets, announced as %s", chemin, len(corps), f.Octets.Valeur)
				}
				types[typ] = f.ID
			}
			if len(types) != 4 || len(c.Services) != 2 {
				t.Errorf("%d types, %d services", len(types), len(c.Services))
			}
			for _, s := range c.Services {
				if !strings.HasPrefix(s.URL.ID, tt.publique+"/") {
					t.Errorf("service at %s", s.URL.ID)
				}
			}
		})
	}
}

// The table that portals are given obeys the standard, line by line.
func TestTableauPublie(t *testing.T) {
	b := newBanc(t)
	_, corps := b.get(t, "/donnees/lieux.csv")
	l, err := norme.Decode("lieux.csv", strings.NewReader(corps))
	check(t, err)
	if len(l.Fiches) < 50 || len(l.Ecartes) > 0 {
		t.Fatalf("%d lines read, %d left out", len(l.Fiches), len(l.Ecartes))
	}
	lignes := "\n" + corps
	for _, v := range b.lieux.Lieux() {
		if dedans := strings.Contains(lignes, "\n"+v.ID+","); dedans == v.HorsTerritoire {
			t.Errorf("%s, of a neighbour: %v, is in the table: %v", v.Champs.Nom, v.HorsTerritoire, dedans)
		}
	}
	for _, f := range l.Fiches {
		var c mednum.Champs
		for champ, texte := range f.Champs {
			check(t, c.Affecter(champ, texte))
		}
		for _, faute := range c.Validate() {
			t.Errorf("%s: %v", c.Nom, faute)
		}
	}
}

// Who publishes, and to whom to write, are those of the territory's settings; of
// settings that are not filled in nothing is made up.
func TestCatalogueEditeur(t *testing.T) {
	b := newBanc(t)
	c := b.catalogue(t, "/donnees/catalogue.jsonld")
	if c.Editeur.Nom.Valeur != "À deux pas, Tarn-et-Garonne" || c.Editeur.Type != nil || c.Jeu.Contact != nil {
		t.Errorf("not filled in: %+v, contact %v", c.Editeur, c.Jeu.Contact)
	}
	b = newBanc(t, func(c *web.Config) {
		ter := *c.Territoire
		ter.Editeur = territoire.Editeur{Nom: "Département d’essai", Courriel: "essai@exemple.fr"}
		c.Territoire = &ter
	})
	c = b.catalogue(t, "/donnees/catalogue.jsonld")
	if c.Editeur.Nom.Valeur != "Département d’essai" || c.Editeur.Type == nil || c.Jeu.Contact == nil {
		t.Errorf("filled in: %+v, contact %v", c.Editeur, c.Jeu.Contact)
	}
	if _, corps := b.get(t, "/donnees/catalogue.jsonld"); !strings.Contains(corps, "mailto:essai@exemple.fr") {
		t.Error("no address to write to")
	}
}

// A change is in the files, in the catalogue and in the map as soon as it is
// published; what has not changed is answered by 304.
func TestPublicationSuit(t *testing.T) {
	b := newBanc(t)
	avant := b.catalogue(t, "/donnees/catalogue.jsonld")
	rep, _ := b.get(t, "/donnees/catalogue.jsonld")
	if rep, _ := b.get(t, "/donnees/catalogue.jsonld", "If-None-Match", rep.Header.Get("ETag")); rep.StatusCode != 304 {
		t.Errorf("asked again: %d", rep.StatusCode)
	}
	id := premierLieu(t, b)
	_, err := b.lieux.Modifier(t.Context(), id, catalogue.Edition{Auteur: "cli", Voie: "cli", Droits: toutDroit}, func(l *mednum.Lieu) error {
		return l.Corriger(mednum.ChampNom, "Un nom tout neuf", "cli", mardi.Add(time.Hour))
	})
	check(t, err)
	apres := b.catalogue(t, "/donnees/catalogue.jsonld")
	if apres.Modifie.Valeur != "2026-11-24" || avant.Modifie.Valeur >= apres.Modifie.Valeur {
		t.Errorf("modified %s, then %s", avant.Modifie.Valeur, apres.Modifie.Valeur)
	}
	if _, csv := b.get(t, "/donnees/lieux.csv"); !strings.Contains(csv, "Un nom tout neuf") {
		t.Error("the file is that of before")
	}
	if _, plan := b.get(t, "/sitemap.xml"); !strings.Contains(plan, "/lieux/"+id+"</loc><lastmod>2026-11-24</lastmod>") {
		t.Error("the map has not moved")
	}
}

// Every page of the map is there, may be listed, and says itself where it is; and
// every page of a place, a commune or an EPCI of the territory is in it.
func TestPlanDuSite(t *testing.T) {
	for _, tt := range []struct{ name, publique, prefixe string }{{"at the root", "https://exemple.fr", ""}, {"under a path", publique, "/aide"}} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t, func(c *web.Config) { c.URLPublique = tt.publique })
			if _, robots := b.get(t, tt.prefixe+"/robots.txt"); !strings.Contains(robots, "\nSitemap: "+tt.publique+"/sitemap.xml\n") {
				t.Errorf("robots.txt does not name it:\n%s", robots)
			}
			rep, corps := b.get(t, tt.prefixe+"/sitemap.xml")
			if rep.StatusCode != 200 || !strings.HasPrefix(rep.Header.Get("Content-Type"), "application/xml") {
				t.Fatalf("%d %s", rep.StatusCode, rep.Header.Get("Content-Type"))
			}
			var plan struct {
				URLs []struct {
					Loc     string `xml:"loc"`
					Lastmod string `xml:"lastmod"`
				} `xml:"url"`
			}
			check(t, xml.Unmarshal([]byte(corps), &plan))
			dedans := map[string]string{}
			for _, u := range plan.URLs {
				chemin, sien := strings.CutPrefix(u.Loc, tt.publique)
				if _, deja := dedans[chemin]; !sien || deja {
					t.Errorf("%s: elsewhere, or twice", u.Loc)
				}
				dedans[chemin] = u.Lastmod
				rep, page := b.get(t, tt.prefixe+chemin)
				if rep.StatusCode != 200 || strings.Contains(page, `content="noindex"`) || !strings.Contains(page, `<link rel="canonical" href="`+u.Loc+`">`) {
					t.Errorf("%s: %d, not to be listed, or canonical elsewhere", u.Loc, rep.StatusCode)
				}
			}
			for _, v := range b.lieux.Lieux() {
				modifie, y := dedans["/lieux/"+v.ID]
				if y == v.HorsTerritoire || y && modifie != v.Champs.DateMaj.String() {
					t.Errorf("%s: listed %v, changed %q", v.Champs.Nom, y, modifie)
				}
			}
			communes := 0
			for _, c := range b.ter.Communes {
				if _, y := dedans["/communes/"+c.Code]; y != c.Dedans {
					t.Errorf("%s: listed %v", c.Nom, y)
				} else if y {
					communes++
				}
			}
			if communes != 195 || dedans["/communes/82112"] == "" {
				t.Errorf("%d communes; Moissac changed on %q", communes, dedans["/communes/82112"])
			}
			for _, absent := range []string{"/sitemap-1.xml", "/sitemap-0.xml", "/sitemap-x.xml"} {
				if rep, _ := b.get(t, tt.prefixe+absent); rep.StatusCode != 404 {
					t.Errorf("%s answers %d", absent, rep.StatusCode)
				}
			}
		})
	}
}

// The page of the data names every way to read them, and the limits as they are
// set.
func TestPageDonnees(t *testing.T) {
	for _, tt := range []struct {
		name  string
		debit int
		want  string
	}{
		{"limited", 3000, "3\u00a0000 lectures par minute"},
		{"another limit", 120, "120 lectures par minute"},
		{"not limited", 0, "Le nombre de lectures n’est pas limité."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t, sousAide, func(c *web.Config) { c.Debit = tt.debit })
			_, corps := b.get(t, "/aide/donnees")
			tete, _, _ := strings.Cut(corps, "</head>")
			if !strings.Contains(tete, `<link rel="alternate" type="application/ld+json" href="/aide/donnees/catalogue.jsonld"`) {
				t.Error("the head does not name the catalogue")
			}
			for _, want := range []string{
				tt.want, `href="/aide/donnees/lieux.csv"`, `href="/aide/donnees/lieux.json"`, `href="/aide/donnees/lieux.geojson"`, `href="/aide/donnees/lieux.xlsx"`, `href="/aide/donnees/lieux-tableur.csv"`, `href="/aide/donnees/catalogue.jsonld"`,
				`href="/aide/integrer"`, publique + "/ogc<", `href="/aide/ogc"`, `href="/aide/api"`, `href="/aide/changements.atom"`, "Ajouter à mon agenda", "webhook", "ETag", "Licence Ouverte 2.0", "au moins douze mois",
			} {
				if !strings.Contains(corps, want) {
					t.Errorf("no %q", want)
				}
			}
		})
	}
}
