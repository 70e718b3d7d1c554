package experiments

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/stdp"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// stdpWindow drives an element with the spikes of two neurons and compares what it
// learns with rules of plasticity.
var stdpWindow = Experiment{
	Name:    "stdp-window",
	Summary: "Change of a device by pairs of overlapping spikes against their distance, beside the rules of spike-timing-dependent plasticity",
	New: func() Study {
		return &windowStudy{spike: stdp.Spike{Amplitude: 0.75, Width: 1e-3, Tail: 0.5, Decay: 20e-3}, points: 25, shown: 10e-3, read: 0.1, rule: "song", pairs: 60}
	},
	Draw: drawWindow,
}

type windowStudy struct {
	spike   stdp.Spike
	longest float64 // s; 0 is three decays
	points  int
	shown   float64 // s
	read    float64 // V
	rule    string
	pairs   int
	env     device.Env
	devices []Device
}

// pairRule returns the exponentials beside which the window is drawn.
func (s *windowStudy) pairRule() stdp.Pair {
	switch s.rule {
	case "hippocampus":
		h := stdp.NewHippocampus()
		return stdp.Pair{APlus: h.A2Plus, AMinus: h.A2Minus, TauPlus: h.TauPlus, TauMinus: h.TauMinus, Nearest: true}
	case "visual-cortex":
		v := stdp.NewVisualCortex()
		// The triplet of its pairs at a low rate has no potentiation of pairs alone.
		return stdp.Pair{APlus: v.A3Plus, AMinus: v.A2Minus, TauPlus: v.TauPlus, TauMinus: v.TauMinus}
	}
	return stdp.NewSong()
}

func (s *windowStudy) Configure(c *Config) error {
	s.env = c.Env
	params := prefixed("spike", s.spike.Params(), "")
	params = append(params,
		device.Param{Name: "longest", Value: &s.longest, Unit: "s", Range: quantity.NonNegative(), Meaning: "largest distance of two spikes; 0 is three times spike.decay"},
		device.Param{Name: "points", Value: &s.points, Range: quantity.Between(3, 1000), Meaning: "distances on each side"},
		device.Param{Name: "shown", Value: &s.shown, Unit: "s", Meaning: "distance at which the voltage across the device is drawn"},
		device.Param{Name: "read_voltage", Value: &s.read, Unit: "V", Meaning: "voltage at which the conductance is taken; reading changes nothing"},
		device.Param{Name: "rule", Value: &s.rule, Options: []string{"song", "hippocampus", "visual-cortex"}, Meaning: "constants of the exponentials beside the window"},
		device.Param{Name: "pairs", Value: &s.pairs, Range: quantity.Between(1, 10000), Meaning: "pairs of the protocol that shows the dependence on the rate"},
	)
	if err := c.Section("study", params); err != nil {
		return err
	}
	if err := s.spike.Validate(); err != nil {
		return c.Errorf("study.spike", "%v", err)
	}
	if s.read == 0 {
		return c.Errorf("study.read_voltage", "0V reads nothing: must be > 0 V or < 0 V")
	}
	if s.longest == 0 {
		s.longest = 3 * s.spike.Decay
	}
	c.Cite(stdp.Zamarreno2011, stdp.Song2000, stdp.BiPoo1998, stdp.Pfister2006)
	var err error
	if s.devices, err = c.Elements(); err != nil {
		return err
	}
	for _, d := range s.devices {
		if u := d.Element.Drives(); len(u) != 1 || u[0] != device.Voltage {
			return c.Errorf("device.model", "%s is not driven by a voltage alone: must be an element with the drive v_V", d.Label)
		}
	}
	return nil
}

func (s *windowStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	r := &Record{}
	var dt []float64
	for k := -s.points; k <= s.points; k++ {
		if k != 0 {
			dt = append(dt, s.longest*float64(k)/float64(s.points))
		}
	}
	for i, d := range s.devices {
		set := &device.Settings{Env: s.env, Key: key.Fold(uint64(i))}
		m, err := stdp.Window(ctx, d.Element, s.spike, dt, s.read, set)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Label, err)
		}
		change := make([]float64, len(dt))
		for k := range dt {
			change[k] = m.Change(k)
		}
		r.Tables = append(r.Tables, Table{d.Label, []Column{{"dt", "s", dt}, {"change", "", change}, {"g", "S", m.G}}})
		w, err := device.Run(ctx, d.Element, s.spike.Across(s.shown), set)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Label, err)
		}
		r.Tables = append(r.Tables, Table{"pair " + d.Label, []Column{{"t", "s", w.T}, {"v", "V", w.U[0]}, {"g", "S", w.G}}})
		for side, name := range []string{"minus", "plus"} {
			a, tau, ok := exponential(dt, change, side == 1, s.spike.Width)
			if !ok {
				r.Warnings = append(r.Warnings, fmt.Sprintf("%s: fewer than three distances on the %s side change the device: no exponential was fitted", d.Label, name))
				continue
			}
			r.Add(d.Label+".a_"+name, "", a)
			r.Add(d.Label+".tau_"+name, "s", tau)
		}
		r.Add(d.Label+".alone_pre", "", m.Alone[0]/m.Start-1)
		r.Add(d.Label+".alone_post", "", m.Alone[1]/m.Start-1)
		if alone := math.Max(math.Abs(m.Alone[0]/m.Start-1), math.Abs(m.Alone[1]/m.Start-1)); alone > 1e-3 {
			r.Warnings = append(r.Warnings, fmt.Sprintf("%s: a spike alone changes the conductance by %.2g: the pulses are above a threshold", d.Label, alone))
		}
	}
	return r, nil
}

