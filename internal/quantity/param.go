package quantity

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Range is the set of values a number may take.
type Range struct {
	Min, Max         float64 // in SI
	MinOpen, MaxOpen bool    // the bound itself is excluded
}

// Any allows every finite number.
func Any() Range { return Range{math.Inf(-1), math.Inf(1), true, true} }

// Positive allows x > 0.
func Positive() Range { return Range{0, math.Inf(1), true, true} }

// NonNegative allows x >= 0.
func NonNegative() Range { return Range{0, math.Inf(1), false, true} }

// Negative allows x < 0.
func Negative() Range { return Range{math.Inf(-1), 0, true, true} }

// Between allows min <= x <= max.
func Between(min, max float64) Range { return Range{min, max, false, false} }

// AtLeast allows x >= min.
func AtLeast(min float64) Range { return Range{min, math.Inf(1), false, true} }

// Inside allows min < x < max.
func Inside(min, max float64) Range { return Range{min, max, true, true} }

// Contains reports whether x is a finite number in r.
func (r Range) Contains(x float64) bool {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return false
	}
	if x < r.Min || x == r.Min && r.MinOpen || x > r.Max || x == r.Max && r.MaxOpen {
		return false
	}
	return true
}

// Text says in words what r allows, for numbers of unit u: "> 0 S",
// ">= 1", "from 0 to 1".
func (r Range) Text(u string) string {
	f := func(x float64) string {
		s := Format(x, u)
		if i := strings.IndexFunc(s, func(c rune) bool { return !strings.ContainsRune("+-.0123456789", c) }); i > 0 && s[i] != ' ' && s[i] != 'e' {
			s = s[:i] + " " + s[i:]
		}
		return s
	}
	lo, hi := !math.IsInf(r.Min, -1), !math.IsInf(r.Max, 1)
	switch {
	case lo && hi && !r.MinOpen && !r.MaxOpen:
		return "from " + f(r.Min) + " to " + f(r.Max)
	case lo && hi:
		return r.low(f) + " and " + r.high(f)
	case lo:
		return r.low(f)
	case hi:
		return r.high(f)
	}
	return "a finite number"
}

func (r Range) low(f func(float64) string) string {
	if r.MinOpen {
		return "> " + f(r.Min)
	}
	return ">= " + f(r.Min)
}

func (r Range) high(f func(float64) string) string {
	if r.MaxOpen {
		return "< " + f(r.Max)
	}
	return "<= " + f(r.Max)
}

// A Param declares one parameter: where its value lives and what may be put
// there. What Value points to at the time of declaration is the default.
type Param struct {
	Name    string   // key in TOML and in --set
	Aliases []string // other keys that are accepted
	Value   any      // *float64, *int, *bool, *string, *[]float64, *[]int or *[]string
	Unit    string   // unit of a number, "" if dimensionless; values are held in SI
	Range   Range    // allowed numbers; the zero Range allows every finite number
	Options []string // allowed texts; nil allows any
	Meaning string   // one line, without a full stop
	Source  string   // key of a reference, or "assumption"
}

func (p Param) bounds() Range {
	if p.Range == (Range{}) {
		return Any()
	}
	return p.Range
}

// Check returns an error if the present value is not allowed. The error names the
// parameter, the value and what is allowed.
func (p Param) Check() error {
	var numbers []float64
	var texts []string
	switch v := p.Value.(type) {
	case *float64:
		numbers = []float64{*v}
	case *int:
		numbers = []float64{float64(*v)}
	case *[]float64:
		numbers = *v
	case *[]int:
		for _, n := range *v {
			numbers = append(numbers, float64(n))
		}
	case *string:
		texts = []string{*v}
	case *[]string:
		texts = *v
	}
	for _, x := range numbers {
		if !p.bounds().Contains(x) {
			return fmt.Errorf("%s is %g: must be %s", p.Name, x, p.Allowed())
		}
	}
	for _, s := range texts {
		if p.Options != nil && !slices.Contains(p.Options, s) {
			return fmt.Errorf("%s is %q: must be %s", p.Name, s, p.Allowed())
		}
	}
	return nil
}

// Allowed says in words which values p takes.
func (p Param) Allowed() string {
	switch p.Value.(type) {
	case *bool:
		return "true or false"
	case *string, *[]string:
		if len(p.Options) > 0 {
			return "one of " + strings.Join(p.Options, ", ")
		}
		return "a text"
	case *int, *[]int:
		return "a whole number " + p.bounds().Text("")
	}
	return p.bounds().Text(p.Unit)
}

