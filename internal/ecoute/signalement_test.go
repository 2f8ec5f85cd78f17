package ecoute_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
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

// bancSignale is two programs on one base, whose clock the test moves.
type bancSignale struct {
	base     *bornee
	un, deux *ecoute.Signalements
	lieux    *catalogue.Catalogue
	plus     atomic.Int64
}

// bornee is a base that refuses to write once it has written so often, when told.
type bornee struct {
	store.Magasin
	reste atomic.Int64 // 0: no bound
}

func (b *bornee) SetObjet(ctx context.Context, o store.Objet) error {
	if b.reste.Load() > 0 && o.Genre == "signalement" && b.reste.Add(-1) == 0 {
		b.reste.Store(1)
		return &mednum.Error{Code: mednum.Indisponible}
	}
	return b.Magasin.SetObjet(ctx, o)
}

func (b *bancSignale) now() time.Time { return mardi.Add(time.Duration(b.plus.Load())) }

func (b *bancSignale) attendre(d time.Duration) { b.plus.Add(int64(d)) }

// surChacune runs a test over both stores.
func surChacune(t *testing.T, f func(t *testing.T, b *bancSignale)) {
	t.Helper()
	for nom, open := range map[string]func(b *bancSignale) (store.Magasin, error){
		"sqlite": func(b *bancSignale) (store.Magasin, error) {
			return sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "essai.db"), b.now)
		},
		"mongo": func(b *bancSignale) (store.Magasin, error) {
			return mongo.Open(t.Context(), mongotest.Neuf(t, os.Getenv("MONGODB_URI")), b.now)
		},
	} {
		t.Run(nom, func(t *testing.T) {
			b := new(bancSignale)
			base, err := open(b)
			check(t, err)
			t.Cleanup(func() { base.Close() })
			b.base = &bornee{Magasin: base}
			ter, err := territoire.Open(data.Defaut)
			check(t, err)
			b.lieux, err = catalogue.Open(t.Context(), b.base, ter, nil, b.now)
			check(t, err)
			b.un = ecoute.NewSignalements(b.base, b.lieux, ter.Location(), b.now)
			b.deux = ecoute.NewSignalements(b.base, b.lieux, ter.Location(), b.now)
			f(t, b)
		})
	}
}

// lieu publishes a place of Moissac.
func (b *bancSignale) lieu(t *testing.T, nom string) string {
	t.Helper()
	l := mednum.Lieu{ID: mednum.NouvelID("essai/" + nom), Statut: mednum.StatutPublie, VerifieLe: mednum.DateOf(mardi), VerifiePar: "cli", Corrections: map[mednum.Champ]mednum.Correction{}}
	for champ, valeur := range map[mednum.Champ]string{
		mednum.ChampNom: nom, mednum.ChampAdresse: "1 place Neuve", mednum.ChampCodePostal: "82200", mednum.ChampCommune: "Moissac",
		mednum.ChampCodeInsee: "82112", mednum.ChampTelephone: "+33563040000", mednum.ChampPivot: mednum.PivotInconnu,
	} {
		l.Corrections[champ] = mednum.Correction{Valeur: valeur, Auteur: "cli", Le: mardi}
	}
	l = mednum.Consolider(l, nil, nil)
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: 1, Apres: l, Voie: "import"}))
	check(t, b.lieux.Actualiser(t.Context()))
	return l.ID
}

func (b *bancSignale) ouverts(t *testing.T) []ecoute.Signalement {
	t.Helper()
	liste, err := b.deux.Ouverts(t.Context())
	check(t, err)
	return liste
}

var tout = []mednum.Habilitation{{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeTout}}

func edition(qui string) catalogue.Edition {
	return catalogue.Edition{Auteur: mednum.PrefixeCompte + qui, Voie: "app", Droits: tout}
}

func wantCode(t *testing.T, err error, want mednum.Code) {
	t.Helper()
	if fautes := mednum.Errors(err); len(fautes) == 0 || fautes[0].Code != want {
		t.Errorf("error %v, want %q", err, want)
	}
}

