package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Edition signs a change. Version, when it is not 0, is the version that its
// author read: the change is refused when the place has moved since.
type Edition struct {
	Auteur  string
	Voie    string // app, lien, api, cli
	Version int
}

// essais is how many times a change is made again on a newer place, when its
// author asked for no version.
const essais = 5

// Modifier changes a place: it reads the newest one from the store, applies the
// change, consolidates, saves one revision and publishes. It is the one way in
// which people's edits are written. The place that is returned is the new one;
// it has the same version as before when the change changes nothing, so that
// the same change twice is written once.
//
// An unknown place is "introuvable"; one that was merged or withdrawn is
// "interdit"; a version that is no longer the newest is "perime". What change
// returns comes back as it is. On any error nothing is written.
func (c *Catalogue) Modifier(ctx context.Context, id string, e Edition, change func(*mednum.Lieu) error) (mednum.Lieu, error) {
	for essai := 1; ; essai++ {
		l, err := c.modifier(ctx, id, e, change)
		var refus *mednum.Error
		if err != nil && e.Version == 0 && essai < essais && errors.As(err, &refus) && refus.Code == mednum.Perime {
			continue
		}
		if err != nil {
			return mednum.Lieu{}, fmt.Errorf("lieu %s: %w", id, err)
		}
		return l, c.Actualiser(ctx)
	}
}

func (c *Catalogue) modifier(ctx context.Context, id string, e Edition, change func(*mednum.Lieu) error) (mednum.Lieu, error) {
	avant, err := c.base.Lieu(ctx, id)
	if err != nil {
		return mednum.Lieu{}, err
	}
	if err := modifiable(&avant, e.Version); err != nil {
		return mednum.Lieu{}, err
	}
	apres := avant
	apres.Permanences, apres.Exceptions = slices.Clone(avant.Permanences), slices.Clone(avant.Exceptions)
	apres.Corrections = maps.Clone(avant.Corrections)
	if err := change(&apres); err != nil || mednum.Identiques(avant, apres) {
		return avant, err
	}
	fiches, err := c.base.FichesDe(ctx, id)
	if err != nil {
		return mednum.Lieu{}, err
	}
	flux, err := c.base.Flux(ctx)
	if err != nil {
		return mednum.Lieu{}, err
	}
	rev, changed := mednum.Reviser(avant, mednum.Consolider(apres, fiches, flux))
	if !changed {
		return avant, nil
	}
	rev.Auteur, rev.Voie = e.Auteur, e.Voie
	if rev.Idempotence, err = cleIdempotence(rev); err != nil {
		return mednum.Lieu{}, err
	}
	rev.Apres.Version = rev.Version
	return rev.Apres, c.base.Save(ctx, rev)
}

func modifiable(l *mednum.Lieu, version int) error {
	switch {
	case l.Statut == mednum.StatutFusionne:
		return &mednum.Error{Code: mednum.Interdit, Champ: "id", Message: fmt.Sprintf("Ce lieu a été réuni avec un autre : modifiez le lieu %s.", l.Vers)}
	case l.Statut == mednum.StatutRetire:
		return &mednum.Error{Code: mednum.Interdit, Champ: "id", Message: "Ce lieu est retiré : il ne se modifie plus."}
	case version != 0 && version != l.Version:
		return &mednum.Error{Code: mednum.Perime, Champ: "version", Message: fmt.Sprintf(
			"Ce lieu en est à la version %d, et non %d : quelqu’un l’a modifié entre-temps. Relisez-le, puis recommencez.", l.Version, version)}
	}
	return nil
}

// cleIdempotence names a change by who makes it, of which version and what it
// becomes: two writers of the same change write it once.
func cleIdempotence(rev mednum.Revision) (string, error) {
	texte, err := json.Marshal(rev)
	if err != nil {
		return "", err
	}
	somme := sha256.Sum256(texte)
	return rev.Voie + "-" + hex.EncodeToString(somme[:12]), nil
}

// CompleterArret gives a stop the name and the postal code of its commune
// (CodeInsee) and, when it has no position, that of the commune's centre. A
// commune that the territory does not know is "invalide".
func (c *Catalogue) CompleterArret(a *mednum.Arret) error {
	commune, ok := c.territoire.Commune(a.CodeInsee)
	if !ok {
		return &mednum.Error{Code: mednum.Invalide, Champ: "commune", Message: fmt.Sprintf(
			"La commune de code INSEE « %s » n’est pas connue de ce territoire : vérifiez ce code, qui n’est pas le code postal.", a.CodeInsee)}
	}
	a.CodeInsee, a.Commune = commune.Code, commune.Nom
	if len(commune.CodesPostaux) > 0 {
		a.CodePostal = commune.CodesPostaux[0]
	}
	if a.Latitude == nil && a.Longitude == nil {
		centre := commune.Centre
		a.Latitude, a.Longitude, a.Precision = &centre.Lat, &centre.Lon, mednum.PrecisionCommune
	} else if a.Precision == "" {
		a.Precision = mednum.PrecisionMain
	}
	return nil
}
