package cli

import (
	"github.com/spf13/cobra"

	"mho/experiments"
)

func newShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "show NAME",
		Short:   "Print the embedded TOML of an experiment or a network",
		Example: "  mho show pcm-drift > my-study.toml",
		Args:    needs(1, "one name"),
		RunE: func(_ *cobra.Command, args []string) error {
			if text, err := experiments.NetworkSource(args[0]); err == nil {
				_, err = a.out.Write(text)
				return failed(err)
			}
			e, err := experiments.Find(args[0])
			if err != nil {
				return err
			}
			_, err = a.out.Write(e.Source())
			return failed(err)
		},
	}
}
