package memristor

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Simmons is the tunnel barrier memristor of Pickett et al., J. Appl. Phys. 106,
// 074508 (2009), doi:10.1063/1.3236506: an ohmic channel in series with a gap of
// width w, through which electrons tunnel and which oxygen vacancies widen and
// narrow,
//
//	dw/dt =  COff sinh(i/IOff) exp(-exp((w-AOff)/WC - |i|/B) - w/WC)   i > 0
//	        -COn sinh(|i|/IOn) exp(-exp((AOn-w)/WC - |i|/B) - w/WC)    i < 0
//	v = vg + RS i,  i = sign(vg) J(|vg|, w)
//
// with the tunnel current J of Simmons, J. Appl. Phys. 34, 1793 (1963),
// doi:10.1063/1.1702682, through a trapezoid lowered by the image force; see
// Info. It is driven by the voltage v, and vg is solved for. w is in m, v in V, i
// in A. Positive voltage resets: the gap and the resistance grow; with Polarity -1
// it sets.
//
// At higher currents the fitted rate exceeds any speed of ions, so that here it
// saturates at RateMax. Where the tunnel exponent falls below 2 the
// formula of Simmons ends: there the current goes on in a straight line, to keep
// vg defined, and Valid returns an error, which ends a device.Run.
//
// NewSimmons returns the published fit; it implements device.Element.
type Simmons struct {
	COff, COn float64 // scales of the rate, m/s
	IOff, IOn float64 // currents of the rate, A, both positive
	AOff, AOn float64 // gaps at which growing and falling are slowed down, m
	B         float64 // current that shifts these gaps by WC, A
	WC        float64 // length over which the rate decays, m
	RateMax   float64 // speed at which the rate saturates, m/s

	Phi0     float64 // height of the barrier, V
	K        float64 // relative permittivity for the image force
	Area     float64 // area of the gap, m²
	Mass     float64 // effective mass over that of the electron
	RS       float64 // resistance of the channel, ohm
	WMin     float64 // smallest gap, m
	WMax     float64 // largest gap, m
	W0       float64 // initial gap, m
	Polarity int     // 1: positive voltage resets; -1: sets

	preset *preset
}

var (
	_ device.Element = (*Simmons)(nil)
	_ device.Sloped  = (*Simmons)(nil)
	_ device.Limited = (*Simmons)(nil)
)

const (
	electronCharge  = 1.602176634e-19  // C
	planck          = 6.62607015e-34   // J s
	electronMass    = 9.1093837139e-31 // kg
	vacuumPermitt   = 8.8541878188e-12 // F/m
	leastExponent   = 2                // of the tunnel barrier, where the formula ends
	imageMean       = 1.15             // the numbers of the image force, Simmons (1963)
	imageNear       = 1.2
	imageFar        = 9.2
	fastest         = 10.0 // speed at which fitted rates saturate, m/s: an assumption
	barrierKeepsOff = 1e-3 // share of the gap that the classical turning points keep off its ends at least
)

var simmonsSets = []preset{
	{"simmons", "tunnel barrier in titanium dioxide", "Pickett2009", []device.Reference{pickett2009, maf},
		[]string{"c_off", "c_on", "i_off", "i_on", "a_off", "a_on", "b", "w_c"}, nil},
}

// NewSimmons returns the fit of Pickett et al. (2009).
func NewSimmons() *Simmons {
	return &Simmons{
		COff: 3.5e-6, COn: 40e-6, IOff: 115e-6, IOn: 8.9e-6, AOff: 1.2e-9, AOn: 1.8e-9, B: 500e-6, WC: 107e-12, RateMax: fastest,
		Phi0: 0.95, K: 5, Area: 1e-14, Mass: 1, RS: 215, WMin: 1.2e-9, WMax: 1.8e-9, W0: 1.5e-9, Polarity: 1,
		preset: &simmonsSets[0],
	}
}

