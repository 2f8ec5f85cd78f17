package courriertest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
)

// Message is a mail that the server took.
type Message struct {
	De          string // of the envelope
	A           []string
	Brut        []byte
	Salut       string // what the client called itself
	Chiffre     bool
	Utilisateur string
}

// Lu is a message as its reader's program shows it.
type Lu struct {
	Entetes     mail.Header // as written
	De, A       []*mail.Address
	Sujet       string
	Texte, HTML string
}

// Lire reads a message; one that is not of two forms, text then HTML, fails the
// test.
func (m *Message) Lire(t testing.TB) Lu {
	t.Helper()
	lu, err := m.lire()
	if err != nil {
		t.Fatalf("%v in:\n%s", err, m.Brut)
	}
	return lu
}

func (m *Message) lire() (lu Lu, err error) {
	brut, err := mail.ReadMessage(bytes.NewReader(m.Brut))
	if err != nil {
		return lu, err
	}
	lu.Entetes = brut.Header
	if lu.De, err = brut.Header.AddressList("From"); err != nil {
		return lu, fmt.Errorf("from: %w", err)
	}
	if lu.A, err = brut.Header.AddressList("To"); err != nil {
		return lu, fmt.Errorf("to: %w", err)
	}
	if lu.Sujet, err = new(mime.WordDecoder).DecodeHeader(brut.Header.Get("Subject")); err != nil {
		return lu, fmt.Errorf("subject: %w", err)
	}
	genre, params, err := mime.ParseMediaType(brut.Header.Get("Content-Type"))
	if err != nil || genre != "multipart/alternative" {
		return lu, fmt.Errorf("content type %q, %w", genre, err)
	}
	parties := multipart.NewReader(brut.Body, params["boundary"])
	if lu.Texte, err = partie(parties, "text/plain"); err != nil {
		return lu, err
	}
	lu.HTML, err = partie(parties, "text/html")
	return lu, err
}

// partie is the next part, which must be of a type.
func partie(r *multipart.Reader, voulu string) (string, error) {
	p, err := r.NextPart() // decodes quoted-printable
	if err != nil {
		return "", fmt.Errorf("%s: %w", voulu, err)
	}
	genre, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
	if err != nil || genre != voulu || !strings.EqualFold(params["charset"], "utf-8") {
		return "", fmt.Errorf("%s: content type %s, %v, %w", voulu, genre, params, err)
	}
	octets, err := io.ReadAll(p)
	return strings.ReplaceAll(string(octets), "\r\n", "\n"), err
}

// Liens are the lines of the text that are a link.
func (l *Lu) Liens() (liens []string) {
	for _, ligne := range lignes(l.Texte) {
		if strings.HasPrefix(ligne, "http://") || strings.HasPrefix(ligne, "https://") {
			liens = append(liens, ligne)
		}
	}
	return liens
}
