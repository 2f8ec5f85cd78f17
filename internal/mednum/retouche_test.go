package mednum

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// source is a record that tells those permanences, ranked.
func source(regles ...string) Fiche {
	f := Fiche{Flux: "fs", Cle: "1"}
	for _, r := range regles {
		f.Permanences = append(f.Permanences, Permanence{Regle: r})
	}
	return f
}

// montrees are the permanences of a place: rule, ids aside, "?" when to be
// reviewed.
func montrees(l Lieu) string {
	var parties []string
	for i := range l.Permanences {
		p := &l.Permanences[i]
		texte := p.Regle
		if p.Compte != "" {
			texte += " par " + p.Compte
		}
		if l.Retouches[p.ID].ARevoir {
			texte += " ?"
		}
		parties = append(parties, texte)
	}
	return strings.Join(parties, ", ")
}

func nommee(t *testing.T, l *Lieu, regle string) string {
	t.Helper()
	for _, p := range l.Permanences {
		if p.Regle == regle {
			return p.ID
		}
	}
	t.Fatalf("no permanence %s in %s", regle, montrees(*l))
	return ""
}

const (
	lundi    = "Mo 09:00-12:00"
	mardi    = "Tu 09:00-12:00"
	mercredi = "We 09:00-12:00"
	jeudi    = "Th 09:00-12:00"
)

func TestRetouches(t *testing.T) {
	modifier := func(l *Lieu, id string) error {
		return l.ModifierPermanence(id, Permanence{Regle: jeudi, Compte: "a"}, "compte:a", leEdition)
	}
	cacher := func(l *Lieu, id string) error { return l.CacherPermanence(id, "compte:a", leEdition) }
	confier := func(l *Lieu, id string) error { return l.ConfierPermanence(id, "a", "compte:b", leEdition) }
	for _, tt := range []struct {
		name   string
		change func(l *Lieu, id string) error // of the Tuesday
		puis   []Fiche
		want   string
	}{
		{"changed", modifier, []Fiche{source(lundi, mardi)}, "Mo 09:00-12:00, Th 09:00-12:00 par a"},
		{"changed, then by the source", modifier, []Fiche{source(lundi, mercredi)}, "Mo 09:00-12:00, Th 09:00-12:00 par a ?"},
		{"changed, then gone from the source", modifier, []Fiche{source(lundi)}, "Mo 09:00-12:00, Th 09:00-12:00 par a ?"},
		{"changed, then another rank", modifier, []Fiche{source(mardi, mercredi)}, "Th 09:00-12:00 par a, We 09:00-12:00"},
		{"changed, and the record leaves", modifier, nil, ""},
		{"changed, and another record says the same as the source", modifier, []Fiche{source(lundi), {Flux: "cn", Cle: "2", Permanences: []Permanence{{Regle: mardi}}}}, "Th 09:00-12:00 par a, Mo 09:00-12:00"},
		{"hidden", cacher, []Fiche{source(lundi, mardi)}, "Mo 09:00-12:00"},
		{"hidden, then another rank", cacher, []Fiche{source(mardi, mercredi)}, "We 09:00-12:00"},
		{"hidden, then changed by the source", cacher, []Fiche{source(lundi, mercredi)}, "Mo 09:00-12:00"},
		{"held", confier, []Fiche{source(lundi, mardi)}, "Mo 09:00-12:00, Tu 09:00-12:00 par a"},
		{"held, then changed by the source", confier, []Fiche{source(lundi, mercredi)}, "Mo 09:00-12:00, We 09:00-12:00 par a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := Consolider(Lieu{ID: "3k7xcdfh"}, []Fiche{source(lundi, mardi)}, nil)
			id := nommee(t, &l, mardi)
			if err := tt.change(&l, id); err != nil {
				t.Fatal(err)
			}
			avant := fmt.Sprint(l.Retouches)
			l = Consolider(l, tt.puis, nil)
			if got := montrees(l); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			vus := map[string]bool{}
			for _, p := range l.Permanences {
				if vus[p.ID] || p.ID == "" {
					t.Errorf("the id %q twice", p.ID)
				}
				vus[p.ID] = true
			}
			// Whatever came in between, the same records make the same place.
			if encore := Consolider(Consolider(l, nil, nil), tt.puis, nil); !Identiques(encore, l) {
				t.Errorf("made again: %s", cmp.Diff(l, encore))
			}
			retour := Consolider(l, []Fiche{source(lundi, mardi)}, nil)
			if got := fmt.Sprint(retour.Retouches); got != avant {
				t.Errorf("the source says as before: %s, want %s", got, avant)
			}
			if err := l.RendrePermanence(id); err != nil {
				t.Fatal(err)
			}
			if got := montrees(Consolider(l, []Fiche{source(lundi, mardi)}, nil)); got != "Mo 09:00-12:00, Tu 09:00-12:00" {
				t.Errorf("given back: %q", got)
			}
		})
	}
}