// Text prints the current value as TOML that reads back the same.
// It panics if Value is of a kind that Param does not list.
func (p Param) Text() string {
	switch v := p.Value.(type) {
	case *float64:
		return p.number(*v)
	case *int:
		return strconv.Itoa(*v)
	case *bool:
		return strconv.FormatBool(*v)
	case *string:
		return strconv.Quote(*v)
	case *[]float64:
		return list(*v, p.number)
	case *[]int:
		return list(*v, strconv.Itoa)
	case *[]string:
		return list(*v, strconv.Quote)
	}
	panic("quantity: unknown kind of parameter")
}

func (p Param) number(x float64) string {
	if p.Unit == "" {
		return Format(x, "")
	}
	return strconv.Quote(Format(x, p.Unit))
}

func list[T any](v []T, text func(T) string) string {
	parts := make([]string, len(v))
	for i, x := range v {
		parts[i] = text(x)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// Assign puts v, a value as a TOML decoder gives it (int64, float64, string,
// bool or []any of these), into the parameter. The error says what is wrong
// and, after a colon, what is allowed; it does not name the parameter.
// It panics if Value is of a kind that Param does not list.
func (p Param) Assign(v any) error {
	switch dst := p.Value.(type) {
	case *float64:
		x, err := p.float(v)
		if err != nil {
			return err
		}
		*dst = x
	case *int:
		n, err := p.integer(v)
		if err != nil {
			return err
		}
		*dst = n
	case *bool:
		b, ok := v.(bool)
		if !ok {
			return p.wrong(v, "must be true or false")
		}
		*dst = b
	case *string:
		s, err := p.text(v)
		if err != nil {
			return err
		}
		*dst = s
	case *[]float64:
		return assignList(dst, v, p.float)
	case *[]int:
		return assignList(dst, v, p.integer)
	case *[]string:
		return assignList(dst, v, p.text)
	default:
		panic("quantity: unknown kind of parameter")
	}
	return nil
}

// assignList accepts a single value in place of a list of one.
func assignList[T any](dst *[]T, v any, one func(any) (T, error)) error {
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	if len(items) == 0 {
		return fmt.Errorf("the list is empty: must hold at least one value")
	}
	out := make([]T, len(items))
	for i, item := range items {
		x, err := one(item)
		if err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
		out[i] = x
	}
	*dst = out
	return nil
}

func (p Param) float(v any) (float64, error) {
	var x float64
	switch v := v.(type) {
	case float64:
		x = v
	case int64:
		x = float64(v)
	case string:
		var err error
		if x, err = Parse(v, p.Unit); err != nil {
			return 0, err
		}
	default:
		want := "must be a number"
		if p.Unit != "" {
			want += " in " + p.Unit + ", or a text such as " + strconv.Quote(Format(1, p.Unit))
		}
		return 0, p.wrong(v, want)
	}
	if !p.bounds().Contains(x) {
		return 0, p.outside(v)
	}
	return x, nil
}

func (p Param) integer(v any) (int, error) {
	var n int64
	switch v := v.(type) {
	case int64:
		n = v
	case float64:
		// A range in a sweep yields numbers that may miss an integer by rounding.
		r := math.Round(v)
		if !(math.Abs(v-r) <= 1e-9*math.Max(1, math.Abs(r))) || math.Abs(r) > 1<<53 {
			return 0, p.wrong(v, "must be a whole number")
		}
		n = int64(r)
	default:
		return 0, p.wrong(v, "must be a whole number")
	}
	if !p.bounds().Contains(float64(n)) {
		return 0, p.outside(v)
	}
	return int(n), nil
}

func (p Param) text(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", p.wrong(v, "must be a text in quotes")
	}
	if len(p.Options) == 0 {
		return s, nil
	}
	for _, o := range p.Options {
		if s == o {
			return s, nil
		}
	}
	return "", fmt.Errorf("%q is unknown: must be %s%s", s, p.Allowed(), DidYouMean(s, p.Options))
}

func (p Param) outside(v any) error {
	return fmt.Errorf("%s is out of range: must be %s", show(v), p.bounds().Text(p.Unit))
}

func (p Param) wrong(v any, want string) error {
	return fmt.Errorf("%s is %s: %s", show(v), kind(v), want)
}

func show(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []any:
		parts := make([]string, 0, 4)
		for i, x := range v {
			if i == 3 {
				parts = append(parts, "...")
				break
			}
			parts = append(parts, show(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		return "{...}"
	}
	return fmt.Sprint(v)
}

func kind(v any) string {
	switch v.(type) {
	case string:
		return "a text"
	case bool:
		return "a truth value"
	case float64, int64:
		return "a number"
	case []any:
		return "a list"
	case map[string]any, []map[string]any:
		return "a table"
	}
	return "a date"
}
