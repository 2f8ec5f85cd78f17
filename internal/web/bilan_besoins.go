package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// themesBilan is how many themes of needs a sheet names.
const themesBilan = 3

// besoinsDits counts the needs that were told in twelve months in the communes
// that dans keeps, in a sentence: all of them to who coordinates every one, those
// of the published counts to others.
func (s *site) besoinsDits(ctx context.Context, droits []mednum.Habilitation, communes []string) (string, error) {
	if s.Besoins == nil {
		return inconnu, nil
	}
	coordonne := !slices.ContainsFunc(communes, func(code string) bool { return !s.Catalogue.CoordonneCommune(droits, code) })
	themes := map[string]int{}
	if !coordonne {
		depuis := ecoute.TrimestreDe(s.ilYAUnAn())
		for _, c := range s.Besoins.Publies() {
			if slices.Contains(communes, c.Commune) && c.Trimestre.Compare(depuis) >= 0 {
				themes[c.Theme] += c.N
			}
		}
		return direThemes(themes, fmt.Sprintf("aucun compte publié (il en faut %d sur un thème et un trimestre)", ecoute.Seuil)), nil
	}
	liste, err := s.besoinsEntre(ctx, droits, s.ilYAUnAn(), mednum.DateOf(s.maintenant()))
	for i := range liste {
		if slices.Contains(communes, liste[i].Commune) {
			themes[liste[i].Theme]++
		}
	}
	return direThemes(themes, "aucun"), err
}

// besoinsEntre are the needs that were told from a day to another, which the
// rights coordinate and nobody put aside.
func (s *site) besoinsEntre(ctx context.Context, droits []mednum.Habilitation, du, fin mednum.Date) ([]ecoute.Besoin, error) {
	liste, err := s.Besoins.De(ctx, droits)
	return slices.DeleteFunc(liste, func(d ecoute.Besoin) bool { return d.Ecarte || d.Le.Compare(du) < 0 || d.Le.Compare(fin) > 0 }), err
}

// direThemes says counts, the most frequent first: "12, dont 7 « … » et 3 « … »".
func direThemes(themes map[string]int, aucun string) string {
	type compte struct {
		nom string
		n   int
	}
	var liste []compte
	total := 0
	for theme, n := range themes {
		liste = append(liste, compte{themeBilan(theme), n})
		total += n
	}
	if total == 0 {
		return aucun
	}
	slices.SortFunc(liste, func(a, b compte) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.nom, b.nom)) })
	var dits []string
	for _, c := range liste[:min(themesBilan, len(liste))] {
		dits = append(dits, fmt.Sprintf("%s\u00a0: %s", c.nom, textes.Nombre(c.n)))
	}
	return textes.Nombre(total) + " (" + strings.Join(dits, ", ") + map[bool]string{true: "…"}[len(liste) > themesBilan] + ")"
}

func themeBilan(theme string) string {
	if theme == ecoute.ThemeAutre {
		return "autre"
	}
	return textes.Minuscule(textes.Service(theme))
}

// besoinsAnnee counts the needs that were told in a time. They are kept two
// years: an older year is not known.
func (s *site) besoinsAnnee(ctx context.Context, droits []mednum.Habilitation, du, fin mednum.Date) (string, error) {
	if s.Besoins == nil || s.oublie(du, ecoute.GardeBesoins) {
		return inconnu, nil
	}
	liste, err := s.besoinsEntre(ctx, droits, du, fin)
	themes := map[string]int{}
	for i := range liste {
		themes[liste[i].Theme]++
	}
	return direThemes(themes, "0"), err
}

// oublie tells whether what happened on a day is kept no more, after so many
// months.
func (s *site) oublie(jour mednum.Date, mois int) bool {
	return jour.AddMois(mois).Compare(mednum.DateOf(s.maintenant())) <= 0
}

// gardeSignalements is how long reports are kept, in months.
const gardeSignalements = 24

// signalementsAnnee counts the reports that came in a time, those that were said
// several times once.
func (s *site) signalementsAnnee(ctx context.Context, du, fin mednum.Date) (string, error) {
	if s.Signales == nil || s.oublie(du, gardeSignalements) {
		return inconnu, nil
	}
	ouverts, err := s.Signales.Ouverts(ctx)
	if err != nil {
		return "", err
	}
	clos, err := s.Signales.Cloturees(ctx)
	zone := s.Territoire.Location()
	compter := func(liste []ecoute.Signalement) (n int) {
		for i := range liste {
			if jour := mednum.DateOf(liste[i].Le.In(zone)); jour.Compare(du) >= 0 && jour.Compare(fin) <= 0 {
				n++
			}
		}
		return n
	}
	attendent, decides := compter(ouverts), compter(clos)
	return fmt.Sprintf("%s, dont %s", textes.Nombre(attendent+decides), textes.Pluriel(decides, "traité", "traités")), err
}
