package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// rayonMax bounds what a page or a request may ask, in metres: half the
// Earth's circumference, rounded up.
const rayonMax = 20_100_000

// Beyond this many metres of the border the pack knows no place: the national
// map is offered.
const loinDuTerritoire = 30_000

// radii offered on the page, in metres.
var rayons = []int{5_000, 10_000, 20_000, 50_000}

type corpsAccueil struct {
	Demarches  catalogue.Demarches
	Choisie    *catalogue.Demarche
	Tout       bool // "je ne sais pas" was the answer
	Formulaire formulaire
	Lieux      int
}

// formulaire is the search form: what stands in it and what it keeps.
type formulaire struct {
	Choisie     *catalogue.Demarche
	Action      string // path where it is sent, "" for the search of the site
	Texte       string
	Libelle     string
	Caches      []champCache // the time asked, kept for the next place
	Obligatoire bool
}

// vueCarte is what the map beside a list needs.
type vueCarte struct {
	Tuiles, Attribution string
	Depart              *geo.Point
}

type choixRayon struct {
	Metres  int
	Libelle string
	Choisi  bool
}

type champCache struct{ Nom, Valeur string }

type corpsResultats struct {
	Demarches  catalogue.Demarches
	Choisie    *catalogue.Demarche
	Texte      string // what stands in the search field
	Formulaire formulaire
	Caches     []champCache // what the filter form keeps of the search
	Carte      *vueCarte
	Titre      string
	Resume     string
	Note       string   // from where distances are
	Avis       []string // things to know before the list
	Situation  *catalogue.Situation
	TitreChoix string
	Besoin     string      // path of "je n’ai pas trouvé d’aide", with what is known of the search
	TropLoin   bool        // the nearest place is further than mesures.Loin
	Loin       bool        // the search starts beyond what the pack knows
	Choix      []lienChoix // other readings of the text
	EPCI       string      // SIREN: every place of it, without a point of departure
	Depart     *geo.Point
	Resultats  catalogue.Resultats
	Raccourcis []filtreChoisi // the filters most asked, one touch away
	Cartes     []carteLieu
	Passages   []carteLieu // stops whose days are not known: nobody can go there yet
	Muets      []carteLieu
	Vieux      []carteLieu // of those that do not say, closed at the time asked by their old hours
	SansPos    []carteLieu
	Facettes   []facette
	Chosis     []filtreChoisi
	Rayons     []choixRayon
	Quand      choixQuand
	Sinon      []carteLieu // nothing is surely open then: the nearest places
	Suivants   string      // address of the next page, "" when this is the last
	Precedents string
}

// serveAccueil is the whole of the search: the home page asks "pour quoi ?" and
// "où ?"; with a place to search from it lists the nearest places.
func (s *site) serveAccueil(c *fiber.Ctx) error {
	r := parseRequete(c)
	choisie, tout, err := s.demarche(r)
	if err != nil {
		return err
	}
	texte, err := r.texte("q")
	if err != nil {
		return err
	}
	position, err := r.position()
	if err != nil {
		return err
	}
	switch {
	case position != nil:
		p := geo.Arrondir(*position)
		r.Set("lat", strconv.FormatFloat(p.Lat, 'f', -1, 64)) // what the page repeats is rounded too
		r.Set("lon", strconv.FormatFloat(p.Lon, 'f', -1, 64))
		return s.serveResultats(c, r, corpsResultats{Choisie: choisie, Depart: &p, Titre: "Aide numérique près de vous"})
	case texte != "":
		return s.serveTexte(c, r, choisie, texte)
	}
	if r.encart.zone() {
		return s.serveZone(c, r, choisie)
	}
	titre := "Aide numérique près de chez vous"
	if choisie != nil {
		titre = choisie.Titre + " : qui peut vous aider ?"
	}
	return s.render(c, "accueil", page{
		Titre: titre, Canonique: "/", Fil: filDe("/"),
		Description: "Trouvez près de chez vous une personne qui vous aide pour internet, l’ordinateur, le téléphone et vos démarches, " + s.Territoire.NomEn + ".",
	}, corpsAccueil{
		Demarches: s.Demarches, Choisie: choisie, Tout: tout, Lieux: s.nombreDedans(),
		Formulaire: s.formulaire(r, choisie, ""),
	})
}

