package quantity

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// dimension holds the exponents of metre, kilogram, second, ampere and kelvin.
type dimension [5]int

func (d dimension) add(e dimension, times int) dimension {
	for i := range d {
		d[i] += times * e[i]
	}
	return d
}

// A unit is factor * 10^pow10 times the SI unit of its dimension, plus offset.
// Decimal powers are kept apart so that they can be applied to the text of a
// number, without a rounding.
type unit struct {
	dim    dimension
	pow10  int
	factor float64
	offset float64
	prefix bool // takes SI prefixes
}

// maxPower bounds every exponent; no unit in use comes near it.
const maxPower = 20

func (u unit) sane() bool {
	for _, e := range u.dim {
		if e < -maxPower || e > maxPower {
			return false
		}
	}
	return u.pow10 > -1000 && u.pow10 < 1000 && u.factor > 0 && u.factor < math.MaxFloat64
}

var symbols = map[string]unit{
	"m":        {dimension{1, 0, 0, 0, 0}, 0, 1, 0, true},
	"g":        {dimension{0, 1, 0, 0, 0}, -3, 1, 0, true},
	"s":        {dimension{0, 0, 1, 0, 0}, 0, 1, 0, true},
	"A":        {dimension{0, 0, 0, 1, 0}, 0, 1, 0, true},
	"K":        {dimension{0, 0, 0, 0, 1}, 0, 1, 0, true},
	"Hz":       {dimension{0, 0, -1, 0, 0}, 0, 1, 0, true},
	"N":        {dimension{1, 1, -2, 0, 0}, 0, 1, 0, true},
	"Pa":       {dimension{-1, 1, -2, 0, 0}, 0, 1, 0, true},
	"J":        {dimension{2, 1, -2, 0, 0}, 0, 1, 0, true},
	"W":        {dimension{2, 1, -3, 0, 0}, 0, 1, 0, true},
	"C":        {dimension{0, 0, 1, 1, 0}, 0, 1, 0, true},
	"V":        {dimension{2, 1, -3, -1, 0}, 0, 1, 0, true},
	"F":        {dimension{-2, -1, 4, 2, 0}, 0, 1, 0, true},
	"ohm":      {dimension{2, 1, -3, -2, 0}, 0, 1, 0, true},
	"S":        {dimension{-2, -1, 3, 2, 0}, 0, 1, 0, true},
	"H":        {dimension{2, 1, -2, -2, 0}, 0, 1, 0, true},
	"T":        {dimension{0, 1, -2, -1, 0}, 0, 1, 0, true},
	"Wb":       {dimension{2, 1, -2, -1, 0}, 0, 1, 0, true},
	"eV":       {dimension{2, 1, -2, 0, 0}, 0, 1.602176634e-19, 0, true},
	"min":      {dimension{0, 0, 1, 0, 0}, 0, 60, 0, false},
	"h":        {dimension{0, 0, 1, 0, 0}, 0, 3600, 0, false},
	"d":        {dimension{0, 0, 1, 0, 0}, 0, 86400, 0, false},
	"y":        {dimension{0, 0, 1, 0, 0}, 0, 365 * 86400, 0, false},
	"degC":     {dimension{0, 0, 0, 0, 1}, 0, 1, 273.15, false},
	"angstrom": {dimension{1, 0, 0, 0, 0}, -10, 1, 0, false},
	"Oe":       {dimension{-1, 0, 0, 1, 0}, 0, 1000 / (4 * math.Pi), 0, true},
	"rad":      {factor: 1, prefix: true},
	"dB":       {factor: 1},
	"deg":      {factor: math.Pi / 180},
	"%":        {factor: 1, pow10: -2},
	"ppm":      {factor: 1, pow10: -6},
	"1":        {factor: 1},
}

// aliases lists other spellings of the symbols above.
var aliases = map[string]string{
	"Ohm": "ohm", "ohms": "ohm", "\u03a9": "ohm", "\u2126": "ohm", "mho": "S", "°C": "degC", "℃": "degC", "Å": "angstrom",
	"sec": "s", "hour": "h", "day": "d", "year": "y", "°": "deg",
}

var prefixes = map[string]int{
	"a": -18, "f": -15, "p": -12, "n": -9, "u": -6, "\u00b5": -6, "\u03bc": -6, "m": -3,
	"k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18,
}

// parseUnit reads a unit expression: factors joined by spaces, "*" or "·", each
// a symbol with an optional prefix and an exponent; "/" divides by the next
// factor or parenthesis.
func parseUnit(s string) (unit, error) {
	p := unitParser{rest: strings.TrimSpace(s)}
	u := unit{factor: 1}
	if p.rest == "" {
		return u, nil
	}
	u, err := p.product()
	if err != nil {
		return unit{}, err
	}
	if p.rest != "" {
		return unit{}, fmt.Errorf("unit %q is not understood at %q", s, p.rest)
	}
	return u, nil
}

