package files

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ReadIDX reads an IDX file of unsigned bytes, the format of the MNIST data (http://yann.lecun.com/exdb/mnist/), plain or
// compressed by gzip: its dimensions and its data, the last index fastest. Other types, lengths of 0, and a file
// longer or shorter than its dimensions say are errors.
func ReadIDX(path string) (shape []int, data []byte, err error) {
	f, _, err := openSized(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	return DecodeIDX(f, path)
}

// DecodeIDX reads IDX data, as ReadIDX does. Errors use name as that of the file.
func DecodeIDX(r io.Reader, name string) (shape []int, data []byte, err error) {
	in := bufio.NewReader(r)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		in = bufio.NewReader(z)
	}
	var head [4]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, nil, fmt.Errorf("%s: the file ends within its header: must be an IDX file", name)
	}
	if head[0] != 0 || head[1] != 0 || head[3] == 0 {
		return nil, nil, fmt.Errorf("%s: starts with the bytes % x: must be an IDX file, which starts with 00 00 08 and the number of dimensions", name, head)
	}
	if head[2] != 8 {
		return nil, nil, fmt.Errorf("%s: elements of type 0x%02x: must be unsigned bytes, 0x08", name, head[2])
	}
	const most = 1 << 34
	total := 1
	for range head[3] {
		var length uint32
		if err := binary.Read(in, binary.BigEndian, &length); err != nil {
			return nil, nil, fmt.Errorf("%s: the file ends within its header: must have %d lengths", name, head[3])
		}
		if length == 0 || int64(length) > most/int64(total) {
			return nil, nil, fmt.Errorf("%s: dimension %d has the length %d: must be at least 1, and all elements at most %d", name, len(shape)+1, length, int64(most))
		}
		shape = append(shape, int(length))
		total *= int(length)
	}
	// The buffer grows with what is there, not with what the header claims.
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(in, int64(total)+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || err == nil && n < int64(total):
		return nil, nil, fmt.Errorf("%s: the file ends after %d elements: must have %d, as its header says", name, n, total)
	case err != nil:
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	case n > int64(total):
		return nil, nil, fmt.Errorf("%s: there is more than the %d elements that its header says: must end there", name, total)
	}
	return shape, b.Bytes(), nil
}
