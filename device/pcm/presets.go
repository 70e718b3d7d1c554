package pcm

import "mho/device"

// NewHermes returns the fit to the 64-core HERMES chip, doi:10.1038/s41928-023-01010-1,
// with one or two devices per conductance, as AIHWKIT holds it. It panics if
// devices is neither 1 nor 2.
func NewHermes(devices int) *IBM {
	if devices != 1 && devices != 2 {
		panic("pcm: number of devices is neither 1 nor 2")
	}
	m := NewIBM()
	m.TRead, m.QLaw = 512e-9, lawLog
	m.NuMeanCoefficients, m.NuMeanMin, m.NuMeanMax = []float64{-0.0182, -0.0387}, 0.072, 0.13
	m.NuMeanCut, m.NuMeanHigh = 0.0945, []float64{0.0736, -0.0126, -0.0436}
	m.preset = &preset{
		name: "pcm-ibm/hermes-1", title: "phase-change memory of the 64-core HERMES chip, one device a conductance", source: "LeGallo2023",
		given: []string{"g_max", "t0", "prog_coefficients", "prog_g_max", "nu_mean_coefficients", "nu_mean_min", "nu_mean_max", "nu_mean_cut", "nu_mean_high",
			"nu_std_coefficients", "nu_std_min", "nu_std_max", "nu_std_cut", "nu_std_high", "t_read", "q_law", "q_coefficients", "q_min", "q_max", "q_cut", "q_high"},
		refs: []device.Reference{leGallo2023},
		notes: []string{
			"The coefficients are those of AIHWKIT's model of the chip. q_scale, q_exponent and q_power_min have no influence.",
		},
	}
	m.NuStdMax, m.QMax = 0.04, 0.04
	if devices == 1 {
		m.GMax, m.ProgGMax, m.T0 = 10.35e-6, 10.35e-6, 200
		m.ProgCoefficients = []float64{0.15781817e-6, 2.32443916e-6, -2.16310839e-6, 0.68841818e-6}
		m.NuStdCoefficients, m.NuStdMin = []float64{-0.0023, -0.0120}, 0.0124
		m.NuStdCut, m.NuStdHigh = 0.3039, []float64{0.0104, 0.0116, -0.0165}
		m.QCoefficients, m.QMin = []float64{0.0038, -0.0078}, 0.0179
		m.QCut, m.QHigh = 0.1591, []float64{0.0088, 0.0768, -0.1352, 0.0664}
		return m
	}
	m.preset.name, m.preset.title = "pcm-ibm/hermes-2", "phase-change memory of the 64-core HERMES chip, two devices a conductance"
	m.GMax, m.ProgGMax, m.T0 = 20.7e-6, 20.7e-6, 300
	m.ProgCoefficients = []float64{0.16603222e-6, 4.71806468e-6, -8.48101252e-6, 4.68961419e-6}
	m.NuStdCoefficients, m.NuStdMin = []float64{-0.0057, -0.0117}, 0.0091
	m.NuStdCut, m.NuStdHigh = 0.3055, []float64{0.0073, 0.0093, -0.0118}
	m.QCoefficients, m.QMin = []float64{-0.0069, -0.0117}, 0.015
	m.QCut, m.QHigh = 0.16, []float64{0.0123, 0.0211, -0.0280, 0.0069}
	return m
}

// newCrossSim returns the programming error that CrossSim fits to the same cells,
// without drift and read noise, which it does not model.
func newCrossSim() *IBM {
	m := NewIBM()
	m.T0 = 27.36
	// σ = -0.00178767 G² + 0.07585724 G + 0.28638599, both in µS, with G = 25 g.
	m.ProgCoefficients = []float64{0.28638599e-6, 25 * 0.07585724e-6, -625 * 0.00178767e-6}
	m.Drift, m.ReadNoise = false, false
	m.preset = &preset{
		name: "pcm-ibm/crosssim", title: "phase-change memory after iterative programming, CrossSim's fit", source: "CrossSim",
		given: []string{"g_max", "t0", "prog_coefficients", "prog_g_max"},
		refs:  []device.Reference{crossSim},
		notes: []string{
			"CrossSim fits the programming error of Joshi2020, measured 27.36 s after programming, and has neither drift nor read noise: both are switched off here. Switched on, they are those of pcm-ibm.",
		},
	}
	return m
}

var (
	leGallo2023 = device.Reference{
		Key: "LeGallo2023", Authors: "M. Le Gallo and R. Khaddam-Aljameh and M. Stanisavljevic and A. Vasilopoulos and B. Kersting and M. Dazzi and others",
		Title:   "A 64-core mixed-signal in-memory compute chip based on phase-change memory for deep neural network inference",
		Journal: "Nature Electronics", Volume: "6", Pages: "680", Year: 2023, DOI: "10.1038/s41928-023-01010-1",
	}
	crossSim = device.Reference{
		Key: "CrossSim", Authors: "Sandia National Laboratories", Title: "CrossSim 3.2.0, device model PCMJoshi", Journal: "GitHub repository", Year: 2026, URL: "https://github.com/sandialabs/cross-sim",
	}
)
