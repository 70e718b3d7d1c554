package stdp_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"mho/device"
	"mho/device/catalog"
	"mho/device/stdp"
	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

func closed(t *testing.T, name, source string, want, got, tol float64, why string) {
	t.Helper()
	claims.Check(t, claims.Claim{Name: name, Kind: claims.ClosedForm, Source: source, Want: want, Got: got, Tol: tol, Why: why})
}

func TestPairWindow(t *testing.T) {
	p := stdp.NewSong()
	closed(t, "pair rule: change 10 ms after", "0.01 exp(-1/2), constants of Song et al. (2000)", 6.065307e-3, p.Window(10e-3), 1e-6, "printed digits")
	closed(t, "pair rule: change 10 ms before", "-0.0105 exp(-1/2), constants of Song et al. (2000)", -6.368572e-3, p.Window(-10e-3), 1e-6, "printed digits")
	if p.Window(0) != 0 {
		t.Error("two spikes at one time")
	}
	// All pairs of two trains, against their sum.
	pre, post := trains(40)
	want := 0.0
	for _, a := range pre {
		for _, b := range post {
			want += p.Window(b - a)
		}
	}
	closed(t, "pair rule, two trains of 40 spikes: sum over all pairs", "Σ W(t_post - t_pre)", want, p.Change(pre, post), 1e-10, "rounding")
	// To the nearest spike before, on the other side.
	p.Nearest = true
	want = 0
	for _, b := range post {
		if a, ok := last(pre, b, true); ok {
			want += p.Window(b - a)
		}
	}
	for _, a := range pre {
		if b, ok := last(post, a, false); ok {
			want += p.Window(b - a)
		}
	}
	closed(t, "pair rule, two trains of 40 spikes: nearest spikes", "Σ W over nearest pairs", want, p.Change(pre, post), 1e-10, "rounding")
}

// trains returns two irregular trains of n spikes.
func trains(n int) (pre, post []float64) {
	for side, train := range []*[]float64{&pre, &post} {
		gaps := make([]float64, n)
		noise.NewKey(uint64(side)).Exponential(gaps, noise.At{})
		t := 0.0
		for _, g := range gaps {
			t += 30e-3 * g
			*train = append(*train, t)
		}
	}
	return pre, post
}

// last returns the last time of a train before t, or at t if equal counts.
func last(train []float64, t float64, equal bool) (float64, bool) {
	found, at := false, 0.0
	for _, s := range train {
		if s < t || equal && s == t {
			found, at = true, s
		}
	}
	return at, found
}

// TestTriplet compares with sums over all pairs and triplets of spikes, and the
// fits with the experiments they were made for.
func TestTriplet(t *testing.T) {
	r := stdp.NewVisualCortex()
	pre, post := trains(30)
	want := 0.0
	for k, a := range pre {
		pairs := 0.0
		for _, b := range post {
			if b < a {
				pairs += math.Exp(-(a - b) / r.TauMinus)
			}
		}
		third := 0.0
		for _, c := range pre[:k] {
			third += math.Exp(-(a - c) / r.TauX)
		}
		want -= pairs * (r.A2Minus + r.A3Minus*third)
	}
	for k, b := range post {
		pairs := 0.0
		for _, a := range pre {
			if a <= b {
				pairs += math.Exp(-(b - a) / r.TauPlus)
			}
		}
		third := 0.0
		for _, c := range post[:k] {
			third += math.Exp(-(b - c) / r.TauY)
		}
		want += pairs * (r.A2Plus + r.A3Plus*third)
	}
	closed(t, "triplet rule, two trains of 30 spikes: all to all", "sums over pairs and triplets, Pfister and Gerstner (2006)", want, r.Change(pre, post), 1e-10, "rounding")
	h := stdp.NewHippocampus()
	for _, c := range []struct {
		dt   float64
		name string
		want float64
	}{
		// The traces of the second order have decayed between pairs 1 s apart.
		{10e-3, "+10 ms", 60*(4.6e-3+9.1e-3*math.Exp(-1/47e-3))*math.Exp(-10/16.8) - 59*3.0e-3*math.Exp(-0.99/33.7e-3)},
		{-20e-3, "-20 ms", -60 * 3.0e-3 * math.Exp(-20/33.7)},
	} {
		closed(t, "triplet rule, hippocampus, 60 pairs at 1 Hz, "+c.name, "decayed traces, Pfister and Gerstner (2006)", c.want, h.Change(stdp.Pairings(60, 1, c.dt)), 1e-6, "what is left of the traces after 1 s")
	}
	// Depression at low rates turns into potentiation at high ones.
	if low, high := r.Change(stdp.Pairings(60, 1, 10e-3)), r.Change(stdp.Pairings(60, 50, 10e-3)); !(high > 10*math.Abs(low)) {
		t.Errorf("pairs at 1 Hz change the weight by %g, at 50 Hz by %g", low, high)
	}
}

