package web

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/territoire"
)

// couleur is a colour, its channels red, green and blue (sRGB).
type couleur [3]uint8

var motifAccent = regexp.MustCompile(`^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$`)

// parseAccent reads "9b3524", "#9b3524" or "#abc".
func parseAccent(texte string) (c couleur, ok bool) {
	t := strings.ToLower(strings.TrimSpace(texte))
	if !motifAccent.MatchString(t) {
		return c, false
	}
	t = strings.TrimPrefix(t, "#")
	if len(t) == 3 {
		t = string([]byte{t[0], t[0], t[1], t[1], t[2], t[2]})
	}
	for k := range c {
		v, _ := strconv.ParseUint(t[2*k:2*k+2], 16, 8) // the pattern is of such digits
		c[k] = uint8(v)
	}
	return c, true
}

func (c couleur) String() string { return fmt.Sprintf("%02x%02x%02x", c[0], c[1], c[2]) }

// luminance is the relative luminance of WCAG 2.2, from 0 to 1.
func (c couleur) luminance() float64 {
	canal := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*canal(c[0]) + 0.7152*canal(c[1]) + 0.0722*canal(c[2])
}

// contraste is the ratio of WCAG 2.2 with another colour, from 1 to 21.
func (c couleur) contraste(autre couleur) float64 {
	a, b := c.luminance(), autre.luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// fondsAccent are what the accent colour is read on, or read under: white
// words on a button, coloured words on paper.
var fondsAccent = []couleur{{0xff, 0xff, 0xff}, {0xff, 0xfd, 0xf9}}

// lisible tells whether the accent is read well enough everywhere it is used.
func (c couleur) lisible() bool {
	for _, fond := range fondsAccent {
		if c.contraste(fond) < territoire.ContrasteMin {
			return false
		}
	}
	return true
}

// assombrie is the nearest darker shade of the same hue that is readable: the
// channels lose the same share, as little as possible.
func (c couleur) assombrie() couleur {
	for part := 255; part > 0; part-- {
		var d couleur
		for k, v := range c {
			d[k] = uint8(int(v) * part / 255)
		}
		if d.lisible() {
			return d
		}
	}
	return couleur{}
}

// lireAccent reads an accent colour; message says what is wrong with it, with
// the nearest readable colour.
func lireAccent(texte string) (accent, message string) {
	c, ok := parseAccent(texte)
	switch {
	case !ok:
		return "", "Écrivez la couleur avec six chiffres ou lettres de a à f, par exemple #9b3524."
	case !c.lisible():
		return "", fmt.Sprintf("Cette couleur est trop pâle : on lirait mal les boutons (contraste %s, il faut 4,5). La plus proche qui se lit bien est #%s.",
			strings.Replace(strconv.FormatFloat(math.Floor(10*c.contraste(fondsAccent[1]))/10, 'f', 1, 64), ".", ",", 1), c.assombrie())
	}
	return c.String(), ""
}
