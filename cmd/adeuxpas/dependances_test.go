package main_test

import (
	"os"
	"regexp"
	"testing"
)

// From fasthttp 1.64 Fiber's own tests fail, and any dependency could raise it
// in silence: it stays where Fiber 2.52 pins it.
func TestFasthttpAsFiberPinsIt(t *testing.T) {
	gomod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, want string }{
		{"github.com/valyala/fasthttp", "v1.51.0"},
		{"github.com/gofiber/fiber/v2", "v2.52.15"},
	} {
		m := regexp.MustCompile(regexp.QuoteMeta(tt.name) + ` (v\S+)`).FindSubmatch(gomod)
		if m == nil || string(m[1]) != tt.want {
			t.Errorf("%s: %q in go.mod, want %s", tt.name, m, tt.want)
		}
	}
}
