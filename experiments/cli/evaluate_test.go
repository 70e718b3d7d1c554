package cli

import (
	"math"
	"os"
	"strings"
	"testing"

	"mho/internal/files"
)

// brighter is a network that tells which half of an image of 2 x 2 is brighter.
const brighter = `weights = "net.npz"
input = [1, 2, 2]
[[layer]]
kind = "flatten"
[[layer]]
name = "fc"
kind = "dense"
outputs = 2
[device]
model = "pcm-ibm"
[noise]
programming = false
drift = false
read = false
`

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func npz(t *testing.T, name string, arrays ...files.NamedArray) {
	t.Helper()
	if err := files.WriteNPZ(name, arrays); err != nil {
		t.Fatal(err)
	}
}

func array(name string, data []float64, shape ...int) files.NamedArray {
	return files.NamedArray{Name: name, Array: files.Array{Shape: shape, Data: data, Optional: true}}
}

// networkInputs makes the files of a small network and its data, with one wrong label of six.
func networkInputs(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "net.toml", []byte(brighter))
	w := array("fc.weight", []float64{1, 1, 0, 0, 0, 0, 1, 1}, 2, 4)
	npz(t, "net.npz", w, array("fc.bias", []float64{0, 0}, 2))
	npz(t, "nan.npz", array("fc.weight", []float64{1, 1, 0, math.NaN(), 0, 0, 1, 1}, 2, 4), array("fc.bias", []float64{0, 0}, 2))
	npz(t, "few.npz", w)
	images := []byte{0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 2,
		255, 255, 0, 0, 200, 100, 0, 10, 90, 80, 40, 50, 0, 0, 255, 255, 0, 10, 100, 200, 50, 40, 80, 90}
	labels := []byte{0, 0, 8, 1, 0, 0, 0, 6, 0, 0, 0, 1, 1, 0}
	write(t, "t10k-images-idx3-ubyte", images)
	write(t, "t10k-labels-idx1-ubyte", labels)
	write(t, "cut-images-idx3", images[:len(images)-1])
	write(t, "five", append(append([]byte{}, 0, 0, 8, 1, 0, 0, 0, 5), labels[8:13]...))
	write(t, "beyond", append(append([]byte{}, labels[:13]...), 2))
	if err := files.WriteNPY("y.npy", files.Array{Shape: []int{6}, Data: []int64{0, 0, 0, 1, 1, 0}}); err != nil {
		t.Fatal(err)
	}
	x := make([]float32, 24)
	for i, v := range images[16:] {
		x[i] = float32(v) / 255
	}
	if err := files.WriteNPY("x.npy", files.Array{Shape: []int{6, 4}, Data: x}); err != nil {
		t.Fatal(err)
	}
}

func TestEvaluate(t *testing.T) {
	networkInputs(t)
	want := "t_s,programming,accuracy,n\n1,0,0.8333333333333334,6\n86400,0,0.8333333333333334,6\n1,1,0.8333333333333334,6\n86400,1,0.8333333333333334,6\n"
	for _, data := range []string{".", "t10k-images-idx3-ubyte", "t10k-images-idx3-ubyte,t10k-labels-idx1-ubyte", "x.npy,y.npy", "x.npy,t10k-labels-idx1-ubyte"} {
		sets := []string{"evaluate", "net.toml", "--data", data, "--at", "1s,1d", "--repeats", "2", "--out", "e.csv"}
		if strings.HasPrefix(data, "x") { // vectors do not go to a network of images
			sets = append(sets, "--set", "input=[4]")
		}
		ok(t, sets...)
		got, err := os.ReadFile("e.csv")
		if err != nil || string(got) != want {
			t.Errorf("--data %s: %v\n%s", data, err, got)
		}
	}
	ok(t, "evaluate", "net.toml", "--data", ".", "--out", "e.csv", "--set", "input_mean=0.5", "--set", "input_deviation=0.25", "--weights-out", "again.npz")
	if got, _ := os.ReadFile("e.csv"); !strings.HasPrefix(string(got), "t_s,programming,accuracy,n\n20,0,") {
		t.Errorf("the default time is not the device's reference:\n%s", got)
	}
	again, err := files.ReadNPZ("again.npz")
	if err != nil || again["fc.weight"].Data.([]float32)[7] != 1 {
		t.Errorf("weights kept: %v %v", again, err)
	}
	// A training is the same at every call, and its weights can be used again.
	train := []string{"evaluate", "digits-mlp", "--data", "digits:40", "--set", "training.images=200", "--set", "training.epochs=2", "--at", "1d"}
	ok(t, append(train, "--out", "a.csv", "--weights-out", "mlp.npz")...)
	text := strings.Replace(ok(t, "show", "digits-mlp"), `weights = "train"`, `weights = "mlp.npz"`, 1)
	write(t, "mlp.toml", []byte(text))
	ok(t, "evaluate", "mlp.toml", "--data", "digits:40", "--at", "1d", "--out", "b.csv")
	ok(t, "evaluate", "mlp.toml", "--data", "digits:40", "--at", "1s,1h,1d", "--out", "c.csv")
	if c, _ := os.ReadFile("c.csv"); !strings.HasSuffix(string(c), last(t, "b.csv")) {
		t.Errorf("after other times:\n%s\nalone %s", c, last(t, "b.csv"))
	}
	a, _ := os.ReadFile("a.csv")
	b, _ := os.ReadFile("b.csv")
	if string(a) != string(b) || len(a) == 0 {
		t.Errorf("trained:\n%s\nfrom its file:\n%s", a, b)
	}
}

