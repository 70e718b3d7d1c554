package fit

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// Settings says how to fit.
type Settings struct {
	Held    []string // parameters that stay at their values
	Free    []string // parameters to fit; nil is all that are real numbers and not held
	Weights Weights  // the default is Auto
	Env     device.Env
	Key     noise.Key // of the starts

	// Progress, if not nil, is called with the share of the devices that are done.
	Progress func(share float64)
}

// Weights says how the errors of data are thought to grow with their magnitude.
type Weights string

const (
	// Auto finds from neighbouring points how much of the scatter is the same
	// everywhere and how much is in proportion to the magnitude. Data without scatter
	// get relative weights.
	Auto     Weights = "auto"
	Relative Weights = "relative" // in proportion to the magnitude, down to a thousandth of the largest
	Absolute Weights = "absolute" // the same everywhere
)

// A Result is what a fit found.
type Result struct {
	Model     device.Model // with the parameters found: those of one device, or the medians over several
	Kind      Kind
	Method    string       // of the intervals
	Devices   []string     // names
	Estimates [][]Estimate // [device]
	Summary   []Estimate   // over devices: the median, with the interval of the mean
	Spread    []float64    // standard deviation of each of Summary over devices beyond its own uncertainty, as Deviation; NaN for one device
	Fixed     []Fixed      // what the data do not determine, of the first device
	RMS       []float64    // [device] root mean square of the residuals, in units of the weights
	Points    int

	X, Measured, Fitted, Residual [][]float64 // [device] of each point: V, pulse or s; A or S; residuals in units of the weights
}

// Element fits the parameters of an element to current-voltage curves or to
// responses to pulses, device by device. Make returns a fresh element whose parameters
// hold the start. Cycles of a device follow each other: each begins in the state in which
// the one before ends, the first in the element's initial state, which is fitted.
func Element(ctx context.Context, data *Data, make func() (device.Element, error), set Settings) (*Result, error) {
	if data.Kind == Drift {
		return nil, fmt.Errorf("drift data: must be fitted with a model of drift, pcm-ibm")
	}
	if set.Env == (device.Env{}) {
		set.Env = device.Room()
	}
	res := &Result{Kind: data.Kind, Method: "White's covariance, Student's t, 95 %"}
	for i := range data.Devices {
		el, err := make()
		if err != nil {
			return nil, err
		}
		if d := el.Drives(); len(d) != 1 || d[0] != device.Voltage {
			return nil, fmt.Errorf("%s is not driven by a voltage alone: must be, to be fitted", el.Info().Name)
		}
		s := newSimulation(ctx, el, data.Kind, &data.Devices[i], set)
		p, est, cost, err := s.fit(el, set, set.Key.Fold(uint64(i)))
		if err != nil {
			return nil, fmt.Errorf("device %q: %w", data.Devices[i].Name, err)
		}
		r := slices.Clone(s.measured)
		if err := s.residuals(r); err != nil {
			return nil, fmt.Errorf("device %q: %w", data.Devices[i].Name, err)
		}
		res.add(data.Devices[i].Name, est, math.Sqrt(cost/float64(p.n)), s, r)
		if i == 0 {
			res.Fixed = p.fixed
			res.Model = el
		}
		if set.Progress != nil {
			set.Progress(float64(i+1) / float64(len(data.Devices)))
		}
	}
	res.summarise()
	for _, e := range res.Summary {
		for _, p := range res.Model.Params() {
			if p.Name == e.Name {
				*p.Value.(*float64) = e.Value
			}
		}
	}
	return res, device.Check(res.Model)
}

// rounds is how often a fit is begun from other starts while the residuals exceed the scatter
// of the data.
const rounds = 4

