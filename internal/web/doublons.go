package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

const cheminDoublons = "/espace/doublons"

// routesDoublons are the pages where people say which places are one.
func (s *site) routesDoublons(e fiber.Router) {
	d := e.Group("/doublons", s.withCoordonne)
	d.Get("/", s.serveDoublons)
	d.Get("/historique", s.serveReunions)
	d.Get("/distincts", s.serveDistincts)
	d.Get("/defaire/:operation", s.serveDefaire)
	d.Post("/defaire/:operation", s.postDefaire)
	d.Get("/:id/:autre", s.servePaire)
	d.Post("/:id/:autre/reunir", s.postReunir)
	d.Post("/:id/:autre/distinguer", s.postDistinguer)
	d.Post("/:id/:autre/oublier", s.postOublier)

	e.Get("/lieux/:id/double", s.withSienne, s.serveDouble)
	e.Get("/lieux/:id/fiches", s.withSienne, s.serveFichesLieu)
	e.Get("/lieux/:id/separer", s.withSienne, s.serveSeparer)
	e.Post("/lieux/:id/separer", s.withSienne, s.postSeparer)
}

// coordonneLieux tells whether the session coordinates every one of the places:
// all of them, the territory's or not, when it coordinates the whole territory.
func (s *site) coordonneLieux(c *fiber.Ctx, lieux ...*mednum.Lieu) bool {
	if s.coordonneTout(c) {
		return true
	}
	droits := connexion(c).Compte.Habilitations
	return !slices.ContainsFunc(lieux, func(l *mednum.Lieu) bool { return !s.Catalogue.Coordonne(droits, l) })
}

// questions are the pairs that the session may answer, in the order of the queue.
func (s *site) questions(c *fiber.Ctx) ([]collecte.Question, error) {
	liste, err := s.Collecte.Questions(c.UserContext())
	if err != nil || s.coordonneTout(c) {
		return liste, err
	}
	return slices.DeleteFunc(liste, func(q collecte.Question) bool { return !s.coordonneLieux(c, &q.Lieux[0], &q.Lieux[1]) }), nil
}

// questionsPretes are those of questions, none while the first queue is being made:
// the pages that sum up everything do not wait for it.
func (s *site) questionsPretes(c *fiber.Ctx) ([]collecte.Question, error) {
	liste, err := s.questions(c)
	if estCode(err, mednum.Indisponible) && champDe(err) == collecte.ChampFile {
		return nil, nil
	}
	return liste, err
}

// fileDoublons is the queue as the board shows it.
func (s *site) fileDoublons(c *fiber.Ctx) (attenteFile, error) {
	liste, err := s.questionsPretes(c)
	f := attenteFile{Nom: "Doublons", Phrase: "Des lieux qui n’en font peut-être qu’un.", Lien: cheminDoublons, Combien: len(liste)}
	for i := range liste {
		if d := liste[i].Depuis; !d.IsZero() && (f.Depuis.IsZero() || d.Before(f.Depuis)) {
			f.Depuis = d
		}
	}
	return f, err
}

// corpsDoublons is the queue of pairs.
type corpsDoublons struct {
	Tableau *tableau
	Fait    *faitDoublon
	Total   int
	Refaite bool // false while the queue is made again
}

func (s *site) serveDoublons(c *fiber.Ctx) error {
	liste, err := s.questions(c)
	if err != nil {
		return err
	}
	refaite, err := s.Collecte.Refaite(c.UserContext())
	if err != nil {
		return err
	}
	fait := s.faitDoublonDe(c)
	return rendreListe(s, c, s.listeDoublons(c, liste), liste, func(t *tableau) error {
		return s.rendreLarge(c, "doublons", "Les doublons", "reseau", corpsDoublons{t, fait, len(liste), refaite})
	})
}