type unitParser struct {
	rest  string
	depth int
}

func (p *unitParser) product() (unit, error) {
	u := unit{factor: 1}
	n := 0
	sign := 1
	for {
		p.rest = strings.TrimLeft(p.rest, " ")
		switch {
		case p.rest == "" || p.rest[0] == ')':
			if n == 0 || sign < 0 {
				return unit{}, fmt.Errorf("the unit ends where a symbol is due")
			}
			return u, nil
		case p.rest[0] == '*':
			p.rest = p.rest[1:]
		case strings.HasPrefix(p.rest, "·"):
			p.rest = strings.TrimPrefix(p.rest, "·")
		case p.rest[0] == '/':
			if sign < 0 {
				return unit{}, fmt.Errorf("two divisions in a row")
			}
			sign = -1
			p.rest = p.rest[1:]
			continue
		}
		f, err := p.power()
		if err != nil {
			return unit{}, err
		}
		if f.offset != 0 && (n > 0 || p.rest != "") {
			// In a compound unit a degree Celsius is a temperature difference.
			f.offset = 0
		}
		u.dim = u.dim.add(f.dim, sign)
		if !u.sane() {
			return unit{}, fmt.Errorf("the unit has too high a power")
		}
		u.pow10 += sign * f.pow10
		u.factor *= math.Pow(f.factor, float64(sign))
		u.offset += f.offset
		u.prefix = n == 0 && sign > 0 && f.prefix
		n++
		sign = 1
	}
}

func (p *unitParser) power() (unit, error) {
	p.rest = strings.TrimLeft(p.rest, " ")
	var u unit
	var err error
	if strings.HasPrefix(p.rest, "(") {
		if p.depth++; p.depth > 8 {
			return unit{}, fmt.Errorf("too many parentheses")
		}
		p.rest = p.rest[1:]
		if u, err = p.product(); err != nil {
			return unit{}, err
		}
		if !strings.HasPrefix(p.rest, ")") {
			return unit{}, fmt.Errorf("a closing parenthesis is missing")
		}
		p.rest = p.rest[1:]
		p.depth--
	} else {
		end := strings.IndexFunc(p.rest, func(r rune) bool { return strings.ContainsRune(" */()^·²³", r) })
		if end < 0 {
			end = len(p.rest)
		}
		if u, err = symbol(p.rest[:end]); err != nil {
			return unit{}, err
		}
		p.rest = p.rest[end:]
	}
	e := 1
	switch {
	case strings.HasPrefix(p.rest, "²"):
		e, p.rest = 2, strings.TrimPrefix(p.rest, "²")
	case strings.HasPrefix(p.rest, "³"):
		e, p.rest = 3, strings.TrimPrefix(p.rest, "³")
	case strings.HasPrefix(p.rest, "^"):
		var n int
		if _, err := fmt.Sscanf(p.rest[1:], "%d", &n); err != nil || n == 0 || n < -maxPower || n > maxPower {
			return unit{}, fmt.Errorf("the exponent after ^ must be a whole number from %d to %d", -maxPower, maxPower)
		}
		e = n
		p.rest = strings.TrimLeft(p.rest[1:], "+-0123456789")
	}
	if e != 1 {
		d := u.dim
		u.dim = dimension{}.add(d, e)
		u.pow10 *= e
		u.factor = math.Pow(u.factor, float64(e))
		u.offset = 0
		u.prefix = false
		if !u.sane() {
			return unit{}, fmt.Errorf("the unit has too high a power")
		}
	}
	return u, nil
}

func symbol(s string) (unit, error) {
	if a, ok := aliases[s]; ok {
		s = a
	}
	if u, ok := symbols[s]; ok {
		return u, nil
	}
	_, n := utf8.DecodeRuneInString(s)
	if n < len(s) {
		head, tail := s[:n], s[n:]
		if a, ok := aliases[tail]; ok {
			tail = a
		}
		u, ok := symbols[tail]
		if e, isPrefix := prefixes[head]; ok && isPrefix && u.prefix {
			u.pow10 += e
			return u, nil
		}
		// The centimetre is the one unit with a prefix that is not a power of 1000.
		if ok && head == "c" && tail == "m" {
			u.pow10 -= 2
			return u, nil
		}
	}
	if s == "" {
		return unit{}, fmt.Errorf("a unit symbol is missing")
	}
	return unit{}, fmt.Errorf("unknown unit %q", s)
}
