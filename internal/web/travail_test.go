package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// coordinateur opens the account of somebody who coordinates the territory.
func (b banc) coordinateur(t *testing.T) {
	t.Helper()
	b.invite(t, "coordination@exemple.fr", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeDepartement, ID: b.ter.Code})
}

// sansCourriel is a place that publishes no address.
func (b banc) sansCourriel(t *testing.T) *catalogue.Vue {
	t.Helper()
	for _, v := range b.lieux.Lieux() {
		if len(v.Champs.Courriels) == 0 && !v.HorsTerritoire {
			return v
		}
	}
	t.Fatal("every place has an address")
	return nil
}

func TestTravail(t *testing.T) {
	b := newBanc(t, local)
	b.invite(t, "mediateur@exemple.fr", droit(mednum.PorteeDepartement, b.ter.Code)) // is told nothing
	b.coordinateur(t)
	l := b.lieuDe(t, moissac)
	v := &visiteur{banc: b}
	v.demander(t, http.MethodGet, "/lieux/"+l.ID, nil)
	if !strings.Contains(v.page, `href="/lieux/`+l.ID+`/travaille-ici"`) {
		t.Fatal("the page of the place does not lead there")
	}
	page := "/lieux/" + l.ID + "/travaille-ici"
	masque := mednum.MasquerCourriel(l.Champs.Courriels[0])
	rep := v.demander(t, http.MethodGet, page, nil)
	if rep.StatusCode != http.StatusOK || !strings.Contains(v.page, masque) || strings.Contains(v.page, l.Champs.Courriels[0]) || rep.Header.Get("Set-Cookie") != "" {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	var reponses []string
	for range 4 {
		v.demander(t, http.MethodGet, page, nil)
		rep := v.envoyer(t, page, "voie", "") // the other form of the page says "demande"
		if rep.StatusCode != http.StatusSeeOther || rep.Header.Get("Set-Cookie") != "" {
			t.Fatalf("%d\n%s", rep.StatusCode, v.page)
		}
		v.demander(t, http.MethodGet, rep.Header.Get("Location"), nil)
		reponses = append(reponses, v.page)
	}
	if reponses[0] != reponses[3] || !strings.Contains(reponses[0], "à "+masque) {
		t.Errorf("the fourth answer is another\n%s", reponses[3])
	}
	if n := b.compterLettres(t, "Corrigez la page"); n != 3 {
		t.Errorf("%d mails to the place, want 3", n)
	}
	if n := b.compterLettres(t, "Je travaille ici"); n != 3 {
		t.Errorf("%d mails to the coordinators, want 3", n)
	}
	lien, _ := b.courriel(t)
	v.demander(t, http.MethodGet, lien, nil)
	if rep := v.envoyer(t, lien, "nom", "Jeanne Essai"); rep.Header.Get("Location") != "/espace" {
		t.Fatalf("%d %s", rep.StatusCode, rep.Header.Get("Location"))
	}
	v.demander(t, http.MethodGet, page, nil)
	if !strings.Contains(v.page, "déjà dans votre liste") || !strings.Contains(v.page, `/espace/lieux/`+l.ID) {
		t.Errorf("signed in\n%s", v.page)
	}
}

func TestTravailDebit(t *testing.T) {
	b := newBanc(t)
	v := &visiteur{banc: b}
	page := "/lieux/" + b.lieuDe(t, moissac).ID + "/travaille-ici"
	for i := range 6 {
		rep := v.envoyer(t, page, "adresse", "0")
		if want := map[bool]int{true: http.StatusTooManyRequests, false: http.StatusSeeOther}[i == 5]; rep.StatusCode != want {
			t.Errorf("try %d: %d, want %d", i+1, rep.StatusCode, want)
		}
	}
}

func TestTravailRefuse(t *testing.T) {
	b := newBanc(t)
	l, muet := b.lieuDe(t, moissac), b.sansCourriel(t)
	for _, tt := range []struct {
		name, id string
		champs   []string
		statut   int
		mots     string
	}{
		{"no address", l.ID, nil, 400, "Choisissez une des adresses"},
		{"an address that it does not publish", l.ID, []string{"adresse", "7"}, 400, "Choisissez une des adresses"},
		{"an address of one's own", l.ID, []string{"adresse", "moi@exemple.fr"}, 400, "Choisissez une des adresses"},
		{"a place without one", muet.ID, []string{"adresse", "0"}, 400, "ne publie pas d’adresse"},
		{"no such place", "xxxxxxxx", []string{"adresse", "0"}, 404, "Nous ne connaissons pas"},
		{"no name", muet.ID, []string{"voie", "demande", "nom", "", "courriel", "a@exemple.fr"}, 400, "prénom"},
		{"no e-mail", muet.ID, []string{"voie", "demande", "nom", "Paul", "courriel", ""}, 400, "adresse n’est pas complète"},
		{"a header in the name", muet.ID, []string{"voie", "demande", "nom", "Paul\r\nBcc: x@exemple.fr", "courriel", "a@exemple.fr"}, 400, "une ligne"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			v := &visiteur{banc: b}
			rep := v.envoyer(t, "/lieux/"+tt.id+"/travaille-ici", tt.champs...)
			if rep.StatusCode != tt.statut || !strings.Contains(v.page, tt.mots) {
				t.Errorf("%d\n%s", rep.StatusCode, v.page)
			}
			if l := b.lettres(t); len(l) > 0 {
				t.Errorf("a mail has gone: %+v", l)
			}
		})
	}
}

