package catalogue_test

import (
	"testing"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestAcces(t *testing.T) {
	rdv := mednum.Permanence{ID: "a", RendezVous: true}
	libre := mednum.Permanence{ID: "b"}
	arret := mednum.Permanence{ID: "c", RendezVous: true, Arret: &mednum.Arret{Nom: "Mairie"}}
	tests := []struct {
		name        string
		modalites   []string
		permanences []mednum.Permanence
		want        string
	}{
		{"silent", nil, nil, ""},
		{"walk in", []string{"Se présenter", "Téléphoner"}, nil, "Sans rendez-vous"},
		{"call first", []string{"Téléphoner"}, nil, "Téléphonez avant de venir"},
		{"by appointment only", []string{"Téléphoner"}, []mednum.Permanence{rdv}, "Sur rendez-vous"},
		{"some days by appointment", []string{"Se présenter"}, []mednum.Permanence{rdv, libre}, "Certains jours, sur rendez-vous"},
		{"online appointment", []string{"Prendre un RDV en ligne"}, nil, "Sur rendez-vous"},
		{"a stop's appointment says nothing of the place", []string{"Se présenter"}, []mednum.Permanence{arret}, "Sans rendez-vous"},
		{"mail", []string{"Contacter par mail"}, nil, "Écrivez avant de venir"},
		{"on referral", []string{"Envoyer un mail avec une fiche de prescription"}, nil, "Il faut être orienté par un travailleur social"},
		{"closed to the public", []string{"Ce lieu n'accueille pas de public", "Téléphoner"}, nil, "N’accueille pas de public"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := mednum.Lieu{Champs: mednum.Champs{ModalitesAcces: tt.modalites}, Permanences: tt.permanences}
			if got := catalogue.Acces(&l); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
