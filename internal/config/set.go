package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// A step is one part of a path: a key, and an index if the key holds several tables.
type step struct {
	key   string
	index int // -1 if there is none
}

func (s step) get(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	if s.index < 0 {
		return m[s.key]
	}
	if l, ok := m[s.key].([]map[string]any); ok && s.index < len(l) {
		return l[s.index]
	}
	return nil
}

// splitPath reads `a.b`, `device[1].x` and `sweep."array.rows"`.
func splitPath(path string) ([]step, error) {
	bad := func() ([]step, error) {
		return nil, fmt.Errorf("%q is not a key: must be names joined by dots, such as device.g_max or device[1].g_max", path)
	}
	var steps []step
	for rest := path; ; {
		var s step
		s.index = -1
		if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
			end := strings.IndexByte(rest[1:], rest[0])
			if end < 0 {
				return bad()
			}
			s.key, rest = rest[1:end+1], rest[end+2:]
		} else {
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			s.key, rest = rest[:end], rest[end:]
		}
		if s.key == "" {
			return bad()
		}
		if strings.HasPrefix(rest, "[") {
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return bad()
			}
			n, err := strconv.Atoi(rest[1:end])
			if err != nil || n < 0 {
				return bad()
			}
			s.index, rest = n, rest[end+1:]
		}
		steps = append(steps, s)
		if rest == "" {
			return steps, nil
		}
		if rest[0] != '.' {
			return bad()
		}
		rest = rest[1:]
	}
}

// Set applies an override "key.path=value". The value is read as TOML, and as a
// plain text where it is none. Changing the model of a device drops the other
// keys of its table; a key that the sweep moves stays at the value set.
func (d *Doc) Set(assignment string) error {
	origin := "--set " + assignment
	path, text, ok := strings.Cut(assignment, "=")
	path = strings.TrimSpace(path)
	if !ok {
		return &Error{Origin: origin, Text: "there is no '=': must be KEY=VALUE"}
	}
	var v struct{ V any }
	value := any(strings.TrimSpace(text))
	if _, err := toml.Decode("V = "+strings.TrimSpace(text), &v); err == nil && v.V != nil && !strings.Contains(text, "\n") {
		value = v.V
	}
	d.fixed[path] = true
	return d.Put(path, value, origin)
}

// Put sets the value at a path; origin is what errors about it will name.
func (d *Doc) Put(path string, value any, origin string) error {
	steps, err := splitPath(path)
	if err != nil {
		return &Error{Origin: origin, Text: err.Error()}
	}
	fail := func(format string, args ...any) error {
		return &Error{Origin: origin, Key: path, Text: fmt.Sprintf(format, args...)}
	}
	last := steps[len(steps)-1]
	if len(steps) == 2 && steps[0].key == "device" && last.key == "model" && steps[0].index < 0 && d.Count("device") > 1 {
		// One model for a study that compares several leaves one device.
		d.root["device"] = map[string]any{}
		d.forget("device")
	}
	at := d.root
	for _, s := range steps[:len(steps)-1] {
		switch v := at[s.key].(type) {
		case nil:
			if s.index >= 0 {
				return fail("there is no %s[%d]", s.key, s.index)
			}
			m := map[string]any{}
			at[s.key] = m
			at = m
		case map[string]any:
			if s.index > 0 {
				return fail("there is one [%s] only: must be %s or %s[0]", s.key, s.key, s.key)
			}
			at = v
		case []map[string]any:
			if s.index < 0 {
				return fail("there are %d tables [[%s]]: must be %s[0] to %s[%d]", len(v), s.key, s.key, s.key, len(v)-1)
			}
			if s.index >= len(v) {
				return fail("there are %d tables [[%s]]: must be %s[0] to %s[%d]", len(v), s.key, s.key, s.key, len(v)-1)
			}
			at = v[s.index]
		default:
			return fail("%s is a value: has no keys below it", s.key)
		}
	}
	if last.index >= 0 {
		return fail("an entry of a list cannot be set alone: must be the whole list")
	}
	if len(steps) == 2 && steps[0].key == "device" && last.key == "model" && at["model"] != value {
		clear(at)
		d.forget(strings.TrimSuffix(path, ".model"))
	}
	at[last.key] = copyValue(value)
	d.forget(path)
	d.origins[path] = origin
	return nil
}

// forget drops the origins of everything below a path.
func (d *Doc) forget(path string) {
	for p := range d.origins {
		if strings.HasPrefix(p, path+".") || strings.HasPrefix(p, path+"[") {
			delete(d.origins, p)
		}
	}
}
