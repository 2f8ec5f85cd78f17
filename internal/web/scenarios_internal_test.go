package web

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// A request that cannot have its turn gives up with its time, in words, and
// leaves the turns of the others as they are.
func TestProposerEnsuiteOccupe(t *testing.T) {
	ter, err := territoire.Open(os.DirFS("../../data/82"))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Config: Config{Territoire: ter}, calculs: make(chan struct{}, 1)}
	s.calculs <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	e := couverture.Etude{Genre: couverture.GenreLieu, Moment: couverture.MomentTous, Facteur: 1.3, Objectif: couverture.Couvrir, Rayon: 10_000, Nombre: 3}
	if _, err := s.proposerEnsuite(ctx, e); !estCode(err, mednum.Indisponible) || !strings.Contains(messageDe(err), "Recommencez") {
		t.Errorf("%v", err)
	}
	if len(s.calculs) != 1 {
		t.Errorf("%d turns are taken", len(s.calculs))
	}
}

// What a choice lacks to the best is said, never rounded to nothing.
func TestDirePreuve(t *testing.T) {
	for _, c := range []struct {
		p    couverture.Proposition
		want string
	}{
		{couverture.Proposition{}, "le calcul l’a prouvé"},
		{couverture.Proposition{Ecart: 0.00001}, "0,1\u00a0% au plus"},
		{couverture.Proposition{Ecart: 0.0312}, "3,2\u00a0% au plus"},
		{couverture.Proposition{Ecart: 0.5, Coupe: true}, "Le temps de calcul a manqué"},
	} {
		if got := direPreuve(&c.p); !strings.Contains(got, c.want) {
			t.Errorf("%+v: %s", c.p, got)
		}
	}
}

// People who have nothing today are said to have nothing.
func TestDireEffet(t *testing.T) {
	for _, c := range []struct {
		f    couverture.Effet
		want string
	}{
		{couverture.Effet{Personnes: 1240, Communes: 6, Avant: 22000, Apres: 7000}, "1 240 habitants de 6 communes passent de 22 km à 7 km en moyenne"},
		{couverture.Effet{Personnes: 10, Communes: 2, SansRien: 10, Apres: 7000}, "10 habitants de 2 communes n’ont aucune aide à ce moment, et en auraient une à 7 km en moyenne"},
		{couverture.Effet{Personnes: 10, Communes: 2, SansRien: 4, Avant: 9000, Apres: 7000}, "10 habitants de 2 communes auraient une aide à 7 km en moyenne, dont 4 qui n’en ont aucune à ce moment"},
	} {
		if got := strings.ReplaceAll(direEffet(&c.f), "\u00a0", " "); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
