package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// page is what the frame around every page needs.
type page struct {
	Titre       string
	Description string
	Canonique   string  // path of the page's stable address, "" for none
	SansIndex   bool    // keep out of search engines
	Prive       bool    // of one person: kept by no cache
	Espace      *espace // who is signed in, nil on public pages
	Renvoi      bool    // a form that came back: it shows what was just sent
	Papier      bool    // a page made to be printed: no navigation
	Large       bool    // uses the whole width (results)
	Fil         string  // path of the Atom feed that follows the page, "" for none
	JSONLD      any     // schema.org description, nil for none
	Corps       any
	DonneesDu   string  // of when the data are, while the store does not answer
	Encart      *encart // the frame of another site, nil on this one
	Site        cadre
}

// Recherche is the path of the search, for one errand or none: that of the
// frame within one.
func (p page) Recherche(pour string) string {
	switch {
	case p.Encart != nil:
		return p.Encart.accueil(pour)
	case pour != "":
		return "/?pour=" + url.QueryEscape(pour)
	}
	return "/"
}

// cadre is the part of the frame that never changes while the service runs.
type cadre struct {
	Territoire   *territoire.Territoire
	Attributions []territoire.Attribution
	URLPublique  string
	Tuiles       string
	Version      string
	Local        bool // the public address is not set: what is printed leads nowhere
	Demo         bool // mail is on a page
}

// Where a template defines a name, and where it asks for one.
var (
	motifDefini  = regexp.MustCompile(`\{\{-?\s*define "([^"]+)"`)
	motifDemande = regexp.MustCompile(`\{\{-?\s*(?:template|block) "([^"]+)"`)
)

// partiels are the shared pieces of templates: the file that defines each name,
// and the names that each file asks for.
type partiels struct {
	definis  map[string]string
	demandes map[string][]string
}

func lirePartiels(pages fs.FS) (partiels, error) {
	p := partiels{map[string]string{}, map[string][]string{}}
	fichiers, err := fs.Glob(pages, "*.html")
	if err == nil {
		var autres []string
		autres, err = fs.Glob(pages, "*/*.html")
		fichiers = append(fichiers, autres...)
	}
	for _, f := range fichiers {
		texte, lu := fs.ReadFile(pages, f)
		if err = errors.Join(err, lu); err != nil {
			break
		}
		for _, m := range motifDemande.FindAllSubmatch(texte, -1) {
			p.demandes[f] = append(p.demandes[f], string(m[1]))
		}
		if path.Dir(f) != "partiels" {
			continue
		}
		p.definis[path.Base(f)] = f
		for _, m := range motifDefini.FindAllSubmatch(texte, -1) {
			p.definis[string(m[1])] = f
		}
	}
	return p, err
}

// pour are the files of the pieces that others ask for, by themselves or
// through one another.
func (p partiels) pour(fichiers ...string) (demandes []string) {
	for i := 0; i < len(fichiers); i++ {
		for _, nom := range p.demandes[fichiers[i]] {
			if f, ok := p.definis[nom]; ok && !slices.Contains(fichiers, f) {
				fichiers, demandes = append(fichiers, f), append(demandes, f)
			}
		}
	}
	return demandes
}

// parseGabarits reads one template a page: the frame, the page's own file, and
// the shared pieces that they ask for, no more: a service has a hundred pages.
// Those for a frame are the same files, in which "encart" is true, and links
// that leave the frame open a tab.
func (s *site) parseGabarits(pages fs.FS, encart bool) (map[string]*template.Template, error) {
	p, err := lirePartiels(pages)
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	socle, err := template.New("base.html").Funcs(s.fonctions()).Funcs(fonctionsEncart(encart)).
		ParseFS(pages, append([]string{"base.html", "embarque.html"}, p.pour("base.html", "embarque.html")...)...)
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	fichiers, err := fs.Glob(pages, "*/*.html")
	if err != nil {
		return nil, err
	}
	gabarits := map[string]*template.Template{}
	for _, f := range fichiers {
		if path.Dir(f) == "partiels" {
			continue
		}
		siens := append(p.pour(f), f)
		g, err := socle.Clone()
		if err == nil {
			g, err = g.ParseFS(pages, siens...)
		}
		for _, de := range siens {
			for _, nom := range p.demandes[de] {
				if err == nil && g.Lookup(nom) == nil {
					err = fmt.Errorf("%s asks for %q, which nothing defines", de, nom)
				}
			}
		}
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", f, err)
		}
		gabarits[path.Base(path.Dir(f))] = g
	}
	return gabarits, nil
}

func (s *site) fonctions() template.FuncMap {
	return template.FuncMap{
		"actif":         s.actifs.chemin,
		"telephone":     textes.Telephone,
		"de":            textes.De,
		"a":             textes.A,
		"pluriel":       textes.Pluriel,
		"accord":        textes.Accord,
		"nombre":        textes.Nombre,
		"majuscule":     textes.Majuscule,
		"minuscule":     textes.Minuscule,
		"plus":          func(a, b int) int { return a + b },
		"rangs":         func() []rangMois { return rangsMois },
		"jour":          func(e *editeur, j *jourEdite) jourDe { return jourDe{e, j} },
		"date":          func(d mednum.Date) string { return textes.DateLongue(d.Annee, d.Mois, d.Jour) },
		"paritesemaine": s.pariteSemaine,
		"lien":          s.lien,
		"racine":        func() string { return s.racine },
		"ldjson":        ldJSON,
		"ensemble":      ensemble,
	}
}

