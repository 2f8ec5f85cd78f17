package norme

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Motives of the remarks about names.
const (
	motifNomCapitales = "nom écrit en capitales"
	motifNomPrecise   = "le nom ne dit pas de quelle commune, ou l’écrit autrement"
	motifNomMairie    = "le nom ne dit pas que c’est la mairie, ou pas de quelle commune"
	motifNomCommune   = "plusieurs lieux portent ce nom : la commune le précise"
)

// nomsGeneriques name a kind of place, not a place: they get their commune.
var nomsGeneriques = ensembleDe("La Poste", "Agence postale", "Agence postale communale", "Mission locale", "CCAS", "CIAS", "MSAP", "PIJ", "BIJ", "MJC",
	"Centre communal d'action sociale", "Centre intercommunal d'action sociale", "Médiathèque", "Médiathèque municipale",
	"Médiathèque intercommunale", "Bibliothèque", "Bibliothèque municipale", "Centre social", "Centre socioculturel", "Espace de vie sociale",
	"France services", "Espace France services", "Maison de services au public", "Maison France services", "Point information jeunesse",
	"Hôtel de ville", "Maison des associations", "Maison des jeunes et de la culture", "Cyberbase", "Cyber-base", "Espace numérique",
	"Espace public numérique", "EPN", "MDS", "Pôle emploi", "France Travail", "Croix-Rouge française", "Secours populaire français")

func ensembleDe(noms ...string) map[string]bool {
	e := make(map[string]bool)
	for _, nom := range noms {
		e[mednum.Normaliser(nom)] = true
	}
	return e
}

// nommer sets the name as a citizen reads it. commune is already tidied, pivot
// is the SIRET; the name as written stays in the remarks.
func (b *brouillon) nommer(ecrit, commune, pivot string) {
	nom, motif := ecrit, motifNomPrecise
	if mairie := nomMairie(nom, commune, pivot); mairie != "" {
		nom, motif = mairie, motifNomMairie
	} else {
		if enCapitales(nom) {
			nom, motif = decapitaler(nom, commune), motifNomCapitales
		} else {
			nom = sigleEnTete(remettreCommune(nom, commune))
		}
		nom = preciser(nom, commune)
	}
	nom = majuscule(nom)
	b.mettre(mednum.ChampNom, nom)
	b.remarquer(mednum.ChampNom, ecrit, nom, motif)
}

var motifMairie = regexp.MustCompile(`^(?:la )?(?:mairie|commune|ville|hotel de ville)(?: (?:de la commune )?(?:du|des|de|d))?(?: (.+))?$`)

// nomMairie is "Mairie de Caumont" for a town hall that is named "Mairie",
// "MAIRIE DE CAUMONT", "COMMUNE DE CAUMONT", or only "CAUMONT" with the SIRET
// of a commune; "" for another place.
func nomMairie(nom, commune, pivot string) string {
	n, c := mednum.Normaliser(nom), mednum.Normaliser(commune)
	if n == c && siretDeCommune(pivot) {
		return "Mairie " + deNom(commune)
	}
	m := motifMairie.FindStringSubmatch(n)
	if m == nil {
		return ""
	}
	ditMairie := strings.Contains(n, "mairie") || strings.HasPrefix(n, "commune")
	switch {
	case m[1] == "" && strings.Contains(n, "mairie"), mednum.Cle(m[1]) == mednum.Cle(commune) && m[1] != "" && (ditMairie || siretDeCommune(pivot)):
		return "Mairie " + deNom(commune)
	case m[1] != "" && strings.HasPrefix(n, "commune") && enCapitales(nom):
		return "Mairie " + deNom(ecrireCommune(m[1]))
	}
	return ""
}

// siretDeCommune tells whether a SIRET is that of a commune: since 1983 their
// SIREN begins with 21 (Insee, Sirene: 21 communes, 22 départements, 26
// hospitals and CCAS), and its nine digits pass the Luhn check.
func siretDeCommune(siret string) bool {
	return len(siret) == 14 && strings.HasPrefix(siret, "21") && chiffres(siret) && luhn(siret[:9])
}

// luhn is the check of ISO/IEC 7812-1, which SIREN numbers pass.
func luhn(nombre string) bool {
	somme := 0
	for i := range len(nombre) {
		c := int(nombre[len(nombre)-1-i] - '0')
		if i%2 == 1 {
			if c *= 2; c > 9 {
				c -= 9
			}
		}
		somme += c
	}
	return somme%10 == 0
}

