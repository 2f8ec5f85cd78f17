// Package archive is the backup of a base in one file, the same whichever the
// store: gzip (RFC 1952) around lines of JSON. The first line says what the
// file is, then comes one store.Element a line in the order of a store.Source,
// and the last line has the counts and the SHA-256 of all the lines before it:
// a file that was cut or altered is refused. The sum is no signature: whoever
// rewrites the file whole can give it another one.
package archive

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// signature marks our files, and Format is the one that this program writes
// and reads.
const (
	signature = "sauvegarde"
	Format    = 1
)

// ligneMax is the longest line in bytes: an operation with some 400,000
// attachments.
const ligneMax = 64 << 20

// Entete is the first line.
type Entete struct {
	Adeuxpas  string    `json:"adeuxpas"` // signature
	Format    int       `json:"format"`
	Programme string    `json:"programme"` // version of the program that wrote the file
	Le        time.Time `json:"le"`        // when the copy began, UTC
	Magasin   string    `json:"magasin"`   // the store that was copied: "sqlite" or "mongodb"
}

// fin is the last line.
type fin struct {
	Comptes Bilan  `json:"comptes"`
	SHA256  string `json:"sha256"` // of the lines before, in hexadecimal
}

// ligne is any line but the first.
type ligne struct {
	store.Element
	Fin *fin `json:"fin,omitempty"`
}

// Ecrire writes the backup of a source. Adeuxpas and Format of the header are
// set here. On error what was written is worth nothing.
func Ecrire(ctx context.Context, w io.Writer, e Entete, de store.Source) (Bilan, error) {
	z := gzip.NewWriter(w)
	somme := sha256.New()
	ecrire := func(v any, w io.Writer) error {
		texte, err := json.Marshal(v)
		if err != nil {
			return err
		}
		_, err = w.Write(append(texte, '\n'))
		return err
	}
	e.Adeuxpas, e.Format, e.Le = signature, Format, e.Le.UTC()
	contenu := io.MultiWriter(z, somme)
	if err := ecrire(e, contenu); err != nil {
		return nil, err
	}
	var b Bilan
	err := Compter(de, &b)(ctx, func(e store.Element) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return ecrire(e, contenu)
	})
	if err != nil {
		return nil, err
	}
	if err := ecrire(ligne{Fin: &fin{Comptes: b, SHA256: hex.EncodeToString(somme.Sum(nil))}}, z); err != nil {
		return nil, err
	}
	return b, z.Close()
}

// Lire reads a backup to its end and gives its elements to f, which may be nil.
// Whatever f was given is worth nothing when Lire returns an error: a file that
// is not a backup, comes from a newer program, was cut or altered is an
// *mednum.Error with code "invalide" and field "fichier".
func Lire(ctx context.Context, r io.Reader, f func(store.Element) error) (Entete, Bilan, error) {
	z, err := gzip.NewReader(r)
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return Entete{}, nil, fmt.Errorf("%w: %w", pasUneSauvegarde(), err)
	}
	if err != nil {
		return Entete{}, nil, err
	}
	l := &lecteur{lignes: bufio.NewReaderSize(z, 64<<10), somme: sha256.New(), releve: newReleve()}
	e, err := l.entete()
	if err != nil {
		return Entete{}, nil, err
	}
	b, err := l.corps(ctx, f)
	return e, b, err
}

// Source is the backup as a store.Source.
func Source(r io.Reader) store.Source {
	return func(ctx context.Context, f func(store.Element) error) error {
		_, _, err := Lire(ctx, r, f)
		return err
	}
}

// lecteur reads the lines of one file.
type lecteur struct {
	lignes *bufio.Reader
	tampon []byte // the line that was read last
	somme  hash.Hash
	releve *releve
	n      int // lines read
}

// suivante is the next line, without its end; there must be one.
func (l *lecteur) suivante() ([]byte, error) {
	l.tampon = l.tampon[:0]
	for {
		partie, err := l.lignes.ReadSlice('\n')
		l.tampon = append(l.tampon, partie...)
		switch {
		case len(l.tampon) > ligneMax:
			return nil, traduire(bufio.ErrTooLong, l.n)
		case err == nil:
			l.n++
			return l.tampon[:len(l.tampon)-1], nil
		case errors.Is(err, io.EOF):
			return nil, traduire(io.ErrUnexpectedEOF, l.n)
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, traduire(err, l.n)
		}
	}
}

func (l *lecteur) compter(texte []byte) {
	_, _ = l.somme.Write(texte)
	_, _ = l.somme.Write([]byte{'\n'})
}

func (l *lecteur) entete() (e Entete, err error) {
	texte, err := l.suivante()
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(texte, &e); err != nil || e.Adeuxpas != signature || e.Format < 1 {
		return e, pasUneSauvegarde()
	}
	if e.Format > Format {
		return e, refus("Cette sauvegarde vient d’une version plus récente d’À deux pas (format %d, ce programme lit le %d) : mettez le programme à jour.", e.Format, Format)
	}
	l.compter(texte)
	return e, nil
}

func (l *lecteur) corps(ctx context.Context, f func(store.Element) error) (Bilan, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		texte, err := l.suivante()
		if err != nil {
			return nil, err
		}
		lue, err := decoder(texte)
		if err != nil {
			return nil, abime(l.n, err)
		}
		if lue.Fin != nil {
			return l.finir(lue)
		}
		if err := l.releve.ajouter(lue.Element, texte); err != nil {
			return nil, abime(l.n, err)
		}
		l.compter(texte)
		if f == nil {
			continue
		}
		if err := f(lue.Element); err != nil {
			return nil, err
		}
	}
}

// decoder reads a line strictly: a field that this program does not know would
// be lost.
func decoder(texte []byte) (l ligne, err error) {
	d := json.NewDecoder(bytes.NewReader(texte))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return l, err
	}
	if d.More() {
		return l, errors.New("more than one value")
	}
	return l, nil
}

// finir compares the last line with what was read, and wants nothing after it.
func (l *lecteur) finir(lue ligne) (Bilan, error) {
	b := l.releve.bilan()
	if _, rang := genreDe(lue.Element); rang != 0 || lue.Fin.SHA256 != hex.EncodeToString(l.somme.Sum(nil)) || !maps.Equal(lue.Fin.Comptes, b) {
		return nil, abime(l.n, errors.New("SHA-256 or counts differ"))
	}
	switch _, err := l.lignes.ReadByte(); {
	case errors.Is(err, io.EOF):
		return b, nil
	case err != nil:
		return nil, traduire(err, l.n)
	}
	return nil, abime(l.n+1, errors.New("something follows the last line"))
}

func refus(format string, args ...any) *mednum.Error {
	return &mednum.Error{Code: mednum.Invalide, Champ: "fichier", Message: fmt.Sprintf(format, args...)}
}

func pasUneSauvegarde() *mednum.Error {
	return refus("Ce fichier n’est pas une sauvegarde d’À deux pas : « adeuxpas sauvegarder » en fait une.")
}

func abime(n int, err error) error {
	return fmt.Errorf("%w: %w", refus("Cette sauvegarde est abîmée à la ligne %d : rien n’en est repris. Prenez-en une autre.", n), err)
}

// traduire gives its words to an error met after n lines. Errors of the disk
// come back as they are.
func traduire(err error, n int) error {
	var corrompu flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: %w", refus("Cette sauvegarde est coupée après la ligne %d : rien n’en est repris. Prenez-en une autre.", n), err)
	case errors.Is(err, bufio.ErrTooLong), errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &corrompu):
		return abime(n+1, err)
	}
	return err
}
