package experiments

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/noise/stats"
	"mho/plots"
)

// sensitivity asks which parameters of another study move one of its results.
var sensitivity = Experiment{
	Name:    "sensitivity",
	Summary: "Which parameters move a result of any study: tornado chart and Sobol indices by common random numbers",
	New: func() Study {
		return &sensitivityStudy{
			of: "pcm-drift", metric: "relative_std_last", parameters: []string{"device.prog_noise_scale", "device.drift_scale", "device.read_noise_scale"},
			set: []string{"study.cells=200"}, spread: 0.2, scale: "linear", rows: 64, repeats: 1,
		}
	},
	Draw: drawSensitivity,
}

type sensitivityStudy struct {
	of, metric    string
	parameters    []string
	set           []string
	spread        float64
	scale         string
	rows, repeats int
	base          *Plan
	ranges        []paramRange
}

// A paramRange is what a parameter of the base study moves over.
type paramRange struct {
	key, unit       string
	low, high, base float64 // in the SI unit
	whole           bool    // of a whole number
}

// value returns the parameter as a configuration holds it.
func (p paramRange) value(x float64) any {
	if p.whole {
		return int64(math.Round(x))
	}
	return x
}

func (s *sensitivityStudy) Configure(c *Config) error {
	if err := c.Section("study", []device.Param{
		{Name: "of", Value: &s.of, Meaning: "the study: a name from mho list experiments, or a TOML file; its first point is taken, [device] and [environment] here beat its own"},
		{Name: "set", Value: &s.set, Meaning: "changes of it, each as after --set"},
		{Name: "metric", Value: &s.metric, Meaning: "the result, a column of its data.csv without the unit"},
		{Name: "parameters", Value: &s.parameters, Meaning: "numbers of the study by their whole paths, each with its range as in \"device.g_max = 20uS to 30uS\"; without one it is spread around the parameter's value"},
		{Name: "spread", Value: &s.spread, Range: quantity.Inside(0, 1), Meaning: "relative change to both sides of parameters without a range"},
		{Name: "scale", Value: &s.scale, Options: []string{"linear", "log"}, Meaning: "whether Sobol indices draw the parameters, or their logarithms, uniformly between the ends"},
		{Name: "rows", Value: &s.rows, Range: quantity.Between(16, 1<<20), Meaning: "rows n of the Sobol indices, which take n times the number of parameters + 2 evaluations"},
		{Name: "repeats", Value: &s.repeats, Range: quantity.Between(1, 10000), Meaning: "evaluations with other random numbers that a result is the mean of; all parameters share them"},
	}); err != nil {
		return err
	}
	if s.metric == "" {
		return c.Errorf("study.metric", "the metric is missing: must be a column of data.csv of %s", s.of)
	}
	if len(s.parameters) == 0 {
		return c.Errorf("study.parameters", "there are none: must be at least one")
	}
	sets := slices.Clone(s.set)
	if c.doc.Count("device") > 0 {
		if _, err := c.Models("a model", func(device.Model) bool { return true }); err != nil {
			return err
		}
	}
	for _, p := range c.doc.Decoded() {
		if strings.HasPrefix(p.Path, "device") && !strings.HasSuffix(p.Path, ".label") || strings.HasPrefix(p.Path, "environment.") && c.doc.IsTable("environment") {
			sets = append(sets, p.Path+"="+p.Text())
		}
	}
	if s.of == "sensitivity" {
		return c.Errorf("study.of", "this study itself: must be another one")
	}
	var err error
	if s.base, err = Load(s.of, Overrides{Sets: sets}); err != nil {
		return c.Errorf("study.of", "%v", err)
	}
	c.inputs = append(c.inputs, s.base.points[0].key)
	c.refs = append(c.refs, s.base.refs...)
	return s.bounds(c)
}

