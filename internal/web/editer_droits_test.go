package web_test

import (
	"fmt"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// A right covers what it names, and nothing else.
func TestPUTHorairesDroits(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	var dehors mednum.Lieu
	for _, v := range b.lieux.Lieux() {
		if v.HorsTerritoire {
			dehors = v.Lieu
		}
	}
	if dehors.ID == "" {
		t.Fatal("no place outside the territory")
	}
	for i, tt := range []struct {
		name   string
		droit  mednum.Habilitation
		id     string
		statut int
	}{
		{"its EPCI", droit(mednum.PorteeEPCI, "200066322"), l.ID, 200},
		{"another EPCI", droit(mednum.PorteeEPCI, "248200099"), l.ID, 403},
		{"no EPCI", droit(mednum.PorteeEPCI, ""), dehors.ID, 403},
		{"the territory", droit(mednum.PorteeDepartement, b.ter.Code), l.ID, 200},
		{"another territory", droit(mednum.PorteeDepartement, "31"), l.ID, 403},
		{"a neighbour of the territory", droit(mednum.PorteeDepartement, b.ter.Code), dehors.ID, 403},
		{"the neighbour itself", droit(mednum.PorteeLieu, dehors.ID), dehors.ID, 200},
		{"another role", mednum.Habilitation{Role: "lecteur", Portee: mednum.PorteeLieu, ID: l.ID}, l.ID, 403},
		{"another scope", droit("commune", l.ID), l.ID, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := b.demande(t, tt.id, b.jeton(t, tt.droit))
			d.entetes["Idempotency-Key"] = fmt.Sprint("cle-", i)
			if rep, corps := b.editer(t, d); rep.StatusCode != tt.statut {
				t.Errorf("%d, want %d: %s", rep.StatusCode, tt.statut, corps)
			}
		})
	}
}

func TestPUTHorairesLieuParti(t *testing.T) {
	for _, tt := range []struct {
		name   string
		statut mednum.Statut
		code   int
		mots   string
	}{
		{"merged: the new place is named, and left alone", mednum.StatutFusionne, 409, "modifiez le lieu %s"},
		{"withdrawn", mednum.StatutRetire, 410, "retiré"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			l, autre := b.lieuDe(t, moissac), b.lieuDe(t, "82121")
			d := b.demande(t, l.ID, b.jeton(t, droit(mednum.PorteeLieu, l.ID), droit(mednum.PorteeLieu, autre.ID)))
			apres := l
			apres.Statut, apres.Vers = tt.statut, autre.ID
			check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: 2, Apres: apres, Voie: "cli"}))
			rep, corps := b.editer(t, d)
			mots := strings.ReplaceAll(tt.mots, "%s", autre.ID)
			wantProbleme(t, rep, corps, tt.code, "id", mots)
			if n := len(b.revisions(t, autre.ID)); n != 1 {
				t.Errorf("%d revisions of the other place", n)
			}
		})
	}
}

func TestPUTHorairesExpire(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	d := b.demande(t, l.ID, b.jeton(t, droit(mednum.PorteeLieu, l.ID)))
	jetons, err := store.LireTous[mednum.Jeton](t.Context(), b.base, store.Choix{Genre: "jeton"})
	check(t, err)
	jetons[0].Expire = mardi
	check(t, store.Poser(t.Context(), b.base, store.Objet{Genre: "jeton", ID: jetons[0].Hash, Version: 2}, jetons[0]))
	rep, corps := b.editer(t, d)
	wantProbleme(t, rep, corps, 401, "jeton", "a expiré")
	if a := rep.Header.Get("WWW-Authenticate"); a != `Bearer realm="adeuxpas", error="invalid_token"` {
		t.Errorf("WWW-Authenticate %q", a)
	}
}
