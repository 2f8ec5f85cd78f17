package web

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// offresMontrees is how many places that opened or closed the page lists.
const offresMontrees = 30

// corpsComparer is the page that compares two dates.
type corpsComparer struct {
	Champs             formulaireCouverture
	Du, Au, Aujourdhui string
	Faits              []string
	Vide               string // why there is nothing to compare, "" otherwise
	Parus, Disparus    []string
	AutresParus        int
	AutresDisparus     int
	Calcul             []string
	Tableau            *tableau
	Retour             string
	Onglets            []onglet
	Par                string
}

// lireDates are the two days to compare, in order; the second one is today when
// it is left out, and both are zero when the first one is.
func (s *site) lireDates(c *fiber.Ctx) (du, au mednum.Date, err error) {
	auj := mednum.DateOf(s.maintenant())
	lire := func(nom string, defaut mednum.Date) (mednum.Date, error) {
		brut := strings.TrimSpace(c.Query(nom))
		if brut == "" {
			return defaut, nil
		}
		d, err := mednum.ParseDate(brut)
		if err != nil {
			return d, &refus{fiber.StatusBadRequest, nom, fmt.Sprintf("La date « %s » n’existe pas : écrivez-la comme %s.", textes.Couper(brut, 20), auj)}
		}
		if d.Compare(auj) > 0 {
			return d, &refus{fiber.StatusBadRequest, nom, "Cette date n’est pas encore venue : choisissez aujourd’hui ou un jour passé."}
		}
		return d, nil
	}
	if du, err = lire("du", mednum.Date{}); err != nil {
		return du, au, err
	}
	if au, err = lire("au", auj); err != nil {
		return du, au, err
	}
	if !du.IsZero() && du.Compare(au) >= 0 {
		return du, au, &refus{fiber.StatusBadRequest, "du", "La première date doit venir avant la seconde."}
	}
	return du, au, nil
}

// inventaireAu are the offers of a day that is over, read from the journal once
// and kept until the snapshot changes. premier is where the journal begins, when
// it knew no place on that day.
func (s *site) inventaireAu(ctx context.Context, jour mednum.Date) (i *couverture.Inventaire, premier mednum.Date, err error) {
	g := &s.couvertures
	g.mu.Lock()
	present := s.inventaireDuJour()
	i = g.passes[jour]
	g.mu.Unlock()
	if jour == present.Jour {
		return present, premier, nil
	}
	if i != nil {
		return i, premier, nil
	}
	lieux, premier, err := s.Catalogue.LieuxAu(ctx, jour)
	if err != nil || len(lieux) == 0 {
		return nil, premier, err
	}
	i = couverture.Inventorier(func(yield func(*mednum.Lieu) bool) {
		for k := range lieux {
			if !yield(&lieux[k]) {
				return
			}
		}
	}, s.Territoire, jour)
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.passes) >= passesMax {
		clear(g.passes)
	}
	g.passes[jour] = i
	return i, premier, nil
}

func (s *site) serveComparer(c *fiber.Ctx) error {
	d, err := s.lireCouverture(c)
	if err != nil {
		return err
	}
	du, au, err := s.lireDates(c)
	if err != nil {
		return err
	}
	par, err := lirePar(c)
	if err != nil {
		return err
	}
	corps := corpsComparer{
		Champs: d.formulaire(), Au: au.String(), Aujourdhui: mednum.DateOf(s.maintenant()).String(),
		Retour: s.racine + "/espace/couverture?" + d.parametres().Encode(), Par: par,
	}
	rendre := func(t *tableau) error {
		corps.Tableau = t
		return s.rendreLarge(c, "couverture-comparer", "Comparer deux dates", "reseau", corps)
	}
	if du.IsZero() {
		return rendre(nil)
	}
	corps.Du = du.String()
	avant, premier, err := s.inventaireAu(c.UserContext(), du)
	if err != nil {
		return err
	}
	if avant == nil {
		corps.Vide = videDit(du, premier)
		return rendre(nil)
	}
	apres, _, err := s.inventaireAu(c.UserContext(), au)
	if err != nil {
		return err
	}
	comp := couverture.Comparer(couverture.Mesurer(couverture.Communes(s.Territoire), avant, d.Question, nil), couverture.Mesurer(couverture.Communes(s.Territoire), apres, d.Question, nil))
	corps.dire(&d, avant, apres, comp)
	fixes := d.parametres()
	fixes.Set("du", du.String())
	fixes.Set("au", au.String())
	corps.Onglets = s.ongletsCouverture("/espace/couverture/comparer", fixes, par)
	if par == parEPCI {
		return rendreListe(s, c, s.listeBilans(&d, fixes, apres), s.lignesBilans(&d, comp), rendre)
	}
	lignes := slices.DeleteFunc(slices.Clone(comp.Ecarts), func(e couverture.Ecart) bool { return !d.garde(e.Apres.Commune) })
	return rendreListe(s, c, s.listeEcarts(&d, du, au, fixes, apres), lignes, rendre)
}

