package plots

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Column is one column of a table, of numbers or of text.
type Column struct {
	// Name is the heading. What follows the last underscore is the unit, if it
	// is one: t_s, g_uS, v_V, j_A/m2. A known first part gets its full name, so
	// that t_s is shown as "Time (s)".
	Name string

	Unit   string    // unit of the values, if the name does not tell
	Values []float64 // in the unit of the column; nil for text
	Text   []string  // nil for numbers
}

// quantities are the full names of usual short headings.
var quantities = map[string]string{
	"t": "Time", "v": "Voltage", "i": "Current", "g": "Conductance", "r": "Resistance",
	"p": "Power", "e": "Energy", "j": "Current density", "f": "Frequency", "q": "Charge",
	"b": "Magnetic field", "nu": "Drift exponent", "sd": "Standard deviation",
	"std": "Standard deviation", "snr": "SNR",
}

// byUnit names the quantity of an axis that several series share.
var byUnit = map[string]string{
	"s": "Time", "V": "Voltage", "A": "Current", "S": "Conductance", "Ω": "Resistance",
	"W": "Power", "J": "Energy", "K": "Temperature", "°C": "Temperature", "Hz": "Frequency",
	"m": "Length", "m^{2}": "Area", "C": "Charge", "T": "Magnetic field", "F": "Capacitance",
	"A/m^{2}": "Current density", "V/m": "Electric field",
}

// spelled are the units as headings spell them, in ASCII, with the text that
// shows them. Those in prefixable may carry a prefix.
var spelled = map[string]string{
	"S": "S", "A": "A", "V": "V", "s": "s", "J": "J", "W": "W", "K": "K", "Hz": "Hz",
	"m": "m", "T": "T", "C": "C", "F": "F", "H": "H", "N": "N", "Pa": "Pa", "eV": "eV",
	"ohm": "Ω", "Ω": "Ω", "degC": "°C", "°C": "°C", "deg": "°", "rad": "rad",
	"m2": "m^{2}", "mm2": "mm^{2}", "m^2": "m^{2}", "m3": "m^{3}", "pct": "%", "percent": "%", "%": "%",
	"dB": "dB", "dBm": "dBm", "bit": "bit", "bits": "bit", "B": "B", "ops": "OPS", "OPS": "OPS",
}

// powers are the prefixes as headings spell them.
var powers = map[string]int{
	"f": -15, "p": -12, "n": -9, "u": -6, "µ": -6, "μ": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12,
}

// parseUnit returns the text of a spelled unit and the factor to SI.
func parseUnit(s string) (text string, factor float64, ok bool) {
	if over, under, found := strings.Cut(s, "/"); found {
		a, fa, ok := parseUnit(over)
		b, fb, okb := parseUnit(under)
		return a + "/" + b, fa / fb, ok && okb && !strings.Contains(b, "/")
	}
	if t, ok := spelled[s]; ok {
		return t, 1, true
	}
	_, n := utf8.DecodeRuneInString(s)
	if p, known := powers[s[:n]]; known {
		if t, ok := spelled[s[n:]]; ok && prefixable[t] {
			return t, math.Pow10(p), true
		}
	}
	return "", 1, false
}

// heading is what the name of a column says.
type heading struct {
	label, unit string
	factor      float64 // from the values to the unit
}

func (c *Column) heading() heading {
	h := heading{unit: c.Unit, factor: 1}
	name := c.Name
	if t, f, ok := parseUnit(c.Unit); ok {
		h.unit, h.factor = t, f
	}
	if i := strings.LastIndexByte(name, '_'); i >= 0 && c.Unit == "" {
		if t, f, ok := parseUnit(name[i+1:]); ok {
			h.unit, h.factor = t, f
			name = name[:i]
		}
	}
	name = strings.Trim(name, "_ ")
	// A letter means its usual quantity only in the unit of that quantity.
	if full, ok := quantities[strings.ToLower(name)]; ok && (h.unit == "" && len(name) > 1 || byUnit[h.unit] == full) {
		h.label = full
		return h
	}
	name = strings.ReplaceAll(name, "_", " ")
	r, n := utf8.DecodeRuneInString(name)
	// Symbols and quantiles, w and p05, stay as they are written.
	if len(name) > n && !strings.ContainsAny(name, "0123456789") {
		name = string(unicode.ToUpper(r)) + name[n:]
	}
	h.label = name
	return h
}

// scaled returns the values in the unit of the heading.
func (c *Column) scaled(h heading) []float64 {
	if h.factor == 1 {
		return c.Values
	}
	out := make([]float64, len(c.Values))
	for i, v := range c.Values {
		out[i] = v * h.factor
	}
	return out
}
