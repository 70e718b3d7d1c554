// Package pulsed models analog synapses that are written by equal pulses, as
// populations: the step that a pulse makes depends on the state, differs from
// device to device and from pulse to pulse.
//
// The state of a cell is a weight w, without unit, between bounds of its own; a
// pulse moves it up or down,
//
//	w <- clip(w + Δ±(w) + σ±(w) N),
//
// and its conductance in S is
//
//	G = max(0, g_min + (g_max - g_min) (w - w_min)/(w_max - w_min)),
//
// with the nominal bounds w_min and w_max. The laws differ in Δ±(w):
//
//	constant-step   s±
//	linear-step     s± (1 - γ± w/b±)
//	soft-bounds     s± (1 - w/b±)
//	pow-step        s± ((b± - w)/(b+ - b-))^γ±
//	exp-step        s± max(0, 1 - A± exp(±γ± z)),  z = 2 a w/(b+ - b-) + b
//	piecewise-step  s± times a table of the state
//	neurosim        an exponential of the pulse number, labelled by its nonlinearity
//	ecram           linear in the channel's charge, with relaxation
//
// Steps s±, bounds b± and most other parameters are drawn once per device. Laws
// and presets are those of IBM's AIHWKIT, M. J. Rasch et al.,
// doi:10.1109/AICAS51828.2021.9458494, and of NeuroSim, P.-Y. Chen et al.,
// doi:10.1109/TCAD.2018.2789723. What those give in units of weight has no voltage,
// no time and no conductance: these are parameters of their own, assumptions that
// each model names.
//
// A Population is a device.Pulsed (Program, one pulse), a device.Target (ProgramTo,
// pulses and reads until the target is met) and learns by outer products of
// stochastic pulse trains (Update).
package pulsed
