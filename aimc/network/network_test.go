package network

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"mho/aimc"
	"mho/device/pcm"
	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

// A sample is a small network with every kind of layer of its family.
type sample struct {
	name   string
	input  Shape
	layers []Named
}

func named(layers ...Layer) (out []Named) {
	for _, l := range layers {
		out = append(out, Named{Layer: l})
	}
	return out
}

var samples = []sample{
	{"multilayer perceptron", Shape{9}, named(Dense{Outputs: 7}, Activation{"tanh"}, Dense{Outputs: 6}, Activation{"sigmoid"}, Dense{Outputs: 5}, Activation{"gelu"}, Dense{Outputs: 4})},
	{"convolution with stride and padding", Shape{3, 9, 8}, named(Conv{Channels: 4, Kernel: [2]int{3, 5}, Stride: [2]int{2, 1}, Padding: [2]int{1, 2}})},
	{"convolutional network", Shape{2, 10, 11}, named(Conv{Channels: 3, Kernel: [2]int{3, 3}, Padding: [2]int{1, 1}}, Activation{"relu"}, Pool{Kernel: [2]int{2, 2}},
		Conv{Channels: 4, Kernel: [2]int{3, 2}}, Activation{"tanh"}, Pool{Mode: Average, Kernel: [2]int{2, 2}, Stride: [2]int{1, 1}}, Flatten{}, Dense{Outputs: 4})},
	{"residual network", Shape{2, 6, 6}, []Named{{"c1", Conv{Channels: 3, Kernel: [2]int{3, 3}, Padding: [2]int{1, 1}}}, {"", Activation{"tanh"}},
		{"", Conv{Channels: 3, Kernel: [2]int{3, 3}, Padding: [2]int{1, 1}}}, {"", Add{"c1"}}, {"", Activation{"gelu"}}, {"", Mean{}}, {"", Dense{Outputs: 4}}}},
	{"attention", Shape{5, 6}, []Named{{"", Dense{Outputs: 8}}, {"", Position{}}, {"e", LayerNorm{}}, {"", Attention{Heads: 2}}, {"", Add{"e"}}, {"", LayerNorm{}}, {"", Mean{}}, {"", Dense{Outputs: 4}}}},
	{"causal attention", Shape{5, 6}, named(Attention{Heads: 3, Causal: true}, Flatten{}, Dense{Outputs: 4})},
	{"long short-term memory", Shape{6, 3}, named(LSTM{Units: 5, Sequence: true}, LSTM{Units: 4}, Dense{Outputs: 4})},
}

// make returns the sample's network with random weights, biases too, and m random inputs.
func (s sample) make(t testing.TB, m int) (n *Network, x []float32) {
	t.Helper()
	n, err := New(s.input, s.layers)
	if err != nil {
		t.Fatal(err)
	}
	fill(n)
	x = make([]float32, m*s.input.Len())
	noise.NewKey(8).Normal32(x, noise.At{})
	return n, x
}

func fill(n *Network) {
	n.Initialise(noise.NewKey(7))
	for _, a := range n.arrays {
		if len(a.Shape) == 1 {
			noise.NewKey(9).Fold(uint64(a.index)).Normal32(a.Data, noise.At{})
			for i := range a.Data {
				a.Data[i] = 1 + a.Data[i]/4 // variances must be positive
			}
		}
	}
}

// exactly returns the outputs by reference.
func exactly(n *Network, x []float32) []float64 {
	all := map[string][]float64{}
	for _, a := range n.arrays {
		all[a.Name] = widened(a.Data)
	}
	var out []float64
	size := n.input.Len()
	for i := range len(x) / size {
		out = append(out, reference(n, func(name string) []float64 { return all[name] }, widened(x[i*size:][:size]))...)
	}
	return out
}

