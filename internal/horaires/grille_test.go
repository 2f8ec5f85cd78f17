package horaires

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// dessin tells in one line what a grid draws and what it keeps.
func dessin(g *Grille) string {
	var mots []string
	ajouter := func(nom string, j JourGrille) {
		texte := nom
		if j.Semaines != ToutesSemaines {
			texte += [...]string{"", "/paires", "/impaires"}[j.Semaines]
		}
		if len(j.Rangs) > 0 {
			texte += fmt.Sprint(j.Rangs)
		}
		for _, p := range j.Plages {
			texte += " " + plageHeures{p.Debut, p.Fin, p.Libre, p.SansFin}.String()
			if p.Mots != "" {
				texte += map[bool]string{true: "?", false: "!"}[p.Incertain] + p.Mots
			}
		}
		mots = append(mots, texte)
	}
	for i, j := range g.Jours {
		if len(j.Plages) > 0 {
			ajouter(nomsJours[i], j)
		}
	}
	for i, v := range g.JoursVacances {
		if v.Dit {
			ajouter("vacances "+nomsJours[i], JourGrille{Plages: v.Plages})
		}
	}
	if g.Vacances == CongesFermes {
		mots = append(mots, "vacances fermé")
	}
	if g.Feries == CongesFermes {
		mots = append(mots, "fériés fermé")
	}
	if g.Feries == CongesHoraires {
		ajouter("fériés", JourGrille{Plages: g.PlagesFeries})
	}
	if g.Commentaire != "" {
		mots = append(mots, "dit "+g.Commentaire)
	}
	if g.Sinon != "" {
		mots = append(mots, "sinon "+g.Sinon)
	}
	for _, r := range g.Reste {
		mots = append(mots, "reste "+r.Lien+" "+r.Texte)
	}
	return strings.Join(mots, " | ")
}

