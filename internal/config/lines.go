package config

import (
	"strconv"
	"strings"
)

// keyLines returns the line of every key and table of a valid TOML text, by its
// path; the decoder's own metadata has no positions. Entries of arrays of tables
// are numbered from 0: "device[1].model".
func keyLines(text string) map[string]int {
	s := &scanner{text: text, line: 1, lines: map[string]int{}, counts: map[string]int{}}
	table := ""
	for {
		s.skip(" \t\r\n")
		switch c := s.peek(); {
		case c == 0:
			return s.lines
		case c == '[':
			array := strings.HasPrefix(s.text[s.at:], "[[")
			s.advance(1)
			if array {
				s.advance(1)
			}
			line := s.line
			keys := s.key()
			table = ""
			for i, k := range keys {
				table = join(table, k)
				last := i == len(keys)-1
				if array && last {
					n := s.counts[table]
					s.counts[table]++
					if n == 0 {
						s.lines[table] = line
					}
					table += "[" + strconv.Itoa(n) + "]"
				} else if n := s.counts[table]; n > 0 {
					table += "[" + strconv.Itoa(n-1) + "]"
				}
			}
			s.lines[table] = line
			s.toLineEnd()
		default:
			s.pair(table)
			s.toLineEnd()
		}
	}
}

type scanner struct {
	text   string
	at     int
	line   int
	lines  map[string]int
	counts map[string]int
}

func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) advance(n int) {
	for ; n > 0 && s.at < len(s.text); n-- {
		if s.text[s.at] == '\n' {
			s.line++
		}
		s.at++
	}
}

// skip passes over the given characters and over comments.
func (s *scanner) skip(chars string) {
	for {
		c := s.peek()
		switch {
		case c == '#':
			for s.peek() != '\n' && s.peek() != 0 {
				s.advance(1)
			}
		case c != 0 && strings.IndexByte(chars, c) >= 0:
			s.advance(1)
		default:
			return
		}
	}
}

func (s *scanner) toLineEnd() {
	for s.peek() != '\n' && s.peek() != 0 {
		s.advance(1)
	}
}

// key reads a dotted key up to '=' or ']'.
func (s *scanner) key() []string {
	var keys []string
	for {
		for s.peek() == ' ' || s.peek() == '\t' {
			s.advance(1)
		}
		start := s.at
		switch c := s.peek(); c {
		case '"', '\'':
			s.str()
			k := s.text[start:s.at]
			if c == '"' {
				if u, err := strconv.Unquote(k); err == nil {
					k = u
				}
			} else {
				k = strings.Trim(k, "'")
			}
			keys = append(keys, k)
		default:
			for c := s.peek(); c != 0 && strings.IndexByte(" \t.=]\r\n", c) < 0; c = s.peek() {
				s.advance(1)
			}
			keys = append(keys, s.text[start:s.at])
		}
		for s.peek() == ' ' || s.peek() == '\t' {
			s.advance(1)
		}
		if s.peek() != '.' {
			return keys
		}
		s.advance(1)
	}
}

func (s *scanner) pair(table string) {
	line := s.line
	path := table
	for _, k := range s.key() {
		path = join(path, k)
		if _, ok := s.lines[path]; !ok {
			s.lines[path] = line
		}
	}
	s.skip(" \t=")
	s.value(path)
}

func (s *scanner) value(path string) {
	switch s.peek() {
	case '"', '\'':
		s.str()
	case '{':
		s.advance(1)
		for {
			s.skip(" \t\r\n,")
			if c := s.peek(); c == '}' || c == 0 {
				s.advance(1)
				return
			}
			s.pair(path)
		}
	case '[':
		s.advance(1)
		for i := 0; ; i++ {
			s.skip(" \t\r\n,")
			if c := s.peek(); c == ']' || c == 0 {
				s.advance(1)
				return
			}
			p := path + "[" + strconv.Itoa(i) + "]"
			s.lines[p] = s.line
			s.value(p)
		}
	default:
		for c := s.peek(); c != 0 && strings.IndexByte(",]}\r\n#", c) < 0; c = s.peek() {
			s.advance(1)
		}
	}
}

// str passes over a string of any of the four kinds.
func (s *scanner) str() {
	q := s.text[s.at : s.at+1]
	if triple := strings.Repeat(q, 3); strings.HasPrefix(s.text[s.at:], triple) {
		s.advance(3)
		for s.peek() != 0 && !strings.HasPrefix(s.text[s.at:], triple) {
			if q == `"` && s.peek() == '\\' {
				s.advance(1)
			}
			s.advance(1)
		}
		s.advance(3)
		for s.peek() == q[0] { // up to two quotes may end the text itself
			s.advance(1)
		}
		return
	}
	s.advance(1)
	for c := s.peek(); c != 0 && c != q[0] && c != '\n'; c = s.peek() {
		if q == `"` && c == '\\' {
			s.advance(1)
		}
		s.advance(1)
	}
	s.advance(1)
}
