package reseau_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/store"
)

// chef prepares campaigns; campagne has one sent, over these places.
func (b *banc) chef(t *testing.T) mednum.Compte {
	t.Helper()
	return b.qui(t, "Chef Essai", mednum.RoleCoordinateur, mednum.PorteeTout, "")
}

func (b *banc) campagne(t *testing.T, chef *mednum.Compte, c reseau.Campagne) reseau.Campagne {
	t.Helper()
	c.Titre, c.Auteur = "Avant l’été", chef.ID
	prete, err := b.Preparer(t.Context(), fmt.Sprint("cle", c.Lieux), c)
	check(t, err)
	lancee, err := b.Lancer(t.Context(), prete.ID)
	check(t, err)
	return lancee
}

// ecrire sends the mails of a minute, and returns them.
func (b *banc) ecrireCampagnes(t *testing.T) []string {
	t.Helper()
	_, err := b.EcrireCampagnes(t.Context())
	check(t, err)
	return a(b.mails(t))
}

func (b *banc) etats(t *testing.T, id string) map[string]string {
	t.Helper()
	liste, err := b.Enquetes(t.Context(), id)
	check(t, err)
	etats := map[string]string{}
	for _, e := range liste {
		v, err := b.lieux.Lieu(e.Lieu)
		check(t, err)
		etats[v.Champs.Nom] = strings.TrimSuffix(string(e.Etat)+" "+e.Reponse, " ")
	}
	return etats
}

// A campaign writes once to each place that can be, whoever holds it; says why it
// does not to the others; and knows what was answered.
func TestCampagne(t *testing.T) {
	b := installer(t)
	chef := b.chef(t)
	mairie, poste := b.lieu(t, "Mairie", neuf, "mairie@exemple.fr"), b.lieu(t, "Poste", vieux, "poste@exemple.fr")
	muet, biblio := b.lieu(t, "Muet", vieux, ""), b.lieu(t, "Bibliothèque", vieux, "biblio@exemple.fr")
	recent, stop := b.lieu(t, "Récent", "2025-01-01", "recent@exemple.fr"), b.lieu(t, "Stop", vieux, "stop@exemple.fr")
	b.membre(t, "Jeanne Essai", biblio)
	r, err := b.Rappeler(t.Context())
	check(t, err)
	if len(r.Rappels) != 4 {
		t.Fatalf("%d reminders", len(r.Rappels))
	}
	for _, m := range b.mails(t) {
		if m.A[0].Address == "stop@exemple.fr" {
			check(t, b.Arreter(t.Context(), secretDe(t, &m)))
		}
	}
	b.horloge.avancer(32 * 24 * time.Hour)
	b.horloge.mettre(mardi.AddDate(0, 0, 35))
	for _, id := range []string{poste, biblio, stop} { // but one was asked again since
		check(t, b.base.OterObjet(t.Context(), "rappel", id))
	}
	check(t, store.Poser(t.Context(), b.base, store.Objet{Genre: "rappel", ID: recent, Version: 2}, map[string]any{"lieu": recent, "le": mardi.AddDate(0, 0, 30)}))

	c := b.campagne(t, &chef, reseau.Campagne{Lieux: []string{mairie, poste, muet, biblio, recent, stop}, Mot: "Les horaires d’été approchent.\nMerci d’avance !"})
	_, err = b.EcrireCampagnes(t.Context())
	check(t, err)
	lus := b.mails(t)
	want(t, "written to", []string{
		"jeanne@exemple.fr Est-ce toujours exact ? Bibliothèque", "mairie@exemple.fr Est-ce toujours exact ? Mairie", "poste@exemple.fr Est-ce toujours exact ? Poste",
	}, a(lus))
	golden(t, "campagne.txt", lus[0].Texte)
	check(t, b.Confirmer(t.Context(), secretDe(t, &lus[0])))
	check(t, b.Corriger(t.Context(), secretDe(t, &lus[1]), reseau.Correction{Telephone: "05 63 11 22 33"}))
	check(t, b.Fermer(t.Context(), secretDe(t, &lus[2]), "déménagement"))
	want(t, "what became of them", map[string]string{
		"Bibliothèque": "ecrite exact", "Mairie": "ecrite corriger", "Poste": "ecrite ferme", "Muet": "sans_adresse", "Récent": "recente", "Stop": "refus",
	}, b.etats(t, c.ID))
	b.horloge.avancer(20 * time.Minute)
	want(t, "nothing more", rien, b.ecrireCampagnes(t))
	bilan, err := b.Rappeler(t.Context()) // reminders leave in peace those that were just asked
	check(t, err)
	want(t, "reminders", []string(nil), func() (noms []string) {
		for _, x := range bilan.Rappels {
			noms = append(noms, x.Lieu.Champs.Nom)
		}
		return noms
	}())
}

