package mednum

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The lengths that a person may write: texteMax in characters for one line,
// detailMax for the long presentation, horairesMax in bytes, valeursMax values
// in a list.
const (
	texteMax    = 200
	detailMax   = 4000
	horairesMax = 4000
	valeursMax  = 50
)

// figes are the columns that no person sets: the id is the place's own, source
// and date_maj say where the rest comes from, and a position moves as a whole
// (see Deplacer).
var figes = map[Champ]string{
	ChampID:        "L’identifiant d’un lieu ne change jamais.",
	ChampSource:    "La source d’un lieu se déduit de ses fiches : elle ne se corrige pas.",
	ChampDateMaj:   "La date de mise à jour se déduit : dites plutôt que vous avez vérifié ce lieu.",
	ChampLatitude:  "Déplacez le point sur la carte : la latitude et la longitude se changent ensemble.",
	ChampLongitude: "Déplacez le point sur la carte : la latitude et la longitude se changent ensemble.",
}

// necessaires are the columns that a person may change but not empty.
var necessaires = []Champ{ChampPivot, ChampNom, ChampCommune, ChampCodePostal, ChampCodeInsee, ChampAdresse}

// Corrigeable tells whether a person may set the column with Corriger.
func (champ Champ) Corrigeable() bool {
	return figes[champ] == "" && slices.Contains(ChampsNorme, champ)
}

// Corriger sets a column as somebody gives it on le, in the standard's CSV form
// (lists joined by "|"); "" says that there is none, or that it is not known. A
// phone number may be written as people do, a web address without "https://".
// It writes a Correction, over the value that the sources have now; Champs follow
// when the place is consolidated.
//
// What the standard v1.0.2 does not allow is "invalide", and nothing changes:
// the error names the column and says what to do. Whether commune and postal
// code agree is not known here.
func (l *Lieu) Corriger(champ Champ, valeur, auteur string, le time.Time) error {
	valeur, err := Saisir(champ, valeur)
	if err != nil {
		return err
	}
	return l.poser(champ, valeur, auteur, le)
}

// CorrigerHoraires is Corriger for the opening hours: an OSM expression.
func (l *Lieu) CorrigerHoraires(texte, auteur string, le time.Time) error {
	return l.Corriger(ChampHoraires, texte, auteur, le)
}

// Deplacer puts the place at a point that somebody gives on le, in WGS 84
// degrees, kept to six decimals (11 cm). It writes a Correction of latitude and
// one of longitude, which hold together.
func (l *Lieu) Deplacer(latitude, longitude float64, auteur string, le time.Time) error {
	if !EstPosition(latitude, longitude) || math.IsNaN(latitude+longitude) {
		return invalide(string(ChampLatitude), "Ce point est hors de la Terre : écrivez des degrés décimaux, comme 44.0221 et 1.3529.")
	}
	if err := l.poser(ChampLatitude, microdegres(latitude), auteur, le); err != nil {
		return err
	}
	return l.poser(ChampLongitude, microdegres(longitude), auteur, le)
}

func microdegres(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e6)/1e6+0, 'f', -1, 64) // + 0 makes -0 a plain 0
}

func (l *Lieu) poser(champ Champ, valeur, auteur string, le time.Time) error {
	if strings.TrimSpace(auteur) == "" {
		return invalide("auteur", "Dites qui donne cette valeur.")
	}
	corrections := maps.Clone(l.Corrections)
	if corrections == nil {
		corrections = map[Champ]Correction{}
	}
	corrections[champ] = Correction{
		Valeur: valeur, ValeurSource: l.valeurSource(champ), Auteur: auteur, Le: le.UTC().Truncate(time.Second),
	}
	l.Corrections = corrections
	return nil
}

// Saisir is a value that a person writes in a column, in the standard's CSV
// form, as Corriger keeps it; the error is the one that Corriger gives.
func Saisir(champ Champ, texte string) (string, error) {
	if !champ.Corrigeable() {
		if consigne := figes[champ]; consigne != "" {
			return "", invalide(string(champ), "%s", consigne)
		}
		return "", invalide(string(champ), "Cette colonne n’est pas dans le standard v1.0.2.")
	}
	texte = strings.TrimSpace(strings.ReplaceAll(texte, "\r\n", "\n"))
	if err := checkSignes(champ, texte); err != nil {
		return "", err
	}
	if texte == "" {
		if slices.Contains(necessaires, champ) {
			return "", invalide(string(champ), "%s", consignesManque[champ])
		}
		return "", nil
	}
	texte, err := ecriture(champ, texte)
	if err != nil {
		return "", err
	}
	if err := checkLongueur(champ, texte); err != nil {
		return "", err
	}
	return texte, checkNorme(champ, texte)
}

