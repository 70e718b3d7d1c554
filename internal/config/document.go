package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"mho/internal/quantity"
)

// An Error is a mistake in a configuration.
type Error struct {
	Origin string // "FILE:LINE" or "--set KEY=VALUE"
	Key    string // whole path of the key, "" if the mistake has none
	Text   string // what is wrong, and after a colon what is allowed
}

func (e *Error) Error() string {
	s := e.Text
	if e.Key != "" {
		s = e.Key + ": " + s
	}
	if e.Origin != "" {
		s = e.Origin + ": " + s
	}
	return s
}

// A Doc is a configuration: a TOML file with overrides.
type Doc struct {
	File    string
	root    map[string]any
	origins map[string]string // by path
	decoded []Resolved
	known   map[string]bool // tables that Decode was called for
	fixed   map[string]bool // keys that Set gave a value: no axis moves them
}

// Resolved is a parameter after decoding, under its whole path.
type Resolved struct {
	Path string
	quantity.Param
}

// Parse reads TOML. File is the name to give in errors.
func Parse(file string, text []byte) (*Doc, error) {
	d := &Doc{File: file, root: map[string]any{}, origins: map[string]string{}, known: map[string]bool{}, fixed: map[string]bool{}}
	if _, err := toml.Decode(string(text), &d.root); err != nil {
		var p toml.ParseError
		if errors.As(err, &p) {
			msg := p.Message
			if msg == "" {
				msg = strings.TrimPrefix(p.Error(), "toml: ")
			}
			return nil, &Error{Origin: file + ":" + strconv.Itoa(p.Position.Line), Text: "malformed TOML: " + msg}
		}
		return nil, &Error{Origin: file, Text: "malformed TOML: " + err.Error()}
	}
	for path, line := range keyLines(string(text)) {
		d.origins[path] = file + ":" + strconv.Itoa(line)
	}
	return d, nil
}

// Clone returns an independent copy, not yet decoded.
func (d *Doc) Clone() *Doc {
	return &Doc{File: d.File, root: copyValue(d.root).(map[string]any), origins: maps.Clone(d.origins), known: map[string]bool{}}
}

func copyValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, x := range v {
			m[k] = copyValue(x)
		}
		return m
	case []map[string]any:
		l := make([]map[string]any, len(v))
		for i, x := range v {
			l[i] = copyValue(x).(map[string]any)
		}
		return l
	case []any:
		l := make([]any, len(v))
		for i, x := range v {
			l[i] = copyValue(x)
		}
		return l
	}
	return v
}

// origin finds where path, or the nearest table around it, was written.
func (d *Doc) origin(path string) string {
	for p := path; p != ""; {
		if o, ok := d.origins[p]; ok {
			return o
		}
		i := strings.LastIndexAny(p, ".[")
		if i < 0 {
			break
		}
		p = p[:i]
	}
	return d.File
}

// Errorf makes an error at the key with the given path.
func (d *Doc) Errorf(path, format string, args ...any) error {
	return &Error{Origin: d.origin(path), Key: path, Text: fmt.Sprintf(format, args...)}
}

// Count returns how many tables stand at a top-level name: 0 if it is absent, 1
// for [name], the number of [[name]] otherwise.
func (d *Doc) Count(name string) int {
	switch v := d.root[name].(type) {
	case nil:
		return 0
	case []map[string]any:
		return len(v)
	}
	return 1
}

// Path names the i-th table at a top-level name: "device" if it is single,
// else "device[1]".
func (d *Doc) Path(name string, i int) string {
	if _, several := d.root[name].([]map[string]any); several {
		return name + "[" + strconv.Itoa(i) + "]"
	}
	return name
}

// Names lists the keys of the table at a path, in the order of the file; it is
// empty if there is no such table.
func (d *Doc) Names(path string) []string {
	table, ok := d.at(path).(map[string]any)
	if !ok {
		return nil
	}
	return d.byPosition(path, table)
}

// IsTable reports whether a table stands at a path.
func (d *Doc) IsTable(path string) bool {
	_, ok := d.at(path).(map[string]any)
	return ok
}

// at returns what stands at a path, nil if there is nothing.
func (d *Doc) at(path string) any {
	steps, err := splitPath(path)
	if err != nil {
		return nil
	}
	var v any = d.root
	for _, s := range steps {
		v = s.get(v)
	}
	return v
}

// Text returns the string at a path, and whether there is one.
func (d *Doc) Text(path string) (string, bool) {
	text, ok := d.at(path).(string)
	return text, ok
}

