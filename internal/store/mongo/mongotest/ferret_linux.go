package mongotest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// cache is where .ci/mongo leaves FerretDB and its PostgreSQL, under the user's
// cache folder.
const cache = "adeuxpas/mongo-v2.7.0"

// modele is the database cluster that a run copies, and grappes where it puts
// the copy, in the root folder of PostgreSQL.
const (
	modele  = "/var/lib/adeuxpas/modele"
	grappes = "/tmp"
)

func detacher(cmd *exec.Cmd, fin syscall.Signal) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = new(syscall.SysProcAttr)
	}
	cmd.SysProcAttr.Setpgid, cmd.SysProcAttr.Pdeathsig = true, fin
}

func startFerret(ctx context.Context) (string, error) {
	dossier, err := os.UserCacheDir()
	if err != nil {
		return "", errAbsent
	}
	dossier = filepath.Join(dossier, cache)
	if _, err := os.Stat(filepath.Join(dossier, "versions")); errors.Is(err, fs.ErrNotExist) || os.Geteuid() != 0 {
		return "", errAbsent
	}
	postgres, err := startPostgres(ctx, filepath.Join(dossier, "racine"))
	if err != nil {
		return "", err
	}
	adresse, _, err := libre()
	if err != nil {
		return "", err
	}
	etat, err := os.MkdirTemp("", "adeuxpas-ferretdb-")
	if err != nil {
		return "", err
	}
	serveur.stop = append(serveur.stop, func() { _ = os.RemoveAll(etat) })
	e, err := lancer("ferretdb", exec.Command(filepath.Join(dossier, "ferretdb"),
		"--postgresql-url=postgres://postgres@"+postgres+"/postgres", "--listen-addr="+adresse, "--debug-addr=-",
		"--auth=false", "--telemetry=disable", "--state-dir="+etat, "--log-level=WARN"), syscall.SIGKILL)
	if err != nil {
		return "", err
	}
	uri := "mongodb://" + adresse + "/"
	return uri, attendre(ctx, e, ping(uri))
}

// startPostgres starts a copy of the model, in its root folder and under the
// account that owns it, and returns its address.
func startPostgres(ctx context.Context, racine string) (string, error) {
	grappe, err := copier(racine)
	if err != nil {
		return "", fmt.Errorf("copying the model of PostgreSQL: %w", err)
	}
	adresse, port, err := libre()
	if err != nil {
		return "", err
	}
	infos, err := os.Stat(filepath.Join(racine, modele))
	if err != nil {
		return "", err
	}
	compte := infos.Sys().(*syscall.Stat_t)
	cmd := exec.Command("/usr/lib/postgresql/18/bin/postgres", "-D", filepath.Join(grappes, grappe), "-p", port)
	cmd.Dir = "/"
	cmd.Env = []string{"LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: racine, Credential: &syscall.Credential{Uid: compte.Uid, Gid: compte.Gid}}
	// SIGQUIT: at once, and its shared memory is given back.
	e, err := lancer("postgres", cmd, syscall.SIGQUIT)
	if err != nil {
		return "", err
	}
	return adresse, attendre(ctx, e, joindre(adresse))
}

// copier makes a copy of the model, removed by Stop, and removes the ones that
// dead test programs left. A copy is locked while its test program lives.
func copier(racine string) (grappe string, err error) {
	tous, err := verrouiller(filepath.Join(racine, modele), syscall.LOCK_EX)
	if err != nil {
		return "", err
	}
	defer tous.Close()
	anciennes, err := filepath.Glob(filepath.Join(racine, grappes, "adeuxpas-*"))
	if err != nil {
		return "", err
	}
	for _, ancienne := range anciennes {
		if libere, err := verrouiller(ancienne, syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
			_ = os.RemoveAll(ancienne)
			_ = libere.Close()
		}
	}
	neuve, err := os.MkdirTemp(filepath.Join(racine, grappes), "adeuxpas-")
	if err != nil {
		return "", err
	}
	mien, err := verrouiller(neuve, syscall.LOCK_EX)
	if err != nil {
		return "", err
	}
	serveur.stop = append(serveur.stop, func() {
		_ = os.RemoveAll(neuve)
		_ = mien.Close()
	})
	sortie, err := exec.Command("cp", "-a", filepath.Join(racine, modele)+"/.", neuve).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("cp: %w: %s", err, sortie)
	}
	return filepath.Base(neuve), nil
}

// verrouiller locks a folder until it is closed, or this program ends.
func verrouiller(dossier string, mode int) (*os.File, error) {
	f, err := os.Open(dossier)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), mode); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
