package web_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
	"82numerique.fr/adeuxpas/internal/web"
)

// Sheets, over one base.
func TestBilans(t *testing.T) {
	b := newBanc(t)
	chef := b.invite(t, "ana@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	t.Run("all of them", func(t *testing.T) { bilansTous(t, b, chef) })
	t.Run("figures of a commune", func(t *testing.T) { bilanCommune(t, b, chef) })
	t.Run("needs and reports", func(t *testing.T) { bilanBesoins(t, b, chef) })
}

// Sheets of the whole territory are made for whoever coordinates it: of each
// intercommunality, and of one commune in nine.
func bilansTous(t *testing.T, b banc, chef *visiteur) {
	chef.voir(t, "/espace/bilan", "Bilans à imprimer", `<option value="82112">Moissac</option>`, `value="`+epciMoissac+`"`, `<option value="2026">2026</option>`)
	n := 0
	for i := range b.ter.Communes {
		if c := &b.ter.Communes[i]; c.Dedans {
			if n++; n%9 != 1 {
				continue
			}
			chef.voir(t, "/espace/bilan/communes/"+c.Code, html.EscapeString("Aide numérique "+textes.A(c.NomCourant())), "Le samedi", "!<nav aria-label=\"Principale\"")
		}
	}
	for i := range b.ter.EPCIs {
		if e := &b.ter.EPCIs[i]; e.Dedans {
			chef.voir(t, "/espace/bilan/epci/"+e.Code, "Commune par commune")
		}
	}
	if n != 195 || b.journal.Len() > 0 {
		t.Errorf("%d communes, log %s", n, b.journal)
	}
	if rep := chef.demander(t, http.MethodGet, "/espace/bilan?commune=82112", nil); rep.StatusCode != 303 || rep.Header.Get("Location") != "/espace/bilan/communes/82112" {
		t.Errorf("the choice leads to %d %s", rep.StatusCode, rep.Header.Get("Location"))
	}
	for _, chemin := range []string{"/espace/bilan/communes/99999", "/espace/bilan/communes/47001", "/espace/bilan/epci/1", "/espace/bilan/annee/1999", "/espace/bilan/annee/2027", "/espace/bilan/annee/x"} {
		if rep := chef.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != 404 {
			t.Errorf("%s: %d", chemin, rep.StatusCode)
		}
	}
}

// The figures of a sheet are those of the room that measures, of the catalogue
// and of the journal.
func bilanCommune(t *testing.T, b banc, chef *visiteur) {
	commune, _ := b.ter.Commune(moissac)
	chef.voir(t, "/espace/bilan/communes/"+moissac, clair(textes.Pluriel(commune.Population, "habitant", "habitants")), "Fait le 24 novembre 2026",
		"Lieux vérifiés depuis : 0 sur ", "inconnu, le journal commence le 24 novembre 2026", "https://exemple.fr/communes/82112", "vol d’oiseau × 1,3")
	inventaire := couverture.Inventorier(func(yield func(*mednum.Lieu) bool) {
		for _, v := range b.lieux.Lieux() {
			if !yield(&v.Lieu) {
				return
			}
		}
	}, b.ter, mednum.DateOf(mardi))
	for _, moment := range couverture.Moments {
		m, ok := couverture.Mesurer(couverture.Communes(b.ter), inventaire, couverture.Question{Moment: moment, Facteur: couverture.FacteurDefaut}, nil).De(moissac)
		if !ok || m.Offre == nil {
			t.Fatalf("%s: nothing is measured", moment)
		}
		distance := "au centre de la commune"
		if m.Distance >= 50 {
			distance = textes.Kilometres(m.Distance)
		}
		chef.exiger(t, clair(fmt.Sprintf(`<th scope="row">%s</th><td data-titre="Le plus proche">%s, %s</td><td class="nombre" data-titre="À quelle distance">%s</td>`, moment.Nom(), m.Offre.Nom, textes.A(m.Offre.Commune), distance)))
	}
	for _, tr := range b.lieux.ParCommune(moissac) {
		chef.exiger(t, html.EscapeString(tr.Vue.Champs.Nom))
	}
	// What somebody checks counts.
	l := b.lieuDe(t, moissac)
	chef.voir(t, "/espace/lieux/"+l.ID)
	chef.agir(t, "/espace/lieux/"+l.ID+"/verifier", nil)
	chef.voir(t, "/espace/bilan/communes/"+moissac, "Lieux vérifiés depuis : 1 sur ")
}

// titres are the headings that cells repeat for small screens.
var titres = regexp.MustCompile(` data-titre="[^"]*"`)

// voirBilan is voir of a sheet, its cells without their headings.
func (v *visiteur) voirBilan(t *testing.T, chemin string, mots ...string) {
	t.Helper()
	v.voir(t, chemin)
	v.page = titres.ReplaceAllString(v.page, "")
	v.exiger(t, mots...)
}

func clair(texte string) string { return strings.ReplaceAll(texte, "\u00a0", " ") }

// A commune with more places than a page holds names the others.
func TestBilanTropDeLieux(t *testing.T) {
	b := newBanc(t)
	for i := range 60 {
		l := mednum.Lieu{ID: mednum.NouvelID(fmt.Sprintf("essai/%d", i)), Statut: mednum.StatutPublie, Corrections: map[mednum.Champ]mednum.Correction{}}
		for champ, valeur := range map[mednum.Champ]string{
			mednum.ChampNom: fmt.Sprintf("Lieu d’essai numéro %02d", i), mednum.ChampCommune: "Moissac", mednum.ChampCodePostal: "82200", mednum.ChampCodeInsee: moissac,
			mednum.ChampAdresse: "1 place Neuve", mednum.ChampHoraires: "Mo,We 09:00-12:00,14:00-17:30; Tu 09:00-12:00; Fr 14:00-18:00", mednum.ChampPivot: mednum.PivotInconnu,
		} {
			l.Corrections[champ] = mednum.Correction{Valeur: valeur, Auteur: "cli", Le: mardi}
		}
		l = mednum.Consolider(l, nil, nil)
		check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: 1, Apres: l, Voie: "import", Le: mardi}))
	}
	check(t, b.lieux.Actualiser(t.Context()))
	chef := b.invite(t, "ana@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	chef.voir(t, "/espace/bilan/communes/"+moissac, "Et aussi : ", " autres.")
	_, table, _ := strings.Cut(chef.page, "bilan-lieux")
	table, _, _ = strings.Cut(table, "</table>")
	if n := strings.Count(table, "<tr>"); n < 8 || n > 30 {
		t.Errorf("%d rows", n)
	}
}