// Decode fills params from the table at path ("" for the top level's own keys)
// and records their values; a key that no parameter declares is an error. An
// absent table leaves the defaults.
func (d *Doc) Decode(path string, params []quantity.Param) error {
	d.known[path] = true
	var table map[string]any
	if path == "" {
		table = map[string]any{}
		for k, v := range d.root {
			switch v.(type) {
			case map[string]any, []map[string]any:
			default:
				table[k] = v
			}
		}
	} else {
		steps, err := splitPath(path)
		if err != nil {
			return err
		}
		var v any = d.root
		for _, s := range steps {
			v = s.get(v)
		}
		switch v := v.(type) {
		case nil:
		case map[string]any:
			table = v
		case []map[string]any:
			return d.Errorf(path, "there are %d of this table: must be one [%s]", len(v), path)
		default:
			return d.Errorf(path, "must be a table: write [%s]", path)
		}
	}
	if err := d.fill(path, "", table, params); err != nil {
		return err
	}
	for _, p := range params {
		d.decoded = append(d.decoded, Resolved{join(path, p.Name), p})
	}
	return nil
}

func (d *Doc) fill(path, prefix string, table map[string]any, params []quantity.Param) error {
	seen := map[string]string{}
	for _, key := range d.byPosition(join(path, prefix), table) {
		name := join(prefix, key)
		full := join(path, name)
		i := slices.IndexFunc(params, func(p quantity.Param) bool { return p.Name == name || slices.Contains(p.Aliases, name) })
		if i < 0 {
			sub, isTable := table[key].(map[string]any)
			if isTable && slices.ContainsFunc(params, func(p quantity.Param) bool { return strings.HasPrefix(p.Name, name+".") }) {
				if err := d.fill(path, name, sub, params); err != nil {
					return err
				}
				continue
			}
			return d.Errorf(full, "unknown key%s", d.suggest(path, name, params))
		}
		if other, twice := seen[params[i].Name]; twice {
			return d.Errorf(full, "the same parameter is set as %s too: must be set once", other)
		}
		seen[params[i].Name] = name
		if err := params[i].Assign(table[key]); err != nil {
			return d.Errorf(full, "%v", err)
		}
	}
	return nil
}

func (d *Doc) suggest(path, name string, params []quantity.Param) string {
	names := make([]string, 0, len(params))
	for _, p := range params {
		names = append(names, p.Name)
		names = append(names, p.Aliases...)
	}
	if s := quantity.DidYouMean(name, names); s != "" {
		return s
	}
	if len(names) == 0 {
		return ": no key is allowed here"
	}
	sort.Strings(names)
	return ": must be one of " + strings.Join(names, ", ")
}

// byPosition orders keys as they stand in the file, so that the first mistake
// is the one told.
func (d *Doc) byPosition(path string, table map[string]any) []string {
	keys := slices.Sorted(maps.Keys(table))
	line := func(k string) int {
		o := d.origins[join(path, k)]
		n, err := strconv.Atoi(o[strings.LastIndexByte(o, ':')+1:])
		if err != nil {
			return 1 << 30
		}
		return n
	}
	sort.SliceStable(keys, func(i, j int) bool { return line(keys[i]) < line(keys[j]) })
	return keys
}

// Finish reports the first table that nothing has decoded; names are the
// tables that may stand in such a file.
func (d *Doc) Finish(names []string) error {
	for _, k := range d.byPosition("", d.root) {
		switch d.root[k].(type) {
		case map[string]any, []map[string]any:
		default:
			continue // a top-level key, checked by Decode("")
		}
		for i := range max(1, d.Count(k)) {
			if d.known[d.Path(k, i)] {
				continue
			}
			if slices.Contains(names, k) {
				return d.Errorf(k, "this table has no meaning in this experiment: must be left out")
			}
			if s := quantity.DidYouMean(k, names); s != "" {
				return d.Errorf(k, "unknown table%s", s)
			}
			return d.Errorf(k, "unknown table: must be one of %s", strings.Join(names, ", "))
		}
	}
	return nil
}

// Decoded lists the parameters decoded so far, in order.
func (d *Doc) Decoded() []Resolved { return d.decoded }

// Lookup returns the decoded parameter at a path.
func (d *Doc) Lookup(path string) (quantity.Param, bool) {
	for _, r := range d.decoded {
		if r.Path == path {
			return r.Param, true
		}
		if table, ok := strings.CutSuffix(r.Path, r.Name); ok && strings.HasPrefix(path, table) && slices.Contains(r.Aliases, path[len(table):]) {
			return r.Param, true
		}
	}
	return quantity.Param{}, false
}

// TOML prints the decoded parameters with their present values, as a file that
// decodes to the same.
func (d *Doc) TOML() string {
	var b strings.Builder
	table := ""
	for _, r := range d.decoded {
		t := strings.TrimSuffix(strings.TrimSuffix(r.Path, r.Name), ".")
		if t != table {
			table = t
			if i := strings.IndexByte(t, '['); i >= 0 {
				fmt.Fprintf(&b, "\n[[%s]]\n", t[:i])
			} else {
				fmt.Fprintf(&b, "\n[%s]\n", t)
			}
		}
		fmt.Fprintf(&b, "%s = %s\n", r.Name, r.Text())
	}
	return strings.TrimPrefix(b.String(), "\n")
}

func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + "." + b
}
