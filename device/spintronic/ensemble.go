package spintronic

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// Ensemble is many macrospins of one kind at a temperature, in structure-of-arrays
// form, integrated by the stochastic Heun scheme with a fixed step:
//
//	m* = m + h f(m, B + B_th),  m' = (m + h/2 (f(m, B + B_th) + f(m*, B + B_th)))/|...|
//
// with the same thermal field of standard deviation sqrt(2 α k T/(γ Ms V h)) per component
// in both stages. Its limit is the Stratonovich solution, whose equilibrium is
// Boltzmann's. Currents through the junctions are given, not voltages: they do not depend on the
// angle, and the torque has Λ = 1.
//
// Spins stand in rows and columns; a spin's path depends on its row, its column and the key
// only. The zero value is not usable; see NewEnsemble.
type Ensemble struct {
	model       Macrospin
	rows, cols  int
	temperature float64 // K
	step        float64 // s
	workers     int
	steps       uint64       // done
	m           [3][]float64 // components, the easy axis last
	order       [3]int       // axis of each component
	field       float64      // T, of the thermal field during a step

	// Current scales the current through each junction, Stiffness adds to the
	// stiffness along its easy axis, T. Both are as long as there are spins.
	Current, Stiffness []float64
}

// A Drive is what acts on all spins of an ensemble for a while.
type Drive struct {
	Current float64 // through each junction times its Ensemble.Current, A; positive favours the parallel state
	Voltage float64 // across each junction, V, which acts by the control of the anisotropy alone
	Strip   float64 // current in the strip, A
	Field   float64 // T, along FieldAxis
}

// chunk is the number of spins that are worked on together.
const chunk = 256

// LongestStep returns the longest step in s that an ensemble of m may take under d at a temperature in K, with
// currents scaled by up to the given factor and stiffnesses raised by up to raise, in T: 0.25/(γ B), or
// that in which thermal agitation turns a spin by 0.1 rad if it is shorter. Averages at that step are right to 1 %,
// with an error in proportion to the step.
func LongestStep(m *Macrospin, d Drive, scale, raise, temperature float64) float64 {
	t := m.driven(d)
	axis := 2
	if m.Easy == InPlane {
		axis = 0
	}
	s := m.spinTorque(d.Current * scale)
	t.a[axis] += s
	t.b[axis] += m.FieldLike * s
	t.k[axis] += raise
	thermal := gamma * m.thermalField(temperature)
	return min(0.25/(gamma*t.largest()), 0.01/(thermal*thermal))
}

// spinTorque returns a of a current through the junction at Λ = 1, T.
func (m *Macrospin) spinTorque(current float64) float64 {
	return hbar * m.P * current / (2 * charge * m.Ms * m.Volume())
}

// driven returns the torques of d but for that of the current through the junction.
func (m *Macrospin) driven(d Drive) *torques {
	t := &torques{applied: [3]float64{m.Bx, m.By, m.Bz}, k: m.stiffness(d.Voltage)}
	if m.StripWidth > 0 {
		as := hbar * m.SpinHall * d.Strip / (2 * charge * m.Ms * m.Thickness * m.StripWidth * m.StripThickness)
		t.a[1], t.b[1] = as, m.StripFieldLike*as
	}
	if axis := m.axis(); axis >= 0 {
		t.applied[axis] += d.Field
	}
	return t
}

// NewEnsemble returns rows x cols spins along the easy axis, parallel, with a step of
// integration in s and the given number of workers, 0 meaning as many as there are
// processors. The ensemble keeps a copy of m. The error tells of an invalid model, size or temperature, a Λ
// other than 1, or a step that is longer than LongestStep without drive.
func NewEnsemble(m *Macrospin, rows, cols int, temperature, step float64, workers int) (*Ensemble, error) {
	if err := device.Check(m); err != nil {
		return nil, err
	}
	if rows < 1 || cols < 1 || rows > math.MaxInt32 || cols > math.MaxInt32/rows {
		return nil, fmt.Errorf("ensemble of %d x %d spins: both must be at least 1, their product at most %d", rows, cols, math.MaxInt32)
	}
	if !(temperature >= 0) || math.IsInf(temperature, 1) {
		return nil, fmt.Errorf("temperature is %g K: must be >= 0 K", temperature)
	}
	if m.Lambda != 1 {
		return nil, fmt.Errorf("lambda is %g: must be 1 in an ensemble", m.Lambda)
	}
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	n := rows * cols
	e := &Ensemble{model: *m, rows: rows, cols: cols, temperature: temperature, step: step, workers: workers, order: [3]int{0, 1, 2}}
	if m.Easy == InPlane {
		e.order = [3]int{1, 2, 0}
	}
	if err := e.allowed(Drive{}); err != nil {
		return nil, err
	}
	e.field = m.thermalField(temperature) / math.Sqrt(step)
	for i := range e.m {
		e.m[i] = make([]float64, n)
	}
	e.Current, e.Stiffness = make([]float64, n), make([]float64, n)
	for i := range n {
		e.m[2][i], e.Current[i] = 1, 1
	}
	return e, nil
}