// Many people say the same thing at once: it waits once, and all are counted. Two
// coordinators decide at once: one does, the place changes once.
func TestSignalementsEnsemble(t *testing.T) {
	surChacune(t, func(t *testing.T, b *bancSignale) {
		lieu := b.lieu(t, "Médiathèque")
		var fils sync.WaitGroup
		for i := range 6 {
			fils.Go(func() {
				s := []*ecoute.Signalements{b.un, b.deux}[i%2]
				_, err := s.Signaler(t.Context(), ecoute.Recu{Lieu: lieu, Nature: ecoute.NatureFerme, Numero: fmt.Sprint("page", i), Courriel: fmt.Sprintf("a%d@exemple.fr", i)})
				if err != nil {
					t.Error(err)
				}
			})
		}
		fils.Wait()
		liste := b.ouverts(t)
		if len(liste) != 1 || liste[0].N != 6 {
			t.Fatalf("%+v", liste)
		}
		var faits atomic.Int64
		for i, d := range []ecoute.Decision{ecoute.DecisionFerme, ecoute.DecisionVerifie, ecoute.DecisionNumero, ecoute.DecisionVerifie} {
			fils.Go(func() {
				x, err := b.un.Decider(t.Context(), liste[0].ID, ecoute.Choix{Decision: d}, edition(fmt.Sprint("compte", i)))
				if err == nil {
					faits.Add(1)
					return
				}
				wantCode(t, err, mednum.Perime)
				if x.Par == "" || x.Decision == "" {
					t.Errorf("the late one is not told who: %+v", x)
				}
			})
		}
		fils.Wait()
		revisions, err := b.base.Revisions(t.Context(), lieu)
		check(t, err)
		if faits.Load() != 1 || len(revisions) != 2 {
			t.Errorf("%d decided, %d revisions", faits.Load(), len(revisions))
		}
		var ecrits []string
		for range 2 { // each is answered once
			check(t, b.un.Repondre(t.Context(), liste[0].ID, func(_, courriel string) (bool, error) {
				ecrits = append(ecrits, courriel)
				return true, nil
			}))
		}
		slices.Sort(ecrits)
		if got := strings.Join(ecrits, " "); got != "a0@exemple.fr a1@exemple.fr a2@exemple.fr a3@exemple.fr a4@exemple.fr a5@exemple.fr" {
			t.Errorf("answered: %s", got)
		}
		reste, err := b.base.Objets(t.Context(), store.Choix{Genre: "correspondant"})
		check(t, err)
		if len(reste) != 0 {
			t.Errorf("%d addresses are left", len(reste))
		}
	})
}

// In a day, twenty may be told of one place and five hundred in all, by all
// programs together; what is refused is not counted, and what is free text is
// masked before it is kept.
func TestSignalementsBornes(t *testing.T) {
	surChacune(t, func(t *testing.T, b *bancSignale) {
		lieu, autre := b.lieu(t, "Médiathèque"), b.lieu(t, "Mairie")
		dire := func(lieu string, n int) error {
			_, err := []*ecoute.Signalements{b.un, b.deux}[n%2].Signaler(t.Context(), ecoute.Recu{Lieu: lieu, Nature: ecoute.NatureAutre, Numero: fmt.Sprint("page", n), Texte: "Appelez le 06 12 34 56 78"})
			return err
		}
		for n := range 20 {
			check(t, dire(lieu, n))
		}
		wantCode(t, dire(lieu, 20), mednum.EnTrop)
		check(t, dire(autre, 21))
		for _, x := range b.ouverts(t) {
			for _, d := range x.Textes {
				if strings.Contains(d.Texte, "56") || !strings.Contains(d.Texte, "masqué") {
					t.Errorf("%q is kept", d.Texte)
				}
			}
		}
		_, o, err := store.Lire[map[string]any](t.Context(), b.base, "compteursignalement", "tous")
		check(t, err)
		o.Version++
		check(t, store.Poser(t.Context(), b.base, o, map[string]any{"debut": mardi, "n": 499}))
		check(t, dire(autre, 22))
		wantCode(t, dire(autre, 23), mednum.EnTrop)
		b.attendre(24 * time.Hour)
		check(t, dire(lieu, 24))
	})
}

