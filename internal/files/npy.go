package files

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"codeberg.org/sbinet/npyio/npy"
)

// maxHeader is the longest header read, in bytes: the most that format 1 allows.
const maxHeader = 1<<16 - 1

// manyBytes is the size from which memory is checked before it is taken.
const manyBytes = 64 << 20

// ReadNPY reads an array of any rank from a .npy file. float64 and float32 stay
// what they are, integers of any size become int64, arrays in Fortran order are
// put in C order. Other types, infinities, corrupt headers and a file length that
// does not fit the shape are errors. The array is Optional if it holds a NaN.
func ReadNPY(path string) (Array, error) {
	f, size, err := openSized(path)
	if err != nil {
		return Array{}, err
	}
	defer f.Close()
	return DecodeNPY(io.NewSectionReader(f, 0, size), size, path)
}

// WriteNPY writes a whole (see [WriteFile]) to a .npy file: the bytes are those
// of numpy.save. NaN in an array that is not Optional, infinities, and a Shape
// and Data that do not agree are errors.
func WriteNPY(path string, a Array) error { return WriteFile(path, a.EncodeNPY) }

// DecodeNPY reads the array of a .npy file of size bytes, as [ReadNPY] does.
// Errors use name as that of the file.
func DecodeNPY(r io.Reader, size int64, name string) (Array, error) {
	return decodeNPY(r, size, name, false)
}