// Needs are counted of twelve months and of the commune; who does not coordinate
// it reads the published counts alone. Reports are counted in their year.
func bilanBesoins(t *testing.T, b banc, chef *visiteur) {
	l := b.lieuDe(t, moissac)
	chef.voir(t, "/espace/bilan/communes/"+moissac, "Besoins dits depuis un an :</strong> aucun.")
	for i, code := range []string{moissac, moissac, moissac, "82121"} {
		theme := []string{mednum.Vocabulaire(mednum.ChampServices)[0], ecoute.ThemeAutre}[i%2]
		check(t, b.besoins.Dire(t.Context(), fmt.Sprintf("%032d", i), ecoute.Besoin{Commune: code, Theme: theme, Moment: ecoute.MomentMatin, Origine: ecoute.OriginePublic}))
	}
	premier := textes.Minuscule(textes.Service(mednum.Vocabulaire(mednum.ChampServices)[0]))
	chef.voir(t, "/espace/bilan/communes/"+moissac, "Besoins dits depuis un an :</strong> 3 ("+html.EscapeString(premier)+" : 2, autre : 1).")
	chef.voir(t, "/espace/bilan/epci/"+epciMoissac, "3 (")
	// One that was put aside counts on no sheet; taken back, it does again.
	droits := []mednum.Habilitation{role(mednum.RoleCoordinateur, mednum.PorteeTout, "")}
	dits, err := b.besoins.De(t.Context(), droits)
	check(t, err)
	ecarter := func(ecarte bool) {
		t.Helper()
		for i := range dits {
			if dits[i].Theme == ecoute.ThemeAutre && dits[i].Commune == moissac {
				_, err := b.besoins.Ecarter(t.Context(), droits, dits[i].ID, ecarte)
				check(t, err)
			}
		}
	}
	ecarter(true)
	chef.voir(t, "/espace/bilan/communes/"+moissac, "Besoins dits depuis un an :</strong> 2 ("+html.EscapeString(premier)+" : 2).")
	chef.voir(t, "/espace/bilan/epci/"+epciMoissac, "2 (", "!3 (")
	chef.voirBilan(t, "/espace/bilan/annee/2026", `<th scope="row">Besoins dits</th><td class="nombre">3 (`)
	ecarter(false)
	agent := b.invite(t, "bea@exemple.fr", role(mednum.RoleContributeur, mednum.PorteeCommune, moissac))
	agent.voir(t, "/espace/bilan/communes/"+moissac, "aucun compte publié (il en faut 5", "!autre : 1")
	_, err = b.signale.Signaler(t.Context(), ecoute.Recu{Lieu: l.ID, Nature: ecoute.NatureFerme, Numero: strings.Repeat("a", 26)})
	check(t, err)
	chef.voirBilan(t, "/espace/bilan/annee/2026", `<th scope="row">Signalements reçus</th><td class="nombre">1, dont 0 traité</td>`, `<th scope="row">Besoins dits</th><td class="nombre">4 (`)
	chef.voirBilan(t, "/espace/bilan/annee/2023", `<th scope="row">Signalements reçus</th><td class="nombre">inconnu</td>`, `<th scope="row">Besoins dits</th><td class="nombre">inconnu</td>`)
	// One of thirteen months ago is on no sheet of twelve.
	avant := ecoute.NewBesoins(b.base, b.lieux, b.ter, func() time.Time { return mardi.AddDate(-1, -1, 0) })
	check(t, avant.Dire(t.Context(), strings.Repeat("9", 32), ecoute.Besoin{Commune: moissac, Theme: ecoute.ThemeAutre, Moment: ecoute.MomentMatin, Origine: ecoute.OriginePublic}))
	chef.voir(t, "/espace/bilan/communes/"+moissac, "Besoins dits depuis un an :</strong> 3 (")
	chef.voir(t, "/espace/bilan/epci/"+epciMoissac, "3 (", "!4 (")
	if tous, err := b.besoins.De(t.Context(), droits); err != nil || len(tous) != 5 {
		t.Errorf("%d needs, %v", len(tous), err)
	}
}

