package mednum_test

import (
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestDepartementDe(t *testing.T) {
	for code, want := range map[string]string{"46042": "46", "2A004": "2A", "97411": "974", "98818": "988", "": "", "9": "", "97": ""} {
		if got := mednum.DepartementDe(code); got != want {
			t.Errorf("DepartementDe(%q) = %q, want %q", code, got, want)
		}
	}
}
