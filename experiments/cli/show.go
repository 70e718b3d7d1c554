package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"mho/aimc/energy"
	"mho/experiments"
	"mho/internal/quantity"
)

func newShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Print the embedded TOML of an experiment, architecture, workload, platform or component",
		Example: `  mho show pcm-drift > my-study.toml
  mho show isaac > my-chip.toml`,
		Args: needs(1, "one name"),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := source(args[0])
			if err != nil {
				return err
			}
			_, err = a.out.Write(text)
			return failed(err)
		},
	}
}

// source finds what ships under a name.
func source(name string) ([]byte, error) {
	e, err := experiments.Find(name)
	if err == nil {
		return e.Source(), nil
	}
	for _, find := range []func(string) ([]byte, error){energy.ArchitectureSource, energy.WorkloadSource, energy.TableSource} {
		if text, err := find(name); err == nil {
			return text, nil
		}
	}
	var names []string
	for _, l := range lists {
		if l.name == "devices" {
			continue // mho explain tells about these
		}
		for _, it := range l.make() {
			names = append(names, it.Name)
		}
	}
	return nil, fmt.Errorf("%q is no experiment, architecture, workload, platform or component: see mho list%s", name, quantity.DidYouMean(name, names))
}
