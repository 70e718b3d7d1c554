// Package config decodes TOML strictly into declared parameters.
//
// A Doc is a parsed file that remembers the line of every key. Decode fills the
// parameters of one table and refuses whatever is not declared: an unknown key
// (with the nearest known one), a wrong type, a wrong unit, a value out of
// range. Set overrides single keys, as the command line's --set does, and Sweep
// expands the table [sweep] into the points of a study. Every error names the
// file, the line and the whole path of the key.
package config
