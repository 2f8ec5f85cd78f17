package compte_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/compte/proconnecttest"
	"82numerique.fr/adeuxpas/internal/mednum"
)

const (
	urlRetour = "https://exemple.fr/connexion/proconnect/retour"
	urlSortie = "https://exemple.fr/connexion/proconnect/sortie"
)

// bancPC is a room, a provider, and what connects them.
type bancPC struct {
	*banc
	f *proconnecttest.Fournisseur
	p *compte.ProConnect
}

func newBancPC(t *testing.T) *bancPC {
	t.Helper()
	b := newBanc(t)
	f := proconnecttest.New(t, func() time.Time { return b.heure })
	f.Retour, f.Sortie = urlRetour, urlSortie
	return &bancPC{b, f, b.proconnect(t, f, false)}
}

func reglages(f *proconnecttest.Fournisseur) compte.ReglagesProConnect {
	return compte.ReglagesProConnect{
		Emetteur: f.URL, Client: proconnecttest.Client, Secret: proconnecttest.Secret, URLRetour: urlRetour, URLSortie: urlSortie,
	}
}

// proconnect waits until the provider was found.
func (b *banc) proconnect(t *testing.T, f *proconnecttest.Fournisseur, enClair bool) *compte.ProConnect {
	t.Helper()
	r := reglages(f)
	r.EnClair = enClair
	p := compte.OuvrirProConnect(t.Context(), b.Comptes, r)
	attendre(t, p.Disponible)
	return p
}

func attendre(t *testing.T, ok func() bool) {
	t.Helper()
	for range 500 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it does not come")
}

// aller sends the browser to the provider, and says with what it comes back.
func (b *bancPC) aller(t *testing.T) (secret string, retour url.Values) {
	t.Helper()
	adresse, secret, err := b.p.Depart(t.Context(), "/espace/semaine")
	if err != nil {
		t.Fatal(err)
	}
	return secret, suivre(t, adresse, urlRetour)
}

// suivre opens an address of the provider, which sends back to vers.
func suivre(t *testing.T, adresse, vers string) url.Values {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	rep, err := client.Get(adresse)
	if err != nil {
		t.Fatal(err)
	}
	defer rep.Body.Close()
	u, err := rep.Location()
	if err != nil || !strings.HasPrefix(u.String(), vers+"?") {
		t.Fatalf("%s: %s %v", adresse, rep.Status, u)
	}
	return u.Query()
}

func (b *bancPC) revenir(t *testing.T, secret string, r url.Values) (compte.Entree, error) {
	t.Helper()
	return b.p.Retour(t.Context(), secret, r.Get("state"), r.Get("code"), "Firefox, Linux")
}

// entrer goes and comes back.
func (b *bancPC) entrer(t *testing.T) (compte.Entree, error) {
	t.Helper()
	secret, r := b.aller(t)
	return b.revenir(t, secret, r)
}

func TestProConnect(t *testing.T) {
	b := newBancPC(t)
	e, err := b.entrer(t)
	if err != nil {
		t.Fatal(err)
	}
	v := e.Compte
	if v.Courriel != "jeanne.essai@mairie-exemple.fr" || v.Nom != "Jeanne Essai" || v.Siret != "21820112300011" ||
		v.Sujet != b.f.URL+"|une-personne" || len(v.Habilitations) != 0 || e.Suite != "/espace/semaine" {
		t.Errorf("account %+v, then %s", v, e.Suite)
	}
	x, err := b.Reprendre(t.Context(), e.Session)
	if err != nil || x.Compte.ID != v.ID || x.Session.IDToken == "" {
		t.Errorf("session of %s, token %q, %v", x.Compte.ID, x.Session.IDToken, err)
	}
	encore, err := b.entrer(t)
	if err != nil || encore.Compte.ID != v.ID || encore.Session == e.Session {
		t.Errorf("again: %s, %v", encore.Compte.ID, err)
	}
	if tous, err := b.Comptes.Comptes(t.Context()); err != nil || len(tous) != 1 {
		t.Errorf("%d accounts, %v", len(tous), err)
	}
}

