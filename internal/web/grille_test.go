package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var (
	motifChamp  = regexp.MustCompile(`<(input|textarea|select)\b[^>]*\bname="([^"]+)"[^>]*>`)
	motifValeur = regexp.MustCompile(`\bvalue="([^"]*)"`)
	motifOption = regexp.MustCompile(`<option value="([^"]*)"( selected)?>`)
)

// champs fills in the form of the page as a browser would send it.
func champs(page string) url.Values {
	v := url.Values{}
	corps := page[strings.Index(page, `<form class="editeur"`):]
	corps = corps[:strings.Index(corps, "</form>")]
	for _, m := range motifChamp.FindAllStringSubmatchIndex(corps, -1) {
		balise, genre, nom := corps[m[0]:m[1]], corps[m[2]:m[3]], corps[m[4]:m[5]]
		valeur := ""
		if lu := motifValeur.FindStringSubmatch(balise); lu != nil {
			valeur = lu[1]
		}
		switch {
		case genre == "textarea":
			valeur = corps[m[1]:]
			valeur = valeur[:strings.Index(valeur, "</textarea>")]
		case genre == "select":
			reste := corps[m[1]:]
			for i, lu := range motifOption.FindAllStringSubmatch(reste[:strings.Index(reste, "</select>")], -1) {
				if i == 0 || lu[2] != "" {
					valeur = lu[1]
				}
			}
		case strings.Contains(balise, `type="radio"`), strings.Contains(balise, `type="checkbox"`):
			if !strings.Contains(balise, " checked") {
				continue
			}
		}
		v.Add(nom, strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&#43;", "+", "&amp;", "&").Replace(valeur))
	}
	return v
}

// editeurDe opens the editor of a page, and returns what its form would send
// with these changes.
func (v *visiteur) editeurDe(t *testing.T, chemin string, paires ...string) url.Values {
	t.Helper()
	if rep := v.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d\n%s", chemin, rep.StatusCode, v.page)
	}
	return changer(champs(v.page), paires...)
}

func changer(f url.Values, paires ...string) url.Values {
	for i := 0; i < len(paires); i += 2 {
		f.Set(paires[i], paires[i+1])
	}
	return f
}

func (b banc) horairesDe(t *testing.T, id string) string {
	t.Helper()
	l, err := b.base.Lieu(t.Context(), id)
	check(t, err)
	return l.Champs.Horaires
}

