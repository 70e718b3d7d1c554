package parallel

import "testing"

func TestRows(t *testing.T) {
	for _, rows := range []int{0, 1, 2, 100} {
		for _, many := range []bool{false, true} {
			count := make([]int, rows)
			Rows(rows, many, func(r int) { count[r]++ })
			for r, n := range count {
				if n != 1 {
					t.Errorf("row %d of %d was worked on %d times", r, rows, n)
				}
			}
		}
	}
}
