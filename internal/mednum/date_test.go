package mednum_test

import (
	"encoding/json"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestDate_AddMois(t *testing.T) {
	tests := []struct {
		name, date string
		n          int
		want       string
	}{
		{"within a year", "2022-05-09", 3, "2022-08-09"},
		{"36 months", "2024-08-01", 36, "2027-08-01"},
		{"over New Year", "2022-12-02", 12, "2023-12-02"},
		{"to a shorter month", "2024-01-31", 1, "2024-02-29"},
		{"from a leap day", "2024-02-29", 12, "2025-02-28"},
		{"back", "2024-03-31", -1, "2024-02-29"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := mednum.ParseDate(tt.date)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.AddMois(tt.n).String(); got != tt.want {
				t.Errorf("AddMois(%d) = %s, want %s", tt.n, got, tt.want)
			}
		})
	}
}

func TestDate_JSON(t *testing.T) {
	for _, want := range []string{`"2024-04-02"`, `""`} {
		var d mednum.Date
		if err := json.Unmarshal([]byte(want), &d); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(d); err != nil || string(got) != want {
			t.Errorf("%s comes back as %s (%v)", want, got, err)
		}
	}
	var d mednum.Date
	if err := json.Unmarshal([]byte(`"2023-02-29"`), &d); err == nil || !d.IsZero() {
		t.Errorf("a day that does not exist is read as %v", d)
	}
}

func TestDate_Compare(t *testing.T) {
	ancienne, recente := mednum.Date{Annee: 2023, Mois: time.December, Jour: 31}, mednum.Date{Annee: 2024, Mois: time.January, Jour: 1}
	if ancienne.Compare(recente) >= 0 || recente.Compare(ancienne) <= 0 || recente.Compare(recente) != 0 {
		t.Error("dates are out of order")
	}
	if (mednum.Date{}).Compare(ancienne) >= 0 {
		t.Error("an unknown date comes first")
	}
}
