package catalog_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mho/device"
)

func run(t rapid.TB, el device.Element, w device.Waveform) *device.Trace {
	t.Helper()
	tr, err := device.Run(context.Background(), el, w, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// amplitude returns the amplitude at which the element says that it shows its loop.
func amplitude(el device.Element) float64 {
	if l, ok := el.(device.Looped); ok {
		a, _ := l.LoopDrive()
		return a
	}
	if el.Info().Technology == "pcm" {
		return 0.5 // more overheats a cell without a resistance in series
	}
	return 1
}

// centre starts every bounded state in the middle.
func centre(el device.Element) {
	for _, s := range el.States() {
		if w := 0.5 * (s.Min + s.Max); !math.IsInf(w, 0) && !math.IsNaN(w) {
			*initial(el, s) = w
		}
	}
}

// TestPinched holds the current at zero voltage at zero in any state.
func TestPinched(t *testing.T) {
	eachElement(t, func(t *testing.T, el device.Element) {
		for k := range 11 {
			x, u := states(el, float64(k)/10), make([]float64, len(el.Drives()))
			if r := el.Response(x, u, device.Room()); r != 0 {
				t.Errorf("the response at %v to nothing is %g", x, r)
			}
		}
	})
}

// states returns the states at a fraction of the way between their bounds, those
// without bounds at their initial values.
func states(el device.Element, f float64) []float64 {
	var x []float64
	for _, s := range el.States() {
		v := s.Min + (s.Max-s.Min)*f
		if math.IsInf(s.Min, -1) || math.IsInf(s.Max, 1) {
			v = s.Initial
		}
		x = append(x, v)
	}
	return x
}

// TestSlope compares the slope of the response with a difference quotient, and at
// zero, where a response may have a kink, with those of either side.
func TestSlope(t *testing.T) {
	eachElement(t, func(t *testing.T, el device.Element) {
		a := amplitude(el)
		rapid.Check(t, func(r *rapid.T) {
			x := states(el, rapid.Float64Range(1e-9, 1).Draw(r, "f"))
			u := make([]float64, len(el.Drives()))
			for j := range u {
				u[j] = rapid.Float64Range(0.01*a, a).Draw(r, "u")
				if rapid.Bool().Draw(r, "negative") {
					u[j] = -u[j]
				}
			}
			at := func(d float64) float64 {
				v := slices.Clone(u)
				v[0] += d
				return el.Response(x, v, device.Room())
			}
			got := device.Slope(el, x, u, device.Room())
			// Central differences of two widths, extrapolated.
			h := 1e-4 * math.Abs(u[0])
			d1, d2 := (at(h)-at(-h))/(2*h), (at(2*h)-at(-2*h))/(4*h)
			want := d1 + (d1-d2)/3
			if math.Abs(got-want) > 1e-8*math.Abs(want) {
				r.Fatalf("the slope at %v, %v is %g, differences give %g", x, u, got, want)
			}
			u[0] = 0
			got, h = device.Slope(el, x, u, device.Room()), 1e-9*a
			up, down := at(h)/h, at(-h)/-h
			if got < min(up, down)*(1-1e-3) || got > max(up, down)*(1+1e-3) {
				r.Fatalf("the slope at %v, 0 is %g, differences give %g and %g", x, got, down, up)
			}
		})
	})
}

// TestBounds drives with random lines and holds the states within their bounds,
// everything finite, to the end or to where the element says that its law ends.
func TestBounds(t *testing.T) {
	eachMemristor(t, func(t *testing.T, el device.Element) {
		centre(el)
		f, a := responsive(t, el), amplitude(el)
		rapid.Check(t, func(r *rapid.T) {
			w := device.Waveform{T: []float64{0}, U: make([][]float64, len(el.Drives()))}
			for j := range w.U {
				w.U[j] = []float64{0}
			}
			for range rapid.IntRange(1, 6).Draw(r, "n") {
				dt := math.Pow(10, rapid.Float64Range(-3, 1).Draw(r, "log dt")) / f
				w.T = append(w.T, w.T[len(w.T)-1]+dt)
				for j := range w.U {
					w.U[j] = append(w.U[j], rapid.Float64Range(-2*a, 2*a).Draw(r, "u"))
				}
			}
			tr, err := device.Run(context.Background(), el, w, nil)
			if _, limited := el.(device.Limited); err != nil && !limited {
				r.Fatal(err)
			}
			for j, s := range el.States() {
				for k, x := range tr.X[j] {
					if !(x >= s.Min && x <= s.Max) {
						r.Fatalf("%s = %g in row %d: bounds %g and %g", s.Name, x, k, s.Min, s.Max)
					}
				}
			}
		})
	})
}

// eachMemristor runs a test on every element of two terminals whose first state
// lies between bounds.
func eachMemristor(t *testing.T, test func(t *testing.T, el device.Element)) {
	eachElement(t, func(t *testing.T, el device.Element) {
		s := el.States()[0]
		if len(el.Drives()) == 1 && !math.IsInf(s.Min, -1) && !math.IsInf(s.Max, 1) {
			test(t, el)
		}
	})
}

// responsive returns a frequency in Hz at which a period of a sine moves the
// first state by 2 to 20 per cent of its range.
func responsive(t *testing.T, el device.Element) float64 {
	t.Helper()
	f := 1.0
	for range 60 {
		tr := run(t, el, sine(t, el, f, 64))
		s := el.States()[0]
		switch moved := (slices.Max(tr.X[0]) - slices.Min(tr.X[0])) / (s.Max - s.Min); {
		case moved > 0.2:
			f *= 3
		case moved < 0.02:
			f /= 3
		default:
			return f
		}
	}
	t.Fatal("no sine moves the state")
	return 0
}

func sine(t *testing.T, el device.Element, f float64, samples int) device.Waveform {
	t.Helper()
	w, err := device.Sine(amplitude(el), f, 1, samples)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// eachBipolar leaves out phase-change cells, which heat under either sign and
// crystallise or melt by how long and how much.
func eachBipolar(t *testing.T, test func(t *testing.T, el device.Element)) {
	eachMemristor(t, func(t *testing.T, el device.Element) {
		if el.Info().Technology != "pcm" {
			test(t, el)
		}
	})
}

// TestFingerprints checks the marks of a memristor under a sine: a loop pinched
// at the origin, whose lobes shrink as the frequency rises, to a line in the end.
func TestFingerprints(t *testing.T) {
	eachBipolar(t, func(t *testing.T, el device.Element) {
		centre(el)
		const n = 4000
		f := responsive(t, el)
		// lobes returns the areas of both lobes over largest v times largest i.
		lobes := func(f float64) [2]float64 {
			tr := run(t, el, sine(t, el, f, n))
			for _, k := range []int{0, n / 2, n} {
				if tr.Response[k] != 0 {
					t.Errorf("at %g Hz the current at 0 V is %g A", f, tr.Response[k])
				}
			}
			size := amplitude(el) * max(slices.Max(tr.Response), -slices.Min(tr.Response))
			return [2]float64{math.Abs(tr.LobeArea(0, n/2)) / size, math.Abs(tr.LobeArea(n/2, n)) / size}
		}
		// Where a rate depends on the state exponentially the loop hardly changes
		// over many decades, and may grow before it shrinks.
		var largest, last [2]float64
		shrinking := [2]bool{}
		for range 40 {
			now := lobes(f)
			for k := range now {
				const rounding = 1e-9
				if shrinking[k] && !(now[k] < max(last[k], rounding)) {
					t.Errorf("at %g Hz lobe %d is %g of its box, after %g", f, k, now[k], last[k])
				}
				shrinking[k] = shrinking[k] || now[k] < 0.9*largest[k]
				largest[k] = max(largest[k], now[k])
			}
			if last = now; max(now[0], now[1]) < 1e-6 {
				break
			}
			f *= 4
		}
		if !(max(largest[0], largest[1]) > 1e-3) || !(max(last[0], last[1]) < 1e-3*max(largest[0], largest[1])) {
			t.Errorf("the lobes are %g of their box at most, and %g at %g Hz", largest, last, f)
		}
	})
}

// TestUnlocked drives every state from the middle as far as it goes either way, and
// back for ever longer: none that started inside is locked.
func TestUnlocked(t *testing.T) {
	eachBipolar(t, func(t *testing.T, el device.Element) {
		centre(el)
		f, a := responsive(t, el), amplitude(el)
		s := el.States()[0]
		end := func(v float64) float64 {
			return run(t, el, device.Waveform{T: []float64{0, 1e4 / f}, U: [][]float64{{v, v}}}).X[0][1]
		}
		reach := math.Abs(end(a) - end(-a))
		if reach < 0.02*(s.Max-s.Min) {
			t.Fatalf("%g and -%g V lead from %g to within %g of each other", a, a, s.Initial, reach)
		}
		for _, v := range []float64{a, -a} {
			moved := 0.0
			for back := 1e2; back < 1e17 && moved < 0.4*reach; back *= 100 {
				w := device.Waveform{T: []float64{0, 1e4 / f, 1e4/f + 1e-2/f, back * 1e4 / f}, U: [][]float64{{v, v, -v, -v}}}
				tr := run(t, el, w)
				moved = math.Abs(tr.X[0][3] - tr.X[0][1])
			}
			if moved < 0.4*reach {
				t.Errorf("%g V and back: %s moves by %g only, of %g", v, s.Name, moved, reach)
			}
		}
	})
}
