package collecte_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// What people said of the permanences of a source survives its next import and
// travels with the pack; nobody's account does, nor what waits, nor a proposal.
func TestRetouchesGardees(t *testing.T) {
	b := baseNeuve(t)
	f := fiche(fluxA, "1")
	f.Permanences = []mednum.Permanence{{ID: "a", Regle: "Mo 09:00-12:00"}, {ID: "b", Regle: "Tu 09:00-12:00"}}
	importer(t, b, "", lecture(fluxA, f))
	l := lieuxDe(t, b)[0]
	le := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	if err := l.ModifierPermanence(l.Permanences[0].ID, mednum.Permanence{Regle: "Th 09:00-12:00", Compte: "SECRET"}, "compte:SECRET", le); err != nil {
		t.Fatal(err)
	}
	if err := l.CacherPermanence(l.Permanences[1].ID, "compte:SECRET", le); err != nil {
		t.Fatal(err)
	}
	if err := l.Corriger(mednum.ChampTelephone, "05 63 00 00 01", "compte:SECRET", le); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Attendre(mednum.Attente{Champs: map[mednum.Champ]string{mednum.ChampNom: "SECRET"}, Auteur: "compte:SECRET", Le: le}); err != nil {
		t.Fatal(err)
	}
	if err := l.FermerDefinitivement(mednum.Fermeture{Le: mednum.DateOf(le), Motif: "fin"}, mednum.DateOf(le)); err != nil {
		t.Fatal(err)
	}
	l.Version++
	l.VerifieLe, l.VerifiePar = mednum.DateOf(le), "compte:SECRET"
	l.ModifieLe, l.ModifiePar = mednum.DateOf(le), "compte:SECRET"
	propose := mednum.Lieu{ID: "propose", Version: 1, Statut: mednum.StatutPropose, Champs: mednum.Champs{Nom: "SECRET"}}
	for _, l := range []mednum.Lieu{l, propose} {
		if err := b.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: l.Version, Apres: l, Auteur: "x", Voie: "app"}); err != nil {
			t.Fatal(err)
		}
	}

	f.Permanences[0].Regle = "We 09:00-12:00"
	importer(t, b, "", lecture(fluxA, f))
	importe, err := b.Lieu(t.Context(), l.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantEdite(t, importe)

	livre := ecrire(t, b)
	if strings.Contains(string(livre), "SECRET") || strings.Contains(string(livre), "propose") {
		t.Errorf("the pack tells what is private: %s", livre)
	}
	copie := baseNeuve(t)
	if _, err := collecte.Remplir(t.Context(), copie, territoireLivre(t), bytes.NewReader(livre)); err != nil {
		t.Fatal(err)
	}
	lieux := lieuxDe(t, copie)
	if len(lieux) != 1 {
		t.Fatalf("%d places", len(lieux))
	}
	wantEdite(t, lieux[0])
}

func wantEdite(t *testing.T, l mednum.Lieu) {
	t.Helper()
	if len(l.Permanences) != 1 || l.Permanences[0].Regle != "Th 09:00-12:00" || !l.Retouches[l.Permanences[0].ID].ARevoir {
		t.Errorf("permanences %+v, %+v", l.Permanences, l.Retouches)
	}
	if l.Champs.Telephone != "+33563000001" || l.Statut != mednum.StatutFerme || l.Fermeture == nil || l.Fermeture.Motif != "fin" || len(l.Cachees()) != 1 {
		t.Errorf("%+v", l)
	}
}
