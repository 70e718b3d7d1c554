package energy

import (
	"hash/fnv"
	"math"
	"slices"
	"sort"

	"mho/noise"
	"mho/noise/stats"
)

// A sampler holds the factors that a projection multiplies by. Each has a normal
// number per sample; factors of one name share it.
type sampler struct {
	names   []string
	factors []factor
}

type factor struct {
	name  int
	sigma float64     // decades, if quantile is nil
	knots *[5]float64 // of log10 of the factor at P10 ... P90
}

// probits are the standard normal quantiles of P10, P25, P50, P75 and P90.
var probits = [5]float64{stats.Probit(0.1), stats.Probit(0.25), 0, stats.Probit(0.75), stats.Probit(0.9)}

func (b *sampler) name(name string) int {
	if i := slices.Index(b.names, name); i >= 0 {
		return i
	}
	b.names = append(b.names, name)
	return len(b.names) - 1
}

// lognormal returns a factor 10^(sigma z).
func (b *sampler) lognormal(name string, sigma float64) int {
	f := factor{name: b.name(name), sigma: sigma}
	for i, g := range b.factors {
		if g == f {
			return i
		}
	}
	b.factors = append(b.factors, f)
	return len(b.factors) - 1
}

// quantiles returns a factor with the quantiles of bands over their median: log10
// is linear in z between the five, and beyond them.
func (b *sampler) quantiles(name string, bands []float64) int {
	f := factor{name: b.name(name), knots: new([5]float64)}
	for i, x := range bands {
		f.knots[i] = x - bands[2]
	}
	b.factors = append(b.factors, f)
	return len(b.factors) - 1
}

// at returns the factor for the normal number z.
func (f *factor) at(z float64) float64 {
	if f.knots == nil {
		return math.Exp(math.Ln10 * f.sigma * z)
	}
	i := 0
	for i < 3 && z > probits[i+1] {
		i++
	}
	w := (z - probits[i]) / (probits[i+1] - probits[i])
	return math.Exp(math.Ln10 * (f.knots[i] + w*(f.knots[i+1]-f.knots[i])))
}

// draw returns the samples of each factor.
func (b *sampler) draw(n int, key noise.Key) [][]float64 {
	z := make([][]float64, len(b.names))
	for i, name := range b.names {
		h := fnv.New64a()
		h.Write([]byte(name))
		z[i] = make([]float64, n)
		key.Domain(noise.Circuit).Fold(h.Sum64()).Normal(z[i], noise.At{})
	}
	out := make([][]float64, len(b.factors))
	for i := range b.factors {
		f := &b.factors[i]
		out[i] = make([]float64, n)
		if f.knots == nil && f.sigma == 0 {
			for j := range out[i] {
				out[i][j] = 1
			}
			continue
		}
		for j, x := range z[f.name] {
			out[i][j] = f.at(x)
		}
	}
	return out
}

// bands fills the bands, the parts and the shares of variance of pr.
func (pr *Projection) bands(b *sampler, terms []term, timing, area int, s Settings) {
	nominal := 0.0
	for i := range terms {
		nominal += terms[i].nominal
	}
	n := max(s.Draws, 0)
	draws := b.draw(n, s.Key)
	time := func(d duration, j int) float64 { return d.arrays*draws[timing][j] + d.other }
	series := func(f func(j int) float64, at float64) Band {
		x := make([]float64, n)
		for j := range x {
			x[j] = f(j)
		}
		return newBand(x, at)
	}
	total := make([]float64, n)
	for i := range terms {
		t := &terms[i]
		sum := 0.0
		for j := range total {
			e := t.nominal
			for _, f := range t.factors {
				e *= draws[f][j]
			}
			sum += e
			total[j] += e
		}
		pr.Parts[i].Energy = t.nominal
		if n > 0 {
			pr.Parts[i].Energy = sum / float64(n)
		}
	}
	mean := 0.0
	for i := range pr.Parts {
		mean += pr.Parts[i].Energy
	}
	for i := range pr.Parts {
		if mean > 0 {
			pr.Parts[i].Share = pr.Parts[i].Energy / mean
		}
	}
	pr.Variance = shares(b, terms, draws, total)
	sort.SliceStable(pr.Parts, func(i, j int) bool { return pr.Parts[i].Energy > pr.Parts[j].Energy })
	interval := func(j int) float64 { return time(pr.intervalTime, j) }
	surface := func(j int) float64 { return pr.areaNominal * draws[area][j] }
	ops, every := pr.Operations, pr.intervalTime.sum()
	pr.Energy = series(func(j int) float64 { return total[j] }, nominal)
	pr.Latency = series(func(j int) float64 { return time(pr.latencyTime, j) }, pr.latencyTime.sum())
	pr.Interval = series(interval, every)
	pr.Area = series(surface, pr.areaNominal)
	pr.Throughput = series(func(j int) float64 { return ops / interval(j) }, ops/every)
	pr.TOPSPerWatt = series(func(j int) float64 { return ops / total[j] * 1e-12 }, ops/nominal*1e-12)
	pr.TOPSPerMM2 = series(func(j int) float64 { return ops / interval(j) / surface(j) * 1e-18 }, ops/every/pr.areaNominal*1e-18)
}

// newBand sorts x.
func newBand(x []float64, nominal float64) Band {
	if len(x) == 0 {
		return Band{nominal, nominal, nominal, nominal, nominal}
	}
	mean := 0.0
	for _, v := range x {
		mean += v
	}
	slices.Sort(x)
	return Band{stats.Interpolate(x, 0.1), stats.Interpolate(x, 0.5), stats.Interpolate(x, 0.9), nominal, mean / float64(len(x))}
}

// shares returns the first-order Sobol indices of the names: the variance, over a
// name's own numbers, of the mean over all others, over the whole variance. The
// means of the others are those of the samples, which the product form allows.
func shares(b *sampler, terms []term, draws [][]float64, total []float64) []Share {
	whole := variance(total)
	if whole == 0 || math.IsNaN(whole) {
		return nil
	}
	means := make([]float64, len(draws))
	for i, d := range draws {
		for _, x := range d {
			means[i] += x
		}
		means[i] /= float64(len(d))
	}
	given := make([]float64, len(total))
	weight := make([]float64, len(draws))
	var out []Share
	for name := range b.names {
		clear(given)
		clear(weight)
		for i := range terms {
			w, own := terms[i].nominal, -1
			for _, f := range terms[i].factors {
				if b.factors[f].name == name {
					own = f
				} else {
					w *= means[f]
				}
			}
			if own >= 0 {
				weight[own] += w
			}
		}
		for f, w := range weight {
			if w != 0 {
				for j, x := range draws[f] {
					given[j] += w * x
				}
			}
		}
		if v := variance(given); v > 0 {
			out = append(out, Share{b.names[name], math.Min(1, v/whole)}) // rounding of the sample means can pass 1
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].First > out[j].First })
	return out
}

func variance(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	mean, sum := 0.0, 0.0
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return sum / float64(len(x)-1)
}
