package catalogue

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// champTenue is the Difference of who holds a permanence.
const champTenue mednum.Champ = "permanence.compte"

// EnMots puts the values of a difference into plain French; nom gives the name
// of an account, by its id. What is not there is "rien".
func EnMots(d mednum.Difference, nom func(compte string) string) mednum.Difference {
	dire := func(valeur string) string {
		switch {
		case valeur == "":
			return "rien"
		case d.Champ == champTenue:
			return nom(valeur)
		case d.Champ == mednum.ChampHoraires:
			return direHoraires(valeur)
		case d.Champ == mednum.ChampTelephone:
			return textes.Telephone(valeur)
		case len(mednum.Vocabulaire(d.Champ)) > 0:
			return vocabulaireEnMots(d.Champ).Replace(valeur)
		case d.Champ == "permanence":
			return direDates(direPermanence(valeur))
		}
		return direDates(valeur)
	}
	d.Avant, d.Apres = dire(d.Avant), dire(d.Apres)
	return d
}

// vocabulaireEnMots puts values of a vocabulary, joined by commas, into words,
// which may hold commas of their own.
func vocabulaireEnMots(champ mednum.Champ) *strings.Replacer {
	valeurs := mednum.Vocabulaire(champ)
	slices.SortFunc(valeurs, func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // the longest that fits
	var paires []string
	for _, v := range valeurs {
		mots := textes.Valeur(string(champ), v)
		paires = append(paires, v+", ", mots+"\u00a0; ", v, mots)
	}
	return strings.NewReplacer(paires...)
}

// direHoraires says opening hours in one line; those that cannot be read are
// repeated.
func direHoraires(texte string) string {
	e, err := horaires.Parse(texte)
	if err != nil {
		return "«\u00a0" + texte + "\u00a0»"
	}
	return textes.Majuscule(textes.Regle(e))
}

// direPermanence puts into words the rule with which hours of help begin
// (mednum.Differences).
func direPermanence(texte string) string {
	parties := strings.Split(texte, ", ")
	for n := len(parties); n > 0; n-- {
		if e, err := horaires.Parse(strings.Join(parties[:n], ", ")); err == nil {
			return strings.Join(append([]string{textes.Majuscule(textes.Regle(e))}, parties[n:]...), ", ")
		}
	}
	return texte
}

var motifDate = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// direDates puts the dates of a text into words: "24 décembre 2026".
func direDates(texte string) string {
	return motifDate.ReplaceAllStringFunc(texte, func(date string) string {
		j, err := mednum.ParseDate(date)
		if err != nil {
			return date
		}
		return textes.DateLongue(j.Annee, j.Mois, j.Jour)
	})
}

// DireAuteur names the author of a revision, or of what waits; noms are the names
// of accounts, by id.
func DireAuteur(auteur string, noms map[string]string) string {
	id, personne := mednum.CompteDe(auteur)
	switch {
	case personne:
		return cmp.Or(noms[id], "quelqu’un")
	case strings.HasPrefix(auteur, mednum.PrefixeLien):
		return "quelqu’un du lieu, par un lien reçu"
	case auteur == "":
		return "un import"
	case auteur == "cli":
		return "l’équipe technique"
	}
	return auteur
}

// DireFermeture says a closing for good: "fermé pour de bon depuis le 24
// novembre 2026 (a déménagé)".
func DireFermeture(f *mednum.Fermeture) string {
	texte := "fermé pour de bon depuis le " + cmp.Or(direDates(f.Le.String()), "jour dit")
	if f.Motif != "" {
		texte += " (" + f.Motif + ")"
	}
	return texte
}
