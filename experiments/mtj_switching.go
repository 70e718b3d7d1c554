package experiments

import (
	"context"
	"errors"
	"fmt"
	"math"

	"mho/device"
	"mho/device/spintronic"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// mtjSwitching follows the switching of magnetic tunnel junctions by a current.
var mtjSwitching = Experiment{
	Name:    "mtj-switching",
	Summary: "Switching of magnetic tunnel junctions: probability and write error rate against pulse and current, paths on the sphere",
	New: func() Study {
		return &mtjStudy{current: 80e-6, longest: 20e-9, width: 5e-9, spins: 1000, step: 1e-12}
	},
	Draw: drawMTJ,
}

type mtjStudy struct {
	current, longest, width, step float64 // A, s, s, s
	spins                         int
	env                           device.Env
	device                        Device
	model                         *spintronic.MTJ
}

func (s *mtjStudy) Configure(c *Config) error {
	s.env = c.Env
	if err := c.Section("study", []device.Param{
		{Name: "current", Value: &s.current, Unit: "A", Range: quantity.Positive(), Meaning: "write current through a junction, from the parallel to the antiparallel state"},
		{Name: "longest", Value: &s.longest, Unit: "s", Range: quantity.Positive(), Meaning: "longest pulse"},
		{Name: "width", Value: &s.width, Unit: "s", Range: quantity.Positive(), Meaning: "width of the pulse of the results against current"},
		{Name: "spins", Value: &s.spins, Range: quantity.Between(3, 1e7), Meaning: "junctions that are integrated with their thermal fields"},
		{Name: "step", Value: &s.step, Unit: "s", Range: quantity.Positive(), Meaning: "step of that integration"},
	}); err != nil {
		return err
	}
	devices, err := c.Models("a magnetic tunnel junction: must be mtj", func(m device.Model) bool {
		_, ok := m.(*spintronic.MTJ)
		return ok
	})
	if err != nil {
		return err
	}
	if len(devices) != 1 {
		return c.Errorf("device", "there are %d devices: must be one", len(devices))
	}
	s.device, s.model = devices[0], devices[0].Model.(*spintronic.MTJ)
	ladder := *s.model
	ladder.Fidelity = spintronic.TabulatedFP
	if err := ladder.Validate(); err != nil {
		return c.Errorf("device", "%v", err)
	}
	if s.width > s.longest {
		return c.Errorf("study.width", "%s is above longest, %s: must be at most that", quantity.Format(s.width, "s"), quantity.Format(s.longest, "s"))
	}
	if most := spintronic.LongestStep(&s.model.Macrospin, spintronic.Drive{Current: s.current}, 1, 0, s.env.Temperature); s.step > most {
		return c.Errorf("study.step", "%s is too long for the fields that act: must be at most %.3g s", quantity.Format(s.step, "s"), most)
	}
	if n := s.longest / s.step; n > 1e8 {
		return c.Errorf("study.longest", "%s is %.3g steps: must be at most 1e8", quantity.Format(s.longest, "s"), n)
	}
	return c.NeedMemory("study.spins", fmt.Sprintf("%d junctions", s.spins), 6*8*float64(s.spins))
}

// mtjRows is the number of pulse widths.
const mtjRows = 200

func (s *mtjStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	m := s.model
	width := make([]float64, mtjRows)
	for k := range width {
		width[k] = s.longest * float64(k+1) / mtjRows
	}
	i := s.current / m.CriticalCurrent()
	// survival returns the probability not to have switched of a junction with an anisotropy field of its own.
	survival := func(bk float64, width []float64) ([]float64, error) {
		tau := make([]float64, len(width))
		for k, w := range width {
			tau[k] = w * bk / m.TimeScale()
		}
		return spintronic.FokkerPlanck{Delta: m.Stability(s.env.Temperature) * bk}.Survival(ctx, i/bk, tau)
	}
	columns := []Column{{"width", "s", width}}
	for _, c := range []struct {
		name string
		bk   float64
	}{{"survival", 1}, {"survival_weak", 1 - m.SpreadBk}, {"survival_strong", 1 + m.SpreadBk}} {
		v, err := survival(c.bk, width)
		if err != nil {
			return nil, err
		}
		columns = append(columns, Column{Name: c.name, Values: v})
	}
	formula := make([]float64, mtjRows)
	for k, w := range width {
		p, err := m.SwitchProbability(ctx, spintronic.ClosedForm, s.current, w, s.env.Temperature, 1)
		if err != nil {
			return nil, err
		}
		formula[k] = 1 - p
	}
	left, err := s.integrate(ctx, key)
	if err != nil {
		return nil, err
	}
	paths, err := s.paths(ctx, key)
	if err != nil {
		return nil, err
	}
	columns = append(columns, Column{Name: "survival_formula", Values: formula}, Column{Name: "survival_llg", Values: left})
	r := &Record{Tables: []Table{{"switching", columns}, {"paths", paths}}}
	at, err := survival(1, []float64{s.width})
	if err != nil {
		return nil, err
	}
	p, err := m.SwitchProbability(ctx, spintronic.ClosedForm, s.current, s.width, s.env.Temperature, 1)
	if err != nil {
		return nil, err
	}
	gp, _ := m.Conductances(0)
	r.Add("overdrive", "", i)
	r.Add("stability", "", m.Stability(s.env.Temperature))
	r.Add("switched", "", 1-at[0])
	r.Add("switched_closed_form", "", p)
	r.Add("switched_llg", "", 1-left[min(max(int(s.width/s.longest*mtjRows+0.5)-1, 0), mtjRows-1)])
	r.Add("write_error", "", at[0])
	r.Add("energy", "J", s.current*s.current/gp*s.width)
	return r, nil
}

// ensemble returns n junctions in thermal equilibrium and how many steps they take from one row of the results to the next.
func (s *mtjStudy) ensemble(n int, key noise.Key) (e *spintronic.Ensemble, each int, err error) {
	each = max(int(math.Ceil(s.longest/mtjRows/s.step*(1-1e-12))), 1)
	// The runner works on several points at once.
	if e, err = spintronic.NewEnsemble(&s.model.Macrospin, 1, n, s.env.Temperature, s.longest/mtjRows/float64(each), 1); err == nil {
		e.Thermalise(s.env.Temperature, key)
	}
	return e, each, err
}

// integrate returns the share of an ensemble that is still parallel after each width.
func (s *mtjStudy) integrate(ctx context.Context, key noise.Key) ([]float64, error) {
	e, each, err := s.ensemble(s.spins, key)
	if err != nil {
		return nil, err
	}
	var left []float64
	for range mtjRows {
		if err := e.Advance(ctx, spintronic.Drive{Current: -s.current}, each, key); err != nil {
			return nil, err
		}
		n := 0
		for _, z := range e.Easy() {
			if z > 0 {
				n++
			}
		}
		left = append(left, float64(n)/float64(s.spins))
	}
	return left, nil
}

// paths returns those of the first three junctions of the ensemble, until all have switched and a little on.
func (s *mtjStudy) paths(ctx context.Context, key noise.Key) ([]Column, error) {
	const shown = 3
	e, each, err := s.ensemble(shown, key)
	if err != nil {
		return nil, err
	}
	paths := []Column{{Name: "t", Unit: "s"}}
	for spin := range shown {
		for axis := range 3 {
			paths = append(paths, Column{Name: fmt.Sprintf("m%c_%d", "xyz"[axis], spin)})
		}
	}
	total := mtjRows * each
	every := max(total/6000, 1)
	step := s.longest / float64(total)
	for done, end := 0, total; ; done += every {
		paths[0].Values = append(paths[0].Values, float64(done)*step)
		switched := true
		for spin := range shown {
			switched = switched && e.Easy()[spin] < -0.9
			for axis := range 3 {
				c := &paths[1+3*spin+axis]
				c.Values = append(c.Values, e.Component(axis)[spin])
			}
		}
		if switched && end == total {
			end = min(done+done/4, total)
		}
		if done+every > end {
			return paths, nil
		}
		if err := e.Advance(ctx, spintronic.Drive{Current: -s.current}, every, key); err != nil {
			return nil, err
		}
	}
}

// wilson returns the interval of 95 % of a share of n (E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927)).
func wilson(p float64, n int) (lo, hi float64) {
	const z = 1.959964
	q := z * z / float64(n)
	mid := (p + q/2) / (1 + q)
	half := z / (1 + q) * math.Sqrt(p*(1-p)/float64(n)+q/float64(4*n))
	return max(mid-half, 0), min(mid+half, 1)
}

func drawMTJ(r *Results) ([]Figure, error) {
	points := r.first()
	probability := plots.Panel{X: plots.Axis{Label: "Pulse width", Unit: "s"}, Y: plots.Axis{Label: "Switching probability", Min: 0, Max: 1}}
	against := plots.Panel{X: plots.Axis{Label: "Write current", Unit: "A"}, Y: probability.Y}
	errors12 := plots.Panel{X: probability.X, Y: plots.Axis{Label: "Write error rate", Scale: plots.Log, Min: 1e-13, Max: 2}}
	var current, fp, formula, llg, lo, hi []float64
	for _, p := range points {
		s := p.Study.(*mtjStudy)
		current = append(current, s.current)
		fp, formula = append(fp, p.Record.Value("switched")), append(formula, p.Record.Value("switched_closed_form"))
		share := p.Record.Value("switched_llg")
		l, h := wilson(share, s.spins)
		llg, lo, hi = append(llg, share), append(lo, l), append(hi, h)
	}
	first := points[0].Study.(*mtjStudy)
	for n, k := range evenly(len(points), 4) {
		p := points[k]
		s := p.Study.(*mtjStudy)
		style := plots.Style{Color: plots.OkabeIto[n%len(plots.OkabeIto)]}
		name := fmt.Sprintf("%s, %.2g \\it{I}_{c0}", siLabel(quantity.Format(s.current, "A")), p.Record.Value("overdrive"))
		w, v := p.Column("switching", "width"), p.Column("switching", "survival")
		switched := complement(v)
		probability.Series = append(probability.Series,
			plots.Line{Name: name, X: w, Y: switched, Style: style},
			plots.Band{X: w, Lo: complement(p.Column("switching", "survival_strong")), Hi: complement(p.Column("switching", "survival_weak")), Style: plots.Style{Color: style.Color, Opacity: 0.2}})
		var mx, my, ml, mh []float64
		for j := 9; j < len(w); j += 10 {
			share := 1 - p.Column("switching", "survival_llg")[j]
			l, h := wilson(share, s.spins)
			mx, my, ml, mh = append(mx, w[j]), append(my, share), append(ml, l), append(mh, h)
		}
		probability.Series = append(probability.Series, plots.ErrorBars{X: mx, Y: my, Lo: ml, Hi: mh, Style: plots.Style{Color: style.Color, Marker: plots.Circle, MarkerSize: 2.5}})
		for _, curve := range []struct {
			column, name string
			dash         plots.Dash
		}{{"survival", name, plots.Solid}, {"survival_formula", "", plots.Dashed}} {
			var x, y []float64
			for j, e := range p.Column("switching", curve.column) {
				if e < 1e-13 {
					break
				}
				x, y = append(x, w[j]), append(y, e)
			}
			if len(x) > 1 {
				errors12.Series = append(errors12.Series, plots.Line{Name: curve.name, X: x, Y: y, Style: plots.Style{Color: style.Color, Dash: curve.dash}})
			}
		}
	}
	if len(errors12.Series) == 0 {
		return nil, errors.New("every junction has switched within the shortest pulse: study.longest must be shorter")
	}
	against.Series = []plots.Series{
		plots.Line{Name: "Fokker-Planck", X: current, Y: fp},
		plots.Line{Name: "closed form", X: current, Y: formula, Style: plots.Style{Dash: plots.Dashed}},
		plots.ErrorBars{Name: "LLG", X: current, Y: llg, Lo: lo, Hi: hi, Style: plots.Style{Marker: plots.Circle, Color: plots.OkabeIto[6]}},
	}
	errors12.Legend.Place = plots.Hidden
	panels := []plots.Panel{probability, errors12}
	caption := fmt.Sprintf("Switching of %s from parallel to antiparallel, %.3g kT. (a) Probability against pulse width: Fokker-Planck equation (lines), the range over the spread of the anisotropy field (bands) and %d junctions with thermal fields (points, 95 %% intervals). (b) Write error rate of the same currents by the Fokker-Planck equation (solid) and in closed form (dashed).",
		first.device.Label, points[0].Record.Value("stability"), first.spins)
	if len(points) > 1 {
		panels = append(panels, against)
		caption += fmt.Sprintf(" (c) Probability after %s against current, on the three rungs of the ladder.", siLabel(quantity.Format(first.width, "s")))
	}
	last := points[len(points)-1]
	numbers := []Number{
		{Text: "thermal stability, kT", X: last.Record.Value("stability")},
		{Text: "overdrive of the last current over Ic0", X: last.Record.Value("overdrive")},
		{Text: "write error rate of the last current and width", X: last.Record.Value("write_error")},
		{Text: "energy of that pulse", Unit: "J", X: last.Record.Value("energy")},
	}
	return []Figure{
		{Name: "switching", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: len(panels)}},
		drawSphere(last),
	}, nil
}

