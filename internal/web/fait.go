package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// fait tells a person what was just done, and lets them undo it.
type fait struct {
	Texte     string
	Nom       string // of the place
	Lieu      string
	Version   int    // what this made of the place; 0 when it cannot be undone
	Retour    string // the page that says so, where one stays once it is undone
	Brouillon string // path of the page whose draft is done with

	Differences []difference // what changed, nil when the sentence says it all
}

// faits are what an address may say was done: nothing that it carries is shown
// but these words.
var faits = map[string]string{
	"verifie":    "C’est noté : rien n’a changé. La date de vérification est celle d’aujourd’hui.",
	"horaires":   "Les horaires sont enregistrés. Le public les voit déjà.",
	"permanence": "La permanence est enregistrée. Le public la voit déjà.",
	"cachee":     "Cette permanence n’est plus montrée.",
	"montree":    "Cette permanence est de nouveau montrée.",
	"confiee":    "C’est noté : vous tenez cette permanence. Elle est dans « Ma semaine ».",
	"rendue":     "C’est noté : vous ne tenez plus cette permanence.",
	"fermeture":  "La fermeture est enregistrée. Le public la voit déjà. Elle s’efface d’elle-même après sa date.",
	"ouverture":  "L’ouverture est enregistrée. Le public la voit déjà. Elle s’efface d’elle-même après sa date.",
	"ote":        "C’est retiré.",
	"absence":    "Votre absence est enregistrée. Les lieux, eux, restent ouverts.",
	"present":    "Votre absence est annulée.",
	"champs":     "C’est enregistré. Le public le voit déjà.",
	"attente":    "C’est enregistré. Ce qui change l’identité du lieu attend l’accord du coordinateur.",
	"position":   "Le point est déplacé.",
	"ferme":      "Le lieu est marqué comme fermé. Sa page conduit vers les lieux les plus proches.",
	"rouvert":    "Le lieu est de nouveau dans la liste.",
	"defait":     "C’est annulé : le lieu est comme avant.",
	"restaure":   "Le lieu est revenu à cette version.",
	"rien":       "Rien n’avait changé : rien n’a été écrit.",
	"accorde":    "C’est accepté. Le public le voit déjà.",
	"ecarte":     "C’est refusé. La personne le verra dans son espace.",
	"publie":     "Le lieu est publié.",
	"source":     "La valeur de la source est revenue.",
	"gardee":     "Votre valeur est gardée. Nous ne le demanderons plus, sauf si la source change encore.",
	"suivie":     "La valeur de la source est reprise. Le public la voit déjà.",

	"appele":         "C’est noté : vérifié par téléphone, aujourd’hui.",
	"sans-reponse":   "C’est noté : pas de réponse. Ce lieu reviendra dans trois jours.",
	"appel-repris":   "C’est annulé : ce lieu est de nouveau à appeler.",
	"demande":        "Votre demande est envoyée. L’équipe qui coordonne la carte répondra par courriel.",
	"nom":            "Votre nom est changé.",
	"session":        "Cet appareil est déconnecté.",
	"sessions":       "Les autres appareils sont déconnectés.",
	"invite":         "L’invitation part par courriel. Elle sert une fois, pendant sept jours.",
	"renvoye-deja":   "Cette invitation a déjà été renvoyée, ou quelqu’un l’a ouverte.",
	"renvoye":        "L’invitation repart par courriel. Elle sert une fois, pendant sept jours.",
	"repond":         "C’est noté. Les collègues voient qui répond de ce lieu.",
	"repond-pas":     "C’est noté : plus personne en particulier ne répond de ce lieu.",
	"campagne":       "C’est parti : les courriels s’envoient minute après minute, du lundi au samedi, de 8 h à 18 h.",
	"campagne-arret": "La campagne est arrêtée : plus aucun courriel ne part. Les réponses sont encore reçues.",
	"campagne-oubli": "La campagne est effacée. Rien n’était parti.",
	"annuaire":       "C’est enregistré : vos collègues peuvent vous trouver dans l’annuaire.",
	"hors":           "C’est fait : vos collègues ne vous trouvent plus dans l’annuaire, et rien n’en est gardé.",
	"annule":         "L’invitation est annulée : son lien ne sert plus.",
	"retire":         "Ce droit est repris. Pour revenir en arrière, donnez-le de nouveau.",
	"parti":          "Vous n’êtes plus dans l’équipe de ce lieu.",
	"donne":          "Le droit est donné. La personne en est prévenue par courriel.",
	"efface":         "Le compte est effacé.",
	"accepte":        "La demande est acceptée. La personne en est prévenue par courriel.",
	"refuse":         "La demande est refusée. La personne en est prévenue par courriel.",
	"deja":           "Quelqu’un d’autre avait déjà décidé : voyez plus bas qui, et quoi.",
	"sans-suite":     "La personne qui demandait a effacé son compte : il n’y a plus rien à décider.",

	"besoin-note":         "Le besoin est noté : il est compté pour sa commune.",
	"besoin-ecarte":       "Ce besoin n’est plus compté. « Compter de nouveau » le rétablit.",
	"besoin-compte":       "Ce besoin est de nouveau compté.",
	"texte-efface":        "Le texte est effacé. Le besoin reste compté.",
	"fiche-creer":         "La fiche est enregistrée.",
	"fiche-modifier":      "La fiche est enregistrée. Envoyez-la à relire quand elle est prête.",
	"fiche-proposer":      "La fiche est envoyée. La personne qui coordonne la relira.",
	"fiche-a-publier":     "La fiche est prête. Relisez-la, puis touchez « Publier la fiche ».",
	"fiche-accepter":      "La fiche est publiée.",
	"fiche-revoir":        "La demande de changement est notée sur la fiche : son auteur la verra.",
	"fiche-refuser":       "La fiche est refusée. Son auteur verra pourquoi.",
	"fiche-retirer":       "La fiche n’est plus publiée. « Remettre en ligne » la republie.",
	"fiche-remettre":      "La fiche est de nouveau publiée.",
	"lieu-change":         "Le lieu a changé entre-temps, et rien n’a été décidé : relisez ce qu’il dit, puis décidez.",
	"rouvert-signalement": "La décision est annulée : le signalement attend de nouveau, et le lieu est comme avant.",
	"decision-reste":      "Le lieu a changé depuis cette décision : elle ne s’annule plus d’ici. Corrigez le lieu sur sa page.",
	"repondu":             "La réponse part par courriel. Les adresses sont effacées.",
	"sans-courrier":       "Aucune réponse n’est partie : l’envoi des courriels n’est pas réglé, ou le signalement n’est pas décidé.",

	"webhook-essai":   "L’essai part. « Voir où ils en sont » dira ce qu’il est devenu.",
	"webhook-renvoi":  "L’envoi repart. « Voir où ils en sont » dira ce qu’il est devenu.",
	"webhook-pause":   "Le webhook est en pause : plus rien ne part.",
	"webhook-reprise": "Le webhook reprend : ce qui change à partir de maintenant lui est envoyé.",
	"webhook-ote":     "Le webhook est supprimé, avec son secret et ses envois.",

	"scenario-garde":     "Le scénario est gardé, avec son résultat.",
	"scenario-recalcule": "Le scénario est recalculé avec les données d’aujourd’hui.",
	"scenario-ote":       "Le scénario est supprimé.",
}

