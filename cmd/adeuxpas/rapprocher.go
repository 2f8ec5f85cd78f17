package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/rapproche"
)

type commandeRapprocher struct {
	Date     string   `placeholder:"AAAA-MM-JJ" help:"Date des fiches qui n’en portent pas ; sinon celle du nom du fichier."`
	Sortie   string   `placeholder:"FICHIER" help:"Fichier JSON à écrire ; sinon, la sortie du programme."`
	Fichiers []string `arg:"" name:"fichier" help:"Fichiers à lire, de tout format que l’import connaît."`
}

// Help is the second half of the command's help.
func (commandeRapprocher) Help() string {
	return `Dit quelles fiches de ces fichiers parlent du même lieu, et pourquoi, sans base
et sans rien changer. Chaque fiche lue est dans un groupe et un seul ; un lieu
que rien d’autre ne décrit fait un groupe d’une fiche. « a_decider » réunit les
fiches de deux groupes qu’une personne doit comparer. Chaque membre est nommé
par son fichier, sa ligne (son rang, pour un JSON) et son identifiant dans la
source. Les lignes qui ne sont pas lisibles sont comptées, avec leur raison, sur
la sortie d’erreur. Le fichier n’est remplacé qu’une fois tout écrit.

Exemples :
  adeuxpas rapprocher liste-fs-20240801.csv conseillers.json
  adeuxpas rapprocher --sortie groupes.json liste-fs-2023-07.csv lieux.csv`
}

// membre names a record by where its file has it.
type membre struct {
	Fichier string `json:"fichier"`
	Ligne   int    `json:"ligne"` // of a CSV, its header being 1; the rank of the object in a JSON, from 1
	ID      string `json:"id"`    // as the file writes it
}

// groupe is a place, or two that a person should compare.
type groupe struct {
	Membres []membre `json:"membres"`
	Score   float64  `json:"score"`
	Raisons []string `json:"raisons"`
}

// Run reads all the files, then writes the groups.
func (c commandeRapprocher) Run(p *programme) error {
	if err := sansDoublon(c.Fichiers); err != nil {
		return err
	}
	date, err := jourDonne(c.Date)
	if err != nil {
		return err
	}
	suivi := newAvancement(p)
	lectures, err := lireFichiers(p.ctx, nil, norme.Options{Date: date}, c.Fichiers, suivi)
	suivi.finir()
	if err != nil {
		return err
	}
	var fiches []mednum.Fiche
	var membres []membre
	noms := nomsDeFichiers(c.Fichiers)
	for i, l := range lectures {
		for _, f := range l.Fiches {
			fiches = append(fiches, f)
			membres = append(membres, membre{noms[i], f.Ligne, idDeSource(&f)})
		}
		if err := direLecture(p.stderr, noms[i], l); err != nil {
			return err
		}
	}
	g := rapproche.Grouper(fiches, rapproche.Savoir{})
	ecrire := func(w io.Writer) error { return ecrireGroupes(w, g, membres) }
	if c.Sortie == "" {
		err = ecrire(p.stdout)
	} else {
		err = remplacer(c.Sortie, ecrire)
	}
	if err != nil {
		return err
	}
	reunis := 0
	for _, x := range g.Groupes {
		if len(x.Membres) > 1 {
			reunis++
		}
	}
	_, err = fmt.Fprintf(p.stderr, "%s, %s (%s), %s.\n", compter(len(fiches), "fiche"), compter(len(g.Groupes), "lieu"),
		nombreDe(reunis, "aucun n’a plusieurs fiches", "1 a plusieurs fiches", "%d ont plusieurs fiches"),
		nombreDe(len(g.Doutes), "rien à décider", "1 doute à décider", "%d doutes à décider"))
	return err
}

// sansDoublon refuses a file that is given twice: its rows would be their own
// doubles.
func sansDoublon(chemins []string) error {
	vus := make(map[string]bool, len(chemins))
	for _, chemin := range chemins {
		if vus[filepath.Clean(chemin)] {
			return usage("%s est donné deux fois.", chemin)
		}
		vus[filepath.Clean(chemin)] = true
	}
	return nil
}

