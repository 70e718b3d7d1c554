package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"mho/experiments"
	"mho/internal/files"
	"mho/internal/quantity"
	"mho/plots"
)

func newPlot(a *app) *cobra.Command {
	var kind, theme, out string
	var width, height float64
	cmd := &cobra.Command{
		Use:   "plot DATA.csv|DIR --kind K --out FILE",
		Short: "Draw a CSV of one's own, or redraw a study",
		Long: fmt.Sprintf(`Draw the columns of a CSV, or draw a finished study's figure again in another theme.

DATA.csv has a header; what follows the last underscore of a name is the unit
(t_s, g_uS). The first column is x. Kinds: %s.

DIR is the directory of a study; --kind then names one of its figures, the first
if it is left out. Themes: %s. The ending of --out (.pdf, .svg, .png) is the format.`,
			strings.Join(plots.Kinds(), ", "), strings.Join(plots.Themes(), ", ")),
		Example: `  mho plot measured.csv --kind semilogx --out drift.pdf
  mho plot out/pcm-drift --theme ieee --out drift-ieee.pdf`,
		Args: needs(1, "one CSV or directory"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(cmd, "out"); err != nil {
				return err
			}
			if err := errors.Join(writable("out", out, ".pdf", ".svg", ".png"), apart([]string{out}, args)); err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return fmt.Errorf("%s: no such file or directory", args[0])
			}
			var fig *plots.Figure
			if info.IsDir() {
				fig, err = redraw(args[0], kind, theme)
			} else {
				fig, err = drawTable(args[0], kind, theme)
			}
			if err != nil {
				return err
			}
			if width > 0 {
				fig.Width = width * 1e3
			}
			if height > 0 {
				fig.Height = height * 1e3
			}
			if err := fig.Check(); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			format := strings.ToLower(strings.TrimPrefix(filepath.Ext(out), "."))
			return failed(files.WriteFile(out, func(w io.Writer) error { return fig.Write(w, format) }))
		},
	}
	f := cmd.Flags()
	f.StringVar(&kind, "kind", "", "kind of figure, or for a study the name of its figure")
	f.StringVar(&theme, "theme", "", "theme: "+strings.Join(plots.Themes(), ", ")+" (default that of the study, else default)")
	quantityVar(cmd, &width, "width", "m", quantity.Between(0, 2), "width of the figure (default that of the theme)")
	quantityVar(cmd, &height, "height", "m", quantity.Between(0, 2), "height of the figure (default follows from the panels)")
	f.StringVar(&out, "out", "", "file of the figure; its ending is the format")
	return cmd
}

func redraw(dir, kind, theme string) (*plots.Figure, error) {
	if theme != "" {
		if _, err := themeNamed(theme); err != nil {
			return nil, err
		}
	}
	figs, err := experiments.Redraw(dir, theme)
	if err != nil {
		return nil, err
	}
	fig, err := experiments.FigureNamed(figs, kind)
	if err != nil {
		return nil, err
	}
	return &fig.Figure, nil
}

func themeNamed(name string) (plots.Theme, error) {
	t, err := plots.ThemeByName(name)
	if err != nil {
		return t, fmt.Errorf("--theme %s: unknown: must be one of %s%s", name, strings.Join(plots.Themes(), ", "), quantity.DidYouMean(name, plots.Themes()))
	}
	return t, nil
}

func drawTable(path, kind, theme string) (*plots.Figure, error) {
	if theme == "" {
		theme = "default"
	}
	t, err := themeNamed(theme)
	if err != nil {
		return nil, err
	}
	if kind == "" {
		return nil, fmt.Errorf("--kind is missing: must be one of %s", strings.Join(plots.Kinds(), ", "))
	}
	known := false
	for _, k := range plots.Kinds() {
		known = known || k == kind
	}
	if !known {
		return nil, fmt.Errorf("--kind %s: unknown: must be one of %s%s", kind, strings.Join(plots.Kinds(), ", "), quantity.DidYouMean(kind, plots.Kinds()))
	}
	table, err := files.ReadTable(path)
	if err != nil {
		return nil, err
	}
	var columns []plots.Column
	for _, c := range table.Columns {
		pc := plots.Column{Name: c.Header(), Values: c.Values}
		if c.Values == nil {
			// One wrong cell does not make labels of a column of numbers.
			if slices.ContainsFunc(c.Text, func(s string) bool { _, err := strconv.ParseFloat(s, 64); return err == nil && s != "" }) {
				if _, err := table.OptionalFloats(c.Header()); err != nil {
					return nil, err
				}
			}
			pc.Text = c.Text
		}
		columns = append(columns, pc)
	}
	// An empty cell is a gap in a curve.
	fig, err := plots.FromTable(kind, columns, &plots.TableSettings{Theme: t, AllowGaps: true})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &fig, nil
}
