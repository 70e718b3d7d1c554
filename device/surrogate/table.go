package surrogate

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/interp"
)

// A Coordinate is the function h of conductance in which a population counts its
// state.
type Coordinate string

const (
	Linear      Coordinate = "g"    // h = G
	Logarithmic Coordinate = "ln g" // h = ln G
	Resistance  Coordinate = "1/g"  // h = -1/G
)

var coordinates = []Coordinate{Linear, Logarithmic, Resistance}

// coordinatesOf lists the coordinates for a range. Over more than four decades 1/g
// would leave no digits for the conducting end.
func coordinatesOf(gMin, gMax float64) []Coordinate {
	if gMax > 1e4*gMin {
		return coordinates[:2]
	}
	return coordinates
}

// h maps a conductance in S to the coordinate; it rises with g.
func (c Coordinate) h(g float64) float64 {
	switch c {
	case Logarithmic:
		return math.Log(g)
	case Resistance:
		return -1 / g
	}
	return g
}

// g is the inverse of h, S.
func (c Coordinate) g(h float64) float64 {
	switch c {
	case Logarithmic:
		return math.Exp(h)
	case Resistance:
		return -1 / h
	}
	return h
}

// scale maps conductances of one device to s from 0 to 1 and back.
type scale struct {
	c      Coordinate
	lo, dh float64
}

func newScale(c Coordinate, gMin, gMax float64) scale {
	lo := c.h(gMin)
	return scale{c, lo, c.h(gMax) - lo}
}

func (s scale) s(g float64) float64 { return (s.c.h(g) - s.lo) / s.dh }

// A Flow is what pulses do to s. Under one amplitude s flows as ds/dn = F(s), with n
// counted in reference pulses; a pulse of a width w is worth so many of them. For
// an element whose drift depends on its state and its drive only that is exact,
// whatever the width and wherever the pulse ends.
type Flow struct {
	Fractions []float64    // of the direction's amplitude, increasing, the first above 0
	Widths    []float64    // s, increasing
	Edges     []float64    // of the intervals of s, from 0 to 1
	Rate      [2][]float64 // [direction][fraction*intervals+interval] F in the interval
	Worth     [2][]float64 // [direction][fraction*len(Widths)+width] reference pulses
	Std       [2][]float64 // as Rate: deviation from cycle to cycle of the step of a pulse of Widths[nominalWidth]; nil if none

	fine [2][]float64 // Rate at finer fractions, linear between them
}

// finer is the number of rows of Flow.fine for each fraction.
const finer = 8

// refine makes fine. Rates that are positive, or negative, at neighbouring fractions
// are interpolated by monotone cubics of their logarithms, which is the better the
// closer they are to powers or exponentials of the amplitude.
func (t *Flow) refine() {
	n, nf := t.intervals(), len(t.Fractions)
	for dir := range t.Rate {
		fine := make([]float64, ((nf-1)*finer+1)*n)
		for k := range n {
			column := make([]float64, nf)
			for j := range column {
				column[j] = t.Rate[dir][j*n+k]
			}
			for from := 0; from < nf; {
				to := from + 1
				for to < nf && column[to]*column[from] > 0 {
					to++
				}
				t.refineRun(column, from, to, func(row int, v float64) { fine[row*n+k] = v })
				if to < nf {
					for i := range finer + 1 {
						r := float64(i) / finer
						fine[((to-1)*finer+i)*n+k] = column[to-1] + r*(column[to]-column[to-1])
					}
				}
				from = to
			}
		}
		t.fine[dir] = fine
	}
}

// refineRun puts the entries from..to-1 of a column, all of one sign or zero, on
// the finer rows.
func (t *Flow) refineRun(column []float64, from, to int, put func(row int, v float64)) {
	if to-from < 3 || column[from] == 0 {
		for j := from; j < to; j++ {
			put(j*finer, column[j])
			if j+1 < to {
				for i := 1; i < finer; i++ {
					put(j*finer+i, between(column[j], column[j+1], float64(i)/finer))
				}
			}
		}
		return
	}
	logs := make([]float64, to-from)
	for j := range logs {
		logs[j] = math.Log(math.Abs(column[from+j]))
	}
	var c interp.FritschButland
	if err := c.Fit(t.Fractions[from:to], logs); err != nil {
		panic("surrogate: fractions do not increase") // checked where they enter
	}
	for j := from; j < to; j++ {
		put(j*finer, column[j])
		for i := 1; i < finer && j+1 < to; i++ {
			f := t.Fractions[j] + float64(i)/finer*(t.Fractions[j+1]-t.Fractions[j])
			put(j*finer+i, math.Copysign(math.Exp(c.Predict(f)), column[from]))
		}
	}
}

