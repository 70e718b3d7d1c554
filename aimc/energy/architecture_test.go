package energy

import (
	"testing"

	"mho/internal/claims"
)

func TestMain(m *testing.M) { claims.Main(m) }

// TestRollup holds the sum of the components of every architecture to what was
// published for it.
func TestRollup(t *testing.T) {
	for _, name := range ArchitectureNames() {
		a, err := NewArchitecture(name)
		if err != nil {
			t.Fatal(err)
		}
		if a.Name != name {
			t.Errorf("%s.toml calls itself %q", name, a.Name)
		}
		for _, r := range a.Published {
			got, err := a.Rollup(r)
			if err != nil {
				t.Fatal(err)
			}
			kind := claims.Published
			if r.Use == "calibration" {
				kind = claims.Calibration
			}
			if r.Confidence == "derived" && r.Use == "validation" {
				kind = claims.IndependentSolver
			}
			claims.Check(t, claims.Claim{
				Name: "roll-up of " + name + ": " + r.Name, Kind: kind, Source: r.Source + " (" + r.Confidence + ")", Unit: publishedUnits[r.Quantity],
				Want: r.Value, Got: got, Tol: r.Tolerance, Why: r.Reason,
			})
		}
	}
}
