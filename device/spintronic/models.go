package spintronic

import "mho/device"

// Models lists the models of this package with their published parameter sets.
func Models() []device.Entry {
	return []device.Entry{
		{Name: "macrospin", New: func() device.Model { return NewMacrospin() }},
		{Name: "macrospin/ut-sot", New: func() device.Model { return newMacrospin(&sotSet) }},
		{Name: "macrospin/vgsot", New: func() device.Model { return newMacrospin(&vgsotSet) }},
		{Name: "mtj", New: func() device.Model { return NewMTJ() }},
		{Name: "domain-wall", New: func() device.Model { return NewDomainWall() }},
	}
}
