package webhooks

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a message, and its signature, are those of Standard Webhooks
// 1.0.0 (https://www.standardwebhooks.com): the HMAC-SHA256 of
// "id.timestamp.body" under each secret that is good, in base64 after "v1,".
const (
	enteteID        = "Webhook-Id"
	enteteMoment    = "Webhook-Timestamp" // seconds since 1970, of this try
	enteteSignature = "Webhook-Signature"

	prefixeSecret = "whsec_"
	tailleSecret  = 32 // bytes
	chevauchement = 24 * time.Hour
)

// tirerSecret draws a secret.
func tirerSecret() string {
	octets := make([]byte, tailleSecret)
	_, _ = rand.Read(octets) // never fails
	return prefixeSecret + base64.StdEncoding.EncodeToString(octets)
}

// signer puts the headers of a message on its request.
func (w *Webhook) signer(h http.Header, id string, now time.Time, corps string) {
	moment := strconv.FormatInt(now.Unix(), 10)
	h.Set(enteteID, id)
	h.Set(enteteMoment, moment)
	signatures := []string{signature(w.Secret, id, moment, corps)}
	for _, a := range w.Anciens {
		if now.Before(a.Jusqua) {
			signatures = append(signatures, signature(a.Secret, id, moment, corps))
		}
	}
	h.Set(enteteSignature, strings.Join(signatures, " "))
}

func signature(secret, id, moment, corps string) string {
	cle, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, prefixeSecret))
	if err != nil {
		cle = nil // never written so: nobody can verify what an empty key signs
	}
	m := hmac.New(sha256.New, cle)
	m.Write([]byte(id + "." + moment + "." + corps))
	return "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
}
