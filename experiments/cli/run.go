package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"mho/experiments"
)

func newRun(a *app) *cobra.Command {
	var (
		o      experiments.Options
		over   experiments.Overrides
		seed   uint64
		shard  string
		quiet  bool
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "run [NAME | FILE.toml]...",
		Short: "Run experiments; with no argument the quickstart suite",
		Long: `Run experiments, each into DIR/NAME: data.csv, a CSV per figure panel, the
figures, references.bib and manifest.json; over all of them DIR/index.html.

An experiment is a name from 'mho list experiments' or a TOML file ('mho show
NAME' prints one to start from). With no argument the quickstart suite runs.
Finished points are kept: an interrupted run goes on where it stopped.`,
		Example: `  mho run
  mho run pcm-drift --set device.g_max=20uS --out drift
  mho run my-study.toml --workers 1 --format pdf`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("seed") {
				over.Seed = &seed
			}
			if cmd.Flags().Changed("workers") && o.Workers < 1 {
				return fmt.Errorf("--workers %d: must be at least 1", o.Workers)
			}
			if shard != "" {
				var err error
				if o.Shard, o.Shards, err = parseShard(shard); err != nil {
					return err
				}
			}
			if len(args) == 0 {
				args = experiments.Quickstart()
			}
			var plans []*experiments.Plan
			for _, arg := range args {
				p, err := experiments.Load(arg, over)
				if err != nil {
					return err
				}
				plans = append(plans, p)
			}
			done := func() {}
			if !quiet && !asJSON {
				done = a.watch("points", &o.Progress)
			}
			s, err := experiments.Run(cmd.Context(), plans, o)
			done()
			if err != nil {
				return failed(err)
			}
			switch {
			case asJSON:
				e := json.NewEncoder(a.out)
				e.SetIndent("", "  ")
				return failed(e.Encode(s))
			case !quiet:
				return failed(tell(a.out, a.err, s))
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Out, "out", "out", "directory of the results")
	f.Uint64Var(&seed, "seed", 1, "seed of the random numbers; beats the file's")
	f.StringArrayVar(&over.Sets, "set", nil, "change a key: key.path=value (repeatable)")
	f.IntVar(&o.Workers, "workers", 0, "points computed at a time (default the number of cores)")
	f.StringVar(&shard, "shard", "", "compute the points of shard I of N only, as I/N")
	f.StringSliceVar(&o.Formats, "format", nil, "formats of the figures (default pdf,svg,png)")
	f.BoolVar(&o.Fresh, "fresh", false, "compute finished points again")
	f.BoolVar(&quiet, "quiet", false, "print errors only")
	f.BoolVar(&asJSON, "json", false, "print one JSON object that tells of the results")
	return cmd
}

func parseShard(s string) (i, n int, err error) {
	left, right, ok := strings.Cut(s, "/")
	i, e1 := strconv.Atoi(left)
	n, e2 := strconv.Atoi(right)
	if !ok || e1 != nil || e2 != nil || n < 1 || i < 1 || i > n {
		return 0, 0, fmt.Errorf("--shard %s: must be I/N with I from 1 to N", s)
	}
	return i, n, nil
}

// watch sets f to draw a bar with the time left, of so many of what, if standard error is a
// terminal. The function it returns ends the line.
func (a *app) watch(what string, f *func(done, total int)) (end func()) {
	file, ok := a.err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return func() {}
	}
	var bar *progressbar.ProgressBar
	*f = func(done, total int) {
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(a.err), progressbar.OptionShowCount(),
				progressbar.OptionSetDescription(what), progressbar.OptionSetPredictTime(true), progressbar.OptionFullWidth())
		}
		// The bar is an ornament: a terminal that cannot show it stops nothing.
		_ = bar.Set(done)
	}
	return func() {
		if bar != nil {
			fmt.Fprintln(a.err)
		}
	}
}

// tell prints what a run did; the last line says what to open.
func tell(out, talk io.Writer, s *experiments.Summary) error {
	var errs []error
	line := func(w io.Writer, format string, args ...any) {
		_, err := fmt.Fprintf(w, format+"\n", args...)
		errs = append(errs, err)
	}
	for _, st := range s.Studies {
		for _, w := range st.Warnings {
			line(talk, "mho: %s: warning: %s", st.Name, w)
		}
		kept := ""
		if n := st.Points - st.Computed; n > 0 {
			kept = fmt.Sprintf(" (%d finished before)", n)
		}
		line(out, "%-20s %d point%s%s, %d figure file%s in %s", st.Name, st.Points, plural(st.Points), kept, len(st.Figures), plural(len(st.Figures)), st.Dir)
	}
	if s.Report == "" {
		line(out, "shard done: combine all of them with mho merge")
	} else {
		line(out, "open %s", s.Report)
	}
	return errors.Join(errs...)
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}
