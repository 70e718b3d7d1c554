package fit

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/stat/distuv"

	"mho/internal/quantity"
	"mho/noise"
)

// A free parameter is one that a fit moves, by its logarithm where it has a sign.
type free struct {
	quantity.Param
	x      *float64
	def    float64 // value before the fit
	sign   float64 // 0: fitted as it is, in units of scale
	scale  float64
	geom   bool // a length, which electrical data rarely determine alone
	lo, hi float64
}

func newFree(p quantity.Param, x *float64, lo, hi float64) free {
	f := free{Param: p, x: x, def: *x, lo: lo, hi: hi, scale: 1}
	r := p.Range
	oneSign := r != (quantity.Range{}) && (r.Min >= 0 || r.Max <= 0)
	switch {
	case oneSign && *x != 0 && math.IsInf(lo, -1) && math.IsInf(hi, 1):
		f.sign = math.Copysign(1, *x)
	case !math.IsInf(hi-lo, 1):
		f.scale = hi - lo
	case *x != 0:
		f.scale = math.Abs(*x)
	}
	return f
}

func (f *free) get() float64 {
	if f.sign != 0 {
		return math.Log(f.sign * *f.x)
	}
	return *f.x / f.scale
}

// put sets the parameter, kept within its limits.
func (f *free) put(theta float64) {
	if f.sign != 0 {
		*f.x = f.sign * math.Exp(math.Min(math.Max(theta, -300), 300))
		return
	}
	*f.x = math.Min(math.Max(theta*f.scale, f.lo), f.hi)
}

// value returns the parameter at theta without setting it.
func (f *free) value(theta float64) float64 {
	if f.sign != 0 {
		return f.sign * math.Exp(theta)
	}
	return theta * f.scale
}

// problem is a least-squares problem.
type problem struct {
	ctx   context.Context
	free  []free
	n     int
	eval  func(dst []float64) error // residuals at the present values
	fixed []Fixed
	given []free // of fixed, those that are tried again
	evals int
}

// A Fixed parameter is one that the data do not determine.
type Fixed struct {
	Name   string
	Value  float64
	Unit   string
	Reason string
}

// An Estimate is a fitted parameter with its interval of 95 %.
type Estimate struct {
	Name      string
	Unit      string
	Value     float64
	Low, High float64 // interval of 95 %
	Deviation float64 // standard deviation of the logarithm, or of the value where it may have either sign
	Log       bool
}

const far = 1e8 // residual of a point where the model cannot go

func (p *problem) residuals(dst, theta []float64) {
	for i := range p.free {
		p.free[i].put(theta[i])
	}
	p.evals++
	if err := p.eval(dst); err != nil {
		for i := range dst {
			dst[i] = far
		}
		return
	}
	for i, r := range dst {
		if r-r != 0 {
			dst[i] = far
		}
	}
}

func (p *problem) cost(theta []float64) float64 {
	r := make([]float64, p.n)
	p.residuals(r, theta)
	s := 0.0
	for _, x := range r {
		s += x * x
	}
	return s
}

func (p *problem) theta() []float64 {
	t := make([]float64, len(p.free))
	for i := range t {
		t[i] = p.free[i].get()
	}
	return t
}

// jacobian returns dr/dθ by central differences.
func (p *problem) jacobian(theta []float64) *mat.Dense {
	j := mat.NewDense(p.n, len(theta), nil)
	a, b, t := make([]float64, p.n), make([]float64, p.n), slices.Clone(theta)
	const h = 1e-4
	for k := range theta {
		up, down := theta[k]+h, theta[k]-h
		if f := &p.free[k]; f.sign == 0 { // one-sided at a limit
			up, down = math.Min(up, f.hi/f.scale), math.Max(down, f.lo/f.scale)
		}
		t[k] = up
		p.residuals(a, t)
		t[k] = down
		p.residuals(b, t)
		t[k] = theta[k]
		for i := range a {
			d := (a[i] - b[i]) / (up - down)
			if math.Abs(a[i]) == far || math.Abs(b[i]) == far {
				d = 0
			}
			j.Set(i, k, d)
		}
	}
	return j
}

// levenberg descends from theta to a minimum.
func (p *problem) levenberg(theta []float64) ([]float64, float64, error) {
	n := len(theta)
	r := make([]float64, p.n)
	cost := p.cost(theta)
	lambda := 1e-3
	for range 60 {
		if n == 0 {
			break // nothing to move
		}
		if err := p.ctx.Err(); err != nil {
			return theta, cost, err
		}
		p.residuals(r, theta)
		j := p.jacobian(theta)
		var a mat.Dense
		a.Mul(j.T(), j)
		g := mat.NewVecDense(n, nil)
		g.MulVec(j.T(), mat.NewVecDense(p.n, r))
		improved := false
		for range 12 {
			m := mat.DenseCopyOf(&a)
			for k := range n {
				m.Set(k, k, a.At(k, k)*(1+lambda)+1e-30)
			}
			var step mat.VecDense
			if step.SolveVec(m, g) != nil {
				lambda *= 10
				continue
			}
			next := slices.Clone(theta)
			for k := range next {
				next[k] -= math.Min(math.Max(step.AtVec(k), -1), 1)
			}
			if c := p.cost(next); c < cost {
				gain := (cost - c) / cost
				theta, cost, improved = next, c, true
				lambda = math.Max(lambda/10, 1e-12)
				if gain < 1e-12 {
					return theta, cost, nil
				}
				break
			}
			lambda *= 10
		}
		if !improved {
			break
		}
	}
	return theta, cost, nil
}

