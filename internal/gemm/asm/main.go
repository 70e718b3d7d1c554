// Command asm writes the vector kernels of package gemm. The comments of the Go
// twins give the mathematics; sizes of tiles are those of the tables of kernels.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	for _, single := range []bool{true, false} {
		l := lanes{single: single}
		masks[single] = GLOBL(l.element()+"Masks", 8|16) // RODATA|NOPTR
		for i := 0; i < 2*l.bytes(); i += 8 {
			if i < l.bytes() {
				DATA(i, operand.U64(1<<64-1))
			} else {
				DATA(i, operand.U64(0))
			}
		}
	}
	for _, single := range []bool{true, false} {
		narrow, wide := lanes{single: single}, lanes{single: single, wide: true}
		narrow.transpose()
		narrow.tile(6, 2)
		narrow.dot(4, 1, 2)
		narrow.dot(2, 4, 1)
		narrow.axpy(4, 1)
		narrow.axpy(2, 4)
		wide.tile(12, 2)
		wide.dot(4, 1, 2)
		wide.dot(4, 4, 1)
		wide.axpy(4, 1)
		wide.axpy(4, 4)
	}
	Generate()
}
