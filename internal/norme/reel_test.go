package norme

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

const partage = "../../../shared/"

// reels are the real files already read: tests do not change them.
var reels = make(map[string]Lecture)

// lireReel reads a real file once, or skips and names it.
func lireReel(t *testing.T, chemin string) Lecture {
	t.Helper()
	if lecture, ok := reels[chemin]; ok {
		return lecture
	}
	f, err := os.Open(partage + chemin)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("left out: reading of the real file %s", chemin)
	}
	if err != nil {
		t.Fatal(err)
	}
	lecture, err := Decode(filepath.Base(chemin), f)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	reels[chemin] = lecture
	return lecture
}

const (
	reelFS         = "data/france-services/liste-fs-20240801.csv"
	reelConseiller = "data/conseillers-numeriques/conseillers-numeriques-permanences-2022-12.json"
	reelFS2023     = "data/france-services/liste-fs-2023-07.csv"
	reelInclusion  = "data/data-inclusion/data-inclusion-2023-02.json"
	reelFabriques  = "data/tiers-lieux/fabriques-de-territoire-2023-11.geojson"
)

func estDu82(f *mednum.Fiche) bool {
	return strings.HasPrefix(f.Champs[mednum.ChampCodeInsee]+f.Champs[mednum.ChampCodePostal], "82")
}

// TestReelsValides: every row of the real files is read, and every column of
// every record obeys the standard.
func TestReelsValides(t *testing.T) {
	tests := []struct {
		chemin   string
		flux     string
		lus, n82 int
		manquent []mednum.Champ // that the source does not have
	}{
		{reelFS, "france-services", 2845, 23, nil},
		{"data/france-services/liste-fs-2023-07.csv", "france-services", 2707, 21, nil},
		{reelConseiller, "conseillers-numeriques", 4930, 37, nil},
		{reelFabriques, "fabriques-de-territoire", 342, 1, []mednum.Champ{mednum.ChampCodePostal}},
		{"data/tiers-lieux/82-fabriques-de-territoire-2023-11.geojson", "fabriques-de-territoire", 1, 1, []mednum.Champ{mednum.ChampCodePostal}},
		{"data/data-inclusion/data-inclusion-2023-02.json", "data-inclusion-norme", 3811, 26, nil},
		{"standard/exemple-valide_HEAD.csv", "hubik", 1, 0, nil},
		{"standard/exemple-valide_v0.1.1.csv", "hubik", 1, 0, nil},
	}
	for _, tt := range tests {
		t.Run(filepath.Base(tt.chemin), func(t *testing.T) {
			lecture := lireReel(t, tt.chemin)
			n82 := 0
			for i := range lecture.Fiches {
				f := &lecture.Fiches[i]
				if estDu82(f) {
					n82++
				}
				validerFiche(t, f, tt.manquent)
			}
			got := []any{lecture.Flux.ID, len(lecture.Fiches), n82, len(lecture.Ecartes)}
			if diff := cmp.Diff([]any{tt.flux, tt.lus, tt.n82, 0}, got); diff != "" {
				t.Errorf("flow, rows, rows of 82, left out (-want +got):\n%s\n%v", diff, lecture.Ecartes)
			}
		})
	}
}

func validerFiche(t *testing.T, f *mednum.Fiche, manquent []mednum.Champ) {
	t.Helper()
	var c mednum.Champs
	for champ, texte := range f.Champs {
		if err := c.Affecter(champ, texte); err != nil {
			t.Errorf("%s: %v", f.Reference(), err)
		}
	}
	for _, champ := range manquent {
		if c.Valeur(champ) == "" {
			_ = c.Affecter(champ, "00000") // the importer will
		}
	}
	for _, faute := range c.Validate() {
		t.Errorf("%s: %v, got %q", f.Reference(), faute, c.Valeur(mednum.Champ(faute.Champ)))
	}
}

