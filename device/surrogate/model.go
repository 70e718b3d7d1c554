package surrogate

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// A Model is a population made from measurements on an element, see the package
// comment. Characterise and Read return it; it implements device.CellModel.
type Model struct {
	Tolerance        float64 // programming to a target stops this close to it, in units of the range
	MaxRounds        int     // programming to a target gives up after so many rounds of one pulse a cell
	ProgrammingNoise bool    // programming to a target goes by pulses; false sets the target exactly
	Drift            bool    // conductances are lost at rest
	D2DScale         float64 // factor on the spread from device to device
	C2CScale         float64 // factor on the spread from cycle to cycle

	name     string
	checksum string // of the file, empty if there is none
	table    table
}

var _ device.CellModel = (*Model)(nil)

// table is what was measured.
type table struct {
	info       device.Info // of the element
	drive      drive
	unit       string // of the drive
	parameters [][2]string
	spreads    [][]device.Spread // device to device, cycle to cycle

	Temperature float64 // K
	Coordinate  Coordinate
	GMin, GMax  float64 // ends of the range of the nominal element, S
	Initial     float64 // s of the element as it leaves the factory
	Flow
	Latent      []float64   // means of ln G_min/GMin, ln G_max/GMax, ln m of SET and RESET at each fraction
	Components  [][]float64 // their spread: rows to be multiplied by independent normals and added
	RestTimes   []float64   // s; nil if nothing is lost at rest
	RestMean    []float64   // [state][time] change of s, states from 0 to 1 evenly
	RestStd     []float64
	Bias        []float64 // in the drive's unit
	Ratio       []float64 // [state][bias] conductance over that at the read drive
	ReadDisturb float64   // change of s by one read pulse of the nominal width, in the middle of the range
	Errors      Errors
}

// Errors say how far conductances of a Model are from those of its element, in units
// of GMax - GMin.
type Errors struct {
	StepMedian, StepP95         float64 // of one pulse from the element's own state: median and 95 %
	PathMedian, PathP95         float64 // of the state after all pulses of a sequence so far
	QuantileMedian, QuantileP95 float64 // of the 10, 25, 50, 75 and 90 % quantiles over fresh devices; 0 without spread
	Covered                     float64 // part of the range that the sequences visited
	Pulses                      int     // random pulses compared
	Devices                     int     // fresh devices; 0 without spread
}

func newModel(element device.Info) *Model {
	m := &Model{Tolerance: 0.01, MaxRounds: 200, ProgrammingNoise: true, Drift: true, D2DScale: 1, C2CScale: 1, name: element.Name}
	m.table.info = element
	return m
}

func (m *Model) clone() *Model {
	c := *m
	return &c
}

// Errors returns how far the model was from fresh traces of its element.
func (m *Model) Errors() Errors { return m.table.Errors }

// Coordinate returns the coordinate in which the model counts states.
func (m *Model) Coordinate() Coordinate { return m.table.Coordinate }

// Pulse returns the nominal SET or RESET pulse.
func (m *Model) Pulse(raise bool) device.Pulse {
	d := m.table.drive
	p := device.Pulse{Drive: "voltage", Port: "stack", Amplitude: d.amplitude[reset], Width: d.width, Rise: d.edge, Fall: d.edge}
	if raise {
		p.Amplitude = d.amplitude[set]
	}
	if m.table.unit == device.Current.Unit {
		p.Drive = "current"
	}
	return p
}

