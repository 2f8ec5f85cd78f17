package mednum_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"github.com/google/go-cmp/cmp"
)

var (
	mai2022  = mednum.Date{Annee: 2022, Mois: 5, Jour: 9}
	aout2024 = mednum.Date{Annee: 2024, Mois: 8, Jour: 1}
	mars2025 = mednum.Date{Annee: 2025, Mois: 3, Jour: 12}
)

var fluxDeTest = map[string]mednum.Flux{
	"france-services":        {ID: "france-services", Nom: "Liste France Services", Confiance: 30, AgeMax: 36},
	"conseillers-numeriques": {ID: "conseillers-numeriques", Nom: "Conseillers numériques", Confiance: 20, AgeMax: 12},
	"norme":                  {ID: "norme", Confiance: 20, AgeMax: 18},
}

type valeurs = map[mednum.Champ]string

func ficheFS(champs valeurs) mednum.Fiche {
	return mednum.Fiche{
		Flux: "france-services", Cle: "992", Producteur: "ANCT", Champs: champs, DateMaj: aout2024,
		Familles: []mednum.Famille{mednum.FamilleFranceServices},
	}
}

func ficheCN(champs valeurs) mednum.Fiche {
	return mednum.Fiche{Flux: "conseillers-numeriques", Cle: "62a", Producteur: "conseiller-numerique", Champs: champs, DateMaj: mai2022}
}

func origine(f mednum.Fiche) mednum.Origine {
	return mednum.Origine{Fiche: f.Reference(), Date: f.DateMaj}
}

