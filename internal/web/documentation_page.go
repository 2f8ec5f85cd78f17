package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// pageAPI is what the page to try the API says of it: the description, as
// people read it.
type pageAPI struct {
	Version string
	Texte   []bloc
	Groupes []groupeAPI
}

// groupeAPI are the operations of one tag.
type groupeAPI struct {
	Nom, Description string
	Operations       []operationAPI
}

type operationAPI struct {
	ID, Methode, Chemin, Titre string
	Texte                      []bloc
	Parametres                 []parametreAPI // of the address
	Entetes                    []parametreAPI
	Reponses                   []reponseAPI
	Essai                      bool   // a read: a form can ask for it
	Direct                     bool   // whose path is the form's own address
	Curl                       string // an example
	Exemple                    string // what it answers, "" for none
}

// Champs are what the form asks first, Filtres the rest.
func (o *operationAPI) Champs() []parametreAPI { return o.deListe(false) }

// Filtres are the parameters that can be given several times.
func (o *operationAPI) Filtres() []parametreAPI { return o.deListe(true) }

func (o *operationAPI) deListe(liste bool) []parametreAPI {
	return slices.DeleteFunc(slices.Clone(o.Parametres), func(p parametreAPI) bool { return p.Liste != liste })
}

type parametreAPI struct {
	Nom, Dans, Description string
	Requis, Liste          bool
	Valeurs                []string // those that can be chosen, nil for any
	Defaut, Exemple        string
	Clavier                string // inputmode
}

// Morceaux is the description, code apart.
func (p parametreAPI) Morceaux() []morceau { return parseMorceaux(p.Description) }

type reponseAPI struct{ Statut, Description string }

// The parts of OpenAPI that the page shows.
type (
	descriptionAPI struct {
		Info struct{ Version, Description string }
		Tags []struct{ Name, Description string }
		// The order of the paths is that of the page.
		Paths      yaml.Node
		Components struct {
			Parameters map[string]parametreEcrit
			Responses  map[string]reponseEcrite
			Schemas    map[string]schemaEcrit
		}
	}
	operationEcrite struct {
		OperationID string `yaml:"operationId"`
		Tags        []string
		Summary     string
		Description string
		Exemple     string `yaml:"x-exemple"`
		Parameters  []parametreEcrit
		Responses   map[string]reponseEcrite
		RequestBody struct{ Content map[string]contenuEcrit } `yaml:"requestBody"`
	}
	parametreEcrit struct {
		Ref         string `yaml:"$ref"`
		Name, In    string
		Description string
		Required    bool
		Schema      schemaEcrit
		Example     any
	}
	reponseEcrite struct {
		Ref         string `yaml:"$ref"`
		Description string
		Content     map[string]contenuEcrit
	}
	contenuEcrit struct{ Example yaml.Node }
	schemaEcrit  struct {
		Ref     string `yaml:"$ref"`
		Type    any
		Enum    []any
		Default any
		Items   *schemaEcrit
	}
)

// newPageAPI reads the description once, for the page.
func (s *site) newPageAPI(noeud *yaml.Node) (pageAPI, error) {
	var d descriptionAPI
	if err := noeud.Decode(&d); err != nil {
		return pageAPI{}, err
	}
	p := pageAPI{Version: d.Info.Version, Texte: parseBlocs(d.Info.Description)}
	for _, t := range d.Tags {
		p.Groupes = append(p.Groupes, groupeAPI{Nom: t.Name, Description: t.Description})
	}
	for i := 0; i < len(d.Paths.Content); i += 2 {
		chemin, methodes := d.Paths.Content[i].Value, map[string]operationEcrite{}
		if err := d.Paths.Content[i+1].Decode(&methodes); err != nil {
			return p, fmt.Errorf("%s: %w", chemin, err)
		}
		for methode, ecrite := range methodes {
			o, err := s.newOperation(&d, strings.ToUpper(methode), chemin, &ecrite)
			g := slices.IndexFunc(p.Groupes, func(g groupeAPI) bool { return slices.Contains(ecrite.Tags, g.Nom) })
			if err != nil || g < 0 {
				return p, fmt.Errorf("%s %s: tag %q: %w", methode, chemin, ecrite.Tags, err)
			}
			p.Groupes[g].Operations = append(p.Groupes[g].Operations, o)
		}
	}
	return p, nil
}

func (p pageAPI) operations() (toutes []operationAPI) {
	for _, g := range p.Groupes {
		toutes = append(toutes, g.Operations...)
	}
	return toutes
}

