package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/sources"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/taches"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// rythmeSources is how often it is looked whether a source is due, or asked for.
const rythmeSources = 5 * time.Second

// openSources is the job that fetches the sources that are due.
func (c commandeServir) openSources(p *programme, s *service, t *territoire.Territoire, publique string, journal *slog.Logger) error {
	permis, err := c.reseaux()
	if err != nil {
		return err
	}
	if c.Demo {
		permis = append(permis, cetteMachine...)
	}
	s.sources = sources.New(sources.Pieces{
		Base: s.base, Territoire: t, Sortie: sources.NewSortie(permis, http.ProxyFromEnvironment), Now: p.now, Journal: journal,
		URLPublique: publique, Version: version,
	})
	s.taches = append(s.taches, taches.Tache{Nom: "sources", Chaque: rythmeSources, Si: s.sources.Dues, Faire: s.sources.Suivre})
	return nil
}

type commandeSource struct {
	Ajouter   commandeSourceAjouter   `cmd:"" help:"Ajoute un fichier à relire à heure fixe."`
	Lister    commandeSourceLister    `cmd:"" help:"Liste les sources et leur état."`
	Lancer    commandeSourceLancer    `cmd:"" help:"Lit une source maintenant."`
	Appliquer commandeSourceAppliquer `cmd:"" help:"Écrit ce qui attendait une décision."`
	Modifier  commandeSourceModifier  `cmd:"" help:"Change les réglages d’une source."`
	Suspendre commandeSourceSuspendre `cmd:"" help:"Ne lit plus une source."`
	Reprendre commandeSourceReprendre `cmd:"" help:"Lit de nouveau une source suspendue."`
	Retirer   commandeSourceRetirer   `cmd:"" help:"Oublie une source : ses fiches restent."`
}

// uneSource is a source by its name.
type uneSource struct {
	base
	paquet
	Nom string `arg:"" name:"nom" help:"Nom de la source, comme « source lister » le donne."`
}

// ouvrirSources opens the room of sources on an existing base.
func ouvrirSources(p *programme, b store.Magasin, q paquet, r reseauxPermis) (*sources.Sources, *territoire.Territoire, error) {
	if err := r.verifierPermis(); err != nil {
		return nil, nil, err
	}
	permis, err := r.reseaux()
	if err != nil {
		return nil, nil, err
	}
	t, err := q.open()
	if err != nil {
		return nil, nil, err
	}
	return sources.New(sources.Pieces{
		Base: b, Territoire: t, Sortie: sources.NewSortie(permis, http.ProxyFromEnvironment), Now: p.now,
		Journal: slog.New(slog.DiscardHandler), Version: version,
	}), t, nil
}

type commandeSourceAjouter struct {
	base
	paquet
	reseauxPermis
	Chaque   string `placeholder:"PÉRIODE" help:"jour, semaine (le lundi) ou mois (le 1er). Par défaut : jour, et semaine pour une source connue."`
	Heure    int    `default:"3" placeholder:"HEURE" help:"Heure de la lecture, de 0 à 23, à l’heure du territoire."`
	Zone     string `default:"tout" placeholder:"ZONE" help:"Fiches à prendre : departement, voisinage (30 km de plus) ou tout."`
	Licence  string `placeholder:"LICENCE" help:"Licence du fichier : Licence Ouverte 2.0, ODbL 1.0 ou inconnue. Sinon, ce que dit son format."`
	Date     string `default:"auto" placeholder:"RÈGLE" help:"Date des fiches qui n’en portent pas : auto (celle du nom du fichier, ou sa dernière modification), modification ou lecture."`
	Colonnes string `placeholder:"COLONNES" help:"Ce que sont les colonnes d’un tableau à vous : « Nom du lieu=nom,Ville=commune »."`
	Nom      string `arg:"" name:"nom" help:"Nom de la source."`
	URL      string `arg:"" optional:"" name:"url" help:"Adresse du fichier, en https."`
}

// Help is the second half of the command's help.
func (commandeSourceAjouter) Help() string {
	return `Le service lit le fichier dans la minute, puis à heure fixe. Il dit ce qui
changerait, et l’écrit tout seul si personne n’a rien à décider. Les formats
sont ceux de « adeuxpas importer ». Trois sources sont connues, et leur nom
suffit : france-services, rhinocc et carte-nationale.

Une adresse d’un réseau privé est refusée, sauf si ce réseau est dans
--reseaux-permis, ici et pour le service.

Exemples :
  adeuxpas source ajouter france-services
  adeuxpas source ajouter "Ville de Moissac" https://exemple.fr/lieux.csv \
    --chaque mois --heure 4 --licence "Licence Ouverte 2.0"`
}

