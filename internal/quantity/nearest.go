package quantity

import "strings"

// Nearest returns the name most like s, and false if none is near enough to be
// meant: it counts inserted, deleted, replaced and swapped letters.
func Nearest(s string, names []string) (string, bool) {
	best, at := "", len(s)/3+2
	for _, n := range names {
		d := distance(strings.ToLower(s), strings.ToLower(n))
		if len(s) >= 3 && (strings.HasPrefix(n, s) || strings.HasSuffix(n, s)) {
			d = 1
		}
		if d < at || d == at && best == "" && d < len(n) {
			best, at = n, d
		}
	}
	return best, best != ""
}

// DidYouMean returns "; did you mean NAME?" for the nearest name, or "".
func DidYouMean(s string, names []string) string {
	if n, ok := Nearest(s, names); ok {
		return "; did you mean " + n + "?"
	}
	return ""
}

// distance is the Damerau-Levenshtein distance restricted to adjacent swaps.
func distance(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	prev2, prev, cur := make([]int, len(rb)+1), make([]int, len(rb)+1), make([]int, len(rb)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		cur[0] = i
		for j := 1; j <= len(rb); j++ {
			cost := 1
			if ra[i-1] == rb[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(rb)]
}
