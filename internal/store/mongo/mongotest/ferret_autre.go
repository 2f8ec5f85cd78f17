//go:build !linux

package mongotest

import (
	"context"
	"os/exec"
	"syscall"
)

// Elsewhere nobody builds a server: one has to be given, or installed.
func startFerret(context.Context) (string, error) { return "", errAbsent }

func detacher(*exec.Cmd, syscall.Signal) {}
