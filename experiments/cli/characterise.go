package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"mho/device"
	"mho/device/catalog"
	"mho/device/surrogate"
	"mho/experiments"
	"mho/internal/config"
	"mho/internal/quantity"
	"mho/noise"
)

func newCharacterise(a *app) *cobra.Command {
	var (
		out  string
		seed uint64
		sets []string
		set  = surrogate.NewSettings()
	)
	cmd := &cobra.Command{
		Use:   "characterise DEVICE --out P.toml",
		Short: "Measure an element: it becomes a population, with the error of that",
		Long: `Measure an element as a laboratory would, and write a population that does what
was measured: P.toml with P.npz beside it, for [device] model = "P.toml" wherever
a population can stand.

SET and RESET pulses of 17 amplitudes (0.4 to 1.2 of the nominal) and 5 widths
(0.25 to 4) are applied from states all over the range of conductance, to one element;
then to copies that differ as --set spread.NAME=5% says (a published spread of
the model is taken without asking), and by --set cycle.NAME=5% from pulse to pulse. Rest and
reads follow. At the end fresh copies get random pulses, and the file and the
output say how far the population is from them: median and 95 %.

The nominal pulses are the element's own choice; change them by
--set pulse.set_amplitude=..., pulse.reset_amplitude, pulse.width, pulse.edge,
pulse.saturation, pulse.read, pulse.count. --set states=, devices=, replicas= change
how much is measured. A file that was edited is refused: make it anew.`,
		Example: "  mho characterise vteam --out vteam.toml --set spread.k_on=5% --set spread.k_off=5%",
		Args:    needs(1, "one device"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(cmd, "out"); err != nil {
				return err
			}
			if err := errors.Join(writable("out", out, ".toml"), apart([]string{out}, args)); err != nil {
				return err
			}
			model, err := catalog.New(args[0])
			if err != nil {
				return err
			}
			el, ok := model.(device.Element)
			if !ok {
				return fmt.Errorf("%s is a population, not an element: must be a model with a differential equation, see mho list devices", args[0])
			}
			make, err := characterisation(args[0], el, sets, &set)
			if err != nil {
				return err
			}
			set.Key = noise.NewKey(seed)
			show, end := a.shares()
			set.Progress = show
			m, err := surrogate.Characterise(cmd.Context(), make, set)
			end()
			if err != nil {
				return failed(err)
			}
			if err := m.Write(out, "mho "+experiments.Version(), seed); err != nil {
				return failed(err)
			}
			return failed(tellCharacterisation(a.out, out, m))
		},
	}
	f := cmd.Flags()
	f.StringVar(&out, "out", "", "file (.toml) of the population; its tables go to a .npz beside it")
	quantityVar(cmd, &set.Env.Temperature, "temperature", "K", quantity.Positive(), "ambient temperature")
	seedVar(cmd, &seed)
	f.StringArrayVar(&sets, "set", nil, "change a parameter, spread.NAME or cycle.NAME of one, or pulse.NAME: NAME=VALUE (repeatable)")
	return cmd
}

// characterisation applies --set and returns what makes an element.
func characterisation(name string, el device.Element, sets []string, set *surrogate.Settings) (func() (device.Element, error), error) {
	params := el.Params()
	own := set.Params(el.Drives()[0].Unit)
	given := map[string]*[2]float64{}
	all := append(append([]quantity.Param(nil), params...), own...)
	for _, p := range params {
		if _, ok := p.Value.(*float64); !ok {
			continue
		}
		given[p.Name] = &[2]float64{-1, -1}
		for i, kind := range []string{"spread.", "cycle."} {
			all = append(all, quantity.Param{Name: kind + p.Name, Value: &given[p.Name][i], Unit: "%", Range: quantity.Between(0, 1)})
		}
	}
	var parameters []string
	for _, s := range sets {
		key, _, _ := strings.Cut(s, "=")
		isOwn := false
		for _, p := range all[len(params):] {
			isOwn = isOwn || p.Name == strings.TrimSpace(key)
		}
		if !isOwn {
			parameters = append(parameters, s)
		}
	}
	if err := setParams(all, sets); err != nil {
		return nil, err
	}
	if err := el.Validate(); err != nil {
		return nil, err
	}
	if v, ok := el.(device.Varied); ok {
		set.Spreads = v.Spreads()
	}
	for _, p := range params {
		share, ok := given[p.Name]
		if !ok {
			continue
		}
		for i, list := range []*[]device.Spread{&set.Spreads, &set.Cycles} {
			if share[i] < 0 {
				continue
			}
			s, err := surrogate.Relative(p, share[i])
			if err != nil {
				return nil, &config.Error{Origin: "--set", Key: []string{"spread.", "cycle."}[i] + p.Name, Text: err.Error()}
			}
			kept := (*list)[:0:0]
			for _, have := range *list {
				if have.Param != p.Name {
					kept = append(kept, have)
				}
			}
			if s.Sigma > 0 {
				kept = append(kept, s)
			}
			*list = kept
		}
	}
	return func() (device.Element, error) {
		m, err := catalog.New(name)
		if err != nil {
			return nil, err
		}
		if err := setParams(m.Params(), parameters); err != nil {
			return nil, err
		}
		return m.(device.Element), nil
	}, nil
}

// tellCharacterisation prints what a user wants to know at once.
func tellCharacterisation(w io.Writer, path string, m *surrogate.Model) error {
	e := m.Errors()
	lo, hi := m.Range()
	up, down := m.Pulse(true), m.Pulse(false)
	unit := m.DriveUnit()
	var b strings.Builder
	fmt.Fprintf(&b, "pulses         %s and %s, %s wide\n", brief(up.Amplitude, unit), brief(down.Amplitude, unit), brief(up.Width, "s"))
	fmt.Fprintf(&b, "conductance    %s to %s, counted in %s\n", brief(lo, "S"), brief(hi, "S"), m.Coordinate())
	fmt.Fprintf(&b, "error, in units of that range, against fresh traces (%d pulses over %.0f %% of it)\n", e.Pulses, 100*e.Covered)
	fmt.Fprintf(&b, "  one pulse    median %.2g, 95 %% below %.2g\n", e.StepMedian, e.StepP95)
	fmt.Fprintf(&b, "  a sequence   median %.2g, 95 %% below %.2g\n", e.PathMedian, e.PathP95)
	if e.Devices > 0 {
		fmt.Fprintf(&b, "  quantiles    median %.2g, 95 %% below %.2g, over %d fresh devices\n", e.QuantileMedian, e.QuantileP95, e.Devices)
	}
	if e.Covered < 0.5 {
		fmt.Fprintf(&b, "  the pulses compared did not cover half of the range: steps run away or the state stays where it is\n")
	}
	fmt.Fprintf(&b, "%s: for [device] model = %q\n", path, path)
	_, err := io.WriteString(w, b.String())
	return err
}

// brief prints a quantity to four digits.
func brief(x float64, unit string) string {
	text := fmt.Sprintf("%.4g", x)
	var y float64
	if _, err := fmt.Sscan(text, &y); err != nil {
		return quantity.Format(x, unit)
	}
	return quantity.Format(y, unit)
}

// shares returns what shows the share of the work that is done, nil where there is
// no terminal, and what to call at the end.
func (a *app) shares() (show func(share float64), end func()) {
	var draw func(done, total int)
	end = a.watch("percent", &draw)
	if draw == nil {
		return nil, end
	}
	return func(share float64) { draw(int(100*share), 100) }, end
}
