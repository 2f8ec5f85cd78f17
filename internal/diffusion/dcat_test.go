package diffusion

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/piprate/json-gold/ld"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func exemple() Catalogue {
	return Catalogue{
		URL: "https://exemple.fr/donnees/catalogue.jsonld", Accueil: "https://exemple.fr/donnees", Titre: "Données d’essai", Presente: "Un <catalogue> & ses données.",
		Editeur: Organisme{Nom: "Département d’essai", Site: "https://exemple.fr/", Collectivite: true},
		Contact: Contact{Nom: "Département d’essai", Courriel: "essai@exemple.fr", Telephone: "+33563918200"},
		Zone:    Departement{Code: "82", Nom: "Tarn-et-Garonne", Ouest: 0.7383, Sud: 43.768, Est: 1.9963, Nord: 44.393},
		Modifie: mednum.Date{Annee: 2026, Mois: 11, Jour: 24},
		Jeu: Jeu{
			Titre: "Lieux", Presente: "Des lieux.", Page: "https://exemple.fr/donnees", MotsCles: []string{"inclusion numérique"},
			Du: mednum.Date{Annee: 2022, Mois: 12, Jour: 2}, Au: mednum.Date{Annee: 2026, Mois: 11, Jour: 24},
			Fichiers: []Fichier{
				{ID: "csv", Titre: "CSV", Presente: "Tableau.", URL: "https://exemple.fr/donnees/lieux.csv", MediaType: "text/csv", Format: "CSV", Norme: "https://exemple.fr/norme", NomNorme: "Norme", Octets: 1234},
				{ID: "json", Titre: "JSON", Presente: "JSON.", URL: "https://exemple.fr/donnees/lieux.json", MediaType: "application/json", Format: "JSON"},
			},
		},
		Services: []Service{{ID: "api", Titre: "API", Presente: "Une API.", URL: "https://exemple.fr/api/v1", Description: "https://exemple.fr/api/openapi.yaml", Norme: "https://exemple.fr/openapi", NomNorme: "OpenAPI"}},
	}
}

const (
	dcat = "http://www.w3.org/ns/dcat#"
	dct  = "http://purl.org/dc/terms/"
	foaf = "http://xmlns.com/foaf/0.1/"
	card = "http://www.w3.org/2006/vcard/ns#"
)

// demandes are the properties that DCAT-AP 3.0 makes mandatory or recommends, by
// class, as its SHACL shapes have them (SEMICeu/DCAT-AP, releases/3.0.0-draft/html/shacl,
// "shapes" and "shapes_recommended"). dct:issued of a catalogue is recommended
// too: the service does not know the day on which it was first opened.
var demandes = map[string]struct{ obligatoires, recommandees []string }{
	dcat + "Catalog": {
		[]string{dct + "title", dct + "description", dct + "publisher", dcat + "dataset"},
		[]string{dct + "language", dct + "license", dct + "spatial", dct + "modified", dcat + "themeTaxonomy", foaf + "homepage", dcat + "service"},
	},
	dcat + "Dataset": {
		[]string{dct + "title", dct + "description"},
		[]string{dcat + "contactPoint", dcat + "distribution", dcat + "keyword", dct + "publisher", dct + "spatial", dct + "temporal", dcat + "theme"},
	},
	dcat + "Distribution": {
		[]string{dcat + "accessURL"},
		[]string{dct + "description", "http://data.europa.eu/r5r/availability", dct + "format", dct + "license"},
	},
	dcat + "DataService": {
		[]string{dct + "title", dcat + "endpointURL"},
		[]string{dcat + "servesDataset", dcat + "endpointDescription", dcat + "contactPoint", dct + "publisher", dcat + "theme", dct + "conformsTo", dcat + "keyword"},
	},
	foaf + "Agent":          {[]string{foaf + "name"}, []string{dct + "type"}},
	dct + "Location":        {nil, []string{dcat + "bbox", dcat + "centroid"}},
	dct + "PeriodOfTime":    {nil, []string{dcat + "startDate", dcat + "endDate"}},
	dct + "LicenseDocument": {nil, []string{dct + "title", dct + "type"}},
	card + "Organization":   {[]string{card + "fn"}, []string{card + "hasEmail"}},
	dct + "Standard":        {[]string{dct + "title"}, nil},
}

