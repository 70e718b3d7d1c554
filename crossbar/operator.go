package crossbar

import (
	"context"
	"math"
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
// what a device does to other columns, of the order of the square of the share that wires take over the number of
// columns, and the curvature of T in G. Array.Variance is exact in the wires.
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

// Reset sets the operator to zeros, keeping its memory, for arrays of rows x cols.
func (o *Operator) Reset(rows, cols int, w WhiteNoise) {
	o.Rows, o.Cols, o.White, o.largest = rows, cols, w, 0
	o.Mean = zeros(o.Mean, rows*cols)
	o.Square, o.Mixed, o.Common, o.Excess, o.Thermal = o.Square[:0], o.Mixed[:0], o.Common[:0], o.Excess[:0], o.Thermal[:0]
	if w.Bandwidth > 0 && w.Fano > 0 {
		o.Excess = zeros(o.Excess, rows*cols)
	}
	if w.thermal() > 0 {
		o.Thermal = zeros(o.Thermal, cols)
	}
}

func zeros(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// Add adds the outputs of an array, times sign, which is 1 or -1. a holds the mean conductances, and variance
// (Rows x Cols, in S², nil without) the variances of what is fresh at each read. With wires
// it returns the estimate of the error of the transfer matrix (Transfer); the errors are those of
// Transfer and Solve. Add panics if the dimensions differ from the operator's, or sign is
// another number.
func (o *Operator) Add(ctx context.Context, a *Array, variance []float64, sign float64, set *Settings) (float64, error) {
	n := o.Rows * o.Cols
	if a.Rows != o.Rows || a.Cols != o.Cols || variance != nil && len(variance) != n || sign != 1 && sign != -1 {
		panic("crossbar: dimension mismatch")
	}
	t, share, common, bound, err := o.through(ctx, a, set, variance != nil || len(o.Excess)+len(o.Thermal) > 0)
	if err != nil {
		return 0, err
	}
	for i, x := range t {
		o.Mean[i] += sign * x
		if g := a.G[i]; g > o.largest {
			o.largest = g
		}
	}
	if variance != nil {
		o.addDevices(a, variance, t, share, common)
	}
	if len(o.Excess) > 0 {
		for i, x := range t {
			if share != nil {
				x *= share[i]
			}
			o.Excess[i] += x
		}
	}
	if len(o.Thermal) > 0 {
		theta := o.White.thermal()
		for i := range o.Rows {
			for j, g := range a.G[i*o.Cols:][:o.Cols] {
				if share != nil {
					g *= share[i*o.Cols+j]
				}
				o.Thermal[j] += theta * g
			}
		}
	}
	return bound, nil
}

// addDevices adds variances of the devices. share and common are λ and d1, nil for ones.
func (o *Operator) addDevices(a *Array, variance, t, share, common []float64) {
	n := len(variance)
	if len(o.Square) == 0 {
		o.Square = zeros(o.Square, n)
	}
	if common == nil {
		for i, s := range variance {
			o.Square[i] += s
		}
		return
	}
	if len(o.Mixed) == 0 {
		o.Mixed, o.Common = zeros(o.Mixed, n), zeros(o.Common, o.Cols)
	}
	for i, s := range variance {
		if s == 0 {
			continue // also where G is 0
		}
		tau, kappa := t[i]/a.G[i], share[i]*common[i]
		o.Square[i] += s * tau * tau
		o.Mixed[i] += s * tau * kappa
		o.Common[i%o.Cols] += s * kappa * kappa
	}
}

// through returns T of an array and, if there are wires and they are wanted, λ and d1.
func (o *Operator) through(ctx context.Context, a *Array, set *Settings, wanted bool) (t, share, common []float64, bound float64, err error) {
	if a.Wires.Ideal() {
		return a.G, nil, nil, 0, a.Validate()
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
	bits.Wires.RWord, bits.Wires.RDriver = 0, 0
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
