// Package cli is the command line of mho: one file per verb.
//
// Data go to standard output, talk and errors to standard error. The exit code
// is 0 when the work is done, 1 when it failed, 2 when the call or the input
// was wrong.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mho/experiments"
	"mho/internal/config"
	"mho/internal/quantity"
)

// A workError is a failure of the work itself, where neither the call nor the
// input was wrong.
type workError struct{ err error }

func (e *workError) Error() string { return e.err.Error() }
func (e *workError) Unwrap() error { return e.err }

// failed marks err as a failure of the work.
func failed(err error) error {
	var input *experiments.InputError
	if err == nil || errors.As(err, &input) {
		return err
	}
	return &workError{err}
}

// app is what the verbs share.
type app struct {
	out, err io.Writer
}

// Main runs the command line and returns the exit code.
func Main(args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "mho: internal error: %v; this is a mistake in mho, please report it with the call\n", p)
			code = 1
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot(&app{stdout, stderr})
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var work *workError
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = &workError{errors.New("interrupted: nothing is written")}
	}
	fmt.Fprintln(stderr, "mho: "+strings.TrimSpace(err.Error()))
	if errors.As(err, &work) {
		return 1
	}
	return 2
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "mho",
		Short: "Simulate analog crossbar arrays, from device physics to figures",
		Long: `mho simulates analog crossbar arrays: devices, populations of them, arrays with
wires and converters, and analog matrix-vector products, with the figures.

Quantities are SI numbers or carry a prefix and a unit: 25uS, 250ns, 85degC.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return unknownVerb(cmd, args[0])
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		var unknown *pflag.NotExistError
		if errors.As(err, &unknown) {
			var names []string
			cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
			return fmt.Errorf("unknown flag --%s: see %s --help%s", unknown.GetSpecifiedName(), cmd.CommandPath(), quantity.DidYouMean(unknown.GetSpecifiedName(), names))
		}
		if text, _, ok := strings.Cut(err.Error(), ": strconv."); ok {
			return fmt.Errorf("%s: must be a whole number that is not too large", text)
		}
		return err
	})
	root.SetHelpCommand(&cobra.Command{
		Use:   "help [command]",
		Short: "Help about any command",
		RunE: func(_ *cobra.Command, args []string) error {
			verb, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownVerb(root, strings.Join(args, " "))
			}
			return verb.Help()
		},
	})
	root.AddCommand(
		newRun(a), newList(a), newShow(a), newExplain(a), newTrace(a), newSample(a), newCharacterise(a), newFit(a), newSolve(a), newMVM(a), newEvaluate(a), newProject(a), newPlot(a), newMerge(a), newVersion(a),
	)
	return root
}

// unknownVerb says that root has no verb of the name.
func unknownVerb(root *cobra.Command, name string) error {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return fmt.Errorf("unknown command %q: see mho help%s", name, quantity.DidYouMean(name, names))
}

// needs checks that a verb has as many arguments as it takes.
func needs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		return fmt.Errorf("%s takes %s, not %d arguments: see %s --help", cmd.CommandPath(), what, len(args), cmd.CommandPath())
	}
}

// required reports the first of the named flags that was not given.
func required(cmd *cobra.Command, names ...string) error {
	for _, n := range names {
		if f := cmd.Flags().Lookup(n); !f.Changed || f.Value.String() == "" {
			return fmt.Errorf("--%s is missing: %s", n, f.Usage)
		}
	}
	return nil
}

// A quantityFlag is a flag with a unit.
type quantityFlag struct {
	param quantity.Param
}

func (q quantityFlag) String() string {
	if q.param.Value == nil {
		return ""
	}
	return strings.Trim(q.param.Text(), `"`)
}

func (q quantityFlag) Set(s string) error {
	var v any = s
	switch q.param.Value.(type) {
	case *[]float64:
		var items []any
		for _, part := range strings.Split(s, ",") {
			items = append(items, part)
		}
		v = items
	}
	return q.param.Assign(v)
}

func (q quantityFlag) Type() string {
	if q.param.Unit == "" {
		return "number"
	}
	return q.param.Unit
}

// quantityVar adds a flag for a number, or a list of numbers joined by commas,
// with a unit.
func quantityVar(cmd *cobra.Command, value any, name, unit string, r quantity.Range, usage string) {
	cmd.Flags().Var(quantityFlag{quantity.Param{Name: name, Value: value, Unit: unit, Range: r}}, name, usage)
	f := cmd.Flags().Lookup(name)
	if list, ok := value.(*[]float64); ok && len(*list) == 0 || strings.Contains(usage, "(default") {
		f.DefValue = "" // there is none to tell
	}
}

// seedVar adds --seed.
func seedVar(cmd *cobra.Command, seed *uint64) {
	cmd.Flags().Uint64Var(seed, "seed", 1, "seed of the random numbers; the same seed gives the same bits")
}

// setParams applies --set NAME=VALUE pairs to declared parameters.
func setParams(params []quantity.Param, sets []string) error {
	doc, err := config.Parse("", nil)
	if err != nil {
		return err
	}
	for _, s := range sets {
		if err := doc.Set("p." + s); err != nil {
			return trimSet(err)
		}
	}
	return trimSet(doc.Decode("p", params))
}

// trimSet takes the helping table's name out of an error.
func trimSet(err error) error {
	var e *config.Error
	if errors.As(err, &e) {
		return &config.Error{Origin: strings.Replace(e.Origin, "--set p.", "--set ", 1), Key: strings.TrimPrefix(e.Key, "p."), Text: e.Text}
	}
	return err
}

// apart checks that no file to be written is one that is read, or another that is
// written.
func apart(outs, ins []string) error {
	all := append(append([]string(nil), outs...), ins...)
	for i, out := range outs {
		for _, other := range all[i+1:] {
			if out == "" || other == "" {
				continue
			}
			a, errA := filepath.Abs(out)
			b, errB := filepath.Abs(other)
			infoA, statA := os.Stat(out)
			infoB, statB := os.Stat(other)
			if errA == nil && errB == nil && a == b || statA == nil && statB == nil && os.SameFile(infoA, infoB) {
				return fmt.Errorf("%s: would be written over %s: must be another file", out, other)
			}
		}
	}
	return nil
}

// writable checks, before any work, that the file of a flag can be made: its
// ending is one of those that the format has, and its directory takes files. An
// empty path is a flag that was not given.
func writable(flag, path string, endings ...string) error {
	if path == "" {
		return nil
	}
	if len(endings) > 0 && !slices.Contains(endings, strings.ToLower(filepath.Ext(path))) {
		return fmt.Errorf("--%s %s: the ending is not known: must be %s", flag, path, strings.Join(endings, " or "))
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("--%s %s: is a directory: must be a file", flag, path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".mho-*")
	if err != nil {
		return fmt.Errorf("--%s %s: cannot be written: %w", flag, path, errors.Unwrap(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
