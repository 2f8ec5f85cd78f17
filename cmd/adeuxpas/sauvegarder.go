package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/archive"
)

type commandeSauvegarder struct {
	base
	Fichier string `arg:"" name:"fichier" help:"Fichier à écrire."`
}

// Help is the second half of the command's help.
func (commandeSauvegarder) Help() string {
	return `Copie toute la base dans un fichier : lieux, historique, fiches, imports,
réglages, empreintes des jetons. Le service peut rester ouvert : la copie a tout
ce qui était enregistré quand elle commence. Le format est le même pour un
fichier et pour MongoDB. La copie est relue avant de prendre sa place ; seul son
propriétaire peut la lire. Interrompue, la commande ne laisse rien.

Exemples :
  adeuxpas sauvegarder adeuxpas.sauvegarde
  adeuxpas sauvegarder --base mongodb://hote/adeuxpas /srv/lundi.sauvegarde`
}

// droitsSauvegarde: a backup holds what is not published.
const droitsSauvegarde = 0o600

// Run copies the base, reads the copy again and says what it holds.
func (c commandeSauvegarder) Run(p *programme) error {
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	var ecrit archive.Bilan
	ecrire := func(w io.Writer) (err error) {
		e := archive.Entete{Programme: version, Le: p.now(), Magasin: c.magasin()}
		ecrit, err = archive.Ecrire(p.ctx, w, e, suivi(p, "copiés", b.Copier))
		return err
	}
	relire := func(f *os.File) error {
		_, lu, err := archive.Lire(p.ctx, f, nil)
		if err == nil && len(ecrit.Differences(lu)) > 0 {
			err = refuser("La sauvegarde, relue, n’est pas ce qui a été écrit : vérifiez le disque.")
		}
		return err
	}
	if err := interrompu(p, deposer(c.Fichier, droitsSauvegarde, ecrire, relire)); err != nil {
		return err
	}
	return dire(p.stdout, "Sauvegarde écrite et relue : %s.\n", direBilan(ecrit))
}

type commandeRestaurer struct {
	base
	Fichier string `arg:"" name:"fichier" help:"Sauvegarde à lire."`
}

// Help is the second half of the command's help.
func (commandeRestaurer) Help() string {
	return `Vérifie une sauvegarde en entier, puis en remplit une base vide, du même genre
ou de l’autre : tout garde ses identifiants, ses versions et son historique, et
les jetons servent encore. La base est relue à la fin. Une base qui contient
déjà quelque chose est refusée. Si la commande est coupée, la base ne s’ouvre
plus : recommencez-la.

Exemples :
  adeuxpas restaurer adeuxpas.sauvegarde --base neuve.db
  adeuxpas restaurer lundi.sauvegarde --base mongodb://hote/adeuxpas`
}

