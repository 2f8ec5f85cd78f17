package norme

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// accueil is how a range of hours is open.
type accueil int

const (
	libre      accueil = iota // walk in
	rendezVous                // by appointment only
	ordinateur                // a computer to use alone, no help said
)

// periode is what a sentence says of creneaux; none means all the hours.
type periode struct {
	accueil  accueil
	creneaux []creneau
}

var (
	dansRendezVous = regexp.MustCompile(`(?:(?:uniquement|exclusivement|seulement) )?(?:en |sur |sous )(?:rendez[- ]?vous|rdv)\b(?: (?:uniquement|exclusivement|seulement)\b)?`)
	dansOrdinateur = regexp.MustCompile(`(?:en |l')?(?:acces libre|libre acces)(?: (?:a (?:un |l'|des )|aux |d'|de l')?(?:ordinateurs?|informatique|postes?|pc)\b)+`)
	dansLibre      = regexp.MustCompile(`(?:avec ou )?(?:sans|pas de) (?:rendez[- ]?vous|rdv)\b|(?:en |l')?(?:acces libre|libre acces|accueil libre)\b|sur le flux\b`)
	finClause      = regexp.MustCompile(`[.;\n]|\s/\s|\s-\s`)
	exclusif       = regexp.MustCompile(`(?:uniquement|exclusivement|seulement)[^.;]{0,20} (?:sur|sous) (?:rendez[- ]?vous|rdv)\b|(?:rendez[- ]?vous|rdv) (?:uniquement|exclusivement|seulement|obligatoire|necessaire)`)
)

// lirePeriodes reads a comment that says when one needs an appointment and
// when not. ok is false when any part of it is not understood: nothing is then
// concluded.
func lirePeriodes(commentaire string) (periodes []periode, ok bool) {
	texte := horaires.Plier(motifTelephone.ReplaceAllString(motifCourriel.ReplaceAllString(commentaire, ""), ""))
	courante := -1
	for _, clause := range finClause.Split(texte, -1) {
		clause = strings.TrimSpace(clause)
		if clause == "" {
			continue
		}
		a, reste, marque := marquer(clause)
		if marque > 1 || marque == 0 && courante < 0 {
			return nil, false
		}
		if marque == 1 {
			courante = int(a)
		}
		creneaux, fin := scanJours(reste)
		if fin < len(reste) {
			return nil, false
		}
		periodes = append(periodes, periode{accueil(courante), creneaux})
	}
	return periodes, len(periodes) > 0
}

// marquer takes the words that say how one is received out of a clause, and
// counts the kinds that it holds.
func marquer(clause string) (a accueil, reste string, kinds int) {
	reste = clause
	for _, m := range []struct {
		accueil accueil
		motif   *regexp.Regexp
	}{{ordinateur, dansOrdinateur}, {libre, dansLibre}, {rendezVous, dansRendezVous}} {
		if m.motif.MatchString(reste) {
			reste = strings.TrimSpace(m.motif.ReplaceAllString(reste, " "))
			a, kinds = m.accueil, kinds+1
		}
	}
	return a, reste, kinds
}

// semaineAccueil sorts the hours of a week by how they are open.
type semaineAccueil [3][7][]horaires.Plage

// repartir lays what a comment says over the hours of the columns. What it
// does not speak of is open to all.
func repartir(jours [7][]horaires.Plage, periodes []periode) (s semaineAccueil) {
	for j, plages := range jours {
		for _, p := range plages {
			a := libre
			for _, periode := range periodes {
				if len(periode.creneaux) == 0 || slices.ContainsFunc(periode.creneaux, func(c creneau) bool { return c.contient(j, p) }) {
					a = periode.accueil
				}
			}
			s[a][j] = append(s[a][j], p)
		}
	}
	return s
}

func (s *semaineAccueil) vide(a accueil) bool {
	return !slices.ContainsFunc(s[a][:], func(plages []horaires.Plage) bool { return len(plages) > 0 })
}

// horaires writes the week as an opening_hours value: hours by appointment
// have the comment "sur rendez-vous", so that they are never "open", and hours
// of a computer without help say so. Rules are parted by "; ", and by ", "
// (which adds) when a day has hours of several kinds.
func (s *semaineAccueil) horaires() string {
	sep := "; "
	for j := range s[libre] {
		genres := 0
		for _, a := range []accueil{libre, rendezVous, ordinateur} {
			if len(s[a][j]) > 0 {
				genres++
			}
		}
		if genres > 1 {
			sep = ", "
		}
	}
	regles := couperRegles(horaires.Composer(s[libre]), "")
	regles = append(regles, couperRegles(horaires.Composer(s[rendezVous]), ` "sur rendez-vous"`)...)
	regles = append(regles, couperRegles(horaires.Composer(s[ordinateur]), ` open "accès libre à un ordinateur"`)...)
	slices.SortStableFunc(regles, func(a, b string) int { return premierJour(a) - premierJour(b) })
	return strings.Join(regles, sep)
}