// listeDoublons is the queue as a list, with the filters that are of use.
func (s *site) listeDoublons(c *fiber.Ctx, questions []collecte.Question) liste[collecte.Question] {
	filtres := requeteDe(c, "commune", "epci", "source", "ou")
	return liste[collecte.Question]{
		Chemin: cheminDoublons, Nom: "doublons", Titre: "Des lieux qui n’en font peut-être qu’un", Un: "paire", Plusieurs: "paires",
		Vide: "Rien n’est à décider. Les paires viennent des imports : une fiche qui ressemble à un lieu déjà connu.",
		Colonnes: []colonne[collecte.Question]{
			{Cle: "lieux", Titre: "Les deux lieux", Case: func(q collecte.Question) cellule {
				return cellule{Texte: q.Lieux[0].Champs.Nom + " / " + q.Lieux[1].Champs.Nom, Lien: cheminPaire(&q) + filtres, Detail: ouEstPaire(&q)}
			}},
			{Cle: "commune", Titre: "Commune", Case: func(q collecte.Question) cellule { return texte(q.Lieux[0].Champs.Commune) }},
			{Cle: "score", Titre: "Ressemblance", Case: func(q collecte.Question) cellule { return direScore(q.Score, q.Sur) }},
			{Titre: "Pour un seul lieu", Case: func(q collecte.Question) cellule { return texte(strings.Join(q.Raisons, " ; ")) }},
			{Titre: "Contre", Case: func(q collecte.Question) cellule { return texte(strings.Join(q.Contre, " ; ")) }},
			{Titre: "Sources", Case: func(q collecte.Question) cellule { return texte(s.sourcesPaire(&q)) }},
			{Cle: "age", Titre: "Depuis", Case: func(q collecte.Question) cellule {
				if q.Depuis.IsZero() {
					return cellule{}
				}
				return jourDit(mednum.DateOf(q.Depuis.In(s.Territoire.Location())))
			}},
		},
		Filtres: s.filtresDoublons(questions),
	}
}

// filtresDoublons are the communes, the groups of communes and the sources of the
// pairs at hand.
func (s *site) filtresDoublons(questions []collecte.Question) []filtre[collecte.Question] {
	communes, epcis, flux := map[string]string{}, map[string]string{}, map[string]string{}
	for i := range questions {
		q := &questions[i]
		for j := range q.Lieux {
			l := &q.Lieux[j]
			if l.Champs.CodeInsee != "" {
				communes[l.Champs.CodeInsee] = l.Champs.Commune
			}
			if e := s.epciDe(l.Champs.CodeInsee); e != "" {
				if epci, ok := s.Territoire.EPCI(e); ok {
					epcis[e] = epci.Nom
				}
			}
			id := fluxDe(q.Fiches[j])
			flux[id] = cmp.Or(s.Catalogue.NomFlux(id), id)
		}
	}
	delete(flux, "")
	de := func(f func(*mednum.Lieu) string) func(collecte.Question, string) bool {
		return func(q collecte.Question, v string) bool { return f(&q.Lieux[0]) == v || f(&q.Lieux[1]) == v }
	}
	return []filtre[collecte.Question]{
		{Cle: "commune", Titre: "Commune", Choix: choixTries(communes), Passe: de(func(l *mednum.Lieu) string { return l.Champs.CodeInsee })},
		{Cle: "epci", Titre: "Intercommunalité", Choix: choixTries(epcis), Passe: de(func(l *mednum.Lieu) string { return s.epciDe(l.Champs.CodeInsee) })},
		{Cle: "source", Titre: "Source", Choix: choixTries(flux), Passe: func(q collecte.Question, v string) bool {
			return fluxDe(q.Fiches[0]) == v || fluxDe(q.Fiches[1]) == v
		}},
		{Cle: "ou", Titre: "Où", Choix: []choixFiltre{{"ici", "Dans le territoire"}, {"ailleurs", "Ailleurs"}}, Passe: func(q collecte.Question, v string) bool {
			return q.Ailleurs() == (v == "ailleurs")
		}},
	}
}

// choixTries are the values of a filter, by their names.
func choixTries(noms map[string]string) []choixFiltre {
	liste := make([]choixFiltre, 0, len(noms))
	for v, nom := range noms {
		liste = append(liste, choixFiltre{v, nom})
	}
	slices.SortFunc(liste, func(a, b choixFiltre) int {
		return cmp.Or(cmp.Compare(mednum.Normaliser(a.Nom), mednum.Normaliser(b.Nom)), cmp.Compare(a.Valeur, b.Valeur))
	})
	return liste
}

func fluxDe(reference string) string {
	flux, _, _ := strings.Cut(reference, "/")
	return flux
}

func cheminPaire(q *collecte.Question) string {
	return cheminDoublons + "/" + q.Lieux[0].ID + "/" + q.Lieux[1].ID
}

func ouEstPaire(q *collecte.Question) string {
	a, b := q.Lieux[0].Champs.Adresse, q.Lieux[1].Champs.Adresse
	if mednum.Normaliser(a) == mednum.Normaliser(b) {
		return a
	}
	return cmp.Or(a, "sans adresse") + " / " + cmp.Or(b, "sans adresse")
}