// With the word of its author, a campaign asks again places asked this month.
func TestCampagneRecents(t *testing.T) {
	b := installer(t)
	chef := b.chef(t)
	lieu := b.lieu(t, "Mairie", vieux, "mairie@exemple.fr")
	_, err := b.Rappeler(t.Context())
	check(t, err)
	b.mails(t)
	v, err := b.lieux.Lieu(lieu)
	check(t, err)
	j, err := b.Joindre(t.Context(), []*catalogue.Vue{v})
	check(t, err)
	if len(j[0].A) != 1 || j[0].Recent.IsZero() {
		t.Errorf("%+v", j[0])
	}
	b.campagne(t, &chef, reseau.Campagne{Lieux: []string{lieu}, Recents: true})
	want(t, "asked again", []string{"mairie@exemple.fr Est-ce toujours exact ? Mairie"}, b.ecrireCampagnes(t))
}

// Those that did not answer are asked again once, after the days that were said;
// not those that answered, were checked otherwise, stopped or bounced.
func TestCampagneRelance(t *testing.T) {
	b := installer(t)
	chef := b.chef(t)
	var lieux []string
	for _, nom := range []string{"Muet", "Répond", "Vérifié", "Arrête", "Corrige"} {
		lieux = append(lieux, b.lieu(t, nom, neuf, strings.ToLower(mednum.Normaliser(nom))+"@exemple.fr"))
	}
	perdu := b.campagne(t, &chef, reseau.Campagne{Lieux: []string{b.lieu(t, "Rebondit", neuf, "rebondit@exemple.fr")}, Relance: 10})
	_, err := b.EcrireCampagnes(t.Context())
	check(t, err)
	b.smtp.Repondre("RCPT", "550 5.1.1 nobody here")
	want(t, "refused", rien, a(b.mails(t)))
	b.smtp.Repondre("RCPT")
	c := b.campagne(t, &chef, reseau.Campagne{Lieux: lieux, Relance: 10})
	_, err = b.EcrireCampagnes(t.Context())
	check(t, err)
	for _, m := range b.mails(t) {
		switch m.A[0].Address {
		case "repond@exemple.fr":
			check(t, b.Confirmer(t.Context(), secretDe(t, &m)))
		case "arrete@exemple.fr":
			check(t, b.Arreter(t.Context(), secretDe(t, &m)))
		case "corrige@exemple.fr": // in words that wait for a coordinator: the place is not checked
			check(t, b.Corriger(t.Context(), secretDe(t, &m), reseau.Correction{Message: "Nous fermons en août."}))
		}
	}
	_, err = b.lieux.Modifier(t.Context(), lieux[2], edition(&chef), func(l *mednum.Lieu) error {
		return l.Verifier(mednum.DateOf(b.horloge.now()), chef.Auteur(), mednum.DateOf(b.horloge.now()))
	})
	check(t, err)
	b.horloge.avancer(9 * 24 * time.Hour)
	want(t, "too early", rien, b.ecrireCampagnes(t))
	b.horloge.avancer(24 * time.Hour)
	want(t, "asked again", []string{"muet@exemple.fr Deuxième et dernier courriel : est-ce toujours exact ? Muet"}, b.ecrireCampagnes(t))
	for range 3 {
		b.horloge.avancer(7 * 24 * time.Hour)
		want(t, "once", rien, b.ecrireCampagnes(t))
	}
	want(t, "what became of them", map[string]string{"Muet": "ecrite", "Répond": "ecrite exact", "Vérifié": "ecrite", "Arrête": "ecrite", "Corrige": "ecrite corriger"}, b.etats(t, c.ID))
	want(t, "nobody there", map[string]string{"Rebondit": "rebond"}, b.etats(t, perdu.ID))
	b.horloge.avancer(56 * 24 * time.Hour)
	want(t, "over", rien, b.ecrireCampagnes(t))
	if c, err := b.Campagne(t.Context(), c.ID); err != nil || c.Etat != reseau.Finie {
		t.Errorf("%q, %v", c.Etat, err)
	}
}

