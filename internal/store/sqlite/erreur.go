package sqlite

import (
	"errors"
	"fmt"

	"82numerique.fr/adeuxpas/internal/mednum"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// traduire gives an error of the driver its plain words: an *mednum.Error
// with code "indisponible", the driver's error beneath it for the log. Other
// errors come back as they are.
func (b *Base) traduire(err error) error {
	var e *sqlite.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	var deja *mednum.Error
	if errors.As(err, &deja) {
		return err
	}
	message := ""
	switch e.Code() & 0xff {
	case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
		message = fmt.Sprintf("Le fichier « %s » n’est pas une base d’À deux pas, ou il est abîmé. Restaurez une sauvegarde, ou choisissez un autre fichier avec --base.", b.chemin)
	case lib.SQLITE_CANTOPEN, lib.SQLITE_PERM, lib.SQLITE_READONLY, lib.SQLITE_AUTH:
		message = fmt.Sprintf("La base « %s » ne peut pas être ouverte en écriture : vérifiez les droits du fichier et de son dossier.", b.chemin)
	case lib.SQLITE_FULL:
		message = "Le disque est plein : rien n’a été enregistré. Libérez de la place puis recommencez."
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		message = "La base est occupée par un autre programme : recommencez dans un instant."
	case lib.SQLITE_IOERR:
		message = fmt.Sprintf("Le disque de la base « %s » ne répond pas : rien n’a été enregistré.", b.chemin)
	default:
		return err
	}
	return fmt.Errorf("%w: %w", &mednum.Error{Code: mednum.Indisponible, Champ: "base", Message: message}, err)
}
