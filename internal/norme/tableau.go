package norme

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// formatTableau is any table of one's own: its columns are matched by their
// names (see Correspondance), so that its rows come here under those of the
// standard.
var formatTableau = format{
	nom: "tableau", flux: fluxLibre, reconnait: func(*document) bool { return true },
	lit: lireTableau, renomme: true, accorde: true,
}

// lireTableau reads a row of a table of one's own. Words that people use
// ("gratuit", "oui", "tout public") become values of the standard when they can
// mean one thing only; others go to review.
func lireTableau(b *brouillon, l ligne) string {
	commune, postal, insee, rue := l.texte("commune"), l.texte("code_postal"), l.texte("code_insee"), l.texte("adresse")
	b.fiche.Cle = l.texte("id")
	if b.fiche.Cle == "" {
		b.fiche.Cle = cleStable(l.texte("nom"), commune+insee, rue+l.texte(cibleComplete))
	}
	b.dater(l.texte("date_maj"))
	b.fiche.Producteur = l.texte("source")
	commune, postal = b.separerCommune(commune, postal)
	if complete := l.texte(cibleComplete); complete != "" {
		rue, postal, commune = b.separer(complete, rue, postal, commune)
	} else if m := motifComplete.FindStringSubmatch(rue); m != nil && (commune == "" && insee == "" || mednum.Cle(m[3]) == mednum.Cle(commune)) {
		rue, postal, commune = b.separer(rue, "", postal, commune)
	}
	if numero := l.texte(cibleNumero); numero != "" && !strings.HasPrefix(rue, numero) {
		rue = strings.TrimSpace(numero + " " + rue)
	}
	commune = b.situer(commune, postal, insee, rue, l.texte("complement_adresse"))
	b.pivoter(l.texte("pivot"))
	b.nommer(l.texte("nom"), commune, b.fiche.Champs[mednum.ChampPivot])
	b.placer(l)
	b.decrire(l, commune)
	b.finir()
	return ""
}

// placer sets the position: two columns, or one that holds both.
func (b *brouillon) placer(l ligne) {
	latitude, longitude := l.texte("latitude"), l.texte("longitude")
	if c := l.texte(cibleCoordonnees); c != "" && latitude == "" && longitude == "" {
		m := motifCoordonnees.FindStringSubmatch(c)
		if m == nil {
			b.douter(mednum.ChampLatitude, c, "", "coordonnées illisibles : écrivez « latitude, longitude » en degrés")
			return
		}
		latitude, longitude = m[1], m[2]
	}
	b.localiser(latitude, longitude)
}

// motifCoordonnees is "44.01, 1.35", "44,01 ; 1,35", "[44.01 1.35]".
var motifCoordonnees = regexp.MustCompile(`^[\[(]?\s*(-?\d{1,3}(?:[.,]\d+)?)(?:\s*[;/|]\s*|\s*,\s+|\s+|,)(-?\d{1,3}(?:[.,]\d+)?)\s*[\])]?$`)

// motifComplete is "12 rue de l'Essai, 82000 Montauban": one postal code alone,
// words after it.
var motifComplete = regexp.MustCompile(`^(.*?)[\s,;–-]*\b(\d{5})[\s,-]+(\pL[\pL\s'’.-]*?)(?i:[\s,(]*\bfrance\b\)?)?$`)

var motifCinqChiffres = regexp.MustCompile(`\b\d{5}\b`)

// separer splits a whole address where it is certain: what its own columns say
// stays as they say it.
func (b *brouillon) separer(complete, rue, postal, commune string) (string, string, string) {
	m := motifComplete.FindStringSubmatch(complete)
	if m == nil || len(motifCinqChiffres.FindAllString(complete, -1)) > 1 ||
		commune != "" && mednum.Cle(commune) != mednum.Cle(m[3]) || postal != "" && postal != m[2] {
		if rue == "" {
			rue = complete
			if motifCinqChiffres.MatchString(complete) {
				b.douter(mednum.ChampAdresse, complete, complete, "l’adresse complète ne se sépare pas avec certitude")
			}
		}
		return rue, postal, commune
	}
	if rue == "" {
		rue = m[1]
		b.remarquer(mednum.ChampAdresse, complete, rue, "adresse complète séparée en rue, code postal et commune")
	}
	return rue, m[2], m[3]
}

