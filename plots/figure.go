package plots

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pointsPerMM is the number of points, of 1/72 inch, in a millimetre.
const pointsPerMM = 72 / 25.4

// A Figure is a grid of panels. It is plain data: nothing is drawn until Write.
type Figure struct {
	Title   string  // name of the figure, kept in the file and shown by WriteHTML; not drawn
	Panels  []Panel // in reading order
	Columns int     // columns of the grid; 0 chooses

	// Width and Height are the size, in mm. A width of 0 is the theme's: one
	// column for one column of panels, else two. A height of 0 gives panels
	// three quarters as high as wide.
	Width, Height float64

	Theme Theme // the zero Theme is the default one
	DPI   int   // resolution of PNG, in dots per inch; 0 is 600
}

// A Panel is one pair of axes with its series.
type Panel struct {
	Title  string // drawn above the panel
	X, Y   Axis
	Series []Series // drawn in this order
	Rules  []Rule
	Notes  []Note
	Legend Legend
	Inset  *Inset

	// Aspect is the height of the data rectangle over its width. 0 fills the
	// place that the grid gives; 1 makes the cells of a square matrix square.
	Aspect float64

	// AllowGaps lets a NaN leave a gap where it would be an error.
	AllowGaps bool
}

// A Rule is a straight line across the panel, as for a target or a limit.
type Rule struct {
	At       float64 // in the unit of the axis that it crosses
	Vertical bool    // at a value of X, else of Y
	Label    string  // drawn along the line where there is room
	Style    Style   // the zero Style is thin, dashed and grey
}

// A Note is text in a panel.
type Note struct {
	Text string

	// X and Y are the place of the text, in the units of the axes, or as
	// fractions of the panel from its lower left corner if Fraction is set.
	X, Y     float64
	Fraction bool

	// AlignX and AlignY say where the place lies in the text: 0 at its left end
	// (lower edge), 0.5 in its middle, 1 at its right end (upper edge).
	AlignX, AlignY float64

	Style Style // only its colour is used; black if nil
}

// A Legend says where the names of the series stand.
type Legend struct {
	Place   Place
	Columns int // 0 chooses
}

// A Place is a place of the legend.
type Place uint8

// The places of a legend.
const (
	// Auto is a corner or edge free of data, else above the axes.
	Auto        Place = iota
	Hidden            // no legend
	TopRight          // in a corner of the box, over the data if they are there
	TopLeft           // likewise
	BottomRight       // likewise
	BottomLeft        // likewise
	Above             // above the box
	RightOf           // right of the box
)

// An Inset is a smaller panel inside a panel. Its letter is never drawn.
type Inset struct {
	Panel Panel

	// X0, Y0, X1 and Y1 are the corners of the inset with its labels, as
	// fractions of the panel from its lower left corner. If all are zero, the
	// inset takes 45 % of both sides, where it hides least.
	X0, Y0, X1, Y1 float64
}

func (i *Inset) automatic() bool { return i.X0 == 0 && i.Y0 == 0 && i.X1 == 0 && i.Y1 == 0 }

// columns returns the number of columns of the grid.
func (f *Figure) columns() int {
	if f.Columns > 0 {
		return min(f.Columns, len(f.Panels))
	}
	switch n := len(f.Panels); {
	case n <= 3:
		return n
	case n == 4:
		return 2
	default:
		return 3
	}
}

// size returns width and height, in mm. The height is 0 where it follows from
// the panels.
func (f *Figure) size(t *Theme) (w, h float64) {
	w = f.Width
	if w == 0 {
		w = t.Column
		if f.columns() > 1 {
			w = t.DoubleColumn
		}
	}
	return w, f.Height
}

// theme returns the theme to draw with.
func (f *Figure) theme() *Theme {
	t := f.Theme
	if t.Name == "" && t.Column == 0 && t.LabelSize == 0 && len(t.Palette) == 0 {
		t = themes[0]
	}
	return &t
}