// rates returns the rows of fine around a fraction of the amplitude and the weight of
// the second. Below the first fraction the second is zero's: rates fall in proportion.
func (t *Flow) rates(dir int, f float64) (a, b []float64, wa, wb float64) {
	n := t.intervals()
	if first := t.Fractions[0]; f <= first {
		row := t.fine[dir][:n]
		return row, row, f / first, 0
	}
	j, r := bracket(t.Fractions, math.Min(f, t.Fractions[len(t.Fractions)-1]))
	x := r * finer
	i := min(int(x), finer-1)
	row := j*finer + i
	q := x - float64(i)
	return t.fine[dir][row*n:][:n], t.fine[dir][(row+1)*n:][:n], 1 - q, q
}

// worths returns the reference pulses that a width is worth at each fraction,
// exponential in its logarithm between the widths measured.
func (t *Flow) worths(dir int, width float64) []float64 {
	out := make([]float64, len(t.Fractions))
	nw := len(t.Widths)
	m, _ := bracket(t.Widths, width)
	r := math.Log(width/t.Widths[m]) / math.Log(t.Widths[m+1]/t.Widths[m])
	for j := range out {
		out[j] = between(t.Worth[dir][j*nw+m], t.Worth[dir][j*nw+m+1], r)
	}
	return out
}

// at interpolates a list by fraction, geometrically.
func (t *Flow) at(list []float64, f float64) float64 {
	if f <= t.Fractions[0] {
		return list[0]
	}
	j, r := bracket(t.Fractions, math.Min(f, t.Fractions[len(t.Fractions)-1]))
	return between(list[j], list[j+1], r)
}

// intervals returns the number of intervals.
func (t *Flow) intervals() int { return len(t.Edges) - 1 }

// interval returns the interval that holds s.
func (t *Flow) interval(s float64) int {
	lo, hi := 0, t.intervals()
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; t.Edges[mid] <= s {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// move returns where s is after n reference pulses at the rates wa a + wb b.
func (t *Flow) move(s, n float64, a, b []float64, wa, wb float64) float64 {
	last := 0.0
	for i := t.interval(s); n > 0; {
		v := wa*a[i] + wb*b[i]
		if v == 0 || v*last < 0 {
			return s // where the flows of both sides end
		}
		to := t.Edges[i]
		if v > 0 {
			to = t.Edges[i+1]
		}
		need := (to - s) / v
		if need > n {
			return s + n*v
		}
		n -= need
		s, last = to, v
		if v > 0 {
			i++
		} else {
			i--
		}
		if i < 0 || i == t.intervals() {
			return s
		}
	}
	return s
}

// passed returns the reference pulses that take s0 to s1, NaN if none do.
func (t *Flow) passed(s0, s1 float64, a, b []float64, wa, wb float64) float64 {
	lo, hi := math.Min(s0, s1), math.Max(s0, s1)
	sum := 0.0
	for i := t.interval(lo); i < t.intervals() && t.Edges[i] < hi; i++ {
		from, to := math.Max(lo, t.Edges[i]), math.Min(hi, t.Edges[i+1])
		if v := wa*a[i] + wb*b[i]; v*(s1-s0) > 0 {
			sum += (to - from) / math.Abs(v)
		} else if to > from {
			return math.NaN()
		}
	}
	if !(sum > 0) || math.IsInf(sum, 1) {
		return math.NaN()
	}
	return sum
}

// edges divides the range so that each interval is about a share 1/n of it in each
// of the coordinates: evenly in their mean.
func edges(c Coordinate, gMin, gMax float64, n int) []float64 {
	var scales []scale
	for _, h := range coordinatesOf(gMin, gMax) {
		scales = append(scales, newScale(h, gMin, gMax))
	}
	own := newScale(c, gMin, gMax)
	count := n * len(scales)
	e := make([]float64, count+1)
	e[count] = 1
	for k := 1; k < count; k++ {
		lo, hi := math.Log(gMin), math.Log(gMax)
		for range 60 {
			mid := 0.5 * (lo + hi)
			sum := 0.0
			for _, s := range scales {
				sum += s.s(math.Exp(mid))
			}
			if sum < float64(k)/float64(n) {
				lo = mid
			} else {
				hi = mid
			}
		}
		e[k] = own.s(math.Exp(lo))
	}
	return e
}

// bracket returns i and r such that x is r of the way from a[i] to a[i+1].
func bracket(a []float64, x float64) (i int, r float64) {
	if len(a) == 1 {
		return 0, 0
	}
	i = min(max(sort.SearchFloat64s(a, x)-1, 0), len(a)-2)
	return i, (x - a[i]) / (a[i+1] - a[i])
}

// between interpolates two numbers geometrically where they have the same sign, as
// suits powers of the width and exponentials of the amplitude.
func between(a, b, r float64) float64 {
	switch {
	case r <= 0:
		return a
	case r >= 1:
		return b
	case a*b > 0:
		return a * math.Pow(b/a, r)
	}
	return a + r*(b-a)
}
