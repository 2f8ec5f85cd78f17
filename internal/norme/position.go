package norme

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// boitesFrance are where France is: the mainland with Corsica, Guadeloupe and
// Martinique with the northern islands, Guyane, La Réunion, Mayotte,
// Saint-Pierre-et-Miquelon, New Caledonia, Polynesia, Wallis-et-Futuna. None,
// read the wrong way round, meets another: what is in one after the swap and in
// none before was swapped.
var boitesFrance = []geo.Boite{
	{Sud: 41, Ouest: -5.5, Nord: 51.5, Est: 10},
	{Sud: 14, Ouest: -63.5, Nord: 18.5, Est: -60.5},
	{Sud: 2, Ouest: -55, Nord: 6, Est: -51},
	{Sud: -21.5, Ouest: 55, Nord: -20.7, Est: 56},
	{Sud: -13.1, Ouest: 44.9, Nord: -12.5, Est: 45.4},
	{Sud: 46.6, Ouest: -56.6, Nord: 47.3, Est: -56},
	{Sud: -23, Ouest: 163, Nord: -19, Est: 169},
	{Sud: -28, Ouest: -155, Nord: -7, Est: -134},
	{Sud: -15, Ouest: -179, Nord: -13, Est: -176},
}

func enFrance(lat, lon float64) bool {
	p := geo.Point{Lat: lat, Lon: lon}
	for _, b := range boitesFrance {
		if p.Valide() && b.Contient(p) {
			return true
		}
	}
	return false
}

// localiser sets the coordinates. Repaired, and told: a decimal comma, spaces
// between thousands, degrees with their sign, minutes and letters, both in one
// column, metres of Lambert 93, latitude and longitude the wrong way round.
// Null Island (a zero where France has none), what is off the Earth and what is
// not understood leave the record without a point.
func (b *brouillon) localiser(latitude, longitude string) {
	latitude, longitude = strings.TrimSpace(latitude), strings.TrimSpace(longitude)
	if latitude == "" && longitude == "" {
		return
	}
	ecrits := [2]string{latitude, longitude}
	if un, deux, ok := separer(cmp.Or(latitude, longitude)); ok && (latitude == "" || longitude == "" || latitude == longitude) {
		latitude, longitude = un, deux // both in one column, "44.02, 1.35"
	}
	lat, okLat := degres(latitude)
	lon, okLon := degres(longitude)
	motif := "coordonnées écrites en degrés décimaux"
	switch {
	case !okLat || !okLon:
		b.perdre(ecrits, "coordonnées illisibles", true)
		return
	case lat == 0:
		b.perdre(ecrits, "un zéro n’est pas une position : aucun lieu de France n’est sur l’équateur", false)
		return
	}
	if p, ok := depuisLambert93(lat, lon); ok {
		lat, lon, motif = p.Lat, p.Lon, "mètres de la projection Lambert 93, convertis en degrés"
	} else if !enFrance(lat, lon) && enFrance(lon, lat) {
		lat, lon, motif = lon, lat, "latitude et longitude inversées"
	}
	if !mednum.EstPosition(lat, lon) {
		b.perdre(ecrits, "coordonnées hors de la Terre", true)
		return
	}
	for i, champ := range []mednum.Champ{mednum.ChampLatitude, mednum.ChampLongitude} {
		v := strconv.FormatFloat([]float64{lat, lon}[i], 'f', -1, 64)
		b.mettre(champ, v)
		if lu, err := strconv.ParseFloat(ecrits[i], 64); err != nil || lu != []float64{lat, lon}[i] { // "44.0220" is 44.022
			b.remarquer(champ, ecrits[i], v, motif)
		}
	}
}

// perdre tells that a record loses its point, by a doubt when a person may
// know better.
func (b *brouillon) perdre(ecrits [2]string, motif string, doute bool) {
	b.fiche.Remarques = append(b.fiche.Remarques, mednum.Remarque{
		Champ: mednum.ChampLatitude, Avant: ecrits[0] + " ; " + ecrits[1], Motif: motif, ARevoir: doute,
	})
}

var motifDeux = regexp.MustCompile(`^([^,;/|]*\d[^,;/|]*?)\s*[,;/|]\s*([^,;/|]*\d[^,;/|]*)$|^(\S+,\S+)\s*[;/|\s]\s*(\S+,\S+)$|^(\S+)\s+(\S+)$`)

