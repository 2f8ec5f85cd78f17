package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// composition is what the tests read of compose.yaml.
type composition struct {
	Services map[string]struct {
		Image       string
		Build       map[string]any
		Restart     string
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		Environment map[string]string
		Networks    []string
		Ports       []string
		Volumes     []string
		Secrets     []string
		Healthcheck struct{ Test []string }
	}
	Networks map[string]struct {
		Internal bool
		Ipam     struct{ Config []map[string]string }
	}
	Volumes map[string]any
	Secrets map[string]struct{ Environment string }
}

func lireRacine(t *testing.T, nom string) string {
	t.Helper()
	octets, err := os.ReadFile(filepath.Join("..", "..", nom))
	if err != nil {
		t.Fatal(err)
	}
	return string(octets)
}

func lireComposition(t *testing.T) composition {
	t.Helper()
	var c composition
	if err := yaml.Unmarshal([]byte(lireRacine(t, "compose.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCompose(t *testing.T) {
	c := lireComposition(t)
	want := map[string][]string{"adeuxpas": {"mongo"}, "mandataire": {"adeuxpas"}, "mongo": {}}
	got := map[string][]string{}
	for nom, s := range c.Services {
		got[nom] = []string{}
		for d, condition := range s.DependsOn {
			got[nom] = append(got[nom], d)
			if condition.Condition != "service_healthy" {
				t.Errorf("%s starts before %s is well", nom, d)
			}
		}
		if len(s.Healthcheck.Test) == 0 || s.Restart != "unless-stopped" {
			t.Errorf("%s: health %q, restart %q", nom, s.Healthcheck.Test, s.Restart)
		}
		if s.Build == nil && !regexp.MustCompile(`:\d+\.\d+`).MatchString(s.Image) {
			t.Errorf("%s: image %q has no version", nom, s.Image)
		}
		if nom != "mandataire" && len(s.Ports) > 0 {
			t.Errorf("%s is published", nom)
		}
		c.montagesExistent(t, nom)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
	if n := c.Services["mongo"].Networks; !slices.Equal(n, []string{"base"}) || !c.Networks["base"].Internal {
		t.Errorf("MongoDB is on %v, which leads outside", n)
	}
	confiance := c.Services["adeuxpas"].Environment["ADEUXPAS_MANDATAIRES"]
	if s := c.Networks["site"].Ipam.Config[0]["subnet"]; s == "" || s != confiance {
		t.Errorf("the network is %q, what is trusted %q", s, confiance)
	}
}

// montagesExistent checks the files, volumes and secrets that a service names.
func (c composition) montagesExistent(t *testing.T, nom string) {
	t.Helper()
	for _, v := range c.Services[nom].Volumes {
		source, _, _ := strings.Cut(v, ":")
		if fichier, ok := strings.CutPrefix(source, "./"); ok {
			lireRacine(t, fichier)
		} else if _, ok := c.Volumes[source]; !ok {
			t.Errorf("%s: no volume %q", nom, source)
		}
	}
	for _, s := range c.Services[nom].Secrets {
		if c.Secrets[s].Environment == "" {
			t.Errorf("%s: no secret %q", nom, s)
		}
	}
}

var (
	variable  = regexp.MustCompile(`\$\{([A-Z_]+)(:[-?][^}]*)?\}`)
	reglageDe = regexp.MustCompile(`(?m)^([A-Z_]+)=(.*)$`)
)

// Nothing starts with a setting that is missing, and no secret is in the files.
func TestComposeReglages(t *testing.T) {
	c, texte := lireComposition(t), lireRacine(t, "compose.yaml")
	obligatoires, connus := []string{}, map[string]bool{}
	for _, m := range variable.FindAllStringSubmatch(texte, -1) {
		connus[m[1]] = true
		message, obligatoire := strings.CutPrefix(m[2], ":?")
		if obligatoire {
			obligatoires = append(obligatoires, m[1])
			if !strings.Contains(message, m[1]) || !strings.Contains(message, ".env") {
				t.Errorf("%s: the message is %q", m[1], message)
			}
		} else if !strings.HasPrefix(m[2], ":-") {
			t.Errorf("%s: neither a default nor a refusal", m[1])
		}
	}
	for _, s := range c.Secrets {
		if !slices.Contains(obligatoires, s.Environment) {
			t.Errorf("secret %s may be left empty", s.Environment)
		}
	}
	exemple := map[string]bool{}
	for _, m := range reglageDe.FindAllStringSubmatch(lireRacine(t, "deploy/exemple.env"), -1) {
		exemple[m[1]] = true
		if m[2] != "" {
			t.Errorf("deploy/exemple.env gives %s a value", m[1])
		}
	}
	if diff := cmp.Diff(connus, exemple); diff != "" || len(obligatoires) < 4 {
		t.Errorf("%d compulsory; compose.yaml and deploy/exemple.env differ:\n%s", len(obligatoires), diff)
	}
	reglages := reglagesDe(t, "servir")
	for nom := range c.Services["adeuxpas"].Environment {
		if strings.HasPrefix(nom, "ADEUXPAS_") && reglages[nom] == "" {
			t.Errorf("%s is no setting of servir", nom)
		}
	}
	for _, cle := range regexp.MustCompile(`(?i)mot_de_passe|password|pwd`).FindAllString(lireRacine(t, "deploy/Caddyfile"), -1) {
		t.Errorf("deploy/Caddyfile holds %q", cle)
	}
}

// TestComposeConfig asks Docker itself, where it has compose.
func TestComposeConfig(t *testing.T) {
	if err := exec.Command("docker", "compose", "version").Run(); err != nil {
		t.Log("docker compose is not here: TestCompose alone reads compose.yaml")
		return
	}
	demander := func(env ...string) (string, error) {
		c := exec.Command("docker", "compose", "--env-file", "/dev/null", "config", "--quiet")
		c.Dir, c.Env = filepath.Join("..", ".."), append([]string{"PATH=" + os.Getenv("PATH")}, env...)
		sortie, err := c.CombinedOutput()
		return string(sortie), err
	}
	pleins := []string{"ADEUXPAS_DOMAINE=exemple.fr", "MONGO_MOT_DE_PASSE=a", "MONGO_RACINE_MOT_DE_PASSE=b", "MONGO_CLE=c"}
	if sortie, err := demander(pleins...); err != nil {
		t.Errorf("refused: %s", sortie)
	}
	for i, manque := range pleins {
		nom, _, _ := strings.Cut(manque, "=")
		if sortie, err := demander(slices.Delete(slices.Clone(pleins), i, i+1)...); err == nil || !strings.Contains(sortie, "remplissez "+nom) {
			t.Errorf("without %s: error %v, %s", nom, err, sortie)
		}
	}
}

// TestUnite has systemd read the unit, where it is installed.
func TestUnite(t *testing.T) {
	texte := lireRacine(t, "deploy/adeuxpas.service")
	for _, want := range []string{"EnvironmentFile=-/etc/adeuxpas.env", "RestartPreventExitStatus=2", "NoNewPrivileges=yes"} {
		if !strings.Contains(texte, "\n"+want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Log("systemd-analyze is not here: the lines above alone are read")
		return
	}
	f := filepath.Join(t.TempDir(), "adeuxpas.service")
	verifier := func(texte string) string {
		ecrire(t, f, texte)
		sortie, _ := exec.Command("systemd-analyze", "verify", "--man=no", f).CombinedOutput() // it only warns of most faults
		return string(sortie)
	}
	ici := strings.ReplaceAll(texte, "/usr/local/bin/adeuxpas", binaire)
	if sortie := verifier(ici); strings.Contains(sortie, "adeuxpas.service") {
		t.Errorf("systemd says: %s", sortie)
	}
	if sortie := verifier(strings.Replace(ici, "ProtectHome=yes", "ProtectHome=peut-être", 1)); !strings.Contains(sortie, "peut-être") {
		t.Errorf("systemd sees no fault in a faulty unit: %s", sortie)
	}
}
