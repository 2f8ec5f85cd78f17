package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/web"
)

// evenement is an event, by its properties, unfolded.
type evenement map[string]string

// agenda reads a calendar: its own properties, and its events in order.
func (b banc) agenda(t *testing.T, chemin string) (entete evenement, liste []evenement) {
	t.Helper()
	rep, corps := b.get(t, chemin)
	if rep.StatusCode != http.StatusOK || rep.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("%s: %d %s", chemin, rep.StatusCode, rep.Header.Get("Content-Type"))
	}
	entete = evenement{}
	courant := entete
	for ligne := range strings.SplitSeq(strings.ReplaceAll(corps, "\r\n ", ""), "\r\n") {
		nom, valeur, _ := strings.Cut(ligne, ":")
		switch ligne {
		case "BEGIN:VEVENT":
			courant = evenement{}
		case "BEGIN:VTIMEZONE":
			courant = evenement{}
		case "END:VEVENT":
			liste = append(liste, courant)
			courant = entete
		case "END:VTIMEZONE":
			courant = entete
		default:
			courant[nom] = valeur
		}
	}
	return entete, liste
}

// lieuNomme is a place by its name.
func (b banc) lieuNomme(t *testing.T, nom string) *catalogue.Vue {
	t.Helper()
	for _, v := range b.lieux.Lieux() {
		if v.Champs.Nom == nom {
			return v
		}
	}
	t.Fatalf("no place named %s", nom)
	return nil
}

// A fixed place: its hours, less a closing that somebody noted, and a permanence
// beside them.
func TestAgenda(t *testing.T) {
	b := newBanc(t)
	v := b.lieuNomme(t, "France services de Moissac")
	_, avant := b.agenda(t, "/lieux/"+v.ID+"/horaires.ics")
	if e := avant[0]; e["SUMMARY"] != "Ouvert\u00a0: France services de Moissac" || e["STATUS"] != "CONFIRMED" || e["TRANSP"] != "TRANSPARENT" || e["GEO"] == "" ||
		!strings.Contains(e["LOCATION"], "82200 Moissac") || !strings.Contains(e["DESCRIPTION"], "Téléphone\u00a0: ") || e["URL"] != "https://exemple.fr/lieux/"+v.ID {
		t.Errorf("%v", e)
	}
	permanence := ""
	_, err := b.lieux.Modifier(t.Context(), v.ID, tout(), func(l *mednum.Lieu) error {
		p, err := l.AjouterPermanence(mednum.Permanence{Regle: "Tu 10:00-12:00", Intitule: "Aide numérique", RendezVous: true})
		if err != nil {
			return err
		}
		permanence = p
		_, err = l.AjouterException(mednum.Exception{Du: jour(12, 1), Au: jour(12, 5), Motif: "congés"}, jour(11, 24))
		return err
	})
	check(t, err)
	entete, apres := b.agenda(t, "/lieux/"+v.ID+"/horaires.ics")
	if entete["X-WR-CALNAME"] != "France services de Moissac" {
		t.Errorf("%v", entete)
	}
	uids, restes, rdv := map[string]bool{}, map[string]bool{}, 0
	for _, e := range apres {
		if uids[e["UID"]] {
			t.Errorf("twice %s", e["UID"])
		}
		uids[e["UID"]] = true
		if jour := e["DTSTART"][:8]; jour >= "20261201" && jour <= "20261205" {
			t.Errorf("on a day that is closed: %v", e)
		}
		if e["SUMMARY"] == "Sur rendez-vous\u00a0: Aide numérique – France services de Moissac" {
			rdv++
		}
	}
	for _, e := range avant {
		if jour := e["DTSTART"][:8]; (jour < "20261201" || jour > "20261205") && !uids[e["UID"]] {
			t.Errorf("%s was told, and is no more", e["UID"])
		}
		restes[e["UID"]] = true
	}
	if rdv < 20 || len(restes) < 100 || apres[0]["SEQUENCE"] != "2" || avant[0]["SEQUENCE"] != "1" {
		t.Errorf("%d by appointment, %d events, sequence %s", rdv, len(restes), apres[0]["SEQUENCE"])
	}
	_, seule := b.agenda(t, "/lieux/"+v.ID+"/permanences/"+permanence+".ics")
	if len(seule) != rdv {
		t.Errorf("%d events of the permanence alone, want %d", len(seule), rdv)
	}
	rep, corps := b.get(t, "/lieux/"+v.ID+"/permanences/inconnue.ics")
	if rep.StatusCode != http.StatusNotFound || !strings.Contains(corps, "cette permanence") {
		t.Errorf("an unknown permanence: %d", rep.StatusCode)
	}
}

