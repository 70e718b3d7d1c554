package memristor

import (
	"math"

	"mho/device"
)

var (
	_ device.Batched = (*VTEAM)(nil)
	_ device.Batched = (*LinearDrift)(nil)
)

// oneWay is a part of a waveform that does not change its sign.
type oneWay struct {
	stretches []device.Stretch
	sign      float64
}

func oneWays(w device.Waveform) []oneWay {
	var out []oneWay
	for _, s := range w.Stretches() {
		sign := s.Sign()
		if k := len(out) - 1; k >= 0 && out[k].sign == sign {
			out[k].stretches = append(out[k].stretches, s)
			continue
		}
		out = append(out, oneWay{[]device.Stretch{s}, sign})
	}
	return out
}

// moves holds what each one-way part of a waveform does to each copy of a chunk.
// Chunks are loaded and moved by different goroutines, so that the parts belong to
// the chunk.
type moves [][]float64

// take returns room for n parts of copies from..to.
func (m *moves) take(n, copies int) moves {
	for len(*m) < n {
		*m = append(*m, nil)
	}
	for k := range n {
		if cap((*m)[k]) < copies {
			(*m)[k] = make([]float64, copies)
		}
		(*m)[k] = (*m)[k][:copies]
	}
	return (*m)[:n]
}

// vteamBatch is copies of VTEAM without a window: the state moves by the integral
// of its rate, whatever it is, up to the bounds.
type vteamBatch struct {
	els    []*VTEAM
	lo, hi []float64
	loaded []moves // by the first copy of a chunk
	parts  []int
}

// NewBatch packs copies of the model, nil unless all are without a window.
func (m *VTEAM) NewBatch(els []device.Element) device.Batch {
	b := &vteamBatch{els: make([]*VTEAM, len(els)), lo: make([]float64, len(els)), hi: make([]float64, len(els)), loaded: make([]moves, len(els)), parts: make([]int, len(els))}
	for i, el := range els {
		v, ok := el.(*VTEAM)
		if !ok || v.Window != windowNone {
			return nil
		}
		b.els[i], b.lo[i], b.hi[i] = v, v.WOn, v.WOff
	}
	return b
}

// Load integrates the rates over the waveform.
func (b *vteamBatch) Load(w device.Waveform, stress []float64, from, to int) {
	ways := oneWays(w)
	b.parts[from] = len(ways)
	for k, dw := range b.loaded[from].take(len(ways), to-from) {
		for i := from; i < to; i++ {
			scale := 1.0
			if stress != nil {
				scale = stress[i]
			}
			dw[i-from] = b.els[i].travel(ways[k], scale)
		}
	}
}

// Move adds the integrals, clipping at the bounds after each part: within a part
// the state moves one way only, so that this is exact.
func (b *vteamBatch) Move(x []float64, from, to int) {
	x, lo, hi := x[from:to], b.lo[from:to], b.hi[from:to]
	for _, dw := range b.loaded[from][:b.parts[from]] {
		dw, lo, hi := dw[:len(x)], lo[:len(x)], hi[:len(x)]
		for i, d := range dw {
			w := x[i] + d
			if w < lo[i] {
				w = lo[i]
			}
			if w > hi[i] {
				w = hi[i]
			}
			x[i] = w
		}
	}
}

// travel returns the integral of dw/dt in m over a drive of one sign, times scale,
// without bounds:
//
//	∫ k (|v|/V - 1)^α dt = k Δt (z₁^(α+1) - z₀^(α+1)) / ((α+1) (z₁ - z₀)),  z = |v|/V - 1,
//
// for v straight over Δt, with z^(α+1) = 0 below the threshold V.
func (m *VTEAM) travel(p oneWay, scale float64) float64 {
	k, threshold, alpha := m.KOff, m.VOff, m.AlphaOff
	if p.sign*scale*float64(m.Polarity) < 0 {
		k, threshold, alpha = m.KOn, -m.VOn, m.AlphaOn
	}
	sum := 0.0
	for _, s := range p.stretches {
		z0, z1 := math.Abs(scale*s.U0)/threshold-1, math.Abs(scale*s.U1)/threshold-1
		dz := z1 - z0
		switch {
		case z0 <= 0 && z1 <= 0:
		case math.Abs(dz) < 1e-6*math.Max(z0, z1):
			// The midpoint misses by α(α-1)/24 (Δz/z)².
			sum += s.DT * raise(0.5*(z0+z1), alpha)
		default:
			sum += s.DT * (raise(math.Max(z1, 0), alpha+1) - raise(math.Max(z0, 0), alpha+1)) / ((alpha + 1) * dz)
		}
		sum += 0 * dz // a drive that is not a number makes a state that is none
	}
	return k * sum
}

// driftBatch is copies of LinearDrift without a window: the square of the
// memristance falls with the flux.
type driftBatch struct {
	els    []*LinearDrift
	loaded []moves
	parts  []int
}

// NewBatch packs copies of the model, nil unless all are without a window.
func (m *LinearDrift) NewBatch(els []device.Element) device.Batch {
	b := &driftBatch{els: make([]*LinearDrift, len(els)), loaded: make([]moves, len(els)), parts: make([]int, len(els))}
	for i, el := range els {
		v, ok := el.(*LinearDrift)
		if !ok || v.Window != windowNone {
			return nil
		}
		b.els[i] = v
	}
	return b
}

// Load integrates the voltage to k times the flux, in ohm.
func (b *driftBatch) Load(w device.Waveform, stress []float64, from, to int) {
	ways := oneWays(w)
	b.parts[from] = len(ways)
	for k, flux := range b.loaded[from].take(len(ways), to-from) {
		sum := 0.0
		for _, s := range ways[k].stretches {
			sum += s.DT * 0.5 * (s.U0 + s.U1)
		}
		for i := from; i < to; i++ {
			m := b.els[i]
			flux[i-from] = sum * float64(m.Polarity) * m.K()
			if stress != nil {
				flux[i-from] *= stress[i]
			}
		}
	}
}

// Move follows
//
//	M₁² = M₀² - 2 (ROff - ROn) k φ,  x₁ = x₀ + 2 k φ / (M₀ + M₁)
//
// for a flux φ of one sign, up to the bounds.
func (b *driftBatch) Move(x []float64, from, to int) {
	for _, flux := range b.loaded[from][:b.parts[from]] {
		for i := from; i < to; i++ {
			m, kf := b.els[i], flux[i-from]
			m0 := m.Memristance(x[i])
			m1 := m0*m0 - 2*(m.ROff-m.ROn)*kf
			switch {
			case m1 <= m.ROn*m.ROn:
				x[i] = 1
			case m1 >= m.ROff*m.ROff:
				x[i] = 0
			default:
				x[i] = math.Min(math.Max(x[i]+2*kf/(m0+math.Sqrt(m1)), 0), 1)
			}
		}
	}
}
