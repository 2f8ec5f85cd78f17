package main_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// inviter prepares an invitation and returns its link.
func inviter(t *testing.T, dossier string, args ...string) (lien, mots string) {
	t.Helper()
	r := lancer(t, dossier, nil, append([]string{"compte", "inviter"}, args...)...)
	if r.code != 0 || !regexp.MustCompile(`^https?://\S+/connexion/lien/[0-9A-Za-z]{43}\n$`).MatchString(r.stdout) {
		t.Fatalf("compte inviter %v: code %d, stdout %q, stderr %q", args, r.code, r.stdout, r.stderr)
	}
	lien = strings.TrimSpace(r.stdout)
	if strings.Contains(r.stderr, lien[len(lien)-43:]) {
		t.Error("the secret is on stderr too")
	}
	return lien, strings.ReplaceAll(r.stderr, "\u00a0", " ")
}

// comptes is what "compte lister" says.
func comptes(t *testing.T, dossier string) string {
	t.Helper()
	r := lancer(t, dossier, nil, "compte", "lister")
	if r.code != 0 || r.stderr != "" {
		t.Fatalf("compte lister: code %d, stderr %q", r.code, r.stderr)
	}
	return strings.ReplaceAll(r.stdout, "\u00a0", " ")
}

// navigateur follows links and keeps cookies, as those of https: the service is
// asked over http here, and its cookie is for https or this machine only.
type navigateur struct {
	http.Client
	cookie *http.Cookie
}

func newNavigateur(t *testing.T) *navigateur {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &navigateur{Client: http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (n *navigateur) demander(t *testing.T, methode, adresse string, champs url.Values) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), methode, adresse, strings.NewReader(champs.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if n.cookie != nil {
		req.AddCookie(n.cookie)
	}
	rep, err := n.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	rep.Body.Close()
	for _, c := range rep.Cookies() {
		n.cookie = c
	}
	return rep
}

// The first administrator is invited before there is a base; the service then
// fills it, and lets them in.
func TestPremierAdministrateur(t *testing.T) {
	dossier := t.TempDir()
	lien, mots := inviter(t, dossier, "chef@exemple.fr", "--role", "administrateur", "--nom", "Camille Essai")
	if !strings.HasPrefix(lien, "http://localhost:8080/connexion/lien/") {
		t.Errorf("link %q", lien)
	}
	exigerTexte(t, mots, "Invitation prête pour chef@exemple.fr : administrer tous les lieux.", "jusqu’au "+demain(7)+".")
	exigerTexte(t, comptes(t, dossier), "Aucun compte.\nInvitation à chef@exemple.fr : administrer tous les lieux ; sert jusqu’au "+demain(7)+".\n")
	s := demarrer(t, dossier)
	if rep, corps := s.lire(t, "/lieux"); rep.StatusCode != 200 || strings.Count(corps, `href="/lieux/`) < 50 {
		t.Error("the base was not filled after the invitation")
	}
	n := newNavigateur(t)
	adresse := s.url + lien[len("http://localhost:8080"):]
	if rep := n.demander(t, http.MethodPost, adresse, nil); rep.StatusCode != http.StatusSeeOther || n.cookie == nil {
		t.Fatalf("%d, cookie %v", rep.StatusCode, n.cookie)
	}
	if rep := n.demander(t, http.MethodGet, s.url+"/espace/comptes", nil); rep.StatusCode != http.StatusOK {
		t.Errorf("the pages of accounts: %d", rep.StatusCode)
	}
	liste := comptes(t, dossier)
	id := regexp.MustCompile(`^([0-9a-z]{12})  « Camille Essai », chef@exemple.fr : administrer tous les lieux ; ouvert le ` + demain(0) + `\.\n$`).FindStringSubmatch(liste)
	if id == nil {
		t.Fatalf("list %q", liste)
	}
	t.Run("taken back while the service runs", func(t *testing.T) {
		r := lancer(t, dossier, nil, "compte", "revoquer", "Chef@exemple.fr")
		exigerTexte(t, strings.ReplaceAll(r.stdout, "\u00a0", " "), "Compte "+id[1]+" (chef@exemple.fr) révoqué", "Il avait : administrer tous les lieux.")
		if rep := n.demander(t, http.MethodGet, s.url+"/espace", nil); rep.StatusCode != http.StatusSeeOther {
			t.Errorf("still in: %d", rep.StatusCode)
		}
		exigerTexte(t, comptes(t, dossier), "chef@exemple.fr : aucun droit ;")
		if r := lancer(t, dossier, nil, "compte", "revoquer", id[1]); r.code != 0 { // by its id, again
			t.Errorf("code %d: %s", r.code, r.stderr)
		}
	})
}

func TestInviter(t *testing.T) {
	dossier := remplie(t)
	lien, mots := inviter(t, dossier, "jeanne@exemple.fr", "--role", "mediateur", "--lieu", idEssai, "--epci", "200066322", "--url-publique", "https://exemple.fr/aide/")
	if !strings.HasPrefix(lien, "https://exemple.fr/aide/connexion/lien/") {
		t.Errorf("link %q", lien)
	}
	exigerTexte(t, mots, "corriger le lieu "+idEssai+", corriger les lieux de l’intercommunalité 200066322.")
	r := lancer(t, dossier, []string{"ADEUXPAS_URL_PUBLIQUE=https://aide.exemple.fr"}, "compte", "inviter", "paul@exemple.fr", "--role", "coordinateur", "--departement")
	if r.code != 0 || !strings.HasPrefix(r.stdout, "https://aide.exemple.fr/connexion/lien/") {
		t.Errorf("code %d, %q", r.code, r.stdout)
	}
	exigerTexte(t, comptes(t, dossier), "Invitation à paul@exemple.fr : coordonner les lieux du département 82")
}
