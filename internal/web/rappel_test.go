package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

var motifRappel = regexp.MustCompile(`^https://exemple\.fr(/rappel/[0-9A-Za-z]{43})`)

// rappele is a visitor who was asked whether a place is right, and the path of
// their link. With courriel, somebody who has an account was.
func (b banc) rappele(t *testing.T, courriel string) (v *visiteur, l *mednum.Lieu, chemin string) {
	t.Helper()
	if courriel != "" {
		sien := b.lieuDe(t, moissac)
		l = &sien
		b.invite(t, courriel, droit(mednum.PorteeLieu, l.ID))
	}
	_, err := b.reseau.Rappeler(t.Context())
	check(t, err)
	envois, err := b.boite.Liste(t.Context(), "")
	check(t, err)
	for _, e := range envois { // in no order: the first by id
		lien := motifRappel.FindStringSubmatch(e.Corps.Boutons[0].URL)[1]
		q, err := b.reseau.Question(t.Context(), strings.TrimPrefix(lien, "/rappel/"))
		check(t, err)
		simple := !strings.ContainsAny(q.Lieu.Champs.Nom+q.Lieu.Champs.Adresse, `'"&`) && len(q.Lieu.Champs.Nom) < 60 && !q.Lieu.Itinerant()
		if courriel == "" && simple && (l == nil || q.Lieu.ID < l.ID) || courriel == e.A {
			l, chemin = &q.Lieu.Lieu, lien
		}
	}
	if chemin == "" {
		t.Fatal("nobody was asked")
	}
	return &visiteur{banc: b}, l, chemin
}

// lireTout opens every link of the mail, as the programs of a mail server do.
func (v *visiteur) lireTout(t *testing.T, chemin string) {
	t.Helper()
	for _, suite := range []string{"?choix=exact", "?choix=corriger", "?choix=ferme", "", "?choix=autre", "/arret"} {
		for _, methode := range []string{http.MethodGet, http.MethodHead} {
			rep := v.demander(t, methode, chemin+suite, nil)
			if rep.StatusCode != http.StatusOK || rep.Header.Get("Set-Cookie") != "" || rep.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %d, cookie %q, cache %q", methode, suite, rep.StatusCode, rep.Header.Get("Set-Cookie"), rep.Header.Get("Cache-Control"))
			}
		}
	}
}

func TestRappelExact(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.rappele(t, "")
	v.lireTout(t, chemin)
	if n := len(b.revisions(t, l.ID)); n != 1 {
		t.Fatalf("reading wrote %d revisions", n)
	}
	v.voir(t, chemin+"?choix=exact", l.Champs.Nom, "Oui, tout est exact", l.Champs.Adresse, `name="robots" content="noindex"`)
	if i, j := strings.Index(v.page, "Oui, tout est exact"), strings.Index(v.page, "Envoyer la correction"); i > j {
		t.Error("what was asked is not first")
	}
	v.agir(t, chemin, []string{"choix", "exact"}, "Merci", "vérifié aujourd’hui")
	revisions := b.revisions(t, l.ID)
	if r := revisions[len(revisions)-1]; len(revisions) != 2 || r.Voie != "lien" || r.Apres.VerifieLe.String() != "2026-11-24" {
		t.Errorf("%d revisions, %s, checked %s", len(revisions), r.Voie, r.Apres.VerifieLe)
	}
	if _, page := b.get(t, "/lieux/"+l.ID); strings.Contains(page, "lien:") {
		t.Error("the public page names the link")
	}
	for _, methode := range []string{http.MethodGet, http.MethodPost} {
		var champs url.Values
		if methode == http.MethodPost {
			champs = url.Values{"choix": {"ferme"}}
		}
		if rep := v.demander(t, methode, chemin, champs); rep.StatusCode != http.StatusGone || !strings.Contains(v.page, "déjà répondu") {
			t.Errorf("%s again: %d\n%s", methode, rep.StatusCode, v.page)
		}
	}
	if n := len(b.revisions(t, l.ID)); n != 2 {
		t.Errorf("%d revisions", n)
	}
}

// What is wrong is said on its field, nothing is lost, and the link still
// serves; what is right waits for the coordinator, who sees it.
func TestRappelCorriger(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.rappele(t, "")
	v.voir(t, chemin+"?choix=corriger", "Envoyer la correction")
	if strings.Contains(v.page, "connectez-vous pour corriger") {
		t.Error("who has no account is told to sign in")
	}
	for _, tt := range []struct {
		name, champ string
		champs      url.Values
	}{
		{"a phone that is none", "telephone", url.Values{"choix": {"corriger"}, "telephone": {"12"}, "message": {"Bonjour <b>à</b> vous"}}},
		{"nothing", "horaires", url.Values{"choix": {"corriger"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rep := v.demander(t, http.MethodPost, chemin, tt.champs)
			if rep.StatusCode != http.StatusBadRequest {
				t.Fatalf("%d\n%s", rep.StatusCode, v.page)
			}
			v.exiger(t, `href="#`+tt.champ+`"`, `id="faute-`+tt.champ+`"`, "À corriger")
			if m := tt.champs.Get("message"); m != "" {
				v.exiger(t, "Bonjour &lt;b&gt;à&lt;/b&gt; vous", `value="12"`)
			}
		})
	}
	v.agir(t, chemin, []string{"choix", "corriger", "horaires", "parfois le matin", "telephone", "05 63 99 88 77"}, "Un coordinateur la relit")
	if _, page := b.get(t, "/lieux/"+l.ID); strings.Contains(page, "99\u00a088") {
		t.Error("the correction is public")
	}
	chef := b.invite(t, "chef@exemple.fr", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeTout})
	chef.voir(t, "/espace/file", l.Champs.Nom, "05 63 99 88 77", "parfois le matin", "quelqu’un du lieu, par un lien reçu")
	chef.agir(t, "/espace/lieux/"+l.ID+"/attentes/"+b.revisions(t, l.ID)[1].Apres.Attentes[0].ID+"/accepter", nil, "C’est accepté")
	if _, page := b.get(t, "/lieux/"+l.ID); !strings.Contains(page, "99\u00a088") {
		t.Error("the correction is not public")
	}
	chef.voir(t, "/espace/lieux/"+l.ID+"/histoire", "par un lien de rappel")
}

