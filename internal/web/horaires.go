package web

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// nouvelle stands in an address for a permanence that is not there yet.
const nouvelle = "nouvelle"

// routesEditeur are the pages where hours are edited.
func (s *site) routesEditeur(e fiber.Router) {
	e.Post("/apercu", s.postApercu)
	e.Get("/lieux/:id/horaires", s.serveEditeurHoraires)
	e.Post("/lieux/:id/horaires", s.postEditeurHoraires)
	e.Get("/lieux/:id/permanences/:perm", s.serveEditeurHoraires)
	e.Post("/lieux/:id/permanences/:perm", s.postEditeurHoraires)
}

// corpsEditeur is the page of the hours of a place, or of one permanence.
type corpsEditeur struct {
	Editeur *editeur
	Lieu    *catalogue.Vue
	Version int
	Chemin  string // of the page, under the site's own path
	Nouveau bool   // a permanence that is not there yet
	avant   mednum.Permanence
	arret   *mednum.Arret // as the form says it
	compte  string        // of whoever fills in the form
	Conflit *conflit
}

// HorairesLieu are the hours of the place itself, in one line.
func (p *corpsEditeur) HorairesLieu() string { return textes.Regle(p.Lieu.Heures) }

// conflit is a change that comes after another: both are shown, and nothing is
// written until somebody chooses.
type conflit struct{ Mien, Autre apercu }

// champsEnvoyes is what a form sent, every value of each field.
func champsEnvoyes(c *fiber.Ctx) (url.Values, error) {
	v, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return nil, invalide("formulaire", "Ce formulaire ne se lit pas : rechargez la page, puis recommencez.")
	}
	return v, nil
}

// pageEditeur is the page of the address, with its hours as they are stored.
func (s *site) pageEditeur(c *fiber.Ctx) (*corpsEditeur, error) {
	v, err := s.mien(c)
	if err != nil {
		return nil, err
	}
	p := &corpsEditeur{Lieu: v, Version: v.Version, Chemin: "/espace/lieux/" + v.ID + "/horaires", compte: connexion(c).Compte.ID}
	id := c.Params("perm")
	if id == "" {
		p.Editeur = newEditeur(enUneLigne.Replace(v.Champs.Horaires))
		p.Editeur.Sens = &v.SensHoraires
		return p, nil
	}
	p.Chemin, p.Nouveau = "/espace/lieux/"+v.ID+"/permanences/"+id, id == nouvelle
	perm := mednum.Permanence{}
	if !p.Nouveau {
		i := slices.IndexFunc(v.Permanences, func(q mednum.Permanence) bool { return q.ID == id })
		if i < 0 {
			return nil, &mednum.Error{Code: mednum.Introuvable, Champ: "perm", Message: "Cette permanence n’est plus dans la liste de ce lieu."}
		}
		perm = v.Permanences[i]
	}
	if p.Nouveau && v.Itinerant() {
		perm.Arret = &mednum.Arret{}
	}
	p.avant, p.Editeur = perm, newEditeur(enUneLigne.Replace(perm.Regle))
	p.Editeur.Permanence = newPermanenceEditee(&perm)
	p.Editeur.Permanence.Tenue = p.Nouveau || perm.Compte == p.compte
	if v.SensHoraires == mednum.SensNonDit && v.Heures != nil && !v.Itinerant() {
		sens := v.SensHoraires // what the hours of the place are is worth asking, once there are others
		p.Editeur.Sens = &sens
	}
	return p, nil
}

// enUneLigne takes line ends out of a stored text: the domain keeps hours on
// one line, and browsers send line ends in their own way.
var enUneLigne = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ", "\u2028", " ", "\u2029", " ")

func (s *site) serveEditeurHoraires(c *fiber.Ctx) error {
	p, err := s.pageEditeur(c)
	if err != nil {
		return err
	}
	s.lireEditeur(p.Editeur)
	return s.rendreEditeur(c, p)
}

func (s *site) rendreEditeur(c *fiber.Ctx, p *corpsEditeur) error {
	titre := "Horaires : " + p.Lieu.Champs.Nom
	switch e := p.Editeur; {
	case p.Conflit != nil:
		titre = "Deux versions : " + p.Lieu.Champs.Nom
		c.Status(fiber.StatusPreconditionFailed)
	case len(e.Fautes) > 0:
		titre = "À corriger : " + titre
		c.Status(fiber.StatusUnprocessableEntity)
		if e.Focus == "" {
			e.Focus = "fautes"
		}
	case p.Nouveau:
		titre = "Nouvelle permanence : " + p.Lieu.Champs.Nom
	case e.Permanence != nil:
		titre = "Permanence : " + p.Lieu.Champs.Nom
	}
	return s.render(c, "espace-horaires", page{Titre: titre, SansIndex: true, Prive: true, Large: true, Espace: espaceDe(c, "lieux")}, p)
}

// postEditeurHoraires saves, or does what another button of the form asks and
// shows the form again.
func (s *site) postEditeurHoraires(c *fiber.Ctx) error {
	p, err := s.pageEditeur(c)
	if err != nil {
		return err
	}
	v, err := champsEnvoyes(c)
	if err != nil {
		return err
	}
	e := parseEditeur(v)
	if (e.Permanence == nil) != (p.Editeur.Permanence == nil) || e.Permanence != nil && (e.Permanence.Arret == nil) != (p.Editeur.Permanence.Arret == nil) {
		return invalide("formulaire", "Cette page est incomplète : rechargez-la, puis recommencez.")
	}
	garder := v.Get("faire") == "garder"
	if garder { // the grid is not sent again
		permanence, sens := e.Permanence, e.Sens
		e = newEditeur(e.Origine)
		e.Permanence, e.Sens = permanence, sens
	}
	if p.Editeur.Sens == nil {
		e.Sens = nil
	}
	p.Editeur = e
	edition, err := s.edition(c)
	if err != nil {
		return err
	}
	p.Version = edition.Version
	if faire := v.Get("faire"); !garder && faire != "enregistrer" {
		if !e.geste(faire, v["copier-vers"], v.Get("copier-de")) {
			return invalide("faire", "Ce bouton n’existe pas : rechargez la page, puis recommencez.")
		}
		return s.montrer(c, p, faire)
	}
	texte := e.aEnregistrer()
	if e.Permanence != nil {
		p.arret = s.lireArret(e, p.avant.Arret)
	}
	if len(e.Fautes) > 0 {
		return s.montrer(c, p, "")
	}
	return s.enregistrer(c, p, edition, texte)
}

