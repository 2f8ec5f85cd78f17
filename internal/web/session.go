package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// cookieSession holds the secret of a session. The prefix has browsers refuse
// it from another host, another path or a page without https (localhost is
// trusted as well).
const cookieSession = "__Host-adeuxpas"

// cleConnexion is where a request keeps its session.
const cleConnexion = "connexion"

// withConnexion lets in whoever is signed in, and sends others to sign in; a
// form that was sent when the session was over is told so, its text is not lost
// (the browser keeps it).
func (s *site) withConnexion(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	x, err := s.Comptes.Reprendre(c.UserContext(), c.Cookies(cookieSession))
	if estAnonyme(err) && (c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead) {
		return c.Redirect(s.chemin("/connexion?suite="+url.QueryEscape(adresseDemandee(c))), fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	c.Locals(cleConnexion, &x)
	if c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead && !x.Scelle(c.FormValue("sceau")) {
		return &refus{fiber.StatusForbidden, "sceau", "Cette page est restée ouverte trop longtemps, ou ce formulaire ne vient pas de notre site. Rechargez la page, puis recommencez."}
	}
	return c.Next()
}

// adresseDemandee is the path and the parameters of a request, under no prefix.
func adresseDemandee(c *fiber.Ctx) string {
	if q := string(c.Context().URI().QueryString()); q != "" {
		return c.Path() + "?" + q
	}
	return c.Path()
}

func estCode(err error, code mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == code
}

// champDe is the field that a refusal names.
func champDe(err error) string {
	var e *mednum.Error
	if errors.As(err, &e) {
		return e.Champ
	}
	return ""
}

// messageDe is the sentence of a refusal, fit to be shown.
func messageDe(err error) string {
	var e *mednum.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return ""
}

func estAnonyme(err error) bool { return estCode(err, mednum.Anonyme) }

// connexion is the session of a request behind withConnexion.
func connexion(c *fiber.Ctx) *compte.Connexion {
	x, _ := c.Locals(cleConnexion).(*compte.Connexion)
	return x
}

// memeOrigine refuses what another site's page sends. Browsers say where a form
// comes from; a program that says nothing has no session to abuse.
func (s *site) memeOrigine(c *fiber.Ctx) error {
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return c.Next()
	}
	ailleurs := &refus{fiber.StatusForbidden, "origine", "Ce formulaire vient d’un autre site. Ouvrez notre page, puis recommencez."}
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return s.enFormulaire(c)
	case "":
	default:
		return ailleurs
	}
	if o := c.Get(fiber.HeaderOrigin); o != "" && o != s.origine() && o != c.Protocol()+"://"+string(c.Context().Host()) {
		return ailleurs
	}
	return s.enFormulaire(c)
}

// enFormulaire accepts the one form in which pages send, but that of files.
func (s *site) enFormulaire(c *fiber.Ctx) error {
	if estEnvoiDeFichiers(c.Method(), c.Path()) && strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		return c.Next()
	}
	if !strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEApplicationForm) {
		return &refus{fiber.StatusUnsupportedMediaType, fiber.HeaderContentType, "Envoyez ce que le formulaire de la page envoie."}
	}
	return c.Next()
}

// origine is the scheme and host of the public address.
func (s *site) origine() string { return strings.TrimSuffix(s.URLPublique, s.racine) }

// poserCookie gives the browser the secret of its session.
func (s *site) poserCookie(c *fiber.Ctx, secret string, droits []mednum.Habilitation) {
	_, enTout := compte.Limites(droits)
	c.Cookie(&fiber.Cookie{
		Name: cookieSession, Value: secret, Path: "/", MaxAge: int(enTout / time.Second),
		Secure: true, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

func oterCookie(c *fiber.Ctx) {
	c.Cookie(&fiber.Cookie{
		Name: cookieSession, Path: "/", Expires: time.Unix(1, 0).UTC(),
		Secure: true, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// edition signs a change with the session of the request: the version that the
// form was shown with, and the key that was drawn for it, which is the
// account's own, for what it says.
func (s *site) edition(c *fiber.Ctx) (catalogue.Edition, error) {
	x := connexion(c)
	e := catalogue.Edition{Auteur: x.Compte.Auteur(), Voie: "app", Droits: x.Compte.Habilitations}
	if v := c.FormValue("version"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return e, invalide("version", "Cette page est incomplète : rechargez-la, puis recommencez.")
		}
		e.Version = n
	}
	cle := c.FormValue("cle")
	if !motifCle.MatchString(cle) {
		return e, invalide("cle", "Cette page est incomplète : rechargez-la, puis recommencez.")
	}
	// The same form sent twice is one change; another text under the same key
	// (the page was gone back to) is another, and comes after the first, and so
	// is another gesture: some differ by their address alone.
	somme := sha256.Sum256(append([]byte(c.Path()+"\n"), c.Request().Body()...))
	e.Idempotence = "app/" + x.Compte.ID + "/" + cle + "/" + hex.EncodeToString(somme[:8])
	return e, nil
}

// mien is a place that the session may change: another is "interdit", whatever
// the address says. The page of a place that was merged is that of the one that
// it became.
func (s *site) mien(c *fiber.Ctx) (*catalogue.Vue, error) {
	id := c.Params("id")
	if c.Method() != fiber.MethodPost {
		id = s.Catalogue.Devenu(id) // what an old page writes is refused by Modifier
	}
	v, err := s.Catalogue.LieuPour(id, connexion(c).Compte.Habilitations)
	if err != nil {
		return nil, err
	}
	if !s.Catalogue.Couvre(connexion(c).Compte.Habilitations, &v.Lieu) {
		return nil, &mednum.Error{Code: mednum.Interdit, Champ: "id", Message: "Ce lieu n’est pas dans votre liste. Demandez-le depuis sa page : « Vous travaillez ici ? »."}
	}
	return v, nil
}

// suite is where a person wanted to go before they had to sign in, a path of
// this site.
func suite(texte string) string {
	u, err := url.Parse(texte)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/espace") || strings.ContainsAny(texte, "\\\r\n") {
		return "/espace"
	}
	return u.RequestURI()
}

// appareil names a browser to its owner, from what it says of itself.
func appareil(c *fiber.Ctx) string {
	dit := c.Get(fiber.HeaderUserAgent)
	nom := func(paires [][2]string, defaut string) string {
		for _, p := range paires {
			if strings.Contains(dit, p[0]) {
				return p[1]
			}
		}
		return defaut
	}
	navigateur := nom([][2]string{{"Firefox", "Firefox"}, {"Edg", "Edge"}, {"OPR/", "Opera"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}, "Un navigateur")
	systeme := nom([][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "Mac"}, {"Linux", "Linux"}}, "un appareil")
	return fmt.Sprintf("%s, %s", navigateur, systeme)
}
