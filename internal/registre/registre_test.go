package registre_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/store/storetest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	mongotest.Stop()
	os.Exit(code)
}

var mardi = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

// horloge is the clock of a test.
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

// surChaqueBase runs a test over both stores.
func surChaqueBase(t *testing.T, f func(t *testing.T, base store.Magasin, h *horloge)) {
	for name, open := range map[string]func(t *testing.T, h *horloge) (store.Magasin, error){
		"sqlite": func(t *testing.T, h *horloge) (store.Magasin, error) {
			return sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), h.now)
		},
		"mongo": func(t *testing.T, h *horloge) (store.Magasin, error) {
			return mongo.Open(t.Context(), mongotest.Neuf(t, os.Getenv("MONGODB_URI")), h.now)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := &horloge{t: mardi}
			base, err := open(t, h)
			check(t, err)
			t.Cleanup(func() { check(t, base.Close()) })
			f(t, base, h)
		})
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fait is a line as a test compares it.
type fait struct{ Le, Quoi, Avant string }

func faitDe(l *registre.Ligne) fait {
	f := fait{Le: l.Le.UTC().Format("2006-01-02 15:04")}
	if l.Acte != nil {
		f.Quoi = l.Acte.Texte
		return f
	}
	f.Quoi = fmt.Sprintf("%s v%d", l.Revision.Lieu, l.Revision.Version)
	if l.Avant != nil {
		f.Avant = fmt.Sprintf("v%d", l.Avant.Version)
	}
	return f
}

// reviser writes the next version of a place, at an instant.
func reviser(t *testing.T, base store.Magasin, id string, version int, le time.Time, change func(*mednum.Revision)) {
	t.Helper()
	rev := storetest.Revision(storetest.Lieu(id, "Lieu "+id), version)
	rev.Le, rev.Auteur, rev.Voie = le, "compte:ana", registre.VoieApp
	if change != nil {
		change(&rev)
	}
	check(t, base.Save(t.Context(), rev))
}

// remplir writes n things, one an hour, and returns them newest first.
func remplir(t *testing.T, base store.Magasin, r *registre.Registre, h *horloge, n int) (want []fait) {
	t.Helper()
	alea := rand.New(rand.NewPCG(8, 82))
	versions := map[string]int{}
	for i := range n {
		h.avancer(time.Hour)
		f := fait{Le: h.now().Format("2006-01-02 15:04")}
		if alea.IntN(2) == 0 {
			f.Quoi = fmt.Sprintf("acte %d", i)
			lieu := ""
			if alea.IntN(3) == 0 {
				lieu = "l1"
			}
			r.Noter(t.Context(), registre.Acte{Qui: []string{"compte:ana", "cli"}[alea.IntN(2)], Voie: []string{"app", "cli"}[alea.IntN(2)], Genre: registre.GenreAcces, Lieu: lieu, Texte: f.Quoi})
		} else {
			id := fmt.Sprintf("l%d", alea.IntN(4))
			versions[id]++
			f.Quoi = fmt.Sprintf("%s v%d", id, versions[id])
			if versions[id] > 1 {
				f.Avant = fmt.Sprintf("v%d", versions[id]-1)
			}
			reviser(t, base, id, versions[id], h.now(), func(rev *mednum.Revision) {
				rev.Voie = []string{"app", "import"}[alea.IntN(2)]
				rev.Apres.Champs.Commune = []string{"Moissac", "Montauban"}[alea.IntN(2)]
			})
		}
		want = append(want, f)
	}
	slices.Reverse(want)
	return want
}

// lireTout reads page after page; entre is called between two.
func lireTout(t *testing.T, r *registre.Registre, c registre.Choix, entre func()) (faits []fait, lignes []registre.Ligne) {
	t.Helper()
	for range 5000 {
		p, err := r.Lire(t.Context(), c)
		check(t, err)
		if len(p.Lignes) > c.N {
			t.Fatalf("%d lines on a page of %d", len(p.Lignes), c.N)
		}
		for i := range p.Lignes {
			faits = append(faits, faitDe(&p.Lignes[i]))
		}
		lignes = append(lignes, p.Lignes...)
		if p.Suite == "" {
			return faits, lignes
		}
		c.Avant = p.Suite
		entre()
	}
	t.Fatal("the pages have no end")
	return nil, nil
}

func rien() {}

func want[T any](t *testing.T, quoi string, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", quoi, d)
	}
}

