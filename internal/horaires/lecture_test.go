package horaires

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestLire(t *testing.T) {
	const semaine = "Mo-Fr 09:00-12:00,14:00-17:00"
	cases := []struct{ name, texte, want string }{
		{"short days", "Lu-Ve 9h-12h", "Mo-Fr 09:00-12:00"},
		{"the working week with a dash", "Lundi-Vendredi 9h-12h", "Mo-Fr 09:00-12:00"},
		{"slash within a range", "lu-ve : 9h/12h", "Mo-Fr 09:00-12:00"},
		{"OSM days, French hours", "Mo-Fr 9h-12h30", "Mo-Fr 09:00-12:30"},
		{"strict", "Mo-Fr 09:00-12:00, 14:00-17:00", semaine},
		{"strict, an override", semaine + "; We off", semaine + "; We off"},
		{"dots", "Mo-Fr 09.00-12.00,14.00 - 17.00", semaine},
		{"odd spaces", "Mo-Fr 14:00-19:00 ;Sa 14 :00-18h00 ", "Mo-Fr 14:00-19:00; Sa 14:00-18:00"},
		{"capitals", "LUNDI AU VENDREDI 9 H 00 - 12 H 00", "Mo-Fr 09:00-12:00"},
		{"words", "lundi de 9 heures à midi", "Mo 09:00-12:00"},
		{"heures and minutes", "lundi de 9 heures 30 à 12 heures", "Mo 09:30-12:00"},
		{"midnight", "samedi de 18h à minuit", "Sa 18:00-24:00"},
		{"between", "entre 9h et 12h le lundi", "Mo 09:00-12:00"},
		{"no space", "lundi 9hà 12h et 14h à17h", "Mo 09:00-12:00,14:00-17:00"},
		{"bare first hour", "Mar, jeu, ven : 16-18h. Mer : 14-18h. Sam : 10-13h", "Tu,Th,Fr 16:00-18:00; We 14:00-18:00; Sa 10:00-13:00"},
		{"bare last hour", "Lundi 9h à 12 - 14h à 17h", "Mo 09:00-12:00,14:00-17:00"},
		{"a sentence", "Du lundi au vendredi de 9h à 12h et de 14h à 17h.", semaine},
		{"without du", "Lundi au vendredi 9h-18h", "Mo-Fr 09:00-18:00"},
		{"à between days", "Lundi à vendredi 9h-12h/14h-17h", semaine},
		{"a list", "lundi, mardi et jeudi : 9h-12h", "Mo,Tu,Th 09:00-12:00"},
		{"a list of three without signs", "Lundi Mardi Vendredi 9h-12h", "Mo,Tu,Fr 09:00-12:00"},
		{"two days side by side are two days when another is between", "Lundi Mercredi 14h à 17h | Mardi 9h à 12h", "Mo,We 14:00-17:00; Tu 09:00-12:00"},
		{"two days with a dash are two days when others are between", "Mardi - Jeudi 9h-12h, Mercredi 14h-17h", "Tu,Th 09:00-12:00; We 14:00-17:00"},
		{"a list with dashes", "lundi-mardi-jeudi : 9h à 12h", "Mo,Tu,Th 09:00-12:00"},
		{"a list with slashes", "Lun/mar/jeu: 9h/12h mer: 16h/19h", "Mo,Tu,Th 09:00-12:00; We 16:00-19:00"},
		{"plurals", "Les mardis et jeudis de 9h00 à 12h00", "Tu,Th 09:00-12:00"},
		{"every Tuesday", "Tous les mardis de 9h à 12h", "Tu 09:00-12:00"},
		{"groups parted by nothing", "Mardi 12h-14h mercredi 12h-18h", "Tu 12:00-14:00; We 12:00-18:00"},
		{"bars", "Lundi : 9h-12h | Mardi : 14h-17h", "Mo 09:00-12:00; Tu 14:00-17:00"},
		{"line breaks", "Lundi : 9h-12h ⏎ Mardi : 14h-17h", "Mo 09:00-12:00; Tu 14:00-17:00"},
		{"hours on their own line", "Lundi\n13h30 – 17h30\nSamedi\nFermé", "Mo 13:30-17:30"},
		{"HTML", "<ul><li>lundi 14H00-17H45</li><li>mercredi 15H00-17H45</li></ul>", "Mo 14:00-17:45; We 15:00-17:45"},
		{"hours first", "9-12h et 14-17h du lundi au vendredi", semaine},
		{"a title", "Horaires d’ouverture : lundi 9h-12h", "Mo 09:00-12:00"},
		{"without a break", "Lundi 9h-16h (journée continue)", "Mo 09:00-16:00"},
		{"the same day twice", "mardi de 10h à 12h, le mardi de 14h à 16h", "Tu 10:00-12:00,14:00-16:00"},
		{"a half added", "Du lundi au vendredi 9h - 12h et le mardi après-midi de 14h à 17h", "Mo,We-Fr 09:00-12:00; Tu 09:00-12:00,14:00-17:00"},
		{"halves named", "lundi : le matin de 9h à 12h et l’après-midi de 14h à 17h", "Mo 09:00-12:00,14:00-17:00"},
		{"closed on a day", semaineEnMots + ", fermé le mercredi", "Mo,Tu,Th,Fr 09:00-12:00,14:00-17:00"},
		{"closed, apart", "Lundi au vendredi 9h-12h. Fermé jeudi et samedi", "Mo-We,Fr 09:00-12:00"},
		{"closed, apart from an afternoon", "Lundi et mardi le matin 9h-12h, l’après-midi 14h-17h. Fermé le mercredi", "Mo,Tu 09:00-12:00,14:00-17:00"},
		{"a closed day in a list", "lundi : 9h-12h, mardi : fermé, mercredi : 14h-17h", "Mo 09:00-12:00; We 14:00-17:00"},
		{"closed on an afternoon", semaineEnMots + ", sauf le mercredi après-midi", "Mo,Tu,Th,Fr 09:00-12:00,14:00-17:00; We 09:00-12:00"},
		{"closed on afternoons", semaineEnMots + ", fermé les mardi et jeudi après midi", "Mo,We,Fr 09:00-12:00,14:00-17:00; Tu,Th 09:00-12:00"},
		{"every day", "Tous les jours 9h-20h", "Mo-Su 09:00-20:00"},
		{"every day but one", "tous les jours sauf le dimanche : 9h-18h", "Mo-Sa 09:00-18:00"},
		{"seven days", "7j/7 de 9h à 18h", "Mo-Su 09:00-18:00"},
		{"always", "24h/24", "24/7"},
		{"always, twice said", "Ouvert 24h/24 - 7j/7", "24/7"},
		{"always but a day", "24h/24 sauf dimanche", "Mo-Sa 00:00-24:00"},
		{"week-end", "week-end 10h-18h", "Sa,Su 10:00-18:00"},
		{"first of the month", "le 1er mercredi du mois de 14h à 16h", "We[1] 14:00-16:00"},
		{"several of the month", "2ème et 4ème jeudis de chaque mois de 10h à 13h", "Th[2,4] 10:00-13:00"},
		{"last of the month", "Le dernier mardi du mois de 9h à 12h", "Tu[-1] 09:00-12:00"},
		{"beside a day", "lundi 9h-12h ; 1er samedi du mois : 9h-12h", "Mo 09:00-12:00; Sa[1] 09:00-12:00"},
		{"parity", "semaines paires : lundi 9h-12h ; semaines impaires : lundi 14h-17h", "week 02-52/2 Mo 09:00-12:00; week 01-53/2 Mo 14:00-17:00"},
		{"parity, behind", "lundi 9h-12h (semaines impaires)", "week 01-53/2 Mo 09:00-12:00"},
		{"parity, within", "lundi 9h-12h ; mardi semaine paire 14h-17h", "Mo 09:00-12:00; week 02-52/2 Tu 14:00-17:00"},
		{"public holidays", semaineEnMots + ", sauf jours fériés", semaine + "; PH off"},
		{"public holidays, closed", "Fermé les jours fériés. " + semaineEnMots, semaine + "; PH off"},
		{"two closings", semaineEnMots + ", sauf le vendredi après-midi, fermé les jours fériés", "Mo-Th 09:00-12:00,14:00-17:00; Fr 09:00-12:00; PH off"},
		{"out of school holidays", "lundi 9h-12h hors vacances scolaires", "Mo 09:00-12:00; SH off"},
		{"holidays of both kinds", "Lundi 9h-12h hors jours fériés et vacances scolaires", "Mo 09:00-12:00; PH off; SH off"},
		{"in school holidays", "pendant les vacances scolaires : lundi 9h-12h", "SH Mo 09:00-12:00"},
		{
			"school time and holidays", "Vacances scolaires : lundi au vendredi 10h-12h ; période scolaire : mercredi 14h-18h",
			"We 14:00-18:00; SH off; SH Mo-Fr 10:00-12:00",
		},
		{"months", "de juin à septembre : lundi 9h-12h", "Jun-Sep Mo 09:00-12:00"},
		{"months, within", "Les mardis d'octobre à juin de 9h à 17h", "Oct-Jun Tu 09:00-17:00"},
		{"two seasons", "Juillet-août : lundi 9h-12h ; septembre à juin : lundi 9h-17h", "Jul-Aug Mo 09:00-12:00; Sep-Jun Mo 09:00-17:00"},
		{"a month closed", "Lundi 9h-12h. Fermé en août.", "Mo 09:00-12:00; Aug off"},
		{"a month closed, the other way", "Lundi 9h-12h. Août : fermé.", "Mo 09:00-12:00; Aug off"},
		{"appointment, alone", "Sur rendez-vous", `"sur rendez-vous"`},
		{"appointment, everything", "Sur rendez-vous du lundi au vendredi : 9h-12h", `Mo-Fr 09:00-12:00 "sur rendez-vous"`},
		{"appointment, behind", "Lundi 9h-12h (sur rdv)", `Mo 09:00-12:00 "sur rendez-vous"`},
		{"appointment, exclusive", "Du lundi au vendredi, de 8h30 à 17h, sur rendez-vous uniquement", `Mo-Fr 08:30-17:00 "sur rendez-vous"`},
		{"appointment, a day without hours", "Lundi 9h-12h ; le samedi sur rendez-vous", `Mo 09:00-12:00; Sa "sur rendez-vous"`},
		{"appointment, some hours", "lundi 9h-12h sans rendez-vous et 14h-17h sur rendez-vous", `Mo 09:00-12:00 open, Mo 14:00-17:00 "sur rendez-vous"`},
		{"appointment, a day", "Mercredi (uniquement sur rendez-vous) : 9h à 12h Jeudi : 14h à 17h", `Th 14:00-17:00; We 09:00-12:00 "sur rendez-vous"`},
		{"with or without", "Lundi 9h-12h, avec ou sans rendez-vous", "Mo 09:00-12:00"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			l := Lire(tc.texte)
			if l.Horaires != tc.want || !l.Certaine() {
				t.Errorf("%q\n got %q, left %q, %+v\nwant %q", tc.texte, l.Horaires, l.Reste, l.Doutes, tc.want)
			}
			if encore := Lire(l.Horaires); encore.Horaires != l.Horaires {
				t.Errorf("%q is read again as %q", l.Horaires, encore.Horaires)
			}
			verifierLecture(t, tc.texte, l)
		})
	}
}

