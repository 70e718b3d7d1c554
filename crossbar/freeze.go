package crossbar

import (
	"math"

	"mho/noise"
)

// Freeze draws the noise of devices that is slower than an evaluation, and sets mean, in S, and
// variance, in S², to those of their reads in it,
//
//	G_read = max(0, G + s_slow N + s_fast N'),
//
// in which N is one number per device for the whole evaluation, and N' is fresh at each read.
// g, slow and fast are the conductances and standard deviations in S, of rows of cols devices; N is
// the Normal32 of the key at row and column. The moments are those of the normal distribution that is
// clipped at 0, with g = G + s_slow N, s = s_fast and a = g/s,
//
//	mean = g Φ(a) + s φ(a),  mean square = (g² + s²) Φ(a) + g s φ(a),
//
// to 1e-9 of s and s², whatever share is clipped. mean may be g, and variance fast. Freeze panics if the lengths
// differ or are no multiple of cols.
func Freeze(mean, variance, g, slow, fast []float64, cols int, key noise.Key) {
	n := len(g)
	if len(mean) != n || len(variance) != n || len(slow) != n || len(fast) != n || cols < 1 || n%cols != 0 {
		panic("crossbar: dimension mismatch")
	}
	var (
		normal [512]float32
		near   [len(normal)]noisy // that may be clipped
	)
	for row := range n / cols {
		for col := 0; col < cols; col += len(normal) {
			z := normal[:min(len(normal), cols-col)]
			key.Normal32(z, noise.At{Row: uint32(row), Col: uint32(col)})
			at := row*cols + col
			m, v := mean[at:][:len(z)], variance[at:][:len(z)]
			g, slow, fast := g[at:][:len(z)], slow[at:][:len(z)], fast[at:][:len(z)]
			// Which devices these are is as good as random: they are gathered without a branch.
			count := 0
			for i, z := range z {
				x, s := g[i]+slow[i]*float64(z), fast[i]
				m[i], v[i] = x, s*s
				near[count%len(near)] = noisy{x, s, i}
				count += int(math.Float64bits(x-edge*s) >> 63)
			}
			for _, d := range near[:count] {
				m[d.at], v[d.at] = d.clip()
			}
		}
	}
}

// A noisy device has the conductance g + s N at a read, in S.
type noisy struct {
	g, s float64
	at   int
}

// clip returns the mean and the variance of max(0, g + s N).
func (d noisy) clip() (mean, variance float64) {
	a := d.g / d.s
	if !(a > -edge) { // nor where both are 0
		return 0, 0
	}
	mean, square := moments.at(min(a, edge))
	return d.s * mean, d.s * d.s * notNegative(square-mean*mean)
}

// clipped returns the mean and the mean square of max(0, a + N).
func clipped(a float64) (mean, square float64) {
	share := math.Erfc(-a/math.Sqrt2) / 2
	mean = a*share + math.Exp(-a*a/2)/math.Sqrt(2*math.Pi)
	return mean, share + a*mean
}

// edge is where the share of a normal distribution that is clipped, or left, is 1e-19.
const edge = 9

// moments are those of max(0, a + N) at a from -edge to edge in steps of 1/momentSteps.
var moments = newMomentTable()

const momentSteps = 64

// A momentTable holds the mean, half the derivative of the mean square being the same, its derivative
// and the mean square at every step.
type momentTable [2*edge*momentSteps + 1]struct{ mean, slope, square float64 }

func newMomentTable() *momentTable {
	t := new(momentTable)
	for i := range t {
		a := float64(i)/momentSteps - edge
		e := &t[i]
		e.mean, e.square = clipped(a)
		e.slope = math.Erfc(-a/math.Sqrt2) / 2
	}
	return t
}

// at interpolates by polynomials of third degree that have both values and both derivatives
// (Hermite). As fourth derivatives are below 1 the error is below 1/384 of the fourth power of the step, 2e-10.
func (t *momentTable) at(a float64) (mean, square float64) {
	const step = 1.0 / momentSteps
	f := (a + edge) * momentSteps
	i := int(f)
	x := f - float64(i)
	p, q := &t[i], &t[i+1]
	y := 1 - x
	l, r := y*y*(1+2*x), x*x*(1+2*y)
	dl, dr := x*y*y*step, -x*x*y*step
	mean = l*p.mean + r*q.mean + (dl*p.slope + dr*q.slope)
	square = l*p.square + r*q.square + 2*(dl*p.mean+dr*q.mean)
	return notNegative(mean), square
}

// notNegative is max(0, x) of what is not NaN.
func notNegative(x float64) float64 {
	if x < 0 {
		return 0
	}
	return x
}
