package experiments

import (
	"context"
	"embed"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"mho/aimc"
	"mho/aimc/digits"
	"mho/aimc/network"
	"mho/device"
	"mho/internal/config"
	"mho/internal/files"
	"mho/internal/quantity"
	"mho/noise"
)

//go:embed networks/*.toml
var networks embed.FS

// Networks lists the embedded networks by name.
func Networks() []string {
	entries, err := networks.ReadDir("networks")
	if err != nil {
		panic("experiments: no embedded networks")
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".toml"))
	}
	return names
}

// NetworkSource returns the TOML of an embedded network. The error lists the names.
func NetworkSource(name string) ([]byte, error) {
	text, err := networks.ReadFile("networks/" + name + ".toml")
	if err != nil {
		return nil, fmt.Errorf("unknown network %q: must be a file with the ending .toml, or one of %s%s", name, strings.Join(Networks(), ", "), quantity.DidYouMean(name, Networks()))
	}
	return text, nil
}

// readNetwork returns the TOML of a network: a file's, or that of an embedded one.
func readNetwork(arg string) ([]byte, error) {
	if strings.HasSuffix(arg, ".toml") || strings.ContainsRune(arg, '/') || strings.ContainsRune(arg, filepath.Separator) {
		text, err := os.ReadFile(arg)
		if err != nil {
			return nil, readError(arg, err)
		}
		return text, nil
	}
	return NetworkSource(arg)
}

// fromTraining as weights of a network stands for those that training gives.
const fromTraining = "train"

// training is the table [training] of a network.
type training struct {
	network.Training
	images int
	seed   int
}

func newTraining() training { return training{network.NewTraining(), 20000, 1} }

func (t *training) params() []quantity.Param {
	return append([]quantity.Param{
		{Name: "images", Value: &t.images, Range: quantity.Between(1, 1<<22), Meaning: "number of printed digits to train on"},
		{Name: "seed", Value: &t.seed, Range: quantity.Between(0, 1<<53), Meaning: "draws the first weights, the order of the images and the noise of training"},
	}, t.Training.Params()...)
}

// A NetworkConfig is a network with its weights and its tiles, read from TOML.
type NetworkConfig struct {
	Tile aimc.Config
	Net  *network.Network

	file           string
	weights        string
	inputMean      float64
	inputDeviation float64
	training       training
}

// LoadNetwork reads the TOML of a network, a file or the name of an embedded one, and its weights if they are in a file.
// The tables are those of a tile, [[layer]] and [training].
func LoadNetwork(arg string, sets []string) (*NetworkConfig, error) {
	text, err := readNetwork(arg)
	if err != nil {
		return nil, inputError(err)
	}
	doc, err := config.Parse(arg, text)
	if err != nil {
		return nil, inputError(err)
	}
	for _, s := range sets {
		if err := doc.Set(s); err != nil {
			return nil, inputError(err)
		}
	}
	n, err := networkOf(doc)
	return n, inputError(err)
}

func networkOf(doc *config.Doc) (*NetworkConfig, error) {
	n, err := layersOf(doc)
	if err != nil {
		return nil, err
	}
	c := &Config{doc: doc, Env: device.Room()}
	if err := c.Section("environment", environmentParams(&c.Env)); err != nil {
		return nil, err
	}
	if n.Tile, err = c.tile(); err != nil {
		return nil, err
	}
	return n, doc.Finish([]string{"layer", "training", "device", "array", "mapping", "converters", "noise", "programming", "compensation", "environment"})
}

// layersOf takes the keys above the tables, the layers and the table [training].
func layersOf(doc *config.Doc) (*NetworkConfig, error) {
	n := &NetworkConfig{file: doc.File, weights: fromTraining, inputDeviation: 1, training: newTraining()}
	input := []int{1, digits.Size, digits.Size}
	if err := doc.Decode("", []quantity.Param{
		{Name: "weights", Value: &n.weights, Meaning: `.npz file of the weights, found from the directory of this file, or "train" to train on printed digits`},
		{Name: "input", Value: &input, Range: quantity.AtLeast(1), Meaning: "shape of an input: features, or steps and features, or channels, rows and columns"},
		{Name: "input_mean", Value: &n.inputMean, Meaning: "subtracted from every input"},
		{Name: "input_deviation", Value: &n.inputDeviation, Range: quantity.Positive(), Meaning: "by which every input is divided after that"},
	}); err != nil {
		return nil, err
	}
	var layers []network.Named
	for i := range doc.Count("layer") {
		l, err := layerOf(doc, doc.Path("layer", i))
		if err != nil {
			return nil, err
		}
		layers = append(layers, l)
	}
	if err := doc.Decode("training", n.training.params()); err != nil {
		return nil, err
	}
	if err := n.training.Validate(); err != nil {
		return nil, (&Config{doc: doc}).Wrong(fmt.Errorf("training.%w", err))
	}
	var err error
	if n.Net, err = network.New(input, layers); err != nil {
		return nil, doc.Errorf("layer", "%v", err)
	}
	if n.weights == fromTraining {
		return n, nil
	}
	return n, n.readWeights(doc)
}

