package web

import (
	"errors"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// At most this many places on the sheet that an agent hands over: more does
// not fit one A4 in large type.
const lieuxParFeuille = 3

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
	HorsGrammaire string // hours as the source wrote them, when they cannot be read
	Permanences   []permanence
	Arrets        []permanence
	Exceptions    []string
	Publics       []string
	Besoins       []string
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
	corps.Programmes = append(dits(textes.Dispositif, v.Champs.Dispositifs), v.Champs.FormationsLabels...)
	for _, adresse := range v.Champs.SiteWeb {
		if strings.HasPrefix(adresse, "http://") || strings.HasPrefix(adresse, "https://") {
			corps.Sites = append(corps.Sites, adresse)
		}
	}
	corps.Semaine, corps.Regle, corps.HorsGrammaire = s.horairesDe(v)
	corps.Permanences, corps.Arrets = s.permanencesDe(v)
	corps.Exceptions = s.exceptionsDe(&v.Lieu)
	corps.Sources = s.sourcesDe(&v.Lieu)
	corps.Voisins = s.cartes(s.Catalogue.PlusProches(v, 3), nil)
	for i := range corps.Voisins {
		corps.Voisins[i].Cochable = false
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
	return nil, textes.Regle(v.Heures), ""
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

type corpsFeuille struct {
	Cartes   []feuillet
	Choisie  *catalogue.Demarche
	Apporter []string
	TropDe   int // how many places were left out
	SMS      string
	LienSMS  template.URL
	Ajouter  []lienAjout
	Imprime  string
}

type feuillet struct {
	carteLieu
	CodePostal string
	Semaine    []textes.LigneSemaine
	Regle      string
	Arrets     []permanence
}

type lienAjout struct{ Nom, Adresse string }

// serveFeuille is the sheet that an agent prints for someone: one to three
// places on one A4, and the same as a text message.
func (s *site) serveFeuille(c *fiber.Ctx) error {
	r := parseRequete(c)
	choisie, _, err := s.demarche(r)
	if err != nil {
		return err
	}
	ids := uniques(r.Values["lieu"])
	if len(ids) == 0 {
		return invalide("lieu", "Choisissez d’abord un à trois lieux dans la liste.")
	}
	corps := corpsFeuille{Choisie: choisie, Imprime: textes.DateLongue(s.aujourdhui())}
	corps.TropDe = max(0, len(ids)-lieuxParFeuille)
	var cartes []carteLieu
	for _, id := range ids[:min(len(ids), lieuxParFeuille)] {
		v, err := s.Catalogue.Lieu(id)
		if err != nil {
			return err
		}
		f := feuillet{carteLieu: s.carte(catalogue.Trouve{Vue: v, Distance: -1}, choisie), CodePostal: v.Champs.CodePostal}
		f.Semaine, f.Regle, _ = s.horairesDe(v)
		_, f.Arrets = s.permanencesDe(v)
		corps.Cartes = append(corps.Cartes, f)
		cartes = append(cartes, f.carteLieu)
	}
	corps.Apporter = s.aApporter(choisie)
	corps.SMS = s.sms(cartes)
	corps.LienSMS = lienSMS(corps.SMS)
	if err := s.proposeAjouts(&corps, ids, r); err != nil {
		return err
	}
	return s.render(c, "feuille", page{Titre: "Feuille à remettre", SansIndex: true, Papier: true}, corps)
}

// proposeAjouts offers the nearest others while the sheet has room.
func (s *site) proposeAjouts(corps *corpsFeuille, ids []string, r requete) error {
	if len(ids) >= lieuxParFeuille {
		return nil
	}
	v, err := s.Catalogue.Lieu(ids[0])
	if err != nil {
		var metier *mednum.Error
		if errors.As(err, &metier) {
			return metier
		}
		return err
	}
	for _, t := range s.Catalogue.PlusProches(v, lieuxParFeuille+1) {
		if slices.Contains(ids, t.Vue.ID) {
			continue
		}
		v := r.copie()
		v.Add("lieu", t.Vue.ID)
		corps.Ajouter = append(corps.Ajouter, lienAjout{t.Vue.Champs.Nom, "/feuille?" + v.Encode()})
	}
	return nil
}

func (s *site) aApporter(choisie *catalogue.Demarche) []string {
	if choisie != nil && len(choisie.Apporter) > 0 {
		return choisie.Apporter
	}
	return []string{
		"Une pièce d’identité",
		"Votre téléphone portable, s’il y en a un",
		"Votre adresse électronique et vos mots de passe, si vous en avez",
		"Les courriers que vous avez reçus",
	}
}

// sms is the sheet as a text message: name, address, phone, state of hours.
func (s *site) sms(cartes []carteLieu) string {
	var b strings.Builder
	for i, k := range cartes {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(k.Nom)
		if lieu := strings.Trim(k.Rue+", "+k.Commune, ", "); lieu != "" {
			b.WriteString("\n" + lieu)
		}
		if k.Telephone != "" {
			b.WriteString("\nTél. " + textes.Telephone(k.Telephone))
		}
		if k.Etat.Genre == catalogue.EtatConfirmer {
			b.WriteString("\nAppelez avant de venir.")
		}
		b.WriteString("\nHoraires : " + s.lien("/lieux/"+k.ID))
	}
	return b.String()
}

// lienSMS opens the phone's messages with the text ready (RFC 5724 with the
// body parameter that both Android and iOS read).
func lienSMS(texte string) template.URL {
	return template.URL("sms:?&body=" + url.PathEscape(texte)) //nolint:gosec // escaped here
}

// uniques drops empty and repeated values and keeps the order.
func uniques(valeurs []string) []string {
	var gardes []string
	for _, v := range valeurs {
		if v != "" && !slices.Contains(gardes, v) {
			gardes = append(gardes, v)
		}
	}
	return gardes
}
