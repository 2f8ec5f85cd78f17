package web

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsEspaceLieu is the page of one place for those who keep it.
type corpsEspaceLieu struct {
	Tuile       tuile
	Lieu        *catalogue.Vue
	Horaires    apercu
	Brut        string // hours that cannot be read
	Permanences []permanenceTenue
	Cachees     []permanenceTenue
	Tournee     []arretDate
	Fermees     []string // times of help at which the place is closed
	Notees      []exception
	Parties     []partieLue
	Position    string
	Attentes    []attente
	Coordonne   bool
	Repond      string // who answers for the place first, "" for nobody
	Propose     bool
	Signales    int // reports that wait
}

// permanenceTenue is a permanence with what may be done to it.
type permanenceTenue struct {
	permanence
	Source   bool   // it comes from a record
	Changee  bool   // and a person says it otherwise
	ARevoir  bool   // and the record has changed since
	Nouvelle string // what the record tells now, "" when nothing any more
	Mienne   bool
}

// attente is a change that waits, or was refused, in words.
type attente struct {
	ID, Qui, Quand string
	Differences    []difference
	Message        string // in its author's own words
	Refus          string
	Mienne         bool
}

// serveEspaceLieu shows all that a place says, each part with its button.
func (s *site) serveEspaceLieu(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	x := connexion(c)
	corps := corpsEspaceLieu{
		Tuile: s.tuile(c, v), Lieu: v, Notees: s.exceptionsDe(v), Position: direPrecision(v),
		Coordonne: s.Catalogue.Coordonne(x.Compte.Habilitations, &v.Lieu), Propose: v.Statut == mednum.StatutPropose,
	}
	corps.Signales = s.signalesDe(c, func(id string) bool { return id == v.ID })
	corps.Horaires, corps.Brut = s.horairesDe(v)
	corps.Tournee, corps.Fermees = s.tournee(v), s.portesFermees(v)
	corps.Permanences, corps.Cachees = s.permanencesTenues(v, x.Compte.ID)
	for i := range parties {
		corps.Parties = append(corps.Parties, s.lirePartie(v, &parties[i]))
	}
	if corps.Attentes, err = s.attentesDe(c, v); err != nil {
		return err
	}
	if corps.Repond, err = s.nomReferent(c, v); err != nil {
		return err
	}
	return s.rendreEspace(c, "espace-lieu", v.Champs.Nom, "lieux", corps)
}

// portesFermees says which times of help of the coming weeks find the place
// closed.
func (s *site) portesFermees(v *catalogue.Vue) (phrases []string) {
	jour := s.maintenant()
	for _, p := range s.Catalogue.PortesFermees(v, mednum.DateOf(jour), mednum.DateOf(jour.AddDate(0, 0, 7*semainesTournee-1))) {
		nom := "l’aide est là"
		if p.Permanence.Intitule != "" {
			nom = "«\u00a0" + p.Permanence.Intitule + "\u00a0» a lieu"
		}
		phrases = append(phrases, textes.Majuscule(textes.Jour(p.Debut))+", "+nom+" de "+textes.Heure(p.Debut.Hour(), p.Debut.Minute())+" à "+textes.Heure(p.Fin.Hour(), p.Fin.Minute())+
			", alors que le lieu est fermé d’après ses horaires. Corrigez l’un ou l’autre.")
	}
	return phrases
}

func direPrecision(v *catalogue.Vue) string {
	_, place := v.Position()
	switch {
	case !place:
		return "Aucun point sur la carte."
	case v.Precision == mednum.PrecisionCommune:
		return "Position approximative\u00a0: le centre de la commune."
	case v.Precision == mednum.PrecisionMain:
		return "Point placé à la main."
	}
	return "Point placé d’après l’adresse."
}

// permanencesTenues are the permanences of a place, and those that are hidden,
// for those who keep it.
func (s *site) permanencesTenues(v *catalogue.Vue, compte string) (visibles, cachees []permanenceTenue) {
	fixes, arrets := s.permanencesDe(v)
	for _, p := range slices.Concat(fixes, arrets) {
		i := slices.IndexFunc(v.Permanences, func(x mednum.Permanence) bool { return x.ID == p.ID })
		t := permanenceTenue{permanence: p, Source: v.Permanences[i].Fiche != "", Mienne: v.Permanences[i].Compte == compte}
		if r, ok := v.Retouches[p.ID]; ok {
			t.Changee, t.ARevoir = r.Permanence != nil, r.ARevoir
			if r.Nouvelle != nil {
				t.Nouvelle = direRegle(r.Nouvelle.Regle)
			}
		}
		visibles = append(visibles, t)
	}
	for _, p := range v.Cachees() {
		t := permanenceTenue{permanence: permanence{ID: p.ID, Titre: p.Intitule, Quand: direRegle(p.Regle)}, Source: true}
		if p.Arret != nil {
			t.Lieu, t.Commune = p.Arret.Nom, p.Arret.Commune
		}
		cachees = append(cachees, t)
	}
	return visibles, cachees
}

// nommerPermanence names a permanence to those who hold it.
func (s *site) nommerPermanence(v *catalogue.Vue, p *mednum.Permanence) string {
	nom := "L’aide"
	if p.Intitule != "" {
		nom = p.Intitule
	}
	if p.Arret != nil {
		nom = situerArret(p.Arret)
	}
	if e := v.RegleUsuelle(p.ID); e != nil {
		nom += " (" + textes.Minuscule(textes.Regle(e)) + ")"
	}
	return nom
}

// direRegle says an OSM rule, or repeats what cannot be read.
func direRegle(regle string) string {
	if regle == "" {
		return "horaires non communiqués"
	}
	e, err := horaires.Parse(regle)
	if err != nil {
		return regle
	}
	return textes.Regle(e)
}

