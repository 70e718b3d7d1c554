package plots

import (
	"image"
	"image/color"
)

// pen says how a line is stroked; joins are round and ends cut square.
type pen struct {
	width float64 // in points
	color color.NRGBA
	dash  []float64 // lengths of dashes and gaps, in points; nil is solid
}

// canvas is what a format can draw. The origin is the lower left corner.
type canvas interface {
	stroke(p path, pen pen)

	// fill fills p by the non-zero winding rule.
	fill(p path, c color.NRGBA)

	// vector reports whether a file of this format grows with each shape.
	vector() bool

	// text fills the outlines of a text, for readers who cannot see them too.
	text(p path, c color.NRGBA, s string)

	// raster fills r with the image that paint makes, whose first row is the
	// upper one. The canvas chooses a width and height in pixels that are at
	// least those given where its resolution is free.
	raster(r rect, w, h int, paint func(w, h int) image.Image)
}
