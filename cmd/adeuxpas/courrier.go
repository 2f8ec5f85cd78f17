package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/taches"
)

// envoi is how mail leaves.
type envoi struct {
	SMTP       string `name:"smtp" placeholder:"URL" env:"ADEUXPAS_SMTP" help:"Serveur qui envoie les courriels : smtp://utilisateur:motdepasse@hote:587, ou smtps://. Sans lui, aucun courriel ne part ; sur localhost, ils s’écrivent au journal."`
	Expediteur string `placeholder:"QUI" env:"ADEUXPAS_EXPEDITEUR" help:"Qui envoie les courriels : « À deux pas <ne-pas-repondre@exemple.fr> »."`
}

// nomService signs the mail.
const nomService = "À deux pas"

// reglages reads the settings of mail for a site at a public address. A refusal
// never repeats the server's, which holds a password.
func (e envoi) reglages(publique string) (r courrier.Reglages, err error) {
	r = courrier.Reglages{NomService: nomService, URLPublique: publique}
	if e.Expediteur != "" {
		if r.Expediteur, err = courrier.LireExpediteur(e.Expediteur); err != nil {
			return r, usage("--expediteur : %s", debutMinuscule(phrase(err)))
		}
	}
	if e.SMTP == "" {
		r.AuJournal = courrier.Local(publique)
		return r, nil
	}
	if r.SMTP, err = courrier.LireSMTP(e.SMTP); err != nil {
		return r, usage("--smtp : %s", debutMinuscule(phrase(err)))
	}
	if e.Expediteur == "" {
		return r, usage("--smtp demande aussi --expediteur : dites qui envoie les courriels, comme « À deux pas <ne-pas-repondre@exemple.fr> ».")
	}
	return r, nil
}

// annoncer says at the start how mail leaves.
func annoncer(journal *slog.Logger, r *courrier.Reglages) {
	switch {
	case r.SMTP != nil:
		journal.Info("les courriels partent par un serveur", "smtp", r.SMTP.String(), "expediteur", r.Expediteur.Adresse)
	case r.Boite != nil:
		journal.Info("démonstration : les courriels se lisent sur /demo")
	case r.AuJournal:
		journal.Info("les courriels s’écrivent au journal : aucun serveur n’est réglé (--smtp)")
	default:
		journal.Warn("aucun courriel ne partira : aucun serveur n’est réglé (--smtp)")
	}
}

// rythmeCourrier is how often the base is asked for mail that is due.
const rythmeCourrier = 5 * time.Second

// travailler does the timed jobs until ctx ends.
func (s *service) travailler(ctx context.Context, p *programme, journal *slog.Logger) {
	taches.Tourner(ctx, s.base, append(s.taches, taches.Tache{
		Nom: "courrier", Chaque: rythmeCourrier, Si: s.courrier.Attend, Faire: func(ctx context.Context) error {
			_, err := s.courrier.Envoyer(ctx)
			return err
		},
	}), rand.Text(), p.now, journal)
}

type commandeCourrier struct {
	Liste  commandeEnvois `cmd:"" help:"Liste les courriels des 30 derniers jours."`
	Rebond commandeRebond `cmd:"" help:"Lit un avis de non-remise sur l’entrée."`
}

type commandeEnvois struct {
	base
	paquet
	Etat string `placeholder:"ÉTAT" help:"Seulement ceux-là : a_envoyer, en_cours, envoye, refuse, abandonne, rebond ou perime."`
}

// Help is the second half of the command's help.
func (commandeEnvois) Help() string {
	return `Un courriel par ligne, du plus ancien au plus récent : quand il a été écrit, son
état, son genre, son adresse masquée, le nombre d’essais, et pourquoi le dernier
a échoué. « rebond » : l’adresse avait déjà refusé un courriel, celui-ci n’est
pas parti. « perime » : ce qu’il proposait n’était plus valable.

Exemples :
  adeuxpas courrier liste
  adeuxpas courrier liste --etat refuse`
}

// Run lists the sendings.
func (c commandeEnvois) Run(p *programme) error {
	etat, err := lireEtat(c.Etat)
	if err != nil {
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
	envois, err := courrierDe(b, p).Liste(p.ctx, etat)
	if err != nil {
		return err
	}
	lignes := make([]string, 0, len(envois))
	for i := range envois {
		lignes = append(lignes, decrireEnvoi(&envois[i], t.Location()))
	}
	if len(envois) == 0 {
		lignes = append(lignes, "Aucun courriel.\n")
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(strings.Join(lignes, "")))
	return err
}

func lireEtat(texte string) (courrier.Etat, error) {
	noms := make([]string, 0, len(courrier.Etats))
	for _, e := range courrier.Etats {
		if texte == "" || texte == string(e) {
			return courrier.Etat(texte), nil
		}
		noms = append(noms, string(e))
	}
	return "", usage("--etat : « %s » n’est pas possible. Choisissez %s.", texte, enumerer(noms))
}

func decrireEnvoi(e *courrier.Envoi, zone *time.Location) string {
	essais := fmt.Sprintf("%d essai", e.Essais)
	if e.Essais > 1 {
		essais += "s"
	}
	ligne := fmt.Sprintf("%s  %-9s  %s  %s, %s", e.Poste.In(zone).Format("2006-01-02 15:04"), e.Etat, e.Genre, mednum.MasquerCourriel(e.A), essais)
	if e.Cause != "" {
		ligne += " : " + e.Cause
	}
	return ligne + "\n"
}

type commandeRebond struct {
	base
}

// Help is the second half of the command's help.
func (commandeRebond) Help() string {
	return `Votre serveur de courriel donne à cette commande, entier, chaque message qui
revient à l’adresse de l’expéditeur. Quand il dit qu’un courriel à nous n’a pas
été remis (RFC 3464), l’adresse est notée : elle ne reçoit plus que les liens de
connexion, jusqu’à ce que l’un d’eux arrive. Un simple retard n’est pas noté.

Exemple, dans /etc/aliases :
  ne-pas-repondre: "|adeuxpas courrier rebond --base /srv/adeuxpas.db"`
}

// Run reads the notice.
func (c commandeRebond) Run(p *programme) error {
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	rebonds, err := courrierDe(b, p).LireRebond(p.ctx, p.stdin)
	if err != nil {
		return err
	}
	texte := ""
	for _, r := range rebonds {
		texte += fmt.Sprintf("%s : rebond noté (%s).\n", mednum.MasquerCourriel(r.Adresse), r.Cause)
	}
	if len(rebonds) == 0 {
		texte = "Rien à noter : ce message ne dit pas qu’un de nos courriels est refusé.\n"
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(texte))
	return err
}

// courrierDe is the room for a command: it reads and notes, and sends nothing.
func courrierDe(b store.Magasin, p *programme) *courrier.Courrier {
	return courrier.New(b, courrier.Reglages{}, p.now, slog.New(slog.NewTextHandler(p.stderr, nil)))
}
