package energy

import (
	"testing"

	"mho/aimc/network"
)

// TestOfNetwork holds the workload of a network to the network's own matrices and
// to its products, counted one by one.
func TestOfNetwork(t *testing.T) {
	for _, c := range []struct {
		name    string
		input   network.Shape
		layers  []network.Named
		macs    float64
		dynamic float64
	}{
		{"images", network.Shape{1, 8, 8}, []network.Named{
			{Layer: network.Conv{Channels: 4, Kernel: [2]int{3, 3}, Padding: [2]int{1, 1}}}, {Layer: network.Activation{Function: "relu"}},
			{Layer: network.Flatten{}}, {Layer: network.Dense{Outputs: 10}},
		}, 64*9*4 + 256*10, 0},
		{"sequences", network.Shape{6, 8}, []network.Named{{Layer: network.Attention{Heads: 2}}, {Layer: network.LayerNorm{}}, {Layer: network.LSTM{Units: 5}}, {Layer: network.Dense{Outputs: 3}}},
			6*(8*24+8*8) + 6*(8*20+5*20) + 15, 2 * 6 * 6 * 8},
	} {
		n, err := network.New(c.input, c.layers)
		if err != nil {
			t.Fatal(err)
		}
		w, err := OfNetwork(c.name, n)
		if err != nil {
			t.Fatal(err)
		}
		stored := 0
		for _, m := range n.Matrices() {
			stored += m.Outputs * m.Inputs
		}
		k := w.Count()
		if k.Weights != float64(stored) || k.MACs != c.macs || k.DynamicMACs != c.dynamic {
			t.Errorf("%s: %g weights, %g MACs, %g of attention, want %d, %g, %g", c.name, k.Weights, k.MACs, k.DynamicMACs, stored, c.macs, c.dynamic)
		}
		if _, err := Project(architecture(t, "generic"), w, nil); err != nil {
			t.Error(err)
		}
	}
}
