package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The bounds of a form without an account. A person needs more than two seconds
// to read and to type; a page may stay open for half a day. Several people may
// share one address (a library): ten forms in ten minutes; and no instance takes
// more than three hundred an hour, whoever sends them.
const (
	ageMinFormulaire   = 2 * time.Second
	ageMaxFormulaire   = 12 * time.Hour
	envoisParAdresse   = 10
	periodeAdresse     = 10 * time.Minute
	envoisEnTout       = 300
	periodeEnTout      = time.Hour
	champJeton         = "jeton"
	champPiege         = "site" // no person sees it
	longueurSceauJeton = 32     // hexadecimal digits of the seal
)

// formulairePublic guards a form that anybody sends without an account, a cookie
// or a third party: a token signed for the page, a field that only programs fill
// in, and caps by address and in all, in memory alone
// (docs/adr/0032-besoins-et-fiches.md).
type formulairePublic struct {
	nom    string // of the form: a token of one is none of another
	cle    []byte
	now    func() time.Time
	parIci *debit
	enTout *debit
}

// newFormulairePublic guards the form of that name. Tokens are signed with
// Config.CleFormulaires, which the instances on one base share; without one, with
// a key of this process.
func (s *site) newFormulairePublic(nom string) *formulairePublic {
	cle := s.CleFormulaires
	if len(cle) == 0 {
		cle = []byte(rand.Text() + rand.Text())
	}
	return &formulairePublic{
		nom: nom, cle: cle, now: s.Now,
		parIci: newDebit(envoisParAdresse, periodeAdresse, s.Now), enTout: newDebit(envoisEnTout, periodeEnTout, s.Now),
	}
}

// jeton is a new token: when the page was made, a number, a seal.
func (f *formulairePublic) jeton() string {
	corps := strconv.FormatInt(f.now().Unix(), 16) + "." + rand.Text()
	return corps + "." + f.sceau(corps)
}

func (f *formulairePublic) sceau(corps string) string {
	m := hmac.New(sha256.New, f.cle)
	fmt.Fprintf(m, "%s\n%s", f.nom, corps)
	return hex.EncodeToString(m.Sum(nil))[:longueurSceauJeton]
}

// garder is the token for the same form shown again: the one that came, when it
// is good and young, otherwise a new one.
func (f *formulairePublic) garder(c *fiber.Ctx) string {
	if age, _, ok := f.lire(c.FormValue(champJeton)); ok && age < ageMaxFormulaire {
		return c.FormValue(champJeton)
	}
	return f.jeton()
}

// lire is the age and the number of a token, false when it is not one of this
// form.
func (f *formulairePublic) lire(jeton string) (age time.Duration, numero string, ok bool) {
	i := strings.LastIndexByte(jeton, '.')
	if i < 0 || !hmac.Equal([]byte(jeton[i+1:]), []byte(f.sceau(jeton[:i]))) {
		return 0, "", false
	}
	date, numero, _ := strings.Cut(jeton[:i], ".")
	n, err := strconv.ParseInt(date, 16, 64)
	return f.now().Sub(time.Unix(n, 0)), numero, err == nil
}

// robot tells whether a program filled in what no person sees: it is answered as
// if all had gone well.
func (f *formulairePublic) robot(c *fiber.Ctx) bool { return c.FormValue(champPiege) != "" }

// numero is the number of the page that sends the form: what is kept under it is
// kept once, however often it is sent. When the page is no good, corriger says
// what to do: show the form again, with what was typed.
func (f *formulairePublic) numero(c *fiber.Ctx) (numero, corriger string) {
	age, numero, ok := f.lire(c.FormValue(champJeton))
	switch {
	case !ok || age >= ageMaxFormulaire:
		return "", "Cette page était ouverte depuis trop longtemps. Relisez ce que vous avez écrit, puis envoyez de nouveau."
	case age < ageMinFormulaire:
		return "", "C’est allé très vite. Relisez ce que vous avez écrit, puis envoyez de nouveau."
	}
	return numero, ""
}

// passer does suite, unless too much was sent from this address or in all.
func (f *formulairePublic) passer(c *fiber.Ctx, suite func() error) error {
	return f.parIci.then(c, func() error {
		if !f.enTout.prendre("") {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(periodeEnTout/time.Second)))
			return &mednum.Error{Code: mednum.EnTrop, Champ: f.nom, Message: "Nous recevons trop de messages en ce moment. Revenez dans une heure : ce que vous avez écrit n’a pas été envoyé."}
		}
		return suite()
	})
}
