package horaires

import (
	"fmt"
	"strings"
	"time"
)

// Dater spells out by explicit dates what is open from de to a (not included),
// one rule a day: "2026 Nov 30 09:30-12:00,13:30-16:00; 2026 Dec 14 …". Week
// parity and cadences, which other readers count otherwise, are then plain.
// "" when nothing is open.
func (e *Expression) Dater(de, a time.Time, c Calendrier) string {
	var regles []string
	for _, jour := range e.Jours(de, 400, int(a.Sub(de).Hours()/24)-1, c) {
		var heures []string
		for _, v := range e.Entre(jour, jour.AddDate(0, 0, 1), c) {
			if v.Etat == Ouvert {
				heures = append(heures, heureOSM(jour, v.Debut)+"-"+heureOSM(jour, v.Fin))
			}
		}
		if len(heures) > 0 {
			regles = append(regles, jour.Format("2006 Jan 02 ")+strings.Join(heures, ","))
		}
	}
	return strings.Join(regles, "; ")
}

func heureOSM(jour, t time.Time) string {
	h := t.Hour()
	if t.Day() != jour.Day() {
		h += 24
	}
	return fmt.Sprintf("%02d:%02d", h, t.Minute())
}
