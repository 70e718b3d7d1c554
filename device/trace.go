package device

import "strings"

// A Trace is what an element did under a waveform, a row per time.
type Trace struct {
	Drives           []Variable // what U holds
	ResponseVariable Variable   // what Response holds: Current, Voltage of a current-driven element, or the Output of a Responder
	States           []Variable // what X holds

	T        []float64   // times, s
	U        [][]float64 // U[j][k] is drive j at T[k], in its unit
	Response []float64   // current in A, or voltage in V
	G        []float64   // i/v, or the slope di/dv where v is 0, S; of a Responder, response over drive
	X        [][]float64 // X[j][k] is state j at T[k], in its unit

	// Complete reports whether the trace reaches the end of the waveform.
	Complete bool
}

func newTrace(el Element, times []float64, w Waveform) *Trace {
	tr := &Trace{Drives: el.Drives(), ResponseVariable: Current, T: times}
	if CurrentDriven(el) {
		tr.ResponseVariable = Voltage
	}
	if r, ok := el.(Responder); ok {
		tr.ResponseVariable = r.Output()
	}
	for _, s := range el.States() {
		tr.States = append(tr.States, s.Variable)
	}
	n := len(times)
	columns := func(k int) [][]float64 {
		c := make([][]float64, k)
		for i := range c {
			c[i] = make([]float64, n)
		}
		return c
	}
	tr.U, tr.X = columns(len(w.U)), columns(len(tr.States))
	tr.Response, tr.G = make([]float64, n), make([]float64, n)
	return tr
}

// cut leaves the first n rows.
func (tr *Trace) cut(n int) {
	tr.T, tr.Response, tr.G = tr.T[:n], tr.Response[:n], tr.G[:n]
	for _, c := range [][][]float64{tr.U, tr.X} {
		for i := range c {
			c[i] = c[i][:n]
		}
	}
}

// Columns returns the trace as a table: t_s, the drives, the response, g_S (g of a
// Responder) and the states, each header a name and a unit. The columns are the trace's own.
func (tr *Trace) Columns() (headers []string, columns [][]float64) {
	headers, columns = []string{"t_s"}, [][]float64{tr.T}
	for j, d := range tr.Drives {
		headers, columns = append(headers, d.Header()), append(columns, tr.U[j])
	}
	g := "g_S"
	if tr.ResponseVariable != Current && tr.ResponseVariable != Voltage {
		g = "g"
	}
	headers, columns = append(headers, tr.ResponseVariable.Header(), g), append(columns, tr.Response, tr.G)
	for j, s := range tr.States {
		headers, columns = append(headers, s.Header()), append(columns, tr.X[j])
	}
	return headers, columns
}

// Voltage returns the voltage across the element in each row, V.
func (tr *Trace) Voltage() []float64 {
	if tr.Drives[0].Unit == Current.Unit {
		return tr.Response
	}
	return tr.U[0]
}

// Current returns the current through the element in each row, A.
func (tr *Trace) Current() []float64 {
	if tr.Drives[0].Unit == Current.Unit {
		return tr.U[0]
	}
	return tr.Response
}

// LobeArea returns the area, in V A, that the current-voltage curve encloses in
// rows from to to, both included: the integral of i dv by trapezoids, positive
// where the curve runs clockwise with i over v. Between two passages through
// the origin it is the area of one lobe.
func (tr *Trace) LobeArea(from, to int) float64 {
	v, i := tr.Voltage(), tr.Current()
	area := 0.0
	for k := from + 1; k <= to; k++ {
		area += 0.5 * (i[k] + i[k-1]) * (v[k] - v[k-1])
	}
	return area
}

func headers(vs []Variable) string {
	names := make([]string, len(vs))
	for i, v := range vs {
		names[i] = v.Header()
	}
	return strings.Join(names, ", ")
}
