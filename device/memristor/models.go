package memristor

import (
	"fmt"
	"math"
	"slices"

	"mho/device"
)

// Models lists the models of this package with their published parameter sets.
func Models() []device.Entry {
	var all []device.Entry
	all = append(all, entries(linearDriftSets, func(s *linearDriftSet) (*preset, device.Model) { return &s.preset, newLinearDrift(s) })...)
	all = append(all, entries(nonlinearDriftSets, func(s *nonlinearDriftSet) (*preset, device.Model) { return &s.preset, newNonlinearDrift(s) })...)
	all = append(all, entries(simmonsSets, func(s *preset) (*preset, device.Model) { return s, NewSimmons() })...)
	all = append(all, entries(teamSets, func(s *teamSet) (*preset, device.Model) { return &s.preset, newTEAM(s) })...)
	all = append(all, entries(vteamSets, func(s *vteamSet) (*preset, device.Model) { return &s.preset, newVTEAM(s) })...)
	all = append(all, entries(yakopcicSets, func(s *yakopcicSet) (*preset, device.Model) { return &s.preset, newYakopcic(s) })...)
	all = append(all, entries(messarisSets, func(s *messarisSet) (*preset, device.Model) { return &s.preset, newMessaris(s) })...)
	all = append(all, entries(strachanSets, func(s *strachanSet) (*preset, device.Model) { return &s.preset, newStrachan(s) })...)
	all = append(all, entries(stanfordSets, func(s *stanfordSet) (*preset, device.Model) { return &s.preset, newStanford(s) })...)
	all = append(all, entries(jartSets, func(s *preset) (*preset, device.Model) { return s, newJART(s) })...)
	all = append(all, entries(mmsSets, func(s *preset) (*preset, device.Model) { return s, NewMMS() })...)
	return all
}

// entries lists the sets of one law, each under the name of its preset.
func entries[S any](sets []S, make func(s *S) (*preset, device.Model)) []device.Entry {
	var list []device.Entry
	for i := range sets {
		s := &sets[i]
		p, _ := make(s)
		list = append(list, device.Entry{Name: p.name, New: func() device.Model {
			_, m := make(s)
			return m
		}})
	}
	return list
}

// A preset says where the values of a model come from.
type preset struct {
	name   string
	title  string
	source string // key of the reference that gives the values
	refs   []device.Reference
	given  []string // parameters that the source gives; the others are assumptions
	notes  []string
}

// sourceOf returns the source of a parameter, nil meaning a model that the
// caller has filled in.
func (p *preset) sourceOf(param string) string {
	if p == nil || !slices.Contains(p.given, param) {
		return "assumption"
	}
	return p.source
}

// info returns what a model and its preset together tell.
func (p *preset) info(i device.Info) device.Info {
	if p == nil {
		return i
	}
	i.Name, i.Title = p.name, p.title
	i.Notes = append(append([]string(nil), i.Notes...), p.notes...)
	for _, r := range p.refs {
		if !slices.ContainsFunc(i.References, func(q device.Reference) bool { return q.Key == r.Key }) {
			i.References = append(i.References, r)
		}
	}
	return i
}

// between returns an error unless x, the value of a parameter, lies from lo to
// hi, which are described in words.
func between(name string, x, lo, hi float64, loName, hiName string) error {
	if !(x >= lo && x <= hi) {
		return fmt.Errorf("%s is %g: must be from %s, %g, to %s, %g", name, x, loName, lo, hiName, hi)
	}
	return nil
}

// power returns x^n for a whole n >= 0 by squaring.
func power(x float64, n int) float64 {
	y := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			y *= x
		}
		x *= x
	}
	return y
}

// raise returns x^a for x >= 0, which rounding may leave a little below.
func raise(x, a float64) float64 {
	if n := int(a); float64(n) == a {
		return power(x, n)
	}
	return math.Pow(max(x, 0), a)
}

func checkPolarity(p int) error { return checkSign("polarity", p) }

func checkSign(name string, p int) error {
	if p != 1 && p != -1 {
		return fmt.Errorf("%s is %d: must be 1 or -1", name, p)
	}
	return nil
}

// saturated returns r/(1 + r/limit) for the logarithm of a rate r.
func saturated(log, limit float64) float64 { return 1 / (math.Exp(-log) + 1/limit) }

// logSinh returns ln sinh z for z > 0 without overflow.
func logSinh(z float64) float64 { return z - math.Ln2 + math.Log(-math.Expm1(-2*z)) }
