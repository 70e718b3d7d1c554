package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"mho/aimc"
	"mho/aimc/network"
	"mho/device"
	"mho/internal/config"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// networkStudy is what the studies of networks have in common: a network, its tiles and its test images.
type networkStudy struct {
	name   string // of the network
	images int
	n      *NetworkConfig
}

// configure takes [workload], [training] and the tables of the tile; own are more keys of [study].
func (s *networkStudy) configure(c *Config, own ...device.Param) error {
	s.name = "digits-cnn"
	if err := c.Section("workload", []device.Param{
		{Name: "network", Value: &s.name, Meaning: "a NET.toml, or one of " + strings.Join(Networks(), ", ") + ": its layers, weights and training are taken, not its tiles"},
	}); err != nil {
		return err
	}
	text, err := readNetwork(s.name)
	if err != nil {
		return c.Errorf("workload.network", "%v", err)
	}
	doc, err := config.Parse(s.name, text)
	if err != nil {
		return err
	}
	if s.n, err = layersOf(doc); err != nil {
		return err
	}
	if err := c.Section("training", s.n.training.params()); err != nil {
		return err
	}
	if err := s.n.training.Validate(); err != nil {
		return c.Wrong(fmt.Errorf("training.%w", err))
	}
	s.images = 1000
	if err := c.Section("study", append([]device.Param{
		{Name: "images", Value: &s.images, Range: quantity.Between(1, 1<<20), Meaning: "number of test images, printed digits of faces that training never sees"},
	}, own...)); err != nil {
		return err
	}
	if s.n.Tile, err = c.tile(); err != nil {
		return err
	}
	return s.n.Check()
}

// prepare returns the test images, and the accuracy of the network in float32 on them.
func (s *networkStudy) prepare(ctx context.Context) (*network.Set, float64, error) {
	set, err := s.n.Data(fmt.Sprintf("digits:%d", s.images))
	if err != nil {
		return nil, 0, err
	}
	if err := s.n.Prepare(ctx, nil); err != nil {
		return nil, 0, err
	}
	float, err := s.n.Float(ctx, set)
	return set, float, err
}

// percent is an axis of accuracies, which records hold as shares of 1.
func percent(label string) plots.Axis { return plots.Axis{Label: label, Unit: "%", NoPrefix: true} }

// spread returns mean, smallest and largest of samples, in percent.
func spread(v []float64) (mean, lo, hi float64) {
	return 100 * stat.Mean(v, nil), 100 * slices.Min(v), 100 * slices.Max(v)
}

// curveOf gathers a value of points by their place on an axis of the sweep.
func (r *Results) curveOf(points []Point, key, value string) (x, mean, lo, hi []float64) {
	axis := slices.IndexFunc(r.Axes, func(a AxisInfo) bool { return a.Key == key })
	by := map[float64][]float64{}
	for _, p := range points {
		by[p.Axis[axis]] = append(by[p.Axis[axis]], p.Record.Value(value))
	}
	for k := range by {
		x = append(x, k)
	}
	slices.Sort(x)
	for _, k := range x {
		m, l, h := spread(by[k])
		mean, lo, hi = append(mean, m), append(lo, l), append(hi, h)
	}
	return x, mean, lo, hi
}

// lastNumber returns the last swept key whose values are numbers.
func (r *Results) lastNumber() (AxisInfo, bool) {
	for k := len(r.Axes) - 1; k >= 0; k-- {
		if !math.IsNaN(r.Points[0].Axis[k]) && !r.Axes[k].Follows {
			return r.Axes[k], true
		}
	}
	return AxisInfo{}, false
}

// keyLabel turns a key into the label of an axis.
func keyLabel(key string) string {
	switch key {
	case "device.prog_noise_scale":
		return "Scale of programming noise"
	case "device.read_noise_scale":
		return "Scale of read noise"
	case "device.drift_scale":
		return "Scale of drift exponents"
	}
	_, name, _ := strings.Cut(key, ".")
	name = strings.NewReplacer("_", " ", ".", " ").Replace(name)
	return strings.ToUpper(name[:1]) + name[1:]
}

