package mednum

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/horaires"
	"github.com/go-playground/validator/v10"
)

// lisible tells why a text is not opening hours in the OSM form, nil when it
// is. It is the one place where the domain asks internal/horaires.
func lisible(texte string) error {
	_, err := horaires.Parse(texte)
	return err
}

// consignesManque says what to write in a required column that is empty.
var consignesManque = map[Champ]string{
	ChampID:         "Donnez un identifiant à ce lieu.",
	ChampPivot:      "Indiquez le SIRET (14 chiffres) ou le numéro RNA de la structure. S’il est inconnu, écrivez quatorze zéros.",
	ChampNom:        "Indiquez le nom du lieu.",
	ChampCommune:    "Indiquez la commune.",
	ChampCodePostal: "Indiquez le code postal, en 5 chiffres.",
	ChampAdresse:    "Indiquez l’adresse : le numéro et la rue, ou le lieu-dit.",
	ChampDateMaj:    "Indiquez la date de mise à jour, sous la forme AAAA-MM-JJ.",
}

// consignesForme says what to write instead of a value of the wrong shape, by
// the rule that it breaks; %s is the value.
var consignesForme = map[string]string{
	"pivot":       "« %s » n’est ni un SIRET ni un numéro RNA : écrivez 9 à 14 lettres ou chiffres, sans espace.",
	"code_postal": "« %s » n’est pas un code postal : écrivez 5 chiffres, comme 46000.",
	"code_insee":  "« %s » n’est pas un code INSEE : écrivez les 5 signes du code de la commune, comme 46042 ou 2A004.",
	"telephone":   "« %s » n’est pas un numéro international : écrivez un seul numéro, sans espace, comme +33563000000.",
	"email":       "« %s » n’est pas une adresse électronique : écrivez-la comme accueil@exemple.fr.",
	"site_web":    "« %s » n’est pas une adresse de page : écrivez-la en entier, avec https://.",
	"typologie":   "« %s » n’est pas un type de structure du standard : écrivez un de ses codes, comme CCAS, ASSO ou RFS.",
	"gte":         "« %s » est hors de la Terre : écrivez des degrés décimaux, comme 44.0221.",
	"lte":         "« %s » est hors de la Terre : écrivez des degrés décimaux, comme 44.0221.",
}

// consigne says in plain French what to do about a value that breaks a rule.
func consigne(champ Champ, faute validator.FieldError) string {
	valeur := fmt.Sprint(faute.Value())
	switch faute.Tag() {
	case "required", "plein":
		return consignesManque[champ]
	case "vocabulaire":
		return consigneVocabulaire(champ, valeur)
	case "max":
		return consigneLongueur(valeur, faute.Param())
	case "position":
		return "Donnez la latitude et la longitude ensemble, ou aucune des deux."
	case "horaires":
		return consigneHoraires(valeur)
	}
	if forme, ok := consignesForme[faute.Tag()]; ok {
		return fmt.Sprintf(forme, valeur)
	}
	return fmt.Sprintf("« %s » n’est pas une valeur possible : corrigez-la.", valeur)
}

func consigneLongueur(texte, limite string) string {
	return fmt.Sprintf("Ce texte a %d caractères : raccourcissez-le à %s au plus.", utf8.RuneCountInString(texte), limite)
}

const conseilHoraires = "Écrivez les horaires comme Mo-Fr 09:00-12:00,14:00-17:00."

// consigneHoraires says where a text stops being opening hours, and why.
func consigneHoraires(texte string) string {
	var faute *horaires.Erreur
	if !errors.As(lisible(texte), &faute) {
		return "Ces horaires ne sont pas compris. " + conseilHoraires
	}
	return fmt.Sprintf("Ces horaires ne sont pas compris à partir du caractère %d : %s %s", faute.Position+1, faute.Message, conseilHoraires)
}

func consigneVocabulaire(champ Champ, valeur string) string {
	if exacte, ok := ValeurDe(champ, valeur); ok {
		return fmt.Sprintf("« %s » ne s’écrit pas ainsi : écrivez « %s ».", valeur, exacte)
	}
	return fmt.Sprintf("« %s » n’est pas une valeur du standard. Choisissez parmi : %s.",
		valeur, strings.Join(vocabulaires[champ], ", "))
}
