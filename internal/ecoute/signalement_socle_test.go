package ecoute_test

import (
	"testing"
	"time"
)

var mardi = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
