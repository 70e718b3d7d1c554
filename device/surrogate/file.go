package surrogate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/files"
	"mho/internal/quantity"
)

// Format is the value of the key format in the files of Write.
const Format = "mho population 1"

// document is the TOML of a Model. Numbers are quantities with their units; long
// ones are in the .npz.
type document struct {
	Made       string      `toml:"made_by"`
	Seed       int64       `toml:"seed"`
	Element    elementText `toml:"element"`
	Pulse      pulseText   `toml:"pulse"`
	Range      rangeText   `toml:"range"`
	Rest       restText    `toml:"rest"`
	Errors     errorText   `toml:"error"`
	Tables     tablesText  `toml:"tables"`
	D2D        []spread    `toml:"device_spread,omitempty"`
	C2C        []spread    `toml:"cycle_spread,omitempty"`
	References []reference `toml:"reference"`
}

type elementText struct {
	Model       string            `toml:"model"`
	Title       string            `toml:"title"`
	Technology  string            `toml:"technology"`
	Temperature string            `toml:"temperature"`
	Parameters  map[string]string `toml:"parameters"`
}

type pulseText struct {
	Unit           string `toml:"drive_unit"`
	SetAmplitude   string `toml:"set_amplitude"`
	ResetAmplitude string `toml:"reset_amplitude"`
	Width          string `toml:"width"`
	Edge           string `toml:"edge"`
	Saturation     string `toml:"saturation"`
	Read           string `toml:"read"`
}

type rangeText struct {
	Coordinate string  `toml:"coordinate"`
	GMin       string  `toml:"g_min"`
	GMax       string  `toml:"g_max"`
	GMinSpread float64 `toml:"g_min_relative_spread"`
	GMaxSpread float64 `toml:"g_max_relative_spread"`
	Initial    float64 `toml:"initial"`
	SetStep    float64 `toml:"mean_set_step"`
	ResetStep  float64 `toml:"mean_reset_step"`
	SetD2D     float64 `toml:"set_step_relative_d2d"`
	ResetD2D   float64 `toml:"reset_step_relative_d2d"`
	SetC2C     float64 `toml:"set_step_relative_c2c"`
	ResetC2C   float64 `toml:"reset_step_relative_c2c"`
}

type restText struct {
	ReadDisturb float64 `toml:"read_disturb"`
	LossTime    string  `toml:"loss_time,omitempty"`
	Loss        float64 `toml:"largest_loss"`
}

type errorText struct {
	Meaning        string  `toml:"meaning"`
	StepMedian     float64 `toml:"step_median"`
	StepP95        float64 `toml:"step_p95"`
	PathMedian     float64 `toml:"path_median"`
	PathP95        float64 `toml:"path_p95"`
	QuantileMedian float64 `toml:"quantile_median"`
	QuantileP95    float64 `toml:"quantile_p95"`
	Covered        float64 `toml:"range_covered"`
	Pulses         int     `toml:"pulses"`
	Devices        int     `toml:"devices"`
}

type tablesText struct {
	File   string `toml:"file"`
	SHA256 string `toml:"sha256"`
}

type spread struct {
	Param    string  `toml:"parameter"`
	Law      string  `toml:"law"`
	Sigma    float64 `toml:"sigma"`
	Relative bool    `toml:"relative"`
	Source   string  `toml:"source"`
}

type reference struct {
	Key     string `toml:"key"`
	Authors string `toml:"authors"`
	Title   string `toml:"title"`
	Journal string `toml:"journal"`
	Volume  string `toml:"volume,omitempty"`
	Pages   string `toml:"pages,omitempty"`
	Year    int    `toml:"year"`
	DOI     string `toml:"doi,omitempty"`
	URL     string `toml:"url,omitempty"`
}

