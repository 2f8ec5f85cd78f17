package collecte_test

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// stoppe is a base whose program is stopped as soon as an operation is begun.
type stoppe struct {
	store.Magasin
	arreter atomic.Pointer[context.CancelFunc]
}

func (s *stoppe) Apply(ctx context.Context, op mednum.Operation, fiches []mednum.Fiche, revisions []mednum.Revision) error {
	err := s.Magasin.Apply(ctx, op, fiches, revisions)
	if arreter := s.arreter.Load(); arreter != nil {
		(*arreter)()
		return context.Canceled
	}
	return err
}

// A program that stops while it writes leaves an import that another one knows to
// be written; one that stops before leaves nothing.
func TestDepotCoupe(t *testing.T) {
	for _, ecrit := range []bool{true, false} {
		b := &stoppe{Magasin: baseQuiVieillit(t)}
		ctx, arreter := context.WithCancel(t.Context())
		defer arreter()
		de := func(now time.Time) *collecte.Collecte {
			return collecte.New(collecte.Pieces{Base: b, Territoire: territoireLivre(t), Now: func() time.Time { return now }, Journal: slog.New(slog.DiscardHandler)})
		}
		c := de(maintenant)
		fini := make(chan struct{})
		go func() {
			c.Suivre(ctx)
			close(fini)
		}()
		texte := "Nom du lieu;Ville;Code postal;Adresse;Date de mise à jour\nEssai;Moissac;82200;1 rue d’Essai;2026-02-01\n"
		jeton, err := c.Deposer(t.Context(), qui, collecte.Reglages{}, []collecte.Apporte{{Nom: "../essai.csv", Contenu: strings.NewReader(texte)}})
		if err != nil {
			t.Fatal(err)
		}
		d := venir(t, c, collecte.DepotPret)
		if d.Fichiers[0] != "essai.csv" || d.Plan == nil || d.Plan.Operation() != d.Operation {
			t.Errorf("%+v", d)
		}
		_, err = de(maintenant).Deposer(t.Context(), qui, collecte.Reglages{}, []collecte.Apporte{{Nom: "x.csv", Contenu: strings.NewReader(texte)}})
		wantCode(t, err, mednum.Conflit)
		wantCode(t, c.Valider(t.Context(), jeton, "import-0000000000000000"), mednum.Perime)
		wantCode(t, de(maintenant).Valider(t.Context(), jeton, d.Operation), mednum.Conflit) // another program has no files
		etat := collecte.DepotPerdu
		if ecrit {
			etat = collecte.DepotFait
			b.arreter.Store(&arreter)
			if err := c.Valider(t.Context(), jeton, d.Operation); err != nil {
				t.Fatal(err)
			}
		} else {
			arreter()
		}
		<-fini
		b.arreter.Store(nil)
		apres, ok, err := de(maintenant.Add(time.Hour)).Depot(t.Context())
		if err != nil || !ok || apres.Etat != etat || apres.Raison == "" {
			t.Errorf("written %v: %s %q, %v", ecrit, apres.Etat, apres.Raison, err)
		}
		liste, err := b.Lieux(t.Context())
		if err != nil || len(liste) > 0 != ecrit {
			t.Errorf("written %v: %d places, %v", ecrit, len(liste), err)
		}
	}
}

// venir waits for the import to be where it is wanted.
func venir(t *testing.T, c *collecte.Collecte, etat collecte.EtatDepot) collecte.Depot {
	t.Helper()
	for range 500 {
		if d, ok, err := c.Depot(t.Context()); err == nil && ok && d.Etat == etat {
			return d
		}
		time.Sleep(10 * time.Millisecond)
	}
	d, _, err := c.Depot(t.Context())
	t.Fatalf("the import is %s (%s), want %s, %v", d.Etat, d.Raison, etat, err)
	return d
}
