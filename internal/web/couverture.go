package web

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// routesCouverture are the pages that tell who is far from help.
func (s *site) routesCouverture(e fiber.Router) {
	e.Get("/couverture", s.withCoordonne, s.serveCouverture)
	e.Get("/couverture/comparer", s.withCoordonne, s.serveComparer)
}

// seuilDefaut is the distance that the first sentence is about, in kilometres.
const seuilDefaut = 15

// demandeCouverture is what a page of coverage is asked.
type demandeCouverture struct {
	couverture.Question
	Km    int // the threshold, one of couverture.Seuils
	garde func(*territoire.Commune) bool
}

// metres is the threshold in metres by road.
func (d *demandeCouverture) metres() float64 { return float64(d.Km) * 1000 }

// lireCouverture reads the parameters of a page; one that cannot be read is
// refused, with its name.
func (s *site) lireCouverture(c *fiber.Ctx) (d demandeCouverture, err error) {
	if d.Question, err = couverture.Lire(c.Query("service"), c.Query("moment"), c.Query("facteur")); err != nil {
		return d, err
	}
	d.Km = seuilDefaut
	if brut := strings.TrimSpace(c.Query("seuil")); brut != "" {
		d.Km, _ = strconv.Atoi(brut)
		if !slices.Contains(couverture.Seuils[:], d.metres()) {
			return d, &refus{fiber.StatusBadRequest, "seuil", fmt.Sprintf("Le seuil « %s » n’existe pas : choisissez 5, 10, 15 ou 20 km.", textes.Couper(brut, 20))}
		}
	}
	d.garde = s.communesCoordonnees(connexion(c).Compte.Habilitations)
	return d, nil
}

// communesCoordonnees tells which communes the rights are to coordinate: those
// of the territory, of an intercommunality, or that of one place.
func (s *site) communesCoordonnees(droits []mednum.Habilitation) func(*territoire.Commune) bool {
	return func(c *territoire.Commune) bool {
		return c.Dedans && slices.ContainsFunc(droits, func(h mednum.Habilitation) bool {
			if !h.Role.Coordinates() {
				return false
			}
			switch h.Portee {
			case mednum.PorteeTout:
				return true
			case mednum.PorteeDepartement:
				return h.ID != "" && h.ID == s.Territoire.Code
			case mednum.PorteeEPCI:
				return h.ID != "" && h.ID == c.EPCI
			case mednum.PorteeCommune:
				return h.ID == c.Code
			case mednum.PorteeLieu:
				v, err := s.Catalogue.Lieu(h.ID)
				return err == nil && v.Champs.CodeInsee == c.Code
			}
			return false
		})
	}
}

// couvertures keep what was measured of the snapshot of the day. Safe for
// concurrent use.
type couvertures struct {
	mu        sync.Mutex
	version   int64
	jour      mednum.Date
	present   *couverture.Inventaire
	resultats map[couverture.Question]*couverture.Resultat
	passes    map[mednum.Date]*couverture.Inventaire
	traces    map[string]string // outlines of the map, see tracesCarte
	trajets   *couverture.Trajets
	lus       time.Time // the minute at which trajets were read
}

// How many answers, and how many past days, are kept.
const (
	couverturesMax = 64
	passesMax      = 8
)

// couverture is the answer of today to a question, with the itineraries that are
// known.
func (s *site) couverture(ctx context.Context, q couverture.Question) *couverture.Resultat {
	trajets := s.trajets(ctx)
	g := &s.couvertures
	g.mu.Lock()
	defer g.mu.Unlock()
	i := s.inventaireDuJour()
	if r := g.resultats[q]; r != nil && trajets.Memes(r.Parcours) {
		return r
	}
	if len(g.resultats) >= couverturesMax {
		clear(g.resultats)
	}
	r := couverture.Mesurer(couverture.Communes(s.Territoire), i, q, trajets)
	g.resultats[q] = r
	return r
}

