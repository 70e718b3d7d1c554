package merge

import "mho/crossbar/internal/line"

// circuit is a network with its devices.
type circuit struct {
	line.Network
	g                 []float64 // of the devices, S
	wordNode, bitNode bool      // lines without segment resistance
}

func newCircuit(net line.Network, g []float64) *circuit {
	return &circuit{Network: net, g: g, wordNode: net.RWord == 0 && net.RWordMap == nil, bitNode: net.RBit == 0 && net.RBitMap == nil}
}

// wordLink returns the conductance from node k-1 to node k of word line i, in S; node
// -1 is the terminal of the driver and node Cols that of the far end.
func (c *circuit) wordLink(i, k int) float64 {
	r := c.RWord
	if c.RWordMap != nil {
		r = c.RWordMap[i*(c.Cols+1)+k]
	}
	if k == 0 || k == c.Cols {
		r += c.RDriver
	}
	return 1 / r
}

// bitLink returns the conductance from node k-1 to node k of bit line j, in S; node
// Rows is the terminal of the sense amplifier and node -1 that of the far end.
func (c *circuit) bitLink(k, j int) float64 {
	r := c.RBit
	if c.RBitMap != nil {
		r = c.RBitMap[k*c.Cols+j]
	}
	if k == 0 || k == c.Rows {
		r += c.RSense
	}
	return 1 / r
}