func widened(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// distance returns the largest difference over the largest magnitude of want.
func distance(got []float32, want []float64) float64 {
	var most, top float64
	for i, w := range want {
		most, top = max(most, math.Abs(float64(got[i])-w)), max(top, math.Abs(w))
	}
	return most / top
}

func outputs(t testing.TB, n *Network, x []float32) []float32 {
	t.Helper()
	y := make([]float32, len(x)/n.input.Len()*n.Output().Len())
	if err := n.Outputs(context.Background(), y, x); err != nil {
		t.Fatal(err)
	}
	return y
}

// TestForward compares every kind of layer with its definition.
func TestForward(t *testing.T) {
	for _, s := range samples {
		n, x := s.make(t, 7)
		claims.Check(t, claims.Claim{Name: "outputs of a network, " + s.name, Kind: claims.IndependentSolver, Source: "sums written out from the layers' definitions in float64; largest difference over largest output",
			Want: 0, Got: distance(outputs(t, n, x), exactly(n, x)), Tol: 2e-6, Absolute: true, Why: "rounding of float32, 6e-8, over a few layers of up to a hundred terms"})
	}
}

// TestGradients compares with central differences of the reference, in float64.
func TestGradients(t *testing.T) {
	for _, s := range samples {
		if len(s.layers) == 1 {
			continue // it has no classes
		}
		const m = 3
		n, x := s.make(t, m)
		labels := []int{0, 2, 3}
		tr := newTrainer(n, NewTraining(), noise.Key{})
		loss, err := n.gradients(context.Background(), tr.pass, x, labels)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string][]float64{}
		for _, a := range n.arrays {
			all[a.Name] = widened(a.Data)
		}
		at := func() (sum float64) {
			size := n.input.Len()
			for i, l := range labels {
				y := reference(n, func(name string) []float64 { return all[name] }, widened(x[i*size:][:size]))
				var e float64
				for _, v := range y {
					e += math.Exp(v)
				}
				sum += (math.Log(e) - y[l]) / m
			}
			return sum
		}
		if want := at(); math.Abs(loss-want) > 1e-5 {
			t.Errorf("%s: loss %g, want %g", s.name, loss, want)
		}
		var most, top float64
		for i, a := range n.arrays {
			w := all[a.Name]
			for j := 0; j < len(w); j += 1 + len(w)/40 {
				const h = 1e-5
				keep := w[j]
				w[j] = keep + h
				up := at()
				w[j] = keep - h
				slope := (up - at()) / (2 * h)
				w[j] = keep
				most, top = max(most, math.Abs(slope-float64(tr.pass.grads[i][j]))), max(top, math.Abs(slope))
			}
		}
		claims.Check(t, claims.Claim{Name: "gradients of the loss, " + s.name, Kind: claims.IndependentSolver, Source: "central differences of the layers' definitions in float64; largest difference over largest gradient",
			Want: 0, Got: most / top, Tol: 5e-6, Absolute: true, Why: "rounding of float32 forward and backward; central differences of step 1e-5 are right to 1e-9"})
	}
}

// quiet returns tiles without any error, but drift with one exponent for all devices if nu > 0.
func quiet(nu float64) (aimc.Config, *pcm.IBM) {
	dev := pcm.NewIBM()
	for _, p := range dev.Params() {
		switch p.Name {
		case "programming_noise", "read_noise":
			*p.Value.(*bool) = false
		case "drift":
			*p.Value.(*bool) = nu > 0
		case "nu_mean_coefficients":
			*p.Value.(*[]float64) = []float64{nu, 0}
		case "nu_std_coefficients":
			*p.Value.(*[]float64) = []float64{0, 0}
		case "nu_mean_min", "nu_std_min":
			*p.Value.(*float64) = 0
		}
	}
	return aimc.NewConfig(dev), dev
}

