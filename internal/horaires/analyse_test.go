package horaires

import (
	"errors"
	"testing"
)

func TestParseCanonique(t *testing.T) {
	cases := []struct{ name, texte, want string }{
		{"ordinary", "Mo-Fr 09:00-12:00,14:00-17:00", "Mo-Fr 09:00-12:00,14:00-17:00"},
		{"short hours", "Mo 9:00-12:00", "Mo 09:00-12:00"},
		{"spaces", " Mo , We-Fr  08:30 - 12:00 ,  13:30-17:00 ;Sa off", "Mo,We-Fr 08:30-12:00,13:30-17:00; Sa off"},
		{"closed", "Su closed", "Su off"},
		{"last separator", "Mo 09:00-12:00;", "Mo 09:00-12:00"},
		{"additional after days", "Mo-Fr 10:00-12:00, We 14:00-16:00", "Mo-Fr 10:00-12:00 open, We 14:00-16:00"},
		{"additional hours", "Mo-Fr off, 10:00-12:00", "Mo-Fr off, 10:00-12:00"},
		{"fallback", `Mo 10:00-12:00||"sur rdv"`, `Mo 10:00-12:00 || "sur rdv"`},
		{"past midnight", "Mo 22:00-26:00", "Mo 22:00-02:00"},
		{"whole night", "Mo 12:00-36:00", "Mo 12:00-36:00"},
		{"midnight", "Mo 20:00-00:00", "Mo 20:00-24:00"},
		{"dates", "Dec 24-Jan 2,Jul 1-5 off", "Dec 24-Jan 02,Jul 01-05 off"},
		{"days of a month", "Dec 24, 26,28-30 off", "Dec 24,Dec 26,Dec 28-30 off"},
		{"year holds for the list", "2026 Jan,Jul Mo", "2026 Jan,Jul Mo"},
		{"year of a month holds for days too", "2026 Jan,Jul 14 Mo", "2026 Jan,Jul 14 Mo"},
		{"year of a day is its own", "2026 May 04,Jul 14 off", "2026 May 04,Jul 14 off"},
		{"both years of a range", "2026 Jul 13-Aug 02,2026 Dec 20-Jan 05 off", "2026 Jul 13-2026 Aug 02,2026 Dec 20-2027 Jan 05 off"},
		{"months of a year into another", "2026 Nov-Feb,May Mo", "2026 Nov 01-2027 Feb 28,2026 May Mo"},
		{"years one after the other", "2026 Jan,2027 Nov-Feb,Mar,Jul 14-2029 Aug 02 Mo", "2026 Jan,2027 Nov 01-2028 Feb 29,2027 Mar,2027 Jul 14-2029 Aug 02 Mo"},
		{"colon after a day", "Jul 08-Dec 23: 10:00-12:00", "Jul 08-Dec 23 10:00-12:00"},
		{"more than a day", "Mo 05:30-31:30", "Mo 05:30-31:30"},
		{"dated range", "2025 Dec 20-2026 Jan 05 off", "2025 Dec 20-2026 Jan 05 off"},
		{"years", "2024,2026-2030/2,2032+ Mo", "2024,2026-2030/2,2032+ Mo"},
		{"years and months", "2024-2026 Jan-Mar Mo", "2024-2026 Jan-Mar Mo"},
		{"weeks", "week 2-52/2,5 Mo", "week 02-52/2,05 Mo"},
		{"readability", "Jul-Aug: Mo-Fr 10:00-12:00", "Jul-Aug Mo-Fr 10:00-12:00"},
		{"nth", "We[1,3-4] 10:00-12:00; Mo[-1] -2 days", "We[1,3-4] 10:00-12:00; Mo[-1] -2 days"},
		{"holidays first", "Mo-Fr,PH 10:00-12:00", "PH,Mo-Fr 10:00-12:00"},
		{"holidays and days", "SH,PH Mo-Fr 10:00-12:00", "SH,PH Mo-Fr 10:00-12:00"},
		{"easter", "easter -2 days-easter +1 day off", "easter -2 days-easter +1 day off"},
		{"open ends", "Mo 10:00+; Tu 10:00-12:00+", "Mo 10:00+; Tu 10:00-12:00+"},
		{"condition", `"marché": Mo 10:00-12:00 "sur la place"`, `"marché": Mo 10:00-12:00 "sur la place"`},
		{"24/7", "24/7", "24/7"},
		{"24/7 with words", `24/7 "digicode"`, `24/7 "digicode"`},
		{"from a date on", "2026 Sep 01+ Mo 10:00-12:00", "2026 Sep 01+ Mo 10:00-12:00"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, err := Parse(tc.texte)
			if err != nil {
				t.Fatal(err)
			}
			if e.String() != tc.want {
				t.Errorf("got %q, want %q", e, tc.want)
			}
			encore, err := Parse(e.String())
			if err != nil || encore.String() != tc.want {
				t.Errorf("the canonical form is not stable: %v, %v", encore, err)
			}
		})
	}
}

