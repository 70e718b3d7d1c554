package plots

import (
	"strings"
	"unicode/utf8"
)

// run is a piece of text in one style.
type run struct {
	text   string
	scale  float64 // type size, in units of the size around the text
	shift  float64 // height of the baseline, in the same units
	italic bool
}

// scripts maps the raised and lowered characters of Unicode, which the fonts
// have in part only, to the characters that stand for them in ^{...} and _{...}.
var (
	raised  = pairs("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+−n")
	lowered = pairs("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+−")
)

func pairs(from, to string) map[rune]rune {
	m := map[rune]rune{}
	t := []rune(to)
	for i, r := range []rune(from) {
		m[r] = t[i]
	}
	return m
}

// parseMarkup splits a line of text at _{...}, ^{...} and \it{...}, which may
// be nested. Braces that close nothing, and markup left open, stand for
// themselves to the end of the line.
func parseMarkup(s string) []run {
	var out []run
	parseRuns(s, run{scale: 1}, &out)
	return out
}

func parseRuns(s string, style run, out *[]run) {
	emit := func(text string, st run) {
		if text == "" {
			return
		}
		st.text = text
		if n := len(*out); n > 0 && (*out)[n-1].scale == st.scale && (*out)[n-1].shift == st.shift && (*out)[n-1].italic == st.italic {
			(*out)[n-1].text += text
			return
		}
		*out = append(*out, st)
	}
	script := func(shift float64) run {
		return run{scale: style.scale * scriptScale, shift: style.shift + shift*style.scale, italic: style.italic}
	}
	for len(s) > 0 {
		inner := style
		var skip int
		switch {
		case strings.HasPrefix(s, "_{"):
			inner, skip = script(subShift), 2
		case strings.HasPrefix(s, "^{"):
			inner, skip = script(superShift), 2
		case strings.HasPrefix(s, `\it{`):
			inner.italic, skip = true, 4
		}
		if skip > 0 {
			if end := closing(s[skip:]); end >= 0 {
				parseRuns(s[skip:skip+end], inner, out)
				s = s[skip+end+1:]
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(s)
		if to, ok := raised[r]; ok {
			emit(string(to), script(superShift))
		} else if to, ok := lowered[r]; ok {
			emit(string(to), script(subShift))
		} else {
			emit(s[:n], style)
		}
		s = s[n:]
	}
}

// closing returns the index of the brace that closes the one before s, or -1.
func closing(s string) int {
	depth := 1
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// plain returns the text of s without its markup.
func plain(s string) string {
	var b strings.Builder
	for _, r := range parseMarkup(s) {
		b.WriteString(r.text)
	}
	return b.String()
}
