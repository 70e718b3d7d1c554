package plots

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// recorder is a canvas that keeps where things are.
type recorder struct {
	texts   []rect
	strings []string
	lines   [][2]point // of coloured strokes, which are data
}

func (r *recorder) stroke(p path, pen pen) {
	if pen.color == black || pen.color == grey {
		return
	}
	for _, pts := range flatten(p) {
		for i := 1; i < len(pts); i++ {
			r.lines = append(r.lines, [2]point{pts[i-1], pts[i]})
		}
	}
}
func (r *recorder) fill(path, color.NRGBA)                            {}
func (r *recorder) raster(rect, int, int, func(int, int) image.Image) {}
func (r *recorder) vector() bool                                      { return false }
func (r *recorder) text(p path, _ color.NRGBA, s string) {
	b := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, pts := range flatten(p) {
		for _, q := range pts {
			b = rect{min(b.x0, q.x), min(b.y0, q.y), max(b.x1, q.x), max(b.y1, q.y)}
		}
	}
	r.texts = append(r.texts, b)
	r.strings = append(r.strings, s)
}

// checkPage reports texts that leave the page or meet each other.
func checkPage(pg *page) error {
	var r recorder
	pg.draw(&r)
	for i, a := range r.texts {
		if a.x0 < -0.01 || a.y0 < -0.01 || a.x1 > pg.w+0.01 || a.y1 > pg.h+0.01 {
			return fmt.Errorf("text %q at %v leaves the page of %g by %g", r.strings[i], a, pg.w, pg.h)
		}
		for j, b := range r.texts[:i] {
			if c := a.intersect(b); c.w() > 0 && c.h() > 0 {
				return fmt.Errorf("texts %q at %v and %q at %v meet", r.strings[i], a, r.strings[j], b)
			}
		}
	}
	return nil
}

// In figures of all themes, with random labels, ranges, scales and numbers of
// series and panels, no text leaves the page or meets another, and no line runs
// through the legend.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		th := themes[rapid.IntRange(0, len(themes)-1).Draw(t, "theme")]
		fig := Figure{Theme: th}
		words := []string{"", "Time", "Conductance of the cell", "10^{6} cycles", "\\it{G}_{max}", "Accuracy on the test set after a month without compensation of the drift"}
		units := []string{"", "S", "s", "%", "A/m^{2}"}
		for range rapid.IntRange(1, 6).Draw(t, "panels") {
			p := Panel{
				Title: rapid.SampledFrom(words[:4]).Draw(t, "title"),
				X:     Axis{Label: rapid.SampledFrom(words).Draw(t, "x"), Unit: rapid.SampledFrom(units).Draw(t, "xunit")},
				Y:     Axis{Label: rapid.SampledFrom(words).Draw(t, "y"), Unit: rapid.SampledFrom(units).Draw(t, "yunit")},
			}
			if rapid.Bool().Draw(t, "logx") {
				p.X.Scale = Log
			}
			if rapid.Bool().Draw(t, "logy") {
				p.Y.Scale = Log
			}
			k := math.Pow(10, float64(rapid.IntRange(-12, 12).Draw(t, "decade")))
			steep := rapid.Float64Range(-6, 6).Draw(t, "steep")
			wave := rapid.Float64Range(0, 60).Draw(t, "wave")
			for s := range rapid.IntRange(1, 7).Draw(t, "series") {
				var x, y []float64
				for i := range 60 {
					u := float64(i+1) / 60
					x = append(x, u*k)
					y = append(y, k*math.Pow(u, steep)*(1.1+math.Sin(wave*u+float64(s))))
				}
				p.Series = append(p.Series, Line{Name: fmt.Sprintf("series number %d", s), X: x, Y: y})
			}
			fig.Panels = append(fig.Panels, p)
		}
		pg, err := fig.lay()
		if err != nil {
			t.Fatal(err)
		}
		if err := checkPage(pg); err != nil {
			t.Fatal(err)
		}
		for _, c := range pg.cells {
			if c.legend == nil || c.place == Above {
				continue
			}
			at := rect{c.legendAt.x, c.legendAt.y - c.legend.h, c.legendAt.x + c.legend.w, c.legendAt.y}
			var data recorder
			for _, it := range c.items {
				it.draw(&data, &c.frame, it)
			}
			for _, l := range data.lines {
				if _, _, ok := clipSegment(l[0], l[1], at); ok {
					t.Fatalf("a line from %v to %v runs through the legend at %v", l[0], l[1], at)
				}
			}
		}
	})
}

