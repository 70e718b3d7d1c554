package energy

import (
	"fmt"
	"math"
	"sync"

	"mho/internal/quantity"
)

// Scaling is how the energy and area of digital logic change from one node to
// another.
type Scaling struct {
	Energy  float64 // factor of the energy per operation
	Area    float64 // factor of the area
	Sigma   float64 // uncertainty of the energy, decades of standard deviation
	Outside []string
}

type scalingTable struct {
	nodes, a, b, c []float64
	area           []float64 // relative to 130 nm
}

var scalingData = sync.OnceValue(func() *scalingTable {
	t := &scalingTable{}
	var title, source, confidence string
	mustTable("scaling.toml", "", []quantity.Param{
		{Name: "title", Value: &title}, {Name: "source", Value: &source}, {Name: "confidence", Value: &confidence},
		{Name: "nodes", Value: &t.nodes, Unit: "m"}, {Name: "a", Value: &t.a}, {Name: "b", Value: &t.b}, {Name: "c", Value: &t.c},
		{Name: "area_from_130", Value: &t.area},
	})
	return t
})

// ScaleLogic returns the factors from a node and supply to another, after
// Stillmaker and Baas, Integration 58, 74 (2017), doi:10.1016/j.vlsi.2017.02.002:
// energy follows a V² + b V + c of each node, linear in the node between rows;
// area is the ratio of the table's column from 130 nm. Below 7 nm energy goes with the square root of the
// node, area stays that of 7 nm, and Outside says so; above 130 nm it is an
// extrapolation of the last row.
//
// It is for digital logic. Array cells are set by conductance, voltage and time,
// wires barely scale, and converters limited by noise do not.
// The error names a node or supply that is not above 0.
func ScaleLogic(from, fromSupply, to, toSupply float64) (Scaling, error) {
	for _, x := range []struct {
		name, unit string
		v          float64
	}{{"node", "m", from}, {"supply", "V", fromSupply}, {"node", "m", to}, {"supply", "V", toSupply}} {
		if !(x.v > 0) || math.IsInf(x.v, 0) {
			return Scaling{}, fmt.Errorf("%s = %g: must be > 0 %s", x.name, x.v, x.unit)
		}
	}
	t := scalingData()
	s := Scaling{Sigma: 0.1}
	if math.Min(from, to) < 32e-9 && math.Max(from, to) > 20e-9 {
		// The step from the bulk rows to the FinFET rows is a factor of three.
		s.Sigma = 0.2
	}
	for _, n := range []float64{from, to} {
		if n < 7e-9*(1-1e-9) || n > 130e-9*(1+1e-9) {
			s.Outside = append(s.Outside, fmt.Sprintf("%s: the scaling of logic holds from 7 to 130 nm", nanometres(n)))
		}
	}
	s.Energy = t.power(to, toSupply) / t.power(from, fromSupply)
	s.Area = t.areaAt(to) / t.areaAt(from)
	if from == to && fromSupply == toSupply {
		s.Sigma = 0
	}
	return s, nil
}

// position returns the row above and the weight of the row below it.
func (t *scalingTable) position(node float64) (int, float64) {
	last := len(t.nodes) - 1
	if node >= t.nodes[0] {
		return 0, 0
	}
	for k := range last {
		if node >= t.nodes[k+1] {
			return k, (t.nodes[k] - node) / (t.nodes[k] - t.nodes[k+1])
		}
	}
	return last - 1, 1
}

func (t *scalingTable) power(node, v float64) float64 {
	k, w := t.position(node)
	row := func(i int) float64 { return t.a[i]*v*v + t.b[i]*v + t.c[i] }
	p := row(k)*(1-w) + row(k+1)*w
	if last := t.nodes[len(t.nodes)-1]; node < last {
		p *= math.Sqrt(node / last)
	}
	return p
}

func (t *scalingTable) areaAt(node float64) float64 {
	k, w := t.position(node)
	return t.area[k]*(1-w) + t.area[k+1]*w
}