// mediateur is somebody who may change one place, whose hours are set first.
func (b banc) mediateur(t *testing.T, horaires string) (*visiteur, mednum.Lieu, string) {
	t.Helper()
	l := b.lieuDe(t, moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	chemin := "/espace/lieux/" + l.ID + "/horaires"
	v.poser(t, chemin, horaires)
	if got := b.horairesDe(t, l.ID); got != horaires {
		t.Fatalf("the place has %q, want %q", got, horaires)
	}
	return v, l, chemin
}

// poser saves hours by the text that experts type.
func (v *visiteur) poser(t *testing.T, chemin, horaires string) {
	t.Helper()
	f := v.editeurDe(t, chemin)
	if f.Get("osm") == horaires {
		return
	}
	if rep := v.demander(t, http.MethodPost, chemin, changer(f, "osm", horaires, "faire", "osm")); rep.StatusCode != http.StatusOK {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	if rep := v.demander(t, http.MethodPost, chemin, changer(champs(v.page), "faire", "enregistrer")); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
}

// versLieu tells whether an answer leads to the page of the place, which says
// what was done.
func versLieu(rep *http.Response, id, quoi string) bool {
	u, err := url.Parse(rep.Header.Get("Location"))
	return err == nil && u.Path == "/espace/lieux/"+id && u.Query().Get("fait") == quoi && u.Query().Get("version") != ""
}

func TestEditeurHoraires(t *testing.T) {
	const semaine = "Mo-Fr 9:00-12:00 ; Dec 24 off; PH off"
	cases := []struct {
		name, avant string
		paires      []string
		want        string
	}{
		{"nothing touched", semaine, nil, semaine},
		{"one day", semaine, []string{"jour-2-debut-0", "14h", "jour-2-fin-0", "17 h 30"}, "Mo,Tu,Th,Fr 09:00-12:00; We 14:00-17:30; Dec 24 off; PH off"},
		{"a second range", "Mo 09:00-12:00", []string{"jour-0-debut-1", "1400", "jour-0-fin-1", "17"}, "Mo 09:00-12:00,14:00-17:00"},
		{"a range before", "Mo 14:00-17:00", []string{"jour-0-debut-1", "9", "jour-0-fin-1", "midi"}, "Mo 09:00-12:00,14:00-17:00"},
		{"a day closed", "Mo,Tu 09:00-12:00", []string{"jour-0-debut-0", "", "jour-0-fin-0", ""}, "Tu 09:00-12:00"},
		{"by appointment", "Mo 09:00-12:00", []string{"jour-0-rdv-0", "1"}, `Mo 09:00-12:00 "sur rendez-vous"`},
		{"past midnight", "Fr 18:00-23:00", []string{"jour-4-fin-0", "1h"}, "Fr 18:00-01:00"},
		{"an open end is kept", "Mo 14:00+; Tu 09:00-12:00", []string{"jour-1-fin-0", "13h"}, "Mo 14:00+; Tu 09:00-13:00"},
		{"first Tuesday", "Tu 09:00-12:00", []string{"jour-1-rang", "1"}, "Tu[1] 09:00-12:00"},
		{"even weeks", "Tu 09:00-12:00", []string{"jour-1-semaines", "paires"}, "week 02-52/2 Tu 09:00-12:00"},
		{"holidays closed", "Tu 09:00-12:00", []string{"feries", "fermes", "vacances", "fermes"}, "Tu 09:00-12:00; SH off; PH off"},
		{
			"holidays with hours", "Tu 09:00-12:00",
			[]string{"vacances", "horaires", "vacances-0-debut-0", "10", "vacances-0-fin-0", "11", "vacances-1-mode", "ferme"},
			"Tu 09:00-12:00; SH Mo 10:00-11:00; SH Tu off",
		},
		{"words for the week", "Tu 09:00-12:00", []string{"commentaire", "sonnez"}, `Tu 09:00-12:00 open "sonnez"`},
		{"otherwise", "Tu 09:00-12:00", []string{"sinon", "sur rendez-vous"}, `Tu 09:00-12:00 || "sur rendez-vous"`},
		{"a rule taken away", semaine, []string{"enlever-regle-0", "1"}, "Mo-Fr 09:00-12:00; PH off"},
		{"the expert's text, as typed", semaine, []string{"osm", "Mo 9:00-12:00"}, "Mo 9:00-12:00"},
		{"no hours any more", "Tu 09:00-12:00", []string{"jour-1-debut-0", "", "jour-1-fin-0", ""}, ""},
	}
	b := newBanc(t)
	v, l, chemin := b.mediateur(t, semaine)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			v.poser(t, chemin, tc.avant)
			f := v.editeurDe(t, chemin, append(tc.paires, "faire", "enregistrer")...)
			if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusSeeOther || !versLieu(rep, l.ID, "horaires") {
				t.Fatalf("%d %s\n%s", rep.StatusCode, rep.Header.Get("Location"), v.page)
			}
			if got := b.horairesDe(t, l.ID); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			revs := b.revisions(t, l.ID)
			if r := revs[len(revs)-1]; !strings.HasPrefix(r.Auteur, "compte:") || r.Voie != "app" {
				t.Errorf("signed %q by %q", r.Auteur, r.Voie)
			}
		})
	}
}

