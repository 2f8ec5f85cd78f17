package rapproche

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// signature is what is compared of a record, prepared once.
type signature struct {
	commune, insee string
	voie           voie
	telephone      string
	courriels      []string
	nom            string // words that tell the place, without those of its kind and commune
	genre          string // what the place is, "" when unknown
	pivot          string // "" when unknown
	itinerant      bool
	listeFS        bool // a row of the France Services list
	labelFS        bool // says it has the label, without being such a row
}

func signer(f *mednum.Fiche) signature {
	c := f.Champs
	s := signature{
		insee:     c[mednum.ChampCodeInsee],
		voie:      lireVoie(c[mednum.ChampAdresse]),
		telephone: c[mednum.ChampTelephone],
		courriels: mednum.SplitListe(strings.ToLower(c[mednum.ChampCourriels])),
		itinerant: slices.Contains(mednum.SplitListe(c[mednum.ChampItinerance]), "Itinérant"),
		listeFS:   slices.Contains(f.Familles, mednum.FamilleFranceServices),
	}
	departement := s.insee
	if departement == "" {
		departement = c[mednum.ChampCodePostal]
	}
	if cle := mednum.CleAvecArticle(c[mednum.ChampCommune]); cle != "" {
		s.commune = departement[:min(2, len(departement))] + "/" + cle
	}
	if p := c[mednum.ChampPivot]; strings.Trim(p, "0") != "" {
		s.pivot = p
	}
	s.labelFS = !s.listeFS && declareFranceServices(f)
	nom := mednum.Normaliser(c[mednum.ChampNom])
	s.genre = genreDe(nom, c[mednum.ChampTypologie], s.listeFS)
	s.nom = motsPropres(nom, mednum.Normaliser(c[mednum.ChampCommune]))
	return s
}

// declareFranceServices tells whether the record carries the label, which
// readers send to review without writing it.
func declareFranceServices(f *mednum.Fiche) bool {
	if slices.Contains(mednum.SplitListe(f.Champs[mednum.ChampDispositifs]), "France Services") {
		return true
	}
	return slices.ContainsFunc(f.Remarques, func(r mednum.Remarque) bool {
		return r.Champ == mednum.ChampDispositifs && mednum.Normaliser(r.Avant) == "france services"
	})
}

// genres are kinds of place that a name tells at its head, in their order.
var genres = []struct{ debut, genre string }{
	{"france services", "RFS"},
	{"espace france services", "RFS"},
	{"maison france services", "RFS"},
	{"bus france services", "RFS"},
	{"mairie", "MUNI"},
	{"hotel de ville", "MUNI"},
	{"mediatheque", "BIB"},
	{"bibliotheque", "BIB"},
	{"mission locale", "ML"},
	{"la poste", "LA_POSTE"},
	{"agence postale", "LA_POSTE"},
	{"mds", "MDS"},
	{"maison departementale des solidarites", "MDS"},
	{"ccas", "CCAS"},
	{"centre communal d action sociale", "CCAS"},
	{"pij", "PIJ_BIJ"},
	{"bij", "PIJ_BIJ"},
	{"point information jeunesse", "PIJ_BIJ"},
	{"bureau information jeunesse", "PIJ_BIJ"},
	{"centre social", "CS"},
	{"centre socioculturel", "CSC"},
	{"mjc", "MJC"},
	{"udaf", "UDAF"},
}

// porteurs are kinds of organisation that run places of another kind under
// their own name: an association or a community of communes may be the
// France Services.
var porteurs = []string{"ASSO", "CC", "CD", "EPCI"}

// genreDe is the kind that the name tells, otherwise the only one of
// typologie.
func genreDe(nom, typologie string, listeFS bool) string {
	if listeFS {
		return "RFS"
	}
	for _, g := range genres {
		if nom == g.debut || strings.HasPrefix(nom, g.debut+" ") {
			return g.genre
		}
	}
	if codes := mednum.SplitListe(typologie); len(codes) == 1 {
		return codes[0]
	}
	return ""
}

// compatibles tells whether two kinds may be one place.
func compatibles(a, b *signature) bool {
	return a.genre == "" || b.genre == "" || a.genre == b.genre ||
		slices.Contains(porteurs, a.genre) && !slices.Contains(porteurs, b.genre) ||
		slices.Contains(porteurs, b.genre) && !slices.Contains(porteurs, a.genre)
}

// vides are words of a name that tell no place from another.
var vides = func() map[string]bool {
	mots := make(map[string]bool)
	for mot := range strings.FieldsSeq("a au aux d de des du en et l la le les antenne asso association espace maison point service services site") {
		mots[mot] = true
	}
	return mots
}()

// motsPropres are the words of a normalised name, sorted, without the empty
// ones and those of the commune; the whole name when none is left.
func motsPropres(nom, commune string) string {
	reste := strings.TrimSpace(strings.ReplaceAll(" "+nom+" ", " "+commune+" ", " "))
	var mots []string
	for mot := range strings.FieldsSeq(reste) {
		if !vides[mot] && !slices.Contains(mots, mot) {
			mots = append(mots, mot)
		}
	}
	if len(mots) == 0 {
		return nom
	}
	slices.Sort(mots)
	return strings.Join(mots, " ")
}

// memeNom: the same words. Records of one kind that a commune has only one of
// ("Mairie", "France services") are the same name once the commune is out.
func memeNom(a, b *signature) bool { return a.nom != "" && a.nom == b.nom }

func partagent(a, b []string) bool {
	return slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}

// fournisseurs give addresses to anyone: their domain tells no organisation.
var fournisseurs = []string{
	"gmail.com", "orange.fr", "wanadoo.fr", "laposte.net", "free.fr", "sfr.fr", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr",
	"yahoo.fr", "yahoo.com", "live.fr", "bbox.fr", "neuf.fr", "aol.com", "icloud.com", "protonmail.com", "france-services.gouv.fr",
}

// labelFranceServices: one is on the list, the other declares the label, and
// their e-mail addresses belong to one organisation.
func labelFranceServices(a, b *signature) bool {
	if (!a.listeFS || !b.labelFS) && (!b.listeFS || !a.labelFS) {
		return false
	}
	return partagent(domaines(a.courriels), domaines(b.courriels))
}

func domaines(courriels []string) []string {
	var d []string
	for _, c := range courriels {
		if _, domaine, ok := strings.Cut(c, "@"); ok && !slices.Contains(fournisseurs, domaine) {
			d = append(d, domaine)
		}
	}
	return d
}
