package reseau_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
)

func objetArret(courriel, lieu string) string {
	somme := sha256.Sum256([]byte(courriel + "/" + lieu))
	return hex.EncodeToString(somme[:])
}

// demander asks one place, and returns its id and the secret of its mail.
func (b *banc) demander(t *testing.T, nom string) (lieu, secret string) {
	t.Helper()
	lieu = b.lieu(t, nom, vieux, "mairie@exemple.fr")
	b.rappeler(t, 1)
	return lieu, secretDe(t, &b.mails(t)[0])
}

func (b *banc) revisions(t *testing.T, lieu string) []mednum.Revision {
	t.Helper()
	revs, err := b.base.Revisions(t.Context(), lieu)
	check(t, err)
	return revs
}

// « C’est toujours exact » checks the place today, once, and names nobody.
func TestConfirmer(t *testing.T) {
	b := installer(t)
	lieu, secret := b.demander(t, "Mairie")
	for range 3 { // what the programs of a mail server do
		q, err := b.Question(t.Context(), secret)
		check(t, err)
		if q.Lieu.ID != lieu {
			t.Errorf("place %s", q.Lieu.ID)
		}
	}
	if n := len(b.revisions(t, lieu)); n != 1 {
		t.Fatalf("reading wrote %d revisions", n)
	}
	check(t, b.Confirmer(t.Context(), secret))
	revs := b.revisions(t, lieu)
	rev := revs[len(revs)-1]
	if len(revs) != 2 || rev.Voie != "lien" || !strings.HasPrefix(rev.Auteur, mednum.PrefixeLien) || strings.ContainsAny(rev.Auteur, "@") || rev.Apres.VerifieLe.String() != "2026-11-24" {
		t.Errorf("%d revisions, %q %q, checked %s", len(revs), rev.Voie, rev.Auteur, rev.Apres.VerifieLe)
	}
	if l := rev.Apres.SansComptes(); l.VerifiePar != "personne" {
		t.Errorf("public: checked by %q", l.VerifiePar)
	}
	for _, err := range []error{
		b.Confirmer(t.Context(), secret), b.Fermer(t.Context(), secret, ""), b.Corriger(t.Context(), secret, reseau.Correction{Message: "non"}),
	} {
		wantCode(t, err, mednum.Anonyme, "lien")
		if !strings.Contains(err.Error(), "déjà répondu") {
			t.Errorf("used: %v", err)
		}
	}
	if n := len(b.revisions(t, lieu)); n != 2 {
		t.Errorf("%d revisions", n)
	}
	b.horloge.avancer(40 * 24 * time.Hour)
	b.rappeler(t, 0) // it is fresh
}

func TestLienFini(t *testing.T) {
	b := installer(t)
	lieu, secret := b.demander(t, "Mairie")
	autre, err := b.comptes.Inviter(t.Context(), "x@exemple.fr", "X", "", []mednum.Habilitation{{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: lieu}})
	check(t, err)
	for _, tt := range []struct{ name, secret, mot string }{
		{"forged", strings.Repeat("z", 43), "pas connu"},
		{"cut", secret[:30], "pas connu"},
		{"empty", "", "pas connu"},
		{"of an invitation", autre.Secret, "pas connu"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := b.Confirmer(t.Context(), tt.secret)
			wantCode(t, err, mednum.Anonyme, "lien")
			if !strings.Contains(err.Error(), tt.mot) {
				t.Error(err)
			}
		})
	}
	b.horloge.avancer(60 * 24 * time.Hour)
	if err := b.Confirmer(t.Context(), secret); err == nil || !strings.Contains(err.Error(), "trop vieux") {
		t.Errorf("expired: %v", err)
	}
	if n := len(b.revisions(t, lieu)); n != 1 {
		t.Errorf("%d revisions", n)
	}
}

// A link is of its place only: another's secret changes nothing else.
func TestLienDUnLieu(t *testing.T) {
	b := installer(t)
	autre := b.lieu(t, "Autre", neuf, "autre@exemple.fr")
	_, secret := b.demander(t, "Mairie")
	check(t, b.Confirmer(t.Context(), secret))
	if n := len(b.revisions(t, autre)); n != 1 {
		t.Errorf("%d revisions of the other place", n)
	}
}

// Answers sent at once count once.
func TestReponsesEnsemble(t *testing.T) {
	b := installer(t)
	lieu, secret := b.demander(t, "Mairie")
	var fils sync.WaitGroup
	var mu sync.Mutex
	acceptees := 0
	for i := range 6 {
		fils.Go(func() {
			var err error
			if i%2 == 0 {
				err = b.Confirmer(t.Context(), secret)
			} else {
				err = b.Fermer(t.Context(), secret, "")
			}
			var refus *mednum.Error
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				acceptees++
			case !errors.As(err, &refus) || refus.Code != mednum.Anonyme:
				t.Error(err)
			}
		})
	}
	fils.Wait()
	if n := len(b.revisions(t, lieu)); acceptees != 1 || n != 2 {
		t.Errorf("%d answers taken, %d revisions", acceptees, n)
	}
}