// covariance returns the covariance of the parameters and the index of the parameter to give up with its reason,
// or -1. It is (JᵀJ)⁻¹ Jᵀ diag(r²/(1-h)²) J (JᵀJ)⁻¹ with h the diagonal of J (JᵀJ)⁻¹ Jᵀ, right also where the weights
// are not those of the errors: H. White, Econometrica 48, 817 (1980), doi:10.2307/1912934, in the form HC3 of J. G. MacKinnon
// and H. White, J. Econometrics 29, 305 (1985), doi:10.1016/0304-4076(85)90158-7.
func (p *problem) covariance(theta []float64, cost float64) (*mat.Dense, int, string) {
	n := len(theta)
	j := p.jacobian(theta)
	r := make([]float64, p.n)
	p.residuals(r, theta)
	norms := make([]float64, n)
	largest := 0.0
	for k := range n {
		norms[k] = mat.Norm(j.ColView(k), 2)
		largest = math.Max(largest, norms[k])
	}
	for k := range n {
		if norms[k] <= 1e-7*largest || norms[k] == 0 {
			return nil, k, "the data do not depend on it"
		}
	}
	var a, c mat.Dense
	a.Mul(j.T(), j)
	for x := range n {
		for y := range n {
			a.Set(x, y, a.At(x, y)/(norms[x]*norms[y]))
		}
		a.Set(x, x, a.At(x, x)+1e-13)
	}
	if err := c.Inverse(&a); err != nil {
		var cond mat.Condition
		if !errors.As(err, &cond) || math.IsInf(float64(cond), 1) {
			return nil, p.weakest(nil, norms), "the data do not determine it beside the others"
		}
	}
	var middle, half, robust mat.Dense
	weighted := mat.DenseCopyOf(j)
	row := mat.NewVecDense(n, nil)
	for i := range p.n {
		for k := range n {
			row.SetVec(k, j.At(i, k)/norms[k])
		}
		free := math.Max(1-mat.Inner(row, &c, row), 0.01)
		for k := range n {
			weighted.Set(i, k, row.AtVec(k)*r[i]/free)
		}
	}
	middle.Mul(weighted.T(), weighted)
	half.Mul(&c, &middle)
	robust.Mul(&half, &c)
	worst := false
	se := make([]float64, n)
	for x := range n {
		// Without noise the residuals say nothing: a column that is nearly a sum of others does.
		inflation := c.At(x, x)
		for y := range n {
			robust.Set(x, y, robust.At(x, y)/(norms[x]*norms[y]))
		}
		se[x] = math.Sqrt(math.Max(robust.At(x, x), 0))
		if !(se[x] < 1) || inflation > 1e9 {
			worst = true
			se[x] = math.Max(se[x], 1+inflation*1e-12)
		} else {
			se[x] = 0
		}
	}
	if worst {
		return nil, p.weakest(se, norms), "the data do not determine it beside the others"
	}
	return &robust, -1, ""
}

// weakest picks the parameter to give up among those with se > 0 (nil means all):
// a length first, then the one of the largest deviation.
func (p *problem) weakest(se, norms []float64) int {
	best, score := 0, math.Inf(-1)
	for k := range p.free {
		s := 1 / norms[k]
		if se != nil {
			if se[k] == 0 {
				continue
			}
			s = se[k]
		}
		if p.free[k].geom {
			s += 1e30
		}
		if s > score {
			best, score = k, s
		}
	}
	return best
}

// giveUp fixes parameter k at the value it had before the fit.
func (p *problem) giveUp(k int, reason string) {
	f := &p.free[k]
	*f.x = f.def
	p.fixed = append(p.fixed, Fixed{f.Name, f.def, f.Unit, reason})
	if !f.geom {
		p.given = append(p.given, *f)
	}
	p.free = slices.Delete(p.free, k, k+1)
}

// takeBack frees a parameter that was given up in a worse place, where the data do
// determine it from here and are followed better for it. It returns nil if there is none.
func (p *problem) takeBack(theta []float64, cost float64) ([]float64, float64, error) {
	for k := range p.given {
		f := p.given[k]
		before := append([]free(nil), p.free...)
		p.free = append(p.free, f)
		next, c, err := p.levenberg(append(slices.Clone(theta), f.get()))
		if err != nil {
			return nil, 0, err
		}
		if c < 0.99*cost {
			if _, drop, _ := p.covariance(next, c); drop < 0 {
				p.given = slices.Delete(p.given, k, k+1)
				p.fixed = slices.DeleteFunc(p.fixed, func(x Fixed) bool { return x.Name == f.Name })
				for i := range p.free {
					p.free[i].put(next[i])
				}
				return next, c, nil
			}
		}
		*f.x = f.def
		p.free = before
		for i := range p.free {
			p.free[i].put(theta[i])
		}
	}
	return nil, 0, nil
}