// direScore is how much two places look alike, in percents and in words.
func direScore(score float64, sur bool) cellule {
	dit := fmt.Sprintf("%d %%", int(score*100+.5))
	if sur {
		return mesure(score, dit+", sûrement le même")
	}
	return mesure(score, dit)
}

func (s *site) sourcesPaire(q *collecte.Question) string {
	var noms []string
	for _, ref := range q.Fiches {
		id := fluxDe(ref)
		if nom := cmp.Or(s.Catalogue.NomFlux(id), id, "saisi à la main"); !slices.Contains(noms, nom) {
			noms = append(noms, nom)
		}
	}
	return strings.Join(noms, " / ")
}

// requeteDe is the part of the query string of a request that the links of a page
// keep, with its "?", "" for none.
func requeteDe(c *fiber.Ctx, cles ...string) string {
	v := url.Values{}
	for _, cle := range append(cles, parametreTri) {
		if valeur := c.Query(cle); valeur != "" {
			v.Set(cle, textes.Couper(valeur, valeurMax))
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// suivante is the pair that comes after this one in the queue as it is filtered,
// nil when there is none.
func (s *site) suivante(c *fiber.Ctx, a, b string) (suite *collecte.Question, rang, total int, err error) {
	toutes, err := s.questions(c)
	if err != nil {
		return nil, 0, 0, err
	}
	l := s.listeDoublons(c, toutes)
	choisies := l.lire(c, s.racine).choisir(toutes)
	i := slices.IndexFunc(choisies, func(q collecte.Question) bool { return estPaire(&q, a, b) })
	switch n := len(choisies); {
	case n == 0, n == 1 && i == 0:
		return nil, i + 1, n, nil
	case i < 0:
		return &choisies[0], 0, n, nil
	default:
		return &choisies[(i+1)%n], i + 1, n, nil
	}
}

func estPaire(q *collecte.Question, a, b string) bool {
	x, y := q.Lieux[0].ID, q.Lieux[1].ID
	return x == a && y == b || x == b && y == a
}

// faitDoublon is what was just decided about two places, and how to take it back.
type faitDoublon struct {
	Texte     string
	Operation string    // to undo, "" for none
	Paire     [2]string // told apart, to be forgotten; "" for none
	Lieu      string    // the place that stays, "" for none
}

// faitsDoublons are what an address may say was decided.
var faitsDoublons = map[string]string{
	"reuni":     "C’est fait : les deux lieux n’en font plus qu’un. L’adresse de l’autre conduit à celui qui reste.",
	"distincts": "C’est noté : ce sont deux lieux. La question ne reviendra plus, et aucun import ne les réunira.",
	"oublie":    "C’est oublié : si ces lieux se ressemblent encore, la question revient.",
	"defait":    "C’est défait.",
	"separe":    "La fiche a maintenant un lieu à elle.",
	"deja":      "Quelqu’un d’autre a déjà répondu pour ces deux lieux, ou l’un d’eux n’est plus là. Rien n’a été changé.",
}

// faitDoublonDe is what the address of a page says was decided, nil for nothing.
func (s *site) faitDoublonDe(c *fiber.Ctx) *faitDoublon {
	f := &faitDoublon{Texte: faitsDoublons[c.Query("decide")]}
	if f.Texte == "" {
		return nil
	}
	if op := c.Query("op"); motifOperation.MatchString(op) {
		f.Operation = op
	}
	if a, b, ok := strings.Cut(c.Query("de"), "~"); ok && motifLieu.MatchString(a) && motifLieu.MatchString(b) {
		f.Paire = [2]string{a, b}
	}
	if id := c.Query("lieu"); motifLieu.MatchString(id) {
		f.Lieu = id
	}
	return f
}

// versDecide sends on after a decision: to the next pair, or back to the queue.
func (s *site) versDecide(c *fiber.Ctx, suite *collecte.Question, quoi string, dits url.Values) error {
	v, _ := url.ParseQuery(strings.TrimPrefix(requeteDe(c, "commune", "epci", "source", "ou"), "?"))
	v.Set("decide", quoi)
	for cle, valeurs := range dits {
		v[cle] = valeurs
	}
	chemin := cheminDoublons
	if suite != nil {
		chemin = cheminPaire(suite)
	}
	return c.Redirect(s.chemin(chemin)+"?"+v.Encode(), fiber.StatusSeeOther)
}
