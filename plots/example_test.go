package plots_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"

	"mho/plots"
)

// theme returns a theme that exists.
func theme(name string) plots.Theme {
	t, err := plots.ThemeByName(name)
	if err != nil {
		panic(err)
	}
	return t
}

// style returns the fixed style of a technology.
func style(name string) plots.Style {
	s, _ := plots.Technology(name)
	return s
}

// logspace returns n values from a to b at equal ratios.
func logspace(a, b float64, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = a * math.Pow(b/a, float64(i)/float64(n-1))
	}
	return v
}

// apply returns f of each value.
func apply(v []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = f(x)
	}
	return out
}

// normal returns n normal deviates.
func normal(n int, mean, sd float64, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	v := make([]float64, n)
	for i := range v {
		v[i] = mean + sd*r.NormFloat64()
	}
	return v
}

// Drift of three conductance levels with its spread, on a logarithmic axis of
// time: a line and a band for each.
func ExampleLine() {
	t := logspace(20, 1e7, 60)
	fig := plots.Figure{
		Title:  "Conductance drift",
		Theme:  theme("nature"),
		Panels: []plots.Panel{{X: plots.Axis{Label: "Time", Unit: "s", Scale: plots.Log}, Y: plots.Axis{Label: "Conductance", Unit: "S"}}},
	}
	p := &fig.Panels[0]
	for i, g0 := range []float64{20e-6, 12e-6, 5e-6} {
		nu := 0.02 + 0.02*float64(i)
		drift := func(k float64) []float64 {
			return apply(t, func(t float64) float64 { return g0 * k * math.Pow(t/20, -nu) })
		}
		p.Series = append(p.Series,
			plots.Line{Name: fmt.Sprintf("\\it{ν} = %.2f", nu), X: t, Y: drift(1)},
			plots.Band{X: t, Lo: drift(0.93), Hi: drift(1.07)},
		)
	}
	save("line", fig)
	// Output: line drawn
}

// Measured points against the law.
func ExampleScatter() {
	x := logspace(1e-8, 1e-5, 25)
	noise := normal(25, 0, 0.15, 3)
	y := make([]float64, len(x))
	for i := range x {
		y[i] = 3e-3 * math.Pow(x[i], -0.5) * math.Exp(noise[i])
	}
	fig := plots.Figure{
		Theme: theme("ieee"),
		Panels: []plots.Panel{{
			X: plots.Axis{Label: "Pulse width", Unit: "s", Scale: plots.Log},
			Y: plots.Axis{Label: "Critical current density", Unit: "A/m^{2}", Scale: plots.Log},
			Series: []plots.Series{
				plots.Scatter{Name: "Measured", X: x, Y: y, Style: plots.Style{Hollow: true}},
				plots.Line{Name: "\\it{J}_{c} ~ \\it{t}^{ −1/2}", X: x, Y: apply(x, func(x float64) float64 { return 3e-3 * math.Pow(x, -0.5) })},
			},
		}},
	}
	save("scatter", fig)
	// Output: scatter drawn
}

// Median accuracy over a month between the quantiles of ten chips; a NaN leaves
// a gap where there is no measurement.
func ExampleBand() {
	t := logspace(1, 2.6e6, 30)
	median := apply(t, func(t float64) float64 { return 93.5 - 0.25*math.Pow(math.Log10(t), 1.6) })
	lo := apply(median, func(v float64) float64 { return v - 0.05*(95-v)*(95-v) - 0.3 })
	hi := apply(median, func(v float64) float64 { return v + 0.1*(95-v) + 0.1 })
	median[12] = math.NaN()
	save("band", plots.Figure{Theme: theme("acs"), Panels: []plots.Panel{{
		AllowGaps: true,
		X:         plots.Axis{Label: "Time after programming", Unit: "s", Scale: plots.Log},
		Y:         plots.Axis{Label: "Accuracy", Unit: "%"},
		Series: []plots.Series{
			plots.Band{Name: "5 % to 95 %", X: t, Lo: lo, Hi: hi},
			plots.Line{Name: "Median", X: t, Y: median, Style: plots.Style{Marker: plots.Circle, MarkerSize: 2.5}},
		},
		Rules: []plots.Rule{
			{At: 3600, Vertical: true, Label: "1 h"},
			{At: 86400, Vertical: true, Label: "1 d"},
		},
	}}})
	// Output: band drawn
}

