package cli

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"mho/device"
	"mho/device/catalog"
	"mho/internal/files"
	"mho/internal/quantity"
	"mho/noise"
)

func newTrace(a *app) *cobra.Command {
	var (
		waveform, out      string
		dt                 float64
		env                = device.Room()
		series, compliance float64
		seed               uint64
		sets               []string
	)
	cmd := &cobra.Command{
		Use:   "trace DEVICE --waveform W.csv --out T.csv",
		Short: "Drive an element with a waveform",
		Long: `Integrate an element over a waveform.

The waveform has the header t_s and the element's drive columns, v_V for most
('mho explain' tells); it is straight between its samples. The trace has t_s, the
drives, the current i_A, the conductance g_S (i/v; where v is 0 the slope di/dv)
and a column for each state; a row for each sample or each --dt.`,
		Example: "  mho trace vteam --waveform w.csv --out trace.csv --set r_off=100kohm",
		Args:    needs(1, "one device"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(cmd, "waveform", "out"); err != nil {
				return err
			}
			if err := errors.Join(writable("out", out, ".csv"), apart([]string{out}, []string{waveform})); err != nil {
				return err
			}
			model, err := catalog.New(args[0])
			if err != nil {
				return err
			}
			el, ok := model.(device.Element)
			if !ok {
				return fmt.Errorf("%s is a %s, not an element: must be a model with a differential equation, see mho list devices", args[0], kind(model))
			}
			if err := setParams(model.Params(), sets); err != nil {
				return err
			}
			if err := model.Validate(); err != nil {
				return err
			}
			if !device.Electrical(el) && (series != 0 || compliance != 0) {
				return fmt.Errorf("%s has no terminals: must be without --series and --compliance", args[0])
			}
			w, err := readWaveform(waveform, el)
			if err != nil {
				return err
			}
			rows := float64(len(w.T))
			if dt > 0 {
				rows = (w.T[len(w.T)-1] - w.T[0]) / dt
			}
			need := 8 * rows * float64(4+2*len(w.U)+len(el.States()))
			if err := files.CheckMemory(fmt.Sprintf("a trace of %.3g rows", rows), uint64(min(need, math.MaxInt64))); err != nil {
				return err
			}
			if cmd.Flags().Changed("series") {
				el = device.WithSeries(el, series)
			}
			if cmd.Flags().Changed("compliance") {
				el = device.WithCompliance(el, compliance)
			}
			if !cmd.Flags().Changed("temperature") {
				env = device.RoomOf(el)
			}
			tr, err := device.Run(cmd.Context(), el, w, &device.Settings{Env: env, Step: dt, Key: noise.NewKey(seed)})
			if tr == nil {
				return err
			}
			if err != nil {
				part := strings.TrimSuffix(out, filepath.Ext(out)) + ".incomplete.csv"
				return failed(errors.Join(fmt.Errorf("%w; what came before is in %s", err, part), writeTrace(part, tr)))
			}
			return failed(writeTrace(out, tr))
		},
	}
	f := cmd.Flags()
	f.StringVar(&waveform, "waveform", "", "file (.csv) of the drive over time")
	f.StringVar(&out, "out", "", "file (.csv) of the trace")
	quantityVar(cmd, &dt, "dt", "s", quantity.Positive(), "time from row to row (default a row for each sample)")
	quantityVar(cmd, &env.Temperature, "temperature", "K", quantity.Positive(), "ambient temperature (default 300 K, or what the device's parameters hold at)")
	quantityVar(cmd, &series, "series", "ohm", quantity.NonNegative(), "resistance in series with the element")
	quantityVar(cmd, &compliance, "compliance", "A", quantity.Positive(), "largest current of the source (default no limit)")
	seedVar(cmd, &seed)
	f.StringArrayVar(&sets, "set", nil, "change a parameter or an initial state: NAME=VALUE (repeatable)")
	return cmd
}

// readWaveform reads the drives of an element, in any order of the columns.
func readWaveform(path string, el device.Element) (device.Waveform, error) {
	var w device.Waveform
	table, err := files.ReadTable(path)
	if err != nil {
		return w, err
	}
	if w.T, err = table.Floats("t_s"); err != nil {
		return w, err
	}
	known := []string{"t_s"}
	for _, d := range el.Drives() {
		u, err := table.Floats(d.Header())
		if err != nil {
			return w, err
		}
		w.U = append(w.U, u)
		known = append(known, d.Header())
	}
	for _, c := range table.Columns {
		if h := c.Header(); !slices.Contains(known, h) {
			return w, fmt.Errorf("%s: column %s is no drive of %s: must be %s%s", path, h, el.Info().Name, strings.Join(known, ", "), quantity.DidYouMean(h, known))
		}
	}
	for i := 1; i < len(w.T); i++ {
		if w.T[i] <= w.T[i-1] {
			return w, fmt.Errorf("%s:%d: t_s: %g s is not above the time before, %g s: must increase strictly", path, table.Line(i), w.T[i], w.T[i-1])
		}
	}
	if len(w.T) < 2 {
		return w, fmt.Errorf("%s: %d sample: must have at least 2", path, len(w.T))
	}
	return w, nil
}

func writeTrace(path string, tr *device.Trace) error {
	headers, columns := tr.Columns()
	t := &files.Table{}
	for i, h := range headers {
		t.Columns = append(t.Columns, files.Column{Name: h, Values: columns[i]})
	}
	return files.WriteTable(path, t)
}