func jour(mois time.Month, quantieme int) mednum.Date {
	return mednum.DateOf(time.Date(2026, mois, quantieme, 0, 0, 0, 0, time.UTC))
}

// Old hours are never said to be sure, in any calendar; and where nothing is
// known, that is what the calendar says.
func TestAgendaHonnete(t *testing.T) {
	b := newBanc(t)
	ouverts, anciens, vides := 0, 0, 0
	for _, v := range b.lieux.Lieux() {
		entete, liste := b.agenda(t, "/lieux/"+v.ID+"/horaires.ics")
		if len(liste) == 0 {
			vides++
			if !strings.Contains(entete["X-WR-CALDESC"], "Téléphonez avant de venir") {
				t.Errorf("%s: %v", v.ID, entete)
			}
			continue
		}
		for _, e := range liste {
			sur := strings.HasPrefix(e["SUMMARY"], "Ouvert") || strings.HasPrefix(e["SUMMARY"], "Passage") || strings.HasPrefix(e["SUMMARY"], "Permanence") ||
				strings.HasPrefix(e["SUMMARY"], "Lieu ouvert") || strings.HasPrefix(e["SUMMARY"], "Aide sur place") || strings.HasPrefix(e["SUMMARY"], "Sur rendez-vous")
			if sur != (e["STATUS"] == "CONFIRMED") {
				t.Fatalf("%v", e)
			}
			if sur {
				ouverts++
			}
			if b.lieux.Perime(v) && sur {
				t.Fatalf("%s is too old, and said sure: %v", v.ID, e)
			}
		}
		if b.lieux.Perime(v) {
			anciens++
			if !strings.Contains(liste[0]["DESCRIPTION"], "appelez avant de venir") {
				t.Errorf("%v", liste[0])
			}
		}
	}
	if ouverts < 1000 || anciens == 0 || vides == 0 {
		t.Errorf("%d sure events, %d old places, %d without a date: this test proves little", ouverts, anciens, vides)
	}
}

