// Package files reads and writes the files that users and other programs see:
// matrices (.csv, .npy), arrays of any rank (.npy, .npz) and tables with named,
// unit-bearing columns (.csv).
//
// What is promised:
//
//   - A file appears whole or not at all: [WriteFile] writes to a temporary file
//     beside the target, syncs it and renames it.
//   - The same values give the same bytes. Numbers in CSV are the shortest
//     decimals that read back to the same float64; .npy files are byte for byte
//     those of numpy.save; .npz members are stored uncompressed, with a fixed
//     time, in the order given.
//   - No value is lost in silence. NaN stands for "no value" and is written only
//     where [Array] or [Column] is marked Optional; infinities are always refused.
//   - Corrupt, truncated or absurd input is an error, before memory is taken for
//     what a header claims. An error reads
//     FILE:LINE: column: what is wrong: what is allowed.
//
// Numbers carry no unit of their own: matrices and arrays are in whatever SI unit
// the caller says, table columns name theirs in the header ("g_S", "t_s").
//
// Readers come in two forms: ReadX takes a path, DecodeX takes a reader and the
// name to use in errors.
//
// The .npy format is defined in NEP 1, https://numpy.org/neps/nep-0001-npy-format.html;
// CSV follows RFC 4180, https://doi.org/10.17487/RFC4180, with a byte order mark,
// blank lines and white space around cells accepted.
package files
