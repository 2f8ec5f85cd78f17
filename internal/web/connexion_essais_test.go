package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/web"
)

func choixDe(genre string) store.Choix { return store.Choix{Genre: genre} }

// local is the site of one machine, which writes its mail to the log.
func local(c *web.Config) { c.URLPublique = "http://localhost:8080" }

func TestConnexion(t *testing.T) {
	par := map[string]func(v *visiteur, lien, code string) *http.Response{
		"by the link": func(v *visiteur, lien, _ string) *http.Response {
			if rep := v.demander(t, http.MethodGet, lien, nil); rep.StatusCode != 200 || !strings.Contains(v.page, "j•••@exemple.fr") || strings.Contains(v.page, "jeanne@") || len(rep.Cookies()) > 0 {
				t.Errorf("%d, %v\n%s", rep.StatusCode, rep.Cookies(), v.page)
			}
			chemin, _, _ := strings.Cut(lien, "?")
			return v.envoyer(t, chemin)
		},
		"by the code": func(v *visiteur, _, code string) *http.Response { return v.envoyer(t, "/connexion/code", "code", code) },
	}
	for name, entrer := range par {
		t.Run(name, func(t *testing.T) {
			b := newBanc(t, local)
			l := b.lieuDe(t, moissac)
			b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
			suite := "/espace/lieux/" + l.ID + "/equipe?x=1&y=2"
			v := &visiteur{banc: b}
			v.demander(t, http.MethodGet, "/connexion?suite="+url.QueryEscape(suite), nil)
			if rep := v.envoyer(t, "/connexion", "courriel", " Jeanne@Exemple.fr"); rep.StatusCode != 200 || v.cookie != "" {
				t.Fatalf("%d", rep.StatusCode)
			}
			lien, code := b.courriel(t)
			rep := entrer(v, lien, code)
			if rep.StatusCode != http.StatusSeeOther || rep.Header.Get("Location") != suite || len(v.cookie) != 43 {
				t.Fatalf("%d to %q, cookie %q\n%s", rep.StatusCode, rep.Header.Get("Location"), v.cookie, v.page)
			}
			if rep := v.demander(t, http.MethodGet, suite, nil); rep.StatusCode != 200 {
				t.Errorf("%d", rep.StatusCode)
			}
			// Neither serves again.
			w := &visiteur{banc: b}
			chemin, _, _ := strings.Cut(lien, "?")
			for _, m := range []string{http.MethodGet, http.MethodPost} {
				if rep := w.demander(t, m, chemin, url.Values{"nom": {"x"}}); rep.StatusCode != http.StatusGone || w.cookie != "" || !strings.Contains(w.page, "déjà servi") {
					t.Errorf("%s again: %d", m, rep.StatusCode)
				}
			}
		})
	}
}

// The page is the same for an address that somebody has and for one that nobody
// has, but for what is drawn by lot.
func TestConnexionMemeReponse(t *testing.T) {
	b := newBanc(t)
	b.invite(t, "aaaaaaaa@exemple.fr", droit(mednum.PorteeDepartement, b.ter.Code))
	hasard := regexp.MustCompile(`name="demande" value="[0-9A-Za-z]{43}"`)
	lire := func(courriel string) string {
		v := &visiteur{banc: b}
		rep := v.demander(t, http.MethodPost, "/connexion", url.Values{"courriel": {courriel}})
		if rep.StatusCode != 200 || !hasard.MatchString(v.page) {
			t.Fatalf("%d\n%s", rep.StatusCode, v.page)
		}
		return strings.ReplaceAll(hasard.ReplaceAllString(v.page, ""), courriel, "")
	}
	for range 7 {
		if lire("aaaaaaaa@exemple.fr") != lire("bbbbbbbb@exemple.fr") {
			t.Error("the pages differ")
		}
	}
}

