package plots_test

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"mho/plots"
)

// rich is a figure with a bit of everything.
func rich() plots.Figure {
	x := logspace(1, 1e6, 50)
	z := normal(30*20, 0, 1, 4)
	return plots.Figure{Title: "A & B <i>", Theme: theme("nature"), Panels: []plots.Panel{
		{
			Title: "Drift", X: plots.Axis{Label: "Time", Unit: "s", Scale: plots.Log}, Y: plots.Axis{Label: "Conductance", Unit: "S"},
			Series: []plots.Series{
				plots.Line{Name: "PCM", X: x, Y: apply(x, func(v float64) float64 { return 1e-5 * math.Pow(v, -0.05) })},
				plots.Scatter{Name: "data", X: x, Y: apply(x, func(v float64) float64 { return 1.1e-5 * math.Pow(v, -0.05) })},
			},
			Rules: []plots.Rule{{At: 6e-6, Label: "limit"}},
		},
		{
			X: plots.Axis{Label: "Column"}, Y: plots.Axis{Label: "Row"},
			Series: []plots.Series{plots.Heatmap{Z: z, Rows: 20, Cols: 30, Color: plots.Axis{Label: "Error", Unit: "A"}}},
		},
	}}
}

func write(t *testing.T, fig plots.Figure, format string) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := fig.Write(&buf, format); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return buf.Bytes()
}

// The same figure has the same bytes, also when drawn by several at once.
func TestWriteReproducible(t *testing.T) {
	for _, format := range plots.Formats() {
		fig := rich()
		fig.DPI = 150
		want := write(t, fig, format)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				fig := rich()
				fig.DPI = 150
				var buf bytes.Buffer
				if err := fig.Write(&buf, format); err != nil {
					t.Error(err)
				}
				if !bytes.Equal(buf.Bytes(), want) {
					t.Errorf("%s differs between two runs", format)
				}
			})
		}
		wg.Wait()
	}
}

func TestPDF(t *testing.T) {
	b := write(t, rich(), "pdf")
	// 183 mm are 518.74 points.
	for _, want := range []string{"%PDF-", "/MediaBox [0 0 518.74 ", "D:20000101000000"} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("the PDF has no %q", want)
		}
	}
	if bytes.Contains(b, []byte("/BaseFont")) {
		t.Error("the PDF has a font, but text is drawn as outlines")
	}
}

func TestSVG(t *testing.T) {
	b := write(t, rich(), "svg")
	d := xml.NewDecoder(bytes.NewReader(b))
	var root xml.StartElement
	var texts []string
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := tok.(xml.StartElement); ok {
			if root.Name.Local == "" {
				root = s
			}
			for _, a := range s.Attr {
				if a.Name.Local == "aria-label" {
					texts = append(texts, a.Value)
				}
			}
		}
	}
	if root.Name.Local != "svg" {
		t.Fatalf("root element is %q", root.Name.Local)
	}
	for _, a := range root.Attr {
		if a.Name.Local == "width" && a.Value != "183mm" {
			t.Errorf("width %q, want 183mm", a.Value)
		}
	}
	for _, want := range []string{"Time (s)", "Conductance (µS)", "PCM", "data", "limit", "a", "b", "105", "Error (A)"} {
		found := false
		for _, s := range texts {
			found = found || s == want
		}
		if !found {
			t.Errorf("no text %q among %q", want, texts)
		}
	}
	if !bytes.Contains(b, []byte("<title>A &amp; B &lt;i&gt;</title>")) {
		t.Error("no title")
	}
}

func TestPNG(t *testing.T) {
	fig := rich()
	fig.Width, fig.Height = 101.6, 50.8 // 4 in by 2 in
	fig.Panels = fig.Panels[:1]
	b := write(t, fig, "png")
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Max; got.X != 2400 || got.Y != 1200 {
		t.Errorf("%v pixels, want 2400 by 1200", got)
	}
	i := bytes.Index(b, []byte("pHYs"))
	if i < 0 {
		t.Fatal("no pHYs chunk")
	}
	// 600 dots per inch are 23622 per metre.
	if got := binary.BigEndian.Uint32(b[i+4:]); got != 23622 {
		t.Errorf("%d pixels per metre, want 23622", got)
	}
}

func TestWriteHTML(t *testing.T) {
	fig := rich()
	var buf bytes.Buffer
	if err := fig.WriteHTML(&buf); err != nil {
		t.Fatal(err)
	}
	s := buf.String()
	if !strings.HasPrefix(s, "<figure>\n<svg ") || !strings.Contains(s, "<figcaption>A &amp; B &lt;i&gt;</figcaption>") {
		t.Errorf("html begins %.40q", s)
	}
}

