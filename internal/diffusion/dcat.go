package diffusion

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// MimeCatalogue is the type of a catalogue (JSON-LD 1.1).
const MimeCatalogue = "application/ld+json"

// Catalogue is what a portal of open data harvests: the data of the service,
// described with DCAT-AP 3.0 (SEMIC, a profile of the W3C's DCAT 3). Addresses
// are absolute, and stay the same from one version to another. Its words are in
// French.
type Catalogue struct {
	URL      string // of the catalogue itself
	Accueil  string // the page for people
	Titre    string
	Presente string
	Editeur  Organisme
	Contact  Contact // nothing of it is written when nobody can be written to
	Zone     Departement
	Modifie  mednum.Date
	Jeu      Jeu   // the places, which the services serve
	Autres   []Jeu // other data of the service, each with an ID
	Services []Service
}

// Organisme publishes. Collectivite tells that it is a local authority.
type Organisme struct {
	Nom          string
	Site         string
	Collectivite bool
}

// Contact is to whom to write about the data.
type Contact struct{ Nom, Courriel, Telephone string }

// Departement is the territory that the data are about, with the box around it
// in WGS 84 degrees.
type Departement struct {
	Code, Nom             string
	Ouest, Sud, Est, Nord float64
}

// Jeu is a dataset: what it is, and the files of it. ID names it in the catalogue
// ("lieux" when it is empty) and never changes. Du and Au are the dates of the
// oldest and of the newest information in it.
type Jeu struct {
	ID              string
	Titre, Presente string
	Page            string // for people
	MotsCles        []string
	Du, Au          mednum.Date
	Fichiers        []Fichier
}

// Fichier is the dataset in one format. Format is a code of the European
// authority table of file types ("CSV"); Norme, where there is one, is the
// address of what the file conforms to, and NomNorme its name.
type Fichier struct {
	ID, Titre, Presente string
	URL                 string
	MediaType, Format   string
	Norme, NomNorme     string
	Octets              int // 0 when it is not said
}

// Service is an address at which programs ask for parts of the dataset.
// Description is that of the machine-readable document.
type Service struct {
	ID, Titre, Presente string
	URL, Description    string
	Norme, NomNorme     string
}

// The tables of values of the Publications Office of the European Union that
// DCAT-AP asks for, and the licence under its usual addresses.
const (
	tablesUE        = "http://publications.europa.eu/resource/authority/"
	licenceOuverte  = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
	geoINSEE        = "http://id.insee.fr/geo/departement/"
	ianaMediaTypes  = "https://www.iana.org/assignments/media-types/"
	collectiviteUE  = "http://purl.org/adms/publishertype/LocalAuthority"
	paterniteADMS   = "http://purl.org/adms/licencetype/Attribution"
	themePopulation = tablesUE + "data-theme/SOCI"
)

// objet is a node of JSON-LD; encoding/json writes its members in order of name.
type objet map[string]any

var prefixes = objet{
	"dcat": "http://www.w3.org/ns/dcat#", "dcatap": "http://data.europa.eu/r5r/", "dct": "http://purl.org/dc/terms/",
	"foaf": "http://xmlns.com/foaf/0.1/", "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
	"geosparql": "http://www.opengis.net/ont/geosparql#", "skos": "http://www.w3.org/2004/02/skos/core#",
}

func fr(texte string) objet       { return objet{"@value": texte, "@language": "fr"} }
func ref(adresse string) objet    { return objet{"@id": adresse} }
func de(typ, valeur string) objet { return objet{"@value": valeur, "@type": typ} }
func jour(d mednum.Date) objet    { return de("xsd:date", d.String()) }
func standard(url, nom string) objet {
	return objet{"@id": url, "@type": "dct:Standard", "dct:title": fr(nom)}
}

// EncodeDCAT writes the catalogue in JSON-LD, with its context inside: nobody has
// to be asked to read it. The same catalogue gives the same bytes.
func (c *Catalogue) EncodeDCAT() ([]byte, error) {
	n := objet{
		"@context": prefixes, "@id": c.URL, "@type": "dcat:Catalog",
		"dct:title": fr(c.Titre), "dct:description": fr(c.Presente), "dct:publisher": c.editeur(), "dct:language": ref(tablesUE + "language/FRA"),
		"dct:license": c.licence(), "dct:spatial": c.zone(), "foaf:homepage": ref(c.Accueil),
		"dcat:themeTaxonomy": ref(tablesUE + "data-theme"), "dcat:dataset": c.jeux(),
	}
	modifieLe(n, c.Modifie)
	services := make([]objet, 0, len(c.Services))
	for i := range c.Services {
		services = append(services, c.service(&c.Services[i]))
	}
	n["dcat:service"] = services
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(n); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	return b.Bytes(), nil
}

// modifieLe dates a node; of an empty list there is nothing to say.
func modifieLe(n objet, d mednum.Date) {
	if !d.IsZero() {
		n["dct:modified"] = jour(d)
	}
}

func (c *Catalogue) editeur() objet {
	n := objet{"@id": c.URL + "#editeur", "@type": "foaf:Agent", "foaf:name": fr(c.Editeur.Nom)}
	if c.Editeur.Site != "" {
		n["foaf:homepage"] = ref(c.Editeur.Site)
	}
	if c.Editeur.Collectivite {
		n["dct:type"] = ref(collectiviteUE)
	}
	return n
}

func (c *Catalogue) licence() objet {
	return objet{"@id": licenceOuverte, "@type": "dct:LicenseDocument", "dct:title": fr("Licence Ouverte 2.0"), "dct:identifier": "etalab-2.0", "dct:type": ref(paterniteADMS)}
}

