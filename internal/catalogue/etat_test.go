package catalogue

import (
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// etatDe is the state of a place made by changing an ordinary one, with plain
// spaces: "genre | phrase | détail".
func etatDe(t *testing.T, le string, change func(*mednum.Lieu), arret int) string {
	t.Helper()
	c := aHeure(t, le)
	l := lieuEn("x1", "Lieu", 44, 1)
	l.Champs.ModalitesAcces = []string{"Se présenter"}
	change(&l)
	if err := c.publier([]mednum.Lieu{l}, 2); err != nil {
		t.Fatal(err)
	}
	v, err := c.Lieu("x1")
	if err != nil {
		t.Fatal(err)
	}
	var p *mednum.Permanence
	if arret >= 0 {
		p = &v.Permanences[arret]
	}
	e := c.Etat(v, p)
	return strings.ReplaceAll(strings.Join([]string{string(e.Genre), e.Phrase, e.Detail}, " | "), "\u00a0", " ")
}

const bureau = "Mo-Fr 09:00-12:00,14:00-17:00; PH off"

func horairesDe(texte string) func(*mednum.Lieu) {
	return func(l *mednum.Lieu) { l.Champs.Horaires = texte }
}

func TestEtatLieu(t *testing.T) {
	const mardi = "2026-11-24 10:00"
	tests := []struct {
		name, le string
		change   func(*mednum.Lieu)
		want     string
	}{
		{"ouvert", mardi, horairesDe(bureau), "ouvert | Ouvert · ferme à 12 h | "},
		{"fermé", "2026-11-24 12:30", horairesDe(bureau), "ferme | Ouvre à 14 h | "},
		{"demain", "2026-11-24 19:00", horairesDe(bureau), "ferme | Ouvre demain à 9 h | "},
		{"férié", "2026-12-25 10:00", horairesDe(bureau), "ferme | Fermé aujourd’hui (Noël) · ouvre lundi à 9 h | "},
		{"férié non dit", "2026-12-25 10:00", horairesDe("Mo-Fr 09:00-12:00"), "confirmer | Jour férié (Noël) : à vérifier | "},
		{"férié non dit, ouverture exceptionnelle", "2026-12-25 10:00", func(l *mednum.Lieu) {
			l.Champs.Horaires = "Mo-Fr 09:00-12:00"
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 25}, Au: mednum.Date{Annee: 2026, Mois: 12, Jour: 25}, Ouvert: true, Plages: "10:00-11:00"}}
		}, "ouvert | Ouvert · ferme à 11 h | "},
		{"avant une ouverture exceptionnelle un jour férié", "2026-12-25 08:00", func(l *mednum.Lieu) {
			l.Champs.Horaires = "Mo-Fr 09:00-12:00"
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 25}, Au: mednum.Date{Annee: 2026, Mois: 12, Jour: 25}, Ouvert: true, Plages: "10:00-11:00"}}
		}, "ferme | Ouvre à 10 h | "},
		{"ouverture de plusieurs jours, dont un férié", "2026-12-25 10:00", func(l *mednum.Lieu) {
			l.Champs.Horaires = "Mo-Fr 09:00-12:00"
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 24}, Au: mednum.Date{Annee: 2026, Mois: 12, Jour: 26}, Ouvert: true, Plages: "10:00-11:00"}}
		}, "confirmer | Jour férié (Noël) : à vérifier | "},
		{"sans horaires, fermé ce jour", mardi, func(l *mednum.Lieu) {
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 20}, Au: mednum.Date{Annee: 2026, Mois: 11, Jour: 24}, Motif: "congés"}}
		}, "ferme | Fermé (congés) · demain : à vérifier | "},
		{"sans horaires, ouvert ce jour", mardi, func(l *mednum.Lieu) {
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 24}, Au: mednum.Date{Annee: 2026, Mois: 11, Jour: 24}, Ouvert: true, Plages: "09:00-12:00"}}
		}, "ouvert | Ouvert · ferme à 12 h | "},
		{"sans horaires, fermé un autre jour", "2026-11-25 10:00", func(l *mednum.Lieu) {
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 24}, Au: mednum.Date{Annee: 2026, Mois: 11, Jour: 24}}}
		}, "inconnu | Horaires non communiqués | "},
		{"sans horaires", mardi, func(*mednum.Lieu) {}, "inconnu | Horaires non communiqués | "},
		{"illisibles", mardi, horairesDe("tous les jours ou presque"), "inconnu | Horaires à vérifier | Téléphonez avant de venir"},
		{"sur rendez-vous", mardi, horairesDe(`"sur rendez-vous"`), "rdv | Sur rendez-vous | "},
		{"source encore bonne", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Preuve = bureau, mednum.Preuve{Date: mednum.Date{Annee: 2024, Mois: 8, Jour: 1}, Flux: "france-services"}
		}, "ouvert | Ouvert · ferme à 12 h | "},
		{"source trop vieille", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Preuve = bureau, mednum.Preuve{Date: mednum.Date{Annee: 2022, Mois: 5, Jour: 3}, Flux: "conseillers-numeriques"}
		}, "confirmer | À confirmer | Information de mai 2022 : appelez avant de venir"},
		{"horaires plus vieux que le lieu", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Preuve = bureau, mednum.Preuve{Date: mednum.Date{Annee: 2026, Mois: 8, Jour: 1}, Flux: "france-services"}
			l.Provenance = map[mednum.Champ]mednum.Origine{mednum.ChampHoraires: {Fiche: "conseillers-numeriques/1", Date: mednum.Date{Annee: 2022, Mois: 5, Jour: 3}}}
		}, "confirmer | À confirmer | Information de mai 2022 : appelez avant de venir"},
		{"vieux horaires, permanence saisie depuis", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires = bureau
			l.Provenance = map[mednum.Champ]mednum.Origine{mednum.ChampHoraires: {Fiche: "conseillers-numeriques/1", Date: mednum.Date{Annee: 2022, Mois: 5, Jour: 3}}}
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Tu 09:00-11:00"}}
		}, "ouvert | Aide sur place · jusqu’à 11 h | "},
		{"vieux horaires, permanence de la même fiche", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires = bureau
			l.Provenance = map[mednum.Champ]mednum.Origine{mednum.ChampHoraires: {Fiche: "conseillers-numeriques/1", Date: mednum.Date{Annee: 2022, Mois: 5, Jour: 3}}}
			l.Permanences = []mednum.Permanence{{ID: "p1", Fiche: "conseillers-numeriques/1", Regle: "Tu 09:00-11:00"}}
		}, "confirmer | À confirmer | Information de mai 2022 : appelez avant de venir"},
		{"vieux horaires, permanence de la même fiche, modifiée depuis", mardi, func(l *mednum.Lieu) { retouchee(l, 2026) }, "ouvert | Aide sur place · jusqu’à 11 h | "},
		{"vieux horaires, permanence modifiée il y a longtemps", mardi, func(l *mednum.Lieu) { retouchee(l, 2023) }, "confirmer | À confirmer | Information de mai 2022 : appelez avant de venir"},
		{"vieux horaires vérifiés depuis", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.VerifieLe, l.Preuve = bureau, mednum.Date{Annee: 2026, Mois: 10, Jour: 1}, mednum.Preuve{Date: mednum.Date{Annee: 2026, Mois: 10, Jour: 1}}
			l.Provenance = map[mednum.Champ]mednum.Origine{mednum.ChampHoraires: {Fiche: "conseillers-numeriques/1", Date: mednum.Date{Annee: 2022, Mois: 5, Jour: 3}}}
		}, "ouvert | Ouvert · ferme à 12 h | "},
		{"élision", mardi, func(l *mednum.Lieu) {
			l.Preuve = mednum.Preuve{Date: mednum.Date{Annee: 2022, Mois: 8, Jour: 3}, Flux: "autre"}
		}, "confirmer | À confirmer | Information d’août 2022 : appelez avant de venir"},
		{"sans date", mardi, func(l *mednum.Lieu) { l.Champs.Horaires, l.Preuve = bureau, mednum.Preuve{} }, "confirmer | À confirmer | Information sans date : appelez avant de venir"},
		{"dernier jour de la preuve", "2028-05-30 10:00", func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Preuve.Date = bureau, mednum.Date{Annee: 2026, Mois: 11, Jour: 30}
		}, "ouvert | Ouvert · ferme à 12 h | "},
		{"dernier jour passé", "2028-05-31 10:00", func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Preuve.Date = bureau, mednum.Date{Annee: 2026, Mois: 11, Jour: 30}
		}, "confirmer | À confirmer | Information de novembre 2026 : appelez avant de venir"},
		{"sans public", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Champs.ModalitesAcces = bureau, []string{"Ce lieu n'accueille pas de public"}
		}, "inconnu | N’accueille pas de public | Téléphonez ou écrivez."},
		{"téléphoner d’abord", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Champs.ModalitesAcces = bureau, []string{"Téléphoner"}
		}, "ouvert | Ouvert · ferme à 12 h | Téléphonez avant de venir"},
		{"aide sur rendez-vous", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Champs.ModalitesAcces = bureau, []string{"Téléphoner"}
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Tu 09:00-12:00", RendezVous: true}}
		}, "rdv | Aide sur rendez-vous · jusqu’à 12 h | Téléphonez avant de venir"},
		{"certains jours sur rendez-vous", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires = bureau
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "We 09:00-12:00", RendezVous: true}, {ID: "p2", Regle: "Tu 09:00-12:00"}}
		}, "ouvert | Aide sur place · jusqu’à 12 h | Certains jours, sur rendez-vous"},
		{"portes ouvertes, aide un autre jour", mardi, func(l *mednum.Lieu) {
			l.Champs.Nom, l.Champs.Horaires = "Médiathèque de Moissac", bureau
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Th 10:00-12:00"}, {ID: "p2", Regle: "We 10:00-12:00"}}
		}, "plus_tard | Médiathèque ouverte · aide numérique demain à 10 h | "},
		{"portes fermées, aide un autre jour", "2026-11-24 12:30", func(l *mednum.Lieu) {
			l.Champs.Nom, l.Champs.Horaires = "Médiathèque de Moissac", bureau
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Tu 10:00-12:00"}}
		}, "plus_tard | Aide numérique le mardi 1er décembre à 10 h | "},
		{"aide sans portes connues", mardi, func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Tu 14:00-16:00", RendezVous: true}}
		}, "rdv | Aide numérique à 14 h | Sur rendez-vous : téléphonez"},
		{"heures de l’aide inconnues", mardi, func(l *mednum.Lieu) {
			l.Champs.Nom, l.Champs.Horaires = "Mairie de Moissac", bureau
			l.Permanences = []mednum.Permanence{{ID: "p1"}}
		}, "inconnu | Mairie ouverte · heures de l’aide non communiquées | Téléphonez avant de venir"},
		{"aide sur rendez-vous, sans heures", mardi, func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", RendezVous: true}}
		}, "rdv | Aide numérique sur rendez-vous | Téléphonez avant de venir"},
		{"un ordinateur n’est pas une aide", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires = bureau
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "We 10:00-12:00", Services: materielSeul}}
		}, "ouvert | Ouvert · ferme à 12 h | "},
		{"jour férié, permanence muette", "2026-12-25 10:00", func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Fr 09:00-12:00"}}
		}, "confirmer | Jour férié (Noël) : à vérifier | "},
		{"le lieu ferme, l’aide aussi", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires = bureau
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Tu,Th 09:00-12:00"}}
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 23}, Au: mednum.Date{Annee: 2026, Mois: 11, Jour: 25}, Motif: "travaux"}}
		}, "plus_tard | Aide numérique jeudi à 9 h | Absent en ce moment (travaux)"},
		{"l’aide est absente, le lieu reste ouvert", mardi, func(l *mednum.Lieu) {
			l.Champs.Nom, l.Champs.Horaires = "Mairie de Moissac", bureau
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Tu,Th 09:00-12:00"}}
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 23}, Au: mednum.Date{Annee: 2026, Mois: 11, Jour: 25}, Motif: "congés", Permanence: "p1"}}
		}, "plus_tard | Mairie ouverte · aide numérique jeudi à 9 h | Absent en ce moment (congés)"},
		{"vieille preuve, mais une fermeture notée", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Preuve = bureau, mednum.Preuve{Date: mednum.Date{Annee: 2022, Mois: 5, Jour: 3}, Flux: "conseillers-numeriques"}
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 23}, Au: mednum.Date{Annee: 2027, Mois: 1, Jour: 2}, Motif: "travaux"}}
		}, "ferme | Fermé (travaux) · jusqu’au samedi 2 janvier 2027 | "},
		{"vieille preuve, la fermeture est finie", "2027-01-03 10:00", func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Preuve = bureau, mednum.Preuve{Date: mednum.Date{Annee: 2022, Mois: 5, Jour: 3}, Flux: "conseillers-numeriques"}
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 23}, Au: mednum.Date{Annee: 2027, Mois: 1, Jour: 2}}}
		}, "confirmer | À confirmer | Information de mai 2022 : appelez avant de venir"},
		{"une semaine sur deux", mardi, func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Tu 09:00-12:00", Depuis: mednum.Date{Annee: 2026, Mois: 11, Jour: 17}, TousLes: 2}}
		}, "plus_tard | Aide numérique le mardi 1er décembre à 9 h | "},
		{"horaires dits de l’aide", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.SensHoraires = bureau, mednum.SensAide
		}, "ouvert | Aide sur place · jusqu’à 12 h | "},
		{"horaires dits du lieu", mardi, func(l *mednum.Lieu) {
			l.Champs.Nom, l.Champs.Horaires, l.SensHoraires = "Mairie de Moissac", bureau, mednum.SensLieu
		}, "inconnu | Mairie ouverte · heures de l’aide non communiquées | Téléphonez avant de venir"},
		{"vieille source, même avec des permanences", mardi, func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Tu 09:00-12:00"}}
			l.Preuve = mednum.Preuve{Date: mednum.Date{Annee: 2022, Mois: 5, Jour: 3}, Flux: "conseillers-numeriques"}
		}, "confirmer | À confirmer | Information de mai 2022 : appelez avant de venir"},
		{"fermeture exceptionnelle", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires = bureau
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 23}, Au: mednum.Date{Annee: 2026, Mois: 11, Jour: 25}, Motif: "travaux"}}
		}, "ferme | Fermé (travaux) · ouvre jeudi à 9 h | "},
		{"ouverture exceptionnelle", "2026-11-28 10:00", func(l *mednum.Lieu) {
			l.Champs.Horaires = bureau
			samedi := mednum.Date{Annee: 2026, Mois: 11, Jour: 28}
			l.Exceptions = []mednum.Exception{{Du: samedi, Au: samedi, Ouvert: true, Plages: "09:00-11:00"}}
		}, "ouvert | Ouvert · ferme à 11 h | "},
		{"ouverture exceptionnelle avec son motif", "2026-11-28 10:00", func(l *mednum.Lieu) {
			l.Champs.Horaires = bureau
			samedi := mednum.Date{Annee: 2026, Mois: 11, Jour: 28}
			l.Exceptions = []mednum.Exception{{Du: samedi, Au: samedi, Ouvert: true, Plages: "09:00-11:00", Motif: "fête"}}
		}, "ouvert | Ouvert · ferme à 11 h (fête) | "},
		{"fermé pour de bon", mardi, func(l *mednum.Lieu) { l.Statut = mednum.StatutFerme }, "ferme | Fermé définitivement | "},
		{"itinérant", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Champs.Itinerance = bureau, []string{"Itinérant"}
			l.Permanences = []mednum.Permanence{{ID: "p1", Arret: &mednum.Arret{Nom: "Mairie"}}}
		}, "itinerant | Service itinérant : voir les arrêts | "},
		{"itinérant sans arrêt", mardi, func(l *mednum.Lieu) {
			l.Champs.Horaires, l.Champs.Itinerance = bureau, []string{"Itinérant"}
		}, "itinerant | Service itinérant : téléphonez pour connaître les arrêts | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := gocmp.Diff(tt.want, etatDe(t, tt.le, tt.change, -1)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestEtatPassage(t *testing.T) {
	const mardi = "2026-11-24 10:00" // week 48
	bus := func(p mednum.Permanence) func(*mednum.Lieu) {
		p.ID, p.Arret = "p1", &mednum.Arret{Nom: "Mairie"}
		return func(l *mednum.Lieu) {
			l.Champs.Itinerance, l.Permanences = []string{"Itinérant"}, []mednum.Permanence{p}
		}
	}
	tests := []struct {
		name, le string
		change   func(*mednum.Lieu)
		want     string
	}{
		{"semaines impaires", mardi, bus(mednum.Permanence{Regle: "week 01-53/2 Mo 09:30-12:00,13:30-16:00"}), "plus_tard | Prochain passage : lundi 30 novembre, 9 h 30 | "},
		{"semaines paires", mardi, bus(mednum.Permanence{Regle: "week 02-52/2 Mo 09:30-12:00"}), "plus_tard | Prochain passage : lundi 7 décembre, 9 h 30 | "},
		{"sur place", mardi, bus(mednum.Permanence{Regle: "Tu 09:30-12:00"}), "ouvert | Sur place · jusqu’à 12 h | "},
		{"demain", mardi, bus(mednum.Permanence{Regle: "We 09:30-12:00"}), "plus_tard | Prochain passage : demain, 9 h 30 | "},
		{"aujourd’hui", mardi, bus(mednum.Permanence{Regle: "Tu 14:00-16:00"}), "plus_tard | Prochain passage : aujourd’hui, 14 h | "},
		{"rendez-vous", mardi, bus(mednum.Permanence{Regle: "We 09:30-12:00", RendezVous: true}), "rdv | Prochain passage : demain, 9 h 30 | Sur rendez-vous : téléphonez"},
		{"jour férié", "2026-12-23 10:00", bus(mednum.Permanence{Regle: "Fr 09:30-12:00"}), "plus_tard | Prochain passage : vendredi 25 décembre, 9 h 30 | Jour férié (Noël) : à vérifier"},
		{"à partir de janvier", mardi, bus(mednum.Permanence{Regle: "We 09:30-12:00", Depuis: mednum.Date{Annee: 2027, Mois: 1, Jour: 4}}), "plus_tard | Prochain passage : mercredi 6 janvier, 9 h 30 | "},
		{"sans règle", mardi, bus(mednum.Permanence{}), "confirmer | Jours de passage à confirmer : téléphonez | "},
		{"sans règle, service arrêté ce jour-là", mardi, func(l *mednum.Lieu) {
			bus(mednum.Permanence{})(l)
			l.Exceptions = []mednum.Exception{{Du: mednum.Date{Annee: 2026, Mois: 11, Jour: 24}, Au: mednum.Date{Annee: 2026, Mois: 11, Jour: 24}, Motif: "panne"}}
		}, "ferme | Fermé (panne) | "},
		{"plus jamais", mardi, bus(mednum.Permanence{Regle: "2020 Mo 09:00-12:00"}), "confirmer | Jours de passage à confirmer : téléphonez | "},
		{"trop vieux", "2029-11-24 10:00", bus(mednum.Permanence{Regle: "Sa 09:30-12:00"}), "confirmer | À confirmer | Information de juin 2026 : appelez avant de venir"},
		{"permanence d’un lieu", mardi, func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "We 09:30-12:00"}}
		}, "plus_tard | Prochaine permanence : demain, 9 h 30 | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := gocmp.Diff(tt.want, etatDe(t, tt.le, tt.change, 0)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestUnArretPlusieursJours: one stop on several days is one result, which
