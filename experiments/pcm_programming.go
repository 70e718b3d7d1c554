package experiments

import (
	"context"
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// pcmProgramming puts current-limited pulses on a cell: one pulse of any height on
// a RESET and on a SET cell, trains of equal pulses, and the time after a pulse.
var pcmProgramming = Experiment{
	Name:    "pcm-programming",
	Summary: "Programming curve of a cell, SET in steps, and drift after RESET",
	New: func() Study {
		return &programmingStudy{
			voltage: 5, width: 500e-9, edge: 2e-9, rest: 1e-6, readVoltage: 0.1,
			reset: 550e-6, set: 350e-6, setWidth: 1e-6,
			currents:  []float64{50e-6, 100e-6, 150e-6, 200e-6, 250e-6, 300e-6, 350e-6, 400e-6, 450e-6, 500e-6, 550e-6, 600e-6},
			staircase: []float64{220e-6, 230e-6}, pulses: 20, stairWidth: 50e-9,
			drift: []float64{490e-6, 600e-6}, longest: 1e6,
		}
	},
	Draw: drawProgramming,
}

type programmingStudy struct {
	voltage, series   float64 // V, ohm
	width, edge, rest float64 // s
	readVoltage       float64 // V
	reset, set        float64 // A
	setWidth          float64 // s
	currents          []float64
	staircase         []float64
	pulses            int
	stairWidth        float64 // s
	drift             []float64
	longest           float64 // s
	env               device.Env
	element           device.Element
}

func (s *programmingStudy) Configure(c *Config) error {
	s.env = c.Env
	positive := quantity.Positive()
	if err := c.Section("study", []device.Param{
		{Name: "voltage", Value: &s.voltage, Unit: "V", Range: positive, Meaning: "voltage of the source; its compliance sets the current"},
		{Name: "series", Value: &s.series, Unit: "ohm", Range: quantity.NonNegative(), Meaning: "resistance in series with the cell"},
		{Name: "currents", Value: &s.currents, Unit: "A", Range: positive, Meaning: "compliances of the pulses of the programming curve, increasing"},
		{Name: "width", Value: &s.width, Unit: "s", Range: positive, Meaning: "width of these pulses at half height"},
		{Name: "edge", Value: &s.edge, Unit: "s", Range: positive, Meaning: "length of the edges of all pulses"},
		{Name: "rest", Value: &s.rest, Unit: "s", Range: positive, Meaning: "time between a pulse and the read after it"},
		{Name: "read_voltage", Value: &s.readVoltage, Unit: "V", Range: positive, Meaning: "voltage of reads, which last too short to change the cell"},
		{Name: "reset", Value: &s.reset, Unit: "A", Range: positive, Meaning: "compliance of the pulse that makes a RESET cell"},
		{Name: "set", Value: &s.set, Unit: "A", Range: positive, Meaning: "compliance of the pulse that makes a SET cell"},
		{Name: "set_width", Value: &s.setWidth, Unit: "s", Range: positive, Meaning: "width of that pulse"},
		{Name: "staircase", Value: &s.staircase, Unit: "A", Range: positive, Meaning: "compliances of the trains of equal pulses on a RESET cell"},
		{Name: "pulses", Value: &s.pulses, Range: quantity.Between(1, 10000), Meaning: "number of pulses of a train"},
		{Name: "staircase_width", Value: &s.stairWidth, Unit: "s", Range: positive, Meaning: "width of the pulses of a train"},
		{Name: "drift", Value: &s.drift, Unit: "A", Range: positive, Meaning: "compliances of the pulses on a SET cell after which drift is followed"},
		{Name: "longest", Value: &s.longest, Unit: "s", Range: quantity.AtLeast(1e-3), Meaning: "time for which drift is followed"},
	}); err != nil {
		return err
	}
	for i := 1; i < len(s.currents); i++ {
		if !(s.currents[i] > s.currents[i-1]) {
			return c.Errorf("study.currents", "entry %d, %s, is not above the one before: must increase", i+1, quantity.Format(s.currents[i], "A"))
		}
	}
	for _, w := range []struct {
		name  string
		width float64
	}{{"width", s.width}, {"set_width", s.setWidth}, {"staircase_width", s.stairWidth}} {
		if w.width < s.edge {
			return c.Errorf("study."+w.name, "%s is too short: must be at least study.edge, %s", quantity.Format(w.width, "s"), quantity.Format(s.edge, "s"))
		}
	}
	devices, err := c.Elements()
	if err != nil {
		return err
	}
	if len(devices) > 1 {
		return c.Errorf("device", "there are %d devices: must be one", len(devices))
	}
	s.element = devices[0].Element
	if device.CurrentDriven(s.element) {
		return c.Errorf("device.model", "%s is driven by its current: must be an element that is driven by its voltage", s.element.Info().Name)
	}
	return nil
}

func (s *programmingStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	cell := &cellUnderTest{study: s, ctx: ctx, key: key}
	first := make([]float64, 0)
	for _, st := range s.element.States() {
		first = append(first, st.Initial)
	}
	set, err := cell.pulse(first, s.set, s.setWidth)
	if err != nil {
		return nil, err
	}
	reset, err := cell.pulse(set, s.reset, s.width)
	if err != nil {
		return nil, err
	}
	r := &Record{}
	r.Add("r_set", "ohm", cell.resistance(set))
	r.Add("r_reset", "ohm", cell.resistance(reset))
	if err := cell.curve(r, reset, set); err != nil {
		return nil, err
	}
	if err := cell.trains(r, reset); err != nil {
		return nil, err
	}
	return r, cell.follow(r, set)
}

// cellUnderTest is the study's element with what it takes to pulse it.
type cellUnderTest struct {
	study *programmingStudy
	ctx   context.Context
	key   noise.Key
	runs  uint64
}

func (c *cellUnderTest) run(el device.Element, w device.Waveform, x []float64) (*device.Trace, error) {
	c.runs++
	return device.Run(c.ctx, el, w, &device.Settings{Env: c.study.env, Initial: x, Tolerance: 1e-7, Key: c.key.Fold(c.runs)})
}

// pulse returns the states after a pulse and the rest that follows it.
func (c *cellUnderTest) pulse(x []float64, current, width float64) ([]float64, error) {
	s := c.study
	w, err := device.Train(s.rest, device.Pulse{Amplitude: s.voltage, Width: width, Rise: s.edge, Fall: s.edge})
	if err != nil {
		return nil, err
	}
	el := s.element
	if s.series > 0 {
		el = device.WithSeries(el, s.series)
	}
	tr, err := c.run(device.WithCompliance(el, current), w, x)
	if err != nil {
		return nil, fmt.Errorf("pulse of %s: %w", quantity.Format(current, "A"), err)
	}
	return c.states(tr, len(tr.T)-1), nil
}

// states returns the states in a row of a trace; between the ends of steps they
// are interpolated, which may leave a bound by rounding.
func (c *cellUnderTest) states(tr *device.Trace, row int) []float64 {
	x := make([]float64, len(tr.X))
	for k, st := range c.study.element.States() {
		x[k] = min(max(tr.X[k][row], st.Min), st.Max)
	}
	return x
}

// resistance returns what a read gives, ohm.
func (c *cellUnderTest) resistance(x []float64) float64 {
	u := make([]float64, len(c.study.element.Drives()))
	u[0] = c.study.readVoltage
	return u[0] / c.study.element.Response(x, u, c.study.env)
}

// curve measures the resistance after one pulse of each current.
func (c *cellUnderTest) curve(r *Record, reset, set []float64) error {
	t := Table{Name: "curve", Columns: []Column{{Name: "current", Unit: "A", Values: c.study.currents}}}
	for _, from := range []struct {
		name string
		x    []float64
	}{{"from_reset", reset}, {"from_set", set}} {
		col := Column{Name: from.name, Unit: "ohm"}
		for _, i := range c.study.currents {
			x, err := c.pulse(from.x, i, c.study.width)
			if err != nil {
				return err
			}
			col.Values = append(col.Values, c.resistance(x))
		}
		t.Columns = append(t.Columns, col)
	}
	r.Tables = append(r.Tables, t)
	// The middle between both states on a logarithmic scale is where one becomes
	// the other.
	rs, rr := c.resistance(set), c.resistance(reset)
	middle := math.Sqrt(rs * rr)
	down, up := t.Columns[1].Values, t.Columns[2].Values
	for k, i := range c.study.currents {
		if down[k] < middle {
			r.Add("i_set", "A", i)
			break
		}
	}
	for k, i := range c.study.currents {
		if up[k] > middle {
			r.Add("i_reset", "A", i)
			break
		}
	}
	return nil
}

// trains measures the conductance after each of equal pulses on a RESET cell.
func (c *cellUnderTest) trains(r *Record, reset []float64) error {
	t := Table{Name: "staircase", Columns: []Column{{Name: "pulse"}}}
	for n := range c.study.pulses + 1 {
		t.Columns[0].Values = append(t.Columns[0].Values, float64(n))
	}
	for k, i := range c.study.staircase {
		x := reset
		col := Column{Name: fmt.Sprintf("g%d", k+1), Unit: "S", Values: []float64{1 / c.resistance(x)}}
		for range c.study.pulses {
			var err error
			if x, err = c.pulse(x, i, c.study.stairWidth); err != nil {
				return err
			}
			col.Values = append(col.Values, 1/c.resistance(x))
		}
		t.Columns = append(t.Columns, col)
		r.Add(fmt.Sprintf("staircase_end_%d", k+1), "S", col.Values[c.study.pulses])
	}
	r.Tables = append(r.Tables, t)
	return nil
}

// follow measures the resistance for a long time after a pulse on a SET cell.
func (c *cellUnderTest) follow(r *Record, set []float64) error {
	s := c.study
	times := []float64{0}
	const perDecade = 4
	from := math.Log10(s.rest)
	steps := int(math.Ceil(perDecade * (math.Log10(s.longest) - from)))
	for k := 1; k <= max(steps, 1); k++ {
		times = append(times, math.Pow(10, from+(math.Log10(s.longest)-from)*float64(k)/float64(max(steps, 1))))
	}
	w := device.Waveform{T: times}
	for range s.element.Drives() {
		w.U = append(w.U, make([]float64, len(times)))
	}
	t := Table{Name: "drift", Columns: []Column{{Name: "t", Unit: "s"}}}
	for _, dt := range times {
		t.Columns[0].Values = append(t.Columns[0].Values, s.rest+dt)
	}
	for k, i := range s.drift {
		x, err := c.pulse(set, i, s.width)
		if err != nil {
			return err
		}
		tr, err := c.run(s.element, w, x)
		if err != nil {
			return err
		}
		col := Column{Name: fmt.Sprintf("r%d", k+1), Unit: "ohm"}
		for row := range tr.T {
			col.Values = append(col.Values, c.resistance(c.states(tr, row)))
		}
		t.Columns = append(t.Columns, col)
		n := len(times) - 1
		late := max(n-2*perDecade, 0)
		r.Add(fmt.Sprintf("drift_exponent_%d", k+1), "", math.Log(col.Values[n]/col.Values[late])/math.Log(t.Columns[0].Values[n]/t.Columns[0].Values[late]))
	}
	r.Tables = append(r.Tables, t)
	return nil
}

func drawProgramming(r *Results) ([]Figure, error) {
	first := r.first()
	current := plots.Axis{Label: "Programming current", Unit: "A"}
	ohm := plots.Axis{Label: "Resistance", Unit: "ohm", Scale: plots.Log}
	curve := plots.Panel{X: current, Y: ohm}
	for n, k := range evenly(len(first), 4) {
		p := first[k]
		color := plots.OkabeIto[n%len(plots.OkabeIto)]
		down, up := r.name(p, "from RESET"), ""
		if len(r.Axes) == 0 {
			up = "from SET"
		}
		x := p.Column("curve", "current")
		curve.Series = append(curve.Series,
			plots.Line{Name: down, X: x, Y: p.Column("curve", "from_reset"), Style: plots.Style{Color: color, Marker: plots.Circle}},
			plots.Line{Name: up, X: x, Y: p.Column("curve", "from_set"), Style: plots.Style{Color: color, Marker: plots.Square, Hollow: true, Dash: plots.Dashed}})
	}
	p := first[0]
	s := p.Study.(*programmingStudy)
	stairs := plots.Panel{X: plots.Axis{Label: "Pulse"}, Y: plots.Axis{Label: "Conductance", Unit: "S"}}
	for n, k := range evenly(len(s.staircase), 5) {
		stairs.Series = append(stairs.Series, plots.Line{Name: siLabel(quantity.Format(s.staircase[k], "A")), X: p.Column("staircase", "pulse"), Y: p.Column("staircase", fmt.Sprintf("g%d", k+1)),
			Style: plots.Style{Marker: plots.Circle, Color: plots.OkabeIto[n]}})
	}
	drift := plots.Panel{X: plots.Axis{Label: "Time after the pulse", Unit: "s", Scale: plots.Log}, Y: ohm}
	for n, k := range evenly(len(s.drift), 5) {
		drift.Series = append(drift.Series, plots.Line{Name: siLabel(quantity.Format(s.drift[k], "A")), X: p.Column("drift", "t"), Y: p.Column("drift", fmt.Sprintf("r%d", k+1)),
			Style: plots.Style{Color: plots.OkabeIto[n]}})
	}
	numbers := []Number{
		{Text: "resistance of the SET cell", Unit: "ohm", X: p.Record.Value("r_set")},
		{Text: "resistance of the RESET cell", Unit: "ohm", X: p.Record.Value("r_reset")},
	}
	for _, v := range []struct{ name, text, unit string }{
		{"i_set", "smallest current that SETs a RESET cell", "A"},
		{"i_reset", "smallest current that RESETs a SET cell", "A"},
		{"drift_exponent_1", "drift exponent over the last two decades, first current", ""},
	} {
		if x, ok := p.lookup(v.name); ok {
			numbers = append(numbers, Number{Text: v.text, Unit: v.unit, X: x})
		}
	}
	which := ""
	if len(first) > 1 {
		which = " of the first point of the sweep"
	}
	return []Figure{{
		Name: "programming",
		Caption: fmt.Sprintf("Programming of %s by current-limited pulses from %s. (a) Resistance after one pulse on a RESET cell (filled, solid) and on a SET cell (open, dashed) against the current. "+
			"(b) Conductance of a RESET cell%s under equal pulses of %s. (c) Resistance%s after pulses on a SET cell as time goes by. Reads at %s.",
			s.element.Info().Name, siLabel(quantity.Format(s.voltage, "V")), which, siLabel(quantity.Format(s.stairWidth, "s")), which, siLabel(quantity.Format(s.readVoltage, "V"))),
		Numbers: numbers,
		Figure:  plots.Figure{Panels: []plots.Panel{curve, stairs, drift}},
	}}, nil
}
