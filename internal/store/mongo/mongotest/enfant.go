package mongotest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// enfant is a program that dies with this one.
type enfant struct {
	nom    string
	cmd    *exec.Cmd
	sortie *journal
	mort   chan struct{}
	fin    syscall.Signal // asks it to end
}

// lancer starts a program. On Linux the kernel ends it when the thread that
// started it dies, so that thread is kept until the program has ended.
func lancer(nom string, cmd *exec.Cmd, fin syscall.Signal) (*enfant, error) {
	e := &enfant{nom: nom, cmd: cmd, sortie: new(journal), mort: make(chan struct{}), fin: fin}
	cmd.Stdout, cmd.Stderr = e.sortie, e.sortie
	detacher(cmd, fin)
	demarre := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		demarre <- err
		if err == nil {
			_ = cmd.Wait()
			close(e.mort)
		}
	}()
	if err := <-demarre; err != nil {
		return nil, err
	}
	serveur.stop = append(serveur.stop, e.stop)
	return e, nil
}

func (e *enfant) stop() {
	_ = e.cmd.Process.Signal(e.fin)
	<-e.mort
}

// journal keeps what a program says.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

func startMongod(ctx context.Context, mongod string) (string, error) {
	adresse, port, err := libre()
	if err != nil {
		return "", err
	}
	dossier, err := os.MkdirTemp("", "adeuxpas-mongod-")
	if err != nil {
		return "", err
	}
	serveur.stop = append(serveur.stop, func() { _ = os.RemoveAll(dossier) })
	e, err := lancer("mongod", exec.Command(mongod, "--dbpath", dossier, "--port", port, "--bind_ip", "127.0.0.1", "--nounixsocket"), syscall.SIGTERM)
	if err != nil {
		return "", err
	}
	uri := "mongodb://" + adresse + "/"
	return uri, attendre(ctx, e, ping(uri))
}