// Pages of any size hold each thing once, newest first, with the place before it.
func TestLirePages(t *testing.T) {
	surChaqueBase(t, func(t *testing.T, base store.Magasin, h *horloge) {
		r := registre.New(base, h.now)
		p, err := r.Lire(t.Context(), registre.Choix{N: 10})
		check(t, err)
		if len(p.Lignes) > 0 || p.Suite != "" || p.Coupee {
			t.Errorf("the log of an empty base is %+v", p)
		}
		tout := remplir(t, base, r, h, 36)
		for _, n := range []int{1, 7, 35, 36, 37, registre.PageMax} {
			got, _ := lireTout(t, r, registre.Choix{N: n}, rien)
			want(t, fmt.Sprintf("pages of %d", n), tout, got)
		}
	})
}

// What is written while somebody reads is on no page of theirs twice, and hides
// nothing that was there.
func TestLirePendantEcrit(t *testing.T) {
	surChaqueBase(t, func(t *testing.T, base store.Magasin, h *horloge) {
		r := registre.New(base, h.now)
		tout := remplir(t, base, r, h, 24)
		neuf := 0
		ecrire := func() {
			neuf++
			h.avancer(time.Minute)
			r.Noter(t.Context(), registre.Acte{Voie: "app", Genre: registre.GenreCompte, Texte: fmt.Sprintf("neuf %d", neuf)})
			reviser(t, base, fmt.Sprintf("n%d", neuf), 1, h.now(), nil)
		}
		got, _ := lireTout(t, r, registre.Choix{N: 3}, ecrire)
		want(t, "while others write", tout, got)
		// Only revisions, or only acts, on the first page: the other stream begins
		// where it was all the same.
		got, _ = lireTout(t, r, registre.Choix{N: 3, Genre: registre.GenreAcces}, ecrire)
		want(t, "acts while others write", slices.DeleteFunc(slices.Clone(tout), func(f fait) bool { return !strings.HasPrefix(f.Quoi, "acte") }), got)
		_, lignes := lireTout(t, r, registre.Choix{N: 1, Du: h.now()}, ecrire)
		for i := range lignes[2:] {
			t.Errorf("written since: %+v", faitDe(&lignes[2+i]))
		}
	})
}

// Each criterion, alone and with others, gives what looking at every line gives.
func TestLireChoix(t *testing.T) {
	surChaqueBase(t, func(t *testing.T, base store.Magasin, h *horloge) {
		r := registre.New(base, h.now)
		remplir(t, base, r, h, 36)
		_, tout := lireTout(t, r, registre.Choix{N: 50}, rien)
		milieu, tiers := tout[len(tout)/2].Le, tout[2*len(tout)/3].Le
		for name, tt := range map[string]struct {
			choix registre.Choix
			veut  func(l *registre.Ligne) bool
		}{
			"since":          {registre.Choix{Du: milieu}, func(l *registre.Ligne) bool { return !l.Le.Before(milieu) }},
			"before":         {registre.Choix{Au: milieu}, func(l *registre.Ligne) bool { return l.Le.Before(milieu) }},
			"between":        {registre.Choix{Du: tiers, Au: milieu}, func(l *registre.Ligne) bool { return !l.Le.Before(tiers) && l.Le.Before(milieu) }},
			"after all":      {registre.Choix{Du: h.now().Add(time.Hour)}, func(*registre.Ligne) bool { return false }},
			"before all":     {registre.Choix{Au: mardi}, func(*registre.Ligne) bool { return false }},
			"who":            {registre.Choix{Qui: "cli"}, func(l *registre.Ligne) bool { return l.Auteur() == "cli" }},
			"way":            {registre.Choix{Voie: "import"}, func(l *registre.Ligne) bool { return l.Voie() == "import" }},
			"all but a way":  {registre.Choix{Sauf: "import"}, func(l *registre.Ligne) bool { return l.Voie() != "import" }},
			"places":         {registre.Choix{Genre: registre.GenreLieu}, func(l *registre.Ligne) bool { return l.Revision != nil }},
			"rights":         {registre.Choix{Genre: registre.GenreAcces}, func(l *registre.Ligne) bool { return l.Acte != nil }},
			"a place":        {registre.Choix{Lieu: "l1"}, func(l *registre.Ligne) bool { return l.Lieu() == "l1" }},
			"acts of one":    {registre.Choix{Lieu: "l1", Genre: registre.GenreAcces}, func(l *registre.Ligne) bool { return l.Lieu() == "l1" && l.Acte != nil }},
			"a place, since": {registre.Choix{Lieu: "l1", Du: milieu}, func(l *registre.Ligne) bool { return l.Lieu() == "l1" && !l.Le.Before(milieu) }},
			"words": {registre.Choix{Texte: "MOISSAC lieu"}, func(l *registre.Ligne) bool {
				return l.Revision != nil && l.Revision.Apres.Champs.Commune == "Moissac"
			}},
			"perimeter":   {registre.Choix{Passe: func(l *registre.Ligne) bool { return l.Lieu() == "l2" }}, func(l *registre.Ligne) bool { return l.Lieu() == "l2" }},
			"all at once": {registre.Choix{Du: tiers, Qui: "compte:ana", Voie: "app", Texte: "l2"}, func(l *registre.Ligne) bool { return l.Lieu() == "l2" && l.Voie() == "app" && !l.Le.Before(tiers) }},
		} {
			t.Run(name, func(t *testing.T) {
				var naif []fait
				for i := range tout {
					if tt.veut(&tout[i]) {
						naif = append(naif, faitDe(&tout[i]))
					}
				}
				for _, n := range []int{2, 200} {
					tt.choix.N = n
					got, _ := lireTout(t, r, tt.choix, rien)
					want(t, fmt.Sprintf("pages of %d", n), naif, got)
				}
			})
		}
	})
}