func onTiles(t testing.TB, n *Network, c aimc.Config, key noise.Key) *Analog {
	t.Helper()
	a, err := NewAnalog(n, func(outputs, inputs int, key noise.Key) (aimc.Tile, error) {
		return aimc.NewCrossbarTile(outputs, inputs, c, key)
	}, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Program(key); err != nil {
		t.Fatal(err)
	}
	return a
}

func analogOutputs(t testing.TB, a *Analog, x []float32, key noise.Key) []float32 {
	t.Helper()
	y := make([]float32, len(x)/a.net.input.Len()*a.net.Output().Len())
	if _, err := a.Outputs(context.Background(), y, x, key); err != nil {
		t.Fatal(err)
	}
	return y
}

// TestIdealTiles holds networks on tiles without errors, of small arrays, against the network in float32.
func TestIdealTiles(t *testing.T) {
	for _, s := range samples {
		n, x := s.make(t, 70)
		c, _ := quiet(0)
		c.Array.Rows, c.Array.Cols = 5, 3
		claims.Check(t, claims.Claim{Name: "outputs of a network on ideal tiles, " + s.name, Kind: claims.IndependentSolver, Source: "the layers' definitions in float64; largest difference over largest output",
			Want: 0, Got: distance(analogOutputs(t, onTiles(t, n, c, noise.NewKey(3)), x, noise.NewKey(4)), exactly(n, x)), Tol: 1e-5, Absolute: true, Why: "rounding of float32 between the tiles"})
	}
}

// TestCompensation lets all devices drift alike: every product shrinks by (t/t0)^-ν, and the compensation of the tiles
// undoes it exactly.
func TestCompensation(t *testing.T) {
	n, x := samples[2].make(t, 5)
	want := exactly(n, x)
	for _, kind := range []string{aimc.Uncorrected, aimc.GlobalGain} {
		c, _ := quiet(0.06)
		c.Compensation.Kind = kind
		a := onTiles(t, n, c, noise.NewKey(3))
		if err := a.Advance(365*86400, noise.NewKey(4)); err != nil {
			t.Fatal(err)
		}
		d := distance(analogOutputs(t, a, x, noise.NewKey(7)), want)
		if kind == aimc.Uncorrected {
			if d < 0.1 {
				t.Errorf("a year of drift changes outputs by %g only", d)
			}
			continue
		}
		claims.Check(t, claims.Claim{Name: "outputs of a network after a year with drift compensation, equal devices", Kind: claims.ClosedForm, Source: "those without drift; largest difference over largest output",
			Want: 0, Got: d, Tol: 1e-5, Absolute: true, Why: "rounding of float32 between the tiles"})
	}
}

// TestBatches checks that neither workers nor the way that inputs are divided change noisy outputs.
func TestBatches(t *testing.T) {
	for _, s := range samples {
		n, x := s.make(t, 150)
		c := aimc.NewConfig(pcm.NewIBM())
		c.Converters.ADCBits, c.Converters.DACBits = 8, 8
		key := noise.NewKey(3)
		aged := func(c aimc.Config) *Analog { // at 0 s there is no read noise yet
			a := onTiles(t, n, c, key)
			if err := a.Advance(100, key); err != nil {
				t.Fatal(err)
			}
			return a
		}
		all := analogOutputs(t, aged(c), x, key)
		few := analogOutputs(t, aged(c), x[:90*n.input.Len()], key)
		if !slices.Equal(all[:len(few)], few) {
			t.Errorf("%s: the first outputs change when there are more", s.name)
		}
		before := runtime.GOMAXPROCS(1)
		alone := analogOutputs(t, aged(c), x, key)
		runtime.GOMAXPROCS(before)
		if !slices.Equal(all, alone) {
			t.Errorf("%s: outputs change with the number of workers", s.name)
		}
		if slices.Equal(all, analogOutputs(t, aged(c), x, noise.NewKey(4))) {
			t.Errorf("%s: another evaluation has the same noise", s.name)
		}
		m := c
		m.Array.Precision = aimc.Single
		if d := distance(analogOutputs(t, aged(m), x, key), widened(all)); !(d < 0.05) {
			t.Errorf("%s: single precision changes outputs by %g", s.name, d)
		}
	}
}

// TestFoldBatchNorm compares outputs before and after.
func TestFoldBatchNorm(t *testing.T) {
	s := sample{"", Shape{2, 6, 6}, []Named{{"c1", Conv{Channels: 3, Kernel: [2]int{3, 3}}}, {"b1", BatchNorm{}}, {"c2", Conv{Channels: 3, Kernel: [2]int{1, 1}}}, {"b2", BatchNorm{}}, {"", Add{"c2"}},
		{"c3", Conv{Channels: 2, Kernel: [2]int{2, 2}, NoBias: true}}, {"b3", BatchNorm{}}, {"", Flatten{}}, {"d", Dense{Outputs: 5}}, {"b4", BatchNorm{}}}}
	n, x := s.make(t, 4)
	want := exactly(n, x)
	if d := distance(outputs(t, n, x), want); d > 2e-6 {
		t.Errorf("before: differs by %g", d)
	}
	n.FoldBatchNorm()
	claims.Check(t, claims.Claim{Name: "outputs of a network after batch normalisation is folded into its matrices", Kind: claims.IndependentSolver, Source: "normalisation by its definition in float64; largest difference over largest output",
		Want: 0, Got: distance(outputs(t, n, x), want), Tol: 2e-6, Absolute: true, Why: "rounding of float32"})
	var left []string
	for i, o := range n.ops {
		if _, ok := o.(*batchNorm); ok {
			left = append(left, n.layers[i].Name)
		}
	}
	if !slices.Equal(left, []string{"b2", "b3"}) {
		t.Errorf("normalisations left: %v, must be b2, whose matrix an add uses as well, and b3 without a bias before it", left)
	}
	again, _ := s.make(t, 4)
	arrays := map[string]Array{}
	for _, a := range n.arrays {
		arrays[a.Name] = *a
	}
	if err := again.SetArrays(arrays); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if d := distance(outputs(t, again, x), want); d > 2e-6 {
			t.Errorf("arrays of the folded network: differs by %g", d)
		}
		again.FoldBatchNorm()
	}
}

