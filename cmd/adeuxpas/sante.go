package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"
)

// adresse is where the service listens.
type adresse struct {
	Adresse string `default:"127.0.0.1:8080" placeholder:"HÔTE:PORT" env:"ADEUXPAS_ADRESSE" help:"Adresse d’écoute du service. Le port 0 en choisit un de libre."`
}

type commandeSante struct {
	adresse
}

// Help is the second half of the command's help.
func (commandeSante) Help() string {
	return `Demande /livez au service et attend au plus trois secondes. Le code de sortie
est 0 si le service répond et 1 sinon : c’est la vérification que l’image
Docker appelle.

Exemple :
  adeuxpas sante --adresse 127.0.0.1:8080`
}

const delaiSante = 3 * time.Second

// Run succeeds when the service answers 200 on /livez.
func (c commandeSante) Run(p *programme) error {
	ctx, cancel := context.WithTimeout(p.ctx, delaiSante)
	defer cancel()
	if err := interroger(ctx, joignable(c.Adresse)); err != nil {
		return &refus{code: codeEchec, phrase: "Le service ne répond pas sur " + c.Adresse + ".", cause: err}
	}
	return nil
}

// directe asks the service of this machine, which no outgoing proxy may stand
// before, even when it listens on an address that is not the loopback's.
var directe = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// interroger asks /livez once.
func interroger(ctx context.Context, hotePort string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+hotePort+"/livez", http.NoBody)
	if err != nil {
		return err
	}
	rep, err := directe.Do(req)
	if err != nil {
		return err
	}
	defer rep.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(rep.Body, 1024))
	if rep.StatusCode != http.StatusOK {
		return &refus{code: codeEchec, phrase: "Le service répond " + rep.Status + "."}
	}
	return nil
}

// joignable is the address at which this machine reaches a listener: one that
// listens everywhere is asked on the loopback.
func joignable(ecoute string) string {
	hote, port, err := net.SplitHostPort(ecoute)
	if err != nil {
		return ecoute
	}
	if ip := net.ParseIP(hote); hote == "" || ip != nil && ip.IsUnspecified() {
		hote = "localhost"
	}
	return net.JoinHostPort(hote, port)
}
