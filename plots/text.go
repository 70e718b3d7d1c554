package plots

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"sync"
	"unicode/utf8"

	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// typeface names a face of the Liberation fonts at a size in points.
type typeface struct {
	serif, bold, italic bool
	size                float64
}

// Shape of scripts, in units of the type size around them.
const (
	scriptScale = 0.7
	superShift  = 0.38
	subShift    = -0.16
)

// face is a font with its outlines, in units of the em.
type face struct {
	font            *opentype.Font
	em              float64
	ascent, descent float64

	mu     sync.Mutex
	buf    sfnt.Buffer
	glyphs map[sfnt.GlyphIndex]glyph
}

type glyph struct {
	outline path
	advance float64
}

// faces holds the regular, bold, italic and bold italic faces, sans then serif.
var faces = sync.OnceValue(func() (all [2][4]*face) {
	for _, f := range liberation.Collection() {
		serif, k := 0, 0
		switch f.Font.Variant {
		case "Serif":
			serif = 1
		case "Mono":
			continue
		}
		if f.Font.Weight == stdfont.WeightBold {
			k++
		}
		if f.Font.Style == stdfont.StyleItalic {
			k += 2
		}
		ext := (&font.Face{Font: font.Font{Size: 1}, Face: f.Face}).Extents()
		all[serif][k] = &face{
			font: f.Face, em: float64(f.Face.UnitsPerEm()),
			ascent: float64(ext.Ascent), descent: float64(ext.Descent),
			glyphs: map[sfnt.GlyphIndex]glyph{},
		}
	}
	return all
})

func (t typeface) face() *face {
	serif, k := 0, 0
	if t.serif {
		serif = 1
	}
	if t.bold {
		k++
	}
	if t.italic {
		k += 2
	}
	return faces()[serif][k]
}