// Info describes the model.
func (m *Simmons) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "simmons", Title: "tunnel barrier", Technology: "memristor",
		Equations: []string{
			"dw/dt = c_off sinh(i/i_off) exp(-exp((w - a_off)/w_c - |i|/b) - w/w_c)   for i > 0",
			"dw/dt = -c_on sinh(|i|/i_on) exp(-exp((a_on - w)/w_c - |i|/b) - w/w_c)   for i < 0",
			"|dw/dt| = r/(1 + r/rate_max) of these rates r;  w_min <= w <= w_max",
			"v = vg + r_s i",
			"i = e^2 area/(2 pi h dw^2) {phi exp(-B sqrt(phi)) - (phi + |vg|) exp(-B sqrt(phi + |vg|))},  with the sign of vg",
			"phi = phi0 - |vg| (w1 + w2)/(2 w) - (1.15 lambda w/dw) ln(w2 (w - w1)/(w1 (w - w2)))",
			"w1 = 1.2 lambda w/phi0,  w2 = w1 + dw,  dw = w (1 - 9.2 lambda/(3 phi0 + 4 lambda - 2 |vg|))",
			"B = 4 pi dw sqrt(2 mass m_e e)/h,  lambda = e ln 2/(8 pi k eps0 w)",
			"polarity -1: v and i change their signs",
		},
		Notes: []string{
			"Positive voltage resets: the gap and the resistance grow (polarity 1).",
			"The published rates, taken further than they were fitted, grow past any speed of ions: 1e20 m/s and more at -1 mA. They saturate at rate_max, 60 ps for the whole range: an assumption.",
			"The tunnel formula ends where B sqrt(phi) < 2: a lower barrier there would let less current through. A run stops there with an error. On the narrowest gap that is at about 1.7 V.",
			"Mean barrier and turning points are those of Simmons1963, with half of the voltage's drop, (w1 + w2)/(2 w). Height, permittivity, area, mass and series resistance are those of the program MAF, which follows Pickett2009: not checked against the publication itself.",
			"The gap stays between a_off and a_on as in table I of Kvatinsky2013. It rests on these bounds and leaves them under reversed current. The initial gap is an assumption.",
			"Rates span tens of decades: a gap of 1.5 nm grows by 0.1 nm in a year at 100 uA and falls by as much in 0.1 ns at -300 uA.",
		},
		References: []device.Reference{pickett2009, simmons1963, kvatinsky2013, maf},
	})
}

// Params declares the parameters.
func (m *Simmons) Params() []device.Param {
	positive := quantity.Positive()
	p := []device.Param{
		{Name: "c_off", Value: &m.COff, Unit: "m/s", Range: positive, Meaning: "scale of the rate at which the gap grows"},
		{Name: "c_on", Value: &m.COn, Unit: "m/s", Range: positive, Meaning: "scale of the rate at which the gap falls"},
		{Name: "i_off", Value: &m.IOff, Unit: "A", Range: positive, Meaning: "current scale of the growing gap"},
		{Name: "i_on", Value: &m.IOn, Unit: "A", Range: positive, Meaning: "current scale of the falling gap"},
		{Name: "a_off", Value: &m.AOff, Unit: "m", Range: positive, Meaning: "gap above which growing slows down"},
		{Name: "a_on", Value: &m.AOn, Unit: "m", Range: positive, Meaning: "gap below which falling slows down"},
		{Name: "b", Value: &m.B, Unit: "A", Range: positive, Meaning: "current that shifts these gaps by w_c"},
		{Name: "w_c", Value: &m.WC, Unit: "m", Range: positive, Meaning: "length over which the rates decay"},
		{Name: "rate_max", Value: &m.RateMax, Unit: "m/s", Range: positive, Meaning: "speed at which the rates saturate"},
		{Name: "phi0", Value: &m.Phi0, Unit: "V", Range: positive, Meaning: "height of the tunnel barrier"},
		{Name: "k", Value: &m.K, Range: quantity.AtLeast(1), Meaning: "relative permittivity for the image force"},
		{Name: "area", Value: &m.Area, Unit: "m^2", Range: positive, Meaning: "area of the gap"},
		{Name: "mass", Value: &m.Mass, Range: positive, Meaning: "effective mass over that of the electron"},
		{Name: "r_s", Value: &m.RS, Unit: "ohm", Range: quantity.NonNegative(), Meaning: "resistance of the channel in series with the gap"},
		{Name: "w_min", Value: &m.WMin, Unit: "m", Range: positive, Meaning: "smallest gap"},
		{Name: "w_max", Value: &m.WMax, Unit: "m", Range: positive, Meaning: "largest gap"},
		{Name: "w0", Aliases: []string{"w"}, Value: &m.W0, Unit: "m", Range: positive, Meaning: "initial gap"},
		{Name: "polarity", Value: &m.Polarity, Range: quantity.Between(-1, 1), Meaning: "1 if positive voltage resets, -1 if it sets"},
	}
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
		switch p[i].Name {
		case "phi0", "k", "area", "mass", "r_s":
			p[i].Source = maf.Key
		case "w_min", "w_max":
			p[i].Source = kvatinsky2013.Key
		}
	}
	return p
}