// TestReelsNoms: no name of 82 is in capitals, says only "Mairie", or is
// shared by two communes.
func TestReelsNoms(t *testing.T) {
	vus := make(map[string]string)
	for _, chemin := range []string{reelFS, reelConseiller, reelFabriques} {
		lecture := lireReel(t, chemin)
		for i := range lecture.Fiches {
			f := &lecture.Fiches[i]
			if !estDu82(f) {
				continue
			}
			nom, commune := f.Champs[mednum.ChampNom], f.Champs[mednum.ChampCommune]
			if enCapitales(nom) || mednum.Normaliser(nom) == "mairie" || mednum.Normaliser(nom) == mednum.Normaliser(commune) {
				t.Errorf("%s is named %q", f.Reference(), nom)
			}
			if autre, ok := vus[nom]; ok && autre != commune {
				t.Errorf("%q is the name of a place in %s and in %s", nom, autre, commune)
			}
			vus[nom] = commune
		}
	}
	for _, nom := range []string{
		"Mission locale de Caussade", "Mairie de Lafitte", "Mairie de Moissac", "Mairie de Caumont", "Mairie de Saint-Loup", "Géronto 82",
		"CC Grand Sud Tarn-et-Garonne", "La Poste de La Ville-Dieu-du-Temple", "Association L'Âge d'or du Brulhois", "Département du Tarn-et-Garonne",
		"Fabrique de territoire de Caylus", "MDS de Montech",
	} {
		if vus[nom] == "" {
			t.Errorf("no place is named %q", nom)
		}
	}
}

func trouver(t *testing.T, lecture Lecture, cle string) *mednum.Fiche {
	t.Helper()
	for i := range lecture.Fiches {
		if lecture.Fiches[i].Cle == cle {
			return &lecture.Fiches[i]
		}
	}
	t.Fatalf("no record %s", cle)
	return nil
}

func arretsLus(f *mednum.Fiche) (arrets []string) {
	for _, p := range f.Permanences {
		texte := p.Regle
		if p.RendezVous {
			texte += " RDV"
		}
		if p.Arret != nil {
			texte = p.Arret.Nom + " | " + texte
		}
		arrets = append(arrets, strings.TrimSpace(p.Intitule+" | "+texte))
	}
	return arrets
}

// TestReelsItinerants: the two itinerant services of 82, never an office.
func TestReelsItinerants(t *testing.T) {
	lecture := lireReel(t, reelFS)
	const h = " 09:30-12:00,13:30-16:00"
	tests := []struct {
		name, cle string
		want      []string
	}{
		{"Moissac-Confluences", "1967", []string{
			"| Montesquieu | week 02-52/2 Mo" + h, "| Durfort Lacapelette | week 01-53/2 Mo" + h, "| Moissac | Tu" + h + " RDV",
			"| Laffite | week 02-52/2 We" + h, "| Caumont | week 01-53/2 We" + h, "| Saint Porquier | week 02-52/2 Th" + h,
			"| Garganvillar | week 01-53/2 Th" + h, "| Moissac | Fr" + h + " RDV",
		}},
		{"départementale", "1966", []string{
			"Secteur 1 | MDS de Caussade |", "Secteur 1 | MDS de Nègrepelisse |", "Secteur 1 | MDS de Saint-Antonin-de-Noble-Val |",
			"Secteur 1 | Mairie de Puylaroque |", "Secteur 1 | Mairie de Bruniquel |", "Secteur 1 | Mairie de Molières |",
			"Secteur 1 | Mairie de Laguépie Mirabelle |", "Secteur 2 | MDS de Valence d'Agen |", "Secteur 2 | MDS de Beaumont-de-Lomagne |",
			"Secteur 2 | MDS de Lavit |", "Secteur 2 | Mairie d'Auvillar |", "Secteur 2 | Mairie de Dunes |", "Secteur 2 | Mairie de Sérignac |",
			"Secteur 2 | Mairie de Gramont |", "Secteur 3 | MDS Montauban site les Chênes |", "Secteur 3 | MDS Montauban site Unal |",
			"Secteur 3 | MDS Montauban site Centre Villebourbon |", "Secteur 3 | Mairie de Villemade |", "Secteur 4 | MDS de Castelsarrasin-Moissac |",
			"Secteur 4 | MDS de Montech-Verdun-sur-Garonne |", "Secteur 4 | MDS de Grisolles |", "Secteur 4 | MDS de Labastide-Saint-Pierre |",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := trouver(t, lecture, tt.cle)
			if diff := cmp.Diff(tt.want, arretsLus(f)); diff != "" {
				t.Errorf("stops (-want +got):\n%s", diff)
			}
			if f.Champs[mednum.ChampHoraires] != "" || f.Champs[mednum.ChampItinerance] != itinerant || strings.Contains(f.Champs[mednum.ChampModalitesAcces], "Se présenter") {
				t.Errorf("shown as an open office: %v", f.Champs)
			}
		})
	}
}