// demarche reads "pour": an errand, or "tout" when the visitor does not know.
func (s *site) demarche(r requete) (choisie *catalogue.Demarche, tout bool, err error) {
	id := r.Get("pour")
	if id == "" || id == "tout" {
		return nil, id == "tout", nil
	}
	if d := s.Demarches.Par(id); d != nil {
		return d, false, nil
	}
	return nil, false, invalide("pour", "Cette démarche n’est pas dans notre liste.")
}

// serveTexte answers what a person typed: a commune, a postal code, an address
// or the name of a place.
func (s *site) serveTexte(c *fiber.Ctx, r requete, choisie *catalogue.Demarche, texte string) error {
	situation, err := s.Catalogue.Situer(c.UserContext(), texte, s.Geocodeur)
	if err != nil {
		return err
	}
	corps := corpsResultats{Choisie: choisie, Texte: texte, Situation: &situation, Depart: situation.Point}
	corps.Choix, corps.TitreChoix = liensChoix(situation.Choix, r), "Vous vouliez dire"
	if situation.Genre == catalogue.GenreCodePostal {
		corps.TitreChoix = "Ce code postal est aussi celui de"
	}
	switch situation.Genre {
	case catalogue.GenreDepartement:
		if r.encart == nil {
			return c.Redirect(s.chemin("/lieux"), fiber.StatusSeeOther)
		}
		corps.Titre, corps.Situation = "Tous les lieux d’aide numérique "+s.Territoire.NomEn, nil
		return s.serveResultats(c, r, corps)
	case catalogue.GenreLieu:
		if len(situation.Vues) == 1 && len(situation.Choix) == 0 {
			return c.Redirect(s.chemin(r.lieu(situation.Vues[0].ID)), fiber.StatusSeeOther)
		}
		corps.Titre = "Lieux qui correspondent à « " + texte + " »"
		corps.Cartes = s.cartesDe(situation.Vues, choisie)
		r.encart.enfermer(corps.Cartes)
		return s.render(c, "resultats", page{Titre: corps.Titre, SansIndex: true}, s.completer(corps, r))
	case catalogue.GenreInconnu, catalogue.GenreChoix:
		corps.Titre = "Où cherchez-vous ?"
		if situation.Genre == catalogue.GenreInconnu {
			corps.Choix = liensChoix(situation.Suggestions, r)
		}
		corps.Cartes = s.cartesDe(situation.Vues, choisie)
		r.encart.enfermer(corps.Cartes)
		return s.render(c, "preciser", page{Titre: corps.Titre, SansIndex: true}, s.completer(corps, r))
	case catalogue.GenreAilleurs:
		if situation.Point == nil {
			corps.Titre = situation.Libelle + " est hors du territoire"
			return s.render(c, "preciser", page{Titre: corps.Titre, SansIndex: true}, s.completer(corps, r))
		}
		corps.Avis = append(corps.Avis, fmt.Sprintf("%s n’est pas %s. Voici les lieux les plus proches que nous connaissons.", situation.Libelle, s.Territoire.NomEn))
	case catalogue.GenreCommune:
		if situation.Approchee {
			corps.Avis = append(corps.Avis, fmt.Sprintf("Nous ne connaissons pas « %s ». Voici ce qui est près %s.", texte, textes.De(situation.Libelle)))
		}
	case catalogue.GenreAdresse:
		if situation.Approchee {
			corps.Avis = append(corps.Avis, fmt.Sprintf("Nous n’avons pas pu situer la rue. Les distances partent du centre %s.", textes.De(situation.Commune.Nom)))
		}
	}
	corps.Titre = "Aide numérique près " + textes.De(situation.Libelle)
	return s.serveResultats(c, r, corps)
}

// completer adds what every page of the search carries.
func (s *site) completer(corps corpsResultats, r requete) corpsResultats {
	corps.Demarches = s.Demarches
	corps.Formulaire = s.formulaire(r, corps.Choisie, corps.Texte)
	if r.encart == nil || !r.encart.ListeSeule {
		corps.Carte = s.vueCarte(corps.Depart)
	}
	corps.Formulaire.Caches = append(corps.Formulaire.Caches, caches(r, "quand", "heure")...)
	corps.Caches = append(r.cachesHote(), caches(r, "q", "lat", "lon")...)
	corps.Besoin = s.lienBesoin(&corps)
	return corps
}

