package compte

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// What people who have no account may ask: how many mails "Je travaille ici"
// sends to a place in a day, how many an address is sent to open an account, and
// how many places are proposed in all.
const (
	parLieu       = 3
	parArrivee    = 3
	parJour       = 100
	jour          = 24 * time.Hour
	genreCompteur = "compteur"
)

// compteur is how many were counted since Debut.
type compteur struct {
	Debut time.Time `json:"debut"`
	N     int       `json:"n"`
}

// prendre counts one more of a key in a day, for every instance, and tells
// whether it may pass. What is refused is not counted.
func (c *Comptes) prendre(ctx context.Context, cle string, nombre int) (bool, error) {
	id := hash(cle)
	for essai := 1; ; essai++ {
		v, o, err := store.Lire[compteur](ctx, c.base, genreCompteur, id)
		if err != nil && !absent(err) {
			return false, err
		}
		if maintenant := c.seconde(); maintenant.Sub(v.Debut) >= jour {
			v = compteur{Debut: maintenant}
		}
		if v.N >= nombre {
			return false, nil
		}
		v.N++
		err = store.Poser(ctx, c.base, store.Objet{Genre: genreCompteur, ID: id, Version: o.Version + 1, Efface: v.Debut.Add(jour)}, v)
		if err == nil || !estCode(err, mednum.Perime) || essai == essais {
			return err == nil, err
		}
	}
}

// InviterLieu prepares the invitation that "Je travaille ici" sends to an
// address that the place itself publishes: whoever reads it may change the
// place. ok is false when no mail must go: three went today.
func (c *Comptes) InviterLieu(ctx context.Context, lieu, courriel string) (e Envoi, ok bool, err error) {
	if ok, err = c.prendre(ctx, "lieu/"+lieu, parLieu); err != nil || !ok {
		return e, false, err
	}
	e, err = c.Inviter(ctx, courriel, "", "", []mednum.Habilitation{{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: lieu}})
	return e, err == nil, err
}

// Accueillir prepares the mail with which somebody opens an account, without
// rights, and asks for a place: nothing is written in their name before they
// have opened it. ok is false when no mail must go: three went to that address
// today. What cannot be read is "invalide", and names its field.
func (c *Comptes) Accueillir(ctx context.Context, courriel, nom, lieu, motif string) (e Envoi, ok bool, err error) {
	if courriel, err = mednum.LireCourriel(courriel); err != nil {
		return e, false, err
	}
	if nom, err = mednum.LireNomCompte(nom); err != nil {
		return e, false, err
	}
	if motif, err = lireMotif(motif); err != nil {
		return e, false, err
	}
	if ok, err = c.prendre(ctx, "arrivee/"+courriel, parArrivee); err != nil || !ok {
		return e, false, err
	}
	e, err = c.tirerLien(ctx, mednum.Lien{Usage: mednum.UsageInvitation, Courriel: courriel, Nom: nom, Lieu: lieu, Motif: motif}, DureeArrivee, cleCourriel(courriel))
	return e, err == nil, err
}

func lireMotif(motif string) (string, error) {
	motif = strings.TrimSpace(strings.ToValidUTF8(motif, ""))
	if utf8.RuneCountInString(motif) > motifMax {
		return "", invalide("motif", fmt.Sprintf("Ce message est trop long : %d caractères au plus.", motifMax))
	}
	return motif, nil
}

// Proposer counts one place proposed by somebody who has no account; false when
// there were too many today.
func (c *Comptes) Proposer(ctx context.Context) (bool, error) {
	return c.prendre(ctx, "propositions", parJour)
}

// genreSuivi is the genre of who wants to know what became of a place that they
// proposed, by its id; it is forgotten after survieSuivi.
const (
	genreSuivi  = "suivi"
	survieSuivi = 180 * jour
)

type suivi struct {
	Courriel string `json:"courriel"`
}

// Suivre keeps the address of whoever wants to know what becomes of the place
// that they proposed.
func (c *Comptes) Suivre(ctx context.Context, lieu, courriel string) error {
	courriel, err := mednum.LireCourriel(courriel)
	if err != nil {
		return err
	}
	return store.Poser(ctx, c.base, store.Objet{Genre: genreSuivi, ID: lieu, Version: 1, Efface: c.seconde().Add(survieSuivi)}, suivi{courriel})
}

// Suivi is the address that Suivre kept, "" when nobody asked.
func (c *Comptes) Suivi(ctx context.Context, lieu string) (string, error) {
	v, _, err := store.Lire[suivi](ctx, c.base, genreSuivi, lieu)
	if absent(err) {
		return "", nil
	}
	return v.Courriel, err
}

// CesserSuivi gives the address that Suivre kept, and forgets it: whoever
// decides tells that person once. It is "" when nobody asked.
func (c *Comptes) CesserSuivi(ctx context.Context, lieu string) (courriel string, err error) {
	v, _, err := store.Lire[suivi](ctx, c.base, genreSuivi, lieu)
	if absent(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return v.Courriel, c.base.OterObjet(ctx, genreSuivi, lieu)
}
