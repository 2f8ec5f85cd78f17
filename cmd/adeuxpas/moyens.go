package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/frontend"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// base is where the places are kept.
type base struct {
	Base string `default:"var/adeuxpas.db" placeholder:"BASE" env:"ADEUXPAS_BASE" help:"Base des lieux : le chemin d’un fichier, ou l’adresse mongodb://… d’une base MongoDB."`
}

// open opens the base, creating it when it is absent.
func (b base) open(p *programme) (store.Magasin, error) {
	if b.estMongo() {
		return ouverte(mongo.Open(p.ctx, b.Base, p.now))
	}
	return ouverte(sqlite.Open(p.ctx, b.Base, p.now))
}

// openExistante refuses to create a base: reading an empty one would hide a
// mistyped path.
func (b base) openExistante(p *programme) (store.Magasin, error) {
	if b.estMongo() {
		return ouverte(mongo.OpenExistante(p.ctx, b.Base, p.now))
	}
	if _, err := os.Stat(b.Base); errors.Is(err, fs.ErrNotExist) {
		return nil, obstacle(err, "La base « %s » n’existe pas : « adeuxpas servir » ou « adeuxpas importer » la crée.", b.Base)
	}
	return b.open(p)
}

// openVide opens a base to fill it, creating it when it is absent.
func (b base) openVide(p *programme) (store.Magasin, error) {
	if b.estMongo() {
		return ouverte(mongo.OpenVide(p.ctx, b.Base, p.now))
	}
	return ouverte(sqlite.OpenVide(p.ctx, b.Base, p.now))
}

// magasin is the kind of store.
func (b base) magasin() string {
	if b.estMongo() {
		return "mongodb"
	}
	return "sqlite"
}

// estMongo tells an address of MongoDB from the path of a file.
func (b base) estMongo() bool {
	return strings.HasPrefix(b.Base, "mongodb://") || strings.HasPrefix(b.Base, "mongodb+srv://")
}

// ouverte is what a store's Open returned. A base that does not open is an
// obstacle, whatever its reason; an address of MongoDB is never repeated, since
// it may hold a password.
func ouverte[M store.Magasin](m M, err error) (store.Magasin, error) {
	if err == nil {
		return m, nil
	}
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	if e, ok := errors.AsType[*mednum.Error](err); ok {
		return nil, obstacle(err, "%s", e.Message)
	}
	return nil, obstacle(err, "La base ne s’ouvre pas. Recommencez avec --detail pour en voir la cause technique.")
}

// paquet is the territory pack that the service is about.
type paquet struct {
	Territoire string `placeholder:"DOSSIER" env:"ADEUXPAS_TERRITOIRE" help:"Dossier d’un autre territoire que celui du programme."`
}

// fichiers are the pack's files: a folder, or those in the program.
func (q paquet) fichiers() fs.FS {
	if q.Territoire == "" {
		return data.Defaut
	}
	return os.DirFS(q.Territoire)
}

func (q paquet) open() (*territoire.Territoire, error) {
	if q.Territoire != "" {
		if _, err := os.ReadDir(q.Territoire); err != nil {
			return nil, obstacle(err, "%s", phrase(err))
		}
	}
	t, err := territoire.Open(q.fichiers())
	if err != nil {
		return nil, obstacle(err, "%s", sansTexteInterne(err))
	}
	if t.France, err = openFrance(); err != nil {
		return nil, fmt.Errorf("communes of France: %w", err)
	}
	if t.Centres, err = territoire.OpenCentres(bytes.NewReader(data.CentresFrance)); err != nil {
		return nil, err
	}
	t.Scolaire, err = scolaireLivre()
	return t, err
}

// scolaireLivre is the calendar of school holidays that ships with the program.
func scolaireLivre() (*territoire.Scolaire, error) {
	return territoire.LireScolaire(bytes.NewReader(data.VacancesScolaires))
}

// vacances are the school holidays to follow.
type vacances struct {
	Vacances string `placeholder:"FICHIER" env:"ADEUXPAS_VACANCES" help:"Calendrier des vacances scolaires, fait par « adeuxpas vacances renouveler », au lieu de celui du programme."`
}

// poser gives the territory the calendar of the file, when there is one.
func (v vacances) poser(t *territoire.Territoire) error {
	if v.Vacances == "" {
		return nil
	}
	s, err := lireScolaire(v.Vacances)
	if err != nil {
		return obstacle(err, "%s", phrase(err))
	}
	t.Scolaire = s
	return nil
}

func lireScolaire(chemin string) (*territoire.Scolaire, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := territoire.LireScolaire(f)
	return s, nommer(err, chemin)
}

// openFrance reads the names of all communes that the front end's build left;
// nil before it is built.
func openFrance() (*territoire.France, error) {
	f, err := frontend.Dist().Open("communes-france.tsv")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a nil list knows nothing, and says so in its contract
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return territoire.OpenFrance(f)
}

// openCatalogue publishes the places of a base.
func openCatalogue(p *programme, b store.Magasin, t *territoire.Territoire) (*catalogue.Catalogue, catalogue.Demarches, error) {
	demarches, err := catalogue.ReadDemarches(data.Demarches)
	if err != nil {
		return nil, nil, err
	}
	c, err := catalogue.Open(p.ctx, b, t, demarches, p.now)
	return c, demarches, err
}

// sansTexteInterne is a French error message without the words of the system
// or of a decoder at its end, which only --detail shows.
func sansTexteInterne(err error) string {
	message := err.Error()
	if interne := texteInterne(err); interne != "" {
		message, _, _ = strings.Cut(message, interne)
	}
	message = strings.TrimSuffix(message, io.ErrUnexpectedEOF.Error()) // a cut JSON, which no type tells
	message = strings.TrimRight(message, " :")
	r, n := utf8.DecodeRuneInString(message)
	return strings.ToUpper(string(r)) + strings.TrimSuffix(message[n:], ".") + "."
}

// texteInterne is what the system or a decoder said, "" when neither did.
func texteInterne(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return e.Error()
	}
	return ""
}
