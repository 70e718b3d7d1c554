package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"mho/crossbar"
	"mho/experiments"
	"mho/internal/files"
	"mho/internal/quantity"
)

func newSolve(a *app) *cobra.Command {
	var (
		g, v, out, nodes, transfer, topology string
		wordMap, bitMap, faults, law         string
		v0                                   float64
		wires                                crossbar.Wires
		tolerance                            = 1e-10
	)
	cmd := &cobra.Command{
		Use:   "solve --g G --v V --r-word R --r-bit R --out I",
		Short: "Solve a crossbar with the resistance of its wires",
		Long: `Solve a crossbar with the resistance of its wires, exactly.

Word line i: source V[i] -(r_driver + r_word)- w[i][0] -r_word- w[i][1] ... (open
end); bit line j: u[0][j] (open end) -r_bit- u[1][j] ... u[m-1][j] -(r_bit +
r_sense)- ground; a device G[i][j] between w[i][j] and u[i][j]. The output is the
current into ground. With --topology double the far word ends are driven by the
same V and the far bit ends are grounded as well; both outputs are summed. Devices
are ohmic, or with --iv sinh follow i = G V0 sinh(v/V0).

G is rows x columns in S, V one input vector per line in V, the result one line
per input in A. Matrices are .csv (plain numbers) or .npy, by their ending.

Degraded and broken lines: --r-word-map, in place of --r-word, has a resistance in
ohm for every word line segment, rows x (columns+1): element k of a row leads to
device k, element 0 from the driver, the last to the far end (used with double).
--r-bit-map is (rows+1) x columns likewise: row 0 from the far end, the last to the
sense amplifier. "inf" is a broken segment. --faults is a table with the header
row,col,g_S: devices, counted from 0, with another conductance than in G.

Every output is within --tolerance of the exact one, relative to the largest output
of its input. Many inputs are multiplied by the transfer matrix of the array where
that is faster and as exact; the last digits, beyond the tolerance, then depend on how
many there are.`,
		Example: `  mho solve --g g.csv --v v.csv --r-word 1ohm --r-bit 1ohm --out i.csv
  mho solve --g g.csv --v v.csv --r-word-map r.csv --r-bit 1ohm --faults f.csv --out i.csv`,
		Args: needs(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(cmd, "g", "v", "out"); err != nil {
				return err
			}
			for _, name := range []string{"r-word", "r-bit"} {
				given, mapped := cmd.Flags().Changed(name), cmd.Flags().Changed(name+"-map")
				switch {
				case given && mapped:
					return fmt.Errorf("--%s: the map has the resistance of every segment: must be left out with --%s-map", name, name)
				case !given && !mapped:
					return fmt.Errorf("--%s is missing: %s, or --%s-map FILE", name, cmd.Flags().Lookup(name).Usage, name)
				}
			}
			wires.Topology = crossbar.Topology(topology)
			if wires.Topology != crossbar.Single && wires.Topology != crossbar.Double {
				return fmt.Errorf("--topology %s: must be single or double%s", topology, quantity.DidYouMean(topology, []string{"single", "double"}))
			}
			iv, err := curve(cmd, law, v0)
			if err != nil {
				return err
			}
			if iv != nil && transfer != "" {
				return fmt.Errorf("--transfer: there is no transfer matrix with --iv %s: must be left out", law)
			}
			if err := errors.Join(writable("out", out, ".csv", ".npy"), writable("transfer", transfer, ".csv", ".npy"), writable("nodes", nodes, ".npz"), apart([]string{out, transfer, nodes}, []string{g, v, wordMap, bitMap, faults})); err != nil {
				return err
			}
			gm, err := files.ReadMatrix(g)
			if err != nil {
				return err
			}
			vm, err := files.ReadMatrix(v)
			if err != nil {
				return err
			}
			for i, x := range gm.Data {
				if !(x >= 0) || math.IsInf(x, 0) {
					return fmt.Errorf("%s: row %d, column %d: conductance %g S: must be finite and >= 0 S", g, i/gm.Cols+1, i%gm.Cols+1, x)
				}
			}
			if vm.Cols != gm.Rows {
				return fmt.Errorf("%s: %d voltages per line for the %d rows of %s: must be as many", v, vm.Cols, gm.Rows, g)
			}
			if err := needSolve(gm, vm.Rows, nodes != "", transfer != "", iv != nil); err != nil {
				return err
			}
			if err := defects(&wires, wordMap, bitMap, faults, &gm); err != nil {
				return err
			}
			array := &crossbar.Array{Rows: gm.Rows, Cols: gm.Cols, G: gm.Data, Wires: wires}
			set := &crossbar.Settings{Tolerance: tolerance, Nodes: nodes != ""}
			if err := array.Check(set); err != nil {
				return bare(err)
			}
			done := a.watch("inputs", &set.Progress)
			sol, err := solve(cmd.Context(), array, vm.Data, iv, set)
			done()
			if err != nil {
				return failed(err)
			}
			if transfer != "" {
				t, _, err := array.Transfer(cmd.Context(), nil, set)
				if err != nil {
					return failed(err)
				}
				if err := files.WriteMatrix(transfer, files.Matrix{Rows: gm.Rows, Cols: gm.Cols, Data: t}); err != nil {
					return failed(err)
				}
			}
			if nodes != "" {
				if err := files.WriteNPZ(nodes, nodeArrays(sol)); err != nil {
					return failed(err)
				}
			}
			return failed(files.WriteMatrix(out, files.Matrix{Rows: vm.Rows, Cols: gm.Cols, Data: sol.I}))
		},
	}
	f := cmd.Flags()
	f.StringVar(&g, "g", "", "conductances, a matrix of rows x columns in S")
	f.StringVar(&v, "v", "", "voltages, one input vector per line in V")
	ohm := func(x *float64, name, usage string) {
		quantityVar(cmd, x, name, "ohm", quantity.NonNegative(), usage)
	}
	ohm(&wires.RWord, "r-word", "resistance of a word line segment")
	ohm(&wires.RBit, "r-bit", "resistance of a bit line segment")
	ohm(&wires.RDriver, "r-driver", "resistance of a driver")
	ohm(&wires.RSense, "r-sense", "input resistance of a sense amplifier")
	for _, name := range []string{"r-word", "r-bit"} {
		f.Lookup(name).DefValue = "" // must be given
	}
	f.StringVar(&wordMap, "r-word-map", "", "file of the resistance of every word line segment in ohm, in place of --r-word")
	f.StringVar(&bitMap, "r-bit-map", "", "file of the resistance of every bit line segment in ohm, in place of --r-bit")
	f.StringVar(&faults, "faults", "", "file (.csv) of devices with another conductance than in G: row,col,g_S")
	f.StringVar(&law, "iv", "ohmic", "current-voltage law of the devices: ohmic or sinh")
	quantityVar(cmd, &v0, "v0", "V", quantity.Positive(), "V0 of --iv sinh (default none)")
	f.StringVar(&topology, "topology", "single", "ends at which lines are driven and sensed: single or double")
	quantityVar(cmd, &tolerance, "tolerance", "", quantity.Inside(0, 1), "largest error of an output, relative to the largest output")
	f.StringVar(&out, "out", "", "file of the output currents, one line per input in A")
	f.StringVar(&nodes, "nodes", "", "file (.npz) of the node voltages v_word and v_bit in V and the powers in W")
	f.StringVar(&transfer, "transfer", "", "file of the transfer matrix, rows x columns in S")
	return cmd
}