func TestProConnectRefuse(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(b *bancPC, secret *string, retour url.Values)
		code   mednum.Code
		mots   string
	}{
		{"wrong state", func(_ *bancPC, _ *string, r url.Values) { r.Set("state", strings.Repeat("a", 43)) }, mednum.Anonyme, "sur cet appareil"},
		{"no state", func(_ *bancPC, _ *string, r url.Values) { r.Del("state") }, mednum.Anonyme, "sur cet appareil"},
		{"another browser", func(_ *bancPC, s *string, _ url.Values) { *s = strings.Repeat("a", 43) }, mednum.Anonyme, "sur cet appareil"},
		{"no cookie", func(_ *bancPC, s *string, _ url.Values) { *s = "" }, mednum.Anonyme, "sur cet appareil"},
		{"too late", func(b *bancPC, _ *string, _ url.Values) { b.heure = b.heure.Add(compte.DureeProConnect) }, mednum.Anonyme, "trop duré"},
		{"no code", func(_ *bancPC, _ *string, r url.Values) { r.Del("code") }, mednum.Anonyme, "ne vous a pas reconnu"},
		{"forged code", func(_ *bancPC, _ *string, r url.Values) { r.Set("code", "a") }, mednum.Anonyme, "pas celle"},
		{"wrong nonce", func(b *bancPC, _ *string, _ url.Values) {
			b.f.IDToken = func(c map[string]any) { c["nonce"] = strings.Repeat("a", 43) }
		}, mednum.Anonyme, "pas celle"},
		{"wrong audience", func(b *bancPC, _ *string, _ url.Values) {
			b.f.IDToken = func(c map[string]any) { c["aud"] = "un autre service" }
		}, mednum.Anonyme, "pas celle"},
		{"audience of several", func(b *bancPC, _ *string, _ url.Values) {
			b.f.IDToken = func(c map[string]any) { c["aud"] = []string{proconnecttest.Client, "un autre service"} }
		}, mednum.Anonyme, "pas celle"},
		{"wrong issuer", func(b *bancPC, _ *string, _ url.Values) {
			b.f.IDToken = func(c map[string]any) { c["iss"] = "https://autre.exemple.fr" }
		}, mednum.Anonyme, "pas celle"},
		{"expired token", func(b *bancPC, _ *string, _ url.Values) {
			b.f.IDToken = func(c map[string]any) { c["exp"] = b.heure.Add(-time.Second).Unix() }
		}, mednum.Anonyme, "pas celle"},
		{"another access token", func(b *bancPC, _ *string, _ url.Values) {
			b.f.IDToken = func(c map[string]any) { c["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA" }
		}, mednum.Anonyme, "pas celle"},
		{"userinfo signed by another key", func(b *bancPC, _ *string, _ url.Values) { b.f.AutreCle = true }, mednum.Anonyme, "pas celle"},
		{"userinfo not signed", func(b *bancPC, _ *string, _ url.Values) { b.f.EnClair = true }, mednum.Anonyme, "pas celle"},
		{"userinfo for another service", func(b *bancPC, _ *string, _ url.Values) {
			b.f.Infos = func(c map[string]any) { c["aud"] = "un autre service" }
		}, mednum.Anonyme, "pas celle"},
		{"userinfo of another issuer", func(b *bancPC, _ *string, _ url.Values) {
			b.f.Infos = func(c map[string]any) { c["iss"] = "https://autre.exemple.fr" }
		}, mednum.Anonyme, "pas celle"},
		{"userinfo too old", func(b *bancPC, _ *string, _ url.Values) {
			b.f.Infos = func(c map[string]any) { c["exp"] = b.heure.Unix() }
		}, mednum.Anonyme, "pas celle"},
		{"userinfo of another person", func(b *bancPC, _ *string, _ url.Values) {
			b.f.Infos = func(c map[string]any) { c["sub"] = "une-autre" }
		}, mednum.Anonyme, "pas celle"},
		{"no address", func(b *bancPC, _ *string, _ url.Values) {
			b.f.Infos = func(c map[string]any) { delete(c, "email") }
		}, mednum.Anonyme, "adresse de courriel"},
		{"address not verified", func(b *bancPC, _ *string, _ url.Values) {
			b.f.Infos = func(c map[string]any) { c["email_verified"] = false }
		}, mednum.Anonyme, "vérifiée"},
		{"provider down", func(b *bancPC, _ *string, _ url.Values) { b.f.Panne = true }, mednum.Indisponible, "ne répond pas"},
		{"provider slow", func(b *bancPC, _ *string, _ url.Values) { b.f.Lenteur = 5 * time.Second }, mednum.Indisponible, "ne répond pas"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBancPC(t)
			secret, r := b.aller(t)
			b.f.Changer(func(*proconnecttest.Fournisseur) { tt.change(b, &secret, r) })
			e, err := b.revenir(t, secret, r)
			wantRefus(t, err, tt.code, tt.mots)
			if tous, err := b.Comptes.Comptes(t.Context()); e.Session != "" || err != nil || len(tous) != 0 {
				t.Errorf("session %q, %d accounts, %v", e.Session, len(tous), err)
			}
		})
	}
}

// A userinfo without an end is good, as the standard says; in the clear it is
// when the setting says so.
func TestProConnectAccepte(t *testing.T) {
	b := newBancPC(t)
	b.f.Changer(func(f *proconnecttest.Fournisseur) { f.Infos = func(c map[string]any) { delete(c, "exp") } })
	if _, err := b.entrer(t); err != nil {
		t.Error(err)
	}
	b.f.Changer(func(f *proconnecttest.Fournisseur) { f.EnClair = true })
	b.p = b.proconnect(t, b.f, true)
	if _, err := b.entrer(t); err != nil {
		t.Errorf("in the clear: %v", err)
	}
}

