package catalogue

import (
	"context"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// GenreSituation says what a typed text was understood to be.
type GenreSituation string

// The kinds of a Situation.
const (
	GenreCommune     GenreSituation = "commune"
	GenreCodePostal  GenreSituation = "code_postal" // Point is in the largest commune, the others are in Choix
	GenreAdresse     GenreSituation = "adresse"
	GenreLieu        GenreSituation = "lieu"        // Vues
	GenreDepartement GenreSituation = "departement" // the territory's own
	GenreChoix       GenreSituation = "choix"       // several communes: ask which one
	GenreAilleurs    GenreSituation = "ailleurs"    // outside the territory; Point may be nil
	GenreInconnu     GenreSituation = "inconnu"     // Suggestions, perhaps
)

// Situation is what a typed text means: a point to search from, or a choice to
// offer.
type Situation struct {
	Genre       GenreSituation
	Libelle     string     // "Moissac", "82200", "12 rue de la République, 82200 Moissac"
	Point       *geo.Point // where to search from, nil when not known
	Commune     *territoire.Commune
	Vues        []*Vue  // places that the text names, best first
	Choix       []Choix // other readings: homonyms, communes of the postal code
	Approchee   bool    // only the commune of what was typed was found: of an address, or (GenreCommune) of other words
	Suggestions []Choix // names spelled almost so
}

// Choix is another reading to offer. Requete, searched again, gives it.
type Choix struct {
	Libelle string // "Valence (26000, Drôme)"
	Requete string
}

const (
	// scoreSur is from where an answer of the geocoder is taken for what was
	// typed, when nothing else confirms it.
	scoreSur = 0.7
	// scoreConfirme is enough when the answer lies in the commune typed.
	scoreConfirme = 0.4
)

// Situer understands a typed text: a commune, a postal code, a street address
// or the name of a place. A commune's exact name wins over a place's; both are
// given when both match. An address is asked of g, which may be nil; when it
// does not answer within 1.5 s the commune stands for it (Approchee). The error
// is that of a base that is asked for names and does not answer.
func (c *Catalogue) Situer(ctx context.Context, q string, g *territoire.Geocodeur) (Situation, error) {
	r := c.territoire.Chercher(q)
	vues, err := c.nommes(ctx, q, &r)
	if err != nil {
		return Situation{}, err
	}
	d := recherchee{c: c, ctx: ctx, g: g, r: &r, vues: vues}
	return d.situer(), nil
}

func (d *recherchee) situer() Situation {
	r := d.r
	switch r.Genre {
	case territoire.GenreCommune:
		if len(d.vues) > 0 && !r.Exact {
			return d.lieu()
		}
		return d.commune(r.Commune)
	case territoire.GenreCodePostal:
		return d.codePostal()
	case territoire.GenreDepartement:
		return d.departement()
	case territoire.GenreVide:
		return Situation{Genre: GenreInconnu}
	}
	if len(d.vues) > 0 && (r.Genre != territoire.GenreChoix || !r.Exact) {
		return d.lieu()
	}
	switch r.Genre {
	case territoire.GenreChoix:
		return Situation{Genre: GenreChoix, Libelle: r.Texte, Choix: d.choix(r.Communes), Vues: d.vues}
	case territoire.GenreAdresse, territoire.GenreTexte:
		return d.adresse()
	}
	return d.inconnu()
}

// recherchee is one text being understood.
type recherchee struct {
	c    *Catalogue
	ctx  context.Context // lives as long as one call
	g    *territoire.Geocodeur
	r    *territoire.Resultat
	vues []*Vue
}

func (d *recherchee) choix(communes []*territoire.Commune) []Choix {
	var sortie []Choix
	for _, commune := range communes {
		sortie = append(sortie, newChoix(d.c.territoire.Suggestion(commune)))
	}
	return sortie
}

func newChoix(s territoire.Suggestion) Choix {
	return Choix{Libelle: s.Nom + " (" + s.Detail + ")", Requete: s.Requete}
}

func (d *recherchee) lieu() Situation {
	s := Situation{Genre: GenreLieu, Libelle: d.r.Texte, Vues: d.vues}
	if d.r.Commune != nil && d.r.Genre == territoire.GenreCommune {
		s.Choix = d.choix([]*territoire.Commune{d.r.Commune})
	}
	if d.r.Genre == territoire.GenreChoix {
		s.Choix = d.choix(d.r.Communes)
	}
	return s
}

func (d *recherchee) commune(commune *territoire.Commune) Situation {
	s := Situation{Genre: GenreCommune, Libelle: commune.NomCourant(), Commune: commune, Vues: d.vues, Choix: d.choix(d.r.Autres)}
	if !commune.Dedans {
		s.Genre = GenreAilleurs
		if dep := d.c.territoire.NomDepartement(commune.Departement); dep != commune.Nom {
			s.Libelle += " (" + dep + ")"
		}
	}
	s.Point = d.centre(commune)
	return s
}

// centre is a commune's own, asked of the geocoder for one that the pack knows
// by name only; nil when it cannot be known.
func (d *recherchee) centre(commune *territoire.Commune) *geo.Point {
	if !commune.Ailleurs {
		p := commune.Centre
		return &p
	}
	texte := commune.Nom
	if len(commune.CodesPostaux) > 0 {
		texte = commune.CodesPostaux[0] + " " + texte
	}
	a, ok := d.geocoder(texte)
	if !ok || a.CodeInsee != commune.Code {
		return nil
	}
	return &a.Point
}

func (d *recherchee) codePostal() Situation {
	if len(d.r.Communes) == 0 {
		return d.inconnu()
	}
	commune := d.r.Communes[0]
	s := d.commune(commune)
	s.Choix = d.choix(d.r.Communes[1:])
	s.Libelle = commune.NomCourant() + " (" + d.r.CodePostal + ")"
	if s.Genre == GenreCommune {
		s.Genre = GenreCodePostal
	}
	return s
}

func (d *recherchee) departement() Situation {
	s := Situation{Genre: GenreAilleurs, Libelle: d.r.Departement.Nom, Vues: d.vues}
	if d.r.Departement.Code == d.c.territoire.Code {
		s.Genre = GenreDepartement
	}
	for i := range d.c.territoire.Departements {
		if ici := &d.c.territoire.Departements[i]; ici.Code == d.r.Departement.Code {
			p := ici.Etiquette
			s.Point = &p
		}
	}
	return s
}

// adresse asks the geocoder, and otherwise takes the commune that the text
// names.
func (d *recherchee) adresse() Situation {
	if a, ok := d.geocoder(d.r.Texte); ok && d.vraisemblable(a) {
		return d.situee(a)
	}
	commune := d.r.Commune
	if commune == nil && len(d.r.Communes) > 0 {
		commune = d.r.Communes[0]
	}
	if commune == nil {
		return d.inconnu()
	}
	s := d.commune(commune)
	if s.Genre == GenreCommune && d.r.Genre == territoire.GenreAdresse {
		s.Genre = GenreAdresse
	}
	s.Approchee = true
	return s
}

// vraisemblable tells whether the geocoder answered what was typed: more than a
// commune, in the commune that was named, or with a good score where none was.
func (d *recherchee) vraisemblable(a territoire.Adresse) bool {
	if a.Type == "municipality" && (d.r.Commune != nil || len(d.r.Communes) > 0) {
		return false
	}
	if d.r.Commune == nil {
		return a.Score >= scoreSur
	}
	if d.r.Genre == territoire.GenreTexte && a.Score < scoreSur {
		return false // the name of a place that we do not know, perhaps
	}
	return a.CodeInsee == d.r.Commune.Code && a.Score >= scoreConfirme
}

func (d *recherchee) situee(a territoire.Adresse) Situation {
	p := a.Point
	s := Situation{Genre: GenreAdresse, Libelle: a.Libelle, Point: &p}
	s.Commune, _ = d.c.territoire.Commune(a.CodeInsee)
	if s.Commune == nil {
		s.Commune, _ = d.c.territoire.CommuneAt(p)
	}
	if s.Commune == nil || !s.Commune.Dedans {
		s.Genre = GenreAilleurs
	}
	return s
}

func (d *recherchee) geocoder(texte string) (territoire.Adresse, bool) {
	a, err := d.g.Chercher(d.ctx, texte, d.c.milieu())
	return a, err == nil
}

// milieu is a point of the territory, near which the geocoder prefers answers.
func (c *Catalogue) milieu() geo.Point {
	for _, d := range c.territoire.Departements {
		if d.Code == c.territoire.Code {
			return d.Etiquette
		}
	}
	return geo.Point{}
}

// inconnu asks the geocoder as a last resort: small hamlets are known to it
// only.
func (d *recherchee) inconnu() Situation {
	mots := mednum.Normaliser(d.r.Texte)
	if len(d.r.Suggestions) == 0 && len(mots) >= 3 {
		if a, ok := d.geocoder(d.r.Texte); ok && a.Score >= scoreSur {
			return d.situee(a)
		}
	}
	s := Situation{Genre: GenreInconnu, Libelle: d.r.Texte, Vues: d.vues}
	for _, suggestion := range d.r.Suggestions {
		s.Suggestions = append(s.Suggestions, newChoix(suggestion))
	}
	return s
}