// A figure is written in each format; a report takes it as HTML.
func ExampleFigure_Write() {
	fig := plots.Figure{Title: "Ohm's law", Panels: []plots.Panel{{
		X:      plots.Axis{Label: "Voltage", Unit: "V"},
		Y:      plots.Axis{Label: "Current", Unit: "A"},
		Series: []plots.Series{plots.Line{X: []float64{0, 1}, Y: []float64{0, 1e-3}}},
	}}}
	for _, format := range plots.Formats() {
		var file bytes.Buffer
		if err := fig.Write(&file, format); err != nil {
			fmt.Println(err)
		}
		fmt.Printf("%s %q\n", format, file.Bytes()[:4])
	}
	// Output:
	// pdf "%PDF"
	// svg "<?xm"
	// png "\x89PNG"
}

// Accuracy against array size with the range over repeats, one technology per
// series, each in its fixed colour and marker.
func ExampleErrorBars() {
	n := []float64{64, 128, 256, 512}
	p := plots.Panel{
		X: plots.Axis{Label: "Array size", Scale: plots.Log, Ticks: n, Min: 52, Max: 640},
		Y: plots.Axis{Label: "Accuracy", Unit: "%"},
	}
	for i, tech := range []string{"pcm", "rram", "ecram"} {
		y := apply(n, func(n float64) float64 { return 92 - float64(i+1)*math.Pow(n/64, 0.8) })
		p.Series = append(p.Series, plots.ErrorBars{
			Name: []string{"PCM", "RRAM", "ECRAM"}[i], X: n, Y: y, Style: style(tech),
			Lo: apply(y, func(v float64) float64 { return v - 0.8 }), Hi: apply(y, func(v float64) float64 { return v + 0.5 }),
		})
	}
	p.Rules = []plots.Rule{{At: 93.5, Label: "floating point"}}
	save("errorbars", plots.Figure{Theme: theme("acs"), Panels: []plots.Panel{p}})
	// Output: errorbars drawn
}

// Four technologies in turn on a line with markers.
func ExampleTechnology() {
	x := []float64{0, 50, 100, 150, 200, 250}
	p := plots.Panel{X: plots.Axis{Label: "Pulse number"}, Y: plots.Axis{Label: "Conductance", Unit: "S"}}
	for i, tech := range plots.Technologies()[:6] {
		a := 1 + 0.6*float64(i)
		y := apply(x, func(n float64) float64 { return 1e-6 + 9e-6*(1-math.Exp(-a*n/250))/(1-math.Exp(-a)) })
		p.Series = append(p.Series, plots.Line{Name: tech, X: x, Y: y, Style: style(tech)})
	}
	save("technology", plots.Figure{Panels: []plots.Panel{p}})
	// Output: technology drawn
}

// Programmed conductances of four levels.
func ExampleHistogram() {
	p := plots.Panel{X: plots.Axis{Label: "Conductance", Unit: "S"}, Y: plots.Axis{Label: "Cells"}}
	for i := range 4 {
		g := float64(i+1) * 5e-6
		p.Series = append(p.Series, plots.Histogram{
			Name: fmt.Sprintf("Level %d", i+1), Values: normal(2000, g, 0.6e-6, uint64(i)), Bins: 24,
		})
	}
	save("histogram", plots.Figure{Theme: theme("nature"), Panels: []plots.Panel{p}})
	// Output: histogram drawn
}

// Distributions of two states: as staircases, and on a probability axis where
// normal ones are straight.
func ExampleECDF() {
	hrs, lrs := normal(300, math.Log(2e-6), 0.5, 1), normal(300, math.Log(8e-5), 0.15, 2)
	g := plots.Axis{Label: "Conductance", Unit: "S", Scale: plots.Log}
	series := []plots.Series{
		plots.ECDF{Name: "HRS", Values: apply(hrs, math.Exp)},
		plots.ECDF{Name: "LRS", Values: apply(lrs, math.Exp)},
	}
	save("ecdf", plots.Figure{Theme: theme("nature"), Panels: []plots.Panel{
		{X: g, Y: plots.Axis{Label: "Cumulative probability"}, Series: series},
		{X: g, Y: plots.Axis{Label: "Cumulative probability", Scale: plots.Probability}, Series: series},
	}})
	// Output: ecdf drawn
}