// Run reads the whole backup before it writes anything.
func (c commandeRestaurer) Run(p *programme) error {
	f, err := os.Open(c.Fichier)
	if err != nil {
		return err
	}
	defer f.Close()
	entete, _, err := archive.Lire(p.ctx, f, nil)
	if err != nil {
		return interrompu(p, nommer(err, c.Fichier))
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	b, err := c.openVide(p)
	if err != nil {
		return err
	}
	defer b.Close()
	bilan, err := remplir(p, b, archive.Source(f))
	if err != nil {
		return err
	}
	return dire(p.stdout, "Sauvegarde du %s (À deux pas %s) restaurée et relue : %s.\n",
		entete.Le.Format("02/01/2006 à 15:04 UTC"), entete.Programme, direBilan(bilan))
}

// remplir fills a base, then reads it again: both must be the same.
func remplir(p *programme, b store.Magasin, de store.Source) (archive.Bilan, error) {
	var donne archive.Bilan
	if err := b.Charger(p.ctx, suivi(p, "écrits", archive.Compter(de, &donne))); err != nil {
		return nil, interrompu(p, err)
	}
	relu, err := archive.Relire(p.ctx, b)
	if err != nil {
		return nil, interrompu(p, err)
	}
	if d := donne.Differences(relu); len(d) > 0 {
		return nil, refuser("La base, relue, n’est pas celle qui a été donnée (%v) : ne vous en servez pas, et recommencez dans une base vide.", d)
	}
	return donne, nil
}

type commandeMigrer struct {
	base
	Vers string `required:"" placeholder:"BASE" help:"Base vide à remplir : le chemin d’un fichier, ou l’adresse mongodb://… d’une base MongoDB."`
}

// Help is the second half of the command's help.
func (commandeMigrer) Help() string {
	return `Copie toute la base (--base) dans une base vide (--vers), relit les deux et les
compare. La base de départ reste comme elle est. Arrêtez d’abord le service : ce
qui serait modifié pendant la copie n’y serait pas, et la commande le dirait.

Exemples :
  adeuxpas migrer --vers mongodb://hote/adeuxpas
  adeuxpas migrer --base mongodb://hote/adeuxpas --vers retour.db`
}

// Run fills the other base, compares both and says so.
func (c commandeMigrer) Run(p *programme) error {
	de, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer de.Close()
	vers, err := base{Base: c.Vers}.openVide(p)
	if err != nil {
		return err
	}
	defer vers.Close()
	if _, err := remplir(p, vers, de.Copier); err != nil {
		return err
	}
	depart, err := archive.Relire(p.ctx, de)
	if err != nil {
		return interrompu(p, err)
	}
	arrivee, err := archive.Relire(p.ctx, vers)
	if err != nil {
		return interrompu(p, err)
	}
	if err := dire(p.stdout, "%s", comparaison(depart, arrivee)); err != nil {
		return err
	}
	if len(depart.Differences(arrivee)) > 0 {
		return refuser("La base de départ a été modifiée pendant la copie : arrêtez le service, et recommencez vers une base vide.")
	}
	return dire(p.stdout, "Les deux bases sont identiques.\n")
}

// comparaison is a table of both bases: counts, and the first digits of the
// digest of each kind.
func comparaison(depart, arrivee archive.Bilan) string {
	var t strings.Builder
	fmt.Fprintf(&t, "%-12s%12s%12s  %s\n", "", "départ", "arrivée", "empreinte")
	for _, g := range archive.Genres {
		d, a := depart[g], arrivee[g]
		verdict := a.Empreinte[:12]
		if d != a {
			verdict = d.Empreinte[:12] + " ≠ " + verdict
		}
		fmt.Fprintf(&t, "%-12s%12s%12s  %s\n", g, nombre(d.N), nombre(a.N), verdict)
	}
	return t.String()
}

// direBilan is "3 lieux, 5 révisions, …", without the kinds that have nothing.
func direBilan(b archive.Bilan) string {
	var parties []string
	for _, g := range archive.Genres {
		switch n := b[g].N; n {
		case 0:
		case 1:
			mot := strings.TrimSuffix(string(g), "s")
			if g == archive.Lieux {
				mot = "lieu"
			}
			parties = append(parties, "1 "+mot)
		default:
			parties = append(parties, nombre(n)+" "+string(g))
		}
	}
	if len(parties) == 0 {
		return "une base vide"
	}
	return strings.Join(parties, ", ")
}

// nombre is a count with its thousands apart, as French writes them.
func nombre(n int) string {
	chiffres := strconv.Itoa(n)
	for i := len(chiffres) - 3; i > 0; i -= 3 {
		chiffres = chiffres[:i] + "\u00a0" + chiffres[i:]
	}
	return chiffres
}

// rythme is how often a long work says where it is.
const rythme = 2 * time.Second

// suivi is the source, and says on stderr how many elements have passed.
func suivi(p *programme, fait string, de store.Source) store.Source {
	return func(ctx context.Context, f func(store.Element) error) error {
		n, prochain := 0, p.now().Add(rythme)
		return de(ctx, func(e store.Element) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			n++
			if t := p.now(); t.After(prochain) {
				prochain = t.Add(rythme)
				if err := dire(p.stderr, "%s éléments %s…\n", nombre(n), fait); err != nil {
					return err
				}
			}
			return f(e)
		})
	}
}

// interrompu says that the person stopped the work, whatever words the store
// has for it.
func interrompu(p *programme, err error) error {
	var deja *mednum.Error
	if err != nil && p.ctx.Err() != nil && !errors.As(err, &deja) {
		return fmt.Errorf("%w: %w", context.Canceled, err)
	}
	return err
}

func dire(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprint(w, insecables.Replace(fmt.Sprintf(format, args...)))
	return err
}