const semaineEnMots = "du lundi au vendredi de 9h à 12h et de 14h à 17h"

// Texts that must not be taken for certain: what they leave or doubt, and the
// proposal that remains.
func TestLireSansConclure(t *testing.T) {
	cases := []struct{ name, texte, propose, doute string }{
		{"backwards", "lundi 17h-9h", "", "la plage finit avant de commencer."},
		{"backwards, strict", "Fr 19:00-11:00", "Fr 19:00-11:00", "ces heures passent minuit"},
		{"one hour", "Mo 08:22", "", "une heure seule"},
		{"one hour among others", "Tu-Fr 08:30-18:00; Mo 18:00", "Tu-Fr 08:30-18:00", "une heure seule"},
		{"three hours", "Mo-Fr 09:00-12:00-14:00", "", "un nombre impair d’heures"},
		{"no such hour", "lundi 25h-26h", "", "cette heure n’existe pas."},
		{"empty range", "lundi 9h-9h ; mardi 9h-12h", "Tu 09:00-12:00", "la plage finit à l’heure où elle commence."},
		{"overlap", "lundi 9h-12h et 11h-14h", "", "ces heures se chevauchent."},
		{"overlap, strict", "Mo 09:00-12:00,11:00-14:00", "Mo 09:00-12:00,11:00-14:00", "ces heures se chevauchent."},
		{"overlap, far", "lundi 9h-12h, ouvert de 11h à 14h", "", "ces heures se chevauchent."},
		{"before dawn", "mercredi : 3-11 h", "", "avant 6\u00a0h"},
		{"strict, no day", "08:00-17:00", "08:00-17:00", "ces heures ne disent pas quels jours."},
		{"no day", "9h-12h", "", "on ne sait pas quels jours."},
		{"the working week", "en semaine 9h-12h", "", ""},
		{"every day but a Wednesday", "Tous les jours sauf le mercredi de 9h à 12h", "Mo,Tu,Th-Su 09:00-12:00", "compte aussi le dimanche"},
		{"no hours", "du mardi au samedi", "", "ces jours n’ont pas d’heures."},
		{"a half without hours", "lundi matin et mardi 9h-12h", "", "cette demi-journée n’a pas d’heures."},
		{"hours of the other half", "lundi après-midi 9h-12h", "", "ces heures ne sont pas celles d’un après-midi."},
		{"all dashes", "lundi 9h-12h-14h-17h", "", "se suivent sans dire où chaque plage finit"},
		{"no sign", "lundi 9h 12h", "", "rien ne dit où ces heures commencent"},
		{"only numbers", "lundi 9-12", "", ""},
		{"season", "Mardis et vendredis de 16h à 18h, en saison uniquement.", "", ""},
		{"every fortnight", "Lundi de 14h à 16h (tous les 15 jours)", "", ""},
		{"one Monday in two", "Un lundi sur deux de 14h à 17h", "", ""},
		{"one hour or another", "Les mardis de 9h à 10h30 ou de 16h à 17h30", "", ""},
		{"another place", "La Motte : lundi 9h à 12h Turriers : mardi 9h à 12h", "", ""},
		{"a phone", "Lundi 9h-12h ; accueil téléphonique : mardi 9h-12h", "Mo 09:00-12:00", ""},
		{"two receptions", "Lundi 9h-12h, accueil téléphonique : 14h-17h", "", ""},
		{"a phone number", "lundi 9h-12h, 05 63 00 00 00", "", ""},
		{"an address", "lundi 9h-12h 20 rue des Lilas", "", ""},
		{"the week-end, cut short", "WE 10h-18h", "", ""},
		{"We alone", "We 10h-18h", "", ""},
		{"a list or a range", "Lundi-Mercredi 9h-12h", "", "ces deux jours se lisent de deux façons"},
		{"a list or a range, spaces", "Lundi Vendredi 9h-12h", "", "ces deux jours se lisent de deux façons"},
		{"a list or a range that a day departs from", "Lundi - Vendredi : 9h-12h ; Mercredi : 14h-17h", "", "ces deux jours se lisent de deux façons"},
		{"nothing but a closed day, the day first", "lundi fermé", "Mo off", "pas ce qui est ouvert"},
		{"nothing but a closed day, by appointment", "sur rendez-vous, fermé le lundi", "Mo off", "pas ce qui est ouvert"},
		{"an exception after an afternoon", "Du lundi au vendredi, le matin de 9h à 12h, l’après-midi de 14h à 17h sauf le mercredi", "", "ou pour cette demi-journée"},
		{"codes with dashes", "Tu-Th-Fr 14h-18h", "", "ces jours se lisent de deux façons"},
		{"added or instead", "Lundi au vendredi : 13h30-18h | Mercredi : 9h-12h", "", "on ne sait pas si elles s’ajoutent."},
		{"all the year and a season", "Lundi 9h-12h ; en juillet : mardi 9h-12h", "", "d’autres pour toute l’année"},
		{"hours of another day", "Lundi au vendredi 9h-12h et 14h-17h le mercredi", "", "ces jours n’ont pas d’heures."},
		{"hours first, twice", "9h-12h le lundi, 14h-17h le mardi", "", "ces heures suivent des jours qui ont déjà les leurs."},
		{"hours of an exception", "Lundi au vendredi 9h-17h sauf le vendredi 9h-12h", "", "celles d’une fermeture ou d’une ouverture"},
		{"closed at some hours", "Lundi au vendredi 9h-18h, fermé de 12h à 14h", "", "une fermeture ou une exception n’est pas comprise."},
		{"closed at noon", "lundi : fermé 12h-14h", "", "celles d’une fermeture ou d’une ouverture"},
		{"which day is closed", "Lundi, fermé le mardi, mercredi 9h-12h", "", "on ne sait pas lequel de ces jours est fermé."},
		{"which half is closed", "Mardi au vendredi 9h-12h, fermé le mercredi et jeudi après-midi", "", "celle de tous ces jours."},
		{"Mondays of August", "mardi 9h-12h, fermé le lundi en août", "", "on ne sait pas ce qui est fermé."},
		{"a closing not understood", "Lundi 9h-12h. Fermé la première quinzaine d’août", "", "une fermeture ou une exception n’est pas comprise."},
		{"an exception not understood", "Lundi 9h-12h. Sauf vacances", "", "une fermeture ou une exception n’est pas comprise."},
		{"half of a long day closed", "Lundi au vendredi 9h-17h, fermé le mercredi après-midi", "", "les heures courent sur la journée."},
		{"open and closed", "Jeudi 9h-12h. Fermé le jeudi", "", "à la fois ouvert et fermé."},
		{"only closed", "fermé le mercredi", "We off", "pas ce qui est ouvert."},
		{"closed", "Fermé", "off", "pour toujours"},
		{"closed in a month, for whom", "Lundi 9h-12h, samedi 9h-12h sauf juillet et août", "", "on ne sait pas si la fermeture vaut pour tous les jours."},
		{"dates of one year", "Lundi 9h-12h. Fermé du 1er au 15 août.", "Mo 09:00-12:00; Aug 01-15 off", "les mêmes tous les ans"},
		{"a date", "lundi 1er mars 9h-12h", "", "d’une seule année"},
		{"appointment for which", "Lundi de 9h à 12h et de 14h à 17h sur rendez-vous.", "", "toutes ces heures ou pour les dernières."},
		{"appointment for which days", "Lundi 9h-12h, mardi 14h-17h, sur rendez-vous", "", "toutes les heures."},
		{"appointment for which day", "lundi, sur rdv mardi 14h-17h", "", "pour quel jour"},
		{"appointment for the next clause", "Sur rendez-vous lundi : 9h-17h ; mardi 9h-16h", "", "vaut aussi pour ces heures."},
		{"also by appointment", "Lundi 9h-12h et sur rendez-vous", "", "à quelles heures s’applique le rendez-vous."},
		{"holidays, other hours", "Lundi 9h-12h30 (17h00 pendant les vacances scolaires)", "", "une heure seule"},
		{"nth without the month", "le 2e mardi de 9h à 12h", "", ""},
		{"no end to it", strings.Repeat("lundi 9h-12h ; ", 140), "", "le texte dépasse 2000 caractères."},
		{"a typing error", "Mardi, verdredi 9h-12h", "", ""},
	}
	vus := make(map[string]bool)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			l := Lire(tc.texte)
			if l.Certaine() || l.Horaires != tc.propose {
				t.Errorf("%.80q\n got %q, certain: %v\nwant %q", tc.texte, l.Horaires, l.Certaine(), tc.propose)
			}
			if !slices.ContainsFunc(l.Doutes, func(d Doute) bool { return d.Extrait != "" && strings.Contains(d.Message, tc.doute) }) && tc.doute != "" {
				t.Errorf("%.80q: doubts %+v, want %q", tc.texte, l.Doutes, tc.doute)
			}
			for _, d := range l.Doutes {
				vus[d.Message] = true
			}
			verifierLecture(t, tc.texte, l)
		})
	}
	if len(vus) < 25 {
		t.Errorf("only %d messages tell these texts apart", len(vus))
	}
}

