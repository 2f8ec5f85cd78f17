package web_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/web"
)

// People are listed by role, EPCI and last sign-in, within one's scope, and taken
// away as they are shown.
func TestPersonnes(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	const moissacEPCI, autreEPCI = "200066322", "248200099"
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code))
	b.invite(t, "paul@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	b.invite(t, "elu@exemple.fr", role(mednum.RoleContributeur, mednum.PorteeCommune, moissac))
	b.invite(t, "loin@exemple.fr", droit(mednum.PorteeEPCI, autreEPCI))
	dormeur, err := b.comptes.CompteDe(t.Context(), "loin@exemple.fr")
	check(t, err)
	check(t, b.comptes.FermerTout(t.Context(), dormeur.ID, ""))
	lire, o, err := store.Lire[mednum.Compte](t.Context(), b.base, "compte", dormeur.ID)
	check(t, err)
	lire.Entre = mardi.AddDate(0, -8, 0)
	o.Version++
	check(t, store.Poser(t.Context(), b.base, o, lire))

	chef.voir(t, "/espace/comptes", "3 comptes", "Médiateur", "Contributeur", "24 novembre 2026", "24 mars 2026")
	chef.voir(t, "/espace/comptes?role=contributeur", "elu@exemple.fr", "!paul@exemple.fr")
	chef.voir(t, "/espace/comptes?epci="+moissacEPCI, "paul@exemple.fr", "elu@exemple.fr", "!loin@exemple.fr")
	chef.voir(t, "/espace/comptes?connexion=vieux", "loin@exemple.fr", "!paul@exemple.fr")
	chef.voir(t, "/espace/comptes?connexion=mois", "paul@exemple.fr", "!loin@exemple.fr")
	chef.voir(t, "/espace/comptes?connexion=jamais", "0 compte sur 3")
	chef.voir(t, "/espace/comptes?epci="+moissacEPCI+"&format=csv", "paul@exemple.fr", "2026-11-24", "!loin@exemple.fr")
	chef.voir(t, "/espace/comptes/"+dormeur.ID, "Dernière connexion le 24 mars 2026", "!Renvoyer une invitation")

	lire.Entre = time.Time{} // an account that nobody entered
	o.Version++
	check(t, store.Poser(t.Context(), b.base, o, lire))
	page := "/espace/comptes/" + dormeur.ID
	chef.voir(t, page, "Aucune connexion connue")
	chef.faire(t, page+"/renvoyer", page+"?fait=renvoye")
	attente, err := b.comptes.Invitations(t.Context())
	check(t, err)
	if len(attente) != 1 || attente[0].Courriel != "loin@exemple.fr" {
		t.Errorf("%+v", attente)
	}
	paul, err := b.comptes.CompteDe(t.Context(), "paul@exemple.fr")
	check(t, err)
	if rep := chef.envoyer(t, "/espace/comptes/"+paul.ID+"/renvoyer"); rep.StatusCode != 403 {
		t.Errorf("who signed in: %d", rep.StatusCode)
	}
}

// An invitation that nobody opened is said, and sent again in one touch, by those
// who could have sent it.
func TestInvitationFinie(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "200066322"))
	ailleurs := b.invite(t, "ailleurs@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "248200099"))
	ancienne := compte.New(b.base, func() time.Time { return mardi.AddDate(0, 0, -8) })
	_, err := ancienne.Inviter(t.Context(), "paul@exemple.fr", "Paul Essai", "compte:x", []mednum.Habilitation{droit(mednum.PorteeLieu, l.ID)})
	check(t, err)
	chef.voir(t, "/espace/comptes", "Invitations que personne n’a ouvertes", "Paul Essai", "Son lien ne sert plus depuis")
	ailleurs.voir(t, "/espace/comptes", "!Paul Essai")
	id := chef.champs().Get("invitation")
	if rep := ailleurs.envoyer(t, "/espace/comptes/renvoyer", "invitation", id, "sceau", ailleurs.sceau(t)); rep.Header.Get("Location") != "/espace/comptes?fait=renvoye-deja" {
		t.Errorf("another sends it: %q", rep.Header.Get("Location"))
	}
	chef.faire(t, "/espace/comptes/renvoyer", "/espace/comptes?fait=renvoye", "invitation", id)
	chef.exiger(t, "Invitations envoyées", "paul@exemple.fr", "!Invitations que personne n’a ouvertes")
	envois, err := b.boite.Liste(t.Context(), "")
	check(t, err)
	if n := len(envois); n != 1 || envois[0].A != "paul@exemple.fr" {
		t.Errorf("%d mails", n)
	}
	chef.faire(t, "/espace/comptes/renvoyer", "/espace/comptes?fait=renvoye-deja", "invitation", id)
}

