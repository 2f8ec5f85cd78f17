package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// routesCompetences are the directory of the network, for colleagues, and what
// each says of themselves in it.
func (s *site) routesCompetences(e fiber.Router) {
	e.Get("/competences", s.serveCompetences)
	e.Get("/compte/annuaire", s.serveAnnuaire)
	e.Post("/compte/annuaire", s.postAnnuaire)
	e.Post("/compte/annuaire/retirer", s.postHorsAnnuaire)
}

// montresMax is how many places, or people, the directory shows at once.
const montresMax = 40

// champsCompetences are what a place can do, beside its languages: the columns of
// the national standard that say it. It has none for equipment, which is told by
// services ("Accès internet et matériel informatique").
var champsCompetences = []mednum.Champ{
	mednum.ChampServices, mednum.ChampDispositifs, mednum.ChampFormationsLabels, mednum.ChampPriseEnCharge, mednum.ChampFraisACharge, mednum.ChampPublics,
}

// rayonsCompetences are the distances that the directory offers, in kilometres.
var rayonsCompetences = []int{5, 10, 20, 30, 50}

// corpsCompetences is the directory.
type corpsCompetences struct {
	*saisie
	Groupes          []groupePortees // of skills
	Langues          []optionDroit
	Rayons           []optionDroit
	Gens             []collegueVu
	Lieux            []lieuVu
	NGens, NLieux    int // how many there are, of which montresMax are shown
	Cherche, Visible bool
}

// collegueVu is somebody who agreed to be found.
type collegueVu struct {
	Nom, Mots, Ou       string
	Services, Langues   []string
	Telephone, Courriel string
	Moi                 bool
}

// lieuVu is a place in the directory.
type lieuVu struct {
	ID, Nom, Commune, Distance string
	Services, Labels, Plus     []string
	Telephone                  string
	rang                       float64
}

// annuaireQuestion is what is looked for.
type annuaireQuestion struct {
	mots    string
	champ   mednum.Champ // of a skill, with its value
	valeur  string
	langue  string
	commune *territoire.Commune
	rayon   float64 // metres
}

func (s *site) serveCompetences(c *fiber.Ctx) error {
	if len(droits(c)) == 0 {
		return interdit("habilitation", "Cet annuaire est celui des personnes du réseau : demandez d’abord votre lieu, depuis sa page.")
	}
	f := newSaisie("rayon", cmp.Or(c.Query("rayon"), "20"))
	for _, nom := range []string{"q", "competence", "langue", "commune"} {
		f.Valeurs.Set(nom, textes.Couper(strings.TrimSpace(c.Query(nom)), valeurMax))
	}
	corps := corpsCompetences{saisie: f, Visible: connexion(c).Compte.Annuaire != nil}
	corps.offrir()
	q := s.lireQuestion(f)
	if len(f.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
		return s.rendreEspace(c, "competences", titreSaisie(f, "Compétences du réseau"), "reseau", corps)
	}
	corps.Cherche = q.mots != "" || q.champ != "" || q.langue != "" || q.commune != nil
	comptes, err := s.Comptes.Comptes(c.UserContext())
	if err != nil {
		return err
	}
	moi := connexion(c).Compte.ID
	for i := range comptes {
		if v := &comptes[i]; v.Annuaire != nil && len(v.Habilitations) > 0 && s.trouvePersonne(v, &q) {
			corps.Gens = append(corps.Gens, s.voirCollegue(v, moi))
		}
	}
	for _, v := range s.Catalogue.Lieux() {
		if d, ok := s.trouveLieu(v, &q); ok {
			corps.Lieux = append(corps.Lieux, s.voirLieu(v, d))
		}
	}
	slices.SortStableFunc(corps.Lieux, func(a, b lieuVu) int { return cmp.Compare(a.rang, b.rang) })
	corps.NGens, corps.NLieux = len(corps.Gens), len(corps.Lieux)
	corps.Gens, corps.Lieux = corps.Gens[:min(montresMax, corps.NGens)], corps.Lieux[:min(montresMax, corps.NLieux)]
	return s.rendreEspace(c, "competences", "Compétences du réseau", "reseau", corps)
}

// offrir puts into the form what may be chosen.
func (k *corpsCompetences) offrir() {
	for _, champ := range champsCompetences {
		g := groupePortees{Nom: textes.Champ(string(champ)), Choisi: k.V("competence")}
		for _, v := range mednum.Vocabulaire(champ) {
			g.Choix = append(g.Choix, optionDroit{string(champ) + ":" + v, textes.Valeur(string(champ), v)})
		}
		k.Groupes = append(k.Groupes, g)
	}
	for _, l := range mednum.Langues {
		k.Langues = append(k.Langues, optionDroit{l.Code, textes.Majuscule(l.Nom)})
	}
	for _, r := range rayonsCompetences {
		k.Rayons = append(k.Rayons, optionDroit{strconv.Itoa(r), strconv.Itoa(r) + "\u00a0km"})
	}
}