// A search that finds little stops after some work, says where, and goes on from
// there.
func TestLireCoupe(t *testing.T) {
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), (&horloge{t: mardi}).now)
	check(t, err)
	t.Cleanup(func() { check(t, base.Close()) })
	h := &horloge{t: mardi}
	var revs []mednum.Revision
	for i := range 2500 {
		rev := storetest.Revision(storetest.Lieu(fmt.Sprintf("l%d", i), "Foin"), 1)
		rev.Le, rev.Voie = mardi, "import"
		if i == 3 {
			rev.Apres.Champs.Nom = "L’aiguille"
		}
		revs = append(revs, rev)
	}
	check(t, base.Apply(t.Context(), mednum.Operation{ID: "o1", Genre: "import", Le: mardi}, nil, revs))
	compte := &compteur{Magasin: base}
	r := registre.New(compte, h.now)
	c := registre.Choix{N: 10, Texte: "aiguille"} // the first that was written, nearly
	pages := 0
	for {
		compte.lectures.Store(0)
		p, err := r.Lire(t.Context(), c)
		check(t, err)
		if n := compte.lectures.Load(); n > 12 {
			t.Errorf("a page took %d readings", n)
		}
		pages++
		if p.Suite == "" {
			if len(p.Lignes) != 1 || p.Lignes[0].Revision.Lieu != "l3" {
				t.Errorf("the last page has %d lines", len(p.Lignes))
			}
			break
		}
		if !p.Coupee || len(p.Lignes) > 0 || !p.Jusqua.Equal(mardi) {
			t.Errorf("page %d: %d lines, cut %v at %s", pages, len(p.Lignes), p.Coupee, p.Jusqua)
		}
		c.Avant = p.Suite
	}
	want(t, "pages", 2, pages)
}

// compteur counts the readings.
type compteur struct {
	store.Magasin
	lectures atomic.Int32
}

func (c *compteur) Journal(ctx context.Context, avant int64, n int) ([]mednum.Revision, error) {
	c.lectures.Add(1)
	return c.Magasin.Journal(ctx, avant, n)
}

func (c *compteur) Objets(ctx context.Context, choix store.Choix) ([]store.Objet, error) {
	c.lectures.Add(1)
	return c.Magasin.Objets(ctx, choix)
}

// A date far back is found by halves, not by reading what follows it.
func TestLireLoin(t *testing.T) {
	h := &horloge{t: mardi}
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), h.now)
	check(t, err)
	t.Cleanup(func() { check(t, base.Close()) })
	for i := range 300 {
		h.avancer(6 * time.Hour)
		reviser(t, base, fmt.Sprintf("l%d", i), 1, h.now(), nil)
	}
	compte := &compteur{Magasin: base}
	r := registre.New(compte, h.now)
	au := mardi.Add(100 * 6 * time.Hour)
	p, err := r.Lire(t.Context(), registre.Choix{N: 5, Au: au})
	check(t, err)
	want(t, "the newest before", fait{Le: au.Add(-6 * time.Hour).Format("2006-01-02 15:04"), Quoi: "l98 v1"}, faitDe(&p.Lignes[0]))
	if n := compte.lectures.Load(); n > 16 {
		t.Errorf("%d readings", n)
	}
}

