package ferroelectric

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

const eps0 = 8.8541878128e-12 // permittivity of vacuum, F/m

// Film is a ferroelectric layer of independent domains, alone or in series with a
// dielectric one, see the package comment. The field in it is
//
//	E = (v - (1 - Screening) P TIL/(ε0 EpsIL)) / (TFE + TIL EpsFE/EpsIL),
//
// the field of the applied voltage less the depolarising one.
type Film struct {
	Activation
	Tau0  float64 // τ0, s
	Alpha float64 // α
	Beta  float64 // β, at least 1

	Pr      float64 // remanent polarisation with every domain aligned, C/m²
	Area    float64 // m²
	TFE     float64 // thickness, m
	EpsFE   float64 // relative permittivity
	TIL     float64 // thickness of the dielectric in series, m
	EpsIL   float64 // its relative permittivity
	Domains int     // number of domains
	P0      float64 // initial polarisation over Pr

	Screening float64 // share of the polarisation that trapped charge screens from the dielectric

	WakeUp   float64 // share of Pr that is pinned in a pristine film
	NWake    float64 // cycles in which all but 1/e of that share wakes up
	NFatigue float64 // cycles after which fatigue has taken half
	Fatigue  float64 // exponent of fatigue
	Cycles0  float64 // cycles before the start

	MonteCarlo bool // as an element: domains switch as a whole and at random
	Retention  bool // the depolarising field is in force
	Endurance  bool // WakeUp and Fatigue are in force

	memo *memo
}

// newFilm returns what all films have in common: woken up, without a dielectric.
func newFilm() Film {
	return Film{
		Activation: Activation{Distribution: single, Ea: 1e8, EaSpread: 1e7, EaA: 1, EaP: 1, EaQ: 1},
		Tau0:       1e-9, Alpha: 1, Beta: 2, Pr: 0.2, Area: 1e-12, TFE: 10e-9, EpsFE: 28, EpsIL: 3.9, Domains: 20, P0: -1, Screening: 0.95,
		WakeUp: 0.3, NWake: 1e3, NFatigue: 1e9, Fatigue: 0.5, Retention: true, memo: &memo{},
	}
}

func (f *Film) params(source func(string) string) []device.Param {
	positive := quantity.Positive()
	share := quantity.Between(0, 1)
	params := f.Activation.params()
	params = append(params,
		device.Param{Name: "tau0", Value: &f.Tau0, Unit: "s", Range: positive, Meaning: "switching time at infinite field"},
		device.Param{Name: "alpha", Value: &f.Alpha, Range: positive, Meaning: "exponent of the activation field over the field; 1 is Merz's law"},
		device.Param{Name: "beta", Value: &f.Beta, Range: quantity.AtLeast(1), Meaning: "exponent of time in the switched fraction"},
		device.Param{Name: "p_r", Value: &f.Pr, Unit: "C/m^2", Range: quantity.Between(1e-4, 2), Meaning: "remanent polarisation with every domain aligned"},
		device.Param{Name: "area", Value: &f.Area, Unit: "m^2", Range: positive, Meaning: "area of the film"},
		device.Param{Name: "t_fe", Value: &f.TFE, Unit: "m", Range: positive, Meaning: "thickness of the film"},
		device.Param{Name: "eps_fe", Value: &f.EpsFE, Range: quantity.AtLeast(1), Meaning: "relative permittivity of the film"},
		device.Param{Name: "t_il", Value: &f.TIL, Unit: "m", Range: quantity.NonNegative(), Meaning: "thickness of the dielectric in series"},
		device.Param{Name: "eps_il", Value: &f.EpsIL, Range: quantity.AtLeast(1), Meaning: "relative permittivity of the dielectric"},
		device.Param{Name: "domains", Value: &f.Domains, Range: quantity.Between(1, 10000), Meaning: "number of domains"},
		device.Param{Name: "p0", Value: &f.P0, Range: quantity.Between(-1, 1), Meaning: "initial polarisation over p_r"},
		device.Param{Name: "screening", Value: &f.Screening, Range: share, Meaning: "share of the polarisation that trapped charge screens from the dielectric"},
		device.Param{Name: "wake_up", Value: &f.WakeUp, Range: quantity.Between(0, 0.99), Meaning: "share of p_r that is pinned in a pristine film"},
		device.Param{Name: "n_wake", Value: &f.NWake, Range: positive, Meaning: "cycles in which all but 1/e of that share wakes up"},
		device.Param{Name: "n_fatigue", Value: &f.NFatigue, Range: positive, Meaning: "cycles after which fatigue has taken half of p_r"},
		device.Param{Name: "fatigue", Value: &f.Fatigue, Range: positive, Meaning: "exponent of the cycles in fatigue"},
		device.Param{Name: "cycles0", Value: &f.Cycles0, Range: quantity.NonNegative(), Meaning: "cycles of full switching before the start"},
		device.Param{Name: "monte_carlo", Value: &f.MonteCarlo, Meaning: "as an element: domains switch as a whole and at random; false is the mean"},
		device.Param{Name: "retention", Value: &f.Retention, Meaning: "the depolarising field acts; false leaves it out"},
		device.Param{Name: "endurance", Value: &f.Endurance, Meaning: "wake-up and fatigue act; false leaves them out"},
	)
	for i := range params {
		params[i].Source = source(params[i].Name)
	}
	return params
}