// Hours that say themselves that they are not known, a holiday on which they are
// silent, a permanence that names its own place: each is said as it is.
func TestAgendaMots(t *testing.T) {
	b := newBanc(t)
	id := b.lieuNomme(t, "France services de Moissac").ID
	lat, lon := 44.2, 1.2
	b.reviser(t, id, func(l *mednum.Lieu) {
		l.Champs.Horaires, l.Precision = `We 09:00-12:00 unknown "selon la météo"; Fr 09:00-12:00`, mednum.PrecisionCommune
		l.Permanences = []mednum.Permanence{
			{ID: "2222cccc", Regle: "Th 14:00-16:00", Arret: &mednum.Arret{Nom: "Mairie", Adresse: "1 place Haute", Commune: "Boudou", CodePostal: "82200", Latitude: &lat, Longitude: &lon, Precision: mednum.PrecisionMain}},
			{ID: "3333cccc", Regle: "Th 16:00-17:00", Arret: &mednum.Arret{Nom: "Boudou", Commune: "Boudou", CodePostal: "82200", Latitude: &lat, Longitude: &lon, Precision: mednum.PrecisionCommune}},
		}
	})
	check(t, b.lieux.Actualiser(t.Context()))
	_, liste := b.agenda(t, "/lieux/"+id+"/horaires.ics")
	dits := map[string]evenement{}
	for _, e := range liste {
		dits[e["DTSTART"]] = e
	}
	for debut, want := range map[string]evenement{
		"20261125T080000Z": {"SUMMARY": "À vérifier\u00a0: France services de Moissac", "STATUS": "TENTATIVE", "GEO": ""},
		"20261127T080000Z": {"STATUS": "CONFIRMED", "GEO": ""},
		"20261225T080000Z": {"SUMMARY": "À confirmer\u00a0: France services de Moissac", "STATUS": "TENTATIVE"},
		"20261126T130000Z": {"STATUS": "CONFIRMED", "GEO": "44.2;1.2", "LOCATION": `Mairie\, 1 place Haute\, 82200 Boudou`, "URL": "https://exemple.fr/lieux/" + id + "#arret-2222cccc"},
		"20261126T150000Z": {"STATUS": "CONFIRMED", "GEO": "", "LOCATION": "82200 Boudou"},
	} {
		for nom, valeur := range want {
			if got := dits[debut][nom]; got != valeur {
				t.Errorf("%s: %s is %q, want %q", debut, nom, got, valeur)
			}
		}
	}
	if d := dits["20261125T080000Z"]["DESCRIPTION"]; !strings.Contains(d, "Selon la météo") {
		t.Errorf("the words of the hours: %q", d)
	}
}

// Places that are no more, like their pages.
func TestAgendaFins(t *testing.T) {
	b := newBanc(t)
	liste := b.lieux.ParCommune(moissac)
	retire, reuni, ferme := liste[0].Vue.ID, liste[1].Vue.ID, liste[2].Vue.ID
	_, err := b.lieux.Modifier(t.Context(), retire, tout(), func(l *mednum.Lieu) error { l.Statut = mednum.StatutRetire; return nil })
	check(t, err)
	_, err = b.lieux.Modifier(t.Context(), reuni, tout(), func(l *mednum.Lieu) error {
		l.Statut, l.Vers = mednum.StatutFusionne, ferme
		return nil
	})
	check(t, err)
	_, _, err = b.lieux.FermerDefinitivement(t.Context(), ferme, tout(), mednum.Fermeture{Le: jour(11, 20), Motif: "a déménagé"})
	check(t, err)
	if rep, _ := b.get(t, "/lieux/"+retire+"/horaires.ics"); rep.StatusCode != http.StatusGone {
		t.Errorf("withdrawn: %d", rep.StatusCode)
	}
	for _, fin := range []string{"/horaires.ics", "/permanences/p1.ics"} {
		if rep, _ := b.get(t, "/lieux/"+reuni+fin); rep.StatusCode != http.StatusMovedPermanently || rep.Header.Get("Location") != "/lieux/"+ferme+fin {
			t.Errorf("merged: %d %s", rep.StatusCode, rep.Header.Get("Location"))
		}
	}
	entete, dits := b.agenda(t, "/lieux/"+ferme+"/horaires.ics")
	if len(dits) != 1 || dits[0]["DTSTART;VALUE=DATE"] != "20261120" || !strings.HasPrefix(dits[0]["SUMMARY"], "Fermé définitivement") || !strings.Contains(dits[0]["DESCRIPTION"], "a déménagé") || !strings.Contains(entete["X-WR-CALDESC"], "n’existe plus") {
		t.Errorf("closed: %v %v", entete, dits)
	}
	if rep, _ := b.get(t, "/lieux/inconnu/horaires.ics"); rep.StatusCode != http.StatusNotFound {
		t.Errorf("unknown: %d", rep.StatusCode)
	}
}

