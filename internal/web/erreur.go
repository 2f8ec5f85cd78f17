package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// probleme is the body of an error of the API: RFC 9457, with the parameter at
// fault as an extension member.
type probleme struct {
	Type      string `json:"type"`
	Titre     string `json:"title"`
	Statut    int    `json:"status"`
	Detail    string `json:"detail,omitempty"`
	Parametre string `json:"parametre,omitempty"`
	Suite     string `json:"-"` // where to come back after signing in, "" when that is not the matter
}

// refus is what the edge itself refuses, before any room is asked: detail is
// plain French, parametre the part of the request that is at fault.
type refus struct {
	statut            int
	parametre, detail string
}

func (r *refus) Error() string { return r.parametre + ": " + r.detail }

// reessayer is how many seconds to wait, at least, for what does not answer.
const reessayer = "5"

// statuts maps the domain's refusals to HTTP.
var statuts = map[mednum.Code]int{
	mednum.Invalide:     fiber.StatusBadRequest,
	mednum.Introuvable:  fiber.StatusNotFound,
	mednum.Disparu:      fiber.StatusGone,
	mednum.Perime:       fiber.StatusPreconditionFailed,
	mednum.Conflit:      fiber.StatusConflict,
	mednum.Anonyme:      fiber.StatusUnauthorized,
	mednum.Interdit:     fiber.StatusForbidden,
	mednum.Indisponible: fiber.StatusServiceUnavailable,
	mednum.EnTrop:       fiber.StatusTooManyRequests,
}

var titres = map[int]string{
	400: "La demande n’est pas bien écrite",
	401: "Il faut un jeton valable",
	403: "Cet accès n’est pas permis",
	404: "Cette page n’existe pas",
	405: "Cette adresse ne répond pas à cette méthode",
	409: "Cette demande en contredit une autre",
	410: "Ce lieu n’est plus dans la liste",
	412: "Quelqu’un d’autre a modifié avant vous",
	413: "La demande est trop longue",
	415: "Ce format n’est pas accepté ici",
	421: "Cette adresse n’est pas la bonne",
	428: "Lisez le lieu avant de le modifier",
	429: "Trop de demandes : attendez un peu",
	431: "L’adresse demandée est trop longue",
	503: "Le service est momentanément indisponible",
	500: "Une erreur est survenue de notre côté",
}

// serveError is the one place where errors become answers. Internal text is
// logged here, once, and never sent.
func (s *site) serveError(c *fiber.Ctx, err error) error {
	p := s.problemeDe(err)
	if len(c.Response().Header.Peek("Content-Security-Policy")) == 0 { // what is refused unread has met no middleware
		s.poserEntetes(c)
	}
	if p.Statut >= 500 {
		s.Journal.Error("requête", "route", c.Route().Path, "erreur", err) // never the path: some hold a secret
	}
	c.Status(p.Statut)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if p.Statut == fiber.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, reessayer)
	}
	if estOuverte(c.Path()) { // said here too, for the same reason
		c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
		c.Vary(fiber.HeaderAccept)
	}
	if veutProbleme(c) {
		return sendProbleme(c, p.Statut, p)
	}
	if p.Statut == fiber.StatusUnauthorized {
		p.Titre, p.Suite = "Votre session est finie", pageDe(c)
	}
	if rendre := s.render(c, "erreur", page{Titre: p.Titre, SansIndex: true}, p); rendre != nil {
		s.Journal.Error("page d’erreur", "erreur", rendre)
		return c.SendString(p.Titre)
	}
	return nil
}

// pageDe is the page whose form was sent to an address: the same address when
// it can be read, else one's places.
func pageDe(c *fiber.Ctx) string {
	chemin := strings.TrimSuffix(c.Path(), "/absence")
	for _, fin := range []string{"/fermeture", "/fin", "/horaires", "/position", "/equipe", "/semaine"} {
		if strings.HasSuffix(chemin, fin) {
			return chemin
		}
	}
	if i := strings.LastIndexByte(chemin, '/'); i > 0 && (strings.HasSuffix(chemin[:i], "/partie") || strings.HasSuffix(chemin[:i], "/permanences")) {
		return chemin
	}
	return "/espace"
}

func (s *site) problemeDe(err error) probleme {
	p := probleme{Type: "about:blank", Statut: fiber.StatusInternalServerError}
	var metier *mednum.Error
	var http *fiber.Error
	var bord *refus
	switch {
	case errors.As(err, &bord):
		p.Statut, p.Detail, p.Parametre = bord.statut, bord.detail, bord.parametre
	case errors.As(err, &metier):
		p.Statut, p.Detail, p.Parametre = statuts[metier.Code], metier.Message, metier.Champ
		if p.Statut == 0 {
			p.Statut = fiber.StatusInternalServerError
		}
	case errors.As(err, &http):
		p.Statut = http.Code
	case errors.Is(err, context.DeadlineExceeded):
		p.Statut = fiber.StatusServiceUnavailable
	}
	if p.Titre = titres[p.Statut]; p.Titre == "" {
		p.Titre = titres[500]
		if p.Statut < 500 {
			p.Titre = titres[400]
		}
	}
	return p
}

// sendProbleme sends a probleme, or one with more members.
func sendProbleme(c *fiber.Ctx, statut int, p any) error {
	corps, err := json.Marshal(p)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/problem+json")
	return c.Status(statut).Send(corps)
}

func (s *site) logPanic(c *fiber.Ctx, e any) {
	s.Journal.Error("panique", "route", c.Route().Path, "erreur", e, slog.String("pile", string(debug.Stack())))
}