func TestRappelFerme(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.rappele(t, "jeanne@exemple.fr")
	v.voir(t, chemin+"?choix=ferme", "Oui, il est fermé pour de bon", "connectez-vous pour corriger", "/connexion?suite=/espace/lieux/"+l.ID)
	v.agir(t, chemin, []string{"choix", "ferme", "motif", "a déménagé"}, "Un coordinateur la relit")
	apres, err := b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	if apres.Statut != mednum.StatutPublie || len(apres.Attentes) != 1 || apres.Attentes[0].Fermeture == nil {
		t.Errorf("%s, waits %+v", apres.Statut, apres.Attentes)
	}
}

// What must fail, and that secrets are not in the log.
func TestRappelRefuse(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.rappele(t, "")
	forge := "/rappel/" + strings.Repeat("a", 43)
	for _, tt := range []struct {
		name, methode, chemin string
		champs                url.Values
		entetes               []string
		want                  int
	}{
		{"forged", http.MethodGet, forge, nil, nil, 410},
		{"forged, answered", http.MethodPost, forge, url.Values{"choix": {"exact"}}, nil, 410},
		{"forged, stopped", http.MethodPost, forge + "/arret", url.Values{}, nil, 410},
		{"forged, to be stopped", http.MethodGet, forge + "/arret", nil, nil, 410},
		{"cut", http.MethodGet, chemin[:30], nil, nil, 410},
		{"no answer", http.MethodPost, chemin, url.Values{"choix": {"autre"}}, nil, 400},
		{"from another site", http.MethodPost, chemin, url.Values{"choix": {"exact"}}, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"from another origin", http.MethodPost, chemin, url.Values{"choix": {"exact"}}, []string{"Sec-Fetch-Site", "", "Origin", "https://ailleurs.fr"}, 403},
		{"not a form", http.MethodPost, chemin, url.Values{"choix": {"exact"}}, []string{"Content-Type", "application/json"}, 415},
		{"thanks for nothing", http.MethodGet, "/rappel/merci?fait=tout", nil, nil, 404},
		{"as a sign-in", http.MethodPost, "/connexion/lien/" + strings.TrimPrefix(chemin, "/rappel/"), url.Values{"nom": {"X"}}, nil, 410},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := httptest.NewRequest(tt.methode, "http://localhost"+tt.chemin, strings.NewReader(tt.champs.Encode()))
			if tt.champs != nil {
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			for i := 0; i+1 < len(tt.entetes); i += 2 {
				req.Header.Set(tt.entetes[i], tt.entetes[i+1])
			}
			rep, err := b.app.Test(req, 5000)
			check(t, err)
			if rep.StatusCode != tt.want {
				t.Errorf("%d, want %d", rep.StatusCode, tt.want)
			}
		})
	}
	if n := len(b.revisions(t, l.ID)); n != 1 {
		t.Errorf("%d revisions", n)
	}
	if strings.Contains(b.journal.String(), strings.TrimPrefix(chemin, "/rappel/")) {
		t.Error("the log holds a secret")
	}
	v.voir(t, chemin, "Oui, tout est exact")
}

// Stopping works from a mail server (RFC 8058: a POST from anywhere, in either
// form) and from the page, and after the link has served.
func TestRappelArret(t *testing.T) {
	for _, tt := range []struct{ name, genre, corps string }{
		{"one click", "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
		{"one click, multipart", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"},
		{"the page's button", "application/x-www-form-urlencoded", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			v, l, chemin := b.rappele(t, "")
			v.voir(t, chemin+"/arret", l.Champs.Nom, "Ne plus recevoir ces courriels")
			if objets := b.arrets(t); objets != 0 {
				t.Fatalf("reading stopped %d", objets)
			}
			v.agir(t, chemin, []string{"choix", "exact"}, "Merci")
			for range 2 {
				req := httptest.NewRequest(http.MethodPost, "http://localhost"+chemin+"/arret", strings.NewReader(tt.corps))
				req.Header.Set("Content-Type", tt.genre)
				req.Header.Set("Origin", "https://messagerie.exemple")
				rep, err := b.app.Test(req, 5000)
				check(t, err)
				page, err := io.ReadAll(rep.Body)
				check(t, err)
				if rep.StatusCode != http.StatusOK || !strings.Contains(string(page), "C’est fait") {
					t.Fatalf("%d\n%s", rep.StatusCode, page)
				}
			}
			if n := b.arrets(t); n != 1 {
				t.Errorf("%d stopped", n)
			}
		})
	}
}

// arrets is how many places an address wants no more of.
func (b banc) arrets(t *testing.T) int {
	t.Helper()
	objets, err := b.base.Objets(t.Context(), store.Choix{Genre: "arret"})
	check(t, err)
	return len(objets)
}

// A hundred tries a minute are refused.
func TestRappelDebit(t *testing.T) {
	b := newBanc(t)
	v := &visiteur{banc: b}
	refuses := 0
	for range 130 {
		if rep := v.demander(t, http.MethodGet, "/rappel/"+strings.Repeat("b", 43), nil); rep.StatusCode == http.StatusTooManyRequests {
			refuses++
		}
	}
	if refuses != 10 {
		t.Errorf("%d of 130 refused", refuses)
	}
}
