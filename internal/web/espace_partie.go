package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// partie is some columns of a place that are corrected on one page.
type partie struct {
	Nom, Titre, Aide string
	Champs           []champForme
}

// champForme is how a column is filled in.
type champForme struct {
	Champ mednum.Champ
	Genre string // ligne, lignes (one value a line), texte, cases (of a vocabulary)
	Aide  string
	Mode  string // inputmode and autocomplete of browsers: tel, email, url
	Max   int    // characters, 0 for no counter
}

const resumeMax = 280 // characters, of the national standard

// parties are the pages of a place, in the order in which they are shown.
var parties = []partie{
	{"contact", "Comment vous joindre", "", []champForme{
		{Champ: mednum.ChampTelephone, Genre: "ligne", Mode: "tel", Aide: "Celui que les gens appellent, par exemple 05 63 04 00 00."},
		{Champ: mednum.ChampCourriels, Genre: "lignes", Mode: "email", Aide: "Une adresse par ligne. Elle est montrée à tous."},
		{Champ: mednum.ChampSiteWeb, Genre: "lignes", Mode: "url", Aide: "Une adresse par ligne."},
	}},
	{"aide", "Ce que vous faites pour les gens", "Cochez ce qui est vrai, laissez le reste.", []champForme{
		{Champ: mednum.ChampServices, Genre: "cases"},
		{Champ: mednum.ChampModalitesAccompagn, Genre: "cases"},
		{Champ: mednum.ChampPublics, Genre: "cases", Aide: "Laissez vide si tout le monde est accueilli."},
		{Champ: mednum.ChampPriseEnCharge, Genre: "cases"},
		{Champ: mednum.ChampLangues, Genre: "cases", Aide: "En plus du français, quand quelqu’un la parle vraiment aux heures d’aide. Le public les voit."},
	}},
	{"venir", "Venir, et le prix", "", []champForme{
		{Champ: mednum.ChampModalitesAcces, Genre: "cases"},
		{Champ: mednum.ChampPriseRDV, Genre: "ligne", Mode: "url", Aide: "L’adresse où prendre rendez-vous sur internet, si elle existe."},
		{Champ: mednum.ChampFraisACharge, Genre: "cases"},
		{Champ: mednum.ChampFicheAccesLibre, Genre: "ligne", Mode: "url", Aide: "L’adresse de la fiche sur acceslibre.beta.gouv.fr."},
	}},
	{"presentation", "Présentation", "", []champForme{
		{Champ: mednum.ChampPresentationResume, Genre: "texte", Max: resumeMax, Aide: "Deux ou trois phrases simples, pour quelqu’un qui ne connaît pas le lieu."},
		{Champ: mednum.ChampPresentationDetail, Genre: "texte"},
	}},
	{"adresse", "Nom et adresse", "", []champForme{
		{Champ: mednum.ChampNom, Genre: "ligne"},
		{Champ: mednum.ChampAdresse, Genre: "ligne", Aide: "Le numéro et la rue, ou le lieu-dit."},
		{Champ: mednum.ChampComplementAdresse, Genre: "ligne", Aide: "Bâtiment, étage, entrée."},
		{Champ: mednum.ChampCodePostal, Genre: "ligne", Mode: "numeric"},
		{Champ: mednum.ChampCommune, Genre: "ligne"},
	}},
	{"structure", "Structure et labels", "", []champForme{
		{Champ: mednum.ChampStructureParente, Genre: "ligne"},
		{Champ: mednum.ChampPivot, Genre: "ligne", Mode: "numeric", Aide: "Le SIRET de la structure, en quatorze chiffres."},
		{Champ: mednum.ChampDispositifs, Genre: "cases"},
		{Champ: mednum.ChampFormationsLabels, Genre: "cases"},
		{Champ: mednum.ChampAutresFormationsLabels, Genre: "lignes", Aide: "Un label par ligne."},
	}},
}

// partieLue is a part as the page of a place shows it: what it says, or that it
// says nothing.
type partieLue struct {
	*partie
	Lignes []ligneLue
	Vides  []string // the names of the columns that say nothing
}

// ligneLue is one column: its name and its values in words.
type ligneLue struct {
	Libelle string
	Valeurs []string
}

func (s *site) lirePartie(v *catalogue.Vue, p *partie) partieLue {
	lue := partieLue{partie: p}
	for _, ch := range p.Champs {
		l := ligneLue{Libelle: ch.Champ.Libelle()}
		for _, valeur := range valeursDe(&v.Lieu, ch.Champ) {
			if ch.Champ == mednum.ChampTelephone {
				valeur = textes.Telephone(valeur)
			}
			l.Valeurs = append(l.Valeurs, direValeur(ch.Champ, valeur))
		}
		if len(l.Valeurs) == 0 {
			lue.Vides = append(lue.Vides, l.Libelle)
			continue
		}
		lue.Lignes = append(lue.Lignes, l)
	}
	return lue
}

