package vmath

import "math"

// Affine holds walks whose step is affine in the position: element i at w goes by
// Slope[d][i] w + Offset[d][i], up (d = 0) or down (d = 1), and stays between
// Min[i] and Max[i].
type Affine struct {
	Slope, Offset [2][]float32
	Min, Max      []float32
}

// MostSteps is the largest number of steps of Walk.
const MostSteps = 64

// Walk lets element first+j go |count[j]| <= MostSteps steps, upward where count is
// positive, all at once; most is at least the largest |count|. With r = 1 + slope,
// n steps from w move by
//
//	step (1 + r + ... + r^(n-1))
//
// on average. Each has a relative noise of standard deviation sigma, so that the
// walk has the standard deviation
//
//	|step| sigma sqrt(n) r^(n-1) (1 + (n - 1) ε/4),  ε = (slope sigma/r)²
//
// but for terms of (nε)²; z holds its standard normals. The bounds count at the end
// only. What is added is computed in float32: powers and their sum by doubling,
// which is right for any slope, also 0. It panics if a slice is too short or a count
// too large.
func (a *Affine) Walk(w []float64, first int, count []int8, z []float32, sigma float32, most int) {
	n := len(count)
	if most > MostSteps {
		panic("vmath: too many steps")
	}
	s := walk{w: w[first:][:n], count: count, z: z[:n], sigma: sigma, lo: a.Min[first:][:n], hi: a.Max[first:][:n]}
	for d := range 2 {
		s.slope[d], s.offset[d] = a.Slope[d][first:][:n], a.Offset[d][first:][:n]
	}
	for 1<<s.doublings < most {
		s.doublings++
	}
	for j := s.vector(); j < n; j++ {
		s.scalar(j)
	}
}

// walk holds the arguments of the kernels, all of one length.
type walk struct {
	w             []float64
	count         []int8
	z             []float32
	slope, offset [2][]float32
	lo, hi        []float32
	sigma         float32
	doublings     int // bits of the largest number of steps less 1
}

// scalar is the Go twin of the kernels for element j.
func (s *walk) scalar(j int) {
	s.w[j] = within(s.w[j]+float64(s.move(j)), s.lo[j], s.hi[j])
}

// move returns what element j goes by.
func (s *walk) move(j int) float32 {
	c := int(s.count[j])
	if c == 0 {
		return 0
	}
	d := 0
	if c < 0 {
		d, c = 1, -c
	}
	slope := s.slope[d][j]
	step := float32(slope*float32(s.w[j])) + s.offset[d][j]
	r := max(1+slope, 0)
	m := c - 1
	power, sum := float32(1), float32(0)
	rk, sk := r, float32(1)
	for range s.doublings {
		if m&1 != 0 {
			sum += float32(power * sk)
			power = float32(power * rk)
		}
		m >>= 1
		sk += float32(sk * rk)
		rk = float32(rk * rk)
	}
	sum += power
	q := float32(slope*s.sigma) / max(r, 0.5) // behind a bound that is reached in a step no noise is seen
	std := float32(float32(step*s.sigma) * float32(float32(math.Sqrt(float64(c)))*power))
	std = float32(std * (1 + float32(float32(0.25*float32(c-1))*float32(q*q))))
	return float32(step*sum) + float32(std*s.z[j])
}

// within returns w within its bounds.
func within(w float64, lo, hi float32) float64 {
	if top := float64(hi); top < w {
		w = top
	}
	if bottom := float64(lo); bottom > w {
		w = bottom
	}
	return w
}
