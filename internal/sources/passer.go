package sources

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// Mode is what a run may do.
type Mode int

// The modes.
const (
	Lancer     Mode = iota // writes what nobody has to decide
	Appliquer              // writes what waited, too
	Simulation             // writes nothing, see Simuler
)

// delaiNote is how long the end of a run may take to be written, once told to
// stop.
const delaiNote = 5 * time.Second

// Simuler fetches a source and says what a run would do: nothing is written, not
// even that it was fetched.
func (s *Sources) Simuler(ctx context.Context, id string) (Passage, error) {
	src, err := s.Source(ctx, id)
	if err != nil {
		return Passage{}, err
	}
	c := &course{Sources: s, src: src, simule: true}
	c.courir(ctx)
	return c.p, errors.Join(ctx.Err(), c.panne)
}

// Passer fetches a source now, on behalf of par ("service", "cli"), and returns
// what came of it: a source that fails is no error. One that another program is
// fetching is "conflit"; with Appliquer, so is one where nothing waits.
func (s *Sources) Passer(ctx context.Context, id string, mode Mode, par string) (Passage, error) {
	jeton := rand.Text()
	src, err := s.changer(ctx, id, func(src *Source) error {
		switch {
		case src.Prise.Jusqua.After(s.Now()):
			return &mednum.Error{Code: mednum.Conflit, Champ: "source", Message: "Cette source est déjà en cours de lecture : attendez un instant."}
		case mode == Appliquer && src.Attente == "":
			return &mednum.Error{Code: mednum.Conflit, Champ: "source", Message: "Cette source n’attend aucune décision : « adeuxpas source lancer " + id + " » la lit maintenant."}
		}
		if src.Prise.Par != "" { // who held it died: what the base holds is not known
			src.Lu = Edition{}
		}
		src.Prise = Prise{Par: jeton, Jusqua: s.Now().UTC().Add(priseMax)}
		src.Demande = nil // this run answers it
		return nil
	})
	if err != nil {
		return Passage{}, err
	}
	dedans, cancel := context.WithTimeout(ctx, priseMax-delaiNote)
	defer cancel()
	c := &course{Sources: s, src: src, mode: mode, p: Passage{Par: par}}
	c.courir(dedans)
	return c.p, errors.Join(ctx.Err(), c.conclure(ctx))
}

// course is one run.
type course struct {
	*Sources
	src    Source // as it was when it was taken
	mode   Mode
	simule bool

	p       Passage
	lu      Edition // what was read, when it was read
	attente string
	flux    string        // of its records
	ecrit   bool          // writing has begun
	apres   time.Duration // that the server asks to wait
	panne   error         // of the base, when it is the base that failed
}

// courir fetches, plans and writes; what came of it is in c.p.
func (c *course) courir(ctx context.Context) {
	debut := c.Now()
	c.p.Le = debut.UTC()
	err := c.proteger(ctx)
	c.p.Duree = c.Now().Sub(debut)
	if err == nil {
		return
	}
	e, ok := errors.AsType[*echec](err)
	if !ok {
		c.panne = err
		e = echouer(Ecriture, "La base des lieux n’a pas pu être lue ou écrite.")
		if estCode(err, mednum.Perime) {
			e.raison = "Les lieux changeaient pendant l’écriture."
		}
	}
	c.p.Etat, c.p.Cause, c.p.Raison, c.apres = Echec, e.cause, propre(e.raison), e.apres
}

// proteger does it; a panic, which only a content can cause, is its failure.
func (c *course) proteger(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			c.Journal.Error("la lecture d’une source a paniqué", "source", c.src.ID, "cause", r, "pile", string(debug.Stack()))
			err = echouer(Defaut, "Ce fichier fait échouer le programme : c’est un défaut à signaler.")
		}
	}()
	return c.faire(ctx)
}

func (c *course) faire(ctx context.Context) error {
	base, err := c.Base.Version(ctx)
	if err != nil {
		return err
	}
	contenu, err := c.telecharger(ctx, &c.src, c.connue())
	c.p.Code, c.p.Octets = contenu.code, int64(len(contenu.octets))
	if err != nil {
		return err
	}
	if contenu.inchange {
		c.lu, c.p.Etat = c.src.Lu, AJour
		return nil
	}
	c.lu = Edition{Empreinte: contenu.empreinte(), ETag: contenu.etag, Modifie: contenu.modifie, Base: base, Lecteur: c.Version}
	connue := c.src.Lu
	if c.src.Attente == "" && connue.Empreinte == c.lu.Empreinte && connue.Base == base && connue.Lecteur == c.Version && !c.simule {
		c.p.Etat = AJour
		return nil
	}
	lecture, err := c.decoder(ctx, &c.src, &contenu, c.p.Le)
	if err != nil {
		return err
	}
	c.p.Format, c.flux = lecture.Format, lecture.Flux.ID
	contenu.octets = nil // read: its memory is for the plan
	if err := c.reprendre(ctx); err != nil {
		return err
	}
	const essais = 3
	for essai := 1; ; essai++ {
		p, err := c.planifier(ctx, &c.src, lecture)
		if err != nil {
			return err
		}
		err = c.decider(ctx, &p)
		if !estCode(err, mednum.Perime) || essai == essais {
			return err
		}
	}
}

