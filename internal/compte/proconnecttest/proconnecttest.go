// Package proconnecttest is a ProConnect of the tests' own: an OpenID Connect
// provider that asks nobody anything, refuses what ProConnect refuses, and lies
// when it is told to.
package proconnecttest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the provider gave the service.
const (
	Client = "adeuxpas-essai"
	Secret = "un secret d’essai"
)

// Fournisseur is the provider. Its fields may be changed between two requests.
type Fournisseur struct {
	URL string
	// Retour and Sortie are the addresses that the service declared.
	Retour, Sortie string
	Now            func() time.Time
	// Personne is who signs in: claims of the signed userinfo, "sub" of both.
	Personne map[string]any
	// IDToken and Infos change the claims before they are signed.
	IDToken, Infos func(map[string]any)
	// AutreCle signs the userinfo with a key that the provider does not publish,
	// EnClair does not sign it.
	AutreCle, EnClair bool
	// Panne answers 503 to everything; Lenteur waits before the token.
	Panne   bool
	Lenteur time.Duration
	// Refus is the error with which people are sent back.
	Refus string

	mu      sync.Mutex
	cle     *rsa.PrivateKey
	autre   *rsa.PrivateKey
	codes   map[string]url.Values // what was asked, by code
	acces   map[string]bool
	Sorties int // sign-outs that were asked as they must be
}

// cles are made once: that takes a while. The provider publishes the first.
var cles = sync.OnceValues(func() (cles [2]*rsa.PrivateKey, err error) {
	for i := range cles {
		if cles[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return cles, err
		}
	}
	return cles, nil
})

// New starts a provider.
func New(t testing.TB, now func() time.Time) *Fournisseur {
	t.Helper()
	cles, err := cles()
	if err != nil {
		t.Fatal(err)
	}
	f := &Fournisseur{
		Now: now, codes: map[string]url.Values{}, acces: map[string]bool{}, cle: cles[0], autre: cles[1],
		Personne: map[string]any{
			"sub": "une-personne", "email": "jeanne.essai@mairie-exemple.fr", "given_name": "Jeanne", "usual_name": "Essai", "siret": "21820112300011",
		},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", f.description)
	mux.HandleFunc("GET /authorize", f.authorize)
	mux.HandleFunc("POST /token", f.token)
	mux.HandleFunc("GET /userinfo", f.userinfo)
	mux.HandleFunc("GET /jwks", f.jwks)
	mux.HandleFunc("GET /session/end", f.fin)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.Panne {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	f.URL = s.URL
	return f
}

// Changer changes the provider between two of its answers.
func (f *Fournisseur) Changer(change func(*Fournisseur)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func repondre(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (f *Fournisseur) description(w http.ResponseWriter, _ *http.Request) {
	repondre(w, map[string]any{
		"issuer": f.URL, "authorization_endpoint": f.URL + "/authorize", "token_endpoint": f.URL + "/token",
		"userinfo_endpoint": f.URL + "/userinfo", "jwks_uri": f.URL + "/jwks", "end_session_endpoint": f.URL + "/session/end",
		"id_token_signing_alg_values_supported": []string{"RS256", "HS256"}, "code_challenge_methods_supported": []string{"S256"},
	})
}

// attendus are the parameters of a request to sign in: ProConnect refuses any
// other.
var attendus = []string{"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method"}

func (f *Fournisseur) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	for _, nom := range attendus {
		if len(q[nom]) != 1 {
			http.Error(w, "parameter "+nom, http.StatusBadRequest)
			return
		}
	}
	switch {
	case len(q) != len(attendus), q.Get("response_type") != "code", q.Get("client_id") != Client, q.Get("redirect_uri") != f.Retour,
		!strings.HasPrefix(q.Get("scope"), "openid "), len(q.Get("state")) < 32, len(q.Get("nonce")) < 32, q.Get("code_challenge_method") != "S256":
		http.Error(w, "a parameter is not as it must be", http.StatusBadRequest)
		return
	}
	retour := url.Values{"state": {q.Get("state")}}
	if f.Refus != "" {
		retour.Set("error", f.Refus)
	} else {
		code := rand.Text()
		f.codes[code] = q
		retour.Set("code", code)
	}
	http.Redirect(w, r, f.Retour+"?"+retour.Encode(), http.StatusSeeOther)
}

func (f *Fournisseur) token(w http.ResponseWriter, r *http.Request) {
	time.Sleep(f.Lenteur)
	demande, ok := f.codes[r.PostFormValue("code")]
	delete(f.codes, r.PostFormValue("code"))
	somme := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || r.PostFormValue("grant_type") != "authorization_code" || r.PostFormValue("client_id") != Client ||
		r.PostFormValue("client_secret") != Secret || r.PostFormValue("redirect_uri") != f.Retour ||
		b64(somme[:]) != demande.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		repondre(w, map[string]any{"error": "invalid_grant"})
		return
	}
	acces := rand.Text()
	f.acces[acces] = true
	somme = sha256.Sum256([]byte(acces))
	c := f.communs()
	c["nonce"], c["at_hash"] = demande.Get("nonce"), b64(somme[:16])
	if f.IDToken != nil {
		f.IDToken(c)
	}
	repondre(w, map[string]any{"access_token": acces, "token_type": "Bearer", "expires_in": 60, "id_token": signer(f.cle, c)})
}

// communs are the claims of whatever the provider signs.
func (f *Fournisseur) communs() map[string]any {
	maintenant := f.Now()
	return map[string]any{
		"iss": f.URL, "aud": Client, "sub": f.Personne["sub"], "iat": maintenant.Unix(), "exp": maintenant.Add(time.Minute).Unix(),
	}
}

func (f *Fournisseur) userinfo(w http.ResponseWriter, r *http.Request) {
	acces, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !f.acces[acces] {
		http.Error(w, "no such token", http.StatusUnauthorized)
		return
	}
	c := f.communs()
	maps.Copy(c, f.Personne)
	if f.Infos != nil {
		f.Infos(c)
	}
	if f.EnClair {
		repondre(w, c)
		return
	}
	cle := f.cle
	if f.AutreCle {
		cle = f.autre
	}
	w.Header().Set("Content-Type", "application/jwt; charset=utf-8")
	_, _ = w.Write([]byte(signer(cle, c)))
}

func (f *Fournisseur) jwks(w http.ResponseWriter, _ *http.Request) {
	repondre(w, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "essai",
		"n": b64(f.cle.N.Bytes()), "e": b64(big.NewInt(int64(f.cle.E)).Bytes()),
	}}})
}

