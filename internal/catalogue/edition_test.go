package catalogue

import (
	"context"
	"errors"
	"os"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// openEdition is a catalogue of one place, made of one record.
func openEdition(t *testing.T, statut mednum.Statut) (*Catalogue, *sqlite.Base) {
	t.Helper()
	base := openBase(t)
	fiche := mednum.Fiche{
		Flux: "fs", Cle: "1", DateMaj: mednum.Date{Annee: 2025, Mois: 1, Jour: 1}, Lieu: "l1",
		Champs:      map[mednum.Champ]string{mednum.ChampNom: "Un", mednum.ChampCommune: "Moissac", mednum.ChampHoraires: "Mo-Fr 09:00-12:00"},
		Permanences: []mednum.Permanence{{ID: "p1", Regle: "Tu 10:00-12:00"}},
	}
	l := mednum.Consolider(mednum.Lieu{ID: "l1", Statut: statut, Vers: "l2"}, []mednum.Fiche{fiche}, nil)
	rev, _ := mednum.Reviser(mednum.Lieu{}, l)
	if err := base.Apply(t.Context(), mednum.Operation{ID: "essai"}, []mednum.Fiche{fiche}, []mednum.Revision{rev}); err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), base, &territoire.Territoire{}, nil, heure)
	if err != nil {
		t.Fatal(err)
	}
	return c, base
}

func wantRefus(t *testing.T, err error, code mednum.Code) {
	t.Helper()
	var e *mednum.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("error = %v, want %s", err, code)
	}
}

// tout is the right to change everything.
var tout = []mednum.Habilitation{{Role: mednum.RoleMediateur, Portee: mednum.PorteeTout}}

func direAide(l *mednum.Lieu) error { return l.DireHoraires(mednum.SensAide) }

func TestModifier(t *testing.T) {
	c, base := openEdition(t, mednum.StatutPublie)
	le := mednum.DateOf(depart2026)
	l, err := c.Modifier(t.Context(), "l1", Edition{Auteur: "Jeanne", Voie: "cli", Droits: tout}, func(l *mednum.Lieu) error {
		return errors.Join(l.DireHoraires(mednum.SensAide), l.Verifier(le, "Jeanne", le))
	})
	if err != nil || l.Version != 2 || l.Preuve.Date != le || l.Champs.DateMaj != le {
		t.Fatalf("%v, version %d, proof %+v", err, l.Version, l.Preuve)
	}
	v, err := c.Lieu("l1")
	if err != nil || v.Version != 2 || v.SensHoraires != mednum.SensAide {
		t.Errorf("published: %v, version %d, %q", err, v.Version, v.SensHoraires)
	}
	revs, err := base.Revisions(t.Context(), "l1")
	if err != nil || len(revs) != 2 {
		t.Fatalf("%d revisions, %v", len(revs), err)
	}
	if r := revs[1]; r.Auteur != "Jeanne" || r.Voie != "cli" || r.Version != 2 || len(r.Champs) != 1 || r.Champs[0] != mednum.ChampDateMaj {
		t.Errorf("revision: %+v", r)
	}
	if l, err = c.Modifier(t.Context(), "l1", Edition{Auteur: "Jeanne", Voie: "cli", Droits: tout}, direAide); err != nil || l.Version != 2 {
		t.Errorf("the same change again: %v, version %d", err, l.Version)
	}
}

func TestModifierRefuse(t *testing.T) {
	for _, tt := range []struct {
		name, id string
		statut   mednum.Statut
		version  int
		change   func(*mednum.Lieu) error
		want     mednum.Code
	}{
		{"unknown place", "l9", mednum.StatutPublie, 0, direAide, mednum.Introuvable},
		{"merged", "l1", mednum.StatutFusionne, 0, direAide, mednum.Conflit},
		{"withdrawn", "l1", mednum.StatutRetire, 0, direAide, mednum.Disparu},
		{"a version that is over", "l1", mednum.StatutPublie, 7, direAide, mednum.Perime},
		{"what the change refuses", "l1", mednum.StatutPublie, 0, func(l *mednum.Lieu) error { return l.DireHoraires("x") }, mednum.Invalide},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, base := openEdition(t, tt.statut)
			avant, err := base.Version(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Modifier(t.Context(), tt.id, Edition{Auteur: "a", Voie: "cli", Droits: tout, Version: tt.version}, tt.change)
			wantRefus(t, err, tt.want)
			if apres, err := base.Version(t.Context()); err != nil || apres != avant {
				t.Errorf("a refused change was written: %v", err)
			}
		})
	}
}

