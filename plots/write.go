package plots

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
)

// Formats returns the formats that [Figure.Write] knows.
func Formats() []string { return []string{"pdf", "svg", "png"} }

// Write writes the figure in the given format, one of [Formats]. The bytes
// depend on the figure alone.
func (f *Figure) Write(w io.Writer, format string) error {
	if !slices.Contains(Formats(), format) {
		return fmt.Errorf("plots: format %q: want one of %s", format, strings.Join(Formats(), ", "))
	}
	pg, err := f.lay()
	if err != nil {
		return err
	}
	switch format {
	case "pdf":
		c := newPDF(pg.w, pg.h, f.Title)
		pg.draw(c)
		err = c.writeTo(w)
	case "svg":
		if _, err = io.WriteString(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"); err == nil {
			err = f.svg(w, pg)
		}
	case "png":
		dpi := f.DPI
		if dpi == 0 {
			dpi = 600
		}
		const most = 200e6 // pixels, of four bytes
		if n := pg.w * pg.h * float64(dpi*dpi) / (72 * 72); n > most {
			return fmt.Errorf("plots: %d dots per inch make an image of %.3g pixels: want at most %.3g", dpi, n, float64(most))
		}
		c := newPNG(pg.w, pg.h, dpi, white)
		pg.draw(c)
		err = c.writeTo(w)
	}
	if err != nil {
		return fmt.Errorf("plots: writing %s: %w", format, err)
	}
	return nil
}

func (f *Figure) svg(w io.Writer, pg *page) error {
	c := &svgCanvas{w: pg.w, h: pg.h, title: f.Title}
	pg.draw(c)
	return c.writeTo(w)
}

// WriteHTML writes the figure as an element of an HTML page: an SVG drawing
// and the title as its caption.
func (f *Figure) WriteHTML(w io.Writer) error {
	pg, err := f.lay()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "<figure>\n"); err != nil {
		return err
	}
	if err := f.svg(w, pg); err != nil {
		return fmt.Errorf("plots: writing html: %w", err)
	}
	caption := ""
	if f.Title != "" {
		caption = "<figcaption>" + html.EscapeString(f.Title) + "</figcaption>\n"
	}
	_, err = io.WriteString(w, caption+"</figure>\n")
	return err
}
