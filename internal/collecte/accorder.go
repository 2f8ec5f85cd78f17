package collecte

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// verdict is the commune that the columns of a record name, nil when none can
// be told. accords is how many of name, INSEE code and postal code say it;
// contre is why the record is set aside, "" when it is not.
type verdict struct {
	commune             *territoire.Commune
	accords             int
	motifNom, motifCode string // why name and code are replaced, "" for the usual reasons
	contre              string
}

var (
	motifSuiteCommune   = regexp.MustCompile(`(?i)[\s,-]+(?:\d{1,2}\s*(?:ers?|e|es|[eè]me)?(?:\s+arr(?:ondissement|t|\.)?)?|(?:BP|CS|TSA)\s*\d+.*)$`)
	motifArrondissement = regexp.MustCompile(`^(?:751(\d\d)|132(\d\d)|6938(\d))$`)
	motifNumeroFinal    = regexp.MustCompile(`(?i)[\s-](\d{1,2})\s*(?:ers?|e|es|[eè]me)?(?:\s+arr\S*)?$`)
)

// communeDe is the commune of a record: the one that its columns agree on. Each
// of name, INSEE code and postal code has a voice, and the point too where the
// others differ. The code and the name of two communes with as many voices
// cannot be decided: the record is set aside.
func (s *situateur) communeDe(f *mednum.Fiche) verdict {
	code := s.commune(f.Champs[mednum.ChampCodeInsee])
	if code == nil {
		return s.sansCode(f)
	}
	nom, cp := f.Champs[mednum.ChampCommune], f.Champs[mednum.ChampCodePostal]
	nommees, postales := s.nommees(nom), s.postales(cp)
	v := verdict{commune: code, accords: 1 + voix(slices.Contains(postales, code))}
	if slices.Contains(nommees, code) || presque(nom, code.Nom) || len(nommees) == 0 && debutCommun(nom, code.Nom) {
		v.accords++
		return v
	}
	autre := only(nommees, func(c *territoire.Commune) bool { return slices.Contains(postales, c) })
	if autre == nil && len(nommees) == 0 {
		autre = s.tolerant(nom, cp)
	}
	if autre == nil {
		autre = only(nommees, func(c *territoire.Commune) bool { return c.Departement == code.Departement })
	}
	p, place := position(f)
	if autre == nil {
		return s.codeContrePostal(v, f, postales, p, place)
	}
	pour, contre := v.accords+voix(place && s.proche(p, code)), 1+voix(slices.Contains(postales, autre))+voix(place && s.proche(p, autre))
	switch {
	case pour > contre:
		v.motifNom = fmt.Sprintf("Le code et le code postal sont de %s.", code.Nom)
		return v
	case pour == contre:
		v.contre = fmt.Sprintf("La commune « %s » et le code %s (%s) se contredisent : corrigez l’un des deux.", nom, f.Champs[mednum.ChampCodeInsee], code.Nom)
		return v
	}
	return verdict{commune: autre, accords: contre, motifCode: fmt.Sprintf("Ce code est de %s ; le nom et le reste de la ligne disent %s.", code.Nom, autre.Nom)}
}

// codeContrePostal is the verdict when no commune bears the name: the code,
// unless the postal code is of another département and the point is not near
// the commune of the code.
func (s *situateur) codeContrePostal(v verdict, f *mednum.Fiche, postales []*territoire.Commune, p geo.Point, place bool) verdict {
	memeDepartement := func(c *territoire.Commune) bool { return c.Departement == v.commune.Departement }
	if len(postales) == 0 || slices.ContainsFunc(postales, memeDepartement) || place && s.proche(p, v.commune) {
		v.motifNom = "Nom de la commune qui a ce code."
		return v
	}
	v.contre = fmt.Sprintf("Le code postal %s et le code de commune %s (%s) ne sont pas du même département : corrigez l’un des deux.",
		f.Champs[mednum.ChampCodePostal], f.Champs[mednum.ChampCodeInsee], v.commune.Nom)
	return v
}

