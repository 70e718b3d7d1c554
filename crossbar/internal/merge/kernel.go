package merge

// smallest stands for the conductance of a node that is connected to nothing.
const smallest = 1e-290

// eliminateGo runs a program on conductances x, eight numbers to a slot. For every
// eliminated node the program has the number of its neighbours, the places in x of its
// conductances to them, and the places of those between each two of them: first
// and second, first and third, ..., last but one and last. It ends with 0.
func eliminateGo(program []int32, x []float64) {
	for program[0] != 0 {
		n := int(program[0])
		spokes := program[1 : 1+n]
		program = program[1+n:]
		var d [lanes]float64
		for _, at := range spokes {
			for l, g := range x[at : at+lanes] {
				d[l] += g
			}
		}
		for l, v := range d {
			d[l] = 1 / max(v, smallest)
		}
		for i, from := range spokes {
			var f [lanes]float64
			for l, g := range x[from : from+lanes] {
				f[l] = g * d[l]
			}
			for k, to := range spokes[i+1:] {
				at := program[k]
				dst, src := x[at:at+lanes], x[to:to+lanes]
				for l := range f {
					dst[l] += f[l] * src[l]
				}
			}
			program = program[n-1-i:]
		}
	}
}
