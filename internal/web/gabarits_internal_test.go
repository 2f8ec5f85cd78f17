package web

import (
	"strings"
	"testing"
	"testing/fstest"
)

// A page has the pieces that it asks for, by themselves or through one another;
// one that asks for a piece that does not exist is refused before it is served.
func TestGabaritsEntiers(t *testing.T) {
	pages := fstest.MapFS{
		"base.html":              {Data: []byte(`{{block "contenu" .}}{{end}}`)},
		"embarque.html":          {Data: []byte(`{{template "signe"}}`)},
		"partiels/signe.html":    {Data: []byte(`{{define "signe"}}s{{end}}`)},
		"partiels/liste.html":    {Data: []byte(`{{define "liste"}}{{template "tuile.html"}}{{end}}`)},
		"partiels/tuile.html":    {Data: []byte(`t`)},
		"partiels/inutile.html":  {Data: []byte(`{{define "inutile"}}{{end}}`)},
		"accueil/accueil.html":   {Data: []byte(`{{define "contenu"}}{{template "liste"}}{{end}}`)},
		"mentions/mentions.html": {Data: []byte(`{{define "contenu"}}m{{end}}`)},
	}
	gabarits, err := new(site).parseGabarits(pages, false)
	if err != nil {
		t.Fatal(err)
	}
	var sortie strings.Builder
	if err := gabarits["accueil"].ExecuteTemplate(&sortie, "base.html", nil); err != nil || sortie.String() != "t" {
		t.Errorf("%q, %v", sortie.String(), err)
	}
	if gabarits["mentions"].Lookup("liste") != nil || gabarits["accueil"].Lookup("inutile") != nil || gabarits["mentions"].Lookup("signe") == nil {
		t.Error("a page has pieces that it does not ask for, or lacks one")
	}
	pages["faux/faux.html"] = &fstest.MapFile{Data: []byte(`{{define "contenu"}}{{template "absent"}}{{end}}`)}
	if _, err := new(site).parseGabarits(pages, false); err == nil || !strings.Contains(err.Error(), `"absent"`) {
		t.Errorf("an absent piece: %v", err)
	}
}
