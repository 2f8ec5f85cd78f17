package diffusion

import (
	"bytes"
	"encoding/xml"
	"fmt"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The limits of one file (sitemaps.org, protocol 0.9). The octets are before
// any compression.
const (
	AdressesParPlan = 50_000
	OctetsParPlan   = 50 << 20
)

// Adresse is a page that search engines may list: absolute, with the day on which
// what it says last changed, zero when that is not known.
type Adresse struct {
	URL     string
	Modifie mednum.Date
}

const espacePlan = "http://www.sitemaps.org/schemas/sitemap/0.9"

type entreePlan struct {
	URL     string `xml:"loc"`
	Modifie string `xml:"lastmod,omitempty"`
}

type plan struct {
	XMLName  xml.Name     `xml:"urlset"`
	Espace   string       `xml:"xmlns,attr"`
	Adresses []entreePlan `xml:"url"`
}

type indexPlans struct {
	XMLName xml.Name     `xml:"sitemapindex"`
	Espace  string       `xml:"xmlns,attr"`
	Plans   []entreePlan `xml:"sitemap"`
}

// EncodePlan writes the plan of a site (sitemap): one file, or, when there are
// more than parFichier addresses, an index and the files that it names.
// adresse is the address of the nth of them, from 1.
func EncodePlan(adresses []Adresse, parFichier int, adresse func(n int) string) (principal []byte, suite [][]byte, err error) {
	if len(adresses) <= parFichier {
		principal, err = encodeXML(newPlan(adresses))
		return principal, nil, err
	}
	index := indexPlans{Espace: espacePlan}
	for debut := 0; debut < len(adresses); debut += parFichier {
		partie := adresses[debut:min(debut+parFichier, len(adresses))]
		fichier, err := encodeXML(newPlan(partie))
		if err != nil {
			return nil, nil, err
		}
		suite = append(suite, fichier)
		index.Plans = append(index.Plans, entreePlan{adresse(len(suite)), derniere(partie).String()})
	}
	principal, err = encodeXML(index)
	return principal, suite, err
}

func newPlan(adresses []Adresse) plan {
	p := plan{Espace: espacePlan, Adresses: make([]entreePlan, 0, len(adresses))}
	for _, a := range adresses {
		p.Adresses = append(p.Adresses, entreePlan{a.URL, a.Modifie.String()})
	}
	return p
}

// derniere is the last change of all.
func derniere(adresses []Adresse) (d mednum.Date) {
	for _, a := range adresses {
		if a.Modifie.Compare(d) > 0 {
			d = a.Modifie
		}
	}
	return d
}

func encodeXML(v any) ([]byte, error) {
	b := bytes.NewBufferString(xml.Header)
	if err := xml.NewEncoder(b).Encode(v); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	b.WriteByte('\n')
	if b.Len() > OctetsParPlan {
		return nil, fmt.Errorf("plan: %d octets in one file", b.Len())
	}
	return b.Bytes(), nil
}
