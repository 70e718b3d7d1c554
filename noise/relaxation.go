package noise

import (
	"fmt"
	"math"

	"mho/internal/quantity"
	"mho/internal/vmath"
)

// relaxation is a stretched exponential approach to a final value,
//
//	G(θ) = G_end + (G_P - G_end) exp(-(θ/τ)^β),  τ = scale exp(σ N).
type relaxation struct {
	scale float64 // median τ in units of the clock
	sigma float64 // standard deviation of ln τ over cells
	beta  float64 // shape
	end   float64 // final value
}

// draw sets own to ln τ - ln scale.
func (r relaxation) draw(own []float64, at At, k Key) {
	if r.sigma == 0 {
		clear(own)
		return
	}
	k.Normal(own, at)
	for i := range own {
		own[i] *= r.sigma
	}
}

func (r relaxation) age(dst, g, own []float64, clock float64) {
	if clock <= 0 {
		copy(dst, g)
		return
	}
	l := vmath.LnScalar(clock) - vmath.LnScalar(r.scale)
	var f [chunkCells]float64
	for len(dst) > 0 {
		n := min(len(dst), chunkCells)
		f := f[:n]
		for i, s := range own[:n] {
			f[i] = r.beta * (l - s)
		}
		vmath.Exp(f, f)
		for i := range f {
			f[i] = -f[i]
		}
		vmath.Exp(f, f)
		for i, x := range g[:n] {
			dst[i] = r.end + float64((x-r.end)*f[i])
		}
		dst, g, own = dst[n:], g[n:], own[n:]
	}
}

// clockAt returns the clock's reading at which a cell with ln τ - ln scale = own
// comes from g to the value limit. The error tells that it never does.
func (r relaxation) clockAt(g, limit, own float64) (float64, error) {
	left := (limit - r.end) / (g - r.end)
	if !(left > 0 && left < 1) {
		return 0, fmt.Errorf("criterion %s is never crossed on the way from %s to %s: must be between them",
			quantity.Format(limit, "S"), quantity.Format(g, "S"), quantity.Format(r.end, "S"))
	}
	return r.scale * math.Exp(own) * math.Pow(-math.Log(left), 1/r.beta), nil
}

// ThermalLoss is the thermally activated loss of a stored value, retention's failure:
//
//	G(t) = G_end + (G_P - G_end) exp(-(t/τ)^β)
//	τ(T) = Tau exp(E_a/k (1/T - 1/T_ref)) exp(σ N),
//
// a stretched exponential with an Arrhenius time constant that is lognormal over the
// cells. NewThermalLoss returns it with its defaults.
type ThermalLoss struct {
	Tau   float64 // median time constant at TRef, s
	Sigma float64 // standard deviation of ln τ over cells
	Beta  float64 // shape of the stretched exponential
	GEnd  float64 // conductance that a cell ends at, S
	Arrhenius
}

var _ Ageing = (*ThermalLoss)(nil)

// NewThermalLoss returns a loss of 1.5 eV whose median time constant is 10 years at 85 °C.
func NewThermalLoss() *ThermalLoss {
	return &ThermalLoss{Tau: 10 * 365 * 86400, Sigma: 0.5, Beta: 1, Arrhenius: Arrhenius{Ea: quantity.EV(1.5), TRef: 358.15}}
}

// Info describes the process.
func (l *ThermalLoss) Info() Info {
	return Info{
		Name: "retention", Kind: "retention", Title: "thermally activated loss of the stored conductance, a stretched exponential",
		Equations: []string{
			"G(t) = g_end + (G_P - g_end) exp(-(t/tau_c)^beta)",
			"tau_c = tau exp(ea/k (1/T - 1/t_ref)) exp(sigma N), N drawn for each cell at each programming",
			"failure time at a criterion c of G_P - g_end: tau_c (ln(1/c))^(1/beta)",
		},
		Notes: []string{
			"Under a temperature profile t/tau_c is the integral of dt/tau_c(T): advancing by a and then by b is advancing by a + b.",
			"The default is ten years at 85 degrees Celsius with 1.5 eV, the specification that memories are held against, not a fit. Published energies are 1.1 to 1.6 eV for filaments in HfOx and 2 to 2.9 eV for crystallisation of phase-change materials.",
		},
		References: []Reference{refWilliams},
	}
}