// curve returns the law of the devices, nil if they are ohmic.
func curve(cmd *cobra.Command, law string, v0 float64) (crossbar.IVCurve, error) {
	given := cmd.Flags().Changed("v0")
	switch law {
	case "ohmic":
		if given {
			return nil, fmt.Errorf("--v0: has no meaning with --iv ohmic: must be left out")
		}
		return nil, nil
	case "sinh":
		if !given {
			return nil, fmt.Errorf("--v0 is missing: must be given with --iv sinh, > 0 V")
		}
		return crossbar.Sinh{V0: v0}, nil
	}
	return nil, fmt.Errorf("--iv %s: must be ohmic or sinh%s", law, quantity.DidYouMean(law, []string{"ohmic", "sinh"}))
}

// needSolve refuses an array whose solution needs more memory than there is.
func needSolve(g files.Matrix, inputs int, nodes, transfer, nonlinear bool) error {
	cells := float64(g.Rows) * float64(g.Cols)
	numbers := 14 * cells // of a solver
	if workers := float64(min(runtime.GOMAXPROCS(0), inputs)); nonlinear {
		numbers = 40 * cells * workers
	} else if cells < 1<<22 {
		numbers += 5 * cells * workers
	}
	if transfer || inputs > 8 && !nodes && !nonlinear {
		numbers = max(numbers, 40*cells)
	}
	perInput := float64(g.Cols)
	if nodes {
		perInput += 2 * cells
	}
	numbers += perInput * float64(inputs)
	return files.CheckMemory(fmt.Sprintf("an array of %d x %d with %d inputs", g.Rows, g.Cols, inputs), uint64(8*numbers))
}

