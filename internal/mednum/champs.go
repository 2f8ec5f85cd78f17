package mednum

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Champ is the name of one of the 32 columns of the national standard v1.0.2
// (« Standard de données des lieux de médiation numérique »), exactly as the
// standard writes it.
type Champ string

// The columns of the standard, in its order.
const (
	ChampID                     Champ = "id"
	ChampPivot                  Champ = "pivot"
	ChampNom                    Champ = "nom"
	ChampCommune                Champ = "commune"
	ChampCodePostal             Champ = "code_postal"
	ChampCodeInsee              Champ = "code_insee"
	ChampAdresse                Champ = "adresse"
	ChampComplementAdresse      Champ = "complement_adresse"
	ChampLatitude               Champ = "latitude"
	ChampLongitude              Champ = "longitude"
	ChampTypologie              Champ = "typologie"
	ChampTelephone              Champ = "telephone"
	ChampCourriels              Champ = "courriels"
	ChampSiteWeb                Champ = "site_web"
	ChampHoraires               Champ = "horaires"
	ChampPresentationResume     Champ = "presentation_resume"
	ChampPresentationDetail     Champ = "presentation_detail"
	ChampSource                 Champ = "source"
	ChampItinerance             Champ = "itinerance"
	ChampStructureParente       Champ = "structure_parente"
	ChampDateMaj                Champ = "date_maj"
	ChampServices               Champ = "services"
	ChampPublics                Champ = "publics_specifiquement_adresses"
	ChampPriseEnCharge          Champ = "prise_en_charge_specifique"
	ChampFraisACharge           Champ = "frais_a_charge"
	ChampDispositifs            Champ = "dispositif_programmes_nationaux"
	ChampFormationsLabels       Champ = "formations_labels"
	ChampAutresFormationsLabels Champ = "autres_formations_labels"
	ChampModalitesAcces         Champ = "modalites_acces"
	ChampModalitesAccompagn     Champ = "modalites_accompagnement"
	ChampFicheAccesLibre        Champ = "fiche_acces_libre"
	ChampPriseRDV               Champ = "prise_rdv"
)

// ChampsNorme lists the 32 columns in the order of the standard.
var ChampsNorme = []Champ{
	ChampID, ChampPivot, ChampNom, ChampCommune, ChampCodePostal, ChampCodeInsee, ChampAdresse,
	ChampComplementAdresse, ChampLatitude, ChampLongitude, ChampTypologie, ChampTelephone,
	ChampCourriels, ChampSiteWeb, ChampHoraires, ChampPresentationResume, ChampPresentationDetail,
	ChampSource, ChampItinerance, ChampStructureParente, ChampDateMaj, ChampServices, ChampPublics,
	ChampPriseEnCharge, ChampFraisACharge, ChampDispositifs, ChampFormationsLabels,
	ChampAutresFormationsLabels, ChampModalitesAcces, ChampModalitesAccompagn, ChampFicheAccesLibre,
	ChampPriseRDV,
}

// Champs are the 32 columns of the standard for one place. Lists keep the
// order of their source. Latitude and Longitude are WGS 84 degrees, both nil
// when the place has no known position.
type Champs struct {
	ID                     string   `json:"id" validate:"required,plein"`
	Pivot                  string   `json:"pivot" validate:"required,pivot"`
	Nom                    string   `json:"nom" validate:"required,plein"`
	Commune                string   `json:"commune" validate:"required,plein"`
	CodePostal             string   `json:"code_postal" validate:"required,code_postal"`
	CodeInsee              string   `json:"code_insee,omitempty" validate:"omitempty,code_insee"`
	Adresse                string   `json:"adresse" validate:"required,plein"`
	ComplementAdresse      string   `json:"complement_adresse,omitempty"`
	Latitude               *float64 `json:"latitude,omitempty" validate:"omitempty,gte=-90,lte=90"`
	Longitude              *float64 `json:"longitude,omitempty" validate:"omitempty,gte=-180,lte=180"`
	Typologie              []string `json:"typologie,omitempty" validate:"dive,typologie"`
	Telephone              string   `json:"telephone,omitempty" validate:"omitempty,telephone"`
	Courriels              []string `json:"courriels,omitempty" validate:"dive,email"`
	SiteWeb                []string `json:"site_web,omitempty" validate:"dive,site_web"`
	Horaires               string   `json:"horaires,omitempty" validate:"omitempty,horaires"`
	PresentationResume     string   `json:"presentation_resume,omitempty" validate:"max=280"`
	PresentationDetail     string   `json:"presentation_detail,omitempty"`
	Source                 string   `json:"source,omitempty"`
	Itinerance             []string `json:"itinerance,omitempty" validate:"dive,vocabulaire=itinerance"`
	StructureParente       string   `json:"structure_parente,omitempty"`
	DateMaj                Date     `json:"date_maj" validate:"required"`
	Services               []string `json:"services,omitempty" validate:"dive,vocabulaire=services"`
	Publics                []string `json:"publics_specifiquement_adresses,omitempty" validate:"dive,vocabulaire=publics_specifiquement_adresses"`
	PriseEnCharge          []string `json:"prise_en_charge_specifique,omitempty" validate:"dive,vocabulaire=prise_en_charge_specifique"`
	FraisACharge           []string `json:"frais_a_charge,omitempty" validate:"dive,vocabulaire=frais_a_charge"`
	Dispositifs            []string `json:"dispositif_programmes_nationaux,omitempty" validate:"dive,vocabulaire=dispositif_programmes_nationaux"`
	FormationsLabels       []string `json:"formations_labels,omitempty" validate:"dive,vocabulaire=formations_labels"`
	AutresFormationsLabels []string `json:"autres_formations_labels,omitempty"`
	ModalitesAcces         []string `json:"modalites_acces,omitempty" validate:"dive,vocabulaire=modalites_acces"`
	ModalitesAccompagn     []string `json:"modalites_accompagnement,omitempty" validate:"dive,vocabulaire=modalites_accompagnement"`
	FicheAccesLibre        string   `json:"fiche_acces_libre,omitempty" validate:"omitempty,site_web"`
	PriseRDV               string   `json:"prise_rdv,omitempty" validate:"omitempty,site_web"`
}