// versFait sends a person to a page that says what was done to a place.
func (s *site) versFait(c *fiber.Ctx, page, quoi string, l *mednum.Lieu) error {
	q := url.Values{"fait": {quoi}, "lieu": {l.ID}, "version": {strconv.Itoa(l.Version)}, "de": {c.Path()}}
	return c.Redirect(s.chemin(page+"?"+q.Encode()), fiber.StatusSeeOther)
}

// faitDe is what the address of a page says was done, nil when it says nothing.
// It can be undone while nobody has changed the place since.
func (s *site) faitDe(c *fiber.Ctx) *fait {
	texte := faits[c.Query("fait")]
	if texte == "" {
		return nil // an address that says nothing
	}
	f := &fait{Texte: texte}
	if de := c.Query("de"); strings.HasPrefix(de, "/espace/") {
		f.Brouillon = s.chemin(de)
	}
	v, err := s.Catalogue.Lieu(c.Query("lieu"))
	if err != nil || !s.Catalogue.Couvre(connexion(c).Compte.Habilitations, &v.Lieu) {
		return f
	}
	f.Lieu, f.Nom, f.Retour = v.ID, v.Champs.Nom, c.Path()
	n, err := strconv.Atoi(c.Query("version"))
	if err != nil || n != v.Version || n < 2 {
		return f
	}
	if c.Query("fait") != "verifie" && c.Query("fait") != "appele" {
		f.Differences = s.differencesDe(c, v.ID, n)
	}
	if annulables[c.Query("fait")] {
		f.Version = n
	}
	return f
}

// differencesDe is what a version of a place changed; nil when the store does
// not say: the page is worth showing without it.
func (s *site) differencesDe(c *fiber.Ctx, id string, version int) []difference {
	etapes, err := s.etapes(c, id)
	i := slices.IndexFunc(etapes, func(e etape) bool { return e.Version == version })
	if err != nil || i < 0 {
		return nil
	}
	return etapes[i].Differences
}

// retourDe is the page of the form to come back to, when it is one of those that
// say what was done to this place.
func retourDe(c *fiber.Ctx, id string) string {
	lieu := "/espace/lieux/" + id
	retour := strings.TrimSuffix(c.FormValue("retour"), "/")
	if slices.Contains([]string{"/espace", "/espace/file", cheminAppeler, lieu + "/histoire"}, retour) {
		return retour
	}
	return lieu
}

// annulables are what one touch undoes.
var annulables = map[string]bool{
	"verifie": true, "appele": true, "horaires": true, "permanence": true, "cachee": true, "montree": true, "fermeture": true, "ouverture": true, "ote": true,
	"champs": true, "position": true, "ferme": true, "rouvert": true, "restaure": true, "source": true, "gardee": true, "suivie": true,
}
