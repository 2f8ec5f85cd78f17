package webhooks_test

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

// couper ends the connection without an answer.
func couper(w http.ResponseWriter, _ *http.Request) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
	}
}

// suivi is what a test wants to know of a delivery.
type suivi struct {
	Etat   webhooks.Etat
	Essais int
	Cause  webhooks.Cause
	Code   int
}

func suiviDe(l *webhooks.Livraison) suivi {
	return suivi{l.Etat, l.Essais, l.Dernier.Cause, l.Dernier.Code}
}

// attendre goes to just before the next try, at which nothing leaves, then to it.
func (b *banc) attendre(t *testing.T, l *webhooks.Livraison, moins, plus time.Duration) {
	t.Helper()
	d := l.Prochain.Sub(b.horloge.now())
	if d < moins || d > plus {
		t.Fatalf("after %d tries the next one is in %s, want %s to %s", l.Essais, d, moins, plus)
	}
	b.horloge.avancer(d - time.Second)
	check(t, b.Livrer(t.Context()))
	b.horloge.avancer(time.Second)
}

// A message that is not taken is tried ten times, further and further apart,
// under one id and a new timestamp, for three days; then its webhook is stopped.
func TestReprises(t *testing.T) {
	for _, tt := range []struct {
		name   string
		repond http.HandlerFunc
		cause  webhooks.Cause
		code   int
	}{
		{"a fault of the address", code(500), webhooks.Reponse, 500},
		{"too many", code(429), webhooks.Reponse, 429},
		{"a cut", couper, webhooks.Injoignable, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := installer(t)
			a := ecouter(t)
			a.repondre(tt.repond)
			h := b.creer(t, a, webhooks.PorteeTout, "")
			b.lieu(t, "Un", moissac)
			b.passer(t, 1)
			for i, d := range []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour} {
				l := b.derniere(t, &h)
				want(t, "state", suivi{webhooks.AEnvoyer, i + 1, tt.cause, tt.code}, suiviDe(&l))
				b.attendre(t, &l, d, d+d/5)
				check(t, b.Livrer(t.Context()))
			}
			l := b.derniere(t, &h)
			want(t, "state", suivi{webhooks.Abandonne, 10, tt.cause, tt.code}, suiviDe(&l))
			lus := a.lus()
			if len(lus) != 10 {
				t.Fatalf("%d tries", len(lus))
			}
			moments := map[string]bool{}
			for i := range lus {
				moments[lus[i].entetes.Get("webhook-timestamp")] = true
				if lus[i].entetes.Get("webhook-id") != l.ID || lus[i].corps != lus[0].corps || !signee(&lus[i], h.Secret) {
					t.Errorf("try %d is another message", i+1)
				}
			}
			want(t, "timestamps", 10, len(moments))
			h, err := b.Webhook(t.Context(), h.ID)
			check(t, err)
			want(t, "stopped", webhooks.ArretEchecs, h.Arret)
			if strings.Contains(b.journal.String(), h.URL) || strings.Contains(b.journal.String(), "whsec_") || !strings.Contains(b.journal.String(), h.ID) {
				t.Errorf("the log:\n%s", b.journal)
			}
			b.lieu(t, "Deux", moissac)
			b.passer(t, 0) // nothing more is told
		})
	}
}

// What time alone would not mend is tried five times.
func TestRefus(t *testing.T) {
	for _, tt := range []struct {
		name   string
		repond http.HandlerFunc
		want   suivi
	}{
		{"who are you?", code(401), suivi{webhooks.Abandonne, 5, webhooks.Reponse, 401}},
		{"not here", code(404), suivi{webhooks.Abandonne, 5, webhooks.Reponse, 404}},
		{"elsewhere", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		}, suivi{webhooks.Abandonne, 5, webhooks.Redirection, 307}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := installer(t)
			a := ecouter(t)
			a.repondre(tt.repond)
			h := b.creer(t, a, webhooks.PorteeTout, "")
			b.lieu(t, "Un", moissac)
			b.passer(t, 1)
			for range 4 {
				l := b.derniere(t, &h)
				b.attendre(t, &l, 0, time.Hour)
				check(t, b.Livrer(t.Context()))
			}
			l := b.derniere(t, &h)
			want(t, "state", tt.want, suiviDe(&l))
			want(t, "tries", 5, len(a.lus()))
			a.repondre(nil)
			b.lieu(t, "Deux", moissac)
			b.passer(t, 1) // the next one is tried
			want(t, "told", []string{"lieu.cree Deux v1 "}, a.dits())
		})
	}
}

