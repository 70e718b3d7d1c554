package plots

import (
	"math"
	"slices"
)

// tick is a mark on an axis; one without label is minor.
type tick struct {
	at    float64
	label string
}

// spacing decides how many ticks an axis carries.
type spacing struct {
	face     typeface
	length   float64 // of the axis, in points
	vertical bool
}

// size returns the extent of a label along the axis.
func (s spacing) size(label string) float64 {
	if s.vertical {
		return capHeight * s.face.size
	}
	return textWidth(s.face, label)
}

// The least gap between labels, in units of the type size, and the one that
// looks well on a linear axis.
const (
	leastGap = 0.6
	wideGap  = 1.2
)

// fit reports whether labels at the given places keep a gap.
func (s spacing) fit(r *ruler, ticks []tick, gap float64) bool {
	gap *= s.face.size
	end, first := 0.0, true
	sorted := slices.Clone(ticks)
	slices.SortFunc(sorted, func(a, b tick) int {
		if r.at(a.at) < r.at(b.at) {
			return -1
		}
		return 1
	})
	for _, t := range sorted {
		if t.label == "" {
			continue
		}
		h := s.size(t.label) / 2
		at := r.at(t.at)
		if !first && at-h < end+gap {
			return false
		}
		end, first = at+h, false
	}
	return true
}

// most is the number of labels beyond which an axis looks crowded.
func (s spacing) most() int {
	pitch := 3.4 * s.face.size
	if s.vertical {
		pitch = 3.4 * s.face.size
	}
	return max(3, int(s.length/pitch)+1)
}

// choose sets the ticks and the title of r for its place on the page.
func (r *ruler) choose(t typeface, vertical bool) {
	s := spacing{face: t, length: math.Abs(r.to - r.from), vertical: vertical}
	exp, unit := 0, r.Unit
	r.slant = false
	switch {
	case len(r.Categories) > 0:
		r.ticks = nil
		for i, c := range r.Categories {
			if v := float64(i); v >= r.lo && v <= r.hi {
				r.ticks = append(r.ticks, tick{v, c})
			}
		}
		r.slant = !vertical && !s.fit(r, r.ticks, leastGap)
	case r.Ticks != nil:
		exp, unit = scaleUnit(r.Unit, r.peak(), r.NoPrefix)
		r.ticks = nil
		for _, v := range r.Ticks {
			if v >= r.lo && v <= r.hi {
				r.ticks = append(r.ticks, tick{v, short(v / math.Pow10(exp))})
			}
		}
	case r.Scale == Log:
		_, unit = r.logTicks(s)
	case r.Scale == SymLog:
		if r.symlogTicks(s); countLabels(r.ticks) < 2 {
			exp, unit = scaleUnit(r.Unit, r.peak(), r.NoPrefix)
			r.linearTicks(s, exp)
		}
	case r.Scale.probability():
		r.probabilityTicks(s)
		if unit == "" {
			unit = "%"
		}
	default:
		exp, unit = scaleUnit(r.Unit, r.peak(), r.NoPrefix)
		r.linearTicks(s, exp)
	}
	r.title = title(r.Label, unit)
	r.labels = 0
	for _, k := range r.ticks {
		if k.label == "" {
			continue
		}
		w, h := textWidth(t, k.label), capHeight*t.size
		switch {
		case vertical:
			r.labels = max(r.labels, w)
		case r.slant:
			r.labels = max(r.labels, (w+h)*math.Sqrt2/2)
		default:
			_, _, top, deep := typeset(t, k.label)
			// Digits do not reach below the baseline, subscripts and words do.
			if len(r.Categories) == 0 {
				deep = 0
			}
			r.labels = max(r.labels, max(h, min(top, 1.02*t.size))+min(deep, descender*t.size))
		}
	}
}

func (r *ruler) peak() float64 { return max(math.Abs(r.lo), math.Abs(r.hi)) }

