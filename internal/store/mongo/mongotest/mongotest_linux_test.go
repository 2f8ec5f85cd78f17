package mongotest

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const variableVictime = "ADEUXPAS_ESSAI_VICTIME"

// TestMain lets the test binary be the child of TestServerDiesWithItsTest.
func TestMain(m *testing.M) {
	if os.Getenv(variableVictime) != "" {
		uri, err := URI("")
		fmt.Println(uri, err)
		select {}
	}
	os.Exit(m.Run())
}

// A test program that is killed leaves no server behind, and what it left on
// the disk goes with the next one.
func TestServerDiesWithItsTest(t *testing.T) {
	victime := exec.Command(os.Args[0])
	victime.Env = append(os.Environ(), variableVictime+"=1")
	sortie, err := victime.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victime.Start(); err != nil {
		t.Fatal(err)
	}
	ligne, _ := bufio.NewReader(sortie).ReadString('\n')
	err = victime.Process.Kill()
	_ = victime.Wait() // killed: always an error
	if strings.Contains(ligne, errAbsent.Error()) {
		t.Skip(errAbsent.Error())
	}
	adresse, ok := strings.CutPrefix(strings.Fields(ligne + " ?")[0], "mongodb://")
	if err != nil || !ok {
		t.Fatalf("the child says %q, %v", ligne, err)
	}
	for range 100 {
		c, err := net.Dial("tcp", strings.TrimSuffix(adresse, "/"))
		if err != nil {
			return
		}
		_ = c.Close()
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("the server at %s outlives its test", adresse)
}

func TestAvecBase(t *testing.T) {
	for _, tt := range []struct{ name, uri, want string }{
		{"hosts alone", "mongodb://a:1,b:2", "mongodb://a:1,b:2/x?"},
		{"a slash", "mongodb://a/", "mongodb://a/x?"},
		{"another database", "mongodb://a/y", "mongodb://a/x?"},
		{"settings", "mongodb://a/?replicaSet=rs", "mongodb://a/x?replicaSet=rs"},
		{"an account of the server", "mongodb://u:p@a/?tls=true", "mongodb://u:p@a/x?tls=true&authSource=admin"},
		{"an account of the database", "mongodb://u:p@a/y", "mongodb://u:p@a/x?authSource=y"},
		{"an account elsewhere", "mongodb://u:p@a/y?authSource=z", "mongodb://u:p@a/x?authSource=z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := avecBase(tt.uri, "x"); err != nil || got != tt.want {
				t.Errorf("avecBase = %q, %v, want %q", got, err, tt.want)
			}
		})
	}
	if got, err := avecBase("mongodb://u:secret@:x/", "x"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("avecBase = %q, %v, want an error without the password", got, err)
	}
}

// The script and this package agree on the place of the server.
func TestCacheOfTheScript(t *testing.T) {
	script, err := os.ReadFile("../../../../.ci/mongo")
	if err != nil {
		t.Fatal(err)
	}
	version := strings.TrimPrefix(filepath.Base(cache), "mongo-")
	for _, want := range []string{"\nFERRETDB=" + version + "\n", "/adeuxpas\n", "fini=$cache/mongo-$FERRETDB\n", modele} {
		if !strings.Contains(string(script), want) {
			t.Errorf(".ci/mongo does not hold %q", want)
		}
	}
}
