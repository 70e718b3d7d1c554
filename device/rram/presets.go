package rram

import "mho/device"

// A preset names a fit and its source.
type preset struct {
	name, title, source string
	given               []string // parameters that the source gives; the others are assumptions
	refs                []device.Reference
	notes               []string
}

// Models lists the presets.
func Models() []device.Entry {
	return []device.Entry{
		{Name: "rram", New: func() device.Model { return New() }},
		{Name: "rram/wan-2022", New: func() device.Model { return Wan2022() }},
		{Name: "rram/crosssim-wan", New: func() device.Model { return crossSimWan() }},
		{Name: "rram/falcone-2025", New: func() device.Model { return Falcone2025(0.002) }},
		{Name: "rram/falcone-2025-2pct", New: func() device.Model { return Falcone2025(0.02) }},
		{Name: "rram/milo-2021", New: func() device.Model { return Milo2021() }},
		{Name: "rram/hfo2", New: func() device.Model { return HfO2() }},
	}
}

// New returns the default preset, Wan2022 under the name rram.
func New() *RRAM {
	m := Wan2022()
	m.preset.name = "rram"
	return m
}

// ideal returns a model without errors and with every process switched on.
func ideal(gMin, gMax float64, p preset) *RRAM {
	return &RRAM{
		GMin: gMin, GMax: gMax, Distribution: normal, Times: []float64{1}, Sigma: []float64{0}, SigmaG: gMax, TRead: 1e-6,
		NL2: []float64{0}, NL3: []float64{0}, ProgrammingNoise: true, Drift: true, ReadNoise: true, preset: &p,
	}
}

// Wan2022 returns the errors of the NeuRRAM chip, doi:10.1038/s41586-022-04992-8,
// after 1 s, 1 day and 2 days, for targets up to 40 µS, as AIHWKIT fits them.
func Wan2022() *RRAM {
	m := ideal(0, 40e-6, preset{
		name: "rram/wan-2022", title: "resistive memory of the NeuRRAM chip, after 1 s, 1 day and 2 days", source: "Wan2022",
		given: []string{"g_max", "distribution", "times", "sigma", "sigma_g"},
		refs:  []device.Reference{wan2022, aihwkit},
		notes: []string{"The polynomials are AIHWKIT's fit to the publication's data. It gives no read noise and no shift of the mean."},
	})
	m.Times = []float64{1, 86400, 2 * 86400}
	m.Sigma = []float64{
		0.348e-6, 16.030e-6, -43.853e-6, 45.393e-6, -16.815e-6,
		0.701e-6, 22.086e-6, -50.773e-6, 47.095e-6, -16.458e-6,
		0.782e-6, 20.274e-6, -43.507e-6, 37.062e-6, -11.934e-6,
	}
	return m
}

// crossSimWan returns CrossSim's fit to the error of the NeuRRAM chip after 1 s.
func crossSimWan() *RRAM {
	m := ideal(0, 39.26e-6, preset{
		name: "rram/crosssim-wan", title: "resistive memory of the NeuRRAM chip after 1 s, CrossSim's fit", source: "CrossSim",
		given: []string{"g_max", "distribution", "times", "sigma", "sigma_g"},
		refs:  []device.Reference{wan2022, crossSim},
	})
	// σ = 1.536e-4 G³ - 1.167e-2 G² + 0.2374 G + 1.053, both in µS.
	m.SigmaG, m.Sigma = 1e-6, []float64{1.053e-6, 0.2374e-6, -1.167e-8, 1.536e-10}
	return m
}

// Falcone2025 returns CMO/HfOx cells, arXiv:2502.04524, programmed until they
// are within an acceptance range of 0.002 or 0.02 of the target. It panics at
// any other.
func Falcone2025(acceptance float64) *RRAM {
	m := ideal(9e-6, 88.2e-6, preset{
		name: "rram/falcone-2025", title: "conductive metal oxide on HfOx, accepted within 0.2 % of the target", source: "Falcone2025",
		given: []string{"g_min", "g_max", "distribution", "sigma", "sigma_g", "relax_mean", "relax_std0", "relax_std", "read_std", "t_read"},
		refs:  []device.Reference{falcone2025, aihwkit},
		notes: []string{
			"The coefficients are those of AIHWKIT's model of the publication, which counts ln t from 1 s.",
			"A cell draws its relaxation once; AIHWKIT draws anew for each time that it is asked for, and clips to g_min..g_max.",
		},
	})
	m.SigmaG = 1e-6
	switch acceptance {
	case 0.002:
		m.Sigma = []float64{0.00081107e-6, 0.00106879e-6}
	case 0.02:
		m.Sigma = []float64{0.0112185391e-6, 0.01129027418e-6}
		m.preset.name, m.preset.title = "rram/falcone-2025-2pct", "conductive metal oxide on HfOx, accepted within 2 % of the target"
	default:
		panic("rram: acceptance range is neither 0.002 nor 0.02")
	}
	m.RelaxMean, m.RelaxStd, m.RelaxStd0 = -0.08900206e-6, 0.04201137e-6, 0.41183342e-6
	m.ReadStd = 0.0277316483e-6
	return m
}