// formulaire is the search form of a page.
func (s *site) formulaire(r requete, choisie *catalogue.Demarche, texte string) formulaire {
	return formulaire{Choisie: choisie, Action: r.action(), Texte: texte, Caches: r.cachesHote()}
}

// caches are the parameters of those names that a form keeps.
func caches(r requete, noms ...string) (champs []champCache) {
	for _, nom := range noms {
		if v := r.Get(nom); v != "" {
			champs = append(champs, champCache{nom, v})
		}
	}
	return champs
}

// lienChoix is another reading of what was typed.
type lienChoix struct{ Libelle, Adresse string }

// liensChoix keeps the errand and the filters of the search.
func liensChoix(choix []catalogue.Choix, r requete) []lienChoix {
	var liens []lienChoix
	for _, x := range choix {
		liens = append(liens, lienChoix{x.Libelle, r.remplace("q", x.Requete)})
	}
	return liens
}

func (s *site) vueCarte(depart *geo.Point) *vueCarte {
	v := &vueCarte{Tuiles: s.Tuiles, Depart: depart}
	if s.Tuiles != "" {
		v.Attribution = "© IGN"
	}
	return v
}

// choixRayons offers the usual radii, and the one asked.
func choixRayons(demande int) []choixRayon {
	offerts := slices.Clone(rayons)
	if !slices.Contains(offerts, demande) {
		offerts = append(offerts, demande)
		slices.Sort(offerts)
	}
	choix := make([]choixRayon, 0, len(offerts))
	for _, m := range offerts {
		choix = append(choix, choixRayon{m, textes.Kilometres(float64(m)), m == demande})
	}
	return choix
}

// serveResultats lists what is near corps.Depart.
func (s *site) serveResultats(c *fiber.Ctx, r requete, corps corpsResultats) error {
	recherche := catalogue.Recherche{Depart: corps.Depart, EPCI: corps.EPCI, Limite: r.parPage()}
	if corps.Choisie != nil {
		recherche.Demarche = corps.Choisie.ID
	}
	if err := r.filtres(&recherche); err != nil {
		return err
	}
	rayon, err := r.entier("rayon", catalogue.DefautRayon, 1, rayonMax)
	if err != nil {
		return err
	}
	apres, err := r.entier("apres", 0, 0, 1_000_000)
	if err != nil {
		return err
	}
	recherche.Rayon, recherche.Decalage = float64(rayon), apres
	if corps.Situation != nil && corps.Situation.Commune != nil {
		recherche.Pres = corps.Situation.Commune.Code
	}
	quand := s.quandOuAvis(r, &corps)
	recherche.Quand = quand
	res, err := s.Catalogue.Chercher(c.UserContext(), recherche)
	if err != nil {
		return err
	}
	if apres == 0 {
		s.compterRecherche(c, &corps, res, quand == nil)
	}
	corps = s.completer(corps, r)
	if quand == nil {
		corps.Formulaire.Caches = r.cachesHote() // a time that was refused is not asked again
	}
	if r.encart != nil {
		res.Comptes = r.encart.comptes(res.Comptes)
	}
	corps.Quand = s.choixQuand(quand)
	if corps.Sinon, err = s.sinon(c.UserContext(), recherche, res, corps.Choisie); err != nil {
		return err
	}
	corps.Resultats, corps.Rayons = res, choixRayons(rayon)
	corps.TropLoin = s.tropLoin(&corps, res, quand == nil && apres == 0)
	cartes := s.cartes(res.Trouves, corps.Choisie)
	s.repondreQuand(cartes, res.Trouves, quand, true)
	corps.Cartes, corps.Passages = partage(cartes)
	corps.Raccourcis = append(s.raccourcisQuand(res, r), raccourcis(res, r)...)
	muets := s.cartes(res.Muets, corps.Choisie)
	s.repondreQuand(muets, res.Muets, quand, false)
	sep := slices.IndexFunc(res.Muets, func(t catalogue.Trouve) bool { return t.VieuxFerme }) // they come last
	if sep < 0 {
		sep = len(muets)
	}
	corps.Muets, corps.Vieux = muets[:sep], muets[sep:]
	corps.SansPos = s.cartes(res.SansPosition, corps.Choisie)
	corps.Facettes, corps.Chosis = s.facettes(res, r)
	if corps.Choisie != nil {
		corps.Chosis = append([]filtreChoisi{{corps.Choisie.Titre, r.sans("pour", "")}}, corps.Chosis...)
	}
	corps.Resume = resume(res, corps.Cartes, len(corps.Chosis) > 0)
	if quand != nil {
		corps.Resume = resumeQuand(res, quand, corps.Cartes)
		corps.Chosis = append(corps.Chosis, choisiQuand(quand, r))
	}
	if g := corps.Situation; g != nil && (g.Genre == catalogue.GenreCommune || g.Genre == catalogue.GenreCodePostal) && res.Total > 0 {
		corps.Note = "Les distances partent du milieu de la commune."
	}
	if corps.Depart != nil && s.Territoire.DistanceBord(*corps.Depart) > loinDuTerritoire {
		corps.Loin = true
		corps.Avis = append(corps.Avis, fmt.Sprintf("Vous cherchez loin d’ici\u00a0: nous ne connaissons que les lieux %s et autour.", s.Territoire.NomEn))
	}
	corps.Avis = append(corps.Avis, s.avisDe(res, corps.Cartes, rayon, quand)...)
	if res.Suite > 0 {
		corps.Suivants = r.remplace("apres", strconv.Itoa(res.Suite))
	}
	if apres > 0 {
		corps.Precedents = r.remplace("apres", strconv.Itoa(max(0, apres-r.parPage())))
	}
	r.encart.enfermer(corps.Cartes, corps.Passages, corps.Muets, corps.Vieux, corps.SansPos, corps.Sinon)
	return s.render(c, "resultats", page{Titre: corps.Titre, SansIndex: true, Large: true}, corps)
}