// Check reports what makes the figure impossible to draw: no panels or series,
// slices of different length, values that are not finite, values that the
// scale of an axis cannot show, sizes that leave no room, and characters that
// the font lacks. Errors name the panel and the series.
func (f *Figure) Check() error {
	_, err := f.lay()
	return err
}

// checkSizes reports wrong sizes.
func (f *Figure) checkSizes() error {
	if len(f.Panels) == 0 {
		return fmt.Errorf("plots: figure has no panels")
	}
	if !utf8.ValidString(f.Title) || strings.ContainsFunc(f.Title, unicode.IsControl) {
		return fmt.Errorf("plots: title %q: want UTF-8 without control characters", f.Title)
	}
	if len(f.Panels) > 100 {
		return fmt.Errorf("plots: figure has %d panels: want at most 100", len(f.Panels))
	}
	for _, v := range []struct {
		name string
		mm   float64
	}{{"width", f.Width}, {"height", f.Height}} {
		if v.mm != 0 && !(v.mm >= 15 && v.mm <= 2000) {
			return fmt.Errorf("plots: %s is %g mm: want 15 to 2000, or 0 to choose", v.name, v.mm)
		}
	}
	if f.Columns < 0 {
		return fmt.Errorf("plots: %d columns: want 1 or more, or 0 to choose", f.Columns)
	}
	if f.DPI != 0 && (f.DPI < 20 || f.DPI > 2400) {
		return fmt.Errorf("plots: %d dots per inch: want 20 to 2400, or 0 for 600", f.DPI)
	}
	return nil
}

// check reports wrong fields of the panel that no axis or series reports.
func (p *Panel) check(t *Theme) error {
	if len(p.Series) == 0 {
		return fmt.Errorf("no series")
	}
	for i, s := range p.Series {
		if s == nil {
			return fmt.Errorf("series %d is nil", i+1)
		}
	}
	if p.Aspect < 0 || math.IsNaN(p.Aspect) || p.Aspect > 100 {
		return fmt.Errorf("aspect %g: want a positive value, or 0 to fill", p.Aspect)
	}
	for _, a := range []struct {
		name string
		axis *Axis
	}{{"x axis", &p.X}, {"y axis", &p.Y}} {
		if err := a.axis.check(); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
	}
	for _, r := range p.Rules {
		axis := &p.Y
		if r.Vertical {
			axis = &p.X
		}
		if err := axis.Scale.admits(r.At); err != nil {
			return fmt.Errorf("rule %q: %w", r.Label, err)
		}
	}
	for _, n := range p.Notes {
		x, y := p.X.Scale, p.Y.Scale
		if n.Fraction {
			x, y = Linear, Linear
		}
		if err := x.admits(n.X); err != nil {
			return fmt.Errorf("note %q: x is %w", n.Text, err)
		}
		if err := y.admits(n.Y); err != nil {
			return fmt.Errorf("note %q: y is %w", n.Text, err)
		}
	}
	if i := p.Inset; i != nil && !i.automatic() {
		if !(i.X0 >= 0 && i.X0 < i.X1 && i.X1 <= 1 && i.Y0 >= 0 && i.Y0 < i.Y1 && i.Y1 <= 1) {
			return fmt.Errorf("inset corners (%g, %g) and (%g, %g): want fractions from 0 to 1, the lower left first", i.X0, i.Y0, i.X1, i.Y1)
		}
	}
	return p.checkTexts(t)
}

// checkTexts reports text that the font cannot show.
func (p *Panel) checkTexts(t *Theme) error {
	texts := []string{p.Title, p.X.Label, p.X.Unit, p.Y.Label, p.Y.Unit}
	texts = append(texts, p.X.Categories...)
	texts = append(texts, p.Y.Categories...)
	for _, r := range p.Rules {
		texts = append(texts, r.Label)
	}
	for _, n := range p.Notes {
		texts = append(texts, n.Text)
	}
	for _, s := range p.Series {
		texts = append(texts, s.label())
		if h, ok := s.(Heatmap); ok {
			texts = append(texts, h.Color.Label, h.Color.Unit)
		}
	}
	for _, s := range texts {
		if err := checkText(t.label(), s); err != nil {
			return err
		}
	}
	return nil
}
