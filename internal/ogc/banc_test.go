package ogc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/frontend"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/web"
)

const publique = "https://exemple.fr"

var (
	mardi       = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	collections = []string{"lieux", "communes", "france_services", "mediation", "tiers_lieu"}
)

// site is the whole site over the real territory, with a store of its own.
type site struct {
	app   *fiber.App
	lieux *catalogue.Catalogue
	base  *panne
	ter   *territoire.Territoire
}

// panne is a store that can be made to answer no more.
type panne struct {
	store.Magasin
	muette atomic.Bool
}

func (p *panne) Version(ctx context.Context) (int64, error) {
	if p.muette.Load() {
		return 0, errors.New("no answer")
	}
	return p.Magasin.Version(ctx)
}

func newSite(t testing.TB, change ...func(*web.Config)) *site {
	t.Helper()
	now := func() time.Time { return mardi }
	ter, err := territoire.Open(data.Defaut)
	check(t, err)
	fichier, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), now)
	check(t, err)
	t.Cleanup(func() { fichier.Close() })
	f, err := data.Defaut.Open("lieux.json")
	check(t, err)
	defer f.Close()
	_, err = collecte.Remplir(t.Context(), fichier, ter, f)
	check(t, err)
	demarches, err := catalogue.ReadDemarches(data.Demarches)
	check(t, err)
	s := &site{base: &panne{Magasin: fichier}, ter: ter}
	s.lieux, err = catalogue.Open(t.Context(), s.base, ter, demarches, now)
	check(t, err)
	c := web.Config{
		Catalogue: s.lieux, Comptes: compte.New(fichier, now), Territoire: ter, Demarches: demarches,
		Statique: fstest.MapFS{}, Pages: frontend.Pages(), URLPublique: publique,
		Version: "essai", Now: now, Journal: slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&c)
	}
	s.app, err = web.New(c)
	check(t, err)
	return s
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// demander asks for an address, complete or a path, and gives the body too;
// headers are name, value, name, value…
func (s *site) demander(t testing.TB, methode, adresse string, entetes ...string) (*http.Response, []byte) {
	t.Helper()
	r := httptest.NewRequest(methode, strings.TrimPrefix(adresse, publique), nil)
	for i := 0; i+1 < len(entetes); i += 2 {
		r.Header.Set(entetes[i], entetes[i+1])
	}
	rep, err := s.app.Test(r, -1)
	check(t, err)
	defer rep.Body.Close()
	corps, err := io.ReadAll(rep.Body)
	check(t, err)
	rep.Body = io.NopCloser(bytes.NewReader(corps))
	return rep, corps
}

// lire reads a JSON document that must be there, of that media type.
func lire[T any](t testing.TB, s *site, adresse, mime string) (document T) {
	t.Helper()
	rep, corps := s.demander(t, http.MethodGet, adresse)
	if rep.StatusCode != http.StatusOK || rep.Header.Get("Content-Type") != mime {
		t.Fatalf("%s: %d %q %.300s", adresse, rep.StatusCode, rep.Header.Get("Content-Type"), corps)
	}
	if err := json.Unmarshal(corps, &document); err != nil {
		t.Fatalf("%s: %v in %.300s", adresse, err, corps)
	}
	return document
}

type lien struct{ Href, Rel, Type string }

type liens struct{ Links []lien }

// trouver is the link of that relation and media type, which must be there.
func (l liens) trouver(t testing.TB, rel, mime string) string {
	t.Helper()
	for _, k := range l.Links {
		if k.Rel == rel && k.Type == mime {
			return k.Href
		}
	}
	t.Fatalf("no link %q of type %q in %v", rel, mime, l.Links)
	return ""
}

type ficheCollection struct {
	liens
	ID, Title, Description, ItemType string
	CRS                              []string
	Extent                           *struct {
		Spatial *struct {
			Bbox [][]float64
			CRS  string
		}
		Temporal *struct {
			Interval [][]string
			TRS      string
		}
	}
}

type objet struct {
	liens
	Type, ID string
	Geometry *struct {
		Type        string
		Coordinates json.RawMessage
	}
	Properties map[string]any
}

// lignes are the rings of an outline, or the points of a place as one.
func (o *objet) lignes(t testing.TB) (lignes [][][]float64) {
	t.Helper()
	switch {
	case o.Geometry == nil:
	case o.Geometry.Type == "MultiPoint":
		lignes = make([][][]float64, 1)
		check(t, json.Unmarshal(o.Geometry.Coordinates, &lignes[0]))
	default:
		var polygones [][][][]float64
		check(t, json.Unmarshal(o.Geometry.Coordinates, &polygones))
		for _, p := range polygones {
			lignes = append(lignes, p...)
		}
	}
	return lignes
}

// points are every position of the geometry.
func (o *objet) points(t testing.TB) [][]float64 { return slices.Concat(o.lignes(t)...) }

type liste struct {
	liens
	Type           string
	TimeStamp      string
	NumberMatched  *int
	NumberReturned *int
	Features       []objet
}

func (l *liste) ids() []string {
	ids := make([]string, 0, len(l.Features))
	for _, o := range l.Features {
		ids = append(ids, o.ID)
	}
	return ids
}

const (
	mimeJSON    = "application/json"
	mimeGeoJSON = "application/geo+json"
	mimeHTML    = "text/html"
	mimeOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
)

// tout is the whole of what a request matches, followed page by page.
func (s *site) tout(t testing.TB, adresse string) (tous []objet) {
	t.Helper()
	for adresse != "" {
		l := lire[liste](t, s, adresse, mimeGeoJSON)
		tous = append(tous, l.Features...)
		adresse = ""
		for _, k := range l.Links {
			if k.Rel == "next" {
				adresse = k.Href
			}
		}
	}
	return tous
}

// changer writes a place as another program of the base would, and has it
// served.
func (s *site) changer(t testing.TB, id string, faire func(*mednum.Lieu)) {
	t.Helper()
	l, err := s.base.Lieu(t.Context(), id)
	check(t, err)
	l.Version++
	faire(&l)
	check(t, s.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: l.Version, Apres: l, Idempotence: l.ID + l.Champs.Nom + string(l.Statut)}))
	check(t, s.lieux.Actualiser(t.Context()))
}
