package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Boxes that nobody touched are no correction: neither their order, nor what a
// source says in its own words, changes.
func TestEspaceCasesIntactes(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	services := append(slices.Clone(mednum.Vocabulaire(mednum.ChampServices)[:2]), "Dit par la source")
	slices.Reverse(services)
	lieu, err := b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	lieu.Champs.Services = services
	lieu.Version++
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: lieu.Version, Apres: lieu, Voie: "cli"}))
	check(t, b.lieux.Actualiser(t.Context()))
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	page := "/espace/lieux/" + l.ID + "/partie/aide"
	v.voir(t, page, "Dit par la source")
	champs := v.champs()
	champs["services"] = []string{services[2], services[1], services[0]} // as the page has them
	champs["publics_specifiquement_adresses"] = []string{"Jeunes"}
	if rep := v.demander(t, http.MethodPost, page, champs); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	apres, err := b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	if _, touche := apres.Corrections[mednum.ChampServices]; touche {
		t.Errorf("services are corrected: %+v", apres.Corrections)
	}
	if _, touche := apres.Corrections[mednum.ChampPublics]; !touche {
		t.Error("what was ticked is not kept")
	}
}

// Dates that are typed count, whatever the choice above them says; without
// dates the choice does.
func TestEspaceDatesTapees(t *testing.T) {
	for _, tt := range []struct {
		name   string
		champs []string
		want   string
	}{
		{"tomorrow", []string{"quand", "demain"}, "2026-11-25"},
		{"a date beside the choice that was there", []string{"quand", "demain", "du", "2026-12-24"}, "2026-12-24"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			l := b.lieuDe(t, moissac)
			v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
			v.voir(t, "/espace/lieux/"+l.ID+"/fermeture")
			v.agir(t, "/espace/lieux/"+l.ID+"/fermeture", tt.champs, "La fermeture est enregistrée")
			lieu, err := b.base.Lieu(t.Context(), l.ID)
			check(t, err)
			if got := lieu.Exceptions[0].Du.String(); got != tt.want {
				t.Errorf("closed from %s, want %s", got, tt.want)
			}
		})
	}
}

// A form that is sent when the session is over leads back to its page.
func TestEspaceSessionFinie(t *testing.T) {
	b := newBanc(t)
	for _, tt := range []struct{ chemin, want string }{
		{"/espace/lieux/x/partie/contact", "/espace/lieux/x/partie/contact"},
		{"/espace/lieux/x/permanences/y", "/espace/lieux/x/permanences/y"},
		{"/espace/lieux/x/horaires", "/espace/lieux/x/horaires"},
		{"/espace/lieux/x/fermeture", "/espace/lieux/x/fermeture"},
		{"/espace/semaine/absence", "/espace/semaine"},
		{"/espace/lieux/x/verifier", "/espace"},
		{"/espace/lieux/x/permanences/y/tenir", "/espace"},
	} {
		v := &visiteur{banc: b}
		rep := v.demander(t, http.MethodPost, tt.chemin, url.Values{"a": {"b"}})
		if rep.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", tt.chemin, rep.StatusCode)
		}
		v.exiger(t, "Votre session est finie", `href="/connexion?suite=`+strings.ReplaceAll(tt.want, "/", "%2f")+`"`)
	}
}

// Pages of the public are asked again each time, and not sent again.
func TestPagesRedemandees(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	rep, _ := b.get(t, "/lieux/"+l.ID)
	if got := rep.Header.Get("Cache-Control"); got != "public, no-cache" {
		t.Errorf("Cache-Control %q", got)
	}
	rep, corps := b.get(t, "/lieux/"+l.ID, "If-None-Match", rep.Header.Get("ETag"))
	if rep.StatusCode != http.StatusNotModified || corps != "" {
		t.Errorf("asked again: %d, %d bytes", rep.StatusCode, len(corps))
	}
}

// A history says values as the pages do.
func TestEspaceHistoireEnMots(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	base := "/espace/lieux/" + l.ID
	v := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
	v.voir(t, base+"/partie/contact")
	v.agir(t, base+"/partie/contact", []string{"telephone", "05 63 04 00 01"})
	v.voir(t, base+"/fin")
	v.agir(t, base+"/fin", []string{"motif", "a déménagé"})
	v.voir(t, base+"/histoire", "05 63 04 00 01", "fermé définitivement le 24 novembre 2026 (a déménagé)", "Venir sans rendez-vous ; Téléphoner")
	v.voir(t, base, "SIRET ou numéro RNA")
	for _, brut := range []string{"+33563040001", "2026-11-24", "Se présenter"} {
		if v.voir(t, base+"/histoire"); strings.Contains(v.page, brut) {
			t.Errorf("the history says %q", brut)
		}
	}
}
