package crossbar

import (
	"math"

	"mho/crossbar/internal/line"
)

// crossings moves the settling times of the outputs that are not settled in the
// accepted step from t on, and keeps the state at the last of them.
func (d *decay) crossings(r *Settling, t, h float64) {
	times := [3]float64{t, t + gamma*h, t + h}
	last := r.Settled
	for j := range r.Time {
		for k := 2; k >= 0; k-- {
			x := d.out[k][j]
			if math.Abs(x) <= d.threshold {
				continue
			}
			r.Time[j] = times[k]
			if k < 2 {
				r.Time[j] += (times[k+1] - times[k]) * crossing(x, d.out[k+1][j], d.threshold)
			}
			break
		}
		last = max(last, r.Time[j])
	}
	if last == r.Settled {
		return
	}
	r.Settled = last
	from, to, part := d.e, d.mid, (last-t)/(gamma*h)
	if last > times[1] {
		from, to, part = d.mid, d.to, (last-times[1])/(times[2]-times[1])
	}
	for k := range d.at.word {
		d.at.word[k] = from.word[k] + part*(to.word[k]-from.word[k])
		d.at.bit[k] = from.bit[k] + part*(to.bit[k]-from.bit[k])
	}
}

// crossing returns where, from 0 to 1, a quantity that goes from x to y falls to a
// magnitude of limit: exponentially, unless it changes its sign.
func crossing(x, y, limit float64) float64 {
	if x*y > 0 {
		return math.Log(math.Abs(x)/limit) / math.Log(x/y)
	}
	return (x - math.Copysign(limit, x)) / (x - y)
}

// charges solves for the integrals of the distances of all currents, from time 0 until
// the distances of the voltages are e. It sets dst to the charges into the bit
// line terminals, A s.
func (d *decay) charges(dst []float64, e nodes) error {
	d.h = 0
	if err := d.s.SetConductances(d.a.G); err != nil {
		return err
	}
	for k := range d.start.word {
		d.inject.word[k] = d.c.Word * (d.start.word[k] - e.word[k])
		d.inject.bit[k] = d.c.Bit * (d.start.bit[k] - e.bit[k])
	}
	_, err := d.s.SolveSources(dst, line.Sources{WordNode: d.inject.word, BitNode: d.inject.bit}, &line.Options{Tolerance: tight})
	return err
}

// delays sets dst to the first moments of the outputs, in s.
func (d *decay) delays(dst []float64) error {
	if err := d.charges(dst, newNodes(len(d.a.G))); err != nil {
		return err
	}
	for j, x := range d.final {
		if dst[j] /= x; x == 0 {
			dst[j] = math.NaN()
		}
	}
	return nil
}

// energy returns what the sources deliver until t, when the distances are e, in J.
func (d *decay) energy(t float64, e nodes) (float64, error) {
	m, n := d.a.Rows, d.a.Cols
	spare := make([]float64, n)
	if err := d.charges(spare, e); err != nil {
		return 0, err
	}
	near, far := make([]float64, m), make([]float64, m)
	d.s.Terminals(near, far, spare, make([]float64, n))
	total := d.held + d.static*t
	for i, x := range d.v {
		total -= x * (near[i] + far[i])
	}
	return total, nil
}
