package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/spf13/cobra"
	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/catalog"
	"mho/experiments"
	"mho/internal/files"
	"mho/internal/quantity"
	"mho/noise"
)

func newSample(a *app) *cobra.Command {
	var (
		target      string
		targets, at []float64
		n           int
		seed        uint64
		out, cells  string
		quiet       bool
		sets        []string
		env         = device.Room()
	)
	cmd := &cobra.Command{
		Use:   "sample DEVICE --target G[,G...] --n N --at T[,T...] --out S.csv",
		Short: "Program a population and read it at given times",
		Long: `Program N cells to each target, read them at each time after programming, and
write the statistics of the reads:

  device,target_S,t_s,n,mean_S,std_S,p05_S,p50_S,p95_S

Devices of light have transmissions and weights, which are pure numbers: target,...,mean,...

The same cells are read at every time. There is no drift before the model's
reference time. Quantiles interpolate between the sorted reads (definition 7 of
Hyndman and Fan, as NumPy does). With --cells the reads themselves go to a .npy matrix: a row for
each row of the table, a column for each cell.`,
		Example: "  mho sample pcm-ibm --target 5uS,20uS --n 100000 --at 20s,1h,1d --seed 1 --out s.csv",
		Args:    needs(1, "one device"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(cmd, "target", "n", "at", "out"); err != nil {
				return err
			}
			if n < 1 || n > math.MaxInt32 {
				return fmt.Errorf("--n %d: must be from 1 to %d", n, math.MaxInt32)
			}
			if err := errors.Join(writable("out", out, ".csv"), writable("cells", cells, ".npy"), apart([]string{out, cells}, nil)); err != nil {
				return err
			}
			model, err := catalog.New(args[0])
			if err != nil {
				return err
			}
			if err := setParams(model.Params(), sets); err != nil {
				return err
			}
			if err := model.Validate(); err != nil {
				return err
			}
			law, ok := model.(device.CellModel)
			if !ok {
				return fmt.Errorf("%s is %s, not a population: must be a statistical model of cells, see mho list devices", args[0], map[string]string{"element": "an element", "chip": "a chip"}[kind(model)])
			}
			one, err := law.NewPopulation(1, 1, env, noise.Key{})
			if err != nil {
				return err
			}
			unit, allowed := "S", quantity.NonNegative()
			if one.Kind() != device.Conductance {
				unit, allowed = "", quantity.Any()
			}
			list := quantityFlag{quantity.Param{Name: "target", Value: &targets, Unit: unit, Range: allowed}}
			if err := list.Set(target); err != nil {
				return fmt.Errorf("--target: %w", err)
			}
			min, max := one.Range()
			for _, g := range targets {
				if g < min || g > max {
					return fmt.Errorf("--target %s: is out of range: must be from %s to %s", quantity.Format(g, unit), quantity.Format(min, unit), quantity.Format(max, unit))
				}
			}
			rows := float64(len(targets) * len(at))
			need := 8 * 8 * float64(n)
			if cells != "" {
				need += 8 * rows * float64(n)
			}
			if err := files.CheckMemory(fmt.Sprintf("a sample of %d cells", n), uint64(need)); err != nil {
				return err
			}
			s := sampler{model: law, name: args[0], unit: unit, env: env, n: n, at: at, key: noise.NewKey(seed), readNoise: !quiet, keep: cells != ""}
			for i, g := range targets {
				if err := s.sample(cmd.Context(), g, i); err != nil {
					return failed(err)
				}
			}
			if cells != "" {
				if err := files.WriteMatrix(cells, files.Matrix{Rows: len(targets) * len(at), Cols: n, Data: s.reads}); err != nil {
					return failed(err)
				}
			}
			return failed(files.WriteTable(out, s.table()))
		},
	}
	f := cmd.Flags()
	f.StringVar(&target, "target", "", "target conductances, joined by commas; pure numbers for devices of light")
	f.IntVar(&n, "n", 0, "number of cells for each target")
	quantityVar(cmd, &at, "at", "s", quantity.NonNegative(), "times after programming, joined by commas")
	seedVar(cmd, &seed)
	f.StringVar(&out, "out", "", "file (.csv) of the statistics")
	f.StringVar(&cells, "cells", "", "file (.npy) of every read, in S")
	f.BoolVar(&quiet, "no-read-noise", false, "leave the read noise out")
	quantityVar(cmd, &env.Temperature, "temperature", "K", quantity.Positive(), "ambient temperature")
	f.StringArrayVar(&sets, "set", nil, "change a parameter: NAME=VALUE (repeatable)")
	return cmd
}

// sampler gathers the rows of a sample.
type sampler struct {
	model     device.CellModel
	name      string
	unit      string // of what the cells are programmed to
	env       device.Env
	n         int
	at        []float64
	key       noise.Key
	readNoise bool
	keep      bool

	names []string
	cols  [8][]float64
	reads []float64
}

func (s *sampler) sample(ctx context.Context, target float64, index int) error {
	// Cells of different targets are different cells.
	key := s.key.Fold(uint64(index))
	pop, err := s.model.NewPopulation(1, s.n, s.env, key)
	if err != nil {
		return err
	}
	programmable, ok := pop.(device.Target)
	if !ok {
		return fmt.Errorf("%s cannot be programmed to a target", s.name)
	}
	g := make([]float64, s.n)
	for i := range g {
		g[i] = target
	}
	if _, err := programmable.ProgramTo(g, s.env, key); err != nil {
		return err
	}
	order := make([]int, len(s.at))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case s.at[i] < s.at[j]:
			return -1
		case s.at[i] > s.at[j]:
			return 1
		}
		return 0
	})
	rows := make([][]float64, len(s.at))
	first := len(s.reads)
	if s.keep {
		s.reads = append(s.reads, make([]float64, len(s.at)*s.n)...)
	}
	age := 0.0
	for _, i := range order {
		if err := ctx.Err(); err != nil {
			return err
		}
		pop.Advance(s.at[i]-age, s.env, key)
		age = s.at[i]
		if s.readNoise {
			device.Read(g, pop, s.env, uint64(i), key)
		} else {
			pop.Transfer(g, 0, s.env)
		}
		if s.keep {
			copy(s.reads[first+i*s.n:], g)
		}
		rows[i] = statistics(g)
	}
	for i, row := range rows {
		s.names = append(s.names, s.name)
		for k, x := range append([]float64{target, s.at[i], float64(s.n)}, row...) {
			s.cols[k] = append(s.cols[k], x)
		}
	}
	return nil
}

// statistics returns mean, standard deviation and the 5, 50 and 95 % quantiles;
// it sorts g.
func statistics(g []float64) []float64 {
	slices.Sort(g)
	mean, std := stat.MeanStdDev(g, nil)
	if len(g) == 1 {
		std = 0
	}
	q := func(p float64) float64 { return experiments.Quantile(g, p) }
	return []float64{mean, std, q(0.05), q(0.5), q(0.95)}
}

func (s *sampler) table() *files.Table {
	t := &files.Table{Columns: []files.Column{{Name: "device", Text: s.names}}}
	for k, name := range []string{"target", "t", "n", "mean", "std", "p05", "p50", "p95"} {
		unit := s.unit
		switch name {
		case "t":
			unit = "s"
		case "n":
			unit = ""
		}
		t.Columns = append(t.Columns, files.Column{Name: name, Unit: unit, Values: s.cols[k]})
	}
	return t
}
