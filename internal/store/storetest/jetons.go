package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Jetons are machine tokens as bases kept them before they were objects: one
// good, one revoked, for the tests of the migrations.
func Jetons() []mednum.Jeton {
	jeton := func(hash, nom string) mednum.Jeton {
		return mednum.Jeton{
			Hash: hash, Usage: mednum.UsageAPI, Nom: nom, Cree: Maintenant, Expire: Maintenant.AddDate(1, 0, 0),
			Habilitations: []mednum.Habilitation{{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: "a"}},
		}
	}
	bon := jeton("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "Site de la mairie d’À-côté")
	repris := jeton("ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "Agenda")
	repris.RevoqueLe = Maintenant.Add(time.Hour)
	return []mednum.Jeton{bon, repris}
}

// WantJetons asserts that the base keeps Jetons, as objects.
func WantJetons(t *testing.T, b store.Magasin) {
	t.Helper()
	objets, err := b.Objets(t.Context(), store.Choix{Genre: "jeton"})
	if err != nil {
		t.Fatal(err)
	}
	var want []store.Objet
	var corps []mednum.Jeton
	for _, j := range Jetons() {
		want = append(want, store.Objet{Genre: "jeton", ID: j.Hash, Version: 1, Efface: j.Expire.Add(30 * 24 * time.Hour)})
	}
	for i := range objets {
		var j mednum.Jeton
		if err := json.Unmarshal(objets[i].Corps, &j); err != nil {
			t.Fatal(err)
		}
		corps, objets[i].Corps = append(corps, j), nil
	}
	if d := cmp.Diff(want, objets); d != "" {
		t.Errorf("objects (-want +got):\n%s", d)
	}
	if d := cmp.Diff(Jetons(), corps); d != "" {
		t.Errorf("tokens (-want +got):\n%s", d)
	}
	ecrit := store.Objet{Genre: "jeton", ID: Jetons()[0].Hash, Version: 2, Corps: json.RawMessage(`{}`)}
	if err := b.SetObjet(t.Context(), ecrit); err != nil {
		t.Errorf("a token can no longer be written: %v", err)
	}
}
