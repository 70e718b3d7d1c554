package plots

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// TableSettings says how FromTable draws. A nil pointer takes every default.
type TableSettings struct {
	Theme         Theme   // the default is the default theme
	Title         string  // the default is none
	Width, Height float64 // in mm; the default follows from theme and panels
	AllowGaps     bool    // let NaN leave gaps; the default is an error
}

// kind makes the panels of one kind of figure.
type kind struct {
	name  string
	needs string // what the columns have to be
	make  func(t *table) ([]Panel, error)
}

// kinds lists the kinds in the order that Kinds returns.
func kinds() []kind {
	const xy = "a column for x and one or more for y"
	const sample = "one or more columns of numbers"
	const band = "columns for x, y, lower and upper end"
	return []kind{
		{"line", xy, func(t *table) ([]Panel, error) { return t.curves(Linear, Linear, t.line) }},
		{"step", xy, func(t *table) ([]Panel, error) { return t.curves(Linear, Linear, t.step) }},
		{"scatter", xy, func(t *table) ([]Panel, error) { return t.curves(Linear, Linear, t.scatter) }},
		{"semilogx", xy, func(t *table) ([]Panel, error) { return t.curves(Log, Linear, t.line) }},
		{"semilogy", xy, func(t *table) ([]Panel, error) { return t.curves(Linear, Log, t.line) }},
		{"loglog", xy, func(t *table) ([]Panel, error) { return t.curves(Log, Log, t.line) }},
		{"band", band, func(t *table) ([]Panel, error) { return t.ranges(true) }},
		{"errorbars", band, func(t *table) ([]Panel, error) { return t.ranges(false) }},
		{"bars", "a column of names or numbers and one or more of values", (*table).bars},
		{"histogram", sample, (*table).histogram},
		{"ecdf", sample, func(t *table) ([]Panel, error) { return t.ecdf(Linear, Linear) }},
		{"probability", sample, func(t *table) ([]Panel, error) { return t.ecdf(Linear, Probability) }},
		{"weibull", sample, func(t *table) ([]Panel, error) { return t.ecdf(Log, Weibull) }},
		{"box", sample, (*table).box},
		{"heatmap", "columns for x, y and z", (*table).heatmap},
	}
}

// Kinds returns the kinds of figure that [FromTable] makes.
func Kinds() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

// FromTable makes a figure of one of [Kinds] from the columns of a table. The
// first column of numbers is x, where the kind has one. Columns with different
// units get panels of their own. A column of text divides the rows into series,
// or names the bars and boxes.
func FromTable(name string, columns []Column, settings *TableSettings) (Figure, error) {
	if settings == nil {
		settings = &TableSettings{}
	}
	all := kinds()
	i := slices.IndexFunc(all, func(k kind) bool { return k.name == name })
	if i < 0 {
		return Figure{}, fmt.Errorf("plots: kind %q: want one of %s", name, strings.Join(Kinds(), ", "))
	}
	t, err := newTable(columns)
	if err == nil {
		var panels []Panel
		if panels, err = all[i].make(t); err == nil && len(panels) == 0 {
			err = fmt.Errorf("too few columns")
		}
		if err == nil {
			fig := Figure{
				Title: settings.Title, Panels: panels, Columns: 1, Theme: settings.Theme,
				Width: settings.Width, Height: settings.Height,
			}
			if len(panels) > 3 {
				fig.Columns = 2
			}
			for i := range fig.Panels {
				fig.Panels[i].AllowGaps = settings.AllowGaps
				if len(panels) > 1 && settings.Height == 0 {
					fig.Panels[i].Aspect = 0.5 // several at full height fill a page
				}
			}
			return fig, fig.Check()
		}
	}
	return Figure{}, fmt.Errorf("plots: %s: %w: want %s", name, err, all[i].needs)
}

// table is a table with its headings read.
type table struct {
	numbers  []Column
	headings []heading
	group    []string // of each row; nil if there is no column of text
	groups   []string // the different ones, in the order of the rows
}

func newTable(columns []Column) (*table, error) {
	t := &table{}
	for _, c := range columns {
		switch {
		case c.Values != nil && c.Text != nil:
			return nil, fmt.Errorf("column %q has both numbers and text", c.Name)
		case c.Values != nil:
			h := c.heading()
			c.Values = c.scaled(h)
			t.numbers = append(t.numbers, c)
			t.headings = append(t.headings, h)
		case c.Text != nil && t.group == nil:
			t.group = c.Text
			for _, g := range c.Text {
				if !slices.Contains(t.groups, g) {
					t.groups = append(t.groups, g)
				}
			}
		}
	}
	for _, c := range t.numbers {
		if t.group != nil && len(c.Values) != len(t.group) {
			return nil, fmt.Errorf("column %q has %d rows beside %d names", c.Name, len(c.Values), len(t.group))
		}
	}
	if len(t.groups) > 50 {
		return nil, fmt.Errorf("column of text has %d different entries, which is more than the 50 a figure can show", len(t.groups))
	}
	if len(t.numbers) == 0 {
		return nil, fmt.Errorf("no column of numbers")
	}
	return t, nil
}