// withBand puts a line into a panel, with its range over repeats.
func withBand(p *plots.Panel, repeats int, l plots.Line, lo, hi []float64) {
	p.Series = append(p.Series, l)
	if repeats > 1 {
		p.Series = append(p.Series, plots.Band{X: l.X, Lo: lo, Hi: hi})
	}
}

func marker(k int) plots.Style {
	return plots.Style{Color: plots.OkabeIto[k%len(plots.OkabeIto)], Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond, plots.InvertedTriangle}[k%5]}
}

// networkDrift follows the accuracy of a network for years.
var networkDrift = Experiment{
	Name:    "network-drift",
	Summary: "Accuracy of a network on analog tiles over ten years, with and without drift compensation",
	New:     func() Study { return &networkDriftStudy{} },
	Draw:    drawNetworkDrift,
}

type networkDriftStudy struct {
	networkStudy
	times         []float64
	compensations []string
}

func (s *networkDriftStudy) Configure(c *Config) error {
	const day, year = 86400, 365 * 86400
	s.times = []float64{1, 20, 3600, day, 30 * day, year, 10 * year}
	s.compensations = []string{aimc.Uncorrected, aimc.GlobalGain}
	if err := s.configure(c,
		device.Param{Name: "times", Value: &s.times, Unit: "s", Range: quantity.Positive(), Meaning: "times of the evaluations after programming, increasing"},
		device.Param{Name: "compensations", Value: &s.compensations, Options: []string{aimc.Uncorrected, aimc.GlobalGain, aimc.ColumnGain, aimc.Affine}, Meaning: "compensations of drift to compare; each takes the place of compensation.kind"}); err != nil {
		return err
	}
	for i, kind := range s.compensations {
		if slices.Contains(s.compensations[:i], kind) {
			return c.Errorf("study.compensations", "%q stands there twice: must differ", kind)
		}
	}
	return increasingTimes(c, "study.times", s.times)
}

func (s *networkDriftStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	set, float, err := s.prepare(ctx)
	if err != nil {
		return nil, err
	}
	r := &Record{}
	r.Add("accuracy_float", "", float)
	t := Table{Name: "time", Columns: []Column{{"t", "s", s.times}}}
	for _, kind := range s.compensations {
		n := *s.n
		n.Tile.Compensation.Kind = kind
		v, err := n.Evaluate(ctx, set, s.times, key)
		if err != nil {
			return nil, err
		}
		t.Columns = append(t.Columns, Column{kind, "", v})
		r.Add("accuracy_"+kind+"_first", "", v[0])
		r.Add("accuracy_"+kind+"_last", "", v[len(v)-1])
	}
	r.Tables = []Table{t}
	return r, nil
}

// overTime gathers a column over points, by time, in percent.
func overTime(points []Point, column string) (t, mean, lo, hi []float64) {
	t = points[0].Column("time", "t")
	for i := range t {
		var v []float64
		for _, p := range points {
			v = append(v, p.Column("time", column)[i])
		}
		m, l, h := spread(v)
		mean, lo, hi = append(mean, m), append(lo, l), append(hi, h)
	}
	return t, mean, lo, hi
}

// compensationNames are the compensations in words for a figure.
var compensationNames = map[string]string{
	aimc.Uncorrected: "no compensation", aimc.GlobalGain: "one factor per tile", aimc.ColumnGain: "a factor per output", aimc.Affine: "a line per output",
}

