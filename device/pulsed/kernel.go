package pulsed

import (
	"math"

	"mho/internal/vmath"
)

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
func (p *Population) lump(first int, count []int8, z []float32, s *scratch) {
	n := len(count)
	w, b, z := p.w[first:][:n], p.bounds[first:][:n], z[:n]
	lines := [2][]line{p.lines[0][first:][:n], p.lines[1][first:][:n]}
	if p.flat {
		for j, c := range count {
			d, m := split(c)
			step := float64(lines[d][j].offset)
			std := step * p.sigma * roots[m]
			w[j] = between(w[j]+float64(float64(m)*step)+float64(std*float64(z[j])), b[j])
		}
		return
	}
	power := s.x[:n]
	for j, c := range count {
		d, m := split(c)
		power[j] = float64(lines[d][j].log) * float64(m)
	}
	vmath.Exp(power, power)
	var add [2][]float32
	additive := p.add[0] != nil
	if additive {
		add = [2][]float32{p.add[0][first:][:n], p.add[1][first:][:n]}
	}
	for j, c := range count {
		d, m := split(c)
		l := lines[d][j]
		slope, rn := float64(l.slope), power[j]
		step := float64(slope*w[j]) + float64(l.offset)
		r := 1 + slope
		if slope < -0.5 {
			r = 0.5 // of the noise behind a bound that is reached in a step nothing is seen
		}
		// One division gives 1/slope and 1/r.
		q := 1 / (slope * r)
		growth, inverse := (rn-1)*(r*q), slope*q
		if slope > -1e-9 && slope < 1e-9 {
			growth, inverse = float64(m), 1 // the quotient cancels
		}
		var std float64
		if additive {
			// (r^2n - 1)/(r^2 - 1) = growth (r^n + 1)/(r + 1)
			std = float64(add[d][j]) * math.Sqrt(growth*(rn+1)/(r+1))
		} else {
			eps := slope * p.sigma * inverse
			std = (step * p.sigma) * (roots[m] * (rn * inverse)) * (1 + (0.25*float64(m-1))*(eps*eps))
		}
		w[j] = between(w[j]+float64(step*growth)+float64(std*float64(z[j])), b[j])
	}
}

// split returns the direction, 0 up and 1 down, and the number of pulses, which the
// mask lets the compiler know to be below 128.
func split(c int8) (d, n int) {
	sign := int(c >> 7)
	return -sign & 1, ((int(c) ^ sign) - sign) & 127
}

// between returns the weight within its bounds. The built-in min and max also
// order zeros and NaN, which takes longer.
func between(w float64, b bounds) float64 {
	if top := float64(b.max); w > top {
		w = top
	}
	if bottom := float64(b.min); w < bottom {
		w = bottom
	}
	return w
}

// roots are the square roots of the numbers of pulses in a train.
var roots = func() (r [128]float64) {
	for n := range r {
		r[n] = math.Sqrt(float64(n))
	}
	return r
}()

// logarithms keeps ln(1 + slope) of all devices for lump. A device whose steps would
// pass its fixed point goes there at once.
func (p *Population) logarithms() {
	if !p.fine || p.flat {
		return
	}
	for _, lines := range p.lines {
		for k, l := range lines {
			lines[k].log = float32(math.Log1p(max(float64(l.slope), -0.999999)))
		}
	}
}

// fineness says whether several pulses of a linear law may be taken at once: the
// range takes at least a hundred nominal steps, a step changes by at most 5 % from
// one pulse to the next, and the noise of a whole train changes steps little.
// Slope is the largest nominal one; 0 says that every device's is 0.
func (p *Population) fineness(slope float64) {
	relative := slope * p.sigma
	if p.add[0] != nil {
		relative = 0
	}
	p.flat = slope == 0 && p.add[0] == nil
	p.fine = p.dw <= 0.01*(p.wMax-p.wMin) && slope <= 0.05 && relative <= 0.01
}
