package main_test

import (
	"debug/buildinfo"
	"testing"
)

// From fasthttp 1.64 Fiber's own tests fail, and any dependency could raise it
// in silence: the binary holds the version that Fiber 2.52 pins.
func TestFasthttpAsFiberPinsIt(t *testing.T) {
	info, err := buildinfo.ReadFile(binaire)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		got[m.Path] = m.Version
	}
	for _, tt := range []struct{ name, want string }{
		{"github.com/gofiber/fiber/v2", "v2.52.15"},
		{"github.com/valyala/fasthttp", "v1.51.0"},
	} {
		if got[tt.name] != tt.want {
			t.Errorf("%s: %q in the binary, want %q", tt.name, got[tt.name], tt.want)
		}
	}
}
