package catalogue

import (
	"context"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// parCle is an edition by a program, under a key.
func parCle(version int, cle string) Edition {
	return Edition{Auteur: "Portail", Voie: "api", Droits: tout, Version: version, Idempotence: cle}
}

func wantRevisions(t *testing.T, base *sqlite.Base, id string, n int) []mednum.Revision {
	t.Helper()
	revs, err := base.Revisions(t.Context(), id)
	if err != nil || len(revs) != n {
		t.Errorf("%d revisions of %s, %v, want %d", len(revs), id, err, n)
	}
	return revs
}

func TestSetHoraires(t *testing.T) {
	c, base := openEdition(t, mednum.StatutPublie)
	sens := mednum.SensAide
	h := Horaires{Texte: " Sa 10:00-12:00 ", Sens: &sens}
	v, err := c.SetHoraires(t.Context(), "l1", parCle(1, "a"), h)
	if err != nil || v.Version != 2 || v.Champs.Horaires != "Sa 10:00-12:00" || v.SensHoraires != sens || v.VerifiePar != "Portail" {
		t.Fatalf("%v: %+v", err, v)
	}
	publie, err := c.Lieu("l1")
	if err != nil || string(publie.JSON) != string(v.JSON) {
		t.Errorf("published: %v, %s", err, publie.JSON)
	}
	// The same hours under another key are said again.
	if v, err = c.SetHoraires(t.Context(), "l1", parCle(2, "b"), h); err != nil || v.Version != 3 {
		t.Errorf("%v", err)
	}
	// The first key still gives the first answer.
	if v, err = c.SetHoraires(t.Context(), "l1", parCle(1, "a"), h); err != nil || v.Version != 2 {
		t.Errorf("%v", err)
	}
	revs := wantRevisions(t, base, "l1", 3)
	if revs[1].Idempotence != "a" || revs[2].Idempotence != "b" {
		t.Errorf("keys %q and %q", revs[1].Idempotence, revs[2].Idempotence)
	}
	autreSens := mednum.SensLieu
	for _, autres := range []Horaires{{Texte: "Su 10:00-12:00"}, {Texte: h.Texte, Sens: &autreSens}, {}} {
		_, err = c.SetHoraires(t.Context(), "l1", parCle(3, "a"), autres)
		wantRefus(t, err, mednum.Conflit)
	}
	wantRevisions(t, base, "l1", 3)
}

func TestSansDroit(t *testing.T) {
	c, base := openEdition(t, mednum.StatutPublie)
	for _, droits := range [][]mednum.Habilitation{
		nil,
		{{}},
		{{Portee: mednum.PorteeTout}},
		{{Role: mednum.RoleMediateur, Portee: mednum.PorteeEPCI}},
		{{Role: mednum.RoleMediateur, Portee: mednum.PorteeDepartement}}, // a territory without a code
		{{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: "l2"}},
	} {
		_, err := c.Modifier(t.Context(), "l1", Edition{Auteur: "a", Voie: "cli", Droits: droits}, direAide)
		wantRefus(t, err, mednum.Interdit)
	}
	wantRevisions(t, base, "l1", 1)
}

// Between the reading and the saving, the same key is used by the same request
// sent again, then by one for another place.
func TestModifierCleDoublee(t *testing.T) {
	c, base := openEdition(t, mednum.StatutPublie)
	autre := mednum.Lieu{ID: "l2", Statut: mednum.StatutPublie}
	if err := base.Save(t.Context(), mednum.Revision{Lieu: "l2", Version: 1, Apres: autre}); err != nil {
		t.Fatal(err)
	}
	h := Horaires{Texte: "Sa 10:00-12:00"}
	double := func(id, cle string) func(l *mednum.Lieu) error {
		return func(l *mednum.Lieu) error {
			if _, err := c.SetHoraires(context.Background(), id, parCle(0, cle), h); err != nil {
				t.Error(err)
			}
			return l.CorrigerHoraires(h.Texte, "Portail", depart2026.AddDate(0, 0, 1))
		}
	}
	l, err := c.Modifier(t.Context(), "l1", parCle(1, "a"), double("l1", "a"))
	if err != nil || l.Version != 2 || l.Corrections[mednum.ChampHoraires].Le.After(depart2026) {
		t.Errorf("%v: version %d, %+v: want what was written first", err, l.Version, l.Corrections)
	}
	_, err = c.Modifier(t.Context(), "l1", parCle(2, "b"), double("l2", "b"))
	wantRefus(t, err, mednum.Conflit)
	wantRevisions(t, base, "l1", 2)
}

// perdu is a store whose answer to a write is lost, as when the network breaks.
type perdu struct {
	store.Magasin
	panne bool
}

func (p *perdu) Save(ctx context.Context, rev mednum.Revision) error {
	err := p.Magasin.Save(ctx, rev)
	if p.panne {
		return &mednum.Error{Code: mednum.Indisponible, Champ: "base", Message: "La base ne répond plus."}
	}
	return err
}

func (p *perdu) RevisionDe(ctx context.Context, cle string) (mednum.Revision, error) {
	rev, err := p.Magasin.RevisionDe(ctx, cle)
	if p.panne && err == nil {
		return mednum.Revision{}, &mednum.Error{Code: mednum.Indisponible, Champ: "base", Message: "La base ne répond plus."}
	}
	return rev, err
}

// A change whose answer was lost exists once, and is acknowledged when it is
// asked again.
func TestSetHorairesReponsePerdue(t *testing.T) {
	_, base := openEdition(t, mednum.StatutPublie)
	p := &perdu{base, true}
	c, err := Open(t.Context(), p, &territoire.Territoire{}, nil, heure)
	if err != nil {
		t.Fatal(err)
	}
	h := Horaires{Texte: "Sa 10:00-12:00"}
	_, err = c.SetHoraires(t.Context(), "l1", parCle(1, "a"), h)
	wantRefus(t, err, mednum.Indisponible)
	wantRevisions(t, base, "l1", 2)
	p.panne = false
	if v, err := c.SetHoraires(t.Context(), "l1", parCle(1, "a"), h); err != nil || v.Version != 2 {
		t.Errorf("again: %v", err)
	}
	wantRevisions(t, base, "l1", 2)
}
