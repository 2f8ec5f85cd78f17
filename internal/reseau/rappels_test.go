package reseau_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
)

// rappeler sends the reminders of the day, and wants so many places asked.
func (b *banc) rappeler(t *testing.T, n int) reseau.Bilan {
	t.Helper()
	bilan, err := b.Rappeler(t.Context())
	check(t, err)
	if len(bilan.Rappels) != n {
		t.Fatalf("%d places asked, want %d", len(bilan.Rappels), n)
	}
	return bilan
}

// Who is asked: the team, otherwise the published address, of old places only.
func TestRappels(t *testing.T) {
	b := installer(t)
	mairie := b.lieu(t, "Mairie", vieux, "mairie@exemple.fr")
	b.lieu(t, "Médiathèque", "2025-01-01", "mediatheque@exemple.fr")
	b.lieu(t, "Fraîche", neuf, "fraiche@exemple.fr")
	b.lieu(t, "Limite", "2026-05-24", "limite@exemple.fr") // six months ago to the day
	b.lieu(t, "Sans adresse", vieux, "")
	b.membre(t, "Jeanne Essai", mairie)
	b.membre(t, "Paul Essai", mairie)
	bilan := b.rappeler(t, 2)
	if bilan.SansAdresse != 1 || bilan.Attendent != 0 {
		t.Errorf("%d without an address, %d left", bilan.SansAdresse, bilan.Attendent)
	}
	want(t, "the oldest first", []string{"Médiathèque", "Mairie"}, []string{bilan.Rappels[0].Lieu.Champs.Nom, bilan.Rappels[1].Lieu.Champs.Nom})
	mails := b.mails(t)
	want(t, "mails", []string{
		"jeanne@exemple.fr Est-ce toujours exact ? Mairie", "mediatheque@exemple.fr Est-ce toujours exact ? Médiathèque",
		"paul@exemple.fr Est-ce toujours exact ? Mairie",
	}, a(mails))
	if secretDe(t, &mails[0]) == secretDe(t, &mails[2]) {
		t.Error("two people have one secret")
	}
	golden(t, "rappel.txt", mails[1].Texte)
	golden(t, "rappel.html", mails[1].HTML)
	secret := secretDe(t, &mails[1])
	want(t, "stop header", "<"+public+"/rappel/"+secret+"/arret>", mails[1].Entetes.Get("List-Unsubscribe"))
	want(t, "one click", "List-Unsubscribe=One-Click", mails[1].Entetes.Get("List-Unsubscribe-Post"))
}

// At most one a month a place, for every program on the base.
func TestRappelUnParMois(t *testing.T) {
	b := installer(t)
	b.lieu(t, "Mairie", vieux, "mairie@exemple.fr")
	b.rappeler(t, 1)
	n := len(b.mails(t))
	for _, jours := range []int{0, 1, 28} { // 24 November + 29 days is 23 December
		b.horloge.avancer(time.Duration(jours) * 24 * time.Hour)
		b.rappeler(t, 0)
		b.Reseau = b.instance(t)
	}
	b.horloge.mettre(time.Date(2026, 12, 24, 9, 31, 0, 0, time.UTC))
	b.rappeler(t, 1)
	if n += len(b.mails(t)); n != 2 {
		t.Errorf("%d mails", n)
	}
}

func TestRappelJamais(t *testing.T) {
	b := installer(t, func(_ *reseau.Pieces, r *reseau.Reglages) { r.Mois = 0 })
	b.lieu(t, "Mairie", vieux, "mairie@exemple.fr")
	b.rappeler(t, 0)
	if du, err := b.RappelsDus(t.Context()); err != nil || du {
		t.Errorf("due: %v, %v", du, err)
	}
}

// A base of old data does not flood: so many a day, the oldest first.
func TestRappelsParJour(t *testing.T) {
	b := installer(t, func(_ *reseau.Pieces, r *reseau.Reglages) { r.ParJour = 2 })
	for i := range 5 {
		b.lieu(t, fmt.Sprint("Lieu ", i), fmt.Sprintf("2025-03-%02d", 20-i), fmt.Sprintf("l%d@exemple.fr", i))
	}
	if bilan := b.rappeler(t, 2); bilan.Attendent != 3 {
		t.Errorf("%d left", bilan.Attendent)
	}
	b.rappeler(t, 0) // the same day
	got := a(b.mails(t))
	for _, n := range []int{2, 1} {
		b.horloge.avancer(24 * time.Hour)
		b.rappeler(t, n)
		got = append(got, a(b.mails(t))...)
	}
	for i := range got {
		got[i], _, _ = strings.Cut(got[i], "@")
	}
	want(t, "mails, by day", []string{"l3", "l4", "l1", "l2", "l0"}, got)
}