// dire says what a comparison found, and of what it is made.
func (x *corpsComparer) dire(d *demandeCouverture, avant, apres *couverture.Inventaire, comp *couverture.Comparaison) {
	du, au := avant.Jour, apres.Jour
	x.Faits = d.faitsComparer(du, au, comp)
	x.Calcul = []string{
		"Les lieux sont ceux que le journal des changements donnait à la fin de chaque jour. Un lieu apparaît le jour où la carte l’apprend, pas le jour où il ouvre.",
		fmt.Sprintf("Les deux dates sont mesurées de même\u00a0: le vol d’oiseau multiplié par %s, les habitants au centre de leur commune. Un changement de moins de 100\u00a0m n’est pas compté.", facteurDit(d.Facteur)),
	}
	for _, i := range []*couverture.Inventaire{avant, apres} {
		x.Calcul = append(x.Calcul, fmt.Sprintf("Le %s\u00a0: %s, dont %s à vérifier et %s sans heures connues.", dateDite(i.Jour), textes.Pluriel(len(i.Offres), "lieu ou arrêt", "lieux et arrêts"), textes.Nombre(i.NonVerifies), textes.Nombre(i.HeuresInconnues)))
	}
	x.Parus, x.AutresParus = direOffres(comp.Parus)
	x.Disparus, x.AutresDisparus = direOffres(comp.Disparus)
}

func videDit(du, premier mednum.Date) string {
	if premier.IsZero() {
		return "Le journal des changements est vide : il n’y a rien à comparer."
	}
	return fmt.Sprintf("Nous ne connaissions aucun lieu le %s : le journal des changements commence le %s. Choisissez ce jour-là ou un jour suivant.", dateDite(du), dateDite(premier))
}

func dateDite(d mednum.Date) string { return textes.DateLongue(d.Annee, d.Mois, d.Jour) }

func direOffres(offres []*couverture.Offre) (dites []string, autres int) {
	for _, o := range offres {
		if len(dites) == offresMontrees {
			return dites, len(offres) - offresMontrees
		}
		dites = append(dites, o.Nom+", "+o.Commune)
	}
	return dites, 0
}

func (d *demandeCouverture) faitsComparer(du, au mednum.Date, comp *couverture.Comparaison) []string {
	b := comp.Bilan(d.metres(), func(c *territoire.Commune) bool { return d.garde(c) })
	phrase := func(n int, suite string) string {
		return textes.Pluriel(n, "habitant", "habitants") + " " + textes.Accord(n, "est", "sont") + " " + suite
	}
	return []string{
		fmt.Sprintf("Entre le %s et le %s, %s d’%s, et %s.", dateDite(du), dateDite(au), phrase(b.Rapproches, "maintenant plus près"), d.aide(), phrase(b.Eloignes, "plus loin")),
		fmt.Sprintf("À moins de %d\u00a0km\u00a0: %s, %s.", d.Km, textes.Pluriel(b.Gagnes, "habitant gagné", "habitants gagnés"), textes.Pluriel(b.Perdus, "habitant perdu", "habitants perdus")),
	}
}

