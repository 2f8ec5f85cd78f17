package web

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// encart is the frame, in a page of another site, around a search and its
// places: what the line of that site's editor asked, and the visitor's search.
type encart struct {
	Commune    *territoire.Commune // where the frame opens, nil for none
	EPCI       *territoire.EPCI    // the same, when there is no commune
	Theme      string              // "clair", "sombre", "" for the visitor's own
	Accent     string              // rrggbb, "" for the colour of the territory
	ListeSeule bool                // no map is offered
	Fautes     []string            // what of the line was not understood, for that editor
	familles   []string            // constraints: only these families,
	services   []string            // and these services
	hote       url.Values          // what every address inside carries: the line, less its faults
	visiteur   url.Values          // the search, as an ordinary page would read it
	illisible  bool
}

// deHote are the parameters that belong to the line of the host. A visitor's own
// choice of families or services goes by another name (prefixeChoix), and by the
// ordinary one within this package.
var deHote = []string{"commune", "epci", "famille", "services", "accent", "theme", "liste-seule"}

const prefixeChoix = "choix_"

var (
	motifAccent = regexp.MustCompile(`^[0-9a-fA-F]{6}$`)
	themes      = []string{"clair", "sombre"}
)

// parseEncart reads a request under /embarque/. A fault in the line takes no
// page from the visitors: it is left out, and said.
func (s *site) parseEncart(r requete) *encart {
	e := &encart{hote: url.Values{}, visiteur: url.Values{}, illisible: r.illisible}
	for cle, valeurs := range r.Values {
		if nom := strings.TrimPrefix(cle, prefixeChoix); slices.Contains(deHote, nom) == (nom != cle) {
			e.visiteur[nom] = valeurs
		}
	}
	s.lireZone(e, r)
	for _, f := range r.Values["famille"] {
		if e.retenir("famille", f, slices.Contains(mednum.Familles, mednum.Famille(f)), "Écrivez france_services, mediation ou tiers_lieu.") {
			e.familles = append(e.familles, f)
		}
	}
	for _, v := range r.Values["services"] {
		if e.retenir("services", v, mednum.EstValeur(mednum.ChampServices, v), "Ce service n’est pas dans le standard.") {
			e.services = append(e.services, v)
		}
	}
	accent := strings.ToLower(strings.TrimPrefix(r.Get("accent"), "#"))
	if e.retenir("accent", accent, motifAccent.MatchString(accent), "Écrivez six chiffres hexadécimaux, comme 9b3524.") {
		e.Accent = accent
	}
	if t := r.Get("theme"); e.retenir("theme", t, slices.Contains(themes, t), "Écrivez clair ou sombre.") {
		e.Theme = t
	}
	if v := r.Get("liste-seule"); v != "non" {
		e.ListeSeule = e.retenir("liste-seule", v, v == "oui", "Écrivez oui, ou rien.")
	}
	return e
}

// lireZone reads where the frame opens: a commune, otherwise an EPCI.
func (s *site) lireZone(e *encart, r requete) {
	if code := r.Get("commune"); code != "" {
		commune, ok := s.Territoire.Commune(code)
		if e.retenir("commune", code, ok, "Écrivez le code INSEE d’une commune "+s.Territoire.NomEn+" ou autour : cinq signes, qui ne sont pas le code postal.") {
			e.Commune = commune
			return
		}
	}
	code := r.Get("epci")
	epci, ok := s.Territoire.EPCI(code)
	if e.retenir("epci", code, ok, "Écrivez le numéro SIREN d’une intercommunalité "+s.Territoire.NomEn+", neuf chiffres.") {
		e.EPCI = epci
	}
}

// fautesMax is how many faults of a line are said.
const fautesMax = 10

// retenir keeps a value of the line, once, or says what is wrong with it.
func (e *encart) retenir(nom, valeur string, ok bool, consigne string) bool {
	if valeur == "" || slices.Contains(e.hote[nom], valeur) || !ok && len(e.Fautes) >= fautesMax {
		return false
	}
	if !ok {
		e.Fautes = append(e.Fautes, "«\u00a0"+nom+"\u00a0: "+abrege(valeur)+"\u00a0» n’est pas compris. "+consigne)
		return false
	}
	e.hote.Add(nom, valeur)
	return true
}

// abrege is the beginning of what somebody wrote, to be shown.
func abrege(texte string) string {
	if r := []rune(texte); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return texte
}

// requete is the visitor's search.
func (e *encart) requete() requete {
	return requete{Values: e.visiteur, illisible: e.illisible, encart: e}
}

// vers is an address inside the frame: a path of the ordinary site put under
// /embarque, with the line of the host and a search.
func (e *encart) vers(chemin string, recherche url.Values) string {
	chemin, ancre, _ := strings.Cut(chemin, "#")
	v := url.Values{}
	for cle, valeurs := range recherche {
		v[nomDansEncart(cle)] = valeurs
	}
	for cle, valeurs := range e.hote {
		v[cle] = valeurs
	}
	adresse := strings.TrimSuffix(cheminEmbarque, "/") + chemin
	if q := v.Encode(); q != "" {
		adresse += "?" + q
	}
	if ancre != "" {
		adresse += "#" + ancre
	}
	return adresse
}

