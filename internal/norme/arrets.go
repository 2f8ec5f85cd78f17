package norme

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// rassemblerArrets gives back to their service the stops that an Export wrote
// as rows of their own: a row of the same file whose id begins with the
// service's and whose name, structure_parente and itinerance say the same is a
// permanence of it. Others remain records. Rows that bear a public id of ours
// have their exceptions taken out of their hours.
func rassemblerArrets(fiches []mednum.Fiche) []mednum.Fiche {
	rang := make(map[string]int, len(fiches))
	for i := range fiches {
		rang[fiches[i].Cle] = i
		if id, _, _ := strings.Cut(fiches[i].Cle, "-"); mednum.EstID(id) {
			detacherExceptions(&fiches[i])
		}
	}
	arret := make([]bool, len(fiches))
	for i := range fiches {
		cle, id, ok := strings.Cut(fiches[i].Cle, "-")
		j, connu := rang[cle]
		if !ok || !connu || !estArretDe(&fiches[i], &fiches[j]) {
			continue
		}
		arret[i] = true
		fiches[j].Jointes++
		fiches[j].Permanences = append(fiches[j].Permanences, permanenceDe(id, &fiches[i], &fiches[j]))
		for _, e := range fiches[i].Exceptions {
			e.Permanence = id
			fiches[j].Exceptions = append(fiches[j].Exceptions, e)
		}
		fiches[j].Remarques = append(fiches[j].Remarques, fiches[i].Remarques...)
	}
	reste := fiches[:0]
	for i := range fiches {
		if !arret[i] {
			reunirExceptions(&fiches[i])
			reste = append(reste, fiches[i])
		}
	}
	return reste
}

func estArretDe(f, service *mednum.Fiche) bool {
	nom := service.Champs[mednum.ChampNom]
	return f.Champs[mednum.ChampItinerance] == itinerant && f.Champs[mednum.ChampStructureParente] == nom &&
		len(f.Champs[mednum.ChampNom]) > len(nom+tiretArret) && strings.HasPrefix(f.Champs[mednum.ChampNom], nom+tiretArret)
}

// permanenceDe is what ligneArret wrote, read back.
func permanenceDe(id string, f, service *mednum.Fiche) mednum.Permanence {
	a := mednum.Arret{
		Nom:     strings.TrimPrefix(f.Champs[mednum.ChampNom], service.Champs[mednum.ChampNom]+tiretArret),
		Adresse: f.Champs[mednum.ChampAdresse], CodeInsee: f.Champs[mednum.ChampCodeInsee],
		Commune: f.Champs[mednum.ChampCommune], CodePostal: f.Champs[mednum.ChampCodePostal],
	}
	if a.Adresse == a.Nom {
		a.Adresse = ""
	}
	var c mednum.Champs
	for _, champ := range []mednum.Champ{mednum.ChampLatitude, mednum.ChampLongitude} {
		_ = c.Affecter(champ, f.Champs[champ]) // localiser has read it
	}
	a.Latitude, a.Longitude = c.Latitude, c.Longitude
	p := mednum.Permanence{ID: id, Regle: f.Champs[mednum.ChampHoraires], Arret: &a}
	if services := f.Champs[mednum.ChampServices]; services != service.Champs[mednum.ChampServices] {
		p.Services = mednum.SplitListe(services)
	}
	lignes := strings.Split(f.Champs[mednum.ChampPresentationDetail], "\n")
	p.RendezVous = slices.Contains(lignes, surRendezVous)
	lignes = slices.DeleteFunc(lignes, func(l string) bool { return l == surRendezVous })
	p.Intitule = strings.TrimSuffix(strings.Join(lignes, "\n"), ".")
	return p
}