// momentDit is an instant on the clock of the territory: "24 novembre 2026 à 10 h 20".
func (s *site) momentDit(t time.Time) string {
	t = t.In(s.Territoire.Location())
	return textes.DateLongue(t.Year(), t.Month(), t.Day()) + " à " + textes.Heure(t.Hour(), t.Minute())
}

// postGeste does one thing to a permanence.
func (s *site) postGeste(c *fiber.Ctx) error {
	x, id := connexion(c), c.Params("permanence")
	gestes := map[string]struct {
		fait  string
		faire func(l *mednum.Lieu, e catalogue.Edition) error
	}{
		"tenir": {"confiee", func(l *mednum.Lieu, e catalogue.Edition) error {
			return l.ConfierPermanence(id, x.Compte.ID, e.Auteur, s.Now())
		}},
		"laisser":   {"rendue", func(l *mednum.Lieu, e catalogue.Edition) error { return l.ConfierPermanence(id, "", e.Auteur, s.Now()) }},
		"cacher":    {"cachee", func(l *mednum.Lieu, e catalogue.Edition) error { return l.CacherPermanence(id, e.Auteur, s.Now()) }},
		"montrer":   {"montree", func(l *mednum.Lieu, _ catalogue.Edition) error { return l.MontrerPermanence(id) }},
		"rendre":    {"source", func(l *mednum.Lieu, _ catalogue.Edition) error { return l.RendrePermanence(id) }},
		"maintenir": {"permanence", func(l *mednum.Lieu, e catalogue.Edition) error { return l.MaintenirPermanence(id, e.Auteur, s.Now()) }},
		"retirer":   {"ote", func(l *mednum.Lieu, _ catalogue.Edition) error { return l.Retirer(id) }},
	}
	g, ok := gestes[c.Params("geste")]
	if !ok {
		return fiber.ErrNotFound
	}
	return s.changer(c, "/espace/lieux/"+c.Params("id"), g.fait, func(e catalogue.Edition, lieu string) (mednum.Lieu, error) {
		return s.Catalogue.Modifier(c.UserContext(), lieu, e, func(l *mednum.Lieu) error { return g.faire(l, e) })
	})
}

// corpsFin is the page where a place is said to exist no more.
type corpsFin struct {
	Lieu   *catalogue.Vue
	Saisie *saisie
	Attend bool // a coordinator will have to agree
}

func (s *site) serveFin(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	return s.rendreFin(c, v, newSaisie())
}

func (s *site) rendreFin(c *fiber.Ctx, v *catalogue.Vue, f *saisie) error {
	if len(f.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
	}
	return s.rendreEspace(c, "fin", titreSaisie(f, "Ce lieu n’existe plus"), "lieux", corpsFin{
		Lieu: v, Saisie: f, Attend: s.Relecture && !s.Catalogue.Coordonne(connexion(c).Compte.Habilitations, &v.Lieu),
	})
}

// postFin closes the place for good, or has that wait for a coordinator.
func (s *site) postFin(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	e, err := s.edition(c)
	if err != nil {
		return err
	}
	f := lireSaisie(c)
	fermeture := mednum.Fermeture{Le: lireDateDe(f, "le"), Motif: f.V("motif")}
	if len(f.Fautes) > 0 {
		return s.rendreFin(c, v, f)
	}
	l, attend, err := s.Catalogue.FermerDefinitivement(c.UserContext(), v.ID, e, fermeture)
	switch {
	case estCode(err, mednum.Perime):
		return s.rendrePerime(c, v, e.Version)
	case f.fauter(err, "le", "motif"):
		return s.rendreFin(c, v, f)
	case err != nil:
		return err
	}
	quoi := "ferme"
	if attend != nil {
		quoi = "attente"
	}
	return s.versFait(c, "/espace", quoi, &l)
}

func (s *site) postRouvrir(c *fiber.Ctx) error {
	return s.changer(c, "/espace", "rouvert", func(e catalogue.Edition, id string) (mednum.Lieu, error) {
		return s.Catalogue.Rouvrir(c.UserContext(), id, e)
	})
}

// etapesParPage is how many versions one page shows.
const etapesParPage = 50

// corpsHistoire is the versions of a place, the newest first.
type corpsHistoire struct {
	Lieu      *catalogue.Vue
	Etapes    []etape
	Anciennes string // address of the older ones, "" for none
}

func (s *site) serveHistoire(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	etapes, err := s.etapes(c, v.ID)
	if err != nil {
		return err
	}
	corps := corpsHistoire{Lieu: v, Etapes: etapes}
	if avant := c.QueryInt("avant"); avant > 0 {
		corps.Etapes = slices.DeleteFunc(corps.Etapes, func(e etape) bool { return e.Version >= avant })
	}
	if len(corps.Etapes) > etapesParPage {
		corps.Etapes = corps.Etapes[:etapesParPage]
		corps.Anciennes = "/espace/lieux/" + v.ID + "/histoire?avant=" + strconv.Itoa(corps.Etapes[etapesParPage-1].Version)
	}
	return s.rendreEspace(c, "histoire", "L’histoire de "+v.Champs.Nom, "lieux", corps)
}

// postRestaurer gives the place back what it said at an older version.
func (s *site) postRestaurer(c *fiber.Ctx) error {
	vers := lireSaisie(c).entier("vers")
	return s.changer(c, "/espace/lieux/"+c.Params("id")+"/histoire", "restaure", func(e catalogue.Edition, id string) (mednum.Lieu, error) {
		return s.Catalogue.Restaurer(c.UserContext(), id, vers, e)
	})
}