// Programs that remind at once send one mail a place.
func TestRappelsADeux(t *testing.T) {
	b := installer(t)
	for i := range 8 {
		b.lieu(t, fmt.Sprint("Lieu ", i), vieux, fmt.Sprintf("l%d@exemple.fr", i))
	}
	autre := b.instance(t)
	var fils sync.WaitGroup
	for _, r := range []*reseau.Reseau{b.Reseau, autre} {
		fils.Go(func() {
			if _, err := r.Rappeler(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	fils.Wait()
	if n := len(b.mails(t)); n != 8 {
		t.Errorf("%d mails for 8 places", n)
	}
}

// From 8 to 18 o'clock in Paris, once a day, not on Sundays nor public holidays,
// and only where mail can leave.
func TestRappelsDus(t *testing.T) {
	b := installer(t)
	for _, tt := range []struct {
		name string
		t    time.Time
		want bool
	}{
		{"before eight", time.Date(2026, 11, 24, 6, 59, 0, 0, time.UTC), false},
		{"eight o'clock in Paris", time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC), true},
		{"the evening", time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC), false},
		{"a Saturday", time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC), true},
		{"a Sunday", time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC), false},
		{"Christmas, a Friday", time.Date(2026, 12, 25, 9, 0, 0, 0, time.UTC), false},
		{"Easter Monday", time.Date(2027, 3, 29, 9, 0, 0, 0, time.UTC), false},
		{"in summer time", time.Date(2027, 6, 1, 6, 0, 0, 0, time.UTC), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.horloge.mettre(tt.t)
			if got, err := b.RappelsDus(t.Context()); err != nil || got != tt.want {
				t.Errorf("due %v, %v, want %v", got, err, tt.want)
			}
		})
	}
	b.rappeler(t, 0)
	if du, err := b.RappelsDus(t.Context()); err != nil || du {
		t.Errorf("due again the same day: %v, %v", du, err)
	}
	sans := b.instance(t, func(p *reseau.Pieces, _ *reseau.Reglages) {
		p.Courrier = courrier.New(b.base, courrier.Reglages{}, b.horloge.now, p.Journal)
	})
	b.horloge.avancer(24 * time.Hour)
	if du, err := sans.RappelsDus(t.Context()); err != nil || du {
		t.Errorf("due where no mail leaves: %v, %v", du, err)
	}
}

// An address that bounced is asked no more; its place's own is, once the team's
// do not work.
func TestRappelRebond(t *testing.T) {
	b := installer(t)
	l := b.lieu(t, "Mairie", vieux, "mairie@exemple.fr")
	b.lieu(t, "Autre", vieux, "autre@exemple.fr")
	b.membre(t, "Jeanne Essai", l)
	b.smtp.Repondre("RCPT", "550 5.1.1 unknown")
	b.rappeler(t, 2)
	b.mails(t)
	b.smtp.Repondre("RCPT")
	b.horloge.avancer(40 * 24 * time.Hour)
	bilan := b.rappeler(t, 1)
	want(t, "mails", []string{"mairie@exemple.fr Est-ce toujours exact ? Mairie"}, a(b.mails(t)))
	if bilan.SansAdresse != 1 {
		t.Errorf("%d without an address", bilan.SansAdresse)
	}
}

// Stopping is of one address and one place, works when the link has served, and
// twice; a secret that is not known stops nothing.
func TestRappelArret(t *testing.T) {
	b := installer(t)
	b.lieu(t, "Mairie", vieux, "mairie@exemple.fr")
	b.lieu(t, "École", vieux, "mairie@exemple.fr")
	b.rappeler(t, 2)
	mails := b.mails(t)
	secret := secretDe(t, &mails[0]) // Mairie, then École
	if nom, err := b.Arretable(t.Context(), secret); err != nil || nom != "Mairie, à Moissac" {
		t.Errorf("%q, %v", nom, err)
	}
	wantCode(t, b.Arreter(t.Context(), strings.Repeat("a", 43)), mednum.Anonyme, "lien")
	_, err := b.Arretable(t.Context(), "court")
	wantCode(t, err, mednum.Anonyme, "lien")
	b.horloge.avancer(70 * 24 * time.Hour) // the link is over
	check(t, b.Arreter(t.Context(), secret))
	check(t, b.Arreter(t.Context(), secret))
	if bilan := b.rappeler(t, 1); bilan.SansAdresse != 0 {
		t.Errorf("%d without an address: one wants no more of it", bilan.SansAdresse)
	}
	want(t, "mails", []string{"mairie@exemple.fr Est-ce toujours exact ? École"}, a(b.mails(t)))
	objets, err := b.base.Objet(t.Context(), "arret", objetArret("mairie@exemple.fr", mednum.NouvelID("essai/Mairie")))
	check(t, err)
	if strings.Contains(string(objets.Corps), "@") || strings.Contains(objets.ID, "@") {
		t.Errorf("the address is kept: %s %s", objets.ID, objets.Corps)
	}
}

// A name cannot write headers, nor end the run.
func TestRappelNomPiege(t *testing.T) {
	b := installer(t)
	b.lieu(t, "Mairie\r\nBcc: espion@exemple.fr\u2028\u202e fin", vieux, "mairie@exemple.fr")
	b.lieu(t, strings.Repeat("Très long ", 40), "2025-04-01", "long@exemple.fr")
	b.lieu(t, "Adresse impossible", "2025-01-01", "médiateur@exemple.fr")
	b.rappeler(t, 2)
	mails := b.mails(t)
	if len(mails) != 2 || len(mails[1].A) != 1 || mails[1].Entetes.Get("Bcc") != "" {
		t.Fatalf("%d mails, %v", len(mails), a(mails))
	}
	want(t, "subject", "mairie@exemple.fr Est-ce toujours exact ? Mairie Bcc: espion@exemple.fr fin", a(mails)[1])
	for _, m := range b.smtp.Messages() {
		if len(m.A) != 1 || m.A[0] == "espion@exemple.fr" {
			t.Errorf("recipients %v", m.A)
		}
	}
}

// Foreseeing writes nothing, and says the same.
func TestPrevoir(t *testing.T) {
	b := installer(t)
	b.lieu(t, "Mairie", vieux, "mairie@exemple.fr")
	for range 2 {
		bilan, err := b.Prevoir(t.Context())
		check(t, err)
		want(t, "whom", []reseau.Destinataire{{Courriel: "mairie@exemple.fr"}}, bilan.Rappels[0].A)
	}
	if n := len(b.mails(t)); n != 0 {
		t.Errorf("%d mails", n)
	}
	b.rappeler(t, 1)
}
