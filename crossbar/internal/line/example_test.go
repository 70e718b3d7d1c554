package line_test

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"mho/crossbar/internal/line"
)

// Two word lines and two bit lines of 100 Ω a segment take a third off the
// ideal output of 2 mA of 1 V on 1 mS devices.
func ExampleSolver_Solve() {
	s, err := line.New(line.Network{Rows: 2, Cols: 2, RWord: 100, RBit: 100})
	if err != nil {
		panic(err)
	}
	if err := s.SetConductances([]float64{1e-3, 1e-3, 1e-3, 1e-3}); err != nil {
		panic(err)
	}
	i := make([]float64, 2)
	res, err := s.Solve(i, []float64{1, 1}, nil)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.6f mA and %.6f mA, exact to 1e-10: %t\n", i[0]*1e3, i[1]*1e3, res.ErrorBound <= 1e-10)
	// Output:
	// 1.388368 mA and 1.285178 mA, exact to 1e-10: true
}

// Inputs of a batch follow each other; so do the outputs.
func ExampleSolver_SolveBatch() {
	s, err := line.New(line.Network{Rows: 2, Cols: 3, RDriver: 1000})
	if err != nil {
		panic(err)
	}
	if err := s.SetConductances([]float64{1e-3, 0, 1e-3, 0, 1e-3, 0}); err != nil {
		panic(err)
	}
	i := make([]float64, 6)
	if _, err := s.SolveBatch(i, nil, []float64{3, 0, 0, 1}, nil); err != nil {
		panic(err)
	}
	fmt.Printf("%.4f\n", i)
	// Output:
	// [0.0010 0.0000 0.0010 0.0000 0.0005 0.0000]
}

// The power of the sources is that of the devices, wires, drivers and sense
// amplifiers.
func ExampleSolver_Power() {
	s, err := line.New(line.Network{Rows: 1, Cols: 1, RWord: 10, RBit: 10, RDriver: 30, RSense: 50})
	if err != nil {
		panic(err)
	}
	if err := s.SetConductances([]float64{1e-2}); err != nil {
		panic(err)
	}
	if _, err := s.Solve(make([]float64, 1), []float64{2}, nil); err != nil {
		panic(err)
	}
	p := s.Power()
	fmt.Printf("source %.1f mW = device %.1f + word %.1f + bit %.1f + driver %.1f + sense %.1f mW\n",
		p.Source*1e3, p.Device*1e3, p.Word*1e3, p.Bit*1e3, p.Driver*1e3, p.Sense*1e3)
	// Output:
	// source 20.0 mW = device 10.0 + word 1.0 + bit 1.0 + driver 3.0 + sense 5.0 mW
}

// Word line 1 and bit line 1 are left open, so that a current sneaks through three
// devices in series besides the one that is read.
func ExampleSolver_SolveSources() {
	s, err := line.New(line.Network{Rows: 2, Cols: 2})
	if err != nil {
		panic(err)
	}
	open := []bool{false, true}
	if err := s.SetElements(line.Elements{Device: []float64{1e-3, 1e-3, 1e-3, 1e-3}, WordOpen: open, BitOpen: open}); err != nil {
		panic(err)
	}
	i := make([]float64, 2)
	if _, err := s.SolveSources(i, line.Sources{Word: []float64{1, 0}}, nil); err != nil {
		panic(err)
	}
	fmt.Printf("%.4f mA\n", i[0]*1e3)
	// Output:
	// 1.3333 mA
}

// A tolerance that is not met is an error that tells what was.
func ExampleConvergenceError() {
	const n = 64
	s, err := line.New(line.Network{Rows: n, Cols: n, RWord: 10, RBit: 10})
	if err != nil {
		panic(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	g, v := make([]float64, n*n), make([]float64, n)
	for k := range g {
		g[k] = 1e-4 * rnd.Float64()
	}
	for i := range v {
		v[i] = 0.2
	}
	if err := s.SetConductances(g); err != nil {
		panic(err)
	}
	_, err = s.Solve(make([]float64, n), v, &line.Options{MaxIterations: 1})
	var e *line.ConvergenceError
	fmt.Println(errors.As(err, &e), e.Iterations, e.ErrorBound > e.Tolerance)
	// Output:
	// true 1 true
}