func (f *Fournisseur) fin(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !f.signe(q.Get("id_token_hint")) || len(q.Get("state")) < 32 || q.Get("post_logout_redirect_uri") != f.Sortie {
		http.Error(w, "a parameter is not as it must be", http.StatusBadRequest)
		return
	}
	f.Sorties++
	http.Redirect(w, r, f.Sortie+"?"+url.Values{"state": {q.Get("state")}}.Encode(), http.StatusSeeOther)
}

func b64(octets []byte) string { return base64.RawURLEncoding.EncodeToString(octets) }

// signer makes a JWT (RS256, RFC 7518, 3.3).
func signer(cle *rsa.PrivateKey, c map[string]any) string {
	corps, err := json.Marshal(c)
	if err != nil {
		panic(err) // claims of a test
	}
	texte := b64([]byte(`{"alg":"RS256","typ":"JWT","kid":"essai"}`)) + "." + b64(corps)
	somme := sha256.Sum256([]byte(texte))
	signature, err := rsa.SignPKCS1v15(nil, cle, crypto.SHA256, somme[:])
	if err != nil {
		panic(err)
	}
	return texte + "." + b64(signature)
}

func (f *Fournisseur) signe(jwt string) bool {
	i := strings.LastIndex(jwt, ".")
	if i < 0 {
		return false
	}
	signature, err := base64.RawURLEncoding.DecodeString(jwt[i+1:])
	somme := sha256.Sum256([]byte(jwt[:i]))
	return err == nil && rsa.VerifyPKCS1v15(&f.cle.PublicKey, crypto.SHA256, somme[:], signature) == nil
}