func (s *site) listeEcarts(d *demandeCouverture, du, au mednum.Date, fixes url.Values, apres *couverture.Inventaire) liste[couverture.Ecart] {
	type e = couverture.Ecart
	l := liste[e]{
		Chemin: "/espace/couverture/comparer", Nom: "couverture-" + du.String() + "-" + au.String(), Titre: "Distance à l’aide, à deux dates", Un: "commune", Plusieurs: "communes",
		Vide: "Aucune commune n’est dans votre périmètre.", Tri: "-change", Fixes: fixes,
		Colonnes: []colonne[e]{
			{Cle: "commune", Titre: "Commune", Case: func(x e) cellule { return texte(x.Apres.Commune.NomCourant()) }},
			{Titre: "Code INSEE", FichierSeul: true, Case: func(x e) cellule { return texte(x.Apres.Commune.Code) }},
			{Cle: "epci", Titre: "Intercommunalité", Case: func(x e) cellule { return texte(s.nomEPCI(x.Apres.Commune.EPCI)) }},
			{Cle: "population", Titre: "Habitants", Case: func(x e) cellule { return nombre(x.Apres.Commune.Population) }},
			{Cle: "avant", Titre: "Le " + dateDite(du) + " (km)", Case: func(x e) cellule { return distanceDite(x.Avant.Distance) }},
			{Cle: "apres", Titre: "Le " + dateDite(au) + " (km)", Case: func(x e) cellule { return distanceDite(x.Apres.Distance) }},
			{Cle: "change", Titre: "Ce qui change (km)", Case: ecartDit},
			{Cle: "heuresavant", Titre: "Heures avant", Case: func(x e) cellule { return heuresCellule(x.Avant.Heures) }},
			{Cle: "heuresapres", Titre: "Heures après", Case: func(x e) cellule { return heuresCellule(x.Apres.Heures) }},
		},
		Filtres: []filtre[e]{
			{Cle: "q", Titre: "Commune", Passe: func(x e, v string) bool {
				return tousLesMots(x.Apres.Commune.Nom+" "+x.Apres.Commune.NomCourant(), v)
			}},
			{Cle: "epci", Titre: "Intercommunalité", Choix: s.choixEPCI(d.garde), Passe: func(x e, v string) bool { return x.Apres.Commune.EPCI == v }},
			{Cle: "sens", Titre: "Changement", Choix: []choixFiltre{{"loin", "plus loin"}, {"pres", "plus près"}, {"pareil", "pareil"}}, Passe: func(x e, v string) bool {
				return v == "loin" && x.De > 0 || v == "pres" && x.De < 0 || v == "pareil" && x.De == 0
			}},
		},
	}
	l.Colonnes = append(l.Colonnes, colonnesDites[e](d, apres)...)
	return l
}

// ecartDit says a change: "+ 3,2 km", "− 800 m", "pareil".
func ecartDit(x couverture.Ecart) cellule {
	km := math.Round(x.De/100) / 10
	switch {
	case math.IsInf(x.De, 1):
		return cellule{Texte: "plus aucun lieu"}
	case math.IsInf(x.De, -1):
		return cellule{Texte: "un premier lieu"}
	case x.De > 0:
		return mesure(km, "+\u00a0"+textes.Kilometres(x.De))
	case x.De < 0:
		return mesure(km, "−\u00a0"+textes.Kilometres(-x.De))
	}
	return mesure(0, "pareil")
}

// ligneBilan is what became of the people of an intercommunality.
type ligneBilan struct {
	Nom, Code  string
	Population int
	couverture.Bilan
}

func (s *site) lignesBilans(d *demandeCouverture, comp *couverture.Comparaison) (lignes []ligneBilan) {
	for _, x := range s.choixEPCI(d.garde) {
		garde := func(c *territoire.Commune) bool { return c.EPCI == x.Valeur && d.garde(c) }
		l := ligneBilan{Nom: x.Nom, Code: x.Valeur, Bilan: comp.Bilan(d.metres(), garde)}
		for i := range comp.Ecarts {
			if c := comp.Ecarts[i].Apres.Commune; garde(c) {
				l.Population += c.Population
			}
		}
		lignes = append(lignes, l)
	}
	return lignes
}

func (s *site) listeBilans(d *demandeCouverture, fixes url.Values, apres *couverture.Inventaire) liste[ligneBilan] {
	type b = ligneBilan
	fixes.Set("par", parEPCI)
	colonnes := []colonne[b]{
		{Cle: "epci", Titre: "Intercommunalité", Case: func(x b) cellule { return texte(x.Nom) }},
		{Titre: "SIREN", FichierSeul: true, Case: func(x b) cellule { return texte(x.Code) }},
		{Cle: "population", Titre: "Habitants", Case: func(x b) cellule { return nombre(x.Population) }},
		{Cle: "pres", Titre: "Plus près", Case: func(x b) cellule { return nombre(x.Rapproches) }},
		{Cle: "loin", Titre: "Plus loin", Case: func(x b) cellule { return nombre(x.Eloignes) }},
		{Cle: "gagnes", Titre: fmt.Sprintf("Gagnés à %d\u00a0km", d.Km), Case: func(x b) cellule { return nombre(x.Gagnes) }},
		{Cle: "perdus", Titre: fmt.Sprintf("Perdus à %d\u00a0km", d.Km), Case: func(x b) cellule { return nombre(x.Perdus) }},
	}
	return liste[b]{
		Chemin: "/espace/couverture/comparer", Nom: "couverture-epci-" + fixes.Get("du") + "-" + fixes.Get("au"), Titre: "Habitants plus près ou plus loin, par intercommunalité",
		Un: "intercommunalité", Plusieurs: "intercommunalités", Vide: "Aucune intercommunalité n’est dans votre périmètre.", Tri: "-loin", Fixes: fixes,
		Colonnes: append(colonnes, colonnesDites[b](d, apres)...),
	}
}
