package web_test

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// visiteur is a browser: it keeps the cookie, and fills in the hidden fields of
// the last page.
type visiteur struct {
	banc
	cookie  string
	passage string // of a sign-in by ProConnect
	page    string
}

var motifCache = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

func (v *visiteur) demander(t *testing.T, methode, chemin string, champs url.Values) *http.Response {
	t.Helper()
	corps := strings.NewReader("")
	if champs != nil {
		corps = strings.NewReader(champs.Encode())
	}
	req, err := http.NewRequestWithContext(t.Context(), methode, "http://localhost"+chemin, corps)
	check(t, err)
	if champs != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for nom, valeur := range map[string]string{"__Host-adeuxpas": v.cookie, "__Host-adeuxpas-proconnect": v.passage} {
		if valeur != "" {
			req.AddCookie(&http.Cookie{Name: nom, Value: valeur})
		}
	}
	rep, err := v.app.Test(req, -1)
	check(t, err)
	octets, err := io.ReadAll(rep.Body)
	check(t, err)
	v.page = string(octets)
	for _, c := range rep.Cookies() {
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || !strings.HasPrefix(c.Name, "__Host-") {
			t.Errorf("cookie %s", c)
		}
		switch c.Name {
		case "__Host-adeuxpas":
			v.cookie = c.Value
		case "__Host-adeuxpas-proconnect":
			v.passage = c.Value
		}
	}
	return rep
}

// champs are the hidden fields of the last page.
func (v *visiteur) champs() url.Values {
	champs := url.Values{}
	for _, m := range motifCache.FindAllStringSubmatch(v.page, -1) {
		champs.Set(m[1], html.UnescapeString(m[2]))
	}
	return champs
}

// envoyer sends the form of the last page.
func (v *visiteur) envoyer(t *testing.T, chemin string, paires ...string) *http.Response {
	t.Helper()
	champs := v.champs()
	for i := 0; i < len(paires); i += 2 {
		champs.Set(paires[i], paires[i+1])
	}
	return v.demander(t, http.MethodPost, chemin, champs)
}

// invite is a visitor who has opened an invitation with those rights.
func (b banc) invite(t *testing.T, courriel string, droits ...mednum.Habilitation) *visiteur {
	t.Helper()
	e, err := b.comptes.Inviter(t.Context(), courriel, "Jeanne Essai", "", droits)
	check(t, err)
	v := &visiteur{banc: b}
	if rep := v.demander(t, http.MethodGet, "/connexion/lien/"+e.Secret, nil); rep.StatusCode != http.StatusOK || v.cookie != "" {
		t.Fatalf("invitation: %d, cookie %q", rep.StatusCode, v.cookie)
	}
	if rep := v.envoyer(t, "/connexion/lien/"+e.Secret, "nom", "Jeanne Essai"); rep.StatusCode != http.StatusSeeOther || rep.Header.Get("Location") != "/espace" {
		t.Fatalf("invitation accepted: %d %s\n%s", rep.StatusCode, rep.Header.Get("Location"), v.page)
	}
	return v
}

func TestInvitation(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	rep := v.demander(t, http.MethodGet, "/espace", nil)
	if rep.StatusCode != http.StatusOK || !strings.Contains(v.page, l.Champs.Nom) || rep.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q\n%s", rep.StatusCode, rep.Header.Get("Cache-Control"), v.page)
	}
}
