package energy

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// Write prints pr as a table for people, with the platforms it is compared to.
func (pr *Projection) Write(out io.Writer, against []Comparison) error {
	var b strings.Builder
	m := pr.Mapping
	fmt.Fprintf(&b, "%s running %s, per %s\n\n", pr.Architecture, pr.Workload, pr.Per)
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "\tP10\tP50\tP90\tnominal\n")
	row := func(name string, v Band, unit string) {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", name, round(v.P10, unit), round(v.P50, unit), round(v.P90, unit), round(v.Nominal, unit))
	}
	row("energy", pr.Energy, "J")
	row("latency", pr.Latency, "s")
	row("interval", pr.Interval, "s")
	row("throughput, TOPS", pr.Throughput.scale(1e-12), "")
	row("area, mm2", pr.Area.scale(1e6), "")
	row("TOPS/W", pr.TOPSPerWatt, "")
	row("TOPS/mm2", pr.TOPSPerMM2, "")
	w.Flush()
	fmt.Fprintf(&b, "\nboundary     %s\ncounting     %s\nprecision    %s\n", pr.Boundary, pr.Counting, pr.Precision)
	fmt.Fprintf(&b, "operations   %s, of which %s in attention\n", round(pr.Operations, ""), round(2*pr.DynamicMACs, ""))
	fmt.Fprintf(&b, "mapping      %s: %d arrays needed, %d used, %d %s, loaded %s\n", pr.Fit, m.Needed, m.Used, m.Chips, pr.unit(m.Chips), times(m.Rounds))
	fmt.Fprintf(&b, "utilisation  %.3g %% of the cells, %.3g %% of the array time\n", 100*m.Utilisation, 100*pr.Busy)
	fmt.Fprintf(&b, "peak         %s TOPS, %s TOPS/W, %s W, %s mm2 per %s, every array at work\n", round(pr.Peak.Throughput*1e-12, ""), round(pr.Peak.Efficiency()*1e-12, ""),
		round(pr.Peak.Power, ""), round(pr.Peak.Area*1e6, ""), pr.unit(1))
	if pr.ProgramOnce > 0 {
		fmt.Fprintf(&b, "programming  %s once for all weights, %s (arrays in parallel)\n", round(pr.ProgramOnce, "J"), round(pr.ProgramTime, "s"))
	}
	if c := pr.Calibration; c != nil {
		fmt.Fprintf(&b, "calibration  the periphery is multiplied by %.3g to give the published %s\n", c.Factor, c.Quantity)
	}
	b.WriteString("\nbreakdown (means)\n")
	w = tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	for _, p := range pr.Parts {
		if p.Energy > 0 {
			fmt.Fprintf(w, "  %s\t%s\t%.3g %%\t%s\t%s\n", p.Component, round(p.Energy, "J"), 100*p.Share, p.Confidence, p.Source)
		}
	}
	w.Flush()
	if len(pr.Variance) > 0 {
		b.WriteString("\nvariance of the energy that each factor alone explains\n")
		w = tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
		for _, v := range pr.Variance {
			if v.First >= 5e-4 {
				fmt.Fprintf(w, "  %s\t%.3g %%\n", v.Factor, 100*v.First)
			}
		}
		w.Flush()
	}
	if len(against) > 0 {
		b.WriteString("\nenergy of a platform over this (P10 to P90 of this)\n")
		w = tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
		fmt.Fprintf(w, "  \tone inference alone\tat its peak\tboundary\tconfidence\n")
		for _, c := range against {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\n", c.Platform.Title, ratioText(c.SingleRatio), ratioText(c.PeakRatio), c.Platform.Boundary, c.Platform.Confidence)
		}
		w.Flush()
	}
	if len(pr.Warnings) > 0 {
		b.WriteString("\nwarnings\n")
		for _, x := range pr.Warnings {
			fmt.Fprintf(&b, "  %s\n", x)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func ratioText(b Band) string {
	if math.IsNaN(b.P50) {
		return "unknown"
	}
	return fmt.Sprintf("%.2g (%.2g to %.2g)", b.P50, b.P10, b.P90)
}

func (pr *Projection) unit(n int) string {
	name, _, _ := strings.Cut(pr.Boundary, " ")
	if name != "core" && name != "macro" {
		name = "chip"
	}
	if n == 1 {
		return name
	}
	return name + "s"
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("in %d rounds", n)
}

func (b Band) scale(f float64) Band {
	return Band{b.P10 * f, b.P50 * f, b.P90 * f, b.Nominal * f, b.Mean * f}
}

type bandJSON struct {
	P10     float64 `json:"p10"`
	P50     float64 `json:"p50"`
	P90     float64 `json:"p90"`
	Nominal float64 `json:"nominal"`
}

func (b Band) json() bandJSON { return bandJSON{b.P10, b.P50, b.P90, b.Nominal} }

type partJSON struct {
	Component  string  `json:"component"`
	Energy     float64 `json:"energy_J"`
	Share      float64 `json:"share"`
	Factor     string  `json:"factor"`
	Source     string  `json:"source"`
	Confidence string  `json:"confidence"`
	Outside    bool    `json:"host"`
}

type shareJSON struct {
	Factor string  `json:"factor"`
	First  float64 `json:"share"`
}

type comparisonJSON struct {
	Platform    string    `json:"platform"`
	Boundary    string    `json:"boundary"`
	Confidence  string    `json:"confidence"`
	Peak        float64   `json:"peak_energy_J"`
	Single      *float64  `json:"batch_1_energy_J"`
	PeakRatio   bandJSON  `json:"peak_ratio"`
	SingleRatio *bandJSON `json:"batch_1_ratio"`
	Warnings    []string  `json:"warnings"`
}

// JSON prints pr as one JSON object, for scripts.
func (pr *Projection) JSON(out io.Writer, against []Comparison) error {
	type object struct {
		Architecture string           `json:"architecture"`
		Workload     string           `json:"workload"`
		Per          string           `json:"per"`
		Boundary     string           `json:"boundary"`
		Counting     string           `json:"counting"`
		Precision    string           `json:"precision"`
		Fit          string           `json:"fit"`
		Energy       bandJSON         `json:"energy_J"`
		Latency      bandJSON         `json:"latency_s"`
		Interval     bandJSON         `json:"interval_s"`
		Area         bandJSON         `json:"area_m2"`
		Throughput   bandJSON         `json:"throughput_ops"`
		TOPSPerWatt  bandJSON         `json:"tops_per_watt"`
		TOPSPerMM2   bandJSON         `json:"tops_per_mm2"`
		Breakdown    []partJSON       `json:"breakdown"`
		Variance     []shareJSON      `json:"variance"`
		Operations   float64          `json:"operations"`
		Dynamic      float64          `json:"attention_operations"`
		Arrays       int              `json:"arrays"`
		Used         int              `json:"arrays_used"`
		Chips        int              `json:"chips"`
		Rounds       int              `json:"rounds"`
		Utilisation  float64          `json:"utilisation"`
		Busy         float64          `json:"busy"`
		PeakOps      float64          `json:"peak_ops"`
		PeakTOPSW    float64          `json:"peak_tops_per_watt"`
		Program      float64          `json:"programming_energy_J"`
		ProgramTime  float64          `json:"programming_time_s"`
		Factor       *float64         `json:"calibration_factor"`
		Comparisons  []comparisonJSON `json:"platforms"`
		Warnings     []string         `json:"warnings"`
		Draws        int              `json:"draws"`
	}
	m := pr.Mapping
	o := object{
		Architecture: pr.Architecture, Workload: pr.Workload, Per: pr.Per, Boundary: pr.Boundary, Counting: pr.Counting, Precision: pr.Precision, Fit: pr.Fit,
		Energy: pr.Energy.json(), Latency: pr.Latency.json(), Interval: pr.Interval.json(), Area: pr.Area.json(), Throughput: pr.Throughput.json(),
		TOPSPerWatt: pr.TOPSPerWatt.json(), TOPSPerMM2: pr.TOPSPerMM2.json(), Operations: pr.Operations, Dynamic: 2 * pr.DynamicMACs,
		Arrays: m.Needed, Used: m.Used, Chips: m.Chips, Rounds: m.Rounds, Utilisation: m.Utilisation, Busy: pr.Busy, PeakOps: pr.Peak.Throughput,
		PeakTOPSW: pr.Peak.Efficiency() * 1e-12, Program: pr.ProgramOnce, ProgramTime: pr.ProgramTime, Warnings: append([]string{}, pr.Warnings...), Draws: max(0, pr.Draws),
		Breakdown: []partJSON{}, Variance: []shareJSON{}, Comparisons: []comparisonJSON{},
	}
	if pr.Calibration != nil {
		o.Factor = &pr.Calibration.Factor
	}
	for _, p := range pr.Parts {
		o.Breakdown = append(o.Breakdown, partJSON{p.Component, p.Energy, p.Share, p.Factor, p.Source, p.Confidence, p.Host})
	}
	for _, v := range pr.Variance {
		o.Variance = append(o.Variance, shareJSON(v))
	}
	for _, c := range against {
		j := comparisonJSON{Platform: c.Platform.Name, Boundary: c.Platform.Boundary, Confidence: c.Platform.Confidence, Peak: c.Peak, PeakRatio: c.PeakRatio.json(), Warnings: append([]string{}, c.Warnings...)}
		if !math.IsNaN(c.Single) {
			ratio := c.SingleRatio.json()
			j.Single, j.SingleRatio = &c.Single, &ratio
		}
		o.Comparisons = append(o.Comparisons, j)
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(o)
}
