package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// horairesLibresMax is the length of hours in free words, in characters.
const horairesLibresMax = 500

// corpsProposer is the page where a missing place is proposed. Saisie is what
// was typed, by the name of the field.
type corpsProposer struct {
	Saisie      map[string]string
	Services    []caseService
	Fautes      []faute
	Semblables  []*catalogue.Vue // places that may be this one: asked before it is sent
	Cle         string
	Fait, Suivi bool
}

// caseService is one kind of help, in plain words.
type caseService struct {
	Valeur, Libelle string
	Cochee          bool
}

// De is what is wrong with a field, "" when nothing is.
func (c *corpsProposer) De(champ string) string { return messageDu(c.Fautes, champ) }

// champsProposes are the texts of the form, in its order; "moi" is the address
// of whoever proposes, the others are columns of the standard.
var champsProposes = []string{"nom", "adresse", "code_postal", "commune", "horaires", "telephone", "courriels", "moi"}

func (s *site) serveProposer(c *fiber.Ctx) error {
	corps := corpsProposer{Saisie: map[string]string{}, Cle: rand.Text(), Fait: c.Query("fait") != "", Suivi: c.Query("fait") == "suivi"}
	for _, champ := range []string{"nom", "commune"} { // as the search that found nothing knows it
		if t := []rune(strings.Join(strings.Fields(c.Query(champ)), " ")); len(t) <= texteMax {
			corps.Saisie[champ] = strings.ToValidUTF8(string(t), "")
		}
	}
	return s.rendreProposer(c, corps, nil)
}

func (s *site) rendreProposer(c *fiber.Ctx, corps corpsProposer, choisis []string) error {
	for _, v := range mednum.Vocabulaire(mednum.ChampServices) {
		corps.Services = append(corps.Services, caseService{v, textes.Service(v), slices.Contains(choisis, v)})
	}
	p := page{Titre: "Un lieu manque ?", Canonique: "/proposer", Prive: true, Description: "Proposez un lieu où l’on aide avec internet et les démarches, " + s.Territoire.NomEn + "."}
	switch {
	case len(corps.Fautes) > 0:
		p.Titre = "À corriger : un lieu manque ?"
		c.Status(fiber.StatusBadRequest)
		c.Set(fiber.HeaderCacheControl, "no-store")
	case len(corps.Semblables) > 0:
		p.Titre = "Est-ce l’un de ceux-ci ?"
	case corps.Fait:
		p.Titre = "Merci"
	}
	return s.render(c, "proposer", p, &corps)
}

// postProposer checks what was typed, shows the places that look alike, then
// sends it. d counts what is sent: to correct a field costs nothing.
func (s *site) postProposer(d *debit) fiber.Handler {
	return func(c *fiber.Ctx) error {
		corps := corpsProposer{Saisie: map[string]string{}, Cle: c.FormValue("cle")}
		for _, champ := range champsProposes {
			corps.Saisie[champ] = strings.TrimSpace(strings.ToValidUTF8(c.FormValue(champ), ""))
		}
		choisis := valeursForm(c, "services")
		if c.FormValue("site") != "" { // no person sees that field
			return s.merci(c, &corps)
		}
		if c.FormValue("revoir") != "" {
			return s.rendreProposer(c, corps, choisis)
		}
		champs, commune := s.lireProposition(&corps, choisis)
		if len(corps.Fautes) > 0 {
			return s.rendreProposer(c, corps, choisis)
		}
		if c.FormValue("sur") == "" {
			corps.Semblables = s.Catalogue.Ressemblants(corps.Saisie["nom"], corps.Saisie["adresse"], commune.Code)
			if len(corps.Semblables) > 0 {
				return s.rendreProposer(c, corps, choisis)
			}
		}
		return d.then(c, func() error { return s.envoyerProposition(c, corps, choisis, champs, commune) })
	}
}

