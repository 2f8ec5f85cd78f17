package sortie

import (
	"fmt"
	"net/netip"
	"strings"
)

// LireReseaux reads networks ("10.0.0.0/8") or addresses ("10.0.0.5"). The error
// names the first one that is neither.
func LireReseaux(textes []string) ([]netip.Prefix, error) {
	var liste []netip.Prefix
	for _, texte := range textes {
		p, err := LireReseau(texte)
		if err != nil {
			return nil, err
		}
		liste = append(liste, p)
	}
	return liste, nil
}

// LireReseau reads a network, or an address as the network that it is alone in.
func LireReseau(texte string) (netip.Prefix, error) {
	texte = strings.TrimSpace(texte)
	if p, err := netip.ParsePrefix(texte); err == nil {
		return p.Masked(), nil
	}
	if a, err := netip.ParseAddr(texte); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	return netip.Prefix{}, fmt.Errorf("%q is neither a network nor an address", texte)
}

// The first port that no protocol of the system has, and those under it that
// are the Web's.
const (
	portLibre = 1024
	portHTTP  = 80
	portHTTPS = 443
)

// admettre refuses an address that may not be called in https.
func (s *Sortie) admettre(a netip.AddrPort) error {
	if s.permis(a.Addr()) {
		return nil
	}
	if !publique(a.Addr()) {
		return &Refus{Motif: Reseau, IP: a.Addr()}
	}
	if p := a.Port(); p < portLibre && p != portHTTP && p != portHTTPS {
		return &Refus{Motif: Port, IP: a.Addr()}
	}
	return nil
}

// admettrePermis refuses an address that may not be called in http.
func (s *Sortie) admettrePermis(a netip.AddrPort) error {
	switch {
	case s.permis(a.Addr()):
		return nil
	case !publique(a.Addr()):
		return &Refus{Motif: Reseau, IP: a.Addr()}
	}
	return &Refus{Motif: Schema, IP: a.Addr()}
}

// permis tells whether the operator allowed an address, or the IPv4 address
// that it stands for.
func (s *Sortie) permis(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	for _, p := range s.reglages.Permis {
		if p.Contains(a) || p.Contains(dedans(a)) {
			return true
		}
	}
	return false
}

// nat64 is the prefix under which IPv6 networks reach IPv4 (RFC 6052).
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// dedans is the IPv4 address that an IPv6 one leads to, mapped (RFC 4291,
// 2.5.5.2) or translated; itself for any other.
func dedans(a netip.Addr) netip.Addr {
	if nat64.Contains(a) {
		octets := a.As16()
		return netip.AddrFrom4([4]byte(octets[12:]))
	}
	return a.Unmap()
}

// unicast6 is all that is assigned to the public Internet in IPv6 (IANA, IPv6
// Global Unicast Address Assignments).
var unicast6 = netip.MustParsePrefix("2000::/3")

// speciales are the networks that are not the public Internet: those of the
// IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), multicast,
// and the address of a cloud's own service (168.63.129.16), which is public by
// its number alone. The few addresses of 192.0.0.0/24 and 2001::/23 that are
// globally reachable receive nothing from anybody.
var speciales = reseaux(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
	"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)

func reseaux(textes ...string) []netip.Prefix {
	liste := make([]netip.Prefix, 0, len(textes))
	for _, texte := range textes {
		liste = append(liste, netip.MustParsePrefix(texte))
	}
	return liste
}

// publique tells whether an address is one of the public Internet.
func publique(a netip.Addr) bool {
	if a.Zone() != "" || !a.IsValid() {
		return false
	}
	a = dedans(a)
	if a.Is6() && !unicast6.Contains(a) {
		return false
	}
	for _, p := range speciales {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
