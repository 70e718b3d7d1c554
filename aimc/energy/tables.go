package energy

import (
	"fmt"
	"strings"

	"mho/internal/config"
	"mho/internal/quantity"
)

// confidences say how far a number can be trusted: read in the source named, read
// in another source that reports it, derived by arithmetic, from memory, assumed.
var confidences = []string{"verified", "secondary", "derived", "memory", "assumption"}

// tables reads the named tables [kind.NAME] of a shipped file, in its order. A
// mistake there is one in the program, which the tests find: it panics.
func tables[T any](text []byte, file, kind string, params func(*T) []quantity.Param, name func(*T) *string) []T {
	doc, err := config.Parse(file, text)
	if err == nil {
		var out []T
		if out, err = decodeTables(doc, kind, params, name); err == nil {
			if err = doc.Finish([]string{kind}); err == nil {
				return out
			}
		}
	}
	panic("energy: " + err.Error())
}

// decodeTables takes the tables [kind.NAME] of doc in the order of the file.
func decodeTables[T any](doc *config.Doc, kind string, params func(*T) []quantity.Param, name func(*T) *string) ([]T, error) {
	names := doc.Names(kind)
	out := make([]T, len(names))
	var all []quantity.Param
	for i, n := range names {
		*name(&out[i]) = n
		for _, p := range params(&out[i]) {
			p.Name = n + "." + p.Name
			all = append(all, p)
		}
	}
	return out, doc.Decode(kind, all)
}

// TableSource returns the TOML of a platform or component that ships: its table as
// it stands in data/.
func TableSource(name string) ([]byte, error) {
	for _, t := range []struct{ file, kind string }{{"platforms.toml", "platform"}, {"parts.toml", "part"}, {"technologies.toml", "technology"}, {"factors.toml", "factor"}} {
		text, err := data.ReadFile("data/" + t.file)
		if err != nil {
			return nil, err
		}
		_, rest, ok := strings.Cut(string(text), "\n["+t.kind+"."+name+"]\n")
		if !ok {
			continue
		}
		body, _, _ := strings.Cut(rest, "\n[")
		return []byte("[" + t.kind + "." + name + "]\n" + strings.TrimRight(body, "\n") + "\n"), nil
	}
	return nil, fmt.Errorf("%q is no platform or component: see mho list", name)
}
