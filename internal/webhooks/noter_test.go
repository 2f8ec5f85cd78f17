package webhooks_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

const (
	moissac   = "82112"
	montauban = "82121"
)

// What happens to a place is told once, and only what the public sees of it.
func TestEvenements(t *testing.T) {
	b := installer(t)
	ancien := b.lieu(t, "Ancien", moissac)
	check(t, b.lieux.Actualiser(t.Context()))
	a := ecouter(t)
	b.creer(t, a, webhooks.PorteeTout, "")
	b.passer(t, 0) // what was there before is not told

	autre := b.lieu(t, "Neuf", moissac)
	b.passer(t, 1)
	want(t, "a new place", []string{"lieu.cree Neuf v1 "}, a.dits())
	b.telephone(t, ancien, 1)
	b.passer(t, 1)
	want(t, "a phone", []string{"lieu.modifie Ancien v2 telephone"}, a.dits())
	b.passer(t, 0)
	want(t, "nothing", nil, a.dits())

	b.telephone(t, ancien, 2)
	b.telephone(t, ancien, 3)
	b.passer(t, 1)
	want(t, "two changes at once are told as one", []string{"lieu.modifie Ancien v4 telephone"}, a.dits())
	b.ecrire(t, ancien, func(l *mednum.Lieu) {
		l.Attentes = []mednum.Attente{{ID: "x", Auteur: "compte:SECRETAUTEUR", Champs: map[mednum.Champ]string{mednum.ChampNom: "SECRETNOM"}}}
	})
	b.passer(t, 0)
	want(t, "what waits is private", nil, a.dits())
	b.ecrire(t, ancien, func(l *mednum.Lieu) {
		l.Exceptions = []mednum.Exception{{ID: "noel", Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 24}, Au: mednum.Date{Annee: 2026, Mois: 12, Jour: 26}, Motif: "congés"}}
	})
	b.passer(t, 1)
	noel := a.lus()
	if len(noel) != 1 || !slices.Equal(noel[0].Faits[0].Champs, []string{"exceptions"}) || !strings.Contains(noel[0].corps, `"exceptions":[{"id":"noel","du":"2026-12-24","au":"2026-12-26","motif":"congés"}]`) {
		t.Errorf("closed at Christmas: %+v", noel)
	}
	b.ecrire(t, ancien, func(l *mednum.Lieu) {
		l.Statut, l.Fermeture = mednum.StatutFerme, &mednum.Fermeture{Le: mednum.Date{Annee: 2026, Mois: 11, Jour: 24}, Motif: "SECRETMOTIF"}
	})
	b.passer(t, 1)
	want(t, "closed", []string{"lieu.ferme Ancien v7 fermeture+statut"}, a.dits())
	b.ecrire(t, ancien, func(l *mednum.Lieu) { l.Statut, l.Fermeture = mednum.StatutPublie, nil })
	b.passer(t, 1)
	want(t, "open again", []string{"lieu.modifie Ancien v8 fermeture+statut"}, a.dits())
	b.ecrire(t, ancien, func(l *mednum.Lieu) { l.Statut, l.Vers = mednum.StatutFusionne, autre })
	b.passer(t, 1)
	if lus := a.lus(); len(lus) != 1 || lus[0].Faits[0].Type != "lieu.fusionne" || lus[0].Faits[0].Vers != autre || lus[0].Faits[0].Lieu != nil {
		t.Errorf("merged: %+v", lus)
	}
	b.ecrire(t, autre, func(l *mednum.Lieu) { l.Statut = mednum.StatutRetire })
	b.passer(t, 1)
	want(t, "withdrawn", []string{"lieu.retire v2 "}, a.dits())
	b.ecrire(t, autre, func(l *mednum.Lieu) { l.Statut = mednum.StatutPublie })
	b.passer(t, 1)
	want(t, "back", []string{"lieu.cree Neuf v3 "}, a.dits())
}

// A message of long places is cut by its size too.
func TestTailleDesMessages(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	b.creer(t, a, webhooks.PorteeTout, "")
	for i := range 12 {
		id := b.lieu(t, fmt.Sprint("Long ", i), moissac)
		b.ecrire(t, id, func(l *mednum.Lieu) {
			l.Corrections[mednum.ChampPresentationDetail] = mednum.Correction{Valeur: strings.Repeat("a", 100<<10)}
		})
	}
	b.passer(t, 3)
	n := 0
	for _, r := range a.lus() {
		if n += len(r.Faits); len(r.corps) > 600<<10 {
			t.Errorf("a message of %d bytes", len(r.corps))
		}
	}
	want(t, "places", 12, n)
}

