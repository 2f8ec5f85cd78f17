package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

const (
	routeHoraires = "/api/v1/lieux/:id/horaires"
	enteteCle     = "Idempotency-Key"
	corpsMax      = 8 << 10 // bytes of the body of a change
)

// preflightHoraires answers what a browser asks before a page of another site
// writes: with a token in its own hands it may, and nothing else gives it a
// right, since there is no cookie.
func preflightHoraires(c *fiber.Ctx) error {
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set(fiber.HeaderAccessControlAllowMethods, "PUT")
	c.Set(fiber.HeaderAccessControlAllowHeaders, "Authorization, Content-Type, If-Match, "+enteteCle)
	c.Set(fiber.HeaderAccessControlMaxAge, "86400")
	return c.SendStatus(fiber.StatusNoContent)
}

func onlyPut(c *fiber.Ctx) error {
	c.Set(fiber.HeaderAllow, "PUT, OPTIONS")
	return fiber.ErrMethodNotAllowed
}

// apiSetHoraires answers PUT /api/v1/lieux/{id}/horaires: the hours of a place,
// given by the program that holds a token.
func (s *site) apiSetHoraires(c *fiber.Ctx) error {
	jeton, err := s.jeton(c)
	if err != nil {
		return err
	}
	e := catalogue.Edition{Auteur: jeton.Nom, Voie: "api", Droits: jeton.Habilitations}
	if e.Version, err = versionLue(c); err != nil {
		return err
	}
	if e.Idempotence, err = cleDe(c, &jeton); err != nil {
		return err
	}
	h, err := parseHoraires(c)
	if err != nil {
		return err
	}
	v, err := s.Catalogue.SetHoraires(c.UserContext(), c.Params("id"), e, h)
	var metier *mednum.Error
	if errors.As(err, &metier) && metier.Code == mednum.Perime {
		return s.sendPerime(c, h)
	}
	if err != nil {
		return err
	}
	adresse := s.lien("/api/v1/lieux/" + v.ID)
	c.Set(fiber.HeaderLocation, adresse)
	c.Set(fiber.HeaderContentLocation, adresse)
	c.Set(fiber.HeaderETag, etagLieu(v, v.JSON))
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(v.JSON)
}

// jeton is the token of the request (RFC 6750).
func (s *site) jeton(c *fiber.Ctx) (mednum.Jeton, error) {
	const defi = `Bearer realm="adeuxpas"`
	genre, secret, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	if !strings.EqualFold(genre, "Bearer") {
		c.Set(fiber.HeaderWWWAuthenticate, defi)
		return mednum.Jeton{}, &mednum.Error{Code: mednum.Anonyme, Champ: "Authorization", Message: "Donnez votre jeton : « Authorization: Bearer adp_… »."}
	}
	j, err := s.Comptes.Authentifier(c.UserContext(), strings.TrimSpace(secret))
	var metier *mednum.Error
	if errors.As(err, &metier) && metier.Code == mednum.Anonyme {
		c.Set(fiber.HeaderWWWAuthenticate, defi+`, error="invalid_token"`)
	}
	return j, err
}

var motifCle = regexp.MustCompile(`^[A-Za-z0-9._~:+/=-]{1,128}$`)

// cleDe is the idempotency key of the request, which is the token's own: two
// programs may choose the same. It may be written between quotes.
func cleDe(c *fiber.Ctx, j *mednum.Jeton) (string, error) {
	cle := strings.TrimSpace(c.Get(enteteCle))
	if nu, ok := strings.CutPrefix(cle, `"`); ok {
		cle = strings.TrimSuffix(nu, `"`)
	}
	if !motifCle.MatchString(cle) {
		return "", invalide(enteteCle, "Donnez une clé, nouvelle pour chaque modification et la même si vous recommencez : 1 à 128 lettres sans accent, chiffres ou signes . _ ~ : + / = -.")
	}
	return "api/" + j.ID() + "/" + cle, nil
}

// parseHoraires reads {"horaires":"…","sens":"…"}: strictly, since what is
// misspelt here would be published.
func parseHoraires(c *fiber.Ctx) (h catalogue.Horaires, err error) {
	if len(c.Context().URI().QueryString()) > 0 {
		return h, invalide("adresse", "Cette adresse ne prend pas de paramètre : tout est dans le corps de la demande.")
	}
	genre, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || genre != fiber.MIMEApplicationJSON || c.Get(fiber.HeaderContentEncoding) != "" {
		return h, &refus{fiber.StatusUnsupportedMediaType, fiber.HeaderContentType, "Envoyez du JSON, non compressé : « Content-Type: application/json »."}
	}
	corps := c.Request().Body() // as it came: c.Body() would inflate it
	if len(corps) > corpsMax {
		return h, &refus{fiber.StatusRequestEntityTooLarge, "corps", fmt.Sprintf("Le corps de la demande a plus de %d octets : raccourcissez-le.", corpsMax)}
	}
	var membres map[string]json.RawMessage
	lecteur := json.NewDecoder(bytes.NewReader(corps))
	if err := lecteur.Decode(&membres); err != nil || lecteur.Decode(new(any)) != io.EOF {
		return h, invalide("corps", `Écrivez un objet JSON, comme {"horaires":"Mo-Fr 09:00-12:00; PH off"}.`)
	}
	return horairesDes(membres)
}

func horairesDes(membres map[string]json.RawMessage) (h catalogue.Horaires, err error) {
	for nom := range membres {
		if nom != "horaires" && nom != "sens" {
			return h, invalide(nom, "Ce champ n’existe pas ici. Ceux qui existent : horaires, sens.")
		}
	}
	texte, ok := membres["horaires"]
	if !ok {
		return h, invalide("horaires", "Donnez les horaires : un texte, ou null s’ils ne sont pas connus.")
	}
	if json.Unmarshal(texte, &h.Texte) != nil { // null leaves ""
		return h, invalide("horaires", "Les horaires sont un texte, ou null s’ils ne sont pas connus.")
	}
	if sens, ok := membres["sens"]; ok && json.Unmarshal(sens, &h.Sens) != nil {
		return h, invalide("sens", "Écrivez lieu, aide ou rien entre les guillemets.")
	}
	return h, nil
}

// problemePerime tells who comes too late what they would have overwritten.
type problemePerime struct {
	probleme
	Version  int    `json:"version"`
	ETag     string `json:"etag"`
	Actuels  string `json:"horaires"`
	Proposes string `json:"horaires_proposes"`
}

// sendPerime answers 412 with the place as it is now: the snapshot is brought
// up to date first, so that reading the place again gives the same.
func (s *site) sendPerime(c *fiber.Ctx, h catalogue.Horaires) error {
	if err := s.Catalogue.Actualiser(c.UserContext()); err != nil {
		return err
	}
	v, err := s.Catalogue.Lieu(c.Params("id"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	p := problemePerime{Version: v.Version, ETag: etagLieu(v, v.JSON), Actuels: v.Champs.Horaires, Proposes: h.Texte}
	p.probleme = s.problemeDe(&mednum.Error{Code: mednum.Perime, Champ: "If-Match", Message: fmt.Sprintf(
		"Ce lieu en est à la version %d, et ce n’est pas celle que vous avez lue. Rien n’a été écrit : comparez les horaires, puis recommencez avec le nouvel ETag.", v.Version)})
	return sendProbleme(c, p.Statut, p)
}
