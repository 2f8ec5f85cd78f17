package reseau

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/textes"
)

// avis is what one person of a team is to be told of one place: the versions
// after De, up to A.
type avis struct {
	Compte string    `json:"compte"`
	Lieu   string    `json:"lieu"`
	De     int       `json:"de"`
	A      int       `json:"a"`
	Depuis time.Time `json:"depuis,omitzero"` // since when something waits
	Envoye time.Time `json:"envoye,omitzero"` // the last letter
	Pris   time.Time `json:"pris,omitzero"`   // until when a program writes it
}

const (
	// pause lets a person who changes several things finish; intervalle is between
	// two letters to one person about one place.
	pause      = 10 * time.Minute
	intervalle = time.Hour
	gardeAvis  = 30 * 24 * time.Hour // once all is told
	cleAttend  = "attend"
)

func (a *avis) attend() bool { return a.A > a.De }

// du tells whether it is to be written at an instant.
func (a *avis) du(t time.Time) bool {
	return a.attend() && !t.Before(a.Depuis.Add(pause)) && !t.Before(a.Envoye.Add(intervalle)) && !t.Before(a.Pris)
}

func (r *Reseau) poserAvis(ctx context.Context, a *avis, version int) error {
	o := store.Objet{Genre: genreAvis, ID: a.Compte + "/" + a.Lieu, Version: version}
	if a.attend() {
		o.Cles = []string{cleAttend}
	} else {
		o.Efface = r.Now().Add(gardeAvis)
	}
	return store.Poser(ctx, r.Base, o, a)
}

// noterEquipe notes what each of the team is to be told: what the others did.
func (r *Reseau) noterEquipe(ctx context.Context, v *catalogue.Vue, nouvelles []pas) error {
	aDire := slices.DeleteFunc(slices.Clone(nouvelles), func(p pas) bool { return p.Avant == nil || !annoncable(&p.Etape) })
	if len(aDire) == 0 {
		return nil
	}
	equipe, err := r.Comptes.Equipe(ctx, r.Catalogue.Devenus(v.ID)...)
	if err != nil {
		return err
	}
	for i := range equipe {
		qui := &equipe[i]
		autres := slices.DeleteFunc(slices.Clone(aDire), func(p pas) bool { return p.Auteur == qui.Auteur() })
		if len(autres) == 0 {
			continue
		}
		if err := r.noterAvis(ctx, qui.ID, v.ID, autres[0].Version-1, autres[len(autres)-1].Version); err != nil {
			return err
		}
	}
	return nil
}

// annoncable tells whether a revision is worth telling the team: not what an
// import did, nor that somebody found all right.
func annoncable(e *catalogue.Etape) bool {
	if e.Voie == "import" || e.Operation != "" {
		return false
	}
	return slices.ContainsFunc(e.Differences, func(d mednum.Difference) bool {
		return d.Champ != "verifie_le" && d.Champ != mednum.ChampDateMaj
	})
}

// noterAvis adds versions to what a person is to be told; noted already, they
// are not noted again.
func (r *Reseau) noterAvis(ctx context.Context, compte, lieu string, de, a int) error {
	for essai := 1; ; essai++ {
		v, o, err := store.Lire[avis](ctx, r.Base, genreAvis, compte+"/"+lieu)
		if err := sauf(err, mednum.Introuvable); err != nil || a <= v.A {
			return err
		}
		if o.Version == 0 {
			v = avis{Compte: compte, Lieu: lieu, De: de, A: de}
		}
		if !v.attend() {
			v.De, v.A, v.Depuis = max(v.De, de), max(v.De, de), r.Now().UTC()
		}
		v.A = a
		err = r.poserAvis(ctx, &v, o.Version+1)
		if err == nil || !estCode(err, mednum.Perime) || essai == essais {
			return err
		}
	}
}

// expedier writes what is to be told now.
func (r *Reseau) expedier(ctx context.Context) (n int, err error) {
	liste, err := store.LireTous[avis](ctx, r.Base, store.Choix{Genre: genreAvis, Cle: cleAttend})
	for i := range liste {
		if !liste[i].du(r.Now()) {
			continue
		}
		ecrits, err := r.ecrireAvis(ctx, liste[i].Compte, liste[i].Lieu)
		n += ecrits
		if err != nil {
			return n, err
		}
	}
	return n, err
}

// ecrireAvis takes what one person is to be told, and writes it, unless another
// program does.
func (r *Reseau) ecrireAvis(ctx context.Context, compte, lieu string) (n int, err error) {
	a, o, err := store.Lire[avis](ctx, r.Base, genreAvis, compte+"/"+lieu)
	if err != nil {
		return 0, sauf(err, mednum.Introuvable)
	}
	now := r.Now().UTC()
	if !a.du(now) {
		return 0, nil
	}
	a.Pris = now.Add(prise)
	if err := r.poserAvis(ctx, &a, o.Version+1); err != nil {
		return 0, sauf(err, mednum.Perime)
	}
	l, ok, err := r.lettreAvis(ctx, &a)
	if err == nil && ok {
		n, err = r.poster(ctx, l)
	}
	if err != nil {
		return 0, errors.Join(err, r.relacher(context.WithoutCancel(ctx), &a, a.De, time.Time{}))
	}
	envoye := now
	if !ok {
		envoye = a.Envoye
	}
	return n, r.relacher(context.WithoutCancel(ctx), &a, a.A, envoye)
}

