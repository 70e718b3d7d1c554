package claims

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

const (
	root     = "../.."
	document = root + "/docs/validation.md"
)

// TestDocument holds docs/validation.md against the claims files of all
// packages.
func TestDocument(t *testing.T) {
	want := validation(t)
	if Update() {
		if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is stale: rewrite it with MHO_UPDATE=1 go test ./internal/claims", document)
	}
}

func validation(t *testing.T) string {
	var paths []string
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(filepath.ToSlash(path), "testdata/claims.csv") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(paths)
	var body strings.Builder
	counts := map[Kind]int{}
	total := 0
	for _, path := range paths {
		rows, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		pkg, _ := filepath.Rel(root, filepath.Dir(filepath.Dir(path)))
		fmt.Fprintf(&body, "\n## %s\n\n| claim | kind | source | reference | ours | difference | tolerance | why this tolerance |\n|---|---|---|---|---|---|---|---|\n", filepath.ToSlash(pkg))
		for _, r := range rows {
			counts[Kind(r[1])]++
			if Kind(r[1]).Counts() {
				total++
			}
			unit := ""
			if r[3] != "" {
				unit = " " + r[3]
			}
			fmt.Fprintf(&body, "| %s | %s | %s | %s%s | %s%s | %s | %s | %s |\n", cell(r[0]), r[1], cell(r[2]), r[4], unit, r[5], unit, r[6], r[7], cell(r[8]))
		}
	}
	var b strings.Builder
	b.WriteString(`# Validation

Each row compares a number of this program with one that was not derived from
its code. The table is made by the tests (` + "`MHO_UPDATE=1 go test ./...`" + `, twice); a
row that no longer holds, or that this page tells differently, fails
` + "`go test ./...`" + `.

`)
	fmt.Fprintf(&b, "%d rows count as validation: ", total)
	var parts []string
	for _, k := range []Kind{Measured, Published, ClosedForm, IndependentSolver} {
		parts = append(parts, fmt.Sprintf("%d %s", counts[k], k))
	}
	fmt.Fprintf(&b, "%s. Further rows (%d %s, %d %s) do not.\n", strings.Join(parts, ", "), counts[Regression], Regression, counts[Calibration], Calibration)
	return b.String() + body.String()
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
