package web

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// withSienne lets in those who coordinate the place of the address.
func (s *site) withSienne(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	if !s.Catalogue.Coordonne(connexion(c).Compte.Habilitations, &v.Lieu) {
		return interdit("habilitation", "Cette page est celle des personnes qui coordonnent ce lieu.")
	}
	return c.Next()
}

// autresMontres is how many other places one page offers.
const autresMontres = 20

// corpsDouble is the choice of another place that is the same.
type corpsDouble struct {
	Lieu     *catalogue.Vue
	Q        string
	Trouves  []autreLieu
	Proches  []autreLieu
	Beaucoup bool
}

type autreLieu struct{ ID, Nom, Adresse, Commune, Distance string }

func (s *site) serveDouble(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	r := lireRequete(c)
	q, err := r.texte("q")
	if err != nil {
		return err
	}
	corps := corpsDouble{Lieu: v, Q: q}
	droits := connexion(c).Compte.Habilitations
	sien := func(l *mednum.Lieu) bool {
		return l.ID != v.ID && (s.coordonneTout(c) || s.Catalogue.Coordonne(droits, l))
	}
	for _, k := range s.Catalogue.PlusProches(v, 10) {
		if sien(&k.Vue.Lieu) {
			corps.Proches = append(corps.Proches, autreLieu{k.Vue.ID, k.Vue.Champs.Nom, k.Vue.Champs.Adresse, k.Vue.Champs.Commune, distanceNue(k.Distance)})
		}
	}
	if q == "" {
		return s.rendreEspace(c, "doublons-autre", "Le même lieu, deux fois ?", "lieux", corps)
	}
	for _, autre := range s.Catalogue.Lieux() {
		if !sien(&autre.Lieu) || !tousLesMots(autre.Champs.Nom+" "+autre.Champs.Adresse+" "+autre.Champs.Commune+" "+autre.ID, q) {
			continue
		}
		if corps.Beaucoup = len(corps.Trouves) == autresMontres; corps.Beaucoup {
			break
		}
		corps.Trouves = append(corps.Trouves, autreLieu{autre.ID, autre.Champs.Nom, autre.Champs.Adresse, autre.Champs.Commune, ""})
	}
	return s.rendreEspace(c, "doublons-autre", "Le même lieu, deux fois ?", "lieux", corps)
}

// ficheSource is a record that a place is made of.
type ficheSource struct {
	Reference, Source, Nom, Adresse, Telephone, Absente string
}

// corpsFichesLieu are the records that a place is made of.
type corpsFichesLieu struct {
	Lieu   *catalogue.Vue
	Fiches []ficheSource
	Fait   *faitDoublon
}

func (s *site) fichesVues(c *fiber.Ctx, id string) ([]ficheSource, error) {
	fiches, err := s.Collecte.Fiches(c.UserContext(), id)
	vues := make([]ficheSource, 0, len(fiches))
	for i := range fiches {
		f := &fiches[i]
		vue := ficheSource{
			Reference: f.Reference(), Source: s.direSource(mednum.Origine{Fiche: f.Reference(), Date: f.DateMaj}), Nom: f.Champs[mednum.ChampNom],
			Adresse: f.Champs[mednum.ChampAdresse] + ", " + f.Champs[mednum.ChampCommune], Telephone: direUneValeur(mednum.ChampTelephone, f.Champs[mednum.ChampTelephone]),
		}
		if !f.Absente.IsZero() {
			vue.Absente = direDates(f.Absente.String())
		}
		vues = append(vues, vue)
	}
	return vues, err
}

func (s *site) serveFichesLieu(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	fiches, err := s.fichesVues(c, v.ID)
	if err != nil {
		return err
	}
	return s.rendreEspace(c, "doublons-fiches", "Les fiches qui font "+v.Champs.Nom, "lieux", corpsFichesLieu{v, fiches, s.faitDoublonDe(c)})
}

// ficheDite is the record of the place that a request names.
func (s *site) ficheDite(c *fiber.Ctx, lieu, reference string) (ficheSource, error) {
	fiches, err := s.fichesVues(c, lieu)
	if err != nil {
		return ficheSource{}, err
	}
	i := slices.IndexFunc(fiches, func(f ficheSource) bool { return f.Reference == reference })
	if i < 0 {
		return ficheSource{}, &mednum.Error{Code: mednum.Introuvable, Champ: "fiche", Message: "Cette fiche n’est pas, ou plus, de ce lieu."}
	}
	return fiches[i], nil
}

func (s *site) serveSeparer(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	f, err := s.ficheDite(c, v.ID, c.Query("fiche"))
	if err != nil {
		return err
	}
	return s.confirmer(c, "Séparer cette fiche ?", "lieux", corpsConfirmer{
		Phrases: []string{
			"« " + f.Nom + " » (" + f.Source + ") quitte ce lieu, et en fait un nouveau, publié tout de suite.",
			"Ce que des personnes ont corrigé reste ici. Les permanences de la fiche partent avec elle.",
			"Aucun import ne les réunira de nouveau. Cela se défait, dans l’historique des réunions.",
		},
		Action: "/espace/lieux/" + v.ID + "/separer", Bouton: "Séparer cette fiche", Retour: "/espace/lieux/" + v.ID + "/fiches",
		Champs: [][2]string{{"fiche", f.Reference}},
	})
}

func (s *site) postSeparer(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	f, err := s.ficheDite(c, v.ID, c.FormValue("fiche"))
	if err != nil {
		return err
	}
	neuf, err := s.Collecte.Detacher(c.UserContext(), f.Reference, connexion(c).Compte.Auteur())
	if err != nil {
		return err
	}
	s.montrerDecision(c)
	q := url.Values{"decide": {"separe"}, "lieu": {neuf}}
	return c.Redirect(s.chemin("/espace/lieux/"+v.ID+"/fiches")+"?"+q.Encode(), fiber.StatusSeeOther)
}
