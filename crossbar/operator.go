package crossbar

import (
	"context"
	"math"
	"runtime"
	"sync"
)

// An Operator is what the voltages at the rows of one or several arrays with common inputs are multiplied
// by during an evaluation: the mean of each output and the variance of what is fresh at each read.
// With v̄ the mean of the voltages v_i of an input and δ_i = v_i - v̄,
//
//	E I_j   = Σ_i v_i M_ij
//	Var I_j = Σ_i δ_i² A_ij + 2 v̄ Σ_i δ_i B_ij + v̄² C_j  (devices)
//	        + Σ_i e(v_i) W_ij + Θ_j                       (white noise)
//
// where e(V) = F (2q|V| coth(q|V|/2kT) - 4kT) times the bandwidth. The sum of independent
// normal numbers is normal, so that one number per output replaces one per device.
//
// With ideal wires A = B = Σ s², C_j = Σ_i A_ij, so that the variance by devices is Σ v_i² s_i², W = Σ G
// and Θ_j = 4kTB Σ_i G_ij. Mean and variance are exact, clipped devices included, and the distribution is where
// none is clipped; elsewhere it tends to the normal one with the number of devices of a column.
//
// With wires, M is the transfer matrix of the mean conductances, and a change of one
// moves its own column by the current dG d_ij through it times the share λ_ij that leaves by the sense
// terminal, to first order in dG. The voltage d_ij across the device is α_ij v_i - u_ij, what its word line
// leaves of the input less that of the bit line. λ is computed from the bit lines alone; α = T/(G λ),
// and u of a common voltage at all rows is α less the voltages d1_ij across the devices for 1 V at all rows. Of δ, whose
// currents in a bit line cancel on average, u is left out:
//
//	dI_j/dG_ij = δ_i τ_ij + v̄ κ_ij,  τ = T/G,  κ = λ d1,
//	A = Σ s² τ²,  B = Σ s² τ κ,  C_j = Σ_i s² κ²,  W = Σ T λ,  Θ_j = 4kTB Σ_i G_ij λ_ij.
//
// Θ is, by Nyquist's theorem, the noise of the conductance at the sense terminal, wires included. Left out are
// what a device does to other columns and loses in its own word line, the curvature of T in G, and how unevenly
// the currents of δ are spread along a bit line. Standard deviations err by less than a tenth of what wires change them by, and
// by a twentieth for inputs of one sign at all rows (docs/tile.md has a table); Array.Variance is exact in the wires.
type Operator struct {
	Rows, Cols int
	White      WhiteNoise

	Mean    []float64 // M, Rows x Cols, S
	Square  []float64 // A, Rows x Cols, S²; empty without noise of devices
	Mixed   []float64 // B, Rows x Cols, S²; empty if it is A
	Common  []float64 // C, Cols, S²; empty like B
	Excess  []float64 // W, Rows x Cols, S; empty without shot noise
	Thermal []float64 // Θ, Cols, A²; empty without thermal noise

	largest float64 // conductance
	t       []float64
}

// Reset sets the operator to that of no array, keeping its memory, for arrays of rows x cols.
func (o *Operator) Reset(rows, cols int, w WhiteNoise) {
	n := rows * cols
	*o = Operator{
		Rows: rows, Cols: cols, White: w,
		Mean: zeros(o.Mean, n), Square: o.Square[:0], Mixed: o.Mixed[:0], Common: o.Common[:0], Excess: o.Excess[:0], Thermal: o.Thermal[:0],
		t: o.t,
	}
	if w.Bandwidth > 0 && w.Fano > 0 {
		o.Excess = zeros(o.Excess, n)
	}
	if w.thermal() > 0 {
		o.Thermal = zeros(o.Thermal, cols)
	}
}

func zeros(s []float64, n int) []float64 {
	s = extend(s, n)
	clear(s)
	return s
}