// motifCommune is "82000 Montauban" or "Montauban (82000)".
var motifCommune = regexp.MustCompile(`^(?:(\d{5})[\s-]+(\pL.*)|(\pL[^(\d]*?)\s*\(?(\d{5})\)?)$`)

// separerCommune takes a postal code out of the column of the commune.
func (b *brouillon) separerCommune(commune, postal string) (string, string) {
	m := motifCommune.FindStringSubmatch(commune)
	if m == nil || postal != "" && postal != m[1]+m[4] {
		return commune, postal
	}
	b.remarquer(mednum.ChampCommune, commune, m[2]+m[3], "code postal séparé de la commune")
	return m[2] + m[3], m[1] + m[4]
}

// decrire sets all that is neither who nor where.
func (b *brouillon) decrire(l ligne, commune string) {
	nom := l.texte("nom")
	for _, champ := range mednum.ChampsNorme {
		if mednum.Vocabulaire(champ) != nil {
			b.comprendre(champ, nettoyer(l.v[string(champ)]))
		}
	}
	b.ajouter(mednum.ChampAutresFormationsLabels, couperLibre(nettoyer(l.v["autres_formations_labels"]))...)
	b.typerLibre(nettoyer(l.v["typologie"]))
	b.appeler(l.texte("telephone"))
	b.ecrire(l.texte("courriels"), nom, commune)
	b.visiter(mednum.ChampSiteWeb, couperAdresses(l.texte("site_web")))
	b.visiterUne(mednum.ChampFicheAccesLibre, l.texte("fiche_acces_libre"))
	b.reserverLibre(l.texte("prise_rdv"))
	b.recevoirLibre(l)
	b.resumer(l.texte("presentation_resume"))
	b.detailler(soigner(b.taireCourriels(nettoyer(l.v["presentation_detail"]), nom+" "+commune)))
	b.mettre(mednum.ChampStructureParente, l.texte("structure_parente"))
}

// couperAdresses splits addresses of pages, which hold no space.
func couperAdresses(texte string) []string {
	return strings.FieldsFunc(texte, func(r rune) bool { return strings.ContainsRune(" |;,\n", r) })
}

// visiterUne sets a column of one address; a word is no address.
func (b *brouillon) visiterUne(champ mednum.Champ, texte string) {
	if strings.Contains(texte, ".") && len(couperAdresses(texte)) == 1 {
		b.visiter(champ, []string{texte})
		return
	}
	if texte != "" {
		b.douter(champ, texte, "", "ce n’est pas l’adresse d’une page")
	}
}

// reserverLibre reads "oui", "non" or the address of a page.
func (b *brouillon) reserverLibre(texte string) {
	switch oui, ok := lireOuiNon(texte); {
	case texte == "" || ok && !oui:
	case ok:
		b.detailler("Prise de rendez-vous possible.")
	default:
		b.visiterUne(mednum.ChampPriseRDV, texte)
		if b.fiche.Champs[mednum.ChampPriseRDV] != "" {
			b.ajouter(mednum.ChampModalitesAcces, "Prendre un RDV en ligne")
		}
	}
}

// recevoirLibre sets the hours: a column of them, otherwise one a day.
func (b *brouillon) recevoirLibre(l ligne) {
	b.ouvrirHoraires(nettoyer(l.v["horaires"]))
	if b.fiche.Champs[mednum.ChampHoraires] != "" {
		return
	}
	semaine := false
	for _, jour := range nomsJours {
		semaine = semaine || l.v[jour] != ""
	}
	if !semaine {
		return
	}
	jours, surRDV := b.lireSemaine(l.texte)
	if len(surRDV) == 0 {
		b.mettre(mednum.ChampHoraires, horaires.Composer(jours))
		return
	}
	b.recevoir(jours, surRDV, "", "")
}

const prefixeSansID = "sans-id-"

// cleStable is the key of a row that has none: what says which place it is,
// and nothing of what may change about it.
func cleStable(nom, commune, adresse string) string {
	somme := sha256.Sum256([]byte(mednum.CleAvecArticle(nom) + "\n" + mednum.CleAvecArticle(commune) + "\n" + mednum.CleAvecArticle(adresse)))
	return prefixeSansID + hex.EncodeToString(somme[:6])
}
