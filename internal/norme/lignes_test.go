package norme

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

func jour(texte string) mednum.Date {
	d, err := mednum.ParseDate(texte)
	if err != nil {
		panic(err)
	}
	return d
}

func ferme(du, au, motif, permanence string) mednum.Exception {
	return mednum.Exception{Du: jour(du), Au: jour(au), Motif: motif, Permanence: permanence}
}

func ouvert(du, plages, permanence string) mednum.Exception {
	return mednum.Exception{Du: jour(du), Au: jour(du), Ouvert: true, Plages: plages, Permanence: permanence}
}

// lieuFixe is a legal place; lieuMobile a service with two stops.
func lieuFixe() mednum.Lieu {
	return mednum.Lieu{ID: "3k7xcdfh", Champs: mednum.Champs{
		Pivot: mednum.PivotInconnu, Nom: "Médiathèque", Commune: "Essai", CodePostal: "46000", CodeInsee: "46042", Adresse: "1 rue",
		Horaires: "Tu-Sa 09:00-18:00", PresentationDetail: "Premier étage.", DateMaj: jour("2026-10-01"),
		Services: []string{"Aide aux démarches administratives"}, FicheAccesLibre: "https://acceslibre.example.org/1",
	}}
}

func lieuMobile() mednum.Lieu {
	l := lieuFixe()
	lat, lon := 44.5, 1.5
	l.Champs.Nom, l.Champs.Horaires, l.Champs.Itinerance = "Bus", "", []string{itinerant}
	l.Champs.Telephone, l.Champs.ComplementAdresse = "+33563000001", "Bâtiment A"
	arret := func(nom, insee, cp string) *mednum.Arret {
		return &mednum.Arret{Nom: nom, Commune: "Village", CodeInsee: insee, CodePostal: cp, Latitude: &lat, Longitude: &lon}
	}
	l.Permanences = []mednum.Permanence{
		{ID: "p1", Regle: "Tu 09:00-12:00", Arret: arret("Place de l’Église", "46001", "46100")},
		{ID: "p2", Regle: "Fr 14:00-16:00", Arret: arret("Place de l’Église", "46001", "46100")},
		{ID: "p3", Regle: "Mo 09:30-12:00", Arret: arret("Mairie", "46002", "46200")},
	}
	return l
}

