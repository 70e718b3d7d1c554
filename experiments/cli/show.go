package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"mho/aimc/energy"
	"mho/experiments"
	"mho/internal/quantity"
)

func newShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Print the embedded TOML of an experiment, network, architecture, workload, platform or component",
		Example: `  mho show pcm-drift > my-study.toml
  mho show isaac > my-chip.toml
  mho show architectures/photonic-tensor-core     # there is a study of this name too`,
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

// source finds what ships under a name, or under LIST/NAME where a name is in
// several lists.
func source(name string) ([]byte, error) {
	list, rest, qualified := strings.Cut(name, "/")
	if !qualified {
		list, rest = "", name
	}
	experiment := func(name string) ([]byte, error) {
		e, err := experiments.Find(name)
		if err != nil {
			return nil, err
		}
		return e.Source(), nil
	}
	for _, x := range []struct {
		list string
		find func(string) ([]byte, error)
	}{
		{"experiments", experiment}, {"architectures", energy.ArchitectureSource}, {"workloads", energy.WorkloadSource}, {"networks", experiments.NetworkSource},
		{"platforms", energy.TableSource}, {"components", energy.TableSource},
	} {
		if list != "" && list != x.list {
			continue
		}
		text, err := x.find(rest)
		if err == nil {
			return text, nil
		}
		if list != "" {
			return nil, err
		}
	}
	names := experiments.Networks()
	for _, l := range lists {
		if l.name == "devices" || l.name == "noise" {
			continue // mho explain tells about these
		}
		for _, it := range l.make() {
			names = append(names, it.Name)
		}
	}
	return nil, fmt.Errorf("%q is no experiment, network, architecture, workload, platform or component: see mho list%s", name, quantity.DidYouMean(name, names))
}
