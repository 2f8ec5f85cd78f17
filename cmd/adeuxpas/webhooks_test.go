package main_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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

// abonner adds a webhook to a base, as the page does.
func abonner(t *testing.T, base, adresse string) string {
	t.Helper()
	m := ouvrir(t, base)
	defer m.Close()
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
	w := webhooks.New(webhooks.Pieces{Base: m, Catalogue: lieux, Territoire: ter, Now: time.Now, Sortie: sortie.New(sortie.Reglages{Permis: permis})})
	h, err := w.Creer(t.Context(), webhooks.Demande{URL: adresse, Portee: webhooks.PorteeTout, Par: "cli", Cle: "essai"})
	if err != nil {
		t.Fatal(err)
	}
	return h.Secret
}

// Two services on one base tell a change once, whichever made it; what could not
// be told is told after a restart; the secret is nowhere but in the base.
func TestWebhooksEnService(t *testing.T) {
	for _, m := range magasins {
		t.Run(m.name, func(t *testing.T) {
			dossier := t.TempDir()
			base := m.base(t, dossier)
			options := []string{"--base", base, "--reseaux-permis", "127.0.0.1"}
			un, deux := demarrer(t, dossier, options...), demarrer(t, dossier, options...)
			p := &prevenu{code: http.StatusOK}
			p.Server = httptest.NewServer(p)
			defer p.Close()
			p.secret = abonner(t, base, p.URL+"/jeton-prive")
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

			p.repondre(http.StatusInternalServerError)
			modifier(un, lieux[1], 3)
			p.attendre(t, "a failure", 15*time.Second, func(p *prevenu) bool { return p.appels == 3 })
			un.stop()
			deux.stop()
			p.repondre(http.StatusOK)
			trois := demarrer(t, dossier, options...)
			p.attendre(t, "after a restart", 30*time.Second, func(p *prevenu) bool { return len(p.vus) == 3 && p.vus[2] == lieux[1]+" 2" })
			if p.faux > 0 {
				t.Errorf("%d signatures are wrong", p.faux)
			}
			trois.stop()
			r := lancer(t, dossier, nil, "sauvegarder", "--base", base, "copie")
			for _, texte := range []string{un.stderr.String(), deux.stderr.String(), trois.stderr.String(), r.stdout, r.stderr} {
				if strings.Contains(texte, p.secret) || strings.Contains(texte, "jeton-prive") {
					t.Errorf("the secret, or the address, is told:\n%s", texte)
				}
			}
		})
	}
}
