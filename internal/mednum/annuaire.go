package mednum

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Annuaire is what somebody lets colleagues find of them: what they help with
// (of the vocabulary of services), in their own words, in which languages, and
// how to reach them. Courriel tells that the address of their account is shown.
type Annuaire struct {
	Services  []string `json:"services,omitempty"`
	Mots      string   `json:"mots,omitempty"`
	Langues   []string `json:"langues,omitempty"`
	Telephone string   `json:"telephone,omitempty"`
	Courriel  bool     `json:"courriel,omitempty"`
}

// motsAnnuaireMax is the length of what somebody says in their own words, in
// characters.
const motsAnnuaireMax = 200

// LireAnnuaire reads what a form says: services and languages of their
// vocabularies, words on one line, a phone as Saisir reads one. What is not so is
// "invalide" (field "services", "mots", "langues" or "telephone").
func LireAnnuaire(a Annuaire) (Annuaire, error) {
	var err error
	if a.Langues, err = LireLangues(a.Langues); err != nil {
		return a, err
	}
	connus := Vocabulaire(ChampServices)
	for _, service := range a.Services {
		if !slices.Contains(connus, service) {
			return a, invalide(string(ChampServices), "« %s » n’est pas dans la liste : cochez parmi celles du formulaire.", service)
		}
	}
	a.Services = slices.Clone(a.Services)
	slices.SortFunc(a.Services, func(x, y string) int { return slices.Index(connus, x) - slices.Index(connus, y) })
	a.Services = slices.Compact(a.Services)
	a.Mots = strings.Join(strings.FieldsFunc(a.Mots, unicode.IsSpace), " ")
	switch {
	case utf8.RuneCountInString(a.Mots) > motsAnnuaireMax:
		return a, invalide("mots", "Ce texte est trop long : %d caractères au plus.", motsAnnuaireMax)
	case !utf8.ValidString(a.Mots) || strings.ContainsFunc(a.Mots, invisible):
		return a, invalide("mots", "Ce texte a des signes qui ne s’impriment pas : retapez-le.")
	}
	if a.Telephone = strings.TrimSpace(a.Telephone); a.Telephone != "" {
		if a.Telephone, err = Saisir(ChampTelephone, a.Telephone); err != nil {
			return a, err
		}
	}
	return a, nil
}
