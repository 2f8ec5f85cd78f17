package norme

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var (
	motifDateISO     = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$`)
	motifDateFranc   = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T].*)?$`)
	motifDateLettres = regexp.MustCompile(`^(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?(\d{1,2})(?:er)? (\pL+) (\d{4})$`)
	motifDateSerie   = regexp.MustCompile(`^(\d{5})(?:\.\d+)?$`)
)

var rangsMois = map[string]int{
	"janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "aout": 8, "septembre": 9,
	"octobre": 10, "novembre": 11, "decembre": 12,
}

// lireDate reads a day as people and spreadsheets write it: 2024-03-15 with or
// without an hour, 15/03/2024, 15 mars 2024, or the serial number of a
// spreadsheet (days since 30 December 1899), from 2000 to 2099. ok is false
// when the text is no such day.
func lireDate(texte string) (d mednum.Date, ok bool) {
	texte = strings.TrimSpace(texte)
	var a, m, j string
	if s := motifDateISO.FindStringSubmatch(texte); s != nil {
		a, m, j = s[1], s[2], s[3]
	} else if s := motifDateFranc.FindStringSubmatch(texte); s != nil {
		a, m, j = s[3], s[2], s[1]
	} else if s := motifDateLettres.FindStringSubmatch(mednum.Normaliser(texte)); s != nil {
		a, m, j = s[3], strconv.Itoa(rangsMois[s[2]]), s[1]
	} else if s := motifDateSerie.FindStringSubmatch(texte); s != nil {
		jours, _ := strconv.Atoi(s[1])
		d = mednum.DateOf(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, jours))
		return d, d.Annee >= 2000 && d.Annee < 2100
	} else {
		return mednum.Date{}, false
	}
	deux := func(s string) string { return ("0" + s)[len(s)-1:] }
	d, err := mednum.ParseDate(a + "-" + deux(m) + "-" + deux(j))
	return d, err == nil
}

// dater sets the date of the record to the one that its row gives, if it gives
// one.
func (b *brouillon) dater(ecrite string) {
	if ecrite == "" {
		return
	}
	d, ok := lireDate(ecrite)
	if !ok {
		b.douter(mednum.ChampDateMaj, ecrite, b.fiche.DateMaj.String(), "date illisible")
		return
	}
	b.fiche.DateMaj = d
	if !motifDateISO.MatchString(ecrite) {
		b.remarquer(mednum.ChampDateMaj, ecrite, d.String(), "écriture de la date")
	}
}
