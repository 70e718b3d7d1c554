package network

import (
	"context"
	"fmt"
	"math"
	"strings"

	"mho/internal/quantity"
	"mho/noise"
)

// Optimisers.
const (
	Adam = "adam" // D. P. Kingma and J. Ba, arXiv:1412.6980, with β = 0.9, 0.999
	SGD  = "sgd"  // stochastic gradient descent with momentum
)

// Training says how to train. NewTraining returns the defaults. With WeightNoise, WeightBits, InputBits or
// WeightClip it is hardware-aware: the forward pass multiplies by weights as a tile would hold
// them, gradients go to the exact ones (straight-through).
type Training struct {
	Optimizer string  // Adam or SGD
	Rate      float64 // learning rate at the start; it falls to 0 as half a cosine
	Momentum  float64 // of SGD
	Epochs    int     // times that every input is seen
	Batch     int     // inputs for each step

	WeightNoise float64 // standard deviation of the weights' noise, of the largest weight of a matrix; fresh for every batch
	WeightBits  int     // resolution of weights, 2^bits - 1 steps around 0; 0 is exact
	InputBits   int     // resolution of a matrix' inputs, for the largest magnitude of the vector; 0 is exact
	WeightClip  float64 // weights are held within this many standard deviations of their matrix; 0 is without
}

// NewTraining returns plain training with Adam.
func NewTraining() Training {
	return Training{Optimizer: Adam, Rate: 0.002, Momentum: 0.9, Epochs: 6, Batch: 64}
}

// Params declares the parameters, for the table [training].
func (t *Training) Params() []quantity.Param {
	const assumed = "assumption"
	bits := quantity.Between(0, 24)
	return []quantity.Param{
		{Name: "optimizer", Value: &t.Optimizer, Options: []string{Adam, SGD}, Meaning: "Adam, or stochastic gradient descent with momentum", Source: assumed},
		{Name: "rate", Value: &t.Rate, Range: quantity.Positive(), Meaning: "learning rate at the start; it falls to 0 as half a cosine", Source: assumed},
		{Name: "momentum", Value: &t.Momentum, Range: quantity.Between(0, 0.9999), Meaning: "momentum of sgd", Source: assumed},
		{Name: "epochs", Value: &t.Epochs, Range: quantity.Between(1, 1e5), Meaning: "times that every image is seen", Source: assumed},
		{Name: "batch", Value: &t.Batch, Range: quantity.Between(1, 1<<16), Meaning: "images for each step", Source: assumed},
		{Name: "weight_noise", Value: &t.WeightNoise, Range: quantity.Between(0, 10), Meaning: "hardware-aware: standard deviation of noise on the weights, relative to the largest of their matrix, fresh for every batch", Source: assumed},
		{Name: "weight_bits", Value: &t.WeightBits, Range: bits, Meaning: "hardware-aware: resolution of the weights; 0 is exact", Source: assumed},
		{Name: "input_bits", Value: &t.InputBits, Range: bits, Meaning: "hardware-aware: resolution of the inputs of a matrix; 0 is exact", Source: assumed},
		{Name: "weight_clip", Value: &t.WeightClip, Range: quantity.NonNegative(), Meaning: "hardware-aware: weights are held within this many standard deviations of their matrix; 0 is without", Source: assumed},
	}
}

// Validate returns an error that names a value that is not allowed.
func (t *Training) Validate() error {
	for _, p := range t.Params() {
		var x float64
		switch v := p.Value.(type) {
		case *float64:
			x = *v
		case *int:
			x = float64(*v)
		case *string:
			if *v != Adam && *v != SGD {
				return fmt.Errorf("%s is %q: must be %q or %q", p.Name, *v, Adam, SGD)
			}
			continue
		}
		if !p.Range.Contains(x) || strings.HasSuffix(p.Name, "_bits") && x == 1 {
			return fmt.Errorf("%s is %g: must be %s, and not 1 if it counts bits", p.Name, x, p.Range.Text(""))
		}
	}
	return nil
}

