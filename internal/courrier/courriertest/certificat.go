package courriertest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// paire is the certificate of every server of this program, its own authority:
// of 127.0.0.1, and not of localhost.
var paire = sync.OnceValues(func() (tls.Certificate, error) {
	cle, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	modele := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "essai"},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, modele, modele, cle.Public(), cle)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: cle}, err
})

func certificat() *tls.Config {
	c, err := paire()
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &c, err }}
}

// Autorite writes the authority that signs the servers' certificate in a
// folder, and returns its path, for SSL_CERT_FILE.
func Autorite(dossier string) (string, error) {
	c, err := paire()
	if err != nil {
		return "", err
	}
	chemin := filepath.Join(dossier, "autorite.pem")
	return chemin, os.WriteFile(chemin, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]}), 0o600)
}
