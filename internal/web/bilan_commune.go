package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsBilanCommune is the sheet of a commune, on one page of A4.
type corpsBilanCommune struct {
	socleBilan
	Lieux      []lieuBilan
	Autres     string // names of the places for which there is no room
	Note       string // whose the numbers with a star are, "" for none
	Couverture []ligneCouverture
	Besoins    string
	Evolution  evolution
}

// lieuBilan is one place of a sheet.
type lieuBilan struct {
	Nom, Telephone, Heures, Prochaines string
}

// The room of a sheet: how many lines of its table of places hold on the page,
// and how many characters a line of each column.
const (
	lignesBilan   = 34.0
	parRangee     = 0.45 // what a row takes beside its lines
	largeurNom    = 30
	largeurHeures = 44
	largeurApres  = 20
	autresMax     = 260 // characters of the names of the others
)

func (s *site) serveBilanCommune(c *fiber.Ctx) error {
	commune, ok := s.Territoire.Commune(c.Params("code"))
	if !ok || !commune.Dedans {
		return fiber.ErrNotFound
	}
	droits := connexion(c).Compte.Habilitations
	if !s.Catalogue.ParlePour(droits, commune.Code) {
		return interdit("code", "Cette fiche est celle d’une commune dont vous ne tenez aucun lieu. Demandez-la à la personne qui coordonne la carte.")
	}
	ctx := c.UserContext()
	corps := corpsBilanCommune{socleBilan: s.socleBilan("Aide numérique "+textes.A(commune.NomCourant()), "Fiche de la commune, "+habitants(commune.Population), "/communes/"+commune.Code)}
	if epci, ok := s.Territoire.EPCI(commune.EPCI); ok {
		corps.Sur += ", " + epci.Nom
	}
	trouves := s.Catalogue.ParCommune(commune.Code)
	corps.Lieux, corps.Autres = s.lieuxBilan(trouves)
	if slices.ContainsFunc(corps.Lieux, func(l lieuBilan) bool { return strings.HasSuffix(l.Telephone, "*") }) {
		corps.Note = s.Territoire.TelephoneLibelle
	}
	corps.Couverture = s.couvertureCommune(ctx, commune)
	var err error
	if corps.Besoins, err = s.besoinsDits(ctx, droits, []string{commune.Code}); err != nil {
		return err
	}
	if corps.Evolution, err = s.evolutionCommune(ctx, commune, trouves); err != nil {
		return err
	}
	corps.Calcul = calculBilan(s.mesureBilan(ctx, couverture.MomentTous))
	return s.rendrePapier(c, "bilan-commune", corps.Titre, corps)
}

// lieuxBilan are the places that hold on the sheet, those that receive people at
// a place of theirs first, and the names of the others.
func (s *site) lieuxBilan(trouves []catalogue.Trouve) (lieux []lieuBilan, autres string) {
	trouves = slices.Clone(trouves)
	slices.SortStableFunc(trouves, func(a, b catalogue.Trouve) int { return cmp.Compare(rangBilan(&a), rangBilan(&b)) })
	var noms []string
	lignes := 0.0
	for _, t := range trouves {
		l := s.lieuBilan(t)
		lignes += l.lignes()
		if lignes > lignesBilan {
			noms = append(noms, l.Nom)
			continue
		}
		lieux = append(lieux, l)
	}
	return lieux, enumererCourt(noms, autresMax)
}

func rangBilan(t *catalogue.Trouve) int {
	switch {
	case t.Arret != nil:
		return 2
	case t.Vue.Heures == nil && len(t.Vue.Permanences) == 0:
		return 1
	}
	return 0
}

// lignes is how many lines of the table the place takes.
func (l *lieuBilan) lignes() float64 {
	n := 1
	for _, x := range []struct {
		texte   string
		largeur int
	}{{l.Nom, largeurNom}, {l.Heures, largeurHeures}, {l.Prochaines, largeurApres}} {
		n = max(n, (utf8.RuneCountInString(x.texte)+x.largeur-1)/x.largeur)
	}
	return float64(n) + parRangee
}

// enumererCourt joins names within a length, and counts those that are left.
func enumererCourt(noms []string, longueur int) string {
	var gardes []string
	for i, nom := range noms {
		if longueur -= utf8.RuneCountInString(nom) + 2; longueur < 0 {
			return strings.Join(gardes, ", ") + " et " + textes.Pluriel(len(noms)-i, "autre", "autres")
		}
		gardes = append(gardes, nom)
	}
	return strings.Join(gardes, ", ")
}