// separer cuts a column that holds both coordinates. "44,02" is one number: a
// comma cuts only between numbers that have their own decimals.
func separer(texte string) (un, deux string, ok bool) {
	m := motifDeux.FindStringSubmatch(texte)
	if m == nil {
		return "", "", false
	}
	un, deux = m[1]+m[3]+m[5], m[2]+m[4]+m[6]
	decimales := strings.ContainsAny(un, ".,°") && strings.ContainsAny(deux, ".,°")
	return un, deux, decimales
}

var (
	motifDegres = regexp.MustCompile(`^([NSEWO]?)\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*(?:(\d{1,2}(?:\.\d+)?)\s*['’′]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:''|’’|["”″])\s*)?)?([NSEWO]?)$`)
	motifEspace = regexp.MustCompile(`(\d)[\s\x{a0}\x{202f}]+(\d{3})`)
)

// degres reads a number of degrees, or of metres: "44.0221", "44,0221",
// "44.0221° N", "44°01'20\"N", "1°21′ O", "568 210,5".
func degres(texte string) (float64, bool) {
	texte = strings.TrimSpace(texte)
	if strings.Count(texte, ",") == 1 && !strings.Contains(texte, ".") {
		texte = strings.Replace(texte, ",", ".", 1)
	}
	if v, err := strconv.ParseFloat(texte, 64); err == nil {
		return v, !math.IsNaN(v) && math.Abs(v) < 1e8
	}
	if !strings.ContainsAny(texte, "°'’′") {
		for avant := ""; avant != texte; {
			avant, texte = texte, motifEspace.ReplaceAllString(texte, "$1$2")
		}
	}
	m := motifDegres.FindStringSubmatch(strings.ToUpper(texte))
	if m == nil || m[1] != "" && m[5] != "" {
		v, err := strconv.ParseFloat(texte, 64)
		return v, err == nil && !math.IsNaN(v) && math.Abs(v) < 1e8
	}
	v, _ := strconv.ParseFloat(m[2], 64) // the expression gives digits
	minutes, _ := strconv.ParseFloat(m[3], 64)
	secondes, _ := strconv.ParseFloat(m[4], 64)
	if minutes >= 60 || secondes >= 60 {
		return 0, false
	}
	v = math.Copysign(math.Abs(v)+minutes/60+secondes/3600, v)
	if lettre := m[1] + m[5]; lettre != "" && strings.Contains("SWO", lettre) {
		v = -math.Abs(v)
	}
	return arrondirDegres(v), true
}

// arrondirDegres keeps seven decimals, a centimetre.
func arrondirDegres(v float64) float64 { return math.Round(v*1e7) / 1e7 }

// depuisLambert93 reads metres of Lambert 93 (EPSG 2154), whichever comes
// first: no degrees are that large, and easting and northing cannot be taken
// one for the other. The formulas are those of the inverse Lambert conformal
// conic projection with two standard parallels (IOGP Guidance Note 7-2, method
// 9802; IGN, NTG_71), on the GRS 80 ellipsoid.
func depuisLambert93(x, y float64) (geo.Point, bool) {
	if x > y {
		x, y = y, x
	}
	if x < 1e5 || x > 1.3e6 || y < 6e6 || y > 7.2e6 {
		return geo.Point{}, false
	}
	const (
		n, c, xs, ys = 0.7256077650, 11754255.426, 700000.0, 12655612.050
		e            = 0.0818191910428
		lon0         = 3 * math.Pi / 180
	)
	r, gamma := math.Hypot(x-xs, y-ys), math.Atan((x-xs)/(ys-y))
	iso := -math.Log(r/c) / n
	phi := 2*math.Atan(math.Exp(iso)) - math.Pi/2
	for range 10 { // converges in five
		s := e * math.Sin(phi)
		phi = 2*math.Atan(math.Pow((1+s)/(1-s), e/2)*math.Exp(iso)) - math.Pi/2
	}
	lat, lon := arrondirDegres(phi*180/math.Pi), arrondirDegres((lon0+gamma/n)*180/math.Pi)
	return geo.Point{Lat: lat, Lon: lon}, true
}