// A place that is only proposed is nobody's business, accepted or not.
func TestPropose(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	b.creer(t, a, webhooks.PorteeTout, "")
	for _, nom := range []string{"SECRETLIEU", "Accepté"} {
		l := mednum.Lieu{ID: mednum.NouvelID(nom), Statut: mednum.StatutPropose, Corrections: map[mednum.Champ]mednum.Correction{mednum.ChampNom: {Valeur: nom}}}
		check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: 1, Apres: mednum.Consolider(l, nil, nil), Voie: "app"}))
	}
	b.passer(t, 0)
	b.ecrire(t, mednum.NouvelID("SECRETLIEU"), func(l *mednum.Lieu) { l.Statut = mednum.StatutRetire })
	b.ecrire(t, mednum.NouvelID("Accepté"), func(l *mednum.Lieu) { l.Statut = mednum.StatutPublie })
	b.passer(t, 1)
	want(t, "told", []string{"lieu.cree Accepté v2 "}, a.dits())
}

// A message holds the object of the API, byte for byte, and nothing private.
func TestContenu(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	h := b.creer(t, a, webhooks.PorteeTout, "")
	id := b.lieu(t, "Café « l’Été » <&>", moissac)
	b.passer(t, 1)
	lus := a.lus()
	v, err := b.lieux.Lieu(id)
	check(t, err)
	if len(lus) != 1 || !strings.Contains(lus[0].corps, `"lieu":`+string(v.JSON)) {
		t.Fatalf("not the object of the API:\n%+v\n%s", lus, v.JSON)
	}
	var corps struct {
		Type       string
		Timestamp  time.Time
		Evenements []map[string]json.RawMessage
	}
	check(t, json.Unmarshal([]byte(lus[0].corps), &corps))
	want(t, "type", "changements", corps.Type)
	want(t, "timestamp", mardi, corps.Timestamp)
	want(t, "url", `"`+publique+"/lieux/"+id+`"`, string(corps.Evenements[0]["url"]))
	for _, secret := range []string{"SECRET", "compte:", "cli", h.Secret, h.URL} {
		if strings.Contains(lus[0].corps, secret) {
			t.Errorf("a message tells %q:\n%s", secret, lus[0].corps)
		}
	}
	if !signee(&lus[0], h.Secret) || signee(&lus[0], h.Secret[:len(h.Secret)-4]+"AAA=") {
		t.Errorf("signature %q", lus[0].entetes.Get("webhook-signature"))
	}
	want(t, "type of the body", "application/json", lus[0].entetes.Get("Content-Type"))
	want(t, "agent", "A-deux-pas/essai (+"+publique+")", lus[0].entetes.Get("User-Agent"))
	want(t, "timestamp of the try", fmt.Sprint(mardi.Unix()), lus[0].entetes.Get("webhook-timestamp"))
}

// Each webhook is told of the places of its scope, those that enter or leave it
// and those that stop there included.
func TestPortees(t *testing.T) {
	b := installer(t)
	tout, commune, epci := ecouter(t), ecouter(t), ecouter(t)
	c, ok := b.Territoire.Commune(moissac)
	if !ok || c.EPCI == "" {
		t.Fatal("the commune is not known")
	}
	b.creer(t, tout, webhooks.PorteeTout, "")
	b.creer(t, commune, webhooks.PorteeCommune, moissac)
	b.creer(t, epci, webhooks.PorteeEPCI, c.EPCI)
	ici, loin := b.lieu(t, "Ici", moissac), b.lieu(t, "Loin", montauban)
	b.passer(t, 3)
	want(t, "all", 2, len(tout.dits()))
	want(t, "commune", []string{"lieu.cree Ici v1 "}, commune.dits())
	want(t, "EPCI", []string{"lieu.cree Ici v1 "}, epci.dits())

	b.ecrire(t, ici, func(l *mednum.Lieu) {
		l.Corrections[mednum.ChampCodeInsee] = mednum.Correction{Valeur: montauban}
	})
	b.ecrire(t, loin, func(l *mednum.Lieu) {
		l.Corrections[mednum.ChampItinerance] = mednum.Correction{Valeur: "Itinérant"}
		_, err := l.AjouterPermanence(mednum.Permanence{ID: "arret", Regle: "Mo 09:00-12:00", Arret: &mednum.Arret{Nom: "Halle", CodeInsee: moissac, Commune: "Moissac"}})
		check(t, err)
	})
	b.passer(t, 3)
	want(t, "of the commune: one leaves, one stops there", 2, len(commune.dits()))
	want(t, "of the EPCI", 2, len(epci.dits()))
}

