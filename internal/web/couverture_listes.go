package web

import (
	"math"
	"net/url"
	"strconv"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// colonnesDites say in a file what was asked, and how many places of the input are
// not sure: figures without it would tell nothing.
func colonnesDites[T any](d *demandeCouverture, i *couverture.Inventaire) []colonne[T] {
	service := d.Service
	if service == "" {
		service = "N’importe quelle aide"
	}
	fixe := func(titre string, c cellule) colonne[T] {
		return colonne[T]{Titre: titre, FichierSeul: true, Case: func(T) cellule { return c }}
	}
	return []colonne[T]{
		fixe("Service", texte(service)), fixe("Moment", texte(d.Moment.Nom())), fixe("Facteur de route", mesure(d.Facteur, facteurDit(d.Facteur))),
		fixe("Lieux et arrêts comptés", nombre(len(i.Offres))), fixe("Dont non vérifiés", nombre(i.NonVerifies)), fixe("Dont sans heures connues", nombre(i.HeuresInconnues)),
	}
}

// distanceDite is a distance by road; it sorts by metres, and a file has kilometres.
func distanceDite(metres float64) cellule {
	if math.IsInf(metres, 0) || math.IsNaN(metres) {
		return cellule{}
	}
	return mesure(math.Round(metres/100)/10, textes.Kilometres(metres))
}

func heuresCellule(heures float64) cellule {
	return mesure(math.Round(heures*10)/10, heuresDites(heures))
}

func (s *site) nomEPCI(code string) string {
	if e, ok := s.Territoire.EPCI(code); ok {
		return e.Nom
	}
	return ""
}

// choixEPCI are the intercommunalities of the communes that may be seen.
func (s *site) choixEPCI(garde func(*territoire.Commune) bool) (choix []choixFiltre) {
	vus := map[string]bool{}
	for _, c := range couverture.Communes(s.Territoire) {
		vus[c.EPCI] = vus[c.EPCI] || garde(c)
	}
	for i := range s.Territoire.EPCIs {
		if e := &s.Territoire.EPCIs[i]; vus[e.Code] {
			choix = append(choix, choixFiltre{e.Code, e.Nom})
		}
	}
	return choix
}

func (s *site) listeCommunes(d *demandeCouverture, r *couverture.Resultat) liste[couverture.Mesure] {
	type m = couverture.Mesure
	l := liste[m]{
		Chemin: "/espace/couverture", Nom: "couverture", Titre: "Distance à l’aide, par commune", Un: "commune", Plusieurs: "communes",
		Vide: "Aucune commune n’est dans votre périmètre.", Tri: "-distance", Fixes: d.parametres(),
		Colonnes: []colonne[m]{
			{Cle: "commune", Titre: "Commune", Case: func(x m) cellule { return texte(x.Commune.NomCourant()) }},
			{Titre: "Code INSEE", FichierSeul: true, Case: func(x m) cellule { return texte(x.Commune.Code) }},
			{Cle: "epci", Titre: "Intercommunalité", Case: func(x m) cellule { return texte(s.nomEPCI(x.Commune.EPCI)) }},
			{Cle: "population", Titre: "Habitants", Case: func(x m) cellule { return nombre(x.Commune.Population) }},
			{Cle: "distance", Titre: "Distance (km)", Case: func(x m) cellule { return distanceDite(x.Distance) }},
		},
	}
	if r.Reelles > 0 {
		l.Colonnes = append(l.Colonnes,
			colonne[m]{Cle: "temps", Titre: "En voiture (min)", Case: func(x m) cellule {
				if !x.Reelle {
					return cellule{}
				}
				return mesure(math.Ceil(x.Duree.Minutes()), dureeDite(x.Duree))
			}},
			colonne[m]{Titre: "Mesure", FichierSeul: true, Case: func(x m) cellule {
				if x.Reelle {
					return texte("trajet de " + r.Parcours.Serveur)
				}
				return texte("vol d’oiseau × facteur")
			}})
	}
	l.Colonnes = append(l.Colonnes,
		colonne[m]{Titre: "Lieu le plus proche", Case: celluleOffre},
		colonne[m]{Cle: "heures", Titre: "Heures d’aide par semaine, à moins de 10 km", Case: func(x m) cellule { return heuresCellule(x.Heures) }})
	l.Colonnes = append(l.Colonnes, colonnesDites[m](d, r.Inventaire)...)
	l.Filtres = []filtre[m]{
		{Cle: "q", Titre: "Commune", Passe: func(x m, v string) bool { return tousLesMots(x.Commune.Nom+" "+x.Commune.NomCourant(), v) }},
		{Cle: "epci", Titre: "Intercommunalité", Choix: s.choixEPCI(d.garde), Passe: func(x m, v string) bool { return x.Commune.EPCI == v }},
		{Cle: "plus", Titre: "À plus de", Choix: choixSeuils(), Passe: func(x m, v string) bool { return x.Distance > enMetres(v) }},
	}
	return l
}

func celluleOffre(x couverture.Mesure) cellule {
	if x.Offre == nil {
		return cellule{Detail: "aucun"}
	}
	c := lie(x.Offre.Nom, "/lieux/"+url.PathEscape(x.Offre.Lieu))
	c.Detail = x.Offre.Commune
	if !x.Offre.Verifiee {
		c.Detail += ", à vérifier"
	}
	return c
}

func choixSeuils() (choix []choixFiltre) {
	for _, seuil := range couverture.Seuils {
		km := strconv.Itoa(int(seuil / 1000))
		choix = append(choix, choixFiltre{km, km + "\u00a0km"})
	}
	return choix
}

func enMetres(km string) float64 {
	v, _ := strconv.ParseFloat(km, 64) // one of choixSeuils
	return v * 1000
}

// ligneEPCI is what is measured of an intercommunality.
type ligneEPCI struct {
	Nom, Code string
	couverture.Total
}

// lignesEPCI are the intercommunalities that may be seen, for their communes that
// may: those of the département.
func (s *site) lignesEPCI(d *demandeCouverture, r *couverture.Resultat) (lignes []ligneEPCI) {
	for _, x := range s.choixEPCI(d.garde) {
		lignes = append(lignes, ligneEPCI{x.Nom, x.Valeur, r.Total(func(c *territoire.Commune) bool { return c.EPCI == x.Valeur && d.garde(c) })})
	}
	return lignes
}

func (s *site) listeEPCI(d *demandeCouverture, r *couverture.Resultat) liste[ligneEPCI] {
	type e = ligneEPCI
	fixes := d.parametres()
	fixes.Set("par", parEPCI)
	l := liste[e]{
		Chemin: "/espace/couverture", Nom: "couverture-epci", Titre: "Distance à l’aide, par intercommunalité", Un: "intercommunalité", Plusieurs: "intercommunalités",
		Vide: "Aucune intercommunalité n’est dans votre périmètre.", Tri: "-distance", Fixes: fixes,
		Colonnes: []colonne[e]{
			{Cle: "epci", Titre: "Intercommunalité", Case: func(x e) cellule { return texte(x.Nom) }},
			{Titre: "SIREN", FichierSeul: true, Case: func(x e) cellule { return texte(x.Code) }},
			{Cle: "communes", Titre: "Communes", Case: func(x e) cellule { return nombre(x.Communes) }},
			{Cle: "population", Titre: "Habitants", Case: func(x e) cellule { return nombre(x.Population) }},
			{Cle: "distance", Titre: "Distance moyenne (km)", Case: func(x e) cellule { return distanceDite(x.Distance) }},
		},
	}
	if r.Reelles == len(r.Mesures) {
		l.Colonnes = append(l.Colonnes, colonne[e]{Cle: "temps", Titre: "En voiture, en moyenne (min)", Case: func(x e) cellule {
			return mesure(math.Ceil(x.Duree.Minutes()), dureeDite(x.Duree))
		}})
	}
	for k, seuil := range couverture.Seuils {
		km := strconv.Itoa(int(seuil / 1000))
		l.Colonnes = append(l.Colonnes, colonne[e]{Cle: "a" + km, Titre: "À moins de " + km + "\u00a0km", Case: func(x e) cellule {
			c := nombre(x.Dans[k])
			c.Detail = partDite(x.Dans[k], x.Population)
			return c
		}})
	}
	l.Colonnes = append(l.Colonnes, colonne[e]{Cle: "heures", Titre: "Heures d’aide par semaine, à moins de 10 km", Case: func(x e) cellule { return heuresCellule(x.Heures) }})
	l.Colonnes = append(l.Colonnes, colonnesDites[e](d, r.Inventaire)...)
	return l
}