// What ProConnect sent serves once, in one browser.
func TestProConnectRejoue(t *testing.T) {
	b := newBancPC(t)
	secret, r := b.aller(t)
	if _, err := b.revenir(t, secret, url.Values{"state": {"faux"}, "code": r["code"]}); err == nil {
		t.Fatal("a wrong state")
	}
	if _, err := b.revenir(t, secret, r); err != nil {
		t.Fatalf("a wrong state spent it: %v", err)
	}
	_, err := b.revenir(t, secret, r)
	wantRefus(t, err, mednum.Anonyme, "déjà servi")

	// the state of one browser, with the answer for another
	secret, _ = b.aller(t)
	_, autre := b.aller(t)
	_, err = b.revenir(t, secret, autre)
	wantRefus(t, err, mednum.Anonyme, "sur cet appareil")
}

func TestProConnectComptes(t *testing.T) {
	b := newBancPC(t)
	invite, err := b.Inviter(t.Context(), "jeanne.essai@mairie-exemple.fr", "Jeanne E.", "", droits)
	if err != nil {
		t.Fatal(err)
	}
	_, avant, err := b.Entrer(t.Context(), invite.Secret, "", "")
	if err != nil {
		t.Fatal(err)
	}
	e, err := b.entrer(t)
	if err != nil || e.Compte.ID != avant.ID || e.Compte.Sujet == "" || len(e.Compte.Habilitations) != 1 || e.Compte.Nom != "Jeanne E." {
		t.Fatalf("known by the address: %+v, %v", e.Compte, err)
	}

	invite, err = b.Inviter(t.Context(), "paul@mairie-exemple.fr", "Paul", "", droits)
	if err != nil {
		t.Fatal(err)
	}
	_, paul, err := b.Entrer(t.Context(), invite.Secret, "", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, courriel := range []string{"jeanne.nouvelle@mairie-exemple.fr", "paul@mairie-exemple.fr"} {
		b.f.Changer(func(f *proconnecttest.Fournisseur) { f.Personne["email"] = courriel })
		e, err = b.entrer(t)
		if err != nil || e.Compte.ID != avant.ID || e.Compte.Courriel != "jeanne.essai@mairie-exemple.fr" {
			t.Errorf("the same person as %s: %+v, %v", courriel, e.Compte, err)
		}
	}
	if apres, err := b.Compte(t.Context(), paul.ID); err != nil || apres.Sujet != "" {
		t.Errorf("the account of the address that she claims: %+v, %v", apres, err)
	}

	if err := b.Supprimer(t.Context(), avant.ID); err != nil {
		t.Fatal(err)
	}
	b.f.Changer(func(f *proconnecttest.Fournisseur) { f.Personne["email"] = "jeanne.essai@mairie-exemple.fr" })
	e, err = b.entrer(t)
	if err != nil || e.Compte.ID == avant.ID || len(e.Compte.Habilitations) != 0 {
		t.Errorf("after the account was erased: %+v, %v", e.Compte, err)
	}
}

// The service begins without a provider, and finds it when it comes.
func TestProConnectPlusTard(t *testing.T) {
	b := newBanc(t)
	f := proconnecttest.New(t, func() time.Time { return b.heure })
	f.Retour = urlRetour
	f.Changer(func(f *proconnecttest.Fournisseur) { f.Panne = true })
	p := compte.OuvrirProConnect(t.Context(), b.Comptes, reglages(f))
	if p.Disponible() {
		t.Fatal("it is there")
	}
	_, _, err := p.Depart(t.Context(), "/espace")
	wantRefus(t, err, mednum.Indisponible, "lien par courriel")
	_, err = p.Retour(t.Context(), "", "", "", "")
	wantRefus(t, err, mednum.Indisponible, "lien par courriel")
	if adresse, err := p.Sortie(t.Context(), "a"); adresse != "" || err != nil {
		t.Errorf("sign-out at %q, %v", adresse, err)
	}
	f.Changer(func(f *proconnecttest.Fournisseur) { f.Panne = false })
	attendre(t, p.Disponible)
}

func TestProConnectSortie(t *testing.T) {
	b := newBancPC(t)
	e, err := b.entrer(t)
	if err != nil {
		t.Fatal(err)
	}
	x, err := b.Reprendre(t.Context(), e.Session)
	if err != nil {
		t.Fatal(err)
	}
	adresse, err := b.p.Sortie(t.Context(), x.Session.IDToken)
	if err != nil {
		t.Fatal(err)
	}
	etat := suivre(t, adresse, urlSortie).Get("state")
	for _, tt := range []struct {
		name, etat string
		want       bool
	}{
		{"forged", strings.Repeat("a", 43), false},
		{"none", "", false},
		{"good", etat, true},
		{"again", etat, false},
	} {
		if ok, err := b.p.Sorti(t.Context(), tt.etat); ok != tt.want || err != nil {
			t.Errorf("%s: %v, %v", tt.name, ok, err)
		}
	}
	if b.f.Sorties != 1 {
		t.Errorf("%d sign-outs at the provider", b.f.Sorties)
	}
	// a sign-in is no sign-out
	secret, r := b.aller(t)
	if ok, err := b.p.Sorti(t.Context(), r.Get("state")); ok || err != nil {
		t.Errorf("the state of a sign-in: %v, %v", ok, err)
	}
	if _, err := b.revenir(t, secret, r); err != nil {
		t.Error(err)
	}
}
