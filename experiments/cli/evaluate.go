package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"mho/experiments"
	"mho/internal/files"
	"mho/internal/quantity"
	"mho/noise"
)

func newEvaluate(a *app) *cobra.Command {
	var (
		data, out, weights string
		times              []float64
		repeats            int
		seed               uint64
		sets               []string
	)
	cmd := &cobra.Command{
		Use:   "evaluate NET.toml --data DATA --out E.csv",
		Short: "Accuracy of a network on analog tiles as time goes by",
		Long: `Program a network into analog tiles, wait, and classify a data set.

NET.toml has the network's layers and weights and the tables of its tiles; it may
be the name of one that mho has: digits-cnn, digits-mlp, digits-lstm or
digits-transformer, which mho show prints to start from. Weights are a .npz file with
the names and shapes of PyTorch's state_dict, or "train": then the network is trained
first, on printed digits that mho draws, and --weights-out keeps what it learned.

DATA is one of

  digits, digits:N   N printed digits (default 10000) of faces that training never sees
  IMAGES,LABELS      two files, IDX (the format of MNIST, gzip too) or .npy
  IMAGES             an IDX file beside its labels: ...images-idx3... and ...labels-idx1...
  DIR                a directory with the test files of MNIST

The result has a line for each programming and time: t_s, programming (from 0),
accuracy, n images.`,
		Example: "  mho evaluate digits-cnn --data digits --at 1s,1d,1y --repeats 5 --out accuracy.csv\n" +
			"  mho evaluate digits-cnn --data digits:1000 --set noise.drift=false --weights-out cnn.npz --out accuracy.csv",
		Args: needs(1, "one NET.toml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(cmd, "data", "out"); err != nil {
				return err
			}
			ins := append([]string{args[0]}, strings.Split(data, ",")...)
			if err := errors.Join(writable("out", out, ".csv"), writable("weights-out", weights, ".npz"), apart([]string{out, weights}, ins)); err != nil {
				return err
			}
			if repeats < 1 {
				return fmt.Errorf("--repeats is %d: must be at least 1", repeats)
			}
			for i := 1; i < len(times); i++ {
				if times[i] <= times[i-1] {
					return fmt.Errorf("--at: %s follows %s: times must increase", quantity.Format(times[i], "s"), quantity.Format(times[i-1], "s"))
				}
			}
			n, err := experiments.LoadNetwork(args[0], sets)
			if err != nil {
				return err
			}
			if err := n.Check(); err != nil {
				return err
			}
			if len(times) == 0 {
				t, err := n.Reference()
				if err != nil {
					return err
				}
				times = []float64{t}
			}
			set, err := n.Data(data)
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			if err := n.Prepare(ctx, func(epoch, epochs int, loss float64) {
				fmt.Fprintf(a.err, "training, epoch %d of %d: mean loss %.4f\n", epoch, epochs, loss)
			}); err != nil {
				return failed(err)
			}
			if weights != "" {
				if err := n.WriteWeights(weights); err != nil {
					return failed(err)
				}
			}
			float, err := n.Float(ctx, set)
			if err != nil {
				return failed(err)
			}
			fmt.Fprintf(a.err, "accuracy in float32: %.2f %% of %d\n", 100*float, set.Len())
			columns := []files.Column{{Name: "t", Unit: "s"}, {Name: "programming"}, {Name: "accuracy"}, {Name: "n"}}
			for r := range repeats {
				shares, err := n.Evaluate(ctx, set, times, noise.NewKey(seed).Fold(uint64(r)))
				if err != nil {
					return failed(err)
				}
				for i, share := range shares {
					for k, v := range []float64{times[i], float64(r), share, float64(set.Len())} {
						columns[k].Values = append(columns[k].Values, v)
					}
				}
			}
			return failed(files.WriteTable(out, &files.Table{Columns: columns}))
		},
	}
	f := cmd.Flags()
	f.StringVar(&data, "data", "", "inputs and labels, or digits")
	quantityVar(cmd, &times, "at", "s", quantity.NonNegative(), "times after programming, increasing (default the device's reference time)")
	f.IntVar(&repeats, "repeats", 1, "number of programmings")
	seedVar(cmd, &seed)
	f.StringArrayVar(&sets, "set", nil, "change a key: key.path=value (repeatable)")
	f.StringVar(&out, "out", "", "file of the accuracies")
	f.StringVar(&weights, "weights-out", "", "file that keeps the weights, .npz")
	return cmd
}
