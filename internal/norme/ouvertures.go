package norme

import (
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// ouvrirHoraires sets horaires: as written when the text is of the OSM
// grammar, even where its hours are not plausible, which a person is then told;
// in the canonical form when it can be read to its end without a doubt.
// Otherwise the text stays in the details, and a person is told why.
func (b *brouillon) ouvrirHoraires(texte string) {
	if strings.TrimSpace(texte) == "" {
		return
	}
	lue := horaires.Lire(texte)
	_, err := horaires.Parse(texte)
	switch {
	case err == nil:
		b.mettre(mednum.ChampHoraires, texte)
		if len(lue.Doutes) > 0 {
			b.douter(mednum.ChampHoraires, texte, texte, "horaires gardés comme ils sont écrits, à vérifier. "+raisons(lue))
		}
	case lue.Certaine() && lue.Horaires != "":
		b.mettre(mednum.ChampHoraires, lue.Horaires)
		b.remarquer(mednum.ChampHoraires, texte, lue.Horaires, "écriture des horaires")
	case !lue.Certaine():
		b.detailler("Horaires : " + strings.TrimRight(enLigne(texte), ". ") + ".")
		b.douter(mednum.ChampHoraires, texte, "", raisons(lue))
	}
}

// raisons says, for a person, what a tolerant reading left or doubts.
func raisons(lue horaires.Lecture) string {
	var phrases []string
	switch {
	case len(lue.Compris) > 0 && len(lue.Reste) > 0:
		phrases = append(phrases, "une partie n’est pas comprise\u00a0: « "+strings.Join(lue.Reste, " », « ")+" »")
	case len(lue.Reste) > 0 && len(lue.Doutes) == 0:
		phrases = append(phrases, "horaires non compris")
	case len(lue.Doutes) == 0:
		phrases = append(phrases, "ces horaires changent dans l’année")
	}
	for _, d := range lue.Doutes {
		phrases = append(phrases, fmt.Sprintf("« %s »\u00a0: %s", d.Extrait, strings.TrimRight(d.Message, ".")))
	}
	if lue.Horaires != "" && len(lue.Reste) > 0 {
		phrases = append(phrases, "lecture possible du reste\u00a0: "+lue.Horaires)
	}
	return strings.Join(phrases, "\u00a0; ")
}
