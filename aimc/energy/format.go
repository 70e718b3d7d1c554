package energy

import (
	"strconv"
	"strings"

	"mho/internal/quantity"
)

// round prints x with four digits and the unit's prefix.
func round(x float64, unit string) string {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64)
	if err != nil {
		y = x
	}
	s := quantity.Format(y, unit)
	if unit == "" {
		return s
	}
	if i := strings.IndexFunc(s, func(c rune) bool { return !strings.ContainsRune("+-.0123456789", c) }); i > 0 && s[i] != ' ' && s[i] != 'e' {
		s = s[:i] + " " + s[i:]
	}
	return s
}

func plural(name string, n float64) string {
	if n == 1 {
		return name
	}
	return name + "s"
}