// Sign-ins, codes and links, tried many times from one place.
func TestCentEssais(t *testing.T) {
	for _, tt := range []struct {
		name, methode, chemin, corps string
		fois, passent, statut        int
	}{
		{"a sign-in", http.MethodPost, "/connexion", "courriel=a@exemple.fr", 100, 20, 200},
		{"a code", http.MethodPost, "/connexion/code", "demande=" + strings.Repeat("a", 43) + "&code=123456", 100, 30, 400},
		{"a link", http.MethodGet, "/connexion/lien/" + strings.Repeat("a", 43), "", 310, 300, 410},
		{"a link that is spent", http.MethodPost, "/connexion/lien/" + strings.Repeat("a", 43), "", 310, 300, 410},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &visiteur{banc: newBanc(t)}
			n := 0
			for range tt.fois {
				rep := v.requete(t, tt.methode, tt.chemin, tt.corps)
				if rep.StatusCode == tt.statut {
					n++
				} else if rep.StatusCode != http.StatusTooManyRequests {
					t.Fatalf("%d", rep.StatusCode)
				} else if rep.Header.Get("Retry-After") != "600" {
					t.Errorf("Retry-After %q", rep.Header.Get("Retry-After"))
				}
			}
			if n != tt.passent {
				t.Errorf("%d passed, want %d", n, tt.passent)
			}
		})
	}
}

// After too many wrong codes the mail has the link alone, and the page that
// answers is the same.
func TestCourrielSansCode(t *testing.T) {
	b := newBanc(t, local)
	b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, b.lieuDe(t, moissac).ID))
	v := &visiteur{banc: b}
	hasard := regexp.MustCompile(`name="demande" value="[0-9A-Za-z]{43}"`)
	var pages []string
	for range 3 {
		v.demander(t, http.MethodPost, "/connexion", url.Values{"courriel": {"jeanne@exemple.fr"}})
		pages = append(pages, hasard.ReplaceAllString(v.page, ""))
		demande := v.champs()
		for range 5 {
			demande.Set("code", "abcdef")
			v.demander(t, http.MethodPost, "/connexion/code", demande)
		}
	}
	if pages[0] != pages[2] {
		t.Errorf("the answer is another\n%s", pages[2])
	}
	codes := 0
	for _, l := range b.lettres(t) {
		if l.Code != "" {
			codes++
		}
		if dit := strings.Contains(strings.Join(l.Paragraphes, " "), "six chiffres"); dit != (l.Code != "") {
			t.Errorf("it says of a code: %t, in %+v", dit, l)
		}
	}
	if codes != 2 {
		t.Errorf("%d mails of 3 have a code, want 2", codes)
	}
}

// A sign-in makes a new secret, whatever the browser came with, and ends the
// session that it had.
func TestFixation(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	avant := v.cookie
	for _, cookie := range []string{avant, strings.Repeat("b", 43), "x; y"} {
		e, err := b.comptes.Inviter(t.Context(), "paul@exemple.fr", "Paul Essai", "", []mednum.Habilitation{droit(mednum.PorteeLieu, l.ID)})
		check(t, err)
		w := &visiteur{banc: b, cookie: cookie}
		if rep := w.demander(t, http.MethodPost, "/connexion/lien/"+e.Secret, url.Values{"nom": {"Paul Essai"}}); rep.StatusCode != http.StatusSeeOther || w.cookie == cookie || len(w.cookie) != 43 {
			t.Errorf("%d, cookie %q after %q", rep.StatusCode, w.cookie, cookie)
		}
	}
	if rep := v.requete(t, http.MethodGet, "/espace", ""); rep.StatusCode != http.StatusSeeOther {
		t.Errorf("the session before: %d", rep.StatusCode)
	}
}

// Once the link is spent nothing keeps its holder out, not even a session of
// before that cannot be ended.
func TestEntrerQuandMeme(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	avant := v.cookie
	e, ok, err := b.comptes.Connecter(t.Context(), "jeanne@exemple.fr")
	if check(t, err); !ok {
		t.Fatal("no mail")
	}
	panne := error(http.ErrServerClosed)
	b.base.panneOter.Store(&panne)
	rep := v.demander(t, http.MethodPost, "/connexion/lien/"+e.Secret, url.Values{"nom": {"x"}})
	if rep.StatusCode != http.StatusSeeOther || v.cookie == avant {
		t.Errorf("%d\n%s", rep.StatusCode, v.page)
	}
	if !strings.Contains(b.journal.String(), "la session d’avant") {
		t.Errorf("nobody is told: %s", b.journal)
	}
}

