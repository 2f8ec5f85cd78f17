package catalogue

import (
	"slices"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// deuxEPCI are an intercommunality that the territory holds whole, and one that
// goes beyond it.
func deuxEPCI(t *testing.T, ter *territoire.Territoire) (dedans, frontalier string) {
	t.Helper()
	for _, e := range ter.EPCIs {
		dehors := slices.ContainsFunc(e.Communes, func(code string) bool { c, ok := ter.Commune(code); return ok && !c.Dedans })
		if dehors {
			frontalier = e.Code
		} else if c := communeDe(t, ter, "Moissac"); c.EPCI == e.Code {
			dedans = e.Code
		}
	}
	if dedans == "" || frontalier == "" {
		t.Fatalf("EPCI inside %q, across %q", dedans, frontalier)
	}
	return dedans, frontalier
}

func TestPeutDonner(t *testing.T) {
	c := openNommes(t) // l4 is at Lafrançaise, the others in the EPCI of Moissac
	ter := c.territoire
	dedans, frontalier := deuxEPCI(t, ter)
	loin := lieuEn("loin", "Loin", 45, 2)
	loin.HorsTerritoire, loin.Champs.CodeInsee = true, ""
	lieux := []mednum.Lieu{loin}
	for _, v := range c.Lieux() {
		lieux = append(lieux, v.Lieu)
	}
	if err := c.publier(lieux, 2); err != nil {
		t.Fatal(err)
	}
	const (
		med  = mednum.RoleMediateur
		coo  = mednum.RoleCoordinateur
		adm  = mednum.RoleAdministrateur
		lieu = mednum.PorteeLieu
		epci = mednum.PorteeEPCI
		dep  = mednum.PorteeDepartement
		tout = mednum.PorteeTout
		com  = mednum.PorteeCommune
		con  = mednum.RoleContributeur
	)
	moissac, lafrancaise := communeDe(t, ter, "Moissac").Code, communeDe(t, ter, "Lafrançaise").Code
	d := func(r mednum.Role, p mednum.Portee, id string) mednum.Habilitation {
		return mednum.Habilitation{Role: r, Portee: p, ID: id}
	}
	for _, tt := range []struct {
		name string
		par  mednum.Habilitation
		h    mednum.Habilitation
		want bool
	}{
		{"a colleague of the same place", d(med, lieu, "l2"), d(med, lieu, "l2"), true},
		{"of another place", d(med, lieu, "l2"), d(med, lieu, "l3"), false},
		{"of a place that does not exist", d(med, lieu, "x"), d(med, lieu, "x"), false},
		{"a higher role on the same place", d(med, lieu, "l2"), d(coo, lieu, "l2"), false},
		{"who changes an EPCI is nobody's colleague", d(med, epci, dedans), d(med, lieu, "l2"), false},
		{"and does not share it", d(med, epci, dedans), d(med, epci, dedans), false},
		{"nor the territory", d(med, dep, ter.Code), d(med, dep, ter.Code), false},
		{"nor everything", d(med, tout, ""), d(med, lieu, "l2"), false},

		{"a coordinator of a place", d(coo, lieu, "l2"), d(med, lieu, "l2"), true},
		{"does not make another", d(coo, lieu, "l2"), d(coo, lieu, "l2"), false},
		{"a coordinator of an EPCI, one of its places", d(coo, epci, dedans), d(med, lieu, "l2"), true},
		{"the EPCI itself", d(coo, epci, dedans), d(med, epci, dedans), true},
		{"a place of another", d(coo, epci, dedans), d(med, lieu, "l4"), false},
		{"another EPCI", d(coo, epci, dedans), d(med, epci, frontalier), false},
		{"the territory", d(coo, epci, dedans), d(med, dep, ter.Code), false},
		{"a coordinator of the territory, a place", d(coo, dep, ter.Code), d(med, lieu, "l0"), true},
		{"an EPCI that it holds", d(coo, dep, ter.Code), d(med, epci, dedans), true},
		{"an EPCI that goes beyond", d(coo, dep, ter.Code), d(med, epci, frontalier), false},
		{"the territory itself", d(coo, dep, ter.Code), d(med, dep, ter.Code), true},
		{"a place around it", d(coo, dep, ter.Code), d(med, lieu, "loin"), false},
		{"another territory", d(coo, dep, ter.Code), d(med, dep, "31"), false},
		{"from another territory", d(coo, dep, "31"), d(med, epci, dedans), false},
		{"everything", d(coo, dep, ter.Code), d(med, tout, ""), false},
		{"a coordinator makes no coordinator", d(coo, tout, ""), d(coo, lieu, "l2"), false},
		{"nor an administrator", d(coo, tout, ""), d(adm, lieu, "l2"), false},
		{"a coordinator of everything", d(coo, tout, ""), d(med, tout, ""), true},

		{"an administrator of everything makes another", d(adm, tout, ""), d(adm, tout, ""), true},
		{"an EPCI that goes beyond the territory", d(adm, tout, ""), d(coo, epci, frontalier), true},
		{"a place around the territory", d(adm, tout, ""), d(med, lieu, "loin"), true},
		{"an administrator of the territory", d(adm, dep, ter.Code), d(adm, dep, ter.Code), true},
		{"a coordinator of one of its EPCI", d(adm, dep, ter.Code), d(coo, epci, dedans), true},
		{"beyond their scope", d(adm, dep, ter.Code), d(med, tout, ""), false},
		{"an administrator of an EPCI", d(adm, epci, dedans), d(coo, lieu, "l2"), true},
		{"beyond it", d(adm, epci, dedans), d(med, lieu, "l4"), false},

		{"a coordinator of an EPCI, one of its communes", d(coo, epci, dedans), d(med, com, moissac), true},
		{"who tells needs of it", d(coo, epci, dedans), d(con, com, moissac), true},
		{"or of the EPCI", d(coo, epci, dedans), d(con, epci, dedans), true},
		{"but not of another's commune", d(coo, epci, dedans), d(con, com, lafrancaise), false},
		{"a coordinator of a commune, the commune", d(coo, com, moissac), d(med, com, moissac), true},
		{"and a place of it", d(coo, com, moissac), d(med, lieu, "l2"), true},
		{"not another commune", d(coo, com, moissac), d(con, com, lafrancaise), false},
		{"not its EPCI", d(coo, com, moissac), d(con, epci, dedans), false},
		{"a coordinator of the territory, a commune", d(coo, dep, ter.Code), d(con, com, lafrancaise), true},
		{"a commune that nobody knows", d(adm, tout, ""), d(con, com, "99999"), false},
		{"a commune without a code", d(adm, com, ""), d(con, com, ""), false},
		{"who changes a commune shares nothing", d(med, com, moissac), d(med, com, moissac), false},
		{"nor who tells its needs", d(con, com, moissac), d(con, com, moissac), false},
		{"who tells needs gives no place", d(con, tout, ""), d(med, lieu, "l2"), false},
		{"needs are not told of a place", d(adm, tout, ""), d(con, lieu, "l2"), false},

		{"an unknown role", d(adm, tout, ""), d("chef", lieu, "l2"), false},
		{"no role", d(adm, tout, ""), d("", lieu, "l2"), false},
		{"an unknown scope", d(adm, tout, ""), d(med, "canton", "82112"), false},
		{"an unknown EPCI", d(adm, tout, ""), d(med, epci, "1"), false},
		{"an EPCI without a name", d(coo, epci, ""), d(med, epci, ""), false},
		{"from an unknown role", d("chef", tout, ""), d(med, lieu, "l2"), false},
		{"from an unknown scope", d(adm, "canton", "82112"), d(med, lieu, "l2"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.PeutDonner([]mednum.Habilitation{tt.par}, tt.h); got != tt.want {
				t.Errorf("%v gives %v: %t", tt.par, tt.h, got)
			}
			// Beside a right of no use here, as alone.
			if got := c.PeutDonner([]mednum.Habilitation{d(med, lieu, "l5"), tt.par}, tt.h); got != tt.want {
				t.Errorf("beside another right: %t", got)
			}
		})
	}
	if c.PeutDonner(nil, d(med, lieu, "l2")) {
		t.Error("nobody gives something")
	}
}

func TestLieuxADonner(t *testing.T) {
	c := openNommes(t)
	dedans, _ := deuxEPCI(t, c.territoire)
	coordonne := []mednum.Habilitation{{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeEPCI, ID: dedans}}
	for _, tt := range []struct{ name, texte, want string }{
		{"by a word, where it may be given", "mediatheque", "Médiathèque"}, // the whole name of one
		{"by its name and commune", "france moissac", "France services de Moissac"},
		{"by the commune alone", "moissac", "France services de Moissac, Médiathèque intercommunale"},
		{"elsewhere", "france lafrancaise", ""},
		{"nothing", " ", ""},
		{"an unknown word", "piscine", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var noms []string
			for _, v := range c.LieuxADonner(coordonne, mednum.RoleMediateur, tt.texte) {
				noms = append(noms, v.Champs.Nom)
			}
			if got := strings.Join(noms, ", "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	if l := c.LieuxADonner(coordonne, mednum.RoleCoordinateur, "mediatheque"); len(l) != 0 {
		t.Errorf("%d places on which a coordinator makes another", len(l))
	}
}
