package photonic

import (
	"fmt"
	"math"
)

// reach is the number of pitches beyond which heaters do not see each other.
const reach = 4

// heaters are the phase shifters of a mesh, on a square grid: θ and φ of an
// interferometer lie one behind the other in its upper mode, two places a column. A heater
// gives its phase to itself and a share of it to those around it.
type heaters struct {
	set    []float64 // phase that each gives itself, 0 to 2π, rad
	shares []share
}

// A share is an entry of the crosstalk matrix.
type share struct {
	to, from int
	x        float64
}

func newHeaters(c *Mesh) (heaters, error) {
	k := len(c.top)
	h := heaters{set: make([]float64, 2*k+c.n)}
	if c.model.Crosstalk == 0 {
		return h, nil
	}
	type place struct{ x, y int }
	at := map[place]int{}
	where := make([]place, len(h.set))
	last := 0
	for i, column := range c.column {
		where[2*i], where[2*i+1] = place{2*column + 1, c.top[i]}, place{2 * column, c.top[i]}
		last = max(last, 2*column+2)
	}
	for m := range c.n {
		where[2*k+m] = place{last, m}
	}
	for i, p := range where {
		at[p] = i
	}
	for i, p := range where {
		sum := 0.0
		for dx := -reach + 1; dx < reach; dx++ {
			for dy := -reach + 1; dy < reach; dy++ {
				j, ok := at[place{p.x + dx, p.y + dy}]
				d := math.Hypot(float64(dx), float64(dy))
				if !ok || j == i || d >= reach {
					continue
				}
				x := c.model.Crosstalk * math.Exp(-(d-1)/c.model.CrosstalkLength)
				h.shares = append(h.shares, share{i, j, x})
				sum += x
			}
		}
		if sum >= 0.9 {
			return h, fmt.Errorf("mzi-mesh: crosstalk is %g with crosstalk_length %g: neighbours give a heater %.2g of their phases, must be below 0.9 in sum", c.model.Crosstalk, c.model.CrosstalkLength, sum)
		}
	}
	return h, nil
}

// plain sets the heaters to the target phases themselves.
func (h *heaters) plain(target []float64) {
	for i, p := range target {
		h.set[i] = wrap(p)
	}
}

// solve sets the heaters to what makes the target phases with crosstalk. Heaters cannot cool: where
// the neighbours give more than the target, a turn is added, for good, so that a few heaters
// stand above 2π. The row sums of the crosstalk are below one: the iteration converges.
func (h *heaters) solve(target []float64) {
	h.plain(target)
	if len(h.shares) == 0 {
		return
	}
	base := append([]float64(nil), h.set...)
	next := make([]float64, len(base))
	for range 1000 {
		copy(next, base)
		for _, s := range h.shares {
			next[s.to] -= s.x * h.set[s.from]
		}
		change := 0.0
		for i, p := range next {
			if p < 0 {
				base[i] += 2 * math.Pi
				p += 2 * math.Pi
			}
			change = max(change, math.Abs(p-h.set[i]))
			h.set[i] = p
		}
		if change < 1e-14 {
			return
		}
	}
}

// wrap returns the phase between 0 and 2π.
func wrap(p float64) float64 {
	p = math.Mod(p, 2*math.Pi)
	if p < 0 {
		p += 2 * math.Pi
	}
	return p
}

// round takes the heaters to the nearest step, of which 2^bits make 2π.
func (h *heaters) round(bits int, by string) {
	if bits == 0 {
		return
	}
	levels := math.Pow(2, float64(bits))
	for i, p := range h.set {
		if by == VoltageSteps {
			// φ = 2π v², v from 0 to 1 in 2^bits - 1 steps.
			v := math.Round(math.Sqrt(p/(2*math.Pi))*(levels-1)) / (levels - 1)
			h.set[i] = 2 * math.Pi * v * v
			continue
		}
		step := 2 * math.Pi / levels
		h.set[i] = math.Round(p/step) * step
	}
}

// phases sets dst to what the heaters make of all phases.
func (h *heaters) phases(dst []float64) {
	copy(dst, h.set)
	for _, s := range h.shares {
		dst[s.to] += s.x * h.set[s.from]
	}
}

func (h *heaters) total() float64 {
	sum := 0.0
	for _, p := range h.set {
		sum += p
	}
	return sum
}
