package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
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

// The longest name of a place fails no mail.
func TestSujetTropLong(t *testing.T) {
	b := newBanc(t, local)
	b.coordinateur(t)
	l := b.lieuDe(t, moissac)
	b.renommer(t, l.ID, strings.Repeat("é", 250))
	v := &visiteur{banc: b}
	if rep := v.envoyer(t, "/lieux/"+l.ID+"/travaille-ici", "adresse", "0"); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	liste := b.lettres(t)
	if len(liste) != 2 {
		t.Fatalf("%d mails", len(liste))
	}
	for _, lettre := range liste {
		if n := len([]rune(lettre.Sujet)); n != 200 || !strings.HasSuffix(lettre.Sujet, "é…") {
			t.Errorf("%d characters: %q", n, lettre.Sujet)
		}
	}
}

// A letter that the outbox refuses is our fault: it is for the log, and nothing
// that the person could correct.
func TestLettreRefusee(t *testing.T) {
	b := newBanc(t, local)
	l := b.lieuDe(t, moissac)
	b.renommer(t, l.ID, "Un nom\u202e à l’envers")
	v := &visiteur{banc: b}
	if rep := v.envoyer(t, "/lieux/"+l.ID+"/travaille-ici", "adresse", "0"); rep.StatusCode != http.StatusInternalServerError || !strings.Contains(b.journal.String(), "travaille-ici: invalide: sujet") {
		t.Errorf("%d, the log %q", rep.StatusCode, b.journal)
	}
}

// renommer gives a place a name that no source would.
func (b banc) renommer(t *testing.T, id, nom string) {
	t.Helper()
	lieu, err := b.base.Lieu(t.Context(), id)
	check(t, err)
	lieu.Champs.Nom = nom
	lieu.Version++
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: id, Version: lieu.Version, Apres: lieu, Voie: "cli"}))
	check(t, b.lieux.Actualiser(t.Context()))
}
