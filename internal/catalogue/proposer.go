package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// proposesMax is how many proposed places may wait: a flood of them must not
// fill the base. Each has permanencesMax permanences at most.
const (
	proposesMax    = 500
	permanencesMax = 20
)

// demandes are the columns without which a place cannot be proposed.
var demandes = []mednum.Champ{mednum.ChampNom, mednum.ChampAdresse, mednum.ChampCommune, mednum.ChampServices}

var consignesProposer = map[mednum.Champ]string{
	mednum.ChampNom:      "Indiquez le nom du lieu.",
	mednum.ChampAdresse:  "Indiquez l’adresse : le numéro et la rue, ou le lieu-dit.",
	mednum.ChampCommune:  "Indiquez la commune, ou son code INSEE.",
	mednum.ChampServices: "Dites quelle aide ce lieu propose.",
}

// Proposer keeps a place that somebody proposes, and returns its new public id.
// Anyone may: e.Droits are not asked. Nobody finds it until a coordinator
// publishes it (see Publier). champs are in the standard's CSV form; name,
// address, commune (its name or its INSEE code) and services are needed, and
// latitude and longitude may be given. The same key gives the same place.
//
// What the standard or the territory does not allow is "invalide", one error a
// field, joined; when 500 places wait, it is "en_trop".
func (c *Catalogue) Proposer(ctx context.Context, e Edition, champs map[mednum.Champ]string, permanences ...mednum.Permanence) (string, error) {
	l := mednum.Lieu{Statut: mednum.StatutPropose}
	if err := c.remplir(&l, e, champs, permanences); err != nil {
		return "", err
	}
	if e.Idempotence == "" {
		texte, err := json.Marshal([]any{e.Auteur, champs, permanences, c.now()})
		if err != nil {
			return "", err
		}
		somme := sha256.Sum256(texte)
		e.Idempotence = "proposition-" + hex.EncodeToString(somme[:12])
	}
	rev, err := c.base.RevisionDe(ctx, e.Idempotence)
	var refus *mednum.Error
	switch {
	case err == nil:
		return dejaProposee(&rev)
	case !errors.As(err, &refus) || refus.Code != mednum.Introuvable:
		return "", err
	case len(c.lieuxOu(func(v *Vue) bool { return v.Statut == mednum.StatutPropose })) >= proposesMax:
		return "", &mednum.Error{Code: mednum.EnTrop, Champ: "lieu", Message: "Trop de lieux proposés attendent déjà une réponse : revenez dans quelques jours."}
	}
	for essai := 1; ; essai++ {
		id, err := c.proposer(ctx, l, e, essai)
		if err == nil {
			return id, c.Actualiser(ctx)
		}
		if !errors.As(err, &refus) || refus.Code != mednum.Perime || essai == essais {
			return "", err
		}
	}
}

func dejaProposee(rev *mednum.Revision) (string, error) {
	if rev.Version != 1 {
		return "", &mednum.Error{Code: mednum.Conflit, Champ: "idempotence", Message: "Cette clé d’idempotence a déjà servi pour autre chose : prenez-en une nouvelle pour chaque modification."}
	}
	return rev.Lieu, nil
}

// proposer writes the first revision, under the next id of this key: one that
// is taken is "perime".
func (c *Catalogue) proposer(ctx context.Context, l mednum.Lieu, e Edition, essai int) (string, error) {
	reference := "proposition/" + e.Idempotence
	if essai > 1 {
		reference = fmt.Sprint(reference, "/", essai)
	}
	l.ID = mednum.NouvelID(reference)
	l = mednum.Consolider(l, nil, nil)
	rev, _ := mednum.Reviser(mednum.Lieu{}, l)
	rev.Auteur, rev.Voie, rev.Idempotence = e.Auteur, e.Voie, e.Idempotence
	rev.Apres.Version = rev.Version
	return l.ID, c.base.Save(ctx, rev)
}

// remplir gives a new place all its values.
func (c *Catalogue) remplir(l *mednum.Lieu, e Edition, champs map[mednum.Champ]string, permanences []mednum.Permanence) error {
	le := c.now()
	if len(permanences) > permanencesMax {
		return invalide("permanences", "Donnez %d permanences au plus : les autres se diront une fois le lieu publié.", permanencesMax)
	}
	valeurs, err := c.saisir(champs)
	if err != nil {
		return err
	}
	valeurs, err = c.accorder(l, valeurs)
	if err != nil {
		return err
	}
	if err := c.appliquer(l, part{champs: valeurs}, e.Auteur, le); err != nil {
		return err
	}
	for _, p := range permanences {
		if p.Arret != nil {
			arret := *p.Arret
			p.Arret = &arret
			if err := c.CompleterArret(p.Arret); err != nil {
				return err
			}
		}
		if _, err := l.AjouterPermanence(p); err != nil {
			return err
		}
	}
	commune, ok := c.territoire.Commune(valeurs[mednum.ChampCodeInsee])
	l.HorsTerritoire = ok && !commune.Dedans
	return nil
}

// saisir are the values of a proposal as they are to be kept, without those that
// are empty.
func (c *Catalogue) saisir(champs map[mednum.Champ]string) (map[mednum.Champ]string, error) {
	var fautes []error
	champs = maps.Clone(champs)
	maps.DeleteFunc(champs, func(_ mednum.Champ, valeur string) bool { return valeur == "" })
	valeurs := map[mednum.Champ]string{mednum.ChampPivot: mednum.PivotInconnu}
	for _, champ := range dansOrdre(champs) {
		if estPosition(champ) {
			valeurs[champ] = champs[champ]
			continue
		}
		valeur, err := mednum.Saisir(champ, champs[champ])
		if err != nil {
			fautes = append(fautes, err)
		} else {
			valeurs[champ] = valeur
		}
	}
	for _, champ := range demandes {
		dit := valeurs[champ] != "" || champ == mednum.ChampCommune && valeurs[mednum.ChampCodeInsee] != ""
		if !dit && champs[champ] == "" {
			fautes = append(fautes, invalide(string(champ), "%s", consignesProposer[champ]))
		}
	}
	return valeurs, errors.Join(fautes...)
}