// Several people of one place are asked: what the first says is the answer of the
// place, whatever the others say after.
func TestCampagnePremiereReponse(t *testing.T) {
	b := installer(t)
	chef := b.chef(t)
	lieu := b.lieu(t, "Bibliothèque", neuf, "biblio@exemple.fr")
	b.membre(t, "Jeanne Essai", lieu)
	b.membre(t, "Paul Essai", lieu)
	c := b.campagne(t, &chef, reseau.Campagne{Lieux: []string{lieu}})
	_, err := b.EcrireCampagnes(t.Context())
	check(t, err)
	lus := b.mails(t)
	want(t, "asked", []string{"jeanne@exemple.fr Est-ce toujours exact ? Bibliothèque", "paul@exemple.fr Est-ce toujours exact ? Bibliothèque"}, a(lus))
	check(t, b.Confirmer(t.Context(), secretDe(t, &lus[0])))
	check(t, b.Corriger(t.Context(), secretDe(t, &lus[1]), reseau.Correction{Message: "Nous fermons en août."}))
	want(t, "answered", map[string]string{"Bibliothèque": "ecrite exact"}, b.etats(t, c.ID))
}

// Wherever a program dies, and with two at once, everybody is written to, once.
func TestCampagneMeurt(t *testing.T) {
	var want []string
	for n := range 15 { // as many writings as there are, and one
		b := installer(t)
		chef := b.chef(t)
		var lieux []string
		for _, nom := range []string{"A", "B"} {
			lieux = append(lieux, b.lieu(t, nom, neuf, strings.ToLower(nom)+"@exemple.fr"))
		}
		b.membre(t, "Jeanne Essai", lieux[1])
		b.membre(t, "Paul Essai", lieux[1])
		b.campagne(t, &chef, reseau.Campagne{Lieux: lieux})
		mort := b.instance(t, func(p *reseau.Pieces, _ *reseau.Reglages) { p.Base = &mourant{b.base, n} })
		_, _ = mort.EcrireCampagnes(t.Context())
		autre := b.instance(t)
		var fils sync.WaitGroup
		for _, r := range []*reseau.Reseau{b.Reseau, autre} {
			fils.Go(func() { _, _ = r.EcrireCampagnes(t.Context()) })
		}
		fils.Wait()
		b.horloge.avancer(11 * time.Minute)
		_, err := b.EcrireCampagnes(t.Context())
		check(t, err)
		got := a(b.mails(t))
		if want == nil {
			want = []string{"a@exemple.fr Est-ce toujours exact ? A", "jeanne@exemple.fr Est-ce toujours exact ? B", "paul@exemple.fr Est-ce toujours exact ? B"}
		}
		if !slices.Equal(got, want) {
			t.Errorf("dead after %d writings: %q", n, got)
		}
	}
}

// Mails leave at a bounded rate, in the hours at which people are written to,
// until the campaign is stopped, or nobody answers for it any more.
func TestCampagneArretee(t *testing.T) {
	for _, tt := range []struct {
		name    string
		arreter func(t *testing.T, b *banc, c *reseau.Campagne, chef *mednum.Compte)
	}{
		{"by a person", func(t *testing.T, b *banc, c *reseau.Campagne, _ *mednum.Compte) {
			_, err := b.ArreterCampagne(t.Context(), c.ID)
			check(t, err)
		}},
		{"its author was erased", func(t *testing.T, b *banc, _ *reseau.Campagne, chef *mednum.Compte) {
			check(t, b.comptes.Supprimer(t.Context(), chef.ID))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := installer(t)
			chef := b.chef(t)
			var lieux []string
			for i := range reseau.CourrielsParMinute + 5 {
				lieux = append(lieux, b.lieu(t, fmt.Sprintf("Lieu %d", i), neuf, fmt.Sprintf("l%d@exemple.fr", i)))
			}
			c := b.campagne(t, &chef, reseau.Campagne{Lieux: lieux})
			b.horloge.mettre(mardi.Add(10 * time.Hour))
			if du, err := b.CampagnesDues(t.Context()); err != nil || du {
				t.Errorf("in the evening: %t, %v", du, err)
			}
			b.horloge.mettre(mardi.Add(time.Hour))
			if du, err := b.CampagnesDues(t.Context()); err != nil || !du {
				t.Errorf("in the morning: %t, %v", du, err)
			}
			if n := len(b.ecrireCampagnes(t)); n != reseau.CourrielsParMinute {
				t.Errorf("%d mails in a minute", n)
			}
			tt.arreter(t, b, &c, &chef)
			b.horloge.avancer(time.Minute)
			want(t, "stopped", rien, b.ecrireCampagnes(t))
			fin, err := b.Campagne(t.Context(), c.ID)
			check(t, err)
			if fin.Etat != reseau.Arretee || fin.Finie.IsZero() {
				t.Errorf("%+v", fin)
			}
			_, err = b.Lancer(t.Context(), c.ID)
			wantCode(t, err, mednum.Conflit, "campagne")
			wantCode(t, b.OublierCampagne(t.Context(), c.ID), mednum.Conflit, "campagne")
		})
	}
}