func TestLireRefuse(t *testing.T) {
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), (&horloge{t: mardi}).now)
	check(t, err)
	t.Cleanup(func() { check(t, base.Close()) })
	r := registre.New(base, (&horloge{t: mardi}).now)
	for name, tt := range map[string]struct {
		choix registre.Choix
		champ string
	}{
		"no line":            {registre.Choix{}, "nombre"},
		"too many":           {registre.Choix{N: registre.PageMax + 1}, "nombre"},
		"a cursor of words":  {registre.Choix{N: 1, Avant: "hier"}, "avant"},
		"before no number":   {registre.Choix{N: 1, Avant: "-1.00"}, "avant"},
		"a strange act":      {registre.Choix{N: 1, Avant: "1.<b>"}, "avant"},
		"a very long cursor": {registre.Choix{N: 1, Avant: "1." + strings.Repeat("0", 99)}, "avant"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.Lire(t.Context(), tt.choix)
			var e *mednum.Error
			if !errors.As(err, &e) || e.Code != mednum.Invalide || e.Champ != tt.champ {
				t.Errorf("error %v, want %s invalide", err, tt.champ)
			}
		})
	}
}

// An act is kept 36 months: then it is neither read nor in the base.
func TestGarde(t *testing.T) {
	surChaqueBase(t, func(t *testing.T, base store.Magasin, h *horloge) {
		r := registre.New(base, h.now)
		r.Noter(t.Context(), registre.Acte{Voie: "app", Genre: registre.GenreCompte, Texte: "vieux"})
		reviser(t, base, "l1", 1, h.now(), nil)
		h.avancer(mardi.AddDate(0, registre.GardeMois, 0).Sub(mardi) - time.Second)
		got, _ := lireTout(t, r, registre.Choix{N: 5}, rien)
		want(t, "just before", 2, len(got))
		h.avancer(2 * time.Second)
		got, _ = lireTout(t, r, registre.Choix{N: 5}, rien)
		want(t, "after", []fait{{Le: "2026-11-24 09:30", Quoi: "l1 v1"}}, got)
		objets, err := base.Objets(t.Context(), store.Choix{Genre: "acte"})
		check(t, err)
		for i := range objets {
			if !objets[i].Balayable(h.now()) {
				t.Errorf("%s is not to be swept", objets[i].ID)
			}
		}
		if _, ok := base.(*sqlite.Base); !ok {
			return // MongoDB sweeps by its own clock (storetest)
		}
		r.Noter(t.Context(), registre.Acte{Voie: "app", Genre: registre.GenreCompte, Texte: "neuf"})
		objets, err = base.Objets(t.Context(), store.Choix{Genre: "acte"})
		check(t, err)
		if len(objets) != 1 || strings.Contains(string(objets[0].Corps), "vieux") {
			t.Errorf("%d acts, want the new one alone", len(objets))
		}
	})
}

func TestNoterSansAdresse(t *testing.T) {
	h := &horloge{t: mardi}
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), h.now)
	check(t, err)
	t.Cleanup(func() { check(t, base.Close()) })
	r := registre.New(base, h.now)
	r.Noter(t.Context(), registre.Acte{Voie: "app", Genre: registre.GenreAcces, Texte: "Invitation à jeanne@exemple.fr", Avant: "j@exemple.fr"})
	p, err := r.Lire(t.Context(), registre.Choix{N: 1})
	check(t, err)
	want(t, "text", "Invitation à [adresse]", p.Lignes[0].Acte.Texte)
	want(t, "before", "[adresse]", p.Lignes[0].Acte.Avant)
}

var errPanne = errors.New("no answer")

// fragile is a store that may not answer; perdu has it write, and say it did not.
type fragile struct {
	store.Magasin
	panne, perdu atomic.Bool
}

func (f *fragile) SetObjet(ctx context.Context, o store.Objet) error {
	if f.panne.Load() {
		return errPanne
	}
	err := f.Magasin.SetObjet(ctx, o)
	if f.perdu.Load() {
		return errPanne
	}
	return err
}

