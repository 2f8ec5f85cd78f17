package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
)

var motifLieuCoche = regexp.MustCompile(`name="lieu" value="([^"]+)" checked`)

// A campaign is prepared over places of one's scope, seen as it will be, sent,
// followed and taken away.
func TestCampagnesPages(t *testing.T) {
	b := newBanc(t)
	const epci = "200066322"
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, epci))
	ailleurs := b.invite(t, "ailleurs@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "248200099"))
	tout := b.invite(t, "tout@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code))
	chef.voir(t, "/espace/campagnes", "Aucune campagne pour l’instant")
	chef.voir(t, "/espace/campagnes/nouvelle?fraicheur=6&epci="+epci, "lieux à qui écrire", "Vérification de novembre 2026", `href="/espace/reseau/appeler"`)
	var lieux []string
	for _, m := range motifLieuCoche.FindAllStringSubmatch(chef.page, -1) {
		lieux = append(lieux, m[1])
		v, err := b.lieux.Lieu(m[1])
		check(t, err)
		if k, _ := b.ter.Commune(v.Champs.CodeInsee); k.EPCI != epci {
			t.Errorf("%s is not in the perimeter", v.Champs.Nom)
		}
	}
	if len(lieux) < 3 {
		t.Fatalf("%d places", len(lieux))
	}
	lieux = lieux[:3]
	champs := chef.champs()
	champs["lieu"] = lieux
	champs.Set("titre", "Essai d’hiver")
	champs.Set("relance", "10")
	for _, tt := range []struct{ champ, valeur, faute string }{
		{"titre", "", "titre"}, {"mot", "Voyez https://pirate.exemple.com", "mot"}, {"relance", "2", "relance"}, {"relance", "demain", "relance"},
	} {
		avant := champs.Get(tt.champ)
		champs.Set(tt.champ, tt.valeur)
		if rep := chef.demander(t, http.MethodPost, "/espace/campagnes/nouvelle", champs); rep.StatusCode != 400 {
			t.Errorf("%q: %d", tt.valeur, rep.StatusCode)
		}
		chef.exiger(t, `id="faute-`+tt.faute+`"`, `value="`+lieux[0]+`" checked`)
		champs.Set(tt.champ, avant)
	}
	champs.Set("mot", "L’hiver arrive <b>vite</b>.")
	autre := b.lieuDe(t, "82121")
	champs["lieu"] = append(lieux[:3:3], autre.ID)
	if rep := chef.demander(t, http.MethodPost, "/espace/campagnes/nouvelle", champs); rep.StatusCode != 403 {
		t.Errorf("a place beyond the perimeter: %d", rep.StatusCode)
	}
	champs["lieu"] = lieux
	rep := chef.demander(t, http.MethodPost, "/espace/campagnes/nouvelle", champs)
	page := rep.Header.Get("Location")
	if rep.StatusCode != http.StatusSeeOther || !strings.HasPrefix(page, "/espace/campagnes/") {
		t.Fatalf("%d\n%s", rep.StatusCode, chef.page)
	}
	if rep := chef.demander(t, http.MethodPost, "/espace/campagnes/nouvelle", champs); rep.Header.Get("Location") != page {
		t.Errorf("the same form again: %q", rep.Header.Get("Location"))
	}
	chef.voir(t, page, "3 courriels partiront", "L’hiver arrive &lt;b&gt;vite&lt;/b&gt;.", "Est-ce toujours exact", "Relance après 10 jours", "Envoyer 3 courriels", "https://exemple.fr/rappel/votre-lien")
	if rep := ailleurs.demander(t, http.MethodGet, page, nil); rep.StatusCode != 404 {
		t.Errorf("another coordinator: %d", rep.StatusCode)
	}
	ailleurs.voir(t, "/espace/campagnes", "!Essai d’hiver")
	chef.voir(t, page)
	chef.faire(t, page+"/envoyer", page+"?fait=campagne")
	chef.exiger(t, "<strong>3</strong> attendent leur courriel", "Attend son courriel", "Arrêter cette campagne")
	n, err := b.reseau.EcrireCampagnes(t.Context())
	check(t, err)
	if n != 3 {
		t.Fatalf("%d mails", n)
	}
	envois, err := b.boite.Liste(t.Context(), "")
	check(t, err)
	lien := motifRappel.FindStringSubmatch(envois[0].Corps.Boutons[0].URL)[1]
	q, err := b.reseau.Question(t.Context(), strings.TrimPrefix(lien, "/rappel/"))
	check(t, err)
	anonyme := &visiteur{banc: b}
	anonyme.voir(t, lien+"?choix=exact")
	anonyme.agir(t, lien, []string{"choix", "exact"}, "Merci")
	chef.voir(t, page, "<strong>1</strong> lieu a répondu", "A confirmé", "Sans réponse", q.Lieu.Champs.Nom)
	chef.voir(t, page+"?suite=confirme", "1 lieu sur 3", q.Lieu.Champs.Nom)
	chef.voir(t, page+"?suite=muet&format=csv", "Sans réponse", "!A confirmé")
	chef.voir(t, page+"?format=xlsx", "PK")
	tout.voir(t, "/espace/campagnes", "Essai d’hiver", "En cours")
	chef.voir(t, page+"/arreter", "Cela ne se défait pas")
	chef.faire(t, page+"/arreter", page+"?fait=campagne-arret")
	chef.exiger(t, "plus aucun courriel ne part")
	if rep := chef.envoyer(t, page+"/envoyer", "sceau", chef.sceau(t)); rep.StatusCode != 409 {
		t.Errorf("sent again: %d", rep.StatusCode)
	}
	chef.voir(t, "/espace/campagnes/nouvelle?epci="+epci, "Déjà interrogés depuis moins d’un mois")
	if strings.Contains(chef.page, `value="`+lieux[0]+`" checked`) {
		t.Error("a place that was just asked is ticked")
	}
}

// Who coordinates a part of a campaign sees that part, and neither sends nor stops
// it; one that was not sent is forgotten.
func TestCampagnePartagee(t *testing.T) {
	b := newBanc(t)
	mien, autre := b.lieuDe(t, moissac), b.lieuDe(t, "82121")
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "200066322"))
	tout := b.invite(t, "tout@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code))
	auteur, err := b.comptes.CompteDe(t.Context(), "tout@exemple.fr")
	check(t, err)
	k, err := b.reseau.Preparer(t.Context(), "x", reseau.Campagne{Titre: "Partagée", Auteur: auteur.ID, Lieux: []string{mien.ID, autre.ID}})
	check(t, err)
	page := "/espace/campagnes/" + k.ID
	chef.voir(t, page, "des lieux que vous ne coordonnez pas", "!Envoyer ", "!"+autre.ID)
	for _, geste := range []string{"/envoyer", "/oublier", "/arreter"} {
		if rep := chef.envoyer(t, page+geste, "sceau", chef.sceau(t)); rep.StatusCode != 403 {
			t.Errorf("%s: %d", geste, rep.StatusCode)
		}
	}
	_, err = b.reseau.Lancer(t.Context(), k.ID)
	check(t, err)
	chef.voir(t, page, "/espace/lieux/"+mien.ID, "!"+autre.ID)
	tout.voir(t, page, "/espace/lieux/"+mien.ID, autre.ID)
	k, err = b.reseau.Preparer(t.Context(), "y", reseau.Campagne{Titre: "Oubliée", Auteur: auteur.ID, Lieux: []string{mien.ID}})
	check(t, err)
	tout.voir(t, "/espace/campagnes/"+k.ID)
	tout.faire(t, "/espace/campagnes/"+k.ID+"/oublier", "/espace/campagnes?fait=campagne-oubli")
	tout.exiger(t, "!Oubliée")
}
