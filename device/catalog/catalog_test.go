package catalog_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"mho/device"
	"mho/device/catalog"
	"mho/internal/quantity"
)

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range catalog.All() {
		if seen[e.Name] {
			t.Errorf("the name %s stands for two models", e.Name)
		}
		seen[e.Name] = true
		if e.Name != e.New().Info().Name {
			t.Errorf("the model %s calls itself %s", e.Name, e.New().Info().Name)
		}
		if law, _, found := strings.Cut(e.Name, "/"); found && !seen[law] {
			t.Errorf("the preset %s stands before its law %s", e.Name, law)
		}
	}
	if !slices.Equal(catalog.Names(), names()) || len(seen) < 12 {
		t.Errorf("names %v", catalog.Names())
	}
}

func names() []string {
	var n []string
	for _, e := range catalog.All() {
		n = append(n, e.Name)
	}
	return n
}

func TestNew(t *testing.T) {
	a, err := catalog.New("vteam")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := catalog.New("vteam")
	*a.Params()[0].Value.(*float64) = -1
	if *b.Params()[0].Value.(*float64) == -1 {
		t.Error("two models share a parameter")
	}
	for wrong, want := range map[string]string{
		"vtaem":       `unknown device "vtaem": see mho list devices; did you mean vteam?`,
		"vteam/magik": `unknown device "vteam/magik": see mho list devices; did you mean vteam/magic?`,
		"":            `unknown device "": see mho list devices`,
	} {
		if _, err := catalog.New(wrong); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// each runs a test on every model.
func each(t *testing.T, test func(t *testing.T, m device.Model)) {
	for _, e := range catalog.All() {
		t.Run(strings.ReplaceAll(e.Name, "/", " "), func(t *testing.T) { test(t, e.New()) })
	}
}

// TestDeclarations checks what every model says about itself.
func TestDeclarations(t *testing.T) {
	each(t, func(t *testing.T, m device.Model) {
		info := m.Info()
		if info.Title == "" || info.Technology == "" || len(info.Equations) == 0 || len(info.References) == 0 {
			t.Errorf("incomplete: %+v", info)
		}
		keys := []string{"assumption"}
		for _, r := range info.References {
			if slices.Contains(keys, r.Key) {
				t.Errorf("the reference %s is named twice", r.Key)
			}
			if r.Authors == "" || r.Title == "" || r.Year == 0 || r.DOI == "" && r.URL == "" {
				t.Errorf("incomplete reference %+v", r)
			}
			keys = append(keys, r.Key)
		}
		if err := device.Check(m); err != nil {
			t.Errorf("the defaults are not valid: %v", err)
		}
		seen := map[string]bool{}
		for _, p := range m.Params() {
			for _, n := range append([]string{p.Name}, p.Aliases...) {
				if seen[n] {
					t.Errorf("the name %s stands for two parameters", n)
				}
				seen[n] = true
			}
			if p.Meaning == "" || strings.HasSuffix(p.Meaning, ".") {
				t.Errorf("meaning of %s: %q", p.Name, p.Meaning)
			}
			if !slices.Contains(keys, p.Source) {
				t.Errorf("the source of %s is %q, of %v", p.Name, p.Source, keys)
			}
			if p.Unit != "" && !quantity.Same(p.Unit, quantity.SI(p.Unit)) {
				t.Errorf("the unit of %s, %s, is not SI", p.Name, p.Unit)
			}
		}
	})
}

// TestRoundTrip prints every parameter as TOML and reads it back.
func TestRoundTrip(t *testing.T) {
	each(t, func(t *testing.T, m device.Model) {
		for _, p := range m.Params() {
			before := p.Text()
			var doc map[string]any
			if _, err := toml.Decode(p.Name+" = "+before, &doc); err != nil {
				t.Fatalf("%s = %s: %v", p.Name, before, err)
			}
			if x, ok := p.Value.(*float64); ok {
				defer func(want float64) {
					if *x != want {
						t.Errorf("%s = %s reads back as %g, want %g", p.Name, before, *x, want)
					}
				}(*x)
				*x = math.NaN()
			}
			if err := p.Assign(doc[p.Name]); err != nil {
				t.Fatalf("%s = %s: %v", p.Name, before, err)
			}
			if after := p.Text(); after != before {
				t.Errorf("%s = %s reads back as %s", p.Name, before, after)
			}
		}
	})
}

// TestStates checks that every element's states are described and that each
// initial value is the parameter of the state's name with a 0, but for what an
// element that jumps remembers of its last jump.
func TestStates(t *testing.T) {
	eachElement(t, func(t *testing.T, el device.Element) {
		if d := el.Drives(); len(d) == 0 || d[0] != device.Voltage && d[0] != device.Current {
			t.Fatalf("drives %v", d)
		}
		jumping, ok := el.(device.Jumping)
		memory := ok && jumping.Jumps()
		for i, s := range el.States() {
			if !(s.Min < s.Max) || !(s.Initial >= s.Min && s.Initial <= s.Max) || !(s.Scale > 0) || s.Meaning == "" {
				t.Errorf("state %+v", s)
			}
			if memory && i > 0 {
				continue
			}
			if p := initial(el, s); p == nil || *p != s.Initial {
				t.Errorf("no parameter %s0 that is the initial %s", s.Name, s.Name)
			}
		}
	})
}

func eachElement(t *testing.T, test func(t *testing.T, el device.Element)) {
	each(t, func(t *testing.T, m device.Model) {
		// What is not electrical is tested in its own package.
		if el, ok := m.(device.Element); ok && device.Electrical(el) {
			test(t, el)
		}
	})
}

// initial returns the parameter that holds the initial value of a state.
func initial(el device.Element, s device.State) *float64 {
	for _, p := range el.Params() {
		if p.Name == s.Name+"0" {
			return p.Value.(*float64)
		}
	}
	return nil
}

func ExampleNew() {
	m, err := catalog.New("linear-drift/biolek")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Info().Title)
	for _, p := range m.Params()[:3] {
		fmt.Println(p.Name, "=", p.Text())
	}
	_, err = catalog.New("linear-dirft")
	fmt.Println(err)
	// Output:
	// linear ion drift, figure 5a of Biolek et al., Biolek window
	// r_on = "100ohm"
	// r_off = "16kohm"
	// d = "10nm"
	// unknown device "linear-dirft": see mho list devices; did you mean linear-drift?
}
