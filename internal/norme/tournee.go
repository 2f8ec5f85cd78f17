package norme

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

const arretMax = 80 // runes: longer, it is a sentence, not a name

var (
	jetonSigne   = regexp.MustCompile(`^[\s:=,-]+`)
	debutJour    = regexp.MustCompile(`\b(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b`)
	motifParite  = regexp.MustCompile(`\(\s*semaines? (im)?paires?\s*\)`)
	motifSurRDV  = regexp.MustCompile(`[\s,(-]*(?:uniquement )?sur (?:rendez[- ]?vous|rdv)(?: uniquement)?\b\s*\)?`)
	motifSecteur = regexp.MustCompile(`secteur\s*(\d+)\s*:`)
	teteArret    = regexp.MustCompile(`(?i)^(MDS|mairies?|médiathèques?|CCAS|centres? (?:social|sociaux)|France services)(?:\s+(de la|de l'|de|du|des|d['’]))?\s*(.*)$`)
	motifPlace   = regexp.MustCompile(`(?i)^(.*\S)\s+site\s+\S`)
)

// lireTournee reads the stops of an itinerant service from its comment: by day
// ("Lundi : A (semaines paires) / B (semaines impaires). Mardi : C sur RDV") or
// by sector ("Secteur 1 : MDS de A, Mairies de B, C"). jours are the hours of
// the row, which hold for each stop of the day. A comment of another shape
// gives no stop at all.
func lireTournee(commentaire string, jours [7][]horaires.Plage) []mednum.Permanence {
	if p := lireSecteurs(commentaire); len(p) > 0 {
		return p
	}
	return lireJournees(commentaire, jours)
}

// lireSecteurs reads lists of places without hours.
func lireSecteurs(commentaire string) []mednum.Permanence {
	a := aligner(commentaire)
	plie := a.plie
	debuts := motifSecteur.FindAllStringSubmatchIndex(plie, -1)
	if len(debuts) == 0 || strings.TrimSpace(plie[:debuts[0][0]]) != "" {
		return nil
	}
	var arrets []mednum.Permanence
	for i, m := range debuts {
		fin := len(plie)
		if i+1 < len(debuts) {
			fin = debuts[i+1][0]
		}
		noms := arretsDe(a.entre(m[1], fin))
		if len(noms) == 0 {
			return nil
		}
		for _, nom := range noms {
			arrets = append(arrets, mednum.Permanence{Intitule: "Secteur " + plie[m[2]:m[3]], Arret: &nom})
		}
	}
	return arrets
}

// aligne is a text beside its folded form, in which words are looked for; pos
// gives, for each byte of plie, the byte of texte of the same rune.
type aligne struct {
	texte, plie string
	pos         []int
}

func aligner(s string) aligne {
	a := aligne{texte: s, plie: horaires.Plier(s)}
	a.pos = make([]int, 0, len(a.plie)+1)
	reste := a.plie
	for i := range s {
		_, n := utf8.DecodeRuneInString(reste)
		for range n {
			a.pos = append(a.pos, i)
		}
		reste = reste[n:]
	}
	a.pos = append(a.pos, len(s))
	return a
}

// entre is the text whose folded form is plie[debut:fin].
func (a aligne) entre(debut, fin int) string { return a.texte[a.pos[debut]:a.pos[fin]] }

// depuis is entre, up to the end.
func (a aligne) depuis(debut int) string { return a.entre(debut, len(a.plie)) }

// arretsDe names each stop of a list. What stands before the first name of a
// group holds for the next ones: "Mairies de A, B" is two town halls.
func arretsDe(liste string) []mednum.Arret {
	var arrets []mednum.Arret
	genre, site, ville := "", "", ""
	for nom := range strings.SplitSeq(strings.Trim(liste, " ./;,\n"), ",") {
		nom = strings.Trim(nom, " ./;\n")
		if nom == "" || utf8.RuneCountInString(nom) > arretMax || strings.ContainsAny(nom, "@:") {
			return nil
		}
		if m := teteArret.FindStringSubmatch(nom); m != nil {
			genre, nom, site, ville = genreArret(m[1]), m[3], "", ""
			if s := motifPlace.FindStringSubmatch(nom); s != nil {
				site, ville = genre+" "+s[1]+" site ", s[1]
				arrets = append(arrets, mednum.Arret{Nom: genre + " " + nom, Commune: ville})
				continue
			}
		}
		switch {
		case nom == "":
			return nil
		case site != "":
			arrets = append(arrets, mednum.Arret{Nom: site + nom, Commune: ville})
		case genre != "":
			arrets = append(arrets, mednum.Arret{Nom: genre + " " + deNom(nom), Commune: nom})
		default:
			arrets = append(arrets, mednum.Arret{Nom: nom, Commune: nom})
		}
	}
	return arrets
}

