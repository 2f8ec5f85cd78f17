package web

import (
	"cmp"

	"82numerique.fr/adeuxpas/internal/diffusion"
)

// The standard that the files follow.
const (
	normeLieux    = "https://schema.data.gouv.fr/LaMednum/standard-mediation-num/"
	nomNormeLieux = "Standard de données des lieux de médiation numérique, version 1.0.2"
	normeOpenAPI  = "https://spec.openapis.org/oas/v3.1.0"
	normeOGC      = "http://www.opengis.net/doc/IS/ogcapi-features-1/1.0"
)

// description describes the open data of the service, as they are published.
func (s *site) description(p *publication) (diffusion.Catalogue, error) {
	jeu, err := s.jeu(p)
	if err != nil {
		return diffusion.Catalogue{}, err
	}
	t, b := s.Territoire, s.Territoire.Emprise()
	c := diffusion.Catalogue{
		URL: s.lien(cheminCatalogue), Accueil: s.lien("/donnees"),
		Titre:    "À deux pas : les données ouvertes " + t.NomEn,
		Presente: "Le catalogue des données du service À deux pas, " + t.NomEn + " : les lieux qui aident avec internet, l’ordinateur et les démarches.",
		Editeur:  diffusion.Organisme{Nom: cmp.Or(t.Editeur.Nom, "À deux pas, "+t.Nom), Site: s.lien("/"), Collectivite: t.Editeur.Nom != ""},
		Zone:     diffusion.Departement{Code: t.Code, Nom: t.Nom, Ouest: b.Ouest, Sud: b.Sud, Est: b.Est, Nord: b.Nord},
		Jeu:      jeu, Autres: s.jeuxEcoute(), Services: s.services(),
	}
	if t.Editeur.Nom != "" && (t.Editeur.Courriel != "" || t.Editeur.Telephone != "") {
		c.Contact = diffusion.Contact{Nom: t.Editeur.Nom, Courriel: t.Editeur.Courriel, Telephone: t.Editeur.Telephone}
	}
	c.Modifie = c.Jeu.Au
	return c, nil
}

func (s *site) jeu(p *publication) (diffusion.Jeu, error) {
	t := s.Territoire
	j := diffusion.Jeu{
		Titre: "Lieux de médiation numérique : " + t.Nom,
		Presente: "Les lieux " + t.NomEn + " où quelqu’un aide avec internet, l’ordinateur, le téléphone et les démarches en ligne : " +
			"adresse, horaires, services, public, prix, accès. Réunis de listes officielles, corrigés par les lieux eux-mêmes, mis à jour en continu. " +
			"L’identifiant d’un lieu ne change pas.",
		Page:     s.lien("/donnees"),
		MotsCles: []string{"médiation numérique", "inclusion numérique", "France services", "conseiller numérique", "tiers-lieu", "accès aux droits", t.Nom},
	}
	for i := range p.lieux {
		l := &p.lieux[i]
		if l.HorsTerritoire {
			continue
		}
		if d := l.Preuve.Date; !d.IsZero() && (j.Du.IsZero() || d.Compare(j.Du) < 0) {
			j.Du = d
		}
		j.Au = plusRecente(j.Au, s.change(l))
	}
	for _, f := range fichiersPublies {
		if f.code == "" {
			continue
		}
		corps, err := p.fichiers[f.nom]()
		if err != nil {
			return j, err
		}
		j.Fichiers = append(j.Fichiers, diffusion.Fichier{
			ID: f.format, Titre: f.titre, Presente: f.presente, URL: s.lien("/donnees/" + f.nom),
			MediaType: f.media, Format: f.code, Norme: normeLieux, NomNorme: nomNormeLieux, Octets: len(corps),
		})
	}
	return j, nil
}

func (s *site) services() []diffusion.Service {
	return []diffusion.Service{
		{
			ID: "api", Titre: "API des lieux", Presente: "Les lieux proches d’un point, d’une commune ou d’une zone, avec des filtres. En lecture, sans clé.",
			URL: s.lien("/api/v1"), Description: s.lien("/api/openapi.yaml"), Norme: normeOpenAPI, NomNorme: "OpenAPI 3.1",
		},
		{
			ID: "ogc", Titre: "OGC API – Features des lieux", Presente: "Les mêmes lieux pour les logiciels de cartographie, dont QGIS. En lecture, sans clé.",
			URL: s.lien("/ogc"), Description: s.lien("/ogc/api"), Norme: normeOGC, NomNorme: "OGC API – Features, partie 1 : Core",
		},
	}
}
