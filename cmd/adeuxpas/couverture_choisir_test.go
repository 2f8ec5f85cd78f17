package main_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The text and the JSON of one question say the same, with the gap and what is
// not sure; imposed communes are chosen; what cannot be asked names its option.
func TestCouvertureChoisir(t *testing.T) {
	dossier := remplie(t)
	commande := func(options ...string) string {
		t.Helper()
		r := lancer(t, dossier, nil, append([]string{"couverture", "choisir", "--moment", "samedi", "--nombre", "4", "--imposees", "Moissac"}, options...)...)
		if r.code != 0 {
			t.Fatalf("%v: code %d, %s", options, r.code, r.stderr)
		}
		return r.stdout
	}
	var dit struct {
		Etude struct {
			Nombre int `json:"nombre"`
		} `json:"etude"`
		Proposition struct {
			Entree struct {
				NonVerifies int `json:"non_verifies"`
			} `json:"entree"`
			Sites []struct {
				Insee   string `json:"insee"`
				Imposee bool   `json:"imposee"`
			} `json:"sites"`
			Gain     int     `json:"gain"`
			Borne    int     `json:"borne"`
			Ecart    float64 `json:"ecart"`
			Couverts struct {
				Personnes int `json:"personnes"`
			} `json:"couverts"`
		} `json:"proposition"`
		Secondes *float64 `json:"secondes"`
	}
	if err := json.Unmarshal([]byte(commande("--json")), &dit); err != nil {
		t.Fatal(err)
	}
	p := dit.Proposition
	if dit.Etude.Nombre != 4 || len(p.Sites) != 4 || p.Gain < 1000 || p.Gain != p.Couverts.Personnes || p.Borne < p.Gain || p.Ecart > 0.01 || p.Entree.NonVerifies == 0 || dit.Secondes == nil || *dit.Secondes > 10 {
		t.Errorf("%+v", dit)
	}
	moissac := false
	for _, s := range p.Sites {
		moissac = moissac || s.Insee == "82112" && s.Imposee
	}
	if !moissac {
		t.Errorf("Moissac was imposed: %+v", p.Sites)
	}
	texte := strings.ReplaceAll(commande(), "\u00a0", " ")
	lu := regexp.MustCompile(`Arrivent à portée : ([\d ]+) habitants`).FindStringSubmatch(texte)
	if lu == nil || strings.ReplaceAll(lu[1], " ", "") != strconv.Itoa(p.Gain) {
		t.Errorf("%d people in JSON, and:\n%s", p.Gain, texte)
	}
	for _, want := range []string{"Écart au meilleur choix possible : ", "vérification trop ancienne, " + strconv.Itoa(p.Entree.NonVerifies), "Moissac"} {
		if !strings.Contains(texte, want) {
			t.Errorf("%q is not in:\n%s", want, texte)
		}
	}
	if bus := lancer(t, dossier, nil, "couverture", "choisir", "--quoi", "bus", "--moment", "matin", "--nombre", "3"); bus.code != 0 || !strings.Contains(bus.stdout, "la boucle fait environ") {
		t.Errorf("bus: %+v", bus)
	}
	for _, c := range []struct {
		options []string
		want    string
	}{
		{[]string{"--quoi", "camion"}, "--quoi"},
		{[]string{"--quoi", "horaires"}, "--moment"},
		{[]string{"--quoi", "bus", "--moment", "samedi"}, "--nombre"},
		{[]string{"--nombre", "0"}, "--nombre"},
		{[]string{"--but", "gagner"}, "--but"},
		{[]string{"--rayon", "loin"}, "--rayon"},
		{[]string{"--facteur", "3"}, "--facteur"},
		{[]string{"--epci", "1"}, "--epci"},
		{[]string{"--imposees", "Toulouse"}, "--imposees"},
		{[]string{"--exclues", "Nulle-Part"}, "--exclues"},
		{[]string{"--delai=-1s"}, "--delai"},
	} {
		r := lancer(t, dossier, nil, append([]string{"couverture", "choisir"}, c.options...)...)
		if r.code != 2 || !strings.Contains(r.stderr, c.want+"\u00a0:") || r.stdout != "" {
			t.Errorf("%v: code %d, %q", c.options, r.code, r.stderr)
		}
	}
}
