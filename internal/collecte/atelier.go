package collecte

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// atelier is what one program holds of the import that is being made: its files,
// then their plan. It goes with the program.
type atelier struct {
	mu       sync.Mutex
	jeton    string
	fichiers []*temporaire
	colonnes map[string]norme.Correspondance // by file, what somebody said of its columns
	lectures []norme.Lecture
	plan     *Plan
	tables   []ColonnesFichier
	etape    Etape
	fait     int
	total    int
	travaux  chan func(context.Context)
}

// temporaire is a file on the disk that has no name any more: it is gone when it
// is closed, or when the program is, whatever happens.
type temporaire struct {
	*os.File
	nom string
}

func newTemporaire(nom string, contenu io.Reader, reste *int64) (*temporaire, error) {
	f, err := os.CreateTemp("", "adeuxpas-import-")
	if err != nil {
		return nil, err
	}
	t := &temporaire{f, filepath.Base(nom)}
	_ = os.Remove(f.Name()) // a system that cannot loses it in fermer
	n, err := io.Copy(f, io.LimitReader(contenu, *reste+1))
	if *reste -= n; err == nil && *reste < 0 {
		err = &mednum.Error{Code: mednum.Invalide, Champ: "fichiers", Message: fmt.Sprintf("Ces fichiers sont trop gros : %d Mo au plus, tous ensemble. Pour de plus gros, demandez à l’équipe technique : « adeuxpas importer » en lit de 256 Mo.", OctetsMax>>20)}
	}
	if err != nil {
		t.fermer()
		return nil, err
	}
	return t, nil
}

func (t *temporaire) fermer() {
	_ = t.Close()
	_ = os.Remove(t.Name())
}

// Deposer takes files that somebody brings, and has them read: Depot tells how far
// it is. Nothing is written before Valider. One import at a time: another is
// "conflit". No file, too many or too large ones are "invalide", on fichiers.
func (c *Collecte) Deposer(ctx context.Context, par string, r Reglages, apportes []Apporte) (jeton string, err error) {
	switch {
	case len(apportes) == 0:
		return "", invalide("fichiers", "Choisissez au moins un fichier.")
	case len(apportes) > FichiersMax:
		return "", invalide("fichiers", "Cela fait %d fichiers : %d au plus à la fois.", len(apportes), FichiersMax)
	}
	d := Depot{Jeton: rand.Text(), Par: par, Le: c.Now().UTC(), Reglages: r, Etat: DepotLecture}
	var fichiers []*temporaire
	garder := false
	defer func() {
		if !garder {
			fermer(fichiers)
		}
	}()
	reste := int64(OctetsMax)
	for _, a := range apportes {
		t, err := newTemporaire(a.Nom, a.Contenu, &reste)
		if err != nil {
			return "", err
		}
		fichiers = append(fichiers, t)
		d.Fichiers = append(d.Fichiers, t.nom)
	}
	if err := c.prendreDepot(ctx, d); err != nil {
		return "", err
	}
	garder = true
	c.depot.ouvrir(d.Jeton, fichiers)
	c.travailler(d.Jeton)
	return d.Jeton, nil
}

// travailler has the files read and planned by Suivre.
func (c *Collecte) travailler(jeton string) {
	c.depot.travaux <- func(ctx context.Context) { c.preparer(ctx, jeton) }
}

// importer does the work on the import that is being made, and tells the base
// that it lives.
func (c *Collecte) importer(ctx context.Context) {
	defer c.depot.vider()
	battement := time.NewTicker(tenueDepot / 4)
	defer battement.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case travail := <-c.depot.travaux:
			travail(ctx)
		case <-battement.C:
			c.tenirDepot(ctx)
		}
	}
}

// tenirDepot tells the base that the program that holds the files lives; files that
// nobody decided on for dureeDepot are let go.
func (c *Collecte) tenirDepot(ctx context.Context) {
	jeton := c.depot.tenu()
	if jeton == "" {
		return
	}
	d, err := c.noterDepot(ctx, jeton, func(d *Depot) {
		if d.Ouvert() && c.Now().Sub(d.Le) > dureeDepot {
			d.Etat, d.Raison, d.Fini = DepotAbandon, "Personne n’a décidé pendant deux jours : l’import est abandonné, rien n’est changé.", c.Now().UTC()
		}
	})
	if estCode(err, mednum.Perime) || estCode(err, mednum.Introuvable) || err == nil && !d.Ouvert() {
		c.depot.vider()
	}
}

// dureeDepot is how long a plan waits for somebody to decide.
const dureeDepot = 48 * time.Hour