// An address that refuses everything for three days is stopped, one message
// after the other as it is.
func TestPatience(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	a.repondre(code(403))
	h := b.creer(t, a, webhooks.PorteeTout, "")
	arret := webhooks.Arret("")
	for n := 0; arret == "" && n < 1000; n++ {
		b.lieu(t, fmt.Sprint("Lieu ", n), moissac)
		_, err := b.Noter(t.Context())
		check(t, err)
		check(t, b.Livrer(t.Context()))
		b.horloge.avancer(time.Hour)
		lu, err := b.Webhook(t.Context(), h.ID)
		check(t, err)
		arret = lu.Arret
	}
	if d := b.horloge.now().Sub(mardi); arret != webhooks.ArretEchecs || d < 72*time.Hour || d > 75*time.Hour {
		t.Errorf("%q after %s", arret, d)
	}
	attendent, err := b.Attendent(t.Context())
	check(t, err)
	want(t, "waiting", webhooks.File{}, attendent[h.ID])
	a.repondre(nil)
	a.lus()
	b.lieu(t, "Pendant", moissac)
	check(t, b.lieux.Actualiser(t.Context()))
	check(t, b.Reprendre(t.Context(), h.ID))
	b.lieu(t, "Ensuite", moissac)
	b.passer(t, 1)
	want(t, "told since then only", []string{"lieu.cree Ensuite v1 "}, a.dits())
}

// 410 is an address that wants no more.
func TestParti(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	a.repondre(code(410))
	h := b.creer(t, a, webhooks.PorteeTout, "")
	b.lieu(t, "Un", moissac)
	_, err := b.Noter(t.Context())
	check(t, err)
	b.lieu(t, "Deux", moissac)
	b.passer(t, 1)
	h, err = b.Webhook(t.Context(), h.ID)
	check(t, err)
	want(t, "stopped", webhooks.ArretParti, h.Arret)
	want(t, "tries", 1, len(a.lus()))
	liste, err := b.Livraisons(t.Context(), h.ID, 10)
	check(t, err)
	for i := range liste {
		want(t, "state", webhooks.Abandonne, liste[i].Etat)
	}
}

// An address may ask for time, in seconds or until a moment, a day at most.
func TestRetryAfter(t *testing.T) {
	for _, tt := range []struct {
		name, texte string
		code        int
		min, max    time.Duration
	}{
		{"seconds", "3600", 429, time.Hour, time.Hour},
		{"a moment", mardi.Add(2 * time.Hour).Format(http.TimeFormat), 503, 2 * time.Hour, 2 * time.Hour},
		{"less than our own wait", "1", 429, 10 * time.Second, 12 * time.Second},
		{"too long", "99999999", 503, 24 * time.Hour, 24 * time.Hour},
		{"in the past", mardi.Add(-time.Hour).Format(http.TimeFormat), 503, 10 * time.Second, 12 * time.Second},
		{"nonsense", "soon", 429, 10 * time.Second, 12 * time.Second},
		{"negative", "-5", 429, 10 * time.Second, 12 * time.Second},
		{"not with this code", "3600", 500, 10 * time.Second, 12 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := installer(t)
			a := ecouter(t)
			a.repondre(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", tt.texte)
				w.WriteHeader(tt.code)
			})
			h := b.creer(t, a, webhooks.PorteeTout, "")
			b.lieu(t, "Un", moissac)
			b.passer(t, 1)
			l := b.derniere(t, &h)
			b.attendre(t, &l, tt.min, tt.max)
		})
	}
}

// Messages of one webhook leave in their order: what fails keeps back what
// follows it, not other webhooks.
func TestOrdre(t *testing.T) {
	b := installer(t)
	a, autre := ecouter(t), ecouter(t)
	a.repondre(code(500))
	h := b.creer(t, a, webhooks.PorteeTout, "")
	b.creer(t, autre, webhooks.PorteeTout, "")
	id := b.lieu(t, "Un", moissac)
	b.passer(t, 2)
	for i := range 3 {
		b.telephone(t, id, i+1)
		b.passer(t, 2)
	}
	want(t, "the one that fails", []string{"lieu.cree Un v1 "}, a.dits())
	want(t, "the other", []string{"lieu.cree Un v1 ", "lieu.modifie Un v2 telephone", "lieu.modifie Un v3 telephone", "lieu.modifie Un v4 telephone"}, autre.dits())
	attendent, err := b.Attendent(t.Context())
	check(t, err)
	tete, err := b.Livraisons(t.Context(), h.ID, 4)
	check(t, err)
	want(t, "waiting", map[string]webhooks.File{h.ID: {Nombre: 4, Prochain: tete[3].Prochain}}, attendent)
	a.repondre(nil)
	b.horloge.avancer(time.Minute)
	check(t, b.Livrer(t.Context()))
	want(t, "then", []string{"lieu.cree Un v1 ", "lieu.modifie Un v2 telephone", "lieu.modifie Un v3 telephone", "lieu.modifie Un v4 telephone"}, a.dits())
}

