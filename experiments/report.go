package experiments

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"mho/internal/quantity"
)

//go:embed report.html
var reportPage string

var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"quantity": reportNumber,
	"inc":      func(i int) int { return i + 1 },
}).Parse(reportPage))

// reportNumber prints a key number to four digits, with its unit and prefix.
func reportNumber(n Number) string {
	x, err := strconv.ParseFloat(strconv.FormatFloat(n.X, 'g', 4, 64), 64)
	if err != nil {
		return "?"
	}
	s := quantity.Format(x, n.Unit)
	i := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789.+-e", r) })
	if i < 0 {
		return strings.Replace(s, "-", "\u2212", 1)
	}
	unit := strings.TrimSpace(s[i:])
	if strings.HasPrefix(unit, "u") {
		unit = "µ" + unit[1:]
	}
	unit = strings.Replace(unit, "ohm", "Ω", 1)
	return strings.Replace(s[:i], "-", "\u2212", 1) + "\u00a0" + unit
}

type reportStudy struct {
	*Manifest
	Figures []reportFigure
	Links   []string
}

type reportFigure struct {
	FigureInfo
	Image template.HTML
}

// writeReport makes index.html over all studies below dir.
func writeReport(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var studies []reportStudy
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		sub := filepath.Join(dir, e.Name())
		m, err := readManifest(sub)
		if err != nil || len(m.Figures) == 0 {
			continue // another directory, or a shard's
		}
		s := reportStudy{Manifest: m}
		s.Name = e.Name()
		for _, name := range []string{"data.csv", "data.npz", "references.bib", "manifest.json"} {
			if _, err := os.Stat(filepath.Join(sub, name)); err == nil {
				s.Links = append(s.Links, name)
			}
		}
		for _, f := range m.Figures {
			img, err := inlineImage(sub, f)
			if err != nil {
				return err
			}
			s.Figures = append(s.Figures, reportFigure{f, img})
		}
		studies = append(studies, s)
	}
	order := Quickstart()
	rank := func(s reportStudy) int {
		if i := slices.Index(order, s.Name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(studies, func(a, b reportStudy) int { return rank(a) - rank(b) })
	var b bytes.Buffer
	if err := reportTemplate.Execute(&b, studies); err != nil {
		return err
	}
	return writeBytes(filepath.Join(dir, "index.html"), b.Bytes())
}

// inlineImage puts a figure's drawing into the page: its SVG, else its PNG.
func inlineImage(dir string, f FigureInfo) (template.HTML, error) {
	svg, err := os.ReadFile(filepath.Join(dir, f.Name+".svg"))
	if err == nil && slices.Contains(f.Files, f.Name+".svg") {
		// As an image of its own, so that names inside one figure cannot meet
		// those of another.
		return template.HTML(`<img alt="` + template.HTMLEscapeString(f.Name) + `" src="data:image/svg+xml;base64,` + base64.StdEncoding.EncodeToString(svg) + `">`), nil
	}
	png, err := os.ReadFile(filepath.Join(dir, f.Name+".png"))
	if err == nil && slices.Contains(f.Files, f.Name+".png") {
		return template.HTML(`<img alt="` + template.HTMLEscapeString(f.Name) + `" src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(png) + `">`), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return `<p class="none">Drawn as PDF only.</p>`, nil
}
