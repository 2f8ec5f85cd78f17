package catalogue

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
)

func heure() time.Time { return depart2026 }

func openBase(t testing.TB) *sqlite.Base {
	t.Helper()
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "essai.db"), heure)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := base.Close(); err != nil {
			t.Error(err)
		}
	})
	return base
}

func save(t *testing.T, base *sqlite.Base, l mednum.Lieu) {
	t.Helper()
	rev := mednum.Revision{Lieu: l.ID, Version: l.Version, Apres: l, Auteur: "essai", Voie: "cli", Le: depart2026}
	if err := base.Save(t.Context(), rev); err != nil {
		t.Fatal(err)
	}
}

func lieuEn(id, nom string, lat, lon float64) mednum.Lieu {
	return mednum.Lieu{
		ID: id, Version: 1, Statut: mednum.StatutPublie, Precision: mednum.PrecisionRue,
		Champs: mednum.Champs{
			ID: id, Nom: nom, Commune: "Moissac", CodeInsee: "99001", Latitude: &lat, Longitude: &lon,
			Services: []string{"Aide aux démarches administratives"},
		},
		Familles: []mednum.Famille{mednum.FamilleMediation},
		Preuve:   mednum.Preuve{Date: mednum.Date{Annee: 2026, Mois: 6, Jour: 1}},
	}
}

func TestOpenPuisActualiser(t *testing.T) {
	base := openBase(t)
	un, deux := lieuEn("l1", "Un", 44, 1), lieuEn("l2", "Deux", 44.1, 1.1)
	save(t, base, un)
	save(t, base, deux)
	c, err := Open(t.Context(), base, &territoire.Territoire{}, nil, heure)
	if err != nil {
		t.Fatal(err)
	}
	avant, err := c.Lieu("l1")
	if err != nil {
		t.Fatal(err)
	}
	version, _ := c.Instantane()
	if err := c.Actualiser(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, _ := c.Instantane(); v != version {
		t.Errorf("a quiet store gave version %d after %d", v, version)
	}
	deux.Version, deux.Champs.Nom = 2, "Deux bis"
	save(t, base, deux)
	if err := c.Actualiser(t.Context()); err != nil {
		t.Fatal(err)
	}
	apres, _ := c.Lieu("l1")
	if apres != avant {
		t.Error("the place that did not change was built again")
	}
	if v, _ := c.Lieu("l2"); v.Champs.Nom != "Deux bis" {
		t.Errorf("l2 is %q", v.Champs.Nom)
	}
	var refus *mednum.Error
	if _, err := c.Lieu("l3"); !errors.As(err, &refus) || refus.Code != mednum.Introuvable {
		t.Errorf("l3: %v", err)
	}
}

func TestStatuts(t *testing.T) {
	fusionne, retire, propose := lieuEn("l2", "Fusionné", 44, 1), lieuEn("l3", "Retiré", 44, 1), lieuEn("l4", "Proposé", 44, 1)
	fusionne.Statut, fusionne.Vers = mednum.StatutFusionne, "l1"
	retire.Statut, propose.Statut = mednum.StatutRetire, mednum.StatutPropose
	c := catalogueDe(t, []mednum.Lieu{lieuEn("l1", "Un", 44, 1), fusionne, retire, propose})
	if n := len(c.Lieux()); n != 1 {
		t.Errorf("%d places listed, want 1", n)
	}
	res, err := c.Chercher(t.Context(), Recherche{})
	if err != nil || res.Total != 1 {
		t.Errorf("Chercher: %d, %v", res.Total, err)
	}
	if v, err := c.Lieu("l2"); err != nil || v.Vers != "l1" {
		t.Errorf("a merged place must be found, for the redirection: %v", err)
	}
}

// sonne is a store that tells of changes when the test says so, and counts who
// reads its version.
type sonne struct {
	store.Magasin
	cloche   chan struct{}
	lectures atomic.Int32
}

func (m *sonne) Attendre(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-m.cloche:
		return nil
	}
}

func (m *sonne) Version(ctx context.Context) (int64, error) {
	m.lectures.Add(1)
	return m.Magasin.Version(ctx)
}

// Watch asks for the version each time that it is woken, and never else.
func TestWatch(t *testing.T) {
	fichier := openBase(t)
	base := &sonne{Magasin: fichier, cloche: make(chan struct{})}
	c, err := Open(t.Context(), base, &territoire.Territoire{}, nil, heure)
	if err != nil {
		t.Fatal(err)
	}
	ctx, fin := context.WithCancel(t.Context())
	arret := make(chan struct{})
	go func() { c.Watch(ctx); close(arret) }()
	lues := base.lectures.Load()
	save(t, fichier, lieuEn("l1", "Un", 44, 1))
	base.cloche <- struct{}{}
	base.cloche <- struct{}{} // taken once the first waking is over
	if n := len(c.Lieux()); n != 1 {
		t.Errorf("%d places after the store told of one, want 1", n)
	}
	fin()
	<-arret
	if n := base.lectures.Load() - lues; n < 1 || n > 2 { // the end may come before the second reading
		t.Errorf("the version was read %d times for 2 wakings", n)
	}
}

// lent is a store that keeps whoever asks for its version.
type lent struct {
	store.Magasin
	entre, sort chan struct{}
}

func (m *lent) Version(ctx context.Context) (int64, error) {
	if m.entre != nil {
		m.entre <- struct{}{}
		<-m.sort
	}
	return m.Magasin.Version(ctx)
}