func chiffres(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// motCapital is one word of a name in capitals and its key.
type motCapital struct{ ecrit, cle string }

var motifEspaceElision = regexp.MustCompile(`(?i)\b([DL])[ '’]+([AEIOUYHÀÂÉÈÊÎÔ])`)

// decapitaler writes a name in capitals as French does: the longest known
// expressions first, then word by word.
func decapitaler(nom, commune string) string {
	nom = motifEspaceElision.ReplaceAllString(nom, "$1'$2")
	mots := decouper(nom)
	lieux := map[string]string{mednum.Normaliser(commune): commune}
	var sortie []string
	for i := 0; i < len(mots); {
		if n, ecrit := plusLongue(mots[i:], lieux, expressions, departements); n > 0 {
			sortie = append(sortie, mots[i].prefixe()+ecrit+mots[i+n-1].suffixe())
			i += n
			continue
		}
		sortie = append(sortie, ecrireMot(mots[i], i == 0))
		i++
	}
	return reseau(strings.Join(articleDAssociation(sortie), " "))
}

func decouper(nom string) []motCapital {
	champs := strings.Fields(nom)
	mots := make([]motCapital, len(champs))
	for i, m := range champs {
		mots[i] = motCapital{m, mednum.Normaliser(m)}
	}
	return mots
}

// prefixe and suffixe are the signs around a word: quotes, brackets, commas.
func (m motCapital) prefixe() string {
	return m.ecrit[:len(m.ecrit)-len(strings.TrimLeftFunc(m.ecrit, signeSeul))]
}

func (m motCapital) suffixe() string {
	return m.ecrit[len(strings.TrimRightFunc(m.ecrit, signeSeul)):]
}

func signeSeul(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

const expressionMax = 8 // words

// plusLongue finds the longest expression at the start of the words: how many
// words it takes and how it is written, 0 when none is known. A table earlier
// in the list wins at equal length.
func plusLongue(mots []motCapital, tables ...map[string]string) (n int, ecrit string) {
	for n = min(len(mots), expressionMax); n > 0; n-- {
		parties := make([]string, n)
		for i := range n {
			parties[i] = mots[i].cle
		}
		cle := strings.Join(parties, " ")
		for _, table := range tables {
			if ecrit, ok := table[cle]; ok && cle != "" {
				return n, ecrit
			}
		}
	}
	return 0, ""
}

// ecrireMot writes one word of a name in capitals. Elisions and hyphens are
// written part by part: "L'ENSEIGNEMENT", "SOCIO-CULTUREL".
func ecrireMot(m motCapital, premier bool) string {
	for _, sep := range []string{"'", "’", "-", "/"} {
		if avant, apres, ok := strings.Cut(m.ecrit, sep); ok && avant != "" && apres != "" {
			return ecrireMot(motCapital{avant, mednum.Normaliser(avant)}, premier) + sep +
				ecrireMot(motCapital{apres, mednum.Normaliser(apres)}, false)
		}
	}
	switch ecrit, commun := nomsCommuns[m.cle]; {
	case m.cle == "" || strings.ContainsFunc(m.ecrit, unicode.IsDigit):
		return strings.Replace(m.ecrit, "1ER", "1er", 1)
	case strings.HasPrefix(m.ecrit, "(") && strings.HasSuffix(m.ecrit, ")"):
		return m.ecrit
	case petitsMots[m.cle] && !premier:
		return strings.ToLower(m.ecrit)
	case sigles[m.cle]:
		return m.ecrit
	case commun:
		return m.prefixe() + ecrit + m.suffixe()
	case abregesSirene[m.cle] != "":
		return m.prefixe() + abregesSirene[m.cle] + strings.TrimPrefix(m.suffixe(), ".")
	case departements[m.cle] != "":
		return m.prefixe() + departements[m.cle] + m.suffixe()
	case accents[m.cle] != "":
		return m.prefixe() + accents[m.cle] + m.suffixe()
	case sigleProbable(m.ecrit):
		return m.ecrit
	}
	return titre(m.ecrit)
}

// sigleProbable tells a word without a vowel, or with dots between letters.
func sigleProbable(mot string) bool {
	return strings.Count(mot, ".") > 1 || utf8.RuneCountInString(mot) > 1 && !strings.ContainsAny(mot, "AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜ")
}

// articleDAssociation gives its capital back to a title that begins with an
// article after the word "association": "Association L'Âge d'or".
func articleDAssociation(mots []string) []string {
	if len(mots) < 2 || !strings.EqualFold(mots[0], "association") {
		return mots
	}
	article, nom, elide := strings.Cut(mots[1], "'")
	switch {
	case elide && article == "l":
		mots[1] = "L'" + majuscule(nom)
	case len(mots) > 2 && slices.Contains([]string{"la", "le", "les"}, mots[1]):
		mots[1], mots[2] = majuscule(mots[1]), majuscule(mots[2])
	}
	return mots
}

// reseau keeps only the network's name where the rest says no more than the
// département: a citizen knows "Mission locale", not "Mission locale
// insertion professionnelle jeunes Tarn-et-Garonne".
func reseau(nom string) string {
	reste, ok := strings.CutPrefix(nom, "Mission locale ")
	if ok && departements[mednum.Normaliser(reste)] != "" {
		return "Mission locale"
	}
	return nom
}

// remettreCommune writes the commune within a name as the commune is written:
// "Mairie de labourgade", "Mds de Beaumont de Lomagne".
func remettreCommune(nom, commune string) string {
	mots := strings.Fields(nom)
	cle := mednum.Normaliser(commune)
	if cle == "" {
		return nom
	}
	for i := range mots {
		for n := min(len(mots)-i, expressionMax); n > 0; n-- {
			if mednum.Normaliser(strings.Join(mots[i:i+n], " ")) == cle && !signeSeulDans(mots[i:i+n]) {
				mots = slices.Concat(mots[:i], []string{commune}, mots[i+n:])
				return strings.Join(mots, " ")
			}
		}
	}
	return nom
}

func signeSeulDans(mots []string) bool {
	return slices.ContainsFunc(mots, func(m string) bool { return mednum.Normaliser(m) == "" || strings.ContainsAny(m, `"«»(),;:/`) })
}

// sigleEnTete restores a known sigle at the head of a name: "Mds Montech".
func sigleEnTete(nom string) string {
	tete, reste, _ := strings.Cut(nom, " ")
	if r, _ := utf8.DecodeRuneInString(tete); unicode.IsUpper(r) && sigles[strings.ToLower(tete)] && utf8.RuneCountInString(tete) > 2 {
		return strings.TrimSpace(strings.ToUpper(tete) + " " + reste)
	}
	return nom
}

// preciser completes a name that says only the kind of place: "La Poste" and
// "MDS Montech" get "de La Ville-Dieu-du-Temple", "de Montech".
func preciser(nom, commune string) string {
	if commune == "" {
		return nom
	}
	if nomsGeneriques[mednum.Normaliser(nom)] {
		return nom + " " + deNom(commune)
	}
	tete, ok := strings.CutSuffix(nom, " "+commune)
	if tete = strings.TrimRight(tete, " -–,"); ok && (sigles[strings.ToLower(tete)] || nomsGeneriques[mednum.Normaliser(tete)]) {
		return tete + " " + deNom(commune)
	}
	return nom
}

// distinguer adds its commune to each name that places of different communes
// of one département share in the file. Itinerant places keep theirs: their commune is a seat.
func distinguer(fiches []mednum.Fiche) {
	communes := make(map[string]map[string]bool)
	cleDe := func(c map[mednum.Champ]string) string {
		departement := c[mednum.ChampCodeInsee]
		if departement == "" {
			departement = c[mednum.ChampCodePostal]
		}
		return mednum.Normaliser(c[mednum.ChampNom]) + "/" + departement[:min(2, len(departement))]
	}
	for i := range fiches {
		cle := cleDe(fiches[i].Champs)
		if communes[cle] == nil {
			communes[cle] = make(map[string]bool)
		}
		communes[cle][mednum.Cle(fiches[i].Champs[mednum.ChampCommune])] = true
	}
	partages := make([]bool, len(fiches)) // before any name changes
	for i := range fiches {
		partages[i] = len(communes[cleDe(fiches[i].Champs)]) > 1
	}
	for i := range fiches {
		c := fiches[i].Champs
		nom, commune := c[mednum.ChampNom], c[mednum.ChampCommune]
		dit := strings.Contains(" "+mednum.Normaliser(nom)+" ", " "+mednum.Normaliser(commune)+" ")
		if !partages[i] || commune == "" || dit || c[mednum.ChampItinerance] == itinerant {
			continue
		}
		precis := nom + " " + deNom(commune)
		c[mednum.ChampNom] = precis
		fiches[i].Remarques = append(fiches[i].Remarques, mednum.Remarque{Champ: mednum.ChampNom, Avant: nom, Apres: precis, Motif: motifNomCommune})
	}
}