// Validate returns an error unless w_min <= w0 <= w_max with w_min < w_max, the
// smallest gap holds a tunnel barrier, and the polarity has a sign.
func (m *Simmons) Validate() error {
	if !(m.WMin < m.WMax) {
		return fmt.Errorf("w_min is %g m: must be below w_max, %g m", m.WMin, m.WMax)
	}
	if b := m.barrier(m.WMin, 0); !(b.exponent > leastExponent) {
		return fmt.Errorf("w_min is %g m: must be a gap with a tunnel exponent above %d, here %g", m.WMin, leastExponent, b.exponent)
	}
	if err := checkPolarity(m.Polarity); err != nil {
		return err
	}
	return between("w0", m.W0, m.WMin, m.WMax, "w_min", "w_max")
}

// Drives returns the voltage.
func (m *Simmons) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes w.
func (m *Simmons) States() []device.State {
	return []device.State{{
		Variable: device.Variable{Name: "w", Unit: "m", Meaning: "width of the tunnel gap"},
		Initial:  m.W0, Min: m.WMin, Max: m.WMax, Scale: m.WC,
	}}
}

// barrier is the mean barrier that electrons see at a gap voltage u >= 0.
type barrier struct {
	width, height   float64 // between the classical turning points, m; mean, V
	dWidth, dHeight float64 // their derivatives with respect to u
	exponent        float64 // B sqrt(phi); 0 where there is no barrier
	perWidth        float64 // B over width, 1/(m sqrt(V))
}

// barrier returns the barrier of a gap w at the voltage u >= 0.
func (m *Simmons) barrier(w, u float64) barrier {
	lambda := electronCharge * math.Ln2 / (8 * math.Pi * m.K * vacuumPermitt * w)
	near := imageNear * lambda * w / m.Phi0
	d := 3*m.Phi0 + 4*lambda - 2*u
	far := near + w*(1-imageFar*lambda/d)
	if !(d > 0 && far-near > barrierKeepsOff*w && near < w*(1-barrierKeepsOff) && far < w*(1-barrierKeepsOff)) {
		return barrier{}
	}
	var b barrier
	b.width = far - near
	b.dWidth = -2 * imageFar * lambda * w / (d * d)
	l := math.Log(far * (w - near) / (near * (w - far)))
	dl := b.dWidth * (1/far + 1/(w-far))
	image := imageMean * lambda * w / b.width
	b.height = m.Phi0 - u*(near+far)/(2*w) - image*l
	if !(b.height > 0) {
		return barrier{}
	}
	b.dHeight = -(near+far)/(2*w) - u*b.dWidth/(2*w) - image*(dl-l*b.dWidth/b.width)
	b.perWidth = 4 * math.Pi * math.Sqrt(2*m.Mass*electronMass*electronCharge) / planck
	b.exponent = b.perWidth * b.width * math.Sqrt(b.height)
	return b
}

// tunnel returns the current through a barrier at the voltage u > 0 and its slope.
func (m *Simmons) tunnel(b barrier, u float64) (i, g float64) {
	scale := electronCharge * electronCharge * m.Area / (2 * math.Pi * planck * b.width * b.width)
	k, dk := b.perWidth*b.width, b.perWidth*b.dWidth
	top := b.height + u
	s, st := math.Sqrt(b.height), math.Sqrt(top)
	e := math.Exp(-k * s)
	low := b.height * e
	// (phi+u) exp(-B sqrt(phi+u)) is low times 1 + change.
	change := math.Expm1(math.Log1p(u/b.height) - k*u/(s+st))
	i = -scale * low * change
	dLow := b.dHeight*e - low*(dk*s+k*b.dHeight/(2*s))
	high := low * (1 + change)
	dHigh := high * ((b.dHeight+1)/top - dk*st - k*(b.dHeight+1)/(2*st))
	g = scale*(dLow-dHigh) - 2*b.dWidth/b.width*i
	return i, g
}

