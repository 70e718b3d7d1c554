package plots

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// pngCanvas draws on an image.
type pngCanvas struct {
	img *vgimg.Canvas
	dpi int
}

func newPNG(w, h float64, dpi int, background color.Color) *pngCanvas {
	return &pngCanvas{
		img: vgimg.NewWith(vgimg.UseWH(vg.Length(w), vg.Length(h)), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(background)),
		dpi: dpi,
	}
}

func (c *pngCanvas) stroke(p path, pen pen) {
	c.img.SetColor(pen.color)
	c.img.SetLineWidth(vg.Length(pen.width))
	dash := make([]vg.Length, len(pen.dash))
	for i, d := range pen.dash {
		dash[i] = vg.Length(d)
	}
	c.img.SetLineDash(dash, 0)
	c.img.Stroke(vgPath(p))
}

func (c *pngCanvas) fill(p path, col color.NRGBA) {
	c.img.SetColor(col)
	c.img.Fill(vgPath(p))
}

func (c *pngCanvas) vector() bool { return false }

func (c *pngCanvas) text(p path, col color.NRGBA, _ string) { c.fill(p, col) }

// raster paints whole pixels, so that cells keep sharp edges.
func (c *pngCanvas) raster(r rect, _, _ int, paint func(w, h int) image.Image) {
	dst := c.img.Image()
	k := float64(c.dpi) / 72
	px := func(v float64) int { return int(math.Round(v * k)) }
	height := dst.Bounds().Dy()
	at := image.Rect(px(r.x0), height-px(r.y1), px(r.x1), height-px(r.y0))
	if at.Empty() {
		return
	}
	draw.Draw(dst, at, paint(at.Dx(), at.Dy()), image.Point{}, draw.Over)
}

// writeTo writes a PNG file that states its resolution.
func (c *pngCanvas) writeTo(w io.Writer) error {
	var buf bytes.Buffer
	if err := png.Encode(&buf, c.img.Image()); err != nil {
		return err
	}
	// The pHYs chunk, in pixels per metre, must follow the header: an
	// 8 byte signature and an IHDR chunk of 25 bytes.
	const header = 8 + 25
	chunk := make([]byte, 0, 21)
	chunk = binary.BigEndian.AppendUint32(chunk, 9)
	chunk = append(chunk, "pHYs"...)
	perMetre := uint32(math.Round(float64(c.dpi) / 0.0254))
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	for _, b := range [][]byte{buf.Bytes()[:header], chunk, buf.Bytes()[header:]} {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// vgPath returns p as gonum/plot has it.
func vgPath(p path) vg.Path {
	at := func(q point) vg.Point { return vg.Point{X: vg.Length(q.x), Y: vg.Length(q.y)} }
	out := make(vg.Path, 0, len(p))
	for _, s := range p {
		switch s.op {
		case moveTo:
			out.Move(at(s.p[0]))
		case lineTo:
			out.Line(at(s.p[0]))
		case quadTo:
			out.QuadTo(at(s.p[0]), at(s.p[1]))
		case cubeTo:
			out.CubeTo(at(s.p[0]), at(s.p[1]), at(s.p[2]))
		case closePath:
			out.Close()
		}
	}
	return out
}
