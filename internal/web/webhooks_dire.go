package web

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/textes"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

// titreWebhook is how people call a webhook: its name, otherwise its host.
func titreWebhook(h *webhooks.Webhook) string {
	if h.Nom != "" {
		return h.Nom
	}
	if u, err := url.Parse(h.URL); err == nil {
		return u.Host
	}
	return h.URL
}

// direWebhook is a webhook in words, with what waits for it.
func (s *site) direWebhook(h *webhooks.Webhook, f webhooks.File) webhookVue {
	v := webhookVue{ID: h.ID, Titre: titreWebhook(h), URL: h.URL, Portee: s.direZone(h), Actif: h.Actif(), Cree: s.direQuand(h.Cree)}
	v.Etat, v.Souci = s.direEtatWebhook(h, f)
	if f.Nombre > 0 {
		v.Attend = textes.Pluriel(f.Nombre, "envoi attend", "envois attendent")
	}
	for _, a := range h.Anciens {
		if s.Now().Before(a.Jusqua) {
			v.Rotation = "L’ancien secret signe encore jusqu’à " + strings.TrimPrefix(s.direMoment(a.Jusqua), "à ") + "."
		}
	}
	return v
}

// direZone is which places a webhook is told of.
func (s *site) direZone(h *webhooks.Webhook) string {
	switch h.Portee {
	case webhooks.PorteeEPCI:
		if e, ok := s.Territoire.EPCI(h.Zone); ok {
			return "Les lieux de " + e.Nom
		}
		return "Les lieux d’une intercommunalité que nous ne connaissons plus"
	case webhooks.PorteeCommune:
		if c, ok := s.Territoire.Commune(h.Zone); ok {
			return "Les lieux " + textes.De(c.NomCourant())
		}
		return "Les lieux d’une commune que nous ne connaissons plus"
	}
	return "Tous les lieux"
}

// direEtatWebhook says how a webhook goes; souci tells that nothing reaches it.
func (s *site) direEtatWebhook(h *webhooks.Webhook, f webhooks.File) (etat string, souci bool) {
	quand := s.direMoment(h.ArreteLe)
	switch h.Arret {
	case webhooks.ArretPause:
		return "Mis en pause " + quand + " : rien ne part.", false
	case webhooks.ArretParti:
		return "Arrêté " + quand + " : l’adresse a répondu qu’elle n’existe plus (410).", true
	case webhooks.ArretEchecs:
		return "Arrêté " + quand + " : tous les envois ont échoué. Le dernier : " + direCause(&h.Dernier) + ".", true
	}
	switch {
	case h.Dernier.Le.IsZero():
		return "Prêt : rien n’a encore été envoyé.", false
	case h.Echecs == 0 && h.Dernier.Recu():
		return "Dernier envoi reçu " + s.direMoment(h.Dernier.Le) + ".", false
	case h.Echecs == 0:
		return "Le dernier envoi a échoué " + s.direMoment(h.Dernier.Le) + " : " + direCause(&h.Dernier) + ".", true
	}
	etat = textes.Pluriel(h.Echecs, "échec", "échecs") + " : " + direCause(&h.Dernier) + "."
	if !f.Prochain.IsZero() {
		etat += " " + s.direProchain(f.Prochain) + "."
	}
	return etat, true
}

// direProchain is when something is tried next.
func (s *site) direProchain(t time.Time) string {
	if !s.Now().Before(t) {
		return "Prochain essai maintenant"
	}
	return "Prochain essai " + s.direMoment(t)
}

// direCause is why a try failed. What the address answered is not repeated.
func direCause(r *webhooks.Resultat) string {
	switch r.Cause {
	case webhooks.Reponse:
		return fmt.Sprintf("l’adresse a répondu %d", r.Code)
	case webhooks.Redirection:
		return fmt.Sprintf("l’adresse envoie ailleurs (%d), et nous ne suivons pas", r.Code)
	case webhooks.Delai:
		return "pas de réponse en dix secondes"
	case webhooks.Nom:
		return "le nom de l’adresse ne mène nulle part"
	case webhooks.Certificat:
		return "la connexion chiffrée a échoué, ou le certificat n’est pas reconnu"
	case webhooks.Refusee:
		return "l’adresse mène à un réseau privé ou réservé, où nous n’envoyons rien"
	case webhooks.Injoignable:
		return "l’adresse ne répond pas, ou coupe"
	}
	return fmt.Sprintf("reçu (%d)", r.Code)
}

// livraisonVue is one delivery in words.
type livraisonVue struct {
	ID, Quand, Quoi, Resultat string
	Lieu                      string // path of the place that it is about, when it is about one
	Souci, Rejouable          bool
}

func (s *site) direLivraison(l *webhooks.Livraison) livraisonVue {
	v := livraisonVue{ID: l.ID, Quand: s.direMoment(l.Cree), Quoi: direCompte(l), Rejouable: l.Genre != webhooks.Essai && l.Rejouable(s.Now())}
	if lieu, err := s.Catalogue.Lieu(l.Lieu); err == nil {
		v.Quoi, v.Lieu = v.Quoi+" : "+lieu.Champs.Nom, "/lieux/"+l.Lieu
	}
	switch l.Etat {
	case webhooks.Recu:
		v.Resultat = fmt.Sprintf("Reçu (%d) %s", l.Dernier.Code, s.direMoment(l.Dernier.Le))
		if l.Essais > 1 {
			v.Resultat += ", au " + direRang(l.Essais) + " essai"
		}
	case webhooks.EnCours:
		v.Resultat = "Part en ce moment"
	case webhooks.AEnvoyer:
		if v.Resultat = "En attente"; l.Essais > 0 {
			v.Souci = true
			v.Resultat = textes.Pluriel(l.Essais, "échec", "échecs") + " : " + direCause(&l.Dernier) + ". " + s.direProchain(l.Prochain)
		}
	case webhooks.Abandonne:
		v.Souci = true
		if l.Direct && l.Essais > 0 {
			v.Resultat = "Échec " + s.direMoment(l.Dernier.Le) + " : " + direCause(&l.Dernier)
			break
		}
		if v.Resultat = "Pas envoyé : le webhook était arrêté"; l.Essais > 0 {
			v.Resultat = "Abandonné après " + textes.Pluriel(l.Essais, "essai", "essais") + " : " + direCause(&l.Dernier)
		}
	}
	return v
}

func direRang(n int) string { return fmt.Sprintf("%de", n) }

// direTypes are what happened, for one place and for several.
var direTypes = []struct {
	genre    webhooks.Type
	un, plus string
}{
	{webhooks.TypeEssai, "essai", "essais"},
	{webhooks.TypeCree, "lieu nouveau", "lieux nouveaux"},
	{webhooks.TypeModifie, "lieu modifié", "lieux modifiés"},
	{webhooks.TypeFerme, "lieu fermé", "lieux fermés"},
	{webhooks.TypeRetire, "lieu retiré", "lieux retirés"},
	{webhooks.TypeFusionne, "lieu réuni à un autre", "lieux réunis à un autre"},
}

// direCompte is what a delivery holds: "3 lieux modifiés et 1 lieu fermé".
func direCompte(l *webhooks.Livraison) string {
	if l.Genre == webhooks.Essai {
		return "Essai"
	}
	var morceaux []string
	for _, d := range direTypes {
		if n := l.Compte[d.genre]; n > 0 {
			morceaux = append(morceaux, textes.Pluriel(n, d.un, d.plus))
		}
	}
	return textes.Enumerer(morceaux)
}