func TestOuvrirGrille(t *testing.T) {
	cases := []struct{ name, texte, want string }{
		{"nothing", "", ""},
		{"days alike", "Mo,We 09:00-12:00", "Mo 09:00-12:00 | We 09:00-12:00"},
		{"later rule", "Mo-We 09:00-12:00; Tu 14:00-16:00", "Mo 09:00-12:00 | Tu 14:00-16:00 | We 09:00-12:00"},
		{"added rule", "Mo,Tu 09:00-12:00, Tu 14:00-16:00", "Mo 09:00-12:00 | Tu 09:00-12:00 14:00-16:00"},
		{"off", "Mo-We 09:00-12:00; Tu off", "Mo 09:00-12:00 | We 09:00-12:00"},
		{"past midnight", "Fr 22:00-02:00; Mo 09:00-12:00", "Mo 09:00-12:00 | Fr 22:00-02:00"},
		{"open ends", "Mo 09:00-12:00+; Tu 14:00+", "Mo 09:00-12:00+ | Tu 14:00+"},
		{"public holidays closed", "Mo 09:00-12:00; PH off", "Mo 09:00-12:00 | fériés fermé"},
		{"public holidays with hours", "Mo 09:00-12:00; PH 10:00-11:00", "Mo 09:00-12:00 | fériés 10:00-11:00"},
		{"public holidays with the Sunday", "Mo 09:00-12:00; PH,Su off", "Mo 09:00-12:00 | fériés fermé"},
		{"school holidays closed", "Mo 09:00-12:00; SH off", "Mo 09:00-12:00 | vacances fermé"},
		{
			"school holidays with a week", "Mo 09:00-12:00; SH Mo,We 14:00-16:00; SH Tu off; PH off",
			"Mo 09:00-12:00 | vacances Mo 14:00-16:00 | vacances Tu | vacances We 14:00-16:00 | fériés fermé",
		},
		{"both holidays", "Mo 09:00-12:00; SH,PH off", "Mo 09:00-12:00 | vacances fermé | fériés fermé"},
		{"even weeks", "week 02-52/2 Mo 09:00-12:00", "Mo/paires 09:00-12:00"},
		{"odd and even weeks", "week 01-53/2 Mo 09:00-12:00; week 02-52/2 Tu 09:00-12:00", "Mo/impaires 09:00-12:00 | Tu/paires 09:00-12:00"},
		{"nth of the month", "Tu[1,3],We[-1] 10:00-12:00", "Tu[1 3] 10:00-12:00 | We[-1] 10:00-12:00"},
		{"appointment", `Mo 09:00-12:00; Tu 09:00-12:00 "sur rendez-vous"`, "Mo 09:00-12:00 | Tu 09:00-12:00?sur rendez-vous"},
		{"words of a whole week", `Mo,Tu 09:00-12:00 open "sonnez"`, "Mo 09:00-12:00 | Tu 09:00-12:00 | dit sonnez"},
		{"words of one day", `Mo 09:00-12:00; Tu 09:00-12:00 open "sonnez"`, "Mo 09:00-12:00 | Tu 09:00-12:00!sonnez"},
		{"otherwise", `Mo 09:00-12:00 || "sur rendez-vous"`, "Mo 09:00-12:00 | sinon sur rendez-vous"},
		{"words alone", `"sur rendez-vous"`, "sinon sur rendez-vous"},
		{"every hour", "24/7", "Mo 00:00-24:00 | Tu 00:00-24:00 | We 00:00-24:00 | Th 00:00-24:00 | Fr 00:00-24:00 | Sa 00:00-24:00 | Su 00:00-24:00 | fériés 00:00-24:00"},
		{"season", "Mo 09:00-12:00; Jul-Aug Mo 10:00-11:00; PH off", "Mo 09:00-12:00 | fériés fermé | reste ; Jul-Aug Mo 10:00-11:00"},
		{"date", "Mo 09:00-12:00; Dec 24 off", "Mo 09:00-12:00 | reste ; Dec 24 off"},
		{"after a season the week is no longer the ordinary one", "Jul-Aug Mo off; Tu 09:00-12:00", "reste ; Jul-Aug Mo off | reste ; Tu 09:00-12:00"},
		{"public holidays that the week replaces", "PH off; Mo 09:00-12:00", "fériés fermé | reste ; Mo 09:00-12:00"},
		{"school holidays after public ones", "Mo 09:00-12:00; PH off; SH Mo 10:00-11:00", "Mo 09:00-12:00 | fériés fermé | reste ; SH Mo 10:00-11:00"},
		{"one week of a month less", "Mo 09:00-12:00; Mo[1] off", "Mo 09:00-12:00 | reste ; Mo[1] off"},
		{"hours added to one week of a month", "Mo 09:00-12:00, Mo[1] 14:00-16:00", "Mo 09:00-12:00 | reste , Mo[1] 14:00-16:00"},
		{"hours cut out", "Mo 09:00-17:00; Mo 12:00-13:00 off", "Mo 09:00-17:00 | reste ; Mo 12:00-13:00 off"},
		{"day after a holiday", "Mo 09:00-12:00; PH +1 day off", "Mo 09:00-12:00 | reste ; PH +1 day off"},
		{"condition", `Mo 09:00-12:00; "au marché": Tu 09:00-12:00`, `Mo 09:00-12:00 | reste ; "au marché": Tu 09:00-12:00`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			g, err := OuvrirGrille(tc.texte)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, dessin(&g)); diff != "" {
				t.Error(diff)
			}
			if got := g.Ecrire(); got != tc.texte {
				t.Errorf("untouched, it writes %q", got)
			}
		})
	}
	if _, err := OuvrirGrille("Lundi 9h"); err == nil {
		t.Error("a text outside the grammar is read")
	}
}

func plage(debut, fin int) PlageGrille {
	return PlageGrille{PlageHeures: PlageHeures{Plage: Plage{debut, fin}}}
}

