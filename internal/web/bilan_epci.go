package web

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsBilanEPCI is the sheet of an intercommunality: one row a commune.
type corpsBilanEPCI struct {
	socleBilan
	Communes   []communeBilan
	Couverture []ligneCouverture
	Besoins    string
	Evolution  evolution
	Serre      bool // many communes: smaller rows
	Hors       int  // communes out of the territory, which are not measured
}

// communeBilan is one commune of the sheet of its intercommunality.
type communeBilan struct {
	Nom, Habitants, Tous, Soir, Samedi, Heures string
	Lieux                                      int
	Passages                                   int // stops of itinerant services
}

// serre is from how many communes on rows are smaller: about sixty hold on a page.
const serre = 26

func (s *site) serveBilanEPCI(c *fiber.Ctx) error {
	epci, ok := s.Territoire.EPCI(c.Params("code"))
	if !ok {
		return fiber.ErrNotFound
	}
	droits := connexion(c).Compte.Habilitations
	if !s.Catalogue.ParlePourEPCI(droits, epci.Code) {
		return interdit("code", "Cette fiche est celle d’une intercommunalité que vous ne coordonnez pas. Demandez-la à la personne qui coordonne la carte.")
	}
	ctx := c.UserContext()
	dans := couverture.DansEPCI(epci.Code)
	total := s.mesureBilan(ctx, couverture.MomentTous).Total(dans)
	corps := corpsBilanEPCI{socleBilan: s.socleBilan(epci.NomLong(), "Fiche de l’intercommunalité, "+habitants(total.Population), "/epci/"+epci.Code)}
	dedans := s.communesDedans(epci)
	corps.Hors = len(epci.Communes) - len(dedans)
	for _, code := range dedans {
		commune, _ := s.Territoire.Commune(code)
		corps.Communes = append(corps.Communes, s.communeBilan(ctx, commune))
	}
	slices.SortFunc(corps.Communes, func(a, b communeBilan) int {
		return cmp.Compare(mednum.Normaliser(a.Nom), mednum.Normaliser(b.Nom))
	})
	corps.Serre = len(corps.Communes) >= serre
	corps.Couverture = s.couvertureEnsemble(ctx, dans)
	var err error
	if corps.Besoins, err = s.besoinsDits(ctx, droits, dedans); err != nil {
		return err
	}
	if corps.Evolution, err = s.evolutionEPCI(ctx, epci); err != nil {
		return err
	}
	corps.Calcul = calculBilan(s.mesureBilan(ctx, couverture.MomentTous))
	return s.rendrePapier(c, "bilan-epci", "Bilan : "+corps.Titre, corps)
}

// communesDedans are the communes of an intercommunality that are of the
// territory.
func (s *site) communesDedans(epci *territoire.EPCI) (codes []string) {
	for _, code := range epci.Communes {
		if commune, ok := s.Territoire.Commune(code); ok && commune.Dedans {
			codes = append(codes, code)
		}
	}
	return codes
}

func (s *site) communeBilan(ctx context.Context, commune *territoire.Commune) communeBilan {
	b := communeBilan{Nom: commune.NomCourant(), Habitants: inconnu}
	if commune.Population > 0 {
		b.Habitants = textes.Nombre(commune.Population)
	}
	for _, t := range s.Catalogue.ParCommune(commune.Code) {
		if t.Arret != nil {
			b.Passages++
		} else {
			b.Lieux++
		}
	}
	for moment, dit := range map[couverture.Moment]*string{couverture.MomentTous: &b.Tous, couverture.MomentSoir: &b.Soir, couverture.MomentSamedi: &b.Samedi} {
		m, ok := s.mesureBilan(ctx, moment).De(commune.Code)
		if !ok {
			*dit = inconnu
			continue
		}
		if *dit = kmBilan(m); m.Distance < surPlace {
			*dit = "sur place"
		}
		if moment == couverture.MomentTous {
			b.Heures = heuresDites(m.Heures)
		}
	}
	return b
}

// couvertureEnsemble is, for each moment, how near help is to the people of
// several communes together.
func (s *site) couvertureEnsemble(ctx context.Context, dans func(*territoire.Commune) bool) (lignes []ligneCouverture) {
	for _, moment := range momentsBilan {
		lignes = append(lignes, ligneTotal(moment, s.mesureBilan(ctx, moment).Total(dans)))
	}
	return lignes
}

func ligneTotal(moment couverture.Moment, t couverture.Total) ligneCouverture {
	l := ligneCouverture{Moment: moment.Nom(), Distance: "aucun lieu", Dans: inconnu, Heures: inconnu}
	if !math.IsInf(t.Distance, 1) {
		l.Distance = textes.Kilometres(t.Distance)
	}
	if t.Population > 0 {
		l.Dans = partDite(t.Dans[1], t.Population)
		l.Heures = heuresDites(t.Heures)
	}
	return l
}

// evolutionEPCI is what changed in an intercommunality in twelve months.
func (s *site) evolutionEPCI(ctx context.Context, epci *territoire.EPCI) (e evolution, err error) {
	depuis := s.ilYAUnAn()
	e.Depuis = dateDite(depuis)
	vus := map[string]bool{}
	var lieux []*mednum.Lieu
	for _, t := range s.Catalogue.ParEPCI(epci.Code) {
		if !vus[t.Vue.ID] {
			vus[t.Vue.ID] = true
			lieux = append(lieux, &t.Vue.Lieu)
		}
	}
	e.Verifies, e.Listes = verifiesDepuis(lieux, depuis), len(lieux)
	avant, pourquoi, err := s.mesureAu(ctx, depuis)
	if err != nil || avant == nil {
		e.Inconnu = pourquoi
		return e, err
	}
	apres := s.mesureBilan(ctx, couverture.MomentTous)
	comp := couverture.Comparer(avant, apres)
	dansOffre := func(o *couverture.Offre) bool { return slices.Contains(epci.Communes, o.Insee) }
	e.Parus, e.AutresParus = nommerOffres(comp.Parus, dansOffre)
	e.Disparus, e.AutresDisparus = nommerOffres(comp.Disparus, dansOffre)
	dans := couverture.DansEPCI(epci.Code)
	x, y := ligneTotal(couverture.MomentTous, avant.Total(dans)), ligneTotal(couverture.MomentTous, apres.Total(dans))
	e.Avant, e.HeuresAvant, e.Apres, e.HeuresApres = x.Distance+" en moyenne", x.Heures, y.Distance, y.Heures
	return e, nil
}