const (
	candidates = 60
	starts     = 3
)

// solve finds the minimum and the estimates.
func (p *problem) solve(key noise.Key) ([]Estimate, float64, error) {
	if err := p.screen(); err != nil {
		return nil, 0, err
	}
	if len(p.free) == 0 {
		return nil, 0, fmt.Errorf("the data determine no parameter: %s", p.reasons())
	}
	best, cost, err := p.search(key)
	if err != nil {
		return nil, 0, err
	}
	for {
		if len(p.free) == 0 {
			return nil, 0, fmt.Errorf("the data determine no parameter: %s", p.reasons())
		}
		if cost >= far*far {
			return nil, 0, fmt.Errorf("the model cannot follow the data with any parameters tried")
		}
		c, drop, why := p.covariance(best, cost)
		if drop < 0 {
			for i := range p.free {
				p.free[i].put(best[i])
			}
			if b, k, err := p.takeBack(best, cost); err != nil {
				return nil, 0, err
			} else if b != nil {
				best, cost = b, k
				continue
			}
			return p.estimates(best, c), cost, nil
		}
		for i := range p.free {
			p.free[i].put(best[i])
		}
		p.giveUp(drop, why)
		if best, cost, err = p.levenberg(p.theta()); err != nil {
			return nil, 0, err
		}
	}
}

// screen gives up what changes nothing at the start, before the search.
func (p *problem) screen() error {
	for len(p.free) > 0 {
		r := make([]float64, p.n)
		theta := p.theta()
		p.residuals(r, theta)
		if r[0] == far {
			return nil
		}
		j := p.jacobian(theta)
		drop := -1
		for k := range p.free {
			// A length that cannot move alone within the law, or that is not in use.
			if mat.Norm(j.ColView(k), 2) == 0 && p.free[k].geom {
				drop = k
			}
		}
		for i := range p.free {
			p.free[i].put(theta[i])
		}
		if drop < 0 {
			return nil
		}
		p.giveUp(drop, "the data do not tell this length from the rates, or do not depend on it")
	}
	return nil
}

// search tries starts at random around the present values and descends from the best.
func (p *problem) search(key noise.Key) ([]float64, float64, error) {
	n := len(p.free)
	type start struct {
		theta []float64
		cost  float64
	}
	origin := p.theta()
	all := []start{{origin, p.cost(origin)}}
	u := make([]float64, n)
	for k := range candidates {
		key.Normal(u, noise.At{Event: uint64(k)})
		t := slices.Clone(origin)
		wide := []float64{0.1, 0.5, 1.5}[k%3]
		for i := range t {
			if p.free[i].sign == 0 {
				t[i] += 0.3 * wide * u[i]
			} else {
				t[i] += wide * u[i]
			}
		}
		all = append(all, start{t, p.cost(t)})
	}
	slices.SortStableFunc(all, func(a, b start) int {
		switch {
		case a.cost < b.cost:
			return -1
		case a.cost > b.cost:
			return 1
		}
		return 0
	})
	best, cost := all[0].theta, math.Inf(1)
	for _, s := range all[:min(starts, len(all))] {
		if err := p.ctx.Err(); err != nil {
			return nil, 0, err
		}
		res, err := optimize.Minimize(optimize.Problem{Func: func(x []float64) float64 { return math.Log(p.cost(x) + 1e-300) }}, s.theta,
			&optimize.Settings{FuncEvaluations: 40 * n, Converger: &optimize.FunctionConverge{Absolute: 1e-7, Iterations: 20 * n}}, &optimize.NelderMead{SimplexSize: 0.2})
		theta := s.theta
		if res != nil && (err == nil || res.Stats.FuncEvaluations > 0) {
			theta = res.X
		}
		theta, c, err := p.levenberg(theta)
		if err != nil {
			return nil, 0, err
		}
		if c < cost {
			best, cost = theta, c
		}
	}
	for i := range p.free {
		p.free[i].put(best[i])
	}
	return best, cost, nil
}

func (p *problem) estimates(theta []float64, c *mat.Dense) []Estimate {
	t := distuv.StudentsT{Sigma: 1, Nu: float64(max(p.n-len(theta), 1))}.Quantile(0.975)
	var out []Estimate
	for k := range p.free {
		f := &p.free[k]
		se := math.Sqrt(c.At(k, k))
		e := Estimate{Name: f.Name, Unit: f.Unit, Value: *f.x, Low: f.value(theta[k] - t*se), High: f.value(theta[k] + t*se), Deviation: se, Log: f.sign != 0}
		if e.Low > e.High {
			e.Low, e.High = e.High, e.Low
		}
		if f.sign == 0 {
			e.Deviation *= f.scale
		}
		out = append(out, e)
	}
	return out
}

func (p *problem) reasons() string {
	var parts []string
	for _, f := range p.fixed {
		parts = append(parts, f.Name+" ("+f.Reason+")")
	}
	return strings.Join(parts, ", ")
}
