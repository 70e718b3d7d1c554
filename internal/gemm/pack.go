package gemm

// pack writes a panel of n rows of v from row i on and k columns from column p on,
// column after column, each padded with zeros to width elements. Panels of columns
// of a matrix are packed as rows of its transpose.
func (kn *kernels[T]) pack(dst []T, width int, v view[T], i, n, p, k int) {
	dst = dst[:width*k]
	if n < width {
		clear(dst)
	}
	src := v.data[i*v.rowStride+p*v.colStride:]
	if v.rowStride == 1 {
		for c := range k {
			copy(dst[c*width:c*width+n], src[c*v.colStride:])
		}
		return
	}
	if n < 4 {
		packScalar(dst, width, src, v, n, 0, k)
		return
	}
	blocks := k / kn.transposeWidth
	if blocks > 0 {
		// Groups of four rows; the last may repeat rows of the one before.
		for r := 0; r < n; r += 4 {
			r := min(r, n-4)
			kn.transpose(blocks, dst[r:], width, src[r*v.rowStride:], v.rowStride)
		}
	}
	packScalar(dst, width, src, v, n, blocks*kn.transposeWidth, k)
}

// packScalar packs columns c to k of n rows.
func packScalar[T Float](dst []T, width int, src []T, v view[T], n, c, k int) {
	for ; c < k; c++ {
		for r := range n {
			dst[c*width+r] = src[r*v.rowStride+c*v.colStride]
		}
	}
}
