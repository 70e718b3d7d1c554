package energy

import (
	"mho/aimc/network"
)

// OfNetwork returns the workload of one inference of a network on tiles: its
// matrices with the vectors that go through each, the products of attention, and
// an operation per number of what is digital besides (pooling: per number that it reads;
// normalisation: 5). The error tells of a network without layers.
func OfNetwork(name string, n *network.Network) (*Workload, error) {
	var out []Layer
	in := n.Input()
	for i, l := range n.Layers() {
		shape := n.Shape(i)
		features := in[len(in)-1]
		vectors := in.Len() / features
		add := func(x Layer) {
			if x.Name = l.Name; x.Name == "" {
				x.Name = l.Kind()
			}
			out = append(out, x)
		}
		switch k := l.Layer.(type) {
		case network.Dense:
			add(Layer{Inputs: features, Outputs: k.Outputs, Vectors: vectors, Bias: !k.NoBias})
		case network.Conv:
			add(Layer{Inputs: in[0] * k.Kernel[0] * k.Kernel[1], Outputs: k.Channels, Vectors: shape[1] * shape[2], Bias: !k.NoBias})
		case network.Attention:
			length := vectors
			if k.Causal {
				length = (vectors + 1) / 2
			}
			add(Layer{Inputs: features, Outputs: 3 * features, Vectors: vectors, Bias: true})
			add(Layer{Kind: "attention", Heads: k.Heads, HeadDim: features / k.Heads, Sequence: length, Vectors: vectors})
			add(Layer{Inputs: features, Outputs: features, Vectors: vectors, Bias: true})
		case network.LSTM:
			add(Layer{Inputs: features, Outputs: 4 * k.Units, Vectors: vectors, Bias: true})
			add(Layer{Inputs: k.Units, Outputs: 4 * k.Units, Vectors: vectors, Bias: true})
			add(Layer{Kind: "elementwise", Outputs: k.Units, Ops: 9, Vectors: vectors}) // five functions, three products, a sum
		case network.Flatten, network.Reshape:
		case network.BatchNorm, network.LayerNorm:
			add(Layer{Kind: "elementwise", Outputs: shape.Len(), Ops: 5})
		case network.Pool, network.Mean:
			add(Layer{Kind: "elementwise", Outputs: in.Len(), Ops: 1})
		default:
			add(Layer{Kind: "elementwise", Outputs: shape.Len(), Ops: 1})
		}
		in = shape
	}
	w, err := NewNetwork(name, out)
	if err == nil {
		w.Cache = "chip"
	}
	return w, err
}