// zone is the département by the identifier that INSEE gives it, with its box
// in WKT (GeoSPARQL): longitude first.
func (c *Catalogue) zone() objet {
	d := func(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }
	o, s, e, n := d(c.Zone.Ouest), d(c.Zone.Sud), d(c.Zone.Est), d(c.Zone.Nord)
	return objet{
		"@id": geoINSEE + c.Zone.Code, "@type": "dct:Location", "skos:prefLabel": fr(c.Zone.Nom),
		"dcat:bbox":     de("geosparql:wktLiteral", "POLYGON(("+o+" "+s+", "+e+" "+s+", "+e+" "+n+", "+o+" "+n+", "+o+" "+s+"))"),
		"dcat:centroid": de("geosparql:wktLiteral", "POINT("+d((c.Zone.Ouest+c.Zone.Est)/2)+" "+d((c.Zone.Sud+c.Zone.Nord)/2)+")"),
	}
}

// commun is what the dataset and the services say alike.
func (c *Catalogue) commun(n objet, motsCles []string) objet {
	mots := make([]objet, 0, len(motsCles))
	for _, m := range motsCles {
		mots = append(mots, fr(m))
	}
	n["dcat:keyword"], n["dcat:theme"], n["dct:publisher"] = mots, ref(themePopulation), ref(c.URL+"#editeur")
	n["dct:license"], n["dct:accessRights"] = ref(licenceOuverte), ref(tablesUE+"access-right/PUBLIC")
	if c.Contact != (Contact{}) {
		n["dcat:contactPoint"] = c.contact()
	}
	return n
}

func (c *Catalogue) contact() objet {
	n := objet{"@id": c.URL + "#contact", "@type": "vcard:Organization", "vcard:fn": fr(c.Contact.Nom)}
	if c.Contact.Courriel != "" {
		n["vcard:hasEmail"] = ref("mailto:" + c.Contact.Courriel)
	}
	if c.Contact.Telephone != "" {
		n["vcard:hasTelephone"] = ref("tel:" + c.Contact.Telephone)
	}
	return n
}

// idJeu is a dataset's own identifier: it never changes.
func (c *Catalogue) idJeu(j *Jeu) string { return c.URL + "#" + cmp.Or(j.ID, "lieux") }

// jeux are the datasets, the places first.
func (c *Catalogue) jeux() []objet {
	jeux := []objet{c.jeu(&c.Jeu, c.Modifie)}
	for i := range c.Autres {
		jeux = append(jeux, c.jeu(&c.Autres[i], c.Autres[i].Au))
	}
	return jeux
}

func (c *Catalogue) jeu(j *Jeu, modifie mednum.Date) objet {
	fichiers := make([]objet, 0, len(j.Fichiers))
	for i := range j.Fichiers {
		fichiers = append(fichiers, c.fichier(&j.Fichiers[i], modifie))
	}
	n := objet{
		"@id": c.idJeu(j), "@type": "dcat:Dataset", "dct:identifier": c.idJeu(j),
		"dct:title": fr(j.Titre), "dct:description": fr(j.Presente), "dct:language": ref(tablesUE + "language/FRA"),
		"dct:accrualPeriodicity": ref(tablesUE + "frequency/UPDATE_CONT"),
		"dct:spatial":            ref(geoINSEE + c.Zone.Code), "dcat:landingPage": ref(j.Page), "dcat:distribution": fichiers,
	}
	periode := objet{"@type": "dct:PeriodOfTime"}
	if !j.Du.IsZero() {
		periode["dcat:startDate"] = jour(j.Du)
	}
	if !j.Au.IsZero() {
		periode["dcat:endDate"] = jour(j.Au)
	}
	if len(periode) > 1 {
		n["dct:temporal"] = periode
	}
	modifieLe(n, modifie)
	return c.commun(n, j.MotsCles)
}

func (c *Catalogue) fichier(f *Fichier, modifie mednum.Date) objet {
	n := objet{
		"@id": c.URL + "#" + f.ID, "@type": "dcat:Distribution", "dct:title": fr(f.Titre),
		"dcat:accessURL": ref(f.URL), "dcat:downloadURL": ref(f.URL), "dcat:mediaType": ref(ianaMediaTypes + f.MediaType),
		"dct:format": ref(tablesUE + "file-type/" + f.Format), "dct:license": ref(licenceOuverte), "dct:language": ref(tablesUE + "language/FRA"),
		"dcatap:availability": ref(tablesUE + "planned-availability/STABLE"),
	}
	modifieLe(n, modifie)
	if f.Presente != "" {
		n["dct:description"] = fr(f.Presente)
	}
	if f.Octets > 0 {
		n["dcat:byteSize"] = de("xsd:nonNegativeInteger", strconv.Itoa(f.Octets))
	}
	if f.Norme != "" {
		n["dct:conformsTo"] = standard(f.Norme, f.NomNorme)
	}
	return n
}

func (c *Catalogue) service(s *Service) objet {
	return c.commun(objet{
		"@id": c.URL + "#" + s.ID, "@type": "dcat:DataService", "dct:title": fr(s.Titre), "dct:description": fr(s.Presente),
		"dcat:endpointURL": ref(s.URL), "dcat:endpointDescription": ref(s.Description), "dcat:servesDataset": ref(c.idJeu(&c.Jeu)),
		"dcat:landingPage": ref(c.Jeu.Page), "dct:conformsTo": standard(s.Norme, s.NomNorme),
	}, c.Jeu.MotsCles)
}
