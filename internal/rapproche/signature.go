package rapproche

import (
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// signature is what is compared of a record, prepared once.
type signature struct {
	flux, cle string
	date      mednum.Date
	parties   []string // of a key that a national file joined by "__"
	commune   commune
	voie      voie
	batiment  []string // words of the complement of the address
	nom       nom
	rares     []string // words of the name; Grouper keeps those that few communes have
	genre     genre
	telephone string
	courriels []string
	domaines  []string
	sites     []string // the domains of its pages
	dits      []string // what it says of itself outside its name
	semaine   semaine
	siret     string
	siren     string
	itinerant bool
	listeFS   bool      // a row of the France Services list
	labelFS   bool      // says it has the label, without being such a row
	seule     bool      // the only fixed France services of its commune; set by Grouper
	standard  bool      // its phone is a switchboard; set by Grouper
	autreRue  voie      // the numbered street that the complement of the address gives
	sansVoie  bool      // its source gives no address: a Fabrique de territoire
	point     geo.Point // meaningless unless situe
	situe     bool      // by its own address, as far as the record tells
	rang      int       // in the order of references; set by Grouper
}

// texteMax is how many bytes of a text are compared: what is longer is no name,
// no address and no id, and comparing words costs their square.
const texteMax = 600

func signer(f *mednum.Fiche) signature {
	c := make(map[mednum.Champ]string, len(champsCompares))
	for _, champ := range champsCompares {
		c[champ] = couper(f.Champs[champ])
	}
	s := signature{
		flux:      f.Flux,
		cle:       f.Cle,
		date:      f.DateMaj,
		parties:   partiesDe(couper(f.Cle)),
		commune:   lireCommune(c),
		voie:      lireVoie(c[mednum.ChampAdresse]),
		batiment:  strings.Fields(mednum.Normaliser(c[mednum.ChampComplementAdresse])),
		telephone: c[mednum.ChampTelephone],
		courriels: mednum.SplitListe(strings.ToLower(c[mednum.ChampCourriels])),
		listeFS:   slices.Contains(f.Familles, mednum.FamilleFranceServices),
	}
	s.sansVoie = len(s.voie.mots) == 0
	s.domaines = domaines(s.courriels)
	s.sites = domainesDeSites(c[mednum.ChampSiteWeb])
	s.dits = ditsDe(s.courriels, c[mednum.ChampStructureParente])
	s.semaine = lireSemaine(c[mednum.ChampHoraires])
	s.autreRue = rueDuComplement(c[mednum.ChampComplementAdresse])
	s.siret, s.siren = lirePivot(c[mednum.ChampPivot])
	s.labelFS = !s.listeFS && declareFranceServices(f)
	s.nom = lireNom(c[mednum.ChampNom], s.commune.nom)
	s.rares = s.nom.mots
	s.genre = genreDe(s.nom.genre, c[mednum.ChampTypologie], s.listeFS)
	itinerance := mednum.SplitListe(c[mednum.ChampItinerance])
	s.itinerant = slices.Contains(itinerance, "Itinérant") && !slices.Contains(itinerance, "Fixe") || s.nom.mobile && !slices.Contains(itinerance, "Fixe")
	s.point, s.situe = lirePoint(f)
	return s
}

// champsCompares are the columns that signer reads.
var champsCompares = []mednum.Champ{
	mednum.ChampNom, mednum.ChampCommune, mednum.ChampCodePostal, mednum.ChampCodeInsee, mednum.ChampAdresse, mednum.ChampComplementAdresse,
	mednum.ChampTypologie, mednum.ChampTelephone, mednum.ChampCourriels, mednum.ChampPivot, mednum.ChampItinerance,
	mednum.ChampHoraires, mednum.ChampSiteWeb, mednum.ChampStructureParente,
}

func couper(s string) string { return s[:min(len(s), texteMax)] }

// genreDe is the kind that the name tells, otherwise the only one of
// typologie.
func genreDe(duNom genre, typologie string, listeFS bool) genre {
	if listeFS {
		return duNom | genreRFS
	}
	if duNom&^genreASSO != 0 {
		return duNom
	}
	if codes := mednum.SplitListe(typologie); len(codes) == 1 {
		return duNom | typologies[codes[0]]
	}
	return duNom
}

// declareFranceServices tells whether the record carries the label, which
// readers send to review without writing it.
func declareFranceServices(f *mednum.Fiche) bool {
	if slices.Contains(mednum.SplitListe(couper(f.Champs[mednum.ChampDispositifs])), "France Services") {
		return true
	}
	return slices.ContainsFunc(f.Remarques, func(r mednum.Remarque) bool {
		return r.Champ == mednum.ChampDispositifs && mednum.Normaliser(r.Avant) == "france services"
	})
}

// lirePoint is where the record says that it is; a centre of commune says
// nothing.
func lirePoint(f *mednum.Fiche) (geo.Point, bool) {
	if f.Precision == mednum.PrecisionCommune {
		return geo.Point{}, false
	}
	lat, err := strconv.ParseFloat(f.Champs[mednum.ChampLatitude], 64)
	if err != nil {
		return geo.Point{}, false
	}
	lon, err := strconv.ParseFloat(f.Champs[mednum.ChampLongitude], 64)
	p := geo.Point{Lat: lat, Lon: lon}
	return p, err == nil && p.Valide() && (lat != 0 || lon != 0)
}

// partiesDe are the ids that a national merge joined ("a__b"), nil for a key of
// one id.
func partiesDe(cle string) []string {
	if !strings.Contains(cle, "__") {
		return nil
	}
	var parties []string
	for p := range strings.SplitSeq(cle, "__") {
		if p = strings.TrimSpace(p); p != "" {
			parties = append(parties, p)
		}
	}
	return parties
}

// partagentCle tells whether two keys of different records share an id: one
// that a national merge joined, or one so long that two sources cannot have
// given it to two records. An id may follow the name of its source.
func partagentCle(a, b *signature) bool {
	if a.parties == nil && b.parties == nil {
		return a.flux != b.flux && memeID(a.cle, b.cle, idUnique)
	}
	tous := func(s *signature) []string {
		if s.parties == nil {
			return []string{s.cle}
		}
		return s.parties
	}
	return slices.ContainsFunc(tous(a), func(x string) bool {
		return slices.ContainsFunc(tous(b), func(y string) bool { return memeID(x, y, idReconnu) })
	})
}

const (
	idUnique  = 16 // signs of an id that no two sources give
	idReconnu = 6  // of one that is recognised after the name of its source
)

// memeID tells whether two ids are one, or one is the other after the name of a
// source and a mark.
func memeID(a, b string, taille int) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if a == b {
		return a != "" && (taille == idReconnu || len(a) >= taille)
	}
	reste, ok := strings.CutSuffix(b, a)
	return ok && len(a) >= taille && strings.ContainsRune(marques, rune(reste[len(reste)-1]))
}

// marques come between the name of a source and an id.
const marques = "_-:"
