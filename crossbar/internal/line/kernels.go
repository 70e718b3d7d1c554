package line

import "math"

// The functions of this file are the inner loops. Each has vector twins that give
// the same bits: a product and a sum are fused here as there, and every sum has
// the same order.
//
// A column kernel treats one panel: x[16*i+j] is row i, column j. Slices are
// rows × 16 long, or 16 where one row stands for all of them.

// lanes are the sums of a kernel: one for every column of a panel, or every row of a block.
type lanes [panelCols]float64

// forwardGo eliminates a panel of bit lines from row 0 on,
//
//	dst[i] = c[i] x[i] + a[i-1] dst[i-1].
//
// dst and x may be the same.
func forwardGo(dst, x, c, a []float64) {
	var y, last [panelCols]float64
	for i := 0; i < len(dst); i += panelCols {
		d, x := (*[panelCols]float64)(dst[i:]), (*[panelCols]float64)(x[i:])
		ci, ai := row(c, i), row(a, i)
		for j := range d {
			y[j] = math.FMA(last[j], y[j], float64(ci[j]*x[j]))
			d[j] = y[j]
		}
		last = *ai
	}
}

// row returns the row at element i, or the one row that there is.
func row(x []float64, i int) *[panelCols]float64 {
	if len(x) == panelCols {
		i = 0
	}
	return (*[panelCols]float64)(x[i:])
}

// advanceGo is forward fused with the start of a conjugate gradient step,
//
//	w += alpha p,  p = z + beta p,  z[i] = c[i] p[i] + a[i-1] z[i-1],
//
// and adds z² to sums.
func advanceGo(z, p, w, c, a []float64, alpha, beta float64, sums *lanes) {
	var y, last [panelCols]float64
	var s lanes
	for i := 0; i < len(z); i += panelCols {
		z, p, w := (*[panelCols]float64)(z[i:]), (*[panelCols]float64)(p[i:]), (*[panelCols]float64)(w[i:])
		ci, ai := row(c, i), row(a, i)
		for j := range z {
			w[j] = math.FMA(alpha, p[j], w[j])
			p[j] = math.FMA(beta, p[j], z[j])
			y[j] = math.FMA(last[j], y[j], float64(ci[j]*p[j]))
			z[j] = y[j]
			s[j] = math.FMA(y[j], y[j], s[j])
		}
		last = *ai
	}
	*sums = s
}

// backwardGo substitutes back along a panel of bit lines, from the last row on,
//
//	q[i] = z[i] + a[i] q[i+1],  z[i] = c[i] q[i],
//
// and sets ends to q of the last row, then q of row 0.
func backwardGo(z, c, a []float64, ends *[2]lanes) {
	var q lanes
	last := len(z) - panelCols
	for i := last; i >= 0; i -= panelCols {
		z, ci, ai := (*[panelCols]float64)(z[i:]), row(c, i), row(a, i)
		for j := range z {
			q[j] = math.FMA(ai[j], q[j], z[j])
			z[j] = float64(ci[j] * q[j])
		}
		if i == last {
			ends[0] = q
		}
	}
	ends[1] = q
}

// linesGo treats a block of 8 word lines in all panels; the slices start at the
// block. With k the column,
//
//	g[k] = z[k] + a[k-1] g[k-1],  p = r + beta p,  r += alpha (g - p),
//	x[k] = r[k] + a[k] x[k+1],  z = x,
//
// a, p and r are stored by lines. sums gets r², and after the first 8 r p, of every line.
func linesGo(z, a, r, p []float64, panels, stride int, alpha, beta float64, sums *lanes) {
	var g, last, x [blockRows]float64
	var s lanes
	for q := range panels {
		for k := range panelCols {
			at := q*stride + k*blockRows
			r, p, a := (*[blockRows]float64)(r[at:]), (*[blockRows]float64)(p[at:]), (*[blockRows]float64)(a[at:])
			for i := range g {
				g[i] = math.FMA(last[i], g[i], z[q*stride+i*panelCols+k])
				p[i] = math.FMA(beta, p[i], r[i])
				r[i] = math.FMA(alpha, g[i]-p[i], r[i])
				s[i] = math.FMA(r[i], r[i], s[i])
				s[blockRows+i] = math.FMA(r[i], p[i], s[blockRows+i])
			}
			last = *a
		}
	}
	for q := panels - 1; q >= 0; q-- {
		for k := panelCols - 1; k >= 0; k-- {
			at := q*stride + k*blockRows
			r, a := (*[blockRows]float64)(r[at:]), (*[blockRows]float64)(a[at:])
			for i := range x {
				x[i] = math.FMA(a[i], x[i], r[i])
				z[q*stride+i*panelCols+k] = x[i]
			}
		}
	}
	*sums = s
}

// moveGo is x += alpha p.
func moveGo(x, p []float64, alpha float64) {
	p = p[:len(x)]
	for k := range x {
		x[k] = math.FMA(alpha, p[k], x[k])
	}
}
