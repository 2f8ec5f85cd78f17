package rapproche

import (
	"slices"
	"strings"
)

// publics are domains under which anyone, or every place of a national network,
// has an address: they tell no organisation.
var publics = ensemble(`gmail.com googlemail.com orange.fr wanadoo.fr laposte.net laposte.fr free.fr sfr.fr neuf.fr bbox.fr hotmail.com hotmail.fr outlook.com outlook.fr
	live.fr live.com msn.com yahoo.fr yahoo.com aol.com icloud.com me.com protonmail.com proton.me gmx.fr numericable.fr nordnet.fr club-internet.fr mailo.com
	france-services.gouv.fr conseiller-numerique.fr pimms.org pimmsmediation.fr croix-rouge.fr restosducoeur.org secourspopulaire.fr secours-catholique.org
	emmaus-connect.org famillesrurales.org msa.fr caf.fr francetravail.fr pole-emploi.fr interieur.gouv.fr noreply.fr gouv.fr crij.org apf.asso.fr afpa.fr`)

// domaines are the domains of e-mail addresses that tell an organisation.
func domaines(courriels []string) []string {
	var d []string
	for _, c := range courriels {
		if _, domaine, ok := strings.Cut(c, "@"); ok && !publics[domaine] && !slices.Contains(d, domaine) {
			d = append(d, domaine)
		}
	}
	return d
}

func partagent(a, b []string) bool {
	return slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}

// lirePivot reads the legal number of a record: siret is its fourteen digits,
// siren its first nine, or all of a number of another kind (RNA, RIDET). Zeros
// and numbers with a wrong check digit are nothing. The check is Luhn's (Insee);
// that of La Poste, whose establishments outgrew it, is the sum of the digits.
func lirePivot(pivot string) (siret, siren string) {
	pivot = strings.ToUpper(strings.ReplaceAll(pivot, " ", ""))
	switch {
	case strings.Trim(pivot, "0") == "":
		return "", ""
	case len(pivot) == 14 && chiffres(pivot):
		if !luhn(pivot) && (!strings.HasPrefix(pivot, "356000000") || somme(pivot)%5 != 0) {
			return "", ""
		}
		return pivot, pivot[:9]
	case len(pivot) == 9 && chiffres(pivot):
		if !luhn(pivot) {
			return "", ""
		}
		return "", pivot
	case len(pivot) == 10 && pivot[0] == 'W' && chiffres(pivot[1:]):
		return "", pivot
	}
	return "", ""
}

func luhn(nombre string) bool {
	total := 0
	for i := range len(nombre) {
		c := int(nombre[len(nombre)-1-i] - '0')
		if i%2 == 1 {
			c *= 2
			if c > 9 {
				c -= 9
			}
		}
		total += c
	}
	return total%10 == 0
}

func somme(nombre string) int {
	total := 0
	for _, c := range nombre {
		total += int(c - '0')
	}
	return total
}
