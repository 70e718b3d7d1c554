package device

import (
	"fmt"
	"math"
	"sort"

	"mho/noise"
)

// A Tracer is a population that has its own way to trace the reads of a cell; ReadTrace says what its
// methods do.
type Tracer interface {
	Trace(dst []float64, row, col int, rate float64, env Env, event uint64, key noise.Key) error
	TracePSD(dst, f []float64, row, col int, rate float64, env Env)
}

// ReadTrace sets dst to what reads of one cell of p give at low bias, one after the other at a rate in
// Hz, while its state stays as it is. Each event is a trace of its own. In contrast to Read, negative
// values are kept, so that a trace keeps its mean and spectrum.
//
// The noise of a population that tells only how it divides at a window (NoisyReader) is taken as
// normal: what is slower than the trace is a constant in it, what lies between has the spectrum of
// ReadPSD, and what is fresh at each read, however short the window, is fresh at each sample. What
// is faster than half the rate is left out. The error tells of a rate that is not positive.
func ReadTrace(dst []float64, p Population, row, col int, rate float64, env Env, event uint64, key noise.Key) error {
	if !(rate > 0) || math.IsInf(rate, 0) {
		return fmt.Errorf("rate of reads is %g Hz: must be finite and > 0 Hz", rate)
	}
	if t, ok := p.(Tracer); ok {
		return t.Trace(dst, row, col, rate, env, event, key)
	}
	rows, cols := p.Dims()
	x := make([]float64, rows*cols)
	p.Transfer(x, 0, env)
	cell := row*cols + col
	clear(dst)
	key = key.Domain(noise.Read).Fold(uint64(row)<<32 | uint64(col)).Fold(event)
	s := newSpectrum(p, cell, env)
	if s != nil && len(dst) > 0 {
		psd := s.sample(rate/float64(2*len(dst)), rate/2)
		if err := noise.Synthesize(dst, rate, psd, key.Fold(0)); err != nil {
			return err
		}
		slow, _ := s.split(float64(len(dst)) / rate)
		_, fresh := s.split(0)
		constant := math.Sqrt(slow) * key.Fold(1).NormalAt(noise.At{})
		z := make([]float64, len(dst))
		key.Fold(2).Normal(z, noise.At{})
		for i := range dst {
			dst[i] += constant + math.Sqrt(fresh)*z[i]
		}
	}
	for i := range dst {
		dst[i] += x[cell]
	}
	return nil
}

// ReadPSD sets dst to the one-sided power spectral density, in S²/Hz, of ReadTrace at the frequencies
// f in Hz, above 0 and up to half the rate in Hz. From the variance F(W) of what is faster than a
// window W it is
//
//	S(f) = W² dF/dW,  W = 1/f,
//
// and 2 F(0)/rate of what is fresh at each read.
func ReadPSD(dst, f []float64, p Population, row, col int, rate float64, env Env) {
	if t, ok := p.(Tracer); ok {
		t.TracePSD(dst, f, row, col, rate, env)
		return
	}
	_, cols := p.Dims()
	clear(dst)
	s := newSpectrum(p, row*cols+col, env)
	if s == nil {
		return
	}
	_, fresh := s.split(0)
	for i, x := range f {
		dst[i] = s.at(x) + 2*fresh/rate
	}
}

// A spectrum is the read noise of a cell of a population.
type spectrum struct {
	p          NoisyReader
	cell       int
	env        Env
	slow, fast []float64
}

// newSpectrum returns nil for a population without read noise.
func newSpectrum(p Population, cell int, env Env) *spectrum {
	n, ok := p.(NoisyReader)
	if !ok {
		return nil
	}
	rows, cols := p.Dims()
	return &spectrum{n, cell, env, make([]float64, rows*cols), make([]float64, rows*cols)}
}

// split returns the variances of what is slower and faster than a window in s.
func (s *spectrum) split(window float64) (slow, fast float64) {
	s.p.ReadNoise(s.slow, s.fast, window, s.env)
	return s.slow[s.cell] * s.slow[s.cell], s.fast[s.cell] * s.fast[s.cell]
}

