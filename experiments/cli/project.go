package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"mho/aimc/energy"
	"mho/noise"
)

func newProject(a *app) *cobra.Command {
	var (
		workload string
		sets     []string
		against  []string
		seed     uint64
		draws    int
		asJSON   bool
	)
	cmd := &cobra.Command{
		Use:   "project ARCH --workload W",
		Short: "Energy, latency and area of a network on analog hardware, with bands",
		Long: `Project what an inference (or token) of a workload takes on an architecture:
energy, latency, throughput and area as P10, P50 and P90, the breakdown over
components with the source of each, the variance that each factor explains, and
the energy of reference platforms, alone and at their peak.

ARCH and W are names from mho list architectures and mho list workloads, or TOML
files; mho show prints those that ship. --set changes a key of the architecture,
or with workload. before it one of the workload.`,
		Example: `  mho project hermes-core --workload mlp
  mho project isaac --workload resnet-50 --set component.adc.energy=2pJ
  mho project generic --workload gpt-2 --set workload.phase=prefill --json`,
		Args: needs(1, "one architecture"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(cmd, "workload"); err != nil {
				return err
			}
			if draws < 0 || draws > 10_000_000 {
				return fmt.Errorf("--draws %d: must be from 0 to 10000000", draws)
			}
			var forArch, forWork []string
			for _, s := range sets {
				if rest, ok := strings.CutPrefix(s, "workload."); ok {
					forWork = append(forWork, rest)
				} else {
					forArch = append(forArch, s)
				}
			}
			text, file, err := named(args[0], energy.ArchitectureSource)
			if err != nil {
				return err
			}
			arch, err := energy.ParseArchitecture(file, text, forArch...)
			if err != nil {
				return err
			}
			if text, file, err = named(workload, energy.WorkloadSource); err != nil {
				return err
			}
			load, err := energy.ParseWorkload(file, text, forWork...)
			if err != nil {
				return err
			}
			if draws == 0 {
				draws = -1
			}
			p, err := energy.Project(arch, load, &energy.Settings{Draws: draws, Key: noise.NewKey(seed)})
			if err != nil {
				return err
			}
			var rows []energy.Comparison
			for _, name := range against {
				platform, err := energy.FindPlatform(name)
				if err != nil {
					return fmt.Errorf("--against %w", err)
				}
				c, err := p.Compare(platform, load)
				if err != nil {
					return fmt.Errorf("--against %w", err)
				}
				rows = append(rows, *c)
			}
			if asJSON {
				return failed(p.JSON(a.out, rows))
			}
			return failed(p.Write(a.out, rows))
		},
	}
	f := cmd.Flags()
	f.StringVar(&workload, "workload", "", "the network, a name from mho list workloads or a file")
	f.StringArrayVar(&sets, "set", nil, "change a key: component.adc.energy=2pJ, workload.batch=8 (repeatable)")
	f.StringSliceVar(&against, "against", []string{"nvidia-a100-sxm", "jetson-orin-nano-8gb", "cpu-haswell-e5-2699v3"}, "platforms to compare with, names from mho list platforms")
	f.IntVar(&draws, "draws", 10000, "Monte-Carlo samples behind the bands; 0 prints the nominal values")
	seedVar(cmd, &seed)
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// named returns the text of a file, or of what ships under a name; the name that
// errors give a text that ships is NAME.toml.
func named(name string, source func(string) ([]byte, error)) ([]byte, string, error) {
	if strings.HasSuffix(name, ".toml") {
		text, err := os.ReadFile(name)
		if err != nil {
			var path *os.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			return nil, "", fmt.Errorf("%s: %w", name, err)
		}
		return text, filepath.Clean(name), nil
	}
	text, err := source(name)
	return text, name + ".toml", err
}
