package mednum_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"github.com/google/go-cmp/cmp"
)

// Every value of a place knows the record that says it, or the person, and its
// date: of each column, and of each value of a list. No record of a newer date
// says another value: of a list, the newest that says a value is named.
func TestConsolider_ProvenanceDeChaqueValeur(t *testing.T) {
	r := rand.New(rand.NewPCG(82, 7))
	le := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	corrections := map[mednum.Champ]mednum.Correction{
		"nom": {Valeur: "Corrigé", ValeurSource: "?", Auteur: "compte:a", Le: le}, "publics_specifiquement_adresses": {Valeur: "s9|s0", Auteur: "compte:a", Le: le},
	}
	listes := 0
	for essai := range 300 {
		fiches := fichesAuHasard(r)
		parRef := map[string]mednum.Fiche{}
		for _, f := range fiches {
			parRef[f.Reference()] = f
		}
		l := mednum.Consolider(mednum.Lieu{ID: "23456789", Corrections: corrections}, fiches, fluxDeTest)
		for _, champ := range mednum.ChampsNorme {
			if champ == mednum.ChampID || champ == mednum.ChampSource || l.Champs.Valeur(champ) == "" {
				continue
			}
			valeurs := []string{l.Champs.Valeur(champ)}
			if champ.EstListe() {
				valeurs = l.Champs.Valeurs(champ)
			}
			for _, v := range valeurs {
				o := l.OrigineDe(champ, v)
				switch f := parRef[o.Fiche]; {
				case champ == mednum.ChampDateMaj:
					if o.Date != l.Champs.DateMaj || o.Fiche == "" && o.Compte == "" {
						t.Fatalf("trial %d: date_maj comes from %+v", essai, o)
					}
				case o.Compte != "":
					if o != (mednum.Origine{Compte: "compte:a", Date: mednum.DateOf(le)}) || !slices.Contains(mednum.SplitListe(corrections[champ].Valeur), v) {
						t.Fatalf("trial %d: %s %q comes from %+v", essai, champ, v, o)
					}
				case o.Date != f.DateMaj || !slices.Contains(mednum.SplitListe(f.Champs[champ]), v):
					t.Fatalf("trial %d: %s %q comes from %+v, which says %q", essai, champ, v, o, f.Champs[champ])
				default:
					listes += len(l.ProvenanceValeurs[champ])
					for _, g := range fiches {
						if len(l.ProvenanceValeurs[champ]) > 0 && !g.Retour && g.DateMaj.Compare(o.Date) > 0 && slices.Contains(mednum.SplitListe(g.Champs[champ]), v) {
							t.Fatalf("trial %d: %s %q is said to come from %+v, and %s says it later", essai, champ, v, o, g.Reference())
						}
					}
				}
			}
		}
	}
	if listes == 0 {
		t.Error("no list was joined of two records")
	}
}

func TestOrigineDe(t *testing.T) {
	fs, cn := ficheFS(valeurs{"services": "A|B", "typologie": "RFS"}), ficheCN(valeurs{"services": "B|C", "typologie": "CCAS"})
	l := mednum.Consolider(mednum.Lieu{}, []mednum.Fiche{cn, fs}, fluxDeTest)
	for _, tt := range []struct {
		valeur string
		want   mednum.Origine
	}{{"A", origine(fs)}, {"B", origine(fs)}, {"C", origine(cn)}} {
		if got := l.OrigineDe("services", tt.valeur); got != tt.want {
			t.Errorf("%s comes from %+v, want %+v", tt.valeur, got, tt.want)
		}
	}
	// What a person says of the whole list is theirs whole.
	le := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	if err := l.Corriger("services", "Aide aux démarches administratives", "compte:a", le); err != nil {
		t.Fatal(err)
	}
	l = mednum.Consolider(l, []mednum.Fiche{cn, fs}, fluxDeTest)
	if l.ProvenanceValeurs["services"] != nil || l.OrigineDe("services", "C").Compte != "compte:a" || l.ProvenanceValeurs["typologie"] == nil {
		t.Errorf("%+v", l.ProvenanceValeurs)
	}
}