// An address that a person has just set gets no invitation: the one that the
// records give does, for a week.
func TestTravailAdresseRecente(t *testing.T) {
	const complice, source = "complice@exemple.org", "accueil@exemple.fr"
	for _, tt := range []struct {
		name, source string
		age          time.Duration
		want         []string
	}{
		{"just set", source, time.Minute, []string{source}},
		{"nearly a week ago", source, 7*24*time.Hour - time.Minute, []string{source}},
		{"a week ago", source, 7 * 24 * time.Hour, []string{complice}},
		{"just set, where the records give none", "", time.Minute, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t, local)
			l, err := b.base.Lieu(t.Context(), b.lieuDe(t, moissac).ID)
			check(t, err)
			check(t, l.Corriger(mednum.ChampCourriels, complice, "compte:x", mardi.Add(-tt.age)))
			c := l.Corrections[mednum.ChampCourriels]
			c.ValeurSource = tt.source
			l.Corrections[mednum.ChampCourriels], l.Champs.Courriels = c, []string{complice}
			l.Version++
			check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: l.Version, Apres: l, Voie: "cli"}))
			check(t, b.lieux.Actualiser(t.Context()))
			v := &visiteur{banc: b}
			page := "/lieux/" + l.ID + "/travaille-ici"
			v.demander(t, http.MethodGet, page, nil)
			if masque := mednum.MasquerCourriel(complice); strings.Contains(v.page, masque) != slices.Contains(tt.want, complice) {
				t.Errorf("the page shows the address: %t", strings.Contains(v.page, masque))
			}
			v.envoyer(t, page, "voie", "", "adresse", "0")
			var got []string
			for _, l := range b.lettres(t) {
				got = append(got, l.A)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("to %v, want %v", got, tt.want)
			}
		})
	}
}