// montrer shows the form again. What is not typed yet is no fault while hours
// are only added or copied.
func (s *site) montrer(c *fiber.Ctx, p *corpsEditeur, faire string) error {
	e := p.Editeur
	refus := len(e.Fautes) > 0
	if !refus {
		s.lireEditeur(e)
		if faire != "voir" && faire != "osm" {
			e.oublierFautes()
		}
	}
	if refus || faire == "voir" || faire == "osm" || strings.HasPrefix(faire, "copier") {
		e.tasserSaufFautes()
	}
	return s.rendreEditeur(c, p)
}

// aEnregistrer is the text to save.
func (e *editeur) aEnregistrer() string {
	texte := e.texte()
	if e.Permanence != nil {
		e.Permanence.lire(e)
		if texte == "" {
			e.fautif(nil, "jour-0-debut-0", "Donnez au moins un jour et ses heures.")
		}
	}
	if e.Illisible && texte == e.Origine && texte != "" {
		e.fautif(nil, "jour-0-debut-0", "Les horaires actuels ne se lisent pas\u00a0: donnez-les dans la grille, jour par jour.")
	}
	return texte
}

// enregistrer saves, and sends to the page of the place, which says so.
func (s *site) enregistrer(c *fiber.Ctx, p *corpsEditeur, edition catalogue.Edition, texte string) error {
	var l mednum.Lieu
	var err error
	quoi := "horaires"
	if p.Editeur.Permanence == nil {
		l, err = s.ecrireHoraires(c, p, edition, texte)
	} else {
		quoi = "permanence"
		l, err = s.ecrirePermanence(c, p, edition, texte)
	}
	var metier *mednum.Error
	switch {
	case err == nil:
		return s.versFait(c, "/espace/lieux/"+l.ID, quoi, &l)
	case !errors.As(err, &metier):
		return err
	case metier.Code == mednum.Perime:
		return s.rendreConflit(c, p, texte)
	case metier.Code == mednum.Invalide:
		p.Editeur.fautif(nil, cmp.Or(champsFormulaire[metier.Champ], metier.Champ), metier.Message)
		return s.montrer(c, p, "")
	}
	return err
}

// champsFormulaire are the fields that the domain calls otherwise.
var champsFormulaire = map[string]string{"horaires": "osm", "regle": "osm", "tous_les": "tous-les"}

func (s *site) ecrireHoraires(c *fiber.Ctx, p *corpsEditeur, edition catalogue.Edition, texte string) (mednum.Lieu, error) {
	v, err := s.Catalogue.SetHoraires(c.UserContext(), p.Lieu.ID, edition, catalogue.Horaires{Texte: texte, Sens: p.Editeur.Sens})
	if err != nil {
		return mednum.Lieu{}, err
	}
	return v.Lieu, nil
}

func (s *site) ecrirePermanence(c *fiber.Ctx, p *corpsEditeur, edition catalogue.Edition, texte string) (mednum.Lieu, error) {
	return s.rejouer(c, p.Lieu.ID, edition, permanenceTouchee(p.avant.ID), func(e catalogue.Edition) (mednum.Lieu, error) {
		return s.Catalogue.Modifier(c.UserContext(), p.Lieu.ID, e, func(l *mednum.Lieu) error { return s.poserPermanence(l, p, e.Auteur, texte) })
	})
}

// poserPermanence writes what the form says onto the place, which is checked by
// it: by hours as well.
func (s *site) poserPermanence(l *mednum.Lieu, p *corpsEditeur, auteur, texte string) error {
	dite, jour := p.Editeur.Permanence, mednum.DateOf(s.maintenant())
	if sens := p.Editeur.Sens; sens != nil && *sens != mednum.SensNonDit && l.SensHoraires == mednum.SensNonDit {
		if err := l.DireHoraires(*sens); err != nil {
			return err
		}
	}
	if err := l.Verifier(jour, auteur, jour); err != nil {
		return err
	}
	if p.Nouveau {
		_, err := l.AjouterPermanence(dite.mettre(mednum.Permanence{}, texte, p.arret, p.compte))
		return err
	}
	return l.ModifierPermanence(p.avant.ID, dite.mettre(p.avant, texte, p.arret, p.compte), auteur, s.Now())
}

// rendreConflit shows what is saved now beside what was typed.
func (s *site) rendreConflit(c *fiber.Ctx, p *corpsEditeur, texte string) error {
	if err := s.Catalogue.Actualiser(c.UserContext()); err != nil {
		return err
	}
	autre, err := s.pageEditeur(c)
	if err != nil {
		return err
	}
	mien := s.lireApercu(texte, p.Editeur.Permanence)
	s.lireEditeur(autre.Editeur)
	p.Version, p.Editeur.Origine = autre.Version, texte
	p.Conflit = &conflit{mien, autre.Editeur.Apercu}
	return s.rendreEditeur(c, p)
}