// lireProposition reads the form into columns of the standard, and notes each
// field that must be corrected.
func (s *site) lireProposition(corps *corpsProposer, choisis []string) (map[mednum.Champ]string, *territoire.Commune) {
	refuser := func(err error) { corps.Fautes = append(corps.Fautes, fautesDe(err)...) }
	champs := map[mednum.Champ]string{}
	saisir := func(champ mednum.Champ, texte string) {
		valeur, err := mednum.Saisir(champ, texte)
		if err != nil {
			refuser(err)
		} else if valeur != "" {
			champs[champ] = valeur
		}
	}
	saisir(mednum.ChampNom, corps.Saisie["nom"])
	saisir(mednum.ChampAdresse, corps.Saisie["adresse"])
	commune, err := s.communeProposee(corps.Saisie["commune"], corps.Saisie["code_postal"])
	refuser(err)
	if len(choisis) == 0 {
		refuser(invalide("services", "Cochez au moins une aide."))
	} else {
		saisir(mednum.ChampServices, strings.Join(choisis, "|"))
	}
	for champ, texte := range horairesProposes(corps.Saisie["horaires"], refuser) {
		champs[champ] = texte
	}
	saisir(mednum.ChampTelephone, corps.Saisie["telephone"])
	saisir(mednum.ChampCourriels, corps.Saisie["courriels"])
	if moi := corps.Saisie["moi"]; moi != "" {
		if _, err := mednum.LireCourriel(moi); err != nil {
			corps.Fautes = append(corps.Fautes, faute{"moi", messageDe(err)})
		}
	}
	if commune != nil {
		champs[mednum.ChampCodeInsee], champs[mednum.ChampCommune] = commune.Code, commune.Nom
		champs[mednum.ChampCodePostal] = corps.Saisie["code_postal"]
	}
	return champs, commune
}

// communeProposee is the commune of the territory that was typed with its postal
// code.
func (s *site) communeProposee(nom, codePostal string) (*territoire.Commune, error) {
	if nom == "" {
		return nil, invalide("commune", "Indiquez la commune.")
	}
	if codePostal == "" {
		return nil, invalide("code_postal", "Indiquez le code postal, en 5 chiffres.")
	}
	if _, err := mednum.Saisir(mednum.ChampCodePostal, codePostal); err != nil {
		return nil, err
	}
	commune, ok := s.Territoire.CommuneNommee(nom, codePostal)
	switch {
	case !ok:
		return nil, invalide("commune", fmt.Sprintf("Nous ne connaissons pas « %s » avec le code postal %s : vérifiez les deux.", nom, codePostal)+s.communesDuCode(codePostal))
	case !commune.Dedans:
		return nil, invalide("commune", fmt.Sprintf("%s n’est pas %s : proposez ce lieu à l’équipe de son département.", commune.Nom, s.Territoire.NomEn))
	case !slices.Contains(commune.CodesPostaux, codePostal):
		return nil, invalide("code_postal", fmt.Sprintf("Le code postal %s est %s.", textes.De(commune.Nom), strings.Join(commune.CodesPostaux, " ou ")))
	}
	return commune, nil
}

// communesDuCode says which communes of the territory have a postal code.
func (s *site) communesDuCode(codePostal string) string {
	var noms []string
	for _, c := range s.Territoire.Chercher(codePostal).Communes {
		if c.Dedans {
			noms = append(noms, c.Nom)
		}
	}
	if len(noms) == 0 {
		return ""
	}
	slices.Sort(noms)
	return " Avec ce code : " + strings.Join(noms, ", ") + "."
}

// horairesProposes reads hours in free words: as hours when they are certain,
// otherwise as a sentence for whoever will publish the place.
func horairesProposes(texte string, refuser func(error)) map[mednum.Champ]string {
	texte = strings.Join(strings.Fields(texte), " ")
	switch l := horaires.Lire(texte); {
	case texte == "":
		return nil
	case len([]rune(texte)) > horairesLibresMax:
		refuser(invalide("horaires", fmt.Sprintf("Ce texte est trop long : %d caractères au plus.", horairesLibresMax)))
		return nil
	case l.Horaires != "" && l.Certaine():
		return map[mednum.Champ]string{mednum.ChampHoraires: l.Horaires}
	}
	valeur, err := mednum.Saisir(mednum.ChampPresentationDetail, "Horaires indiqués : "+texte)
	if err != nil {
		refuser(invalide("horaires", "Écrivez les horaires en mots simples, sans signes spéciaux."))
		return nil
	}
	return map[mednum.Champ]string{mednum.ChampPresentationDetail: valeur}
}

