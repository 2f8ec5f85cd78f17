package web_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contrat is the description of the API as the service gives it, and a judge of
// its answers. It is stricter than what others read: a field that is not
// described is a fault.
type contrat struct {
	doc        map[string]any
	compiler   *jsonschema.Compiler
	schemas    map[string]*jsonschema.Schema
	operations map[string]operation // by operationId
	vus        map[string]map[string]bool
	juges      map[[32]byte]bool // bodies that were found good
}

type operation struct {
	id, methode, chemin string
	parametres          []parametre
	reponses            map[string]any // not resolved
	exemple             string
}

type parametre struct {
	nom, dans string
	requis    bool
	schema    map[string]any
	exemple   any
}

const adresseContrat = "https://contrat.invalid/openapi.json"

func (b banc) contrat(t *testing.T) *contrat {
	t.Helper()
	_, corps := b.get(t, "/api/openapi.json")
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(corps))
	check(t, err)
	doc := v.(map[string]any)
	k := &contrat{
		doc: doc, compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{},
		operations: map[string]operation{}, vus: map[string]map[string]bool{}, juges: map[[32]byte]bool{},
	}
	strict, err := jsonschema.UnmarshalJSON(strings.NewReader(corps))
	check(t, err)
	fermer(strict.(map[string]any))
	k.compiler.AssertFormat()
	check(t, k.compiler.AddResource(adresseContrat, strict))
	k.lireOperations()
	return k
}

// fermer refuses what the objects of the description do not name. A schema that
// another one extends (allOf) is left open there, and only there.
func fermer(doc map[string]any) {
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	for nom, s := range maps.Clone(schemas) {
		octets, _ := json.Marshal(s)
		copie, _ := jsonschema.UnmarshalJSON(bytes.NewReader(octets))
		marcher(copie, true)
		schemas[nom+"-etendu"] = copie
	}
	for nom, s := range schemas {
		if !strings.HasSuffix(nom, "-etendu") {
			marcher(s, false)
		}
	}
	marcher(doc["paths"], false)
}

func marcher(v any, etendu bool) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			marcher(e, false)
		}
	case map[string]any:
		_, dit := v["additionalProperties"]
		if _, ok := v["properties"].(map[string]any); ok && v["type"] == "object" && !etendu && !dit {
			v["unevaluatedProperties"] = false
		}
		for nom, e := range v {
			switch nom {
			case "example", "unevaluatedProperties":
			case "allOf":
				for _, partie := range e.([]any) {
					if m := partie.(map[string]any); m["$ref"] != nil {
						m["$ref"] = m["$ref"].(string) + "-etendu"
						continue
					}
					marcher(partie, true)
				}
			default:
				marcher(e, false)
			}
		}
	}
}

func (k *contrat) lireOperations() {
	for chemin, methodes := range k.doc["paths"].(map[string]any) {
		for methode, v := range methodes.(map[string]any) {
			m := v.(map[string]any)
			o := operation{
				id: m["operationId"].(string), methode: strings.ToUpper(methode), chemin: chemin, reponses: m["responses"].(map[string]any),
			}
			o.exemple, _ = m["x-exemple"].(string)
			liste, _ := m["parameters"].([]any)
			for _, p := range liste {
				p := k.suivre(p.(map[string]any))
				requis, _ := p["required"].(bool)
				o.parametres = append(o.parametres, parametre{p["name"].(string), p["in"].(string), requis, k.suivre(p["schema"].(map[string]any)), p["example"]})
			}
			k.operations[o.id] = o
			k.vus[o.id] = map[string]bool{}
		}
	}
}

// suivre resolves a reference within the description.
func (k *contrat) suivre(m map[string]any) map[string]any {
	for {
		ref, ok := m["$ref"].(string)
		if !ok {
			return m
		}
		noeud := k.doc
		for nom := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			noeud = noeud[nom].(map[string]any)
		}
		m = noeud
	}
}

// adresse is where a schema stands in the description, by the names that lead
// to it; references on the way are followed.
func (k *contrat) adresse(noms ...string) string {
	noeud, chemin := k.doc, ""
	for _, nom := range noms {
		if ref, ok := noeud["$ref"].(string); ok {
			noeud, chemin = k.suivre(noeud), strings.TrimPrefix(ref, "#")
		}
		nom0 := strings.NewReplacer("~", "~0", "/", "~1").Replace(nom)
		chemin += "/" + url.PathEscape(nom0)
		noeud, _ = noeud[nom].(map[string]any)
	}
	return adresseContrat + "#" + chemin
}

func (k *contrat) schema(noms ...string) (*jsonschema.Schema, error) {
	adresse := k.adresse(noms...)
	if s := k.schemas[adresse]; s != nil {
		return s, nil
	}
	s, err := k.compiler.Compile(adresse)
	if err == nil {
		k.schemas[adresse] = s
	}
	return s, err
}

