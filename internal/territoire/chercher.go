package territoire

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Genre says what a typed text was understood to be.
type Genre string

// The kinds of a Resultat.
const (
	GenreVide        Genre = ""            // nothing was typed
	GenreCommune     Genre = "commune"     // Commune
	GenreChoix       Genre = "choix"       // several communes, in Communes: ask which one
	GenreCodePostal  Genre = "code_postal" // all of its Communes, largest first; Commune when there is only one
	GenreAdresse     Genre = "adresse"     // a street address; Commune when the text names it
	GenreTexte       Genre = "texte"       // Reste, words of another sort (a place's name), then a Commune
	GenreDepartement Genre = "departement" // Departement
	GenreInconnu     Genre = "inconnu"     // Suggestions, perhaps
)

// maxChoix is how many communes are offered when a text fits several.
const maxChoix = 12

// Resultat is what a typed text means. Communes that are Ailleurs have no
// position.
type Resultat struct {
	Genre       Genre
	Texte       string // what was typed, trimmed, at most 200 characters
	Commune     *Commune
	Exact       bool         // the commune's name was typed whole, usual names and missing article included
	Communes    []*Commune   // for choix and code_postal; for adresse, those of its postal code
	Autres      []*Commune   // homonyms and other readings, to offer beside Commune
	CodePostal  string       // as typed
	Departement *Departement // for departement
	Reste       string       // for adresse and texte: the other words, normalised
	Suggestions []Suggestion // for inconnu: names spelled almost so
}

// Suggestion is a commune to offer. Requete, searched again, gives that very
// commune.
type Suggestion struct {
	Nom     string // "Valence d’Agen"
	Detail  string // "82400, Tarn-et-Garonne"
	Requete string // "Valence (82)"
	Commune *Commune
}

// Chercher understands a typed text, blind to accents, capitals, hyphens,
// apostrophes and leading articles: a commune ("la francaise", "St Antonin",
// "Valence (26)"), a postal code ("82200", "82200 Moissac"), a street address
// ("12 rue de la République 82200 Moissac"), a département ("82", "Tarn et
// Garonne"), or words followed by a commune ("CCAS Castelsarrasin"). The
// territory comes first: a name of which it has the only bearer is that
// commune, and homonyms elsewhere are in Autres.
func (t *Territoire) Chercher(q string) Resultat {
	r := Resultat{Texte: borne(q)}
	s := t.lire(r.Texte)
	switch {
	case len(s.mots) == 0 && s.poste == "" && s.departement == "":
		r.Genre = GenreVide
	case len(s.mots) == 0 && s.poste != "":
		t.resoudreCode(&r, s.poste)
	case len(s.mots) == 0:
		t.resoudreDepartement(&r, s.departement)
	case t.resoudreNom(&r, s), t.resoudreSuite(&r, s), t.resoudreDebut(&r, s):
	default:
		r.Genre = GenreInconnu
		if r.Suggestions = t.ressemblants(s.mots); r.Suggestions == nil {
			r.Suggestions = t.Completer(q, 3)
		}
	}
	return r
}

// borne trims, collapses spaces and cuts at 200 characters.
func borne(q string) string {
	runes := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(q, "")), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), 200)]))
}

// saisie is a typed text taken apart.
type saisie struct {
	mots        []string // normalised, without what follows
	poste       string   // postal code
	departement string   // code, typed after a name or alone
	adresse     bool     // has a street number or a word such as "rue"
}

func (t *Territoire) lire(texte string) saisie {
	mots := sansCedex(decoupe(texte))
	var s saisie
	for i, m := range mots {
		switch {
		case s.poste == "" && estCodePostal(m):
			s.poste = m
		case s.poste == "" && len(mots) == 2 && i == 0 && len(m) == 2 && estCodePostal(m+mots[1]):
			s.poste = m + mots[1] // "82 200"
			return s
		default:
			s.mots = append(s.mots, m)
		}
	}
	if n := len(s.mots); n > 0 && s.poste == "" {
		if code := strings.ToUpper(s.mots[n-1]); motifDepartement.MatchString(code) {
			if _, ok := t.Departement(code); ok || n > 1 {
				s.departement, s.mots = code, s.mots[:n-1]
			}
		}
	}
	s.mots = sansPreambule(s.mots)
	s.adresse = estAdresse(s.mots)
	return s
}

func estCodePostal(m string) bool {
	if len(m) != 5 {
		return false
	}
	for i := range 5 {
		if m[i] < '0' || m[i] > '9' {
			return false
		}
	}
	return true
}

// sansCedex drops "cedex" and the number after it.
func sansCedex(mots []string) []string {
	i := slices.Index(mots, "cedex")
	if i < 0 {
		return mots
	}
	fin := i + 1
	if fin < len(mots) && estNombre(mots[fin]) && len(mots[fin]) <= 2 {
		fin++
	}
	return slices.Delete(mots, i, fin)
}