func TestLireJour(t *testing.T) {
	oui, non := true, false
	cases := []struct {
		name, texte, want string
		sans              *bool
		certaine          bool
	}{
		{"France Services", "09:00 - 12:30 / 13:30 - 17:00", "Tu 09:00-12:30,13:30-17:00", nil, true},
		{"one range", "9:00 - 12:00", "Tu 09:00-12:00", nil, true},
		{"no spaces", "09:00-12:00/14:00-16:00", "Tu 09:00-12:00,14:00-16:00", nil, true},
		{"h", "9h- 12h/ 13h30 – 17h", "Tu 09:00-12:00,13:30-17:00", nil, true},
		{"capital H", "8H30 – 12H / 13H30 - 17H", "Tu 08:30-12:00,13:30-17:00", nil, true},
		{"words", "de 9 h à 12 h et de 14 h à 16 h 30", "Tu 09:00-12:00,14:00-16:30", nil, true},
		{"two lines", "9h - 12h30 ⏎ 13h30 - 17h", "Tu 09:00-12:30,13:30-17:00", nil, true},
		{"spaced dashes part ranges", "9h-12h - 14h-17h", "Tu 09:00-12:00,14:00-17:00", nil, true},
		{"closed", "Fermé", "Tu off", nil, true},
		{"nothing", "", "", nil, true},
		{"dash", "-", "", nil, true},
		{"no hours given", "Horaires non communiqués", "", nil, true},
		{"zeros alone", "00:00 - 00:00", "", nil, true},
		{"zeros", "00:00 - 00:00 / 09:00 - 12:00", "Tu 09:00-12:00", nil, true},
		{"half closed", "Fermé / 14:00-18:00", "Tu 14:00-18:00", nil, true},
		{"morning closed", "Fermé le matin - 14h-18h", "Tu 14:00-18:00", nil, true},
		{"afternoon closed", "8h30 à 12h - Fermé l'après-midi", "Tu 08:30-12:00", nil, true},
		{"appointment", "sur rendez-vous", `Tu "sur rendez-vous"`, &non, true},
		{"appointment, short", "Uniquement sur RDV", `Tu "sur rendez-vous"`, &non, true},
		{"appointment, hours", "13h30 à 16h30 sur rendez-vous", `Tu 13:30-16:30 "sur rendez-vous"`, &non, true},
		{"no appointment", "08h30 à 12h30 sans rdv", "Tu 08:30-12:30", &oui, true},
		{"appointment for a part", "9:00 - 12:00 / Sur RDV : 14:00 - 17:00", `Tu 09:00-12:00 open, Tu 14:00-17:00 "sur rendez-vous"`, nil, true},
		{"both said", "Sur RDV : 9:00 - 12:30 / Sans RDV : 13:30 - 17:00", `Tu 13:30-17:00 open, Tu 09:00-12:30 "sur rendez-vous"`, nil, true},
		{"in parentheses", "09:00 - 12:30 (sur RDV 14:00 - 16:00)", `Tu 09:00-12:30 open, Tu 14:00-16:00 "sur rendez-vous"`, nil, true},
		{"touching", "09:00 - 11:00 / 11:00 - 12:00", "Tu 09:00-12:00", nil, true},
		{"repeated", "13:00 - 17:00 / 13:00 - 17:00", "Tu 13:00-17:00", nil, true},
		{"even weeks", "9h/12h en semaine paire", "week 02-52/2 Tu 09:00-12:00", nil, true},
		{"by weeks", "Semaines paires : 9:00 - 12:00 //  Semaines impaires : 9:00 - 18:00", "week 02-52/2 Tu 09:00-12:00; week 01-53/2 Tu 09:00-18:00", nil, true},
		{"summer closed", "10h - 12h / 14h - 17h (fermé en juillet-août)", "Tu 10:00-12:00,14:00-17:00; Jul-Aug off", nil, true},
		{"overlap", "08:00 - 15:00 / 08:30 - 13:30", "", nil, false},
		{"appointment beside hours", "9:00 - 12:00 / sur rendez-vous", "", nil, false},
		{"appointment for one or both", "9h - 12h / 13h30 - 16h30 (sous RDV)", "", nil, false},
		{"no appointment, no hours", "sans rendez-vous", "", nil, false},
		{"backwards", "17:00 - 09:00", "", nil, false},
		{"cut short", "8:30 - 12:30 / 14:00 - 17:", "", nil, false},
		{"a digit lost", "09:00-13:00-/3:00-16:00", "", nil, false},
		{"once a month", "10h-13h (1er samedi du mois)", "", nil, false},
		{"another day", "Ve 9h-12h30", "", nil, false},
		{"closed at noon", "Fermé 12h-14h", "", nil, false},
		{"closed at noon, a dash", "Fermé - 12h à 14h", "", nil, false},
		{"glued", "9h12h", "", nil, false},
		{"another place", "13h30 – 17h + Permanence à Val de 8h30 – 10 h", "", nil, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			l := LireJour(1, tc.texte)
			if l.Horaires != tc.want || l.Certaine() != tc.certaine {
				t.Errorf("%q\n got %q, left %q, %+v\nwant %q", tc.texte, l.Horaires, l.Reste, l.Doutes, tc.want)
			}
			if diff := cmp.Diff(tc.sans, l.SansRendezVous); diff != "" {
				t.Error(diff)
			}
			verifierLecture(t, tc.texte, l)
		})
	}
}