// relacher writes up to where a person was told; what was noted meanwhile still
// waits.
func (r *Reseau) relacher(ctx context.Context, a *avis, jusqua int, envoye time.Time) error {
	for essai := 1; ; essai++ {
		v, o, err := store.Lire[avis](ctx, r.Base, genreAvis, a.Compte+"/"+a.Lieu)
		if err != nil {
			return err
		}
		v.De, v.Pris = max(v.De, jusqua), time.Time{}
		if !envoye.IsZero() {
			v.Envoye = envoye
		}
		err = r.poserAvis(ctx, &v, o.Version+1)
		if err == nil || !estCode(err, mednum.Perime) || essai == essais {
			return err
		}
	}
}

// How much one letter tells: versions, differences of each, characters of a
// value.
const (
	etapesMax      = 10
	differencesMax = 8
	valeurMax      = 160
)

// lettreAvis says what others changed, the oldest first; ok is false when there
// is nobody to tell any more, or nothing.
func (r *Reseau) lettreAvis(ctx context.Context, a *avis) (l courrier.Lettre, ok bool, err error) {
	qui, err := r.Comptes.Compte(ctx, a.Compte)
	if err != nil {
		return l, false, sauf(err, mednum.Introuvable)
	}
	v, err := r.Catalogue.LieuPour(a.Lieu, qui.Habilitations)
	if err != nil || !r.Catalogue.Couvre(qui.Habilitations, &v.Lieu) {
		return l, false, sauf(err, mednum.Introuvable)
	}
	histoire, err := r.Catalogue.Histoire(ctx, a.Lieu)
	if err != nil {
		return l, false, err
	}
	histoire = slices.DeleteFunc(histoire, func(e catalogue.Etape) bool {
		return e.Version <= a.De || e.Version > a.A || e.Auteur == qui.Auteur() || !annoncable(&e)
	})
	slices.Reverse(histoire)
	noms, err := r.noms(ctx, histoire)
	if err != nil {
		return l, false, err
	}
	l = courrier.Lettre{
		Genre: courrier.Changement, A: qui.Courriel, Sujet: "La page a changé : " + nommer(&v.Lieu),
		Paragraphes: []string{"Bonjour,", "Voici ce que d’autres ont changé pour : " + situer(&v.Lieu) + "."},
		Boutons:     []courrier.Bouton{{Texte: "Voir, ou revenir en arrière", URL: r.lien("/espace/lieux/" + v.ID + "/histoire")}},
		Fin:         "Vous recevez ce courriel, une fois par heure au plus, parce que vous tenez cette page à jour.",
	}
	for i := range histoire[:min(len(histoire), etapesMax)] {
		l.Paragraphes = append(l.Paragraphes, r.direEtape(&histoire[i], noms))
	}
	if reste := len(histoire) - etapesMax; reste > 0 {
		l.Paragraphes = append(l.Paragraphes, "Et "+textes.Pluriel(reste, "autre modification", "autres modifications")+", à lire sur la page.")
	}
	return l, len(histoire) > 0, nil
}

// noms are the names of the accounts that a history names.
func (r *Reseau) noms(ctx context.Context, histoire []catalogue.Etape) (map[string]string, error) {
	var ids []string
	for i := range histoire {
		if id, ok := mednum.CompteDe(histoire[i].Auteur); ok {
			ids = append(ids, id)
		}
		for _, d := range histoire[i].Differences {
			if d.Champ == "permanence.compte" {
				ids = append(ids, d.Avant, d.Apres)
			}
		}
	}
	return r.Comptes.Noms(ctx, slices.DeleteFunc(ids, func(id string) bool { return id == "" }))
}

// direEtape says one revision: who, when, and what became what.
func (r *Reseau) direEtape(e *catalogue.Etape, noms map[string]string) string {
	texte := textes.Majuscule(catalogue.DireAuteur(e.Auteur, noms)) + ", le " + r.moment(e.Le) + " :"
	n := 0
	for _, d := range e.Differences {
		if d.Champ == "verifie_le" || d.Champ == mednum.ChampDateMaj {
			continue
		}
		if n++; n > differencesMax {
			continue
		}
		d = catalogue.EnMots(d, func(id string) string { return noms[id] })
		if n > 1 {
			texte += " ;"
		}
		texte += fmt.Sprintf(" %s : %s (avant : %s)", d.Libelle, couper(d.Apres), couper(d.Avant))
	}
	if n > differencesMax {
		texte += " ; et " + textes.Pluriel(n-differencesMax, "autre changement", "autres changements")
	}
	return texte + "."
}

// couper shortens a value.
func couper(texte string) string { return textes.Couper(texte, valeurMax) }