// What could not be noted is said, waits, and is written once, at its own moment,
// when the base answers: also when it was written and the answer lost.
func TestNoterPendantPanne(t *testing.T) {
	chemin := filepath.Join(t.TempDir(), "a.db")
	synctest.Test(t, func(t *testing.T) {
		h := &horloge{t: mardi}
		base, err := sqlite.Open(t.Context(), chemin, h.now)
		check(t, err)
		defer base.Close()
		var journal strings.Builder
		ancien := slog.Default()
		slog.SetDefault(slog.New(slog.NewTextHandler(&journal, nil)))
		defer slog.SetDefault(ancien)
		f := &fragile{Magasin: base}
		r := registre.New(f, h.now)
		f.panne.Store(true)
		fini, cancel := context.WithCancel(t.Context())
		cancel()
		r.Noter(fini, registre.Acte{Qui: "compte:ana", Voie: "app", Genre: registre.GenreAcces, Objet: "compte:bob", Texte: "Droit donné"})
		if !strings.Contains(journal.String(), "compte:bob") {
			t.Errorf("the log does not tell: %s", journal.String())
		}
		h.avancer(time.Hour)
		f.panne.Store(false)
		f.perdu.Store(true)
		r.Noter(t.Context(), registre.Acte{Voie: "app", Genre: registre.GenreAcces, Texte: "Droit repris"})
		f.perdu.Store(false)
		ctx, arret := context.WithCancel(t.Context())
		var fin sync.WaitGroup
		fin.Go(func() { r.Suivre(ctx) })
		time.Sleep(6 * time.Second)
		got, _ := lireTout(t, registre.New(base, h.now), registre.Choix{N: 5}, rien)
		want(t, "once the base answers", []fait{{Le: "2026-11-24 10:30", Quoi: "Droit repris"}, {Le: "2026-11-24 09:30", Quoi: "Droit donné"}}, got)
		f.panne.Store(true)
		r.Noter(t.Context(), registre.Acte{Voie: "app", Genre: registre.GenreAcces, Texte: "à l’arrêt"})
		f.panne.Store(false)
		arret()
		fin.Wait()
		got, _ = lireTout(t, registre.New(base, h.now), registre.Choix{N: 5}, rien)
		want(t, "what waits when the program stops", "à l’arrêt", got[0].Quoi)
	})
}

// Of too many that wait, those beyond a thousand are lost, and the log says how
// many.
func TestNoterTrop(t *testing.T) {
	h := &horloge{t: mardi}
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), h.now)
	check(t, err)
	t.Cleanup(func() { check(t, base.Close()) })
	var journal strings.Builder
	ancien := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&journal, nil)))
	t.Cleanup(func() { slog.SetDefault(ancien) })
	f := &fragile{Magasin: base}
	f.panne.Store(true)
	r := registre.New(f, h.now)
	for range 1003 {
		r.Noter(t.Context(), registre.Acte{Voie: "app", Genre: registre.GenreAcces, Texte: "x"})
	}
	if !strings.Contains(journal.String(), "perdus=3") {
		t.Error("the log does not count what is lost")
	}
	if err := r.Vider(t.Context()); !errors.Is(err, errPanne) {
		t.Errorf("Vider: %v", err)
	}
	f.panne.Store(false)
	check(t, r.Vider(t.Context()))
	got, _ := lireTout(t, r, registre.Choix{N: 200}, rien)
	want(t, "written", 1000, len(got))
}

// Two programs that note at the same instant keep both acts.
func TestNoterEnsemble(t *testing.T) {
	surChaqueBase(t, func(t *testing.T, base store.Magasin, h *horloge) {
		var fils sync.WaitGroup
		for range 4 {
			r := registre.New(base, h.now)
			fils.Go(func() {
				for range 10 {
					r.Noter(context.Background(), registre.Acte{Voie: "app", Genre: registre.GenreAcces, Texte: "x"})
				}
			})
		}
		fils.Wait()
		got, _ := lireTout(t, registre.New(base, h.now), registre.Choix{N: 7}, rien)
		want(t, "acts", 40, len(got))
	})
}

// Every genre has a name, once.
func TestGenres(t *testing.T) {
	noms := map[string]bool{}
	for _, g := range registre.Genres {
		if g.Nom == "" || noms[g.Nom] {
			t.Errorf("genre %q: name %q", g.Genre, g.Nom)
		}
		noms[g.Nom] = true
	}
}