func drawNetworkDrift(r *Results) ([]Figure, error) {
	last := r.Points[len(r.Points)-1]
	s := last.Study.(*networkDriftStudy)
	curve := plots.Panel{X: plots.Axis{Label: "Time after programming", Unit: "s", Scale: plots.Log, NoPrefix: true}, Y: percent("Accuracy")}
	ends := plots.Panel{X: percent("Accuracy after " + siLabel(timeText(s.times[len(s.times)-1]))), Y: plots.Axis{Label: "Share of programmings", Min: 0, Max: 1}}
	float := last.Record.Value("accuracy_float")
	numbers := []Number{{Text: "accuracy in float32, %", X: 100 * float}}
	groups := r.groups(r.Points)
	for k, n := range evenly(len(groups), 3) {
		for i, kind := range s.compensations {
			name := joined(groups[n].name, compensationNames[kind])
			t, mean, lo, hi := overTime(groups[n].points, kind)
			style := marker(k*len(s.compensations) + i)
			withBand(&curve, r.Repeats, plots.Line{Name: name, X: t, Y: mean, Style: style}, lo, hi)
			var end []float64
			for _, p := range groups[n].points {
				end = append(end, 100*p.Record.Value("accuracy_"+kind+"_last"))
			}
			ends.Series = append(ends.Series, plots.ECDF{Name: name, Values: end, Style: plots.Style{Color: style.Color}})
			numbers = append(numbers, Number{Text: "mean accuracy at the last time, " + name + ", %", X: mean[len(mean)-1]},
				Number{Text: "its worst programming, %", X: lo[len(lo)-1]})
		}
	}
	curve.Rules = []plots.Rule{{At: 100 * float}}
	ends.Rules = []plots.Rule{{At: 100 * float, Vertical: true}}
	f := Figure{
		Name: "network-drift",
		Caption: fmt.Sprintf("The network %s on tiles of %s, programmed %d time%s. (a) Share of %d images that are classified rightly: mean%s; dashed: with products in float32.",
			s.name, s.n.Tile.Device.Info().Name, r.Repeats, plural(r.Repeats), s.images, map[bool]string{true: " and range", false: ""}[r.Repeats > 1]),
		Numbers: numbers,
		Figure:  plots.Figure{Panels: []plots.Panel{curve}},
	}
	if r.Repeats > 1 {
		f.Caption += " (b) Distribution over the programmings at the last time."
		f.Panels = append(f.Panels, ends)
	}
	return []Figure{f}, nil
}

// networkVariability shows what differences between devices cost.
var networkVariability = Experiment{
	Name:    "network-variability",
	Summary: "Accuracy of a network against the spread of its devices, and what each source of error costs",
	New:     func() Study { return &networkVariabilityStudy{} },
	Draw:    drawNetworkVariability,
}

type networkVariabilityStudy struct {
	networkStudy
	time   float64
	budget bool
}

func (s *networkVariabilityStudy) Configure(c *Config) error {
	s.time, s.budget = 86400, true
	if err := s.configure(c,
		device.Param{Name: "time", Value: &s.time, Unit: "s", Range: quantity.NonNegative(), Meaning: "time of the evaluation after programming"},
		device.Param{Name: "budget", Value: &s.budget, Meaning: "evaluate with each source of error alone as well"}); err != nil {
		return err
	}
	return nil
}

func (s *networkVariabilityStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	set, float, err := s.prepare(ctx)
	if err != nil {
		return nil, err
	}
	r := &Record{}
	r.Add("accuracy_float", "", float)
	all := []source{{"all", nil}}
	if s.budget {
		all = append(all, (&mvmStudy{tile: s.n.Tile}).sources()...)
	}
	for _, src := range all {
		n, name := *s.n, "accuracy"
		if src.set != nil {
			src.set(&n.Tile)
			name += "_" + spaceless(src.name) + "_only"
		}
		v, err := n.Evaluate(ctx, set, []float64{s.time}, key)
		if err != nil {
			return nil, err
		}
		r.Add(name, "", v[0])
	}
	return r, nil
}

// trainingName names a group by how its network was trained.
func trainingName(g group) string {
	if name, value, ok := strings.Cut(g.name, "weight noise "); ok && name == "" {
		g.name = "trained with " + value + " weight noise"
		if value == "0" {
			g.name = "trained without noise"
		}
		return g.name
	}
	if g.name == "0" {
		return "trained without noise"
	}
	return g.name
}

