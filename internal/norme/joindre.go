package norme

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Partie is a row that is not a whole record, or not for sure: a structure or a
// service of data·inclusion. Structure is the key of the structure that it is,
// or is a service of. Motif is why it is left out as long as nothing completes
// it, "" for a structure that is a record by itself.
type Partie struct {
	Structure string
	Service   bool
	Ligne     int
	Motif     string
	Fiche     mednum.Fiche
}

const motifAilleurs = "Les services numériques de cette structure sont dans d’autres communes : ils y sont des lieux."

// Joindre makes one record a place of the structures and of the services of
// data·inclusion, which travel in two files. It is for all the files of one
// import, once they are read, and changes none of its arguments:
//
//   - a structure that a digital service speaks of is a record, with what its
//     services add: services, publics, prices, ways to come, hours of help. Its
//     date is the newest of them all;
//   - services in another commune than their structure make a record of their
//     own there, one a commune, in the reading of the services;
//   - what nothing completes stays left out, with its reason.
//
// Other files are returned as they are.
func Joindre(lectures []Lecture) []Lecture {
	j := jonction{lectures: slices.Clone(lectures), services: make(map[string][]renvoi)}
	var structures []renvoi
	for i := range lectures {
		for k := range lectures[i].Parties {
			p := &lectures[i].Parties[k]
			if p.Service {
				j.services[p.Structure] = append(j.services[p.Structure], renvoi{i, p})
			} else {
				structures = append(structures, renvoi{i, p})
			}
		}
	}
	if len(j.services) == 0 {
		return j.lectures
	}
	j.suites = make([]suite, len(lectures))
	for i := range j.suites {
		j.suites[i] = suite{ecartes: make(map[int]string), admises: make(map[int]bool), remplacees: make(map[string]bool)}
	}
	vues := make(map[string]bool)
	for _, r := range structures {
		if services := j.services[r.partie.Structure]; !vues[r.partie.Structure] && len(services) > 0 {
			j.reunir(r, services)
		}
		vues[r.partie.Structure] = true
	}
	for i := range j.lectures {
		if len(j.lectures[i].Parties) > 0 {
			j.conclure(i)
		}
	}
	return j.lectures
}

type jonction struct {
	lectures []Lecture
	services map[string][]renvoi // of each structure, in the order of the files
	suites   []suite             // of each reading
}

// renvoi is a part and the rank of the reading that holds it.
type renvoi struct {
	lecture int
	partie  *Partie
}

// suite is what changes in a reading.
type suite struct {
	fiches     []mednum.Fiche
	remplacees map[string]bool // keys of the records that fiches replace
	admises    map[int]bool    // lines that are left out no more
	ecartes    map[int]string  // lines that are left out for another reason
	joints     int
}

// reunir makes the records of a structure and of its services.
func (j *jonction) reunir(r renvoi, services []renvoi) {
	base := copier(&r.partie.Fiche)
	ici := 0
	type lieu struct {
		lecture int
		fiche   mednum.Fiche
	}
	var autres []lieu // of services elsewhere
	for _, s := range services {
		j.suites[s.lecture].admises[s.partie.Ligne] = true
		if memeCommune(&base, &s.partie.Fiche) {
			enrichir(&base, &s.partie.Fiche)
			j.suites[s.lecture].joints++
			ici++
			continue
		}
		i := slices.IndexFunc(autres, func(l lieu) bool { return memeCommune(&l.fiche, &s.partie.Fiche) })
		if i < 0 {
			autres = append(autres, lieu{s.lecture, ailleurs(&base, &s.partie.Fiche)})
			continue
		}
		enrichir(&autres[i].fiche, &s.partie.Fiche)
		j.suites[s.lecture].joints++
	}
	for _, l := range autres {
		j.suites[l.lecture].fiches = append(j.suites[l.lecture].fiches, l.fiche)
	}
	ou := &j.suites[r.lecture]
	if ici == 0 {
		if r.partie.Motif != "" {
			ou.ecartes[r.partie.Ligne] = motifAilleurs
		}
		return
	}
	ou.admises[r.partie.Ligne] = true
	ou.remplacees[base.Cle] = true
	ou.fiches = append(ou.fiches, base)
}

// conclure writes the records of a reading again.
func (j *jonction) conclure(i int) {
	l, s := &j.lectures[i], &j.suites[i]
	ecartes := make([]Ecart, 0, len(l.Ecartes))
	for _, e := range l.Ecartes {
		if s.admises[e.Ligne] {
			continue
		}
		e.Motif = cmp.Or(s.ecartes[e.Ligne], e.Motif)
		ecartes = append(ecartes, e)
	}
	fiches := s.fiches
	for k := range l.Fiches {
		if f := &l.Fiches[k]; !s.remplacees[f.Cle] {
			fiches = append(fiches, copier(f))
		}
	}
	slices.SortStableFunc(fiches, func(a, b mednum.Fiche) int {
		return cmp.Or(cmp.Compare(a.Ligne, b.Ligne), cmp.Compare(a.Cle, b.Cle))
	})
	distinguer(fiches)
	l.Fiches, l.Ecartes, l.Joints = fiches, ecartes, l.Joints+s.joints
	l.achever(l.Date)
}

