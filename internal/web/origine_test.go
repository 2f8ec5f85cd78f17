package web_test

import (
	"net/http"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// What browsers say of where a form comes from: those that are too old for
// Sec-Fetch-Site say Origin alone, and hide it where a page asks for no
// referrer at all (so that none of ours does).
func TestMemeOrigine(t *testing.T) {
	b := newBanc(t)
	v := &visiteur{banc: b}
	for _, tt := range []struct {
		name, site, origine string
		passe               bool
	}{
		{"of today", "same-origin", "https://exemple.fr", true},
		{"too old for Sec-Fetch-Site", "", "https://exemple.fr", true},
		{"a program, that says nothing", "", "", true},
		{"that hides where it comes from", "", "null", false},
		{"from another site", "cross-site", "https://exemple.org", false},
		{"too old, from another site", "", "https://exemple.org", false},
		{"from the same site without https", "", "http://exemple.fr", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			entetes := []string{"Sec-Fetch-Site", tt.site}
			if tt.origine != "" {
				entetes = append(entetes, "Origin", tt.origine)
			}
			rep := v.requete(t, http.MethodPost, "/connexion", "courriel=a@exemple.fr", entetes...)
			if passe := rep.StatusCode == http.StatusOK; passe != tt.passe || !passe && rep.StatusCode != http.StatusForbidden {
				t.Errorf("%d", rep.StatusCode)
			}
		})
	}
}

// Where an address opens something, its path goes to nobody; the forms of these
// pages are sent with their origin all the same.
func TestReferent(t *testing.T) {
	b := newBanc(t)
	secret := strings.Repeat("a", 43)
	for chemin, want := range map[string]string{
		"/": "same-origin", "/connexion": "same-origin", "/proposer": "same-origin",
		"/connexion/lien/" + secret: "strict-origin", "/rappel/" + secret: "strict-origin", "/rappel/" + secret + "/arret": "strict-origin",
	} {
		rep, _ := b.get(t, chemin)
		if got := rep.Header.Get("Referrer-Policy"); got != want {
			t.Errorf("%s: %q, want %q", chemin, got, want)
		}
	}
}

// Two gestures that differ by their address alone are two changes, under one
// key too; the same one sent twice is one.
func TestCleDesGestes(t *testing.T) {
	b := newBanc(t)
	l, autre := b.lieuDe(t, moissac), b.lieuDe(t, "82033")
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID), droit(mednum.PorteeLieu, autre.ID))
	corps := "sceau=" + v.sceau(t) + "&version=1&cle=" + strings.Repeat("a", 26)
	for _, id := range []string{l.ID, autre.ID, l.ID, autre.ID} {
		if rep := v.requete(t, http.MethodPost, "/espace/lieux/"+id+"/verifier", corps); rep.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: %d", id, rep.StatusCode)
		}
	}
	for _, id := range []string{l.ID, autre.ID} {
		if n := len(b.revisions(t, id)); n != 2 {
			t.Errorf("%s: %d revisions", id, n)
		}
	}
}