// fonctionsEncart are what a template says otherwise in a frame: "ailleurs" is
// the attribute of a link that leaves it, "onglet" what a screen reader adds.
func fonctionsEncart(encart bool) template.FuncMap {
	ailleurs, onglet := template.HTMLAttr(""), ""
	if encart {
		ailleurs, onglet = ` target="_blank"`, " (nouvel onglet)"
	}
	return template.FuncMap{
		"encart":   func() bool { return encart },
		"ailleurs": func() template.HTMLAttr { return ailleurs },
		"onglet":   func() string { return onglet },
	}
}

// pariteSemaine says whether this week of the year (ISO 8601) is even or odd.
func (s *site) pariteSemaine() string {
	if _, n := s.maintenant().ISOWeek(); n%2 == 1 {
		return "impaire"
	}
	return "paire"
}

// ensemble makes one value of several, for a template that is given one: name,
// value, name, value…
func ensemble(paires ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(paires); i += 2 {
		m[fmt.Sprint(paires[i])] = paires[i+1]
	}
	return m
}

// ldJSON writes a description for a script block: json.Marshal escapes <, >
// and &, so that no text can close the block.
func ldJSON(v any) (template.JS, error) {
	b, err := json.Marshal(v)
	return template.JS(b), err // escaped by json.Marshal
}

// render executes a page's template wholly before sending it: an error gives an
// error page, never half a page.
func (s *site) render(c *fiber.Ctx, nom string, p page, corps any) error {
	gabarits, base := s.gabarits, "base.html"
	if p.Encart = encartDe(c); p.Encart != nil {
		gabarits, base = s.encarts, "embarque.html"
	}
	g, ok := gabarits[nom]
	if !ok {
		return fmt.Errorf("no template %q", nom)
	}
	p.Corps, p.DonneesDu, p.Renvoi = corps, s.donneesDu(), c.Method() == fiber.MethodPost
	p.Site = cadre{Territoire: s.Territoire, Attributions: s.licences, URLPublique: s.URLPublique, Tuiles: s.Tuiles, Version: s.Version, Local: courrier.Local(s.URLPublique), Demo: s.Demo != nil}
	var b bytes.Buffer
	if err := g.ExecuteTemplate(&b, base, p); err != nil {
		return fmt.Errorf("template %s: %w", nom, err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	if p.Prive {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.Send(b.Bytes())
	}
	if c.Response().StatusCode() != fiber.StatusOK {
		return c.Send(b.Bytes())
	}
	return s.sendCached(c, b.Bytes(), cacheDe(c))
}

// cacheDe lets caches keep a page, but never a shared one that of an address
// that holds a position or a typed text. They ask each time whether it has
// changed: who has just corrected a place sees it so at once.
func cacheDe(c *fiber.Ctx) string {
	if c.Query("lat") != "" || c.Query("q") != "" {
		return "private, no-cache"
	}
	return "public, no-cache"
}

// servePage serves a page that needs nothing but its frame.
func (s *site) servePage(nom, titre string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		return s.render(c, nom, page{Titre: titre, Canonique: c.Path()}, s.fixe())
	}
}

// nombreDedans is how many places the territory's own list has.
func (s *site) nombreDedans() (n int) {
	for _, v := range s.Catalogue.Lieux() {
		if !v.HorsTerritoire {
			n++
		}
	}
	return n
}

type corpsFixe struct {
	Lieux   int
	Jour    mednum.Date // of the snapshot
	Limites []limiteAge
	Debit   int // reads of one address in a minute, 0 for no limit

	Absents, Partiels int // see publication
	Flux              []mednum.Flux
}

// limiteAge is how long the information of a source stays a proof.
type limiteAge struct {
	Nom  string
	Mois int
}

func (s *site) fixe() corpsFixe {
	_, date := s.Catalogue.Instantane()
	corps := corpsFixe{Lieux: len(s.Catalogue.Lieux()), Jour: mednum.DateOf(date.In(s.Territoire.Location())), Debit: s.Debit}
	p := s.publication()
	corps.Absents, corps.Partiels = p.absents, p.partiels
	corps.Flux = s.Catalogue.Flux()
	for flux, mois := range s.Territoire.AgeMax {
		nom := s.Catalogue.NomFlux(flux)
		if flux == "" {
			nom = "Autres sources"
		}
		corps.Limites = append(corps.Limites, limiteAge{nom, mois})
	}
	slices.SortFunc(corps.Limites, func(a, b limiteAge) int { return cmp.Or(b.Mois-a.Mois, strings.Compare(a.Nom, b.Nom)) })
	return corps
}
