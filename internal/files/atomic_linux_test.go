package files

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A device is written directly: replacing it by a file would be a disaster.
func TestWriteFileDevice(t *testing.T) {
	err := WriteFile("/dev/full", text("x"))
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("/dev/full: %v, want no space left", err)
	}
	checkError(t, "/dev/full", err, "/dev/full: cannot write: no space left on device")
	if err := WriteFile("/dev/null", text("x")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat("/dev/null"); err != nil || info.Mode().IsRegular() {
		t.Error("/dev/null was replaced")
	}
}

// /dev/stdout is such a link, to a pipe or to a file without a name.
func TestWriteFileOpenFile(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := WriteFile(fmt.Sprintf("/proc/self/fd/%d", w.Fd()), text("x")); err != nil {
		t.Error(err)
	}
	w.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != "x" {
		t.Errorf("the pipe gave %q, %v", got, err)
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := os.Remove(f.Name()); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(fmt.Sprintf("/proc/self/fd/%d", f.Fd()), text("x")); err != nil {
		t.Error(err)
	}
	if got, err := io.ReadAll(f); err != nil || string(got) != "x" {
		t.Errorf("the removed file holds %q, %v", got, err)
	}
}

// A real file system that fills up while a file is written over an older one.
func TestWriteFileDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("cannot mount a small file system: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	path := filepath.Join(dir, "w.npz")
	small := []NamedArray{{"w", Array{Shape: []int{3}, Data: f8[:3]}}}
	if err := WriteNPZ(path, small); err != nil {
		t.Fatal(err)
	}
	large := []NamedArray{{"w", Array{Shape: []int{1 << 15}, Data: make([]float64, 1<<15)}}}
	err := WriteNPZ(path, large)
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("full disk: %v", err)
	}
	checkError(t, "full disk", err, path+`: cannot write: array "w": no space left on device`)
	if got := strings.Join(names(t, dir), " "); got != "w.npz" {
		t.Errorf("left behind: %s", got)
	}
	if _, err := ReadNPZ(path); err != nil {
		t.Errorf("the older file is damaged: %v", err)
	}
}

func TestEnsureDirReadOnly(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_RDONLY, ""); err != nil {
		t.Skipf("cannot mount a read-only file system: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	checkError(t, "read-only", EnsureDir(dir), dir+": cannot create files in directory: read-only file system")
	sub := filepath.Join(dir, "x")
	checkError(t, "read-only", EnsureDir(sub), sub+": cannot create directory: read-only file system")
}