// A 256 by 256 matrix of noise, the worst case for compression, a line of
// 200000 points and a cloud of 100000 stay below 300 kB.
func TestFileSize(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	z := make([]float64, 256*256)
	for i := range z {
		z[i] = r.Float64()
	}
	n := 200000
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = float64(i), math.Sin(float64(i)/1e4)
	}
	for name, s := range map[string]plots.Series{
		"heat map": plots.Heatmap{Z: z, Rows: 256, Cols: 256},
		"line":     plots.Line{X: x, Y: y},
		"cloud":    plots.Scatter{X: normal(100000, 0, 1, 1), Y: normal(100000, 0, 1, 2), Style: plots.Style{MarkerSize: 1}},
	} {
		for _, format := range []string{"pdf", "svg"} {
			fig := plots.Figure{Panels: []plots.Panel{{Series: []plots.Series{s}}}}
			if got := len(write(t, fig, format)); got >= 300e3 {
				t.Errorf("%s as %s has %d bytes, want below 300000", name, format, got)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	one := []float64{1, 2}
	ok := plots.Line{Name: "fine", X: one, Y: one}
	panel := func(s ...plots.Series) plots.Figure { return plots.Figure{Panels: []plots.Panel{{Series: s}}} }
	logy := func(s ...plots.Series) plots.Figure {
		return plots.Figure{Panels: []plots.Panel{{Y: plots.Axis{Scale: plots.Log}, Series: s}}}
	}
	for _, test := range []struct {
		name string
		fig  plots.Figure
		want []string // parts of the error
	}{
		{"no panels", plots.Figure{}, []string{"no panels"}},
		{"no series", plots.Figure{Panels: []plots.Panel{{}}}, []string{"panel a", "no series"}},
		{"nil series", panel(nil), []string{"panel a", "series 1", "nil"}},
		{"empty", panel(plots.Line{Name: "PCM"}), []string{"panel a", `series "PCM"`, "x is empty"}},
		{"lengths", panel(plots.Line{Name: "PCM", X: one, Y: one[:1]}), []string{"x has 2", "y 1"}},
		{"NaN", plots.Figure{Panels: []plots.Panel{{Series: []plots.Series{ok}}, {Series: []plots.Series{ok, plots.Scatter{Name: "RRAM", X: one, Y: []float64{1, nan}}}}}}, []string{"panel b", `series "RRAM"`, "y[1] is NaN", "AllowGaps"}},
		{"infinite", panel(plots.Band{X: one, Lo: one, Hi: []float64{inf, 1}}), []string{"series 1", "hi[0] is +Inf"}},
		{"infinite with gaps", plots.Figure{Panels: []plots.Panel{{AllowGaps: true, Series: []plots.Series{plots.Line{X: one, Y: []float64{inf, 1}}}}}}, []string{"+Inf"}},
		{"only NaN", plots.Figure{Panels: []plots.Panel{{AllowGaps: true, Series: []plots.Series{plots.Line{X: one, Y: []float64{nan, nan}}}}}}, []string{"NaN only"}},
		{"log", logy(ok, plots.Line{Name: "low", X: one, Y: []float64{1, -3}}), []string{"panel a", `series "low"`, "y is -3", "logarithmic"}},
		{"log band", logy(plots.Band{X: one, Lo: []float64{0, 1}, Hi: one}), []string{"y is 0"}},
		{"log limit", plots.Figure{Panels: []plots.Panel{{X: plots.Axis{Scale: plots.Log, Min: 0, Max: 2}, Series: []plots.Series{ok}}}}, []string{"x axis", "limit 0"}},
		{"limits", plots.Figure{Panels: []plots.Panel{{X: plots.Axis{Min: 3, Max: 2}, Series: []plots.Series{ok}}}}, []string{"x axis", "3 and 2"}},
		{"probability", plots.Figure{Panels: []plots.Panel{{Y: plots.Axis{Scale: plots.Probability}, Series: []plots.Series{ok}}}}, []string{"probability axis"}},
		{"matrix", panel(plots.Heatmap{Z: one, Rows: 2, Cols: 2}), []string{"2 rows and 2 columns has 2 values"}},
		{"edges", panel(plots.Heatmap{Z: one, Rows: 1, Cols: 2, X: []float64{1, 2}}), []string{"x has 2 edges for 2 cells"}},
		{"map", panel(plots.Heatmap{Z: one, Rows: 1, Cols: 2, Map: "jet"}), []string{`"jet"`, "viridis"}},
		{"log colours", panel(plots.Heatmap{Z: []float64{0, 1}, Rows: 1, Cols: 2, Color: plots.Axis{Scale: plots.Log}}), []string{"z[0] is 0", "logarithmic"}},
		{"glyph", plots.Figure{Panels: []plots.Panel{{X: plots.Axis{Label: "時"}, Series: []plots.Series{ok}}}}, []string{"panel a", "U+6642"}},
		{"small", plots.Figure{Width: 20, Height: 20, Panels: []plots.Panel{{X: plots.Axis{Label: "Time"}, Y: plots.Axis{Label: "y"}, Series: []plots.Series{ok}}, {Series: []plots.Series{ok}}}}, []string{"no room"}},
		{"width", plots.Figure{Width: -3, Panels: panel(ok).Panels}, []string{"width is -3 mm"}},
		{"dpi", plots.Figure{DPI: 5, Panels: panel(ok).Panels}, []string{"5 dots"}},
		{"mixed bars", panel(plots.Bars{Values: one}, plots.Bars{Name: "h", Values: one, Horizontal: true}), []string{`"h"`, "one panel"}},
		{"stack", panel(plots.Bars{Values: one}, plots.Bars{Name: "up", Values: one[:1], Stack: true}), []string{`"up"`, "1 values stacked on 2"}},
		{"inset", plots.Figure{Panels: []plots.Panel{{Series: []plots.Series{ok}, Inset: &plots.Inset{Panel: plots.Panel{}}}}}, []string{"panel a", "inset", "no series"}},
		{"inset place", plots.Figure{Panels: []plots.Panel{{Series: []plots.Series{ok}, Inset: &plots.Inset{X0: 0.5, X1: 2, Y1: 1}}}}, []string{"inset corners"}},
		{"rule", plots.Figure{Panels: []plots.Panel{{Series: []plots.Series{ok}, Rules: []plots.Rule{{At: nan, Label: "top"}}}}}, []string{`rule "top"`}},
		{"theme", plots.Figure{Theme: plots.Theme{Name: "mine", Column: 80}, Panels: panel(ok).Panels}, []string{`theme "mine"`, "double column"}},
		{"title", plots.Figure{Title: "a\x00", Panels: panel(ok).Panels}, []string{"title"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.fig.Check()
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range append(test.want, "plots: ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if err := test.fig.Write(io.Discard, "svg"); err == nil {
				t.Error("Write gives no error")
			}
		})
	}
	fig := rich()
	if err := fig.Write(io.Discard, "gif"); err == nil || !strings.Contains(err.Error(), "pdf, svg, png") {
		t.Errorf("format gif: %v", err)
	}
	if _, err := plots.ThemeByName("comic"); err == nil || !strings.Contains(err.Error(), "nature") {
		t.Errorf("theme comic: %v", err)
	}
}

// With AllowGaps a NaN leaves a gap: two strokes where there was one.
func TestAllowGaps(t *testing.T) {
	y := []float64{1, 2, 1, math.NaN(), 2, 1, 2}
	x := []float64{0, 1, 2, 3, 4, 5, 6}
	fig := plots.Figure{Panels: []plots.Panel{{AllowGaps: true, Series: []plots.Series{plots.Line{X: x, Y: y}}}}}
	s := string(write(t, fig, "svg"))
	i := strings.Index(s, `stroke="#0072b2"`)
	d := s[strings.LastIndex(s[:i], `d="`):i]
	if n := strings.Count(d, "M"); n != 2 {
		t.Errorf("the line has %d parts, want 2: %s", n, d)
	}
}

// The data of a figure are left as they are.
func TestWriteKeepsData(t *testing.T) {
	v := []float64{3, 1, 2}
	fig := plots.Figure{Panels: []plots.Panel{{Series: []plots.Series{plots.Histogram{Values: v, Bins: 2, Log: true}}}, {Series: []plots.Series{plots.ECDF{Values: v}}}}}
	write(t, fig, "svg")
	if v[0] != 3 || v[1] != 1 || v[2] != 2 {
		t.Errorf("data became %v", v)
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, format := range plots.Formats() {
		b.Run(format, func(b *testing.B) {
			fig := rich()
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				var buf bytes.Buffer
				if err := fig.Write(&buf, format); err != nil {
					b.Fatal(err)
				}
				n = buf.Len()
			}
			b.ReportMetric(float64(n), "bytes")
		})
	}
}