// Add adds the outputs of an array, times sign, which is 1 or -1. a holds the mean conductances, and variance
// (Rows x Cols, in S², nil without) the variances of what is fresh at each read. With wires
// it returns the estimate of the error of the transfer matrix (Transfer); the errors are those of
// Transfer and Solve, and leave the operator to be Reset. Add panics if the dimensions differ from the operator's, or sign is
// another number.
func (o *Operator) Add(ctx context.Context, a *Array, variance []float64, sign float64, set *Settings) (float64, error) {
	n := o.Rows * o.Cols
	if a.Rows != o.Rows || a.Cols != o.Cols || len(a.G) != n || variance != nil && len(variance) != n || sign != 1 && sign != -1 {
		panic("crossbar: dimension mismatch")
	}
	t, share, common, bound, err := o.through(ctx, a, set, variance != nil || len(o.Excess)+len(o.Thermal) > 0)
	if err != nil {
		return 0, err
	}
	if variance != nil && len(o.Square) == 0 {
		o.Square = zeros(o.Square, n)
	}
	if variance != nil && common != nil && len(o.Mixed) == 0 {
		o.Mixed, o.Common = zeros(o.Mixed, n), zeros(o.Common, o.Cols)
	}
	workers := 0
	if set != nil {
		workers = set.Workers
	}
	var mu sync.Mutex
	valid := true
	// Goroutines have columns of their own, so that every sum keeps its order.
	split(o.Cols, n, workers, func(from, to int) {
		var largest float64
		good := true
		defer func() {
			mu.Lock()
			o.largest, valid = max(o.largest, largest), valid && good
			mu.Unlock()
		}()
		for i := range o.Rows {
			first, last := i*o.Cols+from, i*o.Cols+to
			for _, g := range a.G[first:last] {
				if !(g >= 0 && g <= math.MaxFloat64) {
					good = false
				}
				if g > largest {
					largest = g
				}
			}
			o.addMean(t[first:last], sign, first)
			switch {
			case variance == nil:
			case common == nil:
				square := o.Square[first:last]
				for k, s := range variance[first:last] {
					square[k] += s
				}
			default:
				for k := first; k < last; k++ {
					o.addDevice(k, variance[k], t[k]/a.G[k], share[k]*common[k])
				}
			}
			o.addWhite(a, t, share, first, last)
		}
	})
	if !valid {
		return 0, a.Validate()
	}
	return bound, nil
}

func (o *Operator) addMean(t []float64, sign float64, at int) {
	mean := o.Mean[at:][:len(t)]
	for i, x := range t {
		mean[i] += sign * x
	}
}

// addDevice adds the variance s of device k. tau is no number where it is 0.
func (o *Operator) addDevice(k int, s, tau, kappa float64) {
	if s == 0 {
		return
	}
	o.Square[k] += s * tau * tau
	o.Mixed[k] += s * tau * kappa
	o.Common[k%o.Cols] += s * kappa * kappa
}

// addWhite adds the white noise of devices of a row. share is nil for ones.
func (o *Operator) addWhite(a *Array, t, share []float64, first, last int) {
	if len(o.Excess) == 0 && len(o.Thermal) == 0 {
		return
	}
	theta := o.White.thermal()
	for k := first; k < last; k++ {
		s := 1.0
		if share != nil {
			s = share[k]
		}
		if len(o.Excess) > 0 {
			o.Excess[k] += t[k] * s
		}
		if len(o.Thermal) > 0 {
			o.Thermal[k%o.Cols] += theta * a.G[k] * s
		}
	}
}

// split calls do for parts of n columns, side by side if there are work cells to pay for it.
func split(n, work, workers int, do func(from, to int)) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = max(1, min(workers, n, work/(1<<15)))
	var wg sync.WaitGroup
	for k := 1; k < workers; k++ {
		wg.Go(func() { do(n*k/workers, n*(k+1)/workers) })
	}
	do(0, n/workers)
	wg.Wait()
}

// through returns T of an array and, if there are wires and they are wanted, λ and d1.
func (o *Operator) through(ctx context.Context, a *Array, set *Settings, wanted bool) (t, share, common []float64, bound float64, err error) {
	if a.Wires.Ideal() {
		return a.G, nil, nil, 0, nil
	}
	o.t = zeros(o.t, len(a.G))
	if t, bound, err = a.Transfer(ctx, o.t, set); err != nil || !wanted {
		return t, nil, nil, bound, err
	}
	if common, err = a.acrossOnes(ctx, set); err != nil {
		return nil, nil, nil, 0, err
	}
	// Without word lines and drivers the columns are alone, and what 1 V at all rows leaves
	// across a device is, by superposition, the share too.
	bits := *a
	bits.Wires.RWord, bits.Wires.RDriver, bits.Wires.RWordMap = 0, 0, nil
	share, err = bits.acrossOnes(ctx, set)
	return t, share, common, bound, err
}

// acrossOnes returns the voltages across the devices for 1 V at all rows.
func (a *Array) acrossOnes(ctx context.Context, set *Settings) ([]float64, error) {
	ones := make([]float64, a.Rows)
	for i := range ones {
		ones[i] = 1
	}
	// Noise is needed to fewer digits than its mean.
	s := Settings{Tolerance: 1e-8, Nodes: true}
	if set != nil {
		s.Workers, s.MaxIterations, s.Tolerance = set.Workers, set.MaxIterations, math.Max(s.Tolerance, set.Tolerance)
	}
	sol, err := a.Solve(ctx, ones, &s)
	if err != nil {
		return nil, err
	}
	for i, u := range sol.VBit {
		sol.VWord[i] -= u
	}
	return sol.VWord, nil
}
