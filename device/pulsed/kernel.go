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
		slope := float64(p.walks.Slope[d][k])
		step := float64(slope*p.w[k]) + float64(p.walks.Offset[d][k])
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

// lump applies |count| <= most pulses, upward where count is positive, to each cell
// from first on, all at once. Relative noise is that of vmath.Affine.Walk; additive
// noise has the standard deviation
//
//	add sqrt((r^2n - 1)/(r² - 1)),  r = 1 + slope.
//
// These are the moments of pulses after each other, but for bounds that are met on
// the way.
func (p *Population) lump(first int, count []int8, z []float32, most int) {
	if p.add[0] == nil {
		p.walks.Walk(p.w, first, count, z, float32(p.sigma), most)
		return
	}
	for j, c := range count {
		if c == 0 {
			continue
		}
		k, d, n := first+j, 0, int(c)
		if n < 0 {
			d, n = 1, -n
		}
		slope := float64(p.walks.Slope[d][k])
		step := float64(slope*p.w[k]) + float64(p.walks.Offset[d][k])
		r := max(1+slope, 0)
		power, sum := geometric(r, n)
		std := float64(p.add[d][k]) * math.Sqrt(sum*(power+1)/(r+1))
		p.w[k] = p.clip(k, p.w[k]+float64(step*sum)+float64(std*float64(z[j])))
	}
}

// geometric returns r^n and 1 + r + ... + r^(n-1), without the cancellation of the
// closed form at r = 1.
func geometric(r float64, n int) (power, sum float64) {
	power = 1
	for s := 1.0; n > 0; n >>= 1 {
		if n&1 != 0 {
			sum += float64(power * s)
			power *= r
		}
		s += float64(s * r)
		r *= r
	}
	return power, sum
}

// fineness says whether several pulses of a linear law may be taken at once: the
// range takes at least a hundred nominal steps, a step changes by at most 5 % from
// one pulse to the next, and the noise of a whole train changes steps little.
// Slope is the largest nominal one.
func (p *Population) fineness(slope float64) {
	relative := slope * p.sigma
	if p.add[0] != nil {
		relative = 0
	}
	p.fine = p.dw <= 0.01*(p.wMax-p.wMin) && slope <= 0.05 && relative <= 0.01
}
