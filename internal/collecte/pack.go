package collecte

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Fichier is a source file for the places of a pack.
type Fichier struct {
	Nom  string // its name may give its date: see norme.Decode
	Zone Zone
	io.Reader
}

// lieuLivre is a place as lieux.json writes it: what people decided, and the
// records that make the rest (see mednum.Consolider). A pack may be given to
// anybody: nobody's account is in it, nor what waits for a coordinator.
type lieuLivre struct {
	ID           string                             `json:"id"`
	Statut       mednum.Statut                      `json:"statut"`
	Vers         string                             `json:"vers,omitempty"`
	Corrections  map[mednum.Champ]mednum.Correction `json:"corrections,omitempty"`
	Permanences  []mednum.Permanence                `json:"permanences,omitempty"` // those entered by people
	Retouches    map[string]mednum.Retouche         `json:"retouches,omitempty"`
	Exceptions   []mednum.Exception                 `json:"exceptions,omitempty"`
	Fermeture    *mednum.Fermeture                  `json:"fermeture,omitempty"`
	SensHoraires mednum.SensHoraires                `json:"sens_horaires,omitempty"`
	Langues      []string                           `json:"langues,omitempty"`
	VerifieLe    mednum.Date                        `json:"verifie_le,omitzero"`
	VerifiePar   string                             `json:"verifie_par,omitempty"`
	ModifieLe    mednum.Date                        `json:"modifie_le,omitzero"`
	ModifiePar   string                             `json:"modifie_par,omitempty"`
	Fiches       []mednum.Fiche                     `json:"fiches"`
}

// documentLieux is lieux.json.
type documentLieux struct {
	Flux  []mednum.Flux `json:"flux"`
	Lieux []lieuLivre   `json:"lieux"`
}

// ConstruireLieux writes the lieux.json of a pack from source files: what an
// import of them into an empty base makes. The same files give the same bytes.
func ConstruireLieux(ctx context.Context, t *territoire.Territoire, fichiers []Fichier, w io.Writer) (Plan, error) {
	var lectures []norme.Lecture
	var zones []Zone
	for _, f := range fichiers {
		if err := ctx.Err(); err != nil {
			return Plan{}, err
		}
		l, err := norme.Decode(f.Nom, f.Reader)
		if err != nil {
			return Plan{}, err // it names the file
		}
		lectures, zones = append(lectures, l), append(zones, f.Zone)
	}
	return construire(ctx, t, lectures, zones, w)
}

// construire writes what was read, each file with its zone.
func construire(ctx context.Context, t *territoire.Territoire, lectures []norme.Lecture, zones []Zone, w io.Writer) (Plan, error) {
	envois := make([]envoi, len(lectures))
	for i, l := range lectures {
		envois[i] = envoi{l, zones[i]}
	}
	p, err := planifier(ctx, etatVide(), t, envois, Options{})
	if err != nil {
		return Plan{}, err
	}
	e := etatVide()
	for _, f := range p.ecrit.flux {
		e.flux[f.ID] = f
	}
	for _, f := range p.ecrit.fiches {
		e.fiches[f.Reference()] = f
	}
	for _, r := range p.ecrit.revisions {
		e.lieux[r.Lieu] = r.Apres
	}
	return p, writeLieux(w, e)
}

// Ecrire writes the places of a base as the lieux.json of a pack: places by
// id, records by reference, the same bytes for the same base.
func Ecrire(ctx context.Context, base store.Magasin, w io.Writer) error {
	e, err := lireEtat(ctx, base)
	if err != nil {
		return err
	}
	return writeLieux(w, e)
}

func writeLieux(w io.Writer, e etat) error {
	var d documentLieux
	parLieu := map[string][]mednum.Fiche{}
	for _, ref := range slices.Sorted(maps.Keys(e.fiches)) {
		f := e.fiches[ref]
		parLieu[f.Lieu] = append(parLieu[f.Lieu], f)
	}
	for _, id := range slices.Sorted(maps.Keys(e.flux)) {
		d.Flux = append(d.Flux, e.flux[id])
	}
	for _, id := range slices.Sorted(maps.Keys(e.lieux)) {
		if l := e.lieux[id]; l.Statut != mednum.StatutPropose {
			d.Lieux = append(d.Lieux, livrer(l.SansComptes(), parLieu[id]))
		}
	}
	return d.write(w)
}