// A massive import makes few messages: a hundred events each.
func TestLots(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	h := b.creer(t, a, webhooks.PorteeTout, "")
	revisions := make([]mednum.Revision, 0, 250)
	for i := range 250 {
		l := mednum.Lieu{ID: mednum.NouvelID(fmt.Sprint("lot", i)), Statut: mednum.StatutPublie, Corrections: map[mednum.Champ]mednum.Correction{mednum.ChampNom: {Valeur: fmt.Sprint("Lieu ", i)}}}
		l = mednum.Consolider(l, nil, nil)
		revisions = append(revisions, mednum.Revision{Lieu: l.ID, Version: 1, Apres: l, Voie: "import"})
	}
	check(t, b.base.Apply(t.Context(), mednum.Operation{ID: "import", Genre: "import", Le: mardi}, nil, revisions))
	b.passer(t, 3)
	vus, tailles := map[string]bool{}, []int{}
	for _, r := range a.lus() {
		tailles = append(tailles, len(r.Faits))
		for _, f := range r.Faits {
			vus[f.LieuID] = true
		}
	}
	want(t, "events by message", []int{100, 100, 50}, tailles)
	want(t, "places", 250, len(vus))
	want(t, "the last one", map[webhooks.Type]int{webhooks.TypeCree: 50}, b.derniere(t, &h).Compte)
}

// What another program writes, and what is written while this one is stopped, is
// told all the same, once.
func TestAutreProgramme(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	b.creer(t, a, webhooks.PorteeTout, "")
	id := b.lieu(t, "Un", moissac)
	b.passer(t, 1)
	b.telephone(t, id, 1)
	b.demarrer(t)
	a.lus()
	b.passer(t, 1)
	want(t, "told after a restart", []string{"lieu.modifie Un v2 telephone"}, a.dits())
	for i := range 4 { // the cursor moves on: nothing is told twice
		b.horloge.avancer(3 * time.Minute)
		b.passer(t, 0)
		b.telephone(t, id, 10+i)
		b.passer(t, 1)
		want(t, "told", []string{fmt.Sprintf("lieu.modifie Un v%d telephone", 3+i)}, a.dits())
	}
	b.horloge.avancer(3 * time.Minute)
	b.passer(t, 0)
	b.horloge.avancer(3 * time.Minute)
	b.passer(t, 0)
	if du, err := b.ANoter(t.Context()); err != nil || du {
		t.Errorf("something is still to be looked at: %t, %v", du, err)
	}
	b.telephone(t, id, 99)
	check(t, b.lieux.Actualiser(t.Context()))
	if du, err := b.ANoter(t.Context()); err != nil || !du {
		t.Errorf("a change is to be looked at: %t, %v", du, err)
	}
}

// What a place became while nobody was told counts when somebody is again.
func TestRepriseDeTous(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	h := b.creer(t, a, webhooks.PorteeTout, "")
	id := b.lieu(t, "Un", moissac)
	b.passer(t, 1)
	check(t, b.Suspendre(t.Context(), h.ID))
	b.ecrire(t, id, func(l *mednum.Lieu) { l.Statut = mednum.StatutRetire })
	b.passer(t, 0)
	check(t, b.lieux.Actualiser(t.Context()))
	check(t, b.Reprendre(t.Context(), h.ID))
	a.lus()
	b.ecrire(t, id, func(l *mednum.Lieu) { l.Statut = mednum.StatutPublie })
	b.passer(t, 1)
	want(t, "told", []string{"lieu.cree Un v3 "}, a.dits())
}

// One that comes is told nothing of what was before, though another is.
func TestArriveApres(t *testing.T) {
	b := installer(t)
	ancien, neuf := ecouter(t), ecouter(t)
	b.creer(t, ancien, webhooks.PorteeTout, "")
	b.lieu(t, "Avant", moissac)
	check(t, b.lieux.Actualiser(t.Context()))
	b.creer(t, neuf, webhooks.PorteeTout, "")
	b.passer(t, 1)
	b.lieu(t, "Après", moissac)
	b.passer(t, 2)
	want(t, "the first", []string{"lieu.cree Avant v1 ", "lieu.cree Après v1 "}, ancien.dits())
	want(t, "the one that came", []string{"lieu.cree Après v1 "}, neuf.dits())
}

// Nothing that is written for a message stays for good.
func TestDurees(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	b.creer(t, a, webhooks.PorteeTout, "")
	b.lieu(t, "Un", moissac)
	b.passer(t, 1)
	for genre, jours := range map[string]int{"livraison": 30, "message": 7} {
		objets, err := b.base.Objets(t.Context(), choix(genre))
		check(t, err)
		want(t, genre, 1, len(objets))
		for i := range objets {
			want(t, genre, mardi.AddDate(0, 0, jours), objets[i].Efface)
		}
	}
}
