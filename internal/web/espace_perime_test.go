package web_test

import (
	"net/http"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// What others wrote elsewhere on the place stops nobody; what they wrote on the
// same page is never written over by a field that was not touched.
func TestEspaceEnMemeTemps(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	base := "/espace/lieux/" + l.ID
	presentation := base + "/partie/presentation"
	un := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	deux := b.invite(t, "paul@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	lieu := func() mednum.Lieu {
		l, err := b.base.Lieu(t.Context(), l.ID)
		check(t, err)
		return l
	}

	t.Run("another page", func(t *testing.T) {
		deux.voir(t, presentation)
		un.voir(t, base+"/partie/contact")
		un.agir(t, base+"/partie/contact", []string{"telephone", "05 63 04 00 01"})
		deux.agir(t, presentation, []string{"presentation_resume", "De Paul."}, "C’est enregistré")
		if c := lieu().Champs; c.Telephone != "+33563040001" || c.PresentationResume != "De Paul." {
			t.Errorf("%q, %q", c.Telephone, c.PresentationResume)
		}
	})
	t.Run("a closing", func(t *testing.T) {
		deux.voir(t, base+"/fermeture")
		un.voir(t, presentation)
		un.agir(t, presentation, []string{"presentation_resume", "De Jeanne."})
		deux.agir(t, base+"/fermeture", []string{"quand", "demain"}, "La fermeture est enregistrée")
	})
	t.Run("two closings", func(t *testing.T) {
		un.voir(t, base+"/fermeture")
		deux.voir(t, base+"/fermeture")
		un.agir(t, base+"/fermeture", []string{"quand", "dates", "du", "2026-12-24"})
		if rep := deux.envoyer(t, base+"/fermeture", "quand", "dates", "du", "2026-12-25"); rep.StatusCode != http.StatusPreconditionFailed {
			t.Errorf("%d", rep.StatusCode)
		}
	})
	t.Run("a permanence", func(t *testing.T) {
		f := un.editeurDe(t, base+"/permanences/nouvelle", "intitule", "Atelier", "jour-0-debut-0", "9h", "jour-0-fin-0", "12h", "faire", "enregistrer")
		deux.voir(t, presentation)
		deux.agir(t, presentation, []string{"presentation_resume", "De Paul encore."})
		if rep := un.demander(t, http.MethodPost, base+"/permanences/nouvelle", f); rep.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d", rep.StatusCode)
		}
		p := lieu().Permanences[len(lieu().Permanences)-1]
		chemin := base + "/permanences/" + p.ID
		f1 := un.editeurDe(t, chemin, "jour-0-fin-0", "11h", "faire", "enregistrer")
		f2 := deux.editeurDe(t, chemin, "jour-0-fin-0", "10h", "faire", "enregistrer")
		un.demander(t, http.MethodPost, chemin, f1)
		if rep := deux.demander(t, http.MethodPost, chemin, f2); rep.StatusCode != http.StatusPreconditionFailed {
			t.Errorf("the same permanence: %d", rep.StatusCode)
		}
	})
	t.Run("the same page", func(t *testing.T) {
		un.voir(t, presentation)
		deux.voir(t, presentation)
		ancien := lieu().Champs.PresentationResume
		un.agir(t, presentation, []string{"presentation_resume", "Corrigé par Jeanne.", "presentation_detail", ""})
		if rep := deux.envoyer(t, presentation, "presentation_resume", ancien, "presentation_detail", "Le détail de Paul."); rep.StatusCode != http.StatusPreconditionFailed {
			t.Fatalf("%d", rep.StatusCode)
		}
		champ := deux.page[strings.Index(deux.page, `id="presentation_resume"`):]
		if champ = champ[:strings.Index(champ, "</textarea>")]; !strings.Contains(champ, "Corrigé par Jeanne.") || strings.Contains(champ, ancien) {
			t.Errorf("the field that Paul did not touch: %s", champ)
		}
		deux.exiger(t, ">Le détail de Paul.</textarea>")
	})
}
