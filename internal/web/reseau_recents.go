package web

import (
	"cmp"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// joursRecents is how many days the board looks back, pagesRecentes how many pages
// of the register it reads at most.
const (
	joursRecents  = 7
	pagesRecentes = 5
)

// recentsLus is what was done lately, as it was read in one minute.
type recentsLus struct {
	mu     sync.Mutex
	minute time.Time
	lignes []registre.Ligne
	coupee bool // there is more
}

// gestesDe is what one author did, by one way, in seven days.
type gestesDe struct {
	Qui, Quoi string
	Lien      string // the register of these gestures
	n         int
}

// corpsRecents is what changed in seven days, and by whom.
type corpsRecents struct {
	Gestes []gestesDe
	Coupee bool
	Lien   string // the register from the first of these days
}

// gestesMontres is how many authors the board names.
const gestesMontres = 12

// recents reads the register, once a minute for everybody, and tells what the
// session may see of it.
func (s *site) recents(c *fiber.Ctx) (corpsRecents, error) {
	du := mednum.DateOf(s.maintenant().AddDate(0, 0, -joursRecents))
	corps := corpsRecents{Lien: "/espace/registre?du=" + du.String()}
	if s.Registre == nil {
		return corps, nil
	}
	lignes, coupee, err := s.lignesRecentes(c, du)
	if err != nil {
		return corps, err
	}
	corps.Coupee = coupee
	if passe := s.voitRegistre(c); passe != nil {
		lignes = slices.DeleteFunc(slices.Clone(lignes), func(l registre.Ligne) bool { return !passe(&l) })
	}
	noms, err := s.nomsLignes(c, lignes)
	if err != nil {
		return corps, err
	}
	corps.Gestes = resumer(lignes, noms, du)
	if len(corps.Gestes) > gestesMontres {
		corps.Gestes, corps.Coupee = corps.Gestes[:gestesMontres], true
	}
	return corps, nil
}

func (s *site) lignesRecentes(c *fiber.Ctx, du mednum.Date) (lignes []registre.Ligne, coupee bool, err error) {
	s.recentsLus.mu.Lock()
	defer s.recentsLus.mu.Unlock()
	minute := s.Now().Truncate(time.Minute)
	if lu := &s.recentsLus; lu.minute.Equal(minute) {
		return lu.lignes, lu.coupee, nil
	}
	choix := registre.Choix{Du: du.In(s.Territoire.Location()), N: registre.PageMax}
	for range pagesRecentes {
		p, err := s.Registre.Lire(c.UserContext(), choix)
		if err != nil {
			return nil, false, err
		}
		lignes = append(lignes, p.Lignes...)
		choix.Avant = p.Suite
		if p.Suite == "" {
			break
		}
	}
	s.recentsLus.minute, s.recentsLus.lignes, s.recentsLus.coupee = minute, lignes, choix.Avant != ""
	return lignes, choix.Avant != "", nil
}

// resumer counts what each author did by each way, who did most first; imports,
// which are many lines of one gesture, come last.
func resumer(lignes []registre.Ligne, noms auteurs, du mednum.Date) []gestesDe {
	type cle struct{ qui, voie string }
	comptes := map[cle]*comptesGestes{}
	for i := range lignes {
		l := &lignes[i]
		k := cle{l.Auteur(), l.Voie()}
		if comptes[k] == nil {
			comptes[k] = &comptesGestes{lieux: map[string]string{}}
		}
		comptes[k].noter(l)
	}
	var gestes []gestesDe
	for k, n := range comptes {
		g := gestesDe{Qui: textes.Majuscule(direAuteur(k.qui, noms)), Quoi: n.dire(), n: len(n.lieux) + n.autres}
		q := url.Values{"du": {du.String()}, "voie": {k.voie}}
		if k.qui != "" {
			q.Set("qui", k.qui)
		}
		g.Lien = "/espace/registre?" + q.Encode()
		if _, personne := mednum.CompteDe(k.qui); k.voie == registre.VoieImport && !personne {
			g.Qui, g.n = "Un import", -1
		}
		if dite := voies[k.voie]; k.voie != registre.VoieApp && k.voie != registre.VoieImport && dite != "" {
			g.Qui += " (" + dite + ")"
		}
		gestes = append(gestes, g)
	}
	slices.SortFunc(gestes, func(a, b gestesDe) int {
		return cmp.Or(b.n-a.n, cmp.Compare(a.Qui, b.Qui), cmp.Compare(a.Quoi, b.Quoi))
	})
	return gestes
}

// comptesGestes are the places that somebody touched, by id, each with the
// strongest thing that was done to it; autres are gestures that touch none.
type comptesGestes struct {
	lieux  map[string]string
	autres int
}

// sortesGestes are what is done to a place, the strongest first.
var sortesGestes = []struct{ cle, un, plusieurs string }{
	{"ajoute", "lieu ajouté", "lieux ajoutés"},
	{"ferme", "lieu fermé", "lieux fermés"},
	{"modifie", "lieu modifié", "lieux modifiés"},
	{"verifie", "lieu vérifié", "lieux vérifiés"},
}

func rangGeste(cle string) int {
	for i, x := range sortesGestes {
		if x.cle == cle {
			return i
		}
	}
	return len(sortesGestes)
}

func (n *comptesGestes) noter(l *registre.Ligne) {
	if l.Revision == nil {
		n.autres++
		return
	}
	if geste := gesteDe(l); rangGeste(geste) < rangGeste(n.lieux[l.Revision.Lieu]) {
		n.lieux[l.Revision.Lieu] = geste
	}
}

func gesteDe(l *registre.Ligne) string {
	apres := &l.Revision.Apres
	switch {
	case l.Avant == nil:
		return "ajoute"
	case apres.Statut == mednum.StatutFerme && l.Avant.Statut != mednum.StatutFerme:
		return "ferme"
	case apres.VerifieLe != l.Avant.VerifieLe && mednum.MemesDires(l.Avant, apres):
		return "verifie"
	}
	return "modifie"
}

// dire is "3 lieux modifiés, 12 lieux vérifiés et 1 autre geste".
func (n *comptesGestes) dire() string {
	var dits []string
	for _, x := range sortesGestes {
		nombre := 0
		for _, geste := range n.lieux {
			if geste == x.cle {
				nombre++
			}
		}
		if nombre > 0 {
			dits = append(dits, textes.Pluriel(nombre, x.un, x.plusieurs))
		}
	}
	switch {
	case n.autres > 0 && len(dits) > 0:
		dits = append(dits, textes.Pluriel(n.autres, "autre geste", "autres gestes"))
	case n.autres > 0:
		dits = append(dits, textes.Pluriel(n.autres, "geste", "gestes"))
	}
	return textes.Enumerer(dits)
}