// envoyerProposition keeps the place, out of everybody's sight, and tells the
// coordinators.
func (s *site) envoyerProposition(c *fiber.Ctx, corps corpsProposer, choisis []string, champs map[mednum.Champ]string, commune *territoire.Commune) error {
	ok, err := s.Comptes.Proposer(c.UserContext())
	if err != nil {
		return err
	}
	if !ok {
		return &mednum.Error{Code: mednum.EnTrop, Champ: "proposition", Message: "Trop de lieux ont été proposés aujourd’hui. Revenez demain : ce que vous avez écrit n’a pas été envoyé."}
	}
	cle := cleProposition(c.FormValue("cle"), champs)
	s.situer(c, champs, commune)
	id, err := s.proposer(c, cle, champs)
	if estCode(err, mednum.Invalide) {
		corps.Fautes = fautesDe(err)
		return s.rendreProposer(c, corps, choisis)
	}
	if err != nil {
		return err
	}
	if moi := corps.Saisie["moi"]; moi != "" {
		if err := s.Comptes.Suivre(c.UserContext(), id, moi); err != nil && !estCode(err, mednum.Perime) {
			return err
		}
	}
	return s.merci(c, &corps)
}

// situer gives the place the position of its address, when that is certain.
func (s *site) situer(c *fiber.Ctx, champs map[mednum.Champ]string, commune *territoire.Commune) {
	texte := champs[mednum.ChampAdresse] + " " + champs[mednum.ChampCodePostal] + " " + commune.Nom
	a, err := s.Geocodeur.Chercher(c.UserContext(), texte, commune.Centre)
	if err != nil || a.CodeInsee != commune.Code || a.Score < scorePropose {
		return // whoever publishes it will place it
	}
	champs[mednum.ChampLatitude] = fmt.Sprintf("%.6f", a.Point.Lat)
	champs[mednum.ChampLongitude] = fmt.Sprintf("%.6f", a.Point.Lon)
}

// scorePropose is from where an answer of the geocoder is taken without asking.
const scorePropose = 0.7

// cleProposition is the key of a place for what was typed: sent twice, it is
// one; another typed in a page that was gone back to is another. It is "" when
// the form has no key.
func cleProposition(cle string, champs map[mednum.Champ]string) string {
	if !motifCle.MatchString(cle) {
		return ""
	}
	h := sha256.New()
	for _, champ := range slices.Sorted(maps.Keys(champs)) {
		fmt.Fprintf(h, "%s=%q\n", champ, champs[champ])
	}
	return "public/" + cle + "/" + hex.EncodeToString(h.Sum(nil)[:8])
}

// proposer keeps the place under its key.
func (s *site) proposer(c *fiber.Ctx, cle string, champs map[mednum.Champ]string) (id string, err error) {
	if cle == "" {
		return "", invalide("cle", "Cette page est incomplète : rechargez-la, puis recommencez.")
	}
	return s.Catalogue.Proposer(c.UserContext(), catalogue.Edition{Auteur: "public", Voie: "app", Idempotence: cle}, champs)
}

// merci says the same whatever became of what was sent.
func (s *site) merci(c *fiber.Ctx, corps *corpsProposer) error {
	fait := "oui"
	if corps.Saisie["moi"] != "" {
		fait = "suivi"
	}
	return c.Redirect(s.chemin("/proposer?fait="+fait), fiber.StatusSeeOther)
}

// valeursForm are all the values of a field of a form.
func valeursForm(c *fiber.Ctx, nom string) (valeurs []string) {
	for _, v := range c.Context().PostArgs().PeekMulti(nom) {
		valeurs = append(valeurs, strings.ToValidUTF8(string(v), ""))
	}
	return valeurs
}
