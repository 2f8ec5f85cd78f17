package reseau_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
)

// prevenir runs the job, and returns the mails that it made.
func (b *banc) prevenir(t *testing.T) []string {
	t.Helper()
	_, err := b.Prevenir(t.Context())
	check(t, err)
	return a(b.mails(t))
}

var rien = []string{}

// The team is told what others changed, together, once an hour.
func TestPrevenirEquipe(t *testing.T) {
	b := installer(t)
	lieu := b.lieu(t, "Mairie", neuf, "mairie@exemple.fr")
	jeanne, paul := b.membre(t, "Jeanne Essai", lieu), b.membre(t, "Paul Essai", lieu)
	want(t, "the beginning", rien, b.prevenir(t))
	b.corriger(t, &jeanne, lieu, mednum.ChampTelephone, "05 63 11 22 33")
	want(t, "while she works", rien, b.prevenir(t))
	b.horloge.avancer(5 * time.Minute)
	b.corriger(t, &jeanne, lieu, mednum.ChampHoraires, "Tu 14:00-17:00")
	want(t, "still", rien, b.prevenir(t))
	b.horloge.avancer(6 * time.Minute)
	_, err := b.Prevenir(t.Context())
	check(t, err)
	mails := b.mails(t)
	want(t, "Paul, and not Jeanne", []string{"paul@exemple.fr La page a changé : Mairie"}, a(mails))
	golden(t, "changement.txt", mails[0].Texte)
	want(t, "told once", rien, b.prevenir(t))

	b.corriger(t, &jeanne, lieu, mednum.ChampPresentationResume, "Bienvenue.")
	b.corriger(t, &paul, lieu, mednum.ChampPresentationDetail, "Au premier étage.")
	b.prevenir(t)
	b.horloge.avancer(30 * time.Minute)
	want(t, "Jeanne was told nothing yet; Paul within the hour", []string{"jeanne@exemple.fr La page a changé : Mairie"}, b.prevenir(t))
	b.horloge.avancer(30 * time.Minute)
	_, err = b.Prevenir(t.Context())
	check(t, err)
	mails = b.mails(t)
	want(t, "an hour later", []string{"paul@exemple.fr La page a changé : Mairie"}, a(mails))
	if s := mails[0].Texte; !strings.Contains(s, "Bienvenue.") || strings.Contains(s, "premier étage") || strings.Contains(s, "11 22 33") {
		t.Errorf("told:\n%s", s)
	}
	b.horloge.avancer(3 * time.Hour)
	want(t, "nothing more", rien, b.prevenir(t))
}

// Imports, checks and « c’est toujours exact » are not news.
func TestPrevenirRien(t *testing.T) {
	b := installer(t)
	lieu := b.lieu(t, "Mairie", vieux, "mairie@exemple.fr")
	jeanne := b.membre(t, "Jeanne Essai", lieu)
	b.membre(t, "Paul Essai", lieu)
	b.prevenir(t)
	b.rappeler(t, 1)
	check(t, b.Confirmer(t.Context(), secretDe(t, &b.mails(t)[0])))
	_, err := b.lieux.Modifier(t.Context(), lieu, edition(&jeanne), func(l *mednum.Lieu) error {
		j := mednum.DateOf(b.horloge.now())
		return l.Verifier(j, jeanne.Auteur(), j)
	})
	check(t, err)
	_, err = b.lieux.Modifier(t.Context(), lieu, catalogue.Edition{Auteur: "", Voie: "import", Droits: jeanne.Habilitations}, func(l *mednum.Lieu) error {
		return l.Corriger(mednum.ChampNom, "Mairie annexe", "cli", b.horloge.now())
	})
	check(t, err)
	for range 5 {
		want(t, "news", rien, b.prevenir(t))
		b.horloge.avancer(time.Hour)
	}
	if du, err := b.AvisDus(t.Context()); err != nil || du {
		t.Errorf("something is due: %v, %v", du, err)
	}
}