// The page that says good-bye has the browser forget what was begun: an address
// alone does not, while somebody is signed in.
func TestAdieuSansSession(t *testing.T) {
	b := newBanc(t)
	dedans := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, b.lieuDe(t, moissac).ID))
	for _, fait := range []string{"deconnexion", "efface"} {
		for _, tt := range []struct {
			v    *visiteur
			want bool
		}{{dedans, false}, {&visiteur{banc: b}, true}, {&visiteur{banc: b, cookie: strings.Repeat("b", 43)}, true}} {
			tt.v.demander(t, http.MethodGet, "/connexion?fait="+fait, nil)
			if got := strings.Contains(tt.v.page, "data-oublier"); got != tt.want {
				t.Errorf("%s, cookie %q: forgets %t", fait, tt.v.cookie, got)
			}
		}
	}
}

// The log of a service that people use holds no secret and names nobody,
// whatever is asked and however it fails.
func TestJournalMuet(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID), role(mednum.RoleCoordinateur, mednum.PorteeTout, ""))
	v.demander(t, http.MethodPost, "/connexion", url.Values{"courriel": {"jeanne@exemple.fr"}})
	v.demander(t, http.MethodGet, "/espace/comptes/inviter", nil)
	v.envoyer(t, "/espace/comptes/inviter", "nom", "Paul Essai", "courriel", "paul@exemple.fr", "role", "mediateur", "portee", "departement")
	panne := error(http.ErrServerClosed)
	b.base.panne.Store(&panne)
	secret := strings.Repeat("a", 43)
	for _, chemin := range []string{"/connexion/lien/" + secret, "/espace/comptes?q=jeanne@exemple.fr", "/espace/compte"} {
		if rep := v.requete(t, http.MethodGet, chemin, ""); rep.StatusCode < 500 {
			t.Errorf("%s while the store is down: %d", chemin, rep.StatusCode)
		}
	}
	texte := b.journal.String()
	if !strings.Contains(texte, "requête") {
		t.Fatalf("the log says nothing: %q", texte)
	}
	for _, mot := range []string{"jeanne", "paul", secret, v.cookie, "exemple.fr", "Essai", "code="} {
		if strings.Contains(texte, mot) {
			t.Errorf("the log holds %q:\n%s", mot, texte)
		}
	}
}

// Names and addresses with ends of lines are refused, and reach no mail and no
// header.
func TestInjection(t *testing.T) {
	b := newBanc(t, local)
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID), role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	equipe := "/espace/lieux/" + l.ID + "/equipe"
	avant := len(b.objets(t))
	for _, sale := range []string{"Paul\r\nBcc: tous@exemple.org", "Paul\nX: y", "Paul\rX: y", "Paul\x00", "Paul\u2028Bcc: x", "<b>Paul"} {
		for _, tt := range []struct{ page, action, champ, autre, valeur string }{
			{equipe, equipe + "/inviter", "nom", "courriel", "paul@exemple.fr"},
			{"/espace/comptes/inviter", "/espace/comptes/inviter", "nom", "courriel", "paul@exemple.fr"},
			{"/espace/compte", "/espace/compte/nom", "nom", "", ""},
		} {
			v.demander(t, http.MethodGet, tt.page, nil)
			rep := v.envoyer(t, tt.action, tt.champ, sale, tt.autre, tt.valeur, "role", "mediateur", "portee", "tout")
			if rep.StatusCode != 400 || !strings.Contains(v.page, `id="faute-nom"`) || strings.Contains(v.page, "<b>Paul") {
				t.Errorf("%s %q: %d", tt.action, sale, rep.StatusCode)
			}
		}
		v.demander(t, http.MethodGet, equipe, nil)
		if rep := v.envoyer(t, equipe+"/inviter", "nom", "Paul", "courriel", sale+"@exemple.fr"); rep.StatusCode != 400 || !strings.Contains(v.page, `id="faute-courriel"`) || !strings.Contains(v.page, `value="Paul"`) {
			t.Errorf("address %q: %d", sale, rep.StatusCode)
		}
	}
	if n := len(b.objets(t)); n != avant {
		t.Errorf("%d objects more", n-avant)
	}
	for _, vers := range []string{"//exemple.org/espace", "https://exemple.org/espace", "/espace\r\nX: y", "/\\exemple.org", "javascript:alert(1)", "/espace%0d%0aX: y"} {
		e, err := b.comptes.Inviter(t.Context(), "lou@exemple.fr", "Lou", "", []mednum.Habilitation{droit(mednum.PorteeLieu, l.ID)})
		check(t, err)
		w := &visiteur{banc: b}
		rep := w.demander(t, http.MethodPost, "/connexion/lien/"+e.Secret, url.Values{"suite": {vers}})
		if lieu := rep.Header.Get("Location"); rep.StatusCode != http.StatusSeeOther || lieu != "/espace" && lieu != "/espace%0D%0AX:%20y" || rep.Header.Get("X") != "" {
			t.Errorf("suite %q: %d to %q", vers, rep.StatusCode, lieu)
		}
	}
}