// exponential fits |change| = |a| exp(-|dt|/tau) to one side of a window, by least
// squares in the logarithm where the change is at least a hundredth of its largest.
func exponential(dt, change []float64, positive bool, width float64) (a, tau float64, ok bool) {
	largest := 0.0
	for k, d := range dt {
		if d > 0 == positive && math.Abs(d) > width {
			largest = math.Max(largest, math.Abs(change[k]))
		}
	}
	var x, y []float64
	sign := 0.0
	for k, d := range dt {
		if d > 0 == positive && math.Abs(d) > width && math.Abs(change[k]) > 0.01*largest {
			x, y = append(x, math.Abs(d)), append(y, math.Log(math.Abs(change[k])))
			sign += math.Copysign(1, change[k])
		}
	}
	if len(x) < 3 {
		return 0, 0, false
	}
	at, slope := stat.LinearRegression(x, y, nil, false)
	return math.Copysign(math.Exp(at), sign), -1 / slope, true
}

func drawWindow(r *Results) ([]Figure, error) {
	first := r.first()[0]
	s := first.Study.(*windowStudy)
	pulse := plots.Panel{X: plots.Axis{Label: "Time", Unit: "s"}, Y: plots.Axis{Label: "Voltage", Unit: "V"}}
	window := plots.Panel{
		X:     plots.Axis{Label: "Post- after presynaptic spike", Unit: "s"},
		Y:     plots.Axis{Label: "Relative change of conductance"},
		Rules: []plots.Rule{{At: 0}, {At: 0, Vertical: true}},
	}
	rates := plots.Panel{
		X: plots.Axis{Label: "Rate of pairs", Unit: "Hz", Scale: plots.Log},
		Y: plots.Axis{Label: fmt.Sprintf("Change of weight, %d pairs", s.pairs)},
	}
	begin := math.Min(0, s.shown)
	d := s.devices[0]
	t, v := first.Column("pair "+d.Label, "t"), first.Column("pair "+d.Label, "v")
	var pre, post []float64
	for _, u := range t {
		pre = append(pre, -s.spike.Voltage(u+begin))
		post = append(post, s.spike.Voltage(u-(s.shown-begin)))
	}
	pulse.Series = []plots.Series{
		plots.Line{Name: "across the device", X: t, Y: v},
		plots.Line{Name: "post", X: t, Y: post, Style: plots.Style{Dash: plots.Dashed}},
		plots.Line{Name: "-pre", X: t, Y: pre, Style: plots.Style{Dash: plots.Dotted}},
	}
	var numbers []Number
	rule := s.pairRule()
	for _, k := range evenly(len(r.first()), 4) {
		p := r.first()[k]
		st := p.Study.(*windowStudy)
		for _, d := range st.devices {
			if !has(p.Record, d.Label) {
				continue
			}
			x, y := p.Column(d.Label, "dt"), p.Column(d.Label, "change")
			window.Series = append(window.Series, plots.Scatter{Name: r.name(p, d.Label), X: x, Y: y})
			for _, side := range []string{"plus", "minus"} {
				a, ok := p.lookup(d.Label + ".a_" + side)
				if !ok {
					continue
				}
				tau := p.Value(d.Label + ".tau_" + side)
				numbers = append(numbers, Number{Text: r.name(p, d.Label) + ": tau_" + side + " of the window", Unit: "s", X: tau})
				if len(window.Series) > 3 {
					continue
				}
				sign, law := 1.0, rule.TauPlus
				if side == "minus" {
					sign, law = -1, rule.TauMinus
				}
				var fx, fy, ry []float64
				for i := range 61 {
					u := s.longest * float64(i) / 60
					fx = append(fx, sign*u)
					fy = append(fy, a*math.Exp(-u/tau))
					ry = append(ry, a*math.Exp(-u/law))
				}
				name, published := "", ""
				if side == "plus" {
					name, published = "exponentials fitted", "rule: "+s.rule
				}
				window.Series = append(window.Series,
					plots.Line{Name: name, X: fx, Y: fy, Style: plots.Style{Color: plots.OkabeIto[1]}},
					plots.Line{Name: published, X: fx, Y: ry, Style: plots.Style{Color: plots.OkabeIto[2], Dash: plots.Dashed}})
			}
		}
	}
	for _, c := range []struct {
		name string
		rule stdp.Rule
		dash plots.Dash
	}{{"pair", stdp.NewSong(), plots.Dashed}, {"triplet", stdp.NewVisualCortex(), plots.Solid}} {
		for i, dt := range []float64{10e-3, -10e-3} {
			var x, y []float64
			for k := range 41 {
				rate := math.Pow(10, -1+2.7*float64(k)/40)
				x, y = append(x, rate), append(y, c.rule.Change(stdp.Pairings(s.pairs, rate, dt)))
			}
			rates.Series = append(rates.Series, plots.Line{Name: fmt.Sprintf("%s, %+g ms", c.name, dt*1e3), X: x, Y: y, Style: plots.Style{Dash: c.dash, Color: plots.OkabeIto[i]}})
		}
	}
	return []Figure{{
		Name:    "window",
		Caption: fmt.Sprintf("Learning by overlapping spikes. (a) Spikes of both neurons %s apart and the voltage across the device. (b) Change of the conductance by one pair against the distance of the spikes, exponentials fitted to it, and those of the rule %s with the same change at coincidence. (c) What the published pair and triplet rules make of %d pairs at different rates.", siLabel(quantity.Format(s.shown, "s")), s.rule, s.pairs),
		Numbers: numbers,
		Figure:  plots.Figure{Panels: []plots.Panel{pulse, window, rates}},
	}}, nil
}
