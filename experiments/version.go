package experiments

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime/debug"
	"sync"
)

// Version names this build: the module's version, or the revision it was built
// from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
		dirty := ""
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision" && len(s.Value) >= 12:
				v = "devel-" + s.Value[:12]
			case s.Key == "vcs.modified" && s.Value == "true":
				dirty = "+changes"
			}
		}
		v += dirty
	}
	return v
}

// build returns a hash of the running program. Finished points are kept for the
// same program only, because another build may compute other numbers.
var build = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return Version()
	}
	f, err := os.Open(path)
	if err != nil {
		return Version()
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return Version()
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
})
