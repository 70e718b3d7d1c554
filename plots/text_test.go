package plots

import (
	"bytes"
	"math"
	"strings"
	"testing"

	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgpdf"
)

func TestParseMarkup(t *testing.T) {
	type piece struct {
		text         string
		scale, shift float64
		italic       bool
	}
	for _, test := range []struct {
		in   string
		want []piece
	}{
		{"", nil},
		{"Time (s)", []piece{{"Time (s)", 1, 0, false}}},
		{"r_word", []piece{{"r_word", 1, 0, false}}},
		{"G_{max}", []piece{{"G", 1, 0, false}, {"max", 0.7, subShift, false}}},
		{"10^{−3} A", []piece{{"10", 1, 0, false}, {"−3", 0.7, superShift, false}, {" A", 1, 0, false}}},
		{"m²", []piece{{"m", 1, 0, false}, {"2", 0.7, superShift, false}}},
		{"G₀", []piece{{"G", 1, 0, false}, {"0", 0.7, subShift, false}}},
		{`\it{ν}`, []piece{{"ν", 1, 0, true}}},
		{`\it{V}_{th}`, []piece{{"V", 1, 0, true}, {"th", 0.7, subShift, false}}},
		{"e^{x_{0}}", []piece{{"e", 1, 0, false}, {"x", 0.7, superShift, false}, {"0", 0.49, superShift + subShift*0.7, false}}},
		{"open_{brace", []piece{{"open_{brace", 1, 0, false}}},
		{"}{", []piece{{"}{", 1, 0, false}}},
	} {
		got := parseMarkup(test.in)
		if len(got) != len(test.want) {
			t.Errorf("parseMarkup(%q) = %+v, want %+v", test.in, got, test.want)
			continue
		}
		for i, g := range got {
			w := test.want[i]
			if g.text != w.text || math.Abs(g.scale-w.scale) > 1e-12 || math.Abs(g.shift-w.shift) > 1e-12 || g.italic != w.italic {
				t.Errorf("parseMarkup(%q)[%d] = %+v, want %+v", test.in, i, g, w)
			}
		}
	}
}

func FuzzMarkup(f *testing.F) {
	for _, s := range []string{"G_{max}", "10^{−3}", `\it{a_{b}}`, "_{", "^{}}", "\xff_{\xfe}", "⁻¹"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		// Text without markup and scripts is kept as it is.
		if !strings.ContainsAny(s, "_^\\{}⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉₊₋") && plain(s) != s {
			t.Errorf("plain(%q) = %q", s, plain(s))
		}
		if _, w, h, d := typeset(typeface{size: 7}, s); math.IsNaN(w+h+d) || w < 0 {
			t.Errorf("typeset(%q): width %g, height %g, depth %g", s, w, h, d)
		}
	})
}

// The width of plain text is that of gonum/plot, which goes through the font
// by itself.
func TestTypesetWidth(t *testing.T) {
	cache := font.NewCache(liberation.Collection())
	for _, test := range []struct {
		face typeface
		font font.Font
	}{
		{typeface{size: 7}, font.Font{Typeface: "Liberation", Variant: "Sans"}},
		{typeface{size: 8, serif: true}, font.Font{Typeface: "Liberation", Variant: "Serif"}},
		{typeface{size: 8, bold: true}, font.Font{Typeface: "Liberation", Variant: "Sans", Weight: stdfont.WeightBold}},
	} {
		for _, s := range []string{"Conductance (µS)", "AVAWA Ty.", "Ω ν Σ −1.5", "0123456789"} {
			face := cache.Lookup(test.font, vg.Length(test.face.size))
			want := face.Width(s).Points()
			if got := textWidth(test.face, s); math.Abs(got-want) > 1e-6*want {
				t.Errorf("width of %q in %+v = %g, want %g", s, test.face, got, want)
			}
		}
	}
	if w := textWidth(typeface{size: 10}, "x^{2}"); math.Abs(w-textWidth(typeface{size: 10}, "x")-0.7*textWidth(typeface{size: 10}, "2")) > 1e-9 {
		t.Errorf("width of x² is %g", w)
	}
}