// lireQuestion reads what is looked for; what is not understood is a fault of the
// form.
func (s *site) lireQuestion(f *saisie) (q annuaireQuestion) {
	q.mots, q.langue = f.V("q"), f.V("langue")
	champ, valeur, _ := strings.Cut(f.V("competence"), ":")
	if f.V("competence") != "" {
		if q.champ, q.valeur = mednum.Champ(champ), valeur; !slices.Contains(champsCompetences, q.champ) || !slices.Contains(mednum.Vocabulaire(q.champ), valeur) {
			f.Fautes["competence"] = "Cette compétence n’est pas dans la liste : choisissez parmi celles du formulaire."
		}
	}
	if q.langue != "" && !slices.Contains(mednum.CodesLangues(), q.langue) {
		f.Fautes["langue"] = "Cette langue n’est pas dans la liste : choisissez parmi celles du formulaire."
	}
	km, err := strconv.Atoi(f.V("rayon"))
	if err != nil || !slices.Contains(rayonsCompetences, km) {
		f.Fautes["rayon"] = "Choisissez une distance de la liste."
	}
	q.rayon = float64(km) * 1000
	if f.V("commune") != "" {
		var dire string
		if q.commune, dire = s.communeDite(f.V("commune")); q.commune == nil {
			f.Fautes["commune"] = dire
		}
	}
	return q
}

// trouveLieu tells whether a place answers, and how far it is in metres from the
// commune asked, -1 without one.
func (s *site) trouveLieu(v *catalogue.Vue, q *annuaireQuestion) (float64, bool) {
	distance := -1.0
	if q.commune != nil {
		var ok bool
		if distance, ok = s.distanceDe(v, q.commune); !ok || distance > q.rayon {
			return 0, false
		}
	}
	if q.champ != "" && !slices.Contains(v.Champs.Valeurs(q.champ), q.valeur) || q.langue != "" && !slices.Contains(v.Langues, q.langue) {
		return 0, false
	}
	if q.mots == "" {
		return distance, true
	}
	dit := []string{v.Champs.Nom, v.Champs.Commune, v.Champs.StructureParente, strings.Join(v.Champs.AutresFormationsLabels, " ")}
	for _, champ := range champsCompetences {
		for _, valeur := range v.Champs.Valeurs(champ) {
			dit = append(dit, valeur, textes.Valeur(string(champ), valeur))
		}
	}
	return distance, tousLesMots(strings.Join(append(dit, dits(mednum.NomLangue, v.Langues)...), " "), q.mots)
}

// distanceDe is from the centre of a commune to a place, as the crow flies, in
// metres; an itinerant one is where its nearest stop is.
func (s *site) distanceDe(v *catalogue.Vue, commune *territoire.Commune) (float64, bool) {
	d, ok := 0.0, false
	voir := func(p geo.Point) {
		if x := geo.Distance(commune.Centre, p); !ok || x < d {
			d, ok = x, true
		}
	}
	if p, place := v.Position(); place && !v.Itinerant() {
		voir(p)
	}
	for i := range v.Permanences {
		if a := v.Permanences[i].Arret; a != nil && a.Latitude != nil && a.Longitude != nil {
			voir(geo.Point{Lat: *a.Latitude, Lon: *a.Longitude})
		}
	}
	return d, ok
}

// trouvePersonne tells whether somebody who agreed to be found answers. Somebody
// is where the places of their team are, and wherever a wider right of theirs
// holds.
func (s *site) trouvePersonne(v *mednum.Compte, q *annuaireQuestion) bool {
	a := v.Annuaire
	if q.champ != "" && (q.champ != mednum.ChampServices || !slices.Contains(a.Services, q.valeur)) || q.langue != "" && !slices.Contains(a.Langues, q.langue) {
		return false
	}
	if q.commune != nil && !slices.ContainsFunc(v.Habilitations, func(h mednum.Habilitation) bool { return s.presDe(h, q.commune, q.rayon) }) {
		return false
	}
	dit := append([]string{v.Nom, a.Mots, s.ouTravaille(v)}, a.Services...)
	dit = append(append(dit, dits(textes.Service, a.Services)...), dits(mednum.NomLangue, a.Langues)...)
	return tousLesMots(strings.Join(dit, " "), q.mots)
}

// presDe tells whether a right holds on a place or a commune within a distance, in
// metres, of a commune, or on all of its intercommunality.
func (s *site) presDe(h mednum.Habilitation, commune *territoire.Commune, rayon float64) bool {
	switch h.Portee {
	case mednum.PorteeLieu:
		v, err := s.Catalogue.Lieu(s.Catalogue.Devenu(h.ID))
		if err != nil {
			return false
		}
		d, ok := s.distanceDe(v, commune)
		return ok && d <= rayon
	case mednum.PorteeCommune:
		k, ok := s.Territoire.Commune(h.ID)
		return ok && !k.Ailleurs && geo.Distance(commune.Centre, k.Centre) <= rayon
	case mednum.PorteeEPCI:
		return h.ID == commune.EPCI
	}
	return true
}

