package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/web"
)

// agir sends the form of the page and follows the answer to a page that holds
// every word.
func (v *visiteur) agir(t *testing.T, chemin string, paires []string, mots ...string) {
	t.Helper()
	rep := v.envoyer(t, chemin, paires...)
	if rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("POST %s: %d\n%s", chemin, rep.StatusCode, v.page)
	}
	v.voir(t, rep.Header.Get("Location"), mots...)
}

// One mediator keeps one place, from page to store.
func TestEspaceLieu(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	base := "/espace/lieux/" + l.ID
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))

	v.voir(t, "/espace", l.Champs.Nom, "Rien n’a changé", "Jamais vérifié")
	v.agir(t, base+"/verifier", nil, "C’est noté", "Vérifié le 24 novembre 2026", "Annuler")
	v.voir(t, base+"/fermeture", "Demain")
	v.agir(t, base+"/fermeture", []string{"quand", "dates", "du", "2026-12-24", "au", "26/12/2026", "motif-usuel", "Congés"},
		"La fermeture est enregistrée", "Du 24 au 26 décembre", "congés")
	v.voir(t, base, "Du 24 au 26 décembre", "Retirer")
	_, public := b.get(t, "/lieux/"+l.ID)
	if !strings.Contains(public, "Du 24 au 26 décembre") {
		t.Error("the closing is not on the public page")
	}
	v.voir(t, base+"/partie/presentation", "280")
	v.agir(t, base+"/partie/presentation", []string{"presentation_resume", "On vous aide pas à pas."}, "C’est enregistré", "On vous aide pas à pas.")
	v.voir(t, base+"/histoire", "Jeanne Essai", "On vous aide pas à pas.", "Revenir à cette version")
	v.agir(t, base+"/restaurer", []string{"vers", "1"}, "revenu à cette version")
	if got := b.revisions(t, l.ID); got[len(got)-1].Apres.Champs.PresentationResume != l.Champs.PresentationResume {
		t.Errorf("restored: %q", got[len(got)-1].Apres.Champs.PresentationResume)
	}
	for _, r := range b.revisions(t, l.ID)[1:] {
		if !strings.HasPrefix(r.Auteur, "compte:") || strings.Contains(r.Auteur, "@") || r.Voie != "app" {
			t.Errorf("revision %d by %q, %s", r.Version, r.Auteur, r.Voie)
		}
	}
}

