// Package claims keeps the tests' validation claims in one place: each compares
// a number of this program with one that was not derived from its code, and all
// of them together are the table docs/validation.md.
//
// A test calls Check, which fails the test when the difference exceeds the
// tolerance. A package whose tests make claims has
//
//	func TestMain(m *testing.M) { claims.Main(m) }
//
// which holds the claims against testdata/claims.csv: a row that is missing,
// left over, or changed is a failure; `MHO_UPDATE=1 go test ./...` rewrites the
// files, and a second such run the documentation made from them.
package claims

import (
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A Kind says where a claim's reference number comes from.
type Kind string

// The first four kinds count as validation; the last two do not.
const (
	Measured          Kind = "measured"           // an experiment's number
	Published         Kind = "published"          // printed in a paper or data sheet
	ClosedForm        Kind = "closed form"        // an analytic result
	IndependentSolver Kind = "independent solver" // other software or another algorithm
	Regression        Kind = "regression"         // this program's own earlier number
	Calibration       Kind = "calibration"        // used to set a parameter
)

// Counts reports whether claims of kind k count as validation.
func (k Kind) Counts() bool {
	switch k {
	case Measured, Published, ClosedForm, IndependentSolver:
		return true
	}
	return false
}

// A Claim is one comparison.
type Claim struct {
	Name     string // what is compared, unique within the package
	Kind     Kind
	Source   string // publication with DOI, formula, or the independent program
	Unit     string // of the numbers, "" if dimensionless
	Want     float64
	Got      float64
	Tol      float64 // largest |Got - Want|, relative to |Want| unless Absolute
	Absolute bool
	Why      string // reason for the tolerance
}

func (c Claim) difference() float64 {
	d := c.Got - c.Want
	if !c.Absolute {
		d /= math.Abs(c.Want)
	}
	return d
}

func (c Claim) limit() string {
	if c.Absolute {
		return fmt.Sprintf("%.2g", c.Tol)
	}
	return fmt.Sprintf("%.2g rel.", c.Tol)
}

// Update reports whether generated files are to be rewritten rather than
// compared: MHO_UPDATE=1 in the environment.
func Update() bool { return os.Getenv("MHO_UPDATE") == "1" }

// Header names the columns of a claims file.
var Header = []string{"claim", "kind", "source", "unit", "reference", "ours", "difference", "tolerance", "reason"}

func (c Claim) row() []string {
	return []string{c.Name, string(c.Kind), c.Source, c.Unit, number(c.Want), number(c.Got), fmt.Sprintf("%.1e", c.difference()), c.limit(), c.Why}
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 7, 64) }

var (
	mu   sync.Mutex
	made = map[string]Claim{}
)

// Check fails t unless the claim holds, and records it.
func Check(t testing.TB, c Claim) {
	t.Helper()
	switch {
	case c.Name == "" || c.Source == "" || c.Why == "" || !(c.Tol > 0):
		t.Fatalf("claim %q: name, source, tolerance and its reason are all required", c.Name)
	case !c.Absolute && c.Want == 0:
		t.Fatalf("claim %q: a reference of zero needs an absolute tolerance", c.Name)
	}
	mu.Lock()
	_, twice := made[c.Name]
	made[c.Name] = c
	mu.Unlock()
	if twice {
		t.Fatalf("claim %q is made twice", c.Name)
	}
	if d := c.difference(); !(math.Abs(d) <= c.Tol) {
		t.Errorf("claim %q: got %v %s, want %v, difference %.3g, tolerance %s", c.Name, c.Got, c.Unit, c.Want, d, c.limit())
	}
}

// Main runs the package's tests and then compares the claims made with those on
// file. A run of selected tests only is not compared.
func Main(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if code == 0 && selected() == "" {
		if err := settle(filepath.Join("testdata", "claims.csv")); err != nil {
			fmt.Fprintln(os.Stderr, "claims:", err)
			code = 1
		}
	}
	os.Exit(code)
}

func selected() string {
	var s string
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.fuzz", "test.bench"} {
		if f := flag.Lookup(name); f != nil {
			s += f.Value.String()
		}
	}
	return s
}

func settle(path string) error {
	rows := make([][]string, 0, len(made))
	for _, c := range made {
		rows = append(rows, c.row())
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0] < rows[j][0] })
	if Update() {
		return save(path, rows)
	}
	old, err := Load(path)
	if err != nil {
		return fmt.Errorf("%w; rewrite it with MHO_UPDATE=1 go test", err)
	}
	if len(old) != len(rows) {
		return fmt.Errorf("%s holds %d claims, the tests make %d: rewrite it with MHO_UPDATE=1 go test", path, len(old), len(rows))
	}
	for i, r := range rows {
		if !same(r, old[i]) {
			return fmt.Errorf("%s is stale at %q: rewrite it with MHO_UPDATE=1 go test", path, r[0])
		}
	}
	return nil
}

// same compares rows; our own number and its difference may vary between
// processors and versions of other programs, well inside the tolerance.
func same(a, b []string) bool {
	for i := range a {
		if i == 5 || i == 6 || a[i] == b[i] {
			continue
		}
		return false
	}
	field := func(s string) float64 {
		x, err := strconv.ParseFloat(strings.TrimSuffix(s, " rel."), 64)
		if err != nil {
			return math.NaN()
		}
		return x
	}
	x, y, tol := field(a[5]), field(b[5]), field(a[7])
	if strings.HasSuffix(a[7], " rel.") {
		tol *= math.Abs(field(a[4]))
	}
	return math.Abs(x-y) <= 1e-3*math.Max(math.Abs(x), math.Abs(y))+0.2*tol
}

func save(path string, rows [][]string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append([][]string{Header}, rows...)); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// Load reads the rows of a claims file, without its header.
func Load(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 || strings.Join(rows[0], ",") != strings.Join(Header, ",") {
		return nil, fmt.Errorf("%s is not a file of claims: %v", path, err)
	}
	return rows[1:], nil
}
