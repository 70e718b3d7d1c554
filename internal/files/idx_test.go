package files

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"
)

func TestIDX(t *testing.T) {
	good := []byte{0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(good)
	z.Close()
	for _, b := range [][]byte{good, packed.Bytes()} {
		shape, data, err := DecodeIDX(bytes.NewReader(b), "f")
		if err != nil || !slices.Equal(shape, []int{2, 3}) || !slices.Equal(data, good[12:]) {
			t.Errorf("%v %v %v", shape, data, err)
		}
	}
	cut := func(n int) []byte { return good[:n] }
	with := func(i int, v byte) []byte {
		b := slices.Clone(good)
		b[i] = v
		return b
	}
	for _, c := range []struct {
		b   []byte
		say string
	}{
		{nil, "f: the file ends within its header"},
		{cut(10), "f: the file ends within its header: must have 2 lengths"},
		{cut(15), "f: the file ends after 3 elements: must have 6"},
		{append(slices.Clone(good), 1), "f: there is more than the 6 elements"},
		{with(2, 13), "f: elements of type 0x0d: must be unsigned bytes"},
		{with(0, 'P'), "f: starts with the bytes 50 00 08 02: must be an IDX file"},
		{with(7, 0), "f: dimension 1 has the length 0"},
		{with(4, 255), "f: the file ends after 6 elements"}, // a claim of 12 GB takes no memory
		{packed.Bytes()[:packed.Len()-9], "f: the file ends after"},
	} {
		if _, _, err := DecodeIDX(bytes.NewReader(c.b), "f"); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%v, want %q", err, c.say)
		}
	}
	if _, _, err := ReadIDX("absent"); err == nil {
		t.Error("an absent file is read")
	}
}

func FuzzDecodeIDX(f *testing.F) {
	f.Add([]byte{0, 0, 8, 1, 0, 0, 0, 2, 1, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		shape, data, err := DecodeIDX(bytes.NewReader(b), "f")
		if err != nil {
			return
		}
		n := 1
		for _, d := range shape {
			n *= d
		}
		if n != len(data) {
			t.Errorf("%d elements for %v", len(data), shape)
		}
	})
}
