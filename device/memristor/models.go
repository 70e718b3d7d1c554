package memristor

import (
	"fmt"
	"slices"

	"mho/device"
)

// Models lists the models of this package with their published parameter sets.
func Models() []device.Entry {
	var all []device.Entry
	for i := range linearDriftSets {
		s := &linearDriftSets[i]
		all = append(all, device.Entry{Name: s.name, New: func() device.Model { return newLinearDrift(s) }})
	}
	for i := range vteamSets {
		s := &vteamSets[i]
		all = append(all, device.Entry{Name: s.name, New: func() device.Model { return newVTEAM(s) }})
	}
	for i := range stanfordSets {
		s := &stanfordSets[i]
		all = append(all, device.Entry{Name: s.name, New: func() device.Model { return newStanford(s) }})
	}
	for i := range jartSets {
		p := &jartSets[i]
		all = append(all, device.Entry{Name: p.name, New: func() device.Model { return newJART(p) }})
	}
	return append(all, device.Entry{Name: mmsPreset.name, New: func() device.Model { return NewMMS() }})
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
