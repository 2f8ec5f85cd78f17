package web

import (
	"bytes"
	"fmt"
	"image/png"
	"slices"
	"strconv"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// routesIntegrer is the generator of the line that shows the map on another site.
func (s *site) routesIntegrer(app *fiber.App) {
	app.Get("/integrer", s.serveIntegrer)
	app.Get("/integrer/qr.png", s.serveQR)
}

// The heights that a frame may be given, in CSS pixels. hauteurIframe is that
// of the plain frame when none is chosen: only the script can follow the content.
const (
	hauteurMin    = 300
	hauteurMax    = 3000
	hauteurIframe = 700
)

// themesOfferts are the looks that a host may impose, "" for the visitor's own.
var themesOfferts = []optionDroit{{"", "Selon l’appareil"}, {"clair", "Toujours clair"}, {"sombre", "Toujours sombre"}}

// integration is what the person who sets the frame chose.
type integration struct {
	Commune    *territoire.Commune // one of Commune and EPCI, once the form is right
	EPCI       *territoire.EPCI
	Familles   []string
	Services   []string
	Theme      string
	Accent     string // "9b3524", "" for that of the territory
	Hauteur    int    // CSS pixels, 0 to follow the content
	ListeSeule bool
}

// corpsIntegrer is the page of the generator.
type corpsIntegrer struct {
	Saisie   map[string]string // what stands in the fields, by parameter
	Fautes   []faute
	Choix    []lienChoix // other communes that the text may mean
	Choisi   bool        // something was asked: the page is not in its first state
	Familles []caseService
	Services []caseService
	Themes   []optionDroit
	EPCIs    []*territoire.EPCI
	Filtree  bool   // a family or a service is checked
	Nom      string // "Moissac", "" until the form is right
	Apercu   string // address of the frame, under the site's own path
	Hauteur  int    // of the preview, 0 for that of the page
	Lignes   lignes
	Affiche  string // path of the poster
}

// De is what is wrong with a field, "" when nothing is.
func (c *corpsIntegrer) De(champ string) string { return messageDu(c.Fautes, champ) }

// serveIntegrer shows the form, and for a form that is right the preview and the
// lines to copy. All that is chosen stands in the address.
func (s *site) serveIntegrer(c *fiber.Ctx) error {
	r := parseRequete(c)
	corps := corpsIntegrer{Saisie: map[string]string{}, Themes: themesOfferts}
	for _, nom := range []string{"commune", "epci", "accent", "theme", "hauteur", "liste-seule"} {
		corps.Saisie[nom] = r.Get(nom)
		corps.Choisi = corps.Choisi || r.Get(nom) != ""
	}
	i := s.lireIntegration(r, &corps)
	corps.Choisi = corps.Choisi || len(i.Familles)+len(i.Services) > 0
	corps.Filtree = len(i.Familles)+len(i.Services) > 0
	s.offrirIntegration(&corps, i)
	if !corps.Choisi {
		corps.Fautes = nil
	}
	titre := "Mettre la carte sur votre site"
	switch {
	case len(corps.Fautes) > 0:
		titre = "À corriger : mettre la carte sur votre site"
		c.Status(fiber.StatusBadRequest)
		c.Set(fiber.HeaderCacheControl, "no-store")
	case corps.Choisi:
		s.composer(&corps, i)
	}
	c.Set("Content-Security-Policy", s.politique("'none'")+"; frame-src 'self'") // the preview, on this page alone
	return s.render(c, "integrer", page{
		Titre: titre, Canonique: "/integrer", Large: true,
		Description: "Une ligne à copier, et la liste des lieux d’aide numérique est sur le site de votre commune.",
	}, &corps)
}

// offrirIntegration puts into the form what may be chosen.
func (s *site) offrirIntegration(corps *corpsIntegrer, i integration) {
	for _, f := range mednum.Familles {
		corps.Familles = append(corps.Familles, caseService{string(f), textes.Famille(string(f)), slices.Contains(i.Familles, string(f))})
	}
	for _, v := range mednum.Vocabulaire(mednum.ChampServices) {
		corps.Services = append(corps.Services, caseService{v, textes.Service(v), slices.Contains(i.Services, v)})
	}
	for k := range s.Territoire.EPCIs {
		if e := &s.Territoire.EPCIs[k]; e.Dedans {
			corps.EPCIs = append(corps.EPCIs, e)
		}
	}
}

// lireIntegration reads what was chosen, and notes what is wrong, field by field.
func (s *site) lireIntegration(r requete, corps *corpsIntegrer) (i integration) {
	refuser := func(champ, message string) { corps.Fautes = append(corps.Fautes, faute{champ, message}) }
	s.lireOu(r, corps, &i, refuser)
	for _, f := range r.Values["famille"] {
		switch {
		case f == "" || slices.Contains(i.Familles, f):
		case slices.Contains(mednum.Familles, mednum.Famille(f)):
			i.Familles = append(i.Familles, f)
		default:
			refuser("famille", "Cette famille n’existe pas : cochez France Services, médiation ou tiers-lieu.")
		}
	}
	for _, v := range r.Values[string(mednum.ChampServices)] {
		switch {
		case v == "" || slices.Contains(i.Services, v):
		case mednum.EstValeur(mednum.ChampServices, v):
			i.Services = append(i.Services, v)
		default:
			refuser("services", "Ce service n’est pas dans la liste : cochez l’un de ceux qui sont proposés.")
		}
	}
	if i.Theme = r.Get("theme"); i.Theme != "" && !slices.Contains(themes, i.Theme) {
		refuser("theme", "Choisissez l’apparence dans la liste.")
	}
	if texte := r.Get("accent"); texte != "" {
		var message string
		if i.Accent, message = lireAccent(texte, i.Theme); message != "" {
			refuser("accent", message)
		}
	}
	if texte := r.Get("hauteur"); texte != "" {
		n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(texte, "px")))
		if err != nil || n < hauteurMin || n > hauteurMax {
			refuser("hauteur", fmt.Sprintf("Donnez une hauteur entre %d et %d pixels, ou laissez vide.", hauteurMin, hauteurMax))
		}
		i.Hauteur = n
	}
	switch r.Get("liste-seule") {
	case "":
	case "oui":
		i.ListeSeule = true
	default:
		refuser("liste-seule", "Écrivez « oui », ou rien.")
	}
	return i
}

