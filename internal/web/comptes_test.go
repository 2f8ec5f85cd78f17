package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// voir asks for a page and tells whether its text has all the words.
func (v *visiteur) voir(t *testing.T, chemin string, mots ...string) {
	t.Helper()
	rep := v.demander(t, http.MethodGet, chemin, nil)
	if rep.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", chemin, rep.StatusCode)
	}
	v.exiger(t, mots...)
}

func (v *visiteur) exiger(t *testing.T, mots ...string) {
	t.Helper()
	texte := strings.NewReplacer("&nbsp;", " ", "\u00a0", " ").Replace(v.page)
	for _, m := range mots {
		absent := strings.HasPrefix(m, "!")
		if m = strings.TrimPrefix(m, "!"); strings.Contains(texte, m) == absent {
			_, corps, _ := strings.Cut(texte, "<main")
			corps, _, _ = strings.Cut(corps, "</main")
			t.Errorf("%q absent: %t, want %t, in\n%s", m, !absent, absent, corps)
		}
	}
}

// faire sends the form of the last page, and follows to the page that says it
// is done.
func (v *visiteur) faire(t *testing.T, chemin, vers string, paires ...string) {
	t.Helper()
	rep := v.envoyer(t, chemin, paires...)
	if rep.StatusCode != http.StatusSeeOther || rep.Header.Get("Location") != vers {
		t.Fatalf("%s: %d to %q, want %q\n%s", chemin, rep.StatusCode, rep.Header.Get("Location"), vers, v.page)
	}
	if rep := v.demander(t, http.MethodGet, vers, nil); rep.StatusCode == http.StatusOK && !strings.Contains(v.page, `class="fait"`) {
		t.Errorf("%s does not say what was done", vers)
	}
}

func TestMonCompte(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	v.voir(t, "/espace/compte", "jeanne@exemple.fr", "Corriger "+l.Champs.Nom, "Cet appareil", "!tous les autres appareils")
	if rep := v.envoyer(t, "/espace/compte/nom", "nom", "<Jeanne>"); rep.StatusCode != 400 {
		t.Errorf("%d", rep.StatusCode)
	}
	v.exiger(t, `value="&lt;Jeanne&gt;"`, `aria-describedby="faute-nom"`, "À corriger : mon compte")
	v.faire(t, "/espace/compte/nom", "/espace/compte?fait=nom", "nom", "Jeanne Bis")
	v.exiger(t, "Votre nom est changé", "Jeanne Bis")
	v.voir(t, "/espace/compte?fait=<b>texte", "!texte")

	autre := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	troisieme := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	v.voir(t, "/espace/compte", "Vu aujourd’hui à 10 h 30", "tous les autres appareils")
	x, err := b.comptes.Reprendre(t.Context(), autre.cookie)
	check(t, err)
	v.faire(t, "/espace/compte/sessions/fermer", "/espace/compte?fait=session", "session", x.Session.ID())
	if rep := autre.demander(t, http.MethodGet, "/espace", nil); rep.StatusCode != http.StatusSeeOther {
		t.Errorf("a device that was signed out: %d", rep.StatusCode)
	}
	v.faire(t, "/espace/compte/sessions/autres", "/espace/compte?fait=sessions")
	if rep := troisieme.demander(t, http.MethodGet, "/espace", nil); rep.StatusCode != http.StatusSeeOther {
		t.Errorf("the others: %d", rep.StatusCode)
	}
	v.voir(t, "/espace/compte/effacer", "compte supprimé", "!Vous administrez")
	v.faire(t, "/espace/compte/effacer", "/connexion?fait=efface")
	v.exiger(t, "Votre compte est effacé", "data-oublier")
	if _, err := b.comptes.CompteDe(t.Context(), "jeanne@exemple.fr"); err == nil {
		t.Error("the account is still there")
	}
}