// fit finds the parameters of one device, and leaves them in el.
func (s *simulation) fit(el device.Element, set Settings, key noise.Key) (best *problem, est []Estimate, cost float64, err error) {
	s.guess(el, set)
	params := el.Params()
	values := func() (v []float64) {
		for _, p := range params {
			if x, ok := p.Value.(*float64); ok {
				v = append(v, *x)
			}
		}
		return v
	}
	put := func(v []float64) {
		for _, p := range params {
			if x, ok := p.Value.(*float64); ok {
				*x, v = v[0], v[1:]
			}
		}
	}
	start := values()
	var found []float64
	for round := range uint64(rounds) {
		put(start)
		p := &problem{ctx: s.ctx, n: len(s.measured), eval: s.residuals}
		if p.free, err = choose(el, set); err != nil {
			return nil, nil, 0, err
		}
		if need := 2 * len(p.free); p.n < need && set.Free != nil {
			return nil, nil, 0, fmt.Errorf("%d points for %d parameters: must have at least %d", p.n, len(p.free), need)
		}
		e, c, err := p.solve(key.Fold(round))
		switch {
		case err != nil && best == nil && (round+1 == rounds || s.ctx.Err() != nil || !s.scattered):
			return nil, nil, 0, err
		case err == nil && (best == nil || c < cost):
			best, est, cost, found = p, e, c, values()
		}
		// The square of a residual of the right law is 1 in the mean, with a deviation of √(2/n).
		if best != nil && (!s.scattered || cost < float64(p.n)*(1.1+3*math.Sqrt(2/float64(p.n)))) {
			break
		}
	}
	put(found)
	return best, est, cost, nil
}

// choose lists the parameters to fit.
func choose(el device.Element, set Settings) ([]free, error) {
	params := el.Params()
	for _, n := range append(slices.Clone(set.Free), set.Held...) {
		if !slices.ContainsFunc(params, func(p device.Param) bool { return p.Name == n || slices.Contains(p.Aliases, n) }) {
			return nil, fmt.Errorf("there is no parameter %q to fit", n)
		}
	}
	var out []free
	for _, p := range params {
		x, ok := p.Value.(*float64)
		named := slices.Contains(set.Free, p.Name)
		if !ok || slices.Contains(set.Held, p.Name) || set.Free != nil && !named {
			continue
		}
		lo, hi := math.Inf(-1), math.Inf(1)
		if p.Range != (quantity.Range{}) {
			lo, hi = p.Range.Min, p.Range.Max
		}
		initial := false
		for _, s := range el.States() {
			if p.Name == s.Name+"0" {
				initial = true
				lo, hi = s.Min, s.Max
			}
		}
		f := newFree(p, x, lo, hi)
		if initial {
			f.sign, f.scale = 0, hi-lo
			if math.IsInf(f.scale, 1) {
				f.scale = math.Max(math.Abs(*x), 1e-300)
			}
		} else if f.sign == 0 && p.Range != (quantity.Range{}) && *x != 0 && (p.Range.Min >= 0 || p.Range.Max <= 0) {
			f.sign = math.Copysign(1, *x)
		}
		f.geom = !initial && !named && p.Unit == "m"
		out = append(out, f)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("there is no parameter to fit: all are held")
	}
	return out, nil
}

// simulation computes what a device would have shown.
type simulation struct {
	ctx      context.Context
	el       device.Element
	kind     Kind
	dev      *Device
	env      device.Env
	x        []float64 // abscissa
	measured []float64
	fitted   []float64
	weight   []float64 // 1/deviation

	scattered bool // the weights are those of the scatter of the data
}

func newSimulation(ctx context.Context, el device.Element, kind Kind, dev *Device, set Settings) *simulation {
	s := &simulation{ctx: ctx, el: el, kind: kind, dev: dev, env: set.Env}
	if kind == IV {
		for _, c := range dev.Cycles {
			s.x, s.measured = append(s.x, c.V...), append(s.measured, c.I...)
		}
	} else {
		for k := range dev.G {
			s.x = append(s.x, float64(k+1))
		}
		s.measured = dev.G
	}
	s.weigh(set.Weights)
	s.fitted = make([]float64, len(s.measured))
	return s
}

// weigh sets the weights, for data without scatter so that the largest magnitude counts
// as one.
func (s *simulation) weigh(w Weights) {
	largest := 0.0
	for _, y := range s.measured {
		largest = math.Max(largest, math.Abs(y))
	}
	constant, share := 1e-3*largest, 1.0
	switch w {
	case Absolute:
		constant, share = largest, 0
	case Relative:
	default:
		var runs [][]float64
		if s.kind == IV {
			for _, c := range s.dev.Cycles {
				runs = append(runs, c.I)
			}
		} else {
			runs = append(runs, s.measured)
		}
		if a, b := scatter(runs, largest); a > 1e-5*largest || b > 1e-3 {
			constant, share, s.scattered = math.Max(a, 1e-5*largest), b, true
		}
	}
	for _, y := range s.measured {
		s.weight = append(s.weight, 1/math.Hypot(constant, share*y))
	}
}

