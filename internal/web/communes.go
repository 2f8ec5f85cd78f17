package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"html/template"
	"image/png"
	"time"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

type corpsCommune struct {
	Nom      string // with its preposition: "à Moissac"
	NomCourt string
	Titre    string
	Chemin   string
	Commune  *territoire.Commune
	EPCI     *territoire.EPCI
	Communes []lienCommune
	Ici      []carteLieu
	Autour   []carteLieu
	Reste    int // places that the poster does not name
	Fichiers []lienFichier
	CarteVue *vueCarte
	QR       template.URL
	Adresse  string
	Imprime  string
}

type lienCommune struct {
	Nom, Adresse string
	Lieux        int
}

func (s *site) serveCommunes(c *fiber.Ctx) error {
	type groupe struct {
		EPCI     *territoire.EPCI
		Communes []lienCommune
	}
	var groupes []groupe
	for i := range s.Territoire.EPCIs {
		e := &s.Territoire.EPCIs[i]
		if !e.Dedans {
			continue
		}
		groupes = append(groupes, groupe{EPCI: e, Communes: s.liensCommunes(e)})
	}
	return s.render(c, "communes", page{
		Titre: "L’aide numérique par commune " + s.Territoire.NomEn, Canonique: "/communes",
	}, groupes)
}

func (s *site) liensCommunes(e *territoire.EPCI) []lienCommune {
	var liens []lienCommune
	for _, code := range e.Communes {
		commune, ok := s.Territoire.Commune(code)
		if !ok {
			continue
		}
		liens = append(liens, lienCommune{commune.NomCourant(), "/communes/" + code, len(s.Catalogue.ParCommune(code))})
	}
	return liens
}

func (s *site) serveCommune(c *fiber.Ctx) error {
	corps, err := s.corpsCommune(c.UserContext(), c.Params("code"))
	if err != nil {
		return err
	}
	return s.render(c, "commune", page{
		Titre: corps.Titre, Canonique: corps.Chemin, Fil: filDe(corps.Chemin),
		Description: "Les lieux qui aident avec internet, l’ordinateur et les démarches " + corps.Nom + " et autour.",
	}, corps)
}

func (s *site) serveAfficheCommune(c *fiber.Ctx) error {
	corps, err := s.corpsCommune(c.UserContext(), c.Params("code"))
	if err != nil {
		return err
	}
	return s.serveAffiche(c, corps)
}

func (s *site) corpsCommune(ctx context.Context, code string) (corpsCommune, error) {
	commune, ok := s.Territoire.Commune(code)
	if !ok {
		return corpsCommune{}, fiber.ErrNotFound
	}
	corps := corpsCommune{
		Nom: textes.A(commune.NomCourant()), NomCourt: commune.NomCourant(), Commune: commune, Chemin: "/communes/" + code,
		Fichiers: liensFichiers("/communes/" + code),
		Titre:    "Aide numérique " + textes.A(commune.NomCourant()),
	}
	if epci, ok := s.Territoire.EPCI(commune.EPCI); ok {
		corps.EPCI = epci
	}
	ici := map[string]bool{}
	for _, t := range s.Catalogue.ParCommune(code) {
		ici[t.Vue.ID] = true
		k := s.carte(t, nil)
		corps.Ici = append(corps.Ici, k)
	}
	centre := commune.Centre
	corps.CarteVue = s.vueCarte(&centre)
	res, err := s.Catalogue.Chercher(ctx, catalogue.Recherche{Depart: &centre, Limite: 12})
	if err != nil {
		return corps, err
	}
	for _, t := range res.Trouves {
		if !ici[t.Vue.ID] && len(corps.Autour) < 6 {
			corps.Autour = append(corps.Autour, s.carte(t, nil))
		}
	}
	return corps, nil
}

func (s *site) serveEPCI(c *fiber.Ctx) error {
	corps, err := s.corpsEPCI(c.Params("code"))
	if err != nil {
		return err
	}
	return s.render(c, "commune", page{Titre: corps.Titre, Canonique: corps.Chemin, Fil: filDe(corps.Chemin)}, corps)
}

func (s *site) serveAfficheEPCI(c *fiber.Ctx) error {
	corps, err := s.corpsEPCI(c.Params("code"))
	if err != nil {
		return err
	}
	return s.serveAffiche(c, corps)
}

func (s *site) corpsEPCI(code string) (corpsCommune, error) {
	epci, ok := s.Territoire.EPCI(code)
	if !ok {
		return corpsCommune{}, fiber.ErrNotFound
	}
	corps := corpsCommune{
		Nom: "dans l’intercommunalité " + epci.NomLong(), NomCourt: epci.NomLong(), EPCI: epci, Chemin: "/epci/" + code,
		Titre: "Aide numérique : " + epci.NomLong(), Communes: s.liensCommunes(epci), CarteVue: s.vueCarte(nil),
		Fichiers: liensFichiers("/epci/" + code),
	}
	for _, t := range s.Catalogue.ParEPCI(code) {
		corps.Ici = append(corps.Ici, s.carte(t, nil))
	}
	return corps, nil
}

// serveAffiche is the poster to print: large type, the code to scan, the
// address to type and the number to call.
func (s *site) serveAffiche(c *fiber.Ctx, corps corpsCommune) error {
	corps.Adresse = s.lien(corps.Chemin)
	image, err := codeQR(corps.Adresse)
	if err != nil {
		return err
	}
	corps.Ici, corps.Reste = pourAffiche(corps.Ici)
	corps.Autour, _ = pourAffiche(corps.Autour)
	corps.QR, corps.Imprime = image, textes.DateLongue(s.aujourdhui())
	return s.render(c, "affiche", page{Titre: "Affiche : " + corps.Titre, SansIndex: true, Papier: true}, corps)
}

// lieuxParAffiche is how many places a poster names.
const lieuxParAffiche = 8

// pourAffiche keeps each place once, those that receive people first; reste is
// how many more there are.
func pourAffiche(cartes []carteLieu) (gardes []carteLieu, reste int) {
	vus := map[string]bool{}
	var mobiles []carteLieu
	for _, k := range cartes {
		switch {
		case vus[k.ID]:
			continue
		case k.Arret != "":
			mobiles = append(mobiles, k)
		default:
			gardes = append(gardes, k)
		}
		vus[k.ID] = true
	}
	gardes = append(gardes, mobiles...)
	n := min(len(gardes), lieuxParAffiche)
	return gardes[:n], len(gardes) - n
}

// codeQR draws an address as a QR code, an image inside the page (no other
// request, and the printer needs no network).
func codeQR(adresse string) (template.URL, error) {
	code, err := qr.Encode(adresse, qr.M, qr.Auto)
	if err != nil {
		return "", err
	}
	cote := code.Bounds().Dx()
	code, err = barcode.Scale(code, cote*8, cote*8)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, code); err != nil {
		return "", err
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), nil // made here
}

func (s *site) aujourdhui() (annee int, mois time.Month, jour int) {
	return s.Now().In(s.Territoire.Location()).Date()
}
