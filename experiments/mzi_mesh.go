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

// mziMesh sets imperfect meshes of interferometers to random unitary matrices.
var mziMesh = Experiment{
	Name:    "mzi-mesh",
	Summary: "Error of a mesh of interferometers against its fabrication errors and size, before and after calibration",
	New:     func() Study { return &meshStudy{modes: 16, ways: photonicWays} },
	Draw:    drawMesh,
}

var photonicWays = []string{photonic.Blind, photonic.Local, photonic.InSitu}

type meshStudy struct {
	modes int
	ways  []string
	mesh  photonic.MZIMesh
}

func (s *meshStudy) Configure(c *Config) error {
	if err := c.Section("study", []device.Param{
		{Name: "modes", Value: &s.modes, Range: quantity.Between(2, 256), Meaning: "modes of the mesh"},
		{Name: "calibrations", Value: &s.ways, Options: photonicWays, Meaning: "ways to set the mesh that are compared; in-situ takes long beyond 64 modes"},
	}); err != nil {
		return err
	}
	if len(s.ways) == 0 {
		return c.Errorf("study.calibrations", "the list is empty: must name at least one")
	}
	devices, err := c.Models("a mesh: must be mzi-mesh", func(m device.Model) bool {
		_, ok := m.(*photonic.MZIMesh)
		return ok
	})
	if err != nil {
		return err
	}
	if len(devices) > 1 {
		return c.Errorf("device", "there are %d devices: must be one", len(devices))
	}
	s.mesh = *devices[0].Model.(*photonic.MZIMesh)
	return nil
}

func (s *meshStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	u := photonic.Haar(s.modes, key.Domain(noise.Data))
	v := make([]complex128, len(u))
	r := &Record{}
	set := func(m *photonic.MZIMesh) (photonic.Setting, error) {
		chip, err := photonic.NewMesh(m, s.modes, key)
		if err != nil {
			return photonic.Setting{}, err
		}
		setting, err := chip.Program(ctx, u)
		chip.Matrix(v)
		return setting, err
	}
	for _, way := range s.ways {
		m := s.mesh
		m.Calibration = way
		setting, err := set(&m)
		if err != nil {
			return nil, err
		}
		name := spaceless(way)
		r.Add("error_"+name, "", setting.Error)
		r.Add("infidelity_"+name, "", 1-photonic.Fidelity(u, v, s.modes))
		r.Add("reached_"+name, "", setting.Reached)
		r.Add("power_"+name, "W", setting.Power)
	}
	// Phase steps alone, on a chip that is perfect otherwise.
	var bits, steps []float64
	for b := 4; b <= 14; b += 2 {
		m := s.mesh
		m.SplitterError, m.PhaseError, m.Loss, m.Crosstalk, m.Calibration, m.PhaseBits = 0, 0, 0, 0, photonic.Local, b
		setting, err := set(&m)
		if err != nil {
			return nil, err
		}
		bits, steps = append(bits, float64(b)), append(steps, setting.Error)
	}
	r.Tables = append(r.Tables, Table{"bits", []Column{{"bits", "", bits}, {"error", "", steps}}})
	return r, nil
}

// meshGroup gathers the errors of a way over repeats, by x.
func meshGroup(points []Point, value string, x func(*meshStudy) float64) (at, mean, lo, hi []float64) {
	groups := map[float64][]float64{}
	for _, p := range points {
		if y, ok := p.lookup(value); ok {
			k := x(p.Study.(*meshStudy))
			groups[k] = append(groups[k], y)
		}
	}
	for k := range groups {
		at = append(at, k)
	}
	slices.Sort(at)
	for _, k := range at {
		v := groups[k]
		slices.Sort(v)
		sum := 0.0
		for _, y := range v {
			sum += y * y
		}
		mean = append(mean, math.Sqrt(sum/float64(len(v))))
		lo, hi = append(lo, v[0]), append(hi, v[len(v)-1])
	}
	return at, mean, lo, hi
}