func complement(v []float64) []float64 {
	out := make([]float64, len(v))
	for k, x := range v {
		out[k] = 1 - x
	}
	return out
}

// drawSphere shows the paths of a point on the sphere, seen from a little above the equator, and over time.
func drawSphere(p Point) Figure {
	s := p.Study.(*mtjStudy)
	const tilt = 0.35
	sin, cos := math.Sincos(tilt)
	sphere := plots.Panel{
		X: plots.Axis{Label: "\\it{m}_{x}", Min: -1.1, Max: 1.1, Ticks: []float64{-1, 0, 1}}, Y: plots.Axis{Label: "Projected height", Min: -1.1, Max: 1.1, Ticks: []float64{-1, 0, 1}},
		Aspect: 1, AllowGaps: true, Legend: plots.Legend{Place: plots.Hidden},
	}
	// Circles of the globe; what is behind is dotted.
	globe := func(point func(a float64) (x, y, z float64)) {
		var front, back plots.Line
		for k := range 181 {
			x, y, z := point(2 * math.Pi * float64(k) / 180)
			depth, v := -y*cos+z*sin, z*cos+y*sin
			front.X, back.X = append(front.X, x), append(back.X, x)
			if depth >= -1e-9 {
				front.Y, back.Y = append(front.Y, v), append(back.Y, math.NaN())
			} else {
				front.Y, back.Y = append(front.Y, math.NaN()), append(back.Y, v)
			}
		}
		front.Style = plots.Style{Color: grey, Width: 0.4}
		back.Style = plots.Style{Color: grey, Width: 0.4, Dash: plots.Dotted}
		sphere.Series = append(sphere.Series, front)
		for _, y := range back.Y {
			if !math.IsNaN(y) {
				sphere.Series = append(sphere.Series, back)
				break
			}
		}
	}
	globe(func(a float64) (x, y, z float64) { s, c := math.Sincos(a); return c, s * sin, s * cos }) // the outline
	for _, z := range []float64{-0.6, 0, 0.6} {
		globe(func(a float64) (float64, float64, float64) {
			s, c := math.Sincos(a)
			r := math.Sqrt(1 - z*z)
			return r * c, r * s, z
		})
	}
	time := plots.Panel{X: plots.Axis{Label: "Time", Unit: "s"}, Y: plots.Axis{Label: "\\it{m}_{z}", Min: -1, Max: 1}}
	for spin := range 3 {
		x, y, z := p.Column("paths", fmt.Sprintf("mx_%d", spin)), p.Column("paths", fmt.Sprintf("my_%d", spin)), p.Column("paths", fmt.Sprintf("mz_%d", spin))
		style := plots.Style{Color: plots.OkabeIto[spin], Width: 0.6}
		v := make([]float64, len(x))
		for k := range x {
			v[k] = math.NaN()
			if -y[k]*cos+z[k]*sin >= 0 {
				v[k] = z[k]*cos + y[k]*sin
			}
		}
		sphere.Series = append(sphere.Series, plots.Line{X: x, Y: v, Style: style})
		time.Series = append(time.Series, plots.Line{Name: fmt.Sprintf("junction %d", spin+1), X: p.Column("paths", "t"), Y: z, Style: style})
	}
	return Figure{
		Name:    "paths",
		Caption: fmt.Sprintf("Three junctions under %s from thermal equilibrium. (a) Magnetisation on the front of the unit sphere, seen from %.0f degrees above the film. (b) Its component along the easy axis.", siLabel(quantity.Format(s.current, "A")), tilt*180/math.Pi),
		Figure:  plots.Figure{Panels: []plots.Panel{sphere, time}, Columns: 2},
	}
}
