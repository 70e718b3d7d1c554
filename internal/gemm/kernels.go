package gemm

// kernels are the inner loops of one path. Packed buffers are laid out for them.
type kernels[T Float] struct {
	rows, cols int // tile of C
	depth      int // inner dimension of a block
	height     int // rows of a block of A
	lanes      int // multiple to which x of dot and rows of out of axpy are padded

	// tile sets the tile at c to alpha a b + beta c, a being k columns of its rows, b
	// k rows of its columns. If beta is zero c is not read.
	tile func(k int, a, b, c []T, ldc int, alpha, beta T)

	// transpose sets dst[i*ldd+j] = src[j*lds+i] for j < 4 and i < n transposeWidth.
	transpose      func(n int, dst []T, ldd int, src []T, lds int)
	transposeWidth int

	one, four thin[T] // for one and for four vectors
}

// thin are the kernels of products by q = 1 or 4 vectors.
type thin[T Float] struct {
	// dot sets out[r*q+v] to the sum over i < k of w[r*ldw+i] x[v*ldx+i], r < dotRows.
	dot     func(k int, w []T, ldw int, x []T, ldx int, out []T)
	dotRows int
	// axpy adds to out[v*ldo+i] the sum over r < axpyRows of x[r*q+v] w[r*ldw+i], i < n.
	axpy     func(n int, w []T, ldw int, x, out []T, ldo int)
	axpyRows int
}

func goKernels[T Float]() kernels[T] {
	return kernels[T]{
		rows: 4, cols: 4, depth: 256, height: 64, lanes: 1,
		tile: tileGo[T], transpose: transposeGo[T], transposeWidth: 1,
		one:  thin[T]{dotOneGo[T], 1, axpyOneGo[T], 1},
		four: thin[T]{dotFourGo[T], 1, axpyFourGo[T], 1},
	}
}

// kernelsOf returns the kernels of the path in use.
func kernelsOf[T Float]() *kernels[T] {
	if k, ok := any(&kernels32[path]).(*kernels[T]); ok {
		return k
	}
	return any(&kernels64[path]).(*kernels[T])
}

func tileGo[T Float](k int, a, b, c []T, ldc int, alpha, beta T) {
	var s [4][4]T
	var s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33 T
	for range k {
		a0, a1, a2, a3 := a[0], a[1], a[2], a[3]
		b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
		s00, s01, s02, s03 = s00+a0*b0, s01+a0*b1, s02+a0*b2, s03+a0*b3
		s10, s11, s12, s13 = s10+a1*b0, s11+a1*b1, s12+a1*b2, s13+a1*b3
		s20, s21, s22, s23 = s20+a2*b0, s21+a2*b1, s22+a2*b2, s23+a2*b3
		s30, s31, s32, s33 = s30+a3*b0, s31+a3*b1, s32+a3*b2, s33+a3*b3
		a, b = a[4:], b[4:]
	}
	s[0] = [4]T{s00, s01, s02, s03}
	s[1] = [4]T{s10, s11, s12, s13}
	s[2] = [4]T{s20, s21, s22, s23}
	s[3] = [4]T{s30, s31, s32, s33}
	for i, row := range s {
		for j, v := range row {
			update(&c[i*ldc+j], alpha, v, beta)
		}
	}
}

// update sets c to alpha sum + beta c, without reading c if beta is zero.
func update[T Float](c *T, alpha, sum, beta T) {
	v := alpha * sum
	if beta != 0 {
		v += beta * *c
	}
	*c = v
}

func transposeGo[T Float](n int, dst []T, ldd int, src []T, lds int) {
	for i := range n {
		for j := range 4 {
			dst[i*ldd+j] = src[j*lds+i]
		}
	}
}

func dotOneGo[T Float](k int, w []T, _ int, x []T, _ int, out []T) {
	w, x = w[:k], x[:k]
	var s0, s1, s2, s3 T
	for len(x) >= 4 && len(w) >= 4 {
		s0, s1, s2, s3 = s0+w[0]*x[0], s1+w[1]*x[1], s2+w[2]*x[2], s3+w[3]*x[3]
		w, x = w[4:], x[4:]
	}
	s := (s0 + s1) + (s2 + s3)
	for i, v := range x {
		s += w[i] * v
	}
	out[0] = s
}

func dotFourGo[T Float](k int, w []T, _ int, x []T, ldx int, out []T) {
	x0, x1, x2, x3 := x[:k], x[ldx:ldx+k], x[2*ldx:2*ldx+k], x[3*ldx:3*ldx+k]
	var s0, s1, s2, s3 T
	for i, v := range w[:k] {
		s0, s1, s2, s3 = s0+v*x0[i], s1+v*x1[i], s2+v*x2[i], s3+v*x3[i]
	}
	out[0], out[1], out[2], out[3] = s0, s1, s2, s3
}

func axpyOneGo[T Float](n int, w []T, _ int, x, out []T, _ int) {
	out, f := out[:n], x[0]
	for i, v := range w[:n] {
		out[i] += f * v
	}
}

func axpyFourGo[T Float](n int, w []T, _ int, x, out []T, ldo int) {
	o0, o1, o2, o3 := out[:n], out[ldo:ldo+n], out[2*ldo:2*ldo+n], out[3*ldo:3*ldo+n]
	f0, f1, f2, f3 := x[0], x[1], x[2], x[3]
	for i, v := range w[:n] {
		o0[i] += f0 * v
		o1[i] += f1 * v
		o2[i] += f2 * v
		o3[i] += f3 * v
	}
}
