package web_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/store"
)

// epciMoissac is the SIREN of the intercommunality of Moissac.
const epciMoissac = "200066322"

// maintenant is the clock of the bench.
func maintenant() time.Time { return mardi }

// lire is an answer to this visitor, and its text.
func (v *visiteur) lire(t *testing.T, chemin string) (*http.Response, string) {
	t.Helper()
	rep := v.demander(t, http.MethodGet, chemin, nil)
	return rep, v.page
}

// What somebody does is in the register: who, from where, what, and by each
// filter.
func TestRegistre(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	chef := b.invite(t, "ana@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	chef.voir(t, "/espace/compte")
	chef.faire(t, "/espace/compte/nom", "/espace/compte?fait=nom", "nom", "Ana Chef")
	jeanne := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	qui, err := b.comptes.CompteDe(t.Context(), "jeanne@exemple.fr")
	check(t, err)
	jeanne.voir(t, "/espace/lieux/"+l.ID+"/partie/presentation")
	jeanne.agir(t, "/espace/lieux/"+l.ID+"/partie/presentation", []string{"presentation_resume", "On vous aide pas à pas."})
	personne := "/espace/comptes/" + qui.ID
	chef.voir(t, personne)
	chef.faire(t, personne+"/donner", personne+"?fait=donne", "role", "mediateur", "portee", "epci:"+epciMoissac)
	chef.voir(t, personne+"/retirer?"+url.Values{"role": {"mediateur"}, "portee": {"epci"}, "id": {epciMoissac}}.Encode())
	chef.faire(t, personne+"/retirer", personne+"?fait=retire")
	chef.voir(t, "/espace/comptes/inviter")
	chef.faire(t, "/espace/comptes/inviter", "/espace/comptes?fait=invite", "nom", "Paul Essai", "courriel", "paul@exemple.fr", "role", "mediateur", "portee", "departement")
	attente, err := b.comptes.Invitations(t.Context())
	check(t, err)
	chef.voir(t, "/espace/comptes")
	chef.faire(t, "/espace/comptes/annuler", "/espace/comptes?fait=annule", "invitation", attente[0].ID())

	chef.voir(t, "/espace/registre?voie=sauf-import",
		"24 novembre 2026", "10 h 30</strong>, Ana Chef", "(dans l’application)", "Nom du compte changé",
		"Droit donné : corriger les lieux de CC Terres des Confluences (Jeanne Essai)", "Droit repris : corriger les lieux de CC Terres des Confluences (Jeanne Essai)",
		"Invitation envoyée : corriger tous les lieux", "Invitation annulée : corriger tous les lieux", "Invitation acceptée : corriger "+l.Champs.Nom,
		"On vous aide pas à pas.", "/espace/lieux/"+l.ID+"/histoire", `href="/conservation"`, "!paul@exemple.fr", "!Paul Essai", "!Lieu ajouté", "!ana@exemple.fr")
	for name, tt := range map[string]struct {
		filtre string
		mots   []string
	}{
		"all":             {"", []string{"un import", "Lieu ajouté", "Plus ancien"}},
		"who":             {"qui=compte:" + qui.ID, []string{"On vous aide", "Invitation acceptée", "!Droit donné", `value="compte:` + qui.ID + `" selected>Jeanne Essai`}},
		"imports":         {"voie=import", []string{"Lieu ajouté", "(par un import)", "!On vous aide", "!Droit donné"}},
		"rights":          {"genre=acces", []string{"Droit donné", "!On vous aide"}},
		"places":          {"genre=lieu&voie=app", []string{"On vous aide", "!Droit donné"}},
		"a place":         {"lieu=" + l.ID, []string{"On vous aide", "Invitation acceptée", "Un seul lieu : ", "!Droit donné", "Lieu ajouté"}},
		"a word":          {"q=presentation", []string{"On vous aide", "!Droit donné"}},
		"a word of acts":  {"q=confluences+repris", []string{"Droit repris", "!Droit donné"}},
		"today":           {"du=2026-11-24&voie=sauf-import", []string{"On vous aide"}},
		"tomorrow":        {"du=2026-11-25", []string{"Rien ne correspond", "!On vous aide"}},
		"before":          {"au=2026-11-23", []string{"Rien ne correspond"}},
		"an odd day":      {"du=hier", []string{"Écrivez un jour comme"}},
		"days reversed":   {"du=2026-11-24&au=2026-11-01", []string{"Le dernier jour est avant le premier", "On vous aide"}},
		"no such way":     {"voie=x&q=presentation", []string{"Cette façon de faire n’existe pas", "On vous aide"}},
		"no such genre":   {"genre=x&q=presentation", []string{"Ce genre de geste n’existe pas", "On vous aide"}},
		"what is harmful": {"q=" + url.QueryEscape("<b>zzz"), []string{`value="&lt;b&gt;zzz"`, "Rien ne correspond"}},
	} {
		t.Run(name, func(t *testing.T) {
			chef := &visiteur{banc: b, cookie: chef.cookie}
			for i, m := range tt.mots {
				tt.mots[i] = strings.ReplaceAll(m, "Un seul lieu : ", "Un seul lieu : <strong>")
			}
			chef.voir(t, "/espace/registre?"+tt.filtre, tt.mots...)
		})
	}
	if rep := chef.demander(t, http.MethodGet, "/espace/registre?avant=x", nil); rep.StatusCode != 400 {
		t.Errorf("a false cursor: %d", rep.StatusCode)
	}
	if rep := chef.demander(t, http.MethodGet, "/espace/registre?format=pdf", nil); rep.StatusCode != 400 {
		t.Errorf("a false format: %d", rep.StatusCode)
	}
	if rep := jeanne.demander(t, http.MethodGet, "/espace/registre", nil); rep.StatusCode != 403 {
		t.Errorf("a mediator: %d", rep.StatusCode)
	}
}

// The pages of the register, over one base.
func TestRegistrePages(t *testing.T) {
	b := newBanc(t)
	chef := b.invite(t, "ana@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	t.Run("page after page", func(t *testing.T) { registreSuite(t, b, chef) })
	t.Run("files", func(t *testing.T) { registreExport(t, b, chef) })
	t.Run("a base that does not note", func(t *testing.T) { registrePanne(t, b, chef) })
	t.Run("how long things are kept", func(t *testing.T) { conservation(t, b, chef) })
}

// Page after page, by its link, everything is shown once.
func registreSuite(t *testing.T, b banc, chef *visiteur) {
	vus := map[string]int{}
	chemin, pages := "/espace/registre?voie=import", 0
	for ; chemin != "" && pages < 50; pages++ {
		chef.voir(t, chemin)
		for _, morceau := range strings.Split(chef.page, `href="/espace/registre?lieu=`)[1:] {
			id, _, _ := strings.Cut(morceau, `"`)
			vus[id]++
		}
		_, suite, ok := strings.Cut(chef.page, `<a class="bouton second" href="`)
		chemin = ""
		if ok {
			chemin, _, _ = strings.Cut(suite, `"`)
			chemin = strings.ReplaceAll(chemin, "&amp;", "&")
		}
	}
	tous, err := b.base.Lieux(t.Context())
	check(t, err)
	if len(vus) != len(tous) || pages < 2 {
		t.Errorf("%d places on %d pages, want %d", len(vus), pages, len(tous))
	}
	for id, n := range vus {
		if n != 1 {
			t.Errorf("%s %d times", id, n)
		}
	}
}

// The file has what is chosen, one row a change, and is noted itself.
func registreExport(t *testing.T, b banc, chef *visiteur) {
	l := b.lieuDe(t, moissac)
	chef.voir(t, "/espace/lieux/"+l.ID+"/partie/presentation")
	chef.agir(t, "/espace/lieux/"+l.ID+"/partie/presentation", []string{"presentation_resume", "=1+1"})
	rep, corps := chef.lire(t, "/espace/registre?format=csv&voie=app&genre=lieu")
	if rep.StatusCode != 200 || rep.Header.Get("Content-Disposition") != `attachment; filename="registre-82-2026-11-24.csv"` {
		t.Errorf("%d %q", rep.StatusCode, rep.Header.Get("Content-Disposition"))
	}
	lignes, err := csv.NewReader(strings.NewReader(corps)).ReadAll()
	check(t, err)
	if len(lignes) != 2 {
		t.Fatalf("%d rows: %v", len(lignes), lignes)
	}
	want := []string{"2026-11-24", "10 h 30", "Jeanne Essai", "dans l’application", "lieux", l.Champs.Nom, "Moissac", l.ID, "Présentation en une phrase", "rien", "'=1+1"}
	for i := range want {
		if lignes[1][i] != want[i] && i != 8 {
			t.Errorf("column %s: %q, want %q", lignes[0][i], lignes[1][i], want[i])
		}
	}
	chef.voir(t, "/espace/registre?genre=export", "Export du registre (csv)")
	if rep, corps := chef.lire(t, "/espace/registre?format=xlsx"); rep.StatusCode != 200 || !strings.HasPrefix(corps, "PK") {
		t.Errorf("xlsx: %d", rep.StatusCode)
	}
}

// Who coordinates a part of the territory sees what concerns it, and no more.
func TestRegistrePerimetre(t *testing.T) {
	b := newBanc(t)
	ici, ailleurs := b.lieuDe(t, moissac), b.lieuDe(t, "82121")
	chef := b.invite(t, "ana@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	coord := b.invite(t, "bea@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, epciMoissac))
	for _, l := range []mednum.Lieu{ici, ailleurs} {
		chef.voir(t, "/espace/lieux/"+l.ID+"/partie/presentation")
		chef.agir(t, "/espace/lieux/"+l.ID+"/partie/presentation", []string{"presentation_resume", "Résumé " + l.ID})
		b.invite(t, "jeanne-"+l.ID+"@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	}
	r := registre.New(b.base, maintenant)
	for code, texte := range map[string]string{moissac: "Besoin d’ici", "82121": "Besoin d’ailleurs", "": "Besoin de partout"} {
		r.Noter(t.Context(), registre.Acte{Voie: "app", Genre: registre.GenreBesoin, Commune: code, Texte: texte})
	}
	coord.voir(t, "/espace/registre?voie=sauf-import", "Résumé "+ici.ID, "!Résumé "+ailleurs.ID, "Besoin d’ici", "!Besoin d’ailleurs", "!Besoin de partout",
		"Invitation acceptée : corriger "+ici.Champs.Nom, "!Invitation acceptée : coordonner", "pour les lieux que vous coordonnez")
	coord.voir(t, "/espace/registre?lieu="+ailleurs.ID, "Rien ne correspond", "!Résumé")
	rep, corps := coord.lire(t, "/espace/registre?format=csv")
	if rep.StatusCode != 200 || strings.Contains(corps, ailleurs.ID) || !strings.Contains(corps, ici.ID) {
		t.Errorf("%d: the file holds what is elsewhere", rep.StatusCode)
	}
	chef.voir(t, "/espace/registre?voie=sauf-import", "Résumé "+ici.ID, "Résumé "+ailleurs.ID, "Besoin de partout")
}

// A gesture that the register could not note is done all the same, and noted
// later.
func registrePanne(t *testing.T, b banc, chef *visiteur) {
	r := registre.New(b.base, maintenant)
	fermee := fmt.Errorf("closed")
	b.base.panneActe.Store(&fermee)
	r.Noter(t.Context(), registre.Acte{Voie: "app", Genre: registre.GenreAcces, Texte: "Droit donné plus tard"})
	b.base.panneActe.Store(nil)
	chef.voir(t, "/espace/registre?genre=acces", "!Droit donné plus tard")
	check(t, r.Vider(t.Context()))
	chef.voir(t, "/espace/registre?genre=acces", "Droit donné plus tard")
	b.base.panneActe.Store(&fermee)
	chef.voir(t, "/espace/compte")
	chef.faire(t, "/espace/compte/nom", "/espace/compte?fait=nom", "nom", "Ana Neuve")
}

// tout is all that the base holds, one line a thing.
func (b banc) tout(t *testing.T) string {
	t.Helper()
	var texte strings.Builder
	check(t, b.base.Copier(t.Context(), func(e store.Element) error { return json.NewEncoder(&texte).Encode(e) }))
	return texte.String()
}

// Once an account is erased, nothing in the base, in the pages of its colleagues
// nor in any file tells its name or its address, whatever it did before.
func TestEffacementSansTrace(t *testing.T) {
	const nom, courriel = "Zoéline Quartz", "zoeline.quartz@exemple.fr"
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	lieu := "/espace/lieux/" + l.ID
	chef := b.invite(t, "ana@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	chef.voir(t, "/espace/comptes/inviter")
	chef.faire(t, "/espace/comptes/inviter", "/espace/comptes?fait=invite", "nom", nom, "courriel", courriel, "role", "coordinateur", "portee", "departement")
	v := b.invite(t, courriel, role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"), droit(mednum.PorteeLieu, l.ID))
	v.voir(t, "/espace/compte")
	v.faire(t, "/espace/compte/nom", "/espace/compte?fait=nom", "nom", nom)
	v.voir(t, lieu)
	v.agir(t, lieu+"/verifier", nil)
	v.voir(t, lieu+"/partie/presentation")
	v.agir(t, lieu+"/partie/presentation", []string{"presentation_resume", "On vous aide pas à pas."})
	v.voir(t, "/espace/comptes/inviter")
	v.faire(t, "/espace/comptes/inviter", "/espace/comptes?fait=invite", "nom", "Paul Essai", "courriel", "paul@exemple.fr", "role", "mediateur", "portee", "departement")
	v.demander(t, http.MethodGet, "/espace/registre?format=csv", nil)
	b.modifie(t, l.ID, func(x *mednum.Lieu) {
		if len(x.Permanences) > 0 {
			x.Permanences[0].Compte = compteDe(t, b, courriel)
		}
	})
	v.voir(t, "/connexion") // and a link that nobody opened
	v.envoyer(t, "/connexion", "courriel", courriel)
	qui, err := b.comptes.CompteDe(t.Context(), courriel)
	check(t, err)
	traces := []string{nom, courriel, "zoeline", "Zoéline", "Quartz", "quartz"}
	avant := b.tout(t)
	if !strings.Contains(avant, nom) || !strings.Contains(avant, courriel) || !strings.Contains(avant, qui.Auteur()) {
		t.Fatal("the test finds nobody before the erasure")
	}
	chef.voir(t, "/espace/registre?voie=sauf-import", nom)
	_, err = b.boite.Envoyer(t.Context()) // what was to be said was said
	check(t, err)

	v.voir(t, "/espace/compte/effacer")
	v.faire(t, "/espace/compte/effacer", "/connexion?fait=efface")
	for i, ligne := range strings.Split(b.tout(t), "\n") {
		for _, trace := range traces {
			if strings.Contains(ligne, trace) {
				t.Errorf("line %d of the base has %q: %s", i, trace, ligne[:min(400, len(ligne))])
			}
		}
	}
	if !strings.Contains(b.tout(t), qui.Auteur()) {
		t.Error("what they did is not signed any more")
	}
	chef.voir(t, "/espace/registre?voie=sauf-import", "compte supprimé", "On vous aide pas à pas.", "Compte effacé par son titulaire")
	chef.voir(t, "/espace/registre?qui=compte:"+qui.ID, "compte supprimé", "On vous aide pas à pas.")
	chef.voir(t, lieu+"/histoire", "compte supprimé", "On vous aide pas à pas.")
	for _, chemin := range []string{
		"/espace/registre", "/espace/registre?format=csv", "/espace/registre?qui=compte:" + qui.ID + "&format=csv", "/espace/comptes", "/espace/file", lieu, lieu + "/histoire", lieu + "/equipe",
		"/lieux/" + l.ID, "/api/v1/lieux/" + l.ID, "/donnees/lieux.csv", "/donnees/lieux.json", "/donnees/lieux.geojson", "/changements.atom", "/changements",
	} {
		_, corps := chef.lire(t, chemin)
		for _, trace := range traces {
			if strings.Contains(corps, trace) {
				t.Errorf("%s has %q", chemin, trace)
			}
		}
	}
}

func compteDe(t *testing.T, b banc, courriel string) string {
	t.Helper()
	c, err := b.comptes.CompteDe(t.Context(), courriel)
	check(t, err)
	return c.ID
}

// What is said of how long things are kept is what the program does.
func conservation(t *testing.T, b banc, _ *visiteur) {
	rep, corps := b.get(t, "/conservation")
	if rep.StatusCode != http.StatusOK || rep.Header.Get("Set-Cookie") != "" {
		t.Errorf("%d", rep.StatusCode)
	}
	if registre.GardeMois != 36 || !strings.Contains(corps, `: trois ans. <span class="discret">Pour savoir qui a fait quoi.`) {
		t.Error("the page and the register do not agree")
	}
	if reseau.OubliMois != 24 || reseau.PreavisJours != 30 || !strings.Contains(corps, "deux ans sans connexion. Un courriel prévient trente jours avant.") {
		t.Error("the page and the task do not agree")
	}
	if _, mentions := b.get(t, "/mentions-legales"); !strings.Contains(mentions, `href="/conservation"`) {
		t.Error("the legal notice does not lead there")
	}
}

// Each gesture of those who coordinate is noted, once it is done and not before.
func TestRegistreGestes(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	chef := b.invite(t, "ana@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	jeanne := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	paul := b.invite(t, "paul@exemple.fr", droit(mednum.PorteeLieu, b.lieuDe(t, "82121").ID))
	quiPaul := compteDe(t, b, "paul@exemple.fr")

	chef.voir(t, "/espace/webhooks/ajouter")
	chef.envoyer(t, "/espace/webhooks/ajouter", "url", "http://127.0.0.1:9/r", "portee", "tout")
	tous, err := b.prevenir.Liste(t.Context())
	check(t, err)
	ici := "/espace/webhooks/" + tous[0].ID
	for _, geste := range []string{"/pause", "/reprendre", "/secret", "/supprimer"} {
		chef.voir(t, ici)
		if geste == "/secret" {
			chef.voir(t, ici+geste)
		}
		if rep := chef.envoyer(t, ici+geste); rep.StatusCode >= 400 {
			t.Fatalf("%s: %d", geste, rep.StatusCode)
		}
	}
	d, err := b.comptes.Demander(t.Context(), quiPaul, l.ID, "")
	check(t, err)
	chef.voir(t, "/espace/comptes")
	if rep := chef.envoyer(t, "/espace/comptes/demandes/"+d.ID, "decision", "peut-être"); rep.StatusCode != 400 {
		t.Errorf("%d", rep.StatusCode)
	}
	chef.voir(t, "/espace/registre?genre=acces", "!Demande acceptée")
	chef.voir(t, "/espace/comptes")
	chef.faire(t, "/espace/comptes/demandes/"+d.ID, "/espace/comptes?fait=accepte", "decision", "accepter")
	equipe := "/espace/lieux/" + l.ID + "/equipe"
	jeanne.voir(t, equipe+"/retirer?compte="+quiPaul)
	jeanne.faire(t, equipe+"/retirer", equipe+"?fait=retire")
	chef.voir(t, "/espace/comptes/"+quiPaul+"/effacer")
	chef.faire(t, "/espace/comptes/"+quiPaul+"/effacer", "/espace/comptes?fait=efface")
	if rep := paul.demander(t, http.MethodGet, "/espace", nil); rep.StatusCode != 303 {
		t.Errorf("the erased account: %d", rep.StatusCode)
	}

	chef.voir(t, "/espace/registre?genre=webhook", "Webhook ajouté", "Webhook suspendu", "Webhook repris", "Secret d’un webhook renouvelé", "Webhook supprimé", "!whsec_", "!127.0.0.1")
	chef.voir(t, "/espace/registre?genre=acces", "Demande acceptée : corriger "+l.Champs.Nom+", à Moissac (compte supprimé)", "Droit repris : corriger "+l.Champs.Nom+", à Moissac (compte supprimé)")
	chef.voir(t, "/espace/registre?genre=compte", "Compte effacé par qui administre les comptes (compte supprimé)")
}
