package plots

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"strconv"
)

// svgCanvas writes an SVG document whose user unit is the point.
type svgCanvas struct {
	w, h  float64
	title string
	body  bytes.Buffer
	err   error
}

func (c *svgCanvas) stroke(p path, pen pen) {
	c.d(p)
	fmt.Fprintf(&c.body, ` fill="none" stroke="%s" stroke-width="%s"`, hexString(pen.color), num(pen.width))
	if pen.color.A < 255 {
		fmt.Fprintf(&c.body, ` stroke-opacity="%s"`, num(float64(pen.color.A)/255))
	}
	for i, d := range pen.dash {
		c.body.WriteString([]string{` stroke-dasharray="`, " "}[min(i, 1)] + num(d))
	}
	if len(pen.dash) > 0 {
		c.body.WriteByte('"')
	}
	c.body.WriteString("/>\n")
}

func (c *svgCanvas) fill(p path, col color.NRGBA) { c.text(p, col, "") }

func (c *svgCanvas) vector() bool { return true }

func (c *svgCanvas) text(p path, col color.NRGBA, s string) {
	c.d(p)
	if s != "" {
		fmt.Fprintf(&c.body, ` aria-label="%s"`, html.EscapeString(plain(s)))
	}
	if col != black {
		fmt.Fprintf(&c.body, ` fill="%s"`, hexString(col))
	}
	if col.A < 255 {
		fmt.Fprintf(&c.body, ` fill-opacity="%s"`, num(float64(col.A)/255))
	}
	c.body.WriteString("/>\n")
}

func (c *svgCanvas) d(p path) {
	c.body.WriteString(`<path d="`)
	for _, s := range p {
		c.body.WriteByte("MLQCZ"[s.op])
		for i := range [...]int{1, 1, 2, 3, 0}[s.op] {
			if i > 0 {
				c.body.WriteByte(' ')
			}
			c.body.WriteString(num(s.p[i].x) + " " + num(c.h-s.p[i].y))
		}
	}
	c.body.WriteByte('"')
}

func (c *svgCanvas) raster(r rect, w, h int, paint func(w, h int) image.Image) {
	var buf bytes.Buffer
	if err := png.Encode(&buf, paint(w, h)); err != nil {
		c.err = err
		return
	}
	fmt.Fprintf(&c.body, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none"`+
		` style="image-rendering:pixelated" xlink:href="data:image/png;base64,%s"/>`+"\n",
		num(r.x0), num(c.h-r.y1), num(r.w()), num(r.h()), base64.StdEncoding.EncodeToString(buf.Bytes()))
}

// writeTo writes the <svg> element alone, which HTML takes as it is.
func (c *svgCanvas) writeTo(w io.Writer) error {
	if c.err != nil {
		return c.err
	}
	const head = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"` +
		` width="%smm" height="%smm" viewBox="0 0 %s %s" role="img" stroke-linejoin="round">` + "\n"
	if _, err := fmt.Fprintf(w, head, num(c.w/pointsPerMM), num(c.h/pointsPerMM), num(c.w), num(c.h)); err != nil {
		return err
	}
	if c.title != "" {
		if _, err := fmt.Fprintf(w, "<title>%s</title>\n", html.EscapeString(c.title)); err != nil {
			return err
		}
	}
	if _, err := w.Write(c.body.Bytes()); err != nil {
		return err
	}
	_, err := io.WriteString(w, "</svg>\n")
	return err
}

// num writes v with two decimals at most: 0.01 pt is 3.5 µm.
func num(v float64) string {
	b := strconv.AppendFloat(nil, v, 'f', 2, 64)
	b = bytes.TrimRight(b, "0")
	b = bytes.TrimSuffix(b, []byte("."))
	if string(b) == "-0" {
		return "0"
	}
	return string(b)
}

func hexString(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
