package compte

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// genreOIDC is the genre of sign-ins and sign-outs under way at ProConnect.
const genreOIDC = "oidc"

const (
	// DureeProConnect is how long a person may take at ProConnect.
	DureeProConnect = 10 * time.Minute
	// delaiProConnect is how long one answer of ProConnect may take.
	delaiProConnect = 4 * time.Second
	// reponseMax is the length of one answer, in bytes.
	reponseMax = 1 << 20
	// repriseMax is the longest wait between two tries to find ProConnect.
	repriseMax = 5 * time.Minute
)

// ReglagesProConnect are how this service is known to ProConnect.
type ReglagesProConnect struct {
	Emetteur, Client, Secret string // the issuer's address, and what it gave us
	URLRetour, URLSortie     string // where it sends people back, signed in and signed out
	// EnClair accepts what a provider says of a person without a signature of
	// its own (ProConnect always signs).
	EnClair bool
}

// ProConnect signs people in with what the State knows of them (OpenID Connect
// 1.0, code flow, with PKCE). Every method is safe for concurrent use.
type ProConnect struct {
	comptes  *Comptes
	reglages ReglagesProConnect
	client   *http.Client
	courant  atomic.Pointer[fournisseur] // nil until it has answered once
}

// fournisseur is what ProConnect says of itself.
type fournisseur struct {
	oidc   *oidc.Provider
	oauth  oauth2.Config
	sortie string // end_session_endpoint
}

// OuvrirProConnect looks for ProConnect until it answers or ctx ends, and never
// waits for it: the service starts without it.
func OuvrirProConnect(ctx context.Context, c *Comptes, r ReglagesProConnect) *ProConnect {
	p := &ProConnect{comptes: c, reglages: r, client: &http.Client{
		Timeout:       delaiProConnect,
		Transport:     borne{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	go p.chercher(ctx)
	return p
}

// borne cuts answers that have no end.
type borne struct{ http.RoundTripper }

func (b borne) RoundTrip(r *http.Request) (*http.Response, error) {
	rep, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		rep.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(rep.Body, reponseMax), rep.Body}
	}
	return rep, err
}

func (p *ProConnect) chercher(ctx context.Context) {
	for attente := time.Second; ; attente = min(2*attente, repriseMax) {
		f, err := p.decouvrir(ctx)
		if err == nil {
			p.courant.Store(f)
			return
		}
		if ctx.Err() != nil {
			return
		}
		slog.Warn("ProConnect ne répond pas : nouvel essai", "dans", attente, "cause", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(attente):
		}
	}
}

// decouvrir reads the provider's own description (OpenID Connect Discovery 1.0).
func (p *ProConnect) decouvrir(ctx context.Context) (*fournisseur, error) {
	o, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.reglages.Emetteur)
	if err != nil {
		return nil, err
	}
	var plus struct {
		Sortie string `json:"end_session_endpoint"`
	}
	if err := o.Claims(&plus); err != nil {
		return nil, err
	}
	f := &fournisseur{oidc: o, sortie: plus.Sortie, oauth: oauth2.Config{
		ClientID: p.reglages.Client, ClientSecret: p.reglages.Secret, RedirectURL: p.reglages.URLRetour, Endpoint: o.Endpoint(),
		Scopes: []string{oidc.ScopeOpenID, "given_name", "usual_name", "email", "siret"},
	}}
	f.oauth.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	return f, nil
}

// Disponible tells whether ProConnect has answered once.
func (p *ProConnect) Disponible() bool { return p.courant.Load() != nil }

func proconnectMuet() error {
	return &mednum.Error{Code: mednum.Indisponible, Champ: "proconnect", Message: "ProConnect ne répond pas. Recommencez dans un moment, ou demandez un lien par courriel."}
}

func proconnectRefuse(message string) error {
	return &mednum.Error{Code: mednum.Anonyme, Champ: "proconnect", Message: message + " Recommencez, ou demandez un lien par courriel."}
}

// passage is one sign-in or sign-out under way. A sign-in is known by the secret
// of the browser's cookie, a sign-out by its state.
type passage struct {
	Etat      string    `json:"etat,omitempty"`
	Nonce     string    `json:"nonce,omitempty"`
	Verifieur string    `json:"verifieur,omitempty"` // of PKCE
	Suite     string    `json:"suite,omitempty"`
	Expire    time.Time `json:"expire"`
	Fait      bool      `json:"fait,omitempty"`
}

func (c *Comptes) poserPassage(ctx context.Context, secret string, v passage) error {
	v.Expire = c.seconde().Add(DureeProConnect)
	return store.Poser(ctx, c.base, store.Objet{Genre: genreOIDC, ID: hash(secret), Version: 1, Efface: v.Expire}, v)
}

