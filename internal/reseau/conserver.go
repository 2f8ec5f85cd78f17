package reseau

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/textes"
)

// How long an account stays without a sign-in, in months, and how long before
// its end its person is told, in days (docs/adr/0036-registre-et-conservation.md).
const (
	OubliMois      = 24
	PreavisJours   = 30
	genreDepart    = "depart"
	gardeDepart    = 180 * 24 * time.Hour
	departsParJour = 100 // accounts told, and erased, in one run: the rest is for the next day
)

// depart is the notice that an account will be erased: when it was given, and
// the last sign-in that it was about.
type depart struct {
	Le time.Time `json:"le"`
	Vu time.Time `json:"vu"`
}

// inactif is an account and the last time that its person was seen.
type inactif struct {
	mednum.Compte
	vu time.Time
}

// fin is when the account is over, unless its person comes back.
func (i *inactif) fin() time.Time { return i.vu.AddDate(0, OubliMois, 0) }

// Conserver tells by mail those who have not signed in for nearly two years that
// their account ends, thirty days before, and erases the accounts that are over
// whose person was told. It returns the ids of those that it erased. Nobody is
// told, and nothing is erased, where no mail can leave. The last account that
// administers the whole territory stays.
func (r *Reseau) Conserver(ctx context.Context) (effaces []string, err error) {
	if !r.Courrier.Regle() {
		return nil, nil
	}
	tous, admins, err := r.inactifs(ctx)
	if err != nil {
		return nil, err
	}
	now := r.Now()
	faits := 0
	for i := range tous {
		v := &tous[i]
		if faits == departsParJour || now.Before(v.fin().AddDate(0, 0, -PreavisJours)) {
			break // those after it were seen later
		}
		administre := r.administreTout(&v.Compte)
		if administre && admins == 1 {
			continue
		}
		fait, parti, err := r.conserverUn(ctx, v, now)
		if err != nil {
			return effaces, fmt.Errorf("compte %s: %w", v.ID, err)
		}
		if fait {
			faits++
		}
		if !parti {
			continue
		}
		effaces = append(effaces, v.ID)
		if administre {
			admins--
		}
	}
	return effaces, nil
}

// inactifs are the accounts, the one seen longest ago first, and how many of them
// administer the whole territory.
func (r *Reseau) inactifs(ctx context.Context) (liste []inactif, admins int, err error) {
	tous, err := r.Comptes.Comptes(ctx)
	if err != nil {
		return nil, 0, err
	}
	for i := range tous {
		v := inactif{tous[i], plusTard(tous[i].Cree, tous[i].Entre)}
		if r.administreTout(&v.Compte) {
			admins++
		}
		if r.Now().Before(v.fin().AddDate(0, 0, -PreavisJours)) {
			continue
		}
		// An account that signed in before that was noted may still have a session.
		sessions, err := r.Comptes.Sessions(ctx, v.ID)
		if err != nil && !estCode(err, mednum.Introuvable) {
			return nil, 0, err
		}
		for j := range sessions {
			v.vu = plusTard(v.vu, sessions[j].Vue)
		}
		liste = append(liste, v)
	}
	slices.SortFunc(liste, func(a, b inactif) int { return cmp.Or(a.vu.Compare(b.vu), cmp.Compare(a.ID, b.ID)) })
	return liste, admins, nil
}

func plusTard(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// administreTout tells whether an account administers the whole territory.
func (r *Reseau) administreTout(v *mednum.Compte) bool {
	return slices.ContainsFunc(v.Habilitations, func(h mednum.Habilitation) bool {
		return h.Role == mednum.RoleAdministrateur && (h.Portee == mednum.PorteeTout || h.Portee == mednum.PorteeDepartement && h.ID == r.Territoire.Code)
	})
}

// conserverUn tells the person of an account, or erases it when it was told
// thirty days ago; fait when something was done, parti when it is erased.
func (r *Reseau) conserverUn(ctx context.Context, v *inactif, now time.Time) (fait, parti bool, err error) {
	d, o, err := store.Lire[depart](ctx, r.Base, genreDepart, v.ID)
	if err := sauf(err, mednum.Introuvable); err != nil {
		return false, false, err
	}
	if err != nil || !d.Vu.Equal(v.vu) {
		return true, false, r.annoncerDepart(ctx, v, now, o.Version)
	}
	if now.Before(d.Le.AddDate(0, 0, PreavisJours)) || now.Before(v.fin()) {
		return false, false, nil
	}
	if err := r.Comptes.Supprimer(ctx, v.ID); err != nil {
		return false, false, err
	}
	return true, true, errors.Join(r.Courrier.Oublier(ctx, v.Courriel), r.Base.OterObjet(ctx, genreDepart, v.ID))
}

// annoncerDepart writes the notice, then that it was given: cut short in between,
// it is given again, and the delay is counted from the last.
func (r *Reseau) annoncerDepart(ctx context.Context, v *inactif, now time.Time, version int) error {
	fin := plusTard(now.AddDate(0, 0, PreavisJours), v.fin()).In(r.Territoire.Location())
	jour := textes.DateLongue(fin.Year(), fin.Month(), fin.Day())
	_, err := r.Courrier.Poster(ctx, courrier.Lettre{
		Genre: courrier.Depart, A: v.Courriel, Sujet: "Votre compte sera effacé le " + jour,
		Paragraphes: []string{
			"Bonjour,",
			"Vous ne vous êtes pas connecté à À deux pas depuis presque deux ans. Votre compte sera effacé le " + jour + ", avec votre nom, votre adresse et vos droits.",
			"Pour le garder, connectez-vous une fois avant cette date.",
			"Vos corrections restent dans les lieux ; elles ne nommeront plus personne. Sans compte, il faudra une nouvelle invitation pour revenir.",
		},
		Boutons: []courrier.Bouton{{Texte: "Me connecter", URL: r.lien("/connexion")}},
	})
	if err != nil {
		return err
	}
	return store.Poser(ctx, r.Base, store.Objet{Genre: genreDepart, ID: v.ID, Version: version + 1, Efface: now.Add(gardeDepart)}, depart{Le: now.UTC().Truncate(time.Second), Vu: v.vu})
}