// allowed reports a step that is too long for a drive, or a drive that the model has no port for.
func (e *Ensemble) allowed(d Drive) error {
	m := &e.model
	switch {
	case d.Strip != 0 && m.StripWidth == 0:
		return fmt.Errorf("current of %s in the strip: the device has none, strip_width must be > 0 m", quantity.Format(d.Strip, "A"))
	case d.Field != 0 && m.axis() < 0:
		return fmt.Errorf("field of %s: the device has none to drive, field_axis must be x, y or z", quantity.Format(d.Field, "T"))
	}
	scale, raise := 0.0, 0.0
	for i := range e.Current {
		scale, raise = max(scale, math.Abs(e.Current[i])), max(raise, e.Stiffness[i])
	}
	if most := LongestStep(m, d, scale, raise, e.temperature); !(e.step > 0) || e.step > most {
		return fmt.Errorf("step is %.3g s: must be > 0 s and at most %.3g s, a fraction of a turn in the fields that act here", e.step, most)
	}
	return nil
}

// Len returns the number of spins.
func (e *Ensemble) Len() int { return e.rows * e.cols }

// Component returns the components of all spins along an axis, 0 to 2 for x, y and z,
// row by row. The slice is the ensemble's own.
func (e *Ensemble) Component(axis int) []float64 {
	for i, a := range e.order {
		if a == axis {
			return e.m[i]
		}
	}
	panic("spintronic: no such axis")
}

// Easy returns the components along the easy axis, 1 where parallel. The slice is the ensemble's own.
func (e *Ensemble) Easy() []float64 { return e.m[2] }

// Thermalise puts every spin into thermal equilibrium within the well that it stands in: it draws
// from Boltzmann's distribution without drives and applied fields on the half of the sphere, by rejection from an angular
// central Gaussian (J. T. Kent, A. M. Ganeiber and K. V. Mardia, J. Comput. Graph. Stat. 27, 291 (2018), doi:10.1080/10618600.2017.1390468).
func (e *Ensemble) Thermalise(temperature float64, key noise.Key) {
	key = key.Domain(noise.Thermal).Fold(1)
	normals, uniforms := key.Fold(0), key.Fold(1)
	k := e.model.stiffness(0)
	factor := e.model.Ms * e.model.Volume() / (2 * boltzmann * temperature)
	const bound = 5.196152422706632 * 0.36787944117144233 // 3^(3/2)/e
	for i := range e.Len() {
		row, col := uint32(i/e.cols), uint32(i%e.cols)
		var a [3]float64 // energy over kT is Σ a m²
		for j := range 2 {
			a[j] = factor * (k[e.order[2]] + e.Stiffness[i] - k[e.order[j]])
		}
		for try := uint64(0); ; try++ {
			var y [3]float64
			for j := range y {
				y[j] = normals.NormalAt(noise.At{Row: row, Col: col, Event: 3*try + uint64(j)}) / math.Sqrt(1+2*max(a[j], 0))
			}
			r := 1 / math.Sqrt(y[0]*y[0]+y[1]*y[1]+y[2]*y[2])
			s := (a[0]*y[0]*y[0] + a[1]*y[1]*y[1]) * r * r
			accept := math.Exp(-s) * math.Pow(1+2*s, 1.5) / bound
			if uniforms.UniformAt(noise.At{Row: row, Col: col, Event: try}) >= accept {
				continue
			}
			if math.Signbit(y[2]) != math.Signbit(e.m[2][i]) {
				r = -r
			}
			for j := range y {
				e.m[j][i] = y[j] * r
			}
			break
		}
	}
}

