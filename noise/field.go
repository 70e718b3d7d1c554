package noise

import (
	"fmt"
	"math"
)

// A Field is where the normal numbers of a Spread come from: independent for each
// cell, or correlated over the array, or from one event to the next.
//
// In space, a share of the variance is filtered from normal numbers that are keyed
// by their cells,
//
//	z(r, c) = sqrt(1 - share) w(r, c) + sqrt(share) Σ k(i) k(j) u(r+i, c+j),  k(i) ~ exp(-2 i²/length²),
//
// whose correlation at distance d is share exp(-(d/length)²) (for a length of
// 1.5 cells or more; CorrelationAt is exact for any). The filter is fixed
// and reaches beyond the array, so that there are no edge effects and a cell's number does not
// depend on the size of the array.
//
// From event to event, the numbers of a cell are an autoregression of first
// order with correlation exp(-n/Events) after n events.
//
// The zero Field gives independent numbers.
type Field struct {
	Length float64 // correlation length in cells, at which the correlation is 1/e; 0: independent cells
	Share  float64 // share of the variance that is correlated in space, from 0 to 1
	Events float64 // correlation length in events; 0: independent events
}

func (f *Field) params() []Param {
	return []Param{
		{Name: "correlation_length", Value: &f.Length, Range: rangeTo(maxLength), Meaning: "distance in cells at which the correlation in space is 1/e; 0 makes cells independent", Source: assumed},
		{Name: "correlated_share", Value: &f.Share, Range: rangeTo(1), Meaning: "share of the variance that is correlated in space", Source: assumed},
		{Name: "correlation_events", Value: &f.Events, Range: rangeTo(maxEvents), Meaning: "number of programming events after which the correlation of one cell is 1/e; 0 makes events independent", Source: assumed},
	}
}

const (
	maxLength = 200  // cells: the filter draws 5 lengths of rows for each row
	maxEvents = 1000 // events: the filter draws 10 lengths of events for each event
	// origin shifts the columns of filtered numbers, so that the filter may reach
	// to the left of column 0. Rows wrap around.
	origin = 1 << 31
)

func (f Field) validate() error {
	for _, p := range f.params() {
		if err := p.Check(); err != nil {
			return err
		}
	}
	if f.Length > 0 && f.Share == 0 {
		return fmt.Errorf("correlated_share is 0 with a correlation_length of %g: must be > 0", f.Length)
	}
	return nil
}

// Normal sets dst to the standard normal numbers of the cells from place at on.
// It panics where Key.Normal does, and beyond column 2^31 if Length is not 0.
func (f Field) Normal(dst []float64, at At, k Key) {
	if f.Events == 0 {
		f.spatial(dst, at, k)
		return
	}
	// z_n = sqrt(1-ρ²) Σ ρ^i w_(n-i). Events before 0 wrap around to the last ones,
	// which nothing else draws. The sum stops where ρ^i is below 1e-4, which takes
	// 1e-8 from the variance.
	rho := math.Exp(-1 / f.Events)
	w := make([]float64, len(dst))
	clear(dst)
	gain := math.Sqrt(1 - rho*rho)
	for i := range uint64(math.Ceil(9.3*f.Events)) + 1 {
		f.spatial(w, At{at.Row, at.Col, at.Event - i}, k)
		for j, x := range w {
			dst[j] += float64(gain * x)
		}
		gain *= rho
	}
}

// spatial sets dst to the numbers of one event.
func (f Field) spatial(dst []float64, at At, k Key) {
	k.Normal(dst, at)
	if f.Length == 0 {
		return
	}
	kernel := f.kernel()
	half := len(kernel) / 2
	source := k.Fold(useField)
	wide := len(dst) + 2*half
	row, sum := make([]float64, wide), make([]float64, wide)
	for i, weight := range kernel {
		source.Normal(row, At{at.Row + uint32(i-half), at.Col + origin - uint32(half), at.Event})
		for j, x := range row {
			sum[j] += float64(weight * x)
		}
	}
	own, shared := math.Sqrt(1-f.Share), math.Sqrt(f.Share)
	for j := range dst {
		x := 0.0
		for i, y := range sum[j : j+len(kernel)] {
			x += float64(kernel[i] * y)
		}
		dst[j] = float64(own*dst[j]) + float64(shared*x)
	}
}

// useField is the child of a key that a Field's filter draws from.
const useField = 0x6669656C64 // "field"

// kernel returns the filter along one dimension, its squares summing to 1. It ends
// where it is below 4e-6 of its middle.
func (f Field) kernel() []float64 {
	half := int(math.Ceil(2.5 * f.Length))
	k := make([]float64, 2*half+1)
	sum := 0.0
	for i := range k {
		d := float64(i-half) / f.Length
		k[i] = math.Exp(-2 * d * d)
		sum += k[i] * k[i]
	}
	for i := range k {
		k[i] /= math.Sqrt(sum)
	}
	return k
}

// CorrelationAt returns the correlation of two cells that are dr rows and dc
// columns apart in one event.
func (f Field) CorrelationAt(dr, dc int) float64 {
	if dr == 0 && dc == 0 {
		return 1
	}
	if f.Length == 0 {
		return 0
	}
	k := f.kernel()
	along := func(d int) float64 {
		sum := 0.0
		for i := max(d, -d); i < len(k); i++ {
			sum += k[i] * k[i-max(d, -d)]
		}
		return sum
	}
	return f.Share * along(dr) * along(dc)
}