// reprendre finishes what a run before was cut in, so that the plan knows it.
func (c *course) reprendre(ctx context.Context) error {
	if c.simule {
		return nil
	}
	return c.Base.Reprendre(ctx)
}

// connue is the edition that the server may answer is still the newest: none
// when the same content would have to be planned again.
func (c *course) connue() Edition {
	if c.simule || c.src.Lu.Lecteur != c.Version {
		return Edition{}
	}
	return c.src.Lu
}

// decider writes a plan, or has it wait for a person.
func (c *course) decider(ctx context.Context, p *plan) error {
	bilan := p.Bilan
	c.p.Bilan, c.p.Plan = &bilan, p.Plan
	c.p.Etat, c.p.Raison, c.attente = AJour, p.retenir(), ""
	accepte := c.mode == Appliquer && c.src.Attente == c.lu.Empreinte
	switch {
	case c.p.Raison != "" && !accepte:
		c.p.Etat, c.attente = Attend, c.lu.Empreinte
		if c.mode == Appliquer {
			c.p.Raison += " Le fichier a changé depuis qu’il attendait : relisez, puis recommencez."
		}
		return nil
	case p.Ecrit():
		c.p.Etat = Applique
	}
	c.p.Raison = ""
	if c.simule {
		return nil
	}
	if err := c.tenir(ctx); err != nil {
		return err
	}
	c.ecrit = true
	return c.appliquer(ctx, p)
}

// errLachee is the error of a source that was taken away, or changed, while it
// was read.
var errLachee = echouer(Ecriture, "Cette source a été changée pendant sa lecture : rien n’est écrit.")

// tenir tells whether this run still holds the source, before anything is
// written.
func (c *course) tenir(ctx context.Context) error {
	src, err := c.Source(ctx, c.src.ID)
	switch {
	case estCode(err, mednum.Introuvable), err == nil && src.Prise.Par != c.src.Prise.Par:
		return errLachee
	case err != nil:
		return err
	}
	return ctx.Err()
}

// conclure writes what came of a run on its source, unless somebody else took it
// meanwhile.
func (c *course) conclure(ctx context.Context) error {
	arrete := ctx.Err() != nil // told to stop, by the program or by the lease: nothing is known of the source
	noter, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiNote)
	defer cancel()
	_, err := c.changer(noter, c.src.ID, func(src *Source) error {
		if src.Prise.Par != c.src.Prise.Par {
			return errLachee
		}
		src.Prise = Prise{}
		if !arrete {
			c.noter(src)
		}
		if c.ecrit && (arrete || c.p.Etat == Echec) { // the base may hold a part of it
			src.Lu = Edition{}
		}
		return nil
	})
	if errors.Is(err, errLachee) || estCode(err, mednum.Introuvable) {
		return nil
	}
	if !arrete && err == nil {
		err = c.garderRapport(noter)
	}
	if !arrete && c.p.Etat == Echec {
		c.Journal.Warn("une source a échoué", "source", c.src.ID, "cause", string(c.p.Cause), "code", c.p.Code)
	} else if !arrete {
		c.Journal.Info("source lue", "source", c.src.ID, "etat", string(c.p.Etat), bilanAuJournal(c.p.Bilan))
	}
	return errors.Join(err, c.panne)
}

func bilanAuJournal(b *collecte.Bilan) slog.Attr {
	if b == nil {
		return slog.String("bilan", "inchangé")
	}
	return slog.Group("bilan", "lus", b.Lus, "nouveaux", b.Nouveaux, "modifies", b.Modifies, "fusionnes", b.Fusionnes, "a_decider", b.ADecider, "absents", b.Absents, "ecartes", b.Ecartes)
}

// noter writes a run on its source.
func (c *course) noter(src *Source) {
	src.Etat, src.Cause, src.Raison, src.Dernier = c.p.Etat, c.p.Cause, c.p.Raison, c.p.Le
	now := c.Now()
	switch c.p.Etat {
	case Echec:
		src.Echecs++
		src.Prochain = c.reprise(src, now, c.apres)
	case Attend:
		src.Echecs, src.Attente = 0, c.attente
		src.Prochain = src.Rythme.Suivant(now, c.Territoire.Location())
	default:
		src.Echecs, src.Attente, src.Lu = 0, "", c.lu
		if c.ecrit {
			src.Flux = c.flux
		}
		src.Prochain = src.Rythme.Suivant(now, c.Territoire.Location())
	}
	src.Passages = slices.Insert(src.Passages, 0, c.p)
	src.Passages = src.Passages[:min(len(src.Passages), passagesMax)]
}
