package merge

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"

	"mho/crossbar/internal/line"
)

const (
	// patchSize is the number of rows and columns up to which a box is built from all its
	// leaves at once.
	patchSize = 64
	// taskSize is the number of rows and columns up to which one worker builds a box.
	// It is more for arrays beyond 16 times as much.
	taskSize = 32
	// groupSize is the number of rows and columns up to which all boxes of a rect are
	// built one level after the other, so that there are many at a time for the workers.
	// Rects above it are built one after the other, so that few boxes exist. It is more
	// for arrays beyond twice as much.
	groupSize = 256
)

// Transfer sets dst (rows x cols, in S) to the transfer matrix of a network with the
// conductances g of the devices (rows x cols, in S): I_j = Σ_i V_i T_ij. It takes
// about 25 n³ floating-point operations and 35 n² numbers of workspace for n x n
// devices (300 MB for 1024 x 1024). Zero workers or less means one per processor; the number does not change the
// result.
//
// The error tells that the network is invalid (line.Network), a
// conductance is negative or not finite, elements beyond the range of float64 occurred, or ctx is
// done. Transfer panics if dst or g has the wrong length.
func Transfer(ctx context.Context, dst []float64, net line.Network, g []float64, workers int) error {
	if err := net.Validate(); err != nil {
		return err
	}
	if len(g) != net.Rows*net.Cols || len(dst) != len(g) {
		panic("merge: wrong number of elements")
	}
	for k, x := range g {
		if !(x >= 0 && x <= maxSiemens) {
			return fmt.Errorf("merge: conductance at row %d, column %d is %g S: must be between 0 and %g", k/net.Cols, k%net.Cols, x, maxSiemens)
		}
	}
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	c := newCircuit(net, g)
	if c.direct(dst) {
		return nil
	}
	space, ok := workspaces.Get().(*workspace)
	if !ok {
		space = new(workspace)
	}
	defer workspaces.Put(space)
	b := &builder{circuit: c, ctx: ctx, workers: workers, workspace: space}
	if err := b.root(dst); err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	for _, x := range dst {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return errors.New("merge: a conductance between terminals is beyond the range of float64")
		}
	}
	return nil
}

// maxSiemens bounds a conductance, as in package line.
const maxSiemens = 1e30
