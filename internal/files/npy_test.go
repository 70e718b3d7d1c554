package files

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"codeberg.org/sbinet/npyio/npy"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func numpy(name string) string { return filepath.Join("testdata", "numpy", name) }

// The values of testdata/numpy/make.py.
var (
	f8  = []float64{0, -1.5, 2.5e-05, 3.25, 1e300, -7}
	f4  = []float32{0, -1.5, 0.1, 3.25, 1e30, -7}
	f4d = []float64{0, -1.5, float64(float32(0.1)), 3.25, float64(float32(1e30)), -7}
)

func arange(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = float64(i)
	}
	return v
}

func TestReadNumPyMatrix(t *testing.T) {
	cases := map[string]Matrix{
		"f8_1d.npy":   {1, 3, f8[:3]},
		"f4_1d.npy":   {1, 3, f4d[:3]},
		"f8_v2.npy":   {2, 3, f8},
		"be_f8_C.npy": {2, 3, f8}, "be_f8_F.npy": {2, 3, f8},
		"be_f4_C.npy": {2, 3, f4d}, "be_f4_F.npy": {2, 3, f4d},
		"f8_C.npy": {2, 3, f8}, "f8_F.npy": {2, 3, f8},
		"f4_C.npy": {2, 3, f4d}, "f4_F.npy": {2, 3, f4d},
	}
	for _, dtype := range []string{"i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "be_i4", "be_u2"} {
		last := -100.0
		if strings.Contains(dtype, "u") {
			last = 100
		}
		m := Matrix{2, 3, []float64{0, 1, 2, 3, 4, last}}
		cases[dtype+"_C.npy"], cases[dtype+"_F.npy"] = m, m
	}
	for name, want := range cases {
		got, err := ReadMatrix(numpy(name))
		if err != nil {
			t.Error(err)
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestReadNumPyArray(t *testing.T) {
	ints := make([]int64, 24)
	for i := range ints {
		ints[i] = int64(i)
	}
	for name, want := range map[string]Array{
		"f8_3d_C.npy":  {Shape: []int{2, 3, 4}, Data: arange(24)},
		"f8_3d_F.npy":  {Shape: []int{2, 3, 4}, Data: arange(24)},
		"i8_3d.npy":    {Shape: []int{2, 3, 4}, Data: ints},
		"f8_0d.npy":    {Shape: []int{}, Data: []float64{2.5}},
		"f8_empty.npy": {Shape: []int{0, 3}, Data: []float64{}},
		"f4_F.npy":     {Shape: []int{2, 3}, Data: f4},
	} {
		got, err := ReadNPY(numpy(name))
		if err != nil {
			t.Error(err)
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	got, err := ReadNPY(numpy("f8_nan.npy"))
	if err != nil || !got.Optional || !math.IsNaN(got.Data.([]float64)[1]) {
		t.Errorf("array with a NaN: %v, %v, want it to be optional", got, err)
	}
}

func TestReadNumPyErrors(t *testing.T) {
	const types = ": want float64, float32 or integers"
	for name, want := range map[string]string{
		"c16.npy":    `array of type "<c16"` + types,
		"bool.npy":   `array of type "|b1"` + types,
		"f2.npy":     `array of type "<f2"` + types,
		"str.npy":    `array of type "<U1"` + types,
		"object.npy": `array of type "|O"` + types,
		"f8_v3.npy":  ".npy format 3.0: want a .npy file of format 1 or 2",
		"f8_inf.npy": "element 1: -Inf: want a finite number",
		"u8_big.npy": "element 1: 9223372036854775808: want an integer below 2^63",
		"stored.npz": "not a .npy file: want a .npy file of format 1 or 2",
	} {
		_, err := ReadNPY(numpy(name))
		checkError(t, name, err, numpy(name)+": "+want)
	}
	if _, err := ReadNPY(numpy("struct.npy")); err == nil || !strings.Contains(err.Error(), types) {
		t.Errorf("struct.npy: %v, want an error about its type", err)
	}
}

// npyFile builds a .npy file of format 1 with any header.
func npyFile(header string, body int) []byte {
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)+1), byte((len(header)+1)>>8))
	return append(append(append(b, header...), '\n'), make([]byte, body)...)
}

func TestCorruptNPY(t *testing.T) {
	max := strconv.Itoa(math.MaxInt)
	head := func(dtype, shape string) string {
		return "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': " + shape + ", }"
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "file ends in the header: want a .npy file of format 1 or 2"},
		{"magic only", []byte("\x93NUMPY"), "file ends in the header: want a .npy file of format 1 or 2"},
		{"text", []byte("1,2,3\n4,5,6\n"), "not a .npy file: want a .npy file of format 1 or 2"},
		{"format 2 cut", []byte("\x93NUMPY\x02\x00\x00\x00"), "file ends in the header: want a .npy file of format 1 or 2"},
		{"huge header", []byte("\x93NUMPY\x02\x00\x00\x00\x00\xf0"), ".npy header of 4026531840 bytes in a file of 12: want at most 65535, and within the file"},
		{"header cut", []byte("\x93NUMPY\x01\x00\x76\x00{'descr"), ".npy header of 118 bytes in a file of 17: want at most 65535, and within the file"},
		{"no newline", []byte("\x93NUMPY\x01\x00\x01\x00x"), "corrupt .npy header: want what numpy.save writes"},
		{"swapped keys", npyFile("{'shape': (1,), 'fortran_order': False, 'descr': '<f8', }", 8), "corrupt .npy header: want what numpy.save writes"},
		{"no dictionary", npyFile("hello", 8), "corrupt .npy header: npy: invalid dictionary format"},
		{"shape of text", npyFile(head("<f8", "(a,)"), 8), `corrupt .npy header: strconv.Atoi: parsing "a": invalid syntax`},
		{"negative shape", npyFile(head("<f8", "(-1,)"), 8), "array of shape [-1]: want no negative dimension"},
		{"huge shape", npyFile(head("<f8", "(100000, 20000)"), 8), `8 bytes of data for shape [100000 20000] of "<f8": want 8 bytes for each of 2000000000`},
		{"shape at the limit", npyFile(head("<f8", "("+max+",)"), 8), `8 bytes of data for shape [` + max + `] of "<f8": want 8 bytes for each of ` + max},
		{"shape beyond the limit", npyFile(head("<f8", "("+max+", 2)"), 0), "array of shape [" + max + " 2]: want at most " + max + " elements"},
		{"shape beyond the limit, empty", npyFile(head("<f8", "("+max+", 0, 2)"), 8), `8 bytes of data for shape [` + max + ` 0 2] of "<f8": want 8 bytes for each of 0`},
		{"many dimensions", npyFile(head("<f8", "("+strings.Repeat("1, ", 33)+")"), 8), "array of 33 dimensions: want at most 32"},
		{"truncated", npyFile(head("<f8", "(3,)"), 23), `23 bytes of data for shape [3] of "<f8": want 8 bytes for each of 3`},
		{"too long", npyFile(head("<f8", "(3,)"), 25), `25 bytes of data for shape [3] of "<f8": want 8 bytes for each of 3`},
		{"zero width", npyFile(head("<f0", "(3,)"), 0), `array of type "<f0": want float64, float32 or integers`},
	} {
		_, err := DecodeNPY(bytes.NewReader(c.file), int64(len(c.file)), "x.npy")
		checkError(t, c.name, err, "x.npy: "+c.want)
	}
	// A size that is not that of the reader, as a lying .npz member would give.
	file := npyFile(head("<f8", "(3,)"), 16)
	_, err := DecodeNPY(bytes.NewReader(file), int64(len(file))+8, "x.npy")
	checkError(t, "short reader", err, "x.npy: data ends early or is corrupt: EOF")
	file = append(file, make([]byte, 9)...)
	_, err = DecodeNPY(bytes.NewReader(file), int64(len(file))-1, "x.npy")
	checkError(t, "long reader", err, "x.npy: more bytes than the file declares: want a whole .npy file")
}

// What is written must be what NumPy writes, to the byte.
func TestEncodeNPYAsNumPy(t *testing.T) {
	ints := make([]int64, 24)
	for i := range ints {
		ints[i] = int64(i)
	}
	long := arange(1000)
	for i := range long {
		long[i] /= 8
	}
	for name, a := range map[string]Array{
		"f8_C.npy":     {Shape: []int{2, 3}, Data: f8},
		"f4_C.npy":     {Shape: []int{2, 3}, Data: f4},
		"f8_3d_C.npy":  {Shape: []int{2, 3, 4}, Data: arange(24)},
		"i8_3d.npy":    {Shape: []int{2, 3, 4}, Data: ints},
		"f8_1d.npy":    {Shape: []int{3}, Data: f8[:3]},
		"f8_long.npy":  {Shape: []int{1000}, Data: long},
		"f8_0d.npy":    {Data: []float64{2.5}},
		"f8_empty.npy": {Shape: []int{0, 3}, Data: []float64{}},
		"i8_C.npy":     {Shape: []int{2, 3}, Data: []int64{0, 1, 2, 3, 4, -100}},
		"f8_nan.npy":   {Shape: []int{2}, Data: []float64{1, math.Float64frombits(0x7ff8 << 48)}, Optional: true},
	} {
		want, err := os.ReadFile(numpy(name))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := a.EncodeNPY(&b); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s: wrote\n%q, want\n%q", name, b.Bytes(), want)
		}
	}
}

