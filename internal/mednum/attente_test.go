package mednum

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAttentes(t *testing.T) {
	l := &Lieu{ID: "3k7xcdfh"}
	nom := func(valeur string) Attente {
		return Attente{Champs: map[Champ]string{ChampNom: valeur}, Auteur: "compte:a", Le: leEdition}
	}
	un, err := l.Attendre(nom("Un"))
	if err != nil || !EstID(un.ID) {
		t.Fatal(un, err)
	}
	if encore, err := l.Attendre(nom("Un")); err != nil || encore.ID != un.ID || len(l.Attentes) != 1 {
		t.Errorf("the same again: %v, %v", encore, err)
	}
	deux, err := l.Attendre(nom("Deux"))
	if err != nil || deux.ID == un.ID {
		t.Fatal(deux, err)
	}
	if err := l.RefuserAttente(un.ID, "Ce n’est pas son nom", "compte:c", leEdition); err != nil {
		t.Fatal(err)
	}
	if liste := l.EnAttente(); len(liste) != 1 || liste[0].ID != deux.ID {
		t.Errorf("%v", liste)
	}
	wantRefus(t, l.RetirerAttente(un.ID), Introuvable, "attente", "déjà répondu")
	wantRefus(t, l.RefuserAttente(deux.ID, " ", "c", leEdition), Invalide, "motif", "pourquoi")
	wantRefus(t, l.RefuserAttente(deux.ID, "a\nb", "c", leEdition), Invalide, "motif", "une ligne")
	if err := l.RetirerAttente(deux.ID); err != nil || len(l.EnAttente()) > 0 {
		t.Errorf("%v, %v", err, l.Attentes)
	}
	_, err = l.Attendre(Attente{})
	wantRefus(t, err, Invalide, "auteur", "Dites qui")
	for i := range attentesMax {
		if _, err := l.Attendre(nom(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	_, err = l.Attendre(nom("de trop"))
	wantRefus(t, err, EnTrop, "attentes", "20")
	for _, a := range l.EnAttente() {
		if err := l.RefuserAttente(a.ID, "non", "c", leEdition); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.Attentes) != refusMax {
		t.Errorf("%d refused ones kept, want %d", len(l.Attentes), refusMax)
	}
}

// What somebody writes to the coordinator.
func TestMessage(t *testing.T) {
	for _, tt := range []struct{ name, texte, want, refus string }{
		{"lines", " Un.\r\nDeux. ", "Un.\nDeux.", ""},
		{"just enough", strings.Repeat("é", messageMax), strings.Repeat("é", messageMax), ""},
		{"too much", strings.Repeat("é", messageMax+1), "", "1001 caractères"},
		{"a sign that does not show", "a\x00b", "", "invisible"},
		{"a text that turns over", "a\u202eb", "", "invisible"},
		{"no text", "a\xff", "", "invisible"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := &Lieu{ID: "3k7xcdfh"}
			a, err := l.Attendre(Attente{Message: tt.texte, Auteur: "lien:a", Le: leEdition})
			if tt.refus != "" {
				wantRefus(t, err, Invalide, "message", tt.refus)
				return
			}
			if err != nil || a.Message != tt.want || l.Attentes[0].Message != tt.want {
				t.Errorf("%q, %v", a.Message, err)
			}
		})
	}
}

func TestFermerDefinitivement(t *testing.T) {
	for _, tt := range []struct {
		name        string
		statut      Statut
		f           Fermeture
		champ, mots string
	}{
		{"today", StatutPublie, Fermeture{Le: jourEdition, Motif: " Fin du contrat "}, "", ""},
		{"closed already", StatutFerme, Fermeture{Le: jourEdition}, "", ""},
		{"no day", StatutPublie, Fermeture{}, "le", "Donnez le jour"},
		{"tomorrow", StatutPublie, Fermeture{Le: Date{2026, 11, 26}}, "le", "fermeture exceptionnelle"},
		{"a proposal", StatutPropose, Fermeture{Le: jourEdition}, "statut", "pas publié"},
		{"a reason on two lines", StatutPublie, Fermeture{Le: jourEdition, Motif: "a\nb"}, "motif", "une ligne"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := &Lieu{Statut: tt.statut}
			err := l.FermerDefinitivement(tt.f, jourEdition)
			if tt.champ != "" {
				wantRefus(t, err, Invalide, tt.champ, tt.mots)
				if l.Statut != tt.statut || l.Fermeture != nil {
					t.Errorf("%+v", l)
				}
				return
			}
			if err != nil || l.Statut != StatutFerme || l.Fermeture.Motif != strings.TrimSpace(tt.f.Motif) {
				t.Errorf("%v, %+v", err, l)
			}
			if err := l.Rouvrir(); err != nil || l.Statut != StatutPublie || l.Fermeture != nil {
				t.Errorf("%v, %+v", err, l)
			}
		})
	}
	wantRefus(t, (&Lieu{Statut: StatutRetire}).Rouvrir(), Invalide, "statut", "ne se rouvre pas")
}

func TestRoles(t *testing.T) {
	for _, tt := range []struct {
		role               Role
		edits, coordinates bool
	}{
		{RoleContributeur, false, false}, {RoleMediateur, true, false}, {RoleCoordinateur, true, true}, {RoleAdministrateur, true, true}, {"", false, false}, {"autre", false, false},
	} {
		if tt.role.Edits() != tt.edits || tt.role.Coordinates() != tt.coordinates {
			t.Errorf("%q: %v, %v", tt.role, tt.role.Edits(), tt.role.Coordinates())
		}
	}
}

func TestSansComptes(t *testing.T) {
	l := lieuPrive()
	publie := l.SansComptes()
	if texte := fmt.Sprintf("%+v %+v", publie.Champs, encodeLieu(t, publie)); strings.Contains(texte, "SECRET") {
		t.Error(texte)
	}
	if publie.Corrections[ChampNom].Auteur != "personne" || publie.Corrections[ChampTelephone].Auteur != "cli" {
		t.Errorf("%+v", publie.Corrections)
	}
	if d := cmp.Diff(lieuPrive(), l); d != "" {
		t.Errorf("the place itself changed: %s", d)
	}
}
