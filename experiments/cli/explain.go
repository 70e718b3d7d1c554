package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"mho/device"
	"mho/device/catalog"
	"mho/experiments"
)

func newExplain(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "explain DEVICE|EXPERIMENT",
		Short: "Tell a model's equations, states, drive columns, parameters and sources",
		Long: `Tell a model's equations, states, drive columns, parameters with defaults, ranges
and sources; or an experiment's keys in TOML.`,
		Example: "  mho explain vteam\n  mho explain ir-drop",
		Args:    needs(1, "one device or experiment"),
		RunE: func(_ *cobra.Command, args []string) error {
			if e, err := experiments.Find(args[0]); err == nil {
				return failed(explainExperiment(a.out, e))
			}
			m, err := catalog.New(args[0])
			if err != nil {
				return err
			}
			return failed(explain(a.out, m))
		},
	}
}

// explain prints a model as a reader wants it told.
func explain(out io.Writer, m device.Model) error {
	info := m.Info()
	var b strings.Builder
	section := func(title string) { fmt.Fprintf(&b, "\n%s\n", title) }
	fmt.Fprintf(&b, "%s: %s\n", info.Name, info.Title)
	section("Equations")
	for _, e := range info.Equations {
		fmt.Fprintf(&b, "  %s\n", e)
	}
	if el, ok := m.(device.Element); ok {
		section("Drives (columns of the waveform)")
		w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
		for _, d := range el.Drives() {
			fmt.Fprintf(w, "  %s\t%s\n", d.Header(), d.Meaning)
		}
		w.Flush()
		section("States (columns of the trace)")
		for _, s := range el.States() {
			fmt.Fprintf(w, "  %s\t%s\tfrom %g to %g, at first %g\n", s.Header(), s.Meaning, s.Min, s.Max, s.Initial)
		}
		w.Flush()
	}
	section("Parameters")
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "  NAME\tDEFAULT\tALLOWED\tMEANING\tSOURCE\n")
	for _, p := range m.Params() {
		name := strings.Join(append([]string{p.Name}, p.Aliases...), ", ")
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\n", name, strings.Trim(p.Text(), `"`), p.Allowed(), p.Meaning, p.Source)
	}
	w.Flush()
	if len(info.Notes) > 0 {
		section("Notes")
		for _, n := range info.Notes {
			fmt.Fprintf(&b, "  - %s\n", n)
		}
	}
	section("Sources")
	for _, r := range info.References {
		fmt.Fprintf(&b, "  %s: %s\n", r.Key, r)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// explainExperiment prints an experiment's keys with their defaults.
func explainExperiment(out io.Writer, e experiments.Experiment) error {
	keys, err := e.Keys()
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\nKeys in TOML (defaults; mho show %s prints an example)\n", e.Name, e.Summary, e.Name)
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "  KEY\tDEFAULT\tALLOWED\tMEANING\n")
	for _, k := range keys {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", k.Path, strings.Trim(k.Text(), `"`), k.Allowed(), k.Meaning)
	}
	w.Flush()
	_, err = io.WriteString(out, b.String())
	return err
}
