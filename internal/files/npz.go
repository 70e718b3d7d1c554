package files

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// npzTime is the time of every member: the earliest that a zip file can hold, as
// in NumPy.
var npzTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// ReadNPZ reads the arrays of a .npz file, stored or deflated, by name. What is
// accepted of each is said at [ReadNPY]; members that are no arrays and double
// names are errors.
func ReadNPZ(path string) (map[string]Array, error) {
	f, size, err := openSized(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return DecodeNPZ(f, size, path)
}

// WriteNPZ writes arrays whole (see [WriteFile]) to a .npz file in the order
// given. The bytes depend on the arrays alone. Empty and double names are errors,
// and so is what [WriteNPY] refuses.
func WriteNPZ(path string, arrays []NamedArray) error {
	return WriteFile(path, func(w io.Writer) error { return EncodeNPZ(w, arrays) })
}

// DecodeNPZ reads a .npz file of size bytes, as [ReadNPZ] does. Errors use name
// as that of the file.
func DecodeNPZ(r io.ReaderAt, size int64, name string) (map[string]Array, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%s: not a .npz file: %w", name, err)
	}
	arrays := make(map[string]Array, len(z.File))
	for _, f := range z.File {
		member, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok || member == "" {
			return nil, fmt.Errorf("%s: member %s: want arrays only, named NAME.npy", name, quote(f.Name))
		}
		if _, ok := arrays[member]; ok {
			return nil, fmt.Errorf("%s: array %s occurs twice: want each name once", name, quote(member))
		}
		a, err := npzMember(f, name+": array "+quote(member))
		if err != nil {
			return nil, err
		}
		arrays[member] = a
	}
	return arrays, nil
}

func npzMember(f *zip.File, name string) (Array, error) {
	// Deflate cannot shrink more than 1032 times, so a larger claim is a lie that
	// must not lead to an allocation.
	const shrink, start = 1032, 64
	size := f.UncompressedSize64
	if size > 1<<62 || size/shrink > f.CompressedSize64+start {
		return Array{}, fmt.Errorf("%s: declares %d bytes in %d compressed: want at most %d times as many",
			name, size, f.CompressedSize64, shrink)
	}
	r, err := f.Open()
	if err != nil {
		return Array{}, fmt.Errorf("%s: cannot read: %w", name, err)
	}
	defer r.Close()
	return DecodeNPY(r, int64(size), name)
}

// EncodeNPZ writes arrays as a .npz file, as [WriteNPZ] does.
func EncodeNPZ(w io.Writer, arrays []NamedArray) error {
	z := zip.NewWriter(w)
	seen := make(map[string]bool, len(arrays))
	for _, a := range arrays {
		if a.Name == "" {
			return errors.New("array without a name: want one")
		}
		if seen[a.Name] {
			return fmt.Errorf("array %s occurs twice: want each name once", quote(a.Name))
		}
		seen[a.Name] = true
		// Stored, not deflated: the bytes of compress/flate may change between
		// versions of Go.
		f, err := z.CreateHeader(&zip.FileHeader{Name: a.Name + ".npy", Method: zip.Store, Modified: npzTime})
		if err == nil {
			err = a.EncodeNPY(f)
		}
		if err != nil {
			return fmt.Errorf("array %s: %w", quote(a.Name), err)
		}
	}
	return z.Close()
}