// Behind a reader that a slow store keeps, another waits no longer than its
// own deadline.
func TestActualiserNAttendPas(t *testing.T) {
	base := &lent{Magasin: openBase(t)}
	c, err := Open(t.Context(), base, &territoire.Territoire{}, nil, heure)
	if err != nil {
		t.Fatal(err)
	}
	base.entre, base.sort = make(chan struct{}), make(chan struct{})
	premier := make(chan error)
	go func() { premier <- c.Actualiser(t.Context()) }()
	<-base.entre
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := c.Actualiser(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want its deadline", err)
	}
	if _, muet := c.Vu(); muet {
		t.Error("a store that has not answered yet is said to be silent")
	}
	close(base.sort)
	if err := <-premier; err != nil {
		t.Error(err)
	}
}

// TestLecteursPendantPublication: readers always see one whole snapshot.
func TestLecteursPendantPublication(t *testing.T) {
	lieux := func(n int) []mednum.Lieu {
		var liste []mednum.Lieu
		for i := range 200 {
			l := lieuEn(fmt.Sprintf("l%03d", i), fmt.Sprintf("Version %d", n), 44+float64(i)/1000, 1)
			l.Version = n
			liste = append(liste, l)
		}
		return liste
	}
	c := catalogueDe(t, lieux(1))
	fini := make(chan struct{})
	var lecteurs sync.WaitGroup
	for range 4 {
		lecteurs.Go(func() {
			for {
				select {
				case <-fini:
					return
				default:
				}
				res, err := c.Chercher(t.Context(), Recherche{Depart: &geo.Point{Lat: 44.1, Lon: 1}, Limite: 50})
				if err != nil || len(res.Trouves) != 50 {
					t.Errorf("%d results, %v", len(res.Trouves), err)
					return
				}
				for _, x := range res.Trouves {
					if want := fmt.Sprintf("Version %d", res.Version); x.Vue.Champs.Nom != want {
						t.Errorf("%q in snapshot %d", x.Vue.Champs.Nom, res.Version)
						return
					}
				}
			}
		})
	}
	for n := 2; n <= 40; n++ {
		if err := c.publier(lieux(n), int64(n)); err != nil {
			t.Fatal(err)
		}
	}
	close(fini)
	lecteurs.Wait()
}

func TestRefus(t *testing.T) {
	c := catalogueDe(t, nil)
	nulle := geo.Point{Lat: 91}
	tests := []struct {
		name string
		r    Recherche
		want string // Champ
	}{
		{"position", Recherche{Depart: &nulle}, "lat"},
		{"rayon négatif", Recherche{Rayon: -1}, "rayon"},
		{"rayon trop grand", Recherche{Rayon: RayonMax + 1}, "rayon"},
		{"limite", Recherche{Limite: LimiteMax + 1}, "limite"},
		{"décalage", Recherche{Decalage: -1}, "decalage"},
		{"démarche", Recherche{Demarche: "rien"}, "demarche"},
		{"famille", Recherche{Familles: []mednum.Famille{"rien"}}, "familles"},
		{"valeur", Recherche{Filtres: map[mednum.Champ][]string{mednum.ChampFraisACharge: {"rien"}}}, "frais_a_charge"},
		{"champ libre", Recherche{Filtres: map[mednum.Champ][]string{mednum.ChampNom: {"x"}}}, "nom"},
		{"commune", Recherche{Commune: "00000"}, "commune"},
		{"epci", Recherche{EPCI: "0"}, "epci"},
		{"boîte", Recherche{Boite: &geo.Boite{Sud: 45, Nord: 44, Ouest: 1, Est: 2}}, "bbox"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.Chercher(t.Context(), tt.r)
			var refus *mednum.Error
			if !errors.As(err, &refus) || refus.Code != mednum.Invalide || refus.Champ != tt.want {
				t.Errorf("got %v, want a refusal of %q", err, tt.want)
			}
		})
	}
}

func BenchmarkChercher(b *testing.B) {
	depart := &geo.Point{Lat: 44.02, Lon: 1.35}
	for _, taille := range []struct {
		n       int
		etendue float64
	}{{5_000, 1}, {30_000, 10}} {
		c := catalogueDe(b, newHasard(7).lieux(taille.n, taille.etendue))
		rare := map[mednum.Champ][]string{mednum.ChampFormationsLabels: {"ORDI 3.0"}, mednum.ChampPublics: {"Femmes"}, mednum.ChampServices: {"Loisirs et créations numériques"}}
		questions := []struct {
			name string
			r    Recherche
		}{
			{"proches", Recherche{Depart: depart}},
			{"proches sans comptes", Recherche{Depart: depart, SansComptes: true}},
			{"démarche", Recherche{Depart: depart, Demarche: "essai"}},
			{"trois filtres", Recherche{Depart: depart, Filtres: rare}},
			{"à une heure", Recherche{Depart: depart, Quand: &Quand{Du: depart2026, Au: depart2026.Add(time.Hour)}}},
			{"tout", Recherche{SansComptes: true}},
		}
		for _, q := range questions {
			b.Run(fmt.Sprintf("%d/%s", taille.n, q.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := c.Chercher(b.Context(), q.r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkPublier(b *testing.B) {
	lieux := newHasard(7).lieux(30_000, 10)
	c := catalogueDe(b, lieux)
	b.ResetTimer()
	for b.Loop() {
		lieux[0].Version++
		if err := c.publier(lieux, 2); err != nil {
			b.Fatal(err)
		}
	}
}