// A place that its author may not coordinate any more, or that is closed, is left
// out.
func TestCampagnePartie(t *testing.T) {
	b := installer(t)
	lieux := []string{b.lieu(t, "Mairie", neuf, "mairie@exemple.fr"), b.lieu(t, "Poste", neuf, "poste@exemple.fr")}
	chef := b.qui(t, "Chef Essai", mednum.RoleCoordinateur, mednum.PorteeLieu, lieux[0])
	c := b.campagne(t, &chef, reseau.Campagne{Lieux: lieux})
	want(t, "mails, to the team", []string{"chef@exemple.fr Est-ce toujours exact ? Mairie"}, b.ecrireCampagnes(t))
	want(t, "states", map[string]string{"Mairie": "ecrite", "Poste": "partie"}, b.etats(t, c.ID))
}

func TestPreparerCampagne(t *testing.T) {
	b := installer(t)
	bonne := reseau.Campagne{Titre: "Été", Lieux: []string{"a"}, Auteur: "x"}
	for _, tt := range []struct {
		name, champ string
		change      func(c *reseau.Campagne)
	}{
		{"good", "", func(*reseau.Campagne) {}},
		{"our link", "", func(c *reseau.Campagne) { c.Mot = "Voyez (" + public + "/a-propos), merci." }},
		{"an address and a phone", "", func(c *reseau.Campagne) {
			c.Mot = "Écrivez à aide@exemple.fr, ou appelez le 05 63 00 00 00. Merci.Au revoir"
		}},
		{"600 letters", "", func(c *reseau.Campagne) { c.Mot = strings.Repeat("é", 600) }},
		{"no title", "titre", func(c *reseau.Campagne) { c.Titre = " " }},
		{"a long title", "titre", func(c *reseau.Campagne) { c.Titre = strings.Repeat("é", 81) }},
		{"601 letters", "mot", func(c *reseau.Campagne) { c.Mot = strings.Repeat("é", 601) }},
		{"another site", "mot", func(c *reseau.Campagne) { c.Mot = "Cliquez : https://pirate.exemple.com/x" }},
		{"without its scheme", "mot", func(c *reseau.Campagne) { c.Mot = "Allez sur www.pirate.com" }},
		{"a bare domain", "mot", func(c *reseau.Campagne) { c.Mot = "Allez sur pirate.com/x vite" }},
		{"another end", "mot", func(c *reseau.Campagne) { c.Mot = "Allez sur pirate.zip/page" }},
		{"behind a quote", "mot", func(c *reseau.Campagne) { c.Mot = "Voyez \"pirate.com\", \u201cpirate.xyz\u201d" }},
		{"behind an arrow", "mot", func(c *reseau.Campagne) { c.Mot = "→pirate.com" }},
		{"letters with accents", "mot", func(c *reseau.Campagne) { c.Mot = "exémple.fr" }},
		{"a site that begins as ours", "mot", func(c *reseau.Campagne) { c.Mot = "Voyez " + public + ".pirate.com" }},
		{"another scheme", "mot", func(c *reseau.Campagne) { c.Mot = "javascript://x" }},
		{"written backwards", "mot", func(c *reseau.Campagne) { c.Mot = "a\u202eb" }},
		{"asked again at once", "relance", func(c *reseau.Campagne) { c.Relance = 2 }},
		{"no place", "lieux", func(c *reseau.Campagne) { c.Lieux = nil }},
		{"too many", "lieux", func(c *reseau.Campagne) {
			c.Lieux = nil
			for i := range 501 {
				c.Lieux = append(c.Lieux, fmt.Sprint(i))
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := bonne
			tt.change(&c)
			got, err := b.Preparer(t.Context(), tt.name, c)
			if tt.champ != "" {
				wantCode(t, err, mednum.Invalide, tt.champ)
				return
			}
			check(t, err)
			encore, err := b.Preparer(t.Context(), tt.name, c)
			if err != nil || encore.ID != got.ID {
				t.Errorf("the same form made another: %+v, %v", encore, err)
			}
			check(t, b.OublierCampagne(t.Context(), got.ID))
			_, err = b.Campagne(t.Context(), got.ID)
			wantCode(t, err, mednum.Introuvable, "campagne")
		})
	}
}
