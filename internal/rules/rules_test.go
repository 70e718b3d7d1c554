// Package rules tests what the compiler does not: who may import whom.
package rules

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// order lists the packages from the bottom up; one may import those before it,
// and itself. What stands below a name belongs to it.
var order = []string{"mho/noise", "mho/device", "mho/crossbar", "mho/aimc", "mho/aimc/energy", "mho/experiments", "mho/experiments/cli", "mho"}

// owner returns the package of order that a path belongs to.
func owner(path string) string {
	best := ""
	for _, o := range order {
		if o != "mho" && (path == o || strings.HasPrefix(path, o+"/")) && len(o) > len(best) {
			best = o
		}
	}
	if best == "" && path == "mho" {
		return "mho"
	}
	return best
}

func allowed(from, to string) bool {
	switch {
	case strings.HasPrefix(to, "mho/internal/"):
		return true // the plumbing, for everybody
	case strings.HasPrefix(from, "mho/internal/"):
		return false
	case strings.HasPrefix(from, "mho/plots"):
		return strings.HasPrefix(to, "mho/plots")
	case strings.HasPrefix(to, "mho/plots"):
		return strings.HasPrefix(from, "mho/experiments")
	}
	f, t := owner(from), owner(to)
	if f == "" || t == "" {
		return false
	}
	return slices.Index(order, t) <= slices.Index(order, f)
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "mho/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		for _, to := range fields[1:] {
			if to == "mho" || strings.HasPrefix(to, "mho/") {
				seen++
				if !allowed(fields[0], to) {
					t.Errorf("%s imports %s: imports run noise, device, crossbar, aimc, aimc/energy, experiments, experiments/cli; plots and internal import nothing of these", fields[0], to)
				}
			}
		}
	}
	if seen < 10 {
		t.Fatalf("only %d imports within the project were found", seen)
	}
}

func TestAllowed(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"mho/device", "mho/noise", true}, {"mho/noise", "mho/device", false}, {"mho/device/pcm", "mho/device", true}, {"mho/aimc", "mho/aimc/energy", false},
		{"mho/aimc/energy", "mho/aimc", true}, {"mho/plots", "mho/device", false}, {"mho/device", "mho/plots", false}, {"mho/experiments", "mho/plots", true},
		{"mho/internal/files", "mho/noise", false}, {"mho/noise", "mho/internal/vmath", true}, {"mho", "mho/experiments/cli", true}, {"mho/crossbar", "mho/experiments", false},
	} {
		if got := allowed(c.from, c.to); got != c.want {
			t.Errorf("allowed(%s, %s) = %v, want %v", c.from, c.to, got, c.want)
		}
	}
}
