package plots_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"gonum.org/v1/plot/cmpimg"

	"mho/plots"
)

// save draws a figure and says how it compares with testdata/name_golden.png.
// With MHO_UPDATE=1 it writes that file.
func save(name string, fig plots.Figure) {
	// Goldens are coarse to be small. The tolerance is a share of the largest
	// difference between colours: it allows for the rounding of other processors
	// at the edges of glyphs, and for nothing that the eye sees.
	const dpi, tolerance = 100, 0.1
	fig.DPI = dpi
	var got bytes.Buffer
	if err := fig.Write(&got, "png"); err != nil {
		fmt.Println(err)
		return
	}
	path := filepath.Join("testdata", name+"_golden.png")
	if os.Getenv("MHO_UPDATE") == "1" {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			fmt.Println(err)
			return
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	switch same, err := cmpimg.EqualApprox("png", got.Bytes(), want, tolerance); {
	case err != nil:
		fmt.Println(err)
	case !same:
		fmt.Printf("%s: differs from %s\n", name, path)
	default:
		fmt.Println(name, "drawn")
	}
}