// Boxes of a grid are equally large and stand in rows and columns.
func TestGridAligned(t *testing.T) {
	var fig Figure
	for i := range 6 {
		v := []float64{1, math.Pow(10, float64(i))}
		fig.Panels = append(fig.Panels, Panel{
			X: Axis{Label: "x"}, Y: Axis{Label: "y", NoPrefix: true}, Series: []Series{Line{X: v, Y: v}},
		})
	}
	fig.Columns = 3
	pg, err := fig.lay()
	if err != nil {
		t.Fatal(err)
	}
	if want := 183 * 72 / 25.4; math.Abs(pg.w-want) > 1e-9 {
		t.Errorf("width %g points, want %g", pg.w, want)
	}
	for i, c := range pg.cells {
		row, col := pg.cells[i/3*3].box, pg.cells[i%3].box
		if math.Abs(c.box.y0-row.y0) > 1e-6 || math.Abs(c.box.x0-col.x0) > 1e-6 || math.Abs(c.box.w()-row.w()) > 1e-6 || math.Abs(c.box.h()-col.h()) > 1e-6 {
			t.Errorf("box %d is %v in row %v and column %v", i, c.box, row, col)
		}
		if want := string(rune('a' + i)); c.letter != want {
			t.Errorf("letter %q, want %q", c.letter, want)
		}
	}
}

// With a width and height the page has just that size, and an aspect holds.
func TestFixedSize(t *testing.T) {
	z := make([]float64, 64)
	fig := Figure{Width: 100, Height: 60, Panels: []Panel{{Aspect: 1, Series: []Series{Heatmap{Z: z, Rows: 8, Cols: 8}}}}}
	pg, err := fig.lay()
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(pg.w-100*pointsPerMM) > 1e-9 || math.Abs(pg.h-60*pointsPerMM) > 1e-9 {
		t.Errorf("page of %g by %g points", pg.w, pg.h)
	}
	if b := pg.cells[0].box; math.Abs(b.w()-b.h()) > 1e-9 {
		t.Errorf("box of %g by %g, want a square", b.w(), b.h())
	}
}

func TestLetters(t *testing.T) {
	th := themes[0]
	for i, want := range map[int]string{0: "a", 25: "z", 26: "aa", 27: "ab", 52: "ba"} {
		if got := th.letterText(i); got != want {
			t.Errorf("letter %d is %q, want %q", i, got, want)
		}
	}
}

// The widths are those that the journals print in their guides.
func TestThemes(t *testing.T) {
	for name, want := range map[string][2]float64{"nature": {89, 183}, "ieee": {3.5 * 25.4, 7.16 * 25.4}, "acs": {3.25 * 25.4, 7 * 25.4}} {
		th, err := ThemeByName(name)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(th.Column-want[0]) > 0.05 || math.Abs(th.DoubleColumn-want[1]) > 0.05 {
			t.Errorf("%s: %g and %g mm, want %g and %g", name, th.Column, th.DoubleColumn, want[0], want[1])
		}
		if err := th.check(); err != nil {
			t.Error(err)
		}
	}
	nature, _ := ThemeByName("nature")
	if nature.LabelSize > 7 || nature.TickSize < 5 {
		t.Errorf("nature: type of %g and %g pt, want 5 to 7", nature.LabelSize, nature.TickSize)
	}
}

// The image of a heat map shows each cell once, in its place, with the first
// row above if the axis is reversed.
func TestHeatmapCells(t *testing.T) {
	h := Heatmap{Z: []float64{0, 1, 2, 3, 4, 5}, Rows: 2, Cols: 3}
	for _, reverse := range []bool{false, true} {
		p := Panel{Y: Axis{Reverse: reverse}, Series: []Series{h}}
		c, err := newCell(&p, &themes[0])
		if err != nil {
			t.Fatal(err)
		}
		c.fit(rect{0, 0, 90, 60})
		img := &imageCanvas{}
		h.draw(img, &c.frame, c.items[0])
		table, err := samples("viridis", colors)
		if err != nil {
			t.Fatal(err)
		}
		b := img.got.Bounds()
		for r := range 2 {
			for col := range 3 {
				x, y := b.Dx()*(2*col+1)/6, b.Dy()*(2*r+1)/4
				row := r
				if !reverse {
					row = 1 - r
				}
				want := table[int(h.Z[row*3+col]/5*(colors-1)+0.5)]
				if got := color.NRGBAModel.Convert(img.got.At(x, y)).(color.NRGBA); got != want {
					t.Errorf("reverse %v: row %d, column %d is %v, want %v", reverse, r, col, got, want)
				}
			}
		}
	}
}

// imageCanvas keeps the image drawn on it.
type imageCanvas struct {
	recorder
	got image.Image
}

func (c *imageCanvas) raster(_ rect, w, h int, paint func(int, int) image.Image) { c.got = paint(w, h) }

// A matrix with more cells than pixels shows means, so that a thin line does
// not vanish.
func TestHeatmapMean(t *testing.T) {
	const n = 4000
	h := Heatmap{Z: make([]float64, n), Rows: 1, Cols: n}
	h.Z[1234] = 1
	cells := h.cells(nil, n, 500, func(i float64) float64 { return i/500*n - 0.5 })
	total := 0.0
	for _, c := range cells {
		total += h.mean([2]int{0, 1}, c)
	}
	if math.Abs(total-1.0/8) > 1e-12 {
		t.Errorf("means of 8 cells add up to %g, want 1/8", total)
	}
}
