package territoire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
)

// Open reads a pack folder. Errors are in French and name the file, and the
// line or the setting, for the person who prepares the pack.
func Open(fsys fs.FS) (*Territoire, error) {
	t := &Territoire{}
	etapes := []struct {
		fichier string
		requis  bool
		lire    func([]byte) error
	}{
		{FichierReglages, true, t.openReglages},
		{FichierDepartements, true, t.openDepartements},
		{FichierCommunes, true, t.openCommunes},
		{FichierNomsUsuels, false, t.openNomsUsuels},
		{FichierEPCI, true, t.openEPCI},
		{FichierContours, true, t.openContours},
	}
	for _, e := range etapes {
		octets, err := fs.ReadFile(fsys, e.fichier)
		if errors.Is(err, fs.ErrNotExist) && !e.requis {
			continue
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("dossier du territoire : le fichier %s manque : %w", e.fichier, err)
		}
		if err != nil {
			return nil, fmt.Errorf("dossier du territoire : %s : %w", e.fichier, err)
		}
		if err := e.lire(octets); err != nil {
			return nil, fmt.Errorf("dossier du territoire : %w", err)
		}
	}
	if err := t.openLogo(fsys); err != nil {
		return nil, fmt.Errorf("dossier du territoire : %w", err)
	}
	if err := t.composeFond(fsys); err != nil {
		return nil, fmt.Errorf("dossier du territoire : %w", err)
	}
	t.noms = newRepertoire(t.Communes)
	return t, nil
}

