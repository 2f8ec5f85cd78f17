package web_test

import (
	"net/http"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

const aide = "Aide aux démarches administratives"

// complet is a proposal that nothing looks like.
func complet(change ...string) []string {
	champs := []string{
		"nom", "Atelier du Pigeonnier", "adresse", "3 chemin du Pigeonnier", "code_postal", "82200", "commune", "moissac", "services", aide,
		"horaires", "le mardi de 9h à 12h", "telephone", "05 63 00 00 00", "courriels", "atelier@exemple.fr", "moi", "citoyen@exemple.fr",
	}
	return append(champs, change...)
}

// proposes are the places that wait, for who coordinates.
func (b banc) proposes() []catalogue.Dossier {
	return b.lieux.EnAttente([]mednum.Habilitation{{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeTout}})
}

func TestProposer(t *testing.T) {
	b := newBanc(t, local)
	b.coordinateur(t)
	v := &visiteur{banc: b}
	v.demander(t, http.MethodGet, "/proposer", nil)
	for range 2 { // sent twice, it is one
		page := v.page
		rep := v.envoyer(t, "/proposer", complet()...)
		if rep.StatusCode != http.StatusSeeOther || rep.Header.Get("Location") != "/proposer?fait=suivi" || rep.Header.Get("Set-Cookie") != "" {
			t.Fatalf("%d\n%s", rep.StatusCode, v.page)
		}
		v.page = page
	}
	attend := b.proposes()
	if len(attend) != 1 {
		t.Fatalf("%d proposals", len(attend))
	}
	c := attend[0].Lieu.Champs
	for _, tt := range []struct {
		champ mednum.Champ
		want  string
	}{
		{mednum.ChampNom, "Atelier du Pigeonnier"},
		{mednum.ChampCommune, "Moissac"},
		{mednum.ChampCodeInsee, "82112"},
		{mednum.ChampServices, aide},
		{mednum.ChampHoraires, "Tu 09:00-12:00"},
		{mednum.ChampTelephone, "+33563000000"},
		{mednum.ChampCourriels, "atelier@exemple.fr"},
	} {
		if got := c.Valeur(tt.champ); got != tt.want {
			t.Errorf("%s = %q, want %q", tt.champ, got, tt.want)
		}
	}
	id := attend[0].Lieu.ID
	for _, chemin := range []string{"/lieux/" + id, "/lieux/" + id + "/travaille-ici", "/api/v1/lieux/" + id} {
		if rep, _ := b.get(t, chemin); rep.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", chemin, rep.StatusCode)
		}
	}
	if _, err := b.reseau.Resumer(t.Context()); err != nil || b.compterLettres(t, "1\u00a0demande attend votre réponse") == 0 {
		t.Errorf("the coordinators are not told: %v", err)
	}
	if qui, err := b.comptes.CesserSuivi(t.Context(), id); qui != "citoyen@exemple.fr" || err != nil {
		t.Errorf("who wants to know: %q, %v", qui, err)
	}
	v.demander(t, http.MethodGet, "/proposer?fait=suivi", nil)
	if !strings.Contains(v.page, "<h1>Merci</h1>") || !strings.Contains(v.page, "une seule fois") {
		t.Error(v.page)
	}
}

// Another place typed in a page that was gone back to is another proposal.
func TestProposerAutreSousLaMemeCle(t *testing.T) {
	b := newBanc(t)
	v := &visiteur{banc: b}
	v.demander(t, http.MethodGet, "/proposer", nil)
	page := v.page
	for _, nom := range []string{"Atelier du Pigeonnier", "Atelier de la Halle", "Atelier du Pigeonnier"} {
		v.page = page
		if rep := v.envoyer(t, "/proposer", complet("nom", nom, "sur", "oui")...); rep.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d", nom, rep.StatusCode)
		}
	}
	if n := len(b.proposes()); n != 2 {
		t.Errorf("%d proposals, want 2", n)
	}
}

