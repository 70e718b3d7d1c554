package photonic

import (
	"context"
	"fmt"
	"math"
	"math/cmplx"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/claims"
	"mho/noise"
)

const bogaerts = "Bogaerts et al., Laser Photon. Rev. 6, 47 (2012), doi:10.1002/lpor.201100017"

// roundTrips returns the powers at both ports by adding the fields of all round trips.
func roundTrips(m *Ring, phase float64) (drop, through float64) {
	r1, r2 := math.Sqrt(m.Through1), math.Sqrt(m.Through2)
	k1, k2 := math.Sqrt(1-m.Through1), math.Sqrt(1-m.Through2)
	a := math.Pow(10, -m.Attenuation*2*math.Pi*m.Radius/20)
	turn := cmplx.Exp(complex(0, phase)) * complex(a, 0)
	half := cmplx.Sqrt(complex(a, 0)) * cmplx.Exp(complex(0, phase/2))
	inside := complex(0, k1) // field that has just entered the ring
	d, t := complex(0, 0), complex(r1, 0)
	for range 4000 {
		d += inside * half * complex(0, k2)
		inside *= turn * complex(r2, 0)
		t += inside * complex(0, k1)
		inside *= complex(r1, 0)
	}
	return real(d)*real(d) + imag(d)*imag(d), real(t)*real(t) + imag(t)*imag(t)
}

func TestRing(t *testing.T) {
	m := NewRing()
	const wavelength = 1550e-9
	for _, c := range []struct {
		name, unit string
		want, got  float64
	}{
		{"free spectral range of an 8 µm ring, n_g 4.2, at 1550 nm", "m", 11.3801e-9, m.FSR(wavelength)},
		{"linewidth of that ring with r² 0.95 and 3 dB/cm", "m", 0.19212e-9, m.FWHM(wavelength)},
		{"quality factor of that ring", "", 8068, wavelength / m.FWHM(wavelength)},
		{"finesse of that ring", "", 59.24, m.FSR(wavelength) / m.FWHM(wavelength)},
	} {
		claims.Check(t, claims.Claim{Name: c.name, Kind: claims.ClosedForm, Source: bogaerts + ", evaluated apart from this program", Unit: c.unit,
			Want: c.want, Got: c.got, Tol: 1e-4, Why: "digits of the reference"})
	}
	for _, detuning := range []float64{0, 0.05e-9, 0.2e-9, 3e-9} {
		phase := 2 * math.Pi * detuning / m.FSR(wavelength)
		d, tp := roundTrips(m, phase)
		claims.Check(t, claims.Claim{Name: "weight of that ring at a detuning of " + fmt.Sprintf("%.4g nm", detuning*1e9), Kind: claims.IndependentSolver,
			Source: "fields of 4000 round trips added", Want: d - tp, Got: m.Weight(phase), Tol: 1e-10, Absolute: true, Why: "rounding of the sum"})
	}
	drop0, _ := m.Ports(0)
	half, _ := m.Ports(math.Pi * m.FWHM(wavelength) / m.FSR(wavelength))
	claims.Check(t, claims.Claim{Name: "drop power half a linewidth from resonance, over that at resonance", Kind: claims.ClosedForm, Source: "Lorentzian, " + bogaerts,
		Want: 0.5, Got: half / drop0, Tol: 5e-4, Why: "a ring is a Lorentzian to (phase)²/12"})
	lossless := NewRing()
	lossless.Attenuation = 0
	for k := range 20 {
		d, tp := lossless.Ports(float64(k))
		if math.Abs(d+tp-1) > 1e-14 {
			t.Errorf("a ring without loss keeps %.17g of the power", d+tp)
		}
	}
	for w := -0.95; w < 0.93; w += 0.01 {
		if got := m.Weight(m.Phase(w)); math.Abs(got-w) > 1e-13 {
			t.Errorf("tuned to %g the weight is %.17g", w, got)
		}
	}
}