// Run keeps a new source.
func (c commandeSourceAjouter) Run(p *programme) error {
	colonnes, err := norme.ParseCorrespondance(c.Colonnes)
	if err != nil {
		return usage("--colonnes : %s", debutMinuscule(phrase(err)))
	}
	b, err := c.base.open(p)
	if err != nil {
		return err
	}
	defer b.Close()
	s, _, err := ouvrirSources(p, b, c.paquet, c.reseauxPermis)
	if err != nil {
		return err
	}
	src, err := s.Ajouter(p.ctx, sources.Demande{
		Nom: c.Nom, URL: c.URL, Chaque: sources.Periode(c.Chaque), Heure: c.Heure, Zone: collecte.Zone(c.Zone), Licence: c.Licence, Date: sources.RegleDate(c.Date), Colonnes: colonnes,
	})
	if err != nil {
		return nommerChamp(err)
	}
	noter(p, b, surSource(src.ID, "Source ajoutée"))
	licence := ""
	if src.Licence == "" {
		licence = "Licence : celle que dit son format ; sinon « inconnue », et ses lieux ne vont pas dans les fichiers ouverts. Donnez --licence si vous la connaissez.\n"
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(fmt.Sprintf("Source « %s » ajoutée, lue %s (heure du territoire).\n%sLe service la lit dans la minute. Pour la lire tout de suite : adeuxpas source lancer %s\n",
		src.ID, src.Rythme, licence, src.ID)))
	return err
}

func surSource(id, quoi string) registre.Acte {
	return registre.Acte{Genre: registre.GenreSource, Objet: "source:" + id, Texte: quoi + " : " + id}
}

// rapportSource is where all of the plan is written, beside its summary.
type rapportSource struct {
	Rapport string `placeholder:"FICHIER" help:"Écrit tout le plan, en JSON, dans ce fichier."`
}

type commandeSourceLancer struct {
	uneSource
	reseauxPermis
	rapportSource
	Simulation bool `help:"Dit ce qui changerait, et n’écrit rien."`
}

// Help is the second half of the command's help.
func (commandeSourceLancer) Help() string {
	return `Lit la source maintenant, même suspendue, et écrit ce que personne n’a à
décider. Le code de sortie est 1 si elle n’a pas pu être lue.

Exemples :
  adeuxpas source lancer france-services --simulation
  adeuxpas source lancer france-services`
}

// Run fetches a source now.
func (c commandeSourceLancer) Run(p *programme) error {
	return c.passer(p, c.reseauxPermis, c.rapportSource, c.Simulation, func(s *sources.Sources) (sources.Passage, error) {
		if c.Simulation {
			return s.Simuler(p.ctx, c.Nom)
		}
		return s.Passer(p.ctx, c.Nom, sources.Lancer, "cli")
	})
}

type commandeSourceAppliquer struct {
	uneSource
	reseauxPermis
	rapportSource
}

// Help is the second half of the command's help.
func (commandeSourceAppliquer) Help() string {
	return `Relit la source et écrit tout, si le fichier est celui qui attendait. Les fiches
à décider sont publiées en attendant, chacune comme un lieu. Si le fichier a
changé depuis, il attend de nouveau : lisez le bilan, puis recommencez.

Exemple :
  adeuxpas source appliquer france-services`
}

// Run writes what waited.
func (c commandeSourceAppliquer) Run(p *programme) error {
	return c.passer(p, c.reseauxPermis, c.rapportSource, false, func(s *sources.Sources) (sources.Passage, error) {
		return s.Passer(p.ctx, c.Nom, sources.Appliquer, "cli")
	})
}

// passer runs a source and says what came of it.
func (c uneSource) passer(p *programme, r reseauxPermis, ou rapportSource, simulation bool, f func(*sources.Sources) (sources.Passage, error)) error {
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	s, _, err := ouvrirSources(p, b, c.paquet, r)
	if err != nil {
		return err
	}
	passage, err := f(s)
	if err != nil {
		return err
	}
	if passage.Etat == sources.Echec {
		return refuser("%s : %s", c.Nom, passage.Raison)
	}
	texte, err := ou.ecrire(&passage, simulation)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(texte+direPassage(c.Nom, &passage, simulation)))
	return err
}

// ecrire writes the report, if one is wanted, and returns the summary.
func (r rapportSource) ecrire(p *sources.Passage, simulation bool) (string, error) {
	switch {
	case p.Plan == nil && r.Rapport != "":
		return "Le fichier n’a pas changé : il n’y a pas de rapport.\n", nil
	case p.Plan == nil:
		return "", nil
	case r.Rapport == "":
		return afficher(p.Plan.Dire(parEcran)), nil
	}
	rien := simulation || p.Etat != sources.Applique
	err := remplacer(r.Rapport, func(w io.Writer) error { return p.Plan.EcrireRapport(w, rien, p.Le) })
	return afficher(p.Plan.Dire(parEcran)), err
}

// afficher is a text that repeats a file of somebody else, without what a
// terminal would obey.
func afficher(texte string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return -1
		}
		return r
	}, texte)
}

// direPassage is what came of a run that did not fail.
func direPassage(nom string, p *sources.Passage, simulation bool) string {
	switch {
	case simulation && p.Etat == sources.Applique:
		return "Simulation : rien n’est écrit dans la base.\n"
	case p.Etat == sources.Applique:
		return "C’est écrit.\n"
	case p.Etat == sources.Attend:
		return "Rien n’est écrit : " + debutMinuscule(p.Raison) + " Si c’est voulu : adeuxpas source appliquer " + nom + "\n"
	}
	return "À jour : rien à écrire.\n"
}
