package vmath_test

import (
	"fmt"

	"mho/internal/vmath"
)

// A power law with one exponent per element: (t/t0)^-ν = exp(-ν ln(t/t0)).
func Example() {
	nu := []float64{0, 0.031, 0.06}
	ln := vmath.LnScalar(3600.0 / 20)
	factor := make([]float64, len(nu))
	for i := range nu {
		factor[i] = -nu[i] * ln
	}
	vmath.Exp(factor, factor)
	fmt.Printf("%.4f\n", factor)
	// Output: [1.0000 0.8513 0.7323]
}