func TestRingPopulation(t *testing.T) {
	m := NewRing()
	env := device.Room()
	const n = 20000
	pop, err := m.NewPopulation(2, n/2, env, noise.Key{})
	if err != nil {
		t.Fatal(err)
	}
	target := make([]float64, n)
	for i := range target {
		target[i] = 0.3
	}
	key := noise.NewKey(1)
	if _, err := pop.(device.Target).ProgramTo(target, env, key); err != nil {
		t.Fatal(err)
	}
	got := make([]float64, n)
	pop.Transfer(got, 0, env)
	mean, std := stat.MeanStdDev(got, nil)
	lo, hi := pop.Range()
	claims.Check(t, claims.Claim{Name: "precision in bits of 20000 weights set with feedback", Kind: claims.ClosedForm, Source: "log2(range/standard deviation), the definition of Zhang et al., Optica 9, 579 (2022), doi:10.1364/OPTICA.446100",
		Want: 9, Got: math.Log2((hi - lo) / std), Tol: 5e-3, Why: "five standard errors of a standard deviation, 1/sqrt(2n)"})
	if math.Abs(mean-0.3) > 5*std/math.Sqrt(n) {
		t.Errorf("mean weight %g", mean)
	}
	// Warming by ΔT shifts the resonance by λ/n_g dn/dT ΔT.
	m.ProgrammingNoise = false
	pop, _ = m.NewPopulation(1, 1, env, noise.Key{})
	if _, err := pop.(device.Target).ProgramTo([]float64{0.3}, env, key); err != nil {
		t.Fatal(err)
	}
	warm := env
	warm.Temperature += 0.5
	pop.Transfer(got[:1], 0, warm)
	const shift = 0.5 * 1550e-9 / 4.2 * 1.86e-4 // 34 pm
	d, tp := roundTrips(m, m.Phase(0.3)-2*math.Pi*shift/m.FSR(1550e-9))
	claims.Check(t, claims.Claim{Name: "weight of a ring set to 0.3 after warming by 0.5 K", Kind: claims.IndependentSolver, Source: "fields of 4000 round trips added, resonance moved by λ/n_g dn/dT ΔT",
		Want: d - tp, Got: got[0], Tol: 1e-10, Absolute: true, Why: "rounding of the sum"})
	if _, err := pop.(device.Target).ProgramTo([]float64{1.2}, env, key); err == nil || !strings.Contains(err.Error(), "ring: target of row 0, column 0 is 1.2: must be from -0.99") {
		t.Errorf("weight beyond the range: %v", err)
	}
	drift := 0.0
	const walks = 2000
	for k := range walks {
		pop, _ := m.NewPopulation(1, 1, env, noise.Key{})
		own := noise.NewKey(2).Fold(uint64(k))
		pop.Advance(9, env, own)
		pop.Advance(16, env, own)
		drift += math.Pow(pop.(*RingPopulation).drift, 2) / walks
	}
	if want := m.TempWander * 5; math.Abs(math.Sqrt(drift)/want-1) > 5/math.Sqrt(2*walks) {
		t.Errorf("after 9 s and 16 s the temperature has wandered by %g K, want %g", math.Sqrt(drift), want)
	}
}

func TestBank(t *testing.T) {
	m := NewRing()
	env := device.Room()
	b, err := NewBank(m, 8, env)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]float64, 8)
	noise.NewKey(3).Uniform(want, noise.At{})
	for i := range want {
		want[i] = 0.8 * (2*want[i] - 1)
	}
	if worst := b.Set(want); worst > 1e-12 {
		t.Errorf("feedback leaves %g", worst)
	}
	got, drop, through := make([]float64, 8), make([]float64, 8), make([]float64, 8)
	b.Weights(got, 0)
	b.Ports(drop, through, 0)
	for j, w := range want {
		if math.Abs(got[j]-w) > 1e-12 || drop[j]+through[j] > 1 {
			t.Errorf("channel %d: weight %g, want %g; ports %g and %g", j, got[j], w, drop[j], through[j])
		}
	}
	// One ring that is far from all other channels is alone.
	one, err := NewBank(m, 1, env)
	if err != nil {
		t.Fatal(err)
	}
	m.Control = Feedforward
	if worst := one.Set([]float64{0.37}); worst > 1e-12 {
		t.Errorf("a ring alone is off by %g", worst)
	}
	if worst := b.Set(want); worst < 0.01 {
		t.Errorf("without feedback neighbours change weights by %g only", worst)
	}
	// A whole FSR is no shift at all.
	again := make([]float64, 8)
	b.Weights(got, 0)
	b.Weights(again, m.FSR(env.Wavelength))
	for j := range got {
		if math.Abs(got[j]-again[j]) > 1e-11 {
			t.Errorf("channel %d: %g, one FSR on %g", j, got[j], again[j])
		}
	}
}

func TestRingRefuses(t *testing.T) {
	for _, c := range []struct {
		set      func(m *Ring)
		channels int
		say      string
	}{
		{func(m *Ring) { m.Spacing = 0.1e-9 }, 4, "spacing is 100pm: must be above the linewidth of a ring, 192.1pm"},
		{func(m *Ring) {}, 15, "15 channels: must be from 1 to 14, which are spaced by 800pm in the FSR of 11.38nm"},
		{func(m *Ring) { m.Through1 = 1 }, 4, "through1 is 1: must be"},
		{func(m *Ring) { m.Through1, m.Through2 = 0.05, 0.05; m.Attenuation = 1e5 }, 1, "must have both signs"},
		{func(m *Ring) { m.Radius = math.Inf(1) }, 1, "radius is"},
	} {
		m := NewRing()
		c.set(m)
		if _, err := NewBank(m, c.channels, device.Room()); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("got %v, want %q", err, c.say)
		}
	}
	if _, err := NewRing().NewPopulation(0, 3, device.Room(), noise.Key{}); err == nil {
		t.Error("a population without rows is made")
	}
}