// Train initialises the network and trains it to classify a set, by the mean cross-entropy of the softmax of its
// outputs. Key draws the first weights, the order of the inputs and the noise. Told, unless it is nil, hears the mean
// loss of every epoch. The error tells of a setting or set that does not fit, of a layer that cannot be trained, that the loss
// is no longer finite, or that ctx is done.
func (n *Network) Train(ctx context.Context, set *Set, t Training, key noise.Key, told func(epoch int, loss float64)) error {
	if err := t.Validate(); err != nil {
		return fmt.Errorf("training: %w", err)
	}
	if err := n.Check(set); err != nil {
		return err
	}
	if err := n.Trainable(); err != nil {
		return err
	}
	n.Initialise(key)
	tr := newTrainer(n, t, key.Domain(noise.Programming))
	count, size := set.Len(), n.input.Len()
	batch := min(t.Batch, count)
	steps := t.Epochs * (count / batch)
	x, labels := make([]float32, batch*size), make([]int, batch)
	order := make([]int, count)
	for i := range order {
		order[i] = i
	}
	step := 0
	for epoch := range t.Epochs {
		shuffle(order, key.Fold(uint64(epoch)))
		var loss float64
		for b := range count / batch {
			if err := ctx.Err(); err != nil {
				return err
			}
			for i, from := range order[b*batch : (b+1)*batch] {
				copy(x[i*size:(i+1)*size], set.X[from*size:])
				labels[i] = set.Labels[from]
			}
			l, err := tr.step(ctx, x, labels, step, t.Rate*(1+math.Cos(math.Pi*float64(step)/float64(steps)))/2)
			if err != nil {
				return err
			}
			loss += l / float64(count/batch)
			step++
		}
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return fmt.Errorf("training: the loss of epoch %d is %g: must be finite, a smaller rate than %g may help", epoch+1, loss, t.Rate)
		}
		if told != nil {
			told(epoch+1, loss)
		}
	}
	return nil
}

// Trainable returns an error that names a layer that cannot be trained.
func (n *Network) Trainable() error {
	for i, o := range n.ops {
		if _, ok := o.(trainable); !ok {
			return fmt.Errorf("layer %q (%s): cannot be trained", n.layers[i].Name, n.layers[i].Kind())
		}
	}
	return nil
}

