package mednum_test

import (
	"slices"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The vocabulary is in French order, each code once; sign language is one.
func TestLangues(t *testing.T) {
	noms, codes := []string{}, mednum.CodesLangues()
	for _, l := range mednum.Langues {
		noms = append(noms, mednum.Normaliser(l.Nom))
		if len(l.Code) != 2 && len(l.Code) != 3 {
			t.Errorf("%q is no code of ISO 639", l.Code)
		}
	}
	if !slices.IsSorted(noms) {
		t.Errorf("%q", noms)
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(codes)))); n != len(codes) {
		t.Errorf("%d codes of %d", n, len(codes))
	}
	if nom := mednum.NomLangue("fsl"); nom != "langue des signes française (LSF)" {
		t.Error(nom)
	}
}

func TestDireLangues(t *testing.T) {
	for _, tt := range []struct {
		name        string
		codes, want []string
		ok          bool
	}{
		{"none", nil, nil, true},
		{"in the order of the vocabulary, once", []string{"oc", "ar", "", "oc"}, []string{"ar", "oc"}, true},
		{"one that is not there", []string{"ar", "klingon"}, nil, false},
		{"French goes without saying", []string{"fr"}, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := mednum.Lieu{}
			err := l.DireLangues(tt.codes)
			if !slices.Equal(l.Langues, tt.want) || (err == nil) != tt.ok {
				t.Errorf("%q, %v", l.Langues, err)
			}
		})
	}
}

// Languages are a change as others are: told, undone, joined and given back.
func TestLanguesChangent(t *testing.T) {
	avant, apres := mednum.Lieu{}, mednum.Lieu{Langues: []string{"ar", "fsl"}}
	d := mednum.Differences(&avant, &apres)
	if len(d) != 1 || d[0].Champ != mednum.ChampLangues || d[0].Libelle != "Langues parlées" || d[0].Apres != "arabe, langue des signes française (LSF)" {
		t.Errorf("%+v", d)
	}
	if mednum.MemesDires(&avant, &apres) {
		t.Error("the same is said")
	}
	restaure := apres
	if restaure.Restaurer(&avant); restaure.Langues != nil {
		t.Error("not restored")
	}
	reuni := mednum.Reunir(avant, apres, nil, nil)
	if !slices.Equal(reuni.Langues, apres.Langues) {
		t.Errorf("joined: %q", reuni.Langues)
	}
	if reuni.Rendre(&avant, &apres); len(reuni.Langues) != 0 {
		t.Errorf("given back: %q", reuni.Langues)
	}
	if garde := mednum.Reunir(apres, mednum.Lieu{Langues: []string{"oc"}}, nil, nil); !slices.Equal(garde.Langues, apres.Langues) {
		t.Errorf("kept: %q", garde.Langues)
	}
}

func TestLireAnnuaire(t *testing.T) {
	service := mednum.Vocabulaire(mednum.ChampServices)
	long := make([]rune, 201)
	for i := range long {
		long[i] = 'é'
	}
	for _, tt := range []struct {
		name  string
		a     mednum.Annuaire
		champ string
		want  mednum.Annuaire
	}{
		{"all of it", mednum.Annuaire{Services: []string{service[1], service[0], service[1]}, Mots: " réparer\n des  ordis ", Langues: []string{"oc", "ar"}, Telephone: "05 63 04 00 00", Courriel: true}, "", mednum.Annuaire{Services: service[:2], Mots: "réparer des ordis", Langues: []string{"ar", "oc"}, Telephone: "+33563040000", Courriel: true}},
		{"nothing", mednum.Annuaire{}, "", mednum.Annuaire{}},
		{"another service", mednum.Annuaire{Services: []string{"x"}}, "services", mednum.Annuaire{}},
		{"another language", mednum.Annuaire{Langues: []string{"xx"}}, "langues", mednum.Annuaire{}},
		{"too long", mednum.Annuaire{Mots: string(long)}, "mots", mednum.Annuaire{}},
		{"written backwards", mednum.Annuaire{Mots: "a\u202eb"}, "mots", mednum.Annuaire{}},
		{"no phone", mednum.Annuaire{Telephone: "12"}, "telephone", mednum.Annuaire{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := mednum.LireAnnuaire(tt.a)
			if tt.champ != "" {
				if e := mednum.Errors(err); len(e) != 1 || e[0].Champ != tt.champ {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil || !mednum.Identiques(got, tt.want) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}