// bounds finds the ends of the parameters and tries them.
func (s *sensitivityStudy) bounds(c *Config) error {
	base, _, err := s.base.configure(0)
	if err != nil {
		return c.Errorf("study.of", "%v", err)
	}
	for i, entry := range s.parameters {
		key, span, given := strings.Cut(entry, "=")
		key = strings.TrimSpace(key)
		p, ok := base.doc.Lookup(key)
		if !ok {
			var names []string
			for _, r := range base.doc.Decoded() {
				names = append(names, r.Path)
			}
			return c.Errorf("study.parameters", "entry %d, %s, is no parameter of %s: must be one%s", i+1, key, s.of, quantity.DidYouMean(key, names))
		}
		r := paramRange{key: key, unit: p.Unit}
		switch v := p.Value.(type) {
		case *float64:
			r.base = *v
		case *int:
			r.base, r.whole = float64(*v), true
		default:
			return c.Errorf("study.parameters", "entry %d, %s, is no single number: must be one", i+1, key)
		}
		r.low, r.high = r.base-s.spread*math.Abs(r.base), r.base+s.spread*math.Abs(r.base)
		if given {
			low, high, ok := strings.Cut(span, " to ")
			if !ok {
				return c.Errorf("study.parameters", "entry %d, %q: there is no range after =: must be such as %s = 1 to 2", i+1, entry, key)
			}
			if r.low, err = quantity.Parse(strings.TrimSpace(low), p.Unit); err == nil {
				r.high, err = quantity.Parse(strings.TrimSpace(high), p.Unit)
			}
			if err != nil {
				return c.Errorf("study.parameters", "entry %d, %q: %v", i+1, entry, err)
			}
		}
		if r.whole {
			r.low, r.high = math.Round(r.low), math.Round(r.high)
		}
		if r.low >= r.high {
			return c.Errorf("study.parameters", "entry %d: the lower end %s of %s is not below the upper, %s: must be less", i+1, quantity.Format(r.low, r.unit), key, quantity.Format(r.high, r.unit))
		}
		if s.scale == "log" && r.low <= 0 {
			return c.Errorf("study.parameters", "entry %d: the lower end %s of %s has no logarithm: must be > 0 with scale log", i+1, quantity.Format(r.low, r.unit), key)
		}
		s.ranges = append(s.ranges, r)
		for _, x := range []float64{r.low, r.high} {
			if _, err := s.with([]int{i}, []float64{x}); err != nil {
				return c.Errorf("study.parameters", "%s at %s: %v", key, quantity.Format(x, r.unit), err)
			}
		}
	}
	return nil
}

// with configures the base study with some parameters, given by their numbers, changed.
func (s *sensitivityStudy) with(which []int, x []float64) (Study, error) {
	doc := s.base.doc.Clone()
	steps, _ := s.base.sweep.At(0)
	if err := s.base.sweep.Apply(doc, steps); err != nil {
		return nil, err
	}
	for k, i := range which {
		r := s.ranges[i]
		if err := doc.Put(r.key, r.value(x[k]), "study.parameters"); err != nil {
			return nil, err
		}
	}
	c, err := newConfig(doc)
	if err != nil {
		return nil, err
	}
	study := s.base.Experiment.New()
	return study, c.configure(study)
}

// evaluate returns the metric with some parameters changed. All evaluations share their random numbers.
func (s *sensitivityStudy) evaluate(ctx context.Context, which []int, x []float64, key noise.Key) (metric float64, unit string, err error) {
	study, err := s.with(which, x)
	if err != nil {
		return 0, "", err
	}
	for n := range s.repeats {
		r, err := study.Run(ctx, key.Fold(uint64(n)))
		if err != nil {
			return 0, "", err
		}
		at := slices.IndexFunc(r.Values, func(v Value) bool { return v.Name == s.metric })
		if at < 0 {
			var names []string
			for _, v := range r.Values {
				names = append(names, v.Name)
			}
			return 0, "", fmt.Errorf("metric %q is no result of %s: must be one of %s", s.metric, s.of, strings.Join(names, ", "))
		}
		metric += r.Values[at].X / float64(s.repeats)
		unit = r.Values[at].Unit
	}
	return metric, unit, nil
}

// sobolKey is the child of the study's key from which parameters are drawn.
const sobolKey = 0x736F626F6C // "sobol"

func (s *sensitivityStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	base, unit, err := s.evaluate(ctx, nil, nil, key)
	if err != nil {
		return nil, err
	}
	r := &Record{}
	r.Add("base", unit, base)
	all := make([]int, len(s.ranges))
	for i, p := range s.ranges {
		all[i] = i
		for _, end := range []struct {
			name string
			x    float64
		}{{"low", p.low}, {"high", p.high}} {
			y, _, err := s.evaluate(ctx, []int{i}, []float64{end.x}, key)
			if err != nil {
				return nil, fmt.Errorf("%s at %s: %w", p.key, quantity.Format(end.x, p.unit), err)
			}
			r.Add(p.key+"."+end.name, unit, y)
		}
	}
	var mu sync.Mutex
	var failed error
	indices, err := stats.Sobol(func(u []float64) float64 {
		x := make([]float64, len(u))
		for i, p := range s.ranges {
			x[i] = p.low + (p.high-p.low)*u[i]
			if s.scale == "log" {
				x[i] = p.low * math.Pow(p.high/p.low, u[i])
			}
			if p.whole {
				// Each number, the ends as well, is as likely.
				x[i] = math.Min(p.high, math.Floor(p.low+(p.high-p.low+1)*u[i]))
			}
		}
		mu.Lock()
		stop := failed != nil
		mu.Unlock()
		if stop {
			return math.NaN()
		}
		y, _, err := s.evaluate(ctx, all, x, key)
		if err != nil {
			mu.Lock()
			failed = errors.Join(failed, err)
			mu.Unlock()
			return math.NaN()
		}
		return y
	}, len(s.ranges), s.rows, 0.95, key.Fold(sobolKey))
	if failed != nil {
		return nil, failed
	}
	if err != nil {
		r.Warnings = append(r.Warnings, fmt.Sprintf("no Sobol indices: %v", err))
		return r, nil
	}
	for i, p := range s.ranges {
		for _, e := range []struct {
			name string
			stats.Estimate
		}{{"first", indices[i].First}, {"total", indices[i].Total}} {
			r.Add(p.key+"."+e.name, "", e.Value)
			r.Add(p.key+"."+e.name+"_low", "", e.Low)
			r.Add(p.key+"."+e.name+"_high", "", e.High)
		}
	}
	return r, nil
}

