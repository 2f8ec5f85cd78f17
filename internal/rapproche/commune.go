package rapproche

import (
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// commune is where a record says that it is: nom is in Normaliser form without
// CEDEX nor arrondissement, entiere the département and that name without spaces
// ("La Française", "Lafrançaise"), cle the same without its article ("Le
// Tampon", "Tampon"). Any may be empty.
type commune struct {
	nom, entiere, cle, insee, postal string
}

// rapportCommune is how two communes stand to each other.
type rapportCommune int

const (
	communesDifferentes rapportCommune = iota
	communesVoisines                   // one postal code, two names: a hamlet, a commune merged since
	memeCommune
)

// arrondissements are the first digits of the codes of municipal
// arrondissements (Insee) and the code of their commune.
var arrondissements = []struct{ debut, commune string }{{"751", "75056"}, {"132", "13055"}, {"6938", "69123"}}

func lireCommune(c map[mednum.Champ]string) commune {
	r := commune{insee: c[mednum.ChampCodeInsee], postal: c[mednum.ChampCodePostal]}
	for _, a := range arrondissements {
		if len(r.insee) == 5 && strings.HasPrefix(r.insee, a.debut) && r.insee != a.commune {
			r.insee = a.commune
		}
	}
	mots := strings.Fields(mednum.Normaliser(c[mednum.ChampCommune]))
	for i, mot := range mots {
		if i > 0 && (mot == "cedex" || mot == "bp" || mot == "cs" || mot[0] >= '0' && mot[0] <= '9') {
			mots = mots[:i]
			break
		}
	}
	r.nom = strings.Join(mots, " ")
	departement := r.insee
	if departement == "" {
		departement = r.postal
	}
	if r.nom != "" {
		r.entiere = departementDe(departement) + "/" + mednum.CleAvecArticle(r.nom)
		r.cle = departementDe(departement) + "/" + mednum.Cle(r.nom)
	}
	return r
}

// departementDe is the first digits of a code, enough to tell two communes of
// one name apart; Corsica has one postal prefix for two départements.
func departementDe(code string) string {
	d := code[:min(2, len(code))]
	switch {
	case d == "2A" || d == "2B":
		return "20"
	case (d == "97" || d == "98") && len(code) >= 3:
		return code[:3]
	}
	return d
}

func comparerCommunes(a, b *commune) rapportCommune {
	switch {
	case a.cle != "" && (a.cle == b.cle || a.entiere == b.entiere), a.insee != "" && a.insee == b.insee:
		return memeCommune
	case a.postal == "" || a.postal != b.postal:
		return communesDifferentes
	case a.nom != "" && b.nom != "" && (strings.HasPrefix(a.nom, b.nom+" ") || strings.HasPrefix(b.nom, a.nom+" ")) && (a.insee == "" || b.insee == ""):
		return memeCommune
	case a.nom != "" && b.nom != "" && memeMot(strings.ReplaceAll(a.nom, " ", ""), strings.ReplaceAll(b.nom, " ", "")):
		return memeCommune
	}
	return communesVoisines
}
