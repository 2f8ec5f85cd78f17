package norme

import (
	"strings"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// fonctions are words of an address that name a service or a place.
var fonctions = ensemble(`accueil acceuil adapei administration adil admin agence agglo agglomeration antenne appui asso association ateliers atelier bal bib biblio
	bibliotheque bij bureau bus caf campus cap cc ccas cdc centre chateau cias cidff cij ciel club cms collectif com comcom communaute commune communication conciergerie
	contact contacts coop coordination crij csc cs cyber cyberbase cybercentre culture departement ecole emploi enfance entraide epn espace espaces
	evs fablab familles fabrique federation formation foyer france franceservice franceservices fs gestion gip hotel inclusion info infos informatique
	information initiatives insertion jeunes jeunesse labo lab laposte ligue lieu local locale logement mairie maison mde mdef mds mdph media
	mediation mediatheque mission mjc mobile mobilite mq msa msap multimedia multiservices municipal num numerique office pad papi pij pimms plateforme point pole
	pmi poste prevention proximite public quartier ram reception redaction regie relais reseau residence rural rurale sante scop secr secretariat
	secteur service services siege site social sociale sociales solidaire solidarite solidarites sport support syndicat tiers tierslieu tourisme udaf
	union universite urbanisme ville villede village vie
	busfs cdad conseillers das efs ems fjt jardin jardins maisonducitoyen mdh mfs numeriques pfsp psp`)

// roles are words of an address that name what one person does: they excuse
// nothing, and tell nothing by themselves.
var roles = ensemble(`animateur animatrice cnfs conseiller conseillere conseillernumerique cn dgs directeur directrice direction dir mediateur
	mediatrice presidence president presidente referent referente responsable secretaire`)

// prenoms are the given names most borne in France (Insee, "Fichier des
// prénoms", births since 1946), without accents.
var prenoms = ensemble(`adam adele adrien agathe agnes alain albert alex alexandra alexandre alexia alexis alice alicia aline alison amandine amelie
	ana anais andre andrea anita anna anne annick annie anthony antoine antonin arlette arnaud arthur astrid audrey aurelie aurelien aurore axel axelle
	baptiste barbara bastien beatrice benedicte benjamin benoit bernadette bernard berangere bertrand brigitte bruno camille carine carole caroline catherine cecile
	cedric celia celine chantal charlene charles charlotte christelle christian christiane christine christophe claire clara claude claudia claudine clement clementine
	colette coralie corinne cynthia cyril cyrille daniel danielle david deborah delphine denis denise didier dimitri dominique dorian dorothee edith edouard
	eliane elisabeth elise elodie eloise emeline emilie emma emmanuel emmanuelle eric erika estelle esther etienne eugenie eva eve evelyne fabien fabienne fabrice
	fanny fatima fatiha flavie flora florence florent florian francine franck francois francoise frederic frederique gabriel gabrielle gael gaelle
	genevieve geoffrey george georges gerald geraldine gerard gilbert gilles gisele guillaume guy gwenaelle hadrien helene henri herve hugo hugues ines
	ingrid irene isabelle ivan jacqueline jacques jade james janine jean jeanne jennifer jeremie jeremy jerome jessica joel joelle johan johanna johanne john
	jonathan jordan joseph josette josiane joseline joyce juan jules julia julie julien juliette justine karen karim karima karine katia kevin khadija laetitia lara laura laure laurence
	laurent laurie laurine lea leila lena leo leon leonie leslie lilian liliane lionel lisa lise loic lola loris lorraine louis louise luc lucas lucie lucien
	lucile lucille ludivine ludovic lydia lydie lydia lynda madeleine magali malika manon manuel marc marcel margaux margot marguerite maria
	marianne marie mariam marina marine marion marjorie marlene martial martin martine maryline maryse mathias mathieu mathilde matthieu maud maurice maxence maxime
	melanie melina melissa michael michel michele micheline mickael mireille mohamed monique morgan morgane muriel mylene myriam nadege nadia nadine natacha nathalie nathan nelly
	nicolas nicole noel noemie nora oceane odette odile olivia olivier ophelie oriane pascal pascale patrice patricia patrick paul paula pauline perrine philippe
	pierre priscilla quentin rachel rachid raphael raymond rebecca regine regis remi remy rene renee richard robert robin roger roland romain romane rose rosalie roxane
	sabine sabrina said salome samia samir samuel sandra sandrine sarah sebastien serena serge severine simon simone solene solenne sonia sophie stella stephane stephanie steve
	steven suzanne sylvain sylvette sylviane sylvie tania tatiana teddy thibault thibaut thierry thomas tiffany tom valentin valentine valerie vanessa veronique
	victor victoire victoria vincent virginie vivien viviane wilfried william xavier yann yannick yasmina yasmine yoann yohan yolande yves yvette yvon yvonne zoe`)

// personnel tells whether an e-mail address looks like that of a person:
// "prenom.nom", "p.nom" or a given name alone, with no word of a service and
// none of the place's own name. A doubt counts as a person: a place can be
// called, a person's address cannot be taken back.
func personnel(adresse, contexte string) bool {
	local, domaine, _ := strings.Cut(adresse, "@")
	if domaine == "france-services.gouv.fr" { // the State gives these to places
		return false
	}
	connus := mednum.CleAvecArticle(contexte + " " + domaine)
	duLieu := ensemble(mednum.Normaliser(contexte))
	var prenom, role, service bool
	inconnus, parts := 0, 0
	for p := range strings.FieldsFuncSeq(local, func(r rune) bool { return strings.ContainsRune("._-+'", r) }) {
		if p = mednum.Normaliser(strings.Trim(p, "0123456789")); p == "" {
			continue
		}
		parts++
		switch {
		case roles[p]:
			role = true
		case fonctions[p], duLieu[p], commenceParFonction(p):
			service = true
		case prenoms[p]:
			prenom = true
		case utf8.RuneCountInString(p) >= 3 && strings.Contains(connus, p):
			service = true
		default:
			inconnus++
		}
	}
	switch {
	case prenom:
		return inconnus > 0 || !service
	case service:
		return false
	case role:
		return inconnus >= 2
	}
	return parts == 2 && inconnus == 2 && !strings.ContainsAny(local, "0123456789") // "p.nom", "x.nom"
}

// commenceParFonction tells words run together: "franceservicesrelais",
// "contactsocial". Short words would begin names.
func commenceParFonction(mot string) bool {
	for n := 6; n < len(mot); n++ {
		if fonctions[mot[:n]] {
			return true
		}
	}
	return false
}
