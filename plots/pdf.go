package plots

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// epoch is written as the date of each PDF, which would otherwise differ
// between runs.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// pdfCanvas draws on one PDF page. It drives fpdf itself because the canvas of
// gonum/plot writes quadratic curves as cubic ones, premultiplies colours with
// their opacity, has mitred joins and keeps the time of day.
type pdfCanvas struct {
	doc     *fpdf.Fpdf
	h       float64
	opacity uint8
	images  int
}

func newPDF(w, h float64, title string) *pdfCanvas {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: w, Ht: h}})
	doc.SetCreationDate(epoch)
	doc.SetModificationDate(epoch)
	doc.SetCatalogSort(true)
	doc.SetCreator("mho", true)
	if title != "" {
		doc.SetTitle(title, true)
	}
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddPage()
	doc.SetLineJoinStyle("round")
	return &pdfCanvas{doc: doc, h: h, opacity: 255}
}

func (c *pdfCanvas) stroke(p path, pen pen) {
	c.alpha(pen.color)
	c.doc.SetDrawColor(int(pen.color.R), int(pen.color.G), int(pen.color.B))
	c.doc.SetLineWidth(pen.width)
	c.doc.SetDashPattern(pen.dash, 0)
	c.trace(p)
	c.doc.DrawPath("D")
}

func (c *pdfCanvas) fill(p path, col color.NRGBA) {
	c.alpha(col)
	c.doc.SetFillColor(int(col.R), int(col.G), int(col.B))
	c.trace(p)
	c.doc.DrawPath("F")
}

func (c *pdfCanvas) vector() bool { return true }

func (c *pdfCanvas) text(p path, col color.NRGBA, _ string) { c.fill(p, col) }

func (c *pdfCanvas) alpha(col color.NRGBA) {
	if col.A != c.opacity {
		c.opacity = col.A
		c.doc.SetAlpha(float64(col.A)/255, "Normal")
	}
}

func (c *pdfCanvas) trace(p path) {
	for _, s := range cubic(p) {
		// A thousandth of a point is 0.35 µm; shorter numbers make smaller files.
		for i, q := range s.p {
			s.p[i] = point{math.Round(q.x*1e3) / 1e3, math.Round((c.h-q.y)*1e3) / 1e3}
		}
		a, b, d := s.p[0], s.p[1], s.p[2]
		switch s.op {
		case moveTo:
			c.doc.MoveTo(a.x, a.y)
		case lineTo:
			c.doc.LineTo(a.x, a.y)
		case cubeTo:
			c.doc.CurveBezierCubicTo(a.x, a.y, b.x, b.y, d.x, d.y)
		case closePath:
			c.doc.ClosePath()
		}
	}
}

func (c *pdfCanvas) raster(r rect, w, h int, paint func(w, h int) image.Image) {
	var buf bytes.Buffer
	if err := png.Encode(&buf, paint(w, h)); err != nil {
		c.doc.SetError(err)
		return
	}
	c.images++
	name := "image" + strconv.Itoa(c.images)
	opts := fpdf.ImageOptions{ImageType: "png"}
	c.doc.RegisterImageOptionsReader(name, opts, &buf)
	c.alpha(black)
	c.doc.ImageOptions(name, r.x0, c.h-r.y1, r.w(), r.h(), false, opts, 0, "")
}

func (c *pdfCanvas) writeTo(w io.Writer) error { return c.doc.Output(w) }
