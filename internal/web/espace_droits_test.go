package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// route is an address of the application, with the values of a test for what it
// leaves open.
type route struct{ methode, modele, chemin string }

var motifParam = regexp.MustCompile(`:[a-z]+`)

// routes are the addresses that the application itself says it has, those that
// the filter wants. One with a parameter that the test has no value for fails:
// a new page cannot escape.
func (b banc) routes(t *testing.T, valeurs map[string]string, veut func(methode, modele string) bool) (liste []route) {
	t.Helper()
	for _, r := range b.app.GetRoutes(true) {
		if r.Method != http.MethodGet && r.Method != http.MethodPost || !veut(r.Method, r.Path) {
			continue
		}
		chemin := motifParam.ReplaceAllStringFunc(r.Path, func(p string) string {
			v, ok := valeurs[p]
			if !ok {
				t.Errorf("%s %s: no value for %s", r.Method, r.Path, p)
			}
			return v
		})
		if n := (route{r.Method, r.Path, chemin}); !slices.Contains(liste, n) {
			liste = append(liste, n)
		}
	}
	if len(liste) == 0 {
		t.Fatal("no such route: is the test still reading them?")
	}
	return liste
}

func deLEspace(_, modele string) bool { return strings.HasPrefix(modele, "/espace") }

func privee(_, modele string) bool {
	return strings.HasPrefix(modele, "/espace") || strings.HasPrefix(modele, "/connexion")
}

// valeurs are what the routes of a test leave open: a place, and what does not
// exist.
func valeurs(lieu string) map[string]string {
	return map[string]string{
		":id": lieu, ":compte": "inconnu", ":demande": "inconnue", ":perm": "inconnue", ":rev": "1", ":attente": "inconnue",
		":partie": "contact", ":permanence": "inconnue", ":geste": "retirer", ":reponse": "refuser",
		":secret": strings.Repeat("a", 43), ":code": "82112", ":format": "csv", ":rang": "1",
		":collection": "lieux", ":objet": lieu, ":webhook": "inconnu", ":signalement": "inconnu",
		":champ": "telephone", ":choix": "garder", ":campagne": "inconnue",
		":scenario": "inconnu",
		":fiche":    "inconnue", ":besoin": "inconnu",
		":annee": "2026", ":autre": "inconnu", ":operation": "inconnue", ":source": "inconnue",
	}
}

// role is a right of that role.
func role(r mednum.Role, p mednum.Portee, id string) mednum.Habilitation {
	return mednum.Habilitation{Role: r, Portee: p, ID: id}
}

// requete sends what a test says, as a form of the same site unless a header
// says otherwise.
func (v *visiteur) requete(t *testing.T, methode, chemin string, corps string, entetes ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), methode, "http://localhost"+chemin, strings.NewReader(corps))
	check(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(entetes); i += 2 {
		if req.Header.Del(entetes[i]); entetes[i+1] != "" {
			req.Header.Set(entetes[i], entetes[i+1])
		}
	}
	if v.cookie != "" {
		req.Header.Set("Cookie", "__Host-adeuxpas="+v.cookie)
	}
	rep, err := v.app.Test(req, -1)
	check(t, err)
	defer rep.Body.Close()
	if c := rep.Header.Get("Cache-Control"); c != "no-store" && privee("", chemin) {
		t.Errorf("%s %s: %d, Cache-Control %q", methode, chemin, rep.StatusCode, c)
	}
	return rep
}

// sceau is the seal of a visitor's session.
func (v *visiteur) sceau(t *testing.T) string {
	t.Helper()
	x, err := v.comptes.Reprendre(t.Context(), v.cookie)
	check(t, err)
	return x.Sceau
}

// objets are all that the accounts' room keeps but sessions, as the store has
// it.
func (b banc) objets(t *testing.T) map[string]int {
	t.Helper()
	versions := map[string]int{}
	for _, genre := range []string{"compte", "adresse", "lien", "demande"} {
		liste, err := b.base.Objets(t.Context(), choixDe(genre))
		check(t, err)
		for _, o := range liste {
			versions[genre+"/"+o.ID] = o.Version
		}
	}
	return versions
}