// An export of this very place, read again, brings back neither the stop that
// was hidden nor, beside it, the one that was changed.
func TestRetouchesExport(t *testing.T) {
	arret := func(nom string) Permanence {
		return Permanence{Regle: mardi, Arret: &Arret{Nom: nom, CodeInsee: "82112"}}
	}
	fiche := Fiche{Flux: "fs", Cle: "1", Permanences: []Permanence{arret("Mairie"), arret("École")}}
	l := Consolider(Lieu{ID: "3k7xcdfh"}, []Fiche{fiche}, nil)
	if err := l.ModifierPermanence(l.Permanences[1].ID, arret("Salle des fêtes"), "a", leEdition); err != nil {
		t.Fatal(err)
	}
	if err := l.CacherPermanence(l.Permanences[0].ID, "a", leEdition); err != nil {
		t.Fatal(err)
	}
	export := Fiche{Flux: "export", Cle: "3k7xcdfh", Permanences: []Permanence{arret("Mairie"), arret("Salle des fêtes"), arret("École")}}
	l = Consolider(l, []Fiche{fiche, export}, nil)
	if len(l.Permanences) != 1 || l.Permanences[0].Arret.Nom != "Salle des fêtes" {
		t.Errorf("%+v", l.Permanences)
	}
}

func TestMaintenirPermanence(t *testing.T) {
	for _, tt := range []struct {
		name string
		puis []Fiche
	}{{"the source changed", []Fiche{source(lundi, mercredi)}}, {"the source no longer tells it", []Fiche{source(lundi)}}} {
		t.Run(tt.name, func(t *testing.T) {
			l := Consolider(Lieu{ID: "3k7xcdfh"}, []Fiche{source(lundi, mardi)}, nil)
			id := nommee(t, &l, mardi)
			if err := l.ModifierPermanence(id, Permanence{Regle: jeudi}, "a", leEdition); err != nil {
				t.Fatal(err)
			}
			l = Consolider(l, tt.puis, nil)
			if err := l.MaintenirPermanence(id, "b", leEdition); err != nil {
				t.Fatal(err)
			}
			l = Consolider(l, tt.puis, nil)
			if r := l.Retouches[id]; r.ARevoir || r.Nouvelle != nil || r.Auteur != "b" || l.Permanences[1].Regle != jeudi {
				t.Errorf("%+v", r)
			}
			l = Consolider(l, []Fiche{source(lundi, mardi)}, nil)
			if r := l.Retouches[id]; !r.ARevoir || r.Nouvelle == nil || r.Nouvelle.Regle != mardi {
				t.Errorf("the source says something else again: %+v", r)
			}
		})
	}
	l := Lieu{}
	wantRefus(t, l.MaintenirPermanence("x", "a", leEdition), Introuvable, "permanence", "rien à maintenir")
}

func TestCachees(t *testing.T) {
	l := Consolider(Lieu{ID: "3k7xcdfh"}, []Fiche{source(lundi, mardi)}, nil)
	id := nommee(t, &l, mardi)
	if err := l.CacherPermanence(id, "a", leEdition); err != nil {
		t.Fatal(err)
	}
	want := []Permanence{{ID: id, Fiche: "fs/1", Regle: mardi}}
	if d := cmp.Diff(want, l.Cachees()); d != "" {
		t.Error(d)
	}
	wantRefus(t, l.CacherPermanence(id, "a", leEdition), Introuvable, "permanence", id)
	if err := l.MontrerPermanence(id); err != nil || len(l.Retouches) > 0 {
		t.Errorf("%v, %v", err, l.Retouches)
	}
	wantRefus(t, l.MontrerPermanence(id), Introuvable, "permanence", id)
	wantRefus(t, l.RendrePermanence(id), Introuvable, "permanence", id)
}

func TestModifierSaisie(t *testing.T) {
	l := lieuEdition()
	if err := l.ModifierPermanence("saisie", Permanence{Regle: " " + jeudi, Compte: "a"}, "a", leEdition); err != nil {
		t.Fatal(err)
	}
	want := Permanence{ID: "saisie", Regle: jeudi, Compte: "a"}
	if d := cmp.Diff(want, l.Permanences[1]); d != "" || len(l.Retouches) > 0 {
		t.Error(d, l.Retouches)
	}
	wantRefus(t, l.ModifierPermanence("autre", Permanence{Regle: jeudi}, "a", leEdition), Introuvable, "permanence", "deSource, saisie")
	wantRefus(t, l.ModifierPermanence("saisie", Permanence{Regle: "x"}, "a", leEdition), Invalide, "regle", "« x »")
	wantRefus(t, l.ModifierPermanence("saisie", Permanence{Regle: lundi}, "", leEdition), Invalide, "auteur", "Dites qui")
	wantRefus(t, l.CacherPermanence("saisie", "a", leEdition), Interdit, "permanence", "retirez-la")

	// What a permanence was can be entered again beside what it became.
	premier, err := l.AjouterPermanence(Permanence{Regle: lundi})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.ModifierPermanence(premier, Permanence{Regle: mercredi}, "a", leEdition); err != nil {
		t.Fatal(err)
	}
	second, err := l.AjouterPermanence(Permanence{Regle: lundi})
	if err != nil || second == premier || len(l.Permanences) != 4 {
		t.Errorf("%v: %q after %q, %s", err, second, premier, montrees(*l))
	}
	if encore, err := l.AjouterPermanence(Permanence{Regle: lundi}); err != nil || encore != second || len(l.Permanences) != 4 {
		t.Errorf("%v: the same again is %q, want %q", err, encore, second)
	}
}