// A place that is gone is not asked about.
func TestLieuParti(t *testing.T) {
	b := installer(t)
	lieu, secret := b.demander(t, "Mairie")
	chef := b.qui(t, "Chef Essai", mednum.RoleCoordinateur, mednum.PorteeTout, "")
	_, _, err := b.lieux.FermerDefinitivement(t.Context(), lieu, edition(&chef), mednum.Fermeture{})
	check(t, err)
	_, err = b.Question(t.Context(), secret)
	wantCode(t, err, mednum.Disparu, "lieu")
	wantCode(t, b.Confirmer(t.Context(), secret), mednum.Disparu, "lieu")
}

// What is corrected or closed waits for a coordinator, and is not public.
func TestCorriger(t *testing.T) {
	for _, tt := range []struct {
		name    string
		c       reseau.Correction
		champs  map[mednum.Champ]string
		message string
	}{
		{"certain hours", reseau.Correction{Horaires: "du lundi au jeudi de 9h à 12h"}, map[mednum.Champ]string{"horaires": "Mo-Th 09:00-12:00"}, ""},
		{"hours that leave a doubt", reseau.Correction{Horaires: "le matin, sauf parfois"}, nil, "Horaires\u00a0: le matin, sauf parfois"},
		{"a phone", reseau.Correction{Telephone: "05 63 11 22 33"}, map[mednum.Champ]string{"telephone": "+33563112233"}, ""},
		{"a message", reseau.Correction{Message: " Nous déménageons.\r\nEn mars. "}, nil, "Nous déménageons.\nEn mars."},
		{"all of it", reseau.Correction{Horaires: "?", Telephone: "0563112233", Message: "Merci"}, map[mednum.Champ]string{"telephone": "+33563112233"}, "Horaires\u00a0: ?\nMerci"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := installer(t)
			lieu, secret := b.demander(t, "Mairie")
			avant, err := b.base.Lieu(t.Context(), lieu)
			check(t, err)
			check(t, b.Corriger(t.Context(), secret, tt.c))
			l, err := b.base.Lieu(t.Context(), lieu)
			check(t, err)
			if len(l.Attentes) != 1 {
				t.Fatalf("%d wait", len(l.Attentes))
			}
			want(t, "columns", tt.champs, l.Attentes[0].Champs)
			want(t, "message", tt.message, l.Attentes[0].Message)
			want(t, "what is public", avant.Champs, l.Champs)
			want(t, "checked", avant.VerifieLe, l.VerifieLe)
			if len(l.SansComptes().Attentes) != 0 {
				t.Error("what waits is public")
			}
		})
	}
}

// What cannot be kept names its field, and does not spend the link.
func TestCorrigerFautes(t *testing.T) {
	b := installer(t)
	lieu, secret := b.demander(t, "Mairie")
	for _, tt := range []struct {
		name, champ string
		c           reseau.Correction
	}{
		{"nothing", "changement", reseau.Correction{Message: " \n "}},
		{"what is published already", "changement", reseau.Correction{Horaires: "lundi-vendredi 9h-12h", Telephone: "05 63 04 00 00"}},
		{"no phone", "telephone", reseau.Correction{Telephone: "12"}},
		{"hours too long", "horaires", reseau.Correction{Horaires: strings.Repeat("é", 501)}},
		{"a message too long", "message", reseau.Correction{Message: strings.Repeat("é", 1001)}},
		{"a message that turns over", "message", reseau.Correction{Message: "a\u202eb"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantCode(t, b.Corriger(t.Context(), secret, tt.c), mednum.Invalide, tt.champ)
		})
	}
	wantCode(t, b.Fermer(t.Context(), secret, "a\nb"), mednum.Invalide, "motif")
	if n := len(b.revisions(t, lieu)); n != 1 {
		t.Errorf("%d revisions", n)
	}
	check(t, b.Fermer(t.Context(), secret, "a déménagé"))
	l, err := b.base.Lieu(t.Context(), lieu)
	check(t, err)
	if l.Statut != mednum.StatutPublie || len(l.Attentes) != 1 || l.Attentes[0].Fermeture == nil || l.Attentes[0].Fermeture.Motif != "a déménagé" {
		t.Errorf("%s, waits %+v", l.Statut, l.Attentes)
	}
}
