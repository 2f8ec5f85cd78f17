package mednum

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Retouche is what a person says of a permanence that comes from a record: that
// it is otherwise (Permanence), that it does not take place any more (Cachee),
// who holds it (Compte). It holds whatever the records tell later. Source is
// what they told then; Absente, that they did not tell it any more.
//
// ARevoir and Nouvelle are Consolider's: what the records tell changed since,
// and Nouvelle is what they tell now, nil when they no longer do.
type Retouche struct {
	Permanence *Permanence `json:"permanence,omitempty"`
	Cachee     bool        `json:"cachee,omitempty"`
	Compte     string      `json:"compte,omitempty"`
	Source     Permanence  `json:"source"`
	Absente    bool        `json:"absente,omitempty"`
	Auteur     string      `json:"auteur"`
	Le         time.Time   `json:"le"`
	ARevoir    bool        `json:"a_revoir,omitempty"`
	Nouvelle   *Permanence `json:"nouvelle,omitempty"`
}

// contredit tells whether the person says something else than the record.
func (r *Retouche) contredit() bool { return r.Permanence != nil || r.Cachee }

// dite is the permanence as the person says it.
func (r *Retouche) dite() Permanence {
	p := r.Source
	if r.Permanence != nil {
		p = *r.Permanence
	}
	return cloner(p)
}

// dites are the permanences that people said, shown or not.
func dites(retouches map[string]Retouche) []Permanence {
	var liste []Permanence
	for _, r := range retouches {
		if r.contredit() {
			liste = append(liste, r.Source, r.dite())
		}
	}
	return liste
}

// retoucher lays what people said over the permanences of the records now
// attached. A record that ranks its permanences and loses one moves the next
// ones up: what was said of one follows it.
func retoucher(toutes []Permanence, retouches map[string]Retouche, fiches []Fiche) ([]Permanence, map[string]Retouche) {
	if len(retouches) == 0 {
		return toutes, nil
	}
	ids := slices.Sorted(maps.Keys(retouches))
	for _, id := range ids {
		suivre(toutes, retouches, id)
	}
	suite, cachees := make(map[string]Retouche, len(retouches)), map[string]bool{}
	for _, id := range ids {
		r := retouches[id]
		i := rangDe(toutes, id)
		r.reviser(toutes, i, fiches)
		suite[id], cachees[id] = r, r.Cachee
		switch {
		case i >= 0:
			toutes[i] = r.poser(toutes[i])
		case r.Permanence != nil && attachee(fiches, r.Source.Fiche):
			toutes = append(toutes, r.poser(Permanence{ID: id, Fiche: r.Source.Fiche}))
		}
	}
	return slices.DeleteFunc(toutes, func(p Permanence) bool { return cachees[p.ID] }), suite
}

// suivre gives back its id to a permanence that its record now tells under
// another one.
func suivre(toutes []Permanence, retouches map[string]Retouche, id string) {
	r := retouches[id]
	i := rangDe(toutes, id)
	if r.Absente || i >= 0 && memePermanence(&toutes[i], &r.Source) {
		return
	}
	j := slices.IndexFunc(toutes, func(p Permanence) bool {
		autre, retouchee := retouches[p.ID]
		return memePermanence(&p, &r.Source) && (!retouchee || !memePermanence(&p, &autre.Source))
	})
	if j < 0 {
		return
	}
	if i >= 0 {
		toutes[i].ID = toutes[j].ID
	}
	toutes[j].ID = id
}

// reviser notes whether the records, which tell the permanence at rank i (-1:
// they do not), say otherwise than when the person spoke.
func (r *Retouche) reviser(toutes []Permanence, i int, fiches []Fiche) {
	r.ARevoir, r.Nouvelle = false, nil
	switch {
	case !r.contredit():
	case i < 0:
		r.ARevoir = !r.Absente && attachee(fiches, r.Source.Fiche)
	case r.Absente || !memePermanence(&toutes[i], &r.Source):
		nouvelle := cloner(toutes[i])
		r.ARevoir, r.Nouvelle = true, &nouvelle
	}
}

func (r *Retouche) poser(p Permanence) Permanence {
	if r.Permanence != nil {
		id, fiche := p.ID, p.Fiche
		p = r.dite()
		p.ID, p.Fiche = id, fiche
	}
	p.Compte = r.Compte
	return p
}

func rangDe(liste []Permanence, id string) int {
	return slices.IndexFunc(liste, func(p Permanence) bool { return p.ID == id })
}

func attachee(fiches []Fiche, reference string) bool {
	return slices.ContainsFunc(fiches, func(f Fiche) bool { return f.Reference() == reference })
}

// ModifierPermanence replaces hours of help by what somebody says on le; they
// keep their id, and with it their exceptions. Those of a record are changed
// over it (see Retouche). p.Compte is who holds them from now on. What
// AjouterPermanence refuses is refused; so is a permanence that the place does
// not show ("introuvable").
func (l *Lieu) ModifierPermanence(id string, p Permanence, auteur string, le time.Time) error {
	if err := checkPermanence(&p); err != nil {
		return err
	}
	i, err := l.chercherPermanence(id, auteur)
	if err != nil {
		return err
	}
	p = cloner(p)
	p.ID, p.Fiche = id, l.Permanences[i].Fiche
	if Identiques(p, l.Permanences[i]) && !l.Retouches[id].ARevoir {
		return nil
	}
	if p.Fiche != "" {
		dite := cloner(p)
		dite.ID, dite.Fiche, dite.Compte = "", "", ""
		l.retoucher(i, auteur, le, func(r *Retouche) { r.Permanence, r.Compte = &dite, p.Compte })
	}
	l.Permanences[i] = p
	return nil
}

