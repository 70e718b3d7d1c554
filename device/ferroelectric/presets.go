package ferroelectric

import (
	"slices"

	"mho/device"
)

// A preset names a parameter set and its source.
type preset struct {
	name, title, source string
	given               []string // parameters that the source gives; the others are assumptions
	refs                []device.Reference
	notes               []string
}

// sourceOf returns the source of a parameter's value.
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
	i.Name = p.name
	if p.title != "" {
		i.Title = p.title
	}
	i.Notes = append(slices.Clone(p.notes), i.Notes...)
	i.References = slices.Clone(i.References)
	for _, r := range p.refs {
		if !slices.ContainsFunc(i.References, func(q device.Reference) bool { return q.Key == r.Key }) {
			i.References = append(i.References, r)
		}
	}
	return i
}

// Models lists the presets.
func Models() []device.Entry {
	return []device.Entry{
		{Name: "ferroelectric", New: func() device.Model { return New() }},
		{Name: "ferroelectric/hzo-10nm", New: func() device.Model { return hzo10() }},
		{Name: "ferroelectric/merz", New: func() device.Model { return Merzian() }},
		{Name: "fefet", New: func() device.Model { return NewFeFET() }},
		{Name: "ftj", New: func() device.Model { return NewFTJ() }},
	}
}

var betaFit = []string{"distribution", "ea", "ea_a", "ea_p", "ea_q", "tau0", "alpha", "beta", "p_r", "t_fe"}

// New returns the capacitor of Alessandri et al. (2019): 8.3 nm of Hf0.5Zr0.5O2. The
// constants are a fit to the points in the repository FeFETModel, rms 0.36 µC/cm².
func New() *Capacitor {
	f := newFilm()
	f.Activation = Activation{Distribution: beta, Ea: 1.6686e8, EaSpread: 1e7, EaA: 6.7582, EaP: 2.0998, EaQ: 1.3641}
	f.Tau0, f.Alpha, f.Beta, f.Pr, f.TFE, f.Area = 446.33e-9, 4.2408, 1.9134, 0.227186, 8.3e-9, 1e-10
	return &Capacitor{Film: f, Leakage: 1e-9, preset: &preset{
		name: "ferroelectric", title: "hafnium zirconium oxide capacitor of 8.3 nm, nucleation-limited switching of many domains", source: "FeFETModel",
		given: betaFit, refs: []device.Reference{fefetModel},
		notes: []string{"A fit to the switched polarisation at 0.6 to 1.8 V and 0.2 us to 1 ms that FeFETModel holds for literature data, with a voltage over 0.83 for the field in MV/cm. Its tau0 includes the charging of the measured capacitor."},
	}}
}

// hzo10 returns the capacitor of 10 nm measured by the authors of FeFETModel.
func hzo10() *Capacitor {
	c := New()
	c.Activation = Activation{Distribution: beta, Ea: 1.6698e8, EaSpread: 1e7, EaA: 6.9307, EaP: 0.5724, EaQ: 0.7239}
	c.Tau0, c.Alpha, c.Beta, c.Pr, c.TFE = 3.5725e-6, 3.2975, 2, 0.243608, 10e-9
	c.preset.name = "ferroelectric/hzo-10nm"
	c.preset.title = "hafnium zirconium oxide capacitor of 10 nm, nucleation-limited switching of many domains"
	c.preset.notes = []string{"A fit to measurements at 0.5 to 3 V and 30 ns to 1 ms of the authors of FeFETModel, taken with edges of microseconds: tau0 includes the charging of their capacitor."}
	return c
}