func TestEncodeNPYErrors(t *testing.T) {
	nan32 := float32(math.NaN())
	for _, c := range []struct {
		a    Array
		want string
	}{
		{Array{Shape: []int{1}, Data: []int{1}}, "array data is []int: want []float64, []float32 or []int64"},
		{Array{}, "array data is <nil>: want []float64, []float32 or []int64"},
		{Array{Shape: []int{2, 2}, Data: []float64{1}}, "array of shape [2 2] with 1 value: want 4"},
		{Array{Shape: []int{-2}, Data: []float64{1}}, "array of shape [-2]: want no negative dimension"},
		{Array{Shape: []int{1}, Data: []float64{math.NaN()}}, "element 0: NaN: want a finite number, or an array marked optional"},
		{Array{Shape: []int{2}, Data: []float32{1, nan32}}, "element 1: NaN: want a finite number, or an array marked optional"},
		{Array{Shape: []int{1}, Data: []float64{math.Inf(1)}, Optional: true}, "element 0: +Inf: want a finite number"},
	} {
		var b bytes.Buffer
		checkError(t, "encode", c.a.EncodeNPY(&b), c.want)
		if b.Len() != 0 {
			t.Errorf("%v: %d bytes written beside the error", c.a, b.Len())
		}
	}
	_, err := Array{Shape: []int{1}, Data: []int64{1<<53 + 1}}.Matrix()
	checkError(t, "matrix", err, "element 0: 9007199254740993: want an integer within ±2^53")
}