func copier(f *mednum.Fiche) mednum.Fiche {
	c := *f
	c.Champs = maps.Clone(f.Champs)
	c.Familles, c.Permanences, c.Remarques = slices.Clone(f.Familles), slices.Clone(f.Permanences), slices.Clone(f.Remarques)
	return c
}

// memeCommune tells whether a service is given where its structure is; one that
// names no commune is.
func memeCommune(structure, service *mednum.Fiche) bool {
	a, b := structure.Champs, service.Champs
	if b[mednum.ChampCommune] == "" && b[mednum.ChampCodeInsee] == "" {
		return true
	}
	return b[mednum.ChampCodeInsee] != "" && a[mednum.ChampCodeInsee] == b[mednum.ChampCodeInsee] ||
		b[mednum.ChampCommune] != "" && mednum.Cle(a[mednum.ChampCommune]) == mednum.Cle(b[mednum.ChampCommune])
}

// What a service adds to the record of its structure: lists to which it adds,
// columns that it fills when they are empty.
var (
	champsAjoutes = []mednum.Champ{
		mednum.ChampServices, mednum.ChampPublics, mednum.ChampPriseEnCharge, mednum.ChampFraisACharge, mednum.ChampModalitesAcces,
		mednum.ChampModalitesAccompagn,
	}
	champsRemplis = []mednum.Champ{mednum.ChampTelephone, mednum.ChampCourriels, mednum.ChampHoraires}
)

// enrichir adds a service to a record.
func enrichir(f, service *mednum.Fiche) {
	b := brouillon{fiche: *f}
	for _, champ := range champsAjoutes {
		b.ajouter(champ, mednum.SplitListe(service.Champs[champ])...)
	}
	for _, champ := range champsRemplis {
		b.mettre(champ, cmp.Or(b.fiche.Champs[champ], service.Champs[champ]))
	}
	for _, texte := range []string{f.Champs[mednum.ChampPresentationDetail], service.Champs[mednum.ChampPresentationDetail]} {
		for phrase := range strings.SplitSeq(texte, "\n") {
			b.detailler(phrase)
		}
	}
	b.mettre(mednum.ChampPresentationDetail, strings.Join(b.details, "\n"))
	for _, p := range service.Permanences {
		if p.Regle != b.fiche.Champs[mednum.ChampHoraires] {
			p.ID = "p" + strconv.Itoa(len(b.fiche.Permanences)+1)
			b.fiche.Permanences = append(b.fiche.Permanences, p)
		}
	}
	if service.DateMaj.Compare(b.fiche.DateMaj) > 0 {
		b.fiche.DateMaj = service.DateMaj
		b.mettre(mednum.ChampDateMaj, service.DateMaj.String())
	}
	b.fiche.Licence = cmp.Or(b.fiche.Licence, service.Licence)
	b.fiche.Remarques = append(b.fiche.Remarques, service.Remarques...)
	*f = b.fiche
}

// ailleurs is the record of a service in another commune than its structure,
// which it is named after, with its own commune. Its key holds while the structure has a service
// there.
func ailleurs(structure, service *mednum.Fiche) mednum.Fiche {
	f := copier(service)
	cle := structure.Cle + "@" + cmp.Or(f.Champs[mednum.ChampCodeInsee], mednum.Cle(f.Champs[mednum.ChampCommune]))
	f.Cle = cle
	f.Champs[mednum.ChampID] = cle
	f.Champs[mednum.ChampNom] = structure.Champs[mednum.ChampNom]
	if commune := f.Champs[mednum.ChampCommune]; commune != "" {
		f.Champs[mednum.ChampNom] += " " + deNom(commune)
	}
	f.Champs[mednum.ChampStructureParente] = structure.Champs[mednum.ChampNom]
	if f.Licence = cmp.Or(f.Licence, structure.Licence); f.DateMaj.IsZero() {
		f.DateMaj = structure.DateMaj
		f.Champs[mednum.ChampDateMaj] = f.DateMaj.String()
	}
	b := brouillon{fiche: f}
	for _, champ := range []mednum.Champ{mednum.ChampPivot, mednum.ChampTypologie, mednum.ChampSiteWeb} {
		b.mettre(champ, structure.Champs[champ])
	}
	for _, champ := range []mednum.Champ{mednum.ChampTelephone, mednum.ChampCourriels} {
		b.mettre(champ, cmp.Or(f.Champs[champ], structure.Champs[champ]))
	}
	return b.fiche
}