func (t *Territoire) openReglages(octets []byte) error {
	d := json.NewDecoder(bytes.NewReader(octets))
	d.DisallowUnknownFields()
	if err := d.Decode(&t.Reglages); err != nil {
		return fmt.Errorf("%s, ligne %d : %s", FichierReglages, ligneJSON(octets, d, err), expliqueJSON(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s : il y a du texte après la dernière accolade", FichierReglages)
	}
	return t.checkReglages()
}

var (
	motifDepartement = regexp.MustCompile(`^(\d{2}|2[AB]|97\d|98\d)$`)
	motifTelephone   = regexp.MustCompile(`^\+\d{6,15}$`)
)

func (t *Territoire) checkReglages() error {
	refus := func(champ, format string, args ...any) error {
		return fmt.Errorf("%s, réglage « %s » : %s", FichierReglages, champ, fmt.Sprintf(format, args...))
	}
	if !motifDepartement.MatchString(t.Code) {
		return refus("code", "« %s » n’est pas un code de département (46, 2A, 974…)", t.Code)
	}
	for _, r := range []struct{ champ, valeur string }{
		{"nom", t.Nom}, {"nom_avec_article", t.NomAvecArticle}, {"nom_en", t.NomEn}, {"fuseau", t.Fuseau},
	} {
		if strings.TrimSpace(r.valeur) == "" {
			return refus(r.champ, "à remplir")
		}
	}
	loc, err := time.LoadLocation(t.Fuseau)
	if err != nil {
		return refus("fuseau", "« %s » n’est pas un fuseau horaire, comme Europe/Paris", t.Fuseau)
	}
	t.location = loc
	if !slices.Contains([]string{"", "A", "B", "C", "Corse"}, t.ZoneScolaire) {
		return refus("zone_scolaire", "« %s » n’est pas une zone : A, B, C, Corse, ou rien", t.ZoneScolaire)
	}
	for _, r := range []struct{ champ, valeur string }{
		{"telephone", t.Telephone}, {"editeur.telephone", t.Editeur.Telephone}, {"editeur.hebergeur_telephone", t.Editeur.HebergeurTelephone},
	} {
		if r.valeur != "" && !motifTelephone.MatchString(r.valeur) {
			return refus(r.champ, "« %s » n’est pas un numéro écrit comme +33563918200", r.valeur)
		}
	}
	contraste, err := contrasteAvecBlanc(t.Couleur)
	if err != nil {
		return refus("couleur", "%v", err)
	}
	if contraste < ContrasteMin {
		return refus("couleur", "le contraste de %s avec le blanc est de %s, il en faut %s : prenez une couleur plus sombre",
			t.Couleur, decimal(contraste), decimal(ContrasteMin))
	}
	for flux, mois := range t.AgeMax {
		if mois <= 0 {
			return refus("age_max."+flux, "%d mois : il en faut au moins un", mois)
		}
	}
	if _, ok := t.AgeMax[""]; !ok {
		return refus("age_max", "la clé vide \"\" manque : c’est la limite, en mois, des autres sources")
	}
	return nil
}

func (t *Territoire) openDepartements(octets []byte) error {
	tab, err := newTableau(FichierDepartements, bytes.NewReader(octets), "code_departement", "nom", "latitude", "longitude")
	if err != nil {
		return err
	}
	for {
		ok, err := tab.Next()
		if err != nil || !ok {
			return err
		}
		p, err := pointDe(tab)
		if err != nil {
			return err
		}
		t.Departements = append(t.Departements, Departement{tab.Valeur("code_departement"), tab.Valeur("nom"), p})
	}
}

func (t *Territoire) openCommunes(octets []byte) error {
	tab, err := newTableau(FichierCommunes, bytes.NewReader(octets), colonnesPack...)
	if err != nil {
		return err
	}
	for {
		ok, err := tab.Next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		c := Commune{
			Code: tab.Valeur("code_insee"), Nom: tab.Valeur("nom"), EPCI: tab.Valeur("siren_epci"),
			CodesPostaux: liste(tab.Valeur("codes_postaux")), AutresCodes: liste(tab.Valeur("autres_codes")),
			Departement: tab.Valeur("code_departement"),
		}
		c.Dedans = c.Departement == t.Code
		if c.Centre, err = pointDe(tab); err != nil {
			return err
		}
		if c.Population, err = strconv.Atoi(tab.Valeur("population")); err != nil {
			return tab.Refus("population", "« %s » n’est pas un nombre", tab.Valeur("population"))
		}
		t.Communes = append(t.Communes, c)
	}
	slices.SortFunc(t.Communes, func(a, b Commune) int { return strings.Compare(a.Code, b.Code) })
	t.parCode = make(map[string]*Commune, len(t.Communes))
	for i := range t.Communes {
		c := &t.Communes[i]
		for _, code := range append([]string{c.Code}, c.AutresCodes...) {
			if t.parCode[code] != nil {
				return fmt.Errorf("%s : le code %s est écrit deux fois", FichierCommunes, code)
			}
			t.parCode[code] = c
		}
	}
	return nil
}

func (t *Territoire) openNomsUsuels(octets []byte) error {
	tab, err := newTableau(FichierNomsUsuels, bytes.NewReader(octets), "code_insee", "nom_usuel")
	if err != nil {
		return err
	}
	for {
		ok, err := tab.Next()
		if err != nil || !ok {
			return err
		}
		c, ok := t.parCode[tab.Valeur("code_insee")]
		if !ok {
			return tab.Refus("code_insee", "la commune « %s » n’est pas dans %s", tab.Valeur("code_insee"), FichierCommunes)
		}
		if tab.Valeur("nom_usuel") == "" {
			return tab.Refus("nom_usuel", "à remplir")
		}
		c.NomsUsuels = append(c.NomsUsuels, tab.Valeur("nom_usuel"))
	}
}

func (t *Territoire) openEPCI(octets []byte) error {
	tab, err := newTableau(FichierEPCI, bytes.NewReader(octets), "siren_epci", "nom_epci", "nature")
	if err != nil {
		return err
	}
	for {
		ok, err := tab.Next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		t.EPCIs = append(t.EPCIs, EPCI{Code: tab.Valeur("siren_epci"), Nom: tab.Valeur("nom_epci"), Nature: tab.Valeur("nature")})
	}
	slices.SortFunc(t.EPCIs, func(a, b EPCI) int { return strings.Compare(a.Nom, b.Nom) })
	t.parEPCI = make(map[string]*EPCI, len(t.EPCIs))
	for i := range t.EPCIs {
		t.parEPCI[t.EPCIs[i].Code] = &t.EPCIs[i]
	}
	for _, c := range t.Communes {
		e, ok := t.parEPCI[c.EPCI]
		if !ok {
			if c.Dedans && c.EPCI != "" {
				return fmt.Errorf("%s : l’EPCI %s de %s manque", FichierEPCI, c.EPCI, c.Nom)
			}
			continue
		}
		e.Communes = append(e.Communes, c.Code)
		e.Dedans = e.Dedans || c.Dedans
	}
	return nil
}

func (t *Territoire) openLogo(fsys fs.FS) error {
	if t.Logo == "" {
		return nil
	}
	if !fs.ValidPath(t.Logo) {
		return fmt.Errorf("%s, réglage « logo » : « %s » n’est pas un nom de fichier du dossier", FichierReglages, t.Logo)
	}
	typ, ok := typesLogo[path.Ext(t.Logo)]
	if !ok {
		return fmt.Errorf("%s, réglage « logo » : « %s » n’est pas une image .svg, .png ou .webp", FichierReglages, t.Logo)
	}
	contenu, err := fs.ReadFile(fsys, t.Logo)
	if err != nil {
		return fmt.Errorf("%s, réglage « logo » : %w", FichierReglages, err)
	}
	t.logo, t.typeLogo = contenu, typ
	return nil
}

var typesLogo = map[string]string{".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}

// ImageLogo is the territory's logo and its media type; ok is false when the
// pack has none.
func (t *Territoire) ImageLogo() (contenu []byte, typ string, ok bool) {
	return t.logo, t.typeLogo, t.logo != nil
}

// pointDe reads the columns latitude and longitude, WGS 84 degrees.
func pointDe(tab *tableau) (geo.Point, error) {
	lat, err := strconv.ParseFloat(tab.Valeur("latitude"), 64)
	if err != nil || lat < -90 || lat > 90 {
		return geo.Point{}, tab.Refus("latitude", "« %s » n’est pas une latitude en degrés, comme 44.0221", tab.Valeur("latitude"))
	}
	lon, err := strconv.ParseFloat(tab.Valeur("longitude"), 64)
	p := geo.Point{Lat: lat, Lon: lon}
	if err != nil || !p.Valide() {
		return geo.Point{}, tab.Refus("longitude", "« %s » n’est pas une longitude en degrés, comme 1.3549", tab.Valeur("longitude"))
	}
	return p, nil
}

// decimal writes one decimal, with the French comma; it rounds down, so that
// a refused contrast never reads as the least allowed one.
func decimal(v float64) string {
	return strings.Replace(strconv.FormatFloat(float64(int(v*10))/10, 'f', 1, 64), ".", ",", 1)
}

// ligneJSON is the line, from 1, where decoding stopped.
func ligneJSON(octets []byte, d *json.Decoder, err error) int {
	if l := ligneErreurJSON(octets, err); l > 0 {
		return l
	}
	if champ, ok := champInconnu(err); ok {
		return ligneDe(octets, int64(bytes.Index(octets, []byte(champ))))
	}
	return ligneDe(octets, d.InputOffset())
}

// ligneErreurJSON is the line that the error itself tells, 0 when it does not.
func ligneErreurJSON(octets []byte, err error) int {
	var syntaxe *json.SyntaxError
	var genre *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntaxe):
		return ligneDe(octets, syntaxe.Offset)
	case errors.As(err, &genre):
		return ligneDe(octets, genre.Offset)
	}
	return 0
}

func ligneDe(octets []byte, position int64) int {
	return 1 + bytes.Count(octets[:min(max(position, 0), int64(len(octets)))], []byte("\n"))
}

func expliqueJSON(err error) string {
	var genre *json.UnmarshalTypeError
	if errors.As(err, &genre) {
		return fmt.Sprintf("réglage « %s » : la valeur n’est pas du bon genre (%s lu)", genre.Field, genre.Value)
	}
	if champ, ok := champInconnu(err); ok {
		return fmt.Sprintf("le réglage %s n’existe pas", champ)
	}
	return "JSON illisible : " + err.Error()
}

// champInconnu is the quoted name that DisallowUnknownFields refused.
func champInconnu(err error) (string, bool) {
	return strings.CutPrefix(err.Error(), "json: unknown field ")
}
