package mongo

import (
	"cmp"
	"strings"

	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// baseParDefaut is the database of a URI that names none.
const baseParDefaut = "adeuxpas"

// adresse is what a URI names.
type adresse struct {
	base string // the database
	nom  string // hosts and database, without user or password
}

// readAdresse reads a "mongodb://" or "mongodb+srv://" URI. The driver's own
// words are not kept: they may repeat a part of the password.
func readAdresse(uri string) (adresse, error) {
	c, err := connstring.Parse(uri)
	if err != nil {
		return adresse{}, adresseIllisible()
	}
	base := cmp.Or(c.Database, baseParDefaut)
	if len(base) > 63 || strings.ContainsAny(base, "/\\. \"$*<>:|?") {
		return adresse{}, &mednum.Error{
			Code: mednum.Invalide, Champ: "base",
			Message: "Le nom de la base, après l’hôte, n’est pas possible : 63 lettres ou chiffres au plus, comme mongodb://hote:27017/adeuxpas.",
		}
	}
	return adresse{base: base, nom: strings.Join(c.Hosts, ",") + "/" + base}, nil
}

func adresseIllisible() *mednum.Error {
	return &mednum.Error{
		Code: mednum.Invalide, Champ: "base",
		Message: "L’adresse de la base n’est pas lisible : écrivez-la comme mongodb://utilisateur:mot-de-passe@hote:27017/adeuxpas, " +
			"les caractères spéciaux du mot de passe en %XX ; avec mongodb+srv, le nom d’hôte doit exister.",
	}
}
