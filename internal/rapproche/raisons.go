package rapproche

import (
	"fmt"
	"strings"
)

// dire says the facts in French: for one place, and against it.
func (f *faits) dire() (pour, contre []string) {
	adresses := [...]string{identique: "Même adresse", voisine: "Même rue, numéro presque pareil", sansNumero: "Même adresse, sans numéro", vague: "Adresse trop vague", memeRue: "Même rue, autre numéro", differente: "Adresses différentes"}
	noms := [...]string{autres: "Noms différents", partiels: "Noms en partie communs", proches: "Noms proches", contenus: "Un nom est dans l’autre", generiques: "Même nom", pareils: "Même nom"}
	dire := func(vrai bool, liste *[]string, texte string) {
		if vrai && texte != "" {
			*liste = append(*liste, texte)
		}
	}
	compares := f.commune != communesDifferentes || f.cle || f.joint
	dire(f.cle, &pour, "Même identifiant dans la source")
	dire(f.joint, &pour, "Identifiants réunis par un fichier national")
	if compares {
		dire(f.adresse == identique || f.adresse == voisine || f.adresse == sansNumero, &pour, adresses[f.adresse])
	}
	dire(f.telephone, &pour, "Même téléphone")
	dire(f.courriel, &pour, "Même courriel")
	dire(f.domaine && !f.courriel, &pour, "Même domaine de courriel")
	if compares {
		nom := noms[max(f.nom, partiels)]
		if f.nom == pareils && f.genre > memes {
			nom = "Même nom, hors nature du lieu"
		}
		dire(f.nom >= partiels, &pour, nom)
	}
	dire(f.siret, &pour, "Même SIRET")
	dire(f.siren, &pour, "Même SIREN")
	dire(f.genre == memes && f.nom != generiques && compares, &pour, "Lieux de même nature")
	dire(f.label, &pour, "Label France services")
	dire(f.avecFS && f.duNUM && f.genre == accueil, &pour, "Point numérique et France services")
	dire(f.semaine == communes, &pour, "Mêmes horaires")
	dire(f.semaine == singuliers, &pour, "Mêmes horaires, peu courants")
	dire(f.indice, &pour, "Le nom de l’un est dans le courriel de l’autre")
	dire(f.seule && !f.memeAdresse(), &pour, "Seule France services de la commune")
	dire(f.batiment, &pour, "Le nom de l’un est celui du bâtiment de l’autre")
	dire(f.metres >= 0 && f.metres < 1, &pour, "Au même point")
	dire(f.metres >= 1 && f.metres < 150, &pour, "À "+distance(f.metres))

	dire(f.commune == communesDifferentes, &contre, "Communes différentes")
	dire(f.commune == communesVoisines, &contre, "Noms de commune différents")
	if !compares {
		return pour, contre
	}
	dire(f.adresse == vague || f.adresse == memeRue || f.adresse == differente, &contre, adresses[f.adresse])
	dire(f.nom == autres, &contre, noms[autres])
	dire(f.genre == opposes, &contre, "Lieux de nature différente")
	dire(f.genre == porteur, &contre, "L’un peut seulement porter l’autre")
	dire(f.sites, &contre, "Deux sites d’un même organisme")
	dire(f.ailleurs, &contre, "Le complément d’adresse donne une autre rue")
	dire(f.itinerant, &contre, "L’un est itinérant, l’autre non")
	dire(f.deuxFS, &contre, "Deux lignes de la liste France services")
	dire(f.sirens, &contre, "SIREN différents")
	dire(f.telephones, &contre, "Téléphones différents")
	dire(f.metres > 2000, &contre, "À "+distance(f.metres)+" l’un de l’autre")
	return pour, contre
}

// distance is a length in metres as people say it.
func distance(metres float64) string {
	if metres < 1000 {
		return fmt.Sprintf("%.0f m", metres)
	}
	return strings.Replace(fmt.Sprintf("%.1f km", metres/1000), ".", ",", 1)
}