// TestLigneDuLieu: what the row of a place says, hours then details.
func TestLigneDuLieu(t *testing.T) {
	const aide = "Premier étage.\nAide numérique"
	for _, tt := range []struct {
		name             string
		change           func(*mednum.Lieu)
		horaires, detail string
	}{
		{"ordinary", func(*mednum.Lieu) {}, "Tu-Sa 09:00-18:00", "Premier étage."},
		{"a closing to come", func(l *mednum.Lieu) {
			l.Exceptions = []mednum.Exception{ferme("2026-12-24", "2027-01-02", "congés", "")}
		}, `Tu-Sa 09:00-18:00; 2026 Dec 24-2027 Jan 02 off "congés"`, "Premier étage."},
		{"one under way, one that is over", func(l *mednum.Lieu) {
			l.Exceptions = []mednum.Exception{ferme("2026-11-20", "2026-11-25", "", ""), ferme("2026-11-20", "2026-11-24", "", "")}
		}, "Tu-Sa 09:00-18:00; 2026 Nov 20-2026 Nov 25 off", "Premier étage."},
		{
			"an exceptional opening", func(l *mednum.Lieu) { l.Exceptions = []mednum.Exception{ouvert("2026-11-30", "09:00-12:00", "")} },
			"Tu-Sa 09:00-18:00; 2026 Nov 30 09:00-12:00 open", "Premier étage.",
		},
		{"already in the hours", func(l *mednum.Lieu) {
			l.Champs.Horaires += "; 2026 Dec 24 off"
			l.Exceptions = []mednum.Exception{ferme("2026-12-24", "2026-12-24", "", "")}
		}, "Tu-Sa 09:00-18:00; 2026 Dec 24 off", "Premier étage."},
		{"a closing without hours", func(l *mednum.Lieu) {
			l.Champs.Horaires = ""
			l.Exceptions = []mednum.Exception{ferme("2026-12-24", "2027-01-02", "congés", "")}
		}, "", "Premier étage.\nExceptionnellement, du 24 décembre 2026 au 2 janvier 2027 : fermé (congés)."},
		{"a closing of one permanence is not the place's", func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Intitule: "Aide numérique", Regle: "Tu 10:00-12:00"}}
			l.Exceptions = []mednum.Exception{ferme("2026-12-01", "2026-12-01", "", "p1")}
		}, "Tu-Sa 09:00-18:00", aide + ", le mardi : 10 h à 12 h.\nAide numérique, exceptionnellement le 1er décembre 2026 : fermé."},
		{"help by appointment", func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Intitule: "Sur rendez-vous", Regle: "Tu 10:00-12:00", RendezVous: true}}
		}, "Tu-Sa 09:00-18:00", aide + ", le mardi : 10 h à 12 h, sur rendez-vous."},
		{"help for one service", func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Tu 10:00-12:00", Services: []string{"Insertion professionnelle via le numérique"}}}
		}, "Tu-Sa 09:00-18:00", aide + " (Insertion professionnelle via le numérique), le mardi : 10 h à 12 h."},
		{"help at unknown hours", func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1"}, {ID: "p2", Intitule: "Atelier", RendezVous: true}}
		}, "Tu-Sa 09:00-18:00", aide + " : jours et heures non communiqués.\nAide numérique (Atelier), sur rendez-vous."},
		{"help from a day to come", func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Mo 09:00-12:00", Depuis: jour("2026-12-07")}, {ID: "p2", Regle: "Tu 09:00-12:00", Depuis: jour("2020-01-01")}}
		}, "Tu-Sa 09:00-18:00", aide + ", le lundi : 9 h à 12 h, à partir du 7 décembre 2026.\nAide numérique, le mardi : 9 h à 12 h."},
		{"alternate weeks", func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Mo 09:30-12:00", Depuis: jour("2026-11-30"), TousLes: 2}}
		}, "Tu-Sa 09:00-18:00", aide + ", une semaine sur deux à partir du 30 novembre 2026, le lundi : 9 h 30 à 12 h " +
			"(prochaines dates : 30 novembre 2026, 14 décembre 2026 et 28 décembre 2026)."},
		{"told by an earlier export", func(l *mednum.Lieu) {
			l.Champs.PresentationDetail += "\nAide numérique, une semaine sur deux à partir du 2 novembre 2026, le lundi\u00a0: 9\u00a0h\u00a030 à 12\u00a0h (prochaines dates\u00a0: 2 novembre 2026)."
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Mo 09:30-12:00", Depuis: jour("2026-11-02"), TousLes: 2}}
		}, "Tu-Sa 09:00-18:00", aide + ", une semaine sur deux à partir du 2 novembre 2026, le lundi : 9 h 30 à 12 h " +
			"(prochaines dates : 30 novembre 2026, 14 décembre 2026 et 28 décembre 2026)."},
		{"hours of help", func(l *mednum.Lieu) { l.SensHoraires = mednum.SensAide }, "Tu-Sa 09:00-18:00", "Premier étage.\nCes horaires sont ceux de l’aide numérique."},
		{"hours of the place", func(l *mednum.Lieu) { l.SensHoraires = mednum.SensLieu }, "Tu-Sa 09:00-18:00", "Premier étage.\nCes horaires sont ceux du lieu."},
		{"hours of the place, where help has its own", func(l *mednum.Lieu) {
			l.SensHoraires = mednum.SensLieu
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Tu 10:00-12:00"}}
		}, "Tu-Sa 09:00-18:00", aide + ", le mardi : 10 h à 12 h."},
		{"a stop nobody can place", func(l *mednum.Lieu) {
			l.Permanences = []mednum.Permanence{{ID: "p1", Regle: "Mo 09:00-12:00", Arret: &mednum.Arret{Nom: "Hameau"}}}
		}, "Tu-Sa 09:00-18:00", "Premier étage.\nArrêt « Hameau », le lundi : 9 h à 12 h."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := lieuFixe()
			tt.change(&l)
			lignes := exportEssai.lignes(&l)
			if len(lignes) != 1 || len(lignes[0].Validate()) > 0 {
				t.Fatalf("%d rows: %v", len(lignes), lignes[0].Validate())
			}
			if diff := cmp.Diff(tt.horaires, lignes[0].Horaires); diff != "" {
				t.Errorf("horaires (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.detail, strings.ReplaceAll(lignes[0].PresentationDetail, "\u00a0", " ")); diff != "" {
				t.Errorf("presentation_detail (-want +got):\n%s", diff)
			}
			l.Champs = lignes[0] // as if it had been read again
			if diff := cmp.Diff(lignes, exportEssai.lignes(&l)); diff != "" {
				t.Errorf("a second export repeats itself (-first +second):\n%s", diff)
			}
		})
	}
}