// readWeights takes the weights from their file and folds normalisations into them.
func (n *NetworkConfig) readWeights(doc *config.Doc) error {
	path := n.weights
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(n.file), path)
	}
	if strings.ToLower(filepath.Ext(path)) != ".npz" {
		return doc.Errorf("weights", "%q is no .npz file: must be one, or %q", n.weights, fromTraining)
	}
	all, err := files.ReadNPZ(path)
	if err != nil {
		return doc.Errorf("weights", "%v", err)
	}
	arrays := map[string]network.Array{}
	for name, a := range all {
		arrays[name] = network.Array{Shape: a.Shape, Data: narrowed(a)}
	}
	if err := n.Net.SetArrays(arrays); err != nil {
		return doc.Errorf("weights", "%s: %v", path, err)
	}
	n.Net.FoldBatchNorm()
	return nil
}

// narrowed returns the numbers of an array in float32.
func narrowed(a files.Array) []float32 {
	switch d := a.Data.(type) {
	case []float32:
		return d
	case []float64:
		return convert[float32](d)
	default:
		return convert[float32](a.Data.([]int64))
	}
}

func convert[To, From float32 | float64 | int | int64 | uint8](from []From) []To {
	to := make([]To, len(from))
	for i, v := range from {
		to[i] = To(v)
	}
	return to
}

// layerKinds are the words for layers besides the activations.
var layerKinds = []string{"dense", "conv", "pool", "batchnorm", "layernorm", "add", "attention", "lstm", "position", "mean", "flatten", "reshape"}

// layerOf takes one [[layer]].
func layerOf(doc *config.Doc, path string) (network.Named, error) {
	kind, ok := doc.Text(path + ".kind")
	kinds := append(network.Activations(), layerKinds...)
	if !ok {
		return network.Named{}, doc.Errorf(path+".kind", "the kind is missing: must be one of %s, in quotes", strings.Join(kinds, ", "))
	}
	if !slices.Contains(kinds, kind) {
		return network.Named{}, doc.Errorf(path+".kind", "unknown kind %q: must be one of %s%s", kind, strings.Join(kinds, ", "), quantity.DidYouMean(kind, kinds))
	}
	name, params, finish := layerParams(kind)
	own := append([]quantity.Param{
		{Name: "kind", Value: &kind, Options: kinds, Meaning: "what the layer does"},
		{Name: "name", Value: name, Meaning: "name of the layer, with which those of its arrays begin; the default is kind and number"},
	}, params...)
	if err := doc.Decode(path, own); err != nil {
		return network.Named{}, err
	}
	l, err := finish()
	if err != nil {
		return network.Named{}, doc.Errorf(path, "%v", err)
	}
	return network.Named{Name: *name, Layer: l}, nil
}

