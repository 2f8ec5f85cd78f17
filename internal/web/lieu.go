package web

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/textes"
)

type corpsLieu struct {
	Carte         carteLieu
	Lieu          *catalogue.Vue
	Commune       string
	CodeCommune   string // "" when the commune has no page
	Aides         []string
	Services      []string
	Acces         []string
	Semaine       []textes.LigneSemaine
	Regles        []string // hours that no week table can show, a line each
	Dates         []string // and the next dates
	Feries        string   // what becomes of public holidays, "" when the hours do not say
	Vacances      string   // and of school holidays
	HorsGrammaire string   // hours as the source wrote them, when they cannot be read
	Permanences   []permanence
	Arrets        []permanence
	Tournee       []arretDate // the stops by date, of an itinerant service
	Agenda        string      // path of the calendar, "" when there is nothing to put in it
	Proches       []string    // what is out of the ordinary in the coming 30 days
	Ensuite       []string    // and later
	Ambigu        bool        // the hours may be those of the place or of the help
	CeJour        string      // today's weekday, as the table of the week names it
	Publics       []string
	Besoins       []string
	Langues       []string // in words, beside French
	Facons        []string // how help is given
	Programmes    []string
	Sites         []string
	Sources       []string
	Licences      string // of what no open file holds, "" when there is nothing
	DateInfo      string
	Verifie       bool   // the date of the information is that of a check
	Modifie       string // the day of a newer change, "" for none
	Voisins       []carteLieu
	SMS           string
	LienSMS       template.URL
	CarteVue      *vueCarte
}

type permanence struct {
	ID, Titre, Lieu, Commune string
	Quand                    string
	Prochaine                string
	RendezVous               bool
	Etat                     catalogue.Etat
	Agenda                   string // path of its calendar, "" when its hours are not known
}

func (s *site) serveLieux(c *fiber.Ctx) error {
	type groupe struct {
		Commune string
		Cartes  []carteLieu
	}
	var groupes []groupe
	for _, v := range s.Catalogue.Lieux() {
		if v.HorsTerritoire {
			continue
		}
		if n := len(groupes); n == 0 || groupes[n-1].Commune != v.Champs.Commune {
			groupes = append(groupes, groupe{Commune: v.Champs.Commune})
		}
		g := &groupes[len(groupes)-1]
		g.Cartes = append(g.Cartes, s.carte(catalogue.Trouve{Vue: v, Distance: -1}, nil))
	}
	return s.render(c, "lieux", page{
		Titre: "Tous les lieux d’aide numérique " + s.Territoire.NomEn, Canonique: "/lieux",
		Description: "La liste de tous les lieux qui aident avec internet et les démarches, commune par commune.",
	}, groupes)
}

// versReuni leads from a place that was merged to a page of the one that it
// became. A merge can be undone: a browser asks again each time.
func (s *site) versReuni(c *fiber.Ctx, page string) error {
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.Redirect(s.chemin(page), fiber.StatusMovedPermanently)
}

func (s *site) serveLieu(c *fiber.Ctx) error {
	v, err := s.Catalogue.Lieu(c.Params("id"))
	if err != nil {
		return err
	}
	switch v.Statut {
	case mednum.StatutFusionne:
		return s.versReuni(c, parseRequete(c).lieu(s.Catalogue.Devenu(v.ID)))
	case mednum.StatutRetire:
		return fiber.ErrGone
	case mednum.StatutFerme:
		return s.rendreFerme(c, v)
	}
	s.compter(c, mesures.Vue, communeDe(v))
	corps := s.corpsLieu(v)
	if e := encartDe(c); e != nil {
		corps.Voisins = nil // the list that it was opened from has them
		if e.ListeSeule {
			corps.CarteVue = nil
		}
	}
	return s.render(c, "lieu", page{
		Titre: v.Champs.Nom + ", " + v.Champs.Commune, Canonique: "/lieux/" + v.ID,
		Description: corps.Carte.Aide + ". " + ouDe(&corps.Carte, v) + ".",
		JSONLD:      s.jsonLD(v), SansIndex: v.HorsTerritoire,
	}, corps)
}

// ouDe says where one goes, in a search engine: never to the seat of an itinerant
// service.
func ouDe(k *carteLieu, v *catalogue.Vue) string {
	if v.Itinerant() {
		return "Ce service se déplace"
	}
	return joindre(k.Rue, v.Champs.CodePostal+" "+v.Champs.Commune)
}

// corpsFerme is the page of a place that exists no more: where to go instead.
type corpsFerme struct {
	Lieu                       *catalogue.Vue
	Depuis, Motif, CodeCommune string
	Voisins                    []carteLieu
}