// threshold is a device whose state moves where its voltage exceeds a threshold,
// exponentially faster beyond it.
type threshold struct{}

func (threshold) Info() device.Info         { return device.Info{Name: "threshold"} }
func (threshold) Params() []device.Param    { return nil }
func (threshold) Validate() error           { return nil }
func (threshold) Drives() []device.Variable { return []device.Variable{device.Voltage} }
func (threshold) States() []device.State {
	return []device.State{{Variable: device.Variable{Name: "w"}, Min: math.Inf(-1), Max: math.Inf(1), Initial: 1, Scale: 1}}
}
func (threshold) Response(x, u []float64, _ device.Env) float64 { return x[0] * u[0] }
func (threshold) Derivative(dst, _, u []float64, _ device.Env) {
	dst[0] = 0
	if v := math.Abs(u[0]); v > 1 {
		dst[0] = math.Copysign((math.Exp((v-1)/0.2)-1)*1e3, u[0])
	}
}

// TestOverlap compares the window of a threshold device with its integral.
func TestOverlap(t *testing.T) {
	s := stdp.NewSpike()
	dts := []float64{5e-3, 20e-3, 40e-3, -5e-3, -20e-3, 0}
	m, err := stdp.Window(context.Background(), threshold{}, s, dts, 0.1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, dt := range dts[:3] {
		sum, n := 0.0, 20000
		for i := range n {
			at := (float64(i) + 0.5) / float64(n) * s.Width
			sum += (math.Exp(s.Tail*math.Exp(-(dt+at-s.Width)/s.Decay)/0.2) - 1) * 1e3 * s.Width / float64(n)
		}
		closed(t, "overlap of spikes on a threshold device, "+[]string{"5", "20", "40"}[k]+" ms apart", "∫ (exp((v - v_th)/v0) - 1) dt over the pulse", sum, m.G[k]-1, 5e-3, "edges of a thousandth of the pulse, and a tail straight between samples")
	}
	if math.Abs(m.Change(3)+m.Change(0)) > 1e-6*m.Change(0) || math.Abs(m.Change(4)+m.Change(1)) > 1e-6*m.Change(1) {
		t.Errorf("the window is not odd: %v", m.G)
	}
	if m.Change(5) != 0 || m.Alone[0] != 1 || m.Alone[1] != 1 {
		t.Errorf("spikes at one time %g, alone %v", m.Change(5), m.Alone)
	}
}

// TestWindowOfDevice looks at a real model: causal pairs potentiate, the others
// depress, less and less with the distance, and one spike alone does nothing.
func TestWindowOfDevice(t *testing.T) {
	model, err := catalog.New("vteam/biolek")
	if err != nil {
		t.Fatal(err)
	}
	el := model.(device.Element)
	m, err := stdp.Window(context.Background(), el, stdp.Spike{Amplitude: 0.75, Width: 1e-3, Tail: 0.5, Decay: 20e-3}, []float64{2e-3, 10e-3, 30e-3, -2e-3, -10e-3}, 0.1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Alone[0] != m.Start || m.Alone[1] != m.Start {
		t.Errorf("a spike alone changes %g to %v", m.Start, m.Alone)
	}
	c := func(k int) float64 { return math.Abs(m.Change(k)) }
	if !(c(0) > c(1) && c(1) > c(2) && c(3) > c(4) && m.Change(0)*m.Change(3) < 0) {
		t.Errorf("changes %g %g %g and %g %g", m.Change(0), m.Change(1), m.Change(2), m.Change(3), m.Change(4))
	}
}

func TestRefuses(t *testing.T) {
	good := stdp.NewSpike()
	window := func(s stdp.Spike, dt, read float64) error {
		_, err := stdp.Window(context.Background(), threshold{}, s, []float64{dt}, read, nil)
		return err
	}
	bad := good
	bad.Width = -1e-3
	long := stdp.NewHippocampus()
	long.TauX = 0
	for say, err := range map[string]error{
		"spike.width is -1ms: must be > 0 s":         window(bad, 1e-3, 0.1),
		"the reading voltage is 0 V":                 window(good, 1e-3, 0),
		"the spikes are NaN s apart: must be finite": window(good, math.NaN(), 0.1),
		"tau_x is 0 s: must be > 0 s":                long.Validate(),
	} {
		if err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("got %v, want %q", err, say)
		}
	}
	if err := stdp.NewSong().Validate(); err != nil {
		t.Error(err)
	}
}
