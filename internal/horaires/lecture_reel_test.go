package horaires

import "testing"

// lireReel reads a real text as the importers do: a week, or one day where no
// day is named.
func lireReel(texte string, cellule bool) Lecture {
	l := Lire(texte)
	if l.Certaine() && !cellule {
		return l
	}
	if jour := LireJour(0, texte); cellule || jour.Certaine() {
		return jour
	}
	return l
}

// TestPartLue: what is read of the real texts, with floors just below what was
// measured, and what holds of every reading.
func TestPartLue(t *testing.T) {
	tests := []struct {
		name, fichier string
		cellule       bool // columns of one day
		stricts       bool // texts that parse strictly count too
		want          float64
	}{
		{"free texts", "texte-libre-distinct.tsv", false, true, 0.81},
		{"free texts in the OSM column", "champ-osm-mais-pas-osm.tsv", false, true, 0.71},
		{"OSM that breaks the grammar", "osm-distinct.tsv", false, false, 0.23},
		{"France Services' days", "france-services-jour-distinct.tsv", true, true, 0.91},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lus, entiers, parties := 0, 0, 0
			for _, texte := range colonne(t, tt.fichier) {
				if _, err := Parse(texte); err == nil && !tt.stricts {
					continue
				}
				l := lireReel(texte, tt.cellule)
				verifierLecture(t, texte, l)
				lus++
				switch {
				case l.Certaine():
					entiers++
				case l.Horaires != "":
					parties++
				}
			}
			part := float64(entiers) / float64(lus)
			t.Logf("%d distinct texts: %d read whole (%.1f %%), %d in part, %d left", lus, entiers, 100*part, parties, lus-entiers-parties)
			if part < tt.want {
				t.Errorf("only %.1f %% are read whole", 100*part)
			}
		})
	}
}

// TestMotsEnPlus: a real text that is certain is no more so with words that
// restrict it, and concludes nothing with an exception that is not understood.
func TestMotsEnPlus(t *testing.T) {
	for _, texte := range colonne(t, "texte-libre-distinct.tsv") {
		if !lireReel(texte, false).Certaine() {
			continue
		}
		for _, mots := range []string{" selon planning", " un jour sur deux", ", en saison", " tous les 15 jours", " (2 rue du Bourg)", " 05 63 00 00 00"} {
			if l := lireReel(texte+mots, false); l.Certaine() {
				t.Errorf("%q is certain: %q", texte+mots, l.Horaires)
			}
		}
		if l := Lire("Accueil téléphonique : " + texte); l.Certaine() {
			t.Errorf("%q on the phone is certain: %q", texte, l.Horaires)
		}
		if l := Lire(texte + ". Sauf imprévu"); l.Horaires != "" {
			t.Errorf("%q with an exception is read as %q", texte, l.Horaires)
		}
	}
}

// TestStrictGarde: a real text of the grammar is read as Parse reads it.
func TestStrictGarde(t *testing.T) {
	douteux := 0
	for _, texte := range colonne(t, "osm-distinct.tsv") {
		e, err := Parse(texte)
		if err != nil {
			continue
		}
		l := Lire(texte)
		if l.Horaires != e.String() || len(l.Reste) > 0 {
			t.Errorf("%q is read as %q, left %q", texte, l.Horaires, l.Reste)
		}
		if len(l.Doutes) > 0 {
			douteux++
		}
	}
	t.Logf("%d have something to look at", douteux)
}
