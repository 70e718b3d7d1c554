package energy

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"mho/internal/config"
	"mho/internal/quantity"
)

//go:embed workloads/*.toml
var workloads embed.FS

// A Workload is a network, or what a projection needs to know of one.
type Workload struct {
	Name       string
	Title      string
	Source     string
	Confidence string
	Notes      []string
	Per        string // what is counted: inference or token
	Batch      int    // inferences that share reloaded weights

	InputBits, WeightBits, OutputBits int
	Rate                              float64 // inferences per second that the use needs, Hz; 0 if none is stated

	// Phase is, for a language model, "prefill" (all tokens of a text at once)
	// or "generate" (one after another); empty otherwise. Context is the number
	// of tokens of the text.
	Phase   string
	Context int
	// Cache says where keys and values of attention are kept: "dram" or "chip".
	Cache string

	// Parameters and MACs are the published counts, 0 where there is none.
	Parameters float64
	MACs       float64

	Layers []Layer
}

// A Layer is one layer, or several alike.
type Layer struct {
	Name    string
	Kind    string // dense, conv, attention, embedding or elementwise
	Repeat  int    // layers alike, one after another
	Vectors int    // products per inference; of conv it follows from the image
	Density float64

	Inputs, Outputs               int
	Bias                          bool
	Shared                        bool    // the weights are another layer's: stored again, but not counted as parameters
	Ops                           float64 // digital operations per output; of a file, 1 where it is left out
	Kernel, Stride, Padding       int     // conv
	Height, Width, Groups         int
	Heads, KVHeads, HeadDim       int // attention
	Sequence                      int // tokens attended to; 0 takes the context of a language model
	ParametersEach                int // trained numbers per feature (elementwise)
	outHeight, outWidth           int
	matrixRows, matrixCols, parts int
}

// A Demand is what one layer (of Repeat) asks of the hardware per inference or token.
type Demand struct {
	Rows, Cols  int // of the stored matrix; 0 if there is none
	Parts       int // independent matrices of this size (groups of a convolution)
	Vectors     float64
	Ops         float64 // digital operations
	DynamicMACs float64
	DRAMBits    float64 // embeddings and KV cache
	CacheBits   float64 // KV cache on the chip
	Outputs     float64 // numbers handed to the next layer
}

var layerKinds = []string{"dense", "conv", "attention", "embedding", "elementwise"}

// WorkloadNames lists the workloads that ship.
func WorkloadNames() []string { return tomlNames(workloads, "workloads") }

// WorkloadSource returns the TOML of a workload that ships.
func WorkloadSource(name string) ([]byte, error) {
	text, err := workloads.ReadFile("workloads/" + name + ".toml")
	if err != nil {
		return nil, fmt.Errorf("unknown workload %q: see mho list workloads%s", name, quantity.DidYouMean(name, WorkloadNames()))
	}
	return text, nil
}

// NewWorkload returns a workload that ships, with overrides "key.path=value" such
// as "batch=8" or "layer[0].outputs=512".
func NewWorkload(name string, sets ...string) (*Workload, error) {
	text, err := WorkloadSource(name)
	if err != nil {
		return nil, err
	}
	return ParseWorkload(name+".toml", text, sets...)
}

// ParseWorkload reads a workload from TOML; file names it in errors.
func ParseWorkload(file string, text []byte, sets ...string) (*Workload, error) {
	doc, err := config.Parse(file, text)
	if err != nil {
		return nil, err
	}
	for _, s := range sets {
		if err := doc.Set(s); err != nil {
			return nil, err
		}
	}
	w := &Workload{Per: "inference", Batch: 1, InputBits: 8, WeightBits: 8, OutputBits: 8, Context: 512, Cache: "dram"}
	one, non, bits := quantity.AtLeast(1), quantity.NonNegative(), quantity.Between(1, 32)
	err = doc.Decode("", []quantity.Param{
		{Name: "workload", Value: &w.Name}, {Name: "title", Value: &w.Title}, {Name: "source", Value: &w.Source},
		{Name: "confidence", Value: &w.Confidence, Options: confidences}, {Name: "notes", Value: &w.Notes},
		{Name: "per", Value: &w.Per, Options: []string{"inference", "token"}}, {Name: "batch", Value: &w.Batch, Range: one},
		{Name: "input_bits", Value: &w.InputBits, Range: bits}, {Name: "weight_bits", Value: &w.WeightBits, Range: bits}, {Name: "output_bits", Value: &w.OutputBits, Range: bits},
		{Name: "rate", Value: &w.Rate, Unit: "Hz", Range: non}, {Name: "phase", Value: &w.Phase, Options: []string{"prefill", "generate"}},
		{Name: "context", Value: &w.Context, Range: one}, {Name: "cache", Value: &w.Cache, Options: []string{"dram", "chip"}},
		{Name: "parameters", Value: &w.Parameters, Range: non}, {Name: "macs", Value: &w.MACs, Range: non},
	})
	if err != nil {
		return nil, err
	}
	if w.Per == "token" && w.Phase == "" {
		return nil, doc.Errorf("phase", "is missing for a workload per token: must be prefill or generate")
	}
	n := doc.Count("layer")
	if n == 0 {
		return nil, doc.Errorf("layer", "there is none: must be at least one table [[layer]]")
	}
	w.Layers = make([]Layer, n)
	for i := range w.Layers {
		l := &w.Layers[i]
		l.Ops = 1
		path := doc.Path("layer", i)
		if err := doc.Decode(path, l.params()); err != nil {
			return nil, err
		}
		if err := l.check(i, func(key, format string, args ...any) error { return doc.Errorf(path+"."+key, format, args...) }); err != nil {
			return nil, err
		}
	}
	return w, doc.Finish([]string{"layer"})
}