func (s *site) newOperation(d *descriptionAPI, methode, chemin string, e *operationEcrite) (o operationAPI, err error) {
	o = operationAPI{
		ID: e.OperationID, Methode: methode, Chemin: chemin, Titre: insecables.Replace(e.Summary), Texte: parseBlocs(e.Description),
		Essai: methode == "GET", Direct: !strings.Contains(chemin, "{"), Curl: "curl -s '" + s.lien(e.Exemple) + "'",
	}
	for _, ecrit := range e.Parameters {
		if nom, ok := strings.CutPrefix(ecrit.Ref, "#/components/parameters/"); ok {
			ecrit = d.Components.Parameters[nom]
		}
		p := d.parametre(&ecrit)
		if p.Dans == "header" {
			o.Entetes = append(o.Entetes, p)
			continue
		}
		o.Parametres = append(o.Parametres, p)
	}
	for statut, r := range e.Responses {
		if nom, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
			r = d.Components.Responses[nom]
		}
		o.Reponses = append(o.Reponses, reponseAPI{statut, insecables.Replace(r.Description)})
	}
	slices.SortFunc(o.Reponses, func(a, b reponseAPI) int { return strings.Compare(a.Statut, b.Statut) })
	if o.Exemple, err = joli(e.Responses["200"].Content["application/json"].Example); err != nil {
		return o, err
	}
	if corps := e.RequestBody.Content["application/json"].Example; methode == "PUT" {
		texte, err := appendJSON(nil, &corps)
		o.Curl = s.curlPUT(chemin, string(texte))
		return o, err
	}
	return o, nil
}

// curlPUT is a change in one line for a shell.
func (s *site) curlPUT(chemin, corps string) string {
	return "curl -s -X PUT '" + s.lien(chemin) + "' \\\n  -H \"Authorization: Bearer $JETON\" \\\n  -H 'Content-Type: application/json' \\\n" +
		"  -H 'If-Match: \"v1-…\"' \\\n  -H 'Idempotency-Key: une-cle-nouvelle' \\\n  -d '" + corps + "'"
}

// joli is an example as people read JSON, "" for none.
func joli(n yaml.Node) (string, error) {
	if n.IsZero() {
		return "", nil
	}
	b, err := appendJSON(nil, &n)
	if err != nil {
		return "", err
	}
	var indente bytes.Buffer
	err = json.Indent(&indente, b, "", "  ")
	return indente.String(), err
}

func (d *descriptionAPI) parametre(e *parametreEcrit) parametreAPI {
	p := parametreAPI{Nom: e.Name, Dans: e.In, Description: strings.TrimSpace(e.Description), Requis: e.Required}
	schema := d.schema(&e.Schema)
	if schema.Items != nil {
		p.Liste, schema = true, d.schema(schema.Items)
	}
	for _, v := range schema.Enum {
		p.Valeurs = append(p.Valeurs, fmt.Sprint(v))
	}
	if schema.Default != nil {
		p.Defaut = fmt.Sprint(schema.Default)
	}
	if e.Example != nil {
		p.Exemple = dire(e.Example)
	}
	switch schema.Type {
	case "integer":
		p.Clavier = "numeric"
	case "number":
		p.Clavier = "decimal"
	}
	return p
}

func dire(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

func (d *descriptionAPI) schema(e *schemaEcrit) schemaEcrit {
	if nom, ok := strings.CutPrefix(e.Ref, "#/components/schemas/"); ok {
		return d.Components.Schemas[nom]
	}
	return *e
}

// bloc is a piece of a text of the description, which is in the Markdown of
// OpenAPI, of which it keeps to headings, lists, paragraphs and code.
type bloc struct {
	Titre string
	Liste [][]morceau
	Texte []morceau
}

type morceau struct {
	Texte string
	Code  bool
}

func parseBlocs(texte string) (blocs []bloc) {
	for brut := range strings.SplitSeq(strings.TrimSpace(texte), "\n\n") {
		switch {
		case strings.HasPrefix(brut, "## "):
			blocs = append(blocs, bloc{Titre: strings.TrimPrefix(brut, "## ")})
		case strings.HasPrefix(brut, "- "):
			var b bloc
			for ligne := range strings.SplitSeq(strings.TrimPrefix(brut, "- "), "\n- ") {
				b.Liste = append(b.Liste, parseMorceaux(ligne))
			}
			blocs = append(blocs, b)
		case brut != "":
			blocs = append(blocs, bloc{Texte: parseMorceaux(brut)})
		}
	}
	return blocs
}

func parseMorceaux(texte string) (morceaux []morceau) {
	for i, t := range strings.Split(strings.Join(strings.Fields(texte), " "), "`") {
		if t == "" {
			continue
		}
		if i%2 == 0 {
			t = insecables.Replace(t)
		}
		morceaux = append(morceaux, morceau{t, i%2 == 1})
	}
	return morceaux
}

// insecables are the spaces of French at which no line ends.
var insecables = strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", "« ", "«\u00a0", " »", "\u00a0»")
