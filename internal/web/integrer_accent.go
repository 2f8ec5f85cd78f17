package web

import (
	"strings"

	"82numerique.fr/adeuxpas/internal/territoire"
)

// lireAccent reads the accent colour of a frame, "9b3524", "#9b3524" or "#abc",
// as six digits. The page inside would make it readable by itself: message tells
// whoever chooses it, with the nearest colour that is readable in that theme.
func lireAccent(texte, theme string) (accent, message string) {
	accent = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(texte), "#"))
	if len(accent) == 3 {
		accent = string([]byte{accent[0], accent[0], accent[1], accent[1], accent[2], accent[2]})
	}
	if !motifAccent.MatchString(accent) {
		return "", "Écrivez la couleur avec six chiffres ou lettres de a à f, par exemple #9b3524."
	}
	lisible, sombre := territoire.Accents(accent)
	defaut := "trop pâle"
	if theme == "sombre" {
		lisible, defaut = sombre, "trop sombre"
	}
	if lisible != "#"+accent {
		return "", "Cette couleur est " + defaut + "\u00a0: on lirait mal les boutons. La plus proche qui se lit bien est " + lisible + "."
	}
	return accent, ""
}