// split returns the values of a column in the rows of group g, or all.
func (t *table) split(col int, g string) []float64 {
	if t.group == nil {
		return t.numbers[col].Values
	}
	var out []float64
	for i, v := range t.numbers[col].Values {
		if t.group[i] == g {
			out = append(out, v)
		}
	}
	return out
}

// each calls f for each group, or once with "".
func (t *table) each(f func(g string)) {
	if t.group == nil {
		f("")
	}
	for _, g := range t.groups {
		f(g)
	}
}

// units returns the columns from first on, by unit in the order of the table.
func (t *table) units(first int) [][]int {
	var sets [][]int
	for i := first; i < len(t.numbers); i++ {
		k := slices.IndexFunc(sets, func(s []int) bool { return t.headings[s[0]].unit == t.headings[i].unit })
		if k < 0 {
			sets = append(sets, nil)
			k = len(sets) - 1
		}
		sets[k] = append(sets[k], i)
	}
	return sets
}

// axis returns the axis that columns of one unit share.
func (t *table) axis(cols []int, s Scale) Axis {
	h := t.headings[cols[0]]
	a := Axis{Label: h.label, Unit: h.unit, Scale: s}
	if len(cols) > 1 {
		a.Label = byUnit[h.unit]
	}
	return a
}

// name returns the name of a series in the legend: of its column, its group or
// both, as far as they tell it from others.
func (t *table) name(col int, cols []int, g string) string {
	switch {
	case len(cols) == 1:
		return g
	case g == "":
		return t.headings[col].label
	}
	return g + ", " + t.headings[col].label
}

func (t *table) line(name string, x, y []float64) Series { return Line{Name: name, X: x, Y: y} }
func (t *table) step(name string, x, y []float64) Series {
	return Line{Name: name, X: x, Y: y, Step: true}
}
func (t *table) scatter(name string, x, y []float64) Series { return Scatter{Name: name, X: x, Y: y} }

func (t *table) curves(sx, sy Scale, series func(name string, x, y []float64) Series) ([]Panel, error) {
	var panels []Panel
	for _, cols := range t.units(1) {
		p := Panel{X: t.axis([]int{0}, sx), Y: t.axis(cols, sy)}
		for _, c := range cols {
			t.each(func(g string) {
				p.Series = append(p.Series, series(t.name(c, cols, g), t.split(0, g), t.split(c, g)))
			})
		}
		panels = append(panels, p)
	}
	return panels, nil
}

func (t *table) ranges(band bool) ([]Panel, error) {
	if len(t.numbers) != 4 {
		return nil, fmt.Errorf("%d columns of numbers", len(t.numbers))
	}
	for _, h := range t.headings[2:] {
		if h.unit != t.headings[1].unit {
			return nil, fmt.Errorf("units %q and %q of y and its ends differ", t.headings[1].unit, h.unit)
		}
	}
	p := Panel{X: t.axis([]int{0}, Linear), Y: t.axis([]int{1}, Linear)}
	t.each(func(g string) {
		x, y, lo, hi := t.split(0, g), t.split(1, g), t.split(2, g), t.split(3, g)
		if band {
			p.Series = append(p.Series, Line{Name: g, X: x, Y: y}, Band{X: x, Lo: lo, Hi: hi})
			return
		}
		p.Series = append(p.Series, ErrorBars{Name: g, X: x, Y: y, Lo: lo, Hi: hi})
	})
	return []Panel{p}, nil
}

func (t *table) bars() ([]Panel, error) {
	first, x := 0, Axis{}
	if t.group != nil {
		x.Categories = t.group
	} else {
		first = 1
		x.Label = title(t.headings[0].label, t.headings[0].unit)
		for _, v := range t.numbers[0].Values {
			x.Categories = append(x.Categories, strconv.FormatFloat(v, 'g', 4, 64))
		}
	}
	var panels []Panel
	for _, cols := range t.units(first) {
		p := Panel{X: x, Y: t.axis(cols, Linear)}
		for _, c := range cols {
			p.Series = append(p.Series, Bars{Name: t.name(c, cols, ""), Values: t.numbers[c].Values})
		}
		panels = append(panels, p)
	}
	return panels, nil
}

