package digits

import (
	"fmt"

	"codeberg.org/go-fonts/liberation/liberationmonobold"
	"codeberg.org/go-fonts/liberation/liberationmonobolditalic"
	"codeberg.org/go-fonts/liberation/liberationmonoitalic"
	"codeberg.org/go-fonts/liberation/liberationmonoregular"
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansbolditalic"
	"codeberg.org/go-fonts/liberation/liberationsansitalic"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-fonts/liberation/liberationserifbold"
	"codeberg.org/go-fonts/liberation/liberationserifbolditalic"
	"codeberg.org/go-fonts/liberation/liberationserifitalic"
	"codeberg.org/go-fonts/liberation/liberationserifregular"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomediumitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/gomonobolditalic"
	"golang.org/x/image/font/gofont/gomonoitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// Faces returns the names of the faces of a split.
func Faces(split Split) []string {
	var names []string
	for _, f := range files(split) {
		names = append(names, f.name)
	}
	return names
}

type face struct {
	name string
	ttf  []byte
}

func files(split Split) []face {
	if split == Test {
		return []face{
			{"Liberation Sans Bold Italic", liberationsansbolditalic.TTF},
			{"Liberation Serif Italic", liberationserifitalic.TTF},
			{"Liberation Serif Bold", liberationserifbold.TTF},
			{"Liberation Mono", liberationmonoregular.TTF},
			{"Go Medium", gomedium.TTF},
			{"Go Bold Italic", gobolditalic.TTF},
			{"Go Mono Italic", gomonoitalic.TTF},
		}
	}
	return []face{
		{"Liberation Sans", liberationsansregular.TTF},
		{"Liberation Sans Bold", liberationsansbold.TTF},
		{"Liberation Sans Italic", liberationsansitalic.TTF},
		{"Liberation Serif", liberationserifregular.TTF},
		{"Liberation Serif Bold Italic", liberationserifbolditalic.TTF},
		{"Liberation Mono Bold", liberationmonobold.TTF},
		{"Liberation Mono Italic", liberationmonoitalic.TTF},
		{"Liberation Mono Bold Italic", liberationmonobolditalic.TTF},
		{"Go Regular", goregular.TTF},
		{"Go Bold", gobold.TTF},
		{"Go Italic", goitalic.TTF},
		{"Go Medium Italic", gomediumitalic.TTF},
		{"Go Mono", gomono.TTF},
		{"Go Mono Bold", gomonobold.TTF},
		{"Go Mono Bold Italic", gomonobolditalic.TTF},
	}
}

// load parses the faces of a split.
func load(split Split) ([]*sfnt.Font, error) {
	if split != Train && split != Test {
		return nil, fmt.Errorf("digits: split %d: must be Train or Test", split)
	}
	var fonts []*sfnt.Font
	for _, f := range files(split) {
		font, err := sfnt.Parse(f.ttf)
		if err != nil {
			return nil, fmt.Errorf("digits: %s: %w", f.name, err)
		}
		fonts = append(fonts, font)
	}
	return fonts, nil
}