// Signing out of the device in hand is signing out.
func TestDeconnexion(t *testing.T) {
	b := newBanc(t)
	for _, chemin := range []string{"/espace/deconnexion", "/espace/compte/sessions/fermer"} {
		v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeDepartement, b.ter.Code))
		x, err := b.comptes.Reprendre(t.Context(), v.cookie)
		check(t, err)
		v.voir(t, "/espace/compte")
		v.faire(t, chemin, "/connexion?fait=deconnexion", "session", x.Session.ID())
		if v.cookie != "" {
			t.Errorf("%s: cookie %q", chemin, v.cookie)
		}
	}
}

func TestEquipe(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	equipe := "/espace/lieux/" + l.ID + "/equipe"
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	v.voir(t, equipe, "jeanne@exemple.fr", "(vous)", "Quitter l’équipe", "!Invitations envoyées")
	if rep := v.envoyer(t, equipe+"/inviter", "nom", "Paul Essai", "courriel", "paul"); rep.StatusCode != 400 {
		t.Errorf("%d", rep.StatusCode)
	}
	v.exiger(t, `value="Paul Essai"`, `value="paul"`, `id="faute-courriel"`)
	v.faire(t, equipe+"/inviter", equipe+"?fait=invite", "nom", "Paul Essai", "courriel", "Paul@exemple.fr")
	v.exiger(t, "Invitations envoyées", "paul@exemple.fr")
	attente, err := b.comptes.Invitations(t.Context())
	check(t, err)
	if len(attente) != 1 || !slices.Equal(attente[0].Habilitations, []mednum.Habilitation{droit(mednum.PorteeLieu, l.ID)}) {
		t.Fatalf("%+v", attente)
	}
	v.faire(t, equipe+"/annuler", equipe+"?fait=annule", "invitation", attente[0].ID())

	paul := b.invite(t, "paul@exemple.fr", droit(mednum.PorteeLieu, l.ID), droit(mednum.PorteeEPCI, "200066322"))
	c, err := b.comptes.CompteDe(t.Context(), "paul@exemple.fr")
	check(t, err)
	v.voir(t, equipe+"/retirer?compte="+c.ID, "ne pourra plus corriger", `value="`+c.ID+`"`)
	v.faire(t, equipe+"/retirer", equipe+"?fait=retire")
	v.exiger(t, "!paul@exemple.fr")
	paul.voir(t, equipe, "Pour inviter quelqu’un, demandez", "!Retirer") // by the EPCI, they still see it
	if rep := paul.envoyer(t, equipe+"/inviter", "nom", "x", "courriel", "x@exemple.fr", "sceau", paul.sceau(t)); rep.StatusCode != 403 {
		t.Errorf("who is no colleague invites: %d", rep.StatusCode)
	}
	if rep := v.demander(t, http.MethodGet, equipe+"/retirer?compte="+c.ID, nil); rep.StatusCode != 404 {
		t.Errorf("who is not there any more: %d", rep.StatusCode)
	}
	moi, err := b.comptes.CompteDe(t.Context(), "jeanne@exemple.fr")
	check(t, err)
	v.voir(t, equipe+"/retirer?compte="+moi.ID, "Quitter l’équipe de ce lieu ?", "votre seul droit")
	v.faire(t, equipe+"/retirer", "/espace?fait=parti")
	paul.voir(t, equipe, "Personne n’a encore ce lieu à son nom")
}

