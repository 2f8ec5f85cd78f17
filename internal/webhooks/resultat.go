package webhooks

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/sortie"
)

// reprises are how long a message waits after each failure, a fifth more at
// most (see attente): three days in all. When they are over, it is given up.
var reprises = []time.Duration{
	10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

const (
	// reprisesRefus is how many of them there are after a refusal that time alone
	// does not mend: 3xx, 4xx, an address that may not be called.
	reprisesRefus = 4
	// patience is how long everything may fail before the webhook is stopped.
	patience = 72 * time.Hour
	// patienceMax is the longest that an address may ask to wait (Retry-After).
	patienceMax = 24 * time.Hour
)

// retryAfter is how long an answer asks to wait (RFC 9110, 10.2.3), 0 when it
// does not say.
func retryAfter(texte string, now time.Time) time.Duration {
	if n, err := strconv.ParseInt(strings.TrimSpace(texte), 10, 32); err == nil && n > 0 {
		return min(time.Duration(n)*time.Second, patienceMax)
	}
	if t, err := http.ParseTime(texte); err == nil {
		return max(0, min(t.Sub(now), patienceMax))
	}
	return 0
}

// causeDe is why nothing was answered. The error itself holds the address, which
// may hold a secret: it is told to nobody.
func causeDe(err error) Cause {
	var refus *sortie.Refus
	var delai net.Error
	var nom *net.DNSError
	var certificat *tls.CertificateVerificationError
	var autorite x509.UnknownAuthorityError
	var entete tls.RecordHeaderError
	var alerte tls.AlertError
	switch {
	case errors.As(err, &refus):
		return Refusee
	case errors.As(err, &nom) && nom.IsNotFound:
		return Nom
	case errors.As(err, &delai) && delai.Timeout():
		return Delai
	case errors.As(err, &certificat), errors.As(err, &autorite), errors.As(err, &entete), errors.As(err, &alerte):
		return Certificat
	}
	return Injoignable
}

// refus tells whether time alone would not mend a failure.
func refus(r Resultat) bool {
	switch r.Cause {
	case Redirection, Refusee:
		return true
	case Reponse:
		switch r.Code {
		case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
			return false
		}
		return r.Code < 500
	}
	return false
}

// compter notes a try on its webhook, and stops it when it must be: at once
// where it is gone, or when everything has failed for too long.
func (h *Webhook) compter(l *Livraison, r Resultat, fini bool) {
	h.Dernier = r
	switch {
	case r.Recu():
		h.Echecs, h.EchoueDepuis = 0, time.Time{}
		return
	case l.Direct && r.Code != http.StatusGone:
		return // somebody is looking
	}
	h.Echecs++
	if h.EchoueDepuis.IsZero() {
		h.EchoueDepuis = r.Le
	}
	switch {
	case !h.Actif():
	case r.Code == http.StatusGone:
		h.Arret, h.ArreteLe = ArretParti, r.Le
	case fini || r.Le.Sub(h.EchoueDepuis) >= patience:
		h.Arret, h.ArreteLe = ArretEchecs, r.Le
	}
}

// attente is how long a message waits after a try that failed: its turn in
// reprises, and up to a fifth more, which differs from one message to another so
// that they do not come back together.
func attente(id string, essais int) time.Duration {
	base := reprises[min(essais, len(reprises))-1]
	tirage, _ := strconv.ParseUint(empreinte(id, strconv.Itoa(essais))[:4], 16, 16) // always hexadecimal
	return base + time.Duration(float64(base)/5*float64(tirage)/65536)
}
