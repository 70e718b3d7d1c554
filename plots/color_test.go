package plots

import (
	"image/color"
	"math"
	"testing"

	"gonum.org/v1/plot/palette"
)

// linear returns the linear-light components of an sRGB colour.
func linear(c color.NRGBA) [3]float64 {
	f := func(v uint8) float64 {
		u := float64(v) / 255
		if u <= 0.04045 {
			return u / 12.92
		}
		return math.Pow((u+0.055)/1.055, 2.4)
	}
	return [3]float64{f(c.R), f(c.G), f(c.B)}
}

// lab returns CIE L*a*b* of linear sRGB under D65.
func lab(c [3]float64) [3]float64 {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]) / 0.95047)
	y := f(0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2])
	z := f((0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// deficiencies are the matrices of full colour-vision deficiency of G. M.
// Machado, M. M. Oliveira and L. A. F. Fernandes, IEEE Trans. Vis. Comput.
// Graph. 15, 1291 (2009), doi:10.1109/TVCG.2009.113.
var deficiencies = map[string][3][3]float64{
	"none":         {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func seen(c color.NRGBA, m [3][3]float64) [3]float64 {
	in := linear(c)
	var out [3]float64
	for i := range out {
		v := m[i][0]*in[0] + m[i][1]*in[1] + m[i][2]*in[2]
		out[i] = min(max(v, 0), 1)
	}
	return lab(out)
}

func difference(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

// Any two of the first five colours, which is as many series as a panel should
// hold, are told apart by every reader: more than 10 units of CIE L*a*b* apart,
// where 2.3 are just noticeable (M. Mahy, L. Van Eycken, A. Oosterlinck, Color
// Res. Appl. 19, 105 (1994), doi:10.1111/j.1520-6378.1994.tb00070.x).
func TestPaletteColorBlind(t *testing.T) {
	for name, m := range deficiencies {
		for i, a := range OkabeIto[:5] {
			for j, b := range OkabeIto[:i] {
				if d := difference(seen(a, m), seen(b, m)); d < 10 {
					t.Errorf("%s: colours %d and %d differ by %.1f, want 10", name, i, j, d)
				}
			}
		}
	}
}

// Technologies that look alike to some reader differ in marker or dash.
func TestTechnologiesDistinct(t *testing.T) {
	names := Technologies()
	for _, m := range deficiencies {
		for i, a := range names {
			sa, ok := Technology(a)
			if !ok {
				t.Fatalf("Technology(%q) is unknown", a)
			}
			for _, b := range names[:i] {
				sb, _ := Technology(b)
				d := difference(seen(sa.Color.(color.NRGBA), m), seen(sb.Color.(color.NRGBA), m))
				if d < 10 && sa.Marker == sb.Marker && sa.Dash == sb.Dash {
					t.Errorf("%s and %s look alike", a, b)
				}
			}
		}
	}
	if _, ok := Technology("steam"); ok {
		t.Error("Technology(steam) is known")
	}
}

// The sequential maps rise in lightness nearly in proportion, and have the end
// colours that matplotlib publishes.
func TestSequentialMaps(t *testing.T) {
	for _, test := range []struct {
		name        string
		first, last color.NRGBA
		middle      color.NRGBA
	}{
		{"viridis", hex(0x440154), hex(0xfde725), hex(0x21918c)},
		{"cividis", hex(0x00224e), hex(0xfee838), hex(0x7d7c78)},
	} {
		m, err := ColorMap(test.name)
		if err != nil {
			t.Fatal(err)
		}
		at := func(v float64) color.NRGBA {
			c, err := m.At(v)
			if err != nil {
				t.Fatal(err)
			}
			return c.(color.NRGBA)
		}
		if at(0) != test.first || at(1) != test.last {
			t.Errorf("%s runs from %v to %v, want %v to %v", test.name, at(0), at(1), test.first, test.last)
		}
		// matplotlib rounds the middle to entry 127 or 128; this map interpolates.
		if d := difference(lab(linear(at(0.5))), lab(linear(test.middle))); d > 1.5 {
			t.Errorf("%s: middle %v, want about %v", test.name, at(0.5), test.middle)
		}
		lo, hi := lab(linear(at(0)))[0], lab(linear(at(1)))[0]
		before := lo - 1e-9
		for i := range 256 {
			v := float64(i) / 255
			l := lab(linear(at(v)))[0]
			// Eight-bit components make steps of up to 0.4 in lightness.
			if l < before-0.4 {
				t.Errorf("%s: lightness falls from %g to %g at %g", test.name, before, l, v)
			}
			if want := lo + (hi-lo)*v; math.Abs(l-want) > 3.5 {
				t.Errorf("%s: lightness %g at %g, want about %g", test.name, l, v, want)
			}
			before = l
		}
	}
}

func TestDivergingMap(t *testing.T) {
	c, err := samples("diverging", 255)
	if err != nil {
		t.Fatal(err)
	}
	mid := lab(linear(c[127]))
	for i := range c {
		if l := lab(linear(c[i]))[0]; l > mid[0]+0.5 {
			t.Errorf("entry %d is lighter, %g, than the middle, %g", i, l, mid[0])
		}
	}
	if a, b := linear(c[0]), linear(c[254]); a[2] <= a[0] || b[0] <= b[2] {
		t.Errorf("the map runs from %v to %v, want blue to red", c[0], c[254])
	}
}

func TestColorMapErrors(t *testing.T) {
	if _, err := ColorMap("jet"); err == nil {
		t.Error("ColorMap(jet) gives no error")
	}
	m, err := ColorMap("viridis")
	if err != nil {
		t.Fatal(err)
	}
	for v, want := range map[float64]error{-0.1: palette.ErrUnderflow, 1.1: palette.ErrOverflow} {
		if _, err := m.At(v); err != want {
			t.Errorf("At(%g): %v, want %v", v, err, want)
		}
	}
	if _, err := m.At(math.NaN()); err != palette.ErrNaN {
		t.Errorf("At(NaN): %v", err)
	}
	m.SetMin(10)
	m.SetMax(20)
	if _, err := m.At(15); err != nil || len(m.Palette(7).Colors()) != 7 {
		t.Errorf("At(15) of 10 to 20: %v", err)
	}
}
