package noise

import (
	"fmt"
	"math"
	"slices"
)

// A Histogram is the distribution function of a stream of numbers of any length, in
// bounded memory: counts in bins that divide each factor of 2 into 4096, and the
// smallest and largest values themselves. So probabilities and quantiles in the
// tails are exact, and elsewhere a quantile is within 1.3e-4 of the truth, relatively
// (less: bins are straight lines inside).
//
// A Histogram of numbers between 1e-9 and 1e3 takes 1.3 MB and the tails. The
// zero Histogram keeps no tails; NewHistogram makes one that does. Adding in
// any order and merging in any order give the same Histogram.
type Histogram struct {
	pages [4096]*[binsPerOctave]uint64 // by sign and exponent
	count uint64
	tail  int
	// The tails hold at least the last tail values, not in order; a value enters if
	// it is beyond the limit. When they are full the inner half is dropped.
	low, high           []float64
	lowLimit, highLimit float64
}

const binsPerOctave = 1 << 12

// NewHistogram returns a Histogram that keeps the given number of smallest and of largest
// values: 1000 make the outer 1e-5 of 1e8 numbers exact. It panics if tail is negative.
func NewHistogram(tail int) *Histogram {
	if tail < 0 {
		panic("noise: negative number of values")
	}
	return &Histogram{tail: tail, lowLimit: math.Inf(1), highLimit: math.Inf(-1)}
}

// ordered maps numbers to integers of the same order; the top 12 bits number pages.
func ordered(x float64) uint64 {
	b := math.Float64bits(x)
	return b ^ (uint64(int64(b)>>63) | 1<<63)
}

// Add adds numbers. The error names the first that is not finite; the numbers
// before it are added.
func (h *Histogram) Add(x []float64) error {
	keep := h.tail > 0
	for i, v := range x {
		if v-v != 0 {
			return fmt.Errorf("value %d is %g: must be finite", i+1, v)
		}
		o := ordered(v + 0) // -0 is 0
		page := h.pages[o>>52]
		if page == nil {
			page = h.page(int(o >> 52))
		}
		page[o>>40&(binsPerOctave-1)]++
		h.count++
		if keep {
			if v < h.lowLimit {
				h.low = append(h.low, v)
				if len(h.low) >= 2*h.tail+64 {
					h.trim()
				}
			}
			if v > h.highLimit {
				h.high = append(h.high, v)
				if len(h.high) >= 2*h.tail+64 {
					h.trim()
				}
			}
		}
	}
	return nil
}

func (h *Histogram) page(n int) *[binsPerOctave]uint64 {
	p := h.pages[n]
	if p == nil {
		p = new([binsPerOctave]uint64)
		h.pages[n] = p
	}
	return p
}

// trim sorts the tails and leaves the outermost.
func (h *Histogram) trim() {
	slices.Sort(h.low)
	if len(h.low) > h.tail {
		h.low = h.low[:h.tail]
		h.lowLimit = h.low[h.tail-1]
	}
	slices.Sort(h.high)
	if d := len(h.high) - h.tail; d > 0 {
		copy(h.high, h.high[d:])
		h.high = h.high[:h.tail]
		h.highLimit = h.high[0]
	}
}

// Merge adds the numbers of other, which stays as it is. It panics unless both keep
// tails of one length.
func (h *Histogram) Merge(other *Histogram) {
	if h.tail != other.tail {
		panic("noise: histograms with tails of different lengths")
	}
	for n, p := range other.pages {
		if p == nil {
			continue
		}
		to := h.page(n)
		for i, c := range p {
			to[i] += c
		}
	}
	h.count += other.count
	h.low = append(h.low, other.low...)
	h.high = append(h.high, other.high...)
	h.trim()
}

// Count returns how many numbers were added.
func (h *Histogram) Count() uint64 { return h.count }

// edge returns the number at the lower edge of bin i of page n.
func edge(n, i int) float64 {
	o := uint64(n)<<52 + uint64(i)<<40 // the bin after the last is on the next page
	if o&(1<<63) != 0 {
		return math.Float64frombits(o &^ (1 << 63))
	}
	// A negative number: the bin's lower edge in order is the one of larger magnitude.
	return math.Float64frombits(^o)
}

// CDF returns the share of the numbers that are at most x: exact in the tails, and
// straight between the edges of a bin elsewhere. The error tells that there are no numbers.
func (h *Histogram) CDF(x float64) (float64, error) {
	if h.count == 0 {
		return 0, fmt.Errorf("the distribution of no numbers: must be at least 1")
	}
	if math.IsNaN(x) {
		return 0, fmt.Errorf("the distribution function at NaN: must be a number")
	}
	h.trim()
	n := float64(h.count)
	if l := len(h.low); l > 0 && x < h.low[l-1] {
		i, _ := slices.BinarySearchFunc(h.low, x, after)
		return float64(i) / n, nil
	}
	if len(h.high) > 0 && x >= h.high[0] {
		i, _ := slices.BinarySearchFunc(h.high, x, after)
		return 1 - float64(len(h.high)-i)/n, nil
	}
	o := ordered(x + 0)
	number, bin := int(o>>52), int(o>>40&(binsPerOctave-1))
	below, inside := uint64(0), uint64(0)
	for k, p := range h.pages[:number+1] {
		switch {
		case p == nil:
		case k < number:
			for _, c := range p {
				below += c
			}
		default:
			for _, c := range p[:bin] {
				below += c
			}
			inside = p[bin]
		}
	}
	a, b := edge(number, bin), edge(number, bin+1)
	return (float64(below) + float64(inside)*(x-a)/(b-a)) / n, nil
}

// after orders the values at most x before the rest.
func after(v, x float64) int {
	if v <= x {
		return -1
	}
	return 1
}

// Quantile returns the number that a share p of the numbers does not exceed, the
// value of rank ceil(p count): that value itself in the tails, and a point of its bin
// elsewhere. The error tells of p outside 0 to 1, or that there are no numbers.
func (h *Histogram) Quantile(p float64) (float64, error) {
	switch {
	case h.count == 0:
		return 0, fmt.Errorf("a quantile of no numbers: must be at least 1")
	case !(p >= 0 && p <= 1):
		return 0, fmt.Errorf("quantile at probability %g: must be from 0 to 1", p)
	}
	h.trim()
	rank := min(max(uint64(math.Ceil(p*float64(h.count))), 1), h.count) // from 1
	if rank <= uint64(len(h.low)) {
		return h.low[rank-1], nil
	}
	if back := h.count - rank; back < uint64(len(h.high)) {
		return h.high[uint64(len(h.high))-1-back], nil
	}
	below := uint64(0)
	for k, p := range h.pages {
		if p == nil {
			continue
		}
		for i, c := range p {
			if below += c; below >= rank {
				a, b := edge(k, i), edge(k, i+1)
				return a + (b-a)*(float64(rank-(below-c))-0.5)/float64(c), nil
			}
		}
	}
	panic("noise: histogram without its numbers")
}
