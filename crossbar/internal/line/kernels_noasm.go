//go:build !amd64 || noasm

package line

func best() path { return pathGo }

func forward(dst, x, c, a []float64)             { forwardGo(dst, x, c, a) }
func backward(z, c, a []float64, ends *[2]lanes) { backwardGo(z, c, a, ends) }
func moveAlong(x, p []float64, alpha float64)    { moveGo(x, p, alpha) }
func advance(z, p, w, c, a []float64, alpha, beta float64, sums *lanes) {
	advanceGo(z, p, w, c, a, alpha, beta, sums)
}

func lines(z, a, r, p []float64, panels, stride int, alpha, beta float64, sums *lanes) {
	linesGo(z, a, r, p, panels, stride, alpha, beta, sums)
}

func factorColumns(scale, a []float64, behind *[2 * panelCols]float64, rows int, front float64) bool {
	return false
}

func factorLines(scale, a, fronts []float64, behind *[2 * blockRows]float64, panels, stride, aStride int) bool {
	return false
}