// A decision that was cut short between its claim and its end waits again after a
// minute; the same one, taken again, changes the place once.
func TestSignalementsCoupure(t *testing.T) {
	surChacune(t, func(t *testing.T, b *bancSignale) {
		lieu := b.lieu(t, "Médiathèque")
		x, err := b.un.Signaler(t.Context(), ecoute.Recu{Lieu: lieu, Nature: ecoute.NatureNumero, Numero: "page"})
		check(t, err)
		b.base.reste.Store(2) // the claim, and no more
		choix := ecoute.Choix{Decision: ecoute.DecisionNumero, Telephone: "05 63 00 00 42"}
		_, err = b.un.Decider(t.Context(), x.ID, choix, edition("jeanne"))
		wantCode(t, err, mednum.Indisponible)
		b.base.reste.Store(0)
		if liste := b.ouverts(t); len(liste) != 1 || liste[0].Etat != ecoute.EnCours {
			t.Fatalf("%+v", liste)
		}
		_, err = b.deux.Decider(t.Context(), x.ID, choix, edition("paul"))
		wantCode(t, err, mednum.Perime)
		// Nor does the same person from another page, who decides otherwise: the first
		// may be under way still, and both would be done.
		_, err = b.deux.Decider(t.Context(), x.ID, ecoute.Choix{Decision: ecoute.DecisionVerifie}, edition("jeanne"))
		wantCode(t, err, mednum.Perime)
		b.attendre(time.Minute)
		x, err = b.deux.Decider(t.Context(), x.ID, choix, edition("paul"))
		check(t, err)
		revisions, err := b.base.Revisions(t.Context(), lieu)
		check(t, err)
		if len(revisions) != 2 || x.Version != 2 || x.Etat != ecoute.Clos {
			t.Errorf("%d revisions, %+v", len(revisions), x)
		}
	})
}

// Addresses go after 90 days and reports after 24 months, read or not.
func TestSignalementsConservation(t *testing.T) {
	surChacune(t, func(t *testing.T, b *bancSignale) {
		x, err := b.un.Signaler(t.Context(), ecoute.Recu{Lieu: b.lieu(t, "Médiathèque"), Nature: ecoute.NatureFerme, Numero: "page", Courriel: "lea@exemple.fr"})
		check(t, err)
		attendus := func() int {
			n, err := b.un.Attendus(t.Context())
			check(t, err)
			return n[x.ID]
		}
		b.attendre(90*24*time.Hour - time.Second)
		if attendus() != 1 {
			t.Error("the address is gone too soon")
		}
		b.attendre(time.Second)
		if attendus() != 0 {
			t.Error("the address is there after 90 days")
		}
		check(t, b.un.Repondre(t.Context(), x.ID, func(string, string) (bool, error) {
			t.Error("written to after 90 days")
			return true, nil
		}))
		b.plus.Store(int64(mardi.AddDate(0, 24, 0).Sub(mardi) - time.Second))
		if len(b.ouverts(t)) != 1 {
			t.Error("the report is gone too soon")
		}
		b.attendre(time.Second)
		if len(b.ouverts(t)) != 0 {
			t.Error("the report is there after 24 months")
		}
		_, err = b.un.Un(t.Context(), x.ID, tout)
		wantCode(t, err, mednum.Introuvable)
	})
}

// A report of a place that was merged is that of what it became; the next one,
// told from its old page, is counted there.
func TestSignalementsReunis(t *testing.T) {
	surChacune(t, func(t *testing.T, b *bancSignale) {
		garde, absorbe := b.lieu(t, "Médiathèque"), b.lieu(t, "Médiatheque")
		_, err := b.un.Signaler(t.Context(), ecoute.Recu{Lieu: absorbe, Nature: ecoute.NatureNumero, Numero: "page"})
		check(t, err)
		_, err = collecte.New(collecte.Pieces{Base: b.base, Now: b.now}).Fusionner(t.Context(), collecte.Fusion{Garde: garde, Absorbe: absorbe}, "cli")
		check(t, err)
		check(t, b.lieux.Actualiser(t.Context()))
		lus := b.un.De(tout, b.ouverts(t))
		if len(lus) != 1 || lus[0].Vue.ID != garde {
			t.Fatalf("%+v", lus)
		}
		_, err = b.un.Signaler(t.Context(), ecoute.Recu{Lieu: absorbe, Nature: ecoute.NatureFerme, Numero: "page2"})
		check(t, err)
		x, err := b.un.Decider(t.Context(), lus[0].ID, ecoute.Choix{Decision: ecoute.DecisionNumero}, edition("jeanne"))
		check(t, err)
		l, err := b.base.Lieu(t.Context(), garde)
		check(t, err)
		if liste := b.ouverts(t); l.Champs.Telephone != "" || len(liste) != 1 || liste[0].Lieu != garde || x.Version != l.Version {
			t.Errorf("%q %+v", l.Champs.Telephone, liste)
		}
	})
}
