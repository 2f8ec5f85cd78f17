package mednum

import "errors"

// Code says what kind of refusal an Error is; the edge maps it to an HTTP
// status or an exit code.
type Code string

// The codes of refusal.
const (
	Invalide     Code = "invalide"     // the input breaks a rule: Champ names it
	Introuvable  Code = "introuvable"  // no such thing
	Disparu      Code = "disparu"      // it was there, and was withdrawn
	Perime       Code = "perime"       // someone else wrote first
	Conflit      Code = "conflit"      // it contradicts what was already accepted
	Anonyme      Code = "anonyme"      // nobody, or nobody known, is asking
	Interdit     Code = "interdit"     // not allowed to this person
	Indisponible Code = "indisponible" // a store or service does not answer
	EnTrop       Code = "en_trop"      // over a stated limit
)

// Error is the one error type of the domain. Message is plain French, fit to
// be shown; it never holds internal text.
type Error struct {
	Code    Code
	Champ   string
	Message string
}

func (e *Error) Error() string {
	if e.Champ == "" {
		return string(e.Code) + ": " + e.Message
	}
	return string(e.Code) + ": " + e.Champ + ": " + e.Message
}

// Errors are all the errors of the domain in err, in their order: a form that
// is refused for several fields says so of each.
func Errors(err error) []*Error {
	var ensemble interface{ Unwrap() []error }
	var seule *Error
	switch {
	case errors.As(err, &ensemble):
		var liste []*Error
		for _, partie := range ensemble.Unwrap() {
			liste = append(liste, Errors(partie)...)
		}
		return liste
	case errors.As(err, &seule):
		return []*Error{seule}
	}
	return nil
}
