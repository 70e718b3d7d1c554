// Package cite holds bibliographic references, so that every model can name its
// sources and every run can write a references.bib of the models it used.
package cite

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// A Ref is one publication.
type Ref struct {
	Key     string // citation key such as "Strukov2008"; parameters name it as their source
	Authors string // "A. Author and B. Author"
	Title   string
	Journal string // journal, book or proceedings; for software its name and version
	Volume  string
	Pages   string // first page or article number
	Year    int
	DOI     string // without "https://doi.org/"; empty if there is none
	URL     string // where there is no DOI
}

// String prints the reference on one line.
func (r Ref) String() string {
	s := fmt.Sprintf("%s, %q, %s", r.Authors, r.Title, r.Journal)
	if r.Volume != "" {
		s += " " + r.Volume
	}
	if r.Pages != "" {
		s += ", " + r.Pages
	}
	s += fmt.Sprintf(" (%d)", r.Year)
	if r.DOI != "" {
		s += ", doi:" + r.DOI
	} else if r.URL != "" {
		s += ", " + r.URL
	}
	return s
}

// BibTeX prints refs as a BibTeX file, each key once, sorted by key.
func BibTeX(refs []Ref) string {
	byKey := map[string]Ref{}
	var keys []string
	for _, r := range refs {
		if _, ok := byKey[r.Key]; !ok {
			keys = append(keys, r.Key)
		}
		byKey[r.Key] = r
	}
	sort.Strings(keys)
	var b strings.Builder
	for i, k := range keys {
		r := byKey[k]
		if i > 0 {
			b.WriteByte('\n')
		}
		kind, where := "misc", "journal"
		switch {
		case meeting.MatchString(r.Journal):
			kind, where = "inproceedings", "booktitle"
		case r.Journal != "":
			kind = "article"
		}
		fmt.Fprintf(&b, "@%s{%s,\n", kind, r.Key)
		field := func(name, value string) {
			if value != "" {
				fmt.Fprintf(&b, "  %-9s = {%s},\n", name, latex(value))
			}
		}
		field("author", people.Replace(r.Authors))
		field("title", "{"+r.Title+"}")
		field(where, r.Journal)
		field("volume", r.Volume)
		field("pages", r.Pages)
		field("year", fmt.Sprint(r.Year))
		field("doi", r.DOI)
		field("url", r.URL)
		b.WriteString("}\n")
	}
	return b.String()
}

// meeting tells the proceedings of a meeting from a journal.
var meeting = regexp.MustCompile(`(?i)\b(conference|symposium|proceedings of|meeting|workshop|congress|IEDM)\b`)

// people turns a list of authors as it is printed into BibTeX's.
var people = strings.NewReplacer(", and ", " and ", ", ", " and ", " et al.", " and others")

var latexEscapes = strings.NewReplacer("&", `\&`, "%", `\%`, "#", `\#`, "ü", `{\"u}`, "ö", `{\"o}`, "ä", `{\"a}`, "é", `{\'e}`, "ć", `{\'c}`, "–", "--")

func latex(s string) string { return latexEscapes.Replace(s) }
