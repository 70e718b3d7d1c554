package plots

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// cloud is the number of markers beyond which vector formats embed them as an
// image.
const cloud = 5000

// drawCloud draws markers on an image that fills r. They are stamped on whole
// pixels without antialiasing, as printers set line art: at 600 per inch that
// moves a marker by 0.06 pt at most, and one bit per pixel keeps files small.
func drawCloud(c canvas, r rect, pts []point, l look) {
	const dpi = 600
	l.hollow = false
	solid := l
	solid.color = black
	stamp := newPNG(2*l.size+2, 2*l.size+2, dpi, color.Transparent)
	drawMarker(stamp, point{l.size + 1, l.size + 1}, solid)
	mask := image.NewAlpha(stamp.img.Image().Bounds())
	var ink []image.Point
	half := mask.Bounds().Max.Div(2)
	for y := range mask.Rect.Dy() {
		for x := range mask.Rect.Dx() {
			if _, _, _, a := stamp.img.Image().At(x, y).RGBA(); a >= 1<<15 {
				mask.SetAlpha(x, y, color.Alpha{A: 255})
				ink = append(ink, image.Pt(x, y).Sub(half))
			}
		}
	}
	k := dpi / 72.0
	at := func(p point) image.Point {
		return image.Pt(int(math.Round((p.x-r.x0)*k)), int(math.Round((r.y1-p.y)*k)))
	}
	c.raster(r, int(math.Ceil(r.w()*k)), int(math.Ceil(r.h()*k)), func(w, h int) image.Image {
		bounds := image.Rect(0, 0, w, h)
		if l.color.A < 255 {
			// Overlapping translucent markers darken, which needs all colours.
			img := image.NewNRGBA(bounds)
			src := image.NewUniform(l.color)
			for _, p := range pts {
				draw.DrawMask(img, mask.Rect.Add(at(p)).Sub(half), src, image.Point{}, mask, image.Point{}, draw.Over)
			}
			return img
		}
		img := image.NewPaletted(bounds, color.Palette{color.NRGBA{R: 255, G: 255, B: 255}, l.color})
		for _, p := range pts {
			c := at(p)
			for _, d := range ink {
				if q := c.Add(d); q.In(bounds) {
					img.Pix[q.Y*img.Stride+q.X] = 1
				}
			}
		}
		return img
	})
}
