package diffusion_test

import (
	"encoding/xml"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/diffusion"
)

// filLu is what a reader of RFC 4287 looks for, read by names alone.
type filLu struct {
	XMLName xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
	ID      []string  `xml:"http://www.w3.org/2005/Atom id"`
	Titre   []string  `xml:"http://www.w3.org/2005/Atom title"`
	Maj     []string  `xml:"http://www.w3.org/2005/Atom updated"`
	Auteurs []string  `xml:"http://www.w3.org/2005/Atom author>name"`
	Liens   []lienLu  `xml:"http://www.w3.org/2005/Atom link"`
	Entrees []entreLu `xml:"http://www.w3.org/2005/Atom entry"`
}

type entreLu struct {
	ID      []string `xml:"http://www.w3.org/2005/Atom id"`
	Titre   []string `xml:"http://www.w3.org/2005/Atom title"`
	Maj     []string `xml:"http://www.w3.org/2005/Atom updated"`
	Liens   []lienLu `xml:"http://www.w3.org/2005/Atom link"`
	Contenu []struct {
		Type  string `xml:"type,attr"`
		Texte string `xml:",chardata"`
	} `xml:"http://www.w3.org/2005/Atom content"`
	Categories []struct {
		Terme string `xml:"term,attr"`
	} `xml:"http://www.w3.org/2005/Atom category"`
}

type lienLu struct {
	Rel   string `xml:"rel,attr"`
	Type  string `xml:"type,attr"`
	Cible string `xml:"href,attr"`
}

func filEssai() diffusion.Fil {
	le := time.Date(2026, 11, 24, 10, 30, 0, 0, time.FixedZone("", 3600))
	return diffusion.Fil{
		ID: "tag:exemple.fr,2026:/changements.atom", Titre: "Changements <& \"autres\">", SousTitre: "x", Auteur: "À deux pas",
		Soi: "https://exemple.fr/changements.atom?a=1&b=2", Page: "https://exemple.fr/", MisAJour: le.AddDate(-1, 0, 0),
		Entrees: []diffusion.Entree{
			{ID: "tag:exemple.fr,2026:/lieux/a/versions/2", Titre: "Lieu\x00\x0b ]]> \u00a0: \uffff horaires", URL: "https://exemple.fr/lieux/a", Le: le.Add(-time.Hour), Phrases: []string{"<script>alert(1)</script> & \x01 fin", "Deux"}, Categories: []diffusion.Categorie{{Schema: "https://exemple.fr/communes", Terme: "82112", Nom: "L'\"Honor\""}}},
			{ID: "tag:exemple.fr,2026:/lieux/b/versions/2", Titre: "B", URL: "https://exemple.fr/lieux/b", Le: le, Phrases: []string{"Un"}},
		},
	}
}

// What RFC 4287 demands of a feed and of an entry (4.1.1, 4.1.2), whatever the
// texts hold; and what XML 1.0 forbids is not there.
func TestAtom(t *testing.T) {
	f := filEssai()
	octets, err := f.EncodeAtom()
	if err != nil {
		t.Fatal(err)
	}
	var lu filLu
	if err := xml.Unmarshal(octets, &lu); err != nil {
		t.Fatalf("%v\n%s", err, octets)
	}
	if len(lu.ID) != 1 || len(lu.Titre) != 1 || len(lu.Maj) != 1 || len(lu.Auteurs) != 1 {
		t.Errorf("a feed has one id, title, updated and an author: %+v", lu)
	}
	if lu.Maj[0] != "2026-11-24T09:30:00Z" {
		t.Errorf("updated %s", lu.Maj[0])
	}
	if lu.Titre[0] != f.Titre || lu.Liens[0] != (lienLu{"self", "application/atom+xml", f.Soi}) || lu.Liens[1] != (lienLu{"alternate", "text/html", f.Page}) {
		t.Errorf("%+v", lu)
	}
	if len(lu.Entrees) != 2 {
		t.Fatalf("%d entries", len(lu.Entrees))
	}
	for i, e := range lu.Entrees {
		if len(e.ID) != 1 || len(e.Titre) != 1 || len(e.Maj) != 1 || len(e.Liens) != 1 || len(e.Contenu) != 1 || e.ID[0] != f.Entrees[i].ID || e.Liens[0].Rel != "alternate" {
			t.Errorf("entry %d: %+v", i, e)
		}
		if _, err := time.Parse(time.RFC3339, e.Maj[0]); err != nil {
			t.Error(err)
		}
	}
	e := lu.Entrees[0]
	if e.Titre[0] != "Lieu\ufffd\ufffd ]]> \u00a0: \ufffd horaires" {
		t.Errorf("%q", e.Titre[0])
	}
	if want := "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; \ufffd fin</p><p>Deux</p>"; e.Contenu[0].Type != "html" || e.Contenu[0].Texte != want {
		t.Errorf("%+v", e.Contenu[0])
	}
	if e.Categories[0].Terme != "82112" {
		t.Errorf("%+v", e.Categories)
	}
	xmllint(t, octets)
}

// xmllint reads the feed with another parser than Go's, where the machine has it.
func xmllint(t *testing.T, octets []byte) {
	t.Helper()
	chemin, err := exec.LookPath("xmllint")
	if err != nil {
		t.Log("no xmllint here (libxml2-utils): Go's parser alone has read the feed")
		return
	}
	cmd := exec.CommandContext(t.Context(), chemin, "--noout", "-")
	cmd.Stdin = strings.NewReader(string(octets))
	if dit, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v: %s", err, dit)
	}
}

// A feed without entries still says when it was updated.
func TestAtomVide(t *testing.T) {
	f := filEssai()
	f.Entrees = nil
	octets, err := f.EncodeAtom()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(octets), "<updated>2025-11-24T09:30:00Z</updated>") {
		t.Errorf("%s", octets)
	}
	d := xml.NewDecoder(strings.NewReader(string(octets)))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEtiquette(t *testing.T) {
	for site, want := range map[string]string{
		"https://Exemple.fr":       "tag:exemple.fr,2026:/lieux/a",
		"https://exemple.fr:8443/": "tag:exemple.fr,2026:/lieux/a",
		"https://exemple.fr/aide":  "tag:exemple.fr,2026:/aide/lieux/a",
		"http://[::1]:8080":        "tag:--1.ipv6,2026:/lieux/a",
		"http://127.0.0.1:8080":    "tag:127.0.0.1,2026:/lieux/a",
		"pas une adresse":          "tag:exemple.invalid,2026:/lieux/a",
	} {
		if got := diffusion.Etiquette(site, "/lieux/a"); got != want {
			t.Errorf("%s: %s, want %s", site, got, want)
		}
	}
}