func TestParseRefus(t *testing.T) {
	cases := []struct {
		name, texte string
		position    int
		message     string
	}{
		{"empty", "", 0, "il manque des jours ou des heures."},
		{"no end", "Mo 08:22", 8, "il manque l’heure de fin, comme 09:00-12:00."},
		{"French hours", "Mo-Fr 9h-12h30", 7, "il faut deux points et les minutes, comme 09:00."},
		{"bare hours", "Mo 14-17", 5, "il faut deux points et les minutes, comme 09:00."},
		{"French day", "Lundi 09:00-12:00", 0, "« Lundi » n’est pas compris : les jours s’écrivent Mo Tu We Th Fr Sa Su."},
		{"small letters", "mo 09:00-12:00", 0, "écrivez « Mo » et non « mo »."},
		{"after an accent", `Mo 09:00-12:00 "é" é`, 19, "« é » n’est pas compris : les jours s’écrivent Mo Tu We Th Fr Sa Su."},
		{"impossible hour", "Mo 25:00-26:00", 3, "25 ne convient pas : il faut une heure, entre 0 et 24."},
		{"impossible minutes", "Mo 09:60-12:00", 3, "cette heure n’existe pas."},
		{"empty range", "Mo 09:00-09:00", 9, "la plage finit à l’heure où elle commence."},
		{"too long", "Mo 09:00-49:00", 9, "49 ne convient pas : il faut une heure, entre 0 et 48."},
		{"no such day", "Feb 30 off", 4, "30 ne convient pas : il faut un jour du mois, entre 1 et 29."},
		{"backwards days", "May 10-05 off", 7, "5 ne convient pas : il faut un jour du mois, entre 10 et 31."},
		{"backwards years", "2026-2025 Mo", 5, "2025 ne convient pas : il faut une année, entre 2026 et 2999."},
		{"backwards dates", "2026 Jul 10-2026 Jun 10", 0, "la plage de dates finit avant de commencer."},
		{"weeks over the new year", "week 50-05 Mo", 8, "pour passer d’une année à l’autre, écrivez « week 50-53,01-05 »."},
		{"month to day", "Jan-Mar 10", 0, "une plage va d’un jour à un jour, ou d’un mois à un mois."},
		{"nth of a range", "Mo-Fr[1]", 5, "« [ » n’est pas attendu ici."},
		{"sixth", "Mo[6]", 3, "6 ne convient pas : il faut un rang dans le mois, entre 1 et 5."},
		{"open bracket", "Mo[1", 4, "il manque un crochet ]."},
		{"sun", "sunrise-sunset", 0, "les heures du soleil ne sont pas comprises : écrivez des heures, comme 08:00-18:00."},
		{"every so often", "Mo 10:00-14:00/60", 14, "les passages toutes les n minutes ne sont pas des horaires d’ouverture."},
		{"open quote", `Mo "sur rdv`, 3, "le commentaire n’est pas fermé : il manque un guillemet \"."},
		{"empty comment", `Mo ""`, 3, "le commentaire est vide."},
		{"long dash", "Mo–Fr 09:00-12:00", 2, "écrivez le tiret simple « - »."},
		{"French quotes", "Mo «sur rdv»", 3, "écrivez les commentaires entre guillemets droits \"."},
		{"days after days", "Mo Tu 09:00-12:00", 3, "séparez les jours par une virgule, ou écrivez les fériés en premier : « PH Mo-Fr »."},
		{"comma after days", "Mo-Fr, 09:00-12:00", 5, "une virgule ne peut pas suivre des jours sans heures."},
		{"two separators", "Mo 09:00-12:00;; Tu off", 15, "« ; » n’est pas attendu ici."},
		{"nothing after the colon", "Feb: ; Mo 09:00-12:00", 5, "il manque des jours ou des heures."},
		{"nothing after ||", "Mo 09:00-12:00 ||", 17, "il manque des jours ou des heures."},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, err := Parse(tc.texte)
			var refus *Erreur
			if !errors.As(err, &refus) {
				t.Fatalf("read as %v, %v", e, err)
			}
			if refus.Position != tc.position || refus.Message != tc.message || refus.Texte != tc.texte {
				t.Errorf("got %d %q\nwant %d %q", refus.Position, refus.Message, tc.position, tc.message)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, texte := range []string{
		"Mo-Fr 09:00-12:00,14:00-17:00; We off; PH off", `week 02-52/2 Mo 09:30-12:00 || "sur rdv"`,
		"2025 Dec 20-2026 Jan 05 off, Jul,Aug Sa[1,-1] 22:00-02:00+", "easter -2 days-easter +1 day SH,PH Mo-Fr 10:00+",
		"2026 Nov-Feb,Jul 14-Aug 02,2027 Jan-2028 Feb Mo; 2028 Dec 20-Jan 05: 05:30-31:30 || Mo,easter, Tu 22:00-02:00",
		`"x": 2024-2030/2 Dec 24,26 unknown "é"`, "Feb 29+ Su[5] +1 day 24/7",
	} {
		f.Add(texte)
	}
	c := Calendrier{Lieu: paris(f), Departement: "67"}
	instants := echantillon(f)
	f.Fuzz(func(t *testing.T, texte string) {
		e, err := Parse(texte)
		if err != nil {
			var refus *Erreur
			if !errors.As(err, &refus) || refus.Position < 0 || refus.Position > len([]rune(texte)) || refus.Message == "" {
				t.Fatalf("refused without a place or a reason: %v", err)
			}
			return
		}
		encore, err := Parse(e.String())
		if err != nil {
			t.Fatalf("%q prints as %q: %v", texte, e, err)
		}
		if encore.String() != e.String() {
			t.Fatalf("%q prints as %q, then %q", texte, e, encore)
		}
		for _, quand := range instants {
			etat, mots := e.Etat(quand, c)
			if autre, dits := encore.Etat(quand, c); autre != etat || dits != mots {
				t.Fatalf("%q is %v (%s) at %v, its print %q is %v (%s)", texte, etat, mots, quand, e, autre, dits)
			}
		}
	})
}