// linearTicks puts labels at multiples of 1, 2 or 5 times a power of ten, at
// the smallest step whose labels fit.
func (r *ruler) linearTicks(s spacing, exp int) {
	unit := math.Pow10(exp)
	lo, hi := r.lo/unit, r.hi/unit
	k := int(math.Floor(math.Log10(hi-lo))) - 2
	var best, dense []tick
	var denseStep float64
	for n := range 12 {
		mant := []float64{1, 2, 5}[n%3]
		p := k + n/3
		step := mant * math.Pow10(p)
		ticks := multiples(lo, hi, step, func(v float64) tick { return tick{v * unit, decimal(v, -p)} })
		if len(ticks) == 0 {
			break
		}
		if !s.fit(r, ticks, leastGap) {
			best = ticks[:1]
			continue
		}
		if len(ticks) > s.most() || !s.fit(r, ticks, wideGap) {
			best, dense, denseStep = ticks, ticks, mant
			continue
		}
		best = ticks
		if len(ticks) < 3 && dense != nil {
			// Rather crowded than with a single label.
			best, mant = dense, denseStep
			step = dense[1].at/unit - dense[0].at/unit
		}
		parts := map[float64]float64{1: 5, 2: 4, 5: 5}[mant]
		if s.length*step/parts/(hi-lo) < 3 {
			parts = map[float64]float64{1: 2, 2: 2, 5: 1}[mant]
		}
		if s.length*step/parts/(hi-lo) >= 3 && parts > 1 {
			labelled := len(best)
			for _, m := range multiples(lo, hi, step/parts, func(v float64) tick { return tick{at: v * unit} }) {
				if !slices.ContainsFunc(best[:labelled], func(t tick) bool { return math.Abs(t.at-m.at) < step*unit/parts/2 }) {
					best = append(best, m)
				}
			}
		}
		break
	}
	r.ticks = best
}

// multiples returns the ticks at multiples of step from lo to hi, and none if
// there are very many.
func multiples(lo, hi, step float64, make func(v float64) tick) []tick {
	const slop = 1e-9
	i, j := math.Ceil(lo/step-slop), math.Floor(hi/step+slop)
	var out []tick
	for ; i <= j && len(out) < 1000; i++ {
		out = append(out, make(i*step))
	}
	return out
}

// logTicks labels decades. Where fewer than three fall on the axis it labels
// 1, 2 and 5, or each multiple; below a decade it falls back on linear steps.
func (r *ruler) logTicks(s spacing) (exp int, unit string) {
	a, b := math.Log10(r.lo), math.Log10(r.hi)
	i, j := int(math.Ceil(a-1e-9)), int(math.Floor(b+1e-9))
	if j-i >= 2 {
		r.decadeTicks(s, i, j)
		return 0, r.Unit
	}
	exp, unit = scaleUnit(r.Unit, r.hi, r.NoPrefix)
	for _, digits := range []string{"125", "12357", "123456789"} {
		var ticks, minor []tick
		for p := i - 2; p <= j+1; p++ {
			for d := 1; d < 10; d++ {
				v := float64(d) * math.Pow10(p)
				if v < r.lo*(1-1e-9) || v > r.hi*(1+1e-9) {
					continue
				}
				if slices.Contains([]byte(digits), byte('0'+d)) {
					ticks = append(ticks, tick{v, short(round(v / math.Pow10(exp)))})
				} else {
					minor = append(minor, tick{at: v})
				}
			}
		}
		if len(ticks) >= 3 && s.fit(r, ticks, leastGap) {
			r.ticks = append(ticks, minor...)
			return exp, unit
		}
	}
	if j > i {
		r.decadeTicks(s, i, j)
		return 0, r.Unit
	}
	r.linearTicks(s, exp)
	return exp, unit
}

// round removes the last bits, so that 20.000000000000004 is written as 20.
func round(v float64) float64 {
	p := math.Pow10(12 - int(math.Ceil(math.Log10(math.Abs(v)))))
	return math.Round(v*p) / p
}

