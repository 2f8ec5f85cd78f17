package ecoute

import (
	"context"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// What people who have no account may tell in a day, of one place and in all, for
// every program on the base.
const (
	parLieu = 20
	parJour = 500
	unJour  = 24 * time.Hour

	genreCompteur = "compteursignalement"
)

// compteur is how many were counted since Debut.
type compteur struct {
	Debut time.Time `json:"debut"`
	N     int       `json:"n"`
}

// borner refuses ("en_trop") what comes too often in a day, of one place or of
// all of them.
func (s *Signalements) borner(ctx context.Context, lieu string) error {
	trop := &mednum.Error{Code: mednum.EnTrop, Champ: "lieu", Message: "Nous avons déjà reçu beaucoup de signalements aujourd’hui. Recommencez demain."}
	compteurs := compteurs{s.base, genreCompteur, s.seconde}
	ok, err := compteurs.prendre(ctx, "lieu/"+lieu, parLieu)
	if err == nil && ok {
		ok, err = compteurs.prendre(ctx, "tous", parJour)
	}
	if err == nil && !ok {
		return trop
	}
	return err
}

// compteurs are the counts of a day that the programs on one base share, kept
// under a genre of object.
type compteurs struct {
	base    store.Magasin
	genre   string
	seconde func() time.Time
}

// prendre counts one more of a key in a day, for every program, and tells
// whether it may pass. What is refused is not counted.
func (s compteurs) prendre(ctx context.Context, cle string, nombre int) (bool, error) {
	for range essais {
		v, o, err := store.Lire[compteur](ctx, s.base, s.genre, cle)
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
		err = store.Poser(ctx, s.base, store.Objet{Genre: s.genre, ID: cle, Version: o.Version + 1, Efface: v.Debut.Add(unJour)}, v)
		if !estCode(err, mednum.Perime) {
			return err == nil, err
		}
	}
	return false, store.ObjetPerime(s.genre)
}