func drawMesh(r *Results) ([]Figure, error) {
	splitter := func(s *meshStudy) float64 { return s.mesh.SplitterError }
	modes := func(s *meshStudy) float64 { return float64(s.modes) }
	last := r.Points[len(r.Points)-1].Study.(*meshStudy)
	// (a) is of the largest mesh, (b) of the splitter error in the middle of the sweep.
	errors, _, _, _ := meshGroup(r.Points, "error_"+spaceless(last.ways[0]), splitter)
	middle := errors[len(errors)/2]
	var large, mid []Point
	for _, p := range r.Points {
		s := p.Study.(*meshStudy)
		if s.modes == last.modes {
			large = append(large, p)
		}
		if s.mesh.SplitterError == middle {
			mid = append(mid, p)
		}
	}
	names := map[string]string{photonic.Blind: "as fabricated", photonic.Local: "errors known", photonic.InSitu: "in situ"}
	panel := func(points []Point, x plots.Axis, of func(*meshStudy) float64, law func(x float64) float64, title string) plots.Panel {
		out := plots.Panel{X: x, Y: plots.Axis{Label: "Error of the matrix", Scale: plots.Log}}
		for k, way := range last.ways {
			at, mean, lo, hi := meshGroup(points, "error_"+spaceless(way), of)
			style := plots.Style{Color: plots.OkabeIto[k], Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle}[k]}
			out.Series = append(out.Series, plots.Line{Name: names[way], X: at, Y: mean, Style: style}, plots.Band{X: at, Lo: lo, Hi: hi, Style: plots.Style{Color: plots.OkabeIto[k]}})
			if k == len(last.ways)-1 {
				var y []float64
				for _, a := range at {
					y = append(y, law(a))
				}
				out.Series = append(out.Series, plots.Line{Name: title, X: at, Y: y, Style: plots.Style{Dash: plots.Dashed, Color: grey}})
			}
		}
		return out
	}
	var panels []plots.Panel
	caption := fmt.Sprintf("Meshes of interferometers (%s) set to random unitary matrices: root mean square over chips of |U − gU′|/√N, and their range.", last.mesh.Scheme)
	if len(errors) > 1 && errors[0] > 0 {
		panels = append(panels, panel(large, plots.Axis{Label: "Splitter error", Unit: "rad", Scale: plots.Log, NoPrefix: true}, splitter,
			func(s float64) float64 { return s * math.Sqrt(2*float64(last.modes-1)) }, "\\it{σ}√(2(N − 1))"))
		caption += fmt.Sprintf(" (%c) %d modes against the standard deviation of the splitters' angles.", 'a'+len(panels)-1, last.modes)
	}
	if at, _, _, _ := meshGroup(mid, "error_"+spaceless(last.ways[0]), modes); len(at) > 1 {
		panels = append(panels, panel(mid, plots.Axis{Label: "Modes", Scale: plots.Log, Ticks: at}, modes,
			func(n float64) float64 { return middle * math.Sqrt(2*(n-1)) }, "\\it{σ}√(2(N − 1))"))
		caption += fmt.Sprintf(" (%c) Splitter error %.3g rad against the number of modes.", 'a'+len(panels)-1, middle)
	}
	bits := plots.Panel{X: plots.Axis{Label: "Phase resolution (bits)"}, Y: plots.Axis{Label: "Error of the matrix", Scale: plots.Log}}
	x := large[0].Column("bits", "bits")
	y, law := make([]float64, len(x)), make([]float64, len(x))
	for _, p := range large {
		for i, e := range p.Column("bits", "error") {
			y[i] += e * e / float64(len(large))
		}
	}
	for i, b := range x {
		y[i] = math.Sqrt(y[i])
		law[i] = math.Sqrt(float64(last.modes)) * 2 * math.Pi / math.Pow(2, b) / math.Sqrt(12)
	}
	bits.Series = []plots.Series{
		plots.Line{Name: "mesh", X: x, Y: y, Style: plots.Style{Marker: plots.Circle}},
		plots.Line{Name: "√N 2π/(2^{b}√12)", X: x, Y: law, Style: plots.Style{Dash: plots.Dashed, Color: grey}},
	}
	panels = append(panels, bits)
	caption += fmt.Sprintf(" (%c) Rounded phases alone, %d modes. Dashed: independent small errors.", 'a'+len(panels)-1, last.modes)
	end := r.Points[len(r.Points)-1]
	var numbers []Number
	for _, way := range last.ways {
		numbers = append(numbers, Number{Text: "infidelity of the last point, " + names[way], X: end.Record.Value("infidelity_" + spaceless(way))})
	}
	return []Figure{{Name: "mzi-mesh", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels}}}, nil
}