func TestEcrireGrille(t *testing.T) {
	matin := []PlageGrille{plage(540, 720)}
	rdv := plage(840, 960)
	rdv.Mots, rdv.Incertain = "sur rendez-vous", true
	cases := []struct {
		name, texte string
		change      func(*Grille)
		want        string
	}{
		{"a first day", "", func(g *Grille) { g.Jours[1].Plages = matin }, "Tu 09:00-12:00"},
		{
			"one day out of five", "Mo-Fr 9:00-12:00 ; PH off", func(g *Grille) { g.Jours[2].Plages = []PlageGrille{plage(840, 1020)} },
			"Mo,Tu,Th,Fr 09:00-12:00; We 14:00-17:00; PH off",
		},
		{"a day closed", "Mo-Fr 09:00-12:00", func(g *Grille) { g.Jours[2].Plages = nil }, "Mo,Tu,Th,Fr 09:00-12:00"},
		{"all closed", "Mo 09:00-12:00", func(g *Grille) { g.Jours[0].Plages = nil }, ""},
		{
			"an afternoon by appointment", "Mo,Tu 09:00-12:00", func(g *Grille) { g.Jours[0].Plages = append(g.Jours[0].Plages, rdv) },
			`Mo,Tu 09:00-12:00 open, Mo 14:00-16:00 "sur rendez-vous"`,
		},
		{"words for all", "Mo,Tu 09:00-12:00", func(g *Grille) { g.Commentaire = "sonnez" }, `Mo,Tu 09:00-12:00 open "sonnez"`},
		{"otherwise", "Mo 09:00-12:00; PH off", func(g *Grille) { g.Sinon = "sur rendez-vous" }, `Mo 09:00-12:00 || "sur rendez-vous"; PH off`},
		{"a day where only words were", `"sur rendez-vous"`, func(g *Grille) { g.Jours[0].Plages = matin }, `Mo 09:00-12:00 || "sur rendez-vous"`},
		{
			"holidays come after what is kept", "Mo 09:00-12:00; Jul Mo 10:00-11:00", func(g *Grille) { g.Feries, g.Vacances = CongesFermes, CongesFermes },
			"Mo 09:00-12:00; Jul Mo 10:00-11:00; SH off; PH off",
		},
		{"school holidays before public ones", "Mo 09:00-12:00; PH off", func(g *Grille) {
			g.Vacances = CongesHoraires
			g.JoursVacances[0] = JourVacances{true, []PlageGrille{plage(600, 660)}}
			g.JoursVacances[1] = JourVacances{Dit: true}
		}, "Mo 09:00-12:00; SH Mo 10:00-11:00; SH Tu off; PH off"},
		{
			"weeks and ranks", "Mo,Tu 09:00-12:00", func(g *Grille) { g.Jours[0].Semaines, g.Jours[1].Rangs = SemainesPaires, []int{1, -1} },
			"week 02-52/2 Mo 09:00-12:00; Tu[1,-1] 09:00-12:00",
		},
		{
			"a night before a morning", "Tu 09:00-12:00", func(g *Grille) { g.Jours[0].Plages = []PlageGrille{plage(1320, 1560)} },
			"Mo 22:00-02:00 open, Tu 09:00-12:00",
		},
		{"a week where only texts were", "Jul-Aug Mo 09:00-12:00", func(g *Grille) { g.Jours[5].Plages = matin }, "Sa 09:00-12:00; Jul-Aug Mo 09:00-12:00"},
		{"a text taken away", "Mo 09:00-12:00; Dec 24 off", func(g *Grille) { g.Reste[0].Retire = true }, "Mo 09:00-12:00"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			g, err := OuvrirGrille(tc.texte)
			if err != nil {
				t.Fatal(err)
			}
			tc.change(&g)
			if got := g.Ecrire(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// Opened and saved, a text is the same byte for byte; one day of it changed,
// every other day says what it said, over two years, and that day says what was
// asked.
func TestGrillePropriete(t *testing.T) {
	entieres, parties, lues := 0, 0, 0
	for graine := range 1500 {
		g := newGenerateur(uint64(graine))
		texte := g.expression()
		if g.chance(40) {
			texte = g.semaineOrdinaire()
		}
		e, err := Parse(texte)
		if err != nil {
			continue
		}
		lues++
		switch restes := verifierGrille(t, g, texte, e); {
		case restes == 0:
			entieres++
		case restes < len(e.regles):
			parties++
		}
	}
	t.Logf("%d expressions: %d drawn whole, %d in part", lues, entieres, parties)
	if lues < 1300 || entieres < 150 || parties < 300 {
		t.Error("the generator no longer tries what a grid draws")
	}
}

// The same over the expressions of every room's test data.
func TestGrilleTestdata(t *testing.T) {
	fichiers, err := filepath.Glob("../*/testdata/*")
	if err != nil || len(fichiers) == 0 {
		t.Fatal("no test data", err)
	}
	motif := regexp.MustCompile(`"(?:horaires|regle)": ?"((?:[^"\\]|\\.)*)"`)
	lues := 0
	for _, nom := range fichiers {
		if infos, err := os.Stat(nom); err == nil && infos.IsDir() {
			continue
		}
		octets, err := os.ReadFile(nom)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range motif.FindAllSubmatch(octets, -1) {
			texte := strings.ReplaceAll(string(m[1]), `\"`, `"`)
			if e, err := Parse(texte); err == nil {
				verifierGrille(t, newGenerateur(uint64(i)), texte, e)
				lues++
			}
		}
	}
	if lues < 20 {
		t.Errorf("only %d expressions were found", lues)
	}
}

// semaineOrdinaire writes what a grid can draw at least in part.
func (g generateur) semaineOrdinaire() string {
	parties := []string{}
	for range 1 + g.IntN(4) {
		jours := g.liste(2, g.plageJours)
		if g.chance(20) {
			jours = choix(g, "week 02-52/2 ", "week 01-53/2 ") + jours
		} else if g.chance(20) {
			jours = g.nomJour() + choix(g, "[1]", "[-1]", "[1,3]", "[2-4]")
		}
		parties = append(parties, enMots([]string{jours, g.heures(), choix(g, "", "", "", "off", `"sur rendez-vous"`, `open "sonnez"`)}))
	}
	suite := choix(g, "", "", "; Dec 24 off", "; Jul-Aug "+g.nomJour()+" 10:00-11:00", ` || "appeler"`, "; "+g.regle())
	conges := choix(g, "", "", "; PH off", "; SH off", "; SH "+g.plageJours()+" 09:00-12:00; PH off", "; PH 10:00-12:00", "; SH,PH off")
	if g.chance(50) {
		suite, conges = conges, suite
	}
	return strings.Join(parties, choix(g, "; ", "; ", "; ", " open, ")) + suite + conges
}

// verifierGrille holds the promises of a grid for a text, and tells how many of
// its rules are kept as they are.
func verifierGrille(t *testing.T, g generateur, texte string, e *Expression) (restes int) {
	t.Helper()
	grille, err := OuvrirGrille(texte)
	if err != nil {
		t.Fatalf("%q: %v", texte, err)
	}
	if got := grille.Ecrire(); got != texte {
		t.Fatalf("%q is saved as %q", texte, got)
	}
	jour := g.IntN(7)
	avant := grille.Jours[jour]
	grille.Jours[jour] = g.jourGrille()
	ecrit := grille.Ecrire()
	apres := &Expression{}
	if ecrit != "" {
		if apres, err = Parse(ecrit); err != nil {
			t.Fatalf("%q with %v on day %d is written %q: %v", texte, grille.Jours[jour], jour, ecrit, err)
		}
	}
	if faute := comparerGrille(e, apres, &grille, avant, jour); faute != "" {
		t.Fatalf("%q\nwith day %d %+v\nis written %q\n%s", texte, jour, grille.Jours[jour], ecrit, faute)
	}
	return len(grille.Reste)
}

func (g generateur) jourGrille() JourGrille {
	j := JourGrille{Semaines: choix(g, ToutesSemaines, ToutesSemaines, SemainesPaires, SemainesImpaires)}
	if g.chance(20) {
		j.Rangs = choix(g, []int{1}, []int{-1}, []int{2, 4})
	}
	fin := 0
	for range g.IntN(4) {
		debut := fin + 15*(1+g.IntN(24))
		if fin = debut + 15*(1+g.IntN(20)); debut < minutesJour && fin < 2*minutesJour {
			p := plage(debut, fin)
			if g.chance(20) {
				p.Mots, p.Incertain = "sur rendez-vous", true
			}
			j.Plages = append(j.Plages, p)
		}
	}
	return j
}

// comparerGrille compares what was said before and after a change of one
// weekday, and says where it is not what it must be.
func comparerGrille(avant, apres *Expression, g *Grille, ancien JourGrille, jour int) string {
	if len(apres.regles) > 0 && avant.prevoitFeries != apres.prevoitFeries {
		return "public holidays were said, and are not"
	}
	nuit := ancien.passeMinuit() || g.Jours[jour].passeMinuit()
	calendriers := []Calendrier{{Vacances: vacancesEssai}}
	if avant.selonVacancesScolaires() {
		calendriers = append(calendriers, Calendrier{})
	}
	for _, c := range calendriers {
		ta, tb := avant.tampons(c), apres.tampons(c)
		for n := numero(2026, 1, 1); n < numero(2028, 1, 1); n++ {
			d := jourN(n)
			lendemain := nuit && d.semaine == (jour+1)%7
			if d.semaine != jour && !lendemain && !memeJour(avant, apres, avant.tracer(d, &ta), apres.tracer(d, &tb)) {
				return fmt.Sprintf("%04d-%02d-%02d is no longer what it was", d.annee, d.mois, d.quantieme)
			}
			if d.semaine == jour && seulSemaine(apres, g, d, &tb.contexte) {
				if faute := demande(apres, g, d, apres.tracer(d, &tb)); faute != "" {
					return faute
				}
			}
		}
	}
	return ""
}

func (j JourGrille) passeMinuit() bool {
	return slices.ContainsFunc(j.Plages, func(p PlageGrille) bool {
		return slices.ContainsFunc(etendues([]plageHeures{{p.Debut, p.Fin, p.Libre, p.SansFin}}), func(h etendue) bool { return h.fin > minutesJour })
	})
}

// seulSemaine tells of a day on which nothing but the grid's week speaks.
func seulSemaine(e *Expression, g *Grille, d jour, c *contexte) bool {
	hier := d.plus(-1)
	for i := range g.Reste {
		r := &g.Reste[i].Expression.regles[0]
		if r.correspond(d, c) || r.deborde && r.correspond(hier, c) {
			return false
		}
	}
	if c.vacances == nil && e.nommeVacances() {
		return false // every day may be one of them
	}
	_, ferie := nomFerie(d, "")
	dedans, connu := c.vacances.contient(d.n)
	hierDedans, _ := c.vacances.contient(hier.n)
	_, hierFerie := nomFerie(hier, "")
	dit := g.Feries != CongesNonDits && (ferie || hierFerie) || g.Vacances != CongesNonDits && (!connu || dedans || hierDedans)
	return !dit && !g.Jours[hier.semaine].passeMinuit() && len(e.regles) > 0
}

// demande compares a day, minute by minute, with the ranges that were asked.
func demande(e *Expression, g *Grille, d jour, trace []morceau) string {
	j := g.Jours[d.semaine]
	date := time.Date(d.annee, time.Month(d.mois), d.quantieme, 0, 0, 0, 0, time.UTC)
	_, semaine := date.ISOWeek()
	rang, dernier := (date.Day()+6)/7, date.AddDate(0, 0, 7).Month() != date.Month()
	bonne := j.Semaines == ToutesSemaines || (semaine%2 == 0) == (j.Semaines == SemainesPaires)
	bonne = bonne && (len(j.Rangs) == 0 || slices.Contains(j.Rangs, rang) || dernier && slices.Contains(j.Rangs, -1))
	for m := range minutesJour {
		etat, mots := Ferme, ""
		if g.Sinon != "" {
			etat, mots = Inconnu, g.Sinon
		}
		for _, p := range j.Plages {
			if bonne && m >= p.Debut && m < p.Fin {
				etat, mots = Ouvert, p.Mots
				if p.Incertain {
					etat = Inconnu
				}
				if mots == "" {
					mots = g.Commentaire
				}
			}
		}
		if got, dits := e.valeur(a(trace, int16(m))); got != etat || dits != mots {
			return fmt.Sprintf("%s at minute %d: %v %q, want %v %q", date.Format(time.DateOnly), m, got, dits, etat, mots)
		}
	}
	return ""
}

// The same over the strings that sources really have, with the share that a
// grid draws whole.
func TestGrilleReelle(t *testing.T) {
	var textes []string
	for _, nom := range []string{"osm-distinct.tsv", "champ-osm-mais-pas-osm.tsv", "texte-libre-distinct.tsv"} {
		for _, valeur := range colonne(t, nom) {
			if h := Lire(valeur).Horaires; h != "" {
				textes = append(textes, h)
			}
			if _, err := Parse(valeur); err == nil {
				textes = append(textes, valeur)
			}
		}
	}
	slices.Sort(textes)
	textes = slices.Compact(textes)
	entieres := 0
	for i, texte := range textes {
		e, err := Parse(texte)
		if err != nil {
			t.Fatal(err)
		}
		if restes := verifierGrille(t, newGenerateur(uint64(i)), texte, e); restes == 0 {
			entieres++
		} else {
			t.Logf("not drawn whole: %s", texte)
		}
	}
	t.Logf("%d of %d distinct strings are drawn whole (%.1f %%)", entieres, len(textes), 100*float64(entieres)/float64(len(textes)))
	if entieres*100 < len(textes)*97 {
		t.Error("less than 97 % of the real strings are drawn whole")
	}
}

// What is not touched keeps its hours on the clock, at both changes of it.
func TestGrilleChangementsHeure(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	const texte = "Sa 22:00-04:00 open, Su 01:00-02:45,03:10-05:00; PH off; Dec 24 off"
	g, err := OuvrirGrille(texte)
	if err != nil {
		t.Fatal(err)
	}
	g.Jours[2].Plages = []PlageGrille{plage(540, 720)}
	avant, errA := Parse(texte)
	apres, errB := Parse(g.Ecrire())
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	for _, depart := range []string{"2026-03-28 20:00", "2026-10-24 20:00"} {
		debut := instant(t, depart)
		if diff := cmp.Diff(avant.Entre(debut, debut.Add(20*time.Hour), c), apres.Entre(debut, debut.Add(20*time.Hour), c)); diff != "" {
			t.Error(diff)
		}
	}
}

func BenchmarkOuvrirGrille(b *testing.B) {
	for range b.N {
		if _, err := OuvrirGrille("Mo-Fr 09:00-12:00,14:00-17:00; SH Mo-Fr 09:00-12:00; Dec 24 off; PH off"); err != nil {
			b.Fatal(err)
		}
	}
}
