package catalogue

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// All that somebody gives waits, relecture or not, with their words.
func TestFaireAttendre(t *testing.T) {
	c := open82(t, openBase(t))
	ch := Changement{Champs: map[mednum.Champ]string{mednum.ChampTelephone: "05 63 11 22 33", mednum.ChampNom: "Médiathèque"}}
	l, err := c.FaireAttendre(t.Context(), "l1", mediatrice(), ch, "Merci")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[mednum.Champ]string{mednum.ChampTelephone: "+33563112233"}, l.Attentes[0].Champs); d != "" {
		t.Errorf("what waits (-want +got):\n%s", d)
	}
	if l.Attentes[0].Message != "Merci" || l.Champs.Telephone != "" {
		t.Errorf("%+v, phone %q", l.Attentes[0], l.Champs.Telephone)
	}
	if l, err = c.FaireAttendre(t.Context(), "l1", mediatrice(), ch, "Merci"); err != nil || len(l.Attentes) != 1 {
		t.Errorf("the same again: %d wait, %v", len(l.Attentes), err)
	}
	if l, err = c.FaireAttendre(t.Context(), "l1", mediatrice(), ch, "Encore"); err != nil || len(l.Attentes) != 2 {
		t.Errorf("with other words: %d wait, %v", len(l.Attentes), err)
	}
	_, err = c.FaireAttendre(t.Context(), "l1", mediatrice(), Changement{Champs: map[mednum.Champ]string{mednum.ChampNom: "Médiathèque"}}, " ")
	wantRefus(t, err, mednum.Invalide)
	_, err = c.FaireAttendre(t.Context(), "l1", Edition{Auteur: "lien:x", Droits: mediation("l2")}, ch, "")
	wantRefus(t, err, mednum.Interdit)
	l, err = c.Accepter(t.Context(), "l1", l.Attentes[0].ID, coordinatrice())
	if err != nil || l.Champs.Telephone != "+33563112233" {
		t.Errorf("accepted: %q, %v", l.Champs.Telephone, err)
	}
}

func TestDepuis(t *testing.T) {
	c := open82(t, openBase(t))
	tous, dernier := c.Depuis(0)
	if len(tous) != 2 || tous[0].ID != "l1" || dernier == 0 {
		t.Fatalf("%d places, %d", len(tous), dernier)
	}
	if vues, autre := c.Depuis(dernier); len(vues) != 0 || autre != dernier {
		t.Errorf("%d places, %d", len(vues), autre)
	}
	if _, err := c.FaireAttendre(t.Context(), "l2", mediatrice(), Changement{}, "Merci"); err != nil {
		t.Fatal(err)
	}
	if vues, autre := c.Depuis(dernier); len(vues) != 1 || vues[0].ID != "l2" || autre <= dernier {
		t.Errorf("%d places, %d", len(vues), autre)
	}
}

func TestEnMots(t *testing.T) {
	for _, tt := range []struct {
		name  string
		champ mednum.Champ
		texte string
		want  string
	}{
		{"nothing", mednum.ChampNom, "", "rien"},
		{"a name", mednum.ChampNom, "Mairie", "Mairie"},
		{"hours", mednum.ChampHoraires, "Mo-Fr 09:00-12:00", "Du lundi au vendredi\u00a0: 9\u00a0h à 12\u00a0h"},
		{"hours that cannot be read", mednum.ChampHoraires, "le matin", "«\u00a0le matin\u00a0»"},
		{"a phone", mednum.ChampTelephone, "+33563040000", "05\u00a063\u00a004\u00a000\u00a000"},
		{"a permanence", "permanence", "Tu 10:00-12:00, depuis le 2026-12-01, sur rendez-vous", "Le mardi\u00a0: 10\u00a0h à 12\u00a0h, depuis le 1er décembre 2026, sur rendez-vous"},
		{"a permanence of two ranges", "permanence", "Tu 10:00-12:00, 14:00-16:00, Mairie", "Le mardi\u00a0: 10\u00a0h à 12\u00a0h et 14\u00a0h à 16\u00a0h, Mairie"},
		{"a permanence without hours", "permanence", "horaires non communiqués, Mairie", "horaires non communiqués, Mairie"},
		{"an exception", "exception", "fermé du 2026-12-24 au 2027-01-02 (congés)", "fermé du 24 décembre 2026 au 2 janvier 2027 (congés)"},
		{"a day that is none", "exception", "fermé le 2026-13-40", "fermé le 2026-13-40"},
		{"a check", "verifie_le", "2026-11-24", "24 novembre 2026"},
		{"who holds it", champTenue, "a1", "Jeanne"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := EnMots(mednum.Difference{Champ: tt.champ, Avant: tt.texte, Apres: tt.texte}, func(id string) string { return map[string]string{"a1": "Jeanne"}[id] })
			if got.Apres != tt.want || got.Avant != tt.want {
				t.Errorf("%q, want %q", got.Apres, tt.want)
			}
		})
	}
}

func TestDireAuteur(t *testing.T) {
	for auteur, want := range map[string]string{
		"compte:a1": "Jeanne", "compte:b2": "quelqu’un", "lien:0123": "quelqu’un du lieu, par un lien reçu",
		"": "un import", "cli": "l’équipe technique", "Agenda": "Agenda",
	} {
		if got := DireAuteur(auteur, map[string]string{"a1": "Jeanne"}); got != want {
			t.Errorf("DireAuteur(%q) = %q, want %q", auteur, got, want)
		}
	}
}
