package webhooks

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The example of the specification of Standard Webhooks, and of its reference
// libraries.
func TestSignatureDeLaNorme(t *testing.T) {
	got := signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", `{"test": 2432232314}`)
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A wait is its turn and a fifth more at most, the same each time for one
// message, another for another.
func TestAttente(t *testing.T) {
	differentes := map[time.Duration]bool{}
	for n, base := range reprises {
		for _, id := range []string{"msg_a", "msg_b", "msg_c"} {
			d := attente(id, n+1)
			differentes[d] = true
			if d < base || d > base+base/5 || d != attente(id, n+1) {
				t.Errorf("try %d: %s, want %s and a fifth at most", n+1, d, base)
			}
		}
	}
	if len(differentes) < 3*len(reprises)-1 {
		t.Errorf("%d different waits", len(differentes))
	}
}

// The table of docs/webhooks.md is that of the program.
func TestTableDesReprises(t *testing.T) {
	texte, err := os.ReadFile(filepath.Join("..", "..", "docs", "webhooks.md"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, d := range reprises {
		dit := strings.NewReplacer("h0m0s", " h", "m0s", " min").Replace(d.String())
		if d < time.Minute {
			dit = strings.Replace(d.String(), "s", " s", 1)
		}
		want = append(want, fmt.Sprintf("| %d | %s |", i+2, dit))
	}
	got := regexp.MustCompile(`(?m)^\| \d+ \| \d+ (s|min|h) \|$`).FindAllString(string(texte), -1)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("docs/webhooks.md (-program +table):\n%s", d)
	}
}