// What the owner of a place decides, once its source has changed a value that a
// person had written.
func TestQuestions(t *testing.T) {
	le := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	avec := func(adresse, telephone, lat string) []mednum.Fiche {
		return []mednum.Fiche{ficheFS(valeurs{
			"nom": "FS", "adresse": adresse, "code_postal": "82200", "commune": "Moissac", "telephone": telephone, "latitude": lat, "longitude": "1.1",
		})}
	}
	l := mednum.Consolider(mednum.Lieu{ID: "23456789"}, avec("1 rue A", "+33500000001", "44.1"), fluxDeTest)
	for champ, valeur := range map[mednum.Champ]string{"adresse": "2 rue B", "code_postal": "82210", "telephone": "0500000002"} {
		if err := l.Corriger(champ, valeur, "compte:a", le); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Deplacer(44.5, 1.5, "compte:a", le); err != nil {
		t.Fatal(err)
	}
	l = mednum.Consolider(l, avec("1 rue A", "+33500000001", "44.1"), fluxDeTest)
	if q := l.Questions(); q != nil {
		t.Fatalf("nothing has changed: %+v", q)
	}
	moved := avec("3 rue C", "+33500000003", "44.3")
	l = mednum.Consolider(l, moved, fluxDeTest)
	want := []mednum.Question{
		{Champ: "adresse", Champs: []mednum.Champ{"adresse"}, Origine: origine(ficheFS(nil)), Le: le},
		{Champ: "latitude", Champs: []mednum.Champ{"latitude", "longitude"}, Origine: origine(ficheFS(nil)), Le: le},
		{Champ: "telephone", Champs: []mednum.Champ{"telephone"}, Origine: origine(ficheFS(nil)), Le: le},
	}
	if d := cmp.Diff(want, l.Questions()); d != "" {
		t.Fatalf("(-want +got):\n%s", d)
	}
	if l.Champs.Adresse != "2 rue B" || l.Champs.Telephone != "+33500000002" || l.Champs.Valeur("latitude") != "44.5" {
		t.Errorf("what people wrote is not shown: %+v", l.Champs)
	}

	revenue := mednum.Consolider(l, avec("1 rue A", "+33500000002", "44.1"), fluxDeTest)
	if q := revenue.Questions(); q != nil {
		t.Errorf("the source came back, or says the same: %+v", q)
	}
	plus := le.AddDate(0, 1, 0)
	gardee, suivie := l, l
	if err := gardee.GarderCorrection("longitude", "compte:b", plus); err != nil {
		t.Fatal(err)
	}
	if err := gardee.GarderCorrection("telephone", "compte:b", plus); err != nil {
		t.Fatal(err)
	}
	gardee = mednum.Consolider(gardee, moved, fluxDeTest)
	if len(gardee.Questions()) != 1 || gardee.Champs.Telephone != "+33500000002" || gardee.Champs.Valeur("latitude") != "44.5" || gardee.Corrections["telephone"].ValeurSource != "+33500000003" {
		t.Errorf("kept: %+v, %+v", gardee.Questions(), gardee.Champs)
	}
	if gardee.Preuve.Date != mednum.DateOf(plus) {
		t.Errorf("to keep a value is to check it: %+v", gardee.Preuve)
	}
	if err := suivie.SuivreSource("latitude"); err != nil {
		t.Fatal(err)
	}
	if err := suivie.SuivreSource("telephone"); err != nil {
		t.Fatal(err)
	}
	suivie = mednum.Consolider(suivie, moved, fluxDeTest)
	if len(suivie.Questions()) != 1 || suivie.Champs.Telephone != "+33500000003" || suivie.Champs.Valeur("latitude") != "44.3" || suivie.Champs.Valeur("longitude") != "1.1" {
		t.Errorf("followed: %+v, %+v", suivie.Questions(), suivie.Champs)
	}
	if len(l.Questions()) != 3 {
		t.Error("another copy of the place has changed")
	}
	for _, err := range []error{
		suivie.SuivreSource("telephone"), gardee.GarderCorrection("nom", "compte:b", plus), gardee.GarderCorrection("adresse", " ", plus),
	} {
		if err == nil {
			t.Error("nothing was to be decided, or nobody decided")
		}
	}
}
