package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"mho/device"
	"mho/device/photonic"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// ringWeightBank sets a bank of microrings and lets its temperature change.
var ringWeightBank = Experiment{
	Name:    "ring-weight-bank",
	Summary: "A bank of microring weights: spectrum, control with crosstalk, and error when its temperature drifts",
	New:     func() Study { return &bankStudy{channels: 4, banks: 50, warmest: 2} },
	Draw:    drawBank,
}

type bankStudy struct {
	channels, banks int
	warmest         float64 // K
	env             device.Env
	ring            photonic.Ring
}

func (s *bankStudy) Configure(c *Config) error {
	if err := c.Section("study", []device.Param{
		{Name: "channels", Value: &s.channels, Range: quantity.Between(1, 1000), Meaning: "rings of a bank, one for each wavelength"},
		{Name: "banks", Value: &s.banks, Range: quantity.Between(1, 100000), Meaning: "banks with random weights over which errors are averaged"},
		{Name: "warmest", Value: &s.warmest, Unit: "K", Range: quantity.Positive(), Meaning: "largest change of temperature"},
	}); err != nil {
		return err
	}
	devices, err := c.Models("a ring: must be ring", func(m device.Model) bool {
		_, ok := m.(*photonic.Ring)
		return ok
	})
	if err != nil {
		return err
	}
	if len(devices) > 1 {
		return c.Errorf("device", "there are %d devices: must be one", len(devices))
	}
	s.ring, s.env = *devices[0].Model.(*photonic.Ring), c.Env
	if _, err := photonic.NewBank(&s.ring, s.channels, s.env); err != nil {
		return c.Errorf("device", "%v", err)
	}
	return nil
}

func (s *bankStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	weights := func(k int) []float64 {
		w := make([]float64, s.channels)
		key.Domain(noise.Data).Uniform(w, noise.At{Row: uint32(k)})
		for i := range w {
			w[i] = s.ring.WeightLimit * (2*w[i] - 1)
		}
		return w
	}
	r := &Record{}
	// How far weights are from their targets with and without feedback, which has a precision of its own.
	z, aim := make([]float64, s.channels), make([]float64, s.channels)
	std := 0.0
	if s.ring.ProgrammingNoise {
		std = (s.ring.Weight(0) - s.ring.Weight(math.Pi)) * math.Pow(2, -s.ring.ControlBits)
	}
	warm := []float64{0}
	for k := range 25 {
		warm = append(warm, s.warmest*math.Pow(10, float64(k-24)/10))
	}
	drift := make([]float64, len(warm))
	got := make([]float64, s.channels)
	for _, control := range []string{photonic.Feedback, photonic.Feedforward} {
		m := s.ring
		m.Control = control
		sum := 0.0
		for k := range s.banks {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			b, err := photonic.NewBank(&m, s.channels, s.env)
			if err != nil {
				return nil, err
			}
			w := weights(k)
			key.Domain(noise.Programming).Normal(z, noise.At{Row: uint32(k)})
			for i := range aim {
				aim[i] = w[i] + std*z[i]
			}
			b.Set(aim)
			b.Weights(got, 0)
			sum += distance2(got, w)
			if control == photonic.Feedback {
				for i, dt := range warm {
					b.Weights(got, m.Shift(s.env.Wavelength)*dt)
					drift[i] += distance2(got, w)
				}
			}
		}
		r.Add("error_"+spaceless(control), "", math.Sqrt(sum/float64(s.banks*s.channels)))
	}
	for i, d := range drift {
		drift[i] = math.Sqrt(d / float64(s.banks*s.channels))
	}
	r.Add("fsr", "m", s.ring.FSR(s.env.Wavelength))
	r.Add("fwhm", "m", s.ring.FWHM(s.env.Wavelength))
	r.Add("shift", "m/K", s.ring.Shift(s.env.Wavelength))
	r.Tables = append(r.Tables, Table{"drift", []Column{{"temperature", "K", warm[1:]}, {"error", "", drift[1:]}}}, s.spectrum(weights(0)), s.tuning())
	return r, nil
}

// spectrum returns the powers at both diodes of a bank with weights w over the wavelength.
func (s *bankStudy) spectrum(w []float64) Table {
	b, err := photonic.NewBank(&s.ring, s.channels, s.env)
	if err != nil {
		panic("experiments: a checked bank is refused")
	}
	b.Set(w)
	var x, drop, through []float64
	from, to := -1.5*s.ring.Spacing, (float64(s.channels)+0.5)*s.ring.Spacing
	const points = 800
	for k := range points + 1 {
		at := from + (to-from)*float64(k)/points
		d, t := b.At(at, 0)
		x, drop, through = append(x, at), append(drop, d), append(through, t)
	}
	return Table{"spectrum", []Column{{"offset", "m", x}, {"drop", "", drop}, {"through", "", through}}}
}

