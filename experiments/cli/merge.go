package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"mho/experiments"
)

func newMerge(a *app) *cobra.Command {
	var o experiments.Options
	cmd := &cobra.Command{
		Use:     "merge DIR... --out DIR",
		Short:   "Combine the shards of a run",
		Long:    `Combine the shards that 'mho run --shard I/N --out DIR' made, and write the results and the report as one run would have.`,
		Example: "  mho merge shard1 shard2 --out out",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("mho merge takes the directories of the shards: see mho merge --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := experiments.Merge(cmd.Context(), args, o)
			if err != nil {
				return failed(err)
			}
			return failed(tell(a.out, a.err, s))
		},
	}
	cmd.Flags().StringVar(&o.Out, "out", "out", "directory of the results")
	cmd.Flags().StringSliceVar(&o.Formats, "format", nil, "formats of the figures (default pdf,svg,png)")
	return cmd
}