// An address that hangs, or never ends its answer, holds up neither the others
// nor the program; what it answers is not read.
func TestLenteur(t *testing.T) {
	b := installer(t)
	b.delai = 300 * time.Millisecond
	b.demarrer(t)
	lente, longue, vive := ecouter(t), ecouter(t), ecouter(t)
	fin := make(chan struct{})
	lente.repondre(func(http.ResponseWriter, *http.Request) { <-fin })
	longue.repondre(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	})
	t.Cleanup(func() { close(fin) })
	l, g, v := b.creer(t, lente, webhooks.PorteeTout, ""), b.creer(t, longue, webhooks.PorteeTout, ""), b.creer(t, vive, webhooks.PorteeTout, "")
	b.lieu(t, "Un", moissac)
	_, err := b.Noter(t.Context())
	check(t, err)
	livre := make(chan error, 1)
	go func() { livre <- b.Livrer(t.Context()) }()
	for len(vive.lus()) == 0 {
		select {
		case err := <-livre:
			t.Fatal("the quick one waited for the slow one", err)
		case <-time.After(time.Millisecond):
		}
	}
	check(t, <-livre)
	for _, tt := range []struct {
		h    webhooks.Webhook
		want suivi
	}{
		{l, suivi{webhooks.AEnvoyer, 1, webhooks.Delai, 0}},
		{g, suivi{webhooks.Recu, 1, "", 200}},
		{v, suivi{webhooks.Recu, 1, "", 204}},
	} {
		d := b.derniere(t, &tt.h)
		want(t, "state", tt.want, suiviDe(&d))
	}
}

// Sixteen addresses are called at once, at most; none is forgotten.
func TestEnsemble(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	var ensemble atomic.Int32
	var mu sync.Mutex
	plus := int32(0)
	a.repondre(func(w http.ResponseWriter, _ *http.Request) {
		n := ensemble.Add(1)
		mu.Lock()
		plus = max(plus, n)
		mu.Unlock()
		time.Sleep(100 * time.Millisecond)
		ensemble.Add(-1)
		w.WriteHeader(http.StatusOK)
	})
	for range 20 {
		b.creer(t, a, webhooks.PorteeTout, "")
	}
	b.lieu(t, "Un", moissac)
	b.passer(t, 20)
	check(t, b.Livrer(t.Context()))
	want(t, "messages", 20, len(a.lus()))
	if plus < 2 || plus > 16 {
		t.Errorf("%d at once", plus)
	}
}

// A certificate that nobody vouches for is no receiver.
func TestCertificat(t *testing.T) {
	b := installer(t)
	serveur := httptest.NewUnstartedServer(code(http.StatusOK))
	serveur.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are expected
	serveur.StartTLS()
	defer serveur.Close()
	h := b.creer(t, &adresse{Server: serveur}, webhooks.PorteeTout, "")
	check(t, b.Essayer(t.Context(), h.ID, "x"))
	check(t, b.Livrer(t.Context()))
	l := b.derniere(t, &h)
	want(t, "state", suivi{webhooks.Abandonne, 1, webhooks.Certificat, 0}, suiviDe(&l))
}

// An address that has become private is not called, whatever it was when it was
// accepted.
func TestAdressePrivee(t *testing.T) {
	b := installer(t)
	for url, quoi := range map[string]string{
		"https://10.0.0.1/": "privé", "https://169.254.169.254/latest": "privé", "http://[::1]/": "privé", "ftp://exemple.fr/": "https://",
		"http://93.184.215.14/": "https://", "exemple.fr": "https://", "https://93.184.215.14:25/": "port", "https://jeanne@93.184.215.14/": "sans nom d’utilisateur",
		"https://2130706433/": "complète", "https://forêt.exemple/": "xn--", "": "https://", "https://absent.invalid/": "nulle part", "https://" + strings.Repeat("a", 600): "trop longue",
	} {
		_, err := b.Creer(t.Context(), webhooks.Demande{URL: url, Portee: webhooks.PorteeTout, Par: "x", Cle: url})
		wantCode(t, err, mednum.Invalide, "url")
		if err != nil && !strings.Contains(err.Error(), quoi) {
			t.Errorf("%s: %v", url, err)
		}
	}
	a := ecouter(t)
	h := b.creer(t, a, webhooks.PorteeTout, "")
	b.sansPermis(t) // the network is not allowed any more
	b.lieu(t, "Un", moissac)
	b.passer(t, 1)
	l := b.derniere(t, &h)
	want(t, "state", suivi{webhooks.AEnvoyer, 1, webhooks.Refusee, 0}, suiviDe(&l))
	want(t, "calls", 0, len(a.lus()))
}

