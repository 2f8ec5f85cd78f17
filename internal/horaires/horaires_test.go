package horaires

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func paris(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(t testing.TB, texte string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", texte, paris(t))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Reference days: 2026-07-13 is a Monday, 2026-07-14 a public holiday.
func TestA(t *testing.T) {
	cases := []struct {
		name, expr, quand, want string
	}{
		{"open", "Mo-Fr 09:00-12:00,14:00-17:00", "2026-07-13 09:00", "ouvert → ferme 2026-07-13 12:00"},
		{"last minute", "Mo-Fr 09:00-12:00,14:00-17:00", "2026-07-13 11:59", "ouvert → ferme 2026-07-13 12:00"},
		{"lunch", "Mo-Fr 09:00-12:00,14:00-17:00", "2026-07-13 12:00", "ferme → ouvert 2026-07-13 14:00"},
		{"weekend", "Mo-Fr 09:00-12:00", "2026-07-17 12:00", "ferme → ouvert 2026-07-20 09:00"},
		{"override", "Mo-Fr 09:00-12:00,14:00-17:00; We off", "2026-07-15 10:00", "ferme → ouvert 2026-07-16 09:00"},
		{"override by hours", "Mo-Fr 09:00-12:00; We 14:00-16:00", "2026-07-15 10:00", "ferme → ouvert 2026-07-15 14:00"},
		{"partial off", "Mo-Fr 10:00-16:00; We 12:00-14:00 off", "2026-07-15 11:00", "ouvert → ferme 2026-07-15 12:00"},
		{"additional", "Mo-Fr 10:00-12:00, We 14:00-16:00", "2026-07-15 11:00", "ouvert → ferme 2026-07-15 12:00"},
		{"spaced list is one list", "Mo-Fr 08:30-12:00, 13:30-17:00", "2026-07-18 14:00", "ferme → ouvert 2026-07-20 08:30"},
		{"holiday off", "Mo-Fr 09:00-17:00; PH off", "2026-07-14 10:00", "ferme → ouvert 2026-07-15 09:00"},
		{"holiday off first is overridden", "PH off; Mo-Fr 09:00-17:00", "2026-07-14 10:00", "ouvert → ferme 2026-07-14 17:00"},
		{"holiday and weekday", "PH Mo-Fr 09:00-12:00", "2026-07-13 10:00", "ferme → ouvert 2026-07-14 09:00"},
		{"holiday or weekday", "PH,Mo 09:00-12:00", "2026-07-14 10:00", "ouvert → ferme 2026-07-14 12:00"},
		{"day after holiday", "PH +1 day 10:00-12:00", "2026-07-15 10:00", "ouvert → ferme 2026-07-15 12:00"},
		{"past midnight", "Mo 22:00-02:00", "2026-07-14 01:00", "ouvert → ferme 2026-07-14 02:00"},
		{"past midnight, cut by a rule for the day", "Mo-Fr 22:00-02:00; We 10:00-12:00", "2026-07-14 23:00", "ouvert → ferme 2026-07-15 00:00"},
		{"extended hours", "Mo 10:00-26:00", "2026-07-14 01:30", "ouvert → ferme 2026-07-14 02:00"},
		{"comment alone", `Mo-Fr 10:00-12:00 "sur rendez-vous"`, "2026-07-13 10:00", "inconnu (sur rendez-vous) → ferme 2026-07-13 12:00"},
		{"only a comment", `"sur rendez-vous"`, "2026-07-13 10:00", "inconnu (sur rendez-vous)"},
		{"open with a comment", `Mo 10:00-12:00 open "rez-de-chaussée"`, "2026-07-13 10:00", "ouvert (rez-de-chaussée) → ferme 2026-07-13 12:00"},
		{"comment changes", `Mo 10:00-11:00 open "a", Mo 11:00-12:00 open "b"`, "2026-07-13 10:00", "ouvert (a) → ouvert (b) 2026-07-13 11:00"},
		{"fallback", `Mo 10:00-12:00 || "sur rendez-vous"`, "2026-07-13 09:00", "inconnu (sur rendez-vous) → ouvert 2026-07-13 10:00"},
		{"always", "24/7", "2026-07-13 09:00", "ouvert"},
		{"never", "off", "2026-07-13 09:00", "ferme"},
		{"never again", "2025 Mo-Fr 09:00-12:00", "2026-07-13 09:00", "ferme"},
		{"months", "Jul-Aug Mo-Fr 09:00-12:00", "2026-07-13 10:00", "ouvert → ferme 2026-07-13 12:00"},
		{"month range wraps", "Nov-Feb 09:00-12:00", "2026-07-13 10:00", "ferme → ouvert 2026-11-01 09:00"},
		{"date range wraps", "Dec 24-Jan 02 off; 09:00-12:00 || Dec 24-Jan 02 open", "2026-12-23 12:00", "ferme → ouvert 2026-12-24 00:00"},
		{"days of a month", "Jul 14,16-18 10:00-12:00", "2026-07-14 12:00", "ferme → ouvert 2026-07-16 10:00"},
		{"year of a date", "2027 Jul 13 10:00-12:00", "2026-07-13 10:00", "ferme → ouvert 2027-07-13 10:00"},
		{"leap day", "Feb 29 10:00-12:00", "2028-02-28 10:00", "ferme → ouvert 2028-02-29 10:00"},
		{"no leap day", "Feb 29 10:00-12:00", "2026-03-01 10:00", "ferme"},
		{"years", "2026-2030/2 Jul 10:00-12:00", "2026-07-31 12:00", "ferme"},
		{"from a year on", "2026+ Mo 10:00-12:00", "2026-07-13 10:00", "ouvert → ferme 2026-07-13 12:00"},
		{"from a date on", "2026 Jul 16+ 10:00-12:00", "2026-07-13 10:00", "ferme → ouvert 2026-07-16 10:00"},
		{"even weeks", "week 02-52/2 Mo 09:30-12:00", "2026-07-13 10:00", "ferme → ouvert 2026-07-20 09:30"},
		{"odd weeks twice in a row", "week 01-53/2 Mo 09:30-12:00", "2026-12-28 12:00", "ferme → ouvert 2027-01-04 09:30"},
		{"first and last of the month", "Mo[1],Mo[-1] 10:00-12:00", "2026-07-06 12:00", "ferme → ouvert 2026-07-27 10:00"},
		{"second to last", "We[-2] 10:00-12:00", "2026-07-13 12:00", "ferme → ouvert 2026-07-22 10:00"},
		{"nth with offset", "Su[2] +1 day 10:00-12:00", "2026-07-13 10:00", "ouvert → ferme 2026-07-13 12:00"},
		{"easter", "easter +1 day 10:00-12:00", "2026-04-06 10:00", "ouvert → ferme 2026-04-06 12:00"},
		{"an offset of more than a year", "Dec 31 +366 days 10:00-12:00", "2026-01-01 10:00", "ouvert → ferme 2026-01-01 12:00"},
		{"an offset of a year back", "Jan 01 -366 days 10:00-12:00", "2025-12-31 10:00", "ouvert → ferme 2025-12-31 12:00"},
		{"an offset of a leap year back", "Jan 01 -366 days 10:00-12:00", "2026-12-30 12:00", "ferme → ouvert 2026-12-31 10:00"},
		{"easter range", "easter -2 days-easter +1 day off; Mo-Fr 10:00-12:00 || off", "2026-04-02 10:00", "ouvert → ferme 2026-04-02 12:00"},
		{"weekdays wrap", "Sa-Mo 10:00-12:00", "2026-07-13 12:00", "ferme → ouvert 2026-07-18 10:00"},
		{"open end", "Mo 14:00+", "2026-07-13 14:00", "inconnu (heure de fin non précisée) → ferme 2026-07-14 00:00"},
		{"open end after hours", "Mo 10:00-12:00+", "2026-07-13 10:00", "ouvert → inconnu (heure de fin non précisée) 2026-07-13 12:00"},
		{"school holidays not known", "SH off; Mo 10:00-12:00 || SH 14:00-15:00", "2026-07-13 14:00", "inconnu (selon les vacances scolaires) → ferme 2026-07-13 15:00"},
		{"condition in words", `"marché": Mo 10:00-12:00`, "2026-07-13 10:00", "inconnu (marché) → ferme 2026-07-13 12:00"},
		{"spring gap", "Su 02:15-02:45", "2026-03-28 12:00", "ferme → ouvert 2026-04-05 02:15"},
		{"spring, through the gap", "Su 01:00-02:30", "2026-03-29 01:30", "ouvert → ferme 2026-03-29 03:00"},
		{"autumn", "Su 01:00-05:00", "2026-10-25 01:00", "ouvert → ferme 2026-10-25 05:00"},
	}
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, err := Parse(tc.expr)
			if err != nil {
				t.Fatal(err)
			}
			quand := instant(t, tc.quand)
			for range 2 { // the printed form answers the same
				if got := decrire(e.A(quand, c)); got != tc.want {
					t.Errorf("%s at %s\n got %s\nwant %s", e, tc.quand, got, tc.want)
				}
				if e, err = Parse(e.String()); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func decrire(r Reponse) string {
	s := r.Etat.String() + entreParentheses(r.Commentaire)
	if r.HasChange {
		s += " → " + r.Suivante.Etat.String() + entreParentheses(r.Suivante.Commentaire) + r.Change.Format(" 2006-01-02 15:04")
	}
	return s
}

func entreParentheses(mots string) string {
	if mots == "" {
		return ""
	}
	return " (" + mots + ")"
}
