package noise

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"mho/internal/quantity"
	"mho/internal/vmath"
)

// Correlated draws several parameters of a cell that vary together: factors on their
// nominal values,
//
//	normal     1 + σ_i y_i
//	lognormal  exp(σ_i y_i)
//
// with standard normal y of the given correlation matrix, y = L z with L L^T = ρ.
// NewCorrelated returns an example.
type Correlated struct {
	Names        []string  // of the parameters
	Sigma        []float64 // relative standard deviations, of the logarithm if lognormal
	Correlation  []float64 // correlation matrix by rows
	Distribution string    // "normal" or "lognormal"
	Field
}

// NewCorrelated returns the set voltage and the high resistance of a filamentary device,
// with a correlation of 0.5: an example, not a fit.
func NewCorrelated() *Correlated {
	return &Correlated{Names: []string{"v_set", "r_off"}, Sigma: []float64{0.1, 0.5}, Correlation: []float64{1, 0.5, 0.5, 1}, Distribution: "lognormal"}
}

// Info describes the process.
func (c *Correlated) Info() Info {
	return Info{
		Name: "correlated", Kind: "variability", Title: "spread of several parameters of a device that vary together",
		Equations: []string{
			"X_i = x_i exp(sigma_i y_i) lognormal, x_i (1 + sigma_i y_i) normal",
			"y = L z, L L^T = correlation (Cholesky), z independent standard normal",
		},
		Notes: []string{
			"The correlation is that of the normal numbers y; of lognormal factors it is (exp(s_i s_j rho) - 1)/sqrt((exp(s_i^2) - 1)(exp(s_j^2) - 1)).",
			"The defaults are an example.",
		},
		References: []Reference{refAitchison},
	}
}

// Params declares the parameters.
func (c *Correlated) Params() []Param {
	return append([]Param{
		{Name: "names", Value: &c.Names, Meaning: "names of the parameters that vary together", Source: assumed},
		{Name: "sigma", Value: &c.Sigma, Range: quantity.NonNegative(), Meaning: "relative standard deviation of each parameter, of the logarithm if lognormal", Source: assumed},
		{Name: "correlation", Value: &c.Correlation, Range: quantity.Between(-1, 1), Meaning: "correlation matrix, row by row", Source: assumed},
		{Name: "distribution", Value: &c.Distribution, Options: []string{"normal", "lognormal"}, Meaning: "distribution of the factors", Source: assumed},
	}, c.Field.params()...)
}

// Validate returns an error if the lengths do not fit, or if the matrix is no
// correlation matrix: it names the pair of parameters that cannot be.
func (c *Correlated) Validate() error {
	n := len(c.Names)
	switch {
	case n == 0:
		return fmt.Errorf("names is empty: must hold at least one name")
	case len(c.Sigma) != n:
		return fmt.Errorf("sigma has %d entries: must be %d, one for each of names", len(c.Sigma), n)
	case len(c.Correlation) != n*n:
		return fmt.Errorf("correlation has %d entries: must be %d, a row for each of names", len(c.Correlation), n*n)
	}
	for i := range n {
		if d := c.Correlation[i*n+i]; d != 1 {
			return fmt.Errorf("correlation of %s with itself is %g: must be 1", c.Names[i], d)
		}
		for j := range i {
			a, b := c.Correlation[i*n+j], c.Correlation[j*n+i]
			switch {
			case a != b:
				return fmt.Errorf("correlation of %s and %s is %g, of %s and %s %g: must be the same", c.Names[i], c.Names[j], a, c.Names[j], c.Names[i], b)
			case math.Abs(a) >= 1 || math.IsNaN(a):
				return fmt.Errorf("correlation of %s and %s is %g: must be > -1 and < 1", c.Names[j], c.Names[i], a)
			}
		}
	}
	if _, ok := c.factor(); !ok {
		return c.offender()
	}
	return c.Field.validate()
}

// factor returns L by rows.
func (c *Correlated) factor() ([]float64, bool) {
	n := len(c.Names)
	var chol mat.Cholesky
	if !chol.Factorize(mat.NewSymDense(n, slices.Clone(c.Correlation))) {
		return nil, false
	}
	var l mat.TriDense
	chol.LTo(&l)
	out := make([]float64, n*n)
	for i := range n {
		for j := range i + 1 {
			out[i*n+j] = l.At(i, j)
		}
	}
	return out, true
}

// offender names the pair that pulls the smallest eigenvalue furthest below 0:
// with the eigenvector e, λ = Σ ρ_ij e_i e_j.
func (c *Correlated) offender() error {
	n := len(c.Names)
	var eig mat.EigenSym
	if !eig.Factorize(mat.NewSymDense(n, slices.Clone(c.Correlation)), true) {
		return fmt.Errorf("correlation: its eigenvalues could not be found: must be a correlation matrix")
	}
	var e mat.Dense
	eig.VectorsTo(&e)
	at, pull := [2]int{}, 0.0
	for i := range n {
		for j := range i {
			if x := c.Correlation[i*n+j] * e.At(i, 0) * e.At(j, 0); x < pull {
				at, pull = [2]int{j, i}, x
			}
		}
	}
	return fmt.Errorf("correlation matrix is not positive definite (smallest eigenvalue %.3g): the correlation of %s and %s, %g, does not fit those with the other parameters: must be closer to what they imply",
		eig.Values(nil)[0], c.Names[at[0]], c.Names[at[1]], c.Correlation[at[0]*n+at[1]])
}

// Factors sets dst[i] to the factors on parameter i of the cells from place at
// on; all are of one length. The error is that of Validate.
func (c *Correlated) Factors(dst [][]float64, at At, k Key) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if len(dst) != len(c.Names) {
		panic("noise: wrong number of parameters")
	}
	l, _ := c.factor()
	n := len(dst)
	for i, d := range dst {
		c.Field.Normal(d, at, k.Fold(uint64(i)))
	}
	// From the last row up, L z can overwrite z.
	for i := n - 1; i >= 0; i-- {
		for m := range dst[i] {
			y := 0.0
			for j := range i + 1 {
				y += float64(l[i*n+j] * dst[j][m])
			}
			dst[i][m] = y
		}
	}
	for i, d := range dst {
		if c.Distribution == "lognormal" {
			for m := range d {
				d[m] *= c.Sigma[i]
			}
			vmath.Exp(d, d)
			continue
		}
		for m := range d {
			d[m] = 1 + float64(c.Sigma[i]*d[m])
		}
	}
	return nil
}
