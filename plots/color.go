package plots

import (
	"image/color"
	"slices"
)

// OkabeIto is the colour-blind-safe palette of M. Okabe and K. Ito, "Color
// universal design" (2008), https://jfly.uni-koeln.de/color/, in an order that
// puts the most distinct colours first. Yellow, too pale for a line on white,
// is left out.
var OkabeIto = []color.NRGBA{
	hex(0x0072b2), // blue
	hex(0xd55e00), // vermilion
	hex(0x009e73), // bluish green
	hex(0xcc79a7), // reddish purple
	hex(0xe69f00), // orange
	hex(0x56b4e9), // sky blue
	hex(0x000000), // black
}

// TolMuted is the "muted" colour-blind-safe palette of P. Tol, "Colour
// schemes", SRON/EPS/TN/09-002 issue 3.2 (2021), for up to nine series.
var TolMuted = []color.NRGBA{
	hex(0xcc6677), hex(0x332288), hex(0xddcc77), hex(0x117733), hex(0x88ccee),
	hex(0x882255), hex(0x44aa99), hex(0x999933), hex(0xaa4499),
}

// grey is the colour of rules, whisker caps and cells without a value.
var (
	black = hex(0x000000)
	white = hex(0xffffff)
	grey  = hex(0x666666)
	blank = hex(0xd9d9d9)
)

func hex(c uint32) color.NRGBA {
	return color.NRGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 255}
}

// alpha returns c with opacity a times its own.
func alpha(c color.NRGBA, a float64) color.NRGBA {
	c.A = uint8(float64(c.A)*a + 0.5)
	return c
}

// technologies gives each technology one colour, marker and dash, so that it
// looks the same in every figure. Those whose colours some reader confuses differ
// in marker or dash.
var technologies = []struct {
	name  string
	style Style
}{
	{"ideal", Style{Color: hex(0x000000), Dash: Dashed, Marker: NoMarker}},
	{"digital", Style{Color: hex(0x999999), Marker: Plus}},
	{"memristor", Style{Color: hex(0x0072b2), Marker: Circle}},
	{"rram", Style{Color: hex(0x56b4e9), Marker: Square}},
	{"pcm", Style{Color: hex(0xd55e00), Marker: Triangle}},
	{"ecram", Style{Color: hex(0x009e73), Marker: Diamond}},
	{"spintronic", Style{Color: hex(0xcc79a7), Marker: InvertedTriangle}},
	{"photonic", Style{Color: hex(0xe69f00), Marker: Cross}},
	{"ferroelectric", Style{Color: hex(0x882255), Marker: Square, Dash: DashDot}},
	{"quantum", Style{Color: hex(0x332288), Marker: Diamond, Dash: Dotted}},
	{"flash", Style{Color: hex(0x999933), Marker: Circle, Dash: Dashed}},
	{"sram", Style{Color: hex(0x117733), Marker: Triangle, Dash: DashDot}},
}

// Technologies returns the names that [Technology] knows.
func Technologies() []string {
	names := make([]string, len(technologies))
	for i, t := range technologies {
		names[i] = t.name
	}
	return names
}

// Technology returns the style fixed for a device technology, and whether
// name is one of [Technologies].
func Technology(name string) (Style, bool) {
	i := slices.IndexFunc(technologies, func(t struct {
		name  string
		style Style
	}) bool {
		return t.name == name
	})
	if i < 0 {
		return Style{}, false
	}
	return technologies[i].style, true
}