func TestEditeurFautes(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.mediateur(t, "Mo-Fr 09:00-12:00; Dec 24 off")
	cases := []struct {
		name   string
		paires []string
		want   string // what the summary says
		champ  string // where it leads
	}{
		{"no hour", []string{"jour-0-debut-0", "9h75"}, "Lundi, plage 1, heure de début\u00a0: «\u00a09h75\u00a0» n’est pas une heure", "jour-0-debut-0"},
		{"words", []string{"jour-3-fin-0", "midi et quart"}, "Jeudi, plage 1, heure de fin\u00a0: «\u00a0midi et quart\u00a0»", "jour-3-fin-0"},
		{"no end", []string{"jour-0-debut-1", "14"}, "Lundi, plage 2, heure de fin\u00a0: il manque l’heure", "jour-0-fin-1"},
		{"no beginning", []string{"jour-0-fin-1", "14"}, "Lundi, plage 2, heure de début\u00a0: il manque l’heure", "jour-0-debut-1"},
		{"upside down", []string{"jour-0-debut-0", "14", "jour-0-fin-0", "12"}, "elle est avant l’heure de début", "jour-0-fin-0"},
		{"overlap", []string{"jour-0-debut-1", "11", "jour-0-fin-1", "13"}, "la plage 1 et la plage 2 se chevauchent", "jour-0-debut-1"},
		{"too late", []string{"jour-0-debut-0", "24h", "jour-0-fin-0", "26h"}, "la journée finit à minuit", "jour-0-debut-0"},
		{"public holidays without hours", []string{"feries", "horaires"}, "Jours fériés\u00a0: donnez leurs heures", "feries-debut-0"},
		{"a holiday without hours", []string{"vacances", "horaires", "vacances-1-mode", "heures"}, "Mardi des vacances\u00a0: donnez les heures", "vacances-1-debut-0"},
		{"closed with hours", []string{"vacances", "horaires", "vacances-1-mode", "ferme", "vacances-1-debut-0", "9", "vacances-1-fin-0", "10"}, "fermé, ou ces heures", "vacances-1-mode"},
		{"a straight quote", []string{"commentaire", `dit "oui"`}, "sans guillemets droits", "commentaire"},
		{"the expert's slip", []string{"osm", "Mo-Fr 09:00-12:00; Di off"}, "caractère 20", "osm"},
		{"grid and text", []string{"osm", "Mo 09:00-12:00", "jour-0-fin-0", "11"}, "ont changé tous les deux", "osm"},
		{"nowhere to copy", []string{"faire", "copier"}, "Cochez les jours", "copier-vers-1"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			f := v.editeurDe(t, chemin, append([]string{"faire", "enregistrer"}, tc.paires...)...)
			rep := v.demander(t, http.MethodPost, chemin, f)
			if rep.StatusCode != http.StatusUnprocessableEntity {
				t.Fatalf("%d\n%s", rep.StatusCode, v.page)
			}
			texte := strings.ReplaceAll(v.page, "&nbsp;", "\u00a0")
			lien := `<li><a href="#` + tc.champ + `">`
			if i := strings.Index(texte, lien); i < 0 || !strings.Contains(texte[i:i+400], tc.want) {
				t.Errorf("no link to %s that says %q\n%s", tc.champ, tc.want, texte)
			}
			if !strings.Contains(texte, `id="`+tc.champ+`"`) {
				t.Errorf("no field %s", tc.champ)
			}
			encore := champs(v.page)
			for i := 0; i < len(tc.paires); i += 2 {
				if nom := tc.paires[i]; nom != "faire" && encore.Get(nom) != tc.paires[i+1] {
					t.Errorf("%s is given back as %q", nom, encore.Get(nom))
				}
			}
		})
	}
	if got := b.horairesDe(t, l.ID); got != "Mo-Fr 09:00-12:00; Dec 24 off" {
		t.Errorf("something was written: %q", got)
	}
}

