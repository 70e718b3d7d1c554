package stdp

import (
	"fmt"
	"math"
	"sort"

	"mho/internal/cite"
)

// Sources of the constants.
var (
	Song2000      = cite.Ref{Key: "Song2000", Authors: "S. Song, K. D. Miller and L. F. Abbott", Title: "Competitive Hebbian learning through spike-timing-dependent synaptic plasticity", Journal: "Nature Neuroscience", Volume: "3", Pages: "919", Year: 2000, DOI: "10.1038/78829"}
	BiPoo1998     = cite.Ref{Key: "BiPoo1998", Authors: "G. Bi and M. Poo", Title: "Synaptic modifications in cultured hippocampal neurons: dependence on spike timing, synaptic strength, and postsynaptic cell type", Journal: "Journal of Neuroscience", Volume: "18", Pages: "10464", Year: 1998, DOI: "10.1523/JNEUROSCI.18-24-10464.1998"}
	Zamarreno2011 = cite.Ref{Key: "Zamarreno2011", Authors: "C. Zamarreño-Ramos, L. A. Camuñas-Mesa, J. A. Pérez-Carrasco, T. Masquelier, T. Serrano-Gotarredona and B. Linares-Barranco", Title: "On spike-timing-dependent-plasticity, memristive devices, and building a self-learning visual cortex", Journal: "Frontiers in Neuroscience", Volume: "5", Pages: "26", Year: 2011, DOI: "10.3389/fnins.2011.00026"}
	Pfister2006   = cite.Ref{Key: "Pfister2006", Authors: "J.-P. Pfister and W. Gerstner", Title: "Triplets of spikes in a model of spike timing-dependent plasticity", Journal: "Journal of Neuroscience", Volume: "26", Pages: "9673", Year: 2006, DOI: "10.1523/JNEUROSCI.1425-06.2006"}
)

// A Rule changes weights by spikes.
type Rule interface {
	// Change returns the change of the weight by the spikes of both sides, given
	// as times in s, each in rising order. Of two spikes at one time the
	// presynaptic one counts first.
	Change(pre, post []float64) float64
}

// Pair is the pair rule,
//
//	Δw = APlus exp(-Δt/TauPlus) for Δt = t_post - t_pre > 0, -AMinus exp(Δt/TauMinus) for Δt < 0,
//
// summed over all pairs, or, with Nearest, over each spike with the nearest before
// it on the other side.
type Pair struct {
	APlus, AMinus     float64 // changes of the weight at coincidence, dimensionless
	TauPlus, TauMinus float64 // time constants, s
	Nearest           bool
}

// NewSong returns the constants of Song, Miller and Abbott as they are used most:
// 20 ms on both sides, potentiation 0.01 and depression 1.05 times that (the paper
// itself has 0.005).
func NewSong() Pair {
	return Pair{APlus: 0.01, AMinus: 0.0105, TauPlus: 20e-3, TauMinus: 20e-3}
}

// Window returns the change by one pair of spikes dt = t_post - t_pre apart, in s;
// 0 for spikes at one time.
func (p Pair) Window(dt float64) float64 {
	switch {
	case dt > 0:
		return p.APlus * math.Exp(-dt/p.TauPlus)
	case dt < 0:
		return -p.AMinus * math.Exp(dt/p.TauMinus)
	}
	return 0
}

// Change implements Rule.
func (p Pair) Change(pre, post []float64) float64 {
	t := Triplet{A2Plus: p.APlus, A2Minus: p.AMinus, TauPlus: p.TauPlus, TauMinus: p.TauMinus, TauX: 1, TauY: 1, Nearest: p.Nearest}
	return t.Change(pre, post)
}

// Validate returns an error unless the time constants are positive and all
// numbers finite.
func (p Pair) Validate() error {
	return positive(map[string]float64{"tau_plus": p.TauPlus, "tau_minus": p.TauMinus}, map[string]float64{"a_plus": p.APlus, "a_minus": p.AMinus})
}

