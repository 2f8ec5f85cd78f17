package web

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// scenarioVu is a scenario of the list, in words.
type scenarioVu struct {
	ID, Nom, Titre, Perimetre, Gain, Qui, Quand, Donnees string
}

// scenariosVus are those of what the session coordinates, newest first.
func (s *site) scenariosVus(c *fiber.Ctx) (vus []scenarioVu, err error) {
	tous, err := s.Scenarios.Liste(c.UserContext())
	if err != nil {
		return nil, err
	}
	tous = slices.DeleteFunc(tous, func(v couverture.Scenario) bool { return !s.voitPerimetre(c, v.Etude.EPCI) })
	noms, err := s.nomsAuteurs(c, tous)
	for i := range tous {
		vus = append(vus, s.direScenario(&tous[i], noms))
	}
	return vus, err
}

// nomsAuteurs are the names of those who kept scenarios, by account.
func (s *site) nomsAuteurs(c *fiber.Ctx, tous []couverture.Scenario) (auteurs, error) {
	var ids []string
	for i := range tous {
		if id, ok := mednum.CompteDe(tous[i].Par); ok {
			ids = append(ids, id)
		}
	}
	return s.Comptes.Noms(c.UserContext(), ids)
}

func (s *site) direScenario(v *couverture.Scenario, noms auteurs) scenarioVu {
	perimetre := s.nomEPCI(v.Etude.EPCI)
	if perimetre == "" {
		perimetre = "Tout le territoire"
	}
	return scenarioVu{
		ID: v.ID, Nom: v.Nom, Titre: textes.Majuscule(titreEtude(&v.Etude)), Perimetre: perimetre, Gain: direGains(&v.Etude, &v.Proposition)[0],
		Qui: catalogue.DireAuteur(v.Par, noms), Quand: s.direQuand(v.Cree), Donnees: dateDite(v.Proposition.Entree.Jour),
	}
}

// scenario is that of the address, when the session coordinates its part of the
// territory: another is as one that does not exist.
func (s *site) scenario(c *fiber.Ctx, id string) (couverture.Scenario, error) {
	v, err := s.Scenarios.Scenario(c.UserContext(), id)
	if err == nil && !s.voitPerimetre(c, v.Etude.EPCI) {
		return v, &mednum.Error{Code: mednum.Introuvable, Champ: "scenario", Message: "Ce scénario n’existe pas, ou a été supprimé."}
	}
	return v, err
}

// corpsScenario is the page of a scenario that was kept.
type corpsScenario struct {
	scenarioVu
	Resultat  *resultatEtude
	Tableau   *tableau
	Recalcule string // when, "" for never
	Change    bool   // what it was made of is not the same any more
	Lignes    []communeVue
	Autres    int
	Imprime   string
}

func (s *site) serveScenario(c *fiber.Ctx) error {
	v, err := s.scenario(c, c.Params("scenario"))
	if err != nil {
		return err
	}
	l := s.listeProposition(&v.Etude, &v.Proposition, cheminScenarios+"/"+v.ID)
	return rendreListe(s, c, l, v.Proposition.Lignes, func(t *tableau) error {
		corps, err := s.corpsScenario(c, &v)
		if err != nil {
			return err
		}
		corps.Tableau = t
		return s.rendreLarge(c, "scenario", v.Nom, "reseau", corps)
	})
}

func (s *site) corpsScenario(c *fiber.Ctx, v *couverture.Scenario) (corpsScenario, error) {
	noms, err := s.nomsAuteurs(c, []couverture.Scenario{*v})
	if err != nil {
		return corpsScenario{}, err
	}
	corps := corpsScenario{scenarioVu: s.direScenario(v, noms), Resultat: s.direResultat(&v.Etude, &v.Proposition), Change: s.aChange(c, v)}
	if !v.Recalcule.IsZero() {
		corps.Recalcule = s.direQuand(v.Recalcule)
	}
	return corps, nil
}

// aChange tells whether what a scenario was made of is not the same any more.
func (s *site) aChange(c *fiber.Ctx, v *couverture.Scenario) bool {
	r := s.couverture(c.UserContext(), v.Etude.Question())
	x, err := couverture.EntreeDe(s.Territoire, r, v.Etude)
	return err != nil || x.Empreinte != v.Proposition.Entree.Empreinte
}

// communeVue is a commune that comes nearer, in words.
type communeVue struct{ Nom, Habitants, Avant, Apres, Par string }

// lignesPapierScenario is how many communes the sheet lists.
const lignesPapierScenario = 40

func (s *site) servePapierScenario(c *fiber.Ctx) error {
	v, err := s.scenario(c, c.Params("scenario"))
	if err != nil {
		return err
	}
	corps, err := s.corpsScenario(c, &v)
	if err != nil {
		return err
	}
	lignes := slices.DeleteFunc(slices.Clone(v.Proposition.Lignes), func(l couverture.Ligne) bool { return l.Par == 0 })
	slices.SortStableFunc(lignes, func(a, b couverture.Ligne) int { return b.Population - a.Population })
	for _, l := range lignes[:min(len(lignes), lignesPapierScenario)] {
		corps.Lignes = append(corps.Lignes, communeVue{l.Nom, textes.Nombre(l.Population), metresDits(l.Avant), metresDits(l.Apres), strconv.Itoa(l.Par)})
	}
	corps.Autres = len(lignes) - len(corps.Lignes)
	corps.Imprime = dateDite(mednum.DateOf(s.maintenant()))
	return s.render(c, "scenario-papier", page{Titre: v.Nom, SansIndex: true, Prive: true, Papier: true}, corps)
}

