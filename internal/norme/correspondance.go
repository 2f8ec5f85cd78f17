package norme

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Correspondance says what each column of somebody's own table is.
type Correspondance map[string]string

// ParseCorrespondance reads "Nom du lieu=nom, Ville=commune". It returns an
// *mednum.Error, code "invalide", for what is not of this form.
func ParseCorrespondance(texte string) (Correspondance, error) {
	c := make(Correspondance)
	for paire := range strings.SplitSeq(texte, ",") {
		if strings.TrimSpace(paire) == "" {
			continue
		}
		i := strings.LastIndexByte(paire, '=')
		if i < 0 {
			return nil, &mednum.Error{Code: mednum.Invalide, Champ: "colonnes", Message: fmt.Sprintf("« %s » ne dit pas ce qu’est une colonne : écrivez « Colonne du fichier=colonne du standard ».", strings.TrimSpace(paire))}
		}
		c[strings.TrimSpace(paire[:i])] = strings.TrimSpace(paire[i+1:])
	}
	return c, nil
}

// CleColonnes is the key of a set of columns, whatever their order, case and
// accents.
func CleColonnes(colonnes []string) string {
	cles := make([]string, len(colonnes))
	for i, nom := range colonnes {
		cles[i] = mednum.CleAvecArticle(nom)
	}
	slices.Sort(cles)
	somme := sha256.Sum256([]byte(strings.Join(cles, "\n")))
	return hex.EncodeToString(somme[:])
}
