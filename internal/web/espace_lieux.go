package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// moisVerifie is how many months a check is fresh to those who keep the place:
// afterwards they are asked again. parPage is how many places one page lists.
const (
	moisVerifie = 6
	parPage     = 20
)

// corpsEspace is the page of one's places.
type corpsEspace struct {
	Lieux     []tuile
	Total     int    // of all that this person keeps
	Trouves   int    // of those that the search finds
	Recherche string // what was typed
	Suivants  string // address of the next page, "" for none
	Signales  int    // reports that wait for one of them
	// Proposes are the places of their structure, Attendues those that they
	// asked for: both give no right.
	Proposes, Attendues []*catalogue.Vue
}

// tuile is one place of one's own: what is old, what is missing, what to do.
type tuile struct {
	Lieu       *catalogue.Vue
	Etat       catalogue.Etat
	Verifie    string
	Ancien     bool
	Ferme      bool // for good
	Manque     []manque
	Exceptions []string
	Attentes   int
	Contestees []contestee
	Refus      []mednum.Attente
}

// manque is something that the place does not say, and where to say it.
type manque struct{ Quoi, Ou string }

// serveEspace lists the places that this person keeps true: by name as long as
// they stand on one page, otherwise the oldest check first.
func (s *site) serveEspace(c *fiber.Ctx) error {
	vues := s.Catalogue.LieuxDe(connexion(c).Compte.Habilitations)
	qui := connexion(c).Compte
	corps := corpsEspace{Total: len(vues)}
	corps.Signales = s.signalesDe(c, func(id string) bool {
		return slices.ContainsFunc(vues, func(v *catalogue.Vue) bool { return v.ID == id })
	})
	var err error
	if corps.Attendues, err = s.attendues(c.UserContext(), qui.ID); err != nil {
		return err
	}
	if corps.Total == 0 {
		corps.Proposes = slices.DeleteFunc(s.Catalogue.DuSiret(qui.Siret), func(v *catalogue.Vue) bool { return slices.Contains(corps.Attendues, v) })
	}
	if corps.Total > parPage {
		corps.Recherche = strings.TrimSpace(c.Query("q"))
		vues = chercherParmi(vues, corps.Recherche)
	}
	corps.Trouves = len(vues)
	ranger(vues, corps.Total > parPage)
	debut, err := strconv.Atoi(c.Query("apres", "0"))
	if err != nil || debut < 0 || debut > len(vues) {
		debut = 0
	}
	fin := min(debut+parPage, len(vues))
	if fin < len(vues) {
		corps.Suivants = "/espace?" + url.Values{"apres": {strconv.Itoa(fin)}, "q": {corps.Recherche}}.Encode()
	}
	for _, v := range vues[debut:fin] {
		corps.Lieux = append(corps.Lieux, s.tuile(c, v))
	}
	return s.rendreEspace(c, "espace", "Mes lieux", "lieux", corps)
}

// ranger puts the oldest check first when there are many places: a place then
// goes once it is checked. A few stay where they are, by name.
func ranger(vues []*catalogue.Vue, nombreux bool) {
	slices.SortStableFunc(vues, func(a, b *catalogue.Vue) int {
		ordre := cmp.Compare(mednum.Normaliser(a.Champs.Nom), mednum.Normaliser(b.Champs.Nom))
		if nombreux {
			ordre = a.Preuve.Date.Compare(b.Preuve.Date)
		}
		return cmp.Or(cmp.Compare(rangStatut(a), rangStatut(b)), ordre)
	})
}

func rangStatut(v *catalogue.Vue) int {
	if v.Publie() {
		return 0
	}
	return 1 // closed for good: nothing to do but to take it back
}

// chercherParmi keeps the places whose name or commune holds every word.
func chercherParmi(vues []*catalogue.Vue, texte string) []*catalogue.Vue {
	mots := strings.Fields(mednum.Normaliser(texte))
	return slices.DeleteFunc(slices.Clone(vues), func(v *catalogue.Vue) bool {
		dit := mednum.Normaliser(v.Champs.Nom + " " + v.Champs.Commune)
		return slices.ContainsFunc(mots, func(m string) bool { return !strings.Contains(dit, m) })
	})
}

