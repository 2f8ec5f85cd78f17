package mongo_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/storetest"
)

// aussitot is how soon a stream has to tell of a write, on a machine that does
// ten other things: half of what asking every second may take.
const aussitot = 500 * time.Millisecond

// sansFin is long enough for a test to wait for a stream alone.
const sansFin = time.Hour

// ouvrirFlux opens a store that hears by a stream alone, which is open.
func ouvrirFlux(t *testing.T, uri string) *mongo.Base {
	t.Helper()
	b := ouvrir(t, uri)
	b.SetAttente(sansFin, sansFin)
	wantReveil(t, attendre(t.Context(), b), 5*time.Second) // opens the stream, and says to look
	return b
}

// attendre calls Attendre in the background.
func attendre(ctx context.Context, b *mongo.Base) <-chan error {
	fin := make(chan error, 1)
	go func() { fin <- b.Attendre(ctx) }()
	return fin
}

// wantReveil wants the end of an Attendre before the delay.
func wantReveil(t *testing.T, fin <-chan error, delai time.Duration) {
	t.Helper()
	select {
	case err := <-fin:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(delai):
		t.Fatalf("nobody was woken within %v", delai)
	}
}

// wantSommeil wants an Attendre that is not over.
func wantSommeil(t *testing.T, fin <-chan error) {
	t.Helper()
	select {
	case err := <-fin:
		t.Fatalf("woken by nothing: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
}

// Where the server has change streams, a write wakes who waits in another
// store at once, without a single question meanwhile, and what is then read is
// the new state.
func TestFluxReveille(t *testing.T) {
	uri := neuf(t)
	commandes := func() int { return 0 }
	if !enReplique(t, uri) {
		f := neuveReplique(t, uri)
		uri, commandes = f.uri, func() int { _, n := f.vu(); return n }
	}
	ici, ailleurs := ouvrirFlux(t, uri), ouvrir(t, uri)
	for v := 1; v <= 10; v++ {
		avant := version(t, ici)
		passees := commandes()
		fin := attendre(t.Context(), ici)
		if v == 1 {
			wantSommeil(t, fin)
		}
		if n := commandes() - passees; n != 0 {
			t.Fatalf("%d commands while waiting, want none", n)
		}
		save(t, ailleurs, revision(lieu("a", fmt.Sprintf("v%d", v)), v))
		wantReveil(t, fin, aussitot)
		if apres := version(t, ici); apres <= avant {
			t.Errorf("version %d after the waking, was %d", apres, avant)
		}
		wantNom(t, ici, "a", fmt.Sprintf("v%d", v), v)
	}
}

// The contract, heard by a stream.
func TestFluxContrat(t *testing.T) {
	storetest.Attendre(t, storetest.Atelier{
		Neuf: func(t *testing.T) string { return neuveReplique(t, neuf(t)).uri },
		Open: func(t *testing.T, uri string) store.Magasin { return ouvrir(t, uri) },
	})
}

// enReplique tells whether the server of the tests is a replica set, whose
// streams are real.
func enReplique(t *testing.T, uri string) bool {
	t.Helper()
	var hello struct{ SetName string }
	if err := derriere(t, uri).RunCommand(t.Context(), bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		t.Fatal(err)
	}
	return hello.SetName != ""
}

// A cut connection loses nothing: the stream goes on after the last token, and
// tells of what happened meanwhile.
func TestFluxRepris(t *testing.T) {
	f := neuveReplique(t, neuf(t))
	b := ouvrirFlux(t, f.uri)
	f.grandir()
	wantReveil(t, attendre(t.Context(), b), aussitot)
	fin := attendre(t.Context(), b)
	wantSommeil(t, fin)
	f.couper()
	f.grandir()
	f.rouvrir()
	wantReveil(t, fin, 10*time.Second)                // the driver looks for its server first
	wantReveil(t, attendre(t.Context(), b), aussitot) // what happened meanwhile
	fin = attendre(t.Context(), b)
	wantSommeil(t, fin)
	f.grandir()
	wantReveil(t, fin, aussitot)
	ouvertures, _ := f.vu()
	if len(ouvertures) != 2 || ouvertures[0] != "" || ouvertures[1] == "" {
		t.Errorf("streams opened after %q, want one after nothing, and one after a token", ouvertures)
	}
}

// A stream that ends, whatever the reason, is opened again; until then one asks
// every so often.
func TestFluxPerdu(t *testing.T) {
	f := neuveReplique(t, neuf(t))
	b := ouvrirFlux(t, f.uri)
	b.SetAttente(time.Millisecond, sansFin)
	fin := attendre(t.Context(), b)
	wantSommeil(t, fin)
	f.mu.Lock()
	clear(f.curseurs) // the stream that waits is gone
	f.refus = 280     // ChangeStreamFatalError, of the one that would resume it
	f.mu.Unlock()
	f.grandir()
	wantReveil(t, fin, aussitot)
	for range 20 {
		wantReveil(t, attendre(t.Context(), b), aussitot)
	}
	f.mu.Lock()
	f.refus = 0
	essais := len(f.ouvertures)
	f.mu.Unlock()
	if essais < 4 || essais > 7 { // 1, 2, 4 and 8 times without, then one more
		t.Errorf("asked for a stream %d times in 20 turns", essais)
	}
	for range 32 { // the last time it was too many turns away
		wantReveil(t, attendre(t.Context(), b), aussitot)
		if o, _ := f.vu(); len(o) > essais {
			break
		}
	}
	fin = attendre(t.Context(), b)
	wantSommeil(t, fin)
	f.grandir()
	wantReveil(t, fin, aussitot)
}

// A server that has no change streams is asked once; one that may have them
// another time is asked again.
func TestFluxRefuse(t *testing.T) {
	uri := neuf(t)
	for _, tt := range []struct {
		name  string
		code  int32
		seule bool
	}{
		{"a mongod alone", 40573, true},
		{"a stage that is not known", 40324, true},
		{"a command that is not known", 59, true},
		{"not done", 238, true},
		{"not supported, as FerretDB says", 115, true},
		{"not as it is set up", 20, true},
		{"its own trouble", 1, false},
		{"no right", 13, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := neuveReplique(t, uri)
			f.refus = tt.code
			b := ouvrir(t, f.uri)
			b.SetAttente(time.Millisecond, sansFin)
			for range 20 {
				wantReveil(t, attendre(t.Context(), b), aussitot)
			}
			ouvertures, _ := f.vu()
			if seule := len(ouvertures) == 1; seule != tt.seule {
				t.Errorf("asked for a stream %d times, want once: %v", len(ouvertures), tt.seule)
			}
			if slices.ContainsFunc(ouvertures, func(j string) bool { return j != "" }) {
				t.Errorf("a stream that never was is resumed: %q", ouvertures)
			}
		})
	}
}

// Two that wait in one store: one is told, the other asks every so often.
func TestFluxPartage(t *testing.T) {
	f := neuveReplique(t, neuf(t))
	b := ouvrirFlux(t, f.uri)
	b.SetAttente(time.Millisecond, sansFin)
	premier := attendre(t.Context(), b)
	wantSommeil(t, premier)
	wantReveil(t, attendre(t.Context(), b), aussitot)
	f.grandir()
	wantReveil(t, premier, aussitot)
}

// Close ends the stream on the server too, and leaves nothing running.
func TestFluxFerme(t *testing.T) {
	f := neuveReplique(t, neuf(t))
	ouvrir(t, f.uri).Close() // what the first connections leave for good
	avant := runtime.NumGoroutine()
	for _, name := range []string{"between two waits", "after a wait that was given up"} {
		t.Run(name, func(t *testing.T) {
			b := ouvrirFlux(t, f.uri)
			ctx, cancel := context.WithCancel(t.Context())
			fin := attendre(ctx, b)
			wantSommeil(t, fin)
			if name == "between two waits" {
				f.grandir()
				wantReveil(t, fin, aussitot)
			}
			cancel()
			if err := b.Attendre(ctx); err == nil {
				t.Error("Attendre of a ctx that is over succeeded")
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
			wantBientot(t, "streams stay open on the server", func() bool {
				f.mu.Lock()
				defer f.mu.Unlock()
				return len(f.curseurs) == 0
			})
		})
	}
	wantBientot(t, "goroutines are left", func() bool { return runtime.NumGoroutine() <= avant })
}

// wantBientot wants a condition to become true within a few seconds.
func wantBientot(t *testing.T, sinon string, vrai func() bool) {
	t.Helper()
	fin := time.After(5 * time.Second)
	for !vrai() {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-fin:
			pile := make([]byte, 1<<16)
			t.Fatalf("%s:\n%s", sinon, pile[:runtime.Stack(pile, true)])
		}
	}
}
