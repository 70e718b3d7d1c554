package photonic

import "mho/device"

// Models lists the models of this package.
func Models() []device.Entry {
	return []device.Entry{
		{Name: "ring", New: func() device.Model { return NewRing() }},
		{Name: "mzi-mesh", New: func() device.Model { return NewMZIMesh() }},
		{Name: "optical-pcm", New: func() device.Model { return NewOpticalPCM() }},
		{Name: "quantum-memristor", New: func() device.Model { return NewQuantumMemristor() }},
	}
}
