package files

import (
	"bytes"
	"io"
	"testing"
)

func benchMatrix(n int) Matrix {
	m := Matrix{n, n, make([]float64, n*n)}
	for i := range m.Data {
		m.Data[i] = 1e-6 * float64(i%9973) / 9973
	}
	return m
}

func BenchmarkDecode(b *testing.B) {
	m := benchMatrix(512)
	a := Array{Shape: []int{m.Rows, m.Cols}, Data: m.Data}
	var text, npy, npz bytes.Buffer
	for _, err := range []error{m.EncodeCSV(&text), a.EncodeNPY(&npy), EncodeNPZ(&npz, []NamedArray{{"w", a}})} {
		if err != nil {
			b.Fatal(err)
		}
	}
	run := func(name string, decode func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := decode(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(m.Data)), "ns/number")
		})
	}
	run("csv", func() error { _, err := DecodeCSV(bytes.NewReader(text.Bytes()), "x"); return err })
	run("npy", func() error {
		_, err := DecodeNPY(bytes.NewReader(npy.Bytes()), int64(npy.Len()), "x")
		return err
	})
	run("npz", func() error {
		_, err := DecodeNPZ(bytes.NewReader(npz.Bytes()), int64(npz.Len()), "x")
		return err
	})
}

func BenchmarkEncode(b *testing.B) {
	m := benchMatrix(512)
	a := Array{Shape: []int{m.Rows, m.Cols}, Data: m.Data}
	tab := &Table{Columns: []Column{{Name: "g", Unit: "S", Values: m.Data}}}
	for _, c := range []struct {
		name   string
		encode func(io.Writer) error
	}{
		{"csv", m.EncodeCSV},
		{"npy", a.EncodeNPY},
		{"table", tab.WriteCSV},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.encode(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(m.Data)), "ns/number")
		})
	}
}
