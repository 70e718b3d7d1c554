package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"mho/aimc"
	"mho/experiments"
	"mho/internal/files"
	"mho/internal/quantity"
	"mho/noise"
)

func newMVM(a *app) *cobra.Command {
	var (
		wPath, xPath, tilePath, out, cells, ranges string
		at                                         float64
		seed                                       uint64
		sets                                       []string
	)
	cmd := &cobra.Command{
		Use:   "mvm --w W --x X --tile TILE.toml --out Y",
		Short: "One analog tile: program, wait, multiply",
		Long: `Program the weights W into an analog tile, wait, and multiply: Y = X W^T.

W is outputs x inputs, X one input vector per line, Y one output vector per line,
in the units of W and X. TILE.toml has the tables [device] [array] [mapping]
[converters] [noise] [programming] [compensation] [environment]. Inputs are scaled
per vector by their largest magnitude unless converters.input_range is given.

A line on standard error says how the weights were written and how old they are.
--calibrate learns the input range and those of the output converters, as they are
needed at that time, from vectors like those to come. --cells saves every device: its target, its conductance and the pulses it took.`,
		Example: "  mho mvm --w w.csv --x x.csv --tile tile.toml --at 1d --seed 1 --out y.csv",
		Args:    needs(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(cmd, "w", "x", "tile", "out"); err != nil {
				return err
			}
			if err := errors.Join(writable("out", out, ".csv", ".npy"), writable("cells", cells, ".npz"), apart([]string{out, cells}, []string{wPath, xPath, tilePath, ranges})); err != nil {
				return err
			}
			c, err := experiments.LoadTile(tilePath, sets)
			if err != nil {
				return err
			}
			w, err := files.ReadMatrix(wPath)
			if err != nil {
				return err
			}
			x, err := files.ReadMatrix(xPath)
			if err != nil {
				return err
			}
			if x.Cols != w.Cols {
				return fmt.Errorf("%s: %d inputs per line for the %d inputs of %s: must be as many", xPath, x.Cols, w.Cols, wPath)
			}
			need := 8 * (24*float64(w.Rows)*float64(w.Cols)*float64(max(c.Mapping.Slices, 1)*max(c.Mapping.Copies, 1)) + float64(x.Rows)*float64(w.Rows))
			if err := files.CheckMemory(fmt.Sprintf("a tile of %d x %d", w.Rows, w.Cols), uint64(need)); err != nil {
				return err
			}
			key := noise.NewKey(seed)
			tile, err := c.NewTile(w.Rows, w.Cols, key)
			if err != nil {
				return fmt.Errorf("%s: %w", tilePath, err)
			}
			arrays, electrical := tile.(*aimc.CrossbarTile)
			for flag, path := range map[string]string{"cells": cells, "calibrate": ranges} {
				if path != "" && !electrical {
					return fmt.Errorf("--%s %s: the tile is one of light and has no arrays of cells: must be left out", flag, path)
				}
			}
			written, err := tile.Program(w.Data, key)
			if err != nil {
				return fmt.Errorf("%s: %w", wPath, err)
			}
			if !cmd.Flags().Changed("at") {
				at = tile.Reference()
			}
			if err := tile.Advance(at, key); err != nil {
				return failed(err)
			}
			if ranges != "" {
				if err := calibrate(cmd.Context(), arrays, ranges, w.Cols, key); err != nil {
					return err
				}
			}
			y := files.Matrix{Rows: x.Rows, Cols: w.Rows, Data: make([]float64, x.Rows*w.Rows)}
			info, err := tile.MVM(cmd.Context(), y.Data, x.Data, 0, key)
			if err != nil {
				return failed(err)
			}
			for _, clip := range []struct {
				n, of int
				what  string
			}{{info.InputsClipped, len(x.Data), "inputs exceed converters.input_range"}, {info.OutputsClipped, info.Conversions, "conversions exceed the range of the output converters"}} {
				if clip.n > 0 {
					fmt.Fprintf(a.err, "mho: warning: %d of %d %s and were clipped\n", clip.n, clip.of, clip.what)
				}
			}
			if electrical {
				fmt.Fprintf(a.err, "mho: weights: %s, %s old; correction: %s; %s of the cells at their targets\n",
					info.Programming, quantity.Format(info.Age, "s"), info.Correction, percent(written.Converged))
			}
			if cells != "" {
				if err := experiments.SaveCells(cells, arrays); err != nil {
					return failed(err)
				}
			}
			return failed(files.WriteMatrix(out, y))
		},
	}
	f := cmd.Flags()
	f.StringVar(&wPath, "w", "", "weights, outputs x inputs")
	f.StringVar(&xPath, "x", "", "inputs, one vector per line")
	f.StringVar(&tilePath, "tile", "", "TOML of the tile")
	quantityVar(cmd, &at, "at", "s", quantity.NonNegative(), "time after programming (default the device's reference time)")
	seedVar(cmd, &seed)
	f.StringVar(&out, "out", "", "file of the outputs, one vector per line")
	f.StringVar(&ranges, "calibrate", "", "vectors from which ranges of inputs and outputs are learnt, one per line")
	f.StringVar(&cells, "cells", "", "file of all devices, .npz")
	f.StringArrayVar(&sets, "set", nil, "change a key: key.path=value (repeatable)")
	return cmd
}

// calibrate learns the ranges of a tile from the vectors of a file.
func calibrate(ctx context.Context, tile *aimc.CrossbarTile, path string, inputs int, key noise.Key) error {
	x, err := files.ReadMatrix(path)
	if err != nil {
		return err
	}
	if x.Cols != inputs {
		return fmt.Errorf("%s: %d inputs per line for %d inputs of the weights: must be as many", path, x.Cols, inputs)
	}
	if err := tile.Calibrate(ctx, x.Data, 1, key.Domain(noise.Data)); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'g', 4, 64) + " %" }
