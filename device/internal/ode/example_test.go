package ode_test

import (
	"context"
	"fmt"
	"log"
	"math"

	"mho/device/internal/ode"
)

// A relaxation dx/dt = -x/τ, sampled at chosen times.
func ExampleSolver() {
	const tau = 2e-9
	sys := ode.Func(1, func(dst []float64, _ float64, x []float64) { dst[0] = -x[0] / tau })
	s, err := ode.New(sys, ode.DormandPrince, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Reset(0, []float64{1}); err != nil {
		log.Fatal(err)
	}
	times := []float64{0, 1e-9, 2e-9, 4e-9}
	x := make([]float64, len(times))
	if _, err := s.Sample(context.Background(), x, times); err != nil {
		log.Fatal(err)
	}
	for i, t := range times {
		fmt.Printf("%.0f ns  %.4f\n", t*1e9, x[i])
	}
	// Output:
	// 0 ns  1.0000
	// 1 ns  0.6065
	// 2 ns  0.3679
	// 4 ns  0.1353
}

// A state between 0 and 1 under a pulse that overdrives it and one that brings it
// back: it leaves the bound at once.
func ExampleSettings_bounds() {
	sys := ode.Func(1, func(dst []float64, t float64, _ []float64) {
		switch {
		case t < 1:
			dst[0] = 0
		case t < 4:
			dst[0] = 0.5
		default:
			dst[0] = -0.25
		}
	})
	s, err := ode.New(sys, ode.DormandPrince, &ode.Settings{
		Breakpoints: []float64{1, 4},
		Lower:       []float64{0},
		Upper:       []float64{1},
	})
	if err != nil {
		log.Fatal(err)
	}
	err = s.Trace(context.Background(), []float64{0, 2, 3, 4, 5, 6}, func(_ int, x []float64) error {
		fmt.Printf("%.3f ", x[0])
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: 0.000 0.500 1.000 1.000 0.750 0.500
}

// The stiff oscillator of van der Pol, with the time of its first jump to the
// other branch.
func ExampleEvent() {
	const eps = 1e-6
	sys := ode.Func(2, func(dst []float64, _ float64, y []float64) {
		dst[0] = y[1]
		dst[1] = ((1-y[0]*y[0])*y[1] - y[0]) / eps
	})
	s, err := ode.New(sys, ode.Rodas5P, &ode.Settings{
		Events: []ode.Event{{
			Value:     func(_ float64, y []float64) float64 { return y[0] },
			Direction: ode.Falling,
			Terminal:  true,
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Reset(0, []float64{2, 0}); err != nil {
		log.Fatal(err)
	}
	if err := s.Integrate(context.Background(), 2); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v at t = %.3f\n", s.Terminated(), s.T())
	// For ε -> 0 the jump is at 3/2 - ln 2.
	fmt.Printf("%.3f\n", 1.5-math.Ln2)
	// Output:
	// true at t = 0.807
	// 0.807
}

type brownian struct{}

func (brownian) Dim() int { return 1 }

func (brownian) Derivative(dst []float64, _ float64, y []float64) { dst[0] = -y[0] }

func (brownian) Diffusion(dst []float64, _ float64, _ []float64) { dst[0] = 0.1 }

// alternating stands for a stream of random numbers.
type alternating struct{}

func (alternating) Normal(dst []float64, step uint64) { dst[0] = float64(step%2)*2 - 1 }

func ExampleHeun() {
	h, err := ode.NewHeun(brownian{}, alternating{}, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := h.Reset(0, []float64{1}, 0); err != nil {
		log.Fatal(err)
	}
	if err := h.Integrate(context.Background(), 1, 100); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f at t = %g\n", h.State()[0], h.T())
	// Output: 0.37 at t = 1
}
