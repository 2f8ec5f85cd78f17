package web

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

var (
	motifOperation = regexp.MustCompile(`^(fusion|separation|import)-[0-9a-f]{16}$`)
	motifLieu      = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// corpsPaire is two places side by side. Lieux[0] is the one that we would keep.
type corpsPaire struct {
	*saisie
	Lieux    [2]lieuDePaire
	Score    string
	Sur      bool
	Raisons  []string
	Contre   []string
	Distance string
	Lignes   []lignePaire // that differ
	Pareils  []lignePaire
	Garde    string    // the id of the place that is kept, as chosen
	Refus    [2]string // why the one cannot be kept, "" when it can
	Distinct bool
	Perime   string // what somebody else did meanwhile
	Fait     *faitDoublon
	Suite    string // path of the next pair, "" for none
	Rang     int    // of Total, 0 for a pair that is not asked
	Total    int
	Filtres  string // the part of the query string that goes on
}

// lieuDePaire is one of the two.
type lieuDePaire struct {
	ID, Nom, Commune, Etat, Sources string
	Version                         int
	Public                          bool
	Carte                           string // address of a map, "" without a point
}

// lignePaire is a field of both places. Choix are the values that may be taken,
// one where both say the same.
type lignePaire struct {
	Champ, Libelle string
	Dits           [2]valeurDite
	Memes          bool
	Choisir        bool
	Regle          string // what the rule shows, where that is neither's; "" otherwise
	Choisi         string // id of a place, "" for the rule
}

// valeurDite is what a place says of a field, and who told it.
type valeurDite struct{ Valeur, Source string }

// paire reads the places of the address, when the session coordinates both.
func (s *site) paire(c *fiber.Ctx) (collecte.Paire, error) {
	p, err := s.Collecte.Paire(c.UserContext(), c.Params("id"), c.Params("autre"))
	if err == nil && !s.coordonneLieux(c, &p.Lieux[0], &p.Lieux[1]) {
		err = interdit("lieu", "L’un de ces lieux n’est pas dans votre secteur : la réponse revient à qui coordonne les deux.")
	}
	return p, err
}

func (s *site) servePaire(c *fiber.Ctx) error {
	p, err := s.paire(c)
	if estCode(err, mednum.Invalide) {
		return s.versDecide(c, nil, "deja", nil)
	}
	if err != nil {
		return err
	}
	return s.rendrePaire(c, &p, newSaisie(), "")
}

// rendrePaire shows two places; f is what was chosen, perime what somebody else
// did meanwhile.
func (s *site) rendrePaire(c *fiber.Ctx, p *collecte.Paire, f *saisie, perime string) error {
	suite, rang, total, err := s.suivante(c, p.Lieux[0].ID, p.Lieux[1].ID)
	if err != nil {
		return err
	}
	corps := corpsPaire{
		saisie: f, Sur: p.Sur, Raisons: p.Raisons, Contre: p.Contre, Distinct: p.Distincts, Perime: perime, Fait: s.faitDoublonDe(c), Rang: rang, Total: total,
		Filtres: requeteDe(c, "commune", "epci", "source", "ou"), Score: direScore(p.Score, p.Sur).Texte,
	}
	if suite != nil {
		corps.Suite = cheminPaire(suite)
	}
	for i := range p.Lieux {
		corps.Lieux[i] = s.lieuDePaire(p, i)
		if p.Refus[i] != nil {
			corps.Refus[i] = messageDe(p.Refus[i])
		}
	}
	corps.Garde = p.Lieux[0].ID
	if p.Refus[0] != nil && p.Refus[1] == nil || f.V("garde") == p.Lieux[1].ID {
		corps.Garde = p.Lieux[1].ID
	}
	corps.Distance = distanceDePaire(p)
	for _, l := range s.lignesPaire(p, corps.Garde, f) {
		if l.Memes {
			corps.Pareils = append(corps.Pareils, l)
		} else {
			corps.Lignes = append(corps.Lignes, l)
		}
	}
	titre := "Un lieu, ou deux ?"
	switch {
	case len(f.Fautes) > 0:
		c.Status(fiber.StatusBadRequest)
		titre = "À corriger : un lieu, ou deux ?"
	case perime != "":
		c.Status(fiber.StatusPreconditionFailed)
	}
	return s.rendreLarge(c, "doublons-paire", titre, "reseau", corps)
}

func (s *site) lieuDePaire(p *collecte.Paire, i int) lieuDePaire {
	l := &p.Lieux[i]
	d := lieuDePaire{ID: l.ID, Nom: l.Champs.Nom, Commune: l.Champs.Commune, Version: l.Version, Etat: "publié", Public: true}
	if l.Statut == mednum.StatutFerme {
		d.Etat = "fermé pour de bon"
	}
	var sources []string
	for _, f := range p.Fiches[i] {
		dit := s.direSource(mednum.Origine{Fiche: f.Reference(), Date: f.DateMaj})
		if !f.Absente.IsZero() {
			dit += ", absente depuis"
		}
		if !slices.Contains(sources, dit) {
			sources = append(sources, dit)
		}
	}
	d.Sources = strings.Join(sources, " ; ")
	if lat, lon := l.Champs.Latitude, l.Champs.Longitude; lat != nil && lon != nil {
		d.Carte = fmt.Sprintf("https://www.openstreetmap.org/?mlat=%.5f&mlon=%.5f#map=18/%.5f/%.5f", *lat, *lon, *lat, *lon)
	}
	return d
}

// distanceDePaire is how far the points of both places are, "" when one has none.
func distanceDePaire(p *collecte.Paire) string {
	a, b := &p.Lieux[0].Champs, &p.Lieux[1].Champs
	if a.Latitude == nil || a.Longitude == nil || b.Latitude == nil || b.Longitude == nil {
		return "L’un des deux n’a pas de point sur la carte."
	}
	dit := "Leurs points sont à " + distanceNue(geo.Distance(geo.Point{Lat: *a.Latitude, Lon: *a.Longitude}, geo.Point{Lat: *b.Latitude, Lon: *b.Longitude})) + " l’un de l’autre"
	if p.Lieux[0].Precision == mednum.PrecisionCommune || p.Lieux[1].Precision == mednum.PrecisionCommune {
		dit += " ; l’un des deux est au centre de sa commune, faute de mieux"
	}
	return dit + "."
}

// lignesPaire are the fields that one of the two fills.
func (s *site) lignesPaire(p *collecte.Paire, garde string, f *saisie) []lignePaire {
	reuni := &p.Reunis[0]
	if garde == p.Lieux[1].ID {
		reuni = &p.Reunis[1]
	}
	joignables := reuni.ID != ""
	var lignes []lignePaire
	for _, champ := range collecte.ColonnesReunies {
		l := lignePaire{Champ: "c_" + string(champ), Libelle: libelleReuni(champ)}
		ecrits := [2]string{valeurReunie(&p.Lieux[0], champ), valeurReunie(&p.Lieux[1], champ)}
		if ecrits[0] == "" && ecrits[1] == "" {
			continue
		}
		for i := range ecrits {
			if ecrits[i] != "" {
				l.Dits[i] = valeurDite{direReuni(&p.Lieux[i], champ), s.direOrigine(&p.Lieux[i], champ)}
			}
		}
		l.Memes = ecrits[0] == ecrits[1]
		if joignables && !l.Memes {
			regle := valeurReunie(reuni, champ)
			l.Choisir = true
			switch regle {
			case ecrits[0]:
				l.Choisi = p.Lieux[0].ID
			case ecrits[1]:
				l.Choisi = p.Lieux[1].ID
			default:
				l.Regle = direReuni(reuni, champ)
			}
			if f.Valeurs.Has(l.Champ) {
				l.Choisi = f.V(l.Champ)
			}
		}
		lignes = append(lignes, l)
	}
	return append(lignes, lignesSansChoix(p)...)
}

// lignesSansChoix are what a merged place has of both.
func lignesSansChoix(p *collecte.Paire) (lignes []lignePaire) {
	var permanences [2][]string
	for i := range p.Lieux {
		for j := range p.Lieux[i].Permanences {
			m := &p.Lieux[i].Permanences[j]
			dit := textes.Majuscule(direRegle(m.Regle))
			if m.Arret != nil {
				dit = situerArret(m.Arret) + " : " + textes.Minuscule(dit)
			} else if m.Intitule != "" {
				dit = m.Intitule + " : " + textes.Minuscule(dit)
			}
			permanences[i] = append(permanences[i], dit)
		}
	}
	if len(permanences[0])+len(permanences[1]) > 0 {
		a, b := strings.Join(permanences[0], " ; "), strings.Join(permanences[1], " ; ")
		lignes = append(lignes, lignePaire{Libelle: "Permanences", Dits: [2]valeurDite{{Valeur: a}, {Valeur: b}}, Memes: a == b, Regle: "Toutes sont gardées."})
	}
	return lignes
}

func libelleReuni(champ mednum.Champ) string {
	if champ == mednum.ChampLatitude {
		return "Point sur la carte"
	}
	return champ.Libelle()
}

// valeurReunie is what a place says of the columns that go together under champ.
func valeurReunie(l *mednum.Lieu, champ mednum.Champ) string {
	var parts []string
	for _, c := range collecte.GroupeReuni(champ) {
		if v := l.Champs.Valeur(c); v != "" && c != mednum.ChampCodeInsee {
			parts = append(parts, v)
		}
	}
	if champ == mednum.ChampPivot && parts != nil && parts[0] == mednum.PivotInconnu {
		return ""
	}
	return strings.Join(parts, ", ")
}

// direReuni is what a place says of the columns that go together under champ, in
// words: nobody reads degrees, and two addresses tell two points apart.
func direReuni(l *mednum.Lieu, champ mednum.Champ) string {
	if champ != mednum.ChampLatitude {
		return direUneValeur(champ, valeurReunie(l, champ))
	}
	switch l.Precision {
	case mednum.PrecisionCommune:
		return "au centre de la commune, faute de mieux"
	case mednum.PrecisionMain:
		return "placé à la main"
	}
	return strings.TrimSuffix("placé d’après son adresse, "+l.Champs.Adresse, ", ")
}

// direUneValeur is a value in words, "" for none.
func direUneValeur(champ mednum.Champ, valeur string) string {
	if valeur == "" {
		return ""
	}
	if champ.EstListe() {
		valeurs := mednum.SplitListe(valeur)
		for i, v := range valeurs {
			if nom := mednum.Typologies[v]; champ == mednum.ChampTypologie && nom != "" {
				valeurs[i] = nom
			}
		}
		valeur = strings.Join(valeurs, ", ")
	}
	return catalogue.EnMots(mednum.Difference{Champ: champ, Apres: valeur}, func(string) string { return "" }).Apres
}

// direOrigine names who told a value, and of when.
func (s *site) direOrigine(l *mednum.Lieu, champ mednum.Champ) string {
	if r, ok := l.Corrections[champ]; ok {
		return "corrigé à la main, " + s.direQuand(r.Le)
	}
	return s.direSource(l.Provenance[champ])
}

// fusionDe is what a form says of two places that are one.
func fusionDe(p *collecte.Paire, f *saisie) (collecte.Fusion, error) {
	g := 0
	switch f.V("garde") {
	case p.Lieux[0].ID:
	case p.Lieux[1].ID:
		g = 1
	default:
		return collecte.Fusion{}, invalide("garde", "Dites lequel des deux lieux reste.")
	}
	vus := [2]int{}
	for i, nom := range []string{"va", "vb"} {
		n, err := strconv.Atoi(f.V(nom))
		if err != nil || n < 1 {
			return collecte.Fusion{}, invalide("version", "Cette page est incomplète : rechargez-la, puis recommencez.")
		}
		vus[i] = n
	}
	fusion := collecte.Fusion{Garde: p.Lieux[g].ID, Absorbe: p.Lieux[1-g].ID, Vus: [2]int{vus[g], vus[1-g]}, Prendre: map[mednum.Champ]string{}}
	for _, champ := range collecte.ColonnesReunies {
		if id := f.V("c_" + string(champ)); id != "" {
			fusion.Prendre[champ] = id
		}
	}
	return fusion, nil
}

// vusDans puts the versions of a form in the order in which the page showed the
// places: the order may have turned since.
func vusDans(p *collecte.Paire, f *saisie) {
	if f.V("a") == p.Lieux[1].ID {
		p.Lieux[0], p.Lieux[1] = p.Lieux[1], p.Lieux[0]
		p.Fiches[0], p.Fiches[1] = p.Fiches[1], p.Fiches[0]
		p.Reunis[0], p.Reunis[1] = p.Reunis[1], p.Reunis[0]
		p.Refus[0], p.Refus[1] = p.Refus[1], p.Refus[0]
	}
}

func (s *site) postReunir(c *fiber.Ctx) error {
	p, err := s.paire(c)
	if estCode(err, mednum.Invalide) {
		return s.versDecide(c, nil, "deja", nil)
	}
	if err != nil {
		return err
	}
	f := lireSaisie(c)
	vusDans(&p, f)
	fusion, err := fusionDe(&p, f)
	if err != nil {
		return err
	}
	suite, _, _, err := s.suivante(c, fusion.Garde, fusion.Absorbe)
	if err != nil {
		return err
	}
	d, err := s.Collecte.Fusionner(c.UserContext(), fusion, connexion(c).Compte.Auteur())
	var metier *mednum.Error
	switch {
	case err == nil:
	case estCode(err, mednum.Perime):
		return s.rendrePaire(c, &p, f, messageDe(err))
	case errors.As(err, &metier) && metier.Code == mednum.Invalide:
		f.Fautes[champFautif(metier.Champ)] = metier.Message
		return s.rendrePaire(c, &p, f, "")
	default:
		return err
	}
	if suite != nil && (suite.Lieux[0].ID == fusion.Absorbe || suite.Lieux[1].ID == fusion.Absorbe) {
		suite = nil // that pair is no more
	}
	s.montrerDecision(c)
	return s.versDecide(c, suite, "reuni", url.Values{"op": {d.Operation}, "lieu": {fusion.Garde}})
}

// champFautif is the field of the page that a column is in.
func champFautif(champ string) string {
	for _, tete := range collecte.ColonnesReunies {
		if slices.Contains(collecte.GroupeReuni(tete), mednum.Champ(champ)) {
			return "c_" + string(tete)
		}
	}
	return "garde"
}

// montrerDecision has the pages show at once what was decided; otherwise they do
// within a second.
func (s *site) montrerDecision(c *fiber.Ctx) {
	if err := s.Catalogue.Actualiser(c.UserContext()); err != nil {
		s.Journal.Warn("le catalogue ne montre pas encore une décision", "cause", err)
	}
}

func (s *site) postDistinguer(c *fiber.Ctx) error {
	p, err := s.paire(c)
	if estCode(err, mednum.Invalide) {
		return s.versDecide(c, nil, "deja", nil)
	}
	if err != nil {
		return err
	}
	a, b := p.Lieux[0].ID, p.Lieux[1].ID
	suite, _, _, err := s.suivante(c, a, b)
	if err != nil {
		return err
	}
	if err := s.Collecte.Distinguer(c.UserContext(), a, b, connexion(c).Compte.Auteur()); err != nil {
		return err
	}
	s.noter(c, registre.Acte{Genre: registre.GenreDoublon, Lieu: a, Objet: "lieu:" + b, Texte: "Ce n’est pas le même lieu que " + b})
	return s.versDecide(c, suite, "distincts", url.Values{"de": {a + "~" + b}})
}

func (s *site) postOublier(c *fiber.Ctx) error {
	p, err := s.paire(c)
	if estCode(err, mednum.Invalide) {
		return s.versDecide(c, nil, "deja", nil)
	}
	if err != nil {
		return err
	}
	a, b := p.Lieux[0].ID, p.Lieux[1].ID
	if err := s.Collecte.Oublier(c.UserContext(), a, b); err != nil {
		return err
	}
	s.noter(c, registre.Acte{Genre: registre.GenreDoublon, Lieu: a, Objet: "lieu:" + b, Texte: "Plus rien ne dit que c’est un autre lieu que " + b})
	return s.versDecide(c, &collecte.Question{Lieux: p.Lieux}, "oublie", nil)
}
