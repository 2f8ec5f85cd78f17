package courrier_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/courrier/courriertest"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

var update = flag.Bool("update", false, "rewrite testdata")

// TestMain trusts the authority of the test servers, as docs/exploitation.md
// says: by SSL_CERT_FILE.
func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dossier, err := os.MkdirTemp("", "adeuxpas-courrier-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dossier)
	autorite, err := courriertest.Autorite(dossier)
	if err != nil {
		panic(err)
	}
	if err := os.Setenv("SSL_CERT_FILE", autorite); err != nil {
		panic(err)
	}
	defer mongotest.Stop()
	return m.Run()
}

var midi = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// horloge is a clock that the test moves.
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

// banc is a room over a base of its own.
type banc struct {
	*courrier.Courrier
	base    store.Magasin
	horloge *horloge
	journal *lignes
}

// lignes keeps what the log says.
type lignes struct {
	mu    sync.Mutex
	texte string
}

func (l *lignes) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.texte += string(p)
	return len(p), nil
}

func (l *lignes) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.texte
}

func reglages(t testing.TB, smtp string) courrier.Reglages {
	t.Helper()
	s, err := courrier.LireSMTP(smtp)
	if err != nil {
		t.Fatal(err)
	}
	return courrier.Reglages{
		SMTP: s, Expediteur: courrier.Expediteur{Nom: "À deux pas", Adresse: "ne-pas-repondre@exemple.fr"},
		NomService: "À deux pas", URLPublique: "https://aide.exemple.fr", Delai: 2 * time.Second,
	}
}

func ouvrir(t testing.TB, chemin string, h *horloge) store.Magasin {
	t.Helper()
	b, err := sqlite.Open(t.Context(), chemin, h.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func ouvrirMongo(t testing.TB, uri string, h *horloge) store.Magasin {
	t.Helper()
	b, err := mongo.Open(t.Context(), uri, h.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func installer(t testing.TB, r courrier.Reglages) *banc {
	t.Helper()
	h := &horloge{t: midi}
	return sur(ouvrir(t, filepath.Join(t.TempDir(), "essai.db"), h), r, h)
}

func sur(base store.Magasin, r courrier.Reglages, h *horloge) *banc {
	journal := new(lignes)
	return &banc{courrier.New(base, r, h.now, slog.New(slog.NewTextHandler(journal, nil))), base, h, journal}
}

func lettre(genre courrier.Genre, a string) courrier.Lettre {
	return courrier.Lettre{Genre: genre, A: a, Sujet: "Essai", Paragraphes: []string{"Bonjour."}}
}

func (b *banc) poster(t testing.TB, l courrier.Lettre) string {
	t.Helper()
	id, err := b.Poster(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (b *banc) envoyer(t testing.TB, want int) {
	t.Helper()
	if n, err := b.Envoyer(t.Context()); err != nil || n != want {
		t.Errorf("Envoyer = %d, %v, want %d", n, err, want)
	}
}

// suivi is what a test looks at in a sending.
type suivi struct {
	Etat   courrier.Etat
	Essais int
	Cause  string
	Corps  bool
}

func (b *banc) suivi(t testing.TB, id string) suivi {
	t.Helper()
	liste, err := b.Liste(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range liste {
		if e.ID == id {
			return suivi{e.Etat, e.Essais, e.Cause, e.Corps != nil}
		}
	}
	t.Fatalf("no sending %s", id)
	return suivi{}
}

func (b *banc) wantSuivi(t testing.TB, id string, want suivi) {
	t.Helper()
	if d := cmp.Diff(want, b.suivi(t, id)); d != "" {
		t.Errorf("the sending (-want +got):\n%s", d)
	}
}

func (b *banc) wantRebond(t testing.TB, adresse string, want bool) {
	t.Helper()
	if got, err := b.Rebondit(t.Context(), adresse); err != nil || got != want {
		t.Errorf("Rebondit(%s) = %v, %v, want %v", adresse, got, err, want)
	}
}

func wantCode(t testing.TB, err error, want mednum.Code, champ string) {
	t.Helper()
	if e, ok := errors.AsType[*mednum.Error](err); !ok || e.Code != want || e.Champ != champ {
		t.Errorf("error %v, want %s of %s", err, want, champ)
	}
}

// golden compares with a file of testdata, which -update rewrites.
func golden(t *testing.T, nom, got string) {
	t.Helper()
	chemin := filepath.Join("testdata", nom)
	if *update {
		if err := os.WriteFile(chemin, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", chemin, d)
	}
}

// mourant is a store whose program dies once it has written n times.
type mourant struct {
	store.Magasin
	n int
}

func (m *mourant) SetObjet(ctx context.Context, o store.Objet) error {
	if m.n == 0 {
		return fmt.Errorf("the program is dead")
	}
	m.n--
	return m.Magasin.SetObjet(ctx, o)
}