// TestLigneArret: a stop is a row of its own, the rest of which is its
// service's.
func TestLigneArret(t *testing.T) {
	l := lieuMobile()
	lignes := exportEssai.lignes(&l)
	if len(lignes) != 3 {
		t.Fatalf("%d rows, want the service and two stops", len(lignes))
	}
	lat, lon := 44.5, 1.5
	want := l.Champs
	want.ID, want.Nom, want.StructureParente = "3k7xcdfh-place-de-l-eglise", "Bus – Place de l’Église", "Bus"
	want.Adresse, want.ComplementAdresse, want.Commune, want.CodeInsee, want.CodePostal = "Place de l’Église", "", "Village", "46001", "46100"
	want.Latitude, want.Longitude, want.FicheAccesLibre, want.PresentationDetail = &lat, &lon, "", ""
	want.Horaires = "Tu 09:00-12:00; Fr 14:00-16:00"
	if diff := cmp.Diff(want, lignes[1]); diff != "" {
		t.Errorf("stop (-want +got):\n%s", diff)
	}
	for _, ligne := range lignes {
		if fautes := ligne.Validate(); len(fautes) > 0 {
			t.Errorf("%s: %v", ligne.ID, fautes)
		}
	}
}

// TestHorairesArret: how the permanences of one stop are written as one.
func TestHorairesArret(t *testing.T) {
	conges := ferme("2026-12-24", "2026-12-31", "congés", "")
	for _, tt := range []struct {
		name             string
		regles           [2]string
		exceptions       []mednum.Exception
		horaires, detail string
	}{
		{"two days", [2]string{"Tu 09:00-12:00", "Fr 14:00-16:00"}, nil, "Tu 09:00-12:00; Fr 14:00-16:00", ""},
		{"one day, twice", [2]string{"Tu 09:00-12:00", "Tu 14:00-16:00"}, nil, "Tu 09:00-12:00, Tu 14:00-16:00", ""},
		{"the second holds the first", [2]string{"Tu 09:00-12:00", "Tu 09:00-12:00; Fr 14:00-16:00"}, nil, "Tu 09:00-12:00; Fr 14:00-16:00", ""},
		{"one is not known", [2]string{"", "Fr 14:00-16:00"}, nil, "Fr 14:00-16:00", ""},
		{"none is known", [2]string{"", ""}, []mednum.Exception{conges}, "", "Exceptionnellement, du 24 au 31 décembre 2026 : fermé (congés)."},
		{
			"the place is closed",
			[2]string{"Tu 09:00-12:00", "Fr 14:00-16:00"},
			[]mednum.Exception{conges},
			`Tu 09:00-12:00; Fr 14:00-16:00; 2026 Dec 24-2026 Dec 31 off "congés"`, "",
		},
		{
			"the place is open on a day out of the ordinary, which promises no help",
			[2]string{"Tu 09:00-12:00", ""},
			[]mednum.Exception{ouvert("2026-12-02", "09:00-12:00", "")},
			"Tu 09:00-12:00", "",
		},
		{
			"one permanence is closed, the other is not",
			[2]string{"Tu 09:00-12:00", "Fr 14:00-16:00"},
			[]mednum.Exception{ferme("2026-12-01", "2026-12-04", "", "p1")},
			"Tu 09:00-12:00; 2026 Dec 01-2026 Dec 04 off; Fr 14:00-16:00", "",
		},
		{"unreadable", [2]string{"le mardi matin", ""}, nil, "", "Le mardi matin."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := lieuMobile()
			l.Permanences = l.Permanences[:2]
			l.Permanences[0].Regle, l.Permanences[1].Regle = tt.regles[0], tt.regles[1]
			l.Exceptions = tt.exceptions
			got := exportEssai.lignes(&l)[1]
			if diff := cmp.Diff(tt.horaires, got.Horaires); diff != "" {
				t.Errorf("horaires (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.detail, strings.ReplaceAll(got.PresentationDetail, "\u00a0", " ")); diff != "" {
				t.Errorf("presentation_detail (-want +got):\n%s", diff)
			}
		})
	}
}