func TestProposerRefuse(t *testing.T) {
	b := newBanc(t)
	for _, tt := range []struct {
		name   string
		change []string
		mots   string
	}{
		{"no name", []string{"nom", " "}, "Indiquez le nom du lieu"},
		{"no address", []string{"adresse", ""}, "Indiquez l’adresse"},
		{"no commune", []string{"commune", ""}, "Indiquez la commune"},
		{"no postal code", []string{"code_postal", ""}, "Indiquez le code postal"},
		{"not a postal code", []string{"code_postal", "8220"}, "5 chiffres"},
		{"a commune misspelt", []string{"commune", "Moisac"}, "Avec ce code\u00a0: Boudou"},
		{"a postal code of elsewhere", []string{"code_postal", "82000"}, "code postal"},
		{"a commune of the neighbours", []string{"commune", "Agen", "code_postal", "47000"}, "n’est pas en Tarn-et-Garonne"},
		{"no help", []string{"services", ""}, "services"},
		{"help that is not in the list", []string{"services", "Réparer les vélos"}, "n’est pas une valeur"},
		{"not a phone number", []string{"telephone", "12"}, "numéro de téléphone"},
		{"not an e-mail", []string{"courriels", "rien"}, "adresse"},
		{"not their e-mail", []string{"moi", "rien"}, "adresse n’est pas complète"},
		{"hours too long", []string{"horaires", strings.Repeat("lundi ", 100)}, "500"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &visiteur{banc: b}
			v.demander(t, http.MethodGet, "/proposer", nil)
			rep := v.envoyer(t, "/proposer", complet(tt.change...)...)
			if rep.StatusCode != http.StatusBadRequest || !strings.Contains(v.page, tt.mots) || !strings.Contains(v.page, `aria-invalid="true"`) && tt.change[0] != "services" {
				t.Errorf("%d, %q?\n%s", rep.StatusCode, tt.mots, v.page)
			}
			if tt.change[0] != "horaires" && !strings.Contains(v.page, ">le mardi de 9h à 12h</textarea>") {
				t.Error("what was typed is lost")
			}
			if !strings.Contains(v.page, `href="#`+tt.change[0]+`"`) && tt.name != "a commune of the neighbours" && tt.name != "a postal code of elsewhere" {
				t.Errorf("the summary does not lead to %s", tt.change[0])
			}
		})
	}
	if n := len(b.proposes()); n != 0 {
		t.Errorf("%d proposals", n)
	}
}

// Hours that are not certain are kept as they were written, for a person.
func TestProposerHorairesLibres(t *testing.T) {
	b := newBanc(t)
	v := &visiteur{banc: b}
	v.demander(t, http.MethodGet, "/proposer", nil)
	v.envoyer(t, "/proposer", complet("horaires", "selon les jours, <b>téléphonez</b>", "moi", "")...)
	attend := b.proposes()
	if len(attend) != 1 || attend[0].Lieu.Champs.Horaires != "" || !strings.Contains(attend[0].Lieu.Champs.PresentationDetail, "selon les jours") {
		t.Errorf("%+v\n%s", attend, v.page)
	}
}

// Places that look alike are shown first; nothing is sent until the person says
// that it is none of them.
func TestProposerSemblables(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := &visiteur{banc: b}
	v.demander(t, http.MethodGet, "/proposer", nil)
	rep := v.envoyer(t, "/proposer", complet("nom", "Espace France services")...)
	if rep.StatusCode != http.StatusOK || !strings.Contains(v.page, "Est-ce l’un de ceux-ci") || !strings.Contains(v.page, l.Champs.Nom) || len(b.proposes()) != 0 {
		t.Fatalf("%d, %d proposals\n%s", rep.StatusCode, len(b.proposes()), v.page)
	}
	page := v.page
	v.envoyer(t, "/proposer", "code_postal", "82200", "services", aide, "revoir", "1")
	if !strings.Contains(v.page, `value="Espace France services"`) || !strings.Contains(v.page, `value="`+aide+`" checked`) {
		t.Errorf("to look again\n%s", v.page)
	}
	v.page = page
	if rep := v.envoyer(t, "/proposer", "code_postal", "82200", "services", aide, "sur", "1"); rep.StatusCode != http.StatusSeeOther || len(b.proposes()) != 1 {
		t.Errorf("%d, %d proposals\n%s", rep.StatusCode, len(b.proposes()), v.page)
	}
}

// A program that fills every field is thanked, and nothing is kept; one that
// insists is stopped.
func TestProposerRobots(t *testing.T) {
	b := newBanc(t)
	v := &visiteur{banc: b}
	v.demander(t, http.MethodGet, "/proposer", nil)
	if rep := v.envoyer(t, "/proposer", complet("site", "https://exemple.fr")...); rep.StatusCode != http.StatusSeeOther || len(b.proposes()) != 0 {
		t.Errorf("%d, %d proposals", rep.StatusCode, len(b.proposes()))
	}
	for i := range 6 {
		v.demander(t, http.MethodGet, "/proposer", nil)
		rep := v.envoyer(t, "/proposer", complet("sur", "1", "nom", "Lieu "+strings.Repeat("a", i+1))...)
		if want := map[bool]int{true: http.StatusTooManyRequests, false: http.StatusSeeOther}[i == 5]; rep.StatusCode != want {
			t.Errorf("proposal %d: %d, want %d\n%s", i+1, rep.StatusCode, want, v.page)
		}
	}
	if n := len(b.proposes()); n != 5 {
		t.Errorf("%d proposals", n)
	}
}