// layerParams declares the parameters of a kind of layer; finish makes the layer from their values.
func layerParams(kind string) (name *string, params []quantity.Param, finish func() (network.Layer, error)) {
	var (
		count                        int
		flag                         bool
		text                         string
		epsilon                      = 1e-5
		kernel, stride, padding, dim []int
	)
	bias := true
	withBias := quantity.Param{Name: "bias", Value: &bias, Meaning: "add a bias"}
	number := func(name, meaning string) quantity.Param {
		return quantity.Param{Name: name, Value: &count, Range: quantity.AtLeast(1), Meaning: meaning}
	}
	list := func(name string, value *[]int, least float64, meaning string) quantity.Param {
		return quantity.Param{Name: name, Value: value, Range: quantity.AtLeast(least), Meaning: meaning + ", one number or rows and columns"}
	}
	var err error
	pair := func(name string, v []int) (p [2]int) {
		switch len(v) {
		case 0:
		case 1:
			p = [2]int{v[0], v[0]}
		case 2:
			p = [2]int{v[0], v[1]}
		default:
			err = fmt.Errorf("%s has %d numbers: must have one or two", name, len(v))
		}
		return p
	}
	layer := func() network.Layer {
		switch kind {
		case "dense":
			return network.Dense{Outputs: count, NoBias: !bias}
		case "conv":
			return network.Conv{Channels: count, Kernel: pair("kernel", kernel), Stride: pair("stride", stride), Padding: pair("padding", padding), NoBias: !bias}
		case "pool":
			return network.Pool{Mode: text, Kernel: pair("kernel", kernel), Stride: pair("stride", stride)}
		case "batchnorm":
			return network.BatchNorm{Epsilon: epsilon}
		case "layernorm":
			return network.LayerNorm{}
		case "add":
			return network.Add{From: text}
		case "attention":
			return network.Attention{Heads: count, Causal: flag}
		case "lstm":
			return network.LSTM{Units: count, Sequence: flag}
		case "position":
			return network.Position{}
		case "mean":
			return network.Mean{}
		case "flatten":
			return network.Flatten{}
		case "reshape":
			return network.Reshape{Shape: dim}
		}
		return network.Activation{Function: kind}
	}
	switch kind {
	case "dense":
		params = []quantity.Param{number("outputs", "number of outputs"), withBias}
	case "conv":
		params = []quantity.Param{
			number("channels", "channels of the output"), list("kernel", &kernel, 1, "size of the kernel"),
			list("stride", &stride, 1, "step of the kernel, default 1"), list("padding", &padding, 0, "zeros on either side, default 0"), withBias,
		}
	case "pool":
		text = network.Max
		params = []quantity.Param{
			{Name: "mode", Value: &text, Options: []string{network.Max, network.Average}, Meaning: "largest or mean value of each window"},
			list("kernel", &kernel, 1, "size of the window"), list("stride", &stride, 1, "step of the window, default its size"),
		}
	case "batchnorm":
		params = []quantity.Param{{Name: "epsilon", Value: &epsilon, Range: quantity.Inside(0, 1), Meaning: "added to the variance"}}
	case "add":
		params = []quantity.Param{{Name: "from", Value: &text, Meaning: `name of the earlier layer whose output is added, or "input"`}}
	case "attention":
		params = []quantity.Param{number("heads", "number of heads"), {Name: "causal", Value: &flag, Meaning: "a step sees itself and those before only"}}
	case "lstm":
		params = []quantity.Param{number("units", "number of cells"), {Name: "sequence", Value: &flag, Meaning: "give the outputs of all steps, else of the last"}}
	case "reshape":
		params = []quantity.Param{{Name: "shape", Value: &dim, Range: quantity.AtLeast(1), Meaning: "shape of the output"}}
	}
	return new(string), params, func() (network.Layer, error) {
		l := layer()
		return l, err
	}
}

// trained remembers the networks that this process has trained: what a training gives is a function of its key alone,
// and all points of a study ask for the same.
var trained sync.Map // of string to *trainedNetwork

type trainedNetwork struct {
	once   sync.Once
	arrays map[string]network.Array
	err    error
}

// Prepare trains the network if its weights come from training. Told, unless it is nil, hears the loss of every epoch.
func (n *NetworkConfig) Prepare(ctx context.Context, told func(epoch, epochs int, loss float64)) error {
	if n.weights != fromTraining {
		return nil
	}
	id := fmt.Sprintf("%v %#v %+v %g %g", n.Net.Input(), n.Net.Layers(), n.training, n.inputMean, n.inputDeviation)
	v, _ := trained.LoadOrStore(id, new(trainedNetwork))
	t := v.(*trainedNetwork)
	t.once.Do(func() { t.arrays, t.err = n.train(ctx, told) })
	if t.err != nil {
		trained.Delete(id) // an interrupted training may be tried again
		return t.err
	}
	return n.Net.SetArrays(t.arrays)
}

