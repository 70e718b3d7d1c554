package photonic_test

import (
	"context"
	"fmt"

	"mho/device"
	"mho/device/photonic"
	"mho/noise"
)

// A chip with bad splitters is set to a random unitary matrix, blindly and with its errors known.
func ExampleMesh() {
	u := photonic.Haar(8, noise.NewKey(1))
	m := photonic.NewMZIMesh()
	m.SplitterError, m.PhaseBits = 0.03, 0
	for _, m.Calibration = range []string{photonic.Blind, photonic.Local} {
		chip, err := photonic.NewMesh(m, 8, noise.NewKey(2))
		if err != nil {
			fmt.Println(err)
			return
		}
		s, err := chip.Program(context.Background(), u)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: error below 0.02: %v\n", m.Calibration, s.Error < 0.02)
	}
	// Output:
	// none: error below 0.02: false
	// local: error below 0.02: true
}

func ExampleRing() {
	m := photonic.NewRing()
	fmt.Printf("FSR %.2f nm, linewidth %.3f nm, %d channels\n", m.FSR(1550e-9)*1e9, m.FWHM(1550e-9)*1e9, m.Channels(1550e-9))
	fmt.Printf("weight at resonance %.3f, far from it %.3f\n", m.Weight(0), m.Weight(3.1416))
	// Output:
	// FSR 11.38 nm, linewidth 0.192 nm, 14 channels
	// weight at resonance 0.935, far from it -0.999
}

func ExampleReceiver() {
	r := photonic.NewReceiver()
	env := device.Env{Temperature: 300, Wavelength: 1550e-9, Bandwidth: 5e9}
	p, err := r.PowerFor(6, env)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("6 bits in 5 GHz need %.0f µW\n", p*1e6)
	// Output: 6 bits in 5 GHz need 22 µW
}
