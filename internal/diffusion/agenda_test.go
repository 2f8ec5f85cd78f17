package diffusion_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"82numerique.fr/adeuxpas/internal/diffusion"
)

func agendaEssai(t *testing.T) diffusion.Agenda {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	du := time.Date(2026, 9, 14, 0, 0, 0, 0, paris)
	long := strings.Repeat("Médiathèque à côté, l’été ; ", 12)
	return diffusion.Agenda{
		Nom: "Mairie, salle; bis\\ter", Description: "x\r\ny\x07", URL: "https://exemple.fr/lieux/a", Zone: paris, Du: du, Au: du.AddDate(0, 0, 182), Estampille: du, Sequence: 7,
		Seances: []diffusion.Seance{
			{UID: "a-1@exemple.fr", Titre: long, Adresse: "1 rue Haute, 82000 Montauban", Description: "ligne 1\nligne 2 : \"a\"; b, c\\d", URL: "https://exemple.fr/lieux/a#arret-1", Categories: []string{"Aide, numérique"}, Position: &[2]float64{44.1, 1.05}, Debut: du.Add(9 * time.Hour), Fin: du.Add(12 * time.Hour)},
			{UID: "a-2@exemple.fr", Titre: "Fermé", Journee: true, Incertaine: true, Debut: du},
			{UID: "a-3@exemple.fr", Titre: strings.Repeat("é", 200), Debut: time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC).In(paris), Fin: time.Date(2026, 10, 25, 1, 45, 0, 0, time.UTC).In(paris)},
		},
	}
}

// The grammar of RFC 5545 on its surface: lines end in CRLF, hold 75 octets at
// most without cutting a letter in two, and no control.
func TestAgendaLignes(t *testing.T) {
	a := agendaEssai(t)
	octets, err := a.EncodeICS()
	if err != nil {
		t.Fatal(err)
	}
	texte := string(octets)
	if !strings.HasPrefix(texte, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") || !strings.HasSuffix(texte, "END:VCALENDAR\r\n") {
		t.Errorf("%.80q…", texte)
	}
	for _, ligne := range strings.Split(strings.TrimSuffix(texte, "\r\n"), "\r\n") {
		if len(ligne) > 75 || strings.ContainsAny(ligne, "\r\n\x07") || strings.ToValidUTF8(ligne, "?") != ligne || ligne == "" {
			t.Errorf("%d octets: %q", len(ligne), ligne)
		}
	}
}

// Each property as its value type has it, once the lines are unfolded.
func TestAgendaProprietes(t *testing.T) {
	a := agendaEssai(t)
	octets, err := a.EncodeICS()
	if err != nil {
		t.Fatal(err)
	}
	deplie := strings.ReplaceAll(string(octets), "\r\n ", "")
	for _, ligne := range []string{
		`X-WR-CALNAME:Mairie\, salle\; bis\\ter`, `X-WR-CALDESC:x\ny`, "X-WR-TIMEZONE:Europe/Paris", "REFRESH-INTERVAL;VALUE=DURATION:P1D", "X-PUBLISHED-TTL:P1D",
		"TZID:Europe/Paris", "DTSTART:20260329T020000", "DTSTART:20261025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100",
		"UID:a-1@exemple.fr", "DTSTAMP:20260913T220000Z", "SEQUENCE:7", "DTSTART:20260914T070000Z", "DTEND:20260914T100000Z",
		`LOCATION:1 rue Haute\, 82000 Montauban`, "GEO:44.1;1.05", `DESCRIPTION:ligne 1\nligne 2 : "a"\; b\, c\\d`, "URL:https://exemple.fr/lieux/a#arret-1",
		`CATEGORIES:Aide\, numérique`, "TRANSP:TRANSPARENT", "STATUS:CONFIRMED", "STATUS:TENTATIVE",
		"DTSTART;VALUE=DATE:20260914", "DTEND;VALUE=DATE:20260915", "DTSTART:20261025T003000Z", "DTEND:20261025T014500Z",
	} {
		if !strings.Contains(deplie, "\r\n"+ligne+"\r\n") {
			t.Errorf("no line %q", ligne)
		}
	}
	if strings.Contains(deplie, "METHOD:") {
		t.Error("a published event would need an organizer (RFC 5546, 3.2.1)")
	}
}

// Without events a calendar still has a component (RFC 5545, 3.6), and the same
// content gives the same bytes.
func TestAgendaVide(t *testing.T) {
	a := agendaEssai(t)
	a.Seances = nil
	un, err := a.EncodeICS()
	if err != nil {
		t.Fatal(err)
	}
	deux, err := a.EncodeICS()
	if err != nil || string(un) != string(deux) {
		t.Errorf("two writings differ, %v", err)
	}
	if !strings.Contains(string(un), "BEGIN:VTIMEZONE") || strings.Contains(string(un), "VEVENT") {
		t.Errorf("%s", un)
	}
}

// A zone that never changes its clock has one rule.
func TestAgendaReunion(t *testing.T) {
	a := agendaEssai(t)
	zone, err := time.LoadLocation("Indian/Reunion")
	if err != nil {
		t.Fatal(err)
	}
	a.Zone = zone
	octets, err := a.EncodeICS()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(octets), "BEGIN:STANDARD"); n != 1 || strings.Contains(string(octets), "DAYLIGHT") || !strings.Contains(string(octets), "TZOFFSETTO:+0400") {
		t.Errorf("%d rules\n%.700s", n, octets)
	}
}

// BenchmarkAgenda writes a calendar of 160 events.
func BenchmarkAgenda(b *testing.B) {
	s := diffusion.Seance{UID: "a", Titre: "Ouvert : France services", Adresse: "1 rue Haute, 82000 Montauban", Description: "Téléphone : 05 63 00 00 00\nPage du lieu : https://exemple.fr/lieux/a", URL: "https://exemple.fr/lieux/a", Categories: []string{"Aide numérique"}, Debut: time.Unix(1e9, 0), Fin: time.Unix(1e9+3600, 0)}
	a := diffusion.Agenda{Nom: "France services", Zone: time.UTC}
	for range 160 {
		a.Seances = append(a.Seances, s)
	}
	for b.Loop() {
		if _, err := a.EncodeICS(); err != nil {
			b.Fatal(err)
		}
	}
}
