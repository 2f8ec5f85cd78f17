package web

import (
	"fmt"
	"html"
	"image"
	"image/color"
	"image/draw"
	"net/url"
	"strconv"
	"strings"
)

// titreCadre is the name that screen readers give the frame.
const titreCadre = "Aide numérique près de vous"

// lignes are the three ways to show the map elsewhere, ready to be copied.
type lignes struct {
	Iframe, Script string // HTML
	Lien           string // absolute address
	QR, NomQR      string // path of its code to scan, and the name of the saved file
}

// nom names what was chosen.
func (i integration) nom() string {
	if i.Commune != nil {
		return i.Commune.NomCourant()
	}
	return i.EPCI.NomLong()
}

// chemin is the page of what was chosen.
func (i integration) chemin() string {
	if i.Commune != nil {
		return "/communes/" + i.Commune.Code
	}
	return "/epci/" + i.EPCI.Code
}

// ou is the parameter that names what was chosen, and its value.
func (i integration) ou() (nom, code string) {
	if i.Commune != nil {
		return "commune", i.Commune.Code
	}
	return "epci", i.EPCI.Code
}

// parametres are those of /embarque/: the height is the frame's own business.
func (i integration) parametres() url.Values {
	v := url.Values{}
	nom, code := i.ou()
	v.Set(nom, code)
	for _, f := range i.Familles {
		v.Add("famille", f)
	}
	for _, x := range i.Services {
		v.Add("services", x)
	}
	if i.Accent != "" {
		v.Set("accent", i.Accent)
	}
	if i.Theme != "" {
		v.Set("theme", i.Theme)
	}
	if i.ListeSeule {
		v.Set("liste-seule", "oui")
	}
	return v
}

// lignes writes the three ways. Addresses are complete: they are read elsewhere.
func (s *site) lignes(i integration) lignes {
	hauteur := i.Hauteur
	if hauteur == 0 {
		hauteur = hauteurIframe
	}
	nom, code := i.ou()
	return lignes{
		Iframe: fmt.Sprintf(`<iframe src="%s" title="%s" width="100%%" height="%d" style="border:0" loading="lazy" allow="geolocation" referrerpolicy="no-referrer"></iframe>`,
			html.EscapeString(s.lien("/embarque/?"+i.parametres().Encode())), titreCadre, hauteur),
		Script: fmt.Sprintf(`<script async src="%s"%s></script>`, html.EscapeString(s.lien("/widget.v1.js")), i.attributs()),
		Lien:   s.lien(i.chemin()),
		QR:     "/integrer/qr.png?" + nom + "=" + code,
		NomQR:  "aide-numerique-" + code + ".png",
	}
}

// attributs are what the script reads: lists of families are separated by
// commas, those of services, whose names hold commas, by "|".
func (i integration) attributs() string {
	var b strings.Builder
	ajouter := func(nom, valeur string) {
		if valeur != "" {
			fmt.Fprintf(&b, ` data-%s="%s"`, nom, html.EscapeString(valeur))
		}
	}
	ajouter(i.ou())
	ajouter("famille", strings.Join(i.Familles, ","))
	ajouter("services", strings.Join(i.Services, "|"))
	ajouter("accent", i.Accent)
	ajouter("theme", i.Theme)
	if i.Hauteur > 0 {
		ajouter("hauteur", strconv.Itoa(i.Hauteur))
	}
	if i.ListeSeule {
		ajouter("liste-seule", "oui")
	}
	return b.String()
}

// The size of a module of a code to scan, in pixels, and its quiet zone, in
// modules (ISO/IEC 18004).
const (
	modulePx = 8
	margeQR  = 4
)

// avecMarge puts white around a code.
func avecMarge(code image.Image) image.Image {
	const marge = modulePx * margeQR
	cote := code.Bounds().Dx()
	dst := image.NewPaletted(image.Rect(0, 0, cote+2*marge, cote+2*marge), color.Palette{color.White, color.Black})
	draw.Draw(dst, image.Rect(marge, marge, marge+cote, marge+cote), code, code.Bounds().Min, draw.Src)
	return dst
}