func (s *site) rendreFerme(c *fiber.Ctx, v *catalogue.Vue) error {
	corps := corpsFerme{Lieu: v, Voisins: s.cartes(s.Catalogue.PlusProches(v, 5), nil)}
	if f := v.Fermeture; f != nil {
		corps.Depuis, corps.Motif = textes.DateLongue(f.Le.Annee, f.Le.Mois, f.Le.Jour), f.Motif
	}
	if v.Commune != nil && v.Commune.Dedans {
		corps.CodeCommune = v.Commune.Code
	}
	for i := range corps.Voisins {
		corps.Voisins[i].Cochable = false
	}
	encartDe(c).enfermer(corps.Voisins)
	return s.render(c, "lieu-ferme", page{Titre: v.Champs.Nom + " n’existe plus", Canonique: "/lieux/" + v.ID, SansIndex: true}, corps)
}

func (s *site) corpsLieu(v *catalogue.Vue) corpsLieu {
	corps := corpsLieu{
		Carte: s.carte(catalogue.Trouve{Vue: v, Distance: -1}, nil), Lieu: v, Commune: v.Champs.Commune,
		Verifie: !v.VerifieLe.IsZero() && v.VerifieLe == v.Preuve.Date, CarteVue: s.vueCarte(nil),
		DateInfo: textes.DateLongue(v.Preuve.Date.Annee, v.Preuve.Date.Mois, v.Preuve.Date.Jour),
	}
	if d := v.Champs.DateMaj; d.Compare(v.Preuve.Date) > 0 {
		corps.Modifie = textes.DateLongue(d.Annee, d.Mois, d.Jour)
	}
	if v.Commune != nil && v.Commune.Dedans {
		corps.CodeCommune = v.Commune.Code
	}
	for i := range s.Demarches {
		if s.Demarches[i].Sert(&v.Lieu) {
			corps.Aides = append(corps.Aides, s.Demarches[i].Titre)
		}
	}
	corps.Services = dits(textes.Service, v.Champs.Services)
	corps.Acces = dits(textes.ModaliteAcces, v.Champs.ModalitesAcces)
	corps.Publics = dits(textes.Public, v.Champs.Publics)
	corps.Besoins = v.Champs.PriseEnCharge
	corps.Langues = dits(mednum.NomLangue, v.Langues)
	corps.Facons = dits(textes.ModaliteAccompagnement, v.Champs.ModalitesAccompagn)
	corps.Programmes = append(dits(textes.Dispositif, v.Champs.Dispositifs), slices.Concat(v.Champs.FormationsLabels, v.Champs.AutresFormationsLabels)...)
	for _, adresse := range v.Champs.SiteWeb {
		if strings.HasPrefix(adresse, "http://") || strings.HasPrefix(adresse, "https://") {
			corps.Sites = append(corps.Sites, adresse)
		}
	}
	h, brut := s.horairesDe(v)
	corps.Semaine, corps.Regles, corps.HorsGrammaire = h.Semaine, h.Regles, brut
	corps.Feries, corps.Vacances, corps.Dates = h.Feries, h.Vacances, h.Dates
	corps.Permanences, corps.Arrets = s.permanencesDe(v)
	corps.Tournee = s.tournee(v)
	if v.ADesDates("") {
		corps.Agenda = agendaDe(v.ID, "")
	}
	proches, ensuite := s.Catalogue.Particularites(v)
	corps.Proches, corps.Ensuite = s.particularites(v, proches), s.particularites(v, ensuite)
	corps.Ambigu = s.Catalogue.Ambigu(v)
	corps.CeJour = textes.Majuscule(textes.Jours()[(int(s.maintenant().Weekday())+6)%7])
	corps.Sources = s.sourcesDe(&v.Lieu)
	if v.Libre != nil {
		corps.Licences = direLicences(v.Libre.Licences)
	}
	corps.Voisins = s.cartes(s.Catalogue.PlusProches(v, 3), nil)
	for i := range corps.Voisins {
		corps.Voisins[i].Cochable = false
		if v.Itinerant() || corps.Carte.Approximatif {
			corps.Voisins[i].Distance = "" // from where is not known well enough
		}
	}
	corps.SMS = s.sms([]carteLieu{corps.Carte})
	corps.LienSMS = lienSMS(corps.SMS)
	return corps
}

func dits(dire func(string) string, valeurs []string) []string {
	mots := make([]string, 0, len(valeurs))
	for _, v := range valeurs {
		mots = append(mots, dire(v))
	}
	return mots
}