// solve returns the gap voltage, the current and the slope of the gap's current
// at a gap w and a total voltage v, in the direction of the polarity, and whether
// the formula holds there. Beyond its end current and slope are those of the
// tangent at the end.
func (m *Simmons) solve(w, v float64) (vg, i, g float64, ok bool) {
	a := math.Abs(v)
	u, i, g, ok := m.divide(w, a)
	if m.RS*g > 1 {
		i = (a - u) / m.RS // tells the current better than the gap's voltage, most of which is rounding
	}
	if float64(m.Polarity)*v < 0 {
		return -u, -i, g, ok
	}
	return u, i, g, ok
}

// divide returns the gap's share of a voltage a >= 0 by Newton's method inside a
// bracket. A point beyond the end of the formula bounds the bracket without being
// evaluated; if the bracket closes on the end, the tangent there has the solution.
func (m *Simmons) divide(w, a float64) (u, i, g float64, ok bool) {
	if a != a {
		return a, a, a, true
	}
	lo, hi := 0.0, a
	next := a
	for range 200 {
		u = next
		b := m.barrier(w, u)
		if b.exponent < leastExponent {
			hi, ok = u, false
		} else {
			i, g = m.tunnel(b, u)
			y := u + m.RS*i - a
			next = u - y/(1+m.RS*g)
			if math.Abs(next-u) <= 2e-15*u {
				return next, i + g*(next-u), g, true
			}
			if y > 0 {
				hi, ok = u, true
			} else {
				lo = u
			}
			if next > lo && next < hi {
				continue
			}
		}
		if next = 0.5 * (lo + hi); next == lo || next == hi {
			break
		}
	}
	i, g = m.tunnel(m.barrier(w, lo), lo)
	u = lo + (a-lo-m.RS*i)/(1+m.RS*g)
	return u, i + g*(u-lo), g, ok
}

// limit returns the gap voltage at which the formula ends.
func (m *Simmons) limit(w float64) float64 {
	lo, hi := 0.0, 1.5*m.Phi0+1
	for hi-lo > 1e-12*hi {
		if u := 0.5 * (lo + hi); m.barrier(w, u).exponent >= leastExponent {
			lo = u
		} else {
			hi = u
		}
	}
	return lo
}

// GapVoltage returns the voltage vg across the gap at the width w and the total
// voltage v, both counted in the direction of the polarity, V.
func (m *Simmons) GapVoltage(w, v float64) float64 {
	u, _, _, _ := m.solve(w, v)
	return u
}

// Valid returns an error where the tunnel formula ends.
func (m *Simmons) Valid(x, u []float64, _ device.Env) error {
	vg, _, _, ok := m.solve(x[0], u[0])
	if ok {
		return nil
	}
	return fmt.Errorf("the gap's voltage is %.4g V: must be below %.4g V, where the tunnel barrier ends; limit the current", vg, m.limit(x[0]))
}

// Response returns the current, A.
func (m *Simmons) Response(x, u []float64, _ device.Env) float64 {
	_, i, _, _ := m.solve(x[0], u[0])
	return float64(m.Polarity) * i
}

// Slope returns di/dv at frozen state, S.
func (m *Simmons) Slope(x, u []float64, _ device.Env) float64 {
	_, _, g, _ := m.solve(x[0], u[0])
	return g / (1 + m.RS*g)
}

// Derivative sets dst to dw/dt, m/s.
func (m *Simmons) Derivative(dst, x, u []float64, _ device.Env) {
	_, i, _, _ := m.solve(x[0], u[0])
	dst[0] = m.Rate(x[0], i)
}

// Rate returns dw/dt at the gap w and the current i, counted in the direction of
// the polarity, m/s.
func (m *Simmons) Rate(w, i float64) float64 {
	switch {
	case i > 0:
		return saturated(math.Log(m.COff)+logSinh(i/m.IOff)-math.Exp((w-m.AOff)/m.WC-i/m.B)-w/m.WC, m.RateMax)
	case i < 0:
		return -saturated(math.Log(m.COn)+logSinh(-i/m.IOn)-math.Exp((m.AOn-w)/m.WC+i/m.B)-w/m.WC, m.RateMax)
	}
	return 0 * i // a current that is not a number makes a rate that is none
}