// Who may print which sheet.
func TestBilanDroits(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	for name, tt := range map[string]struct {
		droit                                 mednum.Habilitation
		commune, autre, epci, autreEPCI, tout int
	}{
		"a mediator of a place":         {droit(mednum.PorteeLieu, l.ID), 200, 403, 403, 403, 403},
		"a contributor of a commune":    {role(mednum.RoleContributeur, mednum.PorteeCommune, moissac), 200, 403, 403, 403, 403},
		"a mediator of a commune":       {role(mednum.RoleMediateur, mednum.PorteeCommune, moissac), 200, 403, 403, 403, 403},
		"a coordinator of an EPCI":      {role(mednum.RoleCoordinateur, mednum.PorteeEPCI, epciMoissac), 200, 403, 200, 403, 403},
		"a coordinator of everything":   {role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"), 200, 200, 200, 200, 200},
		"an administrator of an EPCI":   {role(mednum.RoleAdministrateur, mednum.PorteeEPCI, epciMoissac), 200, 403, 200, 403, 403},
		"a mediator of the territory":   {droit(mednum.PorteeDepartement, "82"), 200, 200, 200, 200, 403},
		"a contributor of somewhere on": {role(mednum.RoleContributeur, mednum.PorteeCommune, "82121"), 403, 200, 403, 403, 403},
	} {
		t.Run(name, func(t *testing.T) {
			v := b.invite(t, strings.ReplaceAll(name, " ", "-")+"@exemple.fr", tt.droit)
			autreEPCI := "248200099"
			for i := range b.ter.EPCIs {
				if e := &b.ter.EPCIs[i]; e.Dedans && e.Code != epciMoissac {
					autreEPCI = e.Code
				}
			}
			for chemin, want := range map[string]int{
				"/espace/bilan": 200, "/espace/bilan/communes/" + moissac: tt.commune, "/espace/bilan/communes/82121": tt.autre,
				"/espace/bilan/epci/" + epciMoissac: tt.epci, "/espace/bilan/epci/" + autreEPCI: tt.autreEPCI, "/espace/bilan/annee/2026": tt.tout,
			} {
				if rep := v.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != want {
					t.Errorf("%s: %d, want %d", chemin, rep.StatusCode, want)
				}
			}
		})
	}
}

// The year: figures of the base, and "inconnu" before the journal begins.
func TestBilanAnnee(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	chef := b.invite(t, "ana@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	chef.voir(t, "/espace/lieux/"+l.ID)
	chef.agir(t, "/espace/lieux/"+l.ID+"/verifier", nil)
	droits := []mednum.Habilitation{role(mednum.RoleCoordinateur, mednum.PorteeTout, "")}
	appele := b.lieuDe(t, "82033")
	_, err := b.lieux.Modifier(t.Context(), appele.ID, catalogue.Edition{Auteur: "x", Voie: registre.VoieTelephone, Droits: droits}, func(l *mednum.Lieu) error {
		return l.Verifier(mednum.DateOf(mardi).AddMois(-6), "x", mednum.DateOf(mardi)) // the day on which spans of ages meet
	})
	check(t, err)
	publies, dedans := map[mednum.Famille]int{}, 0
	for _, v := range b.lieux.Lieux() {
		if !v.HorsTerritoire {
			dedans++
			for _, f := range v.Familles {
				publies[f]++
			}
		}
	}
	ligne := func(quoi, debut, fin string) string {
		return fmt.Sprintf(`<th scope="row">%s</th><td class="nombre">%s</td><td class="nombre">%s</td>`, quoi, debut, fin)
	}
	chef.voirBilan(t, "/espace/bilan/annee/2026", "en Tarn-et-Garonne en 2026", "L’année n’est pas finie", "Le début est inconnu : le journal des changements commence le 24 novembre 2026.",
		ligne("Lieux publiés", "inconnu", textes.Nombre(dedans)), ligne("dont France Services", "inconnu", textes.Nombre(publies[mednum.FamilleFranceServices])),
		fmt.Sprintf(`<th scope="row">Lieux ajoutés à la carte</th><td class="nombre">%d</td>`, dedans),
		fmt.Sprintf(`<th scope="row">Lieux dont quelque chose a changé</th><td class="nombre">%d</td>`, dedans),
		`<th scope="row">Changements dans l’application</th><td class="nombre">1</td>`,
		fmt.Sprintf(`<th scope="row">Changements par un import</th><td class="nombre">%d</td>`, dedans),
		`<th scope="row">Vérifications par téléphone</th><td class="nombre">1</td>`,
		fmt.Sprintf(`<th scope="row">Lieux vérifiés par une personne</th><td class="nombre">2 sur %d</td>`, dedans))
	annee := chef.page
	dep := b.invite(t, "dep@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
	comparerAuBureau(t, b, dedans, annee, dep)
	if rep := chef.demander(t, http.MethodGet, "/espace/bilan/annee", nil); rep.StatusCode != 303 || rep.Header.Get("Location") != "/espace/bilan/annee/2026" {
		t.Errorf("this year: %d %s", rep.StatusCode, rep.Header.Get("Location"))
	}
	// A year before the journal: nothing is made up.
	chef.voirBilan(t, "/espace/bilan/annee/2024", ligne("Lieux publiés", "inconnu", "inconnu"), `<th scope="row">Lieux vérifiés par une personne</th><td class="nombre">inconnu</td>`, "!L’année n’est pas finie")
	chef.voirBilan(t, "/espace/bilan/annee/2025", `<th scope="row">Lieux ajoutés à la carte</th><td class="nombre">inconnu</td>`, `<th scope="row">Changements par un import</th><td class="nombre">inconnu</td>`,
		`<th scope="row">Signalements reçus</th><td class="nombre">inconnu</td>`, `<th scope="row">Besoins dits</th><td class="nombre">inconnu</td>`)
	// The year after: its beginning is known, whatever changed since.
	suivant := mardi.AddDate(1, 0, 0)
	autre := newBancA(t, b, suivant)
	chef = autre.invite(t, "bea@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	retire, err := b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	retire.Statut = mednum.StatutRetire
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: retire.Version + 1, Apres: retire, Voie: "cli", Le: suivant}))
	check(t, autre.lieux.Actualiser(t.Context()))
	chef.voirBilan(t, "/espace/bilan/annee/2027", ligne("Lieux publiés", textes.Nombre(dedans), textes.Nombre(dedans-1)), "!Le début est inconnu")
	chef.voir(t, "/espace/bilan/communes/"+moissac, "Disparus : "+l.Champs.Nom, "Apparus sur la carte : aucun", "alors, ", "Lieux vérifiés depuis : ")
}

// comparerAuBureau tells where the year, as it ends today, and the board of the
// same day do not say the same: ages, hours.
func comparerAuBureau(t *testing.T, b banc, publies int, annee string, chef *visiteur) {
	t.Helper()
	annee = strings.ReplaceAll(clair(annee), "&nbsp;", " ")
	for nom, filtre := range map[string]string{
		"Dernière preuve : moins de 6 mois": "fraicheur=moins-6-mois", "Dernière preuve : 6 à 12 mois": "fraicheur=6-12-mois",
		"Dernière preuve : 12 à 18 mois": "fraicheur=12-18-mois", "Dernière preuve : plus de 18 mois": "fraicheur=plus-18-mois", "Sans date": "fraicheur=sans-date",
	} {
		n := len(chef.lignesCSV(t, lieuxReseau+"?etat=publies&format=csv&"+filtre)) - 1
		if want := fmt.Sprintf(`<th scope="row">%s</th><td class="nombre">inconnu</td><td class="nombre">%d</td>`, nom, n); !strings.Contains(annee, want) {
			t.Errorf("the board has %d places for %q, and the year another number", n, nom)
		}
	}
	sans := len(chef.lignesCSV(t, lieuxReseau+"?etat=publies&format=csv&manque=horaires")) - 1
	if want := fmt.Sprintf(`<th scope="row">Avec des heures connues</th><td class="nombre">inconnu</td><td class="nombre">%d</td>`, publies-sans); !strings.Contains(annee, want) {
		t.Errorf("the board has %d places without hours of %d, and the year another number", sans, publies)
	}
	muet, conseillers := false, 0
	for _, v := range b.lieux.Lieux() {
		if !v.HorsTerritoire && v.Publie() && slices.Contains(v.Champs.Dispositifs, "Conseillers numériques") {
			conseillers++
		}
		muet = muet || !v.HorsTerritoire && v.Heures == nil && len(v.Permanences) > 0
	}
	if n := len(chef.lignesCSV(t, lieuxReseau+"?etat=publies&format=csv&famille=conseiller_numerique")) - 1; n != conseillers || n == 0 {
		t.Errorf("the board has %d places of conseillers numériques, want %d", n, conseillers)
	}
	if !muet {
		t.Error("no place has permanences without hours: is the comparison still one?")
	}
}

// newBancA is the site at another time, on the base of another bench.
func newBancA(t *testing.T, b banc, le time.Time) banc {
	t.Helper()
	now := func() time.Time { return le }
	demarches, err := catalogue.ReadDemarches(data.Demarches)
	check(t, err)
	lieux, err := catalogue.Open(t.Context(), b.base, b.ter, demarches, now)
	check(t, err)
	comptes := compte.New(b.base, now)
	autre := newBanc(t, func(c *web.Config) {
		c.Catalogue, c.Comptes, c.Registre, c.Now = lieux, comptes, registre.New(b.base, now), now
	})
	autre.base, autre.lieux, autre.comptes = b.base, lieux, comptes
	return autre
}