// trajets are the itineraries that the base keeps, read once a minute; nil where no
// server is set. Where the base does not answer they are those of the last time.
func (s *site) trajets(ctx context.Context) *couverture.Trajets {
	if s.Itineraires == nil {
		return nil
	}
	g := &s.couvertures
	g.mu.Lock()
	connus, minute := g.trajets, s.Now().Truncate(time.Minute)
	frais := g.lus.Equal(minute)
	g.mu.Unlock()
	if frais {
		return connus
	}
	t, err := s.Itineraires.Lire(ctx)
	if err != nil {
		s.Journal.Warn("les trajets gardés ne se lisent pas", "erreur", err)
		t = connus
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.trajets, g.lus = t, minute
	return t
}

// traces are the outlines of the communes, drawn once.
func (s *site) traces() map[string]string {
	g := &s.couvertures
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.traces == nil {
		g.traces = s.tracesCarte()
	}
	return g.traces
}

// inventaireDuJour are the offers of the snapshot today, made once. The lock is
// held.
func (s *site) inventaireDuJour() *couverture.Inventaire {
	g := &s.couvertures
	version, _ := s.Catalogue.Instantane()
	jour := mednum.DateOf(s.maintenant())
	if g.present != nil && g.version == version && g.jour == jour {
		return g.present
	}
	g.version, g.jour = version, jour
	g.resultats, g.passes = map[couverture.Question]*couverture.Resultat{}, map[mednum.Date]*couverture.Inventaire{}
	g.present = couverture.Inventorier(func(yield func(*mednum.Lieu) bool) {
		for _, v := range s.Catalogue.Lieux() {
			if !yield(&v.Lieu) {
				return
			}
		}
	}, s.Territoire, jour)
	return g.present
}

// corpsCouverture is the page of coverage.
type corpsCouverture struct {
	Champs formulaireCouverture
	Faits  []string
	incertain
	Calcul  []string
	Par     string
	Onglets []onglet
	Carte   carteCouverture
	Tableau *tableau
	Rien    bool // no commune is coordinated
	Compare string
}

// onglet leads to another table of the page.
type onglet struct {
	Nom, Lien string
	Ici       bool
}

// formulaireCouverture is the form, as it was sent.
type formulaireCouverture struct {
	Services, Moments, Seuils []choixFiltre
	Service, Moment, Seuil    string
	Facteur                   string
}

func (d *demandeCouverture) formulaire() formulaireCouverture {
	f := formulaireCouverture{
		Services: []choixFiltre{{"", "N’importe quelle aide"}}, Service: d.Service, Moment: string(d.Moment),
		Seuil: strconv.Itoa(d.Km), Facteur: facteurDit(d.Facteur),
	}
	for _, v := range mednum.Vocabulaire(mednum.ChampServices) {
		f.Services = append(f.Services, choixFiltre{v, v})
	}
	for _, m := range couverture.Moments {
		f.Moments = append(f.Moments, choixFiltre{string(m), m.Nom()})
	}
	for _, seuil := range couverture.Seuils {
		km := strconv.Itoa(int(seuil / 1000))
		f.Seuils = append(f.Seuils, choixFiltre{km, km + "\u00a0km"})
	}
	return f
}

// parametres are those of the address that asks for the same.
func (d *demandeCouverture) parametres() url.Values {
	v := url.Values{}
	for cle, x := range map[string][2]string{
		"service": {d.Service, ""}, "moment": {string(d.Moment), string(couverture.MomentTous)}, "seuil": {strconv.Itoa(d.Km), strconv.Itoa(seuilDefaut)},
		"facteur": {strconv.FormatFloat(d.Facteur, 'f', -1, 64), strconv.FormatFloat(couverture.FacteurDefaut, 'f', -1, 64)},
	} {
		if x[0] != x[1] {
			v.Set(cle, x[0])
		}
	}
	return v
}

// The two tables of the page.
const (
	parCommunes = "communes"
	parEPCI     = "epci"
)

func (s *site) serveCouverture(c *fiber.Ctx) error {
	d, err := s.lireCouverture(c)
	if err != nil {
		return err
	}
	par, err := lirePar(c)
	if err != nil {
		return err
	}
	r := s.couverture(c.UserContext(), d.Question)
	page := func(t *tableau) error {
		total := r.Total(d.garde)
		corps := corpsCouverture{
			Champs: d.formulaire(), Par: par, Tableau: t, Rien: total.Communes == 0,
			Onglets: s.ongletsCouverture("/espace/couverture", d.parametres(), par), Compare: s.racine + "/espace/couverture/comparer?" + d.parametres().Encode(),
		}
		if !corps.Rien {
			corps.Faits, corps.incertain, corps.Calcul = d.faits(r, total), direInventaire(r), s.direCalcul(&d, r)
			corps.Carte = s.carteCouverture(&d, r, par)
		}
		return s.rendreLarge(c, "couverture", "Qui est loin de l’aide\u00a0?", "reseau", corps)
	}
	if par == parEPCI {
		return rendreListe(s, c, s.listeEPCI(&d, r), s.lignesEPCI(&d, r), page)
	}
	return rendreListe(s, c, s.listeCommunes(&d, r), d.mesures(r), page)
}

// lirePar is which of the tables is asked for.
func lirePar(c *fiber.Ctx) (string, error) {
	par := c.Query("par", parCommunes)
	if par != parCommunes && par != parEPCI {
		return "", &refus{fiber.StatusBadRequest, "par", fmt.Sprintf("« %s » n’existe pas : choisissez communes ou epci.", textes.Couper(par, 20))}
	}
	return par, nil
}

func (s *site) ongletsCouverture(chemin string, parametres url.Values, par string) []onglet {
	var onglets []onglet
	for _, x := range []choixFiltre{{parCommunes, "Par commune"}, {parEPCI, "Par intercommunalité"}} {
		v := maps.Clone(parametres)
		v.Set("par", x.Valeur)
		onglets = append(onglets, onglet{x.Nom, s.racine + chemin + "?" + v.Encode() + "#tableau", par == x.Valeur})
	}
	return onglets
}

// mesures are those of the communes that may be seen.
func (d *demandeCouverture) mesures(r *couverture.Resultat) []couverture.Mesure {
	return slices.DeleteFunc(slices.Clone(r.Mesures), func(m couverture.Mesure) bool { return !d.garde(m.Commune) })
}
