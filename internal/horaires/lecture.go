package horaires

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	motifPlage = regexp.MustCompile(`^(?:de )?(\d{1,2}) ?[h:] ?(\d{2})? ?(?:-|à|a) ?(\d{1,2}) ?[h:] ?(\d{2})?$`)
	motifRDV   = regexp.MustCompile(`\b(?:sur|uniquement sur|avec) (?:rendez[- ]vous|rdv|r\.d\.v\.?)(?: uniquement)?`)
	motifSans  = regexp.MustCompile(`\bsans (?:rendez[- ]vous|rdv)`)
	coupures   = regexp.MustCompile(`\s*(?:/|,|;|\||\bet\b| puis )\s*(?:de )?`)
	tirets     = strings.NewReplacer("–", "-", "—", "-", "‑", "-", "\u00a0", " ", "\u202f", " ", "H", "h")
	blancs     = regexp.MustCompile(`\s+`)
)

// LireJour reads one day's free text, for import only: "09:00 - 12:30 /
// 13:30 - 17:00", "9h-12h", "Fermé", "sur rendez-vous". It gives the ranges
// that are certain, whether an appointment is needed (nil when not said; it
// holds for the whole day only), and what it did not understand. An
// impossible range (ending before it starts) is left in reste, and ranges
// that overlap leave the whole text there. "" and "-" say nothing; so does
// "00:00 - 00:00".
func LireJour(texte string) (plages []Plage, sansRendezVous *bool, reste string) {
	propre := blancs.ReplaceAllString(tirets.Replace(strings.TrimSpace(texte)), " ")
	var incompris []string
	for _, morceau := range coupures.Split(propre, -1) {
		p, sens := lirePlage(morceau)
		switch sens {
		case plageLue:
			plages = append(plages, p)
		case avecRDV, libre:
			v := sens == libre
			sansRendezVous = &v
		case obscur:
			incompris = append(incompris, strings.TrimSpace(morceau))
		}
	}
	if sansRendezVous != nil && len(plages) > 0 {
		// "9:00 - 12:00 / Sur RDV : 14:00 - 17:00": which hours it holds for is
		// not certain.
		return plages, nil, propre
	}
	if unies := unir(plages); !disjointes(plages) {
		if len(incompris) == 0 && len(unies) == 1 && contenue(plages, unies[0]) {
			return unies, sansRendezVous, "" // the same range repeated
		}
		return nil, sansRendezVous, propre
	}
	return unir(plages), sansRendezVous, strings.Join(incompris, " / ")
}

type sensJour int

const (
	obscur sensJour = iota
	muet
	plageLue
	avecRDV
	libre
)

func lirePlage(morceau string) (Plage, sensJour) {
	bas := strings.ToLower(strings.Trim(morceau, " .:"))
	switch bas {
	case "", "-", "fermé", "ferme", "fermée", "horaires non communiqués", "00:00 - 00:00", "00:00-00:00":
		return Plage{}, muet
	}
	if m := motifPlage.FindStringSubmatch(bas); m != nil {
		debut, ok := minutesDe(m[1], m[2])
		fin, ok2 := minutesDe(m[3], m[4])
		if ok && ok2 && debut < fin {
			return Plage{debut, fin}, plageLue
		}
		return Plage{}, obscur
	}
	if motifSans.FindString(bas) == bas {
		return Plage{}, libre
	}
	if motifRDV.FindString(bas) == bas {
		return Plage{}, avecRDV
	}
	return Plage{}, obscur
}

func minutesDe(heures, minutes string) (int, bool) {
	h, err := strconv.Atoi(heures)
	m := 0
	if err == nil && minutes != "" {
		m, err = strconv.Atoi(minutes)
	}
	return h*60 + m, err == nil && m < 60 && h*60+m <= minutesJour
}

func disjointes(plages []Plage) bool {
	for i, p := range plages {
		for _, q := range plages[:i] {
			if p.Debut < q.Fin && q.Debut < p.Fin {
				return false
			}
		}
	}
	return true
}

func contenue(plages []Plage, seule Plage) bool {
	for _, p := range plages {
		if p != seule {
			return false
		}
	}
	return true
}