// Milo2021 returns a 4-kbit array of HfO2 cells, doi:10.1109/IRPS46558.2021.9405119,
// with the programming error of its algorithm IGVVA-100 and its nonlinear
// current, as CrossSim fits them.
func Milo2021() *RRAM {
	m := ideal(50e-6, 225e-6, preset{
		name: "rram/milo-2021", title: "HfO2 resistive memory of a 4-kbit array, with its nonlinear current", source: "CrossSim",
		given: []string{"g_min", "g_max", "distribution", "sigma", "sigma_g", "nl2", "nl3"},
		refs:  []device.Reference{milo2021, crossSim},
		notes: []string{
			"CrossSim fitted the error to figure 4 of the publication and the current to figure 1: four states from 62.5 to 110 uS between -0.5 and 0.5 V, taken to be linear at 225 uS. Do not trust the nonlinearity beyond 0.5 V.",
			"The publication gives no relaxation and no read noise here; the time of t0 is an assumption.",
		},
	})
	m.SigmaG, m.Sigma = 1e-6, []float64{4.782321e-6, -0.009107e-6}
	m.NL2 = []float64{0.007063, 0.005711, 0.001541, 0.0001388}
	m.NL3 = []float64{1.2968e-3, 6.7919e-4, 8.8710e-5}
	return m
}

// HfO2 returns a generic filamentary HfO2 cell from 1 to 100 µS: conductances are
// lognormal about their target with a spread of ln G that grows as the square
// root of the resistance, from 0.05 in the low state to 0.5 in the high one.
func HfO2() *RRAM {
	m := ideal(1e-6, 100e-6, preset{
		name: "rram/hfo2", title: "generic HfO2 resistive memory with lognormal spread",
		refs: []device.Reference{ambrogio2014},
		notes: []string{
			"All numbers are assumptions of the usual order: ln R spreads by 0.02 to 0.1 in the low-resistance and 0.2 to 1 in the high-resistance state, between them about as the square root of R (Ambrogio2014). The median is the target.",
			"A small spread of ln G in the low-resistance state cannot be told from a normal distribution.",
		},
	})
	m.Distribution, m.Sigma, m.SigmaExponent = lognormal, []float64{0.05}, -0.5
	return m
}

var (
	wan2022 = device.Reference{
		Key: "Wan2022", Authors: "W. Wan and R. Kubendran and C. Schaefer and S. B. Eryilmaz and W. Zhang and D. Wu and others",
		Title: "A compute-in-memory chip based on resistive random-access memory", Journal: "Nature", Volume: "608", Pages: "504", Year: 2022, DOI: "10.1038/s41586-022-04992-8",
	}
	falcone2025 = device.Reference{
		Key: "Falcone2025", Authors: "D. F. Falcone and others",
		Title: "All-in-one analog AI hardware: on-chip training and inference with conductive-metal-oxide/HfOx ReRAM devices", Journal: "arXiv", Year: 2025, URL: "https://arxiv.org/abs/2502.04524",
	}
	milo2021 = device.Reference{
		Key: "Milo2021", Authors: "V. Milo and F. Anzalone and C. Zambelli and E. Pérez and M. K. Mahadevaiah and Ó. G. Ossorio and P. Olivo and C. Wenger and D. Ielmini",
		Title: "Optimized programming algorithms for multilevel RRAM in hardware neural networks", Journal: "IEEE International Reliability Physics Symposium (IRPS)", Year: 2021, DOI: "10.1109/IRPS46558.2021.9405119",
	}
	ambrogio2014 = device.Reference{
		Key: "Ambrogio2014", Authors: "S. Ambrogio and S. Balatti and A. Cubeta and A. Calderoni and N. Ramaswamy and D. Ielmini",
		Title: "Statistical fluctuations in HfOx resistive-switching memory: part I - set/reset variability", Journal: "IEEE Transactions on Electron Devices", Volume: "61", Pages: "2912", Year: 2014, DOI: "10.1109/TED.2014.2330200",
	}
	crossSim = device.Reference{
		Key: "CrossSim", Authors: "Sandia National Laboratories", Title: "CrossSim 3.2.0, device models RRAMWan and RRAMMilo", Journal: "GitHub repository", Year: 2026, URL: "https://github.com/sandialabs/cross-sim",
	}
	aihwkit = device.Reference{
		Key: "Rasch2021", Authors: "M. J. Rasch and D. Moreda and T. Gokmen and M. Le Gallo and F. Carta and C. Goldberg and K. El Maghraoui and A. Sebastian and V. Narayanan",
		Title:   "A flexible and fast PyTorch toolkit for simulating training and inference on analog crossbar arrays",
		Journal: "3rd IEEE International Conference on Artificial Intelligence Circuits and Systems (AICAS)", Year: 2021, DOI: "10.1109/AICAS51828.2021.9458494",
	}
)
