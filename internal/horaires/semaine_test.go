package horaires

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestComposer(t *testing.T) {
	matin, bureau := []Plage{{540, 720}}, []Plage{{540, 720}, {840, 1020}}
	cases := []struct {
		name  string
		jours [7][]Plage
		want  string
	}{
		{"office", [7][]Plage{bureau, bureau, bureau, bureau, bureau, nil, nil}, "Mo-Fr 09:00-12:00,14:00-17:00"},
		{"two kinds of days", [7][]Plage{bureau, bureau, matin, bureau, bureau, nil, nil}, "Mo,Tu,Th,Fr 09:00-12:00,14:00-17:00; We 09:00-12:00"},
		{"out of order", [7][]Plage{{{840, 1020}, {540, 720}}}, "Mo 09:00-12:00,14:00-17:00"},
		{"touching", [7][]Plage{{{540, 720}, {720, 800}}}, "Mo 09:00-13:20"},
		{"overlapping", [7][]Plage{{{540, 720}, {600, 800}}}, "Mo 09:00-13:20"},
		{"past midnight", [7][]Plage{4: {{1320, 1560}}}, "Fr 22:00-02:00"},
		{"empty ranges", [7][]Plage{{{540, 540}, {-10, -5}, {1500, 1600}}}, ""},
		{"closed", [7][]Plage{}, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := Composer(tc.jours)
			if got != tc.want {
				t.Fatalf("got %q, want %q", got, tc.want)
			}
			if got == "" {
				return
			}
			if e, err := Parse(got); err != nil || e.String() != got {
				t.Errorf("not canonical: %v, %v", e, err)
			}
		})
	}
}

func TestOrdinairement(t *testing.T) {
	matin := []Plage{{540, 720}}
	cases := []struct {
		name, texte string
		want        [7][]Plage
		ok          bool
	}{
		{"office", "Mo-We 09:00-12:00; PH off", [7][]Plage{matin, matin, matin}, true},
		{"off", "Mo-We 09:00-12:00; Tu off", [7][]Plage{matin, nil, matin}, true},
		{"past midnight", "Fr 22:00-02:00", [7][]Plage{4: {{1320, 1560}}}, true},
		{"Sunday into Monday", "Su 22:00-02:00; Tu 09:00-12:00", [7][]Plage{1: matin, 6: {{1320, 1560}}}, true},
		{"whole days in a row", "Sa-Su", [7][]Plage{5: {{0, 1440}}, 6: {{0, 1440}}}, true},
		{"school holidays aside", "Mo 09:00-12:00; SH off", [7][]Plage{matin}, true},
		{"comments part hours that touch", `Mo 09:00-10:00 open "a", Mo 10:00-12:00 open "b"`, [7][]Plage{matin}, true},
		{"by appointment", `Mo 09:00-12:00 "rdv"`, [7][]Plage{}, false},
		{"months", "Jul Mo 09:00-12:00", [7][]Plage{}, false},
		{"weeks", "week 02-52/2 Mo 09:00-12:00", [7][]Plage{}, false},
		{"nth", "Mo[1] 09:00-12:00", [7][]Plage{}, false},
		{"an evening and a morning that make more than a day", "Mo 09:00-24:00; Tu 00:00-10:00", [7][]Plage{0: {{540, 1440}}, 1: {{0, 600}}}, true},
		{"an evening and a morning that make a day", "Mo 09:00-24:00; Tu 00:00-09:00", [7][]Plage{0: {{540, 1980}}}, true},
		{"years", "2026 Mo 09:00-12:00", [7][]Plage{}, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, err := Parse(tc.texte)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := semaineOuverte(e)
			if diff := cmp.Diff(tc.want, got); diff != "" || ok != tc.ok {
				t.Errorf("ok = %v\n%s", ok, diff)
			}
		})
	}
}

// semaineOuverte gives the ranges of the ordinary week; ok is false when weeks
// differ, or when some hours are unknown.
func semaineOuverte(e *Expression) (jours [7][]Plage, ok bool) {
	creneaux, ok := e.Ordinairement()
	for i := range creneaux {
		for _, c := range creneaux[i] {
			if c.Etat != Ouvert {
				return [7][]Plage{}, false
			}
			jours[i] = append(jours[i], c.Plage)
		}
		jours[i] = unir(jours[i])
	}
	return jours, ok
}

