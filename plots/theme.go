package plots

import (
	"fmt"
	"image/color"
	"strings"
)

// A Theme holds the sizes and styles that a journal asks for. The zero Theme
// is the default theme.
type Theme struct {
	Name string

	Column       float64 // width of a one-column figure, in mm
	DoubleColumn float64 // width of a two-column figure, in mm

	Serif     bool    // Liberation Serif (metrics of Times), else Liberation Sans (Helvetica)
	LabelSize float64 // type size of axis labels and panel titles, in points
	TickSize  float64 // type size of tick labels, legends and notes, in points

	LetterSize   float64 // type size of panel letters, in points
	LetterParens bool    // letters as "(a)", else "a"
	LetterBold   bool    // bold letters

	LineWidth  float64 // width of data lines, in points
	AxisWidth  float64 // width of axes and ticks, in points
	TickLength float64 // length of major ticks, in points
	MarkerSize float64 // diameter of markers, in points

	Box         bool // axes on all four sides, else left and below only
	TicksInside bool // ticks point into the panel

	Palette []color.NRGBA // colours given to series in turn
}

// themes lists the themes in the order that Themes returns.
//
// Sizes: Nature, "Final submission: figures" (89 and 183 mm, sans serif, 5 to
// 7 pt, panel letters 8 pt bold); IEEE Author Center, "Create graphics for your
// article" (3.5 in and 7.16 in, Times, 8 to 10 pt); ACS, "Preparing figures"
// (3.25 in and 7 in, Helvetica or Arial, no type below 4.5 pt, no line below
// 0.5 pt).
var themes = []Theme{
	{
		Name: "default", Column: 89, DoubleColumn: 183,
		LabelSize: 8, TickSize: 7, LetterSize: 9, LetterBold: true,
		LineWidth: 1, AxisWidth: 0.6, TickLength: 3, MarkerSize: 3.6,
		Palette: OkabeIto,
	},
	{
		Name: "nature", Column: 89, DoubleColumn: 183,
		LabelSize: 7, TickSize: 6, LetterSize: 8, LetterBold: true,
		LineWidth: 0.9, AxisWidth: 0.5, TickLength: 2.5, MarkerSize: 3.2,
		Palette: OkabeIto,
	},
	{
		Name: "ieee", Column: 88.9, DoubleColumn: 181.864, Serif: true,
		LabelSize: 8, TickSize: 8, LetterSize: 8, LetterParens: true,
		LineWidth: 1, AxisWidth: 0.5, TickLength: 3, MarkerSize: 3.8,
		Box: true, TicksInside: true,
		Palette: OkabeIto,
	},
	{
		Name: "acs", Column: 82.55, DoubleColumn: 177.8,
		LabelSize: 7.5, TickSize: 7, LetterSize: 8, LetterParens: true, LetterBold: true,
		LineWidth: 1, AxisWidth: 0.6, TickLength: 3, MarkerSize: 3.6,
		Box: true, TicksInside: true,
		Palette: OkabeIto,
	},
}

// Themes returns the names of the themes.
func Themes() []string {
	names := make([]string, len(themes))
	for i, t := range themes {
		names[i] = t.Name
	}
	return names
}

// ThemeByName returns the theme called name, one of [Themes].
func ThemeByName(name string) (Theme, error) {
	for _, t := range themes {
		if t.Name == name {
			return t, nil
		}
	}
	return Theme{}, fmt.Errorf("plots: theme %q: want one of %s", name, strings.Join(Themes(), ", "))
}

// check reports sizes that cannot be drawn.
func (t *Theme) check() error {
	for _, v := range []struct {
		name      string
		got       float64
		low, high float64
	}{
		{"column", t.Column, 10, 2000},
		{"double column", t.DoubleColumn, 10, 2000},
		{"label size", t.LabelSize, 1, 100},
		{"tick size", t.TickSize, 1, 100},
		{"letter size", t.LetterSize, 1, 100},
		{"line width", t.LineWidth, 0.05, 20},
		{"axis width", t.AxisWidth, 0.05, 20},
		{"tick length", t.TickLength, 0, 50},
		{"marker size", t.MarkerSize, 0.1, 50},
	} {
		if !(v.got >= v.low && v.got <= v.high) {
			return fmt.Errorf("plots: theme %q: %s is %g: want %g to %g", t.Name, v.name, v.got, v.low, v.high)
		}
	}
	if len(t.Palette) == 0 {
		return fmt.Errorf("plots: theme %q: palette is empty: want at least one colour", t.Name)
	}
	return nil
}

// label, tick and letter return the typefaces of the theme.
func (t *Theme) label() typeface { return typeface{serif: t.Serif, size: t.LabelSize} }
func (t *Theme) tick() typeface  { return typeface{serif: t.Serif, size: t.TickSize} }
func (t *Theme) letter() typeface {
	return typeface{serif: t.Serif, bold: t.LetterBold, size: t.LetterSize}
}

// letterText returns the letter of panel i: a to z, then aa, ab and so on.
func (t *Theme) letterText(i int) string {
	s := string(rune('a' + i%26))
	for i = i/26 - 1; i >= 0; i = i/26 - 1 {
		s = string(rune('a'+i%26)) + s
	}
	if t.LetterParens {
		return "(" + s + ")"
	}
	return s
}