func livrer(l mednum.Lieu, fiches []mednum.Fiche) lieuLivre {
	entrees := slices.DeleteFunc(slices.Clone(l.Permanences), func(p mednum.Permanence) bool { return p.Fiche != "" })
	for i := range fiches {
		fiches[i].Lieu = "" // the file says it by its shape
	}
	return lieuLivre{
		ID: l.ID, Statut: l.Statut, Vers: l.Vers, Corrections: l.Corrections, Permanences: entrees,
		Retouches: l.Retouches, Fermeture: l.Fermeture, Exceptions: l.Exceptions, SensHoraires: l.SensHoraires, Langues: l.Langues, VerifieLe: l.VerifieLe, VerifiePar: l.VerifiePar,
		ModifieLe: l.ModifieLe, ModifiePar: l.ModifiePar, Fiches: fiches,
	}
}

// write puts one source or place a line, so that two versions can be compared.
func (d *documentLieux) write(w io.Writer) error {
	var b bytes.Buffer
	put := func(v any, i int) error {
		if i > 0 {
			b.WriteString(",\n")
		}
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		err := e.Encode(v)
		b.Truncate(b.Len() - 1) // the encoder's newline
		return err
	}
	b.WriteString("{\"flux\":[\n")
	for i, f := range d.Flux {
		if err := put(f, i); err != nil {
			return err
		}
	}
	b.WriteString("\n],\"lieux\":[\n")
	for i, l := range d.Lieux {
		if err := put(l, i); err != nil {
			return err
		}
	}
	b.WriteString("\n]}\n")
	_, err := w.Write(b.Bytes())
	return err
}

// Remplir fills an empty base from a pack's lieux.json, as one operation, and
// returns how many places it wrote. A base that already has places is left as
// it is. A file that cannot be read is an *mednum.Error with code "invalide".
func Remplir(ctx context.Context, base store.Magasin, t *territoire.Territoire, r io.Reader) (int, error) {
	avant, err := lireEtat(ctx, base)
	if err != nil || len(avant.lieux) > 0 {
		return 0, err
	}
	p, err := planLivre(t, r)
	if err != nil {
		return 0, err
	}
	p.version = avant.version
	if err := ecrirePlan(ctx, base, p, "import", Options{Auteur: "territoire"}); err != nil {
		if Perime(err) {
			return 0, nil // another process has just filled it
		}
		return 0, fmt.Errorf("lieux.json: %w", err)
	}
	return len(p.revisions), nil
}

func planLivre(t *territoire.Territoire, r io.Reader) (plan, error) {
	var d documentLieux
	if err := json.NewDecoder(r).Decode(&d); err != nil {
		return plan{}, fmt.Errorf("%w: %w", &mednum.Error{
			Code: mednum.Invalide, Champ: "lieux.json", Message: "Le fichier des lieux du territoire est illisible : reconstruisez-le.",
		}, err)
	}
	p := plan{flux: d.Flux}
	flux := map[string]mednum.Flux{}
	for _, f := range d.Flux {
		flux[f.ID] = f
	}
	for _, v := range d.Lieux {
		l := mednum.Lieu{
			ID: v.ID, Statut: v.Statut, Vers: v.Vers, Corrections: v.Corrections, Permanences: v.Permanences,
			Retouches: v.Retouches, Fermeture: v.Fermeture, Exceptions: v.Exceptions, SensHoraires: v.SensHoraires, Langues: v.Langues, VerifieLe: v.VerifieLe, VerifiePar: v.VerifiePar,
			ModifieLe: v.ModifieLe, ModifiePar: v.ModifiePar,
		}
		if err := checkLivre(flux, v); err != nil {
			return plan{}, err
		}
		l = mednum.Consolider(l, v.Fiches, flux)
		l.HorsTerritoire = horsTerritoire(t, &l)
		rev, _ := mednum.Reviser(mednum.Lieu{}, l)
		p.revisions = append(p.revisions, rev)
		for _, f := range v.Fiches {
			f.Lieu = v.ID
			p.fiches = append(p.fiches, f)
			p.rattachements = append(p.rattachements, mednum.Rattachement{Fiche: f.Reference(), Vers: v.ID})
		}
	}
	return p, nil
}

func checkLivre(flux map[string]mednum.Flux, v lieuLivre) error {
	refus := func(message string) error {
		return &mednum.Error{Code: mednum.Invalide, Champ: "lieux.json", Message: message}
	}
	if v.ID == "" || v.Statut == "" {
		return refus("Un lieu n’a pas d’identifiant ou pas de statut.")
	}
	for _, f := range v.Fiches {
		if _, ok := flux[f.Flux]; !ok {
			return refus(fmt.Sprintf("La source « %s » du lieu %s n’est pas décrite.", f.Flux, v.ID))
		}
	}
	return nil
}