// TestModifierDoublee: someone writes between the reading and the saving.
func TestModifierDoublee(t *testing.T) {
	for _, tt := range []struct {
		name          string
		version, want int
		code          mednum.Code
	}{
		{"made again on the newest", 0, 3, ""},
		{"refused, when it was for a version", 1, 2, mednum.Perime},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, base := openEdition(t, mednum.StatutPublie)
			doubles := 0
			_, err := c.Modifier(t.Context(), "l1", Edition{Auteur: "a", Voie: "cli", Droits: tout, Version: tt.version}, func(l *mednum.Lieu) error {
				if doubles++; doubles == 1 {
					autre(t, c, "b")
				}
				return l.Verifier(mednum.DateOf(depart2026), "a", mednum.DateOf(depart2026))
			})
			if tt.code != "" {
				wantRefus(t, err, tt.code)
			} else if err != nil {
				t.Error(err)
			}
			l, err := base.Lieu(t.Context(), "l1")
			if err != nil || l.Version != tt.want || l.SensHoraires != mednum.SensAide {
				t.Errorf("%v, version %d, sense %q", err, l.Version, l.SensHoraires)
			}
		})
	}
}

// TestModifierDeuxFois: the same change by the same author, sent twice at once
// for one version, is written once and succeeds twice.
func TestModifierDeuxFois(t *testing.T) {
	c, base := openEdition(t, mednum.StatutPublie)
	l, err := c.Modifier(t.Context(), "l1", Edition{Auteur: "a", Voie: "cli", Droits: tout, Version: 1}, func(l *mednum.Lieu) error {
		autre(t, c, "a")
		return direAide(l)
	})
	if err != nil || l.Version != 2 {
		t.Errorf("%v, version %d", err, l.Version)
	}
	if revs, err := base.Revisions(t.Context(), "l1"); err != nil || len(revs) != 2 {
		t.Errorf("%d revisions, %v", len(revs), err)
	}
}

func autre(t *testing.T, c *Catalogue, auteur string) {
	t.Helper()
	if _, err := c.Modifier(context.Background(), "l1", Edition{Auteur: auteur, Voie: "cli", Droits: tout}, direAide); err != nil {
		t.Error(err)
	}
}

func territoireEdition(t *testing.T) *territoire.Territoire {
	t.Helper()
	terr, err := territoire.Open(os.DirFS("../../data/82"))
	if err != nil {
		t.Fatal(err)
	}
	return terr
}

func TestCompleterArret(t *testing.T) {
	c := &Catalogue{territoire: territoireEdition(t)}
	a := mednum.Arret{Nom: "Mairie", CodeInsee: "82112"}
	if err := c.CompleterArret(&a); err != nil || a.Commune != "Moissac" || a.CodePostal != "82200" || a.Latitude == nil || a.Precision != mednum.PrecisionCommune {
		t.Errorf("%+v, %v", a, err)
	}
	lat, lon := 44.1, 1.1
	b := mednum.Arret{Nom: "Mairie", CodeInsee: "82112", Latitude: &lat, Longitude: &lon}
	if err := c.CompleterArret(&b); err != nil || *b.Latitude != lat || b.Precision != mednum.PrecisionMain {
		t.Errorf("%+v, %v", b, err)
	}
	wantRefus(t, c.CompleterArret(&mednum.Arret{CodeInsee: "82200"}), mednum.Invalide)
}
