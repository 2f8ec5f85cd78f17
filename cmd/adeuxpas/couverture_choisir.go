package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

type commandeCouvertureChoisir struct {
	base
	paquet
	Quoi     string        `default:"lieu" placeholder:"QUOI" help:"lieu (nouveaux lieux), horaires (dans des lieux qui existent) ou bus (demi-journées d’un bus)."`
	Nombre   int           `default:"3" placeholder:"N" help:"Combien : de 1 à 20."`
	Service  string        `placeholder:"SERVICE" help:"Seulement ce service de la liste nationale ; sinon, n’importe quelle aide."`
	Moment   string        `default:"tous" placeholder:"MOMENT" help:"tous, matin (8 h à 12 h en semaine), soir (après 17 h en semaine) ou samedi."`
	But      string        `default:"couvrir" placeholder:"BUT" help:"couvrir (le plus d’habitants à portée) ou approcher (la distance la plus courte pour tous)."`
	Rayon    string        `default:"10" placeholder:"KM" help:"À portée, c’est à moins de tant de kilomètres, par la route."`
	Facteur  string        `default:"1,3" placeholder:"NOMBRE" help:"De combien une route est plus longue que le vol d’oiseau : de 1 à 2."`
	EPCI     string        `name:"epci" placeholder:"SIREN" help:"Seulement les communes de cette intercommunalité."`
	Imposees string        `placeholder:"COMMUNES" help:"Communes à choisir de toute façon : noms ou codes INSEE, avec des virgules."`
	Exclues  string        `placeholder:"COMMUNES" help:"Communes à ne pas choisir."`
	Delai    time.Duration `default:"10s" placeholder:"DURÉE" help:"Temps de calcul au plus ; ensuite, le meilleur choix connu, avec son écart."`
	JSON     bool          `name:"json" help:"Écrit tout le résultat en JSON."`
}

// Help is the second half of the command's help.
func (commandeCouvertureChoisir) Help() string {
	return `Part des lieux d’aujourd’hui, et dit où en ajouter pour aider le plus de monde,
avec le gain en habitants et l’écart au meilleur choix possible. Les habitants
d’une commune sont comptés à son centre, où un nouveau lieu est placé aussi.

Exemples :
  adeuxpas couverture choisir --moment samedi --nombre 5
  adeuxpas couverture choisir --quoi horaires --moment soir --but approcher
  adeuxpas couverture choisir --quoi bus --moment matin --nombre 5 --json`
}

// etude reads the options; what cannot be read names its option.
func (c commandeCouvertureChoisir) etude(t *territoire.Territoire) (couverture.Etude, error) {
	q, err := couverture.Lire(c.Service, c.Moment, c.Facteur)
	e := couverture.Etude{
		Genre: couverture.GenreEtude(c.Quoi), Service: q.Service, Moment: q.Moment, Facteur: q.Facteur,
		Objectif: couverture.Objectif(c.But), Nombre: c.Nombre, EPCI: c.EPCI,
	}
	km, _ := strconv.ParseFloat(strings.Replace(c.Rayon, ",", ".", 1), 64) // 0 is refused below, in words
	e.Rayon = km * 1000
	var fautes [2]error
	e.Imposees, fautes[0] = couverture.LireCommunes(t, "imposees", c.Imposees)
	e.Exclues, fautes[1] = couverture.LireCommunes(t, "exclues", c.Exclues)
	if err := errors.Join(err, fautes[0], fautes[1]); err != nil {
		return e, err
	}
	return e, e.Verifier(t)
}

// drapeauxEtude are the options, by the fields that refusals name.
var drapeauxEtude = map[string]string{"genre": "quoi", "objectif": "but", "perimetre": "epci"}

// refuserEtude says which option is wrong.
func refuserEtude(err error) error {
	e, ok := errors.AsType[*mednum.Error](err)
	if !ok || e.Code != mednum.Invalide {
		return err
	}
	drapeau := e.Champ
	if d := drapeauxEtude[drapeau]; d != "" {
		drapeau = d
	}
	return usage("--%s : %s", drapeau, e.Message)
}

