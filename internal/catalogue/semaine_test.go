package catalogue

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

func date(mois, jour int) mednum.Date {
	return mednum.Date{Annee: 2026, Mois: time.Month(mois), Jour: jour}
}

// openSemaine has "a" hold Tuesdays at l1, from a record, and a stop of l2 one
// Monday in two; b holds Fridays at l2.
func openSemaine(t *testing.T) (*Catalogue, *sqlite.Base, []PermanenceDe) {
	t.Helper()
	base := openBase(t)
	c := open82(t, base)
	var tenues []PermanenceDe
	modifier := func(id string, change func(*mednum.Lieu) (string, error)) {
		var permanence string
		_, err := c.Modifier(t.Context(), id, mediatrice(), func(l *mednum.Lieu) (err error) {
			permanence, err = change(l)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		tenues = append(tenues, PermanenceDe{id, permanence})
	}
	modifier("l1", func(l *mednum.Lieu) (string, error) {
		id := l.Permanences[0].ID
		return id, l.ConfierPermanence(id, "a", "compte:a", depart2026)
	})
	modifier("l2", func(l *mednum.Lieu) (string, error) {
		return l.AjouterPermanence(mednum.Permanence{
			Regle: "Mo 14:00-16:00", Depuis: date(11, 30), TousLes: 2, Compte: "a", Arret: &mednum.Arret{Nom: "École", CodeInsee: "82010"},
		})
	})
	modifier("l2", func(l *mednum.Lieu) (string, error) {
		return l.AjouterPermanence(mednum.Permanence{Regle: "Fr 09:00-10:00", Compte: "b"})
	})
	return c, base, tenues
}

func semaine(c *Catalogue, compte string, droits []mednum.Habilitation, du, au mednum.Date) (lignes []string) {
	for _, p := range c.Semaine(compte, droits, du, au) {
		ou := p.Lieu.ID
		if p.Permanence.Arret != nil {
			ou += " " + p.Permanence.Arret.Nom
		}
		ligne := fmt.Sprintf("%s-%s %s", p.Debut.Format("02/01 15:04"), p.Fin.Format("15:04"), ou)
		if p.Annule {
			ligne += " annulé (" + p.Exception.Motif + ")"
		}
		if p.AConfirmer {
			ligne += " ?"
		}
		lignes = append(lignes, ligne)
	}
	return lignes
}

func TestSemaine(t *testing.T) {
	c, _, tenues := openSemaine(t)
	tous := mediation("l1", "l2")
	deux := []string{"30/11 14:00-16:00 l2 École", "01/12 10:00-12:00 l1", "08/12 10:00-12:00 l1"}
	for _, tt := range []struct {
		name, compte string
		droits       []mednum.Habilitation
		du, au       mednum.Date
		want         []string
	}{
		{"two weeks over two places", "a", tous, date(11, 30), date(12, 13), deux},
		{"one day", "a", tous, date(12, 1), date(12, 1), deux[1:2]},
		{"a colleague", "b", tous, date(11, 30), date(12, 6), []string{"04/12 09:00-10:00 l2"}},
		{"a place that one no longer has", "a", mediation("l1"), date(11, 30), date(12, 6), deux[1:2]},
		{"nobody", "", tous, date(11, 30), date(12, 13), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, semaine(c, tt.compte, tt.droits, tt.du, tt.au)); d != "" {
				t.Error(d)
			}
		})
	}

	// One permanence is closed, then its whole place, then opened otherwise.
	ajouter := func(x mednum.Exception) {
		if _, err := c.Modifier(t.Context(), "l1", mediatrice(), func(l *mednum.Lieu) error {
			_, err := l.AjouterException(x, date(11, 24))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	ajouter(mednum.Exception{Du: date(12, 1), Motif: "formation", Permanence: tenues[0].Permanence})
	ajouter(mednum.Exception{Du: date(12, 8), Motif: "travaux"})
	ajouter(mednum.Exception{Du: date(12, 9), Ouvert: true, Plages: "15:00-16:00", Permanence: tenues[0].Permanence})
	want := []string{"01/12 10:00-12:00 l1 annulé (formation)", "08/12 10:00-12:00 l1 annulé (travaux)", "09/12 15:00-16:00 l1"}
	if d := cmp.Diff(want, semaine(c, "a", tous, date(12, 1), date(12, 13))); d != "" {
		t.Error(d)
	}
}

func TestAbsence(t *testing.T) {
	c, base, tenues := openSemaine(t)
	e := mediatrice()
	e.Idempotence, e.Version = "absence", 1 // the version of one place means nothing here
	for range 2 {
		lieux, err := c.Absence(t.Context(), e, tenues[:2], date(11, 30), date(12, 6), "congés")
		if err != nil || len(lieux) != 2 {
			t.Fatalf("%d places, %v", len(lieux), err)
		}
	}
	revs := wantRevisions(t, base, "l1", 3)
	wantRevisions(t, base, "l2", 4)
	if revs[2].Idempotence != "absence/l1" {
		t.Errorf("key %q", revs[2].Idempotence)
	}
	want := []string{"30/11 14:00-16:00 l2 École annulé (congés)", "01/12 10:00-12:00 l1 annulé (congés)", "08/12 10:00-12:00 l1"}
	if d := cmp.Diff(want, semaine(c, "a", e.Droits, date(11, 30), date(12, 13))); d != "" {
		t.Error(d)
	}
	for _, id := range []string{"l1", "l2"} {
		v, err := c.Lieu(id)
		if _, ferme := v.FermetureDe("", date(12, 1)); err != nil || ferme {
			t.Errorf("%s is closed, %v", id, err)
		}
	}
	if got := semaine(c, "b", e.Droits, date(12, 4), date(12, 4)); len(got) != 1 || got[0] != "04/12 09:00-10:00 l2" {
		t.Errorf("a colleague's: %v", got)
	}
	e.Idempotence = "retour"
	if _, err := c.AnnulerAbsence(t.Context(), e, tenues[:2], date(11, 30), date(12, 5)); err != nil {
		t.Fatal(err)
	}
	if got := semaine(c, "a", e.Droits, date(12, 1), date(12, 1)); len(got) != 1 || got[0] == "01/12 10:00-12:00 l1" {
		t.Errorf("other days were given back: %v", got)
	}
	e.Idempotence = "retour 2"
	if _, err := c.AnnulerAbsence(t.Context(), e, tenues[:2], date(11, 30), date(12, 6)); err != nil {
		t.Fatal(err)
	}
	if got := semaine(c, "a", e.Droits, date(12, 1), date(12, 1)); len(got) != 1 || got[0] != "01/12 10:00-12:00 l1" {
		t.Errorf("given back: %v", got)
	}
}

// All is checked before anything is written.
func TestAbsenceRefuse(t *testing.T) {
	c, base, tenues := openSemaine(t)
	fermee, err := c.Proposer(t.Context(), visiteur(), proposition())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Refuser(t.Context(), fermee, coordinatrice()); err != nil {
		t.Fatal(err)
	}
	avant, err := base.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tout := coordinatrice()
	for _, tt := range []struct {
		name   string
		e      Edition
		liste  []PermanenceDe
		du, au mednum.Date
		want   mednum.Code
	}{
		{"a place that one does not have", Edition{Auteur: "a", Droits: mediation("l1")}, tenues[:2], date(12, 1), date(12, 2), mednum.Interdit},
		{"a permanence that the second does not have", tout, []PermanenceDe{tenues[0], {"l2", "autre"}}, date(12, 1), date(12, 2), mednum.Invalide},
		{"no permanence", tout, []PermanenceDe{tenues[0], {"l2", ""}}, date(12, 1), date(12, 2), mednum.Invalide},
		{"nothing", tout, nil, date(12, 1), date(12, 2), mednum.Invalide},
		{"the past", tout, tenues[:2], date(11, 1), date(11, 2), mednum.Invalide},
		{"a withdrawn place", tout, []PermanenceDe{tenues[0], {fermee, "x"}}, date(12, 1), date(12, 2), mednum.Disparu},
		{"an unknown place", tout, []PermanenceDe{tenues[0], {"zz", "x"}}, date(12, 1), date(12, 2), mednum.Introuvable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.Absence(t.Context(), tt.e, tt.liste, tt.du, tt.au, "congés")
			wantRefus(t, err, tt.want)
			if apres, err := base.Version(t.Context()); err != nil || apres != avant {
				t.Errorf("something was written: %v", err)
			}
		})
	}
}