func TestConsolider_Champs(t *testing.T) {
	tests := []struct {
		name   string
		fiches []mednum.Fiche
		want   valeurs
	}{
		{
			name: "date before trust: an older file never overwrites a newer one",
			fiches: []mednum.Fiche{
				{Flux: "norme", Cle: "1", Champs: valeurs{"nom": "Plus récent"}, DateMaj: mars2025},
				ficheFS(valeurs{"nom": "Plus sûr", "telephone": "+33500000001"}),
			},
			want: valeurs{"nom": "Plus récent", "telephone": "+33500000001"},
		},
		{
			name: "the same day, trust",
			fiches: []mednum.Fiche{
				{Flux: "norme", Cle: "1", Champs: valeurs{"nom": "Moins sûr"}, DateMaj: aout2024},
				ficheFS(valeurs{"nom": "Plus sûr"}),
			},
			want: valeurs{"nom": "Plus sûr"},
		},
		{
			name: "the same day and trust, the reference",
			fiches: []mednum.Fiche{
				{Flux: "norme", Cle: "1", Champs: valeurs{"nom": "norme"}, DateMaj: mai2022},
				ficheCN(valeurs{"nom": "conseillers"}),
			},
			want: valeurs{"nom": "conseillers"},
		},
		{
			name: "a place of ours that came back fills, and overwrites nothing",
			fiches: []mednum.Fiche{
				{Flux: "norme", Cle: "1", Retour: true, DateMaj: mars2025, Champs: valeurs{
					"nom": "Ancien", "telephone": "+33500000009", "site_web": "https://a.fr", "services": "Loisirs et créations numériques",
					"adresse": "9 rue Z", "commune": "Valence", "typologie": "CCAS", "latitude": "44.9", "longitude": "1.9",
				}},
				ficheFS(valeurs{"nom": "FS", "services": "Aide aux démarches administratives", "commune": "Moissac", "latitude": "44.1", "longitude": "1.1"}),
			},
			want: valeurs{
				"nom": "FS", "telephone": "+33500000009", "site_web": "https://a.fr", "services": "Aide aux démarches administratives",
				"commune": "Moissac", "typologie": "CCAS", "latitude": "44.1", "longitude": "1.1",
			},
		},
		{
			name: "the newest, whatever its flow",
			fiches: []mednum.Fiche{
				ficheCN(valeurs{"telephone": "+33500000001"}),
				{Flux: "norme", Cle: "1", Champs: valeurs{"telephone": "+33500000002"}, DateMaj: mars2025},
			},
			want: valeurs{"telephone": "+33500000002"},
		},
		{
			name: "an unknown flow has no trust",
			fiches: []mednum.Fiche{
				{Flux: "inconnu", Cle: "1", Champs: valeurs{"nom": "Inconnu"}, DateMaj: mai2022},
				ficheCN(valeurs{"nom": "Connu"}),
			},
			want: valeurs{"nom": "Connu"},
		},
		{
			name: "first not empty",
			fiches: []mednum.Fiche{
				ficheFS(valeurs{"nom": "FS", "horaires": "  "}), ficheCN(valeurs{"nom": "CN", "horaires": "Mo 09:00-12:00"}),
			},
			want: valeurs{"nom": "FS", "horaires": "Mo 09:00-12:00"},
		},
		{
			name: "unions in the order of records",
			fiches: []mednum.Fiche{
				ficheCN(valeurs{"services": "Loisirs et créations numériques|Aide aux démarches administratives", "typologie": "CCAS"}),
				ficheFS(valeurs{"services": "Aide aux démarches administratives", "typologie": "RFS", "courriels": "fs@a.fr"}),
			},
			want: valeurs{
				"services":  "Aide aux démarches administratives|Loisirs et créations numériques",
				"typologie": "RFS|CCAS", "courriels": "fs@a.fr",
			},
		},
		{
			name: "other lists are not mixed",
			fiches: []mednum.Fiche{
				ficheFS(valeurs{"modalites_acces": "Téléphoner", "frais_a_charge": "Gratuit"}),
				ficheCN(valeurs{"modalites_acces": "Se présenter", "frais_a_charge": "Payant"}),
			},
			want: valeurs{"modalites_acces": "Téléphoner", "frais_a_charge": "Gratuit"},
		},
		{
			name: "an address is one record's",
			fiches: []mednum.Fiche{
				ficheFS(valeurs{"adresse": "1 rue A", "commune": "Moissac", "code_postal": "82200"}),
				ficheCN(valeurs{"adresse": "2 rue B", "commune": "Valence", "code_postal": "82400", "code_insee": "82186", "complement_adresse": "Étage 2"}),
			},
			want: valeurs{"adresse": "1 rue A", "commune": "Moissac", "code_postal": "82200"},
		},
		{
			name: "a whole address before half of one",
			fiches: []mednum.Fiche{
				ficheFS(valeurs{"commune": "Moissac", "code_postal": "82200"}),
				ficheCN(valeurs{"adresse": "2 rue B", "commune": "Moissac"}),
			},
			want: valeurs{"adresse": "2 rue B", "commune": "Moissac"},
		},
		{
			name: "a known pivot before fourteen zeros",
			fiches: []mednum.Fiche{
				ficheFS(valeurs{"pivot": mednum.PivotInconnu}), ficheCN(valeurs{"pivot": "21820033000013"}),
			},
			want: valeurs{"pivot": "21820033000013"},
		},
		{
			name:   "fourteen zeros when nothing is known",
			fiches: []mednum.Fiche{ficheFS(valeurs{"pivot": mednum.PivotInconnu}), ficheCN(nil)},
			want:   valeurs{"pivot": mednum.PivotInconnu},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lieu := mednum.Consolider(mednum.Lieu{ID: "23456789"}, tt.fiches, fluxDeTest)
			got := valeurs{}
			for _, champ := range mednum.ChampsNorme {
				v := lieu.Champs.Valeur(champ)
				if v != "" && champ != mednum.ChampID && champ != mednum.ChampSource && champ != mednum.ChampDateMaj {
					got[champ] = v
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestConsolider_Position(t *testing.T) {
	avec := func(f mednum.Fiche, precision mednum.Precision) mednum.Fiche {
		f.Precision = precision
		return f
	}
	fs := valeurs{"latitude": "44.1", "longitude": "1.1"}
	cn := valeurs{"latitude": "44.2", "longitude": "1.2"}
	tests := []struct {
		name     string
		fiches   []mednum.Fiche
		wantLat  string
		wantPrec mednum.Precision
	}{
		{"none", []mednum.Fiche{ficheFS(nil)}, "", ""},
		{"trust at equal precision", []mednum.Fiche{avec(ficheCN(cn), "rue"), avec(ficheFS(fs), "rue")}, "44.1", "rue"},
		{"a street before a commune", []mednum.Fiche{avec(ficheFS(fs), "commune"), avec(ficheCN(cn), "rue")}, "44.2", "rue"},
		{"by hand before a street", []mednum.Fiche{avec(ficheFS(fs), "rue"), avec(ficheCN(cn), "main")}, "44.2", "main"},
		{"a commune is better than nothing", []mednum.Fiche{ficheFS(nil), avec(ficheCN(cn), "commune")}, "44.2", "commune"},
		{"not stated is the address", []mednum.Fiche{ficheFS(fs)}, "44.1", "rue"},
		{"half a position is none", []mednum.Fiche{ficheFS(valeurs{"latitude": "44.1"}), ficheCN(cn)}, "44.2", "rue"},
		{"out of the Earth", []mednum.Fiche{ficheFS(valeurs{"latitude": "144.1", "longitude": "1"}), ficheCN(cn)}, "44.2", "rue"},
		{"unreadable", []mednum.Fiche{ficheFS(valeurs{"latitude": "nord", "longitude": "1"})}, "", ""},
		{"not a number", []mednum.Fiche{ficheFS(valeurs{"latitude": "NaN", "longitude": "1"})}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lieu := mednum.Consolider(mednum.Lieu{}, tt.fiches, fluxDeTest)
			if got := lieu.Champs.Valeur(mednum.ChampLatitude); got != tt.wantLat || lieu.Precision != tt.wantPrec {
				t.Errorf("latitude %q, precision %q, want %q, %q", got, lieu.Precision, tt.wantLat, tt.wantPrec)
			}
			if entiere := (lieu.Champs.Latitude == nil) == (lieu.Champs.Longitude == nil); !entiere {
				t.Error("half a position")
			}
		})
	}
}

func TestConsolider_Corrections(t *testing.T) {
	le := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	correction := func(valeur, source string) mednum.Correction {
		return mednum.Correction{Valeur: valeur, ValeurSource: source, Auteur: "compte-1", Le: le}
	}
	tests := []struct {
		name       string
		champ      mednum.Champ
		correction mednum.Correction
		want       string
		gagne      bool
		question   string // what the source says now, "-" when nothing is asked
	}{
		{"the source repeats itself", "telephone", correction("+33500000009", "+33500000001"), "+33500000009", true, "-"},
		{"the source moved", "telephone", correction("+33500000009", "+33500000007"), "+33500000009", true, "+33500000001"},
		{"the source comes to say the same", "telephone", correction("+33500000001", "+33500000007"), "+33500000001", true, "-"},
		{"the source is still silent", "horaires", correction("Mo 09:00-12:00", ""), "Mo 09:00-12:00", true, "-"},
		{"the source falls silent", "horaires", correction("Mo 09:00-12:00", "Tu 09:00-12:00"), "Mo 09:00-12:00", true, ""},
		{"a place cannot be without a name", "nom", correction("Mairie", "Ancienne mairie"), "Mairie", true, "-"},
		{"a value is taken away", "telephone", correction("", "+33500000001"), "", true, "-"},
		{"a value was taken away, and the source has another", "telephone", correction("", "+33500000007"), "", true, "+33500000001"},
		{
			"a list in another order is the same", "services",
			correction("Utilisation sécurisée du numérique", "Loisirs et créations numériques|Aide aux démarches administratives"),
			"Utilisation sécurisée du numérique", true, "-",
		},
		{"a list won a value", "services", correction("x", "Loisirs et créations numériques"), "x", true, "Aide aux démarches administratives|Loisirs et créations numériques"},
		{"an unreadable correction", "latitude", correction("nord", "44.1"), "44.1", false, "-"},
		{"a position set by hand", "latitude", correction("44.9", "44.1"), "44.9", true, "-"},
		{"an id is never corrected", "id", correction("volé", "23456789"), "23456789", false, "-"},
	}
	fiche := ficheFS(valeurs{
		"telephone": "+33500000001", "services": "Aide aux démarches administratives|Loisirs et créations numériques",
		"latitude": "44.1", "longitude": "1.1",
	})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			avant := mednum.Lieu{ID: "23456789", Corrections: map[mednum.Champ]mednum.Correction{tt.champ: tt.correction}}
			lieu := mednum.Consolider(avant, []mednum.Fiche{fiche}, fluxDeTest)
			if got := lieu.Champs.Valeur(tt.champ); got != tt.want {
				t.Errorf("%s = %q, want %q", tt.champ, got, tt.want)
			}
			want := mednum.Origine{Compte: "compte-1", Date: mednum.DateOf(le)}
			if got := lieu.Provenance[tt.champ] == want; got != tt.gagne {
				t.Errorf("provenance %+v, correction wins: want %v", lieu.Provenance[tt.champ], tt.gagne)
			}
			if got := lieu.Precision == mednum.PrecisionMain; got != (tt.gagne && tt.champ == "latitude") {
				t.Errorf("precision %q", lieu.Precision)
			}
			r := lieu.Corrections[tt.champ]
			if got := r.Source; r.ARevoir != (tt.question != "-") || r.ARevoir && got != tt.question {
				t.Errorf("to review %v, source %q, want %q", r.ARevoir, got, tt.question)
			}
			if r.ARevoir && tt.question != "" && r.Origine != origine(fiche) {
				t.Errorf("origin of what the source says: %+v", r.Origine)
			}
			r.ARevoir, r.Source, r.Origine = false, "", mednum.Origine{}
			if diff := cmp.Diff(tt.correction, r); diff != "" {
				t.Errorf("corrections are kept (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.correction, avant.Corrections[tt.champ]); diff != "" {
				t.Errorf("the place that was given has changed:\n%s", diff)
			}
			if diff := cmp.Diff(lieu, mednum.Consolider(lieu, []mednum.Fiche{fiche}, fluxDeTest)); diff != "" {
				t.Errorf("not idempotent:\n%s", diff)
			}
		})
	}
}

func TestConsolider_Preuve(t *testing.T) {
	absente := ficheFS(nil)
	absente.Absente = mars2025
	sansDate := ficheCN(nil)
	sansDate.DateMaj = mednum.Date{}
	tests := []struct {
		name   string
		lieu   mednum.Lieu
		fiches []mednum.Fiche
		want   mednum.Preuve
		wantO  mednum.Origine
	}{
		{"no evidence", mednum.Lieu{}, []mednum.Fiche{sansDate}, mednum.Preuve{}, mednum.Origine{}},
		{
			"the newest record",
			mednum.Lieu{},
			[]mednum.Fiche{ficheCN(nil), ficheFS(nil)},
			mednum.Preuve{Date: aout2024, Flux: "france-services"},
			origine(ficheFS(nil)),
		},
		{
			"a place of ours that came back proves nothing",
			mednum.Lieu{},
			[]mednum.Fiche{ficheCN(nil), {Flux: "norme", Cle: "r", DateMaj: mars2025, Retour: true}},
			mednum.Preuve{Date: mai2022, Flux: "conseillers-numeriques"},
			origine(ficheCN(nil)),
		},
		{
			"a record that its source no longer has keeps its date",
			mednum.Lieu{},
			[]mednum.Fiche{absente},
			mednum.Preuve{Date: aout2024, Flux: "france-services"},
			origine(ficheFS(nil)),
		},
		{
			"a human check",
			mednum.Lieu{VerifieLe: mars2025, VerifiePar: "compte-1"},
			[]mednum.Fiche{ficheFS(nil)},
			mednum.Preuve{Date: mars2025},
			mednum.Origine{Compte: "compte-1", Date: mars2025},
		},
		{
			"a check older than the record",
			mednum.Lieu{VerifieLe: mai2022, VerifiePar: "compte-1"},
			[]mednum.Fiche{ficheFS(nil)},
			mednum.Preuve{Date: aout2024, Flux: "france-services"},
			origine(ficheFS(nil)),
		},
		{
			"the same day, the check",
			mednum.Lieu{VerifieLe: aout2024, VerifiePar: "compte-1"},
			[]mednum.Fiche{ficheFS(nil)},
			mednum.Preuve{Date: aout2024},
			mednum.Origine{Compte: "compte-1", Date: aout2024},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lieu := mednum.Consolider(tt.lieu, tt.fiches, fluxDeTest)
			if diff := cmp.Diff(tt.want, lieu.Preuve); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if lieu.Champs.DateMaj != tt.want.Date {
				t.Errorf("date_maj = %v, want %v", lieu.Champs.DateMaj, tt.want.Date)
			}
			if got := lieu.Provenance[mednum.ChampDateMaj]; got != tt.wantO {
				t.Errorf("provenance of date_maj = %+v, want %+v", got, tt.wantO)
			}
		})
	}
}

// date_maj is the last time that a person changed or checked the place, otherwise
// the date of its source. A change is not a check: the proof stays that of the
// source.
func TestConsolider_DateMaj(t *testing.T) {
	le := time.Date(2025, 3, 12, 10, 0, 0, 0, time.UTC)
	source := mednum.Preuve{Date: aout2024, Flux: "france-services"}
	for _, tt := range []struct {
		name  string
		lieu  mednum.Lieu
		want  mednum.Origine
		proof mednum.Preuve
	}{
		{"the source alone", mednum.Lieu{}, origine(ficheFS(nil)), source},
		{
			"the day of a change",
			mednum.Lieu{VerifieLe: mai2022, VerifiePar: "compte-1", ModifieLe: mars2025, ModifiePar: "compte-2"},
			mednum.Origine{Compte: "compte-2", Date: mars2025},
			source,
		},
		{"a change older than the source", mednum.Lieu{ModifieLe: mai2022, ModifiePar: "compte-2"}, origine(ficheFS(nil)), source},
		{"a change of the same day", mednum.Lieu{ModifieLe: aout2024, ModifiePar: "compte-2"}, mednum.Origine{Compte: "compte-2", Date: aout2024}, source},
		{
			"a check of the same day as a change",
			mednum.Lieu{VerifieLe: mars2025, VerifiePar: "compte-1", ModifieLe: mars2025, ModifiePar: "compte-2"},
			mednum.Origine{Compte: "compte-1", Date: mars2025},
			mednum.Preuve{Date: mars2025},
		},
		{
			"a correction, also one that the sources contradict",
			mednum.Lieu{Corrections: map[mednum.Champ]mednum.Correction{"nom": {Valeur: "x", ValeurSource: "y", Auteur: "compte-3", Le: le}}},
			mednum.Origine{Compte: "compte-3", Date: mars2025},
			source,
		},
		{
			"a permanence that is changed, not who holds one",
			mednum.Lieu{Retouches: map[string]mednum.Retouche{
				"p": {Cachee: true, Auteur: "compte-4", Le: le}, "q": {Compte: "compte-5", Auteur: "compte-5", Le: le.AddDate(1, 0, 0)},
			}},
			mednum.Origine{Compte: "compte-4", Date: mars2025},
			source,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			retour := mednum.Fiche{Flux: "norme", Cle: "r", DateMaj: mednum.Date{Annee: 2027, Mois: 1, Jour: 1}, Retour: true}
			l := mednum.Consolider(tt.lieu, []mednum.Fiche{ficheFS(valeurs{"nom": "z"}), retour}, fluxDeTest)
			if l.Champs.DateMaj != tt.want.Date || l.Provenance[mednum.ChampDateMaj] != tt.want || l.Preuve != tt.proof {
				t.Errorf("date_maj %v from %+v, proof %+v", l.Champs.DateMaj, l.Provenance[mednum.ChampDateMaj], l.Preuve)
			}
		})
	}
}