// Advance integrates a number of steps under a drive. The thermal fields are those of key;
// steps are counted from the making of the ensemble. The error tells of a drive without a port or that the step is too long for,
// or that ctx is done.
func (e *Ensemble) Advance(ctx context.Context, d Drive, steps int, key noise.Key) error {
	if err := e.allowed(d); err != nil {
		return err
	}
	h := newHeun(e, d)
	key = key.Domain(noise.Thermal)
	perRow := (e.cols + chunk - 1) / chunk
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(e.workers, e.rows*perRow) {
		wg.Go(func() {
			var z [3][chunk]float64
			for {
				k := int(next.Add(1)) - 1
				if k >= e.rows*perRow {
					return
				}
				row, col := k/perRow, k%perRow*chunk
				first := row*e.cols + col
				n := min(chunk, e.cols-col)
				for s := range uint64(steps) {
					if s%256 == 0 && ctx.Err() != nil {
						return
					}
					if e.field > 0 {
						for c := range z {
							key.Normal(z[c][:n], noise.At{Row: uint32(row), Col: uint32(col), Event: 3*(e.steps+s) + uint64(c)})
						}
					}
					h.run(e, first, n, &z)
				}
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	e.steps += uint64(steps)
	return nil
}

// heun holds what is the same for all spins during a drive.
type heun struct {
	b, k, a, c                    [3]float64 // applied field, stiffness; damping-like and field-like part of both torques' fields
	alpha, turn, field            float64
	current, axialDamp, axialTurn float64
}

func newHeun(e *Ensemble, d Drive) *heun {
	m := &e.model
	t := m.driven(d)
	h := &heun{
		alpha: m.Alpha, turn: -gamma * e.step / (1 + m.Alpha*m.Alpha), field: e.field,
		current: m.spinTorque(d.Current), axialDamp: 1 + m.Alpha*m.FieldLike, axialTurn: m.FieldLike - m.Alpha,
	}
	for i, axis := range e.order {
		h.b[i], h.k[i] = t.applied[axis], t.k[axis]
		h.a[i], h.c[i] = t.a[axis]+m.Alpha*t.b[axis], t.b[axis]-m.Alpha*t.a[axis]
	}
	// A part that all axes share turns nothing.
	for i := range h.k {
		h.k[i] -= t.k[e.order[1]]
	}
	return h
}

// run takes one step of n spins from first on.
func (h *heun) run(e *Ensemble, first, n int, noise *[3][chunk]float64) {
	mx, my, mz := e.m[0][first:][:n], e.m[1][first:][:n], e.m[2][first:][:n]
	scale, stiff := e.Current[first:][:n], e.Stiffness[first:][:n]
	zx, zy, zz := noise[0][:n], noise[1][:n], noise[2][:n]
	alpha, turn, field := h.alpha, h.turn, h.field
	kx, kz0 := h.k[0], h.k[2]
	ax, ay, az0 := h.a[0], h.a[1], h.a[2]
	cx, cy, cz0 := h.c[0], h.c[1], h.c[2]
	for i := range mx {
		x, y, z := mx[i], my[i], mz[i]
		j := h.current * scale[i]
		kz := kz0 + stiff[i]
		az, cz := az0+h.axialDamp*j, cz0+h.axialTurn*j
		bx, by, bz := h.b[0]+field*zx[i], h.b[1]+field*zy[i], h.b[2]+field*zz[i]

		fx, fz := bx+kx*x, bz+kz*z
		px, py, pz := alpha*fx+ax, alpha*by+ay, alpha*fz+az
		wx, wy, wz := fx+cx+y*pz-z*py, by+cy+z*px-x*pz, fz+cz+x*py-y*px
		dx, dy, dz := turn*(y*wz-z*wy), turn*(z*wx-x*wz), turn*(x*wy-y*wx)

		u, v, w := x+dx, y+dy, z+dz
		fx, fz = bx+kx*u, bz+kz*w
		px, pz = alpha*fx+ax, alpha*fz+az
		wx, wy, wz = fx+cx+v*pz-w*py, by+cy+w*px-u*pz, fz+cz+u*py-v*px
		x += 0.5 * (dx + turn*(v*wz-w*wy))
		y += 0.5 * (dy + turn*(w*wx-u*wz))
		z += 0.5 * (dz + turn*(u*wy-v*wx))

		r := 1 / math.Sqrt(x*x+y*y+z*z)
		mx[i], my[i], mz[i] = x*r, y*r, z*r
	}
}
