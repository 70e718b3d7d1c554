package device

import (
	"fmt"
	"math"
	"slices"
)

// Check returns an error if a parameter of m is outside its range or m is not
// valid. The error names the parameter, its value and what is allowed.
func Check(m Model) error {
	for _, p := range m.Params() {
		if err := checkParam(p); err != nil {
			return fmt.Errorf("%s: %w", m.Info().Name, err)
		}
	}
	if err := m.Validate(); err != nil {
		return fmt.Errorf("%s: %w", m.Info().Name, err)
	}
	return nil
}

func checkParam(p Param) error {
	r := p.Range
	if r.Min == 0 && r.Max == 0 && !r.MinOpen && !r.MaxOpen {
		r.Min, r.Max = math.Inf(-1), math.Inf(1)
	}
	bad := func(x float64) error {
		if r.Contains(x) {
			return nil
		}
		return fmt.Errorf("%s is %g: must be %s", p.Name, x, p.Allowed())
	}
	switch v := p.Value.(type) {
	case *float64:
		return bad(*v)
	case *int:
		return bad(float64(*v))
	case *[]float64:
		for _, x := range *v {
			if err := bad(x); err != nil {
				return err
			}
		}
	case *string:
		if p.Options != nil && !slices.Contains(p.Options, *v) {
			return fmt.Errorf("%s is %q: must be %s", p.Name, *v, p.Allowed())
		}
	}
	return nil
}