// direValeur says a value of a column, or a language.
func direValeur(champ mednum.Champ, valeur string) string {
	if champ == mednum.ChampLangues {
		return textes.Majuscule(mednum.NomLangue(valeur))
	}
	return textes.Valeur(string(champ), valeur)
}

// valeursDe are the values of a column, or the languages, none or one when it is not a list.
func valeursDe(l *mednum.Lieu, champ mednum.Champ) []string {
	switch {
	case champ == mednum.ChampLangues:
		return l.Langues
	case champ.EstListe():
		return l.Champs.Valeurs(champ)
	}
	if valeur := l.Champs.Valeur(champ); valeur != "" && valeur != mednum.PivotInconnu {
		return []string{valeur}
	}
	return nil
}

// montrees are the values of the field, as its page shows what the place says:
// one a box, or one text.
func (ch champForme) montrees(l *mednum.Lieu) []string {
	valeurs := valeursDe(l, ch.Champ)
	switch {
	case ch.Genre == "cases":
		return valeurs
	case ch.Genre == "lignes":
		return []string{strings.Join(valeurs, "\n")}
	case ch.Champ == mednum.ChampTelephone:
		return []string{textes.Telephone(l.Champs.Valeur(ch.Champ))}
	}
	return []string{strings.Join(valeurs, "")}
}

// change tells whether somebody typed another thing in the field than what its
// page showed.
func (ch champForme) change(f *saisie, lu *mednum.Lieu) bool {
	avant := ch.montrees(lu)
	apres, envoye := f.Valeurs[string(ch.Champ)]
	if ch.Genre == "cases" {
		return !slices.Equal(slices.Sorted(slices.Values(avant)), slices.Sorted(slices.Values(apres)))
	}
	if !envoye {
		return false // only what was on the page is said
	}
	mots := func(v []string) []string { return strings.Fields(strings.Join(v, " ")) }
	return !slices.Equal(mots(avant), mots(apres))
}

// corpsPartie is the form of one part.
type corpsPartie struct {
	Lieu   *catalogue.Vue
	Partie *partie
	Champs []champMontre
	Saisie *saisie
	Perime *perime
	Attend bool // some of it will wait for a coordinator
}

// champMontre is one column of the form.
type champMontre struct {
	champForme
	Nom     string // of the field
	Libelle string
	Choix   []choix // of a vocabulary
	Source  string  // what the sources say, when a person says otherwise
	Leve    bool    // and it may be given back to them
	Compte  int     // characters typed, where they are counted
}

// choix is a value of a vocabulary, and its words.
type choix struct{ Valeur, Libelle string }

// valeursOffertes are the boxes of a column: its vocabulary, and what a source
// says in its own words, which stays as long as nobody unticks it.
func valeursOffertes(v *catalogue.Vue, ch champForme) []string {
	if ch.Genre != "cases" {
		return nil
	}
	offertes := slices.Clone(mednum.Vocabulaire(ch.Champ))
	if ch.Champ == mednum.ChampLangues {
		offertes = mednum.CodesLangues()
	}
	for _, valeur := range valeursDe(&v.Lieu, ch.Champ) {
		if !slices.Contains(offertes, valeur) {
			offertes = append(offertes, valeur)
		}
	}
	return offertes
}

// commeAvant puts ticked boxes in the order in which the place says them, new
// ones last: the same boxes in another order are no change.
func commeAvant(avant, cochees []string) []string {
	suite := slices.DeleteFunc(slices.Clone(avant), func(valeur string) bool { return !slices.Contains(cochees, valeur) })
	for _, valeur := range cochees {
		if !slices.Contains(suite, valeur) {
			suite = append(suite, valeur)
		}
	}
	return suite
}

func partieDe(c *fiber.Ctx) (*partie, error) {
	i := slices.IndexFunc(parties, func(p partie) bool { return p.Nom == c.Params("partie") })
	if i < 0 {
		return nil, fiber.ErrNotFound
	}
	return &parties[i], nil
}

// servePartie shows the form of a part, filled in with what the place says.
func (s *site) servePartie(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	p, err := partieDe(c)
	if err != nil {
		return err
	}
	f := newSaisie()
	for _, ch := range p.Champs {
		f.Valeurs[string(ch.Champ)] = ch.montrees(&v.Lieu)
	}
	return s.rendrePartie(c, v, p, f, nil)
}