// scatter estimates the standard deviation of the errors of curves, the part that is the
// same everywhere and the part in proportion to the magnitude, from the second differences
// of neighbours, of which the errors of smooth curves have three in two; medians keep kinks
// and jumps out.
func scatter(runs [][]float64, largest float64) (constant, share float64) {
	type point struct{ size, dev float64 }
	var all []point
	for _, y := range runs {
		for i := 1; i+1 < len(y); i++ {
			all = append(all, point{math.Abs(y[i]), math.Abs(y[i-1]-2*y[i]+y[i+1]) / math.Sqrt(6)})
		}
	}
	if len(all) < 20 {
		return 0, 0
	}
	slices.SortFunc(all, func(a, b point) int {
		switch {
		case a.size < b.size:
			return -1
		case a.size > b.size:
			return 1
		}
		return 0
	})
	deviation := func(part []point, relative bool) float64 {
		var d []float64
		for _, p := range part {
			if !relative {
				d = append(d, p.dev)
			} else if p.size > 0 {
				d = append(d, p.dev/p.size)
			}
		}
		if len(d) == 0 {
			return 0
		}
		return 1.4826 * Median(d)
	}
	n := len(all)
	constant = deviation(all[:max(n/5, 5)], false)
	upper := all[n-max(n/3, 5):]
	total := deviation(upper, true)
	middle := upper[len(upper)/2].size
	share = math.Sqrt(math.Max(total*total-math.Pow(constant/middle, 2), 0))
	if share < 0.3*constant/middle {
		share = 0 // within the error of this estimate
	}
	return constant, share
}

// guess sets what the data show at once: resistances and threshold voltages, where the
// element has parameters of these names that are to be fitted.
func (s *simulation) guess(el device.Element, set Settings) {
	at := map[string]float64{}
	if s.kind == IV {
		var hrs, lrs []float64
		for _, c := range s.dev.Cycles {
			w := c.Switch()
			hrs, lrs = append(hrs, w.HRS), append(lrs, w.LRS)
		}
		at["r_off"], at["r_on"] = Median(hrs), Median(lrs)
	} else {
		at["r_off"], at["r_on"] = 1/slices.Min(s.measured), 1/slices.Max(s.measured)
	}
	if !(at["r_off"] > at["r_on"]) {
		return
	}
	for _, p := range el.Params() {
		x, ok := p.Value.(*float64)
		v, known := at[p.Name]
		if !ok || !known || slices.Contains(set.Held, p.Name) || set.Free != nil && !slices.Contains(set.Free, p.Name) {
			continue
		}
		*x = v
	}
}

// residuals sets dst to the weighted differences of model and measurement.
func (s *simulation) residuals(dst []float64) error {
	if err := device.Check(s.el); err != nil {
		return err
	}
	var err error
	if s.kind == IV {
		err = s.sweep()
	} else {
		err = s.train()
	}
	if err != nil {
		return err
	}
	for i, y := range s.measured {
		dst[i] = (s.fitted[i] - y) * s.weight[i]
	}
	return nil
}

func (s *simulation) sweep() error {
	at := 0
	var x []float64
	for _, c := range s.dev.Cycles {
		tr, err := device.Run(s.ctx, s.el, device.Waveform{T: c.T, U: [][]float64{c.V}}, &device.Settings{Env: s.env, Initial: x, Tolerance: 1e-9})
		if err != nil {
			return err
		}
		at += copy(s.fitted[at:], tr.Response)
		x = make([]float64, len(tr.X))
		for j := range x {
			x[j] = tr.X[j][len(tr.T)-1]
		}
	}
	return nil
}

// train applies the pulses, with edges of a hundredth of the width, and reads at a tenth of the
// smallest amplitude.
func (s *simulation) train() error {
	e, err := device.NewEnsemble([]device.Element{s.el}, &device.Settings{Env: s.env, Tolerance: 1e-9})
	if err != nil {
		return err
	}
	read := math.Inf(1)
	for _, a := range s.dev.Amplitude {
		if a != 0 {
			read = math.Min(read, 0.1*math.Abs(a))
		}
	}
	if math.IsInf(read, 1) {
		read = 0
	}
	for k, a := range s.dev.Amplitude {
		if a != 0 {
			w, err := device.Train(0, device.Pulse{Amplitude: a, Width: s.dev.Width[k], Rise: 0.01 * s.dev.Width[k], Fall: 0.01 * s.dev.Width[k]})
			if err != nil {
				return err
			}
			if err := e.Drive(s.ctx, device.Burst{Waveform: w}); err != nil {
				return err
			}
		}
		if err := e.Read(s.fitted[k:k+1], read); err != nil {
			return err
		}
	}
	return nil
}

