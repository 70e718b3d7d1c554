// Package surrogate makes a population out of an element: it measures what pulses
// do to copies of the element, as a laboratory would, and keeps the answer in
// tables that program, read and age many cells fast.
//
// Characterise drives an element with SET and RESET pulses of several amplitudes and
// widths from many states, lets it rest, reads it, repeats that on copies with
// device-to-device and cycle-to-cycle spread, and returns a Model. The law of the
// Model is
//
//	s   = (h(G) - h(G_min)) / (h(G_max) - h(G_min)),  h(G) = G, ln G or 1/G
//	ds/dn = F(s, V),  n from 0 to m W(V, w),  then s + σ(s, V, w) N    one pulse, within 0 and 1
//	s(t) = s + ρ(s, t) + τ(s, t) N                    at rest
//
// with G the conductance in S at the read voltage, V and w amplitude (V) and width
// (s) of the pulse. F is the measured step of a short reference pulse, W how many
// of them a pulse is worth, σ the deviation from cycle to cycle, ρ and τ mean and
// deviation of the loss at rest. G_min, G_max and the factor m, which depends on
// amplitude and direction, are a device's own: their logarithms are normal with the
// covariance of the copies measured. The coordinate h is the one in which steps
// change least from state to state. For an element of one state whose rate depends
// on state and drive alone, the law is exact but for the tables' resolution.
//
// What the law leaves out: the memory of an element with several states beyond its
// conductance, and a device's own dependence on state and width. Characterise
// therefore ends with fresh copies under random pulses and tells how far the
// Model is from them (Errors). Write and Read keep a Model in a TOML file with a
// .npz beside it; a checksum guards both.
//
// Cells is the other side of the comparison: a population in which every cell is
// the element itself, integrated pulse by pulse.
package surrogate