func TestOpticalPCM(t *testing.T) {
	m := NewOpticalPCM()
	env := device.Room()
	for x, want := range map[float64]complex128{0: complex(m.NAmorphous, m.KAmorphous), 1: complex(m.NCrystalline, m.KCrystalline)} {
		if d := cmplx.Abs(m.Index(x) - want); d > 1e-12 {
			t.Errorf("index at %g: %v, want %v", x, m.Index(x), want)
		}
	}
	for _, c := range []struct {
		name string
		x, k float64
	}{{"amorphous", 0, m.KAmorphous}, {"crystalline", 1, m.KCrystalline}} {
		claims.Check(t, claims.Claim{Name: "transmission of the " + c.name + " cell of 4 µm at a confinement of 0.1", Kind: claims.ClosedForm, Source: "Beer-Lambert, exp(-4π k Γ L/λ)",
			Want: math.Exp(-4 * math.Pi * c.k * 0.1 * 4e-6 / 1550e-9), Got: m.Transmission(c.x, 1550e-9), Tol: 1e-12, Why: "rounding"})
	}
	last := 1.0
	for x := 0.0; x <= 1; x += 0.01 {
		tr := m.Transmission(x, 1550e-9)
		if tr >= last {
			t.Errorf("transmission rises to %g at %g", tr, x)
		}
		last = tr
		if got := m.Fraction(tr, 1550e-9); math.Abs(got-x) > 1e-12 {
			t.Errorf("fraction %g comes back as %g", x, got)
		}
	}
	const n = 20000
	m.Nu, m.NuStd = 0.01, 0
	pop, err := m.NewPopulation(4, n/4, env, noise.Key{})
	if err != nil {
		t.Fatal(err)
	}
	target, got := make([]float64, n), make([]float64, n)
	for i := range target {
		target[i] = 0.5
	}
	r, err := pop.(device.Target).ProgramTo(target, env, noise.NewKey(1))
	if err != nil || r.Energy != n*1e-9 {
		t.Fatal(r, err)
	}
	pop.Transfer(got, 0, env)
	lo, hi := pop.Range()
	mean, std := stat.MeanStdDev(got, nil)
	if math.Abs(mean-0.5) > 5*std/math.Sqrt(n) || math.Abs(std/(0.01*(hi-lo))-1) > 5/math.Sqrt(2*n) {
		t.Errorf("programmed to 0.5: mean %g, standard deviation %g", mean, std)
	}
	before := got[7]
	pop.Advance(1e4, env, noise.Key{})
	pop.Transfer(got, 0, env)
	claims.Check(t, claims.Claim{Name: "transmission after 10000 s of drift with an exponent of 0.01", Kind: claims.ClosedForm, Source: "A (t/t0)^-ν",
		Want: math.Exp(math.Log(before) * math.Pow(1e4, -0.01)), Got: got[7], Tol: 1e-12, Why: "rounding"})
	if _, err := pop.(device.Target).ProgramTo(make([]float64, n), env, noise.Key{}); err == nil || !strings.Contains(err.Error(), "optical-pcm: target of row 0, column 0 is 0: must be from 0.067") {
		t.Errorf("dark target: %v", err)
	}
	m.KCrystalline = 0.01
	if err := m.Validate(); err == nil || !strings.Contains(err.Error(), "must be above k_amorphous") {
		t.Errorf("inverted phases: %v", err)
	}
}

