package pulsed

import (
	"fmt"
	"slices"

	"mho/device"
)

// Models lists the models of this package with their published parameter sets.
func Models() []device.Entry {
	var all []device.Entry
	add := func(name string, fresh func() device.Model) {
		all = append(all, device.Entry{Name: name, New: fresh})
	}
	add("constant-step", func() device.Model { return constantStep("constant-step", nil) })
	add("constant-step/gokmen-vlasov", func() device.Model { return constantStep("constant-step/gokmen-vlasov", gokmenVlasov) })
	add("constant-step/idealized", func() device.Model { return constantStep("constant-step/idealized", idealized) })
	add("linear-step", func() device.Model { return newLinearStep(plain("linear-step", "step linear in the weight")) })
	add("linear-step/capacitor", func() device.Model { return capacitor() })
	add("soft-bounds", func() device.Model {
		return newSoftBounds(plain("soft-bounds", "step that vanishes linearly at the device's bounds"))
	})
	add("soft-bounds/reram-sb", func() device.Model { return reramSB() })
	add("soft-bounds/reram-array-om", func() device.Model { return reramArray("om") })
	add("soft-bounds/reram-array-hfo2", func() device.Model { return reramArray("hfo2") })
	add("pow-step", func() device.Model {
		o := plain("pow-step", "step that is a power of the distance from the bound")
		o.refs = []device.Reference{fusi2007}
		return newPowStep(o)
	})
	add("exp-step", func() device.Model {
		return newExpStep(plain("exp-step", "step that falls exponentially towards the bounds"))
	})
	add("exp-step/reram-es", func() device.Model { return reramES() })
	add("exp-step/pcm", func() device.Model { return pcm() })
	add("piecewise-step", func() device.Model {
		o := plain("piecewise-step", "steps from a table over the range of the device")
		o.assumed = []string{"table"}
		return newPiecewiseStep(o)
	})
	for i := range neurosimSets {
		s := &neurosimSets[i]
		add(s.name, func() device.Model { return s.model() })
	}
	add("ecram", func() device.Model { return ecram("ecram") })
	add("ecram/li", func() device.Model { return ecram("ecram/li") })
	add("ecram/mo", func() device.Model { return ecram("ecram/mo") })
	return all
}

// plain is the origin of a law with AIHWKIT's defaults.
func plain(name, title string) *origin {
	return &origin{name: name, title: title + ", defaults of AIHWKIT"}
}

func constantStep(name string, set func(m *ConstantStep)) *ConstantStep {
	m := &ConstantStep{newSynapse(plain(name, "constant step up to the bounds"))}
	if set != nil {
		set(m)
	}
	return m
}

func gokmenVlasov(m *ConstantStep) {
	m.origin.title = "constant step, the specification of Gokmen and Vlasov, 1200 steps"
	m.origin.refs = []device.Reference{gokmen2016}
	m.DwMin, m.WMax, m.WMin = 0.0016, 1, -1
}

func idealized(m *ConstantStep) {
	m.origin.title = "constant step, balanced in every device, 10000 steps"
	m.origin.refs = []device.Reference{gokmen2016, rasch2020}
	m.DwMin, m.WMax, m.WMin, m.UpDownDtod = 0.0002, 1, -1, 0
}

func capacitor() *LinearStep {
	m := newLinearStep(plain("linear-step/capacitor", ""))
	m.origin.title = "capacitor of a CMOS cell with leakage, AIHWKIT's fit to Li et al."
	m.origin.refs = []device.Reference{li2018}
	m.origin.notes = []string{"The lifetime in mini-batches, and with t_batch in seconds, is to be fitted to the leakage and the pace of the system."}
	m.DwMin, m.WMax, m.WMin, m.MultNoise = 0.005, 1, -1, false
	m.GammaUp, m.GammaDown, m.GammaUpDtod, m.GammaDownDtod = 0.05, 0.05, 0.01, 0.01
	m.DwMinDtod, m.UpDownDtod, m.WMaxDtod, m.WMinDtod = 0.1, 0.06, 0.07, 0.07
	m.Lifetime, m.LifetimeDtod = 1e6, 0.3
	return m
}

func reramSB() *SoftBounds {
	m := newSoftBounds(plain("soft-bounds/reram-sb", ""))
	m.origin.title = "resistive RAM with soft bounds, AIHWKIT's loose fit to Gong et al. 2018"
	m.origin.refs = []device.Reference{gong2018}
	m.origin.notes = []string{"The weight is that above the symmetry point: a reference device is taken for subtracted."}
	m.DwMin, m.WMax, m.WMin, m.MultNoise = 0.002, 1.25, -0.75, false
	m.WMaxDtod, m.WMinDtod = 0.3/1.25, 0.3/0.75
	m.DwMinStd, m.WriteNoiseStd = 3.75, 56
	return m
}

