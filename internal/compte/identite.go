package compte

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"regexp"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// identite is what ProConnect says of a person. Verifiee is nil when it says
// nothing of the address.
type identite struct {
	Sujet    string `json:"sub"`
	Courriel string `json:"email"`
	Verifiee *bool  `json:"email_verified"`
	Prenom   string `json:"given_name"`
	Nom      string `json:"usual_name"`
	Siret    string `json:"siret"`
}

// identite exchanges the code, and reads who it is from what was signed.
func (p *ProConnect) identite(ctx context.Context, f *fournisseur, v *passage, code string) (identite, string, error) {
	jeton, err := f.oauth.Exchange(ctx, code, oauth2.VerifierOption(v.Verifieur))
	if err != nil {
		return identite{}, "", p.echec("échange du code", err)
	}
	brut, _ := jeton.Extra("id_token").(string)
	idToken, err := p.verifierIDToken(ctx, f, brut, jeton.AccessToken, v.Nonce)
	if err != nil {
		return identite{}, "", p.echec("jeton d’identité", err)
	}
	who, err := p.lireIdentite(ctx, f, jeton)
	if err != nil {
		return identite{}, "", p.echec("userinfo", err)
	}
	if who.Sujet == "" || who.Sujet != idToken.Subject {
		return identite{}, "", p.echec("userinfo", errors.New("of another person"))
	}
	return who, brut, nil
}

// echec logs why, and says it without internal text.
func (p *ProConnect) echec(ou string, err error) error {
	slog.Warn("ProConnect", "étape", ou, "cause", err)
	if muet(err) {
		return proconnectMuet()
	}
	return proconnectRefuse("La réponse de ProConnect n’est pas celle que nous attendions.")
}

// verifierIDToken checks the signature, the issuer, the audience, the end and
// the nonce (OpenID Connect Core 1.0, 3.1.3.7).
func (p *ProConnect) verifierIDToken(ctx context.Context, f *fournisseur, brut, acces, nonce string) (*oidc.IDToken, error) {
	t, err := f.oidc.Verifier(&oidc.Config{ClientID: p.reglages.Client, Now: p.comptes.now}).Verify(ctx, brut)
	if err != nil {
		return nil, err
	}
	var plus struct {
		Partie string `json:"azp"`
	}
	if err := t.Claims(&plus); err != nil {
		return nil, err
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(t.Nonce), []byte(nonce)) != 1:
		return nil, errors.New("another nonce")
	case plus.Partie != "" && plus.Partie != p.reglages.Client, plus.Partie == "" && len(t.Audience) > 1:
		return nil, errors.New("for another client")
	case t.AccessTokenHash != "":
		return t, t.VerifyAccessToken(acces)
	}
	return t, nil
}

// lireIdentite asks who the person is. ProConnect signs its answer (OpenID
// Connect Core 1.0, 5.3.2): it is read only once its signature, its issuer, its
// audience and its end were checked.
func (p *ProConnect) lireIdentite(ctx context.Context, f *fournisseur, jeton *oauth2.Token) (who identite, err error) {
	corps, genre, err := p.demanderIdentite(ctx, f, jeton)
	if err != nil {
		return who, err
	}
	switch {
	case genre == "application/jwt":
		t, err := f.oidc.Verifier(&oidc.Config{ClientID: p.reglages.Client, SkipExpiryCheck: true}).Verify(ctx, string(corps))
		if err != nil {
			return who, err
		}
		if !t.Expiry.IsZero() && !p.comptes.now().Before(t.Expiry) { // the standard asks for no end
			return who, &oidc.TokenExpiredError{Expiry: t.Expiry}
		}
		return who, t.Claims(&who)
	case genre == "application/json" && p.reglages.EnClair:
		return who, json.Unmarshal(corps, &who)
	}
	return who, fmt.Errorf("%q is not signed", genre)
}

func (p *ProConnect) demanderIdentite(ctx context.Context, f *fournisseur, jeton *oauth2.Token) (corps []byte, genre string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.oidc.UserInfoEndpoint(), nil)
	if err != nil {
		return nil, "", err
	}
	jeton.SetAuthHeader(r)
	rep, err := p.client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer rep.Body.Close()
	if rep.StatusCode != http.StatusOK {
		return nil, "", errors.New(rep.Status)
	}
	if genre, _, err = mime.ParseMediaType(rep.Header.Get("Content-Type")); err != nil {
		return nil, "", err
	}
	corps, err = io.ReadAll(rep.Body)
	return corps, genre, err
}

var motifSiret = regexp.MustCompile(`^\d{14}$`)

// compteDe is the account of a person of ProConnect: by their subject; else by
// their address, which is theirs from then on; else a new one, without rights.
// The address of an account never changes here: another may have it.
func (c *Comptes) compteDe(ctx context.Context, sujet string, who identite) (mednum.Compte, error) {
	compte, err := c.compteDuSujet(ctx, sujet)
	if err != nil {
		return compte, err
	}
	if compte.ID == "" {
		courriel, err := mednum.LireCourriel(who.Courriel)
		if err != nil || who.Verifiee != nil && !*who.Verifiee {
			return compte, proconnectRefuse("ProConnect n’a pas donné d’adresse de courriel vérifiée.")
		}
		if compte, err = c.ouvrir(ctx, courriel, ""); err != nil {
			return compte, err
		}
	}
	return c.modifier(ctx, compte.ID, func(v *mednum.Compte) error {
		v.Sujet = sujet
		if motifSiret.MatchString(who.Siret) {
			v.Siret = who.Siret
		}
		if nom, err := mednum.LireNomCompte(strings.TrimSpace(who.Prenom + " " + who.Nom)); err == nil && v.Nom == "" {
			v.Nom = nom
		}
		return nil
	})
}

// compteDuSujet is the account of a subject, the zero one when none has it.
func (c *Comptes) compteDuSujet(ctx context.Context, sujet string) (mednum.Compte, error) {
	liste, err := store.LireTous[mednum.Compte](ctx, c.base, store.Choix{Genre: genreCompte, Cle: cleSujet(sujet), Limite: 1})
	if err != nil || len(liste) == 0 {
		return mednum.Compte{}, err
	}
	return liste[0], nil
}
