package norme

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestOuvrirHoraires(t *testing.T) {
	tests := []struct {
		name, texte, horaires, detail string
		remarque                      *mednum.Remarque
	}{
		{name: "nothing"},
		{name: "strict", texte: "Mo-Fr 09:00-12:00; PH off", horaires: "Mo-Fr 09:00-12:00; PH off"},
		{name: "strict, kept as written", texte: "Mo 9:00-12:00;Tu closed", horaires: "Mo 9:00-12:00;Tu closed"},
		{name: "strict, not plausible", texte: "Fr 19:00-11:00", horaires: "Fr 19:00-11:00", remarque: &mednum.Remarque{
			Avant: "Fr 19:00-11:00", Apres: "Fr 19:00-11:00", ARevoir: true,
			Motif: "horaires gardés comme ils sont écrits, à vérifier. « 19:00-11:00 »\u00a0: ces heures passent minuit et durent 16\u00a0h\u00a0: la fin est-elle juste\u00a0?",
		}},
		{name: "in words", texte: "Du lundi au vendredi de 9h à 12h, fermé le mercredi.", horaires: "Mo,Tu,Th,Fr 09:00-12:00", remarque: &mednum.Remarque{
			Avant: "Du lundi au vendredi de 9h à 12h, fermé le mercredi.", Apres: "Mo,Tu,Th,Fr 09:00-12:00", Motif: "écriture des horaires",
		}},
		{name: "by appointment", texte: "sur RDV", horaires: `"sur rendez-vous"`, remarque: &mednum.Remarque{
			Avant: "sur RDV", Apres: `"sur rendez-vous"`, Motif: "écriture des horaires",
		}},
		{name: "one hour", texte: "Mo 08:22", detail: "Horaires : Mo 08:22.", remarque: &mednum.Remarque{
			Avant: "Mo 08:22", ARevoir: true, Motif: "« 08:22 »\u00a0: une heure seule\u00a0: il manque le début ou la fin",
		}},
		{name: "a part", texte: "Lundi 9h-12h ; le soir selon programme.", detail: "Horaires : Lundi 9h-12h ; le soir selon programme.", remarque: &mednum.Remarque{
			Avant: "Lundi 9h-12h ; le soir selon programme.", ARevoir: true,
			Motif: "une partie n’est pas comprise\u00a0: « le soir selon programme »\u00a0; lecture possible du reste\u00a0: Mo 09:00-12:00",
		}},
		{name: "not understood", texte: "Selon programme", detail: "Horaires : Selon programme.", remarque: &mednum.Remarque{
			Avant: "Selon programme", ARevoir: true, Motif: "horaires non compris",
		}},
		{name: "said to be unknown", texte: "Horaires non communiqués"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBrouillon(formatFranceServices.flux, mednum.Date{})
			b.ouvrirHoraires(tt.texte)
			var want []mednum.Remarque
			if tt.remarque != nil {
				tt.remarque.Champ = mednum.ChampHoraires
				want = append(want, *tt.remarque)
			}
			if diff := cmp.Diff(want, b.fiche.Remarques); diff != "" {
				t.Errorf("remarks (-want +got):\n%s", diff)
			}
			got := []string{b.fiche.Champs[mednum.ChampHoraires], strings.Join(b.details, "|")}
			if diff := cmp.Diff([]string{tt.horaires, tt.detail}, got); diff != "" {
				t.Errorf("horaires, details (-want +got):\n%s", diff)
			}
		})
	}
}

// TestHorairesV1: a file of the standard whose hours are in words.
func TestHorairesV1(t *testing.T) {
	const entete = "id,pivot,nom,commune,code_postal,adresse,services,horaires,presentation_detail,source,date_maj\n"
	tests := []struct{ name, horaires, want, detail string }{
		{"strict", "Mo-Fr 09:00-12:00", "Mo-Fr 09:00-12:00", "Près de la halle."},
		{"in words", "Lu-Ve 9h-12h", "Mo-Fr 09:00-12:00", "Près de la halle."},
		{"not certain", "en semaine 9h-12h", "", "Horaires : en semaine 9h-12h.\nPrès de la halle."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ligne := "1,43493312300029,Lieu d’essai,Essai,82990,1 rue,Aide aux démarches administratives," + tt.horaires + ",Près de la halle.,Essai,2024-01-01\n"
			lecture, err := Decode("essai.csv", strings.NewReader(entete+ligne))
			if err != nil || len(lecture.Fiches) != 1 {
				t.Fatalf("%d records, %v", len(lecture.Fiches), err)
			}
			c := lecture.Fiches[0].Champs
			if diff := cmp.Diff([]string{tt.want, tt.detail}, []string{c[mednum.ChampHoraires], c[mednum.ChampPresentationDetail]}); diff != "" {
				t.Errorf("%s: (-want +got):\n%s", lecture.Format, diff)
			}
		})
	}
}

func TestLireSemaine(t *testing.T) {
	type plages = []horaires.Plage
	tests := []struct {
		name, mardi   string
		want          plages
		surRDV        []creneau
		detail, motif string
	}{
		{name: "hours", mardi: "09:00 - 12:00 / 14:00 - 17:00", want: plages{{Debut: 540, Fin: 720}, {Debut: 840, Fin: 1020}}},
		{name: "closed", mardi: "Fermé"},
		{name: "empty", mardi: ""},
		{name: "by appointment, no hours", mardi: "Sur RDV", detail: "Mardi : Sur RDV."},
		{
			name: "some hours by appointment", mardi: "9:00 - 12:00 / Sur RDV : 14:00 - 17:00", want: plages{{Debut: 540, Fin: 720}, {Debut: 840, Fin: 1020}},
			surRDV: []creneau{{jour: 1, plages: plages{{Debut: 840, Fin: 1020}}}},
		},
		{name: "overlap", mardi: "08:00 - 15:00 / 08:30 - 13:30", detail: "Mardi : 08:00 - 15:00 / 08:30 - 13:30.", motif: "ces heures se chevauchent"},
		{name: "once a month", mardi: "1 samedi sur 2 : 9:00 - 12:30", detail: "Mardi : 1 samedi sur 2 : 9:00 - 12:30.", motif: "un jour est nommé"},
		{name: "every other week", mardi: "9h/12h en semaine paire", detail: "Mardi : 9h/12h en semaine paire.", motif: "ces horaires changent dans l’année"},
		{name: "holidays", mardi: "9h - 12h sauf vacances scolaires", detail: "Mardi : 9h - 12h sauf vacances scolaires.", motif: "ces horaires changent dans l’année"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBrouillon(formatFranceServices.flux, mednum.Date{})
			jours, surRDV := b.lireSemaine(func(jour string) string { return map[string]string{"mardi": tt.mardi}[jour] })
			if diff := cmp.Diff(tt.want, jours[1]); diff != "" {
				t.Errorf("hours (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.surRDV, surRDV, cmp.AllowUnexported(creneau{})); diff != "" {
				t.Errorf("by appointment (-want +got):\n%s", diff)
			}
			if got := strings.Join(b.details, "|"); got != tt.detail {
				t.Errorf("details %q, want %q", got, tt.detail)
			}
			motif := ""
			for _, r := range b.fiche.Remarques {
				motif += r.Motif
			}
			if !strings.Contains(motif, tt.motif) || (motif == "") != (tt.motif == "") {
				t.Errorf("remarks %+v, want %q", b.fiche.Remarques, tt.motif)
			}
		})
	}
}