// seules are the properties that have one value at most, by the same shapes.
var seules = []string{
	dct + "publisher", dct + "license", dct + "modified", dct + "accessRights", dct + "accrualPeriodicity", dct + "format", dct + "type", foaf + "homepage",
	dcat + "byteSize", dcat + "mediaType", dcat + "bbox", dcat + "centroid", dcat + "startDate", dcat + "endDate", "http://data.europa.eu/r5r/availability",
}

// noeuds are the typed nodes of a document once it is read by another's JSON-LD
// processor, by type. Nothing is fetched: the context is inside.
func noeuds(t *testing.T, document []byte) map[string][]map[string]any {
	t.Helper()
	lu, err := ld.DocumentFromReader(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	etendu, err := ld.NewJsonLdProcessor().Expand(lu, ld.NewJsonLdOptions(""))
	if err != nil {
		t.Fatalf("not JSON-LD: %v", err)
	}
	parType := map[string][]map[string]any{}
	var visiter func(v any)
	visiter = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				visiter(x)
			}
		case map[string]any:
			types, _ := v["@type"].([]any)
			for _, typ := range types {
				parType[typ.(string)] = append(parType[typ.(string)], v)
			}
			for cle, x := range v {
				if !strings.HasPrefix(cle, "@") && !strings.HasPrefix(cle, "http") {
					t.Errorf("%q is no IRI: its prefix is not declared", cle)
				}
				visiter(x)
			}
		}
	}
	visiter(etendu)
	return parType
}

func TestEncodeDCAT(t *testing.T) {
	c := exemple()
	document, err := c.EncodeDCAT()
	if err != nil {
		t.Fatal(err)
	}
	parType := noeuds(t, document)
	for typ, d := range demandes {
		if len(parType[typ]) == 0 {
			t.Errorf("no %s", typ)
		}
		for _, n := range parType[typ] {
			for _, p := range append(d.obligatoires, d.recommandees...) {
				if v, _ := n[p].([]any); len(v) == 0 {
					t.Errorf("%s of %v has no %s", typ, n["@id"], p)
				}
			}
			for _, p := range seules {
				if v, _ := n[p].([]any); len(v) > 1 {
					t.Errorf("%s of %v has %d %s", typ, n["@id"], len(v), p)
				}
			}
		}
	}
	if n := len(parType[dcat+"Distribution"]); n != 2 {
		t.Errorf("%d distributions", n)
	}
	for _, want := range []string{
		`"@id": "https://exemple.fr/donnees/catalogue.jsonld#csv"`, "file-type/CSV", "media-types/text/csv", `"@value": "1234"`,
		"POLYGON((0.7383 43.7680, 1.9963 43.7680, 1.9963 44.3930, 0.7383 44.3930, 0.7383 43.7680))", "Un <catalogue> & ses données.", `"mailto:essai@exemple.fr"`,
	} {
		if !strings.Contains(string(document), want) {
			t.Errorf("no %s", want)
		}
	}
	encore, err := c.EncodeDCAT()
	if err != nil || !bytes.Equal(document, encore) {
		t.Error("the same catalogue gives other bytes")
	}
}

// Nothing is said of a contact, of a kind of publisher or of dates that are not
// known; what is mandatory stays.
func TestEncodeDCATSansReglages(t *testing.T) {
	c := exemple()
	c.Contact, c.Editeur, c.Jeu.Du, c.Jeu.Au, c.Modifie = Contact{}, Organisme{Nom: "À deux pas"}, mednum.Date{}, mednum.Date{}, mednum.Date{}
	document, err := c.EncodeDCAT()
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(document) {
		t.Fatal("not JSON")
	}
	parType := noeuds(t, document)
	for _, absent := range []string{"contactPoint", "vcard:fn", "LocalAuthority", "startDate", "endDate", "PeriodOfTime", "dct:modified", `"@value": ""`, `"@id": ""`} {
		if strings.Contains(string(document), absent) {
			t.Errorf("%s is written", absent)
		}
	}
	for typ, d := range demandes {
		for _, n := range parType[typ] {
			for _, p := range d.obligatoires {
				if v, _ := n[p].([]any); len(v) == 0 {
					t.Errorf("%s has no %s", typ, p)
				}
			}
		}
	}
}