// Run chooses, and writes.
func (c commandeCouvertureChoisir) Run(p *programme) error {
	if c.Delai <= 0 {
		return usage("--delai : donnez une durée, comme 10s.")
	}
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	e, err := c.etude(t)
	if err != nil {
		return refuserEtude(err)
	}
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	cat, _, err := openCatalogue(p, b, t)
	if err != nil {
		return err
	}
	r := couverture.Mesurer(couverture.Communes(t), inventorier(cat, t, p.now()), e.Question(), nil)
	ctx, cancel := context.WithTimeout(p.ctx, c.Delai)
	defer cancel()
	debut := time.Now()
	choix, err := couverture.Proposer(ctx, t, r, e)
	if err != nil {
		return refuserEtude(err)
	}
	duree := time.Since(debut)
	if c.JSON {
		return ecrireChoixJSON(p.stdout, e, choix, duree)
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(direChoix(&e, choix, duree)))
	return err
}

func ecrireChoixJSON(w io.Writer, e couverture.Etude, choix *couverture.Proposition, duree time.Duration) error {
	j := json.NewEncoder(w)
	j.SetEscapeHTML(false)
	j.SetIndent("", "  ")
	return j.Encode(struct {
		Etude       couverture.Etude        `json:"etude"`
		Proposition *couverture.Proposition `json:"proposition"`
		Secondes    float64                 `json:"secondes"`
	}{e, choix, math.Round(duree.Seconds()*1000) / 1000})
}

func direChoix(e *couverture.Etude, p *couverture.Proposition, duree time.Duration) string {
	var b strings.Builder
	km := func(m couverture.Metres) string {
		if m.Aucune() {
			return "aucune aide"
		}
		return textes.Kilometres(float64(m))
	}
	passent := func(f *couverture.Effet) string {
		return fmt.Sprintf("%s de %s, de %s à %s en moyenne", textes.Pluriel(f.Personnes, "habitant", "habitants"), textes.Pluriel(f.Communes, "commune", "communes"), km(f.Avant), km(f.Apres))
	}
	fmt.Fprintf(&b, "À %s ou moins : %s habitants sur %s aujourd’hui, %s ensuite.\n", textes.Kilometres(e.Rayon), textes.Nombre(p.DansAvant), textes.Nombre(p.Population), textes.Nombre(p.DansApres))
	fmt.Fprintf(&b, "Distance moyenne : %s aujourd’hui, %s ensuite.\n", km(p.MoyAvant), km(p.MoyApres))
	if p.Couverts.Personnes > 0 {
		fmt.Fprintf(&b, "Arrivent à portée : %s.\n", passent(&p.Couverts))
	}
	if p.Rapproches.Personnes > 0 {
		fmt.Fprintf(&b, "Se rapprochent : %s.\n", passent(&p.Rapproches))
	}
	ecart := strings.Replace(strconv.FormatFloat(math.Ceil(1000*p.Ecart)/10, 'f', -1, 64), ".", ",", 1)
	fmt.Fprintf(&b, "Écart au meilleur choix possible : %s\u00a0%% au plus. Calculé en %s\u00a0s.\n", ecart, strings.Replace(strconv.FormatFloat(duree.Seconds(), 'f', 2, 64), ".", ",", 1))
	fmt.Fprintf(&b, "Parmi %s : vérification trop ancienne, %s ; sans heures connues, %s.\n\n", textes.Pluriel(p.Entree.Offres, "lieu ou arrêt", "lieux et arrêts"), textes.Nombre(p.Entree.NonVerifies), textes.Nombre(p.Entree.HeuresInconnues))
	if len(p.Sites) == 0 {
		b.WriteString("Aucun choix n’apporte rien de plus.\n")
	}
	for n := range p.Sites {
		x := &p.Sites[n]
		nom := x.Nom
		if x.Lieu != "" {
			nom += ", " + x.Commune + " (" + x.Lieu + ")"
		}
		fmt.Fprintf(&b, "%s. %s : %s\n", droite(strconv.Itoa(n+1), 2), nom, passent(&x.Aides))
	}
	if e.Genre == couverture.GenreBus && len(p.Sites) > 1 {
		fmt.Fprintf(&b, "\nDans cet ordre, la boucle fait environ %s (à vol d’oiseau × %s).\n", km(p.Boucle), strings.Replace(strconv.FormatFloat(e.Facteur, 'f', -1, 64), ".", ",", 1))
	}
	return b.String()
}
