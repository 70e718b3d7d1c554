package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// names lists a directory.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func checkContent(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s holds %.40q, %v, want %.40q", path, got, err, want)
	}
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "data.csv")
	for _, s := range []string{"first", strings.Repeat("second", 1<<15), ""} {
		if err := WriteFile(path, text(s)); err != nil {
			t.Fatal(err)
		}
		checkContent(t, path, s)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("directory holds %v", got)
	}
}

// While it is written, the file is under a temporary name and the old content
// stays in place; after a failure it still does.
func TestWriteFileFailure(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "data.csv")
	if err := WriteFile(path, text("old")); err != nil {
		t.Fatal(err)
	}
	cause := errors.New("point 7 failed")
	err := WriteFile(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, strings.Repeat("x", 1<<20)); err != nil {
			return err
		}
		checkContent(t, path, "old")
		var temp []string
		for _, n := range names(t, dir) {
			if temporary.MatchString(n) {
				temp = append(temp, n)
			}
		}
		if len(temp) != 1 || !strings.HasPrefix(temp[0], ".data.csv.tmp-") {
			t.Errorf("temporary files: %v, want .data.csv.tmp-...", temp)
		}
		return cause
	})
	if !errors.Is(err, cause) {
		t.Errorf("error %v does not wrap the cause", err)
	}
	checkError(t, "failure", err, path+": cannot write: point 7 failed")
	checkContent(t, path, "old")
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
	other := filepath.Join(dir, "other.csv")
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		WriteFile(other, func(io.Writer) error { panic("boom") })
	}()
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind by a panic: %v", got)
	}
}

func TestWriteFileErrors(t *testing.T) {
	dir := t.TempDir()
	err := WriteFile(dir, text("x"))
	checkError(t, "directory", err, dir+": cannot write: it is a directory: want a file name")
	path := filepath.Join(dir, "none", "x.csv")
	err = WriteFile(path, text("x"))
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), path+": cannot write: ") || strings.Contains(err.Error(), ".tmp-") {
		t.Errorf("missing directory: %v", err)
	}
	// The cause is bare only of what package os adds about this file.
	_, cause := os.Open(filepath.Join(dir, "weights"))
	err = WriteFile(filepath.Join(dir, "x"), func(io.Writer) error { return fmt.Errorf("layer 3: %w", cause) })
	if !strings.Contains(err.Error(), "layer 3: ") || !strings.Contains(err.Error(), "weights") {
		t.Errorf("cause was cut: %v", err)
	}
}

func TestWriteFileThroughLink(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	if err := WriteFile(link, text("x")); err != nil {
		t.Fatal(err)
	}
	checkContent(t, target, "x")
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link was replaced")
	}
}

func TestWriteFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.csv")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if err := WriteFile(path, text(strings.Repeat(string(rune('a'+i)), 1<<17))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, err := os.ReadFile(path)
	if err != nil || len(got) != 1<<17 || strings.Trim(string(got), string(got[:1])) != "" {
		t.Errorf("the file is a mixture of several writings, or %v", err)
	}
}

func TestCleanTemp(t *testing.T) {
	dir := t.TempDir()
	old := time.Now().Add(-2 * time.Hour)
	for name, stale := range map[string]bool{
		".data.csv.tmp-123-1": true, ".data.csv.tmp-123-2": false,
		"data.csv": true, ".data.csv.tmp-": true, "data.csv.tmp-1-1": true, ".hidden": true,
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
		if stale {
			if err := os.Chtimes(path, old, old); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.Mkdir(filepath.Join(dir, ".d.tmp-1-1"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		age     time.Duration
		removed int
	}{{time.Hour, 1}, {time.Hour, 0}, {0, 1}, {0, 0}} {
		if n, err := CleanTemp(dir, c.age); n != c.removed || err != nil {
			t.Errorf("CleanTemp(%v) = %d, %v, want %d", c.age, n, err, c.removed)
		}
	}
	want := ".d.tmp-1-1 .data.csv.tmp- .hidden data.csv data.csv.tmp-1-1"
	if got := strings.Join(names(t, dir), " "); got != want {
		t.Errorf("left %s, want %s", got, want)
	}
	if _, err := CleanTemp(filepath.Join(dir, "none"), 0); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing directory: %v", err)
	}
}

func TestEnsureDir(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a", "b")
	for range 2 {
		if err := EnsureDir(path); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, path); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
	file := filepath.Join(dir, "f")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		return // the causes are worded otherwise
	}
	checkError(t, "file", EnsureDir(file), file+": cannot create directory: not a directory")
	under := filepath.Join(file, "x", "y")
	checkError(t, "under a file", EnsureDir(under), under+": cannot create directory: "+file+": not a directory")
}
