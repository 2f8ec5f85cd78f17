package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/compte/proconnecttest"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/web"
)

const siretEssai = "21820112300011"

// bancProConnect is a site with a provider, which has answered when pret.
func bancProConnect(t *testing.T, pret bool) (banc, *proconnecttest.Fournisseur) {
	t.Helper()
	f := proconnecttest.New(t, func() time.Time { return mardi })
	f.Retour, f.Sortie = "https://exemple.fr"+web.CheminRetour, "https://exemple.fr"+web.CheminSortie
	f.Personne["siret"] = siretEssai
	f.Panne = !pret
	b := newBanc(t, func(c *web.Config) {
		c.ProConnect = compte.OuvrirProConnect(t.Context(), c.Comptes, compte.ReglagesProConnect{
			Emetteur: f.URL, Client: proconnecttest.Client, Secret: proconnecttest.Secret, URLRetour: f.Retour, URLSortie: f.Sortie,
		})
		for range 500 {
			if c.ProConnect.Disponible() == pret {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
	return b, f
}

var motifContinuer = regexp.MustCompile(`<a class="bouton" href="([^"]+)" rel="noreferrer">Continuer vers ProConnect`)

// chezProConnect follows the page that leads to the provider, and gives the
// path with which it sends back.
func (v *visiteur) chezProConnect(t *testing.T, rep *http.Response) string {
	t.Helper()
	m := motifContinuer.FindStringSubmatch(v.page)
	if rep.StatusCode != http.StatusOK || m == nil || rep.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s\n%s", rep.StatusCode, rep.Header.Get("Cache-Control"), v.page)
	}
	adresse := html.UnescapeString(m[1])
	if got := rep.Header.Get("Refresh"); got != "0;url="+adresse {
		t.Errorf("Refresh: %s", got)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	chez, err := client.Get(adresse)
	check(t, err)
	defer chez.Body.Close()
	u, err := chez.Location()
	check(t, err)
	return u.RequestURI()
}

func TestProConnect(t *testing.T) {
	b, f := bancProConnect(t, true)
	l := b.lieuDe(t, moissac)
	tout := catalogue.Edition{Auteur: "essai", Voie: "cli", Droits: []mednum.Habilitation{{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeTout}}}
	_, _, err := b.lieux.Editer(t.Context(), l.ID, tout, catalogue.Changement{Champs: map[mednum.Champ]string{mednum.ChampPivot: siretEssai}})
	check(t, err)

	v := &visiteur{banc: b}
	rep := v.demander(t, http.MethodGet, "/connexion?suite=/espace/semaine", nil)
	if !strings.Contains(v.page, "S’identifier avec ProConnect") || rep.Header.Get("Set-Cookie") != "" {
		t.Fatalf("cookie %q\n%s", rep.Header.Get("Set-Cookie"), v.page)
	}
	if csp := rep.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self';") {
		t.Errorf("policy %s", csp)
	}
	rep = v.demander(t, http.MethodGet, v.chezProConnect(t, v.envoyer(t, "/connexion/proconnect")), nil)
	if rep.StatusCode != http.StatusSeeOther || rep.Header.Get("Location") != "/espace/semaine" || v.cookie == "" || v.passage != "" {
		t.Fatalf("%d %s\n%s", rep.StatusCode, rep.Header.Get("Location"), v.page)
	}

	// the SIRET proposes, and grants nothing
	v.demander(t, http.MethodGet, "/espace", nil)
	if !strings.Contains(v.page, "de votre structure") || !strings.Contains(v.page, l.Champs.Nom) {
		t.Fatalf("nothing is proposed\n%s", v.page)
	}
	c, err := b.comptes.CompteDe(t.Context(), "jeanne.essai@mairie-exemple.fr")
	check(t, err)
	if len(c.Habilitations) != 0 {
		t.Errorf("rights %v", c.Habilitations)
	}
	b.journal.Reset()
	if rep := v.envoyer(t, "/espace/demandes", "lieu", l.ID); rep.StatusCode != http.StatusSeeOther || rep.Header.Get("Location") != "/espace?fait=demande" {
		t.Fatalf("%d %s", rep.StatusCode, v.page)
	}
	v.demander(t, http.MethodGet, "/espace?fait=demande", nil)
	if !strings.Contains(v.page, "Votre demande est envoyée") || !strings.Contains(v.page, "Demandes en attente") || strings.Contains(v.page, "de votre structure") {
		t.Errorf("after the request\n%s", v.page)
	}
	if d, err := b.comptes.Demandes(t.Context()); err != nil || len(d) != 1 || d[0].Lieu != l.ID || d[0].Compte != c.ID {
		t.Errorf("requests %+v, %v", d, err)
	}

	retour := v.chezProConnect(t, v.envoyer(t, "/espace/deconnexion"))
	if v.cookie != "" || f.Sorties != 1 {
		t.Errorf("cookie %q, %d sign-outs", v.cookie, f.Sorties)
	}
	for _, want := range []string{"/connexion?fait=deconnexion", "/connexion"} { // its state serves once
		if rep := v.demander(t, http.MethodGet, retour, nil); rep.Header.Get("Location") != want {
			t.Errorf("signed out to %s, want %s", rep.Header.Get("Location"), want)
		}
	}
}

func TestProConnectRefuse(t *testing.T) {
	b, f := bancProConnect(t, true)
	for _, tt := range []struct {
		name   string
		change func(v *visiteur, retour url.Values)
		statut int
		mots   string
	}{
		{"wrong state", func(_ *visiteur, r url.Values) { r.Set("state", "faux") }, 400, "sur cet appareil"},
		{"another browser", func(v *visiteur, _ url.Values) { v.passage = "" }, 400, "sur cet appareil"},
		{"refused there", func(_ *visiteur, r url.Values) { r.Del("code"); r.Set("error", "access_denied") }, 400, "ne vous a pas reconnu"},
		{"a provider that is down", func(*visiteur, url.Values) { f.Changer(func(f *proconnecttest.Fournisseur) { f.Panne = true }) }, 503, "ne répond pas"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &visiteur{banc: b}
			v.demander(t, http.MethodGet, "/connexion", nil)
			retour, err := url.Parse(v.chezProConnect(t, v.envoyer(t, "/connexion/proconnect")))
			check(t, err)
			q := retour.Query()
			tt.change(v, q)
			rep := v.demander(t, http.MethodGet, retour.Path+"?"+q.Encode(), nil)
			if rep.StatusCode != tt.statut || !strings.Contains(v.page, tt.mots) || v.cookie != "" || v.passage != "" {
				t.Errorf("%d, cookies %q %q\n%s", rep.StatusCode, v.cookie, v.passage, v.page)
			}
			if !strings.Contains(v.page, "Recevoir le lien") {
				t.Error("the other way is not offered")
			}
		})
	}
}

// A site starts without the provider, and says so; without settings there is
// nothing of it.
func TestProConnectAbsent(t *testing.T) {
	b, _ := bancProConnect(t, false)
	v := &visiteur{banc: b}
	rep := v.demander(t, http.MethodGet, "/connexion", nil)
	if rep.StatusCode != http.StatusOK || !strings.Contains(v.page, "ProConnect ne répond pas pour l’instant") || strings.Contains(v.page, "S’identifier") {
		t.Errorf("%d\n%s", rep.StatusCode, v.page)
	}
	if rep := v.envoyer(t, "/connexion/proconnect"); rep.StatusCode != http.StatusServiceUnavailable || !strings.Contains(v.page, "lien par courriel") {
		t.Errorf("%d\n%s", rep.StatusCode, v.page)
	}
	v = &visiteur{banc: newBanc(t)}
	if v.demander(t, http.MethodGet, "/connexion", nil); strings.Contains(v.page, "ProConnect") {
		t.Error("it is named without settings")
	}
	if rep := v.demander(t, http.MethodGet, web.CheminRetour, nil); rep.StatusCode != http.StatusNotFound {
		t.Errorf("return: %d", rep.StatusCode)
	}
}