// Who answers for a place: named from the place or from the person, shown to
// colleagues, to nobody else.
func TestRepond(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	equipe := "/espace/lieux/" + l.ID + "/equipe"
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "200066322"))
	paul := b.invite(t, "paul@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	b.invite(t, "zoe@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	ids := map[string]string{}
	for _, courriel := range []string{"paul@exemple.fr", "zoe@exemple.fr", "chef@exemple.fr"} {
		v, err := b.comptes.CompteDe(t.Context(), courriel)
		check(t, err)
		v, err = b.comptes.Nommer(t.Context(), v.ID, strings.Split(courriel, "@")[0]+" Nommé")
		check(t, err)
		ids[courriel] = v.ID
	}
	chef.voir(t, "/espace/comptes/lieux?qui=sans-repondant", l.Champs.Nom, "1 lieu sur")
	chef.voir(t, "/espace/comptes/lieux?qui=sans", "!"+equipe)
	paul.voir(t, equipe, "!pastille ouvert")
	paul.faire(t, equipe+"/repond", equipe+"?fait=repond", "compte", ids["zoe@exemple.fr"])
	paul.exiger(t, "pastille ouvert")
	paul.voir(t, "/espace/lieux/"+l.ID, "zoe Nommé répond de ce lieu")
	if _, public := b.get(t, "/lieux/"+l.ID); strings.Contains(public, "zoe Nommé") {
		t.Error("the public sees who answers")
	}
	page := "/espace/comptes/" + ids["paul@exemple.fr"]
	chef.voir(t, page, l.Champs.Nom, "!>En répond</span>")
	chef.faire(t, equipe+"/repond", page+"?fait=repond", "compte", ids["paul@exemple.fr"], "retour", "personne")
	chef.exiger(t, ">En répond</span>")
	chef.voir(t, "/espace/comptes/lieux?q=paul", "paul Nommé, zoe Nommé", "Répond du lieu")
	for _, tt := range []struct {
		name, compte string
		qui          *visiteur
		want         int
	}{
		{"who is not in the team", ids["chef@exemple.fr"], chef, 404},
		{"by who is not of the place", ids["paul@exemple.fr"], b.invite(t, "loin@exemple.fr", droit(mednum.PorteeEPCI, "248200099")), 403},
	} {
		if rep := tt.qui.envoyer(t, equipe+"/repond", "compte", tt.compte, "sceau", tt.qui.sceau(t)); rep.StatusCode != tt.want {
			t.Errorf("%s: %d", tt.name, rep.StatusCode)
		}
	}
	_, err := b.comptes.Deshabiliter(t.Context(), ids["paul@exemple.fr"], droit(mednum.PorteeLieu, l.ID))
	check(t, err)
	chef.voir(t, "/espace/lieux/"+l.ID, "!répond de ce lieu") // they left
	chef.voir(t, equipe)
	chef.faire(t, equipe+"/repond", equipe+"?fait=repond-pas", "repond", "non", "compte", "", "retour", "")
	if got, err := b.comptes.Referent(t.Context(), l.ID); got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// A place's languages are its editors' to say, and the public's to read and to
// search.
func TestLanguesDUnLieu(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	page := "/espace/lieux/" + l.ID + "/partie/aide"
	v.voir(t, page, "Langues parlées", "Langue des signes française (LSF)", `name="langues" value="oc"`)
	champs := v.champs()
	for _, ch := range []mednum.Champ{mednum.ChampServices, mednum.ChampModalitesAccompagn, mednum.ChampPublics, mednum.ChampPriseEnCharge} {
		champs[string(ch)] = l.Champs.Valeurs(ch)
	}
	champs["langues"] = []string{"fsl", "ar"}
	if rep := v.demander(t, http.MethodPost, page, champs); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	revs := b.revisions(t, l.ID)
	if n := revs[len(revs)-1].Apres; !slices.Equal(n.Langues, []string{"ar", "fsl"}) || n.ModifieLe != mednum.DateOf(mardi) || !slices.Equal(n.Champs.Services, l.Champs.Services) {
		t.Errorf("%q, changed %s", n.Langues, n.ModifieLe)
	}
	if _, public := b.get(t, "/lieux/"+l.ID); !strings.Contains(public, "français, arabe, langue des signes française (LSF)") {
		t.Error("the public page does not say it")
	}
	if _, api := b.get(t, "/api/v1/lieux?langues=fsl"); !strings.Contains(api, l.ID) || !strings.Contains(api, `"langues":["ar","fsl"]`) {
		t.Errorf("the API: %s", api)
	}
	if _, api := b.get(t, "/api/v1/lieux?langues=xx"); !strings.Contains(api, "langues") || strings.Contains(api, l.ID) {
		t.Errorf("an unknown language: %s", api)
	}
	if _, page := b.get(t, "/?q=Moissac&langues=fsl"); !strings.Contains(page, l.Champs.Nom) {
		t.Error("the search does not find it")
	}
	v.voir(t, "/espace/lieux/"+l.ID+"/histoire", "Langues parlées")
	v.voir(t, page)
	champs = v.champs()
	champs["langues"] = []string{"klingon"}
	if rep := v.demander(t, http.MethodPost, page, champs); rep.StatusCode != 400 {
		t.Errorf("a language that is not there: %d", rep.StatusCode)
	}
	v.exiger(t, "La langue « klingon »")
}

// Colleagues find places by what they can do, and those who agreed by what they
// said, with what they chose to show.
func TestCompetences(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	service := mednum.Vocabulaire(mednum.ChampServices)[5]
	paul := b.invite(t, "paul@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	elu := b.invite(t, "elu@exemple.fr", role(mednum.RoleContributeur, mednum.PorteeCommune, "82121"))
	elu.voir(t, "/espace/competences", "n’a encore accepté d’être trouvé", "Voici les 40 premiers")
	for _, v := range b.lieux.Lieux() { // the network's, before those around it
		if v.HorsTerritoire && strings.Contains(elu.page, `"/lieux/`+v.ID+`"`) {
			t.Errorf("%s, of another département, is among the first", v.Champs.Nom)
		}
	}
	paul.voir(t, "/espace/compte", "Me montrer dans l’annuaire", "!Ne plus m’y montrer")
	paul.voir(t, "/espace/compte/annuaire", "Avec vos mots", "Montrer aussi mon adresse, paul@exemple.fr")
	champs := paul.champs()
	champs["services"], champs["langues"] = []string{service}, []string{"oc", "fsl"}
	champs.Set("mots", strings.Repeat("é", 201))
	if rep := paul.demander(t, http.MethodPost, "/espace/compte/annuaire", champs); rep.StatusCode != 400 {
		t.Errorf("too long: %d", rep.StatusCode)
	}
	paul.exiger(t, `aria-describedby="faute-mots"`, "200 caractères au plus")
	champs.Set("mots", "impression 3D")
	champs.Set("telephone", "05 63 04 00 00")
	if rep := paul.demander(t, http.MethodPost, "/espace/compte/annuaire", champs); rep.Header.Get("Location") != "/espace/compte?fait=annuaire" {
		t.Fatalf("%d\n%s", rep.StatusCode, paul.page)
	}
	trouve := []string{"1 collègue", "Jeanne Essai", "impression 3D", "langue des signes française (LSF), occitan", "05 63 04 00 00", "!paul@exemple.fr"}
	chercher := func(q string, trouve bool) {
		t.Helper()
		mots := []string{"1 collègue", "impression 3D"}
		if !trouve {
			mots = []string{"Personne ne répond", "!impression 3D"}
		}
		elu.voir(t, "/espace/competences?"+q, mots...)
	}
	elu.voir(t, "/espace/competences", trouve...)
	chercher("q=IMPRESSION", true)
	chercher("q=couture", false)
	chercher("langue=oc", true)
	chercher("langue=ar", false)
	chercher("competence="+url.QueryEscape("services:"+service), true)
	chercher("competence="+url.QueryEscape("dispositif_programmes_nationaux:Aidants Connect"), false)
	chercher("commune=Moissac&rayon=5", true)
	chercher("commune=Montauban&rayon=10", false)
	elu.voir(t, "/espace/competences?commune=Moissac&rayon=5", l.Champs.Nom, "lieux", " · ")
	elu.voir(t, "/espace/competences?commune=Montauban&rayon=5", "!/lieux/"+l.ID)
	for _, q := range []string{"commune=zzzz", "commune=Toulouse", "competence=x", "langue=xx", "rayon=7"} {
		if rep := elu.demander(t, http.MethodGet, "/espace/competences?"+q, nil); rep.StatusCode != 400 {
			t.Errorf("%s: %d", q, rep.StatusCode)
		}
		elu.exiger(t, `class="faute"`)
	}
	elu.voir(t, "/espace/competences?format=csv", "<h1>Compétences du réseau</h1>") // no file of people
	paul.voir(t, "/espace/compte", "Ne plus m’y montrer")
	paul.faire(t, "/espace/compte/annuaire/retirer", "/espace/compte?fait=hors")
	elu.voir(t, "/espace/competences", "n’a encore accepté")

	inconnu := b.invite(t, "seule@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	qui, err := b.comptes.CompteDe(t.Context(), "seule@exemple.fr")
	check(t, err)
	_, err = b.comptes.Deshabiliter(t.Context(), qui.ID, droit(mednum.PorteeLieu, l.ID))
	check(t, err)
	if rep := inconnu.demander(t, http.MethodGet, "/espace/competences", nil); rep.StatusCode != 403 {
		t.Errorf("somebody without any right: %d", rep.StatusCode)
	}
}

// What is done about people is in the log of acts, which names nobody.
func TestActesDesPersonnes(t *testing.T) {
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "actes.db"), func() time.Time { return mardi })
	check(t, err)
	t.Cleanup(func() { base.Close() })
	actes := registre.New(base, func() time.Time { return mardi })
	b := newBanc(t, func(c *web.Config) { c.Registre = actes })
	l := b.lieuDe(t, moissac)
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code), droit(mednum.PorteeLieu, l.ID))
	moi, err := b.comptes.CompteDe(t.Context(), "chef@exemple.fr")
	check(t, err)
	equipe := "/espace/lieux/" + l.ID + "/equipe"
	chef.voir(t, equipe)
	chef.faire(t, equipe+"/repond", equipe+"?fait=repond", "compte", moi.ID)
	chef.faire(t, equipe+"/repond", equipe+"?fait=repond-pas", "repond", "non")
	chef.voir(t, "/espace/compte/annuaire")
	chef.faire(t, "/espace/compte/annuaire", "/espace/compte?fait=annuaire", "mots", "mots secrets")
	chef.faire(t, "/espace/compte/annuaire/retirer", "/espace/compte?fait=hors")
	k, err := b.reseau.Preparer(t.Context(), "x", reseau.Campagne{Titre: "Titre", Auteur: moi.ID, Lieux: []string{l.ID}})
	check(t, err)
	page := "/espace/campagnes/" + k.ID
	chef.voir(t, page)
	chef.faire(t, page+"/envoyer", page+"?fait=campagne")
	chef.faire(t, page+"/arreter", page+"?fait=campagne-arret", "sceau", chef.sceau(t))
	p, err := actes.Lire(t.Context(), registre.Choix{N: 50, Qui: moi.Auteur()})
	check(t, err)
	var textes []string
	for i := range p.Lignes {
		a := p.Lignes[i].Acte
		if strings.HasPrefix(a.Texte, "Invitation acceptée") {
			continue
		}
		textes = append(textes, a.Texte)
		if strings.Contains(a.Texte+a.Avant+a.Apres, "secrets") || strings.Contains(a.Texte, "Jeanne") {
			t.Errorf("it says too much: %+v", a)
		}
	}
	slices.Sort(textes)
	want := []string{
		"Campagne arrêtée", "Campagne envoyée à 1\u00a0lieu", "Ne répond plus en premier du lieu", "Ne se montre plus dans l’annuaire des compétences",
		"Répond en premier du lieu", "Se montre dans l’annuaire des compétences",
	}
	if !slices.Equal(textes, want) {
		t.Errorf("%q", textes)
	}
}
