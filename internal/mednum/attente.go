package mednum

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Attente is a change of what a place is, which waits for a coordinator: values
// of columns in the standard's CSV form (latitude and longitude together), or
// its closing for good (Fermeture), or only what somebody says of it in their
// own words (Message), for the coordinator to read. Refus is what a coordinator
// answered, nil while it waits. It is private.
type Attente struct {
	ID        string           `json:"id"`
	Champs    map[Champ]string `json:"champs,omitempty"`
	Fermeture *Fermeture       `json:"fermeture,omitempty"`
	Message   string           `json:"message,omitempty"`
	Auteur    string           `json:"auteur"`
	Le        time.Time        `json:"le"`
	Refus     *Refus           `json:"refus,omitempty"`
}

// Refus is why something that waited was refused.
type Refus struct {
	Motif  string    `json:"motif"`
	Auteur string    `json:"auteur"`
	Le     time.Time `json:"le"`
}

// messageMax is the length of a Message, in characters.
const messageMax = 1000

// attentesMax is how many changes may wait for one place, refusMax how many
// refused ones it keeps.
const (
	attentesMax = 20
	refusMax    = 10
)

// sensibles are the columns that change what a place is.
var sensibles = []Champ{
	ChampNom, ChampAdresse, ChampComplementAdresse, ChampCodePostal, ChampCommune, ChampCodeInsee, ChampLatitude, ChampLongitude,
}

// Sensible tells whether the column changes what a place is: it may have to
// wait for a coordinator.
func (champ Champ) Sensible() bool { return slices.Contains(sensibles, champ) }

// EnAttente are the changes that wait, oldest first.
func (l *Lieu) EnAttente() []Attente {
	return slices.DeleteFunc(slices.Clone(l.Attentes), func(a Attente) bool { return a.Refus != nil })
}

// Attendre adds a change that waits, and returns it with its id, a new one where
// it has none. The same one, by whomever, waits once. A place for which 20 wait takes no more ("en_trop").
func (l *Lieu) Attendre(a Attente) (Attente, error) {
	if strings.TrimSpace(a.Auteur) == "" {
		return a, invalide("auteur", "Dites qui propose ce changement.")
	}
	var err error
	if a.Message, err = lireMessage(a.Message); err != nil {
		return a, err
	}
	enAttente := l.EnAttente()
	for _, autre := range enAttente {
		if Identiques(autre.Champs, a.Champs) && Identiques(autre.Fermeture, a.Fermeture) && autre.Message == a.Message {
			return autre, nil
		}
	}
	if len(enAttente) >= attentesMax {
		return a, &Error{Code: EnTrop, Champ: "attentes", Message: fmt.Sprintf(
			"%d changements de ce lieu attendent déjà un coordinateur : revenez quand il aura répondu.", len(enAttente))}
	}
	a.Le = a.Le.UTC().Truncate(time.Second)
	if a.ID == "" {
		a.ID = NouvelID(fmt.Sprint(l.ID, "/attente/", l.Version, "/", len(l.Attentes), "/", a.Auteur, "/", a.Le))
	}
	l.Attentes = append(slices.Clone(l.Attentes), a)
	return a, nil
}

// lireMessage is what somebody writes to the coordinator: several lines, without
// the signs that show nothing or turn the text over.
func lireMessage(texte string) (string, error) {
	texte = strings.TrimSpace(strings.ReplaceAll(texte, "\r\n", "\n"))
	if n := utf8.RuneCountInString(texte); n > messageMax {
		return "", invalide("message", "Ce message a %d caractères : raccourcissez-le à %d au plus.", n, messageMax)
	}
	cache := func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) }
	if !utf8.ValidString(texte) || strings.ContainsFunc(texte, cache) {
		return "", invalide("message", "Ce message a un signe invisible : effacez-le et écrivez à nouveau.")
	}
	return texte, nil
}

// Attente is a change that waits; one that does not is "introuvable".
func (l *Lieu) Attente(id string) (Attente, error) {
	for _, a := range l.EnAttente() {
		if a.ID == id {
			return a, nil
		}
	}
	return Attente{}, &Error{Code: Introuvable, Champ: "attente", Message: "Ce changement n’attend plus : quelqu’un y a déjà répondu."}
}

// RetirerAttente takes away a change that waits: it is done, or its author
// takes it back.
func (l *Lieu) RetirerAttente(id string) error {
	if _, err := l.Attente(id); err != nil {
		return err
	}
	l.Attentes = slices.DeleteFunc(slices.Clone(l.Attentes), func(a Attente) bool { return a.ID == id })
	return nil
}

// RefuserAttente answers no to a change that waits. The answer stays with the
// place, so that its author can read why.
func (l *Lieu) RefuserAttente(id, motif, auteur string, le time.Time) error {
	motif = strings.TrimSpace(motif)
	if motif == "" {
		return invalide("motif", "Dites pourquoi vous refusez : la personne le lira.")
	}
	if err := checkLigne("motif", "Le motif", motif); err != nil {
		return err
	}
	a, err := l.Attente(id)
	if err != nil {
		return err
	}
	a.Refus = &Refus{Motif: motif, Auteur: auteur, Le: le.UTC().Truncate(time.Second)}
	l.Attentes = append(slices.DeleteFunc(slices.Clone(l.Attentes), func(a Attente) bool { return a.ID == id }), a)
	for refuses := len(l.Attentes) - len(l.EnAttente()); refuses > refusMax; refuses-- {
		i := slices.IndexFunc(l.Attentes, func(a Attente) bool { return a.Refus != nil })
		l.Attentes = slices.Delete(l.Attentes, i, i+1)
	}
	return nil
}

// FermerDefinitivement says that the place no longer exists since f.Le, at the
// latest jour. Its page stays, and nothing lists it any more.
func (l *Lieu) FermerDefinitivement(f Fermeture, jour Date) error {
	f.Motif = strings.TrimSpace(f.Motif)
	switch {
	case f.Le.IsZero():
		return invalide("le", "Donnez le jour depuis lequel ce lieu est fermé, comme 2026-12-24.")
	case f.Le.Compare(jour) > 0:
		return invalide("le", "Le %s est à venir : notez d’ici là une fermeture exceptionnelle, et fermez le lieu ce jour-là.", f.Le)
	case l.Statut != StatutPublie && l.Statut != StatutFerme:
		return invalide("statut", "Ce lieu n’est pas publié : il ne se ferme pas.")
	}
	if err := checkLigne("motif", "Le motif", f.Motif); err != nil {
		return err
	}
	l.Statut, l.Fermeture = StatutFerme, &f
	return nil
}

// Rouvrir takes FermerDefinitivement back; a place that is open stays so.
func (l *Lieu) Rouvrir() error {
	switch l.Statut {
	case StatutPublie:
	case StatutFerme:
		l.Statut, l.Fermeture = StatutPublie, nil
	default:
		return invalide("statut", "Ce lieu n’est pas fermé définitivement : il ne se rouvre pas.")
	}
	return nil
}