func TestEditeurGestes(t *testing.T) {
	b := newBanc(t)
	v, _, chemin := b.mediateur(t, "Mo 09:00-12:00; Tu 14:00-16:00")
	focus := regexp.MustCompile(`id="([a-z0-9-]+)"[^>]* autofocus`)
	cases := []struct {
		name, faire string
		paires      []string
		focus       string
		want        map[string]string
	}{
		{"add a range", "ajouter jour-0", []string{"jour-0-debut-1", "14"}, "jour-0-debut-2", map[string]string{"jour-0-debut-1": "14", "jour-0-debut-2": ""}},
		{"add one to holidays", "ajouter feries", nil, "feries-debut-0", map[string]string{"feries-debut-1": ""}},
		{"take one away", "enlever jour-1 0", nil, "jour-1-debut-0", map[string]string{"jour-1-debut-0": ""}},
		{"copy Monday", "copier", []string{"copier-vers", "3"}, "jour-3-debut-0", map[string]string{"jour-3-debut-0": "9:00", "jour-3-fin-0": "12:00", "jour-1-debut-0": "14:00"}},
		{"see", "voir", []string{"jour-0-fin-0", "11h"}, "apercu-titre", map[string]string{"jour-0-fin-0": "11h"}},
		{"read the expert's text", "osm", []string{"osm", "Sa 10:00-11:00; easter off"}, "osm", map[string]string{"jour-5-debut-0": "10:00", "jour-0-debut-0": "", "origine": "Sa 10:00-11:00; easter off"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			f := v.editeurDe(t, chemin, append(tc.paires, "faire", tc.faire)...)
			if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusOK {
				t.Fatalf("%d\n%s", rep.StatusCode, v.page)
			}
			if m := focus.FindAllStringSubmatch(v.page, -1); len(m) != 1 || m[0][1] != tc.focus {
				t.Errorf("focus on %v, want %s", m, tc.focus)
			}
			encore := champs(v.page)
			for nom, want := range tc.want {
				if !encore.Has(nom) || encore.Get(nom) != want {
					t.Errorf("%s is %q, want %q", nom, encore.Get(nom), want)
				}
			}
		})
	}
}

func TestEditeurPermanence(t *testing.T) {
	b := newBanc(t)
	v, l, _ := b.mediateur(t, "Mo 09:00-12:00")
	chemin := "/espace/lieux/" + l.ID + "/permanences/nouvelle"
	f := v.editeurDe(t, chemin, "intitule", "Atelier", "tous-les", "2", "depuis", "2026-11-30", "jour-0-debut-0", "9h30", "jour-0-fin-0", "12h", "faire", "voir")
	v.demander(t, http.MethodPost, chemin, f)
	for _, want := range []string{"Une semaine sur deux à partir du 30 novembre 2026", "lundi 30 novembre à 9", "lundi 14 décembre à 9", "lundi 28 décembre à 9", "lundi 11 janvier 2027 à 9"} {
		if !strings.Contains(v.page, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	rep := v.demander(t, http.MethodPost, chemin, changer(champs(v.page), "faire", "enregistrer"))
	if rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	apres, err := b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	p := apres.Permanences[len(apres.Permanences)-1]
	if p.Regle != "Mo 09:30-12:00" || p.TousLes != 2 || p.Depuis.String() != "2026-11-30" || p.Intitule != "Atelier" {
		t.Fatalf("%+v", p)
	}
	if !versLieu(rep, l.ID, "permanence") {
		t.Errorf("sent to %s", rep.Header.Get("Location"))
	}
	chemin = "/espace/lieux/" + l.ID + "/permanences/" + p.ID
	f = v.editeurDe(t, chemin, "jour-0-fin-0", "11h", "rendez-vous", "1", "faire", "enregistrer")
	if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	apres, err = b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	if q := apres.Permanences[len(apres.Permanences)-1]; q.ID != p.ID || q.Regle != "Mo 09:30-11:00" || !q.RendezVous || q.TousLes != 2 {
		t.Errorf("%+v", q)
	}
	f = v.editeurDe(t, chemin, "depuis", "", "faire", "enregistrer")
	if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(v.page, "donnez un jour de la première semaine") {
		t.Errorf("%d\n%s", rep.StatusCode, v.page)
	}
}

// A source may give hours on several lines: they are saved on one.
func TestEditeurFinsDeLigne(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.mediateur(t, "Mo 09:00-12:00")
	lu, err := b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	lu.Version++
	lu.Champs.Horaires = "Mo 9:00-12:00;\r\nTu 14:00-16:00"
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: lu.Version, Apres: lu, Auteur: "import", Voie: "import", Idempotence: "lignes"}))
	check(t, b.lieux.Actualiser(t.Context()))
	f := v.editeurDe(t, chemin, "faire", "enregistrer")
	rep := v.demander(t, http.MethodPost, chemin, f)
	if rep.StatusCode != http.StatusSeeOther || b.horairesDe(t, l.ID) != "Mo 9:00-12:00; Tu 14:00-16:00" {
		t.Errorf("%d, %q is stored", rep.StatusCode, b.horairesDe(t, l.ID))
	}
	v.demander(t, http.MethodGet, rep.Header.Get("Location"), nil)
	if !strings.Contains(v.page, `data-brouillon-fait="`+chemin+`"`) {
		t.Error("the draft of the form is not done with")
	}
}