// tuning returns the weight of one ring against its detuning, with the Lorentzian near it.
func (s *bankStudy) tuning() Table {
	var x, w, lorentz []float64
	fsr, fwhm := s.ring.FSR(s.env.Wavelength), s.ring.FWHM(s.env.Wavelength)
	drop0, through0 := s.ring.Ports(0)
	const points = 400
	for k := range points + 1 {
		at := 4 * fwhm * (2*float64(k)/points - 1)
		x = append(x, at)
		w = append(w, s.ring.Weight(2*math.Pi*at/fsr))
		l := 1 / (1 + 4*at*at/(fwhm*fwhm))
		lorentz = append(lorentz, drop0*l-(1-(1-through0)*l))
	}
	return Table{"tuning", []Column{{"detuning", "m", x}, {"weight", "", w}, {"lorentzian", "", lorentz}}}
}

// distance2 returns the sum of the squares of a - b.
func distance2(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += (x - b[i]) * (x - b[i])
	}
	return sum
}

func drawBank(r *Results) ([]Figure, error) {
	points := r.first()
	end := points[len(points)/2]
	s := end.Study.(*bankStudy)
	spectrum := plots.Panel{
		X: plots.Axis{Label: "Wavelength − first channel", Unit: "m"}, Y: plots.Axis{Label: "Transmission"},
		Series: []plots.Series{
			plots.Line{Name: "drop", X: end.Column("spectrum", "offset"), Y: end.Column("spectrum", "drop")},
			plots.Line{Name: "through", X: end.Column("spectrum", "offset"), Y: end.Column("spectrum", "through")},
		},
	}
	for k := range s.channels {
		spectrum.Rules = append(spectrum.Rules, plots.Rule{At: float64(k) * s.ring.Spacing, Vertical: true})
	}
	tuning := plots.Panel{
		X: plots.Axis{Label: "Detuning", Unit: "m"}, Y: plots.Axis{Label: "Weight"},
		Series: []plots.Series{
			plots.Line{Name: "ring", X: end.Column("tuning", "detuning"), Y: end.Column("tuning", "weight")},
			plots.Line{Name: "Lorentzian", X: end.Column("tuning", "detuning"), Y: end.Column("tuning", "lorentzian"), Style: plots.Style{Dash: plots.Dashed, Color: grey}},
		},
	}
	drift := plots.Panel{X: plots.Axis{Label: "Change of temperature", Unit: "K", Scale: plots.Log}, Y: plots.Axis{Label: "Error of weights", Scale: plots.Log}}
	for _, k := range evenly(len(points), 3) {
		p := points[k]
		name := ""
		if len(points) > 1 {
			name = siLabel(quantity.Format(p.Study.(*bankStudy).ring.Spacing, "m"))
		}
		drift.Series = append(drift.Series, plots.Line{Name: name, X: p.Column("drift", "temperature"), Y: p.Column("drift", "error")})
	}
	panels := []plots.Panel{spectrum, tuning, drift}
	caption := fmt.Sprintf("A bank of %d microrings. (a) Power at the two diodes, channels dashed. (b) Weight of one ring, T_{drop} − T_{through}. (c) Root mean square error of the weights of %d banks, set with feedback, after a change of temperature, for channels spaced as named.", s.channels, s.banks)
	var x, with, without []float64
	for _, p := range points {
		x = append(x, p.Study.(*bankStudy).ring.Spacing)
		with, without = append(with, p.Record.Value("error_feedback")), append(without, p.Record.Value("error_feed-forward"))
	}
	if len(points) > 1 && x[0] != x[len(x)-1] && slices.Min(with) > 1e-12 {
		panels = append(panels, plots.Panel{
			X: plots.Axis{Label: "Channel spacing", Unit: "m", Scale: plots.Log}, Y: plots.Axis{Label: "Error of weights", Scale: plots.Log},
			Series: []plots.Series{
				plots.Line{Name: "feed-forward", X: x, Y: without, Style: plots.Style{Marker: plots.Circle}},
				plots.Line{Name: "feedback", X: x, Y: with, Style: plots.Style{Marker: plots.Square}},
			},
		})
		caption += fmt.Sprintf(" (d) Error after setting ring by ring, and with feedback of %.3g bits.", s.ring.ControlBits)
	}
	return []Figure{{
		Name: "ring-weight-bank", Caption: plainText(caption),
		Numbers: []Number{
			{Text: "free spectral range", Unit: "m", X: end.Record.Value("fsr")},
			{Text: "linewidth", Unit: "m", X: end.Record.Value("fwhm")},
			{Text: "shift of the resonance per K", Unit: "m", X: end.Record.Value("shift")},
			{Text: "error without feedback", X: end.Record.Value("error_feed-forward")},
		},
		Figure: plots.Figure{Panels: panels, Columns: 2},
	}}, nil
}