// What is wrong is said on its field, and what was typed stays.
func TestEspaceFautes(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	base := "/espace/lieux/" + l.ID
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	for _, tt := range []struct {
		name, page string
		champs     []string
		champ      string
		mots       []string
	}{
		{"a closing that is over", "/fermeture", []string{"quand", "dates", "du", "2026-01-02"}, "au", []string{"Le 2 janvier 2026 est déjà passé", `value="2026-01-02"`}},
		{"a closing without a day", "/fermeture", []string{"quand", "dates"}, "du", []string{"premier jour"}},
		{"a date that is none", "/fermeture", []string{"quand", "dates", "du", "le 24"}, "du", []string{"24/12/2026", `value="le 24"`}},
		{"hours that cannot be read", "/fermeture", []string{"quand", "demain", "sorte", "ouvert", "plages", "tôt"}, "plages", []string{"9h-12h et 14h-17h", `value="tôt"`}},
		{"a presentation too long", "/partie/presentation", []string{"presentation_resume", strings.Repeat("é", 281)}, "presentation_resume", []string{"281", "280"}},
		{"a phone that is none", "/partie/contact", []string{"telephone", "12"}, "telephone", []string{`value="12"`}},
		{"an address that is none", "/partie/contact", []string{"courriels", "jeanne"}, "courriels", []string{"jeanne"}},
		{"a point off the Earth", "/position", []string{"lat", "95", "lon", "1"}, "lat", []string{"44.018", `value="95"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v.voir(t, base+tt.page)
			if rep := v.envoyer(t, base+tt.page, tt.champs...); rep.StatusCode != http.StatusBadRequest {
				t.Fatalf("%d\n%s", rep.StatusCode, v.page)
			}
			v.exiger(t, append(tt.mots, `href="#`+tt.champ+`"`, `id="`+tt.champ+`"`, "À corriger")...)
			if n := len(b.revisions(t, l.ID)); n != 1 {
				t.Errorf("%d revisions", n)
			}
		})
	}
}

// Two people at once: the second sees both versions, and decides.
func TestEspacePerime(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	page := "/espace/lieux/" + l.ID + "/partie/presentation"
	un := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	deux := b.invite(t, "paul@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	un.voir(t, page)
	deux.voir(t, page)
	un.agir(t, page, []string{"presentation_resume", "Ce que dit Jeanne."})
	if rep := deux.envoyer(t, page, "presentation_resume", "Ce que dit Paul."); rep.StatusCode != http.StatusPreconditionFailed {
		t.Fatalf("%d\n%s", rep.StatusCode, deux.page)
	}
	deux.exiger(t, "Ce lieu a changé", "Ce que dit Jeanne.", "Ce que dit Paul.", `name="version" value="2"`)
	deux.agir(t, page, []string{"presentation_resume", "Ce que dit Paul."}, "Ce que dit Paul.")
	revisions := b.revisions(t, l.ID)
	if n := len(revisions); n != 3 || revisions[1].Apres.Champs.PresentationResume != "Ce que dit Jeanne." {
		t.Errorf("%d revisions", n)
	}
}

// What a place is waits for a coordinator, whose answer is seen.
func TestEspaceRelecture(t *testing.T) {
	b := newBanc(t, func(c *web.Config) { c.Relecture = true })
	l := b.lieuDe(t, moissac)
	base := "/espace/lieux/" + l.ID
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	chef := b.invite(t, "paul@exemple.fr", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeDepartement, ID: "82"})
	v.voir(t, base+"/partie/adresse", "attendra l’accord")
	v.agir(t, base+"/partie/adresse", []string{"nom", "Maison du numérique"}, "attend l’accord du coordinateur", "En attente")
	_, public := b.get(t, "/lieux/"+l.ID)
	if strings.Contains(public, "Maison du numérique") {
		t.Error("the new name is public before its time")
	}
	if rep := v.demander(t, http.MethodGet, "/espace/file", nil); rep.StatusCode != http.StatusForbidden {
		t.Errorf("the queue of coordinators: %d", rep.StatusCode)
	}
	chef.voir(t, "/espace/file", "Maison du numérique", "Jeanne Essai", "Accepter")
	id := b.revisions(t, l.ID)[1].Apres.Attentes[0].ID
	chef.agir(t, base+"/attentes/"+id+"/accepter", nil, "C’est accepté", "Rien n’attend")
	if _, public = b.get(t, "/lieux/"+l.ID); !strings.Contains(public, "Maison du numérique") {
		t.Error("the new name is not public")
	}
}

// One absence covers one's permanences in several places, which stay open.
func TestEspaceSemaine(t *testing.T) {
	b := newBanc(t)
	l, autre := b.lieuDe(t, moissac), b.lieuDe(t, "82033")
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID), droit(mednum.PorteeLieu, autre.ID))
	v.voir(t, "/espace/semaine", "Aucune permanence n’est à votre nom")
	for _, id := range []string{l.ID, autre.ID} {
		lieu, err := b.base.Lieu(t.Context(), id)
		check(t, err)
		_, err = lieu.AjouterPermanence(mednum.Permanence{Regle: "We 10:00-12:00"})
		check(t, err)
		lieu.Version++
		check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: id, Version: lieu.Version, Apres: lieu, Voie: "cli"}))
		check(t, b.lieux.Actualiser(t.Context()))
		v.voir(t, "/espace/lieux/"+id, "C’est moi qui la tiens")
		p := lieu.Permanences[len(lieu.Permanences)-1].ID
		v.agir(t, "/espace/lieux/"+id+"/permanences/"+p+"/tenir", nil, "Je ne la tiens plus")
	}
	v.voir(t, "/espace/semaine", "Mercredi 25 novembre", "10 h – 12 h", l.Champs.Nom, autre.Champs.Nom)
	var valeurs []string
	for _, part := range strings.Split(v.page, `name="permanences" value="`)[1:] {
		valeur, _, _ := strings.Cut(part, `"`)
		valeurs = append(valeurs, valeur)
	}
	if len(valeurs) != 2 {
		t.Fatalf("permanences %v", valeurs)
	}
	champs := v.champs()
	champs["permanences"] = valeurs
	champs.Set("du", "2026-11-25")
	champs.Set("motif", "formation")
	rep := v.demander(t, http.MethodPost, "/espace/semaine/absence", champs)
	if rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	v.voir(t, rep.Header.Get("Location"), `data-brouillon-fait="/espace/semaine/absence"`, "Les lieux, eux, restent ouverts", "vous n’êtes pas là (formation)", "Annuler cette absence")
	for _, id := range []string{l.ID, autre.ID} {
		lieu, err := b.base.Lieu(t.Context(), id)
		check(t, err)
		if n := len(lieu.Exceptions); n != 1 || lieu.Exceptions[0].Permanence == "" {
			t.Errorf("%s: exceptions %+v", id, lieu.Exceptions)
		}
	}
}

// Whoever proposes a place learns what a coordinator decided, once.
func TestEspaceProposition(t *testing.T) {
	for _, tt := range []struct {
		name, geste, sujet string
		statut             int
	}{
		{"published", "publier", "/lieux/", http.StatusOK},
		{"refused", "refuser", "https://exemple.fr/", http.StatusGone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
			_, err := b.reseau.Prevenir(t.Context())
			check(t, err)
			id, err := b.lieux.Proposer(t.Context(), catalogue.Edition{Auteur: "public", Voie: "app"}, map[mednum.Champ]string{
				mednum.ChampNom: "Café du pont", mednum.ChampAdresse: "1 rue du Pont", mednum.ChampCommune: "Moissac",
				mednum.ChampServices: mednum.Vocabulaire(mednum.ChampServices)[0],
			})
			check(t, err)
			check(t, b.comptes.Suivre(t.Context(), id, "citoyen@exemple.fr"))
			chef.voir(t, "/espace/file", "Café du pont", "Publier ce lieu")
			chef.agir(t, "/espace/lieux/"+id+"/"+tt.geste, nil, "Rien n’attend")
			if rep, _ := b.get(t, "/lieux/"+id); rep.StatusCode != tt.statut {
				t.Errorf("the page of the place: %d", rep.StatusCode)
			}
			_, err = b.reseau.Prevenir(t.Context())
			check(t, err)
			lettres := b.lettres(t)
			if len(lettres) != 1 || lettres[0].A != "citoyen@exemple.fr" || !strings.Contains(lettres[0].Boutons[0].URL, tt.sujet) {
				t.Errorf("mails %+v", lettres)
			}
			if qui, err := b.comptes.CesserSuivi(t.Context(), id); qui != "" || err != nil {
				t.Errorf("the address is still kept: %q, %v", qui, err)
			}
		})
	}
}

// A place that exists no more leads to the nearest others, and comes back.
func TestEspaceFin(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	base := "/espace/lieux/" + l.ID
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	v.voir(t, base+"/fin", "Rien n’est effacé")
	v.agir(t, base+"/fin", []string{"le", "2026-11-20", "motif", "déménagement"}, "marqué comme fermé", "le rouvrir")
	rep, page := b.get(t, "/lieux/"+l.ID)
	for _, mot := range []string{"n’existe plus depuis le 20 novembre 2026", "déménagement", "Les lieux les plus proches", `name="robots" content="noindex"`} {
		if rep.StatusCode != http.StatusOK || !strings.Contains(page, mot) {
			t.Errorf("%d, no %q in\n%s", rep.StatusCode, mot, page)
		}
	}
	for _, mot := range []string{"La semaine ordinaire", "/feuille?lieu=" + l.ID, "application/ld+json", `id="sms"`} {
		if strings.Contains(page, mot) {
			t.Errorf("the page still holds %q", mot)
		}
	}
	if _, liste := b.get(t, "/communes/"+moissac); strings.Contains(liste, "/lieux/"+l.ID) {
		t.Error("the list of the commune still has the place")
	}
	v.agir(t, base+"/rouvrir", nil, "de nouveau dans la liste")
	if _, page := b.get(t, "/lieux/"+l.ID); !strings.Contains(page, "Ce qu’on fait pour vous") {
		t.Error("the place is not back")
	}
}

var motifDateAnnulee = regexp.MustCompile(`fermeture\?permanence=([0-9a-z]+)&amp;du=([0-9-]{10})"`)

// The stops of an itinerant service stand by date, and one date is cancelled.
func TestEspaceTournee(t *testing.T) {
	b := newBanc(t)
	var tournee mednum.Lieu
	for _, v := range b.lieux.Lieux() {
		if v.Itinerant() && len(v.Permanences) > 0 {
			tournee = v.Lieu
		}
	}
	base := "/espace/lieux/" + tournee.ID
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, tournee.ID))
	v.voir(t, base, "Les quatre semaines à venir", "Absent")
	m := motifDateAnnulee.FindStringSubmatch(v.page)
	if m == nil {
		t.Fatalf("no date to cancel in\n%s", v.page)
	}
	permanence, jour := m[1], m[2]
	v.voir(t, base+"/fermeture?permanence="+permanence+"&du="+jour, `value="`+jour+`"`, `value="`+permanence+`" selected`)
	v.agir(t, base+"/fermeture", []string{"permanence", permanence, "quand", "dates", "du", jour, "motif", "panne"}, "La fermeture est enregistrée")
	_, public := b.get(t, "/lieux/"+tournee.ID)
	if !strings.Contains(public, "pas de passage (panne)") || !strings.Contains(public, "Les quatre semaines à venir") {
		t.Errorf("the public page says nothing of it:\n%s", public)
	}
}

