package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Objet is a small document that a room above keeps beside the places: an
// account, a session, a link, a mail to send. It is known by its genre and its
// id in it.
type Objet struct {
	Genre string `json:"genre"` // lower-case letters
	ID    string `json:"id"`
	// Version is 1 for a new one, and grows by one with each writing.
	Version int `json:"version"`
	// Cles are what it is found by, beside its id; several may share one.
	Cles []string `json:"cles,omitempty"`
	// Efface is when it may be swept, the zero time for never. Whether it is
	// still good for anything is decided by its room, with its own clock.
	Efface time.Time       `json:"efface,omitzero"`
	Corps  json.RawMessage `json:"corps"`
}

// Choix says which objects of a genre are wanted: those that have the key, all
// when it is empty, with ids after Apres, Limite of them at most (0: all).
type Choix struct {
	Genre  string
	Cle    string
	Apres  string
	Limite int
}

// Normal is the object as every store keeps it: its body without blanks, the
// moment of its sweeping in UTC, to the second. One without a genre, an id, a
// version or a readable body is a fault of the program.
func (o Objet) Normal() (Objet, error) {
	var corps bytes.Buffer
	if err := json.Compact(&corps, o.Corps); err != nil || o.Genre == "" || o.ID == "" || o.Version < 1 {
		return o, fmt.Errorf("object %s/%s version %d cannot be written: %w", o.Genre, o.ID, o.Version, err)
	}
	o.Corps = corps.Bytes()
	if len(o.Cles) == 0 {
		o.Cles = nil
	}
	if !o.Efface.IsZero() {
		o.Efface = o.Efface.UTC().Truncate(time.Second)
	}
	return o, nil
}

// Balayable tells whether the object may be swept at an instant.
func (o *Objet) Balayable(t time.Time) bool { return !o.Efface.IsZero() && !t.Before(o.Efface) }

// ObjetAbsent is what a store answers of an object that it does not have.
func ObjetAbsent(genre string) *mednum.Error {
	return &mednum.Error{Code: mednum.Introuvable, Champ: genre, Message: "Nous n’en avons pas de ce nom."}
}

// ObjetPerime is what a store answers to a writing over another version.
func ObjetPerime(genre string) *mednum.Error {
	return &mednum.Error{Code: mednum.Perime, Champ: genre, Message: "Quelqu’un l’a changé entre-temps : recommencez."}
}

// Poser writes v as the body of an object.
func Poser(ctx context.Context, m Magasin, o Objet, v any) error {
	corps, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("%s %s: %w", o.Genre, o.ID, err)
	}
	o.Corps = corps
	return m.SetObjet(ctx, o)
}

// Lire reads an object and its body; an unknown one is "introuvable".
func Lire[T any](ctx context.Context, m Magasin, genre, id string) (v T, o Objet, err error) {
	if o, err = m.Objet(ctx, genre, id); err != nil {
		return v, o, err
	}
	v, err = corps[T](&o)
	return v, o, err
}

// LireTous reads the bodies of the objects that a Choix names, by id.
func LireTous[T any](ctx context.Context, m Magasin, c Choix) ([]T, error) {
	objets, err := m.Objets(ctx, c)
	if err != nil {
		return nil, err
	}
	liste := make([]T, 0, len(objets))
	for i := range objets {
		v, err := corps[T](&objets[i])
		if err != nil {
			return nil, err
		}
		liste = append(liste, v)
	}
	return liste, nil
}

func corps[T any](o *Objet) (v T, err error) {
	if err := json.Unmarshal(o.Corps, &v); err != nil {
		return v, fmt.Errorf("%s %s: %w", o.Genre, o.ID, err)
	}
	return v, nil
}
