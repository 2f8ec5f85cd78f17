package ogc

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// serveObjets answers /collections/{id}/items: one page of the features that
// are asked for.
func (s *Service) serveObjets(c *fiber.Ctx) error {
	k, err := s.collection(c.Params("collection"))
	if err != nil {
		return err
	}
	v, err := parametres(c, k.parametres())
	if err != nil {
		return err
	}
	f, err := formatDe(c, v)
	if err != nil {
		return err
	}
	d, err := k.parseDemande(v)
	if err != nil {
		return err
	}
	if f == formatHTML {
		d.limite = min(d.limite, limiteHTML)
	}
	r, err := s.releve()
	if err != nil {
		return err
	}
	contenu := r.contenus[k.ID]
	choisis := contenu.choisir(&d)
	liens := s.liensObjets(k, v, f, &choisis)
	if f == formatHTML {
		return s.Page(c, "ogc-objets", k.Titre+"\u00a0: la liste", newPageObjets(s, k, v, liens, &d, &choisis))
	}
	corps, err := enveloppe(&choisis, liens, s.Now())
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mimeGeoJSON)
	return s.Envoyer(c, corps, marque(contenu.somme, k.ID, v.Encode()))
}

// marque names what an answer holds: the features, and what was asked of them.
// The time of the answer is left out, or nothing would ever be the same.
func marque(parties ...string) string {
	h := sha256.New()
	for _, p := range parties {
		_, _ = h.Write([]byte(p + "\x00")) // never fails
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// liensObjets are the links of a page of features: itself, its other form, the
// next page, the page before, and the collection.
func (s *Service) liensObjets(k *collection, v url.Values, f format, choisis *choix) []lien {
	vers := func(rel string, autre format, apres *string, titre string) lien {
		q := url.Values{}
		for nom, valeurs := range v {
			q[nom] = valeurs
		}
		if apres != nil {
			if q.Set(paramApres, *apres); *apres == "" {
				q.Del(paramApres)
			}
		}
		if q.Del(paramFormat); autre == formatHTML || f == formatHTML || v.Has(paramFormat) {
			q.Set(paramFormat, string(autre))
		}
		l := lien{Href: s.Lien(Racine + "/collections/" + k.ID + "/items"), Rel: rel, Type: mimeGeoJSON, Titre: titre, Lang: "fr"}
		if len(q) > 0 {
			l.Href += "?" + q.Encode()
		}
		if autre == formatHTML {
			l.Type = mimeHTML
		}
		return l
	}
	autre := formatHTML
	if f == formatHTML {
		autre = formatJSON
	}
	liens := []lien{vers("self", f, nil, "Ce document"), vers("alternate", autre, nil, "Ce document, dans l’autre format")}
	if choisis.suite != "" {
		liens = append(liens, vers("next", f, &choisis.suite, "Page suivante"))
	}
	if choisis.avant != nil {
		liens = append(liens, vers("prev", f, choisis.avant, "Page précédente"))
	}
	return append(liens, s.deux("/collections/"+k.ID, f, "collection", "collection", mimeJSON, k.Titre)...)
}

// enveloppe is the FeatureCollection of the standard (schema
// featureCollectionGeoJSON.yaml).
func enveloppe(choisis *choix, liens []lien, maintenant time.Time) ([]byte, error) {
	l, err := encode(liens)
	if err != nil {
		return nil, err
	}
	taille := len(l) + 200
	for _, o := range choisis.objets {
		taille += len(o.corps) + 1
	}
	b := make([]byte, 0, taille)
	b = append(b, `{"type":"FeatureCollection","timeStamp":"`...)
	b = maintenant.UTC().AppendFormat(b, time.RFC3339)
	b = append(b, `","numberMatched":`...)
	b = strconv.AppendInt(b, int64(choisis.total), 10)
	b = append(b, `,"numberReturned":`...)
	b = strconv.AppendInt(b, int64(len(choisis.objets)), 10)
	b = append(append(b, `,"links":`...), l...)
	b = append(b, `,"features":[`...)
	for i, o := range choisis.objets {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, o.corps...)
	}
	return append(b, "]}"...), nil
}

// serveObjet answers /collections/{id}/items/{featureId}.
func (s *Service) serveObjet(c *fiber.Ctx) error {
	f, err := seul(c)
	if err != nil {
		return err
	}
	k, err := s.collection(c.Params("collection"))
	if err != nil {
		return err
	}
	id, err := url.PathUnescape(c.Params("objet"))
	if err != nil {
		return introuvable("id", "Cet identifiant n’est pas bien écrit.")
	}
	r, err := s.releve()
	if err != nil {
		return err
	}
	rang, la := trouver(r.contenus[k.ID].objets, id)
	if !la {
		return s.absent(k, id)
	}
	o := r.contenus[k.ID].objets[rang]
	liens := s.liensObjet(k, o, f)
	if f == formatHTML {
		return s.Page(c, "ogc-objet", o.nom, newPageObjet(k, o, liens))
	}
	l, err := encode(liens)
	if err != nil {
		return err
	}
	corps := append(append([]byte{}, o.corps[:len(o.corps)-1]...), `,"links":`...)
	corps = append(append(corps, l...), '}')
	c.Set(fiber.HeaderContentType, mimeGeoJSON)
	return s.Envoyer(c, corps, "")
}

// absent says why a feature is not in a collection: 410 for a place that was
// withdrawn, and where a place that was merged now is.
func (s *Service) absent(k *collection, id string) error {
	inconnu := introuvable("id", "Nous ne connaissons pas cet élément dans la collection «\u00a0"+k.ID+"\u00a0».")
	if k.ID == collectionCommunes {
		return inconnu
	}
	v, err := s.Catalogue.Lieu(id)
	if err != nil {
		return inconnu
	}
	switch v.Statut {
	case mednum.StatutRetire, mednum.StatutFerme:
		return &mednum.Error{Code: mednum.Disparu, Champ: "id", Message: "Ce lieu n’est plus dans la liste."}
	case mednum.StatutFusionne:
		return &mednum.Error{Code: mednum.Disparu, Champ: "id", Message: "Ce lieu est maintenant «\u00a0" + v.Vers + "\u00a0»."}
	}
	return inconnu
}

func (s *Service) liensObjet(k *collection, o *objet, f format) []lien {
	chemin := "/collections/" + k.ID
	liens := s.soi(chemin+"/items/"+url.PathEscape(o.id), f, mimeGeoJSON)
	return append(liens, s.deux(chemin, f, "collection", "collection", mimeJSON, k.Titre)...)
}