// checkSignes refuses what could end a line where the value is written later:
// a header, a calendar, a page; and what changes the direction of the text.
func checkSignes(champ Champ, texte string) error {
	if !utf8.ValidString(texte) {
		return invalide(string(champ), "Ce texte est abîmé : écrivez-le à nouveau.")
	}
	lignes := champ == ChampPresentationResume || champ == ChampPresentationDetail
	for _, r := range texte {
		switch {
		case r == '\n' && lignes:
		case r == '\n', r == '\r', r == '\u2028', r == '\u2029':
			return invalide(string(champ), "Cette valeur tient sur une ligne : retirez les retours à la ligne.")
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return invalide(string(champ), "Ce texte a un signe invisible (%U) : effacez-le et écrivez à nouveau.", r)
		}
	}
	return nil
}

// ecriture gives a value the form of the standard where people write it
// otherwise.
func ecriture(champ Champ, texte string) (string, error) {
	switch champ {
	case ChampTelephone:
		return saisirTelephone(texte)
	case ChampSiteWeb, ChampPriseRDV, ChampFicheAccesLibre:
		return saisirAdresses(champ, texte)
	case ChampCourriels:
		texte = strings.ToLower(texte)
	case ChampPivot:
		texte = strings.Join(strings.Fields(texte), "")
	}
	if champ.EstListe() {
		return strings.Join(SplitListe(texte), "|"), nil
	}
	return texte, nil
}

func saisirTelephone(texte string) (string, error) {
	autres := strings.ContainsFunc(texte, func(r rune) bool { return !strings.ContainsRune("0123456789+()./- \u00a0\u202f", r) })
	n := Telephone(texte)
	switch {
	case n != "" && !autres:
		return n, nil
	case len(texte) > 24:
		return "", invalide(string(ChampTelephone), "Le standard n’a de place que pour un numéro : écrivez un seul numéro, comme 05 63 00 00 00, et les autres dans la présentation.")
	}
	return "", invalide(string(ChampTelephone), "« %s » n’est pas un numéro de téléphone : écrivez ses dix chiffres, comme 05 63 00 00 00. Un numéro court, comme 39 39, va dans la présentation.", texte)
}

// saisirAdresses completes web addresses; one that shows a name before "@" is
// refused: it leads elsewhere than it seems.
func saisirAdresses(champ Champ, texte string) (string, error) {
	adresses := []string{texte}
	if champ.EstListe() {
		adresses = SplitListe(texte)
	}
	for i, adresse := range adresses {
		if !strings.Contains(adresse, "://") {
			adresses[i] = "https://" + adresse
		}
		_, suite, _ := strings.Cut(adresses[i], "://")
		if hote, _, _ := strings.Cut(suite, "/"); strings.Contains(hote, "@") || !estSiteWeb(adresses[i]) {
			return "", invalide(string(champ), consignesForme["site_web"], adresse)
		}
	}
	return strings.Join(adresses, "|"), nil
}

func checkLongueur(champ Champ, texte string) error {
	limite := texteMax
	valeurs := []string{texte}
	switch {
	case champ == ChampPresentationDetail:
		limite = detailMax
	case champ == ChampPresentationResume: // the standard's own, see Champs
		return nil
	case champ == ChampHoraires && len(texte) > horairesMax:
		return invalide(string(champ), "Ces horaires ont %d octets : raccourcissez-les à %d au plus.", len(texte), horairesMax)
	case champ == ChampHoraires:
		return nil
	case champ.EstListe():
		valeurs = SplitListe(texte)
	}
	if len(valeurs) > valeursMax {
		return invalide(string(champ), "Cette liste a %d valeurs : gardez-en %d au plus.", len(valeurs), valeursMax)
	}
	for _, v := range valeurs {
		if utf8.RuneCountInString(v) > limite {
			return invalide(string(champ), "%s", consigneLongueur(v, strconv.Itoa(limite)))
		}
	}
	return nil
}

// checkNorme refuses a value that breaks the standard's rule for its column.
func checkNorme(champ Champ, texte string) error {
	var c Champs
	if err := c.Affecter(champ, texte); err != nil {
		return err
	}
	for _, faute := range c.Validate() {
		if faute.Champ == string(champ) {
			return faute
		}
	}
	return nil
}
