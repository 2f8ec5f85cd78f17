package textes

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"82numerique.fr/adeuxpas/internal/horaires"

	"github.com/google/go-cmp/cmp"
)

func calendrier(t testing.TB) horaires.Calendrier {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return horaires.Calendrier{Lieu: loc, Departement: "82"}
}

func lire(t testing.TB, texte string) *horaires.Expression {
	t.Helper()
	if texte == "" {
		return nil
	}
	e, err := horaires.Parse(texte)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// 2026-11-24 is a Tuesday; 2026-07-14 a Tuesday and a public holiday.
func TestOuverture(t *testing.T) {
	cases := []struct{ name, expr, quand, want string }{
		{"open", "Mo-Fr 09:00-12:00,14:00-17:00; PH off", "2026-11-24 15:00", "Ouvert · ferme à 17 h"},
		{"open past midnight", "Tu 18:00-02:00", "2026-11-24 20:00", "Ouvert · ferme à 2 h"},
		{"open to midnight", "Tu 18:00-24:00", "2026-11-24 20:00", "Ouvert · ferme à minuit"},
		{"open for days", "Mo-Th", "2026-11-24 20:00", "Ouvert · ferme vendredi à minuit"},
		{"open with a comment", `Tu 09:00-12:00 open "entrée par la cour"`, "2026-11-24 10:00", "Ouvert · ferme à 12 h (entrée par la cour)"},
		{"open, another comment comes", `Tu 09:00-10:00 open "a", Tu 10:00-12:00 open "b"`, "2026-11-24 09:30", "Ouvert · ferme à 12 h (a)"},
		{"open, then unknown", "Tu 09:00-12:00+", "2026-11-24 09:30", "Ouvert au moins jusqu’à 12 h"},
		{"after an open end", "Tu 09:00-12:00+", "2026-11-24 12:30", "Heure de fermeture non précisée"},
		{"always", "24/7", "2026-11-24 09:30", "Ouvert à toute heure"},
		{"later today", "Mo-Fr 09:00-12:00,14:00-17:00", "2026-11-24 12:30", "Ouvre à 14 h"},
		{"this morning", "Mo-Fr 09:30-12:00", "2026-11-24 07:30", "Ouvre à 9 h 30"},
		{"tomorrow", "Mo-Fr 09:00-12:00", "2026-11-24 12:30", "Ouvre demain à 9 h"},
		{"just before midnight", "Mo-Fr 09:00-12:00", "2026-11-24 23:59", "Ouvre demain à 9 h"},
		{"within six days", "Mo 14:00-17:00", "2026-11-24 12:30", "Ouvre lundi à 14 h"},
		{"in a week", "Tu 09:00-12:00", "2026-11-24 12:30", "Ouvre le mardi 1er décembre à 9 h"},
		{"next year", "2027 Jan 04 09:00-12:00", "2026-11-24 12:30", "Ouvre le lundi 4 janvier 2027 à 9 h"},
		{"whole day", "We", "2026-11-24 12:30", "Ouvre demain"},
		{"never again", "2025 Mo 09:00-12:00", "2026-11-24 12:30", "Fermé"},
		{"closed for a reason", `Mo-Fr 09:00-12:00; Nov 23-27 off "congés"`, "2026-11-24 12:30", "Fermé (congés) · ouvre lundi à 9 h"},
		{"closed with a reason tomorrow", `Mo-Fr 09:00-12:00; Nov 25-27 off "congés"`, "2026-11-24 12:30", "Ouvre lundi à 9 h"},
		{"holiday", "Mo-Fr 09:00-12:00; PH off", "2026-07-14 10:00", "Fermé aujourd’hui (14 juillet) · ouvre demain à 9 h"},
		{"holiday, hours are silent", "Mo-Fr 09:00-12:00", "2026-07-14 10:00", "Jour férié (14 juillet) : à vérifier"},
		{"holiday, silent, before hours", "Mo-Fr 09:00-12:00", "2026-07-14 08:00", "Fermé · aujourd’hui, jour férié (14 juillet) : à vérifier"},
		{"eve of a silent holiday", "Mo-Fr 09:00-12:00", "2026-07-13 18:00", "Fermé · demain, jour férié (14 juillet) : à vérifier"},
		{"weekly closing day", "Mo-Fr 09:00-12:00; Tu off", "2026-11-24 10:00", "Fermé le mardi · ouvre demain à 9 h"},
		{"weekly closing day, on a holiday", "Mo-Fr 09:00-12:00; Tu off; PH off", "2026-07-14 10:00", "Fermé aujourd’hui (14 juillet) · ouvre demain à 9 h"},
		{"Sunday goes without saying", "Mo-Fr 09:00-12:00", "2026-11-22 10:00", "Ouvre demain à 9 h"},
		{"eve of a foreseen holiday", "Mo-Fr 09:00-12:00; PH off", "2026-07-13 18:00", "Ouvre mercredi à 9 h"},
		{"open on a holiday", "Mo-Fr 09:00-12:00; PH 10:00-11:00", "2026-07-14 10:00", "Ouvert · ferme à 11 h"},
		{"by appointment", `Mo-Fr 09:00-12:00 "sur rendez-vous"`, "2026-11-24 10:00", "Sur rendez-vous"},
		{"by appointment later", `Mo-Fr 14:00-17:00 "sur rendez-vous"`, "2026-11-24 10:00", "Fermé · à 14 h : sur rendez-vous"},
		{"by appointment tomorrow", `We 14:00-17:00 "sur rendez-vous"`, "2026-11-24 10:00", "Fermé · demain à 14 h : sur rendez-vous"},
		{"only by appointment", `"sur rendez-vous"`, "2026-11-24 10:00", "Sur rendez-vous"},
		{"unknown", "Mo-Fr 09:00-12:00 unknown", "2026-11-24 10:00", "Horaires à vérifier"},
		{"school holidays", "SH 09:00-12:00", "2026-11-24 10:00", "Selon les vacances scolaires : à vérifier"},
	}
	c := calendrier(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			quand, err := time.ParseInLocation("2006-01-02 15:04", tc.quand, c.Lieu)
			if err != nil {
				t.Fatal(err)
			}
			if got := plat(Ouverture(lire(t, tc.expr).A(quand.UTC(), c), quand.UTC(), c.Lieu)); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestSemaine(t *testing.T) {
	cases := []struct{ name, expr, want string }{
		{
			"office", "Mo-Fr 09:00-12:00,14:00-17:00; We off",
			"9 h à 12 h et 14 h à 17 h|9 h à 12 h et 14 h à 17 h|Fermé|9 h à 12 h et 14 h à 17 h|9 h à 12 h et 14 h à 17 h|Fermé|Fermé",
		},
		{"by appointment", `Mo 09:00-12:00,14:00-17:00 "sur rendez-vous"`, "9 h à 12 h et 14 h à 17 h, sur rendez-vous|Fermé|Fermé|Fermé|Fermé|Fermé|Fermé"},
		{"partly by appointment", `Mo 09:00-12:00 open, Mo 14:00-17:00 "sur rendez-vous"`, "9 h à 12 h et 14 h à 17 h (sur rendez-vous)|Fermé|Fermé|Fermé|Fermé|Fermé|Fermé"},
		{"otherwise by appointment, several days", `Mo-Fr 09:00-12:00 || "sur rendez-vous"`, strings.TrimPrefix(strings.Repeat("|9 h à 12 h, sinon sur rendez-vous", 5), "|") + strings.Repeat("|Sur rendez-vous", 2)},
		{"an open end past midnight", "Mo-Tu 09:00-20:00+", "9 h à 20 h au moins|9 h à 20 h au moins" + strings.Repeat("|Fermé", 5)},
		{"otherwise by appointment", `Mo 09:00-12:00 || "sur rendez-vous"`, "9 h à 12 h, sinon sur rendez-vous" + strings.Repeat("|Sur rendez-vous", 6)},
		{"past midnight", "Fr 22:00-02:00", "Fermé|Fermé|Fermé|Fermé|22 h à 2 h|Fermé|Fermé"},
		{"whole days", "Sa-Su", "Fermé|Fermé|Fermé|Fermé|Fermé|24 h sur 24|24 h sur 24"},
		{"open end", "Mo 14:00+; Tu 09:00-12:00+", "À partir de 14 h|9 h à 12 h au moins|Fermé|Fermé|Fermé|Fermé|Fermé"},
		{"unknown", "Mo 09:00-12:00 unknown", "9 h à 12 h, à vérifier|Fermé|Fermé|Fermé|Fermé|Fermé|Fermé"},
		{"alternate weeks", "week 02-52/2 Mo 09:00-12:00", "no"},
		{"months", "Jul Mo 09:00-12:00", "no"},
		{"nth", "Mo[1] 09:00-12:00", "no"},
		{"always", "24/7", "no"},
		{"none", "", "no"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			lignes, ok := Semaine(lire(t, tc.expr))
			if !ok {
				if tc.want != "no" {
					t.Fatal("no week")
				}
				return
			}
			var textes []string
			for i, l := range lignes {
				if l.Jour != Majuscule(jours[i]) {
					t.Errorf("line %d is %q", i, l.Jour)
				}
				textes = append(textes, plat(l.Texte))
			}
			if diff := cmp.Diff(strings.Split(tc.want, "|"), textes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRegle(t *testing.T) {
	cases := []struct{ expr, want string }{
		{"Tu 10:00-12:00", "le mardi : 10 h à 12 h"},
		{"Mo-Fr 09:00-12:00", "du lundi au vendredi : 9 h à 12 h"},
		{"Mo-Sa 09:00-12:00; We off", "le lundi, le mardi et du jeudi au samedi : 9 h à 12 h"},
		{"Mo-Th 09:00-12:00; Fr 09:00-11:00; PH off", "du lundi au jeudi : 9 h à 12 h ; le vendredi : 9 h à 11 h ; fermé les jours fériés"},
		{"Mo 09:00-12:00; PH 10:00-11:00", "le lundi : 9 h à 12 h ; les jours fériés : 10 h à 11 h"},
		{"Mo-Su 09:00-12:00", "tous les jours : 9 h à 12 h"},
		{"09:00-12:00", "tous les jours : 9 h à 12 h"},
		{"off", "fermé"},
		{"24/7", "à toute heure"},
		{`"sur rendez-vous"`, "sur rendez-vous"},
		{`Mo 09:00-12:00 "sur rendez-vous"`, "le lundi : 9 h à 12 h, sur rendez-vous"},
		{"week 02-52/2 Mo 09:30-12:00,13:30-16:00", "un lundi sur deux (semaines paires) : 9 h 30 à 12 h et 13 h 30 à 16 h"},
		{"week 01-53/2 We 09:30-12:00", "un mercredi sur deux (semaines impaires) : 9 h 30 à 12 h"},
		{"week 02-52/2 Mo,Th 09:00-12:00", "une semaine sur deux (semaines paires), le lundi et le jeudi : 9 h à 12 h"},
		{"week 10-20 Mo 09:00-12:00", "de la semaine 10 à la semaine 20, le lundi : 9 h à 12 h"},
		{"week 03-51/3 Mo 09:00-12:00", "une semaine sur trois de la semaine 3 à la semaine 51, le lundi : 9 h à 12 h"},
		{"We[1] 14:00-17:00", "le 1er mercredi du mois : 14 h à 17 h"},
		{"We[1,3] 14:00-17:00", "le 1er et le 3e mercredi du mois : 14 h à 17 h"},
		{"Mo[-1] 14:00-17:00", "le dernier lundi du mois : 14 h à 17 h"},
		{"Su[2] +1 day 14:00-17:00", "le lendemain du 2e dimanche du mois : 14 h à 17 h"},
		{"Jul-Aug Mo-Fr 09:00-12:00", "en juillet et août, du lundi au vendredi : 9 h à 12 h"},
		{"Jul,Aug Mo 09:00-12:00", "en juillet et en août, le lundi : 9 h à 12 h"},
		{"Oct-Mar Mo 09:00-12:00", "d’octobre à mars, le lundi : 9 h à 12 h"},
		{"Mo-Fr 09:00-12:00; Dec 24-Jan 02 off", "du lundi au vendredi : 9 h à 12 h ; du 24 décembre au 2 janvier : fermé"},
		{"Jul 01-14 09:00-12:00", "du 1er au 14 juillet : 9 h à 12 h"},
		{"2026 Jul 13 09:00-12:00", "le 13 juillet 2026 : 9 h à 12 h"},
		{"2026 Sep 01+ Mo 09:00-12:00", "à partir du 1er septembre 2026, le lundi : 9 h à 12 h"},
		{"2026-2027 Mo 09:00-12:00", "de 2026 à 2027, le lundi : 9 h à 12 h"},
		{"easter +1 day off", "le lendemain de Pâques : fermé"},
		{"SH Mo-Fr 09:00-12:00", "pendant les vacances scolaires, du lundi au vendredi : 9 h à 12 h"},
		{"PH Mo-Fr 09:00-12:00", "les jours fériés qui tombent du lundi au vendredi : 9 h à 12 h"},
		{"PH -1 day 09:00-12:00", "la veille des jours fériés : 9 h à 12 h"},
		{`Jul Mo 09:00-12:00 || "sur rendez-vous"`, "en juillet, le lundi : 9 h à 12 h ; sinon : sur rendez-vous"},
		{"", ""},
	}
	for _, tc := range cases {
		t.Run(tc.expr, func(t *testing.T) {
			if got := plat(Regle(lire(t, tc.expr))); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestDaterParite(t *testing.T) {
	le := time.Date(2026, 12, 7, 9, 0, 0, 0, time.UTC)
	for expr, want := range map[string]string{
		"week 02-52/2 Mo 09:00-12:00":    "un lundi sur deux (prochain : 7 décembre) : 9 h à 12 h",
		"week 01-53/2 Mo,Th 09:00-12:00": "une semaine sur deux (prochain : 7 décembre), le lundi et le jeudi : 9 h à 12 h",
		"Mo 09:00-12:00":                 "le lundi : 9 h à 12 h",
	} {
		if got := plat(DaterParite(Regle(lire(t, expr)), le)); got != want {
			t.Errorf("%s: got %q, want %q", expr, got, want)
		}
	}
}

func TestFeries(t *testing.T) {
	for expr, want := range map[string]string{
		"Mo-Fr 09:00-12:00": "", "Mo-Fr 09:00-12:00; PH off": "Fermé les jours fériés", "": "",
		"Mo-Fr 09:00-12:00; PH 10:00-11:00": "Les jours fériés : 10 h à 11 h",
	} {
		if got := plat(Feries(lire(t, expr))); got != want {
			t.Errorf("%s: got %q, want %q", expr, got, want)
		}
	}
}

func TestVacances(t *testing.T) {
	for texte, want := range map[string]string{
		"Mo 09:00-12:00":                               "",
		"Mo 09:00-12:00; PH off":                       "",
		"Mo 09:00-12:00; SH off":                       "Pendant les vacances scolaires\u00a0: fermé",
		"Mo 09:00-12:00; SH Mo 10:00-11:00; SH Tu off": "Pendant les vacances scolaires, le lundi\u00a0: 10\u00a0h à 11\u00a0h\u00a0; pendant les vacances scolaires, le mardi\u00a0: fermé",
	} {
		e, err := horaires.Parse(texte)
		if err != nil {
			t.Fatal(err)
		}
		if got := Vacances(e); got != want {
			t.Errorf("%s: got %q, want %q", texte, got, want)
		}
	}
	if got := Vacances(nil); got != "" {
		t.Errorf("nothing says %q", got)
	}
}

// Week parity is spelt out by dates: 28 December 2026 and 4 January 2027 are
// both in odd ISO weeks (53 and 1).
func TestProchainesDates(t *testing.T) {
	c := calendrier(t)
	cases := []struct {
		name, expr, depuis string
		n                  int
		want               []string
	}{
		{"odd weeks over a year of 53", "week 01-53/2 Mo 09:30-12:00", "2026-12-10 12:00", 3, []string{"2026-12-14 09:30", "2026-12-28 09:30", "2027-01-04 09:30"}},
		{"today's hours are over", "Tu 09:00-12:00", "2026-11-24 12:00", 2, []string{"2026-12-01 09:00", "2026-12-08 09:00"}},
		{"now open", "Tu 09:00-12:00", "2026-11-24 10:00", 1, []string{"2026-11-24 09:00"}},
		{"over", "2025 Tu 09:00-12:00", "2026-11-24 10:00", 2, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			depuis, err := time.ParseInLocation("2006-01-02 15:04", tc.depuis, c.Lieu)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range ProchainesDates(lire(t, tc.expr), tc.n, depuis, c) {
				got = append(got, d.Format("2006-01-02 15:04"))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
