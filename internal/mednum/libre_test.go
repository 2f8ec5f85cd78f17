package mednum_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// fluxLicencies: one flow under each licence; muet says nothing of it.
var fluxLicencies = map[string]mednum.Flux{
	"libre": {ID: "libre", Nom: "Liste libre", Licence: mednum.LicenceOuverte, Confiance: 10, AgeMax: 12},
	"odbl":  {ID: "odbl", Nom: "ZQXproducteur", Licence: mednum.LicenceODbL, Confiance: 30, AgeMax: 12},
	"muet":  {ID: "muet", Nom: "ZQXmuet", Confiance: 30, AgeMax: 12},
}

// ficheFermee is a record, newer and more trusted than any other, each text of
// which bears the mark.
func ficheFermee(flux string) mednum.Fiche {
	lat, lon := 44.123456, 1.654321
	return mednum.Fiche{
		Flux: flux, Cle: "zqxcle", Producteur: "ZQXproducteur", DateMaj: mars2025, Precision: mednum.PrecisionRue,
		Familles: []mednum.Famille{mednum.FamilleTiersLieu},
		Champs: valeurs{
			"pivot": "ZQX12345678901", "nom": "ZQXnom", "commune": "ZQXcommune", "code_postal": "99999", "code_insee": "97424", "adresse": "ZQXadresse",
			"latitude": "44.123456", "longitude": "1.654321", "typologie": "TIERS_LIEUX", "telephone": "+33999999999", "courriels": "zqx@example.org",
			"site_web": "https://zqx.example.org", "horaires": "Mo 09:09-09:19", "presentation_detail": "ZQXdetail", "structure_parente": "ZQXparente",
			"services": "Insertion professionnelle via le numérique", "autres_formations_labels": "ZQXlabel", "prise_rdv": "https://zqx.example.org/rdv",
		},
		Permanences: []mednum.Permanence{{Intitule: "ZQXpermanence", Regle: "Tu 09:09-09:19", Arret: &mednum.Arret{Nom: "ZQXarret", CodeInsee: "82112", Latitude: &lat, Longitude: &lon}}},
	}
}

func ficheLibre() mednum.Fiche {
	return mednum.Fiche{
		Flux: "libre", Cle: "1", Producteur: "Libre", DateMaj: mai2022, Precision: mednum.PrecisionCommune,
		Champs: valeurs{
			"pivot": mednum.PivotInconnu, "nom": "Médiathèque", "commune": "Essai", "code_postal": "82000", "code_insee": "82121", "adresse": "1 rue",
			"latitude": "44", "longitude": "1", "telephone": "+33500000001", "services": "Aide aux démarches administratives",
		},
		Permanences: []mednum.Permanence{{Intitule: "Atelier", Regle: "We 14:00-16:00"}},
	}
}

// marques are what only closed records say; after Redistribuable none is left.
var marques = []string{"zqx", "99999", "97424", "44.123456", "1.654321", "09:09", "TIERS_LIEUX", "tiers_lieu", "Insertion prof", "2025-03-12"}

func checkSansMarque(t *testing.T, l mednum.Lieu) {
	t.Helper()
	octets, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range marques {
		if strings.Contains(strings.ToLower(string(octets)), strings.ToLower(m)) {
			t.Errorf("%q of a closed record is in %s", m, octets)
		}
	}
}

// A place of free records has nothing to leave out; one of closed records alone
// gives nothing; one of both is, to the letter, what its free records make it.
func TestRedistribuable(t *testing.T) {
	for _, tt := range []struct {
		name     string
		fiches   []mednum.Fiche
		ok       bool
		licences []string
	}{
		{"no record: people wrote it", nil, true, []string{mednum.LicenceOuverte}},
		{"free", []mednum.Fiche{ficheLibre()}, true, []string{mednum.LicenceOuverte}},
		{"ODbL", []mednum.Fiche{ficheFermee("odbl")}, false, []string{mednum.LicenceODbL}},
		{"unknown", []mednum.Fiche{ficheFermee("muet")}, false, []string{mednum.LicenceInconnue}},
		{"of a flow that is not known", []mednum.Fiche{ficheFermee("ailleurs")}, false, []string{mednum.LicenceInconnue}},
		{"both", []mednum.Fiche{ficheFermee("odbl"), ficheLibre()}, true, []string{mednum.LicenceOuverte, mednum.LicenceODbL}},
		{"three", []mednum.Fiche{ficheLibre(), ficheFermee("odbl"), ficheFermee("muet")}, true, []string{mednum.LicenceOuverte, mednum.LicenceODbL, mednum.LicenceInconnue}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			avant := mednum.Lieu{ID: "23456789", Statut: mednum.StatutPublie}
			l := mednum.Consolider(avant, tt.fiches, fluxLicencies)
			got, ok := l.Redistribuable()
			if ok != tt.ok {
				t.Fatalf("ok = %v", ok)
			}
			if diff := cmp.Diff(tt.licences, l.Licences()); diff != "" {
				t.Errorf("licences (-want +got):\n%s", diff)
			}
			checkSansMarque(t, got)
			if !ok {
				return
			}
			var libres []mednum.Fiche
			for _, f := range tt.fiches {
				if f.Flux == "libre" {
					libres = append(libres, f)
				}
			}
			if diff := cmp.Diff(mednum.Consolider(avant, libres, fluxLicencies), got); diff != "" {
				t.Errorf("(-of the free records alone +got):\n%s", diff)
			}
		})
	}
}