var filmEquations = []string{
	"against the field: dh/dt = exp(-(ea/|E|)^alpha)/tau0; along it h falls at that rate, to 0 at least",
	"a domain switches with the probability 1 - exp(h0^beta - h1^beta) while h goes from h0 to h1; then h = 0",
	"E = (v - (1 - screening) P t_il/(eps0 eps_il))/(t_fe + t_il eps_fe/eps_il)",
	"P = p_r s(n) p, p the mean over domains of +1 and -1",
	"s(n) = (1 - wake_up exp(-n/n_wake))/(1 + (n/n_fatigue)^fatigue), n the cycles of full switching",
}

var filmNotes = []string{
	"Domains do not interact. The polarisation is the switched one: the linear dielectric adds eps0 eps_fe E, whose current is not in the model.",
	"Screening, wake-up and fatigue are assumptions throughout: publications differ by orders of magnitude.",
	"Beside p a trace holds of each domain the share u that is up and the progress h_up and h_down of its parts.",
}

func (f *Film) validate() error {
	if f.Distribution == normal || f.Distribution == beta || f.Distribution == lorentz {
		if err := f.Activation.validate(); err != nil {
			return err
		}
	}
	if f.NFatigue <= f.NWake {
		return fmt.Errorf("n_fatigue is %g: must be above n_wake, %g", f.NFatigue, f.NWake)
	}
	return nil
}

// Field returns the field in the film in V/m at a voltage in V and a polarisation over Pr.
func (f *Film) Field(v, p float64) float64 {
	if f.Retention {
		v -= (1 - f.Screening) * f.Pr * p * f.TIL / (eps0 * f.EpsIL)
	}
	return v / f.thickness()
}

// thickness returns the voltage over the field without polarisation, m.
func (f *Film) thickness() float64 { return f.TFE + f.TIL*f.EpsFE/f.EpsIL }

// depolarised reports whether the field depends on the polarisation.
func (f *Film) depolarised() bool { return f.Retention && f.TIL > 0 && f.Screening < 1 }

// Scale returns the share of Pr that n cycles leave.
func (f *Film) Scale(n float64) float64 {
	if !f.Endurance {
		return 1
	}
	return (1 - f.WakeUp*math.Exp(-n/f.NWake)) / (1 + math.Pow(n/f.NFatigue, f.Fatigue))
}

// rate returns dh/dt in 1/s of a domain with the activation field ea, at a field
// whose magnitude is e, both in V/m.
func (f *Film) rate(ea, e float64) float64 {
	if e == 0 {
		return 0
	}
	r := ea / e
	if f.Alpha != 1 {
		r = math.Pow(r, f.Alpha)
	}
	return math.Exp(-r) / f.Tau0
}

// Switched returns the fraction of an infinite number of domains that a constant
// field in V/m has switched after t seconds, from full alignment against it:
//
//	1 - ∫ exp(-(t/τ(E_a))^β) f(E_a) dE_a.
func (f *Film) Switched(field, t float64) float64 {
	sum := 0.0
	q := f.quantiles(levels)
	for _, ea := range q {
		sum += KAI(t, 1/f.rate(ea, math.Abs(field)), f.Beta)
	}
	return sum / float64(len(q))
}

// gauss are the nodes and weights of Gauss and Legendre's rule of 8 points on 0 to 1.
var gaussX = [8]float64{0.0198550717512319, 0.1016667612931866, 0.2372337950418355, 0.4082826787521751, 0.5917173212478249, 0.7627662049581645, 0.8983332387068134, 0.9801449282487681}
var gaussW = [8]float64{0.0506142681451881, 0.1111905172266872, 0.1568533229389436, 0.1813418916891810, 0.1813418916891810, 0.1568533229389436, 0.1111905172266872, 0.0506142681451881}