func TestQuantumMemristor(t *testing.T) {
	// n = sin²(π t/T_osc); after the start has been forgotten
	//	R = 1/2 - (cos ωt + ωτ sin ωt)/(2 (1 + ω²τ²)),  ω = 2π/T_osc.
	m := NewQuantumMemristor()
	const period, samples, periods = 2.0, 2000, 12
	w := device.Waveform{U: make([][]float64, 1)}
	for k := range samples*periods + 1 {
		at := period * float64(k) / samples
		w.T = append(w.T, at)
		w.U[0] = append(w.U[0], math.Pow(math.Sin(math.Pi*at/period), 2))
	}
	tr, err := device.Run(context.Background(), m, w, nil)
	if err != nil {
		t.Fatal(err)
	}
	omega := 2 * math.Pi / period
	worst := 0.0
	for k := samples * (periods - 1); k < len(tr.T); k++ {
		s, c := math.Sincos(omega * tr.T[k])
		r := 0.5 - (c+omega*s)/(2*(1+omega*omega))
		worst = max(worst, math.Abs(tr.X[0][k]-r), math.Abs(tr.Response[k]-(1-r)*w.U[0][k]))
	}
	claims.Check(t, claims.Claim{Name: "largest error of the reflectivity of the exponential quantum memristor over a period", Kind: claims.ClosedForm, Source: "linear response to sin²",
		Want: 0, Got: worst, Tol: 2e-6, Absolute: true, Why: "the waveform is straight between 2000 samples a period, (π/2000)²/2; the start has fallen to exp(-22)"})
	if h, _ := tr.Columns(); strings.Join(h, " ") != "t_s n n_out g r" {
		t.Errorf("columns %v", h)
	}
	bad := device.Waveform{T: []float64{0, 1}, U: [][]float64{{0, 1.5}}}
	if _, err := device.Run(context.Background(), m, bad, nil); err == nil || !strings.Contains(err.Error(), "must be from 0 to 1") {
		t.Errorf("1.5 photons: %v", err)
	}

	// The window law of Spagnolo et al.
	for _, c := range []struct {
		name  string
		share float64 // of the period
	}{{"a tenth of", 0.1}, {"half", 0.5}, {"all of", 1}} {
		window := int(c.share * samples)
		r := Window(w.U[0], window)
		d := math.Pi * c.share
		worst, area := 0.0, 0.0
		first := samples * (periods - 1)
		for k := first; k <= first+samples; k++ {
			want := 0.5 - math.Sin(d)/(2*d)*math.Cos(2*math.Pi*tr.T[k]/period-d)
			worst = max(worst, math.Abs(r[k]-want))
			if k > first {
				x0, x1 := w.U[0][k-1], w.U[0][k]
				area += ((1-r[k])*x1 + (1-r[k-1])*x0) / 2 * (x1 - x0)
			}
		}
		claims.Check(t, claims.Claim{Name: "largest error of the reflectivity with a window of " + c.name + " the period", Kind: claims.ClosedForm, Source: "R(t) of Spagnolo et al., Nat. Photon. 16, 318 (2022), doi:10.1038/s41566-022-00973-5, integrated for n = sin²",
			Want: 0, Got: worst, Tol: 2e-6, Absolute: true, Why: "trapezoids of 2000 samples a period"})
		claims.Check(t, claims.Claim{Name: "area of the input-output loop with a window of " + c.name + " the period", Kind: claims.ClosedForm, Source: "(π/8) sin²(d)/d with d = π T/T_osc",
			Want: math.Pi / 8 * math.Pow(math.Sin(d), 2) / d, Got: math.Abs(area), Tol: 1e-5, Absolute: true, Why: "trapezoids of 2000 samples a period"})
	}

	// A 2 x 2 density matrix through Kraus operators.
	for k := range 30 {
		u := make([]float64, 2)
		noise.NewKey(4).Uniform(u, noise.At{Row: uint32(k)})
		n, r := u[0], u[1]
		c := math.Sqrt(n * (1 - n))
		kept, lost := []complex128{1, 0, 0, complex(math.Sqrt(1-r), 0)}, []complex128{0, complex(math.Sqrt(r), 0), 0, 0}
		rho := []complex128{complex(1-n, 0), complex(c, 0), complex(c, 0), complex(n, 0)}
		out := dense(dense(kept, rho, 2, 2, 2), dagger(kept, 2, 2), 2, 2, 2)
		for i, x := range dense(dense(lost, rho, 2, 2, 2), dagger(lost, 2, 2), 2, 2, 2) {
			out[i] += x
		}
		square := dense(out, out, 2, 2, 2)
		got := Pure(n).Transmit(r)
		want := real(square[0] + square[3])
		if math.Abs(got.Purity()-want) > 1e-14 || math.Abs(got.N-real(out[3])) > 1e-15 || math.Abs(got.Coherence-cmplx.Abs(out[1])) > 1e-15 ||
			math.Abs(want-(1-2*r*(1-r)*n*n)) > 1e-14 {
			t.Errorf("n %g, r %g: purity %g, want %g", n, r, got.Purity(), want)
		}
	}
	claims.Check(t, claims.Claim{Name: "purity of one photon behind a reflectivity of one half", Kind: claims.ClosedForm, Source: "1 - 2R(1-R)n²: half vacuum, half a photon",
		Want: 0.5, Got: Pure(1).Transmit(0.5).Purity(), Tol: 1e-14, Why: "rounding"})
}
