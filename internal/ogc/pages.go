package ogc

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// pageAccueil is the HTML form of the landing page. Adresse is what one pastes
// into QGIS.
type pageAccueil struct {
	accueil
	Adresse     string
	Collections []ficheCollection
}

// pageCollection is the HTML form of a collection.
type pageCollection struct {
	ficheCollection
	Proprietes []propriete
	Nombre     int
	Adresse    string
}

// pageObjets is the HTML form of a page of features.
type pageObjets struct {
	ID, Titre     string
	Total, Nombre int
	Filtres       []valeur // what was asked, for who reads
	Objets        []ligneObjet
	Suite, Avant  string // addresses, "" for none
	Liens         []lien
	Collection    string // address of the collection
	SansSelection string // address of the whole list
	Horodatage    string
}

// ligneObjet is a feature in a list.
type ligneObjet struct {
	ID, Nom, Ou, Adresse string
	Proprietes           []valeur
	Geometrie            string
}

// valeur is a property as the pages show it.
type valeur struct{ Nom, Texte string }

// pageObjet is the HTML form of a feature.
type pageObjet struct {
	ligneObjet
	Titre      string // of the collection
	Collection string
	URL        string // the public page
	Liens      []lien
}

func newPageObjets(s *Service, k *collection, v url.Values, liens []lien, d *demande, choisis *choix) pageObjets {
	p := pageObjets{
		ID: k.ID, Titre: k.Titre, Total: choisis.total, Nombre: len(choisis.objets), Liens: liens,
		Collection:    s.adresse("/collections/"+k.ID, formatHTML, formatHTML),
		SansSelection: s.adresse("/collections/"+k.ID+"/items", formatHTML, formatHTML),
		Horodatage:    s.Now().UTC().Format("2006-01-02T15:04:05Z"),
	}
	for _, l := range liens {
		switch l.Rel {
		case "next":
			p.Suite = l.Href
		case "prev":
			p.Avant = l.Href
		}
	}
	for nom := range v {
		if nom != paramFormat && nom != paramApres && nom != paramLimite {
			p.Filtres = append(p.Filtres, valeur{nom, strings.ToValidUTF8(v.Get(nom), "")})
		}
	}
	slices.SortFunc(p.Filtres, func(a, b valeur) int { return strings.Compare(a.Nom, b.Nom) })
	for _, o := range choisis.objets {
		ligne := newLigne(k, o)
		ligne.Adresse = s.adresse("/collections/"+k.ID+"/items/"+url.PathEscape(o.id), formatHTML, formatHTML)
		p.Objets = append(p.Objets, ligne)
	}
	return p
}

func newPageObjet(k *collection, o *objet, liens []lien) pageObjet {
	p := pageObjet{ligneObjet: newLigne(k, o), Titre: k.Titre, Liens: liens}
	for _, v := range p.Proprietes {
		if v.Nom == proprieteURL {
			p.URL = v.Texte
		}
	}
	for _, l := range liens {
		if l.Rel == "collection" && l.Type == mimeHTML {
			p.Collection = l.Href
		}
	}
	return p
}

// newLigne reads a feature back from its encoding: what the page shows is what
// the document says.
func newLigne(k *collection, o *objet) ligneObjet {
	var lu struct {
		Geometrie  json.RawMessage `json:"geometry"`
		Proprietes map[string]any  `json:"properties"`
	}
	if err := json.Unmarshal(o.corps, &lu); err != nil {
		return ligneObjet{ID: o.id, Nom: o.nom} // encoded here: it is read back
	}
	l := ligneObjet{ID: o.id, Nom: o.nom, Geometrie: string(lu.Geometrie)}
	for _, p := range k.Proprietes {
		l.Proprietes = append(l.Proprietes, valeur{p.Nom, ecrire(lu.Proprietes[p.Nom])})
	}
	if commune, ok := lu.Proprietes["commune"].(string); ok {
		l.Ou = commune
	}
	return l
}

func ecrire(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