func reramArray(name string) *SoftBounds {
	m := newSoftBounds(plain("soft-bounds/reram-array-"+name, ""))
	m.origin.refs = []device.Reference{gong2022}
	m.WMax, m.WMin, m.MultNoise = 1, -1, false
	m.DwMinLognormal, m.CorruptRange = true, 0.01
	m.SubtractSymmetryPoint, m.ReferenceStd = true, 0.05
	measured := "13.48 %"
	if name == "om" {
		m.origin.title = "array of resistive RAM of optimised material, AIHWKIT's fit to Gong and Rasch et al. 2022"
		m.DwMin, m.DwMinDtod, m.WMaxDtod, m.WMinDtod = 0.0949, 0.7829, 0.3499, 0.5695
		m.DwMinStd, m.WriteNoiseStd = 0.4158, 1.4113
	} else {
		measured = "9.77 %"
		m.origin.title = "array of resistive RAM of HfO2, AIHWKIT's fit to Gong and Rasch et al. 2022"
		m.DwMin, m.DwMinDtod, m.WMaxDtod, m.WMinDtod = 0.4622, 0.7125, 0.4295, 0.5990
		m.DwMinStd, m.WriteNoiseStd = 0.2174, 0.5841
	}
	m.origin.notes = []string{
		"The range is scaled to -1 to 1.",
		fmt.Sprintf("In the measured array %s of the devices were stuck; corrupt_devices_prob is 0, as in AIHWKIT.", measured),
	}
	return m
}

func reramES() *ExpStep {
	m := newExpStep(plain("exp-step/reram-es", ""))
	m.origin.title = "resistive RAM with exponential steps, AIHWKIT's fit to Gong et al. 2018"
	m.origin.refs = []device.Reference{gong2018}
	m.DwMin, m.UpDown, m.WMax, m.WMin = 0.00135, 0.259359, 1, -1
	m.A, m.B, m.GammaUp, m.GammaDown, m.AUp, m.ADown = -0.5, -0.5, 5, 5, -1.18445, -0.081404
	m.DwMinDtod, m.UpDownDtod, m.DwMinStd, m.WriteNoiseStd = 0.2, 0.05, 5, 75
	return m
}

func pcm() *ExpStep {
	m := newExpStep(plain("exp-step/pcm", ""))
	m.origin.title = "phase-change memory under SET pulses, AIHWKIT's fit to Nandakumar et al. 2020"
	m.origin.refs = []device.Reference{nandakumar2020}
	m.origin.notes = []string{
		"The device accumulates upwards; its way down is a reset. The law's steps down are there, but a published use is a pair of devices that are reset from time to time.",
		"Conductances of 0 to 20 uS for weights 0 to 2 are an assumption.",
	}
	m.GMin, m.GMax = 0, 20e-6
	m.DwMin, m.WMax, m.WMin = 0.01, 2, 0
	m.A, m.B, m.GammaUp, m.GammaDown, m.AUp, m.ADown = -1, 0, 2.5, 2.5, -27.235, -2.235
	m.DwMinDtod, m.UpDownDtod, m.WMaxDtod, m.WMinDtod = 0.2, 0.05, 0.1, 0
	m.DwMinStd, m.StdAdd, m.StdSlope = 0.6, 0.042, 0.108
	m.Reset, m.ResetDtod = 0.01, 0.02
	return m
}

func ecram(name string) *ECRAM {
	m := &ECRAM{LinearStep: *newLinearStep(plain(name, ""))}
	m.VThreshold = 0
	m.origin.title = "lithium ECRAM, AIHWKIT's fit to Tang et al."
	m.origin.refs = []device.Reference{tang2018}
	m.DwMin, m.WMax, m.WMin, m.GammaUp, m.GammaDown = 0.002, 1.1724, -0.8276, 0.1153, 0.5085
	m.DwMinDtod, m.WMaxDtod, m.WMinDtod = 0.1, 0.05, 0.05
	switch name {
	case "ecram":
		m.origin.title += ", with relaxation"
		m.origin.notes = []string{"The relaxation in 1e5 s and its activation energy of 0.5 eV are round numbers to start from."}
		m.Tau, m.EA = 1e5, 0.5*electronVolt
	case "ecram/mo":
		m.origin.title = "metal-oxide ECRAM, AIHWKIT's fit to Kim et al."
		m.origin.refs = []device.Reference{kim2019}
		m.DwMin, m.WMax, m.WMin, m.GammaUp, m.GammaDown = 2.8214e-4, 1.1714, -0.8286, 0.4152, 0.7342
		m.DwMinStd = 2
	}
	return m
}

const electronVolt = 1.602176634e-19 // J

// A neurosimSet is a row of NeuroSim's table of devices.
type neurosimSet struct {
	name, title  string
	up, down     int
	nlUp, nlDown float64
	gMax, gMin   float64 // S
	c2c          float64
	vUp, vDown   float64 // V
	width        float64 // s
	assumed      []string
	notes        []string
}