// lieuBilan is a place, or a stop, in a few words: when help is there where that
// is known, when doors are open otherwise.
func (s *site) lieuBilan(t catalogue.Trouve) lieuBilan {
	v, k := t.Vue, s.carte(t, nil)
	l := lieuBilan{Nom: v.Champs.Nom, Telephone: textes.Telephone(k.Telephone)}
	if k.TelephoneDe != "" && l.Telephone != "" {
		l.Telephone += "\u00a0*"
	}
	var heures []string
	var dates []time.Time
	fixes, arrets := s.permanencesDe(v)
	if t.Arret != nil {
		l.Nom += ", " + t.Arret.Arret.Nom
		fixes = slices.DeleteFunc(arrets, func(p permanence) bool { return p.ID != t.Arret.ID })
	}
	for _, p := range fixes {
		if p.Quand != "" {
			heures = append(heures, strings.Trim(p.Titre+"\u00a0: "+p.Quand, "\u00a0: ")+map[bool]string{true: " (sur rendez-vous)"}[p.RendezVous])
			dates = append(dates, s.Catalogue.ProchainsPassages(v, p.ID, prochainesBilan)...)
		}
	}
	if len(heures) == 0 && t.Arret == nil && v.Heures != nil {
		heures = append(heures, textes.Majuscule(textes.Regle(v.Heures)))
		dates = s.Catalogue.ProchainsPassages(v, "", prochainesBilan)
	}
	l.Heures = cmp.Or(textes.Couper(strings.Join(heures, "\u00a0; "), heuresBilanMax), "heures inconnues")
	l.Prochaines = datesBilan(dates)
	if s.Catalogue.Perime(v) {
		l.Prochaines = "à confirmer par téléphone"
		if l.Telephone == "" {
			l.Prochaines = "à confirmer"
		}
	}
	return l
}

// prochainesBilan is how many next days a sheet tells of a place, and
// heuresBilanMax how many characters of its hours.
const (
	prochainesBilan = 2
	heuresBilanMax  = 220
)

// datesBilan are the first days of those, once each, in short: "24 nov., 26 nov.".
func datesBilan(dates []time.Time) string {
	slices.SortFunc(dates, time.Time.Compare)
	var jours []string
	for _, t := range dates {
		if dit := joursCourts[t.Weekday()] + "\u00a0" + t.Format("2/01"); !slices.Contains(jours, dit) && len(jours) < prochainesBilan {
			jours = append(jours, dit)
		}
	}
	return cmp.Or(strings.Join(jours, ", "), inconnu)
}

var joursCourts = [...]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."}

// couvertureCommune is, for each moment, the nearest place and the hours of help
// around.
func (s *site) couvertureCommune(ctx context.Context, commune *territoire.Commune) (lignes []ligneCouverture) {
	for _, moment := range momentsBilan {
		l := ligneCouverture{Moment: moment.Nom(), Distance: inconnu, Heures: inconnu}
		if m, ok := s.mesureBilan(ctx, moment).De(commune.Code); ok {
			l.Distance, l.Heures = kmBilan(m), heuresDites(m.Heures)
			if m.Offre != nil {
				l.Lieu = m.Offre.Nom + ", " + textes.A(m.Offre.Commune)
			}
		}
		lignes = append(lignes, l)
	}
	return lignes
}

// evolutionCommune is what changed in a commune in twelve months.
func (s *site) evolutionCommune(ctx context.Context, commune *territoire.Commune, trouves []catalogue.Trouve) (e evolution, err error) {
	depuis := s.ilYAUnAn()
	e.Depuis = dateDite(depuis)
	lieux := make([]*mednum.Lieu, 0, len(trouves))
	vus := map[string]bool{}
	for _, t := range trouves {
		if !vus[t.Vue.ID] {
			vus[t.Vue.ID] = true
			lieux = append(lieux, &t.Vue.Lieu)
		}
	}
	e.Verifies, e.Listes = verifiesDepuis(lieux, depuis), len(lieux)
	avant, pourquoi, err := s.mesureAu(ctx, depuis)
	if err != nil || avant == nil {
		e.Inconnu = pourquoi
		return e, err
	}
	comp := couverture.Comparer(avant, s.mesureBilan(ctx, couverture.MomentTous))
	dans := func(o *couverture.Offre) bool { return o.Insee == commune.Code }
	e.Parus, e.AutresParus = nommerOffres(comp.Parus, dans)
	e.Disparus, e.AutresDisparus = nommerOffres(comp.Disparus, dans)
	for i := range comp.Ecarts {
		if x := &comp.Ecarts[i]; x.Apres.Commune.Code == commune.Code {
			e.Avant, e.Apres = kmBilan(&x.Avant), kmBilan(&x.Apres)
			e.HeuresAvant, e.HeuresApres = heuresDites(x.Avant.Heures), heuresDites(x.Apres.Heures)
		}
	}
	return e, nil
}

// Phrases are what changed, one sentence each.
func (e evolution) Phrases() (phrases []string) {
	if e.Listes > 0 {
		phrases = append(phrases, fmt.Sprintf("Lieux vérifiés depuis\u00a0: %d sur %d.", e.Verifies, e.Listes))
	}
	if e.Inconnu != "" {
		return append(phrases, "Lieux apparus ou disparus, distance d’alors\u00a0: "+e.Inconnu+".")
	}
	dire := func(quoi string, noms []string, autres int) string {
		texte := cmp.Or(strings.Join(noms, ", "), "aucun")
		if autres > 0 {
			texte += " et " + textes.Pluriel(autres, "autre", "autres")
		}
		return quoi + "\u00a0: " + texte + "."
	}
	return append(phrases,
		dire("Apparus sur la carte", e.Parus, e.AutresParus), dire("Disparus", e.Disparus, e.AutresDisparus),
		"Lieu le plus proche\u00a0: "+e.Avant+" alors, "+e.Apres+" aujourd’hui. Heures d’aide par semaine à moins de 10\u00a0km\u00a0: "+e.HeuresAvant+" alors, "+e.HeuresApres+" aujourd’hui.")
}