func TestConsolider_Permanences(t *testing.T) {
	arret := func(nom string) mednum.Permanence {
		return mednum.Permanence{ID: "mo", Regle: "week 02-52/2 Mo 09:30-12:00", Arret: &mednum.Arret{Nom: nom, Latitude: degres(44)}}
	}
	fs, cn := ficheFS(nil), ficheCN(nil)
	fs.Permanences = []mednum.Permanence{arret("Mairie de Bruniquel"), {Regle: "Tu 14:00-17:00"}}
	cn.Permanences = []mednum.Permanence{arret("mairie de BRUNIQUEL"), arret("Mairie de Vaïssac")}
	deMain := mednum.Permanence{ID: "main", Intitule: "Atelier", Regle: "Sa 10:00-12:00"}
	perimee := mednum.Permanence{ID: "perimee", Fiche: fs.Reference(), Regle: "Mo 10:00-12:00"}

	lieu := mednum.Consolider(mednum.Lieu{Permanences: []mednum.Permanence{perimee, deMain}}, []mednum.Fiche{cn, fs}, fluxDeTest)
	var got []string
	ids := map[string]bool{}
	for _, p := range lieu.Permanences {
		nom := ""
		if p.Arret != nil {
			nom = p.Arret.Nom
		}
		got = append(got, fmt.Sprintf("%s|%s|%s", p.Fiche, nom, p.Regle))
		ids[p.ID] = true
	}
	want := []string{
		"france-services/992|Mairie de Bruniquel|week 02-52/2 Mo 09:30-12:00",
		"france-services/992||Tu 14:00-17:00",
		"conseillers-numeriques/62a|Mairie de Vaïssac|week 02-52/2 Mo 09:30-12:00",
		"||Sa 10:00-12:00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(ids) != len(want) {
		t.Errorf("ids are not distinct: %v", ids)
	}
	*lieu.Permanences[0].Arret.Latitude = 0
	if *fs.Permanences[0].Arret.Latitude != 44 {
		t.Error("the place shares memory with its record")
	}
}