func drawNetworkVariability(r *Results) ([]Figure, error) {
	last := r.Points[len(r.Points)-1]
	s := last.Study.(*networkVariabilityStudy)
	axis, swept := r.lastNumber()
	groups := r.groups(r.Points, axis.Key)
	caption := fmt.Sprintf("The network %s on tiles of %s, %s after programming.", s.name, s.n.Tile.Device.Info().Name, siLabel(timeText(s.time)))
	var panels []plots.Panel
	if swept {
		curve := plots.Panel{X: plots.Axis{Label: keyLabel(axis.Key), Unit: axis.Unit}, Y: percent("Accuracy")}
		for k, n := range evenly(len(groups), 5) {
			x, mean, lo, hi := r.curveOf(groups[n].points, axis.Key, "accuracy")
			withBand(&curve, r.Repeats, plots.Line{Name: trainingName(groups[n]), X: x, Y: mean, Style: marker(k)}, lo, hi)
		}
		panels = append(panels, curve)
		caption += fmt.Sprintf(" (a) Accuracy on %d images, mean and range of %d programming%s.", s.images, r.Repeats, plural(r.Repeats))
	}
	if s.budget {
		panels = append(panels, budgetPanel(r, s, groups, axis.Key))
		at := ""
		if swept {
			at = fmt.Sprintf(", where %s is nearest to 1", strings.ToLower(keyLabel(axis.Key)))
			if axis.Key == "device.prog_noise_scale" {
				at = ", at the device's own programming noise"
			}
		}
		caption += fmt.Sprintf(" (%c) Accuracy lost against products in float32 to each source of error alone and to all together%s.", 'a'+len(panels)-1, at)
	}
	if len(panels) == 0 {
		return nil, fmt.Errorf("network-variability has nothing to draw: must have an axis of numbers in [sweep] or study.budget = true")
	}
	return []Figure{{
		Name: "network-variability", Caption: caption,
		Numbers: []Number{
			{Text: "accuracy in float32, %", X: 100 * last.Record.Value("accuracy_float")},
			{Text: "accuracy at the last point, %", X: 100 * last.Record.Value("accuracy")},
		},
		Figure: plots.Figure{Panels: panels},
	}}, nil
}

// budgetPanel draws the percentage points that each source costs, at the place of the axis nearest to 1.
func budgetPanel(r *Results, s *networkVariabilityStudy, groups []group, key string) plots.Panel {
	p := plots.Panel{X: plots.Axis{}, Y: plots.Axis{Label: "Accuracy lost (points)"}}
	names := []string{"all"}
	for _, src := range (&mvmStudy{tile: s.n.Tile}).sources() {
		names = append(names, src.name)
	}
	p.X.Categories = slices.Clone(names)
	axis := slices.IndexFunc(r.Axes, func(a AxisInfo) bool { return a.Key == key })
	for k, n := range evenly(len(groups), 4) {
		nearest := math.Inf(1)
		var chosen []Point
		for _, point := range groups[n].points {
			d := 0.0
			if axis >= 0 {
				d = math.Abs(point.Axis[axis] - 1)
			}
			if d < nearest {
				nearest, chosen = d, nil
			}
			if d == nearest {
				chosen = append(chosen, point)
			}
		}
		bars := plots.Bars{Name: trainingName(groups[n]), Style: plots.Style{Color: plots.OkabeIto[k%len(plots.OkabeIto)]}}
		for _, name := range names {
			value := "accuracy"
			if name != "all" {
				value += "_" + spaceless(name) + "_only"
			}
			var lost []float64
			for _, point := range chosen {
				lost = append(lost, point.Record.Value("accuracy_float")-point.Record.Value(value))
			}
			m, lo, hi := spread(lost)
			bars.Values = append(bars.Values, m)
			if r.Repeats > 1 {
				bars.Lo, bars.Hi = append(bars.Lo, lo), append(bars.Hi, hi)
			}
		}
		p.Series = append(p.Series, bars)
	}
	return p
}

// networkFaults shows what faulty devices cost.
var networkFaults = Experiment{
	Name:    "network-faults",
	Summary: "Accuracy of a network against the share of stuck devices and dead lines",
	New:     func() Study { return &networkFaultsStudy{} },
	Draw:    drawNetworkFaults,
}

type networkFaultsStudy struct {
	networkStudy
	fault string
	share float64
	time  float64
}

// faultKinds are the faults of the study, in words for a figure.
var faultKinds = []struct{ key, name string }{
	{"stuck_reset", "stuck at RESET"}, {"stuck_set", "stuck at SET"}, {"dead_rows", "dead rows"}, {"dead_cols", "dead columns"},
}