// For a day after a secret is renewed both sign; then the new one alone.
func TestRotation(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	h := b.creer(t, a, webhooks.PorteeTout, "")
	neuf, err := b.Renouveler(t.Context(), h.ID, "demande")
	check(t, err)
	encore, err := b.Renouveler(t.Context(), h.ID, "demande") // the same form, sent twice
	check(t, err)
	if neuf.Secret == h.Secret || encore.Secret != neuf.Secret {
		t.Fatalf("%q then %q then %q", h.Secret, neuf.Secret, encore.Secret)
	}
	b.horloge.avancer(10 * time.Minute) // the page is left open, and sent again
	_, err = b.Renouveler(t.Context(), h.ID, "demande")
	wantCode(t, err, mednum.Conflit, "cle")
	b.horloge.avancer(-10 * time.Minute)
	id := b.lieu(t, "Un", moissac)
	for i, tt := range []struct {
		apres        time.Duration
		ancien, neuf bool
	}{{0, true, true}, {24*time.Hour - time.Second, true, true}, {time.Second, false, true}} {
		b.horloge.avancer(tt.apres)
		b.telephone(t, id, i)
		b.passer(t, 1)
		lus := a.lus()
		if len(lus) != 1 || signee(&lus[0], h.Secret) != tt.ancien || signee(&lus[0], neuf.Secret) != tt.neuf {
			t.Errorf("%d: old %t, new %t", i, signee(&lus[0], h.Secret), signee(&lus[0], neuf.Secret))
		}
	}
}

// However often a secret is renewed, a message has few signatures.
func TestRotations(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	h := b.creer(t, a, webhooks.PorteeTout, "")
	secrets := []string{h.Secret}
	for i := range 30 {
		neuf, err := b.Renouveler(t.Context(), h.ID, fmt.Sprint("demande", i))
		check(t, err)
		secrets = append(secrets, neuf.Secret)
	}
	check(t, b.Essayer(t.Context(), h.ID, "x"))
	check(t, b.Livrer(t.Context()))
	lus := a.lus()
	if len(lus) != 1 {
		t.Fatalf("%d messages", len(lus))
	}
	for i, s := range secrets {
		if got := signee(&lus[0], s); got != (i >= len(secrets)-5) {
			t.Errorf("secret %d of %d signs: %t", i+1, len(secrets), got)
		}
	}
}

// What somebody tries, or sends again, leaves at once and once, before what
// waits; when it is taken, what waits follows.
func TestEssaiEtRenvoi(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	h := b.creer(t, a, webhooks.PorteeTout, "")
	b.lieu(t, "Un", moissac)
	b.passer(t, 1)
	premier := b.derniere(t, &h)
	a.repondre(code(500))
	b.horloge.avancer(time.Second)
	b.lieu(t, "Deux", moissac)
	b.passer(t, 1)
	a.lus()
	check(t, b.Essayer(t.Context(), h.ID, "cle"))
	check(t, b.Essayer(t.Context(), h.ID, "cle"))
	check(t, b.Renvoyer(t.Context(), h.ID, premier.ID))
	check(t, b.Livrer(t.Context()))
	lus := a.lus()
	if len(lus) != 2 {
		t.Fatalf("%d messages", len(lus))
	}
	for i := range lus {
		if lus[i].Type == "changements" && lus[i].entetes.Get("webhook-id") != premier.ID {
			t.Errorf("sent again under %q", lus[i].entetes.Get("webhook-id"))
		}
	}
	b.horloge.avancer(time.Second)
	check(t, b.Livrer(t.Context()))
	want(t, "tried once", 0, len(a.lus()))
	a.repondre(nil)
	check(t, b.Essayer(t.Context(), h.ID, "autre"))
	check(t, b.Livrer(t.Context()))
	want(t, "then", []string{"essai v0 ", "lieu.cree Deux v1 "}, a.dits())
	wantCode(t, b.Renvoyer(t.Context(), h.ID, "inconnue"), mednum.Introuvable, "livraison")
	wantCode(t, b.Renvoyer(t.Context(), "autre", premier.ID), mednum.Introuvable, "livraison")
	wantCode(t, b.Essayer(t.Context(), "inconnu", "x"), mednum.Introuvable, "webhook")
	b.horloge.avancer(7 * 24 * time.Hour)
	wantCode(t, b.Renvoyer(t.Context(), h.ID, premier.ID), mednum.Conflit, "livraison")
}