func drawArray(t *rapid.T) Array {
	shape := rapid.SliceOfN(rapid.IntRange(0, 5), 0, 4).Draw(t, "shape")
	n := 1
	for _, d := range shape {
		n *= d
	}
	a := Array{Shape: shape}
	switch rapid.IntRange(0, 2).Draw(t, "type") {
	case 0:
		a.Data = rapid.SliceOfN(finite(), n, n).Draw(t, "data")
	case 1:
		a.Data = rapid.SliceOfN(rapid.Float32Range(-1e30, 1e30), n, n).Draw(t, "data")
	case 2:
		a.Data = rapid.SliceOfN(rapid.Int64(), n, n).Draw(t, "data")
	}
	return a
}

func TestNPYRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawArray(t)
		var b bytes.Buffer
		if err := want.EncodeNPY(&b); err != nil {
			t.Fatal(err)
		}
		if i := bytes.IndexByte(b.Bytes(), '\n'); i%64 != 63 {
			t.Fatalf("data starts at byte %d, want a multiple of 64", i+1)
		}
		got, err := DecodeNPY(bytes.NewReader(b.Bytes()), int64(b.Len()), "x.npy")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, sameBits); d != "" {
			t.Error(d)
		}
	})
}

// npyio's own reader of whole files must see the same numbers.
func TestEncodeNPYReadByNpyio(t *testing.T) {
	var b bytes.Buffer
	if err := (Array{Shape: []int{2, 3}, Data: f8}).EncodeNPY(&b); err != nil {
		t.Fatal(err)
	}
	var got []float64
	if err := npy.Read(&b, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(f8, got); d != "" {
		t.Error(d)
	}
}

// rowMajor against the definition: element (i, j, k) of an array with the first
// index fastest is at i + j n0 + k n0 n1.
func TestRowMajor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n0, n1, n2 := rapid.IntRange(1, 5).Draw(t, "n0"), rapid.IntRange(1, 5).Draw(t, "n1"), rapid.IntRange(1, 5).Draw(t, "n2")
		data := arange(n0 * n1 * n2)
		got := rowMajor(data, []int{n0, n1, n2})
		for i := range n0 {
			for j := range n1 {
				for k := range n2 {
					if g, w := got[(i*n1+j)*n2+k], data[i+j*n0+k*n0*n1]; g != w {
						t.Fatalf("element (%d, %d, %d) = %g, want %g", i, j, k, g, w)
					}
				}
			}
		}
	})
}
