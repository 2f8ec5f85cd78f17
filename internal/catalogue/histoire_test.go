package catalogue

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

// openHistoire has three more versions of l1: a name and a permanence, then
// hours and a closing day, then what its record told was hidden.
func openHistoire(t *testing.T) (*Catalogue, *sqlite.Base) {
	t.Helper()
	base := openBase(t)
	c := open82(t, base)
	for _, change := range []func(*mednum.Lieu) error{
		func(l *mednum.Lieu) error {
			if _, err := l.AjouterPermanence(mednum.Permanence{Regle: "Fr 09:00-10:00"}); err != nil {
				return err
			}
			return l.Corriger(mednum.ChampNom, "Deux", "compte:m", depart2026)
		},
		func(l *mednum.Lieu) error {
			if _, err := l.AjouterException(mednum.Exception{Du: date(12, 24)}, date(11, 24)); err != nil {
				return err
			}
			return l.CorrigerHoraires("Sa 09:00-12:00", "compte:m", depart2026)
		},
		func(l *mednum.Lieu) error {
			return l.CacherPermanence(l.Permanences[0].ID, "compte:m", depart2026)
		},
	} {
		if _, err := c.Modifier(t.Context(), "l1", mediatrice(), change); err != nil {
			t.Fatal(err)
		}
	}
	return c, base
}

func TestHistoire(t *testing.T) {
	c, _ := openHistoire(t)
	etapes, err := c.Histoire(t.Context(), "l1")
	if err != nil {
		t.Fatal(err)
	}
	var lignes []string
	for _, e := range etapes {
		var champs []string
		for _, d := range e.Differences {
			champs = append(champs, string(d.Champ))
		}
		lignes = append(lignes, fmt.Sprintf("%d %s %s", e.Version, e.Auteur, strings.Join(champs, " ")))
	}
	want := []string{
		"4 compte:m permanence", "3 compte:m horaires exception", "2 compte:m nom permanence",
		"1  nom commune code_postal code_insee adresse horaires date_maj services position permanence statut",
	}
	if d := cmp.Diff(want, lignes); d != "" {
		t.Error(d)
	}
	if etapes, err := c.Histoire(t.Context(), "zz"); err != nil || len(etapes) > 0 {
		t.Errorf("%v, %v", etapes, err)
	}
}

func TestRestaurerVersion(t *testing.T) {
	c, base := openHistoire(t)
	e := coordinatrice()
	e.Version = 4
	l, err := c.Restaurer(t.Context(), "l1", 2, e)
	if err != nil {
		t.Fatal(err)
	}
	revs := wantRevisions(t, base, "l1", 5)
	if d := mednum.Differences(&revs[1].Apres, &l); len(d) > 0 || l.Version != 5 || l.Champs.Nom != "Deux" || len(l.Permanences) != 2 {
		t.Errorf("version %d is not version 2: %v", l.Version, d)
	}
	for _, version := range []int{2, 5} { // again, then the newest; under a key or not
		for _, cle := range []string{"", fmt.Sprint("cle", version)} {
			e := coordinatrice()
			e.Idempotence = cle
			if l, err := c.Restaurer(t.Context(), "l1", version, e); err != nil || l.Version != 5 {
				t.Errorf("version %d, key %q: %v, version %d", version, cle, err, l.Version)
			}
		}
	}
	wantRevisions(t, base, "l1", 5)

	// The records are those of today: a source that moved is not undone.
	fiche := fiche82("1", "Médiathèque", moissac, "Moissac", "82200", "44.104", "1.085")
	fiche.Champs[mednum.ChampTelephone] = "+33563000077"
	rev, _ := mednum.Reviser(l, mednum.Consolider(l, []mednum.Fiche{fiche}, nil))
	if err := base.Apply(t.Context(), mednum.Operation{ID: "import"}, []mednum.Fiche{fiche}, []mednum.Revision{rev}); err != nil {
		t.Fatal(err)
	}
	if l, err = c.Restaurer(t.Context(), "l1", 1, coordinatrice()); err != nil || l.Champs.Telephone != "+33563000077" || l.Champs.Nom != "Médiathèque" || len(l.Permanences) != 1 {
		t.Errorf("%v, %+v", err, l)
	}
}

func TestRestaurerRefuse(t *testing.T) {
	c, base := openHistoire(t)
	_, err := c.Restaurer(t.Context(), "l1", 9, coordinatrice())
	wantRefus(t, err, mednum.Introuvable)
	_, err = c.Restaurer(t.Context(), "l1", 1, Edition{Auteur: "compte:x", Droits: mediation("l2")})
	wantRefus(t, err, mednum.Interdit)
	e := coordinatrice()
	e.Version = 3
	_, err = c.Restaurer(t.Context(), "l1", 1, e)
	wantRefus(t, err, mednum.Perime)
	c.SetRelecture(true)
	_, err = c.Restaurer(t.Context(), "l1", 1, mediatrice()) // it has another name
	wantRefus(t, err, mednum.Interdit)
	wantRevisions(t, base, "l1", 4)
	if l, err := c.Restaurer(t.Context(), "l1", 2, mediatrice()); err != nil || l.Champs.Horaires != "Mo-Fr 09:00-12:00" {
		t.Errorf("%v, %q", err, l.Champs.Horaires)
	}
	for _, statut := range []mednum.Statut{mednum.StatutFusionne, mednum.StatutRetire} {
		base := openBase(t)
		c := open82(t, base)
		l, err := base.Lieu(t.Context(), "l1")
		if err != nil {
			t.Fatal(err)
		}
		l.Version, l.Statut, l.Vers = 2, statut, "l2"
		save(t, base, l)
		for _, version := range []int{1, 2} {
			_, err = c.Restaurer(t.Context(), "l1", version, coordinatrice())
			if code := mednum.Errors(err)[0].Code; code != mednum.Conflit && code != mednum.Disparu {
				t.Errorf("%s, version %d: %v", statut, version, err)
			}
		}
		wantRevisions(t, base, "l1", 2)
		// Separated since, it still has no such version to go back to.
		l.Version, l.Statut, l.Vers = 3, mednum.StatutPublie, ""
		save(t, base, l)
		_, err = c.Restaurer(t.Context(), "l1", 2, coordinatrice())
		wantRefus(t, err, mednum.Conflit)
	}
}

// Restoring a version gives its position back, with the name that goes with it.
func TestRestaurerPosition(t *testing.T) {
	c, base := openHistoire(t)
	if _, _, err := c.Editer(t.Context(), "l1", coordinatrice(), Changement{Position: &geo.Point{Lat: 44.2, Lon: 1.2}}); err != nil {
		t.Fatal(err)
	}
	l, err := c.Restaurer(t.Context(), "l1", 4, coordinatrice())
	if err != nil || *l.Champs.Latitude != 44.104 || l.Precision != mednum.PrecisionRue {
		t.Errorf("%v, %v %s", err, *l.Champs.Latitude, l.Precision)
	}
	wantRevisions(t, base, "l1", 6)
}