// Of a place without an address, somebody asks the coordinators: nothing is
// written before their address is proved.
func TestTravailDemande(t *testing.T) {
	b := newBanc(t, local)
	b.coordinateur(t)
	l := b.sansCourriel(t)
	page := "/lieux/" + l.ID + "/travaille-ici"
	v := &visiteur{banc: b}
	v.demander(t, http.MethodGet, page, nil)
	rep := v.envoyer(t, page, "nom", "Paul Essai", "courriel", "paul@exemple.fr", "motif", "J’ouvre le jeudi.")
	v.demander(t, http.MethodGet, rep.Header.Get("Location"), nil)
	if rep.StatusCode != http.StatusSeeOther || !strings.Contains(v.page, "que vous avez donnée") || v.cookie != "" {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	if b.compterLettres(t, "/espace/comptes") > 0 {
		t.Error("the coordinators are told before the address is proved")
	}
	lien, _ := b.courriel(t)
	v.demander(t, http.MethodGet, lien, nil)
	if !strings.Contains(v.page, "Confirmer ma demande") || !strings.Contains(v.page, l.Champs.Nom) {
		t.Fatalf("the link\n%s", v.page)
	}
	if rep := v.envoyer(t, lien, "nom", "Paul Essai"); rep.Header.Get("Location") != "/espace?fait=demande" {
		t.Fatalf("%d %s", rep.StatusCode, rep.Header.Get("Location"))
	}
	d, err := b.comptes.Demandes(t.Context())
	if err != nil || len(d) != 1 || d[0].Lieu != l.ID || d[0].Motif != "J’ouvre le jeudi." {
		t.Fatalf("%+v, %v", d, err)
	}
	c, err := b.comptes.Compte(t.Context(), d[0].Compte)
	if err != nil || len(c.Habilitations) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := b.reseau.Resumer(t.Context()); err != nil || b.compterLettres(t, "1\u00a0demande attend votre réponse") == 0 {
		t.Errorf("the coordinators are not told: %v", err)
	}
	v.demander(t, http.MethodGet, page, nil)
	if !strings.Contains(v.page, "déjà demandé") {
		t.Errorf("asked\n%s", v.page)
	}
}

// Whoever is signed in asks with one button; a forged or foreign form does not.
func TestDemande(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, b.sansCourriel(t).ID))
	v.demander(t, http.MethodGet, "/lieux/"+l.ID+"/travaille-ici", nil)
	if !strings.Contains(v.page, "Demander à m’en occuper") {
		t.Fatal(v.page)
	}
	if rep := v.envoyer(t, "/espace/demandes", "sceau", strings.Repeat("0", 64)); rep.StatusCode != http.StatusForbidden {
		t.Errorf("a forged seal: %d", rep.StatusCode)
	}
	if d, err := b.comptes.Demandes(t.Context()); err != nil || len(d) != 0 {
		t.Errorf("%+v, %v", d, err)
	}
	v.demander(t, http.MethodGet, "/lieux/"+l.ID+"/travaille-ici", nil)
	if rep := v.envoyer(t, "/espace/demandes", "motif", "J’y suis le mardi."); rep.StatusCode != http.StatusSeeOther {
		t.Errorf("%d\n%s", rep.StatusCode, v.page)
	}
	if d, err := b.comptes.Demandes(t.Context()); err != nil || len(d) != 1 || d[0].Lieu != l.ID {
		t.Errorf("%+v, %v", d, err)
	}
}

// Somebody who is signed in asks for places that have a page, for ten at once,
// and not without end.
func TestDemandeRefusee(t *testing.T) {
	b := newBanc(t)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, b.sansCourriel(t).ID))
	var retire *catalogue.Vue
	var demandes []string
	for _, l := range b.lieux.Lieux() {
		switch {
		case l.HorsTerritoire:
		case retire == nil:
			retire = l
		case len(demandes) < 11:
			demandes = append(demandes, l.ID)
		}
	}
	lieu, err := b.base.Lieu(t.Context(), retire.ID)
	check(t, err)
	lieu.Statut = mednum.StatutRetire
	lieu.Version++
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: lieu.ID, Version: lieu.Version, Apres: lieu, Voie: "cli"}))
	check(t, b.lieux.Actualiser(t.Context()))
	demander := func(id string) int {
		return v.requete(t, http.MethodPost, "/espace/demandes", "sceau="+v.sceau(t)+"&lieu="+id).StatusCode
	}
	if statut := demander(retire.ID); statut != http.StatusGone {
		t.Errorf("a place that was withdrawn: %d", statut)
	}
	for i, id := range demandes {
		want := map[bool]int{false: http.StatusSeeOther, true: http.StatusTooManyRequests}[i == 10]
		if statut := demander(id); statut != want {
			t.Errorf("request %d: %d, want %d", i+1, statut, want)
		}
	}
	passes := 0
	for range 40 {
		if demander(demandes[0]) == http.StatusSeeOther {
			passes++
		}
	}
	if passes != 30-12 {
		t.Errorf("%d more requests passed in an hour, want 18", passes)
	}
}

// Another site's page sends nothing.
func TestFormulairesPublicsAilleurs(t *testing.T) {
	b := newBanc(t)
	for _, chemin := range []string{"/lieux/" + b.lieuDe(t, moissac).ID + "/travaille-ici", "/proposer"} {
		rep, _ := b.get(t, chemin)
		if rep.Header.Get("Set-Cookie") != "" || rep.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", chemin, rep.Header)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost"+chemin, strings.NewReader("adresse=0"))
		check(t, err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		rep, err = b.app.Test(req, -1)
		check(t, err)
		if rep.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", chemin, rep.StatusCode)
		}
	}
}
