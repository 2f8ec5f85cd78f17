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
// author read: the change is refused when the place has moved since. Droits are
// what the author may change: none is nothing.
//
// Idempotence, when it is not empty, is the author's own key for this change,
// unique among all authors. A change with a key is always one revision, even
// when it says what was already so; asked again under the same key, it is not
// made again, whatever has happened since.
type Edition struct {
	Auteur      string
	Voie        string // app, telephone, lien, api, cli
	Droits      []mednum.Habilitation
	Version     int
	Idempotence string

	// siDifferent writes nothing when nothing changes, even under a key.
	siDifferent bool
	// restaure tells a return to an older state, which brings its own day of the
	// last change back.
	restaure bool
}

// essais is how many times a change is made again on a newer place, when its
// author asked for no version.
const essais = 5

// Modifier changes a place: it reads the newest one from the store, applies the
// change, consolidates, saves one revision and publishes. What changes what
// people say of the place is dated of today (mednum.Lieu.ModifieLe). It is the one way in
// which people's edits are written. The place that is returned is the new one;
// without a key it has the same version as before when the change changes
// nothing, so that the same change twice is written once; with a key that was
// already used it is the place as that change left it.
//
// An unknown place is "introuvable"; one that the author may not change is
// "interdit"; one that was withdrawn is "disparu"; one that was merged, or a
// key that served for another place, is "conflit"; a version that is no longer
// the newest is "perime". What change returns comes back as it is. On any error
// nothing is written, but for a store that stops answering once the change is
// accepted: asked again under its key, the change then succeeds.
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
	// The place is read before the key is looked for: a place that has moved by
	// this very change is then always seen with it.
	avant, err := c.base.Lieu(ctx, id)
	if err != nil {
		return mednum.Lieu{}, err
	}
	if err := c.autoriser(&avant, e.Droits); err != nil {
		return mednum.Lieu{}, err
	}
	if l, deja, err := c.deja(ctx, id, e); deja || err != nil {
		return l, err
	}
	if err := modifiable(&avant, e.Version); err != nil {
		return mednum.Lieu{}, err
	}
	rev, err := c.reviser(ctx, avant, e, change)
	if err != nil || rev.Version == avant.Version {
		return avant, err
	}
	err = c.base.Save(ctx, rev)
	// Two that ask at once under one key: whoever wrote, both have that answer.
	if l, deja, err := c.deja(ctx, id, e); deja || err != nil {
		return l, err
	}
	return rev.Apres, err
}

// deja is the place as an earlier change under the same key left it.
func (c *Catalogue) deja(ctx context.Context, id string, e Edition) (l mednum.Lieu, deja bool, err error) {
	if e.Idempotence == "" {
		return l, false, nil
	}
	rev, err := c.base.RevisionDe(ctx, e.Idempotence)
	var refus *mednum.Error
	switch {
	case errors.As(err, &refus) && refus.Code == mednum.Introuvable:
		return l, false, nil
	case err != nil:
		return l, false, err
	case rev.Lieu != id:
		return l, false, &mednum.Error{Code: mednum.Conflit, Champ: "idempotence", Message: "Cette clé d’idempotence a déjà servi pour un autre lieu : prenez-en une nouvelle pour chaque modification."}
	}
	return rev.Apres, true, nil
}

// reviser makes the signed revision of a change; its version is that of avant
// when there is nothing to write.
func (c *Catalogue) reviser(ctx context.Context, avant mednum.Lieu, e Edition, change func(*mednum.Lieu) error) (rev mednum.Revision, err error) {
	rien := mednum.Revision{Version: avant.Version}
	apres := avant
	apres.Permanences, apres.Exceptions = slices.Clone(avant.Permanences), slices.Clone(avant.Exceptions)
	apres.Corrections, apres.Retouches = maps.Clone(avant.Corrections), maps.Clone(avant.Retouches)
	apres.Attentes = slices.Clone(avant.Attentes)
	if err := change(&apres); err != nil || e.Idempotence == "" && mednum.Identiques(avant, apres) {
		return rien, err
	}
	if !e.restaure && e.Voie != "import" && !mednum.MemesDires(&avant, &apres) {
		apres.ModifieLe, apres.ModifiePar = c.jour(c.now()), e.Auteur
	}
	fiches, err := c.base.FichesDe(ctx, avant.ID)
	if err != nil {
		return rien, err
	}
	flux, err := c.base.Flux(ctx)
	if err != nil {
		return rien, err
	}
	apres = mednum.Consolider(apres, fiches, flux)
	if commune, ok := c.territoire.Commune(apres.Champs.CodeInsee); ok && apres.Champs.CodeInsee != avant.Champs.CodeInsee {
		apres.HorsTerritoire = !commune.Dedans
	}
	rev, changed := mednum.Reviser(avant, apres)
	if !changed && (e.Idempotence == "" || e.siDifferent) {
		return rien, nil
	}
	rev.Lieu, rev.Version, rev.Apres = avant.ID, avant.Version+1, apres
	rev.Auteur, rev.Voie, rev.Idempotence = e.Auteur, e.Voie, e.Idempotence
	if rev.Idempotence == "" {
		if rev.Idempotence, err = cleIdempotence(rev); err != nil {
			return rien, err
		}
	}
	rev.Apres.Version = rev.Version
	return rev, nil
}

func modifiable(l *mednum.Lieu, version int) error {
	switch {
	case l.Statut == mednum.StatutFusionne:
		return &mednum.Error{Code: mednum.Conflit, Champ: "id", Message: fmt.Sprintf("Ce lieu a été réuni avec un autre : modifiez le lieu %s.", l.Vers)}
	case l.Statut == mednum.StatutRetire:
		return &mednum.Error{Code: mednum.Disparu, Champ: "id", Message: "Ce lieu est retiré : il ne se modifie plus."}
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