// genreArret writes the kind of a stop in the singular.
func genreArret(ecrit string) string {
	switch g := horaires.Plier(ecrit); {
	case sigles[g]:
		return strings.ToUpper(g)
	case strings.HasPrefix(g, "centre"):
		return "Centre social"
	case strings.HasPrefix(g, "france"):
		return "France services"
	default:
		return majuscule(strings.TrimSuffix(strings.ToLower(ecrit), "s"))
	}
}

// lireJournees reads days and the places of each.
func lireJournees(commentaire string, jours [7][]horaires.Plage) []mednum.Permanence {
	a := aligner(commentaire)
	plie := a.plie
	debuts := debutJour.FindAllStringSubmatchIndex(plie, -1)
	if len(debuts) < 2 || !introduction(plie[:debuts[0][0]]) {
		return nil
	}
	var arrets []mednum.Permanence
	for i, m := range debuts {
		fin := len(plie)
		if i+1 < len(debuts) {
			fin = debuts[i+1][0]
		}
		jour := slices.Index(nomsJours, plie[m[2]:m[3]])
		lus := lireJournee(jour, a.entre(m[1], fin), jours[jour])
		if len(lus) == 0 {
			return nil
		}
		arrets = append(arrets, lus...)
	}
	return arrets
}

// introduction tells whether what stands before the first day may be ignored:
// nothing, or a title such as "Itinérance :".
func introduction(s string) bool {
	s = strings.TrimSpace(s)
	return s == "" || strings.HasSuffix(s, ":") && len(s) <= 40 && !strings.ContainsAny(s, ".;/@0123456789")
}

// lireJournee reads ": A (semaines paires) / B (semaines impaires)", " matin :
// C" or " 9h-12h D" after the name of a day.
func lireJournee(jour int, clause string, plages []horaires.Plage) []mednum.Permanence {
	tete, lieux := couperTete(clause)
	creneaux, fin := scanJours(tete)
	if fin < len(tete) || strings.ContainsAny(lieux, "@:0123456789") {
		return nil
	}
	if len(creneaux) > 0 { // hours or half of the day, given after its name
		c := creneaux[0]
		if len(c.plages) > 0 {
			plages = c.plages
		} else {
			plages = slices.DeleteFunc(slices.Clone(plages), func(p horaires.Plage) bool {
				return c.moitie != journee && (c.moitie == matin) != (p.Debut < midi)
			})
		}
	}
	var arrets []mednum.Permanence
	for _, a := range alternatives(lieux) {
		if a.nom == "" || utf8.RuneCountInString(a.nom) > arretMax || len(plages) == 0 {
			return nil
		}
		var semaine [7][]horaires.Plage
		semaine[jour] = plages
		arrets = append(arrets, mednum.Permanence{
			Regle: a.semaines + horaires.Composer(semaine), RendezVous: a.rendezVous,
			Arret: &mednum.Arret{Nom: a.nom, Commune: communeDe(a.nom)},
		})
	}
	return arrets
}

// couperTete parts what is said of the day from the places: at the colon, or
// before the first word that is no half of day nor hour.
func couperTete(clause string) (tete, lieux string) {
	a := aligner(clause)
	fin := 0
	for fin < len(a.plie) {
		reste := a.plie[fin:]
		if !avance(jetonMoitie, reste, &fin) && !avanceHeures(reste, new([]horaires.Plage), &fin) && !avance(jetonSigne, reste, &fin) {
			break
		}
	}
	return strings.Trim(a.plie[:fin], " :=,-"), strings.Trim(a.depuis(fin), " \n")
}

// alternative is one of the places of a day.
type alternative struct {
	nom        string
	semaines   string // "week 02-52/2 ", "" for every week
	rendezVous bool
}

// Weeks by their ISO 8601 numbers. A year has 52 or 53: the odd ones go to 53,
// after which week 1 is odd again.
const (
	semainesPaires   = "week 02-52/2 "
	semainesImpaires = "week 01-53/2 "
)

// alternatives parts the places of a day: each is closed by its weeks, or
// there is one for every week.
func alternatives(lieux string) []alternative {
	t := aligner(lieux)
	var lues []alternative
	debut := 0
	for _, m := range motifParite.FindAllStringSubmatchIndex(t.plie, -1) {
		a := nommerArret(t.entre(debut, m[0]))
		a.semaines = semainesPaires
		if m[2] >= 0 {
			a.semaines = semainesImpaires
		}
		lues = append(lues, a)
		debut = m[1]
	}
	if reste := strings.Trim(t.depuis(debut), " ./;,-"); len(lues) == 0 || reste != "" {
		if len(lues) > 0 || strings.Contains(t.plie, "paire") || strings.ContainsAny(reste, "/()") {
			return []alternative{{}} // something is not understood
		}
		lues = append(lues, nommerArret(t.depuis(debut)))
	}
	return lues
}

