package main

import "testing"

// Only a demonstration, which nobody else sees, and the networks that the
// operator names may be called in this machine's own networks.
func TestSortiePermise(t *testing.T) {
	for _, tt := range []struct {
		name    string
		servir  commandeServir
		adresse string
		want    bool
	}{
		{"a service", commandeServir{}, "http://127.0.0.1:9/", false},
		{"a service, in https", commandeServir{}, "https://[::1]/", false},
		{"a demonstration", commandeServir{Demo: true}, "http://127.0.0.1:9/", true},
		{"a demonstration, IPv6", commandeServir{Demo: true}, "http://[::1]:9/", true},
		{"a demonstration and another machine", commandeServir{Demo: true}, "https://192.168.1.1/", false},
		{"a network that is named", commandeServir{reseauxPermis: reseauxPermis{Permis: []string{"192.168.1.0/24"}}}, "https://192.168.1.1/", true},
		{"its neighbour", commandeServir{reseauxPermis: reseauxPermis{Permis: []string{"192.168.1.0/24"}}}, "https://192.168.2.1/", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := tt.servir.sortie()
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Verifier(t.Context(), tt.adresse); (err == nil) != tt.want {
				t.Errorf("%s: %v", tt.adresse, err)
			}
		})
	}
}
