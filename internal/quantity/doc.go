// Package quantity reads and prints physical quantities and describes the
// parameters that hold them.
//
// A quantity in a configuration is a number in SI or a string with a prefix and
// a unit: "25uS", "250ns", "1.5 ohm", "85degC", "1e-14 m^2/(V s)". Parse checks
// the physical dimension, so "25 uF" is refused where a conductance is due, and
// scales by decimal powers in the text, so that "25uS" is exactly the float64
// nearest to 25e-6. Format prints back what Parse reads.
//
// A Param declares one parameter of a device, a noise process or a study once:
// name, unit, default, range, meaning and source. The checks of TOML files, the
// help of the command line and the reference documentation are all made from it.
//
// The package knows the units of electronics, magnetism and optics; it does not
// do arithmetic with units: inside the program everything is float64 in SI.
package quantity
