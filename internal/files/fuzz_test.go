package files

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// seed adds the files that match a pattern below testdata.
func seed(f *testing.F, pattern string) {
	paths, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || paths == nil {
		f.Fatalf("no seeds %s: %v", pattern, err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

// named reports an error that does not name its file.
func named(t *testing.T, err error) {
	if !strings.HasPrefix(err.Error(), "x:") || strings.HasSuffix(err.Error(), ": ") {
		t.Fatalf("error without the file's name: %q", err)
	}
}

// What is accepted must be written and read back the same.

func FuzzReadCSV(f *testing.F) {
	seed(f, "golden.*.csv")
	f.Add([]byte("\ufeff1, 2\r\n\"3\",-4e-5\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := DecodeCSV(bytes.NewReader(data), "x")
		if err != nil {
			named(t, err)
			return
		}
		var b bytes.Buffer
		if err := m.EncodeCSV(&b); err != nil {
			t.Fatal(err)
		}
		again, err := DecodeCSV(&b, "x")
		if err != nil || !reflect.DeepEqual(m, again) {
			t.Fatalf("%v became %v, %v", m, again, err)
		}
	})
}

func FuzzReadTable(f *testing.F) {
	seed(f, "golden.*.csv")
	f.Add([]byte("\ufeff t_s , v_V\r\n0,\"a\"\"\"\n\n1,\n"))
	f.Add([]byte("a\n\"\"\n \n1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		tab, err := DecodeTable(bytes.NewReader(data), "x")
		if err != nil {
			named(t, err)
			return
		}
		var first, second bytes.Buffer
		if err := tab.WriteCSV(&first); err != nil {
			t.Fatal(err)
		}
		text := first.String()
		again, err := DecodeTable(&first, "x")
		if err != nil {
			t.Fatalf("%v in what was written: %q", err, text)
		}
		if again.Rows() != tab.Rows() || len(again.Columns) != len(tab.Columns) {
			t.Fatalf("%d x %d became %d x %d", tab.Rows(), len(tab.Columns), again.Rows(), len(again.Columns))
		}
		for j := range tab.Columns {
			a, b := &tab.Columns[j], &again.Columns[j]
			if a.Header() != b.Header() || a.Optional != b.Optional || a.Values == nil && !reflect.DeepEqual(a.Text, b.Text) {
				t.Fatalf("column %+v became %+v", a, b)
			}
		}
		if err := again.WriteCSV(&second); err != nil || second.String() != text {
			t.Fatalf("%q became %q, %v", text, second.String(), err)
		}
	})
}

func FuzzReadNPY(f *testing.F) {
	seed(f, "numpy/*.npy")
	f.Add(npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }", 8))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := DecodeNPY(bytes.NewReader(data), int64(len(data)), "x")
		if err != nil {
			named(t, err)
			return
		}
		checkArray(t, a)
	})
}

// checkArray fails if a does not come back from a .npy file as it is.
func checkArray(t *testing.T, a Array) {
	var first, second bytes.Buffer
	if err := a.EncodeNPY(&first); err != nil {
		t.Fatal(err)
	}
	again, err := DecodeNPY(bytes.NewReader(first.Bytes()), int64(first.Len()), "x")
	if err != nil || again.Optional != a.Optional {
		t.Fatalf("%v became %v, %v", a, again, err)
	}
	// The bytes tell NaNs apart, which DeepEqual cannot.
	if err := again.EncodeNPY(&second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Fatalf("%v became %v, %v", a, again, err)
	}
}

func FuzzReadNPZ(f *testing.F) {
	seed(f, "numpy/*.npz")
	seed(f, "golden.npz")
	f.Fuzz(func(t *testing.T, data []byte) {
		arrays, err := DecodeNPZ(bytes.NewReader(data), int64(len(data)), "x")
		if err != nil {
			named(t, err)
			return
		}
		for _, a := range arrays {
			checkArray(t, a)
		}
	})
}
