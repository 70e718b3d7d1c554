package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"mho/internal/files"
	"mho/plots"
)

// panelTable lists just what a panel draws: a row per point of each series, with
// the quantities of the axes as column names. An inset's series follow.
func panelTable(p *plots.Panel) (*files.Table, error) {
	b := &panelData{}
	if err := b.add(p, ""); err != nil {
		return nil, err
	}
	x, y := quantityName(p.X, "x"), quantityName(p.Y, "y")
	if x == y {
		x, y = "x_"+x, "y_"+y
	}
	columns := []files.Column{
		{Name: x, Unit: plainUnit(p.X.Unit), Values: b.x},
		{Name: y, Unit: plainUnit(p.Y.Unit), Values: b.y},
	}
	if b.z != nil {
		columns = append(columns, files.Column{Name: quantityName(b.color, "z"), Unit: plainUnit(b.color.Unit), Values: b.z})
	}
	if b.xText {
		columns[0] = files.Column{Name: x, Text: b.names(p.X, b.x)}
	}
	if b.yText {
		columns[1] = files.Column{Name: y, Text: b.names(p.Y, b.y)}
	}
	for _, c := range []files.Column{{Name: "low", Values: b.lo}, {Name: "high", Values: b.hi}} {
		if slices.ContainsFunc(c.Values, func(v float64) bool { return !math.IsNaN(v) }) {
			c.Unit = plainUnit(p.Y.Unit)
			columns = append(columns, c)
		}
	}
	t := &files.Table{}
	if slices.ContainsFunc(b.series, func(s string) bool { return s != "" }) {
		t.Columns = append(t.Columns, files.Column{Name: "series", Text: b.series})
	}
	for _, c := range columns {
		c.Optional = true
		t.Columns = append(t.Columns, c)
	}
	return t, nil
}

// panelData gathers the points of a panel.
type panelData struct {
	series       []string
	x, y, lo, hi []float64
	z            []float64
	color        plots.Axis
	xText, yText bool
}

func (b *panelData) point(series string, x, y, lo, hi float64) {
	b.series = append(b.series, series)
	b.x, b.y = append(b.x, x), append(b.y, y)
	b.lo, b.hi = append(b.lo, lo), append(b.hi, hi)
}

func (b *panelData) add(p *plots.Panel, prefix string) error {
	nan := math.NaN()
	for _, s := range p.Series {
		switch s := s.(type) {
		case plots.Line:
			for i := range s.X {
				b.point(prefix+plainText(s.Name), s.X[i], s.Y[i], nan, nan)
			}
		case plots.Scatter:
			for i := range s.X {
				b.point(prefix+plainText(s.Name), s.X[i], s.Y[i], nan, nan)
			}
		case plots.Band:
			name := plainText(s.Name)
			if name == "" {
				name = "band"
			}
			for i := range s.X {
				b.point(prefix+name, s.X[i], nan, s.Lo[i], s.Hi[i])
			}
		case plots.ErrorBars:
			for i := range s.X {
				b.point(prefix+plainText(s.Name), s.X[i], s.Y[i], s.Lo[i], s.Hi[i])
			}
		case plots.Histogram:
			for _, v := range s.Values {
				b.point(prefix+plainText(s.Name), v, nan, nan, nan)
			}
		case plots.ECDF:
			v := slices.Sorted(slices.Values(s.Values))
			for i := range v {
				b.point(prefix+plainText(s.Name), v[i], float64(i+1)/float64(len(v)), nan, nan)
			}
		case plots.Bars:
			b.xText = !s.Horizontal && p.X.Categories != nil
			b.yText = s.Horizontal && p.Y.Categories != nil
			for i, v := range s.Values {
				x, y, lo, hi := float64(i), v, nan, nan
				if s.Lo != nil {
					lo, hi = s.Lo[i], s.Hi[i]
				}
				if s.Horizontal {
					x, y = y, x
				}
				b.point(prefix+plainText(s.Name), x, y, lo, hi)
			}
		case plots.Heatmap:
			b.color = s.Color
			b.z = []float64{}
			for i := range s.Rows {
				for j := range s.Cols {
					b.point(prefix, center(s.X, j), center(s.Y, i), nan, nan)
					b.z = append(b.z, s.Z[i*s.Cols+j])
				}
			}
		default:
			return fmt.Errorf("a panel with a %T has no table", s)
		}
	}
	if p.Inset != nil {
		return b.add(&p.Inset.Panel, "inset: ")
	}
	return nil
}

// names turns places on an axis of categories into their names.
func (b *panelData) names(a plots.Axis, v []float64) []string {
	out := make([]string, len(v))
	for i, x := range v {
		if k := int(x); k >= 0 && k < len(a.Categories) {
			out[i] = plainText(a.Categories[k])
		}
	}
	return out
}

func center(edges []float64, i int) float64 {
	if edges == nil {
		return float64(i)
	}
	return (edges[i] + edges[i+1]) / 2
}

var markup = strings.NewReplacer(`\it{`, "", "_{", "_", "^{", "^", "{", "", "}", "")

// plainText takes the markup out of a label.
func plainText(s string) string { return markup.Replace(s) }

func plainUnit(s string) string {
	return strings.NewReplacer("Ω", "ohm", "µ", "u").Replace(plainText(s))
}

// quantityName makes a column name of an axis label.
func quantityName(a plots.Axis, other string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r > 127:
			return r
		}
		return '_'
	}, strings.ToLower(plainText(a.Label)))
	for strings.Contains(s, "__") {
		s = strings.ReplaceAll(s, "__", "_")
	}
	if s = strings.Trim(s, "_"); s == "" {
		return other
	}
	return s
}

// evenly returns up to most of the indices below n, evenly spaced with both
// ends: as many series as a panel can show.
func evenly(n, most int) []int {
	if n <= most {
		most = n
	}
	var out []int
	for k := range most {
		i := 0
		if most > 1 {
			i = (k*(n-1) + (most-1)/2) / (most - 1)
		}
		out = append(out, i)
	}
	return out
}

// name labels a point by its swept values, or by the text other where nothing
// is swept.
func (p Point) name(other string) string {
	var parts []string
	for _, l := range p.Label {
		parts = append(parts, siLabel(l))
	}
	if len(parts) == 0 {
		return other
	}
	return strings.Join(parts, ", ")
}
