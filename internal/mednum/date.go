package mednum

import (
	"fmt"
	"time"
)

// Date is a civil day without time or zone, as the standard's date_maj.
// The zero value means "unknown" and prints as "".
type Date struct {
	Annee int
	Mois  time.Month
	Jour  int
}

// ParseDate reads "2006-01-02". A day that does not exist is an error.
func ParseDate(texte string) (Date, error) {
	t, err := time.Parse(time.DateOnly, texte)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: %w", texte, err)
	}
	return DateOf(t), nil
}

// DateOf is the day of t in t's own zone.
func DateOf(t time.Time) Date {
	a, m, j := t.Date()
	return Date{a, m, j}
}

// IsZero tells whether the date is unknown.
func (d Date) IsZero() bool { return d == Date{} }

func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Annee, int(d.Mois), d.Jour)
}

// Compare orders dates; unknown comes first.
func (d Date) Compare(autre Date) int {
	return d.In(time.UTC).Compare(autre.In(time.UTC))
}

// In is midnight of the day in the zone.
func (d Date) In(loc *time.Location) time.Time {
	return time.Date(d.Annee, d.Mois, d.Jour, 0, 0, 0, 0, loc)
}

// AddMois moves by n months; a day past the month's end becomes its last day.
func (d Date) AddMois(n int) Date {
	premier := time.Date(d.Annee, d.Mois+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	dernier := premier.AddDate(0, 1, -1).Day()
	return Date{premier.Year(), premier.Month(), min(d.Jour, dernier)}
}

// MarshalText writes "2006-01-02", "" when unknown.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(texte []byte) error {
	if len(texte) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(texte))
	if err != nil {
		return err
	}
	*d = v
	return nil
}
