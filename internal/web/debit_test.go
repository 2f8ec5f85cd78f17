package web

import (
	"fmt"
	"testing"
	"time"
)

func TestReseau(t *testing.T) {
	for ip, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "::ffff:203.0.113.7", "": "",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::1": "2001:db8:1:2::/64", "2001:db8:1:3::1": "2001:db8:1:3::/64",
	} {
		if got := abonne(ip); got != want {
			t.Errorf("%q: %q, want %q", ip, got, want)
		}
	}
}

func TestDebit(t *testing.T) {
	heure := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	d := newDebit(2, time.Minute, func() time.Time { return heure })
	passe := func(cle string, want bool) {
		t.Helper()
		if d.prendre(cle) != want {
			t.Errorf("%s: %t", cle, !want)
		}
	}
	passe("a", true)
	passe("a", true)
	passe("a", false)
	passe("b", true)
	heure = heure.Add(time.Minute - time.Second)
	passe("a", false)
	heure = heure.Add(time.Second)
	passe("a", true)
	if _, reste := d.vus["b"]; reste {
		t.Error("an address is kept after its time")
	}
	for i := range 3 * fenetresMax { // whoever has many addresses takes no more memory
		d.prendre(fmt.Sprint(i))
	}
	if len(d.vus) > fenetresMax {
		t.Errorf("%d windows", len(d.vus))
	}
}
