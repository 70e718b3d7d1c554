package claims

import (
	"path/filepath"
	"testing"
)

type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Fatalf(string, ...any) { r.failed = true; panic(r) }

func holds(c Claim) (ok bool) {
	r := &recorder{}
	defer func() {
		recover()
		ok = !r.failed
	}()
	Check(r, c)
	return
}

func TestCheckAndSettle(t *testing.T) {
	made = map[string]Claim{}
	good := Claim{Name: "a", Kind: ClosedForm, Source: "s", Want: 2, Got: 2.001, Tol: 1e-3, Why: "w"}
	bad := good
	bad.Name, bad.Got = "b", 2.01
	bare := good
	bare.Why = ""
	zero := Claim{Name: "d", Kind: ClosedForm, Source: "s", Want: 0, Got: 0, Tol: 1, Why: "w"}
	if !holds(good) || holds(good) || holds(bad) || holds(bare) || holds(zero) {
		t.Fatal("Check accepts what it should not, or the reverse")
	}
	t.Setenv("MHO_UPDATE", "")
	path := filepath.Join(t.TempDir(), "testdata", "claims.csv")
	if settle(path) == nil {
		t.Error("a missing file passes")
	}
	t.Setenv("MHO_UPDATE", "1")
	if err := settle(path); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MHO_UPDATE", "")
	if err := settle(path); err != nil {
		t.Error(err)
	}
	c := made["a"]
	c.Tol = 0.5
	made["a"] = c
	if settle(path) == nil {
		t.Error("a changed tolerance passes")
	}
	delete(made, "a")
	if settle(path) == nil {
		t.Error("a claim that is no longer made passes")
	}
}
