package network

import (
	"context"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/aimc"
	"mho/aimc/digits"
	"mho/device/pcm"
	"mho/internal/claims"
	"mho/noise"
)

// TestOptimisers compares first steps with their closed forms.
func TestOptimisers(t *testing.T) {
	s := samples[0]
	for _, c := range []struct {
		optimizer string
		want      func(g float64) float64
	}{
		{Adam, func(g float64) float64 { return -0.01 * g / (math.Abs(g) + 1e-8/math.Sqrt(0.001)) }},
		{SGD, func(g float64) float64 { return -0.01 * g }},
	} {
		n, x := s.make(t, 3)
		set := NewTraining()
		set.Optimizer = c.optimizer
		tr := newTrainer(n, set, noise.Key{})
		before := slices.Clone(n.arrays[0].Data)
		if _, err := tr.step(context.Background(), x, []int{0, 1, 2}, 0, 0.01); err != nil {
			t.Fatal(err)
		}
		var most float64
		for i, w := range n.arrays[0].Data {
			want := c.want(float64(tr.pass.grads[0][i]))
			most = max(most, math.Abs(float64(w)-float64(before[i])-want)/0.01)
		}
		if c.optimizer == SGD { // second step: gradient and 0.9 times the first
			first := slices.Clone(tr.pass.grads[0])
			before := slices.Clone(n.arrays[0].Data)
			if _, err := tr.step(context.Background(), x, []int{0, 1, 2}, 1, 0.01); err != nil {
				t.Fatal(err)
			}
			for i, w := range n.arrays[0].Data {
				want := -0.01 * (float64(tr.pass.grads[0][i]) + 0.9*float64(first[i]))
				most = max(most, math.Abs(float64(w)-float64(before[i])-want)/0.01)
			}
		}
		claims.Check(t, claims.Claim{Name: "steps of the optimiser " + c.optimizer, Kind: claims.ClosedForm, Source: map[string]string{Adam: "-rate g/(|g| + 1e-8/sqrt(1 - β₂)) at the first step, arXiv:1412.6980, end of section 2", SGD: "-rate Σ 0.9^k g"}[c.optimizer] + "; largest difference over the rate",
			Want: 0, Got: most, Tol: 1e-4, Absolute: true, Why: "rounding of weights of 1 in float32, 6e-8, over a rate of 0.01, and of the averages"})
	}
}

// TestHardware checks what the forward pass of hardware-aware training multiplies by.
func TestHardware(t *testing.T) {
	n, err := New(Shape{300}, named(Dense{Outputs: 400}))
	if err != nil {
		t.Fatal(err)
	}
	n.Initialise(noise.NewKey(1))
	w := n.arrays[0].Data
	largest := float64(max(slices.Max(w), -slices.Min(w)))
	errors := func(s Training) []float64 {
		h := newHardware(n, s)
		h.draw(noise.NewKey(2), 5)
		e := make([]float64, len(w))
		for i := range w {
			e[i] = (float64(h.held[0][i]) - float64(w[i])) / largest
		}
		return e
	}
	s := NewTraining()
	s.WeightNoise = 0.07
	_, std := stat.MeanStdDev(errors(s), nil)
	claims.Check(t, claims.Claim{Name: "noise of weights in hardware-aware training", Kind: claims.ClosedForm, Source: "the standard deviation asked for, of the largest weight",
		Want: 0.07, Got: std, Tol: 4.5 / math.Sqrt(2*120000), Why: "4.5 standard errors of 120 000 weights"})
	s.WeightNoise, s.WeightBits = 0, 6
	_, std = stat.MeanStdDev(errors(s), nil)
	claims.Check(t, claims.Claim{Name: "error of 6-bit weights in hardware-aware training", Kind: claims.ClosedForm, Source: "uniform weights: LSB/√12, LSB = 1/31",
		Want: 1 / 31.0 / math.Sqrt(12), Got: std, Tol: 0.006, Why: "4.5 standard errors of 120 000 uniform errors: sqrt(1/5)/sqrt(120000) relative each"})
	before := slices.Clone(w)
	clip(w, 1)
	for i, v := range w {
		limit := largest / math.Sqrt(3) * 1.02
		if math.Abs(float64(v)) > limit || math.Abs(float64(before[i])) < limit/1.04 && v != before[i] {
			t.Fatalf("clip made %g of %g", v, before[i])
		}
	}
}