// Depart begins a sign-in: where to send the browser, and the secret that it
// keeps until it comes back. suite is where it will go in the end.
func (p *ProConnect) Depart(ctx context.Context, suite string) (adresse, secret string, err error) {
	f := p.courant.Load()
	if f == nil {
		return "", "", proconnectMuet()
	}
	v := passage{Suite: suite, Verifieur: oauth2.GenerateVerifier()}
	for _, alea := range []*string{&secret, &v.Etat, &v.Nonce} {
		if *alea, err = tirer(); err != nil {
			return "", "", err
		}
	}
	adresse = f.oauth.AuthCodeURL(v.Etat, oidc.Nonce(v.Nonce), oauth2.S256ChallengeOption(v.Verifieur))
	return adresse, secret, p.comptes.poserPassage(ctx, secret, v)
}

// Entree is what a sign-in gives: the secret of the session, whose it is, and
// where to go.
type Entree struct {
	Session, Suite string
	Compte         mednum.Compte
}

// Retour ends a sign-in: secret is the browser's, etat and code what ProConnect
// sent it back with. A sign-in that is unknown, over, forged or that served
// already is "anonyme"; a provider that does not answer is "indisponible".
func (p *ProConnect) Retour(ctx context.Context, secret, etat, code, appareil string) (Entree, error) {
	f := p.courant.Load()
	if f == nil {
		return Entree{}, proconnectMuet()
	}
	v, err := p.comptes.finirPassage(ctx, secret, etat)
	if err != nil {
		return Entree{}, err
	}
	if code == "" {
		return Entree{}, proconnectRefuse("ProConnect ne vous a pas reconnu.")
	}
	who, idToken, err := p.identite(oidc.ClientContext(ctx, p.client), f, &v, code)
	if err != nil {
		return Entree{}, err
	}
	compte, err := p.comptes.compteDe(ctx, p.reglages.Emetteur+"|"+who.Sujet, who)
	if err != nil {
		return Entree{}, err
	}
	session, err := p.comptes.ouvrirSession(ctx, compte.ID, appareil, idToken)
	if err == nil {
		p.comptes.noterEntree(ctx, compte.ID)
	}
	return Entree{Session: session, Suite: v.Suite, Compte: compte}, err
}

// finirPassage spends a sign-in: of two that come back at once, one does. A
// wrong state spends nothing.
func (c *Comptes) finirPassage(ctx context.Context, secret, etat string) (passage, error) {
	inconnu := proconnectRefuse("Cette connexion par ProConnect n’a pas commencé sur cet appareil, ou elle a trop duré.")
	if !estSecret(secret) {
		return passage{}, inconnu
	}
	v, o, err := store.Lire[passage](ctx, c.base, genreOIDC, hash(secret))
	switch {
	case absent(err):
		return passage{}, inconnu
	case err != nil:
		return passage{}, err
	case subtle.ConstantTimeCompare([]byte(v.Etat), []byte(etat)) != 1 || !c.now().Before(v.Expire):
		return passage{}, inconnu
	}
	servi := proconnectRefuse("Cette connexion par ProConnect a déjà servi.")
	if v.Fait {
		return passage{}, servi
	}
	fini := passage{Etat: v.Etat, Expire: v.Expire, Fait: true}
	o.Version++
	if err := store.Poser(ctx, c.base, o, fini); estCode(err, mednum.Perime) {
		return passage{}, servi
	} else if err != nil {
		return passage{}, err
	}
	return v, nil
}

// Sortie is where to send a browser that has just signed out, to sign out of
// ProConnect too; "" when ProConnect knows no such way, or does not answer.
func (p *ProConnect) Sortie(ctx context.Context, idToken string) (string, error) {
	f := p.courant.Load()
	if f == nil || f.sortie == "" {
		return "", nil
	}
	u, err := url.Parse(f.sortie)
	if err != nil {
		return "", fmt.Errorf("end_session_endpoint: %w", err)
	}
	etat, err := tirer()
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set("id_token_hint", idToken)
	q.Set("state", etat)
	q.Set("post_logout_redirect_uri", p.reglages.URLSortie)
	u.RawQuery = q.Encode()
	return u.String(), p.comptes.poserPassage(ctx, etat, passage{Etat: etat})
}

// Sorti ends a sign-out: it tells whether this state is of one that was under
// way.
func (p *ProConnect) Sorti(ctx context.Context, etat string) (bool, error) {
	_, err := p.comptes.finirPassage(ctx, etat, etat)
	if estCode(err, mednum.Anonyme) {
		return false, nil
	}
	return err == nil, err
}

// muet tells a provider that does not answer from one that answers no.
func muet(err error) bool {
	var reseau *url.Error
	var statut *oauth2.RetrieveError
	return errors.As(err, &reseau) || errors.Is(err, context.DeadlineExceeded) ||
		errors.As(err, &statut) && statut.Response.StatusCode >= http.StatusInternalServerError
}