// glyph returns the outline and advance of a glyph. The caller holds f.mu.
func (f *face) glyph(i sfnt.GlyphIndex) glyph {
	if g, ok := f.glyphs[i]; ok {
		return g
	}
	// A glyph of the embedded fonts that does not load is drawn as nothing.
	var g glyph
	ppem := fixed.Int26_6(f.em)
	if adv, err := f.font.GlyphAdvance(&f.buf, i, ppem, stdfont.HintingNone); err == nil {
		g.advance = float64(adv) / f.em
	}
	segs, err := f.font.LoadGlyph(&f.buf, i, ppem, nil)
	if err != nil {
		segs = nil
	}
	at := func(p fixed.Point26_6) point { return point{float64(p.X) / f.em, -float64(p.Y) / f.em} }
	for k, s := range segs {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if k > 0 {
				g.outline.close()
			}
			g.outline.move(at(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			g.outline.line(at(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			g.outline.quad(at(s.Args[0]), at(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			g.outline.cube(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
		}
	}
	if len(g.outline) > 0 {
		g.outline.close()
	}
	f.glyphs[i] = g
	return g
}

// typeset returns the outlines of one line of text, its origin at the left end
// of the baseline, and its metrics in points: width, height above and depth
// below the baseline.
func typeset(t typeface, s string) (outline path, width, height, depth float64) {
	x := 0.0
	for _, r := range parseMarkup(s) {
		tf := t
		tf.italic = t.italic != r.italic
		f := tf.face()
		k := t.size * r.scale
		shift := t.size * r.shift
		height = max(height, shift+f.ascent*k)
		depth = max(depth, -shift+f.descent*k)

		f.mu.Lock()
		var prev sfnt.GlyphIndex
		for n, c := range r.text {
			i, err := f.font.GlyphIndex(&f.buf, c)
			if err != nil {
				i = 0
			}
			if n > 0 {
				if kern, err := f.font.Kern(&f.buf, prev, i, fixed.Int26_6(f.em), stdfont.HintingNone); err == nil {
					x += float64(kern) / f.em * k
				}
			}
			g := f.glyph(i)
			for _, seg := range g.outline {
				for j := range seg.p {
					seg.p[j] = point{x + seg.p[j].x*k, shift + seg.p[j].y*k}
				}
				outline = append(outline, seg)
			}
			x += g.advance * k
			prev = i
		}
		f.mu.Unlock()
	}
	return outline, x, height, depth
}

// textWidth returns the width of one line of text, in points.
func textWidth(t typeface, s string) float64 {
	_, w, _, _ := typeset(t, s)
	return w
}

// drawText draws one line of text that is turned counterclockwise by angle, in
// radians. The point lies at the fraction ax of the width, and at the fraction
// ay between the baseline and the height of capitals.
func drawText(c canvas, t typeface, s string, at point, ax, ay, angle float64, col color.NRGBA) {
	outline, w, _, _ := typeset(t, s)
	if len(outline) == 0 {
		return
	}
	dx, dy := -ax*w, -ay*capHeight*t.size
	sin, cos := math.Sincos(angle)
	for i := range outline {
		for j, p := range outline[i].p {
			p.x, p.y = p.x+dx, p.y+dy
			outline[i].p[j] = point{at.x + p.x*cos - p.y*sin, at.y + p.x*sin + p.y*cos}
		}
	}
	c.text(outline, col, s)
}

// capHeight is the height of capitals and digits, and descender the depth of
// letters such as p, in units of the type size. Both hold for Liberation Sans
// and, within 0.04, for Liberation Serif.
const (
	capHeight = 0.70
	descender = 0.21
)

// checkText reports a character of s that the font lacks.
func checkText(t typeface, s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("text %q is not valid UTF-8", s)
	}
	f := t.face()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range parseMarkup(s) {
		for _, c := range r.text {
			if i, err := f.font.GlyphIndex(&f.buf, c); err != nil || i == 0 {
				return fmt.Errorf("text %q: the font has no character %q (%U)", s, c, c)
			}
		}
	}
	return nil
}

// TextHandler is a text handler for gonum/plot that draws what this package
// draws: UTF-8 with _{...}, ^{...} and \it{...}, as glyph outlines. Text is
// thereby right in PDF too, where gonum/plot knows only Windows-1252. The zero
// value is ready for use.
type TextHandler struct{}

var _ text.Handler = TextHandler{}

// Cache implements [text.Handler].
func (TextHandler) Cache() *font.Cache { return font.DefaultCache }

// Extents implements [text.Handler].
func (TextHandler) Extents(fnt font.Font) font.Extents {
	f := handlerFace(fnt).face()
	return font.Extents{
		Ascent:  fnt.Size * vg.Length(f.ascent),
		Descent: fnt.Size * vg.Length(f.descent),
		Height:  fnt.Size * vg.Length(f.ascent+f.descent),
	}
}

// Lines implements [text.Handler].
func (TextHandler) Lines(txt string) []string {
	return strings.Split(strings.TrimRight(txt, "\n"), "\n")
}

// Box implements [text.Handler].
func (TextHandler) Box(txt string, fnt font.Font) (width, height, depth vg.Length) {
	_, w, h, d := typeset(handlerFace(fnt), txt)
	return vg.Length(w), vg.Length(h), vg.Length(d)
}

// Draw implements [text.Handler].
func (h TextHandler) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	sty.Handler = h
	e := h.Extents(sty.Font)
	c.SetColor(sty.Color)
	c.Push()
	defer c.Pop()
	c.Translate(pt)
	c.Rotate(sty.Rotation)
	y := vg.Length(sty.YAlign)*sty.Height(txt) + sty.Height(txt) - e.Ascent
	for _, line := range h.Lines(txt) {
		outline, w, _, _ := typeset(handlerFace(sty.Font), line)
		x := float64(sty.XAlign) * w
		for i := range outline {
			for j := range outline[i].p {
				outline[i].p[j].x += x
				outline[i].p[j].y += float64(y)
			}
		}
		c.Fill(vgPath(cubic(outline)))
		y -= e.Height
	}
}

// handlerFace returns the typeface closest to fnt.
func handlerFace(fnt font.Font) typeface {
	return typeface{
		serif:  fnt.Variant == "Serif" || fnt.Variant == "",
		bold:   fnt.Weight == stdfont.WeightBold,
		italic: fnt.Style == stdfont.StyleItalic,
		size:   fnt.Size.Points(),
	}
}
