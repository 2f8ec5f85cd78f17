package sources

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sortie"
)

// Cause is why a source failed, for programs; Raison says it to people.
type Cause string

// The causes.
const (
	Refusee     Cause = "refusee"     // its address, or where it redirects, may not be called (see sortie)
	Nom         Cause = "nom"         // its name leads nowhere
	Delai       Cause = "delai"       // too slow
	Certificat  Cause = "certificat"  // TLS fails, or its certificate is not trusted
	Injoignable Cause = "injoignable" // it does not answer
	Coupe       Cause = "coupe"       // its answer is not whole
	Renvois     Cause = "renvois"     // it redirects too many times, or nowhere
	Reponse     Cause = "reponse"     // its code is not 200
	Compression Cause = "compression" // compressed in a way that is not read
	TropGros    Cause = "trop_gros"
	PageWeb     Cause = "page_web" // a page for people, not data
	Format      Cause = "format"   // of no known format, or not that of the source
	Ecriture    Cause = "ecriture" // the base moved all the time, or does not answer
	Defaut      Cause = "defaut"   // of the program
)

// echec is a failure. It never repeats the address, which may hold a key, nor a
// page; norme may name the columns of a file that it does not know.
type echec struct {
	cause  Cause
	raison string
	apres  time.Duration // that the server asks to wait
}

func (e *echec) Error() string { return string(e.cause) + ": " + e.raison }

func echouer(cause Cause, format string, args ...any) *echec {
	return &echec{cause: cause, raison: fmt.Sprintf(format, args...)}
}

// refus is what the way out refuses, in words.
var refus = map[sortie.Motif]string{
	sortie.Illisible: "Cette adresse n’en est pas une, ou porte un nom d’utilisateur.",
	sortie.Accents:   "Cette adresse a un nom de domaine avec des accents : donnez sa forme technique, qui commence par xn--.",
	sortie.Schema:    "Cette adresse, ou celle où elle renvoie, n’est pas en https.",
	sortie.Port:      "Cette adresse, ou celle où elle renvoie, a un port qui n’est pas celui d’un site.",
	sortie.Reseau:    "Cette adresse, ou celle où elle renvoie, mène dans un réseau privé. L’équipe technique peut le permettre (--reseaux-permis).",
	sortie.Inconnu:   "Le nom de cette adresse n’existe pas, ou personne ne le connaît pour l’instant.",
}

// echecAppel is why nothing was answered.
func echecAppel(err error) *echec {
	var (
		refuse  *sortie.Refus
		nom     *net.DNSError
		reseau  net.Error
		certif  *tls.CertificateVerificationError
		alerte  tls.AlertError
		entete  tls.RecordHeaderError
		inconnu x509.UnknownAuthorityError
	)
	switch {
	case errors.As(err, &refuse) && refuse.Motif == sortie.Inconnu:
		return echouer(Nom, "%s", refus[refuse.Motif])
	case errors.As(err, &refuse):
		return echouer(Refusee, "%s", refus[refuse.Motif])
	case errors.Is(err, sortie.ErrRenvois):
		return echouer(Renvois, "Cette adresse renvoie à une autre, qui renvoie à une autre… plus de %d fois.", renvoisMax)
	case errors.As(err, &nom) && !nom.IsTimeout:
		return echouer(Nom, "%s", refus[sortie.Inconnu])
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &reseau) && reseau.Timeout():
		return echouer(Delai, "Le serveur est trop lent : il n’a pas tout donné en %d minutes.", int(delaiMax.Minutes()))
	case errors.As(err, &certif), errors.As(err, &alerte), errors.As(err, &entete), errors.As(err, &inconnu):
		return echouer(Certificat, "La connexion n’est pas sûre : le certificat du serveur n’est pas bon.")
	}
	return echouer(Injoignable, "Le serveur ne répond pas.")
}

// echecLecture is why an answer was not read to its end.
func echecLecture(err error) *echec {
	var reseau net.Error
	switch {
	case errors.Is(err, sortie.ErrTropLong):
		return tropGros()
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &reseau) && reseau.Timeout():
		return echecAppel(err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return echouer(Coupe, "La réponse est coupée : le serveur en annonçait plus.")
	}
	return echouer(Coupe, "La réponse est coupée, ou abîmée en chemin.")
}

func tropGros() *echec {
	return echouer(TropGros, "Le fichier est trop gros : %d Mio au plus.", octetsMax>>20)
}

// echecCode is why an answer holds no file.
func echecCode(code int) *echec {
	switch {
	case code == http.StatusNotFound, code == http.StatusGone:
		return echouer(Reponse, "Le fichier n’est plus à cette adresse (réponse %d).", code)
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return echouer(Reponse, "Le serveur ne donne pas ce fichier à tout le monde (réponse %d).", code)
	case code == http.StatusTooManyRequests:
		return echouer(Reponse, "Le serveur demande d’attendre (réponse %d).", code)
	case code >= 300 && code < 400:
		return echouer(Renvois, "Cette adresse renvoie ailleurs, sans dire où (réponse %d).", code)
	case code >= 500:
		return echouer(Reponse, "Le serveur est en panne (réponse %d).", code)
	}
	return echouer(Reponse, "Le serveur n’a pas donné le fichier (réponse %d).", code)
}

// echecFormat is why a content is not read: what norme says of it.
func echecFormat(err error) *echec {
	var e *mednum.Error
	if errors.As(err, &e) {
		return echouer(Format, "%s", e.Message)
	}
	return echouer(Format, "Ce fichier ne se lit pas.")
}

// raisonMax bounds what is said of a failure, in characters.
const raisonMax = 300

// propre is a sentence that may repeat a word of the content, as it is shown: of
// one line, without what a terminal would obey.
func propre(raison string) string {
	lettres := []rune(strings.Join(strings.FieldsFunc(raison, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }), " "))
	if len(lettres) > raisonMax {
		lettres = append(lettres[:raisonMax], '…')
	}
	return string(lettres)
}
