// Package device defines what a device is to the rest of the program.
//
// A device stands on one of two levels. An Element is a piece of physics: a few
// state variables with an ordinary differential equation and a current law,
//
//	dx/dt = f(x, u),  i = h(x, u),
//
// driven by a Waveform u(t), straight between its samples; Run integrates it and
// returns a Trace. WithSeries and WithCompliance put a resistance and a current
// limiter in front of any element. A Population is N cells of one
// statistical model in structure-of-arrays form: conductances that are
// programmed, drift and are read with noise.
//
// Both are made from a Model: a law with named parameters. A parameter is
// declared once, by a Param that points at the field holding it; configuration,
// command line, help and reference documentation all work on these
// declarations. The models stand in the packages below this one; package
// device/catalog lists them by name.
//
// Units are SI throughout: volt, ampere, siemens, second, kelvin, metre, joule.
package device