// Without a session every page sends to sign in, and every form is refused.
func TestEspaceSansSession(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	for _, cookie := range []string{"", "x", strings.Repeat("a", 43)} {
		v := &visiteur{banc: b, cookie: cookie}
		for _, r := range b.routes(t, valeurs(l.ID), deLEspace) {
			rep := v.requete(t, r.methode, r.chemin, "sceau=x")
			want := http.StatusSeeOther
			if r.methode == http.MethodPost {
				want = http.StatusUnauthorized
			}
			if rep.StatusCode != want || want == http.StatusSeeOther && rep.Header.Get("Location") != "/connexion?suite="+url.QueryEscape(r.chemin) {
				t.Errorf("%s %s: %d to %q", r.methode, r.chemin, rep.StatusCode, rep.Header.Get("Location"))
			}
			if len(rep.Cookies()) > 0 {
				t.Errorf("%s %s sets %v", r.methode, r.chemin, rep.Cookies())
			}
		}
	}
}

// A form without the seal of its own session changes nothing, whoever sends it,
// nor one that another site sends, nor one of another shape.
func TestEspaceFormulairesFaux(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	autre := b.invite(t, "paul@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	bon, etranger := "sceau="+v.sceau(t), "sceau="+autre.sceau(t)
	avant := b.objets(t)
	for _, tt := range []struct {
		name, corps string
		entetes     []string
		want        int
	}{
		{"no seal", "", nil, 403},
		{"an empty seal", "sceau=", nil, 403},
		{"a wrong seal", "sceau=" + strings.Repeat("a", 64), nil, 403},
		{"the seal of another session", etranger, nil, 403},
		{"from another site", bon, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"from a neighbour", bon, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"from another origin", bon, []string{"Sec-Fetch-Site", "", "Origin", "https://exemple.org"}, 403},
		{"from an origin that hides", bon, []string{"Sec-Fetch-Site", "", "Origin", "null"}, 403},
		{"from one that begins alike", bon, []string{"Sec-Fetch-Site", "", "Origin", "https://exemple.fr.exemple.org"}, 403},
		{"JSON", `{"sceau":"x"}`, []string{"Content-Type", "application/json"}, 415},
		{"multipart", "--x\r\nContent-Disposition: form-data; name=\"sceau\"\r\n\r\nx\r\n--x--\r\n", []string{"Content-Type", "multipart/form-data; boundary=x"}, 415},
		{"plain text", bon, []string{"Content-Type", "text/plain"}, 415},
		{"no type", bon, []string{"Content-Type", ""}, 415},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range b.routes(t, valeurs(l.ID), func(m, modele string) bool { return m == http.MethodPost && deLEspace(m, modele) }) {
				want := tt.want
				if tt.name == "multipart" && r.modele == "/espace/imports/" { // the one form that has parts: its seal is wrong
					want = 403
				}
				if rep := v.requete(t, r.methode, r.chemin, tt.corps, tt.entetes...); rep.StatusCode != want {
					t.Errorf("%s: %d, want %d", r.modele, rep.StatusCode, want)
				}
			}
		})
	}
	if !maps.Equal(avant, b.objets(t)) {
		t.Error("a refused form has changed something")
	}
	if _, err := b.comptes.Reprendre(t.Context(), v.cookie); err != nil {
		t.Errorf("or signed them out: %v", err)
	}
}

// The forms that open a session take nothing from another site either.
func TestConnexionFormulairesFaux(t *testing.T) {
	v := &visiteur{banc: newBanc(t)}
	for _, r := range v.routes(t, valeurs("x"), func(m, modele string) bool { return m == http.MethodPost && privee(m, modele) && !deLEspace(m, modele) }) {
		for _, entetes := range [][]string{
			{"Sec-Fetch-Site", "cross-site"},
			{"Sec-Fetch-Site", "", "Origin", "https://exemple.org"},
		} {
			if rep := v.requete(t, r.methode, r.chemin, "courriel=a@exemple.fr", entetes...); rep.StatusCode != 403 {
				t.Errorf("%s %v: %d", r.chemin, entetes, rep.StatusCode)
			}
		}
		if rep := v.requete(t, r.methode, r.chemin, "{}", "Content-Type", "application/json"); rep.StatusCode != 415 {
			t.Errorf("%s in JSON: %d", r.chemin, rep.StatusCode)
		}
		if rep := v.requete(t, r.methode, r.chemin, "courriel=a@exemple.fr", "Sec-Fetch-Site", "", "Origin", "https://exemple.fr"); rep.StatusCode >= 500 || rep.StatusCode == 403 {
			t.Errorf("%s from the site itself: %d", r.chemin, rep.StatusCode)
		}
	}
}