// Write writes the model to a TOML file and its tables to a .npz of the same name
// beside it. MadeBy and seed are kept as the provenance.
func (m *Model) Write(path, madeBy string, seed uint64) error {
	tables := tablesPath(path)
	if err := files.WriteNPZ(tables, m.table.arrays()); err != nil {
		return err
	}
	sum, err := hashFile(tables)
	if err != nil {
		return err
	}
	doc := m.table.document()
	doc.Made, doc.Seed = madeBy, int64(seed)
	doc.Tables = tablesText{File: filepath.Base(tables), SHA256: sum}
	var body bytes.Buffer
	enc := toml.NewEncoder(&body)
	enc.Indent = ""
	if err := enc.Encode(doc); err != nil {
		return err
	}
	m.checksum = checksum(body.Bytes())
	return files.WriteFile(path, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "# A population for [device] model = %q: %s, characterised.\n# The checksum is that of all lines below it; the tables have their own.\nformat = %q\nchecksum = %q\n%s",
			filepath.Base(path), m.table.info.Name, Format, m.checksum, body.Bytes())
		return err
	})
}

func tablesPath(path string) string { return strings.TrimSuffix(path, filepath.Ext(path)) + ".npz" }

func checksum(body []byte) string {
	h := sha256.Sum256(body)
	return hex.EncodeToString(h[:])
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func (t *table) document() document {
	q := func(x float64, unit string) string { return quantity.Format(x, unit) }
	d := document{
		Element: elementText{Model: t.info.Name, Title: t.info.Title, Technology: t.info.Technology, Temperature: q(t.Temperature, "K"), Parameters: map[string]string{}},
		Pulse: pulseText{Unit: t.unit, SetAmplitude: q(t.drive.amplitude[set], t.unit), ResetAmplitude: q(t.drive.amplitude[reset], t.unit), Width: q(t.drive.width, "s"),
			Edge: q(t.drive.edge, "s"), Saturation: q(t.drive.saturation, "s"), Read: q(t.drive.read, t.unit)},
		Range: rangeText{Coordinate: string(t.Coordinate), GMin: q(t.GMin, "S"), GMax: q(t.GMax, "S"), Initial: t.Initial,
			GMinSpread: t.spreadOf(0), GMaxSpread: t.spreadOf(1), SetD2D: t.spreadOf(2 + nominalFraction), ResetD2D: t.spreadOf(2 + len(t.Fractions) + nominalFraction)},
		Rest: restText{ReadDisturb: t.ReadDisturb},
		Errors: errorText{Meaning: "difference of conductance from fresh traces of the element, in units of g_max - g_min", StepMedian: t.Errors.StepMedian, StepP95: t.Errors.StepP95, PathMedian: t.Errors.PathMedian, PathP95: t.Errors.PathP95,
			QuantileMedian: t.Errors.QuantileMedian, QuantileP95: t.Errors.QuantileP95, Covered: t.Errors.Covered, Pulses: t.Errors.Pulses, Devices: t.Errors.Devices},
	}
	d.Range.SetStep, d.Range.SetC2C = t.nominalStep(set)
	d.Range.ResetStep, d.Range.ResetC2C = t.nominalStep(reset)
	for _, p := range t.parameters {
		d.Element.Parameters[p[0]] = strings.Trim(p[1], `"`)
	}
	if t.RestTimes != nil {
		d.Rest.LossTime = q(t.RestTimes[len(t.RestTimes)-1], "s")
		for _, x := range t.RestMean {
			d.Rest.Loss = math.Max(d.Rest.Loss, math.Abs(x))
		}
	}
	for i, list := range t.spreads {
		for _, s := range list {
			one := spread{s.Param, string(s.Law), s.Sigma, s.Relative, s.Source}
			if i == 0 {
				d.D2D = append(d.D2D, one)
			} else {
				d.C2C = append(d.C2C, one)
			}
		}
	}
	for _, r := range t.info.References {
		d.References = append(d.References, reference(r))
	}
	return d
}

// spreadOf returns the standard deviation of entry j over devices.
func (t *table) spreadOf(j int) float64 {
	sum := 0.0
	for _, c := range t.Components {
		sum += c[j] * c[j]
	}
	return math.Sqrt(sum)
}

// nominalStep returns the mean over states of the nominal step and of its relative
// deviation from cycle to cycle.
func (t *table) nominalStep(dir int) (mean, relative float64) {
	n := t.intervals()
	worth := t.Worth[dir][nominalFraction*len(t.Widths)+nominalWidth]
	mean = worth * stat.Mean(t.Rate[dir][nominalFraction*n:][:n], nil)
	if t.Std[dir] != nil && mean != 0 {
		relative = stat.Mean(t.Std[dir][nominalFraction*n:][:n], nil) / math.Abs(mean)
	}
	return mean, relative
}

// arrays lists the tables in the order in which they are written.
func (t *table) arrays() []files.NamedArray {
	var out []files.NamedArray
	add := func(name string, data []float64, shape ...int) {
		if len(data) > 0 {
			out = append(out, files.NamedArray{Name: name, Array: files.Array{Shape: shape, Data: data}})
		}
	}
	nf, nw, ns := len(t.Fractions), len(t.Widths), t.intervals()
	add("fractions", t.Fractions, nf)
	add("widths_s", t.Widths, nw)
	add("edges", t.Edges, len(t.Edges))
	for dir, name := range directionNames {
		add(name+"_rate", t.Rate[dir], nf, ns)
		add(name+"_worth", t.Worth[dir], nf, nw)
		add(name+"_std", t.Std[dir], nf, ns)
	}
	add("device_mean", t.Latent, len(t.Latent))
	var comps []float64
	for _, c := range t.Components {
		comps = append(comps, c...)
	}
	add("device_components", comps, len(t.Components), len(t.Latent))
	if n := len(t.RestTimes); n > 0 {
		add("rest_times_s", t.RestTimes, n)
		add("rest_mean", t.RestMean, len(t.RestMean)/n, n)
		add("rest_std", t.RestStd, len(t.RestStd)/n, n)
	}
	add("bias", t.Bias, len(t.Bias))
	add("bias_ratio", t.Ratio, len(t.Ratio)/len(t.Bias), len(t.Bias))
	return out
}

// Read reads a model that Write has written. An error tells of a file that is
// missing, damaged or edited.
func Read(path string) (*Model, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: no such file", path)
		}
		return nil, fmt.Errorf("%s: cannot be read: %w", path, errors.Unwrap(err))
	}
	var head struct {
		Format   string `toml:"format"`
		Checksum string `toml:"checksum"`
	}
	if _, err := toml.Decode(string(text), &head); err != nil {
		return nil, fmt.Errorf("%s: malformed TOML: %w", path, err)
	}
	if head.Format != Format {
		return nil, fmt.Errorf("%s: format is %q: must be %q, as mho characterise writes it", path, head.Format, Format)
	}
	_, body, found := bytes.Cut(text, []byte("checksum = \""+head.Checksum+"\"\n"))
	if !found || checksum(body) != head.Checksum {
		return nil, fmt.Errorf("%s: checksum: the file was edited or damaged after it was written: must be as mho characterise wrote it; make it anew", path)
	}
	var doc document
	if _, err := toml.Decode(string(body), &doc); err != nil {
		return nil, fmt.Errorf("%s: malformed TOML: %w", path, err)
	}
	if doc.Tables.File == "" || filepath.Base(doc.Tables.File) != doc.Tables.File {
		return nil, fmt.Errorf("%s: tables.file is %q: must be the name of a .npz beside the file", path, doc.Tables.File)
	}
	// The tables may have been renamed together with the file.
	npz := filepath.Join(filepath.Dir(path), doc.Tables.File)
	if _, err := os.Stat(npz); err != nil {
		npz = tablesPath(path)
	}
	sum, err := hashFile(npz)
	if err != nil {
		return nil, fmt.Errorf("%s: tables.file: %s cannot be read: %w: must stand beside the file", path, npz, errors.Unwrap(err))
	}
	if sum != doc.Tables.SHA256 {
		return nil, fmt.Errorf("%s: tables.sha256: %s was changed or damaged after it was written: must be as mho characterise wrote it; make both anew", path, npz)
	}
	arrays, err := files.ReadNPZ(npz)
	if err != nil {
		return nil, err
	}
	m := newModel(device.Info{})
	if err := m.table.fill(&doc, arrays); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	m.name, m.checksum = path, head.Checksum
	return m, nil
}