// samples makes a panel of distributions for each unit.
func (t *table) samples(series func(name string, v []float64) Series) []Panel {
	var panels []Panel
	for _, cols := range t.units(0) {
		p := Panel{X: t.axis(cols, Linear)}
		for _, c := range cols {
			t.each(func(g string) { p.Series = append(p.Series, series(t.name(c, cols, g), t.split(c, g))) })
		}
		panels = append(panels, p)
	}
	return panels
}

func (t *table) histogram() ([]Panel, error) {
	panels := t.samples(func(name string, v []float64) Series { return Histogram{Name: name, Values: v} })
	for i := range panels {
		panels[i].Y.Label = "Count"
	}
	return panels, nil
}

func (t *table) ecdf(sx, sy Scale) ([]Panel, error) {
	panels := t.samples(func(name string, v []float64) Series { return ECDF{Name: name, Values: v} })
	for i := range panels {
		panels[i].X.Scale = sx
		panels[i].Y = Axis{Label: "Cumulative probability", Scale: sy}
	}
	return panels, nil
}

func (t *table) box() ([]Panel, error) {
	var panels []Panel
	for _, cols := range t.units(0) {
		p := Panel{Y: t.axis(cols, Linear)}
		var b Box
		for _, c := range cols {
			t.each(func(g string) {
				name := t.name(c, cols, g)
				if name == "" {
					name = t.headings[c].label
				}
				p.X.Categories = append(p.X.Categories, name)
				b.Samples = append(b.Samples, t.split(c, g))
			})
		}
		p.Series = []Series{b}
		panels = append(panels, p)
	}
	return panels, nil
}

func (t *table) heatmap() ([]Panel, error) {
	if len(t.numbers) != 3 {
		return nil, fmt.Errorf("%d columns of numbers", len(t.numbers))
	}
	x, y, z := t.numbers[0].Values, t.numbers[1].Values, t.numbers[2].Values
	if err := checkColumns(false, column{"x", x}, column{"y", y}); err != nil {
		return nil, err
	}
	if len(z) != len(x) {
		return nil, fmt.Errorf("z has %d values for %d places", len(z), len(x))
	}
	xs, ys := slices.Compact(finite(x)), slices.Compact(finite(y))
	h := Heatmap{Rows: len(ys), Cols: len(xs), Color: t.axis([]int{2}, Linear), Z: make([]float64, len(xs)*len(ys))}
	if len(x) != len(h.Z) {
		return nil, fmt.Errorf("%d rows for %d different x times %d different y", len(x), len(xs), len(ys))
	}
	seen := make([]bool, len(h.Z))
	for i := range x {
		c, _ := slices.BinarySearch(xs, x[i])
		r, _ := slices.BinarySearch(ys, y[i])
		if k := r*h.Cols + c; !seen[k] {
			seen[k], h.Z[k] = true, z[i]
			continue
		}
		return nil, fmt.Errorf("two rows for x %g and y %g", x[i], y[i])
	}
	p := Panel{X: t.axis([]int{0}, Linear), Y: t.axis([]int{1}, Linear)}
	h.X, p.X.Scale = cellEdges(xs)
	h.Y, p.Y.Scale = cellEdges(ys)
	p.Series = []Series{h}
	return []Panel{p}, nil
}

// cellEdges returns the edges of cells around places, and a logarithmic scale
// if the places follow each other at equal ratios.
func cellEdges(v []float64) ([]float64, Scale) {
	if len(v) == 1 {
		return []float64{v[0] - 0.5, v[0] + 0.5}, Linear
	}
	ratio := len(v) > 2 && v[0] > 0
	for i := 1; i < len(v) && ratio; i++ {
		ratio = math.Abs(v[i]/v[i-1]-v[1]/v[0]) < 1e-3*(v[1]/v[0]-1)
	}
	s := Linear
	u := slices.Clone(v)
	if ratio {
		s = Log
		for i := range u {
			u[i] = math.Log10(u[i])
		}
	}
	e := make([]float64, len(v)+1)
	for i := 1; i < len(v); i++ {
		e[i] = (u[i-1] + u[i]) / 2
	}
	e[0] = u[0] - (e[1] - u[0])
	e[len(v)] = u[len(v)-1] + (u[len(v)-1] - e[len(v)-1])
	for i := range e {
		if ratio {
			e[i] = math.Pow(10, e[i])
		}
	}
	return e, s
}
