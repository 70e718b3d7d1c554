package pulsed

import "math"

// chunk is the number of cells that are worked on together: the scratch of all
// steps stays in the first-level cache.
const chunk = 256

// scratch holds the intermediate values of one chunk.
type scratch struct {
	alpha, y, x [chunk]float64
	z           [chunk]float32
	count       [chunk]int8
}

// pulse applies one pulse of alpha full steps, positive up, to each cell from
// first on: the mean step is that of alpha full pulses after each other, and its
// variance that of as many independent ones. z holds standard normals.
func (p *Population) pulse(first int, alpha []float64, z []float32, s *scratch) {
	if p.law != nil {
		p.curved(first, alpha, z, s)
		return
	}
	for j, a := range alpha {
		if a == 0 {
			continue
		}
		k := first + j
		d := 0
		if a < 0 {
			d, a = 1, -a
		}
		l := p.lines[d][k]
		slope := float64(l.slope)
		step := float64(slope*p.w[k]) + float64(l.offset)
		mean, std := step, p.sigma*math.Abs(step)
		if p.add[d] != nil {
			std = float64(p.add[d][k])
		}
		if a != 1 {
			mean, std = a*step, math.Sqrt(a)*std
			if slope != 0 && slope > -0.5 {
				mean = step * math.Expm1(a*math.Log1p(slope)) / slope
			}
		}
		p.w[k] = p.clip(k, p.w[k]+mean+float64(std*float64(z[j])))
	}
}

// curved is pulse for the laws that are not linear.
func (p *Population) curved(first int, alpha []float64, z []float32, s *scratch) {
	y := s.y[:len(alpha)]
	p.law.relative(y, p, first, alpha)
	for j, a := range alpha {
		if a == 0 {
			continue
		}
		k := first + j
		d, sign := 0, 1.0
		if a < 0 {
			d, sign, a = 1, -1, -a
		}
		step := y[j] * float64(p.scale[d][k])
		std := p.sigma * (math.Abs(step) + p.stdAdd + p.stdSlope*math.Abs(p.w[k]))
		p.w[k] = p.clip(k, p.w[k]+sign*a*step+float64(math.Sqrt(a)*std*float64(z[j])))
	}
}

// lump applies |count| pulses, upward where count is positive, to each cell from
// first on, all at once. With r = 1 + slope, n pulses move the weight by
//
//	step (r^n - 1)/slope
//
// on average, and their noise has the standard deviation
//
//	additive        add sqrt((r^2n - 1)/(r^2 - 1))
//	multiplicative  |step| sigma sqrt(n) r^(n-1) (1 + (n - 1) ε/4),  ε = (slope sigma/r)²
//
// which are the moments of pulses after each other, but for bounds that are met
// on the way and for terms of (nε)².
func (p *Population) lump(first int, count []int8, z []float32) {
	n := len(count)
	w, b, z := p.w[first:][:n], p.bounds[first:][:n], z[:n]
	lines := [2][]line{p.lines[0][first:][:n], p.lines[1][first:][:n]}
	var add [2][]float32
	additive := p.add[0] != nil
	if additive {
		add = [2][]float32{p.add[0][first:][:n], p.add[1][first:][:n]}
	}
	for j, c := range count {
		if c == 0 {
			continue
		}
		d := uint8(c) >> 7
		m := int(c)
		if d == 1 {
			m = -m
		}
		l := lines[d][j]
		slope, pulses := float64(l.slope), float64(m)
		step := float64(slope*w[j]) + float64(l.offset)
		// growth is (r^n - 1)/slope and power is r^n.
		var growth, power float64
		kappa := 1 - slope*(1.0/2-slope*(1.0/3-slope*(1.0/4-slope*(1.0/5-slope*(1.0/6))))) // ln(r)/slope
		h := pulses * slope * kappa / 4
		if h > -0.5 && h < 0.5 {
			// (e^h - 1)/h by its series, then twice (e^2h - 1)/2h = (e^h - 1)/h (1 + (e^h - 1)/2).
			f := 1 + h/2*(1+h/3*(1+h/4*(1+h/5*(1+h/6*(1+h/7)))))
			q := h * f
			f *= 1 + q/2
			q *= 2 + q
			f *= 1 + q/2
			q *= 2 + q
			growth, power = pulses*kappa*f, 1+q
		} else {
			growth, power = grow(slope, pulses)
		}
		var std float64
		if additive {
			// (r^2n - 1)/(r^2 - 1) = growth (power + 1)/(r + 1)
			std = float64(add[d][j]) * math.Sqrt(growth*(power+1)/(2+slope))
		} else {
			r := 1 + slope
			eps := slope * p.sigma / r
			std = math.Abs(step) * p.sigma * roots[m&127] * power / r * (1 + (pulses-1)*eps*eps/4)
		}
		x := w[j] + float64(step*growth) + float64(std*float64(z[j]))
		w[j] = min(max(x, float64(b[j].min)), float64(b[j].max))
	}
}

// grow returns ((1 + slope)^n - 1)/slope and (1 + slope)^n. A device whose steps
// would pass its fixed point, which a lognormal spread may draw, goes there.
func grow(slope, n float64) (growth, power float64) {
	slope = max(slope, -0.999999)
	q := math.Expm1(n * math.Log1p(slope))
	return q / slope, 1 + q
}

// roots are the square roots of the numbers of pulses in a train.
var roots = func() (r [128]float64) {
	for n := range r {
		r[n] = math.Sqrt(float64(n))
	}
	return r
}()

// fineness says whether several pulses of a linear law may be taken at once: the
// range takes at least a hundred nominal steps, a step changes by at most 5 % from
// one pulse to the next, and the noise of a whole train changes steps little.
func (p *Population) fineness(slope float64) {
	relative := slope * p.sigma
	if p.add[0] != nil {
		relative = 0
	}
	p.fine = p.dw <= 0.01*(p.wMax-p.wMin) && slope <= 0.05 && relative <= 0.01
}
