package web_test

import (
	"net/http"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// A new time of help is held by who adds it, checks the place, and asks what the
// hours of the place are; one outside these hours is warned of.
func TestEditeurPermanenceDit(t *testing.T) {
	b := newBanc(t)
	v, l, _ := b.mediateur(t, "Mo-Fr 09:00-12:00")
	chemin := "/espace/lieux/" + l.ID + "/permanences/nouvelle"
	f := v.editeurDe(t, chemin, "intitule", "Atelier", "jour-0-debut-0", "18h", "jour-0-fin-0", "20h", "sens", "lieu", "faire", "enregistrer")
	v.exiger(t, "Les horaires du lieu (du lundi au vendredi : 9 h à 12 h) sont ceux…", "Cette semaine est paire.", "Une semaine sur deux, 1er du mois…")
	if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	apres, err := b.base.Lieu(t.Context(), l.ID)
	check(t, err)
	p := apres.Permanences[len(apres.Permanences)-1]
	if p.Compte == "" || apres.SensHoraires != mednum.SensLieu || apres.VerifieLe != mednum.DateOf(mardi) {
		t.Errorf("held by %q, hours %q, checked %s", p.Compte, apres.SensHoraires, apres.VerifieLe)
	}
	v.voir(t, "/espace/lieux/"+l.ID, "Lundi 30 novembre, « Atelier » a lieu de 18 h à 20 h, alors que le lieu est fermé")
	v.voir(t, "/espace/semaine", "Je ne serai pas là", "18 h – 20 h")

	chemin = "/espace/lieux/" + l.ID + "/permanences/" + p.ID
	f = v.editeurDe(t, chemin, "jour-0-debut-0", "10h", "jour-0-fin-0", "11h", "faire", "enregistrer")
	if f.Has("sens") || f.Get("tenue") != "1" {
		t.Errorf("asked again: %v", f)
	}
	f.Del("tenue")
	if rep := v.demander(t, http.MethodPost, chemin, f); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	v.voir(t, "/espace/lieux/"+l.ID, "C’est moi qui la tiens")
	if strings.Contains(v.page, "alors que le lieu est fermé") {
		t.Error("warned of help while the place is open")
	}
}

// The page of a place says alternate weeks as the preview does.
func TestLieuCommeApercu(t *testing.T) {
	b := newBanc(t)
	v, l, chemin := b.mediateur(t, "week 1-53/2 Mo 09:00-12:00; week 2-52/2 Tu 14:00-16:00")
	v.voir(t, chemin, "Les prochaines dates")
	page := b.lit(t, l.ID)
	for _, want := range []string{"Les prochaines dates</h4>", "<li>mardi 24 novembre", "<li>lundi 30 novembre"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}