// Triplet is the rule of Pfister and Gerstner. Each side leaves two traces, r1 and
// r2 of the presynaptic and o1 and o2 of the postsynaptic spikes, which decay with
// TauPlus, TauX, TauMinus and TauY and rise by 1 at a spike, or, with Nearest, to 1.
// A presynaptic spike changes the weight by -o1 (A2Minus + A3Minus r2), a
// postsynaptic one by r1 (A2Plus + A3Plus o2), r2 and o2 being those just before.
type Triplet struct {
	A2Plus, A3Plus, A2Minus, A3Minus float64 // changes of the weight, dimensionless
	TauPlus, TauMinus, TauX, TauY    float64 // time constants, s
	Nearest                          bool
}

// NewHippocampus returns the nearest-spike fit of Pfister and Gerstner to
// hippocampal cultures.
func NewHippocampus() Triplet {
	return Triplet{A2Plus: 4.6e-3, A3Plus: 9.1e-3, A2Minus: 3.0e-3, A3Minus: 7.5e-9, TauPlus: 16.8e-3, TauMinus: 33.7e-3, TauX: 575e-3, TauY: 47e-3, Nearest: true}
}

// NewVisualCortex returns the all-to-all fit of Pfister and Gerstner to visual
// cortex.
func NewVisualCortex() Triplet {
	return Triplet{A2Plus: 5e-10, A3Plus: 6.2e-3, A2Minus: 7e-3, A3Minus: 2.3e-4, TauPlus: 16.8e-3, TauMinus: 33.7e-3, TauX: 101e-3, TauY: 125e-3}
}

// Change implements Rule. Between spikes the traces decay in closed form.
func (r Triplet) Change(pre, post []float64) float64 {
	var r1, r2, o1, o2, w, now float64
	i, j := 0, 0
	if len(pre) > 0 && len(post) > 0 {
		now = min(pre[0], post[0])
	}
	for i < len(pre) || j < len(post) {
		isPre := j == len(post) || i < len(pre) && pre[i] <= post[j]
		t := 0.0
		if isPre {
			t = pre[i]
			i++
		} else {
			t = post[j]
			j++
		}
		dt := t - now
		now = t
		r1 *= math.Exp(-dt / r.TauPlus)
		r2 *= math.Exp(-dt / r.TauX)
		o1 *= math.Exp(-dt / r.TauMinus)
		o2 *= math.Exp(-dt / r.TauY)
		if isPre {
			w -= o1 * (r.A2Minus + r.A3Minus*r2)
			if r.Nearest {
				r1, r2 = 0, 0
			}
			r1++
			r2++
		} else {
			w += r1 * (r.A2Plus + r.A3Plus*o2)
			if r.Nearest {
				o1, o2 = 0, 0
			}
			o1++
			o2++
		}
	}
	return w
}

// Validate returns an error unless the time constants are positive and all
// numbers finite.
func (r Triplet) Validate() error {
	return positive(
		map[string]float64{"tau_plus": r.TauPlus, "tau_minus": r.TauMinus, "tau_x": r.TauX, "tau_y": r.TauY},
		map[string]float64{"a2_plus": r.A2Plus, "a3_plus": r.A3Plus, "a2_minus": r.A2Minus, "a3_minus": r.A3Minus})
}

func positive(times, finite map[string]float64) error {
	for _, name := range sorted(times) {
		if x := times[name]; !(x > 0) || math.IsInf(x, 1) {
			return fmt.Errorf("%s is %g s: must be > 0 s", name, x)
		}
	}
	for _, name := range sorted(finite) {
		if x := finite[name]; x-x != 0 {
			return fmt.Errorf("%s is %g: must be finite", name, x)
		}
	}
	return nil
}

func sorted(m map[string]float64) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Pairings returns the spikes of n pairs at a rate in Hz, each with the
// postsynaptic spike dt after the presynaptic one, in s; before it if dt < 0.
func Pairings(n int, rate, dt float64) (pre, post []float64) {
	for k := range n {
		t := float64(k) / rate
		pre, post = append(pre, t), append(post, t+dt)
	}
	return pre, post
}
