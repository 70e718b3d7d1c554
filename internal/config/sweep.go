package config

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"mho/internal/quantity"
)

// A Sweep is the table [sweep]: axes whose cartesian product are the points of
// a study, and Monte-Carlo repeats of each point.
type Sweep struct {
	Axes    []Axis
	Repeats int // at least 1
}

// An Axis moves one key, or several together, through its values.
type Axis struct {
	Keys   []string // paths
	Values [][]any  // Values[i][k] is the value of Keys[k] at step i
	origin []string // by key
}

// maxPoints bounds a study: more points than this are a mistake in a range.
const maxPoints = 1_000_000

// Points returns the number of points, repeats included.
func (s Sweep) Points() int {
	n := s.Repeats
	for _, a := range s.Axes {
		n *= len(a.Values)
	}
	return n
}

// At returns the step of each axis and the repeat of point i: the first axis
// is the slowest, the repeat the fastest.
func (s Sweep) At(i int) (steps []int, repeat int) {
	repeat = i % s.Repeats
	i /= s.Repeats
	steps = make([]int, len(s.Axes))
	for k := len(s.Axes) - 1; k >= 0; k-- {
		n := len(s.Axes[k].Values)
		steps[k] = i % n
		i /= n
	}
	return steps, repeat
}

// Apply sets the axes' values of the given steps in d.
func (s Sweep) Apply(d *Doc, steps []int) error {
	for k, a := range s.Axes {
		for j, key := range a.Keys {
			if err := d.Put(key, a.Values[steps[k]][j], a.origin[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

// Sweep reads the table [sweep] and takes it out of the document.
func (d *Doc) Sweep() (Sweep, error) {
	s := Sweep{Repeats: 1}
	raw, present := d.root["sweep"]
	if !present {
		return s, nil
	}
	table, ok := raw.(map[string]any)
	if !ok {
		return s, d.Errorf("sweep", "must be a table: write [sweep]")
	}
	delete(d.root, "sweep")
	var zip []any
	flat := map[string]any{}
	flatten(flat, "", table)
	axes, dropped := map[string]*Axis{}, map[string]bool{}
	var order []string
	for _, key := range slices.Sorted(maps.Keys(flat)) {
		path := "sweep." + key
		switch key {
		case "repeats":
			if err := (quantity.Param{Value: &s.Repeats, Range: quantity.AtLeast(1)}).Assign(flat[key]); err != nil {
				return s, d.Errorf(path, "%v", err)
			}
		case "zip":
			if zip, ok = flat[key].([]any); !ok {
				return s, d.Errorf(path, `must be a list of lists of keys, such as [["array.rows", "array.cols"]]`)
			}
		default:
			if !strings.Contains(key, ".") {
				return s, d.Errorf(path, `not the path of a key: must be such as "array.rows", or zip, or repeats`)
			}
			values, err := axisValues(flat[key])
			if err != nil {
				return s, d.Errorf(path, "%v", err)
			}
			a := &Axis{Keys: []string{key}, origin: []string{d.origin(path)}}
			for _, v := range values {
				a.Values = append(a.Values, []any{v})
			}
			if d.fixed[key] {
				dropped[key] = true
				continue
			}
			axes[key] = a
			order = append(order, key)
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return d.lineOf("sweep."+order[i]) < d.lineOf("sweep."+order[j]) })
	for _, group := range zip {
		keys, ok := group.([]any)
		if !ok || len(keys) < 2 {
			return s, d.Errorf("sweep.zip", "%v is not a group: must be a list of at least two keys of the sweep", group)
		}
		var first *Axis
		for _, k := range keys {
			name, _ := k.(string)
			if dropped[name] {
				continue
			}
			a := axes[name]
			if a == nil {
				return s, d.Errorf("sweep.zip", "%q is not an axis of the sweep, or zipped twice: must be one of %s", name, strings.Join(order, ", "))
			}
			delete(axes, name)
			if first == nil {
				first = a
				continue
			}
			if len(a.Values) != len(first.Values) {
				return s, d.Errorf("sweep.zip", "%s has %d values, %s has %d: must be as many", first.Keys[0], len(first.Values), name, len(a.Values))
			}
			first.Keys = append(first.Keys, name)
			first.origin = append(first.origin, a.origin[0])
			for i := range first.Values {
				first.Values[i] = append(first.Values[i], a.Values[i][0])
			}
		}
		if first != nil {
			axes[first.Keys[0]] = first
		}
	}
	total := float64(s.Repeats)
	for _, key := range order {
		if a := axes[key]; a != nil && a.Keys[0] == key {
			s.Axes = append(s.Axes, *a)
			total *= float64(len(a.Values))
		}
	}
	if total > maxPoints {
		return s, d.Errorf("sweep", "the sweep has %.3g points: must be at most %d", total, maxPoints)
	}
	return s, nil
}

func (d *Doc) lineOf(path string) int {
	o := d.origin(path)
	n, err := strconv.Atoi(o[strings.LastIndexByte(o, ':')+1:])
	if err != nil {
		return math.MaxInt
	}
	return n
}

// flatten joins nested tables to dotted keys; a range {from, to, points} stays
// one value.
func flatten(dst map[string]any, prefix string, table map[string]any) {
	for k, v := range table {
		if m, ok := v.(map[string]any); ok && len(m) > 0 && m["from"] == nil && m["to"] == nil {
			flatten(dst, join(prefix, k), m)
			continue
		}
		dst[join(prefix, k)] = v
	}
}

func axisValues(v any) ([]any, error) {
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			return nil, fmt.Errorf("the axis is empty: must hold at least one value")
		}
		return v, nil
	case map[string]any:
		return rangeValues(v)
	}
	return nil, fmt.Errorf(`must be a list or a range such as { from = "0.1ohm", to = "10ohm", points = 7, scale = "log" }`)
}

func rangeValues(m map[string]any) ([]any, error) {
	scale, points := "linear", 0
	var ends [2]float64
	var units [2]string
	for k, v := range m {
		switch k {
		case "from", "to":
			i := 0
			if k == "to" {
				i = 1
			}
			switch x := v.(type) {
			case int64:
				ends[i] = float64(x)
			case float64:
				ends[i] = x
			case string:
				var err error
				if ends[i], units[i], err = quantity.ParseAny(x); err != nil {
					return nil, fmt.Errorf("%s: %w", k, err)
				}
			default:
				return nil, fmt.Errorf("%s: must be a number or a quantity", k)
			}
			if math.IsNaN(ends[i]) || math.IsInf(ends[i], 0) {
				return nil, fmt.Errorf("%s: must be finite", k)
			}
		case "points":
			if err := (quantity.Param{Value: &points, Range: quantity.Between(2, maxPoints)}).Assign(v); err != nil {
				return nil, fmt.Errorf("points: %w", err)
			}
		case "scale":
			if err := (quantity.Param{Value: &scale, Options: []string{"linear", "log"}}).Assign(v); err != nil {
				return nil, fmt.Errorf("scale: %w", err)
			}
		default:
			return nil, fmt.Errorf("unknown key %s in the range%s", k, quantity.DidYouMean(k, []string{"from", "to", "points", "scale"}))
		}
	}
	switch {
	case m["from"] == nil || m["to"] == nil || points == 0:
		return nil, fmt.Errorf("a range needs from, to and points")
	case ends[0] == ends[1]:
		return nil, fmt.Errorf("from and to are equal: must differ")
	case units[0] != units[1]:
		return nil, fmt.Errorf("from is in %q and to in %q: must have the same unit", units[0], units[1])
	case scale == "log" && !(ends[0] > 0 && ends[1] > 0):
		return nil, fmt.Errorf("a logarithmic range needs from and to > 0")
	}
	out := make([]any, points)
	for i := range out {
		f := float64(i) / float64(points-1)
		// Rounded, so that 0.1 to 0.5 in five steps gives 0.3 on every machine.
		x := roundDigits(ends[0]+f*(ends[1]-ends[0]), 14)
		if scale == "log" {
			x = roundDigits(math.Exp(math.Log(ends[0])+f*math.Log(ends[1]/ends[0])), 12)
		}
		switch i {
		case 0:
			x = ends[0]
		case points - 1:
			x = ends[1]
		}
		if units[0] == "" {
			out[i] = x
		} else {
			out[i] = quantity.Format(x, units[0])
		}
	}
	return out, nil
}

func roundDigits(x float64, n int) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', n-1, 64), 64)
	return y
}