// Params declares the parameters.
func (l *ThermalLoss) Params() []Param {
	return append([]Param{
		{Name: "tau", Value: &l.Tau, Unit: "s", Range: quantity.Positive(), Meaning: "median time constant at t_ref", Source: assumed},
		{Name: "sigma", Value: &l.Sigma, Range: rangeTo(10), Meaning: "standard deviation of the logarithm of the time constant over cells", Source: assumed},
		{Name: "beta", Value: &l.Beta, Range: quantity.Range{Min: 0, Max: 5, MinOpen: true}, Meaning: "shape of the stretched exponential", Source: assumed},
		{Name: "g_end", Value: &l.GEnd, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductance that a cell ends at", Source: assumed},
	}, l.Arrhenius.params(assumed, assumed)...)
}

// Validate returns nil: every value in range is valid.
func (l *ThermalLoss) Validate() error { return nil }

func (l *ThermalLoss) law() relaxation { return relaxation{l.Tau, l.Sigma, l.Beta, l.GEnd} }

// Draw implements Ageing: own is the logarithm of the cell's time constant over the median.
func (l *ThermalLoss) Draw(own, g []float64, at At, k Key) { l.law().draw(own, at, k) }

// Rate implements Ageing: the acceleration factor.
func (l *ThermalLoss) Rate(temperature float64) float64 { return l.Acceleration(temperature) }

// Age implements Ageing; the clock is in s at TRef.
func (l *ThermalLoss) Age(dst, g, own []float64, clock float64) { l.law().age(dst, g, own, clock) }

// FailureTime returns the time in s at a constant temperature in K after which the median
// cell has come from conductance g to the criterion limit, both in S. The error
// tells that it never does.
func (l *ThermalLoss) FailureTime(g, limit, temperature float64) (float64, error) {
	clock, err := l.law().clockAt(g, limit, 0)
	return clock / l.Acceleration(temperature), err
}

// TemperatureFor returns the temperature in K at which FailureTime is t in s: the
// ten-year temperature, for one. The error tells that there is none.
func (l *ThermalLoss) TemperatureFor(t, g, limit float64) (float64, error) {
	clock, err := l.law().clockAt(g, limit, 0)
	if err != nil {
		return 0, err
	}
	return l.Temperature(clock / t)
}

// Failed returns the share of cells that have come from g to the criterion limit
// after t s at a temperature in K,
//
//	F = Φ((ln t - ln t_50)/σ),
//
// t_50 the FailureTime of the median cell. The error tells that no cell ever does.
func (l *ThermalLoss) Failed(t, g, limit, temperature float64) (float64, error) {
	median, err := l.FailureTime(g, limit, temperature)
	if err != nil {
		return 0, err
	}
	if l.Sigma == 0 {
		if t >= median {
			return 1, nil
		}
		return 0, nil
	}
	return normalCDF((math.Log(t) - math.Log(median)) / l.Sigma), nil
}

// ArrheniusFit is a straight line through failure times at several temperatures,
// ln t = ln T0 + E_a/(k T), by least squares.
type ArrheniusFit struct {
	Ea    float64 // activation energy, J
	EaStd float64 // its standard error, J; NaN of two points
	LnT0  float64 // ln of the prefactor in s

	mean, sxx, variance float64
	n                   int
}

// FitArrhenius fits failure times in s at temperatures in K. The error tells of
// fewer than two different temperatures, or of values that are not positive.
func FitArrhenius(temperature, t []float64) (*ArrheniusFit, error) {
	if len(temperature) != len(t) || len(t) < 2 {
		return nil, fmt.Errorf("%d temperatures and %d failure times: must be as many, at least 2", len(temperature), len(t))
	}
	n := float64(len(t))
	var mx, my float64
	for i := range t {
		if !(temperature[i] > 0 && t[i] > 0) || math.IsInf(temperature[i], 0) || math.IsInf(t[i], 0) {
			return nil, fmt.Errorf("point %d is %g s at %g K: must be finite and > 0", i+1, t[i], temperature[i])
		}
		mx += 1 / (boltzmann * temperature[i]) / n
		my += math.Log(t[i]) / n
	}
	var sxx, sxy float64
	for i := range t {
		dx := 1/(boltzmann*temperature[i]) - mx
		sxx += dx * dx
		sxy += dx * (math.Log(t[i]) - my)
	}
	if sxx == 0 {
		return nil, fmt.Errorf("all failure times are at %g K: must be at two temperatures or more", temperature[0])
	}
	f := &ArrheniusFit{Ea: sxy / sxx, mean: mx, sxx: sxx, n: len(t)}
	f.LnT0 = my - f.Ea*mx
	rest := 0.0
	for i := range t {
		d := math.Log(t[i]) - f.LnT0 - f.Ea/(boltzmann*temperature[i])
		rest += d * d
	}
	f.variance = rest / (n - 2) // NaN of two points, whose line has no residuals
	f.EaStd = math.Sqrt(f.variance / sxx)
	return f, nil
}

// LnTime returns the logarithm of the failure time in s at a temperature in K, with the standard
// error of the line there (NaN of two points).
func (f *ArrheniusFit) LnTime(temperature float64) (lnT, std float64) {
	x := 1 / (boltzmann * temperature)
	return f.LnT0 + f.Ea*x, math.Sqrt(f.variance * (1/float64(f.n) + (x-f.mean)*(x-f.mean)/f.sxx))
}

// Temperature returns the temperature in K at which the failure time is t in s. The
// error tells that the line reaches it at no temperature.
func (f *ArrheniusFit) Temperature(t float64) (float64, error) {
	x := (math.Log(t) - f.LnT0) / f.Ea
	if !(x > 0) || math.IsInf(x, 0) {
		return 0, fmt.Errorf("a failure time of %g s is reached at no temperature by the line of %.3g eV", t, f.Ea/charge)
	}
	return 1 / (boltzmann * x), nil
}

// Disturb shifts the value of a cell with each event at a voltage that was not meant to
// change it: a read, or the half voltage of a selected line,
//
//	G(n) = G_end + (G_P - G_end) exp(-(n/n_c)^β)
//	n_c  = Events exp(-(|V| - VRef)/V0) exp(σ N).
//
// As an Ageing process its clock counts events at VRef: EventRate of them per
// second. NewReadDisturb and NewHalfSelectDisturb return it.
type Disturb struct {
	Events    float64 // median number of events at VRef after which a change is complete but for 1/e
	Voltage   float64 // voltage of an event, V
	VRef      float64 // voltage at which Events holds, V
	V0        float64 // voltage that makes disturb e times faster, V
	Beta      float64 // shape
	Sigma     float64 // standard deviation of ln of the number over cells
	GEnd      float64 // conductance that a cell ends at, S
	EventRate float64 // events per second of time that passes, Hz
	half      bool
	Arrhenius
}

var _ Ageing = (*Disturb)(nil)

// NewReadDisturb returns disturb by reads at 0.2 V that would take 1e9 of them.
func NewReadDisturb() *Disturb {
	return &Disturb{Events: 1e9, Voltage: 0.2, VRef: 0.2, V0: 0.05, Beta: 1, Sigma: 0.5, GEnd: 50e-6, EventRate: 1e3, Arrhenius: Arrhenius{TRef: 300}}
}

// NewHalfSelectDisturb returns disturb of half-selected cells at 1 V that would take 1e6 of them.
func NewHalfSelectDisturb() *Disturb {
	return &Disturb{Events: 1e6, Voltage: 1, VRef: 1, V0: 0.1, Beta: 1, Sigma: 0.5, GEnd: 50e-6, EventRate: 1, half: true, Arrhenius: Arrhenius{TRef: 300}}
}

// Info describes the process.
func (d *Disturb) Info() Info {
	name, title := "read-disturb", "reads that change what they read, little by little"
	if d.half {
		name, title = "half-select-disturb", "writes that change the other cells of their row and column, at half the voltage"
	}
	return Info{
		Name: name, Title: title, Kind: "disturb",
		Equations: []string{
			"G(n) = g_end + (G_P - g_end) exp(-(n/n_c)^beta)",
			"n_c = events exp(-(|voltage| - v_ref)/v0) exp(sigma N), N drawn for each cell at each programming",
			"n = event_rate t exp(ea/k (1/t_ref - 1/T)) as time passes",
		},
		Notes: []string{
			"n then m events are n + m events.",
			"The exponential dependence on voltage is that of field-accelerated hopping; the numbers are assumptions: take them from your device.",
			"Populations that are programmed by pulses know half-selected cells by the stress of each pulse; this process is for those that are programmed to a target.",
		},
		References: []Reference{refChen},
	}
}

// Params declares the parameters.
func (d *Disturb) Params() []Param {
	return append([]Param{
		{Name: "events", Value: &d.Events, Range: quantity.Positive(), Meaning: "median number of events at v_ref after which 1/e of the change is left", Source: assumed},
		{Name: "voltage", Value: &d.Voltage, Unit: "V", Meaning: "voltage of an event", Source: assumed},
		{Name: "v_ref", Value: &d.VRef, Unit: "V", Range: quantity.Positive(), Meaning: "voltage at which events holds", Source: assumed},
		{Name: "v0", Value: &d.V0, Unit: "V", Range: quantity.Positive(), Meaning: "voltage that makes disturb e times faster", Source: assumed},
		{Name: "beta", Value: &d.Beta, Range: quantity.Range{Min: 0, Max: 5, MinOpen: true}, Meaning: "shape of the stretched exponential", Source: assumed},
		{Name: "sigma", Value: &d.Sigma, Range: rangeTo(10), Meaning: "standard deviation of the logarithm of the number of events over cells", Source: assumed},
		{Name: "g_end", Value: &d.GEnd, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductance that a disturbed cell ends at", Source: assumed},
		{Name: "event_rate", Value: &d.EventRate, Unit: "Hz", Range: quantity.NonNegative(), Meaning: "events per second of the time that passes", Source: assumed},
	}, d.Arrhenius.params(assumed, assumed)...)
}

// Validate returns nil: every value in range is valid.
func (d *Disturb) Validate() error { return nil }

// law counts events at the voltage in force.
func (d *Disturb) law() relaxation {
	return relaxation{d.Events * math.Exp(-(math.Abs(d.Voltage)-d.VRef)/d.V0), d.Sigma, d.Beta, d.GEnd}
}

// Draw implements Ageing: own is the logarithm of the cell's number of events over the median.
func (d *Disturb) Draw(own, g []float64, at At, k Key) { d.law().draw(own, at, k) }

// Rate implements Ageing: events per second.
func (d *Disturb) Rate(temperature float64) float64 { return d.EventRate * d.Acceleration(temperature) }

// Age implements Ageing; the clock counts events.
func (d *Disturb) Age(dst, g, own []float64, clock float64) { d.law().age(dst, g, own, clock) }

// EventsTo returns the number of events after which the median cell has come from
// conductance g to limit, in S. The error tells that it never does.
func (d *Disturb) EventsTo(g, limit float64) (float64, error) { return d.law().clockAt(g, limit, 0) }
