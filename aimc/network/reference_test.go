package network

import "math"

// reference computes the outputs of one input in float64 from the layers' definitions, element by element
// and without matrix products, from weights in get.
func reference(n *Network, get func(name string) []float64, x []float64) []float64 {
	outs := map[string][]float64{"input": x}
	in := n.input
	for i, l := range n.layers {
		a := func(name string) []float64 { return get(l.Name + "." + name) }
		x = referenceLayer(l.Layer, a, outs, in, n.ops[i].out(), x)
		outs[l.Name] = x
		in = n.ops[i].out()
	}
	return x
}

func referenceLayer(l Layer, a func(string) []float64, outs map[string][]float64, in, out Shape, x []float64) []float64 {
	y := make([]float64, out.Len())
	bias := func(o int) float64 { // a layer may have none
		if b := a("bias"); b != nil {
			return b[o]
		}
		return 0
	}
	switch l := l.(type) {
	case Dense:
		f := in[len(in)-1]
		for t := range in.Len() / f {
			for o := range l.Outputs {
				s := bias(o)
				for i := range f {
					s += a("weight")[o*f+i] * x[t*f+i]
				}
				y[t*l.Outputs+o] = s
			}
		}
	case Conv:
		st := [2]int{max(1, l.Stride[0]), max(1, l.Stride[1])}
		for o := range l.Channels {
			for r := range out[1] {
				for c := range out[2] {
					s := bias(o)
					for i := range in[0] {
						for u := range l.Kernel[0] {
							for v := range l.Kernel[1] {
								row, col := r*st[0]+u-l.Padding[0], c*st[1]+v-l.Padding[1]
								if row >= 0 && row < in[1] && col >= 0 && col < in[2] {
									s += a("weight")[((o*in[0]+i)*l.Kernel[0]+u)*l.Kernel[1]+v] * x[(i*in[1]+row)*in[2]+col]
								}
							}
						}
					}
					y[(o*out[1]+r)*out[2]+c] = s
				}
			}
		}
	case Pool:
		st := l.Stride
		if st[0] == 0 {
			st = l.Kernel
		}
		for o := range in[0] {
			for r := range out[1] {
				for c := range out[2] {
					top, sum := math.Inf(-1), 0.0
					for u := range l.Kernel[0] {
						for v := range l.Kernel[1] {
							z := x[(o*in[1]+r*st[0]+u)*in[2]+c*st[1]+v]
							top, sum = max(top, z), sum+z
						}
					}
					if l.Mode == Average {
						top = sum / float64(l.Kernel[0]*l.Kernel[1])
					}
					y[(o*out[1]+r)*out[2]+c] = top
				}
			}
		}
	case Activation:
		for i, v := range x {
			switch l.Function {
			case "relu":
				y[i] = math.Max(v, 0)
			case "tanh":
				y[i] = (math.Exp(v) - math.Exp(-v)) / (math.Exp(v) + math.Exp(-v))
			case "sigmoid":
				y[i] = 1 / (1 + math.Exp(-v))
			case "gelu":
				y[i] = v / 2 * (1 + math.Erf(v/math.Sqrt2))
			}
		}
	case BatchNorm:
		channels := in[0]
		if len(in) == 2 {
			channels = in[1]
		}
		for i, v := range x {
			c := i % channels
			if len(in) == 3 {
				c = i / (in[1] * in[2])
			}
			y[i] = (v-a("running_mean")[c])/math.Sqrt(a("running_var")[c]+1e-5)*a("weight")[c] + a("bias")[c]
		}
	case LayerNorm:
		f := in[len(in)-1]
		for t := range in.Len() / f {
			var m, s float64
			for i := range f {
				m += x[t*f+i] / float64(f)
			}
			for i := range f {
				s += math.Pow(x[t*f+i]-m, 2) / float64(f)
			}
			for i := range f {
				y[t*f+i] = (x[t*f+i]-m)/math.Sqrt(s+1e-5)*a("weight")[i] + a("bias")[i]
			}
		}
	case Add:
		for i, v := range x {
			y[i] = v + outs[l.From][i]
		}
	case Position:
		for i, v := range x {
			y[i] = v + a("weight")[i]
		}
	case Mean:
		if len(in) == 3 {
			for i, v := range x {
				y[i/(in[1]*in[2])] += v / float64(in[1]*in[2])
			}
			break
		}
		for i, v := range x {
			y[i%in[1]] += v / float64(in[0])
		}
	case LSTM:
		u, f := l.Units, in[1]
		h, c := make([]float64, u), make([]float64, u)
		for t := range in[0] {
			z := make([]float64, 4*u)
			for k := range z {
				z[k] = a("bias_ih_l0")[k] + a("bias_hh_l0")[k]
				for i := range f {
					z[k] += a("weight_ih_l0")[k*f+i] * x[t*f+i]
				}
				for i := range u {
					z[k] += a("weight_hh_l0")[k*u+i] * h[i]
				}
			}
			for k := range u {
				gate := func(part int) float64 { return 1 / (1 + math.Exp(-z[part*u+k])) }
				c[k] = gate(1)*c[k] + gate(0)*math.Tanh(z[2*u+k])
				h[k] = gate(3) * math.Tanh(c[k])
			}
			if l.Sequence {
				copy(y[t*u:], h)
			}
		}
		if !l.Sequence {
			copy(y, h)
		}
	case Attention:
		s, f, d := in[0], in[1], in[1]/l.Heads
		project := func(row int, t int) float64 {
			sum := a("in_proj_bias")[row]
			for i := range f {
				sum += a("in_proj_weight")[row*f+i] * x[t*f+i]
			}
			return sum
		}
		joined := make([]float64, s*f)
		for h := range l.Heads {
			for t := range s {
				e, sum := make([]float64, s), 0.0
				for r := range s {
					score := 0.0
					for k := range d {
						score += project(h*d+k, t) * project(f+h*d+k, r) / math.Sqrt(float64(d))
					}
					if !l.Causal || r <= t {
						e[r] = math.Exp(score)
					}
					sum += e[r]
				}
				for k := range d {
					for r := range s {
						joined[t*f+h*d+k] += e[r] / sum * project(2*f+h*d+k, r)
					}
				}
			}
		}
		for t := range s {
			for o := range f {
				y[t*f+o] = a("out_proj.bias")[o]
				for i := range f {
					y[t*f+o] += a("out_proj.weight")[o*f+i] * joined[t*f+i]
				}
			}
		}
	default: // Flatten, Reshape
		copy(y, x)
	}
	return y
}