func TestEvaluateRefuses(t *testing.T) {
	networkInputs(t)
	for _, c := range []struct {
		args string
		say  string
	}{
		{"net.toml", "--data is missing"},
		{"none.toml --data .", "none.toml: no such file"},
		{"digits-cnm --data .", `unknown network "digits-cnm": must be a file with the ending .toml, or one of digits-cnn, digits-lstm, digits-mlp, digits-transformer; did you mean digits-cnn?`},
		{"net.toml --data . --set weights=nan.npz", `array "fc.weight", element 3 is NaN: must be finite`},
		{"net.toml --data . --set weights=few.npz", `array "fc.bias" is missing: must be 2`},
		{"net.toml --data . --set weights=none.npz", "none.npz: cannot read: no such file"},
		{"net.toml --data . --set weights=x.npy", `weights: "x.npy" is no .npz file`},
		{"net.toml --data . --set layer[1].outputs=3", `array "fc.weight" is 2 x 4: must be 3 x 4`},
		{"net.toml --data . --set layer[0].kind=relu", `layer "fc" (dense): its input is an image of 1 x 2 x 2`},
		{"net.toml --data . --set layer[0].kind=flaten", `unknown kind "flaten": must be one of relu`},
		{"net.toml --data . --set layer[1].units=3", "layer[1].units: unknown key"},
		{"net.toml --data . --set input=[1,3,2]", `array "fc.weight" is 2 x 4: must be 2 x 6`},
		{"net.toml --data x.npy,y.npy", "x.npy,y.npy: inputs of the data are 4, those of the network 1 x 2 x 2"},
		{"net.toml --data cut-images-idx3,y.npy", "cut-images-idx3: the file ends after 23 elements: must have 24"},
		{"net.toml --data t10k-images-idx3-ubyte,five", "five: 5 labels for the 6 inputs of t10k-images-idx3-ubyte"},
		{"net.toml --data t10k-images-idx3-ubyte,beyond", "label 5 is 2: must be from 0 to 1"},
		{"net.toml --data x.npy", "x.npy: the file of the labels is not known: must be given as x.npy,LABELS"},
		{"net.toml --data digits:0", `data "digits:0": must be digits or digits:N`},
		{"net.toml --data absent", "absent: no such file"},
		{"net.toml --data net.npz,y.npy", "net.npz: the ending is not known"},
		{"net.toml --data net.toml,y.npy", "net.toml: starts with the bytes"},
		{"net.toml --data . --at 1d,1s", "--at: 1s follows 86.4ks: times must increase"},
		{"net.toml --data . --repeats 0", "--repeats is 0: must be at least 1"},
		{"net.toml --data . --set weights=train", `weights = "train": inputs of the data are 1 x 28 x 28, those of the network 1 x 2 x 2`},
		{"net.toml --data . --set training.rate=-1", "training.rate"},
		{"net.toml --data . --set training.weight_bits=1", "training.weight_bits"},
		{"net.toml --data . --set adc.bits=1", "adc: unknown table"},
	} {
		code, _, talk := call(t, append(append([]string{"evaluate"}, strings.Fields(c.args)...), "--out", "e.csv")...)
		if code != 2 || !strings.Contains(talk, c.say) {
			t.Errorf("%s: exit %d, want %q\n%s", c.args, code, c.say, talk)
		}
	}
	if _, err := os.Stat("e.csv"); err == nil {
		t.Error("a refused evaluation leaves a file")
	}
}

// last returns the last line of a file.
func last(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(b), "\n")
	return lines[len(lines)-2]
}
