package files

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"strconv"
	"strings"
)

// Memory returns the memory of the machine and the part of it that can be taken
// now without swapping, in bytes. Limits set on the process by control groups
// (containers, batch systems) count as the machine. It knows Linux only; ok is
// false elsewhere.
func Memory() (total, available uint64, ok bool) { return memory(os.DirFS("/")) }

// CheckMemory returns an error if more bytes are needed than are available, or
// nil where that is not known. The word what is the error's subject.
func CheckMemory(what string, bytes uint64) error {
	total, available, ok := Memory()
	return checkMemory(what, bytes, total, available, ok)
}

func checkMemory(what string, need, total, available uint64, ok bool) error {
	if !ok || need <= available {
		return nil
	}
	return fmt.Errorf("%s needs %s of memory: this machine has %s, of which %s available",
		what, bytesText(need), bytesText(total), bytesText(available))
}

// bytesText returns a size with a binary prefix and three digits.
func bytesText(n uint64) string {
	v, prefix := float64(n), ""
	for _, p := range []string{"Ki", "Mi", "Gi", "Ti", "Pi", "Ei"} {
		if v < 1000 {
			break
		}
		v, prefix = v/1024, p
	}
	digits := 0
	if prefix != "" {
		digits = max(0, 2-int(math.Floor(math.Log10(max(v, 0.1)))))
	}
	return strconv.FormatFloat(v, 'f', digits, 64) + " " + prefix + "B"
}

// memory is Memory for the file system root.
func memory(root fs.FS) (total, available uint64, ok bool) {
	info := fields(root, "proc/meminfo")
	total, okTotal := info["MemTotal:"]
	available, okAvailable := info["MemAvailable:"]
	if !okTotal || !okAvailable {
		return 0, 0, false
	}
	total, available = total*1024, available*1024 // given in KiB
	for _, g := range groups(root) {
		limit, ok := number(root, g.dir+"/"+g.limit)
		if !ok {
			continue
		}
		used, _ := number(root, g.dir+"/"+g.usage)
		// The page cache of files is given back when memory runs short.
		cache := fields(root, g.dir+"/memory.stat")[g.cache]
		used -= min(used, cache)
		total = min(total, limit)
		available = min(available, limit-min(limit, used))
	}
	return total, min(available, total), true
}

// A group is a directory of a control group with the names of its files.
type group struct{ dir, limit, usage, cache string }

// groups returns the control groups that the process is in, with all that
// contain them: each may set a limit. Inside a container the path given may not
// exist, while the root of the mount is the container's own group.
func groups(root fs.FS) []group {
	data, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return nil
	}
	var all []group
	for line := range strings.Lines(string(data)) {
		// hierarchy:controllers:path
		part := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(part) != 3 {
			continue
		}
		var g group
		switch {
		case part[0] == "0" && part[1] == "":
			g = group{"sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"}
		case strings.Contains(","+part[1]+",", ",memory,"):
			g = group{"sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"}
		default:
			continue
		}
		top := g.dir
		for p := path.Clean("/" + part[2]); ; p = path.Dir(p) {
			g.dir = path.Join(top, p)
			all = append(all, g)
			if p == "/" {
				break
			}
		}
	}
	return all
}

// number returns the number in a file; "max", the absence of a limit, is none.
func number(root fs.FS, name string) (uint64, bool) {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(data)), 10, 64)
	return n, err == nil
}

// fields returns the lines of a file as a name and the number that follows it.
func fields(root fs.FS, name string) map[string]uint64 {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return nil
	}
	m := make(map[string]uint64)
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		if f := strings.Fields(s.Text()); len(f) >= 2 {
			if n, err := strconv.ParseUint(f[1], 10, 64); err == nil {
				m[f[0]] = n
			}
		}
	}
	return m
}