func decodeNPY(r io.Reader, size int64, name string, infinite bool) (Array, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	head, err := npyHeader(b, size)
	if err != nil {
		return Array{}, fmt.Errorf("%s: %w", name, err)
	}
	body := size - int64(len(head))
	rd, err := newNPYReader(io.MultiReader(bytes.NewReader(head), b))
	if err != nil {
		return Array{}, fmt.Errorf("%s: %w", name, err)
	}
	a, err := npyData(rd, body)
	if err != nil {
		return Array{}, fmt.Errorf("%s: %w", name, err)
	}
	// Reading to the end also has the checksum of a .npz member verified.
	if _, err := b.ReadByte(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = errors.New("more bytes than the file declares")
		}
		return Array{}, fmt.Errorf("%s: %w: want a whole .npy file", name, err)
	}
	a.Optional = true
	if !infinite {
		if err := a.checkValues(); err != nil {
			return Array{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	a.Optional = a.hasNaN()
	return a, nil
}

// npyHeader reads the bytes up to the data, so that their length is known to be
// sound before anyone allocates by it.
func npyHeader(r io.Reader, size int64) ([]byte, error) {
	const want = "want a .npy file of format 1 or 2"
	start := make([]byte, 12)
	if _, err := io.ReadFull(r, start[:10]); err != nil {
		return nil, fmt.Errorf("file ends in the header: %s", want)
	}
	if !bytes.Equal(start[:6], npy.Magic[:]) {
		return nil, fmt.Errorf("not a .npy file: %s", want)
	}
	var fixed, length int64
	switch start[6] {
	case 1:
		fixed, length = 10, int64(binary.LittleEndian.Uint16(start[8:]))
	case 2:
		if _, err := io.ReadFull(r, start[10:]); err != nil {
			return nil, fmt.Errorf("file ends in the header: %s", want)
		}
		fixed, length = 12, int64(binary.LittleEndian.Uint32(start[8:]))
	default:
		return nil, fmt.Errorf(".npy format %d.%d: %s", start[6], start[7], want)
	}
	if length > maxHeader || fixed+length > size {
		return nil, fmt.Errorf(".npy header of %d bytes in a file of %d: want at most %d, and within the file", length, size, maxHeader)
	}
	head := make([]byte, fixed+length)
	copy(head, start[:fixed])
	if _, err := io.ReadFull(r, head[fixed:]); err != nil {
		return nil, fmt.Errorf("file ends in the header: %s", want)
	}
	return head, nil
}

// newNPYReader is npy.NewReader with its panics at corrupt headers turned into
// errors.
func newNPYReader(r io.Reader) (rd *npy.Reader, err error) {
	defer func() {
		if recover() != nil {
			rd, err = nil, errors.New("corrupt .npy header: want what numpy.save writes")
		}
	}()
	rd, err = npy.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("corrupt .npy header: %w", err)
	}
	return rd, nil
}

// npyData reads the data of an array that is body bytes long.
func npyData(rd *npy.Reader, body int64) (Array, error) {
	shape := rd.Header.Descr.Shape
	dtype := strings.Trim(rd.Header.Descr.Type, "'\"")
	n, err := elements(shape)
	if err != nil {
		return Array{}, err
	}
	// Only names in this table go on to the type parser of npyio.
	var (
		width int
		data  func() (any, error)
	)
	switch strings.TrimLeft(dtype, "<>|=") {
	case "f8":
		width, data = 8, func() (any, error) { return npySlice[float64](rd, n) }
	case "f4":
		width, data = 4, func() (any, error) { return npySlice[float32](rd, n) }
	case "i8":
		width, data = 8, func() (any, error) { return npySlice[int64](rd, n) }
	case "i4":
		width, data = 4, func() (any, error) { return npyInts[int32](rd, n) }
	case "i2":
		width, data = 2, func() (any, error) { return npyInts[int16](rd, n) }
	case "i1":
		width, data = 1, func() (any, error) { return npyInts[int8](rd, n) }
	case "u8":
		width, data = 8, func() (any, error) { return npyInts[uint64](rd, n) }
	case "u4":
		width, data = 4, func() (any, error) { return npyInts[uint32](rd, n) }
	case "u2":
		width, data = 2, func() (any, error) { return npyInts[uint16](rd, n) }
	case "u1":
		width, data = 1, func() (any, error) { return npyInts[uint8](rd, n) }
	default:
		return Array{}, fmt.Errorf("array of type %s: want float64, float32 or integers", quote(dtype))
	}
	if int64(n) > body/int64(width) || int64(n)*int64(width) != body {
		return Array{}, fmt.Errorf("%d bytes of data for shape %v of %s: want %d bytes for each of %d", body, shape, quote(dtype), width, n)
	}
	if body >= manyBytes {
		if err := CheckMemory(fmt.Sprintf("array of shape %v", shape), uint64(body)); err != nil {
			return Array{}, err
		}
	}
	v, err := data()
	if err != nil {
		return Array{}, err
	}
	return Array{Shape: append([]int{}, shape...), Data: v}, nil
}

// npySlice reads n elements and puts them in C order.
func npySlice[T any](rd *npy.Reader, n int) (data []T, err error) {
	data = make([]T, n)
	if n == 0 {
		return data, nil
	}
	defer func() {
		if recover() != nil {
			data, err = nil, errors.New("corrupt .npy data: want what numpy.save writes")
		}
	}()
	// npyio lets io.EOF pass inside, but returns it at the end.
	if err := rd.Read(&data); err != nil {
		return nil, fmt.Errorf("data ends early or is corrupt: %w", err)
	}
	if rd.Header.Descr.Fortran {
		data = rowMajor(data, rd.Header.Descr.Shape)
	}
	return data, nil
}

// npyInts reads n integers of type T as int64.
func npyInts[T int8 | int16 | int32 | uint8 | uint16 | uint32 | uint64](rd *npy.Reader, n int) ([]int64, error) {
	data, err := npySlice[T](rd, n)
	if err != nil {
		return nil, err
	}
	out := make([]int64, n)
	for i, v := range data {
		out[i] = int64(v)
		if v > 0 && out[i] < 0 {
			return nil, fmt.Errorf("element %d: %d: want an integer below 2^63", i, v)
		}
	}
	return out, nil
}

// EncodeNPY writes a as a .npy file, as [WriteNPY] does.
func (a Array) EncodeNPY(w io.Writer) error {
	head, err := a.header()
	if err != nil {
		return err
	}
	if err := a.checkValues(); err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	le := binary.LittleEndian
	switch data := a.Data.(type) {
	case []float64:
		return encode(w, data, 8, func(b []byte, v float64) { le.PutUint64(b, math.Float64bits(v)) })
	case []float32:
		return encode(w, data, 4, func(b []byte, v float32) { le.PutUint32(b, math.Float32bits(v)) })
	case []int64:
		return encode(w, data, 8, func(b []byte, v int64) { le.PutUint64(b, uint64(v)) })
	}
	return nil
}

// encode writes data in blocks, put placing each value in width bytes.
func encode[T any](w io.Writer, data []T, width int, put func([]byte, T)) error {
	const block = 4096
	buf := make([]byte, width*min(block, len(data)))
	for len(data) > 0 {
		n := min(block, len(data))
		for i, v := range data[:n] {
			put(buf[i*width:], v)
		}
		if _, err := w.Write(buf[:n*width]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// header returns the bytes before the data: format 1, spaces to leave the first
// dimension room to grow in place (21 digits, as NumPy since 1.23 does), and
// padding to a multiple of 64 bytes.
func (a Array) header() ([]byte, error) {
	if _, err := a.length(); err != nil {
		return nil, err
	}
	var dtype string
	switch a.Data.(type) {
	case []float64:
		dtype = "<f8"
	case []float32:
		dtype = "<f4"
	case []int64:
		dtype = "<i8"
	}
	b := append([]byte{}, npy.Magic[:]...)
	b = append(b, 1, 0, 0, 0)
	b = fmt.Appendf(b, "{'descr': '%s', 'fortran_order': False, 'shape': (", dtype)
	for k, d := range a.Shape {
		if k > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendInt(b, int64(d), 10)
	}
	if len(a.Shape) == 1 {
		b = append(b, ',')
	}
	b = append(b, "), }"...)
	if len(a.Shape) > 0 {
		b = append(b, strings.Repeat(" ", 21-len(strconv.Itoa(a.Shape[0])))...)
	}
	for (len(b)+1)%64 != 0 {
		b = append(b, ' ')
	}
	b = append(b, '\n')
	binary.LittleEndian.PutUint16(b[8:], uint16(len(b)-10))
	return b, nil
}

// openSized opens a file and returns its length in bytes.
func openSized(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, fileError(path, "read", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		f.Close()
		return nil, 0, fileError(path, "read", err)
	}
	return f, info.Size(), nil
}
