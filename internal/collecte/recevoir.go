package collecte

import (
	"cmp"
	"fmt"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// dater finds the edition of each source's newest file, those at hand included.
func (p *planner) dater(envois []envoi) {
	p.editions = map[string]mednum.Date{}
	for _, f := range p.avant.flux {
		p.editions[f.ID] = f.Edition
	}
	parLignes := map[string]mednum.Date{} // of the files that their rows date, given together
	p.plan.Fichiers = make([]BilanFichier, len(envois))
	for i := range envois {
		l := &envois[i].lecture
		edition, lignes := p.editionDe(&envois[i])
		p.plan.Fichiers[i] = BilanFichier{Fichier: l.Fichier, Format: l.Format, Source: l.Flux.Nom, Flux: l.Flux.ID, Edition: edition, Licence: l.Flux.Licence}
		if lignes {
			parLignes[l.Flux.ID] = plusRecente(parLignes[l.Flux.ID], edition)
		}
	}
	for i := range envois {
		f := &p.plan.Fichiers[i]
		if _, lignes := p.editionDe(&envois[i]); lignes {
			f.Edition = parLignes[f.Flux]
		}
		p.editions[f.Flux] = plusRecente(p.editions[f.Flux], f.Edition)
	}
}

// editionDe is the edition of a file; lignes tells that its rows date it, each
// with a day of its own, so that several files of one source, given together,
// are one edition. A row of a day to come dates nothing.
func (p *planner) editionDe(e *envoi) (edition mednum.Date, lignes bool) {
	jour := mednum.DateOf(p.o.Le)
	for i := range e.lecture.Fiches {
		d := e.lecture.Fiches[i].DateMaj
		lignes = lignes || i > 0 && d != e.lecture.Fiches[0].DateMaj
		if p.o.Le.IsZero() || d.Compare(jour) <= 0 {
			edition = plusRecente(edition, d)
		}
	}
	if date := e.lecture.Date; !date.IsZero() && (p.o.Le.IsZero() || date.Compare(jour) <= 0) && date != edition {
		return date, false
	}
	return edition, lignes || e.lecture.Date.IsZero()
}

func plusRecente(a, b mednum.Date) mednum.Date {
	if a.Compare(b) < 0 {
		return b
	}
	return a
}

// ordre is that in which files are received: the newest first, so that an older
// one changes nothing of what a newer one says.
func (p *planner) ordre(envois []envoi) []int {
	rangs := make([]int, len(envois))
	for i := range envois {
		rangs[i] = i
	}
	slices.SortStableFunc(rangs, func(a, b int) int {
		return p.plan.Fichiers[b].Edition.Compare(p.plan.Fichiers[a].Edition)
	})
	return rangs
}

// reception is a file that is being received.
type reception struct {
	*planner
	i        int
	edition  mednum.Date // zero when nothing tells it
	ancienne bool        // a newer edition of the source was read
}

// receive takes the wanted records of a file.
func (p *planner) receive(i int, e envoi, situees []mednum.Fiche) {
	r := &reception{planner: p, i: i, edition: p.plan.Fichiers[i].Edition, ancienne: p.ancienne(i)}
	for _, ecart := range e.lecture.Ecartes {
		p.ecarterLigne(i, &e, &ecart)
	}
	for j := range situees {
		r.prendre(&situees[j], cmp.Or(e.zone, ZoneTout))
	}
}

// ancienne tells whether a newer edition of the source of a file was read.
func (p *planner) ancienne(i int) bool {
	f := &p.plan.Fichiers[i]
	return f.Edition.Compare(p.editions[f.Flux]) < 0
}

// voir notes that a file holds a record: that its source still has it.
func (p *planner) voir(i int, ref string) {
	if !p.ancienne(i) {
		p.vues[ref] = true
	}
}

// ecarterLigne keeps aside a row that is no record: its source has it all the
// same.
func (p *planner) ecarterLigne(i int, e *envoi, ecart *norme.Ecart) {
	id := e.lecture.Flux.ID
	p.voir(i, id+"/"+ecart.Cle)
	p.noter(i, Ligne{Ligne: ecart.Ligne, Flux: id, ID: ecart.Cle, Etat: EtatEcarte, Champ: ecart.Champ, Raison: ecart.Motif})
}

// prendre receives a record.
func (r *reception) prendre(f *mednum.Fiche, zone Zone) {
	ref := f.Reference()
	r.voir(r.i, ref)
	connue, deja := r.fiches[ref]
	switch {
	case !r.redater(f):
		r.ecarter(f, fmt.Sprintf("La date de mise à jour (%s) est à venir : corrigez-la, ou donnez celle du fichier avec --date AAAA-MM-JJ.", f.DateMaj))
	case r.dejaLue(ref):
		r.relire(f, &connue)
	case !dansZone(r.t, f, zone):
		r.plan.HorsZone++
		r.ecarter(f, fmt.Sprintf(horsZone+" (%s).", zone))
	case r.redite(f, deja):
		r.dire(f, EtatIdentique, "")
	case deja && r.perimee(f, &connue):
		r.dire(f, EtatIdentique, fmt.Sprintf("Plus ancienne que ce qui est connu (%s) : rien n’est changé.", connue.DateMaj))
	case deja:
		r.put(f, &connue)
	case r.ancienne:
		r.ecarter(f, fmt.Sprintf("Inconnue, dans un fichier plus ancien (%s) que le dernier lu de cette source (%s). S’il est plus récent, dites-le : --date AAAA-MM-JJ.", r.edition, r.editions[f.Flux]))
	default:
		r.naitre(f)
	}
}

// redater gives a row of a day to come the date of its file: it would be newer
// than all others for years. ok is false when nothing dates the file.
func (r *reception) redater(f *mednum.Fiche) (ok bool) {
	if r.o.Le.IsZero() || f.DateMaj.Compare(mednum.DateOf(r.o.Le)) <= 0 {
		return true
	}
	if r.edition.IsZero() {
		return false
	}
	remarquer(f, mednum.Remarque{
		Champ: mednum.ChampDateMaj, Avant: f.DateMaj.String(), Apres: r.edition.String(),
		Motif: "date à venir : celle du fichier est prise", ARevoir: true,
	})
	f.DateMaj = r.edition
	f.Champs[mednum.ChampDateMaj] = f.DateMaj.String()
	return true
}

// redite takes out of a row of our own export what its place says already; it
// tells whether nothing is left of a row that the base has not kept.
func (r *reception) redite(f *mednum.Fiche, deja bool) bool {
	l, ok := r.lieuPropre(f.Cle)
	if !ok {
		return false
	}
	reste, rien := r.alleger(*f, l, r.autresDe(l.ID, f.Reference()))
	if rien && !deja {
		return true
	}
	*f = reste
	return false
}

// autresDe are the records of a place of the base but one.
func (p *planner) autresDe(lieu, sauf string) []mednum.Fiche {
	if p.parLieu == nil {
		p.parLieu = map[string][]string{}
		for _, ref := range triees(p.avant.fiches) {
			p.parLieu[p.avant.fiches[ref].Lieu] = append(p.parLieu[p.avant.fiches[ref].Lieu], ref)
		}
	}
	var autres []mednum.Fiche
	for _, ref := range p.parLieu[lieu] {
		if ref != sauf {
			autres = append(autres, p.fiches[ref])
		}
	}
	return autres
}

// dejaLue tells whether another row of the files at hand has this reference.
func (p *planner) dejaLue(ref string) bool {
	_, lue := p.ou[ref]
	return lue
}

// relire receives a record that another row has told: only the first counts.
func (r *reception) relire(f, connue *mednum.Fiche) {
	switch {
	case connue.Empreinte == f.Empreinte:
		r.dire(f, EtatIdentique, "Déjà lue dans un autre fichier.")
	case r.ancienne:
		r.dire(f, EtatIdentique, "Déjà lue dans un fichier plus récent.")
	default:
		r.ecarter(f, fmt.Sprintf("La clé « %s » est déjà lue : seule la première fiche compte.", f.Cle))
	}
}

// perimee tells whether a row is older than what the base has of its record: by
// its own date, or by that of its file when both have the same. A file that says
// to be newer than all others is believed.
func (r *reception) perimee(f, connue *mednum.Fiche) bool {
	if n := f.DateMaj.Compare(connue.DateMaj); n != 0 {
		return n < 0
	}
	return r.ancienne
}

// ecarter keeps a row aside.
func (r *reception) ecarter(f *mednum.Fiche, raison string) {
	r.noter(r.i, Ligne{Ligne: f.Ligne, Flux: f.Flux, ID: f.Cle, Nom: f.Champs[mednum.ChampNom], Etat: EtatEcarte, Raison: raison, Jointes: f.Jointes})
}

// dire tells a row that changes nothing, or only counts it when there is
// nothing to say of it.
func (r *reception) dire(f *mednum.Fiche, etat Etat, raison string) {
	l := ligneDe(f, etat)
	l.Raison = raison
	if raison == "" && len(f.Remarques) == 0 {
		r.comptes[r.i].ajouter(etat, f.Jointes)
		if !r.dejaLue(f.Reference()) {
			r.ou[f.Reference()] = place{r.i, -1}
		}
		return
	}
	l.Lieu = r.fiches[f.Reference()].Lieu
	rang := r.noter(r.i, l)
	if !r.dejaLue(f.Reference()) {
		r.ou[f.Reference()] = place{r.i, rang}
	}
}

// noter keeps a row to tell, and returns its rank among those of its file.
func (p *planner) noter(i int, l Ligne) int {
	l.Fichier = p.plan.Fichiers[i].Fichier
	p.lignes[i] = append(p.lignes[i], l)
	return len(p.lignes[i]) - 1
}

// naitre receives a record that the base does not know.
func (r *reception) naitre(f *mednum.Fiche) {
	ref := f.Reference()
	r.nouvelles = append(r.nouvelles, ref)
	r.ecrites[ref], r.touchees[ref] = true, true
	r.fiches[ref] = *f
	r.ou[ref] = place{r.i, r.noter(r.i, ligneDe(f, EtatNouveau))}
}

// put receives a record that the base knows: what it says now.
func (r *reception) put(f, connue *mednum.Fiche) {
	ref := f.Reference()
	f.Lieu, f.Retour = connue.Lieu, connue.Retour
	if r.ancienne {
		f.Absente = connue.Absente
	}
	if mednum.Identiques(connue, f) {
		r.dire(f, EtatIdentique, "")
		return
	}
	r.ecrites[ref], r.touchees[ref] = true, true
	r.fiches[ref] = *f
	changements := changementsFiche(connue, f)
	seulementDate := len(changements) == 1 && changements[0].Champ == string(mednum.ChampDateMaj) && f.DateMaj == r.edition
	if len(changements) == 0 || seulementDate {
		raison := ""
		if seulementDate {
			raison = fmt.Sprintf("Les mêmes valeurs, redites par l’édition du %s.", r.edition)
		}
		r.dire(f, EtatIdentique, raison)
		return
	}
	r.changees = append(r.changees, ref)
	l := ligneDe(f, EtatModifie)
	l.Lieu, l.Changements = f.Lieu, changements
	if !connue.Absente.IsZero() && f.Absente.IsZero() {
		l.Raison = "De retour dans la source."
	}
	r.ou[ref] = place{r.i, r.noter(r.i, l)}
}

// marquerAbsents finds the records that the newest edition of a source no longer
// has. Nothing is taken away: the record says since when.
func (p *planner) marquerAbsents(envois []envoi) {
	zones := map[string]Zone{} // of the sources of which the newest edition is at hand
	for i, e := range envois {
		if id := e.lecture.Flux.ID; p.plan.Fichiers[i].Edition == p.editions[id] {
			zones[id] = cmp.Or(zones[id], e.zone, ZoneTout)
		}
	}
	if len(zones) == 0 {
		return
	}
	for _, ref := range triees(p.avant.fiches) {
		f := p.fiches[ref]
		zone, lue := zones[f.Flux]
		if !lue || p.vues[ref] || !f.Absente.IsZero() || !dansZone(p.t, &f, zone) {
			continue
		}
		f.Absente = p.editions[f.Flux]
		if f.Absente.IsZero() {
			f.Absente = mednum.DateOf(p.o.Le)
		}
		p.fiches[ref] = f
		p.ecrites[ref], p.touchees[ref] = true, true
		p.plan.Absents = append(p.plan.Absents, Absent{Source: f.Flux, ID: f.Cle, Nom: f.Champs[mednum.ChampNom], Lieu: f.Lieu})
	}
}

// lireFlux keeps what the files say of their sources; an older edition says
// nothing of them.
func (p *planner) lireFlux(envois []envoi) {
	for i := range envois {
		lu := envois[i].lecture.Flux
		connu, deja := p.flux[lu.ID]
		if !deja && p.exportSansSuite(lu.ID) {
			continue
		}
		p.plan.Fichiers[i].Supposee = cmp.Or(p.o.Licence, lu.Licence, connu.Licence) == "" && p.o.LicenceSupposee != ""
		if lu.Licence == mednum.LicenceInconnue { // what was said of the source once is better
			lu.Licence = connu.Licence
		}
		lu.Licence = cmp.Or(p.o.Licence, lu.Licence, connu.Licence, supposee(envois[i].lecture.Flux, p.o), mednum.LicenceInconnue)
		p.plan.Fichiers[i].Licence = lu.Licence
		lu.Edition = p.editions[lu.ID]
		if p.plan.Fichiers[i].Edition.Compare(lu.Edition) < 0 {
			continue
		}
		p.flux[lu.ID] = lu
		if deja && (lu.Licence != connu.Licence || lu.Confiance != connu.Confiance || lu.Nom != connu.Nom) {
			p.repesees[lu.ID] = true
		}
	}
	for _, id := range triees(p.flux) {
		if f := p.flux[id]; f != p.avant.flux[id] {
			p.plan.ecrit.flux = append(p.plan.ecrit.flux, f)
		}
	}
}

// supposee is the licence taken for that of a source of which nothing says any.
func supposee(lu mednum.Flux, o Options) string {
	if lu.Licence == mednum.LicenceInconnue { // its format is known to come under several
		return ""
	}
	return o.LicenceSupposee
}

// horsZone begins the reason of a row that is left out for where it is.
const horsZone = "Hors de la zone demandée"