// lireOu reads the commune or the EPCI: one of them, not both.
func (s *site) lireOu(r requete, corps *corpsIntegrer, i *integration, refuser func(champ, message string)) {
	commune, epci := strings.Join(strings.Fields(r.Get("commune")), " "), r.Get("epci")
	switch {
	case commune == "" && epci == "":
		refuser("commune", "Écrivez le nom d’une commune, ou choisissez une intercommunalité.")
	case commune != "" && epci != "":
		refuser("epci", "Choisissez une commune ou une intercommunalité, pas les deux : videz l’une des deux cases.")
	case epci != "":
		if e, ok := s.Territoire.EPCI(epci); ok && e.Dedans {
			i.EPCI = e
			return
		}
		refuser("epci", "Cette intercommunalité n’est pas dans la liste : choisissez l’une de celles qui sont proposées.")
	case len([]rune(commune)) > texteMax:
		refuser("commune", fmt.Sprintf("Ce texte est trop long : %d caractères au plus.", texteMax))
	default:
		var message string
		if i.Commune, message = s.communeTapee(r, corps, commune); message != "" {
			refuser("commune", message)
		}
	}
}

// communeTapee is the commune of the territory that a text names: its INSEE
// code, its name or its postal code. Others that it may mean go into the page.
func (s *site) communeTapee(r requete, corps *corpsIntegrer, texte string) (*territoire.Commune, string) {
	lu := s.Territoire.Chercher(texte)
	commune, autres := lu.Commune, lu.Communes
	if c, ok := s.Territoire.Commune(texte); ok { // an address that holds a code
		commune, autres = c, lu.Communes
	}
	proposer := func(c *territoire.Commune) {
		if c.Dedans && c != commune {
			corps.Choix = append(corps.Choix, lienChoix{s.Territoire.Suggestion(c).Nom, "/integrer" + strings.TrimPrefix(r.remplace("commune", c.Code), "/")})
		}
	}
	for _, c := range autres {
		proposer(c)
	}
	for _, p := range lu.Suggestions {
		proposer(p.Commune)
	}
	switch {
	case commune != nil && commune.Dedans:
		if nom := s.Territoire.Suggestion(commune); texte == commune.Code {
			corps.Saisie["commune"] = nom.Nom
			if s.Territoire.Chercher(nom.Nom).Commune != commune {
				corps.Saisie["commune"] = nom.Requete
			}
		}
		return commune, ""
	case commune != nil:
		return nil, fmt.Sprintf("%s n’est pas %s : écrivez une commune du département.", commune.NomCourant(), s.Territoire.NomEn)
	case len(corps.Choix) > 0:
		return nil, fmt.Sprintf("« %s » peut être plusieurs communes, ou s’écrit autrement : choisissez ci-dessous.", texte)
	}
	return nil, fmt.Sprintf("Nous ne connaissons pas la commune « %s » : vérifiez son nom.", texte)
}

// composer makes the preview and the lines of a form that is right.
func (s *site) composer(corps *corpsIntegrer, i integration) {
	corps.Nom = i.nom()
	corps.Apercu = s.chemin("/embarque/?" + i.parametres().Encode())
	corps.Hauteur = i.Hauteur
	corps.Lignes = s.lignes(i)
	corps.Affiche = i.chemin() + "/affiche"
}

// serveQR is the code to scan that leads to the page of a commune or of an EPCI.
func (s *site) serveQR(c *fiber.Ctx) error {
	i := integration{}
	var ok bool
	if i.Commune, ok = s.Territoire.Commune(c.Query("commune")); !ok {
		i.Commune = nil
		if i.EPCI, ok = s.Territoire.EPCI(c.Query("epci")); !ok {
			return fiber.ErrNotFound
		}
	}
	image, err := imageQR(s.lien(i.chemin()))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/png")
	return s.sendCached(c, image, "public, max-age=86400")
}

// imageQR draws an address as a QR code, in PNG: white margins of four modules
// (ISO/IEC 18004), so that it may be put on any background.
func imageQR(adresse string) ([]byte, error) {
	code, err := qr.Encode(adresse, qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	cote := code.Bounds().Dx()
	if code, err = barcode.Scale(code, cote*modulePx, cote*modulePx); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, avecMarge(code))
	return b.Bytes(), err
}