// TestReelsCommentaires: a comment that contradicts its column, and one that
// describes another site.
func TestReelsCommentaires(t *testing.T) {
	lecture := lireReel(t, reelFS)
	ville := trouver(t, lecture, "1626")
	if diff := cmp.Diff([]string{
		"Sur rendez-vous | Mo-We 09:00-12:00,14:00-17:00; Fr 09:00-12:00 RDV", "Accès libre à un ordinateur | Th 09:00-12:00",
	}, arretsLus(ville)); diff != "" {
		t.Errorf("La Ville-Dieu-du-Temple (-want +got):\n%s", diff)
	}
	if ville.Champs[mednum.ChampModalitesAcces] != "Téléphoner" || !strings.Contains(ville.Champs[mednum.ChampHoraires], `"sur rendez-vous"`) ||
		ville.Champs[mednum.ChampPriseRDV] != "" || len(ville.Remarques) != 2 || !ville.Remarques[1].ARevoir {
		t.Errorf("La Ville-Dieu-du-Temple: %v %+v", ville.Champs, ville.Remarques)
	}
	numero := mednum.Remarque{Champ: mednum.ChampTelephone, Avant: "05 63 21 79 68", Apres: "+33563217968", Motif: "numéro écrit sous sa forme internationale"}
	if ville.Remarques[0] != numero { // a repair, beside the one doubt
		t.Errorf("La Ville-Dieu-du-Temple: %+v", ville.Remarques[0])
	}
	antenne := trouver(t, lecture, "480")
	if diff := cmp.Diff([]string{"| Antenne de Monclar-de-Quercy | Mo,Tu,Th,Fr 08:30-12:00,13:30-17:00; We 08:30-12:00"}, arretsLus(antenne)); diff != "" {
		t.Errorf("Nègrepelisse (-want +got):\n%s", diff)
	}
	if !strings.Contains(antenne.Champs[mednum.ChampPresentationDetail], "05 63 30 46 46") {
		t.Error("the phone of the antenne is lost")
	}
}

// TestReelsConseillers: the label that follows the employer, in 82.
func TestReelsConseillers(t *testing.T) {
	lecture := lireReel(t, reelConseiller)
	label, ecrit, courriels := 0, 0, 0
	for i := range lecture.Fiches {
		f := &lecture.Fiches[i]
		if !estDu82(f) {
			continue
		}
		for _, r := range f.Remarques {
			if r.Champ == mednum.ChampDispositifs && r.Avant == "France Services" && r.ARevoir {
				label++
			}
		}
		if strings.Contains(f.Champs[mednum.ChampDispositifs], "France Services") || len(f.Familles) > 0 {
			ecrit++
		}
		if f.Champs[mednum.ChampCourriels] != "" {
			courriels++
		}
	}
	if diff := cmp.Diff([]int{18, 0, 22}, []int{label, ecrit, courriels}); diff != "" {
		t.Errorf("labels in review, labels written, e-mails kept (-want +got):\n%s", diff)
	}
}
