package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/diffusion"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/textes"
)

// semainesAgenda is how far ahead a calendar goes.
const semainesAgenda = 26

// routesAgenda are the calendars of a place, and of one permanence or stop.
func (s *site) routesAgenda(app *fiber.App) {
	app.Get("/lieux/:id/horaires.ics", s.serveAgenda)
	app.Get("/lieux/:id/permanences/:permanence.ics", s.serveAgenda)
}

func (s *site) serveAgenda(c *fiber.Ctx) error {
	v, err := s.Catalogue.Lieu(c.Params("id"))
	if err != nil {
		return err
	}
	permanence := c.Params("permanence")
	switch v.Statut {
	case mednum.StatutFusionne:
		return s.versReuni(c, agendaDe(s.Catalogue.Devenu(v.ID), permanence))
	case mednum.StatutRetire:
		return fiber.ErrGone
	}
	p, ok := v.PermanenceDe(permanence)
	if !ok {
		return &mednum.Error{Code: mednum.Introuvable, Champ: "permanence", Message: "Ce lieu n’a pas, ou n’a plus, cette permanence : prenez son adresse sur la page du lieu."}
	}
	corps, err := s.rendre(agendaDe(v.ID, permanence), func() ([]byte, error) { return s.agenda(v, p).EncodeICS() })
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, diffusion.MimeAgenda)
	c.Set(fiber.HeaderContentDisposition, `inline; filename="horaires-`+url.PathEscape(v.ID)+`.ics"`)
	return s.sendCached(c, corps, cacheAPI)
}

// agendaDe is the path of the calendar of a place, or of one permanence of it.
func agendaDe(lieu, permanence string) string {
	if permanence == "" {
		return "/lieux/" + lieu + "/horaires.ics"
	}
	return "/lieux/" + lieu + "/permanences/" + permanence + ".ics"
}

// agenda is the calendar of a place, or of one permanence of it, for the 26 weeks
// from today on. Its bytes depend on the place and on the day alone.
func (s *site) agenda(v *catalogue.Vue, p *mednum.Permanence) *diffusion.Agenda {
	aujourdhui := mednum.DateOf(s.maintenant())
	loc := s.Territoire.Location()
	minuit := aujourdhui.In(loc)
	fin := minuit.AddDate(0, 0, 7*semainesAgenda)
	a := &diffusion.Agenda{
		Nom: nomAgenda(v, p), URL: s.lien("/lieux/" + v.ID), Zone: loc, Du: minuit, Au: fin, Estampille: minuit, Sequence: v.Version,
	}
	if v.Statut == mednum.StatutFerme {
		s.agendaFerme(a, v)
		return a
	}
	id := ""
	if p != nil {
		id = p.ID
	}
	redacteur := &redacteurAgenda{site: s, lieu: v, hote: hoteDe(s.URLPublique), carte: s.carte(catalogue.Trouve{Vue: v, Distance: -1}, nil)}
	for _, seance := range s.Catalogue.Agenda(v, id, aujourdhui, mednum.DateOf(fin.AddDate(0, 0, -1))) {
		a.Seances = append(a.Seances, redacteur.seance(&seance))
	}
	a.Description = "Les horaires des six mois à venir, comme sur la page du lieu. Jours fériés et fermetures compris."
	if len(a.Seances) == 0 {
		a.Description = "Aucune date n’est connue pour les six mois à venir. Téléphonez avant de venir."
	}
	return a
}

// agendaFerme leaves in the calendars that follow a place one word of its end.
func (s *site) agendaFerme(a *diffusion.Agenda, v *catalogue.Vue) {
	a.Description = "Ce lieu n’existe plus."
	f := v.Fermeture
	if f == nil {
		return
	}
	a.Seances = []diffusion.Seance{{
		UID: v.ID + "-fermeture@" + hoteDe(s.URLPublique), Titre: "Fermé définitivement\u00a0: " + v.Champs.Nom, Journee: true,
		Debut: f.Le.In(s.Territoire.Location()), Description: textes.Majuscule(catalogue.DireFermeture(f)) + ".\nD’autres lieux, sur sa page\u00a0: " + a.URL, URL: a.URL,
	}}
}

// nomAgenda is the name of the calendar: "France services de Moissac", "Mairie, à
// Boudou – France services itinérante".
func nomAgenda(v *catalogue.Vue, p *mednum.Permanence) string {
	if p == nil {
		return v.Champs.Nom
	}
	return titrePermanence(p) + " – " + v.Champs.Nom
}

func titrePermanence(p *mednum.Permanence) string {
	if p.Arret != nil {
		return situerArret(p.Arret)
	}
	if p.Intitule != "" {
		return p.Intitule
	}
	return "Permanence"
}

