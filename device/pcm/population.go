package pcm

import (
	"math"

	"mho/device"
	"mho/noise"
)

// A Population holds the cells of one array under the model IBM. Reading it is
// safe for concurrent use; programming and advancing it is not.
type Population struct {
	model      IBM
	rows, cols int
	age        float64   // since programming, s
	g          []float64 // programmed conductance G_P, S
	nu         []float64 // drift exponent
	q          []float64 // relative read noise Q before the time factor
}

var (
	_ device.Population  = (*Population)(nil)
	_ device.Target      = (*Population)(nil)
	_ device.NoisyReader = (*Population)(nil)
)

// chunk is the number of cells that are worked on together: the scratch of all
// steps stays in the first-level cache.
const chunk = 512

// Dims returns the rows and columns.
func (p *Population) Dims() (rows, cols int) { return p.rows, p.cols }

// Kind returns device.Conductance.
func (p *Population) Kind() device.Kind { return device.Conductance }

// Range returns 0 and GMax, in S.
func (p *Population) Range() (min, max float64) { return 0, p.model.GMax }

// Reference returns T0, in s.
func (p *Population) Reference() float64 { return p.model.T0 }

// Age returns the time since programming in s.
func (p *Population) Age() float64 { return p.age }

// Transfer sets dst (rows*cols) to the conductances in S without read noise,
//
//	G(t) = G_P (t/t0)^-ν exp(-E_a/k (1/T - 1/TRef)),  t = max(Age, T0),
//
// at the temperature of env. The cells are ohmic, so bias has no influence.
// Transfer panics if dst has the wrong length or the temperature is not positive.
func (p *Population) Transfer(dst []float64, bias float64, env device.Env) {
	p.check(dst)
	p.drifted(dst, 0, env.Temperature)
}

// Advance lets dt seconds pass. It panics if dt is negative or not finite.
func (p *Population) Advance(dt float64, env device.Env, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 0) {
		panic("pcm: time step is negative or not finite")
	}
	p.age += dt
}

func (p *Population) check(x []float64) {
	if len(x) != len(p.g) {
		panic("pcm: wrong number of cells")
	}
}