// preparer reads the files and makes the plan.
func (c *Collecte) preparer(ctx context.Context, jeton string) {
	ctx, finir := c.battre(ctx, jeton)
	defer finir()
	d, ok, err := c.Depot(ctx)
	if err != nil || !ok || d.Jeton != jeton || d.Etat != DepotLecture {
		return
	}
	lectures, fautif, err := c.lireDepot(ctx, &d)
	if err == nil {
		err = c.planifierDepot(ctx, &d, lectures)
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	c.refuser(ctx, jeton, fautif, err)
}

// battre has the base told, while a work lasts, that the program lives.
func (c *Collecte) battre(ctx context.Context, jeton string) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	var fil sync.WaitGroup
	fil.Go(func() {
		t := time.NewTicker(tenueDepot / 4)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				_, _ = c.noterDepot(ctx, jeton, func(*Depot) {}) // the next beat tries again
			}
		}
	})
	return ctx, func() {
		cancel()
		fil.Wait()
	}
}

// refuser says why an import cannot be made. A table whose columns say too little
// is a question.
func (c *Collecte) refuser(ctx context.Context, jeton, fautif string, err error) {
	etat, raison, champ := DepotRefuse, "L’import a échoué. Recommencez ; si cela dure, prévenez l’équipe technique.", ""
	var refus *mednum.Error
	switch {
	case !errors.As(err, &refus):
		c.Journal.Error("un import a échoué", "cause", err)
	case refus.Code == mednum.Indisponible:
		raison = "La base des lieux ne répond pas. Déposez de nouveau les fichiers dans un moment."
	default:
		raison, champ = refus.Message, refus.Champ
	}
	if tables := c.depot.tablesDe(); len(tables) > 0 && (champ == string(mednum.ChampNom) || champ == string(mednum.ChampCommune)) {
		etat = DepotColonnes
	}
	_, err = c.noterDepot(ctx, jeton, func(d *Depot) {
		d.Etat, d.Raison, d.Champ, d.Fichier, d.Fini = etat, raison, champ, fautif, c.Now().UTC()
	})
	if err != nil {
		c.Journal.Warn("l’échec d’un import n’a pas pu être noté", "cause", err)
	}
	if etat == DepotRefuse {
		c.depot.vider()
	}
}

// lireDepot reads every file, and the columns of the tables of one's own. fautif is
// the one that cannot be read.
func (c *Collecte) lireDepot(ctx context.Context, d *Depot) (lectures []norme.Lecture, fautif string, err error) {
	fichiers, colonnes := c.depot.prendre()
	var tables []ColonnesFichier
	var premiere error
	for i, f := range fichiers {
		c.depot.avancer("", i, len(fichiers))
		o := norme.Options{Date: d.Reglages.Date, Source: d.Reglages.Source, Colonnes: colonnes[f.nom]}
		table, err := c.colonnesDe(ctx, o, f)
		if err == nil && len(table) > 0 {
			tables = append(tables, ColonnesFichier{f.nom, table})
		}
		l, err := lireTemporaire(ctx, c, o, f)
		if ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		if err != nil && premiere == nil {
			premiere, fautif = err, f.nom
		}
		lectures = append(lectures, l)
	}
	c.depot.poserTables(tables)
	return norme.Joindre(lectures), fautif, premiere
}

func lireTemporaire(ctx context.Context, c *Collecte, o norme.Options, f *temporaire) (norme.Lecture, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return norme.Lecture{}, err
	}
	return Lire(ctx, c.Base, o, f.nom, f)
}

// colonnesDe are the columns of a table of one's own, none for another file.
func (c *Collecte) colonnesDe(ctx context.Context, o norme.Options, f *temporaire) (liste []norme.Colonne, err error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	var panne error
	o.Connues = connues(ctx, c.Base, &panne)
	liste, err = o.LireColonnes(f)
	return liste, errors.Join(err, panne)
}

// planifierDepot makes the plan, and shows it.
func (c *Collecte) planifierDepot(ctx context.Context, d *Depot, lectures []norme.Lecture) error {
	if err := c.Base.Reprendre(ctx); err != nil {
		return err
	}
	p, err := Planifier(ctx, c.Base, c.Territoire, lectures, Options{
		Zone: d.Reglages.Zone, Auteur: d.Par, Voie: "app", Le: c.Now(), Licence: d.Reglages.Licence, LicenceSupposee: mednum.LicenceOuverte,
		Geocodeur: c.Geocodeur, Avance: c.depot.avancer,
	})
	if err != nil {
		return err
	}
	c.depot.poserPlan(&p, lectures)
	bilan := p.Bilan
	_, err = c.noterDepot(ctx, d.Jeton, func(d *Depot) {
		d.Etat, d.Bilan, d.Operation, d.Raison, d.Champ, d.Fichier = DepotPret, &bilan, p.Operation(), "", "", ""
	})
	return err
}