func (n *NetworkConfig) train(ctx context.Context, told func(epoch, epochs int, loss float64)) (map[string]network.Array, error) {
	key := noise.NewKey(uint64(n.training.seed))
	images, err := digits.Make(digits.Train, n.training.images, key)
	if err != nil {
		return nil, err
	}
	set := network.Digits(images)
	n.normalise(set)
	if err := n.Net.Train(ctx, set, n.training.Training, key.Fold(1), func(epoch int, loss float64) {
		if told != nil {
			told(epoch, n.training.Epochs, loss)
		}
	}); err != nil {
		return nil, err
	}
	arrays := map[string]network.Array{}
	for _, a := range n.Net.Arrays() {
		arrays[a.Name] = network.Array{Shape: a.Shape, Data: slices.Clone(a.Data)}
	}
	return arrays, nil
}

func (n *NetworkConfig) normalise(s *network.Set) {
	for i, x := range s.X {
		s.X[i] = float32((float64(x) - n.inputMean) / n.inputDeviation)
	}
}

// WriteWeights writes the weights to a .npz file that weights may name.
func (n *NetworkConfig) WriteWeights(path string) error {
	var arrays []files.NamedArray
	for _, a := range n.Net.Arrays() {
		arrays = append(arrays, files.NamedArray{Name: a.Name, Array: files.Array{Shape: a.Shape, Data: a.Data}})
	}
	return files.WriteNPZ(path, arrays)
}

// Data reads a set and prepares it for the network: shapes, labels and numbers are checked.
func (n *NetworkConfig) Data(spec string) (*network.Set, error) {
	s, err := readData(spec)
	if err != nil {
		return nil, inputError(err)
	}
	if err := n.Net.Check(s); err != nil {
		return nil, inputError(fmt.Errorf("%s: %w", spec, err))
	}
	n.normalise(s)
	return s, nil
}

// Check refuses, before any work, a training that cannot be done and tiles that cannot be made.
func (n *NetworkConfig) Check() error {
	if n.weights == fromTraining {
		few, err := digits.Make(digits.Train, 1, noise.Key{})
		if err == nil {
			err = n.Net.Check(network.Digits(few))
		}
		if err == nil {
			err = n.Net.Trainable()
		}
		if err != nil {
			return inputError(fmt.Errorf("%s: weights = %q: %w", n.file, fromTraining, err))
		}
	}
	var cells float64
	for _, m := range n.Net.Matrices() {
		cells += float64(m.Outputs) * float64(m.Inputs)
	}
	if err := files.CheckMemory(fmt.Sprintf("tiles of %.3g weights", cells), uint64(8*24*cells)); err != nil {
		return inputError(fmt.Errorf("%s: %w", n.file, err))
	}
	_, err := aimc.NewCrossbarTile(1, 1, n.Tile, noise.Key{})
	if err != nil {
		err = inputError(fmt.Errorf("%s: %w", n.file, err))
	}
	return err
}

// Float returns the accuracy with products in float32.
func (n *NetworkConfig) Float(ctx context.Context, set *network.Set) (float64, error) {
	y := make([]float32, set.Len()*n.Net.Output()[0])
	if err := n.Net.Outputs(ctx, y, set.X); err != nil {
		return 0, err
	}
	return set.Accuracy(y), nil
}

// Reference returns the time after programming at which the device defines its programmed state.
func (n *NetworkConfig) Reference() (float64, error) {
	t, err := aimc.NewCrossbarTile(1, 1, n.Tile, noise.Key{})
	if err != nil {
		return 0, err
	}
	return t.Reference(), nil
}

// Evaluate programs the network once and returns its accuracy at increasing times in s. Key draws everything. What
// happens at one time does not depend on the others, but for devices whose state does.
func (n *NetworkConfig) Evaluate(ctx context.Context, set *network.Set, times []float64, key noise.Key) ([]float64, error) {
	a, err := network.NewAnalog(n.Net, func(outputs, inputs int, key noise.Key) (aimc.Tile, error) {
		return aimc.NewCrossbarTile(outputs, inputs, n.Tile, key)
	}, key)
	if err != nil {
		return nil, err
	}
	if _, err := a.Program(key); err != nil {
		return nil, err
	}
	y := make([]float32, set.Len()*n.Net.Output()[0])
	age := 0.0
	var out []float64
	for _, t := range times {
		now := key.Fold(math.Float64bits(t))
		if err := a.Advance(t-age, now); err != nil {
			return nil, err
		}
		age = t
		if _, err := a.Outputs(ctx, y, set.X, now); err != nil {
			return nil, err
		}
		out = append(out, set.Accuracy(y))
	}
	return out, nil
}
