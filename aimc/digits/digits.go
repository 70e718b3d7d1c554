package digits

import (
	"fmt"
	"image"
	"math"
	"runtime"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"mho/noise"
)

// Size is the number of pixels along each side of an image, and Classes the number
// of digits.
const (
	Size    = 28
	Classes = 10
)

// A Split is a part of the faces.
type Split int

const (
	Train Split = iota
	Test
)

// A Set holds images with what they show.
type Set struct {
	Images []float32 // n x Size x Size, row by row from the top, from 0 (paper) to 1 (ink)
	Labels []uint8   // n digits, from 0 to 9
}

// Len returns the number of images.
func (s *Set) Len() int { return len(s.Labels) }

// Make draws n images with the faces of a split, every digit equally often in
// expectation. The error tells of a negative n.
func Make(split Split, n int, key noise.Key) (*Set, error) {
	if n < 0 {
		return nil, fmt.Errorf("digits: %d images: must be 0 or more", n)
	}
	faces, err := load(split)
	if err != nil {
		return nil, err
	}
	key = key.Domain(noise.Data).Fold(uint64(split))
	s := &Set{Images: make([]float32, n*Size*Size), Labels: make([]uint8, n)}
	workers := min(runtime.GOMAXPROCS(0), n)
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			p := newPen(faces)
			for i := w * n / workers; i < (w+1)*n/workers; i++ {
				s.Labels[i], errs[w] = p.draw(s.Images[i*Size*Size:(i+1)*Size*Size], key, uint64(i))
				if errs[w] != nil {
					return
				}
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// How far digits are distorted. The numbers are this project's own: chosen so that a
// linear classifier stays under 92 % on the test faces.
const (
	capHeight   = 19.0 // of an undistorted digit, in pixels
	turnSigma   = 0.10 // rad
	slantSigma  = 0.12 // horizontal shift per height
	stretch     = 0.10 // sigma of the logarithm of width and height
	shiftSigma  = 1.0  // pixels
	bendSigma   = 0.85 // pixels, at each knot of the elastic distortion
	knots       = 6    // of the elastic distortion, along each side
	noiseSigma  = 0.10 // of a pixel
	groundSigma = 0.07 // of the slope of the ground from edge to edge
	strokes     = 0.15 // share of images with a line across
)

// A pen draws one image at a time.
type pen struct {
	faces  []*sfnt.Font
	buf    sfnt.Buffer
	raster *vector.Rasterizer
	glyph  *image.Alpha
	u, z   []float64
	bend   [2][knots * knots]float64
	pixels []float64
}

func newPen(faces []*sfnt.Font) *pen {
	return &pen{
		faces: faces, raster: vector.NewRasterizer(Size, Size), glyph: image.NewAlpha(image.Rect(0, 0, Size, Size)),
		u: make([]float64, 12), z: make([]float64, 8+2*knots*knots), pixels: make([]float64, Size*Size),
	}
}

// draw sets dst to image i and returns the digit.
func (p *pen) draw(dst []float32, key noise.Key, i uint64) (uint8, error) {
	key.Uniform(p.u, noise.At{Event: i})
	key.Normal(p.z, noise.At{Row: 1, Event: i})
	digit := int(p.u[0] * Classes)
	face := p.faces[int(p.u[1]*float64(len(p.faces)))]
	if err := p.outline(face, digit); err != nil {
		return 0, err
	}
	for k := range p.bend {
		copy(p.bend[k][:], p.z[8+k*knots*knots:])
	}
	ink := 0.65 + 0.35*p.u[2]
	ground, gx, gy := 0.12*p.u[3], groundSigma*p.z[6], groundSigma*p.z[7]
	for y := range Size {
		for x := range Size {
			dx, dy := p.displacement(float64(x), float64(y))
			v := p.sample(float64(x)+bendSigma*dx, float64(y)+bendSigma*dy)
			fx, fy := float64(x)/(Size-1)-0.5, float64(y)/(Size-1)-0.5
			g := ground + gx*fx + gy*fy
			p.pixels[y*Size+x] = g + v*(ink-g)
		}
	}
	if p.u[4] < strokes {
		p.strike(ink)
	}
	key.Normal32(dst, noise.At{Row: 2, Event: i})
	for k, v := range p.pixels {
		dst[k] = float32(min(max(v+noiseSigma*float64(dst[k]), 0), 1))
	}
	return uint8(digit), nil
}

// outline rasterises a digit under a random affine map.
func (p *pen) outline(face *sfnt.Font, digit int) error {
	index, err := face.GlyphIndex(&p.buf, rune('0'+digit))
	if err != nil {
		return fmt.Errorf("digits: %w", err)
	}
	ppem := fixed.I(256)
	segments, err := face.LoadGlyph(&p.buf, index, ppem, nil)
	if err != nil {
		return fmt.Errorf("digits: %w", err)
	}
	bounds := segments.Bounds()
	cx := float64(bounds.Min.X+bounds.Max.X) / 128
	cy := float64(bounds.Min.Y+bounds.Max.Y) / 128
	metrics, err := face.Metrics(&p.buf, ppem, font.HintingNone)
	if err != nil {
		return fmt.Errorf("digits: %w", err)
	}
	size := capHeight / (float64(metrics.CapHeight) / 64)
	sx, sy := size*math.Exp(stretch*p.z[0]), size*math.Exp(stretch*p.z[1])
	sin, cos := math.Sincos(turnSigma * p.z[2])
	slant := slantSigma * p.z[3]
	ox, oy := Size/2+shiftSigma*p.z[4], Size/2+shiftSigma*p.z[5]
	at := func(q fixed.Point26_6) (x, y float32) {
		u, v := sx*(float64(q.X)/64-cx), sy*(float64(q.Y)/64-cy)
		u -= slant * v
		return float32(ox + cos*u - sin*v), float32(oy + sin*u + cos*v)
	}
	p.raster.Reset(Size, Size)
	for _, s := range segments {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		ex, ey := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			p.raster.ClosePath()
			p.raster.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			p.raster.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			p.raster.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			p.raster.CubeTo(ax, ay, bx, by, ex, ey)
		}
	}
	p.raster.ClosePath()
	clear(p.glyph.Pix)
	p.raster.Draw(p.glyph, p.glyph.Bounds(), image.Opaque, image.Point{})
	return nil
}

// displacement returns the elastic distortion at a pixel, in units of its sigma at
// a knot: a cubic B-spline over the knots.
func (p *pen) displacement(x, y float64) (dx, dy float64) {
	const pitch = (Size - 1.0) / (knots - 3)
	kx, wx := spline(x / pitch)
	ky, wy := spline(y / pitch)
	for j, b := range wy {
		for i, a := range wx {
			n := min(ky+j, knots-1)*knots + min(kx+i, knots-1)
			dx += a * b * p.bend[0][n]
			dy += a * b * p.bend[1][n]
		}
	}
	// The weights' squares sum to about a quarter in two dimensions.
	return 2 * dx, 2 * dy
}

// spline returns the first knot and the weights of a uniform cubic B-spline at t.
func spline(t float64) (first int, w [4]float64) {
	first = int(t)
	f := t - float64(first)
	g := 1 - f
	return first, [4]float64{g * g * g / 6, (3*f*f*f - 6*f*f + 4) / 6, (3*g*g*g - 6*g*g + 4) / 6, f * f * f / 6}
}

// sample returns the ink of the glyph between its pixels, from 0 to 1.
func (p *pen) sample(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int(fx), int(fy)
	ax, ay := x-fx, y-fy
	at := func(x, y int) float64 {
		if x < 0 || y < 0 || x >= Size || y >= Size {
			return 0
		}
		return float64(p.glyph.Pix[y*p.glyph.Stride+x]) / 255
	}
	return (1-ay)*((1-ax)*at(ix, iy)+ax*at(ix+1, iy)) + ay*((1-ax)*at(ix, iy+1)+ax*at(ix+1, iy+1))
}

// strike draws a line about a pixel wide across the image.
func (p *pen) strike(ink float64) {
	angle := math.Pi * p.u[5]
	sin, cos := math.Sincos(angle)
	offset := (p.u[6] - 0.5) * 0.9 * Size
	half := 0.4 + 0.4*p.u[7]
	for y := range Size {
		for x := range Size {
			d := math.Abs((float64(x)-Size/2+0.5)*sin-(float64(y)-Size/2+0.5)*cos-offset) - half
			cover := min(max(0.5-d, 0), 1)
			k := y*Size + x
			p.pixels[k] += cover * (ink - p.pixels[k]) * 0.8
		}
	}
}