// Info describes the model.
func (m *Model) Info() device.Info {
	t := &m.table
	e := t.Errors
	info := device.Info{
		Name: m.name, Title: "population of " + t.info.Name + ", from its characterisation", Technology: t.info.Technology,
		Equations: []string{
			"s = (h(G) - h(G_min))/(h(G_max) - h(G_min)),  h(G) = " + string(t.Coordinate),
			"ds/dn = F(s, V), for n = m worth(V, w) reference pulses, then + sigma(s, V, w) N   one pulse, 0 <= s <= 1",
			"s(t) = s + loss(s, t) + spread(s, t) N   at rest",
			"ln G_min, ln G_max and ln m: normal over devices, with the covariance of the copies measured",
		},
		Notes: []string{
			fmt.Sprintf("Measured at %g K with pulses of %s and %s, %s wide.", t.Temperature, quantity.Format(t.drive.amplitude[set], t.unit), quantity.Format(t.drive.amplitude[reset], t.unit), quantity.Format(t.drive.width, "s")),
			fmt.Sprintf("Against fresh traces of the element one pulse is wrong by %.2g of the range (median; 95 %%: %.2g), a sequence of %d random pulses by %.2g (%.2g).", e.StepMedian, e.StepP95, validationPulses, e.PathMedian, e.PathP95),
			fmt.Sprintf("Amplitudes up to %g of the nominal one and widths from %g to %g of it are known; others are refused.", t.Fractions[len(t.Fractions)-1], t.Widths[0]/t.drive.width, t.Widths[len(t.Widths)-1]/t.drive.width),
		},
		References: t.info.References,
	}
	if e.Devices > 0 {
		info.Notes = append(info.Notes, fmt.Sprintf("Quantiles over %d fresh devices differ by %.2g of the range (median; 95 %%: %.2g).", e.Devices, e.QuantileMedian, e.QuantileP95))
	}
	if t.RestTimes == nil {
		info.Notes = append(info.Notes, "At rest nothing is lost in 10^7 s.")
	}
	return info
}

// Params declares the parameters.
func (m *Model) Params() []device.Param {
	notNegative := quantity.NonNegative()
	p := []device.Param{
		{Name: "tolerance", Value: &m.Tolerance, Range: quantity.Inside(0, 1), Meaning: "programming to a target stops this close to it, in units of the range of conductance", Source: "assumption"},
		{Name: "max_rounds", Value: &m.MaxRounds, Range: quantity.Between(1, 1e6), Meaning: "rounds, of one pulse a cell at most, after which programming to a target gives up", Source: "assumption"},
		{Name: "programming_noise", Value: &m.ProgrammingNoise, Meaning: "programming to a target goes by pulses and reads; false sets targets exactly", Source: "assumption"},
		{Name: "drift", Value: &m.Drift, Meaning: "conductances are lost at rest as measured; false keeps them", Source: "assumption"},
		{Name: "d2d_scale", Value: &m.D2DScale, Range: notNegative, Meaning: "factor on the spread from device to device", Source: "assumption"},
		{Name: "c2c_scale", Value: &m.C2CScale, Range: notNegative, Meaning: "factor on the spread from cycle to cycle", Source: "assumption"},
	}
	if m.checksum != "" {
		p = append(p, device.Param{Name: "checksum", Value: &m.checksum, Options: []string{m.checksum}, Meaning: "of the file; set it to refuse any other", Source: "assumption"})
	}
	return p
}

// Validate returns nil: the ranges of the parameters say all.
func (m *Model) Validate() error { return nil }

// NewPopulation is New for any caller.
func (m *Model) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return m.New(rows, cols, env, key)
}

// New returns rows x cols cells in the element's initial state. Key draws their
// differences. The error tells of a temperature that is not the one measured at, of a
// parameter out of range and of wrong dimensions.
func (m *Model) New(rows, cols int, env device.Env, key noise.Key) (*Population, error) {
	if err := device.Check(m); err != nil {
		return nil, err
	}
	t := &m.table
	if rows < 1 || cols < 1 || cols > math.MaxInt32/rows {
		return nil, fmt.Errorf("%s: array of %d x %d cells: rows and columns must be at least 1, cells at most %d", m.name, rows, cols, math.MaxInt32)
	}
	if math.Abs(env.Temperature-t.Temperature) > 0.5 {
		return nil, fmt.Errorf("%s: environment.temperature is %g K: must be that of the characterisation, %g K", m.name, env.Temperature, t.Temperature)
	}
	n := rows * cols
	p := &Population{model: *m, rows: rows, cols: cols, key: key,
		s: make([]float64, n), since: make([]float64, n), lo: make([]float64, n), dh: make([]float64, n)}
	p.draw(key)
	for i := range p.s {
		p.s[i] = t.Initial
	}
	copy(p.since, p.s)
	return p, nil
}

// Read returns the drive at which the element was read, in V or A.
func (m *Model) Read() float64 { return m.table.drive.read }

// Range returns the ends of the range of the nominal element, S.
func (m *Model) Range() (min, max float64) { return m.table.GMin, m.table.GMax }

// DriveUnit returns the unit of the drive, "V" or "A".
func (m *Model) DriveUnit() string { return m.table.unit }