func (s *site) tuile(c *fiber.Ctx, v *catalogue.Vue) tuile {
	t := tuile{Lieu: v, Etat: s.Catalogue.Etat(v, nil), Ferme: v.Statut == mednum.StatutFerme, Attentes: len(v.EnAttente())}
	for _, a := range v.Attentes {
		if a.Refus != nil {
			t.Refus = append(t.Refus, a)
		}
	}
	t.Contestees = s.contestees(c, &v.Lieu)
	t.Verifie, t.Ancien = s.verification(v)
	t.Manque = s.manques(v)
	proches, ensuite := s.Catalogue.Particularites(v)
	for _, p := range slices.Concat(proches, ensuite) {
		if p.Ferie == "" {
			t.Exceptions = append(t.Exceptions, s.particularites(v, []catalogue.Particularite{p})...)
		}
	}
	return t
}

// verification says when the place was last checked, and whether that is old.
func (s *site) verification(v *catalogue.Vue) (phrase string, ancien bool) {
	limite := mednum.DateOf(s.maintenant().AddDate(0, -moisVerifie, 0))
	dite := func(d mednum.Date) string { return textes.DateLongue(d.Annee, d.Mois, d.Jour) }
	if !v.VerifieLe.IsZero() {
		return "Vérifié le " + dite(v.VerifieLe), v.VerifieLe.Compare(limite) < 0
	}
	if v.Preuve.Date.IsZero() {
		return "Jamais vérifié", true
	}
	return "Jamais vérifié. Sa source date " + textes.De(dite(v.Preuve.Date)), true
}

// manques are what the place does not say, and should.
func (s *site) manques(v *catalogue.Vue) []manque {
	base := "/espace/lieux/" + v.ID
	retouche := false
	for _, r := range v.Retouches {
		retouche = retouche || r.ARevoir
	}
	ch := &v.Champs
	_, place := v.Position()
	var liste []manque
	for _, m := range []struct {
		oui  bool
		quoi string
		ou   string
	}{
		{retouche, "une permanence, que sa source dit autrement", "#permanences"},
		{ch.Horaires == "" && len(v.Permanences) == 0 && !v.Itinerant(), "les horaires", "/horaires"},
		{ch.Horaires != "" && v.Heures == nil, "des horaires que nous sachions lire", "/horaires"},
		{s.Catalogue.Ambigu(v), "si les horaires sont ceux du lieu ou de l’aide", "/horaires"},
		{ch.Telephone == "" && len(ch.Courriels) == 0, "un téléphone ou une adresse", "/partie/contact"},
		{len(ch.Services) == 0, "ce que vous faites pour les gens", "/partie/aide"},
		{len(ch.ModalitesAcces) == 0, "s’il faut un rendez-vous", "/partie/venir"},
		{len(ch.FraisACharge) == 0, "le prix", "/partie/venir"},
		{ch.PresentationResume == "", "une présentation en bref", "/partie/presentation"},
		{!v.Itinerant() && (!place || v.Precision == mednum.PrecisionCommune), "le point exact sur la carte", "/position"},
	} {
		if m.oui {
			liste = append(liste, manque{m.quoi, base + m.ou})
		}
	}
	return liste
}

// postVerifier notes that nothing has changed: the check is today's.
func (s *site) postVerifier(c *fiber.Ctx) error {
	return s.changer(c, "/espace", "verifie", func(e catalogue.Edition, id string) (mednum.Lieu, error) {
		jour := mednum.DateOf(s.maintenant())
		return s.Catalogue.Modifier(c.UserContext(), id, e, func(l *mednum.Lieu) error {
			return l.Verifier(jour, e.Auteur, jour)
		})
	})
}

// postAnnuler undoes the last change of a place, while nobody has changed it
// since.
func (s *site) postAnnuler(c *fiber.Ctx) error {
	return s.changer(c, retourDe(c, c.Params("id")), "defait", func(e catalogue.Edition, id string) (mednum.Lieu, error) {
		return s.Catalogue.Restaurer(c.UserContext(), id, e.Version-1, e)
	})
}

// changer makes a change of one place that needs no more than its version, and
// goes to the page that says what was done.
func (s *site) changer(c *fiber.Ctx, page, quoi string, change func(e catalogue.Edition, id string) (mednum.Lieu, error)) error {
	e, err := s.edition(c)
	if err != nil {
		return err
	}
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	l, err := change(e, v.ID)
	if estCode(err, mednum.Perime) {
		return s.rendrePerime(c, v, e.Version)
	}
	if err != nil {
		return err
	}
	return s.versFait(c, page, quoi, &l)
}
