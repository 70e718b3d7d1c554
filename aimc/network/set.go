package network

import (
	"fmt"
	"math"
	"slices"

	"mho/aimc/digits"
)

// A Set holds inputs with their classes.
type Set struct {
	Shape  Shape     // of an input
	X      []float32 // Len() inputs
	Labels []int     // the class of each input, from 0
}

// Len returns the number of inputs.
func (s *Set) Len() int { return len(s.Labels) }

// Digits returns a set of printed digits.
func Digits(d *digits.Set) *Set {
	s := &Set{Shape: Shape{1, digits.Size, digits.Size}, X: d.Images, Labels: make([]int, d.Len())}
	for i, l := range d.Labels {
		s.Labels[i] = int(l)
	}
	return s
}

// Validate returns an error that names an input that is not finite or a label that is not below classes.
func (s *Set) Validate(classes int) error {
	if s.Len() == 0 {
		return fmt.Errorf("a set without inputs: must have at least one")
	}
	if len(s.X) != s.Len()*s.Shape.Len() {
		return fmt.Errorf("%d numbers for %d labels: must be %v for each", len(s.X), s.Len(), s.Shape)
	}
	for i, x := range s.X {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return fmt.Errorf("input %d, element %d is %g: must be finite", i/s.Shape.Len(), i%s.Shape.Len(), x)
		}
	}
	for i, l := range s.Labels {
		if l < 0 || l >= classes {
			return fmt.Errorf("label %d is %d: must be from 0 to %d, the network's last class", i, l, classes-1)
		}
	}
	return nil
}

// Check reports whether the network can classify the set: shapes, finite inputs and labels. An image of one channel may
// lack that dimension, and a network of vectors takes inputs of any shape with as many numbers.
func (n *Network) Check(s *Set) error {
	if len(n.Output()) != 1 {
		return fmt.Errorf("the network's output is %v: must be [classes] to classify", n.Output())
	}
	same := slices.Equal(s.Shape, n.input) || slices.Equal(append(Shape{1}, s.Shape...), n.input) || len(n.input) == 1 && s.Shape.Len() == n.input[0]
	if !same {
		return fmt.Errorf("inputs of the data are %v, those of the network %v: must be the same", s.Shape, n.input)
	}
	return s.Validate(n.Output()[0])
}

// Accuracy returns the share of inputs whose class has the largest of the outputs y (Len() x classes). It panics
// if y has the wrong length.
func (s *Set) Accuracy(y []float32) float64 {
	classes := len(y) / s.Len()
	if len(y) != classes*s.Len() || classes == 0 {
		panic("network: wrong number of outputs")
	}
	right := 0
	for i, l := range s.Labels {
		row := y[i*classes:][:classes]
		best := 0
		for k, v := range row {
			if v > row[best] {
				best = k
			}
		}
		if best == l {
			right++
		}
	}
	return float64(right) / float64(s.Len())
}
