package memristor_test

import (
	"bufio"
	"cmp"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

// spiceCase is a model, its drive and the same as behavioural sources of a
// circuit simulator: node p is driven, the voltage of node x is the state over
// scale.
type spiceCase struct {
	name    string
	el      func() device.Element
	w       device.Waveform
	initial float64 // V(x) at first
	scale   float64
	current string  // through the device from p to 0
	rate    string  // dV(x)/dt in volt per unit
	unit    float64 // s
	inside  string  // lines of nodes within the device, "" if none
	steps   int     // of ngspice, 0 meaning 40000
}

func spiceCases(t *testing.T) []spiceCase {
	pulses := device.Waveform{
		T: []float64{0, 1e-9, 3e-9, 4e-9, 6e-9, 6.1e-9, 6.2e-9, 7e-9, 9e-9, 10e-9},
		U: [][]float64{{0, 0.55, 0.55, 0, -1.9, -1.9, 0, 0.7, 0.7, 0}},
	}
	drift := "1e4*V(p)/(100*V(x)+16e3*(1-V(x)))"
	return []spiceCase{
		{"linear-drift", func() device.Element { return memristor.NewLinearDrift() }, sine(t, 1, 1, 1, 400), 5000.0 / 15900, 1,
			"V(p)/(100*V(x)+16e3*(1-V(x)))", drift, 1, "", 0},
		{"linear-drift biolek", func() device.Element {
			m := memristor.NewLinearDrift()
			m.Window, m.P = "biolek", 2
			return m
		}, sine(t, 1.2, 1, 1, 400), 5000.0 / 15900, 1,
			"V(p)/(100*V(x)+16e3*(1-V(x)))", drift + "*(1-pow(V(x)-u(-V(p)),4))", 1, "", 0},
		{"linear-drift joglekar", func() device.Element {
			m := memristor.NewLinearDrift()
			m.Window, m.P = "joglekar", 3
			return m
		}, sine(t, 1.2, 1, 1, 400), 5000.0 / 15900, 1,
			"V(p)/(100*V(x)+16e3*(1-V(x)))", drift + "*(1-pow(2*V(x)-1,6))", 1, "", 0},
		{"nonlinear-drift lehtonen", func() device.Element { return preset(t, "nonlinear-drift/lehtonen") }, sine(t, 0.9, 2000, 1, 400), 0.15, 1,
			"1e-8*((pow(V(x),4)+0.01)*9*sinh(2*V(p))+0.01*(exp(4*V(p))-1))", "12.5*V(p)*pow(V(p),12)*(1-pow(2*V(x)-1,2))", 1e-3, "", 0},
		{"simmons", func() device.Element {
			m := memristor.NewSimmons()
			m.W0 = 1.25e-9
			return m
		}, device.Waveform{T: []float64{0, 0.5, 1, 1.3, 1.6}, U: [][]float64{{0, 1.1, 0, -0.75, 0}}}, 1.25, 1e-9,
			"0", "(V(g)>0 ? 3500*sinh(I(vs)/115e-6)*exp(-exp((V(x)-1.2)/0.107-I(vs)/500e-6)-V(x)/0.107) : -40000*sinh(-I(vs)/8.9e-6)*exp(-exp((1.8-V(x))/0.107+I(vs)/500e-6)-V(x)/0.107))", 1,
			// Lengths in nm; the numbers are e ln 2/(8 pi k eps0), e^2/(2 pi h) and 4 pi sqrt(2 m e)/h.
			".func lam(w) {0.0998107366/w}\n.func dd(w,v) {w*(1-9.2*lam(w)/(2.85+4*lam(w)-2*v))}\n.func nn(w) {1.2*0.0998107366/0.95}\n.func ff(w,v) {nn(w)+dd(w,v)}\n" +
				".func ph(w,v) {0.95-v*(nn(w)+ff(w,v))/(2*w)-1.15*0.0998107366/dd(w,v)*log(ff(w,v)*(w-nn(w))/(nn(w)*(w-ff(w,v))))}\n.func bb(w,v) {10.2463344*dd(w,v)}\n" +
				".func jj(w,v) {0.0616573549/(dd(w,v)*dd(w,v))*(ph(w,v)*exp(-bb(w,v)*sqrt(ph(w,v)))-(ph(w,v)+v)*exp(-bb(w,v)*sqrt(ph(w,v)+v)))}\n" +
				"vs p q 0\nrs q g 215\nb3 g 0 i=sgn(V(g))*jj(V(x),abs(V(g)))\n", 6000},
		{"team", func() device.Element { return memristor.NewTEAM() }, device.Waveform{T: []float64{0, 0.2, 0.4, 0.5, 0.6}, U: [][]float64{{0, 0.9, 0, -0.12, 0}}}, 2.5, 0.6e-9,
			"V(p)/(50+950*(V(x)-2))", "(V(p)/(50+950*(V(x)-2))>115e-6 ? 1.46e-9/0.6*pow(V(p)/(50+950*(V(x)-2))/115e-6-1,10) : (V(p)/(50+950*(V(x)-2))<-8.9e-6 ? -4.68e-13/0.6*pow(V(p)/(50+950*(V(x)-2))/(-8.9e-6)-1,10) : 0))", 1, "", 0},
		{"yakopcic oblea", func() device.Element { return memristor.NewYakopcic() }, sine(t, 0.45, 100, 1, 400), 0.11, 1,
			"0.17*V(x)*sinh(0.05*V(p))", yakopcicRate, 1e-3, "", 0},
		{"messaris", func() device.Element { return memristor.NewMessaris() }, sine(t, 0.7, 5, 1, 400), 13, 1e3,
			"0.24*sinh(2.81*V(p))/(1e3*V(x))", "(V(p)>0 ? (V(x)<16.71 ? 0.74347*(exp(6.51*V(p))-1)*(exp(0.511*(16.71-V(x)))-1) : 0) : (V(x)>29.3+23.69*V(p) ? -68*(exp(-0.31*V(p))-1)*(exp(1.17*(V(x)-29.3-23.69*V(p)))-1) : 0))", 1, "", 0},
		{"strachan", func() device.Element { return memristor.NewStrachan() }, device.Waveform{T: []float64{0, 0.1, 0.2, 0.3, 0.4}, U: [][]float64{{0, 0.46, 0, -0.37, 0}}}, 0.3, 1,
			"V(p)*(0.025*V(x)+(1-V(x))*2.3e-6*exp(1.6*sqrt(abs(V(p)))))", "(V(p)>0 ? 1e-4*sinh(V(p)/0.45)*exp(-pow(V(x)/0.06,2)-I(v1)*V(p)/4e-5) : 1e-10*sinh(V(p)/0.013)*exp(-pow(0.4/V(x),2)+1/(1-500*I(v1)*V(p))))", 1, "", 0},
		{"vteam exponential", func() device.Element {
			m := memristor.NewVTEAM()
			m.Law, m.W0 = "exponential", 1.5e-9
			return device.WithSeries(m, 1e3)
		}, pulses, 0.5, 3e-9,
			"0", vteamRate("V(g)"), 1e-9, "rs p g 1e3\nb3 g 0 i=V(g)/(1e3*pow(300,V(x)))\n", 0},
		{"vteam magic", func() device.Element {
			m := memristor.NewVTEAM()
			m.W0 = 1.5e-9
			return m
		}, pulses, 0.5, 3e-9,
			"V(p)/(1e3+299e3*V(x))", vteamRate("V(p)"), 1e-9, "", 0},
		stanfordSpice(), mmsSpice(t), jartSpice("set", -0.8, 0.008e26), jartSpice("reset", 1.22, 15e26),
	}
}

// vteamRate is the rate of vteam/magic at the voltage of a node, in 3 nm per ns.
func vteamRate(v string) string {
	return strings.ReplaceAll("(v>0.3 ? 0.091/3*pow(v/0.3-1,4) : (v<-1.5 ? -216.2/3*pow(v/(-1.5)-1,4) : 0))", "v", v)
}

// yakopcicRate is the rate of yakopcic/oblea, in 1/ms.
const yakopcicRate = "(V(p)>0.16 ? 4*(exp(V(p))-exp(0.16))*(V(x)>0.3 ? exp(0.3-V(x))*(1-V(x))/0.7 : 1) : (V(p)<-0.15 ? -4*(exp(-V(p))-exp(0.15))*(V(x)<0.5 ? exp(5*(V(x)-0.5))*V(x)/0.5 : 1) : 0))"

func preset(t *testing.T, name string) device.Element {
	for _, e := range memristor.Models() {
		if e.Name == name {
			return e.New().(device.Element)
		}
	}
	t.Fatalf("no model %s", name)
	return nil
}

// deck writes the case for ngspice, which is to write time, state and current.
func (c spiceCase) deck(out string) string {
	var b strings.Builder
	end := c.w.T[len(c.w.T)-1]
	fmt.Fprintf(&b, "%s\nv1 p 0 pwl(", c.name)
	for k, t := range c.w.T {
		if k > 0 && k%4 == 0 {
			b.WriteString("\n+ ")
		}
		fmt.Fprintf(&b, "%.15g %.15g ", t, c.w.U[0][k])
	}
	fmt.Fprintf(&b, ")\nb1 p 0 i=%s\nb2 0 x i=%s\nc1 x 0 %g ic=%.17g\n", c.current, c.rate, c.unit, c.initial)
	b.WriteString(c.inside)
	b.WriteString(".options reltol=1e-7 abstol=1e-15 vntol=1e-12 chgtol=1e-18\n")
	fmt.Fprintf(&b, ".tran %g %g 0 %g uic\n", end/100, end, end/float64(cmp.Or(c.steps, 40000)))
	fmt.Fprintf(&b, ".control\nset numdgt=12\nset wr_singlescale\nrun\nwrdata %s v(x) i(v1)\nquit\n.endc\n.end\n", out)
	return b.String()
}

// spiceRows is how many points of a trace are kept, evenly spaced after the
// first, at which ngspice writes nothing.
const spiceRows = 100

// simulate runs ngspice and returns time, state and current at the points kept.
func (c spiceCase) simulate(t *testing.T) [3][]float64 {
	dir := t.TempDir()
	deck, out := filepath.Join(dir, "deck.cir"), filepath.Join(dir, "out.txt")
	if err := os.WriteFile(deck, []byte(c.deck(out)), 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.Command("ngspice", "-b", deck).CombinedOutput(); err != nil {
		t.Logf("ngspice: %v\n%s", err, msg)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	all := device.Waveform{U: [][]float64{nil, nil}}
	for line := range strings.Lines(string(text)) {
		var v [3]float64
		for j, f := range strings.Fields(line) {
			if v[j], err = strconv.ParseFloat(f, 64); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(all.T); n > 0 && v[0] <= all.T[n-1] {
			continue
		}
		all.T = append(all.T, v[0])
		all.U[0], all.U[1] = append(all.U[0], v[1]*c.scale), append(all.U[1], -v[2])
	}
	if err := all.Validate(); err != nil {
		t.Fatal(err)
	}
	var r [3][]float64
	end := c.w.T[len(c.w.T)-1]
	for k := range spiceRows {
		var u [2]float64
		at := end * float64(k+1) / spiceRows
		all.At(u[:], at)
		r[0], r[1], r[2] = append(r[0], at), append(r[1], u[0]), append(r[2], u[1])
	}
	return r
}

func (c spiceCase) file() string {
	return filepath.Join("testdata", "ngspice_"+strings.ReplaceAll(c.name, " ", "_")+".csv")
}

func (c spiceCase) save(t *testing.T, r [3][]float64) {
	var b strings.Builder
	b.WriteString("t_s,state,i_A\n")
	for k := range r[0] {
		fmt.Fprintf(&b, "%.10g,%.10g,%.10g\n", r[0][k], r[1][k], r[2][k])
	}
	if err := os.WriteFile(c.file(), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (c spiceCase) load(t *testing.T) (r [3][]float64) {
	f, err := os.Open(c.file())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Scan()
	for in.Scan() {
		for j, s := range strings.Split(in.Text(), ",") {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			r[j] = append(r[j], v)
		}
	}
	if len(r[0]) != spiceRows {
		t.Fatalf("%s has %d rows, want %d", c.file(), len(r[0]), spiceRows)
	}
	return r
}

// worst returns the largest difference over the largest size.
func worst(got, want []float64) float64 {
	var diff, size float64
	for k := range want {
		diff, size = max(diff, math.Abs(got[k]-want[k])), max(size, math.Abs(want[k]))
	}
	return diff / size
}

// TestSpice compares whole traces with those that ngspice gave, kept in testdata,
// and these with ngspice anew where it is installed. MHO_UPDATE=1 keeps the new.
func TestSpice(t *testing.T) {
	_, err := exec.LookPath("ngspice")
	installed := err == nil
	for _, c := range spiceCases(t) {
		if installed {
			fresh := c.simulate(t)
			if claims.Update() {
				c.save(t, fresh)
			}
			kept := c.load(t)
			for j, name := range []string{"time", "state", "current"} {
				if d := worst(kept[j], fresh[j]); d > 1e-6 {
					t.Errorf("%s: %s of the trace kept differs from ngspice by %g", c.name, name, d)
				}
			}
		}
		want := c.load(t)
		tr := run(t, c.el(), c.w, &device.Settings{Step: want[0][0]})
		if len(tr.T) != spiceRows+1 {
			t.Fatalf("%s: %d rows, want %d", c.name, len(tr.T), spiceRows+1)
		}
		if slices.Max(want[1])-slices.Min(want[1]) < 0.1*slices.Max(want[1]) {
			t.Fatalf("%s: the state hardly moves", c.name)
		}
		tol, why := 2e-6, "second-order steps of ngspice, ten digits kept"
		if c.name == "jart-vcm set" {
			tol, why = 1e-4, "ngspice's 20000 steps through a runaway; three times as many halve the difference"
		}
		for name, pair := range map[string][2][]float64{"state": {tr.X[0][1:], want[1]}, "current": {tr.Response[1:], want[2]}} {
			check(t, claims.Claim{
				Name: fmt.Sprintf("%s: worst difference of the %s from ngspice, whole trace over its largest value", c.name, name), Kind: claims.IndependentSolver,
				Source: "ngspice 39, the equations as behavioural sources, small trapezoid steps", Want: 0, Got: worst(pair[0], pair[1]), Tol: tol, Absolute: true, Why: why,
			})
		}
	}
}
