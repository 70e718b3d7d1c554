package experiments

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"mho/internal/files"
	"mho/internal/quantity"
)

// Options say how plans are run. The zero value runs every point on all cores
// and writes below the directory "out".
type Options struct {
	Out     string   // directory; the default is "out"
	Workers int      // points computed at a time; the default is the number of cores
	Shard   int      // with Shards > 0: compute the points of this shard only, counted from 1
	Shards  int      // number of shards; 0 runs everything
	Formats []string // of figures; the default is pdf, svg and png
	Fresh   bool     // compute finished points again

	// Progress, if set, is called from one goroutine at a time whenever a point
	// has finished, and once before the first.
	Progress func(done, total int)
}

// A Summary tells what a run did.
type Summary struct {
	Out     string    `json:"out"`
	Report  string    `json:"report,omitempty"` // index.html; empty for a shard
	Studies []Outcome `json:"experiments"`
}

// An Outcome is what one study of a run came to.
type Outcome struct {
	Name     string   `json:"name"`
	Dir      string   `json:"dir"`
	Points   int      `json:"points"`   // of this run: all, or the shard's
	Computed int      `json:"computed"` // the others were finished before
	Seconds  float64  `json:"compute_s"`
	Data     string   `json:"data,omitempty"`
	DataHash string   `json:"data_sha256,omitempty"`
	Figures  []string `json:"figures,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// An Interrupted error says how far a run came before it was cancelled.
type Interrupted struct {
	Done, Total int
}

func (e *Interrupted) Error() string {
	return fmt.Sprintf("interrupted: %d of %d points are finished and kept; the same command goes on from there", e.Done, e.Total)
}

// staleAfter is the age from which a temporary file is a killed run's, and not
// that of a shard working beside this one.
const staleAfter = time.Hour

// job is a point to compute.
type job struct {
	plan, point int
}

// Run computes what is missing of the plans' points and writes their results.
// It returns an *InputError where the options or the output directory are at
// fault, and *Interrupted when ctx is cancelled.
func Run(ctx context.Context, plans []*Plan, o Options) (*Summary, error) {
	if err := o.complete(plans); err != nil {
		return nil, inputError(err)
	}
	for _, p := range plans {
		dir := filepath.Join(o.Out, p.Name, "points")
		if err := files.EnsureDir(dir); err != nil {
			return nil, inputError(err)
		}
		for _, d := range []string{o.Out, filepath.Dir(dir), dir} {
			if _, err := files.CleanTemp(d, staleAfter); err != nil {
				return nil, inputError(err)
			}
		}
	}
	started := time.Now()
	records := make([][]*Record, len(plans))
	outcomes := make([]Outcome, len(plans))
	var jobs []job
	total := 0
	for i, p := range plans {
		dir := filepath.Join(o.Out, p.Name)
		records[i] = make([]*Record, p.Points)
		outcomes[i] = Outcome{Name: p.Name, Dir: dir}
		for k := range p.Points {
			if o.Shards > 0 && k%o.Shards != o.Shard-1 {
				continue
			}
			outcomes[i].Points++
			total++
			if !o.Fresh {
				if r, ok := loadRecord(filepath.Join(dir, "points"), p.Experiment.Name, p.points[k].key); ok {
					records[i][k] = r
					continue
				}
			}
			outcomes[i].Computed++
			jobs = append(jobs, job{i, k})
		}
	}
	if err := compute(ctx, plans, jobs, records, outcomes, total, o); err != nil {
		return nil, err
	}
	s := &Summary{Out: o.Out, Studies: outcomes}
	for i, p := range plans {
		if err := p.write(&outcomes[i], records[i], started, o); err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		if ctx.Err() != nil {
			return nil, &Interrupted{total, total}
		}
	}
	if o.Shards == 0 {
		s.Report = filepath.Join(o.Out, "index.html")
		if err := writeReport(o.Out); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (o *Options) complete(plans []*Plan) error {
	if o.Out == "" {
		o.Out = "out"
	}
	if o.Workers < 0 {
		return fmt.Errorf("--workers %d: must be at least 1", o.Workers)
	}
	if o.Workers == 0 {
		o.Workers = runtime.NumCPU()
	}
	if o.Shards < 0 || o.Shards > 0 && (o.Shard < 1 || o.Shard > o.Shards) {
		return fmt.Errorf("--shard %d/%d: must be I/N with I from 1 to N", o.Shard, o.Shards)
	}
	if len(o.Formats) == 0 {
		o.Formats = figureFormats
	}
	for _, f := range o.Formats {
		if !slices.Contains(figureFormats, f) {
			return fmt.Errorf("--format %s: must be pdf, svg or png%s", f, quantity.DidYouMean(f, figureFormats))
		}
	}
	seen := map[string]bool{}
	for _, p := range plans {
		if seen[p.Name] {
			return fmt.Errorf("%s: two studies of this call have the same name, and would write to the same directory", p.Name)
		}
		seen[p.Name] = true
	}
	return nil
}

var figureFormats = []string{"pdf", "svg", "png"}

// compute runs the jobs on the workers. Each result has its own place, so
// nothing depends on which worker comes first.
func compute(ctx context.Context, plans []*Plan, jobs []job, records [][]*Record, outcomes []Outcome, total int, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		mu       sync.Mutex
		next     int
		finished = total - len(jobs)
		failed   = make([]error, len(jobs))
	)
	report := func() {
		if o.Progress != nil {
			o.Progress(finished, total)
		}
	}
	report()
	var wg sync.WaitGroup
	for range min(o.Workers, len(jobs)) {
		wg.Go(func() {
			for {
				mu.Lock()
				k := next
				next++
				mu.Unlock()
				if k >= len(jobs) || ctx.Err() != nil {
					return
				}
				j := jobs[k]
				begin := time.Now()
				r, err := plans[j.plan].compute(ctx, j.point, filepath.Join(o.Out, plans[j.plan].Name, "points"))
				mu.Lock()
				if err != nil {
					failed[k] = err
					cancel()
				} else {
					records[j.plan][j.point] = r
					outcomes[j.plan].Seconds += time.Since(begin).Seconds()
					finished++
					report()
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for k, err := range failed {
		if err != nil && !errors.Is(err, context.Canceled) {
			p := plans[jobs[k].plan]
			return fmt.Errorf("%s, point %d of %d%s: %w", p.Name, jobs[k].point+1, p.Points, p.describe(jobs[k].point), err)
		}
	}
	if finished < total {
		return &Interrupted{finished, total}
	}
	return nil
}

// describe names the swept values of a point.
func (p *Plan) describe(i int) string {
	s := ""
	for k, a := range p.axes {
		s += fmt.Sprintf(", %s = %s", a.Key, p.points[i].label[k])
	}
	return s
}

// compute makes one point and keeps it on disk. A panic in a model is an error
// of its point.
func (p *Plan) compute(ctx context.Context, i int, dir string) (r *Record, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("internal error: %v; this is a mistake in mho, please report it with the study's file", cause)
		}
	}()
	_, s, err := p.configure(i)
	if err != nil {
		return nil, err
	}
	_, repeat := p.sweep.At(i)
	if r, err = s.Run(ctx, p.stream(repeat)); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return r, r.save(dir, p.Experiment.Name, p.points[i].key)
}

// results puts the records together with the points' configurations.
func (p *Plan) results(records []*Record) (*Results, error) {
	r := &Results{Axes: p.axes, Repeats: p.sweep.Repeats}
	for i, rec := range records {
		_, s, err := p.configure(i)
		if err != nil {
			return nil, err
		}
		_, repeat := p.sweep.At(i)
		r.Points = append(r.Points, Point{Study: s, Axis: p.points[i].axis, Label: p.points[i].label, Repeat: repeat, Record: rec})
	}
	return r, nil
}

// draw makes the figures in the theme of the study.
func (p *Plan) draw(records []*Record) ([]Figure, *Results, error) {
	r, err := p.results(records)
	if err != nil {
		return nil, nil, err
	}
	figs, err := p.Experiment.Draw(r)
	if err != nil {
		return nil, nil, err
	}
	for i := range figs {
		if err := p.figure.apply(&figs[i].Figure); err != nil {
			return nil, nil, err
		}
		figs[i].Title = p.Title
	}
	return figs, r, nil
}

func removeIfExists(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
