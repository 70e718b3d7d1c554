package experiments

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"mho/aimc/digits"
	"mho/aimc/network"
	"mho/internal/files"
	"mho/noise"
)

// testSeed draws the test images of the data "digits": they are one data set, whatever the seed of an
// evaluation.
const testSeed = 2

// readData reads a data set:
//
//	digits, digits:N     printed digits of faces that training does not see (default 10000)
//	IMAGES,LABELS        two files: IDX (MNIST's format, gzip too), or .npy
//	IMAGES               an IDX file whose labels' file is named alike: images-idx3 becomes labels-idx1
//	DIR                  a directory with MNIST's test files
//
// Bytes 0 to 255 of IDX images become 0 to 1.
func readData(spec string) (*network.Set, error) {
	name, count, given := strings.Cut(spec, ":")
	if name == "digits" {
		n := 10000
		if given {
			var err error
			if n, err = strconv.Atoi(count); err != nil || n < 1 || n > 1<<22 {
				return nil, fmt.Errorf("data %q: must be digits or digits:N with N from 1 to %d", spec, 1<<22)
			}
		}
		d, err := digits.Make(digits.Test, n, noise.NewKey(testSeed))
		if err != nil {
			return nil, err
		}
		return network.Digits(d), nil
	}
	images, labels, err := dataFiles(spec)
	if err != nil {
		return nil, err
	}
	s := &network.Set{}
	shape, x, err := readNumbers(images)
	if err != nil {
		return nil, err
	}
	if len(shape) < 2 || len(shape) > 4 {
		return nil, fmt.Errorf("%s: %v: must have 2 to 4 dimensions, the first counts the inputs", images, network.Shape(shape))
	}
	s.Shape, s.X = shape[1:], convert[float32](x)
	if _, ok := isIDX(images); ok {
		for i := range s.X {
			s.X[i] /= 255
		}
	}
	lshape, l, err := readNumbers(labels)
	if err != nil {
		return nil, err
	}
	if len(lshape) != 1 {
		return nil, fmt.Errorf("%s: %v: must have one dimension, a label for each input", labels, network.Shape(lshape))
	}
	if lshape[0] != shape[0] {
		return nil, fmt.Errorf("%s: %d labels for the %d inputs of %s: must be as many", labels, lshape[0], shape[0], images)
	}
	for i, v := range l {
		if v != math.Trunc(v) || v < 0 || v > math.MaxInt32 {
			return nil, fmt.Errorf("%s: label %d is %g: must be a whole number from 0", labels, i, v)
		}
	}
	s.Labels = convert[int](l)
	return s, nil
}

// dataFiles finds the files of inputs and labels.
func dataFiles(spec string) (images, labels string, err error) {
	if images, labels, ok := strings.Cut(spec, ","); ok {
		return images, labels, nil
	}
	info, err := os.Stat(spec)
	if err != nil {
		return "", "", readError(spec, err)
	}
	if info.IsDir() {
		for _, name := range []string{"t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"} {
			for _, ending := range []string{"", ".gz"} {
				path := filepath.Join(spec, name+ending)
				if _, err := os.Stat(path); err == nil {
					return path, labelsOf(path), nil
				} else if !errors.Is(err, fs.ErrNotExist) {
					return "", "", readError(path, err)
				}
			}
		}
		return "", "", fmt.Errorf("%s: has no t10k-images-idx3-ubyte: must be a directory with MNIST's test files, or give IMAGES,LABELS", spec)
	}
	if labels := labelsOf(spec); labels != spec {
		return spec, labels, nil
	}
	return "", "", fmt.Errorf("%s: the file of the labels is not known: must be given as %s,LABELS", spec, spec)
}

// labelsOf returns the labels' file beside one of images, or the path itself if the name does not tell.
func labelsOf(images string) string {
	dir, base := filepath.Split(images)
	return dir + strings.NewReplacer("images", "labels", "idx3", "idx1").Replace(base)
}

// isIDX reports whether a path is that of an IDX file: any that is not .npy.
func isIDX(path string) (string, bool) {
	ending := strings.ToLower(filepath.Ext(path))
	return ending, ending != ".npy"
}

// readNumbers reads an IDX or .npy file.
func readNumbers(path string) ([]int, []float64, error) {
	if ending, ok := isIDX(path); ok {
		if ending == ".npz" || ending == ".csv" {
			return nil, nil, fmt.Errorf("%s: the ending is not known: must be an IDX file or .npy", path)
		}
		shape, b, err := files.ReadIDX(path)
		if err != nil {
			return nil, nil, err
		}
		return shape, convert[float64](b), nil
	}
	a, err := files.ReadNPY(path)
	if err != nil {
		return nil, nil, err
	}
	switch d := a.Data.(type) {
	case []float64:
		return a.Shape, d, nil
	case []float32:
		return a.Shape, convert[float64](d), nil
	default:
		return a.Shape, convert[float64](a.Data.([]int64)), nil
	}
}
