package territoire

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// ecartMax is the longest time of school between two holidays, in days. A
// longer one means that a holiday is missing: nothing is known after it.
const ecartMax = 90

// Renouveler makes a new calendar of the Ministry's lines, read on the given
// day. The table of départements and the first known days are those of the old
// calendar. Where the académies of a zone differ, more than half of them
// decide; remarques says so, in French. A zone of the old calendar that cannot
// be made again is an *mednum.Error (Invalide), and a new one is left out.
func (s *Scolaire) Renouveler(lignes []LigneEducation, jour mednum.Date) (nouveau *Scolaire, remarques []string, err error) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, nil, err
	}
	nouveau = &Scolaire{Source: s.Source, Licence: s.Licence, Date: jour, Zones: map[string]ZoneScolaire{}, Departements: s.Departements}
	recus := s.trier(lignes, paris)
	for _, nom := range slices.Sorted(maps.Keys(recus)) {
		zone, dits, defaut := recus[nom].zone(s.depuis(nom))
		for _, dit := range dits {
			remarques = append(remarques, "Zone "+nom+"\u00a0: "+dit)
		}
		ancienne, connue := s.Zones[nom]
		switch {
		case defaut == "":
			nouveau.Zones[nom] = zone.suivre(ancienne)
		case connue:
			return nil, nil, refusEducation(mednum.Invalide, "zone %s, %s Rien n’est remplacé.", nom, defaut)
		default:
			remarques = append(remarques, fmt.Sprintf("Zone %s, laissée de côté\u00a0: %s", nom, defaut))
		}
	}
	for _, nom := range slices.Sorted(maps.Keys(s.Zones)) {
		if _, ok := nouveau.Zones[nom]; !ok {
			return nil, nil, refusEducation(mednum.Invalide, "la zone %s manque. Rien n’est remplacé.", nom)
		}
	}
	return nouveau, remarques, nouveau.preparer()
}

// depuis is the first day to keep of a zone: that of the old calendar, the
// earliest of its zones for a new one.
func (s *Scolaire) depuis(zone string) mednum.Date {
	if z, ok := s.Zones[zone]; ok {
		return z.Depuis
	}
	var premier mednum.Date
	for _, z := range s.Zones {
		if premier.IsZero() || z.Depuis.Compare(premier) < 0 {
			premier = z.Depuis
		}
	}
	return premier
}

// voix are the periods of one zone, and the académies that give each.
type voix struct {
	academies map[string]bool
	periodes  map[PeriodeScolaire]map[string]bool
}

// trier puts the holidays of pupils by zone, from the first day to keep. The
// days of return are left out.
func (s *Scolaire) trier(lignes []LigneEducation, paris *time.Location) map[string]*voix {
	recus := map[string]*voix{}
	for _, l := range lignes {
		nom := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(l.Zone), "Zone "))
		quoi := mednum.Normaliser(l.Description)
		if nom == "" || strings.Contains(mednum.Normaliser(l.Population), "enseignant") ||
			strings.HasPrefix(quoi, "rentree") || strings.HasPrefix(quoi, "prerentree") {
			continue
		}
		p, depuis := l.periode(paris), s.depuis(nom)
		if p.Du.Compare(depuis) < 0 {
			if p.Au.Compare(depuis) < 0 {
				continue
			}
			p.Du = depuis
		}
		v := recus[nom]
		if v == nil {
			v = &voix{academies: map[string]bool{}, periodes: map[PeriodeScolaire]map[string]bool{}}
			recus[nom] = v
		}
		if v.periodes[p] == nil {
			v.periodes[p] = map[string]bool{}
		}
		v.academies[l.Academie], v.periodes[p][l.Academie] = true, true
	}
	return recus
}

// periode gives the days of a line: to the eve of the return, or a single day
// when it starts and ends at the same instant.
func (l LigneEducation) periode(paris *time.Location) PeriodeScolaire {
	du, fin := mednum.DateOf(l.Debut.In(paris)), mednum.DateOf(l.Fin.In(paris))
	if !l.Fin.Equal(l.Debut) {
		fin = mednum.DateOf(fin.In(time.UTC).AddDate(0, 0, -1))
	}
	return PeriodeScolaire{Nom: nomCourt(l.Description), Du: du, Au: fin}
}

// nomCourt is "Toussaint" for "Vacances de la Toussaint", "Été" for "Début des
// Vacances d’Été".
func nomCourt(description string) string {
	nom := strings.ReplaceAll(strings.TrimSpace(description), "'", "’")
	for _, debut := range []string{"Début des ", "Vacances ", "de la ", "de ", "d’"} {
		nom = strings.TrimPrefix(nom, debut)
	}
	return nom
}