// label names a parameter with its range.
func (p paramRange) label() string {
	_, name, _ := strings.Cut(p.key, ".")
	return fmt.Sprintf("%s, %s to %s", strings.NewReplacer("_", " ", ".", " ").Replace(name), siLabel(quantity.Format(p.low, p.unit)), siLabel(quantity.Format(p.high, p.unit)))
}

func drawSensitivity(r *Results) ([]Figure, error) {
	p := r.first()[0]
	s := p.Study.(*sensitivityStudy)
	base := p.Value("base")
	unit := p.Values[0].Unit
	_, sobol := p.lookup(s.ranges[0].key + ".total")
	order := make([]int, len(s.ranges))
	weight := make([]float64, len(s.ranges))
	for i, q := range s.ranges {
		order[i] = i
		if weight[i] = math.Abs(p.Value(q.key+".high") - p.Value(q.key+".low")); sobol {
			weight[i] = p.Value(q.key + ".total")
		}
	}
	// The first category stands below.
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case weight[a] < weight[b]:
			return -1
		case weight[a] > weight[b]:
			return 1
		}
		return 0
	})
	order = order[max(0, len(order)-12):]
	var names []string
	var from, low, high []float64
	columns := map[string][]float64{}
	for _, i := range order {
		q := s.ranges[i]
		names = append(names, q.label())
		from, low, high = append(from, base), append(low, p.Value(q.key+".low")), append(high, p.Value(q.key+".high"))
		if sobol {
			for _, c := range []string{"first", "first_low", "first_high", "total", "total_low", "total_high"} {
				columns[c] = append(columns[c], p.Value(q.key+"."+c))
			}
		}
	}
	axis := plots.Axis{Categories: names}
	metric := strings.NewReplacer("_", " ", ".", " ").Replace(s.metric)
	metric = strings.ToUpper(metric[:1]) + metric[1:]
	panels := []plots.Panel{{
		X: plots.Axis{Label: metric, Unit: unit}, Y: axis, Rules: []plots.Rule{{At: base, Vertical: true}},
		Series: []plots.Series{
			plots.Bars{Name: "at the lower end", Values: low, From: from, Horizontal: true},
			plots.Bars{Name: "at the upper end", Values: high, From: from, Horizontal: true},
		},
		Legend: plots.Legend{Place: plots.Above},
	}}
	caption := fmt.Sprintf("What moves %s of %s. (a) One parameter at a time at the ends of its range; the dashed line is the value with none changed.", s.metric, s.base.Name)
	k := order[len(order)-1]
	numbers := []Number{{Text: s.metric + " with no parameter changed", Unit: unit, X: base},
		{Text: s.metric + " at the lower end of " + s.ranges[k].key, Unit: unit, X: p.Value(s.ranges[k].key + ".low")},
		{Text: s.metric + " at the upper end of " + s.ranges[k].key, Unit: unit, X: p.Value(s.ranges[k].key + ".high")}}
	if sobol {
		panels = append(panels, plots.Panel{
			X: plots.Axis{Label: "Sobol index"}, Y: axis,
			Series: []plots.Series{
				plots.Bars{Name: "first order", Values: columns["first"], Lo: columns["first_low"], Hi: columns["first_high"], Horizontal: true},
				plots.Bars{Name: "total", Values: columns["total"], Lo: columns["total_low"], Hi: columns["total_high"], Horizontal: true},
			},
			Legend: plots.Legend{Place: plots.Above},
		})
		caption += fmt.Sprintf(" (b) Share of the variance that each parameter owns by itself (first order) and with its interactions (total), all drawn independently from their ranges: %d rows, 95 %% intervals.", s.rows)
		numbers = append(numbers, Number{Text: "total Sobol index of " + s.ranges[k].key, X: p.Value(s.ranges[k].key + ".total")})
	}
	return []Figure{{Name: "sensitivity", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: len(panels)}}}, nil
}
