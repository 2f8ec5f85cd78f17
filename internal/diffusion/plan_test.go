package diffusion

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

type planLu struct {
	XMLName xml.Name
	URLs    []struct {
		Loc     string `xml:"loc"`
		Lastmod string `xml:"lastmod"`
	} `xml:"url"`
	Plans []struct {
		Loc     string `xml:"loc"`
		Lastmod string `xml:"lastmod"`
	} `xml:"sitemap"`
}

func lirePlan(t *testing.T, octets []byte) (p planLu) {
	t.Helper()
	if err := xml.Unmarshal(octets, &p); err != nil {
		t.Fatal(err)
	}
	if p.XMLName.Space != "http://www.sitemaps.org/schemas/sitemap/0.9" || !strings.HasPrefix(string(octets), `<?xml version="1.0" encoding="UTF-8"?>`) {
		t.Errorf("%v: %.60s", p.XMLName, octets)
	}
	return p
}

func TestEncodePlan(t *testing.T) {
	jour := func(n int) mednum.Date { return mednum.Date{Annee: 2026, Mois: 11, Jour: n} }
	nom := func(n int) string { return fmt.Sprintf("https://exemple.fr/sitemap-%d.xml", n) }
	adresses := []Adresse{
		{"https://exemple.fr/", mednum.Date{}},
		{"https://exemple.fr/lieux/a?b=1&c=<d>", jour(3)},
		{"https://exemple.fr/lieux/b", jour(9)},
		{"https://exemple.fr/lieux/c", jour(1)},
		{"https://exemple.fr/lieux/d", mednum.Date{}},
	}
	principal, suite, err := EncodePlan(adresses, 5, nom)
	if err != nil || suite != nil {
		t.Fatalf("%d more files, %v", len(suite), err)
	}
	p := lirePlan(t, principal)
	if p.XMLName.Local != "urlset" || len(p.URLs) != 5 || p.URLs[1].Loc != adresses[1].URL || p.URLs[1].Lastmod != "2026-11-03" || p.URLs[0].Lastmod != "" {
		t.Errorf("%+v", p)
	}
	if strings.Count(string(principal), "<lastmod>") != 3 {
		t.Errorf("a date that is not known is written: %s", principal)
	}

	principal, suite, err = EncodePlan(adresses, 2, nom)
	if err != nil || len(suite) != 3 {
		t.Fatalf("%d files, %v", len(suite), err)
	}
	index := lirePlan(t, principal)
	got := []string{index.XMLName.Local}
	for _, x := range index.Plans {
		got = append(got, x.Loc+" "+x.Lastmod)
	}
	want := []string{"sitemapindex", nom(1) + " 2026-11-03", nom(2) + " 2026-11-09", nom(3) + " "}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("index (-want +got):\n%s", d)
	}
	n := 0
	for _, f := range suite {
		for _, u := range lirePlan(t, f).URLs {
			if u.Loc != adresses[n].URL {
				t.Errorf("%d: %s", n, u.Loc)
			}
			n++
		}
	}
	if n != len(adresses) {
		t.Errorf("%d addresses", n)
	}
}

// A plan of the greatest size that the protocol allows fits in one file.
func TestEncodePlanLimite(t *testing.T) {
	adresses := make([]Adresse, AdressesParPlan+1)
	for i := range adresses {
		adresses[i] = Adresse{fmt.Sprintf("https://exemple.fr/lieux/%08d", i), mednum.Date{Annee: 2026, Mois: 11, Jour: 24}}
	}
	_, suite, err := EncodePlan(adresses, AdressesParPlan, func(int) string { return "" })
	if err != nil || len(suite) != 2 || strings.Count(string(suite[0]), "<url>") != AdressesParPlan || strings.Count(string(suite[1]), "<url>") != 1 {
		t.Errorf("%d files, %v", len(suite), err)
	}
}

// A file over the octets that the protocol allows is refused, not published.
func TestEncodePlanTropLourd(t *testing.T) {
	longue := "https://exemple.fr/" + strings.Repeat("a", 2000)
	adresses := make([]Adresse, OctetsParPlan/len(longue))
	for i := range adresses {
		adresses[i].URL = longue
	}
	if _, _, err := EncodePlan(adresses, AdressesParPlan, func(int) string { return "" }); err == nil {
		t.Error("published")
	}
}
