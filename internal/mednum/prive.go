package mednum

import (
	"maps"
	"slices"
	"strings"
)

// PrefixeCompte begins an author who is a person's account: the rest is its id.
const PrefixeCompte = "compte:"

// PrefixeLien begins an author who answered a reminder without signing in: the
// rest names the link, and nobody.
const PrefixeLien = "lien:"

// quelquun stands for the author that is not told.
const quelquun = "personne"

// SansComptes is the place without what is private: accounts as authors or as
// who holds a permanence, and what waits. It shares no map nor list with l. An
// author that is no account (cli, a program's name) stays.
func (l Lieu) SansComptes() Lieu {
	l.VerifiePar, l.ModifiePar = sansCompte(l.VerifiePar), sansCompte(l.ModifiePar)
	l.Corrections, l.Retouches, l.Provenance = maps.Clone(l.Corrections), maps.Clone(l.Retouches), maps.Clone(l.Provenance)
	l.ProvenanceValeurs = maps.Clone(l.ProvenanceValeurs)
	for champ, correction := range l.Corrections {
		correction.Auteur = sansCompte(correction.Auteur)
		l.Corrections[champ] = correction
	}
	for champ, origine := range l.Provenance {
		origine.Compte = sansCompte(origine.Compte)
		l.Provenance[champ] = origine
	}
	for id, r := range l.Retouches {
		r.Auteur, r.Compte = sansCompte(r.Auteur), ""
		l.Retouches[id] = r
	}
	maps.DeleteFunc(l.Retouches, func(_ string, r Retouche) bool { return !r.contredit() })
	l.Permanences = slices.Clone(l.Permanences)
	for i := range l.Permanences {
		l.Permanences[i].Compte = ""
	}
	l.Attentes = nil
	return l
}

func sansCompte(auteur string) string {
	if strings.HasPrefix(auteur, PrefixeCompte) || strings.HasPrefix(auteur, PrefixeLien) {
		return quelquun
	}
	return auteur
}
