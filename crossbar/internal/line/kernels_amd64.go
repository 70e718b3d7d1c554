//go:build amd64 && !noasm

package line

import "golang.org/x/sys/cpu"

func best() path {
	switch {
	case !cpu.X86.HasAVX2 || !cpu.X86.HasFMA:
		return pathGo
	case cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ:
		return pathAVX512
	}
	return pathAVX2
}

const rowBytes = 8 * panelCols

// step returns the bytes from a row of a kernel's operand to the next.
func step(x []float64) int {
	if len(x) == panelCols {
		return 0
	}
	return rowBytes
}

func forward(dst, x, c, a []float64) {
	rows := len(dst) / panelCols
	x = x[:len(dst)]
	switch current {
	case pathAVX512:
		forwardAVX512(&dst[0], &x[0], &c[0], &a[0], rows, step(c), step(a))
	case pathAVX2:
		forwardAVX2(&dst[0], &x[0], &c[0], &a[0], rows, step(c), step(a))
	default:
		forwardGo(dst, x, c, a)
	}
}

func advance(z, p, w, c, a []float64, alpha, beta float64, sums *lanes) {
	rows := len(z) / panelCols
	p, w, c = p[:len(z)], w[:len(z)], c[:len(z)]
	switch current {
	case pathAVX512:
		advanceAVX512(&z[0], &p[0], &w[0], &c[0], &a[0], rows, step(a), alpha, beta, &sums[0])
	case pathAVX2:
		advanceAVX2(&z[0], &p[0], &w[0], &c[0], &a[0], rows, step(a), alpha, beta, &sums[0])
	default:
		advanceGo(z, p, w, c, a, alpha, beta, sums)
	}
}

func backward(z, c, a []float64, ends *[2]lanes) {
	rows := len(z) / panelCols
	zLast, cLast, aLast := &z[len(z)-panelCols], &c[len(c)-panelCols], &a[len(a)-panelCols]
	switch current {
	case pathAVX512:
		backwardAVX512(zLast, cLast, aLast, rows, step(c), step(a), &ends[0][0])
	case pathAVX2:
		backwardAVX2(zLast, cLast, aLast, rows, step(c), step(a), &ends[0][0])
	default:
		backwardGo(z, c, a, ends)
	}
}

func lines(z, a, r, p []float64, panels, stride int, alpha, beta float64, sums *lanes) {
	n := (panels-1)*stride + tile
	z, a, r, p = z[:n], a[:n], r[:n], p[:n]
	switch current {
	case pathAVX512:
		linesAVX512(&z[0], &a[0], &r[0], &p[0], panels, 8*stride, alpha, beta, &sums[0])
	case pathAVX2:
		linesAVX2(&z[0], &a[0], &r[0], &p[0], panels, 8*stride, alpha, beta, &sums[0])
	default:
		linesGo(z, a, r, p, panels, stride, alpha, beta, sums)
	}
}

func moveAlong(x, p []float64, alpha float64) {
	rows := len(x) / panelCols
	p = p[:len(x)]
	switch current {
	case pathAVX512:
		moveAVX512(&x[0], &p[0], rows, alpha)
	case pathAVX2:
		moveAVX2(&x[0], &p[0], rows, alpha)
	default:
		moveGo(x, p, alpha)
	}
}

// factorColumns eliminates rows of a panel of bit lines: it turns the conductances in
// scale into scales. It reports false, and does nothing, where only Go can.
func factorColumns(scale, a []float64, behind *[2 * panelCols]float64, rows int, front float64) bool {
	switch current {
	case pathAVX512:
		factorColumnsAVX512(&scale[0], &a[0], &behind[0], rows, step(a), front)
	case pathAVX2:
		factorColumnsAVX2(&scale[0], &a[0], &behind[0], rows, step(a), front)
	default:
		return false
	}
	return true
}

// factorLines eliminates a block of word lines likewise.
func factorLines(scale, a, fronts []float64, behind *[2 * blockRows]float64, panels, stride, aStride int) bool {
	switch current {
	case pathAVX512:
		factorLinesAVX512(&scale[0], &a[0], &fronts[0], &behind[0], panels, 8*stride, 8*aStride)
	case pathAVX2:
		factorLinesAVX2(&scale[0], &a[0], &fronts[0], &behind[0], panels, 8*stride, 8*aStride)
	default:
		return false
	}
	return true
}
