package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

type commandeImporter struct {
	base
	paquet
	Simulation bool     `help:"Dit ce que l’import ferait, et n’écrit rien dans la base."`
	Source     string   `placeholder:"NOM" help:"Qui tient ces fichiers, quand ils ne le disent pas : les fichiers d’une source se suivent d’un mois à l’autre."`
	Date       string   `placeholder:"AAAA-MM-JJ" help:"Date des fichiers et des fiches qui n’en portent pas ; sinon celle du nom du fichier."`
	Licence    string   `placeholder:"LICENCE" help:"Licence des fichiers : « Licence Ouverte 2.0 » (supposée quand rien ne la dit), « ODbL 1.0 » ou « inconnue »."`
	Rapport    string   `placeholder:"FICHIER" help:"Écrit tout le plan, en JSON, dans ce fichier."`
	Zone       string   `default:"tout" enum:"departement,voisinage,tout" placeholder:"ZONE" help:"Fiches à prendre : departement, voisinage (30 km de plus) ou tout."`
	Colonnes   string   `placeholder:"COLONNES" help:"Ce que sont les colonnes d’un tableau à vous : « Nom du lieu=nom,Ville=commune ». Gardé pour la fois suivante."`
	Geocodage  string   `default:"${geocodage}" placeholder:"URL" env:"ADEUXPAS_GEOCODAGE" help:"Service qui situe les adresses des fiches sans point ; vide pour s’en passer."`
	Fichiers   []string `arg:"" name:"fichier" help:"Fichiers à lire."`

	date     mednum.Date
	colonnes norme.Correspondance
}

// codeInterrompu is the exit code of an import that Ctrl-C stopped: running the
// same command again resumes it.
const codeInterrompu = 130

// ramassage has the memory of an import swept twice as often as by default: it
// holds whole files and the whole base.
const ramassage = 50

// licences are those that an import may be given.
var licences = []string{mednum.LicenceOuverte, mednum.LicenceODbL, mednum.LicenceInconnue}

// Help is the second half of the command's help.
func (commandeImporter) Help() string {
	return `Lit des fichiers, dit ce qui changerait, puis met les lieux à jour. Les formats
sont reconnus au contenu : liste France services, standard national des lieux de
médiation numérique (v1.0.2 et v0), conseillers numériques, data·inclusion,
Fabriques de territoire, GoGoCarto, GeoJSON, et tableaux à vous (CSV, XLSX).
Chaque fiche est nouvelle, sans changement, modifiée, rattachée au lieu d’une
autre fiche, à décider, ou écartée avec sa raison. Une fiche à décider est
publiée en attendant. Le même fichier, lu deux fois, ne
change rien ; un fichier plus ancien ne remplace rien. Si un fichier n’est pas
lisible, aucun n’est importé. Une base absente est créée, avec ces fichiers pour
seul contenu. Le service peut rester ouvert : il montre le changement en une
seconde.

Ctrl-C arrête l’import (code 130) : chaque lieu est dans son ancien état ou dans
le nouveau. La même commande, relancée, reprend et finit.

Ce qui est à décider se décide ensuite : « adeuxpas doublons lister ».

Exemples :
  adeuxpas importer --simulation --rapport plan.json liste-fs-20240801.csv
  adeuxpas importer liste-fs-20240801.csv
  adeuxpas importer --source "CCAS de Moissac" --date 2026-11-01 lieux.csv`
}

// verifier reads what the flags say.
func (c *commandeImporter) verifier() (err error) {
	if c.date, err = jourDonne(c.Date); err != nil {
		return err
	}
	if c.Licence != "" && !slices.Contains(licences, c.Licence) {
		return usage("--licence : « %s » n’est pas connue. Choisissez %s.", c.Licence, enumerer(licences))
	}
	if c.colonnes, err = norme.ParseCorrespondance(c.Colonnes); err != nil {
		return usage("--colonnes : %s", phrase(err))
	}
	if c.Geocodage != "" && !estURL(c.Geocodage) {
		return usage("--geocodage : « %s » n’est pas une adresse, comme %s.", c.Geocodage, territoire.URLGeocodage)
	}
	return nil
}

// jourDonne is the day of --date, the zero one when it is not given.
func jourDonne(texte string) (mednum.Date, error) {
	if texte == "" {
		return mednum.Date{}, nil
	}
	jour, err := mednum.ParseDate(texte)
	if err != nil {
		return mednum.Date{}, usage("--date : « %s » n’est pas une date, comme 2024-08-01.", texte)
	}
	return jour, nil
}

// Run reads all the files, says the plan, then writes it as one operation.
func (c commandeImporter) Run(p *programme) error {
	if err := c.verifier(); err != nil {
		return err
	}
	debug.SetGCPercent(ramassage)
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	suivi := newAvancement(p)
	defer suivi.finir()
	b, lectures, err := c.ouvrirEtLire(p, suivi)
	if err != nil {
		return suivi.interrompu(p, err)
	}
	defer b.Close()
	return suivi.interrompu(p, c.importer(p, b, t, lectures, suivi))
}

