package reseau

import (
	"context"
	"errors"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/textes"
)

// tourneeResume names what coordinators are told each day; resumeMax is how many
// things one letter names.
const (
	tourneeResume = "resume"
	resumeMax     = 15
)

// resume is when a coordinator was last told what waits.
type resume struct {
	Le time.Time `json:"le"`
}

// ResumeDu tells whether coordinators are still to be told, today and at this
// hour, what waits for them.
func (r *Reseau) ResumeDu(ctx context.Context) (bool, error) {
	return r.resteAFaire(ctx, tourneeResume)
}

// Resumer tells each coordinator, once a day at most, what waits for an answer,
// when something new does, and returns how many letters it wrote.
func (r *Reseau) Resumer(ctx context.Context) (n int, err error) {
	if err := r.Catalogue.Actualiser(ctx); err != nil {
		return 0, err
	}
	qui, err := r.Comptes.Coordinateurs(ctx, func(mednum.Habilitation) bool { return true })
	if err != nil {
		return 0, err
	}
	demandes, err := r.Comptes.Demandes(ctx)
	if err != nil {
		return 0, err
	}
	var signales []Signale
	if r.Signales != nil {
		if signales, err = r.Signales(ctx); err != nil {
			return 0, err
		}
	}
	for i := range qui {
		ecrits, err := r.resumer(ctx, &qui[i], demandes, signales)
		n += ecrits
		if err != nil && !errors.Is(err, errEnCours) {
			return n, err
		}
	}
	return n, r.finir(ctx, tourneeResume)
}

// chose is one thing that waits.
type chose struct {
	texte string
	le    time.Time
	ou    string // path of the page where it is answered
}

// pagesResume are where things that wait are answered, as the letter calls them.
var pagesResume = [][2]string{
	{"/espace/file", "Voir les lieux et les changements"}, {"/espace/comptes", "Voir les demandes d’accès"}, {"/espace/signalements", "Voir les signalements"},
}

// resumer writes to one coordinator, when something waits that did not the last
// time.
func (r *Reseau) resumer(ctx context.Context, qui *mednum.Compte, demandes []mednum.Demande, signales []Signale) (int, error) {
	choses, err := r.enAttente(ctx, qui, demandes)
	if err != nil {
		return 0, err
	}
	choses = append(choses, r.signales(qui, signales)...)
	dernier, o, err := store.Lire[resume](ctx, r.Base, genreResume, qui.ID)
	if err := sauf(err, mednum.Introuvable); err != nil {
		return 0, err
	}
	if !slices.ContainsFunc(choses, func(c chose) bool { return c.le.After(dernier.Le) }) {
		return 0, nil
	}
	le := slices.MaxFunc(choses, func(a, b chose) int { return a.le.Compare(b.le) }).le
	return r.uneFois(ctx, "resume/"+qui.ID+"/"+r.jour().String(), func() (int, error) {
		n, err := r.poster(ctx, r.lettreResume(qui, choses))
		if err != nil {
			return 0, err
		}
		err = store.Poser(ctx, r.Base, store.Objet{Genre: genreResume, ID: qui.ID, Version: o.Version + 1}, resume{le})
		return n, sauf(err, mednum.Perime)
	})
}

// enAttente is what waits for a coordinator, oldest first.
func (r *Reseau) enAttente(ctx context.Context, qui *mednum.Compte, demandes []mednum.Demande) ([]chose, error) {
	var choses []chose
	for _, d := range r.Catalogue.EnAttente(qui.Habilitations) {
		if !d.Propose && len(d.Attentes) == 0 {
			continue // what a source contradicts is asked of whoever keeps the place, on its page
		}
		texte := situer(&d.Lieu.Lieu)
		if d.Propose {
			texte += " : un lieu proposé"
		} else {
			texte += " : " + textes.Pluriel(len(d.Attentes), "changement", "changements")
		}
		le := d.Depuis
		for _, a := range d.Attentes {
			if a.Le.After(le) {
				le = a.Le
			}
		}
		choses = append(choses, chose{texte, le, "/espace/file"})
	}
	var ids []string
	for _, d := range demandes {
		ids = append(ids, d.Compte)
	}
	noms, err := r.Comptes.Noms(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, d := range demandes {
		v, err := r.Catalogue.LieuPour(d.Lieu, qui.Habilitations)
		if err == nil && r.Catalogue.Coordonne(qui.Habilitations, &v.Lieu) {
			choses = append(choses, chose{situer(&v.Lieu) + " : " + noms[d.Compte] + " demande à s’en occuper", d.Le, "/espace/comptes"})
		}
	}
	slices.SortStableFunc(choses, func(a, b chose) int { return a.le.Compare(b.le) })
	return choses, nil
}

// signales are the reports of the places that somebody coordinates, in one line:
// the newest says whether there is something new to tell.
func (r *Reseau) signales(qui *mednum.Compte, signales []Signale) []chose {
	c := chose{ou: "/espace/signalements"}
	n := 0
	for _, x := range signales {
		v, err := r.Catalogue.LieuPour(r.Catalogue.Devenu(x.Lieu), qui.Habilitations)
		if err != nil || !r.Catalogue.Coordonne(qui.Habilitations, &v.Lieu) {
			continue
		}
		n++
		if x.Le.After(c.le) {
			c.le = x.Le
		}
	}
	if n == 0 {
		return nil
	}
	c.texte = textes.Pluriel(n, "signalement du public", "signalements du public")
	return []chose{c}
}

func (r *Reseau) lettreResume(qui *mednum.Compte, choses []chose) courrier.Lettre {
	sujet := textes.Pluriel(len(choses), "demande attend", "demandes attendent") + " votre réponse"
	l := courrier.Lettre{
		Genre: courrier.Proposition, A: qui.Courriel, Sujet: sujet,
		Paragraphes: []string{"Bonjour,", "Voici ce qui attend, du plus ancien au plus récent :"},
		Fin:         "Vous recevez ce courriel, une fois par jour au plus et seulement quand quelque chose de nouveau attend, parce que vous coordonnez la carte.",
	}
	for _, page := range pagesResume {
		if slices.ContainsFunc(choses, func(c chose) bool { return c.ou == page[0] }) {
			l.Boutons = append(l.Boutons, courrier.Bouton{Texte: page[1], URL: r.lien(page[0])})
		}
	}
	for _, c := range choses[:min(len(choses), resumeMax)] {
		l.Paragraphes = append(l.Paragraphes, "– "+c.texte+".")
	}
	if reste := len(choses) - resumeMax; reste > 0 {
		l.Paragraphes = append(l.Paragraphes, "Et "+textes.Pluriel(reste, "autre", "autres")+".")
	}
	return l
}