// nomDansEncart is the name, in an address of the frame, of a parameter of the search.
func nomDansEncart(cle string) string {
	if slices.Contains(deHote, cle) {
		return prefixeChoix + cle
	}
	return cle
}

// accueil is where the frame opened, or that page for one errand.
func (e *encart) accueil(pour string) string {
	v := url.Values{}
	if pour != "" {
		v.Set("pour", pour)
	}
	return e.vers("/", v)
}

// Retour is the list that the page of a place was opened from.
func (e *encart) Retour() string { return e.vers("/", e.visiteur) }

// Parti tells that the visitor has left what the frame opened on.
func (e *encart) Parti() bool { return len(e.visiteur) > 0 }

// Debut names what the frame opened on.
func (e *encart) Debut() string {
	switch {
	case e.Commune != nil:
		return "Les lieux près " + textes.De(e.Commune.NomCourant())
	case e.EPCI != nil:
		return "Les lieux\u00a0: " + e.EPCI.NomLong()
	}
	return "Chercher ailleurs"
}

// Carte is the page of the whole site that says more, by its path.
func (e *encart) Carte() string {
	switch {
	case e.Commune != nil:
		return "/communes/" + e.Commune.Code
	case e.EPCI != nil:
		return "/epci/" + e.EPCI.Code
	}
	return "/"
}

// Couleurs is the path of the style sheet with the colour of the frame.
func (e *encart) Couleurs() string {
	v := url.Values{}
	if e.Accent != "" {
		v.Set("couleur", e.Accent)
	}
	if e.Theme != "" {
		v.Set("theme", e.Theme)
	}
	return strings.TrimSuffix(cheminEmbarque+"accent.css?"+v.Encode(), "?")
}

// zone tells that the frame opens on a list.
func (e *encart) zone() bool { return e != nil && (e.Commune != nil || e.EPCI != nil) }

// contraindre keeps a search within what the host asked: what the visitor chose
// of it, otherwise all of it.
func (e *encart) contraindre(dst *catalogue.Recherche) {
	if len(e.familles) > 0 {
		choisies := make([]string, 0, len(dst.Familles))
		for _, f := range dst.Familles {
			choisies = append(choisies, string(f))
		}
		dst.Familles = nil
		for _, f := range dedans(choisies, e.familles) {
			dst.Familles = append(dst.Familles, mednum.Famille(f))
		}
	}
	if len(e.services) > 0 {
		if dst.Filtres == nil {
			dst.Filtres = map[mednum.Champ][]string{}
		}
		dst.Filtres[mednum.ChampServices] = dedans(dst.Filtres[mednum.ChampServices], e.services)
	}
}

// dedans are the values chosen that are among those allowed, or all of these.
func dedans(choisies, permises []string) []string {
	var gardees []string
	for _, v := range choisies {
		if slices.Contains(permises, v) {
			gardees = append(gardees, v)
		}
	}
	if len(gardees) == 0 {
		return permises
	}
	return gardees
}

// comptes are the facets of a search as a visitor of the frame may use them: of
// what the host fixed, only its values, none when there is but one, and chosen
// are those that the visitor chose.
func (e *encart) comptes(facettes []catalogue.Facette) []catalogue.Facette {
	var gardees []catalogue.Facette
	for _, f := range facettes {
		permises, cle := e.services, "services"
		if f.Champ == catalogue.ChampFamilles {
			permises, cle = e.familles, "famille"
		} else if f.Champ != mednum.ChampServices {
			permises = nil
		}
		if len(permises) == 0 {
			gardees = append(gardees, f)
			continue
		}
		if len(permises) == 1 {
			continue
		}
		restreinte := catalogue.Facette{Champ: f.Champ}
		for _, v := range f.Valeurs {
			if slices.Contains(permises, v.Valeur) {
				v.Choisi = slices.Contains(e.visiteur[cle], v.Valeur)
				restreinte.Valeurs = append(restreinte.Valeurs, v)
			}
		}
		gardees = append(gardees, restreinte)
	}
	return gardees
}

// caches are the hidden fields that keep a form of the frame within it.
func (e *encart) caches() (champs []champCache) {
	for _, nom := range deHote {
		for _, v := range e.hote[nom] {
			champs = append(champs, champCache{nom, v})
		}
	}
	return champs
}

// enfermer makes the addresses of places those of the frame. Its visitors
// prepare no sheet of paper: cards stay short.
func (e *encart) enfermer(listes ...[]carteLieu) {
	if e == nil {
		return
	}
	for _, cartes := range listes {
		for i := range cartes {
			cartes[i].Adresse, cartes[i].Cochable = e.vers(cartes[i].Adresse, e.visiteur), false
		}
	}
}