func couperRegles(osm, commentaire string) []string {
	var regles []string
	for regle := range strings.SplitSeq(osm, "; ") {
		if regle != "" {
			regles = append(regles, regle+commentaire)
		}
	}
	return regles
}

// premierJour is the rank of the day at the head of a rule.
func premierJour(regle string) int {
	return slices.Index([]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}, regle[:min(2, len(regle))])
}

// recevoir sets horaires, permanences and modalites_acces of a fixed place.
//
// The France Services column prise_rdv says Oui or Non, but not what it asks:
// of its 992 Oui in 2024, 78 comments say that one may also walk in, 73 that
// some hours are by appointment only, and 3 that all are; of its 1,853 Non, 44
// comments ask for an appointment at some hours. So:
//
//   - Non: one may come ("Se présenter|Téléphoner");
//   - Oui: an appointment can be taken, and nothing says that it is needed or
//     not: "Téléphoner", which promises nothing wrong to those who come;
//   - a comment that says it better decides: where it puts some hours by
//     appointment, the other ones are open to all; where none is left (or only
//     a computer to use alone), "Se présenter" is not written.
//
// prise_rdv of the standard is an address of a page: the column never goes
// there. surRDV are the hours for which the column of their day asks for an
// appointment.
func (b *brouillon) recevoir(jours [7][]horaires.Plage, surRDV []creneau, priseRDV, commentaire string) {
	periodes, compris := lirePeriodes(commentaire)
	if !compris {
		periodes = nil
	}
	if len(surRDV) > 0 {
		periodes = append(periodes, periode{rendezVous, surRDV})
	}
	s := repartir(jours, periodes)
	b.mettre(mednum.ChampHoraires, s.horaires())
	if !s.vide(libre) && (!s.vide(rendezVous) || !s.vide(ordinateur)) {
		// Where some hours are told apart, permanences say all the help there is.
		b.permanence(mednum.Permanence{Intitule: "Sans rendez-vous", Regle: horaires.Composer(s[libre])})
	}
	if !s.vide(rendezVous) {
		b.permanence(mednum.Permanence{Intitule: "Sur rendez-vous", Regle: horaires.Composer(s[rendezVous]), RendezVous: true})
	}
	if !s.vide(ordinateur) {
		b.permanence(mednum.Permanence{
			Intitule: "Accès libre à un ordinateur", Regle: horaires.Composer(s[ordinateur]),
			Services: []string{"Accès internet et matériel informatique"},
		})
		b.ajouter(mednum.ChampServices, "Accès internet et matériel informatique")
	}
	b.moyens(&s, periodes, priseRDV, horaires.Plier(commentaire))
}

func (b *brouillon) moyens(s *semaineAccueil, periodes []periode, priseRDV, commentaire string) {
	venir := priseRDV == "Non"
	exclu := exclusif.MatchString(commentaire)
	surRDV := slices.ContainsFunc(periodes, func(p periode) bool { return p.accueil == rendezVous })
	dit := slices.ContainsFunc(periodes, func(p periode) bool { return p.accueil == libre }) || dansLibre.MatchString(commentaire)
	switch {
	case surRDV:
		venir = !s.vide(libre)
	case dit:
		venir = true
	case exclu:
		venir = false
	}
	parle := strings.Contains(commentaire, "rendez") || strings.Contains(commentaire, "rdv")
	if priseRDV == "Non" && (surRDV || exclu) {
		motif := "le commentaire demande un rendez-vous, la colonne prise_rdv dit Non"
		if !parle {
			motif = "les horaires d’un jour demandent un rendez-vous, la colonne prise_rdv dit Non"
		}
		b.douter(mednum.ChampModalitesAcces, "prise_rdv : Non", "", motif)
	}
	switch {
	case venir:
		b.mettre(mednum.ChampModalitesAcces, "Se présenter|Téléphoner")
	case priseRDV != "" || surRDV || exclu:
		b.mettre(mednum.ChampModalitesAcces, "Téléphoner")
	}
	if priseRDV == "Oui" && !parle {
		b.detailler("Prise de rendez-vous possible.")
	}
}

// permanence adds a permanence with a stable id.
func (b *brouillon) permanence(p mednum.Permanence) {
	p.ID = "p" + strconv.Itoa(len(b.fiche.Permanences)+1)
	b.fiche.Permanences = append(b.fiche.Permanences, p)
}