// sansCode is the commune of a record without a code that is known: by name and
// postal code, else by a name that is alone in its département, else by a
// postal code that is one commune's, or whose commune holds the position. A
// name of one commune of France, and a postal code of another département,
// are decided by the point or not at all.
func (s *situateur) sansCode(f *mednum.Fiche) verdict {
	nom, cp := f.Champs[mednum.ChampCommune], f.Champs[mednum.ChampCodePostal]
	nommees, postales := s.nommees(nom), s.postales(cp)
	if c := only(nommees, func(c *territoire.Commune) bool { return slices.Contains(c.CodesPostaux, cp) }); c != nil {
		return verdict{commune: c, accords: 2}
	}
	dep := departementDe(cp)
	if dep == "" {
		dep = departementDe(f.Champs[mednum.ChampCodeInsee])
	}
	p, place := position(f)
	pres := func(c *territoire.Commune) bool { return place && s.proche(p, c) }
	if c := only(nommees, func(c *territoire.Commune) bool { return dep == "" || dep == c.Departement }); c != nil {
		return verdict{commune: c, accords: 1 + voix(dep != "")}
	}
	if c := only(nommees, pres); c != nil {
		return verdict{commune: c, accords: 1 + voix(dep == c.Departement)}
	}
	if len(nommees) == 0 { // the name is of no commune: a hamlet, or a misspelling
		if c := s.tolerant(nom, cp); c != nil {
			return verdict{commune: c, accords: 2, motifNom: "Nom de la commune qui a ce code postal, à une ou deux lettres près."}
		}
	}
	if c := only(postales, func(c *territoire.Commune) bool { return debutCommun(nom, c.Nom) }); c != nil {
		return verdict{commune: c, accords: 2, motifNom: "Nom entier de la commune qui a ce code postal."}
	}
	if s.t.France != nil && len(nommees) == 1 && len(postales) > 0 && !slices.ContainsFunc(postales, pres) {
		return verdict{contre: fmt.Sprintf("La commune « %s » (%s) n’a pas le code postal %s : corrigez l’un des deux.", nom, nommees[0].Departement, cp)}
	}
	if c := only(postales, func(*territoire.Commune) bool { return true }); c != nil {
		return verdict{commune: c, accords: 1, motifNom: "Nom de la commune qui a ce code postal."}
	}
	if c, ok := s.communeAt(p, place); ok && slices.Contains(c.CodesPostaux, cp) {
		return verdict{commune: c, accords: 2, motifNom: "Nom de la commune qui a ce code postal et ce point."}
	}
	return verdict{}
}

func (s *situateur) communeAt(p geo.Point, place bool) (*territoire.Commune, bool) {
	if !place {
		return nil, false
	}
	return s.t.CommuneAt(p)
}

func voix(oui bool) int {
	if oui {
		return 1
	}
	return 0
}

// presque tells whether two names of communes differ only by particles, doubled
// letters or a slip (see permises).
func presque(a, b string) bool {
	x, y := strings.Join(motsTolerants(a), ""), strings.Join(motsTolerants(b), "")
	return x != "" && x == y || permises(x) > 0 && distance(x, y) <= permises(x)
}

// debutCommun tells whether one name is the first words of the other: "Vire"
// and "Vire Normandie", "Brive" and "Brive-la-Gaillarde". A word of the kind
// "Saint" alone is not enough.
func debutCommun(a, b string) bool {
	x, y := motsTolerants(a), motsTolerants(b)
	n := min(len(x), len(y))
	return n > 0 && slices.Equal(x[:n], y[:n]) && !(n == 1 && motsDebut[x[0]])
}

// motsDebut begin too many names, in the form of motsTolerants.
var motsDebut = map[string]bool{"saint": true, "sainte": true, "saints": true, "mont": true, "val": true, "vilers": true, "bois": true, "chateau": true, "pont": true, "grand": true, "port": true}

// arrondissementPostal is the postal code of a municipal arrondissement of
// Paris, Marseille or Lyon, by its INSEE code or by the number that follows the
// name; "" when neither says one.
func arrondissementPostal(code, nom string, c *territoire.Commune) string {
	debuts := map[string]string{"75056": "750", "13055": "130", "69123": "690"}
	numero := ""
	if m := motifArrondissement.FindStringSubmatch(code); m != nil {
		numero = m[1] + m[2] + m[3]
	} else if m := motifNumeroFinal.FindStringSubmatch(nom); m != nil {
		numero = m[1]
	}
	if debuts[c.Code] == "" || numero == "" {
		return ""
	}
	return debuts[c.Code] + strings.Repeat("0", max(0, 2-len(numero))) + numero
}