func TestSemaine(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	e, err := Parse("Mo-Fr 09:00-12:00; We 22:00-02:00; PH off")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, jour := range e.Semaine(instant(t, "2026-07-13 15:00"), c) { // Tuesday is a public holiday
		texte := ""
		for _, v := range jour {
			texte += v.Debut.Format("Mon 15:04-") + v.Fin.Format("Mon 15:04 ")
		}
		got = append(got, texte)
	}
	want := []string{"Mon 09:00-Mon 12:00 ", "", "Wed 22:00-Thu 00:00 ", "Thu 00:00-Thu 02:00 Thu 09:00-Thu 12:00 ", "Fri 09:00-Fri 12:00 ", "", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFerie(t *testing.T) {
	cases := []struct{ name, departement, jour, want string }{
		{"new year", "82", "2026-01-01 12:00", "1er janvier"},
		{"Easter Monday 2026", "82", "2026-04-06 12:00", "lundi de Pâques"},
		{"Easter Sunday is none", "82", "2026-04-05 12:00", ""},
		{"May Day", "82", "2026-05-01 12:00", "1er mai"},
		{"Ascension 2026", "82", "2026-05-14 12:00", "Ascension"},
		{"Whit Monday 2026", "82", "2026-05-25 12:00", "lundi de Pentecôte"},
		{"earliest Easter Monday of the century", "82", "2285-03-23 12:00", "lundi de Pâques"},
		{"latest Whit Monday", "82", "2038-06-14 12:00", "lundi de Pentecôte"},
		{"Ascension on 8 May", "82", "2059-05-08 12:00", "8 mai"},
		{"national day", "82", "2026-07-14 00:00", "14 juillet"},
		{"its last minute", "82", "2026-07-14 23:59", "14 juillet"},
		{"Good Friday elsewhere", "82", "2026-04-03 12:00", ""},
		{"Good Friday in Alsace", "67", "2026-04-03 12:00", "Vendredi saint"},
		{"26 December elsewhere", "82", "2026-12-26 12:00", ""},
		{"26 December in Moselle", "57", "2026-12-26 12:00", "Saint-Étienne"},
		{"Good Friday in Haut-Rhin", "68", "2026-04-03 12:00", "Vendredi saint"},
		{"Good Friday in Moselle", "57", "2026-04-03 12:00", "Vendredi saint"},
		{"Good Friday in Martinique is no holiday of the code", "972", "2026-04-03 12:00", ""},
		{"26 December in Bas-Rhin", "67", "2026-12-26 12:00", "Saint-Étienne"},
		{"Guadeloupe", "971", "2026-05-27 12:00", "abolition de l’esclavage"},
		{"Guyane", "973", "2026-06-10 12:00", "abolition de l’esclavage"},
		{"Mayotte", "976", "2026-04-27 12:00", "abolition de l’esclavage"},
		{"Saint-Barthélemy", "977", "2026-10-09 12:00", "abolition de l’esclavage"},
		{"Saint-Barthélemy, not Guadeloupe's day", "977", "2026-05-27 12:00", ""},
		{"Saint-Martin", "978", "2026-05-28 12:00", "abolition de l’esclavage"},
		{"Saint-Martin, no longer Guadeloupe's day", "978", "2026-05-27 12:00", ""},
		{"Saint-Pierre-et-Miquelon has none", "975", "2026-05-27 12:00", ""},
		{"Réunion", "974", "2026-12-20 12:00", "abolition de l’esclavage"},
		{"Martinique", "972", "2026-05-22 12:00", "abolition de l’esclavage"},
		{"not Martinique", "971", "2026-05-22 12:00", ""},
		{"ordinary day", "82", "2026-07-15 12:00", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c := Calendrier{Lieu: paris(t), Departement: tc.departement}
			got, ok := c.Ferie(instant(t, tc.jour).UTC())
			if got != tc.want || ok != (tc.want != "") {
				t.Errorf("got %q, %v", got, ok)
			}
		})
	}
}

func TestVacances(t *testing.T) {
	jour := func(texte string) time.Time { return instant(t, texte+" 00:00") }
	vacances := NewVacances([]Periode{{"Toussaint", jour("2026-10-17"), jour("2026-11-01")}, {"à l’envers", jour("2026-10-17"), jour("2026-10-01")}},
		jour("2026-09-01"), jour("2026-12-31"))
	c := Calendrier{Lieu: paris(t), Departement: "82", Vacances: vacances}
	e, err := Parse("Mo-Fr 09:00-12:00; SH Mo-Fr 14:00-16:00")
	if err != nil {
		t.Fatal(err)
	}
	for quand, want := range map[string]Etat{
		"2026-10-16 10:00": Ouvert, "2026-10-19 10:00": Ferme, "2026-10-19 15:00": Ouvert, "2026-11-02 10:00": Ouvert,
		"2027-01-04 10:00": Inconnu, "2027-01-04 15:00": Inconnu, "2027-01-04 18:00": Ferme, "2026-08-31 10:00": Inconnu,
	} {
		if got, _ := e.Etat(instant(t, quand), c); got != want {
			t.Errorf("%s: got %v, want %v", quand, got, want)
		}
	}
}

// The civil calendar against time.Time, day by day over four centuries.
func TestCalendrierCivil(t *testing.T) {
	for q, n := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), numero(1900, 1, 1); q.Year() < 2300; q, n = q.AddDate(0, 0, 1), n+1 {
		d := jourN(n)
		_, semaine := q.ISOWeek()
		if d.annee != q.Year() || d.mois != int(q.Month()) || d.quantieme != q.Day() ||
			d.semaine != (int(q.Weekday())+6)%7 || d.semaineISO() != semaine || jourOf(q) != d {
			t.Fatalf("%v: %+v, week %d", q, d, d.semaineISO())
		}
	}
}

// A usual week knows no holiday, whatever the calendar says of its days.
func TestSemaines(t *testing.T) {
	lundi := time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC) // the 11th is a public holiday
	for _, c := range []struct {
		regle string
		want  [14]int // minutes open each day
	}{
		{"Mo-Fr 09:00-12:00; PH off", [14]int{180, 180, 180, 180, 180, 0, 0, 180, 180, 180, 180, 180, 0, 0}},
		{"We 09:00-12:00; SH 10:00-11:00; PH 14:00-15:00", [14]int{0, 0, 180, 0, 0, 0, 0, 0, 0, 180}},
		{"Fr 22:00-02:00", [14]int{0, 0, 0, 0, 120, 120, 0, 0, 0, 0, 0, 120, 120, 0}},
		{"We[3] 09:00-10:00", [14]int{9: 60}},
	} {
		e, err := Parse(c.regle)
		if err != nil {
			t.Fatal(err)
		}
		var got [14]int
		for i, jour := range e.Semaines(lundi, 2) {
			for _, v := range jour {
				if v.Etat == Ouvert {
					got[i] += v.Fin - v.Debut
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: %v, want %v", c.regle, got, c.want)
		}
	}
}
