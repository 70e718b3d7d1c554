// Package parallel shares the rows of an array among the processors.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Rows calls work with every row from 0 to rows, several at a time if many says that
// it is worth it. What work does for a row must not depend on the others.
func Rows(rows int, many bool, work func(row int)) {
	if !many {
		for r := range rows {
			work(r)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), rows) {
		wg.Go(func() {
			for r := int(next.Add(1)) - 1; r < rows; r = int(next.Add(1)) - 1 {
				work(r)
			}
		})
	}
	wg.Wait()
}
