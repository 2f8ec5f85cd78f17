package collecte

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// The reasons of the remarks that geocoding leaves, by which it knows its own
// work again in the records of the base.
const (
	motifGeocode   = "Position de l’adresse d’après la Géoplateforme"
	motifIntrouvee = "La Géoplateforme ne connaît pas cette adresse dans cette commune : le lieu n’a pas de position."
)

// Geocodage says what filling the missing positions did.
type Geocodage struct {
	Sans       int // wanted records without a position, that have an address
	Reprises   int // of them, those that the base already has at the same address: nothing is asked
	Demandees  int // different addresses asked
	Remplies   int // records that got a position from the service
	Introuvees int // records whose address it does not know
	Phrase     string
}

// geocodable is a record without a position.
type geocodable struct {
	fichier, rang int
	fiche         mednum.Fiche // situated
}

// Geocoder fills the positions that records miss, from their address: those
// that their file does not give, and those that were dropped because they
// contradict the rest of the row. What the base already knows of the same
// record at the same address is taken again, found or not, so that an import
// without network changes nothing; the rest is asked to the service, each
// address once, unless lot is nil. An answer is kept when it is in the
// record's commune, of a street, a number or a locality, with a score of
// territoire.ScoreLotMin at least. Each coordinate is a remark. When the
// service does not answer, what it has not answered stays absent and Phrase
// says so.
//
// It returns the files with these records replaced; what it is given does not
// change. Only records of the zone are looked at.
func Geocoder(ctx context.Context, t *territoire.Territoire, lot *territoire.Lot, connues map[string]mednum.Fiche, lectures []norme.Lecture, zone Zone) ([]norme.Lecture, Geocodage) {
	var g Geocodage
	s := newSituateur(t)
	var attentes []geocodable
	lectures = slices.Clone(lectures)
	for i := range lectures {
		lectures[i].Fiches = slices.Clone(lectures[i].Fiches)
		for j, f := range lectures[i].Fiches {
			situee, ok := s.sansPosition(f, zone)
			if !ok {
				continue
			}
			g.Sans++
			if reprendre(&situee, connues[f.Reference()]) {
				g.Reprises++
				lectures[i].Fiches[j] = situee
				continue
			}
			attentes = append(attentes, geocodable{i, j, situee})
		}
	}
	if lot == nil || len(attentes) == 0 {
		return lectures, g
	}
	questions, rangs := questionsDe(attentes)
	g.Demandees = len(questions)
	reponses, err := lot.Chercher(ctx, questions)
	for n, a := range attentes {
		if rangs[n] >= len(reponses) {
			continue
		}
		if s.remplir(&a.fiche, reponses[rangs[n]]) {
			g.Remplies++
		} else {
			g.Introuvees++
		}
		lectures[a.fichier].Fiches[a.rang] = a.fiche
	}
	if err != nil {
		g.Phrase = fmt.Sprintf("La Géoplateforme ne répond pas : %s sans position. Relancez plus tard pour les situer.", enFiches(g.Sans-g.Reprises-g.Remplies-g.Introuvees))
	}
	return lectures, g
}

func enFiches(n int) string {
	if n == 1 {
		return "1 fiche reste"
	}
	return strconv.Itoa(n) + " fiches restent"
}

// sansPosition is the record once situated, if it then wants a position and has
// a street to find it by.
func (s *situateur) sansPosition(f mednum.Fiche, zone Zone) (mednum.Fiche, bool) {
	situee, ecart := s.situer(f)
	adresse := situee.Champs[mednum.ChampAdresse]
	if _, ok := position(&situee); ok || ecart != nil || adresse == "" || adresse == norme.AdresseInconnue {
		return situee, false
	}
	return situee, situee.Champs[mednum.ChampCodeInsee] != "" && dansZone(s.t, &situee, zone)
}

// reprendre gives the record what geocoding left to the one that the base has
// under its reference, when their addresses are the same.
func reprendre(f *mednum.Fiche, connue mednum.Fiche) bool {
	for _, champ := range []mednum.Champ{mednum.ChampAdresse, mednum.ChampCodePostal, mednum.ChampCodeInsee} {
		if f.Champs[champ] != connue.Champs[champ] {
			return false
		}
	}
	repris := false
	for _, r := range connue.Remarques {
		if r.Motif != motifIntrouvee && !strings.HasPrefix(r.Motif, motifGeocode) {
			continue
		}
		remarquer(f, r)
		repris = true
		if r.Apres != "" {
			f.Champs[r.Champ] = r.Apres
			f.Precision = mednum.PrecisionRue
		}
	}
	return repris
}

// questionsDe are the different addresses of the records, and which one each
// record asks.
func questionsDe(attentes []geocodable) (questions []territoire.Question, rangs []int) {
	deja := map[territoire.Question]int{}
	for _, a := range attentes {
		q := territoire.Question{Adresse: a.fiche.Champs[mednum.ChampAdresse], CodePostal: a.fiche.Champs[mednum.ChampCodePostal], Commune: a.fiche.Champs[mednum.ChampCommune]}
		n, ok := deja[q]
		if !ok {
			n = len(questions)
			deja[q] = n
			questions = append(questions, q)
		}
		rangs = append(rangs, n)
	}
	return questions, rangs
}

// natures are the types of answers in words.
var natures = map[string]string{"housenumber": "numéro", "street": "rue", "locality": "lieu-dit"}

// remplir gives the record the position of an answer in its commune.
func (s *situateur) remplir(f *mednum.Fiche, a territoire.Adresse) bool {
	c := s.commune(a.CodeInsee) // an arrondissement is its commune
	if a.Type == "" || c == nil || c.Code != f.Champs[mednum.ChampCodeInsee] {
		remarquer(f, mednum.Remarque{Champ: mednum.ChampLatitude, Motif: motifIntrouvee})
		return false
	}
	if hors, _ := s.dehors(a.Point, c); hors {
		remarquer(f, mednum.Remarque{Champ: mednum.ChampLatitude, Motif: motifIntrouvee})
		return false
	}
	score := strings.Replace(strconv.FormatFloat(a.Score, 'f', 2, 64), ".", ",", 1)
	s.setPoint(f, a.Point, fmt.Sprintf("%s (%s, score %s).", motifGeocode, natures[a.Type], score))
	f.Precision = mednum.PrecisionRue
	return true
}
