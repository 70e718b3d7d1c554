package files

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestReadNumPyNPZ(t *testing.T) {
	want := map[string]Array{
		"w":            {Shape: []int{2, 3}, Data: f8},
		"layer.0/bias": {Shape: []int{3}, Data: f4[:3]},
		"n":            {Shape: []int{3}, Data: []int64{0, 1, 2}},
	}
	got, err := ReadNPZ(numpy("stored.npz"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("stored: %s", d)
	}
	want["zeros"] = Array{Shape: []int{200, 100}, Data: make([]float64, 20000)}
	if got, err = ReadNPZ(numpy("deflated.npz")); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("deflated: %s", d)
	}
}

func TestNPZRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := map[string]Array{}
		var list []NamedArray
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z0-9._/-]{0,9}`), 0, 5, rapid.ID).Draw(t, "names") {
			want[name] = drawArray(t)
			list = append(list, NamedArray{name, want[name]})
		}
		var b, again bytes.Buffer
		if err := EncodeNPZ(&b, list); err != nil {
			t.Fatal(err)
		}
		if err := EncodeNPZ(&again, list); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Fatalf("a second writing differs (error %v)", err)
		}
		got, err := DecodeNPZ(bytes.NewReader(b.Bytes()), int64(b.Len()), "x.npz")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, sameBits); d != "" {
			t.Error(d)
		}
		// The order given is the order of the members.
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range z.File {
			if f.Name != list[i].Name+".npy" {
				t.Errorf("member %d is %s, want %s.npy", i, f.Name, list[i].Name)
			}
		}
	})
}

// zipOf packs members given as name, content, name, content...
func zipOf(t *testing.T, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.Create(members[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(members[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCorruptNPZ(t *testing.T) {
	one, err := os.ReadFile(numpy("f8_C.npy"))
	if err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile(numpy("stored.npz"))
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(stored)
	flipped[220] ^= 1 // in the numbers of the first array
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "x.npz: not a .npz file: zip: not a valid zip file"},
		{"npy", one, "x.npz: not a .npz file: zip: not a valid zip file"},
		{"truncated", stored[:len(stored)/2], "x.npz: not a .npz file: zip: not a valid zip file"},
		{"other member", zipOf(t, "a.txt", "x"), `x.npz: member "a.txt": want arrays only, named NAME.npy`},
		{"no name", zipOf(t, ".npy", string(one)), `x.npz: member ".npy": want arrays only, named NAME.npy`},
		{"twice", zipOf(t, "a.npy", string(one), "a.npy", string(one)), `x.npz: array "a" occurs twice: want each name once`},
		{"no array", zipOf(t, "a.npy", "1,2,3\n4,5,6"), `x.npz: array "a": not a .npy file: want a .npy file of format 1 or 2`},
		{"flipped bit", flipped, `x.npz: array "w": zip: checksum error: want a whole .npy file`},
	} {
		_, err := DecodeNPZ(bytes.NewReader(c.file), int64(len(c.file)), "x.npz")
		checkError(t, c.name, err, c.want)
	}
}

// A member that claims a terabyte, with an array header that agrees, must be
// refused before memory is taken.
func TestLyingNPZ(t *testing.T) {
	header := "{'descr': '<f8', 'fortran_order': False, 'shape': (137438953472,), }"
	file := npyFile(header, 8)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "a.npy", Method: zip.Deflate,
		CompressedSize64: uint64(len(file)), UncompressedSize64: uint64(len(header)) + 11 + 1<<40,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = DecodeNPZ(bytes.NewReader(b.Bytes()), int64(b.Len()), "x.npz")
	if err == nil || !strings.HasPrefix(err.Error(), `x.npz: array "a": declares 1099511627855 bytes in 87 compressed`) {
		t.Errorf("got %v", err)
	}
}

func TestEncodeNPZErrors(t *testing.T) {
	a := Array{Shape: []int{1}, Data: []float64{1}}
	for _, c := range []struct {
		arrays []NamedArray
		want   string
	}{
		{[]NamedArray{{"", a}}, "array without a name: want one"},
		{[]NamedArray{{"w", a}, {"w", a}}, `array "w" occurs twice: want each name once`},
		{[]NamedArray{{"w", Array{Shape: []int{2}, Data: []float64{1}}}}, `array "w": array of shape [2] with 1 value: want 2`},
	} {
		path := filepath.Join(t.TempDir(), "w.npz")
		checkError(t, "encode", WriteNPZ(path, c.arrays), path+": cannot write: "+c.want)
		if _, err := os.Stat(path); err == nil {
			t.Error("a file appeared beside the error")
		}
	}
}
