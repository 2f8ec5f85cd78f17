package web

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// mandataires are the trusted proxies that stand before the service.
type mandataires []netip.Prefix

// Mandataire reads a trusted proxy: an IP address or a CIDR range.
func Mandataire(texte string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(texte); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(texte)
	return p.Masked(), err
}

func newMandataires(liste []string) (mandataires, error) {
	m := make(mandataires, 0, len(liste))
	for _, texte := range liste {
		p, err := Mandataire(texte)
		if err != nil {
			return nil, err
		}
		m = append(m, p)
	}
	return m, nil
}

// ecrits are the proxies as Fiber compares them: an address as it prints.
func (m mandataires) ecrits() []string {
	textes := make([]string, 0, len(m))
	for _, p := range m {
		if p.IsSingleIP() {
			textes = append(textes, p.Addr().String())
			continue
		}
		textes = append(textes, p.String())
	}
	return textes
}

// withVisiteur makes c.IP() the visitor's address behind trusted proxies. Fiber
// alone gives the whole X-Forwarded-For, of which whoever asks may write the
// beginning, and nothing at all when a proxy forgets it: everyone would then be
// one visitor.
func (m mandataires) withVisiteur(c *fiber.Ctx) error {
	direct, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if direct = direct.Unmap(); ok && m.contient(direct) {
		h := &c.Request().Header
		suite := m.visiteur(direct, h.PeekAll(fiber.HeaderXForwardedFor)).String()
		h.Del(fiber.HeaderXForwardedFor)
		h.Set(fiber.HeaderXForwardedFor, suite)
	}
	return c.Next()
}

// visiteur goes back along the addresses that proxies wrote, from the last, and
// stops at the first that is not a trusted proxy's.
func (m mandataires) visiteur(direct netip.Addr, lignes [][]byte) netip.Addr {
	var etapes []string
	for _, l := range lignes {
		etapes = append(etapes, strings.Split(string(l), ",")...)
	}
	vu := direct
	for _, e := range slices.Backward(etapes) {
		a, ok := parseEtape(strings.TrimSpace(e))
		if !ok || !m.contient(vu) {
			break
		}
		vu = a
	}
	return vu
}

// parseEtape reads an address of X-Forwarded-For, which some proxies write with
// its port.
func parseEtape(texte string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(texte)
	if err != nil {
		ap, err := netip.ParseAddrPort(texte)
		return ap.Addr().Unmap(), err == nil
	}
	return a.Unmap().WithZone(""), true
}

func (m mandataires) contient(a netip.Addr) bool {
	return slices.ContainsFunc(m, func(p netip.Prefix) bool { return p.Contains(a) })
}