// TestHorairesParDates: alternate weeks, and what no joining of rules says,
// become dates of the coming year.
func TestHorairesParDates(t *testing.T) {
	alternees := lieuMobile()
	alternees.Permanences = alternees.Permanences[2:]
	alternees.Permanences[0].Depuis, alternees.Permanences[0].TousLes = jour("2026-11-30"), 2
	alternees.Exceptions = []mednum.Exception{ferme("2026-12-28", "2026-12-28", "", "p3"), ouvert("2026-12-07", "09:30-12:00", "p3")}
	melees := lieuMobile() // closed on a Friday for the second only
	melees.Permanences[0].Regle, melees.Permanences[1].Regle = "Fr 09:00-12:00", "Fr 10:00-16:00"
	melees.Exceptions = []mednum.Exception{ferme("2026-12-04", "2026-12-04", "", "p2")}
	longues := lieuMobile() // more dates than a year of hours can hold
	longues.Permanences = longues.Permanences[:1]
	longues.Permanences[0].Regle, longues.Permanences[0].Depuis, longues.Permanences[0].TousLes = "Mo-Su 09:00-12:00,14:00-18:00", jour("2026-11-30"), 2
	for _, tt := range []struct {
		name            string
		lieu            mednum.Lieu
		ouverts, fermes []string
	}{
		{
			"alternate weeks", alternees,
			[]string{"2026-11-30T09:30", "2026-12-14T09:30", "2027-01-11T11:59", "2027-11-15T10:00", "2026-12-07T10:00"},
			[]string{"2026-12-21T10:00", "2026-12-28T10:00", "2026-12-15T10:00", "2026-11-30T12:00"},
		},
		{"mixed", melees, []string{"2026-11-27T09:00", "2026-11-27T15:59", "2026-12-04T09:00", "2026-12-11T15:00"}, []string{"2026-12-04T12:00", "2026-12-04T15:00"}},
		{"too long", longues, []string{"2026-11-30T09:00", "2026-12-20T17:00"}, []string{"2026-12-08T09:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ligne := exportEssai.lignes(&tt.lieu)[1]
			e, err := horaires.Parse(ligne.Horaires)
			if err != nil || ligne.ID == "" {
				t.Fatalf("%q: %v", ligne.Horaires, err)
			}
			for i, instant := range slices.Concat(tt.ouverts, tt.fermes) {
				quand, err := time.Parse("2006-01-02T15:04", instant)
				if err != nil {
					t.Fatal(err)
				}
				etat, _ := e.Pendant(quand, quand.Add(time.Minute), horaires.Calendrier{})
				if want := i < len(tt.ouverts); (etat == horaires.Ouvert) != want {
					t.Errorf("%s: %v in %.200s…", instant, etat, ligne.Horaires)
				}
			}
		})
	}
}

