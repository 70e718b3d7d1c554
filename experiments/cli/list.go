package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"mho/aimc/energy"
	"mho/device"
	"mho/device/catalog"
	"mho/experiments"
	"mho/internal/quantity"
	"mho/noise"
)

// listing is one line of mho list.
type listing struct {
	Name    string `json:"name"`
	Kind    string `json:"kind,omitempty"`
	Summary string `json:"summary"`
}

// lists makes each list by its name.
var lists = []struct {
	name string
	make func() []listing
}{
	{"experiments", func() []listing {
		var l []listing
		for _, e := range experiments.All() {
			l = append(l, listing{e.Name, "", e.Summary})
		}
		return l
	}},
	{"devices", func() []listing {
		var l []listing
		for _, e := range catalog.All() {
			m := e.New()
			l = append(l, listing{e.Name, kind(m), m.Info().Title})
		}
		return l
	}},
	{"architectures", func() []listing {
		var l []listing
		for _, n := range energy.ArchitectureNames() {
			a, err := energy.NewArchitecture(n)
			if err != nil {
				panic(err.Error())
			}
			l = append(l, listing{n, a.Boundary, a.Title})
		}
		return l
	}},
	{"workloads", func() []listing {
		var l []listing
		for _, n := range energy.WorkloadNames() {
			w, err := energy.NewWorkload(n)
			if err != nil {
				panic(err.Error())
			}
			l = append(l, listing{n, w.Per, w.Title})
		}
		return l
	}},
	{"platforms", func() []listing {
		var l []listing
		for _, p := range energy.Platforms() {
			l = append(l, listing{p.Name, p.Boundary, platformLine(p)})
		}
		return l
	}},
	{"components", func() []listing {
		var l []listing
		for _, c := range energy.Parts() {
			l = append(l, listing{c.Name, string(c.Per), fmt.Sprintf("%s (%s)", c.Summary, c.Confidence)})
		}
		for _, x := range energy.Technologies() {
			l = append(l, listing{x.Name, string(energy.PerCellWrite), fmt.Sprintf("programming of %s (%s)", x.Title, x.Confidence)})
		}
		return l
	}},
	{"noise", func() []listing {
		var l []listing
		for _, e := range noise.Processes() {
			info := e.New().Info()
			l = append(l, listing{e.Name, info.Kind, info.Title})
		}
		return l
	}},
}

// platformLine tells a platform's numbers on one line.
func platformLine(p energy.Platform) string {
	s := p.Title
	if p.Power > 0 {
		s += ", " + quantity.Format(p.Power, "W")
	}
	if p.Energy > 0 {
		s += ", " + quantity.Format(p.Energy, "J") + "/" + p.OpKind
	}
	if p.GenerateEnergy > 0 {
		s += ", generate " + quantity.Format(p.GenerateEnergy, "J") + "/token"
	}
	if p.PrefillEnergy > 0 {
		s += ", prefill " + quantity.Format(p.PrefillEnergy, "J") + "/token"
	}
	return s + " (" + p.Confidence + ")"
}

// kind says what can be made of a model: an element is traced, a population sampled, and
// a chip, all of whose devices act together, is a tile only.
func kind(m device.Model) string {
	switch m.(type) {
	case device.Element:
		return "element"
	case device.CellModel:
		return "population"
	}
	return "chip"
}

func newList(a *app) *cobra.Command {
	var asJSON bool
	var names []string
	for _, l := range lists {
		names = append(names, l.name)
	}
	cmd := &cobra.Command{
		Use:       "list [" + strings.Join(names, "|") + "]",
		Short:     "List what there is",
		ValidArgs: names,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return needs(1, "one list")(cmd, args)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			all := map[string][]listing{}
			for _, l := range lists {
				if len(args) == 0 || args[0] == l.name {
					all[l.name] = l.make()
				}
			}
			if len(all) == 0 {
				return fmt.Errorf("unknown list %q: must be one of %s%s", args[0], strings.Join(names, ", "), quantity.DidYouMean(args[0], names))
			}
			if asJSON {
				e := json.NewEncoder(a.out)
				e.SetIndent("", "  ")
				return failed(e.Encode(all))
			}
			w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
			for _, l := range lists {
				items, ok := all[l.name]
				if !ok {
					continue
				}
				if len(all) > 1 {
					fmt.Fprintf(w, "%s\n", l.name)
				}
				for _, it := range items {
					indent := ""
					if len(all) > 1 {
						indent = "  "
					}
					if it.Kind != "" {
						fmt.Fprintf(w, "%s%s\t%s\t%s\n", indent, it.Name, it.Kind, it.Summary)
					} else {
						fmt.Fprintf(w, "%s%s\t%s\n", indent, it.Name, it.Summary)
					}
				}
				if err := w.Flush(); err != nil {
					return failed(err)
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}