func (s *site) postRecalculer(c *fiber.Ctx) error {
	v, err := s.scenario(c, c.Params("scenario"))
	if err != nil {
		return err
	}
	p, err := s.proposerEnsuite(c.UserContext(), v.Etude)
	if err != nil {
		return err
	}
	if _, err := s.Scenarios.Recalculer(c.UserContext(), v.ID, p); err != nil {
		return err
	}
	return s.fait(c, cheminScenarios+"/"+v.ID, "scenario-recalcule")
}

func (s *site) serveSupprimerScenario(c *fiber.Ctx) error {
	v, err := s.scenario(c, c.Params("scenario"))
	if err != nil {
		return err
	}
	return s.confirmer(c, "Supprimer ce scénario\u00a0?", "reseau", corpsConfirmer{
		Phrases: []string{fmt.Sprintf("«\u00a0%s\u00a0» et son résultat s’effacent, pour tout le réseau.", v.Nom), "Le même calcul pourra être refait, avec les données de ce jour-là."},
		Action:  cheminScenarios + "/" + v.ID + "/supprimer", Bouton: "Supprimer ce scénario", Retour: cheminScenarios + "/" + v.ID,
	})
}

func (s *site) postSupprimerScenario(c *fiber.Ctx) error {
	v, err := s.scenario(c, c.Params("scenario"))
	if err != nil {
		return err
	}
	if err := s.Scenarios.Oter(c.UserContext(), v.ID); err != nil {
		return err
	}
	s.noter(c, registre.Acte{Genre: registre.GenreScenario, Objet: "scenario:" + v.ID, Texte: "Scénario supprimé"})
	return s.fait(c, cheminScenarios, "scenario-ote")
}

// listeProposition is the table of the communes of an answer.
func (s *site) listeProposition(e *couverture.Etude, p *couverture.Proposition, chemin string) liste[couverture.Ligne] {
	type l = couverture.Ligne
	numero := func(x l) cellule {
		if x.Par == 0 {
			return cellule{}
		}
		n := float64(x.Par)
		return cellule{Texte: fmt.Sprintf("%d. %s", x.Par, p.Sites[x.Par-1].Nom), Nombre: &n}
	}
	fixe := func(titre, valeur string) colonne[l] {
		return colonne[l]{Titre: titre, FichierSeul: true, Case: func(l) cellule { return texte(valeur) }}
	}
	liste := liste[l]{
		Chemin: chemin, Nom: "scenario", Titre: "Avant et après, par commune", Un: "commune", Plusieurs: "communes",
		Vide: "Aucune commune.", Tri: "-gain",
		Colonnes: []colonne[l]{
			{Cle: "commune", Titre: "Commune", Case: func(x l) cellule { return texte(x.Nom) }},
			{Titre: "Code INSEE", FichierSeul: true, Case: func(x l) cellule { return texte(x.Insee) }},
			{Cle: "population", Titre: "Habitants", Case: func(x l) cellule { return nombre(x.Population) }},
			{Cle: "avant", Titre: "Aujourd’hui (km)", Case: func(x l) cellule { return distanceCellule(x.Avant) }},
			{Cle: "apres", Titre: "Ensuite (km)", Case: func(x l) cellule { return distanceCellule(x.Apres) }},
			{Cle: "gain", Titre: "Rapprochés", Case: func(x l) cellule { return habitantsRapproches(&x) }},
			{Cle: "par", Titre: "Grâce à", Case: numero},
		},
		Filtres: []filtre[l]{{Cle: "effet", Titre: "Ce qui change", Passe: func(x l, v string) bool { return effetDe(&x, e.Rayon) == v || v == "rapproche" && x.Par > 0 }, Choix: []choixFiltre{
			{"portee", "Arrive à portée"}, {"rapproche", "Se rapproche"}, {"loin", "Reste hors de portée"},
		}}},
	}
	for _, x := range s.direParametres(e) {
		liste.Colonnes = append(liste.Colonnes, fixe(x[0], x[1]))
	}
	liste.Colonnes = append(liste.Colonnes, fixe("Données du", p.Entree.Jour.String()))
	return liste
}

// distanceCellule sorts by kilometres; no help at all comes as what is furthest,
// and a file says nothing of it.
func distanceCellule(m couverture.Metres) cellule {
	if m.Aucune() {
		return cellule{Texte: metresDits(m)}
	}
	return mesure(math.Round(float64(m)/100)/10, metresDits(m))
}

func habitantsRapproches(x *couverture.Ligne) cellule {
	if x.Par == 0 {
		return cellule{}
	}
	return nombre(x.Population)
}

// effetDe is what becomes of a commune: "portee" when it comes within the radius,
// "loin" when it stays beyond, "" otherwise.
func effetDe(x *couverture.Ligne, rayon float64) string {
	switch {
	case float64(x.Apres) > rayon:
		return "loin"
	case float64(x.Avant) > rayon:
		return "portee"
	}
	return ""
}
