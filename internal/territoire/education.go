package territoire

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// URLEducation is the Ministry of Education's calendar of school holidays, the
// data set fr-en-calendrier-scolaire, exported whole by its API (Explore v2.1,
// no key).
const URLEducation = "https://data.education.gouv.fr/api/explore/v2.1/catalog/datasets/fr-en-calendrier-scolaire/exports/json"

// tailleEducation is the greatest size read of the export, in bytes, some
// twenty times what it weighs.
const tailleEducation = 16 << 20

// LigneEducation is one line of the Ministry's calendar: a holiday of an
// académie. Debut is midnight in Paris of its first day, Fin that of the day on
// which classes start again (the same instant for a single day), overseas too.
type LigneEducation struct {
	Description string    `json:"description"`
	Population  string    `json:"population"` // "-", "Élèves", "Enseignants"
	Debut       time.Time `json:"start_date"`
	Fin         time.Time `json:"end_date"`
	Academie    string    `json:"location"`
	Zone        string    `json:"zones"` // "Zone C", "Corse", "Mayotte"
	Annee       string    `json:"annee_scolaire"`
}

// TelechargerEducation asks the Ministry's calendar once, and gives up when ctx
// ends. Errors are *mednum.Error: Indisponible when nothing usable comes,
// Invalide when what comes is not the calendar. A nil client goes through
// the environment's proxy (HTTPS_PROXY, NO_PROXY) and trusts the authorities of
// the system and of SSL_CERT_FILE.
func TelechargerEducation(ctx context.Context, client *http.Client, adresse string) ([]LigneEducation, error) {
	if client == nil {
		client = &http.Client{}
	}
	demande, err := http.NewRequestWithContext(ctx, http.MethodGet, adresse, nil)
	if err != nil {
		return nil, refusEducation(mednum.Invalide, "« %s » n’est pas une adresse.", adresse)
	}
	demande.Header.Set("Accept", "application/json")
	reponse, err := client.Do(demande)
	if err != nil {
		return nil, panneEducation(err)
	}
	defer func() { _ = reponse.Body.Close() }()
	if reponse.StatusCode != http.StatusOK {
		return nil, refusEducation(mednum.Indisponible, "le service répond « %d » au lieu du calendrier. Vérifiez l’adresse, ou recommencez plus tard.", reponse.StatusCode)
	}
	octets, err := io.ReadAll(io.LimitReader(reponse.Body, tailleEducation+1))
	if err != nil {
		return nil, panneEducation(err)
	}
	if len(octets) > tailleEducation {
		return nil, refusEducation(mednum.Invalide, "la réponse dépasse %d Mo\u00a0: ce n’est pas le calendrier.", tailleEducation>>20)
	}
	return lireEducation(octets)
}

func lireEducation(octets []byte) ([]LigneEducation, error) {
	var lignes []LigneEducation
	if err := json.Unmarshal(octets, &lignes); err != nil {
		return nil, refusEducation(mednum.Invalide, "la réponse n’est pas le calendrier attendu (une liste JSON de vacances). Vérifiez l’adresse.")
	}
	if len(lignes) == 0 {
		return nil, refusEducation(mednum.Invalide, "la liste est vide.")
	}
	return lignes, nil
}

func panneEducation(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, context.DeadlineExceeded):
		return refusEducation(mednum.Indisponible, "le service n’a pas répondu à temps. Recommencez plus tard.")
	case certificatRefuse(err):
		return refusEducation(mednum.Indisponible, "le certificat du service n’est pas reconnu. Si votre réseau a sa propre autorité de certification, donnez son fichier PEM par la variable SSL_CERT_FILE.")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return refusEducation(mednum.Indisponible, "la réponse s’arrête au milieu. Recommencez.")
	}
	return refusEducation(mednum.Indisponible, "le service ne répond pas. Vérifiez l’adresse et le réseau.")
}

// certificatRefuse tells a certificate that no known authority has signed, or
// that is not of the host asked.
func certificatRefuse(err error) bool {
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok
}

func refusEducation(code mednum.Code, format string, args ...any) error {
	return &mednum.Error{Code: code, Message: "Calendrier du ministère\u00a0: " + fmt.Sprintf(format, args...)}
}