// options are those of the import.
func (c *commandeImporter) options(p *programme, suivi *avancement) collecte.Options {
	o := collecte.Options{Zone: collecte.Zone(c.Zone), Auteur: "cli", Voie: "cli", Le: p.now(), Licence: c.Licence, LicenceSupposee: mednum.LicenceOuverte, Avance: suivi.etape}
	if c.Geocodage != "" {
		o.Geocodeur = territoire.NewLot(c.Geocodage, nil)
	}
	return o
}

// importer plans, says and writes.
func (c *commandeImporter) importer(p *programme, b store.Magasin, t *territoire.Territoire, lectures []norme.Lecture, suivi *avancement) error {
	o := c.options(p, suivi)
	plan, err := collecte.Planifier(p.ctx, b, t, lectures, o)
	if err != nil {
		return err
	}
	suivi.finir()
	if err := c.rapporter(p, &plan); err != nil {
		return err
	}
	if err := dire(p.stdout, "%s%s", plan.Dire(parEcran), direLicences(&plan)); err != nil {
		return err
	}
	if c.Simulation {
		return dire(p.stdout, "Simulation : rien n’est écrit dans la base. Pour le faire : la même commande, sans --simulation.\n")
	}
	err = collecte.Appliquer(p.ctx, b, &plan, func(fait, total int) { suivi.etape(collecte.EtapeEcrire, fait, total) })
	if collecte.Perime(err) {
		suivi.finir()
		if err := dire(p.stderr, "Des lieux ont changé pendant l’import : ce qui reste est refait.\n"); err != nil {
			return err
		}
		_, err = collecte.Importer(p.ctx, b, t, lectures, o)
	}
	if err != nil {
		return err
	}
	for i := range lectures {
		if err := collecte.GarderCorrespondance(p.ctx, b, &lectures[i]); err != nil {
			return err
		}
	}
	suivi.finir()
	if !plan.Ecrit() {
		return nil
	}
	return dire(p.stdout, "%s", cEstEcrit(&plan))
}

// cEstEcrit says that the import is done, and how to undo what it joined.
func cEstEcrit(plan *collecte.Plan) string {
	texte := "C’est écrit.\n"
	if plan.Bilan.Fusionnes > 0 {
		texte += "Pour rendre à chaque fiche rattachée un lieu à elle : adeuxpas doublons defaire " + plan.Operation() + "\n"
	}
	return texte
}

// parEcran is how many things of a kind the screen shows.
const parEcran = 10

// rapporter writes the report, if one is wanted: before the places, so that it is
// there when the writing is stopped.
func (c *commandeImporter) rapporter(p *programme, plan *collecte.Plan) error {
	if c.Rapport == "" {
		return nil
	}
	// For its owner alone: it holds what the repairs took away.
	ecrire := func(w io.Writer) error { return plan.EcrireRapport(w, c.Simulation, p.now()) }
	return deposer(c.Rapport, 0o600, ecrire, func(*os.File) error { return nil })
}

// direLicences says under which licence the files are given on when nothing
// told it, and which are not.
func direLicences(plan *collecte.Plan) string {
	var supposees, inconnues []string
	for _, f := range plan.Fichiers {
		switch {
		case f.Supposee:
			supposees = append(supposees, f.Fichier)
		case f.Licence == mednum.LicenceInconnue:
			inconnues = append(inconnues, f.Fichier)
		}
	}
	var b strings.Builder
	if len(supposees) > 0 {
		fmt.Fprintf(&b, "Licence non dite (%s) : %s est supposée. Si c’en est une autre, dites-le : --licence.\n", strings.Join(supposees, ", "), mednum.LicenceOuverte)
	}
	if len(inconnues) > 0 {
		fmt.Fprintf(&b, "Licence inconnue (%s) : ces lieux ne seront pas dans les fichiers ouverts tant que --licence n’est pas donnée.\n", strings.Join(inconnues, ", "))
	}
	return b.String()
}

// interrompu says what is done when the person stopped the import.
func (a *avancement) interrompu(p *programme, err error) error {
	a.finir()
	var deja *refus
	if err == nil || p.ctx.Err() == nil || errors.As(err, &deja) {
		return err
	}
	fait := "rien n’est encore écrit"
	switch {
	case a.nom != etapes[collecte.EtapeEcrire].nom || a.total == 0:
	case a.fait >= a.total:
		fait = "tous les lieux sont écrits"
	default:
		fait = nombre(a.fait) + " lieux sur " + nombre(a.total) + " sont écrits"
	}
	return &refus{
		code: codeInterrompu, cause: errors.Join(context.Canceled, err),
		phrase: "Import interrompu : " + fait + ". Chaque lieu est dans son ancien état ou dans le nouveau. Relancez la même commande : elle reprend et finit.",
	}
}
