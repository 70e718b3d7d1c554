package experiments

import (
	"context"
	"fmt"
	"math"

	"mho/aimc"
	"mho/device"
	"mho/device/photonic"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// photonicTensorCore multiplies by phase-change cells on waveguides.
var photonicTensorCore = Experiment{
	Name:    "photonic-tensor-core",
	Summary: "Products of an incoherent tensor core of phase-change cells against optical power and size",
	New:     func() Study { return &tensorStudy{size: 16, vectors: 500} },
	Draw:    drawTensor,
}

type tensorStudy struct {
	size, vectors int
	tile          aimc.OpticalConfig
}

func (s *tensorStudy) Configure(c *Config) error {
	if err := c.Section("study", []device.Param{
		{Name: "size", Value: &s.size, Range: quantity.Between(1, 1024), Meaning: "inputs and outputs of the matrix, on one chip"},
		{Name: "vectors", Value: &s.vectors, Range: quantity.Between(2, 1<<20), Meaning: "number of random input vectors, uniform from 0 to 1"},
	}); err != nil {
		return err
	}
	t, err := opticalConfig(c)
	if err != nil {
		return err
	}
	if _, ok := t.Device.(*photonic.OpticalPCM); !ok {
		return c.Errorf("device.model", "%s is no phase-change cell: must be optical-pcm", t.Device.Info().Name)
	}
	s.tile = *t
	s.tile.Rows, s.tile.Cols = s.size, s.size
	return nil
}

func (s *tensorStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	n := s.size
	w, x := make([]float64, n*n), make([]float64, s.vectors*n)
	key.Domain(noise.Data).Fold(0).Uniform(w, noise.At{})
	for i := range w {
		w[i] = 2*w[i] - 1
	}
	key.Domain(noise.Data).Fold(1).Uniform(x, noise.At{})
	exact := make([]float64, s.vectors*n)
	for k := range s.vectors {
		for j := range n {
			for i := range n {
				exact[k*n+j] += x[k*n+i] * w[j*n+i]
			}
		}
	}
	multiply := func(set func(c *aimc.OpticalConfig)) ([]float64, error) {
		c := s.tile
		c.Converters.InputRange = 1
		set(&c)
		tile, err := aimc.NewOpticalTile(n, n, c, key)
		if err != nil {
			return nil, err
		}
		if _, err := tile.Program(w, key); err != nil {
			return nil, err
		}
		if err := tile.Advance(tile.Reference(), key); err != nil {
			return nil, err
		}
		y := make([]float64, len(exact))
		_, err = tile.MVM(ctx, y, x, 0, key)
		return y, err
	}
	r := &Record{}
	y, err := multiply(func(*aimc.OpticalConfig) {})
	if err != nil {
		return nil, err
	}
	raw, _, _ := relativeError(y, exact)
	r.Add("error", "", raw)
	r.Tables = append(r.Tables, Table{"outputs", []Column{{"exact", "", thin(exact, 1500)}, {"analog", "", thin(y, 1500)}}})
	if y, err = multiply(func(c *aimc.OpticalConfig) {
		c.Noise = aimc.OpticalNoise{Read: s.tile.Noise.Read}
		c.Converters.DACBits, c.Converters.ADCBits = 0, 0
	}); err != nil {
		return nil, err
	}
	raw, _, _ = relativeError(y, exact)
	r.Add("error_receiver_only", "", raw)
	r.Add("error_receiver_closed_form", "", s.closedForm(w, x, exact))
	m := s.tile.Device.(*photonic.OpticalPCM)
	var fraction, transmission []float64
	for k := range 101 {
		fraction = append(fraction, float64(k)/100)
		transmission = append(transmission, m.Transmission(fraction[k], s.tile.Env.Wavelength))
	}
	r.Tables = append(r.Tables, Table{"cell", []Column{{"fraction", "", fraction}, {"transmission", "", transmission}}})
	return r, nil
}

// closedForm returns the relative error of the outputs from the receivers' variance at the photocurrents
// that the exact weights give.
func (s *tensorStudy) closedForm(w, x, exact []float64) float64 {
	m, n := s.tile.Device.(*photonic.OpticalPCM), s.size
	lo, hi := m.Transmission(1, s.tile.Env.Wavelength), m.Transmission(0, s.tile.Env.Wavelength)
	top := 0.0
	for _, v := range w {
		top = math.Max(top, math.Abs(v))
	}
	full := m.Receiver.Responsivity * m.RowPower / float64(2*n*n)
	white, shot, intensity := m.Receiver.White(2, s.tile.Env), m.Receiver.ShotPerAmpere(s.tile.Env), m.Receiver.Intensity(s.tile.Env)
	var variance, power float64
	for k := range s.vectors {
		for j := range n {
			v := white
			for i, u := range x[k*n : (k+1)*n] {
				a := math.Abs(w[j*n+i]) / top * (hi - lo)
				v += shot * u * full * (2*lo + a)
				v += intensity * (u * full * a) * (u * full * a)
			}
			unit := full * (hi - lo) / top
			variance += v / (unit * unit)
			power += exact[k*n+j] * exact[k*n+j]
		}
	}
	return math.Sqrt(variance / power)
}

func drawTensor(r *Results) ([]Figure, error) {
	points := r.first()
	end := points[len(points)-1]
	s := end.Study.(*tensorStudy)
	cell := plots.Panel{
		X: plots.Axis{Label: "Crystalline fraction"}, Y: plots.Axis{Label: "Transmission of a cell"},
		Series: []plots.Series{plots.Line{X: end.Column("cell", "fraction"), Y: end.Column("cell", "transmission")}},
	}
	scatter := plots.Panel{X: plots.Axis{Label: "Exact output"}, Y: plots.Axis{Label: "Analog output"}}
	style := plots.Style{MarkerSize: 2, Opacity: 0.5}
	sizes := r.groups(points, "device.light_power")
	same := sizes[len(sizes)-1].points
	first := same[len(same)/2]
	power := func(p Point) string {
		return siLabel(quantity.Format(p.Study.(*tensorStudy).tile.Device.(*photonic.OpticalPCM).RowPower, "W"))
	}
	if first.Study != end.Study {
		scatter.Series = append(scatter.Series, plots.Scatter{Name: power(first), X: first.Column("outputs", "exact"), Y: first.Column("outputs", "analog"), Style: style})
	}
	scatter.Series = append(scatter.Series, plots.Scatter{Name: power(end), X: end.Column("outputs", "exact"), Y: end.Column("outputs", "analog"), Style: style}, diagonal(end.Column("outputs", "exact")))
	panels := []plots.Panel{cell, scatter}
	caption := fmt.Sprintf("An incoherent tensor core of phase-change cells, receivers of %s. (a) Transmission of a cell. (b) Products of %d × %d.", siLabel(quantity.Format(s.tile.Env.Bandwidth, "Hz")), s.size, s.size)
	errors := plots.Panel{X: plots.Axis{Label: "Power of an input", Unit: "W", Scale: plots.Log}, Y: plots.Axis{Label: "Relative error", Scale: plots.Log}}
	for k, g := range sizes {
		var x, all, receiver, closed []float64
		for _, p := range g.points {
			x = append(x, p.Study.(*tensorStudy).tile.Device.(*photonic.OpticalPCM).RowPower)
			all, receiver, closed = append(all, p.Record.Value("error")), append(receiver, p.Record.Value("error_receiver_only")), append(closed, p.Record.Value("error_receiver_closed_form"))
		}
		size := g.points[0].Study.(*tensorStudy).size
		if len(x) < 2 || !s.tile.Noise.Read {
			continue
		}
		color := plots.OkabeIto[k%len(plots.OkabeIto)]
		errors.Series = append(errors.Series,
			plots.Line{Name: fmt.Sprintf("%d × %d", size, size), X: x, Y: all, Style: plots.Style{Color: color, Marker: plots.Circle}},
			plots.Scatter{X: x, Y: receiver, Style: plots.Style{Color: color, Marker: plots.Square, Hollow: true}},
			plots.Line{X: x, Y: closed, Style: plots.Style{Color: color, Dash: plots.Dashed}})
	}
	if len(errors.Series) > 0 {
		panels = append(panels, errors)
		caption += " (c) Root mean square error relative to the outputs (filled), that of the receivers alone (hollow), and their shot, thermal and intensity noise in closed form (dashed)."
	}
	return []Figure{{
		Name: "photonic-tensor-core", Caption: caption,
		Numbers: []Number{
			{Text: "relative error of the last point", X: end.Record.Value("error")},
			{Text: "that of the receivers alone", X: end.Record.Value("error_receiver_only")},
			{Text: "the same in closed form", X: end.Record.Value("error_receiver_closed_form")},
		},
		Figure: plots.Figure{Panels: panels},
	}}, nil
}