// texte and liste return the address of a column's value, nil when the column
// is of another shape.
func (c *Champs) texte(champ Champ) *string {
	switch champ {
	case ChampID:
		return &c.ID
	case ChampPivot:
		return &c.Pivot
	case ChampNom:
		return &c.Nom
	case ChampCommune:
		return &c.Commune
	case ChampCodePostal:
		return &c.CodePostal
	case ChampCodeInsee:
		return &c.CodeInsee
	case ChampAdresse:
		return &c.Adresse
	case ChampComplementAdresse:
		return &c.ComplementAdresse
	case ChampTelephone:
		return &c.Telephone
	case ChampHoraires:
		return &c.Horaires
	case ChampPresentationResume:
		return &c.PresentationResume
	case ChampPresentationDetail:
		return &c.PresentationDetail
	case ChampSource:
		return &c.Source
	case ChampStructureParente:
		return &c.StructureParente
	case ChampFicheAccesLibre:
		return &c.FicheAccesLibre
	case ChampPriseRDV:
		return &c.PriseRDV
	}
	return nil
}

func (c *Champs) liste(champ Champ) *[]string {
	switch champ {
	case ChampTypologie:
		return &c.Typologie
	case ChampCourriels:
		return &c.Courriels
	case ChampSiteWeb:
		return &c.SiteWeb
	case ChampItinerance:
		return &c.Itinerance
	case ChampServices:
		return &c.Services
	case ChampPublics:
		return &c.Publics
	case ChampPriseEnCharge:
		return &c.PriseEnCharge
	case ChampFraisACharge:
		return &c.FraisACharge
	case ChampDispositifs:
		return &c.Dispositifs
	case ChampFormationsLabels:
		return &c.FormationsLabels
	case ChampAutresFormationsLabels:
		return &c.AutresFormationsLabels
	case ChampModalitesAcces:
		return &c.ModalitesAcces
	case ChampModalitesAccompagn:
		return &c.ModalitesAccompagn
	}
	return nil
}

// EstListe tells whether the standard writes several values in the column,
// joined by "|".
func (champ Champ) EstListe() bool { return new(Champs).liste(champ) != nil }

// Valeur is the column as the standard's CSV writes it: lists joined by "|",
// decimal point, empty when absent.
func (c *Champs) Valeur(champ Champ) string {
	if t := c.texte(champ); t != nil {
		return *t
	}
	if l := c.liste(champ); l != nil {
		return strings.Join(*l, "|")
	}
	switch champ {
	case ChampLatitude:
		return degres(c.Latitude)
	case ChampLongitude:
		return degres(c.Longitude)
	case ChampDateMaj:
		return c.DateMaj.String()
	}
	return ""
}

// Valeurs are the values of a list column, nil for a column of another shape.
func (c *Champs) Valeurs(champ Champ) []string {
	if l := c.liste(champ); l != nil {
		return *l
	}
	return nil
}

// Affecter sets a column from the standard's CSV form; an empty text empties
// it. It returns an *Error with code "invalide" when a number or a date cannot
// be read, or when the standard has no such column; nothing changes then.
func (c *Champs) Affecter(champ Champ, texte string) error {
	if t := c.texte(champ); t != nil {
		*t = texte
		return nil
	}
	if l := c.liste(champ); l != nil {
		*l = SplitListe(texte)
		return nil
	}
	switch champ {
	case ChampLatitude:
		return affecterDegres(&c.Latitude, champ, texte)
	case ChampLongitude:
		return affecterDegres(&c.Longitude, champ, texte)
	case ChampDateMaj:
		d, err := ParseDate(texte)
		if err != nil && texte != "" {
			return &Error{Code: Invalide, Champ: string(champ), Message: fmt.Sprintf("La date « %s » n’existe pas : écrivez AAAA-MM-JJ.", texte)}
		}
		c.DateMaj = d
		return nil
	}
	return &Error{Code: Invalide, Champ: string(champ), Message: "Cette colonne n’est pas dans le standard v1.0.2."}
}

// SplitListe splits a list of the standard ("a|b") and drops empty and
// repeated values.
func SplitListe(texte string) []string {
	var valeurs []string
	for v := range strings.SplitSeq(texte, "|") {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(valeurs, v) {
			valeurs = append(valeurs, v)
		}
	}
	return valeurs
}

func degres(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

func affecterDegres(dst **float64, champ Champ, texte string) error {
	if texte == "" {
		*dst = nil
		return nil
	}
	v, err := strconv.ParseFloat(texte, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return &Error{Code: Invalide, Champ: string(champ), Message: fmt.Sprintf("« %s » n’est pas un nombre de degrés, comme 44.0221.", texte)}
	}
	*dst = &v
	return nil
}
