package collecte_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
)

// Whatever is imported, edited, merged, separated and undone, in whatever order:
// every record is in exactly one place that lives, no word of a person is lost,
// and a merge undone at once leaves everything as it was.
func TestDecisionsAuHasard(t *testing.T) {
	r := rand.New(rand.NewPCG(82, 24))
	faits := map[string]int{}
	for range 12 {
		s := &suite{t: t, b: baseQuiVieillit(t), r: r, faits: faits}
		s.importer()
		for range 30 {
			s.pas()
		}
	}
	for _, geste := range []string{"import", "correction", "permanence", "exception", "cachee", "fusion", "fusion+defaire", "separation", "defaire"} {
		if faits[geste] < 3 {
			t.Errorf("%s was done %d times", geste, faits[geste])
		}
	}
}

// suite is one sequence of random steps; n makes every word of a person unique.
type suite struct {
	t     *testing.T
	b     store.Magasin
	r     *rand.Rand
	n     int
	faits map[string]int
}

func (s *suite) pas() {
	avant, vivants := s.mots()
	geste, fusion := "", false
	switch p := s.r.IntN(10); {
	case p == 0:
		s.importer()
		geste = "import"
	case p < 5:
		s.editer()
		return
	case p == 5:
		s.aller()
		geste = "fusion+defaire"
	case p < 8:
		geste, fusion = s.fusionner(), true
	case p == 8:
		geste = s.separer()
	default:
		geste = s.defaire()
		fusion = geste == "refusion" // to undo a separation is to merge
	}
	s.faits[geste]++
	apres, encore := s.mots()
	for mot := range avant {
		if !apres[mot] || vivants[mot] && !encore[mot] && !fusion {
			s.t.Fatalf("%s lost %q", geste, mot)
		}
	}
	s.unSeulLieu(geste)
}

func (s *suite) importer() {
	var lectures []norme.Lecture
	for _, flux := range []mednum.Flux{fluxA, fluxB} {
		l := norme.Lecture{Format: "essai", Flux: flux}
		for i := range 4 {
			f := fiche(flux, fmt.Sprint(i))
			if i == 0 {
				f = guichet(flux, "0") // both sources have it
			}
			s.n++
			f.DateMaj = mednum.Date{Annee: 2024, Mois: 1, Jour: 1}.AddMois(s.r.IntN(12))
			f.Champs[mednum.ChampSiteWeb] = fmt.Sprintf("https://exemple.org/%d", s.r.IntN(3))
			f.Permanences = []mednum.Permanence{{ID: "p", Regle: fmt.Sprintf("Mo 0%d:00-12:00", s.r.IntN(4))}}
			l.Fiches = append(l.Fiches, f)
		}
		lectures = append(lectures, l)
	}
	apporter(s.t, s.b, lectures...)
}

