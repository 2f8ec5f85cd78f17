package mednum

import (
	"cmp"
	"errors"
	"math"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"
)

// The patterns of the standard's schema v1.0.2, letter for letter.
var (
	motifPivot      = regexp.MustCompile(`^[a-zA-Z0-9]{9,14}$`)
	motifCodePostal = regexp.MustCompile(`^\d{5}$`)
	motifCodeInsee  = regexp.MustCompile(`^([013-9]\d|2[AB1-9])\d{3}$`)
	motifTelephone  = regexp.MustCompile(`^(\+33|\+590|\+594|\+262|\+596|\+269|\+687|\+689|\+508|\+681)(\d){6,9}$`)
)

// regles are the validations that the tags of Champs name beside those of
// validator/v10.
var regles = map[string]validator.Func{
	"plein":       func(v validator.FieldLevel) bool { return strings.TrimSpace(v.Field().String()) != "" },
	"pivot":       selon(motifPivot),
	"code_postal": selon(motifCodePostal),
	"code_insee":  selon(motifCodeInsee),
	"telephone":   selon(motifTelephone),
	"vocabulaire": func(v validator.FieldLevel) bool { return EstValeur(Champ(v.Param()), v.Field().String()) },
	"typologie":   func(v validator.FieldLevel) bool { return Typologies[v.Field().String()] != "" },
	"site_web":    func(v validator.FieldLevel) bool { return estSiteWeb(v.Field().String()) },
	"horaires":    func(v validator.FieldLevel) bool { return lisible(v.Field().String()) == nil },
}

func selon(motif *regexp.Regexp) validator.Func {
	return func(v validator.FieldLevel) bool { return motif.MatchString(v.Field().String()) }
}

// validateur is built once: validator/v10 caches the tags of each type.
var validateur = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		nom, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return nom
	})
	v.RegisterCustomTypeFunc(func(f reflect.Value) any { return f.Interface().(Date).String() }, Date{})
	for nom, regle := range regles {
		if err := v.RegisterValidation(nom, regle); err != nil {
			panic(err) // a wrong name in the table above, never an input
		}
	}
	v.RegisterStructValidation(positionComplete, Champs{})
	return v
})

// positionComplete refuses half a position: it would be a point on the equator
// or on the meridian.
func positionComplete(niveau validator.StructLevel) {
	c := niveau.Current().Interface().(Champs)
	switch {
	case c.Latitude == nil && c.Longitude != nil:
		niveau.ReportError(c.Latitude, string(ChampLatitude), "Latitude", "position", "")
	case c.Latitude != nil && c.Longitude == nil:
		niveau.ReportError(c.Longitude, string(ChampLongitude), "Longitude", "position", "")
	}
}

// Validate checks the columns against the rules of the national standard
// v1.0.2 (its schema; anchored, where its list patterns are not), and that a
// position is whole. It returns one *Error, code "invalide", for each value
// that breaks one, in the order of the standard, nil when all are right.
//
// An import keeps texts that it cannot read, hours above all: the caller
// decides whether an error refuses the write.
func (c *Champs) Validate() []*Error {
	err := validateur().Struct(c)
	if err == nil {
		return nil
	}
	var fautes validator.ValidationErrors
	if !errors.As(err, &fautes) {
		return []*Error{{Code: Invalide, Message: "Ce lieu ne peut pas être vérifié."}}
	}
	erreurs := make([]*Error, 0, len(fautes))
	for _, faute := range fautes {
		nom, _, _ := strings.Cut(faute.Field(), "[")
		champ := Champ(nom)
		erreurs = append(erreurs, &Error{Code: Invalide, Champ: nom, Message: consigne(champ, faute)})
	}
	slices.SortStableFunc(erreurs, comparerErreurs)
	return erreurs
}

// estSiteWeb accepts the address of a page: http or https, with a host that
// has a dot, without spaces nor the "|" that separates values.
func estSiteWeb(texte string) bool {
	if strings.ContainsAny(texte, " |\t\n") {
		return false
	}
	u, err := url.Parse(texte)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	hote := u.Hostname()
	return strings.Contains(strings.Trim(hote, "."), ".")
}

// EstPosition tells whether the numbers are WGS 84 degrees.
func EstPosition(latitude, longitude float64) bool {
	return math.Abs(latitude) <= 90 && math.Abs(longitude) <= 180
}

// PivotInconnu is what the standard writes for an organisation whose number
// is not known: it is legal, identifies nothing and matches nothing.
const PivotInconnu = "00000000000000"

// ordreChamps gives the rank of a column in the standard.
var ordreChamps = func() map[Champ]int {
	rangs := make(map[Champ]int, len(ChampsNorme))
	for i, champ := range ChampsNorme {
		rangs[champ] = i
	}
	return rangs
}()

func comparerErreurs(a, b *Error) int {
	return cmp.Compare(ordreChamps[Champ(a.Champ)], ordreChamps[Champ(b.Champ)])
}
