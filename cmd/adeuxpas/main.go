// Command adeuxpas is the whole of À deux pas: the service, the import and
// export of places, and the making of territory packs. It is the only reader
// of the environment, the clock and the exit code.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // Europe/Paris must be known wherever the binary lands
)

// version is set by the build: -ldflags "-X main.version=…".
var version = "dev"

// The exit codes, as the help states them.
const (
	codeOK       = 0
	codeEchec    = 1 // the work was refused or failed
	codeUsage    = 2 // the command line was not understood
	codeObstacle = 3 // something around is missing: address in use, unreadable base or territory
)

// programme is what a command may use of the outside world.
type programme struct {
	ctx    context.Context // ends on SIGINT or SIGTERM
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	now    func() time.Time
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := executer(os.Args[1:], &programme{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now})
	stop()
	os.Exit(code)
}
