package plots

import (
	"math"
	"strconv"
	"strings"
)

// prefixes are the SI prefixes by power of ten (BIPM, The International System
// of Units, 9th ed. 2019, table 7).
var prefixes = map[int]string{
	-24: "y", -21: "z", -18: "a", -15: "f", -12: "p", -9: "n", -6: "µ", -3: "m",
	0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E",
}

// prefixable are the units that take a prefix in front.
var prefixable = map[string]bool{
	"S": true, "A": true, "V": true, "W": true, "J": true, "s": true, "Ω": true,
	"m": true, "Hz": true, "F": true, "T": true, "H": true, "C": true, "N": true,
	"Pa": true, "eV": true, "B": true, "b": true, "bit": true, "OPS": true,
	"OP": true, "Wb": true, "g": true, "cd": true, "lm": true,
}

// scaleUnit returns the power of ten by which values up to peak in the given
// unit are divided for display, and the text that names the scaled unit.
func scaleUnit(unit string, peak float64, fixed bool) (exp int, text string) {
	if fixed || peak == 0 {
		return 0, unit
	}
	exp = 3 * int(math.Floor(math.Log10(peak*(1+1e-9))/3))
	if exp == -3 && peak >= 0.1 {
		exp = 0 // 0.5 V, not 500 mV
	}
	if base := leading(unit); prefixable[base] {
		// Nobody writes kiloseconds.
		if p, ok := prefixes[exp]; ok && !(base == "s" && exp > 0) {
			return exp, p + unit
		}
	}
	if peak >= 0.01 && peak < 1e4 {
		return 0, unit
	}
	return exp, strings.TrimSpace("10^{" + integer(exp) + "} " + unit)
}

// leading returns the first symbol of a unit, or "" if it is raised to a power,
// where a prefix would be raised with it.
func leading(unit string) string {
	i := strings.IndexAny(unit, "/·* ^⁰¹²³⁻²³")
	if i < 0 {
		return unit
	}
	if strings.ContainsAny(unit[i:i+1], "/* ") || strings.HasPrefix(unit[i:], "·") {
		return unit[:i]
	}
	return ""
}

// title returns the text of an axis with label and scaled unit.
func title(label, unit string) string {
	switch {
	case unit == "":
		return label
	case label == "":
		return "(" + unit + ")"
	}
	return label + " (" + unit + ")"
}

// decimal writes v with n decimals and a true minus sign.
func decimal(v float64, n int) string {
	s := strconv.FormatFloat(v, 'f', min(max(n, 0), 15), 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return strings.Replace(s, "-", "−", 1)
}

// short writes v with the fewest digits that tell it from its neighbours, as
// 0.05 or 200 or 2×10^{−7}.
func short(v float64) string {
	if v == 0 {
		return "0"
	}
	e := int(math.Floor(math.Log10(math.Abs(v)) + 1e-9))
	if e >= -3 && e <= 4 {
		return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), "-", "−", 1)
	}
	m := strconv.FormatFloat(v/math.Pow10(e), 'g', 6, 64)
	switch m {
	case "1":
		return "10^{" + integer(e) + "}"
	case "-1":
		return "−10^{" + integer(e) + "}"
	}
	return strings.Replace(m, "-", "−", 1) + "×10^{" + integer(e) + "}"
}

// integer writes n with a true minus sign.
func integer(n int) string { return strings.Replace(strconv.Itoa(n), "-", "−", 1) }