// Under a prefix, every address stays under it, and signing in works.
func TestSousRacineEspace(t *testing.T) {
	b := newBanc(t, sousAide)
	l := b.lieuDe(t, moissac)
	e, err := b.comptes.Inviter(t.Context(), "jeanne@exemple.fr", "Jeanne Essai", "", []mednum.Habilitation{role(mednum.RoleAdministrateur, mednum.PorteeTout, ""), droit(mednum.PorteeLieu, l.ID)})
	check(t, err)
	v := &visiteur{banc: b}
	if rep := v.demander(t, http.MethodGet, "/aide/espace/compte", nil); rep.Header.Get("Location") != "/aide/connexion?suite=%2Fespace%2Fcompte" {
		t.Errorf("to sign in: %q", rep.Header.Get("Location"))
	}
	v.demander(t, http.MethodGet, "/aide/connexion/lien/"+e.Secret, nil)
	if rep := v.envoyer(t, "/aide/connexion/lien/"+e.Secret, "suite", "/espace/compte"); rep.Header.Get("Location") != "/aide/espace/compte" {
		t.Fatalf("%d to %q", rep.StatusCode, rep.Header.Get("Location"))
	}
	for _, p := range []string{"/espace", "/espace/compte", "/espace/compte/effacer", "/espace/comptes", "/espace/comptes/inviter", "/espace/lieux/" + l.ID + "/equipe"} {
		if rep := v.demander(t, http.MethodGet, "/aide"+p, nil); rep.StatusCode != 200 {
			t.Errorf("%s: %d", p, rep.StatusCode)
		}
		n := 0
		for _, m := range adressesDe.FindAllStringSubmatch(v.page, -1) {
			if strings.HasPrefix(m[1], "/") {
				if n++; !strings.HasPrefix(m[1], "/aide/") {
					t.Errorf("%s: %q leaves the prefix", p, m[1])
				}
			}
		}
		if n < 10 {
			t.Errorf("%s: %d addresses", p, n)
		}
	}
	v.demander(t, http.MethodGet, "/aide/espace/compte", nil)
	if rep := v.envoyer(t, "/aide/espace/compte/nom", "nom", "Jeanne Bis"); rep.Header.Get("Location") != "/aide/espace/compte?fait=nom" {
		t.Errorf("%d to %q", rep.StatusCode, rep.Header.Get("Location"))
	}
	if rep := v.demander(t, http.MethodGet, "/aide/espace/compte?fait=nom", nil); rep.StatusCode != 200 || !strings.Contains(v.page, "Votre nom est changé") || !strings.Contains(v.page, "Jeanne Bis") {
		t.Errorf("%d", rep.StatusCode)
	}
}

// Behind a trusted proxy tries are counted by visitor, who cannot write another
// address; without one, what a header says of addresses is nothing.
func TestEssaisDerriereMandataire(t *testing.T) {
	for _, tt := range []struct {
		name        string
		mandataires []string // 0.0.0.0 is who asks, in these tests
		autrePasse  bool
	}{
		{"trusted", []string{"0.0.0.0"}, true},
		{"none", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &visiteur{banc: newBanc(t, func(c *web.Config) { c.Mandataires = tt.mandataires })}
			essayer := func(suite string) int {
				return v.requete(t, http.MethodPost, "/connexion", "courriel=a@exemple.fr", "X-Forwarded-For", suite).StatusCode
			}
			passes := 0
			for i := range 100 {
				if essayer(fmt.Sprintf("198.51.100.%d, 203.0.113.7", i)) == 200 {
					passes++
				}
			}
			if passes != 20 || (essayer("203.0.113.8") == 200) != tt.autrePasse {
				t.Errorf("%d passed, another visitor: %t", passes, !tt.autrePasse)
			}
		})
	}
}