func (s *site) rendrePartie(c *fiber.Ctx, v *catalogue.Vue, p *partie, f *saisie, perime *perime) error {
	coordonne := s.Catalogue.Coordonne(connexion(c).Compte.Habilitations, &v.Lieu)
	corps := corpsPartie{Lieu: v, Partie: p, Saisie: f, Perime: perime}
	for _, ch := range p.Champs {
		m := champMontre{champForme: ch, Nom: string(ch.Champ), Libelle: ch.Champ.Libelle(), Compte: len([]rune(f.V(string(ch.Champ))))}
		for _, valeur := range valeursOffertes(v, ch) {
			m.Choix = append(m.Choix, choix{valeur, direValeur(ch.Champ, valeur)})
		}
		if correction, ok := v.Corrections[ch.Champ]; ok && correction.Valeur != correction.ValeurSource {
			m.Leve, m.Source = true, correction.ValeurSource
		}
		corps.Champs = append(corps.Champs, m)
		corps.Attend = corps.Attend || s.Relecture && !coordonne && ch.Champ.Sensible()
	}
	switch {
	case perime != nil:
		c.Status(fiber.StatusPreconditionFailed)
	case len(f.Fautes) > 0:
		c.Status(fiber.StatusBadRequest)
	}
	return s.rendreEspace(c, "partie", titreSaisie(f, p.Titre), "lieux", corps)
}

// postPartie saves a part.
func (s *site) postPartie(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	p, err := partieDe(c)
	if err != nil {
		return err
	}
	e, err := s.edition(c)
	if err != nil {
		return err
	}
	f := lireSaisie(c)
	var noms []string
	var attend *mednum.Attente
	l, err := s.rejouer(c, v.ID, e, p.touchee, func(e catalogue.Edition) (l mednum.Lieu, err error) {
		var ch catalogue.Changement
		ch, noms = changementDe(v, p, f)
		l, attend, err = s.Catalogue.Editer(c.UserContext(), v.ID, e, ch)
		return l, err
	})
	switch {
	case estCode(err, mednum.Perime):
		return s.rendrePartiePerimee(c, v.ID, p, f, e.Version)
	case f.fauter(err, noms...):
		return s.rendrePartie(c, v, p, f, nil)
	case err != nil:
		return err
	}
	quoi := "champs"
	if attend != nil {
		quoi = "attente"
	}
	return s.versFait(c, "/espace/lieux/"+v.ID, quoi, &l)
}

// touchee tells whether a column of the page changed between two states.
func (p *partie) touchee(avant, apres *mednum.Lieu) bool {
	return slices.ContainsFunc(p.Champs, func(ch champForme) bool {
		return !slices.Equal(valeursDe(avant, ch.Champ), valeursDe(apres, ch.Champ))
	})
}

// rendrePartiePerimee shows the form again over what others wrote: what was
// typed stays, the rest is as it is now.
func (s *site) rendrePartiePerimee(c *fiber.Ctx, id string, p *partie, f *saisie, lue int) error {
	autre, err := s.depuisVersion(c, id, lue)
	if err != nil {
		return err
	}
	lu, _, err := s.depuisLu(c, id, lue)
	if err != nil {
		return err
	}
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	for _, ch := range p.Champs {
		if lu != nil && !ch.change(f, lu) {
			f.Valeurs[string(ch.Champ)] = ch.montrees(&v.Lieu)
		}
	}
	return s.rendrePartie(c, v, p, f, autre)
}

// changementDe is what a form says of its columns, and their names.
func changementDe(v *catalogue.Vue, p *partie, f *saisie) (ch catalogue.Changement, noms []string) {
	ch = catalogue.Changement{Champs: map[mednum.Champ]string{}, Verifie: f.Coche("verifie", "oui")}
	for _, cf := range p.Champs {
		nom := string(cf.Champ)
		noms = append(noms, nom)
		if f.Coche("lever", nom) {
			ch.Lever = append(ch.Lever, cf.Champ)
			continue
		}
		switch _, envoye := f.Valeurs[nom]; {
		case cf.Champ == mednum.ChampLangues:
			langues := f.Valeurs[nom]
			ch.Langues = &langues
		case cf.Genre == "cases":
			ch.Champs[cf.Champ] = strings.Join(commeAvant(valeursDe(&v.Lieu, cf.Champ), f.Valeurs[nom]), "|")
		case !envoye: // only what was on the page is said
		case cf.Genre == "lignes":
			ch.Champs[cf.Champ] = strings.Join(strings.FieldsFunc(f.V(nom), func(r rune) bool { return r == '\n' || r == '\r' }), "|")
		case cf.Champ == mednum.ChampPivot && f.V(nom) == "":
			ch.Champs[cf.Champ] = mednum.PivotInconnu // how the standard writes that none is known
		default:
			ch.Champs[cf.Champ] = f.V(nom)
		}
	}
	return ch, append(noms, string(mednum.ChampCodeInsee))
}