func TestComptes(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	const moissacEPCI = "200066322"
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, moissacEPCI))
	chef.voir(t, "/espace/comptes", "Personne encore")
	b.invite(t, "loin@exemple.fr", droit(mednum.PorteeEPCI, "248200099"))
	b.invite(t, "paul@exemple.fr", droit(mednum.PorteeLieu, l.ID), droit(mednum.PorteeEPCI, "248200099"))
	chef.voir(t, "/espace/comptes", "paul@exemple.fr", "!loin@exemple.fr", "1 compte")
	chef.voir(t, "/espace/comptes?q=PAUL+corriger", "paul@exemple.fr")
	chef.voir(t, "/espace/comptes?q=zzz", "Aucun compte ne répond à « zzz »")
	paul, err := b.comptes.CompteDe(t.Context(), "paul@exemple.fr")
	check(t, err)
	loin, err := b.comptes.CompteDe(t.Context(), "loin@exemple.fr")
	check(t, err)
	page := "/espace/comptes/" + paul.ID
	chef.voir(t, page, "Ce droit dépasse les vôtres", "Reprendre", "!Coordonner : corriger", "!Effacer ce compte")
	if rep := chef.demander(t, http.MethodGet, "/espace/comptes/"+loin.ID, nil); rep.StatusCode != 404 {
		t.Errorf("whom they do not coordinate: %d", rep.StatusCode)
	}
	for _, tt := range []struct {
		name   string
		paires []string
		champ  string
	}{
		{"beyond their scope", []string{"role", "mediateur", "portee", "departement"}, "portee"},
		{"another EPCI", []string{"role", "mediateur", "portee", "epci:248200099"}, "portee"},
		{"a higher role", []string{"role", "coordinateur", "portee", "epci:" + moissacEPCI}, "portee"},
		{"no scope", []string{"role", "mediateur", "portee", ""}, "portee"},
		{"another role", []string{"role", "chef", "portee", "epci:" + moissacEPCI}, "role"},
		{"no place", []string{"role", "mediateur", "portee", "lieu", "lieu", " "}, "lieu"},
		{"a place that is not theirs", []string{"role", "mediateur", "portee", "lieu", "lieu", "montauban"}, "lieu"},
		{"by its id either", []string{"role", "mediateur", "portee", "lieu", "lieu", "x", "lieu_de", "x", "lieu_id", b.lieuDe(t, "82121").ID}, "portee"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chef.voir(t, page)
			if rep := chef.envoyer(t, page+"/donner", tt.paires...); rep.StatusCode != 400 {
				t.Errorf("%d", rep.StatusCode)
			}
			chef.exiger(t, `id="faute-`+tt.champ+`"`)
		})
	}
	chef.voir(t, page)
	chef.faire(t, page+"/donner", page+"?fait=donne", "role", "mediateur", "portee", "epci:"+moissacEPCI)
	chef.voir(t, page+"/retirer?role=mediateur&portee=epci&id="+moissacEPCI, "Vous pourrez lui redonner ce droit")
	chef.faire(t, page+"/retirer", page+"?fait=retire")
	if rep := chef.demander(t, http.MethodGet, page+"/retirer?role=mediateur&portee=epci&id=248200099", nil); rep.StatusCode != 403 {
		t.Errorf("a right that exceeds theirs: %d", rep.StatusCode)
	}
	if rep := chef.demander(t, http.MethodGet, page+"/effacer", nil); rep.StatusCode != 403 {
		t.Errorf("a coordinator erases nobody: %d", rep.StatusCode)
	}
	chef.voir(t, page+"/retirer?role=mediateur&portee=lieu&id="+l.ID)
	chef.faire(t, page+"/retirer", "/espace/comptes?fait=retire") // whom they do not see any more
}

