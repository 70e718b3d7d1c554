package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"time"
)

// temporary matches the names that WriteFile gives to its temporary files.
var temporary = regexp.MustCompile(`^\..+\.tmp-[0-9]+-[0-9]+$`)

// written counts the temporary files of this process, to name them apart.
var written atomic.Uint64

// WriteFile gives path the content that write puts out, whole or not at all: it
// goes to a temporary file ".NAME.tmp-PROCESS-COUNT" in the same directory, which
// is synced to the disk and then renamed, replacing what was there. If write or
// the disk fails, or write panics, the temporary file is removed and the old
// content, if any, stays. A symbolic link is followed; a device or pipe, such as
// /dev/stdout, is written directly. Errors name path and wrap the cause.
//
// What write is given is buffered. Several goroutines and processes may write the
// same path; the last rename wins (on Windows one of two at the same instant may
// fail).
func WriteFile(path string, write func(w io.Writer) error) (err error) {
	target, unresolved := filepath.EvalSymlinks(path)
	if unresolved != nil {
		target = path
	}
	if info, err := os.Stat(target); err == nil {
		switch {
		case info.IsDir():
			return fmt.Errorf("%s: cannot write: it is a directory: want a file name", path)
		// What is there but has no path of its own is an open file of this process,
		// reached through /proc.
		case !info.Mode().IsRegular() || unresolved != nil:
			return writeDevice(path, write)
		}
	}
	f, err := createTemp(target)
	if err != nil {
		return fileError(path, "write", err)
	}
	done := false
	defer func() {
		if !done {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	b := bufio.NewWriterSize(bareWriter{f}, 1<<16)
	if err = write(b); err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		err = os.Rename(f.Name(), target)
	}
	if err != nil {
		return fileError(path, "write", err)
	}
	done = true
	syncDir(filepath.Dir(target))
	return nil
}

// writeDevice writes to what cannot be replaced by a rename.
func writeDevice(path string, write func(w io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return fileError(path, "write", err)
	}
	b := bufio.NewWriterSize(bareWriter{f}, 1<<16)
	if err = write(b); err == nil {
		err = b.Flush()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fileError(path, "write", err)
	}
	return nil
}

// A bareWriter keeps the name of its file out of errors, which writers in between
// may wrap.
type bareWriter struct{ f *os.File }

func (w bareWriter) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	return n, bare(err)
}

// createTemp opens a new file beside target. Unlike os.CreateTemp it leaves the
// permissions to the user's mask, for the file is to be the result.
func createTemp(target string) (*os.File, error) {
	dir, base := filepath.Split(target)
	for {
		name := fmt.Sprintf("%s.%s.tmp-%d-%d", dir, base, os.Getpid(), written.Add(1))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		// A process of the same number on another machine, or a killed one, may
		// have left the name.
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// syncDir makes a rename durable. Not every system can sync a directory, and the
// content is safe already, so errors are of no consequence.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
}

// CleanTemp removes from dir, not from its subdirectories, the temporary files of
// runs that were killed: those that nobody has written to for at least age. Zero
// removes all; give that only where no other process can be writing. It returns
// how many it removed.
func CleanTemp(dir string, age time.Duration) (removed int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fileError(dir, "read", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !temporary.MatchString(e.Name()) {
			continue
		}
		info, err := e.Info()
		if err != nil || age > 0 && time.Since(info.ModTime()) < age {
			continue // gone already, or perhaps alive
		}
		path := filepath.Join(dir, e.Name())
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, fileError(path, "remove", err)
		}
		removed++
	}
	return removed, nil
}

// EnsureDir makes the directory path and its parents where they are missing, and
// makes sure that files can be created in it.
func EnsureDir(path string) error {
	if err := os.MkdirAll(path, 0o777); err != nil {
		var p *fs.PathError
		if errors.As(err, &p) && p.Path != path {
			return fmt.Errorf("%s: cannot create directory: %s: %w", path, p.Path, p.Err)
		}
		return fileError(path, "create directory", err)
	}
	f, err := createTemp(filepath.Join(path, "probe"))
	if err != nil {
		return fileError(path, "create files in directory", err)
	}
	f.Close()
	if err := os.Remove(f.Name()); err != nil {
		return fileError(path, "remove files in directory", err)
	}
	return nil
}
