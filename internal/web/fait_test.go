package web_test

import (
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// What was saved is told, and undone on the page that says so.
func TestFaitDit(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	base := "/espace/lieux/" + l.ID
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	for _, tt := range []struct {
		name, page, chemin string
		champs             []string
		retour             string
		mots               []string
	}{
		{"on the page of the place", base + "/partie/presentation", base + "/partie/presentation", []string{"presentation_resume", "Un mot."}, base, []string{"C’est enregistré", "Après : </span>Un mot."}},
		{"on the list of one's places", "/espace", base + "/verifier", nil, "/espace", []string{"C’est noté"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v.voir(t, tt.page)
			v.agir(t, tt.chemin, tt.champs, tt.mots...)
			v.page = v.page[strings.Index(v.page, `/annuler"`):]
			rep := v.envoyer(t, base+"/annuler", "retour", champRetour(v.page))
			if vers, _, _ := strings.Cut(rep.Header.Get("Location"), "?"); vers != tt.retour {
				t.Errorf("sent to %q, want %q", vers, tt.retour)
			}
		})
	}
	t.Run("elsewhere", func(t *testing.T) {
		v.voir(t, "/espace")
		v.agir(t, base+"/verifier", nil, "C’est noté")
		rep := v.envoyer(t, base+"/annuler", "retour", "//ailleurs.exemple")
		if vers := rep.Header.Get("Location"); !strings.HasPrefix(vers, base+"?") {
			t.Errorf("sent to %q", vers)
		}
	})
}

// champRetour is where the form that undoes comes back to.
func champRetour(page string) string {
	_, reste, _ := strings.Cut(page, `name="retour" value="`)
	valeur, _, _ := strings.Cut(reste, `"`)
	return valeur
}