// What a calendar asks of the server; and the store may be gone.
func TestAgendaHTTP(t *testing.T) {
	b := newBanc(t)
	chemin := "/lieux/" + b.lieuNomme(t, "France services de Moissac").ID + "/horaires.ics"
	rep, corps := b.get(t, chemin)
	etag := rep.Header.Get("ETag")
	if etag == "" || rep.Header.Get("Cache-Control") != "public, max-age=60" || rep.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(rep.Header.Get("Content-Disposition"), ".ics") {
		t.Errorf("%v", rep.Header)
	}
	check(t, b.base.Close())
	if rep, _ := b.get(t, chemin, "If-None-Match", etag); rep.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %d", rep.StatusCode)
	}
	tete, err := b.app.Test(httptest.NewRequest(http.MethodHead, chemin, nil), 5000)
	check(t, err)
	defer tete.Body.Close()
	if tete.StatusCode != http.StatusOK || tete.Header.Get("ETag") != etag {
		t.Errorf("HEAD: %d %v", tete.StatusCode, tete.Header)
	}
	if _, autre := newBanc(t).get(t, chemin); autre != corps {
		t.Error("another instance gives other bytes on the same day")
	}
}

// The pages that lead to a calendar, under a path too.
func TestAgendaLiens(t *testing.T) {
	b := newBanc(t, func(c *web.Config) { c.URLPublique = "https://exemple.fr/aide" })
	v, bus := b.lieuNomme(t, "France services de Moissac"), b.lieuNomme(t, "France services itinérante Moissac-Confluences")
	_, corps := b.get(t, "/aide/lieux/"+v.ID)
	if !strings.Contains(corps, `href="/aide/lieux/`+v.ID+`/horaires.ics"`) {
		t.Error("the page of a place does not lead to its calendar")
	}
	_, corps = b.get(t, "/aide/lieux/"+bus.ID)
	for i := range bus.Permanences {
		lien := `href="/aide/lieux/` + bus.ID + `/permanences/` + bus.Permanences[i].ID + `.ics"`
		if strings.Contains(corps, lien) != (bus.Permanences[i].Regle != "") {
			t.Errorf("stop %s: %t", bus.Permanences[i].ID, strings.Contains(corps, lien))
		}
	}
	if n := strings.Count(corps, `/horaires.ics"`); n != 1 {
		t.Errorf("%d links to the whole tour", n)
	}
	if n := strings.Count(corps, "<code>https://exemple.fr/aide/lieux/"+bus.ID+"/horaires.ics</code>"); n != 1 {
		t.Errorf("the address to subscribe to is written %d times", n)
	}
	for _, l := range b.lieux.Lieux() {
		if l.Champs.Horaires == "" && len(l.Permanences) == 0 {
			if _, corps := b.get(t, "/aide/lieux/"+l.ID); strings.Contains(corps, ".ics") {
				t.Errorf("%s has nothing to put in a calendar", l.ID)
			}
			break
		}
	}
}

// Readers ask while places change: nobody is given a calendar of before what was
// acknowledged.
func TestAgendaEnsemble(t *testing.T) {
	b := newBanc(t)
	id := b.lieuNomme(t, "France services de Moissac").ID
	fini := make(chan struct{})
	var lecteurs sync.WaitGroup
	for range 4 {
		lecteurs.Go(func() {
			for {
				select {
				case <-fini:
					return
				default:
					b.get(t, "/lieux/"+id+"/horaires.ics")
					b.get(t, "/changements.atom")
				}
			}
		})
	}
	for n := range 8 {
		heures := fmt.Sprintf("Mo-Fr 09:0%d-12:00", n)
		_, err := b.lieux.Modifier(t.Context(), id, tout(), func(l *mednum.Lieu) error { return l.CorrigerHoraires(heures, "compte:x", mardi) })
		check(t, err)
		_, liste := b.agenda(t, "/lieux/"+id+"/horaires.ics")
		if debut := liste[1]["DTSTART"]; debut != fmt.Sprintf("20261125T080%d00Z", n) {
			t.Errorf("after %s: %s", heures, debut)
		}
		if f := b.fil(t, "/changements.atom"); len(f.Entrees) != n+1 {
			t.Errorf("%d entries after %d changes", len(f.Entrees), n+1)
		}
	}
	close(fini)
	lecteurs.Wait()
}
