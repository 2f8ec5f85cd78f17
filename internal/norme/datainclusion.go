package norme

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// fluxInclusion is data·inclusion, which gathers many producers and publishes
// under several licences: nothing is taken as free before somebody says so.
var fluxInclusion = mednum.Flux{
	ID: "data-inclusion", Nom: "data·inclusion (GIP Plateforme de l’inclusion)", URL: "https://data.inclusion.gouv.fr/",
	Licence: mednum.LicenceInconnue, Confiance: 15, AgeMax: 18,
}

// formatStructuresInclusion and formatServicesInclusion are the two files of
// data·inclusion, schema v1 (2025). A structure is a place; what it does is in
// its services. See Joindre.
var (
	formatStructuresInclusion = format{
		nom: "data·inclusion, structures", flux: fluxInclusion, lit: lireStructureInclusion, renomme: true,
		reconnait: func(doc *document) bool {
			return doc.aColonnes("id", "source", "nom", "date_maj") && doc.aUneColonne("horaires_accueil", "reseaux_porteurs", "accessibilite_lieu")
		},
	}
	formatServicesInclusion = format{
		nom: "data·inclusion, services", flux: fluxInclusion, lit: lireServiceInclusion, renomme: true,
		reconnait: func(doc *document) bool { return doc.aColonnes("id", "structure_id", "thematiques") },
	}
)

// lireStructureInclusion reads a structure. Alone it seldom says whether it
// helps with digital matters: one that neither a theme nor a network tells to do
// so is left out, until a file of services says otherwise.
func lireStructureInclusion(b *brouillon, l ligne) string {
	b.identifierInclusion(l, l.texte("id"))
	commune := b.adresserInclusion(l)
	siret := l.texte("siret")
	b.pivoter(siret)
	nom := l.texte("nom")
	b.nommer(nom, commune, siret)
	b.appeler(l.texte("telephone"))
	b.ecrire(l.texte("courriel"), nom, commune)
	b.visiter(mednum.ChampSiteWeb, couperAdresses(l.texte("site_web")))
	b.visiter(mednum.ChampFicheAccesLibre, couperAdresses(l.texte("accessibilite_lieu")))
	b.ouvrirHoraires(l.texte("horaires_accueil"))
	b.detailler(soigner(b.taireCourriels(nettoyer(l.v["description"]), nom+" "+commune)))
	reseaux := b.porter(couperInclusion(l.texte("reseaux_porteurs")))
	themes := b.traiter(couperInclusion(l.texte("thematiques")))
	b.typer("")
	b.finir()
	b.partie = &Partie{Structure: b.fiche.Cle, Ligne: l.num}
	if !reseaux && !themes {
		b.partie.Motif = "Rien ne dit que cette structure aide au numérique : aucun service, aucune thématique ni réseau numérique. Donnez aussi le fichier des services."
	}
	return ""
}

// lireServiceInclusion reads a service: a part of the record of its structure.
func lireServiceInclusion(b *brouillon, l ligne) string {
	structure := l.texte("structure_id")
	if structure == "" {
		return "Pas de structure_id : ce service n’est rattaché à aucune structure."
	}
	if !b.traiter(couperInclusion(l.texte("thematiques"))) {
		return "Ce service n’a pas de thématique numérique."
	}
	b.identifierInclusion(l, l.texte("id"))
	commune := b.adresserInclusion(l)
	nom := l.texte("nom")
	b.mettre(mednum.ChampNom, nom)
	b.appeler(l.texte("telephone"))
	b.ecrire(l.texte("courriel"), nom, commune)
	b.conditionner(l)
	if regle := horaires.Lire(l.texte("horaires_accueil")); regle.Certaine() && regle.Horaires != "" {
		b.permanence(mednum.Permanence{
			Intitule: nom, Regle: regle.Horaires, Services: mednum.SplitListe(b.fiche.Champs[mednum.ChampServices]),
		})
	} else {
		b.ouvrirHoraires(l.texte("horaires_accueil"))
	}
	b.finir()
	b.partie = &Partie{
		Structure: cleInclusion(l.texte("source"), structure), Service: true, Ligne: l.num,
		Motif: "La structure « " + structure + " » de ce service n’est dans aucun des fichiers lus : donnez aussi le fichier des structures.",
	}
	return ""
}