// TestRendezVousArret: appointments of a stop are told in words.
func TestRendezVousArret(t *testing.T) {
	for _, tt := range []struct {
		name string
		rdv  [2]bool
		want string
	}{
		{"none", [2]bool{}, "Secteur 1."},
		{"all", [2]bool{true, true}, "Secteur 1.\nSur rendez-vous."},
		{"some", [2]bool{false, true}, "Secteur 1.\nLe vendredi : 14 h à 16 h, sur rendez-vous."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := lieuMobile()
			for i := range tt.rdv {
				l.Permanences[i].RendezVous, l.Permanences[i].Intitule = tt.rdv[i], "Secteur 1"
			}
			if diff := cmp.Diff(tt.want, strings.ReplaceAll(exportEssai.lignes(&l)[1].PresentationDetail, "\u00a0", " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestArretsRelus: our own export gives stops back to their service, and the
// same rows when it is written again.
func TestArretsRelus(t *testing.T) {
	l := lieuMobile()
	l.Permanences[0].RendezVous, l.Permanences[1].RendezVous = true, true
	l.Permanences[2].Intitule, l.Permanences[2].Services = "Atelier", []string{"Loisirs et créations numériques"}
	l.Permanences[2].Arret.Adresse = "2 place"
	for _, e := range encodeurs {
		t.Run(e.nom, func(t *testing.T) {
			var b bytes.Buffer
			if err := e.encode(&b, []mednum.Lieu{l}); err != nil {
				t.Fatal(err)
			}
			ecrit := b.String()
			lecture, err := Decode(e.nom, &b)
			if err != nil || len(lecture.Fiches) != 1 || len(lecture.Ecartes) > 0 {
				t.Fatalf("%+v, %v", lecture, err)
			}
			p, q := l.Permanences[0], l.Permanences[2]
			p.ID, q.ID = "place-de-l-eglise", "mairie"
			p.Regle += "; Fr 14:00-16:00"
			if diff := cmp.Diff([]mednum.Permanence{p, q}, lecture.Fiches[0].Permanences); diff != "" {
				t.Errorf("stops (-want +got):\n%s", diff)
			}
			relu := mednum.Consolider(mednum.Lieu{ID: l.ID}, lecture.Fiches, nil)
			if err := e.encode(&b, []mednum.Lieu{relu}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(ecrit, b.String()); diff != "" {
				t.Errorf("rows (-first +second):\n%s", diff)
			}
		})
	}
}

// TestArretsDAutrui: rows that only look like stops stay records.
func TestArretsDAutrui(t *testing.T) {
	const entete = "id,pivot,nom,commune,code_postal,adresse,date_maj,itinerance,structure_parente\n" +
		"a,00000000000000,Bus,Essai,46000,1 rue,2026-01-01,Itinérant,\n"
	for _, tt := range []struct {
		name, ligne string
		want        int
	}{
		{"a stop", "a-b,00000000000000,Bus – Place,Essai,46000,1 rue,2026-01-01,Itinérant,Bus\n", 1},
		{"another parent", "a-b,00000000000000,Bus – Place,Essai,46000,1 rue,2026-01-01,Itinérant,Autre\n", 2},
		{"not on the move", "a-b,00000000000000,Bus – Place,Essai,46000,1 rue,2026-01-01,Fixe,Bus\n", 2},
		{"another name", "a-b,00000000000000,Place,Essai,46000,1 rue,2026-01-01,Itinérant,Bus\n", 2},
		{"of no service of the file", "c-b,00000000000000,Bus – Place,Essai,46000,1 rue,2026-01-01,Itinérant,Bus\n", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lecture, err := Decode("x.csv", strings.NewReader(entete+tt.ligne))
			if err != nil || len(lecture.Fiches) != tt.want {
				t.Errorf("%d records, %v, want %d", len(lecture.Fiches), err, tt.want)
			}
		})
	}
}