// NewNetwork returns a workload of 8-bit inference with the given layers, for a
// network that exists in a program rather than in a file. Fields of a layer that
// are 0 have the defaults of the file: Kind dense, one vector; Ops stays 0. The
// error names the layer and key that are wrong.
func NewNetwork(name string, layers []Layer) (*Workload, error) {
	w := &Workload{Name: name, Per: "inference", Batch: 1, InputBits: 8, WeightBits: 8, OutputBits: 8, Context: 512, Cache: "dram", Layers: slices.Clone(layers)}
	if len(layers) == 0 {
		return nil, fmt.Errorf("layer: there is none: must be at least one")
	}
	for i := range w.Layers {
		l := &w.Layers[i]
		for _, x := range []struct {
			key string
			n   int
		}{{"inputs", l.Inputs}, {"outputs", l.Outputs}, {"repeat", l.Repeat}, {"vectors", l.Vectors}, {"kernel", l.Kernel}, {"stride", l.Stride}, {"padding", l.Padding}, {"height", l.Height}, {"width", l.Width},
			{"groups", l.Groups}, {"heads", l.Heads}, {"kv_heads", l.KVHeads}, {"head_dim", l.HeadDim}, {"sequence", l.Sequence}} {
			if x.n < 0 {
				return nil, fmt.Errorf("layer[%d].%s = %d: must be >= 0", i, x.key, x.n)
			}
		}
		if !(l.Density >= 0 && l.Density <= 1) || l.Ops < 0 {
			return nil, fmt.Errorf("layer[%d]: density = %g, ops = %g: must be from 0 to 1, and >= 0", i, l.Density, l.Ops)
		}
		if err := l.check(i, func(key, format string, args ...any) error {
			return fmt.Errorf("layer[%d].%s: "+format, append([]any{i, key}, args...)...)
		}); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (l *Layer) params() []quantity.Param {
	one, zero, non := quantity.AtLeast(1), quantity.AtLeast(0), quantity.NonNegative()
	return []quantity.Param{
		{Name: "name", Value: &l.Name}, {Name: "kind", Value: &l.Kind, Options: layerKinds}, {Name: "repeat", Value: &l.Repeat, Range: one},
		{Name: "vectors", Value: &l.Vectors, Range: one}, {Name: "density", Value: &l.Density, Range: quantity.Range{Min: 0, Max: 1, MinOpen: true}},
		{Name: "inputs", Value: &l.Inputs, Range: one}, {Name: "outputs", Value: &l.Outputs, Range: one}, {Name: "bias", Value: &l.Bias}, {Name: "shared", Value: &l.Shared},
		{Name: "ops", Value: &l.Ops, Range: non}, {Name: "kernel", Value: &l.Kernel, Range: one}, {Name: "stride", Value: &l.Stride, Range: one},
		{Name: "padding", Value: &l.Padding, Range: zero}, {Name: "height", Value: &l.Height, Range: one}, {Name: "width", Value: &l.Width, Range: one},
		{Name: "groups", Value: &l.Groups, Range: one}, {Name: "heads", Value: &l.Heads, Range: one}, {Name: "kv_heads", Value: &l.KVHeads, Range: one},
		{Name: "head_dim", Value: &l.HeadDim, Range: one}, {Name: "sequence", Value: &l.Sequence, Range: one},
		{Name: "parameters_each", Value: &l.ParametersEach, Range: zero},
	}
}

// check fills what was left out and derives the stored matrix of layer i; fail
// makes an error at a key.
func (l *Layer) check(i int, fail func(key, format string, args ...any) error) error {
	if l.Name == "" {
		l.Name = fmt.Sprintf("layer %d", i)
	}
	if l.Kind == "" {
		l.Kind = "dense"
	}
	if l.Density == 0 {
		l.Density = 1
	}
	for _, n := range []*int{&l.Repeat, &l.Vectors, &l.Kernel, &l.Stride, &l.Groups} {
		if *n == 0 {
			*n = 1
		}
	}
	need := func(key string, n int) error {
		if n == 0 {
			return fail(key, "is missing for a %s layer: must be >= 1", l.Kind)
		}
		return nil
	}
	want := map[string][]string{
		"dense": {"inputs", "outputs"}, "conv": {"inputs", "outputs", "height", "width"}, "attention": {"heads", "head_dim"},
		"embedding": {"inputs", "outputs"}, "elementwise": {"outputs"},
	}
	values := map[string]int{"inputs": l.Inputs, "outputs": l.Outputs, "height": l.Height, "width": l.Width, "heads": l.Heads, "head_dim": l.HeadDim}
	for _, k := range want[l.Kind] {
		if err := need(k, values[k]); err != nil {
			return err
		}
	}
	l.parts = 1
	if !slices.Contains(layerKinds, l.Kind) {
		return fail("kind", "%q is unknown: must be one of %s%s", l.Kind, strings.Join(layerKinds, ", "), quantity.DidYouMean(l.Kind, layerKinds))
	}
	switch l.Kind {
	case "dense":
		l.matrixRows, l.matrixCols = l.Inputs, l.Outputs
	case "conv":
		if l.Inputs%l.Groups != 0 || l.Outputs%l.Groups != 0 {
			return fail("groups", "%d do not divide %d inputs and %d outputs: must divide both", l.Groups, l.Inputs, l.Outputs)
		}
		l.outHeight = (l.Height+2*l.Padding-l.Kernel)/l.Stride + 1
		l.outWidth = (l.Width+2*l.Padding-l.Kernel)/l.Stride + 1
		if l.Height+2*l.Padding < l.Kernel || l.Width+2*l.Padding < l.Kernel {
			return fail("kernel", "%d is larger than the padded image, %d x %d: must fit into it", l.Kernel, l.Height+2*l.Padding, l.Width+2*l.Padding)
		}
		l.matrixRows, l.matrixCols, l.parts = l.Kernel*l.Kernel*l.Inputs/l.Groups, l.Outputs/l.Groups, l.Groups
		l.Vectors = l.outHeight * l.outWidth
	case "attention":
		if l.KVHeads == 0 {
			l.KVHeads = l.Heads
		}
	}
	return nil
}

// Demand returns what one of the layers l asks for in w.
func (w *Workload) Demand(l *Layer) Demand {
	d := Demand{Rows: l.matrixRows, Cols: l.matrixCols, Parts: l.parts, Vectors: float64(l.Vectors)}
	v := d.Vectors
	switch l.Kind {
	case "dense", "conv":
		d.Outputs = v * float64(d.Cols*d.Parts)
		d.Ops = l.Ops * d.Outputs
	case "attention":
		length := float64(l.Sequence)
		if l.Sequence == 0 {
			length = float64(w.Context)
			if w.Phase == "prefill" {
				length = (length + 1) / 2 // causal: token i attends to i tokens
			}
		}
		d.Outputs = v * float64(l.Heads*l.HeadDim)
		d.DynamicMACs = 2 * length * d.Outputs
		d.Ops = 5 * v * length * float64(l.Heads) // softmax: subtract, exponentiate, add, divide, scale
		bits := 2 * length * float64(l.KVHeads*l.HeadDim*w.OutputBits)
		written := 2 * float64(l.KVHeads*l.HeadDim*w.OutputBits)
		switch {
		case w.Phase == "generate" && w.Cache == "dram":
			d.DRAMBits = bits + written
		case w.Phase == "prefill" && w.Cache == "dram":
			// Keys and values are written once and read once, by all tokens.
			d.DRAMBits = 2 * written
		default:
			d.CacheBits = bits + written
		}
	case "embedding":
		d.Outputs = v * float64(l.Outputs)
		d.DRAMBits = d.Outputs * float64(w.WeightBits)
	case "elementwise":
		d.Outputs = v * float64(l.Outputs)
		d.Ops = l.Ops * d.Outputs
	}
	return d
}

// Counts are the size of a workload.
type Counts struct {
	Weights     float64 // stored in arrays
	Parameters  float64 // all trained numbers: weights, biases, embeddings, normalisation
	MACs        float64 // of stored matrices, per inference or token
	DynamicMACs float64 // of attention
	Ops         float64 // digital operations
	DRAMBits    float64
}

// Count returns the size of w.
func (w *Workload) Count() Counts {
	var c Counts
	for i := range w.Layers {
		l := &w.Layers[i]
		d := w.Demand(l)
		n := float64(l.Repeat)
		stored := float64(d.Rows) * float64(d.Cols) * float64(d.Parts)
		c.Weights += n * stored
		c.MACs += n * stored * d.Vectors
		c.DynamicMACs += n * d.DynamicMACs
		c.Ops += n * d.Ops
		c.DRAMBits += n * d.DRAMBits
		own := stored
		if l.Shared {
			own = 0
		}
		switch l.Kind {
		case "dense", "conv":
			if l.Bias {
				own += float64(l.Outputs)
			}
		case "embedding":
			own = float64(l.Inputs) * float64(l.Outputs)
		case "elementwise":
			own = float64(l.ParametersEach) * float64(l.Outputs)
		}
		c.Parameters += n * own
	}
	return c
}
