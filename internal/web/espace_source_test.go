package web_test

import (
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/web"
)

// bouger has the first record of a place say something else, as an import does.
func (b banc) bouger(t *testing.T, id string, champs map[mednum.Champ]string) mednum.Fiche {
	t.Helper()
	avant, err := b.base.Lieu(t.Context(), id)
	check(t, err)
	fiches, err := b.base.FichesDe(t.Context(), id)
	check(t, err)
	flux, err := b.base.Flux(t.Context())
	check(t, err)
	for champ, valeur := range champs {
		for i := range fiches {
			fiches[i].Champs[champ] = valeur
		}
	}
	rev, change := mednum.Reviser(avant, mednum.Consolider(avant, fiches, flux))
	if !change {
		t.Fatal("the place is as before")
	}
	rev.Voie = "import"
	check(t, b.base.Apply(t.Context(), mednum.Operation{ID: "essai-" + time.Now().Format(time.RFC3339Nano), Genre: "import"}, fiches, []mednum.Revision{rev}))
	check(t, b.lieux.Actualiser(t.Context()))
	return fiches[0]
}

// What a source contradicts is asked of whoever keeps the place, decided with one
// button, and undone with another.
func TestEspaceSourceContestee(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	base := "/espace/lieux/" + l.ID
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	v.voir(t, base+"/partie/contact")
	v.agir(t, base+"/partie/contact", []string{"telephone", "0563000001"})
	v.voir(t, base)
	if strings.Contains(v.page, "La source a changé") {
		t.Fatal("nothing has changed yet")
	}
	b.bouger(t, l.ID, map[mednum.Champ]string{mednum.ChampTelephone: "+33563000002"})

	questions := []string{"La source a changé", "Vous aviez écrit", "05 63 00 00 01", "La source dit maintenant", "05 63 00 00 02", "Garder ma valeur", "Prendre celle de la source"}
	for _, page := range []string{"/espace", base} {
		v.voir(t, page, questions...)
	}
	chef := b.invite(t, "paul@exemple.fr", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeDepartement, ID: "82"})
	chef.voir(t, "/espace/file", "La source a changé", "Votre équipe avait écrit", "05 63 00 00 02")
	if _, public := b.get(t, "/lieux/"+l.ID); !strings.Contains(public, "05 63 00 00 01") || strings.Contains(public, "La source a changé") {
		t.Error("the public sees what the person wrote, and nothing of the question")
	}

	v.voir(t, "/espace")
	v.agir(t, base+"/source/telephone/suivre", []string{"retour", "/espace"}, "La valeur de la source est reprise", "Annuler")
	if _, public := b.get(t, "/lieux/"+l.ID); !strings.Contains(public, "05 63 00 00 02") {
		t.Error("the source is not followed")
	}
	v.agir(t, base+"/annuler", []string{"retour", "/espace"}, append(questions, "C’est annulé")...)
	v.agir(t, base+"/source/telephone/garder", nil, "Votre valeur est gardée", "Annuler")
	v.voir(t, base)
	if strings.Contains(v.page, "La source a changé") {
		t.Error("still asked")
	}
	chef.voir(t, "/espace/file", "Rien n’attend")
	dernier := b.revisions(t, l.ID)
	if r := dernier[len(dernier)-1].Apres.Corrections[mednum.ChampTelephone]; r.Valeur != "+33563000001" || r.ValeurSource != "+33563000002" || r.ARevoir {
		t.Errorf("%+v", r)
	}
	// Nothing is to be decided any more; another's place is not decided.
	if rep := v.envoyer(t, base+"/source/telephone/garder"); rep.StatusCode != http.StatusNotFound {
		t.Errorf("decided twice: %d", rep.StatusCode)
	}
	b.bouger(t, l.ID, map[mednum.Champ]string{mednum.ChampTelephone: "+33563000003"})
	autre := b.invite(t, "marie@exemple.fr", droit(mednum.PorteeLieu, b.lieuDe(t, "82121").ID))
	autre.voir(t, "/espace")
	if rep := autre.envoyer(t, base+"/source/telephone/suivre"); rep.StatusCode != http.StatusForbidden {
		t.Errorf("another's place: %d", rep.StatusCode)
	}
	// Somebody else decided meanwhile: the page is out of date.
	v.voir(t, base, "La source a changé")
	perime := v.page
	chef.voir(t, "/espace/file", "05 63 00 00 03")
	chef.agir(t, base+"/source/telephone/suivre", []string{"retour", "/espace/file"}, "reprise")
	v.page = perime
	if rep := v.envoyer(t, base+"/source/telephone/garder"); rep.StatusCode != http.StatusPreconditionFailed {
		t.Errorf("an old page: %d", rep.StatusCode)
	}
	v.exiger(t, "Quelqu’un a modifié ce lieu avant vous")
}