// Energy per inference by component, stacked, beside the accuracy in groups.
func ExampleBars() {
	chips := []string{"ISAAC", "PUMA", "HERMES", "NeuRRAM"}
	a := plots.Panel{
		X: plots.Axis{Categories: chips}, Y: plots.Axis{Label: "Energy per inference", Unit: "J"},
		Series: []plots.Series{
			plots.Bars{Name: "ADC", Values: []float64{31e-6, 22e-6, 12e-6, 9e-6}},
			plots.Bars{Name: "Array", Values: []float64{9e-6, 8e-6, 7e-6, 8e-6}, Stack: true},
			plots.Bars{Name: "Digital", Values: []float64{12e-6, 6e-6, 5e-6, 7e-6}, Stack: true},
		},
	}
	b := plots.Panel{
		X: plots.Axis{Categories: chips}, Y: plots.Axis{Label: "Accuracy", Unit: "%", Min: 80, Max: 100},
		Series: []plots.Series{
			plots.Bars{Name: "1 s", Values: []float64{93, 92.4, 93.1, 91}, Lo: []float64{92.5, 92, 92.8, 90.1}, Hi: []float64{93.5, 92.8, 93.4, 91.8}},
			plots.Bars{Name: "1 month", Values: []float64{91, 89.4, 92.1, 85}, Lo: []float64{90.5, 88, 91.8, 83.1}, Hi: []float64{91.5, 90.8, 92.4, 86.8}},
		},
	}
	save("bars", plots.Figure{Theme: theme("nature"), Panels: []plots.Panel{a, b}})
	// Output: bars drawn
}

// Sensitivity of the accuracy as a tornado chart: horizontal bars that span a
// range.
func ExampleBars_horizontal() {
	names := []string{"Read noise", "Drift exponent spread", "ADC bits", "Wire resistance", "Programming error"}
	low := []float64{-0.2, -0.5, -0.9, -1.4, -2.3}
	high := []float64{0.1, 0.4, 0.3, 0.7, 1.1}
	zero := make([]float64, len(names))
	save("tornado", plots.Figure{Theme: theme("ieee"), Panels: []plots.Panel{{
		X: plots.Axis{Label: "Change of accuracy", Unit: "%"}, Y: plots.Axis{Categories: names},
		Series: []plots.Series{
			plots.Bars{Name: "Parameter −20 %", Values: low, From: zero, Horizontal: true},
			plots.Bars{Name: "Parameter +20 %", Values: high, Stack: true, Horizontal: true},
		},
	}}})
	// Output: tornado drawn
}

// Read errors of a 24 by 24 array with the colour bar, first row above.
func ExampleHeatmap() {
	const n = 24
	z := make([]float64, n*n)
	for i := range z {
		r, c := float64(i/n), float64(i%n)
		z[i] = -1e-6 * (r + 1) * (2*n - c) * c / (n * n)
	}
	save("heatmap", plots.Figure{Theme: theme("nature"), Panels: []plots.Panel{{
		X: plots.Axis{Label: "Bit line"}, Y: plots.Axis{Label: "Word line", Reverse: true},
		Series: []plots.Series{plots.Heatmap{Z: z, Rows: n, Cols: n, Color: plots.Axis{Label: "Current error", Unit: "A"}}},
		Aspect: 1,
	}}})
	// Output: heatmap drawn
}

// A map over two parameters with a diverging scale, beside one with a
// logarithmic axis and a logarithmic colour bar.
func ExampleHeatmap_diverging() {
	const n = 40
	z, w := make([]float64, n*n), make([]float64, n*n)
	for i := range z {
		x, y := float64(i%n)/(n-1), float64(i/n)/(n-1)
		z[i] = math.Sin(3*x) - y*1.3
		w[i] = math.Pow(10, -6+4*x*y)
	}
	lin := make([]float64, n+1)
	for i := range lin {
		lin[i] = float64(i) / n
	}
	save("diverging", plots.Figure{Theme: theme("acs"), Panels: []plots.Panel{
		{
			X: plots.Axis{Label: "Bias", Unit: "V"}, Y: plots.Axis{Label: "Gate", Unit: "V"},
			Series: []plots.Series{plots.Heatmap{Z: z, Rows: n, Cols: n, X: lin, Y: lin, Map: "diverging", Color: plots.Axis{Label: "Detuning"}}},
		},
		{
			X: plots.Axis{Label: "Wire resistance", Unit: "Ω", Scale: plots.Log}, Y: plots.Axis{Label: "Load"},
			Series: []plots.Series{plots.Heatmap{Z: w, Rows: n, Cols: n, X: logspace(0.1, 100, n+1), Y: lin, Map: "cividis", Color: plots.Axis{Label: "Error", Scale: plots.Log}}},
		},
	}})
	// Output: diverging drawn
}

