package norme

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var motifCourriel = regexp.MustCompile(`[\pL\pN._%+'-]+@[\pL\pN.-]+\.\pL{2,}`)

// ecrire sets courriels to the addresses of the text that are those of an
// organisation. An address that looks like a person's is not published, nor
// kept in the remarks.
func (b *brouillon) ecrire(texte, nom, commune string) {
	ecrites, gardees := motifCourriel.FindAllString(texte, -1), 0
	for _, adresse := range ecrites {
		ecrite := adresse
		adresse = strings.ToLower(strings.Trim(adresse, ".-'"))
		if _, err := mail.ParseAddress(adresse); err != nil || strings.ContainsFunc(adresse, func(r rune) bool { return r > 126 }) {
			b.douter(mednum.ChampCourriels, masquer(adresse), "", "adresse de courriel illisible")
			continue
		}
		if personnel(adresse, nom+" "+commune) {
			b.douter(mednum.ChampCourriels, masquer(adresse), "", "l’adresse semble être celle d’une personne : non publiée")
			continue
		}
		gardees++
		b.ajouter(mednum.ChampCourriels, adresse)
		b.remarquer(mednum.ChampCourriels, ecrite, adresse, "écriture de l’adresse de courriel")
	}
	switch {
	case len(ecrites) == 0 && strings.TrimSpace(texte) != "":
		b.douter(mednum.ChampCourriels, "", "", "le texte de cette colonne n’est pas une adresse de courriel : non publié")
	case gardees == len(ecrites) && gardees > 1: // none is a person's: the text may be told
		b.remarquer(mednum.ChampCourriels, texte, b.fiche.Champs[mednum.ChampCourriels], "plusieurs adresses dans une case")
	}
}

func masquer(adresse string) string {
	_, domaine, _ := strings.Cut(adresse, "@")
	return "…@" + domaine
}

// taireCourriels removes personal addresses from a text that will be shown,
// and says that it did without saying them.
func (b *brouillon) taireCourriels(texte, contexte string) string {
	propre := sansCourriels(texte, contexte)
	if propre != texte {
		b.fiche.Remarques = append(b.fiche.Remarques, mednum.Remarque{
			Champ: mednum.ChampPresentationDetail, Avant: "…@…", Motif: "une adresse du texte semble être celle d’une personne : non publiée",
		})
	}
	return propre
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
			if estAdresseWeb(adresse) {
				b.remarquer(champ, ecrite, adresse, "« https:// » ajouté")
			}
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