func (r *Result) add(name string, est []Estimate, rms float64, s *simulation, residual []float64) {
	r.Devices = append(r.Devices, name)
	r.Estimates = append(r.Estimates, est)
	r.RMS = append(r.RMS, rms)
	r.Points += len(s.measured)
	r.X, r.Measured, r.Fitted, r.Residual = append(r.X, s.x), append(r.Measured, s.measured), append(r.Fitted, slices.Clone(s.fitted)), append(r.Residual, residual)
}

// summarise takes the medians over devices of the parameters that all devices determine.
func (r *Result) summarise() {
	if len(r.Estimates) == 1 {
		r.Summary = r.Estimates[0]
		r.Spread = slices.Repeat([]float64{math.NaN()}, len(r.Summary))
		return
	}
	r.Method = "of the mean over devices, Student's t, 95 %"
	for _, e := range r.Estimates[0] {
		var values []float64
		own := 0.0
		for _, list := range r.Estimates {
			for _, o := range list {
				if o.Name != e.Name {
					continue
				}
				x := o.Value
				if o.Log {
					x = math.Log(math.Abs(x))
				}
				values = append(values, x)
				own += o.Deviation * o.Deviation
			}
		}
		n := float64(len(values))
		if len(values) < 2 {
			continue
		}
		mean, sd := stat.MeanStdDev(values, nil)
		half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(0.975) * sd / math.Sqrt(n)
		back := func(x float64) float64 {
			if e.Log {
				return math.Copysign(math.Exp(x), e.Value)
			}
			return x
		}
		s := Estimate{Name: e.Name, Unit: e.Unit, Value: back(Median(values)), Low: back(mean - half), High: back(mean + half), Deviation: sd, Log: e.Log}
		if s.Low > s.High {
			s.Low, s.High = s.High, s.Low
		}
		r.Summary = append(r.Summary, s)
		r.Spread = append(r.Spread, math.Sqrt(math.Max(sd*sd-own/n, 0)))
	}
}

// PowerLaw fits G(t) = G0 (t/t0)^-nu to the drift of each device, by straight lines
// of ln G over ln t, and takes mean and spread of nu over devices. The Model is nil: what
// holds these numbers is the caller's.
func PowerLaw(data *Data, t0 float64) (*Result, error) {
	if data.Kind != Drift {
		return nil, fmt.Errorf("%s data: must be drift data, device,t_s,g_S", data.Kind)
	}
	res := &Result{Kind: Drift, Method: "least squares of ln G, Student's t, 95 %"}
	for _, d := range data.Devices {
		var x, y []float64
		for i := range d.T {
			x, y = append(x, math.Log(d.T[i]/t0)), append(y, math.Log(d.G[i]))
		}
		n := float64(len(x))
		sxx := stat.Variance(x, nil) * (n - 1)
		if !(sxx > 1e-6) {
			return nil, fmt.Errorf("device %q: all times are the same: must span some of the logarithm of time", d.Name)
		}
		a, b := stat.LinearRegression(x, y, nil, false)
		ss := 0.0
		s := &simulation{x: d.T, measured: d.G}
		residual := make([]float64, len(x))
		for i := range x {
			residual[i] = a + b*x[i] - y[i]
			ss += residual[i] * residual[i]
			s.fitted = append(s.fitted, math.Exp(a+b*x[i]))
		}
		s2 := ss / (n - 2)
		t := distuv.StudentsT{Sigma: 1, Nu: n - 2}.Quantile(0.975)
		dNu, dA := math.Sqrt(s2/sxx), math.Sqrt(s2*(1/n+stat.Mean(x, nil)*stat.Mean(x, nil)/sxx))
		res.add(d.Name, []Estimate{
			{Name: "nu", Value: -b, Low: -b - t*dNu, High: -b + t*dNu, Deviation: dNu},
			{Name: "g0", Unit: "S", Value: math.Exp(a), Low: math.Exp(a - t*dA), High: math.Exp(a + t*dA), Deviation: dA, Log: true},
		}, math.Sqrt(ss/n), s, residual)
	}
	res.summarise()
	return res, nil
}
