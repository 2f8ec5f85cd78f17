package mednum

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Compte is somebody who keeps places true. Its e-mail address is how they
// sign in; there is no password. Sujet is their subject at ProConnect, "" when
// they never signed in with it. An account that was erased keeps its ID alone.
type Compte struct {
	ID            string         `json:"id"`
	Courriel      string         `json:"courriel,omitempty"`
	Nom           string         `json:"nom,omitempty"`
	Habilitations []Habilitation `json:"habilitations,omitempty"`
	Sujet         string         `json:"sujet,omitempty"`
	Siret         string         `json:"siret,omitempty"` // of their structure, as ProConnect says it: it proposes places, and grants nothing
	Cree          time.Time      `json:"cree"`
	Supprime      bool           `json:"supprime,omitempty"`
	// Entre is when they last signed in, to the hour: enough to tell the day.
	// Zero for an account that never did, or not since this is noted.
	Entre time.Time `json:"entre,omitzero"`
	// Annuaire is what colleagues may find of them, nil when they did not agree.
	Annuaire *Annuaire `json:"annuaire,omitempty"`
}

// prefixeCompte begins the author of what an account does.
const prefixeCompte = "compte:"

// Auteur signs what the account does: its id, never its name or its address.
func (c *Compte) Auteur() string { return prefixeCompte + c.ID }

// CompteDe is the id of the account that an author names; false for another
// program or the command line.
func CompteDe(auteur string) (id string, ok bool) { return strings.CutPrefix(auteur, prefixeCompte) }

// The lengths of what people write of themselves.
const (
	courrielMax  = 254 // characters of an e-mail address (RFC 5321, 4.5.3.1.3)
	nomCompteMax = 80
)

// motifCourriel is what every mail server takes: the addresses that a form of
// HTML accepts (WHATWG, "valid e-mail address"), with a dot in their domain.
var motifCourriel = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~` + "`" + `-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$`)

// EstCourriel tells whether a text is one bare e-mail address.
func EstCourriel(texte string) bool {
	return len(texte) <= courrielMax && motifCourriel.MatchString(texte)
}

// LireCourriel is an e-mail address as accounts keep it: bare, in lower case.
// What is not one is "invalide" (field "courriel").
func LireCourriel(texte string) (string, error) {
	texte = strings.TrimSpace(texte)
	if !EstCourriel(texte) {
		return "", invalide("courriel", "Cette adresse n’est pas complète : écrivez-la sans accent ni espace, comme prenom.nom@mairie-exemple.fr.")
	}
	return strings.ToLower(texte), nil
}

// invisible tells the signs that change a line without showing: ends of lines,
// and those that turn the direction of what follows.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// MasquerCourriel is an address as it may be shown to whoever holds a link:
// "j•••@exemple.fr".
func MasquerCourriel(courriel string) string {
	nom, domaine, ok := strings.Cut(courriel, "@")
	if !ok || nom == "" {
		return "•••"
	}
	_, taille := utf8.DecodeRuneInString(nom)
	return nom[:taille] + "•••@" + domaine
}

// LireNomCompte is the name of a person, on one line; what is not one is
// "invalide" (field "nom").
func LireNomCompte(texte string) (string, error) {
	texte = strings.Join(strings.FieldsFunc(texte, func(r rune) bool { return r == ' ' || r == '\u00a0' }), " ")
	switch {
	case texte == "":
		return "", invalide("nom", "Donnez votre prénom et votre nom : vos collègues les verront dans l’histoire du lieu.")
	case utf8.RuneCountInString(texte) > nomCompteMax:
		return "", invalide("nom", "Ce nom est trop long : %d caractères au plus.", nomCompteMax)
	case strings.ContainsFunc(texte, invisible) || strings.ContainsAny(texte, `<>"`) || !utf8.ValidString(texte):
		return "", invalide("nom", "Le nom tient sur une ligne, sans guillemets ni chevrons.")
	}
	return texte, nil
}

// Session is a browser where somebody signed in, known by the SHA-256 of its
// secret alone. Vue is the last time it was seen, to ten minutes. Appareil is
// in words ("Firefox, Android"). IDToken is what ProConnect signed when it
// opened the session, "" for another way in: to sign out there needs it.
type Session struct {
	Hash     string    `json:"hash"`
	Compte   string    `json:"compte"`
	Appareil string    `json:"appareil"`
	Cree     time.Time `json:"cree"`
	Vue      time.Time `json:"vue"`
	IDToken  string    `json:"id_token,omitempty"`
}

// ID names the session to its owner.
func (s *Session) ID() string { return s.Hash[:min(chiffresID, len(s.Hash))] }

// UsageLien is what a link in a mail does.
type UsageLien string

// The uses of links.
const (
	UsageConnexion  UsageLien = "connexion"  // opens a session
	UsageInvitation UsageLien = "invitation" // gives rights, and opens a session
	UsageRappel     UsageLien = "rappel"     // says how a place is, without signing in
)

// Lien is a link that was sent by mail, known by the SHA-256 of its secret. It
// serves once. Code is the SHA-256 of the six digits that do the same, "" for
// none; Essais counts the wrong ones. Compte is "" when nobody has that address:
// such a link was never sent, and opens nothing. Of an invitation without
// rights, Lieu and Motif are what whoever accepts it asks for.
type Lien struct {
	Hash          string         `json:"hash"`
	Usage         UsageLien      `json:"usage"`
	Courriel      string         `json:"courriel"`
	Nom           string         `json:"nom,omitempty"`
	Compte        string         `json:"compte,omitempty"`
	Lieu          string         `json:"lieu,omitempty"`
	Motif         string         `json:"motif,omitempty"`
	Habilitations []Habilitation `json:"habilitations,omitempty"`
	Code          string         `json:"code,omitempty"`
	Essais        int            `json:"essais,omitempty"`
	Par           string         `json:"par,omitempty"` // who invites
	Cree          time.Time      `json:"cree"`
	Expire        time.Time      `json:"expire"`
	ConsommeLe    time.Time      `json:"consomme_le,omitzero"`
}

// ID names the link to whoever may take it back; it opens nothing.
func (l *Lien) ID() string { return l.Hash[:min(chiffresID, len(l.Hash))] }

// Ouvert tells whether the link may still serve at an instant.
func (l *Lien) Ouvert(t time.Time) bool { return l.ConsommeLe.IsZero() && t.Before(l.Expire) }

// Demande asks for the right to keep a place true.
type Demande struct {
	ID     string      `json:"id"`
	Compte string      `json:"compte"`
	Lieu   string      `json:"lieu"`
	Motif  string      `json:"motif,omitempty"`
	Le     time.Time   `json:"le"`
	Etat   EtatDemande `json:"etat"`
	Par    string      `json:"par,omitempty"` // who decided
	Decide time.Time   `json:"decide,omitzero"`
}

// EtatDemande is what became of a Demande.
type EtatDemande string

// The states of a Demande.
const (
	DemandeEnAttente EtatDemande = "en_attente"
	DemandeAcceptee  EtatDemande = "acceptee"
	DemandeRefusee   EtatDemande = "refusee"
)
