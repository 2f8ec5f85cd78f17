package rapproche

import (
	"slices"
	"strings"
)

// genre is what a place is, a bit for each thing that it says it is: "Mairie
// et médiathèque" is two. Names of the standard's typologie are used where it
// has one.
type genre uint64

const (
	genreRFS genre = 1 << iota // a France services, or the MSAP that it was
	genreMUNI
	genreCCAS
	genreCC // an intercommunality, of any kind
	genreCD
	genreBIB
	genrePIJ
	genreML
	genrePoste
	genreMDS
	genreMJC
	genreCS
	genreMQ
	genreCAF
	genreFT
	genreMDE
	genrePREF
	genreUDAF
	genrePIMMS
	genreMSA
	genreEcole
	genreOT
	genreHebergement
	genreTL
	genreASSO // an association, of what is not said
	genreNUM  // a service that is held somewhere: point numérique, EPN, conseiller numérique
)

// mous are kinds that say nothing against another: an association may be
// anything, and a point numérique is held in a place of another kind.
const mous = genreASSO | genreNUM

// sigles are the ways of writing a kind, in Normaliser form, cut short and in
// full.
var sigles = []struct {
	genre  genre
	formes []string
}{
	{genreNUM, []string{
		"conseiller numerique france services", "conseillers numeriques france services", "conseillere numerique france services", "conseiller numerique",
		"conseillers numeriques", "conseillere numerique", "point numerique", "points numeriques", "point relais numerique", "point d acces numerique", "espace public numerique", "espace numerique",
		"espaces numeriques", "etape numerique", "atelier numerique", "ateliers numeriques", "mediation numerique", "mediateur numerique", "epn", "epi", "cyber base", "cyberbase", "cyber centre",
		"cybercentre", "cyber espace", "cyberespace", "espace cyber", "espace regional internet citoyen", "eric", "espace multimedia", "point info 14", "pi 14",
	}},
	{genreRFS, []string{
		"france services", "france service", "espace france services", "espaces france services", "maison france services", "maison de france services", "maisons france services",
		"espace france service", "maison france service", "point france services", "mfs", "efs", "fs", "msf", "msap", "maison de services au public", "maison des services au public",
		"maison de services", "maison des services", "maison de service", "maison des service", "relais de services publics", "relais de services au public", "maison des services publics", "maison de services publics",
	}},
	{genreCCAS, []string{
		"ccas", "c c a s", "centre communal d action sociale", "centre communal d actions sociales", "centre communal d action social", "centre communal action sociale",
		"cias", "c i a s", "centre intercommunal d action sociale", "centre intercommunal d actions sociales",
	}},
	{genreMUNI, []string{"mairie", "mairies", "hotel de ville", "commune de", "communes de", "commune d", "ville de", "ville d", "maire de", "marie de", "marie d", "municipalite"}},
	{genreCC, []string{
		"communaute de communes", "communaute des communes", "communaute d agglomeration", "communaute urbaine", "communaute agglomeration", "cc", "cdc", "ca", "agglo", "agglomeration", "comcom", "com com", "communaute",
	}},
	{genreCD, []string{
		"conseil departemental", "conseil general", "departement", "maison du departement", "maison departementale", "cd",
	}},
	{genreBIB, []string{"mediatheque", "bibliotheque", "mediatheques", "bibliotheques", "bibliotheque mediatheque", "bm", "relais lecture"}},
	{genrePIJ, []string{"pij", "bij", "crij", "point information jeunesse", "bureau information jeunesse", "bureau d information jeunesse", "point d information jeunesse", "information jeunesse", "info jeunes", "info jeunesse"}},
	{genreML, []string{"mission locale", "missions locales", "mission locale rurale"}},
	{genrePoste, []string{"la poste", "bureau de poste", "agence postale", "agence postale communale", "poste"}},
	{genreMDS, []string{
		"mds", "mdsi", "msvs", "maison departementale des solidarites", "maison departementale de la solidarite", "maison des solidarites",
		"maison de la solidarite et de la vie sociale", "maison des solidarites et de l insertion", "centre medico social", "cms", "cds", "centre departemental des solidarites",
	}},
	{genreMJC, []string{"mjc", "maison des jeunes et de la culture"}},
	{genreCS, []string{
		"centre social", "centre socio culturel", "centre socioculturel", "centre social et culturel", "csc", "cs", "espace social", "espace socio culturel", "espace social et culturel", "centres sociaux", "evs", "espace de vie sociale",
	}},
	{genreMQ, []string{"maison de quartier", "maison pour tous", "mpt", "maison des habitants", "mdh"}},
	{genreCAF, []string{"caf", "caisse d allocations familiales"}},
	{genreFT, []string{"pole emploi", "france travail", "cap emploi"}},
	{genreMDE, []string{"maison de l emploi", "mde", "plie", "maison de l emploi et de la formation"}},
	{genrePREF, []string{"prefecture", "sous prefecture"}},
	{genreUDAF, []string{"udaf", "union departementale des associations familiales", "union departementale associations familiales"}},
	{genrePIMMS, []string{"pimms", "pimms mediation", "point information mediation multiservices", "point information mediation multi services"}},
	{genreMSA, []string{"msa", "mutualite sociale agricole"}},
	{genreEcole, []string{"college", "lycee", "ecole", "universite", "groupe scolaire"}},
	{genreOT, []string{"office de tourisme", "office du tourisme"}},
	{genreHebergement, []string{"chrs", "centre d hebergement et de reinsertion sociale"}},
	{genreTL, []string{"tiers lieu", "tiers lieux", "fablab", "fab lab", "fabrique de territoire"}},
	{genreASSO, []string{"association", "asso", "ass"}},
}