// decadeTicks labels every decade from 10^i to 10^j, or every n-th.
func (r *ruler) decadeTicks(s spacing, i, j int) {
	plainly := i >= -2 && j <= 3
	label := func(p int) string {
		if plainly {
			return decimal(math.Pow10(p), -p)
		}
		return "10^{" + integer(p) + "}"
	}
	for n := 1; ; n++ {
		r.ticks = nil
		for p := i; p <= j; p++ {
			t := tick{at: math.Pow10(p)}
			if mod(p, n) == 0 || j-i < n && p == i {
				t.label = label(p)
			}
			r.ticks = append(r.ticks, t)
		}
		if n > j-i || s.fit(r, r.ticks, leastGap) && (j-i)/n+1 <= s.most() {
			if n == 1 && s.length/(math.Log10(r.hi/r.lo)) > 12 {
				r.subdivide(i-1, j, 1)
			}
			return
		}
	}
}

// subdivide adds minor ticks at 2 to 9 times the decades i to j.
func (r *ruler) subdivide(i, j int, sign float64) {
	for p := i; p <= j; p++ {
		for d := 2.0; d < 10; d++ {
			if v := sign * d * math.Pow10(p); v >= r.lo && v <= r.hi {
				r.ticks = append(r.ticks, tick{at: v})
			}
		}
	}
}

func countLabels(ticks []tick) int {
	n := 0
	for _, t := range ticks {
		if t.label != "" {
			n++
		}
	}
	return n
}

// mod returns p modulo n, not negative.
func mod(p, n int) int { return ((p % n) + n) % n }

// symlogTicks labels zero and the decades on both sides of it.
func (r *ruler) symlogTicks(s spacing) {
	first := int(math.Ceil(math.Log10(r.threshold) - 1e-9))
	last := int(math.Floor(math.Log10(r.peak()) + 1e-9))
	for n := 1; ; n++ {
		r.ticks = nil
		if r.lo <= 0 && r.hi >= 0 {
			r.ticks = append(r.ticks, tick{0, "0"})
		}
		for p := first; p <= last; p++ {
			for _, sign := range []float64{-1, 1} {
				v := sign * math.Pow10(p)
				if v < r.lo || v > r.hi {
					continue
				}
				t := tick{at: v}
				if mod(last-p, n) == 0 {
					t.label = "10^{" + integer(p) + "}"
					if sign < 0 {
						t.label = "−" + t.label
					}
				}
				r.ticks = append(r.ticks, t)
			}
		}
		if n > last-first || s.fit(r, r.ticks, leastGap) && len(r.ticks)/n <= s.most()+1 {
			return
		}
	}
}

// probabilityTicks labels percentages, the rounder ones first.
func (r *ruler) probabilityTicks(s spacing) {
	type mark struct {
		p     float64
		label string
	}
	r.ticks = nil
	for _, m := range []mark{
		{0.5, "50"}, {0.1, "10"}, {0.9, "90"}, {0.01, "1"}, {0.99, "99"},
		{0.001, "0.1"}, {0.999, "99.9"}, {0.0001, "0.01"}, {0.9999, "99.99"},
		{1e-5, "0.001"}, {1 - 1e-5, "99.999"}, {1e-6, "0.0001"}, {1 - 1e-6, "99.9999"},
		{0.3, "30"}, {0.7, "70"}, {0.2, "20"}, {0.8, "80"}, {0.05, "5"}, {0.95, "95"},
	} {
		if m.p < r.lo || m.p > r.hi {
			continue
		}
		t := tick{m.p, m.label}
		if !s.fit(r, append(slices.Clone(r.ticks), t), leastGap) {
			t.label = ""
		}
		r.ticks = append(r.ticks, t)
	}
	for _, p := range []float64{0.02, 0.4, 0.6, 0.98} {
		if p > r.lo && p < r.hi {
			r.ticks = append(r.ticks, tick{at: p})
		}
	}
}
