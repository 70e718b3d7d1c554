package experiments

import (
	"fmt"
	"math"
	"slices"
	"strconv"
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
	last         string // name of the curve before
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

// curve names a curve: one without a name belongs to the one before it.
func (b *panelData) curve(prefix, name string, style plots.Style) string {
	if name != "" {
		b.last = prefix + plainText(name)
		return b.last
	}
	if b.last != "" && style.Dash != plots.Solid {
		return b.last + " dashed"
	}
	return b.last
}

func (b *panelData) add(p *plots.Panel, prefix string) error {
	nan := math.NaN()
	for _, s := range p.Series {
		switch s := s.(type) {
		case plots.Line:
			name := b.curve(prefix, s.Name, s.Style)
			for i := range s.X {
				b.point(name, s.X[i], s.Y[i], nan, nan)
			}
		case plots.Scatter:
			for i := range s.X {
				b.point(prefix+plainText(s.Name), s.X[i], s.Y[i], nan, nan)
			}
		case plots.Band:
			name := strings.TrimSpace(b.last + " band")
			if s.Name != "" {
				name = prefix + plainText(s.Name)
			}
			for i := range s.X {
				b.point(name, s.X[i], nan, s.Lo[i], s.Hi[i])
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
			name := b.curve(prefix, s.Name, s.Style)
			for i := range v {
				b.point(name, v[i], float64(i+1)/float64(len(v)), nan, nan)
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

var markup = strings.NewReplacer(`\it{`, "", "_{", "_", "^{", "^", "{", "", "}", "", "\u2212", "-")

// plainText takes the markup out of a label.
func plainText(s string) string { return markup.Replace(s) }

func plainUnit(s string) string {
	return strings.NewReplacer("Ω", "ohm", "µ", "u").Replace(plainText(s))
}

// quantityName makes a column name of an axis label.
func quantityName(a plots.Axis, other string) string {
	// What follows a comma is a symbol or a remark.
	label, _, _ := strings.Cut(a.Label, ",")
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, strings.ToLower(plainText(label)))
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

// A group is the points that differ along the axis of a curve only.
type group struct {
	name   string // the values of the other axes; empty if there are none
	points []Point
}

// groups divides points by every swept axis but those named and what moves with
// them, in the order of the sweep.
func (r *Results) groups(points []Point, but ...string) []group {
	var all, leads []int
	for k := 0; k < len(r.Axes); {
		end := k + 1
		for end < len(r.Axes) && r.Axes[end].Follows {
			end++
		}
		moved := slices.ContainsFunc(r.Axes[k:end], func(a AxisInfo) bool { return slices.Contains(but, a.Key) })
		if !moved {
			leads = append(leads, k)
			for ; k < end; k++ {
				all = append(all, k)
			}
		}
		k = end
	}
	var out []group
	index := map[string]int{}
	for _, p := range points {
		id := r.describe(p, all)
		i, ok := index[id]
		if !ok {
			i = len(out)
			index[id] = i
			out = append(out, group{name: r.describe(p, leads)})
		}
		out[i].points = append(out[i].points, p)
	}
	// Axes that move together are told by the first, as long as that tells them apart.
	names := map[string]bool{}
	for _, g := range out {
		names[g.name] = true
	}
	if len(names) < len(out) {
		for i := range out {
			out[i].name = r.describe(out[i].points[0], all)
		}
	}
	return out
}

// describe names a point by its values along some axes. A quantity on a single
// axis speaks for itself, others are told with their key.
func (r *Results) describe(p Point, axes []int) string {
	var parts []string
	for _, k := range axes {
		part := siLabel(p.Label[k])
		if _, err := strconv.ParseFloat(p.Label[k], 64); len(axes) > 1 && r.Axes[k].Unit != "" || err == nil {
			_, key, _ := strings.Cut(r.Axes[k].Key, ".")
			part = strings.NewReplacer("_", " ", ".", " ").Replace(key) + " " + part
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// name labels a point by its swept values, or by the text other where nothing is
// swept.
func (r *Results) name(p Point, other string) string {
	var leads []int
	for k, a := range r.Axes {
		if !a.Follows {
			leads = append(leads, k)
		}
	}
	if len(leads) == 0 {
		return other
	}
	return r.describe(p, leads)
}

// joined puts names together, leaving out empty ones.
func joined(names ...string) string {
	return strings.Join(slices.DeleteFunc(names, func(s string) bool { return s == "" }), ", ")
}

// Quantile returns the p-quantile of sorted values, linear between them:
// definition 7 of R. J. Hyndman and Y. Fan, The American Statistician 50, 361
// (1996), which is NumPy's default. It panics if there are none.
func Quantile(sorted []float64, p float64) float64 {
	h := p * float64(len(sorted)-1)
	i := min(int(h), len(sorted)-1)
	if i == len(sorted)-1 {
		return sorted[i]
	}
	return sorted[i] + (h-float64(i))*(sorted[i+1]-sorted[i])
}