// An elected official tells the needs of a commune, and corrects nothing; an
// agent corrects the places of one.
func TestInviterPourUneCommune(t *testing.T) {
	b := newBanc(t)
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "200066322"))
	chef.voir(t, "/espace/comptes/inviter", "Dire les besoins et les initiatives d’une commune", "Une commune, nommée ci-dessous", `value="mediateur" checked`)
	qui := []string{"nom", "Paul Essai", "courriel", "paul@exemple.fr", "role", "contributeur", "portee"}
	for _, tt := range []struct{ portee, lieu, champ string }{
		{"lieu", "Moissac", "portee"}, {"commune", "", "lieu"}, {"commune", "zzzz", "lieu"}, {"commune", "Toulouse", "lieu"}, {"commune", "Montauban", "portee"}, {"departement", "", "portee"},
	} {
		if rep := chef.envoyer(t, "/espace/comptes/inviter", append(qui, tt.portee, "lieu", tt.lieu)...); rep.StatusCode != 400 {
			t.Errorf("%+v: %d", tt, rep.StatusCode)
		}
		chef.exiger(t, `id="faute-`+tt.champ+`"`)
	}
	chef.faire(t, "/espace/comptes/inviter", "/espace/comptes?fait=invite", append(qui, "commune", "lieu", "moissac")...)
	chef.exiger(t, "Dire les besoins et les initiatives de Moissac")

	l := b.lieuDe(t, moissac)
	elu := b.invite(t, "elu@exemple.fr", role(mednum.RoleContributeur, mednum.PorteeCommune, moissac))
	if rep := elu.demander(t, http.MethodGet, "/espace/lieux/"+l.ID, nil); rep.StatusCode != 403 {
		t.Errorf("a contributor opens a place: %d", rep.StatusCode)
	}
	agent := b.invite(t, "agent@exemple.fr", droit(mednum.PorteeCommune, moissac))
	agent.voir(t, "/espace/lieux/"+l.ID, l.Champs.Nom)
	if rep := agent.demander(t, http.MethodGet, "/espace/lieux/"+b.lieuDe(t, "82121").ID, nil); rep.StatusCode != 403 {
		t.Errorf("an agent opens a place of another commune: %d", rep.StatusCode)
	}
	for _, v := range []*visiteur{elu, agent} {
		if rep := v.demander(t, http.MethodGet, "/espace/comptes/inviter", nil); rep.StatusCode != 403 {
			t.Errorf("they invite: %d", rep.StatusCode)
		}
	}
}

