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
	return contraste(v, 0xffffff), nil
}

// luminance is the WCAG 2.2 relative luminance of 0xrrggbb, from 0 to 1.
func luminance(v uint64) float64 {
	return 0.2126*lineaire(v>>16) + 0.7152*lineaire(v>>8) + 0.0722*lineaire(v)
}

// contraste is the WCAG 2.2 contrast ratio of two colours, from 1 to 21.
func contraste(a, b uint64) float64 {
	clair, sombre := max(luminance(a), luminance(b)), min(luminance(a), luminance(b))
	return (clair + 0.05) / (sombre + 0.05)
}

// The text that stands on an accent colour, on light pages and on dark ones.
const (
	TexteSurClair  = "#ffffff"
	TexteSurSombre = "#14181d"
)

// What an accent colour is read on: the darkest of the light backgrounds and the
// lightest of the dark ones (--sable in frontend/styles/jetons.css and
// sombre.css), so that it is readable on all of them.
const (
	fondClair  = 0xf6efe6
	fondSombre = 0x232a32
)

// Accents are an accent colour, six hexadecimal digits, as "#rrggbb" that can be
// read on light pages and on dark ones, and under TexteSurClair and
// TexteSurSombre: itself where its contrast is ContrasteMin or more, otherwise
// darkened or lightened, hue kept, until it is. Both are "" for what is not a
// colour.
func Accents(couleur string) (clair, sombre string) {
	v, err := strconv.ParseUint(couleur, 16, 32)
	if err != nil || !motifCouleur.MatchString("#"+couleur) {
		return "", ""
	}
	return lisible(v, 0x000000, fondClair, 0xffffff), lisible(v, 0xffffff, fondSombre, 0x14181d)
}

// lisible mixes a colour with black or white, as little as is needed to be read
// on each of the others.
func lisible(v, vers uint64, sur ...uint64) string {
	for part := range 101 {
		c := melange(v, vers, part)
		if contraste(c, sur[0]) >= ContrasteMin && contraste(c, sur[1]) >= ContrasteMin {
			return fmt.Sprintf("#%06x", c)
		}
	}
	return fmt.Sprintf("#%06x", vers)
}

// melange is v with part hundredths of another colour.
func melange(v, autre uint64, part int) (c uint64) {
	for _, decalage := range []int{16, 8, 0} {
		a, b := v>>decalage&0xff, autre>>decalage&0xff
		c |= (a*uint64(100-part) + b*uint64(part) + 50) / 100 << decalage
	}
	return c
}

// lineaire turns the low byte, an sRGB channel, into linear light.
func lineaire(canal uint64) float64 {
	c := float64(canal&0xff) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}