func (t *table) fill(doc *document, arrays map[string]files.Array) error {
	t.info = device.Info{Name: doc.Element.Model, Title: doc.Element.Title, Technology: doc.Element.Technology}
	for _, r := range doc.References {
		t.info.References = append(t.info.References, device.Reference(r))
	}
	t.unit = doc.Pulse.Unit
	for _, v := range []struct {
		key, text, unit string
		x               *float64
	}{
		{"element.temperature", doc.Element.Temperature, "K", &t.Temperature},
		{"pulse.set_amplitude", doc.Pulse.SetAmplitude, t.unit, &t.drive.amplitude[set]},
		{"pulse.reset_amplitude", doc.Pulse.ResetAmplitude, t.unit, &t.drive.amplitude[reset]},
		{"pulse.width", doc.Pulse.Width, "s", &t.drive.width},
		{"pulse.edge", doc.Pulse.Edge, "s", &t.drive.edge},
		{"pulse.saturation", doc.Pulse.Saturation, "s", &t.drive.saturation},
		{"pulse.read", doc.Pulse.Read, t.unit, &t.drive.read},
		{"range.g_min", doc.Range.GMin, "S", &t.GMin},
		{"range.g_max", doc.Range.GMax, "S", &t.GMax},
	} {
		x, err := quantity.Parse(v.text, v.unit)
		if err != nil {
			return fmt.Errorf("%s: %w", v.key, err)
		}
		*v.x = x
	}
	t.Coordinate, t.Initial, t.ReadDisturb = Coordinate(doc.Range.Coordinate), doc.Range.Initial, doc.Rest.ReadDisturb
	e := doc.Errors
	t.Errors = Errors{e.StepMedian, e.StepP95, e.PathMedian, e.PathP95, e.QuantileMedian, e.QuantileP95, e.Covered, e.Pulses, e.Devices}
	var err error
	take := func(name string, optional bool) []float64 {
		a, ok := arrays[name]
		data, isFloat := a.Data.([]float64)
		if (!ok && !optional || ok && !isFloat) && err == nil {
			err = fmt.Errorf("tables.file: the table %s is missing or not of float64", name)
		}
		return data
	}
	t.Fractions, t.Widths = take("fractions", false), take("widths_s", false)
	t.Edges = take("edges", false)
	for dir, name := range directionNames {
		t.Rate[dir], t.Worth[dir], t.Std[dir] = take(name+"_rate", false), take(name+"_worth", false), take(name+"_std", true)
	}
	t.Latent = take("device_mean", false)
	comps := take("device_components", true)
	t.RestTimes, t.RestMean, t.RestStd = take("rest_times_s", true), take("rest_mean", true), take("rest_std", true)
	t.Bias, t.Ratio = take("bias", false), take("bias_ratio", false)
	if err != nil {
		return err
	}
	nf, nw := len(t.Fractions), len(t.Widths)
	fits := nf >= 2 && nw > nominalWidth && len(t.Edges) >= 2 && len(t.Rate[0]) == nf*t.intervals() && len(t.Latent) == 2+2*nf && len(comps)%len(t.Latent) == 0 &&
		len(t.Bias) >= 2 && len(t.Ratio) >= 2*len(t.Bias) && len(t.RestMean) >= 2*len(t.RestTimes) && len(t.RestMean) == len(t.RestStd)
	for dir := range 2 {
		fits = fits && len(t.Rate[dir]) == len(t.Rate[0]) && len(t.Worth[dir]) == nf*nw && (t.Std[dir] == nil || len(t.Std[dir]) == len(t.Rate[0]))
	}
	if !fits || !slices.IsSorted(t.Fractions) || !slices.IsSorted(t.Widths) || !slices.IsSorted(t.Edges) {
		return fmt.Errorf("tables.file: the tables do not fit each other")
	}
	t.refine()
	for ; len(comps) > 0; comps = comps[len(t.Latent):] {
		t.Components = append(t.Components, comps[:len(t.Latent)])
	}
	return nil
}
