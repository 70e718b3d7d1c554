package aimc

// product sets dst (n x cols) to the product of n vectors, of which vector k is
// a[k*stride:][:rows], with the matrix d (rows x cols). Each element is summed over
// the rows in their order, in fours, whatever n is.
func product(dst, a []float64, stride int, d []float64, n, rows, cols int) {
	clear(dst[:n*cols])
	i := 0
	for ; i+4 <= rows; i += 4 {
		d0, d1, d2, d3 := d[i*cols:][:cols], d[(i+1)*cols:][:cols], d[(i+2)*cols:][:cols], d[(i+3)*cols:][:cols]
		for k := range n {
			v := a[k*stride+i:][:4]
			v0, v1, v2, v3 := v[0], v[1], v[2], v[3]
			y := dst[k*cols:][:cols]
			d0, d1, d2, d3 := d0[:len(y)], d1[:len(y)], d2[:len(y)], d3[:len(y)] // spares bounds checks
			for j := range y {
				y[j] += (v0*d0[j] + v1*d1[j]) + (v2*d2[j] + v3*d3[j])
			}
		}
	}
	for ; i < rows; i++ {
		d0 := d[i*cols:][:cols]
		for k := range n {
			v0 := a[k*stride+i]
			y := dst[k*cols:][:cols]
			for j := range y {
				y[j] += v0 * d0[j]
			}
		}
	}
}
