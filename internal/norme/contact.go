package norme

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var (
	motifTelephone = regexp.MustCompile(`\b0[1-9](?:[\s.-]?\d\d){4}\b|(?:\+|\b00)\d(?:[\s.()-]{0,3}\d){7,13}|\b[1-9](?:[\s.-]?\d\d){4}\b|\b0\d(?: ?/ ?\d\d){4}\b`)
	motifCourriel  = regexp.MustCompile(`[\pL\pN._%+'-]+@[\pL\pN.-]+\.\pL{2,}`)
)

// appeler sets telephone to the first number; the others, for which the
// standard has no room, go to the details.
func (b *brouillon) appeler(texte string) {
	if texte = strings.TrimSpace(texte); texte == "" {
		return
	}
	var lus []string
	for _, morceau := range motifTelephone.FindAllString(texte, -1) {
		if n := mednum.Telephone(morceau); n != "" && !slices.Contains(lus, n) {
			lus = append(lus, n)
		}
	}
	if n := mednum.Telephone(texte); len(lus) == 0 && n != "" { // grouped in an odd way
		lus = append(lus, n)
	}
	if len(lus) == 0 {
		b.detailler("Téléphone : " + texte + ".")
		b.douter(mednum.ChampTelephone, texte, "", "numéro de téléphone illisible")
		return
	}
	b.mettre(mednum.ChampTelephone, lus[0])
	if len(lus) > 1 {
		b.detailler("Autre téléphone : " + strings.Join(lus[1:], ", ") + ".")
		b.remarquer(mednum.ChampTelephone, texte, lus[0], "plusieurs numéros : le standard n’en a qu’un")
	}
}

// ecrire sets courriels to the addresses of the text that are those of an
// organisation. An address that looks like a person's is not published, nor
// kept in the remarks.
func (b *brouillon) ecrire(texte, nom, commune string) {
	for _, adresse := range motifCourriel.FindAllString(texte, -1) {
		adresse = strings.ToLower(strings.Trim(adresse, ".-'"))
		if _, err := mail.ParseAddress(adresse); err != nil || strings.ContainsFunc(adresse, func(r rune) bool { return r > 126 }) {
			b.douter(mednum.ChampCourriels, masquer(adresse), "", "adresse de courriel illisible")
			continue
		}
		if personnel(adresse, nom+" "+commune) {
			b.douter(mednum.ChampCourriels, masquer(adresse), "", "l’adresse semble être celle d’une personne : non publiée")
			continue
		}
		b.ajouter(mednum.ChampCourriels, adresse)
	}
}

func masquer(adresse string) string {
	_, domaine, _ := strings.Cut(adresse, "@")
	return "…@" + domaine
}

// sansCourriels removes personal addresses from a text that will be shown.
func sansCourriels(texte, contexte string) string {
	return motifCourriel.ReplaceAllStringFunc(texte, func(adresse string) string {
		if personnel(strings.ToLower(adresse), contexte) {
			return ""
		}
		return adresse
	})
}

// visiter sets a column of web addresses. A missing "https://" is added; what
// is no address is left out.
func (b *brouillon) visiter(champ mednum.Champ, adresses []string) {
	var lues []string
	for _, ecrite := range adresses {
		adresse := strings.TrimSpace(ecrite)
		if adresse == "" {
			continue
		}
		if !strings.Contains(adresse, "://") {
			adresse = "https://" + adresse
		}
		if !estAdresseWeb(adresse) {
			b.douter(champ, ecrite, "", "adresse de site illisible")
			continue
		}
		lues = append(lues, adresse)
	}
	b.mettreListe(champ, lues)
}

func estAdresseWeb(adresse string) bool {
	u, err := url.Parse(adresse)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") &&
		strings.Contains(strings.Trim(u.Hostname(), "."), ".") && !strings.ContainsAny(adresse, " |\t\n")
}