// partage sets apart the stops whose days are not known: they are near, but no
// answer to "when can I go".
func partage(cartes []carteLieu) (sures, vagues []carteLieu) {
	for _, k := range cartes {
		if k.SansJour {
			vagues = append(vagues, k)
		} else {
			sures = append(sures, k)
		}
	}
	return sures, vagues
}

// raccourcis are links to the filters most asked that would leave something
// out and find something.
func raccourcis(res catalogue.Resultats, r requete) []filtreChoisi {
	var liens []filtreChoisi
	for _, f := range res.Comptes {
		for _, v := range f.Valeurs {
			if v.Choisi || v.N == 0 || v.N == res.Total {
				continue
			}
			switch {
			case f.Champ == catalogue.ChampFamilles:
				liens = append(liens, filtreChoisi{fmt.Sprintf("%s (%d)", textes.Famille(v.Valeur), v.N), r.avec("famille", v.Valeur)})
			case f.Champ == mednum.ChampModalitesAcces && v.Valeur == "Se présenter":
				liens = append(liens, filtreChoisi{fmt.Sprintf("%s (%d)", textes.ModaliteAcces(v.Valeur), v.N), r.avec(string(f.Champ), v.Valeur)})
			}
		}
	}
	return liens
}

// resume says in one sentence what was found; in the frame of a host that chose
// the families, nothing may be found where the visitor chose nothing.
func resume(res catalogue.Resultats, cartes []carteLieu, choisi bool) string {
	if res.Total == 0 && !choisi {
		return "Nous n’avons trouvé aucun lieu."
	}
	if res.Total == 0 {
		return "Aucun lieu ne correspond à tous vos choix."
	}
	phrase := textes.Pluriel(nombreLieux(res), "lieu", "lieux")
	if len(cartes) > 0 && cartes[0].Distance != "" && !cartes[0].Approximatif && res.Total > 1 {
		phrase += ", le plus proche " + cartes[0].Distance
	}
	return phrase + "." + resumeEtats(res, cartes)
}

