package rapproche

import (
	"net/url"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// partages are domains of pages that many organisations have.
var partages = ensemble(`facebook.com instagram.com linkedin.com twitter.com google.com google.fr wixsite.com wordpress.com jimdo.com linktr.ee helloasso.com
	france-services.gouv.fr conseiller-numerique.gouv.fr croix-rouge.fr famillesrurales.org laposte.fr pimms.org pimmsmediation.fr emmaus-connect.org`)

// domainesDeSites are the domains of pages that tell an organisation.
func domainesDeSites(sites string) []string {
	var d []string
	for _, site := range mednum.SplitListe(sites) {
		u, err := url.Parse(strings.ToLower(site))
		if err != nil {
			continue
		}
		hote := strings.TrimPrefix(u.Hostname(), "www.")
		if hote != "" && !partages[hote] && !publics[hote] && !slices.Contains(d, hote) {
			d = append(d, hote)
		}
	}
	return d
}

// ditsDe are what a record says of itself outside its name, letters and digits
// only: the local part and the domain of its e-mail addresses, and who runs it.
func ditsDe(courriels []string, parente string) []string {
	var dits []string
	for _, texte := range append(slices.Clone(courriels), parente) {
		for partie := range strings.SplitSeq(texte, "@") {
			if partie != "" && !publics[partie] {
				dits = append(dits, strings.ReplaceAll(mednum.Normaliser(partie), " ", ""))
			}
		}
	}
	return dits
}

// indiceMin is how long the words of a name must be for an e-mail address not
// to hold them by chance.
const indiceMin = 6

// nommeAilleurs tells whether the own words of the name of a, end to end, are
// in what b says of itself: "L'Atelier 17" and atelier17@essai.fr. Words of the
// commune's name are everybody's.
func nommeAilleurs(a, b *signature) bool {
	return !strings.Contains(strings.ReplaceAll(a.commune.nom, " ", ""), a.nom.texte) && ditMot([]string{a.nom.texte}, b.dits)
}

// ditMot tells whether one of these words is in what a record says of itself.
func ditMot(mots, dits []string) bool {
	return slices.ContainsFunc(mots, func(mot string) bool {
		return len(mot) >= indiceMin && slices.ContainsFunc(dits, func(dit string) bool { return strings.Contains(dit, mot) })
	})
}