// shuffle permutes by the method of R. A. Fisher and F. Yates.
func shuffle(order []int, key noise.Key) {
	u := make([]float64, len(order))
	key.Uniform(u, noise.At{})
	for i := len(order) - 1; i > 0; i-- {
		j := int(u[i] * float64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}

// A trainer takes the steps of a training.
type trainer struct {
	net           *Network
	t             Training
	key           noise.Key
	pass          *pass
	hardware      *hardware // or nil
	first, second [][]float32
}

func newTrainer(n *Network, t Training, key noise.Key) *trainer {
	tr := &trainer{net: n, t: t, key: key}
	tr.pass = n.newPass(digital{})
	if t.WeightNoise > 0 || t.WeightBits > 0 || t.InputBits > 0 {
		tr.hardware = newHardware(n, t)
		tr.pass.product = tr.hardware
	}
	for _, a := range n.arrays {
		for _, all := range []*[][]float32{&tr.pass.grads, &tr.first, &tr.second} {
			*all = append(*all, make([]float32, len(a.Data)))
		}
	}
	return tr
}

// step takes one step with a batch and returns its mean loss.
func (tr *trainer) step(ctx context.Context, x []float32, labels []int, number int, rate float64) (float64, error) {
	if tr.hardware != nil {
		tr.hardware.draw(tr.key, uint64(number))
	}
	loss, err := tr.net.gradients(ctx, tr.pass, x, labels)
	if err != nil {
		return 0, err
	}
	const beta1, beta2, small = 0.9, 0.999, 1e-8
	r, mu := float32(rate), float32(tr.t.Momentum)
	if tr.t.Optimizer == Adam {
		k := float64(number + 1)
		r = float32(rate * math.Sqrt(1-math.Pow(beta2, k)) / (1 - math.Pow(beta1, k)))
	}
	for i, a := range tr.net.arrays {
		if a.fixed {
			continue
		}
		m, v := tr.first[i], tr.second[i]
		for j, g := range tr.pass.grads[i] {
			if tr.t.Optimizer == SGD {
				m[j] = mu*m[j] + g
				a.Data[j] -= r * m[j]
				continue
			}
			m[j] += (1 - beta1) * (g - m[j])
			v[j] += (1 - beta2) * (g*g - v[j])
			a.Data[j] -= r * m[j] / (float32(math.Sqrt(float64(v[j]))) + small)
		}
	}
	if tr.t.WeightClip > 0 {
		for _, m := range tr.net.matrices {
			clip(m.Weights.Data, tr.t.WeightClip)
		}
	}
	return loss, nil
}

// clip holds weights within so many of their standard deviations around 0.
func clip(w []float32, sigmas float64) {
	var square float64
	for _, v := range w {
		square += float64(v) * float64(v)
	}
	limit := float32(sigmas * math.Sqrt(square/float64(len(w))))
	for i, v := range w {
		w[i] = min(max(v, -limit), limit)
	}
}

// gradients sets p.grads to the gradients of the mean cross-entropy of a batch, and returns that.
func (n *Network) gradients(ctx context.Context, p *pass, x []float32, labels []int) (float64, error) {
	m, last := len(labels), len(n.ops)-1
	p.ctx, p.first = ctx, 0
	y, err := n.forward(p, x, m)
	if err != nil {
		return 0, err
	}
	for _, g := range p.grads {
		clear(g)
	}
	dys := make([][]float32, len(n.ops))
	dys[last] = p.spaces[last].floats(gradientSlot, len(y))
	loss := crossEntropy(dys[last], y, labels)
	early := make([][]float32, len(n.ops)) // what Adds gave back
	for i := last; i >= 0; i-- {
		in, dx := x, []float32(nil)
		if i > 0 {
			in = p.outputs[i-1]
			dx = p.spaces[i-1].floats(gradientSlot, len(in))
			dys[i-1] = dx
		}
		if early[i] != nil {
			axpy(dys[i], 1, early[i])
		}
		n.ops[i].(trainable).backward(p, &p.spaces[i], dx, dys[i], p.outputs[i], in, m)
		if a, ok := n.ops[i].(*add); ok && a.from >= 0 {
			if early[a.from] == nil {
				early[a.from] = make([]float32, len(dys[i]))
			}
			axpy(early[a.from], 1, dys[i])
		}
	}
	return loss, nil
}

// crossEntropy returns the mean of -ln softmax(y)[label] and sets dy to its gradient.
func crossEntropy(dy, y []float32, labels []int) (loss float64) {
	classes := len(y) / len(labels)
	copy(dy, y)
	for i, l := range labels {
		row := dy[i*classes:][:classes]
		softmax(row)
		loss -= math.Log(max(float64(row[l]), math.SmallestNonzeroFloat32))
		row[l]--
		for k := range row {
			row[k] /= float32(len(labels))
		}
	}
	return loss / float64(len(labels))
}

// hardware multiplies as a tile does, roughly: by weights with steps and noise, and inputs with steps.
type hardware struct {
	t       Training
	net     *Network
	held    [][]float32 // weights of the matrices as held
	scratch []float32
}

func newHardware(n *Network, t Training) *hardware {
	h := &hardware{t: t, net: n}
	for _, m := range n.matrices {
		h.held = append(h.held, make([]float32, len(m.Weights.Data)))
	}
	return h
}

// draw sets the weights that a batch sees.
func (h *hardware) draw(key noise.Key, batch uint64) {
	for i, m := range h.net.matrices {
		held := h.held[i]
		largest := quantise(held, m.Weights.Data, h.t.WeightBits)
		if h.t.WeightNoise == 0 {
			continue
		}
		z := h.scratch[:0]
		if cap(z) < len(held) {
			z = make([]float32, len(held))
		}
		z = z[:len(held)]
		key.Fold(uint64(i)).Normal32(z, noise.At{Event: batch})
		axpy(held, float32(h.t.WeightNoise)*largest, z)
		h.scratch = z
	}
}

// quantise rounds src to 2^bits - 1 steps between plus and minus its largest magnitude, which it returns.
func quantise(dst, src []float32, bits int) (largest float32) {
	for _, v := range src {
		largest = max(largest, v, -v)
	}
	if bits == 0 || largest == 0 {
		copy(dst, src)
		return largest
	}
	step := largest / float32(int(1)<<(bits-1)-1)
	for i, v := range src {
		dst[i] = step * float32(math.RoundToEven(float64(v/step)))
	}
	return largest
}

func (h *hardware) multiply(_ context.Context, m *Matrix, y, x []float32, k, _ int) error {
	if h.t.InputBits > 0 {
		if cap(h.scratch) < len(x) {
			h.scratch = make([]float32, len(x))
		}
		h.scratch = h.scratch[:len(x)]
		for i := range k {
			quantise(h.scratch[i*m.Inputs:][:m.Inputs], x[i*m.Inputs:][:m.Inputs], h.t.InputBits)
		}
		x = h.scratch
	}
	times(m, h.held[m.index], y, x, k)
	return nil
}

func (h *hardware) weights(m *Matrix) []float32 { return h.held[m.index] }
