package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

type commandeJournal struct {
	base
	paquet
	Lieu   string `placeholder:"ID" help:"Les changements de ce lieu seulement."`
	Nombre int    `default:"20" placeholder:"N" help:"Nombre de changements, de 1 à 200."`
	Avant  int64  `placeholder:"N" help:"Les changements d’avant ce numéro, qui est en tête de ligne."`
}

// Help is the second half of the command's help.
func (commandeJournal) Help() string {
	return `Un changement par ligne, du plus récent au plus ancien : son numéro, quand, sur
quel lieu, ce qui a changé, qui l’a fait et par où. Les champs portent leur nom
au standard national ; le reste se dit « permanences, exceptions, vérification
ou statut ». Quand il peut y avoir une suite, la dernière ligne dit comment la
voir.

Exemples :
  adeuxpas journal
  adeuxpas journal --lieu 3k7xcdfh --nombre 5`
}

// Run lists the changes.
func (c commandeJournal) Run(p *programme) error {
	if err := store.VerifierPage(c.Avant, c.Nombre); err != nil {
		return err
	}
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	page, err := c.page(p, b)
	if err != nil {
		return err
	}
	var lignes strings.Builder
	for i := range page {
		lignes.WriteString(decrireRevision(&page[i], t.Location()) + "\n")
	}
	lignes.WriteString(c.suite(page))
	_, err = fmt.Fprint(p.stdout, insecables.Replace(lignes.String()))
	return err
}

// page is what the command lists.
func (c commandeJournal) page(p *programme, b store.Magasin) ([]mednum.Revision, error) {
	if c.Lieu == "" {
		return b.Journal(p.ctx, c.Avant, c.Nombre)
	}
	histoire, err := b.Revisions(p.ctx, c.Lieu)
	if err != nil {
		return nil, err
	}
	if len(histoire) == 0 {
		return nil, refuser("--lieu : nous ne connaissons pas de lieu « %s ».", c.Lieu)
	}
	slices.Reverse(histoire)
	histoire = slices.DeleteFunc(histoire, func(r mednum.Revision) bool { return c.Avant > 0 && r.Apres.Seq >= c.Avant })
	return histoire[:min(c.Nombre, len(histoire))], nil
}

// suite says what follows a page.
func (c commandeJournal) suite(page []mednum.Revision) string {
	switch {
	case len(page) == c.Nombre:
		return fmt.Sprintf("La suite : la même commande, avec --avant %d.\n", page[len(page)-1].Apres.Seq)
	case len(page) == 0 && c.Avant > 0:
		return fmt.Sprintf("Aucun changement avant le numéro %d.\n", c.Avant)
	case len(page) == 0:
		return "Aucun changement.\n"
	}
	return ""
}

// voies are the ways in which a change comes, in words.
var voies = map[string]string{"app": "par le site", "lien": "par un lien", "api": "par l’API", "import": "par un import", "cli": "par une commande", "telephone": "par téléphone"}

// decrireRevision is one line of the journal; the moment is that of the zone.
func decrireRevision(r *mednum.Revision, zone *time.Location) string {
	texte := fmt.Sprintf("%d  %s  %s « %s » version %d : %s ; %s", r.Apres.Seq, r.Le.In(zone).Format("2006-01-02 15:04"),
		r.Lieu, ouNon(r.Apres.Champs.Nom, "sans nom"), r.Version, direChangement(r), ouNon(r.Auteur, "auteur inconnu"))
	if voie := voies[r.Voie]; voie != "" {
		texte += ", " + voie
	}
	return texte + "."
}

// direChangement is what a revision did to its place.
func direChangement(r *mednum.Revision) string {
	switch {
	case r.Apres.Statut == mednum.StatutFusionne:
		return "réuni avec " + r.Apres.Vers
	case r.Apres.Statut == mednum.StatutRetire:
		return "retiré"
	case r.Version == 1:
		return "nouveau lieu"
	case len(r.Champs) == 0:
		return "permanences, exceptions, vérification ou statut"
	}
	noms := make([]string, len(r.Champs))
	for i, c := range r.Champs {
		noms[i] = string(c)
	}
	return strings.Join(noms, ", ")
}
