package line

import (
	"fmt"
	"math"
	"testing"

	"mho/internal/claims"
)

// predict returns how many steps conjugate gradients take in theory, for n x n equal devices of
// g siemens behind segments of r ohm and the voltages v: a line of n nodes has the
// modes sin(θ_p k), k = 1..n, with θ_p = (p - 1/2)π/(n + 1/2) and the eigenvalues
// λ_p = (2 - 2 cos θ_p)/r, so that 1 - K has the eigenvalues
//
//	1 - g² / ((λ_p + g)(λ_q + g)),
//
// and the steps are those of conjugate gradients for a diagonal matrix. They end as in iterate. bound is
// the number of steps that the extreme eigenvalues alone allow, which would be that of
// eigenvalues spread evenly.
func predict(n int, g, r float64, v []float64, tol float64) (steps, bound int) {
	theta := func(p int) float64 { return (float64(p) + 0.5) * math.Pi / (float64(n) + 0.5) }
	line, first, input := make([]float64, n), make([]float64, n), make([]float64, n) // λ + g, of the mode at the driver, v by modes
	norm := math.Sqrt(2 / (float64(n) + 0.5))
	for p := range n {
		line[p] = (2-2*math.Cos(theta(p)))/r + g
		first[p] = norm * math.Sin(theta(p))
		for i, x := range v {
			input[p] += x * norm * math.Sin(theta(p)*float64(n-i)) // bit lines end in the last row
		}
	}
	// In the basis in which M is 1, after the start w = M⁻¹ b.
	k, res := make([]float64, n*n), make([]float64, n*n)
	var out, kappa float64
	for p := range n {
		for q := range n {
			k[p*n+q] = g * g / (line[p] * line[q])
			res[p*n+q] = k[p*n+q] * first[p] / r * input[q] / math.Sqrt(line[p])
		}
	}
	// Outputs of a bit line for word lines at 1 V, and at the first column for the voltages v.
	for q := range n {
		var ones float64
		for i := range n {
			ones += norm * math.Sin(theta(q)*float64(n-i))
		}
		kappa += norm * math.Sin(theta(q)) / r * g * ones / line[q]
		out += norm * math.Sin(theta(q)) / r * g * input[q] / line[q]
	}
	mu := 1 - k[0]
	dir := make([]float64, n*n)
	var rr float64
	for _, x := range res {
		rr += x * x
	}
	for beta := 0.0; math.Sqrt(kappa*rr/mu) > tol*out; steps++ {
		var curvature float64
		for i, x := range res {
			dir[i] = x + beta*dir[i]
			curvature += dir[i] * dir[i] * (1 - k[i])
		}
		alpha, next := rr/curvature, 0.0
		for i := range res {
			res[i] -= alpha * (1 - k[i]) * dir[i]
			next += res[i] * res[i]
		}
		beta, rr = next/rr, next
	}
	root := math.Sqrt(1 / mu)
	return steps, int(math.Ceil(math.Log(2/tol) / math.Log((root+1)/(root-1))))
}

func TestMain(m *testing.M) { claims.Main(m) }

// TestPredict checks the theory on equal devices: the number of steps is what it says, within one.
func TestPredict(t *testing.T) {
	var largest float64
	for _, n := range []int{16, 64, 128} {
		for _, r := range []float64{1, 10, 100} {
			const g = 20e-6
			_, v := standard(n)
			want, bound := predict(n, g, r, v, 1e-10)
			even := make([]float64, n*n)
			fill(even, g)
			s := mustSolver(t, Network{Rows: n, Cols: n, RWord: r, RBit: r}, even)
			_, res := mustSolve(t, s, v, 1e-10)
			largest = max(largest, math.Abs(float64(res.Iterations-want)))
			if want > bound {
				t.Errorf("%d x %d, %g Ω: theory %d, at most %d", n, n, r, want, bound)
			}
			t.Logf("%d x %d, %g Ω: %d iterations, theory %d, at most %d", n, n, r, res.Iterations, want, bound)
		}
	}
	claims.Check(t, claims.Claim{Name: "largest difference of iterations from theory, equal devices", Kind: claims.ClosedForm, Source: "conjugate gradients on the eigenvalues 1 - g²/((λ_p + g)(λ_q + g)), 16 to 128 lines, 1 to 100 ohm",
		Absolute: true, Got: largest, Tol: 1, Why: "the error bound that ends the iteration is estimated in theory"})
}

// BenchmarkIterations reports iterations and time of the standard problem against
// size and resistance, and iterations in theory for the mean conductance: by the whole spectrum
// and by its extremes.
func BenchmarkIterations(b *testing.B) {
	for _, ohm := range []float64{0.1, 1, 10, 100} {
		for _, n := range []int{64, 128, 256, 512, 1024} {
			b.Run(fmt.Sprintf("%gohm/%d", ohm, n), func(b *testing.B) {
				g, v := standard(n)
				s, err := New(Network{Rows: n, Cols: n, RWord: ohm, RBit: ohm})
				if err != nil {
					b.Fatal(err)
				}
				s.Workers = 1
				if err := s.SetConductances(g); err != nil {
					b.Fatal(err)
				}
				dst := make([]float64, n)
				var res Result
				for b.Loop() {
					if res, err = s.Solve(dst, v, nil); err != nil {
						b.Fatal(err)
					}
				}
				time := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
				steps, bound := predict(n, sum(g)/float64(n*n), ohm, v, 1e-10)
				b.ReportMetric(float64(res.Iterations), "iterations")
				b.ReportMetric(float64(res.Refinements), "refined")
				b.ReportMetric(float64(steps), "theory")
				b.ReportMetric(float64(bound), "extremes")
				b.ReportMetric(time/float64(n*n)/float64(res.Iterations+2), "ns/cell/(iteration+2)")
			})
		}
	}
}
