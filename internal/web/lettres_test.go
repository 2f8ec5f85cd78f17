package web_test

import (
	"net/url"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/courrier"
)

// lettres are the mails that wait to be sent, in the order in which they were
// written.
func (b banc) lettres(t *testing.T) (liste []courrier.Lettre) {
	t.Helper()
	envois, err := b.boite.Liste(t.Context(), "")
	check(t, err)
	for i := range envois {
		liste = append(liste, *envois[i].Corps)
	}
	return liste
}

// compterLettres counts the mails whose subject or buttons hold the word.
func (b banc) compterLettres(t *testing.T, mot string) (n int) {
	t.Helper()
	for _, l := range b.lettres(t) {
		dit := l.Sujet
		for _, bouton := range l.Boutons {
			dit += " " + bouton.URL
		}
		if strings.Contains(dit, mot) {
			n++
		}
	}
	return n
}

// courriel is the last mail that carries a link to sign in: its path, and its
// code, "" for none.
func (b banc) courriel(t *testing.T) (lien, code string) {
	t.Helper()
	for _, l := range b.lettres(t) {
		for _, bouton := range l.Boutons {
			u, err := url.Parse(bouton.URL)
			check(t, err)
			if strings.Contains(u.Path, "/connexion/lien/") {
				lien, code = u.RequestURI(), l.Code
			}
		}
	}
	if lien == "" {
		t.Fatalf("no mail with a link in %+v", b.lettres(t))
	}
	return lien, code
}
