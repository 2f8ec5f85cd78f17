package collecte

import (
	"regexp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// rayonCentre is how close to the centre of its commune a point is taken for
// that centre, and rayonAdresse how far apart two sources may put one address,
// in metres.
const (
	rayonCentre  = 30.0
	rayonAdresse = 150.0
)

// ruesDUnPoint is how many different streets at one point make it a centre
// for all its records: two are enough to doubt, so many leave no doubt.
const ruesDUnPoint = 40

// markCentres finds the positions that stand for a commune and not for an
// address: a point that records of different streets share to the last digit,
// a point at the centre of its commune, unless a record of the same address at
// another point of its own vouches for it, and a point without an address. Its
// cost grows with the number of records, not with its square.
func markCentres(t *territoire.Territoire, fiches []*mednum.Fiche) {
	parPoint := map[string][]*mednum.Fiche{} // one record a street
	parNumero := map[string][]*mednum.Fiche{}
	rues := map[string]bool{}
	for _, f := range fiches {
		if _, ok := position(f); !ok {
			continue
		}
		point := pointOf(f)
		rue := point + "|" + f.Champs[mednum.ChampCodeInsee] + "|" + strings.Join(streetWords(f), " ")
		if !rues[rue] && len(parPoint[point]) <= ruesDUnPoint {
			rues[rue] = true
			parPoint[point] = append(parPoint[point], f)
		}
		if n := numberOf(f); n != "" {
			cle := f.Champs[mednum.ChampCodeInsee] + "|" + n
			parNumero[cle] = append(parNumero[cle], f)
		}
	}
	for _, f := range fiches {
		p, ok := position(f)
		if !ok || f.Precision != mednum.PrecisionRue {
			continue
		}
		memes := parPoint[pointOf(f)]
		switch {
		case f.Champs[mednum.ChampAdresse] == "":
			approximate(f, "Ce point n’a pas d’adresse.")
		case len(memes) > ruesDUnPoint || slices.ContainsFunc(memes, func(g *mednum.Fiche) bool { return otherStreet(f, g) }):
			approximate(f, "Des adresses différentes ont exactement ce point : c’est le centre de la commune.")
		case atCentre(t, f, p) && !vouched(f, p, parNumero[f.Champs[mednum.ChampCodeInsee]+"|"+numberOf(f)]):
			approximate(f, "Ce point est le centre de la commune.")
		}
	}
}

func pointOf(f *mednum.Fiche) string {
	return f.Champs[mednum.ChampLatitude] + " " + f.Champs[mednum.ChampLongitude]
}

func approximate(f *mednum.Fiche, motif string) {
	f.Precision = mednum.PrecisionCommune
	remarquer(f, mednum.Remarque{Champ: mednum.ChampLatitude, Motif: motif})
}

func atCentre(t *territoire.Territoire, f *mednum.Fiche, p geo.Point) bool {
	code := f.Champs[mednum.ChampCodeInsee]
	if c, ok := t.Commune(code); ok {
		return geo.Distance(p, c.Centre) <= rayonCentre
	}
	centre, ok := t.Centres.Centre(code)
	return ok && geo.Distance(p, centre) <= rayonCentre
}

// temoinsMax bounds the records that are asked whether they vouch for a point:
// those of one number in one commune are few.
const temoinsMax = 500

// vouched tells whether a record of the same number and commune puts the
// address of f near p by a point of its own.
func vouched(f *mednum.Fiche, p geo.Point, memeNumero []*mednum.Fiche) bool {
	return slices.ContainsFunc(memeNumero[:min(len(memeNumero), temoinsMax)], func(g *mednum.Fiche) bool {
		q, ok := position(g)
		return ok && q != p && geo.Distance(p, q) <= rayonAdresse && !otherStreet(f, g)
	})
}

// otherStreet tells whether two records are of plainly different streets: both
// have an address, and no word of their names is shared; or their communes
// differ. "1 PL DE LA GARE" and "1 place de la Gare" are one street; two
// numbers of a street are one street.
func otherStreet(f, g *mednum.Fiche) bool {
	cf, cg := f.Champs[mednum.ChampCodeInsee], g.Champs[mednum.ChampCodeInsee]
	if cf != "" && cg != "" && cf != cg {
		return true
	}
	rf, rg := streetWords(f), streetWords(g)
	if len(rf) == 0 || len(rg) == 0 {
		return false
	}
	return !slices.ContainsFunc(rf, func(mot string) bool { return slices.Contains(rg, mot) })
}

// motsDeVoie are what streets are, not what they are called.
var motsDeVoie = regexp.MustCompile(`^(rue|r|avenue|av|ave|boulevard|bd|bld|bvd|place|pl|plc|chemin|che|chem|route|rte|impasse|imp|allee|allees|all|cours|crs|quai|square|sq|esplanade|espl|passage|pass|faubourg|fbg|fg|grande|grand|bis|ter|bp|cs|cedex|batiment|bat|lieu|dit|zone|za|zi|residence|res|saint|sainte|docteur|dr|general|gal|marechal|de|du|des|la|le|les|et|au|aux|sur|d|l|n|[0-9]+[a-z]?)$`)

func streetWords(f *mednum.Fiche) []string {
	var mots []string
	for mot := range strings.FieldsSeq(mednum.Normaliser(f.Champs[mednum.ChampAdresse])) {
		if !motsDeVoie.MatchString(mot) {
			mots = append(mots, mot)
		}
	}
	return mots
}

var numeroDeVoie = regexp.MustCompile(`^[0-9]+`)

// numberOf is the number in the street, "" when the address has none.
func numberOf(f *mednum.Fiche) string {
	return numeroDeVoie.FindString(mednum.Normaliser(f.Champs[mednum.ChampAdresse]))
}