// Merzian returns a single crystal of barium titanate with one activation field: Merz's
// law with the law of Kolmogorov, Avrami and Ishibashi. The constants are those that
// Stadler, J. Appl. Phys. 29, 1485 (1958), gives for low fields
// and thick crystals.
func Merzian() *Capacitor {
	f := newFilm()
	f.Activation = Activation{Distribution: single, Ea: 3.5e5, EaSpread: 1e4, EaA: 1, EaP: 1, EaQ: 1}
	f.Tau0, f.Alpha, f.Beta, f.Pr, f.TFE, f.Area, f.EpsFE = 0.8e-6, 1, 2, 0.26, 1e-4, 1e-6, 160
	return &Capacitor{Film: f, Leakage: 1e-9, preset: &preset{
		name: "ferroelectric/merz", title: "barium titanate crystal, one switching time that follows Merz's law", source: "Stadler1958",
		given: []string{"ea", "tau0", "alpha"}, refs: []device.Reference{stadler1958},
		notes: []string{"Below 1.4 kV/cm, for crystals much thicker than 70 um. Stadler's time is that in which switching is done; the constants stand for tau here."},
	}}
}

// NewFeFET returns the transistor of the compact model of Deng et al. (2020): 20 domains
// in 8 nm on 1 nm of oxide. That model divides the gate voltage by the charge of the
// channel, this one by the two capacitances; gain, thresholds and the memory window are
// set to a ratio of 45 and the conductances of a published synapse.
func NewFeFET() *FeFET {
	f := newFilm()
	// Its activation is a voltage across 8 nm.
	const t = 8e-9
	f.Activation = Activation{Distribution: normal, Ea: 2.3 / t, EaSpread: 0.4 / t, EaA: 1, EaP: 1, EaQ: 1}
	f.Tau0, f.Alpha, f.Beta, f.Pr, f.TFE, f.EpsFE, f.TIL, f.EpsIL, f.Area = 19e-9, 3, 2, 0.25, t, 28, 1e-9, 3.9, 0.25e-12
	c := newCells()
	c.VErase, c.TErase, c.VStart, c.VStop, c.VStep, c.TPulse = 6, 1e-6, 1.2, 6, 0.05, 75e-9
	return &FeFET{Film: f, Gain: 2.0e-6, VTh: 0.5, MemoryWindow: 0.9, VRead: 0.941, N: 1.3, Cells: c, preset: &preset{
		name: "fefet", source: "Deng2020", given: []string{"distribution", "ea", "ea_spread", "tau0", "alpha", "beta", "p_r", "t_fe", "eps_fe", "t_il", "eps_il", "domains"},
		refs:  []device.Reference{fefetModel},
		notes: []string{"Deng2020 gives the film; that paper's charge-sheet transistor is replaced by the divider of two capacitances, and gain, thresholds, memory window and pulses are assumptions near published synapses (a conductance ratio of 45, pulses of 75 ns)."},
	}}
}

// NewFTJ returns a junction of 2 nm with the conductances' ratio of Chanthbouala et al.
// (2012); its kinetics are an assumption that switches at 2 to 4 V in tens of nanoseconds.
func NewFTJ() *FTJ {
	f := newFilm()
	const t = 2e-9
	f.Activation = Activation{Distribution: lorentz, Ea: 15 / t, EaSpread: 2 / t, EaA: 1, EaP: 1, EaQ: 1}
	f.Tau0, f.Alpha, f.Beta, f.Pr, f.TFE, f.EpsFE, f.Area = 0.5e-9, 1, 1, 0.3, t, 60, 0.1e-12
	c := newCells()
	c.VErase, c.TErase, c.VStart, c.VStop, c.VStep, c.TPulse = 5, 1e-6, 1.5, 5, 0.05, 100e-9
	return &FTJ{Film: f, GOn: 6.25e-6, GOff: 2.2e-8, V0: 0.5, Cells: c, preset: &preset{
		name: "ftj", source: "Chanthbouala2012",
		notes: []string{"No parameter is a fit: the ratio of conductances is of the order of Chanthbouala2012 (resistances that vary by more than two orders of magnitude, switched in 10 ns), the form of the kinetics that of Boyn2017."},
	}}
}