// names the next passage.
func TestUnArretPlusieursJours(t *testing.T) {
	lat, lon := 44.05, 1.05
	stop := &mednum.Arret{Nom: "Mairie", Commune: "Moissac", CodeInsee: "99001", Latitude: &lat, Longitude: &lon}
	l := lieuEn("x1", "Bus", 44, 1)
	l.Champs.Itinerance = []string{"Itinérant"}
	l.Permanences = []mednum.Permanence{
		{ID: "mardi", Regle: "Tu 09:30-12:00", Arret: stop},
		{ID: "vendredi", Regle: "Fr 09:30-12:00", Arret: stop},
		{ID: "inconnu", Arret: stop},
	}
	c := openNommes(t)
	if err := c.publier([]mednum.Lieu{l}, 2); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, le, jour, want string }{
		{"sur place mardi", "2026-11-24 10:00", "", "mardi"},
		{"le mardi après-midi", "2026-11-24 13:00", "", "vendredi"},
		{"le samedi", "2026-11-28 10:00", "", "mardi"},
		{"Friday is asked on Tuesday", "2026-11-24 10:00", "vendredi", "vendredi"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c.now = aHeure(t, tt.le).now
			quand, err := c.ParseQuand(tt.jour, "")
			if err != nil {
				t.Fatal(err)
			}
			res, err := c.Chercher(t.Context(), Recherche{Depart: &geo.Point{Lat: 44, Lon: 1}, Quand: quand})
			if err != nil || len(res.Trouves) != 1 {
				t.Fatalf("%d results, %v", len(res.Trouves), err)
			}
			if got := res.Trouves[0].Arret.ID; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// retouchee has old hours, and a permanence of the same record that somebody
// changed that year.
func retouchee(l *mednum.Lieu, annee int) {
	l.Champs.Horaires = "Mo-Fr 09:00-12:00"
	l.Provenance = map[mednum.Champ]mednum.Origine{mednum.ChampHoraires: {Fiche: "conseillers-numeriques/1", Date: mednum.Date{Annee: 2022, Mois: 5, Jour: 3}}}
	l.Permanences = []mednum.Permanence{{ID: "p1", Fiche: "conseillers-numeriques/1", Regle: "Tu 09:00-11:00"}}
	l.Retouches = map[string]mednum.Retouche{"p1": {Permanence: &l.Permanences[0], Le: time.Date(annee, 10, 1, 0, 0, 0, 0, time.UTC)}}
}