func (s *networkFaultsStudy) Configure(c *Config) error {
	s.fault, s.share, s.time = faultKinds[0].key, 0.01, 86400
	var kinds []string
	for _, k := range faultKinds {
		kinds = append(kinds, k.key)
	}
	if err := s.configure(c,
		device.Param{Name: "fault", Value: &s.fault, Options: kinds, Meaning: "what is wrong: cells stuck at the lowest or the highest conductance, or rows or columns without connection"},
		device.Param{Name: "share", Value: &s.share, Range: quantity.Between(0, 1), Meaning: "share of the cells, rows or columns"},
		device.Param{Name: "time", Value: &s.time, Unit: "s", Range: quantity.NonNegative(), Meaning: "time of the evaluation after programming"}); err != nil {
		return err
	}
	d := noise.NewDefects()
	for _, p := range d.Params() {
		switch p.Name {
		case "stuck_set", "stuck_reset", "dead_rows", "dead_cols":
			rate := p.Value.(*float64)
			if *rate = 0; p.Name == s.fault {
				*rate = s.share
			}
		}
	}
	var err error
	if s.n.Tile.Device, err = device.WithProcesses(s.n.Tile.Device, device.Overlay{Faults: d}); err != nil {
		return c.Errorf("study.fault", "%v", err)
	}
	return nil
}

func (s *networkFaultsStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	set, float, err := s.prepare(ctx)
	if err != nil {
		return nil, err
	}
	v, err := s.n.Evaluate(ctx, set, []float64{s.time}, key)
	if err != nil {
		return nil, err
	}
	r := &Record{}
	r.Add("accuracy_float", "", float)
	r.Add("accuracy", "", v[0])
	return r, nil
}

func drawNetworkFaults(r *Results) ([]Figure, error) {
	last := r.Points[len(r.Points)-1]
	s := last.Study.(*networkFaultsStudy)
	axis, swept := r.lastNumber()
	if !swept {
		return nil, fmt.Errorf("network-faults has nothing to draw: must have an axis of numbers in [sweep], such as study.share")
	}
	x := plots.Axis{Label: keyLabel(axis.Key), Unit: axis.Unit}
	scale := 1.0
	if axis.Key == "study.share" {
		x, scale = plots.Axis{Label: "Share of faulty devices or lines", Unit: "%", NoPrefix: true, Scale: plots.Log}, 100
	}
	panel := plots.Panel{X: x, Y: percent("Accuracy")}
	groups := r.groups(r.Points, axis.Key)
	var numbers []Number
	for k, n := range evenly(len(groups), 6) {
		at, mean, lo, hi := r.curveOf(groups[n].points, axis.Key, "accuracy")
		if x.Scale == plots.Log && at[0] == 0 { // has no place there; the rule tells of it
			panel.Rules = append(panel.Rules[:0], plots.Rule{At: mean[0]})
			at, mean, lo, hi = at[1:], mean[1:], lo[1:], hi[1:]
		}
		if len(at) == 0 {
			continue
		}
		for i := range at {
			at[i] *= scale
		}
		name := groups[n].name
		for _, kind := range faultKinds {
			name = strings.Replace(name, kind.key, kind.name, 1)
		}
		withBand(&panel, r.Repeats, plots.Line{Name: name, X: at, Y: mean, Style: marker(k)}, lo, hi)
		numbers = append(numbers, Number{Text: joined("mean accuracy at the largest share, %", name), X: mean[len(mean)-1]})
	}
	if len(panel.Series) == 0 {
		return nil, fmt.Errorf("network-faults has nothing to draw: must have shares above 0")
	}
	without := ""
	if panel.Rules != nil {
		without = "; dashed: without faults"
	}
	return []Figure{{
		Name: "network-faults",
		Caption: fmt.Sprintf("Accuracy of the network %s on tiles of %s, %s after programming, against the share of faulty devices, or of rows or columns without connection, in each array of a pair on its own: mean and range of %d programming%s, %d images%s.",
			s.name, s.n.Tile.Device.Info().Name, siLabel(timeText(s.time)), r.Repeats, plural(r.Repeats), s.images, without),
		Numbers: numbers,
		Figure:  plots.Figure{Panels: []plots.Panel{panel}},
	}}, nil
}