// Another's place, and one that does not exist, in every address that names one.
func TestEspaceAutreLieu(t *testing.T) {
	b := newBanc(t)
	l, autre := b.lieuDe(t, moissac), b.lieuDe(t, "82121")
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	avant := b.objets(t)
	corps := url.Values{
		"sceau": {v.sceau(t)}, "version": {"1"}, "cle": {strings.Repeat("a", 26)}, "nom": {"Paul Essai"}, "courriel": {"paul@exemple.fr"},
		"compte": {"x"}, "invitation": {"x"}, "horaires": {"Mo 09:00-12:00"},
	}.Encode()
	unDuLieu := func(_, modele string) bool { return strings.HasPrefix(modele, "/espace/lieux/:id") }
	for id, want := range map[string]int{autre.ID: 403, "inconnu": 404, l.ID + "%2e": 404} {
		for _, r := range b.routes(t, valeurs(id), unDuLieu) {
			if rep := v.requete(t, r.methode, r.chemin, corps); rep.StatusCode != want && rep.StatusCode != 405 || rep.StatusCode == 405 && r.methode == http.MethodPost {
				t.Errorf("%s %s: %d, want %d", r.methode, r.chemin, rep.StatusCode, want)
			}
		}
	}
	if !maps.Equal(avant, b.objets(t)) || len(b.revisions(t, autre.ID)) != 1 {
		t.Error("something has changed")
	}
	// One's own is there: the test can fail.
	if rep := v.requete(t, http.MethodGet, "/espace/lieux/"+l.ID+"/equipe", ""); rep.StatusCode != 200 {
		t.Errorf("one's own: %d", rep.StatusCode)
	}
}

// A mediator has nothing to do in the pages of accounts.
func TestComptesInterdits(t *testing.T) {
	b := newBanc(t)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeDepartement, b.ter.Code))
	for _, r := range b.routes(t, valeurs("x"), func(_, modele string) bool { return strings.HasPrefix(modele, "/espace/comptes") }) {
		if rep := v.requete(t, r.methode, r.chemin, "sceau="+v.sceau(t)); rep.StatusCode != 403 {
			t.Errorf("%s %s: %d", r.methode, r.chemin, rep.StatusCode)
		}
	}
}

// What no page has is refused by its method, signed in or not, and never breaks.
func TestMethodes(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	membre := b.invite(t, "jeanne@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	routes := b.routes(t, valeurs(l.ID), privee)
	for _, v := range []*visiteur{{banc: b}, membre} {
		for _, r := range routes {
			for _, m := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace} {
				if rep := v.requete(t, m, r.chemin, ""); rep.StatusCode != 405 || rep.Header.Get("Allow") == "" {
					t.Errorf("%s %s: %d, Allow %q", m, r.chemin, rep.StatusCode, rep.Header.Get("Allow"))
				}
			}
		}
	}
	for _, r := range routes {
		ecrit := r.methode == http.MethodPost && !slices.Contains(routes, route{http.MethodGet, r.modele, r.chemin})
		for _, m := range []string{http.MethodGet, http.MethodHead} {
			rep := membre.requete(t, m, r.chemin, "")
			if rep.StatusCode >= 500 || ecrit && rep.StatusCode != 405 {
				t.Errorf("%s %s: %d", m, r.chemin, rep.StatusCode)
			}
		}
	}
	if rep := membre.requete(t, http.MethodGet, "/espace/deconnexion", ""); rep.StatusCode != 405 || rep.Header.Get("Allow") != "POST" {
		t.Errorf("reading what is only written to: %d, Allow %q", rep.StatusCode, rep.Header.Get("Allow"))
	}
	if rep := membre.requete(t, http.MethodPost, "/espace/compte", "sceau="+membre.sceau(t)); rep.StatusCode != 405 {
		t.Errorf("writing to what is only read: %d", rep.StatusCode)
	}
}

// No public page gives a cookie, even to a browser that is signed in.
func TestPagesPubliquesSansCookie(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	publiques := b.routes(t, valeurs(l.ID), func(m, modele string) bool { return m == http.MethodGet && !deLEspace(m, modele) })
	for _, r := range publiques {
		rep := v.requete(t, r.methode, strings.ReplaceAll(r.chemin, "+", "app-1.css"), "")
		if rep.StatusCode >= 500 || rep.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d, Set-Cookie %q", r.chemin, rep.StatusCode, rep.Header.Get("Set-Cookie"))
		}
	}
	if len(publiques) < 20 {
		t.Errorf("%d public pages", len(publiques))
	}
}
