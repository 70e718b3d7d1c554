package pulsed

import (
	"slices"

	"mho/device"
)

// An origin says where a model's values come from.
type origin struct {
	name    string
	title   string
	assumed []string // parameters whose values are assumptions although the law's source names defaults
	given   []string // parameters that the source of the preset gives
	source  string   // key of the reference of given
	refs    []device.Reference
	notes   []string
}

// sources fills in the source of each parameter: the preset's, or that of the rest.
func (o *origin) sources(params []device.Param, rest string) []device.Param {
	for i := range params {
		p := &params[i]
		switch {
		case slices.Contains(o.given, p.Name):
			p.Source = o.source
		case slices.Contains(o.assumed, p.Name):
			p.Source = "assumption"
		default:
			p.Source = rest
		}
	}
	return params
}