// ouTravaille is where somebody works: the places of their team, or the extent of
// their rights.
func (s *site) ouTravaille(v *mednum.Compte) string {
	var ou []string
	for _, l := range s.lieuxDe(v) {
		ou = append(ou, l.Champs.Nom+", "+textes.A(l.Champs.Commune))
	}
	for _, h := range v.Habilitations {
		if h.Portee != mednum.PorteeLieu && len(ou) < len(v.Habilitations) {
			if dit := textes.Majuscule(s.direPortee(h)); !slices.Contains(ou, dit) {
				ou = append(ou, dit)
			}
		}
	}
	return strings.Join(ou, " ; ")
}

func (s *site) voirCollegue(v *mednum.Compte, moi string) collegueVu {
	a := v.Annuaire
	k := collegueVu{
		Nom: cmp.Or(v.Nom, "Sans nom"), Mots: a.Mots, Ou: s.ouTravaille(v), Services: dits(textes.Service, a.Services),
		Langues: dits(mednum.NomLangue, a.Langues), Telephone: a.Telephone, Moi: v.ID == moi,
	}
	if a.Courriel {
		k.Courriel = v.Courriel
	}
	return k
}

func (s *site) voirLieu(v *catalogue.Vue, distance float64) lieuVu {
	l := lieuVu{ID: v.ID, Nom: v.Champs.Nom, Commune: v.Champs.Commune, Telephone: v.Champs.Telephone, rang: distance}
	if v.Itinerant() { // its commune is that of a seat
		l.Commune = "Service itinérant"
	}
	switch {
	case distance >= 0:
		l.Distance = textes.Distance(distance)
	case v.HorsTerritoire: // after those of the network, when nobody says from where
		l.rang = 0
	}
	l.Services = dits(textes.Service, v.Champs.Services)
	l.Labels = append(dits(textes.Dispositif, v.Champs.Dispositifs), slices.Concat(v.Champs.FormationsLabels, v.Champs.AutresFormationsLabels)...)
	l.Plus = slices.Concat(dits(mednum.NomLangue, v.Langues), v.Champs.PriseEnCharge, v.Champs.FraisACharge)
	return l
}

// corpsAnnuaire is what somebody says of themselves to colleagues.
type corpsAnnuaire struct {
	*saisie
	Dedans   bool
	Services []choix
	Langues  []choix
	Adresse  string
}

func (s *site) serveAnnuaire(c *fiber.Ctx) error {
	f := newSaisie()
	if a := connexion(c).Compte.Annuaire; a != nil {
		f = newSaisie("mots", a.Mots, "telephone", textes.Telephone(a.Telephone))
		f.Valeurs["services"], f.Valeurs["langues"] = a.Services, a.Langues
		if a.Courriel {
			f.Valeurs.Set("courriel", "oui")
		}
	}
	return s.rendreAnnuaire(c, f)
}

func (s *site) rendreAnnuaire(c *fiber.Ctx, f *saisie) error {
	compte := &connexion(c).Compte
	corps := corpsAnnuaire{saisie: f, Dedans: compte.Annuaire != nil, Adresse: compte.Courriel}
	for _, v := range mednum.Vocabulaire(mednum.ChampServices) {
		corps.Services = append(corps.Services, choix{v, textes.Service(v)})
	}
	for _, l := range mednum.Langues {
		corps.Langues = append(corps.Langues, choix{l.Code, textes.Majuscule(l.Nom)})
	}
	if len(f.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
	}
	return s.rendreEspace(c, "annuaire", titreSaisie(f, "Mes collègues peuvent me trouver"), "compte", corps)
}

// postAnnuaire agrees to be found, with what is said.
func (s *site) postAnnuaire(c *fiber.Ctx) error {
	f, id := lireSaisie(c), connexion(c).Compte.ID
	_, err := s.Comptes.Presenter(c.UserContext(), id, &mednum.Annuaire{
		Services: f.Valeurs["services"], Mots: f.V("mots"), Langues: f.Valeurs["langues"], Telephone: f.V("telephone"), Courriel: f.Coche("courriel", "oui"),
	})
	if f.fauter(err, "services", "mots", "langues", "telephone") {
		return s.rendreAnnuaire(c, f)
	}
	if err != nil {
		return err
	}
	s.noter(c, surCompte(registre.GenreCompetence, id, "Se montre dans l’annuaire des compétences"))
	return s.fait(c, "/espace/compte", "annuaire")
}

// postHorsAnnuaire takes it all back.
func (s *site) postHorsAnnuaire(c *fiber.Ctx) error {
	id := connexion(c).Compte.ID
	if _, err := s.Comptes.Presenter(c.UserContext(), id, nil); err != nil {
		return err
	}
	s.noter(c, surCompte(registre.GenreCompetence, id, "Ne se montre plus dans l’annuaire des compétences"))
	return s.fait(c, "/espace/compte", "hors")
}