// Capitals and descenders reach where the layout takes them to reach.
func TestFontHeights(t *testing.T) {
	for _, serif := range []bool{false, true} {
		f := typeface{serif: serif}.face()
		bounds := func(c rune) fixed.Rectangle26_6 {
			var buf sfnt.Buffer
			i, err := f.font.GlyphIndex(&buf, c)
			if err != nil {
				t.Fatal(err)
			}
			b, _, err := f.font.GlyphBounds(&buf, i, fixed.Int26_6(f.em), 0)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		if h := -float64(bounds('H').Min.Y) / f.em; math.Abs(h-capHeight) > 0.05 {
			t.Errorf("serif %v: capitals are %g em high, want about %g", serif, h, capHeight)
		}
		if d := float64(bounds('p').Max.Y) / f.em; d > descender+0.01 {
			t.Errorf("serif %v: p is %g em deep, want at most %g", serif, d, descender)
		}
	}
}

// The outline of a letter fills the bounds that the font states for it.
func TestOutlineBounds(t *testing.T) {
	outline, _, _, _ := typeset(typeface{size: 1000}, "Ω")
	r := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, part := range flatten(outline) {
		for _, p := range part {
			r = rect{min(r.x0, p.x), min(r.y0, p.y), max(r.x1, p.x), max(r.y1, p.y)}
		}
	}
	f := typeface{}.face()
	var buf sfnt.Buffer
	i, err := f.font.GlyphIndex(&buf, 'Ω')
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := f.font.GlyphBounds(&buf, i, fixed.Int26_6(f.em), 0)
	if err != nil {
		t.Fatal(err)
	}
	k := 1000 / f.em
	want := rect{float64(b.Min.X) * k, -float64(b.Max.Y) * k, float64(b.Max.X) * k, -float64(b.Min.Y) * k}
	for _, d := range []float64{r.x0 - want.x0, r.y0 - want.y0, r.x1 - want.x1, r.y1 - want.y1} {
		if math.Abs(d) > 2 {
			t.Fatalf("Ω fills %+v, want %+v", r, want)
		}
	}
}

func TestCheckText(t *testing.T) {
	for _, s := range []string{"Conductance (µS)", "Ω − ± × · °C ≤ ≥ α ν τ μ", "10⁻³", "√Hz"} {
		if err := checkText(typeface{size: 7}, s); err != nil {
			t.Errorf("checkText(%q): %v", s, err)
		}
	}
	for _, s := range []string{"漢", "\xff", "🙂", "∝"} {
		if err := checkText(typeface{size: 7}, s); err == nil {
			t.Errorf("checkText(%q) found nothing", s)
		}
	}
}

// In a plot of gonum/plot the handler writes outlines: the PDF names no font.
func TestTextHandler(t *testing.T) {
	old := plot.DefaultTextHandler
	defer func() { plot.DefaultTextHandler = old }()
	plot.DefaultTextHandler = TextHandler{}
	p := plot.New()
	p.Title.Text = "G₀ in µS\nsecond line"
	p.X.Label.Text = `\it{ν}_{0}`
	p.X.Max, p.Y.Max = 1, 1
	c := vgpdf.New(200, 150)
	p.Draw(draw.New(c))
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(buf.Bytes(), []byte("/BaseFont")) {
		t.Error("the PDF embeds a font")
	}
	fnt := font.Font{Typeface: "Liberation", Variant: "Sans", Size: 10}
	w, h, d := TextHandler{}.Box("Ap", fnt)
	e := TextHandler{}.Extents(fnt)
	if want := textWidth(typeface{size: 10}, "Ap"); w.Points() != want || h != e.Ascent || math.Abs(float64(d-e.Descent)) > 1e-9 {
		t.Errorf("Box = %g, %g, %g, want %g, %g, %g", w, h, d, want, e.Ascent, e.Descent)
	}
}