// surveilles are the headers that are faults where they are not described.
var surveilles = []string{
	"ETag", "Link", "Location", "Content-Location", "Content-Disposition", "Retry-After", "WWW-Authenticate", "RateLimit", "RateLimit-Policy",
	"Donnees-Du", "Allow", "Deprecation", "Sunset", "Last-Modified", "Set-Cookie",
}

// juger gives what is wrong with an answer to an operation, and notes that the
// status was seen.
func (k *contrat) juger(id string, rep *http.Response, corps string) (fautes []string) {
	o, statut := k.operations[id], strconv.Itoa(rep.StatusCode)
	decrite, ok := o.reponses[statut].(map[string]any)
	if !ok {
		return []string{"status " + statut + " is not described"}
	}
	k.vus[id][statut] = true
	decrite = k.suivre(decrite)
	chemin := []string{"paths", o.chemin, strings.ToLower(o.methode), "responses", statut}
	fautes = k.jugerEntetes(decrite, chemin, rep.Header)
	tete := rep.Request != nil && rep.Request.Method == http.MethodHead
	contenus, _ := decrite["content"].(map[string]any)
	if len(contenus) == 0 {
		if corps != "" {
			fautes = append(fautes, "a body where none is described")
		}
		return fautes
	}
	genre, _, err := mime.ParseMediaType(rep.Header.Get("Content-Type"))
	if err != nil || contenus[genre] == nil {
		return append(fautes, fmt.Sprintf("media type %q is not described", rep.Header.Get("Content-Type")))
	}
	if tete {
		return fautes
	}
	return append(fautes, k.jugerCorps(append(chemin, "content", genre, "schema"), genre, statut, corps)...)
}

func (k *contrat) jugerEntetes(decrite map[string]any, chemin []string, h http.Header) (fautes []string) {
	entetes, _ := decrite["headers"].(map[string]any)
	for nom, v := range entetes {
		regle := k.suivre(v.(map[string]any))
		valeur := h.Get(nom)
		if valeur == "" {
			if regle["required"] == true {
				fautes = append(fautes, nom+" is missing")
			}
			continue
		}
		s, err := k.schema(append(slices.Clone(chemin), "headers", nom, "schema")...)
		if err != nil {
			return append(fautes, err.Error())
		}
		var lu any = valeur
		if regle["schema"].(map[string]any)["type"] == "integer" {
			lu = json.Number(valeur)
		}
		if err := s.Validate(lu); err != nil {
			fautes = append(fautes, fmt.Sprintf("%s %q: %v", nom, valeur, err))
		}
	}
	for _, nom := range surveilles {
		if h.Get(nom) != "" && entetes[nom] == nil {
			fautes = append(fautes, nom+" is not described")
		}
	}
	return fautes
}

func (k *contrat) jugerCorps(chemin []string, genre, statut, corps string) []string {
	somme := sha256.Sum256([]byte(strings.Join(chemin, "\x00") + "\x00" + corps))
	if k.juges[somme] {
		return nil
	}
	s, err := k.schema(chemin...)
	if err != nil {
		return []string{err.Error()}
	}
	var v any = corps
	if strings.Contains(genre, "json") {
		if v, err = jsonschema.UnmarshalJSON(strings.NewReader(corps)); err != nil {
			return []string{"not JSON: " + err.Error()}
		}
	}
	if genre == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" {
		if _, err := zip.NewReader(strings.NewReader(corps), int64(len(corps))); err != nil {
			return []string{"not a workbook: " + err.Error()}
		}
	} else if !utf8.ValidString(corps) {
		return []string{"not UTF-8"}
	}
	if err := s.Validate(v); err != nil {
		return []string{err.Error()}
	}
	if genre == "application/problem+json" && fmt.Sprint(v.(map[string]any)["status"]) != statut {
		return []string{"the problem says another status than " + statut}
	}
	k.juges[somme] = true
	return nil
}

// manques are the statuses that are described and were never seen.
func (k *contrat) manques() (liste []string) {
	for id, o := range k.operations {
		for statut := range o.reponses {
			if !k.vus[id][statut] {
				liste = append(liste, id+" "+statut)
			}
		}
	}
	slices.Sort(liste)
	return liste
}

// demander asks the service as it is written, and reads the answer whole.
func demander(app interface {
	Test(*http.Request, ...int) (*http.Response, error)
}, r *http.Request,
) (*http.Response, string, error) {
	rep, err := app.Test(r, 20_000)
	if err != nil {
		return nil, "", err
	}
	rep.Request = r
	corps, err := io.ReadAll(rep.Body)
	return rep, string(corps), err
}