// A form that is sent twice is one change. Gone back to and sent with another
// text, it is another: the first is shown, and not silently taken for it.
func TestEspaceRetour(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	page := "/espace/lieux/" + l.ID + "/partie/presentation"
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	v.voir(t, page)
	formulaire := v.page
	for _, tt := range []struct {
		texte  string
		statut int
		n      int
	}{
		{"Le premier texte.", http.StatusSeeOther, 2},
		{"Le premier texte.", http.StatusSeeOther, 2},
		{"Le second texte.", http.StatusPreconditionFailed, 2},
	} {
		v.page = formulaire
		if rep := v.envoyer(t, page, "presentation_resume", tt.texte); rep.StatusCode != tt.statut {
			t.Errorf("%s: %d, want %d", tt.texte, rep.StatusCode, tt.statut)
		}
		if n := len(b.revisions(t, l.ID)); n != tt.n {
			t.Errorf("%s: %d revisions, want %d", tt.texte, n, tt.n)
		}
	}
	v.agir(t, page, []string{"presentation_resume", "Le second texte."}, "Le second texte.")
}

// A long history is read page by page, a long queue by its oldest.
func TestEspacePages(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
	for v := 2; v <= 60; v++ {
		l.Champs.PresentationResume = fmt.Sprintf("Texte %d.", v)
		check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: v, Apres: l, Voie: "cli"}))
	}
	check(t, b.lieux.Actualiser(t.Context()))
	page := "/espace/lieux/" + l.ID + "/histoire"
	chef.voir(t, page, "Texte 60.", `value="11"`, "!"+`value="10">`, "Les versions plus anciennes", page+"?avant=11")
	chef.voir(t, page+"?avant=11", `<li class="etape" value="10">`, `<li class="etape" value="1">`, "!Les versions plus anciennes", "!"+`<li class="etape" value="11">`)
	for n := range 32 {
		_, err := b.lieux.Proposer(t.Context(), catalogue.Edition{Auteur: "public", Voie: "app"}, map[mednum.Champ]string{
			mednum.ChampNom: fmt.Sprintf("Café %02d", n), mednum.ChampAdresse: "1 rue du Pont", mednum.ChampCommune: "Moissac",
			mednum.ChampServices: mednum.Vocabulaire(mednum.ChampServices)[0],
		})
		check(t, err)
	}
	chef.voir(t, "/espace/file", "32 lieux attendent votre réponse", "Les suivants viendront")
	if n := strings.Count(chef.page, "Publier ce lieu"); n != 30 {
		t.Errorf("%d proposals on the page, want 30", n)
	}
}
