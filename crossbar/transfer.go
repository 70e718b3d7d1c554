package crossbar

import "context"

// Transfer sets dst (Rows x Cols, in S) to the transfer matrix T of the array with its
// wires, I_j = Σ_i V_i T_ij for any voltages, and returns the largest bound on
// the error of an element, relative to the largest element of its row or of its
// column, whichever number is smaller. With ideal wires T is G.
//
// Row i of T holds the outputs for 1 V at word line i. A network of resistors
// is reciprocal, so column j is the currents into the word line terminals for 1 V
// at the sense terminal of bit line j: min(Rows, Cols) solutions are enough.
// A nil dst is allocated. Transfer panics if dst has another length; the errors are those of Solve.
func (a *Array) Transfer(ctx context.Context, dst []float64, set *Settings) ([]float64, float64, error) {
	if err := a.Validate(); err != nil {
		return nil, 0, err
	}
	if dst == nil {
		dst = make([]float64, len(a.G))
	}
	if len(dst) != len(a.G) {
		panic("crossbar: wrong number of elements")
	}
	if a.Wires.Ideal() {
		copy(dst, a.G)
		return dst, 0, nil
	}
	source, turn := a, a.Cols < a.Rows
	if turn {
		source = a.turned()
	}
	n := source.Rows
	unit := make([]float64, n*n)
	for i := range n {
		unit[i*(n+1)] = 1
	}
	var s Settings
	if set != nil {
		s = *set
	}
	s.Nodes = false
	sol, err := source.Solve(ctx, unit, &s)
	if err != nil {
		return nil, 0, err
	}
	if !turn {
		copy(dst, sol.I)
		return dst, sol.ErrorBound, nil
	}
	for i := range a.Rows {
		for j := range a.Cols {
			dst[i*a.Cols+j] = sol.I[(a.Cols-1-j)*a.Rows+(a.Rows-1-i)]
		}
	}
	return dst, sol.ErrorBound, nil
}

// turned returns the array seen from its sense terminals: bit lines become word
// lines, and both are counted from the other end, because word lines are driven at
// their first device and bit lines are sensed at their last.
func (a *Array) turned() *Array {
	b := &Array{Rows: a.Cols, Cols: a.Rows, G: make([]float64, len(a.G)), Wires: a.Wires.turned()}
	for i := range a.Rows {
		for j := range a.Cols {
			b.G[(a.Cols-1-j)*a.Rows+(a.Rows-1-i)] = a.G[i*a.Cols+j]
		}
	}
	return b
}
