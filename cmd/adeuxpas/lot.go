package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Bounds of a batch: a longer line is an error, and the memory of what was read
// starts again when it is full.
const (
	ligneMax   = 1 << 20 // bytes, without the end of the line
	memoireMax = 8192    // expressions
	texteMax   = 1 << 10 // bytes: a longer text is not remembered
)

// questionLot is a line of a batch. A field that is not written is nil.
type questionLot struct {
	Horaires    *string `json:"horaires"`
	Instant     *string `json:"instant"`
	Tolerant    *bool   `json:"tolerant"`
	Departement *string `json:"departement"`
}

// reponseLot answers a line: Prochain is RFC 3339 in the territory's time zone,
// nil when nothing changes within a year.
type reponseLot struct {
	Etat        string  `json:"etat"`
	Commentaire string  `json:"commentaire"`
	Prochain    *string `json:"prochain_changement"`
}

type erreurLot struct {
	Erreur string `json:"erreur"`
}

// lot answers lines one by one, and remembers the expressions it has read.
type lot struct {
	territoire  *territoire.Territoire
	departement string
	tolerant    bool
	lus         map[cleLot]lecture
}

type cleLot struct {
	texte    string
	tolerant bool
}

type lecture struct {
	expression *horaires.Expression
	err        error
}

func newLot(t *territoire.Territoire, departement string, tolerant bool) *lot {
	return &lot{territoire: t, departement: departement, tolerant: tolerant, lus: map[cleLot]lecture{}}
}

// delaiLot is how long the line under way may take once asked to stop.
const delaiLot = time.Second

// repondre writes one line for each line read, in their order, until the input
// ends or the program is told to stop, even while it waits for a line.
func (l *lot) repondre(p *programme) error {
	fin := make(chan error, 1)
	go func() { fin <- l.parcourir(p) }()
	select {
	case err := <-fin:
		return err
	case <-p.ctx.Done():
	}
	select {
	case err := <-fin:
		return err
	case <-time.After(delaiLot): // it waits for its input, all answers gone
		return p.ctx.Err()
	}
}

// parcourir answers line after line. Answers leave before each wait for the
// input.
func (l *lot) parcourir(p *programme) error {
	entree, sortie := bufio.NewReaderSize(p.stdin, 64<<10), bufio.NewWriterSize(p.stdout, 64<<10)
	encodeur := json.NewEncoder(sortie)
	encodeur.SetEscapeHTML(false)
	for p.ctx.Err() == nil {
		if !ligneEnAttente(entree) {
			if err := sortie.Flush(); err != nil {
				return err
			}
		}
		ligne, err := prochaineLigne(entree)
		if errors.Is(err, io.EOF) {
			return sortie.Flush()
		}
		var reponse any
		if errors.Is(err, errLigneLongue) {
			reponse, err = erreurLot{"la ligne dépasse 1\u00a0Mio."}, nil
		}
		if err != nil {
			return errors.Join(err, sortie.Flush())
		}
		if reponse == nil {
			reponse = l.traiter(ligne)
		}
		if err := encodeur.Encode(reponse); err != nil {
			return err
		}
	}
	return errors.Join(p.ctx.Err(), sortie.Flush())
}

// ligneEnAttente tells whether a whole line can be read without waiting.
func ligneEnAttente(r *bufio.Reader) bool {
	octets, _ := r.Peek(r.Buffered()) // never fails: they are there
	return bytes.IndexByte(octets, '\n') >= 0
}

var errLigneLongue = errors.New("line too long")

// prochaineLigne reads to the end of a line, however long, and keeps at most
// ligneMax of it. io.EOF means that there is no further line.
func prochaineLigne(r *bufio.Reader) ([]byte, error) {
	var ligne []byte
	lu, longue := false, false
	for {
		morceau, err := r.ReadSlice('\n')
		lu = lu || len(morceau) > 0
		morceau = bytes.TrimSuffix(morceau, []byte("\n"))
		if longue = longue || len(ligne)+len(morceau) > ligneMax; longue {
			ligne = nil
		} else {
			ligne = append(ligne, morceau...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || !lu):
			return nil, err
		case longue:
			return nil, errLigneLongue
		}
		return ligne, nil
	}
}

// traiter answers a line: a reponseLot, or an erreurLot that says in French what
// is wrong with it.
func (l *lot) traiter(ligne []byte) any {
	r, err := l.evaluer(ligne)
	if err != nil {
		return erreurLot{insecables.Replace(err.Error())}
	}
	return r
}

func (l *lot) evaluer(ligne []byte) (reponseLot, error) {
	q, err := lireQuestion(ligne)
	if err != nil {
		return reponseLot{}, err
	}
	instant, ok := lireInstant(*q.Instant)
	if !ok {
		return reponseLot{}, refuser("« instant » : %s", horsInstant)
	}
	departement, tolerant := l.departement, l.tolerant
	if q.Departement != nil {
		departement = *q.Departement
	}
	if q.Tolerant != nil {
		tolerant = *q.Tolerant
	}
	if !l.territoire.Scolaire.ConnaitDepartement(departement) {
		return reponseLot{}, refuser("« departement » : %s", departementInconnu(departement))
	}
	e, err := l.lire(cleLot{*q.Horaires, tolerant})
	if err != nil {
		return reponseLot{}, err
	}
	return repondreA(e, instant, l.territoire.Calendrier(departement)), nil
}

// lireQuestion reads a line in which horaires and instant are written.
func lireQuestion(ligne []byte) (questionLot, error) {
	var q questionLot
	ligne = bytes.TrimSpace(bytes.TrimPrefix(ligne, []byte("\ufeff")))
	if len(ligne) == 0 {
		return q, refuser("la ligne est vide.")
	}
	if err := json.Unmarshal(ligne, &q); err != nil {
		if genre, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && genre.Field != "" {
			return q, refuser("« %s » n’a pas la forme attendue.", genre.Field)
		}
		return q, refuser("la ligne n’est pas un objet JSON.")
	}
	switch {
	case q.Horaires == nil:
		return q, refuser("« horaires » manque.")
	case q.Instant == nil:
		return q, refuser("« instant » manque.")
	}
	return q, nil
}

func repondreA(e *horaires.Expression, instant time.Time, cal horaires.Calendrier) reponseLot {
	r := e.A(instant, cal)
	reponse := reponseLot{Etat: r.Etat.String(), Commentaire: r.Commentaire}
	if r.HasChange {
		prochain := r.Change.In(cal.Lieu).Format(time.RFC3339)
		reponse.Prochain = &prochain
	}
	return reponse
}

// lire reads an expression, or remembers having read it.
func (l *lot) lire(cle cleLot) (*horaires.Expression, error) {
	if lu, ok := l.lus[cle]; ok {
		return lu.expression, lu.err
	}
	e, err := lireHoraires(cle.texte, cle.tolerant)
	if len(cle.texte) <= texteMax {
		if len(l.lus) >= memoireMax {
			clear(l.lus)
		}
		l.lus[cle] = lecture{e, err}
	}
	return e, err
}
