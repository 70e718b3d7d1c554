package quantity

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Parse returns the SI value of a quantity in a string such as "25uS",
// "-1.5 V", "85degC" or "1e-14 m^2/(V s)". The dimension must be that of want,
// itself a unit such as "S" or "m/s"; want "" is a pure number. A string
// without a unit is a number in SI. The value is finite.
func Parse(s, want string) (float64, error) {
	x, got, err := split(s)
	if err != nil {
		return 0, err
	}
	w, err := parseUnit(want)
	if err != nil {
		return 0, err
	}
	if strings.TrimSpace(got.text) == "" {
		got.unit = w
		got.pow10, got.factor, got.offset = 0, 1, 0
	}
	if got.dim != w.dim {
		return 0, fmt.Errorf("%q has the unit %s: must be %s", s, got.text, describe(want))
	}
	return scale(s, x, got.unit)
}

// ParseAny returns the SI value of a quantity of any dimension and the SI unit
// to print it with; it serves where the parameter it is meant for is not known
// yet.
func ParseAny(s string) (x float64, si string, err error) {
	num, got, err := split(s)
	if err != nil {
		return 0, "", err
	}
	x, err = scale(s, num, got.unit)
	return x, siUnit(got.dim), err
}

// Same reports whether two units have the same physical dimension.
func Same(a, b string) bool {
	ua, errA := parseUnit(a)
	ub, errB := parseUnit(b)
	return errA == nil && errB == nil && ua.dim == ub.dim
}

type number struct {
	mantissa string
	exponent int
}

type named struct {
	unit
	text string
}

func split(s string) (number, named, error) {
	t := strings.TrimSpace(strings.ReplaceAll(s, "\u2212", "-"))
	i := 0
	digits := func() int {
		n := 0
		for i < len(t) && t[i] >= '0' && t[i] <= '9' {
			i++
			n++
		}
		return n
	}
	if i < len(t) && (t[i] == '-' || t[i] == '+') {
		i++
	}
	n := digits()
	if i < len(t) && t[i] == '.' {
		i++
		n += digits()
	}
	if n == 0 {
		return number{}, named{}, fmt.Errorf("%q is not a quantity: must be a number with a unit such as \"25uS\"", s)
	}
	num := number{mantissa: t[:i]}
	if i < len(t) && (t[i] == 'e' || t[i] == 'E') {
		j := i
		i++
		if i < len(t) && (t[i] == '-' || t[i] == '+') {
			i++
		}
		k := i
		if digits() > 0 && i-k <= 4 {
			num.exponent, _ = strconv.Atoi(t[j+1 : i])
		} else {
			i = j // the e belongs to a unit, as in "1eV"
		}
	}
	text := strings.TrimSpace(t[i:])
	u, err := parseUnit(text)
	if err != nil {
		return number{}, named{}, fmt.Errorf("%q: %w", s, err)
	}
	return num, named{u, text}, nil
}

func scale(s string, n number, u unit) (float64, error) {
	x, err := strconv.ParseFloat(n.mantissa+"e"+strconv.Itoa(n.exponent+u.pow10), 64)
	if u.factor != 1 {
		x *= u.factor
	}
	x += u.offset
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return 0, fmt.Errorf("%q is beyond the range of a number", s)
	}
	return x, nil
}

func describe(u string) string {
	if u == "" {
		return "a pure number"
	}
	return "in " + u
}

// engineering lists the units that Format gives prefixes.
var engineering = map[string]bool{
	"S": true, "V": true, "A": true, "s": true, "ohm": true, "m": true, "J": true, "W": true, "Hz": true, "F": true,
	"C": true, "T": true, "H": true, "eV": true,
}

const prefixLetters = "afpnum kMGTPE"

// Format prints the SI value x in the unit u, so that Parse reads the same bits
// back: "25uS", "1.5ohm", "358.15K", "0.6eV", "1e-14 m^2/(V s)". Single units
// of electronics take engineering prefixes; pure numbers and compound units do
// not. A value that has no exact text in u, such as an odd energy in eV, is
// printed in SI.
func Format(x float64, u string) string {
	if p, err := parseUnit(u); err == nil && (p.factor != 1 || p.offset != 0 || p.pow10 != 0) {
		for _, digits := range []int{15, 16, 17} {
			text := strconv.FormatFloat((x-p.offset)/p.factor*math.Pow10(-p.pow10), 'g', digits, 64)
			y, _ := strconv.ParseFloat(text, 64)
			s := format(y, u)
			if back, err := Parse(s, u); err == nil && back == x {
				return s
			}
		}
		u = siUnit(p.dim)
	}
	return format(x, u)
}

// format prints the number x with the unit u.
func format(x float64, u string) string {
	if !engineering[u] || x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		n := strconv.FormatFloat(x, 'g', -1, 64)
		switch {
		case u == "":
			return n
		case strings.ContainsAny(u, " /^("):
			return n + " " + u
		}
		return n + u
	}
	// Shortest digits d.ddd times 10^e, then the point moved by e mod 3.
	text := strconv.FormatFloat(x, 'e', -1, 64)
	neg := strings.HasPrefix(text, "-")
	mant, expText, _ := strings.Cut(strings.TrimPrefix(text, "-"), "e")
	e, _ := strconv.Atoi(expText)
	digits := strings.Replace(mant, ".", "", 1)
	p := floorDiv(e, 3)
	if p < -6 || p > 6 {
		return strconv.FormatFloat(x, 'g', -1, 64) + u
	}
	head := e - 3*p + 1
	for len(digits) < head {
		digits += "0"
	}
	out := digits[:head]
	if len(digits) > head {
		out += "." + digits[head:]
	}
	if neg {
		out = "-" + out
	}
	if letter := prefixLetters[p+6]; letter != ' ' {
		out += string(letter)
	}
	return out + u
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// siUnit names an SI unit of dimension d, preferring the units of electronics.
func siUnit(d dimension) string {
	for _, s := range []string{"S", "V", "A", "s", "ohm", "m", "J", "W", "Hz", "F", "C", "T", "H", "K", "Wb", "N", "Pa"} {
		if symbols[s].dim == d {
			return s
		}
	}
	base := [5]string{"m", "kg", "s", "A", "K"}
	var parts []string
	for i, e := range d {
		switch {
		case e == 1:
			parts = append(parts, base[i])
		case e != 0:
			parts = append(parts, base[i]+"^"+strconv.Itoa(int(e)))
		}
	}
	return strings.Join(parts, " ")
}

// EV returns the energy of x electron volts in joules, the same bits as Parse
// gives for the text "x eV".
func EV(x float64) float64 { return x * 1.602176634e-19 }

// SI returns the SI unit that values of a parameter in unit u are held in: u
// itself unless it is scaled, as eV or nm/s.
func SI(u string) string {
	p, err := parseUnit(u)
	if err != nil || p.factor == 1 && p.pow10 == 0 && p.offset == 0 {
		return u
	}
	return siUnit(p.dim)
}