func TestInviterParNom(t *testing.T) {
	b := newBanc(t)
	v := b.invite(t, "admin@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	v.voir(t, "/espace/comptes/inviter", "Coordonner : corriger", "Tous les lieux en Tarn-et-Garonne", `value="tout"`)
	qui := []string{"nom", "Paul Essai", "courriel", "paul@exemple.fr", "role", "coordinateur", "portee", "lieu"}
	if rep := v.envoyer(t, "/espace/comptes/inviter", append(qui, "lieu", "montauban")...); rep.StatusCode != 400 {
		t.Errorf("%d", rep.StatusCode)
	}
	v.exiger(t, `value="Paul Essai"`, `value="coordinateur" checked`, "lieux répondent à ces mots", `name="lieu_id"`)
	v.faire(t, "/espace/comptes/inviter", "/espace/comptes?fait=invite", append(qui, "lieu", "france services de moissac")...)
	v.exiger(t, "Coordonner France services de Moissac, à Moissac")
	attente, err := b.comptes.Invitations(t.Context())
	check(t, err)
	v.faire(t, "/espace/comptes/annuler", "/espace/comptes?fait=annule", "invitation", attente[0].ID())
	v.exiger(t, "!Invitations envoyées")

	b.invite(t, "paul@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	paul, err := b.comptes.CompteDe(t.Context(), "paul@exemple.fr")
	check(t, err)
	page := "/espace/comptes/" + paul.ID
	v.voir(t, page+"/effacer", "ne nomment plus personne")
	v.faire(t, page+"/effacer", "/espace/comptes?fait=efface")
	moi, err := b.comptes.CompteDe(t.Context(), "admin@exemple.fr")
	check(t, err)
	v.voir(t, "/espace/comptes/"+moi.ID+"/retirer?role=administrateur&portee=tout&id=", "C’est votre propre droit")
	if rep := v.demander(t, http.MethodGet, "/espace/comptes/"+moi.ID+"/effacer", nil); rep.StatusCode != 403 {
		t.Errorf("oneself from there: %d", rep.StatusCode)
	}
	v.voir(t, "/espace/compte/effacer", "Vous administrez les comptes")
}

// An invitation is worth what its sender may still give when it is opened.
func TestInvitationDeQuiNePeutPlus(t *testing.T) {
	for _, efface := range []bool{false, true} {
		b := newBanc(t)
		l := b.lieuDe(t, moissac)
		b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
		jeanne, err := b.comptes.CompteDe(t.Context(), "jeanne@exemple.fr")
		check(t, err)
		e, err := b.comptes.Inviter(t.Context(), "paul@exemple.fr", "Paul Essai", jeanne.Auteur(), jeanne.Habilitations)
		check(t, err)
		v := &visiteur{banc: b}
		v.voir(t, "/connexion/lien/"+e.Secret, "Vous êtes invité")
		if efface {
			check(t, b.comptes.Supprimer(t.Context(), jeanne.ID))
		} else {
			_, err = b.comptes.Exclure(t.Context(), jeanne.ID)
			check(t, err)
		}
		for _, m := range []string{http.MethodGet, http.MethodPost} {
			if rep := v.demander(t, m, "/connexion/lien/"+e.Secret, url.Values{"nom": {"Paul"}}); rep.StatusCode != http.StatusGone || v.cookie != "" {
				t.Errorf("%s, erased %t: %d", m, efface, rep.StatusCode)
			}
		}
	}
}

func TestDemandes(t *testing.T) {
	b := newBanc(t)
	l, autre := b.lieuDe(t, moissac), b.lieuDe(t, "82121")
	b.invite(t, "paul@exemple.fr", droit(mednum.PorteeLieu, autre.ID))
	paul, err := b.comptes.CompteDe(t.Context(), "paul@exemple.fr")
	check(t, err)
	d, err := b.comptes.Demander(t.Context(), paul.ID, l.ID, "J’y suis le <mardi>")
	check(t, err)
	loin, err := b.comptes.Demander(t.Context(), paul.ID, autre.ID, "")
	check(t, err)
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeLieu, l.ID))
	second := b.invite(t, "second@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "200066322"))
	second.voir(t, "/espace/comptes", "Qui demande un lieu")
	chef.voir(t, "/espace/comptes", "Qui demande un lieu", "J’y suis le &lt;mardi&gt;", "paul@exemple.fr", "!"+loin.ID)
	page := "/espace/comptes/demandes/"
	if rep := chef.envoyer(t, page+loin.ID, "decision", "accepter"); rep.StatusCode != 403 {
		t.Errorf("another's place: %d", rep.StatusCode)
	}
	if rep := chef.envoyer(t, page+d.ID, "decision", "peut-être", "sceau", chef.sceau(t)); rep.StatusCode != 400 {
		t.Errorf("neither yes nor no: %d", rep.StatusCode)
	}
	chef.voir(t, "/espace/comptes")
	chef.faire(t, page+d.ID, "/espace/comptes?fait=accepte", "decision", "accepter")
	chef.exiger(t, "Demandes déjà traitées", "Acceptée par Jeanne Essai, aujourd’hui à 10 h 30", "!Qui demande un lieu")
	second.faire(t, page+d.ID, "/espace/comptes?fait=deja", "decision", "refuser")
	second.exiger(t, "avait déjà décidé", "Acceptée par Jeanne Essai")
	second.faire(t, page+"inconnue", "/espace/comptes?fait=sans-suite", "decision", "refuser", "sceau", second.sceau(t))
	if paul, err = b.comptes.Compte(t.Context(), paul.ID); err != nil || len(paul.Habilitations) != 2 {
		t.Errorf("%v, %v", paul.Habilitations, err)
	}
}

// Each invitation is a mail to somebody who asked nothing.
func TestInvitationsParHeure(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	v.voir(t, "/espace/lieux/"+l.ID+"/equipe")
	sceau, n := v.sceau(t), 0
	for range 40 {
		rep := v.requete(t, http.MethodPost, "/espace/lieux/"+l.ID+"/equipe/inviter", "nom=Paul&courriel=paul@exemple.fr&sceau="+sceau)
		if rep.StatusCode == http.StatusSeeOther {
			n++
		} else if rep.StatusCode != http.StatusTooManyRequests || rep.Header.Get("Retry-After") != "3600" {
			t.Errorf("%d, Retry-After %q", rep.StatusCode, rep.Header.Get("Retry-After"))
		}
	}
	if n != 30 {
		t.Errorf("%d went", n)
	}
}

// Whoever leaves is forgotten by the outbox too.
func TestEffacerOublie(t *testing.T) {
	b := newBanc(t, local)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, b.lieuDe(t, moissac).ID))
	b.coordinateur(t)
	(&visiteur{banc: b}).demander(t, http.MethodPost, "/connexion", url.Values{"courriel": {"jeanne@exemple.fr"}})
	if n := len(b.lettres(t)); n != 1 {
		t.Fatalf("%d mails", n)
	}
	v.voir(t, "/espace/compte/effacer", "Effacer mon compte")
	v.faire(t, "/espace/compte/effacer", "/connexion?fait=efface")
	if l := b.lettres(t); len(l) != 0 {
		t.Errorf("%+v", l)
	}
}

