package files

import (
	"runtime"
	"testing"
	"testing/fstest"
)

const meminfo = "MemTotal:        8000000 kB\nMemFree:          100000 kB\nMemAvailable:    6000000 kB\n"

func TestMemoryLimits(t *testing.T) {
	const kB, MB = 1024, 1 << 20
	for _, c := range []struct {
		name             string
		files            map[string]string
		total, available uint64
		ok               bool
	}{
		{"not linux", nil, 0, 0, false},
		{"no available", map[string]string{"proc/meminfo": "MemTotal: 5 kB\n"}, 0, 0, false},
		{"no groups", map[string]string{"proc/meminfo": meminfo}, 8000000 * kB, 6000000 * kB, true},
		{"version 2, no limit", map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "max\n",
		}, 8000000 * kB, 6000000 * kB, true},
		{"version 2, limit of a parent", map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/slurm/job_1\n",
			"sys/fs/cgroup/slurm/job_1/memory.max": "max\n",
			"sys/fs/cgroup/slurm/memory.max":       "1048576000\n", // 1000 MB
			"sys/fs/cgroup/slurm/memory.current":   "629145600\n",  // 600 MB, of it
			"sys/fs/cgroup/slurm/memory.stat":      "anon 1\nactive_file 7\ninactive_file 104857600\n",
		}, 1000 * MB, 500 * MB, true},
		{"version 2, container", map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/docker/x\n",
			"sys/fs/cgroup/memory.max": "1048576000\n", "sys/fs/cgroup/memory.current": "2097152000\n",
		}, 1000 * MB, 0, true},
		{"version 1", map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "9:cpu,cpuacct:/\n4:hugetlb,memory:/job\n0::/\n",
			"sys/fs/cgroup/memory/job/memory.limit_in_bytes": "1048576000\n",
			"sys/fs/cgroup/memory/job/memory.usage_in_bytes": "629145600\n",
			"sys/fs/cgroup/memory/job/memory.stat":           "total_inactive_file 104857600\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":     "9223372036854771712\n",
		}, 1000 * MB, 500 * MB, true},
		{"nonsense", map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/../../..\nx\n", "sys/fs/cgroup/memory.max": "-5\n",
		}, 8000000 * kB, 6000000 * kB, true},
	} {
		root := fstest.MapFS{}
		for name, data := range c.files {
			root[name] = &fstest.MapFile{Data: []byte(data)}
		}
		total, available, ok := memory(root)
		if total != c.total || available != c.available || ok != c.ok {
			t.Errorf("%s: %d, %d, %v, want %d, %d, %v", c.name, total, available, ok, c.total, c.available, c.ok)
		}
	}
}

func TestMemory(t *testing.T) {
	total, available, ok := Memory()
	if runtime.GOOS != "linux" {
		if ok {
			t.Error("memory is known")
		}
		return
	}
	if !ok || total < 1<<24 || available > total {
		t.Errorf("Memory() = %d, %d, %v", total, available, ok)
	}
	if err := CheckMemory("nothing", 0); err != nil {
		t.Error(err)
	}
	if err := CheckMemory("everything", 1<<63); err == nil {
		t.Error("8 EiB are available")
	}
}

func TestCheckMemory(t *testing.T) {
	const GiB = 1 << 30
	err := checkMemory("array of 100000 x 100000 cells", 80e9, 16*GiB, 9.5*GiB, true)
	checkError(t, "too much", err, "array of 100000 x 100000 cells needs 74.5 GiB of memory: this machine has 16.0 GiB, of which 9.50 GiB available")
	if err := checkMemory("x", 9*GiB, 16*GiB, 9*GiB, true); err != nil {
		t.Error(err)
	}
	if err := checkMemory("x", 9*GiB, 0, 0, false); err != nil {
		t.Error("an unknown memory was taken for too small")
	}
}

func TestBytesText(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0 B", 999: "999 B", 1000: "0.977 KiB", 1024: "1.00 KiB", 10240: "10.0 KiB", 102400: "100 KiB",
		1 << 20: "1.00 MiB", 1 << 40: "1.00 TiB", 1<<64 - 1: "16.0 EiB",
	} {
		if got := bytesText(n); got != want {
			t.Errorf("bytesText(%d) = %s, want %s", n, got, want)
		}
	}
}