// TestRefuses checks errors of shapes, settings and sets.
func TestRefuses(t *testing.T) {
	for _, c := range []struct {
		input  Shape
		layers []Named
		say    string
	}{
		{Shape{1, 28, 28}, named(Dense{Outputs: 10}), `layer "dense1" (dense): its input is an image of 1 x 28 x 28: must be`},
		{Shape{1, 4, 4}, []Named{{"c", Conv{Channels: 2, Kernel: [2]int{5, 5}}}}, `layer "c" (conv): its kernel of 5 x 5 does not fit its input of 1 x 4 x 4`},
		{Shape{1, 8, 8}, []Named{{"a", Conv{Channels: 2, Kernel: [2]int{3, 3}}}, {"r", Add{"input"}}}, `layer "r" (add): its input is 2 x 6 x 6, that of "input" is 1 x 8 x 8: must be the same`},
		{Shape{9}, []Named{{"l", LSTM{Units: 3}}}, `layer "l" (lstm): its input is 9: must be [steps, features]`},
		{Shape{3, 8}, named(Attention{Heads: 3}), "heads is 3: must divide the 8 features"},
		{Shape{28, 28}, named(Reshape{Shape{27, 28}}, Dense{Outputs: 1}), "28 x 28 has 784 elements and its shape of 27 x 28 has 756"},
		{Shape{4}, named(Activation{"relu"}), "no layer has a weight matrix"},
		{Shape{4}, named(Dense{Outputs: 1 << 40}), "outputs is 1099511627776: must be from 1"},
		{Shape{4}, named(Dense{}), "outputs is 0: must be from 1"},
		{Shape{1 << 20, 1 << 20}, named(Dense{Outputs: 1}), "their product at most"},
		{Shape{4}, []Named{{"x", Dense{Outputs: 2}}, {"x", Dense{Outputs: 2}}}, `the name "x" is taken`},
		{Shape{4}, named(Activation{"swish"}), `function "swish": must be one of relu`},
		{Shape{2, 4, 4}, named(Pool{Mode: "min", Kernel: [2]int{2, 2}}), `mode is "min"`},
		{Shape{2, 4, 4}, named(Conv{Channels: 1, Kernel: [2]int{2, 2}, Padding: [2]int{2, 0}}), "padding from 0 to kernel - 1"},
		{nil, named(Dense{Outputs: 1}), "input of 0 dimensions"},
		{Shape{4}, []Named{{"", Dense{Outputs: 2}}, {"", Add{"later"}}}, `from is "later"`},
		{Shape{4}, nil, "without layers"},
	} {
		if _, err := New(c.input, c.layers); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%v %v: %v, want %q", c.input, c.layers, err, c.say)
		}
	}
	n, err := New(Shape{2}, []Named{{"d", Dense{Outputs: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	good := map[string]Array{"d.weight": {Shape: Shape{2, 2}, Data: []float32{1, 2, 3, 4}}, "d.bias": {Shape: Shape{2}, Data: []float32{5, 6}}, "d.num_batches_tracked": {}}
	if err := n.SetArrays(good); err != nil || n.arrays[0].Data[2] != 3 {
		t.Error(err, n.arrays[0].Data)
	}
	for _, c := range []struct {
		name string
		a    Array
		say  string
	}{
		{"d.weight", Array{Shape: Shape{4}, Data: make([]float32, 4)}, `array "d.weight" is 4: must be 2 x 2`},
		{"d.weight", Array{Shape: Shape{2, 2}, Data: []float32{0, float32(math.NaN()), 0, 0}}, `array "d.weight", element 1 is NaN: must be finite`},
		{"e.weight", Array{}, `array "e.weight" is of no layer`},
	} {
		bad := map[string]Array{c.name: c.a}
		for k, v := range good {
			if k != c.name {
				bad[k] = v
			}
		}
		if err := n.SetArrays(bad); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%v, want %q", err, c.say)
		}
	}
	if err := n.SetArrays(nil); err == nil || !strings.Contains(err.Error(), `array "d.weight" is missing: must be 2 x 2; there are none`) {
		t.Error(err)
	}
	v, err := New(Shape{2}, []Named{{"d", Dense{Outputs: 2}}, {"b", BatchNorm{}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]float32{"b.weight": 1, "b.bias": 0, "b.running_mean": 0, "b.running_var": -1} {
		good[name] = Array{Shape: Shape{2}, Data: []float32{x, x}}
	}
	if err := v.SetArrays(good); err == nil || !strings.Contains(err.Error(), `array "b.running_var", element 0 is -1: must be >= 0`) {
		t.Error(err)
	}
	for _, c := range []struct {
		s   Set
		say string
	}{
		{Set{Shape{2}, []float32{1, 2}, []int{2}}, "label 0 is 2: must be from 0 to 1"},
		{Set{Shape{2}, []float32{1, float32(math.Inf(1))}, []int{1}}, "input 0, element 1 is +Inf: must be finite"},
		{Set{Shape{3}, []float32{1, 2, 3}, []int{1}}, "inputs of the data are 3, those of the network 2"},
		{Set{Shape{2}, nil, nil}, "without inputs"},
	} {
		if err := n.Check(&c.s); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%v, want %q", err, c.say)
		}
	}
	set := Set{Shape{2}, []float32{1, 2, 3, 4}, []int{1, 0}}
	for _, c := range []struct {
		change func(*Training)
		say    string
	}{
		{func(s *Training) { s.Rate = math.NaN() }, "rate is NaN"}, {func(s *Training) { s.Optimizer = "lbfgs" }, `optimizer is "lbfgs"`},
		{func(s *Training) { s.WeightBits = 1 }, "weight_bits is 1"}, {func(s *Training) { s.Optimizer, s.Rate, s.Epochs = SGD, 1e38, 30 }, "the loss of epoch"},
	} {
		s := NewTraining()
		c.change(&s)
		if err := n.Train(context.Background(), &set, s, noise.Key{}, nil); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%v, want %q", err, c.say)
		}
	}
	b, err := New(Shape{2}, []Named{{"d", Dense{Outputs: 2}}, {"b", BatchNorm{}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Train(context.Background(), &set, NewTraining(), noise.Key{}, nil); err == nil || !strings.Contains(err.Error(), `layer "b" (batchnorm): cannot be trained`) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := n.Outputs(ctx, make([]float32, 4), set.X); err == nil {
		t.Error("a canceled evaluation succeeds")
	}
}

// A network of two layers on tiles of phase-change memory.
func Example() {
	n, err := New(Shape{4}, []Named{{"fc1", Dense{Outputs: 8}}, {"", Activation{"relu"}}, {"fc2", Dense{Outputs: 3}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	key := noise.NewKey(1)
	n.Initialise(key)
	for _, m := range n.Matrices() {
		fmt.Println(m.Name, m.Outputs, "x", m.Inputs)
	}
	c := aimc.NewConfig(pcm.NewIBM())
	a, err := NewAnalog(n, func(outputs, inputs int, key noise.Key) (aimc.Tile, error) {
		return aimc.NewCrossbarTile(outputs, inputs, c, key)
	}, key)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := a.Program(key)
	if err != nil {
		fmt.Println(err)
		return
	}
	y := make([]float32, 3)
	if _, err := a.Outputs(context.Background(), y, []float32{1, 0, 0.5, 0}, key); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Arrays, "arrays,", len(y), "outputs")
	// Output:
	// fc1.weight 8 x 4
	// fc2.weight 3 x 8
	// 4 arrays, 3 outputs
}
