package web

import (
	"html/template"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
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
	Regle         string // hours that no week table can show, in a sentence
	Feries        string // what becomes of public holidays, "" when the hours do not say
	HorsGrammaire string // hours as the source wrote them, when they cannot be read
	Permanences   []permanence
	Arrets        []permanence
	Exceptions    []string
	Publics       []string
	Besoins       []string
	Facons        []string // how help is given
	Programmes    []string
	Sites         []string
	Sources       []string
	DateInfo      string
	Verifie       bool
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

func (s *site) serveLieu(c *fiber.Ctx) error {
	v, err := s.Catalogue.Lieu(c.Params("id"))
	if err != nil {
		return err
	}
	switch v.Statut {
	case mednum.StatutFusionne:
		return c.Redirect("/lieux/"+v.Vers, fiber.StatusMovedPermanently)
	case mednum.StatutRetire:
		return fiber.ErrGone
	}
	corps := s.corpsLieu(v)
	return s.render(c, "lieu", page{
		Titre: v.Champs.Nom + ", " + v.Champs.Commune, Canonique: "/lieux/" + v.ID,
		Description: corps.Carte.Aide + ". " + v.Champs.Adresse + ", " + v.Champs.CodePostal + " " + v.Champs.Commune + ".",
		JSONLD:      s.jsonLD(v), SansIndex: v.HorsTerritoire,
	}, corps)
}

func (s *site) corpsLieu(v *catalogue.Vue) corpsLieu {
	corps := corpsLieu{
		Carte: s.carte(catalogue.Trouve{Vue: v, Distance: -1}, nil), Lieu: v, Commune: v.Champs.Commune,
		Verifie: !v.VerifieLe.IsZero(), CarteVue: s.vueCarte(nil),
		DateInfo: textes.DateLongue(v.Preuve.Date.Annee, v.Preuve.Date.Mois, v.Preuve.Date.Jour),
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
	corps.Facons = dits(textes.ModaliteAccompagnement, v.Champs.ModalitesAccompagn)
	corps.Programmes = append(dits(textes.Dispositif, v.Champs.Dispositifs), slices.Concat(v.Champs.FormationsLabels, v.Champs.AutresFormationsLabels)...)
	for _, adresse := range v.Champs.SiteWeb {
		if strings.HasPrefix(adresse, "http://") || strings.HasPrefix(adresse, "https://") {
			corps.Sites = append(corps.Sites, adresse)
		}
	}
	corps.Semaine, corps.Regle, corps.HorsGrammaire = s.horairesDe(v)
	if corps.Semaine != nil {
		corps.Feries = textes.Feries(v.Heures)
	}
	corps.Permanences, corps.Arrets = s.permanencesDe(v)
	corps.Exceptions = s.exceptionsDe(&v.Lieu)
	corps.Sources = s.sourcesDe(&v.Lieu)
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

// horairesDe shows the hours: a week table when the expression has an ordinary
// week, otherwise a sentence, otherwise the source's own text.
func (s *site) horairesDe(v *catalogue.Vue) (semaine []textes.LigneSemaine, regle, brut string) {
	if v.Itinerant() {
		return nil, "", ""
	}
	if v.Heures == nil {
		return nil, "", v.Champs.Horaires
	}
	if lignes, ok := textes.Semaine(v.Heures); ok {
		return lignes, "", ""
	}
	return nil, textes.Majuscule(textes.Regle(v.Heures)), ""
}

func (s *site) permanencesDe(v *catalogue.Vue) (fixes, arrets []permanence) {
	for i := range v.Permanences {
		p := &v.Permanences[i]
		vue := permanence{ID: p.ID, Titre: p.Intitule, RendezVous: p.RendezVous, Etat: s.Catalogue.Etat(v, p)}
		if e := v.Regle(p.ID); e != nil {
			vue.Quand = textes.Regle(e)
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

// exceptionsDe lists what is out of the ordinary and not yet over.
func (s *site) exceptionsDe(l *mednum.Lieu) []string {
	jour := mednum.DateOf(s.Now().In(s.Territoire.Location()))
	var phrases []string
	for _, e := range l.Exceptions {
		if e.Au.Compare(jour) < 0 {
			continue
		}
		etat := "Fermé"
		if e.Ouvert {
			etat = "Ouvert"
		}
		phrase := etat + " du " + textes.DateLongue(e.Du.Annee, e.Du.Mois, e.Du.Jour) + " au " + textes.DateLongue(e.Au.Annee, e.Au.Mois, e.Au.Jour)
		if e.Motif != "" {
			phrase += " (" + e.Motif + ")"
		}
		phrases = append(phrases, phrase)
	}
	return phrases
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