// typologies are the codes of the standard, for names that tell no kind.
var typologies = map[string]genre{
	"RFS": genreRFS, "MSAP": genreRFS, "MUNI": genreMUNI, "CCAS": genreCCAS, "CIAS": genreCCAS, "CC": genreCC, "EPCI": genreCC, "CD": genreCD, "BIB": genreBIB,
	"PIJ_BIJ": genrePIJ, "ML": genreML, "LA_POSTE": genrePoste, "MDS": genreMDS, "CMS": genreMDS, "MJC": genreMJC, "CS": genreCS, "CSC": genreCS, "EVS": genreCS, "MQ": genreMQ, "MDH": genreMQ,
	"CAF": genreCAF, "FT": genreFT, "MDE": genreMDE, "MDEF": genreMDE, "PREF": genrePREF, "UDAF": genreUDAF, "PIMMS": genrePIMMS, "MSA": genreMSA, "CHRS": genreHebergement,
	"TIERS_LIEUX": genreTL, "FABLAB": genreTL, "FABRIQUE": genreTL, "ASSO": genreASSO, "EPN": genreNUM, "EPI": genreNUM,
}

// accord is how two kinds stand to each other.
type accord int

const (
	ignores accord = iota // one is not known
	memes                 // one kind at least in common
	accueil               // a service held in a place of another kind
	porteur               // who runs a place, and the place
	opposes               // two places, even at one address
)

// porteurs are the kinds of who may run a place of a kind under its own name:
// an intercommunality, a centre social or the post may be the France services.
var porteurs = []struct{ lieu, par genre }{
	{genreRFS, genreMUNI | genreCCAS | genreCC | genreCD | genreCS | genreMQ | genreMJC | genrePoste | genreUDAF | genrePIMMS | genreMSA | genreMDS | genrePREF | genreTL},
	{genreMDS, genreCD},
	{genreBIB, genreCC | genreCD},
	{genreCCAS, genreMUNI},
	{genreCS, genreCCAS | genreMQ | genreMJC | genreTL | genreUDAF},
	{genreTL, genreCC | genreMQ | genreMJC},
	{genreMQ, genreMUNI | genreMJC},
	{genrePIJ, genreMJC},
	{genreOT, genreCC},
}

func accorder(a, b genre) accord {
	if a == 0 || b == 0 {
		return ignores
	}
	x, y := a&^mous, b&^mous
	switch {
	case x&y != 0:
		return memes
	case x == 0 && y == 0:
		if a&b&genreNUM != 0 {
			return memes
		}
		return ignores
	case x == 0 && a&genreNUM != 0, y == 0 && b&genreNUM != 0:
		return accueil
	case x == 0 || y == 0:
		return porteur
	case tenu(x, y) || tenu(y, x):
		return porteur
	}
	return opposes
}

// tenu tells whether one of the kinds of the place may be run by one of those
// of the other.
func tenu(lieu, autre genre) bool {
	return slices.ContainsFunc(porteurs, func(p struct{ lieu, par genre }) bool { return lieu&p.lieu != 0 && autre&p.par != 0 })
}

// phrases are the written forms by their first word, longest first.
var phrases = func() map[string][]phrase {
	table := make(map[string][]phrase)
	for _, s := range sigles {
		for _, forme := range s.formes {
			mots := strings.Fields(forme)
			table[mots[0]] = append(table[mots[0]], phrase{mots, s.genre})
		}
	}
	for _, liste := range table {
		slices.SortStableFunc(liste, func(a, b phrase) int { return len(b.mots) - len(a.mots) })
	}
	return table
}()

type phrase struct {
	mots  []string
	genre genre
}