// A record that says its own licence does not have that of its flow.
func TestLicenceDe(t *testing.T) {
	f := ficheLibre()
	f.Licence = mednum.LicenceODbL
	l := mednum.Consolider(mednum.Lieu{ID: "23456789"}, []mednum.Fiche{f}, fluxLicencies)
	if _, ok := l.Redistribuable(); ok {
		t.Error("a row under ODbL of a flow under Licence Ouverte goes out")
	}
	g := ficheFermee("odbl")
	g.Licence = mednum.LicenceOuverte
	if l := mednum.Consolider(mednum.Lieu{ID: "23456789"}, []mednum.Fiche{g}, fluxLicencies); l.Libre != nil {
		t.Errorf("Libre = %+v of a free record", l.Libre)
	}
}

// What people of the network wrote goes out over the free records, also where it
// corrected a closed one; what it corrected does not.
func TestRedistribuableCorrige(t *testing.T) {
	le := time.Date(2025, 4, 1, 9, 0, 0, 0, time.UTC)
	l := mednum.Consolider(mednum.Lieu{ID: "23456789", Statut: mednum.StatutPublie}, []mednum.Fiche{ficheFermee("odbl"), ficheLibre()}, fluxLicencies)
	corrections := valeurs{
		"nom": "Nom à nous", "horaires": "Sa 10:00-12:00", "services": "Aide aux démarches administratives|Loisirs et créations numériques",
	}
	for champ, valeur := range corrections {
		if err := l.Corriger(champ, valeur, "compte:a", le); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Deplacer(44.5, 1.5, "compte:a", le); err != nil {
		t.Fatal(err)
	}
	if _, err := l.AjouterPermanence(mednum.Permanence{Intitule: "À nous", Regle: "Fr 10:00-12:00", Compte: "prive"}); err != nil {
		t.Fatal(err)
	}
	jour := mednum.Date{Annee: 2025, Mois: 4, Jour: 1}
	if err := l.Verifier(jour, "compte:a", jour); err != nil {
		t.Fatal(err)
	}
	for i, p := range l.Permanences {
		if _, err := l.AjouterException(mednum.Exception{Du: jour, Motif: []string{"du lieu fermé", "du libre", "à nous"}[i], Permanence: p.ID}, jour); err != nil {
			t.Fatal(err)
		}
	}
	l = mednum.Consolider(l, []mednum.Fiche{ficheFermee("odbl"), ficheLibre()}, fluxLicencies)
	if l.Champs.Nom != "Nom à nous" || l.Champs.Telephone != "+33999999999" || len(l.Permanences) != 3 {
		t.Fatalf("the page shows %+v", l)
	}
	got, ok := l.Redistribuable()
	if !ok {
		t.Fatal("not redistribuable")
	}
	checkSansMarque(t, got)
	c := got.Champs
	if c.Nom != "Nom à nous" || c.Horaires != "Sa 10:00-12:00" || c.Telephone != "+33500000001" || *c.Latitude != 44.5 || got.Precision != mednum.PrecisionMain ||
		len(c.Services) != 2 || c.DateMaj != jour || c.Source != "Libre" || len(got.Permanences) != 2 || len(got.Exceptions) != 2 {
		t.Errorf("got %+v", got)
	}
	if strings.Contains(string(must(json.Marshal(l.Libre))), "prive") {
		t.Error("who holds a permanence is in Libre")
	}
}

func must(octets []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return octets
}
