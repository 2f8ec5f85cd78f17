package main

import (
	"context"
	"net"
	"net/url"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/web"
)

// proconnect is how the service is known to ProConnect: all or nothing.
type proconnect struct {
	Emetteur string `name:"proconnect-emetteur" placeholder:"URL" env:"ADEUXPAS_PROCONNECT_EMETTEUR" help:"Adresse de ProConnect, celle que sa documentation donne avant /.well-known/openid-configuration."`
	Client   string `name:"proconnect-client" placeholder:"NOM" env:"ADEUXPAS_PROCONNECT_CLIENT" help:"Identifiant que ProConnect a donné à ce service (client_id)."`
	Secret   string `name:"proconnect-secret" placeholder:"SECRET" env:"ADEUXPAS_PROCONNECT_SECRET" help:"Secret que ProConnect a donné à ce service (client_secret) ; plutôt dans la variable que sur la ligne de commande."`
	EnClair  bool   `name:"proconnect-sans-signature" env:"ADEUXPAS_PROCONNECT_SANS_SIGNATURE" help:"Accepte d’un autre fournisseur OpenID Connect une identité qu’il n’a pas signée ; ProConnect signe toujours."`
}

// verifier refuses settings that could not work.
func (q proconnect) verifier(publique string) error {
	if q.Emetteur == "" && q.Client == "" && q.Secret == "" {
		return nil
	}
	for _, r := range []struct{ option, valeur string }{
		{"--proconnect-emetteur", q.Emetteur}, {"--proconnect-client", q.Client}, {"--proconnect-secret", q.Secret}, {"--url-publique", publique},
	} {
		if r.valeur == "" {
			return usage("%s manque : ProConnect demande --proconnect-emetteur, --proconnect-client, --proconnect-secret et --url-publique.", r.option)
		}
	}
	if !estSur(q.Emetteur) {
		return usage("--proconnect-emetteur : « %s » n’est pas une adresse https://.", q.Emetteur)
	}
	return nil
}

// estSur tells whether what goes to an address is read by nobody on the way.
func estSur(adresse string) bool {
	u, err := url.Parse(adresse)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// ouvrir is ProConnect, nil when it is not set.
func (q proconnect) ouvrir(ctx context.Context, c *compte.Comptes, publique string) *compte.ProConnect {
	if q.Emetteur == "" {
		return nil
	}
	return compte.OuvrirProConnect(ctx, c, compte.ReglagesProConnect{
		Emetteur: q.Emetteur, Client: q.Client, Secret: q.Secret, EnClair: q.EnClair,
		URLRetour: publique + web.CheminRetour, URLSortie: publique + web.CheminSortie,
	})
}
