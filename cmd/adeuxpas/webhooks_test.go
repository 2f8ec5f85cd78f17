package main_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

// prevenu is a program that is told of changes, and verifies who tells.
type prevenu struct {
	*httptest.Server
	mu     sync.Mutex
	code   int
	secret string
	vus    []string // "place version", of messages whose signature is good
	faux   int
	appels int
}

func (p *prevenu) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	corps, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.appels++
	cle, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.secret, "whsec_"))
	m := hmac.New(sha256.New, cle)
	fmt.Fprintf(m, "%s.%s.%s", r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"), corps)
	if !slices.Contains(strings.Fields(r.Header.Get("webhook-signature")), "v1,"+base64.StdEncoding.EncodeToString(m.Sum(nil))) {
		p.faux++
	}
	if p.code == http.StatusOK {
		var lu struct {
			Evenements []struct {
				LieuID  string `json:"lieu_id"`
				Version int
			}
		}
		_ = json.Unmarshal(corps, &lu)
		for _, e := range lu.Evenements {
			p.vus = append(p.vus, fmt.Sprint(e.LieuID, " ", e.Version))
		}
	}
	w.WriteHeader(p.code)
}

func (p *prevenu) repondre(code int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.code = code
}

// attendre waits until what is looked for has come.
func (p *prevenu) attendre(t *testing.T, quoi string, delai time.Duration, venu func(*prevenu) bool) {
	t.Helper()
	fin := time.Now().Add(delai)
	for {
		p.mu.Lock()
		ok, vus, appels := venu(p), slices.Clone(p.vus), p.appels
		p.mu.Unlock()
		if ok {
			return
		}
		if time.Now().After(fin) {
			t.Fatalf("%s: after %v there were %d calls, %v", quoi, delai, appels, vus)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// abonner adds a webhook to a base, as the page does, behind a proxy when there
// is one.
func abonner(t *testing.T, base, adresse string, relais func(*http.Request) (*url.URL, error)) (*webhooks.Webhooks, webhooks.Webhook) {
	t.Helper()
	m := ouvrir(t, base)
	t.Cleanup(func() { _ = m.Close() })
	ter, err := territoire.Open(data.Defaut)
	if err != nil {
		t.Fatal(err)
	}
	lieux, err := catalogue.Open(t.Context(), m, ter, catalogue.Demarches{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	permis, err := sortie.LireReseaux([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	w := webhooks.New(webhooks.Pieces{Base: m, Catalogue: lieux, Territoire: ter, Now: time.Now, Sortie: sortie.New(sortie.Reglages{Permis: permis, Mandataire: relais})})
	h, err := w.Creer(t.Context(), webhooks.Demande{URL: adresse, Portee: webhooks.PorteeTout, Par: "cli", Cle: adresse})
	if err != nil {
		t.Fatal(err)
	}
	return w, h
}

// A webhook of the Internet is called through the outgoing proxy, one of this
// machine is not; what is private is asked of neither.
func TestSortieWebhooks(t *testing.T) {
	internet := chiffrer(t, "")
	r := newRelais(t, internet)
	u, err := url.Parse(r.url)
	if err != nil {
		t.Fatal(err)
	}
	dossier := t.TempDir()
	base := filepath.Join(dossier, "essai.db")
	demarrerAvec(t, dossier, []string{"HTTPS_PROXY=" + r.url, "HTTP_PROXY=" + r.url, "SSL_CERT_FILE=" + autorite(t, internet)}, "--base", base)
	w, h := abonner(t, base, "https://example.com/prevenir", http.ProxyURL(u))
	if _, err := w.Creer(t.Context(), webhooks.Demande{URL: "https://10.0.0.1/", Portee: webhooks.PorteeTout, Cle: "prive"}); err == nil {
		t.Error("a private address is accepted behind a proxy")
	}
	_, ici := abonner(t, base, "http://127.0.0.1:9/prevenir", nil) // not one that the service may call
	for _, id := range []string{h.ID, ici.ID} {
		if err := w.Essayer(t.Context(), id, "essai"); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]webhooks.Cause{h.ID: "", ici.ID: webhooks.Refusee}
	for fin := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		got := map[string]webhooks.Cause{}
		for id := range want {
			liste, err := w.Livraisons(t.Context(), id, 1)
			if err != nil {
				t.Fatal(err)
			}
			if len(liste) == 1 && !liste[0].Dernier.Le.IsZero() {
				got[id] = liste[0].Dernier.Cause
			}
		}
		if maps.Equal(got, want) {
			break
		}
		if time.Now().After(fin) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
	if hotes := r.hotes(); !slices.Equal(hotes, []string{"CONNECT example.com:443"}) {
		t.Errorf("the proxy saw %v", hotes)
	}
}

// Two services on one base tell a change once, whichever made it; what could not
// be told is told after a restart; the secret is nowhere but in the base.
func TestWebhooksEnService(t *testing.T) {
	t.Parallel() // it waits more than it works
	for _, m := range magasins {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			dossier := t.TempDir()
			base := m.base(t, dossier)
			options := []string{"--base", base, "--reseaux-permis", "127.0.0.1"}
			un, deux := demarrer(t, dossier, options...), demarrer(t, dossier, options...)
			p := &prevenu{code: http.StatusOK}
			p.Server = httptest.NewServer(p)
			defer p.Close()
			_, h := abonner(t, base, p.URL+"/jeton-prive", nil)
			p.secret = h.Secret
			secret, _ := jeton(t, dossier, "--nom", "Essai", "--departement", "--base", base)
			lieux := quelquesLieux(t, un, 2)
			modifier := func(s *serveur, id string, n int) {
				t.Helper()
				r := newRedacteur(secret, func() string { return s.url })
				for essai := 0; r.acquises() == 0; essai++ { // the service may still know the place as it was
					if err := r.modifier(id, fmt.Sprintf("%s-%d-%d", id, n, essai), n); err != nil {
						t.Fatal(err)
					}
				}
			}
			modifier(un, lieux[0], 1)
			p.attendre(t, "a change at one", 15*time.Second, func(p *prevenu) bool { return slices.Equal(p.vus, []string{lieux[0] + " 2"}) })
			modifier(deux, lieux[0], 2)
			p.attendre(t, "a change at the other", 15*time.Second, func(p *prevenu) bool { return len(p.vus) == 2 && p.vus[1] == lieux[0]+" 3" })

			if r := lancer(t, dossier, nil, "lieu", "fermer", lieux[0], "--du", demain(3), "--base", base); r.code != 0 {
				t.Fatal(r.stderr)
			}
			p.attendre(t, "a change by the command line", 15*time.Second, func(p *prevenu) bool { return len(p.vus) == 3 && p.vus[2] == lieux[0]+" 4" })

			p.repondre(http.StatusInternalServerError)
			modifier(un, lieux[1], 3)
			p.attendre(t, "a failure", 15*time.Second, func(p *prevenu) bool { return p.appels == 4 })
			un.stop()
			deux.stop()
			p.repondre(http.StatusOK)
			trois := demarrer(t, dossier, options...)
			p.attendre(t, "after a restart", 30*time.Second, func(p *prevenu) bool { return len(p.vus) == 4 && p.vus[3] == lieux[1]+" 2" })
			if p.faux > 0 {
				t.Errorf("%d signatures are wrong", p.faux)
			}
			trois.stop()
			r := lancer(t, dossier, nil, "sauvegarder", "--base", base, "copie")
			if r.code != 0 {
				t.Errorf("sauvegarder: %s", r.stderr)
			}
			for _, texte := range []string{un.stderr.String(), deux.stderr.String(), trois.stderr.String(), r.stdout, r.stderr} {
				if strings.Contains(texte, p.secret) || strings.Contains(texte, "jeton-prive") {
					t.Errorf("the secret, or the address, is told:\n%s", texte)
				}
			}
		})
	}
}
