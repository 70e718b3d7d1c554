package plots

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/palette"
	"gonum.org/v1/plot/palette/moreland"
)

// ColorMaps returns the names of the colour maps: viridis and cividis are
// sequential and perceptually uniform, diverging runs from blue over white to
// red.
func ColorMaps() []string { return []string{"viridis", "cividis", "diverging"} }

// ColorMap returns the colour map called name, one of [ColorMaps], over the
// range 0 to 1. The diverging map is that of K. Moreland, ISVC 2009, LNCS
// 5876, 92, doi:10.1007/978-3-642-10520-3_9.
func ColorMap(name string) (palette.ColorMap, error) {
	switch name {
	case "viridis":
		return newListed(viridisTable), nil
	case "cividis":
		return newListed(cividisTable), nil
	case "diverging":
		m := moreland.SmoothBlueRed()
		m.SetMin(0)
		m.SetMax(1)
		return m, nil
	}
	return nil, fmt.Errorf("plots: colour map %q: want one of %s", name, strings.Join(ColorMaps(), ", "))
}

// listed is a colour map that interpolates in a table.
type listed struct {
	colors   []color.NRGBA
	min, max float64
	alpha    float64
}

func newListed(table string) *listed {
	m := &listed{max: 1, alpha: 1}
	digit := func(b byte) uint8 {
		if b >= 'a' {
			return b - 'a' + 10
		}
		return b - '0'
	}
	for ; len(table) >= 6; table = table[6:] {
		m.colors = append(m.colors, color.NRGBA{
			R: digit(table[0])<<4 | digit(table[1]),
			G: digit(table[2])<<4 | digit(table[3]),
			B: digit(table[4])<<4 | digit(table[5]),
			A: 255,
		})
	}
	return m
}

// At implements [palette.ColorMap].
func (m *listed) At(v float64) (color.Color, error) {
	switch {
	case math.IsNaN(v):
		return nil, palette.ErrNaN
	case m.max <= m.min:
		return nil, errors.New("plots: colour map: maximum not above minimum")
	case v < m.min:
		return nil, palette.ErrUnderflow
	case v > m.max:
		return nil, palette.ErrOverflow
	}
	t := (v - m.min) / (m.max - m.min) * float64(len(m.colors)-1)
	i := min(int(t), len(m.colors)-2)
	a, b, f := m.colors[i], m.colors[i+1], t-float64(i)
	mix := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*f + 0.5) }
	return color.NRGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: uint8(255*m.alpha + 0.5)}, nil
}

func (m *listed) Max() float64     { return m.max }
func (m *listed) SetMax(v float64) { m.max = v }
func (m *listed) Min() float64     { return m.min }
func (m *listed) SetMin(v float64) { m.min = v }
func (m *listed) Alpha() float64   { return m.alpha }

// SetAlpha implements [palette.ColorMap]. It panics if a is not in [0, 1].
func (m *listed) SetAlpha(a float64) {
	if !(a >= 0 && a <= 1) {
		panic("plots: alpha not in [0, 1]")
	}
	m.alpha = a
}

// Palette implements [palette.ColorMap].
func (m *listed) Palette(n int) palette.Palette {
	p := make(fixedPalette, n)
	for i := range p {
		f := 0.5
		if n > 1 {
			f = float64(i) / float64(n-1)
		}
		// The argument lies in the range by construction.
		p[i], _ = m.At(m.min + f*(m.max-m.min))
	}
	return p
}

type fixedPalette []color.Color

func (p fixedPalette) Colors() []color.Color { return p }

// samples returns n colours of the map called name, from its low to its high
// end.
func samples(name string, n int) ([]color.NRGBA, error) {
	m, err := ColorMap(name)
	if err != nil {
		return nil, err
	}
	colors := make([]color.NRGBA, n)
	for i, c := range m.Palette(n).Colors() {
		colors[i] = color.NRGBAModel.Convert(c).(color.NRGBA)
		colors[i].A = 255
	}
	return colors, nil
}
