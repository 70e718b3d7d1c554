package digits_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"mho/aimc/digits"
	"mho/noise"
)

func set(t testing.TB, split digits.Split, n int, seed uint64) *digits.Set {
	t.Helper()
	s, err := digits.Make(split, n, noise.NewKey(seed))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOwnPlace checks that an image depends on its number only.
func TestOwnPlace(t *testing.T) {
	all := set(t, digits.Train, 50, 1)
	few := set(t, digits.Train, 20, 1)
	if !slices.Equal(all.Images[:len(few.Images)], few.Images) || !slices.Equal(all.Labels[:20], few.Labels) {
		t.Error("images change when more are drawn")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	alone := set(t, digits.Train, 50, 1)
	if !slices.Equal(all.Images, alone.Images) {
		t.Error("images change with the number of workers")
	}
	if slices.Equal(all.Images, set(t, digits.Test, 50, 1).Images) || slices.Equal(all.Images, set(t, digits.Train, 50, 2).Images) {
		t.Error("another split or key has the same images")
	}
}

func TestImages(t *testing.T) {
	const n = 4000
	s := set(t, digits.Train, n, 3)
	var count [digits.Classes]int
	for i, l := range s.Labels {
		count[l]++
		low, high := float32(1), float32(0)
		for _, v := range s.Images[i*784 : (i+1)*784] {
			low, high = min(low, v), max(high, v)
		}
		if !(low >= 0 && high <= 1 && high-low > 0.4) {
			t.Fatalf("image %d, a %d, goes from %g to %g", i, l, low, high)
		}
	}
	for d, c := range count {
		if math.Abs(float64(c)-n/10) > 4*math.Sqrt(n*0.09) {
			t.Errorf("%d images of digit %d among %d", c, d, n)
		}
	}
	if _, err := digits.Make(digits.Train, -1, noise.Key{}); err == nil || err.Error() != "digits: -1 images: must be 0 or more" {
		t.Error(err)
	}
	if _, err := digits.Make(7, 1, noise.Key{}); err == nil {
		t.Error("a split that is not one")
	}
}

func TestFacesDisjoint(t *testing.T) {
	for _, f := range digits.Faces(digits.Test) {
		if slices.Contains(digits.Faces(digits.Train), f) {
			t.Errorf("%s is in both splits", f)
		}
	}
}

// TestLinearClassifier fits one: the images must neither be noise to it nor
// easy.
func TestLinearClassifier(t *testing.T) {
	const n, m, dim = 6000, 2000, 785
	train, test := set(t, digits.Train, n, 5), set(t, digits.Test, m, 6)
	design := func(s *digits.Set) *mat.Dense {
		x := mat.NewDense(s.Len(), dim, nil)
		for i := range s.Len() {
			row := x.RawRowView(i)
			for k, v := range s.Images[i*784 : (i+1)*784] {
				row[k] = float64(v)
			}
			row[784] = 1
		}
		return x
	}
	x := design(train)
	y := mat.NewDense(n, digits.Classes, nil)
	for i, l := range train.Labels {
		y.Set(i, int(l), 1)
	}
	var normal mat.SymDense
	normal.SymOuterK(1, x.T())
	for k := range dim {
		normal.SetSym(k, k, normal.At(k, k)+30)
	}
	var factor mat.Cholesky
	if !factor.Factorize(&normal) {
		t.Fatal("not positive definite")
	}
	var right, w, out mat.Dense
	right.Mul(x.T(), y)
	if err := factor.SolveTo(&w, &right); err != nil {
		t.Fatal(err)
	}
	out.Mul(design(test), &w)
	correct := 0
	for i, l := range test.Labels {
		row := out.RawRowView(i)
		if slices.Index(row, slices.Max(row)) == int(l) {
			correct++
		}
	}
	share := float64(correct) / m
	if !(share > 0.7 && share < 0.92) {
		t.Errorf("a linear classifier gets %.1f %% of the test faces right: must be from 70 %% to 92 %%", 100*share)
	}
}

func BenchmarkMake(b *testing.B) {
	for b.Loop() {
		set(b, digits.Train, 1000, 1)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "µs/image")
}

// The first digits of a test set, and the ink on the first of them.
func Example() {
	s, err := digits.Make(digits.Test, 8, noise.NewKey(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Labels, len(s.Images)/s.Len())
	// Output: [8 7 8 7 9 5 0 9] 784
}