func (s *suite) vivants() []string {
	lieux, err := s.b.Lieux(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	var ids []string
	for _, l := range lieux {
		if l.Statut == mednum.StatutPublie {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

func (s *suite) auHasard() string {
	ids := s.vivants()
	return ids[s.r.IntN(len(ids))]
}

func (s *suite) editer() {
	s.n++
	geste := []string{"correction", "permanence", "exception", "cachee"}[s.r.IntN(4)]
	retoucher(s.t, s.b, s.auHasard(), func(l *mednum.Lieu) error {
		switch geste {
		case "correction":
			champ := []mednum.Champ{mednum.ChampSiteWeb, mednum.ChampNom, mednum.ChampPresentationResume}[s.r.IntN(3)]
			return l.Corriger(champ, fmt.Sprintf("https://mot.example.org/%d", s.n), "compte:m", leGeste)
		case "permanence":
			_, err := l.AjouterPermanence(mednum.Permanence{Regle: "Sa 09:00-10:00", Intitule: fmt.Sprint("mot ", s.n)})
			return err
		case "exception":
			e := mednum.Exception{Du: mednum.DateOf(leGeste.AddDate(0, 0, s.n)), Motif: fmt.Sprint("mot ", s.n)}
			if n := len(l.Permanences); n > 0 && s.r.IntN(2) == 0 {
				e.Permanence = l.Permanences[s.r.IntN(n)].ID
			}
			_, err := l.AjouterException(e, mednum.DateOf(leGeste))
			return err
		}
		for _, p := range l.Permanences {
			if p.Fiche != "" {
				return l.CacherPermanence(p.ID, fmt.Sprint("compte:", s.n), leGeste)
			}
		}
		return nil
	})
	s.faits[geste]++
}

// aller merges two places and undoes it.
func (s *suite) aller() {
	k, a := s.auHasard(), s.auHasard()
	if k == a {
		return
	}
	avantK, avantA := contenu(s.t, s.b, k), contenu(s.t, s.b, a)
	d, err := bureau(s.b).Fusionner(s.t.Context(), collecte.Fusion{Garde: k, Absorbe: a}, qui)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := bureau(s.b).Defaire(s.t.Context(), d.Operation, qui); err != nil {
		s.t.Fatal(err)
	}
	for id, avant := range map[string]mednum.Lieu{k: avantK, a: avantA} {
		if d := cmp.Diff(avant, contenu(s.t, s.b, id)); d != "" {
			s.t.Fatalf("a merge undone at once (-before +after):\n%s", d)
		}
	}
}

func (s *suite) fusionner() string {
	k, a := s.auHasard(), s.auHasard()
	if k == a {
		return "rien"
	}
	if _, err := bureau(s.b).Fusionner(s.t.Context(), collecte.Fusion{Garde: k, Absorbe: a}, qui); err != nil {
		s.t.Fatal(err)
	}
	return "fusion"
}

func (s *suite) separer() string {
	fiches, err := s.b.Fiches(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = bureau(s.b).Detacher(s.t.Context(), fiches[s.r.IntN(len(fiches))].Reference(), qui)
	return s.refusOu(err, "separation")
}

func (s *suite) defaire() string {
	ops, err := s.b.Operations(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	op := ops[s.r.IntN(len(ops))]
	_, err = bureau(s.b).Defaire(s.t.Context(), op.ID, qui)
	if op.Genre == "separation" {
		return s.refusOu(err, "refusion")
	}
	return s.refusOu(err, "defaire")
}

// refusOu accepts a refusal in words, and nothing else.
func (s *suite) refusOu(err error, geste string) string {
	var refus *mednum.Error
	if errors.As(err, &refus) && (refus.Code == mednum.Conflit || refus.Code == mednum.Invalide) {
		return "refus"
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return geste
}

// mots are the words of people that some document has, and those that a place
// that lives has.
func (s *suite) mots() (tous, vivants map[string]bool) {
	lieux, err := s.b.Lieux(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	tous, vivants = map[string]bool{}, map[string]bool{}
	for i := range lieux {
		l := &lieux[i]
		noter := func(mot string) {
			tous[mot] = true
			vivants[mot] = vivants[mot] || l.Statut == mednum.StatutPublie
		}
		for champ, c := range l.Corrections {
			noter(string(champ) + c.Valeur)
		}
		for _, p := range l.Permanences {
			if p.Fiche == "" {
				noter(p.Intitule)
			}
		}
		for _, e := range l.Exceptions {
			noter(e.Motif)
		}
		for id, r := range l.Retouches {
			noter(id + r.Auteur)
		}
	}
	return tous, vivants
}

func (s *suite) unSeulLieu(geste string) {
	fiches, err := s.b.Fiches(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	vivants := s.vivants()
	if len(fiches) != 8 {
		s.t.Fatalf("%s: %d records", geste, len(fiches))
	}
	for _, f := range fiches {
		if !slices.Contains(vivants, f.Lieu) {
			s.t.Fatalf("%s: the record %s is in %q, which does not live", geste, f.Reference(), f.Lieu)
		}
	}
}
