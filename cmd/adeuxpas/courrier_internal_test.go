package main

import (
	"net"
	"testing"
)

// Links go to the log only where this machine alone can ask for them, whatever
// the address of the site says of itself.
func TestReglagesEcoute(t *testing.T) {
	for _, tt := range []struct {
		name, publique, ip string
		want               bool
	}{
		{"this machine", "http://localhost:8080", "127.0.0.1", true},
		{"this machine, in IPv6", "http://localhost:8080", "::1", true},
		{"every address, which is shown as localhost", "http://localhost:8080", "0.0.0.0", false},
		{"every address in IPv6", "http://localhost:8080", "::", false},
		{"another", "http://localhost:8080", "192.0.2.1", false},
		{"behind a proxy on this machine", "https://aide.exemple.fr", "127.0.0.1", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := envoi{}.reglagesEcoute(tt.publique, &net.TCPAddr{IP: net.ParseIP(tt.ip), Port: 8080})
			if err != nil || r.AuJournal != tt.want {
				t.Errorf("to the log: %t, %v", r.AuJournal, err)
			}
		})
	}
}