// zone is what most académies say, in French what the others do, and what
// keeps the zone from being known.
func (v *voix) zone(depuis mednum.Date) (z ZoneScolaire, remarques []string, defaut string) {
	var autres []PeriodeScolaire
	for _, p := range slices.SortedFunc(maps.Keys(v.periodes), ordre) {
		if p.Au.Compare(p.Du) < 0 {
			return z, nil, fmt.Sprintf("« %s » finit (%s) avant de commencer (%s).", p.Nom, p.Au, p.Du)
		}
		if 2*len(v.periodes[p]) <= len(v.academies) {
			autres = append(autres, p)
			continue
		}
		if k := len(z.Periodes) - 1; k < 0 || p.Au.Compare(z.Periodes[k].Au) > 0 { // not within the last one
			z.Periodes = append(z.Periodes, p)
		}
	}
	for _, p := range autres {
		dits := strings.Join(slices.Sorted(maps.Keys(v.periodes[p])), ", ")
		if !slices.ContainsFunc(z.Periodes, p.chevauche) {
			return z, nil, fmt.Sprintf("les académies ne s’accordent pas sur « %s » (%s au %s\u00a0: %s).", p.Nom, p.Du, p.Au, dits)
		}
		remarques = append(remarques, fmt.Sprintf("« %s » du %s au %s selon %s seulement\u00a0; les autres académies sont suivies.", p.Nom, p.Du, p.Au, dits))
	}
	if len(z.Periodes) == 0 {
		return z, nil, fmt.Sprintf("aucune période depuis le %s.", depuis)
	}
	z.borner(depuis)
	return z, remarques, z.defaut()
}

// ordre sorts by first day, the longest first.
func ordre(p, q PeriodeScolaire) int {
	if d := p.Du.Compare(q.Du); d != 0 {
		return d
	}
	if d := q.Au.Compare(p.Au); d != 0 {
		return d
	}
	return strings.Compare(p.Nom, q.Nom)
}

func (p PeriodeScolaire) chevauche(q PeriodeScolaire) bool {
	return p.Du.Compare(q.Au) <= 0 && q.Du.Compare(p.Au) <= 0
}

// borner sets the known days: from the first kept day, when a holiday follows
// soon enough, to the last day of the last holiday before a gap.
func (z *ZoneScolaire) borner(depuis mednum.Date) {
	z.Depuis = depuis
	if joursEntre(depuis, z.Periodes[0].Du) > ecartMax {
		z.Depuis = z.Periodes[0].Du
	}
	for i := 1; i < len(z.Periodes); i++ {
		if joursEntre(z.Periodes[i-1].Au, z.Periodes[i].Du) > ecartMax {
			z.Periodes = z.Periodes[:i]
		}
	}
	z.Jusqua = z.Periodes[len(z.Periodes)-1].Au
}

// suivre puts back what an older calendar knew before the first holiday, when
// the new one says nothing of it.
func (z ZoneScolaire) suivre(ancienne ZoneScolaire) ZoneScolaire {
	premier := z.Periodes[0].Du
	var gardees []PeriodeScolaire
	for _, p := range ancienne.Periodes {
		if p.Au.Compare(premier) < 0 {
			gardees = append(gardees, p)
		}
	}
	if n := len(gardees); n > 0 && joursEntre(gardees[n-1].Au, premier) <= ecartMax {
		z.Depuis, z.Periodes = ancienne.Depuis, append(gardees, z.Periodes...)
	}
	return z
}

func joursEntre(d, e mednum.Date) int {
	return int(e.In(time.UTC).Sub(d.In(time.UTC)).Hours() / 24)
}

// Differences says in French, zone by zone, what the calendar adds to another
// and what it takes away; nothing when they hold the same facts.
func (s *Scolaire) Differences(avant *Scolaire) []string {
	var dits []string
	noms := map[string]bool{}
	for _, zones := range []map[string]ZoneScolaire{avant.Zones, s.Zones} {
		for nom := range zones {
			noms[nom] = true
		}
	}
	for _, nom := range slices.Sorted(maps.Keys(noms)) {
		z, ici := s.Zones[nom]
		y, la := avant.Zones[nom]
		switch {
		case !la:
			dits = append(dits, fmt.Sprintf("Zone %s, nouvelle\u00a0: connue du %s au %s, %d périodes.", nom, z.Depuis, z.Jusqua, len(z.Periodes)))
			continue
		case !ici:
			dits = append(dits, fmt.Sprintf("Zone %s, retirée.", nom))
			continue
		}
		if z.Depuis != y.Depuis || z.Jusqua != y.Jusqua {
			dits = append(dits, fmt.Sprintf("Zone %s\u00a0: connue du %s au %s (avant\u00a0: du %s au %s).", nom, z.Depuis, z.Jusqua, y.Depuis, y.Jusqua))
		}
		dits = append(dits, enPlus(nom, "ajoutée", z, y)...)
		dits = append(dits, enPlus(nom, "retirée", y, z)...)
	}
	return dits
}

// enPlus lists the periods of z that are not in y, whatever their names.
func enPlus(nom, verbe string, z, y ZoneScolaire) []string {
	var dits []string
	for _, p := range z.Periodes {
		if !slices.ContainsFunc(y.Periodes, func(q PeriodeScolaire) bool { return p.Du == q.Du && p.Au == q.Au }) {
			dits = append(dits, fmt.Sprintf("Zone %s, période %s\u00a0: %s, du %s au %s.", nom, verbe, p.Nom, p.Du, p.Au))
		}
	}
	return dits
}
