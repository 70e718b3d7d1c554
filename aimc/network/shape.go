package network

import (
	"strconv"
	"strings"
)

// A Shape holds the lengths of an array's dimensions: [features], [steps, features] or
// [channels, rows, columns].
type Shape []int

// Len returns the number of elements.
func (s Shape) Len() int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// String prints the shape as "1 x 28 x 28".
func (s Shape) String() string {
	parts := make([]string, len(s))
	for i, d := range s {
		parts[i] = strconv.Itoa(d)
	}
	return strings.Join(parts, " x ")
}

// last returns the length of the last dimension.
func (s Shape) last() int { return s[len(s)-1] }

// vectors returns how often the last dimension occurs.
func (s Shape) vectors() int { return s.Len() / s.last() }