// What the grid cannot draw shows with its meaning, and hours that cannot be
// read show as they are.
func TestEditeurReste(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.mediateur(t, `Mo 09:00-12:00, Jul Sa 10:00-11:00; Dec 24 off "congés"`)
	v.editeurDe(t, chemin)
	for _, want := range []string{"Ce que la grille ne sait pas dessiner", "En plus\u00a0: en juillet, le samedi\u00a0: 10\u00a0h à 11\u00a0h", "Le 24 décembre\u00a0: fermé (congés)", "<code>Jul Sa 10:00-11:00</code>"} {
		if !strings.Contains(v.page, want) {
			t.Errorf("%q is not shown\n%s", want, v.page)
		}
	}
	lu, err := b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	lu.Version++
	lu.Champs.Horaires = "le matin,\nsauf lundi"
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: lu.Version, Apres: lu, Auteur: "import", Voie: "import", Idempotence: "libre"}))
	check(t, b.lieux.Actualiser(t.Context()))
	f := v.editeurDe(t, chemin, "faire", "enregistrer")
	if !strings.Contains(v.page, "ne se lisent pas") || !strings.Contains(v.page, "sauf lundi") {
		t.Errorf("%s", v.page)
	}
	if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("hours that cannot be read are saved: %d", rep.StatusCode)
	}
	f = changer(champs(v.page), "jour-1-debut-0", "9", "jour-1-fin-0", "12", "faire", "enregistrer")
	if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusSeeOther || b.horairesDe(t, l.ID) != "Tu 09:00-12:00" {
		t.Errorf("%d, %q is stored\n%s", rep.StatusCode, b.horairesDe(t, l.ID), v.page)
	}
}

