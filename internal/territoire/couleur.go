package territoire

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// ContrasteMin is the least contrast of the accent colour with white: WCAG
// 2.2, success criterion 1.4.3, text of ordinary size.
const ContrasteMin = 4.5

var motifCouleur = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// contrasteAvecBlanc is the WCAG 2.2 contrast ratio of "#rrggbb" with white,
// from 1 to 21.
func contrasteAvecBlanc(couleur string) (float64, error) {
	if !motifCouleur.MatchString(couleur) {
		return 0, fmt.Errorf("« %s » n’est pas une couleur écrite #rrggbb", couleur)
	}
	v, err := strconv.ParseUint(couleur[1:], 16, 32)
	if err != nil {
		return 0, fmt.Errorf("« %s » n’est pas une couleur écrite #rrggbb", couleur)
	}
	luminance := 0.2126*lineaire(v>>16) + 0.7152*lineaire(v>>8) + 0.0722*lineaire(v)
	return 1.05 / (luminance + 0.05), nil
}

// lineaire turns the low byte, an sRGB channel, into linear light.
func lineaire(canal uint64) float64 {
	c := float64(canal&0xff) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}