// growth returns the change of h of a domain over dt seconds in which the magnitude of
// the field goes straight from e0 to e1: exact for a constant field, else to 1e-7 of itself.
func (f *Film) growth(ea, e0, e1, dt float64) float64 {
	if e0 > e1 {
		e0, e1 = e1, e0
	}
	if e1 == 0 {
		return 0
	}
	if e0 == e1 {
		return f.rate(ea, e1) * dt
	}
	x0 := math.Pow(ea/e1, f.Alpha)
	if x0 > 740 { // exp(-x0) is 0
		return 0
	}
	if e0 > 0.9*e1 && math.Pow(ea/e0, f.Alpha)-x0 < 0.3 {
		// Gauss and Legendre's rule of 3 points is exact to 1e-7 here.
		const off = 0.7745966692414834 / 2
		mid, d := 0.5*(e0+e1), e1-e0
		return dt / 18 * (5*f.rate(ea, mid-off*d) + 8*f.rate(ea, mid) + 5*f.rate(ea, mid+off*d))
	}
	// From the top down, in pieces over which neither the exponent nor the field
	// changes much, until the rest is nothing.
	sum, top := 0.0, e1
	for top > e0 {
		x := math.Pow(ea/top, f.Alpha)
		if x > x0+40 {
			break
		}
		low := max(e0, top/2, ea*math.Pow(x+3, -1/f.Alpha))
		piece := 0.0
		for k, g := range gaussX {
			piece += gaussW[k] * f.rate(ea, low+g*(top-low))
		}
		sum += piece * (top - low)
		top = low
	}
	return sum * dt / (e1 - e0)
}

// most is the largest h^β that is told apart from infinity.
const most = 700

// domain is a domain, or many with the same activation field.
type domain struct {
	u          float64 // share that is up
	hUp, hDown float64 // progress of the parts up and down
}

// move takes d through growths of h: g is that of the field's magnitude, up the
// field's direction. With chance below 1 the domain is one that switches where chance
// is above its probability to stay; with chance 1 it is the mean of many.
func (f *Film) move(d *domain, g float64, up bool, chance float64) {
	if g == 0 {
		return
	}
	from, against, along := 1-d.u, &d.hDown, &d.hUp
	if !up {
		from, against, along = d.u, &d.hUp, &d.hDown
	}
	h0 := *against
	h1 := min(h0+g, math.Pow(most, 1/f.Beta))
	stay := math.Exp(math.Pow(h0, f.Beta) - math.Pow(h1, f.Beta))
	*against = h1
	*along = max(*along-g, 0)
	moved := from * (1 - stay)
	if chance < 1 {
		moved = 0
		if chance > stay {
			moved = from
		}
	}
	if moved == 0 {
		return
	}
	// What has just switched begins with no progress back.
	if rest := 1 - from; rest > 0 {
		*along *= rest / (rest + moved)
	}
	if up {
		d.u = min(d.u+moved, 1)
	} else {
		d.u = max(d.u-moved, 0)
	}
}

// drive takes domains with the activation fields ea through dt seconds in which the field
// goes straight from e0 to e1. Chance(i) draws for domain i; nil takes the mean.
func (f *Film) drive(d []domain, ea []float64, e0, e1, dt float64, chance func(i, part int) float64) {
	parts := [2][3]float64{{e0, e1, dt}}
	if e0*e1 < 0 {
		first := dt * e0 / (e0 - e1)
		parts = [2][3]float64{{e0, 0, first}, {0, e1, dt - first}}
	}
	for part, s := range parts {
		if s[2] == 0 {
			continue
		}
		up := s[0]+s[1] > 0
		for i := range d {
			from, along := 1-d[i].u, d[i].hUp
			if !up {
				from, along = d[i].u, d[i].hDown
			}
			if from == 0 && along == 0 {
				continue
			}
			g := f.growth(ea[i], math.Abs(s[0]), math.Abs(s[1]), s[2])
			c := 1.0
			if chance != nil {
				c = 0
				if from > 0 && g > 0 {
					c = chance(i, part)
				}
			}
			f.move(&d[i], g, up, c)
		}
	}
}

// mean returns the polarisation over Pr of domains.
func mean(d []domain) float64 {
	up := 0.0
	for i := range d {
		up += d[i].u
	}
	return 2*up/float64(len(d)) - 1
}

// fill sets domains without progress to a polarisation over Pr: shares of each, or
// whole domains spread over all activation fields.
func fill(d []domain, p float64, whole bool) {
	for i := range d {
		d[i] = domain{u: 0.5 * (1 + p)}
		if whole {
			const golden = 0.6180339887498949
			_, frac := math.Modf((float64(i) + 0.5) * golden)
			d[i].u = 0
			if frac < 0.5*(1+p) {
				d[i].u = 1
			}
		}
	}
}

// draw returns the key of a domain's chances in one of the two parts of a stretch.
func draw(key noise.Key, i, part int) noise.Key { return key.Fold(uint64(2*i + part)) }
