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
	DateInfo   string
	QR         template.URL // to the page of the place
	Semaine    []textes.LigneSemaine
	Regle      string
	Aides      []permanence // when help is there, which hides when doors are open
	Arrets     []permanence
	Proches    []string // out of the ordinary in the coming 30 days
	SansJour   string   // stops whose days are not known, in one line
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
	for _, choix := range ids[:min(len(ids), lieuxParFeuille)] {
		id, arret, _ := strings.Cut(choix, "~")
		v, err := s.Catalogue.Lieu(id)
		if err != nil {
			return err
		}
		f, err := s.feuillet(v, arret, choisie)
		if err != nil {
			return err
		}
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

// feuillet is one place of the sheet, short enough for three on one page: days
// with the same hours together, stops without known days in one line.
//
// arret is the id of the stop that was chosen, "" for all of them; its next
// dates are then written, since few people know the number of a week.
func (s *site) feuillet(v *catalogue.Vue, arret string, choisie *catalogue.Demarche) (feuillet, error) {
	t := catalogue.Trouve{Vue: v, Distance: -1}
	for i := range v.Permanences {
		if p := &v.Permanences[i]; p.ID == arret && p.Arret != nil {
			t.Arret = p
		}
	}
	f := feuillet{
		carteLieu: s.carte(t, choisie), CodePostal: v.Champs.CodePostal,
		DateInfo: textes.Mois(v.Preuve.Date.Annee, v.Preuve.Date.Mois),
	}
	var err error
	if f.QR, err = codeQR(s.lien("/lieux/" + v.ID)); err != nil {
		return f, err
	}
	h, brut := s.horairesDe(v)
	if f.Semaine = textes.Grouper(h.Semaine); len(h.Regles) > 0 {
		f.Regle = textes.Majuscule(textes.Regle(v.Heures)) // one sentence takes less paper
	}
	if brut != "" {
		f.Regle = "« " + brut + " »"
	}
	fixes, arrets := s.permanencesDe(v)
	if f.Aides = fixes; len(fixes) > 0 {
		f.Semaine, f.Regle = nil, ""
	}
	proches, _ := s.Catalogue.Particularites(v)
	f.Proches = s.particularites(v, proches)
	var sans []string
	for _, a := range arrets {
		if t.Arret != nil && a.ID != arret {
			continue
		}
		if t.Arret != nil {
			a.Prochaine = s.prochains(v, arret, 3)
		} else if dates := s.Catalogue.ProchainsPassages(v, a.ID, 1); len(dates) > 0 { // the whole tour must fit
			a.Quand, a.Prochaine = textes.DaterParite(a.Quand, dates[0]), ""
		}
		if a.Quand == "" {
			sans = append(sans, a.Lieu)
			continue
		}
		f.Arrets = append(f.Arrets, a)
	}
	f.SansJour = strings.Join(sans, ", ")
	return f, nil
}

// prochains names the next n days of a permanence: "Prochaines dates : mercredi
// 2 décembre et mercredi 16 décembre"; "" when none is known.
func (s *site) prochains(v *catalogue.Vue, permanence string, n int) string {
	var jours []string
	for _, t := range s.Catalogue.ProchainsPassages(v, permanence, n) {
		jours = append(jours, textes.Jour(t))
	}
	if len(jours) == 0 {
		return ""
	}
	return textes.Accord(len(jours), "Prochaine date", "Prochaines dates") + "\u00a0: " + textes.Enumerer(jours)
}

// proposeAjouts offers the nearest others while the sheet has room.
func (s *site) proposeAjouts(corps *corpsFeuille, ids []string, r requete) error {
	if len(ids) >= lieuxParFeuille {
		return nil
	}
	premier, _, _ := strings.Cut(ids[0], "~")
	v, err := s.Catalogue.Lieu(premier)
	if err != nil {
		var metier *mednum.Error
		if errors.As(err, &metier) {
			return metier
		}
		return err
	}
	for _, t := range s.Catalogue.PlusProches(v, lieuxParFeuille+1) {
		if slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, t.Vue.ID) }) {
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

// sms is the sheet as a text message that is of use without internet: name,
// address, number, hours, how to come. Its signs are those of plain messages,
// so that it costs few of them.
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
			if k.TelephoneDe != "" {
				b.WriteString(" (" + k.TelephoneDe + ")")
			}
		}
		b.WriteString(s.quandSMS(k))
		b.WriteString("\n" + s.lien("/lieux/"+k.ID))
	}
	return signesSimples.Replace(b.String())
}

var signesSimples = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "’", "'", "–", "-", "«", "\"", "»", "\"")

// quandSMS says when to go: the hours, the days of passage, what to do first.
func (s *site) quandSMS(k carteLieu) string {
	v, err := s.Catalogue.Lieu(k.ID)
	if err != nil {
		return ""
	}
	var lignes string
	fixes, arrets := s.permanencesDe(v)
	if v.Heures != nil && !v.Itinerant() && len(fixes) == 0 {
		lignes += "\n" + textes.Majuscule(textes.Regle(v.Heures))
	}
	for _, a := range fixes {
		lignes += "\n" + strings.Trim(a.Titre+" : "+a.Quand, " :") + a.suiteSMS()
	}
	for _, a := range arrets {
		if k.Arret != "" && a.ID != k.IDArret || a.Quand == "" {
			continue
		}
		lignes += "\n" + a.Lieu + " : " + a.Quand
		if k.Arret != "" || len(arrets) == 1 {
			lignes += a.suiteSMS()
		} else if a.RendezVous {
			lignes += rendezVousSMS
		}
	}
	proches, _ := s.Catalogue.Particularites(v)
	for _, p := range s.particularites(v, proches) {
		lignes += "\n" + p
	}
	if k.Acces != "" && k.Acces != "Sans rendez-vous" {
		lignes += "\n" + k.Acces + "."
	}
	if k.Etat.Ancien {
		lignes += "\n" + k.Etat.Detail + "."
	}
	return lignes
}

const rendezVousSMS = " (sur rendez-vous)"

// suiteSMS is what follows the hours of a permanence: an appointment, and the
// next days of one that is not there every week.
func (p *permanence) suiteSMS() (suite string) {
	if p.RendezVous {
		suite = rendezVousSMS
	}
	if p.Prochaine != "" {
		suite += ". " + p.Prochaine
	}
	return suite
}

// lienSMS opens the phone's messages with the text ready (RFC 5724 with the
// body parameter that both Android and iOS read).
func lienSMS(texte string) template.URL {
	return template.URL("sms:?&body=" + url.PathEscape(texte)) // escaped here
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