// A point is one question, and an address too; to follow the source waits where
// what a place is waits, to keep one's own value does not.
func TestEspaceSourceRelecture(t *testing.T) {
	b := newBanc(t, func(c *web.Config) { c.Relecture = true })
	l := b.lieuDe(t, moissac)
	base := "/espace/lieux/" + l.ID
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	chef := b.invite(t, "paul@exemple.fr", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeDepartement, ID: "82"})
	chef.voir(t, base+"/position")
	chef.agir(t, base+"/position", []string{"lat", "44.11", "lon", "1.09"})
	chef.voir(t, base+"/partie/adresse")
	chef.agir(t, base+"/partie/adresse", []string{"adresse", "2 rue Neuve"})
	b.bouger(t, l.ID, map[mednum.Champ]string{mednum.ChampLatitude: "44.12", mednum.ChampAdresse: "3 rue Haute"})

	v.voir(t, base, "Point sur la carte", "Votre équipe avait écrit", "2 rue Neuve", "3 rue Haute")
	if n := strings.Count(v.page, "La source a changé"); n != 2 {
		t.Errorf("%d questions, want 2", n)
	}
	v.agir(t, base+"/source/latitude/suivre", nil, "attend l’accord du coordinateur", "En attente")
	v.agir(t, base+"/source/adresse/garder", nil, "Votre valeur est gardée")
	if got := b.lieuDe(t, moissac).Champs; got.Valeur(mednum.ChampLatitude) != "44.11" || got.Adresse != "2 rue Neuve" {
		t.Errorf("%+v", got)
	}
	id := b.revisions(t, l.ID)
	attente := id[len(id)-1].Apres.Attentes[0]
	chef.voir(t, "/espace/file", "Point sur la carte")
	chef.agir(t, base+"/attentes/"+attente.ID+"/accepter", nil, "C’est accepté", "Rien n’attend")
	if got := b.lieuDe(t, moissac).Champs; got.Valeur(mednum.ChampLatitude) != "44.12" {
		t.Errorf("accepted: %v", got.Valeur(mednum.ChampLatitude))
	}
}

// The page of a place that was merged leads to that of the one that it became,
// and its team keeps that one.
func TestEspaceLieuReuni(t *testing.T) {
	b := newBanc(t)
	garde, parti := b.lieuDe(t, moissac), b.lieuDe(t, "82121")
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, parti.ID))
	v.voir(t, "/espace", html.EscapeString(parti.Champs.Nom))
	vieille := v.page
	b.reviser(t, parti.ID, func(l *mednum.Lieu) { l.Statut, l.Vers = mednum.StatutFusionne, garde.ID })
	check(t, b.lieux.Actualiser(t.Context()))

	for _, adresse := range []string{"/lieux/" + parti.ID, "/api/v1/lieux/" + parti.ID, "/lieux/" + parti.ID + "/horaires.ics"} {
		rep, _ := b.get(t, adresse)
		if rep.StatusCode != http.StatusMovedPermanently || !strings.Contains(rep.Header.Get("Location"), garde.ID) || rep.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d to %q, %q", adresse, rep.StatusCode, rep.Header.Get("Location"), rep.Header.Get("Cache-Control"))
		}
	}
	v.voir(t, "/espace", garde.Champs.Nom)
	v.voir(t, "/espace/lieux/"+parti.ID, garde.Champs.Nom)
	v.agir(t, "/espace/lieux/"+garde.ID+"/verifier", nil, "C’est noté")
	v.page = vieille
	if rep := v.envoyer(t, "/espace/lieux/"+parti.ID+"/verifier"); rep.StatusCode != http.StatusConflict {
		t.Errorf("an old page wrote: %d", rep.StatusCode)
	}
	v.voir(t, "/espace/lieux/"+garde.ID+"/equipe", "Jeanne Essai", "Quitter")
	chef := b.invite(t, "paul@exemple.fr", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeDepartement, ID: "82"})
	chef.voir(t, "/espace/lieux/"+garde.ID+"/equipe", "Jeanne Essai")
	b.reviser(t, parti.ID, func(l *mednum.Lieu) { l.Statut, l.Vers = mednum.StatutPublie, "" })
	check(t, b.lieux.Actualiser(t.Context()))
	v.voir(t, "/espace", html.EscapeString(parti.Champs.Nom))
}
