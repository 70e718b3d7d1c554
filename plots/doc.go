// Package plots draws the figures of a paper from plain slices.
//
// A [Figure] is a description, not a drawing: panels in a grid, each with two
// axes and a list of series. [Figure.Write] turns it into PDF, SVG or PNG:
//
//	fig := plots.Figure{
//		Theme: nature, // from ThemeByName
//		Panels: []plots.Panel{{
//			X: plots.Axis{Label: "Time", Unit: "s", Scale: plots.Log},
//			Y: plots.Axis{Label: "Conductance", Unit: "S"},
//			Series: []plots.Series{
//				plots.Line{Name: "PCM", X: t, Y: g},
//				plots.Band{X: t, Lo: p05, Hi: p95},
//			},
//		}},
//	}
//	err := fig.Write(w, "pdf")
//
// # What is decided for the caller
//
// Values are in SI units. The axis picks the prefix from the range of the
// data, so that siemens between 0 and 25e-6 are drawn as "Conductance (µS)"
// with ticks 0, 5, ..., 25. Limits, ticks and margins follow from the data and
// the text; data rectangles of one grid are equal and aligned. The legend is
// put where no data are, else above the axes. Panels of a figure with several
// are lettered. Widths, type sizes and line widths are those that the journal
// of the [Theme] asks for.
//
// # Text
//
// Labels are UTF-8. _{...} lowers and ^{...} raises, \it{...} sets in italic:
// "G_{max}", "10^{−3}", "\it{ν}". Glyphs are drawn as outlines of the Liberation
// fonts, so that the three formats agree and no font is needed to view them;
// the text of a figure can therefore not be selected. A character that the
// font lacks is an error.
//
// # Promises
//
// The same description gives the same bytes, on any day and with any number of
// goroutines. NaN and infinities are errors that name panel and series, as are
// empty series and non-positive data on a logarithmic axis; with
// [Panel.AllowGaps] a NaN leaves a gap. Heat maps, and clouds of more than
// 5000 points, are embedded as images, so that vector files stay small.
package plots