func nommerArret(texte string) alternative {
	t := aligner(texte)
	a := alternative{nom: texte}
	if m := motifSurRDV.FindStringIndex(t.plie); m != nil {
		a.rendezVous = true
		a.nom = t.entre(0, m[0]) + t.depuis(m[1])
	}
	a.nom = majuscule(enLigne(strings.Trim(a.nom, " ./;,-\n")))
	return a
}

// communeDe is the commune in the name of a stop, as it is typed: after "Mairie
// de", otherwise the whole name.
func communeDe(nom string) string {
	if m := teteArret.FindStringSubmatch(nom); m != nil && m[3] != "" {
		return m[3]
	}
	return nom
}

var (
	debutAntenne = regexp.MustCompile(`^(antenne|permanence)s? (?:france services )?(?:sur|a|au|aux|de|dans) (?:la |le |l')?(?:commune (?:de |d'))?`)
	finAntenne   = regexp.MustCompile(`[\s,:(]+(?:du|le|les|tous les|chaque)\s+(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)`)
	lieuNomme    = regexp.MustCompile(`^(?:mairie|mediatheque|centre|maison|espace|salle|bibliotheque|ccas|ecole)\b`)
)

// lireAntenne reads a comment that describes one other site with its days and
// hours: "Antenne sur la commune de X du lundi au vendredi de 8h30 à 12h". ok
// is false when a part other than a phone or an address is not understood.
func lireAntenne(commentaire string) (p mednum.Permanence, ok bool) {
	sans := motifCourriel.ReplaceAllString(motifTelephone.ReplaceAllStringFunc(commentaire, siNumero), "")
	t := aligner(sans)
	debut := debutAntenne.FindStringSubmatchIndex(t.plie)
	if debut == nil {
		return p, false
	}
	fin := finAntenne.FindStringIndex(t.plie[debut[1]:])
	if fin == nil || fin[0] == 0 {
		return p, false
	}
	nom := strings.Trim(t.entre(debut[1], debut[1]+fin[0]), " ,:(")
	suite := t.plie[debut[1]+fin[0]:]
	creneaux, lu := scanJours(suite)
	if lu < len(suite) || utf8.RuneCountInString(nom) > arretMax || strings.ContainsAny(nom, "@:/;.") ||
		slices.ContainsFunc(creneaux, func(c creneau) bool { return len(c.plages) == 0 }) {
		return p, false
	}
	arret := mednum.Arret{Nom: majuscule(nom), Commune: communeDe(nom)}
	switch {
	case lieuNomme.MatchString(horaires.Plier(nom)):
	case !nomDeCommune(nom):
		return p, false
	default:
		commune := tirets(nom)
		arret = mednum.Arret{Nom: majuscule(t.plie[debut[2]:debut[3]]) + " " + deNom(commune), Commune: commune}
	}
	p = mednum.Permanence{Regle: horaires.Composer(semaine(creneaux)), Arret: &arret}
	return p, p.Regle != ""
}

// nomDeCommune tells whether a text may be the name of a commune: few words,
// all with a capital but the small ones.
func nomDeCommune(nom string) bool {
	mots := strings.Fields(nom)
	return len(mots) <= 6 && !slices.ContainsFunc(mots, func(mot string) bool {
		r, _ := utf8.DecodeRuneInString(mot)
		_, apres, elide := strings.Cut(horaires.Plier(mot), "'")
		return !unicode.IsUpper(r) && !petitsMots[horaires.Plier(mot)] && (!elide || apres == "")
	})
}

// siNumero removes what is a phone number, and keeps hours that look like one.
func siNumero(texte string) string {
	if mednum.Telephone(texte) != "" {
		return ""
	}
	return texte
}

// tirets writes the name of a commune with its hyphens: "Monclar de Quercy"
// gives "Monclar-de-Quercy".
func tirets(nom string) string {
	mots := strings.Fields(nom)
	if len(mots) < 2 {
		return majuscule(nom)
	}
	debut := ""
	if petitsMots[strings.ToLower(mots[0])] {
		debut, mots = majuscule(mots[0])+" ", mots[1:]
	}
	return debut + majusculesCommune(strings.Join(mots, "-"))
}