// horairesDe shows the hours of the place as the editor's preview does: a week
// table when there is an ordinary week, otherwise lines and the next dates, less
// those of exceptional closings; brut is the source's own text when it cannot be
// read.
func (s *site) horairesDe(v *catalogue.Vue) (h apercu, brut string) {
	if v.Itinerant() {
		return h, ""
	}
	if v.Heures == nil {
		return h, v.Champs.Horaires
	}
	if h = s.apercuDe(v.Heures, nil); len(h.Dates) > 0 {
		h.Dates = s.datesDites(s.Catalogue.ProchainsPassages(v, "", datesMontrees))
	}
	return h, ""
}

func (s *site) permanencesDe(v *catalogue.Vue) (fixes, arrets []permanence) {
	for i := range v.Permanences {
		p := &v.Permanences[i]
		vue := permanence{ID: p.ID, Titre: p.Intitule, Etat: s.Catalogue.Etat(v, p)}
		vue.RendezVous = p.RendezVous && !strings.Contains(strings.ToLower(p.Intitule), "rendez-vous") // said once
		if v.ADesDates(p.ID) {
			vue.Agenda = agendaDe(v.ID, p.ID)
		}
		if e := v.RegleUsuelle(p.ID); e != nil {
			vue.Quand = textes.Regle(e) + s.aVenir(p)
			if !e.Ordinaire() || p.TousLes > 1 {
				vue.Prochaine = s.prochains(v, p.ID, 4)
			}
		}
		if p.Arret == nil {
			fixes = append(fixes, vue)
			continue
		}
		vue.Lieu, vue.Commune = p.Arret.Nom, p.Arret.Commune
		arrets = append(arrets, vue)
	}
	return fixes, arrets
}

// aVenir says that a permanence has not begun yet, where its rule does not.
func (s *site) aVenir(p *mednum.Permanence) string {
	if p.TousLes > 1 || p.Depuis.IsZero() || p.Depuis.Compare(mednum.DateOf(s.maintenant())) <= 0 {
		return ""
	}
	return ", à partir " + textes.De(textes.DateLongue(p.Depuis.Annee, p.Depuis.Mois, p.Depuis.Jour))
}

// maintenant is the instant on the clock of the territory.
func (s *site) maintenant() time.Time { return s.Now().In(s.Territoire.Location()) }

// particularites says, one sentence each, what is out of the ordinary: "Du 24
// décembre au 2 janvier 2027 : fermé (congés)".
func (s *site) particularites(v *catalogue.Vue, liste []catalogue.Particularite) []string {
	var phrases []string
	liste = s.absencesUtiles(v, liste)
	for i := 0; i < len(liste); i++ {
		p := &liste[i]
		loc := s.Territoire.Location()
		quand := textes.Periode(p.Du.In(loc), p.Au.In(loc), s.maintenant())
		if p.Ferie != "" && !strings.Contains(quand, p.Ferie) { // "1er janvier" is its own name
			quand += " (" + p.Ferie + ")"
		}
		noms := []string{nomAbsence(v, p.Permanence)}
		for i+1 < len(liste) && memeAbsence(v, p, &liste[i+1]) {
			i++
			noms = append(noms, nomAbsence(v, liste[i].Permanence))
		}
		phrases = append(phrases, textes.Majuscule(quand)+"\u00a0: "+quoiDeParticulier(p, textes.Enumerer(noms)))
	}
	return phrases
}

// quoiDeParticulier says what happens; absence is of which help, when help is
// away (nomAbsence).
func quoiDeParticulier(p *catalogue.Particularite, absence string) string {
	quoi := "fermé"
	switch {
	case p.Incertain:
		quoi = "jour férié, à vérifier par téléphone"
	case p.Ferie != "" && p.Ouvert:
		quoi = textes.Intervalles(p.Heures)
	case p.Permanence != "" && p.Ouvert:
		quoi = "aide en plus"
	case p.Permanence != "":
		quoi = "pas " + absence
	case p.Ouvert:
		quoi = "ouvert"
	}
	if p.Plages != "" {
		quoi += ", " + textes.Plages(p.Plages)
	}
	if p.Motif != "" {
		quoi += " (" + p.Motif + ")"
	}
	return quoi
}

// direLicences says those that are not Licence Ouverte.
func direLicences(licences []string) string {
	dites := make([]string, len(licences))
	for i, l := range licences {
		if dites[i] = l; l == mednum.LicenceInconnue {
			dites[i] = "licence non dite"
		}
	}
	return textes.Enumerer(dites)
}

// sourcesDe names the producers whose records make the place.
func (s *site) sourcesDe(l *mednum.Lieu) []string {
	var sources []string
	for _, o := range l.Provenance {
		flux, _, _ := strings.Cut(o.Fiche, "/")
		if nom := s.Catalogue.NomFlux(flux); nom != "" && !slices.Contains(sources, nom) {
			sources = append(sources, nom)
		}
	}
	slices.Sort(sources)
	return sources
}
