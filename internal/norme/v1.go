package norme

import (
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var formatV1 = format{nom: "standard v1", flux: fluxLibre, reconnait: estV1, lit: lireV1}

// estV1 takes an empty JSON too: it is an export without a place.
func estV1(doc *document) bool {
	return doc.aColonnes("id", "nom", "commune", "date_maj") || len(doc.colonnes) == 0 && doc.genre != "CSV"
}

// lireV1 reads a row of the standard v1.0.2, as EncodeCSV, EncodeJSON and
// EncodeGeoJSON write it. It is taken at its word: names and texts are not
// rewritten. Values of vocabularies are recognised whatever their apostrophes
// and spaces; what is in no vocabulary is left out and reviewed, labels apart,
// which go to autres_formations_labels.
func lireV1(b *brouillon, l ligne) string {
	b.identifier(l)
	for _, champ := range mednum.ChampsNorme {
		texte := l.v[string(champ)]
		switch {
		case champ == mednum.ChampCodePostal || champ == mednum.ChampCodeInsee:
			b.mettre(champ, b.code(champ, texte))
		case champ == mednum.ChampTypologie:
			b.reconnaitre(champ, texte, func(v string) (string, bool) { return v, mednum.Typologies[v] != "" })
		case mednum.Vocabulaire(champ) != nil:
			b.reconnaitre(champ, texte, func(v string) (string, bool) { return mednum.ValeurDe(champ, v) })
		case champ == mednum.ChampHoraires:
			b.ouvrirHoraires(texte)
		case champ == mednum.ChampPresentationDetail:
			b.detailler(texte)
		case champ == mednum.ChampPresentationResume:
			b.resumer(texte)
		case champ.EstListe():
			b.ajouter(champ, mednum.SplitListe(texte)...)
		default:
			b.mettre(champ, texte)
		}
	}
	b.pivoter(l.v["pivot"])
	b.telephonerV1()
	b.fiche.Producteur = b.fiche.Champs[mednum.ChampSource]
	b.positionV1(l)
	b.finir()
	return ""
}

// telephonerV1 keeps a number that has the form of the standard, unless it
// puts an overseas number behind +33, and repairs any other.
func (b *brouillon) telephonerV1() {
	texte := b.fiche.Champs[mednum.ChampTelephone]
	n := mednum.Telephone(texte)
	if n == texte || n == "" && mednum.EstTelephone(texte) {
		return
	}
	b.mettre(mednum.ChampTelephone, "")
	b.appeler(texte)
}

func (b *brouillon) positionV1(l ligne) {
	b.mettre(mednum.ChampLatitude, "")
	b.mettre(mednum.ChampLongitude, "")
	b.localiser(l.v["latitude"], l.v["longitude"])
}

// reconnaitre keeps the values of a list that the standard knows.
func (b *brouillon) reconnaitre(champ mednum.Champ, liste string, connue func(string) (string, bool)) {
	b.mettre(champ, "")
	for _, ecrite := range mednum.SplitListe(liste) {
		v, ok := connue(strings.ReplaceAll(ecrite, "’", "'"))
		switch {
		case ok:
			b.ajouter(champ, v)
			b.remarquer(champ, ecrite, v, "écriture de la valeur")
		case champ == mednum.ChampDispositifs || champ == mednum.ChampFormationsLabels:
			b.ajouter(mednum.ChampAutresFormationsLabels, ecrite)
			b.remarquer(champ, ecrite, "", "label que le standard ne connaît pas : gardé avec les autres labels")
		default:
			b.douter(champ, ecrite, "", "valeur inconnue du standard")
		}
	}
}