// Conductance by programming method: quartiles, whiskers and outliers.
func ExampleBox() {
	save("box", plots.Figure{Theme: theme("ieee"), Panels: []plots.Panel{{
		X: plots.Axis{Categories: []string{"Single pulse", "Write–verify", "Gradient"}},
		Y: plots.Axis{Label: "Conductance error", Unit: "S"},
		Series: []plots.Series{plots.Box{Samples: [][]float64{
			normal(200, 2e-6, 3e-6, 5), normal(200, 0.3e-6, 0.9e-6, 6), normal(200, 0, 0.6e-6, 7),
		}}},
	}}})
	// Output: box drawn
}

// A current-voltage loop over decades of current of both signs, with the loop
// in linear scale as inset.
func ExampleInset() {
	var v, i []float64
	for k := range 401 {
		p := 2 * math.Pi * float64(k) / 400
		u := 1.2 * math.Sin(p)
		g := 1e-6
		if c := math.Cos(p); u > 0 && c < 0 || u < 0 && c > 0 {
			g = 4e-5
		}
		v, i = append(v, u), append(i, g*0.4*math.Sinh(u/0.4))
	}
	save("inset", plots.Figure{Theme: theme("default"), Panels: []plots.Panel{{
		X: plots.Axis{Label: "Voltage", Unit: "V"}, Y: plots.Axis{Label: "Current", Unit: "A", Scale: plots.SymLog, Threshold: 1e-7},
		Series: []plots.Series{plots.Line{X: v, Y: i}},
		Rules:  []plots.Rule{{At: 0.9, Vertical: true, Label: "\\it{V}_{set}"}},
		Notes:  []plots.Note{{Text: "1", X: 0.55, Y: 4e-6, AlignX: 1}, {Text: "2", X: 0.35, Y: 4e-5, AlignX: 1}},
		Inset: &plots.Inset{Panel: plots.Panel{
			X: plots.Axis{Unit: "V"}, Y: plots.Axis{Unit: "A"},
			Series: []plots.Series{plots.Line{X: v, Y: i}},
		}},
	}}})
	// Output: inset drawn
}

// Four panels of one figure: letters, equal boxes, and axes of less than a
// decade and of many decades.
func ExampleFigure() {
	x := logspace(1, 1e9, 40)
	t := logspace(11e-6, 19e-6, 20)
	f := func(v []float64, k, e float64) []float64 {
		return apply(v, func(x float64) float64 { return k * math.Pow(x, e) })
	}
	save("figure", plots.Figure{Theme: theme("ieee"), Columns: 2, Panels: []plots.Panel{
		{
			X:      plots.Axis{Label: "Cycles", Scale: plots.Log},
			Y:      plots.Axis{Label: "Resistance", Unit: "Ω", Scale: plots.Log},
			Series: []plots.Series{plots.Line{Name: "HRS", X: x, Y: f(x, 1e6, -0.1), Style: plots.Style{Marker: plots.Circle}}, plots.Line{Name: "LRS", X: x, Y: f(x, 2e3, 0.01), Style: plots.Style{Marker: plots.Square, Hollow: true}}},
		},
		{
			X:      plots.Axis{Label: "Conductance", Unit: "S", Scale: plots.Log},
			Y:      plots.Axis{Label: "Relative noise"},
			Series: []plots.Series{plots.Line{X: t, Y: f(t, 1e-5, -0.7)}},
		},
		{
			X:      plots.Axis{Label: "Cycles"},
			Y:      plots.Axis{Label: "Resistance", Unit: "Ω"},
			Series: []plots.Series{plots.Line{Name: "HRS", X: x, Y: f(x, 1e6, -0.1), Style: plots.Style{Dash: plots.Dashed}}, plots.Line{Name: "LRS", X: x, Y: f(x, 2e3, 0.01), Style: plots.Style{Dash: plots.Dotted}}},
		},
		{
			Title:  "Steps",
			X:      plots.Axis{Label: "Time", Unit: "s"},
			Y:      plots.Axis{Label: "Voltage", Unit: "V"},
			Series: []plots.Series{plots.Line{Step: true, X: []float64{0, 1e-7, 2e-7, 3e-7, 4e-7, 5e-7}, Y: []float64{0, 1, 0, -1, 0, 0}}},
		},
	}})
	// Output: figure drawn
}