func TestEditeurArret(t *testing.T) {
	b := newBanc(t)
	var l mednum.Lieu
	for _, v := range b.lieux.Lieux() {
		if v.Itinerant() && !v.HorsTerritoire {
			l = v.Lieu
		}
	}
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	chemin := "/espace/lieux/" + l.ID + "/permanences/nouvelle"
	f := v.editeurDe(t, chemin, "arret", "", "commune", "Nulle-Part", "jour-1-debut-0", "10", "jour-1-fin-0", "12", "jour-1-rang", "1", "faire", "enregistrer")
	if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(v.page, "Nom de l’arrêt") || !strings.Contains(v.page, "n’est pas une commune connue") {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	f = changer(champs(v.page), "arret", "Salle des fêtes", "commune", "moissac", "faire", "enregistrer")
	if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	apres, err := b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	p := apres.Permanences[len(apres.Permanences)-1]
	if p.Regle != "Tu[1] 10:00-12:00" || p.Arret == nil || p.Arret.Nom != "Salle des fêtes" || p.Arret.CodeInsee != moissac || p.Arret.Latitude == nil {
		t.Fatalf("%+v %+v", p, p.Arret)
	}
	chemin = "/espace/lieux/" + l.ID + "/permanences/" + p.ID
	f = v.editeurDe(t, chemin, "adresse", "Place de la Liberté", "faire", "enregistrer")
	if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	apres, err = b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	if q := apres.Permanences[len(apres.Permanences)-1]; q.ID != p.ID || q.Arret.Adresse != "Place de la Liberté" || *q.Arret.Latitude != *p.Arret.Latitude {
		t.Errorf("%+v %+v", q, q.Arret)
	}
}

func TestEditeurSens(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.mediateur(t, "Mo 09:00-12:00")
	f := v.editeurDe(t, chemin, "sens", "aide", "faire", "enregistrer")
	if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	lu, err := b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	if lu.SensHoraires != mednum.SensAide || lu.Champs.Horaires != "Mo 09:00-12:00" {
		t.Errorf("%q %q", lu.SensHoraires, lu.Champs.Horaires)
	}
}

// Two people at once: both versions show, and each can be kept.
func TestEditeurDeuxVersions(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.mediateur(t, "Mo 09:00-12:00")
	mien := v.editeurDe(t, chemin, "jour-0-fin-0", "11h", "faire", "enregistrer")
	autre := v.editeurDe(t, chemin, "jour-0-debut-0", "10h", "faire", "enregistrer")
	if rep := v.demander(t, http.MethodPost, chemin, autre); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	rep := v.demander(t, http.MethodPost, chemin, mien)
	if rep.StatusCode != http.StatusPreconditionFailed || b.horairesDe(t, l.ID) != "Mo 10:00-12:00" {
		t.Fatalf("%d, %q is stored\n%s", rep.StatusCode, b.horairesDe(t, l.ID), v.page)
	}
	for _, want := range []string{"9\u00a0h à 11\u00a0h", "10\u00a0h à 12\u00a0h", "Garder la mienne", "Prendre l’autre"} {
		if !strings.Contains(v.page, want) {
			t.Errorf("%q is not shown\n%s", want, v.page)
		}
	}
	if rep := v.envoyer(t, chemin, "faire", "garder"); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	if got := b.horairesDe(t, l.ID); got != "Mo 09:00-11:00" {
		t.Errorf("got %q", got)
	}
}

// What must fail: another's place, no seal, no session.
func TestEditeurRefus(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.mediateur(t, "Mo 09:00-12:00")
	autre := ""
	for _, x := range b.lieux.Lieux() {
		if x.ID != l.ID && !x.HorsTerritoire {
			autre = "/espace/lieux/" + x.ID + "/horaires"
		}
	}
	f := v.editeurDe(t, chemin, "jour-0-fin-0", "11h", "faire", "enregistrer")
	cases := []struct {
		name, chemin string
		f            url.Values
		statut       int
	}{
		{"another's place", autre, f, http.StatusForbidden},
		{"another's permanence", strings.Replace(autre, "horaires", "permanences/nouvelle", 1), f, http.StatusForbidden},
		{"no seal", chemin, changer(champs(v.page), "sceau", "", "faire", "enregistrer"), http.StatusForbidden},
		{"no key", chemin, changer(champs(v.page), "cle", "", "faire", "enregistrer"), http.StatusBadRequest},
		{"no such button", chemin, changer(champs(v.page), "faire", "effacer"), http.StatusBadRequest},
		{"no seal to see", "/espace/apercu", url.Values{"osm": {"Mo off"}}, http.StatusForbidden},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if rep := v.demander(t, http.MethodPost, tc.chemin, tc.f); rep.StatusCode != tc.statut {
				t.Errorf("%d, want %d\n%s", rep.StatusCode, tc.statut, v.page)
			}
		})
	}
	if rep := v.demander(t, http.MethodGet, autre, nil); rep.StatusCode != http.StatusForbidden {
		t.Errorf("another's place opens: %d", rep.StatusCode)
	}
	sans := &visiteur{banc: b}
	if rep := sans.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != http.StatusSeeOther || !strings.Contains(rep.Header.Get("Location"), "/connexion?suite=") {
		t.Errorf("without a session: %d %s", rep.StatusCode, rep.Header.Get("Location"))
	}
	if got := b.horairesDe(t, l.ID); got != "Mo 09:00-12:00" {
		t.Errorf("something was written: %q", got)
	}
}

func TestApercu(t *testing.T) {
	b := newBanc(t)
	v, _, chemin := b.mediateur(t, "Mo 09:00-12:00")
	f := v.editeurDe(t, chemin, "jour-0-rang", "1", "faire", "voir")
	rep := v.demander(t, http.MethodPost, "/espace/apercu", f)
	if rep.StatusCode != http.StatusOK || strings.Contains(v.page, "<html") || rep.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	for _, want := range []string{"Le 1er lundi du mois", "lundi 7 décembre", "lundi 1er mars 2027"} {
		if !strings.Contains(v.page, want) {
			t.Errorf("%q is not shown\n%s", want, v.page)
		}
	}
	f.Set("jour-0-fin-0", "<b>")
	v.demander(t, http.MethodPost, "/espace/apercu", f)
	if !strings.Contains(v.page, "Il reste à corriger") || strings.Contains(v.page, "<b>") {
		t.Errorf("%s", v.page)
	}
}
