package cli

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"mho/device"
	"mho/device/catalog"
	"mho/device/fit"
	"mho/device/pcm"
	"mho/experiments"
	"mho/internal/files"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

func newFit(a *app) *cobra.Command {
	var (
		name, out, weights string
		seed               uint64
		sets               []string
		set                = fit.Settings{Env: device.Room()}
	)
	cmd := &cobra.Command{
		Use:   "fit DATA.csv --model M --out P.toml",
		Short: "Parameters of a model from measurements, with intervals",
		Long: `Fit the parameters of a model to measurements on one or more devices:

  device,cycle,t_s,v_V,i_A                  current-voltage curves, for an element
  device,pulse,amplitude_V,width_s,g_S      conductance after each pulse, for an element
  device,t_s,g_S                            drift after programming, for pcm-ibm

The cycles of a curve are split, and V_set, V_reset, HRS and LRS taken from each, with
their spread between devices and between the cycles of a device. Every parameter
that is a real number is fitted, device by device, unless --set fixes it or the data
do not determine it, which is said. --free names the only ones to fit.

P.toml holds the model with the values found (medians over devices), their intervals
of 95 % and spread; it stands for a device wherever a name of one can:
mho trace P.toml, [device] model = "P.toml". P.residuals.svg beside it shows data, fit
and residuals.`,
		Example: "  mho fit iv.csv --model vteam --out mine.toml --set w_off=5nm",
		Args:    needs(1, "one file of measurements"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(cmd, "model", "out"); err != nil {
				return err
			}
			figure := strings.TrimSuffix(out, filepath.Ext(out)) + ".residuals.svg"
			if err := errors.Join(writable("out", out, ".toml"), apart([]string{out, figure}, args)); err != nil {
				return err
			}
			set.Weights = fit.Weights(weights)
			if set.Weights != fit.Auto && set.Weights != fit.Relative && set.Weights != fit.Absolute {
				return fmt.Errorf("--weights %s: is not known: must be auto, relative or absolute", set.Weights)
			}
			data, err := fit.Read(args[0])
			if err != nil {
				return err
			}
			set.Key = noise.NewKey(seed)
			show, end := a.shares()
			set.Progress = show
			res, err := fitModel(cmd, data, name, sets, set)
			end()
			if err != nil {
				return err
			}
			if err := files.WriteFile(figure, func(w io.Writer) error { return residualFigure(res).Write(w, "svg") }); err != nil {
				return failed(err)
			}
			if err := files.WriteFile(out, func(w io.Writer) error { return writeFit(w, args[0], name, data, res, seed) }); err != nil {
				return failed(err)
			}
			return failed(tellFit(a.out, data, res, out, figure))
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "model", "", "the model, a name from mho list devices or a file of one")
	f.StringVar(&out, "out", "", "file (.toml) of the fitted model")
	f.StringSliceVar(&set.Free, "free", nil, "the only parameters to fit, joined by commas (default all that the data determine)")
	f.StringVar(&weights, "weights", string(fit.Auto), "errors of the data: auto finds them from the scatter, relative to each magnitude, or absolute")
	quantityVar(cmd, &set.Env.Temperature, "temperature", "K", quantity.Positive(), "temperature of the measurement")
	seedVar(cmd, &seed)
	f.StringArrayVar(&sets, "set", nil, "fix a parameter: NAME=VALUE (repeatable)")
	return cmd
}

// fitModel fits the model of a name.
func fitModel(cmd *cobra.Command, data *fit.Data, name string, sets []string, set fit.Settings) (*fit.Result, error) {
	model, err := catalog.New(name)
	if err != nil {
		return nil, fmt.Errorf("--model %s: %w", name, err)
	}
	if err := setParams(model.Params(), sets); err != nil {
		return nil, err
	}
	if err := model.Validate(); err != nil {
		return nil, err
	}
	switch m := model.(type) {
	case device.Element:
		for _, s := range sets {
			key, _, _ := strings.Cut(s, "=")
			for _, p := range m.Params() {
				if k := strings.TrimSpace(key); p.Name == k || slices.Contains(p.Aliases, k) {
					set.Held = append(set.Held, p.Name)
				}
			}
		}
		res, err := fit.Element(cmd.Context(), data, func() (device.Element, error) {
			fresh, err := catalog.New(name)
			if err == nil {
				err = setParams(fresh.Params(), sets)
			}
			if err != nil {
				return nil, err
			}
			return fresh.(device.Element), nil
		}, set)
		if err != nil {
			return nil, failed(err)
		}
		return res, nil
	case *pcm.IBM:
		res, err := fit.PowerLaw(data, m.T0)
		if err != nil {
			return nil, err
		}
		nu := res.Summary[0]
		std := res.Spread[0]
		if std != std {
			std = 0
		}
		if nu.Value < 0 {
			return nil, fmt.Errorf("the conductances grow: the drift exponent is %.3g: must be >= 0 for %s", nu.Value, name)
		}
		m.NuMeanCoefficients, m.NuMeanMin, m.NuMeanMax = []float64{nu.Value}, nu.Value, nu.Value
		m.NuStdCoefficients, m.NuStdMin, m.NuStdMax = []float64{std}, std, std
		res.Model = m
		return res, nil
	}
	return nil, fmt.Errorf("--model %s: this model cannot be fitted: must be an element, or pcm-ibm for drift", name)
}

// writeFit writes the model with where it comes from.
func writeFit(w io.Writer, data, name string, d *fit.Data, r *fit.Result, seed uint64) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s fitted to %s. The values may be edited.\nformat = %q\nmodel = %q\n\n[parameters]\n", r.Model.Info().Name, data, catalog.ElementFormat, r.Model.Info().Name)
	for _, p := range r.Model.Params() {
		fmt.Fprintf(&b, "%s = %s\n", p.Name, p.Text())
	}
	fmt.Fprintf(&b, "\n[fit]\nmade_by = %q\nseed = %d\ndata = %q\nkind = %q\ndevices = %d\npoints = %d\nintervals = %q\nstart = %q\n", "mho "+experiments.Version(), seed, data, string(r.Kind), len(r.Devices), r.Points, r.Method, name)
	fmt.Fprintf(&b, "rms_residual = %g\n", fit.Median(r.RMS))
	for i, e := range r.Summary {
		fmt.Fprintf(&b, "\n[[fit.parameter]]\nname = %q\nvalue = %q\nlow = %q\nhigh = %q\n", e.Name, quantity.Format(e.Value, e.Unit), quantity.Format(e.Low, e.Unit), quantity.Format(e.High, e.Unit))
		if s := r.Spread[i]; s == s {
			fmt.Fprintf(&b, "device_spread = %g\nspread_of_logarithm = %v\n", s, e.Log)
		}
	}
	for _, x := range r.Fixed {
		fmt.Fprintf(&b, "\n[[fit.left]]\nname = %q\nreason = %q\n", x.Name, x.Reason)
	}
	for _, s := range switching(d) {
		fmt.Fprintf(&b, "\n[[fit.switching]]\nname = %q\nmean = %q\n", s.name, quantity.Format(s.mean, s.unit))
		if s.d2d == s.d2d {
			fmt.Fprintf(&b, "d2d = %q\n", quantity.Format(s.d2d, s.unit))
		}
		if s.c2c == s.c2c {
			fmt.Fprintf(&b, "c2c = %q\n", quantity.Format(s.c2c, s.unit))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type quantitySpread struct {
	name, unit     string
	mean, d2d, c2c float64
}

// switching gathers what the cycles show.
func switching(d *fit.Data) []quantitySpread {
	if d.Kind != fit.IV {
		return nil
	}
	groups := make([][][]float64, 4)
	for _, dev := range d.Devices {
		rows := make([][]float64, 4)
		for _, c := range dev.Cycles {
			s := c.Switch()
			for k, x := range []float64{s.VSet, s.VReset, s.HRS, s.LRS} {
				rows[k] = append(rows[k], x)
			}
		}
		for k := range groups {
			groups[k] = append(groups[k], rows[k])
		}
	}
	var out []quantitySpread
	for k, q := range []quantitySpread{{name: "v_set", unit: "V"}, {name: "v_reset", unit: "V"}, {name: "hrs", unit: "ohm"}, {name: "lrs", unit: "ohm"}} {
		q.mean, q.d2d, q.c2c = fit.Components(groups[k])
		if q.mean == q.mean {
			out = append(out, q)
		}
	}
	return out
}

// tellFit prints the table of a fit.
func tellFit(w io.Writer, d *fit.Data, r *fit.Result, out, figure string) error {
	var b strings.Builder
	known := func(x float64, unit string) string {
		if x != x {
			return "-"
		}
		return brief(x, unit)
	}
	t := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	if s := switching(d); len(s) > 0 {
		fmt.Fprintf(t, "SWITCHING\tMEAN\tDEVICE TO DEVICE\tCYCLE TO CYCLE\n")
		for _, q := range s {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", q.name, brief(q.mean, q.unit), known(q.d2d, q.unit), known(q.c2c, q.unit))
		}
		fmt.Fprintln(t)
	}
	fmt.Fprintf(t, "PARAMETER\tVALUE\t95 %% FROM\tTO\n")
	for _, e := range r.Summary {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", e.Name, brief(e.Value, e.Unit), brief(e.Low, e.Unit), brief(e.High, e.Unit))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(&b, "intervals: %s\n", r.Method)
	for _, x := range r.Fixed {
		fmt.Fprintf(&b, "left at %s: %s, %s\n", brief(x.Value, x.Unit), x.Name, x.Reason)
	}
	fmt.Fprintf(&b, "residuals: root mean square %.3g of the weights over %d points, %s\n%s\n", fit.Median(r.RMS), r.Points, figure, out)
	_, err := io.WriteString(w, b.String())
	return err
}

// residualFigure draws data, fit and residuals.
func residualFigure(r *fit.Result) *plots.Figure {
	x, y := plots.Axis{Label: "Voltage", Unit: "V"}, plots.Axis{Label: "Current", Unit: "A"}
	switch r.Kind {
	case fit.Pulses:
		x, y = plots.Axis{Label: "Pulse"}, plots.Axis{Label: "Conductance", Unit: "S"}
	case fit.Drift:
		x, y = plots.Axis{Label: "Time after programming", Unit: "s", Scale: plots.Log}, plots.Axis{Label: "Conductance", Unit: "S", Scale: plots.Log}
	}
	above := plots.Panel{X: x, Y: y}
	below := plots.Panel{X: x, Y: plots.Axis{Label: "Residual, in units of the weights"}}
	for i := range r.Devices {
		if i >= 3 {
			break // a few devices show what there is to see
		}
		var shown []float64
		for _, v := range r.Residual[i] {
			shown = append(shown, math.Min(math.Max(v, -1e6), 1e6))
		}
		color := plots.OkabeIto[i%len(plots.OkabeIto)]
		above.Series = append(above.Series,
			plots.Scatter{Name: r.Devices[i], X: r.X[i], Y: r.Measured[i], Style: plots.Style{Color: color, MarkerSize: 2, Opacity: 0.5}},
			plots.Line{X: r.X[i], Y: r.Fitted[i], Style: plots.Style{Color: color}})
		below.Series = append(below.Series, plots.Scatter{X: r.X[i], Y: shown, Style: plots.Style{Color: color, MarkerSize: 2}})
	}
	return &plots.Figure{Panels: []plots.Panel{above, below}, Columns: 2}
}