// nomsDeFichiers are the base names, or the paths as they were given where two
// files have one base name.
func nomsDeFichiers(chemins []string) []string {
	nombre := make(map[string]int, len(chemins))
	for _, chemin := range chemins {
		nombre[filepath.Base(chemin)]++
	}
	noms := make([]string, len(chemins))
	for i, chemin := range chemins {
		if noms[i] = filepath.Base(chemin); nombre[noms[i]] > 1 {
			noms[i] = chemin
		}
	}
	return noms
}

// idDeSource is the id as the file writes it: readers of files of several
// producers put the producer before it in the key.
func idDeSource(f *mednum.Fiche) string {
	if f.Producteur == "" {
		return f.Cle
	}
	return strings.TrimPrefix(f.Cle, f.Producteur+":")
}

// ecartesMax is how many rows set aside are said one by one.
const ecartesMax = 20

// direLecture says what a file gave, and each row that was set aside.
func direLecture(w io.Writer, nom string, l norme.Lecture) error {
	lignes := []string{fmt.Sprintf("%s\u00a0: %s, %s, %s.", nom, l.Format, compter(len(l.Fiches), "fiche"),
		nombreDe(len(l.Ecartes), "aucune ligne écartée", "1 ligne écartée", "%d lignes écartées"))}
	for i, e := range l.Ecartes {
		if i == ecartesMax {
			lignes = append(lignes, fmt.Sprintf("  … et %d autres.", len(l.Ecartes)-i))
			break
		}
		lignes = append(lignes, fmt.Sprintf("  ligne %d\u00a0: %s", e.Ligne, e.Motif))
	}
	_, err := fmt.Fprintln(w, strings.Join(lignes, "\n"))
	return err
}

// compter says a number of things, in the plural from 2: "2 fiches", "2 lieux".
func compter(n int, un string) string {
	switch {
	case n < 2:
		return fmt.Sprintf("%d %s", n, un)
	case strings.HasSuffix(un, "eu"):
		return fmt.Sprintf("%d %sx", n, un)
	}
	return fmt.Sprintf("%d %ss", n, un)
}

func nombreDe(n int, aucun, un, plusieurs string) string {
	switch n {
	case 0:
		return aucun
	case 1:
		return un
	}
	return fmt.Sprintf(plusieurs, n)
}

// ecrireGroupes writes one group a line. A doubt holds all the records of its
// two groups, those of the first one first.
func ecrireGroupes(w io.Writer, g rapproche.Groupement, membres []membre) error {
	parFiche := make([]int, len(membres))
	for n, x := range g.Groupes {
		for _, i := range x.Membres {
			parFiche[i] = n
		}
	}
	doutes := make([]rapproche.Groupe, len(g.Doutes))
	for n, d := range g.Doutes {
		doutes[n] = rapproche.Groupe{Score: d.Score, Raisons: d.Raisons}
		for _, i := range d.Membres {
			doutes[n].Membres = append(doutes[n].Membres, g.Groupes[parFiche[i]].Membres...)
		}
	}
	tampon := bufio.NewWriter(w)
	fmt.Fprint(tampon, `{"groupes":[`)
	if err := ecrireListe(tampon, g.Groupes, membres); err != nil {
		return err
	}
	fmt.Fprint(tampon, `],"a_decider":[`)
	if err := ecrireListe(tampon, doutes, membres); err != nil {
		return err
	}
	fmt.Fprint(tampon, "]}\n")
	return tampon.Flush()
}

func ecrireListe(w io.Writer, groupes []rapproche.Groupe, membres []membre) error {
	for n, x := range groupes {
		g := groupe{Score: x.Score, Raisons: x.Raisons}
		if g.Raisons == nil {
			g.Raisons = []string{} // never null
		}
		for _, i := range x.Membres {
			g.Membres = append(g.Membres, membres[i])
		}
		octets, err := json.Marshal(g)
		if err != nil {
			return err
		}
		avant := ",\n"
		if n == 0 {
			avant = "\n"
		}
		if _, err := fmt.Fprintf(w, "%s%s", avant, octets); err != nil {
			return err
		}
	}
	return nil
}