// defects reads what is not as it should be in an array: maps of resistances into w, and the
// conductances of faulty devices into g.
func defects(w *crossbar.Wires, wordMap, bitMap, faults string, g *files.Matrix) error {
	var err error
	if wordMap != "" {
		if w.RWordMap, err = experiments.ReadLineMap(wordMap, g.Rows, g.Cols+1); err != nil {
			return err
		}
	}
	if bitMap != "" {
		if w.RBitMap, err = experiments.ReadLineMap(bitMap, g.Rows+1, g.Cols); err != nil {
			return err
		}
	}
	if faults == "" {
		return nil
	}
	changes, err := experiments.ReadFaults(faults, g.Rows, g.Cols)
	for _, c := range changes {
		g.Data[c.Row*g.Cols+c.Col] = c.G
	}
	return err
}

// solve solves the array for all inputs. Of the solution of ohmic devices without nodes it
// returns the outputs only.
func solve(ctx context.Context, a *crossbar.Array, v []float64, iv crossbar.IVCurve, set *crossbar.Settings) (*crossbar.Solution, error) {
	switch {
	case iv != nil:
		sol, err := a.SolveNonlinear(ctx, v, iv, set)
		if err != nil {
			return nil, err
		}
		return &sol.Solution, nil
	case set.Nodes:
		return a.Solve(ctx, v, set)
	}
	i, _, err := crossbar.NewMultiplier(a, set).Multiply(ctx, nil, v)
	return &crossbar.Solution{I: i}, err
}

// bare returns an error without the names of the packages in front.
func bare(err error) error {
	return errors.New(strings.TrimPrefix(strings.TrimPrefix(err.Error(), "crossbar: "), "line: "))
}

// nodeArrays names the node voltages and powers of a solution.
func nodeArrays(s *crossbar.Solution) []files.NamedArray {
	shape := []int{s.Inputs, s.Rows, s.Cols}
	array := func(name string, data []float64, shape ...int) files.NamedArray {
		return files.NamedArray{Name: name, Array: files.Array{Shape: shape, Data: data}}
	}
	out := []files.NamedArray{array("v_word", s.VWord, shape...), array("v_bit", s.VBit, shape...)}
	power := func(name string, of func(p crossbar.Power) float64) {
		x := make([]float64, len(s.Power))
		for i, p := range s.Power {
			x[i] = of(p)
		}
		out = append(out, array(name, x, len(x)))
	}
	power("power_source", func(p crossbar.Power) float64 { return p.Source })
	power("power_device", func(p crossbar.Power) float64 { return p.Device })
	power("power_word", func(p crossbar.Power) float64 { return p.Word })
	power("power_bit", func(p crossbar.Power) float64 { return p.Bit })
	power("power_driver", func(p crossbar.Power) float64 { return p.Driver })
	power("power_sense", func(p crossbar.Power) float64 { return p.Sense })
	return out
}
