package web_test

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// marque is in every text of the records under ODbL that fermer attaches.
const marque = "zqx"

const lieuFerme = "zqx23456" // an id that no draw gives: z and q are not in it

// ficheODbL is a record of Moissac under ODbL, newer and more trusted than all
// others.
func ficheODbL(cle, lieu string) mednum.Fiche {
	lat, lon := 44.10101, 1.09191
	return mednum.Fiche{
		Flux: "odbl", Cle: cle, Lieu: lieu, Producteur: "Zqx producteur", Empreinte: cle, DateMaj: mednum.DateOf(mardi), Precision: mednum.PrecisionRue,
		Champs: map[mednum.Champ]string{
			"id": cle, "pivot": "ZQX12345678901", "nom": "Zqx nom", "commune": "Moissac", "code_postal": "82200", "code_insee": "82112", "adresse": "7 rue Zqx",
			"latitude": "44.10101", "longitude": "1.09191", "telephone": "+33599887766", "courriels": "zqx@example.org", "site_web": "https://zqx.example.org",
			"horaires": `Mo 09:09-09:19 "zqx"`, "presentation_detail": "Zqx détail", "structure_parente": "Zqx parente", "autres_formations_labels": "Zqx label",
			"services": "Loisirs et créations numériques", "prise_rdv": "https://zqx.example.org/rdv", "typologie": "TIERS_LIEUX",
		},
		Permanences: []mednum.Permanence{{Intitule: "Zqx atelier", Regle: "Tu 09:09-09:19", Arret: &mednum.Arret{
			Nom: "Zqx arrêt", CodeInsee: "82112", Commune: "Moissac", CodePostal: "82200", Latitude: &lat, Longitude: &lon,
		}}},
	}
}

// fermer puts in the base a place of a record under ODbL alone, and attaches
// another one to lieuExemple.
func (b banc) fermer(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	check(t, b.base.SetFlux(ctx, mednum.Flux{ID: "odbl", Nom: "Zqx source", Licence: mednum.LicenceODbL, Confiance: 90, AgeMax: 12}))
	flux, err := b.base.Flux(ctx)
	check(t, err)
	avant, err := b.base.Lieu(ctx, lieuExemple)
	check(t, err)
	fiches, err := b.base.FichesDe(ctx, lieuExemple)
	check(t, err)
	seule, jointe := ficheODbL("zqx1", lieuFerme), ficheODbL("zqx2", lieuExemple)
	neuf, change := mednum.Reviser(mednum.Lieu{}, mednum.Consolider(mednum.Lieu{ID: lieuFerme, Statut: mednum.StatutPublie}, []mednum.Fiche{seule}, flux))
	mele, change2 := mednum.Reviser(avant, mednum.Consolider(avant, append(fiches, jointe), flux))
	if !change || !change2 {
		t.Fatal("nothing changes")
	}
	neuf.Voie, mele.Voie = "import", "import"
	check(t, b.base.Apply(ctx, mednum.Operation{ID: "import-zqx", Genre: "import", Auteur: "import"}, []mednum.Fiche{seule, jointe}, []mednum.Revision{neuf, mele}))
	check(t, b.lieux.Actualiser(ctx))
}

// deplier is the text of a workbook, part by part, or the body as it is.
func deplier(t *testing.T, chemin, corps string) string {
	t.Helper()
	if !strings.HasSuffix(chemin, ".xlsx") {
		return corps
	}
	archive, err := zip.NewReader(strings.NewReader(corps), int64(len(corps)))
	check(t, err)
	var b strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		check(t, err)
		_, err = io.Copy(&b, r)
		check(t, err)
		r.Close()
	}
	return b.String()
}

// sortiesOuvertes are the addresses that give data under Licence Ouverte.
func sortiesOuvertes() []string {
	chemins := []string{"/donnees/lieux-tableur.csv", "/donnees/catalogue.jsonld", "/ogc/collections/" + "communes" + "/items?limit=1000"}
	for _, format := range []string{"csv", "json", "geojson", "xlsx"} {
		chemins = append(chemins, "/donnees/lieux."+format, "/donnees/communes/82112/lieux."+format, "/donnees/epci/200066322/lieux."+format)
	}
	for _, c := range []string{"lieux", "france_services", "mediation", "tiers_lieu"} {
		chemins = append(chemins, "/ogc/collections/"+c, "/ogc/collections/"+c+"/items?limit=1000", "/ogc/collections/"+c+"/items?limit=1000&f=html")
	}
	return append(chemins, "/ogc/collections/lieux/items/"+lieuExemple)
}

// No character of a record under ODbL is in what is given under Licence Ouverte:
// these answers are, to the byte, what they were before such records came.
func TestSortiesSansODbL(t *testing.T) {
	avant, b := newBanc(t), newBanc(t)
	b.fermer(t)
	for _, chemin := range sortiesOuvertes() {
		t.Run(chemin, func(t *testing.T) {
			rep, want := avant.get(t, chemin)
			if rep.StatusCode != 200 || len(want) < 50 {
				t.Fatalf("%d: %d bytes", rep.StatusCode, len(want))
			}
			_, corps := b.get(t, chemin)
			texte := strings.ToLower(deplier(t, chemin, corps))
			for _, m := range []string{marque, "599887766", "44.10101", "1.09191", "09:09"} {
				if i := strings.Index(texte, m); i >= 0 {
					t.Errorf("%q goes out: …%s…", m, texte[max(0, i-80):min(len(texte), i+80)])
				}
			}
			if corps != want {
				t.Error("the answer is not what it was without the records under ODbL")
			}
		})
	}
	if rep, _ := b.get(t, "/ogc/collections/lieux/items/"+lieuFerme); rep.StatusCode != 404 {
		t.Errorf("OGC has the closed place: %d", rep.StatusCode)
	}
}

