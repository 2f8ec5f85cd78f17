package diffusion

import (
	"bytes"
	"encoding/xml"
	"html"
	"net/url"
	"strings"
	"time"
)

// MimeAtom is the type of a feed (RFC 4287, 7).
const MimeAtom = "application/atom+xml; charset=utf-8"

// anneeEtiquettes begins every tag URI: a year in which the host already was the
// service's (RFC 4151, 2.1). It never changes: readers know entries by it.
const anneeEtiquettes = "2026"

// Fil is an Atom feed. Soi is its own address, Page that of the page that it
// follows. MisAJour is said of a feed without entries; of another one, that of
// its newest entry is.
type Fil struct {
	ID, Titre, SousTitre string
	Auteur               string // who publishes it, never who changed something
	Soi, Page            string
	MisAJour             time.Time
	Entrees              []Entree
}

// Entree is one change. Phrases are plain text, one a line.
type Entree struct {
	ID, Titre  string
	URL        string // of the page where the change can be seen
	Le         time.Time
	Phrases    []string
	Categories []Categorie
}

// Categorie sorts entries; Schema is the address that gives Terme its sense.
type Categorie struct{ Schema, Terme, Nom string }

// Etiquette is the tag URI (RFC 4151) of something of the site at an address:
// the same for ever, whatever becomes of the page.
func Etiquette(site, chemin string) string {
	u, err := url.Parse(site)
	if err != nil || u.Hostname() == "" {
		return "tag:exemple.invalid," + anneeEtiquettes + ":" + chemin
	}
	hote := strings.Trim(u.Hostname(), "[]")
	if strings.Contains(hote, ":") { // an IPv6 address is no authority name
		hote = strings.ReplaceAll(hote, ":", "-") + ".ipv6"
	}
	return "tag:" + strings.ToLower(hote) + "," + anneeEtiquettes + ":" + strings.TrimRight(u.EscapedPath(), "/") + chemin
}

// The elements of RFC 4287, in the order in which they are written.
type (
	filAtom struct {
		XMLName xml.Name     `xml:"http://www.w3.org/2005/Atom feed"`
		Langue  string       `xml:"xml:lang,attr"`
		ID      string       `xml:"id"`
		Titre   string       `xml:"title"`
		Sous    string       `xml:"subtitle,omitempty"`
		Maj     string       `xml:"updated"`
		Auteur  string       `xml:"author>name"`
		Liens   []lienAtom   `xml:"link"`
		Entrees []entreeAtom `xml:"entry"`
	}
	entreeAtom struct {
		ID         string          `xml:"id"`
		Titre      string          `xml:"title"`
		Maj        string          `xml:"updated"`
		Paru       string          `xml:"published"`
		Liens      []lienAtom      `xml:"link"`
		Categories []categorieAtom `xml:"category"`
		Contenu    contenuAtom     `xml:"content"`
	}
	lienAtom struct {
		Rel   string `xml:"rel,attr"`
		Type  string `xml:"type,attr"`
		Cible string `xml:"href,attr"`
	}
	categorieAtom struct {
		Schema string `xml:"scheme,attr,omitempty"`
		Terme  string `xml:"term,attr"`
		Nom    string `xml:"label,attr,omitempty"`
	}
	contenuAtom struct {
		Type  string `xml:"type,attr"`
		Texte string `xml:",chardata"`
	}
)

// EncodeAtom writes the feed. Characters that XML 1.0 cannot hold are replaced
// by U+FFFD (encoding/xml does so).
func (f *Fil) EncodeAtom() ([]byte, error) {
	doc := filAtom{
		Langue: "fr", ID: f.ID, Titre: f.Titre, Sous: f.SousTitre, Auteur: f.Auteur, Maj: instant(f.MisAJour),
		Liens: []lienAtom{
			{"self", "application/atom+xml", f.Soi},
			{"alternate", "text/html", f.Page},
		},
	}
	dernier := time.Time{}
	for i := range f.Entrees {
		e := &f.Entrees[i]
		if e.Le.After(dernier) {
			dernier, doc.Maj = e.Le, instant(e.Le)
		}
		doc.Entrees = append(doc.Entrees, e.atom())
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(doc); err != nil {
		return nil, err
	}
	return append(b.Bytes(), '\n'), nil
}

func (e *Entree) atom() entreeAtom {
	a := entreeAtom{
		ID: e.ID, Titre: e.Titre, Maj: instant(e.Le), Paru: instant(e.Le),
		Liens:   []lienAtom{{"alternate", "text/html", e.URL}},
		Contenu: contenuAtom{"html", paragraphes(e.Phrases)},
	}
	for _, c := range e.Categories {
		a.Categories = append(a.Categories, categorieAtom(c))
	}
	return a
}

// paragraphes is the HTML of an entry; what is text stays text.
func paragraphes(phrases []string) string {
	var b strings.Builder
	for _, p := range phrases {
		b.WriteString("<p>" + html.EscapeString(p) + "</p>")
	}
	return b.String()
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }
