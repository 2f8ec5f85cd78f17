package ogc

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// The identifiers of the collections that are not a family.
const (
	collectionLieux    = "lieux"
	collectionCommunes = "communes"
)

// collection is what does not change of a collection.
type collection struct {
	ID, Titre, Description string
	Proprietes             []propriete
	famille                mednum.Famille // "" for every place, and for the communes
}

// propriete is a property of the features of a collection. Every feature has
// every property, null when it is not known, and always of one JSON type:
// clients guess the columns from the first page, which may hold one feature.
type propriete struct {
	Nom, Type, Format, Description string
	Filtre                         bool     // also a query parameter
	Liste                          bool     // several values, joined by "|" as in the CSV of the standard
	Valeurs                        []string // what the filter takes, nil for any text
}

// The JSON types of properties.
const (
	texte   = "string"
	entier  = "integer"
	booleen = "boolean"
)

// Names of properties that the standard has no column for.
const (
	proprieteArrets         = "arrets"
	proprieteApproximative  = "position_approximative"
	proprieteHorsTerritoire = "hors_territoire"
	proprieteURL            = "url"
)

var titresFamilles = map[mednum.Famille][2]string{
	mednum.FamilleFranceServices: {"France Services", "Les lieux du réseau France Services."},
	mednum.FamilleMediation:      {"Médiation numérique", "Les lieux qui offrent au moins un service de médiation numérique."},
	mednum.FamilleTiersLieu:      {"Tiers-lieux", "Les tiers-lieux, les fablabs et les fabriques."},
}

const geometrieLieux = " La géométrie d’un lieu est un MultiPoint\u00a0: un point pour un lieu fixe, un point par arrêt pour un service itinérant, dont l’adresse du siège n’est pas publiée ici. Elle est nulle quand rien n’est situé. Les listes sont jointes par «\u00a0|\u00a0», comme dans le CSV du standard national. datetime porte sur date_maj, un jour entier en temps universel."

func collectionsDe(t *territoire.Territoire) []collection {
	lieux := proprietesLieux()
	liste := []collection{
		{
			ID: collectionLieux, Titre: "Lieux de médiation numérique", Proprietes: lieux,
			Description: "Tous les lieux publiés " + t.NomEn + " et autour." + geometrieLieux,
		},
		{
			ID: collectionCommunes, Titre: "Communes", Proprietes: proprietesCommunes,
			Description: "Les communes " + t.NomEn + ", avec leur contour simplifié à 50 mètres près (MultiPolygon) et le nombre de lieux où l’on est reçu, arrêts des services itinérants compris. Une commune n’a pas de date\u00a0: datetime les garde toutes.",
		},
	}
	for _, f := range mednum.Familles {
		liste = append(liste, collection{
			ID: string(f), Titre: titresFamilles[f][0], Proprietes: lieux, famille: f,
			Description: titresFamilles[f][1] + geometrieLieux,
		})
	}
	return liste
}

func (s *Service) collection(id string) (*collection, error) {
	for i := range s.collections {
		if s.collections[i].ID == id {
			return &s.collections[i], nil
		}
	}
	noms := make([]string, 0, len(s.collections))
	for _, c := range s.collections {
		noms = append(noms, c.ID)
	}
	return nil, introuvable("collection", "Cette collection n’existe pas. Celles qui existent\u00a0: "+strings.Join(noms, ", ")+".")
}

var proprietesCommunes = []propriete{
	{Nom: "code", Type: texte, Description: "Code INSEE", Filtre: true},
	{Nom: "nom", Type: texte, Description: "Nom officiel", Filtre: true},
	{Nom: "codes_postaux", Type: texte, Description: "Codes postaux", Liste: true},
	{Nom: "population", Type: entier, Description: "Habitants\u00a0; 0 quand ce nombre n’est pas connu"},
	{Nom: "epci", Type: texte, Description: "Numéro SIREN de l’intercommunalité", Filtre: true},
	{Nom: "epci_nom", Type: texte, Description: "Nom de l’intercommunalité"},
	{Nom: "lieux", Type: entier, Description: "Nombre de lieux où l’on est reçu dans la commune"},
	{Nom: "france_services", Type: entier, Description: "Nombre de France Services parmi eux"},
	{Nom: "mediation", Type: entier, Description: "Nombre de lieux de médiation parmi eux"},
	{Nom: "tiers_lieu", Type: entier, Description: "Nombre de tiers-lieux parmi eux"},
	{Nom: proprieteURL, Type: texte, Description: "Page de la commune"},
}

// champsEgaux are the columns without a vocabulary that can be asked for.
var champsEgaux = []mednum.Champ{
	mednum.ChampID, mednum.ChampPivot, mednum.ChampNom, mednum.ChampCommune, mednum.ChampCodePostal,
	mednum.ChampCodeInsee, mednum.ChampSource, mednum.ChampStructureParente,
}

// proprietesLieux are the columns of the standard, in its order, without the
// coordinates, which are the geometry; then what it has no column for.
func proprietesLieux() []propriete {
	filtrables, valeurs := catalogue.Filtrables()
	var liste []propriete
	for _, champ := range mednum.ChampsNorme {
		if champ == mednum.ChampLatitude || champ == mednum.ChampLongitude {
			continue
		}
		p := propriete{
			Nom: string(champ), Type: texte, Liste: champ.EstListe(), Description: champ.Libelle(),
			Filtre: slices.Contains(champsEgaux, champ) || slices.Contains(filtrables, champ), Valeurs: valeurs[champ],
		}
		switch champ {
		case mednum.ChampID:
			p.Description = "Identifiant, qui ne change pas"
		case mednum.ChampDateMaj:
			p.Format, p.Description = "date", "Date de la dernière mise à jour, ou de la dernière vérification"
		case mednum.ChampAdresse, mednum.ChampComplementAdresse:
			p.Description += "\u00a0; nul pour un service itinérant, dont l’adresse est un siège"
		}
		liste = append(liste, p)
	}
	return append(liste,
		propriete{Nom: string(mednum.ChampFamilles), Type: texte, Liste: true, Filtre: true, Valeurs: valeurs[mednum.ChampFamilles], Description: "Familles du lieu"},
		propriete{Nom: proprieteArrets, Type: texte, Liste: true, Description: "Arrêts d’un service itinérant\u00a0: nom, puis commune entre parenthèses"},
		propriete{Nom: proprieteApproximative, Type: booleen, Filtre: true, Valeurs: oui, Description: "La position est le centre de la commune (d’un arrêt au moins, pour un service itinérant)"},
		propriete{Nom: proprieteHorsTerritoire, Type: booleen, Filtre: true, Valeurs: oui, Description: "Le lieu est hors du territoire"},
		propriete{Nom: proprieteURL, Type: texte, Description: "Page publique du lieu"},
	)
}

// oui are the values of a filter on a boolean; GDAL writes 1 and 0.
var oui = []string{"true", "false", "1", "0"}
