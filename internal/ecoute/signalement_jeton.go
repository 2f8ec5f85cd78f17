package ecoute

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// What people who have no account may tell, in all of a day, for every program
// on the base.
const (
	parLieu = 20
	parJour = 500
	unJour  = 24 * time.Hour
)

// A form is filled by somebody: not within RemplirMin of being shown, and not
// after remplirMax.
const (
	RemplirMin = 3 * time.Second
	remplirMax = 24 * time.Hour
)

const (
	genreCle      = "cleformulaire"
	idCle         = "signalement"
	genreCompteur = "compteursignalement"
)

// secret signs forms: one for all programs on a base, drawn once.
type secret struct {
	mu  sync.Mutex
	cle []byte
}

type cleFormulaire struct {
	Cle []byte `json:"cle"`
}

func (s *Signalements) cle(ctx context.Context) ([]byte, error) {
	s.secret.mu.Lock()
	defer s.secret.mu.Unlock()
	if s.secret.cle != nil {
		return s.secret.cle, nil
	}
	v, _, err := store.Lire[cleFormulaire](ctx, s.base, genreCle, idCle)
	if estCode(err, mednum.Introuvable) {
		v.Cle = []byte(rand.Text())
		err = store.Poser(ctx, s.base, store.Objet{Genre: genreCle, ID: idCle, Version: 1}, v)
		if estCode(err, mednum.Perime) { // another program drew it
			v, _, err = store.Lire[cleFormulaire](ctx, s.base, genreCle, idCle)
		}
	}
	if err == nil {
		s.secret.cle = v.Cle
	}
	return s.secret.cle, err
}

// Jeton is what a form about a place carries: when it was shown, a number drawn
// for it, and a signature. It needs no cookie, and names nobody.
func (s *Signalements) Jeton(ctx context.Context, lieu string) (string, error) {
	cle, err := s.cle(ctx)
	if err != nil {
		return "", err
	}
	dit := strconv.FormatInt(s.now().Unix(), 36) + "." + rand.Text()[:12]
	return dit + "." + signer(cle, dit, lieu), nil
}

func signer(cle []byte, dit, lieu string) string {
	m := hmac.New(sha256.New, cle)
	m.Write([]byte(dit + "/" + lieu))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:18])
}

// jetonFaux refuses what is no seal of this service and place, or is too old;
// jetonRapide, a form that nobody had the time to fill.
var (
	jetonFaux   = invalide("jeton", "Cette page est incomplète, ou trop ancienne : relisez, puis envoyez de nouveau.")
	jetonRapide = invalide("jeton", "C’était très rapide. Relisez, puis envoyez de nouveau.")
)

// verifierJeton refuses ("invalide", field jeton) a form that this service did
// not show, of another place, filled too fast or kept too long.
func (s *Signalements) verifierJeton(ctx context.Context, lieu, jeton string) error {
	cle, err := s.cle(ctx)
	if err != nil {
		return err
	}
	i := strings.LastIndexByte(jeton, '.')
	if i < 0 || !hmac.Equal([]byte(signer(cle, jeton[:i], lieu)), []byte(jeton[i+1:])) {
		return jetonFaux
	}
	quand, _, _ := strings.Cut(jeton, ".")
	n, err := strconv.ParseInt(quand, 36, 64)
	age := s.now().Sub(time.Unix(n, 0))
	switch {
	case err != nil || age > remplirMax || age < -time.Minute:
		return jetonFaux
	case age < RemplirMin:
		return jetonRapide
	}
	return nil
}

// TropVite tells whether a form was refused for having been filled too fast: it
// may be sent again as it is.
func TropVite(err error) bool { return errors.Is(err, jetonRapide) }

// marqueDe is what is kept of the form that told something.
func marqueDe(jeton string) string {
	somme := sha256.Sum256([]byte(jeton))
	return hex.EncodeToString(somme[:8])
}

// compteur is how many were counted since Debut.
type compteur struct {
	Debut time.Time `json:"debut"`
	N     int       `json:"n"`
}

// borner refuses ("en_trop") what comes too often in a day, of one place or of
// all of them.
func (s *Signalements) borner(ctx context.Context, lieu string) error {
	trop := &mednum.Error{Code: mednum.EnTrop, Champ: "lieu", Message: "Nous avons déjà reçu beaucoup de signalements aujourd’hui. Recommencez demain."}
	ok, err := s.prendre(ctx, "lieu/"+lieu, parLieu)
	if err == nil && ok {
		ok, err = s.prendre(ctx, "tous", parJour)
	}
	if err == nil && !ok {
		return trop
	}
	return err
}

// prendre counts one more of a key in a day, for every program, and tells
// whether it may pass. What is refused is not counted.
func (s *Signalements) prendre(ctx context.Context, cle string, nombre int) (bool, error) {
	id := marqueDe(cle)
	for range essais {
		v, o, err := store.Lire[compteur](ctx, s.base, genreCompteur, id)
		if err != nil && !estCode(err, mednum.Introuvable) {
			return false, err
		}
		if le := s.seconde(); le.Sub(v.Debut) >= unJour {
			v = compteur{Debut: le}
		}
		if v.N >= nombre {
			return false, nil
		}
		v.N++
		err = store.Poser(ctx, s.base, store.Objet{Genre: genreCompteur, ID: id, Version: o.Version + 1, Efface: v.Debut.Add(unJour)}, v)
		if !estCode(err, mednum.Perime) {
			return err == nil, err
		}
	}
	return false, store.ObjetPerime(genreCompteur)
}