// trained returns a network trained on n digits, with a test set of m.
func trained(t testing.TB, layers []Named, n, m int, s Training) (*Network, *Set) {
	t.Helper()
	train, err := digits.Make(digits.Train, n, noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	test, err := digits.Make(digits.Test, m, noise.NewKey(2))
	if err != nil {
		t.Fatal(err)
	}
	net, err := New(Shape{1, digits.Size, digits.Size}, layers)
	if err != nil {
		t.Fatal(err)
	}
	if err := net.Train(context.Background(), Digits(train), s, noise.NewKey(3), nil); err != nil {
		t.Fatal(err)
	}
	return net, Digits(test)
}

var (
	mlp = named(Flatten{}, Dense{Outputs: 256}, Activation{"relu"}, Dense{Outputs: 128}, Activation{"relu"}, Dense{Outputs: 10})
	cnn = named(Conv{Channels: 8, Kernel: [2]int{5, 5}}, Activation{"relu"}, Pool{Kernel: [2]int{2, 2}}, Conv{Channels: 16, Kernel: [2]int{5, 5}}, Activation{"relu"}, Pool{Kernel: [2]int{2, 2}},
		Flatten{}, Dense{Outputs: 64}, Activation{"relu"}, Dense{Outputs: 10})
)

// TestTrain trains a perceptron on few digits, plainly and hardware-aware, and reads the latter through tiles whose
// devices are as noisy as it was trained for.
func TestTrain(t *testing.T) {
	layers := named(Flatten{}, Dense{Outputs: 48}, Activation{"relu"}, Dense{Outputs: 10})
	for _, c := range []struct {
		noise float64
		bits  int
	}{{0, 0}, {0.1, 8}} {
		s := NewTraining()
		s.Epochs, s.WeightNoise, s.WeightBits, s.InputBits = 8, c.noise, c.bits, c.bits
		if c.noise > 0 {
			s.WeightClip = 3
		}
		n, test := trained(t, layers, 1500, 400, s)
		if share := test.Accuracy(outputs(t, n, test.X)); share < 0.7 {
			t.Errorf("with weight noise of %g: %.1f %% right, must be 70", c.noise, 100*share)
		}
		again, _ := trained(t, layers, 1500, 1, s)
		if !slices.Equal(n.arrays[0].Data, again.arrays[0].Data) {
			t.Error("training twice gives other weights")
		}
	}
}

func BenchmarkTrain(b *testing.B) {
	for _, c := range []struct {
		name   string
		layers []Named
	}{{"mlp", mlp}, {"cnn", cnn}} {
		b.Run(c.name, func(b *testing.B) {
			var share float64
			for b.Loop() {
				n, test := trained(b, c.layers, 20000, 5000, NewTraining())
				share = test.Accuracy(outputs(b, n, test.X))
			}
			b.ReportMetric(100*share, "%right")
		})
	}
}

// BenchmarkEvaluate takes 10 000 images through the convolutional network on tiles of phase-change memory with every noise and
// 8-bit converters.
func BenchmarkEvaluate(b *testing.B) {
	set, err := digits.Make(digits.Test, 10000, noise.NewKey(2))
	if err != nil {
		b.Fatal(err)
	}
	n, err := New(Shape{1, digits.Size, digits.Size}, cnn)
	if err != nil {
		b.Fatal(err)
	}
	n.Initialise(noise.NewKey(1))
	for _, precision := range []string{aimc.Double, aimc.Single} {
		b.Run(precision, func(b *testing.B) {
			c := aimc.NewConfig(pcm.NewIBM())
			c.Converters.ADCBits, c.Converters.DACBits, c.Array.Precision = 8, 8, precision
			a := onTiles(b, n, c, noise.NewKey(3))
			if err := a.Advance(86400, noise.NewKey(3)); err != nil {
				b.Fatal(err)
			}
			y := make([]float32, 10*set.Len())
			for b.Loop() {
				if _, err := a.Outputs(context.Background(), y, set.Images, noise.NewKey(4)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(set.Len())*float64(b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}
