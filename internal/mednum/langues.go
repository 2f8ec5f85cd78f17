package mednum

import (
	"slices"
	"strings"
)

// ChampLangues names the languages of a place where a column of the standard is
// named: the standard has no column for them.
const ChampLangues Champ = "langues"

// Langue is a language that people may be helped in, beside French. Code is its
// ISO 639-1 code, of ISO 639-3 where that has none; Nom is its French name.
type Langue struct{ Code, Nom string }

// Langues are those that a place may say, by their French name. The sign
// language is LSF: a place where people sign says it as any other.
var Langues = []Langue{
	{"sq", "albanais"},
	{"de", "allemand"},
	{"en", "anglais"},
	{"ar", "arabe"},
	{"hy", "arménien"},
	{"bm", "bambara"},
	{"br", "breton"},
	{"bg", "bulgare"},
	{"zh", "chinois"},
	{"ht", "créole haïtien"},
	{"es", "espagnol"},
	{"ka", "géorgien"},
	{"it", "italien"},
	{"kab", "kabyle"},
	{"ku", "kurde"},
	{"fsl", "langue des signes française (LSF)"},
	{"ln", "lingala"},
	{"nl", "néerlandais"},
	{"oc", "occitan"},
	{"ur", "ourdou"},
	{"ps", "pachto"},
	{"fa", "persan (dari, farsi)"},
	{"ff", "peul"},
	{"pl", "polonais"},
	{"pt", "portugais"},
	{"ro", "roumain"},
	{"ru", "russe"},
	{"tr", "turc"},
	{"uk", "ukrainien"},
	{"vi", "vietnamien"},
	{"wo", "wolof"},
}

// CodesLangues are the codes of Langues, in their order.
func CodesLangues() []string {
	codes := make([]string, len(Langues))
	for i, l := range Langues {
		codes[i] = l.Code
	}
	return codes
}

// NomLangue is the French name of a code, the code itself when it is not known.
func NomLangue(code string) string {
	if i := slices.IndexFunc(Langues, func(l Langue) bool { return l.Code == code }); i >= 0 {
		return Langues[i].Nom
	}
	return code
}

// LireLangues are codes of Langues, each once, in their order. One that is not
// there is "invalide" (field "langues").
func LireLangues(codes []string) ([]string, error) {
	connus := CodesLangues()
	var liste []string
	for _, code := range codes {
		if code = strings.TrimSpace(code); code == "" {
			continue
		}
		if !slices.Contains(connus, code) {
			return nil, invalide(string(ChampLangues), "La langue « %s » n’est pas dans notre liste : choisissez parmi celles du formulaire.", code)
		}
		liste = append(liste, code)
	}
	slices.SortFunc(liste, func(a, b string) int { return slices.Index(connus, a) - slices.Index(connus, b) })
	return slices.Compact(liste), nil
}

// DireLangues is what a place says of its languages beside French.
func (l *Lieu) DireLangues(codes []string) error {
	langues, err := LireLangues(codes)
	if err != nil {
		return err
	}
	l.Langues = langues
	return nil
}

// direLangues says them in a line.
func direLangues(codes []string) string {
	noms := make([]string, len(codes))
	for i, code := range codes {
		noms[i] = NomLangue(code)
	}
	return strings.Join(noms, ", ")
}