func TestConsolider_GardeLeReste(t *testing.T) {
	avant := mednum.Lieu{
		ID: "23456789", Version: 3, Seq: 12, Champs: mednum.Champs{Nom: "ancien", Telephone: "+33500000001"},
		HorsTerritoire: true, Exceptions: []mednum.Exception{{Du: mai2022, Au: mai2022}}, VerifieLe: mai2022, VerifiePar: "c",
		Statut: mednum.StatutFusionne, Vers: "3456789c", Precision: mednum.PrecisionRue,
		Provenance: map[mednum.Champ]mednum.Origine{"telephone": {Fiche: "x/y"}},
	}
	fs := ficheFS(valeurs{"nom": "nouveau"})
	fs.Licence = mednum.LicenceOuverte
	want := avant
	want.Champs = mednum.Champs{ID: "23456789", Nom: "nouveau", Source: "ANCT", DateMaj: aout2024}
	want.Precision = ""
	want.Familles = []mednum.Famille{mednum.FamilleFranceServices}
	want.Preuve = mednum.Preuve{Date: aout2024, Flux: "france-services"}
	want.Provenance = map[mednum.Champ]mednum.Origine{"nom": origine(fs), "date_maj": origine(fs)}
	if diff := cmp.Diff(want, mednum.Consolider(avant, []mednum.Fiche{fs}, fluxDeTest)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConsolider_Producteurs(t *testing.T) {
	anonyme := mednum.Fiche{Flux: "france-services", Cle: "z"}
	autre := ficheCN(valeurs{"source": "Hubik"})
	autre.Producteur = ""
	retour := mednum.Fiche{Flux: "norme", Cle: "r", Producteur: "Un agrégateur", DateMaj: mars2025, Retour: true}
	fiches := []mednum.Fiche{autre, ficheFS(nil), anonyme, ficheFS(nil), retour}
	want := "ANCT, Hubik, Liste France Services" // the one without a date comes last
	if got := mednum.Consolider(mednum.Lieu{}, fiches, fluxDeTest).Champs.Source; got != want {
		t.Errorf("source = %q, want %q", got, want)
	}
}

// Whatever the order of the records, and whatever was attached in between, the
// same records make the same place, and are left as they were.
func TestConsolider_OrdreEtRattachementIndifferents(t *testing.T) {
	r := rand.New(rand.NewPCG(82, 2))
	for essai := range 400 {
		fiches := fichesAuHasard(r)
		lieu := mednum.Lieu{ID: "23456789", VerifieLe: dateAuHasard(r), Corrections: map[mednum.Champ]mednum.Correction{
			"nom": {Valeur: "Corrigé", ValeurSource: "nom 1"}, "services": {Valeur: "s0", ValeurSource: "s1|s0"},
			"latitude": {Valeur: "1", ValeurSource: "2"}, "longitude": {Valeur: "3", ValeurSource: "4"},
		}}
		avant := encode(t, fiches)
		want := encode(t, mednum.Consolider(lieu, fiches, fluxDeTest))

		melange := append([]mednum.Fiche(nil), fiches...)
		r.Shuffle(len(melange), func(i, j int) { melange[i], melange[j] = melange[j], melange[i] })
		if got := encode(t, mednum.Consolider(lieu, melange, fluxDeTest)); got != want {
			t.Fatalf("trial %d: another order gives another place:\n%s\n%s", essai, want, got)
		}
		separe := mednum.Consolider(lieu, melange[:len(melange)/2], fluxDeTest)
		if got := encode(t, mednum.Consolider(separe, melange, fluxDeTest)); got != want {
			t.Fatalf("trial %d: attaching again gives another place:\n%s\n%s", essai, want, got)
		}
		if apres := encode(t, fiches); apres != avant {
			t.Fatalf("trial %d: records were changed", essai)
		}
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func dateAuHasard(r *rand.Rand) mednum.Date {
	return mednum.Date{Annee: 2022 + r.IntN(2), Mois: 1, Jour: 1 + r.IntN(2)}
}

// fichesAuHasard makes records with few values, so that ties and repeats come.
func fichesAuHasard(r *rand.Rand) []mednum.Fiche {
	flux := []string{"france-services", "conseillers-numeriques", "norme", "inconnu"}
	precisions := []mednum.Precision{"", mednum.PrecisionRue, mednum.PrecisionCommune}
	fiches := make([]mednum.Fiche, 1+r.IntN(5))
	for i := range fiches {
		champs := valeurs{}
		for _, champ := range mednum.ChampsNorme {
			if r.IntN(2) == 0 {
				continue
			}
			switch {
			case champ == mednum.ChampLatitude || champ == mednum.ChampLongitude:
				champs[champ] = fmt.Sprint(r.IntN(100))
			case champ.EstListe():
				champs[champ] = fmt.Sprintf("s%d|s%d", r.IntN(3), r.IntN(3))
			case champ != mednum.ChampDateMaj:
				champs[champ] = fmt.Sprintf("%s %d", champ, r.IntN(3))
			}
		}
		fiches[i] = mednum.Fiche{
			Flux: flux[r.IntN(len(flux))], Cle: fmt.Sprint(i), Producteur: fmt.Sprint("p", r.IntN(2)), Champs: champs,
			Precision: precisions[r.IntN(3)], DateMaj: dateAuHasard(r), Retour: r.IntN(5) == 0,
			Permanences: []mednum.Permanence{{Regle: fmt.Sprintf("Mo 0%d:00-12:00", r.IntN(3))}},
		}
	}
	return fiches
}
