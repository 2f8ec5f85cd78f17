package webhooks

import (
	"testing"
	"time"
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