// at returns S(f) by a central difference in ln W.
func (s *spectrum) at(f float64) float64 {
	const step = 1e-3
	_, a := s.split(math.Exp(-step) / f)
	_, b := s.split(math.Exp(step) / f)
	return math.Max(0, b-a) / (2 * step) / f
}

// sample returns S between two frequencies from 32 values a decade, straight in the logarithms between.
func (s *spectrum) sample(low, high float64) func(f float64) float64 {
	n := int(32*math.Log10(high/low)) + 2
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = math.Log(low) + math.Log(high/low)*float64(i)/float64(n-1)
		y[i] = s.at(math.Exp(x[i]))
	}
	return func(f float64) float64 {
		u := math.Log(f)
		i := min(max(sort.SearchFloat64s(x, u), 1), n-1)
		w := (u - x[i-1]) / (x[i] - x[i-1])
		if y[i-1] <= 0 || y[i] <= 0 {
			return (1-w)*y[i-1] + w*y[i]
		}
		return math.Exp((1-w)*math.Log(y[i-1]) + w*math.Log(y[i]))
	}
}

// Trace implements Tracer: the noise of the model within keeps its share of the conductance, and
// the overlay's is added.
func (p *layered) Trace(dst []float64, row, col int, rate float64, env Env, event uint64, key noise.Key) error {
	x, g, share := p.cell(row, col, env)
	if err := ReadTrace(dst, p.Population, row, col, rate, env, event, key); err != nil {
		return err
	}
	for i := range dst {
		dst[i] = g + float64(share*(dst[i]-x))
	}
	own := key.Fold(overlayKey)
	for _, slot := range readSlots {
		if n := p.o.Read[slot]; n != nil {
			at := noise.At{Row: uint32(row), Col: uint32(col), Event: event}
			if err := n.Trace(dst, g, rate, at, own.Domain(noise.Read), p.reading(env)); err != nil {
				return err
			}
		}
	}
	return nil
}

// cell returns the conductance of a cell within and under the overlay, and the factor on its noise.
func (p *layered) cell(row, col int, env Env) (x, g, share float64) {
	all := make([]float64, len(p.scale))
	p.Population.Transfer(all, 0, env)
	i := row*p.cols + col
	x = all[i]
	p.lay(all)
	if g = all[i]; x > 0 && !p.broken(i) {
		share = g / x
	}
	return x, g, share
}

// TracePSD implements Tracer. Noise that is sampled without a filter, telegraph noise and white noise
// of a band beyond half the rate, shows its spectrum folded there.
func (p *layered) TracePSD(dst, f []float64, row, col int, rate float64, env Env) {
	_, g, share := p.cell(row, col, env)
	ReadPSD(dst, f, p.Population, row, col, rate, env)
	at, r := noise.At{Row: uint32(row), Col: uint32(col)}, p.reading(env)
	for i := range dst {
		dst[i] *= share * share
	}
	for _, slot := range readSlots {
		switch n := p.o.Read[slot].(type) {
		case nil:
		case *noise.Flicker:
			for i, x := range f {
				dst[i] += n.PSD(x, g, r)
			}
		case *noise.Telegraph:
			for i, x := range f {
				dst[i] += n.CellPSD(x, g, at, r.Cells)
				for k := 1.0; k <= 50; k++ {
					dst[i] += n.CellPSD(k*rate-x, g, at, r.Cells) + n.CellPSD(k*rate+x, g, at, r.Cells)
				}
			}
		default:
			var slow, fast [1]float64
			n.Variances(slow[:], fast[:], []float64{g}, 0, at, r)
			for i, x := range f {
				if rate < 2*r.Bandwidth {
					dst[i] += 2 * fast[0] / rate
				} else {
					dst[i] += n.PSD(x, g, r)
				}
			}
		}
	}
}