// nombreLieux counts each place once, however many of its stops are in the
// list; a list of several pages counts its entries.
func nombreLieux(res catalogue.Resultats) int {
	if len(res.Trouves) < res.Total {
		return res.Total
	}
	ids := map[string]bool{}
	for _, t := range res.Trouves {
		ids[t.Vue.ID] = true
	}
	return len(ids)
}

// resumeEtats counts what is open now and what is to be confirmed, when the
// whole list is on the page.
func resumeEtats(res catalogue.Resultats, cartes []carteLieu) string {
	if len(res.Trouves) < res.Total {
		return ""
	}
	n := map[catalogue.Genre]int{}
	for _, k := range cartes {
		n[k.Etat.Genre]++
	}
	var phrases []string
	if o := n[catalogue.EtatOuvert]; o > 0 {
		phrases = append(phrases, textes.Pluriel(o, "ouvert", "ouverts")+" maintenant")
	}
	if a := n[catalogue.EtatConfirmer]; a > 0 {
		phrases = append(phrases, textes.Nombre(a)+"\u00a0à confirmer")
	}
	if len(phrases) == 0 {
		return ""
	}
	return " " + strings.Join(phrases, ", ") + "."
}

// avisDe tells what the visitor must know of the list: a radius that grew,
// places that all lie outside the territory.
func (s *site) avisDe(res catalogue.Resultats, cartes []carteLieu, demande int, quand *catalogue.Quand) []string {
	var avis []string
	if res.Elargi && (quand == nil || res.Total > 0) { // of nothing, the summary says it
		phrase := "Il y a moins de trois lieux à %s. Nous avons cherché jusqu’à %s."
		if quand != nil {
			phrase = "Moins de trois sont ouverts à %s\u00a0: nous avons cherché jusqu’à %s."
		}
		avis = append(avis, fmt.Sprintf(phrase, textes.Kilometres(float64(demande)), textes.Kilometres(res.Rayon)))
	}
	dehors := 0
	for _, carte := range cartes {
		if carte.Hors {
			dehors++
		}
	}
	if dehors > 0 && dehors == len(cartes) {
		avis = append(avis, fmt.Sprintf("Ces lieux ne sont pas %s.", s.Territoire.NomEn))
	}
	return avis
}

type facette struct {
	Champ   mednum.Champ
	Nom     string // name of the parameter
	Titre   string
	Valeurs []valeurFacette
	Ouverte bool // at least one value is chosen
}

type valeurFacette struct {
	Valeur, Libelle string
	N               int
	Choisi          bool
}

type filtreChoisi struct{ Libelle, Sans string }

// facettes turns the counts into checkboxes, and lists what is chosen.
func (s *site) facettes(res catalogue.Resultats, r requete) ([]facette, []filtreChoisi) {
	var facettes []facette
	var choisis []filtreChoisi
	for _, f := range res.Comptes {
		nom := string(f.Champ)
		if nom == "familles" {
			nom = "famille"
		}
		sortie := facette{Champ: f.Champ, Nom: r.champ(nom), Titre: textes.Champ(string(f.Champ))}
		for _, v := range f.Valeurs {
			libelle := textes.Valeur(string(f.Champ), v.Valeur)
			if f.Champ == mednum.ChampTypologie {
				libelle = mednum.Typologies[v.Valeur]
			}
			if f.Champ == mednum.ChampLangues {
				libelle = textes.Majuscule(mednum.NomLangue(v.Valeur))
			}
			sortie.Valeurs = append(sortie.Valeurs, valeurFacette{v.Valeur, libelle, v.N, v.Choisi})
			if v.Choisi {
				sortie.Ouverte = true
				choisis = append(choisis, filtreChoisi{libelle, r.sans(nom, v.Valeur)})
			}
		}
		if len(sortie.Valeurs) > 0 {
			facettes = append(facettes, sortie)
		}
	}
	return facettes, choisis
}

// departementDe names the département of a place.
func (s *site) departementDe(v *catalogue.Vue) string {
	if v.Commune != nil {
		return s.Territoire.NomDepartement(v.Commune.Departement)
	}
	return s.Territoire.NomDepartement(mednum.DepartementDe(v.Champs.CodeInsee))
}