var neurosimSets = []neurosimSet{
	{name: "neurosim", title: "exponential of the pulse number, NeuroSim's target device", up: 64, down: 64, nlUp: 1, nlDown: -1, gMax: 1 / 200e3, gMin: 1 / (50 * 200e3), c2c: 0.02,
		assumed: drives},
	{name: "neurosim/ideal", title: "straight line over 64 pulses without noise, NeuroSim's ideal device", up: 64, down: 64, gMax: 1 / 200e3, gMin: 1 / (50 * 200e3),
		assumed: drives},
	{name: "neurosim/ag-asi", title: "Ag:a-Si, NeuroSim's parameters", up: 97, down: 100, nlUp: 2.4, nlDown: -4.88, gMax: 3.8462e-8, gMin: 3.0769e-9, c2c: 0.035, vUp: 3.2, vDown: -2.8, width: 300e-6},
	{name: "neurosim/taox-tio2", title: "TaOx/TiO2, NeuroSim's parameters", up: 102, down: 102, nlUp: 1.85, nlDown: -1.79, gMax: 1 / 5e6, gMin: 1 / (2 * 5e6), c2c: 0.01, vUp: 3, vDown: -3, width: 40e-3,
		assumed: drives, notes: []string{"The noise from cycle to cycle is given as below 1 %; 1 % is taken.", "The pulse down is 10 ms long, one of 40 ms is taken for both directions."}},
	{name: "neurosim/pcmo", title: "PCMO, NeuroSim's parameters", up: 50, down: 50, nlUp: 3.68, nlDown: -6.76, gMax: 1 / 23e6, gMin: 1 / (6.84 * 23e6), c2c: 0.01, vUp: -2, vDown: 2, width: 1e-3,
		assumed: drives, notes: []string{"The noise from cycle to cycle is given as below 1 %; 1 % is taken."}},
	{name: "neurosim/alox-hfo2", title: "AlOx/HfO2, NeuroSim's parameters", up: 40, down: 40, nlUp: 1.94, nlDown: -0.61, gMax: 1 / 16.9e3, gMin: 1 / (4.43 * 16.9e3), c2c: 0.05, vUp: 0.9, vDown: -1, width: 100e-6,
		assumed: drives},
	{name: "neurosim/epiram", title: "epitaxial SiGe RAM, NeuroSim's parameters", up: 64, down: 64, nlUp: 0.5, nlDown: -0.5, gMax: 1 / 81e3, gMin: 1 / (50.2 * 81e3), c2c: 0.02, vUp: 5, vDown: -3, width: 5e-6,
		assumed: append([]string{"states_up", "states_down"}, drives...)},
	{name: "neurosim/hzo-fefet", title: "HZO ferroelectric transistor, NeuroSim's parameters", up: 32, down: 32, nlUp: 1.75, nlDown: 1.46, gMax: 1 / 559e3, gMin: 1 / (45 * 559e3), c2c: 0.005, vUp: 3.65, vDown: -2.95, width: 75e-9,
		assumed: append([]string{"states_up", "states_down", "nl_up", "nl_down", "c2c"}, drives...)},
	{name: "neurosim/taox-hfox", title: "TaOx/HfOx, NeuroSim's parameters", up: 128, down: 128, nlUp: 0.04, nlDown: -0.63, gMax: 1e-5, gMin: 1e-6, c2c: 0.037, vUp: 1.6, vDown: -1.6, width: 50e-9,
		assumed: drives},
	{name: "neurosim/gst-pcm", title: "GST phase-change memory, NeuroSim's parameters", up: 100, down: 100, nlUp: 0.105, nlDown: 2.4, gMax: 1 / 4.71e3, gMin: 1 / (19.8 * 4.71e3), c2c: 0.015, vUp: 0.7, vDown: -3, width: 6e-6,
		assumed: append([]string{"states_up", "states_down", "nl_up", "nl_down", "c2c"}, drives...),
		notes:   []string{"Both directions are unipolar in the source; v_down is negative here to tell them apart. Its pulse down is 125 ns of 3 V."}},
}

// drives are parameters of the pulse.
var drives = []string{"v_up", "v_down", "t_pulse"}

func (s *neurosimSet) model() *NeuroSim {
	m := &NeuroSim{Cell: newCell(), StatesUp: s.up, StatesDown: s.down, NLUp: s.nlUp, NLDown: s.nlDown, C2C: s.c2c}
	m.GMin, m.GMax = s.gMin, s.gMax
	if s.vUp != 0 {
		m.VUp, m.VDown, m.PulseTime = s.vUp, s.vDown, s.width
	}
	m.origin = &origin{name: s.name, title: s.title, source: chen2018.Key, notes: s.notes}
	for _, p := range []string{"g_min", "g_max", "states_up", "states_down", "nl_up", "nl_down", "c2c", "v_up", "v_down", "t_pulse"} {
		if !slices.Contains(s.assumed, p) {
			m.origin.given = append(m.origin.given, p)
		}
	}
	if len(s.assumed) > 0 {
		m.origin.notes = append(append([]string(nil), m.origin.notes...), "Values whose source is an assumption are quoted from memory of NeuroSim's releases or are round numbers.")
	}
	return m
}
