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
	"mho/noise"
)

func newExplain(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "explain DEVICE|PROCESS|EXPERIMENT",
		Short: "Tell a model's equations, states, drive columns, parameters and sources",
		Long: `Tell a model's equations, states, drive columns, parameters with defaults, ranges
and sources, and the random processes that a population carries; the same of a
random process (mho list noise); or an experiment's keys in TOML.`,
		Example: "  mho explain vteam\n  mho explain flicker\n  mho explain ir-drop",
		Args:    needs(1, "one device, process or experiment"),
		RunE: func(_ *cobra.Command, args []string) error {
			e, noStudy := experiments.Find(args[0])
			if p, err := noise.NewProcess(args[0]); err == nil && noStudy != nil {
				return failed(explainProcess(a.out, p))
			}
			// A name may be that of a device and an experiment, as mzi-mesh.
			m, err := catalog.New(args[0])
			switch {
			case err != nil && noStudy != nil:
				return err
			case err == nil && noStudy == nil:
				if err := explain(a.out, m); err != nil {
					return failed(err)
				}
				fmt.Fprintf(a.out, "\nThe experiment of that name\n\n")
				return failed(explainExperiment(a.out, e))
			case err == nil:
				return failed(explain(a.out, m))
			}
			return failed(explainExperiment(a.out, e))
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
	explainParams(&b, m.Params())
	if _, ok := m.(device.CellModel); ok {
		section("Processes (keys of [noise]; false leaves one out, a table with a process replaces it)")
		w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
		fmt.Fprintf(w, "  KEY\tDEFAULT\tMEANING\tSOURCE\n")
		for _, c := range device.Carries(m) {
			fmt.Fprintf(w, "  noise.%s\t%t\t%s\t%s\n", c.Slot, c.On, c.Meaning, c.Source)
		}
		w.Flush()
	}
	explainEnd(&b, info.Notes, info.References)
	_, err := io.WriteString(out, b.String())
	return err
}

// explainProcess prints a random process.
func explainProcess(out io.Writer, p noise.Process) error {
	info := p.Info()
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s (%s)\n\nEquations\n", info.Name, info.Title, info.Kind)
	for _, e := range info.Equations {
		fmt.Fprintf(&b, "  %s\n", e)
	}
	explainParams(&b, p.Params())
	explainEnd(&b, info.Notes, info.References)
	_, err := io.WriteString(out, b.String())
	return err
}

func explainParams(b *strings.Builder, params []device.Param) {
	b.WriteString("\nParameters\n")
	w := tabwriter.NewWriter(b, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "  NAME\tDEFAULT\tALLOWED\tMEANING\tSOURCE\n")
	for _, p := range params {
		name := strings.Join(append([]string{p.Name}, p.Aliases...), ", ")
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\n", name, strings.Trim(p.Text(), `"`), p.Allowed(), p.Meaning, p.Source)
	}
	w.Flush()
}

func explainEnd(b *strings.Builder, notes []string, refs []device.Reference) {
	if len(notes) > 0 {
		b.WriteString("\nNotes\n")
		for _, n := range notes {
			fmt.Fprintf(b, "  - %s\n", n)
		}
	}
	b.WriteString("\nSources\n")
	for _, r := range refs {
		fmt.Fprintf(b, "  %s: %s\n", r.Key, r)
	}
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
