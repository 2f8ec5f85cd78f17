package sources_test

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/sources"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
)

func TestMain(m *testing.M) {
	code := m.Run()
	mongotest.Stop()
	os.Exit(code)
}

// mardi is a Tuesday, 10:30 in Paris.
var mardi = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

type horloge struct {
	mu sync.Mutex
	t  time.Time
}

func (h *horloge) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.t
}

func (h *horloge) avancer(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.t = h.t.Add(d)
}

// banc is the room over a base.
type banc struct {
	*sources.Sources
	horloge *horloge
	journal *bytes.Buffer
}

// bases are the two stores; each opens one base as many times as asked.
var bases = []struct {
	name string
	open func(t *testing.T, h *horloge, n int) []store.Magasin
}{
	{"sqlite", func(t *testing.T, h *horloge, n int) (liste []store.Magasin) {
		chemin := filepath.Join(t.TempDir(), "a.db")
		for range n {
			base, err := sqlite.Open(t.Context(), chemin, h.now)
			check(t, err)
			liste = append(liste, base)
		}
		return liste
	}},
	{"mongo", func(t *testing.T, h *horloge, n int) (liste []store.Magasin) {
		uri := mongotest.Neuf(t, os.Getenv("MONGODB_URI"))
		for range n {
			base, err := mongo.Open(t.Context(), uri, h.now)
			check(t, err)
			liste = append(liste, base)
		}
		return liste
	}},
}

func installer(t *testing.T) *banc {
	t.Helper()
	h := &horloge{t: mardi}
	return sur(t, bases[0].open(t, h, 1)[0], h)
}

var boucle = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}

// sur is a program on a base, which may call 127.0.0.1 and ends with the test.
func sur(t *testing.T, base store.Magasin, h *horloge) *banc {
	t.Helper()
	t.Cleanup(func() { _ = base.Close() })
	ter, err := territoire.Open(data.Defaut)
	check(t, err)
	b := &banc{horloge: h, journal: &bytes.Buffer{}}
	b.Sources = sources.New(sources.Pieces{
		Base: base, Territoire: ter, Sortie: sources.NewSortie(boucle, nil), Now: h.now,
		Journal: slog.New(slog.NewTextHandler(b.journal, nil)), URLPublique: "https://aide.exemple.fr", Version: "essai",
	})
	return b
}

// sortir has the program call otherwise.
func (b *banc) sortir(change func(*sortie.Reglages)) {
	r := sortie.Reglages{Permis: boucle, Corps: 64 << 20, Renvois: 5}
	change(&r)
	b.Sortie = sortie.New(r)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T any](t *testing.T, quoi string, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", quoi, d)
	}
}

func wantCode(t *testing.T, err error, code mednum.Code, champ string) {
	t.Helper()
	for _, e := range mednum.Errors(err) {
		if e.Code == code && e.Champ == champ {
			return
		}
	}
	t.Errorf("error %v, want %s of %s", err, code, champ)
}

// serveur gives a file, and keeps what it was asked.
type serveur struct {
	*httptest.Server
	mu       sync.Mutex
	demandes []*http.Request
	repond   http.HandlerFunc
}

func servir(t *testing.T, repond http.HandlerFunc) *serveur {
	t.Helper()
	s := &serveur{repond: repond}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.demandes = append(s.demandes, r)
		f := s.repond
		s.mu.Unlock()
		f(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// repondre has it answer otherwise from now on.
func (s *serveur) repondre(f http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repond = f
}

// vus are the requests since the last call.
func (s *serveur) vus() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	vus := s.demandes
	s.demandes = nil
	return vus
}

// edition serves a content under an ETag that it has, 304 to who knows it.
func edition(texte string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		etag := fmt.Sprintf(`"%x"`, crc32.ChecksumIEEE([]byte(texte)))
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, texte)
	}
}

func texte(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, s) }
}

func code(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) }
}

const entete = "id,pivot,nom,commune,code_postal,code_insee,adresse,latitude,longitude,telephone,source,date_maj,services\n"

// villes are ten communes, each with a place that looks like no other.
var villes = strings.Fields("82000/82121/Montauban 82200/82112/Moissac 82100/82033/Castelsarrasin 82300/82037/Caussade 82500/82013/Beaumont-de-Lomagne" +
	" 82400/82186/Valence 82800/82134/Nègrepelisse 82110/82094/Lauzerte 82700/82125/Montech 82170/82075/Grisolles")

// lieux is a file of the standard with the first n places, those that are
// changed with another phone.
func lieux(n int, changes ...int) string {
	var b strings.Builder
	b.WriteString(entete)
	for i, ville := range villes[:n] {
		v := strings.Split(ville, "/")
		telephone := fmt.Sprintf("+335630000%02d", i)
		if slices.Contains(changes, i) {
			telephone = fmt.Sprintf("+335639999%02d", i)
		}
		fmt.Fprintf(&b, "essai-%d,00000000000000,Atelier de %s,%s,%s,%s,%d rue d’Essai,,,%s,Essai,2026-10-01,Accès internet et matériel informatique\n",
			i, v[2], v[2], v[0], v[1], i+1, telephone)
	}
	return b.String()
}

// ajouter keeps a source at an address.
func (b *banc) ajouter(t *testing.T, adresse string) sources.Source {
	t.Helper()
	src, err := b.Ajouter(t.Context(), sources.Demande{Nom: "Ville d’Essai", URL: adresse, Heure: 3})
	check(t, err)
	return src
}

// passer fetches the source now.
func (b *banc) passer(t *testing.T) sources.Passage {
	t.Helper()
	p, err := b.Passer(t.Context(), "ville-d-essai", sources.Lancer, "service")
	check(t, err)
	return p
}

func (b *banc) source(t *testing.T) sources.Source {
	t.Helper()
	src, err := b.Source(t.Context(), "ville-d-essai")
	check(t, err)
	return src
}

// telephones are those of the places in the base, by name.
func (b *banc) telephones(t *testing.T) map[string]string {
	t.Helper()
	liste, err := b.Base.Lieux(t.Context())
	check(t, err)
	m := map[string]string{}
	for _, l := range liste {
		m[l.Champs.Nom] = l.Champs.Telephone
	}
	return m
}

func (b *banc) version(t *testing.T) int64 {
	t.Helper()
	v, err := b.Base.Version(t.Context())
	check(t, err)
	return v
}

// changerFormat has the source expect a format, as a known one does.
func (b *banc) changerFormat(t *testing.T, format string) {
	t.Helper()
	src, o, err := store.Lire[sources.Source](t.Context(), b.Base, "source", "ville-d-essai")
	check(t, err)
	src.Format = format
	check(t, store.Poser(t.Context(), b.Base, store.Objet{Genre: "source", ID: src.ID, Version: o.Version + 1}, src))
}