// Pages and the API show everything, and say under which licence it is.
func TestPagesAvecODbL(t *testing.T) {
	b := newBanc(t)
	b.fermer(t)
	for _, id := range []string{lieuFerme, lieuExemple} {
		_, corps := b.get(t, "/lieux/"+id)
		for _, want := range []string{"Zqx nom", "ODbL 1.0", "Zqx source", "Zqx producteur"} {
			if !strings.Contains(corps, want) {
				t.Errorf("the page of %s does not say %q", id, want)
			}
		}
	}
	for id, want := range map[string][]string{
		lieuFerme: {mednum.LicenceODbL}, lieuExemple: {mednum.LicenceOuverte, mednum.LicenceODbL}, lieuRiche: {mednum.LicenceOuverte},
	} {
		var lu struct{ Licences []string }
		_, corps := b.get(t, "/api/v1/lieux/"+id)
		check(t, json.Unmarshal([]byte(corps), &lu))
		if !slices.Equal(lu.Licences, want) {
			t.Errorf("%s: licences %v, want %v", id, lu.Licences, want)
		}
	}
	_, page := b.get(t, "/donnees")
	for _, want := range []string{"1\u00a0lieu de la carte n’est pas dans ces fichiers", "1\u00a0lieu y est sans ce qu’en dit une telle source", "<td>Zqx source</td>", "<td>ODbL 1.0</td>"} {
		if !strings.Contains(strings.ReplaceAll(page, "&nbsp;", "\u00a0"), want) {
			t.Errorf("/donnees does not say %q", want)
		}
	}
	if _, page := newBanc(t).get(t, "/donnees"); strings.Contains(page, "une telle source") || strings.Contains(page, "ces fichiers&nbsp;: leur source") {
		t.Error("/donnees leaves places out of a base that is wholly free")
	}
}

// The file of a commune holds the rows of the whole list that are there, no
// other; that of an EPCI those of its communes.
func TestFichiersParEndroit(t *testing.T) {
	b := newBanc(t)
	entete, toutes := lignesCSV(t, b, "/donnees/lieux.csv")
	vues := 0
	for i := range b.ter.Communes {
		c := &b.ter.Communes[i]
		if !c.Dedans {
			continue
		}
		e, lignes := lignesCSV(t, b, "/donnees/communes/"+c.Code+"/lieux.csv")
		var want []string
		for _, l := range toutes {
			if l.insee == c.Code {
				want = append(want, l.texte)
			}
		}
		if e != entete || !slices.Equal(want, textesDe(lignes)) {
			t.Errorf("%s: %d rows, want %d", c.Nom, len(lignes), len(want))
		}
		vues += len(lignes)
	}
	if vues != len(toutes) || vues < 80 {
		t.Errorf("%d rows by commune, %d in all", vues, len(toutes))
	}
	dedans := 0
	for i := range b.ter.EPCIs {
		epci := &b.ter.EPCIs[i]
		_, lignes := lignesCSV(t, b, "/donnees/epci/"+epci.Code+"/lieux.csv")
		for _, l := range lignes {
			if !slices.Contains(epci.Communes, l.insee) {
				t.Errorf("%s: a row of %s", epci.Nom, l.insee)
			}
			if slices.Contains(textesDe(toutes), l.texte) {
				dedans++
			}
		}
	}
	if dedans != len(toutes) {
		t.Errorf("%d rows by EPCI, %d in all", dedans, len(toutes))
	}
	for _, page := range []string{"/communes/82112", "/epci/200066322"} {
		_, corps := b.get(t, page)
		for _, format := range []string{"csv", "json", "geojson", "xlsx"} {
			if !strings.Contains(corps, fmt.Sprintf(`href="/donnees%s/lieux.%s"`, page, format)) {
				t.Errorf("%s does not link its %s", page, format)
			}
		}
	}
}

type ligneLue struct{ texte, insee string }

func textesDe(lignes []ligneLue) (textes []string) {
	for _, l := range lignes {
		textes = append(textes, l.texte)
	}
	return textes
}

// lignesCSV are the header and the rows of a table at an address.
func lignesCSV(t *testing.T, b banc, chemin string) (entete string, lignes []ligneLue) {
	t.Helper()
	rep, corps := b.get(t, chemin)
	if rep.StatusCode != 200 {
		t.Fatalf("%s: %d", chemin, rep.StatusCode)
	}
	table, err := csv.NewReader(strings.NewReader(corps)).ReadAll()
	check(t, err)
	rang := slices.Index(table[0], "code_insee")
	for _, l := range table[1:] {
		lignes = append(lignes, ligneLue{strings.Join(l, "\x00"), l[rang]})
	}
	return strings.Join(table[0], ","), lignes
}