// Who administers one EPCI sees and erases those of it alone; accounts without
// rights are for who administers the whole territory.
func TestComptesDUnEPCI(t *testing.T) {
	b := newBanc(t)
	l, loin := b.lieuDe(t, moissac), b.lieuDe(t, "82121")
	comptes := map[string]string{}
	for nom, droits := range map[string][]mednum.Habilitation{
		"proche": {droit(mednum.PorteeLieu, l.ID)}, "loin": {droit(mednum.PorteeLieu, loin.ID)},
		"partage": {droit(mednum.PorteeLieu, l.ID), droit(mednum.PorteeLieu, loin.ID)}, "sans": {droit(mednum.PorteeLieu, l.ID)},
	} {
		b.invite(t, nom+"@exemple.fr", droits...)
		c, err := b.comptes.CompteDe(t.Context(), nom+"@exemple.fr")
		check(t, err)
		comptes[nom] = c.ID
	}
	_, err := b.comptes.Exclure(t.Context(), comptes["sans"])
	check(t, err)
	for _, tt := range []struct {
		name         string
		droit        mednum.Habilitation
		vus, effaces []string
	}{
		{"one EPCI", role(mednum.RoleAdministrateur, mednum.PorteeEPCI, "200066322"), []string{"partage", "proche"}, []string{"proche"}},
		{"the territory", role(mednum.RoleAdministrateur, mednum.PorteeDepartement, b.ter.Code), []string{"loin", "partage", "proche", "sans"}, []string{"loin", "partage", "proche", "sans"}},
		{"everything", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""), []string{"loin", "partage", "proche", "sans"}, []string{"loin", "partage", "proche", "sans"}},
		{"a coordinator of the territory", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code), []string{"loin", "partage", "proche"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := b.invite(t, "chef-"+string(tt.droit.Role)+string(tt.droit.Portee)+"@exemple.fr", tt.droit)
			v.demander(t, http.MethodGet, "/espace/comptes", nil)
			liste := v.page
			var vus, effaces []string
			for _, nom := range []string{"loin", "partage", "proche", "sans"} {
				listee := strings.Contains(liste, nom+"@exemple.fr")
				if lue := v.demander(t, http.MethodGet, "/espace/comptes/"+comptes[nom], nil).StatusCode == http.StatusOK; lue != listee {
					t.Errorf("%s: listed %t, read %t", nom, listee, lue)
				}
				if listee {
					vus = append(vus, nom)
				}
				if v.demander(t, http.MethodGet, "/espace/comptes/"+comptes[nom]+"/effacer", nil).StatusCode == http.StatusOK {
					effaces = append(effaces, nom)
				}
			}
			if !slices.Equal(vus, tt.vus) || !slices.Equal(effaces, tt.effaces) {
				t.Errorf("sees %v, erases %v; want %v, %v", vus, effaces, tt.vus, tt.effaces)
			}
		})
	}
}