// hoteDe is the host of a public address, for what must be unique in the world.
func hoteDe(publique string) string {
	u, err := url.Parse(publique)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// redacteurAgenda puts the times of a place into words.
type redacteurAgenda struct {
	site  *site
	lieu  *catalogue.Vue
	hote  string
	carte carteLieu
}

func (r *redacteurAgenda) seance(s *catalogue.Seance) diffusion.Seance {
	v, p := r.lieu, s.Permanence
	d := diffusion.Seance{
		Debut: s.Debut, Fin: s.Fin, URL: r.site.lien("/lieux/" + v.ID), Incertaine: s.Genre == catalogue.EtatConfirmer || s.Genre == catalogue.EtatInconnu,
		Titre: r.titre(s), Description: r.description(s), Categories: []string{"Aide numérique"},
	}
	objet := "lieu"
	d.Adresse, d.Position = r.adresse(), r.position()
	if p != nil {
		objet = p.ID
		if p.Arret != nil {
			d.URL += "#arret-" + p.ID
			d.Adresse, d.Position = adresseArret(p.Arret), positionArret(p.Arret)
		}
	}
	d.UID = v.ID + "-" + objet + "-" + s.Debut.UTC().Format("20060102T150405Z") + "@" + r.hote
	return d
}

// titre is "Ouvert : Mairie de Boudou", "Sur rendez-vous : Aide numérique, Médiathèque".
func (r *redacteurAgenda) titre(s *catalogue.Seance) string {
	debut, quoi := r.ouvert(), r.lieu.Champs.Nom
	if p := s.Permanence; p != nil {
		debut, quoi = "Permanence", r.lieu.Champs.Nom
		if p.Arret != nil {
			debut, quoi = "Passage", situerArret(p.Arret)+" – "+r.lieu.Champs.Nom
		} else if p.Intitule != "" {
			quoi = p.Intitule + " – " + r.lieu.Champs.Nom
		}
	}
	switch s.Genre {
	case catalogue.EtatRDV:
		debut = "Sur rendez-vous"
	case catalogue.EtatConfirmer:
		debut = "À confirmer"
	case catalogue.EtatInconnu:
		debut = "À vérifier"
	}
	return debut + "\u00a0: " + quoi
}

// ouvert says what the hours of the place are the hours of.
func (r *redacteurAgenda) ouvert() string {
	switch {
	case r.lieu.SensHoraires == mednum.SensAide:
		return "Aide sur place"
	case r.lieu.SensHoraires == mednum.SensLieu || r.aDesPermanences():
		return "Lieu ouvert"
	}
	return "Ouvert"
}

func (r *redacteurAgenda) aDesPermanences() bool {
	for i := range r.lieu.Permanences {
		if r.lieu.Permanences[i].Arret == nil {
			return true
		}
	}
	return false
}

func (r *redacteurAgenda) description(s *catalogue.Seance) string {
	var lignes []string
	switch {
	case s.Genre == catalogue.EtatInconnu && s.Motif == "":
		lignes = append(lignes, "Horaires à vérifier par téléphone.")
	case s.Genre == catalogue.EtatInconnu && s.Motif == horaires.SelonLesVacances:
		lignes = append(lignes, "Selon les vacances scolaires. À vérifier par téléphone.")
	case s.Motif != "":
		lignes = append(lignes, textes.Majuscule(s.Motif)+".")
	}
	if s.Genre == catalogue.EtatRDV {
		lignes = append(lignes, "Sur rendez-vous. Téléphonez avant de venir.")
	}
	if s.Permanence == nil {
		switch {
		case r.site.Catalogue.Ambigu(r.lieu):
			lignes = append(lignes, "On ne sait pas si ces horaires sont ceux du lieu ou ceux de l’aide numérique. Demandez-le par téléphone.")
		case r.lieu.SensHoraires == mednum.SensLieu && !r.aDesPermanences():
			lignes = append(lignes, "Ces horaires sont ceux du lieu. Téléphonez pour savoir quand l’aide est là.")
		}
	}
	if k := &r.carte; k.Telephone != "" {
		numero := "Téléphone\u00a0: " + textes.Telephone(k.Telephone)
		if k.TelephoneDe != "" {
			numero += " (" + k.TelephoneDe + ")"
		}
		lignes = append(lignes, numero)
	}
	return strings.Join(append(lignes, "Page du lieu\u00a0: "+r.site.lien("/lieux/"+r.lieu.ID)), "\n")
}

func (r *redacteurAgenda) adresse() string {
	c := &r.lieu.Champs
	rue := c.Adresse
	if rue == norme.AdresseInconnue {
		rue = ""
	}
	return joindre(rue, strings.TrimSpace(c.CodePostal+" "+c.Commune))
}

func adresseArret(a *mednum.Arret) string {
	nom := a.Nom
	if nom == a.Commune {
		nom = ""
	}
	return joindre(nom, a.Adresse, strings.TrimSpace(a.CodePostal+" "+a.Commune))
}

func joindre(parties ...string) string {
	var dites []string
	for _, p := range parties {
		if p != "" {
			dites = append(dites, p)
		}
	}
	return strings.Join(dites, ", ")
}

// position is where the place is, nil where only its commune is known.
func (r *redacteurAgenda) position() *[2]float64 {
	p, ok := r.lieu.Position()
	if !ok || r.lieu.Precision == mednum.PrecisionCommune {
		return nil
	}
	return &[2]float64{p.Lat, p.Lon}
}

func positionArret(a *mednum.Arret) *[2]float64 {
	if a.Latitude == nil || a.Longitude == nil || a.Precision == mednum.PrecisionCommune {
		return nil
	}
	return &[2]float64{*a.Latitude, *a.Longitude}
}
