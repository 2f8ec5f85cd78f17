package courrier

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Genre says why a mail is sent.
type Genre string

// The genres of mail. A mail of Connexion goes even to an address that bounced:
// it is how its owner says that it works again.
const (
	Connexion    Genre = "connexion"
	Invitation   Genre = "invitation"
	TravailleIci Genre = "travaille-ici"
	Changement   Genre = "changement"
	Rappel       Genre = "rappel"
	Proposition  Genre = "proposition"
	Signalement  Genre = "signalement"
	Depart       Genre = "depart" // an account is about to be erased
)

// Lettre is what a mail says, in plain French. The composer puts the
// non-breaking spaces of double punctuation.
type Lettre struct {
	Genre       Genre    `json:"genre"`
	A           string   `json:"a"` // an address alone, without a name
	Sujet       string   `json:"sujet"`
	Paragraphes []string `json:"paragraphes"`
	Boutons     []Bouton `json:"boutons,omitempty"`
	Code        string   `json:"code,omitempty"` // six digits, shown large
	Fin         string   `json:"fin,omitempty"`
	// Desabonnement is the http or https address that stops such mails. Over
	// https it is also one click in the reader's program (RFC 8058): a POST
	// there must act without asking.
	Desabonnement string `json:"desabonnement,omitempty"`
	// Perime is when what it offers is over: it is not sent from then on. Zero
	// for never.
	Perime time.Time `json:"perime,omitzero"`
}

// Bouton is a link, shown as a button in HTML and alone on its line in text.
type Bouton struct {
	Texte string `json:"texte"`
	URL   string `json:"url"` // http or https, with a host
}

// sujetMax is the length of a subject, in characters.
const sujetMax = 200

// verifier refuses what could not be sent, or would break out of its header.
func (l *Lettre) verifier() error {
	if l.Genre == "" {
		return invalide("genre", "Dites de quel genre est ce courriel.")
	}
	if err := verifierAdresse(l.A); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(l.Sujet) == "":
		return invalide("sujet", "Donnez un sujet à ce courriel.")
	case utf8.RuneCountInString(l.Sujet) > sujetMax || !surUneLigne(l.Sujet):
		return invalide("sujet", fmt.Sprintf("Le sujet d’un courriel tient sur une ligne de %d caractères au plus.", sujetMax))
	case l.Code != "" && !estCode(l.Code):
		return invalide("code", "Un code est fait de six chiffres.")
	case l.Desabonnement != "" && !estLien(l.Desabonnement):
		return invalide("desabonnement", "L’adresse qui arrête ces courriels n’est pas une adresse web.")
	}
	for _, b := range l.Boutons {
		if strings.TrimSpace(b.Texte) == "" || !estLien(b.URL) {
			return invalide("boutons", "Un bouton demande un texte et une adresse web.")
		}
	}
	return nil
}

func invalide(champ, message string) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: message}
}

// surUneLigne refuses what ends a line, moves the cursor or turns the reading
// order over.
func surUneLigne(texte string) bool {
	return utf8.ValidString(texte) && !strings.ContainsFunc(texte, func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
	})
}

func estCode(texte string) bool {
	return len(texte) == 6 && strings.Trim(texte, "0123456789") == ""
}

func estLien(texte string) bool {
	u, err := url.Parse(texte)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		!strings.ContainsFunc(texte, func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf || strings.ContainsRune(`<>"`, r) })
}