// Of programs that tell at once, one does; and none misses what was written
// while no program ran.
func TestPrevenirADeux(t *testing.T) {
	b := installer(t)
	lieu := b.lieu(t, "Mairie", neuf, "mairie@exemple.fr")
	jeanne := b.membre(t, "Jeanne Essai", lieu)
	b.membre(t, "Paul Essai", lieu)
	b.prevenir(t)
	b.corriger(t, &jeanne, lieu, mednum.ChampTelephone, "05 63 11 22 33")
	b.horloge.avancer(24 * time.Hour)
	un, deux := b.instance(t), b.instance(t)
	for range 3 {
		var fils sync.WaitGroup
		for _, r := range []*reseau.Reseau{un, deux, b.Reseau} {
			fils.Go(func() {
				if _, err := r.Prevenir(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		fils.Wait()
		b.horloge.avancer(11 * time.Minute)
	}
	want(t, "mails", []string{"paul@exemple.fr La page a changé : Mairie"}, a(b.mails(t)))
}

// mourant is a store whose program dies once it has written n objects.
type mourant struct {
	store.Magasin
	n int
}

func (m *mourant) SetObjet(ctx context.Context, o store.Objet) error {
	if m.n == 0 {
		return errors.New("the program is dead")
	}
	m.n--
	return m.Magasin.SetObjet(ctx, o)
}

// Wherever a program dies, the next one tells what it had not.
func TestPrevenirMeurt(t *testing.T) {
	for n := range 6 {
		b := installer(t)
		lieu := b.lieu(t, "Mairie", neuf, "mairie@exemple.fr")
		jeanne := b.membre(t, "Jeanne Essai", lieu)
		b.membre(t, "Paul Essai", lieu)
		b.prevenir(t)
		b.corriger(t, &jeanne, lieu, mednum.ChampTelephone, "05 63 11 22 33")
		mort := b.instance(t, func(p *reseau.Pieces, _ *reseau.Reglages) { p.Base = &mourant{b.base, n} })
		for range 2 {
			_, _ = mort.Prevenir(t.Context()) // dies somewhere
			b.horloge.avancer(11 * time.Minute)
		}
		b.Reseau = b.instance(t)
		for range 3 {
			_, err := b.Prevenir(t.Context())
			check(t, err)
			b.horloge.avancer(11 * time.Minute)
		}
		got := a(b.mails(t))
		if len(got) == 0 || len(got) > 2 {
			t.Errorf("dead after %d writings: %v", n, got)
		}
	}
}

// A coordinator's answer is told to whoever asked, with or without an account.
func TestPrevenirReponse(t *testing.T) {
	b := installer(t)
	lieu, secret := b.demander(t, "Mairie")
	chef := b.qui(t, "Chef Essai", mednum.RoleCoordinateur, mednum.PorteeTout, "")
	jeanne := b.qui(t, "Jeanne Essai", mednum.RoleMediateur, mednum.PorteeDepartement, "82")
	b.prevenir(t)
	check(t, b.Corriger(t.Context(), secret, reseau.Correction{Telephone: "05 63 11 22 33"}))
	_, err := b.lieux.FaireAttendre(t.Context(), lieu, edition(&jeanne), catalogue.Changement{Champs: map[mednum.Champ]string{mednum.ChampNom: "Mairie annexe"}}, "")
	check(t, err)
	_, err = b.lieux.FaireAttendre(t.Context(), lieu, edition(&jeanne), catalogue.Changement{}, "Un mot repris")
	check(t, err)
	want(t, "nobody answered", rien, b.prevenir(t))
	l, err := b.base.Lieu(t.Context(), lieu)
	check(t, err)
	_, err = b.lieux.Accepter(t.Context(), lieu, l.Attentes[0].ID, edition(&chef))
	check(t, err)
	_, err = b.lieux.RefuserAttente(t.Context(), lieu, l.Attentes[1].ID, "C’est le nom de la mairie.", edition(&chef))
	check(t, err)
	_, err = b.lieux.ReprendreAttente(t.Context(), lieu, l.Attentes[2].ID, edition(&jeanne))
	check(t, err)
	_, err = b.Prevenir(t.Context())
	check(t, err)
	mails := b.mails(t)
	want(t, "mails", []string{
		"jeanne@exemple.fr Votre demande n’est pas retenue : Mairie", "mairie@exemple.fr Votre demande est acceptée : Mairie",
	}, a(mails))
	if s := mails[1].Texte; !strings.Contains(s, "05\u00a063\u00a011\u00a022\u00a033") {
		t.Error(s)
	}
	if s := mails[0].Texte; !strings.Contains(s, "Mairie annexe") || !strings.Contains(s, "C’est le nom de la mairie.") {
		t.Error(s)
	}
	b.horloge.avancer(time.Hour)
	want(t, "told once", rien, b.prevenir(t))
}

// Whoever proposed a place is told what became of it.
func TestPrevenirProposition(t *testing.T) {
	b := installer(t)
	chef := b.qui(t, "Chef Essai", mednum.RoleCoordinateur, mednum.PorteeTout, "")
	jeanne := b.qui(t, "Jeanne Essai", mednum.RoleMediateur, mednum.PorteeLieu, "x")
	b.prevenir(t)
	proposer := func(nom, auteur string) string {
		id, err := b.lieux.Proposer(t.Context(), catalogue.Edition{Auteur: auteur, Voie: "app"}, map[mednum.Champ]string{
			mednum.ChampNom: nom, mednum.ChampAdresse: "2 rue Haute", mednum.ChampCommune: "Moissac",
			mednum.ChampServices: mednum.Vocabulaire(mednum.ChampServices)[0],
		})
		check(t, err)
		return id
	}
	publie, refuse, muet := proposer("Publié", "public"), proposer("Refusé", jeanne.Auteur()), proposer("Muet", "public")
	check(t, b.comptes.Suivre(t.Context(), publie, "passante@exemple.fr"))
	want(t, "nobody answered", rien, b.prevenir(t))
	_, err := b.lieux.Publier(t.Context(), publie, edition(&chef))
	check(t, err)
	_, err = b.lieux.Refuser(t.Context(), refuse, edition(&chef))
	check(t, err)
	_, err = b.lieux.Publier(t.Context(), muet, edition(&chef))
	check(t, err)
	got := b.prevenir(t)
	if len(got) != 2 || !strings.Contains(strings.Join(got, "|"), "passante@exemple.fr Le lieu que vous avez proposé est publié : Publié") ||
		!strings.Contains(strings.Join(got, "|"), "jeanne@exemple.fr Le lieu que vous avez proposé n’est pas retenu : Refusé") {
		t.Errorf("mails %q", got)
	}
	want(t, "told once", rien, b.prevenir(t))
	if suivi, err := b.comptes.Suivi(t.Context(), publie); suivi != "" || err != nil {
		t.Errorf("the address is still kept: %q, %v", suivi, err)
	}
}

// Coordinators are told once a day what waits, when something new does.
func TestResume(t *testing.T) {
	b := installer(t)
	lieu := b.lieu(t, "Mairie", neuf, "mairie@exemple.fr")
	jeanne := b.membre(t, "Jeanne Essai", lieu)
	b.qui(t, "Chef Essai", mednum.RoleCoordinateur, mednum.PorteeTout, "")
	b.qui(t, "Loin Essai", mednum.RoleCoordinateur, mednum.PorteeLieu, "ailleurs")
	resumer := func() []string {
		t.Helper()
		_, err := b.Resumer(t.Context())
		check(t, err)
		return a(b.mails(t))
	}
	want(t, "nothing waits", rien, resumer())
	if du, err := b.ResumeDu(t.Context()); err != nil || du {
		t.Errorf("due again the same day: %v, %v", du, err)
	}
	_, err := b.lieux.FaireAttendre(t.Context(), lieu, edition(&jeanne), catalogue.Changement{}, "Un mot")
	check(t, err)
	_, err = b.comptes.Demander(t.Context(), jeanne.ID, lieu, "J’y travaille")
	check(t, err)
	b.horloge.avancer(24 * time.Hour)
	if du, err := b.ResumeDu(t.Context()); err != nil || !du {
		t.Errorf("due the next day: %v, %v", du, err)
	}
	_, err = b.Resumer(t.Context())
	check(t, err)
	mails := b.mails(t)
	want(t, "the coordinator of the place", []string{"chef@exemple.fr 2 demandes attendent votre réponse"}, a(mails))
	golden(t, "resume.txt", mails[0].Texte)
	_, err = b.lieux.FaireAttendre(t.Context(), lieu, edition(&jeanne), catalogue.Changement{}, "Un autre mot")
	check(t, err)
	want(t, "the same day", rien, resumer())
	b.horloge.avancer(24 * time.Hour)
	want(t, "the next day", []string{"chef@exemple.fr 2 demandes attendent votre réponse"}, resumer())
	b.horloge.avancer(24 * time.Hour)
	want(t, "nothing new", rien, resumer())
}

// The reports of the public are told too, once for all of them, to whom
// coordinates their places.
func TestResumeSignales(t *testing.T) {
	var signales []reseau.Signale
	b := installer(t, func(p *reseau.Pieces, _ *reseau.Reglages) {
		p.Signales = func(context.Context) ([]reseau.Signale, error) { return signales, nil }
	})
	lieu := b.lieu(t, "Mairie", neuf, "mairie@exemple.fr")
	b.qui(t, "Chef Essai", mednum.RoleCoordinateur, mednum.PorteeTout, "")
	b.qui(t, "Loin Essai", mednum.RoleCoordinateur, mednum.PorteeLieu, "ailleurs")
	signales = []reseau.Signale{{Lieu: lieu, Le: mardi}, {Lieu: lieu, Le: mardi.Add(-time.Hour)}, {Lieu: "inconnu", Le: mardi}}
	_, err := b.Resumer(t.Context())
	check(t, err)
	mails := b.mails(t)
	want(t, "the coordinator", []string{"chef@exemple.fr 1 demande attend votre réponse"}, a(mails))
	for _, mot := range []string{"2\u00a0signalements du public", public + "/espace/signalements"} {
		if !strings.Contains(mails[0].Texte, mot) {
			t.Errorf("%q absent of\n%s", mot, mails[0].Texte)
		}
	}
	b.horloge.avancer(24 * time.Hour)
	_, err = b.Resumer(t.Context())
	check(t, err)
	want(t, "nothing new", rien, a(b.mails(t)))
}

// All of it on MongoDB, where several programs share a base for good.
func TestMongo(t *testing.T) {
	b := &banc{horloge: &horloge{t: mardi}}
	base, err := mongo.Open(t.Context(), mongotest.Neuf(t, os.Getenv("MONGODB_URI")), b.horloge.now)
	check(t, err)
	b.sur(t, base)
	lieu := b.lieu(t, "Mairie", vieux, "mairie@exemple.fr")
	jeanne := b.membre(t, "Jeanne Essai", lieu)
	b.membre(t, "Paul Essai", lieu)
	autre := b.instance(t)
	ensemble := func(faire func(r *reseau.Reseau) error) {
		t.Helper()
		var fils sync.WaitGroup
		for _, r := range []*reseau.Reseau{b.Reseau, autre} {
			fils.Go(func() {
				if err := faire(r); err != nil {
					t.Error(err)
				}
			})
		}
		fils.Wait()
	}
	prevenir := func(r *reseau.Reseau) error { _, err := r.Prevenir(t.Context()); return err }
	ensemble(prevenir)
	ensemble(func(r *reseau.Reseau) error { _, err := r.Rappeler(t.Context()); return err })
	mails := b.mails(t)
	want(t, "reminders", []string{"jeanne@exemple.fr Est-ce toujours exact ? Mairie", "paul@exemple.fr Est-ce toujours exact ? Mairie"}, a(mails))
	check(t, b.Confirmer(t.Context(), secretDe(t, &mails[1])))
	b.corriger(t, &jeanne, lieu, mednum.ChampTelephone, "05 63 11 22 33")
	for range 3 {
		ensemble(prevenir)
		b.horloge.avancer(11 * time.Minute)
	}
	want(t, "news", []string{"paul@exemple.fr La page a changé : Mairie"}, a(b.mails(t)))
}