// A pause and a removal stop what waits, at once.
func TestPauseEtSuppression(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	a.repondre(code(500))
	for name, arreter := range map[string]func(string) error{
		"pause":   func(id string) error { return b.Suspendre(t.Context(), id) },
		"removal": func(id string) error { return b.Oter(t.Context(), id) },
	} {
		h := b.creer(t, a, webhooks.PorteeTout, "")
		id := b.lieu(t, name, moissac)
		b.passer(t, 1)
		want(t, name+": told before", 1, len(a.lus()))
		check(t, arreter(h.ID))
		b.telephone(t, id, 1)
		b.horloge.avancer(time.Hour)
		b.passer(t, 0)
		want(t, name+": told after", 0, len(a.lus()))
	}
	for _, genre := range []string{"livraison", "message"} {
		objets, err := b.base.Objets(t.Context(), choix(genre))
		check(t, err)
		want(t, genre+" of the webhook that is left", 1, len(objets))
	}
	tous, err := b.Liste(t.Context())
	check(t, err)
	check(t, b.Essayer(t.Context(), tous[0].ID, "x")) // somebody may look before they resume
	check(t, b.Livrer(t.Context()))
	want(t, "an essay to a webhook that is stopped", []string{"essai v0 "}, a.dits())
}

// The same form sent twice makes one webhook; there are twenty at most.
func TestCreer(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	d := webhooks.Demande{Nom: "  Le  site ", URL: a.URL + "/r?jeton=x#partie", Portee: webhooks.PorteeTout, Par: "compte:jeanne", Cle: "cle"}
	un, err := b.Creer(t.Context(), d)
	check(t, err)
	deux, err := b.Creer(t.Context(), d)
	check(t, err)
	if un.ID != deux.ID || un.Secret != deux.Secret || !strings.HasPrefix(un.Secret, "whsec_") {
		t.Errorf("%+v and %+v", un, deux)
	}
	autre := d
	autre.URL = a.URL + "/autre"
	trois, err := b.Creer(t.Context(), autre) // the page before, sent again with another address
	check(t, err)
	if trois.ID == un.ID || trois.URL != autre.URL {
		t.Errorf("not another webhook: %+v", trois)
	}
	check(t, b.Oter(t.Context(), trois.ID))
	b.horloge.avancer(10 * time.Minute)
	_, err = b.Creer(t.Context(), d) // the page before, long after
	wantCode(t, err, mednum.Conflit, "cle")
	b.horloge.avancer(-10 * time.Minute)
	_, err = b.Renouveler(t.Context(), un.ID, "renouvelle")
	check(t, err)
	_, err = b.Creer(t.Context(), d) // the secret is another one since
	wantCode(t, err, mednum.Conflit, "cle")
	want(t, "name", "Le site", un.Nom)
	want(t, "address", a.URL+"/r?jeton=x", un.URL)
	for champ, faux := range map[string]webhooks.Demande{
		"nom":    {Nom: strings.Repeat("é", 81), URL: d.URL, Portee: webhooks.PorteeTout},
		"portee": {URL: d.URL, Portee: webhooks.PorteeCommune, Zone: "00000"},
	} {
		_, err := b.Creer(t.Context(), faux)
		wantCode(t, err, mednum.Invalide, champ)
	}
	for _, faux := range []webhooks.Demande{
		{URL: d.URL}, {URL: d.URL, Portee: "lieu", Zone: "x"}, {URL: d.URL, Portee: webhooks.PorteeEPCI, Zone: moissac}, {URL: d.URL, Portee: webhooks.PorteeTout, Zone: moissac},
	} {
		_, err := b.Creer(t.Context(), faux)
		wantCode(t, err, mednum.Invalide, "portee")
	}
	for range 19 {
		b.creer(t, a, webhooks.PorteeTout, "")
	}
	d.Cle = "de trop"
	_, err = b.Creer(t.Context(), d)
	wantCode(t, err, mednum.Conflit, "url")
}
