package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// A form without an account is taken once it is signed, young, not too young,
// and of its own page; too many of them are refused.
func TestFormulairePublic(t *testing.T) {
	maintenant := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	now := func() time.Time { return maintenant }
	s := &site{Config: Config{Now: now, CleFormulaires: []byte("cle")}}
	f, autre := s.newFormulairePublic("besoin"), s.newFormulairePublic("signalement")
	ailleurs := (&site{Config: Config{Now: now, CleFormulaires: []byte("autre")}}).newFormulairePublic("besoin")
	voisin := s.newFormulairePublic("besoin") // another instance on the same base
	app := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, _ error) error { return c.SendStatus(http.StatusTooManyRequests) }})
	var numero, corriger, garde string
	var robot bool
	app.Post("/", func(c *fiber.Ctx) error {
		numero, corriger = f.numero(c)
		robot, garde = f.robot(c), f.garder(c)
		return f.passer(c, func() error { return c.SendStatus(http.StatusNoContent) })
	})
	envoyer := func(jeton, piege string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(url.Values{"jeton": {jeton}, "site": {piege}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", fiber.MIMEApplicationForm)
		rep, err := app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		rep.Body.Close()
		return rep.StatusCode
	}
	bon := f.jeton()
	for _, tt := range []struct {
		name, jeton string
		apres       time.Duration
		pris, garde bool
	}{
		{"at once", bon, time.Second, false, true},
		{"in its time", bon, time.Minute, true, true},
		{"from another instance", voisin.jeton(), time.Minute, true, true},
		{"the next day", bon, 13 * time.Hour, false, false},
		{"no token", "", time.Minute, false, false},
		{"of another form", autre.jeton(), time.Minute, false, false},
		{"of another base", ailleurs.jeton(), time.Minute, false, false},
		{"made younger", strings.Replace(bon, bon[:8], "7fffffff", 1), time.Minute, false, false},
		{"cut", bon[:len(bon)-1], time.Minute, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			debut := maintenant
			defer func() { maintenant = debut }()
			maintenant = debut.Add(tt.apres)
			envoyer(tt.jeton, "")
			if (corriger == "") != tt.pris || (numero != "") != tt.pris || (garde == tt.jeton) != tt.garde || robot {
				t.Errorf("number %q, to correct %q, token kept %t", numero, corriger, garde == tt.jeton)
			}
		})
	}
	maintenant = maintenant.Add(24 * time.Hour)
	if envoyer(bon, "x"); !robot {
		t.Error("a program was taken for a person")
	}
	maintenant = maintenant.Add(24 * time.Hour)
	for i := range 11 {
		if got, want := envoyer(bon, ""), map[bool]int{true: 204, false: 429}[i < 10]; got != want {
			t.Errorf("form %d: %d", i, got)
		}
	}
	for range 300 {
		f.enTout.prendre("")
	}
	if maintenant = maintenant.Add(15 * time.Minute); envoyer(bon, "") != 429 {
		t.Error("no cap in all")
	}
}
