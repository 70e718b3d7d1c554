package photonic

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Channels returns the number of channels that fit one FSR near a wavelength in m.
func (m *Ring) Channels(wavelength float64) int {
	return int(math.Floor(m.FSR(wavelength) / m.Spacing * (1 + 1e-12)))
}

// A Bank is a row of rings on one bus, one ring for each channel, and one balanced receiver.
type Bank struct {
	model  *Ring
	env    device.Env
	n      int
	detune []float64 // of each ring from its channel, towards longer light, m
	heat   []float64 // shares of the heaters in each other, n x n
}

// NewBank returns a bank of so many channels whose rings are as far from their channels as the
// least weight asks. It keeps a reference to m. The error tells of an invalid
// model, of channels closer than the linewidth, and of more channels than fit one FSR.
func NewBank(m *Ring, channels int, env device.Env) (*Bank, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("ring: %w", err)
	}
	if w := m.FWHM(env.Wavelength); m.Spacing <= w {
		return nil, fmt.Errorf("ring: spacing is %s: must be above the linewidth of a ring, %s", quantity.Format(m.Spacing, "m"), rounded(w))
	}
	if most := m.Channels(env.Wavelength); channels < 1 || channels > most {
		return nil, fmt.Errorf("ring: %d channels: must be from 1 to %d, which are spaced by %s in the FSR of %s",
			channels, most, quantity.Format(m.Spacing, "m"), rounded(m.FSR(env.Wavelength)))
	}
	b := &Bank{model: m, env: env, n: channels, detune: make([]float64, channels), heat: make([]float64, channels*channels)}
	for i := range channels {
		for j := range channels {
			if i != j {
				b.heat[i*channels+j] = m.Crosstalk * math.Exp(-(math.Abs(float64(i-j))-1)/m.CrosstalkLen)
			}
		}
		b.detune[i] = b.own(-m.WeightLimit)
	}
	return b, nil
}

// rounded prints a wavelength to four digits.
func rounded(x float64) string {
	digits := math.Pow(10, 3-math.Floor(math.Log10(x)))
	return quantity.Format(math.Round(x*digits)/digits, "m")
}

// own returns the detuning in m that gives a weight to a ring that is alone.
func (b *Bank) own(w float64) float64 {
	return b.model.Phase(w) / (2 * math.Pi) * b.model.FSR(b.env.Wavelength)
}

// At returns the shares of the power that reach the two diodes of light offset m longer than that of
// the first channel, with all resonances moved by shift, m. Light passes the rings in order: each
// drops its part of what those before it left.
func (b *Bank) At(offset, shift float64) (drop, through float64) {
	turn := 2 * math.Pi / b.model.FSR(b.env.Wavelength)
	through = 1
	for k, d := range b.detune {
		td, tp := b.model.Ports(turn * (offset - float64(k)*b.model.Spacing + d - shift))
		drop += through * td
		through *= tp
	}
	return drop, through
}

// Ports sets drop and through to what At gives for each channel.
func (b *Bank) Ports(drop, through []float64, shift float64) {
	if len(drop) != b.n || len(through) != b.n {
		panic("photonic: dimension mismatch")
	}
	for j := range b.n {
		drop[j], through[j] = b.At(float64(j)*b.model.Spacing, shift)
	}
}

// Weights sets dst to drop - through.
func (b *Bank) Weights(dst []float64, shift float64) {
	through := make([]float64, b.n)
	b.Ports(dst, through, shift)
	for j, t := range through {
		dst[j] -= t
	}
}

// Set tunes the bank to weights as its Control does, and returns the largest error. With
// Feedback each ring is moved by what its weight is wrong, until all are right; heaters
// that shift neighbours are then measured away. With Feedforward every ring gets what it would
// need alone: neighbours take light, and their heaters shift it.
func (b *Bank) Set(weights []float64) float64 {
	if len(weights) != b.n {
		panic("photonic: dimension mismatch")
	}
	for k, w := range weights {
		b.detune[k] = b.own(w)
	}
	if b.model.Control == Feedforward {
		b.heaters()
	}
	got := make([]float64, b.n)
	aim := append([]float64(nil), weights...)
	lo, hi := b.model.Weight(math.Pi), b.model.Weight(0)
	worst := 0.0
	for range 300 {
		b.Weights(got, 0)
		worst = 0
		for k, w := range weights {
			worst = max(worst, math.Abs(w-got[k]))
		}
		if b.model.Control == Feedforward || worst < 1e-13 {
			break
		}
		for k, w := range weights {
			aim[k] = min(max(aim[k]+w-got[k], lo), hi)
			b.detune[k] = b.own(aim[k])
		}
	}
	return worst
}

// heaters moves the rings by what the heaters of the others add. A heater is off at the
// detuning of the least weight.
func (b *Bank) heaters() {
	own := make([]float64, b.n)
	rest := b.own(-b.model.WeightLimit)
	for k, d := range b.detune {
		own[k] = rest - d
	}
	for k := range b.detune {
		for j, h := range own {
			b.detune[k] -= b.heat[k*b.n+j] * h
		}
	}
}