// sansPreambule drops what people write before a commune: "à Moissac",
// "près de Moissac", "commune de Moissac".
func sansPreambule(mots []string) []string {
	for _, p := range preambules {
		if len(mots) > len(p) && slices.Equal(mots[:len(p)], p) {
			return mots[len(p):]
		}
	}
	return mots
}

var preambules = [][]string{
	{"pres", "de"},
	{"pres", "d"},
	{"autour", "de"},
	{"autour", "d"},
	{"commune", "de"},
	{"commune", "d"},
	{"ville", "de"},
	{"a", "cote", "de"},
	{"a", "cote", "d"},
	{"vers"},
	{"a"},
	{"au"},
	{"aux"},
}

func estNombre(m string) bool {
	return m != "" && strings.Trim(m, "0123456789") == ""
}

// estAdresse recognises a street number or the word of a way.
func estAdresse(mots []string) bool {
	if len(mots) < 2 {
		return false
	}
	if c := mots[0][0]; c >= '0' && c <= '9' {
		return true
	}
	return slices.ContainsFunc(mots[:min(2, len(mots)-1)], func(m string) bool { return voies[m] })
}

var voies = ensemble("allee allees av ave avenue bd bld boulevard bvd carrefour chemin che cite clos cour cours cote esplanade faubourg fbg",
	"hameau imp impasse lotissement lot lieu montee parvis passage pl place placette port promenade quai residence res rocade",
	"rond route rte rue ruelle sentier square traverse venelle villa voie za zac zi zone")

var particules = ensemble("de du des d la le les l a au aux et en sur bis ter quater")

func ensemble(listes ...string) map[string]bool {
	e := map[string]bool{}
	for _, m := range strings.Fields(strings.Join(listes, " ")) {
		e[m] = true
	}
	return e
}

func (t *Territoire) resoudreCode(r *Resultat, code string) {
	r.CodePostal = code
	r.Genre = GenreCodePostal
	if r.Communes = t.communesDuCode(code); len(r.Communes) > 0 {
		if len(r.Communes) == 1 {
			r.Commune, r.Exact = r.Communes[0], true
		}
		return
	}
	if c, ok := t.communePartout(code); ok { // an INSEE code
		r.Genre, r.Commune, r.Exact, r.CodePostal = GenreCommune, c, true, ""
		return
	}
	t.resoudreDepartement(r, mednum.DepartementDe(code)) // CEDEX
}

// communesDuCode are the communes of a postal code, largest first.
func (t *Territoire) communesDuCode(code string) []*Commune {
	var communes []*Commune
	for _, p := range t.noms.duCode(code) {
		communes = append(communes, p.commune)
	}
	if len(communes) > 0 {
		return communes
	}
	for _, p := range t.France.repertoire().duCode(code) {
		communes = append(communes, t.presente(p.commune))
	}
	return communes
}

func (t *Territoire) communePartout(code string) (*Commune, bool) {
	if c, ok := t.Commune(code); ok {
		return c, true
	}
	c, ok := t.France.Commune(code)
	if !ok {
		return nil, false
	}
	return t.presente(c), true
}

// presente is the pack's own entry of a commune of the national list, if any.
func (t *Territoire) presente(c *Commune) *Commune {
	if ici, ok := t.parCode[c.Code]; ok {
		return ici
	}
	return c
}

func (t *Territoire) resoudreDepartement(r *Resultat, code string) {
	if d, ok := t.Departement(code); ok {
		r.Genre, r.Departement = GenreDepartement, d
		return
	}
	r.Genre = GenreInconnu
}

// departementNomme finds a département by its name.
func (t *Territoire) departementNomme(mots []string) (*Departement, bool) {
	cle := mednum.Cle(strings.Join(mots, " "))
	listes := [][]Departement{t.Departements}
	if t.France != nil {
		t.France.index()
		listes = append(listes, t.France.departements)
	}
	for _, l := range listes {
		for i := range l {
			if mednum.Cle(l[i].Nom) == cle {
				return &l[i], true
			}
		}
	}
	return nil, false
}

// CommuneNommee finds the commune of the pack that bears exactly this name
// (usual names and missing articles included), in the postal code or, for a
// CEDEX, in its département; false when none or several fit. An empty postal
// code leaves only the territory's own département.
func (t *Territoire) CommuneNommee(nom, codePostal string) (*Commune, bool) {
	var duCode, duDepartement []*Commune
	for _, c := range exacts(t.noms, sansCedex(decoupe(nom))) {
		switch {
		case codePostal != "" && slices.Contains(c.CodesPostaux, codePostal):
			duCode = append(duCode, c)
		case codePostal == "" && c.Dedans, len(codePostal) == 5 && mednum.DepartementDe(codePostal) == c.Departement:
			duDepartement = append(duDepartement, c)
		}
	}
	for _, liste := range [][]*Commune{duCode, duDepartement} {
		if len(liste) > 0 {
			return liste[0], len(liste) == 1
		}
	}
	return nil, false
}