func (b *brouillon) identifierInclusion(l ligne, id string) {
	source := l.texte("source")
	if id != "" {
		b.fiche.Cle = cleInclusion(source, id)
	}
	b.fiche.Producteur = strings.TrimSpace("data·inclusion " + source)
	b.dater(l.texte("date_maj"))
}

// cleInclusion is an id among all sources: data·inclusion writes it
// "source--id" in some files, "id" beside a source in others.
func cleInclusion(source, id string) string {
	if avant, _, ok := strings.Cut(id, "--"); source == "" || ok && strings.EqualFold(avant, source) {
		return id
	}
	return source + "--" + id
}

func (b *brouillon) adresserInclusion(l ligne) string {
	commune := b.situer(l.texte("commune"), l.texte("code_postal"), l.texte("code_insee"), l.texte("adresse"), l.texte("complement_adresse"))
	b.localiser(l.texte("latitude"), l.texte("longitude"))
	return commune
}

// couperInclusion splits a list: "a|b" from JSON, "a,b", "{a,b}" or "['a', 'b']"
// in a CSV. The values are codes, without spaces.
func couperInclusion(texte string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(texte, func(r rune) bool { return strings.ContainsRune(`|,;{}[]"' `, r) }),
		func(s string) bool { return s == "" })
}

// traiter sets the services of the themes, and says whether one of them is
// digital.
func (b *brouillon) traiter(themes []string) bool {
	numerique := false
	for _, theme := range themes {
		service, connu := themesInclusion[theme]
		tete, reste, _ := strings.Cut(theme, "--")
		if !connu && tete == "numerique" && reste != "" { // themes of schema v0: the words of the standard v0
			service = versV1[mednum.Normaliser(reste)].valeur
			if service == "" {
				b.douter(mednum.ChampServices, theme, "", "thématique inconnue du standard")
			}
			connu = true
		}
		numerique = numerique || connu
		b.ajouter(mednum.ChampServices, service)
	}
	return numerique
}

// porter sets what the networks of a structure say of it, and tells whether one
// of them is a digital one.
func (b *brouillon) porter(reseaux []string) bool {
	numerique := false
	for _, r := range reseaux {
		v, connu := reseauxInclusion[r]
		if !connu {
			b.remarquer(mednum.ChampTypologie, r, "", "réseau que le standard ne connaît pas")
			continue
		}
		b.ajouter(v.champ, v.valeur)
		numerique = numerique || v.numerique
	}
	return numerique
}

// conditionner sets who a service is for, what it costs and how one asks for it.
func (b *brouillon) conditionner(l ligne) {
	for _, code := range couperInclusion(l.texte("frais")) {
		v, connu := fraisInclusion[code]
		if !connu {
			b.douter(mednum.ChampFraisACharge, code, "", "valeur inconnue du standard")
		}
		if v.champ != "" {
			b.ajouter(v.champ, v.valeur)
		}
		b.detailler(v.detail)
	}
	b.detailler(phraseInclusion("Prix", l.texte("frais_precisions")))
	var autres []string
	for _, code := range couperInclusion(l.texte("publics")) {
		switch valeur, connu := publicsInclusion[code]; {
		case !connu:
			autres = append(autres, strings.ReplaceAll(code, "-", " "))
		default:
			b.ajouter(mednum.ChampPublics, valeur)
		}
	}
	b.detailler(phraseInclusion("Publics", strings.Join(autres, ", ")))
	b.detailler(phraseInclusion("Publics", l.texte("publics_precisions")))
	b.detailler(phraseInclusion("Conditions", l.texte("conditions_acces")))
	if slices.Contains(couperInclusion(l.texte("modes_accueil")), "a-distance") {
		b.ajouter(mednum.ChampModalitesAccompagn, "À distance")
	}
	for _, code := range couperInclusion(l.texte("modes_mobilisation")) {
		if valeur := modesInclusion[code]; valeur != "" {
			b.ajouter(mednum.ChampModalitesAcces, valeur)
		}
	}
	if p := couperInclusion(l.texte("mobilisable_par")); len(p) == 1 && p[0] == "professionnels" {
		b.detailler("Il faut être orienté par un professionnel.")
	}
}

func phraseInclusion(sujet, texte string) string {
	if texte = sansCourriels(texte, ""); mednum.Normaliser(texte) == "" {
		return ""
	}
	return sujet + " : " + strings.TrimRight(texte, ". ") + "."
}
