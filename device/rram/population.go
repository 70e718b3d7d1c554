package rram

import (
	"fmt"
	"math"
	"slices"

	"mho/device"
	"mho/internal/quantity"
	"mho/internal/vmath"
	"mho/noise"
)

// A Population holds the cells of one array under the model RRAM. Reading it is
// safe for concurrent use; programming and advancing it is not.
type Population struct {
	model      RRAM
	rows, cols int
	age        float64     // since programming, s
	target     []float64   // G_T, S
	miss       [][]float64 // a standard normal number per time and cell
	relax      []float64   // M
}

var (
	_ device.Population  = (*Population)(nil)
	_ device.Target      = (*Population)(nil)
	_ device.NoisyReader = (*Population)(nil)
)

// Dims returns the rows and columns.
func (p *Population) Dims() (rows, cols int) { return p.rows, p.cols }

// Kind returns device.Conductance.
func (p *Population) Kind() device.Kind { return device.Conductance }

// Range returns GMin and GMax, in S.
func (p *Population) Range() (min, max float64) { return p.model.GMin, p.model.GMax }

// Reference returns the first of Times, in s.
func (p *Population) Reference() float64 { return p.model.Times[0] }

// Age returns the time since programming in s.
func (p *Population) Age() float64 { return p.age }

// ProgramTo programs every cell to its target (rows*cols, row-major, in S from
// GMin to GMax), draws its errors and sets Age to 0. Key names this programming:
// another one with the same key misses its targets by the same numbers. The error
// names the first target that is out of range; no cell is changed then. In the
// report only Converged is known: the statistics hold every cell for programmed.
// ProgramTo panics if target has the wrong length.
func (p *Population) ProgramTo(target []float64, env device.Env, key noise.Key) (device.Report, error) {
	p.check(target)
	m := &p.model
	for i, x := range target {
		if !(x >= m.GMin && x <= m.GMax) {
			return device.Report{}, fmt.Errorf("%s: target at row %d, column %d is %s: must be from %s to %s", m.Info().Name,
				i/p.cols, i%p.cols, quantity.Format(x, "S"), quantity.Format(m.GMin, "S"), quantity.Format(m.GMax, "S"))
		}
	}
	copy(p.target, target)
	miss, relax := key.Domain(noise.Programming), key.Domain(noise.Retention)
	for row := range p.rows {
		cells := func(x []float64) []float64 { return x[row*p.cols : (row+1)*p.cols] }
		for k, z := range p.miss {
			miss.Normal(cells(z), noise.At{Row: uint32(row), Event: uint64(k)})
		}
		relax.Normal(cells(p.relax), noise.At{Row: uint32(row)})
	}
	p.age = 0
	return device.Report{Converged: 1}, nil
}

// Advance lets dt seconds pass. It panics if dt is negative or not finite.
func (p *Population) Advance(dt float64, env device.Env, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 0) {
		panic("rram: time step is negative or not finite")
	}
	p.age += dt
}

// Transfer sets dst (rows*cols) to the conductances in S at a bias in V, the
// current over the voltage, without read noise; bias 0 is the low-field limit.
// They are not negative. env has no influence. Transfer panics if dst has the
// wrong length.
func (p *Population) Transfer(dst []float64, bias float64, env device.Env) {
	p.check(dst)
	p.present(dst)
	m := &p.model
	if bias == 0 || nothing(m.NL2) && nothing(m.NL3) {
		return
	}
	for i, g := range dst {
		if g > 0 {
			l := math.Log10(g)
			dst[i] = max(0, g+bias*(polynomial(m.NL2, l)+bias*polynomial(m.NL3, l)))
		}
	}
}

// present sets dst to the conductances at low bias.
func (p *Population) present(dst []float64) {
	m := &p.model
	// Row before of sigma and the way to the next in ln t.
	before, way, l := 0, 0.0, 0.0
	if m.Drift && p.age > m.Times[0] {
		l = vmath.LnScalar(p.age) - vmath.LnScalar(m.Times[0])
		last := len(m.Times) - 1
		for before < last && p.age >= m.Times[before+1] {
			before++
		}
		if before < last {
			way = math.Log(p.age/m.Times[before]) / math.Log(m.Times[before+1]/m.Times[before])
		}
	}
	shift, spread := 0.0, 0.0
	if m.Drift {
		shift, spread = m.RelaxMean*l, m.RelaxStd0+m.RelaxStd*l
	}
	for i, target := range p.target {
		e := 0.0
		if m.ProgrammingNoise {
			e = p.deviation(i, target/m.SigmaG, before, way)
		}
		if m.Distribution == lognormal {
			dst[i] = target * vmath.ExpScalar(e)
			continue
		}
		dst[i] = max(0, target+e+shift+spread*p.relax[i])
	}
}

// deviation returns e of cell i after the row before of sigma and a share of the way
// to the next.
func (p *Population) deviation(i int, g float64, before int, way float64) float64 {
	m := &p.model
	factor := 1.0
	if m.SigmaExponent != 0 {
		factor = math.Pow(g, m.SigmaExponent)
	}
	sd := m.sigma(0, g) * factor
	e := sd * p.miss[0][i]
	step := func(next float64, k int) {
		kept := 1.0
		if next < sd {
			kept = next / sd
		}
		fresh := next*next - kept*kept*sd*sd
		e = kept*e + math.Sqrt(max(0, fresh))*p.miss[k][i]
		sd = next
	}
	for k := 1; k <= before; k++ {
		step(m.sigma(k, g)*factor, k)
	}
	if way > 0 {
		next := m.sigma(before+1, g) * factor
		step(sd+way*(next-sd), before+1)
	}
	return e
}

// sigma returns the polynomial of row k, not negative.
func (m *RRAM) sigma(k int, g float64) float64 {
	n := len(m.Sigma) / len(m.Times)
	return max(0, polynomial(m.Sigma[k*n:(k+1)*n], g))
}

// ReadNoise sets slow and fast (rows*cols each) to the standard deviations, in
// S, of the read noise that is slower and faster than a window in s. As for
// other 1/f noise the fast part's variance grows as ln((window + t_r)/(2 t_r)).
// env has no influence. ReadNoise panics if a slice has the wrong length.
func (p *Population) ReadNoise(slow, fast []float64, window float64, env device.Env) {
	p.check(slow)
	p.check(fast)
	m := &p.model
	if !m.ReadNoise || m.ReadStd == 0 {
		clear(slow)
		clear(fast)
		return
	}
	total := m.span(p.age)
	quick := min(m.span(window), total)
	a, b := math.Sqrt(total-quick), math.Sqrt(quick)
	p.present(slow)
	for i, g := range slow {
		sd := 0.0
		if g > 1e-6 {
			sd = m.ReadStd * math.Log10(g*1e6)
		}
		slow[i], fast[i] = sd*a, sd*b
	}
}

// span returns ln((t + TRead)/(2 TRead)), 0 if t is not above TRead.
func (m *RRAM) span(t float64) float64 {
	if !(t > m.TRead) {
		return 0
	}
	return math.Log(t/m.TRead+1) - math.Ln2
}

func nothing(c []float64) bool {
	return !slices.ContainsFunc(c, func(x float64) bool { return x != 0 })
}

// polynomial returns Σ c[k] x^k.
func polynomial(c []float64, x float64) float64 {
	y := 0.0
	for k := len(c) - 1; k >= 0; k-- {
		y = y*x + c[k]
	}
	return y
}

func (p *Population) check(x []float64) {
	if len(x) != len(p.target) {
		panic("rram: wrong number of cells")
	}
}