func TestLirePassages(t *testing.T) {
	cases := []struct {
		name, texte    string
		compris, reste []string
	}{
		{"all", "Lundi 9h-12h ; mardi 9h-12h.", []string{"Lundi 9h-12h ; mardi 9h-12h"}, nil},
		{"some", "Lundi 9h-12h ; le soir selon programme ; mardi 9h-12h", []string{"Lundi 9h-12h", "mardi 9h-12h"}, []string{"le soir selon programme"}},
		{"none", "Sur inscription, voir l’affiche", nil, []string{"Sur inscription, voir l’affiche"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			l := Lire(tc.texte)
			if diff := cmp.Diff([][]string{tc.compris, tc.reste}, [][]string{l.Compris, l.Reste}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// verifierLecture holds what is true of every reading: what is concluded
// parses strictly and is canonical, and the passages hold every sign that
// speaks.
func verifierLecture(t *testing.T, texte string, l Lecture) {
	t.Helper()
	if (l.Expression == nil) != (l.Horaires == "") {
		t.Fatalf("%q: %q, %v", texte, l.Horaires, l.Expression)
	}
	if l.Expression != nil {
		if e, err := Parse(l.Horaires); err != nil || e.String() != l.Horaires {
			t.Fatalf("%q is read as %q: %v", texte, l.Horaires, err)
		}
	}
	if want, got := mots(texte), mots(strings.Join(slices.Concat(l.Compris, l.Reste), "")); len(want) != len(got) && l.dit() {
		t.Fatalf("%q: %d signs, of which %d are in %q and %q", texte, len(want), len(got), l.Compris, l.Reste)
	}
}

// dit is false of texts that say nothing.
func (l Lecture) dit() bool { return len(l.Compris)+len(l.Reste) > 0 }

func mots(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, s)
}

func FuzzLire(f *testing.F) {
	for _, texte := range []string{
		"Du lundi au vendredi de 9h à 12h et de 14h à 17h, fermé le mercredi", "Lu-Ve 9h/12h ; sam. sur rdv", "24h/24 7j/7 sauf jours fériés",
		"semaines paires : mardi (sur rendez-vous) 9h-12h ⏎ Vacances scolaires : fermé", "1er et 3e jeudis du mois d'octobre à juin 9-12h | Mo 08:22", "Férmé l’après-midi – 8 h 30 à midi",
		"Lundi Mercredi 9h-12h, le matin uniquement sur rdv. Du 1er au 15 août : fermé", "<br />We off; PH off, 25h-9h",
	} {
		f.Add(texte)
	}
	c := Calendrier{Lieu: paris(f), Departement: "82"}
	instants := echantillon(f)
	f.Fuzz(func(t *testing.T, texte string) {
		for _, l := range []Lecture{Lire(texte), LireJour(3, texte)} {
			verifierLecture(t, texte, l)
			if l.Expression == nil || strings.ContainsFunc(texte, unicode.IsNumber) {
				continue
			}
			if _, err := Parse(texte); err == nil || strings.Contains(Plier(texte), "mi") {
				continue // "midi", "minuit"
			}
			for _, quand := range instants {
				if etat, _ := l.Expression.Etat(quand, c); etat == Ouvert {
					t.Fatalf("%q, without a number, is read as %q: open at %v", texte, l.Horaires, quand)
				}
			}
		}
	})
}