// ConfierPermanence says who holds hours of help, "" for nobody known.
func (l *Lieu) ConfierPermanence(id, compte, auteur string, le time.Time) error {
	i, err := l.chercherPermanence(id, auteur)
	if err != nil {
		return err
	}
	if l.Permanences[i].Fiche != "" {
		l.retoucher(i, auteur, le, func(r *Retouche) { r.Compte = compte })
	}
	l.Permanences[i].Compte = compte
	return nil
}

// CacherPermanence says that hours of help do not take place any more, although
// a record tells them. Those that a person entered are refused ("interdit"):
// Retirer takes them away.
func (l *Lieu) CacherPermanence(id, auteur string, le time.Time) error {
	i, err := l.chercherPermanence(id, auteur)
	if err != nil {
		return err
	}
	if l.Permanences[i].Fiche == "" {
		return &Error{Code: Interdit, Champ: "permanence", Message: "Cette permanence a été saisie à la main : retirez-la plutôt."}
	}
	l.retoucher(i, auteur, le, func(r *Retouche) { r.Cachee = true })
	l.Permanences = slices.Delete(l.Permanences, i, i+1)
	return nil
}

// MontrerPermanence takes CacherPermanence back.
func (l *Lieu) MontrerPermanence(id string) error {
	r, ok := l.Retouches[id]
	if !ok || !r.Cachee {
		return &Error{Code: Introuvable, Champ: "permanence", Message: fmt.Sprintf("Ce lieu n’a pas de permanence « %s » qui n’a plus lieu.", id)}
	}
	r.Cachee = false
	l.garder(id, r)
	return nil
}

// RendrePermanence gives hours of help back to their record.
func (l *Lieu) RendrePermanence(id string) error {
	if _, ok := l.Retouches[id]; !ok {
		return &Error{Code: Introuvable, Champ: "permanence", Message: fmt.Sprintf("Personne n’a changé la permanence « %s » : elle est comme sa source la dit.", id)}
	}
	l.garder(id, Retouche{})
	return nil
}

// MaintenirPermanence says on le that what a person said of hours of help still
// holds, now that the record says otherwise: nothing is to be reviewed any more.
func (l *Lieu) MaintenirPermanence(id, auteur string, le time.Time) error {
	r, ok := l.Retouches[id]
	if !ok || strings.TrimSpace(auteur) == "" {
		return &Error{Code: Introuvable, Champ: "permanence", Message: fmt.Sprintf("Personne n’a changé la permanence « %s » : il n’y a rien à maintenir.", id)}
	}
	r.actualiser(auteur, le)
	l.garder(id, r)
	return nil
}

// Cachees are the permanences of the records that do not take place any more,
// by id, as they were last shown.
func (l *Lieu) Cachees() []Permanence {
	var liste []Permanence
	for _, id := range slices.Sorted(maps.Keys(l.Retouches)) {
		if r := l.Retouches[id]; r.Cachee {
			p := r.dite()
			p.ID, p.Fiche, p.Compte = id, r.Source.Fiche, r.Compte
			liste = append(liste, p)
		}
	}
	return liste
}

func (l *Lieu) chercherPermanence(id, auteur string) (int, error) {
	i := l.permanence(id)
	switch {
	case i < 0:
		return i, &Error{Code: Introuvable, Champ: "permanence", Message: fmt.Sprintf("Ce lieu n’a pas de permanence « %s ».%s", id, l.permanencesConnues())}
	case strings.TrimSpace(auteur) == "":
		return i, invalide("auteur", "Dites qui change cette permanence.")
	}
	return i, nil
}

// retoucher changes what is said of the permanence at rank i, which comes from
// a record. Its source is what the records tell now.
func (l *Lieu) retoucher(i int, auteur string, le time.Time, change func(*Retouche)) {
	id := l.Permanences[i].ID
	r := l.Retouches[id]
	if !r.contredit() {
		r.Source = cloner(l.Permanences[i])
		r.Source.Compte = ""
	}
	r.actualiser(auteur, le)
	change(&r)
	l.garder(id, r)
}

// actualiser signs, and takes what the records tell now as the source.
func (r *Retouche) actualiser(auteur string, le time.Time) {
	r.Auteur, r.Le = auteur, le.UTC().Truncate(time.Second)
	switch {
	case r.Nouvelle != nil:
		r.Source, r.Absente = *r.Nouvelle, false
	case r.ARevoir:
		r.Absente = true
	}
	r.ARevoir, r.Nouvelle = false, nil
}

// garder keeps what is said of a permanence, unless nothing is.
func (l *Lieu) garder(id string, r Retouche) {
	retouches := maps.Clone(l.Retouches)
	if retouches == nil {
		retouches = map[string]Retouche{}
	}
	retouches[id] = r
	if !r.contredit() && r.Compte == "" {
		delete(retouches, id)
	}
	l.Retouches = retouches
}
