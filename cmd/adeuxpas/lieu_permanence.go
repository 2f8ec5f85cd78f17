package main

import (
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

type commandePermanence struct {
	edition
	Regle      string   `required:"" placeholder:"HORAIRES" help:"Jours et heures, comme « Tu 10:00-12:00 » (OSM opening_hours)."`
	Intitule   string   `placeholder:"TEXTE" help:"Nom de la permanence."`
	Depuis     string   `placeholder:"AAAA-MM-JJ" help:"Premier jour."`
	TousLes    int      `placeholder:"N" help:"Une semaine sur N (2 à 8), comptée de celle de --depuis."`
	RendezVous bool     `help:"Seulement sur rendez-vous."`
	Services   []string `sep:"|" placeholder:"LISTE" help:"Services du standard national, séparés par « | » ; sinon ceux du lieu."`
	Arret      string   `placeholder:"NOM" help:"Nom de l’arrêt, quand l’aide se déplace."`
	Adresse    string   `placeholder:"TEXTE" help:"Adresse de l’arrêt."`
	Commune    string   `placeholder:"INSEE" help:"Code INSEE de la commune de l’arrêt."`
	Lat        string   `placeholder:"DEGRES" help:"Latitude de l’arrêt ; sinon le centre de sa commune."`
	Lon        string   `placeholder:"DEGRES" help:"Longitude de l’arrêt, comme --lon=-1.35 à l’ouest."`
}

// Help is the second half of the command's help.
func (commandePermanence) Help() string {
	return `Dit quand quelqu’un aide : les horaires du lieu disent quand ses portes sont
ouvertes. « Une semaine sur deux » se compte depuis un jour, jamais en
semaines paires ou impaires.

Exemples :
  adeuxpas lieu permanence 3k7xcdfh --regle "Tu 10:00-12:00" --rendez-vous
  adeuxpas lieu permanence 3k7xcdfh --regle "Mo 09:30-12:00" \
    --depuis 2026-11-30 --tous-les 2 --arret Mairie --commune 46042`
}

// Run adds the permanence.
func (c commandePermanence) Run(p *programme) error {
	q := mednum.Permanence{
		Intitule: c.Intitule, Regle: c.Regle, TousLes: c.TousLes, Services: c.Services, RendezVous: c.RendezVous,
	}
	var err error
	if q.Depuis, err = lireJour("--depuis", c.Depuis); err != nil {
		return err
	}
	if q.Arret, err = c.arret(); err != nil {
		return err
	}
	return c.modifier(p, func(cat *catalogue.Catalogue, l *mednum.Lieu, jour mednum.Date) (string, error) {
		if q.Arret != nil && q.Arret.CodeInsee != "" {
			if err := cat.CompleterArret(q.Arret); err != nil {
				return "", err
			}
		}
		id, err := l.AjouterPermanence(q)
		return "Permanence " + id + " : " + direPermanence(&q) + ".", err
	})
}

// arret is the stop of the options, nil without them.
func (c commandePermanence) arret() (*mednum.Arret, error) {
	if c.Arret == "" {
		if c.Adresse+c.Commune+c.Lat+c.Lon != "" {
			return nil, usage("--arret : donnez le nom de l’arrêt dont vous dites l’adresse, la commune ou la position.")
		}
		return nil, nil
	}
	var position mednum.Champs
	for champ, texte := range map[mednum.Champ]string{mednum.ChampLatitude: c.Lat, mednum.ChampLongitude: c.Lon} {
		if err := position.Affecter(champ, texte); err != nil {
			return nil, err
		}
	}
	return &mednum.Arret{
		Nom: c.Arret, Adresse: c.Adresse, CodeInsee: c.Commune, Latitude: position.Latitude, Longitude: position.Longitude,
	}, nil
}
